"""Degrees of freedom of variances, and quantiles and tails of the distributions that need them."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike

from surveybook.respondents.estimation.sums import Sums
from surveybook.respondents.estimation.terms import BoolArray
from surveybook.stats.normal import FloatArray


def degrees_of_freedom(sums: Sums, base: str, rows: BoolArray, domain: int | None = None) -> float:
    """
    Return the degrees of freedom of what is estimated from some rows of the sums.

    Parameters
    ----------
    sums : Sums
        The respondents, reduced.
    base : str
        Name of the base, such as "b0".
    rows : ndarray of bool
        Rows of the sums that count.
    domain : int, optional
        The domain that the rows are, for replicate weights; None for the whole population.

    Returns
    -------
    float
        Clusters less strata with anyone of positive weight in the rows and the base (R's `degf` of a subset);
        the rank of the replicate weights less one, or what the design states; infinite in a census.
    """
    design = sums.layout.design
    if design.census:
        return float("inf")
    if design.replicates is not None:
        given = design.replicates.degrees_of_freedom
        return float(sums.replicate_rank[0 if domain is None else domain + 1] - 1) if given is None else float(given)
    people = sums.column(f"n:{base}") * rows
    strata = len(np.unique(sums.stratum[people > 0]))
    clusters = people.sum() if design.cluster is None else len(np.unique(sums.cluster[people > 0]))
    return float(clusters - strata)


def welch(variance_1: float, degrees_1: float, variance_2: float, degrees_2: float) -> float:
    """Return the degrees of freedom of a difference of independent estimates (Welch and Satterthwaite)."""
    divisor = variance_1**2 / degrees_1 + variance_2**2 / degrees_2
    return (variance_1 + variance_2) ** 2 / divisor if divisor else min(degrees_1, degrees_2)


def t_quantile(probability: float, degrees: ArrayLike) -> FloatArray:
    """Return quantiles of Student's t: the normal's for infinite, NaN for no degrees of freedom."""
    from scipy import special  # slow to load, and chapters that read published figures don't need it

    given = np.asarray(degrees, dtype=float)
    finite = np.where((given > 0) & ~np.isinf(given), given, np.nan)
    quantile: FloatArray = np.where(np.isinf(given), special.ndtri(probability), special.stdtrit(finite, probability))
    return quantile


def two_sided_t(statistic: ArrayLike, degrees: ArrayLike) -> FloatArray:
    """Return two-sided p-values of Student's t: the normal's for infinite, NaN for no degrees of freedom."""
    from scipy import special

    size, given = np.abs(np.asarray(statistic, dtype=float)), np.asarray(degrees, dtype=float)
    finite = np.where((given > 0) & ~np.isinf(given), given, np.nan)
    p: FloatArray = 2 * np.where(np.isinf(given), special.ndtr(-size), special.stdtr(finite, -size))
    return p
