"""Sentences about a wave: numbers and directions follow the estimates and their uncertainty."""

import re
from collections.abc import Callable
from dataclasses import replace

import pytest

from surveybook.exhibits import charts
from surveybook.model.problems import SurveybookError
from surveybook.model.survey import Survey
from surveybook.waves import open_report
from surveybook.words import findings
from tests.waves import wave_2004, wave_with
from tests.words import check_told, list_told

WISH = "public.same_choice_as_elsewhere.agree"
MANAGERS, OTHERS = "frontline[role=manager].consult_on_ict.agree", "frontline[role=staff].ict_helps_change.agree"


@pytest.fixture
def survey() -> Survey:
    return wave_2004()


@pytest.mark.parametrize(("function", "given", "said", "figures"), list_told("2004"))
def test_a_direction_is_chosen_by_what_sampling_lets_one_say(survey: Survey, function, given, said, figures) -> None:
    check_told(survey, function, given, said, figures)


@pytest.mark.parametrize(
    ("ask", "said"),
    [
        (lambda s: findings.share(s, "value for money"), "'value for money' doesn't name a figure"),
        (lambda s: findings.reply(s, "martians.more_online.agree"), "The population 'martians' isn't known; see data/"),
        (lambda s: findings.share(s, "public.more_onlin.agree"), "The item 'more_onlin' isn't known; see data/"),
        (lambda s: findings.share(s, "public.more_online.agre"), "'more_online' has no response 'agre'; expected one"),
        (lambda s: findings.split(s, "preferred_colour", "public"), "The question 'preferred_colour' isn't known"),
        (lambda s: findings.leader(s, "quality_enablers", "martians"), "The population 'martians' isn't known"),
        (lambda s: findings.item_contrast(s, "more_onlin"), "The item 'more_onlin' isn't known"),
        (lambda s: findings.leading_answers(s, "more_online", "martians"), "The population 'martians' isn't known"),
        (lambda s: charts.shares(s, ["public.more_online.agre"], "online", "Online"), "'more_online' has no response"),
        (lambda s: charts.ranked(s, "quality_enablers", "martians"), "The population 'martians' isn't known"),
        (lambda s: charts.answers(s, "more_onlin"), "The item 'more_onlin' isn't known"),
        (lambda s: charts.results(s, "preferred_colour"), "The question 'preferred_colour' isn't known"),
        (lambda s: charts.stacked(s, "preferred_colour"), "The question 'preferred_colour' isn't known"),
        (lambda s: charts.means(s, "preferred_colour"), "The question 'preferred_colour' isn't known"),
    ],
)
def test_what_the_codebook_does_not_know_is_refused_by_its_name_where_what_was_not_asked_is_said(
    survey: Survey, ask: Callable[[Survey], object], said: str
) -> None:
    with pytest.raises(SurveybookError, match=re.escape(said)):
        ask(survey)


def test_parts_of_a_population_are_called_as_the_report_calls_them(survey: Survey) -> None:
    said = findings.reply(survey, MANAGERS).text
    assert said.startswith("Of managers among frontline staff, “a similar proportion” agree with")
    assert said.endswith("; the source gives no number.")
    assert findings.reply(survey, OTHERS).text.startswith("The share of frontline staff other than managers who agree")
    assert "no answer" in findings.reply(survey, "frontline[role=manager].enough_choice.agree").text
    assert findings.people(survey, "public", "age=55+") == "the public (age: 55+)"
    improved = "frontline[role=manager].services_improved.agree"
    numbers = {MANAGERS: 33, improved: 60}
    both = wave_with(numbers, bases=dict.fromkeys(numbers, 200))
    assert findings.two_answers(both, MANAGERS, improved).text.startswith("33% of managers among frontline staff agree")


def test_what_a_report_said_is_told_from_what_follows_the_wave(survey: Survey) -> None:
    report = open_report(survey)
    computed = [findings.share(report, WISH), findings.who_was_asked(report)]
    for said in (*computed, findings.first_places(report, "quality_indicators")):
        assert said.waves == ("2004",)
    assert findings.share(survey, WISH).waves == ("",)


@pytest.mark.parametrize("question", ["quality_indicators", "enough_choice", "channel_attributes"])
def test_nothing_is_said_of_what_was_not_asked(survey: Survey, question: str) -> None:
    left = "question_id in ['unsure_customer', 'taxes_spent_efficiently']"
    survey = replace(survey, asked=survey.asked.query(left), estimates=survey.estimates.query(left))
    answers = [
        findings.leader(survey, question, "public"),
        findings.first_places(survey, question),
        findings.contrast(survey, question),
        findings.two_answers(survey, "public.enough_choice.agree", "public.more_online.agree"),
        findings.reply(survey, "public.enough_choice.agree"),
        findings.item_contrast(survey, "value_for_money"),
        findings.split(survey, "preferred_channel", "public"),
    ]
    assert [said.text for said in answers] == [""] * len(answers)


# Nothing is called first where an answer without a figure may be larger.
FEW = {"public.services_improved.agree": 28, "public.services_improved.disagree": 18}
LOST = {"public.customer_satisfaction.chosen": None, "public.value_for_money.chosen": 45}


def test_of_two_sides_the_larger_does_not_lead_beside_a_larger_rest():
    said = findings.leading_answers(wave_with(FEW), "services_improved", "public").text
    assert "most common" not in said
    assert said.endswith("28% of the public agree and 18% disagree; 54% gave another answer or none")


def test_an_answer_that_no_other_can_pass_still_leads():
    whole = wave_with({**FEW, "public.services_improved.agree": 52})
    said = findings.leading_answers(whole, "services_improved", "public").text
    assert "“Agree” (52%) is the most common answer among the public" in said


def test_where_most_gave_neither_of_two_answers_it_is_said():
    said = findings.two_answers(wave_with(FEW), *FEW).text
    assert said.endswith("18% disagree; 54% gave another answer or none.")


def test_an_item_without_a_figure_may_be_first():
    wave = wave_with(LOST)
    first = "Of the answers with figures, value for money (45%) comes first among the public"
    assert findings.leader(wave, "quality_indicators", "public").text.startswith(first)
    assert findings.first_places(wave, "quality_indicators").text.startswith(first)
    chart = charts.ranked(wave, "quality_indicators", "public", name="uses")
    assert chart.title == first
