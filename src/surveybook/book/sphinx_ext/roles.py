"""Roles that bind words in the prose to the data: ``{item}``, ``{evidence}`` and ``{date}``."""

from __future__ import annotations

import csv
from functools import cache
from typing import TYPE_CHECKING

from docutils import nodes
from sphinx.util import logging
from sphinx.util.docutils import SphinxRole

from surveybook.model import paths
from surveybook.model.quantities import quantity_text

if TYPE_CHECKING:
    from collections.abc import Callable

    from sphinx.application import Sphinx

MONTHS = (
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
)
logger = logging.getLogger(__name__)


@cache
def rows_by_id(file: str, key: str) -> dict[str, dict[str, str]]:
    """Return the rows of a data file by their id."""
    with (paths.data() / file).open(encoding="utf-8", newline="") as table:
        return {row[key]: row for row in csv.DictReader(table)}


def item_text(name: str) -> str:
    """Return an item's short label as it stands inside a sentence.

    Raises
    ------
    KeyError
        When the codebook has no such item.
    """
    label = rows_by_id("codebook/items.csv", "item_id")[name]["short_label"]
    return label if label.split(" ")[0].isupper() else label[:1].lower() + label[1:]


def evidence_text(name: str) -> str:
    """Return a figure from another source as words: 'over 80 per cent', '£20 billion', 'nine in ten'.

    Raises
    ------
    KeyError
        When ``evidence.csv`` has no such figure.
    """
    row = rows_by_id("evidence.csv", "evidence_id")[name]
    return quantity_text(float(row["quantity"]) if row["quantity"] else None, row["unit"], row["verbal"])


def date_text(date: str) -> str:
    """Return an ISO date, month or year in words: '2005-03' is 'March 2005'.

    Raises
    ------
    ValueError
        When it is none.
    """
    year, *rest = (int(part) for part in date.split("-"))
    if not rest:
        return str(year)
    month = MONTHS[rest[0] - 1]
    return f"{rest[1]} {month} {year}" if len(rest) > 1 else f"{month} {year}"


class BoundRole(SphinxRole):
    """A role whose text is looked up, so that it can't differ from the data."""

    def __init__(self, look_up: Callable[[str], str], kind: str) -> None:
        self.look_up = look_up
        self.kind = kind

    def run(self) -> tuple[list[nodes.Node], list[nodes.system_message]]:
        """Return the text; a name that isn't known is a warning, which stops a strict build."""
        try:
            text = self.look_up(self.text)
        except (KeyError, ValueError, IndexError):
            logger.warning("The %s '%s' isn't known.", self.kind, self.text, location=self.get_location())
            text = self.text
        return [nodes.inline(text, text, classes=[f"bound-{self.kind}"])], []


def setup(app: Sphinx) -> None:
    """Register the roles."""
    app.add_role("item", BoundRole(item_text, "item"))
    app.add_role("evidence", BoundRole(evidence_text, "evidence"))
    app.add_role("date", BoundRole(date_text, "date"))
