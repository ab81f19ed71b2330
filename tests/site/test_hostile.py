"""What is foreign reaches no page and stops a strict build; markup in labels, titles and notes stays text."""

import csv
import json
import os
import zipfile
from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace
from xml.etree import ElementTree

import nbformat
import openpyxl
import pytest
from bs4 import BeautifulSoup
from conftest import build
from nbformat.v4 import new_code_cell, new_markdown_cell, new_output
from playwright.sync_api import Page, expect
from sample import (
    CHART,
    PUBLIC,
    TABLE,
    chart_meta,
    chart_spec,
    code,
    output,
    sample_notebook,
    table_of,
    write_notebook,
    write_sample_book,
)
from sphinx.errors import ExtensionError

from surveybook.book.sphinx_ext.transforms import refuse_large
from surveybook.exhibits.documents import FIGURES, write_workbook
from surveybook.exhibits.forms import Series, draw_rows, finish_spec
from surveybook.waves import open_wave

pytestmark = pytest.mark.slow

Open = Callable[..., Page]
ALERT = "alert(20050301)"
OUTPUTS = (
    {"text/html": f"<script>{ALERT}</script>", "text/plain": "a table"},
    {"application/javascript": ALERT},
    {"image/svg+xml": f"<svg xmlns='http://www.w3.org/2000/svg' onload='{ALERT}'/>"},
    {"text/markdown": f"[a link](javascript:{ALERT})"},
    {"application/vnd.jupyter.widget-view+json": {"model_id": "20050301"}},
)
TEXT = f"""# Hostile

<script>{ALERT}</script> and <b onclick="{ALERT}">bold</b>, [a link](javascript:{ALERT}).

```{{raw}} html
<img src="x" onerror="{ALERT}">
```

```{{include}} ../secret.txt
```

It printed {{printed}}`nowhere`, {{printed}}`hours-gap` and {{printed}}`quality-first:a third`.
"""
MISSING = ("title", "subtitle", "base", "alternative")
PLANTED = "</script><script>alert(1)</script><img src=x onerror=alert(2)>"
SVG = "{http://www.w3.org/2000/svg}"


def hostile_notebook() -> nbformat.NotebookNode:
    """Return the sample's notebook with a broken chart, foreign outputs, and scripts in its text."""
    notebook, spec = sample_notebook(), json.loads(json.dumps(chart_spec()).replace(PUBLIC, "#ff0000"))
    spec["usermeta"]["surveybook"] |= {"name": "../Bad name", **dict.fromkeys(MISSING, "")}
    notebook.cells[3].outputs = [output(CHART, spec)]
    notebook.metadata["widgets"] = {"application/vnd.jupyter.widget-state+json": {"state": {}, "version_major": 2}}
    cells = [new_code_cell("1", outputs=[new_output("display_data", data=data)], execution_count=9) for data in OUTPUTS]
    notebook.cells += [new_markdown_cell(TEXT), *cells]
    return notebook


def planted_notebook() -> nbformat.NotebookNode:
    """Return a notebook with one chart and one table, whose texts are all planted."""
    mark = {"status": "number", "share": 0.4, "low": 0.37, "high": 0.43, "text": f"40% {PLANTED}", "tip": PLANTED}
    groups = (Series(PLANTED, "#1d4f91"), Series("Others", "#b8471a"))
    rows = [{"label": f"{place} {PLANTED}", "series": group.name, **mark} for place in range(2) for group in groups]
    said = ("title", "subtitle", "base", "alternative", "source", "interval_note")
    told = {**chart_meta("planted"), **dict.fromkeys(said, PLANTED), "notes": [PLANTED]}
    told["table"] = {"columns": [PLANTED, "Share"], "rows": [[PLANTED, 40]]}
    spec = {**finish_spec(draw_rows(rows, groups), PLANTED), "usermeta": {"surveybook": told}}
    texts = dict.fromkeys(("subtitle", "base", "note", "source"), PLANTED)
    table = table_of("planted-table", PLANTED, [PLANTED, "a", "b", PLANTED], [[PLANTED] * 4], figures=[], **texts)
    cell = code("show()", 1, output(CHART, spec), output(TABLE, table))
    return write_notebook(new_markdown_cell("# Order\n\nWhat comes first."), cell)


@pytest.fixture(scope="module")
def hostile(extras: Path, tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, str]:
    """Return the pages of a book with all of it, and what the strict build that failed says."""
    folder = tmp_path_factory.mktemp("hostile")
    book = write_sample_book(folder / "book", extras)
    nbformat.write(hostile_notebook(), book / "chapters" / "02-quality.ipynb")
    nbformat.write(planted_notebook(), book / "chapters" / "03-order.ipynb")
    (book / "secret.txt").write_text("hunter2")
    process = build(book, folder, "-W", "--keep-going", "-q")
    assert process.returncode != 0
    return folder / "_build" / "html", process.stdout + process.stderr


@pytest.mark.parametrize(
    "said",
    [
        "HTML in the source of a page is left out", "'application/javascript'", "'image/svg+xml'", "'text/markdown'",
        f"The chart '../Bad name' lacks {', '.join(MISSING)}.", "The chart name '../Bad name' can't be an address.",
        "uses #ff0000, which would stay as it is on a dark page", "data/claims.yml has no claim 'nowhere'",
        "the claim 'hours-gap' has no printed phrase",
        "the claim 'quality-first' has no printed phrase 'a third'; it has half",
    ],
)  # fmt: skip
def test_the_build_refuses_what_is_foreign_or_broken_and_names_it(hostile: tuple[Path, str], said: str) -> None:
    assert said in hostile[1]


def test_scripts_html_pictures_and_widgets_of_a_notebook_reach_no_page(hostile: tuple[Path, str]) -> None:
    pages = {page.name: page.read_text(encoding="utf-8") for page in hostile[0].rglob("*.html")}
    assert "02-quality.html" in pages
    traces = (f"<script>{ALERT}", "onclick=", f'onerror="{ALERT}', "onload=", 'href="javascript:', "require.min.js")
    for trace in (*traces, "widget-state", "hunter2"):
        assert [name for name, text in pages.items() if trace in text] == [], trace
    assert not list(hostile[0].parents[1].glob("**/*Bad name*")), "a bad name became a file"


def test_a_notebook_of_ten_gigabytes_stops_the_build_before_it_is_read(tmp_path: Path) -> None:
    path = tmp_path / "huge.ipynb"
    path.touch()
    os.truncate(path, 10_000_000_000)
    env = SimpleNamespace(settings={}, found_docs={"huge"}, doc2path=lambda name: str(path))
    with pytest.raises(ExtensionError, match=r"huge\.ipynb holds over 10 MB"):
        refuse_large(SimpleNamespace(), env, [])


def test_planted_markup_is_shown_as_the_text_that_it_is(hostile: tuple[Path, str]) -> None:
    page = BeautifulSoup((hostile[0] / "chapters" / "03-order.html").read_text(encoding="utf-8"), "lxml")
    assert not page.select("main img, main [onerror]")
    assert [script.get("type") for script in page.select("main script")] == ["application/json"]
    for place in (".chart .chart-title", ".chart .chart-notes p", ".data-table caption .chart-title",
                  ".data-table tbody th", ".data-table tbody td", ".chart .chart-cite"):  # fmt: skip
        found = page.select_one(place)
        assert found is not None, place
        assert PLANTED in found.get_text(), place
    # The name of a column stands in an attribute too, for phones.
    assert page.select_one(".data-table tbody td:last-child")["data-label"] == PLANTED


def test_planted_labels_run_nothing_when_the_chart_comes_alive(hostile: tuple[Path, str], open_page: Open) -> None:
    page = open_page(hostile[0] / "chapters" / "03-order.html")
    page.locator(".chart-picture").focus()
    expect(page.locator(".chart-picture")).to_have_attribute("data-state", "live")
    page.keyboard.press("ArrowDown")
    expect(page.locator(".chart-readout")).to_contain_text(PLANTED)
    assert page.locator("main img, main [onerror]").count() == 0
    assert page.heard == []


def test_planted_labels_stay_text_in_every_file_that_is_taken_away(hostile: tuple[Path, str]) -> None:
    (drawn,) = hostile[0].rglob("planted.svg")
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


def test_the_workbook_holds_every_figure_and_executes_nothing(tmp_path: Path) -> None:
    survey = open_wave("2004")
    for column in ("label", "note", "locator"):
        survey.estimates[column] = f"={PLANTED}"
    path, again = (write_workbook(survey, tmp_path / name) for name in ("a.xlsx", "b.xlsx"))
    assert again.read_bytes() == path.read_bytes()
    with zipfile.ZipFile(path) as book:
        text = "".join(book.read(name).decode() for name in book.namelist() if name.endswith(".xml"))
    assert openpyxl.load_workbook(path)[FIGURES].max_row == len(survey.estimates) + 1
    assert "<f>" not in text
    assert "<script" not in text
    assert "&lt;script&gt;" in text
    assert "not published" in text
