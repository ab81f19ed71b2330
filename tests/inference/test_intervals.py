import math

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from statsmodels.stats.proportion import proportion_confint

from surveybook.stats import add_intervals, critical_value, effective_base, standard_error, two_sided_p, wilson
from surveybook.stats.intervals import effective_bases

from .figures import QUALITY, bases, estimates, levels, properties, shares


def test_a_percentage_taken_for_a_share_is_refused():
    with pytest.raises(ValueError, match=r"A share is 68.*Divide percentages by 100"):
        wilson(68, 1000)


@pytest.mark.parametrize("confidence", [0, 1, 95, -0.5, math.nan])
def test_a_confidence_level_outside_0_to_1_is_refused(confidence):
    with pytest.raises(ValueError, match=r"between 0 and 1, such as 0\.95"):
        wilson(0.5, 1000, confidence)


def test_a_negative_or_infinite_base_is_refused():
    for base in (-1, math.inf):
        with pytest.raises(ValueError, match=r"a finite number from 0 up\. Leave it empty where it is unknown\.$"):
            wilson(0.5, base)


def test_a_design_effect_below_1_is_refused():
    with pytest.raises(ValueError, match=r"design effect is 0\.9: it has to be 1 or more"):
        effective_base([1000, 500], [1.2, 0.9])


def test_an_undisclosed_design_effect_counts_as_1():
    assert effective_base([1000, 500], [math.nan, 2]).tolist() == [1000, 250]


@pytest.mark.parametrize("missing", [(math.nan, 1000), (0.5, math.nan), (0.5, 0)])
def test_without_a_share_or_an_answer_there_is_no_interval(missing):
    assert all(math.isnan(limit) for limit in wilson(*missing))
    assert math.isnan(standard_error(*missing))


def test_the_limits_at_0_and_1_are_exactly_there():
    low, high = wilson([0, 1], [7, 7])
    assert low[0] == 0
    assert high[1] == 1
    assert 0 < high[0] < 1
    assert 0 < low[1] < 1


@properties
@given(shares, bases, levels)
def test_an_interval_lies_within_0_to_1_and_contains_the_share(share, base, confidence):
    low, high = wilson(share, base, confidence)
    assert 0 <= low <= share <= high <= 1


@properties
@given(shares, bases, levels)
def test_the_interval_is_that_of_statsmodels(share, base, confidence):
    expected = proportion_confint(share * base, base, 1 - confidence, method="wilson")
    # statsmodels doesn't draw limits in to the share and to 0 and 1, which floating point misses by 1e-17.
    np.testing.assert_allclose(wilson(share, base, confidence), expected, rtol=0, atol=1e-12)


@properties
@given(shares, bases, levels)
def test_a_larger_design_effect_widens_the_interval(share, base, confidence):
    low, high = wilson(share, effective_base(base), confidence)
    wider_low, wider_high = wilson(share, effective_base(base, 2), confidence)
    assert wider_high - wider_low > high - low


def test_the_normal_distribution_is_that_of_scipy():
    from scipy.stats import norm

    for confidence in (0.5, 0.8, 0.95, 0.999, 1 - 1e-9):
        assert critical_value(confidence) == pytest.approx(norm.ppf((1 + confidence) / 2), abs=1e-12)
    statistics = np.array([-40, -3, -1e-9, 0, 0.5, 1.96, 8, 37, np.inf])
    np.testing.assert_allclose(two_sided_p(statistics), 2 * norm.sf(np.abs(statistics)), rtol=1e-12)


def test_a_table_of_estimates_gets_its_intervals_row_by_row():
    table = estimates("quality_indicators", QUALITY)
    table.loc[1, "share"] = np.nan
    table.loc[2, "base"] = np.nan
    result = add_intervals(table)
    assert result["method"].tolist()[:4] == ["Wilson", "", "", "Wilson"]
    assert result.loc[[1, 2], ["standard_error", "low", "high"]].isna().all(axis=None)
    # Table 1: 68 per cent of 1,000 answers.
    assert result.loc[0, ["low", "high"]].tolist() == pytest.approx([0.65045, 0.70818], abs=1e-5)
    assert result.loc[0, "standard_error"] == pytest.approx(math.sqrt(0.68 * 0.32 / 1000))
    pd.testing.assert_frame_equal(result[table.columns], table)


def test_the_effective_base_goes_before_base_and_design_effect():
    table = estimates("quality_indicators", QUALITY)
    from_effect = add_intervals(table.assign(design_effect=2.0))
    from_base = add_intervals(table.assign(effective_base=table["base"] / 2, design_effect=1.0))
    pd.testing.assert_frame_equal(from_effect[["low", "high"]], from_base[["low", "high"]])


def test_an_empty_table_gets_empty_columns():
    result = add_intervals(estimates("quality_indicators", QUALITY).iloc[:0])
    assert {"standard_error", "low", "high", "method"} <= set(result.columns)
    assert result.empty


def test_missing_values_of_any_kind_are_unknown_bases_and_shares():
    table = estimates("quality_indicators", QUALITY).assign(design_effect=2.0)
    table.loc[1, "share"] = np.nan
    table.loc[2, "base"] = np.nan
    table.loc[3, "design_effect"] = np.nan
    nullable = table.convert_dtypes()
    assert nullable["base"].dtype == "Int64"
    for column in ("low", "high", "standard_error"):
        assert add_intervals(nullable)[column].tolist() == pytest.approx(
            add_intervals(table)[column].tolist(), nan_ok=True
        )
    effective = table.assign(effective_base=[500, None, 250, *[100] * (len(table) - 3)]).convert_dtypes()
    assert np.isnan(effective_bases(effective)[1])
    assert effective_bases(effective)[0] == 500
    assert effective_bases(table.drop(columns="design_effect"))[0] == 1000


def test_a_base_may_be_none():
    assert np.isnan(wilson([0.5], [None])[0]).all()
    assert np.isnan(wilson([None], [100])[0]).all()
