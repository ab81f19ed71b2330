"""Charts of numbers that people gave: means with their intervals, and distributions."""

from collections.abc import Callable, Iterable
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from surveybook.change.changes import changes_of, compare_means
from surveybook.exhibits.exhibit import Exhibit
from surveybook.exhibits.figure_charts import finish_chart
from surveybook.exhibits.forms import LETTER, Measure, Record, draw_form, draw_rows, map_series
from surveybook.exhibits.records import format_bound, name_class, sort_items
from surveybook.model.survey import Survey, label_of, list_records, numbers_of, populations_asked
from surveybook.model.wording import in_sentence, number, per_cent, quote, round_number, sentence
from surveybook.words import findings
from surveybook.words.naming import people
from surveybook.words.results import name_ends, pick_means, tell_mean, write_number

# A mean of so many times the next one stands beside the axis, with as many means on it for each.
FAR, LEAST_NEAR = 5, 3
# Into how many parts ticks divide a scale: the first that leaves whole numbers.
PARTS_OF_SCALE = (2, 3, 5)
TICKS = (1, 2, 4, 10)  # how many halves of a power of ten are between ticks of other numbers
BESIDE = 8  # the pixels between a bar and what stands beside it
MOST_STEPS = 5  # between the ticks of an axis
LOWER, UPPER = "Interval from", "to"
OF_MEANS = ["Item", "Population", "Mean", LOWER, UPPER, "Median", "Median from", "to ", "Base"]
OF_CLASSES = ["Item", "Number", "Share (%)", LOWER, UPPER, "Base"]


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
    rows = _add_medians_and_before(survey, question, sort_items(pd.concat(found), []))
    series, told = map_series(survey, populations), list[str]()
    records, cells = list[Record](), list[list[str]]()
    rows = rows.assign(is_far=_find_far(rows))
    for row in list_records(rows):
        record = {"label": row["label"], "series": series[row["population"]].name, "status": "number"}
        record |= {"text": write_number(row["value"]), "tip": tell_mean(row)}
        places = {"mean": row["value"], "low": row["low"], "high": row["high"], "was": row["before"]}
        drawn = {end: round_number(place, 3) for end, place in places.items() if pd.notna(place)}
        records.append(record | ({"text": f"{record['text']}: far beyond this axis"} if row["is_far"] else drawn))
        told.append(f"{in_sentence(row['short_label'])} {record['tip']}")
        medians = (row[f"{end}_half"] for end in ("value", "low", "high"))
        halves = _write_known(write_number, medians, as_given=True)
        limits = _write_known(write_number, (row["low"], row["high"]), of=row["value"])
        base = _write_known(number, [row["base"]], "unknown")
        before = _write_known(write_number, [row["before"]] if survey.baseline else [])
        who = sentence(people(survey, row["population"]))
        cells.append([row["label"], who, write_number(row["value"]), *limits, *halves, *base, *before])
    then = label_of(survey.baseline) if survey.baseline else ""
    hollow = [f"Hollow: {then}."] if rows["before"].notna().any() else []
    quoted = findings.quote_question(survey, question)
    meant = f"Shaded bands are {per_cent(survey.confidence)} intervals, by the design of each sample."
    # Nobody knows how far such numbers vary.
    if rows["low"].isna().all():
        meant = "The source prints no standard errors, so that no interval is known."
    return finish_chart(
        survey,
        draw_rows(records, series.values(), _measure(survey, question, rows[~rows["is_far"]])),
        name,
        findings.headline(survey, question).text,
        ([*OF_MEANS, *([f"{then} mean"] if then else [])], cells),
        means,
        question=question,
        subtitle=quoted,
        alternative=f"{quoted} {sentence('; '.join(told))}.",
        legend=" ".join(hollow),
        interval_note=meant,
        notes=hollow if rows["unit"].any() else [*hollow, "What the numbers count is not stated."],
    )


def _add_medians_and_before(survey: Survey, question: str, rows: pd.DataFrame) -> pd.DataFrame:
    """Return means with the median of each, and with the mean ``before`` where the baseline's may be compared."""
    keys, given = ["population", "item_id"], numbers_of(survey, question)
    halves = given[given["statistic"] == "median"].drop_duplicates(keys)[[*keys, "value", "low", "high"]]
    rows = rows.merge(halves, on=keys, how="left", suffixes=("", "_half"))
    if (changes := changes_of(survey)) is None:
        return rows.assign(before=np.nan)
    then = compare_means(changes)
    then = then[(then["question_id"] == question) & (then["domain"] == "")]
    return rows.merge(then.rename(columns={"baseline_value": "before"})[[*keys, "before"]], on=keys, how="left")


def _write_known(write: Callable[..., str], values: Iterable[float], otherwise: str = "", **how: Any) -> list[str]:
    """Return numbers as text, and something else where one isn't known."""
    return [otherwise if pd.isna(value) else write(value, **how) for value in values]


def _measure(survey: Survey, question: str, rows: pd.DataFrame) -> Measure:
    """Return the axis of means: along the scale of a rating, else from nought to where what is drawn ends."""
    given = numbers_of(survey, question)
    classes = given[given["statistic"] == "share"]
    is_single = classes["lowest"] == classes["highest"]
    scale = classes.loc[is_single, "highest"].to_numpy(dtype=float)
    drawn = rows[["value", "low", "high"]].to_numpy(dtype=float).ravel()
    if len(classes) and is_single.all() and (scale.min() == 1 or name_ends(survey, question)):
        # No rating lies below the first answer, so that "1" of 5 is the least and no fifth.
        low, high = (float(end(np.concatenate([drawn, scale]))) for end in (np.nanmin, np.nanmax))
        parts = next((number for number in PARTS_OF_SCALE if not (high - low) % number), 2)
        ticks = np.linspace(low, high, parts + 1)
    else:
        drawn = np.concatenate([drawn, scale, [0.0]])
        size = float(np.nanmax(np.abs(drawn))) or 1.0
        # To the next half of a power of ten.
        step = 10.0 ** np.floor(np.log10(size)) / 2
        low, high = np.floor(np.nanmin(drawn) / step) * step, np.ceil(np.nanmax(drawn) / step) * step
        between = next(step * many for many in TICKS if high - low <= MOST_STEPS * step * many)
        ticks = np.arange(np.ceil(low / between), high / between + 1e-9) * between
    return Measure("mean", float(low), float(high), [round_number(tick, 2) for tick in ticks], ",.1~f")


def _find_far(rows: pd.DataFrame) -> NDArray[np.bool_]:
    """Return which means are so much larger than all others that an axis with them shows nothing of these."""
    values = rows["value"].sort_values(ascending=False, kind="stable")
    most = len(values) // LEAST_NEAR
    apart = [place for place in range(1, most + 1) if values.iloc[place - 1] > FAR * values.iloc[place] > 0]
    return rows.index.isin(values.index[: max(apart, default=0)])


def distribution(survey: Survey, question: str, name: str = "") -> Exhibit | None:
    """Return how many gave which numbers to a question, bars for each item; of one item the title says the mean.

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
    who = [f": {people(survey, population)}" if several else "" for population in rows["population"]]
    classes = list(map(name_class, rows["lowest"], rows["highest"]))
    rows = rows.assign(row=rows["label"] + who, numbers=classes, text=rows["value"].map(format_bound))
    rows["told"] = rows["numbers"] + " " + rows["text"] + "%"
    records: list[Record] = []
    cells: list[list[str]] = []
    for row in list_records(rows):
        record = {"label": row["row"], "series": row["numbers"], "share": round_number(row["value"], 4)}
        record |= {"text": per_cent(row["value"])}
        records.append(record | {"tip": f"{row['numbers']}: {row['text']}%"})
        ends = map(format_bound, (row["low"], row["high"]))
        cells.append([row["row"], row["numbers"], row["text"], *ends, number(row["base"])])
    told = "; ".join(f"{label}: {', '.join(own)}" for label, own in rows.groupby("row", sort=False)["told"])
    order = rows.sort_values("lowest", na_position="first", kind="stable")["numbers"].unique()
    # The names at the left of the bars, the shares at their right.
    left, top = round(max(map(len, order)) * LETTER) + BESIDE, round_number(float(rows["value"].max()) + 0.005, 2)
    drawing = draw_form(
        "distribution",
        records,
        names=list(order),
        colour=map_series(survey, populations)[populations[0]].colour,
        start=left - BESIDE,
        scale={"domain": [0, top], "nice": False, "range": [left, {"expr": f"child_width - {BESIDE * 5}"}]},
    )
    # Of several items another chart has the means, with what is found.
    is_one = rows["item_id"].nunique() == 1
    title = f"All answers to {quote(str(survey.codebook.questions.loc[question, 'title']))}"
    said = findings.headline(survey, question).text if is_one else title
    return finish_chart(
        survey,
        drawing,
        name,
        said,
        (OF_CLASSES, cells),
        distribution,
        question=question,
        subtitle=findings.quote_question(survey, question),
        alternative=f"{told}.",
        interval_note=f"The data have the {per_cent(survey.confidence)} interval of each share.",
    )
