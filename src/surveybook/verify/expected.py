"""What a page has to show: the words, charts and tables that its executed chapter holds, in their order."""

import json
import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from surveybook.book.comparing import CARDS, CHART, GLUED, TABLE

PASTED = re.compile(r"\{glue:text\}`(?:(?P<page>[^`:]+)::)?(?P<name>[^`:]+)(?::(?P<form>[^`]*))?`")


@dataclass(frozen=True)
class Shown:
    """A text that was glued, or a chart or table, with the figures that it says it rests on.

    Attributes
    ----------
    name : str
        What it is called in the chapter.
    figures : tuple of str
        Ids of figures.
    text : str
        The words, for glued text.
    content : dict
        The specification of a chart, or the contents of a table.
    """

    name: str
    figures: tuple[str, ...]
    text: str = ""
    content: dict[str, Any] = field(default_factory=dict)


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
    """

    chapter: str
    pasted: tuple[Shown, ...]
    charts: dict[str, Shown]
    tables: dict[str, Shown]
    cards: tuple[Shown, ...] = ()
    card_notes: tuple[str, ...] = ()


def story(spec: dict[str, Any]) -> dict[str, Any]:
    """Return what a chart's specification says of itself."""
    return spec.get("usermeta", {}).get("surveybook", {})


def outputs(notebook: dict[str, Any]) -> Iterable[dict[str, Any]]:
    """Return all outputs of a notebook in their order."""
    return (output for cell in notebook["cells"] for output in cell.get("outputs", []))


def glued(notebook: dict[str, Any]) -> dict[str, Shown]:
    """Return the glued texts of a notebook by name; of two under one name the last one counts."""
    found = {}
    for output in outputs(notebook):
        if GLUED in output.get("data", {}):
            name = output["metadata"]["scrapbook"]["name"]
            figures = tuple(output["metadata"].get("surveybook", {}).get("figures", ()))
            found[name] = Shown(name, figures, "".join(output["data"][GLUED]))
    return found


def displayed(notebook: dict[str, Any]) -> tuple[dict[str, Shown], dict[str, Shown]]:
    """Return the charts and the tables of a notebook by name."""
    charts, tables = {}, {}
    for output in outputs(notebook):
        data = output.get("data", {})
        if CHART in data:
            told = story(data[CHART])
            name = told.get("name", "")
            charts[name] = Shown(name, tuple(told.get("figures", ())), content=data[CHART])
        elif TABLE in data:
            name = data[TABLE].get("name", "")
            tables[name] = Shown(name, tuple(data[TABLE].get("figures", ())), content=data[TABLE])
    return charts, tables


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
    texts = {document: glued(notebook) for document, notebook in read.items()}
    found = {}
    for document, notebook in read.items():
        pasted = []
        for cell in notebook["cells"]:
            for name in PASTED.finditer("".join(cell["source"])) if cell["cell_type"] == "markdown" else ():
                home = texts.get(resolved(document, name["page"]), {})
                pasted.append(home.get(name["name"]) or Shown(name["name"], ()))
        found[document] = Expected(document, tuple(pasted), *displayed(notebook), *cards_of(notebook))
    return found


def cards_of(notebook: dict[str, Any]) -> tuple[tuple[Shown, ...], tuple[str, ...]]:
    """Return the cards of findings of a notebook, and the notes on them."""
    stored = [output["data"][CARDS] for output in outputs(notebook) if CARDS in output.get("data", {})]
    cards = (
        Shown(card["title"], tuple(card.get("figures", ())), content=card)
        for one in stored
        for card in one.get("cards", ())
    )
    return tuple(cards), tuple(one["note"] for one in stored if one.get("note"))


def resolved(document: str, page: str | None) -> str:
    """Return the document that a pasted text comes from: its own, or one that is named from its folder."""
    if not page:
        return document
    folder = document.rpartition("/")[0]
    name = page.removesuffix(".ipynb").removesuffix(".md")
    parts: list[str] = folder.split("/") if folder and not name.startswith("/") else []
    for part in name.strip("/").split("/"):
        if part == "..":
            parts = parts[:-1]
        elif part != ".":
            parts.append(part)
    return "/".join(parts)
