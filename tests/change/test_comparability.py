"""Which questions two waves may be compared on: what is declared, and what the data show whatever is declared."""

from dataclasses import replace

import pytest

from surveybook.change import compare_waves
from tests.change.waves import later
from tests.waves import asked_otherwise, wave_2004

QUESTION = ("public", "customer_focus_indicators")


def verdict(survey, population="public", question="customer_focus_indicators"):
    found = compare_waves(survey, wave_2004()).verdict_on(population, question)
    return found.status, found.reason


def test_another_number_of_choices_is_found_even_where_the_version_claims_to_be_the_same():
    status, reason = verdict(asked_otherwise(later(), *QUESTION, max_choices=3))
    assert status == "not comparable"
    assert reason == "people could choose three, not two"


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
        ("version", "2026", "another version: 2026, not 2004"),
        ("universe", "adults aged 18 and over", "“adults aged 18 and over”, not to “adults aged 16 and over”"),
        ("responses", "chosen|ranked_first", "the answers were chosen and ranked first, not chosen"),
    ],
)
def test_another_version_universe_or_list_of_answers_is_not_comparable(column, value, said):
    status, reason = verdict(asked_otherwise(later(), *QUESTION, **{column: value}))
    assert status == "not comparable"
    assert said in reason


def test_another_way_of_writing_the_same_universe_or_mode_is_no_other_universe():
    written = asked_otherwise(later(), *QUESTION, universe="Adults, aged 16 and over.", mode="Telephone")
    assert verdict(written) == ("comparable", "")


def test_every_reason_is_given_not_the_first_alone():
    reason = verdict(asked_otherwise(later(), *QUESTION, max_choices=3, version="2026"))[1]
    assert "version" in reason
    assert "three" in reason


def test_another_mode_is_compared_with_caution_said_beside_it():
    status, reason = verdict(asked_otherwise(later(), *QUESTION, mode="online"))
    assert status == "with caution"
    assert reason == "the mode of asking is online and was telephone"


def test_capitals_and_spaces_are_no_other_universe():
    assert verdict(asked_otherwise(later(), *QUESTION, universe=" Adults aged 16 and  over"))[0] == "comparable"


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
    assert "the same people answered in both waves" in reason


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
