"""Whether a chapter, executed again, says what its stored outputs say; and if not, which figure is behind it."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from whyict import paths

CHART = "application/vnd.vegalite.v6+json"
TABLE = "application/vnd.whyict.table+json"
CARDS = "application/vnd.whyict.cards+json"
GLUED = "application/papermill.record/text/plain"


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
        return f"chart '{data[CHART].get('usermeta', {}).get('whyict', {}).get('name', 'without a name')}'"
    if TABLE in data:
        return f"table '{data[TABLE]['name']}'"
    if CARDS in data:
        return "the cards of findings"
    return f"output of type {output['output_type']}"


def shared_story(output: dict[str, Any]) -> tuple[list[str], list[list[Any]]]:
    """Return the figures behind an output and the rows of its data; the rows are empty for text."""
    data = output.get("data", {})
    if CHART in data:
        story = data[CHART].get("usermeta", {}).get("whyict", {})
        return story.get("figures", []), story.get("table", {}).get("rows", [])
    if TABLE in data:
        return data[TABLE].get("figures", []), data[TABLE].get("rows", [])
    if CARDS in data:
        return [figure for card in data[CARDS]["cards"] for figure in card["figures"]], []
    return output.get("metadata", {}).get("whyict", {}).get("figures", []), []


def difference(before: dict[str, Any], after: dict[str, Any]) -> tuple[tuple[str, ...], str, str] | None:
    """Return the figures, the old and the new text of two outputs that differ; None where they don't."""
    kept = ("output_type", "data", "text", "name", "ename", "evalue")
    old, new = ({key: output[key] for key in kept if key in output} for output in (before, after))
    if old == new:
        return None
    (figures, rows), (_, new_rows) = shared_story(before), shared_story(after)
    changed = [place for place, pair in enumerate(zip(rows, new_rows, strict=False)) if pair[0] != pair[1]]
    if changed and len(rows) == len(new_rows):
        texts = [("; ".join(map(str, lines[changed[0]]))) for lines in (rows, new_rows)]
        found = [figures[place] for place in changed] if len(figures) == len(rows) else figures
        return tuple(found), texts[0], texts[1]
    texts = [str(o.get("data", {}).get(GLUED) or json.dumps(o, ensure_ascii=False)) for o in (old, new)]
    start = next((i for i, (a, b) in enumerate(zip(*texts, strict=False)) if a != b), min(map(len, texts)))
    cut = [text[max(0, start - 30) : start + 60] for text in texts]
    return tuple(figures), cut[0], cut[1]


def compare_notebooks(chapter: str, stored: dict[str, Any], fresh: dict[str, Any]) -> Iterator[Change]:
    """Yield each output of a chapter that differs between its stored and its fresh execution."""
    for number, (old, new) in enumerate(zip(stored["cells"], fresh["cells"], strict=True), start=1):
        before, after = old.get("outputs", []), new.get("outputs", [])
        if len(before) != len(after):
            yield Change(chapter, number, "its outputs", (), f"{len(before)} of them", f"{len(after)}")
        for one, other in zip(before, after, strict=False):
            if found := difference(one, other):
                yield Change(chapter, number, named(one), *found)


def compare_files(stored: Path, fresh: Path) -> list[Change]:
    """Return what differs between a stored chapter and the same one executed again."""
    contents = (json.loads(path.read_text(encoding="utf-8")) for path in (stored, fresh))
    return list(compare_notebooks(paths.shown(stored), *contents))
