"""What a reviewer reads at the end of a verification, and the status that a machine reads."""

import io
import json
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from xml.etree import ElementTree

import pytest
from rich.console import Console

from surveybook.model import paths
from surveybook.verify import command
from surveybook.verify.junit import write_junit
from surveybook.verify.record import EXIT_STATUS, Check, Fault, check, counted, named, skipped, status
from surveybook.verify.running import LIMITS, Outcome

GOOD = check("data", "Data files", "SHA-256", {"files": 22})
NONE = check("site", "PDF", "pdftotext", {}, (), ["The text of the PDF: no reader is here."])
BAD = check(
    "site", "Downloads", "the chapters", {"files": 2}, [Fault("it was changed", "a.csv", "chapters/02", ("f1",))]
)


def test_each_link_has_a_status_of_its_own_and_the_first_broken_one_counts() -> None:
    assert len(set(EXIT_STATUS.values())) == len(EXIT_STATUS)
    assert not {0, 1, 2} & set(EXIT_STATUS.values())
    assert status([GOOD, NONE]) == 0
    for link, number in EXIT_STATUS.items():
        assert status([GOOD, check(link, "x", "y", {}, [Fault("wrong")])]) == number
    both = [check(link, "x", "y", {}, [Fault("wrong")]) for link in ("site", "execution")]
    assert status(both) == EXIT_STATUS["execution"]


def test_a_fault_names_file_chapter_and_figure() -> None:
    assert str(BAD.faults[0]) == "a.csv, chapters/02: it was changed (figures: f1)"
    assert str(Fault("it was changed", figures=tuple("abcdefghijklmn"))).endswith("k, l and 2 more)")
    assert named([Fault(str(number)) for number in range(5)], 3) == ["0", "1", "2", "… and 2 more"]
    assert skipped([NONE, NONE]) == ["The text of the PDF: no reader is here."]


def told(monkeypatch: pytest.MonkeyPatch, tmp_path: Path, checks: list[Check], **words: object) -> tuple[int, str]:
    outcome = Outcome("2004", "", tmp_path, list(checks))
    monkeypatch.setattr(command, "verify", lambda *_, **__: outcome)
    monkeypatch.setattr(command, "check_copies", lambda *_: [])
    written = io.StringIO()
    result = command.run_verification(Console(file=written, width=200), "2004", **words)  # type: ignore[arg-type]
    return result, written.getvalue()


def test_the_summary_says_what_was_checked_by_what_and_what_was_not(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    result, said = told(monkeypatch, tmp_path, [GOOD, NONE])
    assert result == 0
    for text in (
        "right",
        "Data files",
        "22 files",
        "SHA-256",
        f"Not checked: {1 + len(LIMITS)}",
        "no reader is here",
        "This program itself",
        "Nothing is wrong",
    ):
        assert text in said


def test_what_is_wrong_is_listed_and_becomes_the_status(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    result, said = told(monkeypatch, tmp_path, [GOOD, BAD])
    assert result == EXIT_STATUS["site"]
    assert "a.csv, chapters/02: it was changed (figures: f1)" in said
    assert "1 of 2 checks found something wrong (exit status 7)" in said


def test_of_one_thing_the_summary_speaks_in_the_singular() -> None:
    assert counted({"files": 1, "glued texts": 1, "terms with numbers": 1, "pages": 1234}) == (
        "1 file, 1 glued text, 1 term with numbers, 1,234 pages"
    )


def test_no_certificate_is_issued_while_something_is_wrong(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(paths, "CERTIFICATES", tmp_path / "certificates")
    result, said = told(monkeypatch, tmp_path, [GOOD, BAD], issue=True)
    assert result == EXIT_STATUS["site"]
    assert "No certificate was issued" in said
    assert not (tmp_path / "certificates").exists()


def test_junit_counts_failures_and_what_was_left_out(tmp_path: Path) -> None:
    strange = check("data", "Odd", "x", {"a": 1}, [Fault("a \x00 b <c>")])
    write_junit(tmp_path / "new/verify.xml", [GOOD, NONE, BAD, strange])
    suite = ElementTree.parse(tmp_path / "new/verify.xml").getroot()[0]
    assert {key: suite.get(key) for key in ("tests", "failures", "skipped", "errors")} == {
        "tests": "4", "failures": "2", "skipped": "1", "errors": "0",
    }  # fmt: skip
    failure = suite.find("testcase[@name='Downloads']/failure")
    assert failure is not None
    assert "a.csv" in (failure.text or "")
    assert suite.find("testcase[@name='PDF']/skipped") is not None


WHYICT = [sys.executable, "-c", "from surveybook.cli import main; main()"]


@pytest.mark.slow
def test_data_that_cannot_be_opened_end_with_the_status_of_data_and_no_traceback(
    edit: Callable[[str, str, str], Path], tmp_path: Path
) -> None:
    edit("waves/2004/estimates.csv", "chosen,number,68,0,,1000", "chosen,number,680,0,,1000")
    run = subprocess.run(
        [*WHYICT, "verify", "--junit", str(tmp_path / "v.xml")],
        cwd=paths.root(),
        capture_output=True,
        text=True,
        check=False,
    )
    assert run.returncode == EXIT_STATUS["data"], run.stdout + run.stderr
    assert "680 per cent" in run.stdout
    assert "nothing could be executed" in " ".join(run.stdout.split())
    assert "Traceback" not in run.stderr
    assert ElementTree.parse(tmp_path / "v.xml").getroot()[0].get("failures") != "0"


def test_the_help_tells_every_status() -> None:
    run = subprocess.run([*WHYICT, "verify", "--help"], capture_output=True, text=True, check=True, cwd=paths.root())
    said = " ".join(run.stdout.split())
    page = (paths.chapters_folder() / "98-check.md").read_text(encoding="utf-8")
    for number in EXIT_STATUS.values():
        assert f" {number} " in said
        assert f"`{number}`" in page


def test_the_status_of_what_was_mistyped_is_not_one_of_a_link(tmp_path: Path) -> None:
    run = subprocess.run(
        [*WHYICT, "verify", "--changes", "nowhere"], capture_output=True, text=True, check=False, cwd=paths.root()
    )
    assert run.returncode == 1
    assert "git knows no commit" in run.stderr
    assert json.dumps(run.stdout) == '""'
