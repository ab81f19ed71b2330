"""Whether a chapter, executed again, says what its stored outputs say; and if not, which figure is behind it."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from surveybook.book.notebooks import CARDS, CHART, GLUED, TABLE
from surveybook.model import paths

KEPT = ("output_type", "data", "metadata", "text", "name", "ename", "evalue")


@dataclass(frozen=True)
class Change:
    """One output that is no longer what was stored.

    Attributes
    ----------
    chapter : str
        The notebook.
    cell : int
        The cell, counted from 1.
    output : str
        Which of its outputs: a glued name, a chart, a table.
    figures : tuple of str
        Ids of the figures that changed in it or, where that can't be told, that it rests on.
    before, after : str
        What stood there and what comes now, cut short.
    """

    chapter: str
    cell: int
    output: str
    figures: tuple[str, ...]
    before: str
    after: str

    def __str__(self) -> str:
        """Return the change as one line."""
        resting = f" (figures: {', '.join(self.figures)})" if self.figures else ""
        return f"{self.chapter}, cell {self.cell}, {self.output}{resting}: '{self.before}' is now '{self.after}'"


def named(output: dict[str, Any]) -> str:
    """Return what an output is, as a person would name it."""
    data = output.get("data", {})
    if GLUED in data:
        return f"glued text '{output['metadata']['scrapbook']['name']}'"
    if CHART in data:
        return f"chart '{data[CHART].get('usermeta', {}).get('surveybook', {}).get('name', 'without a name')}'"
    if TABLE in data:
        return f"table '{data[TABLE]['name']}'"
    if CARDS in data:
        return "the cards of findings"
    return f"output of type {output['output_type']}"


def shared_story(output: dict[str, Any]) -> tuple[list[str], list[list[Any]]]:
    """Return the figures behind an output and the rows of its data; the rows are empty for text."""
    data = output.get("data", {})
    if CHART in data:
        story = data[CHART].get("usermeta", {}).get("surveybook", {})
        return story.get("figures", []), story.get("table", {}).get("rows", [])
    if TABLE in data:
        return data[TABLE].get("figures", []), data[TABLE].get("rows", [])
    if CARDS in data:
        return [figure for card in data[CARDS]["cards"] for figure in card["figures"]], []
    return output.get("metadata", {}).get("surveybook", {}).get("figures", []), []


def find_difference(before: Any, after: Any, tolerance: float = 0.0, place: str = "") -> tuple[str, str, str] | None:
    """Return where two values first differ, and what stands there in each; None where they are the same.

    Parameters
    ----------
    before, after : any
        What JSON can hold: structure and text are compared exactly.
    tolerance : float
        By how much numbers with decimals may differ.
    place : str
        Where both stand, such as ``encoding.x[2]``; empty for the whole.

    Returns
    -------
    tuple of str
        The place, and the two values as text, long ones cut around the first place at which they differ.
    """
    if isinstance(before, dict) and isinstance(after, dict):
        for key in dict.fromkeys([*before, *after]):
            inner = f"{place}.{key}" if place else str(key)
            if key not in before or key not in after:
                old, new = (str(one[key])[:90] if key in one else "nothing" for one in (before, after))
                return inner, old, new
            if found := find_difference(before[key], after[key], tolerance, inner):
                return found
        return None
    if isinstance(before, list) and isinstance(after, list) and len(before) == len(after):
        pairs = enumerate(zip(before, after, strict=True))
        found_all = (find_difference(one, other, tolerance, f"{place}[{number}]") for number, (one, other) in pairs)
        return next(filter(None, found_all), None)
    if type(before) is type(after) and before == after:
        return None
    if isinstance(before, float) and isinstance(after, float) and abs(before - after) <= tolerance:
        return None
    old, new = str(before), str(after)
    unlike = (i for i, pair in enumerate(zip(old, new, strict=False)) if len(set(pair)) > 1)
    start = max(0, next(unlike, min(len(old), len(new))) - 30)
    return place, old[start : start + 90], new[start : start + 90]


def compare_outputs(
    before: dict[str, Any], after: dict[str, Any], tolerance: float = 0.0
) -> tuple[tuple[str, ...], str, str] | None:
    """Return the figures, the old and the new text of two outputs that differ; None where they don't."""
    old, new = ({key: output[key] for key in KEPT if key in output} for output in (before, after))
    found = find_difference(old, new, tolerance)
    if not found:
        return None
    (figures, rows), (_, new_rows) = shared_story(before), shared_story(after)
    changed = [place for place, pair in enumerate(zip(rows, new_rows, strict=False)) if pair[0] != pair[1]]
    if changed and len(rows) == len(new_rows):
        texts = [("; ".join(map(str, lines[changed[0]]))) for lines in (rows, new_rows)]
        behind = [figures[place] for place in changed] if len(figures) == len(rows) else figures
        return tuple(behind), texts[0], texts[1]
    glued = [str(output.get("data", {}).get(GLUED)) for output in (old, new)]
    _, one, other = find_difference(glued[0], glued[1]) or found
    return tuple(figures), one, other


def compare_sources(chapter: str, number: int, old: dict[str, Any], new: dict[str, Any]) -> Iterator[Change]:
    """Yield what differs between two cells apart from their outputs: kind, tags, text or code, execution."""
    aspects = {
        "its kind": [cell.get("cell_type", "") for cell in (old, new)],
        "its tags": [", ".join(cell.get("metadata", {}).get("tags", [])) for cell in (old, new)],
        "its source": ["".join(cell.get("source", "")) for cell in (old, new)],
        "its place in the execution": [str(cell.get("execution_count")) for cell in (old, new)],
    }
    for what, (before, after) in aspects.items():
        if found := find_difference(before, after):
            yield Change(chapter, number, what, (), *found[1:])


def compare_notebooks(
    chapter: str, stored: dict[str, Any], fresh: dict[str, Any], tolerance: float = 0.0
) -> Iterator[Change]:
    """Yield each place of a chapter that differs between its stored and its fresh execution.

    Parameters
    ----------
    chapter : str
        The notebook, for the message.
    stored, fresh : dict
        The two, as JSON.
    tolerance : float
        By how much numbers in charts and tables may differ; their text, and all else, may not differ at all.
    """
    if len(stored["cells"]) != len(fresh["cells"]):
        yield Change(chapter, 0, "its cells", (), f"{len(stored['cells'])} of them", f"{len(fresh['cells'])}")
    for number, (old, new) in enumerate(zip(stored["cells"], fresh["cells"], strict=False), start=1):
        yield from compare_sources(chapter, number, old, new)
        before, after = old.get("outputs", []), new.get("outputs", [])
        if len(before) != len(after):
            yield Change(chapter, number, "its outputs", (), f"{len(before)} of them", f"{len(after)}")
        for one, other in zip(before, after, strict=False):
            if found := compare_outputs(one, other, tolerance):
                yield Change(chapter, number, named(one), *found)


def compare_files(stored: Path, fresh: Path, tolerance: float = 0.0) -> list[Change]:
    """Return what differs between a stored chapter and the same one executed again."""
    old, new = (json.loads(path.read_text(encoding="utf-8")) for path in (stored, fresh))
    return list(compare_notebooks(paths.shown(stored), old, new, tolerance))
