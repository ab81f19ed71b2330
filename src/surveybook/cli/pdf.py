"""``surveybook pdf``: the whole book of one wave as an accessible PDF."""

from pathlib import Path
from typing import Annotated

import typer

from surveybook.model import paths
from surveybook.model.report import read_report


def pdf_command(
    wave: Annotated[
        str, typer.Argument(help="The wave: a folder under data/waves; report.yml names the usual one.")
    ] = "",
    output: Annotated[
        Path | None, typer.Option(help="The file; in _build, named after report.yml, without it.")
    ] = None,
) -> None:
    """Make the whole book as one PDF, tagged so that assistive technology can read it."""
    from surveybook.book.pdf import build_pdf  # what draws pages is slow to load, and not in every installation

    report = read_report()
    made = build_pdf(wave or report.default_wave, output or paths.build() / f"{report.file_name}.pdf")
    typer.echo(f"The PDF is {paths.shown(made)}.")
