"""A survey that shares nothing with that of 2004: its own people, questions and answers, its own edition."""

import json
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
import yaml

from surveybook.book.sphinx_ext.exhibits import PLAIN_NAME
from surveybook.claims.pages import all_claims
from surveybook.exhibits import cards, charts, tables
from surveybook.exhibits.exhibit import Exhibit
from surveybook.model import paths
from surveybook.model.survey import Survey
from surveybook.model.tables import list_columns, read_schemas
from surveybook.verify.perturbation import rehearse_all
from surveybook.waves import open_wave
from surveybook.words import findings
from tests.respondents.waves import not_disclosed
from tests.waves import asked_otherwise, wave_2004

pytestmark = pytest.mark.slow
ASKED = list_columns(read_schemas()["asked"])
WAVE = "foreign"
OFTEN = {"often": "Often", "sometimes": "Sometimes", "never": "Never, and not open to it"}
ROWS = {
    "populations.csv": ["men,Men,adult men,3"],
    "responses.csv": [f'how_often,{response},"{label}"' for response, label in OFTEN.items()],
    "questions.csv": [
        "worries,quality,What men worry about,multiple,worries",
        "habits,people-management,How often men do each of these,how_often,habits",
    ],
    "items.csv": [
        "worry_weight,worries,Their weight,Weight,1,",
        "worry_height,worries,Their height,Height,2,",
        "habit_cry,habits,Cry,Cry,1,",
        "habit_sports,habits,Watch sports,Watch sports,2,",
    ],
}
SIZE = 300


def write(data: Path, size: int | None = SIZE) -> None:
    """Write the wave into a copied folder of data; `size` is how many wave.yml says have answered."""
    for name, rows in ROWS.items():
        with (data / "codebook" / name).open("a", encoding="utf-8") as file:
            file.writelines(f"{row}\n" for row in rows)
    random = np.random.default_rng(3)
    people = {
        "id": np.arange(SIZE),
        "w1": (random.random(SIZE) < 0.7).astype(int),
        "w2": (random.random(SIZE) < 0.1).astype(int),
        "cry": random.choice(list(OFTEN), SIZE, p=[0.1, 0.7, 0.2]),
        "sports": random.choice(list(OFTEN), SIZE, p=[0.8, 0.1, 0.1]),
    }
    folder = data / "waves" / WAVE
    folder.mkdir()
    pd.DataFrame(people).to_csv(folder / "responses_men.csv", index=False)
    about = {"fieldwork": "May 2018", "conducted_by": "them", "mode": "online", "universe": "adult men"}
    habits = {"encoding": "scale", "columns": {"cry": "habit_cry", "sports": "habit_sports"},
              "collapse": {name: name for name in OFTEN}, "base": "answered"}  # fmt: skip
    worries = {"encoding": "columns", "columns": {"w1": "worry_weight", "w2": "worry_height"},
               "nothing_chosen": "answered", "base": "answered"}  # fmt: skip
    metadata = {
        "id": WAVE, "title": "A foreign survey", "populations": {"men": about | {"sample_size": size}},
        "responses": {"men": {"id": "id", "questions": {"worries": worries, "habits": habits}}},
        "disclosure": {"items": not_disclosed()},
    }  # fmt: skip
    (folder / "wave.yml").write_text(yaml.safe_dump(metadata, sort_keys=False), encoding="utf-8")
    rows = [
        dict.fromkeys(ASKED, "")
        | {"population": "men", "question_id": question, "wording": f"Tell us of your {question}",
           "max_choices": most, "mode": "online", "source": "responses"}
        for question, most in (("worries", "2"), ("habits", "1"))
    ]  # fmt: skip
    pd.DataFrame(rows, columns=ASKED).to_csv(folder / "asked.csv", index=False)


@pytest.fixture
def survey(trial_data: Path) -> Survey:
    write(trial_data)
    return open_wave(WAVE)


def story(chart: Exhibit) -> dict:
    return chart.full_spec()["usermeta"]["surveybook"]


def test_each_new_question_has_a_chart_titled_with_its_finding(survey: Survey) -> None:
    told = [story(chart) for chart in charts.draw_new_questions(survey)]
    assert [(one["name"], one["title"]) for one in told] == [
        ("new-worries", "Weight leads among men"),
        ("new-habit-cry", "Cry: “Sometimes” leads among men"),
        ("new-habit-sports", "Watch sports: “Often” leads among men"),
    ]  # fmt: skip
    assert [one["subtitle"] for one in told] == ["What men worry about", *["How often men do each of these"] * 2]
    assert all(PLAIN_NAME.fullmatch(one["name"]) and one["base"].startswith("Men: 300 online") for one in told)


def test_a_chart_of_a_statement_has_every_answer_in_the_codebooks_order(survey: Survey) -> None:
    chart = charts.answers(survey, "habit_cry")
    drawn = list(dict.fromkeys(record["label"] for record in chart.spec["data"]["values"]))
    assert drawn == list(OFTEN.values())
    assert [row[1] for row in story(chart)["table"]["rows"]] == drawn
    assert all(f"“{label}” " in story(chart)["alternative"] for label in drawn)


def test_the_wave_that_the_book_was_written_around_has_no_new_questions() -> None:
    report = open_wave("2004")
    assert charts.draw_new_questions(report) == []
    assert findings.new_questions(report).text == ""


def test_new_questions_are_named(survey: Survey) -> None:
    said = findings.new_questions(survey).text
    assert said.startswith(
        "Two questions of this wave were not put to the same people in 2004: “What men worry about” and"
    )


def test_the_landing_page_shows_what_was_asked_instead_of_what_was_not(survey: Survey) -> None:
    absent = cards.show_leaders(survey, "quality_indicators", "What quality means", "chapters/02-quality")
    shown = cards.show(survey, *[absent] * 3, spare_page="chapters/07-change").cards
    assert [card["title"] for card in shown] == ["What men worry about", "How often men do each of these"]
    assert shown[1]["says"] == "Cry: “Sometimes” leads among men."
    assert [one["what"] for one in shown[1]["shown"]] == ["sometimes", "never, and not open to it"]
    assert all((paths.root() / f"{card['page']}.ipynb").exists() for card in shown)


def test_answers_of_a_new_kind_are_named_where_its_questions_are_described(survey: Survey) -> None:
    named = "chose between “Often”, “Sometimes” and “Never, and not open to it”"
    assert named in findings.asked(survey, "habits").text
    (row,) = (row for row in tables.questions_of(survey, "people-management").rows if row[-1] == "habits")
    assert row[4] == "one of: Often; Sometimes; Never, and not open to it"


def test_a_question_that_was_not_asked_has_no_chart(survey: Survey) -> None:
    assert charts.compare_populations(survey, "quality_indicators") is None


def test_a_population_that_was_not_asked_is_said_to_be_so_where_its_base_would_stand(survey: Survey) -> None:
    assert findings.base_line(survey, ["frontline"]) == "This wave did not ask frontline staff."
    assert findings.base_line(survey, ["frontline", "men"]) == "Men: 300 online, May 2018."


def test_a_gap_that_a_single_population_cannot_have_is_not_said_to_be_unasked() -> None:
    alone = asked_otherwise(wave_2004(), "frontline", "quality_indicators", source="not_asked")
    assert charts.gap(alone, "quality_indicators") is None
    said = findings.contrast(alone, "quality_indicators").text
    assert said.startswith("This wave asked only the public about this")


def test_who_answered_is_counted_for_a_wave_that_leaves_it_out(trial_data: Path) -> None:
    write(trial_data, size=None)
    with pytest.raises(Exception, match=r"men has no sample_size, and .*responses_men.csv has 300 respondents; write"):
        open_wave(WAVE)


def test_a_stated_number_that_the_file_does_not_have_is_doubted(trial_data: Path) -> None:
    write(trial_data, size=301)
    assert any(
        "a sample_size of 301" in warning and "300 respondents" in warning for warning in open_wave(WAVE).warnings
    )


def test_shares_from_respondents_are_not_said_to_be_printed(survey: Survey) -> None:
    assert (
        findings.rounding(survey).text
        == "Shares from respondents are rounded where they are shown, and nowhere before."
    )
    assert findings.rounding(open_wave("2004")).text.startswith("Percentages were printed without decimals")


def test_every_chapter_runs_with_it(trial_data: Path) -> None:
    write(trial_data)
    notebooks = [paths.root() / "index.ipynb", *sorted((paths.root() / "chapters").glob("*.ipynb"))]
    said = rehearse_all(notebooks, [WAVE], paths.data(), jobs=1)
    titles = [title for _, title, _ in said[paths.root() / "chapters/07-change.ipynb", WAVE].charts]
    assert "Weight leads among men" in titles
    assert "unknown" not in json.dumps([one.glued["base"] for one in said.values() if "base" in one.glued])


def test_choices_without_a_limit_get_no_reminder_of_one(survey: Survey) -> None:
    assert findings.choices_note(survey, "worries").text == ""
    assert "men could choose any of two answers:" in findings.asked(survey, "worries").text.lower()


def test_verdicts_that_rest_on_the_reports_text_are_not_passed_off_as_the_waves(survey: Survey) -> None:
    table = all_claims(survey)
    told = [row[1] for row in table.rows if not row[1].startswith("not checkable")]
    assert told
    assert f"{len(told)} of the verdicts rest on the report’s own text" in table.notes[0]
    assert "own text" not in all_claims(wave_2004()).notes[0]
