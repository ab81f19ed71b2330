"""Two answers of the same people, when it isn't known how many gave both."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike

from surveybook.stats.normal import FloatArray, as_bases, as_shares, standardised


def overlap_bounds(
    share_1: ArrayLike, share_2: ArrayLike, largest_other: ArrayLike = 0.0
) -> tuple[FloatArray, FloatArray]:
    """
    Return the smallest and largest share of people who can have given both of two answers.

    Parameters
    ----------
    share_1, share_2 : array_like
        Shares from 0 to 1 of the same people; NaN where unpublished.
    largest_other : array_like, default 0
        Largest share of any other item of the question, where people chose two: who chose both of these
        items can't have chosen that one. 0 for separate statements.

    Returns
    -------
    low, high : ndarray
        ``max(0, share_1 + share_2 - 1)`` and ``min(share_1, share_2, 1 - largest_other)``. Where rounding
        makes the second smaller than the first, both are the first.

    Raises
    ------
    ValueError
        If a share is out of range.

    Notes
    -----
    Fréchet's bounds (Fréchet 1951, "Sur les tableaux de corrélation dont les marges sont données"). The
    lower bound, the least favourable one for a difference, holds for any number of choices: only the upper
    one leans on there having been two.
    """
    first, second = as_shares(share_1), as_shares(share_2)
    low = np.maximum(0.0, first + second - 1)
    high = np.minimum(np.minimum(first, second), 1 - as_shares(largest_other))
    return low, np.maximum(low, high)


def overlap_variance(share_1: ArrayLike, share_2: ArrayLike, overlap: ArrayLike) -> FloatArray:
    """
    Return the variance, for one respondent, of the difference between two answers of the same people.

    Parameters
    ----------
    share_1, share_2 : array_like
        Shares from 0 to 1; NaN where unpublished.
    overlap : array_like
        Share who gave both answers, from 0 to 1.

    Returns
    -------
    ndarray
        ``share_1 + share_2 - 2 overlap - (share_1 - share_2)**2``, never below 0; divide it by the
        effective base for the variance of the difference.

    Raises
    ------
    ValueError
        If a share is out of range.

    Notes
    -----
    Wild and Seber (1993), "Comparing two proportions from the same survey". It falls as the overlap grows,
    so the smallest overlap is the least favourable to finding a difference.
    """
    first, second = as_shares(share_1), as_shares(share_2)
    variance = np.asarray(first + second - 2 * as_shares(overlap) - (first - second) ** 2)
    # Cancellation leaves some 1e-17 where the variance is 0, and a statistic of a hundred million.
    return np.where(np.abs(variance) < 1e-12, 0.0, np.clip(variance, 0.0, None))


def overlap_statistic(share_1: ArrayLike, share_2: ArrayLike, overlap: ArrayLike, base: ArrayLike) -> FloatArray:
    """
    Return the z statistic of no difference between two answers of the same people at a given overlap.

    Parameters
    ----------
    share_1, share_2 : array_like
        Shares from 0 to 1; NaN where unpublished.
    overlap : array_like
        Share who gave both answers, from 0 to 1.
    base : array_like
        Effective base that the two shares have in common; NaN where unknown.

    Returns
    -------
    ndarray
        Standard normal statistics, positive where the first share is larger; where the variance is 0, they
        are 0 for equal shares and infinite otherwise (one is 0 and the other 1). NaN for missing figures.

    Raises
    ------
    ValueError
        If a share or base is out of range.

    Notes
    -----
    Wald's test with the variance of `overlap_variance`, so that it agrees with the interval.
    """
    first, second = as_shares(share_1), as_shares(share_2)
    return standardised(first - second, overlap_variance(first, second, overlap) / as_bases(base))
