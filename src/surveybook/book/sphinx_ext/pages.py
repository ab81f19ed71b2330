"""What every page has around its text, and the pages and files that the build makes beside the chapters."""

import html
import json
import os
import re
import shutil
import textwrap
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from docutils import nodes
from markupsafe import escape
from myst_nb.sphinx_ import HideCodeCellNode
from sphinx.application import Sphinx
from sphinx.environment.adapters.toctree import TocTree
from sphinx.errors import ConfigError
from sphinx.util.docutils import SphinxDirective
from sphinx.writers.html5 import HTML5Translator

from surveybook.book.publishing import write_answers
from surveybook.book.sphinx_ext import settings
from surveybook.book.sphinx_ext.exhibits import chart_figure, data_table, exhibit
from surveybook.book.sphinx_ext.lookups import DESCRIPTION, has_parent, list_places, note_description
from surveybook.book.sphinx_ext.pictures import paint_png
from surveybook.book.sphinx_ext.settings import date_text, file_address, find_page, format_json, render_part
from surveybook.exhibits import palette
from surveybook.model import paths
from surveybook.model.files import hash_file, write_whole

MAIN_SCRIPT, TERMS_SCRIPT = "surveybook.js", "surveybook-terms.js"
WORDS_A_MINUTE = 230
# The title of a page with what it found, before which nobody wants a list of sections.
AFTER_FINDINGS = re.compile(r'</h1>(?:\s*<ul class="in-brief[^"]*">.*?</ul>)?', re.DOTALL)
# A sign to copy an address by, which nobody wants to hear at each heading; the list of sections leads there too.
HEADERLINK = 'class="headerlink" aria-hidden="true" tabindex="-1"'
# Roles that bibliographies carry and that have lost their meaning: checkers report them as errors.
DEAD_ROLES = re.compile(r' role="(?:doc-biblioentry|list)"')
# Pages that the build makes without a source: the explorer, and the one that only a site of several editions shows.
EXPLORER, OF_SEVERAL = "explorer", "editions"
EXPLORER_DATA = "explorer.json"
# What changed, for programs and for readers of feeds; it stands at the top of the site, for its address to last.
CHANGES, FEED = "changes.json", "changes.atom"
# What leads programs through the site.
GUIDE = "llms.txt"
DOWNLOADS, CARDS = "_static/downloads", "_static/cards"
CERTIFICATE_FILE = "certificate.json"
PDF_VARIABLE = "SURVEYBOOK_PDF"


class certificate(nodes.General, nodes.Element):  # noqa: N801 - Sphinx finds visitors by the class's name
    """What the edition's certificate says."""


class CertificateDirective(SphinxDirective):
    """`:::{certificate}`: what a verification of this edition checked, and what it did not."""

    def run(self) -> list[nodes.Node]:
        """Return the place for it."""
        return [certificate()]


def visit_certificate(self: HTML5Translator, node: certificate) -> None:
    """Write what the certificate says; a copy of the book may have none, the printed one among them."""
    builder = self.builder
    pages = {name: builder.get_relative_uri(builder.current_docname, name) for name in builder.env.all_docs}
    issued, file = builder.config.html_context["certificate"], file_address(self, CERTIFICATE_FILE)
    self.body.append(render_part("certificate.html", certificate=issued, pages=pages, file=file))
    raise nodes.SkipNode


def note_downloads(app: Sphinx) -> None:
    """Note what lies beside the chapters: the explorer's data, files to take away, the certificate, the edition's PDF.

    The certificate is the one that the build put there, or else the committed one. A site of several editions has the
    PDF of one of them. A single page for printing has no use for what only a site offers.
    """
    about, edition, book = app.config.html_context, app.config.surveybook_edition, Path(app.srcdir)
    on_site, stem = app.builder.name in settings.SITES, f"{DOWNLOADS}/{about['report']['file_name']}-{edition['wave']}"
    there = {path.name: path for path in (book / paths.EXTRAS_FOLDER).glob("*")}
    taken_away, programs = (
        {name: told for name, told in settings.BOOK[kind].items() if name in there}
        for kind in ("taken_away", "for_programs")
    )
    issued = [book / f"certificate/{edition['wave']}/{CERTIFICATE_FILE}", book / paths.ISSUED_FILE]
    certificate = next((path for path in reversed(issued) if on_site and path.is_file()), None)
    pdf = find_pdf(edition["name"]) if on_site else None
    about |= {
        "has_explorer": on_site and EXPLORER_DATA in there,
        "changes": CHANGES in there,
        "feed": FEED in there,
        "programs": programs,
        "files": [{"path": f"{stem}-{name}", **told} for name, told in taken_away.items()],
        "pdf": f"{stem}.pdf" if pdf else "",
        "certificate": json.loads(certificate.read_text(encoding="utf-8")) if certificate else None,
    }
    # The files of the site that are copies, each with what it is a copy of.
    copied = {f"{stem}-{name}": there.get(name) for name in taken_away}
    if on_site:
        copied |= {name: there.get(name) for name in (CHANGES, FEED, *programs)}
        copied |= {CERTIFICATE_FILE: certificate, f"{stem}.pdf": pdf}
    about["copied"] = {path: str(source) for path, source in copied.items() if source}


def find_pdf(edition: str) -> Path | None:
    """Return the PDF that the environment names; none where it names none, or that of another edition.

    Raises
    ------
    ConfigError
        When it isn't there or isn't a PDF.
    """
    named = os.environ.get(PDF_VARIABLE, "")
    if not named:
        return None
    import pikepdf  # only where there is a PDF to look at

    file = paths.root() / named
    try:
        with pikepdf.open(file) as pdf:
            title = str(pdf.docinfo.get("/Title", ""))
    except (OSError, pikepdf.PdfError) as problem:
        raise ConfigError(
            f"{PDF_VARIABLE} names {paths.shown(file)}, which can't be read as a PDF ({problem}). "
            f"`surveybook pdf` makes one; without {PDF_VARIABLE} the site has none."
        ) from problem
    return file if title.endswith(f", {edition}") else None


def add_page_context(
    app: Sphinx, pagename: str, templatename: str, context: dict[str, Any], doctree: nodes.document | None
) -> None:
    """Give the template what it shows around the text."""
    env, certificate = app.env, context["certificate"]
    checked = find_page(env, settings.CHECK_PAGE)
    context["check_address"] = str(context["pathto"](checked)).removesuffix("#") if checked else ""
    context |= {"scripts": [], "badge": ""}
    if doctree is not None:
        tables = any(table["meta"].get("filter") for table in doctree.findall(data_table))
        charts = next(iter(doctree.findall(chart_figure)), None) is not None
        explained = any("reftitle" in link for link in doctree.findall(nodes.reference))
        context["scripts"] = [MAIN_SCRIPT] * (charts or tables) + [TERMS_SCRIPT] * explained
        chapters = certificate["content"]["chapters"] if certificate else []
        if entry := next((one for one in chapters if one["chapter"] == pagename), None):
            changed = entry["sha256"] != hash_file(Path(env.doc2path(pagename)))
            context["badge"] = render_part("badge.html", entry=entry, changed=changed, page=context["check_address"])
        context["dates"] = describe_dates(context["report"]["published"], certificate, doctree)
        # Again, now that references in it are resolved.
        context["description"] = note_description(app, doctree, pagename)
        if app.config.html_baseurl:
            title = next(iter(doctree.findall(nodes.title)), nodes.title()).astext()
            card = write_card(app, pagename, title, context["description"])
            context["card_address"] = app.config.html_baseurl + card
    context["of_changes"] = paths.is_change_page(pagename)
    if pagename == app.config.root_doc:
        context["structured"] = render_part("site.jsonld.jinja", **{"description": "", **context}, config=app.config)
    if "body" in context:
        body = DEAD_ROLES.sub("", context["body"]).replace('class="headerlink"', HEADERLINK)
        contents = list_sections(app, pagename)
        context["body"] = AFTER_FINDINGS.sub(lambda opening: f"{opening[0]}\n{contents}", body, count=1)


def describe_dates(published: str, certificate: dict[str, Any] | None, doctree: nodes.document) -> list[str]:
    """Return when the book was published and last changed, and how long a page takes to read.

    A change takes a new certificate, which says when that was; a clone of the book gives the same pages on any day.
    """
    told = [f"Published {date_text(published)}"] if published else []
    changed = certificate["time"]["began"][:10] if certificate else ""
    told += [f"last changed {date_text(changed)}"] if changed > published else []
    # What stands for a chart is no text to read; the statements of a list of claims are.
    skipped = (exhibit, nodes.literal_block, HideCodeCellNode)
    texts = [text for text in doctree.findall(nodes.Text) if not has_parent(text, skipped)]
    texts += [one["statement"] for table in doctree.findall(data_table) for one in table["meta"].get("entries", ())]
    minutes = round(sum(len(text.split()) for text in texts) / WORDS_A_MINUTE)
    told += [f"{minutes} minutes to read"] if minutes > 1 else []
    return [told[0][:1].upper() + told[0][1:], *told[1:]] if told else []


def list_sections(app: Sphinx, pagename: str) -> str:
    """Return a list of the sections of a page; empty for fewer than two, and for the landing page, which is short."""
    if pagename == app.config.root_doc and app.builder.name != "singlehtml":
        return ""
    # get_toc_for returns a copy, with the page's title as the only entry of the outer list.
    toc = TocTree(app.env).get_toc_for(pagename, app.builder)
    inner = [child for item in toc.children for child in item.children if isinstance(child, nodes.bullet_list)]
    if not inner or len(inner[0]) < 2:
        return ""
    links = app.builder.render_partial(inner[0])["fragment"]  # type: ignore[attr-defined]
    title = '<p class="contents-title">On this page</p>'
    return f'<nav class="contents" aria-label="On this page"><div>{title}{links}</div></nav>'


def write_card(app: Sphinx, pagename: str, title: str, description: str) -> str:
    """Write the picture that a link to a page is shown with; return its path in the site."""
    edition, lines = app.config.surveybook_edition, textwrap.wrap(title, 32)[:2]
    made_up = "Made-up data · " if edition.get("synthetic") else ""
    marks = [pair["light"] for pair in app.config.html_context["populations"].values()]
    svg = render_part(
        "card.svg",
        font=palette.FONT,
        marks=(marks * 2)[:2],
        book=app.config.html_title,
        title=lines,
        description=textwrap.wrap(description, 66)[: 5 - len(lines)],
        edition=f"{made_up}{edition['name']} · Fieldwork: {edition['fieldwork']}",
    )
    path = f"{CARDS}/{pagename.replace('/', '-')}.png"
    write_whole(Path(app.outdir) / path, paint_png(svg, Path(app.srcdir) / paths.DRAWINGS_FOLDER, scale=1))
    return path


def list_own_pages(app: Sphinx) -> Iterator[tuple[str, dict[str, Any], str]]:
    """Return the explorer, and for a book that is laid out the page of several editions."""
    if app.config.html_context["has_explorer"]:
        data = json.loads((Path(app.srcdir) / paths.EXTRAS_FOLDER / EXPLORER_DATA).read_text(encoding="utf-8"))
        held = write_answers(Path(app.outdir), data)
        context = {"explorer_data": format_json(held), "explorer_places": format_json(list_places(app))}
        yield EXPLORER, context, "explorer.html"
    if app.builder.name == "html" and (Path(app.srcdir) / paths.SEVERAL_MARK).is_file():
        yield OF_SEVERAL, {}, "editions.html"


def finish_site(app: Sphinx, problem: Exception | None) -> None:
    """Put the files to take away and the certificate into the site, and what leads programs and searches through it."""
    if problem:
        return
    out, env, about, builder = Path(app.outdir), app.env, app.config.html_context, app.builder
    for path, source in about["copied"].items():
        (out / path).parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(source, out / path)
    if builder.name not in settings.SITES:
        return
    base, root = app.config.html_baseurl, app.config.root_doc
    pages = [
        (env.titles[name].astext(), builder.get_target_uri(name), env.metadata[name].get(DESCRIPTION, ""))
        for name in dict.fromkeys([root, *env.toctree_includes.get(root, [])])
    ]
    guide = render_part("llms.txt", title=app.config.html_title, base=base, pages=pages, **about)
    write_whole(out / GUIDE, f"{html.unescape(guide)}\n")
    if base:
        names = sorted([*env.found_docs, *([EXPLORER] if about["has_explorer"] else [])])
        listed = render_part("sitemap.xml", addresses=[base + builder.get_target_uri(name) for name in names])
        write_whole(out / "sitemap.xml", f"{listed}\n")
        if about["feed"]:
            text = (out / FEED).read_text(encoding="utf-8")
            write_whole(out / FEED, text.replace("<feed ", f'<feed xml:base="{escape(base)}" ', 1))


def setup(app: Sphinx) -> None:
    """Register the theme and what fills it."""
    app.add_html_theme("surveybook", str(settings.THEME))
    app.add_node(certificate, html=(visit_certificate, None))
    app.add_directive("certificate", CertificateDirective)
    app.connect("builder-inited", note_downloads)
    app.connect("html-collect-pages", list_own_pages)
    # After MyST-NB's own, so that the page is complete.
    app.connect("html-page-context", add_page_context, priority=900)
    app.connect("build-finished", finish_site)
