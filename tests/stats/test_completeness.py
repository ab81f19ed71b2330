"""How large an answer without a figure may be, so that nothing is called first that may not be."""

from dataclasses import replace

import pytest

from surveybook.stats.completeness import find_largest_unknown
from tests.waves import asked_otherwise, wave_2004, wave_with

INDICATORS, IMPROVED = "quality_indicators", "public.services_improved"
OBJECTIVES = {"public.political_objectives.chosen": None}


@pytest.mark.parametrize(
    ("percents", "asked", "given", "share"),
    [
        # Answers that exclude each other leave what they don't add up to, and rounding is no further answer.
        ({f"{IMPROVED}.agree": 28, f"{IMPROVED}.disagree": 18}, {}, ("services_improved", "services_improved"), 0.54),
        ({f"{IMPROVED}.agree": 59, f"{IMPROVED}.disagree": 40}, {}, ("services_improved", "services_improved"), 0),
        # Of two choices the known shares leave so much; without a limit an item may have any share.
        (OBJECTIVES, {}, (INDICATORS, ""), 2 - 0.68 - 0.35 - 0.56 - 0.22 + 4 * 0.005),
        (OBJECTIVES, {"max_choices": float("nan")}, (INDICATORS, ""), 1),
        (OBJECTIVES, {"max_choices": float("inf")}, (INDICATORS, ""), 1),
        ({}, {}, (INDICATORS, ""), 0),
    ],
)
def test_an_answer_without_a_figure_may_have_what_the_known_ones_leave(percents, asked, given, share):
    wave = asked_otherwise(wave_with(percents), "public", INDICATORS, **asked)
    assert find_largest_unknown(wave, "public", given[0], item=given[1]) == pytest.approx(share)


def test_an_other_that_was_recorded_counts_and_has_no_figure():
    own = {"columns": {"value_for_money": {}, "other": {}}, "answers": None}
    wave = replace(wave_2004(), recordings={"public": {"questions": {INDICATORS: own}, "groups": {}}})
    assert find_largest_unknown(wave, "public", INDICATORS) > 0
