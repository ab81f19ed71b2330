"""Sentences about a wave: numbers and directions follow the estimates and their uncertainty."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pandas as pd
import pytest

from surveybook.model import wording
from surveybook.model.figures import find_figure, key_of
from surveybook.model.problems import SurveybookError
from surveybook.stats.comparison import compare_figures
from surveybook.waves import open_wave
from surveybook.words import findings
from whyict.channels import channel_winners

Edit = Callable[[str, str, str], Path]


def test_a_clear_lead_is_stated_with_its_interval() -> None:
    said = findings.leader(open_wave("2004"), "quality_indicators", "public")
    assert "customer satisfaction comes first" in said.text
    assert "68 per cent" in said.text
    assert "12 points (7 to 17)" in said.text
    assert said.figures == ("t1p_custsat", "t1p_vfm")


def test_a_lead_within_sampling_error_is_not_called_one() -> None:
    said = findings.leader(open_wave("2004"), "quality_enablers", "frontline").text
    assert "can’t be told apart" in said
    assert "comes first" not in said


def test_a_lead_that_shrinks_stops_being_called_one(edit: Edit) -> None:
    edit(
        "waves/2004/estimates.csv",
        "customer_satisfaction,chosen,number,68,0,,1000",
        "customer_satisfaction,chosen,number,57,0,,1000",
    )
    assert (
        "can’t be told apart from value for money"
        in findings.leader(open_wave("2004"), "quality_indicators", "public").text
    )


def test_almost_equal_halves_are_within_sampling_error() -> None:
    said = findings.agree_or_disagree(open_wave("2004"), "public", "services_improved").text
    assert "the gap of 4 points (−2 to 10) is within sampling error" in said


def test_words_are_repeated_and_never_counted() -> None:
    said = findings.level(open_wave("2004"), "public.out_of_hours_access.agree").text
    assert "more than three-quarters" in said
    assert not any(character.isdigit() for character in said)


def test_a_reply_opens_with_how_it_stands_to_one_half() -> None:
    survey = open_wave("2004")
    assert findings.reply(survey, "public.enough_choice.agree").text.startswith(
        "A majority of the public, 78 per cent (75 to 80), agree with “"
    )
    said = findings.reply(survey, "public.more_online.agree").text
    assert said.startswith("About half of the public, 48 per cent (45 to 51), agree with “")
    assert said.endswith("; sampling can’t tell on which side.")


def test_a_share_after_a_colon_begins_in_lower_case() -> None:
    survey = open_wave("2004")
    for key in ("public.enough_choice.agree", "public.confidentiality.telephone", "public.out_of_hours_access.agree",
                "frontline.enough_choice.agree"):  # fmt: skip
        said = findings.level(survey, key).text
        assert not said[0].isupper(), said


def test_agreement_that_opens_a_chapter_says_with_what() -> None:
    said = findings.agree_or_disagree(open_wave("2004"), "public", "services_improved", quoted=True).text
    assert said.startswith(
        "44 per cent (41 to 47) of the public agree with “Public services have improved over the last three years” "
        "and 40 per cent (37 to 43) disagree; "
    )


def test_each_way_of_access_is_named_with_its_article() -> None:
    said = channel_winners(open_wave("2004")).text
    assert said.startswith("To the public, the best way is the one-stop shop for helpful staff (50 per cent)")
    assert said.endswith("; the telephone hotline for nothing on the list.")


def test_a_share_around_one_half_is_not_called_a_majority() -> None:
    assert "about half" in findings.level(open_wave("2004"), "public.more_online.agree").text
    assert "a majority" in findings.level(open_wave("2004"), "public.enough_choice.agree").text
    assert "a minority" in findings.level(open_wave("2004"), "public.services_can_offer_choice.agree").text


@pytest.mark.parametrize(
    ("key", "text"),
    [
        ("public.customer_satisfaction.chosen", "68 per cent"),
        ("public.out_of_hours_access.agree", "more than three-quarters"),
        ("public.confidentiality.telephone", "not published"),
        ("frontline.confidentiality.telephone", "not asked"),
    ],
)
def test_a_share_is_given_as_the_wave_has_it(key: str, text: str) -> None:
    assert findings.share(open_wave("2004"), key).text == text


def test_a_key_that_is_none_is_refused() -> None:
    with pytest.raises(SurveybookError, match=r"expected population\.item\.response"):
        find_figure(open_wave("2004"), "value for money")


def test_every_figure_is_found_by_its_own_key() -> None:
    survey = open_wave("2004")
    for _, figure in survey.estimates.iterrows():
        found = find_figure(survey, key_of(figure))
        assert found is not None
        assert found["figure_id"] == figure["figure_id"]


def test_differently_worded_items_are_never_subtracted() -> None:
    survey = open_wave("2004")
    pair = [
        find_figure(survey, key) for key in ("frontline.own_service_vfm.agree", "public.taxes_spent_efficiently.agree")
    ]
    assert compare_figures(survey, *pair).method == "not tested"  # type: ignore[arg-type]


def test_managers_are_never_tested_against_the_sample_that_holds_them(edit: Edit) -> None:
    edit(
        "waves/2004/estimates.csv",
        "consult_managers,frontline,role=manager,consult_on_ict,agree,words,,,a similar proportion,,unknown",
        "consult_managers,frontline,role=manager,consult_on_ict,agree,number,33,0,,90,stated",
    )
    survey = open_wave("2004")
    manager = find_figure(survey, "frontline[role=manager].consult_on_ict.agree")
    staff = find_figure(survey, "frontline.management_listens.agree")
    assert manager is not None
    assert manager["low"] < 0.33 < manager["high"]
    assert staff is not None
    assert compare_figures(survey, manager, staff).method == "not tested"


@pytest.mark.parametrize(
    ("verbal", "expected"),
    [
        ("a third", (0.3133, 0.3533)),
        ("more than three-quarters", (0.75, 1.0)),
        ("fewer than half", (0.0, 0.5)),
        ("almost two-thirds", (0.6167, 0.6667)),
        ("a similar proportion", None),
        ("no such words", None),
    ],
)
def test_words_allow_a_range_or_nothing(verbal: str, expected: tuple[float, float] | None) -> None:
    found = wording.band(open_wave("2004").codebook, verbal)
    assert found == (None if expected is None else pytest.approx(expected))


@pytest.mark.parametrize(("value", "text"), [(-0.4, "0"), (-15.2, "−15"), (1234.0, "1,234"), (0.0, "0")])
def test_numbers_have_a_true_minus_and_no_negative_zero(value: float, text: str) -> None:
    assert wording.number(value) == text


def test_lists_and_labels_read_as_english() -> None:
    assert wording.listing([]) == ""
    assert wording.listing(["a"]) == "a"
    assert wording.listing(["a", "b", "c"]) == "a, b and c"
    assert wording.in_sentence("IT to work differently") == "IT to work differently"
    assert wording.in_sentence("Value for money") == "value for money"
    assert wording.points(0.01) == "1 point"
    assert wording.points(-0.31) == "31 points"


def test_an_item_on_which_two_populations_part_says_who_named_it_more_often_and_one_where_they_do_not_says_so() -> None:
    survey = open_wave("2004")
    apart = findings.item_contrast(survey, "value_for_money").text
    assert "the public named it more often, by 24 points (19 to 29)" in apart
    alike = findings.item_contrast(survey, "it_new_ways").text
    assert "within sampling error" in alike
    assert "more often" not in alike


def test_two_answers_of_one_population_are_compared_at_their_least_favourable_overlap() -> None:
    survey = open_wave("2004")
    keys = ("public.same_choice_as_elsewhere.agree", "public.services_can_offer_choice.agree")
    assert "leads by 47 points (42 to 52), however the answers overlap" in findings.two_answers(survey, *keys).text
    reverse = findings.two_answers(survey, *reversed(keys)).text
    assert "“choice as elsewhere” leads" in reverse


def test_a_place_in_the_list_counts_only_what_sampling_can_tell_apart() -> None:
    said = findings.place(open_wave("2004"), "quality_enablers", "frontline", "effective_it_use").text
    assert "behind seven of the other answers" in said
    assert "ahead of devolved decisions" in said
    assert "level, as far as sampling tells, with less back office" in said


def test_the_same_order_is_told_apart_from_the_same_shares() -> None:
    survey = open_wave("2004")
    same = findings.shared_order(survey, "efficiency_indicators").text
    assert "open with the same three answers in the same order" in same
    assert "on six of eight answers the shares are further apart than sampling explains" in same
    assert "the same answers in another order" in findings.orders(survey, "quality_indicators").text


def test_replies_of_managers_are_told_as_theirs_and_in_the_words_of_the_source() -> None:
    said = findings.reply(open_wave("2004"), "frontline[role=manager].consult_on_ict.agree").text
    assert said.startswith("Of managers among frontline staff, “a similar proportion” agree with")
    other = findings.reply(open_wave("2004"), "frontline[role=staff].ict_helps_change.agree").text
    assert other.startswith("The share of frontline staff other than managers who agree")
    assert "no answer" in findings.reply(open_wave("2004"), "frontline[role=manager].enough_choice.agree").text


def test_a_split_in_words_is_given_in_words_as_a_list_that_needs_no_articles() -> None:
    assert findings.split(open_wave("2004"), "preferred_channel", "public").text == (
        "Answers of the public: one-stop shop (a third), telephone (a third) and website (a third)."
    )


@pytest.mark.parametrize(
    ("difference", "text"),
    [
        ((0.31, 0.26, 0.36), "31 points (26 to 36)"),
        ((-0.31, -0.36, -0.26), "31 points (26 to 36)"),
        ((-0.04, -0.10, 0.02), "4 points (−2 to 10)"),
        ((0.01, -0.02, 0.04), "1 point (−2 to 4)"),
        ((0.004, -0.052, 0.06), "0.4 points (−5.2 to 6.0)"),
        ((0.06, 0.001, 0.119), "6.0 points (0.1 to 11.9)"),
        ((0.0, -0.05, 0.05), "0 points (−5 to 5)"),
    ],
)
def test_a_difference_and_its_interval_are_seen_from_one_side_with_as_many_decimals(
    difference: tuple[float, float, float], text: str
) -> None:
    assert wording.points_and_interval(*difference) == text


def test_a_population_that_alone_was_left_out_is_named() -> None:
    survey = open_wave("2004")
    rows = survey.asked["question_id"].eq("services_improved") & survey.asked["population"].eq("public")
    survey = replace(
        survey, asked=survey.asked[~rows], estimates=survey.estimates[survey.estimates["population"] != "public"]
    )
    said = findings.agree_or_disagree(survey, "public", "services_improved").text
    assert said == "This wave did not ask the public about this."


def test_who_answered_is_said_with_what_is_only_assumed() -> None:
    survey = open_wave("2004")
    assert "500 (assumed) by post, December 2004" in findings.who_answered(survey).text
    assert "1,000 by telephone" in findings.answered(survey, "public").text
    assert findings.figures_counted(survey).text.startswith(f"This wave holds {len(survey.estimates)} figures: ")


def test_what_was_asked_names_choices_and_where_their_number_is_from() -> None:
    survey = open_wave("2004")
    inferred = findings.asked(survey, "quality_indicators").text
    assert "could choose two of five answers (inferred from column sums; the source doesn't state it)" in inferred
    assert "(inferred" not in findings.asked(survey, "efficiency_indicators").text
    assert "the public" not in findings.asked_of(survey, "efficiency_indicators", "frontline").text.lower()


def test_the_reminder_about_choices_stands_only_where_people_had_several() -> None:
    survey = open_wave("2004")
    assert findings.choices_note(survey, "efficiency_indicators").text.startswith("People could name only two")
    assert findings.choices_note(survey, "enough_choice").text == ""


QUESTIONS = ("quality_indicators", "enough_choice", "channel_attributes")


@pytest.mark.parametrize("question", QUESTIONS)
def test_what_was_not_asked_is_said_where_questions_are_told_and_nowhere_else(trial_data: Path, question: str) -> None:
    for name in ("asked", "estimates"):
        path = trial_data / f"waves/2004/{name}.csv"
        lines = path.read_text().splitlines()
        # One question of each population stays, because a population with a block has to be asked something.
        kept = [line for line in lines[1:] if ",unsure_customer," in line or "taxes_spent_efficiently," in line]
        path.write_text("\n".join([lines[0], *kept]) + "\n")
    (trial_data / "waves/2004/mentions.csv").unlink()
    survey = open_wave("2004")
    for said in (findings.asked(survey, question), findings.asked_together(survey, question)):
        assert "This wave did not ask about" in said.text
    answers = [
        findings.leaders(survey, question),
        findings.leader(survey, question, "public"),
        findings.first_places(survey, question),
        findings.widest_gap(survey, question),
        findings.side_by_side(survey, "public.enough_choice.agree", "public.more_online.agree"),
        findings.contrast(survey, question),
        findings.order_text(survey, question, "public"),
        findings.orders(survey, question),
        findings.shared_order(survey, question),
        findings.level(survey, "public.enough_choice.agree"),
        findings.two_answers(survey, "public.enough_choice.agree", "public.more_online.agree"),
        findings.reply(survey, "public.enough_choice.agree"),
        findings.agree_or_disagree(survey, "public", "services_improved"),
        channel_winners(survey),
        findings.item_contrast(survey, "value_for_money"),
        findings.split(survey, "preferred_channel", "public"),
        findings.place(survey, "quality_enablers", "frontline", "effective_it_use"),
    ]
    assert [said.text for said in answers] == [""] * len(answers)


def test_an_interval_has_as_many_decimals_as_its_share() -> None:
    figure = pd.Series({"status": "number", "share": 0.667, "low": 0.6324, "high": 0.7006, "decimals": 1})
    assert wording.with_interval(figure) == "66.7 per cent (63.2 to 70.1)"
    assert wording.with_interval(pd.Series({**figure, "decimals": 0})) == "67 per cent (63 to 70)"
