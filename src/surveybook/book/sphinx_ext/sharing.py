"""What other sites and search engines read of a page: a card, a map of the site, the report and its data set."""

from __future__ import annotations

import os
import textwrap
from html import escape
from pathlib import Path
from typing import TYPE_CHECKING, Any

from docutils import nodes

from surveybook.book.sphinx_ext import drawing
from surveybook.book.sphinx_ext.downloads import CC_BY
from surveybook.book.sphinx_ext.extras import EXPLORER, has_explorer, workbook_path
from surveybook.book.sphinx_ext.html import data_island
from surveybook.exhibits import palette

if TYPE_CHECKING:
    from sphinx.application import Sphinx
    from sphinx.config import Config

ADDRESS_VARIABLE = "SURVEYBOOK_BASEURL"
CARDS = "_static/cards"
CARD_WIDTH, CARD_HEIGHT = 1200, 630
REPORT = {
    "@type": "Report",
    "name": "Why ICT? The role of ICT in public services",
    "author": [{"@type": "Person", "name": "Alexandra Jones"}, {"@type": "Person", "name": "Laura Williams"}],
    "publisher": {"@type": "Organization", "name": "The Work Foundation"},
    "datePublished": "2005-03",
}


def read_address(app: Sphinx, config: Config) -> None:
    """Take the address of the site from the environment: only who publishes it knows it."""
    if address := os.environ.get(ADDRESS_VARIABLE, ""):
        config.html_baseurl = address.rstrip("/") + "/"


def add_sharing_context(
    app: Sphinx, pagename: str, templatename: str, context: dict[str, Any], doctree: nodes.document | None
) -> None:
    """Give the template a card where the site has an address, and the landing page the description of the whole."""
    base = app.config.html_baseurl
    if base and doctree is not None:
        title = next(iter(doctree.findall(nodes.title)), nodes.title()).astext()
        context["card_address"] = base + write_card(app, pagename, title, context.get("description", ""))
    if pagename == app.config.root_doc:
        context["structured"] = data_island(described_whole(app, context.get("description", "")))


def described_whole(app: Sphinx, description: str) -> dict[str, Any]:
    """Return the book and its data in the words of schema.org."""
    config, edition = app.config, app.config.surveybook_edition
    base = config.html_baseurl
    contributors = {"@type": "Organization", "name": config.author}
    shared = {"creator": contributors, "license": CC_BY, "inLanguage": "en", "isAccessibleForFree": True}
    address = {"url": base} if base else {}
    book = {
        "@type": "Report", "@id": f"{base}#book", "name": f"{config.html_title}, {edition['name']}",
        "description": description, "isBasedOn": REPORT, **shared, **address,
    }  # fmt: skip
    data: dict[str, Any] = {
        "@type": "Dataset", "@id": f"{base}#data",
        "name": f"The survey behind {config.html_title}: wave {edition['wave']}",
        "description": "Every published share of every question and population, with base, interval, answers "
        f"that were not published and where each is printed. Fieldwork: {edition['fieldwork']}.",
        "isPartOf": {"@id": f"{base}#book"}, "isBasedOn": REPORT, "measurementTechnique": "Survey", **shared, **address,
    }  # fmt: skip
    if workbook := workbook_path(app):
        data["distribution"] = {
            "@type": "DataDownload", "contentUrl": base + workbook,
            "encodingFormat": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
        }  # fmt: skip
    return {"@context": "https://schema.org", "@graph": [book, data]}


def write_card(app: Sphinx, pagename: str, title: str, description: str) -> str:
    """Write the picture that a link to a page is shown with; return its path in the site."""
    edition = app.config.surveybook_edition
    made_up = "Made-up data · " if edition.get("synthetic") else ""
    dated = f"{made_up}{edition['name']} · Fieldwork: {edition['fieldwork']}"
    svg = card(app.config.html_title, title, description, dated)
    path = Path(CARDS) / f"{pagename.replace('/', '-')}.png"
    target = Path(app.outdir) / path
    target.parent.mkdir(parents=True, exist_ok=True)
    target.write_bytes(drawing.painted(svg, Path(app.srcdir) / app.config.surveybook_chart_cache))
    return path.as_posix()


def card(book: str, title: str, description: str, edition: str) -> str:
    """Return a card as SVG: the page, what it says, and whose and of when that is."""
    lines = textwrap.wrap(title, 32)[:2]
    told = textwrap.wrap(description, 66)[: 5 - len(lines)]
    below = 250 + 78 * len(lines) - 12
    written = "".join(
        f'<text x="80" y="{250 + 78 * place}" font-size="64" font-weight="bold" fill="{palette.TEXT}">'
        f"{escape(line)}</text>"
        for place, line in enumerate(lines)
    ) + "".join(
        f'<text x="80" y="{below + 46 * place}" font-size="32" fill="{palette.TEXT}">{escape(line)}</text>'
        for place, line in enumerate(told)
    )
    # The two figures of the book's mark, as on each page.
    mark = (
        f'<g stroke-width="8" stroke-linecap="round"><path d="M80 90h80" stroke="{palette.PUBLIC}"/>'
        f'<circle cx="120" cy="90" r="14" fill="{palette.PUBLIC}"/><path d="M118 126h72" stroke="{palette.FRONTLINE}"/>'
        f'<circle cx="154" cy="126" r="14" fill="{palette.FRONTLINE}"/></g>'
    )
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{CARD_WIDTH}" height="{CARD_HEIGHT}" '
        f'font-family="{palette.FONT}"><rect width="100%" height="100%" fill="{palette.PAGE_LIGHT}"/>{mark}'
        f'<text x="230" y="120" font-size="34" fill="{palette.TEXT}">{escape(book)}</text>{written}'
        f'<rect x="80" y="528" width="1040" height="2" fill="{palette.GRID}"/>'
        f'<text x="80" y="578" font-size="26" fill="{palette.MUTED}">{escape(edition)}</text></svg>'
    )


def write_sitemap(app: Sphinx, problem: Exception | None) -> None:
    """Write the list of pages for search engines, where the site has an address."""
    base = app.config.html_baseurl
    if problem or not base or app.builder.name not in ("html", "dirhtml"):
        return
    names = sorted([*app.env.found_docs, *([EXPLORER] if has_explorer(app) else [])])
    addresses = [base + app.builder.get_target_uri(name) for name in names]
    body = "".join(f"<url><loc>{escape(address)}</loc></url>\n" for address in addresses)
    head = '<?xml version="1.0" encoding="UTF-8"?>\n<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">\n'
    (Path(app.outdir) / "sitemap.xml").write_text(f"{head}{body}</urlset>\n", encoding="utf-8")


def setup(app: Sphinx) -> None:
    """Register what happens at the start, at each page and at the end."""
    app.connect("config-inited", read_address)
    # After the page's description is known.
    app.connect("html-page-context", add_sharing_context, priority=950)
    app.connect("build-finished", write_sitemap)
