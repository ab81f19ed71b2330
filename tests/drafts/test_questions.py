"""What a file asks is drafted from what it says: nothing is made up, and what is left out is named."""

from pathlib import Path

import pandas as pd
import pytest

from surveybook.drafts.labels import make_id, read_most_choices, split_labels
from surveybook.drafts.questions import Draft, draft_questions
from surveybook.drafts.records import open_respondents
from surveybook.model.problems import DataError
from tests.drafts.people import write_people


@pytest.fixture(scope="module")
def draft(tmp_path_factory: pytest.TempPathFactory) -> Draft:
    return draft_questions(open_respondents(write_people(tmp_path_factory.mktemp("people"))))


def test_a_file_without_answers_to_choose_from_is_refused(tmp_path: Path) -> None:
    pd.DataFrame({"name": ["a", "b"], "party": [3, 5]}).to_csv(tmp_path / "people.csv", index=False)
    with pytest.raises(DataError, match="no column is a question with answers"):
        draft_questions(open_respondents(tmp_path / "people.csv"))


def test_a_file_that_cant_be_read_is_refused(tmp_path: Path) -> None:
    with pytest.raises(DataError, match=r"nothing\.sav"):
        draft_questions(open_respondents(tmp_path / "nothing.sav"))


def test_design_and_groups_are_no_questions(draft: Draft) -> None:
    assert draft.design == {"id": "respid", "weight": "wt"}
    assert draft.groups == {"sex": {"column": "gender", "values": {1: "female", 2: "male"}}}


def test_questions_stand_in_the_order_of_the_file_with_their_kinds(draft: Draft) -> None:
    assert [(one.title, one.kind) for one in draft.questions] == [
        ("How satisfied are you with", "very_satisfied_to_dissatisfied"),
        ("Which do you use (choose up to two)", "multiple"),
        ("Which sport do you like best?", "single"),
        ("The city is well run", "strongly_agree_to_disagree"),
        ("Years lived here", "number"),
    ]


def test_columns_that_share_their_answers_are_one_question_with_all_of_them(draft: Draft) -> None:
    battery = draft.questions[0]
    assert list(battery.items.values()) == ["Parks", "Snow removal", "Libraries"]
    assert list(battery.answers.values()) == ["Very satisfied", "Fairly satisfied", "Dissatisfied", "Satisfied"]
    assert battery.nets == {"satisfied": ("very_satisfied", "fairly_satisfied")}
    assert battery.roles == {"headline": "satisfied", "opposite": "dissatisfied"}
    assert battery.why.endswith("; “Satisfied” counts 2 answers, by their words")
    assert battery.rules["collapse"]["dont_know"] == [9]
    assert battery.rules["dont_know"] == "in"


def test_ticked_columns_are_a_list_whose_text_says_how_many(draft: Draft) -> None:
    used = draft.questions[1]
    assert list(used.items.values()) == ["Bus", "Bicycle"]
    assert used.rules["columns"]["q2_3"] == "none"
    assert used.max_choices == "2"


def test_agreement_is_a_net_of_its_shades_and_a_refusal_is_no_answer(draft: Draft) -> None:
    agreed = draft.questions[3]
    assert agreed.rules["collapse"] == {
        "strongly_agree": [1], "agree_2": [2], "neither_agree_nor_disagree": [3], "disagree": [4], "no_answer": [9],
    }  # fmt: skip
    assert agreed.nets == {"agree": ("strongly_agree", "agree_2")}
    assert agreed.answers["agree"] == "Strongly agree or agree"
    assert agreed.roles == {"headline": "agree", "opposite": "disagree"}


def test_questions_of_one_kind_have_the_same_answers(tmp_path: Path) -> None:
    named, fair, average = ("roads", "parks", "pools"), ["Fair", "Good", "Poor"], ["Average", "Good", "Poor"]
    answers = dict(zip(named, (fair, average, [*fair, *fair[:1]]), strict=True))
    people = pd.DataFrame({name: (own * 20)[:60] for name, own in answers.items()})
    people.to_csv(tmp_path / "people.csv", index=False)
    kinds = {one.question: one.kind for one in draft_questions(open_respondents(tmp_path / "people.csv")).questions}
    assert kinds == {"roads": "good_to_poor", "parks": "good_to_poor_2", "pools": "good_to_poor"}


def test_what_is_no_question_is_left_out_with_the_reason(draft: Draft) -> None:
    assert draft.left_out == {
        "email": "it may tell who somebody is",
        "why": "what people wrote, or answers that few share",
    }


@pytest.mark.parametrize(
    ("text", "most"),
    [
        ("Which of these? Choose up to three", "3"), ("Tick all that apply", "unlimited"), ("Pick 2", "2"),
        ("Which of these matter?", ""),
    ],
)  # fmt: skip
def test_how_many_people_could_choose_is_read_or_unknown(text: str, most: str) -> None:
    assert read_most_choices(text) == most


def test_questions_that_begin_alike_are_one_about_several_things() -> None:
    texts = {"a": "How satisfied are you with parks?", "b": "How satisfied are you with street lighting?"}
    assert split_labels(texts) == ("How satisfied are you with …?", {"a": "Parks", "b": "Street lighting"})
    around = {name: f"{text[:-1]} in terms of cost?" for name, text in texts.items()}
    assert split_labels(around) == (
        "How satisfied are you with … in terms of cost?",
        {"a": "Parks", "b": "Street lighting"},
    )
    apart = {"a": "Do you like parks?", "b": "Who pays for them?"}
    assert split_labels(apart) == ("", apart)


def test_an_id_is_cut_between_words() -> None:
    assert make_id("How satisfied are you with the city’s parks and gardens?") == "how_satisfied_are_you_with_the_citys"
    assert make_id("…") == ""
