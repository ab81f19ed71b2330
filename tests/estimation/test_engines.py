import numpy as np
import pandas as pd
import pytest

from surveybook.model.problems import DataError
from surveybook.respondents.estimation import Design, Replicates, estimate
from surveybook.respondents.estimation.parts import open_frame

from .people import CLUSTERED, DOMAINS, ITEMS, STRATIFIED, people

ENGINES = ("pandas", "pandas nullable", "polars", "polars lazy", "pyarrow", "dask")
FILES = ("pandas", "polars", "dask")


def held_by(engine: str, frame: pd.DataFrame) -> object:
    """Return the respondents as an engine holds them."""
    import dask.dataframe
    import polars
    import pyarrow

    makers = {
        "pandas": lambda: frame,
        "pandas nullable": frame.convert_dtypes,
        "polars": lambda: polars.from_pandas(frame),
        "polars lazy": lambda: polars.from_pandas(frame).lazy(),
        "pyarrow": lambda: pyarrow.Table.from_pandas(frame),
        "dask": lambda: dask.dataframe.from_pandas(frame, npartitions=3),
    }
    return makers[engine]()


def with_replicates() -> tuple[pd.DataFrame, Design]:
    frame, random = people(), np.random.default_rng(1)
    names = tuple(f"rep{number}" for number in range(8))
    for name in names:
        frame[name] = frame["weight"] * random.poisson(1, len(frame))
    return frame, Design("weight", replicates=Replicates(names, "bootstrap"))


@pytest.mark.parametrize("engine", ENGINES)
@pytest.mark.parametrize("design", [STRATIFIED, CLUSTERED, "replicates"], ids=["strata", "clusters", "replicates"])
def test_every_engine_gives_the_same_estimates(engine, design):
    frame, design = with_replicates() if design == "replicates" else (people(), design)
    found = estimate(held_by(engine, frame), design, ITEMS, domains=DOMAINS)
    plain = estimate(frame, design, ITEMS, domains=DOMAINS)
    pd.testing.assert_frame_equal(found.estimates, plain.estimates, rtol=1e-12)
    pd.testing.assert_frame_equal(found.covariances, plain.covariances, rtol=1e-12, atol=1e-18)


@pytest.mark.parametrize("engine", FILES)
def test_a_file_read_in_parts_gives_the_same_as_the_table_in_memory(engine, tmp_path):
    frame = people(150_000)
    frame.to_parquet(tmp_path / "people.parquet", row_group_size=40_000)
    found = estimate(tmp_path / "people.parquet", STRATIFIED, ITEMS, domains=DOMAINS, engine=engine)
    plain = estimate(frame, STRATIFIED, ITEMS, domains=DOMAINS)
    pd.testing.assert_frame_equal(found.estimates, plain.estimates, rtol=1e-11)


@pytest.mark.parametrize(
    ("engine", "kind"), [("pandas", "ParquetFile"), ("polars", "LazyFrame"), ("dask", "DataFrame")]
)
def test_a_file_is_opened_without_being_read_by_the_engine_that_was_asked_for(engine, kind, tmp_path):
    people().to_parquet(tmp_path / "people.parquet")
    opened = open_frame(tmp_path / "people.parquet", engine)
    assert type(opened).__name__ == kind
    assert engine != "dask" or type(opened).__module__.startswith("dask")


@pytest.mark.parametrize("engine", ENGINES)
def test_every_engine_refuses_the_same_weights_with_the_same_words(engine):
    frame = people()
    frame.loc[[100, 450], "weight"] = [np.nan, -2.0]
    with pytest.raises(DataError) as refused:
        estimate(held_by(engine, frame), STRATIFIED, ITEMS)
    assert [problem.row for problem in refused.value.problems] == [102, 452]


@pytest.mark.parametrize("engine", ENGINES)
def test_the_order_of_respondents_does_not_matter(engine):
    shuffled = people().sample(frac=1, random_state=5, ignore_index=True)
    found = estimate(held_by(engine, shuffled), CLUSTERED, ITEMS, domains=DOMAINS)
    plain = estimate(people(), CLUSTERED, ITEMS, domains=DOMAINS)
    pd.testing.assert_frame_equal(found.estimates, plain.estimates, rtol=1e-11)
