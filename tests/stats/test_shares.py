"""Published shares: intervals, rounding, sums that can't be, differences: at their limits, and turned around."""

import itertools
import math
from unittest.mock import patch

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import multinomial, norm
from statsmodels.stats.multitest import multipletests

from surveybook.stats.shares import (
    add_intervals,
    adjust_p_values,
    check_sum,
    compare_answers,
    compare_independent,
    overlap_variance,
    rank_sets,
    standardise,
    survives_rounding,
    wald,
    wilson,
)
from tests.stats import CUSTOMER_FOCUS, ENABLERS, PUBLIC_BASE, bases, levels, percentages, properties

p_value_lists = st.lists(st.floats(0, 1), min_size=1, max_size=12)
share_lists = st.lists(percentages.map(lambda percent: percent / 100), min_size=1, max_size=8).map(pd.Series)


@pytest.mark.parametrize(
    ("answers", "base", "limits"),
    # Newcombe (1998), "Two-sided confidence intervals for the single proportion", table I, method 3.
    [(81, 263, (0.2553, 0.3662)), (15, 148, (0.0624, 0.1605)), (0, 20, (0, 0.1611)), (1, 29, (0.0061, 0.1718))],
)
def test_published_limits_of_wilsons_interval_are_reproduced(answers, base, limits):
    assert wilson(answers / base, base) == pytest.approx(limits, abs=5e-5)


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


@pytest.mark.parametrize(
    ("holds", "share", "decimals", "survives"),
    [
        (lambda shares: shares[0] > 2 / 3, 0.68, 0, True),  # Executive summary: over two-thirds
        (lambda shares: shares[0] > 2 / 3, 0.67, 0, False),
        (lambda shares: shares[0] > 2 / 3, 0.67, 1, True),
        (lambda shares: shares[0] == 0.7, 0.68, 0, False),  # not even as printed
        (lambda shares: shares[0] == 0.5, 0.5, math.nan, True),  # not rounded
        (lambda shares: True, math.nan, 0, False),  # not published
    ],
)
def test_a_finding_survives_where_it_holds_at_every_share_that_prints_so(holds, share, decimals, survives):
    assert survives_rounding(holds, [share], decimals) == survives


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


def ranks(shares, base, confidence=0.95, *, exclusive=False):
    """Return the rank sets of published shares of the same people, by the test of each pair."""
    p_values = np.full((len(shares),) * 2, np.nan)
    for pair in itertools.permutations(range(len(shares)), 2):
        p_values[pair] = compare_answers(*shares.iloc[list(pair)], base, exclusive=exclusive).p_value
    return rank_sets(shares, p_values, confidence)


@pytest.mark.parametrize("gap", range(4))
def test_a_missing_figure_gives_no_difference(gap):
    figures = [0.5, 1000, 0.4, 500]
    figures[gap] = math.nan
    assert np.isnan(list(compare_independent(*figures).values())[1:]).all()


@pytest.mark.parametrize("share", [0.0, 1.0])
def test_two_shares_of_nobody_or_everybody_are_equal(share):
    found = compare_independent(share, 3, share, 500)
    assert found["low"] < 0 < found["high"]
    assert found["p_value"] == 1
    paired = compare_answers(share, share, 500)
    assert paired.low == pytest.approx(-paired.high)
    assert paired.low < 0
    assert paired.p_value == 1


@pytest.mark.parametrize("exclusive", [True, False])
def test_everybody_against_nobody_among_the_same_people_is_not_certain(exclusive):
    found = compare_answers(1.0, 0.0, 20, exclusive=exclusive)
    assert (round(found.low, 3), found.high) == (0.678, 1)
    assert 0 < found.p_value < 1e-4
    turned = compare_answers(0.0, 1.0, 20, exclusive=exclusive)
    assert (turned.low, turned.high) == pytest.approx((-found.high, -found.low))


@pytest.mark.parametrize(
    ("first", "second", "limits"),
    # Newcombe (1998), "Interval estimation for the difference between independent proportions", table II, method 10.
    [
        ((56, 70), (48, 80), (0.0524, 0.3339)),
        ((9, 10), (3, 10), (0.1705, 0.8090)),
        ((6, 7), (2, 7), (0.0582, 0.8062)),
        ((5, 56), (0, 29), (-0.0381, 0.1926)),
        ((0, 10), (0, 20), (-0.1611, 0.2775)),
        ((10, 10), (0, 20), (0.6791, 1.0)),
        ((10, 10), (0, 10), (0.6075, 1.0)),
    ],
)
def test_published_limits_of_newcombes_interval_are_reproduced(first, second, limits):
    found = compare_independent(first[0] / first[1], first[1], second[0] / second[1], second[1])
    assert (found["low"], found["high"]) == pytest.approx(limits, abs=5e-5)


@properties
@given(percentages, bases, percentages, bases)
def test_the_score_test_is_pearsons_chi_squared(percent_1, base_1, percent_2, base_2):
    from scipy.stats import chi2_contingency

    counts = [[percent / 100 * base, base - percent / 100 * base] for percent, base in
              ((percent_1, base_1), (percent_2, base_2))]  # fmt: skip
    found = compare_independent(percent_1 / 100, base_1, percent_2 / 100, base_2)
    if 0 < percent_1 + percent_2 < 200:
        expected = chi2_contingency(counts, correction=False)
        assert found["p_value"] == pytest.approx(expected.pvalue, rel=1e-6, abs=1e-9)


def test_more_agree_than_disagree_is_within_sampling_error():
    found = compare_answers(0.44, 0.40, 1000, exclusive=True)  # section 3.2: services have improved
    assert not found.excludes_zero
    assert found.standard_error == pytest.approx(math.sqrt((0.84 - 0.04**2) / 1000))
    assert found.high - found.low == pytest.approx(2 * norm.ppf(0.975) * found.standard_error)
    assert found.method == "Wald interval, no overlap"


def test_the_first_and_second_quality_indicator_differ_at_the_least_favourable_overlap():
    found = compare_answers(0.68, 0.56, 1000)  # Table 1, public: at least 24% chose both
    assert found.standard_error == pytest.approx(math.sqrt((0.68 + 0.56 - 2 * 0.24 - 0.12**2) / 1000))
    assert found.excludes_zero
    assert found.method == "Wald interval at the least favourable overlap"


@properties
@given(percentages, percentages, bases, levels)
def test_interval_and_p_value_of_the_same_people_agree_and_turn_around(percent_1, percent_2, base, confidence):
    one, other = (compare_answers(a / 100, b / 100, base, confidence) for a, b in
                  ((percent_1, percent_2), (percent_2, percent_1)))  # fmt: skip
    assert one.excludes_zero == (one.p_value < 1 - confidence)
    assert -1 <= one.low <= one.difference <= one.high <= 1
    assert (one.low, one.high, one.p_value) == pytest.approx((-other.high, -other.low, other.p_value))


@properties
@given(st.integers(0, 2**32 - 1), st.integers(3, 8), st.integers(5, 200))
def test_whoever_chose_what_the_variance_is_never_above_that_of_the_least_favourable_overlap(seed, items, people):
    generator = np.random.default_rng(seed)
    chosen = generator.random((people, items)) < generator.random(items)
    share = chosen.mean(axis=0)
    true = (chosen[:, 0].astype(float) - chosen[:, 1]).var()
    assert true <= overlap_variance(share[0], share[1]) + 1e-12
    apart = chosen[:, 1] & ~chosen[:, 0]
    # The formula is the variance of the difference of the two answers, person by person.
    assert overlap_variance(share[0], apart.mean(), exclusive=True) == pytest.approx(
        (chosen[:, 0].astype(float) - apart).var(), abs=1e-12
    )


def test_an_unpublished_item_has_no_rank_and_is_not_counted():
    sets = ranks(pd.Series([0.5, np.nan, 0.1], index=["a", "b", "c"]), 1000)
    assert sets.loc["b"].isna().all()
    assert sets.loc["c"].tolist() == [2, 2, 2]
    assert [str(kind) for kind in sets.dtypes] == ["float64"] * 3


def test_the_publics_first_four_customer_focus_items_cannot_be_told_apart():
    ranked = pd.Series({item: public / 100 for item, (public, _) in CUSTOMER_FOCUS.items()})  # Table 4
    sets = ranks(ranked, PUBLIC_BASE)
    assert sets.loc["spending_well"].tolist() == [1, 1, 4]
    assert sets.loc[["staff_competence", "choice_of_provider"], "rank"].tolist() == [2, 2]
    assert sets.loc["tailored_services"].tolist() == [7, 7, 7]


def test_three_items_share_the_level_between_all_their_pairs():
    ranked = pd.Series([0.50, 0.44, 0.10])
    p_values = [compare_answers(0.50, 0.44, base, exclusive=True).p_value for base in (900, 1_400)]
    # Of six ordered pairs two are certain, and two more are refuted by the same data: four are left for this one.
    assert 0.05 / 4 < p_values[0] / 2 < 0.05
    assert p_values[1] / 2 < 0.05 / 4
    assert ranks(ranked, 1_400, exclusive=True)["worst_rank"].tolist() == [1, 2, 3]
    assert ranks(ranked, 900, exclusive=True)["worst_rank"].tolist() == [2, 2, 3]


@properties
@given(share_lists, bases, levels, st.booleans(), st.randoms(use_true_random=False))
@pytest.mark.slow
def test_a_rank_set_contains_the_printed_rank_whatever_the_order_of_items(ranked, base, confidence, exclusive, random):
    exclusive = exclusive and sum(ranked) <= 1
    sets = ranks(ranked, base, confidence, exclusive=exclusive)
    assert (sets["best_rank"] >= 1).all()
    assert (sets["best_rank"] <= sets["rank"]).all()
    assert (sets["rank"] <= sets["worst_rank"]).all()
    assert (sets["worst_rank"] <= len(ranked)).all()
    order = list(ranked.index)
    random.shuffle(order)
    turned = ranks(ranked[order], base, confidence, exclusive=exclusive)
    pd.testing.assert_frame_equal(turned, sets.loc[order])


def test_rank_sets_contain_the_true_ranks_as_often_as_promised():
    truth, base = np.array([0.35, 0.35, 0.30]), 400
    drawn = np.random.default_rng(2004).multinomial(base, truth, size=150) / base
    # Items that tie in truth may take either rank: 1 or 2 for the first two, 3 for the last.
    kept = 0
    for sample in drawn:
        sets = ranks(pd.Series(sample), base, exclusive=True)
        kept += bool((sets["best_rank"] <= [1, 1, 3]).all() and (sets["worst_rank"] >= [2, 2, 3]).all())
    assert kept / len(drawn) > 0.93


# How often intervals hold the truth and tests are wrong: exactly, over every sample that can be drawn.
@pytest.fixture(scope="module")
def tables():
    """Return every way in which 60 people can have given the first, the second, both or neither answer."""
    people = 60
    splits = itertools.product(range(people + 1), repeat=3)
    return np.array([(*split, people - sum(split)) for split in splits if sum(split) <= people]), people


@pytest.mark.parametrize(
    "joint", [(0.2, 0.2, 0.2, 0.4), (0.3, 0.1, 0.3, 0.3), (0.1, 0.1, 0.7, 0.1), (0.5, 0.3, 0.1, 0.1)]
)
def test_the_least_favourable_overlap_never_covers_too_little(tables, joint):
    cells, people = tables
    first, second = (cells[:, 0] + cells[:, 2]) / people, (cells[:, 1] + cells[:, 2]) / people
    found = wald(first - second, overlap_variance(first, second) / people)
    truth, chance = joint[0] - joint[1], multinomial.pmf(cells, people, joint)
    assert chance[(found["low"] <= truth + 1e-12) & (truth - 1e-12 <= found["high"])].sum() > 0.945
    if joint[0] == joint[1]:
        assert chance[found["p_value"] < 0.05].sum() < 0.055


@pytest.mark.parametrize("joint", [(0.4, 0.4, 0, 0.2), (0.2, 0.1, 0, 0.7), (0.5, 0.3, 0, 0.2)])
def test_answers_that_exclude_each_other_cover_at_the_nominal_rate(tables, joint):
    cells, people = tables
    cells = cells[cells[:, 2] == 0]
    first, second = cells[:, 0] / people, cells[:, 1] / people
    found = wald(first - second, overlap_variance(first, second, exclusive=True) / people)
    inside = (found["low"] - 1e-12 <= joint[0] - joint[1]) & (joint[0] - joint[1] <= found["high"] + 1e-12)
    assert multinomial.pmf(cells, people, joint)[inside].sum() == pytest.approx(0.95, abs=0.01)


def test_without_variance_a_difference_is_certain_and_none_is_none():
    found = standardise([0.1, -0.1, 0, 0.1, np.nan], [0, 0, 0, 0.04, 0.1])
    assert found.tolist()[:4] == [math.inf, -math.inf, 0, pytest.approx(0.5)]
    assert np.isnan(found[4])


def test_a_test_that_was_not_possible_stays_missing_and_does_not_count():
    adjusted = adjust_p_values([None, 0.01, float("nan"), 1])
    assert np.isnan(adjusted).tolist() == [True, False, True, False]
    assert adjusted[[1, 3]] == pytest.approx([0.02, 1])
    assert adjust_p_values([]).size == 0


@properties
@given(p_value_lists)
def test_adjusted_p_values_are_those_of_statsmodels_and_never_smaller(p_values):
    adjusted = adjust_p_values(p_values)
    with patch("gc.collect"):  # statsmodels collects the garbage of the whole process at each call
        expected = multipletests(p_values, method="holm")[1]
    np.testing.assert_allclose(adjusted, expected, rtol=1e-12)
    assert (adjusted >= p_values).all()
    assert (adjusted <= 1).all()


@properties
@given(p_value_lists, p_value_lists, st.randoms(use_true_random=False))
def test_families_are_adjusted_apart_whatever_their_order(first, second, random):
    families = [("quality", "public")] * len(first) + [("quality", "frontline")] * len(second)
    expected = np.concatenate([adjust_p_values(first), adjust_p_values(second)])
    order = list(range(len(families)))
    random.shuffle(order)
    found = adjust_p_values([(first + second)[place] for place in order], [families[place] for place in order])
    np.testing.assert_array_equal(found, expected[order])
