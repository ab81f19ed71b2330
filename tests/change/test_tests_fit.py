"""The choice of test: which fits which pair, and what known covariances spare."""

from dataclasses import replace

import pandas as pd
import pytest

from surveybook.model.figures import find_figure
from surveybook.stats import compare_exclusive
from surveybook.stats.comparison import choose_test, compare_figures, relation_of
from surveybook.stats.estimated import Estimate, compare_estimates
from surveybook.waves import COVARIANCES
from tests.change.waves import estimated
from tests.waves import INTERNET, SATISFACTION, STAFF_SATISFACTION, VALUE, wave_2004


def figure(key, survey=None):
    found = find_figure(survey or wave_2004(), key)
    assert found is not None
    return found


def relation(first, second):
    kind = wave_2004().codebook.questions.loc[first["question_id"], "kind"]
    return relation_of(first, second, kind)


def test_the_relation_of_two_figures_decides_the_test():
    public = figure(SATISFACTION)
    assert relation(public, figure(STAFF_SATISFACTION)) == "independent"
    assert relation(public, figure(VALUE)) == "choices"
    assert relation(public, figure(INTERNET)) == "statements"
    assert (
        relation(figure("public.services_improved.agree"), figure("public.services_improved.disagree")) == "exclusive"
    )


def test_two_values_of_one_variable_are_independent_and_a_part_is_not_of_its_whole():
    whole = figure(SATISFACTION)
    men, women, young = (whole.copy() for _ in range(3))
    men["domain"], women["domain"], young["domain"] = "sex=male", "sex=female", "age=16-34"
    assert relation(men, women) == "independent"
    assert relation(men, whole) is None
    assert relation(men, young) is None
    assert relation(men, figure(STAFF_SATISFACTION)) == "independent"


def with_covariance(covariance):
    """Return the 2004 wave with two figures estimated, and their covariance known."""
    survey = estimated(wave_2004(), {SATISFACTION: 0.0148, VALUE: 0.0157})
    row = [
        "public",
        "",
        "quality_indicators",
        "value_for_money",
        "chosen",
        "customer_satisfaction",
        "chosen",
        covariance,
    ]
    return replace(survey, covariances=pd.DataFrame([row], columns=COVARIANCES))


@pytest.mark.parametrize("covariance", [-1e-4, 0.0, 1e-4])
def test_a_known_covariance_replaces_the_least_favourable_overlap_in_either_order(covariance):
    survey = with_covariance(covariance)
    pair = figure(SATISFACTION, survey), figure(VALUE, survey)
    for first, second in (pair, pair[::-1]):
        found = compare_figures(survey, first, second)
        assert found.standard_error == pytest.approx((0.0148**2 + 0.0157**2 - 2 * covariance) ** 0.5)
        assert found.method == "Wald interval, dependent estimates"
    assert "overlap" in compare_figures(wave_2004(), *(figure(key) for key in (SATISFACTION, VALUE))).method


def test_a_multinomial_covariance_gives_what_the_test_of_exclusive_answers_gives():
    shares, base = (0.44, 0.40), 1000
    errors = [(share * (1 - share) / base) ** 0.5 for share in shares]
    found = compare_estimates(*map(Estimate, shares, errors), covariance=-shares[0] * shares[1] / base)
    expected = compare_exclusive(*shares, base)
    assert (found.low, found.high) == pytest.approx((expected.low, expected.high), rel=1e-12)
    assert found.holds == expected.holds


def test_a_covariance_that_the_errors_do_not_allow_is_refused():
    with pytest.raises(ValueError, match="too large"):
        compare_estimates(Estimate(0.5, 0.01), Estimate(0.4, 0.01), covariance=0.01)


def test_a_missing_standard_error_tests_nothing():
    assert compare_estimates(Estimate(0.5, float("nan")), Estimate(0.4, 0.01)).method == "not tested"


def test_a_figure_without_a_base_has_no_test():
    lacking = figure(SATISFACTION).copy()
    lacking["effective_base"] = float("nan")
    assert choose_test(wave_2004(), lacking, figure(VALUE)) is None
