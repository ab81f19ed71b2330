"""The normal distribution, Student's t, families of tests, and the checks on input that every method here shares."""

from collections.abc import Sequence
from statistics import NormalDist

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike, NDArray

FloatArray = NDArray[np.float64]


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


def two_sided_p(statistic: ArrayLike, degrees_of_freedom: ArrayLike = np.inf) -> FloatArray:
    """
    Return the two-sided p-values of test statistics, standard normal or of Student's t.

    Parameters
    ----------
    statistic : array_like
        Test statistics of any shape; infinite ones are allowed, NaN stays NaN.
    degrees_of_freedom : array_like
        More than 0; infinity stands for the normal distribution.

    Returns
    -------
    ndarray
        p-values from 0 to 1, in the shape that the two broadcast to.
    """
    from scipy.special import stdtr  # here, because a command that works nothing out needn't wait for it

    return np.asarray(2 * stdtr(degrees_of_freedom, -np.abs(np.asarray(statistic, dtype=float))), dtype=float)


def standardise(difference: ArrayLike, variance: ArrayLike) -> FloatArray:
    """
    Return differences divided by their standard errors, without dividing by a variance of 0.

    Parameters
    ----------
    difference, variance : array_like
        Differences and their variances; NaN where a figure is missing.

    Returns
    -------
    ndarray
        z statistics. Where the variance is 0, a difference of 0 gives 0 and any other is certain: infinite with its
        sign. NaN where either is missing.
    """
    difference, variance = np.asarray(difference, dtype=float), np.asarray(variance, dtype=float)
    certain = np.where(difference == 0, 0.0, np.copysign(np.inf, difference))
    divisor = np.sqrt(np.where(variance > 0, variance, 1.0))
    statistic = np.where(variance > 0, difference / divisor, certain)
    return np.where(np.isnan(difference) | np.isnan(variance), np.nan, statistic)


def adjust_p_values(p_values: ArrayLike, families: Sequence[object] | None = None) -> FloatArray:
    """
    Return p-values adjusted by Holm's step-down method within families of tests.

    Parameters
    ----------
    p_values : array_like
        One-dimensional p-values; NaN (no test was possible) stays NaN and doesn't count.
    families : sequence, optional
        The family of each test, by any hashable label; one family without it.

    Returns
    -------
    ndarray
        Adjusted p-values in the order given, at least as large as the raw ones and at most 1.

    Raises
    ------
    ValueError
        If a p-value lies outside 0 to 1, or there are not as many families as p-values.

    Notes
    -----
    Holm (1979), "A simple sequentially rejective multiple test procedure": it bounds the chance of any false finding
    in the family whatever the dependence between the tests. The values are those of
    ``statsmodels.stats.multitest.multipletests(method="holm")``, which takes one family at a time and collects the
    garbage of the whole process each time: 0.1 seconds a family in a chapter's kernel, and a table of changes has a
    family a question.
    """
    values = np.asarray(p_values, dtype=float)
    wrong = values[(values < 0) | (values > 1)]
    if wrong.size:
        raise ValueError(f"A p-value is {wrong[0]:g}: it has to lie between 0 and 1.")
    if families is not None and len(families) != len(values):
        raise ValueError(f"There are {len(values)} tests and {len(families)} families: name one for each.")
    # An index of labels, so that a tuple counts as one label and not as two columns.
    labels = pd.Index([0] * len(values) if families is None else list(families), tupleize_cols=False)
    codes, adjusted = pd.factorize(labels)[0], np.full(values.shape, np.nan)
    for family in np.unique(codes):
        members = np.flatnonzero((codes == family) & ~np.isnan(values))
        order = members[np.argsort(values[members], kind="stable")]
        steps = np.arange(len(order), 0, -1)
        adjusted[order] = np.minimum(np.maximum.accumulate(steps * values[order]), 1.0)
    return adjusted


def check_shares(shares: ArrayLike) -> FloatArray:
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


def check_bases(bases: ArrayLike) -> FloatArray:
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
