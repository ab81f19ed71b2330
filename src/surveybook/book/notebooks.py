"""Chapters as files: read within limits, their parameters, and what may be stored in them."""

import ast
import difflib
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from surveybook.model import paths
from surveybook.model.problems import SurveybookError

LARGEST_NOTEBOOK = 10_000_000
PARAMETERS = "parameters"
CHART = "application/vnd.vegalite.v6+json"
TABLE = "application/vnd.surveybook.table+json"
CARDS = "application/vnd.surveybook.cards+json"
GLUED = "application/papermill.record/text/plain"
# What chapters put out. HTML, scripts, SVG and widgets could bring anything onto a page, and nothing needs them.
KINDS = frozenset({CHART, TABLE, CARDS, GLUED, "text/plain"})
# A chart holds its data; with these keys it would fetch them, or something else, or lead elsewhere.
LEADING_ELSEWHERE = ("url", "href", "loader", "embedOptions")
ADVICE = "store it with: surveybook chapter store"


def read_notebook(path: Path) -> Any:
    """Return a notebook.

    Raises
    ------
    SurveybookError
        When it isn't there, is far larger than any chapter, or isn't a notebook.
    """
    import nbformat

    name = paths.shown(path)
    if not path.is_file():
        there = ", ".join(chapter.stem for chapter in paths.chapters())
        raise SurveybookError(f"There is no chapter {name}. There are: {there}.")
    if path.stat().st_size > LARGEST_NOTEBOOK:
        raise SurveybookError(
            f"{name} holds over {LARGEST_NOTEBOOK // 1_000_000} MB, and a chapter some hundred kB: "
            "clear its outputs, or check what it is."
        )
    try:
        return nbformat.read(path, as_version=4)
    except Exception as error:
        raise SurveybookError(f"{name} isn't a notebook that can be read: {str(error)[:200]}.") from None


def read_parameters(notebook: Path) -> dict[str, Any]:
    """Return the parameters of a chapter with their defaults, from the cell tagged ``parameters``.

    Raises
    ------
    SurveybookError
        When the file isn't a notebook, or has no such cell of plain literals.
    """
    for cell in read_notebook(notebook).cells:
        if PARAMETERS in cell.metadata.get("tags", []):
            try:
                return {
                    target.id: ast.literal_eval(line.value)
                    for line in ast.parse(cell.source).body
                    if isinstance(line, ast.Assign)
                    for target in line.targets
                    if isinstance(target, ast.Name)
                }
            except (SyntaxError, ValueError):
                break
    raise SurveybookError(f"{paths.shown(notebook)} has no cell tagged '{PARAMETERS}' that holds plain values.")


def change_parameters(notebook: Path, given: Mapping[str, Any]) -> dict[str, Any]:
    """Return those of some parameters that aren't a chapter's defaults.

    Raises
    ------
    SurveybookError
        When the chapter doesn't have one: papermill would warn and go on with the defaults. It names those that there
        are, and the one that was probably meant.
    """
    known = read_parameters(notebook)
    for name in given:
        if name not in known:
            close = difflib.get_close_matches(name, known, n=1)
            hint = f" Did you mean '{close[0]}'?" if close else ""
            raise SurveybookError(
                f"{paths.shown(notebook)} has no parameter '{name}'; it has {', '.join(known)}.{hint}"
            )
    return {name: value for name, value in given.items() if value != known[name]}


def clean_notebook(content: Any) -> Any:
    """Return a notebook without what differs from run to run: times, versions, papermill's and widgets' traces."""
    content.metadata = {
        "kernelspec": {"display_name": "Python 3", "language": "python", "name": "python3"},
        "language_info": {"name": "python"},
    }
    for position, cell in enumerate(content.cells):
        tags = [tag for tag in cell.metadata.get("tags", []) if tag != "injected-parameters"]
        if tags != cell.metadata.get("tags", []):
            tags = [*tags, "remove-cell"]
        cell.metadata = {"tags": tags} if tags else {}
        cell.id = f"cell-{position:02d}"
    return content


def find_traces(path: Path) -> Iterator[str]:
    """Yield what sets a notebook apart from a chapter that was executed once, from top to bottom, and cleaned.

    Parameters
    ----------
    path : Path
        A notebook that can be read.
    """
    import nbformat

    text = path.read_text(encoding="utf-8")
    notebook = nbformat.reads(text, as_version=4)
    numbered = [(number, cell) for number, cell in enumerate(notebook.cells, start=1) if cell.cell_type == "code"]
    for place, (number, cell) in enumerate(numbered, start=1):
        if cell.execution_count != place:
            count = cell.execution_count or "nothing"
            yield f"{paths.shown(path)}, cell {number}: it was run as {count}, not as {place}; {ADVICE}."
            break
    if nbformat.writes(clean_notebook(notebook)).strip() != text.strip():
        yield f"{paths.shown(path)}: it holds times, versions or settings of the program that saved it; {ADVICE}."


def find_foreign_outputs(content: Any) -> Iterator[tuple[int, str]]:
    """Yield each output that the book doesn't make, by the number of its cell and what it holds."""
    if "widgets" in content.get("metadata", {}):
        yield 0, "the state of widgets"
    for number, cell in enumerate(content.get("cells", []), start=1):
        if cell.get("attachments"):
            yield number, "an attachment"
        for output in cell.get("outputs", []):
            if output["output_type"] not in ("display_data", "execute_result"):
                yield number, f"an output of the kind {output['output_type']}"
                continue
            for kind in sorted(set(output["data"]) - KINDS):
                yield number, f"an output of the kind {kind}"
            for key in sorted(set(_keys_of(output["data"].get(CHART, {}))).intersection(LEADING_ELSEWHERE)):
                yield number, f"a chart with '{key}'"


def _keys_of(value: Any) -> Iterator[str]:
    """Yield the keys of mappings at any depth, but not those of rows of data."""
    if isinstance(value, dict):
        for key, inner in value.items():
            yield key
            if key not in ("values", "datasets"):
                yield from _keys_of(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from _keys_of(inner)
