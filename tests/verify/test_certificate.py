"""A certificate fits its schema, says the same on every machine, and names what changed since it was issued."""

import json
from pathlib import Path
from typing import Any

import pytest
import yaml
from jsonschema import Draft202012Validator

from surveybook.model import paths
from surveybook.model.problems import SurveybookError
from surveybook.verify.certificate import (
    SCHEMA,
    check_against_issued,
    compare_inputs,
    hash_edition_files,
    issue_certificate,
    open_certificate,
    write_codecheck,
)
from surveybook.verify.record import find_exit_status, order_by_cause
from tests.verify import CHAPTER, MACHINE, TIME, make_up, said

CHANGED = "b" * 64


def faults(found: dict[str, Any]) -> list[str]:
    return said(*check_against_issued(found))


@pytest.fixture
def issued(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> dict[str, Any]:
    """Return a certificate that is committed in a report made for it, with its manifest."""
    (tmp_path / "report.yml").write_text("title: Riverside\npublisher: Riverside Council\nfile_name: riverside\n")
    (tmp_path / "chapters").mkdir()
    (tmp_path / "chapters/02-quality.ipynb").write_text("{}")
    monkeypatch.chdir(tmp_path)
    made = make_up()
    issued = [paths.shown(path) for path in issue_certificate(made)]
    assert issued == ["certificate/2004/certificate.json", "codecheck.yml"]
    return made


def test_the_committed_certificate_is_of_the_files_that_are_here() -> None:
    committed = open_certificate(paths.certificate("2004"))
    now = {"content": {**committed["content"], **hash_edition_files()}}
    stale = list(compare_inputs(now, committed))
    assert not stale, "\n".join(["The certificate is stale. Run `make certificate` and commit.", *map(str, stale)])
    assert committed["content"]["result"] == "passed"
    assert (paths.root() / paths.CODECHECK_FILE).read_text(encoding="utf-8") == write_codecheck(committed)


def test_the_schema_is_one_and_what_fits_it_not_is_not_issued() -> None:
    Draft202012Validator.check_schema(json.loads(SCHEMA.read_text(encoding="utf-8")))
    with pytest.raises(SurveybookError, match="doesn't fit"):
        make_up(result="splendid")


def test_time_and_machine_are_no_part_of_what_is_compared(issued: dict[str, Any]) -> None:
    assert faults({**issued, "machine": {**MACHINE, "python": "3.13.0"}, "time": {**TIME, "seconds": 1.0}}) == []


@pytest.mark.parametrize(
    ("part", "file"),
    [
        ("code", "src/a.py"),
        ("data", "data/claims.yml"),
        ("book", "chapters/02-quality.ipynb"),
        ("settings", "Makefile"),
    ],
)
def test_a_file_that_changed_is_named_as_the_cause_and_what_follows_is_not(
    issued: dict[str, Any], part: str, file: str
) -> None:
    site = {"sha256": CHANGED, "files": {"index.html": CHANGED}}
    changed = make_up(**{part: {"sha256": CHANGED, "files": {file: CHANGED}}}, site=site)
    checks = check_against_issued(changed)
    first, *others = order_by_cause(checks)
    assert [fault.file for fault in first.faults] == [file]
    assert first.faults[0].chapter == (CHAPTER["chapter"] if part == "book" else "")
    assert "index.html" not in str(others)
    assert find_exit_status(checks) == 8


def test_a_new_and_a_lost_file_and_another_lock_are_named(issued: dict[str, Any]) -> None:
    data = {"sha256": CHANGED, "files": {"data/new.csv": CHANGED}}
    found = faults(make_up(data=data, lock={"file": "requirements.txt", "sha256": CHANGED}))
    assert any("data/new.csv: the file is new" in one for one in found)
    assert any("data/claims.yml: the file isn't there" in one for one in found)
    assert any("requirements.txt: the file isn't that of the certificate" in one for one in found)
    assert "`surveybook verify --issue` issues a new one" in found[-1]


def test_what_came_out_otherwise_of_the_same_files_is_named(issued: dict[str, Any]) -> None:
    site = {"sha256": CHANGED, "files": {"index.html": CHANGED}}
    assert "index.html: what was built isn't that of" in faults(make_up(site=site))[0]
    assert "chapters[0].figures is '5', and '4' in" in faults(make_up(chapters=[{**CHAPTER, "figures": 5}]))[0]


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ('"figures": 4', '"figures": 400', "it isn't the hash of the content"),
        ('"figures": 4', '"figures": -1', "chapters.0.figures"),
        ('"format"', '"praise": "by a professor", "format"', "Additional properties are not allowed"),
        ("{", "{ [" + "[" * 100_000, "can't be read as a certificate"),
        ("{", "\udcff", "can't be read as a certificate"),
    ],
)
def test_a_certificate_that_was_written_by_hand_is_refused(
    issued: dict[str, Any], old: str, new: str, said: str
) -> None:
    path = paths.certificate("2004")
    text = path.read_text(encoding="utf-8")
    path.write_text(text.replace(old, new, 1), encoding="utf-8", errors="surrogateescape")
    (fault,) = faults(issued)
    assert said in fault
    assert "2004/certificate.json" in fault


def test_a_certificate_that_is_gone_is_missed_where_the_chapters_are_committed_executed(issued: dict[str, Any]) -> None:
    paths.certificate("2004").unlink()
    assert "it is missing; restore it from version control" in faults(issued)[0]
    uncommitted = make_up(chapters=[{**CHAPTER, "cells_compared": 0}])
    (done,) = check_against_issued(uncommitted)
    assert done.passed
    assert "What an earlier run found" in done.skipped[0]
    # One that no chapters are committed for has no manifest.
    assert issue_certificate(uncommitted) == [paths.certificate("2004")]
    assert faults(uncommitted) == []


def test_a_manifest_that_says_something_else_is_caught(issued: dict[str, Any]) -> None:
    path = paths.root() / paths.CODECHECK_FILE
    path.write_text(path.read_text(encoding="utf-8").replace("no person", "a professor"), encoding="utf-8")
    assert "codecheck.yml: it isn't the manifest of" in faults(issued)[0]
    path.unlink()
    assert "codecheck.yml: it isn't the manifest of" in faults(issued)[0]


def test_the_manifest_is_a_codecheck_file_of_the_report_without_invented_people(issued: dict[str, Any]) -> None:
    text = (paths.root() / paths.CODECHECK_FILE).read_text(encoding="utf-8")
    assert text.startswith("%YAML 1.1\n---\n")
    told = yaml.safe_load(text)
    assert told["version"] == "https://codecheck.org.uk/spec/config/1.0/"
    assert told["paper"]["title"] == "Riverside, 2004 edition"
    assert told["paper"]["authors"] == [{"name": "Riverside Council"}]
    assert told["manifest"][0]["file"] == "chapters/02-quality.ipynb"
    assert told["codechecker"] == [{"name": "surveybook verify (a program; no person checked this)"}]
    assert told["report"] == "certificate/2004/certificate.json"
    assert told["check_time"] == "2026-01-02 03:04:05"
    assert "orcid" not in text.lower()


def test_all_that_makes_an_edition_goes_in_and_what_would_be_taken_before_it(issued: dict[str, Any]) -> None:
    there = {
        "code": ["src/mine/one.py", "src/numpy/__init__.py"],
        "book": ["index.ipynb", "_toc.yml", "chapters/97-note.md"],
        "data": ["data/claims.yml", "data/waves/2031/read.md"],
        "settings": [
            "Makefile", "GNUmakefile", "requirements-dev.in", "sitecustomize.py", "chapters/pandas.py", "pytest.ini",
            ".github/workflows/tests.yml", ".ci/run", "tests/site/conftest.py", "tools/drift.py", ".gitignore",
        ],
    }  # fmt: skip
    others = ["README.md", "tests/test_a.py", "_build/a.py", "src/mine/__pycache__/one.pyc", "data/.hidden"]
    for name in (*(name for names in there.values() for name in names), *others):
        Path(name).parent.mkdir(parents=True, exist_ok=True)
        Path(name).touch()
    found = hash_edition_files()
    for part, names in there.items():
        assert set(names) <= set(found[part]["files"]), part
    everything = {name for part in there for name in found[part]["files"]}
    assert not everything & {*others, "certificate/2004/certificate.json", "codecheck.yml"}
    assert any(name.endswith("verify/certificate.py") for name in found["code"]["files"])
    assert found["lock"]["sha256"] == ""
