"""The normal distribution and the checks on input that every method here shares."""

from __future__ import annotations

import math
from statistics import NormalDist

import numpy as np
from numpy.typing import ArrayLike, NDArray

FloatArray = NDArray[np.float64]

# The standard library's functions agree with scipy's to 1e-12 (tests/inference/test_normal.py), and
# importing scipy.special or statsmodels would cost each chapter's kernel 0.2 or 0.9 seconds.
_erfc = np.frompyfunc(math.erfc, 1, 1)


def critical_value(confidence: float) -> float:
    """
    Return the two-sided critical value of the standard normal distribution.

    Parameters
    ----------
    confidence : float
        Confidence level between 0 and 1, for example 0.95.

    Returns
    -------
    float
        The quantile at ``(1 + confidence) / 2``: 1.96 for 0.95.

    Raises
    ------
    ValueError
        If ``confidence`` isn't strictly between 0 and 1.
    """
    if not 0 < confidence < 1:
        raise ValueError(f"The confidence level is {confidence}: it has to lie between 0 and 1, such as 0.95.")
    return NormalDist().inv_cdf((1 + confidence) / 2)


def two_sided_p(statistic: ArrayLike) -> FloatArray:
    """
    Return the two-sided p-values of standard normal test statistics.

    Parameters
    ----------
    statistic : array_like
        Test statistics of any shape; infinite ones are allowed, NaN stays NaN.

    Returns
    -------
    ndarray
        p-values from 0 to 1, in the shape of ``statistic``.
    """
    scaled = np.abs(np.asarray(statistic, dtype=float)) / math.sqrt(2)
    return np.asarray(_erfc(scaled), dtype=float)


def as_shares(shares: ArrayLike) -> FloatArray:
    """
    Return shares as an array of floats, having checked that they are shares.

    Parameters
    ----------
    shares : array_like
        Shares from 0 to 1; NaN stands for an unpublished figure.

    Returns
    -------
    ndarray
        The same numbers as floats.

    Raises
    ------
    ValueError
        If a number lies outside 0 to 1.
    """
    values = np.asarray(shares, dtype=float)
    wrong = values[(values < 0) | (values > 1)]
    if wrong.size:
        raise ValueError(f"A share is {wrong.flat[0]:g}: shares run from 0 to 1. Divide percentages by 100 first.")
    return values


def as_bases(bases: ArrayLike) -> FloatArray:
    """
    Return bases as an array of floats, with NaN where there is no base to reckon with.

    Parameters
    ----------
    bases : array_like
        Numbers of answers, or effective numbers of answers. NaN stands for an unknown base.

    Returns
    -------
    ndarray
        The bases as floats; a base of 0 becomes NaN, because nothing was measured.

    Raises
    ------
    ValueError
        If a base is negative or infinite.
    """
    values = np.asarray(bases, dtype=float)
    wrong = values[(values < 0) | np.isinf(values)]
    if wrong.size:
        raise ValueError(
            f"A base is {wrong.flat[0]:g}: it is a number of answers, so a finite number from 0 up."
            " Leave it empty where it is unknown."
        )
    return np.where(values == 0, np.nan, values)


def standardised(difference: FloatArray, variance: FloatArray) -> FloatArray:
    """
    Return differences divided by their standard errors, without dividing by a variance of 0.

    Parameters
    ----------
    difference, variance : ndarray
        Differences and their variances; NaN where a figure is missing.

    Returns
    -------
    ndarray
        z statistics. Where the variance is 0, a difference of 0 gives 0 and any other is certain: infinite
        with its sign. NaN where either is missing.
    """
    certain = np.where(difference == 0, 0.0, np.copysign(np.inf, difference))
    divisor = np.sqrt(np.where(variance > 0, variance, 1.0))
    statistic = np.where(variance > 0, difference / divisor, certain)
    return np.where(np.isnan(difference) | np.isnan(variance), np.nan, statistic)
