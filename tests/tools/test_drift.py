"""The weekly report on the newest packages: what moved, what broke, what reads otherwise; and never a failure."""

from pathlib import Path

import pytest

from surveybook.book.notebooks import Change
from tools import drift

LOCK = """altair==6.0.0 \\
    --hash=sha256:aa
    # via -r requirements.in
numpy==2.3.0 ; python_full_version < '3.12' \\
    --hash=sha256:bb
numpy==2.4.0 ; python_full_version >= '3.12' \\
    --hash=sha256:cc
"""
JUNIT = """<testsuites><testsuite>
<testcase classname="tests.test_charts" name="test_one"/>
<testcase classname="tests.test_charts" name="test_two">
<failure message="AssertionError: 68 | 69&#10;more">x</failure></testcase>
<testcase classname="tests.test_site" name="test_three"><error message="no browser"/></testcase>
<testcase classname="tests.test_site" name="test_four"><skipped message="why"/></testcase>
</testsuite></testsuites>"""
CHANGE = Change("chapters/02-quality.ipynb", 7, "glued text 'leader'", ("t1p_custsat",), "68%", "69%")


def test_pins_are_read_with_every_version_of_a_package() -> None:
    assert drift.read_pins(LOCK) == {"altair": ["6.0.0"], "numpy": ["2.3.0", "2.4.0"]}


def test_moved_added_and_dropped_packages_are_told_apart() -> None:
    before, after = {"a": ["1"], "b": ["1"], "c": ["1"]}, {"a": ["2"], "b": ["1"], "d": ["3"]}
    assert drift.compare_pins(before, after) == [("a", "1", "2"), ("c", "1", ""), ("d", "", "3")]


def test_what_came_of_the_tests_is_read_from_their_file(tmp_path: Path) -> None:
    (tmp_path / "tests.xml").write_text(JUNIT, encoding="utf-8")
    outcome = drift.read_tests(tmp_path / "tests.xml")
    assert (outcome.passed, outcome.skipped) == (1, 1)
    assert outcome.failed == {
        "tests.test_charts: test_two": "AssertionError: 68 | 69",
        "tests.test_site: test_three": "no browser",
    }


def test_the_report_names_packages_tests_and_outputs() -> None:
    outcome = drift.Outcome(1, 0, {"tests.a: test_b": "68 | 69"})
    report = drift.write_report([("altair", "6.0.0", "6.1.0")], outcome, [CHANGE], [])
    assert "| altair | 6.0.0 | 6.1.0 |" in report
    assert "Tests: 1 passed, 1 failed, 0 skipped." in report
    assert "| tests.a: test_b | 68 \\| 69 |" in report
    assert "| chapters/02-quality.ipynb | 7 | glued text 'leader' | t1p_custsat | 68% | 69% |" in report


def test_a_report_of_nothing_says_so() -> None:
    report = drift.write_report([], drift.Outcome(5), [], [])
    assert "Every package is the newest that is allowed." in report
    assert "Every chapter gives what is stored." in report


@pytest.fixture
def elsewhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return where the report goes of a project with nothing but a lock."""
    (tmp_path / "report.yml").write_text("title: Made up\nfile_name: made-up\n", encoding="utf-8")
    (tmp_path / drift.LOCK).write_text(LOCK, encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(drift.venv, "create", lambda folder, with_pip: folder.mkdir(parents=True))
    return tmp_path / "_build/drift"


def test_packages_that_do_not_go_together_are_reported_and_fail_nothing(
    elsewhere: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(python: Path, lock: Path) -> None:
        drift.run(drift.sys.executable, "-c", "import sys; sys.exit('no resolution')")

    monkeypatch.setattr(drift, "resolve", refuse)
    drift.main([])
    report = (elsewhere / "report.md").read_text(encoding="utf-8")
    assert "no resolution" in report
    assert "The tests did not run." in report
    assert "Every chapter gives what is stored." not in report
    assert (elsewhere / "broken").exists()


@pytest.mark.parametrize(("message", "changes", "broken"), [("", [], False), ("", [CHANGE], True), ("bad", [], True)])
def test_a_mark_tells_whether_anything_is_to_be_seen_to(
    elsewhere: Path, monkeypatch: pytest.MonkeyPatch, message: str, changes: list[Change], broken: bool
) -> None:
    def run(*words: str, needed: bool = True) -> str:
        fault = f'<failure message="{message}"/>' if message else ""
        (elsewhere / "tests.xml").write_text(f"<s><testcase classname='a' name='b'>{fault}</testcase></s>", "utf-8")
        return ""

    monkeypatch.setattr(drift, "resolve", lambda python, lock: lock.write_text("altair==99\n", "utf-8"))
    monkeypatch.setattr(drift, "run", run)
    monkeypatch.setattr(drift, "execute_chapters", lambda python, folder: ([], changes))
    drift.main([])
    assert "| 99 |" in (elsewhere / "report.md").read_text(encoding="utf-8")
    assert (elsewhere / "broken").exists() is broken


def test_a_chapter_that_fails_does_not_hide_what_the_others_say(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(drift, "EXECUTE", "print('one failed')")
    assert drift.execute_chapters(Path(drift.sys.executable), tmp_path) == (["one failed"], [])


def test_what_a_chapter_says_otherwise_is_found(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    chapter = drift.paths.root() / drift.paths.CHAPTERS_FOLDER / "02-quality.ipynb"
    fresh = tmp_path / "chapters" / chapter.name
    fresh.parent.mkdir()
    fresh.write_text(
        chapter.read_text(encoding="utf-8").replace("High levels of customer", "Low levels of customer"), "utf-8"
    )
    monkeypatch.setattr(drift, "run", lambda *words: "\n")
    failures, changes = drift.execute_chapters(Path("python"), tmp_path)
    assert failures == []
    assert {change.chapter for change in changes} == {"chapters/02-quality.ipynb"}
