"""Differences between estimates with standard errors of their own."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import norm, t

from surveybook.stats.estimated import Estimate, compare_estimates, t_quantile, t_two_sided

from .figures import levels, properties, shares

errors = st.floats(0.001, 0.2)
freedoms = st.floats(1, 1e5)


def test_a_confidence_in_per_cent_and_an_impossible_covariance_are_refused():
    one, other = Estimate(0.5, 0.1), Estimate(0.4, 0.2)
    for confidence in (0, 1, 95, math.nan):
        with pytest.raises(ValueError, match=rf"The confidence level is {confidence}: it has to lie between 0 and 1"):
            compare_estimates(one, other, confidence=confidence)
    with pytest.raises(ValueError, match=r"A covariance of 0\.03 is too large for standard errors of 0\.1 and 0\.2"):
        compare_estimates(one, other, 0.03)


@pytest.mark.parametrize("spoilt", [Estimate(math.nan, 0.1), Estimate(0.5, math.nan)])
def test_a_missing_figure_is_not_tested(spoilt):
    for found in (compare_estimates(spoilt, Estimate(0.4, 0.1)), compare_estimates(Estimate(0.4, 0.1), spoilt)):
        assert found.method == "not tested"
        assert found.holds == "n/a"
        values = (found.difference, found.standard_error, found.low, found.high, found.p_value)
        assert all(math.isnan(value) for value in values)


def test_independent_estimates_add_their_variances_and_have_welchs_degrees_of_freedom():
    found = compare_estimates(Estimate(0.5, 0.03, 10), Estimate(0.4, 0.04, 20))
    freedom = 0.05**4 / (0.03**4 / 10 + 0.04**4 / 20)
    assert found.difference == pytest.approx(0.1)
    assert found.standard_error == pytest.approx(0.05)
    assert found.high - found.difference == pytest.approx(t.ppf(0.975, freedom) * 0.05)
    assert found.difference - found.low == pytest.approx(t.ppf(0.975, freedom) * 0.05)
    assert found.p_value == pytest.approx(2 * t.sf(2, freedom))
    assert (found.method, found.holds) == ("Wald interval, independent estimates", "n/a")


def test_dependent_estimates_allow_for_their_covariance_and_have_the_smaller_degrees_of_freedom():
    found = compare_estimates(Estimate(0.5, 0.03, 30), Estimate(0.4, 0.04, 20), 0.0006)
    error = math.sqrt(0.03**2 + 0.04**2 - 2 * 0.0006)
    assert found.standard_error == pytest.approx(error)
    assert found.high - found.low == pytest.approx(2 * t.ppf(0.975, 20) * error)
    assert found.p_value == pytest.approx(2 * t.sf(0.1 / error, 20))
    assert (found.method, found.holds) == ("Wald interval, dependent estimates", "every")
    assert compare_estimates(Estimate(0.4, 0.04, 20), Estimate(0.5, 0.03, 30), 0.0006).holds == "every"
    assert compare_estimates(Estimate(0.42, 0.03, 30), Estimate(0.4, 0.04, 20), 0.0).holds == "no"
    assert compare_estimates(Estimate(0.42, 0.03, 30), Estimate(0.4, 0.04, 20), 0.0).method.endswith(
        "dependent estimates"
    )


def test_a_figure_against_itself_has_neither_difference_nor_error():
    one = Estimate(0.3, 0.1, 12)
    found = compare_estimates(one, one, 0.1**2)
    assert (found.difference, found.standard_error, found.p_value, found.holds) == (0, 0, 1, "no")


def test_two_censuses_differ_for_certain_or_not_at_all():
    found = compare_estimates(Estimate(0.3, 0.0), Estimate(0.4, 0.0))
    assert (found.low, found.high) == (pytest.approx(-0.1), pytest.approx(-0.1))
    assert found.p_value == 0
    assert found.excludes_zero
    assert compare_estimates(Estimate(0.4, 0.0), Estimate(0.4, 0.0)).p_value == 1


def test_limits_stay_where_a_difference_can_be():
    found = compare_estimates(Estimate(0.95, 0.3), Estimate(0.05, 0.3))
    assert found.high == 1
    assert compare_estimates(Estimate(0.05, 0.3), Estimate(0.95, 0.3)).low == -1


def test_unknown_degrees_of_freedom_are_those_of_the_normal_distribution():
    for freedom in (math.nan, math.inf):
        assert t_quantile(0.975, freedom) == pytest.approx(norm.ppf(0.975))
        assert t_two_sided(-2.0, freedom) == pytest.approx(2 * norm.sf(2))
    assert t_two_sided(math.inf, 5) == 0
    one, other = Estimate(0.5, 0.03, math.nan), Estimate(0.4, 0.04, 20)
    assert compare_estimates(one, other, 0.0).p_value == pytest.approx(2 * t.sf(2, 20))
    freedom = 0.05**4 / (0.04**4 / 20)
    assert compare_estimates(one, other).p_value == pytest.approx(2 * t.sf(2, freedom))


@properties
@given(st.builds(Estimate, shares, errors, freedoms), st.builds(Estimate, shares, errors, freedoms), levels)
def test_interval_and_p_value_agree_and_turn_around_with_the_estimates(one, other, confidence):
    found = compare_estimates(one, other, confidence=confidence)
    turned = compare_estimates(other, one, confidence=confidence)
    assert (found.low, found.high) == pytest.approx((-turned.high, -turned.low))
    assert found.p_value == pytest.approx(turned.p_value)
    if abs(found.p_value - (1 - confidence)) > 1e-9:
        assert found.excludes_zero == (found.p_value < 1 - confidence)
