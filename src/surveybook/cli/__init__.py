"""The words a person types: ``surveybook build``, ``surveybook chapter run quality out.ipynb -p wave=2031``."""

import sys

import typer

from surveybook.model.problems import SurveybookError


def part() -> typer.Typer:
    """Return the command line without commands."""
    return typer.Typer(
        no_args_is_help=True,
        add_completion=False,
        pretty_exceptions_enable=False,
        help="Any survey report as a living book: from a survey wave to a published site.",
    )


def whole() -> typer.Typer:
    """Return the command line with all commands, whose imports take a second or so."""
    from surveybook.cli import chapter, data, wave
    from surveybook.cli.claims import claims_command
    from surveybook.cli.compare import compare_command
    from surveybook.cli.edition import build_command
    from surveybook.cli.pdf import pdf_command
    from surveybook.cli.verify import verify_command

    made = part()
    made.command("build")(build_command)
    made.add_typer(chapter.app, name="chapter")
    made.add_typer(wave.app, name="wave")
    made.add_typer(data.app, name="data")
    made.command("claims")(claims_command)
    made.command("compare")(compare_command)
    made.command("pdf")(pdf_command)
    made.command("verify")(verify_command)
    return made


def only_editions() -> typer.Typer:
    """Return the command line with the command that imports hardly anything where nothing has to be made."""
    from surveybook.cli.edition import build_command

    made = part()
    made.callback()(lambda: None)  # so that its one command keeps its name
    made.command("build")(build_command)
    return made


def __getattr__(name: str) -> typer.Typer:
    """Return the whole command line as ``app``."""
    if name != "app":
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return whole()


def main() -> None:
    """Run the command line; what a person can mend is said in a sentence, without a traceback."""
    try:
        (only_editions() if sys.argv[1:2] == ["build"] else whole())()
    except SurveybookError as error:
        print(error, file=sys.stderr)
        sys.exit(1)
