"""What happens to a page between notebook and HTML: lead-ups to nothing go, code moves after its output, formulas."""

import re
from functools import cache
from html import escape
from typing import Any

from docutils import nodes
from docutils.utils.math.latex2mathml import tex2mathml
from myst_nb.ext.glue.utils import PendingGlueReference
from myst_nb.sphinx_ import HideCodeCellNode
from pybtex import plugin
from sphinx.application import Sphinx
from sphinx.transforms import SphinxTransform
from sphinx.transforms.post_transforms import SphinxPostTransform
from sphinx.writers.html5 import HTML5Translator

from surveybook.book.sphinx_ext.exhibits import exhibit

PASTED = "pasted-text"
CELL, OUTPUT, HIDDEN_CODE = "cell_code", "cell_code_output", "tag_hide-input"
FINDINGS = "in-brief"
NOTHING_FOUND = (
    "This wave asked nothing of what this chapter is about. What follows is what the report made of its own."
)
# A letter with an accent and an index, as docutils writes it: with the index underneath, like the limit of a sum.
INDEX_UNDERNEATH = re.compile(
    r"<munderover>\s*(<mi>[^<]*</mi>)(.*?)(<mo stretchy=\"false\">[^<]*</mo>)\s*</munderover>", re.DOTALL
)
INDEX_BESIDE = r'<msub><mover accent="true">\1\3</mover>\2</msub>'


class LeaveOutUnsaid(SphinxTransform):
    """Takes out paragraphs whose computed words are all empty, and what holds nothing without them.

    Chapters are written for every wave. What one didn't ask is said where a chapter tells what was asked; the words
    that were to come after it are empty, and a lead-in, a point of a list or a heading without them says nothing.
    """

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


class CodeAfterOutput(SphinxPostTransform):
    """Puts the hidden code of a cell after what it shows, for readers come for the finding, and gives it an address."""

    default_priority = 210  # after MyST-NB has wrapped the code
    formats = ("html",)

    def run(self, **kwargs: Any) -> None:
        """Move the code of each cell that has both; tell what the cell shows where its code is."""
        for cell in list(self.document.findall(nodes.container)):
            if cell.get("nb_element") == CELL and len(cell) > 1 and isinstance(cell[0], HideCodeCellNode):
                code = cell.pop(0)
                cell.append(code)
                shown = [node for node in cell.findall(exhibit) if node["ids"]]
                for node in shown:
                    code["address"] = node["cell"] = f"code-{shown[0]['meta']['name']}"


def visit_hidden_cell(self: HTML5Translator, node: HideCodeCellNode) -> None:
    """Open the disclosure of a notebook cell; its label is its text, which MyST-NB's isn't."""
    label = "Code" if "above-input" in node["classes"] else "Output"
    # The address is inside: browsers open a disclosure for what it holds, not for itself.
    address = f'<div id="{escape(node["address"])}">' if "address" in node else "<div>"
    self.body.append(f'<details class="code"><summary>{label}</summary>{address}\n')


def depart_hidden_cell(self: HTML5Translator, node: HideCodeCellNode) -> None:
    """Close it."""
    self.body.append("</div></details>\n")


def write_mathml(tex: str, *, block: bool = False) -> str:
    """Return a formula as MathML, which browsers show without a script, with its source as alternative."""
    written = INDEX_UNDERNEATH.sub(INDEX_BESIDE, str(tex2mathml(tex, as_block=block)))
    return written.replace("<math ", f'<math alttext="{escape(" ".join(tex.split()))}" ', 1)


def visit_math(self: HTML5Translator, node: nodes.math) -> None:
    """Write a formula in a line."""
    self.body.append(write_mathml(node.astext()))
    raise nodes.SkipNode


def visit_math_block(self: HTML5Translator, node: nodes.math_block) -> None:
    """Write a formula on its own."""
    # It may be wider than a phone, and then has to be scrolled, also by keyboard.
    written = write_mathml(node.astext(), block=True)
    self.body.append(f'<div class="formula" role="group" tabindex="0" aria-label="Formula">{written}</div>\n')
    raise nodes.SkipNode


def setup(app: Sphinx) -> None:
    """Register the transforms and the renderer of formulas."""
    app.add_transform(LeaveOutUnsaid)
    app.add_node(HideCodeCellNode, override=True, html=(visit_hidden_cell, depart_hidden_cell))
    app.add_post_transform(CodeAfterOutput)
    app.add_html_math_renderer("mathml", (visit_math, None), (visit_math_block, None))
    # For each citation it reads the metadata of every installed package, which was a sixth of the build; what is
    # installed doesn't change in the course of one.
    if not hasattr(plugin.find_plugin, "cache_info"):
        plugin.find_plugin = cache(plugin.find_plugin)
