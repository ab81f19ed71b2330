"""Ratios of weighted sums: what a share is, in the whole population, in a domain or in a cell of a crosstab."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from surveybook.respondents.estimation.sums import Sums
from surveybook.stats.normal import FloatArray

BoolArray = NDArray[np.bool_]


@dataclass(frozen=True)
class Terms:
    """
    Some shares whose variances are wanted together.

    Attributes
    ----------
    over, under : tuple of str
        Names of the variables above and below the line, one a share: answers (y3) and bases (b3).
    rows_over, rows_under : ndarray of bool
        Rows of the sums that count above and below, rows by shares.
    """

    over: tuple[str, ...]
    under: tuple[str, ...]
    rows_over: BoolArray
    rows_under: BoolArray


def shares_in(sums: Sums, indicators: Sequence[int], rows: BoolArray) -> Terms:
    """Return the shares of some indicators among some rows."""
    bases = sums.layout.bases
    chosen = np.repeat(rows[:, None], len(indicators), axis=1)
    return Terms(tuple(f"y{i}" for i in indicators), tuple(bases[i] for i in indicators), chosen, chosen)


def together(first: Terms, second: Terms) -> Terms:
    """Return the shares of both."""
    return Terms(
        first.over + second.over,
        first.under + second.under,
        np.hstack([first.rows_over, second.rows_over]),
        np.hstack([first.rows_under, second.rows_under]),
    )


def weighted(sums: Sums, terms: Terms, weight: str = "w") -> tuple[FloatArray, FloatArray]:
    """Return what stands above and below the line of each share, summed with one of the weights."""
    over = sums.values[:, [sums.columns[f"{weight}:{name}"] for name in terms.over]]
    under = sums.values[:, [sums.columns[f"{weight}:{name}"] for name in terms.under]]
    return (over * terms.rows_over).sum(axis=0), (under * terms.rows_under).sum(axis=0)


def divide(over: FloatArray, under: FloatArray) -> FloatArray:
    """Return ratios, NaN where there is nothing below the line."""
    return np.where(under > 0, over / np.where(under > 0, under, 1.0), np.nan)


def shares(sums: Sums, terms: Terms, weight: str = "w") -> FloatArray:
    """Return the shares, from 0 to 1; NaN without a base."""
    over, under = weighted(sums, terms, weight)
    return divide(over, under)
