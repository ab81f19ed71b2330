"""``whyict edition``: the whole book of one wave."""

from pathlib import Path
from typing import Annotated

import typer

from whyict import paths
from whyict.cli.chapter import find_chapter
from whyict.cli.progress import shown_progress
from whyict.editions import build_edition

app = typer.Typer(no_args_is_help=True, help="Make the whole book of one wave.")


@app.callback()
def group() -> None:
    """Keep ``edition`` a group, whatever the number of its commands."""


@app.command()
def build(
    wave: Annotated[str, typer.Argument(help="The wave: a folder under data/waves.")],
    baseline: Annotated[
        str, typer.Option(help="An earlier wave to compare with; several make a series: 2004,2015.")
    ] = "",
    chapters: Annotated[
        str, typer.Option(help="The chapters to build, by name or part of it, with commas between; all without it.")
    ] = "",
    output: Annotated[Path | None, typer.Option(help="Where the site goes.")] = None,
    jobs: Annotated[int | None, typer.Option(min=1, help="How many chapters run at once.")] = None,
) -> None:
    """Check the data, execute every chapter, build the site."""
    chosen = [find_chapter(name.strip()) for name in chapters.split(",")] if chapters else None
    with shown_progress() as report:
        site = build_edition(wave, output, baseline=baseline, chapters=chosen, jobs=jobs, report=report)
    page = site / "index.html"
    typer.echo(f"The book is in {paths.shown(site)}. Open it in a browser: {page.resolve().as_uri()}")
