import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from surveybook.stats import compare_choices, compare_independent, half_unit, rounding_limits, survives_rounding

from .figures import percentages, properties


def test_a_finding_on_an_unpublished_share_does_not_survive():
    assert not survives_rounding(lambda shares: True, [0.5, np.nan])


def test_a_finding_on_too_many_shares_is_refused():
    with pytest.raises(ValueError, match="rests on 20 shares"):
        survives_rounding(lambda shares: True, np.full(20, 0.05))


def test_a_finding_that_does_not_hold_as_printed_does_not_survive():
    assert not survives_rounding(lambda shares: shares[0] == 0.7, [0.68])


def test_half_a_unit_follows_the_printed_decimals():
    assert half_unit([0, 1, 2, np.nan]).tolist() == pytest.approx([0.005, 0.0005, 0.00005, 0])
    low, high = rounding_limits([0.68, 0.0, 1.0, 0.683], [0, 0, 0, 1])
    assert low.tolist() == pytest.approx([0.675, 0, 0.995, 0.6825])
    assert high.tolist() == pytest.approx([0.685, 0.005, 1, 0.6835])


def test_over_two_thirds_survives_for_68_and_not_for_67_per_cent():
    assert survives_rounding(lambda shares: shares[0] > 2 / 3, [0.68])  # Executive summary: over two-thirds
    assert not survives_rounding(lambda shares: shares[0] > 2 / 3, [0.67])
    assert survives_rounding(lambda shares: shares[0] > 2 / 3, [0.67], 1)


@properties
@given(percentages, percentages)
def test_a_printed_order_survives_and_a_printed_tie_does_not(percent_1, percent_2):
    shares = [percent_1 / 100, percent_2 / 100]
    assert survives_rounding(lambda pair: pair[0] > pair[1], shares) == (percent_1 > percent_2)


@pytest.mark.parametrize("percent", range(100))
def test_the_order_of_neighbouring_percentages_survives(percent):
    # The higher may be as low as where the lower ends, and no rule for halves lets them cross.
    assert survives_rounding(lambda pair: pair[0] < pair[1], [percent / 100, (percent + 1) / 100])


def test_a_difference_that_rounding_could_have_made_does_not_survive():
    def differ(pair):
        return compare_independent(pair[0], 1000, pair[1], 500).excludes_zero

    assert survives_rounding(differ, [0.33, 0.47])  # Table 4: staff competence
    assert differ([0.35, 0.29])  # Table 4: value for money
    assert not survives_rounding(differ, [0.35, 0.29])


def test_shares_that_were_not_rounded_have_one_value():
    assert survives_rounding(lambda shares: shares[0] > 0.5, [0.501], np.nan)
    assert not survives_rounding(lambda shares: shares[0] > 0.5, [0.50], 0)


@properties
@given(percentages, percentages, st.integers(0, 2**32 - 1))
def test_what_survives_holds_at_values_that_print_the_same(percent_1, percent_2, seed):
    def differ(pair):
        return compare_choices(pair[0], pair[1], 500).low > 0

    shares = np.array([percent_1, percent_2]) / 100
    if survives_rounding(differ, shares):
        moved = shares + np.random.default_rng(seed).uniform(-0.005, 0.005, (20, 2))
        assert all(differ(np.clip(pair, 0, 1)) for pair in moved)


def test_a_share_that_was_not_rounded_is_not_moved_at_all():
    assert survives_rounding(lambda shares: shares[0] == 0.5, [0.5], np.nan)
