"""Chapters as files: read within limits, their parameters, what may be stored in them, and how two of them differ."""

import ast
import difflib
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from surveybook.model import paths
from surveybook.model.problems import Fault, SurveybookError

LARGEST_NOTEBOOK, LONGEST_RUN_SECONDS = 10_000_000, 600
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
# What is compared of an output.
COMPARED = ("output_type", "data", "metadata", "text", "name", "ename", "evalue")


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
            for key in sorted(set(walk_keys(output["data"].get(CHART, {}))).intersection(LEADING_ELSEWHERE)):
                yield number, f"a chart with '{key}'"


def walk_keys(value: Any) -> Iterator[str]:
    """Yield the keys of mappings at any depth, but not those of rows of data."""
    if isinstance(value, dict):
        for key, inner in value.items():
            yield key
            if key not in ("values", "datasets"):
                yield from walk_keys(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from walk_keys(inner)


@dataclass(frozen=True)
class Shown:
    """A text that was glued, a chart, a table or a card, with the figures that it says it rests on.

    Attributes
    ----------
    name : str
        What it is called in the chapter.
    figures : tuple of str
        Ids of figures.
    text : str
        The words, for glued text.
    content : dict
        The specification of a chart, the contents of a table, a card.
    kind : str
        ``glued text``, ``chart``, ``table`` or ``card``.
    """

    name: str
    figures: tuple[str, ...]
    text: str = ""
    content: dict[str, Any] = field(default_factory=dict)
    kind: str = ""

    @property
    def story(self) -> dict[str, Any]:
        """What a chart or a table says of itself: its words, its figures, its data."""
        return self.content.get("usermeta", {}).get("surveybook", {}) if self.kind == "chart" else self.content

    @property
    def table(self) -> dict[str, Any]:
        """The data of a chart, or those that a table is made of: its columns and its rows."""
        return self.story.get("table", {}) if self.kind == "chart" else self.content


def list_shown(output: Mapping[str, Any]) -> list[Shown]:
    """Return what an output shows: a glued text, a chart, a table, or cards; nothing where it shows something else."""
    data, about = output.get("data", {}), output.get("metadata", {})
    if GLUED in data:
        figures = about.get("surveybook", {}).get("figures", ())
        return [Shown(about["scrapbook"]["name"], tuple(figures), "".join(data[GLUED]), kind="glued text")]
    for kind, content in (("chart", data.get(CHART)), ("table", data.get(TABLE))):
        if content is not None:
            story = Shown("", (), content=content, kind=kind).story
            return [Shown(story.get("name", ""), tuple(story.get("figures", ())), content=content, kind=kind)]
    cards = data.get(CARDS, {}).get("cards", ())
    return [Shown(card["title"], tuple(card.get("figures", ())), content=card, kind="card") for card in cards]


def walk_outputs(notebook: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
    """Yield all outputs of a notebook in their order."""
    return (output for cell in notebook["cells"] for output in cell.get("outputs", []))


def walk_shown(notebook: Mapping[str, Any]) -> Iterator[Shown]:
    """Yield all that a notebook shows, in its order."""
    return (shown for output in walk_outputs(notebook) for shown in list_shown(output))


def name_output(output: Mapping[str, Any]) -> str:
    """Return what an output is, as a person would name it."""
    for shown in list_shown(output):
        return "the cards of findings" if shown.kind == "card" else f"{shown.kind} '{shown.name or 'without a name'}'"
    return f"output of type {output['output_type']}"


def find_story(output: Mapping[str, Any]) -> tuple[list[str], list[list[Any]]]:
    """Return the figures behind an output and the rows of its data; the rows are empty for text."""
    shown = list_shown(output)
    rows = [row for one in shown if one.kind in ("chart", "table") for row in one.table.get("rows", ())]
    return [figure for one in shown for figure in one.figures], rows


def find_difference(before: Any, after: Any, place: str = "") -> tuple[str, str, str] | None:
    """Return where two values first differ, and what stands there in each; None where they are the same.

    Parameters
    ----------
    before, after : any
        What JSON can hold.
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
            if found := find_difference(before[key], after[key], inner):
                return found
        return None
    if isinstance(before, list) and isinstance(after, list) and len(before) == len(after):
        pairs = enumerate(zip(before, after, strict=True))
        found_all = (find_difference(one, other, f"{place}[{number}]") for number, (one, other) in pairs)
        return next(filter(None, found_all), None)
    if type(before) is type(after) and before == after:
        return None
    old, new = str(before), str(after)
    unlike = (i for i, pair in enumerate(zip(old, new, strict=False)) if len(set(pair)) > 1)
    start = max(0, next(unlike, min(len(old), len(new))) - 30)
    return place, old[start : start + 90], new[start : start + 90]


def compare_outputs(before: dict[str, Any], after: dict[str, Any]) -> tuple[tuple[str, ...], str, str] | None:
    """Return the figures, the old and the new text of two outputs that differ; None where they don't."""
    old, new = ({key: output[key] for key in COMPARED if key in output} for output in (before, after))
    found = find_difference(old, new)
    if not found:
        return None
    (figures, rows), (_, new_rows) = find_story(before), find_story(after)
    changed = [place for place, pair in enumerate(zip(rows, new_rows, strict=False)) if pair[0] != pair[1]]
    if changed and len(rows) == len(new_rows):
        texts = [("; ".join(map(str, lines[changed[0]]))) for lines in (rows, new_rows)]
        behind = [figures[place] for place in changed] if len(figures) == len(rows) else figures
        return tuple(behind), texts[0], texts[1]
    glued = [str(output.get("data", {}).get(GLUED)) for output in (old, new)]
    _, one, other = find_difference(glued[0], glued[1]) or found
    return tuple(figures), one, other


def compare_notebooks(chapter: str, stored: dict[str, Any], fresh: dict[str, Any]) -> Iterator[Fault]:
    """Yield each place of a chapter that differs between its stored and its fresh execution.

    Parameters
    ----------
    chapter : str
        The notebook, for the message.
    stored, fresh : dict
        The two, as JSON. Outputs are rounded before they are stored, so that machines have nothing left to differ in.
    """

    def tell(cell: int, what: str, figures: tuple[str, ...], before: object, after: object) -> Fault:
        return Fault(f"cell {cell}, {what}: '{before}' is now '{after}'", chapter, figures=figures)

    if len(stored["cells"]) != len(fresh["cells"]):
        yield tell(0, "its cells", (), f"{len(stored['cells'])} of them", len(fresh["cells"]))
    for number, cells in enumerate(zip(stored["cells"], fresh["cells"], strict=False), start=1):
        aspects = {
            "its kind": [cell.get("cell_type", "") for cell in cells],
            "its tags": [", ".join(cell.get("metadata", {}).get("tags", [])) for cell in cells],
            "its source": ["".join(cell.get("source", "")) for cell in cells],
            "its place in the execution": [str(cell.get("execution_count")) for cell in cells],
        }
        for what, pair in aspects.items():
            if apart := find_difference(*pair):
                yield tell(number, what, (), *apart[1:])
        before, after = (cell.get("outputs", []) for cell in cells)
        if len(before) != len(after):
            yield tell(number, "its outputs", (), f"{len(before)} of them", len(after))
        for one, other in zip(before, after, strict=False):
            if found := compare_outputs(one, other):
                yield tell(number, name_output(one), *found)


def compare_files(stored: Path, fresh: Path) -> list[Fault]:
    """Return what differs between a stored chapter and the same one executed again."""
    old, new = (json.loads(path.read_text(encoding="utf-8")) for path in (stored, fresh))
    return list(compare_notebooks(paths.shown(stored), old, new))
