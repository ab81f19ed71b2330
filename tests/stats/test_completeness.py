"""How large an answer without a figure may be, so that nothing is called first that may not be."""

from dataclasses import replace

import pytest

from surveybook.stats.completeness import find_largest_unknown
from tests.waves import asked_otherwise, wave_2004, wave_with

ITEM = {"question": "services_improved", "item": "services_improved"}


def test_answers_that_exclude_each_other_leave_what_they_do_not_add_up_to():
    wave = wave_with({"public.services_improved.agree": 28, "public.services_improved.disagree": 18})
    assert find_largest_unknown(wave, "public", **ITEM) == pytest.approx(0.54)


def test_rounding_is_no_further_answer():
    wave = wave_with({"public.services_improved.agree": 59, "public.services_improved.disagree": 40})
    assert find_largest_unknown(wave, "public", **ITEM) == 0


def test_an_item_that_was_not_published_may_have_what_the_choices_leave():
    wave = wave_with({"public.political_objectives.chosen": None})
    left = 2 - 0.68 - 0.35 - 0.56 - 0.22
    assert find_largest_unknown(wave, "public", "quality_indicators") == pytest.approx(left + 4 * 0.005)


@pytest.mark.parametrize("choices", [float("nan"), float("inf")])
def test_without_a_limit_on_choices_it_may_have_any_share(choices):
    wave = wave_with({"public.political_objectives.chosen": None})
    assert (
        find_largest_unknown(
            asked_otherwise(wave, "public", "quality_indicators", max_choices=choices), "public", "quality_indicators"
        )
        == 1
    )


def test_an_other_that_was_recorded_counts_and_has_no_figure():
    own = {"columns": {"value_for_money": {}, "other": {}}, "answers": None}
    wave = replace(wave_2004(), recordings={"public": {"questions": {"quality_indicators": own}, "groups": {}}})
    assert find_largest_unknown(wave, "public", "quality_indicators") > 0


def test_a_list_with_a_figure_for_each_item_leaves_nothing():
    assert find_largest_unknown(wave_2004(), "public", "quality_indicators") == 0
