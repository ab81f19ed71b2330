"""Whatever is changed unseen is caught, and named with its file, chapter and figure: outputs, charts, code, pages.

The committed chapters stand for executed ones: that a fresh execution gives them is tested elsewhere. The site is
built once from them; each test spoils one thing in a copy.
"""

import json
import os
import re
import shutil
import zipfile
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from surveybook.book.notebooks import CHART, GLUED
from surveybook.book.running import execute_chapters
from surveybook.book.storage import write_manifest
from surveybook.model import paths
from surveybook.model.problems import Fault
from surveybook.model.report import read_report
from surveybook.verify.chapters import ChapterRun, check_chart_rules, check_execution, check_outputs, read_expected
from surveybook.verify.downloads import check_archive, check_downloads, check_explorer, check_tables
from surveybook.verify.pages import check_pages, read_pages
from surveybook.verify.recomputation import DataFigures
from surveybook.verify.record import Check, make_check
from surveybook.verify.sites import Book, compare_sites

pytestmark = pytest.mark.slow

QUALITY = "chapters/02-quality"
CHART_NAME = "quality-indicators"
DOWNLOAD = f"_static/figures/{CHART_NAME}"
FIGURE = "t1p_custsat"
WORKBOOK, PACKAGE = (f"_static/downloads/why-ict-2004-{name}" for name in ("tables.xlsx", "data.zip"))
Notebook = dict[str, Any]


def lines(faults: Iterable[Fault]) -> str:
    return "\n".join(map(str, faults))


# What chapters store.


def outputs(notebook: Notebook, kind: str) -> Iterator[dict[str, Any]]:
    return (out for cell in notebook["cells"] for out in cell.get("outputs", []) if kind in out.get("data", {}))


def chart_of(notebook: Notebook) -> dict[str, Any]:
    specs = (out["data"][CHART] for out in outputs(notebook, CHART))
    return next(spec for spec in specs if spec["usermeta"]["surveybook"]["name"] == CHART_NAME)


def change_nothing(notebook: Notebook) -> None:
    pass


def change_glued_number(notebook: Notebook) -> None:
    out = next(out for out in outputs(notebook, GLUED) if FIGURE in out["metadata"]["surveybook"]["figures"])
    out["data"][GLUED] = re.sub(r"\d|a|e", "7", "".join(out["data"][GLUED]), count=1)


def change_chart_row(notebook: Notebook) -> None:
    chart_of(notebook)["usermeta"]["surveybook"]["table"]["rows"][0][1] = 99


def change_chart_title(notebook: Notebook) -> None:
    chart_of(notebook)["title"] = {"text": "Nobody is satisfied"}


def change_chart_datum(notebook: Notebook) -> None:
    chart_of(notebook)["data"]["values"][-1]["series"] = "Nobody"


def take_outputs_out(notebook: Notebook) -> None:
    next(cell for cell in notebook["cells"] if cell.get("outputs"))["outputs"] = []


def stored_with(tmp_path: Path, change: Callable[[Notebook], None]) -> Path:
    """Return a folder with the chapter on quality, stored changed."""
    stored = json.loads((paths.root() / f"{QUALITY}.ipynb").read_text(encoding="utf-8"))
    change(stored)
    path = tmp_path / f"{QUALITY}.ipynb"
    path.parent.mkdir(exist_ok=True)
    path.write_text(json.dumps(stored), encoding="utf-8")
    return path


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (change_nothing, None),
        (change_glued_number, "glued text '"),
        (change_chart_row, f"chart '{CHART_NAME}'"),
        (change_chart_title, f"chart '{CHART_NAME}'"),
        (change_chart_datum, f"chart '{CHART_NAME}'"),
        (take_outputs_out, "its outputs"),
    ],
)
def test_a_stored_output_that_was_changed_is_caught(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, change: Callable[[Notebook], None], said: str | None
) -> None:
    monkeypatch.setattr(ChapterRun, "document", QUALITY)
    executed = paths.root() / f"{QUALITY}.ipynb"
    faults = check_outputs([ChapterRun(stored_with(tmp_path, change), executed, 1.0)], "2004", "").faults
    assert bool(faults) == (said is not None)
    assert (said or "") in lines(faults)
    assert all(fault.chapter == QUALITY for fault in faults)
    if "chart" in (said or "") or "glued" in (said or ""):
        assert faults[0].figures


def test_a_chapter_that_did_not_run_through_is_named_and_one_of_another_edition_is_not_compared(tmp_path: Path) -> None:
    broken, other = (paths.root() / f"{QUALITY}.ipynb", tmp_path / "none.ipynb"), "a sentence of why"
    (fault,) = check_execution([ChapterRun(*broken, 1.0, f"{QUALITY}.ipynb, {other}")]).faults
    assert (fault.file, fault.chapter, fault.said) == (f"{QUALITY}.ipynb", QUALITY, other)
    done = check_outputs([ChapterRun(*broken, 1.0)], "2031", "")
    assert (done.faults, done.skipped) == ((), (
        "The outputs of 1 chapters: those of another edition are committed (02-quality).",
    ))  # fmt: skip


def cut_axis(notebook: Notebook) -> None:
    """Let the share axis of every mark begin at 50%."""
    text = json.dumps(chart_of(notebook)["spec"])
    cut = json.loads(re.sub(r'("domain": )\[0, ([\d.]+)\]', r"\1[0.5, \2]", text))
    chart_of(notebook)["spec"] = cut
    assert json.dumps(cut) != text


def test_a_chart_whose_axis_was_cut_is_caught_though_all_else_agrees(tmp_path: Path) -> None:
    path = stored_with(tmp_path, cut_axis)
    done = check_chart_rules(read_expected(tmp_path, [path]))
    assert f"{QUALITY}.ipynb, {QUALITY}: the chart '{CHART_NAME}': nought isn't on the axis x" in lines(done.faults)
    assert FIGURE in done.faults[0].figures
    assert done.link == "comparison"


def swap_colours(notebook: Notebook) -> None:
    """Draw each population in the colour of the other, in marks and legend alike."""
    first, second = (colour.light for colour in read_report().colours.values())
    text = json.dumps(chart_of(notebook)["spec"])
    swapped = re.sub(f"{first}|{second}", lambda found: second if found[0] == first else first, text)
    chart_of(notebook)["spec"] = json.loads(swapped)
    assert swapped != text


def test_a_population_in_another_colour_than_the_report_gives_it_is_named(tmp_path: Path) -> None:
    done = check_chart_rules(read_expected(tmp_path, [stored_with(tmp_path, swap_colours)]))
    assert "'The public' is #b8471a in it and #1d4f91 by report.yml's colours" in lines(done.faults)


# What is executed: a copy of the project, in which a chapter is executed anew and compared with what is stored.

IN_PROJECT = {
    "data/codebook/items.csv": ("High levels of customer", "Low levels of customer"),
    "report.yml": ("confidence: 0.95", "confidence: 0.9"),
    "data/waves/2004/estimates.csv": (
        "customer_satisfaction,chosen,number,68,0,,1000", "customer_satisfaction,chosen,number,69,0,,1000",
    ),
}  # fmt: skip


def test_a_label_a_level_and_a_figure_that_change_answers_are_caught_when_the_chapter_runs(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    project = tmp_path / "project"
    for folder in ("chapters", "data"):
        shutil.copytree(paths.root() / folder, project / folder)
    shutil.copy(paths.root() / paths.REPORT_FILE, project)
    for file, (old, new) in IN_PROJECT.items():
        text = (project / file).read_text(encoding="utf-8")
        assert old in text
        (project / file).write_text(text.replace(old, new, 1), encoding="utf-8")
    monkeypatch.chdir(project)
    runs = execute_chapters([project / f"{QUALITY}.ipynb"], tmp_path / "out")
    found = lines(check_outputs(runs, "2004", "").faults)
    changed = (f"chart '{CHART_NAME}'", "glued text 'opening_first'", "Low levels of customer", "78; 75.3; 80.6")
    assert [said for said in (f"{QUALITY}.ipynb", FIGURE, *changed) if said not in found] == []


# What is published.


@pytest.fixture(scope="module")
def book(built_stage: Path) -> Book:
    """Return the book of the committed chapters."""
    notebooks = [built_stage / path.relative_to(paths.root()) for path in paths.chapters(change=False)]
    known = DataFigures(["2004"])
    return Book("2004", "", built_stage, built_stage / "_build/html", read_expected(built_stage, notebooks), known)


@pytest.fixture
def copy(book: Book, tmp_path: Path) -> Path:
    """Return a copy of the site; its files are links until one is written anew."""
    return Path(shutil.copytree(book.site, tmp_path / "site", copy_function=os.link))


def write(site: Path, file: str, content: bytes) -> None:
    """Put another file in the place of one, without touching what it is a link to."""
    (site / file).unlink(missing_ok=True)
    (site / file).write_bytes(content)


def compared(book: Book, copy: Path) -> Check:
    return make_check("site", "the copy", "x", compare_sites(book.site, copy, book))


def test_an_honest_copy_has_no_fault(book: Book, copy: Path) -> None:
    write_manifest(copy)
    pages = read_pages(copy, book.expected, book.known, [f"{name}.html" for name in book.expected])
    checks = [
        compared(book, copy), check_pages("Pages", pages, book.expected),
        check_downloads(copy, book.expected), check_explorer(copy),
    ]  # fmt: skip
    assert lines(fault for done in checks for fault in done.faults) == ""
    assert all(done.counts for done in checks)


PAGE_CHANGES = {
    "a glued number": (r'(class="pasted-text"[^>]*>[^<]*?)(\d+)', True),
    "a glued word": (r'(class="pasted-text">)\w+', True),
    "a number in a table": (r"(<td[^>]*>)(\d+%?)(?=</td>)", True),
    "what is left to 100": (r"((?:<td[^>]*>)The public</td>\s*<td[^>]*>)(22)(?=</td>)", True),
    "a number in the interactive chart": (r'(<script type="application/json" class="chart-spec".*?)(68)', True),
    "a caption": (r'(class="chart-title"[^>]*>)\w+', True),
    "a note": (r'(class="chart-notes"><p>)\w+', True),
    "a number in a picture": (r'(class="chart-picture".*?>)(68%)(?=</text>)', False),
    "a bar that ends elsewhere": (r'(class="chart-picture".*?<line transform="translate\()[\d.]+', False),
    "the address of a download": (r'(<a href="\.\./_static/figures/)[\w-]+', False),
    "a sentence of prose": (r"(<h2>)\w+", False),
    "a number that no cell gave": (r"(<p>)", False),
}


@pytest.mark.parametrize(("pattern", "has_figures"), PAGE_CHANGES.values(), ids=PAGE_CHANGES)
def test_what_was_changed_on_a_page_is_caught_by_its_chapter_and_figure(
    book: Book, copy: Path, pattern: str, has_figures: bool
) -> None:
    file = f"{QUALITY}.html"
    text = (book.site / file).read_text(encoding="utf-8")
    tampered, times = re.subn(pattern, r"\g<1>97", text, count=1, flags=re.DOTALL)
    assert times == 1
    write(copy, file, tampered.encode())
    faults = compared(book, copy).faults
    assert faults
    assert all((fault.file, fault.chapter) == (file, QUALITY) for fault in faults)
    assert any(fault.figures for fault in faults) == has_figures, lines(faults)


FILE_CHANGES: dict[str, tuple[str, bytes, bytes]] = {
    "data as CSV": (f"{DOWNLOAD}.csv", b"68", b"86"),
    "their description": (f"{DOWNLOAD}.csv-metadata.json", b"t1p_custsat", b"t1p_vfm"),
    "a specification": (f"{DOWNLOAD}.vl.json", b"68", b"86"),
    "a picture": (f"{DOWNLOAD}.svg", b"68", b"86"),
    "the workbook": (WORKBOOK, b"PK", b"KP"),
    "a painted picture": (f"{DOWNLOAD}.png", b"IEND", b"aaaaIEND"),
    "the search": ("searchindex.js", b'"68"', b'"97"'),
    "a stylesheet": ("_static/surveybook.css", b"{", b"{ display: none; "),
}


def test_each_file_that_was_changed_is_caught_with_the_figures_behind_it(book: Book, copy: Path) -> None:
    for file, old, new in FILE_CHANGES.values():
        content = (copy / file).read_bytes()
        assert old in content
        write(copy, file, content.replace(old, new, 1))
    faults = {fault.file: fault for fault in compared(book, copy).faults}
    assert faults.keys() == {file for file, *_ in FILE_CHANGES.values()}
    own = [fault for file, fault in faults.items() if file.startswith(DOWNLOAD)]
    assert {fault.chapter for fault in own} == {QUALITY}
    assert all(FIGURE in fault.figures for fault in own)


def test_data_to_take_away_that_differ_from_their_chart_or_cannot_be_read_are_named(book: Book, copy: Path) -> None:
    file = f"{DOWNLOAD}.csv"
    write(copy, file, (copy / file).read_bytes().replace(b"68", b"86", 1))
    (fault,) = check_downloads(copy, book.expected).faults
    assert (fault.file, fault.chapter) == (file, QUALITY)
    (copy / file).unlink()
    assert f"{file}, {QUALITY}: it can't be read" in lines(check_downloads(copy, book.expected).faults)


def spoil_workbook(site: Path, change: Callable[[Any], None]) -> str:
    """Change the full tables of a copy, and return what is found wrong with them."""
    tables = openpyxl.load_workbook(site / WORKBOOK)
    change(tables)
    (site / WORKBOOK).unlink()
    tables.save(site / WORKBOOK)
    faults = check_tables(site, "2004").faults
    assert all(fault.file == WORKBOOK for fault in faults)
    return lines(faults)


@pytest.mark.parametrize("changes", [
    [("Table 1", 68, 86), ("Table 1", 1000, 999), ("Table 1", 56, "[1]")],
    [("Table 1", "Value for money", "Meeting political objectives"), ("All figures", 68, 86),
     ("All figures", "assumed", "stated"), ("Table 1", "Frontline staff", "Somebody else")],
], ids=["shares and a base", "what figures are called"])  # fmt: skip
def test_the_full_tables_are_held_against_the_data(copy: Path, changes: list[tuple[str, object, object]]) -> None:
    """The bytes of a workbook differ between machines, so that no hash tells of a cell that was changed."""

    def change(tables: Any) -> None:
        for sheet, old, new in changes:
            next(cell for row in tables[sheet].iter_rows() for cell in row if cell.value == old).value = new

    assert lines(check_tables(copy, "2004").faults) == ""
    said = spoil_workbook(copy, change)
    assert [new for _, _, new in changes if str(new) not in said] == []
    assert "(figures: " in said


@pytest.mark.parametrize(("name", "said"), [
    ("waves/2004/estimates.csv", "waves/2004/estimates.csv in it isn't"),
    ("waves/2004/responses_public.csv", "names no such file"),
])  # fmt: skip
def test_the_data_package_to_take_away_holds_the_report_s_data_and_nothing_else(
    copy: Path, name: str, said: str
) -> None:
    assert check_archive(copy).counts["files"] > 1
    assert lines(check_archive(copy).faults) == ""
    with zipfile.ZipFile(copy / PACKAGE) as packed:
        content = {one: packed.read(one) for one in packed.namelist()} | {name: b"changed"}
    (copy / PACKAGE).unlink()
    with zipfile.ZipFile(copy / PACKAGE, "w") as packed:
        for one, bytes_of_it in content.items():
            packed.writestr(one, bytes_of_it)
    (fault,) = check_archive(copy).faults
    assert (fault.file, said in fault.said) == (PACKAGE, True)


@pytest.mark.parametrize(("chapter", "pattern", "said"), [
    (QUALITY, r'(class="chart-picture".*?>)(68%)(?=</text>)', "its drawing says '83%'"),
    ("chapters/94-claims",
     r'(id="claim-q-customer-research-a-fifth".*?>)contradicted(?=<)', "doesn't say 'contradicted'"),
])  # fmt: skip
def test_what_a_page_says_somewhere_else_too_is_missed_where_it_belongs(
    book: Book, copy: Path, chapter: str, pattern: str, said: str
) -> None:
    text = (book.site / f"{chapter}.html").read_text(encoding="utf-8")
    tampered, times = re.subn(pattern, r"\g<1>83%", text, count=1, flags=re.DOTALL)
    assert times == 1
    write(copy, f"{chapter}.html", tampered.encode())
    (check,) = read_pages(copy, book.expected, book.known, [f"{chapter}.html"]).values()
    assert said in lines(check.faults)


def test_a_chapter_without_a_page_is_named(book: Book) -> None:
    pages = read_pages(book.site, book.expected, book.known, [f"{name}.html" for name in book.expected])
    del pages[f"{QUALITY}.html"]
    (fault,) = check_pages("Pages", pages, book.expected).faults
    assert str(fault) == f"{QUALITY}.html, {QUALITY}: the page is missing"


def test_a_table_that_is_missing_or_unreadable_is_named(copy: Path) -> None:
    said = spoil_workbook(copy, lambda tables: tables.remove(tables["Table 2"]))
    assert "it has 32 tables where the data have 33 questions" in said
    (copy / WORKBOOK).write_bytes(b"PK")
    assert "can't be read" in lines(check_tables(copy, "2004").faults)


def test_what_the_explorer_says_is_left_is_held_against_the_data(book: Book, copy: Path) -> None:
    name = "_static/explorer/services_improved.js"
    answers = (copy / name).read_text(encoding="utf-8")
    changed, times = re.subn(r'"Don\'t know or other","16"', '"Don\'t know or other","17"', answers, count=1)
    assert times == 1
    write(copy, name, changed.encode())
    assert ["17" in str(fault) for fault in check_explorer(copy).faults] == [True, False]


@pytest.mark.parametrize("field", ["value", "label", "population", "share", "low", "base"])
def test_two_figures_of_the_explorer_that_changed_places_are_caught_each(book: Book, copy: Path, field: str) -> None:
    page = (copy / "explorer.html").read_text(encoding="utf-8")
    fields = json.loads(re.search(r'id="explorer-data">(.*?)</script>', page, re.DOTALL)[1])["fields"]
    name = "_static/explorer/quality_indicators.js"
    call, _, told = (copy / name).read_text(encoding="utf-8").partition(", ")
    answers = json.loads(told.strip().removesuffix(");"))
    share, place = fields.index("share"), fields.index(field)
    one = next(row for row in answers["figures"] if row[share] == 68)
    other = next(row for row in answers["figures"] if row[share] is not None and row[place] != one[place])
    one[place], other[place] = other[place], one[place]
    write(copy, name, f"{call}, {json.dumps(answers)});\n".encode())
    faults = check_explorer(copy).faults
    assert any(FIGURE in fault.figures for fault in faults), lines(faults)
    assert len(faults) == 4
