"""A draft that may have misread a file says so, and what to do; of one that reads well it says nothing."""

from pathlib import Path

import numpy as np
import pytest

from surveybook.drafts.questions import draft_questions
from surveybook.drafts.records import Draft, open_respondents
from tests.drafts.people import write_people
from tests.drafts.test_kinds_of_files import SIZE, draft_sav, pick

YES_NO = {1: "Yes", 2: "No"}
OFTEN = {1: "Often", 2: "Sometimes", 3: "Never"}
MODE = "Mode of interview: which would you have liked?"
PLANTS = {1: "Oak", 2: "Rose", 3: "Fern", 4: "Moss"}


@pytest.fixture(autouse=True)
def draw_anew(monkeypatch: pytest.MonkeyPatch) -> None:
    """Draw the same answers, whichever tests ran before."""
    monkeypatch.setattr("tests.drafts.test_kinds_of_files.RANDOM", np.random.default_rng(5))


def look(draft: Draft, words: str) -> str:
    """Return the one doubt of a draft that has some words, or nothing."""
    found = [doubt for doubt in draft.doubts if words in doubt]
    assert len(found) < 2
    return "".join(found)


def test_of_a_draft_that_reads_well_the_second_look_says_nothing(tmp_path: Path) -> None:
    doubts = draft_questions(open_respondents(write_people(tmp_path))).doubts
    assert [doubt for doubt in doubts if "(unit)" not in doubt and "(nothing_chosen)" not in doubt] == []


def test_neighbours_with_one_long_list_of_answers_may_be_parts_of_one_question(tmp_path: Path) -> None:
    parties = {code: f"Party of {name}" for code, name in enumerate("ABCDEFGHI", start=1)}
    asked = {f"v{number}": (f"Vote in {year}", parties) for number, year in enumerate((2017, 2019, 2022))}
    draft = draft_sav(tmp_path, asked | {"w1": ("Do you swim?", YES_NO), "w2": ("Do you cook?", YES_NO)})
    doubt = look(draft, "the same answers")
    assert doubt.startswith("v0, v1 and v2 have the same answers and are drafted as a question each")
    assert "parts of one question" in doubt
    assert "w1" not in doubt


def test_codes_that_run_in_opposite_directions_are_asked_about(tmp_path: Path) -> None:
    turned = dict(zip(OFTEN, reversed(OFTEN.values()), strict=True))
    draft = draft_sav(tmp_path, {"swim": ("How often do you swim", OFTEN), "cook": ("And how often cook", turned)})
    assert "swim and cook run in opposite directions" in look(draft, "opposite")


def test_statements_whose_question_no_label_tells_are_asked_about(tmp_path: Path) -> None:
    told = draft_sav(
        tmp_path, {f"q{item}": (text, OFTEN) for item, text in enumerate(("Swimming", "Cooking", "Chess"))}
    )
    assert look(told, "No label tells").startswith("No label tells what q0, q1 and q2 ask")


@pytest.mark.parametrize("code", [9, 99, -5])
def test_an_answer_whose_code_stands_apart_may_be_none(tmp_path: Path, code: int) -> None:
    draft = draft_sav(
        tmp_path, {"plant": ("Which plant do you like?", PLANTS | {code: "Pass"}), "w": ("Swims?", YES_NO)}
    )
    assert "“Pass” in plant" in look(draft, "count as answers")


def test_a_code_that_goes_on_from_the_others_is_an_answer(tmp_path: Path) -> None:
    draft = draft_sav(tmp_path, {"plant": ("Which plant do you like?", PLANTS | {5: "Pass", 9: "Something else"})})
    assert not look(draft, "count as answers")


def test_an_answer_that_ends_lists_with_nothing_else_in_common_may_be_none_in_any_language(tmp_path: Path) -> None:
    lists = [PLANTS, dict(enumerate(("Bus", "Boat", "Bike"), 1)), dict(enumerate(("Cod", "Eel", "Carp"), 1)),
             dict(enumerate(("Salt", "Oil", "Malt"), 1))]  # fmt: skip
    asked = {f"q{at}": (f"Which {at}?", own | {len(own) + 1: "Mwaneno"}) for at, own in enumerate(lists)}
    assert "“Mwaneno” in q0, q1, q2 and q3" in look(draft_sav(tmp_path, asked), "count as answers")


def test_who_alone_was_asked_is_told_by_the_answer_that_led_to_it(tmp_path: Path) -> None:
    drives = pick([1.0, 2.0])
    brand = [plant if drive == 1 else np.nan for drive, plant in zip(drives, pick([1.0, 2.0, 3.0]), strict=True)]
    brands = {1: "Fiat", 2: "Opel", 3: "Seat"}
    asked = {"drives": ("Do you drive?", YES_NO, drives), "brand": ("Which brand is your car?", brands, brand)}
    draft = draft_sav(tmp_path, asked)
    assert "drives “Yes”: brand" in look(draft, "universe")


def test_all_who_answered_one_question_may_have_answered_another(tmp_path: Path) -> None:
    gone = np.arange(SIZE) < SIZE / 2
    swims, cooks = (np.where(gone, np.nan, pick([1.0, 2.0])) for _ in range(2))
    draft = draft_sav(tmp_path, {"s": ("Do you swim?", YES_NO, swims), "c": ("Do you cook?", YES_NO, cooks)})
    assert not look(draft, "universe")


def test_labelled_answers_to_a_question_that_a_name_had_left_out_are_asked_about(tmp_path: Path) -> None:
    draft = draft_sav(tmp_path, {"m": (MODE, {1: "At the door", 2: "By telephone"}), "w": ("Do you swim?", YES_NO)})
    assert look(draft, "read like questions").startswith(f"m (“{MODE}”: the platform or the interviewer noted it)")
