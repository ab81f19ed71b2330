"""What the build refuses, and that it gives the same bytes each time."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import nbformat
import pytest
from conftest import build, built
from sample import CHART, chart_spec, output, sample_notebook, write_sample_book

from surveybook.book.sphinx_ext.html import data_island, table, tag
from surveybook.book.sphinx_ext.pages import shortened


@pytest.fixture(scope="module")
def complaints(tmp_path_factory: pytest.TempPathFactory) -> str:
    """Return what the build says of a chart without alternative, with a bad name and a foreign colour."""
    folder = tmp_path_factory.mktemp("bad")
    book = write_sample_book(folder / "book")
    spec = chart_spec()
    spec["usermeta"]["surveybook"] |= {"name": "../Bad name", "alternative": ""}
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


def test_two_builds_give_the_same_files_wherever_they_are_made(
    sample_site: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name, value in {"TZ": "Pacific/Kiritimati", "LC_ALL": "C", "PYTHONHASHSEED": "7"}.items():
        monkeypatch.setenv(name, value)
    again = built(write_sample_book(tmp_path / "else where" / "böok"), tmp_path)
    # Sphinx writes into .buildinfo how it was called; nobody reads it.
    files = [
        path.relative_to(again) for path in sorted(again.rglob("*")) if path.is_file() and path.name != ".buildinfo"
    ]
    assert {file.suffix for file in files} >= {".html", ".svg", ".png", ".css", ".js", ".csv", ".xlsx"}
    assert [file for file in files if (again / file).read_bytes() != (sample_site / file).read_bytes()] == []


DRAW = """
import hashlib, json, pathlib, sys
from surveybook.book.sphinx_ext.drawing import exported, picture
spec, cache = json.loads(sys.stdin.read()), pathlib.Path(sys.argv[1])
print(*(hashlib.sha256(drawn).hexdigest() for drawn in (picture(spec, cache).encode(), *exported(spec, cache))))
"""


@pytest.mark.slow
def test_drawings_and_pictures_depend_on_no_font_of_the_machine(tmp_path: Path) -> None:
    from fontTools.ttLib import TTFont

    other = next(iter(Path("/usr/share/fonts").rglob("*Mono*-Bold.ttf")), None)
    if other is None:
        pytest.skip("FONTS NOT TRIED: this machine has no font to pass off as Arial.")
    font = TTFont(other)
    for name in font["name"].names:
        if name.nameID in (1, 3, 4, 6, 16):
            name.string = "Arial"
    font["OS/2"].usWeightClass = 400
    (tmp_path / "home" / ".fonts").mkdir(parents=True)
    font.save(tmp_path / "home" / ".fonts" / "arial.ttf")
    drawn = [
        subprocess.run(
            [sys.executable, "-c", DRAW, str(tmp_path / home)],
            input=json.dumps(chart_spec()), env={**os.environ, "HOME": str(tmp_path / home)},
            capture_output=True, text=True, check=True,
        ).stdout
        for home in ("home", "nowhere")
    ]  # fmt: skip
    assert drawn[0] == drawn[1]


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
