"""The words a person types: ``whyict edition build 2004``, ``whyict chapter run quality out.ipynb -p wave=2004``."""

import sys

import typer

from whyict.problems import WhyICTError


def part() -> typer.Typer:
    """Return the command line without commands."""
    return typer.Typer(
        no_args_is_help=True,
        add_completion=False,
        pretty_exceptions_enable=False,
        help="Why ICT? as a living report: from a survey wave to a published book.",
    )


def whole() -> typer.Typer:
    """Return the command line with all commands, whose imports take a second or so."""
    from whyict.cli import chapter, data, edition, wave
    from whyict.cli.claims import claims_command
    from whyict.cli.compare import compare_command
    from whyict.cli.verify import verify_command

    made = part()
    made.add_typer(edition.app, name="edition")
    made.add_typer(chapter.app, name="chapter")
    made.add_typer(wave.app, name="wave")
    made.add_typer(data.app, name="data")
    made.command("claims")(claims_command)
    made.command("compare")(compare_command)
    made.command("verify")(verify_command)
    return made


def only_editions() -> typer.Typer:
    """Return the command line with the command that imports hardly anything where nothing has to be made."""
    from whyict.cli import edition

    made = part()
    made.callback()(lambda: None)  # so that its one group keeps its name
    made.add_typer(edition.app, name="edition")
    return made


def __getattr__(name: str) -> typer.Typer:
    """Return the whole command line as ``app``."""
    if name != "app":
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return whole()


def main() -> None:
    """Run the command line; what a person can mend is said in a sentence, without a traceback."""
    try:
        (only_editions() if sys.argv[1:2] == ["edition"] else whole())()
    except WhyICTError as error:
        print(error, file=sys.stderr)
        sys.exit(1)
