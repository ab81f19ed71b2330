"""Confidence intervals for one published share."""

from __future__ import annotations

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike

from surveybook.stats.normal import FloatArray, as_bases, as_shares, critical_value

METHOD = "Wilson"


def effective_base(base: ArrayLike, design_effect: ArrayLike = 1.0) -> FloatArray:
    """
    Return the size of the simple random sample that would be as precise as this one.

    Parameters
    ----------
    base : array_like
        Numbers of answers; NaN where unknown.
    design_effect : array_like, default 1
        Design effects, 1 or more. NaN (not disclosed) counts as 1: "as if simple random".

    Returns
    -------
    ndarray
        ``base / design_effect``, in the shape that the two broadcast to.

    Raises
    ------
    ValueError
        If a design effect is below 1, or a base is negative.

    Notes
    -----
    Kish (1965), *Survey Sampling*. Design effects below 1 occur with well-stratified samples, but nothing
    that is published here could justify one, so it is taken for a mistake.
    """
    effects = np.asarray(design_effect, dtype=float)
    wrong = effects[effects < 1]
    if wrong.size:
        raise ValueError(f"A design effect is {wrong.flat[0]:g}: it has to be 1 or more. Leave it empty if unknown.")
    return as_bases(base) / np.where(np.isnan(effects), 1.0, effects)


def standard_error(share: ArrayLike, effective_base: ArrayLike) -> FloatArray:
    """
    Return the standard error of a share, as if from a simple random sample.

    Parameters
    ----------
    share : array_like
        Shares from 0 to 1; NaN where unpublished.
    effective_base : array_like
        Bases divided by their design effects; NaN where unknown.

    Returns
    -------
    ndarray
        ``sqrt(share (1 - share) / effective_base)`` on the scale of shares; NaN where either is missing.

    Raises
    ------
    ValueError
        If a share lies outside 0 to 1, or a base is negative.
    """
    shares = as_shares(share)
    return np.sqrt(shares * (1 - shares) / as_bases(effective_base))


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
        The limits as shares from 0 to 1, in the shape that the inputs broadcast to; NaN where there is
        no share or no base.

    Raises
    ------
    ValueError
        If a share lies outside 0 to 1, a base is negative or the confidence isn't between 0 and 1.

    Notes
    -----
    Wilson (1927), "Probable inference, the law of succession, and statistical inference". The sample is
    treated as simple random with the effective base. The limits are those of
    ``statsmodels.stats.proportion.proportion_confint(method="wilson")``, which the tests compare to 1e-12;
    statsmodels isn't called here because importing it takes a chapter's kernel most of a second.
    """
    shares, bases = np.broadcast_arrays(as_shares(share), as_bases(effective_base))
    squared = critical_value(confidence) ** 2
    centre = (shares + squared / (2 * bases)) / (1 + squared / bases)
    spread = np.sqrt(squared * (shares * (1 - shares) / bases + squared / (4 * bases**2))) / (1 + squared / bases)
    # In floating point the limits at shares of 0 and 1 would miss them by a hair.
    low = np.clip(np.minimum(centre - spread, shares), 0.0, 1.0)
    high = np.clip(np.maximum(centre + spread, shares), 0.0, 1.0)
    return low, high


def add_intervals(estimates: pd.DataFrame, confidence: float = 0.95) -> pd.DataFrame:
    """
    Return the estimates with a standard error and a confidence interval for each share.

    Parameters
    ----------
    estimates : DataFrame
        One row a figure, with ``share`` (0 to 1) and ``effective_base``; where there is no
        ``effective_base``, it is reckoned from ``base`` and, if there is one, ``design_effect``.
    confidence : float, default 0.95
        Confidence level between 0 and 1.

    Returns
    -------
    DataFrame
        A copy in the same order with ``standard_error``, ``low`` and ``high`` on the scale of shares (NaN
        where there is no share or no base) and ``method`` ("Wilson", or empty where there is no interval).

    Raises
    ------
    ValueError
        If a share lies outside 0 to 1, a base is negative, a design effect is below 1 or the confidence
        isn't between 0 and 1.
    """
    shares = estimates["share"].to_numpy(dtype=float, na_value=np.nan)
    bases = effective_bases(estimates)
    low, high = wilson(shares, bases, confidence)
    return estimates.assign(
        standard_error=standard_error(shares, bases), low=low, high=high, method=np.where(np.isnan(low), "", METHOD)
    )


def effective_bases(estimates: pd.DataFrame) -> FloatArray:
    """
    Return the effective base of each row of a table of estimates.

    Parameters
    ----------
    estimates : DataFrame
        With ``effective_base``, or with ``base`` and perhaps ``design_effect``.

    Returns
    -------
    ndarray
        One float a row; NaN where the base is unknown.

    Raises
    ------
    ValueError
        If a base is negative or a design effect below 1.
    """
    if "effective_base" in estimates:
        return as_bases(estimates["effective_base"].to_numpy(dtype=float, na_value=np.nan))
    effects: ArrayLike = 1.0
    if "design_effect" in estimates:
        effects = estimates["design_effect"].to_numpy(dtype=float, na_value=np.nan)
    return effective_base(estimates["base"].to_numpy(dtype=float, na_value=np.nan), effects)
