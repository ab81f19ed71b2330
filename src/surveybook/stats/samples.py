"""How large a new wave has to be to detect a change against a published share."""

from __future__ import annotations

import math
from collections.abc import Sequence
from statistics import NormalDist

import numpy as np
import pandas as pd

from surveybook.stats.intervals import effective_bases
from surveybook.stats.normal import as_bases, as_shares, critical_value


def sample_needed(
    share: float, base: float, change: float, confidence: float = 0.95, power: float = 0.8, design_effect: float = 1.0
) -> float:
    """
    Return how many answers a new wave needs to detect a change against a published share.

    Parameters
    ----------
    share : float
        The published share from 0 to 1; NaN where unpublished.
    base : float
        Its effective base; NaN where unknown.
    change : float
        The change to detect, on the scale of shares: 0.05 for a rise by five points, -0.05 for a fall.
    confidence : float, default 0.95
        One minus the chance that the two-sided test finds a change where there is none.
    power : float, default 0.8
        Chance that it finds this one.
    design_effect : float, default 1
        Design effect of the new wave.

    Returns
    -------
    float
        A whole number of answers, or infinity where no sample is large enough because the published base
        limits the comparison. NaN where a figure is missing or the change would leave 0 to 1.

    Raises
    ------
    ValueError
        If an input is out of range, or the change is 0.

    Notes
    -----
    Fleiss, Levin and Paik (2003), *Statistical Methods for Rates and Proportions*, chapter 4, without
    continuity correction, with one base given: the two-sided pooled z test of `score_statistic`, the
    published share taken to be the true one of its time, the waves independent.
    """
    first, size = float(as_shares(share)), float(as_bases(base))
    if change == 0:
        raise ValueError("The change is 0: no sample detects that. Name the change in shares, such as 0.05.")
    if not 0 < power < 1:
        raise ValueError(f"The power is {power}: it has to lie between 0 and 1. Write 0.8 for 80 per cent.")
    if not design_effect >= 1:
        raise ValueError(f"The design effect is {design_effect:g}: it has to be 1 or more.")
    second = first + change
    if math.isnan(first + size) or not -1e-12 <= second <= 1 + 1e-12:
        return float("nan")
    second = min(max(second, 0.0), 1.0)
    critical, reach = critical_value(confidence), NormalDist().inv_cdf(power)

    def margin(new: float) -> float:
        """Return how far the change exceeds what a new wave with this effective base detects."""
        weight = 1 / (1 + size / new) if math.isfinite(new) else 1.0
        pooled = first + weight * (second - first)
        pooled_error = math.sqrt(pooled * (1 - pooled) * (1 / size + 1 / new))
        error = math.sqrt(first * (1 - first) / size + second * (1 - second) / new)
        return abs(change) - critical * pooled_error - reach * error

    if margin(math.inf) <= 0:
        return float("inf")
    low, high = 0, 1
    while margin(high) < 0:
        low, high = high, 2 * high
    while high - low > 1:
        middle = (low + high) // 2
        low, high = (low, middle) if margin(middle) >= 0 else (middle, high)
    return float(math.ceil(high * design_effect))


def samples_needed(
    estimates: pd.DataFrame,
    changes: Sequence[float] = (0.03, 0.05, 0.10),
    confidence: float = 0.95,
    power: float = 0.8,
    design_effect: float = 1.0,
) -> pd.DataFrame:
    """
    Return for each published figure the sample that would detect each of some changes, up or down.

    Parameters
    ----------
    estimates : DataFrame
        One row a figure, with ``share`` and an effective base (see `effective_bases`).
    changes : sequence of float, default (0.03, 0.05, 0.10)
        Sizes of change on the scale of shares, all positive.
    confidence, power, design_effect : float
        As in `sample_needed`.

    Returns
    -------
    DataFrame
        One row a figure and change, figures in the order given: the columns of ``estimates``, ``change`` and
        ``sample_needed``, the larger of the samples for a rise and a fall (that of the one that is possible
        where the share is near 0 or 1); NaN where a figure is missing, infinity where no sample is enough.

    Raises
    ------
    ValueError
        If an input is out of range.

    Notes
    -----
    As `sample_needed`.
    """
    shares = estimates["share"].to_numpy(dtype=float, na_value=np.nan)
    bases = effective_bases(estimates)
    needed = [
        np.fmax(
            sample_needed(share, base, change, confidence, power, design_effect),
            sample_needed(share, base, -change, confidence, power, design_effect),
        )
        for share, base in zip(shares, bases, strict=True)
        for change in changes
    ]
    rows = estimates.loc[estimates.index.repeat(len(changes))].reset_index(drop=True)
    return rows.assign(change=list(changes) * len(estimates), sample_needed=np.array(needed, dtype=float))
