"""Adjusting p-values for the number of tests in a family."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike, NDArray

from surveybook.stats.normal import FloatArray


def holm(p_values: ArrayLike, families: Sequence[object] | None = None) -> FloatArray:
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
    Holm (1979), "A simple sequentially rejective multiple test procedure": it bounds the chance of any false
    finding in the family whatever the dependence between the tests. The values are those of
    ``statsmodels.stats.multitest.multipletests(method="holm")``, which is too slow to import (see `normal`).
    """
    values = np.asarray(p_values, dtype=float)
    wrong = values[(values < 0) | (values > 1)]
    if wrong.size:
        raise ValueError(f"A p-value is {wrong[0]:g}: it has to lie between 0 and 1.")
    adjusted = np.full(values.shape, np.nan)
    for members in family_members(values, families):
        order = members[np.argsort(values[members], kind="stable")]
        steps = len(order) - np.arange(len(order))
        adjusted[order] = np.minimum(np.maximum.accumulate(steps * values[order]), 1.0)
    return adjusted


def family_members(values: FloatArray, families: Sequence[object] | None) -> list[NDArray[np.intp]]:
    """
    Return for each family the positions of its tests, leaving out those with NaN.

    Parameters
    ----------
    values : ndarray
        One number a test.
    families : sequence or None
        One label a test; None for one family.

    Returns
    -------
    list of ndarray
        Positions in ``values``, a family each, in order of first appearance.

    Raises
    ------
    ValueError
        If there are not as many families as values.
    """
    if families is not None and len(families) != len(values):
        raise ValueError(f"There are {len(values)} tests and {len(families)} families: name one for each.")
    # An index of labels, so that a tuple counts as one label and not as two columns.
    labels = pd.Index([0] * len(values) if families is None else list(families), tupleize_cols=False)
    codes = pd.factorize(labels)[0]
    known = ~np.isnan(values)
    return [np.flatnonzero((codes == code) & known) for code in pd.unique(codes[known])]
