"""Means, medians and distributions of a wave: what ``numbers.csv`` holds, checked."""

from pathlib import Path

import numpy as np
import pandas as pd

from surveybook.model import paths
from surveybook.model.codebook import Codebook
from surveybook.model.problems import Problem
from surveybook.model.survey import NUMBERS
from surveybook.model.tables import check_table, find_schema
from surveybook.waves.checks import check_known

# Limits are released at this level.
RELEASED_CONFIDENCE = 0.95
TRACE = 1e-9


def check_numbers(numbers: pd.DataFrame, path: Path, codebook: Codebook, problems: list[Problem]) -> pd.DataFrame:
    """Return ``numbers.csv``, given as text, as numbers, after checking each row by itself.

    A problem is added for an item that is unknown or isn't answered with a number, a value where none is shown or none
    where one is, a share beyond 0 to 1, a class that ends before it begins, and limits that don't lie around the value.
    """
    file = paths.shown(path)
    checked = check_table(numbers, find_schema(path), file, problems)
    check_known(checked, file, "population", codebook.populations.index, "populations.csv", problems)
    check_known(checked, file, "item_id", codebook.items.index, "items.csv", problems)
    kinds = {item: codebook.kind_of(question) for item, question in codebook.items["question_id"].items()}
    is_number = checked["item_id"].map(lambda item: item not in kinds or kinds[item].is_number)
    value, shares = checked["value"], checked["statistic"] == "share"
    named = "name its question's kind number in codebook/questions.csv, or take the row out"
    faults = (
        ("item_id", ~is_number.astype(bool), "this item isn't answered with a number", named),
        ("value", (checked["status"] == "number") & value.isna(), "the value is missing", "a number has one"),
        ("value", (checked["status"] != "number") & value.notna(), "an unpublished figure has a value", "empty it"),
        ("value", shares & ((value < 0) | (value > 1)), "the share isn't one", "write it from 0 to 1"),
        ("lowest", checked["lowest"] > checked["highest"], "the class ends before it begins", "exchange its ends"),
        ("low", (checked["low"] > value + TRACE) | (checked["high"] < value - TRACE),
         "the limits don't lie around the value", "release the wave again"),
        ("unit", shares.eq(False) & (checked["unit"] != checked.groupby("item_id")["unit"].transform("first")),
         "the item has another unit in a row above", "write one unit for each item"),
    )  # fmt: skip
    problems += [
        Problem(file, found, expected, row, column)
        for column, rows, found, expected in faults
        for row in checked.index[rows]
    ]
    return checked


def describe_numbers(numbers: pd.DataFrame, codebook: Codebook, confidence: float) -> pd.DataFrame:
    """Return checked numbers with their question, labels and order, and limits at a level.

    At another level than the released one, limits come from standard errors, and those of shares are left out.
    """
    items = codebook.items[["question_id", "label", "short_label", "order"]]
    found = numbers.join(items, on="item_id").reset_index(drop=True)[NUMBERS]
    known = found["standard_error"].notna() & found["degrees_of_freedom"].fillna(np.inf).gt(0)
    if abs(confidence - RELEASED_CONFIDENCE) < TRACE or not known.any():
        return found
    from surveybook.respondents.estimates import student_limits  # a wave of published figures needs none of it

    degrees = found["degrees_of_freedom"].fillna(np.inf)
    low, high = student_limits(found["value"], found["standard_error"], degrees, confidence)
    shares = found["statistic"] == "share"
    return found.assign(low=np.where(shares, np.nan, low), high=np.where(shares, np.nan, high))
