"""Respondents reduced to weighted sums that add up.

Sums are taken by question, group, stratum and cluster. Each batch of a file gives sums, the sums of all batches add up
to those of the whole, and all that is estimated is worked out from the small table that comes of it. So a file may be
larger than memory.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from surveybook.model.problems import DataError, Problem, SurveybookError
from surveybook.respondents.design import Design, Domain, Indicator
from surveybook.stats.shares import FloatArray

IntArray = NDArray[np.int64]
# An answer of each person as a code, and the number that each code stands for: 1 or 0 where it is a share that is
# estimated, NaN for people out of its base.
Answer = tuple[NDArray[Any], FloatArray]

# Numbers held at once, eight bytes each: a batch has as many rows as that allows.
NUMBERS, LEAST, MOST = 8_000_000, 2_000, 131_072
# Sums of batches are added up whenever this many rows of them have gathered.
GATHERED = 200_000
# Combinations of codes beyond this many are numbered anew by those that occur.
CROWDED = 2**22
# Codes that are so many times more than rows are numbered by those that occur: to go through all would take longer.
SPARSE = 8
# Rows that a message names.
NAMED = 5
# What messages call the data; who knows the file puts its name there.
NAME = "respondents"
STRATUM, CLUSTER, GROUP, SIZE, WITHIN = "key stratum", "key cluster", "key group", "size", "size within"
FILLED = "expected a value in every row"


@dataclass(frozen=True)
class Layout:
    """
    Which sums are taken.

    Of each question with k figures the variables are its k answers (1 or 0, or a number) and then their k bases, 1 or 0
    a person. A row of sums holds first the number of respondents and of those whose weight isn't 0; then, a question at
    a time, the sums of its variables by each of the weights (1 for whom the weight isn't 0, the weight, its square, the
    replicate weights) and, where people are drawn from strata or from clusters, the sums of all products of two
    variables by squared weights.

    Attributes
    ----------
    design : Design
        How the sample was drawn.
    indicators : tuple of Indicator
        What is estimated.
    domains : tuple of Domain
        The parts of the population it is estimated for.
    """

    design: Design
    indicators: tuple[Indicator, ...]
    domains: tuple[Domain, ...]

    @cached_property
    def questions(self) -> list[list[int]]:
        """The positions of each question's indicators; one without a question is one by itself."""
        found: dict[str, list[int]] = {}
        for position, indicator in enumerate(self.indicators):
            found.setdefault(indicator.question_id or f"#{position}", []).append(position)
        return list(found.values())

    @cached_property
    def splits(self) -> dict[str | None, dict[object, int]]:
        """Each column that splits the population, with a code for each of its groups; None where none does.

        No two groups of any columns have one code. That of people in none of a column's groups is the one after them.
        """
        found: dict[str | None, dict[object, int]] = {}
        for domain in self.domains:
            found.setdefault(domain.column, {})[domain.value] = 0
        start = 0
        for column, values in found.items():
            found[column] = {value: start + place for place, value in enumerate(values)}
            start += len(values) + 1
        return found or {None: {}}

    @property
    def columns(self) -> list[str]:
        """All columns that are needed, each once."""
        answers, groups = [i.column for i in self.indicators], [d.column for d in self.domains]
        return list(dict.fromkeys([*self.design.columns, *answers, *groups]))

    @cached_property
    def units(self) -> dict[str, str]:
        """The columns of strata and clusters that sums are taken by; with replicate weights or in a census, none."""
        named = {STRATUM: self.design.strata, CLUSTER: self.design.cluster} if self.design.is_linearised else {}
        return {key: column for key, column in named.items() if column is not None}

    @property
    def weights(self) -> int:
        """How many weights there are: 1, the weight, its square, and those of replicates."""
        return 3 + (len(self.design.replicates.columns) if self.design.replicates else 0)

    @property
    def has_products(self) -> bool:
        """Whether products of answers have to be summed, because people vary and not clusters alone."""
        people_vary = self.design.cluster is None or self.design.fpc_within is not None
        return self.design.is_linearised and people_vary

    @cached_property
    def blocks(self) -> list[tuple[slice, slice]]:
        """Where the sums of each question stand in a row: those by weights, and those of products."""
        found, start = [], 2
        for members in self.questions:
            count = 2 * len(members)
            middle = start + self.weights * count
            end = middle + (count * (count + 1) // 2 if self.has_products else 0)
            found.append((slice(start, middle), slice(middle, end)))
            start = end
        return found


@dataclass(frozen=True)
class Sums:
    """
    What some of the respondents add up to.

    Attributes
    ----------
    table : DataFrame
        One row a stratum, cluster and group of each column that splits the population, with the sums of a `Layout`;
        none of nobody.
    sizes : DataFrame
        The sizes of the population that are given in each stratum, and of a second stage in each cluster, which should
        be one; empty without any.
    products : ndarray
        Products of replicate weights with each other, in the population and in each domain.
    """

    table: pd.DataFrame = field(default_factory=pd.DataFrame)
    sizes: pd.DataFrame = field(default_factory=pd.DataFrame)
    products: FloatArray | float = 0.0


def refuse(found: str, expected: str, row: int | None = None, column: str | None = None) -> DataError:
    """Return the error that says what is wrong with respondents."""
    return DataError("Respondents", [Problem(NAME, found, expected, row, column)])


@dataclass(frozen=True)
class Batch:
    """Some respondents while they are summed: their columns, and how many come before them."""

    frame: pd.DataFrame
    first: int
    layout: Layout

    def check_rows(self, column: str, found: str, expected: str, wrong: NDArray[np.bool_]) -> None:
        """Raise an error if any row is wrong, with the first rows as a spreadsheet counts them."""
        rows = self.first + np.flatnonzero(wrong) + 2
        if len(rows):
            more = f" in {len(rows):,} rows (the first: {', '.join(map(str, rows[:NAMED]))})" if len(rows) > 1 else ""
            raise refuse(found + more, expected, int(rows[0]), column)

    def read_numbers(self, column: str) -> FloatArray:
        """Return a column as floats, NaN where it is empty."""
        series = self.frame[column]
        kinds = ("boolean", "integer", "floating", "mixed-integer-float", "empty")
        if not (pd.api.types.is_numeric_dtype(series) or pd.api.types.infer_dtype(series, skipna=True) in kinds):
            raise refuse("the column holds something other than numbers", "expected numbers", column=column)
        return np.asarray(series.to_numpy(dtype=np.float64, na_value=np.nan))

    def read_weight(self, column: str) -> FloatArray:
        """Return a column of weights."""
        weight, expected = self.read_numbers(column), "expected a number, 0 or more"
        self.check_rows(column, "the weight is missing", expected, np.isnan(weight))
        self.check_rows(column, "the weight is negative or infinite", expected, (weight < 0) | np.isinf(weight))
        return weight

    def read_weights(self) -> FloatArray:
        """Return whether each weight counts, the weights, their squares and those of replicates, a row each."""
        design = self.layout.design
        weight = np.ones(len(self.frame)) if design.weight is None else self.read_weight(design.weight)
        rows = [weight > 0, weight, weight * weight]
        if design.replicates is not None:
            factors = (self.read_weight(column) for column in design.replicates.columns)
            rows += factors if design.replicates.combined else [factor * weight for factor in factors]
        return np.array(rows, dtype=np.float64)

    def read_answer(self, indicator: Indicator) -> Answer:
        """Return what each respondent answered."""
        if indicator.is_number:
            return pd.factorize(self.read_numbers(indicator.column), use_na_sentinel=False)
        series = self.frame[indicator.column]
        plain = isinstance(series.dtype, np.dtype) and series.dtype.kind in "biu"
        given = series.to_numpy() if plain else self.read_numbers(indicator.column)
        missing = np.isnan(given)
        expected = "expected 1 for given, 0 for not given, empty for not in the base"
        self.check_rows(indicator.column, "the answer isn't 0 or 1", expected, ~(missing | (given == 0) | (given == 1)))
        return np.where(missing, 2, given == 1).astype(np.uint8), np.array([0, 1, np.nan])

    def read_codes(self, column: str) -> tuple[IntArray, int]:
        """Return a number for each value of a column that has to be filled, and how many there are."""
        codes, found = pd.factorize(self.frame[column])
        self.check_rows(column, "nothing stands here", FILLED, codes < 0)
        return codes.astype(np.int64), max(len(found), 1)

    def read_groups(self, column: str | None, values: dict[object, int]) -> IntArray:
        """Return the code of each respondent's group of a column."""
        if column is None:
            return np.zeros(len(self.frame), dtype=np.int64)
        codes, found = pd.factorize(self.frame[column])
        outside = max(values.values()) + 1
        return np.array([*(values.get(value, outside) for value in found), outside], dtype=np.int64)[codes]


def combine_codes(codes: Iterable[tuple[NDArray[Any], int]], size: int) -> tuple[IntArray, int]:
    """Return one number for each combination of codes, and how many there can be, given how many each can have."""
    whole, count = np.zeros(size, dtype=np.int64), 1
    for code, more in codes:
        if count * more > CROWDED:
            whole, found = pd.factorize(whole)
            count = len(found)
        whole, count = whole * more + code, count * more
    return whole, count


def number_codes(codes: IntArray, count: int) -> tuple[IntArray, IntArray]:
    """Return codes as numbers from 0 without gaps, and for each number a row that has it."""
    if count > SPARSE * len(codes):
        codes, found = pd.factorize(codes, sort=True)
        count = len(found)
    last = np.full(count, -1, dtype=np.int64)
    last[codes] = np.arange(len(codes))
    there = last >= 0
    return (np.cumsum(there) - 1)[codes], last[there]


def sum_batch(batch: Batch) -> Sums:
    """Return what a batch of respondents adds to the sums."""
    layout, frame, size = batch.layout, batch.frame, len(batch.frame)
    design, weights = layout.design, batch.read_weights()
    answers = [batch.read_answer(indicator) for indicator in layout.indicators]
    codes = {key: batch.read_codes(column) for key, column in layout.units.items()}
    given = {}
    for key, column in ((SIZE, design.fpc), (WITHIN, design.fpc_within)):
        if column is not None:
            given[key] = batch.read_numbers(column)
            batch.check_rows(column, "nothing stands here", FILLED, np.isnan(given[key]))
    patterns = [
        combine_codes(((answers[i][0], len(answers[i][1])) for i in members), size) for members in layout.questions
    ]
    tables, groups = [], {}
    for split, values in layout.splits.items():
        groups[split] = own = batch.read_groups(split, values)
        first = min(values.values(), default=0)
        keyed = [*codes.values(), (own - first, len(values) + 1)]
        cells, rows = number_codes(*combine_codes(keyed, size))
        sums = [np.column_stack([np.bincount(cells), np.bincount(cells, weights=weights[0])]).astype(np.float64)]
        for members, pattern in zip(layout.questions, patterns, strict=True):
            asked = [answers[i] for i in members]
            sums += sum_question(asked, pattern, weights, cells, len(rows), layout.has_products)
        labels = {key: frame[column].iloc[rows].to_numpy() for key, column in layout.units.items()}
        keys = pd.DataFrame(labels | {GROUP: own[rows]})
        tables.append(pd.concat([keys, pd.DataFrame(np.hstack(sums))], axis=1))
    units = {key: frame[column].to_numpy() for key, column in layout.units.items() if key == STRATUM or WITHIN in given}
    sizes = pd.DataFrame({STRATUM: 0} | units | given).drop_duplicates() if given else pd.DataFrame()
    products = multiply_replicates(layout, weights[3:], groups)
    return Sums(pd.concat(tables, ignore_index=True), sizes, products)


def sum_question(
    answers: list[Answer],
    pattern: tuple[IntArray, int],
    weights: FloatArray,
    cells: IntArray,
    count: int,
    products: bool,
) -> list[FloatArray]:
    """
    Return the sums of one question's variables in each cell, and those of their products if they are wanted.

    People of one cell who answered a question alike are taken together first: there are far fewer answers than people.
    """
    alike, rows = number_codes(*combine_codes([(cells, count), pattern], len(cells)))
    order = np.argsort(cells[rows], kind="stable")
    starts = np.searchsorted(cells[rows][order], np.arange(count))
    together = np.stack([np.bincount(alike, weights=weight)[order] for weight in weights])
    given = np.stack([values[codes[rows[order]]] for codes, values in answers])
    variables = np.vstack([np.nan_to_num(given), ~np.isnan(given)])
    # People out of one base are mostly out of all: what is the same for everybody is summed once.
    place = pd.factorize(np.array([row.tobytes() for row in variables], dtype=object))[0]
    variables = variables[np.unique(place, return_index=True)[1]]
    totals = np.stack([np.add.reduceat(variables * weight, starts, axis=1) for weight in together])
    found = [totals[:, place].reshape(-1, count).T]
    if products:
        first, second = np.triu_indices(len(variables))
        weighted = together[2] * variables
        sums = np.vstack([np.add.reduceat(own * variables[i:], starts, axis=1) for i, own in enumerate(weighted)])
        where = np.zeros((len(variables),) * 2, dtype=np.int64)
        where[first, second] = where[second, first] = np.arange(len(first))
        first, second = np.triu_indices(len(place))
        found.append(sums[where[place[first], place[second]]].T)
    return found


def multiply_replicates(layout: Layout, weights: FloatArray, groups: dict[str | None, IntArray]) -> FloatArray | float:
    """Return the products of replicate weights with each other, in the population and in each domain."""
    replicates = layout.design.replicates
    if replicates is None or replicates.degrees_of_freedom is not None or layout.design.census:
        return 0.0
    inside = (groups[domain.column] == layout.splits[domain.column][domain.value] for domain in layout.domains)
    parts = [weights, *(weights[:, own] for own in inside)]
    return np.stack([part @ part.T for part in parts])


def add_sums(parts: Iterable[Sums], layout: Layout) -> Sums:
    """Return the sums of parts as one."""
    summed = [part for part in parts if len(part.table)]
    if len(summed) < 2:
        return summed[0] if summed else Sums()
    table = pd.concat([part.table for part in summed], ignore_index=True)
    table = table.groupby([*layout.units, GROUP], sort=True, observed=True).sum().reset_index()
    sizes = pd.concat([part.sizes for part in summed], ignore_index=True).drop_duplicates()
    return Sums(table, sizes, sum(part.products for part in summed))


def read_batches(source: pd.DataFrame | str | Path, layout: Layout) -> Iterator[Batch]:
    """
    Yield a table, or a Parquet file, as many rows at a time as are held at once.

    Raises
    ------
    SurveybookError
        If it is neither a table nor a Parquet file that can be read.
    """
    rows = int(np.clip(NUMBERS // max(len(layout.columns), 1), LEAST, MOST))
    if isinstance(source, pd.DataFrame):
        for first in range(0, len(source), rows):
            yield Batch(source[layout.columns].iloc[first : first + rows], first, layout)
        return
    from pyarrow.parquet import ParquetFile

    try:
        file = ParquetFile(source, memory_map=True, pre_buffer=False)
    except (OSError, ValueError, TypeError) as error:  # Arrow's own errors are among them
        raise SurveybookError(f"{source} can't be read; expected a table, or a whole Parquet file.") from error
    with file:
        first = 0
        for batch in file.iter_batches(rows, columns=layout.columns):
            yield Batch(batch.to_pandas(split_blocks=True), first, layout)
            first += len(batch)


def sum_respondents(source: pd.DataFrame | str | Path, layout: Layout) -> Sums:
    """
    Return what all respondents add up to, going through them once, in an order that doesn't hang on the batches.

    Parameters
    ----------
    source : DataFrame or path
        See `surveybook.respondents.estimates.estimate`.
    layout : Layout
        What to sum.

    Raises
    ------
    DataError
        If weights, strata, clusters, population sizes or answers can't be what they are said to be: the first that is
        met. All that is wrong with a wave's file was told when it was read.
    """
    gathered, held = [Sums()], 0
    for batch in read_batches(source, layout):
        gathered.append(sum_batch(batch))
        held += len(gathered[-1].table)
        if held > GATHERED + 2 * len(gathered[0].table):
            gathered, held = [add_sums(gathered, layout)], 0
    sums = add_sums(gathered, layout)
    if sums.table.empty:
        raise refuse("there are no rows", "expected one a respondent")
    if not sums.table[1].any():
        raise refuse("all weights are 0", "expected some above 0", column=layout.design.weight)
    return sums
