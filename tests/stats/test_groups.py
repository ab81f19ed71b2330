"""Letters of full tables: which groups of a grouping differ beyond sampling, every pair of a question as one family."""

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from surveybook.model.survey import Survey
from surveybook.stats.comparison import (
    CENSUS,
    compare_figures,
    compare_groups,
    contrast_groups,
    find_letters,
    letter_columns,
    name_letter,
)
from surveybook.stats.shares import adjust_p_values
from tests.waves import synthetic, wave_2004

NUMBERS = ["difference", "standard_error", "low", "high", "p_value"]


@pytest.fixture(scope="module")
def survey() -> Survey:
    return synthetic()


def of_question(survey: Survey, question: str) -> pd.DataFrame:
    return survey.estimates[survey.estimates["question_id"] == question]


def letters_of(survey: Survey, figures: pd.DataFrame) -> dict[tuple[str, ...], str]:
    columns, pairs = letter_columns(figures), contrast_groups(survey, figures)
    said = find_letters(figures, columns, pairs)
    keys = zip(figures["population"], figures["domain"], figures["item_id"], figures["response"], strict=True)
    return dict(zip(keys, said, strict=True))


@pytest.mark.parametrize("question", ["quality_indicators", "enough_choice", "preferred_channel"])
@pytest.mark.parametrize("known", [True, False])
def test_a_table_of_pairs_is_compared_as_each_pair_is(survey: Survey, question: str, known: bool) -> None:
    if not known:
        survey = replace(survey, covariances=survey.covariances.head(0))
    figures = of_question(survey, question)
    pairs = contrast_groups(survey, figures)
    assert len(pairs)
    for pair in pairs.itertuples():
        one = compare_figures(survey, figures.loc[pair.first], figures.loc[pair.second])
        np.testing.assert_allclose([getattr(pair, name) for name in NUMBERS], [getattr(one, name) for name in NUMBERS])
        assert pair.method == one.method


def test_columns_are_lettered_in_their_grouping_and_a_total_is_not(survey: Survey) -> None:
    figures = of_question(survey, "enough_choice")
    columns = letter_columns(figures[figures["population"] == "public"])
    named = dict(zip(columns["domain"], columns["letter"], strict=True))
    assert (named[""], named["sex=male"], named["sex=female"]) == ("", "A", "B")
    assert [named[f"age={age}"] for age in ("16-34", "35-54", "55+")] == ["A", "B", "C"]
    shuffled = letter_columns(figures[figures["population"] == "public"].sample(frac=1, random_state=3))
    assert shuffled["domain"].iloc[0] == ""


def test_two_populations_are_a_grouping_of_their_own_and_stand_first() -> None:
    survey = wave_2004()
    columns = letter_columns(of_question(survey, "quality_indicators"))
    assert columns[["population", "letter"]].to_numpy().tolist() == [["public", "A"], ["frontline", "B"]]
    said = letters_of(survey, of_question(survey, "quality_indicators"))
    assert said["public", "", "value_for_money", "chosen"] == "B"
    assert said["frontline", "", "value_for_money", "chosen"] == ""


def test_letters_go_on_after_z() -> None:
    assert [name_letter(place) for place in (0, 25, 26, 51, 52, 701, 702)] == ["A", "Z", "AA", "AZ", "BA", "ZZ", "AAA"]


def test_what_two_answers_leave_to_each_other_is_one_test(survey: Survey) -> None:
    """Of "yes" and "no" the shares add up to 1: the second says the same again, and makes no other test stricter."""
    figures = of_question(survey, "enough_choice").query("population == 'public' and response in ('agree', 'disagree')")
    kind = replace(survey.codebook.kind_of("enough_choice"), labels={"agree": "Yes", "disagree": "No"})
    agree = figures["response"] == "agree"
    figures = figures.assign(share=np.where(agree, figures["share"], 1 - figures["share"].where(agree).ffill()))
    own = replace(survey, codebook=replace(survey.codebook))
    object.__setattr__(own.codebook, "kind_of", lambda question: kind)
    pairs = contrast_groups(own, figures)
    yes, no = (pairs[pairs["response"] == name].reset_index(drop=True) for name in ("agree", "disagree"))
    np.testing.assert_allclose(yes["p_holm"], no["p_holm"])
    for _, same in yes.groupby("grouping"):
        np.testing.assert_allclose(same["p_holm"], adjust_p_values(same["p_value"]))


@pytest.mark.parametrize("lacking", [["share"], ["base", "effective_base"]])
def test_a_withheld_share_and_an_unknown_base_are_not_tested(lacking: list[str]) -> None:
    survey = wave_2004()
    figures = of_question(survey, "quality_indicators").copy()
    figures.loc[figures["item_id"] == "value_for_money", lacking] = np.nan
    pairs = contrast_groups(survey, figures)
    untested = pairs["item_id"] == "value_for_money"
    assert pairs.loc[untested, ["p_value", "p_holm"]].isna().all(axis=None)
    assert not pairs.loc[untested, "shown"].any()
    assert pairs.loc[~untested, "p_value"].notna().any()


def test_a_census_has_exact_differences_and_no_letters(survey: Survey) -> None:
    figures = of_question(survey, "quality_indicators").assign(method=CENSUS, standard_error=0.0)
    assert set(letters_of(survey, figures).values()) == {""}


def test_no_groups_are_no_pairs(survey: Survey) -> None:
    figures = of_question(survey, "quality_indicators").query("domain == '' and population == 'public'")
    assert contrast_groups(survey, figures).empty
    assert compare_groups(survey, figures.head(0), figures.head(0)).empty
