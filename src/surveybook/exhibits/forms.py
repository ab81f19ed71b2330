"""The forms that charts have: rows of dots, stacked bars, a matrix, bars of counts, each from tidy records.

A record is one thing drawn: the ``label`` of its row, its ``series``, the ``text`` at it and the ``tip`` behind it. The
records of `draw_rows` and `draw_bars` are figures: a ``share`` (0-1) with ``low`` and ``high``. What is drawn at the
right edge is placed from there, so that a drawing of another width needs no other specification.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any

import altair as alt

from surveybook.exhibits import palette
from surveybook.exhibits.drawing import (
    ASIDE,
    BAND,
    COLUMN,
    FILLED,
    HOLLOW,
    INTERVAL,
    LINE_HEIGHT,
    REST,
    WIDE,
    WIDE_FROM,
    Measure,
    Series,
    encode_series,
    from_right,
    pick_records,
    plain_axis,
    stack_rows,
)

HOLLOW_REACH = 0.02  # how far a hollow mark reaches to either side, as a part of a scale from nought to one
# How far beyond the largest share the axis goes: for the text beside it, and where nothing may reach into a column.
ROOM, ROOM_BESIDE_COLUMN, ROOM_UNDER_TEXT = 1.14, 1.35, 1.04
PAIR_HEIGHT, PAIR_TEXT, PAIR_MARK = 31, 7, 22
BAR, BAR_HEIGHT = 20, 28
CELL, LINES = 24, 3
DARK = 0.7  # the least opacity on which text is light
Record = dict[str, Any]


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
    held = {field for record in records for field in record}
    held |= {"below"} if measure.low < 0 else set()
    # A mark without a place on the axis isn't drawn.
    placed = [field for field in (measure.field, "to", "end", "near") if field in {*held, measure.field, "to"}]
    nowhere = " && ".join(f"!isValid(datum.{field})" for field in placed)
    missing = alt.condition(nowhere, alt.Text("text:N"), alt.value(""))
    held |= {"bare"} if any(not record.keys() & set(placed) for record in records) else set()

    def x(field: str = "") -> alt.X:
        return measure.channel(field, COLUMN if column else 0)

    mark, words, rest = alt.Chart(), alt.Tooltip("tip:N", title="In words"), alt.Tooltip("tip:N", title="Left to 100")
    own = alt.condition("isValid(datum.end) && isValid(datum.text)", alt.Text("text:N"), alt.value(""))
    marks = [
        (measure.field, mark.mark_rule(color=palette.GRID).encode(x=x(), x2=alt.datum(0))),
        ("near", mark.mark_rule(color=palette.AXIS, strokeWidth=2).encode(x=x("near"), x2="far:Q")),
        ("was", mark.mark_rule(color=palette.AXIS, strokeWidth=2).encode(x=x("was"), x2=f"{measure.field}:Q")),
        ("below", mark.mark_tick(color=palette.AXIS, height=LINE_HEIGHT).encode(x=alt.XDatum(0))),
        ("to", mark.mark_bar(**BAND).encode(x=x("from"), x2="to:Q", tooltip=words)),
        ("end", mark.mark_rule(**REST).encode(x=x("start"), x2="end:Q", tooltip=rest)),
        ("low", mark.mark_rule(**INTERVAL).encode(x=x("low"), x2="high:Q", color=channels["color"])),
        ("was", mark.mark_point(**HOLLOW).encode(x=x("was"), tooltip=tip, **channels)),
        (measure.field, mark.mark_point(**FILLED, size=55).encode(x=x(), tooltip=tip, **channels)),
        *_write_column(column, channels["color"]),
    ]
    texts = [
        ("to", mark.mark_text(align="right", dx=-6, **ASIDE).encode(x=x("from"), text="text:N")),
        ("end", mark.mark_text(align="left", dx=6, fontSize=12, color=palette.MUTED).encode(x=x("end"), text=own)),
        (measure.field, mark.mark_text(fontSize=12, **beside).encode(x=x("edge"), text="text:N")),
        ("bare", mark.mark_text(align="left", color=palette.MUTED, **ASIDE).encode(x=alt.value(2), text=missing)),
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
    drawn = [layer.encode(y=line) for needed, layer in marks if needed in held]
    above = alt.value(PAIR_TEXT) if is_joined else line
    drawn += [layer.encode(y=above) for needed, layer in texts if needed in held]
    if column:
        records = [{**records[0], "head": column}, *records[1:]]
        head = pick_records("isValid(datum.head)").mark_text(align="right", fontSize=11, color=palette.MUTED)
        top = alt.value(PAIR_TEXT if is_joined else -5)
        drawn.append(head.encode(x=alt.value(from_right(0)), y=top, text="head:N"))
    return stack_rows(drawn, records, height, {"edge": edge}, room=COLUMN if column else 0)


def _write_column(column: str, colours: alt.Color) -> list[tuple[str, alt.Chart]]:
    """Return the texts of the column at the right: a number, in the colour of whoever it is in favour of, its range."""
    if not column:
        return []
    text = pick_records("isValid(datum.aside)")
    leader = alt.Color("leader:N", scale=colours["scale"], legend=colours["legend"])
    return [
        ("aside", text.mark_text(align="right", fontSize=12, fontWeight="bold").encode(
            x=alt.value(from_right(COLUMN - 24)), text="aside:N",
            color=alt.condition("isValid(datum.leader)", leader, alt.value(palette.MUTED)))),
        ("range", text.mark_text(align="right", fontSize=11, color=palette.MUTED).encode(
            x=alt.value(from_right(0)), text="range:N")),
    ]  # fmt: skip


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
    names, columns = [one[0] for one in answers], 1 if any(len(one[0]) > WIDE for one in answers) else 2
    legend = alt.Legend(columns=columns, symbolType="square", rowPadding=2, direction="vertical")
    shades = {
        "color": alt.Color("series:N", scale=alt.Scale(domain=names, range=[one[1] for one in answers]), legend=legend),
        "opacity": alt.Opacity(
            "series:N",
            sort=names,
            scale=alt.Scale(type="ordinal", domain=names, range=[one[2] for one in answers]),
            legend=legend,
        ),
    }
    pale = (palette.GRID, palette.BAND)
    dark = [name for name, colour, opacity in answers if opacity > DARK and colour not in pale]
    scale, axis = (
        alt.Scale(domain=[0, 1], nice=False),
        plain_axis(values=[0, 0.25, 0.5, 0.75, 1], format="%", title=None),
    )

    def x(field: str) -> alt.X:
        return alt.X(f"{field}:Q", scale=scale, axis=axis)

    held, tip = {field for record in records for field in record}, alt.Tooltip("tip:N", title="Answer")
    in_words = "datum.status == 'words'"
    bars = pick_records(f"isValid(datum.to) && !({in_words})").mark_bar(height=BAR, stroke=palette.PAPER, strokeWidth=1)
    light = alt.condition(f"indexof({dark}, datum.series) >= 0", alt.value(palette.PAPER), alt.value(palette.TEXT))
    ends, text = pick_records("isValid(datum.edge)"), pick_records(f"isValid(datum.middle) && !({in_words})")
    band, middle, foot = pick_records(in_words), alt.value(BAR / 2), alt.value(BAR + 3)
    words = band.mark_text(align="right", dx=-6, **ASIDE).encode(x=x("from"), text="text:N", y=middle)
    bold = text.mark_text(fontSize=12, fontWeight="bold").encode(color=light, text="text:N")
    limits = ends.mark_rule(strokeWidth=2.5, color=palette.TEXT)
    point = ends.mark_point(shape="triangle-up", size=36, filled=True, opacity=1, color=palette.TEXT)
    bare = pick_records("!isValid(datum.to)").mark_text(align="left", color=palette.MUTED, **ASIDE)
    layers = [
        ("to", bars.encode(x=x("from"), x2="to:Q", y=middle, tooltip=tip, **shades)),
        ("words", band.mark_bar(**BAND).encode(x=x("from"), x2="to:Q", y=middle, tooltip=tip)),
        ("words", words),
        ("middle", bold.encode(x=x("middle"), y=middle)),
        ("edge", limits.encode(x=x("edge_low"), x2="edge_high:Q", y=foot)),
        ("edge", point.encode(x=x("edge"), y=foot)),
        ("bare", bare.encode(x=alt.value(2), y=middle, text="text:N")),
    ]
    held |= {"words"} if any(one["status"] == "words" for one in records) else set()
    held |= {"bare"} if any("to" not in one for one in records) else set()
    return stack_rows([layer for needed, layer in layers if needed in held], records, BAR_HEIGHT)


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
    tip, y, size = alt.Tooltip("tip:N", title="Share"), alt.value(CELL / 2), CELL - 2
    # Strokes from the lower left to the upper right, as far as a cell of either width reaches.
    hatches = [
        "".join(f"M{at / LINES - 1:.2f},1L{at / LINES:.2f},-1" for at in range(-LINES * reach, LINES * (reach + 1)))
        for reach in (3, 7)
    ]
    unknown, winner = pick_records("datum.status == 'unknown'"), pick_records("datum.status == 'winner'")
    known = pick_records("datum.status != 'unknown'")
    bold = known.mark_text(fontSize=13, fontWeight="bold").encode(
        x=x, y=y, text="text:N",
        color=alt.condition("datum.status == 'winner'", alt.value(palette.PAPER), alt.value(palette.MUTED)),
    )  # fmt: skip
    outline = pick_records("datum.status == 'unknown' || datum.status == 'number'").mark_bar(
        height=size, fill=palette.PAPER, fillOpacity=0, stroke=palette.GRID
    )
    shape = alt.ExprRef(f"child_width > {WIDE_FROM} ? '{hatches[1]}' : '{hatches[0]}'")
    hatch = unknown.mark_point(
        shape=shape, size=(size * 0.8) ** 2, stroke=palette.GRID, strokeWidth=1, filled=False, opacity=1
    )
    return stack_rows(
        [
            outline.encode(x=x, y=y, tooltip=tip),
            hatch.encode(x=x, y=y, tooltip=tip),
            winner.mark_bar(height=size, color=colour).encode(x=x, y=y, tooltip=tip),
            bold,
        ],
        records,
        CELL,
    )


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
        at, whole = 0.0, sum(own.values())
        for kind in (kind for kind in colours if own.get(kind)):
            width = own[kind] / whole
            record = {"label": f"{label} ({whole})", "series": kind, "count": own[kind], "status": "part"}
            record |= {
                "from": round(at, 4),
                "to": round(min(1, at + width), 4),
                "tip": f"{kind}: {own[kind]} of {whole}",
            }
            records.append(
                record | ({"middle": round(at + width / 2, 4), "text": str(own[kind])} if width > 0.04 else {})
            )
            at += width
    return draw_bars(records, [(kind, *colours[kind]) for kind in colours])
