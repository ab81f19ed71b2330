"""Notebooks as they are stored: read within limits, and with no outputs but those that the book makes."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from surveybook.model import paths
from surveybook.model.problems import SurveybookError

LARGEST_NOTEBOOK = 10_000_000
CHART = "application/vnd.vegalite.v6+json"
TABLE = "application/vnd.surveybook.table+json"
CARDS = "application/vnd.surveybook.cards+json"
GLUED = "application/papermill.record/text/plain"
# What chapters put out. HTML, scripts, SVG and widgets could bring anything onto a page, and nothing needs them.
KINDS = frozenset({CHART, TABLE, CARDS, GLUED, "text/plain"})
# A chart holds its data; with these keys it would fetch them, or something else, or lead elsewhere.
LEADING_ELSEWHERE = ("url", "href", "loader", "embedOptions")


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


def foreign_outputs(content: Any) -> Iterator[tuple[int, str]]:
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
            for key in sorted(set(keys_of(output["data"].get(CHART, {}))).intersection(LEADING_ELSEWHERE)):
                yield number, f"a chart with '{key}'"


def keys_of(value: Any) -> Iterator[str]:
    """Yield the keys of mappings at any depth, but not those of rows of data."""
    if isinstance(value, dict):
        for key, inner in value.items():
            yield key
            if key not in ("values", "datasets"):
                yield from keys_of(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from keys_of(inner)
