"""The chart of a series: some shares over two waves or more, broken where waves can't be compared."""

from collections.abc import Sequence
from itertools import pairwise
from typing import Any

import altair as alt
import pandas as pd

from surveybook.change import changes_of, compare_waves, explain_change, label_of
from surveybook.exhibits import palette
from surveybook.exhibits.charts.baseline import arrow
from surveybook.exhibits.charts.complete import source_line
from surveybook.exhibits.charts.drawing import COLOURS, LABEL_HEIGHT, WIDTH, dress, header, vertical
from surveybook.exhibits.charts.render import Story, with_story
from surveybook.exhibits.tables import base_text, bound, value
from surveybook.model.figures import find_figure, key_of
from surveybook.model.survey import Survey
from surveybook.model.wording import count, listing, sentence, with_interval
from surveybook.words import findings

PANEL, GAP, MARGIN = 58, 26, 26
MOST_PANELS, LEAST_WAVES = 8, 3


def waves_of(survey: Survey) -> list[Survey]:
    """Return a wave after its baseline, that one after its own, and so on: the earliest comes first."""
    return [*(waves_of(survey.baseline) if survey.baseline else []), survey]


def series(waves: Sequence[Survey], keys: Sequence[str], name: str, topic: str) -> alt.LayerChart | alt.Chart | None:
    """Return some shares over several waves, a panel each, the line broken where two waves can't be compared.

    Parameters
    ----------
    waves : sequence of Survey
        The earliest first; each is compared with the one before it.
    keys : sequence of str
        The figures, as ``population.item.response``.
    name : str
        The figure's name.
    topic : str
        What the shares have in common, as a label without numbers or directions.

    Returns
    -------
    altair.LayerChart or None
        Waves stand at the dates of their fieldwork where all are known, at equal distances otherwise. None
        where fewer than two waves are given, or none of the figures is a number in any.
    """
    panels = [panel for key in keys if (panel := _panel(waves, key))]
    if len(waves) < 2 or not panels:
        return None
    last = waves[-1]
    populations = [p for p in last.codebook.populations.index if any(p == panel["population"] for panel in panels)]
    moved = sum(any(step["arrow"] for step in panel["steps"]) for panel in panels)
    names = [label_of(wave) for wave in waves]
    title = f"{topic}: {count(moved) if moved else 'none'} of {count(len(panels))} moved from one wave to the next"
    subtitle = f"Waves {listing(names)}; a line joins waves that can be compared"
    base = findings.base_line(last, populations)
    story = Story(
        name=name,
        title=title,
        subtitle=subtitle,
        base=base,
        alternative=" ".join(_told(panel) for panel in panels),
        source=source_line(last),
        interval_note="Bars are the intervals of each share; an arrow marks a change from the wave before that "
        "sampling does not explain.",
        wave=last.wave,
        question_id="",
        table=_table(panels),
        figures=[figure for panel in panels for figure in panel["figures"]],
        notes=list(dict.fromkeys(note for panel in panels for note in panel["breaks"])),
        code={"module": "surveybook.exhibits.charts", "function": "series"},
    )
    chart = _draw(panels, places_of(waves), list(last.codebook.populations.index))
    return with_story(chart.properties(title=header(title, subtitle, base)), story)


def every_wave(survey: Survey, name: str = "every-wave", most: int = MOST_PANELS) -> alt.LayerChart | alt.Chart | None:
    """Return the shares that moved furthest over three waves or more, the last of which is the one shown.

    Parameters
    ----------
    survey : Survey
        The wave; its baseline has a baseline of its own.
    name : str
        The figure's name.
    most : int
        How many shares to show.

    Returns
    -------
    altair.LayerChart or None
        A panel a share, those that changed since the wave before first; None for fewer than three waves.
    """
    waves, changes = waves_of(survey), changes_of(survey)
    if len(waves) < LEAST_WAVES or changes is None:
        return None
    rows = changes.figures
    rows = rows[(rows["domain"] == "") & (rows["untested"] == "")]
    rows = rows.assign(size=rows["change"].abs()).sort_values(["shown", "size"], ascending=False, kind="stable")
    return series(waves, [key_of(row) for _, row in rows.head(most).iterrows()], name, "Shares over all waves")


def places_of(waves: Sequence[Survey]) -> list[float]:
    """Return where waves stand on the axis, from 0 to 1: by fieldwork where known, at equal distances otherwise."""
    dates = [_date(wave) for wave in waves]
    if all(dates) and dates == sorted(set(dates)):
        return [(date - dates[0]) / (dates[-1] - dates[0]) for date in dates]
    return [number / (len(waves) - 1) for number in range(len(waves))]


def _date(wave: Survey) -> float:
    """Return when a wave's fieldwork began, in years; 0 where that isn't known."""
    starts = [str(entry.get("fieldwork_start") or "") for entry in wave.metadata["populations"].values()]
    known = [start for start in starts if start[:4].isdecimal()]
    if not known:
        return 0.0
    first = min(known)
    month = int(first[5:7]) if first[5:7].isdecimal() else 1
    return int(first[:4]) + (month - 1) / 12


def _panel(waves: Sequence[Survey], key: str) -> dict[str, Any] | None:
    """Return one figure in all waves: its shares, and its steps from wave to wave with what they mean."""
    found = [find_figure(wave, key) for wave in waves]
    present = [figure for figure in found if figure is not None and figure["status"] == "number"]
    if not present:
        return None
    question = present[-1]["question_id"]
    steps, breaks = [], []
    for number, (before, now) in enumerate(pairwise(waves)):
        changes = compare_waves(now, before)
        verdict, row = changes.verdict_on(present[-1]["population"], question), changes.by_key.get(key)
        tested = row is not None and not row["untested"]
        steps.append(
            {
                "from": number,
                "joined": tested,
                "arrow": arrow(row) if row and tested else "",
                "meaning": explain_change(row) if tested else "",
            }
        )
        if not verdict.allows_tests:
            between = f"between {label_of(before)} and {label_of(now)}"
            breaks.append(f"A break {between} ({present[-1]['short_label']}): {verdict.reason}.")
    who = findings.people(waves[-1], present[-1]["population"])
    return {
        "label": f"{sentence(findings.name_share(waves[-1], present[-1]))}, {who}",
        "population": present[-1]["population"],
        "shares": found,
        "names": [label_of(wave) for wave in waves],
        "steps": steps,
        "breaks": breaks,
        "figures": [figure["figure_id"] for figure in present],
    }


def _told(panel: dict[str, Any]) -> str:
    """Return one panel in words: the share of each wave, and each change that sampling doesn't explain."""
    pairs = zip(panel["names"], panel["shares"], strict=True)
    shares = listing(f"{with_interval(figure)} in {name}" for name, figure in pairs)
    moved = [f"{panel['names'][step['from'] + 1]}: {step['meaning']}" for step in panel["steps"] if step["arrow"]]
    return " ".join([f"{panel['label']}: {shares}.", *moved, *panel["breaks"]])


def _table(panels: list[dict[str, Any]]) -> dict[str, list[Any]]:
    """Return one row a figure and wave."""
    rows = []
    for panel in panels:
        for number, (name, figure) in enumerate(zip(panel["names"], panel["shares"], strict=True)):
            step = panel["steps"][number - 1]["meaning"] if number else ""
            cells = ["not asked", "", "", ""]
            if figure is not None:
                cells = [value(figure), bound(figure["low"]), bound(figure["high"]), base_text(figure)]
            rows.append([panel["label"], name, *cells, step])
    columns = ["Item", "Wave", "Share (%)", "Interval from", "to", "Base", "Since the wave before"]
    return {"columns": columns, "rows": rows}


def _draw(panels: list[dict[str, Any]], places: Sequence[float], populations: list[str]) -> alt.LayerChart:
    """Return the panels one below the other, all with the scale from 0 to 100."""
    records: list[dict[str, Any]] = []
    xs, top = [round(MARGIN + (WIDTH - 2 * MARGIN) * place, 1) for place in places], 0.0
    for panel in panels:
        records.append({"x": 0, "y": top + 2, "label": panel["label"]})
        floor = top + LABEL_HEIGHT + LABEL_HEIGHT + PANEL
        records.append({"x": MARGIN - 8, "y": floor, "x2": WIDTH - MARGIN + 8, "y2": floor, "floor": 1})
        points: dict[int, tuple[float, float]] = {}
        series_name = panel["population"]
        for number, figure in enumerate(panel["shares"]):
            records.append({"x": xs[number], "y": floor + 10, "wave": panel["names"][number]})
            if figure is None or figure["status"] != "number":
                continue
            y = round(floor - PANEL * figure["share"], 1)
            points[number] = (xs[number], y)
            mark = panel["steps"][number - 1]["arrow"] if number else ""
            text = f"{100 * figure['share']:.0f}% {mark}".rstrip()
            tip = f"{panel['label']}, {panel['names'][number]}: {with_interval(figure)}"
            record = {
                "x": xs[number],
                "y": y,
                "text_y": y - 5,
                "text": text,
                "tip": tip,
                "point": 1,
                "series": series_name,
            }
            if pd.notna(figure["low"]):
                record |= {
                    "low": round(floor - PANEL * figure["low"], 1),
                    "high": round(floor - PANEL * figure["high"], 1),
                }
            records.append(record)
        for step in panel["steps"]:
            here, there = step["from"], step["from"] + 1
            if step["joined"] and here in points and there in points:
                (x, y), (x2, y2) = points[here], points[there]
                records.append({"x": x, "y": y, "x2": x2, "y2": y2, "line": 1, "series": series_name})
        top = floor + 10 + GAP
    height = round(top)
    layers = _layers(height, populations, {key for record in records for key in record})
    return dress(alt.layer(*layers, data=alt.Data(values=records)).properties(width=WIDTH, height=height))


def _layers(height: int, populations: list[str], kinds: set[str]) -> list[alt.Chart]:
    x = alt.X("x:Q", scale=alt.Scale(domain=[0, WIDTH], nice=False), axis=None)
    y, text_y, low = (vertical(height, field) for field in ("y", "text_y", "low"))
    shades = [COLOURS[number % len(COLOURS)] for number in range(len(populations))]
    colour = alt.Color("series:N", scale=alt.Scale(domain=populations, range=shades), legend=None)

    def layer(kind: str) -> alt.Chart:
        return alt.Chart().transform_filter(f"datum.{kind}")

    layers = [
        layer("label").mark_text(align="left", baseline="top", fontSize=12).encode(x=x, y=y, text="label:N"),
        layer("floor").mark_rule(color=palette.AXIS).encode(x=x, y=y, x2="x2:Q", y2="y2:Q"),
        layer("wave").mark_text(fontSize=11, color=palette.MUTED).encode(x=x, y=y, text="wave:N"),
    ]
    if "line" in kinds:
        layers.append(layer("line").mark_rule(strokeWidth=1.6).encode(x=x, y=y, x2="x2:Q", y2="y2:Q", color=colour))
    if "low" in kinds:
        layers.append(
            layer("point && isValid(datum.low)")
            .mark_rule(strokeWidth=7, opacity=0.35)
            .encode(x=x, y=low, y2="high:Q", color=colour)
        )
    return [
        *layers,
        layer("point")
        .mark_point(filled=True, size=45, opacity=1)
        .encode(x=x, y=y, color=colour, tooltip=alt.Tooltip("tip:N", title="Figure")),
        layer("point").mark_text(fontSize=12, baseline="bottom").encode(x=x, y=text_y, text="text:N"),
    ]
