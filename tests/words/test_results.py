"""How a question came out, by its kind: plain sentences, no superlative over an incomplete set, no error told."""

from dataclasses import replace
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
import yaml

from surveybook import charts
from surveybook.exhibits.cards import CHANGE, GAP, MAJORITY, Highlight, find_highlights
from surveybook.model import wording
from surveybook.model.report import read_report
from surveybook.model.survey import NUMBERS, Survey
from surveybook.respondents.disclosure import SUPPRESSED
from surveybook.words import findings, naming
from surveybook.words.groups import find_name, repeats_grouping
from tests.words import RESPONSES, make_survey, rate

CASES = yaml.safe_load(Path(__file__).with_name("said.yml").read_text(encoding="utf-8"))


@pytest.fixture(autouse=True)
def whole_percentages(monkeypatch: pytest.MonkeyPatch) -> None:
    report = read_report().model_copy(update={"decimals": 0})
    monkeypatch.setattr("surveybook.model.wording.read_report", lambda: report)


def survey_of(case: dict[str, Any]) -> Survey:
    """Return the survey that a case describes: a kind with its shares, groups, and how its answers are called."""

    def answer(percents: dict[str, Any]) -> dict[str, dict[str, float]]:
        shares = percents if isinstance(next(iter(percents.values())), dict) else {}
        return shares or {item: rate(one) if kind == "content" else {"chosen": one} for item, one in percents.items()}

    kind = next(name for name in RESPONSES if name in case)
    groups = {domain: answer(percents) for domain, percents in case.get("groups", {}).items()}
    survey = make_survey(kind, answer(case[kind]), groups=groups)
    responses = survey.codebook.responses.set_index("response", drop=False)
    responses = responses.loc[case.get("in_order", responses.index)].reset_index(drop=True)
    responses = responses.assign(label=case.get("labels", responses["label"]))
    return replace(survey, codebook=replace(survey.codebook, responses=responses))


@pytest.mark.parametrize("case", CASES, ids=[case["shows"] for case in CASES])
def test_a_question_is_told_word_for_word(case: dict[str, Any]) -> None:
    survey = survey_of(case)
    if "highlights" in case:
        assert [one.says.text for one in find_highlights(survey)] == case["highlights"]
    for function in ("headline", "result", "result_under_title", "quote_question", "group_differences"):
        if function in case:
            said, wanted = str(getattr(findings, function)(survey, "services")), case[function]
            assert said.endswith(wanted[1:]) if wanted.startswith("…") else said == wanted


def test_a_scale_that_runs_up_is_drawn_from_the_side_that_speaks_for_it() -> None:
    survey = survey_of({"content": {"Services": 55}, "in_order": ["not", "fairly", "very", "dont_know", "satisfied"]})
    parts = [record for record in charts.results(survey, "services").spec["data"]["values"] if "from" in record]
    assert [one["series"] for one in parts] == ["Very satisfied", "Fairly satisfied", "Don’t know", "Dissatisfied"]


def test_statements_that_are_level_are_told_with_the_answer_that_speaks_for_them() -> None:
    level = make_survey("content", {name: rate(43) for name in ("Parks", "Pools", "Roads", "Buses")})
    said = "No answer leads among residents: all four are each answered “satisfied” by 43%."
    assert findings.leader(level, "services", "residents").text == said


def test_marks_within_quoted_words_are_single() -> None:
    assert wording.quote('He said "we".') == "“He said ‘we’”"


def test_apostrophes_of_a_file_are_set_as_those_of_the_page() -> None:
    """Titles and pictures had “won't” where the text beneath had “won’t”."""
    assert wording.Phrase("27% say “won't”").text == "27% say “won’t”"
    assert wording.quote("I won't") == "“I won’t”"


def test_what_an_answer_is_given_to_is_quoted_and_words_that_go_on_are_an_answer() -> None:
    survey = make_survey("often", {"Parks": {"daily": 60.0}, "Pools": {"daily": 20.0}})
    daily = survey.estimates.iloc[0]
    assert naming.say_reply(survey, daily) == "answer “daily” to “Parks”"
    worded = survey_of(
        {
            "often": {"Parks": {"daily": 60.0}, "Pools": {"daily": 20.0}},
            "labels": ["Satisfied with it", "Weekly", "Never"],
        }
    )
    assert naming.say_reply(worded, daily) == "answer “satisfied with it” to “Parks”"


def test_of_a_question_that_was_put_to_some_it_is_said_of_whom() -> None:
    survey = make_survey("multiple", {"Bus": {"chosen": 60.0}, "Tram": {"chosen": 30.0}})
    other = survey.asked.assign(question_id=["parks"])
    asked = pd.concat([survey.asked, other, other.assign(question_id="roads")], ignore_index=True)
    some = replace(survey, asked=asked.assign(universe=["those who travelled", "", ""]))
    assert findings.result(some, "services").text.startswith("Only those who travelled are counted. 60%")


def test_of_a_question_that_clearly_fewer_answered_it_is_said_how_many_did() -> None:
    survey = make_survey("multiple", {"Bus": {"chosen": 60.0}, "Tram": {"chosen": 30.0}})
    asked_most = survey.estimates.assign(question_id="other", base=5000)
    few = replace(survey, estimates=pd.concat([survey.estimates.assign(base=900), asked_most]))
    assert findings.result(few, "services").text.startswith("60% of the 900 residents who answered choose bus")
    nearly_all = replace(few, estimates=few.estimates.assign(base=few.estimates["base"].clip(4600)))
    assert findings.result(nearly_all, "services").text.startswith("60% of residents choose bus")
    numbers = pd.DataFrame({"population": ["residents"], "domain": [""], "base": [5000.0]}).reindex(columns=NUMBERS)
    of_numbers = replace(survey, estimates=survey.estimates.assign(base=900), numbers=numbers)
    assert findings.result(of_numbers, "services").text.startswith("60% of the 900 residents who answered choose bus")
    often = make_survey("often", {"Parks": {"daily": 60.0}, "Pools": {"daily": 20.0}})
    fewer = replace(often, estimates=pd.concat([often.estimates.assign(base=900), asked_most]))
    assert findings.tell_share(fewer, fewer.estimates.iloc[0]).startswith(
        "60% of the 900 residents who replied answer “daily”"
    )


TWO = {"Parks": rate(82), "Libraries": rate(70)}


def test_what_rose_to_a_majority_is_said_once_on_a_landing_page(monkeypatch: pytest.MonkeyPatch) -> None:
    rose, more = "82% are satisfied, up from 60%.", "By tenure, 90% are satisfied, against 60%."
    found = [Highlight(sort, "services", wording.Phrase(text), pd.DataFrame(), 0.2)
             for sort, text in ((CHANGE, rose), (MAJORITY, rose), (GAP, more))]  # fmt: skip
    monkeypatch.setattr("surveybook.exhibits.cards.list_findings", lambda *_: found)
    assert [one.says.text for one in find_highlights(make_survey("content", TWO))] == [rose, more]


def test_a_landing_page_tells_of_each_question_before_it_tells_more_of_one(monkeypatch: pytest.MonkeyPatch) -> None:
    """Two of three changes on a front page were of one question, whose answers rose as others fell."""
    sizes = {"situation": (0.6, 0.5), "trust": (0.1,)}

    def list_changes(_: Survey, question: str) -> list[Highlight]:
        told = [wording.Phrase(f"{question} {size}") for size in sizes[question]]
        return [Highlight(CHANGE, question, one, pd.DataFrame(), float(one.text[-3:])) for one in told]

    monkeypatch.setattr("surveybook.exhibits.cards.list_findings", list_changes)
    survey = make_survey("content", TWO)
    survey = replace(survey, codebook=replace(survey.codebook, questions=pd.DataFrame(index=[*sizes])))
    assert [one.says.text for one in find_highlights(survey)] == ["situation 0.6", "trust 0.1", "situation 0.5"]


def test_a_gap_with_a_group_of_fewer_than_a_hundred_is_no_finding_of_a_landing_page() -> None:
    """A front page led with what 40 people of one religion said, against 1,300 of another."""
    survey = make_survey("content", TWO, groups={"sex=female": {"Parks": rate(95)}, "sex=male": {"Parks": rate(50)}})
    few = survey.estimates.assign(base=survey.estimates["base"].mask(survey.estimates["domain"] == "sex=male", 90))
    sorts = [{one.sort for one in find_highlights(one)} for one in (survey, replace(survey, estimates=few))]
    assert [GAP in found for found in sorts] == [True, False]


def test_what_changed_is_told_with_what_was_asked_where_people_only_say_something() -> None:
    """Over a page of changes stood "42% say “yes”, down from 48%", of which question nobody could tell."""
    alone, several = make_survey("how_often", {"Flying": {"daily": 60}}), make_survey("content", TWO)
    leads = [findings.find_leads(survey, "services", "residents").iloc[0] for survey in (alone, several)]
    told = [findings.tell_asked_share(survey, row) for survey, row in zip((alone, several), leads, strict=True)]
    assert told == ["Services – 60% of residents say “daily”", "82% of residents are satisfied with parks"]


@pytest.mark.parametrize(("share", "sorts"), [(98, [MAJORITY]), (99, [])])
def test_what_everybody_may_have_as_far_as_sampling_tells_is_no_finding(share: int, sorts: list[str]) -> None:
    park = {**rate(share), "not": 100.0 - share, "dont_know": 0.0}
    survey = make_survey("content", {"Parks": park, "Libraries": rate(70)})
    assert [one.sort for one in find_highlights(survey)] == sorts


def test_the_headline_of_a_chapter_is_of_the_first_question_that_has_one(monkeypatch: pytest.MonkeyPatch) -> None:
    """Of a question that few were asked no figure is shown, and the chapter was told by that question's name."""
    survey = make_survey("content", TWO)
    shown = wording.Phrase("82% are satisfied", ("residents.parks.satisfied",))
    said = {"few": wording.Phrase("How many pools"), "services": shown}
    titles = survey.codebook.questions.reindex(["few", "services"]).assign(
        title=["How many pools", "Council: services"]
    )
    monkeypatch.setattr("surveybook.judgement.headlines.headline", lambda _, question: said[question])
    monkeypatch.setattr("surveybook.judgement.headlines.populations_asked", lambda *_: ["residents"])
    survey = replace(survey, codebook=replace(survey.codebook, questions=titles))
    assert findings.chapter_headline(survey, "few", "services").text == "Council: services – 82% are satisfied"
    assert findings.chapter_headline(survey, "services", named=True).text == "Services – 82% are satisfied"
    assert findings.chapter_headline(survey, "few").text == "How many pools"


def test_who_was_asked_says_what_nobody_stated() -> None:
    said = findings.who_was_asked(make_survey("content", TWO)).text
    assert said == "1,000 residents answered. When and how they were asked is not stated."


def test_how_sure_figures_are_is_said_where_chance_is_nothing_not_known_or_not_all() -> None:
    survey = make_survey("content", TWO)
    exact, unknown = (replace(survey, estimates=survey.estimates.assign(low=end, high=end))
                      for end in (survey.estimates["share"], float("nan")))  # fmt: skip
    chosen = replace(survey, metadata={"populations": {"residents": {"probability": False}}})
    assert findings.certainty(exact).text == "Everybody was asked, so these figures have no sampling error."
    assert "can’t be told" in findings.certainty(unknown).text
    assert findings.certainty(chosen).text.endswith("not drawn at random, so that chance is not the whole of it.")
    hidden = survey.estimates.assign(low=float("nan"), high=float("nan"), status="unpublished", note=SUPPRESSED)
    few = findings.certainty(replace(survey, estimates=hidden)).text
    assert few == "Too few people answered for any figure to be shown."


def test_a_question_to_few_is_not_how_sure_the_others_are() -> None:
    survey = make_survey("content", TWO)
    figures = survey.estimates.copy()
    figures.loc[figures.index[-1], ["base", "low", "high"]] = [40, 0.1, 0.5]
    said = findings.certainty(replace(survey, estimates=figures)).text
    assert "within about 3 points of those shown here, and within about 20 points where fewer" in said


@pytest.mark.parametrize(
    ("names", "are_plural"),
    [
        (["high levels of crime", "opening hours", "green spaces (parks)"], True),
        (["value for money", "customer focus", "access", "politics", "“Long waits”", "Wales"], False),
    ],
    ids=["several things", "one thing, a name or a quoted label"],
)
def test_several_things_come_first_and_one_comes_first(names: list[str], are_plural: bool) -> None:
    assert {naming.is_plural(name) for name in names} == {are_plural}


@pytest.mark.parametrize("label", ["Through a web browser", "On foot", "In person", "With friends", "We walk there",
                                   "Yes, a car"])  # fmt: skip
def test_what_names_no_thing_is_quoted(label: str) -> None:
    assert not naming.is_name(label)
    assert naming.is_name(f"The thing called {label.split()[-1]}")


def test_where_most_options_are_sentences_all_are_quoted() -> None:
    shares = {"Men have more choice": 60.0, "Men are taken seriously": 30.0, "Men make more money": 20.0}
    survey = make_survey("multiple", {name: {"chosen": share} for name, share in shares.items()})
    last = survey.estimates.iloc[-1]
    assert naming.say_reply(survey, last) == "choose “Men make more money”"


def test_a_question_that_was_not_put_is_said_not_to_be() -> None:
    survey = make_survey("content", TWO)
    dropped = replace(survey, asked=survey.asked.assign(source="not_asked"))
    assert findings.headline(dropped, "services").text == "not asked in 2031"


def test_gaps_between_many_people_are_told_before_wider_ones_between_few() -> None:
    apart = {"ward=one": 90, "ward=other": 50, "tenure=own": 75, "tenure=rent": 55}
    groups = {name: {"Parks": rate(one)} for name, one in apart.items()}
    survey = make_survey("content", {"Parks": rate(70)}, groups=groups)
    rows = survey.estimates
    few = rows["domain"].str.startswith("ward").map({True: 6.0, False: 1.0})
    base = rows["base"] / few**2
    rows = rows.assign(standard_error=rows["standard_error"] * few, base=base, effective_base=base)
    told = findings.group_differences(replace(survey, estimates=rows), "services").text
    assert told.startswith("By tenure, 75% (own) are satisfied, against 55% (rent). By ward, 90% (one) are")


def test_groups_are_not_compared_over_what_groups_them() -> None:
    case = {"single": {"Currently not working": 40}, "groups": {}}
    survey = survey_of(case)
    titled = survey.codebook.questions.assign(title="Where do you work?")
    asked = replace(survey, codebook=replace(survey.codebook, questions=titled))
    assert repeats_grouping(asked, "working_status=retired", "services")
    assert not repeats_grouping(asked, "age_group=old", "services")
    assert not repeats_grouping(survey, "working_status=retired", "services")


@pytest.mark.parametrize(
    ("grouping", "group", "called"),
    [
        ("age group", "65+", "{who} aged 65 or over"),
        ("age", "25-34 years", "{who} aged 25 to 34"),
        ("gender", "Female", "women"),
        ("marital status", "never married", "{who} who never married"),
        ("region", "Île-de-France", "{who} in the Île-de-France region"),
        ("region", "Northeast", "{who} in the Northeast"),
        ("what country are you in", "Switzerland", "{who} in Switzerland"),
        ("education", "Some college", "{who} with some college education"),
        ("household income", "$25,000 to $34,999", "{who} with a household income of $25,000 to $34,999"),
        ("three point party id", "republican", "Republicans"),
        ("respondent 5 category level of education", "master’s degree (e.g. MA, MS)", "{who} with a master’s degree"),
        ("race and ethnicity", "white, non-Hispanic", "white non-Hispanic {who}"),
        ("children", "Yes", ""),
        ("carers gender", "female", ""),
        ("geschlecht", "weiblich", ""),
        ("age completed formal education", "17-18", ""),
    ],
)
def test_people_of_a_group_are_called_as_one_speaks_of_them_where_it_is_known(
    grouping: str, group: str, called: str
) -> None:
    """A file names groups in any language and of any sort: what has no words here is told by its own name."""
    assert find_name(grouping, group) == called


def test_people_without_a_plain_name_are_those_of_a_group() -> None:
    working = {"working_status=retired": {"Parks": rate(90)}, "working_status=unemployed": {"Parks": rate(60)}}
    survey = make_survey("content", TWO, groups=working)
    labels = survey.codebook.populations.assign(label="Staff of the council")
    survey = replace(survey, codebook=replace(survey.codebook, populations=labels))
    told = findings.group_differences(survey, "services").text
    assert told.startswith("90% of those who are retired are satisfied with parks, against 60% of those who are unemp")


def test_people_of_a_group_are_called_as_the_report_calls_them(monkeypatch: pytest.MonkeyPatch) -> None:
    survey = make_survey("content", TWO, groups={"tenure=own": {"Parks": rate(90)}, "tenure=rent": {"Parks": rate(60)}})
    called = {"tenure=own": "home owners among {}", "tenure=rent": "tenants among {}"}
    report = read_report().model_copy(update={"groups": called})
    for module in ("groups", "naming"):
        monkeypatch.setattr(f"surveybook.words.{module}.read_report", lambda: report)
    told = findings.group_differences(survey, "services").text
    assert told.startswith("90% of home owners among residents are satisfied with parks, against 60% of tenants among")


def test_answers_in_brief_say_how_many_gave_them_where_others_answered_more() -> None:
    survey = make_survey("single", {"Married": {"chosen": 60.0}, "Divorced": {"chosen": 0.0}})
    assert findings.answers_in_brief(survey, "services").text == "Married 60%, Divorced 0%"
    asked_most = survey.estimates.assign(question_id="other", base=5000)
    few = replace(survey, estimates=pd.concat([survey.estimates.assign(base=55), asked_most]))
    assert findings.answers_in_brief(few, "services").text == "Married 60%, Divorced 0% (of 55 who answered)"


def test_of_two_answers_that_leave_nothing_else_one_change_is_told() -> None:
    """A front page had "83% say 'individual contributor', down from 90%", and next to it the rest, up from 10%."""
    shares = [{"Alone": {"chosen": 83.0 - fall}, "In a team": {"chosen": 17.0 + fall}} for fall in (0, 20)]
    now, before = (make_survey("single", one) for one in shares)
    survey = replace(now, baseline=replace(before, wave="2030"))
    changes = [one.says.text for one in find_highlights(survey) if one.sort == CHANGE]
    assert changes == ["83% of residents say “alone”, up from 63%."]
