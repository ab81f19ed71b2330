"""The two kinds of block whose text doesn't change with the wave: what the report said, and background."""

from __future__ import annotations

from html import escape
from typing import TYPE_CHECKING, Any, ClassVar

from docutils import nodes
from docutils.parsers.rst import directives
from sphinx.util.docutils import SphinxDirective
from sphinx.writers.html5 import HTML5Translator

if TYPE_CHECKING:
    from sphinx.application import Sphinx


class statement(nodes.General, nodes.Element):  # noqa: N801 - Sphinx finds visitors by the class's name
    """A block set apart from the evidence of the wave."""


class ReportDirective(SphinxDirective):
    """`:::{report} section 2.2`: what the 2005 report said there, in our words.

    A locator that starts with a number is a section's. The option `claims` names the claims made there,
    separated by commas, or says `none`.
    """

    has_content = True
    required_arguments = 1
    final_argument_whitespace = True
    option_spec: ClassVar[dict[str, Any]] = {"claims": directives.unchanged}

    def run(self) -> list[nodes.Node]:
        """Return the block with its parsed content."""
        self.assert_has_content()
        named = (claim.strip() for claim in self.options.get("claims", "").split(","))
        claims = [claim for claim in named if claim not in ("", "none")]
        locator = self.arguments[0]
        label = f"What the 2005 report said · {'section ' if locator[0].isdigit() else ''}{locator}"
        return [_block(self, statement(kind="report", label=label, claims=claims))]


class BackgroundDirective(SphinxDirective):
    """`:::{background}`: context that isn't evidence from the survey."""

    has_content = True

    def run(self) -> list[nodes.Node]:
        """Return the block with its parsed content."""
        self.assert_has_content()
        return [_block(self, statement(kind="background", label="Background", claims=[]))]


def _block(directive: SphinxDirective, node: statement) -> statement:
    directive.set_source_info(node)
    directive.state.nested_parse(directive.content, directive.content_offset, node)
    return node


def visit_statement(self: HTML5Translator, node: statement) -> None:
    """Open the block: a note, which assistive technology announces without adding a landmark."""
    label = escape(node["label"])
    self.body.append(
        f'<div class="statement {node["kind"]}" role="note" aria-label="{label}">\n'
        f'<p class="statement-label">{label}</p>\n'
    )


def depart_statement(self: HTML5Translator, node: statement) -> None:
    """Name the claims, each a link where the book has a place for it, and close the block."""
    if node["claims"]:
        links = ", ".join(_claim(self, claim) for claim in node["claims"])
        count = len(node["claims"])
        # Folded up: a block can rest on dozens of claims, and their names are for looking up.
        self.body.append(
            f'<details class="statement-claims"><summary>{count} claim{"" if count == 1 else "s"} tested</summary>'
            f"<p>{links}</p></details>\n"
        )
    self.body.append("</div>\n")


def _claim(translator: HTML5Translator, claim: str) -> str:
    builder = translator.builder
    labels = builder.env.get_domain("std").anonlabels  # type: ignore[attr-defined]
    docname, anchor = labels.get(f"claim-{claim}".lower(), ("", ""))
    name = escape(claim)
    if not docname:
        return f"<code>{name}</code>"
    address = builder.get_relative_uri(builder.current_docname, docname)
    return f'<a href="{address}#{anchor}"><code>{name}</code></a>'


def visit_plain(self: Any, node: nodes.Element) -> None:
    """Write nothing: the children stand for the node."""


def setup(app: Sphinx) -> None:
    """Register the directives and their node."""
    plain = (visit_plain, visit_plain)
    app.add_node(statement, html=(visit_statement, depart_statement), latex=plain, text=plain, man=plain, texinfo=plain)
    app.add_directive("report", ReportDirective)
    app.add_directive("background", BackgroundDirective)
