"""``surveybook chapter``: one chapter at a time."""

from pathlib import Path
from typing import Annotated, Any

import typer

from surveybook.model import paths
from surveybook.model.problems import SurveybookError

chapter_command = typer.Typer(no_args_is_help=True, help="Run one chapter, store it executed, or lint it.")


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
        kind = type(known.get(name, ""))
        try:
            values[name] = kind(text)
        except ValueError:
            raise SurveybookError(f"'{text}' doesn't fit the parameter '{name}', which is a {kind.__name__}.") from None
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
