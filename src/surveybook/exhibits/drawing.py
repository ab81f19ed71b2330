"""What all forms of charts share: fonts, colours, groups, scales, and rows with their labels above.

A specification is drawn for a phone, whose width the plot has, and for a wide page: only the width of its rows differs.
"""

import json
import textwrap
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import altair as alt

from surveybook.exhibits import palette
from surveybook.exhibits.exhibit import CHART
from surveybook.model.report import read_report
from surveybook.model.survey import Survey

# The width of the plot on a phone, that from which it counts as a wide page's, and what a column takes of it.
WIDTH, WIDE_FROM, COLUMN = 290, 450, 90
# How many letters a line has: of a label, the phone's and the wide page's, of a title, of what stands below it.
LABEL_WIDTH, WIDE_LABEL, TITLE_WIDTH, SUBTITLE_WIDTH = 46, 92, 44, 54
LETTER = 6.3  # the width of one, in pixels
WIDE = 20  # the letters from which a name in a legend has a line of its own
LINE_HEIGHT, GAP = 17, 12
# Vega leaves a line's height between a label and what it heads; most of it is taken back.
LABEL_PADDING = -8
HEADING: dict[str, Any] = {"anchor": "start", "frame": "group", "fontSize": 14, "offset": 12, "color": palette.TEXT}
HEADING |= {"subtitleFontSize": 11, "subtitlePadding": 6, "subtitleColor": palette.MUTED}
KEY = {"labelColor": palette.TEXT, "labelFontSize": 12, "labelLimit": 0, "title": None, "orient": "top", "offset": 8}
KEY |= {"direction": "horizontal", "symbolSize": 90, "symbolOpacity": 1, "columnPadding": 14}
CONFIG: dict[str, Any] = {
    "font": palette.FONT,
    "background": palette.PAPER,
    "padding": 4,
    "view": {"stroke": None},
    "axis": {"gridColor": palette.GRID, "labelColor": palette.MUTED, "labelFontSize": 11},
    "legend": KEY,
    "text": {"color": palette.TEXT},
}
# How marks look, whatever chart they are in.
INTERVAL: dict[str, Any] = {"strokeWidth": 7, "opacity": 0.35}
FILLED: dict[str, Any] = {"filled": True, "opacity": 1}
HOLLOW: dict[str, Any] = {"filled": False, "size": 60, "strokeWidth": 1.6, "opacity": 1, "fill": palette.PAPER}
BAND: dict[str, Any] = {"height": 12, "color": palette.BAND, "stroke": palette.BAND_EDGE}
# Under the line of the figures that it belongs to, which have their texts there; amid a row of its own.
REST: dict[str, Any] = {"strokeWidth": 3, "color": palette.AXIS, "yOffset": {"expr": "isValid(datum.text) ? 0 : 8"}}
ASIDE: dict[str, Any] = {"fontSize": 11, "fontStyle": "italic"}
SHAPES = ("circle", "square", "diamond", "triangle-up", "cross")

# An author's own chart is stored as ours are: Altair's renderers write a random id, or a type that notebooks refuse.
alt.renderers.register("surveybook", lambda spec, **_: {CHART: spec, "text/plain": spec.get("description", "A chart")})
alt.renderers.enable("surveybook")
# Names that count up would depend on which charts were made before.
alt.data_transformers.enable("default", consolidate_datasets=False)


@dataclass(frozen=True)
class Series:
    """A group that is told apart by its colour and shape."""

    name: str
    colour: str
    shape: str = "circle"


@dataclass(frozen=True)
class Measure:
    """What stands on the horizontal axis: the field of the records, its range, and how its ticks are written."""

    field: str
    low: float
    high: float
    ticks: Sequence[float]
    format: str = ",d"

    def channel(self, field: str = "", room: int = 0) -> alt.X:
        """Return the channel of a field, by default the measure's own, with some room left at the right edge."""
        axis = plain_axis(values=list(self.ticks), format=self.format, title=None)
        scale = alt.Scale(domain=[self.low, self.high], nice=False)
        if room:
            scale.range = [0, from_right(room)]
        return alt.X(f"{field or self.field}:Q", scale=scale, axis=axis)


def list_series(survey: Survey, populations: Iterable[str]) -> list[Series]:
    """Return a series for each population, with the colour and the shape that it has in every chart."""
    known = survey.codebook.populations
    colours, order = read_report().colours_of(known.index), list(known.index)
    return [
        Series(str(known.loc[name, "label"]), colours[name].light, SHAPES[order.index(name) % len(SHAPES)])
        for name in populations
    ]


def finish_spec(chart: Any, title: str, *lines: str) -> dict[str, Any]:
    """Return a chart's specification in the book's fonts and colours, with its title and the lines below it.

    These are wrapped so that every exported picture carries them whole.
    """
    heading = alt.TitleParams(
        text=textwrap.wrap(title, TITLE_WIDTH),
        subtitle=[line for text in lines if text for line in textwrap.wrap(text, SUBTITLE_WIDTH)],
        **HEADING,
    )
    return chart.properties(title=heading).configure(**CONFIG).to_dict()


def plain_axis(**options: Any) -> alt.Axis:
    """Return an axis with its line and short ticks, without a grid."""
    plain: dict[str, Any] = {"grid": False, "tickSize": 4, "labelPadding": 4, "offset": 8, "tickColor": palette.AXIS}
    return alt.Axis(domainColor=palette.AXIS, **(plain | options))


def pick_records(test: str) -> alt.Chart:
    """Return a layer of the records that a test, an expression, holds for."""
    return alt.Chart().transform_filter(test)


def from_right(pixels: float) -> Any:
    """Return a place that is so far from the right edge of a row, however wide that is."""
    return alt.ExprRef(f"child_width - {pixels:g}")


def encode_series(series: Sequence[Series], legend: bool) -> dict[str, Any]:
    """Return the channels that tell series apart, by their names in the order given."""
    names, key = [one.name for one in series], alt.Legend() if legend else None
    colours, shapes = [one.colour for one in series], [one.shape for one in series]
    return {
        "color": alt.Color("series:N", scale=alt.Scale(domain=names, range=colours), legend=key),
        "shape": alt.Shape("series:N", scale=alt.Scale(domain=names, range=shapes), legend=key),
    }


def break_labels(labels: Iterable[str], width: int) -> str:
    """Return the labels longer than a line, each with its lines, as an expression that holds an object."""
    broken = {label: lines for label in labels if len(lines := textwrap.wrap(label, width)) > 1}
    return json.dumps(broken, ensure_ascii=False)


def stack_rows(
    layers: Sequence[alt.Chart],
    records: Sequence[dict[str, Any]],
    height: Any,
    calculated: Mapping[str, str] | None = None,
    room: int = 0,
) -> alt.FacetChart:
    """Return layers once for each label of the records, in their order, one below the other, the label above.

    Parameters
    ----------
    layers : sequence of altair.Chart
        What is drawn in each row.
    records : sequence of dict
        Each with its ``label``.
    height : int or altair.Step
        The height of a row, or of each series in it.
    calculated : mapping, optional
        Fields that layers use and records needn't have, as expressions.
    room : int
        What labels leave at the right edge.
    """
    labels = list(dict.fromkeys(record["label"] for record in records))
    narrow, wide = (break_labels(labels, int(most - room / LETTER)) for most in (LABEL_WIDTH, WIDE_LABEL))
    broken: Any = f"(child_width > {WIDE_FROM} ? {wide} : {narrow})[datum.value] || datum.value"
    header = alt.Header(
        title=None,
        labelOrient="top",
        labelAnchor="start",
        labelAngle=0,
        labelFontSize=12,
        labelColor=palette.TEXT,
        labelLimit=0,
        labelPadding=LABEL_PADDING,
        labelExpr=broken if narrow != wide else alt.Undefined,
    )
    row = alt.layer(*layers, data=alt.Data(values=list(records))).properties(width=WIDTH, height=height)
    row = row.transform_calculate(**calculated) if calculated else row
    return row.facet(row=alt.Row("label:N", sort=labels, header=header), spacing=GAP)
