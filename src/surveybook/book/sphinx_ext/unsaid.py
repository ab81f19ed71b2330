"""Leaves out of a page what only leads up to words or charts that the wave has none of.

Chapters are written for every wave. What one didn't ask is said where a chapter tells what was asked; the words
that were to come after it are empty, and a lead-in, a point of a list or a heading without them says nothing.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from docutils import nodes
from myst_nb.ext.glue.utils import PendingGlueReference
from sphinx.transforms import SphinxTransform

if TYPE_CHECKING:
    from sphinx.application import Sphinx

PASTED = "pasted-text"
CELL, OUTPUT, HIDDEN_CODE = "cell_code", "cell_code_output", "tag_hide-input"
FINDINGS = "in-brief"
NOTHING_FOUND = (
    "This wave asked nothing of what this chapter is about. What follows is what the report made of its own."
)


class LeaveOutUnsaid(SphinxTransform):
    """Takes out paragraphs whose computed words are all empty, and what holds nothing without them."""

    # Before contents and descriptions are taken from the page.
    default_priority = 700

    def apply(self, **kwargs: Any) -> None:
        """Go through the page from the inside: cells and paragraphs, points, lists, sections."""
        for cell in list(self.document.findall(nodes.container)):
            if shows_nothing(cell):
                cell.parent.remove(cell)
        for paragraph in list(self.document.findall(nodes.paragraph)):
            if is_unsaid(paragraph):
                paragraph.parent.remove(paragraph)
        for point in list(self.document.findall(nodes.list_item)):
            if not point.children:
                point.parent.remove(point)
        for points in list(self.document.findall(nodes.bullet_list)):
            if not points.children:
                stands_for = [nodes.paragraph(NOTHING_FOUND, NOTHING_FOUND)] if FINDINGS in points["classes"] else []
                points.parent.replace(points, stands_for)
        for section in reversed(list(self.document.findall(nodes.section))):
            if section.parent is not self.document and all(isinstance(part, nodes.title) for part in section.children):
                section.parent.remove(section)


def is_unsaid(paragraph: nodes.paragraph) -> bool:
    """Return whether all computed words of a paragraph are empty; one without any is the chapter's own."""
    pasted = [part for part in paragraph.findall(nodes.inline) if PASTED in part["classes"]]
    elsewhere = next(iter(paragraph.findall(PendingGlueReference)), None)
    return bool(pasted) and elsewhere is None and not any(part.astext().strip() for part in pasted)


def shows_nothing(cell: nodes.container) -> bool:
    """Return whether a cell that is there for its output has none: its code then explains nothing on the page."""
    parts = [part.get("nb_element") for part in cell.children if isinstance(part, nodes.Element)]
    for_output = HIDDEN_CODE in cell["classes"] or not cell.children
    return cell.get("nb_element") == CELL and for_output and OUTPUT not in parts


def setup(app: Sphinx) -> None:
    """Register the transform."""
    app.add_transform(LeaveOutUnsaid)
