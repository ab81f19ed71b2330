"""Which test fits which pair of figures: the rule, in one place."""

from collections.abc import Callable
from typing import Any, Literal

import numpy as np
import pandas as pd

from surveybook.model.survey import Survey
from surveybook.stats import Difference, compare_choices, compare_exclusive, compare_independent, compare_statements
from surveybook.stats.estimated import Estimate, compare_estimates
from surveybook.stats.intervals import METHOD as PUBLISHED

Relation = Literal["independent", "exclusive", "choices", "statements"]
Compare = Callable[[float, float], Difference]
UNTESTED = Difference(*(float("nan"),) * 5, method="not tested")


def relation_of(first: Any, second: Any, kind: str) -> Relation | None:
    """Return how the people behind two figures of one wave stand to each other; None where no test fits.

    Parameters
    ----------
    first, second : pandas.Series or named tuple
        Rows of estimates.
    kind : str
        The kind of the first one's question.

    Returns
    -------
    str or None
        Two populations, and two values of one background variable (men and women), are independent samples;
        two answers to one statement, or of one list with a single choice, exclude each other; items of one
        list with several choices overlap, and so do separate statements. None where the two stand for
        overlapping parts of a population, or where independent samples were asked different things.
    """
    same_item = first.item_id == second.item_id
    if first.population != second.population or domains_apart(first.domain, second.domain):
        return "independent" if same_item and first.response == second.response else None
    if first.domain != second.domain:
        return None
    if same_item:
        return "exclusive"
    if first.question_id != second.question_id:
        return "statements"
    return {"multiple": "choices", "single": "exclusive"}.get(kind, "statements")  # type: ignore[return-value]


def domains_apart(first: str, second: str) -> bool:
    """Return whether nobody can be in both domains: two values of the same variable."""
    if not first or not second or first == second:
        return False
    return first.split("=")[0] == second.split("=")[0]


def choose_test(survey: Survey, first: Any, second: Any, largest_other: float = 0.0) -> Compare | None:
    """Return the test that fits two figures of one wave, as a function of their shares; None where none does.

    Parameters
    ----------
    survey : Survey
        The wave of both.
    first, second : pandas.Series or named tuple
        Rows of its estimates.
    largest_other : float
        The largest share (0-1) of the question's other items, where people chose two; it only moves ``holds``.

    Returns
    -------
    callable or None
        From the two shares to a `Difference`. Published percentages are compared by their bases: where the
        overlap of two answers isn't known, the least favourable one counts. Estimates from respondents are
        compared by their standard errors and, for the same people, their covariance, which leaves nothing to
        bound. None where a figure isn't a number, its base is unknown, or no test fits.
    """
    if any(pd.isna(row.share) or (pd.isna(row.effective_base) and not is_estimated(row)) for row in (first, second)):
        return None
    level, kind = survey.confidence, str(survey.codebook.questions.loc[first.question_id, "kind"])
    relation = relation_of(first, second, kind)
    if relation is None:
        return None
    bases = (first.effective_base, second.effective_base)
    if relation == "independent":
        return independent_test(first, second, level)
    covariance = covariance_of(survey, first, second)
    if covariance is not None:
        return lambda a, b: compare_estimates(estimate_of(first, a), estimate_of(second, b), covariance, level)
    base = float(np.min(bases))
    if relation == "exclusive":
        return lambda a, b: compare_exclusive(a, b, base, level)
    if relation == "choices":
        return lambda a, b: compare_choices(a, b, base, level, largest_other)
    return lambda a, b: compare_statements(a, b, base, level)


def independent_test(first: Any, second: Any, confidence: float) -> Compare:
    """Return the test of two independent figures, as a function of their shares: two populations, or two waves.

    Published percentages have Newcombe's interval and the score test. As soon as one of the two is an estimate
    with a standard error of its own, the difference has the two standard errors and Student's t; but at a share
    of 0 or 1 an estimated standard error says nothing, so that there the bases are used again.
    """
    if not (is_estimated(first) or is_estimated(second)) or degenerate(first) or degenerate(second):
        bases = (base_of_test(first), base_of_test(second))
        return lambda a, b: compare_independent(a, bases[0], b, bases[1], confidence)
    return lambda a, b: compare_estimates(estimate_of(first, a), estimate_of(second, b), confidence=confidence)


def is_estimated(row: Any) -> bool:
    """Return whether a figure was estimated from respondents, with a standard error that its design gave it."""
    return bool(row.method) and row.method != PUBLISHED


def degenerate(row: Any) -> bool:
    """Return whether a sample gave a share of 0 or 1, so that its estimated standard error is 0."""
    return not str(row.method).startswith("census") and row.share in (0.0, 1.0)


def base_of_test(row: Any) -> float:
    """Return the effective base of a figure; all its answers where a design effect couldn't be estimated."""
    return float(row.base if pd.isna(row.effective_base) else row.effective_base)


def estimate_of(row: Any, share: float) -> Estimate:
    """Return a figure with another share as an estimate."""
    freedom = row.degrees_of_freedom
    return Estimate(float(share), float(row.standard_error), float("inf") if pd.isna(freedom) else float(freedom))


def covariance_of(survey: Survey, first: Any, second: Any) -> float | None:
    """Return the covariance of two estimated shares of the same people, or None where the wave doesn't have it."""
    if not (is_estimated(first) and is_estimated(second)):
        return None
    pair = (first.item_id, first.response, second.item_id, second.response)
    return survey.known_covariances.get((first.population, first.domain, first.question_id, *pair))


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
    ranked = survey.ranked_shares.get(tuple(first[["population", "domain", "question_id", "response"]]), [])
    return next((share for item, share in ranked if item not in (first["item_id"], second["item_id"])), 0.0)


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
        First minus second, from -1 to 1; see `choose_test`. Where no test fits, all is NaN.
    """
    same_question = first["question_id"] == second["question_id"] and first["item_id"] != second["item_id"]
    other = largest_other(survey, first, second) if same_question and survey.covariances.empty else 0.0
    test = choose_test(survey, first, second, other)
    return test(first["share"], second["share"]) if test else UNTESTED
