"""What a report claims, on its pages: the list of all, and each printed phrase with its verdict beside it.

The verdicts are those that the page of claims stores; nothing is judged here.
"""

import re
from collections import Counter
from typing import Any

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.environment import BuildEnvironment
from sphinx.util import logging
from sphinx.util.docutils import SphinxRole
from sphinx.writers.html5 import HTML5Translator

from surveybook.book.sphinx_ext.blocks import statement, visit_statement
from surveybook.book.sphinx_ext.exhibits import chart_figure, data_table
from surveybook.book.sphinx_ext.templates import add_node, name_class, render_part

# What is kept of each page: its claims by id, the claims that its blocks retell, and the figures that its charts show.
CLAIMS, RETOLD, CHARTED = "surveybook_claims", "surveybook_retold", "surveybook_charted"
ANCHOR = "claim-"
# What must not begin a line.
PUNCTUATION = re.compile(r"[.,;:)]+")
logger = logging.getLogger(__name__)


class printed_phrase(nodes.Inline, nodes.TextElement):  # noqa: N801 - Sphinx finds visitors by the class's name
    """A phrase that a report printed, until its verdict is known."""


class PrintedRole(SphinxRole):
    """``{printed}`id` `` or ``{printed}`id:phrase` ``: what a report printed, with the verdict on it beside it."""

    def run(self) -> tuple[list[nodes.Node], list[nodes.system_message]]:
        """Return a place for the phrase: the claims may be on a page that is read later."""
        name, _, phrase = self.text.partition(":")
        node = printed_phrase(self.text, phrase or name, name=name.strip(), phrase=phrase.strip())
        self.set_source_info(node)
        return [node], []


def note_claims(app: Sphinx, doctree: nodes.document) -> None:
    """Keep what other pages need to know of this one."""
    kept = app.env.metadata[app.env.docname]
    tables = doctree.findall(data_table)
    kept[CLAIMS] = {entry["id"]: entry for table in tables for entry in table["meta"].get("entries", ())}
    kept[RETOLD] = {}
    named = Counter[str]()
    for block in doctree.findall(statement):
        if block["claims"]:
            name = nodes.make_id(block["label"])
            named[name] += 1  # a section may be retold in several blocks
            block["ids"] = [name if named[name] == 1 else f"{name}-{named[name]}"]
            kept[RETOLD] |= dict.fromkeys(block["claims"], block["ids"][0])
    kept[CHARTED] = {}
    for chart in doctree.findall(chart_figure):
        for figure in chart["meta"].get("figures", []):
            kept[CHARTED].setdefault(figure, chart["ids"][0])


def find_home_page(env: BuildEnvironment, kind: str, name: str) -> tuple[str, Any]:
    """Return the first page, in reading order, that keeps something of a name, and what; empty where none does."""
    for page in sorted(env.metadata):
        kept = env.metadata[page].get(kind, {})
        if name in kept:
            return page, kept[name]
    return "", None


def mark_printed(app: Sphinx, doctree: nodes.document, docname: str) -> None:
    """Put each printed phrase where its place is, with its verdict as a link to the claim."""
    for node in list(doctree.findall(printed_phrase)):
        home, claim = find_home_page(app.env, CLAIMS, node["name"])
        try:
            found = find_phrase(claim, node["name"], node["phrase"])
        except LookupError as error:
            logger.warning("{printed}`%s`: %s.", node.rawsource, error.args[0], location=node)
            node.replace_self(nodes.emphasis("", node.astext()))
            continue
        address = f"{app.builder.get_relative_uri(docname, home)}#{ANCHOR}{node['name'].lower()}"
        chip = nodes.reference("", found["chip"], internal=True, refuri=address)
        chip["classes"] = ["chip", name_class(found["verdict"])]
        held = nodes.inline("", "", chip, classes=["held"])
        around, place = node.parent, node.parent.index(node) + 1
        after = around[place] if place < len(around) and isinstance(around[place], nodes.Text) else nodes.Text("")
        if point := PUNCTUATION.match(after):
            held += nodes.Text(point[0])
            around[place] = nodes.Text(after[point.end() :])
        phrase = nodes.emphasis("", found["phrase"])
        node.replace_self(nodes.inline("", "", phrase, nodes.Text(" "), held, classes=["printed"]))


def find_phrase(claim: dict[str, Any] | None, name: str, wanted: str) -> dict[str, str]:
    """Return a printed phrase of a claim with its verdict, or raise `LookupError` where there is none."""
    if claim is None:
        raise LookupError(f"data/claims.yml has no claim '{name}'")
    printed = {one["phrase"]: one for one in claim.get("printed", [])}
    if not printed:
        raise LookupError(f"the claim '{name}' has no printed phrase; add printed to it in data/claims.yml")
    if wanted and wanted not in printed:
        raise LookupError(f"the claim '{name}' has no printed phrase '{wanted}'; it has {', '.join(printed)}")
    return dict(printed[wanted or next(iter(printed))])


def link_claims(app: Sphinx, doctree: nodes.document, docname: str) -> None:
    """Lead from each claim that is listed to where the book retells it, and to the first chart of a figure of it."""
    for table in doctree.findall(data_table):
        table["links"] = {}
        for entry in table["meta"].get("entries", ()):
            charts = (find_home_page(app.env, CHARTED, figure) for figure in entry.get("figures", ()))
            homes = {"In the chapter": find_home_page(app.env, RETOLD, entry["id"])}
            homes["In the chart"] = next((found for found in charts if found[0]), ("", ""))
            table["links"][entry["id"]] = [
                (f"{app.builder.get_relative_uri(docname, home)}#{anchor}", words)
                for words, (home, anchor) in homes.items()
                if home
            ]


def depart_statement(self: HTML5Translator, node: statement) -> None:
    """Write the claims that a block retells, folded up, each with its verdict and a link to where the book lists it."""
    builder, claims = self.builder, []
    for name in node["claims"]:
        home, claim = find_home_page(builder.env, CLAIMS, name)
        if claim:
            address = f"{builder.get_relative_uri(builder.current_docname, home)}#{ANCHOR}{name.lower()}"
            claims.append({"address": address, **claim})
    if claims:
        self.body.append(render_part("claims.html", claims=claims))
    self.body.append("</div>\n")


def setup(app: Sphinx) -> None:
    """Register the role, and what is kept of pages and written into them."""
    add_node(app, printed_phrase)
    add_node(app, statement, visit_statement, depart_statement)
    app.add_role("printed", PrintedRole())
    app.connect("doctree-read", note_claims)
    app.connect("doctree-resolved", mark_printed)
    app.connect("doctree-resolved", link_claims)
