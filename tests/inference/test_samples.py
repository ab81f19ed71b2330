import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from surveybook.stats import critical_value, sample_needed, samples_needed, score_statistic

from .figures import QUALITY, estimates, properties


def test_a_change_of_nothing_is_refused():
    with pytest.raises(ValueError, match="The change is 0"):
        sample_needed(0.5, 1000, 0)


def test_power_and_design_effect_out_of_range_are_refused():
    with pytest.raises(ValueError, match="The power is 80"):
        sample_needed(0.5, 1000, 0.05, power=80)
    with pytest.raises(ValueError, match=r"design effect is 0\.5"):
        sample_needed(0.5, 1000, 0.05, design_effect=0.5)


def test_a_missing_figure_or_an_impossible_change_has_no_sample():
    assert math.isnan(sample_needed(math.nan, 1000, 0.05))
    assert math.isnan(sample_needed(0.5, math.nan, 0.05))
    assert math.isnan(sample_needed(0.02, 500, -0.03))  # Table 1: political objectives, frontline


def test_no_sample_shows_a_change_that_the_published_base_is_too_small_for():
    assert sample_needed(0.68, 1000, 0.03) == math.inf  # Table 1
    assert math.isfinite(sample_needed(0.68, 1000, 0.10))


def test_a_share_can_fall_to_nobody():
    assert math.isfinite(sample_needed(0.10, 1000, -0.10))


@pytest.mark.parametrize("change", [0.05, -0.05, 0.10])
def test_the_sample_has_the_promised_power_in_simulated_waves(change):
    share, base, power = 0.68, 1000, 0.8  # Table 1
    new = int(sample_needed(share, base, change, power=power))
    generator = np.random.default_rng(2004)
    before = generator.binomial(base, share, 20000) / base
    after = generator.binomial(new, share + change, 20000) / new
    found = np.abs(score_statistic(after, new, before, base)) > critical_value(0.95)
    assert found.mean() == pytest.approx(power, abs=0.015)


@properties
@given(st.integers(1, 89), st.integers(100, 3000))
def test_larger_changes_and_larger_published_bases_need_smaller_samples(percent, base):
    share = percent / 100
    small, large = (sample_needed(share, base, change) for change in (0.05, 0.10))
    assert large <= small
    assert sample_needed(share, 2 * base, 0.10) <= large


@properties
@given(st.integers(1, 90), st.integers(100, 3000))
def test_a_rise_is_as_hard_to_see_as_the_fall_of_the_rest(percent, base):
    assert sample_needed(percent / 100, base, 0.05) == pytest.approx(
        sample_needed(1 - percent / 100, base, -0.05), abs=1
    )


def test_a_design_effect_multiplies_the_answers_needed():
    needed = sample_needed(0.68, 1000, 0.10)
    assert sample_needed(0.68, 1000, 0.10, design_effect=1.5) == math.ceil(1.5 * needed)


def test_a_table_has_each_change_in_the_harder_direction():
    table = samples_needed(estimates("quality_indicators", QUALITY), changes=(0.05, 0.10))
    assert len(table) == 2 * 2 * len(QUALITY)
    row = table[(table["item_id"] == "customer_satisfaction") & (table["population"] == "public")].iloc[1]
    directions = [sample_needed(0.68, 1000, change) for change in (0.10, -0.10)]
    assert row["sample_needed"] == max(directions)
    near_zero = table[(table["item_id"] == "political_objectives") & (table["population"] == "frontline")]
    assert near_zero["sample_needed"].iloc[1] == sample_needed(0.02, 500, 0.10)


def test_a_table_without_rows_stays_without_rows():
    table = samples_needed(estimates("quality_indicators", QUALITY).iloc[:0])
    assert table.empty
    assert {"change", "sample_needed"} <= set(table.columns)
