"""Fractions in words, repetitions, counts, references and passages."""

from fractions import Fraction

import pytest

from surveybook.claims.evidence import gather_evidence
from surveybook.claims.share_tests import judge_share
from tests.claims.waves import fraction, outcome, repeated, verdict
from tests.waves import INTERNET, SATISFACTION, WEBSITE, wave_2004, wave_with


@pytest.mark.parametrize(
    ("percent", "relation", "part", "expected"),
    [
        (25, "bare", "1/4", "supported"),
        (27, "bare", "1/4", "supported by rounding"),  # 2.0 points away, the limit
        (23, "bare", "1/4", "supported by rounding"),
        (28, "bare", "1/4", "contradicted"),
        (33, "bare", "1/3", "supported by rounding"),  # a third is 33.33 and never exact
        (32, "bare", "1/3", "supported by rounding"),
        (31, "bare", "1/3", "contradicted"),
        (63, "bare", "2/3", "contradicted"),  # 3.67 points away
        (17, "bare", "1/5", "contradicted"),
        (45, "nearly", "1/2", "supported by rounding"),  # 5.0 points away, the limit
        (44, "nearly", "1/2", "contradicted"),
        (51, "nearly", "1/2", "contradicted"),  # on the other side
        (50, "nearly", "1/2", "supported"),
        (55, "just_over", "1/2", "supported by rounding"),
        (56, "just_over", "1/2", "contradicted"),
        (49, "just_over", "1/2", "contradicted"),
        (55, "about", "1/2", "supported by rounding"),
        (45, "about", "1/2", "supported by rounding"),
        (25, "about", "1/3", "contradicted"),
        (66, "more_than", "2/3", "contradicted"),
        (67, "more_than", "2/3", "contradicted"),  # 66.5 prints as 67 and is less
        (68, "more_than", "2/3", "supported"),
        (50, "more_than", "1/2", "contradicted"),
        (51, "more_than", "1/2", "supported"),
        (50, "fewer_than", "1/2", "contradicted"),
        (49, "fewer_than", "1/2", "supported"),
        (40, "exact", "2/5", "supported"),
        (41, "exact", "2/5", "contradicted"),
    ],
)
def test_a_fraction_is_held_against_the_printed_integer(percent, relation, part, expected):
    assert verdict(fraction(INTERNET, relation, part), wave_with({INTERNET: percent})) == expected


def test_the_margins_are_exact_for_every_integer():
    figure = gather_evidence(wave_2004()).figures[INTERNET]
    for percent in range(101):
        figure = figure._replace(share=percent / 100, printed=Fraction(percent))
        expected = abs(Fraction(percent) - Fraction(100, 3)) <= 2
        assert (judge_share(figure, "bare", Fraction(1, 3)).verdict != "contradicted") == expected


@pytest.mark.parametrize("figure", [WEBSITE, "public.web_tax_return.agree", "public.enough_choice.disagree"])
def test_a_fraction_of_what_has_no_number_is_not_checkable(figure):
    assert verdict(fraction(figure, "more_than", "1/2")) == "not checkable"


def test_a_domain_that_the_wave_lacks_is_measured_by_no_item():
    found = outcome(fraction("public[age=16-24].channel_website.chosen", "bare", "1/3"))
    assert found.verdict == "not checkable"
    assert "no item measures it" in found.reason


def test_a_repeated_integer_fits_a_figure_with_decimals():
    survey = wave_with({SATISFACTION: 68.4})
    survey.estimates.loc[survey.estimates["figure_id"] == "t1p_custsat", "decimals"] = 1
    assert verdict(repeated(SATISFACTION, percent=68), survey) == "supported"
    assert verdict(repeated(SATISFACTION, percent=68.3), survey) == "contradicted"


def test_words_repeat_words():
    assert verdict(repeated(WEBSITE, verbal="a third")) == "supported"
    assert verdict(repeated("frontline.speak_highly.agree", verbal="two-thirds")) == "contradicted"


def test_words_are_held_against_the_number_of_a_later_wave():
    words = repeated(WEBSITE, verbal="a third")
    assert verdict(words, wave_with({WEBSITE: 34})) == "supported by rounding"
    assert verdict(words, wave_with({WEBSITE: 40})) == "contradicted"
    assert verdict(words, wave_with({WEBSITE: None})) == "not checkable"
    assert verdict(repeated(WEBSITE, verbal="a similar number"), wave_with({WEBSITE: 40})) == "not checkable"


def test_counts_count_the_waves_items_or_a_list():
    channels = {"kind": "count", "what": "ways of access", "counted": "preferred_channel/public"}
    assert verdict({**channels, "stated": 3}) == "supported"
    assert verdict({**channels, "stated": 4}) == "contradicted"
    assert verdict({**channels, "stated": 3, "counted": "preferred_channel/frontline"}) == "not checkable"
    assert verdict({**channels, "stated": 2, "counted": ["this", "that"]}) == "supported"
