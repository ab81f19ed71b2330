"""The chart of what a new wave would need: answers on a log scale, and where no number of them is enough."""

import math
from collections.abc import Sequence
from typing import Any

import altair as alt
import pandas as pd

from surveybook.exhibits import palette
from surveybook.exhibits.charts.complete import source_line
from surveybook.exhibits.charts.drawing import COLOURS, GAP, LABEL_HEIGHT, SHAPES, WIDTH, dress, header, vertical
from surveybook.exhibits.charts.render import Story, with_story
from surveybook.model.survey import Survey
from surveybook.model.wording import number, points, sentence
from surveybook.stats.robustness import CHANGES, POWER, samples_for_changes
from surveybook.words import findings

SCALE_WIDTH = 225
LINE = 19
MOST_TICKS = 6
NOTHING = "This wave has no figure with a number and a base to compare a new wave with"


def summary(found: pd.DataFrame) -> pd.DataFrame:
    """Return, by change and population, for how many figures no sample is enough, and the range for the others.

    Parameters
    ----------
    found : pandas.DataFrame
        From `samples_for_changes`.

    Returns
    -------
    pandas.DataFrame
        ``change``, ``population``, ``figures``, ``without``, ``smallest`` and ``largest`` (answers, missing where
        no figure has a sample that is enough).
    """
    rows = []
    for (change, population), same in found.groupby(["change", "population"], sort=False):
        needed = same["sample_needed"].dropna()
        finite = needed[needed != math.inf]
        rows.append([change, population, len(needed), len(needed) - len(finite), finite.min(), finite.max()])
    columns = ["change", "population", "figures", "without", "smallest", "largest"]
    return pd.DataFrame(rows, columns=columns).sort_values("change", kind="stable", ignore_index=True)


def samples(
    survey: Survey, name: str = "samples-needed", changes: Sequence[float] = CHANGES, power: float = POWER
) -> alt.LayerChart | alt.Chart:
    """Return the sample that a new wave needs to detect changes against each figure of this one.

    Parameters
    ----------
    survey : Survey
        The wave to compare with.
    name : str
        The figure's name.
    changes : sequence of float
        Sizes of change as shares.
    power : float
        The chance (0-1) that a change is found.

    Returns
    -------
    altair.LayerChart
        A row for each change and population, a mark for each figure, and in words beside them for how many
        figures no sample is large enough.
    """
    found = samples_for_changes(survey, changes, power)
    table = summary(found)
    series = {p: survey.codebook.populations.loc[p, "label"] for p in survey.metadata["populations"]}
    chart = _draw(found, table, series)
    title, base = _title(table), findings.base_line(survey, list(series))
    subtitle = "What a new wave needs to detect a change, up or down, in each figure of this one"
    story = Story(
        name=name,
        title=title,
        subtitle=subtitle,
        base=base,
        alternative=_alternative(survey, table),
        source=source_line(survey),
        interval_note=f"At {number(100 * survey.confidence)} per cent confidence, two-sided, with a chance of "
        f"{number(100 * power)} per cent to find the change; both waves as if simple random.",
        wave=survey.wave,
        question_id="",
        table=_cells(survey, table),
        figures=list(dict.fromkeys(found["figure_id"])),
        notes=[
            "No sample is large enough where this wave’s own base is too small: its uncertainty stays, however "
            "many people are asked next time."
        ],
        code={"module": "surveybook.exhibits.charts", "function": "samples"},
    )
    return with_story(chart.properties(title=header(title, subtitle, base)), story)


def _title(table: pd.DataFrame) -> str:
    if table.empty:
        return NOTHING
    hopeless = table.groupby("change", sort=False)[["figures", "without"]].sum()
    worst = hopeless[hopeless["without"] > 0]
    if worst.empty:
        return "A new wave can be made large enough for every change shown"
    change, row = worst.index[0], worst.iloc[0]
    of_all = f"{number(row['without'])} of {number(row['figures'])}"
    return f"A change of {points(change)}: for {of_all} figures no sample is large enough"


def _row_text(row: pd.Series) -> str:
    if row["without"] == row["figures"]:
        return f"no sample is large enough for any of {number(row['figures'])} figures"
    ends = dict.fromkeys(number(row[end]) for end in ("smallest", "largest"))
    reach = f"{' to '.join(ends)} answers"
    none = f", and no sample is large enough for {number(row['without'])} of {number(row['figures'])} figures"
    return reach + (none if row["without"] else f" for all {number(row['figures'])} figures")


def _alternative(survey: Survey, table: pd.DataFrame) -> str:
    parts = [
        sentence(
            f"{findings.people(survey, row['population'])}, a change of {points(row['change'])}: {_row_text(row)}."
        )
        for _, row in table.iterrows()
    ]
    return " ".join(parts) or f"{NOTHING}."


def _cells(survey: Survey, table: pd.DataFrame) -> dict[str, list[Any]]:
    def size(value: float) -> str:
        return "" if math.isnan(value) else number(value)

    rows = [
        [
            points(row["change"]),
            sentence(findings.people(survey, row["population"])),
            number(row["figures"]),
            size(row["smallest"]),
            size(row["largest"]),
            number(row["without"]),
        ]
        for _, row in table.iterrows()
    ]
    columns = ["Change", "Population", "Figures", "Smallest sample needed", "Largest", "No sample is large enough for"]
    return {"columns": columns, "rows": rows}


def _draw(found: pd.DataFrame, table: pd.DataFrame, series: dict[str, str]) -> alt.LayerChart:
    """Return the drawing: infinities become words here, for JSON has none."""
    records: list[dict[str, Any]] = [{"y": 4, "head": "No sample is enough for"}]
    y = 4
    for change, rows in table.groupby("change", sort=False):
        records.append({"y": y, "label": f"A change of {points(change)}"})
        y += LABEL_HEIGHT + 4
        for _, row in rows.iterrows():
            middle, who = y + LINE // 2 - 3, series[row["population"]]
            same = found[(found["change"] == change) & (found["population"] == row["population"])]
            records += [
                {"y": middle, "series": who, "needed": needed, "tip": f"{who}: {label}, {number(needed)} answers"}
                for label, needed in zip(same["short_label"], same["sample_needed"], strict=True)
                if math.isfinite(needed)
            ]
            none = f"{number(row['without'])} of {number(row['figures'])}" if row["without"] else "–"
            records.append({"y": middle, "none": none, "rule": 1})
            y += LINE
        y += GAP
    layers = _layers(records, list(series.values()), y)
    return dress(alt.layer(*layers, data=alt.Data(values=records)).properties(width=WIDTH, height=y))


def _layers(records: list[dict[str, Any]], series: list[str], height: int) -> list[alt.Chart]:
    largest = max((record["needed"] for record in records if "needed" in record), default=1000.0)
    ticks = [10**power for power in range(1, MOST_TICKS + 1) if 10**power <= 10 * largest]
    y = vertical(height)
    axis = alt.Axis(
        values=ticks,
        format=",",
        title="Answers that a new wave needs (log scale)",
        titleFontSize=11,
        titleFontWeight="normal",
        titleColor=palette.MUTED,
        titleAnchor="start",
        grid=False,
        tickSize=4,
        tickColor=palette.AXIS,
        domainColor=palette.AXIS,
        labelPadding=4,
        labelOverlap=False,
        labelFlush=False,
    )
    x = alt.X("needed:Q", axis=axis, scale=alt.Scale(type="log", domain=[10, ticks[-1]], range=[0, SCALE_WIDTH]))
    colour = alt.Color(
        "series:N", scale=alt.Scale(domain=series, range=list(COLOURS[: len(series)])), legend=alt.Legend()
    )
    shape = alt.Shape(
        "series:N", scale=alt.Scale(domain=series, range=list(SHAPES[: len(series)])), legend=alt.Legend()
    )

    def layer(kind: str) -> alt.Chart:
        return alt.Chart().transform_filter(f"datum.{kind}")

    right = alt.value(WIDTH)
    return [
        layer("label").mark_text(align="left", baseline="top", fontSize=12).encode(x=alt.value(0), y=y, text="label:N"),
        layer("head")
        .mark_text(align="right", baseline="top", fontSize=11, color=palette.MUTED)
        .encode(x=right, y=y, text="head:N"),
        layer("rule").mark_rule(color=palette.GRID).encode(x=alt.value(0), x2=alt.value(SCALE_WIDTH), y=y),
        layer("needed")
        .mark_point(filled=True, size=42, opacity=0.6)
        .encode(x=x, y=y, color=colour, shape=shape, tooltip=alt.Tooltip("tip:N", title="Needed")),
        layer("none").mark_text(align="right", fontSize=12).encode(x=right, y=y, text="none:N"),
    ]
