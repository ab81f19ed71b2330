import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from surveybook.stats import (
    compare_choices,
    compare_exclusive,
    compare_independent,
    compare_populations,
    compare_ranks,
    holm,
)

from .figures import (
    CUSTOMER_FOCUS,
    EFFICIENCY,
    FRONTLINE_BASE,
    PUBLIC_BASE,
    QUALITY,
    estimates,
    percentages,
    table_properties,
)

tables = st.dictionaries(st.sampled_from("abcdefgh"), st.tuples(percentages, percentages), min_size=1, max_size=7)


def test_an_unknown_question_is_refused_with_those_there_are():
    with pytest.raises(ValueError, match="'qualty' isn't among the questions of these estimates: efficiency"):
        compare_populations(estimates("efficiency", EFFICIENCY), "qualty")


def test_an_unknown_population_is_refused_with_those_there_are():
    with pytest.raises(ValueError, match=r"'managers' isn't among the populations.*: frontline, public"):
        compare_ranks(estimates("efficiency", EFFICIENCY), "efficiency", "managers")


def test_two_waves_in_one_table_are_refused():
    table = estimates("efficiency", EFFICIENCY)
    both = pd.concat([table, table.assign(wave="2010")])
    with pytest.raises(ValueError, match=r"several waves \(2004, 2010\)"):
        compare_populations(both, "efficiency")


def test_a_figure_that_is_there_twice_is_refused():
    table = estimates("efficiency", EFFICIENCY)
    with pytest.raises(ValueError, match="'valuable_spending' is there twice for public"):
        compare_ranks(pd.concat([table, table.iloc[:1]]), "efficiency", "public")


def test_several_responses_an_item_have_no_single_order():
    table = estimates("services_improved", {"services_improved": (44, 50)})
    both = pd.concat([table, table.assign(response="disagree", share=0.40)])
    with pytest.raises(ValueError, match="several responses an item"):
        compare_ranks(both, "services_improved", "public")
    assert len(compare_populations(both, "services_improved")) == 2


def test_every_quality_indicator_separates_the_populations():
    table = compare_populations(estimates("quality_indicators", QUALITY), "quality_indicators")
    assert table["item_id"].tolist() == list(QUALITY)
    assert table["secure"].all()
    assert table["survives_rounding"].all()
    first = compare_independent(0.68, PUBLIC_BASE, 0.83, FRONTLINE_BASE)
    assert table.loc[0, ["difference", "low", "high", "p"]].tolist() == pytest.approx(
        [first.difference, first.low, first.high, first.p_value]
    )


def test_a_gap_of_six_points_on_value_for_money_is_secure_and_owes_it_to_rounding():
    table = compare_populations(estimates("customer_focus", CUSTOMER_FOCUS), "customer_focus")
    row = table.set_index("item_id").loc["spending_well"]  # Table 4: 35 and 29 per cent
    assert row["secure"]
    assert not row["survives_rounding"]
    assert row["lost_at_design_effect"] == pytest.approx(1.185, abs=0.001)


def test_the_populations_agree_on_it_within_sampling_error():
    table = compare_populations(estimates("efficiency", EFFICIENCY), "efficiency").set_index("item_id")
    assert not table.loc["it_new_ways", "secure"]  # Table 6: 16 and 17 per cent
    assert table.loc["it_new_ways", "survives_rounding"]
    assert np.isnan(table.loc["it_new_ways", "lost_at_design_effect"])


def test_domains_are_left_out():
    table = estimates("efficiency", EFFICIENCY)
    managers = table[table["population"] == "frontline"].assign(domain="role=manager", share=0.9)
    pd.testing.assert_frame_equal(
        compare_populations(pd.concat([table, managers]), "efficiency"), compare_populations(table, "efficiency")
    )


def test_an_unpublished_figure_is_left_empty_and_out_of_the_family():
    table = estimates("quality_indicators", QUALITY)
    without = compare_populations(table[table["item_id"] != "value_for_money"], "quality_indicators")
    table.loc[table["item_id"] == "value_for_money", "share"] = [np.nan, 0.32]
    result = compare_populations(table, "quality_indicators")
    gap = result["item_id"] == "value_for_money"
    assert result.loc[gap, ["difference", "p", "p_holm", "survives_rounding"]].isna().all(axis=None)
    assert not result.loc[gap, "secure"].any()
    pd.testing.assert_frame_equal(result[~gap].reset_index(drop=True), without)


def test_an_item_that_one_population_was_not_asked_is_left_empty():
    table = estimates("quality_indicators", QUALITY).iloc[1:]
    result = compare_populations(table, "quality_indicators").set_index("item_id")
    assert np.isnan(result.loc["customer_satisfaction", "share_public"])
    assert result.loc["customer_satisfaction", "share_frontline"] == 0.83
    assert result["secure"].sum() == 4


def test_shares_that_were_not_rounded_survive_rounding():
    table = estimates("customer_focus", CUSTOMER_FOCUS).assign(decimals=np.nan)
    assert compare_populations(table, "customer_focus")["survives_rounding"].all()


def test_a_difference_that_other_values_would_turn_around_does_not_survive_rounding():
    table = estimates("question", {"item": (35, 35.3)}).assign(base=1_000_000, decimals=[0, 1])
    row = compare_populations(table, "question").iloc[0]
    assert row["secure"]
    assert not row["survives_rounding"]


def test_the_publics_ranks_of_customer_focus_are_mostly_sampling_error():
    focus = estimates("customer_focus", CUSTOMER_FOCUS)
    table = compare_ranks(focus, "customer_focus", "public", max_choices=2)
    assert table["item_id"].tolist()[0] == "spending_well"  # Table 4
    assert table["secure"].tolist() == [False, False, False, False, True, True, False]
    assert table["holds"].tolist() == ["some", "no", "some", "every", "every", "every", "n/a"]
    assert table["rank"].tolist() == [1, 2, 2, 4, 5, 6, 7]
    assert table["next_item_id"].tolist()[:-1] == table["item_id"].tolist()[1:]
    assert table["next_item_id"].iloc[-1] == ""


def test_neighbours_are_tested_at_the_least_favourable_overlap():
    table = compare_ranks(estimates("efficiency", EFFICIENCY), "efficiency", "frontline")
    first = compare_choices(0.64, 0.54, FRONTLINE_BASE)  # Table 6
    expected = [first.low, first.high, first.p_value]
    assert table.loc[0, ["low", "high", "p"]].tolist() == pytest.approx(expected)
    np.testing.assert_allclose(table["p_holm"], holm(table["p"]))


def test_one_choice_each_leaves_no_overlap():
    channels = estimates("preferred_channel", {"one": (60, 50), "two": (40, 50)})
    single = compare_ranks(channels, "preferred_channel", "public", max_choices=1)
    several = compare_ranks(channels, "preferred_channel", "public", max_choices=float("nan"))
    assert single.loc[0, "holds"] == "every"
    assert single.loc[0, "p"] == pytest.approx(several.loc[0, "p"])


def test_only_two_choices_let_a_third_item_limit_the_overlap():
    table = estimates("question", {"third": (90, 90), "first": (30, 30), "second": (28, 28)})
    holds = {
        choices: compare_ranks(table, "question", "frontline", max_choices=choices).loc[1, "holds"]
        for choices in (None, 2, 3)
    }
    assert holds == {None: "some", 2: "no", 3: "some"}


def test_ties_follow_the_codebooks_order():
    table = estimates("efficiency", {"a": (10, 10), "b": (12, 10)}).assign(order=[2, 2, 1, 1])
    assert compare_ranks(table, "efficiency", "frontline")["item_id"].tolist() == ["b", "a"]


def test_nothing_published_gives_no_ranks():
    table = estimates("efficiency", EFFICIENCY).assign(share=np.nan)
    assert compare_ranks(table, "efficiency", "public").empty
    assert not compare_populations(table, "efficiency")["secure"].any()


def test_one_item_has_a_rank_and_no_neighbour():
    table = compare_ranks(estimates("efficiency", {"only": (45, 64)}), "efficiency", "public")
    assert table[["rank", "best_rank", "worst_rank"]].to_numpy().tolist() == [[1, 1, 1]]
    assert not table["secure"].any()


@table_properties
@given(tables, st.randoms(use_true_random=False))
def test_the_order_of_rows_does_not_matter(percents, random):
    table = estimates("question", percents)
    order = list(table.index)
    random.shuffle(order)
    for population in ("public", "frontline"):
        pd.testing.assert_frame_equal(
            compare_ranks(table.loc[order], "question", population), compare_ranks(table, "question", population)
        )
    one, other = (
        compare_populations(rows, "question").sort_values("item_id", ignore_index=True)
        for rows in (table.loc[order], table)
    )
    pd.testing.assert_frame_equal(one, other)


@table_properties
@given(tables, st.integers(0, 2**32 - 1))
def test_what_survives_rounding_stays_at_values_that_print_the_same(percents, seed):
    table = estimates("question", percents)
    generator = np.random.default_rng(seed)
    moved = table.assign(share=(table["share"] + generator.uniform(-0.005, 0.005, len(table))).clip(0, 1))
    before, after = (compare_populations(rows, "question") for rows in (table, moved))
    kept = before["survives_rounding"].astype(bool)
    assert (before["secure"] == after["secure"])[kept].all()
    assert (np.sign(before["difference"]) == np.sign(after["difference"]))[kept & before["secure"]].all()


@table_properties
@given(tables)
def test_a_finding_is_secure_exactly_up_to_its_design_effect(percents):
    table = estimates("question", percents)
    result = compare_populations(table, "question")
    assert (result["lost_at_design_effect"].notna() == result["secure"]).all()
    if result["secure"].any():
        effect = result["lost_at_design_effect"].min()
        beyond = compare_populations(table.assign(design_effect=effect * 1.0001), "question")
        within = compare_populations(table.assign(design_effect=max(1, effect * 0.9999)), "question")
        assert within["secure"].sum() == result["secure"].sum() > beyond["secure"].sum()


def test_rank_sets_have_the_level_that_was_asked_for_and_whole_numbers():
    table = estimates("efficiency", {"a": (50, 50), "b": (45, 45)})
    strict, loose = (compare_ranks(table, "efficiency", "public", confidence) for confidence in (0.99, 0.8))
    assert strict["worst_rank"].tolist() == [2, 2]
    assert loose["worst_rank"].tolist() == [1, 2]
    assert [str(kind) for kind in strict[["rank", "best_rank", "worst_rank"]].dtypes] == ["Int64"] * 3
    assert strict.columns.tolist() == [
        "item_id", "rank", "best_rank", "worst_rank", "share", "next_item_id", "difference", "low", "high", "holds",
        "p", "p_holm", "secure", "survives_rounding", "lost_at_design_effect",
    ]  # fmt: skip
    assert strict["holds"].tolist() == ["some", "n/a"]
    assert strict.loc[0, "difference"] == pytest.approx(0.05)


def test_other_populations_give_their_names_to_the_columns():
    table = estimates("efficiency", EFFICIENCY)
    turned = compare_populations(table, "efficiency", 0.9, ("frontline", "public"))
    plain = compare_populations(table, "efficiency", 0.9)
    assert turned.columns.tolist() == [
        "item_id", "response", "share_frontline", "share_public", "difference", "low", "high", "p", "p_holm", "secure",
        "survives_rounding", "lost_at_design_effect",
    ]  # fmt: skip
    assert turned["difference"].tolist() == (-plain["difference"]).tolist()
    assert turned["low"].tolist() == pytest.approx((-plain["high"]).tolist())
    assert (plain["high"] - plain["low"] < compare_populations(table, "efficiency", 0.99).eval("high - low")).all()


def test_the_smaller_base_and_no_base_decide_the_ranks():
    table = estimates("efficiency", {"a": (50, 50), "b": (40, 40)})
    table["base"] = [1000, 500, 100, 500]
    assert compare_ranks(table, "efficiency", "public")["p"].iloc[0] == pytest.approx(
        compare_choices(0.5, 0.4, 100).p_value
    )
    table["base"] = [1000, 500, np.nan, 500]
    unknown = compare_ranks(table, "efficiency", "public")
    assert unknown["worst_rank"].tolist() == [2, 2]
    assert unknown["survives_rounding"].isna().all()
    assert unknown["holds"].tolist() == ["n/a", "n/a"]


def test_tables_of_nullable_columns_give_the_same():
    table = estimates("efficiency", EFFICIENCY)
    table.loc[0, ["share", "base"]] = np.nan
    pd.testing.assert_frame_equal(
        compare_populations(table.convert_dtypes(), "efficiency"),
        compare_populations(table, "efficiency"),
        check_dtype=False,
        check_index_type=False,
        check_column_type=False,
    )


def test_one_choice_each_is_tested_without_overlap_where_shares_print_as_101_per_cent():
    table = estimates("preferred_channel", {"one": (51, 50), "two": (50, 50)}).assign(base=38_400)
    single = compare_ranks(table, "preferred_channel", "public", max_choices=1)
    assert single.loc[0, "p"] == pytest.approx(compare_exclusive(0.51, 0.50, 38_400).p_value)
    assert single["worst_rank"].tolist() == [2, 2]
    assert compare_ranks(table, "preferred_channel", "public")["worst_rank"].tolist() == [1, 2]


@pytest.mark.parametrize("percent", range(34, 44))
def test_whether_a_difference_survives_rounding_does_not_depend_on_which_population_comes_first(percent):
    table = estimates("efficiency", {"item": (29, percent)})
    one, other = (
        compare_populations(table, "efficiency", populations=pair).iloc[0]
        for pair in (("public", "frontline"), ("frontline", "public"))
    )
    assert one["difference"] == -other["difference"]
    assert [one[name] for name in ("p", "secure", "survives_rounding")] == [
        other[name] for name in ("p", "secure", "survives_rounding")
    ]
