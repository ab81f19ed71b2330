"""The same answer everywhere: interpreter, locale, time zone, hash seed, threads and place of the checkout."""

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from surveybook.book.comparing import compare_notebooks
from surveybook.model import paths

pytestmark = [pytest.mark.slow, pytest.mark.over_again]

# `make pythons` sets these up; each has the packages of the lock.
PYTHONS = paths.build() / "pythons"
VERSIONS = ("3.11", "3.12", "3.13")
ONE_THREAD = dict.fromkeys(
    ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS", "POLARS_MAX_THREADS", "ARROW_IO_THREADS"), "1"
)
MANY_THREADS = dict.fromkeys(ONE_THREAD, "7")
# Every one of them unlike the other's and unlike that of the machine; a failure names them all.
EAST = {"TZ": "Pacific/Kiritimati", "LC_ALL": "C", "LANG": "C", "PYTHONHASHSEED": "20050301", **ONE_THREAD}
WEST = {"TZ": "Pacific/Pago_Pago", "LC_ALL": "C.UTF-8", "PYTHONHASHSEED": "1", "PYTHONUTF8": "1", **MANY_THREADS}


def answers(python: str, checkout: Path, out: Path, surroundings: dict[str, str], *wave: str) -> dict[str, Any]:
    """Return what all chapters put out under an interpreter, in a checkout and in some surroundings."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("LC_", "LANG", "PYTHON"))}
    command = [python, str(checkout / "tests/everywhere.py"), str(out), *wave]
    run = subprocess.run(
        command, cwd=out.parent, env={**kept, **surroundings}, capture_output=True, text=True, check=False
    )
    assert run.returncode == 0, f"{python} in {surroundings} failed:\n{run.stderr[-3000:]}"
    return json.loads(out.read_text(encoding="utf-8"))


def changes(found: dict[str, Any], expected: dict[str, Any]) -> list[str]:
    """Return each output that isn't the expected one, by chapter, cell and figure."""
    assert set(found) == set(expected)
    return [str(change) for name in found for change in compare_notebooks(name, expected[name], found[name])]


@pytest.fixture(scope="module")
def stored() -> dict[str, Any]:
    """Return all chapters as they are stored."""
    chapters = {path.stem: json.loads(path.read_text(encoding="utf-8")) for path in paths.chapters()}
    for chapter in chapters.values():
        for output in (output for cell in chapter["cells"] for output in cell.get("outputs", [])):
            # The last line of a cell and a call of display differ in nothing that is shown.
            output["output_type"] = "display_data"
            output["data"] = {
                kind: "".join(text) if isinstance(text, list) else text for kind, text in output["data"].items()
            }
    return chapters


@pytest.fixture(scope="module")
def elsewhere(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a copy of the checkout at a path with spaces and letters that aren't ASCII."""
    folder = tmp_path_factory.mktemp("else") / "a würking copy"
    shutil.copytree(
        paths.root(), folder, ignore=shutil.ignore_patterns(".git", ".venv", "_build", "node_modules", ".*")
    )
    return folder


@pytest.mark.parametrize("version", VERSIONS)
def test_every_python_gives_what_is_stored(
    version: str, stored: dict[str, Any], elsewhere: Path, tmp_path: Path
) -> None:
    here = ".".join(map(str, sys.version_info[:2])) == version
    python = sys.executable if here else str(PYTHONS / version / "bin/python")
    if not Path(python).is_file():
        pytest.skip(f"PYTHON {version} WAS NOT TRIED: `make pythons` sets it up where the machine has it.")
    assert changes(answers(python, elsewhere, tmp_path / "out.json", EAST), stored) == []


def test_other_surroundings_give_what_is_stored(stored: dict[str, Any], tmp_path: Path) -> None:
    assert changes(answers(sys.executable, paths.root(), tmp_path / "out.json", WEST), stored) == []


def test_respondents_give_the_same_figures_in_any_surroundings(elsewhere: Path, tmp_path: Path) -> None:
    wave = ("example-synthetic", "2004")
    one = answers(sys.executable, elsewhere, tmp_path / "one.json", EAST, *wave)
    assert changes(answers(sys.executable, paths.root(), tmp_path / "other.json", WEST, *wave), one) == []
