"""Whether a chapter, executed again, says what its stored outputs say; and if not, which figure is behind it."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from surveybook.model import paths

CHART = "application/vnd.vegalite.v6+json"
TABLE = "application/vnd.surveybook.table+json"
CARDS = "application/vnd.surveybook.cards+json"
GLUED = "application/papermill.record/text/plain"
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


def alike(before: Any, after: Any, tolerance: float = 0.0) -> bool:
    """Return whether two values are the same: structure and text exactly, numbers within a tolerance of each other."""
    if isinstance(before, dict) and isinstance(after, dict):
        return before.keys() == after.keys() and all(alike(before[key], after[key], tolerance) for key in before)
    if isinstance(before, list) and isinstance(after, list):
        return len(before) == len(after) and all(
            alike(one, other, tolerance) for one, other in zip(before, after, strict=True)
        )
    if tolerance and isinstance(before, float) and isinstance(after, float):
        return abs(before - after) <= tolerance
    return type(before) is type(after) and before == after


def difference(
    before: dict[str, Any], after: dict[str, Any], tolerance: float = 0.0
) -> tuple[tuple[str, ...], str, str] | None:
    """Return the figures, the old and the new text of two outputs that differ; None where they don't."""
    old, new = ({key: output[key] for key in KEPT if key in output} for output in (before, after))
    if alike(old, new, tolerance):
        return None
    (figures, rows), (_, new_rows) = shared_story(before), shared_story(after)
    changed = [place for place, pair in enumerate(zip(rows, new_rows, strict=False)) if pair[0] != pair[1]]
    if changed and len(rows) == len(new_rows):
        texts = [("; ".join(map(str, lines[changed[0]]))) for lines in (rows, new_rows)]
        found = [figures[place] for place in changed] if len(figures) == len(rows) else figures
        return tuple(found), texts[0], texts[1]
    texts = [str(o.get("data", {}).get(GLUED) or json.dumps(o, ensure_ascii=False)) for o in (old, new)]
    return tuple(figures), *first_difference(*texts)


def first_difference(before: str, after: str) -> tuple[str, str]:
    """Return two texts around the first place at which they differ."""
    start = next(
        (i for i, (a, b) in enumerate(zip(before, after, strict=False)) if a != b), min(map(len, (before, after)))
    )
    return before[max(0, start - 30) : start + 60], after[max(0, start - 30) : start + 60]


def compare_sources(chapter: str, number: int, old: dict[str, Any], new: dict[str, Any]) -> Iterator[Change]:
    """Yield what differs between two cells apart from their outputs: kind, tags, text or code, execution."""
    aspects = {
        "its kind": [cell.get("cell_type", "") for cell in (old, new)],
        "its tags": [", ".join(cell.get("metadata", {}).get("tags", [])) for cell in (old, new)],
        "its source": ["".join(cell.get("source", "")) for cell in (old, new)],
        "its place in the execution": [str(cell.get("execution_count")) for cell in (old, new)],
    }
    for what, (before, after) in aspects.items():
        if before != after:
            yield Change(chapter, number, what, (), *first_difference(before, after))


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
            if found := difference(one, other, tolerance):
                yield Change(chapter, number, named(one), *found)


def compare_files(stored: Path, fresh: Path, tolerance: float = 0.0) -> list[Change]:
    """Return what differs between a stored chapter and the same one executed again."""
    old, new = (json.loads(path.read_text(encoding="utf-8")) for path in (stored, fresh))
    return list(compare_notebooks(paths.shown(stored), old, new, tolerance))
