"""Limits, bases and degrees of freedom are what their formulas give, worked out here another way."""

import math

import numpy as np
import pandas as pd
import pytest
from scipy import stats

from surveybook.respondents.estimation import (
    Design,
    Domain,
    Indicator,
    Replicates,
    association,
    compare_within,
    estimate,
    goodness_of_fit,
    rank_estimates,
)
from surveybook.respondents.estimation.freedom import t_quantile, two_sided_t
from surveybook.respondents.estimation.limits import korn_graubard_limits

from .people import CLUSTERED, DOMAINS, ITEMS, STRATIFIED, people


def first(found, domain=""):
    table = found.estimates
    return table[(table["item_id"] == "a") & (table["domain"] == domain)].iloc[0]


@pytest.mark.parametrize("confidence", [0.8, 0.95, 0.99])
def test_logit_limits_are_those_of_student_s_t_at_the_confidence_asked_for(confidence):
    found = first(estimate(people(), CLUSTERED, ITEMS, confidence=confidence, interval="logit"))
    share, error, degrees = found["share"], found["standard_error"], found["degrees_of_freedom"]
    half = stats.t.ppf((1 + confidence) / 2, degrees) * error / (share * (1 - share))
    middle = math.log(share / (1 - share))
    assert degrees == 4 * 9 - 4
    assert found["low"] == pytest.approx(1 / (1 + math.exp(half - middle)), rel=1e-12)
    assert found["high"] == pytest.approx(1 / (1 + math.exp(-half - middle)), rel=1e-12)
    assert found["method"] == "logit, Taylor"


@pytest.mark.parametrize("confidence", [0.8, 0.95, 0.99])
def test_korn_graubard_limits_are_those_of_the_beta_distribution_at_the_confidence_asked_for(confidence):
    found = first(estimate(people(), CLUSTERED, ITEMS, confidence=confidence, interval="korn-graubard"))
    share, tail = found["share"], (1 - confidence) / 2
    ratio = stats.t.ppf(tail, found["base"] - 1) / stats.t.ppf(tail, found["degrees_of_freedom"])
    size = share * (1 - share) / found["standard_error"] ** 2 * ratio**2
    assert found["low"] == pytest.approx(stats.beta.ppf(tail, size * share, size * (1 - share) + 1), rel=1e-9)
    assert found["high"] == pytest.approx(stats.beta.ppf(1 - tail, size * share + 1, size * (1 - share)), rel=1e-9)
    assert found["method"] == "Korn-Graubard, Taylor"


def test_the_effective_base_is_the_base_over_the_design_effect():
    frame = people()
    found = first(estimate(frame, CLUSTERED, ITEMS))
    simple = found["share"] * (1 - found["share"]) / (len(frame) - 1)
    assert found["design_effect"] == pytest.approx(found["standard_error"] ** 2 / simple)
    assert found["effective_base"] == pytest.approx(len(frame) / found["design_effect"])


@pytest.mark.parametrize("value", [0.0, 1.0])
def test_where_everybody_answers_alike_the_effective_base_is_kish_s(value):
    frame = people().assign(a=value)
    found = first(estimate(frame, STRATIFIED, ITEMS))
    weight = frame["weight"]
    assert found["effective_base"] == pytest.approx(weight.sum() ** 2 / (weight**2).sum())
    assert math.isnan(found["design_effect"])


def test_people_without_weights_count_one_each():
    frame = people().drop(columns=["weight"])
    weighted = estimate(frame.assign(one=1.0), Design("one"), ITEMS, domains=DOMAINS)
    without = estimate(frame, Design(), ITEMS, domains=DOMAINS)
    pd.testing.assert_frame_equal(weighted.estimates, without.estimates)


def replicated(count: int = 400) -> tuple[pd.DataFrame, Design]:
    """Return respondents with six jackknife weights, two of which alone differ among the old."""
    frame = people(count)
    groups = np.arange(count) % 6
    old = frame["age"] == 4
    names = tuple(f"r{place}" for place in range(6))
    for place, name in enumerate(names):
        left_out = groups == place if place < 2 else (groups == place) & ~old
        frame[name] = np.where(left_out, 0.0, frame["weight"] * 6 / 5)
    return frame, Design("weight", replicates=Replicates(names, "JK1"))


def test_degrees_of_freedom_of_replicate_weights_are_their_rank_less_one_in_each_domain():
    frame, design = replicated()
    found = estimate(frame, design, ITEMS, domains=[Domain("age", 4, "old")])
    ranks = [
        np.linalg.matrix_rank(part[list(design.replicates.columns)].to_numpy())
        for part in (frame, frame[frame.age == 4])
    ]
    assert ranks[1] < ranks[0]
    assert [first(found, domain)["degrees_of_freedom"] for domain in ("", "old")] == [rank - 1 for rank in ranks]


def test_goodness_of_fit_has_the_degrees_of_freedom_of_its_domain():
    frame, design = replicated()
    frame["not a"] = 1 - frame["a"]
    items = [Indicator("a", "a", question_id="q"), Indicator("not a", "not a", question_id="q")]
    found = estimate(frame, design, items, domains=[Domain("age", 4, "old")])
    figures = [("a", "chosen"), ("not a", "chosen")]
    for domain in ("", "old"):
        tested, row = goodness_of_fit(found, figures, domain=domain), first(found, domain)
        assert tested.degrees_of_freedom[1] == pytest.approx(row["degrees_of_freedom"])
        # With two answers, F is the square of the t of the share against a half.
        assert tested.statistic == pytest.approx(((row["share"] - 0.5) / row["standard_error"]) ** 2)
        t = (row["share"] - 0.5) / row["standard_error"]
        assert tested.p_value == pytest.approx(2 * stats.t.sf(abs(t), row["degrees_of_freedom"]))


def test_with_endless_degrees_of_freedom_goodness_of_fit_is_tested_by_chi_squared():
    frame, design = replicated()
    endless = Replicates(design.replicates.columns, "JK1", degrees_of_freedom=np.inf)
    frame["not a"] = 1 - frame["a"]
    items = [Indicator("a", "a", question_id="q"), Indicator("not a", "not a", question_id="q")]
    found = estimate(frame, Design("weight", replicates=endless), items)
    tested, row = goodness_of_fit(found, [("a", "chosen"), ("not a", "chosen")]), first(found)
    assert tested.p_value == pytest.approx(2 * stats.norm.sf(abs(row["share"] - 0.5) / row["standard_error"]))


def test_a_share_whose_error_nothing_tells_has_no_limits():
    frame = people(20).assign(stratum=np.arange(20))
    found = first(estimate(frame, Design("weight", "stratum", lonely="certainty"), ITEMS))
    assert 0 < found["share"] < 1
    assert (found["standard_error"], found["degrees_of_freedom"]) == (0, 0)
    assert math.isnan(found["low"])
    assert math.isnan(found["high"])


def test_what_cannot_be_tested_has_no_statistic_and_no_p_value():
    frame = people().assign(a=1.0)
    frame["not a"] = 0.0
    items = [Indicator("a", "a", question_id="q"), Indicator("not a", "not a", question_id="q")]
    found = estimate(frame, STRATIFIED, items, domains=DOMAINS)
    figures = [("a", "chosen"), ("not a", "chosen")]
    for tested in (
        goodness_of_fit(found, figures, [0.5, 0.5]),
        goodness_of_fit(
            estimate(people(), STRATIFIED, ITEMS, domains=[Domain("age", 99, "old")]),
            [("a", "chosen")],
            [0.5],
            domain="old",
        ),
        association(found, figures, ["sex=male", "sex=female"]),
    ):
        numbers = [tested.statistic, *tested.degrees_of_freedom, tested.p_value]
        assert [math.isnan(number) for number in numbers] == [True] * 4


def test_a_correction_that_leaves_nothing_out_of_one_stratum_narrows_by_that_stratum_alone():
    frame = people()
    sizes = frame["stratum"].map(frame["stratum"].value_counts())
    for fraction in (False, True):
        size = np.where(frame["stratum"] == "north", sizes, 4 * sizes)
        given = sizes / size if fraction else size.astype(float)
        found = first(estimate(frame.assign(size=given), Design("weight", "stratum", None, "size"), ITEMS))
        share, weight = found["share"], frame["weight"]
        total = 0.0
        for name, part in frame.assign(z=weight * (frame["a"] - share) / weight.sum()).groupby("stratum"):
            left = 0.0 if name == "north" else 0.75
            total += left * len(part) / (len(part) - 1) * ((part["z"] - part["z"].mean()) ** 2).sum()
        assert found["standard_error"] == pytest.approx(math.sqrt(total), rel=1e-10)


def test_with_endless_degrees_of_freedom_t_is_normal_and_with_none_there_is_nothing():
    statistics, degrees = [1.96, -1.96, 1.96, 1.96], [np.inf, np.inf, 10, 0]
    expected = [2 * stats.norm.sf(1.96), 2 * stats.norm.sf(1.96), 2 * stats.t.sf(1.96, 10), np.nan]
    assert two_sided_t(statistics, degrees) == pytest.approx(expected, nan_ok=True)
    expected = [stats.norm.ppf(0.9), stats.t.ppf(0.9, 10), np.nan]
    assert t_quantile(0.9, [np.inf, 10, 0]) == pytest.approx(expected, nan_ok=True)


def test_limits_need_both_a_share_and_an_effective_base():
    for share, effective in ((0.5, np.nan), (np.nan, 100.0)):
        low, high = korn_graubard_limits([share, 0.5], [effective, 100.0], [100, 100], [99, 99])
        assert np.isnan([low[0], high[0]]).all()
        assert 0.39 < low[1] < 0.41 < 0.59 < high[1] < 0.61


def ranked(errors: tuple[float, float], covariance: float) -> list[list[float]]:
    """Return the ranks of shares of 60 and 50 per cent, with a hundred degrees of freedom."""
    rows = [
        {"question_id": "q", "item_id": item, "response": "chosen", "domain": "", "share": share,
         "standard_error": error, "degrees_of_freedom": 100.0}
        for item, share, error in zip("ab", (0.6, 0.5), errors, strict=True)
    ]  # fmt: skip
    pair = {"question_id": "q", "domain": "", "item_a": "a", "response_a": "chosen", "item_b": "b",
            "response_b": "chosen", "covariance": covariance}  # fmt: skip
    return rank_estimates(pd.DataFrame(rows), pd.DataFrame([pair]), "q").to_numpy().tolist()


def test_ranks_are_told_apart_where_the_one_sided_test_holds_among_both_directions():
    # Two tests, one each way: a difference of 0.1 is shown where its t is above the quantile of 0.975.
    limit = stats.t.ppf(0.975, 100)
    apart, together = [[1.0, 1.0, 1.0], [2.0, 2.0, 2.0]], [[1.0, 1.0, 2.0], [2.0, 1.0, 2.0]]
    for factor, expected in ((0.999, apart), (1.001, together)):
        error = factor * 0.1 / limit
        assert ranked((error / math.sqrt(2), error / math.sqrt(2)), 0.0) == expected
        # What the two have in common is taken off: var(a - b) = var(a) + var(b) - 2 cov(a, b).
        assert ranked((error, error), error**2 / 2) == expected


def test_answers_to_two_questions_of_people_who_are_not_the_same_can_be_compared():
    items = [Indicator("a", "a", question_id="q"), Indicator("b", "b", question_id="r")]
    found = estimate(people(), STRATIFIED, items, domains=DOMAINS)
    compared = compare_within(found, ("a", "chosen", "sex=male"), ("b", "chosen", "sex=female"))
    table = found.estimates.set_index(["item_id", "domain"])
    expected = table.loc[("a", "sex=male"), "share"] - table.loc[("b", "sex=female"), "share"]
    assert compared.difference == pytest.approx(expected)


def test_replicate_weights_of_all_parts_count_for_the_degrees_of_freedom(monkeypatch):
    frame = people(800).assign(group=lambda rows: rows.index // 100)
    for left_out in range(8):
        frame[f"rep{left_out}"] = frame["weight"] * np.where(frame["group"] == left_out, 0, 8 / 7)
    design = Design("weight", replicates=Replicates(tuple(f"rep{number}" for number in range(8)), "JK1"))
    whole = estimate(frame, design, ITEMS).estimates
    # Within one part, all replicate weights but one are the same.
    monkeypatch.setattr("surveybook.respondents.estimation.reduction.rows_at_once", lambda width: 100)
    parts = estimate(frame, design, ITEMS).estimates
    assert whole["degrees_of_freedom"].tolist() == [7, 7, 7]
    pd.testing.assert_frame_equal(parts, whole, rtol=1e-12)


@pytest.mark.parametrize("interval", ["logit", "korn-graubard"])
def test_replicate_weights_that_are_all_the_same_leave_the_limits_unknown(interval):
    frame = people().assign(one=lambda rows: rows["weight"], two=lambda rows: rows["weight"])
    design = Design("weight", replicates=Replicates(("one", "two"), "bootstrap"))
    found = estimate(frame, design, ITEMS, interval=interval).estimates
    assert found["degrees_of_freedom"].tolist() == [0, 0, 0]
    assert found[["low", "high"]].isna().all(axis=None)
