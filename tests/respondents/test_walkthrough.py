"""The page "How to rerun it" does what it says: its own commands are run, on a copy of the data."""

import os
import re
import shlex
import subprocess
import sys
from pathlib import Path

import pytest

from surveybook.model import paths

PAGE = paths.root() / paths.CHAPTERS_FOLDER / "97-rerun.md"
# These build the book, execute chapters or need a cluster, which tests of their own do.
ELSEWHERE = ("make book", "surveybook build", "chapter run", "papermill", "pip install", "bin/dask")
PROGRAMS = {
    ".venv/bin/python": [sys.executable],
    ".venv/bin/surveybook": [sys.executable, "-c", "from surveybook.cli import main; main()"],
}


def commands() -> list[str]:
    blocks = re.findall(r"```sh\n(.*?)```", PAGE.read_text(encoding="utf-8"), re.DOTALL)
    lines = [line.split("  #")[0].strip() for block in blocks for line in block.splitlines()]
    return [line for line in lines if line and not any(part in line for part in ELSEWHERE)]


@pytest.mark.slow
def test_every_command_of_the_page_works_in_its_order(trial_data: Path) -> None:
    for path in trial_data.glob("waves/*/responses_*"):
        path.unlink()
    home = trial_data.parent
    for name in ("examples", "report.yml"):
        (home / name).symlink_to(paths.root() / name)
    said = {}
    for line in commands():
        program, *words = shlex.split(line)
        run = subprocess.run(
            [*PROGRAMS[program], *words], cwd=home, env=os.environ | {"PYTHONWARNINGS": "ignore"}, capture_output=True,
            text=True, check=False,
        )  # fmt: skip
        assert run.returncode == 0, f"{line}\n{run.stdout}\n{run.stderr}"
        said[line] = run.stdout
    assert len(said) == 9
    assert any("Released" in text and "covariances.csv" in text for text in said.values())
    for wave in ("2026-spring", "2027-spring"):
        assert (trial_data / f"waves/{wave}/wave.yml").is_file()
    assert (home / "staff-survey/chapters").is_dir()
