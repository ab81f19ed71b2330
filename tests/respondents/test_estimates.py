"""Shares, errors and limits are what their formulas give; sums add up whatever the batches; faults are named in place.

That they are what R's package survey gives is in tests/reference.
"""

import itertools
import math
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats

from surveybook.model.problems import DataError, Problem, SurveybookError
from surveybook.respondents import sums
from surveybook.respondents.design import Design, Domain, Indicator, Replicates
from surveybook.respondents.estimates import ESTIMATES, Estimation, estimate, korn_graubard_limits, logit_limits

PLAN = settings(max_examples=25, deadline=None, derandomize=True)
ITEM = [Indicator("a", "a", "chosen", "q")]
ITEMS = tuple(Indicator(name, name, "chosen", "q") for name in ("a", "b", "c"))
DOMAINS = (Domain("sex", "male", "sex=male"), Domain("sex", "female", "sex=female"), Domain("age", 2, "age=2"))
STRATIFIED = Design(weight="weight", strata="stratum")
CLUSTERED = Design(weight="weight", strata="stratum", cluster="cluster")
STAGED = Design(weight="weight", strata="stratum", cluster="cluster", fpc="clusters", fpc_within="members")
SIZED = Design(weight="weight", strata="stratum", fpc="size")
NAMES = tuple(f"rep{number}" for number in range(8))
REPLICATED = Design(weight="weight", replicates=Replicates(columns=NAMES, kind="bootstrap"))
DESIGNS = pytest.mark.parametrize(
    "design",
    [STRATIFIED, CLUSTERED, SIZED, STAGED, REPLICATED],
    ids=["strata", "clusters", "sizes", "two stages", "replicates"],
)


def people(count: int = 600, seed: int = 2004) -> pd.DataFrame:
    """Return respondents of four strata, with three items, the last of which only some were asked."""
    random = np.random.default_rng(seed)
    frame = pd.DataFrame(
        {
            "weight": random.gamma(4, 0.3, count) + 0.1,
            "stratum": random.choice(["north", "south", "east", "west"], count),
            "cluster": random.integers(0, 9, count),
            "sex": random.choice(["male", "female"], count),
            "age": random.integers(1, 5, count),
            "a": (random.random(count) < 0.6).astype(float),
            "b": (random.random(count) < 0.2).astype(float),
            "c": (random.random(count) < 0.4).astype(float),
        }
    )
    frame.loc[random.random(count) < 0.1, "c"] = np.nan
    # Of nine clusters in the east and 15 elsewhere; of a third to all of the people in them.
    frame["clusters"] = np.where(frame["stratum"] == "east", 9, 15)
    asked = frame.groupby(["stratum", "cluster"])["a"].transform("size")
    frame["members"] = asked * (1 + frame["cluster"] % 3)
    return frame


def with_all(count: int = 600) -> pd.DataFrame:
    frame, random = people(count).assign(size=50_000.0), np.random.default_rng(1)
    return frame.assign(**{name: frame["weight"] * random.poisson(1, count) for name in NAMES})


def row_of(found: Estimation, item: str = "a", domain: str = "") -> pd.Series:
    table = found.estimates
    return table[(table["item_id"] == item) & (table["domain"] == domain)].iloc[0]


def assert_same(found: Estimation, expected: Estimation) -> None:
    for one, other in ((found.estimates, expected.estimates), (found.covariances, expected.covariances)):
        pd.testing.assert_frame_equal(one, other, rtol=1e-10, atol=1e-16)


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


def test_a_domain_is_not_the_rows_that_are_left_when_others_are_dropped() -> None:
    frame = people()
    whole = row_of(estimate(frame, CLUSTERED, ITEMS, domains=DOMAINS), domain="age=2")
    assert whole["share"] == pytest.approx(row_of(estimate(frame[frame["age"] == 2], CLUSTERED, ITEMS))["share"])
    frame["only"] = (frame["cluster"] == 1).astype(float)
    few = [Domain("only", 1.0, "one")]
    assert row_of(estimate(frame, CLUSTERED, ITEMS, domains=few), domain="one")["standard_error"] > 0
    with pytest.raises(SurveybookError, match="only one cluster"):
        estimate(frame[frame["only"] == 1], CLUSTERED, ITEMS)


def test_nobody_in_a_domain_gives_no_share_and_no_interval() -> None:
    found = row_of(estimate(people(), STRATIFIED, ITEMS, domains=[Domain("age", 99, "old")]), domain="old")
    assert found["base"] == 0
    assert found[["share", "standard_error", "low", "high"]].isna().all()


@pytest.mark.parametrize(("value", "bound"), [(0.0, "low"), (1.0, "high")])
def test_a_share_of_none_or_all_has_an_interval_on_one_side_and_kish_s_effective_base(value: float, bound: str) -> None:
    frame = people().assign(a=value)
    found, weight = row_of(estimate(frame, STRATIFIED, ITEMS)), frame["weight"]
    assert (found["share"], found[bound], found["standard_error"]) == (value, value, 0)
    assert 0 < found["high"] - found["low"] < 0.02
    assert found["method"].startswith("Korn-Graubard")
    assert found["effective_base"] == pytest.approx(weight.sum() ** 2 / (weight**2).sum())
    assert math.isnan(found["design_effect"])


def test_a_census_has_no_sampling_error_and_a_sample_not_drawn_at_random_says_so() -> None:
    found = row_of(estimate(people(), Design(weight="weight", census=True), ITEMS))
    assert found["low"] == found["share"] == found["high"]
    assert (found["standard_error"], found["method"]) == (0, "census: no sampling error")
    chosen = row_of(estimate(people(), Design(weight="weight", probability=False), ITEMS))
    assert "not a probability sample" in chosen["method"]


@pytest.mark.parametrize("interval", ["logit", "korn-graubard"])
@pytest.mark.parametrize("value", [None, 0.0, 1.0])
def test_the_limits_of_a_share_among_people_of_whom_nobody_was_left_out_are_the_share(
    interval: str, value: float | None
) -> None:
    frame = people()
    frame["size"] = frame.groupby("stratum")["a"].transform("size") * np.where(frame["stratum"] == "north", 1, 10)
    frame["a"] = frame["a"] if value is None else value
    groups = [Domain("stratum", "north", "in full"), Domain("stratum", "south", "a tenth")]
    found = estimate(frame, SIZED, ITEMS, domains=groups, interval=interval)
    known, sampled = row_of(found, domain="in full"), row_of(found, domain="a tenth")
    assert known["low"] == known["share"] == known["high"]
    assert sampled["low"] < sampled["high"]


@pytest.mark.parametrize("interval", ["logit", "korn-graubard"])
def test_what_leaves_no_degrees_of_freedom_leaves_no_limits(interval: str) -> None:
    frame = people(20).assign(stratum=np.arange(20), one=lambda rows: rows["weight"], two=lambda rows: rows["weight"])
    alone = Design(weight="weight", strata="stratum", lonely="certainty")
    same = Design(weight="weight", replicates=Replicates(columns=("one", "two"), kind="bootstrap"))
    for design in (alone, same):
        found = estimate(frame, design, ITEMS, interval=interval).estimates
        assert found["degrees_of_freedom"].tolist() == [0, 0, 0]
        assert found[["low", "high"]].isna().all(axis=None)


@pytest.mark.slow
@PLAN
@given(st.floats(0.001, 1000), st.integers(0, 2**16))
def test_what_weights_add_up_to_changes_nothing(factor: float, seed: int) -> None:
    frame, design = people(120, seed), Design(weight="weight", strata="stratum", lonely="adjust")
    first = estimate(frame, design, ITEMS).estimates
    second = estimate(frame.assign(weight=frame["weight"] * factor), design, ITEMS).estimates
    same = [name for name in ESTIMATES if name != "weighted_base"]
    pd.testing.assert_frame_equal(first[same], second[same], rtol=1e-9, atol=1e-12)


@pytest.mark.slow
@PLAN
@given(st.integers(0, 2**16))
def test_intervals_hold_their_share_and_stay_between_0_and_1(seed: int) -> None:
    for interval in ("logit", "korn-graubard"):
        design = Design(weight="weight")
        table = estimate(people(60, seed), design, ITEMS, domains=DOMAINS, interval=interval).estimates
        table = table.dropna(subset=["low", "high"])
        assert (table["low"].between(0, table["share"]) & table["high"].between(table["share"], 1)).all()


def drawn(frame: pd.DataFrame, count: int) -> list[pd.DataFrame]:
    """Return every sample of so many rows, with weights and the size of the population."""
    rows = itertools.combinations(range(len(frame)), count)
    return [frame.iloc[list(chosen)].assign(weight=len(frame) / count, size=len(frame)) for chosen in rows]


def samples_of(design: str) -> tuple[list[pd.DataFrame], Design, pd.Series]:
    """Return every sample that could be drawn, the design, and the answers of the population."""
    people_of = pd.DataFrame({"stratum": list("xxxxyyyyy"), "a": [1.0, 1, 0, 1, 0, 0, 1, 0, 0]})
    if design == "strata":
        strata = [drawn(people_of[people_of["stratum"] == name], 2) for name in "xy"]
        return [pd.concat(pair) for pair in itertools.product(*strata)], SIZED, people_of["a"]
    answers = np.random.default_rng(2004).integers(0, 2, (4, 3)).astype(float)
    people_of = pd.DataFrame({"cluster": np.repeat(range(4), 3), "a": answers.ravel(), "clusters": 4, "members": 3})
    pairs = list(itertools.combinations(range(3), 2))
    samples = [
        people_of.iloc[[3 * cluster + place for cluster, places in zip(chosen, within, strict=True)
                        for place in places]].assign(weight=3.0)
        for chosen in itertools.combinations(range(4), 2)
        for within in itertools.product(pairs, pairs)
    ]  # fmt: skip
    return samples, STAGED.model_copy(update={"strata": None}), people_of["a"]


@pytest.mark.slow
@pytest.mark.parametrize("kind", ["strata", "two stages"])
def test_over_every_sample_that_could_be_drawn_the_estimated_variance_is_the_variance(kind: str) -> None:
    samples, design, answers = samples_of(kind)
    rows = [row_of(estimate(sample, design, ITEM)) for sample in samples]
    shares, variances = (np.array([row[column] for row in rows]) for column in ("share", "standard_error"))
    assert shares.mean() == pytest.approx(answers.mean())
    assert (variances**2).mean() == pytest.approx(shares.var())


@pytest.mark.parametrize(("interval", "least"), [("logit", 0.92), ("korn-graubard", 0.945)])
def test_intervals_cover_at_their_nominal_rate_over_every_sample(interval: str, least: float) -> None:
    base = 60
    counts = np.arange(base + 1)
    share = counts / base
    variance = share * (1 - share) / (base - 1)
    effective = np.where(variance > 0, share * (1 - share) / np.where(variance > 0, variance, 1), base)
    low, high = korn_graubard_limits(share, effective, np.full(base + 1, base), np.full(base + 1, base - 1.0))
    if interval == "logit":
        inner = logit_limits(share, np.sqrt(variance), np.full(base + 1, base - 1.0))
        low, high = (np.where(variance > 0, *pair) for pair in zip(inner, (low, high), strict=True))
    frame = pd.DataFrame({"a": (np.arange(base) < 21).astype(float)})
    found = row_of(estimate(frame, Design(), ITEM, interval=interval))
    assert (found["low"], found["high"]) == pytest.approx((low[21], high[21]))
    truths = np.linspace(0.1, 0.9, 33)
    covered = [stats.binom.pmf(counts, base, truth)[(low <= truth) & (truth <= high)].sum() for truth in truths]
    assert 0.95 < np.mean(covered) < 0.975
    assert min(covered) > least


@pytest.mark.parametrize(
    ("design", "expected"),
    # R 4, survey: vcov(svyby(~a, ~sex, design, svymean, covmat = TRUE))["male", "female"], for a and for b.
    [
        (STRATIFIED, (-8.38450188168296e-07, -4.43997336992207e-07)),
        (CLUSTERED, (3.33110189832766e-05, 3.79311045707918e-05)),
        (SIZED, (-5.72397529939639e-07, -3.01606470932632e-07)),
        (STAGED, (1.97536076332036e-05, 1.17735453885123e-06)),
    ],
    ids=["strata", "clusters", "population sizes", "two stages"],
)
def test_groups_of_one_sample_vary_together_as_r_has_it(design: Design, expected: tuple[float, float]) -> None:
    frame = people().assign(
        size=lambda rows: rows["stratum"].map({"north": 400, "south": 500, "east": 450, "west": 600})
    )
    between = estimate(frame, design, ITEMS, domains=DOMAINS[:2]).covariances.query("domain_b != ''")
    found = between.set_index("item_a")["covariance"]
    assert (found["a"], found["b"]) == pytest.approx(expected, rel=1e-10)


def refused(frame: object, design: Design = STRATIFIED, items: object = ITEMS, **more: object) -> list[Problem]:
    with pytest.raises(DataError) as error:
        estimate(frame, design, items, **more)
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


SMALLER, UNLIKE = "the population is smaller than the sample", "the population is given differently within the"
WHOLE = Design(weight="weight", fpc="size")


@pytest.mark.parametrize(
    ("design", "column", "values", "said"),
    [
        (SIZED, "a", "yes", "the column holds something other than numbers"),
        (SIZED, "weight", "1", "the column holds something other than numbers"),
        (STRATIFIED, "weight", 0.0, "all weights are 0"),
        (SIZED, "size", lambda rows: np.where(rows["stratum"] == "east", 2.0, 5e4), f"{SMALLER} (east)"),
        (WHOLE, "size", lambda rows: np.where(rows.index == 0, 6e4, 5e4), f"{UNLIKE} stratum"),
        (WHOLE, "size", 0.0, "the population is 0 or less"),
        (STAGED, "members", 1.5, f"{SMALLER} in 36 clusters (east 0, east 1, east 2, east 3, east 4)"),
        (STAGED, "members", lambda rows: rows["members"] + (rows.index == 0), f"{UNLIKE} cluster (east 3)"),
    ],
)
def test_columns_that_cannot_be_are_refused_with_the_stratum_or_cluster(
    design: Design, column: str, values: object, said: str
) -> None:
    problem = refused(with_all().assign(**{column: values}), design)[0]
    assert (problem.column, problem.row, problem.found) == (column, None, said)


def test_strata_whose_sizes_are_wrong_in_different_ways_are_named_all_at_once() -> None:
    frame, sizes = with_all(), {"north": 0.0, "south": 6e4, "east": 2.0, "west": 5e4}
    frame["size"] = frame["stratum"].map(sizes)
    frame.loc[frame.index[frame["stratum"] == "south"][0], "size"] = 7e4
    found = [problem.found for problem in refused(frame, SIZED)]
    assert found == [f"{UNLIKE} stratum (south)", "the population is 0 or less (north)", f"{SMALLER} (east)"]


def test_nobody_is_refused(tmp_path: Path) -> None:
    people().iloc[:0].to_parquet(tmp_path / "nobody.parquet")
    for source in (people().iloc[:0], tmp_path / "nobody.parquet"):
        assert refused(source)[0].found == "there are no rows"
    with pytest.raises(ValueError, match="fpc_within stands without cluster or fpc"):
        Design(weight="weight", cluster="cluster", fpc_within="members")


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
        ({"interval": "wald"}, "^The interval is 'wald'; expected one of logit, korn-graubard"),
        ({"source": "nowhere.parquet"}, r"^nowhere\.parquet can't be read; expected a table, or a whole Parquet file"),
    ],
)
def test_what_cannot_be_asked_for_is_refused_in_a_sentence(given: dict[str, object], said: str) -> None:
    plain = {"source": people(), "design": STRATIFIED, "indicators": ITEMS}
    with pytest.raises(SurveybookError, match=said):
        estimate(**(plain | given))
