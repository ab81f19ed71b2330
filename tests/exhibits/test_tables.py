"""The appendices' tables: what each finding can bear, what was corrected, what to cite."""

import math
import zipfile
from dataclasses import replace
from pathlib import Path

import pytest

from surveybook.exhibits import tables
from surveybook.exhibits.documents import write_workbook
from surveybook.exhibits.exhibit import Exhibit
from surveybook.model.problems import DataError
from surveybook.model.report import read_report
from surveybook.model.survey import Survey
from tests.waves import synthetic, wave_2004

CORRECTIONS = "date,figure_id,what,old,new,reason\n"


@pytest.fixture
def survey() -> Survey:
    return wave_2004()


def cells(table: Exhibit | None, column: str) -> list[str]:
    return [row[table.columns.index(column)] for row in table.rows]


def row_of(table: Exhibit, key: str) -> dict[str, str]:
    """Return the row of a table that has a text in its last column, its id, by column."""
    return dict(zip(table.columns, next(row for row in table.rows if row[-1] == key), strict=True))


def test_a_correction_without_a_date_or_a_reason_is_refused_with_its_row(trial_data: Path) -> None:
    (trial_data / "corrections.csv").write_text(f"{CORRECTIONS}May,t1p_vfm,typing error,57,56,\n", encoding="utf-8")
    with pytest.raises(DataError, match=r"(?s)'May' isn't a date.*reason"):
        tables.read_corrections()


@pytest.mark.parametrize(
    ("rows", "columns", "dates", "said"),
    [
        ([], [], [], "Nothing has been corrected so far."),
        (
            ["2026-03-01,,link,a,b,moved", "2026-01-02,t1p_vfm,figure,57,56,misread"],
            ["Date", "What", "Was", "Is", "Why", "Figure"],
            ["2026-01-02", "2026-03-01"],
            "Two corrections have been made so far.",
        ),
        (["2026-03-01,,a sentence was added,,,it was missing"], ["Date", "What", "Why"], ["2026-03-01"], "One"),
    ],
)
def test_corrections_are_listed_oldest_first_in_the_columns_that_hold_something(
    trial_data: Path, rows: list[str], columns: list[str], dates: list[str], said: str
) -> None:
    (trial_data / "corrections.csv").write_text(CORRECTIONS + "".join(f"{row}\n" for row in rows), encoding="utf-8")
    table = tables.corrections()
    assert tables.count_corrections().text.startswith(said)
    assert (table is not None) == bool(rows)
    if table:
        assert (table.columns, cells(table, "Date")) == (columns, dates)


@pytest.mark.parametrize(
    ("effect", "text"), [(math.nan, "not shown at all"), (math.inf, "at none"), (1.049, "1.04"), (19.9, "19")]
)
def test_a_design_effect_is_rounded_down(effect: float, text: str) -> None:
    assert tables.format_effect(effect) == text


def test_each_finding_has_its_p_value_as_a_bound_where_it_is_small(survey: Survey) -> None:
    p_values = set(cells(tables.design_effects(survey), "p (Holm)"))
    assert "<\u00a00.001" in p_values
    assert all(len(text) in (0, 5, 7) for text in p_values)


def test_a_table_of_which_a_wave_has_nothing_to_say_is_none(survey: Survey) -> None:
    without = replace(survey, **{name: getattr(survey, name).head(0) for name in ("estimates", "asked", "mentions")})
    wordless = replace(survey, codebook=replace(survey.codebook, words=survey.codebook.words.head(0)))
    shown = tables.design_effects(without)
    assert [shown, tables.words_for_shares(wordless)] == [None, None]


def test_the_codebook_lists_every_question_of_every_chapter(survey: Survey) -> None:
    chapters = survey.codebook.questions["chapter"].unique()
    listed = {name for chapter in chapters for name in cells(tables.questions_of(survey, chapter), "Id")}
    assert listed == set(survey.codebook.questions.index)


def test_a_question_that_was_not_asked_is_listed_as_such(survey: Survey) -> None:
    silent = replace(survey, asked=survey.asked[survey.asked["question_id"] != "services_improved"])
    row = row_of(tables.questions_of(silent, "customer-focus"), "services_improved")
    assert row["Asked of"] == "not asked in this survey"


def test_words_that_nobody_has_seen_are_marked_as_a_paraphrase_and_not_quoted(survey: Survey) -> None:
    wordings = cells(tables.questions_of(survey, "quality"), "Wording")
    asked = "Which factors best indicate high-quality public services?"
    assert f"{asked} (our paraphrase of a table's title)" in wordings
    assert not [wording for wording in wordings if "“" in wording]
    made_up = cells(tables.questions_of(synthetic(), "quality"), "Wording")
    assert f"“{asked}” (made up)" in made_up


def test_two_wordings_of_a_question_are_two_rows(survey: Survey) -> None:
    asked = survey.asked.copy()
    asked.loc[(asked["question_id"] == "quality_indicators") & (asked["population"] == "public"), "wording"] = "Other?"
    table = tables.questions_of(replace(survey, asked=asked), "quality")
    assert cells(table, "Id").count("quality_indicators") == 2


@pytest.mark.parametrize(
    ("choices", "known"), [(2, "two from a list"), (math.nan, "how many is not known"), (math.inf, "as many as apply")]
)
def test_how_many_choices_a_question_gave_is_said_as_far_as_it_is_known(
    survey: Survey, tmp_path: Path, choices: float, known: str
) -> None:
    asked = survey.asked.copy()
    asked.loc[asked["question_id"] == "quality_indicators", "max_choices"] = choices
    wave = replace(survey, asked=asked)
    assert known in row_of(tables.questions_of(wave, "quality"), "quality_indicators")["Choices"]
    with zipfile.ZipFile(write_workbook(wave, tmp_path / "topline.xlsx")) as book:
        assert ("<t>unlimited</t>" in book.read("xl/sharedStrings.xml").decode()) == math.isinf(choices)


def test_the_citation_names_the_wave_of_the_edition_and_the_report_that_it_rests_on_where_there_is_one(
    survey: Survey, monkeypatch: pytest.MonkeyPatch
) -> None:
    later = replace(survey, metadata={**survey.metadata, "label": "2031"})
    assert "2031 edition" in tables.how_to_cite(later).rows[0][1]
    assert tables.how_to_cite(survey).rows[2][1].startswith("Alexandra Jones and Laura Williams (2005). Why ICT?")
    alone = read_report().model_copy(update={"source_report": None})
    monkeypatch.setattr(tables, "read_report", lambda: alone)
    assert [row[0] for row in tables.how_to_cite(survey).rows] == ["This edition", "The data of this survey"]


def test_what_a_wave_does_not_tell_is_said(survey: Survey) -> None:
    silent = tables.undisclosed(replace(survey, metadata={**survey.metadata, "not_disclosed": None}))
    assert silent.rows == [["Nothing is listed", "The survey’s own description names no gap."]]
    facts = {row[0]: row[1:] for row in tables.survey_facts(survey).rows}
    assert facts["Answers"] == ["1,000", "500 (assumed)"]
    assert "not disclosed by the source" in facts["Response rate"]


def test_words_for_shares_are_listed_with_what_they_allow(survey: Survey) -> None:
    rows = {row[0]: row[1:] for row in tables.words_for_shares(survey).rows}
    assert rows["“more than three-quarters”"] == ["75.0 to 100.0"]
    assert rows["“widespread satisfaction”"] == ["any"]
