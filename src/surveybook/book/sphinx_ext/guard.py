"""Nothing foreign gets onto a page: no HTML, script or picture that a notebook stored, no notebook of gigabytes.

The linter says what is wrong and where. This is for those who build without it, and for what it may not know.
"""

from pathlib import Path

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.environment import BuildEnvironment
from sphinx.errors import ExtensionError
from sphinx.util import logging

from surveybook.book.notebooks import LARGEST_NOTEBOOK

# What MyST-NB would show of an output, were it there.
UNWANTED = (
    "text/html", "text/markdown", "text/latex", "image/svg+xml", "image/png", "image/jpeg", "image/gif",
    "application/javascript", "application/pdf", "application/vnd.jupyter.widget-view+json",
)  # fmt: skip

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


def setup(app: Sphinx) -> None:
    """Listen before documents are read and after each was."""
    app.connect("env-before-read-docs", refuse_large)
    app.connect("doctree-read", take_out_raw, priority=100)
