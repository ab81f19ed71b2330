"""A new report's folder builds elsewhere: it names what to install, and asks where the engine is."""

import subprocess
from pathlib import Path

import pytest

from surveybook.drafts import report
from surveybook.drafts.report import find_lock, write_files


def test_make_asks_where_the_engine_is_and_the_lock_is_that_of_the_engine(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    told = {"title": "City survey", "wave": "2031", "published": False, "groups": False}
    write_files(tmp_path / "city", [], [], {"2031": {}}, **told)
    done = subprocess.run(["make", "book"], cwd=tmp_path / "city", capture_output=True, text=True, check=False)
    assert done.returncode != 0
    assert "Say where the engine is: make book ENGINE=/folder/of/surveybook" in done.stdout
    readme, lock = (tmp_path / "city/README.md").read_text(encoding="utf-8"), find_lock()
    assert readme.split("```")[1].split() == ["make", "check", "ENGINE=/folder/of/surveybook", "make", "book"]
    assert lock
    assert (tmp_path / "city/requirements.txt").read_bytes() == lock.read_bytes()
    monkeypatch.setattr(report, "find_lock", lambda: None)
    write_files(tmp_path / "other", [], [], {"2031": {}}, **told)
    assert not (tmp_path / "other/requirements.txt").exists()
