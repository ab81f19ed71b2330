"""``surveybook new``: a file in, a report that builds out."""

import ast
import json
import re
import subprocess
from dataclasses import replace
from pathlib import Path

import pandas as pd
import pyreadstat
import pytest
import yaml

from surveybook.drafts import report
from surveybook.drafts.chapters import (
    calm_labels,
    capitalise,
    find_names,
    is_background,
    list_chapters,
    name_question,
    shorten_labels,
    shorten_title,
    title_questions,
)
from surveybook.drafts.questions import draft_questions
from surveybook.drafts.records import DraftQuestion, open_respondents
from surveybook.drafts.report import find_lock, list_open_questions, write_files, write_report
from surveybook.model.paths import is_change_page
from tests.commands import type_in, type_well
from tests.drafts.people import write_people


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, str]:
    folder = tmp_path_factory.mktemp("new")
    done = type_in(
        folder, "new", "city", "--from", str(write_people(folder)), "--title", "City survey", "--wave", "2031"
    )
    assert done.returncode == 0, done.stderr
    return folder / "city", done.stdout


@pytest.mark.slow
def test_a_folder_that_holds_anything_is_left_alone(made: tuple[Path, str], tmp_path: Path) -> None:
    folder, _ = made
    done = type_in(folder.parent, "new", "city", "--from", str(write_people(tmp_path)))
    assert done.returncode == 1
    assert "city is there already and isn't an empty folder" in done.stderr


@pytest.mark.slow
def test_what_was_left_out_and_what_no_file_says_is_told(made: tuple[Path, str]) -> None:
    _, out = made
    assert "Drafted 5 questions, 10 items, " in out
    assert "Left out: email (it may tell who somebody is)." in out
    assert "- Whom the sample stands for" in out


def check_reads_as_a_report(page: str, pages: str) -> None:
    """Check that the landing page leads with findings, and each question has its wording, one chart and its tables."""
    assert all(told in page for told in ("What stands out", "How sure this is", "within about", "The chapters"))
    assert 'class="finding-says"' in page
    # What answers are to is read before them.
    assert re.search(r'<li class="finding">\s*<p class="finding-more">', page)
    assert all(told in pages for told in ("Question: “", "All answers", "By group", "satisfied with parks"))
    assert not any(
        said in pages for said in ("leads among", "named by", "given by", "This wave", "This survey", "Questions, part")
    )
    assert pages.count('<figure class="chart"') < 10


@pytest.mark.slow
def test_how_each_question_was_read_stands_in_one_list(made: tuple[Path, str]) -> None:
    folder, out = made
    assert "How each question was read stands in data/waves/2031/reading.md: go through it once." in out
    read = (folder / "data/waves/2031/reading.md").read_text(encoding="utf-8").split("\n\n")
    questions = dict(
        zip(read[read.index("## Questions") + 1 :: 2], read[read.index("## Questions") + 2 :: 2], strict=False)
    )
    assert questions["**q1_1, q1_2 and q1_3**: How satisfied are you with"].splitlines()[1:] == [
        "- of each: Parks · Snow removal · Libraries",
        "- answers: 1 Very satisfied · 2 Fairly satisfied · 3 Dissatisfied",
        "- “Satisfied” counts Very satisfied and Fairly satisfied",
        "- counts as don’t know: 9 Don't know",
    ]
    assert questions["**q2_1, q2_2 and q2_3**: Which do you use (choose up to two)"].splitlines() == [
        "- several answers from a list, a column an option; 400 of 400 people gave one",
        "- answers: Bus · Bicycle",
        "- counts as none of these: None of these",
    ]
    assert "- counts as other: 4 Something else" in questions["**q3**: Which sport do you like best?"]
    assert "- counts as no answer: 9 Refused" in questions["**q4**: The city is well run"]
    assert questions["**years**: Years lived here"].startswith("- numbers (years); 400 of 400 people")
    assert "- it may tell who somebody is: email" in read[-1]


@pytest.mark.slow
def test_a_drafted_report_is_in_order_and_builds_at_once(made: tuple[Path, str]) -> None:
    folder, _ = made
    checked = type_in(folder, "wave", "check", "2031")
    assert "Wave 2031 is in order." in checked.stdout, checked.stderr
    assert "wave check WAVE" in (folder / "README.md").read_text(encoding="utf-8")
    assert "what is true of your file" not in (folder / "data/waves/2031/wave.yml").read_text(encoding="utf-8")
    built = type_in(folder, "build", "--output", "site")
    assert built.returncode == 0, built.stderr
    page = (folder / "site/index.html").read_text(encoding="utf-8")
    assert "City survey" in page
    assert "When and how they were asked is not stated." in page
    pages = "".join(path.read_text(encoding="utf-8") for path in (folder / "site/chapters").glob("*.html"))
    assert all(label in pages for label in ("Snow removal", "Swimming", "The city is well run"))
    assert "person7@example.org" not in pages
    check_reads_as_a_report(page, pages)


@pytest.mark.slow
def test_a_drafted_report_that_is_released_and_stored_is_verified_in_its_next_wave_too(made: tuple[Path, str]) -> None:
    folder, _ = made
    type_well(folder, "wave", "draft", "2032", "--from", "../people.sav", "--like", "2031")
    for path in (folder / "index.ipynb", *folder.glob("chapters/*.ipynb")):  # the new wave is what is stored
        text = path.read_text(encoding="utf-8").replace('wave = \\"2031\\"', 'wave = \\"2032\\"')
        path.write_text(text.replace('baseline = \\"\\"', 'baseline = \\"2031\\"'), encoding="utf-8")
    for words in (["wave", "check", "2031", "--release"], ["wave", "check", "2032", "--release"], ["data", "seal"],
                  ["chapter", "store"], ["data", "seal"]):  # fmt: skip
        type_well(folder, *words)
    done = type_in(folder, "verify", "2032", "--baseline", "2031")
    assert done.returncode == 0, done.stdout
    assert "Nothing is wrong." in done.stdout
    assert re.search(r"right +Outputs compared", done.stdout), done.stdout


def test_make_asks_where_the_engine_is_and_the_lock_is_that_of_the_engine(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    told = {"title": "City survey", "wave": "2031", "published": False, "groups": False}
    write_files(tmp_path / "city", [], [], {"2031": {}}, {}, **told)
    done = subprocess.run(["make", "book"], cwd=tmp_path / "city", capture_output=True, text=True, check=False)
    assert done.returncode != 0
    assert "Say where the engine is: make book ENGINE=/folder/of/surveybook" in done.stdout
    readme, lock = (tmp_path / "city/README.md").read_text(encoding="utf-8"), find_lock()
    assert readme.split("```")[1].split() == ["make", "check", "ENGINE=/folder/of/surveybook", "make", "book"]
    assert lock
    assert (tmp_path / "city/requirements.txt").read_bytes() == lock.read_bytes()
    workflow = (tmp_path / "city/.github/workflows/publish.yml").read_text(encoding="utf-8")
    steps = yaml.safe_load(workflow)["jobs"]["publish"]["steps"]
    made = next(step for step in steps if "run" in step)
    assert (made["run"], made["env"]["ENGINE"]) == ('make book ENGINE="$ENGINE"', "${{ vars.SURVEYBOOK }}")
    # An action is as this repository pins it.
    ours = Path(".github/workflows/pages.yml").read_text(encoding="utf-8")
    assert all(step["uses"] in ours for step in steps if "uses" in step)
    monkeypatch.setattr(report, "find_lock", lambda: None)
    write_files(tmp_path / "other", [], [], {"2031": {}}, {}, **told)
    assert not (tmp_path / "other/requirements.txt").exists()


def test_a_question_whose_words_begin_with_a_number_has_a_chapter_that_runs(tmp_path: Path) -> None:
    votes = pd.DataFrame({"vote19": [1.0, 2.0] * 50, "vote17": [1.0, 2.0, 2.0, 1.0] * 25})
    values = {name: {1.0: "Labour", 2.0: "Plaid Cymru"} for name in votes}
    texts = ["2019 general election vote", "2017 general election vote"]
    pyreadstat.write_sav(votes, str(tmp_path / "a.sav"), column_labels=texts, variable_value_labels=values)
    draft = draft_questions(open_respondents(tmp_path / "a.sav"))
    made = write_report(tmp_path / "votes", draft, tmp_path / "a.sav", title="Votes", wave="1")
    cells = [cell for file in made if file.suffix == ".ipynb" for cell in json.loads(file.read_text())["cells"]]
    assert [ast.parse("".join(cell["source"])) for cell in cells if cell["cell_type"] == "code"]


def draft_single(name: str, title: str, *answers: str) -> DraftQuestion:
    items = {f"{name}_{answer}": answer for answer in answers or ("Yes", "No")}
    return DraftQuestion(name, title, "single", items, "a list")


def test_a_chapter_of_several_questions_is_called_by_what_most_of_them_speak_of() -> None:
    votes = ["EU referendum turnout (earliest recorded)", "EU referendum vote (earliest recorded)", "Held office"]
    (chapter,) = list_chapters(draft_single(f"q{place}", title) for place, title in enumerate(votes))
    assert (chapter.heading, chapter.name, chapter.is_mixed) == ("EU referendum", "01-eu-referendum", True)


@pytest.mark.parametrize(
    ("titles", "heading"),
    [
        (["q1. do you drive?", "Which do you use?", "Do you like to fly?"], "“Do you drive?” and more"),
        (["Do you own a home?", "OWNERSHIP OF LAND", "Rent"], "Ownership of land, rent and more"),
        (["Fuel", "Speed of cars"], "Fuel and speed of cars"),
        (["Did you vote in the elections?", "Were the elections fair?", "Are you well?"], "Elections"),
        (["Are elections fair and free?", "Elections?", "Why?", "Who?"], "“Are elections fair and free?” and more"),
        (["Aware: of news", "Aware, of data", "Aware of code"], "Aware"),
        (["IN WHOM DO YOU TRUST?", "Trust of banks", "Loss of trust", "Why?"], "Trust"),
        (["Is it a yes?", "Was that a yes?", "Why?"], "“Is it a yes?” and more"),
        (["Where are you on this scale?", "Where are they on the scale?"], "“Where are you on this scale?” and more"),
        (["EM QUEM VOTOU?", "Quem é?", "Emprego"], "“Em quem votou?” and more"),
        (["Which best describes you?", "Which best describes us?"], "“Which best describes you?” and more"),
        (["Q60 Why?", "40.1 ¿Qué libros compra usted al mes?", "Q4"], "“¿Qué libros compra usted al mes?” and more"),
    ],
)
def test_a_chapter_of_several_questions_is_called_in_words_of_their_labels(
    titles: list[str], heading: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Chapters were called "Do you drive? (and four more)", which tells nobody what they hold."""
    # No report is there yet that could say what keeps its capital.
    monkeypatch.setattr("surveybook.model.wording.read_report", lambda: pytest.fail("no report is there yet"))
    (chapter,) = list_chapters(draft_single(f"q{place}", title) for place, title in enumerate(titles))
    assert chapter.heading == heading


def test_a_long_survey_has_few_chapters_and_neighbours_of_one_section_share_one() -> None:
    """A survey of 140 questions had 44 chapters, and no reader opens so many."""
    names = [f"{letter}{number}" for letter in "ABCDEFGHIJ" for number in range(1, 8)]
    chapters = list_chapters(
        DraftQuestion(name, f"What of {name}?", "single", {"a": "1"}, "", rules={"column": name}) for name in names
    )
    sections = [{one.question[0] for one in chapter.questions} for chapter in chapters]
    assert sections == [{letter} for letter in "ABCDEFGHIJ"]


def test_a_short_list_of_answers_needs_no_chapter_of_its_own_and_a_long_one_does() -> None:
    few, many = (draft_single(f"q{size}", f"Which of {size}?", *map(str, range(size))) for size in (8, 9))
    assert [len(one.questions) for one in list_chapters([draft_single("q1", "Why?"), few])] == [2]
    assert [len(one.questions) for one in list_chapters([draft_single("q1", "Why?"), many])] == [1, 1]


@pytest.mark.parametrize(
    ("title", "is_background_of"),
    [
        ("Please select your language preference. Veuillez sélectionner votre langue préférée", True),
        ("Recruitment source", True),
        ("Hispanic origin - from the panel or picked up later on", True),
        ("Nativity with Cuba and Mexico broken out", True),
        ("Which department do you work in?", True),
        ("How much total combined money did all members of your household earn last year?", True),
        ("How many people, including yourself, are there in your household?", True),
        ("Education is what my area needs more than other things", False),
        ("Would you like to have children in the near future?", False),
        ("Voter Registration Status", True),
        ("7 point Party ID", True),
        ("Overall direction of the country", False),
        ("Country of residence", True),
        ("Nivel socioeconómico (versión corta)", True),
        ("Perceived racial group with most cases", False),
    ],
)
def test_a_longer_label_that_begins_with_who_somebody_is_is_no_news(title: str, is_background_of: bool) -> None:
    assert is_background(draft_single("q1", title)) == is_background_of


def test_how_many_could_be_chosen_is_asked_where_several_could() -> None:
    one = draft_single("q1", "How do you travel?")
    several = replace(one, kind="multiple")
    how_many = "How many options people could choose, where asked.csv assumes any number (max_choices)"
    assert how_many not in list_open_questions([one, replace(several, max_choices="2")], has_fieldwork=True)
    assert how_many in list_open_questions([one, several], has_fieldwork=True)


def test_no_two_chapters_are_called_alike_nor_like_one_that_is_there() -> None:
    """Two chapters of one report were both called "Country and more", a further one of the next wave too."""
    questions = [draft_single(f"q{place}", title) for place, title in enumerate(["Why?", "Who is it?", "Where to?"])]
    headings = list[str]()
    for _ in range(6):
        headings += [chapter.heading for chapter in list_chapters(questions, headings)]
    assert len({*headings}) == len(headings) == 6


def test_two_chapters_are_not_called_alike() -> None:
    chapters = list_chapters(draft_single(f"q{place}", "Which are the public services?") for place in range(9))
    assert [one.heading for one in chapters] == ["Public services", "Public services and more"]


def test_neighbours_that_people_said_yes_or_no_to_are_one_chart(tmp_path: Path) -> None:
    """A fridge, a phone, a washing machine and a computer at home were four charts of one bar."""
    home = {"r1": "Fridge at home", "r3": "Phone at home", "r6": "Washing machine at home", "r7": "Computer at home"}
    people = pd.DataFrame({name: [1.0, 2.0, place % 2 + 1.0] * 20 for place, name in enumerate(home)})
    values = {name: {1.0: "Yes", 2.0: "No"} for name in home}
    pyreadstat.write_sav(people, str(tmp_path / "a.sav"), column_labels=[*home.values()], variable_value_labels=values)
    (chapter,) = list_chapters(draft_questions(open_respondents(tmp_path / "a.sav")).questions)
    assert [keys[0].rpartition(".")[2] for keys in chapter.statements.values()] == ["yes"] * 4
    assert chapter.heading == "Home"


@pytest.mark.parametrize("section", ["Climate change", "Changes"])
def test_a_chapter_that_speaks_of_change_is_not_the_page_on_what_changed(section: str) -> None:
    """A survey that asked about climate change lost that chapter, and with it its site: links to it led nowhere."""
    (chapter,) = list_chapters(draft_single(f"q{place}", f"{section}: part {place}") for place in range(2))
    assert chapter.heading == section
    assert not is_change_page(f"chapters/{chapter.name}")
    assert is_change_page(f"chapters/{report.CHANGES}")


def test_who_answered_is_a_list_and_not_told_by_who_answered(tmp_path: Path) -> None:
    people = pd.DataFrame({"q1": [1.0, 2.0] * 60, "tenure": [1.0, 1.0, 2.0] * 40})
    labels = {"q1": {1.0: "Bus", 2.0: "Tram"}, "tenure": {1.0: "Own", 2.0: "Rent"}}
    texts = ["Which do you like best?", "Tenure"]
    pyreadstat.write_sav(people, str(tmp_path / "a.sav"), column_labels=texts, variable_value_labels=labels)
    draft = draft_questions(open_respondents(tmp_path / "a.sav"))
    made = write_report(tmp_path / "new", draft, tmp_path / "a.sav", title="Ways", wave="1")
    news, who = (next(file.read_text() for file in made if file.name.startswith(place)) for place in ("01-", "02-"))
    assert "tables.by_group" in news
    assert "charts.results" in news
    assert "tables" not in who
    assert "charts" not in who
    assert "findings.answers_in_brief" in who


TWO_MACHINES = (
    "If you use a cluster at your place of work, do you have a need for multiple machine types (e.g. GPU or no GPU, "
    "low or high memory, of the U.S. Government or of another) in the same cluster?"
)
LOTTERY = "In Lottery A, you have a 50% chance of success, and in Lottery B one of 90%, with a payout of $20."


@pytest.mark.parametrize(
    ("label", "name"),
    [
        ("37) How do you travel?", "How do you travel?"),
        ("BORN. Would you describe yourself so?", "Would you describe yourself so?"),
        ("HISP.Are you of that origin?", "Are you of that origin?"),
        ("general happiness", "General happiness"),
        ("JUSTICE_DIST.R (and seven more)", "JUSTICE_DIST.R (and seven more)"),
        (
            "If we check the official records, will they show it?",
            "If we check the official records, will they show it?",
        ),
        ("How is it? Check the box below.", "How is it?"),
        (
            "If the election for the U.S. House of Representatives were being held today, and",
            "If the election for the U.S. House of Representatives were being held today, and…",
        ),
        ("Which do you use? Please select all that apply.", "Which do you use?"),
        (
            f"{LOTTERY} Assuming you have $10 to bet, which would you play?",
            "Assuming you have $10 to bet, which would you play?",
        ),
        (f"{LOTTERY} Please answer below", f"{LOTTERY} Please answer below"),
        ("Is it? Why?", "Is it? Why?"),
        ("Do you [like | hate] it [READ OUT/REPEAT]?", "Do you like/hate it [READ OUT/REPEAT]?"),
        ("Agree - Disagree: Work pays", "Work pays"),
        ("¿LE GUSTARÍA CAMBIARSE?", "¿Le gustaría cambiarse?"),
        (TWO_MACHINES, TWO_MACHINES),
        (
            "How many people, including yourself, are there in your household? Please includ",  # misspelt on purpose
            "How many people, including yourself, are there in your household?",
        ),
        (
            "Are your day-to-day activities limited because of a health problem or disabilit",
            "Are your day-to-day activities limited because of a health problem or disabilit…",
        ),
    ],
)
def test_a_question_is_called_by_what_it_asks(label: str, name: str) -> None:
    assert name_question(label) == name


@pytest.mark.parametrize(
    ("title", "short"),
    [
        (
            "Did you take part in any of these activities on or along a body of water (a river, lake, reservoir or"
            " stream) in Colorado over the twelve months to November 2019? Please only count those days where",
            "Did you take part in any of these activities on or along a body of water…?",
        ),
        (
            "In the past week, how many people outside of your immediate household did you meet with in person",
            "How many people outside of your immediate household did you meet with in person",
        ),
        (
            "Trail sports (running three miles or more on a trail, hiking by day, backpacking, climbing ice or rock)",
            "Trail sports",
        ),
        (
            "Wie zufrieden ist Ihr Haushalt mit dem Nahverkehr in Ihrer Gemeinde, wenn es an das Jahr 2020 denkt?",
            "Wie zufrieden ist Ihr Haushalt mit dem Nahverkehr in Ihrer Gemeinde…?",
        ),
        ("How satisfied are you with parks (and playgrounds)?", "How satisfied are you with parks (and playgrounds)?"),
        (
            "How interested are you in the city's catalogue, which are lower cost and provide short exams on demand?",
            "How interested are you in the city's catalogue…?",
        ),
        ("HUNTING AND SHOOTING", "Hunting and shooting"),
        ("SNOW SPORTS", "Snow sports"),
        ("COVID-19", "COVID-19"),
    ],
)
def test_a_long_question_has_a_short_title(title: str, short: str) -> None:
    """Titles of 200 letters stood as headings, in the contents and under "next"."""
    assert shorten_title(title) == short


def test_questions_that_only_their_scene_tells_apart_keep_it() -> None:
    asked = "how many of them were spent in each of the basins that this survey tells apart?"
    told = [f"Of the days you went {sport}, {asked}" for sport in ("fishing", "hunting")]
    made = title_questions(DraftQuestion(name, title, "number", {}, "") for name, title in zip("ab", told, strict=True))
    assert list(made.values()) == [f"{text.partition(' that')[0]}…?" for text in told]


def test_sentences_call_options_without_their_brackets_unless_two_are_alike_then() -> None:
    trail = "Trail sports (running, hiking by day, backpacking, climbing ice or rock)"
    pools = {
        "a": "A pool (the one by the river, which opens in May every year)",
        "b": "A pool (the covered one, which is open all year round)",
    }
    assert shorten_labels({"a": trail, "b": "parks (all)"}) == {"a": "Trail sports", "b": "Parks (all)"}
    assert shorten_labels(pools) == pools


def test_sentences_quote_the_start_of_a_long_statement_unless_two_begin_alike() -> None:
    """Titles quoted answers of 150 letters, which their chart has in full."""
    insured = "I have insurance that is provided through my or a family member's employer, union, school or trade group"
    alike = {name: f"{'I would rather ' * 6}{name}" for name in ("walk", "ride")}
    assert (
        shorten_labels({"a": insured, "b": "None"})["a"]
        == "I have insurance that is provided through my or a family member's employer…"
    )
    assert shorten_labels(alike) == alike


@pytest.mark.parametrize(
    ("labels", "calm"),
    [
        (["NO DIFFICULTY", "A LOT OF DIFFICULTY"], ["No difficulty", "A lot of difficulty"]),
        (["YES", "NO", "DK"], ["Yes", "No", "DK"]),
        (["MUY DE ACUERDO", "DE ACUERDO", "EN DESACUERDO"], ["Muy de acuerdo", "De acuerdo", "En desacuerdo"]),
        (["ECE", "PRIMARY", "HIGHER"], ["ECE", "Primary", "Higher"]),
        (["USA", "UK"], ["USA", "UK"]),
        (["PRIMARY", "Higher"], ["PRIMARY", "Higher"]),
        (["1", "2"], ["1", "2"]),
        (["Python.", "R.", "None of these"], ["Python", "R", "None of these"]),
        (["Games, sports etc.", "Music", "Art"], ["Games, sports etc.", "Music", "Art"]),
        (["Very easy", "Easy", "Difficult", "Very Difficult"], ["Very easy", "Easy", "Difficult", "Very difficult"]),
        (["South Africa", "New South Wales"], ["South Africa", "New South Wales"]),
        (["1. Photographs", "2. Messages", "Other"], ["Photographs", "Messages", "Other"]),
        (["1. May", "Whit Monday", "Easter"], ["1. May", "Whit Monday", "Easter"]),
        ([], []),
    ],
)
def test_answers_are_written_as_readers_are_used_to(labels: list[str], calm: list[str]) -> None:
    assert list(calm_labels(dict(enumerate(labels))).values()) == calm


def test_first_words_of_options_that_were_in_capitals_keep_one_for_they_may_be_names() -> None:
    months = DraftQuestion("q1", "Month", "single", {"a": "JANUARY", "b": "FEBRUARY"}, "")
    assert find_names([months]) == ["January", "February"]


@pytest.mark.parametrize(
    ("label", "shown"), [("every week", "Every week"), ("iPhone", "iPhone"), ("www.abc.org", "www.abc.org")]
)
def test_labels_have_a_capital_where_they_stand_alone(label: str, shown: str) -> None:
    assert capitalise(label) == shown
