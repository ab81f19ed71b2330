"""What became of a statement: its headline by the kindest reading, and since an earlier wave, word for word."""

from dataclasses import replace
from pathlib import Path

import pytest
import yaml

from surveybook.claims.claim import Claim, JudgedClaim, Part, Reading, combine_verdicts, judge_claims, tabulate_claims
from surveybook.judgement.status import Quantity, describe_change
from tests.claims import fraction, make_claim, make_test, order, pair, without_question
from tests.waves import (
    INTERNET,
    SATISFACTION,
    STAFF_SATISFACTION,
    VALUE,
    asked_otherwise,
    confirmed,
    rows_of,
    wave_2004,
    wave_with,
)

MEN, WOMEN = "public[sex=male].channel_website.chosen", "public[sex=female].channel_website.chosen"
UNKNOWN = float("nan")
ACROSS = yaml.safe_load(Path(__file__).with_name("across.yml").read_text(encoding="utf-8"))
HALF = fraction(INTERNET, "more_than", "1/2")
COUNT = {"kind": "count", "what": "ways of access", "stated": 3, "counted": "preferred_channel/public"}
LEVEL = {SATISFACTION: 70, STAFF_SATISFACTION: 70}

EASIER = "“Internet eases finding out” among the public went from"
PUBLIC_STAFF = "the distance over “Customer satisfaction” between answers of the public and frontline staff went from"
NOT_COMPARED = "what it turns on can't be compared"


def found(test, later, earlier, *, sure=True):
    later = replace(confirmed(later, earlier.wave) if sure else later, baseline=earlier)
    [judged] = judge_claims([make_claim(test)], later)
    return judged.status, judged.turning.status_reason


@pytest.mark.parametrize("said", ACROSS, ids=[f"{place}-{said['status']}" for place, said in enumerate(ACROSS)])
def test_what_became_of_a_claim_comes_with_its_reason(said):
    before, now = (wave_with(said.get(wave, {})) for wave in ("before", "now"))
    assert found(said["test"], now, before) == (said["status"], said["reason"])


def test_an_agreement_ends_with_a_distance():
    level = wave_with(LEVEL, bases=dict.fromkeys(LEVEL, 10_000))
    assert found(pair("agreement", SATISFACTION, STAFF_SATISFACTION), wave_2004(), level) == (
        "no longer",
        f"It is contradicted now and was supported; {PUBLIC_STAFF} 0 to −15, a change of −15 points (−20 to −9).",
    )


def test_a_part_that_could_not_be_tested_before_has_no_change_to_show():
    men_and_women = {"kind": "all", "tests": [HALF, order(MEN, WOMEN)]}
    now = wave_with({MEN: 40, WOMEN: 30}, bases={MEN: 500, WOMEN: 500})
    before = wave_with({INTERNET: 40})
    without_men = replace(before, estimates=before.estimates[~rows_of(before.estimates, MEN)])
    for earlier in (before, without_men):
        assert found(men_and_women, now, earlier) == (
            "now holds",
            f"It is supported now and was contradicted; {EASIER} 40 to 63, a change of 23 points (18 to 28).",
        )


@pytest.mark.parametrize("unknown", ["now", "before"])
def test_a_share_without_an_interval_has_no_change_to_show(unknown):
    bases = {INTERNET: UNKNOWN}
    now = wave_with({INTERNET: 40}, bases=bases if unknown == "now" else None)
    before = wave_with({INTERNET: 60}, bases=bases if unknown == "before" else None)
    assert found(HALF, now, before) == ("can't tell", f"It is contradicted now and was supported; {NOT_COMPARED}.")
    assert found(HALF, before, now) == ("can't tell", f"It is supported now and was contradicted; {NOT_COMPARED}.")


TITLE = "“The internet makes finding out about public services easier”"
TWO = order(SATISFACTION, INTERNET)


def test_each_question_has_to_have_been_asked_in_both_waves():
    lacking = without_question(wave_2004(), "public", "internet_easier")
    for test in (HALF, TWO):
        assert found(test, lacking, wave_2004()) == ("not asked", f"This survey did not ask about {TITLE}.")
        assert found(test, wave_2004(), lacking) == ("not comparable", f"The earlier survey did not ask about {TITLE}.")
    ways = without_question(wave_2004(), "public", "preferred_channel")
    said = "This survey did not ask about “Preferred way to access public services”."
    assert found(COUNT, ways, wave_2004()) == ("not asked", said)


def test_a_question_asked_in_other_words_makes_a_claim_not_comparable():
    reworded = asked_otherwise(wave_2004(), "public", "internet_easier", universe="adults in work")
    assert found(TWO, reworded, wave_2004(), sure=False) == (
        "not comparable",
        f"{TITLE} is not comparable: it was put to “adults in work”, not to “adults aged 16 and over”.",
    )


def test_another_mode_of_asking_for_any_of_its_questions_is_a_caution():
    caution = " With caution: the mode of asking has changed."
    online = asked_otherwise(wave_2004(), "public", "internet_easier", mode="online")
    assert found(HALF, online, wave_2004()) == ("still holds", f"It holds in both surveys.{caution}")
    assert found(TWO, online, wave_2004())[1].endswith(caution)
    assert found(order(SATISFACTION, VALUE), online, wave_2004())[1] == "It holds in both surveys."


@pytest.mark.parametrize(("value", "shown"), [(0.63, False), (0.65, True), (0.37, False), (0.35, True)])
def test_a_change_is_shown_where_its_interval_leaves_out_nought(value, shown):
    before, after = Quantity("A", 0.5, 0.4, 0.6), Quantity("A", value, value - 0.1, value + 0.1)
    assert describe_change(before, after)[0] == shown


def test_judging_against_a_wave_adds_two_columns_to_the_verdict():
    claim = make_claim(HALF, INTERNET, VALUE, "public.nothing.chosen")
    told = judge_claims([claim], replace(wave_2004(), baseline=wave_2004()))
    (judged,) = tabulate_claims(told, since=True).to_dict("records")
    reason = "63% of the public (59 to 66) for “Internet eases finding out”: above half (50), as is every value that"
    assert judged == {
        "id": "one", "section": "2.2", "printed": "", "statement": "It is so.", "counts_as": "finding",
        "verdict": "supported", "strict": "supported", "measured": "63%", "secure": "yes", "survives_rounding": "yes",
        "reason": f"{reason} prints so.", "figures": ["b1p_internet", "t1p_vfm"], "status": "still holds",
        "status_reason": "It holds in both surveys.",
    }  # fmt: skip
    assert list(tabulate_claims([]).columns) == list(judged)[:-2]


@pytest.mark.parametrize("percent", [30, 45, 49, 51, 55, 80])
def test_change_is_never_read_off_two_verdicts(percent):
    assert (found(HALF, wave_with({INTERNET: percent}), wave_with({INTERNET: 52}))[0] == "no longer") == (percent < 49)


# 63 per cent find it easier.
ABOVE, BELOW = fraction(INTERNET, "more_than", "1/2"), fraction(INTERNET, "fewer_than", "1/2")
LACKING = {"kind": "not_checkable", "needs": "an item"}


def readings(*tests):
    return tuple(Reading.model_construct(test=make_test(test), figures=()) for test in tests)


def judged(*tests, survey=None, **parts) -> JudgedClaim:
    named = tuple(Part.model_construct(part=name, readings=readings(*found)) for name, found in parts.items())
    claim: Claim = make_claim(ABOVE).model_copy(update={"readings": readings(*tests), "parts": named})
    [one] = judge_claims([claim], survey or wave_2004())
    return one


@pytest.mark.parametrize(
    ("tests", "headline", "strict"),
    [
        ((ABOVE,), "supported", "supported"),
        ((BELOW, ABOVE), "supported", "contradicted"),
        ((LACKING, ABOVE), "supported", "not checkable"),
        ((LACKING, BELOW), "not checkable", "contradicted"),
    ],
)
def test_the_headline_is_the_kindest_reading_and_the_harshest_stands_beside_it(tests, headline, strict):
    assert (judged(*tests).verdict, judged(*tests).strict) == (headline, strict)


@pytest.mark.parametrize(
    ("verdicts", "headline"),
    [
        (["supported", "supported"], "supported"),
        (["supported", "contradicted"], "mixed"),
        (["contradicted", "supported by rounding", "not checkable"], "mixed"),
        (["contradicted", "not checkable"], "contradicted"),
        (["supported", "within sampling error"], "within sampling error"),
        (["supported", "not checkable"], "not checkable"),
    ],
)
def test_a_compound_is_mixed_where_one_part_is_right_and_another_wrong(verdicts, headline):
    assert combine_verdicts(verdicts) == headline


def test_a_compound_shows_the_verdict_of_each_part():
    one = judged(most=[ABOVE], few=[BELOW, LACKING])
    assert (one.verdict, one.strict) == ("not checkable", "mixed")
    assert one.measured == "most 63%; few: not checkable"
    assert judged(one=[LACKING], other=[LACKING]).measured == ""
    assert one.reason.startswith("most: 63")


def test_nothing_is_measured_of_what_cant_be_checked():
    unpublished = order("frontline.services_improved.agree", "public.services_improved.agree")
    assert [one.measured for one in judged(BELOW, unpublished).parts[0]] == ["63%", ""]


def test_a_statement_still_holds_while_any_reading_does_and_a_compound_while_all_parts_do():
    later = replace(wave_with({INTERNET: 40}), baseline=wave_2004())
    assert judged(ABOVE, survey=later).status == "no longer"
    assert judged(ABOVE, fraction(INTERNET, "more_than", "1/4"), survey=later).status == "still holds"
    parts = {"one": [ABOVE], "other": [fraction(INTERNET, "more_than", "1/4")]}
    assert judged(survey=later, **parts).status == "no longer"
