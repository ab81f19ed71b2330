"""The words a person types: ``whyict edition build 2004``, ``whyict chapter run quality out.ipynb -p wave=2004``."""

import sys

import typer

from whyict.cli import chapter, data, edition, wave
from whyict.cli.claims import claims_command
from whyict.cli.compare import compare_command
from whyict.cli.verify import verify_command
from whyict.problems import WhyICTError

app = typer.Typer(
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    help="Why ICT? as a living report: from a survey wave to a published book.",
)
app.add_typer(edition.app, name="edition")
app.add_typer(chapter.app, name="chapter")
app.add_typer(wave.app, name="wave")
app.add_typer(data.app, name="data")
app.command("claims")(claims_command)
app.command("compare")(compare_command)
app.command("verify")(verify_command)


def main() -> None:
    """Run the command line; what a person can mend is said in a sentence, without a traceback."""
    try:
        app()
    except WhyICTError as error:
        print(error, file=sys.stderr)
        sys.exit(1)
