"""The installed packages are those of the lock, and the lock is whole."""

from pathlib import Path

import pytest

from whyict.verification.environment import LOCK, check_environment, installed_packages, read_lock

HASH = "--hash=sha256:" + "0" * 64


def faults(tmp_path: Path, lock: str, wanted: str = "", installed: dict[str, str] | None = None) -> list[str]:
    (tmp_path / "lock.txt").write_text(lock)
    (tmp_path / "wanted.in").write_text(wanted)
    there = {"pandas": "3.0.1"} if installed is None else installed
    return [str(one) for one in check_environment(tmp_path / "lock.txt", tmp_path / "wanted.in", there).faults]


def test_this_environment_is_that_of_the_lock() -> None:
    done = check_environment()
    assert done.faults == ()
    assert done.counts["packages"] > 100


@pytest.mark.parametrize(
    ("lock", "said"),
    [
        (f"pandas==3.0.2 {HASH}", "pandas is 3.0.1 here and 3.0.2 in the lock"),
        (f"numpy==2.0 {HASH}", "numpy 2.0 isn't installed"),
        (f"pandas>=3 {HASH}", "pandas isn't pinned to one version"),
        ("pandas==3.0.1", "pandas has no hash"),
        (f"pandas==3.0.1 {HASH} --hash=md5:12", "pandas has no hash, or one that isn't SHA-256"),
        ("pandas @ file:///somewhere", "pandas isn't pinned"),
        ("!!", "'!!' isn't a pinned package"),
    ],
)
def test_a_lock_that_is_not_kept_is_named(tmp_path: Path, lock: str, said: str) -> None:
    assert any(said in fault for fault in faults(tmp_path, lock)), faults(tmp_path, lock)


def test_a_lock_that_is_kept_has_no_fault(tmp_path: Path) -> None:
    older = f"old==1.0 ; python_version < '3' \\\n    {HASH}\n"
    lock = f"pandas==3.0.1 \\\n    {HASH} \\\n    {HASH}\n    # via other\n{older}"
    assert faults(tmp_path, lock, "pandas>=3  # tables\n") == []


def test_what_was_asked_for_has_to_be_in_the_lock(tmp_path: Path) -> None:
    found = faults(tmp_path, f"pandas==3.0.1 {HASH}", "pandas<3\nscipy\n")
    assert "pandas<3 is asked for in requirements.in and the lock has 3.0.1" in found[0]
    assert "scipy is asked for in requirements.in and the lock has none" in found[1]


def test_every_direct_dependency_of_the_lock_can_be_read() -> None:
    pins, wrong = read_lock(LOCK.read_text())
    assert wrong == []
    assert {pin.name for pin in pins if pin.needed} <= set(installed_packages())


def test_a_missing_lock_is_a_sentence(tmp_path: Path) -> None:
    done = check_environment(tmp_path / "none.txt", tmp_path / "none.in", {})
    assert "restore it from version control" in str(done.faults[0])
