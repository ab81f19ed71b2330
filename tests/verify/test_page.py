"""The page "Check and cite" does what it says: its own commands are run, but for those that other tests run."""

import re
import shlex
import subprocess
import sys

import pytest

from surveybook.book.notebooks import read_notebook
from surveybook.model import paths

PAGE = paths.root() / paths.CHAPTERS_FOLDER / "96-check-and-cite.ipynb"
# These verify a whole edition or execute the chapters, which takes minutes; tests of their own do.
LONG = ("make verify", "verify --wave", "verify --site", "--nbval")
PROGRAMS = {
    ".venv/bin/python": [sys.executable],
    ".venv/bin/surveybook": [sys.executable, "-c", "from surveybook.cli import main; main()"],
}


def read_prose() -> str:
    """Return the text of the page."""
    return "\n".join(cell.source for cell in read_notebook(PAGE).cells if cell.cell_type == "markdown")


def commands() -> list[str]:
    blocks = re.findall(r"```sh\n(.*?)```", read_prose(), re.DOTALL)
    return [line.strip() for block in blocks for line in block.splitlines() if line.strip()]


@pytest.mark.slow
@pytest.mark.parametrize("line", [line for line in commands() if not any(part in line for part in LONG)])
def test_a_command_of_the_page_works(line: str) -> None:
    program, *words = shlex.split(line)
    run = subprocess.run([*PROGRAMS[program], *words], cwd=paths.root(), capture_output=True, text=True, check=False)
    assert run.returncode == 0, f"{line}\n{run.stdout}\n{run.stderr}"
    assert run.stdout


def test_the_long_commands_are_written_with_options_that_there_are() -> None:
    from typer.main import get_command

    from surveybook.cli import make_app

    verify = get_command(make_app()).commands["verify"]  # type: ignore[attr-defined]
    known = {name for parameter in verify.params for name in parameter.opts}
    asked = {
        word
        for line in commands()
        if "surveybook verify" in line
        for word in shlex.split(line)
        if word.startswith("--")
    }
    assert asked - {"--help"} <= known
    assert len(asked) > 4


def test_make_has_the_targets_that_the_page_names() -> None:
    makefile = (paths.root() / "Makefile").read_text(encoding="utf-8")
    for target in set(re.findall(r"(?:`|^)make ([a-z-]+)", read_prose(), re.MULTILINE)):
        assert f"\n{target}: " in makefile
