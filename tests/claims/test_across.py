"""Claims against a later wave."""

import pytest

from tests.claims.waves import fraction, order, pair, rank, top, without_question
from tests.waves import (
    INTERNET,
    SATISFACTION,
    STAFF_SATISFACTION,
    VALUE,
    WEBSITE,
    asked_otherwise,
    wave_2004,
    wave_with,
)
from whyict.claims import STATUSES, judge_against, read_claims
from whyict.claims.reading import Claim

HALF = fraction(INTERNET, "more_than", "1/2")


def status(test, later, earlier=None):
    claim = Claim("one", "quality", "2.2", "2.2", "It is so.", "", (), test)
    row = judge_against([claim], later, earlier or wave_2004()).iloc[0]
    assert row["status"] in STATUSES
    assert row["status_reason"].endswith(".")
    return row["status"], row["status_reason"]


def test_a_verdict_that_changes_without_a_change_cant_be_told():
    found, reason = status(HALF, wave_with({INTERNET: 49}), wave_with({INTERNET: 52}))
    assert found == "can't tell"
    assert "sampling alone" in reason


def test_a_change_that_is_shown_ends_a_claim():
    found, reason = status(HALF, wave_with({INTERNET: 40}))
    assert found == "no longer"
    assert "from 63 to 40" in reason


def test_a_change_that_is_shown_makes_a_claim_hold():
    assert status(HALF, wave_with({INTERNET: 63}), wave_with({INTERNET: 40}))[0] == "now holds"
    assert status(HALF, wave_with({INTERNET: 52}), wave_with({INTERNET: 49}))[0] == "can't tell"


def test_a_claim_that_holds_or_fails_twice_is_said_to():
    assert status(HALF, wave_with({INTERNET: 60}))[0] == "still holds"
    assert status(fraction(INTERNET, "bare", "2/3"), wave_with({INTERNET: 62}))[0] == "still does not hold"


def test_words_in_either_wave_decide_nothing():
    third = fraction(WEBSITE, "bare", "1/3")
    assert status(third, wave_with({WEBSITE: 34}))[0] == "can't tell"
    assert status(HALF, wave_with({INTERNET: None}))[0] == "can't tell"


def test_a_question_that_was_not_asked_is_said_to_be():
    assert status(HALF, without_question(wave_2004(), "public", "internet_easier"))[0] == "not asked"
    assert status({"kind": "not_checkable", "needs": "an item"}, wave_2004())[0] == "not asked"


def test_another_wording_is_not_comparable_and_another_mode_is_a_caution():
    reworded = asked_otherwise(wave_2004(), "public", "internet_easier", version="2010")
    assert status(HALF, reworded)[0] == "not comparable"
    online = asked_otherwise(wave_2004(), "public", "internet_easier", mode="online")
    found, reason = status(HALF, online)
    assert found == "still holds"
    assert "With caution" in reason


def test_the_reports_own_text_has_no_later_wave():
    assert status({"kind": "cross_reference", "stated": "1", "actual": "2"}, wave_2004())[0] == "not comparable"


def test_an_order_that_reversed_needs_the_distance_to_have_changed():
    test = order(STAFF_SATISFACTION, SATISFACTION)
    assert status(test, wave_with({STAFF_SATISFACTION: 60, SATISFACTION: 70}))[0] == "no longer"
    near = wave_with({STAFF_SATISFACTION: 69, SATISFACTION: 70})
    assert status(test, near, wave_with({STAFF_SATISFACTION: 75, SATISFACTION: 70}))[0] == "can't tell"


def test_ranks_and_leading_items_turn_on_the_pairs_that_changed():
    reversed_wave = wave_with({SATISFACTION: 40, VALUE: 70})
    assert status(rank("customer_satisfaction", 1), reversed_wave)[0] == "no longer"
    assert status(rank("customer_satisfaction", 1), wave_2004(), reversed_wave)[0] == "now holds"
    assert status(top("customer_satisfaction", question="quality_indicators"), reversed_wave)[0] == "no longer"


def test_an_agreement_can_end():
    large = {SATISFACTION: 10_000, STAFF_SATISFACTION: 10_000}
    level = wave_with({SATISFACTION: 70, STAFF_SATISFACTION: 70}, bases=large)
    assert status(pair("agreement", SATISFACTION, STAFF_SATISFACTION), wave_2004(), level)[0] == "no longer"


def test_a_compound_ends_with_the_part_that_changed():
    both = {"kind": "all", "tests": [HALF, fraction(SATISFACTION, "more_than", "1/2")]}
    assert status(both, wave_with({INTERNET: 40}))[0] == "no longer"
    assert status(both, wave_2004(), wave_with({INTERNET: 40}))[0] == "now holds"


def test_a_wave_against_itself_changes_nothing():
    judged = judge_against(read_claims(), wave_2004(), wave_2004())
    assert not set(judged["status"]) & {"now holds", "no longer"}


@pytest.mark.parametrize("percent", [30, 45, 49, 51, 55, 80])
def test_change_is_never_read_off_two_verdicts(percent):
    found, _ = status(HALF, wave_with({INTERNET: percent}), wave_with({INTERNET: 52}))
    assert (found == "no longer") == (percent in (30, 45))
