"""A kind of question that no engine knows, answers that exclude each other: every sentence is right, or says less.

Nothing that a list can say is said of it: no item comes first, none is "named by" anybody.
"""

import inspect
import re

import pytest

from surveybook.model.kinds import make_kind
from surveybook.model.survey import Survey
from surveybook.model.wording import Phrase
from surveybook.words import findings
from tests.words.surveys import SHARES, frequency_survey

GOING = "Going online: “Daily” leads among residents."
PAYING = "Paying bills on the web: “Daily”, “Weekly” and “Never” share the lead among residents."
DAILY, WEEKLY, LESS = "residents.going.daily", "residents.going.weekly", "residents.paying.daily"
# What each function that speaks of a question says, given the survey and these.
SAID = {
    "leader": (("habits", "residents"), f"{GOING} {PAYING}"),
    "order_text": (("habits", "residents"), f"{GOING} {PAYING}"),
    "place": (("habits", "residents", "going"), GOING),
    "agree_or_disagree": (("residents", "going"), GOING),
    "first_places": (
        ("habits",),
        "Going online: “Daily” leads among residents; “Weekly” and “Daily” share the lead among visitors. Paying bills "
        "on the web: “Daily”, “Weekly” and “Never” share the lead among residents; “Daily”, “Weekly” and “Never” share "
        "the lead among visitors.",
    ),
    "shared_order": (
        ("habits",),
        "No answer speaks for an item, so that the items have no order to compare. In strength they differ: on two of "
        "six answers the shares are further apart than sampling explains.",
    ),
    "contrast": (
        ("habits",),
        "The widest gap is over “Going online” (weekly): 45% of visitors against 25% of residents, 20 "
        "points (15 to 25). They also differ over “Going online” (daily) (20 points). None shows over “Paying online” "
        "(weekly), “Paying online” (daily), “Going online” (never) and “Paying online” (never): what gap there is "
        "could be sampling error.",
    ),
    "item_contrast": (
        ("going",),
        "“Going online” (weekly) was the answer of 25% (22 to 28) of residents and 45% (41 to 49) of "
        "visitors: visitors gave it more often, by 20 points (15 to 25).",
    ),
    "widest_gap": (
        ("habits",),
        "The two part most over “Going online” (weekly), given by 25% of residents and 45% of "
        "visitors: a gap of 20 points (15 to 25).",
    ),
    "split": (
        ("habits", "residents"),
        "Answers of residents: “Going online” (daily) (60%), “Going online” (weekly) (25%), “Going "
        "online” (never) (15%), “Paying online” (daily) (35%), “Paying online” (weekly) (33%) "
        "and “Paying online” (never) (32%).",
    ),
    "level": ((DAILY,), "60% (56 to 63) of residents answer “daily”, a majority."),
    "reply": ((DAILY,), "A majority of residents, 60% (56 to 63), answer “daily” to “Going online”."),
    "two_answers": (
        (DAILY, WEEKLY),
        "Among residents, “going online” (daily) stands at 60% and “going online” (weekly) at 25%: "
        "“going online” (daily) leads by 35 points (29 to 41).",
    ),
    "side_by_side": (
        (DAILY, LESS),
        "60% (56 to 63) of residents answer “daily” to “Going online” and 35% (32 to 39) to “Paying "
        "bills on the web”: a gap of 25 points (18 to 32).",
    ),
    "apart": (
        (DAILY, WEEKLY),
        "More of residents answer “daily” to than answer “weekly” to “Going online”, by 35 points (29 to 41).",
    ),
    "asked_of": (
        ("habits", "residents"),
        "Residents chose between “Daily”, “Weekly” and “Never”: “How often do you do these?” Base: residents: 1,000 "
        "online, May 2031.",
    ),
    "choices_note": (("habits",), ""),
    "main_result": (("habits",), "What people do online"),
    "result": (("habits",), ""),
    "group_differences": (("habits",), ""),
}


@pytest.fixture(scope="module")
def survey() -> Survey:
    return frequency_survey()


@pytest.mark.parametrize("function", SAID)
def test_of_answers_that_exclude_each_other_is_said_what_they_bear(survey: Survey, function: str) -> None:
    given, said = SAID[function]
    assert getattr(findings, function)(survey, *given).text == said


def test_nothing_of_a_list_is_said_of_them(survey: Survey) -> None:
    said = " ".join(text for _, text in SAID.values())
    said += findings.leaders(survey, "habits").text + findings.orders(survey, "habits").text
    assert not re.search(r"named|comes first|ahead of|could choose|agree", said)


def test_every_function_that_speaks_of_a_question_is_tried() -> None:
    of_a_question = {"question", "item", "key", "first"}
    speaking = {
        name
        for name, function in [(name, getattr(findings, name)) for name in findings.find_homes()]
        if inspect.signature(function).return_annotation is Phrase
        and of_a_question & set(inspect.signature(function).parameters)
    }
    by_others = {
        "leaders",
        "orders",
        "lead_of",
        "leading_answers",
        "tell_leading",
        "answers_in_turn",
        "share",
        "change",
    }
    by_others |= {"changes", "with_changes", "nothing_to_show", "headline"}
    assert speaking <= set(SAID) | by_others, "add what the new function says to SAID"


def test_items_without_an_order_have_no_ranking(survey: Survey) -> None:
    assert findings.ranking(survey, "habits", "residents").empty
    assert findings.leading(survey, "habits", "residents").empty


def test_a_share_is_called_by_its_item_and_its_answer(survey: Survey) -> None:
    row = survey.estimates.iloc[0]
    assert findings.name_share(survey, row) == "“Going online” (daily)"
    assert findings.label_share(survey, row) == "Going online: daily"
    scale = frequency_survey("scale")
    assert findings.label_share(scale, scale.estimates.iloc[0]) == "Going online"
    assert findings.replied(scale, scale.estimates.iloc[2]).text == (
        "15% of residents answer “don’t know” to “Going online”"
    )


def test_statements_are_agreed_with_and_not_named() -> None:
    survey = frequency_survey("scale")
    assert findings.leader(survey, "habits", "residents").text == (
        "Among residents, “Going online” comes first, agreed with by 60% (56 to 63), ahead of “Paying online” "
        "with 35%; the lead of 25 points (18 to 32) holds however the answers overlap."
    )
    assert findings.first_places(survey, "habits").text == (
        "Residents put “Going online” (60%, 56 to 63) first; for visitors, first place is too close to call: "
        "“Going online” (40%, 37 to 44) and “Paying online” (34%, 31 to 38)."
    )
    assert "the same two answers in the same order" in findings.shared_order(survey, "habits").text


def test_a_gap_that_sampling_explains_is_called_none() -> None:
    survey = frequency_survey(shares={**SHARES, "visitors": SHARES["residents"]})
    assert "apart by more than sampling explains" in findings.widest_gap(survey, "habits").text
    assert findings.item_contrast(survey, "going").text.endswith("is within sampling error.")
    assert findings.apart(survey, LESS, "residents.paying.weekly").text == (
        "Residents are split on “Paying bills on the web”: the gap of 2 points (−4 to 8) is within sampling error."
    )
    assert findings.apart(survey, "residents.paying.weekly", "residents.going.weekly").text.startswith(
        "More of residents answer “weekly” to “Paying bills on the web” than to “Going online”"
    )


@pytest.mark.parametrize(
    ("kind", "response", "said"),
    [
        ("multiple", "chosen", ("name it", "name x")),
        ("single", "chosen", ("name it", "name x")),
        ("scale", "agree", ("agree", "agree with x")),
        ("scale", "dont_know", ("answer “don’t know”", "answer “don’t know” to x")),
        ("frequency", "never", ("answer “never”", "answer “never” to x")),
    ],
)
def test_what_people_did_who_gave_a_response_depends_on_the_kind(
    kind: str, response: str, said: tuple[str, str]
) -> None:
    made = make_kind(kind, {response: {"dont_know": "Don't know"}.get(response, response.title())})
    assert (made.reply(response), made.reply(response, "x")) == said
