"""Blocks and words of a kind of their own: what a report said, our notes, background, and words bound to the data."""

import datetime
from collections.abc import Callable
from typing import Any, ClassVar

from babel.dates import format_date
from docutils import nodes
from docutils.parsers.rst import directives
from sphinx.application import Sphinx
from sphinx.util import logging
from sphinx.util.docutils import SphinxDirective, SphinxRole
from sphinx.writers.html5 import HTML5Translator

from surveybook.book.sphinx_ext.settings import read_data_rows
from surveybook.book.sphinx_ext.templates import add_node
from surveybook.model.report import read_report
from surveybook.model.wording import quantity_text

# How a year, a month and a day are written out.
DATES = ("y", "MMMM y", "d MMMM y")
logger = logging.getLogger(__name__)


class statement(nodes.General, nodes.Element):  # noqa: N801 - Sphinx finds visitors by the class's name
    """A block set apart from the evidence of the wave: what a report said, our note on it, or background."""


class BackgroundDirective(SphinxDirective):
    """`:::{background}`: context that isn't evidence from the survey."""

    has_content = True
    label = "Background"

    def run(self) -> list[nodes.Node]:
        """Return the block with its parsed content."""
        self.assert_has_content()
        node = statement(kind=self.name, label=self.label, claims=[])
        self.set_source_info(node)
        self.state.nested_parse(self.content, self.content_offset, node)
        return [node]


class OurNoteDirective(BackgroundDirective):
    """`:::{our-note}`: what this book says about what the source report said there; it may hold figures."""

    label = "Our note"


class ReportDirective(BackgroundDirective):
    """`:::{report} section 2.2`: what the source report said there, in our words.

    A locator that starts with a number is a section's. The option `claims` names the claims made there,
    separated by commas, or says `none`.
    """

    required_arguments = 1
    final_argument_whitespace = True
    option_spec: ClassVar[dict[str, Any]] = {"claims": directives.unchanged}

    def run(self) -> list[nodes.Node]:
        """Return the block with its parsed content."""
        [node] = super().run()
        source = read_report().source_report
        year = f"{source.published[:4]} " if source and source.published else ""
        locator = f"{'section ' if self.arguments[0][0].isdigit() else ''}{self.arguments[0]}"
        named = (claim.strip() for claim in self.options.get("claims", "").split(","))
        node["label"] = f"What the {year}report said · {locator}"
        node["claims"] = [claim for claim in named if claim not in ("", "none")]
        return [node]


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
        node = fold(label=self.arguments[0])
        self.set_source_info(node)
        self.state.nested_parse(self.content, self.content_offset, node)
        return [node]


def visit_fold(self: HTML5Translator, node: fold) -> None:
    """Open the disclosure."""
    self.body.append(f'<details class="fold"><summary class="fold-name">{self.encode(node["label"])}</summary>\n')


def depart_fold(self: HTML5Translator, node: fold) -> None:
    """Close the disclosure."""
    self.body.append("</details>\n")


def visit_statement(self: HTML5Translator, node: statement) -> None:
    """Open the block: a note, which assistive technology announces without adding a landmark."""
    named = {"aria-label": node["label"]}
    self.body.append(self.starttag(node, "div", CLASS=f"statement {node['kind']}", role="note", **named))
    self.body.append(f'<p class="statement-label">{self.encode(node["label"])}</p>\n')


def find_row(file: str, key: str, name: str) -> dict[str, str]:
    """Return the row of a data file with this name in its column `key`; `KeyError` where there is none."""
    return {row[key]: row for row in read_data_rows(file)}[name]


def item_text(name: str) -> str:
    """Return an item's short label as it stands inside a sentence.

    Raises
    ------
    KeyError
        When the codebook has no such item.
    """
    label = find_row("codebook/items.csv", "item_id", name)["short_label"]
    return label if label.split(" ")[0].isupper() else label[:1].lower() + label[1:]


def question_text(name: str) -> str:
    """Return what pages call a question.

    Raises
    ------
    KeyError
        When the codebook has no such question.
    """
    return find_row("codebook/questions.csv", "question_id", name)["title"]


def evidence_text(name: str) -> str:
    """Return a figure from another source as words: 'over 80%', '£20 billion', 'nine in ten'.

    Raises
    ------
    KeyError
        When ``evidence.csv`` has no such figure.
    """
    row = find_row("evidence.csv", "evidence_id", name)
    return quantity_text(float(row["quantity"]) if row["quantity"] else None, row["unit"], row["verbal"])


def date_text(date: str) -> str:
    """Return an ISO date, month or year in words: '2005-03' is 'March 2005'.

    Raises
    ------
    ValueError
        When it is none.
    """
    parts = [int(part) for part in date.split("-")]
    if len(parts) > len(DATES):
        raise ValueError(f"{date!r} is no date")
    return format_date(datetime.date(*[*parts, 1, 1][:3]), DATES[len(parts) - 1], locale="en")


class BoundRole(SphinxRole):
    """A role whose text is looked up, so that it can't differ from the data."""

    def __init__(self, look_up: Callable[[str], str], kind: str) -> None:
        self.look_up = look_up
        self.kind = kind

    def run(self) -> tuple[list[nodes.Node], list[nodes.system_message]]:
        """Return the text; a name that isn't known is a warning, which stops a strict build."""
        try:
            text = self.look_up(self.text)
        except (KeyError, ValueError, OSError):
            logger.warning("The %s '%s' isn't known.", self.kind, self.text, location=self.get_location())
            text = self.text
        return [nodes.inline(text, text, classes=[f"bound-{self.kind}"])], []


def setup(app: Sphinx) -> None:
    """Register the directives with their node, and the roles."""
    add_node(app, fold, visit_fold, depart_fold)
    app.add_directive("fold", FoldDirective)
    app.add_directive("report", ReportDirective)
    app.add_directive("background", BackgroundDirective)
    app.add_directive("our-note", OurNoteDirective)
    for name, look_up in (
        ("item", item_text),
        ("question", question_text),
        ("evidence", evidence_text),
        ("date", date_text),
    ):
        app.add_role(name, BoundRole(look_up, name))
