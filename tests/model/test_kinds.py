"""A kind of question that only one report has: all that is said and ranked of it is right, or isn't said at all."""

from pathlib import Path

import pytest

from surveybook.model.codebook import read_codebook
from surveybook.model.survey import Survey, answers_of, figures_of
from surveybook.waves import open_wave
from surveybook.words import findings
from tests.tiny_report import write_tiny_report

FIGURES = {"daily": 60, "weekly": 25, "never": 15}


@pytest.fixture
def asked_how_often(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Survey:
    """Return a wave that asked how often people go online: daily, weekly or never."""
    report = write_tiny_report(tmp_path)
    lines = {
        "codebook/questions.csv": "online,parks,Going online,frequency,",
        "codebook/items.csv": "going_online,online,Going online,Going online,5,",
        "codebook/responses.csv": "\n".join(f"frequency,{name},{name.capitalize()}" for name in FIGURES),
        "waves/2031/asked.csv": "residents,online,How often do you go online?,questionnaire,daily|weekly|never,,,"
        "adults living in Riverside,online,published,",
        "waves/2031/estimates.csv": "\n".join(
            f"online_{name},residents,,going_online,{name},number,{percent},0,,800,stated,,Table 3,"
            for name, percent in FIGURES.items()
        ),
    }
    for file, added in lines.items():
        path = report / "data" / file
        path.write_text(f"{path.read_text(encoding='utf-8')}{added}\n", encoding="utf-8")
    monkeypatch.chdir(report)
    return open_wave("2031")


def test_an_unknown_kind_is_one_of_exclusive_answers(asked_how_often: Survey) -> None:
    kind = read_codebook().kind_of("online")
    assert (kind.name, kind.responses) == ("frequency", ("daily", "weekly", "never"))
    assert (kind.is_list, kind.is_several, kind.headline, kind.relation) == (False, False, None, "statements")
    assert kind.reply("daily", "“Going online”") == "answer “daily” to “Going online”"


def test_all_its_answers_are_its_figures_in_the_codebooks_order(asked_how_often: Survey) -> None:
    assert set(figures_of(asked_how_often, "online")["response"]) == set(FIGURES)
    assert list(answers_of(asked_how_often, "going_online")["response"]) == list(FIGURES)


def test_no_answer_is_ranked_as_if_it_were_an_item_of_a_list(asked_how_often: Survey) -> None:
    said = [findings.first_places(asked_how_often, "online").text]
    assert not any("named by" in text or "comes first" in text or "ahead of going online" in text for text in said)
    assert "“daily”" in findings.reply(asked_how_often, "residents.going_online.daily").text


def test_answers_that_exclude_each_other_add_up_to_everybody(asked_how_often: Survey) -> None:
    from surveybook.model.problems import DataError

    path = Path("data/waves/2031/estimates.csv")
    path.write_text(path.read_text(encoding="utf-8").replace("daily,number,60", "daily,number,90"), encoding="utf-8")
    with pytest.raises(DataError, match="residents, going_online add up to 130; at most 100 fits 1 choice each"):
        open_wave("2031")
