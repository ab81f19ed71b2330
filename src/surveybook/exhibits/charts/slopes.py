"""The slope chart: every share that two waves have in common, from the one to the other."""

from collections.abc import Sequence
from itertools import pairwise
from typing import Any

import altair as alt
import pandas as pd

from surveybook.change import changes_of, explain_change, label_of
from surveybook.exhibits import palette
from surveybook.exhibits.charts.baseline import DOWN, UP
from surveybook.exhibits.charts.complete import source_line
from surveybook.exhibits.charts.drawing import COLOURS, WIDTH, dress, header, vertical
from surveybook.exhibits.charts.render import Story, with_story
from surveybook.exhibits.tables import bound
from surveybook.model.figures import FIRST_RESPONSE
from surveybook.model.survey import Survey
from surveybook.model.wording import count, number, sentence
from surveybook.words import findings
from surveybook.words.findings import changed_items, name_share

LEFT, RIGHT, TOP = 42, 122, 24
LABEL_LINE = 13
LEAST_HEIGHT, MOST_HEIGHT, PER_CHANGE = 300, 520, 22
LONGEST_LABEL = 30


def slopes(survey: Survey, population: str, name: str = "") -> alt.LayerChart | alt.Chart | None:
    """Return every share of one population that can be compared with the baseline, then and now.

    Parameters
    ----------
    survey : Survey
        The wave, with its baseline.
    population : str
        The population.
    name : str
        The figure's name; ``change-`` and the population otherwise.

    Returns
    -------
    altair.LayerChart or None
        Changes that sampling doesn't explain in the population's colour and with their labels, the others grey.
        None where there is no baseline, or nothing to compare with it.
    """
    changes = changes_of(survey)
    if changes is None:
        return None
    rows = changes.figures
    rows = rows[(rows["population"] == population) & (rows["domain"] == "") & (rows["untested"] == "")]
    if rows.empty:
        return None
    who, now, then = findings.people(survey, population), label_of(survey), label_of(changes.baseline)
    moved = int(rows["shown"].sum())
    shown = f"{count(moved)} of" if moved else "no change shows in any of"
    title = f"{sentence(who)}: {shown} {number(len(rows))} shares{' changed' if moved else ''} since {then}"
    base = findings.base_line(survey, [population])
    before = f"Baseline {then}: {findings.base_line(changes.baseline, [population])}"
    unmoved = "Grey: a change that sampling may explain." if moved < len(rows) else ""
    story = Story(
        name=name or f"change-{population}",
        title=title,
        subtitle=f"Shares in {then} and in {now}",
        base=base,
        alternative=changed_items(survey, who, rows).text,
        source=source_line(survey),
        interval_note=f"Changes are tested at {number(100 * survey.confidence)} per cent, adjusted (Holm) within each "
        "question and population.",
        wave=survey.wave,
        question_id="",
        table=_table(survey, rows, then, now),
        figures=list(rows["figure_id"]),
        notes=[text for text in (unmoved, before) if text],
        code={"module": "surveybook.exhibits.charts", "function": "slopes"},
    )
    colour = COLOURS[list(survey.codebook.populations.index).index(population) % len(COLOURS)]
    chart = _draw(survey, rows, then, now, colour)
    return with_story(chart.properties(title=header(title, story.subtitle, base, unmoved)), story)


def _table(survey: Survey, rows: pd.DataFrame, then: str, now: str) -> dict[str, list[Any]]:
    """Return what the chart draws: both shares, the change with its interval, and what it means."""
    heads = [f"{then} (%)", f"{now} (%)", "Change (points)", "Change from", "to", "Adjusted p", "What it means"]
    cells = []
    for _, row in rows.iterrows():
        digits = (row["baseline_decimals"], row["decimals"], 1)
        values = [
            number(100 * row[column], decimals)
            for column, decimals in zip(("baseline_share", "share", "change"), digits, strict=True)
        ]
        p_value = f"{row['p_holm']:.3f}" if row["p_holm"] >= 0.001 else "under 0.001"
        cells.append(
            [
                sentence(name_share(survey, row)),
                *values,
                bound(row["low"]),
                bound(row["high"]),
                p_value,
                explain_change(row),
            ]
        )
    return {"columns": ["Item", *heads], "rows": cells}


def _label(survey: Survey, row: pd.Series) -> str:
    """Return what a share counts, briefly: the item, with the answer where it isn't the one that counts first."""
    kind = survey.codebook.questions.loc[row["question_id"], "kind"]
    if row["response"] == FIRST_RESPONSE.get(kind):
        return str(row["short_label"])
    return f"{row['short_label']}: {row['response'].replace('_', ' ')}"


def spread(wanted: Sequence[float], least: float, height: float) -> list[float]:
    """Return places near the wanted ones, in the same order, none nearer to the next than `least`.

    Parameters
    ----------
    wanted : sequence of float
        Places in pixels, in any order.
    least : float
        The distance that two labels need.
    height : float
        The largest place that there is.
    """
    order = sorted(range(len(wanted)), key=lambda number: wanted[number])
    places = list(wanted)
    for previous, here in pairwise(order):
        places[here] = max(places[here], places[previous] + least)
    limit = height
    for here in reversed(order):
        places[here] = min(places[here], limit)
        limit = places[here] - least
    return places


def _draw(survey: Survey, rows: pd.DataFrame, then: str, now: str, colour: str) -> alt.LayerChart:
    """Return the lines, their ends and their labels."""
    shown = rows[rows["shown"]]
    height = min(MOST_HEIGHT, max(LEAST_HEIGHT, PER_CHANGE * len(shown)))
    highest = max(rows["share"].max(), rows["baseline_share"].max())

    def level(share: float) -> float:
        return round(TOP + (height - TOP - 8) * (1 - share / highest), 1)

    records: list[dict[str, Any]] = [{"x": LEFT, "y": 8, "head": then}, {"x": RIGHT, "y": 8, "head": now}]
    for _, row in rows.sort_values("shown", kind="stable").iterrows():
        ends = {"x": LEFT, "y": level(row["baseline_share"]), "x2": RIGHT, "y2": level(row["share"])}
        tip = f"{sentence(name_share(survey, row))}: {number(100 * row['baseline_share'])}% in {then}, "
        tip += f"{number(100 * row['share'])}% in {now}. {explain_change(row)}"
        records.append({**ends, "tip": tip, "moved" if row["shown"] else "still": 1})
    sides = (("baseline_share", LEFT - 8, "before"), ("share", RIGHT + 8, "after"))
    for column, x, kind in sides:
        places = spread([level(value) for value in shown[column]], LABEL_LINE, height - 4)
        for place, (_, row) in zip(places, shown.iterrows(), strict=True):
            text = f"{number(100 * row[column])}%"
            if kind == "after":
                label = _label(survey, row)
                short = label if len(label) <= LONGEST_LABEL else f"{label[: LONGEST_LABEL - 1]}…"
                text = f"{text} {UP if row['change'] > 0 else DOWN} {short}"
            records.append({"x": x, "y": round(place, 1), kind: text})
    layers = _layers(height, colour, {key for record in records for key in record})
    return dress(alt.layer(*layers, data=alt.Data(values=records)).properties(width=WIDTH, height=height))


def _layers(height: int, colour: str, kinds: set[str]) -> list[alt.Chart]:
    scale = alt.Scale(domain=[0, WIDTH], nice=False)
    x, x_end = alt.X("x:Q", scale=scale, axis=None), alt.X("x2:Q", scale=scale, axis=None)
    y, y_end = vertical(height), vertical(height, "y2")
    tip = alt.Tooltip("tip:N", title="Change")

    def layer(kind: str) -> alt.Chart:
        return alt.Chart().transform_filter(f"datum.{kind}")

    layers = [layer("head").mark_text(align="center", fontSize=12, fontWeight="bold").encode(x=x, y=y, text="head:N")]
    for kind, shade, width in (("still", palette.AXIS, 1.0), ("moved", colour, 2.2)):
        if kind in kinds:
            layers += [
                layer(kind)
                .mark_rule(color=shade, strokeWidth=width)
                .encode(x=x, y=y, x2="x2:Q", y2="y2:Q", tooltip=tip),
                layer(kind)
                .mark_point(filled=False, size=36, stroke=shade, fill=palette.PAPER, opacity=1)
                .encode(x=x, y=y, tooltip=tip),
                layer(kind)
                .mark_point(filled=True, size=36, color=shade, opacity=1)
                .encode(x=x_end, y=y_end, tooltip=tip),
            ]
    if "before" in kinds:
        layers += [
            layer("before").mark_text(align="right", fontSize=11).encode(x=x, y=y, text="before:N"),
            layer("after").mark_text(align="left", fontSize=11).encode(x=x, y=y, text="after:N"),
        ]
    return layers
