"""A questionnaire gives a file without labels its wording and answers; where they differ it is said with the place."""

from pathlib import Path

import pandas as pd
import pytest
from typer.testing import CliRunner

from surveybook.cli import make_app
from surveybook.drafts.questionnaires import read_questionnaire
from surveybook.drafts.questions import draft_questions
from surveybook.drafts.records import Draft, open_respondents
from surveybook.model.problems import DataError

SIZE = 60
ANSWERS = {"q1": [1, 2, 3] * 20, "q2_1": [1, 0] * 30, "q2_2": [0, 1, 1] * 20, "q3": [1, 2] * 28 + [7] * 4}
LISTED = """variable,question,answers
q1,How satisfied are you?,1=Very satisfied|2=Not satisfied|3=Don't know
q2_1,Which do you use? Bus,1=Yes|0=No
q2_2,Which do you use? Tram,1=Yes|0=No
q3,Where do you live?,1=North|2=South|4=East
q9,Not in the file,1=Yes
"""


def write_answers(folder: Path) -> Path:
    pd.DataFrame({"id": range(SIZE), **ANSWERS}).to_csv(folder / "answers.csv", index=False)
    return folder / "answers.csv"


def draft(folder: Path, text: str) -> Draft:
    (folder / "asked.csv").write_text(text, encoding="utf-8")
    return draft_questions(
        open_respondents(write_answers(folder)), questionnaire=read_questionnaire(folder / "asked.csv")
    )


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("variable,question\nq1,How?\n", "row 1: it has no column answers"),
        ("variable,question,answers\nq1,How?,1=Yes|2\n", "row 2, column answers: '2' is no answer with a code"),
        ("variable,question,answers\nq1,How?,1=Yes|1=No\n", "row 2, column answers: '1=No' is no answer with a code"),
        ("variable,question,answers\nq1,How?,1=A\nq1,How?,1=A\n", "row 3, column variable: the variable 'q1' stands"),
        ("variable,question,answers\n,How?,1=A\n", "row 2, column variable: the row names no variable"),
        ("variable,question,answers\nother,How?,1=A\n", "no variable is a column of the file"),
        ("variable,question,answers\n", "it holds no question"),
    ],
)
def test_a_questionnaire_with_faults_is_refused_with_their_places(tmp_path: Path, text: str, said: str) -> None:
    with pytest.raises(DataError) as raised:
        draft(tmp_path, text)
    assert said in str(raised.value)


def test_a_file_that_is_no_questionnaire_is_refused(tmp_path: Path) -> None:
    (tmp_path / "a.docx").write_text("x")
    with pytest.raises(DataError, match=r"files that end in '\.docx' can't be read"):
        read_questionnaire(tmp_path / "a.docx")
    with pytest.raises(DataError, match="the file is missing"):
        read_questionnaire(tmp_path / "nothing.csv")
    (tmp_path / "wide.csv").write_text("variable,question,answers\nsex,Sex, or gender,1=Male|2=Female\n")
    with pytest.raises(DataError, match="rows have more cells than the first"):
        read_questionnaire(tmp_path / "wide.csv")
    (tmp_path / "empty.csv").touch()
    with pytest.raises(DataError, match="it isn't CSV"):
        read_questionnaire(tmp_path / "empty.csv")


def test_codes_get_the_answers_of_the_questionnaire_and_its_wording_is_quoted_as_such(tmp_path: Path) -> None:
    satisfied, used, live = draft(tmp_path, LISTED).questions
    assert satisfied.rules["collapse"]["dont_know"] == [3]
    assert (used.title, list(used.items.values()), used.kind) == ("Which do you use?", ["Bus", "Tram"], "multiple")
    assert live.rules["codes"] == {1: "north", 2: "south", 4: "east"}
    assert satisfied.wording_source == "the questionnaire asked.csv"


def test_each_mismatch_is_said_with_its_row_and_column(tmp_path: Path) -> None:
    said = "\n".join(draft(tmp_path, LISTED).doubts)
    assert "row 6, column variable: the file has no column 'q9'" in said
    assert "row 5, column answers: 1 codes of q3 have no answer (7)" in said
    assert "row 5, column answers: no one has 4 in q3" in said


def test_a_data_dictionary_of_redcap_is_read_as_it_is_downloaded(tmp_path: Path) -> None:
    heads = ["Variable / Field Name", "Field Type", "Field Label", "Choices, Calculations, OR Slider Labels",
             "Text Validation Type OR Show Slider Number"]  # fmt: skip
    rows = [["rooms", "text", "Rooms", "", "integer"], ["moved", "yesno", "Have you moved?", "", ""],
            ["ways", "checkbox", "How do you travel?", "1, Bus, or coach | -1, Tram", ""],
            ["town", "dropdown", "Where do you live?", "1, North | 2, South", "autocomplete"],
            ["far", "text", "How many miles?", "", "number_2dp"],
            ["sum", "calc", "Sum", "round([rooms] | 2, 1)", ""]]  # fmt: skip
    pd.DataFrame(rows, columns=heads).to_csv(tmp_path / "asked.csv", index=False)
    answers = {"id": range(SIZE), "rooms": [*range(20)] * 3, "ways___1": [1, 0] * 30, "ways____1": [0, 1, 1] * 20,
               "town": [1, 2] * 30, "far": [*range(20)] * 3, "moved": [0, 1, 1] * 20, "sum": [3, 4] * 30}  # fmt: skip
    pd.DataFrame(answers).to_csv(tmp_path / "answers.csv", index=False)
    source = open_respondents(tmp_path / "answers.csv")
    made = draft_questions(source, questionnaire=read_questionnaire(tmp_path / "asked.csv"))
    rooms, ways, town, far, moved = made.questions
    assert (rooms.kind, [*ways.items.values()], ways.kind) == ("number", ["Bus, or coach", "Tram"], "multiple")
    assert [*ways.rules["columns"]] == ["ways___1", "ways____1"]
    assert ([*town.items.values()], far.kind, moved.rules["collapse"]) == (
        ["North", "South"], "number", {"yes": [1], "no": [0]},
    )  # fmt: skip
    assert made.left_out["sum"] == "the questionnaire has it as calc"


def test_a_column_that_is_called_as_the_questionnaire_has_it_comes_before_one_that_is_nearly(tmp_path: Path) -> None:
    (tmp_path / "asked.csv").write_text("variable,question,answers\nq1,Cycling?,1=Yes|2=No\nQ1,Swimming?,1=Yes|2=No\n")
    pd.DataFrame({"Q1": [1, 2] * 30, "q1": [2, 2, 1] * 20}).to_csv(tmp_path / "answers.csv", index=False)
    source = open_respondents(tmp_path / "answers.csv")
    made = draft_questions(source, questionnaire=read_questionnaire(tmp_path / "asked.csv"))
    assert [made.source.labels[one] for one in ("Q1", "q1")] == ["Swimming?", "Cycling?"]


@pytest.fixture
def form(tmp_path: Path) -> Path:
    survey = [
        {"type": "start", "name": "start"},
        {"type": "begin_group", "name": "views"},
        {"type": "select_one sat", "name": "sat", "label::English (en)": "How **satisfied** are you?"},
        {"type": "select_multiple way", "name": "ways", "label::English (en)": "How do you travel?",
         "constraint": "count-selected(.) <= 2"},
        {"type": "text", "name": "why", "label::English (en)": "Why?"},
        {"type": "end_group", "name": ""},
        {"type": "select_multiple way", "name": "cells", "label::English (en)": "How would you like to travel?"},
    ]  # fmt: skip
    choices = [("sat", "1", "Very satisfied"), ("sat", "2", "Not satisfied"), ("way", "bus", "By bus"),
               ("way", "tram", "By tram"), ("way", "foot", "On foot")]  # fmt: skip
    with pd.ExcelWriter(tmp_path / "form.xlsx") as book:
        pd.DataFrame(survey).to_excel(book, sheet_name="survey", index=False)
        listed = pd.DataFrame(choices, columns=["list_name", "name", "label::English (en)"])
        listed.to_excel(book, sheet_name="choices", index=False)
    return tmp_path / "form.xlsx"


def test_an_xlsform_tells_what_the_columns_of_its_file_are(form: Path) -> None:
    cells = ["bus tram", "foot", "bus"] * 20
    answers = pd.DataFrame({"start": "2026-03-01", "views/sat": [1, 2] * 30, "views/ways": cells,
                            "views/ways/bus": [1, 0, 1] * 20, "views/ways/tram": [1, 0, 0] * 20,
                            "views/ways/foot": [0, 1, 0] * 20, "views/why": "x", "cells": cells})  # fmt: skip
    answers.to_csv(form.parent / "kobo.csv", index=False)
    made = draft_questions(open_respondents(form.parent / "kobo.csv"), questionnaire=read_questionnaire(form))
    satisfied, ways, wished = made.questions
    assert (satisfied.title, list(satisfied.answers.values())) == (
        "How satisfied are you?", ["Very satisfied", "Not satisfied"],
    )  # fmt: skip
    assert (ways.title, list(ways.items.values()), ways.max_choices) == (
        "How do you travel?", ["By bus", "By tram", "On foot"], "2",
    )  # fmt: skip
    assert (wished.rules["encoding"], wished.rules["codes"]["foot"]) == ("delimited", "on_foot")
    assert made.left_out["views/why"] == "the questionnaire has it as text"


def test_an_xlsform_knows_its_columns_under_the_signs_that_a_program_put_for_slashes(form: Path) -> None:
    answers = pd.DataFrame({"views.sat": [1, 2, "NA"] * 20, "views.ways.bus": [1, 0, 1] * 20,
                            "views.ways.tram": [1, 0, 0] * 20})  # fmt: skip
    answers.to_csv(form.parent / "r.csv", index=False)
    made = draft_questions(open_respondents(form.parent / "r.csv"), questionnaire=read_questionnaire(form))
    satisfied, ways = made.questions
    assert (satisfied.title, [*ways.items.values()]) == ("How satisfied are you?", ["By bus", "By tram"])
    assert not any("have no answer" in doubt for doubt in made.doubts)


def test_a_list_of_choices_that_is_not_there_is_said_with_its_row(form: Path) -> None:
    survey = pd.DataFrame([{"type": "select_one nothing", "name": "a", "label": "A?"}])
    with pd.ExcelWriter(form) as book:
        survey.to_excel(book, sheet_name="survey", index=False)
    with pytest.raises(DataError, match=r"row 2, column type: no list of choices is called 'nothing'"):
        read_questionnaire(form)


def test_the_command_takes_a_questionnaire(tmp_path: Path) -> None:
    (tmp_path / "asked.csv").write_text(LISTED, encoding="utf-8")
    words = ["new", str(tmp_path / "city"), "--from", str(write_answers(tmp_path)), "--questionnaire",
             str(tmp_path / "asked.csv")]  # fmt: skip
    done = CliRunner().invoke(make_app(), words)
    assert done.exit_code == 0, done.output
    asked = (tmp_path / "city/data/waves/1/asked.csv").read_text(encoding="utf-8")
    assert "Where do you live?,the questionnaire asked.csv" in asked
    assert "Look at this: " in done.output
