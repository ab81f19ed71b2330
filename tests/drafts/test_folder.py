"""A new report's folder builds elsewhere: it names what to install, and asks where the engine is."""

import subprocess
from pathlib import Path

import pytest

from surveybook.drafts import folder
from surveybook.drafts.folder import find_lock, write_folder


def test_make_asks_where_the_engine_is(tmp_path: Path) -> None:
    for name, text in write_folder("City survey", "2031").items():
        (tmp_path / name).write_text(text, encoding="utf-8")
    done = subprocess.run(["make", "book"], cwd=tmp_path, capture_output=True, text=True, check=False)
    assert done.returncode != 0
    assert "Say where the engine is: make book ENGINE=/folder/of/surveybook" in done.stdout


def test_the_folder_holds_the_lock_of_the_engine_and_no_path_of_this_machine(monkeypatch: pytest.MonkeyPatch) -> None:
    made, lock = write_folder("City survey", "2031"), find_lock()
    assert lock
    assert made["requirements.txt"] == lock.read_text(encoding="utf-8")
    assert str(lock.parent) not in "".join(made.values())
    monkeypatch.setattr(folder, "find_lock", lambda: None)
    assert "requirements.txt" not in write_folder("City survey", "2031")


def test_the_readme_has_two_commands(tmp_path: Path) -> None:
    commands = write_folder("City survey", "2031")["README.md"].split("```")[1].strip().splitlines()
    assert [line.split()[:2] for line in commands] == [["make", "check"], ["make", "book"]]
