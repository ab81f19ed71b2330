"""Labels, titles and notes that look like markup stay text: on the page, in the live chart, in what is taken away."""

from __future__ import annotations

import csv
import json
import zipfile
from collections.abc import Callable
from pathlib import Path
from xml.etree import ElementTree

import nbformat
import pytest
from bs4 import BeautifulSoup
from conftest import built, made_once
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook
from playwright.sync_api import Page, expect
from sample import CHART, TABLE, chart_meta, output, write_sample_book

from surveybook.exhibits import workbook
from surveybook.exhibits.drawing import Series, draw_rows, finish_spec
from surveybook.waves import open_wave

pytestmark = pytest.mark.slow

Open = Callable[..., Page]
PLANTED = "</script><script>alert(1)</script><img src=x onerror=alert(2)>"
SVG = "{http://www.w3.org/2000/svg}"


@pytest.fixture(scope="module")
def planted(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the pages of a book whose chart and table carry markup wherever a text can stand."""

    def make(folder: Path) -> None:
        book = write_sample_book(folder / "book")
        nbformat.write(planted_notebook(), book / "chapters" / "03-order.ipynb")
        built(book, folder)

    return made_once(tmp_path_factory, "planted", make) / "_build" / "html"


def planted_notebook() -> nbformat.NotebookNode:
    """Return a notebook with one chart and one table, whose texts are all planted."""
    mark = {"status": "number", "share": 0.4, "low": 0.37, "high": 0.43, "text": f"40% {PLANTED}", "tip": PLANTED}
    groups = (Series(PLANTED, "#1d4f91"), Series("Others", "#b8471a"))
    rows = [{"label": f"{place} {PLANTED}", "series": group.name, **mark} for place in range(2) for group in groups]
    texts = ("title", "subtitle", "base", "alternative", "source", "interval_note")
    told = {**chart_meta("planted"), **dict.fromkeys(texts, PLANTED), "notes": [PLANTED]}
    told["table"] = {"columns": [PLANTED, "Share"], "rows": [[PLANTED, 40]]}
    spec = {**finish_spec(draw_rows(rows, groups), PLANTED), "usermeta": {"surveybook": told}}
    columns = [PLANTED, "a", "b", PLANTED]
    table = {"name": "planted-table", **dict.fromkeys(("title", "subtitle", "base", "note", "source"), PLANTED),
             "columns": columns, "rows": [[PLANTED] * 4], "figures": []}  # fmt: skip
    outputs = [output(CHART, spec), output(TABLE, table)]
    cell = new_code_cell("show()", execution_count=1, outputs=outputs, metadata={"tags": ["hide-input"]})
    return new_notebook(cells=[new_markdown_cell("# Order\n\nWhat comes first."), cell],
                        metadata={"language_info": {"name": "python"}})  # fmt: skip


def test_planted_markup_is_shown_as_the_text_that_it_is(planted: Path) -> None:
    page = BeautifulSoup((planted / "chapters" / "03-order.html").read_text(encoding="utf-8"), "lxml")
    assert not page.select("main img, main [onerror]")
    assert [script.get("type") for script in page.select("main script")] == ["application/json"]
    for place in (".chart .chart-title", ".chart .chart-notes p", ".data-table caption .chart-title",
                  ".data-table tbody th", ".data-table tbody td", ".chart .chart-cite"):  # fmt: skip
        found = page.select_one(place)
        assert found is not None, place
        assert PLANTED in found.get_text(), place
    # The name of a column stands in an attribute too, for phones.
    assert page.select_one(".data-table tbody td:last-child")["data-label"] == PLANTED  # type: ignore[index]


def test_planted_labels_run_nothing_when_the_chart_comes_alive(planted: Path, open_page: Open) -> None:
    page = open_page(planted / "chapters" / "03-order.html")
    page.locator(".chart-picture").focus()
    expect(page.locator(".chart-picture")).to_have_attribute("data-state", "live")
    page.keyboard.press("ArrowDown")
    expect(page.locator(".chart-readout")).to_contain_text(PLANTED)
    assert page.locator("main img, main [onerror]").count() == 0
    assert page.heard == []  # type: ignore[attr-defined]


def test_planted_labels_stay_text_in_every_file_that_is_taken_away(planted: Path) -> None:
    (drawn,) = planted.rglob("planted.svg")
    picture = ElementTree.parse(drawn)
    assert not [one for one in picture.iter() if one.tag in (f"{SVG}script", f"{SVG}image", f"{SVG}foreignObject")]
    with drawn.with_name("planted.csv").open(encoding="utf-8", newline="") as file:
        assert list(csv.reader(file)) == [[PLANTED, "Share"], [PLANTED, "40"]]
    sidecar = json.loads(drawn.with_name("planted.csv-metadata.json").read_text(encoding="utf-8"))
    assert [sidecar["dc:title"], sidecar["surveybook:question"], sidecar["surveybook:base"]] == [PLANTED] * 3
    assert sidecar["tableSchema"]["columns"][0] == {"titles": PLANTED}
    spec = json.loads(drawn.with_name("planted.vl.json").read_text(encoding="utf-8"))
    # Long labels are broken into lines there.
    assert any("<script>alert(1)" in str(row.get("label")) for row in spec["data"]["values"])


def test_planted_labels_stay_text_in_the_workbook(tmp_path: Path) -> None:
    survey = open_wave("2004")
    for column in ("label", "note", "locator"):
        survey.estimates[column] = f"={PLANTED}"
    path = workbook.write_workbook(survey, tmp_path / "planted.xlsx")
    with zipfile.ZipFile(path) as book:
        text = "".join(book.read(name).decode() for name in book.namelist() if name.endswith(".xml"))
    assert "<f>" not in text
    assert "<script" not in text
    assert "&lt;script&gt;" in text
