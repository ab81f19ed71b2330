"""Handing respondents on, whichever engine holds them, in parts small enough to work on."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, TypeVar

import narwhals as nw

from surveybook.model.problems import SurveybookError

ENGINES = ("pandas", "polars", "dask")
# Numbers held at once, eight bytes each; smaller parts stay in the processor's cache, which is faster still.
NUMBERS = 6_000_000
LEAST, MOST = 2_000, 65_536

Part = nw.DataFrame[Any]
Result = TypeVar("Result")


def rows_at_once(width: int) -> int:
    """Return how many rows to hold at a time when each is so many numbers."""
    return int(min(max(NUMBERS // max(width, 1), LEAST), MOST))


def open_frame(frame: Any, engine: str | None) -> Any:
    """
    Return what `each_part` goes through.

    Parameters
    ----------
    frame : pandas, polars, pyarrow or dask table, or path of a Parquet file
        The respondents.
    engine : str, optional
        What reads a file: "pandas" (without it), "polars" or "dask". A table brings its own.

    Raises
    ------
    SurveybookError
        If the engine is unknown, a table isn't one, or an engine is named for a table that has one.
    """
    if engine is not None and engine not in ENGINES:
        raise SurveybookError(f"The engine is {engine!r}; expected one of {', '.join(ENGINES)}.")
    if isinstance(frame, (str, Path)):
        try:
            return _open_file(Path(frame), engine or "pandas")
        except (OSError, ValueError) as error:  # Arrow's own errors are among them
            raise SurveybookError(
                f"{Path(frame).name} can't be read as Parquet; expected a whole file of that format."
            ) from error
    if type(frame).__module__.startswith("dask"):
        own, opened = "dask", frame
    else:
        try:
            opened = nw.from_native(frame)
        except TypeError as error:
            raise SurveybookError(
                f"Respondents came as {type(frame).__name__}; expected a pandas, polars, pyarrow or dask table,"
                " or the path of a Parquet file."
            ) from error
        own = opened.implementation.name.lower()
    if engine is not None and engine != own:
        raise SurveybookError(f"The engine is {engine!r}, and the table is one of {own}; leave the engine out.")
    return opened


def _open_file(path: Path, engine: str) -> Any:
    """Return a Parquet file as the engine wants it: opened for reading in batches, or lazy."""
    if engine == "polars":
        import polars

        return nw.from_native(polars.scan_parquet(path))
    if engine == "dask":
        import dask.dataframe

        return dask.dataframe.read_parquet(path)
    from pyarrow.parquet import ParquetFile

    return ParquetFile(path, memory_map=True, pre_buffer=False)


def column_names(opened: Any) -> list[str]:
    """Return the names of the columns."""
    if isinstance(opened, (nw.DataFrame, nw.LazyFrame)):
        return list(opened.collect_schema().names())
    return list(opened.columns) if hasattr(opened, "columns") else list(opened.schema_arrow.names)


def each_part(opened: Any, columns: list[str], rows: int, work: Callable[[Part], Result]) -> Iterator[Result]:
    """
    Yield what the work makes of each part, in the order of the rows.

    A file is read in batches, a lazy polars table is streamed, and dask does the work where its partitions are.
    """
    if isinstance(opened, nw.LazyFrame):
        native = opened.select(columns).to_native()
        if not hasattr(native, "collect_batches"):
            raise SurveybookError(
                f"A lazy {opened.implementation.name.lower()} table can't be read; expected polars or dask."
            )
        for batch in native.collect_batches(chunk_size=rows, maintain_order=True):
            yield work(nw.from_native(batch, eager_only=True))
    elif isinstance(opened, nw.DataFrame):
        chosen = opened.select(columns)
        for start in range(0, max(len(chosen), 1), rows):
            yield work(chosen[start : start + rows])
    elif hasattr(opened, "iter_batches"):
        for batch in opened.iter_batches(batch_size=rows, columns=columns):
            yield work(nw.from_native(batch.to_pandas(), eager_only=True))
    else:
        import dask

        def on_worker(partition: Any) -> list[Result]:
            part = nw.from_native(partition, eager_only=True)
            return [work(part[start : start + rows]) for start in range(0, max(len(part), 1), rows)]

        tasks = [dask.delayed(on_worker)(partition) for partition in opened[columns].to_delayed()]
        for results in dask.compute(*tasks):
            yield from results
