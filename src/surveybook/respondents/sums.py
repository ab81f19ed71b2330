"""Respondents reduced to weighted sums that add up: by question, group, stratum and cluster.

Each part of a file gives sums, the sums of all parts add up to those of the whole, and all that is estimated is worked
out from the small table that comes of it. So a part may be a batch of a file that is larger than memory, and another
core or another machine may sum it.
"""

from collections import deque
from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures import Executor
from dataclasses import dataclass, field
from functools import cached_property, partial
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from surveybook.model.problems import DataError, Problem, SurveybookError
from surveybook.respondents.design import Design, Domain, Indicator
from surveybook.stats.normal import FloatArray

IntArray = NDArray[np.int64]

# Numbers held at once, eight bytes each: a batch has as many rows as that allows.
NUMBERS, LEAST, MOST = 8_000_000, 2_000, 131_072
# Sums of batches are added up whenever this many rows of them have gathered.
GATHERED = 200_000
# Parts that wait for a free worker.
IN_FLIGHT = 16
# Combinations of codes beyond this many are numbered anew by those that occur.
CROWDED = 2**22
# Rows that a message names.
NAMED = 5
# Where R's `degf` takes replicate weights as dependent; what is added up here are their squares.
TOLERANCE = 1e-5
STRATUM, CLUSTER, GROUP, SIZE, WITHIN = "key stratum", "key cluster", "key group", "size", "size within"


@dataclass(frozen=True)
class Layout:
    """
    Which sums are taken.

    Of each question with k figures the variables are its k answers and then their k bases, 1 or 0 a person. A row of
    sums holds first the number of respondents and of those whose weight isn't 0; then, a question at a time, the sums
    of its variables by each of the weights (1 for whom the weight isn't 0, the weight, its square, the replicate
    weights) and, where people are drawn from strata or from clusters, the sums of all products of two variables by
    squared weights.

    Attributes
    ----------
    design : Design
        How the sample was drawn.
    indicators : tuple of Indicator
        What is estimated.
    domains : tuple of Domain
        The parts of the population it is estimated for.
    name : str
        What messages call the data.
    """

    design: Design
    indicators: tuple[Indicator, ...]
    domains: tuple[Domain, ...]
    name: str = "respondents"

    @cached_property
    def questions(self) -> list[list[int]]:
        """The positions of each question's indicators; one without a question is one by itself."""
        found: dict[str, list[int]] = {}
        for position, indicator in enumerate(self.indicators):
            found.setdefault(indicator.question_id or f"#{position}", []).append(position)
        return list(found.values())

    @cached_property
    def splits(self) -> dict[str | None, list[object]]:
        """Each column that splits the population, with the values of its groups; None where none does."""
        found: dict[str | None, list[object]] = {}
        for domain in self.domains:
            values = found.setdefault(domain.column, [])
            if domain.value not in values:
                values.append(domain.value)
        return found or {None: []}

    @property
    def columns(self) -> list[str]:
        """All columns that are needed, each once."""
        answers, groups = [i.column for i in self.indicators], [d.column for d in self.domains]
        return list(dict.fromkeys([*self.design.columns, *answers, *groups]))

    @property
    def keys(self) -> list[str]:
        """What sums are taken by; strata and clusters don't matter to replicate weights or in a census."""
        named = {STRATUM: self.design.strata, CLUSTER: self.design.cluster} if self.design.is_linearised else {}
        return [*(key for key, column in named.items() if column is not None), GROUP]

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

    def check(self, there: Iterable[str]) -> None:
        """Raise an error that names all columns that are needed and aren't there, or figures that come twice."""
        needed = dict.fromkeys(self.design.columns, "the design")
        needed |= {indicator.column: f"item {indicator.item_id}" for indicator in self.indicators}
        needed |= {domain.column: f"domain {domain.name}" for domain in self.domains}
        known = set(there)
        problems = [
            Problem(self.name, "the column isn't there", f"expected by {what}", column=column)
            for column, what in needed.items()
            if column not in known
        ]
        if problems:
            raise DataError("Respondents", problems)
        figures = [(indicator.item_id, indicator.response) for indicator in self.indicators]
        twice = next((figure for figure in figures if figures.count(figure) > 1), None)
        if twice or not figures:
            said = f"{twice[0]} ({twice[1]}) is to be estimated twice" if twice else "There is nothing to estimate"
            raise SurveybookError(f"{said}; expected each item and response once.")
        names = [domain.name for domain in self.domains]
        if len(set(names)) < len(names) or "" in names:
            raise SurveybookError("Two domains have one name, or one has none; expected a name of its own for each.")


@dataclass(frozen=True)
class Sums:
    """
    What some of the respondents add up to.

    Attributes
    ----------
    rows : int
        How many they are.
    tables : dict of DataFrame
        For each column that splits the population one row a stratum, cluster and group, with the sums of a `Layout`.
    problems : tuple of Problem
        What is wrong with them; there are no sums then.
    sizes : DataFrame
        The sizes of the population that are given in each stratum, and of a second stage in each cluster, which should
        be one; empty without any.
    products : ndarray
        Products of replicate weights with each other, in the population and in each domain.
    """

    rows: int = 0
    tables: dict[str | None, pd.DataFrame] = field(default_factory=dict)
    problems: tuple[Problem, ...] = ()
    sizes: pd.DataFrame = field(default_factory=pd.DataFrame)
    products: FloatArray | float = 0.0


class Batch:
    """Some respondents while they are summed: their columns, and what is wrong with them."""

    def __init__(self, frame: pd.DataFrame, first: int, layout: Layout) -> None:
        self.frame, self.first, self.layout = frame, first, layout
        self.problems: list[Problem] = []

    def refuse(self, column: str, found: str, expected: str, wrong: NDArray[np.bool_]) -> None:
        """Add a problem if any row is wrong, with the first rows as a spreadsheet counts them."""
        rows = self.first + np.flatnonzero(wrong) + 2
        if len(rows):
            more = f" in {len(rows):,} rows (the first: {', '.join(map(str, rows[:NAMED]))})" if len(rows) > 1 else ""
            self.problems.append(Problem(self.layout.name, found + more, expected, int(rows[0]), column))

    def read_numbers(self, column: str) -> FloatArray:
        """Return a column as floats, NaN where it is empty."""
        series = self.frame[column]
        kinds = ("boolean", "integer", "floating", "mixed-integer-float", "empty")
        if pd.api.types.is_numeric_dtype(series) or pd.api.types.infer_dtype(series, skipna=True) in kinds:
            return np.asarray(series.to_numpy(dtype=np.float64, na_value=np.nan))
        found = "the column holds something other than numbers"
        self.problems.append(Problem(self.layout.name, found, "expected numbers", column=column))
        return np.ones(len(series))

    def read_weight(self, column: str) -> FloatArray:
        """Return a column of weights."""
        weight = self.read_numbers(column)
        expected = "expected a number, 0 or more"
        self.refuse(column, "the weight is missing", expected, np.isnan(weight))
        self.refuse(column, "the weight is negative or infinite", expected, (weight < 0) | np.isinf(weight))
        return weight

    def read_size(self, column: str) -> FloatArray:
        """Return a column of population sizes or fractions."""
        given = self.read_numbers(column)
        self.refuse(column, "nothing stands here", "expected a value in every row", np.isnan(given))
        return given

    def read_weights(self) -> FloatArray:
        """Return whether each weight counts, the weights, their squares and those of replicates, a row each."""
        design = self.layout.design
        weight = np.ones(len(self.frame)) if design.weight is None else self.read_weight(design.weight)
        rows = [weight > 0, weight, weight * weight]
        if design.replicates is not None:
            factors = map(self.read_weight, design.replicates.columns)
            rows += factors if design.replicates.combined else [factor * weight for factor in factors]
        return np.array(rows, dtype=np.float64)

    def read_answer(self, column: str) -> NDArray[np.uint8]:
        """Return 1 where an answer was given, 0 where it wasn't, and 2 for people out of its base."""
        series = self.frame[column]
        plain = isinstance(series.dtype, np.dtype) and series.dtype.kind in "biu"
        values = series.to_numpy() if plain else self.read_numbers(column)
        missing = np.isnan(values) if values.dtype.kind == "f" else np.False_
        expected = "expected 1 for given, 0 for not given, empty for not in the base"
        self.refuse(column, "the answer isn't 0 or 1", expected, ~(missing | (values == 0) | (values == 1)))
        return np.where(missing, 2, values == 1).astype(np.uint8)

    def read_codes(self, column: str) -> tuple[IntArray, int]:
        """Return a number for each value of a column that has to be filled, and how many there are."""
        codes, found = pd.factorize(self.frame[column])
        self.refuse(column, "nothing stands here", "expected a value in every row", codes < 0)
        return codes.astype(np.int64), max(len(found), 1)

    def read_groups(self, column: str | None, values: list[object]) -> tuple[IntArray, int]:
        """Return the position of each respondent's group among the values, or their number for those in none."""
        if column is None:
            return np.zeros(len(self.frame), dtype=np.int64), 1
        codes, found = pd.factorize(self.frame[column])
        # In a CSV file, groups are text.
        place = {kind(value): position for kind in (str, lambda value: value) for position, value in enumerate(values)}
        places = np.array([*(place.get(value, len(values)) for value in found), len(values)], dtype=np.int64)
        return places[codes], len(values) + 1


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
    if count > CROWDED:
        codes, found = pd.factorize(codes)
        count = len(found)
    last = np.full(count, -1, dtype=np.int64)
    last[codes] = np.arange(len(codes))
    there = last >= 0
    return (np.cumsum(there) - 1)[codes], last[there]


def sum_batch(batch: Batch) -> Sums:
    """Return what a batch of respondents adds to the sums."""
    layout, size = batch.layout, len(batch.frame)
    design, weights = layout.design, batch.read_weights()
    answers: list[NDArray[Any]] = [
        batch.read_numbers(indicator.column) if indicator.is_number else batch.read_answer(indicator.column)
        for indicator in layout.indicators
    ]
    columns = {STRATUM: design.strata, CLUSTER: design.cluster}
    codes = {key: batch.read_codes(column) for key, column in columns.items() if column is not None}
    given = {
        key: batch.read_size(column)
        for key, column in {SIZE: design.fpc, WITHIN: design.fpc_within}.items()
        if column is not None
    }
    if batch.problems or not size:
        return Sums(size, problems=tuple(batch.problems))
    are_numbers = [layout.indicators[members[0]].is_number for members in layout.questions]
    patterns = [
        None if numbers else combine_codes([(answers[i], 3) for i in members], size)
        for members, numbers in zip(layout.questions, are_numbers, strict=True)
    ]
    tables, groups = {}, {}
    for split, values in layout.splits.items():
        groups[split] = batch.read_groups(split, values)
        keyed = codes | {GROUP: groups[split]}
        cells, rows = number_codes(*combine_codes([keyed[key] for key in layout.keys], size))
        sums = [np.column_stack([np.bincount(cells), np.bincount(cells, weights=weights[0])]).astype(np.float64)]
        for members, pattern in zip(layout.questions, patterns, strict=True):
            own = [answers[i] for i in members]
            sums += (
                sum_numbers(own, weights, cells, len(rows), layout.has_products)
                if pattern is None
                else sum_question(own, pattern, weights, cells, len(rows), layout.has_products)
            )
        labels = {key: batch.frame[columns[key]].iloc[rows].to_numpy() for key in layout.keys if key != GROUP}
        keys = pd.DataFrame(labels | {GROUP: groups[split][0][rows]})
        tables[split] = pd.concat([keys, pd.DataFrame(np.hstack(sums))], axis=1)
    units = {STRATUM: batch.frame[design.strata].to_numpy() if design.strata else 0}
    units |= {CLUSTER: batch.frame[design.cluster].to_numpy()} if WITHIN in given else {}
    sizes = pd.DataFrame(units | given).drop_duplicates() if given else pd.DataFrame()
    return Sums(size, tables, (), sizes, multiply_replicates(layout, weights[3:], groups))


def sum_question(
    answers: list[NDArray[np.uint8]],
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
    given = [answer[rows[order]] for answer in answers]
    variables = np.array([*(answer == 1 for answer in given), *(answer != 2 for answer in given)])
    # People out of one base are mostly out of all: what is the same for everybody is summed once.
    place = pd.factorize(np.array([row.tobytes() for row in variables], dtype=object))[0]
    variables = variables[np.unique(place, return_index=True)[1]].astype(np.float64)
    totals = np.stack([np.add.reduceat(variables * weight, starts, axis=1) for weight in together])
    found = [totals[:, place].reshape(-1, count).T]
    if products:
        first, second = np.triu_indices(len(variables))
        sums = np.stack([np.add.reduceat(together[2] * variables[i] * variables[j], starts) for i, j in
                         zip(first, second, strict=True)])  # fmt: skip
        where = np.zeros((len(variables),) * 2, dtype=np.int64)
        where[first, second] = where[second, first] = np.arange(len(first))
        first, second = np.triu_indices(len(place))
        found.append(sums[where[place[first], place[second]]].T)
    return found


def sum_numbers(
    answers: list[FloatArray], weights: FloatArray, cells: IntArray, count: int, products: bool
) -> list[FloatArray]:
    """Return the same sums of a question whose answers are numbers, each person's number in place of 1."""
    given = [~np.isnan(answer) for answer in answers]
    variables = [*(np.where(there, answer, 0.0) for there, answer in zip(given, answers, strict=True)), *given]
    sums = [np.bincount(cells, weight * variable, count) for weight in weights for variable in variables]
    found = [np.column_stack(sums).astype(np.float64)]
    if products:
        pairs = zip(*np.triu_indices(len(variables)), strict=True)
        squares = [np.bincount(cells, weights[2] * variables[i] * variables[j], count) for i, j in pairs]
        found.append(np.column_stack(squares).astype(np.float64))
    return found


def multiply_replicates(
    layout: Layout, weights: FloatArray, groups: dict[str | None, tuple[IntArray, int]]
) -> FloatArray | float:
    """Return the products of replicate weights with each other, in the population and in each domain."""
    replicates = layout.design.replicates
    if replicates is None or replicates.degrees_of_freedom is not None or layout.design.census:
        return 0.0
    found = [weights @ weights.T]
    for domain in layout.domains:
        inside = weights[:, groups[domain.column][0] == layout.splits[domain.column].index(domain.value)]
        found.append(inside @ inside.T)
    return np.stack(found)


def gather_sums(parts: Iterable[Sums], layout: Layout) -> Sums:
    """
    Return the sums of parts of the respondents as those of all of them, in an order that doesn't hang on the parts.

    Where something is wrong with a part, those that come after it aren't looked at, and that part alone is returned.
    """
    gathered, held, limit = list[Sums](), 0, GATHERED
    for part in parts:
        if part.problems:
            return part
        gathered.append(part)
        held += sum(map(len, part.tables.values()))
        if held > limit:
            gathered = [add_sums(gathered, layout)]
            held = sum(map(len, gathered[0].tables.values()))
            limit = GATHERED + 2 * held
    return add_sums(gathered, layout)


def add_sums(parts: Sequence[Sums], layout: Layout) -> Sums:
    """Return the sums of parts that nothing is wrong with as one."""
    summed = [part for part in parts if part.rows]
    if len(summed) < 2:
        return summed[0] if summed else Sums()
    tables = {
        split: pd.concat([part.tables[split] for part in summed], ignore_index=True)
        .groupby(layout.keys, sort=True, observed=True)
        .sum()
        .reset_index()
        for split in layout.splits
    }
    rows, products = sum(part.rows for part in summed), sum(part.products for part in summed)
    sizes = pd.concat([part.sizes for part in summed], ignore_index=True).drop_duplicates()
    return Sums(rows, tables, (), sizes, products)


@dataclass(frozen=True)
class Part:
    """
    Some of the respondents: rows of a table, or row groups of a Parquet file, which are read where they are summed.

    Attributes
    ----------
    first : int
        How many respondents stand before it.
    source : DataFrame or Path
        The table, or the file.
    groups : tuple of int
        The row groups of the file.
    """

    first: int
    source: pd.DataFrame | Path
    groups: tuple[int, ...] = ()

    def read_batches(self, columns: list[str]) -> Iterator[tuple[int, pd.DataFrame]]:
        """Yield the columns of as many rows at a time as are held at once, with how many respondents stand before."""
        rows, first = int(np.clip(NUMBERS // max(len(columns), 1), LEAST, MOST)), self.first
        if isinstance(self.source, pd.DataFrame):
            for start in range(0, len(self.source), rows):
                yield first + start, self.source[columns].iloc[start : start + rows]
            return
        from pyarrow.parquet import ParquetFile

        with ParquetFile(self.source, memory_map=True, pre_buffer=False) as file:
            for batch in file.iter_batches(rows, row_groups=list(self.groups), columns=columns):
                yield first, batch.to_pandas(split_blocks=True)
                first += len(batch)


def sum_part(part: Part, layout: Layout) -> Sums:
    """Return what a part of the respondents adds to the sums, going through it batch by batch."""
    return gather_sums(
        (sum_batch(Batch(frame, first, layout)) for first, frame in part.read_batches(layout.columns)), layout
    )


def open_parts(source: pd.DataFrame | str | Path, layout: Layout, apart: bool) -> tuple[list[str], Iterator[Part]]:
    """
    Return the names of a table's or file's columns, and its parts; a Parquet file's row groups `apart` or as one.

    Raises
    ------
    SurveybookError
        If it is neither a table nor a Parquet or CSV file that can be read.
    """
    if isinstance(source, pd.DataFrame):
        rows = MOST if apart else max(len(source), 1)
        places = range(0, len(source), rows)
        return list(source.columns), (Part(place, source.iloc[place : place + rows]) for place in places)
    if not isinstance(source, (str, Path)):
        expected = "expected a table of pandas, or the path of a Parquet or CSV file"
        raise SurveybookError(f"Respondents came as {type(source).__name__}; {expected}.")
    path = Path(source)
    try:
        if path.suffix.lower() == ".csv":
            named = list(pd.read_csv(path, nrows=0).columns)
            return named, read_chunks(path, named, layout)
        from pyarrow.parquet import ParquetFile

        with ParquetFile(path) as file:
            sizes = [file.metadata.row_group(place).num_rows for place in range(file.num_row_groups)]
            named = list(file.schema_arrow.names)
    except (OSError, ValueError) as error:  # Arrow's own errors are among them
        raise SurveybookError(f"{path.name} can't be read; expected a whole Parquet or CSV file.") from error
    if not apart:
        return named, iter([Part(0, path, tuple(range(len(sizes))))])
    starts = np.cumsum([0, *sizes])
    return named, (Part(int(starts[place]), path, (place,)) for place in range(len(sizes)))


def read_chunks(path: Path, named: list[str], layout: Layout) -> Iterator[Part]:
    """Yield the parts of a CSV file, one in memory at a time; strata, clusters and groups are text."""
    first, keys = 0, {layout.design.strata, layout.design.cluster, *layout.splits}
    columns = [name for name in layout.columns if name in named]
    texts = {name: str for name in columns if name in keys}
    with pd.read_csv(path, usecols=columns, dtype=texts, chunksize=MOST) as chunks:
        for table in chunks:
            yield Part(first, table)
            first += len(table)


def sum_parts(parts: Iterable[Part], layout: Layout, executor: Executor | None) -> Iterator[Sums]:
    """Yield the sums of parts in their order, from here or from an executor's workers; few parts are held at a time."""
    work = partial(sum_part, layout=layout)
    if executor is None:
        yield from map(work, parts)
        return
    waiting: deque[Any] = deque()
    for part in parts:
        waiting.append(executor.submit(work, part))
        if len(waiting) >= IN_FLIGHT:
            yield waiting.popleft().result()
    while waiting:
        yield waiting.popleft().result()


def sum_respondents(source: pd.DataFrame | str | Path, layout: Layout, executor: Executor | None = None) -> Sums:
    """
    Return what all respondents add up to, going through them once.

    Parameters
    ----------
    source, executor
        See `surveybook.respondents.estimates.estimate`.
    layout : Layout
        What to sum.

    Raises
    ------
    DataError
        If weights, strata, clusters, population sizes or answers can't be what they are said to be: all that is wrong
        in the first part that has anything wrong.
    """
    there, parts = open_parts(source, layout, apart=executor is not None)
    layout.check(there)
    sums = gather_sums(sum_parts(parts, layout, executor), layout)
    if sums.problems:
        raise DataError("Respondents", sums.problems)
    if not sums.rows:
        raise DataError("Respondents", [Problem(layout.name, "there are no rows", "expected one a respondent")])
    if not sums.tables[next(iter(layout.splits))][1].any():
        problem = Problem(layout.name, "all weights are 0", "expected some above 0", column=layout.design.weight)
        raise DataError("Respondents", [problem])
    return sums
