"""Differences between estimated shares: of one survey, where they depend on each other, and of independent ones."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
import pandas as pd

from surveybook.model.problems import SurveybookError
from surveybook.respondents.estimation.estimates import Estimation
from surveybook.respondents.estimation.freedom import degrees_of_freedom, t_quantile, two_sided_t, welch
from surveybook.respondents.estimation.sums import Sums
from surveybook.respondents.estimation.terms import Terms, shares, shares_in, together
from surveybook.respondents.estimation.variance import covariance
from surveybook.stats.normal import critical_value, standardise

Figure = tuple[str, str, str]


@dataclass(frozen=True)
class EstimatedDifference:
    """
    The difference between two estimated shares, from -1 to 1.

    Attributes
    ----------
    difference : float
        First share minus second.
    standard_error : float
        Its standard error.
    low, high : float
        Confidence limits from Student's t.
    p_value : float
        Two-sided, of no difference.
    degrees_of_freedom : float
        Of the standard error.
    method : str
        How the two depend on each other.
    """

    difference: float
    standard_error: float
    low: float
    high: float
    p_value: float
    degrees_of_freedom: float
    method: str


def difference_of(
    shares_of: tuple[float, float],
    variance: float,
    degrees: float,
    confidence: float = 0.95,
    method: str = "dependent estimates",
) -> EstimatedDifference:
    """Return a difference whose variance is known, with Student's t for its limits and test."""
    critical_value(confidence)
    size, error = shares_of[0] - shares_of[1], float(np.sqrt(max(variance, 0.0))) if variance == variance else np.nan
    half = float(t_quantile((1 + confidence) / 2, degrees)) * error if error else 0.0
    statistic = standardise(np.array([size]), np.array([variance]))
    p = float(two_sided_t(statistic, degrees)[0])
    return EstimatedDifference(size, error, size - half, size + half, p, degrees, method)


def compare_within(
    estimation: Estimation, first: Figure, second: Figure, confidence: float = 0.95
) -> EstimatedDifference:
    """
    Return the difference between two figures of one survey: two items, or an item in two domains.

    Parameters
    ----------
    estimation : Estimation
        The survey.
    first, second : tuple of str
        Item, response and domain ("" for the whole population).
    confidence : float, default 0.95
        Confidence level between 0 and 1.

    Returns
    -------
    EstimatedDifference
        With the covariance of the two taken into account: the same people answered both items, and the same
        clusters may hold people of both domains.

    Raises
    ------
    SurveybookError
        If a figure isn't among the estimates, or the products of the two items weren't summed.
    """
    sums = estimation.sums
    terms = together(_terms(sums, first), _terms(sums, second))
    matrix, found = covariance(sums, terms), shares(sums, terms)
    degrees = degrees_of_freedom(sums, terms.under[0], np.asarray(terms.rows_under.any(axis=1)))
    variance = float(matrix[0, 0] + matrix[1, 1] - 2 * matrix[0, 1])
    # What is left of a difference of a figure with itself is rounding.
    variance = 0.0 if abs(variance) < 1e-14 * float(matrix[0, 0] + matrix[1, 1]) else variance
    return difference_of((float(found[0]), float(found[1])), variance, degrees, confidence)


def _terms(sums: Sums, figure: Figure) -> Terms:
    """Return the figure as a ratio of sums."""
    item, response, domain = figure
    figures = [(indicator.item_id, indicator.response) for indicator in sums.layout.indicators]
    names = [named.name for named in sums.layout.domains]
    if (item, response) not in figures or (domain and domain not in names):
        raise SurveybookError(f"There is no estimate of {item} ({response}){f' in {domain}' if domain else ''}.")
    return shares_in(sums, [figures.index((item, response))], sums.rows_in(names.index(domain) if domain else None))


def compare_surveys(first: pd.Series, second: pd.Series, confidence: float = 0.95) -> EstimatedDifference:
    """
    Return the difference between two rows of estimates of independent samples: two populations, or two waves.

    Parameters
    ----------
    first, second : Series
        Rows with ``share``, ``standard_error`` and ``degrees_of_freedom``; missing degrees count as infinite.
    confidence : float, default 0.95
        Confidence level between 0 and 1.

    Returns
    -------
    EstimatedDifference
        With Welch's degrees of freedom. Where the same people may be in both, see `refuse_overlap`.
    """
    variances = [float(row["standard_error"]) ** 2 for row in (first, second)]
    degrees = [
        np.inf if pd.isna(row["degrees_of_freedom"]) else float(row["degrees_of_freedom"]) for row in (first, second)
    ]
    freedom = welch(variances[0], degrees[0], variances[1], degrees[1]) if min(degrees) > 0 else np.nan
    pair = float(first["share"]), float(second["share"])
    return difference_of(pair, sum(variances), freedom, confidence, "independent estimates")


def refuse_overlap(first: Iterable[object], second: Iterable[object], names: tuple[str, str]) -> None:
    """
    Raise an error if the same respondents are in two samples that are to be compared as independent.

    Parameters
    ----------
    first, second : iterable
        Respondents' ids.
    names : tuple of str
        What the samples are called.

    Raises
    ------
    SurveybookError
        If any id is in both: a panel's change depends on who stayed, and isn't estimated here.
    """
    both = {value for value in first if not pd.isna(value)} & {value for value in second if not pd.isna(value)}
    if both:
        raise SurveybookError(
            f"{len(both):,} respondents of {names[0]} are in {names[1]} too, so the two aren't independent samples;"
            " changes within a panel can't be compared this way."
        )
