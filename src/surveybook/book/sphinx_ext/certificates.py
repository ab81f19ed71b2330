"""The certificate of an edition as readers see it: a badge on each chapter, and a page that tells all.

Both stand between two comments. The certificate holds the hashes of the pages with nothing between them, so that it
can be shown on pages that it speaks of.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Mapping, Sequence
from html import escape
from pathlib import Path
from typing import TYPE_CHECKING, Any

from docutils import nodes
from sphinx.util.docutils import SphinxRole
from sphinx.util.osutil import relative_uri
from sphinx.writers.html5 import HTML5Translator

from surveybook.book.sphinx_ext.html import region, table, tag

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sphinx.application import Sphinx

PAGE, FILE = "certificate", "certificate.json"
OPENED, CLOSED = "<!-- certificate -->", "<!-- /certificate -->"
# What a text without markup sets in back-quotes.
CODE = re.compile("`([^`]+)`")
BETWEEN = re.compile(f"{re.escape(OPENED)}(.*?){re.escape(CLOSED)}", re.DOTALL)
TICK = (
    '<svg class="certificate-mark" viewBox="0 0 16 16" width="16" height="16" aria-hidden="true"><path d="{}"/></svg>'
)
MARKS = {
    "passed": TICK.format("M2 8.5l4 4 8-9"),
    "failed": TICK.format("M3 3l10 10M13 3L3 13"),
    "": TICK.format("M2 8h12"),
}
LINKS = {
    "environment": "Environment",
    "data": "Data",
    "execution": "Execution",
    "comparison": "Comparison",
    "site": "Site",
}
NUMBERS = ("Cells executed", "Outputs compared", "Survey figures", "Numbers recomputed", "Numbers traced", "Seconds")
CHAPTER_COLUMNS = ("Chapter", *NUMBERS[:-1], "Claims", NUMBERS[-1], "Result")
NUMERIC = ' class="number"'
PARTS = {
    "data": "Data",
    "code": "Code",
    "book": "Chapters and pages",
    "settings": "How the project is run, checked and published",
    "lock": "Lock of the packages",
    "site": "Pages and downloads, without this certificate",
}


class certificate_link(nodes.Inline, nodes.TextElement):  # noqa: N801 - Sphinx finds visitors by the class's name
    """A link to the page of the certificate; plain text on paper."""


class CertificateRole(SphinxRole):
    """``{certificate}`` with the text of the link."""

    def run(self) -> tuple[list[nodes.Node], list[nodes.system_message]]:
        """Return the link."""
        return [certificate_link(self.rawtext, self.text)], []


def emptied(page: str) -> str:
    """Return a page with nothing where it shows the certificate."""
    return BETWEEN.sub(OPENED + CLOSED, page)


def shown_in(page: str) -> list[str]:
    """Return what a page shows of the certificate, place by place."""
    return BETWEEN.findall(page)


def placed(content: str) -> str:
    """Return content of the certificate between the two comments."""
    return OPENED + content + CLOSED


def anchor(chapter: str) -> str:
    """Return the address of a chapter on the certificate's page."""
    return f"chapter-{chapter.rpartition('/')[2]}"


def badge(certificate: Mapping[str, Any] | None, chapter: str, sha256: str, page: str) -> str:
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
    entry = next((one for one in content_of(certificate)["chapters"] if one["chapter"] == chapter), None)
    if entry is None:
        return ""
    if entry["sha256"] != sha256:
        kind, said = "", "Changed since it was last verified"
    elif entry["result"] != "passed":
        kind, said = "failed", "Did not pass its verification"
    else:
        kind = "passed"
        numbers = [counted(entry["figures"], "survey figure")] if entry["figures"] else []
        said = f"Verified by machine: {', '.join([*numbers, counted(entry['outputs_compared'], 'output')])}"
    link = f'<a href="{escape(page)}#{anchor(chapter)}">{MARKS[kind]}<span>{escape(said)}</span></a>'
    return f'<p class="certificate certificate-badge {kind or "changed"}">{link}</p>'


def counted(number: int, noun: str) -> str:
    """Return a number with its noun."""
    return f"{number:,} {noun}{'' if number == 1 else 's'}"


def content_of(certificate: Mapping[str, Any] | None) -> dict[str, Any]:
    """Return what a certificate says that any machine would say; without anything where there is none."""
    return (certificate or {}).get("content") or {"chapters": [], "checks": [], "not_checked": []}


def certificate_html(certificate: Mapping[str, Any] | None, pages: Mapping[str, str]) -> str:
    """Return the text of the certificate's page.

    Parameters
    ----------
    certificate : mapping or None
        The certificate.
    pages : mapping
        The address of each chapter's page, from this one.
    """
    if not certificate:
        return "<p>This edition has no certificate. The command <code>surveybook verify</code> makes one.</p>"
    parts = (opening, checks_section, missing_section, chapters_section, hashes_section, machine_section)
    return f'<div class="certificate">{"".join(part(certificate, pages) for part in parts)}</div>'


def opening(certificate: Mapping[str, Any], pages: Mapping[str, str]) -> str:
    """Return what the certificate is, in a few sentences."""
    content, time, machine = certificate["content"], certificate["time"], certificate["machine"]
    result = content["result"]
    verdict = "everything that could be checked agrees" if result == "passed" else "something did not agree"
    name = escape(content["edition"]["name"])
    return (
        f'<p class="certificate-verdict {result}">{MARKS[result]}<strong>{name}: {verdict}.</strong></p>'
        f"<p>A program issued this: {escape(certificate['issued_by'])}. No person has put a name to it. It executed "
        "every chapter anew, built the book from that and held both against the data, on "
        f"{escape(time['began'][:10])}, in {time['seconds']:.0f} seconds, with Python {escape(machine['python'])} on "
        f"{escape(machine['system'])}.</p>"
        f"<p>Its content, without time and machine, has the SHA-256 <code>{certificate['content_sha256']}</code>. "
        "Whoever runs <code>make verify</code> on the same files gets the same. "
        f'<a href="{FILE}" download>The certificate as a file (JSON)</a>.</p>'
    )


def checks_section(certificate: Mapping[str, Any], pages: Mapping[str, str]) -> str:
    """Return what was checked, by what, how much of it, with what result."""
    rows = [
        [
            one["name"],
            result_of(one),
            ", ".join(f"{number:,} {what}" for what, number in one["counts"].items()),
            one["by"],
            LINKS.get(one["link"], one["link"]),
        ]
        for one in certificate["content"]["checks"]
    ]
    listed = table(["What was checked", "Result", "How much", "By what", "Link of the chain"], rows)
    return f"<h2>What was checked</h2>{region(listed, 'What was checked')}"


def result_of(one: Mapping[str, Any]) -> str:
    """Return how a check went; one that found nothing to look at has shown nothing."""
    if not one["passed"]:
        return f"{len(one['faults'])} faults"
    return "passed" if one["counts"] else "not checked"


def missing_section(certificate: Mapping[str, Any], pages: Mapping[str, str]) -> str:
    """Return what was not checked."""
    left_out = certificate["content"]["not_checked"]
    listed = (
        "".join(CODE.sub(r"<code>\1</code>", tag("li", text)) for text in left_out) or "<li>Nothing was left out.</li>"
    )
    return f"<h2>What was not checked</h2><ul>{listed}</ul>"


def chapters_section(certificate: Mapping[str, Any], pages: Mapping[str, str]) -> str:
    """Return a table of the chapters, each with its address."""
    head = "".join(f'<th scope="col">{name}</th>' for name in CHAPTER_COLUMNS)
    rows = "".join(chapter_row(entry, certificate["time"], pages) for entry in certificate["content"]["chapters"])
    listed = f'<table class="stack"><thead><tr>{head}</tr></thead><tbody>{rows}</tbody></table>'
    said = (
        "Numbers are <em>recomputed</em> where the page was held against the data files without the book’s own code, "
        "and <em>traced</em> where they stand in an output of an executed cell."
    )
    return f"<h2>Chapter by chapter</h2><p>{said}</p>{region(listed, 'Chapter by chapter')}"


def chapter_row(entry: Mapping[str, Any], time: Mapping[str, Any], pages: Mapping[str, str]) -> str:
    """Return the row of one chapter."""
    chapter = entry["chapter"]
    name = escape(chapter.rpartition("/")[2])
    link = f'<a href="{escape(pages[chapter])}">{name}</a>' if chapter in pages else name
    claims = ", ".join(f"{number} {verdict}" for verdict, number in entry["claims"].items()) or "none"
    numbers = (
        entry["cells_executed"], entry["outputs_compared"], entry["figures"], entry["numbers_recomputed"],
        entry["numbers_traced"],
    )  # fmt: skip
    took = time["chapters"].get(chapter)
    texts = [*(f"{number:,}" for number in numbers), claims, "" if took is None else f"{took:.1f}", entry["result"]]
    cells = "".join(
        f'<td{NUMERIC if name in NUMBERS else ""} data-label="{name}">{escape(text)}</td>'
        for name, text in zip(CHAPTER_COLUMNS[1:], texts, strict=True)
    )
    return f'<tr id="{anchor(chapter)}"><th scope="row">{link}</th>{cells}</tr>'


def hashes_section(certificate: Mapping[str, Any], pages: Mapping[str, str]) -> str:
    """Return the hashes of everything that went in and came out."""
    content = certificate["content"]
    wholes = [[label, content[part]["sha256"]] for part, label in PARTS.items() if part in content]
    files = [[name, sha256] for part in ("data", "book") for name, sha256 in content[part]["files"].items()]
    listed = hash_table(["File", "SHA-256"], files, "Hashes of the files")
    return (
        f"<h2>Hashes</h2>{hash_table(['Part', 'SHA-256'], wholes, 'Hashes of the parts')}"
        f"<details><summary>Every file of the data and the book</summary>{listed}</details>"
    )


def hash_table(columns: Sequence[str], rows: Sequence[Sequence[str]], label: str) -> str:
    """Return a table of names and hashes."""
    head = "".join(f'<th scope="col">{escape(name)}</th>' for name in columns)
    body = "".join(
        f'<tr><th scope="row">{escape(name)}</th><td><code>{escape(sha256)}</code></td></tr>' for name, sha256 in rows
    )
    return region(f"<table><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table>", label)


def machine_section(certificate: Mapping[str, Any], pages: Mapping[str, str]) -> str:
    """Return the interpreter and the packages."""
    machine = certificate["machine"]
    rows = [["Python", f"{machine['implementation']} {machine['python']}"], *map(list, machine["packages"].items())]
    listed = region(table(["Package", "Version"], rows), "Packages")
    return (
        f"<h2>The machine</h2><p>{escape(machine['system'])} on {escape(machine['architecture'])}. What follows here "
        "and the times may differ from run to run; nothing else may.</p>"
        f"<details><summary>Interpreter and packages</summary>{listed}</details>"
    )


def read_certificate(app: Sphinx) -> dict[str, Any] | None:
    """Return the certificate that lies beside the book: the one that the build put there, or the committed one."""
    wave = app.config.surveybook_edition["wave"]
    for name in (app.config.surveybook_certificate, f"certificate/{wave}/{FILE}"):
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
    context["certificate_page"] = has_page(app)
    context["certificate"] = ""
    if pagename == PAGE:
        pages = {name: relative_uri(here, app.builder.get_target_uri(name)) for name in sorted(app.env.all_docs)}
        context["certificate"] = placed(certificate_html(certificate, pages))
    elif doctree is not None and has_page(app):
        source = Path(app.env.doc2path(pagename))
        if source.suffix == ".ipynb":
            address = relative_uri(here, app.builder.get_target_uri(PAGE))
            context["certificate"] = placed(badge(certificate, pagename, hash_of(source), address))


def hash_of(path: Path) -> str:
    """Return the SHA-256 of a file."""
    return hashlib.sha256(path.read_bytes()).hexdigest()


def has_page(app: Sphinx) -> bool:
    """Return whether the certificate has a page: on a site, not on paper."""
    return app.builder.name in ("html", "dirhtml")


def certificate_page(app: Sphinx) -> Iterator[tuple[str, dict[str, Any], str]]:
    """Return the page, which has no source of its own."""
    if has_page(app):
        yield PAGE, {}, "certificate.html"


def copy_certificate(app: Sphinx, problem: Exception | None) -> None:
    """Put the certificate into the site as a file."""
    certificate = read_certificate(app) if not problem and has_page(app) else None
    if certificate:
        text = json.dumps(certificate, ensure_ascii=False, indent=1) + "\n"
        (Path(app.outdir) / FILE).write_text(text, encoding="utf-8")


def visit_link(self: HTML5Translator, node: certificate_link) -> None:
    """Open the link."""
    builder = self.builder
    if has_page(builder.app):
        address = relative_uri(builder.get_target_uri(builder.current_docname), builder.get_target_uri(PAGE))
        self.body.append(f'<a href="{escape(address)}">')


def depart_link(self: HTML5Translator, node: certificate_link) -> None:
    """Close it."""
    if has_page(self.builder.app):
        self.body.append("</a>")


def visit_plain(self: Any, node: nodes.Element) -> None:
    """Write nothing: the text stands for the link."""


def setup(app: Sphinx) -> None:
    """Register the role, the page and the badges."""
    app.add_config_value("surveybook_certificate", "_build/certificate.json", "html", types=(str,))
    app.add_role("certificate", CertificateRole())
    plain = (visit_plain, visit_plain)
    app.add_node(certificate_link, html=(visit_link, depart_link), latex=plain, text=plain, man=plain, texinfo=plain)
    app.connect("html-collect-pages", certificate_page)
    app.connect("html-page-context", add_certificate_context, priority=960)
    app.connect("build-finished", copy_certificate)
