"""Every chapter executed anew, its outputs held against the committed ones, and what its page has to show of them."""

import json
import posixpath
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from surveybook.book.notebooks import CARDS, Shown, compare_files, read_parameters, walk_outputs, walk_shown
from surveybook.book.running import ChapterRun
from surveybook.model import paths
from surveybook.model.problems import Fault
from surveybook.model.report import read_report
from surveybook.verify.recomputation import read_labels
from surveybook.verify.record import Found, checks, locate

PASTED = re.compile(r"\{glue:text\}`(?:(?P<page>[^`:]+)::)?(?P<name>[^`:]+)(?::(?P<form>[^`]*))?`")
PRINTED = re.compile(r"\{printed\}`(?P<claim>[^`:]+)(?::(?P<phrase>[^`]*))?`")


@checks("execution", "Chapters executed anew", "papermill, a fresh kernel each")
def check_execution(runs: Sequence[ChapterRun]) -> Iterator[Found]:
    """Say which chapters did not run through."""
    yield {"chapters": 0, "code cells": 0}
    for run in runs:
        if run.fault:
            yield Fault(run.fault.partition(", ")[2] or run.fault, paths.shown(run.source), run.document)
        else:
            yield {"chapters": 1, "code cells": sum(cell["cell_type"] == "code" for cell in run.cells)}


def is_stored(source: Path, wave: str, baseline: str) -> bool:
    """Return whether a chapter is committed executed for this wave and baseline."""
    stored = read_parameters(source)
    return (str(stored.get("wave")), str(stored.get("baseline"))) == (wave, baseline)


@checks("comparison", "Outputs compared", "the committed outputs, exactly")
def check_outputs(runs: Sequence[ChapterRun], wave: str, baseline: str) -> Iterator[Found]:
    """Compare every cell of each chapter, as executed now, with the one that is committed."""
    others = [run.source.stem for run in runs if not run.fault and not is_stored(run.source, wave, baseline)]
    if others:
        yield f"The outputs of {len(others)} chapters: those of another edition are committed ({', '.join(others)})."
    for run in runs:
        if not run.fault and run.source.stem not in others:
            yield {"cells": len(run.cells), "outputs": sum(len(cell.get("outputs", [])) for cell in run.cells)}
            yield from locate(compare_files(run.source, run.result), chapter=run.document)


@checks("comparison", "Prose", "the linter: no loose number or direction")
def check_prose() -> Iterator[Found]:
    """Let the linter look for numbers and directions in the prose that no data stand behind."""
    from surveybook.verify.lint import lint

    if not (paths.data() / "lint").is_dir():
        yield "The prose: this report has no folder data/lint, which asks for it; run `surveybook chapter lint`."
        return
    yield {"files": len(paths.chapters()) + len(paths.pages())}
    for one in lint():
        yield Fault(str(one).partition(": ")[2], f"{one.file}, cell {one.cell}, line {one.line}", one.chapter)


@dataclass(frozen=True)
class Expected:
    """What one executed chapter says that its page shows.

    Attributes
    ----------
    chapter : str
        The document, as in the table of contents: ``chapters/02-quality``.
    pasted : tuple of Shown
        The glued texts in the order in which the prose pastes them; one that no cell glued has no text.
    charts, tables : dict
        By name.
    cards : tuple of Shown
        The cards of findings, in their order.
    card_notes : tuple of str
        How to read them.
    printed : tuple of Shown
        The phrases that the report printed with the verdict on each, in the order in which the prose has them; one that
        no page of claims stores has no text.
    """

    chapter: str
    pasted: tuple[Shown, ...] = ()
    charts: dict[str, Shown] = field(default_factory=dict)
    tables: dict[str, Shown] = field(default_factory=dict)
    cards: tuple[Shown, ...] = ()
    card_notes: tuple[str, ...] = ()
    printed: tuple[Shown, ...] = ()

    @property
    def figures(self) -> frozenset[str]:
        """The ids of the figures that the chapter shows."""
        shown = (*self.pasted, *self.printed, *self.cards, *self.charts.values(), *self.tables.values())
        return frozenset(figure for one in shown for figure in one.figures)


def read_expected(stage: Path, notebooks: Iterable[Path]) -> dict[str, Expected]:
    """Return what each executed chapter says that its page shows, by document.

    Parameters
    ----------
    stage : Path
        The folder that the chapters were executed into.
    notebooks : iterable of Path
        The executed chapters.
    """
    read = {
        path.relative_to(stage).with_suffix("").as_posix(): json.loads(path.read_text(encoding="utf-8"))
        for path in notebooks
    }
    stored = {document: list(walk_shown(notebook)) for document, notebook in read.items()}
    # Of two under one name the last one counts.
    texts = {(name, one.name): one for name, shown in stored.items() for one in shown if one.kind == "glued text"}
    tables = [one for shown in stored.values() for one in shown if one.kind == "table"]
    claims = {entry["id"]: entry for table in tables for entry in table.content.get("entries", ())}
    found = {}
    for document, notebook in read.items():
        prose = "\n".join("".join(cell["source"]) for cell in notebook["cells"] if cell["cell_type"] == "markdown")
        pasted = (
            texts.get((resolve_document(document, match["page"]), match["name"]), Shown(match["name"], ()))
            for match in PASTED.finditer(prose)
        )
        notes = (output.get("data", {}).get(CARDS, {}).get("note") for output in walk_outputs(notebook))
        found[document] = Expected(
            document,
            tuple(pasted),
            {one.name: one for one in stored[document] if one.kind == "chart"},
            {one.name: one for one in stored[document] if one.kind == "table"},
            tuple(one for one in stored[document] if one.kind == "card"),
            tuple(filter(None, notes)),
            tuple(find_printed(claims, match["claim"], match["phrase"]) for match in PRINTED.finditer(prose)),
        )
    return found


def find_printed(claims: Mapping[str, Any], name: str, phrase: str | None) -> Shown:
    """Return a printed phrase as its page has to show it: with the verdict that the claim stores beside it."""
    claim = claims.get(name, {})
    wanted = (one for one in claim.get("printed", ()) if phrase in (None, one["phrase"]))
    one = next(wanted, None)
    text = f"{one['phrase']} {one['chip']}" if one else ""
    return Shown(name, tuple(claim.get("figures", ())), text, dict(one or {}), kind="printed phrase")


def resolve_document(document: str, page: str | None) -> str:
    """Return the document that a pasted text comes from: its own, or one that is named from its folder."""
    if not page:
        return document
    name = page.removesuffix(".ipynb").removesuffix(".md")
    return posixpath.normpath(posixpath.join("/", posixpath.dirname(document), name)).lstrip("/")


@checks(
    "comparison",
    "Charts",
    "nought on the axis of shares, every datum inside it, labels in the data's order, one scale for all marks, "
    "marks and their words as the chart's table has them, each population in its colour of report.yml",
)
def check_chart_rules(expected: Mapping[str, Expected]) -> Iterator[Found]:
    """Hold the specification of every chart against the rules without which a picture misleads."""
    from surveybook.exhibits.invariants import find_spec_faults, list_colours

    yield {"charts": 0}
    populations = read_labels("populations")
    given = read_report().colours_of(populations)
    colours = {label: given[name].light for name, label in populations.items()}
    for page in expected.values():
        for shown in page.charts.values():
            yield {"charts": 1}
            said = find_spec_faults(shown.content)
            for name, colour in list_colours(shown.content).items():
                if name in colours and colour != colours[name]:
                    said.append(f"'{name}' is {colour} in it and {colours[name]} by report.yml's colours")
            file = f"{page.chapter}.ipynb"
            yield from (Fault(f"the chart '{shown.name}': {one}", file, page.chapter, shown.figures) for one in said)
