"""What a finding owes to the rounding of the percentages that it rests on."""

from __future__ import annotations

from collections.abc import Callable
from itertools import product

import numpy as np
from numpy.typing import ArrayLike

from surveybook.stats.normal import FloatArray, as_shares

# Two different printed values may meet at the half unit between them and can't cross, whatever the rule for
# halves, so corners are taken a hair inside: otherwise no order of neighbouring percentages would survive.
_HAIR = 1e-9
_MOST_SHARES = 14


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


def rounding_limits(share: ArrayLike, decimals: ArrayLike) -> tuple[FloatArray, FloatArray]:
    """
    Return the smallest and largest share that may print as this one does.

    Parameters
    ----------
    share : array_like
        Shares as printed, from 0 to 1; NaN where unpublished.
    decimals : array_like
        Printed decimals of the percentages; NaN for a figure that wasn't rounded.

    Returns
    -------
    low, high : ndarray
        The share half a printed unit either way, within 0 to 1. Whether the ends themselves print as this
        share depends on the rule for halves, which no report states; both are counted in.

    Raises
    ------
    ValueError
        If a share lies outside 0 to 1.
    """
    shares, half = as_shares(share), half_unit(decimals)
    return np.clip(shares - half, 0.0, 1.0), np.clip(shares + half, 0.0, 1.0)


def survives_rounding(finding: Callable[[FloatArray], bool], shares: ArrayLike, decimals: ArrayLike = 0) -> bool:
    """
    Return whether a finding holds at every set of values that prints the same.

    Parameters
    ----------
    finding : callable
        Takes an array of shares, in the order of ``shares``, and returns whether the finding holds.
    shares : array_like
        The printed shares that it rests on, from 0 to 1, one-dimensional, at most 14.
    decimals : array_like, default 0
        Printed decimals of the percentages, one for all or one each; NaN for those that weren't rounded.

    Returns
    -------
    bool
        True if it holds at the printed values and at each corner of the box of half a printed unit around
        them; False where a share is NaN.

    Raises
    ------
    ValueError
        If a share lies outside 0 to 1, or there are more than 14 shares.

    Notes
    -----
    Enumeration of the worst case, not a statistical method. The corners decide if the finding is a condition
    that is monotone in each share, or several of them joined by "and": an order, a difference that is
    significant in one direction, a share above a fraction, an interval within limits.
    """
    printed = np.atleast_1d(as_shares(shares))
    if printed.size > _MOST_SHARES:
        raise ValueError(
            f"The finding rests on {printed.size} shares, and its corners double with each:"
            f" name at most {_MOST_SHARES} that it depends on."
        )
    if np.isnan(printed).any() or not finding(printed):
        return False
    low, high = rounding_limits(printed, decimals)
    hair = np.minimum(_HAIR, (high - low) / 4)
    # A corner at 0 or 1 is a value that a share can have, so it isn't drawn in.
    ends = zip(np.where(low > 0, low + hair, 0.0), np.where(high < 1, high - hair, 1.0), strict=True)
    return all(finding(np.array(corner)) for corner in product(*ends))
