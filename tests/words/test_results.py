"""How a question came out, by its kind: plain sentences, no superlative over an incomplete set, no error told."""

from dataclasses import replace

import pandas as pd
import pytest

from surveybook import charts, findings
from surveybook.exhibits.cards import CHANGE, GAP, MAJORITY, Highlight, find_highlights
from surveybook.model import wording
from surveybook.model.report import read_report
from surveybook.words import naming
from surveybook.words.shares import find_gaps
from tests.words.surveys import make_survey, rate


@pytest.fixture(autouse=True)
def whole_percentages(monkeypatch: pytest.MonkeyPatch) -> None:
    report = read_report().model_copy(update={"decimals": 0})
    monkeypatch.setattr("surveybook.model.wording.read_report", lambda: report)


BATTERY = {"Parks": rate(82), "Libraries": rate(70), "Street lighting": rate(48), "Snow removal": rate(31)}


def test_a_battery_is_told_by_its_majorities_and_by_what_comes_last() -> None:
    survey = make_survey("content", BATTERY)
    assert findings.headline(survey, "services").text == "82% are satisfied with parks, 31% with snow removal"
    assert findings.result(survey, "services").text == (
        "Majorities of residents are satisfied with two of the four, from parks (82%) to libraries (70%). "
        "Snow removal comes last (31%)."
    )
    assert findings.quote_question(survey, "services") == (
        "Question: “Services?” Shown: the share who answered “very satisfied” or “fairly satisfied”."
    )


def test_nothing_comes_last_where_an_item_has_no_figure() -> None:
    survey = make_survey("content", {**BATTERY, "Roads": dict.fromkeys(rate(1), float("nan"))})
    assert "last" not in findings.result(survey, "services").text


def test_items_that_sampling_cannot_tell_apart_share_the_last_place() -> None:
    survey = make_survey("content", {**BATTERY, "Roads": rate(32)})
    assert findings.result(survey, "services").text.endswith(
        "Roads (32%) and snow removal (31%) come last, too close to rank."
    )


def test_a_statement_is_quoted_and_a_name_is_not() -> None:
    survey = make_survey("content", {"How my street is lit": rate(60), "Parks": rate(50)})
    assert findings.headline(survey, "services").text == "60% are satisfied with “How my street is lit”, 50% with parks"
    survey = make_survey("scale", {"The city is well run": {"agree": 61.0, "disagree": 22.0}, "Parks": {"agree": 40.0}})
    assert findings.headline(survey, "services").text == "61% agree with “The city is well run”, 40% with “Parks”"


def test_a_question_that_is_put_once_is_told_by_its_answers_with_sides_in_place_of_their_parts() -> None:
    survey = make_survey("content", {"Services": rate(55)})
    assert findings.headline(survey, "services").text == "55% are satisfied; 40% say “dissatisfied”"
    assert findings.result(survey, "services").text == (
        "55% of residents say “very satisfied” or “fairly satisfied”, 40% “dissatisfied” and 5% “don’t know”."
    )


def test_a_scale_that_runs_up_is_told_and_drawn_from_the_side_that_speaks_for_it() -> None:
    survey = make_survey("content", {"Services": rate(55)})
    turned = survey.codebook.responses.iloc[[2, 1, 0, 3, 4]]
    survey = replace(survey, codebook=replace(survey.codebook, responses=turned))
    assert findings.result(survey, "services").text == (
        "55% of residents say “very satisfied” or “fairly satisfied”, 40% “dissatisfied” and 5% “don’t know”."
    )
    parts = [record for record in charts.results(survey, "services").spec["data"]["values"] if "from" in record]
    assert [one["series"] for one in parts] == ["Very satisfied", "Fairly satisfied", "Don’t know", "Dissatisfied"]


def test_of_many_answers_the_largest_come_first_and_the_rest_are_counted() -> None:
    answers = {"daily": 0.3, "weekly": 2.8, "monthly": 19.7, "yearly": 60.9, "never": 16.3}
    survey = make_survey("how_often", {"Flying": answers})
    assert findings.result(survey, "services").text == (
        "61% of residents say “yearly”, 20% “monthly” and 16% “never”; the other two answers have 3% or less each."
    )
    survey = make_survey("how_often", {"Flying": answers | {"yearly": 50.9}})
    assert findings.result(survey, "services").text.endswith("3% or less each; 10% gave another answer or none.")


def test_a_single_known_answer_is_no_order_and_the_rest_is_named() -> None:
    survey = make_survey("often", {"Services": {"daily": 34.0}})
    said = findings.result(survey, "services").text
    assert said == "34% of residents say “daily”; 66% gave another answer or none."
    assert "gave another answer or none" in findings.headline(survey, "services").text


def test_a_kind_without_sides_says_which_answer_is_usual_and_ranks_nothing() -> None:
    often = {"daily": 60.0, "weekly": 25.0, "never": 15.0}
    survey = make_survey(
        "often", {"Parks": often, "Libraries": often, "Pools": {**often, "daily": 15.0, "never": 60.0}}
    )
    assert findings.headline(survey, "services").text == "“Daily” is the most common answer to two of the three"
    assert "last" not in findings.result(survey, "services").text


def test_options_of_a_list_that_are_level_are_not_ranked() -> None:
    survey = make_survey("single", {"Bus": {"chosen": 40.0}, "Tram": {"chosen": 39.0}, "Train": {"chosen": 21.0}})
    assert findings.headline(survey, "services").text == "40% say “bus”, 39% “tram”, too close to call"
    assert findings.result(survey, "services").text == (
        "40% of residents say “bus”, 39% “tram” and 21% “train”; the first two are too close to call."
    )


def test_of_a_list_it_is_told_how_many_gave_which_answer_and_no_answer_is_called_the_first() -> None:
    # Nor could one be: people may have written others.
    survey = make_survey("multiple", {"Bus": {"chosen": 30.0}, "Tram": {"chosen": 20.0}})
    assert findings.headline(survey, "services").text == "30% choose bus, 20% tram"
    survey = make_survey("single", {"Bus": {"chosen": 30.0}, "Tram": {"chosen": 20.0}})
    assert findings.headline(survey, "services").text == "30% say “bus”, 20% “tram”"
    assert [one.says.text for one in find_highlights(survey)] == []
    survey = make_survey("multiple", {"For better pay": {"chosen": 30.0}, "A promotion": {"chosen": 20.0}})
    assert findings.headline(survey, "services").text == "30% choose “For better pay”, 20% a promotion"


def test_marks_within_quoted_words_are_single_and_one_full_stop_is_left_to_the_sentence_around() -> None:
    survey = make_survey("scale", {"I say “we”, not “they”.": {"agree": 61.0}, "It is …..": {"agree": 40.0}})
    assert wording.quote('He said "we".') == "“He said ‘we’”"
    assert findings.headline(survey, "services").text == "61% agree with “I say ‘we’, not ‘they’”, 40% with “It is …..”"


def test_what_an_answer_is_given_to_is_quoted_and_words_that_go_on_are_an_answer() -> None:
    survey = make_survey("often", {"Parks": {"daily": 60.0}, "Pools": {"daily": 20.0}})
    daily = survey.estimates.iloc[0]
    assert naming.say_reply(survey, daily) == "answer “daily” to “Parks”"
    labels = survey.codebook.responses.assign(label=["Satisfied with it", "Weekly", "Never"])
    worded = replace(survey, codebook=replace(survey.codebook, responses=labels))
    assert naming.say_reply(worded, daily) == "answer “satisfied with it” to “Parks”"


def test_what_two_shares_have_in_common_is_said_once() -> None:
    survey = make_survey("content", {"Services": rate(55)})
    labels = survey.codebook.responses.assign(label=["Excellent", "Good", "Very poor", "Don’t know", "Good or better"])
    rated = replace(survey, codebook=replace(survey.codebook, responses=labels))
    assert findings.headline(rated, "services").text == "55% say “excellent” or “good”; 40% “very poor”"
    survey = make_survey("content", {"Parks": rate(55), "Roads": rate(20)})
    labels = survey.codebook.responses.assign(
        label=["Excellent", "Good", "Very poor", "Don’t know", "Excellent or good"]
    )
    rated = replace(survey, codebook=replace(survey.codebook, responses=labels))
    assert findings.headline(rated, "services").text == "55% rate parks as excellent or good, 20% roads"
    survey = make_survey("multiple", {"IT to work differently": {"chosen": 30.0}, "IT training": {"chosen": 20.0}})
    assert findings.headline(survey, "services").text == "30% choose IT to work differently, 20% IT training"


def test_an_abbreviation_keeps_its_full_stop() -> None:
    survey = make_survey("single", {"The U.S.": {"chosen": 60.0}, "Other places.": {"chosen": 40.0}})
    assert findings.headline(survey, "services").text == "60% say “the U.S.”, 40% “other places”"


def test_an_answer_that_is_usual_for_few_statements_gives_way_to_the_largest_share() -> None:
    often, never = {"daily": 60.0, "weekly": 40.0}, {"daily": 50.0, "weekly": 50.0}
    names = ["Parks", "Libraries", "Pools", "Roads", "Buses"]
    survey = make_survey("often", {name: often if place < 2 else never for place, name in enumerate(names)})
    assert findings.headline(survey, "services").text == "60% answer “daily” to “Parks”"


def test_of_a_question_that_was_put_to_some_it_is_said_of_whom() -> None:
    survey = make_survey("multiple", {"Bus": {"chosen": 60.0}, "Tram": {"chosen": 30.0}})
    other = survey.asked.assign(question_id=["parks"])
    asked = pd.concat([survey.asked, other, other.assign(question_id="roads")], ignore_index=True)
    some = replace(survey, asked=asked.assign(universe=["those who travelled", "", ""]))
    assert findings.result(some, "services").text.startswith("Only those who travelled are counted. 60%")


GROUPS = {
    "tenure=own": {"Parks": rate(90), "Libraries": rate(71)},
    "tenure=rent": {"Parks": rate(70), "Libraries": rate(70)},
}
TWO = {"Parks": rate(82), "Libraries": rate(70)}


def test_groups_are_told_apart_only_where_sampling_does_not_explain_it() -> None:
    survey = make_survey("content", TWO, groups=GROUPS)
    assert findings.group_differences(survey, "services").text == (
        "By tenure, 90% (own) are satisfied with parks, against 70% (rent)."
    )
    same = {domain: {"Parks": rate(82)} for domain in GROUPS}
    assert findings.group_differences(make_survey("content", TWO, groups=same), "services").text == ""


def test_suppressed_groups_and_groups_made_of_the_question_itself_are_not_compared() -> None:
    hidden = {"tenure=own": {"Parks": rate(90)}, "tenure=rent": {"Parks": dict.fromkeys(rate(1), float("nan"))}}
    assert find_gaps(make_survey("content", TWO, groups=hidden), "services").empty
    itself = {"tenure=own": {"Own": {"chosen": 100.0}}, "tenure=rent": {"Own": {"chosen": 0.0}}}
    assert find_gaps(make_survey("single", {"Own": {"chosen": 60.0}}, groups=itself), "services").empty


def test_what_rose_to_a_majority_is_said_once_on_a_landing_page(monkeypatch: pytest.MonkeyPatch) -> None:
    rose, more = "82% are satisfied, up from 60%.", "By tenure, 90% are satisfied, against 60%."
    found = [Highlight(sort, "services", wording.Phrase(text), pd.DataFrame(), 0.2)
             for sort, text in ((CHANGE, rose), (MAJORITY, rose), (GAP, more))]  # fmt: skip
    monkeypatch.setattr("surveybook.exhibits.cards.list_findings", lambda *_: found)
    assert [one.says.text for one in find_highlights(make_survey("content", TWO))] == [rose, more]


def test_a_landing_page_leads_with_the_clearest_and_leaves_out_what_is_no_news() -> None:
    survey = make_survey("content", TWO, groups=GROUPS)
    assert [one.sort for one in find_highlights(survey)] == [MAJORITY, GAP]
    assert find_highlights(survey)[0].says.text == "82% of residents are satisfied with parks."
    assert find_highlights(survey, leave_out=["services"]) == []


def test_who_was_asked_says_what_nobody_stated() -> None:
    survey = make_survey("content", TWO)
    assert (
        findings.who_was_asked(survey).text == "1,000 residents answered. When and how they were asked is not stated."
    )
    told = {"residents": {"sample_size": 1000, "mode": "online", "fieldwork": "May 2031"}}
    known = replace(survey, metadata={"populations": told})
    assert findings.who_was_asked(known).text == "In May 2031, 1,000 residents answered online."
    assert "within about 3 points" in findings.certainty(survey).text


def test_how_sure_figures_are_is_said_where_chance_is_nothing_not_known_or_not_all() -> None:
    survey = make_survey("content", TWO)
    exact, unknown = (replace(survey, estimates=survey.estimates.assign(low=end, high=end))
                      for end in (survey.estimates["share"], float("nan")))  # fmt: skip
    chosen = replace(survey, metadata={"populations": {"residents": {"probability": False}}})
    assert findings.certainty(exact).text == "Everybody was asked, so these figures have no sampling error."
    assert "can’t be told" in findings.certainty(unknown).text
    assert findings.certainty(chosen).text.endswith("not drawn at random, so that chance is not the whole of it.")


def test_a_question_to_few_is_not_how_sure_the_others_are() -> None:
    survey = make_survey("content", TWO)
    figures = survey.estimates.copy()
    figures.loc[figures.index[-1], ["base", "low", "high"]] = [40, 0.1, 0.5]
    said = findings.certainty(replace(survey, estimates=figures)).text
    assert "within about 3 points of those shown here, and within about 20 points where fewer" in said


@pytest.mark.parametrize("name", ["high levels of crime", "opening hours", "green spaces (parks)"])
def test_several_things_come_first(name: str) -> None:
    assert naming.is_plural(name)


@pytest.mark.parametrize("name", ["value for money", "customer focus", "access", "politics", "“Long waits”", "Wales"])
def test_one_thing_or_a_name_or_a_quoted_label_comes_first(name: str) -> None:
    assert not naming.is_plural(name)


def test_groups_that_are_made_of_the_answer_are_no_news() -> None:
    voters = {"party=Red": {"Red": {"chosen": 97.0}}, "party=Blue": {"Red": {"chosen": 1.0}}}
    survey = make_survey("single", {"Red": {"chosen": 45.0}, "Blue": {"chosen": 40.0}}, groups=voters)
    assert GAP not in [one.sort for one in find_highlights(survey)]


def test_of_many_ways_to_group_people_those_are_told_that_part_them_most() -> None:
    apart = {
        f"{variable}={side}": {"Parks": rate(70 + sign * size)}
        for variable, size in {"age": 6, "ward": 14, "sex": 8, "tenure": 10, "pay": 12}.items()
        for side, sign in (("one", 1), ("other", -1))
    }
    told = findings.group_differences(make_survey("content", TWO, groups=apart), "services").text
    assert told == (
        "By ward, 84% (one) are satisfied with parks, against 56% (other); by pay, 82% (one), against 58% (other); "
        "by tenure, 80% (one), against 60% (other). Two other groupings show gaps too."
    )


def test_groups_of_a_question_are_those_who_gave_its_answers() -> None:
    asked = "do_you_own_or_rent_your_home"
    groups = {f"{asked}=Own – outright": {"Parks": rate(90)}, f"{asked}=rent": {"Parks": rate(70)}}
    assert findings.group_differences(make_survey("content", TWO, groups=groups), "services").text == (
        "90% of those who say “Own – outright” are satisfied with parks, against 70% of those who say “rent”."
    )


def test_a_question_that_was_not_put_is_said_not_to_be() -> None:
    survey = make_survey("content", TWO)
    dropped = replace(survey, asked=survey.asked.assign(source="not_asked"))
    assert findings.headline(dropped, "services").text == "not asked in 2031"


def test_gaps_between_many_people_are_told_before_wider_ones_between_few() -> None:
    apart = {"ward=one": 90, "ward=other": 50, "tenure=own": 75, "tenure=rent": 55}
    survey = make_survey(
        "content", {"Parks": rate(70)}, groups={name: {"Parks": rate(one)} for name, one in apart.items()}
    )
    rows = survey.estimates
    few = rows["domain"].str.startswith("ward").map({True: 6.0, False: 1.0})
    rows = rows.assign(
        standard_error=rows["standard_error"] * few, base=rows["base"] / few**2, effective_base=rows["base"] / few**2
    )
    told = findings.group_differences(replace(survey, estimates=rows), "services").text
    assert told == "By tenure, 75% (own) are satisfied, against 55% (rent); by ward, 90% (one), against 50% (other)."
