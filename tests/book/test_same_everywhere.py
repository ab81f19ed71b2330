"""The same answer everywhere: interpreter, locale, time zone, hash seed, threads and place of the checkout."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from surveybook.book.notebooks import compare_files
from surveybook.model import paths

pytestmark = [pytest.mark.slow, pytest.mark.over_again]

# `make pythons` sets these up; each has the packages of the lock.
PYTHONS = paths.build() / "pythons"
VERSIONS = ("3.11", "3.12", "3.13")
ONE_THREAD = dict.fromkeys(("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS", "ARROW_IO_THREADS"), "1")
MANY_THREADS = dict.fromkeys(ONE_THREAD, "7")
# Every one of them unlike the other's and unlike that of the machine; a failure names them all.
EAST = {"TZ": "Pacific/Kiritimati", "LC_ALL": "C", "LANG": "C", "PYTHONHASHSEED": "20050301", **ONE_THREAD}
WEST = {"TZ": "Pacific/Pago_Pago", "LC_ALL": "C.UTF-8", "PYTHONHASHSEED": "1", "PYTHONUTF8": "1", **MANY_THREADS}


RUN = """
import sys
from pathlib import Path
from surveybook.book.running import execute_chapters
from surveybook.model import paths
runs = execute_chapters(paths.chapters(), Path(sys.argv[1]), dict(zip(("wave", "baseline"), sys.argv[2:])))
sys.exit("\\n".join(run.fault for run in runs if run.fault) or None)
"""


def run_elsewhere(python: str, checkout: Path, out: Path, surroundings: dict[str, str], *wave: str) -> Path:
    """Execute all chapters under an interpreter, in a checkout and in some surroundings, into a folder."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("LC_", "LANG", "PYTHON"))}
    run = subprocess.run(
        [python, "-c", RUN, str(out), *wave], cwd=checkout, capture_output=True, text=True, check=False,
        env={**kept, **surroundings, "PYTHONPATH": str(checkout / "src")},
    )  # fmt: skip
    assert run.returncode == 0, f"{python} in {surroundings} failed:\n{run.stderr[-3000:]}"
    return out


def list_changes(found: Path, expected: Path) -> list[str]:
    """Return each output that isn't the expected one, by chapter, cell and figure."""
    names = [path.relative_to(paths.root()) for path in paths.chapters()]
    return [str(change) for name in names for change in compare_files(expected / name, found / name)]


@pytest.fixture(scope="module")
def elsewhere(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a copy of the checkout at a path with spaces and letters that aren't ASCII."""
    folder = tmp_path_factory.mktemp("else") / "a würking copy"
    shutil.copytree(
        paths.root(), folder, ignore=shutil.ignore_patterns(".git", ".venv", "_build", "node_modules", ".*")
    )
    return folder


@pytest.mark.parametrize("version", VERSIONS)
def test_every_python_gives_what_is_stored(version: str, elsewhere: Path, tmp_path: Path) -> None:
    here = ".".join(map(str, sys.version_info[:2])) == version
    python = sys.executable if here else str(PYTHONS / version / "bin/python")
    if not Path(python).is_file():
        pytest.skip(f"PYTHON {version} WAS NOT TRIED: `make pythons` sets it up where the machine has it.")
    assert list_changes(run_elsewhere(python, elsewhere, tmp_path, EAST), paths.root()) == []


def test_other_surroundings_give_what_is_stored(tmp_path: Path) -> None:
    assert list_changes(run_elsewhere(sys.executable, paths.root(), tmp_path, WEST), paths.root()) == []


def test_respondents_give_the_same_figures_in_any_surroundings(elsewhere: Path, tmp_path: Path) -> None:
    wave = ("example-synthetic", "2004")
    one = run_elsewhere(sys.executable, elsewhere, tmp_path / "one", EAST, *wave)
    assert list_changes(run_elsewhere(sys.executable, paths.root(), tmp_path / "other", WEST, *wave), one) == []
