"""A notice at each chart and table that a correction affects, with the way to the page that lists them all."""

from __future__ import annotations

import csv
from html import escape
from typing import Any

from sphinx.errors import ConfigError
from sphinx.writers.html5 import HTML5Translator

from surveybook.book.sphinx_ext.roles import date_text
from surveybook.model import paths

CORRECTIONS_PAGE = "-corrections"


def read_rows() -> list[dict[str, str]]:
    """Return the corrections as they stand in their file, which the page that lists them checks."""
    try:
        with (paths.data() / "corrections.csv").open(encoding="utf-8-sig", newline="") as file:
            return sorted(csv.DictReader(file), key=lambda row: row["date"])
    except (OSError, KeyError, ValueError) as problem:
        raise ConfigError(
            f"The corrections can't be read from {paths.shown(paths.data() / 'corrections.csv')}: {problem}. "
            "Mend the file and build again."
        ) from problem


def affecting(meta: dict[str, Any]) -> list[dict[str, str]]:
    """Return the corrections of the figures that a chart or table shows."""
    return [row for row in read_rows() if row["figure_id"] and row["figure_id"] in meta.get("figures", [])]


def notice(translator: HTML5Translator, meta: dict[str, Any]) -> str:
    """Return what is said at a chart or table that a correction affects; empty where none does."""
    return "".join(_line(translator, row) for row in affecting(meta))


def _line(translator: HTML5Translator, row: dict[str, str]) -> str:
    change = f": was {row['old']}, is {row['new']}" if row["old"] and row["new"] else ""
    said = f"<strong>Corrected on {escape(_date(row['date']))}</strong> {escape(row['what'] + change)}. "
    return f'<p class="correction" role="note">{said}{_link(translator)}</p>'


def _date(date: str) -> str:
    try:
        return date_text(date)
    except (ValueError, IndexError):
        return date


def _link(translator: HTML5Translator) -> str:
    builder = translator.builder
    pages = (name for name in sorted(builder.env.all_docs) if name.endswith(CORRECTIONS_PAGE))
    if (page := next(pages, None)) is None:
        return ""
    address = builder.get_relative_uri(builder.current_docname, page)
    return f'<a href="{escape(address)}">All corrections</a>'
