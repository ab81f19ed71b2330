"""Files as platforms and programs write them: each kind of column becomes what it is, or is left out and named.

A case goes into the file of its subject in ``cases``; what ``files.py`` can't tell in a few lines stands below.
"""

import re
import time
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pyreadstat
import pytest
import yaml

from surveybook.drafts import records
from surveybook.drafts.chapters import list_chapters
from surveybook.drafts.labels import make_id
from surveybook.drafts.questions import draft_questions
from surveybook.drafts.records import Draft, DraftQuestion, open_respondents
from surveybook.drafts.report import write_wave
from surveybook.model.tables import read_schemas
from surveybook.respondents.mapping import DOMAIN_VALUE
from tests.drafts.files import CASES, SIZE, draft_case, find, list_cases, list_differences
from tests.drafts.people import write_people

SUBJECTS = sorted(file.stem for file in CASES.glob("*.yml"))
OFTEN = ["Rarely", "Now and then", "On most days"]
SATISFIED = ["Very satisfied", "Fairly satisfied", "Neither satisfied nor dissatisfied", "Very dissatisfied"]


@pytest.mark.parametrize(
    "case", [pytest.param(case, id=f"{subject}: {name}") for subject in SUBJECTS for name, case in list_cases(subject)]
)
def test_a_file_is_drafted_as_its_case_tells(tmp_path: Path, case: dict[str, Any]) -> None:
    assert list_differences(draft_case(tmp_path, case), case) == []


def draft_parquet(folder: Path, columns: dict[str, Any], **more: int) -> Draft:
    pd.DataFrame(columns).to_parquet(folder / "a.parquet", **more)
    return draft_questions(open_respondents(folder / "a.parquet"))


def test_of_parquet_what_nobody_answered_dates_and_computed_numbers_are_no_question(tmp_path: Path) -> None:
    numbers = np.random.default_rng(5).random(SIZE)
    columns = {
        "q": ["Good", "Bad"] * 60,
        "rep_1": numbers,
        "left": [None] * SIZE,
        "Mahalanobis Distance": numbers[::-1],
    }
    draft = draft_parquet(tmp_path, {**columns, "when": pd.Timestamp("2026-03-01")})
    assert draft.left_out == {
        "rep_1": "a replicate weight, by its name", "left": "nobody answered it", "when": "dates or times",
        "Mahalanobis Distance": "a program computed it",
    }  # fmt: skip


def test_categories_of_parquet_keep_their_order_and_truth_values_are_ticks(tmp_path: Path) -> None:
    how = pd.Categorical(OFTEN * 40, categories=OFTEN, ordered=True)
    draft = draft_parquet(
        tmp_path, {"how": how, "uses_bus": [True, False] * 60, "uses_tram": [True, False, False] * 40}
    )
    answers = find(draft, "how").answers or find(draft, "how").items
    assert list(answers.values()) == OFTEN
    assert find(draft, "uses_bus").rules["columns"].keys() == {"uses_bus", "uses_tram"}


def test_categories_that_a_program_sorted_have_the_order_of_their_words(tmp_path: Path) -> None:
    columns = {"q": pd.Categorical(SATISFIED * 30), "v": ["Yes", "No", "No"] * 40}
    assert [*draft_parquet(tmp_path, columns).questions[0].answers.values()][:4] == SATISFIED


def test_of_a_large_file_of_parquet_a_sample_is_drafted_and_said(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(records, "SAMPLE", 40)
    draft = draft_parquet(tmp_path, {"q": pd.Categorical(["Bus", "Tram"] * 60)}, row_group_size=30)
    assert (len(draft.source.frame), draft.source.size) == (40, SIZE)
    assert draft.doubts[0] == f"The draft rests on 40 of {SIZE} respondents, a sample"
    told = yaml.safe_load(write_wave(draft, "City survey", "1", ".parquet"))
    assert told["populations"]["respondents"]["sample_size"] == SIZE


def test_letters_of_stata_for_no_answer_leave_numbers_what_they_are(tmp_path: Path) -> None:
    hours = pd.Series([*range(12)] * 10, dtype=object)
    hours[:4] = ["d", "i", "n", "d"]
    pyreadstat.write_dta(pd.DataFrame({"tv": hours}), str(tmp_path / "a.dta"),
                         column_labels=["Hours of television a day"],
                         missing_user_values={"tv": ["d", "i", "n"]})  # fmt: skip
    (one,) = draft_questions(open_respondents(tmp_path / "a.dta")).questions
    assert (one.kind, one.rules["unit"]) == ("number", "hours")


def test_a_label_that_stata_cut_within_a_letter_is_read_without_it(tmp_path: Path) -> None:
    file = tmp_path / "a.dta"
    label = "¿Cuánto te gusta " + "x" * 60 + "ó"
    pyreadstat.write_dta(pd.DataFrame({"q": [1.0, 2.0] * 60}), str(file), column_labels=[label],
                         variable_value_labels={"q": {1: "Sí", 2: "No"}})  # fmt: skip
    # Stata keeps 80 bytes: of the last letter here one of two.
    assert len(label.encode()) == 81
    file.write_bytes(file.read_bytes().replace(label.encode(), label.encode()[:80] + b"\0"))
    (one,) = draft_questions(open_respondents(file)).questions
    assert (one.title, list(one.answers.values())) == (f"{label[:-1]}", ["Sí", "No"])


def test_of_a_draft_that_reads_well_the_second_look_says_nothing(tmp_path: Path) -> None:
    doubts = draft_questions(open_respondents(write_people(tmp_path))).doubts
    assert [doubt for doubt in doubts if "(unit)" not in doubt and "(nothing_chosen)" not in doubt] == []


@pytest.mark.parametrize("sign", [*"=;<>[]{}|\"`\\,.&'’()%£€+–…/", "ø", "Я", "ि"])
def test_what_a_mapping_takes_for_a_group_the_schema_of_figures_takes(sign: str) -> None:
    domain = next(field for field in read_schemas()["estimates"]["fields"] if field["name"] == "domain")
    allowed = re.fullmatch(domain["constraints"]["pattern"], f"region=a{sign}b")
    assert bool(allowed) == bool(DOMAIN_VALUE.fullmatch(f"a{sign}b"))


def test_a_name_has_the_letters_of_its_label_without_accents() -> None:
    assert make_id("L’Été de Łódź (18–24)") == "lete_de_odz_18_24"


@pytest.mark.parametrize(("first", "name"), [("가족", "01-questions"), ("Bus", "01-bus")])
def test_a_file_of_a_chapter_is_not_called_by_our_words(first: str, name: str) -> None:
    items = {"a": first, "b": "Tram", "c": "Walking"}
    (chapter,) = list_chapters([DraftQuestion("q", f"{first} (and two more)", "multiple", items, "")])
    assert chapter.name == name


def test_a_chapter_says_once_how_many_more_stand_in_it(tmp_path: Path) -> None:
    often, format = ["Never", "Sometimes", "Often"], ["Printed", "Electronic", "No matter"]
    draft = draft_case(tmp_path, {"csv": {"<chat|desk|shelves>": often, "Which format?": format}})
    assert any(" more)" in question.title for question in draft.questions)
    headings = [chapter.heading for chapter in list_chapters(draft.questions)]
    assert not any(heading.count(" more)") > 1 for heading in headings)


@pytest.mark.slow
def test_the_time_of_a_draft_grows_with_the_people_and_not_with_their_square(tmp_path: Path) -> None:
    def time_draft(size: int) -> float:
        columns = {"id": f"0..{size - 1}", "weight": {"numbers": [0.5, 2]}, "well": ["Yes", "No"]}
        begun = time.process_time()
        draft_case(tmp_path, {"csv": columns, "people": size})
        return time.process_time() - begun

    # Four times as many people take some four times as long; with their square it would be sixteen.
    assert time_draft(20_000) < 10 * time_draft(5_000)
