"""Sentences on what changed since the baseline, word for word."""

from importlib import import_module

import pytest

from surveybook.exhibits import tables
from tests.change.waves import TARGETS, compared_with, later
from tests.waves import INTERNET, SATISFACTION, asked_otherwise, confirmed, wave_2004

changes = import_module("surveybook.words.changes")
FOCUS, FLEXIBILITY = "customer_focus_indicators", "public.flexibility.chosen"
ROSE = "Up from 68% in 2004."


def since_2004(*, survey=None, **percents):
    wave = survey or later({SATISFACTION: percents.get("satisfaction", 68), TARGETS: percents.get("targets", 22)})
    return compared_with(wave, wave_2004())


def asked_in(**values):
    return since_2004(survey=asked_otherwise(later({SATISFACTION: 80}), "public", FOCUS, **values))


@pytest.mark.parametrize("key", [SATISFACTION, "frontline.more_online.agree"])
def test_nothing_is_said_of_change_without_a_baseline_or_a_figure(key):
    survey = wave_2004() if key == SATISFACTION else since_2004()
    assert changes.change(survey, key).text == ""
    assert changes.changes(wave_2004(), FOCUS).text == ""


def test_nothing_is_said_of_the_change_of_a_figure_that_is_not_published_now():
    assert changes.change(since_2004(satisfaction=None), SATISFACTION).text == ""


def test_a_change_is_told_by_what_it_was_and_whether_sampling_explains_it():
    survey = since_2004(satisfaction=80, targets=20)
    found = changes.change(survey, SATISFACTION)
    assert found.text == ROSE
    assert found.figures == ("t1p_custsat",)
    assert changes.change(survey, SATISFACTION, named=True).text == (
        "Customer satisfaction among the public: up from 68% in 2004."
    )
    assert changes.change(survey, TARGETS).text == "No clear change from 22% in 2004."


def test_what_can_not_be_compared_is_said_with_the_reason_instead_of_a_change():
    survey = asked_in(max_choices=3)
    reason = "people could choose three, not two."
    assert changes.change(survey, FLEXIBILITY).text == f"Not comparable with 2004: {reason}"
    assert changes.change(survey, FLEXIBILITY, named=True).text == (
        f"Flexibility among the public: not comparable with 2004: {reason}"
    )
    assert changes.changes(survey, FOCUS).text == (
        f"Not comparable with 2004 among the public: {reason} No clear change among frontline staff since 2004."
    )
    assert changes.comparable_questions(survey).text == (
        "Of the questions asked in both 2026 and 2004, 36 can be compared and one cannot."
    )


def test_a_page_that_opens_with_what_changed_counts_it_and_names_the_largest_changes():
    assert changes.largest_changes(wave_2004()).text == ""
    compared = "Of the 74 shares that can be compared with 2004,"
    assert changes.largest_changes(since_2004()).text == f"{compared} none shows a clear change."
    both = changes.largest_changes(since_2004(satisfaction=80, targets=12))
    assert both.text == (
        f"{compared} one rose and one fell. Customer satisfaction among the public rose from 68% to 80%; performance "
        "targets among the public fell from 22% to 12%."
    )
    assert {"t1p_custsat", "t1p_targets"} <= set(both.figures)
    otherwise = asked_otherwise(later({SATISFACTION: 80}), "public", "quality_indicators", mode="online")
    careful = changes.largest_changes(since_2004(survey=otherwise)).text
    assert careful.endswith("rose from 68% to 80%; compare with caution.")


def test_what_can_not_be_compared_is_listed_with_the_reason_and_nothing_where_all_can():
    table = tables.not_comparable(asked_in(max_choices=3))
    assert table.title == "Questions that are not simply compared between 2004 and 2026"
    assert table.rows == [
        [
            "Most important indicators of customer-focused services",
            "The public",
            "Not comparable",
            "People could choose three, not two.",
        ]
    ]
    assert tables.not_comparable(since_2004()) is None
    assert tables.not_comparable(wave_2004()) is None


def test_caution_stands_behind_every_sentence_that_needs_it():
    survey = asked_in(mode="online")
    assert changes.change(survey, FLEXIBILITY).text == "No clear change from 25% in 2004; compare with caution."
    assert changes.changes(survey, FOCUS, "public").text == (
        "No clear change among the public since 2004; compare with caution."
    )
    assert changes.comparable_questions(survey).text == (
        "Of the questions asked in both 2026 and 2004, 36 can be compared and one can be compared with caution."
    )


def test_a_question_is_told_by_what_moved_and_how_much_did_not():
    assert changes.changes(since_2004(satisfaction=80), "quality_indicators").text == (
        "Since 2004, among the public, customer satisfaction rose from 68% to 80%. The other four show no clear "
        "change. No clear change among frontline staff since 2004."
    )
    assert changes.changes(since_2004(), "services_improved").text == (
        "No clear change among the public since 2004. No change since 2004 can be tested."
    )
    survey = since_2004(survey=later({INTERNET: 40}))
    question = survey.codebook.items.loc["internet_easier", "question_id"]
    assert changes.changes(survey, question).text == (
        "Since 2004, among the public, “Internet eases finding out” fell from 63% to 40%."
    )


def test_more_than_two_changes_are_counted():
    items = wave_2004().codebook.items.query(f"question_id == '{FOCUS}'").index
    survey = since_2004(survey=confirmed(later({f"public.{item}.chosen": 90 for item in items})))
    said = changes.changes(survey, FOCUS, "public").text
    assert said.count(" to 90%") == 2
    assert said.endswith(" and five more; compare with caution.")
