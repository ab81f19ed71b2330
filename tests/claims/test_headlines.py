"""One headline verdict for one statement: by the kindest reading, with the harshest beside it, and of each part."""

from dataclasses import replace

import pytest

from surveybook.claims.claim import Claim, Part, Reading
from surveybook.claims.verdicts import JudgedClaim, combine_verdicts, judge_claims
from tests.claims.waves import fraction, make_claim, make_test, order
from tests.waves import INTERNET, wave_2004, wave_with

# 63 per cent find it easier.
ABOVE, BELOW, ABOUT = (
    fraction(INTERNET, *said) for said in (("more_than", "1/2"), ("fewer_than", "1/2"), ("bare", "3/5"))
)
UNKNOWN = {"kind": "not_checkable", "needs": "an item"}


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
        ((UNKNOWN, ABOVE), "supported", "not checkable"),
        ((UNKNOWN, BELOW), "not checkable", "contradicted"),
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
    one = judged(most=[ABOVE], few=[BELOW, UNKNOWN])
    assert (one.verdict, one.strict) == ("not checkable", "mixed")
    assert one.measured == "most 63%; few: not checkable"
    assert judged(one=[UNKNOWN], other=[UNKNOWN]).measured == ""
    assert one.reason.startswith("most: 63")


def test_nothing_is_measured_of_what_cant_be_checked():
    unpublished = order("frontline.services_improved.agree", "public.services_improved.agree")
    assert [one.measured for one in judged(BELOW, unpublished).readings] == ["63%", ""]


def test_a_statement_still_holds_while_any_reading_does_and_a_compound_while_all_parts_do():
    later = replace(wave_with({INTERNET: 40}), baseline=wave_2004())
    assert judged(ABOVE, survey=later).status == "no longer"
    assert judged(ABOVE, fraction(INTERNET, "more_than", "1/4"), survey=later).status == "still holds"
    parts = {"one": [ABOVE], "other": [fraction(INTERNET, "more_than", "1/4")]}
    assert judged(survey=later, **parts).status == "no longer"
