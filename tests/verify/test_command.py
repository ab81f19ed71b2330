"""What a reviewer reads at the end of a verification, and the status that a machine reads."""

import io
from pathlib import Path
from typing import Any

import pytest
from rich.console import Console

from surveybook.model import paths
from surveybook.model.problems import Fault
from surveybook.verify import command
from surveybook.verify.command import LIMITS, Outcome
from surveybook.verify.record import EXIT_STATUS, Check, find_exit_status, make_check, order_by_cause
from tests.commands import type_in, type_well

GOOD = make_check("data", "Data files", "SHA-256", [{"files": 22}])
NONE = make_check("site", "PDF", "pdftotext", ["The text of the PDF: no reader is here."])
BAD = make_check(
    "site", "Downloads", "the chapters", [{"files": 2}, Fault("it was changed", "a.csv", "chapters/02", ("f1",))]
)


def broken(link: str, faults: int = 1) -> Check:
    return make_check(
        link, f"{link} check", "x", [{"files": 1}, *(Fault(f"{link} {number}") for number in range(faults))]
    )


def test_each_link_has_a_status_of_its_own_and_the_first_broken_one_counts() -> None:
    assert not {0, 1, 2} & set(EXIT_STATUS.values())
    assert find_exit_status([GOOD, NONE]) == 0
    assert [find_exit_status([GOOD, broken(link)]) for link in EXIT_STATUS] == list(EXIT_STATUS.values())
    assert find_exit_status([broken("site"), broken("execution")]) == EXIT_STATUS["execution"]


def told(monkeypatch: pytest.MonkeyPatch, checks: list[Check], **words: Any) -> tuple[int, str]:
    monkeypatch.setattr(command, "verify_edition", lambda *_, **__: Outcome(list(checks)))
    written = io.StringIO()
    result = command.run_verification(Console(file=written, width=200), "2004", **words)
    return result, written.getvalue()


def test_the_summary_says_what_was_checked_by_what_what_is_wrong_and_what_was_not(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    result, said = told(monkeypatch, [GOOD, NONE])
    assert result == 0
    for text in ("right", "Data files", "22 files", "SHA-256", f"Not checked: {1 + len(LIMITS)}", "no reader is here"):
        assert text in said
    assert "Nothing is wrong" in said
    result, said = told(monkeypatch, [GOOD, BAD])
    assert result == EXIT_STATUS["site"]
    assert "a.csv, chapters/02: it was changed (figures: f1)" in said
    assert "1 of 2 checks found something wrong, downloads first (exit status 7)" in said


def test_the_cause_stands_first_and_whole_and_what_may_follow_from_it_after_it_in_short(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    checks = [broken("site", 9), broken("comparison", 9), broken("inputs", 9), broken("certificate")]
    assert [one.link for one in order_by_cause(checks)] == ["inputs", "comparison", "site", "certificate"]
    _, said = told(monkeypatch, checks)
    cause, following = said.split("What may follow from that")
    assert "inputs 8" in cause
    assert "comparison" not in cause.partition("inputs check: 9 wrong")[2]
    assert "comparison 4" in following
    assert "comparison 5" not in following
    assert following.index("comparison 0") < following.index("site 0") < following.index("certificate 0")


def test_no_certificate_is_issued_while_something_is_wrong(monkeypatch: pytest.MonkeyPatch) -> None:
    before = paths.certificate("2004").read_bytes()
    result, said = told(monkeypatch, [GOOD, BAD], issue=True)
    assert result == EXIT_STATUS["site"]
    assert "No certificate was issued" in said
    assert paths.certificate("2004").read_bytes() == before


def test_data_that_cannot_be_opened_end_with_the_status_of_data_and_no_traceback(tiny: Path) -> None:
    estimates = tiny / "data/waves/2031/estimates.csv"
    estimates.write_text(estimates.read_text().replace("number,61,", "number,610,"))
    run = type_in(tiny, "verify")
    assert run.returncode == EXIT_STATUS["data"], run.stdout + run.stderr
    assert "610; expected 0 to 100" in " ".join(run.stdout.split())
    assert "nothing could be executed" in " ".join(run.stdout.split())
    assert "Traceback" not in run.stderr


def test_the_help_and_the_page_tell_every_status_and_a_slip_has_another() -> None:
    said = " ".join(type_well(paths.root(), "verify", "--help").split())
    page = (paths.root() / paths.CHAPTERS_FOLDER / "96-check-and-cite.ipynb").read_text(encoding="utf-8")
    for number in EXIT_STATUS.values():
        assert f" {number} " in said
        assert f"`{number}`" in page
    slip = type_in(paths.root(), "verify", "--changes", "nowhere")
    assert (slip.returncode, slip.stdout) == (1, "")
    assert "git knows no commit" in slip.stderr
