"""Which test fits which pair of figures: the rule, in one place."""

import pandas as pd

from whyict.inference import Difference, compare_choices, compare_exclusive, compare_independent, compare_statements
from whyict.waves import Survey

UNTESTED = Difference(*(float("nan"),) * 5, method="not tested")


def largest_other(survey: Survey, first: pd.Series, second: pd.Series) -> float:
    """Return the largest share (0-1) of the question's other items, 0 where people didn't choose two.

    It narrows the overlaps that are possible where people chose two, and so only ever moves `holds`: the
    interval and the p-value, which verdicts rest on, don't depend on how many choices there were.
    """
    asked = survey.asked
    choices = asked.loc[
        (asked["population"] == first["population"]) & (asked["question_id"] == first["question_id"]), "max_choices"
    ]
    if not choices.eq(2).any():
        return 0.0
    rows = survey.estimates
    same = rows[
        (rows["population"] == first["population"])
        & (rows["domain"] == first["domain"])
        & (rows["question_id"] == first["question_id"])
        & (rows["response"] == first["response"])
        & ~rows["item_id"].isin((first["item_id"], second["item_id"]))
    ]
    return float(same["share"].max()) if same["share"].notna().any() else 0.0


def compare_figures(survey: Survey, first: pd.Series, second: pd.Series) -> Difference:
    """Return the difference between two figures of one wave, by the test that their relation calls for.

    Parameters
    ----------
    survey : Survey
        The wave of both.
    first, second : pandas.Series
        Rows of its estimates.

    Returns
    -------
    Difference
        First minus second, from -1 to 1. Two populations are independent samples; two answers to one
        statement exclude each other; two items of one multiple-response question and two separate statements
        overlap by an unknown amount, so the least favourable one counts. Where a figure isn't a number, its
        base is unknown, the two stand for overlapping parts of a population, or two populations were asked
        different things, nothing is tested and all is NaN.
    """
    missing = any(pd.isna(row["share"]) or pd.isna(row["effective_base"]) for row in (first, second))
    same_people = first["population"] == second["population"]
    if missing or (first["domain"] != second["domain"] if same_people else first["item_id"] != second["item_id"]):
        return UNTESTED
    shares, level = (first["share"], second["share"]), survey.confidence
    if not same_people:
        return compare_independent(shares[0], first["effective_base"], shares[1], second["effective_base"], level)
    base = min(first["effective_base"], second["effective_base"])
    if first["item_id"] == second["item_id"]:
        return compare_exclusive(*shares, base, level)
    if first["question_id"] != second["question_id"]:
        return compare_statements(*shares, base, level)
    match survey.codebook.questions.loc[first["question_id"], "kind"]:
        case "multiple":
            return compare_choices(*shares, base, level, largest_other(survey, first, second))
        case "single":
            return compare_exclusive(*shares, base, level)
        case _:
            return compare_statements(*shares, base, level)
