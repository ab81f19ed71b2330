"""``surveybook chapter``: one chapter at a time."""

from pathlib import Path
from typing import Annotated, Any

import typer

from surveybook.book.notebooks import read_parameters
from surveybook.cli.lint import lint_command
from surveybook.model import paths
from surveybook.model.problems import SurveybookError

app = typer.Typer(no_args_is_help=True, help="Run one chapter, or store it executed.")


def find_chapter(name: str) -> Path:
    """Return a chapter by its path, its file name, or a part of it such as 'quality'.

    Raises
    ------
    SurveybookError
        When none or several fit; the message lists the chapters.
    """
    if Path(name).is_file():
        return Path(name).resolve()
    found = [path for path in paths.chapters() if path.stem == name] or [
        path for path in paths.chapters() if name.removesuffix(".ipynb") in path.stem
    ]
    if len(found) != 1:
        there = ", ".join(path.stem for path in paths.chapters())
        raise SurveybookError(
            f"{'Several chapters fit' if found else 'There is no chapter'} '{name}'. There are: {there}."
        )
    return found[0]


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


@app.command()
def run(
    chapter: Annotated[str, typer.Argument(help="A notebook, or a part of its name.")],
    output: Annotated[Path, typer.Argument(help="Where the executed notebook goes.")],
    parameter: Annotated[list[str] | None, typer.Option("--parameter", "-p", help="name=value, repeatable.")] = None,
) -> None:
    """Execute one chapter with other parameters; a name that it doesn't have is refused."""
    source = find_chapter(chapter)
    check_output(output)
    from surveybook.book.running import execute_chapter

    execute_chapter(source, output.resolve(), parse_parameters(parameter or [], read_parameters(source)))
    typer.echo(f"Wrote {output}.")


@app.command()
def store(
    chapters: Annotated[list[str] | None, typer.Argument(help="Notebooks; all of them when none is named.")] = None,
) -> None:
    """Execute chapters for their default wave and store them with their outputs, as they are committed."""
    from surveybook.book.running import execute_chapters

    sources = [find_chapter(name) for name in chapters] if chapters else paths.chapters()
    runs = execute_chapters(sources, paths.root(), report=lambda source: typer.echo(f"Executed {paths.shown(source)}."))
    if failures := [run.fault for run in runs if run.fault]:
        raise SurveybookError("\n".join(["These chapters did not run through and stay as they were:", *failures]))


app.command("lint")(lint_command)
