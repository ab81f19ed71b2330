"""``surveybook verify``: everything that a reviewer asks, from nothing, with a certificate and an exit status."""

from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console

from surveybook.model.report import read_report

HELP = """Execute and build an edition from nothing, check it against the data, and write a certificate.

What was checked, by what, and what was not, is printed.

Exit status: 0 nothing is wrong; 3 the packages aren't those of the lock; 4 the data; 5 the execution of a chapter;
6 an output isn't what is committed, or the prose or a chart misleads; 7 the pages, or a copy of them; 8 the committed
certificate says something else. Of several, the lowest counts. 1 and 2 are for what was mistyped.
"""


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
    junit: Annotated[Path | None, typer.Option(help="Write the result as JUnit XML too.")] = None,
    tolerance: Annotated[
        float, typer.Option(min=0, help="By how much numbers in charts and tables may differ from those committed.")
    ] = 0.0,
    jobs: Annotated[int | None, typer.Option(min=1, help="How many chapters run at once.")] = None,
    changes: Annotated[
        str, typer.Option(help="Only list the figures that changed since this commit or branch, as Markdown.")
    ] = "",
) -> None:
    """Run the verification; the help is above."""
    if changes:
        from surveybook.verify.changes import list_changes

        typer.echo(list_changes(changes), nl=False)
        return
    from surveybook.verify.command import run_verification

    wave = wave or read_report().default_wave
    console = Console(highlight=False)
    status = run_verification(
        console, wave, baseline, site=site, issue=issue, against=against,
        junit=junit, tolerance=tolerance, jobs=jobs,
    )  # fmt: skip
    raise typer.Exit(status)


verify_command.__doc__ = HELP
