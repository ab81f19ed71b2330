"""What the build refuses, and that it gives the same bytes each time."""

from __future__ import annotations

from pathlib import Path

import nbformat
import pytest
from conftest import build, built
from sample import CHART, chart_spec, output, sample_notebook, write_sample_book

from whyict.sphinx_ext.html import data_island, table, tag
from whyict.sphinx_ext.pages import shortened


@pytest.fixture(scope="module")
def complaints(tmp_path_factory: pytest.TempPathFactory) -> str:
    """Return what the build says of a chart without alternative, with a bad name and a foreign colour."""
    folder = tmp_path_factory.mktemp("bad")
    book = write_sample_book(folder / "book")
    spec = chart_spec()
    spec["usermeta"]["whyict"] |= {"name": "../Bad name", "alternative": ""}
    spec["config"]["axis"]["gridColor"] = "#ff0000"
    notebook = sample_notebook()
    notebook.cells[3].outputs = [output(CHART, spec)]
    nbformat.write(notebook, book / "chapters" / "02-quality.ipynb")
    process = build(book, folder, "-W", "--keep-going", "-q")
    assert process.returncode != 0, "the build let a broken chart through"
    assert not list(folder.glob("**/*Bad name*")), "a bad name became a file"
    return process.stdout + process.stderr


def test_a_chart_without_its_alternative_is_refused(complaints: str) -> None:
    assert "The chart '../Bad name' lacks alternative." in complaints


def test_a_chart_with_a_name_that_is_no_address_is_refused(complaints: str) -> None:
    assert "The chart name '../Bad name' can't be an address." in complaints


def test_a_colour_that_the_dark_scheme_could_not_change_is_refused(complaints: str) -> None:
    assert "uses #ff0000" in complaints


def test_two_builds_give_the_same_pages(sample_site: Path, tmp_path: Path) -> None:
    again = built(write_sample_book(tmp_path / "elsewhere" / "book"), tmp_path)
    files = sorted(path.relative_to(again) for path in again.rglob("*.html"))
    files += sorted(path.relative_to(again) for path in again.glob("_static/figures/*"))
    assert [file for file in files if (again / file).read_bytes() != (sample_site / file).read_bytes()] == []


def test_an_edition_without_fieldwork_is_refused(tmp_path: Path) -> None:
    book = write_sample_book(tmp_path / "book")
    (book / "_build").mkdir(exist_ok=True)
    (book / "_build" / "edition.json").write_text('{"name": "2031 edition", "fieldwork": ""}')
    process = build(book, tmp_path, "-q")
    assert process.returncode != 0
    assert "The edition lacks fieldwork." in process.stdout + process.stderr


def test_data_cannot_close_the_script_that_holds_them() -> None:
    assert "<" not in data_island({"label": "</script><script>alert(1)"})


def test_cells_and_attributes_are_escaped() -> None:
    assert tag("p", "a < b", title='"quoted"') == '<p title="&quot;quoted&quot;">a &lt; b</p>'
    assert '<th scope="row">&lt;b&gt;</th>' in table(["Item"], [["<b>"]])


def test_a_column_of_numbers_is_aligned_as_one_and_a_word_in_it_is_not() -> None:
    html = table(["Item", "Per cent"], [["a", "68%"], ["b", 31.5]])
    assert html.count('class="number"') == 3
    assert table(["Item", "Per cent"], [["a", "most"]]).count('class="number"') == 0


def test_descriptions_are_cut_after_a_word() -> None:
    assert shortened("one two three", 9) == "one two…"
    assert shortened("one two", 9) == "one two"
