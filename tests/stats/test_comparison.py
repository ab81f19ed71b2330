"""The choice of test, what known standard errors and covariances spare, and the letters of tables by groups."""

import itertools
import math
from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import binom, t

from surveybook.model.survey import COVARIANCES, Survey, find_figure
from surveybook.stats.comparison import (
    CENSUS,
    EXACT,
    compare_figures,
    compare_groups,
    compare_tables,
    contrast_groups,
    find_letters,
    find_relation,
    letter_columns,
    name_letter,
    rank_figures,
)
from surveybook.stats.shares import Difference, add_intervals, adjust_p_values, compare_independent
from tests.stats import figure, levels, properties, shares
from tests.waves import INTERNET, SATISFACTION, STAFF_SATISFACTION, VALUE, estimated, synthetic, wave_2004

estimates = st.builds(figure, shares, st.just(100), st.floats(0.001, 0.2), degrees_of_freedom=st.floats(1, 1e5))
NUMBERS = ["difference", "standard_error", "low", "high", "p_value"]


def published(key, survey=None):
    found = find_figure(survey or wave_2004(), key)
    assert found is not None
    return found


def compare(one, other, confidence=0.95):
    """Return the difference between two independent figures."""
    return Difference(**compare_tables(pd.DataFrame([one]), pd.DataFrame([other]), confidence).iloc[0])


def relation(first, second):
    return find_relation(first, second, wave_2004().codebook.kind_of(first["question_id"]))


def test_the_relation_of_two_figures_decides_the_test():
    public, agree, disagree = (
        published(key) for key in (SATISFACTION, "public.services_improved.agree", "public.services_improved.disagree")
    )
    assert relation(public, published(STAFF_SATISFACTION)) == "independent"
    assert relation(public, published(VALUE)) == "choices"
    assert relation(public, published(INTERNET)) == "statements"
    assert relation(agree, disagree) == "exclusive"
    assert relation(agree, published("frontline.value_for_money.chosen")) is None
    assert compare_figures(wave_2004(), agree, published("frontline.value_for_money.chosen")).method == "not tested"


def test_two_values_of_one_variable_are_independent_and_a_part_is_not_of_its_whole():
    whole = published(SATISFACTION)
    men, women, young = (whole.copy() for _ in range(3))
    men["domain"], women["domain"], young["domain"] = "sex=male", "sex=female", "age=16-34"
    assert relation(men, women) == "independent"
    assert relation(men, whole) is None
    assert relation(men, young) is None
    assert relation(men, published(STAFF_SATISFACTION)) == "independent"


@pytest.mark.parametrize("covariance", [-1e-4, 0.0, 1e-4])
def test_a_known_covariance_replaces_the_least_favourable_overlap_in_either_order(covariance):
    survey = estimated(wave_2004(), {SATISFACTION: 0.0148, VALUE: 0.0157})
    row = ["public", "", "quality_indicators", "value_for_money", "chosen", "customer_satisfaction", "chosen"]
    survey = replace(survey, covariances=pd.DataFrame([[*row, covariance, ""]], columns=COVARIANCES))
    pair = published(SATISFACTION, survey), published(VALUE, survey)
    for first, second in (pair, pair[::-1]):
        found = compare_figures(survey, first, second)
        assert found.standard_error == pytest.approx((0.0148**2 + 0.0157**2 - 2 * covariance) ** 0.5)
        assert found.method == "Wald interval, dependent estimates"
    assert "overlap" in compare_figures(wave_2004(), *(published(key) for key in (SATISFACTION, VALUE))).method


def test_the_public_and_the_frontline_differ_on_customer_satisfaction():
    found = compare_figures(wave_2004(), published(SATISFACTION), published(STAFF_SATISFACTION))  # Table 1
    # Newcombe's limits are -0.19238 and -0.10475; whole per cents may be off by half a unit each.
    rounding = math.hypot(0.005, 0.005)
    assert (found.low, found.high) == pytest.approx((-0.19238 - rounding, -0.10475 + rounding), abs=1e-5)
    assert found.standard_error == pytest.approx(math.sqrt(0.68 * 0.32 / 1000 + 0.83 * 0.17 / 500))
    assert found.method == "Newcombe interval, score test"


def test_a_difference_that_rounding_could_have_made_is_not_called_one():
    found, exact = (compare(*(figure(share, 2000, decimals=decimals) for share in (0.30, 0.27)))
                    for decimals in (0, math.nan))  # fmt: skip
    assert found.rounding == pytest.approx(math.hypot(0.005, 0.005))
    assert (found.excludes_zero, exact.excludes_zero) == (False, True)
    assert found.p_value > 0.05 > exact.p_value


@pytest.mark.parametrize("base", [200, 1000, 5000])
@pytest.mark.parametrize("share", [0.0145, 0.03, 0.055, 0.2, 0.4])
def test_limits_of_shares_and_differences_cover_what_was_rounded(share, base):
    counts = np.arange(base + 1)
    rounded = np.floor(100 * counts / base + 0.5) / 100
    weights = [pd.Series(binom.pmf(counts, base, true)).groupby(rounded).sum() for true in (share + 0.012, share)]
    # What is never printed is compared with nothing.
    weights = [own[np.maximum(*weights) > 1e-9] for own in weights]
    printed = pd.DataFrame([figure(one, base, decimals=0) for one in weights[0].index])
    limits = add_intervals(printed)
    assert weights[1].to_numpy()[(limits["low"] <= share) & (share <= limits["high"])].sum() >= 0.93
    pairs = [printed.loc[place].reset_index(drop=True) for place in np.indices((len(printed),) * 2).reshape(2, -1)]
    found = compare_tables(*pairs, 0.95)
    covered = (found["low"] <= 0.012) & (found["high"] >= 0.012)
    assert np.outer(*weights).ravel()[covered].sum() >= 0.93


def test_dependent_estimates_have_the_smaller_degrees_of_freedom():
    survey, figures = spread_out([0.5, 0.4, 0.2], [0.03, 0.04, 0.05], 0.0006)
    rows = figures.assign(degrees_of_freedom=[30, 20, 9]).itertuples()
    found, error = compare_figures(survey, next(rows), next(rows)), math.sqrt(0.03**2 + 0.04**2 - 2 * 0.0006)
    assert found.high - found.low == pytest.approx(2 * t.ppf(0.975, 20) * error)
    assert found.p_value == pytest.approx(2 * t.sf(0.1 / error, 20))


def test_independent_estimates_add_their_variances_and_have_welchs_degrees_of_freedom():
    rows = figure(0.5, 100, 0.03, degrees_of_freedom=10), figure(0.4, 100, 0.04, degrees_of_freedom=20)
    found, freedom = compare(*rows), 0.05**4 / (0.03**4 / 10 + 0.04**4 / 20)
    assert found.standard_error == pytest.approx(0.05)
    assert found.high - found.difference == pytest.approx(t.ppf(0.975, freedom) * 0.05)
    assert found.p_value == pytest.approx(2 * t.sf(2, freedom))
    assert found.method == "Wald interval, independent estimates"


def test_a_missing_standard_error_tests_nothing():
    found = compare(figure(0.5, method="logit"), figure(0.4, 100, 0.01))
    assert found.method == "not tested"
    assert math.isnan(found.p_value)


@pytest.mark.parametrize("effective", [80, math.nan])
def test_a_sample_that_gave_nobody_is_compared_by_its_base_not_by_an_error_of_nought(effective):
    nobody = figure(0.0, 100, 0.0, effective_base=effective)
    found = compare(figure(0.05, 1000), nobody)
    expected = compare_independent(0.05, 1000, 0.0, 100 if math.isnan(effective) else 80)
    assert (found.low, found.high) == (expected["low"], expected["high"])


@properties
@given(estimates, estimates, levels)
def test_interval_and_p_value_agree_and_turn_around_with_the_estimates(one, other, confidence):
    found, turned = compare(one, other, confidence), compare(other, one, confidence)
    assert (found.low, found.high) == pytest.approx((-turned.high, -turned.low))
    assert found.p_value == pytest.approx(turned.p_value)
    if found.method.startswith("Wald") and abs(found.p_value - (1 - confidence)) > 1e-9:
        assert found.excludes_zero == (found.p_value < 1 - confidence)


@pytest.mark.slow
def test_estimates_with_standard_errors_cover_their_difference_at_the_nominal_rate():
    # Two means of eight normal values each, whose standard errors have seven degrees of freedom.
    samples = np.random.default_rng(2004).normal(0.5, 0.05, (4_000, 2, 8))
    means, errors = samples.mean(axis=2), samples.std(axis=2, ddof=1) / np.sqrt(8)
    first, second = (
        pd.DataFrame({"share": means[:, side], "base": 8.0, "effective_base": 8.0, "standard_error": errors[:, side]})
        .assign(degrees_of_freedom=7.0, method="logit", decimals=0)
        for side in (0, 1)
    )  # fmt: skip
    found = compare_tables(first, second, 0.95)
    covered = ((found["low"] <= 0) & (found["high"] >= 0)).mean()
    assert covered == pytest.approx(0.95, abs=4 * np.sqrt(0.95 * 0.05 / len(samples)))


def test_without_their_covariance_the_least_favourable_one_counts_and_is_said():
    survey = synthetic()
    survey = replace(survey, covariances=survey.covariances[survey.covariances["domain_b"] == ""])
    first, second = (find_figure(survey, f"public[sex={sex}].more_online.agree") for sex in ("male", "female"))
    found = compare_figures(survey, first, second)
    assert found.standard_error == pytest.approx(first["standard_error"] + second["standard_error"])
    assert found.method == "Wald interval at the least favourable covariance"


def spread_out(shares, errors, covariance, released=True):
    """Return a wave of respondents with three items of one question, each pair with the same covariance."""
    items = ["customer_satisfaction", "value_for_money", "staff_job_satisfaction"]
    rows = [figure(share, 900, error, item_id=item) for item, share, error in zip(items, shares, errors, strict=True)]
    pairs = [
        ("public", "", "", "quality_indicators", a, "chosen", b, "chosen", covariance)
        for a, b in itertools.combinations(items, 2)
    ]
    known = pd.DataFrame(pairs if released else [], columns=[
        "population", "domain", "domain_b", "question_id", "item_a", "response_a", "item_b", "response_b", "covariance"
    ])  # fmt: skip
    return replace(wave_2004(), covariances=known[COVARIANCES]), pd.DataFrame(rows)


def test_ranks_of_estimates_use_the_covariance_of_the_sample_and_without_it_the_least_favourable_overlap():
    # Whoever chose one tended to choose the other, so that the order is surer than it could be without knowing.
    survey, figures = spread_out([0.50, 0.47, 0.20], [0.016] * 3, 0.016**2 * 0.8)
    assert rank_figures(survey, figures)["worst_rank"].tolist() == [1, 2, 3]
    survey, figures = spread_out([0.50, 0.47, 0.20], [0.016] * 3, 0.0, released=False)
    assert rank_figures(survey, figures)["worst_rank"].tolist() == [2, 2, 3]
    # And where one tended to rule out the other, less sure than a base alone would have it.
    survey, figures = spread_out([0.50, 0.42, 0.20], [0.03] * 3, -(0.03**2) * 0.8)
    assert rank_figures(survey, figures)["worst_rank"].tolist() == [2, 2, 3]
    survey, figures = spread_out([0.50, 0.42, 0.20], [0.03] * 3, 0.0, released=False)
    assert rank_figures(survey, figures)["worst_rank"].tolist() == [1, 2, 3]


def test_shares_of_a_census_differ_and_rank_for_certain_whether_published_or_estimated():
    for base in (30.0, math.nan):
        first, second = (figure(share, base, 0.0, method=CENSUS, item_id=item) for share, item in
                         [(0.50, "value_for_money"), (0.49, "customer_satisfaction")])  # fmt: skip
        found = compare_figures(wave_2004(), first, second)
        assert (found.low, found.high, found.p_value, found.method) == (found.difference,) * 2 + (0, EXACT)
        assert rank_figures(wave_2004(), pd.DataFrame([first, second]))["worst_rank"].tolist() == [1, 2]


@pytest.fixture(scope="module")
def survey() -> Survey:
    return synthetic()


def of_question(survey: Survey, question: str) -> pd.DataFrame:
    return survey.estimates[survey.estimates["question_id"] == question]


def letters_of(survey: Survey, figures: pd.DataFrame) -> dict[tuple[str, ...], str]:
    columns, pairs = letter_columns(figures), contrast_groups(survey, figures)
    said = find_letters(figures, columns, pairs)
    keys = zip(figures["population"], figures["domain"], figures["item_id"], figures["response"], strict=True)
    return dict(zip(keys, said, strict=True))


@pytest.mark.parametrize("question", ["quality_indicators", "enough_choice", "preferred_channel"])
@pytest.mark.parametrize("known", [True, False])
def test_a_table_of_pairs_is_compared_as_each_pair_is(survey: Survey, question: str, known: bool) -> None:
    if not known:
        survey = replace(survey, covariances=survey.covariances.head(0))
    figures = of_question(survey, question)
    pairs = contrast_groups(survey, figures)
    assert len(pairs)
    for pair in pairs.itertuples():
        one = compare_figures(survey, figures.loc[pair.first], figures.loc[pair.second])
        np.testing.assert_allclose([getattr(pair, name) for name in NUMBERS], [getattr(one, name) for name in NUMBERS])
        assert pair.method == one.method


def test_columns_are_lettered_in_their_grouping_and_a_total_is_not(survey: Survey) -> None:
    figures = of_question(survey, "enough_choice")
    columns = letter_columns(figures[figures["population"] == "public"])
    named = dict(zip(columns["domain"], columns["letter"], strict=True))
    assert (named[""], named["sex=male"], named["sex=female"]) == ("", "A", "B")
    assert [named[f"age={age}"] for age in ("16-34", "35-54", "55+")] == ["A", "B", "C"]
    shuffled = letter_columns(figures[figures["population"] == "public"].sample(frac=1, random_state=3))
    assert shuffled["domain"].iloc[0] == ""


def test_two_populations_are_a_grouping_of_their_own_and_stand_first() -> None:
    survey = wave_2004()
    columns = letter_columns(of_question(survey, "quality_indicators"))
    assert columns[["population", "letter"]].to_numpy().tolist() == [["public", "A"], ["frontline", "B"]]
    said = letters_of(survey, of_question(survey, "quality_indicators"))
    assert said["public", "", "value_for_money", "chosen"] == "B"
    assert said["frontline", "", "value_for_money", "chosen"] == ""


def test_letters_go_on_after_z() -> None:
    assert [name_letter(place) for place in (0, 25, 26, 51, 52, 701, 702)] == ["A", "Z", "AA", "AZ", "BA", "ZZ", "AAA"]


def test_what_two_answers_leave_to_each_other_is_one_test(survey: Survey) -> None:
    """Of "yes" and "no" the shares add up to 1: the second says the same again, and makes no other test stricter."""
    figures = of_question(survey, "enough_choice").query("population == 'public' and response in ('agree', 'disagree')")
    kind = replace(survey.codebook.kind_of("enough_choice"), labels={"agree": "Yes", "disagree": "No"})
    agree = figures["response"] == "agree"
    figures = figures.assign(share=np.where(agree, figures["share"], 1 - figures["share"].where(agree).ffill()))
    own = replace(survey, codebook=replace(survey.codebook))
    object.__setattr__(own.codebook, "kind_of", lambda question: kind)
    pairs = contrast_groups(own, figures)
    yes, no = (pairs[pairs["response"] == name].reset_index(drop=True) for name in ("agree", "disagree"))
    np.testing.assert_allclose(yes["p_holm"], no["p_holm"])
    for _, same in yes.groupby("grouping"):
        np.testing.assert_allclose(same["p_holm"], adjust_p_values(same["p_value"]))


@pytest.mark.parametrize("lacking", [["share"], ["base", "effective_base"]])
def test_a_withheld_share_and_an_unknown_base_are_not_tested(lacking: list[str]) -> None:
    survey = wave_2004()
    figures = of_question(survey, "quality_indicators").copy()
    figures.loc[figures["item_id"] == "value_for_money", lacking] = np.nan
    pairs = contrast_groups(survey, figures)
    untested = pairs["item_id"] == "value_for_money"
    assert pairs.loc[untested, ["p_value", "p_holm"]].isna().all(axis=None)
    assert not pairs.loc[untested, "shown"].any()
    assert pairs.loc[~untested, "p_value"].notna().any()


def test_a_census_has_exact_differences_and_no_letters(survey: Survey) -> None:
    figures = of_question(survey, "quality_indicators").assign(method=CENSUS, standard_error=0.0)
    assert set(letters_of(survey, figures).values()) == {""}


def test_no_groups_are_no_pairs(survey: Survey) -> None:
    figures = of_question(survey, "quality_indicators").query("domain == '' and population == 'public'")
    assert contrast_groups(survey, figures).empty
    assert compare_groups(survey, figures.head(0), figures.head(0)).empty
