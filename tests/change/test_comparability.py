"""Which questions two waves may be compared on: what is declared, and what the data show whatever is declared."""

from dataclasses import replace

import pandas as pd
import pytest

from surveybook.change.changes import compare_waves
from tests.change.waves import TARGETS, later
from tests.waves import SATISFACTION, VALUE, asked_otherwise, confirmed, wave_2004

QUESTION = ("public", "customer_focus_indicators")


def verdict(survey, population="public", question="customer_focus_indicators"):
    found = compare_waves(survey, wave_2004()).verdict_on(population, question)
    return found.status, found.reason


def test_an_option_that_was_added_or_dropped_is_found_in_the_figures():
    wave = later()
    shorter = replace(wave, estimates=wave.estimates[wave.estimates["item_id"] != "flexibility"])
    assert verdict(shorter) == ("not comparable", "the list of items has lost flexibility")
    assert (
        compare_waves(wave_2004(), shorter).verdict_on(*QUESTION).reason == "the list of items has gained flexibility"
    )


@pytest.mark.parametrize(
    ("column", "value", "said"),
    [
        ("universe", "adults aged 18 and over", "“adults aged 18 and over”, not to “adults aged 16 and over”"),
        ("responses", "chosen|ranked_first", "the answers were chosen and ranked first, not chosen"),
    ],
)
def test_another_universe_or_list_of_answers_is_not_comparable(column, value, said):
    status, reason = verdict(asked_otherwise(later(), *QUESTION, **{column: value}))
    assert status == "not comparable"
    assert said in reason


def test_another_way_of_writing_the_same_universe_or_mode_is_no_other_universe():
    written = asked_otherwise(later(), *QUESTION, universe="Adults, aged 16 and over.", mode="Telephone")
    assert verdict(written) == ("comparable", "")


def test_every_reason_is_given_not_the_first_alone():
    reason = verdict(asked_otherwise(later(), *QUESTION, max_choices=3, universe="adults in work"))[1]
    assert "adults in work" in reason
    assert "three" in reason


def test_another_mode_is_compared_with_caution_said_beside_it():
    status, reason = verdict(asked_otherwise(later(), *QUESTION, mode="online"))
    assert status == "with caution"
    assert reason == "the mode of asking is online and was telephone"


def test_a_question_that_one_wave_did_not_ask_says_which():
    silent = asked_otherwise(later(), *QUESTION, source="not_asked")
    for pair in ((silent, wave_2004()), (wave_2004(), silent)):
        found = compare_waves(*pair).verdict_on(*QUESTION)
        assert (found.status, found.reason, found.only_in) == ("not comparable", "2026 did not ask it", "2004")
    neither = compare_waves(silent, silent)
    assert neither.verdict_on(*QUESTION).status == "not comparable"
    assert not (neither.questions["question_id"] == QUESTION[1]).all()


def test_people_who_answered_both_waves_are_no_independent_samples():
    wave = later()
    populations = {name: dict(entry) for name, entry in wave.metadata["populations"].items()}
    populations["public"]["same_people_as"] = ["2004"]
    status, reason = verdict(replace(wave, metadata={**wave.metadata, "populations": populations}))
    assert status == "not comparable"
    assert "the same people answered in both surveys" in reason


def test_what_is_not_comparable_has_no_change_at_all():
    wave = asked_otherwise(later({"public.choice_of_provider.chosen": 60}), *QUESTION, max_choices=3)
    changes = compare_waves(wave, wave_2004()).figures
    assert not ((changes["population"] == "public") & (changes["question_id"] == QUESTION[1])).any()
    assert ((changes["population"] == "frontline") & (changes["question_id"] == QUESTION[1])).any()


def test_each_question_of_each_population_is_listed_once():
    found = compare_waves(later(), wave_2004()).questions
    assert not found.duplicated(["population", "question_id"]).any()
    assert len(found) == len(wave_2004().asked)
    assert set(found["status"]) == {"comparable"}


@pytest.mark.parametrize(
    ("column", "now", "before", "status", "said"),
    [
        ("wording", "What is it?", "How is it?", "with caution", "it was asked as “What is it?”, not as “How is it?”"),
        ("max_choices", float("nan"), 2, "with caution", "2026 does not state how many answers people could choose"),
        ("max_choices", 2, float("nan"), "with caution", "2004 does not state how many answers people could choose"),
        (
            "max_choices",
            float("nan"),
            float("nan"),
            "with caution",
            "neither survey states how many answers people could",
        ),
        ("max_choices", float("inf"), 2, "not comparable", "people could choose as many as they liked, not two"),
        ("base", "asked", "answered", "not comparable", "a share is of those who “asked”, not of those who “answered”"),
        ("base", "asked", "", "with caution", "2004 does not state whom a share is of"),
        ("none", "an answer", "no answer", "not comparable", "“none of these” is an answer, not no answer"),
        ("universe", "", "adults", "with caution", "2026 does not state who was asked it"),
    ],
)
def test_a_part_that_differs_or_that_one_wave_leaves_out_is_named(column, now, before, status, said):
    unsaid = {"base": "", "none": ""}
    waves = [
        asked_otherwise(replace(wave, asked=wave.asked.assign(**unsaid)), *QUESTION, **{column: value})
        for wave, value in ((later(), now), (wave_2004(), before))
    ]
    found = compare_waves(*waves).verdict_on(*QUESTION)
    assert found.status == status
    assert said in found.reason


@pytest.mark.parametrize(
    "percents",
    [
        {VALUE: 97},
        {VALUE: 0},
        {"public.services_improved.agree": 30, "public.services_improved.disagree": 55},
        {SATISFACTION: 29, VALUE: 30, TARGETS: 60, "public.political_objectives.chosen": 46},
    ],
    ids=["a rise of 40 points", "a share that is nought", "answers that change places", "an order that turns round"],
)
def test_a_change_larger_than_such_answers_move_by_waits_until_it_is_confirmed(percents):
    before = later({"public.services_improved.agree": 55, "public.services_improved.disagree": 30}, "2004")
    wave = later(percents)
    question = ("public", "services_improved" if "services" in next(iter(percents)) else "quality_indicators")
    found = compare_waves(wave, before).verdict_on(*question)
    assert (found.status, found.implausible) == ("not comparable", True)
    assert "more than such answers move by and which nobody has confirmed" in found.reason
    sure = compare_waves(confirmed(wave), before).verdict_on(*question)
    assert (sure.status, sure.implausible) == ("with caution", False)
    assert sure.reason.endswith("it is compared all the same, because the questionnaires were compared")


@pytest.mark.parametrize(
    ("before", "now", "said"),
    [
        (
            {"channel_one_stop_shop": 25, "channel_telephone": 20, "channel_website": 44},
            {"channel_one_stop_shop": 43, "channel_telephone": 21, "channel_website": 27},
            "change places",
        ),
        ({"customer_satisfaction": 62, "value_for_money": 46}, {"customer_satisfaction": 47, "value_for_money": 60},
         "change places"),
        ({"services_improved": (30, 43)}, {"services_improved": (42, 31)}, "the answers to"),
        ({"services_improved": (57, 23), "internet_easier": (31, 45)},
         {"services_improved": (30, 43), "internet_easier": (59, 25)}, "have each other's answers of before"),
        ({"services_improved": (54, 45)}, {"services_improved": (44, 55)}, ""),
        ({"services_improved": (30, 43)}, {"services_improved": (42, 38)}, ""),
    ],
    ids=["codes of a list", "columns of options", "a scale reversed", "statements", "an opinion that tips", "a move"],
)  # fmt: skip
def test_answers_that_change_places_without_labels_wait_until_it_is_confirmed(before, now, said):
    def percents(items):
        return {
            f"public.{item}.{response}": share
            for item, shares in items.items()
            for response, share in (
                zip(("agree", "disagree"), shares, strict=True) if isinstance(shares, tuple) else [("chosen", shares)]
            )
        }

    moved = compare_waves(later(percents(now)), later(percents(before), "2004")).questions
    moved = moved[moved["implausible"]]
    assert bool(said) == bool(len(moved))
    assert moved["reason"].str.contains(said, regex=False).all()
    assert set(moved["population"]) <= {"public"}


AGREES = {1: "Strongly agree", 2: "Agree", 3: "Neither", 4: "Disagree", 5: "Strongly disagree", 8: "Don't know"}
REVERSED = AGREES | {1: AGREES[5], 2: AGREES[4], 4: AGREES[2], 5: AGREES[1]}
TOP_THREE = {"agree": [1, 2, 3], "disagree": [4, 5], "dont_know": [8]}


def recorded(collapse=None, labels=None, wave="2026", group=None, **rules):
    """Return the wave with one statement recorded by codes: response to codes, and the file's labels of them."""
    collapse = collapse or {"agree": [1, 2], "disagree": [4, 5], "dont_know": [8]}
    labels = AGREES if labels is None else labels
    own = {
        "encoding": "scale", "base": "answered", "dont_know": "in", "routing": {},
        "columns": {"internet_easier": {"q7": "It is easier"}},
        "answers": {response: {str(code): labels.get(code) for code in codes} for response, codes in collapse.items()},
        **rules,
    }  # fmt: skip
    groups = {"age": {"16-34": {"codes": {}, "range": group or [16, 34]}}}
    return replace(later(name=wave), recordings={"public": {"questions": {"internet_easier": own}, "groups": groups}})


@pytest.mark.parametrize(
    ("changes", "status", "said"),
    [
        ({}, "comparable", ""),
        (
            {"collapse": {"agree": [1, 2, 3], "disagree": [4, 5], "dont_know": [8]}},
            "not comparable",
            "“agree” is made of “Strongly agree”, “Agree” and “Neither”, not of “Strongly agree” and “Agree”",
        ),
        ({"labels": REVERSED}, "not comparable", "“agree” is made of “Strongly disagree” and “Disagree”"),
        (
            {"collapse": {"agree": [5, 4], "disagree": [2, 1], "dont_know": [8]}, "labels": REVERSED},
            "with caution",
            "codes are others than they were: “agree” has 5 and 4, not 1 and 2, under the same label",
        ),
        ({"labels": AGREES | {1: "Strongly agre"}}, "with caution", "is spelt “Strongly agre” and “Agree”, and was"),
        ({"labels": {}}, "comparable", ""),
        (
            {"labels": {}, "collapse": {"agree": [0, 1], "disagree": [3, 4], "dont_know": [8]}},
            "with caution",
            "“agree” has 0 and 1",
        ),
        ({"labels": {}, "collapse": TOP_THREE}, "not comparable", "the codes 1, 2 and 3"),
        ({"labels": {code: f"{code} - {label}" for code, label in AGREES.items()}}, "comparable", ""),
        ({"labels": {code: f"{code + 1} {label}" for code, label in AGREES.items()}}, "not comparable", "is made of"),
        ({"labels": AGREES | {8: "DK"}}, "with caution", "“don’t know” is made of “DK”, not of “Don't know”"),
        ({"columns": {"internet_easier": {"q7": "Q12_a. It is easier"}}}, "comparable", ""),
        ({"columns": {"internet_easier": {"q7": "Q12 It is easier"}}}, "comparable", ""),
        ({"base": "asked"}, "not comparable", "“asked”, not of those who “answered”"),
        ({"dont_know": "out"}, "not comparable", "“don’t know” counts: out, not in"),
        ({"routing": {"role": ["1"]}}, "not comparable", "it was put to those with 1, not to everybody"),
        (
            {"columns": {"internet_easier": {"q7": "How old are you?"}}},
            "not comparable",
            "the file calls it “How old are you?”, and called it “It is easier”",
        ),
        ({"encoding": "columns"}, "with caution", "answers were recorded as columns, not as scale"),
    ],
)
def test_how_answers_were_recorded_decides_what_a_share_counts(changes, status, said):
    found = compare_waves(recorded(**changes), recorded(wave="2025")).verdict_on("public", "internet_easier")
    assert found.status == status
    assert said in found.reason


def test_an_offered_other_and_people_described_otherwise_are_named():
    def listed(*columns, **told):
        own = {"columns": {item: {item: None} for item in columns}}
        wave = replace(later(), recordings={"public": {"questions": {QUESTION[1]: own}}})
        public = {**wave.metadata["populations"]["public"], **told}
        return replace(
            wave, metadata={**wave.metadata, "populations": {**wave.metadata["populations"], "public": public}}
        )

    found = compare_waves(listed("flexibility", "other"), listed("flexibility")).verdict_on(*QUESTION)
    assert (found.status, found.reason) == ("with caution", "the list offers “other”, and did not before")
    for part in ("universe", "mode"):
        found = compare_waves(listed(**{part: "by post"}), listed()).verdict_on(*QUESTION)
        assert found.status == "with caution"
        assert found.reason.startswith("by wave.yml")


@pytest.mark.parametrize(
    ("now", "status"),
    [
        ("agree: Strongly Agree , TEND TO AGREE|disagree", "comparable"),
        ("agree: strongly agree, tend too agree|disagree", "with caution"),
        ("agree: strongly agree|disagree", "not comparable"),
    ],
)
def test_capitals_and_spaces_in_published_answers_are_no_other_answers(now, status):
    question, before = ("public", "services_improved"), "agree: strongly agree, tend to agree|disagree"
    waves = [asked_otherwise(later(name=name), *question, responses=told) for name, told in (("6", now), ("5", before))]
    assert compare_waves(*waves).verdict_on(*question).status == status


def test_a_wave_that_says_nothing_of_its_codes_is_compared_with_caution():
    found = compare_waves(recorded(), wave_2004()).verdict_on("public", "internet_easier")
    assert found.status == "with caution"
    assert "2004 does not state" in found.reason
    assert "what its answers are made of" in found.reason


def test_a_group_cut_otherwise_is_not_compared_and_named():
    def with_group(wave):
        rows = wave.estimates[wave.estimates["item_id"] == "internet_easier"]
        return replace(wave, estimates=pd.concat([wave.estimates, rows.assign(domain="age=16-34")], ignore_index=True))

    waves = with_group(recorded(group=[18, 34])), with_group(recorded(wave="2025"))
    changes = compare_waves(*waves)
    assert changes.groups.loc[0, "status"] == "not comparable"
    assert changes.groups.loc[0, "reason"] == "the group age “16-34” is 18 to 34, and was 16 to 34"
    assert not (changes.figures["domain"] == "age=16-34").any()
    same = compare_waves(with_group(recorded()), with_group(recorded(wave="2025")))
    assert (same.figures["domain"] == "age=16-34").any()
