"""Drawing rows of shares and differences: labels above, a mark a figure, its interval and its value.

Everything is laid out in pixels on a narrow plot, so that the text stays legible when a phone shows the
picture at its own width.
"""

import textwrap
from collections.abc import Sequence
from typing import Any, Literal

import altair as alt

from surveybook.exhibits import palette

WIDTH = 290
LABEL_WIDTH = 46
TITLE_WIDTH = 44
LABEL_HEIGHT = 15
LINE_HEIGHT = 17
GAP = 9
HOLLOW_REACH = 2  # how far a hollow mark reaches to either side, in points of a scale of 100
SHAPES = ("circle", "square", "diamond")
COLOURS = (palette.PUBLIC, palette.FRONTLINE, palette.OTHER)


def place(rows: Sequence[dict[str, Any]]) -> tuple[list[dict[str, Any]], list[dict[str, Any]], int]:
    """Lay rows out from the top.

    Parameters
    ----------
    rows : sequence of dict
        Each with a ``label`` and its ``marks``, a list of dict.

    Returns
    -------
    labels, marks : list of dict
        The same with ``y`` in pixels.
    height : int
        What they take.
    """
    labels, marks, y = [], [], 4
    for row in rows:
        lines = textwrap.wrap(row["label"], LABEL_WIDTH) or [""]
        labels.append({"y": y, "label": "\n".join(lines)})
        y += LABEL_HEIGHT * len(lines) + 4
        for mark in row["marks"]:
            marks.append({**mark, "y": y + LINE_HEIGHT // 2 - 3})
            y += LINE_HEIGHT
        y += GAP
    return labels, marks, y


def vertical(height: int, field: str = "y") -> alt.Y:
    """Return the vertical channel: pixels from the top, no axis."""
    return alt.Y(f"{field}:Q", scale=alt.Scale(domain=[0, height], reverse=True, nice=False), axis=None)


def horizontal(field: str, low: float, high: float, ticks: Sequence[float], unit: str) -> alt.X:
    """Return the horizontal channel with labelled ticks."""
    axis = alt.Axis(
        values=list(ticks),
        labelExpr=f"datum.value + '{unit}'",
        title=None,
        grid=False,
        tickSize=4,
        tickColor=palette.AXIS,
        domainColor=palette.AXIS,
        labelPadding=4,
    )
    return alt.X(f"{field}:Q", scale=alt.Scale(domain=[low, high], nice=False), axis=axis)


def header(title: str, *lines: str) -> alt.TitleParams:
    """Return the title with its subtitle lines, wrapped so that every exported picture carries them whole."""
    under = [line for text in lines if text for line in textwrap.wrap(text, 54)]
    return alt.TitleParams(
        text=textwrap.wrap(title, TITLE_WIDTH),
        subtitle=under,
        anchor="start",
        frame="group",
        fontSize=14,
        subtitleFontSize=11,
        subtitlePadding=6,
        offset=12,
        color=palette.TEXT,
        subtitleColor=palette.MUTED,
    )


def dress(chart: Any) -> alt.LayerChart:
    """Return the chart with the book's fonts and colours."""
    return (
        chart.configure(font=palette.FONT, background=palette.PAPER, padding=4)
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
    )


def draw(
    rows: Sequence[dict[str, Any]],
    series: Sequence[str],
    *,
    low: float = 0,
    high: float = 100,
    ticks: Sequence[float] = (0, 25, 50, 75, 100),
    unit: str = "%",
    zero_line: bool = False,
    legend: bool = True,
    colours: Sequence[str] = COLOURS,
) -> alt.LayerChart:
    """Return rows of figures as dots with intervals.

    Parameters
    ----------
    rows : sequence of dict
        Each with ``label`` and ``marks``; a mark has ``series``, ``value``, ``low``, ``high``, ``text`` and
        ``tip``, and ``was`` where an earlier wave's value stands beside it; one in words has ``from``, ``to`` and
        ``text``; one that isn't published has ``text`` alone.
    series : sequence of str
        The groups that are told apart by colour and shape, in order.
    low, high, ticks, unit
        The horizontal axis.
    zero_line : bool
        Whether to draw a line at 0.
    legend : bool
        Whether to name the groups.
    colours : sequence of str
        Their colours.

    Returns
    -------
    altair.LayerChart
        The drawing, without title.
    """
    labels, marks, height = place(rows)
    y = vertical(height)
    colour = alt.Color(
        "series:N",
        scale=alt.Scale(domain=list(series), range=list(colours[: len(series)])),
        legend=alt.Legend() if legend else None,
    )
    shape = alt.Shape(
        "series:N",
        scale=alt.Scale(domain=list(series), range=list(SHAPES[: len(series)])),
        legend=alt.Legend() if legend else None,
    )

    def axis(field: str) -> alt.X:
        return horizontal(field, low, high, ticks, unit)

    def layer(kind: str) -> alt.Chart:
        return alt.Chart().transform_filter(f"datum.{kind}")

    for mark in marks:
        if mark.get("value") is None:
            mark |= {} if "from" in mark else {"bare": 1}
            continue
        over, under = mark.get("high", mark["value"]), mark.get("low", mark["value"])
        if "was" in mark:
            over, under = max(over, mark["was"] + HOLLOW_REACH), min(under, mark["was"] - HOLLOW_REACH)
        # A stem leads from zero to the mark, and the value stands on the far side of it.
        mark |= (
            {"dot": 1, "right": over, "stem": under} if mark["value"] >= 0 else {"dot": 1, "left": under, "stem": over}
        )
    records = [*labels, *marks]
    layers = [
        layer("label")
        .mark_text(align="left", baseline="top", fontSize=12, lineBreak="\n", lineHeight=LABEL_HEIGHT)
        .encode(x=alt.value(0), y=y, text="label:N"),
        layer("dot").mark_rule(color=palette.GRID).encode(x=axis("stem"), x2=alt.datum(0), y=y),
    ]
    if zero_line:
        layers.append(layer("dot").mark_tick(color=palette.AXIS, height=LINE_HEIGHT).encode(x=alt.XDatum(0), y=y))
    if any("from" in mark for mark in marks):
        layers.append(
            layer("to")
            .mark_bar(height=12, color=palette.BAND, stroke=palette.BAND_EDGE)
            .encode(x=axis("from"), x2="to:Q", y=y, tooltip=alt.Tooltip("tip:N", title="In words"))
        )
        layers.append(
            layer("to")
            .mark_text(align="right", dx=-6, fontSize=11, fontStyle="italic")
            .encode(x=axis("from"), y=y, text="text:N")
        )
    if any("dot" in mark for mark in marks):
        layers.append(
            layer("dot && isValid(datum.low)")
            .mark_rule(strokeWidth=7, opacity=0.35)
            .encode(x=axis("low"), x2="high:Q", y=y, color=colour)
        )
        if any("was" in mark for mark in marks):
            layers.append(
                layer("dot && isValid(datum.was)")
                .mark_point(filled=False, size=60, strokeWidth=1.6, opacity=1, fill=palette.PAPER)
                .encode(x=axis("was"), y=y, color=colour, shape=shape, tooltip=alt.Tooltip("tip:N", title="Figure"))
            )
        layers.append(
            layer("dot")
            .mark_point(filled=True, size=55, opacity=1)
            .encode(x=axis("value"), y=y, color=colour, shape=shape, tooltip=alt.Tooltip("tip:N", title="Figure"))
        )
    sides: tuple[tuple[str, int, Literal["left", "right"]], ...] = (("right", 6, "left"), ("left", -6, "right"))
    for side, dx, align in sides:
        if any(side in mark for mark in marks):
            layers.append(
                layer(f"dot && isValid(datum.{side})")
                .mark_text(align=align, dx=dx, fontSize=12)
                .encode(x=axis(side), y=y, text="text:N")
            )
    if any("bare" in mark for mark in marks):
        layers.append(
            layer("bare")
            .mark_text(align="left", fontSize=11, fontStyle="italic", color=palette.MUTED)
            .encode(x=alt.value(2), y=y, text="text:N")
        )
    return dress(alt.layer(*layers, data=alt.Data(values=records)).properties(width=WIDTH, height=height))
