"""What happens to a page between its source and HTML.

What is foreign stops the build or goes, lead-ups to nothing go, code moves after its output, the first mention of a
term leads to the glossary, tables get a frame, and formulas become MathML.
"""

import re
from functools import cache
from html import escape
from pathlib import Path
from typing import Any

from docutils import nodes
from docutils.utils.math.latex2mathml import tex2mathml
from myst_nb.ext.glue.utils import PendingGlueReference
from myst_nb.sphinx_ import HideCodeCellNode
from pybtex import plugin
from sphinx.application import Sphinx
from sphinx.environment import BuildEnvironment
from sphinx.errors import ExtensionError
from sphinx.transforms import SphinxTransform
from sphinx.transforms.post_transforms import SphinxPostTransform
from sphinx.util import logging
from sphinx.writers.html5 import HTML5Translator

from surveybook.book.notebooks import LARGEST_NOTEBOOK
from surveybook.book.sphinx_ext.exhibits import exhibit
from surveybook.book.sphinx_ext.lookups import TERMS, has_parent

PASTED = "pasted-text"
CELL, OUTPUT, HIDDEN_CODE = "cell_code", "cell_code_output", "tag_hide-input"
FINDINGS = "in-brief"
NOTHING_FOUND = (
    "This survey asked nothing of what this chapter is about. What follows is what the report made of its own."
)
# A letter with an accent and an index, as docutils writes it: with the index underneath, like the limit of a sum.
INDEX_UNDERNEATH = re.compile(
    r"<munderover>\s*(<mi>[^<]*</mi>)(.*?)(<mo stretchy=\"false\">[^<]*</mo>)\s*</munderover>", re.DOTALL
)
INDEX_BESIDE = r'<msub><mover accent="true">\1\3</mover>\2</msub>'
PREFIX = "term-"
# Terms that nobody uses in another sense: a name, or several words. "Base" alone may be anything.
DISTINCT = re.compile(r"[\s-]|[A-Z]")
# "IT" is no "it".
ABBREVIATION = re.compile(r"[A-Z]{2}")
NOT_PROSE = (nodes.reference, nodes.literal, nodes.math, nodes.table, nodes.caption, exhibit)

logger = logging.getLogger(__name__)


def refuse_large(app: Sphinx, env: BuildEnvironment, docnames: list[str]) -> None:
    """Stop before a notebook is read that is far larger than any chapter.

    Raises
    ------
    ExtensionError
        With its name.
    """
    # Neither HTML nor any file of the machine that builds, whatever a page asks for.
    env.settings.update(raw_enabled=False, file_insertion_enabled=False)
    for docname in sorted(env.found_docs):
        source = Path(env.doc2path(docname))
        if source.suffix == ".ipynb" and source.is_file() and source.stat().st_size > LARGEST_NOTEBOOK:
            size = f"over {LARGEST_NOTEBOOK // 1_000_000} MB"
            raise ExtensionError(f"{docname}.ipynb holds {size}: clear its outputs, or check what it is.")


def take_out_raw(app: Sphinx, doctree: nodes.document) -> None:
    """Take HTML out of a page that its source brought; the warning fails a strict build."""
    for node in list(doctree.findall(nodes.raw)):
        logger.warning("HTML in the source of a page is left out: %.60s", node.astext(), location=node)
        node.parent.remove(node)


class LeaveOutUnsaid(SphinxTransform):
    """Takes out paragraphs whose computed words are all empty, and what holds nothing without them.

    Chapters are written for every wave. What one didn't ask is said where a chapter tells what was asked; the words
    that were to come after it are empty, and a lead-in, a point of a list or a heading without them says nothing.
    """

    # Before contents and descriptions are taken from the page.
    default_priority = 700

    def apply(self, **kwargs: Any) -> None:
        """Go through the page from the inside: cells and paragraphs, points, lists, sections."""
        for kind, says_nothing in (
            (nodes.container, shows_nothing),
            (nodes.paragraph, is_unsaid),
            (nodes.list_item, lambda point: not point.children),
            (nodes.bullet_list, lambda points: not points.children),
            (nodes.section, is_bare),
        ):
            for node in reversed(list(self.document.findall(kind))):
                if says_nothing(node):
                    of_findings = FINDINGS in node["classes"]
                    stands_for = [nodes.paragraph(NOTHING_FOUND, NOTHING_FOUND)] if of_findings else []
                    node.parent.replace(node, stands_for)


def is_bare(section: nodes.section) -> bool:
    """Return whether nothing but the heading is left of a section; a page may be bare."""
    is_page = isinstance(section.parent, nodes.document)
    return not is_page and all(isinstance(part, nodes.title) for part in section.children)


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


def title_links(app: Sphinx, doctree: nodes.document, docname: str) -> None:
    """Write each definition into the links that lead to it."""
    known: dict[str, str] = {}
    for home, terms in ((home, kept.get(TERMS, {})) for home, kept in app.env.metadata.items()):
        known |= {name: text for name, (_, text) in terms.items()}
        if home != docname:
            link_first_mentions(doctree, app.builder.get_relative_uri(docname, home), terms)
    for link in doctree.findall(nodes.reference):
        name = link.get("refid") or link.get("refuri", "").partition("#")[2]
        if name.startswith(PREFIX) and name in known:
            link["reftitle"] = known[name]


def link_first_mentions(doctree: nodes.document, glossary: str, terms: dict[str, tuple[str, str]]) -> None:
    """Lead from the first mention of a term on a page to the glossary, unless the page has a link to it already."""
    there = {link.get("refuri", "").partition("#")[2] for link in doctree.findall(nodes.reference)}
    for name, (term, _) in terms.items():
        if name in there or not DISTINCT.search(term):
            continue
        case = re.NOFLAG if ABBREVIATION.search(term) else re.IGNORECASE
        mention = re.compile(rf"(?<![\w-]){re.escape(term)}s?(?![\w-])", case)
        texts = [text for paragraph in doctree.findall(nodes.paragraph) for text in paragraph.findall(nodes.Text)]
        for text in texts:
            found = mention.search(text)
            if found and not has_parent(text, NOT_PROSE):
                link = nodes.reference("", "", nodes.inline(found[0], found[0], classes=["std-term"]), internal=True)
                link["refuri"] = f"{glossary}#{name}"
                pieces = nodes.Text(text[: found.start()]), link, nodes.Text(text[found.end() :])
                text.parent.replace(text, list(pieces))
                break


def visit_table(self: HTML5Translator, node: nodes.table) -> None:
    """Open a table written in Markdown in a frame that scrolls sideways when it is wider than the page."""
    title = next(iter(node.findall(nodes.title)), None)
    place = 1 + next(place for place, table in enumerate(self.document.findall(nodes.table)) if table is node)
    named = {"aria-label": title.astext() if title else f"Table in the text, {place}"}
    self.body.append(self.starttag(nodes.Element(), "div", CLASS="region", role="region", tabindex="0", **named))
    HTML5Translator.visit_table(self, node)


def depart_table(self: HTML5Translator, node: nodes.table) -> None:
    """Close a table and its frame."""
    HTML5Translator.depart_table(self, node)
    self.body.append("</div>\n")


def visit_math(self: HTML5Translator, node: nodes.math | nodes.math_block) -> None:
    """Write a formula as MathML, which browsers show without a script, with its source as alternative."""
    block, tex = isinstance(node, nodes.math_block), node.astext()
    written = INDEX_UNDERNEATH.sub(INDEX_BESIDE, str(tex2mathml(tex, as_block=block)))
    written = written.replace("<math ", f'<math alttext="{escape(" ".join(tex.split()))}" ', 1)
    # One on its own may be wider than a phone, and then has to be scrolled, also by keyboard.
    frame = f'<div class="formula" role="group" tabindex="0" aria-label="Formula">{written}</div>\n'
    self.body.append(frame if block else written)
    raise nodes.SkipNode


def setup(app: Sphinx) -> None:
    """Register what is done with a page, in the order in which it is."""
    app.connect("env-before-read-docs", refuse_large)
    app.connect("doctree-read", take_out_raw, priority=100)
    app.add_transform(LeaveOutUnsaid)
    app.connect("doctree-resolved", title_links)
    app.add_post_transform(CodeAfterOutput)
    close_cell = (visit_hidden_cell, lambda self, node: self.body.append("</div></details>\n"))
    app.add_node(HideCodeCellNode, override=True, html=close_cell)
    app.add_node(nodes.table, override=True, html=(visit_table, depart_table))
    app.add_html_math_renderer("mathml", (visit_math, None), (visit_math, None))
    # For each citation it reads the metadata of every installed package, which was a sixth of the build; what is
    # installed doesn't change in the course of one.
    if not hasattr(plugin.find_plugin, "cache_info"):
        plugin.find_plugin = cache(plugin.find_plugin)
