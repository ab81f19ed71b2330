"""What the build lays beside the chapters for readers: the explorer's data and the workbook."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

from docutils import nodes
from sphinx.errors import ConfigError
from sphinx.util.docutils import SphinxRole
from sphinx.writers.html5 import HTML5Translator

from surveybook.book.sphinx_ext.html import page_address
from surveybook.model import paths

if TYPE_CHECKING:
    from sphinx.application import Sphinx

EXPLORER, EXPLORER_DATA, WORKBOOK = "explorer", "explorer.json", "workbook.xlsx"
DOWNLOADS = "_static/downloads"
PDF_VARIABLE = "SURVEYBOOK_PDF"


class workbook_link(nodes.Inline, nodes.TextElement):  # noqa: N801 - Sphinx finds visitors by the class's name
    """A link to the workbook of the whole topline; plain text where there is none."""


class WorkbookRole(SphinxRole):
    """``{workbook}`` with the text of the link."""

    def run(self) -> tuple[list[nodes.Node], list[nodes.system_message]]:
        """Return the link."""
        return [workbook_link(self.rawtext, self.text)], []


def folder(app: Sphinx) -> Path:
    """Return where the build puts them."""
    return Path(app.srcdir) / app.config.surveybook_extras


def workbook_path(app: Sphinx) -> str:
    """Return the workbook's path in the site; empty where the build wrote none."""
    name = f"why-ict-{app.config.surveybook_edition['wave']}.xlsx"
    return f"{DOWNLOADS}/{name}" if (folder(app) / WORKBOOK).is_file() else ""


def printed_book() -> Path | None:
    """Return the PDF that the environment says to publish with the site; None where it says nothing."""
    named = os.environ.get(PDF_VARIABLE, "")
    return paths.root() / named if named else None


def pdf_path(app: Sphinx) -> str:
    """Return the path in the site of the PDF of this edition; empty where there is none, or one of another edition."""
    edition = app.config.surveybook_edition
    return f"{DOWNLOADS}/why-ict-{edition['wave']}.pdf" if app.config.surveybook_has_pdf else ""


def note_printed_book(app: Sphinx) -> None:
    """Note whether the PDF is of this edition: a site of several has one of one of them.

    Raises
    ------
    ConfigError
        When the file isn't there or isn't a PDF.
    """
    if (file := printed_book()) is None or app.builder.name == "singlehtml":
        return
    import pikepdf  # only where there is a PDF to look at

    try:
        with pikepdf.open(file) as pdf:
            title = str(pdf.docinfo.get("/Title", ""))
    except (OSError, pikepdf.PdfError) as problem:
        raise ConfigError(
            f"{PDF_VARIABLE} names {paths.shown(file)}, which can't be read as a PDF ({problem}). "
            f"`make pdf` makes one; without {PDF_VARIABLE} the site has none."
        ) from problem
    app.config.surveybook_has_pdf = title.endswith(f", {app.config.surveybook_edition['name']}")


def visit_workbook(self: HTML5Translator, node: workbook_link) -> None:
    """Open the link."""
    if path := workbook_path(self.builder.app):
        self.body.append(f'<a href="{page_address(self, path)}" download>')


def depart_workbook(self: HTML5Translator, node: workbook_link) -> None:
    """Close it."""
    if workbook_path(self.builder.app):
        self.body.append("</a>")


def visit_plain(self: Any, node: nodes.Element) -> None:
    """Write nothing: the text stands for the link."""


def explorer_page(app: Sphinx) -> Iterator[tuple[str, dict[str, Any], str]]:
    """Return the explorer, a page without a source of its own."""
    if has_explorer(app):
        data = (folder(app) / EXPLORER_DATA).read_text(encoding="utf-8")
        yield EXPLORER, {"explorer_data": data_island_text(data)}, "explorer.html"


def has_explorer(app: Sphinx) -> bool:
    """Return whether the build wrote data for the explorer; a single page for printing has no use for it."""
    return app.builder.name != "singlehtml" and (folder(app) / EXPLORER_DATA).is_file()


def data_island_text(text: str) -> str:
    """Return JSON that is text already in the form that can stand inside a script element."""
    return text.strip().replace("<", "\\u003c")


def add_extras_context(
    app: Sphinx, pagename: str, templatename: str, context: dict[str, Any], doctree: nodes.document | None
) -> None:
    """Tell the template where they are."""
    context["has_explorer"] = has_explorer(app)
    context["workbook"] = workbook_path(app)
    context["pdf"] = pdf_path(app)
    if pagename == EXPLORER:
        context["all_figures"] = next((name for name in app.env.all_docs if name.endswith("-figures")), "")


def copy_downloads(app: Sphinx, problem: Exception | None) -> None:
    """Put the workbook and the PDF into the site."""
    files = ((workbook_path(app), folder(app) / WORKBOOK), (pdf_path(app), printed_book()))
    for path, file in files:
        if path and file and not problem:
            target = Path(app.outdir) / path
            target.parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(file, target)


def setup(app: Sphinx) -> None:
    """Register the role, the page and the file."""
    app.add_config_value("surveybook_extras", "_build/extras", "html", types=(str,))
    app.add_config_value("surveybook_has_pdf", False, "html", types=(bool,))
    app.add_role("workbook", WorkbookRole())
    plain = (visit_plain, visit_plain)
    app.add_node(
        workbook_link, html=(visit_workbook, depart_workbook), latex=plain, text=plain, man=plain, texinfo=plain
    )
    app.connect("html-collect-pages", explorer_page)
    app.connect("html-page-context", add_extras_context)
    app.connect("builder-inited", note_printed_book)
    app.connect("build-finished", copy_downloads)
