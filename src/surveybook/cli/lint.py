"""``surveybook chapter lint``: whether the chapters hold a number or a direction that no data stands behind."""

from pathlib import Path
from typing import Annotated, Any

import typer

from surveybook.model import paths
from surveybook.model.problems import SurveybookError


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
    from surveybook.verify.lint.perturbation import check_perturbed

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
    read = len(chosen) or len(paths.chapters()) + len(paths.pages())
    typer.echo(f"No loose number in {read} file{'s' if read != 1 else ''}.")
