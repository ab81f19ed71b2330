"""``surveybook build``, ``pdf``, ``deck``, ``verify`` and ``chapter``: the book of a wave, or one chapter of it."""

import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated, Any

import typer
from pydantic import TypeAdapter, ValidationError
from rich.console import Console
from rich.markup import escape

from surveybook.book.editions import Options, Step, build_all, build_edition
from surveybook.book.notebooks import LONGEST_RUN_SECONDS
from surveybook.cli import NamedWave, Wave, pick_wave
from surveybook.model import paths
from surveybook.model.problems import SurveybookError
from surveybook.model.report import read_report

chapter_command = typer.Typer(no_args_is_help=True, help="Run one chapter, store it executed, or lint it.")
OneFile = Annotated[
    Path | None, typer.Option("--output", help="The file; in _build, named after report.yml, without it.")
]


def build_command(
    wave: Wave = "",
    named_wave: NamedWave = "",
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
    if every and (wave or named_wave):
        raise SurveybookError("Name a wave, or give --all for every wave: one of the two.")
    complaint = ""
    with show_progress() as report:
        options = Options(jobs, timeout, force, report, lambda text: print(text, file=sys.stderr), scheduler)
        if every:
            made = build_all(output, baseline=baseline, options=options)
            site, complaint = made.folder, made.complain()
        else:
            site = build_edition(pick_wave(wave, named_wave), output, baseline=baseline, options=options)
    for line in made.describe() if every else ():
        typer.echo(line)
    what, address = "site" if every else "book", (site / "index.html").resolve().as_uri()
    typer.echo(f"The {what} is in {paths.shown(site)}. Open it in a browser: {address}")
    if complaint:
        raise SurveybookError(complaint)


def pdf_command(wave: Wave = "", named_wave: NamedWave = "", output: OneFile = None) -> None:
    """Make the whole book as one PDF, tagged so that assistive technology can read it."""
    from surveybook.book.pdf import build_pdf  # what draws pages is slow to load, and not in every installation

    made = build_pdf(pick_wave(wave, named_wave), output or paths.build() / f"{read_report().file_name}.pdf")
    typer.echo(f"The PDF is {paths.shown(made)}.")


def deck_command(wave: Wave = "", named_wave: NamedWave = "", output: OneFile = None) -> None:
    """Make a slide of each figure as one PowerPoint file, with charts that can be edited."""
    from surveybook.book.deck import build_deck

    made = build_deck(pick_wave(wave, named_wave), output or paths.build() / f"{read_report().file_name}.pptx")
    typer.echo(f"The slides are {paths.shown(made)}.")


def verify_command(
    wave: Wave = "",
    named_wave: NamedWave = "",
    baseline: Annotated[
        str, typer.Option(help="The waves that it is compared with; without it, what wave.yml names as its baseline.")
    ] = "",
    site: Annotated[str, typer.Option(help="A copy to check too: a folder, or the address of a published site.")] = "",
    issue: Annotated[
        bool, typer.Option("--issue", help="Put the certificate in the place of the committed one.")
    ] = False,
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

    wave = pick_wave(wave, named_wave)
    raise typer.Exit(run_verification(Console(highlight=False), wave, baseline, site=site, issue=issue))


@contextmanager
def show_progress(console: Console | None = None) -> Iterator[Callable[[Step], None]]:
    """Give what tells of the steps of editions for as long as the block lasts; threads may call it.

    A terminal shows how far they have come; a line stays of each that has ended.

    Parameters
    ----------
    console : Console, optional
        Where it is shown; standard error otherwise, so that what a command prints can be piped on.
    """
    console = console or Console(stderr=True)
    began: dict[str, float] = {}
    under_way: dict[str, str] = {}
    with console.status("Building") as shown:

        def tell(step: Step) -> None:
            said = f"{step.edition}: {step.name}"
            start = began.setdefault(said, time.monotonic())
            under_way[said] = f"{said}, {step.done} of {step.parts}"
            if step.ended:
                how = f"failed after {step.done} of {step.parts}" if step.failed else f"{step.parts} of {step.parts}"
                line = f"{said}, {how}, {time.monotonic() - start:.1f} s"
                console.print(line, markup=False, highlight=False, soft_wrap=True)
                under_way.pop(said)
            shown.update(escape("; ".join(list(under_way.values()))) or "Building")

        yield tell


def parse_parameters(given: list[str], known: dict[str, Any]) -> dict[str, Any]:
    """Return ``name=value`` pairs with each value as the kind that the chapter's default is.

    Raises
    ------
    SurveybookError
        When a pair has no '=', or a value isn't of that kind.
    """
    values: dict[str, Any] = {}
    for pair in given:
        name, equals, text = pair.partition("=")
        if not equals:
            raise SurveybookError(f"'{pair}' sets nothing: write it as name=value, such as wave=2031.")
        try:
            values[name] = TypeAdapter(type(known.get(name, ""))).validate_strings(text)
        except ValidationError:
            said = f"'{text}' doesn't fit the parameter '{name}', whose default is {known[name]!r}."
            raise SurveybookError(said) from None
    return values


def check_output(output: Path) -> None:
    """Refuse to write an executed chapter over one that is stored, or over anything that isn't a notebook.

    Raises
    ------
    SurveybookError
        With what to name instead.
    """
    if output.resolve() in [path.resolve() for path in paths.chapters()]:
        raise SurveybookError(
            f"{output} is a chapter of the book, which `surveybook chapter store` stores: name another file."
        )
    if output.suffix != ".ipynb" or output.is_dir() or output.is_symlink():
        raise SurveybookError(f"{output} isn't the name of a notebook: name a file that ends in .ipynb.")


@chapter_command.command("run")
def run_command(
    chapter: Annotated[str, typer.Argument(help="A notebook, or a part of its name.")],
    output: Annotated[Path, typer.Argument(help="Where the executed notebook goes.")],
    parameter: Annotated[list[str] | None, typer.Option("--parameter", "-p", help="name=value, repeatable.")] = None,
) -> None:
    """Execute one chapter with other parameters; a name that it doesn't have is refused."""
    from surveybook.book.notebooks import read_parameters
    from surveybook.book.running import execute_chapter

    source = paths.find_chapter(chapter)
    check_output(output)
    execute_chapter(source, output.resolve(), parse_parameters(parameter or [], read_parameters(source)))
    typer.echo(f"Wrote {output}.")


@chapter_command.command("store")
def store_command(
    chapters: Annotated[list[str] | None, typer.Argument(help="Notebooks; all of them when none is named.")] = None,
) -> None:
    """Execute chapters for their default wave and store them with their outputs, as they are committed."""
    from surveybook.book.running import execute_chapters

    sources = [paths.find_chapter(name) for name in chapters] if chapters else paths.chapters()
    runs = execute_chapters(sources, paths.root(), report=lambda source: typer.echo(f"Executed {paths.shown(source)}."))
    if failures := [run.fault for run in runs if run.fault]:
        raise SurveybookError("\n".join(["These chapters did not run through and stay as they were:", *failures]))


@chapter_command.command("lint")
def lint_command(
    files: Annotated[
        list[Path] | None, typer.Argument(help="Notebooks and pages; the whole book when none is named.")
    ] = None,
    perturb: Annotated[
        bool, typer.Option("--perturb", help="Execute with perturbed waves too (about a minute).")
    ] = False,
) -> None:
    """Look for loose numbers and directions in the chapters, and for traces of their runs; each with what to do."""
    from surveybook.book.notebooks import find_traces
    from surveybook.verify.lint import lint
    from surveybook.verify.perturbation import check_perturbed

    chosen = [path.resolve() for path in files or []]
    findings: list[Any] = list(lint(chosen or None))
    book = paths.chapters()
    findings += [trace for path in chosen or book if path in book for trace in find_traces(path)]
    if perturb:
        findings += check_perturbed([path for path in chosen if path.suffix == ".ipynb"] if chosen else None)
    if findings:
        raise SurveybookError(
            "\n".join([*map(str, findings), f"{len(findings)} finding{'s' if len(findings) > 1 else ''}."])
        )
    read = len(chosen) or len(book) + len(paths.pages())
    typer.echo(f"No loose number in {read} file{'s' if read != 1 else ''}.")
