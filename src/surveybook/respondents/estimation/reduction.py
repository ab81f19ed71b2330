"""From respondents to sums: going through them once, and putting together what their parts add."""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from surveybook.model.problems import DataError, Problem
from surveybook.respondents.estimation.checking import Fault, check_columns, raise_faults
from surveybook.respondents.estimation.parts import column_names, each_part, open_frame, rows_at_once
from surveybook.respondents.estimation.strata import stratum_sizes
from surveybook.respondents.estimation.summing import (
    BITS,
    CLUSTER,
    FPC_HIGH,
    FPC_LOW,
    STRATUM,
    key_names,
    mask_names,
    sum_part,
)
from surveybook.respondents.estimation.sums import Layout, Sums, sum_names
from surveybook.stats.normal import FloatArray

# Parts are added up whenever this many rows have gathered.
GATHERED = 200_000
# Where R's `degf` takes replicate weights as dependent; what is added up here are their squares.
TOLERANCE = 1e-5


def reduce_respondents(frame: Any, layout: Layout, engine: str | None = None, source: str = "respondents") -> Sums:
    """
    Return the sums that estimates are made of, going through respondents once.

    Only when items of one question turn out to have different bases does it start again, with a base for each.

    Parameters
    ----------
    frame : table or path
        See `estimate`.
    layout : Layout
        What to sum.
    engine : str, optional
        What reads a file.
    source : str, default "respondents"
        What error messages call the data.

    Returns
    -------
    Sums
        One row a stratum, cluster and combination of domains.

    Raises
    ------
    DataError
        If weights, strata, clusters, corrections or answers can't be what they are said to be.
    """
    opened = open_frame(frame, engine)
    check_columns(column_names(opened), layout, source)
    while True:
        sums, differ = _reduce(opened, layout, source)
        if sums is not None:
            return sums
        layout = replace(layout, split=layout.split | differ)


def _columns(layout: Layout) -> list[str]:
    """Return the columns that are needed, each once."""
    answers, domains = [i.column for i in layout.indicators], [d.column for d in layout.domains]
    return list(dict.fromkeys([*layout.design.columns, *answers, *domains]))


def _reduce(opened: Any, layout: Layout, source: str) -> tuple[Sums | None, frozenset[str]]:
    """Return the sums; or none, and the questions whose items don't have a base in common."""
    columns = _columns(layout)
    tables: list[pd.DataFrame] = []
    faults: list[tuple[int, Fault]] = []
    differ: frozenset[str] = frozenset()
    weighted, gathered, start = False, 0, 0
    products: FloatArray = np.zeros((0, 0, 0))
    for found in each_part(opened, columns, rows_at_once(3 * len(columns)), partial(sum_part, layout=layout)):
        faults += [(start, fault) for fault in found.faults]
        start += found.rows
        differ |= found.differ
        weighted |= found.weighted
        if faults or differ or not found.rows:
            continue
        products = products + found.replicate_products if products.size else found.replicate_products
        tables.append(found.table)
        gathered += len(found.table)
        if gathered > GATHERED:
            tables = [_add_up(tables, layout)]
            gathered = 0
    raise_faults(faults, source)
    if differ:
        return None, differ
    _check_people(start, weighted, layout, source)
    return _sums(_add_up(tables, layout), layout, _ranks(products, len(layout.domains)), source), differ


def _check_people(rows: int, weighted: bool, layout: Layout, source: str) -> None:
    """Raise an error if there is nobody, or nobody counts."""
    if not rows:
        raise DataError("Respondents", [Problem(source, "there are no rows", "expected one a respondent")])
    if not weighted:
        found, expected = "all weights are 0", "expected some above 0"
        raise DataError("Respondents", [Problem(source, found, expected, column=layout.design.weight)])


def _add_up(tables: list[pd.DataFrame], layout: Layout) -> pd.DataFrame:
    """Return tables of sums as one, in an order that doesn't depend on the engine or the parts."""
    grouped = pd.concat(tables, ignore_index=True).groupby(key_names(layout), sort=True, observed=True)
    found = [grouped[sum_names(layout)].sum()]
    if layout.design.fpc:
        found += [grouped[[FPC_LOW]].min(), grouped[[FPC_HIGH]].max()]
    return pd.concat(found, axis=1).reset_index()


def _ranks(products: FloatArray, domains: int) -> FloatArray:
    """Return the rank of replicate weights in the population and each domain; NaN where it wasn't asked for."""
    if not products.size:
        return np.full(1 + domains, np.nan)
    ranks = []
    for product in products:
        scale = np.sqrt(np.maximum(np.diag(product), np.finfo(float).tiny))
        sizes = np.linalg.eigvalsh(product / np.outer(scale, scale))
        ranks.append(float((sizes > TOLERANCE**2 * max(float(sizes.max()), 0.0)).sum()))
    return np.array(ranks)


def _sums(table: pd.DataFrame, layout: Layout, ranks: FloatArray, source: str) -> Sums:
    """Return the record of all sums."""
    keys, names = key_names(layout), sum_names(layout)
    stratum = cluster = np.zeros(len(table), dtype=np.int64)
    labels: tuple[object, ...] = ("",)
    if STRATUM in keys:
        stratum, values = pd.factorize(table[STRATUM])
        labels = tuple(values)
    cluster = stratum
    if CLUSTER in keys:
        within = [name for name in keys if name in (STRATUM, CLUSTER)]
        cluster = table.groupby(within, sort=True, observed=True).ngroup().to_numpy()
    sampled, correction = stratum_sizes(table, layout, stratum, cluster, labels, source)
    return Sums(
        layout=layout,
        stratum=np.asarray(stratum, dtype=np.int64),
        cluster=np.asarray(cluster, dtype=np.int64),
        inside=_members(table, layout),
        columns={name: place for place, name in enumerate(names)},
        values=table[names].to_numpy(dtype=np.float64),
        sampled=sampled,
        correction=correction,
        strata_names=labels,
        replicate_rank=ranks,
    )


def _members(table: pd.DataFrame, layout: Layout) -> NDArray[np.bool_]:
    """Return whether each row belongs to each domain."""
    inside = np.zeros((len(table), len(layout.domains)), dtype=bool)
    for place in range(len(layout.domains)):
        mask = table[mask_names(layout)[place // BITS]].to_numpy(dtype=np.int64)
        inside[:, place] = (mask >> (place % BITS)) & 1 == 1
    return inside
