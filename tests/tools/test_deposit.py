"""A release deposits whole editions, the same bytes each time, with hashes that a reader can check."""

import os
import subprocess
import zipfile
from pathlib import Path

import pytest

from surveybook.model.problems import SurveybookError
from tools.deposit import SUMS, collect, pieces, zip_folder

MOMENT = 1_700_000_000


@pytest.fixture
def site(tmp_path: Path) -> Path:
    folder = tmp_path / "html"
    (folder / "chapters").mkdir(parents=True)
    (folder / "index.html").write_text("first", encoding="utf-8")
    (folder / "chapters" / "one.html").write_text("second", encoding="utf-8")
    return folder


def test_an_archive_is_the_same_whenever_and_from_whichever_copy_it_is_made(site: Path, tmp_path: Path) -> None:
    zip_folder(site, tmp_path / "site.zip", MOMENT)
    first = (tmp_path / "site.zip").read_bytes()
    (site / "index.html").unlink()
    (site / "index.html").write_text("first", encoding="utf-8")
    os.utime(site / "chapters" / "one.html", (1, 1))
    (site / "chapters" / "one.html").chmod(0o600)
    zip_folder(site, tmp_path / "site.zip", MOMENT)
    assert (tmp_path / "site.zip").read_bytes() == first
    with zipfile.ZipFile(tmp_path / "site.zip") as archive:
        assert archive.namelist() == ["site/chapters/one.html", "site/index.html"]
        assert archive.read("site/index.html") == b"first"


def test_a_moment_before_archives_existed_does_no_harm(site: Path, tmp_path: Path) -> None:
    zip_folder(site, tmp_path / "site.zip", 0)
    with zipfile.ZipFile(tmp_path / "site.zip") as archive:
        assert archive.infolist()[0].date_time == (1980, 1, 1, 0, 0, 0)


def test_the_hashes_are_those_of_the_files(site: Path, tmp_path: Path) -> None:
    (tmp_path / "book.pdf").write_bytes(b"%PDF")
    found = {"site.zip": (site, ""), "why.pdf": (tmp_path / "book.pdf", "")}
    files = collect(found, tmp_path / "deposit", MOMENT)
    assert [file.name for file in files] == ["site.zip", "why.pdf", SUMS]
    checked = subprocess.run(
        ["sha256sum", "--check", SUMS], cwd=tmp_path / "deposit", capture_output=True, text=True, check=True
    )
    assert checked.stdout.splitlines() == ["site.zip: OK", "why.pdf: OK"]


def test_all_that_is_missing_is_named_with_what_makes_it_and_the_last_deposit_stays(tmp_path: Path) -> None:
    (tmp_path / "deposit").mkdir()
    (tmp_path / "deposit" / "old").touch()
    found = {"a": (tmp_path / "no.pdf", "make pdf"), "b": (tmp_path / "no.json", "make certificate")}
    with pytest.raises(SurveybookError, match=r"no\.pdf \(made by: make pdf\).*no\.json \(made by: make certificate\)"):
        collect(found, tmp_path / "deposit", MOMENT)
    assert (tmp_path / "deposit" / "old").exists()


def test_a_deposit_holds_site_pdf_certificate_and_manifest() -> None:
    assert set(pieces("2004")) == {
        "why-ict-2004-site.zip",
        "why-ict-2004.pdf",
        "certificate.json",
        "codecheck.yml",
        "CITATION.cff",
    }
