"""Numbers that people gave, drawn: the distribution of the answers to one question, or the means of several items."""

from typing import Any

import pandas as pd

from surveybook.exhibits.drawing import Measure, draw_rows, list_series
from surveybook.exhibits.exhibit import Exhibit
from surveybook.exhibits.records import finish_chart
from surveybook.model.survey import Survey, populations_asked
from surveybook.model.wording import listing, number, per_cent, round_number
from surveybook.words import findings
from surveybook.words.numbers import MEAN, MEDIAN, SHARE, number_text, pick_statistic, write_number

HEADS = ("Interval from", "to", "Base")


def chart_numbers(survey: Survey, question: str, name: str) -> Exhibit | None:
    """Return a question that is answered with numbers as one chart.

    Of one item the share of people in each class of numbers, whose title says the mean; of several their means, the
    largest first. Of several populations the first that has any. None where the wave has no numbers.
    """
    for population in populations_asked(survey, question):
        means = pick_statistic(survey, question, population, MEAN).sort_values("value", ascending=False, kind="stable")
        if len(means):
            draw = _chart_spread if len(means) == 1 else _chart_means
            return draw(survey, question, population, means, name)
    return None


def _chart_spread(survey: Survey, question: str, population: str, means: pd.DataFrame, name: str) -> Exhibit | None:
    """Return the share of people in each class of numbers."""
    rows = pick_statistic(survey, question, population, SHARE)
    if rows.empty:
        return None
    series = list_series(survey, [population])
    labels = [name_class(row) for _, row in rows.iterrows()]
    records: list[dict[str, Any]] = []
    for label, (_, row) in zip(labels, rows.iterrows(), strict=True):
        record = {"label": label, "series": series[0].name, "status": "number", "share": round_number(row["value"], 4)}
        if pd.notna(row["low"]) and row["low"] < row["high"]:
            record |= {end: round_number(row[end], 3) for end in ("low", "high")}
        shown = per_cent(row["value"])
        records.append(record | {"text": f"{number(100 * row['value'])}%", "tip": f"{label}: {shown}"})
    cells = [[label, *_write_row(row, 100)] for label, (_, row) in zip(labels, rows.iterrows(), strict=True)]
    told = listing(f"{label} {record['text']}" for label, record in zip(labels, records, strict=True))
    drawing = draw_rows(records, series, legend=False)
    return _finish(survey, drawing, question, population, name, ["Answer", "Share (%)", *HEADS], cells, told)


def _chart_means(survey: Survey, question: str, population: str, means: pd.DataFrame, name: str) -> Exhibit:
    """Return the means of several items, the largest first."""
    series = list_series(survey, [population])
    halves = pick_statistic(survey, question, population, MEDIAN).set_index("item_id")["value"]
    least, most = min(0.0, float(means["low"].min())), float(means["high"].fillna(means["value"]).max())
    records = [
        {"label": row["label"], "series": series[0].name, "status": "number"}
        | {
            "mean": round_number(row["value"], 4),
            "text": number_text(row["value"]),
            "tip": write_number(row, limits=True),
        }
        | ({end: round_number(row[end], 4) for end in ("low", "high")} if row["low"] < row["high"] else {})
        for _, row in means.iterrows()
    ]
    measure = Measure("mean", least, 1.12 * most, (least, round_number(most / 2), round_number(most)), ",.0f")
    cells = [
        [row["label"], *_write_row(row, 1), number_text(halves[row["item_id"]]) if row["item_id"] in halves else ""]
        for _, row in means.iterrows()
    ]
    told = listing(f"{row['label']} {write_number(row, limits=True)}" for _, row in means.iterrows())
    drawing = draw_rows(records, series, measure, legend=False)
    return _finish(survey, drawing, question, population, name, ["Item", "Mean", *HEADS, "Median"], cells, told)


def _finish(
    survey: Survey, drawing: Any, question: str, population: str, name: str, columns: list[str], cells: list[list[str]],
    told: str,
) -> Exhibit:  # fmt: skip
    """Return a drawing of numbers with its words."""
    return finish_chart(
        survey,
        drawing,
        name,
        findings.headline(survey, question).text,
        (columns, cells),
        "results",
        populations=[population],
        question=question,
        subtitle=findings.quote_question(survey, question),
        interval_note=f"Shaded bands are {per_cent(survey.confidence)} intervals, by the design of the sample.",
        alternative=f"{findings.result(survey, question)} {told}.",
    )


def _write_row(row: pd.Series, factor: float) -> list[str]:
    """Return value, limits and base of a row as a table has them."""
    decimals = 1 if factor == 100 or abs(row["value"]) < 100 else 0
    values = ["" if pd.isna(row[one]) else number(factor * row[one], decimals) for one in ("value", "low", "high")]
    return [*values, "" if pd.isna(row["base"]) else number(row["base"])]


def name_class(row: pd.Series) -> str:
    """Return what a class of numbers is called: '7', '20 to 29', 'under 20', '90 and over'."""
    ends = ["" if pd.isna(row[end]) else f"{row[end]:,g}" for end in ("lowest", "highest")]
    if not all(ends):
        return f"{ends[0]} and over" if ends[0] else f"Up to {ends[1]}"
    return ends[0] if ends[0] == ends[1] else " to ".join(ends)
