"""What the landing page's cards say, and what they leave unsaid."""

from surveybook.exhibits import cards
from surveybook.exhibits.exhibit import CARDS
from surveybook.words import findings
from tests.waves import wave_2004
from tests.words import make_survey, rate


def test_a_card_shows_a_share_with_its_interval_and_where_it_stands() -> None:
    card = cards.show_leaders(wave_2004(), "quality_indicators", "What quality means", "chapters/02-quality")
    public, staff = card.shown
    assert (public["who"], public["what"], public["value"]) == ("The public", "customer satisfaction", "68%")
    assert (public["interval"], public["share"]) == ("65 to 71", 68.0)
    assert public["low"] < public["share"] < public["high"]
    assert staff["value"] == "83%"


def test_a_card_of_a_question_without_options_shows_the_answers_to_what_it_puts_first() -> None:
    survey = make_survey("content", {"Parks": rate(82), "Pools": rate(40)})
    card = cards.show_leaders(survey, "services", "Services", "chapters/01-services")
    assert card.says.text == "Parks: “Fairly satisfied” (62.0%) is the most common answer among residents."
    assert [one["value"] for one in card.shown] == ["62.0%", "20.0%"]


def test_a_share_in_words_stays_words_and_gets_no_place_on_a_scale() -> None:
    survey, keys = wave_2004(), ("public.out_of_hours_access.agree", "public.unsure_customer.agree")
    (shown,) = cards.tell(survey, findings.share(survey, keys[0]), "Hours", "x", *keys).shown
    assert shown["value"] == "more than three-quarters"
    assert not {"share", "interval"} & set(shown)


def test_cards_say_which_base_is_assumed_and_keep_the_figures_they_rest_on() -> None:
    survey, key = wave_2004(), "frontline.choice_of_provider.chosen"
    says = findings.contrast(survey, "customer_focus_indicators")
    shown = cards.show(survey, cards.tell(survey, says, "Parting", "x", key))
    stored = shown._repr_mimebundle_()
    assert "95% interval" in shown.notes[0]
    assert "assumed" in shown.notes[0]
    assert stored[CARDS]["cards"][0]["figures"]
    assert stored["text/plain"].startswith("1. Parting: The widest gap is over choice: 33% of the public")
