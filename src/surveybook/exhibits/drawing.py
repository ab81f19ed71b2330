"""Drawing tidy records: a row an item with its label above, a mark a figure, its interval, its value beside it.

A record is one figure: its ``label`` and ``series``, its ``share`` with ``low`` and ``high`` (0-1), the ``text``
beside the mark and the ``tip`` behind it, ``was`` for an earlier wave's share, and its ``status``. The plot is narrow,
so that the text stays legible when a phone shows the picture at its own width.
"""

import json
import textwrap
from collections import Counter
from collections.abc import Iterable, Sequence
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


NUMBERS = "datum.status == 'number'"
IN_SERIES = alt.Y("series:N", sort=None, axis=None)
SHARES = Measure("share", 0, 1, (0, 0.25, 0.5, 0.75, 1), "%")


def list_series(survey: Survey, populations: Iterable[str]) -> list[Series]:
    """Return a series for each population, with the colour and the shape that it has in every chart."""
    known = survey.codebook.populations
    colours, order = read_report().colours_of(known.index), list(known.index)
    return [
        Series(str(known.loc[name, "label"]), colours[name].light, SHAPES[order.index(name) % len(SHAPES)])
        for name in populations
    ]


def write_title(title: str, *lines: str) -> alt.TitleParams:
    """Return the title with its subtitle lines, wrapped so that every exported picture carries them whole."""
    return alt.TitleParams(
        text=textwrap.wrap(title, TITLE_WIDTH),
        subtitle=[line for text in lines if text for line in textwrap.wrap(text, SUBTITLE_WIDTH)],
        anchor="start",
        frame="group",
        fontSize=14,
        subtitleFontSize=11,
        subtitlePadding=6,
        offset=12,
        color=palette.TEXT,
        subtitleColor=palette.MUTED,
    )


def finish_spec(chart: Any, title: str, *lines: str) -> dict[str, Any]:
    """Return a chart's specification, with its title and in the book's fonts and colours."""
    return (
        chart.properties(title=write_title(title, *lines))
        .configure(font=palette.FONT, background=palette.PAPER, padding=4)
        .configure_view(stroke=None)
        .configure_axis(gridColor=palette.GRID, labelColor=palette.MUTED, labelFontSize=11)
        .configure_legend(
            labelColor=palette.TEXT,
            labelFontSize=12,
            title=None,
            orient="top",
            offset=8,
            direction="horizontal",
            symbolSize=90,
            symbolOpacity=1,
            labelLimit=0,
            columnPadding=14,
        )
        .configure_text(color=palette.TEXT)
        .to_dict()
    )


def plain_axis(**options: Any) -> alt.Axis:
    """Return an axis with its line and short ticks, without a grid."""
    plain: dict[str, Any] = {"grid": False, "tickSize": 4, "labelPadding": 4, "offset": 8, "tickColor": palette.AXIS}
    return alt.Axis(domainColor=palette.AXIS, **(plain | options))


def pick_records(test: str) -> alt.Chart:
    """Return a layer of the records that a test, an expression, holds for."""
    return alt.Chart().transform_filter(test)


def tell_apart(series: Sequence[Series], legend: bool) -> dict[str, Any]:
    """Return the channels that tell series apart, by their names in the order given."""
    names, key = [one.name for one in series], alt.Legend() if legend else None
    colours, shapes = [one.colour for one in series], [one.shape for one in series]
    return {
        "color": alt.Color("series:N", scale=alt.Scale(domain=names, range=colours), legend=key),
        "shape": alt.Shape("series:N", scale=alt.Scale(domain=names, range=shapes), legend=key),
    }


def stack_rows(layers: Sequence[alt.Chart], records: Sequence[dict[str, Any]], height: Any) -> alt.FacetChart:
    """Return layers once for each label of the records, in their order, one below the other, the label above.

    Parameters
    ----------
    layers : sequence of altair.Chart
        What is drawn in each row.
    records : sequence of dict
        Each with its ``label``.
    height : int or altair.Step
        The height of a row, or of each series in it.
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
    chart = row.facet(row=alt.Row("label:N", sort=labels, header=header), spacing=GAP)
    # A row is as high as the series in it need.
    return chart.resolve_scale(y="independent") if isinstance(height, alt.Step) else chart


def draw_rows(
    records: Sequence[dict[str, Any]], series: Sequence[Series], measure: Measure = SHARES, *, legend: bool = True
) -> alt.FacetChart:
    """Return rows of figures as dots with intervals.

    Parameters
    ----------
    records : sequence of dict
        One figure each, as above; the ``status`` is "number", "words" (``low`` and ``high`` are what the words allow)
        or "unpublished".
    series : sequence of Series
        The groups.
    measure : Measure
        What the marks show.
    legend : bool
        Whether to name the groups.
    """
    records, layers = _number_labels(records), []
    held = {(record["status"], field) for record in records for field in record}
    if ("number", "status") in held:
        layers += _draw_numbers({field for status, field in held if status == "number"}, series, measure, legend)
    if ("words", "low") in held:
        layers += _draw_words(measure)
    if any(record["status"] != "number" and "low" not in record for record in records):
        bare = pick_records("datum.status != 'number' && !isValid(datum.low)")
        bare = bare.mark_text(align="left", fontSize=11, fontStyle="italic", color=palette.MUTED)
        layers.append(bare.encode(x=alt.value(2), y=IN_SERIES, text="text:N"))
    return stack_rows(layers, records, alt.Step(LINE_HEIGHT))


def _draw_numbers(held: set[str], series: Sequence[Series], measure: Measure, legend: bool) -> list[alt.Chart]:
    """Return a stem from nought, the interval, the earlier wave's hollow mark, the mark and its value."""
    value, tip, channels = f"datum.{measure.field}", alt.Tooltip("tip:N", title="Figure"), tell_apart(series, legend)
    numbers, y = pick_records(NUMBERS), IN_SERIES
    layers = [numbers.mark_rule(color=palette.GRID).encode(x=measure.channel(), x2=alt.datum(0), y=y)]
    if measure.low < 0:
        layers.append(numbers.mark_tick(color=palette.AXIS, height=LINE_HEIGHT).encode(x=alt.XDatum(0), y=y))
    if "low" in held:
        interval = pick_records(f"{NUMBERS} && isValid(datum.low)").mark_rule(strokeWidth=7, opacity=0.35)
        layers.append(interval.encode(x=measure.channel("low"), x2="high:Q", y=y, color=channels["color"]))
    if "was" in held:
        hollow = pick_records(f"{NUMBERS} && isValid(datum.was)")
        hollow = hollow.mark_point(filled=False, size=60, strokeWidth=1.6, opacity=1, fill=palette.PAPER)
        layers.append(hollow.encode(x=measure.channel("was"), y=y, tooltip=tip, **channels))
    dots = numbers.mark_point(filled=True, size=55, opacity=1)
    # The value stands on the far side of the mark from nought, beyond its interval and an earlier wave's mark.
    reach = HOLLOW_REACH * (measure.high - measure.low)
    right, left = (
        f"{choose}({value}, datum.{end} || {value}, isValid(datum.was) ? datum.was {sign} {reach:g} : {value})"
        for choose, end, sign in (("max", "high", "+"), ("min", "low", "-"))
    )
    below = f"{value} < 0"
    texts = numbers.transform_calculate(edge=f"{below} ? {left} : {right}")
    texts = texts.mark_text(
        align={"expr": f"{below} ? 'right' : 'left'"}, dx={"expr": f"{below} ? -6 : 6"}, fontSize=12
    )
    return [
        *layers,
        dots.encode(x=measure.channel(), y=y, tooltip=tip, **channels),
        texts.encode(x=measure.channel("edge"), y=y, text="text:N"),
    ]


def _draw_words(measure: Measure) -> list[alt.Chart]:
    """Return the band of what words for a share allow, and the words beside it."""
    words, x = pick_records("datum.status == 'words' && isValid(datum.low)"), measure.channel("low")
    band = words.mark_bar(height=12, color=palette.BAND, stroke=palette.BAND_EDGE)
    text = words.mark_text(align="right", dx=-6, fontSize=11, fontStyle="italic")
    return [
        band.encode(x=x, x2="high:Q", y=IN_SERIES, tooltip=alt.Tooltip("tip:N", title="In words")),
        text.encode(x=x, y=IN_SERIES, text="text:N"),
    ]


def _number_labels(records: Sequence[dict[str, Any]]) -> list[dict[str, Any]]:
    """Return records of which no two have label and series in common: of such, the later labels are numbered."""
    seen: Counter[tuple[str, str]] = Counter()
    named = []
    for record in records:
        key = (record["label"], record["series"])
        seen[key] += 1
        named.append({**record, "label": f"{key[0]} ({seen[key]})"} if seen[key] > 1 else record)
    return named
