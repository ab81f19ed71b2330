import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from surveybook.stats import (
    compare_choices,
    compare_exclusive,
    design_effect_at_which_lost,
    holm,
    lost_after_holm,
    lost_against_fraction,
    lost_between_answers,
    lost_between_independent,
    newcombe,
    two_sided_p,
    wilson,
)

from .figures import bases, levels, percentages, properties


def test_a_finding_that_is_lost_already_has_no_design_effect():
    assert math.isnan(lost_between_independent(0.50, 100, 0.49, 100))
    assert math.isnan(lost_between_answers(compare_exclusive(0.44, 0.40, 1000)))  # section 3.2
    assert math.isnan(lost_against_fraction(0.68, 1000, 2 / 3))  # Table 1: over two-thirds
    assert np.isnan(lost_after_holm([1.9])).all()


def test_a_missing_figure_has_no_design_effect():
    assert math.isnan(lost_between_independent(math.nan, 1000, 0.5, 500))
    assert math.isnan(lost_between_answers(compare_choices(0.5, math.nan, 500)))
    assert math.isnan(lost_against_fraction(0.5, math.nan, 0.25))
    assert np.isnan(lost_after_holm([np.nan, 5])).tolist() == [True, False]


def test_a_fraction_of_0_or_1_is_refused():
    with pytest.raises(ValueError, match="The fraction is 1"):
        lost_against_fraction(0.5, 100, 1)


def test_what_nothing_undoes_is_never_lost():
    assert lost_between_answers(compare_choices(1, 0, 500)) == math.inf
    assert design_effect_at_which_lost(lambda effect: 1.0) == math.inf
    assert lost_after_holm([np.inf]).tolist() == [math.inf]


def test_the_gap_on_customer_satisfaction_would_survive_a_design_effect_of_nine():
    lost = lost_between_independent(0.68, 1000, 0.83, 500)  # Table 1
    assert lost == pytest.approx(9.808, abs=0.001)
    assert lost == lost_between_independent(0.83, 500, 0.68, 1000)


@properties
@given(percentages, bases, percentages, bases, levels)
def test_at_its_design_effect_newcombes_interval_reaches_0(percent_1, base_1, percent_2, base_2, confidence):
    share_1, share_2 = percent_1 / 100, percent_2 / 100
    lost = lost_between_independent(share_1, base_1, share_2, base_2, confidence)
    low, high = newcombe(share_1, base_1, share_2, base_2, confidence)
    assert math.isnan(lost) == (low <= 0 <= high)
    if not math.isnan(lost):
        low, high = newcombe(share_1, base_1 / lost, share_2, base_2 / lost, confidence)
        assert min(abs(low), abs(high)) == pytest.approx(0, abs=1e-8)


@properties
@given(percentages, percentages, bases, levels)
def test_at_its_design_effect_a_wald_interval_reaches_0(percent_1, percent_2, base, confidence):
    share_1, share_2 = percent_1 / 100, percent_2 / 100
    found = compare_choices(share_1, share_2, base, confidence)
    lost = lost_between_answers(found, confidence)
    assert math.isnan(lost) == (not found.excludes_zero)
    if math.isfinite(lost):
        at_limit = compare_choices(share_1, share_2, base / lost, confidence)
        assert min(abs(at_limit.low), abs(at_limit.high)) == pytest.approx(0, abs=1e-9)


@properties
@given(percentages, bases, st.integers(1, 99), levels)
def test_at_its_design_effect_wilsons_interval_reaches_the_fraction(percent, base, hundredths, confidence):
    share, fraction = percent / 100, hundredths / 100
    lost = lost_against_fraction(share, base, fraction, confidence)
    if not math.isnan(lost):
        low, high = wilson(share, base / lost, confidence)
        assert min(abs(low - fraction), abs(high - fraction)) == pytest.approx(0, abs=1e-9)


@properties
@given(st.integers(1, 99), st.integers(1, 99), st.integers(50, 2000))
def test_a_larger_base_survives_a_larger_design_effect(percent_1, percent_2, base):
    smaller = lost_between_independent(percent_1 / 100, base, percent_2 / 100, base)
    larger = lost_between_independent(percent_1 / 100, 2 * base, percent_2 / 100, 2 * base)
    if not math.isnan(smaller):
        assert larger == pytest.approx(2 * smaller, rel=1e-6)


@properties
@given(st.lists(st.floats(-8, 8), min_size=1, max_size=8), levels)
def test_holm_rejects_until_the_design_effect_and_no_longer(statistics, confidence):
    values = np.array(statistics)
    effects = lost_after_holm(values, None, confidence)
    secure = holm(two_sided_p(values)) < 1 - confidence
    np.testing.assert_array_equal(~np.isnan(effects), secure)
    for position in np.flatnonzero(secure):
        for factor, rejected in ((0.999999, True), (1.000001, False)):
            divided = values / math.sqrt(effects[position] * factor)
            assert (holm(two_sided_p(divided))[position] < 1 - confidence) == rejected


def test_holms_families_are_kept_apart():
    together = lost_after_holm([3, 4, 2.5], ["a", "b", "a"])
    assert together[[0, 2]].tolist() == lost_after_holm([3, 2.5]).tolist()
    assert together[1] == lost_after_holm([4])[0]
