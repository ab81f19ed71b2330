"""The next wave takes all from the one before that the file still holds, and each difference is named."""

import re
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pandas as pd
import pyreadstat
import pytest
import yaml
from typer.testing import CliRunner

from surveybook import charts
from surveybook.change.changes import changes_of, compare_waves
from surveybook.cli import make_app
from surveybook.drafts.carried_rules import are_labelled
from surveybook.drafts.matches import pair_columns
from surveybook.drafts.questions import draft_questions
from surveybook.drafts.records import open_respondents
from surveybook.drafts.report import add_changes_page, write_report
from surveybook.drafts.waves import draft_wave, join_alike
from surveybook.model.files import PlainLoader
from surveybook.model.problems import SurveybookError
from surveybook.model.report import read_report
from surveybook.waves import open_wave
from surveybook.words import findings
from surveybook.words.asked import describe_edition
from tests.drafts.files import is_as_told, put_in
from tests.drafts.people import AGREE, CONTENT, LABELS, SPORTS, make_people, write_people

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def drafted(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the folder of a drafted report, which no test may change."""
    folder = tmp_path_factory.mktemp("drafted")
    file = write_people(folder)
    write_report(folder / "city", draft_questions(open_respondents(file)), file, title="City survey", wave="2031")
    return folder / "city"


@pytest.fixture
def city(drafted: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return a copy of the report, in whose folder commands are typed."""
    monkeypatch.chdir(shutil.copytree(drafted, tmp_path / "city"))
    monkeypatch.delenv("SURVEYBOOK_DATA", raising=False)
    return tmp_path / "city"


def write_next(folder: Path, people: pd.DataFrame, labels: dict[str, str], values: dict[str, dict[float, str]]) -> Path:
    known = {**dict.fromkeys(("q1_1", "q1_2", "q1_3"), CONTENT), "q3": SPORTS, "q4": AGREE, **values}
    known = {"gender": {1.0: "Female", 2.0: "Male"}} | known
    told = {name: own for name, own in known.items() if name in people}
    texts = [{**LABELS, **labels}[name] for name in people]
    pyreadstat.write_sav(people, str(folder / "next.sav"), column_labels=texts, variable_value_labels=told)
    return folder / "next.sav"


def enter_report(folder: Path, monkeypatch: pytest.MonkeyPatch, file: Path) -> None:
    """Draft a report of a file of words, in whose folder commands are typed from then on."""
    write_report(folder / "city", draft_questions(open_respondents(file)), file, title="Travel", wave="2031")
    monkeypatch.chdir(folder / "city")
    monkeypatch.delenv("SURVEYBOOK_DATA", raising=False)


def write_cells(file: Path, question: str, cells: list[str], **more: Any) -> Path:
    pd.DataFrame({question: cells, **more}).to_csv(file, index=False)
    return file


def read_told(city: Path, wave: str = "2032") -> dict[str, Any]:
    return yaml.safe_load((city / f"data/waves/{wave}/wave.yml").read_text(encoding="utf-8"))


def read_rules(city: Path, wave: str = "2032") -> dict[str, dict[str, object]]:
    return read_told(city, wave)["responses"]["respondents"]["questions"]


TOLD = yaml.load(Path(__file__).with_name("next_waves.yml").read_text(encoding="utf-8"), PlainLoader)
MEANT = {
    "$content": CONTENT,
    "$sports": SPORTS,
    "$agree": AGREE,
    **{f"${name}": label for name, label in LABELS.items()},
}


def change_people(case: dict[str, Any]) -> pd.DataFrame:
    """Return the people of a case: with columns of other names, codes and answers, the first few of others."""
    people = make_people().drop(columns=case.get("drop", [])).rename(columns=case.get("rename", {}))
    people = people.assign(**{name: people[old] for name, old in case.get("copy", {}).items()}, **case.get("set", {}))
    for name, codes in case.get("recode", {}).items():
        people[name] = people[name].replace(codes)
    for name, width in case.get("bands", {}).items():
        people[name] = people[name] // width + 1
    for name, counts in case.get("first", {}).items():
        answers = [float(code) for code, n in counts.items() for _ in range(n)]
        people.loc[: len(answers) - 1, name] = answers
    return people


def list_wrong_lines(told: list[str], case: dict[str, Any]) -> Iterator[str]:
    """Yield what is said otherwise: all is told (``told``), or some of it (``tells``)."""
    if told != case.get("told", told):
        yield f"it says {told}"
    for words in case.get("tells", ()):
        if words not in "\n".join(told):
            yield f"“{words}” isn't said, but {told}"
    for words in case.get("tells_not", ()):
        if words in "\n".join(told):
            yield f"“{words}” is said"


def list_wrong_figures(city: Path, case: dict[str, Any]) -> Iterator[str]:
    """Yield what the next wave has otherwise than its case tells; what it has and lacks are values of a column."""
    survey = open_wave("2032", "2031" if case.keys() & {"same", "lacked", "verdicts"} else "")
    now = survey.estimates
    before = survey.baseline.estimates if survey.baseline else now
    for column in case.get("same", ()):
        if now[column].tolist() != before[column].tolist():
            yield f"{column} isn't the same"
    for column, values in case.get("has", {}).items():
        if not {*values} <= {*now[column]}:
            yield f"{column} has {[*now[column].unique()]}"
    for key, estimates in (("lacks", now), ("lacked", before)):
        for column, values in case.get(key, {}).items():
            if {*values} & {*estimates[column]}:
                yield f"{column} has {[*estimates[column].unique()]}"
    if sorted(case.get("domains", now["domain"].unique())) != sorted(now["domain"].unique()):
        yield f"the groups are {[*now['domain'].unique()]}"
    if "rules" in case and not is_as_told(read_rules(city), case["rules"]):
        yield f"the rules are {read_rules(city)}"
    asked = survey.asked.set_index("question_id")
    for question, told in case.get("asked", {}).items():
        for column, start in told.items():
            if not asked.loc[question, column].startswith(start):
                yield f"{column} of {question} is {asked.loc[question, column]}"
    for question, told in case.get("verdicts", {}).items():
        verdict = changes_of(survey).verdict_on("respondents", question)
        if not (
            verdict.status == told.get("status", verdict.status) and verdict.reason.endswith(told.get("reason", ""))
        ):
            yield f"{question} is {verdict}"


@pytest.mark.parametrize("case", [pytest.param(put_in(case, MEANT), id=name) for name, case in TOLD.items()])
def test_a_next_wave_is_drafted_as_its_case_tells(city: Path, case: dict[str, Any]) -> None:
    file = write_next(city, change_people(case), case.get("labels", {}), case.get("codes", {}))
    assert [*list_wrong_lines(draft_wave("2032", file, "2031"), case), *list_wrong_figures(city, case)] == []
    if "told_again" in case:
        assert draft_wave("2033", file, "2032") == case["told_again"]


def test_a_wave_that_is_there_or_has_no_respondents_is_refused(city: Path) -> None:
    with pytest.raises(SurveybookError, match="is there already"):
        draft_wave("2031", city / "x.sav", "2031")
    with pytest.raises(SurveybookError, match=r"no answers of 'visitors'\. Wave 2031 has those of respondents"):
        draft_wave("2032", city / "x.sav", "2031", "visitors")
    assert not (city / "data/waves/2032").exists()


def test_the_same_file_is_the_same_wave_and_the_second_wave_brings_a_page_on_change(city: Path) -> None:
    file = write_next(city, make_people(), {}, {})
    done = CliRunner().invoke(make_app(), ["wave", "draft", "2032", "--from", str(file), "--like", "2031"])
    assert "the file has the same columns, labels and codes." in done.output
    assert "Added chapters/80-changes.ipynb, the page on what changed." in done.output
    assert "80-changes" in (city / "_toc.yml").read_text(encoding="utf-8")
    assert read_rules(city) == read_rules(city, "2031")
    now = open_wave("2032", "2031")
    assert now.estimates["share"].tolist() == now.baseline.estimates["share"].tolist()
    assert now.metadata["populations"]["respondents"]["fieldwork"] == "not known"
    assert now.metadata["baseline"] == "2031"


def test_an_earlier_wave_is_what_the_one_before_it_in_the_folder_is_compared_with(city: Path) -> None:
    """A researcher who starts with this year's file had last year's edition compared with the future."""
    told = draft_wave("2030", write_next(city, make_people(), {}, {}), "2031")
    assert told[0].startswith("2030 is earlier than 2031, which has it for its baseline now: surveybook build 2031 ")
    assert read_told(city, "2030")["baseline"] is None
    assert open_wave("2031").metadata["baseline"] == "2030"
    draft_wave("2029", city / "next.sav", "2031")
    assert read_told(city, "2031")["baseline"] == "2030"


def test_a_chapter_on_climate_change_is_not_taken_for_the_page_on_change(city: Path) -> None:
    (city / "chapters/02-climate-change.ipynb").write_text("{}", encoding="utf-8")
    assert [page and page.name for page in (add_changes_page("2032"), add_changes_page("2032"))] == [
        "80-changes.ipynb",
        None,
    ]


def test_fieldwork_is_that_of_the_dates_in_the_new_file(city: Path) -> None:
    people = make_people().assign(date=pd.Timestamp(2032, 5, 3))
    people.loc[[0, 1], "date"] = [pd.Timestamp(2032, 5, 30), pd.Timestamp(2032, 5, 30)]
    # An interviewer's clock that was never set: the survey was said to have begun in 1959.
    people.loc[2, "date"] = pd.Timestamp(1959, 12, 29)
    draft_wave("2032", write_next(city, people, {"date": "Date of interview"}, {}), "2031")
    told = read_told(city)["populations"]["respondents"]
    assert (told["fieldwork"], told["fieldwork_start"], told["fieldwork_end"]) == (
        "May 2032",
        "2032-05-03",
        "2032-05-30",
    )


def test_an_edition_shows_what_its_wave_asked_and_lists_what_it_brought(city: Path) -> None:
    people = make_people().drop(columns=["q3"]).assign(q9=make_people()["q4"])
    draft_wave("2032", write_next(city, people, {"q9": "Buses come often"}, {"q9": AGREE}), "2031")
    before, now = open_wave("2031"), open_wave("2032")
    fresh, gone = (set(describe_edition(one)["unasked"]) for one in (before, now))
    assert (len(fresh), gone) == (1, set())
    (new,) = fresh
    assert new.endswith("buses-come-often")
    sport = "which_sport_do_you_like_best"
    assert findings.chapter_headline(now, sport).text == ""
    assert findings.chapter_headline(before, sport) == findings.headline(before, sport)
    told = findings.chapter_headline(now, sport, "buses_come_often")
    assert told.text == "54% agree with “Buses come often”; 20% disagree"  # which names the question already
    assert findings.not_asked(now).text == "Not asked in 2032: “Which sport do you like best?”."
    assert findings.not_asked(before).text == "Not asked in 2031: “Buses come often”."


def test_many_new_questions_have_pages_by_their_topics(city: Path) -> None:
    trees = ("Ash", "Beech", "Birch", "Elm", "Fir", "Lime", "Maple", "Oak", "Pine", "Rowan", "Willow", "Yew")
    labels = {f"n{at}": f"Where would you plant the {tree}?" for at, tree in enumerate(trees)}
    codes = {name: {1: f"Bank {name}", 2: f"Lane {name}"} for name in labels}
    labels["marital"], codes["marital"] = "Marital status", {1: "Married", 2: "Single"}
    people = make_people().assign(**{name: make_people().index % 2 + 1.0 for name in labels})
    draft_wave("2032", write_next(city, people, labels, codes), "2031")
    questions = open_wave("2032").codebook.questions.tail(len(labels))
    pages = questions["chapter"].drop_duplicates().tolist()
    assert questions["chapter"].value_counts().max() <= 5
    assert len(pages) == 4
    contents = (city / "_toc.yml").read_text()
    assert [contents.index(page) for page in pages] == sorted(contents.index(page) for page in pages)
    landing = (city / "index.ipynb").read_text()
    assert [landing.count(f"- [](chapters/{page})") for page in pages] == [1] * 4
    assert "# Who answered: new in 2032" in (city / f"chapters/{pages[-1]}.ipynb").read_text()


def test_a_new_code_for_no_answer_counts_as_one_and_one_that_the_file_declares_missing_is_none(city: Path) -> None:
    people = make_people()
    people.loc[:4, "q4"] = 7.0
    people.loc[5:8, "q4"] = -3.0
    file = write_next(city, people, {}, {"q4": {**AGREE, 7.0: "Prefer not to say", -3.0: "Stopped early"}})
    frame, meta = pyreadstat.read_sav(file, user_missing=True)
    told = {"column_labels": meta.column_labels, "variable_value_labels": meta.variable_value_labels}
    pyreadstat.write_sav(frame, str(file), **told, missing_ranges={"q4": [-3.0]})
    said = "the_city_is_well_run: the answer “Prefer not to say” (code 7) is new, and counts as no_answer"
    assert draft_wave("2032", file, "2031") == [said]
    assert "the_city_is_well_run" in set(open_wave("2032").estimates["question_id"])


def test_options_of_a_file_of_words_that_are_new_or_nobodys_now_are_said_and_stop_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    cells = ["Bus, Tram", "Bus", "Tram", "Tram, Walking", "Bus, Walking"] * 12
    enter_report(tmp_path, monkeypatch, write_cells(tmp_path / "a.csv", "Which do you use?", cells))
    later = [one.replace("Walking", "On foot") for one in cells]
    later[0] = "Bus, my own balloon"
    assert draft_wave("2032", write_cells(tmp_path / "b.csv", "Which do you use?", later), "2031") == [
        "which_do_you_use: nobody gives the answer “Walking” now, and it is left out of the list",
        "which_do_you_use: the answer “On foot” is new (24 people), and added to the list as on_foot",
        "which_do_you_use: 1 answers that few people share are new, and count as other",
    ]
    assert set(open_wave("2032").estimates["item_id"]) == {"bus", "tram", "on_foot"}
    # The same answers from a platform that parts them by another mark are the same figures.
    parted = [one.replace(", ", "|") for one in cells]
    file = write_cells(tmp_path / "c.csv", "Which do you use?", parted, id=range(len(cells)))
    assert draft_wave("2033", file, "2031") == [
        "which_do_you_use: the answers in a cell are parted by “|” now, and were by “, ”",
        "id is new, and not mapped",
    ]
    shares = [open_wave(wave).estimates.set_index("item_id")["share"].to_dict() for wave in ("2031", "2033")]
    assert shares[0] == shares[1]
    # An option that begins with the words of another is a new one.
    electric = [one.replace("Tram", "Tram (old)") for one in cells]
    assert draft_wave("2034", write_cells(tmp_path / "d.csv", "Which do you use?", electric), "2031") == [
        "which_do_you_use: nobody gives the answer “Tram” now, and it is left out of the list",
        "which_do_you_use: the answer “Tram (old)” is new (36 people), and added to the list as tram_old",
    ]


def test_a_new_option_that_is_a_name_keeps_its_capital(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    cells = ["Norway", "Sweden", "United Kingdom"] * 20
    enter_report(tmp_path, monkeypatch, write_cells(tmp_path / "a.csv", "Where do you live now?", cells))
    before = read_report().names
    later = write_cells(tmp_path / "b.csv", "Where do you live now?", [*cells, *["France"] * 20])
    draft_wave("2032", later, "2031")
    assert set(read_report().names) == {*before, "France"}
    survey = open_wave("2032", "2031")
    (verdict,) = changes_of(survey).verdicts.values()
    assert verdict.reason == "the list of items has gained France"


def test_new_questions_are_drafted_and_the_old_stay_comparable(city: Path) -> None:
    people = make_people()
    people = people.assign(q3b=people["q3"], q5_1=people["q1_1"], q5_2=people["q1_2"], q1_4=people["q1_1"])
    labels = {"q3b": LABELS["q3"].replace("best", "least"), "q5_1": "How was it … Bus", "q5_2": "How was it … Parks",
              "q1_4": "How satisfied are you with … Pools"}  # fmt: skip
    values = {"q3b": SPORTS, **dict.fromkeys(("q5_1", "q5_2", "q1_4"), CONTENT)}
    file = write_next(city, people, labels, values)
    done = CliRunner().invoke(make_app(), ["wave", "draft", "2032", "--from", str(file), "--like", "2031"])
    assert "to q5_2 (How was it … Parks) is new, and drafted as how_was_it (“How was it”)." in " ".join(
        done.output.split()
    )
    assert "q1_4 (How satisfied are you with … Pools) is new, and added to" in " ".join(done.output.split())
    now = open_wave("2032", "2031")
    before = now.baseline
    # The names that the codebook has are nobody else's, and the same answers are the same kind.
    assert set(now.codebook.items.index[now.codebook.items["question_id"] == "how_was_it"]) == {"bus_2", "parks_2"}
    assert now.codebook.kind_of("how_was_it") == now.codebook.kind_of("how_satisfied_are_you_with")
    shares = now.estimates.set_index(["item_id", "response", "domain"])["share"]
    assert shares["football_2", "chosen", ""] == shares["football", "chosen", ""]
    then = before.estimates.set_index(["item_id", "response", "domain"])["share"]
    assert shares.reindex(then.index).to_numpy() == pytest.approx(then.to_numpy(), abs=1e-12)
    page = now.codebook.questions.loc["how_was_it", "chapter"]
    assert f"chapters/{page}" in (city / "_toc.yml").read_text(encoding="utf-8")
    assert (city / f"chapters/{page}.ipynb").is_file()


def test_an_item_of_several_batteries_is_known_by_the_items_beside_it() -> None:
    before = {"a1_1": "Ann", "a1_2": "Bo", "b1_1": "Ann", "b1_2": "Bo", "b1_3": "Cy"}
    now = {"a2_1": "Ann", "a2_2": "Bo", "b2_1": "Ann", "b2_2": "Bo", "b2_3": "Cy"}
    assert pair_columns(before, now).now == dict(zip(before, now, strict=True))


def test_what_is_second_is_not_what_is_nearly_called_so() -> None:
    assert not pair_columns({"p5": "And the second most important issue?"}, {"IMP": "The most important issue?"}).now


def test_a_scale_whose_ends_have_labels_stays_one_of_numbers() -> None:
    counts, ends = {"0": 40, "5": 20, "10": 60, "98": 5}, {"0": "0 Never", "10": "10 Always", "98": "Don't know"}
    assert not are_labelled(ends, counts, {"scale": [0, 10]})
    assert are_labelled(ends, counts, {})


@pytest.mark.parametrize(("other", "now"), [("How often: trains run", "Q54A"), ("Q60. Trains run", "Q38A")])
def test_the_label_finds_a_column_whose_number_changed_also_where_another_has_its_name(other: str, now: str) -> None:
    there = {"Q38A": "Q38a. Courts decide", "Q54A": "Q54a. Trains run", "Q57F": other}
    assert pair_columns({"Q38A": "Q38a. Trains run"}, there).now == {"Q38A": now}


def test_a_rating_that_was_turned_round_is_said_and_not_compared(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    people = pd.DataFrame({"rated": [1.0, 2.0, 3.0, 4.0, 5.0] * 8, "votes": [1.0, 2.0] * 20})
    for name, ends in {"a": ("Very bad", "Very good"), "b": ("Very good", "Very bad")}.items():
        pyreadstat.write_sav(
            people, str(tmp_path / f"{name}.sav"), column_labels=["How is the city?", "Do you vote?"],
            variable_value_labels={"rated": dict(zip((1.0, 5.0), ends, strict=True)), "votes": {1.0: "Yes", 2.0: "No"}},
        )  # fmt: skip
    file = tmp_path / "a.sav"
    write_report(tmp_path / "city", draft_questions(open_respondents(file)), file, title="City", wave="2031")
    monkeypatch.chdir(tmp_path / "city")
    monkeypatch.delenv("SURVEYBOOK_DATA", raising=False)
    turned = "1 is “Very good” and was “Very bad” and 5 is “Very bad” and was “Very good”"
    assert turned in "\n".join(draft_wave("2032", tmp_path / "b.sav", "2031"))
    found = compare_waves(open_wave("2032"), open_wave("2031")).verdict_on("respondents", "how_is_the_city")
    assert (found.status, "1 is “Very good”, and was “Very bad”" in found.reason) == ("not comparable", True)


def write_rows(file: Path, rows: list[list[str]]) -> Path:
    file.write_text("\n".join(",".join(row) for row in rows), encoding="utf-8")
    return file


def tick(question: str, options: list[str]) -> list[list[str]]:
    """Return a question of SurveyMonkey: its two rows above, and 40 people, each of whom ticked every other option."""
    head = [[question, *[""] * (len(options) - 1)], options]
    return head + [[one if (at + who) % 2 else "" for at, one in enumerate(options)] for who in range(40)]


def beside(*tables: list[list[str]]) -> list[list[str]]:
    plain = [["Are you content?"], ["Response"], *[["Yes"], ["No"]] * 20]
    return [[cell for row in rows for cell in row] for rows in zip(plain, *tables, strict=True)]


def test_an_option_is_looked_for_in_its_own_question_and_not_in_another_that_offers_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """An "Envoy" that people evaluate was compared with the one that they use for something else."""
    before = beside(
        tick("Which do you try?", ["Envoy", "Helm", "Rook"]), tick("Which do you want?", ["Vitess", "NATS"])
    )
    enter_report(tmp_path, monkeypatch, write_rows(tmp_path / "a.csv", before))
    later = beside(
        tick("Which do you try?", ["Helm", "Rook", "Linkerd", "Other (please specify)"]),
        tick("Which do you want by now?", ["Vitess", "NATS"]),
        tick("What stands in front?", ["Envoy", "HAProxy"]),
    )
    told = draft_wave("2032", write_rows(tmp_path / "b.csv", later), "2031")
    assert told[:2] == [
        "Which do you try?: Envoy is gone",
        "“Which do you want?” is “Which do you want by now?” now, by its options: Vitess, NATS",
    ]
    assert any("Linkerd is new, and added to" in one for one in told), told
    trying, wanted = (own["columns"] for own in list(read_rules(tmp_path / "city").values())[1:3])
    assert [*trying.values()] == ["helm", "rook", "linkerd", "other"]
    assert {one.partition("?")[0] for one in trying} == {"Which do you try"}
    assert list(wanted) == ["Which do you want by now?: Vitess", "Which do you want by now?: NATS"]
    verdicts = changes_of(open_wave("2032", "2031")).verdicts
    reason = next(one.reason for one in verdicts.values() if one.title == "Which do you want?")
    assert "was “Which do you want?: Vitess”" in reason


def test_a_file_that_has_next_to_nothing_of_the_wave_before_is_asked_about(city: Path) -> None:
    pd.DataFrame({"Which do you like?": ["Tea", "Coffee"] * 30}).to_csv(city / "b.csv", index=False)
    told = draft_wave("2032", city / "b.csv", "2031")
    assert re.match(r"0 of \d+ columns of 2031 are in the file: is it one of this survey\? .* --questionnaire", told[0])


def test_a_weight_that_the_wave_before_has_not_is_named_and_left_to_its_owner(city: Path) -> None:
    told = city / "data/waves/2031/wave.yml"
    unweighted = (
        told.read_text(encoding="utf-8")
        .replace("    weight: wt\n", "")
        .replace("    ignore:\n", "    ignore:\n    - wt\n")
    )
    told.write_text(unweighted, encoding="utf-8")
    file = write_next(city, make_people().rename(columns={"wt": "weight"}), {"weight": "Weight"}, {})
    differences = draft_wave("2032", file, "2031")
    assert any("it may be the weight: where it is, write weight: weight into wave.yml" in one for one in differences)
    assert "weight" not in read_told(city)["responses"]["respondents"]


def test_the_third_wave_is_compared_with_the_second_and_follows_the_first(city: Path) -> None:
    """The page on what changed showed no series of three waves."""
    file = write_next(city, make_people(), {}, {})
    draft_wave("2032", file, "2031")
    draft_wave("2033", file, "2032")
    survey = open_wave("2033", "2031, 2032")
    assert survey.metadata["baseline"] == "2031, 2032"
    assert charts.every_wave(survey) is not None


def test_a_question_that_is_put_every_other_time_is_the_same_one(city: Path) -> None:
    """It got another name each time, and no series."""
    sport = "which_sport_do_you_like_best"
    draft_wave("2032", write_next(city, make_people().drop(columns="q3"), {}, {}), "2031")
    people = make_people().rename(columns={"q3": "q9"})
    file = write_next(city, people, {"q9": LABELS["q3"]}, {"q9": {**SPORTS, 5.0: "Tennis"}})
    told = draft_wave("2033", file, "2032")
    assert told == [
        f"{sport}: is asked again, as in 2031: q9 ({LABELS['q3']})",
        f"{sport}: the answer “Tennis” (code 5) is new, and added to the list as tennis",
    ]
    shares = [
        open_wave(wave).estimates.set_index(["question_id", "item_id", "domain"])["share"] for wave in ("2031", "2033")
    ]
    assert shares[1][sport].loc["football", ""] == shares[0][sport].loc["football", ""]
    # What an earlier wave had in a list is no new item of it.
    draft_wave("2034", write_next(city, make_people(), {}, {}), "2031")
    told = draft_wave("2035", write_next(city, make_people(), {}, {"q3": {**SPORTS, 7.0: "Tennis"}}), "2034")
    assert told == [f"{sport}: the answer “Tennis” (code 7) is new, and added to the list as tennis"]


def test_a_file_with_words_for_codes_holds_the_same_answers(city: Path) -> None:
    people, told = make_people(), {"q1_1": CONTENT, "q1_2": CONTENT, "q1_3": CONTENT, "q3": SPORTS, "q4": AGREE}
    told |= {"gender": {1.0: "Female", 2.0: "Male"}}
    words = people.assign(**{name: people[name].map(labels) for name, labels in told.items()}).rename(columns=LABELS)
    words.rename(columns={text: name for name, text in LABELS.items()}).to_csv(city / "b.csv", index=False)
    said = draft_wave("2032", city / "b.csv", "2031")
    assert "sex: its answers are words now, and were codes (“Male”)" in {one.replace("Female", "Male") for one in said}
    key = ["domain", "question_id", "item_id", "response"]
    shares = [open_wave(wave).estimates.set_index(key)["share"].sort_index() for wave in ("2031", "2032")]
    pd.testing.assert_series_equal(*shares)


def test_what_names_nothing_in_the_box_of_a_list_ticks_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The check of a next wave stopped at the first "n/a"."""

    def write(file: str, *typed: str) -> Path:
        rows = tick("Which do you try?", ["Envoy", "Helm", "Rook", "Other (please specify)"])
        cells = [*typed, *(f"tool {at} of mine" for at in range(40 - len(typed)))]
        return write_rows(
            tmp_path / file, beside([*rows[:2], *([*row[:3], own] for row, own in zip(rows[2:], cells, strict=True))])
        )

    enter_report(tmp_path, monkeypatch, write("a.csv", ""))
    draft_wave("2032", write("b.csv", "", "n/a", "na"), "2031")
    assert read_rules(tmp_path / "city")["which_do_you_try"]["missing"] == ["n/a", "na"]
    assert set(open_wave("2032").estimates["item_id"]) >= {"envoy", "helm", "rook"}


def test_a_file_whose_questions_were_numbered_anew_is_followed_by_its_labels(city: Path) -> None:
    """Afrobarometer's 99 questions were each taken for the one that had its number before."""
    columns = [*LABELS]
    names = dict(zip(columns, [*columns[5:], *columns[:5]], strict=True))
    labels = {names[column]: LABELS[column] for column in columns}
    answers = {**dict.fromkeys(("q1_1", "q1_2", "q1_3"), CONTENT), "q3": SPORTS, "q4": AGREE, "gender": {1.0: "Female"}}
    values = {one: {} for one in answers} | {names[column]: own for column, own in answers.items()}
    told = draft_wave("2032", write_next(city, make_people().rename(columns=names), labels, values), "2031")
    assert f"q1_1 is {names['q1_1']} now" in " ".join(told), told


def test_people_who_give_too_many_answers_now_are_left_out_and_said(city: Path) -> None:
    people = make_people()
    people.loc[people["q2_3"] == 1, "q2_1"] = 1.0
    differences = draft_wave("2032", write_next(city.parent, people, {}, {}), "2031")
    (rules,) = [own for own in read_rules(city).values() if own.get("encoding") == "columns"]
    assert rules["excess"] == "exclude"
    assert any(f"({int(people['q2_3'].sum())} people): some ticked" in one for one in differences)


def test_a_number_among_answers_in_words_is_an_answer(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The number 2 was taken for a code that a person has to map, and the wave could not be read."""
    cells = ["None", "1", "2 to 5", "6 or more"] * 20
    enter_report(tmp_path, monkeypatch, write_cells(tmp_path / "a.csv", "How many do you have?", cells))
    later = [cell.replace("2 to 5", "2") for cell in cells]
    told = draft_wave("2032", write_cells(tmp_path / "b.csv", "How many do you have?", later), "2031")
    assert any("the answer “2” is new (20 people)" in one for one in told)
    assert open_wave("2032").estimates["share"].notna().all()


def test_a_question_put_to_some_alone_and_a_weight_that_is_gone_call_for_caution(city: Path) -> None:
    people = make_people()
    people.loc[people["gender"] == 1, "q4"] = float("nan")
    draft_wave("2032", write_next(city, people, {}, {}), "2031")
    verdicts = changes_of(open_wave("2032", "2031")).verdicts.values()
    (filtered,) = (one for one in verdicts if one.status != "comparable")
    assert re.fullmatch(r"its base is \d\d% of the people who took part, and was \d\d%", filtered.reason)
    draft_wave("2033", write_next(city, make_people().drop(columns="wt"), {}, {}), "2031")
    verdicts = changes_of(open_wave("2033", "2031")).verdicts.values()
    assert {one.reason for one in verdicts} == {"2031 is weighted, and 2033 is not"}


def test_what_is_said_of_many_columns_or_questions_is_told_once() -> None:
    gone = [f"{column} is gone" for column in "abcdef"]
    recoded = [f"q{place}: “Refused” has the code 9 and had 0" for place in range(9)]
    told = join_alike([*gone, *recoded, "x (X) is gone; so are y and z"])
    assert told == [
        "a, b, c, d, e and f are gone",
        "q0, q1, q2, q3, q4, q5, q6, q7 and one more: “Refused” has the code 9 and had 0",
        "x (X) is gone; so are y and z",
    ]
    few = [*gone[1:], "x is new, and left out: nobody answered it"]
    assert join_alike(few) == few


def test_answers_that_are_all_others_now_are_another_question_and_capitals_make_no_other_answer(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    use, gain = ["Bus", "City tram", "On foot"] * 20, ["Time", "Money", "Health"] * 20
    enter_report(tmp_path, monkeypatch, write_cells(tmp_path / "a.csv", "Use", use, Gain=gain))
    later = [one.replace("tram", "Tram") for one in use]
    file = write_cells(tmp_path / "b.csv", "Use", later, Gain=["I trust it", "I don't trust it", "I can't say"] * 20)
    assert draft_wave("2032", file, "2031") == [
        "use: the answer “City tram” is spelt “City Tram” now",
        "gain: none of its answers is one of Gain now, which is another question",
        "Gain is new, and drafted as gain_2 (“Gain”)",
    ]
    assert set(open_wave("2032").estimates["item_id"]) >= {"bus", "city_tram", "on_foot"}
