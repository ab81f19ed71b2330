"""``surveybook build``: the whole book of one wave, or of every wave."""

import sys
from pathlib import Path
from typing import Annotated

import typer

from surveybook.cli.progress import shown_progress
from surveybook.model import paths
from surveybook.model.problems import SurveybookError
from surveybook.model.report import read_report

LONGEST_RUN_SECONDS = 600


def build_command(
    wave: Annotated[
        str,
        typer.Argument(help="The wave: a folder under data/waves; report.yml names the usual one. None with --all."),
    ] = "",
    every: Annotated[bool, typer.Option("--all", help="Every wave, as one site.")] = False,
    baseline: Annotated[
        str,
        typer.Option(
            help="An earlier wave to compare with; several make a series, with commas between. "
            "Without it, what wave.yml names as its baseline."
        ),
    ] = "",
    chapters: Annotated[
        str, typer.Option(help="The chapters to build, by name or part of it, with commas between; all without it.")
    ] = "",
    output: Annotated[Path | None, typer.Option(help="Where the site goes.")] = None,
    jobs: Annotated[int | None, typer.Option(min=1, help="How many chapters and sites are made at once.")] = None,
    timeout: Annotated[int, typer.Option(min=1, help="How many seconds one chapter may take.")] = LONGEST_RUN_SECONDS,
    force: Annotated[bool, typer.Option("--force", help="Make everything anew, even what hasn't changed.")] = False,
    scheduler: Annotated[
        str, typer.Option(help="A Dask scheduler that the chapters are sent to: tcp://host:8786. Only with --all.")
    ] = "",
) -> None:
    """Check the data, execute every chapter, build the site. What hasn't changed isn't made again."""
    if every and wave:
        raise SurveybookError("Name a wave, or give --all for every wave: one of the two.")
    wave = wave or read_report().default_wave
    if every:
        build_every(baseline, chapters, output, jobs, timeout, force, scheduler)
        return
    if scheduler:
        raise SurveybookError("--scheduler goes with --all: one edition is made on this machine.")
    from surveybook.book.editions import Options, build_edition
    from surveybook.cli.chapter import find_chapter

    chosen = [find_chapter(name.strip()) for name in chapters.split(",")] if chapters else None
    with shown_progress() as report:
        options = Options(jobs, timeout, force, report, tell)
        site = build_edition(wave, output, baseline=baseline, chapters=chosen, options=options)
    typer.echo(f"The book is in {paths.shown(site)}. Open it in a browser: {front_page(site)}")


def build_every(
    baseline: str, chapters: str, output: Path | None, jobs: int | None, timeout: int, force: bool, scheduler: str
) -> None:
    """Make the editions of all waves, and say what became of each.

    Raises
    ------
    SurveybookError
        When an edition could not be made: which, and why.
    """
    from surveybook.book.editions import Options, build_all

    if chapters:
        raise SurveybookError("--chapters goes with one wave; --all makes whole editions.")
    with shown_progress(fold=True) as report:
        options = Options(jobs, timeout, force, report, tell, scheduler)
        made = build_all(output, baseline=baseline, options=options)
    for line in made.describe():
        typer.echo(line)
    typer.echo(f"The site is in {paths.shown(made.folder)}. Open it in a browser: {front_page(made.folder)}")
    if complaint := made.complain():
        raise SurveybookError(complaint)


def tell(sentence: str) -> None:
    """Say something beside the progress, to who waits."""
    print(sentence, file=sys.stderr)


def front_page(site: Path) -> str:
    """Return the address of a site on this machine."""
    return (site / "index.html").resolve().as_uri()
