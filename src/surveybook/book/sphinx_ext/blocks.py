"""Blocks and words of a kind of their own: what a report said, our notes, background, and words bound to the data.

What a report printed stands with the verdict that the page of claims stores; nothing is judged here.
"""

import re
from collections.abc import Callable, Mapping
from operator import itemgetter
from typing import Any, ClassVar

from docutils import nodes
from docutils.parsers.rst import directives
from sphinx.application import Sphinx
from sphinx.builders import Builder
from sphinx.util import logging
from sphinx.util.docutils import SphinxDirective, SphinxRole
from sphinx.writers.html5 import HTML5Translator

from surveybook.book.sphinx_ext.exhibits import data_table
from surveybook.book.sphinx_ext.lookups import CLAIMS, RETOLD, find_chart, find_home_page
from surveybook.book.sphinx_ext.settings import class_verdict, date_text, read_data_rows, render_part
from surveybook.model.report import read_report
from surveybook.model.wording import in_sentence, quantity_text

# What is set apart: context that isn't evidence, and what this book says of what the source report said there.
LABELS = {"background": "Background", "our-note": "Our note"}
ANCHOR = "claim-"
# What must not begin a line.
PUNCTUATION = re.compile(r"[.,;:)]+")
logger = logging.getLogger(__name__)


class statement(nodes.General, nodes.Element):  # noqa: N801 - Sphinx finds visitors by the class's name
    """A block set apart from the evidence of the wave: what a report said, our note on it, or background."""


class fold(nodes.General, nodes.Element):  # noqa: N801 - Sphinx finds visitors by the class's name
    """What waits under its title until a reader opens it."""


class FoldDirective(SphinxDirective):
    """`:::{fold} Title`: what waits under its title until a reader opens it."""

    has_content = True
    required_arguments = 1
    final_argument_whitespace = True

    def run(self) -> list[nodes.Node]:
        """Return the block with its parsed content."""
        self.assert_has_content()
        node = self.make_node()
        self.set_source_info(node)
        self.state.nested_parse(self.content, self.content_offset, node)
        return [node]

    def make_node(self) -> nodes.Element:
        """Return the block while nothing is in it."""
        return fold(label=self.arguments[0])


class NoteDirective(FoldDirective):
    """`:::{background}`, context that isn't evidence from the survey, and the other blocks of `LABELS`."""

    required_arguments = 0

    def make_node(self) -> nodes.Element:
        """Return the block while nothing is in it."""
        return statement(kind=self.name, label=LABELS[self.name], claims=[])


class ReportDirective(FoldDirective):
    """`:::{report} section 2.2`: what the source report said there, in our words.

    A locator that starts with a number is a section's. The option `claims` names the claims made there,
    separated by commas, or says `none`.
    """

    option_spec: ClassVar[dict[str, Any]] = {"claims": directives.unchanged}

    def make_node(self) -> nodes.Element:
        """Return the block while nothing is in it."""
        source = read_report().source_report
        year = f"{source.published[:4]} " if source and source.published else ""
        locator = f"{'section ' if self.arguments[0][0].isdigit() else ''}{self.arguments[0]}"
        named = (claim.strip() for claim in self.options.get("claims", "").split(","))
        claims = [claim for claim in named if claim not in ("", "none")]
        return statement(kind=self.name, label=f"What the {year}report said · {locator}", claims=claims)


def visit_fold(self: HTML5Translator, node: fold) -> None:
    """Open the disclosure."""
    self.body.append(f'<details class="fold"><summary class="fold-name">{self.encode(node["label"])}</summary>\n')


def visit_statement(self: HTML5Translator, node: statement) -> None:
    """Open the block: a note, which assistive technology announces without adding a landmark."""
    named = {"aria-label": node["label"]}
    self.body.append(self.starttag(node, "div", CLASS=f"statement {node['kind']}", role="note", **named))
    self.body.append(f'<p class="statement-label">{self.encode(node["label"])}</p>\n')


def depart_statement(self: HTML5Translator, node: statement) -> None:
    """Write the claims that a block retells, folded up, each with its verdict and a link to where the book lists it."""
    found = [find_claim(self.builder, self.builder.current_docname, name) for name in node["claims"]]
    claims = [{"address": address, **claim} for address, claim in found if claim]
    if claims:
        self.body.append(render_part("claims.html", claims=claims))
    self.body.append("</div>\n")


def find_claim(builder: Builder, docname: str, name: str) -> tuple[str, dict[str, Any] | None]:
    """Return where the book lists a claim, as a page links to it, and the claim; none where it lists none such."""
    home, claim = find_home_page(builder.env, CLAIMS, name)
    return f"{builder.get_relative_uri(docname, home)}#{ANCHOR}{name.lower()}", claim


def tell_evidence(row: Mapping[str, str]) -> str:
    """Return a figure from another source as words: 'over 80%', '£20 billion', 'nine in ten'."""
    return quantity_text(float(row["quantity"]) if row["quantity"] else None, row["unit"], row["verbal"])


# Of each role that looks something up: the file, its column of names, and how a row of it is told.
LOOKED_UP: dict[str, tuple[str, str, Callable[[Mapping[str, str]], str]]] = {
    "item": ("codebook/items.csv", "item_id", lambda row: in_sentence(row["short_label"])),
    "question": ("codebook/questions.csv", "question_id", itemgetter("title")),
    "evidence": ("evidence.csv", "evidence_id", tell_evidence),
}


def look_up_text(kind: str, name: str) -> str:
    """Return what a role puts on a page in the place of a name or a date.

    Raises
    ------
    KeyError
        When the data have nothing of this name.
    ValueError
        When a date is none.
    """
    if kind == "date":
        return date_text(name)
    file, key, tell = LOOKED_UP[kind]
    return tell({row[key]: row for row in read_data_rows(file)}[name])


class BoundRole(SphinxRole):
    """A role whose text is looked up, so that it can't differ from the data."""

    def run(self) -> tuple[list[nodes.Node], list[nodes.system_message]]:
        """Return the text; a name that isn't known is a warning, which stops a strict build."""
        try:
            text = look_up_text(self.name, self.text)
        except (KeyError, ValueError, OSError):
            logger.warning("The %s '%s' isn't known.", self.name, self.text, location=self.get_location())
            text = self.text
        return [nodes.inline(text, text, classes=[f"bound-{self.name}"])], []


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


def mark_printed(app: Sphinx, doctree: nodes.document, docname: str) -> None:
    """Put each printed phrase where its place is, with its verdict as a link to the claim."""
    for node in list(doctree.findall(printed_phrase)):
        address, claim = find_claim(app.builder, docname, node["name"])
        try:
            found = find_phrase(claim, node["name"], node["phrase"])
        except LookupError as error:
            logger.warning("{printed}`%s`: %s.", node.rawsource, error.args[0], location=node)
            node.replace_self(nodes.emphasis("", node.astext()))
            continue
        chip = nodes.reference("", found["chip"], internal=True, refuri=address)
        chip["classes"] = ["chip", class_verdict(found["verdict"])]
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
            homes = {"In the chapter": find_home_page(app.env, RETOLD, entry["id"])}
            homes["In the chart"] = find_chart(app.env, entry.get("figures", []))
            table["links"][entry["id"]] = [
                (f"{app.builder.get_relative_uri(docname, home)}#{anchor}", words)
                for words, (home, anchor) in homes.items()
                if home
            ]


def setup(app: Sphinx) -> None:
    """Register the directives with their nodes, the roles, and what is written of claims once all pages are read."""
    app.add_node(fold, html=(visit_fold, lambda self, node: self.body.append("</details>\n")))
    app.add_node(statement, html=(visit_statement, depart_statement))
    app.add_directive("fold", FoldDirective)
    app.add_directive("report", ReportDirective)
    for name in LABELS:
        app.add_directive(name, NoteDirective)
    for name in (*LOOKED_UP, "date"):
        app.add_role(name, BoundRole())
    app.add_role("printed", PrintedRole())
    app.connect("doctree-resolved", mark_printed)
    app.connect("doctree-resolved", link_claims)
