"""The forms that charts have: rows of dots, stacked bars, a matrix, bars of counts, each from tidy records.

A record is one thing drawn: the ``label`` of its row, its ``series``, the ``text`` at it and the ``tip`` behind it. The
records of `draw_rows` and `draw_bars` are figures: a ``share`` (0-1) with ``low`` and ``high``. The plot has the width
of a phone; only the width of rows differs on a wide page, as what is drawn at the right edge is placed from there.
"""

import json
import textwrap
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
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

HOLLOW_REACH = 0.02  # how far a hollow mark reaches to either side, as a part of a scale from nought to one
# How far beyond the largest share the axis goes: for the text beside it, and where nothing may reach into a column.
ROOM, ROOM_BESIDE_COLUMN, ROOM_UNDER_TEXT = 1.14, 1.35, 1.04
PAIR_HEIGHT, PAIR_TEXT, PAIR_MARK = 31, 7, 22
BAR, BAR_HEIGHT = 20, 28
CELL, LINES = 24, 3
NARROW = 0.04  # the part of a bar that has no room for its number
DARK = 0.7  # the least opacity on which text is light

# An author's own chart is stored as ours are: Altair's renderers write a random id, or a type that notebooks refuse.
alt.renderers.register("surveybook", lambda spec, **_: {CHART: spec, "text/plain": spec.get("description", "A chart")})
alt.renderers.enable("surveybook")
# Names that count up would depend on which charts were made before.
alt.data_transformers.enable("default", consolidate_datasets=False)


Record = dict[str, Any]


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


def map_series(survey: Survey, populations: Iterable[str]) -> dict[str, Series]:
    """Return each population with the series that stands for it, of the same colour and shape in every chart."""
    known, series = survey.codebook.populations["label"], dict[str, Series]()
    colours, order = read_report().colours_of(known.index), list(known.index)
    for name in populations:
        series[name] = Series(str(known[name]), colours[name].light, SHAPES[order.index(name) % len(SHAPES)])
    return series


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
    ranges = {"color": [one.colour for one in series], "shape": [one.shape for one in series]}
    scales = {channel: alt.Scale(domain=names, range=own) for channel, own in ranges.items()}
    return {
        "color": alt.Color("series:N", scale=scales["color"], legend=key),
        "shape": alt.Shape("series:N", scale=scales["shape"], legend=key),
    }


def pick_layers(layers: Iterable[tuple[Any, alt.Chart]], records: Sequence[Record], y: Any) -> list[alt.Chart]:
    """Return the layers that have something to draw, at a height: where a record has their field, or always."""
    held = {field for record in records for field in record}
    return [layer.encode(y=y) for needed, layer in layers if needed is True or needed in held]


def write_right(field: str, test: str = "") -> alt.Chart:
    """Return the texts of a field at the right edge of rows, of records that have it, or for which a test holds."""
    texts = pick_records(test or f"isValid(datum.{field})").mark_text(align="right", fontSize=11, color=palette.MUTED)
    return texts.encode(x=alt.value(from_right(0)), text=f"{field}:N")


def break_labels(labels: Iterable[str], width: int) -> str:
    """Return the labels longer than a line, each with its lines, as an expression that holds an object."""
    broken = {label: lines for label in labels if len(lines := textwrap.wrap(label, width)) > 1}
    return json.dumps(broken, ensure_ascii=False)


def stack_rows(
    layers: Sequence[alt.Chart],
    records: Sequence[Record],
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


def measure_shares(records: Sequence[Record], room: float = ROOM) -> Measure:
    """Return the axis of some shares: from nought to a little beyond the largest of them."""
    fields = ("share", "high", "was", "to", "end")
    largest = max((one[field] for one in records for field in fields if field in one), default=1)
    end = round(largest * room, 2) if room > ROOM else min(1, round(largest * room, 2))
    step = next((step for step in (0.05, 0.1, 0.2) if largest < 4.5 * step), 0.25)
    return Measure("share", 0, end, [step * place for place in range(5) if step * place <= min(end, 1)], "%")


def draw_rows(
    records: Sequence[Record],
    series: Sequence[Series],
    measure: Measure | None = None,
    *,
    legend: bool = True,
    column: str = "",
    is_joined: bool = False,
) -> alt.FacetChart:
    """Return rows of figures as dots with intervals.

    Parameters
    ----------
    records : sequence of dict
        One figure each, as above; ``was`` is an earlier share, joined to it. Shares in words have ``from`` and ``to``,
        what the words allow; what answers leave to one has ``start`` and ``end``; what has no place on the axis is its
        ``text`` alone. For the column at the right: ``aside``, with ``range`` behind it, in the colour of ``leader``.
        A record of a pair has the two shares as ``near`` and ``far``.
    series : sequence of Series
        The groups.
    measure : Measure
        What the marks show; shares, where none is given.
    legend : bool
        Whether to name the groups.
    column : str
        What heads the column at the right; there is none where it is empty.
    is_joined : bool
        Whether the groups of a row stand on one line, their texts above them.
    """
    room = ROOM_UNDER_TEXT if is_joined else ROOM_BESIDE_COLUMN if column else ROOM
    measure = measure or measure_shares(records, room)
    value, channels, tip = f"datum.{measure.field}", encode_series(series, legend), alt.Tooltip("tip:N", title="Figure")
    reach = HOLLOW_REACH * (measure.high - measure.low)
    # The value stands beyond the interval and an earlier wave's mark, on the side away from nought.
    right, left = (
        f"{choose}({value}, datum.{end} || {value}, isValid(datum.was) ? datum.was {sign} {reach:g} : {value})"
        for choose, end, sign in (("max", "high", "+"), ("min", "low", "-"))
    )
    edge, below = f"{value} < 0 ? {left} : {right}", f"{value} < 0"
    beside: dict[str, Any] = {"align": {"expr": f"{below} ? 'right' : 'left'"}, "dx": {"expr": f"{below} ? -6 : 6"}}
    if is_joined:
        edge, beside = value, {"align": {"expr": "datum.side || 'center'"}}
    # A mark without a place on the axis isn't drawn.
    held = {field for record in records for field in record}
    placed = [measure.field, "to", *(field for field in ("end", "near") if field in held)]
    nowhere = " && ".join(f"!isValid(datum.{field})" for field in placed)
    missing = alt.condition(nowhere, alt.Text("text:N"), alt.value(""))
    is_bare = any(not record.keys() & set(placed) for record in records)
    x = partial(measure.channel, room=COLUMN if column else 0)
    mark, words, rest = alt.Chart(), alt.Tooltip("tip:N", title="In words"), alt.Tooltip("tip:N", title="Left to 100")
    own = alt.condition("isValid(datum.end) && isValid(datum.text)", alt.Text("text:N"), alt.value(""))
    marks = [
        (measure.field, mark.mark_rule(color=palette.GRID).encode(x=x(), x2=alt.datum(0))),
        ("near", mark.mark_rule(color=palette.AXIS, strokeWidth=2).encode(x=x("near"), x2="far:Q")),
        ("was", mark.mark_rule(color=palette.AXIS, strokeWidth=2).encode(x=x("was"), x2=f"{measure.field}:Q")),
        (measure.low < 0, mark.mark_tick(color=palette.AXIS, height=LINE_HEIGHT).encode(x=alt.XDatum(0))),
        ("to", mark.mark_bar(**BAND).encode(x=x("from"), x2="to:Q", tooltip=words)),
        ("end", mark.mark_rule(**REST).encode(x=x("start"), x2="end:Q", tooltip=rest)),
        ("low", mark.mark_rule(**INTERVAL).encode(x=x("low"), x2="high:Q", color=channels["color"])),
        ("was", mark.mark_point(**HOLLOW).encode(x=x("was"), tooltip=tip, **channels)),
        (measure.field, mark.mark_point(**FILLED, size=55).encode(x=x(), tooltip=tip, **channels)),
    ]
    if column:
        leader = alt.Color("leader:N", scale=channels["color"]["scale"], legend=channels["color"]["legend"])
        leads = alt.condition("isValid(datum.leader)", leader, alt.value(palette.MUTED))
        size = mark.mark_text(align="right", fontSize=12, fontWeight="bold").transform_filter("isValid(datum.aside)")
        size = size.encode(x=alt.value(from_right(COLUMN - 24)), text="aside:N", color=leads)
        marks += [("aside", size), ("range", write_right("range", test="isValid(datum.aside)"))]
    texts = [
        ("to", mark.mark_text(align="right", dx=-6, **ASIDE).encode(x=x("from"), text="text:N")),
        ("end", mark.mark_text(align="left", dx=6, fontSize=12, color=palette.MUTED).encode(x=x("end"), text=own)),
        (measure.field, mark.mark_text(fontSize=12, **beside).encode(x=x("edge"), text="text:N")),
        (is_bare, mark.mark_text(align="left", color=palette.MUTED, **ASIDE).encode(x=alt.value(2), text=missing)),
    ]
    # One below the other where any row has several groups that aren't joined, so that each has its place in every row.
    names = [one.name for one in series]
    several = max(Counter(label for label, _ in {(one["label"], one["series"]) for one in records}).values()) > 1
    line: Any = alt.value(LINE_HEIGHT / 2)
    height: Any = LINE_HEIGHT
    if is_joined:
        line, height = alt.value(PAIR_MARK), PAIR_HEIGHT
    elif several:
        line, height = alt.Y("series:N", scale=alt.Scale(domain=names), axis=None), alt.Step(LINE_HEIGHT)
    drawn = pick_layers(marks, records, line)
    drawn += pick_layers(texts, records, alt.value(PAIR_TEXT) if is_joined else line)
    if column:
        records = [{**records[0], "head": column}, *records[1:]]
        drawn.append(write_right("head").encode(y=alt.value(PAIR_TEXT if is_joined else -5)))
    return stack_rows(drawn, records, height, {"edge": edge}, room=COLUMN if column else 0)


def draw_bars(records: Sequence[Record], answers: Sequence[tuple[str, str, float]]) -> alt.FacetChart:
    """Return a bar from nought to one a row, a part for each answer, with marks for the intervals of its ends.

    Parameters
    ----------
    records : sequence of dict
        A part each, ``from`` and ``to`` on the bar (0-1), which ``start`` and ``end`` repeat for what answers leave to
        one; where an end of it has an interval, that ``edge`` with ``edge_low`` and ``edge_high``. A share in words has
        ``status`` "words".
    answers : sequence of tuple
        Name, colour and opacity of each answer, in the order of the legend.
    """
    names = [name for name, *_ in answers]
    columns = 1 if any(len(name) > WIDE for name in names) else 2
    legend = alt.Legend(columns=columns, symbolType="square", rowPadding=2, direction="vertical")
    shade = alt.Scale(type="ordinal", domain=names, range=[one[2] for one in answers])
    shades = {
        "color": alt.Color("series:N", scale=alt.Scale(domain=names, range=[one[1] for one in answers]), legend=legend),
        "opacity": alt.Opacity("series:N", sort=names, scale=shade, legend=legend),
    }
    pale = (palette.GRID, palette.BAND)
    dark = [name for name, colour, opacity in answers if opacity > DARK and colour not in pale]
    x = Measure("share", 0, 1, [0, 0.25, 0.5, 0.75, 1], "%").channel
    tip, in_words = alt.Tooltip("tip:N", title="Answer"), "datum.status == 'words'"
    light = alt.condition(f"indexof({dark}, datum.series) >= 0", alt.value(palette.PAPER), alt.value(palette.TEXT))
    bars = pick_records(f"isValid(datum.to) && !({in_words})").mark_bar(height=BAR, stroke=palette.PAPER, strokeWidth=1)
    text = pick_records(f"isValid(datum.middle) && !({in_words})").mark_text(fontSize=12, fontWeight="bold")
    band, ends = pick_records(in_words), pick_records("isValid(datum.edge)")
    has_words = any(record["status"] == "words" for record in records)
    words = band.mark_text(align="right", dx=-6, **ASIDE).encode(x=x("from"), text="text:N")
    bare = pick_records("!isValid(datum.to)").mark_text(align="left", color=palette.MUTED, **ASIDE)
    limits = ends.mark_rule(strokeWidth=2.5, color=palette.TEXT)
    point = ends.mark_point(shape="triangle-up", size=36, filled=True, opacity=1, color=palette.TEXT)
    within = [
        ("to", bars.encode(x=x("from"), x2="to:Q", tooltip=tip, **shades)),
        (has_words, band.mark_bar(**BAND).encode(x=x("from"), x2="to:Q", tooltip=tip)),
        (has_words, words),
        ("middle", text.encode(x=x("middle"), color=light, text="text:N")),
    ]
    below = [("edge", limits.encode(x=x("edge_low"), x2="edge_high:Q")), ("edge", point.encode(x=x("edge")))]
    missing = [(any("to" not in record for record in records), bare.encode(x=alt.value(2), text="text:N"))]
    middle = alt.value(BAR / 2)
    drawn = pick_layers(within, records, middle) + pick_layers(below, records, alt.value(BAR + 3))
    return stack_rows(drawn + pick_layers(missing, records, middle), records, BAR_HEIGHT)


def draw_matrix(records: Sequence[Record], columns: Sequence[str], colour: str) -> alt.FacetChart:
    """Return a row of cells for each label: the winner's filled, other shares in outline, what isn't known hatched.

    Parameters
    ----------
    records : sequence of dict
        A cell each: its column as ``series``, ``status`` "winner", "number" or "unknown", and ``text``.
    columns : sequence of str
        The columns in their order.
    colour : str
        What winners are filled with.
    """
    names = f"child_width > {WIDE_FROM} ? datum.label : split(datum.label, ' ')"
    axis = plain_axis(
        orient="top", title=None, domain=False, ticks=False, labelAngle=0, labelFontSize=11, offset=18,
        labelExpr=names, labelColor=palette.TEXT, labelBaseline="bottom",
    )  # fmt: skip
    scale = alt.Scale(paddingInner=0.04, paddingOuter=0, domain=list(columns))
    x = alt.X("series:N", sort=list(columns), axis=axis, scale=scale)
    tip, size = alt.Tooltip("tip:N", title="Share"), CELL - 2
    # Strokes from the lower left to the upper right, as far as a cell of either width reaches.
    hatches = [
        "".join(f"M{at / LINES - 1:.2f},1L{at / LINES:.2f},-1" for at in range(-LINES * reach, LINES * (reach + 1)))
        for reach in (3, 7)
    ]
    shape = alt.ExprRef(f"child_width > {WIDE_FROM} ? '{hatches[1]}' : '{hatches[0]}'")
    hatch: dict[str, Any] = {"shape": shape, "size": (size * 0.8) ** 2, "stroke": palette.GRID, "strokeWidth": 1}
    empty: dict[str, Any] = {"height": size, "fill": palette.PAPER, "fillOpacity": 0, "stroke": palette.GRID}
    is_unknown, is_winner = "datum.status == 'unknown'", "datum.status == 'winner'"
    light = alt.condition(is_winner, alt.value(palette.PAPER), alt.value(palette.MUTED))
    layers = [
        pick_records(f"{is_unknown} || datum.status == 'number'").mark_bar(**empty).encode(tooltip=tip),
        pick_records(is_unknown).mark_point(**hatch, filled=False, opacity=1).encode(tooltip=tip),
        pick_records(is_winner).mark_bar(height=size, color=colour).encode(tooltip=tip),
        pick_records("datum.status != 'unknown'")
        .mark_text(fontSize=13, fontWeight="bold")
        .encode(text="text:N", color=light),
    ]
    return stack_rows([layer.encode(x=x, y=alt.value(CELL / 2)) for layer in layers], records, CELL)


def draw_counts(counts: Mapping[str, Mapping[str, int]], colours: Mapping[str, tuple[str, float]]) -> alt.FacetChart:
    """Return a bar from nought to one a row that counts make up, a part for each kind of thing, with its number.

    Parameters
    ----------
    counts : mapping
        By the label of a row, how many there are of each kind.
    colours : mapping
        Colour and opacity of each kind, in the order of the bars.
    """
    records: list[Record] = []
    for label, own in counts.items():
        start, whole = 0.0, sum(own.values())
        for kind in (kind for kind in colours if own.get(kind)):
            end = start + own[kind] / whole
            record = {"label": f"{label} ({whole})", "series": kind, "count": own[kind], "status": "part"}
            record |= {"from": round(start, 4), "to": round(min(1, end), 4), "tip": f"{kind}: {own[kind]} of {whole}"}
            if end - start > NARROW:
                record |= {"middle": round((start + end) / 2, 4), "text": str(own[kind])}
            records.append(record)
            start = end
    return draw_bars(records, [(kind, *colours[kind]) for kind in colours])
