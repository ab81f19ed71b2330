"""The stored chapters: executed, in pattern, and what a fresh run gives."""

import json
import re
from pathlib import Path
from typing import Any

import pytest

from surveybook.book.notebooks import clean_notebook, compare_files, compare_notebooks, find_difference, read_parameters
from surveybook.book.running import execute_chapter, execute_chapters
from surveybook.model import paths

CHAPTERS = paths.chapters()
NAMES = [path.stem for path in CHAPTERS]


def load(path: Path) -> dict[str, Any]:
    return json.loads(path.read_text(encoding="utf-8"))


def code_cells(path: Path) -> list[dict[str, Any]]:
    return [cell for cell in load(path)["cells"] if cell["cell_type"] == "code"]


@pytest.mark.parametrize("path", CHAPTERS, ids=NAMES)
def test_a_chapter_is_stored_executed_so_that_nbval_has_something_to_compare(path: Path) -> None:
    cells = code_cells(path)
    assert all(cell["execution_count"] == number for number, cell in enumerate(cells, start=1))
    outputs = [output for cell in cells for output in cell["outputs"]]
    assert outputs
    assert not [output for output in outputs if output["output_type"] == "error"]


@pytest.mark.parametrize("path", CHAPTERS, ids=NAMES)
def test_the_first_code_cell_holds_the_parameters_as_plain_values(path: Path) -> None:
    assert "parameters" in code_cells(path)[0]["metadata"]["tags"]
    assert read_parameters(path) == {"wave": "2004", "baseline": ""}


@pytest.mark.parametrize("path", CHAPTERS, ids=NAMES)
def test_a_chapter_is_stored_without_traces_of_its_run_and_small(path: Path) -> None:
    import nbformat

    notebook = nbformat.read(path, as_version=4)
    assert nbformat.writes(clean_notebook(notebook)).strip() == path.read_text(encoding="utf-8").strip()
    assert path.stat().st_size < 200_000


@pytest.fixture(scope="module")
def executed_again(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("again")
    assert not [run.fault for run in execute_chapters(CHAPTERS, folder) if run.fault]
    return folder


@pytest.mark.slow
@pytest.mark.parametrize("path", CHAPTERS, ids=NAMES)
def test_a_fresh_run_gives_what_is_stored(path: Path, executed_again: Path) -> None:
    changes = compare_files(path, executed_again / path.relative_to(paths.root()))
    assert not changes, "\n".join(["The data or the code changed these outputs:", *map(str, changes)])


@pytest.mark.slow
def test_one_point_in_the_data_is_followed_to_text_chart_and_figure(edit: Any, tmp_path: Path) -> None:
    edit(
        "waves/2004/estimates.csv",
        "customer_satisfaction,chosen,number,68,0,,1000",
        "customer_satisfaction,chosen,number,69,0,,1000",
    )
    chapter = paths.root() / paths.CHAPTERS_FOLDER / "02-quality.ipynb"
    execute_chapter(chapter, tmp_path / "again.ipynb")
    changes = compare_files(chapter, tmp_path / "again.ipynb")
    charts = [change for change in changes if change.output == "chart 'quality-indicators'"]
    assert charts[0].figures == ("t1p_custsat",)
    assert "; 68; " in charts[0].before
    assert "; 69; " in charts[0].after
    texts = [change for change in changes if change.output == "glued text 'quality_leaders'"]
    assert "t1p_custsat" in texts[0].figures
    assert "chapters/02-quality.ipynb, cell" in str(texts[0])


def test_an_output_that_went_missing_is_a_change() -> None:
    stored = {"cells": [{"outputs": [{"output_type": "stream", "text": "a"}]}]}
    assert len(list(compare_notebooks("x", stored, {"cells": [{"outputs": []}]}))) == 1
    assert list(compare_notebooks("x", stored, stored)) == []


@pytest.mark.parametrize(
    ("before", "after", "found"),
    [
        ({"a": [1, {"b": "one"}]}, {"a": [1, {"b": "two"}]}, ("a[1].b", "one", "two")),
        ({"a": 1}, {"a": 1, "b": 2}, ("b", "nothing", "2")),
        ([1], [1, 2], ("", "[1]", "[1, 2]")),
        (1, 1.0, ("", "1", "1.0")),
        (0.25, 0.26, ("", "0.25", "0.26")),
        (0.25, 0.2500001, None),
        ("x" * 50 + "a", "x" * 50 + "b", ("", "x" * 30 + "a", "x" * 30 + "b")),
    ],
)
def test_where_two_values_first_differ_is_found(before: Any, after: Any, found: tuple[str, str, str] | None) -> None:
    assert find_difference(before, after, tolerance=1e-6) == found


def test_every_formula_can_be_set_as_the_pages_need_it() -> None:
    from docutils.utils.math import MathError
    from docutils.utils.math.latex2mathml import tex2mathml

    unset = []
    for path in CHAPTERS:
        texts = ["".join(cell["source"]) for cell in load(path)["cells"] if cell["cell_type"] == "markdown"]
        for block, inline in re.findall(r"\$\$(.+?)\$\$|\$([^$]+)\$", "\n\n".join(texts), re.DOTALL):
            try:
                tex2mathml(block or inline, as_block=bool(block))
            except MathError as error:
                unset.append(f"{path.name}: {block or inline}: {error}")
    assert unset == []
