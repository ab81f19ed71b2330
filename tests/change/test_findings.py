"""Sentences on what changed since the baseline, word for word."""

from pathlib import Path

import pytest
import yaml

from surveybook.exhibits import tables
from surveybook.words import findings
from tests.waves import SATISFACTION, asked_otherwise, compared_with, confirmed, later, wave_2004

FOCUS = "customer_focus_indicators"
TOLD = yaml.safe_load(Path(__file__).with_name("told.yml").read_text(encoding="utf-8"))


def since_2004(percents=None, **asked):
    """Return a later wave beside that of 2004, with some percentages changed and the public asked otherwise."""
    wave = later(percents or {})
    for question, values in asked.items():
        wave = asked_otherwise(wave, "public", question, **values)
    return compared_with(wave, wave_2004())


@pytest.mark.parametrize("case", TOLD, ids=[case["shows"] for case in TOLD])
def test_what_changed_is_told_word_for_word(case):
    survey = since_2004(case["later"], **case.get("asked", {}))
    for told in case["says"]:
        (function,) = told.keys() - {"said", "named", "figures"}
        found = getattr(findings, function)(survey, *told[function], **({"named": True} if "named" in told else {}))
        assert found.text.endswith(told["said"][1:]) if told["said"].startswith("…") else found.text == told["said"]
        assert list(found.figures) == told.get("figures", list(found.figures))


def test_nothing_is_said_of_change_without_a_baseline():
    survey = wave_2004()
    told = [findings.change(survey, SATISFACTION), findings.changes(survey, FOCUS), findings.largest_changes(survey)]
    assert [said.text for said in told] == ["", "", ""]


def test_what_can_not_be_compared_is_listed_with_the_reason_and_nothing_where_all_can():
    table = tables.not_comparable(since_2004({}, **{FOCUS: {"max_choices": 3}}))
    assert table.title == "Questions that are not simply compared between 2004 and 2026"
    title, reason = "Most important indicators of customer-focused services", "People could choose three, not two."
    assert table.rows == [[title, "The public", "Not comparable", reason]]
    assert tables.not_comparable(since_2004()) is None
    assert tables.not_comparable(wave_2004()) is None


def test_more_than_two_changes_are_counted():
    items = wave_2004().codebook.items.query(f"question_id == '{FOCUS}'").index
    survey = compared_with(confirmed(later({f"public.{item}.chosen": 90 for item in items})), wave_2004())
    said = findings.changes(survey, FOCUS, "public").text
    assert said.count(" to 90%") == 2
    assert said.endswith(" and five more; compare with caution.")
