"""Turns the charts and tables that notebooks store into nodes of the page."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from docutils import nodes
from myst_nb.core import render
from sphinx.util import logging

from surveybook.book.sphinx_ext.cards import finding_cards
from surveybook.book.sphinx_ext.figures import chart_drawing, chart_figure
from surveybook.book.sphinx_ext.guard import UNWANTED
from surveybook.book.sphinx_ext.tables import data_table, row_anchor, row_names

if TYPE_CHECKING:
    from sphinx.application import Sphinx

CHART = "application/vnd.vegalite.v6+json"
TABLE = "application/vnd.surveybook.table+json"
CARDS = "application/vnd.surveybook.cards+json"
CHART_MUST_HAVE = (
    "name", "title", "subtitle", "base", "alternative", "source", "interval_note", "wave", "table", "code",
)  # fmt: skip
TABLE_MUST_HAVE = ("name", "title", "subtitle", "base", "columns", "rows", "source")

# A name becomes an anchor and a file name, so nothing else may get in.
PLAIN_NAME = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")

logger = logging.getLogger(__name__)


class FigureRenderer:
    """The plugin in the form that MyST-NB asks for."""

    # Nothing else is shown, so that no output of a notebook brings HTML or scripts onto a page.
    mime_priority_overrides: Sequence[tuple[str, str, int | None]] = (
        ("*", CHART, 1), ("*", TABLE, 2), ("*", CARDS, 3), *(("*", kind, None) for kind in UNWANTED),
    )  # fmt: skip

    @staticmethod
    def handle_mime(
        renderer: render.NbElementRenderer, data: render.MimeData, inline: bool
    ) -> list[nodes.Element] | None:
        """Return the nodes for one output, or None for a kind that is left to MyST-NB."""
        document = renderer.renderer.document
        location = f"{renderer.source}:{data.line}"
        if data.mime_type == CHART:
            spec: dict[str, Any] = data.content
            meta = complete(spec.get("usermeta", {}).get("surveybook", {}), CHART_MUST_HAVE, "chart", location)
            node = chart_drawing() if inline else target(chart_figure(), document, f"fig-{meta['name']}")
            node["spec"], node["meta"] = spec, meta
            node += description(meta["title"], meta["alternative"])
        elif data.mime_type == TABLE:
            meta = complete(data.content, TABLE_MUST_HAVE, "table", location)
            node = target(data_table(), document, f"tab-{meta['name']}")
            node["meta"] = meta
            node += description(meta["title"], "")
            node += [target(row_anchor(), document, name) for name in row_names(meta)]
        elif data.mime_type == CARDS:
            node = finding_cards()
            node["meta"] = data.content
            node += [part for card in data.content["cards"] for part in description(card["title"], card["says"])]
        else:
            return None
        return [node]


def complete(meta: dict[str, Any], keys: Sequence[str], kind: str, location: str) -> dict[str, Any]:
    """Return the description of a figure with every key present, warning about those that were missing."""
    missing = [key for key in keys if not meta.get(key)]
    name = str(meta.get("name", ""))
    if missing:
        logger.warning(
            "The %s %r lacks %s. Make it with a function of surveybook.%ss, which fills them in.",
            kind, name or "without a name", ", ".join(missing), kind, location=location,
        )  # fmt: skip
    if name and not PLAIN_NAME.fullmatch(name):
        logger.warning(
            "The %s name %r can't be an address. Use lower-case words joined by hyphens.",
            kind, name, location=location,
        )  # fmt: skip
        name = ""
    # A page still comes out for someone who is writing a chart; the warning fails the real build.
    return {**dict.fromkeys(keys, ""), "table": {}, "code": {}, **meta, "name": name or f"unnamed-{kind}"}


def target(node: nodes.Element, document: nodes.document, name: str) -> nodes.Element:
    """Return the node after making `name` an address that `{numref}` and links find."""
    node["names"].append(name)
    document.note_explicit_target(node, node)
    return node


def description(title: str, alternative: str) -> list[nodes.paragraph]:
    """Return what stands for a figure where there is no picture: the search, plain text, LaTeX."""
    return [nodes.paragraph(text, text) for text in (title, alternative) if text]


def setup(app: Sphinx) -> None:
    """Make MyST-NB use the renderer.

    MyST-NB looks for renderers in the metadata of installed packages. This one has to work from a checkout
    that isn't installed (the lock file's hashes rule that out), so it joins the list that MyST-NB keeps:
    one way for both. No entry point is declared, or it would be found twice.
    """
    known = render.load_mime_renders()
    if FigureRenderer not in known:
        known.append(FigureRenderer)
