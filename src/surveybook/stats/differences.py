"""Differences between two published shares, from independent samples or from the same people."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import ArrayLike

from surveybook.stats.intervals import wilson
from surveybook.stats.normal import FloatArray, as_bases, as_shares, critical_value, standardised, two_sided_p
from surveybook.stats.overlap import overlap_bounds, overlap_statistic, overlap_variance

Holds = Literal["every", "some", "no", "n/a"]

# Two percentages that can't overlap may print as 101 in all, and half a unit more each at the worst corner.
_LARGEST_EXCLUSIVE_SUM = 1.02 + 1e-9


@dataclass(frozen=True)
class Difference:
    """
    The difference between two shares, on the scale of shares (-1 to 1), with its uncertainty.

    Attributes
    ----------
    difference : float
        First share minus second share; NaN where one is unpublished.
    standard_error : float
        Standard error of the difference, at the least favourable overlap where the overlap is unknown.
    low, high : float
        Confidence limits, at the least favourable overlap where the overlap is unknown.
    p_value : float
        Two-sided p-value of no difference, at the least favourable overlap where the overlap is unknown.
    method : str
        Name of the interval and test.
    holds : {"every", "some", "no", "n/a"}
        Whether the interval excludes 0 at every, at some or at no overlap that the printed shares allow;
        "n/a" for independent samples and where a figure is missing.
    overlap_low, overlap_high : float
        Smallest and largest share that can have both answers; NaN for independent samples.
    """

    difference: float
    standard_error: float
    low: float
    high: float
    p_value: float
    method: str
    holds: Holds = "n/a"
    overlap_low: float = float("nan")
    overlap_high: float = float("nan")

    @property
    def excludes_zero(self) -> bool:
        """Whether the confidence interval excludes 0 (never, where a figure is missing)."""
        return self.low > 0 or self.high < 0


def newcombe(
    share_1: ArrayLike, base_1: ArrayLike, share_2: ArrayLike, base_2: ArrayLike, confidence: float = 0.95
) -> tuple[FloatArray, FloatArray]:
    """
    Return Newcombe's hybrid score interval for the difference between two independent shares.

    Parameters
    ----------
    share_1, share_2 : array_like
        Shares from 0 to 1; NaN where unpublished.
    base_1, base_2 : array_like
        Effective bases; NaN where unknown.
    confidence : float, default 0.95
        Confidence level between 0 and 1.

    Returns
    -------
    low, high : ndarray
        Limits of ``share_1 - share_2``, from -1 to 1; NaN where a figure is missing.

    Raises
    ------
    ValueError
        If a share, base or confidence is out of range.

    Notes
    -----
    Newcombe (1998), "Interval estimation for the difference between independent proportions: comparison of
    eleven methods", method 10 (no continuity correction). The two samples are independent of each other.
    """
    first, second = as_shares(share_1), as_shares(share_2)
    low_1, high_1 = wilson(first, base_1, confidence)
    low_2, high_2 = wilson(second, base_2, confidence)
    difference = first - second
    return (
        difference - np.hypot(first - low_1, high_2 - second),
        difference + np.hypot(high_1 - first, second - low_2),
    )


def score_statistic(share_1: ArrayLike, base_1: ArrayLike, share_2: ArrayLike, base_2: ArrayLike) -> FloatArray:
    """
    Return the score (pooled z) statistic of no difference between two independent shares.

    Parameters
    ----------
    share_1, share_2 : array_like
        Shares from 0 to 1; NaN where unpublished.
    base_1, base_2 : array_like
        Effective bases; NaN where unknown.

    Returns
    -------
    ndarray
        Standard normal statistics, positive where the first share is larger. 0 where both shares are 0 or
        both are 1: the pooled variance is 0 there, and so is the difference. NaN where a figure is missing.

    Raises
    ------
    ValueError
        If a share or base is out of range.

    Notes
    -----
    The score test with the variance pooled under the hypothesis, whose square is Pearson's chi-squared
    without continuity correction: ``statsmodels.stats.proportion.test_proportions_2indep`` with
    ``method="score", correction=False``. It asks the same question as Newcombe's interval by other
    arithmetic, so that at the margin one may find a difference and the other not.
    """
    first, second = as_shares(share_1), as_shares(share_2)
    size_1, size_2 = as_bases(base_1), as_bases(base_2)
    # As a weighted mean this is exactly 0 or 1 where both shares are, which the quotient of sums is not.
    pooled = first + (second - first) * size_2 / (size_1 + size_2)
    variance = np.clip(pooled * (1 - pooled), 0.0, None) * (1 / size_1 + 1 / size_2)
    return standardised(first - second, variance)


def compare_independent(
    share_1: float, base_1: float, share_2: float, base_2: float, confidence: float = 0.95
) -> Difference:
    """
    Return the difference between the shares of two independent samples: two populations, or two waves.

    Parameters
    ----------
    share_1, share_2 : float
        Shares from 0 to 1; NaN where unpublished.
    base_1, base_2 : float
        Effective bases; NaN where unknown.
    confidence : float, default 0.95
        Confidence level between 0 and 1.

    Returns
    -------
    Difference
        First minus second, with Newcombe's interval, the p-value of the pooled z test and the unpooled
        standard error. All NaN where a figure is missing.

    Raises
    ------
    ValueError
        If a share, base or confidence is out of range.

    Notes
    -----
    Newcombe (1998), method 10, and the score test; see `newcombe` and `score_statistic`.
    """
    low, high = newcombe(share_1, base_1, share_2, base_2, confidence)
    p_value = two_sided_p(score_statistic(share_1, base_1, share_2, base_2))
    size_1, size_2 = as_bases(base_1), as_bases(base_2)
    variance = share_1 * (1 - share_1) / size_1 + share_2 * (1 - share_2) / size_2
    return Difference(
        difference=float(share_1 - share_2),
        standard_error=float(np.sqrt(variance)),
        low=float(low),
        high=float(high),
        p_value=float(p_value),
        method="Newcombe interval, score test",
    )


def compare_choices(
    share_1: float, share_2: float, base: float, confidence: float = 0.95, largest_other: float = 0.0
) -> Difference:
    """
    Return the difference between two items of one question at which people chose several.

    Parameters
    ----------
    share_1, share_2 : float
        Shares from 0 to 1 of the same people; NaN where unpublished.
    base : float
        Effective base of the question; NaN where unknown.
    confidence : float, default 0.95
        Confidence level between 0 and 1.
    largest_other : float, default 0
        Largest share of any other item, where people chose two; it can only move ``holds`` from "some" to
        "no", never the interval or the p-value.

    Returns
    -------
    Difference
        First minus second, at the least favourable overlap, with ``holds`` over all overlaps.

    Raises
    ------
    ValueError
        If a share, base or confidence is out of range.

    Notes
    -----
    Wild and Seber (1993) for the variance, Fréchet (1951) for the overlap; see `overlap_bounds`.
    """
    low, high = overlap_bounds(share_1, share_2, largest_other)
    method = "Wald interval at the least favourable overlap"
    return _compare_overlapping(share_1, share_2, base, confidence, (float(low), float(high)), method)


def compare_statements(share_1: float, share_2: float, base: float, confidence: float = 0.95) -> Difference:
    """
    Return the difference between two separate statements put to the same people.

    Parameters
    ----------
    share_1, share_2 : float
        Shares from 0 to 1 of the same people; NaN where unpublished.
    base : float
        Effective base, the smaller one where they differ; NaN where unknown.
    confidence : float, default 0.95
        Confidence level between 0 and 1.

    Returns
    -------
    Difference
        First minus second, at the least favourable overlap, with ``holds`` over all overlaps.

    Raises
    ------
    ValueError
        If a share, base or confidence is out of range.

    Notes
    -----
    As `compare_choices`, with the plain bounds of Fréchet (1951): no answer excludes another.
    """
    return compare_choices(share_1, share_2, base, confidence)


def compare_exclusive(share_1: float, share_2: float, base: float, confidence: float = 0.95) -> Difference:
    """
    Return the difference between two answers of which each person gives one: agree against disagree.

    Parameters
    ----------
    share_1, share_2 : float
        Shares from 0 to 1 of the same people, together at most 1 but for rounding; NaN where unpublished.
    base : float
        Effective base of the question; NaN where unknown.
    confidence : float, default 0.95
        Confidence level between 0 and 1.

    Returns
    -------
    Difference
        First minus second, with overlap 0, so that ``holds`` is "every" or "no".

    Raises
    ------
    ValueError
        If a share, base or confidence is out of range, or the shares add up to more than rounding allows.

    Notes
    -----
    Wild and Seber (1993): two cells of one multinomial distribution.
    """
    if share_1 + share_2 > _LARGEST_EXCLUSIVE_SUM:
        raise ValueError(
            f"Shares of {share_1:g} and {share_2:g} add up to more than 1, so that some people gave both"
            " answers. Compare them as choices or as statements."
        )
    return _compare_overlapping(share_1, share_2, base, confidence, (0.0, 0.0), "Wald interval, no overlap")


def _compare_overlapping(
    share_1: float, share_2: float, base: float, confidence: float, bounds: tuple[float, float], method: str
) -> Difference:
    """Return the difference at the smallest overlap, and whether it holds from there to the largest one."""
    difference = float(as_shares(share_1) - as_shares(share_2))
    statistics = overlap_statistic(share_1, share_2, np.array(bounds), base)
    error = float(np.sqrt(overlap_variance(share_1, share_2, bounds[0]) / as_bases(base)))
    critical = critical_value(confidence)
    holds: Holds = "no"
    if np.isnan(statistics[0]):
        holds = "n/a"
    elif abs(statistics[0]) > critical:
        holds = "every"
    elif abs(statistics[1]) > critical:
        holds = "some"
    return Difference(
        difference=difference,
        standard_error=error,
        low=float(np.clip(difference - critical * error, -1, None)),
        high=float(np.clip(difference + critical * error, None, 1)),
        p_value=float(two_sided_p(statistics[0])),
        method=method,
        holds=holds,
        overlap_low=bounds[0] if holds != "n/a" else float("nan"),
        overlap_high=bounds[1] if holds != "n/a" else float("nan"),
    )
