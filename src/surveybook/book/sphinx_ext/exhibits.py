"""What notebooks show on a page: charts, tables and cards, each with its words, its downloads and its address."""

import csv
import io
import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property, partial
from itertools import groupby
from pathlib import Path
from typing import Any

from docutils import nodes
from myst_nb.core import render
from sphinx.application import Sphinx
from sphinx.util import logging
from sphinx.writers.html5 import HTML5Translator

from surveybook.book.notebooks import CARDS, CHART, TABLE
from surveybook.book.sphinx_ext import pictures, settings
from surveybook.book.sphinx_ext.settings import cite_edition, date_text, file_address, find_page, render_part
from surveybook.exhibits.invariants import find_spec_faults
from surveybook.model import paths
from surveybook.model.files import write_json, write_whole

# Of each kind of output: how it is called and how its address begins.
CALLED = {CHART: ("chart", "fig-"), TABLE: ("table", "tab-")}
# A name becomes an anchor and a file name, so nothing else may get in.
PLAIN_NAME = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")
FOLDER = "_static/figures"

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
    def groupings(self) -> list[tuple[str, int]]:
        """What stands above columns that are read across, up to a colon, and over how many of them."""
        names = (name.rpartition(": ")[0] for name in self.columns)
        return [(name, len(list(own))) for name, own in groupby(names)] if self.across else []

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
    """A table that a notebook computed, numbered among the tables; one with entries stands as a list of these."""


class finding_cards(exhibit):  # noqa: N801
    """What the landing page has to tell first; not numbered."""


class ExhibitRenderer:
    """The plugin that turns what notebooks store into nodes, in the form that MyST-NB asks for."""

    # Nothing else is shown, so that no output of a notebook brings HTML or scripts onto a page.
    mime_priority_overrides: Sequence[tuple[str, str, int | None]] = (
        ("*", CHART, 1), ("*", TABLE, 2), ("*", CARDS, 3), *(("*", kind, None) for kind in settings.BOOK["unwanted"]),
    )  # fmt: skip

    @staticmethod
    def handle_mime(
        renderer: render.NbElementRenderer, data: render.MimeData, inline: bool
    ) -> list[nodes.Element] | None:
        """Return the node for one output, or None for a kind that is left to MyST-NB.

        The words in it stand for it where it can't be shown: the search, plain text, LaTeX.
        """
        content, location = data.content, f"{renderer.source}:{data.line}"
        node: nodes.Element
        if data.mime_type == CARDS:
            node = finding_cards(meta=content)
            texts = [text for card in content["cards"] for text in (card["title"], card["says"])]
        elif data.mime_type == CHART:
            meta = complete_meta(content.get("usermeta", {}).get("surveybook", {}), CHART, location)
            node, texts = chart_figure(meta=meta, spec=content), [meta["title"], meta["alternative"]]
            for said in find_spec_faults(content):
                logger.warning("The chart %r misleads: %s.", meta["name"], said, location=location)
        elif data.mime_type == TABLE:
            meta = complete_meta(content, TABLE, location)
            node, texts = data_table(meta=meta), [meta["title"]]
        else:
            return None
        if data.mime_type in CALLED:
            # An address that `{numref}` and links find.
            node["names"].append(f"{CALLED[data.mime_type][1]}{meta['name']}")
            renderer.renderer.document.note_explicit_target(node, node)
        node += [nodes.paragraph(text, text) for text in texts if text]
        return [node]


def complete_meta(meta: dict[str, Any], mime: str, location: str) -> dict[str, Any]:
    """Return the description of a chart or table with every key present, warning about those that were missing."""
    kind, _ = CALLED[mime]
    keys = settings.BOOK["must_have"][kind]
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


def visit_exhibit(self: HTML5Translator, node: exhibit) -> None:
    """Write a chart or a table, and its downloads into the site."""
    meta, about = node["meta"], describe_exhibit(self, node)
    table = meta["table"] if "spec" in node else meta
    grid = Grid(table.get("columns", []), table.get("rows", []), bool(meta.get("across")))
    context: dict[str, Any] = {"exhibit": about, "grid": grid}
    template = "claims-list.html" if meta.get("entries") else f"{about['kind']}.html"
    if "spec" in node:
        context |= write_pictures(self, node, about, grid)
    elif meta.get("entries"):
        context["links"] = node["links"]
    write_data(Path(self.builder.outdir), self.builder.config.surveybook_edition["wave"], about, grid)
    inside = render_part(template, **context)
    self.body.append(render_part("folded.html", inside=inside, **context) if meta.get("folded") else inside)
    raise nodes.SkipNode


def write_pictures(translator: HTML5Translator, node: exhibit, about: dict[str, Any], grid: Grid) -> dict[str, Any]:
    """Write the pictures of a chart, its embed and what makes it live; return what its template wants of them."""
    spec, name, builder = node["spec"], node["meta"]["name"], translator.builder
    site, cache = Path(builder.outdir), Path(builder.srcdir) / paths.DRAWINGS_FOLDER
    on_site = builder.name in settings.SITES
    drawn, wide = (pictures.draw_picture(one, cache) for one in (spec, pictures.widen(spec)))
    write_whole(site / FOLDER / f"{name}.svg", pictures.frame_drawing(wide, about))
    write_whole(site / FOLDER / f"{name}.vl.json", write_json(pictures.strip_spec(spec, titled=True)))
    if on_site:
        figure = f"{builder.get_target_uri(builder.current_docname)}#{about['anchor']}"
        about["codes"] = pictures.write_embeds(site, builder.config, about, drawn, figure, grid=grid)
    script, content = pictures.make_bundle(cache)
    if not (site / "_static" / script).exists():
        (site / "_static" / script).write_bytes(content)
    orders, intervals = find_tools(spec)
    dress = partial(pictures.dress_picture, builder.config, node)
    return {
        "picture": dress(drawn, "narrow"),
        "wide": dress(wide, "wide") if on_site and wide != drawn else "",
        "wide_width": pictures.WIDE_WIDTH,
        "reading": list_reading(translator, node),
        "is_paper": not on_site,
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
    kind, config, here = "figure" if "spec" in node else "table", builder.config, builder.current_docname
    made_up = "Made-up data, no survey. " if config.surveybook_edition.get("synthetic") else ""
    question = meta.get("question_id") if builder.name in settings.SITES and config.html_context["has_explorer"] else ""
    page = find_page(builder.env, settings.CHECK_PAGE)
    # The single-page builder keeps the numbers of each document apart; there are none when numbering is off.
    numbered = f"{translator.docnames[-1]}/{kind}" if builder.name == "singlehtml" else kind
    number = builder.fignumbers.get(numbered, {}).get(anchor)
    return {
        "kind": kind,
        "meta": meta,
        "anchor": anchor,
        "label": config.numfig_format[kind] % ".".join(map(str, number)) if number else kind.capitalize(),
        "cited": cite_edition(config, meta["title"], anchor, here),
        "told": made_up + cite_edition(config, anchor=anchor, docname=here),
        "licence": config.html_context["report"]["licence_address"],
        "notes": [meta.get("interval_note"), meta.get("note"), *meta["reading"], *meta["notes"]],
        "cell": node.get("cell", ""),
        "code": locate_code(**meta["code"]) if meta["code"] else {},
        # The page of corrections needn't say of itself that it has some.
        "corrections": find_corrections(meta) if here != page else [],
        "corrections_page": builder.get_relative_uri(here, page) if page else "",
        "file": file_address(translator, f"{FOLDER}/{meta['name']}"),
        "codes": [],
        "embed_page": file_address(translator, f"{pictures.EMBEDS}/{meta['name']}.html"),
        "explorer": file_address(translator, f"explorer.html#question={question}") if question else "",
    }


def locate_code(module: str, function: str) -> dict[str, str]:
    """Return the name of the function that made a chart, and its file where the report's own folder holds it."""
    path = f"src/{module.replace('.', '/')}.py"
    return {"name": f"{module}.{function}", "path": path if (paths.root() / path).exists() else ""}


def find_corrections(meta: dict[str, Any]) -> list[dict[str, str]]:
    """Return the corrections of the figures that a chart or table shows, the earliest first."""
    there = (paths.data() / "corrections.csv").is_file()
    rows = sorted(settings.read_data_rows("corrections.csv") if there else [], key=lambda row: row["date"])
    own = [row for row in rows if row["figure_id"] and row["figure_id"] in meta.get("figures", [])]
    return [row | {"date": date_text(row["date"])} for row in own]


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


def write_data(site: Path, wave: str, about: dict[str, Any], grid: Grid) -> None:
    """Write a table as CSV, and beside it what one has to know to use it (CSV on the Web metadata)."""
    meta, text = {"wave": wave, **about["meta"]}, io.StringIO(newline="")
    name, told = meta["name"], settings.BOOK["described"]
    csv.writer(text, lineterminator="\n").writerows([grid.columns, *grid.rows])
    write_whole(site / FOLDER / f"{name}.csv", text.getvalue())
    described = {
        "@context": "http://www.w3.org/ns/csvw",
        "url": f"{name}.csv",
        "dc:title": meta["title"],
        "dc:description": meta.get("alternative", ""),
        "dc:source": meta["source"],
        "dc:license": about["licence"],
        "dc:bibliographicCitation": about["cited"],
        **{f"surveybook:{key}": meta.get(own, [] if own == "figures" else "") for key, own in told.items()},
        "tableSchema": {"columns": [{"titles": column} for column in grid.columns]},
    }
    write_whole(site / FOLDER / f"{name}.csv-metadata.json", write_json(described))


def paint_figures(app: Sphinx, problem: Exception | None) -> None:
    """Paint the figures of a finished site that readers take away."""
    if not problem and app.builder.name in settings.SITES:
        pictures.paint_framed(Path(app.outdir) / FOLDER, Path(app.srcdir) / paths.DRAWINGS_FOLDER)


def setup(app: Sphinx) -> None:
    """Register the nodes, and make MyST-NB use the renderer.

    MyST-NB looks for renderers in the metadata of installed packages. This one has to work from a checkout
    that isn't installed (the lock file's hashes rule that out), so it joins the list that MyST-NB keeps:
    one way for both. No entry point is declared, or it would be found twice.
    """
    known = render.load_mime_renders()
    if ExhibitRenderer not in known:
        known.append(ExhibitRenderer)
    for node, kind in ((chart_figure, "figure"), (data_table, "table")):
        # What is written whole when it is visited is never departed from.
        app.add_enumerable_node(node, kind, lambda one: one["meta"]["title"], html=(visit_exhibit, visit_exhibit))
    app.add_node(finding_cards, html=(visit_cards, None))
    app.connect("build-finished", paint_figures)
