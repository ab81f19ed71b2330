"""Which questions two waves may be compared on: what is declared, and what the data show whatever is declared."""

from dataclasses import replace
from pathlib import Path

import pandas as pd
import pytest
import yaml

from surveybook.change.changes import compare_waves
from surveybook.change.comparability import list_deciding_parts
from surveybook.waves.release import define_question
from tests.waves import asked_otherwise, confirmed, later, wave_2004

CASES = yaml.safe_load(Path(__file__).with_name("comparability.yml").read_text(encoding="utf-8"))
QUESTION, EASIER = ("public", "customer_focus_indicators"), ("public", "internet_easier")


def verdict(survey, baseline=None):
    found = compare_waves(survey, baseline or wave_2004()).verdict_on(*QUESTION)
    return found.status, found.reason


@pytest.mark.parametrize("case", CASES["parts"], ids=lambda case: str(case["now"]))
def test_a_part_that_differs_or_that_one_wave_leaves_out_is_named(case):
    question, unsaid = ("public", case.get("of", QUESTION[1])), {"base": "", "none": ""}
    waves = [
        asked_otherwise(replace(wave, asked=wave.asked.assign(**unsaid)), *question, **case.get(when, {}))
        for wave, when in ((later(), "now"), (wave_2004(), "before"))
    ]
    found = compare_waves(*waves).verdict_on(*question)
    assert found.status == case["status"]
    assert [said for said in case.get("said", ()) if said not in found.reason] == []


def test_an_option_that_was_added_or_dropped_is_found_in_the_figures():
    wave = later()
    shorter = replace(wave, estimates=wave.estimates[wave.estimates["item_id"] != "flexibility"])
    assert verdict(shorter) == ("not comparable", "the list of items has lost flexibility")
    assert verdict(wave_2004(), shorter) == ("not comparable", "the list of items has gained flexibility")


def test_a_question_that_one_wave_did_not_ask_says_which():
    silent = asked_otherwise(later(), *QUESTION, source="not_asked")
    for pair in ((silent, wave_2004()), (wave_2004(), silent)):
        found = compare_waves(*pair).verdict_on(*QUESTION)
        assert (found.status, found.reason, found.only_in) == ("not comparable", "2026 did not ask it", "2004")
    neither = compare_waves(silent, silent)
    assert neither.verdict_on(*QUESTION).status == "not comparable"
    assert not (neither.questions["question_id"] == QUESTION[1]).all()


def with_public(wave, **told):
    """Return a wave of whose public something else is told."""
    populations = {**wave.metadata["populations"], "public": {**wave.metadata["populations"]["public"], **told}}
    return replace(wave, metadata={**wave.metadata, "populations": populations})


def test_people_who_answered_both_waves_are_no_independent_samples():
    status, reason = verdict(with_public(later(), same_people_as=["2004"]))
    assert status == "not comparable"
    assert "the same people answered in both surveys" in reason


def percents_of(items):
    """Return per cent of the public by key: of those who chose an item, or who agree and who disagree."""
    return {
        f"public.{item}.{response}": share
        for item, shares in items.items()
        for response, share in (
            zip(("agree", "disagree"), shares, strict=True) if isinstance(shares, list) else [("chosen", shares)]
        )
    }


@pytest.mark.parametrize("case", CASES["moved"], ids=lambda case: case["shows"])
def test_a_change_larger_than_such_answers_move_by_waits_until_it_is_confirmed(case):
    wave, before = later(percents_of(case["now"])), later(percents_of(case.get("before", {})), "2004")
    moved = compare_waves(wave, before).questions
    moved = moved[moved["implausible"]]
    assert bool(case.get("said")) == bool(len(moved))
    for found in moved.itertuples():
        assert (found.population, found.status) == ("public", "not comparable")
        assert case["said"] in found.reason
        assert "more than such answers move by and which nobody has confirmed" in found.reason
        sure = compare_waves(confirmed(wave), before).verdict_on(found.population, found.question_id)
        assert (sure.status, sure.implausible) == ("with caution", False)
        assert sure.reason.endswith("it is compared all the same, because the questionnaires were compared")


def recorded(wave="2026", group=None, **otherwise):
    """Return the wave with one statement recorded by codes, as in the first of two waves but for what is given."""
    told = {**CASES["recorded"]["before"], **otherwise}
    collapse, labels, column = (told.pop(name) for name in ("collapse", "labels", "column"))
    own = {
        "encoding": "scale", "base": "answered", "dont_know": "in", "routing": {},
        "columns": {EASIER[1]: {"q7": column}},
        "answers": {response: {str(code): labels.get(code) for code in codes} for response, codes in collapse.items()},
        **told,
    }  # fmt: skip
    groups = {"age": {"16-34": {"codes": {}, "range": group or [16, 34]}}}
    return replace(later(name=wave), recordings={"public": {"questions": {EASIER[1]: own}, "groups": groups}})


@pytest.mark.parametrize("case", CASES["recorded"]["cases"], ids=lambda case: str(case["now"])[:60])
def test_how_answers_were_recorded_decides_what_a_share_counts(case):
    found = compare_waves(recorded(**case["now"]), recorded("2025")).verdict_on(*EASIER)
    assert found.status == case["status"]
    assert case.get("said", "") in found.reason


# Of Afrobarometer, 32 questions were not compared since one had “Not asked in the country” too.
@pytest.mark.parametrize(
    ("now", "before", "labels", "status", "said"),
    [
        ([98, 99], [98], True, "with caution", "“no answer” is made of “Refused” and “Not asked here”"),
        ([98, 99], [98], False, "with caution", "“no answer” is made of the codes 98 and 99"),
        ([98], [], True, "with caution", "“no answer” is an answer in this survey alone"),
        ([98, 8], [98], True, "not comparable", "“Can't say” counted as an answer in one survey alone"),
        ([8], [], True, "not comparable", "“Can't say” counted as an answer in one survey alone"),
    ],
)
def test_codes_for_no_answer_forbid_a_comparison_only_where_they_were_an_answer(now, before, labels, status, said):
    told = CASES["recorded"]["before"]
    named = {**told["labels"], 8: "Can't say", 9: "Don't know", 98: "Refused", 99: "Not asked here"} if labels else {}
    waves = [
        recorded(wave, labels=named, collapse={
            **told["collapse"], "dont_know": [code for code in (8, 9) if code not in codes],
            **({"no_answer": codes} if codes else {}),
        })
        for wave, codes in (("2026", now), ("2025", before))
    ]  # fmt: skip
    for pair in (waves, waves[::-1]):
        found = compare_waves(*pair).verdict_on(*EASIER)
        assert found.status == status
    assert said in compare_waves(*waves).verdict_on(*EASIER).reason
    now, before = (list_deciding_parts(define_question(wave, *EASIER)) for wave in waves)
    is_other = any(part and was and part != was for part, was in zip(now, before, strict=True))
    assert is_other == (status == "not comparable"), "the explorer says something else"


def test_an_offered_other_and_people_described_otherwise_are_named():
    def listed(*columns, **told):
        own = {"columns": {item: {item: None} for item in columns}}
        return with_public(replace(later(), recordings={"public": {"questions": {QUESTION[1]: own}}}), **told)

    found = verdict(listed("flexibility", "other"), listed("flexibility"))
    assert found == ("with caution", "the list offers “other”, and did not before")
    for part in ("universe", "mode"):
        status, reason = verdict(listed(**{part: "by post"}), listed())
        assert status == "with caution"
        assert reason.startswith("by wave.yml")


def test_a_wave_that_says_nothing_of_its_codes_is_compared_with_caution():
    found = compare_waves(recorded(), wave_2004()).verdict_on(*EASIER)
    assert found.status == "with caution"
    assert "2004 does not state" in found.reason
    assert "what its answers are made of" in found.reason


def test_a_group_cut_otherwise_is_not_compared_and_named():
    def with_group(wave):
        rows = wave.estimates[wave.estimates["item_id"] == EASIER[1]]
        return replace(wave, estimates=pd.concat([wave.estimates, rows.assign(domain="age=16-34")], ignore_index=True))

    other, before, same = (with_group(wave) for wave in (recorded(group=[18, 34]), recorded("2025"), recorded()))
    changes = compare_waves(other, before)
    assert changes.groups.loc[0, "status"] == "not comparable"
    assert changes.groups.loc[0, "reason"] == "the group age “16-34” is 18 to 34, and was 16 to 34"
    assert not (changes.figures["domain"] == "age=16-34").any()
    assert (compare_waves(same, before).figures["domain"] == "age=16-34").any()
