"""A report that has nothing but two questions has a site and a PDF of its own, with nothing of any other report."""

import os
import re
import subprocess
import sys
from pathlib import Path

import pikepdf
import pytest
from test_builds import write_fonts
from test_pages import find_broken_links, pages, read_page

from tests.tiny_report import write_tiny_report

pytestmark = pytest.mark.slow

# What belongs to the report in this repository.
OF_ANOTHER = re.compile(r"\b200[45]\b|\bpublic\b|frontline|why.?ict|work foundation", re.IGNORECASE)
# What the packages bring that pages are made with.
NOT_OURS = re.compile(
    r"^(vega-.*|(?!surveybook|explorer|search-results).*\.js|mystnb.*\.css|basic\.css|pygments\.css)$"
)
TEXTS = {".html", ".css", ".js", ".json", ".csv", ".svg", ".xml"}


def run_surveybook(report: Path, *words: str, **environment: str) -> None:
    command = [sys.executable, "-c", "from surveybook.cli import main; main()", *words]
    run = subprocess.run(
        command, cwd=report, env={**os.environ, **environment}, capture_output=True, text=True, check=False
    )
    assert run.returncode == 0, run.stdout + run.stderr


@pytest.fixture(scope="module")
def report(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the folder of the report, its site built."""
    folder = write_tiny_report(tmp_path_factory.mktemp("riverside"))
    run_surveybook(folder, "build", "--output", "site")
    return folder


def test_neither_pages_nor_files_nor_their_names_say_anything_of_another_report(report: Path) -> None:
    site = report / "site"
    files = [path for path in site.rglob("*") if path.is_file()]
    assert [path for path in files if OF_ANOTHER.search(path.relative_to(site).as_posix())] == []
    texts = [path for path in files if path.suffix in TEXTS and not NOT_OURS.match(path.name)]
    said = {path.name: OF_ANOTHER.findall(path.read_text(encoding="utf-8")) for path in texts}
    assert {name: words for name, words in said.items() if words} == {}
    assert (site / "_static/downloads/riverside-2031-tables.xlsx").is_file()


def test_a_report_without_references_claims_or_certificate_links_to_none(report: Path) -> None:
    site = report / "site"
    assert find_broken_links(site) == []
    for path in pages(site):
        page = read_page(path)
        assert page.select(".certificate-badge, .correction, .statement") == []
        assert not page.find("a", string=re.compile("verified|How to cite|as a PDF|glossary", re.IGNORECASE))
        footer = page.select_one(".site-footer")
        assert footer is not None
        assert "Cite as: Riverside Council. Riverside residents 2031, 2031 edition (CC BY 4.0)." in footer.get_text()
        assert "Code:" not in footer.get_text()


def test_a_population_without_a_colour_has_the_first_of_the_engine(report: Path) -> None:
    style = (report / "site/_static/report.css").read_text(encoding="utf-8")
    assert "--population-1: #1d4f91;" in style
    assert ".population-residents strong { color: var(--population-1); }" in style


def test_a_changed_number_is_in_prose_chart_and_table_and_the_old_one_nowhere(report: Path, tmp_path: Path) -> None:
    estimates = report / "data/waves/2031/estimates.csv"
    text = estimates.read_text(encoding="utf-8")
    estimates.write_text(text.replace("number,61,", "number,58,"), encoding="utf-8")
    run_surveybook(report, "build", "--output", str(tmp_path / "site"))
    estimates.write_text(text, encoding="utf-8")
    page = (tmp_path / "site/index.html").read_text(encoding="utf-8")
    places = ("{}%", ">{}%", "<td[^>]*>{}<")
    assert [place for place in places if not re.search(place.format(58), page)] == []
    assert [place for place in places if re.search(place.format(61), page)] == []


def test_its_pdf_is_the_same_with_any_fonts_and_names_the_report(report: Path, tmp_path: Path) -> None:
    settings = write_fonts(tmp_path / "fonts", ["Arial", "Liberation Sans", "Liberation Serif", "DejaVu Sans"])
    run_surveybook(report, "pdf")
    run_surveybook(report, "pdf", "--output", str(tmp_path / "again.pdf"), FONTCONFIG_FILE=str(settings))
    made = report / "_build/riverside.pdf"
    assert made.read_bytes() == (tmp_path / "again.pdf").read_bytes()
    with pikepdf.open(made) as pdf:
        assert str(pdf.docinfo["/Title"]) == "Riverside residents 2031, 2031 edition"
        assert not OF_ANOTHER.search(" ".join(str(value) for value in pdf.docinfo.values()))
        fonts = {
            str(one["/BaseFont"]) for one in pdf.objects if isinstance(one, pikepdf.Dictionary) and "/BaseFont" in one
        }
    assert all("Surveybook" in font for font in fonts), fonts
