"""A report of nothing but two questions has a site, a PDF and a certificate of its own, with nothing of any other."""

import re
import shutil
from pathlib import Path

import pikepdf
import pytest
from pptx import Presentation
from test_builds import write_fonts
from test_pages import find_broken_links, pages, read_page

from tests.commands import type_in, type_well
from tests.tiny_report import write_tiny_report

pytestmark = pytest.mark.slow

# What belongs to the report in this repository.
OF_ANOTHER = re.compile(r"\b200[45]\b|\bpublic\b|frontline|why.?ict|work foundation", re.IGNORECASE)
# What the packages bring that pages are made with.
NOT_OURS = re.compile(
    r"^(vega-.*|(?!surveybook|explorer|search-results|park_).*\.js|mystnb.*\.css|basic\.css|pygments\.css)$"
)
TEXTS = {".html", ".css", ".js", ".json", ".csv", ".svg", ".xml"}


@pytest.fixture(scope="module")
def report(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the folder of the report, its chapters stored, its site built and its certificate issued by what is so."""
    folder = write_tiny_report(tmp_path_factory.mktemp("riverside"))
    for words in (["chapter", "store"], ["verify", "--issue"]):
        type_well(folder, *words)
    (folder / "_build/verify/2031/book/_build/html").rename(folder / "site")
    return folder


def test_its_certificate_is_its_own_and_a_change_to_what_is_stored_is_caught(report: Path, tmp_path: Path) -> None:
    issued = [report / name for name in ("certificate/2031/certificate.json", "codecheck.yml")]
    assert not [line for path in issued for line in path.read_text("utf-8").splitlines() if OF_ANOTHER.search(line)]
    shutil.copytree(report, tmp_path / "copy", ignore=shutil.ignore_patterns("site", "_build"))
    chapter = tmp_path / "copy/chapters/01-parks.ipynb"
    chapter.write_text(chapter.read_text(encoding="utf-8").replace("72%", "27%"), encoding="utf-8")
    tampered = type_in(tmp_path / "copy", "verify")
    said = " ".join(tampered.stdout.split())
    assert tampered.returncode == 6
    assert said.index("chapters/01-parks.ipynb, chapters/01-parks: the file isn't that of") < said.index("is now '72%")


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
        assert "Cite as: Riverside Council. Riverside residents 2031, 2031 edition (CC BY 4.0)." in footer.get_text()
        assert "Code:" not in footer.get_text()


def test_a_population_without_a_colour_has_the_first_of_the_engine(report: Path) -> None:
    style = (report / "site/_static/report.css").read_text(encoding="utf-8")
    assert "--population-1: #1d4f91;" in style
    assert ".population-residents strong { color: var(--population-1); }" in style


def test_its_pdf_is_the_same_with_any_fonts_and_names_the_report(report: Path, tmp_path: Path) -> None:
    settings = write_fonts(tmp_path / "fonts", ["Arial", "Liberation Sans", "Liberation Serif", "DejaVu Sans"])
    type_well(report, "pdf")
    type_well(report, "pdf", "--output", str(tmp_path / "again.pdf"), FONTCONFIG_FILE=str(settings))
    made = report / "_build/riverside.pdf"
    assert made.read_bytes() == (tmp_path / "again.pdf").read_bytes()
    with pikepdf.open(made) as pdf:
        assert str(pdf.docinfo["/Title"]) == "Riverside residents 2031, 2031 edition"
        assert not OF_ANOTHER.search(" ".join(str(value) for value in pdf.docinfo.values()))
        fonts = {
            str(one["/BaseFont"]) for one in pdf.objects if isinstance(one, pikepdf.Dictionary) and "/BaseFont" in one
        }
    assert all("Surveybook" in font for font in fonts), fonts


def test_its_slides_are_its_charts(report: Path) -> None:
    type_well(report, "deck")
    titles = [slide.shapes.title.text for slide in Presentation(str(report / "_build/riverside.pptx")).slides]
    assert len(titles) == 2
    assert not OF_ANOTHER.search(" ".join(titles))
