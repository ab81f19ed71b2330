"""Weighted shares of items in a population and its domains, with what sampling can have done to them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np
import pandas as pd

from surveybook.respondents.estimation.design import Design, Domain, Indicator
from surveybook.respondents.estimation.freedom import degrees_of_freedom
from surveybook.respondents.estimation.limits import INTERVALS, check_interval, korn_graubard_limits, logit_limits
from surveybook.respondents.estimation.reduction import reduce_respondents
from surveybook.respondents.estimation.strata import CERTAIN
from surveybook.respondents.estimation.sums import Layout, Sums
from surveybook.respondents.estimation.terms import BoolArray, divide, shares, shares_in
from surveybook.respondents.estimation.variance import add_up, covariance
from surveybook.stats.normal import FloatArray, critical_value

ESTIMATES = [
    "item_id",
    "question_id",
    "response",
    "domain",
    "share",
    "standard_error",
    "low",
    "high",
    "base",
    "weighted_base",
    "effective_base",
    "design_effect",
    "degrees_of_freedom",
    "method",
]
COVARIANCES = ["domain", "question_id", "item_a", "response_a", "item_b", "response_b", "covariance"]


@dataclass(frozen=True)
class Estimation:
    """
    Estimates and how they vary together.

    Attributes
    ----------
    estimates : DataFrame
        One row a domain ("" for the whole population) and figure, with the columns `ESTIMATES`: share,
        standard error and limits from 0 to 1; the unweighted, weighted and effective number of people that the
        share is of. NaN where nobody is in the base. People of weight 0 don't count.
    covariances : DataFrame
        One row a domain and pair of figures of one question, with the columns `COVARIANCES`.
    sums : Sums
        What respondents were reduced to; other differences and tests are worked out from it.
    """

    estimates: pd.DataFrame
    covariances: pd.DataFrame
    sums: Sums = field(repr=False)


def estimate(
    frame: Any,
    design: Design,
    indicators: Sequence[Indicator],
    *,
    domains: Sequence[Domain] = (),
    confidence: float = 0.95,
    interval: str = "logit",
    engine: str | None = None,
    covariances: bool = True,
    source: str = "respondents",
) -> Estimation:
    """
    Return the weighted shares of respondents who gave each answer, with design-based standard errors.

    Parameters
    ----------
    frame : table or path
        One row a respondent: a pandas, polars (also lazy), pyarrow or dask table, or the path of a Parquet
        file, which is read in batches.
    design : Design
        How the sample was drawn.
    indicators : sequence of Indicator
        What to estimate; a column of 1, 0 and missing each.
    domains : sequence of Domain
        Parts of the population to estimate it for too. Rows outside stay in the variance as zeros.
    confidence : float, default 0.95
        Confidence level between 0 and 1.
    interval : str, default "logit"
        "logit" or "korn-graubard"; the latter stands in for shares of 0 and 1, which have no logit.
    engine : str, optional
        What reads a file: "pandas" (without it), "polars" or "dask".
    covariances : bool, default True
        Whether to estimate covariances between the figures of a question.
    source : str, default "respondents"
        What error messages call the data, such as the file as it was typed.

    Returns
    -------
    Estimation
        Estimates, covariances, and the sums that both come from.

    Raises
    ------
    DataError
        If weights, strata, clusters, population sizes or answers can't be what they are said to be; it names
        rows (as a spreadsheet counts them) and columns, and no values.
    SurveybookError
        If a stratum has a single cluster and the design doesn't say what to do, or an argument is wrong.

    Notes
    -----
    The design effect compares with simple random sampling with replacement (Kish 1965; R's
    ``deff = "replace"``), which doesn't depend on what the weights add up to.
    """
    critical_value(confidence)
    check_interval(interval)
    layout = Layout(design, tuple(indicators), tuple(domains), pairs=covariances)
    sums = reduce_respondents(frame, layout, engine, source)
    tables: list[pd.DataFrame] = []
    matrices: list[pd.DataFrame] = []
    for domain in (None, *range(len(layout.domains))):
        name = "" if domain is None else layout.domains[domain].name
        rows = sums.rows_in(domain)
        freedom = {base: degrees_of_freedom(sums, base, rows, domain) for base in dict.fromkeys(sums.layout.bases)}
        degrees = [freedom[base] for base in sums.layout.bases]
        found, varying = _estimate_domain(sums, rows, covariances)
        tables.append(_with_limits(found.assign(domain=name, degrees_of_freedom=degrees), design, confidence, interval))
        matrices.append(varying.assign(domain=name))
    both = pd.concat(matrices, ignore_index=True)[COVARIANCES]
    return Estimation(pd.concat(tables, ignore_index=True)[ESTIMATES], both, sums)


def _estimate_domain(sums: Sums, rows: BoolArray, covariances: bool) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Return the shares in a domain with their variances, and the covariances within questions."""
    layout = sums.layout
    everything = shares_in(sums, range(len(layout.indicators)), rows)
    variance = np.full(len(layout.indicators), np.nan)
    pairs = []
    inside = _folded(sums, rows)
    settled = [taken_in_full(inside, base) for base in layout.bases]
    every = np.ones(len(inside.stratum), dtype=bool)
    for members in layout.questions.values():
        groups = [members] if covariances else [[member] for member in members]
        for group in groups:
            matrix = covariance(inside, shares_in(inside, group, every))
            variance[group] = np.diag(matrix)
            pairs += [(group[i], group[j], matrix[i, j]) for i in range(len(group)) for j in range(i + 1, len(group))]
    counts = {name: _counted(sums, everything.under, rows, name) for name in ("n", "w", "v")}
    found = _described(layout, shares(sums, everything), variance, counts).assign(settled=settled)
    return found, _paired(layout, pairs)


def _folded(sums: Sums, rows: BoolArray) -> Sums:
    """Return the sums of some rows alone, added up over domains; strata keep the size of the whole sample."""
    if not rows.any():
        return replace(
            sums,
            stratum=sums.stratum[:1],
            cluster=sums.cluster[:1],
            inside=sums.inside[:1],
            values=np.zeros_like(sums.values[:1]),
        )
    clusters, codes = np.unique(sums.cluster[rows], return_inverse=True)
    stratum = np.zeros(len(clusters), dtype=np.int64)
    stratum[codes] = sums.stratum[rows]
    return replace(
        sums,
        stratum=stratum,
        cluster=np.arange(len(clusters)),
        inside=np.zeros((len(clusters), sums.inside.shape[1]), dtype=bool),
        values=add_up(sums.values[rows], codes, len(clusters)),
    )


def _counted(sums: Sums, bases: tuple[str, ...], rows: BoolArray, weight: str) -> FloatArray:
    """Return the sums of some bases in a domain: unweighted (n), weighted (w) or with squared weights (v)."""
    total: FloatArray = sums.values[rows][:, [sums.columns[f"{weight}:{base}"] for base in bases]].sum(axis=0)
    return total


def taken_in_full(sums: Sums, base: str) -> bool:
    """Return whether everybody in a base comes from strata of which nobody was left out."""
    with_people = np.bincount(sums.stratum, weights=sums.column(f"n:{base}"), minlength=len(sums.sampled)) > 0
    return bool((sums.correction[with_people] < CERTAIN).all())


def _described(layout: Layout, share: FloatArray, variance: FloatArray, counts: dict[str, FloatArray]) -> pd.DataFrame:
    """Return shares with their variances and bases as a table, and Kish's effective base for those without."""
    base, spread = counts["n"], share * (1 - share)
    inner, varies = spread > 0, (spread > 0) & (variance > 0)
    simple = np.where(base > 1, spread / np.maximum(base - 1, 1), np.nan)
    effect = np.where((spread > 0) & ~np.isnan(variance), variance / np.where(simple > 0, simple, np.nan), np.nan)
    kish = divide(counts["w"] ** 2, counts["v"])
    return pd.DataFrame(
        {
            "item_id": [indicator.item_id for indicator in layout.indicators],
            "question_id": [indicator.question_id for indicator in layout.indicators],
            "response": [indicator.response for indicator in layout.indicators],
            "share": share,
            "standard_error": np.sqrt(np.maximum(variance, 0.0)),
            "base": base,
            "weighted_base": counts["w"],
            "effective_base": np.where(varies, divide(base, np.nan_to_num(effect)), kish),
            "design_effect": effect,
            "binomial": np.where(inner, spread / np.where(varies, variance, np.nan), kish),
        }
    )


def _paired(layout: Layout, pairs: list[tuple[int, int, float]]) -> pd.DataFrame:
    """Return covariances as a table."""
    figures = layout.indicators
    return pd.DataFrame(
        [
            (
                figures[i].question_id,
                figures[i].item_id,
                figures[i].response,
                figures[j].item_id,
                figures[j].response,
                c,
            )
            for i, j, c in pairs
        ],
        columns=COVARIANCES[1:],
    )


def _with_limits(found: pd.DataFrame, design: Design, confidence: float, interval: str) -> pd.DataFrame:
    """Return estimates with confidence limits and the method's name."""
    share, error = found["share"].to_numpy(), found["standard_error"].to_numpy()
    if design.census:
        return found.assign(low=share, high=share, method=design.method)
    degrees = found["degrees_of_freedom"].to_numpy()
    low, high = korn_graubard_limits(share, found["binomial"], found["base"], degrees, confidence)
    extreme, settled = np.isin(share, (0.0, 1.0)), found["settled"].to_numpy()
    certain = settled | ((error == 0) & ~extreme & (degrees > 0))
    low, high = np.where(certain, share, low), np.where(certain, share, high)
    if interval == "logit":
        inner = logit_limits(share, error, degrees, confidence)
        low, high = (np.where(extreme | settled, *pair) for pair in zip((low, high), inner, strict=True))
    names = np.where(extreme | (interval != "logit"), INTERVALS["korn-graubard"], INTERVALS["logit"])
    return found.assign(low=low, high=high, method=[f"{name}, {design.method}" for name in names])
