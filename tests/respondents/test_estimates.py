"""Shares, errors, limits and degrees of freedom are what their formulas give, worked out here another way."""

import itertools
import math

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats

from surveybook.model.problems import SurveybookError
from surveybook.respondents.design import Design, Domain, Indicator, Replicates
from surveybook.respondents.estimates import (
    COVARIANCES,
    ESTIMATES,
    Estimation,
    estimate,
    korn_graubard_limits,
    logit_limits,
)
from tests.respondents.people import CLUSTERED, DOMAINS, ITEMS, SIZED, STAGED, STRATIFIED, people

PLAN = settings(max_examples=25, deadline=None, derandomize=True)
ITEM = [Indicator("a", "a", "chosen", "q")]


def row_of(found: Estimation, item: str = "a", domain: str = "") -> pd.Series:
    table = found.estimates
    return table[(table["item_id"] == item) & (table["domain"] == domain)].iloc[0]


def test_the_tables_have_the_columns_they_promise_and_a_row_a_domain_and_figure() -> None:
    found = estimate(people(), STRATIFIED, ITEMS, domains=DOMAINS)
    assert list(found.estimates.columns) == ESTIMATES
    assert list(found.covariances.columns) == COVARIANCES
    assert len(found.estimates) == len(ITEMS) * (1 + len(DOMAINS))
    assert len(found.covariances) == 3 * (1 + len(DOMAINS))


def test_a_simple_random_sample_has_the_textbook_s_standard_error() -> None:
    frame = people()
    found = row_of(estimate(frame, Design(), ITEMS))
    share, count = frame["a"].mean(), len(frame)
    assert found["share"] == pytest.approx(share)
    assert found["standard_error"] == pytest.approx(np.sqrt(share * (1 - share) / (count - 1)))
    assert found["design_effect"] == pytest.approx(1)
    assert (found["base"], found["weighted_base"]) == (count, count)


def test_people_outside_the_base_of_one_item_are_in_that_of_another() -> None:
    frame = people()
    table = estimate(frame, STRATIFIED, ITEMS).estimates.set_index("item_id")["base"]
    assert table.to_dict() == {"a": 600, "b": 600, "c": frame["c"].notna().sum()}


def test_figures_keep_their_order_whatever_question_they_belong_to() -> None:
    items = [Indicator("a", "a", "chosen", "q"), Indicator("b", "b"), Indicator("c", "c", "chosen", "q")]
    assert estimate(people(), STRATIFIED, items).estimates["item_id"].tolist() == ["a", "b", "c"]


def test_a_domain_is_not_the_rows_that_are_left_when_others_are_dropped() -> None:
    frame = people()
    whole = row_of(estimate(frame, CLUSTERED, ITEMS, domains=DOMAINS), domain="age=2")
    assert whole["share"] == pytest.approx(row_of(estimate(frame[frame["age"] == 2], CLUSTERED, ITEMS))["share"])
    frame["only"] = (frame["cluster"] == 1).astype(float)
    few = [Domain("only", 1.0, "one")]
    assert row_of(estimate(frame, CLUSTERED, ITEMS, domains=few), domain="one")["standard_error"] > 0
    with pytest.raises(SurveybookError, match="only one cluster"):
        estimate(frame[frame["only"] == 1], CLUSTERED, ITEMS)


def test_each_row_as_a_cluster_is_the_same_as_no_clusters() -> None:
    frame = people().assign(cluster=np.arange(600))
    by_row, without = (estimate(frame, design, ITEMS, domains=DOMAINS) for design in (CLUSTERED, STRATIFIED))
    pd.testing.assert_frame_equal(by_row.estimates, without.estimates, rtol=1e-10)
    pd.testing.assert_frame_equal(by_row.covariances, without.covariances, rtol=1e-10, atol=1e-16)


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


def test_answers_that_exclude_each_other_and_exhaust_a_question_have_covariances_that_cancel() -> None:
    found = estimate(people().assign(b=lambda table: 1 - table["a"]), STRATIFIED, ITEMS[:2])
    assert found.covariances["covariance"].iloc[0] == pytest.approx(-(row_of(found)["standard_error"] ** 2))


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


def test_a_correction_that_leaves_nothing_out_of_one_stratum_narrows_by_that_stratum_alone() -> None:
    frame = people()
    sizes = frame["stratum"].map(frame["stratum"].value_counts())
    for fraction in (False, True):
        size = np.where(frame["stratum"] == "north", sizes, 4 * sizes)
        found = row_of(estimate(frame.assign(size=sizes / size if fraction else size.astype(float)), SIZED, ITEMS))
        weight, total = frame["weight"], 0.0
        for name, part in frame.assign(z=weight * (frame["a"] - found["share"]) / weight.sum()).groupby("stratum"):
            left = 0.0 if name == "north" else 0.75
            total += left * len(part) / (len(part) - 1) * ((part["z"] - part["z"].mean()) ** 2).sum()
        assert found["standard_error"] == pytest.approx(math.sqrt(total), rel=1e-10)


@pytest.mark.parametrize("confidence", [0.8, 0.95, 0.99])
def test_limits_are_those_of_their_formulas_at_the_confidence_asked_for(confidence: float) -> None:
    found = row_of(estimate(people(), CLUSTERED, ITEMS, confidence=confidence))
    share, error, degrees = found["share"], found["standard_error"], found["degrees_of_freedom"]
    half = stats.t.ppf((1 + confidence) / 2, degrees) * error / (share * (1 - share))
    middle = math.log(share / (1 - share))
    assert degrees == 4 * 9 - 4
    limits = 1 / (1 + math.exp(half - middle)), 1 / (1 + math.exp(-half - middle))
    assert (found["low"], found["high"]) == pytest.approx(limits, rel=1e-12)
    assert found["method"] == "logit, Taylor"
    found = row_of(estimate(people(), CLUSTERED, ITEMS, confidence=confidence, interval="korn-graubard"))
    tail = (1 - confidence) / 2
    size = share * (1 - share) / error**2 * (stats.t.ppf(tail, found["base"] - 1) / stats.t.ppf(tail, degrees)) ** 2
    chosen, other = size * share, size * (1 - share)
    limits = stats.beta.ppf(tail, chosen, other + 1), stats.beta.ppf(1 - tail, chosen + 1, other)
    assert (found["low"], found["high"]) == pytest.approx(limits, rel=1e-9)
    assert found["method"] == "Korn-Graubard, Taylor"


def test_a_confidence_that_is_none_is_refused() -> None:
    with pytest.raises(ValueError, match="between 0 and 1"):
        estimate(people(), STRATIFIED, ITEMS, confidence=1.0)


def test_the_effective_base_is_the_base_over_the_design_effect() -> None:
    found = row_of(estimate(people(), CLUSTERED, ITEMS))
    simple = found["share"] * (1 - found["share"]) / (600 - 1)
    assert found["design_effect"] == pytest.approx(found["standard_error"] ** 2 / simple)
    assert found["effective_base"] == pytest.approx(600 / found["design_effect"])


def test_people_without_weights_count_one_each() -> None:
    weighted = estimate(people().assign(one=1.0), Design(weight="one"), ITEMS, domains=DOMAINS)
    without = estimate(people(), Design(), ITEMS, domains=DOMAINS)
    pd.testing.assert_frame_equal(weighted.estimates, without.estimates)


def test_degrees_of_freedom_of_replicate_weights_are_their_rank_less_one_in_each_domain() -> None:
    frame = people(400)
    groups, old = np.arange(400) % 6, frame["age"] == 4
    names = [f"r{place}" for place in range(6)]
    for place, name in enumerate(names):
        # Two of them alone differ among the old.
        left_out = groups == place if place < 2 else (groups == place) & ~old
        frame[name] = np.where(left_out, 0.0, frame["weight"] * 6 / 5)
    design = Design(weight="weight", replicates=Replicates(columns=names, kind="JK1"))
    found = estimate(frame, design, ITEMS, domains=[Domain("age", 4, "old")])
    ranks = [np.linalg.matrix_rank(part[names].to_numpy()) for part in (frame, frame[old])]
    assert ranks[1] < ranks[0]
    assert [row_of(found, domain=name)["degrees_of_freedom"] for name in ("", "old")] == [rank - 1 for rank in ranks]
    stated = design.replicates.model_copy(update={"degrees_of_freedom": 3.0})
    assert row_of(estimate(frame, Design(weight="weight", replicates=stated), ITEMS))["degrees_of_freedom"] == 3


@pytest.mark.parametrize("interval", ["logit", "korn-graubard"])
def test_what_leaves_no_degrees_of_freedom_leaves_no_limits(interval: str) -> None:
    frame = people(20).assign(stratum=np.arange(20), one=lambda rows: rows["weight"], two=lambda rows: rows["weight"])
    alone = Design(weight="weight", strata="stratum", lonely="certainty")
    same = Design(weight="weight", replicates=Replicates(columns=("one", "two"), kind="bootstrap"))
    for design in (alone, same):
        found = estimate(frame, design, ITEMS, interval=interval).estimates
        assert found["degrees_of_freedom"].tolist() == [0, 0, 0]
        assert found[["low", "high"]].isna().all(axis=None)


def test_every_kind_of_replicate_weights_has_its_scale() -> None:
    factors = {"BRR": 0.25, "Fay": 1.0, "JK1": 0.75, "JK2": 1.0, "JKn": 1.0, "bootstrap": 1 / 3, "ACS": 1.0}
    for kind, factor in (factors | {"successive-difference": 1.0}).items():
        assert Replicates(columns=("r1", "r2", "r3", "r4"), kind=kind, rho=0.5).factor == factor
    assert Replicates(columns=("r1", "r2"), kind="other", scale=0.3).factor == 0.3


def test_with_endless_degrees_of_freedom_t_is_normal_and_with_none_there_is_nothing() -> None:
    low, _ = logit_limits([0.5] * 3, [0.05] * 3, [np.inf, 10, 0], 0.8)
    half = np.log(1 / low - 1) / 0.2
    assert half == pytest.approx([stats.norm.ppf(0.9), stats.t.ppf(0.9, 10), np.nan], nan_ok=True)


def test_limits_need_both_a_share_and_an_effective_base() -> None:
    for share, effective in ((0.5, np.nan), (np.nan, 100.0)):
        low, high = korn_graubard_limits([share, 0.5], [effective, 100.0], [100, 100], [99, 99])
        assert np.isnan([low[0], high[0]]).all()
        assert 0.39 < low[1] < 0.41 < 0.59 < high[1] < 0.61


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
    if design == "simple":
        return drawn(people_of.iloc[:6], 3), Design(weight="weight", fpc="size"), people_of["a"].iloc[:6]
    if design == "strata":
        strata = [drawn(people_of[people_of["stratum"] == name], 2) for name in "xy"]
        return [pd.concat(pair) for pair in itertools.product(*strata)], SIZED, people_of["a"]
    if design == "two stages":
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
    answers = np.random.default_rng(2004).integers(0, 2, (6, 4)).astype(float)
    frames = [pd.DataFrame({"cluster": place, "a": row, "weight": 2.0, "size": 6}) for place, row in enumerate(answers)]
    samples = [pd.concat([frames[place] for place in chosen]) for chosen in itertools.combinations(range(6), 3)]
    return samples, Design(weight="weight", cluster="cluster", fpc="size"), pd.Series(answers.ravel())


@pytest.mark.slow
@pytest.mark.parametrize("kind", ["simple", "strata", "clusters", "two stages"])
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


def test_the_order_of_items_and_domains_does_not_matter() -> None:
    keys = ["domain", "item_id", "response"]
    one, other = (
        estimate(people(), CLUSTERED, ITEMS[::step], domains=DOMAINS[::step]).estimates.sort_values(keys)
        for step in (1, -1)
    )
    pd.testing.assert_frame_equal(one.reset_index(drop=True), other.reset_index(drop=True))


def test_a_person_counted_twice_weighs_as_one_of_twice_the_weight() -> None:
    frame = people(200).drop(columns="c")
    heavier = frame.assign(weight=frame["weight"] * np.where(frame.index < 50, 2, 1), id=frame.index)
    doubled = pd.concat([frame, frame.iloc[:50]]).assign(id=[*frame.index, *frame.index[:50]])
    design = Design(weight="weight", cluster="id")
    one, other = (estimate(table, design, ITEMS[:2]).estimates for table in (heavier, doubled))
    same = ["share", "standard_error", "low", "weighted_base"]
    pd.testing.assert_frame_equal(one[same], other[same], rtol=1e-9, check_exact=False)


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
    found = estimate(frame, design, ITEMS, domains=DOMAINS[:2]).between.set_index("item_id")["covariance"]
    assert (found["a"], found["b"]) == pytest.approx(expected, rel=1e-10)


def test_groups_of_different_variables_and_of_a_census_have_no_covariance() -> None:
    assert set(estimate(people(), CLUSTERED, ITEMS, domains=DOMAINS).between["domain_b"]) == {"sex=female"}
    census = CLUSTERED.model_copy(update={"census": True})
    assert (estimate(people(), census, ITEMS, domains=DOMAINS[:2]).between["covariance"] == 0).all()
