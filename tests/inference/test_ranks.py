import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from surveybook.stats import compare_choices, compare_exclusive, rank_sets

from .figures import CUSTOMER_FOCUS, ENABLERS, PUBLIC_BASE, bases, levels, percentages, properties

share_lists = st.lists(percentages.map(lambda percent: percent / 100), min_size=1, max_size=8).map(pd.Series)


def test_a_confidence_level_in_per_cent_is_refused():
    with pytest.raises(ValueError, match="confidence level is 95"):
        rank_sets(pd.Series([0.5, 0.4]), 1000, 95)


def test_an_unpublished_item_has_no_rank_and_is_not_counted():
    sets = rank_sets(pd.Series([0.5, np.nan, 0.1], index=["a", "b", "c"]), 1000)
    assert sets.loc["b"].isna().all()
    assert sets.loc["c"].tolist() == [2, 2, 2]


def test_without_a_base_every_rank_is_possible():
    sets = rank_sets(pd.Series([0.9, 0.5, 0.1]), np.nan)
    assert sets["best_rank"].tolist() == [1, 1, 1]
    assert sets["worst_rank"].tolist() == [3, 3, 3]


def test_the_publics_first_four_customer_focus_items_cannot_be_told_apart():
    shares = pd.Series({item: public / 100 for item, (public, _) in CUSTOMER_FOCUS.items()})  # Table 4
    sets = rank_sets(shares, PUBLIC_BASE)
    assert sets.loc["spending_well"].tolist() == [1, 1, 4]
    assert sets.loc[["staff_competence", "choice_of_provider"], "rank"].tolist() == [2, 2]
    assert sets.loc["tailored_services"].tolist() == [7, 7, 7]


def test_the_report_ranks_ten_enablers_that_the_sample_does_not_separate():
    sets = rank_sets(pd.Series(ENABLERS) / 100, 500)  # Table 3
    assert sets["rank"].tolist() == [1, 2, 3, 4, 5, 6, 6, 8, 9, 10]
    assert (sets["worst_rank"] - sets["best_rank"]).min() > 0


@properties
@given(share_lists, bases, levels, st.booleans())
def test_a_rank_set_contains_the_printed_rank(shares, base, confidence, exclusive):
    sets = rank_sets(shares, base, confidence, exclusive=exclusive)
    assert (sets["best_rank"] >= 1).all()
    assert (sets["best_rank"] <= sets["rank"]).all()
    assert (sets["rank"] <= sets["worst_rank"]).all()
    assert (sets["worst_rank"] <= len(shares)).all()


@properties
@given(share_lists, bases, st.randoms(use_true_random=False))
def test_the_order_of_items_does_not_matter(shares, base, random):
    order = list(shares.index)
    random.shuffle(order)
    pd.testing.assert_frame_equal(rank_sets(shares[order], base), rank_sets(shares, base).loc[order])


@properties
@given(share_lists, st.integers(10, 5000))
def test_a_larger_base_never_widens_a_rank_set(shares, base):
    narrow, wide = rank_sets(shares, 2 * base), rank_sets(shares, base)
    assert (narrow["best_rank"] >= wide["best_rank"]).all()
    assert (narrow["worst_rank"] <= wide["worst_rank"]).all()


def test_rank_sets_contain_the_true_ranks_as_often_as_promised():
    truth, base = np.array([0.35, 0.35, 0.30]), 400
    drawn = np.random.default_rng(2004).multinomial(base, truth, size=400) / base
    # Items that tie in truth may take either rank: 1 or 2 for the first two, 3 for the last.
    kept = 0
    for sample in drawn:
        sets = rank_sets(pd.Series(sample), base, exclusive=True)
        kept += bool((sets["best_rank"] <= [1, 1, 3]).all() and (sets["worst_rank"] >= [2, 2, 3]).all())
    assert kept / len(drawn) > 0.93


@pytest.mark.parametrize("base", [600, 900])
def test_two_items_are_ranked_apart_exactly_when_their_difference_is_shown(base):
    # Two one-sided tests at half the level each are the two-sided test of the one pair that there is.
    for first in range(30, 61):
        shares = pd.Series([first / 100, 0.40])
        shown = compare_choices(first / 100, 0.40, base).holds == "every"
        sets = rank_sets(shares, base)
        apart = (sets["best_rank"] == sets["worst_rank"]).all()
        assert apart == shown, first


def test_three_items_share_the_level_between_all_their_pairs():
    shares = pd.Series([0.50, 0.44, 0.10])
    p_values = [compare_exclusive(0.50, 0.44, base).p_value for base in (900, 1_400)]
    # Of six ordered pairs two are certain, and two more are refuted by the same data: four are left for this one.
    assert 0.05 / 4 < p_values[0] / 2 < 0.05
    assert p_values[1] / 2 < 0.05 / 4
    apart, together = rank_sets(shares, 1_400, exclusive=True), rank_sets(shares, 900, exclusive=True)
    assert apart["worst_rank"].tolist() == [1, 2, 3]
    assert together["worst_rank"].tolist() == [2, 2, 3]


def test_answers_that_print_as_101_per_cent_together_still_exclude_each_other():
    shares, base = pd.Series([0.51, 0.50]), 38_400
    # The base at which the one per cent that both seem to have given would decide.
    assert compare_exclusive(0.51, 0.50, base).holds == "no"
    assert compare_choices(0.51, 0.50, base).holds == "every"
    assert rank_sets(shares, base, exclusive=True)["worst_rank"].tolist() == [2, 2]
    assert rank_sets(shares, base)["worst_rank"].tolist() == [1, 2]


def test_rank_sets_are_numbers_for_items_without_a_share_too():
    sets = rank_sets(pd.Series([0.5, np.nan]), 1000)
    assert [str(kind) for kind in sets.dtypes] == ["float64"] * 3
