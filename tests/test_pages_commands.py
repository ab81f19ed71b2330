"""The pages "How to rerun it" and "Check and cite" do what they say: their own commands are run."""

import re
import shlex
import subprocess
import sys
from pathlib import Path

import pytest
from typer.testing import CliRunner

from surveybook.book.notebooks import read_notebook
from surveybook.cli import make_app
from surveybook.model import paths

# These build or verify whole editions, execute chapters or need a cluster, which tests of their own do.
LONG = ("make book", "make verify", "surveybook build", "chapter run", "papermill", "pip install", "bin/dask",
        "verify example", "verify --site", "--nbval")  # fmt: skip


def read_prose(page: str) -> str:
    """Return the text of a page, whether or not it is a notebook."""
    path = paths.root() / paths.CHAPTERS_FOLDER / page
    if path.suffix == ".md":
        return path.read_text(encoding="utf-8")
    return "\n".join(cell.source for cell in read_notebook(path).cells if cell.cell_type == "markdown")


def list_commands(page: str) -> list[str]:
    blocks = re.findall(r"```sh\n(.*?)```", read_prose(page), re.DOTALL)
    lines = [line.split("  #")[0].strip() for block in blocks for line in block.splitlines()]
    return [line for line in lines if line and not any(part in line for part in LONG)]


def type_in(line: str) -> str:
    """Return what a command prints that is typed in the folder where we are; ours run here, without new imports."""
    program, *words = shlex.split(line)
    if program == ".venv/bin/surveybook":
        return CliRunner().invoke(make_app(), words, catch_exceptions=False).stdout
    assert program == ".venv/bin/python"
    return subprocess.run([sys.executable, *words], capture_output=True, text=True, check=True).stdout


@pytest.mark.slow
def test_every_command_of_how_to_rerun_it_works_in_its_order(trial_data: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for path in trial_data.glob("waves/*/responses_*"):
        path.unlink()
    home = trial_data.parent
    for name in ("examples", "report.yml"):
        (home / name).symlink_to(paths.root() / name)
    lines = list_commands("97-rerun.md")
    monkeypatch.chdir(home)
    said = [type_in(line) for line in lines]
    assert (len(said), "" in said) == (9, False)
    assert any("Released" in text and "covariances.csv" in text for text in said)
    for wave in ("2026-spring", "2027-spring"):
        assert (trial_data / f"waves/{wave}/wave.yml").is_file()
    assert (home / "staff-survey/chapters").is_dir()


@pytest.mark.slow
def test_every_command_of_check_and_cite_works_and_make_has_its_targets() -> None:
    page = "96-check-and-cite.ipynb"
    assert all(type_in(line) for line in list_commands(page))
    makefile = (paths.root() / "Makefile").read_text(encoding="utf-8")
    named = set(re.findall(r"(?:`|^)make ([a-z-]+)", read_prose(page), re.MULTILINE))
    assert [target for target in named if f"\n{target}: " not in makefile] == []
