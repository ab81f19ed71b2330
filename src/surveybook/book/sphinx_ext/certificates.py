"""The certificate of an edition as readers see it: a badge on each chapter, and a page that tells all.

Both stand between two comments. The certificate holds the hashes of the pages with nothing between them, so that it
can be shown on pages that it speaks of.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from markupsafe import Markup
from sphinx.util.osutil import relative_uri

from surveybook.book.sphinx_ext.grids import Grid
from surveybook.book.sphinx_ext.templates import is_site, render_part

if TYPE_CHECKING:
    from collections.abc import Iterator

    from docutils import nodes
    from sphinx.application import Sphinx

PAGE, FILE = "certificate", "certificate.json"
OPENED, CLOSED = "<!-- certificate -->", "<!-- /certificate -->"
BETWEEN = re.compile(f"{re.escape(OPENED)}(.*?){re.escape(CLOSED)}", re.DOTALL)
MARK = Markup(
    '<svg class="certificate-mark" viewBox="0 0 16 16" width="16" height="16" aria-hidden="true"><path d="{}"/></svg>'
)
MARKS = {
    "passed": MARK.format("M2 8.5l4 4 8-9"),
    "failed": MARK.format("M3 3l10 10M13 3L3 13"),
    "changed": MARK.format("M2 8h12"),
}
LINKS = {
    "environment": "Environment",
    "data": "Data",
    "execution": "Execution",
    "comparison": "Comparison",
    "site": "Site",
}
COUNTS = {
    "Cells executed": "cells_executed",
    "Outputs compared": "outputs_compared",
    "Survey figures": "figures",
    "Numbers recomputed": "numbers_recomputed",
    "Numbers traced": "numbers_traced",
}
# The columns of words; all others hold numbers.
CLAIMS, RESULT = "Claims", "Result"
PARTS = {
    "data": "Data",
    "code": "Code",
    "book": "Chapters and pages",
    "settings": "How the project is run, checked and published",
    "lock": "Lock of the packages",
    "site": "Pages and downloads, without this certificate",
}


def empty_certificate(page: str) -> str:
    """Return a page with nothing where it shows the certificate."""
    return BETWEEN.sub(OPENED + CLOSED, page)


def find_certificate(page: str) -> list[str]:
    """Return what a page shows of the certificate, place by place."""
    return BETWEEN.findall(page)


def place_certificate(content: str) -> str:
    """Return content of the certificate between the two comments."""
    return f"{OPENED}{content}{CLOSED}"


def chapter_anchor(chapter: str) -> str:
    """Return the address of a chapter on the certificate's page."""
    return f"chapter-{chapter.rpartition('/')[2]}"


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
    if entry is None:
        return ""
    if entry["sha256"] != sha256:
        kind, said = "changed", "Changed since it was last verified"
    elif entry["result"] != "passed":
        kind, said = "failed", "Did not pass its verification"
    else:
        counted = [(entry["figures"], "survey figure")] if entry["figures"] else []
        counted.append((entry["outputs_compared"], "output"))
        numbers = (f"{number:,} {noun}{'' if number == 1 else 's'}" for number, noun in counted)
        kind, said = "passed", f"Verified by machine: {', '.join(numbers)}"
    address = f"{page}#{chapter_anchor(chapter)}"
    return render_part("badge.html", kind=kind, said=said, mark=MARKS[kind], address=address)


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
    if not certificate:
        return render_part("certificate.html", certificate=None)
    content, machine = certificate["content"], certificate["machine"]
    checks = [
        [
            one["name"],
            describe_result(one),
            ", ".join(f"{number:,} {what}" for what, number in one["counts"].items()),
            one["by"],
            LINKS.get(one["link"], one["link"]),
        ]
        for one in content["checks"]
    ]
    interpreter = ["Python", f"{machine['implementation']} {machine['python']}"]
    return render_part(
        "certificate.html",
        certificate=certificate,
        file=FILE,
        marks=MARKS,
        checks=Grid(["What was checked", "Result", "How much", "By what", "Link of the chain"], checks),
        columns=[*COUNTS, CLAIMS, "Seconds", RESULT],
        words=(CLAIMS, RESULT),
        chapters=[describe_chapter(one, certificate["time"], pages) for one in content["chapters"]],
        wholes=[(label, content[part]["sha256"]) for part, label in PARTS.items() if part in content],
        files=[named for part in ("data", "book") for named in content[part]["files"].items()],
        packages=Grid(["Package", "Version"], [interpreter, *map(list, machine["packages"].items())]),
    )


def describe_result(one: Mapping[str, Any]) -> str:
    """Return how a check went; one that found nothing to look at has shown nothing."""
    if not one["passed"]:
        return f"{len(one['faults'])} faults"
    return "passed" if one["counts"] else "not checked"


def describe_chapter(entry: Mapping[str, Any], time: Mapping[str, Any], pages: Mapping[str, str]) -> dict[str, Any]:
    """Return the row of one chapter."""
    chapter = entry["chapter"]
    took = time["chapters"].get(chapter)
    return {
        "name": chapter.rpartition("/")[2],
        "anchor": chapter_anchor(chapter),
        "address": pages.get(chapter, ""),
        "cells": [
            *(f"{entry[key]:,}" for key in COUNTS.values()),
            ", ".join(f"{number} {verdict}" for verdict, number in entry["claims"].items()) or "none",
            "" if took is None else f"{took:.1f}",
            entry["result"],
        ],
    }


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
    certificate = read_certificate(app)
    here = app.builder.get_target_uri(pagename)
    context["certificate"] = context["certificate_link"] = ""
    if is_site(app):
        address = relative_uri(here, app.builder.get_target_uri(PAGE))
        context["certificate_link"] = place_certificate(render_link(certificate, address))
    if pagename == PAGE:
        pages = {name: relative_uri(here, app.builder.get_target_uri(name)) for name in sorted(app.env.all_docs)}
        context["certificate"] = place_certificate(render_certificate(certificate, pages))
    elif doctree is not None and is_site(app):
        source = Path(app.env.doc2path(pagename))
        if source.suffix == ".ipynb":
            sha256 = hashlib.sha256(source.read_bytes()).hexdigest()
            context["certificate"] = place_certificate(render_badge(certificate, pagename, sha256, address))


def list_certificate_page(app: Sphinx) -> Iterator[tuple[str, dict[str, Any], str]]:
    """Return the page, which has no source of its own."""
    if is_site(app):
        yield PAGE, {}, "certificate.html"


def copy_certificate(app: Sphinx, problem: Exception | None) -> None:
    """Put the certificate into the site as a file."""
    certificate = read_certificate(app) if not problem and is_site(app) else None
    if certificate:
        text = json.dumps(certificate, ensure_ascii=False, indent=1) + "\n"
        (Path(app.outdir) / FILE).write_text(text, encoding="utf-8")


def setup(app: Sphinx) -> None:
    """Register the page, the badges and the file."""
    app.connect("html-collect-pages", list_certificate_page)
    app.connect("html-page-context", add_certificate_context, priority=960)
    app.connect("build-finished", copy_certificate)
