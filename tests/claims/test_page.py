"""The table of a chapter's claims, and the sentences that count verdicts: all of their text."""

from dataclasses import replace

import pandas as pd
import pytest

from surveybook.claims.pages import (
    BECAME,
    claims_since,
    claims_table,
    describe_claim,
    note_verdicts,
    tally_statuses,
    tally_verdicts,
)
from surveybook.claims.status import STATUSES
from surveybook.claims.verdicts import count_verdicts
from surveybook.exhibits.exhibit import Exhibit
from surveybook.model.problems import SurveybookError
from tests.waves import INTERNET, wave_2004, wave_with

BASE = "The public: 1,000 by telephone, November 2004; frontline staff: 500 (assumed) by post, December 2004."
NOTE = (
    "Claims are tested one by one, without adjustment for their number. Those that can be read two ways stand once for "
    "each reading."
)
SAME_FOR_ANY = "on the report’s own text, on whether its parts agree, and would be the same for any wave."
ABOVE = (
    "63 per cent of the public (60 to 66) for “Internet eases finding out”: above half (50), as is every value that "
    "prints so."
)
NOT_ABOVE = "40 per cent of the public (37 to 43) for “Internet eases finding out”: not above half (50)."
REFERENCE = "The reference is to section 3; it stands in section 4."
FIRST = (
    "“Customer satisfaction” is first of five among the public; the least sure step: among the public, 68 per cent for "
    "“Customer satisfaction” against 56 per cent for “Value for money”: a difference of 12 points (7 to 17), p < 0.001."
)
TRUST = "No item measures it: it would take an item on trust."
FIGURES = ["b1p_internet", "t1p_custsat", "t1p_vfm", "t1p_jobsat", "t1p_targets", "t1p_politics"]


def later():
    return replace(wave_with({INTERNET: 40}), baseline=wave_2004())


def judged(verdicts, figures=("a",), status=None):
    frame = pd.DataFrame({"verdict": verdicts, "figures": [list(figures)] * len(verdicts)})
    return frame if status is None else frame.assign(status=status)


def test_a_chapters_claims_stand_with_verdict_and_reason(five_claims):
    assert claims_table(wave_2004(), "quality") == Exhibit(
        "claims-quality",
        "What the part on quality said, tested: 2 supported, 1 contradicted and 1 not checkable",
        ["Claim", "Where", "Verdict", "Why"],
        [
            ["Most find it easier. (Of all asked)", "2.2", "supported", ABOVE],
            ["Section 3 has more.", "2.3", "contradicted", REFERENCE],
            ["Satisfaction comes first.", "2.4", "supported", FIRST],
            ["Trust is high.", "2.5", "not checkable", TRUST],
        ],
        notes=[NOTE],
        source="Source: the report’s statements in our words (data/claims.yml), against wave 2004.",
        subtitle="Each statement about the survey, and whether the figures bear it out.",
        base=BASE,
        wave="2004",
        figures=FIGURES,
    )


def test_against_a_baseline_a_chapters_claims_stand_with_both_verdicts(five_claims):
    assert claims_table(later(), "2") == Exhibit(
        "claims-quality",
        "What the part on quality said, tested: 1 supported, 2 contradicted and 1 not checkable; since 2004, one still "
        "holds, one no longer holds, one is not measured now and one is not comparable",
        ["Claim", "Where", "Verdict", "Verdict on 2004", "Since 2004", "Why"],
        [
            [
                "Most find it easier. (Of all asked)",
                "2.2",
                "contradicted",
                "supported",
                "no longer",
                f"{NOT_ABOVE} It is contradicted now and was supported; “Internet eases finding out” among the public "
                "went from 63 to 40, a change of −23 points (−27 to −19).",
            ],
            [
                "Section 3 has more.",
                "2.3",
                "contradicted",
                "contradicted",
                "not comparable",
                f"{REFERENCE} It is about the report's own text, which no wave changes.",
            ],
            [
                "Satisfaction comes first.",
                "2.4",
                "supported",
                "supported",
                "still holds",
                f"{FIRST} It holds in both waves.",
            ],
            [
                "Trust is high.",
                "2.5",
                "not checkable",
                "not checkable",
                "not asked",
                f"{TRUST} No item of either wave measures it.",
            ],
        ],
        notes=[f"{NOTE} 1 of the verdicts rests {SAME_FOR_ANY}"],
        source="Source: the report’s statements in our words (data/claims.yml), against wave later.",
        subtitle="Each statement about the survey, and whether the figures bear it out.",
        base=BASE,
        wave="later",
        figures=FIGURES,
    )


def test_a_table_of_a_chapter_that_isnt_there_is_refused():
    with pytest.raises(SurveybookError, match="There is no chapter 'nine' with claims"):
        claims_table(wave_2004(), "nine")


def test_what_became_of_all_claims_is_one_sentence_with_its_figures(five_claims):
    found = claims_since(later())
    assert found.text == (
        "Of the report’s 5 claims, tested on later and on 2004: one still holds, one no longer holds, one still does "
        "not hold, one is not measured now and one is not comparable. A claim counts as changed where the change of "
        "what it turns on is more than sampling explains; the tables at the end of each chapter give both verdicts."
    )
    assert list(found.figures) == FIGURES


def test_without_a_baseline_the_sentence_counts_the_verdicts_of_the_wave(five_claims):
    found = claims_since(wave_2004())
    assert found.text == (
        "Of the report’s 5 claims, tested on 2004: 2 supported, 2 contradicted and 1 not checkable. A later wave gives "
        "each a verdict of its own beside this one, and the two say whether the claim still holds, no longer holds, "
        "has come to hold, or can’t be compared."
    )
    assert list(found.figures) == FIGURES

    assert set(BECAME) == set(STATUSES)


@pytest.mark.parametrize(
    ("own", "sentence"),
    [
        (0, ""),
        (1, f" 1 of the verdicts rests {SAME_FOR_ANY}"),
        (2, f" 2 of the verdicts rest {SAME_FOR_ANY}"),
        (1000, f" 1,000 of the verdicts rest {SAME_FOR_ANY}"),
    ],
)
def test_a_later_waves_note_counts_the_verdicts_that_no_wave_changes(own, sentence):
    rows = pd.concat(
        [
            judged(["supported", "contradicted"]),
            judged(["not checkable"] * 3, figures=()),
            judged(["supported"] * own, figures=()),
        ]
    )
    assert note_verdicts(wave_with({}), rows) == NOTE + sentence
    assert note_verdicts(wave_2004(), rows) == NOTE


def test_a_claim_stands_with_its_reading_where_it_has_one():
    row = pd.Series({"statement": "Most find it easier.", "reading": "Of all asked."})
    assert describe_claim(row) == "Most find it easier. (Of all asked)"
    assert describe_claim(row.replace("Of all asked.", "")) == "Most find it easier."


@pytest.mark.parametrize(
    ("verdicts", "text"),
    [
        ([], ""),
        (["contradicted"], "1 contradicted"),
        (["not checkable", "supported", "supported"], "2 supported and 1 not checkable"),
        (
            ["contradicted", "not checkable", "within sampling error", "supported by rounding", "supported"] * 11,
            "11 supported, 11 supported by rounding, 11 within sampling error, 11 contradicted and 11 not checkable",
        ),
        (["supported"] * 1234, "1,234 supported"),
    ],
)
def test_verdicts_are_counted_in_digits_the_best_first(verdicts, text):
    assert tally_verdicts(judged(verdicts)) == text


@pytest.mark.parametrize(
    ("status", "one", "two"),
    [
        ("still holds", "one still holds", "two still hold"),
        ("now holds", "one now holds", "two now hold"),
        ("no longer", "one no longer holds", "two no longer hold"),
        ("still does not hold", "one still does not hold", "two still do not hold"),
        ("can't tell", "one can't be told", "two can't be told"),
        ("not asked", "one is not measured now", "two are not measured now"),
        ("not comparable", "one is not comparable", "two are not comparable"),
    ],
)
def test_what_became_of_one_claim_and_of_two(status, one, two):
    assert tally_statuses(judged(["supported"], status=status)) == one
    assert tally_statuses(judged(["supported"] * 2, status=status)) == two


def test_what_became_of_claims_is_told_in_one_order():
    statuses = ["not asked", "no longer", "still holds", "no longer", *["can't tell"] * 11]
    assert tally_statuses(judged(["supported"] * 15, status=statuses)) == (
        "one still holds, two no longer hold, 11 can't be told and one is not measured now"
    )
    assert tally_statuses(judged([], status=[])) == ""


def test_verdicts_by_chapter_have_a_nought_where_there_is_none():
    rows = pd.DataFrame(
        {
            "chapter": ["conclusions", "foreword", "conclusions", "foreword"],
            "verdict": ["contradicted", "not checkable", "contradicted", "supported"],
        }
    )
    expected = pd.DataFrame(
        [[1, 0, 0, 0, 1], [0, 0, 0, 2, 0]],
        index=pd.Index(["foreword", "conclusions"], name="chapter"),
        columns=pd.Index(
            ["supported", "supported by rounding", "within sampling error", "contradicted", "not checkable"],
            name="verdict",
        ),
    )
    pd.testing.assert_frame_equal(count_verdicts(rows), expected)
