"""Cards of findings: figures in large type, each with its interval as a band on a scale, and a way to the evidence."""

from __future__ import annotations

from html import escape
from typing import TYPE_CHECKING, Any

from docutils import nodes
from sphinx.util import logging
from sphinx.writers.html5 import HTML5Translator

from surveybook.book.sphinx_ext.html import tag

if TYPE_CHECKING:
    from sphinx.application import Sphinx

logger = logging.getLogger(__name__)


class finding_cards(nodes.General, nodes.Element):  # noqa: N801 - Sphinx finds visitors by the class's name
    """What the landing page has to tell first."""


def visit_cards(self: HTML5Translator, node: finding_cards) -> None:
    """Write the cards as a numbered list."""
    cards = "\n".join(_card(self, card) for card in node["meta"]["cards"])
    self.body.append(
        f'<ol class="findings">\n{cards}\n</ol>\n{tag("p", node["meta"]["note"], class_="findings-note")}\n'
    )
    raise nodes.SkipNode


def _card(translator: HTML5Translator, card: dict[str, Any]) -> str:
    figures = "".join(map(_figure, card["shown"]))
    shown = f'<dl class="finding-figures">{figures}</dl>' if figures else ""
    about = f"{tag('span', card['title'], class_='finding-topic')} {_link(translator, card['page'])}"
    says = tag("h3", card["says"], class_="finding-says")
    return f'<li class="finding">{says}{shown}<p class="finding-more">{about}</p></li>'


def _figure(figure: dict[str, Any]) -> str:
    interval = ""
    if figure.get("interval"):
        hidden = '<span class="visually-hidden">interval </span>'
        interval = f' <span class="finding-interval">{hidden}{escape(figure["interval"])}</span>'
    value = "finding-value" if "share" in figure else "finding-words"
    return (
        f'<div class="{escape(figure["population"])}"><dt>{escape(figure["who"])}: {escape(figure["what"])}</dt>'
        f"<dd>{tag('strong', figure['value'], class_=value)}{interval}{_scale(figure)}</dd></div>"
    )


def _scale(figure: dict[str, Any]) -> str:
    """Return the share and its interval on a line from nothing to all; the text beside it says the same."""
    if "share" not in figure:
        return ""
    band = ""
    if "low" in figure:
        width = f"{figure['high'] - figure['low']:.1f}"
        band = f'<rect class="scale-band" x="{figure["low"]}%" y="3" width="{width}%" height="8"/>'
    return (
        '<svg class="scale" aria-hidden="true" focusable="false" height="14">'
        f'<line x1="0" x2="100%" y1="7" y2="7"/>{band}<circle cx="{figure["share"]}%" cy="7" r="4.5"/></svg>'
    )


def _link(translator: HTML5Translator, page: str) -> str:
    builder = translator.builder
    if page not in builder.env.titles:
        logger.warning("A card leads to the page '%s', which isn't in the book.", page)
        return ""
    address = builder.get_relative_uri(builder.current_docname, page)
    title = builder.env.titles[page].astext()
    return f'<a href="{escape(address)}">{escape(title)}</a>'


def visit_plain(self: Any, node: nodes.Element) -> None:
    """Let the sentences, which are the node's children, stand for the cards."""


def setup(app: Sphinx) -> None:
    """Register the node."""
    plain = (visit_plain, visit_plain)
    app.add_node(finding_cards, html=(visit_cards, visit_plain), latex=plain, text=plain, man=plain, texinfo=plain)
