import numpy as np
import pandas as pd
import pytest

from surveybook.model.problems import SurveybookError
from surveybook.respondents.estimation import (
    Design,
    Indicator,
    association,
    compare_surveys,
    compare_within,
    estimate,
    goodness_of_fit,
    rank_estimates,
    refuse_overlap,
)

from .people import CLUSTERED, DOMAINS, ITEMS, STRATIFIED, people

MEN, WOMEN = ("a", "chosen", "sex=male"), ("a", "chosen", "sex=female")


def test_respondents_who_are_in_both_samples_are_refused():
    with pytest.raises(SurveybookError, match="2 respondents of 2004 are in 2005 too"):
        refuse_overlap([1, 2, 3, None], [2, 3, 4, None], ("2004", "2005"))
    refuse_overlap([1, 2], [3, np.nan], ("2004", "2005"))


def test_figures_that_were_not_estimated_and_items_of_two_questions_are_refused():
    found = estimate(people(), STRATIFIED, [ITEMS[0], Indicator("b", "b", "chosen", "another")])
    with pytest.raises(SurveybookError, match="There is no estimate of c"):
        compare_within(found, ("a", "chosen", ""), ("c", "chosen", ""))
    with pytest.raises(SurveybookError, match="under one question_id"):
        compare_within(found, ("a", "chosen", ""), ("b", "chosen", ""))


def test_a_figure_does_not_differ_from_itself():
    found = compare_within(estimate(people(), CLUSTERED, ITEMS), ("a", "chosen", ""), ("a", "chosen", ""))
    assert (found.difference, found.standard_error, found.p_value) == (0, 0, 1)


@pytest.mark.parametrize("design", [STRATIFIED, CLUSTERED], ids=["strata", "clusters"])
def test_a_difference_between_items_is_the_share_of_their_difference(design):
    frame = people().drop(columns="c")
    found = estimate(frame, design, ITEMS[:2])
    ours = compare_within(found, ("a", "chosen", ""), ("b", "chosen", ""))
    table = found.estimates.set_index("item_id")
    variance = (table["standard_error"] ** 2).sum() - 2 * found.covariances["covariance"].iloc[0]
    assert ours.difference == pytest.approx(table.loc["a", "share"] - table.loc["b", "share"])
    assert ours.standard_error == pytest.approx(np.sqrt(variance))
    assert ours.low < ours.difference < ours.high


def test_domains_without_clusters_or_strata_are_nearly_independent():
    found = estimate(people(), Design("weight"), ITEMS, domains=DOMAINS)
    rows = found.estimates[found.estimates["item_id"] == "a"].set_index("domain")
    apart = compare_surveys(rows.loc["sex=male"], rows.loc["sex=female"])
    assert compare_within(found, MEN, WOMEN).standard_error == pytest.approx(apart.standard_error, rel=1e-10)


def test_a_domain_against_the_population_counts_those_who_are_in_both():
    found = estimate(people(), STRATIFIED, ITEMS, domains=DOMAINS)
    rows = found.estimates[found.estimates["item_id"] == "a"].set_index("domain")
    apart = compare_surveys(rows.loc["sex=male"], rows.loc[""])
    assert compare_within(found, MEN, ("a", "chosen", "")).standard_error < apart.standard_error


def test_independent_surveys_add_their_variances_and_have_welch_s_degrees_of_freedom():
    row = {"share": 0.5, "standard_error": 0.03, "degrees_of_freedom": 10.0}
    other = row | {"share": 0.4, "standard_error": 0.04, "degrees_of_freedom": 20.0}
    found = compare_surveys(pd.Series(row), pd.Series(other))
    assert found.standard_error == pytest.approx(0.05)
    assert found.degrees_of_freedom == pytest.approx(0.05**4 / (0.03**4 / 10 + 0.04**4 / 20))
    census = pd.Series(row | {"standard_error": 0.0, "degrees_of_freedom": np.inf})
    assert compare_surveys(census, census).p_value == 1


def test_groups_with_people_in_common_and_several_answers_are_refused():
    found = estimate(people().drop(columns="c"), STRATIFIED, ITEMS[:2], domains=DOMAINS)
    with pytest.raises(SurveybookError, match="in two of these domains"):
        association(found, [("a", "chosen")], ["sex=male", "age=2"])
    with pytest.raises(SurveybookError, match="expected one answer each"):
        association(
            estimate(people().assign(b=1.0), STRATIFIED, ITEMS[:2], domains=DOMAINS),
            [("a", "chosen"), ("b", "chosen")],
            ["sex=male", "sex=female"],
        )


def test_an_answer_that_goes_with_the_group_is_told_from_one_that_does_not():
    frame = people(2_000)
    frame["a"] = np.where(frame["sex"] == "male", frame["a"], frame["b"])
    found = estimate(frame, CLUSTERED, ITEMS, domains=DOMAINS)
    assert association(found, [("a", "chosen")], ["sex=male", "sex=female"]).p_value < 1e-6
    assert association(found, [("b", "chosen")], ["sex=male", "sex=female"]).p_value > 0.01


def test_the_remainder_of_a_question_s_base_counts_as_an_answer():
    frame = people(2_000)
    frame["first"], frame["second"] = frame["a"], (1 - frame["a"]) * frame["b"]
    frame["neither"] = 1 - frame["first"] - frame["second"]
    items = [Indicator(name, name, "chosen", "q") for name in ("first", "second", "neither")]
    found = estimate(frame, STRATIFIED, items, domains=DOMAINS)
    figures, groups = [(item.item_id, "chosen") for item in items], ["sex=male", "sex=female"]
    whole, without = association(found, figures, groups), association(found, figures[:2], groups)
    assert whole.statistic == pytest.approx(without.statistic, rel=1e-9)
    assert whole.degrees_of_freedom == pytest.approx(without.degrees_of_freedom, rel=1e-9)


ONE_ANSWER = [Indicator(name, name, "chosen", "q") for name in ("first", "second")]
FIGURES = [("first", "chosen"), ("second", "chosen")]


@pytest.mark.parametrize(
    ("figures", "expected", "said"),
    [
        (FIGURES, None, "leave other answers out"),
        (FIGURES, [0.5], "one share above 0 for each of 2"),
        (FIGURES, [0.0, 0.5], "one share above 0"),
        (FIGURES, [0.9, 0.9], "no more than 1"),
        (FIGURES, [0.5, 0.5], "gave another answer"),
        ([("third", "chosen")], None, "no estimate of third"),
    ],
)
def test_expected_shares_that_cannot_be_such_are_refused(figures, expected, said):
    frame = people(400)
    frame["first"], frame["second"] = frame["a"], (1 - frame["a"]) * frame["b"]
    found = estimate(frame, STRATIFIED, ONE_ANSWER)
    with pytest.raises(SurveybookError, match=said):
        goodness_of_fit(found, figures, expected)
    with pytest.raises(SurveybookError, match="no domain"):
        goodness_of_fit(found, FIGURES, [0.2, 0.3], "nowhere")


def test_fit_to_the_shares_found_is_perfect_and_without_a_design_it_is_pearson_s():
    frame = people(400)
    frame["first"], frame["second"] = frame["a"], (1 - frame["a"]) * frame["b"]
    found = estimate(frame, Design(), ONE_ANSWER, domains=DOMAINS)
    share = found.estimates.set_index(["domain", "item_id"])["share"]
    assert goodness_of_fit(found, FIGURES, share[""].tolist()).p_value == pytest.approx(1)
    inside = goodness_of_fit(found, FIGURES, [0.3, 0.3], "sex=male")
    mine = frame[frame["sex"] == "male"]
    counts = np.array([mine["first"].sum(), mine["second"].sum(), 0.0])
    counts[2] = len(mine) - counts.sum()
    even = np.array([0.3, 0.3, 0.4])
    found_shares = counts / len(mine)
    pearson = len(mine) * ((found_shares - even) ** 2 / even).sum()
    covariance = (np.diag(found_shares) - np.outer(found_shares, found_shares)) / even
    # Within a domain the variance of its share has the textbook's divisor, but for the rows outside it.
    assert inside.statistic == pytest.approx(pearson / np.trace(covariance), rel=0.01)


def test_ranks_are_certain_where_shares_are_far_apart_and_open_where_they_are_not():
    found = estimate(
        people(2_000).assign(c=lambda table: table["b"].sample(frac=1, random_state=1).to_numpy()), STRATIFIED, ITEMS
    )
    ranks = rank_estimates(found.estimates, found.covariances, "q").droplevel("response")
    assert ranks.loc["a"].tolist() == [1, 1, 1]
    assert ranks.loc[["b", "c"], "best_rank"].tolist() == [2, 2]
    assert ranks.loc[["b", "c"], "worst_rank"].tolist() == [3, 3]
