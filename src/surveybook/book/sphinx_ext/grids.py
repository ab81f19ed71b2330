"""Rows and columns as a page shows them: those that notebooks store, and a frame around those written in Markdown."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.transforms.post_transforms import SphinxPostTransform
from sphinx.writers.html5 import HTML5Translator

from surveybook.book.sphinx_ext.templates import add_node

LONG_TEXT = 80
# As many columns as a phone has room for, and as many where one of them holds sentences.
COLUMNS_ABREAST, COLUMNS_WITH_SENTENCES = 3, 2
INTERVAL = re.compile(r"[-−]?[\d.,]+ to [-−]?[\d.,]+")
NUMBER = re.compile(r"[-−+]?[\d,]*\.?\d+(?: ?%| per cent)?")


@dataclass(frozen=True)
class Grid:
    """Rows and columns; the first column heads the rows.

    Attributes
    ----------
    columns, rows : sequence
        The names of the columns, and the values row by row.
    ids : sequence of str
        The addresses of the rows; none, or one each.
    """

    columns: Sequence[str]
    rows: Sequence[Sequence[Any]]
    ids: Sequence[str] = ()

    @cached_property
    def kinds(self) -> list[str]:
        """What each column holds: "number", whose digits stand in line; "interval"; "long" text; or ""."""
        return [
            kind_of_values([row[place] for row in self.rows if place < len(row)]) for place in range(len(self.columns))
        ]

    @property
    def stacked(self) -> bool:
        """Whether it has more columns than a phone has room for: each cell then says there which column it is of."""
        return len(self.columns) > (COLUMNS_WITH_SENTENCES if "long" in self.kinds[1:] else COLUMNS_ABREAST)


def kind_of_values(values: Sequence[Any]) -> str:
    """Return what the values of a column are, as `Grid.kinds` names it."""
    held = [str(value) for value in values if value not in ("", None)]
    for kind, pattern in (("number", NUMBER), ("interval", INTERVAL)):
        if held and all(map(pattern.fullmatch, held)):
            return kind
    return "long" if max(map(len, held), default=0) > LONG_TEXT else ""


def name_rows(meta: dict[str, Any]) -> list[str]:
    """Return the name of each row's address, where a table says which column and prefix make it; none otherwise."""
    anchors = meta.get("anchors") or {}
    if anchors.get("column") not in meta["columns"]:
        return []
    place = meta["columns"].index(anchors["column"])
    return [f"{anchors['prefix']}{row[place]}".lower() for row in meta["rows"]]


def shown_grid(meta: dict[str, Any], ids: Sequence[str] = ()) -> Grid:
    """Return what the page shows of a table: all of it, but for a column that only names addresses."""
    hidden = (meta.get("anchors") or {}).get("hidden")
    places = [place for place, column in enumerate(meta["columns"]) if column != hidden]
    rows = [[row[place] for place in places] for row in meta["rows"]]
    return Grid([meta["columns"][place] for place in places], rows, ids)


class table_frame(nodes.General, nodes.Element):  # noqa: N801 - Sphinx finds visitors by the class's name
    """What scrolls sideways when a table is wider than the page."""


class FrameTables(SphinxPostTransform):
    """Puts a frame around every table written in Markdown."""

    default_priority = 900
    formats = ("html",)

    def run(self, **kwargs: Any) -> None:
        """Wrap the tables of the document, each with a label of its own."""
        for place, found in enumerate(list(self.document.findall(nodes.table)), start=1):
            title = next(iter(found.findall(nodes.title)), None)
            frame = table_frame(label=title.astext() if title else f"Table in the text, {place}")
            found.replace_self(frame)
            frame += found


def visit_frame(self: HTML5Translator, node: table_frame) -> None:
    """Open the frame."""
    named = {"aria-label": node["label"]}
    self.body.append(self.starttag(node, "div", CLASS="region", role="region", tabindex="0", **named))


def depart_frame(self: HTML5Translator, node: table_frame) -> None:
    """Close the frame."""
    self.body.append("</div>\n")


def setup(app: Sphinx) -> None:
    """Register the frame and what puts it there."""
    add_node(app, table_frame, visit_frame, depart_frame)
    app.add_post_transform(FrameTables)
