"""The certificate of an edition as readers see it: a badge on each chapter, a page that tells all, and the file."""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.util.osutil import relative_uri

from surveybook.book.sphinx_ext.templates import is_site, render_part
from surveybook.model.files import hash_file

PAGE, FILE = "certificate", "certificate.json"


def render_badge(certificate: Mapping[str, Any] | None, chapter: str, sha256: str, page: str) -> str:
    """Return the badge of a chapter; empty where there is no certificate, or it doesn't know the chapter.

    Parameters
    ----------
    certificate : mapping or None
        The certificate.
    chapter : str
        The document, such as ``chapters/02-quality``.
    sha256 : str
        The hash of the executed notebook that the page is made from.
    page : str
        The address of the certificate's page.
    """
    chapters = certificate["content"]["chapters"] if certificate else []
    entry = next((one for one in chapters if one["chapter"] == chapter), None)
    return render_part("badge.html", entry=entry, changed=entry["sha256"] != sha256, page=page) if entry else ""


def render_certificate(certificate: Mapping[str, Any], pages: Mapping[str, str]) -> str:
    """Return the text of the certificate's page; `pages` has the address of each chapter's page, from this one."""
    return render_part("certificate.html", certificate=certificate, pages=pages, file=FILE)


def note_certificate(app: Sphinx) -> None:
    """Note the certificate that lies beside the book: the one that the build put there, or the committed one."""
    app.config.html_context["certificate"] = None
    wave = app.config.surveybook_edition["wave"]
    for name in (f"certificate/{wave}/{FILE}", f"_build/{FILE}"):
        path = Path(app.srcdir) / name
        if path.is_file() and is_site(app):
            app.config.html_context["certificate"] = json.loads(path.read_text(encoding="utf-8"))


def add_certificate_context(
    app: Sphinx, pagename: str, templatename: str, context: dict[str, Any], doctree: nodes.document | None
) -> None:
    """Give the template the badge of a chapter, or the text of the certificate's page."""
    context["badge"] = ""
    certificate, builder = context["certificate"], app.builder
    here = builder.get_target_uri(pagename)
    if pagename == PAGE:
        pages = {name: relative_uri(here, builder.get_target_uri(name)) for name in sorted(app.env.all_docs)}
        context["body"] = render_certificate(certificate, pages)
    elif doctree is not None and (source := Path(app.env.doc2path(pagename))).suffix == ".ipynb":
        address = relative_uri(here, builder.get_target_uri(PAGE))
        context["badge"] = render_badge(certificate, pagename, hash_file(source), address)


def copy_certificate(app: Sphinx, problem: Exception | None) -> None:
    """Put the certificate into the site as a file."""
    certificate = app.config.html_context["certificate"]
    if certificate and not problem:
        text = json.dumps(certificate, ensure_ascii=False, indent=1) + "\n"
        (Path(app.outdir) / FILE).write_text(text, encoding="utf-8")


def setup(app: Sphinx) -> None:
    """Register the page, the badges and the file."""
    app.connect("builder-inited", note_certificate)
    app.connect(
        "html-collect-pages",
        lambda app: [(PAGE, {}, "certificate.html")] if app.config.html_context["certificate"] else [],
    )
    app.connect("html-page-context", add_certificate_context, priority=960)
    app.connect("build-finished", copy_certificate)
