"""``surveybook build``, ``pdf`` and ``verify``: the whole book of one wave, or of every wave."""

import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.markup import escape
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TaskID, TextColumn, TimeElapsedColumn

from surveybook.book.editions import Options, Step, build_all, build_edition
from surveybook.book.notebooks import LONGEST_RUN_SECONDS
from surveybook.model import paths
from surveybook.model.problems import SurveybookError
from surveybook.model.report import read_report

Wave = Annotated[str, typer.Argument(help="The wave: a folder under data/waves; report.yml names the usual one.")]


def build_command(
    wave: Wave = "",
    every: Annotated[bool, typer.Option("--all", help="Every wave, as one site.")] = False,
    baseline: Annotated[
        str,
        typer.Option(
            help="An earlier wave to compare with; several make a series, with commas between. "
            "Without it, what wave.yml names as its baseline."
        ),
    ] = "",
    output: Annotated[Path | None, typer.Option(help="Where the site goes.")] = None,
    jobs: Annotated[int | None, typer.Option(min=1, help="How many chapters and sites are made at once.")] = None,
    timeout: Annotated[int, typer.Option(min=1, help="How many seconds one chapter may take.")] = LONGEST_RUN_SECONDS,
    force: Annotated[bool, typer.Option("--force", help="Make everything anew, even what hasn't changed.")] = False,
    scheduler: Annotated[str, typer.Option(help="A Dask scheduler that the work is sent to: tcp://host:8786.")] = "",
) -> None:
    """Check the data, execute every chapter, build the site. What hasn't changed isn't made again."""
    if every and wave:
        raise SurveybookError("Name a wave, or give --all for every wave: one of the two.")
    complaint = ""
    with show_progress(fold=every) as report:
        options = Options(jobs, timeout, force, report, lambda text: print(text, file=sys.stderr), scheduler)
        if every:
            made = build_all(output, baseline=baseline, options=options)
            site, complaint = made.folder, made.complain()
        else:
            named = wave or read_report().default_wave
            site = build_edition(named, output, baseline=baseline, options=options)
    for line in made.describe() if every else ():
        typer.echo(line)
    what, address = "site" if every else "book", (site / "index.html").resolve().as_uri()
    typer.echo(f"The {what} is in {paths.shown(site)}. Open it in a browser: {address}")
    if complaint:
        raise SurveybookError(complaint)


def pdf_command(
    wave: Wave = "",
    output: Annotated[
        Path | None, typer.Option(help="The file; in _build, named after report.yml, without it.")
    ] = None,
) -> None:
    """Make the whole book as one PDF, tagged so that assistive technology can read it."""
    from surveybook.book.pdf import build_pdf  # what draws pages is slow to load, and not in every installation

    report = read_report()
    made = build_pdf(wave or report.default_wave, output or paths.build() / f"{report.file_name}.pdf")
    typer.echo(f"The PDF is {paths.shown(made)}.")


def verify_command(
    wave: Annotated[
        str, typer.Option(help="The wave: a folder under data/waves; report.yml names the usual one.")
    ] = "",
    baseline: Annotated[
        str, typer.Option(help="The waves that it is compared with; without it, what wave.yml names as its baseline.")
    ] = "",
    site: Annotated[str, typer.Option(help="A copy to check too: a folder, or the address of a published site.")] = "",
    issue: Annotated[
        bool, typer.Option("--issue", help="Put the certificate in the place of the committed one.")
    ] = False,
    against: Annotated[
        Path | None, typer.Option(help="The certificate to compare with; the committed one otherwise.")
    ] = None,
    tolerance: Annotated[
        float, typer.Option(min=0, help="By how much numbers in charts and tables may differ from those committed.")
    ] = 0.0,
    jobs: Annotated[int | None, typer.Option(min=1, help="How many chapters run at once.")] = None,
    changes: Annotated[
        str, typer.Option(help="Only list the figures that changed since this commit or branch, as Markdown.")
    ] = "",
) -> None:
    """Execute and build an edition from nothing, check it against the data, and write a certificate.

    What was checked, by what, and what was not, is printed.

    Exit status: 0 nothing is wrong; 3 the packages aren't those of the lock; 4 the data; 5 the execution of a chapter;
    6 an output isn't what is committed, or the prose or a chart misleads; 7 the pages, or a copy of them; 8 the
    committed certificate says something else. Of several, the lowest counts. 1 and 2 are for what was mistyped.
    """
    if changes:
        from surveybook.verify.changes import list_changes

        typer.echo(list_changes(changes), nl=False)
        return
    from surveybook.verify.command import run_verification

    status = run_verification(
        Console(highlight=False), wave or read_report().default_wave, baseline, site=site, issue=issue, against=against,
        tolerance=tolerance, jobs=jobs,
    )  # fmt: skip
    raise typer.Exit(status)


@contextmanager
def show_progress(console: Console | None = None, *, fold: bool = False) -> Iterator[Callable[[Step], None]]:
    """Give what shows the steps of editions for as long as the block lasts; threads may call it.

    Parameters
    ----------
    console : Console, optional
        Where it is shown; standard error otherwise, so that what a command prints can be piped on.
    fold : bool
        Whether the bars of what is through go away, as they should where many editions are made.
    """
    console = console or Console(stderr=True)
    known: dict[tuple[str, str], TaskID] = {}
    began: dict[tuple[str, str], float] = {}
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    adding = threading.Lock()

    def move_bar(step: Step) -> None:
        key = (step.edition, step.name)
        with adding:
            if key not in known:
                known[key] = progress.add_task("")
        said = escape(f"{step.edition}: {step.name}")
        progress.update(
            known[key],
            total=step.parts,
            completed=step.done,
            description=f"[red]{said} failed[/]" if step.failed else said,
            visible=not (fold and step.ended and not step.failed),
        )
        if step.ended:
            progress.stop_task(known[key])

    def print_line(step: Step) -> None:
        start = began.setdefault((step.edition, step.name), time.monotonic())
        if step.ended:
            how = f"failed after {step.done} of {step.parts}" if step.failed else f"{step.parts} of {step.parts}"
            said = f"{step.edition}: {step.name}, {how}, {time.monotonic() - start:.1f} s"
            console.print(said, markup=False, highlight=False, soft_wrap=True)

    if not console.is_terminal:
        yield print_line
        return
    with Progress(*columns, console=console) as progress:
        yield move_bar
