"""The pass over respondents: what one part of them adds to the sums, written once for every engine."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import narwhals as nw
import numpy as np
import pandas as pd
from numpy.typing import NDArray

from surveybook.respondents.estimation.checking import Fault, check_answers, check_filled, check_weight
from surveybook.respondents.estimation.parts import Part
from surveybook.respondents.estimation.sums import Layout, sum_names
from surveybook.stats.normal import FloatArray

STRATUM, CLUSTER, MASK = "key stratum", "key cluster", "key domains"
FPC_LOW, FPC_HIGH = "fpc low", "fpc high"
BITS = 60
Arrays = dict[str, FloatArray]


@dataclass(frozen=True)
class PartSums:
    """
    What one part of the respondents adds.

    Attributes
    ----------
    rows : int
        Respondents in the part.
    table : DataFrame
        Their sums by stratum, cluster and domains; empty if there are faults.
    faults : list of Fault
        What is wrong with them.
    differ : frozenset of str
        Questions whose items don't have one base here.
    weighted : bool
        Whether anybody has a weight above 0.
    replicate_products : ndarray
        Products of the replicate weights, in the population and in each domain, from which their rank follows.
    """

    rows: int
    table: pd.DataFrame
    faults: list[Fault]
    differ: frozenset[str]
    weighted: bool
    replicate_products: FloatArray


def mask_names(layout: Layout) -> list[str]:
    """Return the names of the numbers whose bits tell the domains of a row."""
    return [f"{MASK} {start}" for start in range(0, max(len(layout.domains), 1), BITS)]


def key_names(layout: Layout) -> list[str]:
    """Return what sums are taken by; strata and clusters don't matter to replicate weights or in a census."""
    design = layout.design
    linear = design.replicates is None and not design.census
    strata = [STRATUM] if linear and design.strata is not None else []
    return strata + ([CLUSTER] if linear and design.cluster is not None else []) + mask_names(layout)


def sum_part(part: Part, layout: Layout) -> PartSums:
    """Return what a part of the respondents adds to the sums."""
    faults: list[Fault] = []
    weights = _weights(part, layout, faults)
    answers = np.empty((len(layout.indicators), len(part)))
    for position, indicator in enumerate(layout.indicators):
        answers[position] = _numbers(part, indicator.column, faults)
        faults += check_answers(indicator.column, answers[position])
    missing = np.isnan(answers)
    differ = frozenset(
        question
        for question, members in layout.questions.items()
        if question not in layout.split and (missing[members] != missing[members[0]]).any()
    )
    keys = _keys(part, layout, faults)
    fpc = _numbers(part, layout.design.fpc, faults) if layout.design.fpc else None
    weighted, nothing = bool((weights["w"] > 0).any()), np.zeros((0, 0, 0))
    if faults or differ or not len(part):
        return PartSums(len(part), pd.DataFrame(), faults, differ, weighted, nothing)
    order, starts = _cells(keys)
    variables = {f"y{i}": row[order] for i, row in enumerate(np.where(missing, 0.0, answers))}
    for base in dict.fromkeys(layout.bases):
        variables[base] = (~missing[int(base[1:])][order]).astype(np.float64)
    sorted_weights = {name: weight[order] for name, weight in weights.items()}
    table = pd.DataFrame(_sums(layout, sorted_weights, variables, starts), columns=sum_names(layout))
    firsts = order[starts]
    labels: dict[str, Any] = {name: values[firsts] for name, (values, _) in keys.items()}
    if fpc is not None:
        labels[FPC_LOW] = np.minimum.reduceat(fpc[order], starts)
        labels[FPC_HIGH] = np.maximum.reduceat(fpc[order], starts)
    table = pd.concat([pd.DataFrame(labels), table], axis=1)
    return PartSums(len(part), table, faults, differ, weighted, _replicate_products(layout, weights, keys))


def _numbers(part: Part, column: str, faults: list[Fault]) -> FloatArray:
    """Return a column as floats, NaN where it is empty."""
    series = part.get_column(column)
    try:
        if series.dtype in (nw.String, nw.Categorical, nw.Datetime, nw.Date):
            raise TypeError
        # Engines turn gaps into NaN or None here, and both into NaN in floats.
        return np.asarray(series.to_numpy(), dtype=np.float64)
    except (TypeError, ValueError):
        faults.append(Fault(column, "the column holds something other than numbers", "expected numbers", 0, ()))
        return np.zeros(len(part))


def _weights(part: Part, layout: Layout, faults: list[Fault]) -> Arrays:
    """Return the weights (w), whether they count (n), their squares (v) and those of replicates (r0, r1, …)."""
    design = layout.design
    weight = np.ones(len(part))
    if design.weight is not None:
        weight = _numbers(part, design.weight, faults)
        faults += check_weight(design.weight, weight)
    found = {"w": weight, "n": (weight > 0).astype(np.float64), "v": weight * weight}
    if design.replicates is not None:
        for place, column in enumerate(design.replicates.columns):
            replicate = _numbers(part, column, faults)
            faults += check_weight(column, replicate)
            found[f"r{place}"] = replicate if design.replicates.combined else replicate * weight
    return found


def _keys(part: Part, layout: Layout, faults: list[Fault]) -> dict[str, tuple[NDArray[Any], NDArray[np.int64]]]:
    """Return what sums are taken by: the values, and numbers from 0 that stand for them."""
    design, names = layout.design, key_names(layout)
    found: dict[str, tuple[NDArray[Any], NDArray[np.int64]]] = {}
    for name, column in ((STRATUM, design.strata), (CLUSTER, design.cluster), ("", design.fpc)):
        if column is None:
            continue
        values = part.get_column(column).to_numpy()
        faults += check_filled(column, values)
        if name in names:
            found[name] = (values, pd.factorize(values)[0].astype(np.int64))
    for name in mask_names(layout):
        start = int(name.rsplit(" ", 1)[1])
        mask = np.zeros(len(part), dtype=np.int64)
        for bit, domain in enumerate(layout.domains[start : start + BITS]):
            mask |= _members(part, domain.column, domain.value, faults).astype(np.int64) << bit
        found[name] = (mask, pd.factorize(mask)[0].astype(np.int64))
    return found


def _members(part: Part, column: str, value: object, faults: list[Fault]) -> NDArray[np.bool_]:
    """Return whether each row has a value in a column."""
    try:
        member = (part.get_column(column) == value).fill_null(False).to_numpy()
    except Exception:
        expected = f"expected values such as {value!r}, which the mapping names"
        faults.append(Fault(column, f"the column holds no {type(value).__name__}", expected, 0, ()))
        return np.zeros(len(part), dtype=bool)
    return np.asarray(member, dtype=bool)


def _cells(keys: dict[str, tuple[NDArray[Any], NDArray[np.int64]]]) -> tuple[NDArray[np.intp], NDArray[np.intp]]:
    """Return an order that puts rows with the same keys together, and where each such cell starts."""
    codes: NDArray[np.int64] | None = None
    for _, more in keys.values():
        codes = more if codes is None else codes * (int(more.max()) + 1) + more
        codes = pd.factorize(codes)[0].astype(np.int64)
    assert codes is not None
    # Sixteen bits are sorted several times as fast.
    order = np.argsort(codes.astype(np.uint16) if codes.max() < 2**16 else codes, kind="stable")
    counts = np.bincount(codes)
    return order, np.concatenate([[0], np.cumsum(counts)[:-1]])


def _sums(layout: Layout, weights: Arrays, variables: Arrays, starts: NDArray[np.intp]) -> FloatArray:
    """Return the sums of each cell, cells by the names of `sum_names`."""
    names = sum_names(layout)
    replicates = _replicated(layout, weights, variables, starts)
    sums = np.empty((len(names), len(starts)))
    for place, name in enumerate(names):
        if name in replicates:
            sums[place] = replicates[name]
        elif name == "rows":
            sums[place] = np.diff(np.append(starts, len(weights["w"])))
        else:
            weight, *factors = name.replace(":", "*").split("*")
            product = weights[weight] * variables[factors[0]]
            for factor in factors[1:]:
                product *= variables[factor]
            sums[place] = np.add.reduceat(product, starts)
    return sums.T


def _replicated(layout: Layout, weights: Arrays, variables: Arrays, starts: NDArray[np.intp]) -> Arrays:
    """Return the sums with replicate weights, by name; there are few cells then, and matrices are quickest."""
    if layout.design.replicates is None:
        return {}
    count = len(layout.design.replicates.columns)
    above = np.vstack([weights[f"r{place}"] for place in range(count)])
    below = np.vstack(list(variables.values()))
    ends = np.append(starts[1:], above.shape[1])
    blocks = np.stack([above[:, i:j] @ below[:, i:j].T for i, j in zip(starts, ends, strict=True)], axis=-1)
    return {f"r{r}:{name}": blocks[r, v] for r in range(count) for v, name in enumerate(variables)}


def _replicate_products(
    layout: Layout, weights: Arrays, keys: dict[str, tuple[NDArray[Any], NDArray[np.int64]]]
) -> FloatArray:
    """Return the products of replicate weights with each other, in the population and in each domain."""
    replicates = layout.design.replicates
    if replicates is None or replicates.degrees_of_freedom is not None or layout.design.census:
        return np.zeros((0, 0, 0))
    every = np.vstack([weights[f"r{place}"] for place in range(len(replicates.columns))])
    found = [every @ every.T]
    for place in range(len(layout.domains)):
        mask = keys[mask_names(layout)[place // BITS]][0]
        chosen = every[:, (mask >> (place % BITS)) & 1 == 1]
        found.append(chosen @ chosen.T)
    return np.stack(found)
