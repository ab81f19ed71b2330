"""One published share: its confidence interval, and what it owes to the rounding of what was printed."""

from collections.abc import Callable
from itertools import product

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike, NDArray

FloatArray = NDArray[np.float64]
METHOD = "Wilson"
# Two different printed values may meet at the half unit between them and can't cross, whatever the rule for
# halves, so corners are taken a hair inside: otherwise no order of neighbouring percentages would survive.
_HAIR = 1e-9


def wilson(share: ArrayLike, effective_base: ArrayLike, confidence: float = 0.95) -> tuple[FloatArray, FloatArray]:
    """
    Return Wilson's score interval for a share.

    Parameters
    ----------
    share : array_like
        Shares from 0 to 1; NaN where unpublished.
    effective_base : array_like
        Bases divided by their design effects; they needn't be whole numbers. NaN where unknown.
    confidence : float, default 0.95
        Confidence level between 0 and 1.

    Returns
    -------
    low, high : ndarray
        The limits as shares from 0 to 1, in the shape that the inputs broadcast to; NaN where there is no share or no
        base.

    Notes
    -----
    Wilson (1927), "Probable inference, the law of succession, and statistical inference", by statsmodels. The sample
    is treated as simple random with the effective base.
    """
    from statsmodels.stats.proportion import proportion_confint  # see the package's docstring

    shares, bases = np.broadcast_arrays(*(np.asarray(one, dtype=float) for one in (share, effective_base)))
    low, high = proportion_confint(shares * bases, np.array(bases), alpha=1 - confidence, method="wilson")
    # In floating point the limits at shares of 0 and 1 would miss them by a hair.
    return np.asarray(np.minimum(low, shares)), np.asarray(np.maximum(high, shares))


def add_intervals(estimates: pd.DataFrame, confidence: float = 0.95) -> pd.DataFrame:
    """
    Return the estimates with a standard error and a confidence interval for each share.

    Parameters
    ----------
    estimates : DataFrame
        One row a figure, with ``share`` (0 to 1), ``effective_base`` and ``decimals``, those of the printed percentage.
    confidence : float, default 0.95
        Confidence level between 0 and 1.

    Returns
    -------
    DataFrame
        A copy in the same order with ``standard_error`` (as if from a simple random sample of the effective base),
        ``low`` and ``high`` on the scale of shares (NaN where there is no share or no base) and ``method`` ("Wilson",
        or empty where there is no interval).

    Notes
    -----
    A printed share is any of those that print so: the lower limit is Wilson's of the smallest of them, the upper one
    Wilson's of the largest. For true shares from 1 to 99 per cent and bases from 200 to 5,000, printed in whole per
    cents, these limits cover at least .94 and on average .967 to .989; those of the printed share alone would cover
    .905 to .948 on average and at worst none, and no rule between the two holds its level everywhere
    (``benchmarks/rounding.py``).
    """
    shares, bases = (estimates[name].to_numpy(dtype=float, na_value=np.nan) for name in ("share", "effective_base"))
    half = half_unit(estimates["decimals"])
    low, high = (wilson(np.clip(shares + end, 0, 1), bases, confidence)[side] for side, end in enumerate((-half, half)))
    error = np.sqrt(shares * (1 - shares) / bases)
    return estimates.assign(standard_error=error, low=low, high=high, method=np.where(np.isnan(low), "", METHOD))


def half_unit(decimals: ArrayLike) -> FloatArray:
    """
    Return half of the last printed unit of a percentage, on the scale of shares.

    Parameters
    ----------
    decimals : array_like
        Printed decimals of the percentage: 0 for "68", 1 for "68.3"; NaN for a figure that wasn't rounded.

    Returns
    -------
    ndarray
        0.005 for no decimals, 0.0005 for one, 0 where nothing was rounded.
    """
    places = np.asarray(decimals, dtype=float)
    return np.where(np.isnan(places), 0.0, 0.005 * 10.0 ** -np.where(np.isnan(places), 0.0, places))


def survives_rounding(finding: Callable[[FloatArray], bool], shares: ArrayLike, decimals: ArrayLike = 0) -> bool:
    """
    Return whether a finding holds at every set of values that prints the same.

    Parameters
    ----------
    finding : callable
        Takes an array of shares, in the order of ``shares``, and returns whether the finding holds.
    shares : array_like
        The printed shares that it rests on, from 0 to 1, one-dimensional and few: the corners double with each.
    decimals : array_like, default 0
        Printed decimals of the percentages, one for all or one each; NaN for those that weren't rounded.

    Returns
    -------
    bool
        True if it holds at the printed values and at each corner of the box of half a printed unit around them; False
        where a share is NaN.

    Notes
    -----
    Enumeration of the worst case, not a statistical method. The corners decide if the finding is a condition that is
    monotone in each share, or several of them joined by "and": an order, a difference that is significant in one
    direction, a share above a fraction, an interval within limits.
    """
    printed = np.asarray(shares, dtype=float)
    if np.isnan(printed).any() or not finding(printed):
        return False
    return all(finding(np.array(corner)) for corner in product(*zip(*find_ends(printed, decimals), strict=True)))


def find_ends(shares: FloatArray, decimals: ArrayLike) -> tuple[FloatArray, FloatArray]:
    """Return the smallest and the largest share (0-1) that print as each of some do."""
    low, high = np.clip(shares - half_unit(decimals), 0.0, 1.0), np.clip(shares + half_unit(decimals), 0.0, 1.0)
    hair = np.minimum(_HAIR, (high - low) / 4)
    # An end at 0 or 1 is a value that a share can have, so it isn't drawn in.
    return np.where(low > 0, low + hair, 0.0), np.where(high < 1, high - hair, 1.0)


def check_sum(percentages: ArrayLike, decimals: ArrayLike, max_choices: float) -> str:
    """
    Return whether the percentages of one question can add up, given the choices that people had.

    Parameters
    ----------
    percentages : array_like
        Printed percentages from 0 to 100 of all items of one question in one population; NaN where unpublished.
    decimals : array_like
        Printed decimals, one for all or one each.
    max_choices : float
        How many items a respondent could choose, at least 1.

    Returns
    -------
    str
        "impossible" where no rounding explains the sum, "doubtful" where only rounding could, empty where it is right.

    Notes
    -----
    Arithmetic: each respondent adds at most ``max_choices`` to the sum of the counts.
    """
    values = np.asarray(percentages, dtype=float)
    least = np.clip(values - 100 * half_unit(decimals), 0.0, None)
    if np.nansum(least) > 100 * max_choices + 1e-9:
        return "impossible"
    return "doubtful" if np.nansum(values) > 100 * max_choices + 1e-9 else ""
