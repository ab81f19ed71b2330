"""The printed book: whole, with vectors, and accessible."""

import json
import shutil
import subprocess
import sys
from pathlib import Path

import pikepdf
import pytest
from audits import AXE, need
from sample import write_sample_book

from surveybook.book.pdf import build_pdf

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def book(extras: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the PDF of the sample book, which has every kind of block."""
    need(AXE)
    folder = tmp_path_factory.mktemp("pdf")
    return build_pdf("2004", folder / "book.pdf", write_sample_book(folder / "book", extras))


def test_the_checker_of_accessible_pdf_files_finds_no_error(book: Path, tmp_path: Path) -> None:
    checker = shutil.which("outloud", path=str(Path(sys.executable).parent))
    assert checker, "outloud isn't installed. Run `make test-site`, which does that."
    subprocess.run([checker, "--json", tmp_path / "report.json", "--quiet", book], check=False, capture_output=True)
    found = json.loads((tmp_path / "report.json").read_text(encoding="utf-8"))
    errors = [finding for finding in findings(found) if finding.get("severity") == "error"]
    assert [(error["rule"], error["message"]) for error in errors] == []


def findings(report: object) -> list[dict[str, str]]:
    """Return all findings of a report, wherever they stand in it."""
    if isinstance(report, list):
        return [found for one in report for found in findings(one)]
    if not isinstance(report, dict):
        return []
    here = [report] if "severity" in report and "message" in report else []
    return here + [found for one in report.values() for found in findings(one)]


def test_it_is_tagged_and_says_what_it_is(book: Path) -> None:
    with pikepdf.open(book) as pdf:
        assert pdf.Root.MarkInfo.Marked
        assert str(pdf.Root.Lang) == "en"
        assert "Why ICT?" in str(pdf.docinfo["/Title"])


def test_its_charts_are_drawn_not_photographed(book: Path) -> None:
    with pikepdf.open(book) as pdf:
        assert not [one for one in pdf.objects if isinstance(one, pikepdf.Stream) and one.get("/Subtype") == "/Image"]


def test_its_links_lead_into_the_book_or_to_the_web(book: Path) -> None:
    with pikepdf.open(book) as pdf:
        found = [one for one in pdf.objects if isinstance(one, pikepdf.Dictionary) and one.get("/Subtype") == "/Link"]
        actions = [one["/A"] for one in found if "/A" in one]
        addresses = [str(action["/URI"]) for action in actions if "/URI" in action]
        assert len(found) > len(addresses)
    assert [address for address in addresses if not address.startswith(("https:", "http:", "mailto:"))] == []
