"""The forms that charts have: rows of dots, bars, a matrix, columns, panels; each filled with tidy records.

A form is a Vega-Lite template in ``forms.yml`` beside this file. A record is one thing drawn: the ``label`` of its row,
its ``series``, the ``text`` at it and the ``tip`` behind it. The records of `draw_rows` and `draw_bars` are figures: a
``share`` (0-1) with ``low`` and ``high``. The plot has the width of a phone; only the width of rows differs on a wide
page, as what is drawn at the right edge is placed from there.
"""

import json
import textwrap
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from surveybook.exhibits import palette
from surveybook.model.files import read_beside
from surveybook.model.report import read_report
from surveybook.model.survey import Survey

# The width of the plot on a phone, that from which it counts as a wide page's, and what a column takes of it: with the
# ranges behind its numbers, which take so much, or without.
WIDTH, WIDE_FROM, COLUMN, RANGE = 290, 450, 90, 66
# How many letters a line has: of a label, the phone's and the wide page's, of a title, of what stands below it.
LABEL_WIDTH, WIDE_LABEL, TITLE_WIDTH, SUBTITLE_WIDTH = 46, 92, 44, 54
LETTER = 6.3  # the width of one, in pixels
WIDE = 20  # the letters from which a name in a legend has a line of its own
SHAPES = ("circle", "square", "diamond", "triangle-up", "cross")
HOLLOW_REACH = 0.02  # how far a hollow mark reaches to either side, as a part of a scale from nought to one
# How far beyond the largest share the axis goes: for the text beside it, and where nothing may reach into a column.
ROOM, ROOM_BESIDE_COLUMN, ROOM_UNDER_TEXT = 1.14, 1.35, 1.04
# The height of a line; of a pair on one line its height, where its marks stand, and where its texts do.
LINE_HEIGHT, PAIR_HEIGHT, PAIR_MARK, PAIR_TEXT = 17, 31, 22, 7
HEAD = -5  # where the head of a column stands, above the first row
LINES = 3  # of the hatching of a cell
NARROW = 0.04  # the part of a bar that has no room for its number
DARK = 0.7  # the least opacity on which text is light
PALETTE = {name: value for name, value in vars(palette).items() if name.isupper()}

Record = dict[str, Any]
Spec = dict[str, Any]
# The templates of all forms, by name.
FORMS: dict[str, Any] = read_beside(__file__, "forms.yml")


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


def map_series(survey: Survey, populations: Iterable[str]) -> dict[str, Series]:
    """Return each population with the series that stands for it, of the same colour and shape in every chart."""
    known, series = survey.codebook.populations["label"], dict[str, Series]()
    colours, order = read_report().colours_of(known.index), list(known.index)
    for name in populations:
        series[name] = Series(str(known[name]), colours[name].light, SHAPES[order.index(name) % len(SHAPES)])
    return series


def _fill(part: Any, slots: Mapping[str, Any]) -> Any:
    """Return a part of a template with what each of its slots stands for."""
    if isinstance(part, dict):
        return {key: _fill(own, slots) for key, own in part.items()}
    if isinstance(part, list):
        return [_fill(own, slots) for own in part]
    return slots[part[1:]] if isinstance(part, str) and part.startswith("$") else part


def draw_form(name: str, records: Sequence[Record], *, room: int = 0, **slots: Any) -> Spec:
    """Return records in one of the forms, a row for each label, in their order, the label above it.

    Parameters
    ----------
    name : str
        The form's, in ``forms.yml``.
    records : sequence of dict
        Each with its ``label``.
    room : int
        What labels leave at the right edge.
    **slots
        What the form's slots stand for.
    """
    labels = list(dict.fromkeys(record["label"] for record in records))
    narrow, wide = (_break_labels(labels, int(most - room / LETTER)) for most in (LABEL_WIDTH, WIDE_LABEL))
    broken = f"(child_width > {WIDE_FROM} ? {wide} : {narrow})[datum.value] || datum.value"
    form = {"width": WIDTH, **_fill(FORMS[name], {**PALETTE, **slots})}
    held = {field for record in records for field in record} | {True}
    form["layer"] = [layer for layer in form["layer"] if layer.pop("needs", True) in held]
    told = {"records": list(records), "labels": labels, "label": broken, "form": form}
    whole: Spec = _fill(FORMS["whole"], {**PALETTE, **told})
    return whole


def _break_labels(labels: Iterable[str], width: int) -> str:
    """Return the labels longer than a line, each with its lines, as an expression that holds an object."""
    broken = {label: lines for label in labels if len(lines := textwrap.wrap(label, width)) > 1}
    return json.dumps(broken, ensure_ascii=False)


def finish_spec(drawing: Spec, title: str, *lines: str) -> Spec:
    """Return a chart's specification with its title and the lines below it.

    These are wrapped so that every exported picture carries them whole.
    """
    below = [line for text in lines if text for line in textwrap.wrap(text, SUBTITLE_WIDTH)]
    told = {"title": textwrap.wrap(title, TITLE_WIDTH), "lines": below}
    return {**drawing, "title": _fill(FORMS["title"], {**PALETTE, **told})}


def list_groups(series: Iterable[Series]) -> dict[str, Any]:
    """Return what forms have of groups: names in the order given, colours, shapes, and a legend of several."""
    groups = list(series)
    listed = {f"{field}s": [getattr(one, field) for one in groups] for field in ("name", "colour", "shape")}
    return {**listed, "legend": {} if len(groups) > 1 else None}


def measure_shares(records: Sequence[Record], room: float) -> Measure:
    """Return the axis of some shares: from nought to a little beyond the largest of them, 5 per cent at the least."""
    fields = ("share", "high", "was", "to", "end")
    largest = max(0.05, max((one[field] for one in records for field in fields if field in one), default=1))
    end = round(largest * room, 2) if room > ROOM else min(1, round(largest * room, 2))
    step = next((step for step in (0.05, 0.1, 0.2) if largest < 4.5 * step), 0.25)
    return Measure("share", 0, end, [step * place for place in range(5) if step * place <= min(end, 1)], "%")


def draw_rows(
    records: Sequence[Record], series: Iterable[Series], measure: Measure | None = None, *, column: str = ""
) -> Spec:
    """Return rows of figures as dots with intervals.

    Parameters
    ----------
    records : sequence of dict
        One figure each, as above; ``was`` is an earlier share, joined to it. Shares in words have ``from`` and ``to``,
        what the words allow; what answers leave to one has ``start`` and ``end``; what has no place on the axis is its
        ``text`` alone. For the column at the right: ``aside``, with ``range`` behind it, in the colour of ``leader``.
        A record of a pair has the two shares as ``near`` and ``far``: then the groups of a row stand on one line, their
        texts above them.
    series : iterable of Series
        The groups.
    measure : Measure
        What the marks show; shares, where none is given.
    column : str
        What heads the column at the right; there is none where it is empty.
    """
    is_joined = any("near" in record for record in records)
    beyond = ROOM_UNDER_TEXT if is_joined else ROOM_BESIDE_COLUMN if column else ROOM
    behind = RANGE if any("range" in record for record in records) else 0
    measure, room = measure or measure_shares(records, beyond), COLUMN - RANGE + behind if column else 0
    value, reach = f"datum.{measure.field}", HOLLOW_REACH * (measure.high - measure.low)
    scale = {"domain": [measure.low, measure.high], "nice": False}
    # The value stands beyond the interval and an earlier wave's mark, on the side away from nought.
    right, left = (
        f"{choose}({value}, datum.{end} || {value}, isValid(datum.was) ? datum.was {sign} {reach:g} : {value})"
        for choose, end, sign in (("max", "high", "+"), ("min", "low", "-"))
    )
    placed = [measure.field, "to", "end", "near"]
    groups = list_groups(series)
    # One below the other where any row has several groups that aren't joined, so that each has its place in every row.
    several = max(Counter(label for label, _ in {(one["label"], one["series"]) for one in records}).values()) > 1
    line: Spec = {"value": PAIR_MARK if is_joined else LINE_HEIGHT / 2}
    height: Any = PAIR_HEIGHT if is_joined else LINE_HEIGHT
    if several and not is_joined:
        line = {"axis": None, "field": "series", "type": "nominal", "scale": {"domain": groups["names"]}}
        height = {"step": LINE_HEIGHT}
    return draw_form(
        "rows",
        [{**records[0], **({"head": column} if column else {})}, *records[1:]],
        room=room,
        aside=f"child_width - {behind}",
        field=measure.field,
        format=measure.format,
        ticks=list(measure.ticks),
        scale=scale | ({"range": [0, {"expr": f"child_width - {room}"}]} if room else {}),
        edge=value if is_joined else f"{value} < 0 ? {left} : {right}",
        side="datum.side || 'center'" if is_joined else f"{value} < 0 ? 'right' : 'left'",
        shift="0" if is_joined else f"{value} < 0 ? -6 : 6",
        # A line says how much there is from nought on; where a scale begins at 1 a place on it is all there is.
        stem=measure.field if measure.low <= 0 else False,
        nought=measure.low < 0,
        # A mark without a place on the axis isn't drawn.
        nowhere=" && ".join(f"!isValid(datum.{field})" for field in placed),
        bare=any(not record.keys() & set(placed) for record in records),
        line=line,
        text_line={"value": PAIR_TEXT} if is_joined else line,
        head_line={"value": PAIR_TEXT if is_joined else HEAD},
        height=height,
        **groups,
    )


def draw_bars(records: Sequence[Record], answers: Sequence[tuple[str, str, float]]) -> Spec:
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
    pale = (palette.GRID, palette.BAND)
    names, dark = [], list[str]()
    for name, colour, opacity in answers:
        names.append(name)
        dark += [name] if opacity > DARK and colour not in pale else []
    columns = 1 if any(len(name) > WIDE for name in names) else 2
    return draw_form(
        "bars",
        records,
        names=names,
        colours=[colour for _, colour, _ in answers],
        opacities=[opacity for *_, opacity in answers],
        legend={"columns": columns, "symbolType": "square", "rowPadding": 2, "direction": "vertical"},
        dark=f"indexof({dark}, datum.series) >= 0",
        words=any(record["status"] == "words" for record in records),
        bare=any("to" not in record for record in records),
    )


def draw_matrix(records: Sequence[Record], columns: Sequence[str], colour: str) -> Spec:
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
    # Strokes from the lower left to the upper right, as far as a cell of either width reaches.
    narrow, wide = (
        "".join(f"M{at / LINES - 1:.2f},1L{at / LINES:.2f},-1" for at in range(-LINES * reach, LINES * (reach + 1)))
        for reach in (3, 7)
    )
    is_wide = f"child_width > {WIDE_FROM}"
    return draw_form(
        "matrix",
        records,
        names=list(columns),
        column=f"{is_wide} ? datum.label : split(datum.label, ' ')",
        hatch=f"{is_wide} ? '{wide}' : '{narrow}'",
        colour=colour,
    )


def draw_counts(counts: Mapping[str, Mapping[str, int]], colours: Mapping[str, tuple[str, float]]) -> Spec:
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
