"""The installed packages are those of the lock, and the lock is whole."""

import subprocess
import sys
from pathlib import Path

import pytest

from surveybook.model import paths
from surveybook.verify import lock
from surveybook.verify.lock import check_environment, find_lock_faults
from tools.locking import check_lock_files

LOCK = (paths.root() / "requirements.txt").read_text(encoding="utf-8")
WANTED = (paths.root() / "requirements.in").read_text(encoding="utf-8")
HASH = "--hash=sha256:" + "0" * 64


def faults(tmp_path: Path, held: str, wanted: str) -> list[str]:
    (tmp_path / "requirements.txt").write_text(held)
    (tmp_path / "requirements.in").write_text(wanted)
    return [str(one) for one in check_environment(tmp_path).faults]


@pytest.fixture(autouse=True)
def installed(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """Let pandas alone be installed, but where a test looks at what is."""
    if "tmp_path" in request.fixturenames:
        monkeypatch.setattr(lock, "find_version", {"pandas": "3.0.1"}.get)


def test_this_environment_is_that_of_the_lock() -> None:
    done = check_environment(paths.root())
    assert done.faults == ()
    assert done.counts["packages"] > 50
    assert check_lock_files(paths.root()) == []


@pytest.mark.parametrize(
    ("held", "wanted", "said"),
    [
        (f"pandas==3.0.2 {HASH}", "pandas", "pandas is 3.0.1 here and 3.0.2 in the lock"),
        (f"numpy==2.0 {HASH}", "numpy", "numpy 2.0 isn't installed"),
        (f"pandas==3.0.1 {HASH}", "pandas<3", "pandas<3 is asked for in requirements.in and the lock has 3.0.1"),
        (f"pandas==3.0.1 {HASH}", "pandas\nscipy", "scipy is asked for in requirements.in and isn't there"),
        ("pandas==3.0.1", "pandas", "pandas has no hash"),
    ],
)
def test_a_lock_that_is_not_kept_is_named(tmp_path: Path, held: str, wanted: str, said: str) -> None:
    assert any(said in fault for fault in faults(tmp_path, held, wanted)), faults(tmp_path, held, wanted)


def test_a_report_without_a_lock_says_so_and_one_that_lost_it_is_wrong(tmp_path: Path) -> None:
    assert "has no requirements.txt" in check_environment(tmp_path).skipped[0]
    (tmp_path / "requirements.in").touch()
    assert "restore it from version control" in str(check_environment(tmp_path).faults[0])
    assert check_lock_files(tmp_path) == ["requirements.txt is missing"]


def test_a_drafted_report_has_the_lock_alone_and_what_is_installed_is_held_against_it(tmp_path: Path) -> None:
    (tmp_path / "requirements.txt").write_text(f"pandas==3.0.2 {HASH}")
    assert "pandas is 3.0.1 here and 3.0.2 in the lock" in str(check_environment(tmp_path).faults[0])
    (tmp_path / "requirements.txt").write_text(f"pandas==3.0.1 {HASH}")
    assert check_environment(tmp_path).faults == ()


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("--index-url https://example.org/simple", "'--index-url https://example.org/simple' isn't a package"),
        ("--trusted-host example.org", "isn't a package"),
        ("-e git+https://example.org/evil.git#egg=evil", "isn't a package"),
        ("-r /etc/passwd", "isn't a package"),
        (f"evil @ https://example.org/evil.whl {HASH}", "isn't a package"),
        (f"./evil.whl {HASH}", "isn't a package"),
        ("evil==1.0", "evil has no hash"),
        (f"evil>=1.0 {HASH}", "isn't a package with its exact version"),
        ("evil==1.0 --hash=md5:" + "0" * 32, "isn't a SHA-256"),
        (f"evil==1.0 {HASH}", "nothing in requirements.in asks for evil"),
        (f"evil==1.0 \\\n    {HASH}\n    # via sphinxx", "nothing in requirements.in asks for evil"),
        (f"sphinx==1.0 {HASH}", "sphinx is there twice"),
    ],
)
def test_what_does_not_belong_in_a_lock_is_named_with_its_row(line: str, said: str) -> None:
    for held in (f"{line}\n{LOCK}", f"{LOCK}{line}\n"):
        (found,) = find_lock_faults(held, WANTED)
        assert found.startswith("row ")
        assert said in found


def test_a_lock_is_read_before_anything_is_installed() -> None:
    # -S leaves out every installed package, and -I all that the environment adds.
    run = subprocess.run(
        [sys.executable, "-I", "-S", "tools/locking.py"], cwd=paths.root(), capture_output=True, text=True, check=False
    )
    assert (run.returncode, run.stderr) == (0, "")
