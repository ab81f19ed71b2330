"""The certificate of an edition as readers see it: a badge on each chapter, and a page that tells all.

Both stand between two comments. The certificate holds the hashes of the pages with nothing between them, so that it
can be shown on pages that it speaks of.
"""

import json
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.util.osutil import relative_uri

from surveybook.book.sphinx_ext.templates import is_site, render_part
from surveybook.model.hashing import hash_file

PAGE, FILE = "certificate", "certificate.json"
OPENED, CLOSED = "<!-- certificate -->", "<!-- /certificate -->"
BETWEEN = re.compile(f"{re.escape(OPENED)}(.*?){re.escape(CLOSED)}", re.DOTALL)


def empty_certificate(page: str) -> str:
    """Return a page with nothing where it shows the certificate."""
    return BETWEEN.sub(OPENED + CLOSED, page)


def find_certificate(page: str) -> list[str]:
    """Return what a page shows of the certificate, place by place."""
    return BETWEEN.findall(page)


def place_certificate(content: str) -> str:
    """Return content of the certificate between the two comments."""
    return f"{OPENED}{content}{CLOSED}"


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
    chapters = (certificate or {}).get("content", {}).get("chapters", [])
    entry = next((one for one in chapters if one["chapter"] == chapter), None)
    return render_part("badge.html", entry=entry, changed=entry["sha256"] != sha256, page=page) if entry else ""


def render_link(certificate: Mapping[str, Any] | None, page: str) -> str:
    """Return the way from the foot of a page to that of the certificate; empty where there is no certificate."""
    return render_part("certificate-link.html", address=page or "#") if certificate else ""


def render_certificate(certificate: Mapping[str, Any] | None, pages: Mapping[str, str]) -> str:
    """Return the text of the certificate's page.

    Parameters
    ----------
    certificate : mapping or None
        The certificate.
    pages : mapping
        The address of each chapter's page, from this one.
    """
    return render_part("certificate.html", certificate=certificate, pages=pages, file=FILE)


def read_certificate(app: Sphinx) -> dict[str, Any] | None:
    """Return the certificate that lies beside the book: the one that the build put there, or the committed one."""
    wave = app.config.surveybook_edition["wave"]
    for name in (f"_build/{FILE}", f"certificate/{wave}/{FILE}"):
        path = Path(app.srcdir) / name
        if path.is_file():
            return json.loads(path.read_text(encoding="utf-8"))
    return None


def add_certificate_context(
    app: Sphinx, pagename: str, templatename: str, context: dict[str, Any], doctree: nodes.document | None
) -> None:
    """Give the template the badge of a chapter, the text of the certificate's page, and the way to it."""
    context["certificate"] = context["certificate_link"] = ""
    if not is_site(app):
        return
    certificate, builder = read_certificate(app), app.builder
    here = builder.get_target_uri(pagename)
    address = relative_uri(here, builder.get_target_uri(PAGE))
    context["certificate_link"] = place_certificate(render_link(certificate, address))
    if pagename == PAGE:
        pages = {name: relative_uri(here, builder.get_target_uri(name)) for name in sorted(app.env.all_docs)}
        context["certificate"] = place_certificate(render_certificate(certificate, pages))
    elif doctree is not None and (source := Path(app.env.doc2path(pagename))).suffix == ".ipynb":
        badge = render_badge(certificate, pagename, hash_file(source), address)
        context["certificate"] = place_certificate(badge)


def copy_certificate(app: Sphinx, problem: Exception | None) -> None:
    """Put the certificate into the site as a file."""
    certificate = read_certificate(app) if not problem and is_site(app) else None
    if certificate:
        text = json.dumps(certificate, ensure_ascii=False, indent=1) + "\n"
        (Path(app.outdir) / FILE).write_text(text, encoding="utf-8")


def setup(app: Sphinx) -> None:
    """Register the page, the badges and the file."""
    app.connect("html-collect-pages", lambda app: [(PAGE, {}, "certificate.html")] if is_site(app) else [])
    app.connect("html-page-context", add_certificate_context, priority=960)
    app.connect("build-finished", copy_certificate)
