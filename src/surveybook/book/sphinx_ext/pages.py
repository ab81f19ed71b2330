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

from surveybook.book.sphinx_ext.blocks import date_text
from surveybook.book.sphinx_ext.exhibits import chart_figure, data_table, exhibit
from surveybook.book.sphinx_ext.pictures import paint_png
from surveybook.book.sphinx_ext.settings import CHARTS, EXTRAS, SITES
from surveybook.book.sphinx_ext.templates import (
    CHECK_PAGE,
    THEME,
    add_node,
    file_address,
    find_page,
    format_json,
    render_part,
)
from surveybook.exhibits import palette
from surveybook.model import paths
from surveybook.model.files import hash_file

DESCRIPTION, FIGURES = "surveybook_description", "surveybook_figures"
MAIN_SCRIPT, TERMS_SCRIPT = "surveybook.js", "surveybook-terms.js"
# Enough for a search engine's two lines.
DESCRIPTION_LENGTH = 160
WORDS_A_MINUTE = 230
# What a page opens with: a paragraph, or the list of its findings.
OPENINGS = (nodes.section, nodes.list_item)
# The title of a page with what it found, before which nobody wants a list of sections.
AFTER_FINDINGS = re.compile(r'</h1>(?:\s*<ul class="in-brief[^"]*">.*?</ul>)?', re.DOTALL)
# A sign to copy an address by, which nobody wants to hear at each heading; the list of sections leads there too.
HEADERLINK = 'class="headerlink" aria-hidden="true" tabindex="-1"'
# Roles that bibliographies carry and that have lost their meaning: checkers report them as errors.
DEAD_ROLES = re.compile(r' role="(?:doc-biblioentry|list)"')
# Pages that the build makes without a source: the explorer, and the one that only a site of several editions shows.
EXPLORER, OF_SEVERAL = "explorer", "editions"
EXPLORER_DATA, TOLD = f"{EXTRAS}/explorer.json", "_build/told.json"
# What readers take away of the whole edition: files of the extras, each with its media type and what a link to it says.
TAKEN_AWAY = {
    "tables.xlsx": (
        "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
        "full tables, each question by all groups (.xlsx)",
    ),
    "topline.docx": ("application/vnd.openxmlformats-officedocument.wordprocessingml.document", "the topline (.docx)"),
    "ddi.xml": ("application/xml", "questions and answers for archives (DDI)"),
    "data.zip": ("application/zip", "the data package (.zip)"),
}
# What changed, for programs and for readers of feeds; it stands at the top of the site, for its address to last.
CHANGES, FEED = "changes.json", "changes.atom"
# What programs read, at the top of the site likewise: each file of the extras, and what it is.
GUIDE, FOR_PROGRAMS = (
    "llms.txt",
    {
        "figures.json": "every figure with value, base, interval, wording, unit; what it is not comparable with, why",
        "claims.json": "every claim that was tested, with its verdict, its reason and its figures",
    },
)
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
    PDF of one of them.

    Raises
    ------
    ConfigError
        When the PDF that the environment names isn't there or isn't a PDF.
    """
    about: dict[str, Any] = app.config.html_context
    edition, book = app.config.surveybook_edition, Path(app.srcdir)
    stem = f"{DOWNLOADS}/{about['report']['file_name']}-{edition['wave']}"
    about |= {"has_explorer": False, "pdf": "", "certificate": None}
    about |= {name: (book / EXTRAS / file).is_file() for name, file in (("changes", CHANGES), ("feed", FEED))}
    about["programs"] = {name: told for name, told in FOR_PROGRAMS.items() if (book / EXTRAS / name).is_file()}
    about["files"] = [
        {"source": f"{EXTRAS}/{name}", "path": f"{stem}-{name}", "type": kind, "text": text}
        for name, (kind, text) in TAKEN_AWAY.items()
        if (book / EXTRAS / name).is_file()
    ]
    if app.builder.name not in SITES:
        return  # a single page for printing has no use for the others
    about["has_explorer"] = (book / EXPLORER_DATA).is_file()
    for path in (book / f"certificate/{edition['wave']}/{CERTIFICATE_FILE}", book / "_build" / CERTIFICATE_FILE):
        if path.is_file():
            about["certificate"] = json.loads(path.read_text(encoding="utf-8"))
    if named := os.environ.get(PDF_VARIABLE, ""):
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
        if title.endswith(f", {edition['name']}"):
            about["pdf"] = f"{stem}.pdf"


def note_description(app: Sphinx, doctree: nodes.document, pagename: str = "") -> str:
    """Keep the description of a page, which the search page shows too, and return it.

    It is what the page's metadata state, or else its first paragraph, cut after a whole word.
    """
    metadata = app.env.metadata[pagename or app.env.docname]
    charts = [(one["meta"], one["ids"][0]) for one in doctree.findall(chart_figure) if one["ids"]]
    metadata[FIGURES] = [(meta.get("question_id", ""), meta["title"], anchor) for meta, anchor in charts]
    paragraphs = (found for found in doctree.findall(nodes.paragraph) if isinstance(found.parent, OPENINGS))
    text = " ".join(next(paragraphs, nodes.paragraph()).astext().split())
    if len(text) > DESCRIPTION_LENGTH:
        text = text[: DESCRIPTION_LENGTH - 1].rsplit(" ", 1)[0].rstrip(",;:–") + "…"
    metadata[DESCRIPTION] = str(metadata.get("description") or text)
    return metadata[DESCRIPTION]


def add_page_context(
    app: Sphinx, pagename: str, templatename: str, context: dict[str, Any], doctree: nodes.document | None
) -> None:
    """Give the template what it shows around the text."""
    env, certificate = app.env, context["certificate"]
    checked = find_page(env, CHECK_PAGE)
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
    context["of_changes"] = pagename.endswith(paths.CHANGE_PAGES)
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
    minutes = max(1, round(sum(len(text.split()) for text in texts) / WORDS_A_MINUTE))
    told.append(f"{minutes} minute{'' if minutes == 1 else 's'} to read")
    return [told[0][:1].upper() + told[0][1:], *told[1:]]


def has_parent(node: nodes.Node, kinds: tuple[type[nodes.Element], ...]) -> bool:
    """Return whether a node stands inside one of some kinds."""
    around = node.parent
    while around is not None and not isinstance(around, kinds):
        around = around.parent
    return around is not None


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
    target = Path(app.outdir) / path
    target.parent.mkdir(parents=True, exist_ok=True)
    target.write_bytes(paint_png(svg, Path(app.srcdir) / CHARTS, scale=1))
    return path


def list_own_pages(app: Sphinx) -> Iterator[tuple[str, dict[str, Any], str]]:
    """Return the explorer, and for a book that is laid out the page of several editions."""
    if app.config.html_context["has_explorer"]:
        data = json.loads((Path(app.srcdir) / EXPLORER_DATA).read_text(encoding="utf-8"))
        context = {"explorer_data": format_json(data), "explorer_places": format_json(list_places(app))}
        yield EXPLORER, context, "explorer.html"
    if app.builder.name == "html" and (Path(app.srcdir) / TOLD).is_file():
        yield OF_SEVERAL, {}, "editions.html"


def list_places(app: Sphinx) -> dict[str, list[tuple[str, str]]]:
    """Return where the book shows a figure of each question: its address and title."""
    found: dict[str, list[tuple[str, str]]] = {}
    for name, metadata in sorted(app.env.metadata.items()):
        for question, title, anchor in metadata.get(FIGURES, ()):
            found.setdefault(question, []).append((f"{app.builder.get_target_uri(name)}#{anchor}", title))
    return found


def finish_site(app: Sphinx, problem: Exception | None) -> None:
    """Put the files to take away and the certificate into the site, and the list of its pages for search engines."""
    if problem:
        return
    out, about = Path(app.outdir), app.config.html_context
    offered = {one["path"]: Path(app.srcdir) / one["source"] for one in about["files"]}
    if about["pdf"]:
        offered[about["pdf"]] = paths.root() / os.environ.get(PDF_VARIABLE, "")
    for path, file in offered.items():
        (out / path).parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(file, out / path)
    for name, file in (("changes", CHANGES), ("feed", FEED)):
        if about[name] and app.builder.name in SITES:
            text = (Path(app.srcdir) / EXTRAS / file).read_text(encoding="utf-8")
            if file == FEED and app.config.html_baseurl:
                text = text.replace("<feed ", f'<feed xml:base="{escape(app.config.html_baseurl)}" ', 1)
            (out / file).write_text(text, encoding="utf-8")
    if about["certificate"]:
        text = json.dumps(about["certificate"], ensure_ascii=False, indent=1) + "\n"
        (out / CERTIFICATE_FILE).write_text(text, encoding="utf-8")
    if app.builder.name in SITES:
        write_guide(app)
    if (base := app.config.html_baseurl) and app.builder.name in SITES:
        names = sorted([*app.env.found_docs, *([EXPLORER] if about["has_explorer"] else [])])
        listed = render_part("sitemap.xml", addresses=[base + app.builder.get_target_uri(name) for name in names])
        (out / "sitemap.xml").write_text(f"{listed}\n", encoding="utf-8")


def write_guide(app: Sphinx) -> None:
    """Put what programs read at the top of the site, with the guide that names it and every page."""
    out, env, about, root = Path(app.outdir), app.env, app.config.html_context, app.config.root_doc
    for name in about["programs"]:
        shutil.copyfile(Path(app.srcdir) / EXTRAS / name, out / name)
    pages = [
        (env.titles[name].astext(), app.builder.get_target_uri(name), env.metadata[name].get(DESCRIPTION, ""))
        for name in dict.fromkeys([root, *env.toctree_includes.get(root, [])])
    ]
    guide = render_part("llms.txt", title=app.config.html_title, base=app.config.html_baseurl, pages=pages, **about)
    (out / GUIDE).write_text(f"{html.unescape(guide)}\n", encoding="utf-8")


def setup(app: Sphinx) -> None:
    """Register the theme and what fills it."""
    app.add_html_theme("surveybook", str(THEME))
    add_node(app, certificate, visit_certificate)
    app.add_directive("certificate", CertificateDirective)
    app.connect("builder-inited", note_downloads)
    app.connect("doctree-read", note_description)
    app.connect("html-collect-pages", list_own_pages)
    # After MyST-NB's own, so that the page is complete.
    app.connect("html-page-context", add_page_context, priority=900)
    app.connect("build-finished", finish_site)
