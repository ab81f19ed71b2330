"""A kind of question that no engine knows, answers that exclude each other: every sentence is right, or says less.

Nothing that a list can say is said of it: no item comes first, none is "named by" anybody.
"""

import inspect
from dataclasses import replace

import pytest

from surveybook.model.survey import Survey, answers_of
from surveybook.model.wording import Phrase
from surveybook.words import findings
from tests.words import SHARES, check_told, frequency_survey, list_told

DAILY, LESS = "residents.going.daily", "residents.paying.daily"
SAID = list_told("habits")


@pytest.fixture(scope="module")
def survey() -> Survey:
    return frequency_survey()


@pytest.mark.parametrize(("function", "given", "said", "figures"), SAID)
def test_of_answers_that_exclude_each_other_is_said_what_they_bear(survey, function, given, said, figures) -> None:
    check_told(survey, function, given, said, figures)


def test_every_function_that_speaks_of_a_question_is_tried() -> None:
    of_a_question = {"question", "item", "key", "first"}
    speaking = {
        name
        for name, function in [(name, getattr(findings, name)) for name in findings.find_homes()]
        if inspect.signature(function).return_annotation is Phrase
        and of_a_question & set(inspect.signature(function).parameters)
    }
    by_others = {"leading_answers", "answers_in_turn", "share", "change"}
    by_others |= {"changes", "with_changes", "nothing_to_show", "headline"}
    tried = {case.values[0] for case in SAID}
    assert speaking <= tried | by_others, "add what the new function says to told.yml"


def test_an_unknown_kind_is_one_of_exclusive_answers(survey: Survey) -> None:
    kind = survey.codebook.kind_of("habits")
    assert (kind.name, kind.responses) == ("frequency", ("daily", "weekly", "never"))
    assert (kind.is_list, kind.is_several, kind.headline, kind.relation) == (False, False, None, "statements")
    assert list(answers_of(survey, "going")["response"].unique()) == ["daily", "weekly", "never"]


def test_a_share_is_called_by_its_item_and_its_answer(survey: Survey) -> None:
    row = survey.estimates.iloc[0]
    assert findings.name_share(survey, row) == "going online (daily)"
    assert findings.label_share(survey, row) == "Going online: daily"
    scale = frequency_survey("scale")
    assert findings.label_share(scale, scale.estimates.iloc[0]) == "Going online"
    named = scale.codebook.questions.assign(title="Pastime", kind="single")
    single = replace(scale, codebook=replace(scale.codebook, questions=named))
    assert findings.label_share(single, row) == "Pastime: going online"
    unsure = findings.replied(scale, scale.estimates.iloc[2])
    assert unsure.text == "15% of residents answer “don’t know” to “Going online”"


def test_a_gap_that_sampling_explains_is_called_none() -> None:
    survey = frequency_survey(shares={**SHARES, "visitors": SHARES["residents"]})
    assert findings.contrast(survey, "habits").text == "Residents and visitors do not clearly differ on any answer."
    assert findings.item_contrast(survey, "going").text == (
        "60% of residents and 60% of visitors answer “daily” to going online, too close to call."
    )
    assert findings.two_answers(survey, DAILY, LESS).text == (
        "60% of residents answer “daily” to “Going online” and 35% to “Paying bills on the web”."
    )
    assert findings.two_answers(survey, LESS, "residents.paying.weekly").text == (
        "35% of residents answer “daily” to “Paying bills on the web” and 33% answer “weekly”, too close to call."
    )
