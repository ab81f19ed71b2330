"""Charts of numbers that people gave: means with their intervals, and distributions."""

from typing import Any

import altair as alt
import numpy as np
import pandas as pd

from surveybook.change.changes import compare_means
from surveybook.exhibits.drawing import Measure, list_series, plain_axis, stack_rows
from surveybook.exhibits.exhibit import Exhibit
from surveybook.exhibits.forms import draw_rows
from surveybook.exhibits.records import finish_chart
from surveybook.model.survey import Survey, label_of, numbers_of, populations_asked
from surveybook.model.wording import in_sentence, number, round_number, sentence
from surveybook.words import findings
from surveybook.words.naming import people
from surveybook.words.numbers import pick_means, tell_mean, write_number, write_plain

BAR_HEIGHT, LONGEST_AXIS = 80, 44
LOWER, UPPER = "Interval from", "to"


def means(survey: Survey, question: str, name: str = "") -> Exhibit | None:
    """Return the mean of each item of a question with its interval, the largest first; None where there are none.

    Parameters
    ----------
    survey : Survey
        The wave.
    question : str
        A question of the kind ``number``.
    name : str
        The figure's name; the question's, with hyphens, otherwise.
    """
    populations = populations_asked(survey, question)
    found = [rows for population in populations if len(rows := pick_means(survey, question, population))]
    if not found:
        return None
    places = {item: place for place, item in enumerate(dict.fromkeys(pd.concat(found)["item_id"]))}
    rows = pd.concat(found).sort_values("item_id", key=lambda items: items.map(places), kind="stable")
    names, series = survey.codebook.populations["label"], list_series(survey, populations)
    before = _find_before(survey, question)
    records, cells = list[dict[str, Any]](), list[list[str]]()
    for _, row in rows.iterrows():
        was = before.get((row["population"], row["item_id"]))
        record = {"label": row["label"], "series": names[row["population"]], "status": "number"}
        record |= {"mean": round_number(row["value"], 3), "text": write_number(row["value"]), "tip": tell_mean(row)}
        if pd.notna(row["low"]):
            record |= {end: round_number(row[end], 3) for end in ("low", "high")}
        record |= {} if was is None else {"was": round_number(was, 3)}
        records.append(record)
        cells.append(_write_row(survey, row, was))
    told = "; ".join(f"{in_sentence(row['short_label'])} {tell_mean(row)}" for _, row in rows.iterrows())
    then = [f"Hollow: {label_of(survey.baseline)}."] if before and survey.baseline else []
    columns = ["Item", "Population", "Mean", LOWER, UPPER, "Median", "Median from", "to ", "Base"]
    columns += [f"{label_of(survey.baseline)} mean"] if survey.baseline else []
    return finish_chart(
        survey,
        draw_rows(records, series, _measure(survey, question, rows), legend=len(series) > 1),
        name or question.replace("_", "-"),
        findings.headline(survey, question).text,
        (columns, cells if survey.baseline else [row[:-1] for row in cells]),
        "means",
        question=question,
        populations=populations,
        subtitle=findings.quote_question(survey, question),
        alternative=f"{findings.quote_question(survey, question)} {sentence(told)}.",
        legend=" ".join(then),
        interval_note=_explain_limits(survey, rows),
        notes=[*then, _explain_unit(rows)],
    )


def _write_row(survey: Survey, row: pd.Series, was: float | None) -> list[str]:
    """Return one item as a row of the table of means."""
    own = numbers_of(survey, row["question_id"], row["population"])
    half = own[(own["item_id"] == row["item_id"]) & (own["statistic"] == "median")].iloc[:1]
    limits = ["" if pd.isna(row[end]) else write_number(row[end], of=row["value"]) for end in ("low", "high")]
    middle = [
        "" if half.empty or pd.isna(half[end].iloc[0]) else write_plain(half[end].iloc[0])
        for end in ("value", "low", "high")
    ]
    base = "unknown" if pd.isna(row["base"]) else number(row["base"])
    who = sentence(people(survey, row["population"]))
    return [
        row["label"],
        who,
        write_number(row["value"]),
        *limits,
        *middle,
        base,
        "" if was is None else write_number(was),
    ]


def _find_before(survey: Survey, question: str) -> dict[tuple[str, str], float]:
    """Return the means of the baseline that may be compared, by population and item."""
    if survey.baseline is None:
        return {}
    rows = compare_means(survey, survey.baseline)
    rows = rows[(rows["question_id"] == question) & (rows["domain"] == "")]
    return {(row.population, row.item_id): row.baseline_value for row in rows.itertuples()}


def _measure(survey: Survey, question: str, rows: pd.DataFrame) -> Measure:
    """Return the axis of means: from nought, or what lies below it, to where the scale or what is drawn ends."""
    given = numbers_of(survey, question)
    scale = given.loc[given["lowest"] == given["highest"], "highest"].to_numpy(dtype=float)
    drawn = np.concatenate([rows[["value", "low", "high"]].to_numpy(dtype=float).ravel(), scale, [0.0]])
    size = float(np.nanmax(np.abs(drawn))) or 1.0
    # To the next half of a power of ten.
    step = 10.0 ** np.floor(np.log10(size)) / 2
    low, high = np.floor(np.nanmin(drawn) / step) * step, np.ceil(np.nanmax(drawn) / step) * step
    return Measure(
        "mean", float(low), float(high), [round_number(tick, 2) for tick in np.linspace(low, high, 3)], ",.1~f"
    )


def _explain_limits(survey: Survey, rows: pd.DataFrame) -> str:
    """Return what the intervals of means are, and that there are none where nobody knows how far numbers vary."""
    if rows["low"].isna().all():
        return "The source prints no standard errors, so that no interval is known."
    methods = "; ".join(dict.fromkeys(filter(None, rows["method"])))
    level = number(100 * survey.confidence)
    return f"Shaded bands are {level}% intervals, by the design of each sample ({methods})."


def _explain_unit(rows: pd.DataFrame) -> str:
    """Return what the numbers count, or that nobody says."""
    unit = next(filter(None, rows["unit"]), "")
    return f"In the unit “{unit}”." if unit else "What the numbers count is not stated."


def distribution(survey: Survey, question: str, name: str = "") -> Exhibit | None:
    """Return how many gave which numbers to a question, bars for each item; the title says the means.

    Parameters
    ----------
    survey : Survey
        The wave.
    question : str
        A question of the kind ``number``.
    name : str
        The figure's name; the question's, with hyphens, otherwise.
    """
    populations, rows = populations_asked(survey, question), numbers_of(survey, question)
    rows = rows[(rows["statistic"] == "share") & (rows["status"] == "number")]
    if not populations or rows.empty:
        return None
    several = rows["population"].nunique() > 1
    who = rows["population"].map(lambda population: sentence(people(survey, population)))
    rows = rows.assign(row=rows["label"] + (": " + who.map(in_sentence) if several else ""), numbers="")
    rows["numbers"] = [name_class(row) for _, row in rows.iterrows()]
    records = [
        {
            "label": row["row"],
            "series": row["numbers"],
            "share": round_number(row["value"], 4),
            "tip": f"{row['numbers']}: {number(100 * row['value'], 1)}%",
        }
        for _, row in rows.iterrows()
    ]
    order = list(dict.fromkeys(rows.sort_values("lowest", na_position="first", kind="stable")["numbers"]))
    top = float(rows["value"].max())
    crowded = sum(map(len, order)) > LONGEST_AXIS
    angle = -45 if crowded else 0
    x = alt.X("series:N", sort=order, axis=plain_axis(title=None, labelAngle=angle, labelOverlap=False))
    y_axis = plain_axis(values=[0, round_number(top / 2, 2), round_number(top, 2)], format="%", title=None)
    y = alt.Y("share:Q", scale=alt.Scale(domain=[0, round_number(top + 0.005, 2)], nice=False), axis=y_axis)
    colour = list_series(survey, populations[:1])[0].colour
    bars = alt.Chart().mark_bar(color=colour).encode(x=x, y=y, tooltip=alt.Tooltip("tip:N", title="Numbers"))
    limits = [
        [number(100 * row[end], 1) if pd.notna(row[end]) else "" for end in ("low", "high")]
        for _, row in rows.iterrows()
    ]
    table = [
        [row["row"], row["numbers"], number(100 * row["value"], 1), *ends, number(row["base"])]
        for ends, (_, row) in zip(limits, rows.iterrows(), strict=True)
    ]
    told = "; ".join(
        f"{label}: " + ", ".join(f"{row['numbers']} {number(100 * row['value'], 1)}%" for _, row in own.iterrows())
        for label, own in rows.groupby("row", sort=False)
    )
    return finish_chart(
        survey,
        stack_rows([bars], records, BAR_HEIGHT),
        name or question.replace("_", "-"),
        findings.headline(survey, question).text,
        (["Item", "Number", "Share (%)", LOWER, UPPER, "Base"], table),
        "distribution",
        question=question,
        populations=populations,
        subtitle=findings.quote_question(survey, question),
        alternative=f"{told}.",
        interval_note=f"The data have the {number(100 * survey.confidence)}% interval of each share.",
    )


def name_class(row: pd.Series) -> str:
    """Return a class of numbers as a label: '7', '20 to 29', 'under 20', '60 and over'."""
    low, high = (None if pd.isna(row[end]) else write_plain(row[end]) for end in ("lowest", "highest"))
    if low is None or high is None:
        return f"up to {high}" if low is None else f"{low} and over"
    return low if low == high else f"{low} to {high}"
