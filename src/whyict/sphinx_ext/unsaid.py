"""Leaves out of a page what only leads up to words that the wave has none of.

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
FINDINGS = "in-brief"
NOTHING_FOUND = (
    "This wave asked nothing of what this chapter is about. What follows is what the report made of its own."
)


class LeaveOutUnsaid(SphinxTransform):
    """Takes out paragraphs whose computed words are all empty, and what holds nothing without them."""

    # Before contents and descriptions are taken from the page.
    default_priority = 700

    def apply(self, **kwargs: Any) -> None:
        """Go through the page from the inside: paragraphs, points, lists, sections."""
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
            if section.parent is not self.document and all(map(holds_nothing, section.children)):
                section.parent.remove(section)


def is_unsaid(paragraph: nodes.paragraph) -> bool:
    """Return whether all computed words of a paragraph are empty; one without any is the chapter's own."""
    pasted = [part for part in paragraph.findall(nodes.inline) if PASTED in part["classes"]]
    elsewhere = next(iter(paragraph.findall(PendingGlueReference)), None)
    return bool(pasted) and elsewhere is None and not any(part.astext().strip() for part in pasted)


def holds_nothing(node: nodes.Node) -> bool:
    """Return whether a part of a section shows nothing: its title, or a cell without output and visible code."""
    return isinstance(node, nodes.title) or (isinstance(node, nodes.container) and not node.children)


def setup(app: Sphinx) -> None:
    """Register the transform."""
    app.add_transform(LeaveOutUnsaid)
