"""The figure of a chart: finding, question, picture, data, notes, downloads, citation, code."""

from __future__ import annotations

import re
from html import escape
from itertools import pairwise
from math import inf
from pathlib import Path
from typing import TYPE_CHECKING, Any

from docutils import nodes
from sphinx.util import logging
from sphinx.writers.html5 import HTML5Translator

from surveybook.book.sphinx_ext import downloads, drawing
from surveybook.book.sphinx_ext.corrections import notice
from surveybook.book.sphinx_ext.editions import citation
from surveybook.book.sphinx_ext.html import (
    data_island,
    file_links,
    number,
    page_address,
    region,
    summary,
    table,
    tag,
    taken_from,
)
from surveybook.exhibits import palette
from surveybook.model import paths

if TYPE_CHECKING:
    from sphinx.application import Sphinx

# Charts are designed for a phone's width; where there is room they may grow, up to the text's width.
GROWTH, WIDEST = 1.4, 620
SIZE = re.compile(r'width="([0-9.]+)" height="([0-9.]+)"')
COLOUR = re.compile(r'(?:fill|stroke)="([^"]+)"')
COLOURLESS = {"none", "transparent", *(colour.light for colour in palette.COLOURS)}

logger = logging.getLogger(__name__)


class chart_figure(nodes.General, nodes.Element):  # noqa: N801 - Sphinx finds visitors by the class's name
    """A chart with everything that belongs to it; numbered."""


class chart_drawing(nodes.Inline, nodes.Element):  # noqa: N801
    """A chart's picture alone, where it stands in a line or a table's cell."""


def visit_figure(self: HTML5Translator, node: chart_figure) -> None:
    """Write a whole figure."""
    self.body.append(figure(self, node))
    raise nodes.SkipNode


def visit_drawing(self: HTML5Translator, node: chart_drawing) -> None:
    """Write the picture alone."""
    self.body.append(f'<span class="chart-inline">{_svg(self, node, "inline-")}</span>')
    raise nodes.SkipNode


def visit_plain(self: Any, node: nodes.Element) -> None:
    """Let the title and the alternative, which are the node's children, stand for the figure."""


def figure(translator: HTML5Translator, node: chart_figure) -> str:
    """Return a figure as HTML and write its downloads into the site."""
    meta, name = node["meta"], node["meta"]["name"]
    site, cache = Path(translator.builder.outdir), chart_cache(translator)
    cited = citation(translator.builder.config, meta["title"], node["ids"][0], translator.builder.current_docname)
    downloads.write_chart(node["spec"], meta, cited, site, cache)
    script = page_address(translator, downloads.write_bundle(site, cache))
    label = number(translator, node, "figure")
    data = region(table(meta["table"].get("columns", []), meta["table"].get("rows", [])), f"Data of {label}")
    return "\n".join(
        (
            f'<figure class="chart" id="{node["ids"][0]}" aria-labelledby="{name}-title">',
            _caption(meta, node["ids"][0], label, notice(translator, meta)),
            f'<div class="chart-picture" data-bundle="{escape(script)}">{_svg(translator, node)}</div>',
            '<script type="application/json" class="chart-spec">',
            f"{data_island(drawing.bare(node['spec']))}</script>",
            tools(node["spec"], label),
            _notes(meta),
            f'<details class="chart-data">{summary("Data", f" of {label}")}{data}</details>',
            _taking_away(translator, node, label, cited),
            "</figure>\n",
        )
    )


def tools(spec: dict[str, Any], label: str) -> str:
    """Return what changes the picture: the order of its items, its intervals; empty where neither would help.

    It is part of the page from the start, so that nothing moves when the script wakes it up.
    """
    records = spec.get("data", {}).get("values", [])
    places = sorted(record["y"] for record in records if "label" in record and "y" in record)
    marks = [record for record in records if "series" in record and "value" in record]
    held = [{mark["series"] for mark in marks if low <= mark["y"] < high} for low, high in pairwise([*places, inf])]
    parts = []
    # An order by one group says something only where items carry another group too.
    if sum(len(series) > 1 for series in held) > 1:
        named = list(dict.fromkeys(mark["series"] for mark in marks))
        options = "".join(f'<option value="{escape(name)}">{escape(name)}, largest first</option>' for name in named)
        parts.append(
            '<label>Order <select class="chart-order" autocomplete="off">'
            f'<option value="">as first shown</option>{options}</select></label>'
        )
    if any("low" in mark for mark in marks):
        parts.append(
            '<label><input type="checkbox" class="chart-intervals" autocomplete="off" checked> Intervals</label>'
        )
    if not parts:
        return ""
    return f'<div class="chart-tools" role="group" aria-label="Change {escape(label)}">{"".join(parts)}</div>'


def chart_cache(translator: HTML5Translator) -> Path:
    """Return the folder that keeps drawings between builds."""
    return Path(translator.builder.srcdir) / translator.builder.config.surveybook_chart_cache


def unknown_colours(svg: str) -> set[str]:
    """Return the colours of a drawing that the stylesheet can't change for a dark page."""
    return {colour for colour in COLOUR.findall(svg) if colour.lower() not in COLOURLESS and "url(" not in colour}


def _caption(meta: dict[str, Any], anchor: str, label: str, corrected: str) -> str:
    return (
        "<figcaption>"
        f'<p class="chart-number"><a href="#{anchor}" title="Link to this figure">{escape(label)}</a></p>'
        f"{tag('p', meta['title'], class_='chart-title', id=meta['name'] + '-title')}"
        f"{tag('p', meta['subtitle'], class_='chart-question')}"
        f"{tag('p', meta['base'], class_='chart-base')}{corrected}"
        "</figcaption>"
    )


def _svg(translator: HTML5Translator, node: nodes.Element, prefix: str = "") -> str:
    name = prefix + node["meta"]["name"]
    svg = drawing.picture(node["spec"], chart_cache(translator))
    if unknown := unknown_colours(svg):
        logger.warning(
            "The chart %r uses %s, which would stay as it is on a dark page. "
            "Use the colours of surveybook.exhibits.palette.",
            node["meta"]["name"], ", ".join(sorted(unknown)), location=node,
        )  # fmt: skip
    # Several drawings share a page, so what they refer to inside themselves needs names of its own.
    svg = re.sub(r'\bid="', f'id="{name}-', svg)
    svg = re.sub(r"url\(#", f"url(#{name}-", svg)
    svg = SIZE.sub(_grown, svg, count=1)
    alternative = escape(node["meta"]["alternative"])
    return svg.replace("<svg ", f'<svg role="img" aria-label="{alternative}" ', 1)


def _grown(size: re.Match[str]) -> str:
    width, height = map(float, size.groups())
    factor = max(1, min(GROWTH, WIDEST / width))
    return f'width="{width * factor:g}" height="{height * factor:g}"'


def _notes(meta: dict[str, Any]) -> str:
    lines = [meta["interval_note"], *meta.get("notes", [])]
    notes = "".join(tag("p", line) for line in lines)
    source = tag("p", meta["source"], class_="chart-source")
    return f'<div class="chart-notes">{notes}{source}</div>'


def _taking_away(translator: HTML5Translator, node: nodes.Element, label: str, cited: str) -> str:
    name = node["meta"]["name"]
    files = (
        (f"{name}.csv", "Data (CSV)"),
        (f"{name}.csv-metadata.json", "About the data (JSON)"),
        (f"{name}.svg", "Picture (SVG)"),
        (f"{name}.png", "Picture (PNG)"),
        (f"{name}.vl.json", "Chart (Vega-Lite)"),
    )
    return (
        f'<details class="chart-more">{summary("Download and cite", f" {label}")}'
        f"{file_links(translator, files)}"
        f"{taken_from(node, 'figure', cited, _code(translator, node['meta']['code']))}</details>"
    )


def _code(translator: HTML5Translator, code: dict[str, str]) -> str:
    module, function = code.get("module", ""), code.get("function", "")
    path = f"src/{module.replace('.', '/')}.py"
    # A module that has grown into a folder of the same name.
    if (paths.root() / path.removesuffix(".py")).is_dir():
        path = path.removesuffix(".py")
    repository = translator.builder.config.surveybook_repository.rstrip("/")
    where = f'<a href="{escape(repository)}/blob/main/{path}">{path}</a>' if repository else tag("code", path)
    return f"{tag('code', f'{module}.{function}')} in {where}"


def setup(app: Sphinx) -> None:
    """Register the nodes; a chart is numbered among the figures."""
    plain = (visit_plain, visit_plain)
    app.add_enumerable_node(
        chart_figure, "figure", lambda node: node["meta"]["title"],
        html=(visit_figure, visit_plain), latex=plain, text=plain, man=plain, texinfo=plain,
    )  # fmt: skip
    app.add_node(chart_drawing, html=(visit_drawing, visit_plain), latex=plain, text=plain, man=plain, texinfo=plain)
