"""What has to hold of respondents before anything is summed; engines disagree about the rest."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from surveybook.model.problems import DataError, Problem, SurveybookError
from surveybook.respondents.estimation.sums import Layout
from surveybook.stats.normal import FloatArray

NAMED = 5
WEIGHT = "expected a number, 0 or more"
ANSWER = "expected 1 for given, 0 for not given, empty for not in the base"


@dataclass(frozen=True)
class Fault:
    """Something wrong in a column of one part: how often, and the first rows, counted from the part's own start."""

    column: str
    found: str
    expected: str
    count: int
    rows: tuple[int, ...]


def check_columns(names: list[str], layout: Layout, source: str) -> None:
    """Raise an error that names all columns that are needed and aren't there, and figures that come twice."""
    needed = dict.fromkeys(layout.design.columns, "the design")
    needed |= {indicator.column: f"item {indicator.item_id}" for indicator in layout.indicators}
    needed |= {domain.column: f"domain {domain.name}" for domain in layout.domains}
    problems = [
        Problem(source, "the column isn't there", f"expected by {what}", column=name)
        for name, what in needed.items()
        if name not in names
    ]
    if problems:
        raise DataError("Respondents", problems)
    figures = [(indicator.item_id, indicator.response) for indicator in layout.indicators]
    twice = sorted({figure for figure in figures if figures.count(figure) > 1})
    if twice or not figures:
        said = f"{twice[0][0]} ({twice[0][1]}) is to be estimated twice" if twice else "There is nothing to estimate"
        raise SurveybookError(f"{said}; expected each item and response once.")
    labels = [domain.name for domain in layout.domains]
    if len(set(labels)) < len(labels) or "" in labels:
        raise SurveybookError("Two domains have one name, or a domain has none; expected a name of its own for each.")


def fault(column: str, found: str, expected: str, wrong: NDArray[np.bool_]) -> list[Fault]:
    """Return a fault if any row is wrong."""
    if not wrong.any():
        return []
    places = np.flatnonzero(wrong)
    return [Fault(column, found, expected, len(places), tuple(int(place) for place in places[:NAMED]))]


def check_weight(column: str, weight: FloatArray) -> list[Fault]:
    """Return what is wrong with a column of weights."""
    return fault(column, "the weight is missing", WEIGHT, np.isnan(weight)) + fault(
        column, "the weight is negative or infinite", WEIGHT, (weight < 0) | np.isinf(weight)
    )


def check_answers(column: str, answer: FloatArray) -> list[Fault]:
    """Return what is wrong with a column of answers."""
    wrong = (answer != 0) & (answer != 1) & (answer == answer)
    return fault(column, "the answer isn't 0 or 1", ANSWER, wrong)


def check_filled(column: str, values: NDArray[np.generic]) -> list[Fault]:
    """Return whether a column that has to be filled has gaps."""
    return fault(column, "nothing stands here", "expected a value in every row", np.asarray(pd.isna(values)))


def raise_faults(faults: Iterable[tuple[int, Fault]], source: str) -> None:
    """
    Raise one error for the faults of all parts, each kind once with its first rows as a spreadsheet counts them.

    Parameters
    ----------
    faults : iterable of tuple of int and Fault
        With the number of rows before the part.
    source : str
        What the data are called.
    """
    together: dict[tuple[str, str, str], tuple[int, list[int]]] = {}
    for start, one in faults:
        key = (one.column, one.found, one.expected)
        count, rows = together.get(key, (0, []))
        together[key] = (count + one.count, [*rows, *(start + row + 2 for row in one.rows)])
    problems = []
    for (column, found, expected), (count, rows) in together.items():
        first = ", ".join(str(row) for row in rows[:NAMED])
        more = f" in {count:,} rows (the first: {first})" if count > 1 and rows else ""
        problems.append(Problem(source, found + more, expected, row=rows[0] if rows else None, column=column))
    if problems:
        raise DataError("Respondents", problems)
