"""Intervals of single shares, what rounding hides, and sums that can't be."""

import math

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from surveybook.stats.shares import add_intervals, check_sum, compare_answers, survives_rounding, wilson

from .figures import ENABLERS, bases, levels, percentages, properties, shares


@pytest.mark.parametrize("missing", [(math.nan, 1000), (0.5, math.nan), (None, 100), (0.5, None)])
def test_without_a_share_or_an_answer_there_is_no_interval(missing):
    assert all(math.isnan(limit) for limit in wilson(*missing))


@pytest.mark.parametrize(
    ("answers", "base", "limits"),
    # Newcombe (1998), "Two-sided confidence intervals for the single proportion", table I, method 3.
    [(81, 263, (0.2553, 0.3662)), (15, 148, (0.0624, 0.1605)), (0, 20, (0, 0.1611)), (1, 29, (0.0061, 0.1718))],
)
def test_published_limits_of_wilsons_interval_are_reproduced(answers, base, limits):
    assert wilson(answers / base, base) == pytest.approx(limits, abs=5e-5)


@properties
@given(shares, bases, levels)
def test_an_interval_lies_within_0_to_1_contains_the_share_and_solves_wilsons_equation(share, base, confidence):
    from scipy.stats import norm

    limits = np.array(wilson(share, base, confidence))
    assert 0 <= limits[0] <= share <= limits[1] <= 1
    distance = norm.ppf((1 + confidence) / 2) ** 2 * limits * (1 - limits) / base
    np.testing.assert_allclose((share - limits) ** 2, distance, atol=1e-12)


def test_a_table_of_estimates_gets_its_intervals_row_by_row():
    shares, bases = [0.68, np.nan, 0.56, 0.22], [1000, 1000, np.nan, 1000]
    table = pd.DataFrame({"share": shares, "effective_base": bases, "decimals": [np.nan, 0, 0, 0]})
    for given_table in (table, table.convert_dtypes()):
        result = add_intervals(given_table)
        assert result["method"].tolist() == ["Wilson", "", "", "Wilson"]
        assert result.loc[[1, 2], ["standard_error", "low", "high"]].isna().all(axis=None)
        # Table 1: 68% of 1,000 answers.
        assert result.loc[0, ["low", "high"]].tolist() == pytest.approx([0.65045, 0.70818], abs=1e-5)
        # 22% may be anything from 21.5 to 22.5.
        ends = [float(wilson(0.215, 1000)[0]), float(wilson(0.225, 1000)[1])]
        assert result.loc[3, ["low", "high"]].tolist() == pytest.approx(ends)
        assert result.loc[0, "standard_error"] == pytest.approx(math.sqrt(0.68 * 0.32 / 1000))
    assert add_intervals(table.iloc[:0]).columns.tolist()[3:] == ["standard_error", "low", "high", "method"]


def test_a_finding_on_an_unpublished_share_does_not_survive():
    assert not survives_rounding(lambda shares: True, [0.5, np.nan])


def test_over_two_thirds_survives_for_68_and_not_for_67_per_cent():
    assert survives_rounding(lambda shares: shares[0] > 2 / 3, [0.68])  # Executive summary: over two-thirds
    assert not survives_rounding(lambda shares: shares[0] > 2 / 3, [0.67])
    assert survives_rounding(lambda shares: shares[0] > 2 / 3, [0.67], 1)


def test_what_does_not_hold_as_printed_does_not_survive_and_what_was_not_rounded_has_one_value():
    assert not survives_rounding(lambda shares: shares[0] == 0.7, [0.68])
    assert survives_rounding(lambda shares: shares[0] == 0.5, [0.5], np.nan)


@properties
@given(percentages, percentages)
def test_a_printed_order_survives_and_a_printed_tie_does_not(percent_1, percent_2):
    # Neighbours may meet at the half unit between them, and no rule for halves lets them cross.
    pair = [percent_1 / 100, percent_2 / 100]
    assert survives_rounding(lambda shares: shares[0] > shares[1], pair) == (percent_1 > percent_2)


@properties
@given(percentages, percentages, st.integers(0, 2**32 - 1))
def test_what_survives_holds_at_values_that_print_the_same(percent_1, percent_2, seed):
    def differ(pair):
        return compare_answers(pair[0], pair[1], 500).low > 0

    printed = np.array([percent_1, percent_2]) / 100
    if survives_rounding(differ, printed):
        moved = printed + np.random.default_rng(seed).uniform(-0.005, 0.005, (20, 2))
        assert all(differ(np.clip(pair, 0, 1)) for pair in moved)


@pytest.mark.parametrize(
    ("percents", "decimals", "choices", "found"),
    [
        ([90, 80, 40], 0, 2, "impossible"),
        ([68, 68, 65], 0, 2, "doubtful"),
        ([68.0, 68.0, 65.0], 1, 2, "impossible"),
        ([50, np.nan], 0, 1, ""),
        ([], 0, 1, ""),
        # Percentages below half a unit can't make up for the others.
        ([100, 100.6, 0, 0, 0], [0, 1, 0, 0, 0], 2, "impossible"),
        (ENABLERS, 0, 2, ""),  # Table 3: 197%
        (ENABLERS, 0, 1, "impossible"),
    ],
)
def test_a_sum_that_no_rounding_explains_is_impossible_and_one_that_only_rounding_explains_doubtful(
    percents, decimals, choices, found
):
    assert check_sum(percents, decimals, choices) == found


@properties
@given(st.integers(0, 2**32 - 1), st.integers(1, 3), st.integers(0, 1))
def test_answers_that_people_gave_are_never_impossible(seed, choices, decimals):
    generator = np.random.default_rng(seed)
    people = np.array([generator.permutation(6) < choices for _ in range(int(generator.integers(1, 60)))])
    assert check_sum(np.round(100 * people.mean(axis=0), decimals), decimals, choices) != "impossible"
