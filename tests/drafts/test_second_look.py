"""A draft that may have misread a file says so, and what to do; of one that reads well it says nothing."""

from pathlib import Path

import numpy as np
import pytest

from surveybook.drafts.questions import draft_questions
from surveybook.drafts.records import Draft, open_respondents
from tests.drafts.people import write_people
from tests.drafts.test_kinds_of_files import SIZE, draft_csv, draft_sav, pick

YES_NO = {1: "Yes", 2: "No"}
AGREE = {1: "Agree", 2: "Neither", 3: "Disagree"}
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
    assert doubt.startswith("v0, v1 and v2 have the same answers and are several questions in this draft")
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


def test_options_of_a_list_in_pieces_are_asked_about_though_each_has_its_own_tick(tmp_path: Path) -> None:
    options = {
        f"v{at}": (text, {0: "No", 1: text}) for at, text in enumerate(("Use of bus", "Use of tram", "Use of bike"))
    }
    assert look(draft_sav(tmp_path, options | {"w": ("Swims?", YES_NO)}), "the same answers").startswith(
        "v0, v1 and v2"
    )


def test_a_battery_with_pieces_beside_it_is_asked_about_and_two_whole_ones_are_not(tmp_path: Path) -> None:
    first = {f"a_{item}": (f"Trust in {item}", AGREE) for item in ("church", "press", "police")}
    second = {f"b_{item}": (f"Trust in {item}: last year", AGREE) for item in ("church", "press", "police")}
    assert not look(draft_sav(tmp_path, first | second), "the same answers")
    # The two halves of a sample were asked about other things.
    things = ("courts", "unions", "church", "press", "police")
    halves = [np.arange(SIZE) % 2 == (at < 2) for at in range(len(things))]
    torn = {thing: (f"Trust in {thing}", AGREE, np.where(half, pick([1.0, 2.0, 3.0]), np.nan))
            for thing, half in zip(things, halves, strict=True)}  # fmt: skip
    assert look(draft_sav(tmp_path, torn), "the same answers").startswith("courts to police (5 columns)")


def test_a_list_of_numbers_may_be_a_rating(tmp_path: Path) -> None:
    worry = {number: str(number) for number in range(1, 10)} | {10: "10 - Much", 100: "0 - Not"}
    asked = {
        "w": ("How worried are you?", worry),
        "n": ("NPS of Netflix", {number: str(number) for number in range(1, 11)}),
        "c": ("Content", {number: f"{number} Content: from 0 to 10" for number in range(11)}),
        "r": ("Region", {number: str(number) for number in range(11, 19)}),
    }
    assert look(draft_sav(tmp_path, asked), "drafted as lists").startswith(
        "Numbers are drafted as lists in w, n and c:"
    )


def test_a_question_put_in_several_years_may_be_one(tmp_path: Path) -> None:
    content = {number: f"{number} Content: from 0 to 10" for number in range(11)}
    draft = draft_sav(tmp_path, {f"c.{year}": (f"c.{year}: Content", content) for year in (2000, 2001, 2002)})
    assert look(draft, "the same answers").startswith("c.2000, c.2001 and c.2002")


def test_a_list_whose_answers_share_a_word_may_be_a_scale(tmp_path: Path) -> None:
    shades = {1: "Very frumious", 2: "Quite frumious", 3: "Hardly frumious", 4: "Not frumious"}
    towns = {1: "Kent county", 2: "Essex county", 3: "Surrey county", 4: "Devon county"}
    draft = draft_sav(tmp_path, {"f": ("Bandersnatch", shades), "t": ("Where were you", towns)})
    assert look(draft, "more or less").startswith("The answers to f say")


def test_a_rare_answer_without_a_place_in_a_scale_may_be_none(tmp_path: Path) -> None:
    given = [5.0, *pick([1.0, 2.0, 3.0, 4.0])[1:]]
    draft = draft_sav(
        tmp_path, {"q": ("Roads", {1: "Very good", 2: "Good", 3: "Poor", 4: "Very poor", 5: "Void"}, given)}
    )
    assert "“Void” in q" in look(draft, "count as answers")


def test_a_number_far_off_that_several_gave_may_be_none(tmp_path: Path) -> None:
    hours = [99.0] * 20 + [float(at % 60) for at in range(SIZE - 20)]
    draft = draft_sav(tmp_path, {"h": ("Hours of work", {}, hours), "w": ("Swims?", YES_NO)})
    assert "99 in h (20 people)" in look(draft, "count as numbers")
    hours = [61.0] * 20 + hours[20:]
    assert not look(
        draft_sav(tmp_path, {"h": ("Hours of work", {}, hours), "w": ("Swims?", YES_NO)}), "count as numbers"
    )


def test_dates_that_a_spreadsheet_made_of_ranges_are_asked_about(tmp_path: Path) -> None:
    sizes = ["01-May", "Jun-25", "26-100", "More than 100"]
    draft = draft_csv(tmp_path, {"How many work there?": pick(sizes), "Are you well?": pick(["Yes", "No"])})
    assert "“01-May” and “Jun-25” in How many work there?" in look(draft, "dates of ranges")
    named = draft_csv(tmp_path, {"Which month?": pick(["May", "June", "July"]), "Are you well?": pick(["Yes", "No"])})
    assert not look(named, "dates of ranges")


def test_an_answer_that_joins_two_others_is_asked_about(tmp_path: Path) -> None:
    options = ["Yes, at home", "Yes, at work", "No"]
    answers = pick([*options, ", ".join(options[:2])], [0.3, 0.3, 0.2, 0.2])
    draft = draft_csv(tmp_path, {"Do you smoke?": answers, "Are you well?": pick(["Yes", "No"])})
    assert "“Yes, at home, Yes, at work” in Do you smoke?" in look(draft, "joins two others")


def test_an_option_that_is_a_code_or_a_box_is_asked_about(tmp_path: Path) -> None:
    ticks = {f"Which?: {one}": np.resize([one, "", ""], SIZE) for one in ("Bus", "Tram", "Car", "5", "Any comments")}
    draft = draft_csv(tmp_path, {"id": range(SIZE), **ticks})
    assert "“5” in Which?: Bus to" in look(draft, "what an option stands for")
    assert "“Any comments” in Which?: Bus to" in look(draft, "box to write in")


def test_a_column_that_is_called_like_an_option_and_stands_alone_is_asked_about(tmp_path: Path) -> None:
    ticks = {f"Which do you use? {one}": np.resize([one, ""], SIZE) for one in ("Bus", "Tram", "Car")}
    columns = {"id": range(SIZE), **ticks, "Which do you use? Bicycle": pick(["Bicycle", "Fahrrad", ""])}
    assert "Which do you use? Bicycle" in look(draft_csv(tmp_path, columns), "not in it")
    assert not look(draft_csv(tmp_path, {"id": range(SIZE), **ticks, "Which sex? Yours": pick("fm")}), "not in it")


def test_texts_that_many_people_share_are_asked_about(tmp_path: Path) -> None:
    well, shared = {"Are you well?": pick(["Yes", "No"]) * 2}, [f"State {n % 12}" for n in range(2 * SIZE)]
    own = [one if n % 2 else f"mine {n}" for n, one in enumerate(shared)]
    assert not look(draft_csv(tmp_path, {"Where?": own, **well}), "what people wrote")
    most = [("North", "South")[n % 2] if n % 3 else f"mine {n}" for n in range(2 * SIZE)]
    assert "Where? (“South” and “North”)" in look(draft_csv(tmp_path, {"Where?": most, **well}), "what people wrote")
    asked = "Why? Check all that apply."
    assert f"{asked} (“State" in look(draft_csv(tmp_path, {asked: own, **well}), "what people wrote")


def test_answers_in_a_script_that_no_word_is_known_of_are_asked_about(tmp_path: Path) -> None:
    words = [f"{first}{second}" for first in "ཀཁགང" for second in "ཅཆཇཉཏཐ"]
    columns = {f"{word}?": pick(words[place : place + 4]) for place, word in enumerate(words[:20])}
    assert look(draft_csv(tmp_path, columns), "knows no word")
    german = {f"q{place}": pick(["Ja", "Nein", "Weiß nicht"]) for place in range(20)}
    assert not look(draft_csv(tmp_path, german), "knows no word")


def test_a_file_of_which_most_is_left_out_may_have_been_misread(tmp_path: Path) -> None:
    """Two rows of a header that no platform writes stand among the answers."""
    codes = {f"q{at}": ["Which do you use?", "Bus", *(str(1 + n % 3) for n in range(SIZE))] for at in range(12)}
    draft = draft_csv(tmp_path, codes | {"well": ["Well?", "", *pick(["Yes", "No"])]})
    doubt = look(draft, "is the file read as it should be")
    assert doubt.startswith("12 columns are left out as texts or codes, and 1 are in questions")
    assert "q0 has “Which do you use?”, “Bus” and “1”" in doubt
