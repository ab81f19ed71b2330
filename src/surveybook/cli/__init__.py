"""The words a person types: ``surveybook build``, ``surveybook chapter run parks out.ipynb -p wave=2031``."""

import codecs
import io
import os
import sys
import unicodedata
from importlib import import_module
from typing import Annotated

import typer

from surveybook import leave_out_unused
from surveybook.model import paths
from surveybook.model.problems import SurveybookError
from surveybook.model.report import read_report

# Each command and group of commands, and the module of this room that has it.
COMMANDS = {
    "new": "waves",
    **dict.fromkeys(("build", "pdf", "deck", "verify", "chapter"), "book"),
    **dict.fromkeys(("wave", "data"), "waves"),
    **dict.fromkeys(("claims", "compare"), "results"),
}

# Of thousands of small matrices threads that wait for each other take more than they give, most where others work too.
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")

# What stands for signs that a terminal's encoding hasn't got, and the name of that rule.
ALIKE = {"→": "->", "←": "<-", "−": "-", "–": "-", "—": "-", "‑": "-", "’": "'", "‘": "'", "“": '"', "”": '"', "•": "*",
         "·": ".", "×": "x", "≤": "<=", "≥": ">=", "±": "+/-", "£": "GBP ", "€": "EUR "}  # fmt: skip
PLAIN = "surveybook-plain"
# Every command that is about a wave takes it as a word, or after --wave.
Wave = Annotated[str, typer.Argument(help="The wave: a folder under data/waves; report.yml names the usual one.")]
NamedWave = Annotated[str, typer.Option("--wave", hidden=True, help="The wave, as an option.")]


def pick_wave(wave: str, named: str) -> str:
    """Return the wave that was named, as a word or after ``--wave``; the report's own where none was.

    Raises
    ------
    SurveybookError
        When two are named.
    """
    if wave and named and wave != named:
        raise SurveybookError(f"Two waves are named, {wave} and {named}: name one.")
    return wave or named or read_report().default_wave


def make_app(only: str = "") -> typer.Typer:
    """Return the command line with all commands or, where one is named, with that one: others take long to import."""
    app = typer.Typer(
        no_args_is_help=True,
        add_completion=False,
        pretty_exceptions_enable=False,
        help="Any survey report as a living book: from a survey wave to a published site.",
    )
    app.callback()(lambda: None)  # so that a command that stands alone keeps its name
    for name in [only] if only in COMMANDS else COMMANDS:
        command = getattr(import_module(f"surveybook.cli.{COMMANDS[name]}"), f"{name}_command")
        if isinstance(command, typer.Typer):
            app.add_typer(command, name=name)
        else:
            app.command(name)(command)
    return app


def write_plainly(error: UnicodeError) -> tuple[str, int]:
    """Return what stands for signs that a terminal's encoding hasn't got: "->" for an arrow, e for é."""
    assert isinstance(error, UnicodeEncodeError)
    signs = error.object[error.start : error.end]
    plain = "".join(ALIKE.get(sign) or unicodedata.normalize("NFKD", sign) for sign in signs)
    kept = "".join(sign for sign in plain if not unicodedata.combining(sign))
    return kept.encode("ascii", "backslashreplace").decode(), error.end


def main() -> None:
    """Run the command line; what a person can mend is said in a sentence, without a traceback."""
    leave_out_unused()
    codecs.register_error(PLAIN, write_plainly)
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors=PLAIN)
    if os.environ.get(paths.DATA_VARIABLE):
        # Chapters run in folders of their own, where a relative path would mean another place.
        os.environ[paths.DATA_VARIABLE] = str(paths.data())
    try:
        make_app(sys.argv[1] if len(sys.argv) > 1 else "")()
    except KeyboardInterrupt:  # of which Typer takes no notice before it has its command
        sys.exit(130)
    except SurveybookError as error:
        print(error, file=sys.stderr)
    except OSError as error:
        print(f"{error.filename or 'A file'}: {error.strerror or error}.", file=sys.stderr)
    sys.exit(1)
