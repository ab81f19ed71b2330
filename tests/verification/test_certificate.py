"""A certificate fits its schema, says the same on every machine, and names what changed since it was issued."""

import copy
import json
from pathlib import Path
from typing import Any

import pytest
import yaml
from jsonschema import Draft202012Validator

from surveybook.book.sphinx_ext.certificates import (
    empty_certificate,
    find_certificate,
    place_certificate,
    render_badge,
    render_certificate,
)
from surveybook.model import paths
from surveybook.model.problems import SurveybookError
from surveybook.verify import certificate as certificates
from surveybook.verify.codecheck import codecheck_text
from surveybook.verify.environment import describe_machine
from surveybook.verify.hashing import settings_files

HASH = "a" * 64
ISSUED = paths.certificate("2004")
CHAPTER: dict[str, Any] = {
    "chapter": "chapters/02-quality", "source": "chapters/02-quality.ipynb", "sha256": HASH,
    "page": {"file": "chapters/02-quality.html", "sha256": HASH}, "inputs": {"data/claims.yml": HASH},
    "cells": ["a" * 16, "b" * 16], "cells_executed": 1, "cells_compared": 2, "outputs_compared": 3, "figures": 4,
    "numbers_recomputed": 5, "numbers_traced": 6, "claims": {"supported": 7}, "result": "passed",
}  # fmt: skip
FILES = {"sha256": HASH, "files": {"data/claims.yml": HASH}}
CHECK = {
    "link": "data",
    "name": "Data",
    "by": "hand",
    "counts": {"files": 1},
    "passed": True,
    "faults": [],
    "not_checked": [],
}
CONTENT: dict[str, Any] = {
    "edition": {"name": "2004 edition", "wave": "2004", "baseline": "", "synthetic": False}, "result": "passed",
    "tolerance": {"structure and text": 0, "numbers": 0.0}, "code": {"sha256": HASH, "files": {"src/a.py": HASH}},
    "book": {"sha256": HASH, "files": {"chapters/02-quality.ipynb": HASH}}, "data": FILES,
    "settings": {"sha256": HASH, "files": {"Makefile": HASH}}, "lock": {"file": "requirements.txt", "sha256": HASH},
    "site": {"sha256": HASH, "files": {"index.html": HASH}},
    "checks": [CHECK], "not_checked": ["The moon."], "chapters": [CHAPTER],
}  # fmt: skip
MACHINE = {
    "python": "3.11.2", "implementation": "CPython", "system": "Linux", "architecture": "x86_64",
    "packages": {"pandas": "3.0.1"}, "checks": [],
}  # fmt: skip
TIME = {"began": "2026-01-02T03:04:05+00:00", "seconds": 60.0, "chapters": {"chapters/02-quality": 1.5}}


def certificate(**content: Any) -> dict[str, Any]:
    return certificates.assemble(copy.deepcopy({**CONTENT, **content}), copy.deepcopy(MACHINE), copy.deepcopy(TIME))


def test_the_schema_is_one() -> None:
    Draft202012Validator.check_schema(json.loads(paths.certificate_schema().read_text()))


def test_the_committed_certificate_fits_the_schema_and_its_own_hash() -> None:
    issued = certificates.read_certificate(ISSUED)
    assert issued["content"]["result"] == "passed"
    assert issued["content_sha256"] == certificates.canonical(issued)


def test_the_committed_certificate_is_of_the_files_that_are_here() -> None:
    issued = certificates.read_certificate(ISSUED)["content"]
    now = {**issued, **certificates.inputs()}
    faults = certificates.compare_certificates({"content": now}, {"content": issued}, "the certificate")
    assert not faults, "\n".join(["The certificate is stale. Run `make certificate` and commit.", *map(str, faults)])


def test_the_manifest_says_what_the_certificate_says() -> None:
    issued = certificates.read_certificate(ISSUED)
    text = paths.codecheck().read_text(encoding="utf-8")
    assert text == codecheck_text(issued, paths.shown(ISSUED))


def test_time_and_machine_are_no_part_of_what_is_compared() -> None:
    one = certificate()
    other = {**certificate(), "machine": {**MACHINE, "python": "3.13.0"}, "time": {**TIME, "seconds": 1.0}}
    assert certificates.compare_certificates(one, other, "the certificate") == []
    assert one["content_sha256"] == other["content_sha256"]


@pytest.mark.parametrize(
    ("part", "file", "chapter"),
    [
        ("code", "src/a.py", ""),
        ("data", "data/claims.yml", ""),
        ("book", "chapters/02-quality.ipynb", "chapters/02-quality"),
        ("settings", "Makefile", ""),
    ],
)
def test_a_file_that_changed_is_named_with_its_chapter(part: str, file: str, chapter: str) -> None:
    changed = certificate(**{part: {"sha256": "b" * 64, "files": {file: "b" * 64}}})
    (fault,) = certificates.compare_certificates(changed, certificate(), "the certificate")
    assert (fault.file, fault.chapter) == (file, chapter)
    assert "the file isn't that of the certificate" in str(fault)


def test_a_new_and_a_lost_file_are_named() -> None:
    changed = certificate(data={"sha256": HASH, "files": {"data/new.csv": HASH}})
    found = [str(one) for one in certificates.compare_certificates(changed, certificate(), "the certificate")]
    assert any("data/new.csv: the file is new" in one for one in found)
    assert any("data/claims.yml: the file isn't there" in one for one in found)


def test_the_cell_whose_prose_or_code_changed_is_named() -> None:
    changed = certificate(chapters=[{**CHAPTER, "cells": ["a" * 16, "c" * 16]}])
    (fault,) = certificates.compare_certificates(changed, certificate(), "the certificate")
    assert "chapters/02-quality: cell 2: its text or code isn't that of the certificate" in str(fault)


def test_a_page_that_was_built_otherwise_is_named() -> None:
    changed = certificate(site={"sha256": "b" * 64, "files": {"index.html": "b" * 64}})
    (fault,) = certificates.compare_certificates(changed, certificate(), "the certificate")
    assert "index.html: what was built isn't that of the certificate" in str(fault)


def test_a_certificate_that_was_written_by_hand_is_refused(tmp_path: Any) -> None:
    forged = certificate()
    forged["content"]["chapters"][0]["figures"] = 400
    (tmp_path / "certificate.json").write_text(certificates.written(forged))
    with pytest.raises(SurveybookError, match="it isn't the hash of the content"):
        certificates.read_certificate(tmp_path / "certificate.json")
    forged["content"]["chapters"][0]["figures"] = -1
    (tmp_path / "certificate.json").write_text(certificates.written(forged))
    with pytest.raises(SurveybookError, match=r"chapters\.0\.figures"):
        certificates.read_certificate(tmp_path / "certificate.json")


def test_a_certificate_that_fits_no_schema_is_not_issued() -> None:
    with pytest.raises(SurveybookError, match="doesn't fit"):
        certificate(result="splendid")


@pytest.fixture
def issued(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> dict[str, Any]:
    """Return a certificate whose lock is the one that is here, committed with its manifest elsewhere."""
    monkeypatch.setattr(paths, "CERTIFICATES", tmp_path / "certificate")
    monkeypatch.setattr(paths, "CODECHECK", tmp_path / "codecheck.yml")
    made = certificates.assemble(copy.deepcopy(CONTENT), describe_machine() | {"checks": []}, copy.deepcopy(TIME))
    commit(made)
    paths.codecheck().write_text(codecheck_text(made, paths.shown(paths.certificate("2004"))), encoding="utf-8")
    return made


def commit(certificate: dict[str, Any]) -> None:
    paths.certificate("2004").parent.mkdir(parents=True, exist_ok=True)
    paths.certificate("2004").write_text(certificates.written(certificate), encoding="utf-8")


def hashed(forged: dict[str, Any]) -> dict[str, Any]:
    """Return a certificate whose hash was made to fit what somebody wrote into it."""
    return {**forged, "rest_sha256": certificates.rest_hash(forged)}


def faults(found: dict[str, Any]) -> list[str]:
    return [str(fault) for fault in certificates.check_certificate(found, paths.certificate("2004")).faults]


def test_what_a_certificate_says_beside_its_content_is_checked_too(issued: dict[str, Any]) -> None:
    assert faults(issued) == []
    commit(hashed({**issued, "issued_by": "A professor"}))
    assert any("issued_by is 'A professor'" in one for one in faults(issued))
    machine = {**issued["machine"], "packages": {**issued["machine"]["packages"], "pandas": "1.0"}}
    commit(hashed({**issued, "machine": machine}))
    assert any("machine.packages: the lock that it names has no pandas 1.0" in one for one in faults(issued))


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ('"python": "', '"python": "9.'), ('"checks": [],', '"checks": [{}],'), ('"seconds": 60.0', '"seconds": 1.0'),
        ('"began": "2026', '"began": "2031'), ('"pandas": "3', '"pandas": "4'), ("{", '{"format": "0",'), ("{", "{ "),
        ("{", "{ [" + "[" * 100_000), ("{", "\udcff"),
    ],
)  # fmt: skip
def test_a_certificate_that_somebody_edited_is_named(issued: dict[str, Any], old: str, new: str) -> None:
    path = paths.certificate("2004")
    text = path.read_text(encoding="utf-8")
    last = text.rpartition(old)
    tampered = last[0] + new + last[2] if old != "{" else text.replace(old, new, 1)
    assert tampered != text
    path.write_text(tampered, encoding="utf-8", errors="surrogateescape")
    (fault,) = faults(issued)
    assert "2004/certificate.json" in fault
    assert any(
        said in fault for said in ("rest_sha256: it isn't", "isn't written as", "can't be read", "machine.checks")
    )


def test_a_certificate_that_is_gone_is_missed_where_the_chapters_are_committed_executed(issued: dict[str, Any]) -> None:
    paths.certificate("2004").unlink()
    assert "it is missing; restore it from version control" in faults(issued)[0]
    other = certificate(chapters=[{**CHAPTER, "cells_compared": 0}])
    done = certificates.check_certificate(other, paths.certificate("2004"))
    assert done.passed
    assert "What an earlier run found" in done.skipped[0]


def test_a_certificate_in_the_place_of_another_is_named(issued: dict[str, Any]) -> None:
    edition = {**CONTENT["edition"], "wave": "2010", "name": "2010 edition"}
    for wave, made in (("2010", certificate(edition=edition)), ("2011", issued)):
        path = paths.certificate(wave)
        path.parent.mkdir()
        path.write_text(certificates.written(made), encoding="utf-8")
    (paths.certificates() / "2004/.hidden").touch()
    (paths.certificates() / "2004/praise.pdf").touch()
    done = certificates.check_certificate(issued, paths.certificate("2004"))
    said = "\n".join(map(str, done.faults))
    assert len(done.faults) == 2
    assert "2011/certificate.json: it is of the 2004 edition, whose certificate has another place" in said
    assert "praise.pdf" in said
    assert "`surveybook verify --wave 2010` checks it" in done.skipped[0]


@pytest.mark.parametrize(
    ("old", "new"), [("no person checked this", "a professor checked this"), ("outputs", "figures"), ("---\n", "")]
)
def test_a_manifest_that_says_something_else_is_caught(issued: dict[str, Any], old: str, new: str) -> None:
    text = paths.codecheck().read_text(encoding="utf-8")
    assert old in text
    paths.codecheck().write_text(text.replace(old, new, 1), encoding="utf-8")
    (fault,) = faults(issued)
    assert "codecheck.yml: it isn't the manifest of" in fault
    paths.codecheck().unlink()
    assert "codecheck.yml: it isn't the manifest of" in faults(issued)[0]


def test_what_stands_in_the_way_of_a_package_is_among_the_settings(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(paths, "ROOT", tmp_path)
    there = [
        "Makefile", ".ci/run", ".github/workflows/tests.yml", "requirements.in", "sitecustomize.py",
        "chapters/pandas.py", "src/numpy/__init__.py", "certificate/schema.json", "pandas/__init__.py", "altair.pyc",
        "GNUmakefile", "pytest.ini", ".pytest.ini", "tox.ini", "setup.cfg", ".coveragerc", ".gitattributes",
        ".gitignore", "ruff.toml", "tests/conftest.py", "tests/site/conftest.py", "data/waves/2004/read.md",
    ]  # fmt: skip
    others = ["README.md", "tests/test_a.py", "_build/a.py", "certificate/2004/certificate.json", "out.ipynb", ".env"]
    for name in (*there, *others, "src/surveybook/__pycache__/a.pyc"):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).touch()
    assert {path.relative_to(tmp_path).as_posix() for path in settings_files()} == set(there)


def test_the_manifest_is_a_codecheck_file_without_invented_people() -> None:
    text = codecheck_text(certificate(), "certificate/2004/certificate.json")
    assert text.startswith("%YAML 1.1\n---\n")
    told = yaml.safe_load(text)
    assert told["version"] == "https://codecheck.org.uk/spec/config/1.0/"
    assert told["manifest"][0]["file"] == "chapters/02-quality.ipynb"
    assert not any(entry["file"].startswith("/") for entry in told["manifest"])
    assert told["codechecker"] == [{"name": "surveybook verify (a program; no person checked this)"}]
    assert told["report"] == "certificate/2004/certificate.json"
    assert told["check_time"] == "2026-01-02 03:04:05"
    assert "certificate" not in told
    assert "orcid" not in text.lower()


def test_a_badge_says_what_was_verified_and_leads_to_the_certificate() -> None:
    html = render_badge(certificate(), "chapters/02-quality", HASH, "../certificate.html")
    assert 'href="../certificate.html#chapter-02-quality"' in html
    assert "Verified by machine: 4 survey figures, 3 outputs" in html
    assert "http" not in html


def test_a_badge_of_a_chapter_that_changed_or_failed_says_so() -> None:
    assert "Changed since it was last verified" in render_badge(
        certificate(), "chapters/02-quality", "b" * 64, "c.html"
    )
    failed = certificate(chapters=[{**CHAPTER, "result": "failed"}])
    assert "Did not pass" in render_badge(failed, "chapters/02-quality", HASH, "c.html")
    assert render_badge(certificate(), "chapters/97-rerun", HASH, "c.html") == ""
    assert render_badge(None, "chapters/02-quality", HASH, "c.html") == ""


def test_the_page_tells_what_was_checked_and_what_was_not() -> None:
    html = render_certificate(certificate(), {"chapters/02-quality": "chapters/02-quality.html"})
    for said in ("The moon.", 'id="chapter-02-quality"', certificate()["content_sha256"], "1 files", "7 supported"):
        assert said in html
    assert "<script" not in render_certificate(certificate(not_checked=["<script>"]), {})
    assert "no certificate" in render_certificate(None, {})


def test_a_page_is_hashed_without_what_it_shows_of_the_certificate() -> None:
    page = f"<p>before</p>{place_certificate('<b>badge</b>')}<p>after</p>"
    assert empty_certificate(page) == empty_certificate(f"<p>before</p>{place_certificate('')}<p>after</p>")
    assert find_certificate(page) == ["<b>badge</b>"]
