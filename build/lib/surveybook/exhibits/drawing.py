"""Drawing tidy records: a row an item with its label above, a mark a figure, its interval, its value beside it.

A record is one figure: its ``label`` and ``series``, its ``share`` with ``low`` and ``high`` (0-1), the ``text``
beside the mark and the ``tip`` behind it, ``was`` for an earlier wave's share, and its ``status``. What answers leave
to one goes from ``start`` to ``end``, and has a ``text`` in a row of its own alone. The plot is narrow,
so that the text stays legible when a phone shows the picture at its own width.
"""

import json
import textwrap
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import altair as alt

from surveybook.exhibits import palette
from surveybook.exhibits.exhibit import CHART
from surveybook.model.report import read_report
from surveybook.model.survey import Survey

WIDTH = 290
LABEL_WIDTH, TITLE_WIDTH, SUBTITLE_WIDTH = 46, 44, 54
LINE_HEIGHT, GAP = 17, 12
# Vega leaves a line's height between a label and what it heads; most of it is taken back.
LABEL_PADDING = -8
HOLLOW_REACH = 0.02  # how far a hollow mark reaches to either side, as a part of a scale from nought to one
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

    def channel(self, field: str = "") -> alt.X:
        """Return the channel of a field that is measured so; of the measure's own where none is named."""
        axis = plain_axis(values=list(self.ticks), format=self.format, title=None)
        return alt.X(f"{field or self.field}:Q", scale=alt.Scale(domain=[self.low, self.high], nice=False), axis=axis)


SHARES = Measure("share", 0, 1, (0, 0.25, 0.5, 0.75, 1), "%")


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


def encode_series(series: Sequence[Series], legend: bool) -> dict[str, Any]:
    """Return the channels that tell series apart, by their names in the order given."""
    names, key = [one.name for one in series], alt.Legend() if legend else None
    colours, shapes = [one.colour for one in series], [one.shape for one in series]
    return {
        "color": alt.Color("series:N", scale=alt.Scale(domain=names, range=colours), legend=key),
        "shape": alt.Shape("series:N", scale=alt.Scale(domain=names, range=shapes), legend=key),
    }


def stack_rows(
    layers: Sequence[alt.Chart],
    records: Sequence[dict[str, Any]],
    height: Any,
    calculated: Mapping[str, str] | None = None,
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
    """
    labels = list(dict.fromkeys(record["label"] for record in records))
    wrapped = {label: lines for label in labels if len(lines := textwrap.wrap(label, LABEL_WIDTH)) > 1}
    broken: Any = f"{json.dumps(wrapped, ensure_ascii=False)}[datum.value] || datum.value"
    header = alt.Header(
        title=None,
        labelOrient="top",
        labelAnchor="start",
        labelAngle=0,
        labelFontSize=12,
        labelColor=palette.TEXT,
        labelLimit=0,
        labelPadding=LABEL_PADDING,
        labelExpr=broken if wrapped else alt.Undefined,
    )
    row = alt.layer(*layers, data=alt.Data(values=list(records))).properties(width=WIDTH, height=height)
    row = row.transform_calculate(**calculated) if calculated else row
    return row.facet(row=alt.Row("label:N", sort=labels, header=header), spacing=GAP)


def draw_rows(
    records: Sequence[dict[str, Any]], series: Sequence[Series], measure: Measure = SHARES, *, legend: bool = True
) -> alt.FacetChart:
    """Return rows of figures as dots with intervals.

    Parameters
    ----------
    records : sequence of dict
        One figure each, as above. Shares in words have ``from`` and ``to``, what the words allow; what has neither a
        number nor such limits is its ``text`` alone.
    series : sequence of Series
        The groups.
    measure : Measure
        What the marks show.
    legend : bool
        Whether to name the groups.
    """
    value, channels, tip = f"datum.{measure.field}", encode_series(series, legend), alt.Tooltip("tip:N", title="Figure")
    # The value stands on the far side of the mark from nought, beyond its interval and an earlier wave's mark.
    reach, below = HOLLOW_REACH * (measure.high - measure.low), f"{value} < 0"
    right, left = (
        f"{choose}({value}, datum.{end} || {value}, isValid(datum.was) ? datum.was {sign} {reach:g} : {value})"
        for choose, end, sign in (("max", "high", "+"), ("min", "low", "-"))
    )
    beside: dict[str, Any] = {"align": {"expr": f"{below} ? 'right' : 'left'"}, "dx": {"expr": f"{below} ? -6 : 6"}}
    # A mark without a place on the axis isn't drawn.
    held = {field for record in records for field in record}
    held |= {"below"} if measure.low < 0 else set()
    placed = [field for field in (measure.field, "to", "end") if field in {*held, measure.field, "to"}]
    nowhere = " && ".join(f"!isValid(datum.{field})" for field in placed)
    missing = alt.condition(nowhere, alt.Text("text:N"), alt.value(""))
    held |= {"bare"} if any(not record.keys() & set(placed) for record in records) else set()
    mark, words, x = alt.Chart(), alt.Tooltip("tip:N", title="In words"), measure.channel
    rest = alt.Tooltip("tip:N", title="Left to 100")
    own = alt.condition("isValid(datum.end) && isValid(datum.text)", alt.Text("text:N"), alt.value(""))
    # Each layer with the field of records, or the state, without which it would be empty.
    layers = [
        (measure.field, mark.mark_rule(color=palette.GRID).encode(x=x(), x2=alt.datum(0))),
        ("below", mark.mark_tick(color=palette.AXIS, height=LINE_HEIGHT).encode(x=alt.XDatum(0))),
        ("to", mark.mark_bar(**BAND).encode(x=x("from"), x2="to:Q", tooltip=words)),
        ("to", mark.mark_text(align="right", dx=-6, **ASIDE).encode(x=x("from"), text="text:N")),
        ("end", mark.mark_rule(**REST).encode(x=x("start"), x2="end:Q", tooltip=rest)),
        ("end", mark.mark_text(align="left", dx=6, fontSize=12, color=palette.MUTED).encode(x=x("end"), text=own)),
        ("low", mark.mark_rule(**INTERVAL).encode(x=x("low"), x2="high:Q", color=channels["color"])),
        ("was", mark.mark_point(**HOLLOW).encode(x=x("was"), tooltip=tip, **channels)),
        (measure.field, mark.mark_point(**FILLED, size=55).encode(x=x(), tooltip=tip, **channels)),
        (measure.field, mark.mark_text(fontSize=12, **beside).encode(x=x("edge"), text="text:N")),
        ("bare", mark.mark_text(align="left", color=palette.MUTED, **ASIDE).encode(x=alt.value(2), text=missing)),
    ]
    # One below the other where any row has several groups, so that each has its place in every row.
    names = [one.name for one in series]
    several = max(Counter(label for label, _ in {(one["label"], one["series"]) for one in records}).values()) > 1
    y = alt.Y("series:N", scale=alt.Scale(domain=names), axis=None) if several else alt.value(LINE_HEIGHT / 2)
    drawn = [layer.encode(y=y) for needed, layer in layers if needed in held]
    height = alt.Step(LINE_HEIGHT) if several else LINE_HEIGHT
    return stack_rows(drawn, records, height, {"edge": f"{below} ? {left} : {right}"})
