"""Numbers that people gave, in words: the mean with its interval, the median, and how the mean moved."""

import pandas as pd

from surveybook.change.changes import compare_means
from surveybook.model.survey import Survey, label_of, numbers_of
from surveybook.model.wording import count, in_sentence, listing, number, sentence
from surveybook.words.changes import list_moves
from surveybook.words.naming import TOO_CLOSE, is_name, people

# From this size on, numbers are told whole.
WHOLE = 100
# Of a rating, what follows the number: "6.8 out of 10".
RATED = "out of "
# As many averages as this, level with the highest, leave none that stands out.
MOST_NEAR = 3


def write_number(value: float, *, of: float | None = None) -> str:
    """Return a number of a mean's size as pages print it: with a decimal below 100, whole above; `of` sets the size."""
    return number(value, 0 if abs(value if of is None else of) >= WHOLE else 1)


def write_plain(value: float) -> str:
    """Return a number as people gave it: without decimals where it is whole."""
    return number(value, 0 if float(value).is_integer() else 1)


def tell_mean(row: pd.Series, *, with_limits: bool = True) -> str:
    """Return a mean with its unit and interval: '6.8 out of 10 on average (6.6 to 7.0)'."""
    limits = ""
    if with_limits and pd.notna(row["low"]):
        limits = f" ({' to '.join(write_number(row[end], of=row['value']) for end in ('low', 'high'))})"
    unit = f" {row['unit']}" if row["unit"] else ""
    return f"{write_number(row['value'])}{unit} on average{limits}"


def pick_means(survey: Survey, question: str, population: str) -> pd.DataFrame:
    """Return the means of a question's items in one population, largest first, those that aren't shown left out."""
    rows = numbers_of(survey, question, population)
    rows = rows[(rows["statistic"] == "mean") & (rows["status"] == "number")]
    return rows.sort_values("value", ascending=False, kind="stable")


def is_surely_larger(first: pd.Series, second: pd.Series) -> bool:
    """Return whether one mean is larger than another of the same people, however their answers vary together."""
    margin = (first["high"] - first["value"]) + (second["value"] - second["low"])
    return bool(first["value"] - second["value"] > margin)


def tell_means(survey: Survey, question: str, population: str) -> str:
    """Return what is said of numbers as a title: the mean, or which item's is largest and which smallest."""
    rows = pick_means(survey, question, population)
    if rows.empty:
        return ""
    first, last = rows.iloc[0], rows.iloc[-1]
    text = tell_mean(first, with_limits=False)
    text = f"{first['short_label']}: {text}" if len(rows) > 1 or is_name(first["short_label"]) else text
    lowest = f"; {in_sentence(last['short_label'])}: {write_number(last['value'])}"
    return f"{text}{lowest}" if len(rows) > 1 else text


def tell_numbers(survey: Survey, question: str, population: str) -> str:
    """Return the numbers that a population gave to a question, in a few sentences, and how means moved since."""
    rows, who = pick_means(survey, question, population), people(survey, population)
    told = [] if rows.empty else [_tell_one(survey, rows.iloc[0], who) if len(rows) == 1 else _tell_several(rows, who)]
    return " ".join([*told, *_tell_moved_means(survey, question, population)])


def _tell_one(survey: Survey, row: pd.Series, who: str) -> str:
    """Return the mean of one item and the number that half of the people gave at least."""
    rows = numbers_of(survey, row["question_id"], row["population"])
    half = rows[(rows["item_id"] == row["item_id"]) & (rows["statistic"] == "median")]["value"]
    verb = "give" if str(row["unit"]).startswith(RATED) else "say"
    more = f"; half {verb} {write_plain(half.iloc[0])} or more" if len(half) and pd.notna(half.iloc[0]) else ""
    mean = tell_mean(row, with_limits=False)
    if verb == "give" and is_name(row["short_label"]):
        return f"{sentence(who)} give {in_sentence(row['short_label'])} {mean}{more}."
    return f"On average, {who} {verb} {mean.removesuffix(' on average')}{more}."


def _tell_several(rows: pd.DataFrame, who: str) -> str:
    """Return which items have the largest and the smallest means, unless sampling can't tell them apart."""
    first, last, others = rows.iloc[0], rows.iloc[-1], rows.iloc[1:]
    top = [row for _, row in others.iterrows() if not is_surely_larger(first, row)]
    bottom = [row for _, row in rows.iloc[:-1].iterrows() if not is_surely_larger(row, last)]
    if len(top) >= min(MOST_NEAR, len(others)):
        ends = " to ".join(write_number(row["value"]) for row in (last, first))
        return f"Among {who} no average of {count(len(rows))} stands out: they run from {ends}."
    if top:
        near = listing(f"{in_sentence(row['short_label'])} ({write_number(row['value'])})" for row in (first, *top))
        return f"{sentence(near)} are {TOO_CLOSE} for the highest average among {who}."
    highest, lowest = (in_sentence(row["short_label"]) for row in (first, last))
    verb = "rate" if str(first["unit"]).startswith(RATED) else "put"
    rest = "" if bottom else f", and {lowest} lowest, at {write_number(last['value'])}"
    return f"{sentence(who)} {verb} {highest} highest, at {tell_mean(first, with_limits=False)}{rest}."


def _tell_moved_means(survey: Survey, question: str, population: str) -> list[str]:
    """Return which means changed since the baseline, or that none did beyond sampling; nothing without one."""
    if survey.baseline is None:
        return []
    found, then = compare_means(survey, survey.baseline), label_of(survey.baseline)
    rows = found[(found["question_id"] == question) & (found["population"] == population) & (found["domain"] == "")]
    if rows.empty:
        return []
    labels = survey.codebook.items["short_label"]
    parts = []
    for verb, own in list_moves(rows):
        named = listing(
            f"{in_sentence(str(labels[row.item_id]))} ({write_number(row.baseline_value)} to {write_number(row.value)})"
            for row in own.itertuples()
        )
        parts.append(f"{verb} for {named}")
    return [f"Since {then} the average {', and '.join(parts)}." if parts else f"No clear change since {then}."]
