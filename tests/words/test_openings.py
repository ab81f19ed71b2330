"""What a chapter's opening and the landing page's cards say, and what they leave unsaid."""

from pathlib import Path

import pandas as pd
import pytest

from surveybook.exhibits import cards
from surveybook.model.survey import Survey
from surveybook.waves import open_wave
from surveybook.words import findings

WISH, OFFER = "public.same_choice_as_elsewhere.agree", "public.services_can_offer_choice.agree"


@pytest.fixture(scope="module")
def survey() -> Survey:
    return open_wave("2004")


def with_percents(folder: Path, **percents: str) -> Survey:
    """Return the wave of 2004 with other percentages for some figures."""
    path = folder / "waves/2004/estimates.csv"
    table = pd.read_csv(path, dtype=str, keep_default_na=False)
    for figure, percent in percents.items():
        table.loc[table["figure_id"] == figure, "percent"] = percent
    table.to_csv(path, index=False)
    (folder / "waves/2004/mentions.csv").unlink()
    return open_wave("2004")


def test_answers_that_sampling_cannot_order_are_not_put_in_order(survey: Survey) -> None:
    said = findings.first_places(survey, "quality_enablers").text
    assert "too close to call" in said
    assert "36 per cent, 32 to 40" in said
    assert "35 per cent, 31 to 39" in said


def test_one_sentence_serves_both_populations_where_both_put_the_same_first(survey: Survey) -> None:
    said = findings.first_places(survey, "quality_indicators")
    assert said.text.startswith(
        "Customer satisfaction comes first for the public and frontline staff alike: 68 per cent"
    )
    assert said.figures == ("t1p_custsat", "t1f_custsat")
    assert "%" not in said.text
    assert "per cent" not in findings.first_places(survey, "quality_indicators", shares=False).text


def test_the_populations_are_told_apart_where_their_first_answers_differ(survey: Survey) -> None:
    said = findings.first_places(survey, "customer_focus_indicators").text
    assert said.startswith("For the public, first place is too close to call: value for money")
    assert said.endswith("frontline staff put staff competence (47 per cent, 43 to 51) first.")


def test_the_widest_gap_names_both_shares_and_its_interval(survey: Survey) -> None:
    said = findings.widest_gap(survey, "quality_indicators").text
    assert said == (
        "The two part most over staff job satisfaction, named by 35 per cent of the public and 66 per cent of "
        "frontline staff: a gap of 31 points (26 to 36)."
    )


def test_a_gap_within_sampling_error_is_called_that(survey: Survey) -> None:
    said = findings.apart(survey, "public.services_improved.agree", "public.services_improved.disagree").text
    assert said == (
        "The public are split on “Public services have improved over the last three years”: the gap of 4 points "
        "(−2 to 10) is within sampling error."
    )


def test_a_gap_beyond_sampling_error_says_which_answer_is_ahead_and_by_how_much(survey: Survey) -> None:
    wish, offer = (findings.apart(survey, *keys).text for keys in ((WISH, OFFER), (OFFER, WISH)))
    assert wish == (
        "More of the public agree with “I want as much choice in public services as elsewhere” than with “Public "
        "services are able to offer their users choice”, by 47 points (42 to 52)."
    )
    assert offer == wish


def test_two_statements_stand_side_by_side_in_their_own_words(survey: Survey) -> None:
    said = findings.side_by_side(survey, WISH, OFFER).text
    assert "“I want as much choice in public services as elsewhere” and 38 per cent (35 to 41)" in said
    assert said.endswith("a gap of 47 points (42 to 52).")


def test_a_card_shows_a_share_with_its_interval_and_where_it_stands(survey: Survey) -> None:
    card = cards.leaders(survey, "quality_indicators", "What quality means", "chapters/02-quality")
    public, staff = card.shown
    assert (public["who"], public["what"], public["value"]) == ("The public", "customer satisfaction", "68%")
    assert (public["interval"], public["share"]) == ("65 to 71", 68.0)
    assert public["low"] < public["share"] < public["high"]
    assert staff["value"] == "83%"


def test_a_card_names_the_answers_where_one_statement_has_two(survey: Survey) -> None:
    both = ("public.services_improved.agree", "public.services_improved.disagree")
    assert [one["what"] for one in cards.pair(survey, *both, "Improved", "x").shown] == ["agree", "disagree"]


def test_a_share_in_words_stays_words_and_gets_no_place_on_a_scale(survey: Survey) -> None:
    key = "public.out_of_hours_access.agree"
    (shown,) = cards.pair(survey, key, "public.unsure_customer.agree", "Hours", "x").shown
    assert shown["value"] == "more than three-quarters"
    assert "share" not in shown
    assert "interval" not in shown


def test_a_card_follows_the_data(trial_data: Path) -> None:
    card = cards.widest(with_percents(trial_data, t4p_choice="13"), "customer_focus_indicators", "Parting", "x")
    assert card.shown[0]["what"] != "choice"
    assert "choice" not in card.says.text


def test_cards_say_which_base_is_assumed_and_keep_the_figures_they_rest_on(survey: Survey) -> None:
    shown = cards.show(survey, cards.widest(survey, "customer_focus_indicators", "Parting", "x"))
    stored = shown._repr_mimebundle_()
    assert "95 per cent interval" in shown.note
    assert "assumed" in shown.note
    assert stored[cards.MIME]["cards"][0]["figures"]
    assert stored["text/plain"].startswith(
        "1. Parting: Among the most important indicators of customer-focused services, the public and frontline staff "
        "part most over choice, by 20"
    )
