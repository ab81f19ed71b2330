"""What was asked of whom, and how exact its figures are."""

from dataclasses import replace
from pathlib import Path

import pytest

from surveybook.exhibits import tables
from surveybook.model import paths
from surveybook.model.problems import SurveybookError
from surveybook.model.report import read_report
from surveybook.stats.comparison import CENSUS
from surveybook.waves import open_report, open_wave
from surveybook.words import findings
from surveybook.words.asked import describe_edition, list_unasked_chapters
from tests.waves import wave_2004
from tests.words import frequency_survey, make_survey, rate


def test_figures_are_counted_by_how_they_are_known() -> None:
    said = findings.figures_counted(wave_2004()).text
    assert said.startswith(f"This survey holds {len(wave_2004().estimates)} figures: ")
    assert "in words only and" in said
    assert said.endswith(" not published, though the source implies them.")


SIMPLE, DESIGNED = "as if each sample were simple random", "by the design of each sample (logit, Taylor)"


@pytest.mark.parametrize(
    ("methods", "decimals", "interval", "exact"),
    [
        (["Wilson"], 0, SIMPLE, "without decimals, so each stands for a range of one"),
        (["Wilson"], 1, SIMPLE, "one decimal, so each stands for a range of 0.1 points"),
        (["logit, Taylor"], 0, DESIGNED, "Shares from respondents are rounded only where they are shown."),
        (["Wilson", "logit, Taylor"], 2, f"{DESIGNED}; for percentages that were published, as if it were simple "
         "random", "at most two decimals, so each stands for a range of 0.01 points or more"),
    ],
)  # fmt: skip
def test_intervals_and_rounding_are_told_by_where_figures_are_from(
    methods: list[str], decimals: int, interval: str, exact: str
) -> None:
    survey = frequency_survey()
    named = [methods[place % len(methods)] for place in range(len(survey.estimates))]
    survey = replace(survey, estimates=survey.estimates.assign(method=named, decimals=decimals))
    assert findings.intervals_mean(survey).text == interval
    assert exact in findings.rounding(survey).text


def test_of_a_published_census_no_interval_is_told_and_no_respondent() -> None:
    survey = frequency_survey()
    rows = survey.estimates.assign(method=CENSUS, low=survey.estimates["share"], high=survey.estimates["share"])
    survey = replace(survey, estimates=rows)
    assert findings.intervals_mean(survey).text == "without width: everybody was asked"
    assert findings.rounding(survey).text == (
        "Percentages were printed without decimals, so each stands for a range of one point."
    )


def test_a_base_line_says_what_is_assumed_unknown_and_not_drawn_at_random() -> None:
    survey = frequency_survey()
    residents = {"mode": "pigeon", "fieldwork": "May 2031", "probability": False}
    unknown = survey.estimates.assign(base=float("nan"))
    survey = replace(survey, metadata={"populations": {"residents": residents}}, estimates=unknown)
    assert findings.base_line(survey, ["residents", "visitors"]) == (
        "Residents: number unknown pigeon, May 2031. No random sample of residents: intervals show only what chance "
        "would do if it were one."
    )
    assert findings.base_line(survey, ["visitors"]) == "This survey did not ask visitors."


def test_a_question_that_only_one_population_was_asked_has_no_gap_to_show() -> None:
    survey = wave_2004()
    assert findings.contrast(survey, "quality_enablers").text.startswith("This survey asked only frontline staff about")
    lacks = "and has no two percentages to set against each other."
    unknown = replace(survey, estimates=survey.estimates.assign(status="unpublished", share=float("nan")))
    assert findings.contrast(unknown, "quality_indicators").text.endswith(lacks)
    assert findings.leader(unknown, "quality_indicators", "public").text.endswith("and has no figure to show here.")


def test_of_one_answer_with_figures_the_gap_alone_is_told() -> None:
    survey = frequency_survey()
    one = survey.estimates.query("item_id == 'going' and response == 'daily'")
    said = "The widest gap is over going online (daily): 60% of residents, against 40% of visitors."
    assert findings.contrast(replace(survey, estimates=one), "habits").text == said


def test_waves_that_asked_nothing_alike_are_said_to() -> None:
    survey = frequency_survey()
    before = replace(survey, wave="2030", asked=survey.asked.assign(question_id="others"))
    said = "2031 and 2030 have put no question to the same population. Two are new."
    assert findings.comparable_questions(replace(survey, baseline=before)).text == said
    assert findings.comparable_questions(survey).text == ""
    other = replace(survey, wave="2030", asked=survey.asked.assign(responses="daily|weekly"))
    said = "Of the questions asked in both 2031 and 2030, two cannot be compared."
    assert findings.comparable_questions(replace(survey, baseline=other)).text == said


def test_of_many_questions_that_one_wave_alone_asked_a_row_tells(monkeypatch: pytest.MonkeyPatch) -> None:
    survey = frequency_survey()
    monkeypatch.setattr(tables, "MOST_ALONE", 0)
    before = replace(survey, wave="2030", asked=survey.asked.assign(question_id="others"))
    shown = tables.not_comparable(replace(survey, baseline=before))
    assert shown is not None
    assert [row[3] for row in shown.rows] == ["2030 did not ask them."] * 2


def test_what_is_hidden_has_no_page_and_is_listed_with_the_reason(monkeypatch: pytest.MonkeyPatch) -> None:
    """A question to few had a chapter that said that there was nothing to show."""
    survey = make_survey("content", {"Parks": rate(82)})
    assert findings.not_shown(survey).text == ""
    hidden = survey.estimates.assign(status="unpublished", share=float("nan"), note="suppressed: fewer than 30 answers")
    few = replace(survey, estimates=hidden)
    assert findings.not_shown(few).text == "Not shown (fewer than 30 answers): “Services”."
    assert findings.main_result(few, "services").text == "Services"
    monkeypatch.setattr(
        "surveybook.words.asked.read_report", lambda: read_report().model_copy(update={"source_report": None})
    )
    # What is empty takes the line of the landing page with it, which leads to the chapter.
    assert findings.chapter_headline(few, "services").text == ""
    assert list_unasked_chapters(few) == ["01"]
    assert list_unasked_chapters(survey) == []
    assert findings.answers_in_turn(few, "services").text == "Not shown: fewer than 30 answers."


@pytest.mark.slow
def test_what_a_wave_asks_that_the_report_did_not_is_listed() -> None:
    survey = wave_2004()
    assert findings.new_questions(survey).text == ""
    later = replace(survey, wave="later")
    none = "This survey asked nobody a question that the 2004 survey did not ask them."
    assert findings.new_questions(later).text == none
    asked = survey.asked.copy()
    asked.loc[asked["question_id"] == "quality_enablers", "population"] = "public"
    said = findings.new_questions(replace(later, asked=asked)).text
    assert said.startswith("One question of this survey was not put to the same people in 2004: “What would improve")
    assert said.endswith("The chapters were written without it, so it has its chart here.")
    assert findings.questions_of_its_own(replace(later, asked=asked)) == ["quality_enablers"]


def test_a_report_that_rests_on_no_wave_has_no_questions_beyond_it(trial_data: Path, monkeypatch) -> None:
    settings = paths.root() / "report.yml"
    text = settings.read_text(encoding="utf-8").replace('  wave: "2004"\n# The parts', "# The parts")
    (trial_data.parent / "report.yml").write_text(text, encoding="utf-8")
    monkeypatch.chdir(trial_data.parent)
    survey = open_wave("2004")
    assert findings.questions_of_its_own(survey) == []
    assert findings.new_questions(survey).text == ""
    with pytest.raises(SurveybookError, match=r"report\.yml names no wave that the report rests on"):
        open_report(survey)


def test_where_only_the_number_of_people_is_known_the_base_line_is_that() -> None:
    survey = frequency_survey()
    for entries in survey.metadata["populations"].values():
        entries |= {"mode": "not known", "fieldwork": "not known"}
    assert findings.base_line(survey, ["residents"]) == "1,000 residents."
    assert findings.base_line(survey, ["residents", "visitors"]) == "1,000 residents; 1,000 visitors."


def test_where_nobody_states_how_many_were_asked_the_question_that_most_answered_tells() -> None:
    survey = frequency_survey()
    figures = survey.estimates.assign(base=[900.0, *[800.0] * (len(survey.estimates) - 1)])
    about = {"populations": {"residents": {"mode": "online", "fieldwork": "May 2031"}}}
    survey = replace(survey, metadata=about, estimates=figures)
    assert findings.who_was_asked(survey).text == "In May 2031, 900 residents answered online."


def test_the_only_wave_of_a_report_is_its_first_edition_unless_somebody_named_it(tiny: Path) -> None:
    survey = open_wave("2031")
    numbered = replace(survey, wave="1", metadata={**survey.metadata, "label": None})
    assert describe_edition(numbered)["name"] == "First edition"
    assert describe_edition(survey)["name"] == "2031 edition"
    named = replace(numbered, metadata={**survey.metadata, "label": "pilot"})
    assert describe_edition(named)["name"] == "Pilot edition"
    (tiny / "data/waves/2").mkdir()
    (tiny / "data/waves/2/wave.yml").touch()
    assert describe_edition(numbered)["name"] == "Wave 1 edition"
