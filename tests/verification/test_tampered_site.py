"""Whatever is changed in a published site is caught, and the message names the file, the chapter and the figure.

The site is built once from the committed chapters; each test spoils one thing in a copy.
"""

import json
import os
import re
import shutil
import zipfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import pytest

from surveybook.book.sphinx_ext.certificates import find_certificate
from surveybook.model import paths
from surveybook.verify.downloads import check_downloads, check_explorer, check_search, check_workbook
from surveybook.verify.drawings import check_drawings
from surveybook.verify.expected import Expected, read_expected
from surveybook.verify.record import Check, Fault
from surveybook.verify.sites import compare_sites, owners
from surveybook.verify.stages import build_site, read_site, truths_of
from surveybook.verify.truth import Truths

pytestmark = pytest.mark.slow

QUALITY = "chapters/02-quality"
FIGURES = "_static/figures"
CHART_NAME = "quality-indicators"


@dataclass(frozen=True)
class Book:
    """The honest site, and what it has to show."""

    site: Path
    expected: dict[str, Expected]
    truths: Truths


@pytest.fixture(scope="module")
def book(tmp_path_factory: pytest.TempPathFactory) -> Book:
    """Return the site of the committed chapters."""
    stage = tmp_path_factory.mktemp("honest")
    for path in paths.chapters():
        copy = stage / path.relative_to(paths.root())
        copy.parent.mkdir(exist_ok=True)
        shutil.copy2(path, copy)
    site, built = build_site("2004", "", stage)
    assert site is not None, built.faults
    notebooks = [stage / path.relative_to(paths.root()) for path in paths.chapters()]
    return Book(site, read_expected(stage, notebooks), truths_of("2004", ""))


@pytest.fixture
def copy(book: Book, tmp_path: Path) -> Path:
    """Return a copy of the site; its files are links until one is written anew."""
    return Path(shutil.copytree(book.site, tmp_path / "site", copy_function=os.link))


def write(site: Path, file: str, content: bytes) -> None:
    """Put another file in the place of one, without touching what it is a link to."""
    (site / file).unlink(missing_ok=True)
    (site / file).parent.mkdir(parents=True, exist_ok=True)
    (site / file).write_bytes(content)


def replaced(old: str, new: str) -> Callable[[bytes], bytes]:
    """Return a change of the first place at which a text stands."""

    def change(content: bytes) -> bytes:
        text = content.decode("utf-8")
        assert old in text
        return text.replace(old, new, 1).encode()

    return change


def write_quality(book: Book, site: Path, pattern: str, change: str) -> str:
    """Write the page on quality into a site with the first match of a pattern changed, and return its name."""
    file = f"{QUALITY}.html"
    text = (book.site / file).read_text(encoding="utf-8")
    tampered, times = re.subn(pattern, change, text, count=1, flags=re.DOTALL)
    assert times == 1
    assert tampered != text
    write(site, file, tampered.encode())
    return file


def against_the_build(book: Book, site: Path) -> Check:
    """Compare a copy with the build, as `surveybook verify --site` does."""
    return compare_sites(
        book.site,
        site,
        owners(book.expected),
        lambda file: find_certificate((book.site / file).read_text(encoding="utf-8")),
        "the copy",
    )


def lines(faults: Iterator[Fault] | tuple[Fault, ...]) -> str:
    return "\n".join(map(str, faults))


# What is published.


def test_an_honest_copy_has_no_fault(book: Book, copy: Path) -> None:
    assert against_the_build(book, copy).faults == ()
    assert check_downloads(copy, book.expected).passed
    assert check_workbook(copy, book.truths, "2004").passed
    assert check_explorer(copy).passed
    assert check_search(copy).passed


PAGE_CHANGES = {
    "a glued number": r'(class="pasted-text"[^>]*>[^<]*?)(\d+)',
    "a number in a chart": r'(class="chart-picture".*?>)(68%)(?=</text>)',
    "a number in a table": r"(<td[^>]*>)(\d+%?)(?=</td>)",
    "a number in the interactive chart": r'(<script type="application/json".*?"text":")(\d+%?)',
}


@pytest.mark.parametrize("pattern", PAGE_CHANGES.values(), ids=PAGE_CHANGES)
def test_a_number_on_a_page_is_caught_by_its_chapter_and_figure(book: Book, tmp_path: Path, pattern: str) -> None:
    file = write_quality(book, tmp_path, pattern, r"\g<1>3")
    faults = read_site(tmp_path, book.expected, book.truths).check("Pages").faults
    assert faults
    assert any(fault.file == file and fault.chapter == QUALITY and fault.figures for fault in faults), lines(faults)


def test_a_number_that_no_cell_gave_is_caught_on_its_page(book: Book, tmp_path: Path) -> None:
    file = f"{QUALITY}.html"
    text = (book.site / file).read_text(encoding="utf-8")
    write(tmp_path, file, text.replace("<p>", "<p>Of these, 97 per cent agreed. ", 1).encode())
    said = lines(read_site(tmp_path, book.expected, book.truths).check("Pages").faults)
    assert "97 per cent agreed" in said
    assert file in said


def swapped(one: str, other: str) -> Callable[[str], str]:
    """Return a change of two texts for each other, where each first stands."""

    def change(text: str) -> str:
        places = sorted([(text.index(one), one, other), (text.index(other), other, one)])
        (first, was, becomes), (second, was_too, becomes_too) = places
        between = text[first + len(was) : second]
        return text[:first] + becomes + between + becomes_too + text[second + len(was_too) :]

    return change


def changed(pattern: str, becomes: str) -> Callable[[str], str]:
    """Return a change of the first place that a pattern finds."""
    return lambda text: re.sub(pattern, becomes, text, count=1, flags=re.DOTALL)


# No number is wrong after these, or none that a reader of text would look at.
DRAWN = {
    "two labels swapped": swapped(">Value for money</text>", ">Meeting political objectives</text>"),
    "two numbers swapped": swapped(">68%</text>", ">7%</text>"),
    "two groups swapped": swapped(">The public</text>", ">Frontline staff</text>"),
    "a bar that is longer": changed(r'(layer_1_marks.*?<line transform="translate\()[\d.]+', r"\g<1>288"),
    "a point moved": changed(r"(mark-symbol role-mark[^>]*>.*?translate\()[\d.]+", r"\g<1>12"),
    "another number at the axis": changed(">25%</text>", ">52%</text>"),
    "another colour": changed(r'(mark-symbol role-mark.*?fill=")#\w+', r"\g<1>#ffffff"),
    "a number added": changed(r"(role-mark layer_0_marks[^>]*>)", r"\1<text>97%</text>"),
    "a mark taken out": changed(r"(mark-symbol role-mark[^>]*>)<path[^>]*/?>(</path>)?", r"\1"),
}


@pytest.mark.parametrize("change", DRAWN.values(), ids=DRAWN)
@pytest.mark.parametrize("file", [f"{QUALITY}.html", f"{FIGURES}/{CHART_NAME}.svg"])
def test_a_picture_that_is_not_what_its_specification_gives_is_caught(
    book: Book, tmp_path: Path, file: str, change: Callable[[str], str]
) -> None:
    text = (book.site / file).read_text(encoding="utf-8")
    start = text.index(f'id="fig-{CHART_NAME}"') if file.endswith(".html") else 0
    start = text.index("<svg", start)
    tampered = text[:start] + change(text[start:])
    assert tampered != text
    for name in (f"{QUALITY}.html", *(f"{FIGURES}/{CHART_NAME}.{ending}" for ending in ("svg", "png"))):
        write(tmp_path, name, (book.site / name).read_bytes())
    write(tmp_path, file, tampered.encode())
    chart = {CHART_NAME: book.expected[QUALITY].charts[CHART_NAME]}
    (fault,) = check_drawings(tmp_path, {QUALITY: replace(book.expected[QUALITY], charts=chart)}).faults
    assert (fault.file, fault.chapter) == (file, QUALITY)
    assert "t1p_custsat" in fault.figures


def test_a_painted_picture_of_another_chart_is_caught(book: Book, tmp_path: Path) -> None:
    for name in (f"{QUALITY}.html", *(f"{FIGURES}/{CHART_NAME}.{ending}" for ending in ("svg", "png"))):
        write(tmp_path, name, (book.site / name).read_bytes())
    chart = {CHART_NAME: book.expected[QUALITY].charts[CHART_NAME]}
    expected = {QUALITY: replace(book.expected[QUALITY], charts=chart)}
    assert check_drawings(tmp_path, expected).faults == ()
    write(tmp_path, f"{FIGURES}/{CHART_NAME}.png", (book.site / FIGURES / "access.png").read_bytes())
    assert [fault.file for fault in check_drawings(tmp_path, expected).faults] == [f"{FIGURES}/{CHART_NAME}.png"]


WITH_FIGURES = {
    "a picture": r'(class="chart-picture".*?<line transform="translate\()[\d.]+',
    "a caption": r'(class="chart-title"[^>]*>)\w+',
    "a note": r'(class="chart-notes"><p>)\w+',
    "the address of a download": r'(<a href="\.\./_static/figures/)[\w-]+',
    "a glued word": r'(<span class="pasted-text">)\w+',
}


@pytest.mark.parametrize("pattern", WITH_FIGURES.values(), ids=WITH_FIGURES)
def test_what_was_changed_in_a_page_is_named_with_the_figures_behind_it(book: Book, copy: Path, pattern: str) -> None:
    file = write_quality(book, copy, pattern, r"\g<1>1")
    (fault,) = against_the_build(book, copy).faults
    assert (fault.file, fault.chapter) == (file, QUALITY)
    assert "t1p_custsat" in fault.figures


def test_two_changes_of_a_page_are_named_each(book: Book, copy: Path) -> None:
    file = f"{QUALITY}.html"
    text = (book.site / file).read_text(encoding="utf-8")
    write(copy, file, text.replace("<h2>", "<h2>1", 2).replace("<title>", "<title>1").encode())
    assert len(against_the_build(book, copy).faults) == 3


FILE_CHANGES: dict[str, tuple[str, Callable[[bytes], bytes], bool]] = {
    "a sentence of prose": (f"{QUALITY}.html", replaced("<h2>", "<h2>Never "), False),
    "a page": ("index.html", replaced("<h1>", "<h1>Not "), False),
    "data as CSV": (f"{FIGURES}/{CHART_NAME}.csv", lambda content: content.replace(b"68", b"86", 1), True),
    "their description": (
        f"{FIGURES}/{CHART_NAME}.csv-metadata.json",
        lambda content: content.replace(b"t1p_custsat", b"t1p_vfm", 1),
        True,
    ),
    "a specification": (f"{FIGURES}/{CHART_NAME}.vl.json", lambda content: content.replace(b"68", b"86", 1), True),
    "a picture": (f"{FIGURES}/{CHART_NAME}.svg", lambda content: content.replace(b"68", b"86", 1), True),
    "a painted picture": (f"{FIGURES}/{CHART_NAME}.png", lambda content: content[:-12] + b"a" + content[-12:], True),
    "the search": ("searchindex.js", lambda content: content.replace(b'"68"', b'"97"', 1), False),
    "a stylesheet": ("_static/surveybook.css", lambda content: content + b"\n.chart-note { display: none }", False),
    "an added file": ("_static/added.js", lambda content: b"alert(1)", False),
}


@pytest.mark.parametrize("change", FILE_CHANGES.values(), ids=FILE_CHANGES)
def test_a_file_of_the_site_is_caught_against_the_build(
    book: Book, copy: Path, change: tuple[str, Callable[[bytes], bytes], bool]
) -> None:
    file, spoil, has_figures = change
    before = (copy / file).read_bytes() if (copy / file).exists() else b""
    after = spoil(before)
    assert after != before
    write(copy, file, after)
    found = [fault for fault in against_the_build(book, copy).faults if fault.file == file]
    assert found
    if has_figures:
        assert found[0].chapter == QUALITY
        assert "t1p_custsat" in found[0].figures


@pytest.mark.parametrize("kind", ["js", "css", "svg", "xlsx", "html", "csv"])
def test_every_kind_of_file_is_missed_when_it_is_gone_and_caught_when_a_byte_is_added(
    book: Book, copy: Path, kind: str
) -> None:
    for path in sorted(copy.rglob(f"*.{kind}"))[:3]:
        file = path.relative_to(copy).as_posix()
        content = path.read_bytes()
        path.unlink()
        assert f"{file}" in lines(against_the_build(book, copy).faults)
        write(copy, file, content + b"\nX")
        assert f"{file}" in lines(against_the_build(book, copy).faults)
        write(copy, file, content)


@pytest.mark.parametrize("ending", ["csv", "csv-metadata.json", "vl.json", "svg"])
def test_a_download_is_caught_without_a_build_to_compare_with(book: Book, copy: Path, ending: str) -> None:
    file = f"{FIGURES}/{CHART_NAME}.{ending}"
    content = (copy / file).read_bytes()
    spoil = {"csv-metadata.json": (b"t1p_custsat", b"t1p_vfm")}.get(ending, (b"68", b"86"))
    assert spoil[0] in content
    write(copy, file, content.replace(*spoil))
    faults = [fault for fault in check_downloads(copy, book.expected).faults if fault.file == file]
    assert len(faults) == 1
    assert faults[0].chapter == QUALITY
    assert "t1p_custsat" in faults[0].figures


def test_a_cell_of_the_workbook_is_caught_with_its_figure(book: Book, copy: Path, tmp_path: Path) -> None:
    path = next(copy.glob("_static/downloads/*.xlsx"))
    file = path.relative_to(copy).as_posix()
    with zipfile.ZipFile(path) as old, zipfile.ZipFile(tmp_path / "new.xlsx", "w") as new:
        for name in old.namelist():
            content = old.read(name)
            if name.startswith("xl/worksheets/"):
                content = content.replace(b"<v>68</v>", b"<v>86</v>", 1)
            new.writestr(name, content)
    write(copy, file, (tmp_path / "new.xlsx").read_bytes())
    faults = check_workbook(copy, book.truths, "2004").faults
    assert faults
    assert all(fault.file == file and fault.figures for fault in faults)
    assert file in lines(against_the_build(book, copy).faults)


def test_a_figure_of_the_explorer_is_caught_with_its_label(book: Book, copy: Path) -> None:
    page = (copy / "explorer.html").read_text(encoding="utf-8")
    island = re.search(r'id="explorer-data">(.*?)</script>', page, re.DOTALL)
    assert island
    data = json.loads(island[1])
    place = data["fields"].index("share")
    row = next(row for row in data["figures"] if row[place] == 68)
    row[place] = 86
    tampered = page.replace(island[1], json.dumps(data).replace("<", "\\u003c"))
    write(copy, "explorer.html", tampered.encode())
    said = lines(check_explorer(copy).faults)
    assert "explorer.html" in said
    assert "86" in said


def explored(page: str) -> tuple[str, dict[str, Any]]:
    """Return the data of the explorer's page, as they are written and as they are read."""
    island = re.search(r'id="explorer-data">(.*?)</script>', page, re.DOTALL)
    assert island
    return island[1], json.loads(island[1])


@pytest.mark.parametrize("field", ["label", "population", "low", "high", "base", "item"])
def test_two_figures_of_the_explorer_that_changed_places_are_caught_each(book: Book, copy: Path, field: str) -> None:
    page = (copy / "explorer.html").read_text(encoding="utf-8")
    written, data = explored(page)
    share, place = data["fields"].index("share"), data["fields"].index(field)
    one = next(row for row in data["figures"] if row[share] == 68)
    other = next(row for row in data["figures"] if row[share] is not None and row[place] != one[place])
    one[place], other[place] = other[place], one[place]
    tampered = page.replace(written, json.dumps(data).replace("<", "\\u003c"))
    write(copy, "explorer.html", tampered.encode())
    faults = check_explorer(copy).faults
    assert any("t1p_custsat" in fault.figures for fault in faults), lines(faults)
    assert len(faults) == 4


@pytest.mark.parametrize(
    ("old", "said"), [(b"High levels of customer satisfaction", "Item is"), (b"<t>The public</t>", "Population is")]
)
def test_a_label_of_the_workbook_is_caught_with_its_figure(
    book: Book, copy: Path, tmp_path: Path, old: bytes, said: str
) -> None:
    path = next(copy.glob("_static/downloads/*.xlsx"))
    with zipfile.ZipFile(path) as before, zipfile.ZipFile(tmp_path / "new.xlsx", "w") as after:
        for name in before.namelist():
            after.writestr(name, before.read(name).replace(old, old.replace(b"c", b"k")))
    write(copy, path.relative_to(copy).as_posix(), (tmp_path / "new.xlsx").read_bytes())
    faults = check_workbook(copy, book.truths, "2004").faults
    assert faults
    assert all(said in fault.said and fault.figures for fault in faults), lines(faults)


def test_a_term_of_the_search_that_its_page_doesnt_have_is_caught(book: Book, copy: Path) -> None:
    index = (copy / "searchindex.js").read_text(encoding="utf-8")
    term = re.search(r'"(\d{2,})":\s*(\d+|\[)', index)
    assert term
    write(copy, "searchindex.js", index.replace(f'"{term[1]}":', '"98765":', 1).encode())
    assert "98765" in lines(check_search(copy).faults)
