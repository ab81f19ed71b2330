import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from surveybook.model.problems import DataError, SurveybookError
from surveybook.respondents.estimation import COVARIANCES, ESTIMATES, Design, Domain, Indicator, Replicates, estimate
from surveybook.respondents.estimation.design import KINDS
from surveybook.respondents.mapping import KINDS_OF_REPLICATES

from .people import CLUSTERED, DOMAINS, ITEMS, STRATIFIED, people


def of(found, item, domain=""):
    table = found.estimates
    return table[(table["item_id"] == item) & (table["domain"] == domain)].iloc[0]


@pytest.mark.parametrize(
    ("column", "row", "value", "said"),
    [
        ("weight", 3, -1.0, "row 5, column weight: the weight is negative"),
        ("weight", 3, np.inf, "row 5, column weight: the weight is negative or infinite"),
        ("weight", 3, np.nan, "row 5, column weight: the weight is missing"),
        ("stratum", 0, None, "row 2, column stratum: nothing stands here"),
        ("a", 7, 2.0, "row 9, column a: the answer isn't 0 or 1"),
    ],
)
def test_what_is_wrong_with_a_row_is_refused_with_its_place_and_without_its_value(column, row, value, said):
    frame = people()
    frame.loc[row, column] = value
    with pytest.raises(DataError) as refused:
        estimate(frame, STRATIFIED, ITEMS)
    assert said in str(refused.value)


def test_rows_are_counted_through_all_parts_of_a_long_table():
    frame = people(150_000)
    frame.loc[[140_000, 140_001], "weight"] = -1.0
    with pytest.raises(DataError, match=r"row 140002.*in 2 rows \(the first: 140002, 140003\)"):
        estimate(frame, STRATIFIED, ITEMS)


def test_weights_that_are_all_nothing_are_refused():
    with pytest.raises(DataError, match="all weights are 0"):
        estimate(people().assign(weight=0.0), STRATIFIED, ITEMS)


def test_all_that_is_wrong_is_said_at_once():
    frame = people()
    frame.loc[1, "weight"], frame.loc[2, "b"] = -1.0, 9.0
    with pytest.raises(DataError) as refused:
        estimate(frame, STRATIFIED, ITEMS)
    assert [problem.column for problem in refused.value.problems] == ["weight", "b"]


def test_an_empty_table_and_columns_that_are_not_there_are_refused():
    with pytest.raises(DataError, match="no rows"):
        estimate(people().iloc[:0], STRATIFIED, ITEMS)
    with pytest.raises(DataError, match="d: the column isn't there; expected by item d"):
        estimate(people(), STRATIFIED, [*ITEMS, Indicator("d", "d")])


def test_text_among_answers_is_refused():
    with pytest.raises(DataError, match="a: the column holds something other than numbers"):
        estimate(people().assign(a="yes"), STRATIFIED, ITEMS)


def test_a_stratum_with_one_cluster_is_refused_unless_a_rule_is_declared():
    frame = people()
    frame.loc[0, "stratum"] = "island"
    with pytest.raises(SurveybookError, match=r"1 stratum has only one cluster \(island\)"):
        estimate(frame, STRATIFIED, ITEMS)
    assert estimate(frame, Design("weight", "stratum", lonely="adjust"), ITEMS).estimates["standard_error"].gt(0).all()


def test_populations_smaller_than_the_sample_and_uneven_within_a_stratum_are_refused():
    frame = people()
    design = Design("weight", "stratum", None, "size")
    with pytest.raises(DataError, match="the population is smaller than the sample"):
        estimate(frame.assign(size=2.0), design, ITEMS)
    with pytest.raises(DataError, match="given differently within the stratum"):
        estimate(frame.assign(size=np.arange(len(frame)) + 5_000.0), design, ITEMS)


def test_a_rule_kind_interval_or_engine_that_does_not_exist_is_refused():
    for wrong in (
        lambda: Design(lonely="ignore"),
        lambda: Replicates(("r1", "r2"), "SDR"),
        lambda: estimate(people(), STRATIFIED, ITEMS, interval="wald"),
        lambda: estimate(people(), STRATIFIED, ITEMS, engine="spark"),
        lambda: estimate([1, 2], STRATIFIED, ITEMS),
    ):
        with pytest.raises(SurveybookError, match="expected"):
            wrong()


def test_the_tables_have_the_columns_they_promise_and_a_row_a_domain_and_figure():
    found = estimate(people(), STRATIFIED, ITEMS, domains=DOMAINS)
    assert list(found.estimates.columns) == ESTIMATES
    assert list(found.covariances.columns) == COVARIANCES
    assert len(found.estimates) == len(ITEMS) * (1 + len(DOMAINS))
    assert len(found.covariances) == 3 * (1 + len(DOMAINS))


def test_a_simple_random_sample_has_the_textbook_s_standard_error():
    frame = people()
    found = of(estimate(frame, Design(), ITEMS), "a")
    share, count = frame["a"].mean(), len(frame)
    assert found["share"] == pytest.approx(share)
    assert found["standard_error"] == pytest.approx(np.sqrt(share * (1 - share) / (count - 1)))
    assert found["design_effect"] == pytest.approx(1)
    assert (found["base"], found["weighted_base"]) == (count, count)


def test_people_outside_the_base_of_one_item_are_in_that_of_another():
    frame = people()
    table = estimate(frame, STRATIFIED, ITEMS).estimates.set_index("item_id")["base"]
    assert table.to_dict() == {"a": 600, "b": 600, "c": frame["c"].notna().sum()}


def test_a_domain_is_not_the_rows_that_are_left_when_others_are_dropped():
    frame = people()
    whole = of(estimate(frame, CLUSTERED, ITEMS, domains=DOMAINS), "a", "age=2")
    dropped = of(estimate(frame[frame["age"] == 2], CLUSTERED, ITEMS), "a")
    assert whole["share"] == pytest.approx(dropped["share"])
    frame["only"] = (frame["cluster"] == 1).astype(float)
    few = [Domain("only", 1.0, "one")]
    assert of(estimate(frame, CLUSTERED, ITEMS, domains=few), "a", "one")["standard_error"] > 0
    with pytest.raises(SurveybookError, match="only one cluster"):
        estimate(frame[frame["only"] == 1], CLUSTERED, ITEMS)


def test_each_row_as_a_cluster_is_the_same_as_no_clusters():
    frame = people().assign(cluster=np.arange(600))
    by_row, without = (estimate(frame, design, ITEMS, domains=DOMAINS) for design in (CLUSTERED, STRATIFIED))
    pd.testing.assert_frame_equal(by_row.estimates, without.estimates, rtol=1e-10)
    pd.testing.assert_frame_equal(by_row.covariances, without.covariances, rtol=1e-10, atol=1e-16)


def test_nobody_in_a_domain_gives_no_share_and_no_interval():
    found = of(estimate(people(), STRATIFIED, ITEMS, domains=[Domain("age", 99, "old")]), "a", "old")
    assert found["base"] == 0
    assert found[["share", "standard_error", "low", "high"]].isna().all()


@pytest.mark.parametrize(("value", "bound"), [(0.0, "low"), (1.0, "high")])
def test_a_share_of_none_or_all_has_an_interval_on_one_side(value, bound):
    found = of(estimate(people().assign(a=value), STRATIFIED, ITEMS), "a")
    assert (found["share"], found[bound], found["standard_error"]) == (value, value, 0)
    assert 0 < found["high"] - found["low"] < 0.02
    assert found["method"].startswith("Korn-Graubard")


def test_a_census_has_no_sampling_error():
    found = of(estimate(people(), Design("weight", census=True), ITEMS), "a")
    assert found["standard_error"] == 0
    assert found["low"] == found["share"] == found["high"]
    assert found["method"] == "census: no sampling error"


def test_a_sample_that_was_not_drawn_at_random_says_so():
    found = of(estimate(people(), Design("weight", probability=False), ITEMS), "a")
    assert "not a probability sample" in found["method"]


def test_a_population_sampled_in_full_leaves_nothing_uncertain():
    frame = people()
    frame["size"] = frame.groupby("stratum")["a"].transform("size")
    found = estimate(frame, Design("weight", "stratum", None, "size"), ITEMS).estimates
    assert (found["standard_error"] == 0).all()


def test_answers_that_exclude_each_other_and_exhaust_a_question_have_covariances_that_cancel():
    frame = people().assign(b=lambda table: 1 - table["a"])
    found = estimate(frame, STRATIFIED, ITEMS[:2])
    assert found.covariances["covariance"].iloc[0] == pytest.approx(-(of(found, "a")["standard_error"] ** 2))


@settings(max_examples=25, deadline=None, derandomize=True)
@given(st.floats(0.001, 1000), st.integers(0, 2**16))
def test_what_weights_add_up_to_changes_nothing(factor, seed):
    frame = people(120, seed)
    design = Design("weight", "stratum", lonely="adjust")
    first = estimate(frame, design, ITEMS).estimates
    second = estimate(frame.assign(weight=frame["weight"] * factor), design, ITEMS).estimates
    same = [name for name in ESTIMATES if name != "weighted_base"]
    pd.testing.assert_frame_equal(first[same], second[same], rtol=1e-9, atol=1e-12)


@settings(max_examples=25, deadline=None, derandomize=True)
@given(st.integers(0, 2**16))
def test_intervals_hold_their_share_and_stay_between_0_and_1(seed):
    for interval in ("logit", "korn-graubard"):
        table = estimate(people(60, seed), Design("weight"), ITEMS, domains=DOMAINS, interval=interval).estimates
        table = table.dropna(subset=["low", "high"])
        assert (table["low"].between(0, table["share"]) & table["high"].between(table["share"], 1)).all()


@pytest.mark.parametrize("interval", ["logit", "korn-graubard"])
@pytest.mark.parametrize("value", [None, 0.0, 1.0])
def test_the_limits_of_a_share_among_people_of_whom_nobody_was_left_out_are_the_share(interval, value):
    frame = people()
    frame["size"] = frame.groupby("stratum")["a"].transform("size") * np.where(frame["stratum"] == "north", 1, 10)
    if value is not None:
        frame["a"] = value
    found = estimate(
        frame,
        Design("weight", "stratum", None, "size"),
        ITEMS,
        domains=[Domain("stratum", "north", "in full"), Domain("stratum", "south", "a tenth")],
        interval=interval,
    )
    known, sampled = of(found, "a", "in full"), of(found, "a", "a tenth")
    assert known["low"] == known["share"] == known["high"]
    assert sampled["low"] < sampled["high"]


def test_every_kind_of_replicate_weights_that_a_wave_can_declare_has_its_scale():
    assert KINDS_OF_REPLICATES == KINDS
    scaled = {kind: Replicates(("r1", "r2", "r3", "r4"), kind, scale=None, rho=0.5) for kind in KINDS[:3]}
    assert {kind: weights.factor for kind, weights in scaled.items()} == {"BRR": 0.25, "Fay": 1.0, "JK1": 0.75}
    for kind in ("ACS", "successive-difference"):
        assert Replicates(("r1", "r2", "r3", "r4"), kind).factor == 1.0
