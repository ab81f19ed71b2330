"""Numbers that people gave, in words: what they say on average, and where half of them are."""

import pandas as pd

from surveybook.model.survey import Survey, numbers_of, populations_asked
from surveybook.model.wording import Phrase, in_sentence, number, phrase, sentence, span
from surveybook.words.naming import people

MEAN, MEDIAN, SHARE = "mean", "median", "share"
# From here on decimals say nothing.
LARGE = 100


def pick_statistic(survey: Survey, question: str, population: str, statistic: str) -> pd.DataFrame:
    """Return the known means, medians or classes of a question in one population, in the codebook's order of items."""
    rows = numbers_of(survey, question, population)
    return rows[(rows["statistic"] == statistic) & rows["value"].notna()]


def number_text(value: float) -> str:
    """Return a number that people gave as text: with one decimal where it is small and no whole number."""
    return number(value, 0 if abs(value) >= LARGE else 1)


def write_number(row: pd.Series, *, limits: bool = False) -> str:
    """Return a mean or a median with its unit and, where asked for, its interval: '6.8 out of 10 (6.6 to 7.0)'."""
    unit = f" {row['unit']}" if row["unit"] else ""
    decimals = 0 if abs(row["value"]) >= LARGE else 1
    is_whole = row["statistic"] == MEDIAN and float(row["value"]).is_integer()
    shown = number(row["value"]) if is_whole else number_text(row["value"])
    known = limits and pd.notna(row["low"]) and row["low"] < row["high"]
    return f"{shown}{unit}" + (f" ({span(row['low'] / 100, row['high'] / 100, decimals)})" if known else "")


def number_headline(survey: Survey, question: str) -> Phrase:
    """Return the one finding of a question that is answered with numbers: the mean, or the largest and the smallest."""
    told = []
    for population in populations_asked(survey, question):
        rows = pick_statistic(survey, question, population, MEAN).sort_values("value", ascending=False, kind="stable")
        if rows.empty:
            continue
        told.append(f"{write_number(rows.iloc[0])} on average")
        if len(rows) > 1:
            first, last = rows.iloc[0], rows.iloc[-1]
            ends = f"{in_sentence(first['short_label'])} has {write_number(first)}"
            told[-1] = f"On average {ends}, {in_sentence(last['short_label'])} {number_text(last['value'])}"
    title = str(survey.codebook.questions.loc[question, "title"])
    return phrase("; ".join(told) or title, survey)


def tell_numbers(survey: Survey, question: str) -> Phrase:
    """Return what people say on average, with the interval, and where half of them are; empty if nothing is known."""
    told = []
    for population in populations_asked(survey, question):
        who = people(survey, population)
        rows = pick_statistic(survey, question, population, MEAN).sort_values("value", ascending=False, kind="stable")
        halves = pick_statistic(survey, question, population, MEDIAN).set_index("item_id")
        if len(rows) == 1:
            row = rows.iloc[0]
            half = (
                f"; half say {write_number(halves.loc[row['item_id']])} or less"
                if row["item_id"] in halves.index
                else ""
            )
            told.append(f"On average, {who} say {write_number(row, limits=True)}{half}.")
        elif len(rows):
            ends = [
                f"{write_number(row)} for {in_sentence(row['short_label'])}" for _, row in rows.iloc[[0, -1]].iterrows()
            ]
            told.append(f"{sentence(who)} say from {ends[1]} to {ends[0]}, on average.")
    return phrase(" ".join(told), survey)
