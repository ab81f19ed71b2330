"""Tables: those that notebooks store, and a frame that scrolls around those written in Markdown."""

from __future__ import annotations

from html import escape
from pathlib import Path
from typing import TYPE_CHECKING, Any

from docutils import nodes
from sphinx.transforms.post_transforms import SphinxPostTransform
from sphinx.writers.html5 import HTML5Translator

from surveybook.book.sphinx_ext import downloads
from surveybook.book.sphinx_ext.corrections import notice
from surveybook.book.sphinx_ext.editions import citation
from surveybook.book.sphinx_ext.html import file_links, number, region, summary, table, tag, taken_from

if TYPE_CHECKING:
    from sphinx.application import Sphinx


# From here on a table may reach into the margin.
MANY_COLUMNS = 6
# From here on a table's rows wait under a disclosure, unless the page is there for them: others then link to its rows.
MANY_ROWS = 20
CORRECTIONS = "corrections"


class data_table(nodes.General, nodes.Element):  # noqa: N801 - Sphinx finds visitors by the class's name
    """A table that a notebook computed; numbered."""


class table_frame(nodes.General, nodes.Element):  # noqa: N801
    """What scrolls sideways when a table is wider than the page."""


class row_anchor(nodes.Invisible, nodes.Element):  # noqa: N801
    """The address of one row of a table, for other pages to link to."""


def row_names(meta: dict[str, Any]) -> list[str]:
    """Return the name of each row's address, where a table says which column and prefix make it; none otherwise."""
    anchors = meta.get("anchors") or {}
    if anchors.get("column") not in meta["columns"]:
        return []
    place = meta["columns"].index(anchors["column"])
    return [f"{anchors['prefix']}{row[place]}".lower() for row in meta["rows"]]


def shown(meta: dict[str, Any]) -> tuple[list[str], list[list[Any]]]:
    """Return the columns and rows that the page shows: all, but for a column that only names addresses."""
    hidden = (meta.get("anchors") or {}).get("hidden")
    kept = [place for place, column in enumerate(meta["columns"]) if column != hidden]
    return [meta["columns"][place] for place in kept], [[row[place] for place in kept] for row in meta["rows"]]


def visit_table(self: HTML5Translator, node: data_table) -> None:
    """Write the table with its number, its notes and its data to download."""
    meta, anchor = node["meta"], node["ids"][0]
    label = number(self, node, "table")
    cited = citation(self.builder.config, meta["title"], anchor, self.builder.current_docname)
    edition = self.builder.config.surveybook_edition
    downloads.write_data({"wave": edition["wave"], **meta}, meta, cited, Path(self.builder.outdir))
    ids = [row["ids"][0] for row in node.findall(row_anchor)]
    name, (columns, rows) = meta["name"], shown(meta)
    link = f'<a href="#{anchor}" title="Link to this table">{escape(label)}</a>'
    folded = len(rows) >= MANY_ROWS and not ids
    # Whoever can't see the heading of a folded table hears its caption; the link stands where it can be seen.
    caption = _heading("span", meta, escape(label) if folded else link)
    box = _filter(anchor, label) if meta.get("filter") else ""
    content = box + region(table(columns, rows, caption, ids, heard=folded), label)
    if folded:
        shows = summary(f"All {len(rows):,} rows", f" of {label}")
        heading = f'<div class="folded">{_heading("p", meta, link)}</div>'
        content = f'{heading}\n<details class="table-rows">{shows}\n{content}</details>'
    # The page of corrections needn't say of itself that it has some.
    corrected = "" if name == CORRECTIONS else notice(self, meta)
    files = ((f"{name}.csv", "Data (CSV)"), (f"{name}.csv-metadata.json", "About the data (JSON)"))
    self.body.append(
        f'<div class="data-table{" wide" if len(columns) >= MANY_COLUMNS else ""}" id="{anchor}">\n{corrected}'
        f"{content}\n"
        f'<div class="chart-notes">{_notes(meta)}{tag("p", meta["source"], class_="chart-source")}</div>\n'
        f'<details class="chart-more">{summary("Download and cite", f" {label}")}{file_links(self, files)}'
        f"{taken_from(node, 'table', cited)}</details>\n</div>\n"
    )
    raise nodes.SkipNode


def _heading(name: str, meta: dict[str, Any], label: str) -> str:
    """Return number, title, question and base of a table, each in an element of that name; `label` is HTML."""
    said = ((meta["title"], "chart-title"), (meta["subtitle"], "chart-question"), (meta["base"], "chart-base"))
    return f'<{name} class="chart-number">{label}</{name}> ' + "".join(
        tag(name, text, class_=kind) for text, kind in said
    )


def _filter(anchor: str, label: str) -> str:
    """Return the box that keeps the rows with certain words; the script shows it, for without one it does nothing.

    It isn't a search field: a page has one of those, which searches the book.
    """
    name = f"{anchor}-filter"
    return (
        f'<p class="table-filter" hidden><label for="{name}">Show the rows with'
        f'<span class="visually-hidden"> these words, in {escape(label)}</span></label> '
        f'<input type="text" id="{name}" autocomplete="off" spellcheck="false"> <span role="status"></span></p>\n'
    )


def _notes(meta: dict[str, Any]) -> str:
    return "".join(tag("p", line) for line in (meta.get("interval_note"), meta.get("note"), *meta.get("notes", [])))


def visit_frame(self: HTML5Translator, node: table_frame) -> None:
    """Open the frame."""
    label = escape(node["label"])
    self.body.append(f'<div class="region" role="region" tabindex="0" aria-label="{label}">\n')


def depart_frame(self: HTML5Translator, node: table_frame) -> None:
    """Close the frame."""
    self.body.append("</div>\n")


def visit_plain(self: Any, node: nodes.Element) -> None:
    """Write nothing: the children stand for the node."""


class FrameTables(SphinxPostTransform):
    """Puts a frame around every table written in Markdown."""

    default_priority = 900
    formats = ("html",)

    def run(self, **kwargs: Any) -> None:
        """Wrap the tables of the document, each with a label of its own."""
        for place, found in enumerate(list(self.document.findall(nodes.table)), start=1):
            title = next(iter(found.findall(nodes.title)), None)
            frame = table_frame(label=title.astext() if title else f"Table in the text, {place}")
            found.replace_self(frame)
            frame += found


def setup(app: Sphinx) -> None:
    """Register the nodes; a computed table is numbered among the tables."""
    plain = (visit_plain, visit_plain)
    app.add_enumerable_node(
        data_table, "table", lambda node: node["meta"]["title"],
        html=(visit_table, visit_plain), latex=plain, text=plain, man=plain, texinfo=plain,
    )  # fmt: skip
    app.add_node(row_anchor, html=plain, latex=plain, text=plain, man=plain, texinfo=plain)
    app.add_node(table_frame, html=(visit_frame, depart_frame), latex=plain, text=plain, man=plain, texinfo=plain)
    app.add_post_transform(FrameTables)
