"""What every page has: the theme, a description, the contents of the page, the edition."""

from __future__ import annotations

import re
from html import escape
from pathlib import Path
from typing import TYPE_CHECKING, Any

from docutils import nodes
from myst_nb.sphinx_ import HideCodeCellNode
from sphinx.environment.adapters.toctree import TocTree
from sphinx.transforms.post_transforms import SphinxPostTransform
from sphinx.writers.html5 import HTML5Translator

from surveybook.book.sphinx_ext import editions
from surveybook.book.sphinx_ext.editions import citation
from surveybook.book.sphinx_ext.figures import chart_figure
from surveybook.book.sphinx_ext.html import data_island
from surveybook.book.sphinx_ext.tables import data_table
from surveybook.book.sphinx_ext.terms import has_titled_links

if TYPE_CHECKING:
    from sphinx.application import Sphinx

DESCRIPTION = "surveybook_description"
MAIN_SCRIPT, TERMS_SCRIPT = "surveybook.js", "surveybook-terms.js"
# Enough for a search engine's two lines.
DESCRIPTION_LENGTH = 160

# What a page opens with: a paragraph, or the list of its findings.
OPENINGS = (nodes.section, nodes.list_item)

# The title of a page with what it found, before which nobody wants a list of sections.
AFTER_FINDINGS = re.compile(r'</h1>(?:\s*<ul class="in-brief[^"]*">.*?</ul>)?', re.DOTALL)

# Roles that bibliographies carry and that have lost their meaning: checkers report them as errors.
DEAD_ROLES = re.compile(r' role="(?:doc-biblioentry|list)"')


def note_description(app: Sphinx, doctree: nodes.document) -> None:
    """Keep a description of each page that is read; the search page shows those of all."""
    app.env.metadata[app.env.docname][DESCRIPTION] = described(app, app.env.docname, doctree)


def described(app: Sphinx, pagename: str, doctree: nodes.document) -> str:
    """Return the description that a page's metadata state, or else its first paragraph, shortened."""
    if stated := app.env.metadata[pagename].get("description"):
        return str(stated)
    paragraphs = (found for found in doctree.findall(nodes.paragraph) if isinstance(found.parent, OPENINGS))
    first = next(paragraphs, None)
    return "" if first is None else shortened(" ".join(first.astext().split()))


def shortened(text: str, length: int = DESCRIPTION_LENGTH) -> str:
    """Return the text cut after a whole word, with an ellipsis, when it is longer than `length`."""
    return text if len(text) <= length else text[: length - 1].rsplit(" ", 1)[0].rstrip(",;:–") + "…"


def add_page_context(
    app: Sphinx, pagename: str, templatename: str, context: dict[str, Any], doctree: nodes.document | None
) -> None:
    """Give the template what it shows beside the text."""
    config, metadata = app.config, app.env.metadata
    context["edition"] = config.surveybook_edition
    context["citation"] = citation(config)
    context["author"] = config.author
    if doctree is not None:
        # Again, now that references in it are resolved.
        metadata[pagename][DESCRIPTION] = context["description"] = described(app, pagename, doctree)
    context["cite_address"] = cite_address(app, context)
    context["scripts"] = [] if doctree is None else scripts(doctree)
    if pagename == "search":
        names = sorted(app.env.all_docs)
        context["descriptions"] = data_island({name: metadata[name].get(DESCRIPTION, "") for name in names})
    if "body" in context:
        body = DEAD_ROLES.sub("", context["body"])
        contents = page_contents(app, pagename)
        context["body"] = AFTER_FINDINGS.sub(lambda opening: f"{opening[0]}\n{contents}", body, count=1)


def needs_script(node: nodes.Node) -> bool:
    """Return whether a node has something that the script makes more of: a chart, or a table with a filter."""
    return isinstance(node, chart_figure) or (isinstance(node, data_table) and bool(node["meta"].get("filter")))


def scripts(doctree: nodes.document) -> list[str]:
    """Return the scripts that a page has a use for."""
    wanted = [MAIN_SCRIPT] if any(map(needs_script, doctree.findall())) else []
    return [*wanted, TERMS_SCRIPT] if has_titled_links(doctree) else wanted


def cite_address(app: Sphinx, context: dict[str, Any]) -> str:
    """Return the address of the page on citing, where the book has one."""
    docname, _, anchor = app.config.surveybook_cite_page.partition("#")
    if docname not in app.env.all_docs:
        return ""
    return str(context["pathto"](docname)) + (f"#{anchor}" if anchor else "")


def page_contents(app: Sphinx, pagename: str) -> str:
    """Return a list of the sections of a page; empty for fewer than two, and for the landing page, which is short."""
    if pagename == app.config.root_doc and app.builder.name != "singlehtml":
        return ""
    # get_toc_for returns a copy, with the page's title as the only entry of the outer list.
    toc = TocTree(app.env).get_toc_for(pagename, app.builder)
    inner = [child for item in toc.children for child in item.children if isinstance(child, nodes.bullet_list)]
    if not inner or len(inner[0]) < 2:
        return ""
    links = app.builder.render_partial(inner[0])["fragment"]  # type: ignore[attr-defined]
    title = '<p class="contents-title">On this page</p>'
    return f'<nav class="contents" aria-label="On this page"><div>{title}{links}</div></nav>'


class CodeAfterOutput(SphinxPostTransform):
    """Puts the hidden code of a cell after what it shows, for readers come for the finding, and gives it an address."""

    default_priority = 210  # after MyST-NB has wrapped the code
    formats = ("html",)

    def run(self, **kwargs: Any) -> None:
        """Move the code of each cell that has both; tell what the cell shows where its code is."""
        for cell in list(self.document.findall(nodes.container)):
            if cell.get("nb_element") == "cell_code" and len(cell) > 1 and isinstance(cell[0], HideCodeCellNode):
                code = cell.pop(0)
                cell.append(code)
                shown = [node for node in cell.findall() if isinstance(node, chart_figure | data_table)]
                for node in shown:
                    code["address"] = node["cell"] = f"code-{shown[0]['meta']['name']}"


def visit_hidden_cell(self: HTML5Translator, node: HideCodeCellNode) -> None:
    """Open the disclosure of a notebook cell; its label is its text, which MyST-NB's isn't."""
    label = "Code" if "above-input" in node["classes"] else "Output"
    # The address is inside: browsers open a disclosure for what it holds, not for itself.
    address = f'<div id="{escape(node["address"])}">' if "address" in node else "<div>"
    self.body.append(f'<details class="code"><summary>{escape(label)}</summary>{address}\n')


def depart_hidden_cell(self: HTML5Translator, node: HideCodeCellNode) -> None:
    """Close it."""
    self.body.append("</div></details>\n")


def setup(app: Sphinx) -> None:
    """Register the theme and what fills it."""
    editions.setup(app)
    app.add_html_theme("surveybook", str(Path(__file__).parent / "theme"))
    app.add_node(HideCodeCellNode, override=True, html=(visit_hidden_cell, depart_hidden_cell))
    app.add_post_transform(CodeAfterOutput)
    app.connect("doctree-read", note_description)
    # After MyST-NB's own, so that the page is complete.
    app.connect("html-page-context", add_page_context, priority=900)
