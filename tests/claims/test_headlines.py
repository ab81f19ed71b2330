"""Headlines: each stands for the survey that bears it out, and for none that doesn't."""

import shutil

import pytest

from surveybook import charts
from surveybook.judgement.headlines import choose_headline, find_headline_problems, headline, read_headlines
from surveybook.model import paths
from surveybook.model.problems import DataError
from surveybook.model.wording import Phrase
from tests.waves import VALUE, wave_2004, wave_with

WISH, OFFER = "public.same_choice_as_elsewhere.agree", "public.services_can_offer_choice.agree"
LEADS = "test: {kind: top, population: public, question: quality_indicators, items: [customer_satisfaction]}"


@pytest.fixture
def write_headlines(tmp_path, monkeypatch):
    """Return a function that lets a text be the file of headlines."""
    wave_2004()

    def write(text):
        shutil.copytree(paths.data() / "codebook", tmp_path / "codebook", dirs_exist_ok=True)
        monkeypatch.setenv(paths.DATA_VARIABLE, str(tmp_path))
        (tmp_path / "headlines.yml").write_text(text, encoding="utf-8")

    return write


def test_a_sentence_stands_with_its_figures_and_rests_on_them_and_on_those_of_its_test():
    said = choose_headline(wave_2004(), "03-customer-focus-second")
    assert said.text.startswith("85")
    assert "; 38" in said.text
    assert set(said.figures) == {"choice_wanted", "choice_possible"}
    assert {"t1p_custsat", "t1p_vfm"} <= set(choose_headline(wave_2004(), "quality-indicators").figures)


def test_where_the_figures_have_turned_round_the_next_sentence_stands_or_none():
    turned = wave_with({WISH: 38, OFFER: 85})
    assert choose_headline(turned, "03-customer-focus-second").text.startswith("85")
    assert "can offer choice;" in choose_headline(turned, "03-customer-focus-second").text
    level = wave_with({WISH: 60, OFFER: 60})
    assert choose_headline(level, "03-customer-focus-second") is None
    otherwise = Phrase("As many want it as believe in it.")
    assert headline(level, "03-customer-focus-second", otherwise) is otherwise


def test_a_figure_that_is_typed_into_a_sentence_is_refused(write_headlines):
    write_headlines(f"quality:\n- say: '{{{WISH}}} want it; 38% believe in it.'\n  {LEADS}\n")
    with pytest.raises(DataError, match="'38%' is typed"):
        read_headlines()


def test_a_sentence_falls_where_a_figure_of_it_is_no_longer_published():
    assert choose_headline(wave_with({WISH: None}), "03-customer-focus-second") is None


def test_a_sentence_falls_where_it_names_a_figure_that_its_test_does_not_and_that_is_lacking(write_headlines):
    write_headlines(f"quality:\n- say: '{{{WISH}}} want it.'\n  {LEADS}\n")
    assert choose_headline(wave_2004(), "quality").text == "85% want it."
    assert choose_headline(wave_with({WISH: None}), "quality") is None


def test_no_single_priority_is_said_only_where_none_leads(write_headlines):
    thirds = wave_with({"public.spending_well.chosen": 38, "public.staff_competence.chosen": 29,
                        "public.choice_of_provider.chosen": 29, "public.attentive_staff.chosen": 20,
                        "public.flexibility.chosen": 20})  # fmt: skip
    assert "no single priority" in choose_headline(wave_2004(), "03-customer-focus-first").text
    assert "first sign" in choose_headline(thirds, "03-customer-focus-first").text


def test_every_headline_of_the_report_stands_for_its_own_survey_and_is_short():
    for key in read_headlines():
        said = choose_headline(wave_2004(), key)
        assert said, key
        assert len(said.text.replace(" per cent", "%").split()) <= 22, said.text


@pytest.mark.parametrize(
    ("written", "problem"),
    [
        ("- say: It leads.", "quality-indicators.entry 1.test: the key is missing"),
        ("- {say: It leads., test: {kind: mood}}", "entry 1.test: the kind 'mood' isn't known"),
        (f"- {{say: '{{public.parks.chosen}} lead.', {LEADS}}}", "the item 'parks' isn't known"),
        (f"- {{say: '{{{VALUE} lead.', {LEADS}}}", "a bracket of a slot has no partner"),
        (f"- {{say: '{{{VALUE}}}', {LEADS}, until: 2005}}", "the key 'until' isn't known"),
        ("- {say: It leads., test: {kind: not_checkable, needs: an item}}", "no answers decide this test"),
        (f"- {{say: It leads., {LEADS}, unless: [{{kind: mood}}]}}", "entry 1.unless.entry 1: the kind 'mood'"),
        ("It leads.", "quality-indicators: no list of sentences stands here"),
    ],
)
def test_what_is_wrong_with_a_headline_is_said_with_its_place(write_headlines, written, problem):
    write_headlines(f"quality-indicators:\n  {written}\n")
    with pytest.raises(DataError, match=r"headlines\.yml") as error:
        read_headlines()
    assert problem in str(error.value)
    assert problem in "\n".join(map(str, find_headline_problems()))


def test_a_key_that_no_chapter_has_a_place_for_is_a_problem(write_headlines):
    says = f"[{{say: It leads., {LEADS}}}]"
    write_headlines(f"quality-indicators: {says}\nparks: {says}\n")
    (problem,) = find_headline_problems()
    assert (problem.column, problem.found) == ("parks", "no chapter has a place for this headline")


def test_a_chart_is_titled_with_its_headline_and_with_the_computed_words_where_none_stands():
    said, otherwise = "Most of the public want choice (85", "85% of the public agree with"
    for survey, name, title in (
        (wave_2004(), "focus-choice", said),
        (wave_2004(), "another-name", otherwise),
        (wave_with({WISH: 49}), "focus-choice", "49% of the public agree with"),
    ):
        assert charts.shares(survey, [WISH, OFFER], name, "Choice").title.startswith(title)
