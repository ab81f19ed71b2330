"""A tampered lock is refused before anything is installed, by a script that needs nothing installed."""

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from surveybook.model import paths
from tools.locking import check_lock, problems_of

LOCK = (paths.root() / "requirements.txt").read_text(encoding="utf-8")
WANTED = (paths.root() / "requirements.in").read_text(encoding="utf-8")
HASH = "--hash=sha256:" + "0" * 64


def test_the_lock_of_this_project_is_in_order() -> None:
    assert check_lock(paths.root()) == []


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("--index-url https://example.org/simple", "'--index-url https://example.org/simple' isn't a package"),
        ("--extra-index-url https://example.org/simple", "isn't a package with its exact version"),
        ("--trusted-host example.org", "isn't a package"),
        ("-e git+https://example.org/evil.git#egg=evil", "isn't a package"),
        ("-r /etc/passwd", "isn't a package"),
        (f"evil @ https://example.org/evil.whl {HASH}", "isn't a package"),
        (f"https://example.org/evil.whl {HASH}", "isn't a package"),
        (f"./evil.whl {HASH}", "isn't a package"),
        ("evil==1.0", "evil has no hash"),
        (f"evil>=1.0 {HASH}", "isn't a package with its exact version"),
        ("evil==1.0 --hash=md5:" + "0" * 32, "isn't a SHA-256"),
        (f"evil==1.0 {HASH}", "nothing in requirements.in asks for evil"),
        (f"evil==1.0 \\\n    {HASH}\n    # via sphinxx", "nothing in requirements.in asks for evil"),
        (f"sphinx==1.0 {HASH}", "sphinx is there twice"),
    ],
)
@pytest.mark.parametrize("place", ["first", "last"])
def test_what_does_not_belong_in_a_lock_is_named_with_its_row(line: str, said: str, place: str) -> None:
    lock = f"{line}\n{LOCK}" if place == "first" else f"{LOCK}{line}\n"
    found = problems_of(lock, WANTED)
    assert len(found) == 1
    assert found[0].startswith("row ")
    assert said.partition("'")[0] in found[0]


def test_a_package_that_went_missing_or_lost_its_hash_is_named() -> None:
    assert problems_of(f"sphinx==7.4.7 {HASH}\n", "sphinx<8\npandas\n") == [
        "pandas is asked for in requirements.in and isn't there"
    ]
    assert problems_of("sphinx==7.4.7\n", "sphinx<8\n")[0] == "row 1: sphinx has no hash, so that any file would do"


def test_make_installs_nothing_from_a_tampered_lock(tmp_path: Path) -> None:
    for name in ("requirements.in", "pyproject.toml", "Makefile"):
        shutil.copy(paths.root() / name, tmp_path / name)
    (tmp_path / "src/surveybook").mkdir(parents=True)
    shutil.copy(paths.root() / "tools/locking.py", tmp_path / "src/surveybook")
    (tmp_path / "requirements.txt").write_text(f"--index-url https://example.org/simple\n{LOCK}", encoding="utf-8")
    run = subprocess.run(
        ["make", f"PYTHON={sys.executable}", ".venv/.ready"], cwd=tmp_path, capture_output=True, text=True, check=False
    )
    assert run.returncode != 0
    assert "row 1: '--index-url https://example.org/simple' isn't a package" in run.stderr
    assert not (tmp_path / ".venv").exists()
