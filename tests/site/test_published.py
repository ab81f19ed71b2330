"""What a publisher adds to the site: its address, corrections at the figures that they affect, the printed book."""

import re
import shutil
from pathlib import Path
from types import SimpleNamespace

import pikepdf
import pytest
from conftest import built
from sample import write_sample_book
from sphinx.errors import ConfigError
from test_pages import pages, read_page

from surveybook.book.sphinx_ext.pages import PDF_VARIABLE, note_downloads
from surveybook.model import paths

ADDRESS = "https://example.org/why-ict/"
CORRECTIONS = """date,figure_id,what,old,new,reason
2026-02-01,sample_c,the share of <b>callers</b>,61,62,misread
2026-01-31,sample_a,the share of the public,67,68,misread
2026-01-30,elsewhere,another figure,1,2,misread
"""


def printed(path: Path, title: str) -> Path:
    """Write a PDF with nothing but a title."""
    with pikepdf.new() as pdf:
        pdf.add_blank_page()
        pdf.docinfo["/Title"] = title
        pdf.save(path)
    return path


@pytest.fixture(scope="module")
def published(extras: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the pages of the sample book with an address, corrections and a PDF."""
    folder = tmp_path_factory.mktemp("published")
    shutil.copytree(paths.data(), folder / "data")
    (folder / "data/corrections.csv").write_text(CORRECTIONS, encoding="utf-8")
    book = write_sample_book(folder / "book", extras)
    contents = book / "_toc.yml"
    contents.write_text(f"{contents.read_text()}- file: chapters/96-check-and-cite\n")
    page = "# Check and cite\n\nNone of this is hidden.\n\n:::{certificate}\n:::\n"
    (book / "chapters/96-check-and-cite.md").write_text(page)
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("SURVEYBOOK_BASEURL", ADDRESS)
        patch.setenv(paths.DATA_VARIABLE, str(folder / "data"))
        patch.setenv(PDF_VARIABLE, str(printed(folder / "a.pdf", "Why ICT? The living report, 2004 edition")))
        return built(book, folder)


def test_a_correction_is_told_at_the_figure_that_it_affects_and_at_no_other(published: Path) -> None:
    page = read_page(published / "chapters/02-quality.html")
    (notice,) = page.select("figure.chart .correction")
    assert notice.get_text() == ("Corrected on 31 January 2026 the share of the public: was 67, is 68. All corrections")
    assert notice.find("a")["href"] == "96-check-and-cite.html"


def test_a_table_tells_its_corrections_too_and_their_words_are_text(published: Path) -> None:
    (notice,) = read_page(published / "chapters/02-quality.html").select(".data-table .correction")
    assert "the share of <b>callers</b>: was 61, is 62" in notice.get_text()
    assert notice.find("b") is None


def test_a_site_with_an_address_has_cards_and_a_map(published: Path) -> None:
    page = (published / "chapters" / "02-quality.html").read_text(encoding="utf-8")
    card = re.search(r'property="og:image" content="([^"]+)"', page)
    assert (published / card[1].removeprefix(ADDRESS)).read_bytes()[:4] == b"\x89PNG"
    assert f'<link rel="canonical" href="{ADDRESS}chapters/02-quality.html">' in page
    listed = re.findall("<loc>(.*?)</loc>", (published / "sitemap.xml").read_text())
    assert ADDRESS + "explorer.html" in listed
    assert all((published / address.removeprefix(ADDRESS)).is_file() for address in listed)


def test_pictures_and_embeds_say_where_the_figure_stands(published: Path) -> None:
    figure = f"{ADDRESS}chapters/02-quality.html#fig-sample-quality"
    drawing = (published / "_static/figures/sample-quality.svg").read_text(encoding="utf-8")
    assert figure in "".join(re.findall("<text[^>]*>([^<]*)</text>", drawing))
    for place in ("embed/", "editions/2004/embed/"):
        page = (published / place / "sample-quality.html").read_text(encoding="utf-8")
        assert f'href="{ADDRESS}{place}sample-quality.json"' in page
        told = (published / place / "sample-quality.json").read_text(encoding="utf-8")
        assert f'src=\\"{ADDRESS}{place}sample-quality.html\\"' in told


def test_a_site_without_an_address_a_printed_book_or_corrections_claims_none(sample_site: Path) -> None:
    assert not (sample_site / "sitemap.xml").exists()
    text = "".join(
        (sample_site / name).read_text(encoding="utf-8") for name in ("index.html", "chapters/02-quality.html")
    )
    assert not [word for word in ("og:image", "as a PDF", 'class="correction"') if word in text]


def test_every_page_offers_the_printed_book(published: Path) -> None:
    for page in pages(published):
        link = read_page(page).find("a", string="the whole book as a PDF")
        assert (page.parent / str(link["href"])).resolve().read_bytes()[:5] == b"%PDF-", page


def test_every_printed_sheet_names_edition_and_fieldwork(published: Path) -> None:
    foot = (published / "_static/report.css").read_text(encoding="utf-8")
    assert 'content: "2004 edition. Fieldwork: November and December 2004"' in foot
    for page in pages(published):
        link = read_page(page).select_one('link[href*="report.css"]')
        assert (page.parent / str(link["href"]).partition("?")[0]).resolve() == published / "_static/report.css"


def noted(pdf: Path, edition: str, monkeypatch: pytest.MonkeyPatch) -> str:
    """Return which PDF an edition offers where the environment names this one."""
    monkeypatch.setenv(PDF_VARIABLE, str(pdf))
    about = {"report": {"file_name": "a-report"}}
    config = SimpleNamespace(html_context=about, surveybook_edition={"name": f"{edition} edition", "wave": edition})
    note_downloads(SimpleNamespace(config=config, srcdir=str(pdf.parent), builder=SimpleNamespace(name="html")))
    return str(about["pdf"])


def test_a_site_of_several_editions_offers_a_printed_book_with_the_one_that_it_is_of(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    pdf = printed(tmp_path / "b.pdf", "A report, 2031 edition")
    assert noted(pdf, "2031", monkeypatch) == "_static/downloads/a-report-2031.pdf"
    assert noted(pdf, "2027", monkeypatch) == ""


def test_a_printed_book_that_is_not_there_is_named_with_what_to_do(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with pytest.raises(ConfigError, match=r"(?s)none\.pdf, which can't be read as a PDF.*`surveybook pdf` makes one"):
        noted(tmp_path / "none.pdf", "2031", monkeypatch)
