"""Confidence limits of estimated shares, from their standard errors and degrees of freedom."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike

from surveybook.model.problems import SurveybookError
from surveybook.respondents.estimation.freedom import t_quantile
from surveybook.stats.normal import FloatArray, critical_value

INTERVALS = {"logit": "logit", "korn-graubard": "Korn-Graubard"}


def logit_limits(
    share: ArrayLike, standard_error: ArrayLike, degrees_of_freedom: ArrayLike, confidence: float = 0.95
) -> tuple[FloatArray, FloatArray]:
    """
    Return limits that are symmetric on the logit scale.

    Parameters
    ----------
    share, standard_error : array_like
        Shares from 0 to 1 and their standard errors.
    degrees_of_freedom : array_like
        Of the standard errors.
    confidence : float, default 0.95
        Confidence level between 0 and 1.

    Returns
    -------
    low, high : ndarray
        Shares; NaN for shares of exactly 0 or 1, which have no logit.

    Notes
    -----
    R: ``svyciprop(method = "xlogit")``, the same as ``"logit"`` but for the tolerance of its model fit.
    """
    critical_value(confidence)
    shares, errors = np.asarray(share, dtype=float), np.asarray(standard_error, dtype=float)
    inner = np.where((shares > 0) & (shares < 1), shares, np.nan)
    logit, half = np.log(inner / (1 - inner)), errors / (inner * (1 - inner))
    half = half * t_quantile((1 + confidence) / 2, degrees_of_freedom)
    return 1 / (1 + np.exp(half - logit)), 1 / (1 + np.exp(-half - logit))


def korn_graubard_limits(
    share: ArrayLike, effective: ArrayLike, base: ArrayLike, degrees_of_freedom: ArrayLike, confidence: float = 0.95
) -> tuple[FloatArray, FloatArray]:
    """
    Return exact binomial limits for an effective base that allows for the degrees of freedom.

    Parameters
    ----------
    share : array_like
        Shares from 0 to 1.
    effective : array_like
        ``share (1 - share) / variance``; for shares of 0 and 1, which have no variance, Kish's effective base.
    base : array_like
        Unweighted base.
    degrees_of_freedom : array_like
        Of the variance.
    confidence : float, default 0.95
        Confidence level between 0 and 1.

    Returns
    -------
    low, high : ndarray
        Shares.

    Notes
    -----
    Korn and Graubard (1998). R: ``svyciprop(method = "beta")``, which doesn't hold the effective base down to
    the actual one, and has no limits for shares of 0 and 1.
    """
    from scipy import special

    critical_value(confidence)
    shares, number = np.asarray(share, dtype=float), np.asarray(base, dtype=float)
    tail = (1 - confidence) / 2
    ratio = t_quantile(tail, number - 1) / t_quantile(tail, degrees_of_freedom)
    size = np.asarray(effective, dtype=float) * ratio**2
    chosen, other = size * shares, size * (1 - shares)
    low = np.where(chosen > 0, special.betaincinv(np.where(chosen > 0, chosen, 1.0), other + 1, tail), 0.0)
    high = np.where(other > 0, special.betaincinv(chosen + 1, np.where(other > 0, other, 1.0), 1 - tail), 1.0)
    unknown = np.isnan(size) | np.isnan(shares)
    return np.where(unknown, np.nan, low), np.where(unknown, np.nan, high)


def check_interval(interval: str) -> None:
    """Raise an error if there is no such interval."""
    if interval not in INTERVALS:
        raise SurveybookError(f"The interval is {interval!r}; expected one of {', '.join(INTERVALS)}.")
