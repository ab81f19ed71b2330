"""Covariances of shares: linearised (Taylor) from strata and clusters, or from replicate weights."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from surveybook.model.problems import SurveybookError
from surveybook.respondents.estimation.strata import CERTAIN, check_lonely
from surveybook.respondents.estimation.sums import Sums
from surveybook.respondents.estimation.terms import BoolArray, Terms, divide, shares, weighted
from surveybook.stats.normal import FloatArray

# Variances are differences of sums of squares, so that what is left below this share of them is rounding.
ROUNDING = 1e-13


def covariance(sums: Sums, terms: Terms) -> FloatArray:
    """
    Return the covariance matrix of some shares.

    Parameters
    ----------
    sums : Sums
        The respondents, reduced.
    terms : Terms
        The shares.

    Returns
    -------
    ndarray
        Square matrix in squared shares; NaN for shares without a base, 0 in a census.

    Raises
    ------
    SurveybookError
        If a stratum has one cluster and the design refuses that, or products that are needed weren't summed.

    Notes
    -----
    Binder (1983) and Woodruff (1971): a share varies as the total of ``w (y - share) / base`` does, with
    clusters drawn with replacement within strata and, given population sizes, their correction at the first
    stage. Rows outside a domain stay in it as zeros. As in R's `survey` (Lumley 2004).
    """
    design = sums.layout.design
    estimated = shares(sums, terms)
    known = ~np.isnan(estimated)
    if design.census:
        matrix = np.zeros((len(estimated), len(estimated)))
    elif design.replicates is not None:
        matrix = _replicated(sums, terms, estimated)
    else:
        check_lonely(sums.sampled, sums.correction, sums.strata_names, design.lonely)
        matrix = _linearised(sums, terms, np.where(known, estimated, 0.0))
    matrix[~known, :] = np.nan
    matrix[:, ~known] = np.nan
    return matrix


def _replicated(sums: Sums, terms: Terms, estimated: FloatArray) -> FloatArray:
    """Return the covariance of the estimates that the replicate weights give."""
    replicates = sums.layout.design.replicates
    assert replicates is not None
    count = len(replicates.columns)
    each = np.array([shares(sums, terms, f"r{place}") for place in range(count)])
    scales = np.ones(count) if replicates.rscales is None else np.array(replicates.rscales, dtype=float)
    used = ~np.isnan(each)
    scaled = np.where(used, scales[:, None], 0.0)
    counted = used & (scales > 0)[:, None]
    mean = divide(np.where(counted, each, 0.0).sum(axis=0), counted.sum(axis=0).astype(float))
    centred = np.where(used, each - (estimated if replicates.mse else mean), 0.0) * np.sqrt(scaled)
    matrix: FloatArray = centred.T @ centred * replicates.factor
    return matrix


def _linearised(sums: Sums, terms: Terms, estimated: FloatArray) -> FloatArray:
    """Return the covariance of linearised totals."""
    strata, inverse = len(sums.sampled), divide(np.ones(len(estimated)), weighted(sums, terms)[1])
    inverse = np.nan_to_num(inverse)
    scores = (_columns(sums, "w", terms.over) * terms.rows_over) - estimated * (
        _columns(sums, "w", terms.under) * terms.rows_under
    )
    totals = add_up(scores * inverse, sums.stratum, strata)
    if sums.layout.squares:
        squares = _squares(sums, terms, estimated) * np.outer(inverse, inverse)
    else:
        by_cluster = add_up(scores * inverse, sums.cluster, int(sums.cluster.max()) + 1)
        of_cluster = np.zeros(len(by_cluster), dtype=np.int64)
        of_cluster[sums.cluster] = sums.stratum
        return _clustered(sums, by_cluster, of_cluster, totals, _present(sums, terms))
    return _summed(sums, squares, totals, _present(sums, terms))


def _columns(sums: Sums, weight: str, names: tuple[str, ...]) -> FloatArray:
    """Return sums of some variables, rows by variables."""
    values: FloatArray = sums.values[:, [sums.columns[f"{weight}:{name}"] for name in names]]
    return values


def add_up(values: FloatArray, codes: NDArray[np.int64], size: int) -> FloatArray:
    """Return the sums of the rows with each code, codes by columns."""
    order = np.argsort(codes, kind="stable")
    found, starts = np.unique(codes[order], return_index=True)
    total = np.zeros((size, *values.shape[1:]))
    total[found] = np.add.reduceat(values[order], starts, axis=0)
    return total


def _present(sums: Sums, terms: Terms) -> BoolArray:
    """Return whether each stratum has rows below the line of any of the shares."""
    counted = (_columns(sums, "n", terms.under) * terms.rows_under).sum(axis=1)
    return np.asarray(np.bincount(sums.stratum, weights=counted, minlength=len(sums.sampled)) > 0)


def _rules(sums: Sums, present: BoolArray) -> tuple[FloatArray, FloatArray, float]:
    """
    Return what the rule for strata with one cluster makes of each stratum.

    Returns
    -------
    scale : ndarray
        Factor of the squares of each stratum.
    centred : ndarray
        1 where they are measured from the stratum's mean, 0 where from that of the whole sample.
    factor : float
        Factor of the whole: how many strata stand for those left out.
    """
    design, alone = sums.layout.design, sums.sampled == 1
    certain = sums.correction < CERTAIN
    scale = sums.correction * np.where(alone, 1.0, sums.sampled / np.maximum(sums.sampled - 1, 1))
    scale = np.where(certain | (alone & (design.lonely != "adjust")), 0.0, scale)
    centred = np.where(alone, 0.0, 1.0)
    factor = 1.0
    if design.lonely == "average":
        strata, left = present.sum(), (present & (~alone | certain)).sum()
        factor = float(strata / left) if left else float("nan")
    return scale, centred, factor


def _clustered(
    sums: Sums, by_cluster: FloatArray, of_cluster: NDArray[np.int64], totals: FloatArray, present: BoolArray
) -> FloatArray:
    """Return the covariance from the totals of clusters, those without anyone in the domain being zeros."""
    scale, centred, factor = _rules(sums, present)
    mean = totals / sums.sampled[:, None] * centred[:, None]
    distance = (by_cluster - mean[of_cluster]) * np.sqrt(scale)[of_cluster][:, None]
    # Clusters with nobody in the domain are zeros that lie as far from the mean as it is from 0.
    absent = sums.sampled - np.bincount(of_cluster, minlength=len(sums.sampled))
    empty = mean * np.sqrt(scale * absent)[:, None]
    matrix: FloatArray = (distance.T @ distance + empty.T @ empty) * factor
    return matrix


def _summed(sums: Sums, squares: FloatArray, totals: FloatArray, present: BoolArray) -> FloatArray:
    """Return the covariance from sums of squares within strata."""
    scale, centred, factor = _rules(sums, present)
    raw = np.einsum("h,hij->ij", scale, squares)
    mean = np.einsum("h,hi,hj->ij", scale * centred / sums.sampled, totals, totals)
    matrix = raw - mean
    size = np.sqrt(np.outer(np.diag(raw), np.diag(raw)))
    matrix[np.abs(matrix) < ROUNDING * size] = 0.0
    return matrix * factor


def _squares(sums: Sums, terms: Terms, estimated: FloatArray) -> FloatArray:
    """Return for each stratum the sums of squares and products of the scores of its rows, not yet divided."""
    strata, count = len(sums.sampled), len(estimated)
    result = np.zeros((strata, count, count))
    first, second = np.triu_indices(count)
    sides = [(terms.over, terms.rows_over, np.ones(count)), (terms.under, terms.rows_under, -estimated)]
    block = max(1, 4_000_000 // max(len(sums.stratum), 1))
    for start in range(0, len(first), block):
        one, other = first[start : start + block], second[start : start + block]
        total = np.zeros((len(sums.stratum), len(one)))
        for names_1, rows_1, factor_1 in sides:
            for names_2, rows_2, factor_2 in sides:
                both = rows_1[:, one] & rows_2[:, other]
                product = _products(sums, [(names_1[i], names_2[j]) for i, j in zip(one, other, strict=True)], both)
                total += product * (factor_1[one] * factor_2[other])
        added = add_up(total, sums.stratum, strata)
        result[:, one, other] = added
        result[:, other, one] = added
    return result


def _products(sums: Sums, pairs: list[tuple[str, str]], rows: NDArray[np.bool_]) -> FloatArray:
    """Return the sums of products of pairs of variables with squared weights in some of the rows."""
    places = []
    for column, (first, second) in enumerate(pairs):
        name = sums.layout.product(first, second)
        if name not in sums.columns:
            if rows[:, column].any():
                raise SurveybookError(
                    "The products of these two items weren't summed; put both under one question_id, or estimate"
                    " with covariances."
                )
            name = "rows"
        places.append(sums.columns[name])
    values: FloatArray = sums.values[:, places] * rows
    return values
