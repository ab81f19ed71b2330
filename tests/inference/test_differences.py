import math
from itertools import product

import numpy as np
import pytest
from hypothesis import given
from statsmodels.stats.proportion import confint_proportions_2indep
from statsmodels.stats.proportion import test_proportions_2indep as reference_test

from surveybook.stats import (
    compare_choices,
    compare_exclusive,
    compare_independent,
    compare_statements,
    critical_value,
    newcombe,
    overlap_statistic,
    score_statistic,
    two_sided_p,
)

from .figures import bases, levels, percentages, properties, shares


def test_shares_that_add_up_to_more_than_everybody_are_not_exclusive():
    with pytest.raises(ValueError, match="add up to more than 1") as told:
        compare_exclusive(0.68, 0.56, 1000)
    assert str(told.value) == (
        "Shares of 0.68 and 0.56 add up to more than 1, so that some people gave both answers. "
        "Compare them as choices or as statements."
    )


def test_exclusive_shares_may_add_up_to_101_by_rounding():
    assert compare_exclusive(0.56, 0.45, 1000).holds == "every"


@pytest.mark.parametrize("gap", range(4))
def test_a_missing_figure_gives_no_difference(gap):
    figures = [0.5, 1000, 0.4, 500]
    figures[gap] = math.nan
    found = compare_independent(*figures)
    assert math.isnan(found.low)
    assert math.isnan(found.p_value)
    assert not found.excludes_zero


@pytest.mark.parametrize("compare", [compare_choices, compare_statements, compare_exclusive])
@pytest.mark.parametrize("figures", [(math.nan, 0.4, 500), (0.5, math.nan, 500), (0.5, 0.4, math.nan)])
def test_a_missing_figure_of_the_same_people_gives_no_difference(compare, figures):
    found = compare(*figures)
    assert math.isnan(found.low)
    assert math.isnan(found.p_value)
    assert found.holds == "n/a"
    assert not found.excludes_zero


@pytest.mark.parametrize("share", [0.0, 1.0])
def test_two_shares_of_nobody_or_everybody_are_equal(share):
    independent, paired = compare_independent(share, 3, share, 500), compare_choices(share, share, 500)
    assert independent.p_value == paired.p_value == 1
    assert not independent.excludes_zero
    assert (paired.low, paired.high) == (0, 0)


@pytest.mark.parametrize("compare", [compare_choices, compare_exclusive])
def test_everybody_against_nobody_among_the_same_people_is_certain(compare):
    found = compare(1.0, 0.0, 20)
    assert (found.low, found.high, found.p_value, found.holds) == (1, 1, 0, "every")
    assert compare(0.0, 1.0, 20).high == -1


def test_the_public_and_the_frontline_differ_on_customer_satisfaction():
    found = compare_independent(0.68, 1000, 0.83, 500)  # Table 1
    assert (found.low, found.high) == pytest.approx((-0.19238, -0.10475), abs=1e-5)
    assert found.excludes_zero
    assert found.holds == "n/a"


def test_a_published_example_of_newcombe_is_reproduced():
    # Newcombe (1998), table II, example (a): 56/70 against 48/80, method 10: 0.0524 to 0.3339.
    low, high = newcombe(56 / 70, 70, 48 / 80, 80)
    assert (low, high) == pytest.approx((0.0524, 0.3339), abs=5e-5)


def test_more_agree_than_disagree_is_within_sampling_error():
    found = compare_exclusive(0.44, 0.40, 1000)  # section 3.2: services have improved
    assert found.holds == "no"
    assert found.low < 0 < found.high
    assert found.standard_error == pytest.approx(math.sqrt((0.84 - 0.04**2) / 1000))


def test_the_order_of_neighbouring_enablers_depends_on_who_chose_both():
    found = compare_choices(0.36, 0.35, 500, largest_other=0.26)  # Table 3
    assert found.holds == "some"
    assert (found.overlap_low, found.overlap_high) == (0, 0.35)
    assert not found.excludes_zero


def test_the_first_and_second_quality_indicator_differ_at_every_overlap():
    found = compare_choices(0.68, 0.56, 1000, largest_other=0.35)  # Table 1, public
    assert found.holds == "every"
    assert found.overlap_low == pytest.approx(0.24)


def test_a_large_third_item_rules_the_favourable_overlaps_out():
    assert compare_choices(0.30, 0.28, 500).holds == "some"
    assert compare_choices(0.30, 0.28, 500, largest_other=0.9).holds == "no"


@properties
@given(shares, bases, shares, bases, levels)
def test_newcombe_turns_around_with_the_samples(share_1, base_1, share_2, base_2, confidence):
    low, high = newcombe(share_1, base_1, share_2, base_2, confidence)
    other_low, other_high = newcombe(share_2, base_2, share_1, base_1, confidence)
    assert (low, high) == pytest.approx((-other_high, -other_low), abs=1e-12)
    assert -1 - 1e-12 <= low <= share_1 - share_2 <= high <= 1 + 1e-12


@pytest.mark.filterwarnings("ignore:divide by zero:RuntimeWarning:statsmodels")
@properties
@given(percentages, bases, percentages, bases, levels)
def test_interval_and_test_are_those_of_statsmodels(percent_1, base_1, percent_2, base_2, confidence):
    share_1, share_2 = percent_1 / 100, percent_2 / 100
    counts = share_1 * base_1, base_1, share_2 * base_2, base_2
    expected = confint_proportions_2indep(*counts, compare="diff", method="newcomb", alpha=1 - confidence)
    np.testing.assert_allclose(newcombe(share_1, base_1, share_2, base_2, confidence), expected, atol=1e-12)
    if 0 < percent_1 + percent_2 < 200:
        test = reference_test(*counts, compare="diff", method="score", correction=False)
        statistic = score_statistic(share_1, base_1, share_2, base_2)
        assert statistic == pytest.approx(test.statistic, rel=1e-6, abs=1e-6)
        assert two_sided_p(statistic) == pytest.approx(test.pvalue, rel=1e-5, abs=1e-6)


@properties
@given(percentages, percentages, percentages, bases)
def test_the_reported_overlap_is_the_least_favourable(percent_1, percent_2, other, base):
    share_1, share_2 = percent_1 / 100, percent_2 / 100
    found = compare_choices(share_1, share_2, base, largest_other=other / 100)
    overlaps = np.linspace(found.overlap_low, found.overlap_high, 11)
    p_values = two_sided_p(overlap_statistic(share_1, share_2, overlaps, base))
    assert (p_values <= found.p_value + 1e-12).all()
    significant = p_values < 0.05
    expected = "every" if significant.all() else "some" if significant.any() else "no"
    assert found.holds == expected


@properties
@given(percentages, percentages, bases, levels)
def test_interval_and_p_value_of_the_same_people_agree(percent_1, percent_2, base, confidence):
    found = compare_statements(percent_1 / 100, percent_2 / 100, base, confidence)
    assert found.excludes_zero == (found.p_value < 1 - confidence) == (found.holds == "every")
    assert -1 <= found.low <= found.difference <= found.high <= 1


@properties
@given(percentages, percentages, bases)
def test_swapping_two_answers_only_changes_the_sign(percent_1, percent_2, base):
    share_1, share_2 = percent_1 / 100, percent_2 / 100
    one, other = compare_statements(share_1, share_2, base), compare_statements(share_2, share_1, base)
    assert (one.difference, one.low, one.high) == pytest.approx((-other.difference, -other.high, -other.low))
    assert (one.p_value, one.holds) == (pytest.approx(other.p_value), other.holds)


def test_functions_on_arrays_agree_with_those_on_numbers():
    pairs = np.array(list(product([0, 0.02, 0.5, 1], [0, 0.3, 1])))
    low, high = newcombe(pairs[:, 0], 1000, pairs[:, 1], 500)
    singly = [compare_independent(one, 1000, other, 500) for one, other in pairs]
    np.testing.assert_array_equal(low, [found.low for found in singly])
    np.testing.assert_array_equal(high, [found.high for found in singly])


def test_the_standard_error_and_limits_fit_together():
    found = compare_exclusive(0.44, 0.40, 1000, confidence=0.9)
    assert found.high - found.low == pytest.approx(2 * critical_value(0.9) * found.standard_error)


@pytest.mark.parametrize("compare", [compare_choices, compare_statements, compare_exclusive])
def test_without_a_figure_there_is_no_overlap_to_tell(compare):
    found = compare(0.5, 0.4, math.nan)
    assert math.isnan(found.overlap_low)
    assert math.isnan(found.overlap_high)


def test_each_difference_says_how_it_was_found():
    assert compare_independent(0.5, 100, 0.4, 100).method == "Newcombe interval, score test"
    assert compare_choices(0.5, 0.4, 100).method == "Wald interval at the least favourable overlap"
    assert compare_exclusive(0.5, 0.4, 100).method == "Wald interval, no overlap"
    found = compare_independent(0.5, 100, 0.3, 50)
    assert found.standard_error == pytest.approx(math.sqrt(0.5 * 0.5 / 100 + 0.3 * 0.7 / 50))
    assert math.isnan(found.overlap_low)
    assert math.isnan(found.overlap_high)


def test_shares_that_exclude_each_other_add_up_to_102_per_cent_at_most():
    assert compare_exclusive(0.60, 0.42, 100).difference == pytest.approx(0.18)
    with pytest.raises(ValueError, match=r"Shares of 0\.6 and 0\.43 add up to more than 1, so that some people"):
        compare_exclusive(0.60, 0.43, 100)
