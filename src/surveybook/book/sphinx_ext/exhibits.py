"""What notebooks show on a page: charts, tables and cards, each with its words, its downloads and its address."""

import csv
import io
import json
import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

from docutils import nodes
from markupsafe import Markup, escape
from myst_nb.core import render
from sphinx.application import Sphinx
from sphinx.util import logging
from sphinx.writers.html5 import HTML5Translator

from surveybook.book.notebooks import CARDS, CHART, TABLE
from surveybook.book.sphinx_ext import embeds, pictures
from surveybook.book.sphinx_ext.blocks import date_text
from surveybook.book.sphinx_ext.settings import CHARTS, SITES, cite_edition, read_data_rows
from surveybook.book.sphinx_ext.templates import CHECK_PAGE, add_node, file_address, find_page, render_part
from surveybook.exhibits import palette
from surveybook.exhibits.invariants import find_spec_faults
from surveybook.model import paths

# What MyST-NB would show of an output, were it there.
UNWANTED = (
    "text/html", "text/markdown", "text/latex", "image/svg+xml", "image/png", "image/jpeg", "image/gif",
    "application/javascript", "application/pdf", "application/vnd.jupyter.widget-view+json",
)  # fmt: skip
MUST_HAVE = {
    "chart": (
        "name", "title", "subtitle", "base", "alternative", "source", "interval_note", "wave", "table", "code",
    ),
    "table": ("name", "title", "subtitle", "columns", "rows", "source"),
}  # fmt: skip
# A name becomes an anchor and a file name, so nothing else may get in.
PLAIN_NAME = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")
FOLDER = "_static/figures"
# What is offered in sight, and what waits under a disclosure; a table has no picture.
FILES = (("png", "Picture (PNG)"), ("svg", "Picture (SVG)"), ("csv", "Data (CSV)"))
MORE_FILES = (("csv-metadata.json", "About the data (JSON)"), ("vl.json", "Chart (Vega-Lite)"))
OF_CHARTS = ("png", "svg", "vl.json")
# Charts are designed for a phone's width; where there is room they may grow, up to the text's width.
GROWTH, WIDEST = 1.4, 620
SIZE = re.compile(r'width="([0-9.]+)" height="([0-9.]+)"')
COLOUR = re.compile(r'(?:fill|stroke)="([^"]+)"')
COLOURLESS = {"none", "transparent"}
LONG_TEXT = 80
# As many columns as a phone has room for, and as many where one of them holds sentences.
COLUMNS_ABREAST, COLUMNS_WITH_SENTENCES = 3, 2
PLAIN = {"number": re.compile(r"[-−+]?[\d,]*\.?\d+(?: ?%)?"), "interval": re.compile(r"[-−]?[\d.,]+ to [-−]?[\d.,]+")}

logger = logging.getLogger(__name__)


@dataclass(frozen=True)
class Grid:
    """Rows and columns; the first column heads the rows.

    Attributes
    ----------
    columns, rows : sequence
        The names of the columns, and the values row by row.
    across : bool
        Whether it is read across, so that on a phone it scrolls.
    """

    columns: Sequence[str]
    rows: Sequence[Sequence[Any]]
    across: bool = False

    @cached_property
    def kinds(self) -> list[str]:
        """What each column holds: "number", whose digits stand in line; "interval"; "long" text; or ""."""
        found = []
        for place in range(len(self.columns)):
            held = [str(row[place]) for row in self.rows if place < len(row) and row[place] not in ("", None)]
            plain = (kind for kind, form in PLAIN.items() if held and all(map(form.fullmatch, held)))
            found.append(next(plain, "long" if max(map(len, held), default=0) > LONG_TEXT else ""))
        return found

    @property
    def stacked(self) -> bool:
        """Whether it has more columns than a phone has room for: each cell then says there which column it is of."""
        abreast = COLUMNS_WITH_SENTENCES if "long" in self.kinds[1:] else COLUMNS_ABREAST
        return len(self.columns) > abreast and not self.across


class exhibit(nodes.General, nodes.Element):  # noqa: N801 - Sphinx finds visitors by the class's name
    """What a notebook shows, with everything that belongs to it."""


class chart_figure(exhibit):  # noqa: N801
    """A chart, numbered among the figures."""


class data_table(exhibit):  # noqa: N801
    """A table that a notebook computed, numbered among the tables."""


class claims_list(data_table):  # noqa: N801
    """A table whose rows stand as a list, for each says more than fits a row; numbered among the tables."""


class finding_cards(exhibit):  # noqa: N801
    """What the landing page has to tell first; not numbered."""


class ExhibitRenderer:
    """The plugin that turns what notebooks store into nodes, in the form that MyST-NB asks for."""

    # Nothing else is shown, so that no output of a notebook brings HTML or scripts onto a page.
    mime_priority_overrides: Sequence[tuple[str, str, int | None]] = (
        ("*", CHART, 1), ("*", TABLE, 2), ("*", CARDS, 3), *(("*", kind, None) for kind in UNWANTED),
    )  # fmt: skip

    @staticmethod
    def handle_mime(
        renderer: render.NbElementRenderer, data: render.MimeData, inline: bool
    ) -> list[nodes.Element] | None:
        """Return the nodes for one output, or None for a kind that is left to MyST-NB."""
        document, content = renderer.renderer.document, data.content
        location = f"{renderer.source}:{data.line}"
        node: nodes.Element
        if data.mime_type == CHART:
            meta = complete_meta(content.get("usermeta", {}).get("surveybook", {}), "chart", location)
            for said in find_spec_faults(content):
                logger.warning("The chart %r misleads: %s.", meta["name"], said, location=location)
            node = name_target(chart_figure(), document, f"fig-{meta['name']}")
            node["spec"], node["meta"] = content, meta
            node += describe_in_words(meta["title"], meta["alternative"])
        elif data.mime_type == TABLE:
            meta = complete_meta(content, "table", location)
            node = name_target((claims_list if meta.get("entries") else data_table)(), document, f"tab-{meta['name']}")
            node["meta"] = meta
            node += describe_in_words(meta["title"])
        elif data.mime_type == CARDS:
            node = finding_cards(meta=content)
            node += [part for card in content["cards"] for part in describe_in_words(card["title"], card["says"])]
        else:
            return None
        return [node]


def complete_meta(meta: dict[str, Any], kind: str, location: str) -> dict[str, Any]:
    """Return the description of a chart or table with every key present, warning about those that were missing."""
    keys = MUST_HAVE[kind]
    missing = [key for key in keys if not meta.get(key)]
    name = str(meta.get("name", ""))
    if missing:
        logger.warning(
            "The %s %r lacks %s. Make it with a function of surveybook, which fills them in.",
            kind, name or "without a name", ", ".join(missing), location=location,
        )  # fmt: skip
    if name and not PLAIN_NAME.fullmatch(name):
        logger.warning(
            "The %s name %r can't be an address. Use lower-case words joined by hyphens.",
            kind, name, location=location,
        )  # fmt: skip
        name = ""
    # A page still comes out for someone who is writing a chart; the warning fails the real build.
    known = {**dict.fromkeys((*keys, "base"), ""), "table": {}, "code": {}, "notes": [], "reading": [], **meta}
    known.setdefault("foot", f"{known['base']} {known['source']}".strip())
    return {**known, "name": name or f"unnamed-{kind}"}


def name_target(node: nodes.Element, document: nodes.document, name: str) -> nodes.Element:
    """Return the node after making `name` an address that `{numref}` and links find."""
    node["names"].append(name)
    document.note_explicit_target(node, node)
    return node


def describe_in_words(*texts: str) -> list[nodes.paragraph]:
    """Return what stands for an exhibit where it can't be shown: the search, plain text, LaTeX."""
    return [nodes.paragraph(text, text) for text in texts if text]


def visit_exhibit(self: HTML5Translator, node: exhibit) -> None:
    """Write a chart or a table, and its downloads into the site."""
    meta, site = node["meta"], Path(self.builder.outdir)
    about = describe_exhibit(self, node)
    context: dict[str, Any] = {"exhibit": about}
    if "spec" in node:
        table, grid = meta["table"], Grid(meta["table"].get("columns", []), meta["table"].get("rows", []))
        context |= write_pictures(self, node, about, grid)
    else:
        table, grid = meta, Grid(meta["columns"], meta["rows"], bool(meta.get("across")))
    write_data(site, {"wave": self.builder.config.surveybook_edition["wave"], **meta}, table, about)
    inside = render_part(f"{about['kind']}.html", grid=grid, **context)
    self.body.append(render_part("folded.html", inside=Markup(inside), **context) if meta.get("folded") else inside)
    raise nodes.SkipNode


def write_pictures(translator: HTML5Translator, node: exhibit, about: dict[str, Any], grid: Grid) -> dict[str, Any]:
    """Write the pictures of a chart, its embed and what makes it live; return what its template wants of them."""
    spec, name, builder = node["spec"], node["meta"]["name"], translator.builder
    site, cache = Path(builder.outdir), Path(builder.srcdir) / CHARTS
    drawn, wide = (pictures.draw_picture(one, cache) for one in (spec, pictures.widen(spec)))
    for ending, content in embeds.draw_framed(cache, wide, about).items():
        write_download(site, f"{name}.{ending}", content)
    write_download(site, f"{name}.vl.json", pictures.strip_spec(spec, titled=True))
    if builder.name in SITES:
        about["embed"] = embeds.describe_embed(builder.config, about["meta"], drawn)
        figure = f"../{builder.get_target_uri(builder.current_docname)}#{about['anchor']}"
        embeds.write_embed(site, builder.config, about, drawn, grid=grid, figure=figure)
    script, content = pictures.make_bundle(cache)
    if not (site / "_static" / script).exists():
        (site / "_static" / script).write_bytes(content)
    orders, intervals = find_tools(spec)
    return {
        "picture": dress_picture(translator, node, drawn),
        "wide": dress_picture(translator, node, wide, "wide") if builder.name in SITES and wide != drawn else "",
        "wide_width": pictures.WIDE_WIDTH,
        "reading": list_reading(translator, node),
        "is_paper": builder.name not in SITES,
        "bundle": file_address(translator, f"_static/{script}"),
        "spec": pictures.strip_spec(spec, titled=False),
        "orders": orders,
        "intervals": intervals,
    }


def list_reading(translator: HTML5Translator, node: exhibit) -> list[str]:
    """Return how to read the charts of a page, each sentence once, for the first of them; nothing for others."""
    charts = list(translator.document.findall(chart_figure))
    if node is not charts[0]:
        return []
    metas = [chart["meta"] for chart in charts]
    return list(dict.fromkeys(text for meta in metas for text in (meta["interval_note"], *meta["reading"]) if text))


def visit_cards(self: HTML5Translator, node: finding_cards) -> None:
    """Write the cards as a numbered list."""
    builder, cards, links = self.builder, node["meta"]["cards"], {}
    for page in dict.fromkeys(card["page"] for card in cards):
        if page in builder.env.titles:
            address = builder.get_relative_uri(builder.current_docname, page)
            links[page] = {"address": address, "title": builder.env.titles[page].astext()}
        else:
            logger.warning("A card leads to the page '%s', which isn't in the book.", page)
    self.body.append(render_part("cards.html", cards=cards, links=links, note=node["meta"]["note"]))
    raise nodes.SkipNode


def describe_exhibit(translator: HTML5Translator, node: exhibit) -> dict[str, Any]:
    """Return what stands around a chart or table: number, notices, notes, files, how to cite it, where it is from."""
    builder, meta, anchor = translator.builder, node["meta"], node["ids"][0]
    kind, config = "figure" if "spec" in node else "table", builder.config
    made_up = "Made-up data, no survey. " if config.surveybook_edition.get("synthetic") else ""
    on_site, question = builder.name in SITES, meta.get("question_id")
    explored = on_site and question and config.html_context["has_explorer"]
    page = find_page(builder.env, CHECK_PAGE)
    # The single-page builder keeps the numbers of each document apart; there are none when numbering is off.
    numbered = f"{translator.docnames[-1]}/{kind}" if builder.name == "singlehtml" else kind
    number = builder.fignumbers.get(numbered, {}).get(anchor)
    # The page of corrections needn't say of itself that it has some.
    corrected = builder.current_docname != page
    return {
        "kind": kind,
        "meta": meta,
        "anchor": anchor,
        "label": config.numfig_format[kind] % ".".join(map(str, number)) if number else kind.capitalize(),
        "cited": cite_edition(config, meta["title"], anchor, builder.current_docname),
        "told": made_up + cite_edition(config, anchor=anchor, docname=builder.current_docname),
        "licence": config.html_context["report"]["licence_address"],
        "notes": [meta.get("interval_note"), meta.get("note"), *meta.get("reading", []), *meta.get("notes", [])],
        "cell": node.get("cell", ""),
        "code": locate_code(meta.get("code"), config.surveybook_repository),
        "corrections": find_corrections(meta) if corrected else [],
        "corrections_page": builder.get_relative_uri(builder.current_docname, page) if page else "",
        "files": list_file_links(translator, meta["name"], kind, FILES),
        "more_files": list_file_links(translator, meta["name"], kind, MORE_FILES),
        "embed": {},
        "embed_page": file_address(translator, f"{embeds.EMBEDS}/{meta['name']}.html"),
        "explorer": file_address(translator, f"explorer.html#question={question}") if explored else "",
    }


def list_file_links(
    translator: HTML5Translator, name: str, kind: str, files: Sequence[tuple[str, str]]
) -> list[tuple[str, str]]:
    """Return the addresses of files to take away with what their links say."""
    there = [(end, text) for end, text in files if kind == "figure" or end not in OF_CHARTS]
    return [(file_address(translator, f"{FOLDER}/{name}.{end}"), text) for end, text in there]


def locate_code(code: dict[str, str] | None, repository: str) -> dict[str, str]:
    """Return the function that made a chart, and its file where the report's own folder or repository holds it."""
    if not code:
        return {}
    path = f"src/{code['module'].replace('.', '/')}.py"
    there = bool(repository) or (paths.root() / path).exists()
    address = f"{repository.rstrip('/')}/blob/main/{path}" if repository else ""
    return {"name": f"{code['module']}.{code['function']}", "path": path if there else "", "address": address}


def find_corrections(meta: dict[str, Any]) -> list[dict[str, str]]:
    """Return the corrections of the figures that a chart or table shows, the earliest first."""
    file = paths.data() / "corrections.csv"
    rows = sorted(read_data_rows("corrections.csv"), key=lambda row: row["date"]) if file.is_file() else []
    found = []
    for row in rows:
        if row["figure_id"] and row["figure_id"] in meta.get("figures", []):
            change = f": was {row['old']}, is {row['new']}" if row["old"] and row["new"] else ""
            try:
                date = date_text(row["date"])
            except ValueError:
                date = row["date"]  # whoever checks the data says so
            found.append({"date": date, "what": row["what"] + change})
    return found


def find_tools(spec: dict[str, Any]) -> tuple[list[str], bool]:
    """Return by which groups the items of a chart can be ordered, and whether it has intervals to hide.

    An order by one group says something only where items carry another group too.
    """
    records = spec.get("data", {}).get("values", [])
    marks = [record for record in records if record.get("status") == "number"]
    held: dict[str, set[str]] = {}
    for mark in marks:
        held.setdefault(mark["label"], set()).add(mark["series"])
    several = sum(len(series) > 1 for series in held.values()) > 1
    orders = list(dict.fromkeys(mark["series"] for mark in marks)) if several else []
    return orders, any("low" in mark for mark in marks)


def dress_picture(translator: HTML5Translator, node: exhibit, svg: str, kind: str = "narrow") -> Markup:
    """Return a chart's drawing as it stands on a page: with its alternative, its size, and names of its own.

    Of two drawings, in two widths, the stylesheet shows the one that there is room for.
    """
    builder, name = translator.builder, f"{node['meta']['name']}-{kind}"
    populations = builder.config.html_context["populations"].values()
    known = {colour.light for colour in palette.COLOURS} | {one["light"] for one in populations} | COLOURLESS
    # The stylesheet can't change others for a dark page.
    if unknown := {colour for colour in COLOUR.findall(svg) if colour.lower() not in known and "url(" not in colour}:
        logger.warning(
            "The chart %r uses %s, which would stay as it is on a dark page. "
            "Use the colours of surveybook.exhibits.palette, or of report.yml.",
            name, ", ".join(sorted(unknown)), location=node,
        )  # fmt: skip
    # Several drawings share a page, so what they refer to inside themselves needs names of its own.
    svg = re.sub(r'\bid="', f'id="{name}-', svg)
    svg = re.sub(r"url\(#", f"url(#{name}-", svg)
    size = SIZE.search(svg)
    width, height = map(float, size.groups()) if size else (WIDEST, 0.0)
    factor = max(1, min(GROWTH, WIDEST / width))
    svg = SIZE.sub(f'width="{width * factor:g}" height="{height * factor:g}"', svg, count=1)
    svg = svg.replace('class="marks"', f'class="marks {kind}"', 1)
    return Markup(svg.replace("<svg ", f'<svg role="img" aria-label="{escape(node["meta"]["alternative"])}" ', 1))


def write_data(site: Path, meta: dict[str, Any], table: dict[str, Any], about: dict[str, Any]) -> None:
    """Write a table as CSV, and beside it what one has to know to use it (CSV on the Web metadata)."""
    name, columns = meta["name"], table.get("columns", [])
    text = io.StringIO(newline="")
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(columns)
    writer.writerows(table.get("rows", []))
    write_download(site, f"{name}.csv", text.getvalue().encode())
    described = {
        "@context": "http://www.w3.org/ns/csvw",
        "url": f"{name}.csv",
        "dc:title": meta["title"],
        "dc:description": meta.get("alternative", ""),
        "dc:source": meta["source"],
        "dc:license": about["licence"],
        "dc:bibliographicCitation": about["cited"],
        "surveybook:question": meta.get("subtitle", ""),
        "surveybook:question_id": meta.get("question_id", ""),
        "surveybook:base": meta.get("base", ""),
        "surveybook:wave": meta.get("wave", ""),
        "surveybook:intervals": meta.get("interval_note", ""),
        "surveybook:figures": meta.get("figures", []),
        "surveybook:notes": meta.get("notes", []),
        "tableSchema": {"columns": [{"titles": column} for column in columns]},
    }
    write_download(site, f"{name}.csv-metadata.json", described)


def write_download(site: Path, name: str, content: bytes | dict[str, Any]) -> None:
    """Write a file that readers can take away into the site; plain values as JSON that people can read."""
    path = site / FOLDER / name
    path.parent.mkdir(parents=True, exist_ok=True)
    text = json.dumps(content, ensure_ascii=False, indent=1) + "\n" if isinstance(content, dict) else ""
    path.write_bytes(content if isinstance(content, bytes) else text.encode())


def setup(app: Sphinx) -> None:
    """Register the nodes, and make MyST-NB use the renderer.

    MyST-NB looks for renderers in the metadata of installed packages. This one has to work from a checkout
    that isn't installed (the lock file's hashes rule that out), so it joins the list that MyST-NB keeps:
    one way for both. No entry point is declared, or it would be found twice.
    """
    known = render.load_mime_renders()
    if ExhibitRenderer not in known:
        known.append(ExhibitRenderer)
    add_node(app, chart_figure, visit_exhibit, numbered_as="figure")
    add_node(app, data_table, visit_exhibit, numbered_as="table")
    add_node(app, finding_cards, visit_cards)
