"""Sums add up whatever the parts, and what can't be summed is refused with its place and without its value."""

from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from surveybook.model.problems import DataError, Problem, SurveybookError
from surveybook.respondents import sums
from surveybook.respondents.design import Design, Domain, Indicator, Replicates
from surveybook.respondents.estimates import Estimation, estimate
from tests.respondents.people import CLUSTERED, DOMAINS, ITEMS, SIZED, STAGED, STRATIFIED, people

NAMES = tuple(f"rep{number}" for number in range(8))
REPLICATED = Design(weight="weight", replicates=Replicates(columns=NAMES, kind="bootstrap"))
DESIGNS = pytest.mark.parametrize(
    "design",
    [STRATIFIED, CLUSTERED, SIZED, STAGED, REPLICATED],
    ids=["strata", "clusters", "sizes", "two stages", "replicates"],
)


def with_all(count: int = 600) -> pd.DataFrame:
    frame, random = people(count).assign(size=50_000.0), np.random.default_rng(1)
    return frame.assign(**{name: frame["weight"] * random.poisson(1, count) for name in NAMES})


def assert_same(found: Estimation, expected: Estimation) -> None:
    pd.testing.assert_frame_equal(found.estimates, expected.estimates, rtol=1e-11)
    pd.testing.assert_frame_equal(found.covariances, expected.covariances, rtol=1e-11, atol=1e-18)


@pytest.fixture
def small_parts(monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in {"LEAST": 50, "MOST": 90, "NUMBERS": 1, "GATHERED": 60}.items():
        monkeypatch.setattr(sums, name, value)


@DESIGNS
@pytest.mark.usefixtures("small_parts")
def test_batches_of_a_table_and_of_a_file_give_what_the_table_as_a_whole_gives(
    design: Design, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    frame = with_all()
    with monkeypatch.context() as whole:
        whole.setattr(sums, "LEAST", 1_000)
        whole.setattr(sums, "MOST", 1_000)
        expected = estimate(frame, design, ITEMS, domains=DOMAINS)
    frame.to_parquet(tmp_path / "people.parquet", row_group_size=70)
    for source in (frame, tmp_path / "people.parquet"):
        assert_same(estimate(source, design, ITEMS, domains=DOMAINS), expected)


@DESIGNS
def test_the_order_and_the_types_of_columns_do_not_matter(design: Design) -> None:
    expected = estimate(with_all(), design, ITEMS, domains=DOMAINS)
    shuffled = with_all().sample(frac=1, random_state=5, ignore_index=True)
    assert_same(estimate(shuffled, design, ITEMS, domains=DOMAINS), expected)
    assert_same(estimate(shuffled.convert_dtypes(), design, ITEMS, domains=DOMAINS), expected)
    flags = shuffled.assign(a=shuffled["a"].astype(bool), b=shuffled["b"].astype("int8"))
    flags["c"] = flags["c"].map({1.0: True, 0.0: False}).astype(object)
    assert_same(estimate(flags, design, ITEMS, domains=DOMAINS), expected)


def test_codes_that_combine_to_more_than_fit_are_numbered_by_those_that_occur(monkeypatch: pytest.MonkeyPatch) -> None:
    expected = estimate(people(), CLUSTERED, ITEMS, domains=DOMAINS)
    monkeypatch.setattr(sums, "CROWDED", 20)
    assert_same(estimate(people(), CLUSTERED, ITEMS, domains=DOMAINS), expected)


def refused(frame: object, design: Design = STRATIFIED, items: object = ITEMS, **more: object) -> list[Problem]:
    with pytest.raises(DataError) as error:
        estimate(frame, design, items, **more)  # type: ignore[arg-type]
    return list(error.value.problems)


@pytest.mark.parametrize(
    ("column", "row", "value", "said"),
    [
        ("weight", 3, -1.0, "row 5, column weight: the weight is negative or infinite; expected a number, 0 or more"),
        ("weight", 3, np.inf, "row 5, column weight: the weight is negative or infinite"),
        ("weight", 3, np.nan, "row 5, column weight: the weight is missing"),
        ("stratum", 0, None, "row 2, column stratum: nothing stands here"),
        ("size", 0, None, "row 2, column size: nothing stands here"),
        ("a", 7, 2.0, "row 9, column a: the answer isn't 0 or 1"),
    ],
)
def test_what_is_wrong_with_a_row_is_refused_with_its_place(column: str, row: int, value: object, said: str) -> None:
    frame = with_all()
    frame.loc[row, column] = value
    (problem,) = refused(frame, SIZED)
    assert said in str(problem)


@pytest.mark.usefixtures("small_parts")
def test_rows_are_counted_through_all_parts_and_five_are_named(tmp_path: Path) -> None:
    frame = people()
    frame.loc[100:109, "weight"] = -1.0
    frame.to_parquet(tmp_path / "people.parquet", row_group_size=70)
    for source in (frame, tmp_path / "people.parquet"):
        (weight,) = refused(source)
        assert "in 10 rows (the first: 102, 103, 104, 105, 106)" in weight.found


def test_all_that_is_wrong_with_a_part_is_said_at_once() -> None:
    frame = people()
    frame.loc[1, "weight"], frame.loc[2, "b"] = -1.0, 9.0
    assert [problem.column for problem in refused(frame)] == ["weight", "b"]


@pytest.mark.parametrize("column", ["a", "weight", "size"])
def test_a_column_of_text_is_named_without_a_row(column: str) -> None:
    for text in ("yes", "1"):
        problem = refused(with_all().assign(**{column: text}), SIZED)[0]
        assert (problem.column, problem.row) == (column, None)
        assert problem.found == "the column holds something other than numbers"


def test_every_column_that_is_not_there_is_named_with_what_expects_it() -> None:
    found = refused(people(), Design(weight="wt"), [Indicator("d", "d")], domains=[Domain("region", 1, "region=1")])
    assert [(one.column, one.expected) for one in found] == [
        ("wt", "expected by the design"), ("d", "expected by item d"), ("region", "expected by domain region=1"),
    ]  # fmt: skip


def test_nobody_and_nobody_of_any_weight_are_refused(tmp_path: Path) -> None:
    people().iloc[:0].to_parquet(tmp_path / "nobody.parquet")
    for source in (people().iloc[:0], tmp_path / "nobody.parquet"):
        assert refused(source)[0].found == "there are no rows"
    (problem,) = refused(people().assign(weight=0.0))
    assert (problem.column, problem.found) == ("weight", "all weights are 0")


def test_populations_that_cannot_be_are_refused_with_the_stratum_and_the_column() -> None:
    frame = people()
    (problem,) = refused(frame.assign(size=np.where(frame["stratum"] == "east", 2.0, 5_000.0)), SIZED)
    assert (problem.column, problem.found) == ("size", "the population is smaller than the sample (east)")
    whole = Design(weight="weight", fpc="size")
    assert "the population is 0 or less" in [one.found for one in refused(frame.assign(size=0.0), whole)]
    (problem,) = refused(frame.assign(size=np.where(frame.index == 0, 6_000.0, 5_000.0)), whole)
    assert problem.found == "the population is given differently within the stratum"


def test_a_second_stage_that_cannot_be_is_refused_with_the_cluster() -> None:
    frame = people()
    (problem,) = refused(frame.assign(members=1.5), STAGED)
    assert problem.column == "members"
    assert problem.found.startswith("the population is smaller than the sample in 36 clusters (east 0, east 1,")
    alone = (frame["stratum"] == "west") & (frame["cluster"] == 3)
    frame.loc[frame.index[alone][0], "members"] += 1
    (problem,) = refused(frame, STAGED)
    assert problem.found == "the population is given differently within the cluster (west 3)"
    for missing in ("cluster", "fpc"):
        with pytest.raises(ValueError, match="fpc_within stands without cluster or fpc"):
            Design(**{key: value for key, value in STAGED.model_dump(exclude_none=True).items() if key != missing})


def test_all_clusters_of_a_stratum_need_to_be_told_who_was_left_out_within_them() -> None:
    (problem,) = refused(people(), STAGED.model_copy(update={"fpc_within": None}))
    assert problem.column == "clusters"
    assert problem.found.startswith(
        "all clusters of 1 stratum (east) are in the sample, so that nothing varies but who"
    )
    assert "name in fpc_within the people of each cluster" in problem.expected
    one_each = people().drop_duplicates(["stratum", "cluster"])
    known = STAGED.model_copy(update={"fpc_within": None})
    assert estimate(one_each, known, ITEMS, domains=[Domain("stratum", "east", "e")]).estimates["share"].notna().all()
    stated = estimate(people().assign(members=1), STAGED, ITEMS, domains=[Domain("stratum", "east", "e")]).estimates
    assert (stated.loc[stated["domain"] == "e", "standard_error"] == 0).all()
    assert (stated.loc[stated["domain"] == "", "standard_error"] > 0).all()


def test_a_cluster_with_one_person_is_named_unless_a_rule_is_declared_or_nobody_else_is_there() -> None:
    frame = people()
    alone = (frame["stratum"] == "east") & (frame["cluster"] == 1)
    frame = frame.drop(frame.index[alone][1:])
    with pytest.raises(SurveybookError, match=r"^1 cluster has only one person \(east 1\), from which no variance"):
        estimate(frame, STAGED, ITEMS)
    for rule in ("adjust", "certainty", "average"):
        assert estimate(frame, STAGED.model_copy(update={"lonely": rule}), ITEMS).estimates["share"].notna().all()
    estimate(frame.assign(members=np.where(alone.loc[frame.index], 1, frame["members"])), STAGED, ITEMS)


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({"indicators": [*ITEMS, ITEMS[0]]}, "^A figure is to be estimated twice; expected each item and response"),
        ({"indicators": []}, "^There is nothing to estimate"),
        ({"domains": [Domain("age", 1, "young"), Domain("age", 2, "young")]}, "^Two domains have one name"),
        ({"domains": [Domain("age", 1, "")]}, "one has none"),
        ({"interval": "wald"}, "^The interval is 'wald'; expected one of logit, korn-graubard"),
        ({"source": [1, 2]}, r"^\[1, 2\] can't be read; expected a table, or a whole Parquet file"),
        ({"source": "nowhere.parquet"}, r"^nowhere\.parquet can't be read; expected a table, or a whole Parquet file"),
    ],
)
def test_what_cannot_be_asked_for_is_refused_in_a_sentence(given: dict[str, object], said: str) -> None:
    plain = {"source": people(), "design": STRATIFIED, "indicators": ITEMS}
    with pytest.raises(SurveybookError, match=said):
        estimate(**(plain | given))  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("replicates", "said"),
    [
        ({"columns": ["r1"], "kind": "BRR"}, r"There are 1 columns of replicate weights; expected two or more\.$"),
        ({"columns": ["r1", "r2"], "kind": "JKn"}, "^JKn replicate weights need rscales, one factor a replicate"),
        ({"columns": ["r1", "r2"], "kind": "other"}, "^Replicate weights of kind 'other' need their scale"),
        ({"columns": ["r1", "r2"], "kind": "JKn", "rscales": [1.0]}, "^There are 1 rscales for 2 replicate weights"),
    ],
)
def test_replicate_weights_that_do_not_say_how_they_add_up_are_refused(replicates: dict, said: str) -> None:
    with pytest.raises(SurveybookError, match=said):
        estimate(people(), Design(weight="weight", replicates=replicates), ITEMS)


def test_strata_with_one_cluster_are_counted_and_five_are_named_unless_a_rule_is_declared() -> None:
    frame = people()
    frame.loc[:6, "stratum"] = [f"island {place}" for place in range(7)]
    with pytest.raises(SurveybookError, match=r"^7 strata have only one cluster \(island 0, .*island 4\), from which"):
        estimate(frame, STRATIFIED, ITEMS)
    adjusted = estimate(frame, STRATIFIED.model_copy(update={"lonely": "adjust"}), ITEMS)
    assert adjusted.estimates["standard_error"].gt(0).all()
