"""What the book says of a claim, word for word: one example of each sentence that there is."""

from pathlib import Path

import pytest
import yaml

from surveybook.claims.judgement import CONTRADICTED, NOT_CHECKABLE, SUPPORTED, Judgement, describe_p_value, judge_parts
from tests.claims.waves import outcome, rank, without_question
from tests.waves import wave_2004, wave_with

REASONS = yaml.safe_load(Path(__file__).with_name("reasons.yml").read_text(encoding="utf-8"))


@pytest.mark.parametrize("said", REASONS, ids=[f"{place}-{said['verdict']}" for place, said in enumerate(REASONS)])
def test_a_verdict_comes_with_its_reason(said):
    percents, bases = said.get("percents", {}), said.get("bases", {})
    found = outcome(said["test"], wave_with(percents, bases=bases) if percents or bases else None)
    assert (found.verdict, found.secure, found.survives_rounding) == (
        said["verdict"], said["secure"], said["survives_rounding"],
    )  # fmt: skip
    assert found.reason == said["reason"]


def test_a_question_that_was_not_asked_is_named():
    survey = without_question(wave_2004(), "frontline", "quality_indicators")
    found = outcome(rank("customer_satisfaction", 1, population="frontline"), survey)
    assert found.reason == (
        "It needs the question “Most important indicators of quality public services”, which this wave did not ask "
        "frontline staff: no item measures it."
    )


@pytest.mark.parametrize(
    ("parts", "answers", "reason"),
    [
        ([Judgement(SUPPORTED, True, True, "It a.")], (SUPPORTED, True, True), "It a."),
        (
            [Judgement(SUPPORTED, True, True, "It a."), Judgement(SUPPORTED, True, False, "Among b.")],
            (SUPPORTED, True, False),
            "Both parts are supported; for instance, it a.",
        ),
        (
            [Judgement(SUPPORTED, None, True, "“x” a.")] * 3,
            (SUPPORTED, None, True),
            "All three parts are supported; for instance, “x” a.",
        ),
        (
            [
                Judgement(CONTRADICTED, False, True, "It a."),
                Judgement(CONTRADICTED, True, True, "The b."),
                Judgement(SUPPORTED),
            ],
            (CONTRADICTED, True, True),
            "Of three parts, two are contradicted: the b.",
        ),
        (
            [
                Judgement(NOT_CHECKABLE, reason="No item."),
                Judgement(CONTRADICTED, False, False, "It a."),
                Judgement(NOT_CHECKABLE),
            ],
            (CONTRADICTED, False, False),
            "Of three parts, one is contradicted and two can't be tested: it a.",
        ),
        (
            [Judgement(NOT_CHECKABLE, reason="It needs."), Judgement(SUPPORTED)],
            (NOT_CHECKABLE, None, None),
            "Of two parts, one is not checkable: it needs.",
        ),
    ],
)
def test_a_compound_says_how_many_of_its_parts_decide(parts, answers, reason):
    found = judge_parts(parts)
    assert (found.verdict, found.secure, found.survives_rounding) == answers
    assert found.reason == reason


def test_p_values_have_as_many_decimals_as_tell_their_side_of_the_usual_levels():
    values = (0.0009, 0.001, 0.0094, 0.0095, 0.02, 0.0449, 0.045, 0.0549, 0.055, 0.36, 1)
    assert [describe_p_value(value) for value in values] == [
        "p < 0.001", "p = 0.001", "p = 0.009", "p = 0.01", "p = 0.02", "p = 0.04", "p = 0.045", "p = 0.055",
        "p = 0.06", "p = 0.36", "p = 1.00",
    ]  # fmt: skip
