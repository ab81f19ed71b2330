"""What a report claims, on its pages: the list of all, and each printed phrase with its verdict beside it.

The verdicts are those that the page of claims stores; nothing is judged here.
"""

import re
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.environment import BuildEnvironment
from sphinx.util import logging
from sphinx.util.docutils import SphinxRole
from sphinx.writers.html5 import HTML5Translator

from surveybook.book.sphinx_ext.blocks import statement, visit_statement
from surveybook.book.sphinx_ext.exhibits import chart_figure, claims_list, describe_exhibit, write_data
from surveybook.book.sphinx_ext.templates import add_node, render_part

# What is kept of each page: its claims by id, the claims that its blocks retell, and the figures that its charts show.
CLAIMS, RETOLD, CHARTED = "surveybook_claims", "surveybook_retold", "surveybook_charted"
ANCHOR = "claim-"
# What must not begin a line.
PUNCTUATION = re.compile(r"[.,;:)]+")
# How readers meet the verdicts, in the order in which they are listed: the news first.
LISTED = (
    "contradicted", "mixed", "within sampling error", "not checkable", "supported by rounding", "supported",
)  # fmt: skip
FINDING = "finding"
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
    kept[CLAIMS] = {entry["id"]: entry for node in doctree.findall(claims_list) for entry in node["meta"]["entries"]}
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
        found = find_phrase(claim, node["phrase"]) if claim else f"data/claims.yml has no claim '{node['name']}'"
        if isinstance(found, str):
            logger.warning("{printed}`%s`: %s.", node.rawsource, found, location=node)
            node.replace_self(nodes.emphasis("", node.astext()))
            continue
        address = f"{app.builder.get_relative_uri(docname, home)}#{ANCHOR}{node['name'].lower()}"
        chip = nodes.reference(
            "", found["chip"], internal=True, refuri=address, classes=["chip", slug(found["verdict"])]
        )
        phrase = nodes.emphasis("", found["phrase"])
        held = nodes.inline("", "", chip, classes=["held"])
        around, place = node.parent, node.parent.index(node) + 1
        after = around[place] if place < len(around) and isinstance(around[place], nodes.Text) else nodes.Text("")
        if point := PUNCTUATION.match(after):
            held += nodes.Text(point[0])
            around[place] = nodes.Text(after[point.end() :])
        node.replace_self(nodes.inline("", "", phrase, nodes.Text(" "), held, classes=["printed"]))


def find_phrase(claim: dict[str, Any], wanted: str) -> dict[str, str] | str:
    """Return a printed phrase of a claim with its verdict; a sentence where there is none, or it isn't said which."""
    printed = claim.get("printed", [])
    if not printed:
        return f"the claim '{claim['id']}' has no printed phrase; add printed to it in data/claims.yml"
    if not wanted:
        return printed[0]
    there = ", ".join(one["phrase"] for one in printed)
    missing = f"the claim '{claim['id']}' has no printed phrase '{wanted}'; it has {there}"
    return next((one for one in printed if one["phrase"] == wanted), missing)


def slug(verdict: str) -> str:
    """Return the class of a verdict: 'is-not-checkable'."""
    return "is-" + verdict.replace(" ", "-")


def group_claims(translator: HTML5Translator, node: claims_list) -> dict[str, Any]:
    """Return what the list of claims shows: its findings by verdict, the news first, and apart what counts as none."""
    entries = [describe_claim(translator, entry) for entry in node["meta"]["entries"]]
    findings = [entry for entry in entries if entry["counts_as"] == FINDING]
    groups = [(verdict, [entry for entry in findings if entry["verdict"] == verdict]) for verdict in LISTED]
    return {
        "groups": [(verdict, slug(verdict), found) for verdict, found in groups if found],
        "findings": len(findings),
        "others": [entry for entry in entries if entry["counts_as"] != FINDING],
    }


def visit_claims(self: HTML5Translator, node: claims_list) -> None:
    """Write the list of claims, and its data into the site."""
    about = describe_exhibit(self, node)
    wave = self.builder.config.surveybook_edition["wave"]
    write_data(Path(self.builder.outdir), {"wave": wave, **node["meta"]}, node["meta"], about)
    self.body.append(render_part("claims-list.html", exhibit=about, listed=group_claims(self, node)))
    raise nodes.SkipNode


def describe_claim(translator: HTML5Translator, entry: dict[str, Any]) -> dict[str, Any]:
    """Return a claim as its template wants it, with links to what retells it and to the chart of its figure."""
    return {
        **dict.fromkeys(("strict", "status", "status_reason"), ""),
        **dict.fromkeys(("printed", "also", "figures"), ()),
        **entry,
        "anchor": f"{ANCHOR}{entry['id']}".lower(),
        "kind": slug(entry["verdict"]),
        "links": list(find_links(translator, entry)),
    }


def find_links(translator: HTML5Translator, entry: dict[str, Any]) -> Iterator[tuple[str, str]]:
    """Yield where the book retells a claim and where it draws the figure of it, with the words of the link."""
    builder = translator.builder
    here = builder.current_docname
    home, anchor = find_home_page(builder.env, RETOLD, entry["id"])
    if home:
        yield f"{builder.get_relative_uri(here, home)}#{anchor}", "In the chapter"
    for figure in entry.get("figures", []):
        home, anchor = find_home_page(builder.env, CHARTED, figure)
        if home:
            yield f"{builder.get_relative_uri(here, home)}#{anchor}", "In the chart"
            return


def depart_statement(self: HTML5Translator, node: statement) -> None:
    """Write the claims that a block retells, folded up, each with its verdict and a link to where the book lists it."""
    builder, claims = self.builder, []
    for name in node["claims"]:
        home, claim = find_home_page(builder.env, CLAIMS, name)
        if claim:
            address = f"{builder.get_relative_uri(builder.current_docname, home)}#{ANCHOR}{name.lower()}"
            claims.append({"address": address, "kind": slug(claim["verdict"]), **claim})
    if claims:
        self.body.append(render_part("claims.html", claims=claims))
    self.body.append("</div>\n")


def setup(app: Sphinx) -> None:
    """Register the role, and what is kept of pages and written into them."""
    add_node(app, printed_phrase)
    add_node(app, claims_list, visit_claims, numbered_as="table")
    add_node(app, statement, visit_statement, depart_statement)
    app.add_role("printed", PrintedRole())
    app.connect("doctree-read", note_claims)
    app.connect("doctree-resolved", mark_printed)
