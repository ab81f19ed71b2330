"""Files as platforms and programs write them: each kind of column becomes what it is, or is left out and named."""

import csv
import re
import time
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pyreadstat
import pytest
import yaml

from surveybook.drafts import records
from surveybook.drafts.chapters import find_names, is_background, list_chapters
from surveybook.drafts.labels import make_id, sort_answers
from surveybook.drafts.questions import draft_questions
from surveybook.drafts.records import Draft, DraftQuestion, open_respondents
from surveybook.drafts.report import write_wave
from surveybook.drafts.roles import MOST_GROUPINGS
from surveybook.model.tables import read_schemas
from surveybook.respondents.mapping import DOMAIN_VALUE

SIZE = 120
RANDOM = np.random.default_rng(5)
SATISFIED = ["Very satisfied", "Fairly satisfied", "Neither satisfied nor dissatisfied", "Very dissatisfied"]
AGREE = ["Strongly agree", "Agree", "Neither agree nor disagree", "Disagree"]
COMMAS = ["Library", "Parks, gardens and woods", "Pool"]
WELL = ("Are you well?", {1: "Yes", 2: "No"})


@pytest.fixture(autouse=True)
def draw_anew(monkeypatch: pytest.MonkeyPatch) -> None:
    """Draw the same answers, whichever tests ran before."""
    monkeypatch.setattr(f"{__name__}.RANDOM", np.random.default_rng(5))


def pick(options: Sequence[object], share: Sequence[float] | None = None) -> list[object]:
    return [options[at] for at in RANDOM.choice(len(options), SIZE, p=share)]


def draft_csv(folder: Path, columns: Mapping[str, Sequence[object]], *above: Sequence[str]) -> Draft:
    """Return the draft of a CSV file of these columns, with rows of a platform between names and answers."""
    with (folder / "answers.csv").open("w", newline="", encoding="utf-8") as file:
        csv.writer(file).writerows([list(columns), *above, *zip(*columns.values(), strict=True)])
    return draft_questions(open_respondents(folder / "answers.csv"))


def find(draft: Draft, column: str) -> DraftQuestion:
    return next(one for one in draft.questions if column in one.rules.get("columns", [one.rules.get("column")]))


def draft_sav(folder: Path, columns: Mapping[str, tuple[Any, ...]], **more: object) -> Draft:
    """Return the draft of an SPSS file: of each column its label, its codes with theirs, and else what stands there."""
    frame = pd.DataFrame({name: cells[0] if cells else pick([*map(float, codes)])
                          for name, (_, codes, *cells) in columns.items()})  # fmt: skip
    labels = [label for label, *_ in columns.values()]
    values = {name: dict(codes) for name, (_, codes, *_) in columns.items() if codes}
    pyreadstat.write_sav(frame, str(folder / "a.sav"), column_labels=labels, variable_value_labels=values, **more)
    return draft_questions(open_respondents(folder / "a.sav"))


@pytest.mark.parametrize(
    ("name", "first", "other", "days"),
    [
        ("StartDate", "2026-03-28 10:00:00", "2026-04-02 09:30:00", ("2026-03-28", "2026-04-02")),
        ("Timestamp", "2026/03/28 10:00:00 am GMT+1", "2026/04/02 9:00:00 am GMT+1", ("2026-03-28", "2026-04-02")),
        ("Submit Date (UTC)", "2026-03-28 10:00:00", "2026-04-02 09:30:00", ("2026-03-28", "2026-04-02")),
        ("End Date", "03/28/2026 10:00:05 AM", "04/02/2026 09:30:00 AM", ("2026-03-28", "2026-04-02")),
        ("submitdate", "28.03.2026 10:00", "02.04.2026 09:30", ("2026-03-28", "2026-04-02")),
        # Fifth of March or third of May: nobody can tell.
        ("Start Date", "03/05/2026 10:00:05", "04/02/2026 09:30:00", None),
        ("StartDate", "2026-03-28", "soon", None),
        # When somebody last came is an answer.
        ("When did you last visit?", "2026-03-28", "2026-04-02", None),
    ],
)
def test_fieldwork_is_what_the_platform_noted_where_its_days_are_certain(
    tmp_path: Path, name: str, first: str, other: str, days: tuple[str, str] | None
) -> None:
    noted = [first, other, *[first] * (SIZE - 2)]
    draft = draft_csv(tmp_path, {name: noted, "How do you travel?": pick(["Bus", "Tram"])})
    people = yaml.safe_load(write_wave(draft, "A", "1", ".csv"))["populations"]["respondents"]
    if days is None:
        assert (people["fieldwork"], people["fieldwork_start"]) == ("not known", None)
        return
    assert (people["fieldwork_start"], people["fieldwork_end"]) == days
    assert people["fieldwork"] == "March to April 2026"
    assert any(f"Was the fieldwork from {days[0]} to {days[1]}, as {name} says" in doubt for doubt in draft.doubts)


def test_what_platforms_note_down_is_no_question(tmp_path: Path) -> None:
    noted = {
        "StartDate": [f"2026-03-{1 + n % 28:02d} 10:00:00" for n in range(SIZE)],
        "Duration (in seconds)": list(range(SIZE)),
        "UserLanguage": pick(["EN", "FR"]),
        "IPAddress": [f"81.2.3.{n}" for n in range(SIZE)],
        "wellbeing_complete": [2] * SIZE,
        "_submitted_by": pick(["anna", "ben"]),
        "Q1Time": [round(x, 2) for x in RANDOM.random(SIZE)],
        "When were you here?": [f"{1 + n % 28}/3/2026" for n in range(SIZE)],
        "Write to me at": [f"p{n}@example.org" for n in range(SIZE)],
    }
    draft = draft_csv(tmp_path, {**noted, "How do you feel?": pick(["Very good", "Good", "Bad"])})
    assert set(draft.left_out) == set(noted)
    assert draft.left_out["When were you here?"] == "dates or times"
    assert draft.left_out["Write to me at"] == "it may tell who somebody is"


def test_what_nobody_answered_dates_and_replicate_weights_are_no_question(tmp_path: Path) -> None:
    frame = pd.DataFrame({"q": pick(["Good", "Bad"]), "rep_1": RANDOM.random(SIZE), "left": [None] * SIZE})
    frame["Mahalanobis Distance"] = RANDOM.random(SIZE)
    frame.assign(when=pd.Timestamp("2026-03-01")).to_parquet(tmp_path / "a.parquet")
    draft = draft_questions(open_respondents(tmp_path / "a.parquet"))
    assert draft.left_out == {
        "rep_1": "a replicate weight, by its name", "left": "nobody answered it", "when": "dates or times",
        "Mahalanobis Distance": "a program computed it",
    }  # fmt: skip


def test_a_set_that_the_file_declares_is_one_list_whatever_its_columns_are_called(tmp_path: Path) -> None:
    frame = pd.DataFrame({"buses": pick([1.0, 2.0]), "trams": pick([1.0, 2.0]), "alone": pick([1.0, 2.0])})
    named = [1.0, 2.0], {1.0: "No", 2.0: "Yes"}
    pyreadstat.write_sav(frame, str(tmp_path / "a.sav"), column_labels=["Buses", "Trams", "Do you live alone?"],
                         variable_value_labels=dict.fromkeys(frame, named[1]))  # fmt: skip
    source = replace(open_respondents(tmp_path / "a.sav"), sets=((("buses", "trams"), "2", "Which do you use?"),))
    used = find(draft_questions(source), "buses")
    assert (used.title, used.kind, list(used.items.values())) == ("Which do you use?", "multiple", ["Buses", "Trams"])
    assert used.rules["chosen"] == [2]


@pytest.mark.parametrize("is_grid", [True, False])
def test_a_set_of_answers_that_people_give_twice_is_a_grid_of_statements(tmp_path: Path, is_grid: bool) -> None:
    answers = dict(enumerate([*AGREE, "Other"], start=1))
    mentions = RANDOM.permuted(np.tile([1.0, 2.0, 3.0, 4.0], (SIZE, 1)), axis=1)
    rows = RANDOM.choice([1.0, 2.0, 3.0, 4.0], (SIZE, 4)) if is_grid else mentions
    # Two columns may hold "other", and a few a mistake, without being statements.
    rows[:40, :2], rows[40:42, :2] = 5.0, 1.0
    labels = {"roads": "The roads are good", "pools": "The pools are warm", "trees": "There are trees"}
    columns = {name: (label, answers, rows[:, at]) for at, (name, label) in enumerate(labels.items())}
    draft_sav(tmp_path, columns)
    source = replace(open_respondents(tmp_path / "a.sav"), sets=((tuple(columns), "", "Do you agree?"),))
    drafted = find(draft_questions(source), "roads")
    assert drafted.title == "Do you agree?"
    assert (drafted.rules["encoding"], len(drafted.items)) == (("scale", 3) if is_grid else ("choices", 4))


def test_words_that_only_sound_personal_or_like_no_answer_are_kept(tmp_path: Path) -> None:
    draft = draft_csv(
        tmp_path,
        {
            "Do you own a mobile phone?": pick(["Yes", "No"]),
            "How well does the council address problems?": pick(["Very well", "Well", "Badly"]),
            "Which service matters most?": pick(
                ["Refuse collection", "Talking with other people", "Other people's dogs", "Missing persons"]
            ),
            "Why not?": pick(["I don't know how to use it", "Too dear", "Other (please specify)"]),
        },
    )
    assert not draft.left_out
    assert "other" not in find(draft, "Which service matters most?").rules["codes"].values()
    assert list(find(draft, "Why not?").rules["codes"].values()).count("other") == 1


@pytest.mark.parametrize("mark", [";", ",", ", ", "|"])
def test_answers_in_one_cell_are_parted_though_an_answer_holds_a_comma(tmp_path: Path, mark: str) -> None:
    cells = [mark.join(option for option in COMMAS if RANDOM.random() < 0.5) for _ in range(SIZE)]
    asked = draft_csv(tmp_path, {"Which?": cells, "Why?": [f"I, too, think of {n}; well" for n in range(SIZE)]})
    assert sorted(find(asked, "Which?").items.values()) == COMMAS
    assert asked.left_out == {"Why?": "what people wrote, or answers that few share"}


def test_a_single_answer_that_holds_a_comma_is_one_answer(tmp_path: Path) -> None:
    draft = draft_csv(tmp_path, {"Who?": pick(["One-stop shop, face to face", "Telephone", "Web, or app", "Post"])})
    assert find(draft, "Who?").kind == "single"


@pytest.mark.parametrize(
    "scale",
    [
        AGREE,
        ["(1) Often", "(2) At times", "(3) Rarely", "(4) Never"],
        [f"{one} ({place})" for place, one in enumerate(AGREE)],
    ],
)
def test_what_people_answered_to_any_item_of_a_question_is_an_answer_to_each(tmp_path: Path, scale: list[str]) -> None:
    # In a small sample few people or none gave some of the answers to one of the items.
    items = {"Bus": [9, 9, 9, 3], "Tram - or metro": [3, 9, 9, 9], "Car": [12, 12, 6, 0]}
    columns = {f"Your travel [{item}]": [one for one, times in zip(scale, most, strict=True) for _ in range(times)]
               for item, most in items.items()}  # fmt: skip
    (one,) = draft_csv(tmp_path, {**columns, "Your travel [Other]": ["Jane's boat", *[""] * 29]}).questions
    assert (one.title, [*one.items.values()]) == ("Your travel", [*items])
    assert "*" not in str(one.rules)
    assert "Jane" not in str(one)


@pytest.mark.parametrize(
    ("scale", "is_told"),
    [
        (["Sehr wichtig", "Wichtig", "Mäßig wichtig", "Kaum wichtig", "Nicht wichtig"], True),
        (["sehr häufig", "eher häufig", "eher selten", "selten", "gar nicht"], True),
        (["Red", "Amber", "Green"], False),
    ],
)
def test_answers_of_a_battery_stand_in_the_order_of_their_words_or_it_is_asked(
    tmp_path: Path, scale: list[str], is_told: bool
) -> None:
    draft = draft_csv(tmp_path, {f"Your journey? [{item}]": pick(scale) for item in ("Bus", "Bahn", "Boot")})
    assert ([*draft.questions[0].rules["collapse"].values()] == [[one] for one in scale]) is is_told
    assert any("doesn't tell the order" in doubt for doubt in draft.doubts) is not is_told


def test_lists_of_several_kinds_in_one_question_are_not_taken_together(tmp_path: Path) -> None:
    columns = {"Your bus [How often]": pick(["Daily", "Weekly"]), "Your bus [How good]": pick(["Good", "Bad"])}
    assert len(draft_csv(tmp_path, columns).questions) == 2


def test_options_of_a_list_stand_together_wherever_a_form_has_their_columns(tmp_path: Path) -> None:
    lists = {f"needs/{one}": pick(["0", "1"]) for one in ("food", "water", "shelter", "cash")}
    (food, *others), cells = lists.items(), pick(["food water", "cash", "shelter food"])
    columns = dict(
        [
            food,
            ("road", pick(["good", "bad"])),
            *others[:1],
            ("needs", cells),
            ("rain", pick(["yes", "no"])),
            *others[1:],
        ]
    )
    assert [*find(draft_csv(tmp_path, columns), "needs/cash").rules["columns"]] == [*lists]


def test_codes_of_places_that_stand_several_in_a_cell_are_no_answers(tmp_path: Path) -> None:
    places = pick(["MW30901", "MW30904", "MW31104 MW30901", "MW30901 MW30904", "MW30904 MW31104", "NULL"])
    draft = draft_csv(tmp_path, {"from": places, "q": pick(SATISFIED)})
    assert [one.rules["column"] for one in draft.questions] == ["q"]


def test_two_rows_of_one_name_in_a_grid_of_ticks_are_a_question_each(tmp_path: Path) -> None:
    names = [f"What does it cost? | Staff [{cost}]" for cost in ("A half", "Open-ended", "More")] * 2
    rows = zip(*(pick(["1", ""]) for _ in names), strict=True)
    with (tmp_path / "answers.csv").open("w", newline="", encoding="utf-8") as file:
        csv.writer(file).writerows([names, *rows])
    draft = draft_questions(open_respondents(tmp_path / "answers.csv"))
    assert [[*one.items.values()] for one in draft.questions] == [["A half", "Open-ended", "More"]] * 2


@pytest.mark.parametrize("answers", [["Yes", "No"], ["often", "rarely", "never"]])
def test_a_row_of_questions_above_options_names_what_they_are_of(tmp_path: Path, answers: list[str]) -> None:
    rows = zip(*(pick(answers) for _ in range(6)), strict=True)
    with (tmp_path / "answers.csv").open("w", newline="", encoding="utf-8") as file:
        csv.writer(file).writerows(
            [["Which is near you?", "", "", "Which is good?", "", ""], ["Bus", "Tram", "Boat"] * 2, *rows]
        )
    draft = draft_questions(open_respondents(tmp_path / "answers.csv"))
    assert [one.title for one in draft.questions] == ["Which is near you?", "Which is good?"]


def test_what_few_people_wrote_counts_as_other_and_is_never_shown(tmp_path: Path) -> None:
    answers = ["my own bus, Jane", *pick(["Bus", "Tram", "Walking"])[1:]]
    draft = draft_csv(tmp_path, {"How do you travel?": answers})
    assert find(draft, "How do you travel?").rules["codes"]["*"] == "other"
    assert any("(1): answers that few share count as other" in doubt for doubt in draft.doubts)
    assert "Jane" not in str(draft.questions) + str(draft.doubts)


@pytest.mark.parametrize(
    ("names", "title"),
    [
        ([f"Which do you use? [{option}]" for option in COMMAS], "Which do you use?"),
        ([f"Which do you use? (choice={option})" for option in COMMAS], "Which do you use?"),
        ([f"Which do you use?/{option}" for option in COMMAS], "Which do you use?"),
    ],
)
def test_options_that_stand_in_names_of_columns_are_items(tmp_path: Path, names: list[str], title: str) -> None:
    on, off = ("1", "0") if "/" in names[0] else ("Yes", "No") if "[" in names[0] else ("Checked", "Unchecked")
    draft = draft_csv(tmp_path, {name: pick([on, off]) for name in names})
    (one,) = draft.questions
    assert (one.title.rstrip("?"), one.kind, list(one.items.values())) == (title.rstrip("?"), "multiple", COMMAS)


def test_an_option_is_ticked_where_its_label_stands_in_that_of_its_column(tmp_path: Path) -> None:
    options = {"Q1r1": "Bus", "Q1r2": "Tram"}
    columns = {name: (f"{name}: {option} - Which do you use?", {0: f"NO TO: {option}", 1: option})
               for name, option in options.items()}  # fmt: skip
    (one,) = draft_sav(tmp_path, columns).questions
    assert (one.kind, list(one.items.values()), one.title) == ("multiple", ["Bus", "Tram"], "Which do you use?")


def test_options_of_many_words_or_amounts_have_no_order_of_words(tmp_path: Path) -> None:
    draft = draft_csv(
        tmp_path,
        {
            "Which matters most?": pick(["Lower taxes, even if services get worse", "Better services for all of us"]),
            "Income": pick(["Less than 20,000", "20,000 to 39,999", "More than 40,000"]),
        },
    )
    assert [one.kind for one in draft.questions] == ["single", "single"]
    assert next(iter(draft.questions[1].items.values())) == "Less than 20,000"


def test_a_box_that_people_wrote_into_is_the_other_of_its_list(tmp_path: Path) -> None:
    ticks = {f"Q1[SQ00{n}]": pick(["Y", ""]) for n in (1, 2, 3)}
    draft = draft_csv(tmp_path, {"id": list(range(SIZE)), **ticks, "Q1[other]": ["mine", *[""] * (SIZE - 1)]})
    rules = draft.questions[0].rules
    assert (rules["chosen"], rules["not_chosen"], rules["columns"]["Q1[other]"]) == (["Y"], [""], "other")


def test_codes_that_no_label_explains_are_asked_for(tmp_path: Path) -> None:
    draft = draft_csv(
        tmp_path,
        {"Q1": pick(["A1", "A2", "A3"]), "q2_1": pick([1, 2]), "q2_2": pick([1, 2]), "Q3": pick(["Bus", "Tram"])},
    )
    assert "codes without labels" in draft.left_out["Q1"]
    assert "whether 1 or 2 is a choice" in draft.left_out["q2_1"]


def test_statements_of_one_grid_are_one_question_however_the_file_writes_it(tmp_path: Path) -> None:
    rows = {f"How satisfied are you? [{item}]": pick(SATISFIED) for item in ("Parks", "Roads")}
    plain = {text: pick(AGREE) for text in ("I am proud", "I am heard", "I have tools")}
    draft = draft_csv(tmp_path, {**rows, **plain})
    assert [(one.title, len(one.items)) for one in draft.questions] == [
        ("How satisfied are you?", 2), ("I am proud (and two more)", 3),
    ]  # fmt: skip
    # What nobody was asked in so many words isn't quoted.
    assert [one.wording for one in draft.questions] == ["", "Three statements with the same answers"]
    assert "paraphrase" in draft.questions[1].wording_source


def test_a_small_file_is_drafted_too(tmp_path: Path) -> None:
    answers = ["Never"] * 5 + ["Rarely"] * 4 + ["Often"] * 3
    draft = draft_csv(tmp_path, {"How often do you cycle?": answers, "Why?": [f"Because {n}" for n in range(12)]})
    assert len(find(draft, "How often do you cycle?").answers) == 3
    assert "Because" not in str(draft.questions)


def test_of_several_weights_one_is_taken_and_asked_about(tmp_path: Path) -> None:
    columns = {"dweight": ("Design weight", {}, RANDOM.uniform(0.5, 2, SIZE)),
               "pspwght": ("Post-stratification weight", {}, RANDOM.uniform(0.5, 2, SIZE)),
               "pweight": ("", {}, [0.4] * SIZE),
               "finalwt": ("Weight of the second part", {}, [*RANDOM.uniform(0.5, 2, SIZE - 1), np.nan]),
               "kilos": ("Your weight in kg", {}, RANDOM.uniform(50, 90, SIZE)), "q": WELL}  # fmt: skip
    draft = draft_sav(tmp_path, columns)
    assert draft.design["weight"] == "pspwght"
    assert draft.left_out["dweight"] == "another weight than pspwght"
    assert any(doubt.startswith("Which weight") for doubt in draft.doubts)


def test_people_without_the_weight_are_of_another_sample_and_asked_about(tmp_path: Path) -> None:
    weights = [*RANDOM.uniform(0.5, 2, SIZE - 20), *[np.nan] * 20]
    draft = draft_sav(tmp_path, {"weight": ("Weight of the country", {}, weights), "q": WELL})
    assert any(doubt.startswith("20 people have no weight") for doubt in draft.doubts)
    wave = yaml.safe_load(write_wave(draft, "City", "2031", ".sav"))
    assert wave["responses"]["respondents"]["no_weight"] == "exclude"
    assert wave["populations"]["respondents"]["sample_size"] == SIZE - 20


@pytest.mark.parametrize(
    ("strata", "unit"), [([1] * (SIZE - 1) + [2], "person"), ([1] * (SIZE - 2) + [2] * 2, "cluster")]
)
def test_a_stratum_that_tells_no_variance_is_asked_about_and_the_draft_says_what_is_taken(
    tmp_path: Path, strata: list[int], unit: str
) -> None:
    clusters = {"psu": ("", {}, np.arange(SIZE) // 2)} if unit == "cluster" else {}
    draft = draft_sav(tmp_path, {"strata": ("", {}, strata), **clusters, "q": WELL})
    assert any(doubt.startswith(f"1 of the strata has only one {unit} (2)") for doubt in draft.doubts)
    wave = yaml.safe_load(write_wave(draft, "City", "2031", ".sav"))
    assert wave["responses"]["respondents"]["lonely"] == "adjust"


def test_a_battery_without_a_question_is_called_by_the_words_that_its_statements_share(tmp_path: Path) -> None:
    parts = {1: "None", 2: "About half", 3: "All"}
    texts = ("friends", "people here", "people elsewhere")
    draft = draft_sav(tmp_path, {f"q60_{n}": (f"Share of {text} who will vote", parts) for n, text in enumerate(texts)})
    (question,) = draft.questions
    assert question.title == "Share of … who will vote"
    assert question.wording == "Three statements with the same answers"


def test_two_questions_with_the_same_words_are_told_apart_by_their_first_items(tmp_path: Path) -> None:
    agree, often = dict(enumerate(AGREE, start=1)), {1: "Often", 2: "Seldom", 3: "Never"}
    columns = {f"a{n}": (f"It would: be {what}", agree) for n, what in enumerate(("safe", "easy", "cheap"))}
    columns |= {f"b{n}": (f"It would: cause {what}", often) for n, what in enumerate(("pain", "delay", "anger"))}
    first, second = draft_sav(tmp_path, columns).questions
    assert (first.title, second.title) == ("It would", "It would: cause pain (and two more)")
    assert (second.wording, first.wording) == ("It would", "")


def test_whom_people_perceive_is_no_group_of_theirs(tmp_path: Path) -> None:
    ages = {1: "18-29", 2: "30-49", 3: "50 and over"}
    columns = {"q20": ("Perceived age group with most cases", ages), "q21": ("Age group", ages), "q": WELL}
    draft = draft_sav(tmp_path, columns)
    assert draft.groups["age"]["column"] == "q21"
    assert find(draft, "q20").title == "Perceived age group with most cases"
    assert not is_background(find(draft, "q20"))


def test_numbers_with_a_mean_of_1_may_be_the_weight_and_are_asked_about(tmp_path: Path) -> None:
    weights = RANDOM.uniform(0.5, 2, SIZE)
    draft = draft_csv(tmp_path, {"factor": list(weights / weights.mean()), "Vote?": pick(["Yes", "No"])})
    assert "weight" not in draft.design
    assert draft.doubts[0].startswith("Is factor the weight?")


def test_ages_have_bands_that_hold_somebody_and_no_code_for_missing(tmp_path: Path) -> None:
    ages = np.array([*RANDOM.integers(12, 50, SIZE - 4), 999, 999, 98, 98], dtype=float)
    draft = draft_sav(tmp_path, {"age": ("", {98: "Refused", 999: "N/A"}, ages), "q": WELL})
    assert draft.groups["age"] == {
        "column": "age", "ranges": {"under 35": [12, 34], "35-54": [35, 54]}, "missing": [98, 999],
        "not_stated": "shown",
    }  # fmt: skip


def test_an_opinion_on_gender_is_no_group(tmp_path: Path) -> None:
    draft = draft_csv(tmp_path, {"Gender equality matters": pick(AGREE), "Gender": pick(["Male", "Female"])})
    assert draft.groups["sex"]["column"] == "Gender"
    assert len(find(draft, "Gender equality matters").nets["agree"]) == 2


def test_don_t_know_that_the_file_declares_missing_is_out_of_the_base(tmp_path: Path) -> None:
    columns = {"q": ("", {1: "Very happy", 2: "Not very happy", 8: "DK", 9: "NA"})}
    declared = draft_sav(tmp_path, columns, missing_ranges={"q": [8.0, 9.0]}).questions[0].rules
    assert (declared["dont_know"], declared["collapse"]["no_answer"]) == ("out", [9])
    assert draft_sav(tmp_path, columns).questions[0].rules["dont_know"] == "in"


def test_a_code_without_a_label_among_labelled_ones_is_said(tmp_path: Path) -> None:
    column = pick([1.0, 2.0, 7.0], [0.46, 0.48, 0.06])
    draft = draft_sav(tmp_path, {"q": ("", {1: "Bus", 2: "Tram"}, column)})
    assert draft.questions[0].rules["missing"] == [7]
    assert any("(7: " in doubt and "no label says what these stand for" in doubt for doubt in draft.doubts)


def test_mentions_of_one_list_are_one_list(tmp_path: Path) -> None:
    issues = {1: "Economy", 2: "Health", 3: "Crime", 97: "Other", 98: "Don't know"}
    columns = {"a_1": ("Issues: first mention", issues, pick([1.0, 2.0])),
               "a_2": ("Issues: second mention", issues, pick([3.0, np.nan]))}  # fmt: skip
    (one,) = draft_sav(tmp_path, columns).questions
    assert (one.kind, one.rules["encoding"], one.max_choices) == ("multiple", "choices", "2")
    assert one.rules["codes"][97] == "other"


def test_mentions_that_their_labels_count_are_one_list_called_without_the_count(tmp_path: Path) -> None:
    issues = {1: "Economia", 2: "Salut", 3: "Habitatge", 80: "Altres"}
    columns = {"a_1": ("Quin és el 1º problema del barri", issues, pick([1.0, 2.0])),
               "a_2": ("Quin és el 2º problema del barri", issues, pick([1.0, 2.0, 3.0]))}  # fmt: skip
    (one,) = draft_sav(tmp_path, columns).questions
    assert (one.title, one.rules["columns"]) == ("Quin és el problema del barri", ["a_1", "a_2"])


def test_categories_of_parquet_keep_their_order_and_truth_values_are_ticks(tmp_path: Path) -> None:
    often = ["Rarely", "Now and then", "On most days"]
    frame = pd.DataFrame({"how": pd.Categorical(pick(often), categories=often, ordered=True),
                          "uses_bus": pick([True, False]), "uses_tram": pick([True, False])})  # fmt: skip
    frame.to_parquet(tmp_path / "a.parquet")
    draft = draft_questions(open_respondents(tmp_path / "a.parquet"))
    answers = find(draft, "how").answers or find(draft, "how").items
    assert list(answers.values()) == often
    assert find(draft, "uses_bus").rules["columns"].keys() == {"uses_bus", "uses_tram"}


def test_of_a_large_file_of_parquet_a_sample_is_drafted_and_said(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    frame = pd.DataFrame({"q": pd.Categorical(pick(["Bus", "Tram"]))})
    frame.to_parquet(tmp_path / "a.parquet", row_group_size=30)
    monkeypatch.setattr(records, "SAMPLE", 40)
    draft = draft_questions(open_respondents(tmp_path / "a.parquet"))
    assert (len(draft.source.frame), draft.source.size) == (40, SIZE)
    assert draft.doubts[0] == f"The draft rests on 40 of {SIZE} respondents, a sample"
    told = yaml.safe_load(write_wave(draft, "City survey", "1", ".parquet"))
    assert told["populations"]["respondents"]["sample_size"] == SIZE


def test_people_who_gave_too_many_answers_are_left_out_and_counted(tmp_path: Path) -> None:
    ticks = {f"Which two? (choose up to two) [{item}]": [1] * 3 + pick([0, 1])[3:] for item in ("A", "B", "None")}
    draft = draft_csv(tmp_path, {"id": list(range(SIZE)), **ticks})
    assert draft.questions[0].rules["excess"] == "exclude"
    assert any("they are left out of its base" in doubt for doubt in draft.doubts)


def test_a_group_is_named_by_words_alone(tmp_path: Path) -> None:
    countries = ("COUNTRY CODE - ISO 3166", {}, pick(["FR", "DE"]))
    draft = draft_sav(tmp_path, {"isocntry": countries, "q": ("", {1: "Very good", 2: "Bad"})})
    told = yaml.safe_load(write_wave(draft, "City survey", "1", ".sav"))["responses"]["respondents"]
    assert list(told["domains"]) == ["country_code_iso"]


def test_two_lists_of_answers_with_the_same_ends_are_two_kinds(tmp_path: Path) -> None:
    three, four = {1: "Very good", 2: "Good", 3: "Bad"}, {1: "Very good", 2: "Fairly good", 3: "Bad"}
    one, other = draft_sav(tmp_path, {"a": ("", three), "b": ("", four)}).questions
    assert one.kind != other.kind


def test_a_text_that_stands_beside_not_selected_is_an_option_of_a_list(tmp_path: Path) -> None:
    # As panels write it where nothing but the cells names an option; what few wrote is the box "other".
    ways = ["Bus", "Tram", "Bicycle", "Car", "Taxi", "Boat"]
    columns = {f"q4_{place}": pick([text, "Not selected"]) for place, text in enumerate((*ways, "None of these"))}
    columns["q4_7"] = ["Not selected" if n % 20 else f"On foot {n}" for n in range(SIZE)]
    draft = draft_csv(tmp_path, columns)
    (one,) = draft.questions
    assert (one.kind, list(one.items.values())) == ("multiple", ways)
    assert list(one.rules["columns"].values()) == [*map(str.lower, ways), "none", "other"]


def test_a_file_that_names_columns_by_codes_alone_is_said_to_need_a_questionnaire(tmp_path: Path) -> None:
    answers = {"q0009": pick(["Retired", "Student"]), "v12_b": pick(["Red", "Blue"]), "travel": pick(["Bus", "Tram"])}
    draft = draft_csv(tmp_path, answers)
    (told,) = [doubt for doubt in draft.doubts if "--questionnaire" in doubt]
    assert "q0009 and v12_b ask" in told
    assert not draft.groups  # nobody would know what "q" calls


def test_a_file_whose_labels_ask_needs_no_questionnaire(tmp_path: Path) -> None:
    draft = draft_sav(tmp_path, {"q1": WELL, "travel": ("", {1: "Bus", 2: "Tram"})})
    assert not [doubt for doubt in draft.doubts if "--questionnaire" in doubt]


def test_columns_of_one_name_are_numbered_and_each_is_of_its_question(tmp_path: Path) -> None:
    names = ["Tea - Green", "Tea - Other (please specify)", "Tea - Other (please specify)", "How are you?"]
    cells = zip(pick(["Green", ""]), pick(["Other (please specify)", ""]), [f"Mate {n}" for n in range(SIZE)],
                pick(["Well", "Badly"]), strict=True)  # fmt: skip
    with (tmp_path / "answers.csv").open("w", newline="", encoding="utf-8") as file:
        csv.writer(file).writerows([names, *cells])
    draft = draft_questions(open_respondents(tmp_path / "answers.csv"))
    assert set(find(draft, "Tea - Green").rules["columns"]) == {"Tea - Green", "Tea - Other (please specify) (1)"}
    assert draft.left_out["Tea - Other (please specify) (2)"] == "what people wrote, or answers that few share"


@pytest.mark.parametrize(
    ("encoding", "answers"),
    [
        ("cp1252", ["Café", "Boîte", "Théâtre"]),
        ("mac_roman", ["Café", "Boîte", "Théâtre"]),
        ("cp1250", ["Źle", "Część", "Żółty"]),
        ("cp1251", ["Хорошо", "Плохо", "Иногда"]),
    ],
)
def test_text_of_old_programs_is_read_and_its_encoding_said(tmp_path: Path, encoding: str, answers: list[str]) -> None:
    with (tmp_path / "a.csv").open("w", newline="", encoding=encoding) as file:
        csv.writer(file).writerows([["place"], *([answer] for answer in pick(answers))])
    draft = draft_questions(open_respondents(tmp_path / "a.csv"))
    assert set(find(draft, "place").items.values()) == set(answers)
    assert yaml.safe_load(write_wave(draft, "A", "1", ".csv"))["responses"]["respondents"]["encoding"] == encoding
    assert "are its accents right?" in draft.doubts[0]


def test_labels_lose_what_no_reader_is_meant_to_see(tmp_path: Path) -> None:
    columns = {"vote": ("<b>Did you vote?</b>", {1: "1_yes", 5: "5_\x80no", 9: "No answer"}),
               "sat": ("You said \ufeff${QID:17 Answers}\ufeff. Are you satisfied?", {1: "Yes", 2: "No"})}  # fmt: skip
    draft = draft_sav(tmp_path, columns)
    vote, sat = find(draft, "vote"), find(draft, "sat")
    assert (vote.title, list(vote.answers.values())) == ("Did you vote?", ["yes", "no"])
    assert sat.title == "You said … . Are you satisfied?"


def test_a_scale_whose_labels_are_its_numbers_but_for_its_ends_is_a_number(tmp_path: Path) -> None:
    ends = {0: "Dislike", 10: "Like", 9999: "Don't know"} | {n: str(n) for n in range(1, 10)}
    size = {n: str(n) for n in range(1, 8)} | {8: "8 or more"}
    draft = draft_sav(tmp_path, {"party": ("The Greens", ends), "size": ("How many live here?", size)})
    assert find(draft, "party").rules == {
        "column": "party", "missing": [9999], "unit": "out of 10", "scale": [0, 10], "base": "answered",
    }  # fmt: skip
    assert find(draft, "size").kind == "single"  # "8 or more" is no 8


def test_one_long_list_of_answers_to_several_questions_is_no_list_of_mentions(tmp_path: Path) -> None:
    parties = {n: f"Party {chr(64 + n)}" for n in range(1, 10)}
    draft = draft_sav(tmp_path, {f"past_{year}": (f"{year} vote choice", parties) for year in (2017, 2019)})
    assert [one.kind for one in draft.questions] == ["single", "single"]


def test_a_code_that_nobody_has_is_no_group(tmp_path: Path) -> None:
    tenure = ("Tenure", {1: "Owner", 2: "Tenant", 3: "Lodger"}, pick([1.0, 2.0]))
    draft = draft_sav(tmp_path, {"q": WELL, "tenure": tenure})
    told = yaml.safe_load(write_wave(draft, "A", "1", ".sav"))["responses"]["respondents"]
    assert told["domains"]["tenure"]["values"] == {1: "owner", 2: "tenant"}


@pytest.mark.parametrize(
    "answers",
    [
        ["Every day", "A few times per week", "Once a week", "A few times per month", "Once a year or less", "Never"],
        ["Extremely comfortable", "Very comfortable", "Somewhat comfortably", "Not so comfortable"],
        ["Very masculine", "Somewhat masculine", "Not very masculine", "Not at all masculine"],
        ["Always", "Usually", "About half the time", "Once in a while", "Never"],
        ["Very", "Somewhat", "No"],
        ["Too high", "About right", "Too low"],
        ["Completely satisfied", "Satisfied", "Dissatisfied", "Completely dissatisfied"],
        ["Every day", "Every week", "Sometimes", "Never"],
        SATISFIED,
        ["Top priority", "High priority", "Moderate priority", "Low priority", "Not a priority"],
        ["Much more than I do", "A little more than I do", "About the same as I do", "A little less than I do"],
        ["Completely true", "Very true", "Moderately true", "A little true", "Not true at all"],
        ["Nearly every day", "More than half the days", "Several days", "Not at all"],
        ["All of the time", "Most of the time", "Some of the time", "None of the time"],
    ],
)
def test_words_tell_the_order_of_answers(tmp_path: Path, answers: list[str]) -> None:
    draft = draft_csv(tmp_path, {"How is it?": pick(answers)})
    (one,) = draft.questions
    assert [label for answer, label in one.answers.items() if answer not in one.nets] == answers
    assert not [doubt for doubt in draft.doubts if "order" in doubt]


def test_columns_that_a_program_cut_alike_are_told_apart_by_their_names(tmp_path: Path) -> None:
    cut = ("How satisfied are you with the", {1: "Satisfied", 2: "Dissatisfied"})
    draft = draft_sav(tmp_path, {"q1_1": cut, "q1_2": cut})
    labels = [label for one in draft.questions for label in one.items.values()]
    assert len(set(labels)) == 2


def test_letters_of_stata_for_no_answer_leave_numbers_what_they_are(tmp_path: Path) -> None:
    hours = pd.Series([*range(12)] * 10, dtype=object)
    hours[:4] = ["d", "i", "n", "d"]
    pyreadstat.write_dta(pd.DataFrame({"tv": hours}), str(tmp_path / "a.dta"),
                         column_labels=["Hours of television a day"],
                         missing_user_values={"tv": ["d", "i", "n"]})  # fmt: skip
    (one,) = draft_questions(open_respondents(tmp_path / "a.dta")).questions
    assert (one.kind, one.rules["unit"]) == ("number", "hours")


def test_a_scale_without_most_of_its_labels_is_left_out_or_a_number_and_no_share_of_the_rest(tmp_path: Path) -> None:
    draft = draft_sav(
        tmp_path,
        {
            "diff": ("Reduce differences", {1: "Yes", 2: "Perhaps", 7: "No"}, pick([1.0, 2.0, 3.0, 7.0])),
            "aid": ("Who should help", {1: "Government", 7: "People"}, pick([float(n) for n in range(1, 8)])),
        },
    )
    assert draft.left_out["diff"] == "no label says what many of its answers stand for"
    assert find(draft, "aid").kind == "number"


def test_what_r_writes_of_a_yes_is_told_in_words_and_joined_names_are_too(tmp_path: Path) -> None:
    draft = draft_csv(tmp_path, {"ever_smoked": pick(["TRUE", "FALSE"]), "q1_a": pick(["Bus", "Tram"])})
    smoked, travel = draft.questions
    assert (smoked.title, smoked.roles, {*smoked.answers.values()}) == (
        "ever smoked", {"headline": "true", "opposite": "false"}, {"True", "False"}
    )  # fmt: skip
    assert travel.title == "q1_a"


def test_true_and_false_are_answers_to_statements(tmp_path: Path) -> None:
    truth = {1: "True", 2: "False"}
    draft = draft_sav(tmp_path, {f"quiz_{n}": (f"Science quiz: statement {n}", truth) for n in range(3)})
    assert {one.rules["encoding"] for one in draft.questions} == {"scale"}


def test_the_title_of_a_question_of_surveymonkey_is_its_own_and_not_what_options_share(tmp_path: Path) -> None:
    names = ["RespondentID", "Which films have you seen?", "", ""]
    options = ["", "Star Wars: Episode  I", "Star Wars: Episode II", "Star Wars: Episode IV"]
    cells = zip(map(str, range(SIZE)), *(pick([option, ""]) for option in options[1:]), strict=True)
    with (tmp_path / "answers.csv").open("w", newline="", encoding="utf-8") as file:
        csv.writer(file).writerows([names, options, *cells])
    (one,) = draft_questions(open_respondents(tmp_path / "answers.csv")).questions
    assert (one.title, one.kind) == ("Which films have you seen?", "multiple")


def test_the_second_row_of_surveymonkey_is_no_respondent_though_no_number_stands_before_it(tmp_path: Path) -> None:
    answers = {
        "What is your religion?": pick(["Jewish", "Muslim", "None of these"]),
        "Do you pray?": pick(["Yes", "No"]),
    }
    draft = draft_csv(tmp_path, answers, ["Response", "Response"])
    assert draft.source.size == SIZE
    assert not any("other" in one.rules.get("codes", {}).values() for one in draft.questions)


def test_words_of_one_answer_are_no_list_but_names_that_a_space_parts_are(tmp_path: Path) -> None:
    cells = [" ".join(one for one in ("bus", "tram", "on_foot") if RANDOM.random() < 0.5) for _ in range(SIZE)]
    cooked = ["Medium rare", "Medium", "Medium Well", "Well", "Rare"]
    draft = draft_csv(tmp_path, {"Your steak?": pick(cooked), "Parks?": pick(["very good", "good", "bad", "very bad"]),
                                 "uses": cells})  # fmt: skip
    assert sorted(find(draft, "Your steak?").rules["codes"]) == sorted(cooked)
    assert find(draft, "Parks?").kind != "multiple"
    assert find(draft, "uses").rules["encoding"] == "delimited"


def test_two_answers_that_stand_alone_and_together_are_a_list(tmp_path: Path) -> None:
    draft = draft_csv(
        tmp_path,
        {"How?": pick(["Batch: by script", "By hand", "By hand;Batch: by script"]), "Vote?": pick(["Yes", "No"])},
    )
    assert list(find(draft, "How?").rules["codes"]) == ["By hand", "Batch: by script"]


def test_none_in_the_column_of_the_option_none_is_a_tick(tmp_path: Path) -> None:
    columns = {f"Which pies? - {option}": pick([option, ""]) for option in ("Apple", "Cherry", "Pecan", "None")}
    columns["Do you bake?"] = pick(["Yes", "No"])
    rules = find(draft_csv(tmp_path, columns), "Which pies? - None").rules
    assert rules["columns"]["Which pies? - None"] == "none"
    assert "None" in rules["chosen"]
    assert rules["not_chosen"] == [""]


def test_the_code_that_limesurvey_writes_before_its_words_parts_no_list(tmp_path: Path) -> None:
    uses = {f"use[SQ00{n}]. Which do you use? [{option}]": pick(["Yes", "No"]) for n, option in enumerate(COMMAS)}
    parts = ["1 (None at all)", *"23456789", "10 (All of it)"]
    times = {f"load[{n}]. How much time goes to: [{thing}]": pick(parts) for n, thing in enumerate(("Talks", "Work"))}
    one, two, three = draft_csv(
        tmp_path, {**uses, **times, "soc1. Which city is best?": pick(["Bath", "York"])}
    ).questions
    assert (one.title, one.kind, list(one.items.values())) == ("Which do you use?", "multiple", COMMAS)
    assert (two.kind, list(two.items.values())) == ("number", ["Talks", "Work"])
    assert three.title == "Which city is best?"


def test_the_ends_of_a_scale_in_brackets_are_labels_and_an_amount_is_none(tmp_path: Path) -> None:
    draft = draft_csv(tmp_path, {"How satisfied are you?": pick(["1 (not at all)", "2", "3", "4", "5 (completely)"]),
                                 "Children": pick(["0", "1", "2", "3 (or more)"])})  # fmt: skip
    assert find(draft, "How satisfied are you?").kind == "number"
    assert "3 (or more)" in find(draft, "Children").rules["codes"]


def test_one_thing_in_more_answers_and_in_fewer_is_two_questions(tmp_path: Path) -> None:
    four = pick(["School", "Some college", "College or more", "Higher degree"])
    three = ["College or more" if one == "Higher degree" else one for one in four]
    draft = draft_csv(tmp_path, {"educ3": three, "educ4": four})
    assert [list(one.items) for one in draft.questions if len(one.items) == 2] == []
    assert find(draft, "educ3") is not find(draft, "educ4")


def test_yes_and_no_in_two_languages_are_one_answer_and_said(tmp_path: Path) -> None:
    draft = draft_csv(tmp_path, {"Do you vote?": pick(["Yes", "No", "Oui", "Non"], [0.3, 0.3, 0.2, 0.2])})
    assert find(draft, "Do you vote?").rules["collapse"] == {"no": ["No", "Non"], "yes": ["Oui", "Yes"]}
    assert "“Do you vote?” (“Non” as “No” and “Oui” as “Yes”): answers that say the same count as one" in draft.doubts


def test_what_has_no_place_in_an_order_stands_behind_it_and_on_no_side(tmp_path: Path) -> None:
    views = ["Very favourably", "Somewhat favourably", "Somewhat unfavourably", "Very unfavourably", "Unfamiliar (N/A)"]
    one = find(draft_csv(tmp_path, {"How do you view him?": pick(views)}), "How do you view him?")
    assert list(one.answers.values())[: len(views)] == views
    assert sorted(map(len, one.nets.values())) == [2, 2]


def test_a_question_about_clusters_is_no_part_of_the_design(tmp_path: Path) -> None:
    draft = draft_csv(tmp_path, {"Local machine or cluster?": pick(["Local", "Cluster"]), "Vote?": pick(["Yes", "No"])})
    assert "cluster" not in draft.design


def test_who_somebody_is_is_told_of_respondents_and_of_nobody_else(tmp_path: Path) -> None:
    sexes, races = {1: "Male", 2: "Female"}, {1: "White", 2: "Black", 3: "Asian"}
    columns = {"gender1": ("Gender of 1st person", sexes), "sex": ("Respondent's sex", sexes),
               "intrace": ("Race of interviewer", races)}  # fmt: skip
    draft = draft_sav(tmp_path, columns)
    assert {name: rules["column"] for name, rules in draft.groups.items()} == {"sex": "sex"}


def test_names_keep_their_capital_in_a_sentence(tmp_path: Path) -> None:
    uses = ["Red Hat", "Ubuntu", "Own build", "No"]
    draft = draft_csv(tmp_path, {"How do you like Spack?": pick(["Well", "Badly"]), "Which system?": pick(uses),
                                 "What is best?": pick(["Spack as such", "Its users", "Parks"])})  # fmt: skip
    assert find_names(draft.questions) == ["Spack", "Ubuntu"]


def test_a_mark_at_the_end_of_a_cell_makes_no_answer(tmp_path: Path) -> None:
    cells = ["".join(f"{option};" for option in COMMAS if RANDOM.random() < 0.5) for _ in range(SIZE)]
    asked = draft_csv(tmp_path, {"Which?": cells, "Vote?": pick(["Yes", "No"])})
    assert sorted(find(asked, "Which?").items.values()) == COMMAS


def test_the_age_at_the_last_birthday_is_no_date_of_birth(tmp_path: Path) -> None:
    ages = [20.0 + n % 60 for n in range(SIZE)]
    draft = draft_sav(tmp_path, {"a": ("Age at last birthday", {}, ages), "q": WELL})
    assert draft.groups["age"]["column"] == "a"


def test_answers_that_stand_a_line_each_in_a_cell_are_a_list(tmp_path: Path) -> None:
    cells = ["\n".join(option for option in COMMAS if RANDOM.random() < 0.5) for _ in range(SIZE)]
    question = find(draft_csv(tmp_path, {"Which?": cells, "Vote?": pick(["Yes", "No"])}), "Which?")
    assert (question.kind, question.rules["separator"], sorted(question.items.values())) == ("multiple", "\n", COMMAS)


def test_groups_keep_their_letters_commas_and_capitals_and_are_told_apart(tmp_path: Path) -> None:
    places = ["Trøndelag", "Łódź, old town", "Cornwall"]
    pay = ["Under $25,000", "$25,000 to $49,999", "Grade B+", "Grade B-"]
    draft = draft_csv(tmp_path, {"region": pick(places), "social_grade": pick(pay), "Bus?": pick(["Yes", "No"])})
    named = {variable: list(rules["values"].values()) for variable, rules in draft.groups.items()}
    assert sorted(named["region"]) == sorted(places)
    assert {*named["social_grade"]} == {"under $25,000", "$25,000 to $49,999", "grade B+", "grade B- (2)"}


@pytest.mark.parametrize("sign", [*"=;<>[]{}|\"`\\,.&'’()%£€+–…/", "ø", "Я", "ि"])
def test_what_a_mapping_takes_for_a_group_the_schema_of_figures_takes(sign: str) -> None:
    domain = next(field for field in read_schemas()["estimates"]["fields"] if field["name"] == "domain")
    allowed = re.fullmatch(domain["constraints"]["pattern"], f"region=a{sign}b")
    assert bool(allowed) == bool(DOMAIN_VALUE.fullmatch(f"a{sign}b"))


def tick_cells(*options: str) -> dict[str, list[object]]:
    return {option: pick([option, ""]) for option in options}


def test_options_that_repeat_their_name_in_their_cells_are_a_list_though_no_question_is_told(tmp_path: Path) -> None:
    # As Typeform writes them: what three people ticked is an option like the others.
    rare = ["Ferry"] * 3 + [""] * (SIZE - 3)
    written = ["by sledge", "none", "2", *[""] * (SIZE - 3)]
    names = ["#", "Bus", "Tram, or metro", "Ferry", "Other", "Bus", "Train", "None", "Other"]
    cells = zip(range(SIZE), *tick_cells("Bus", "Tram, or metro").values(), rare, written,
                *tick_cells("Bus", "Train", "None").values(), [""] * SIZE, strict=True)  # fmt: skip
    with (tmp_path / "answers.csv").open("w", newline="", encoding="utf-8") as file:
        csv.writer(file).writerows([names, *cells])
    used, liked = draft_questions(open_respondents(tmp_path / "answers.csv")).questions
    assert (used.kind, list(used.items.values())) == ("multiple", ["Bus", "Tram, or metro", "Ferry"])
    assert (used.title, used.wording) == ("Bus (and two more)", "Three options, several of which could be chosen")
    assert list(used.rules["columns"].values())[-1] == "other"
    assert (list(liked.items.values()), list(liked.rules["columns"].values())[-1]) == (["Bus", "Train"], "none")


def test_options_before_a_colon_belong_to_the_question_behind_it(tmp_path: Path) -> None:
    # As Alchemer writes them; what people wrote themselves ticks "other".
    ticks = {f"{option}:Which do you use?": cells for option, cells in tick_cells("Bus", "Tram [any]").items()}
    other = {"Other - Write In (Required):Which do you use?": ["sledge", *[""] * (SIZE - 1)]}
    grid = {f"{item}:How satisfied are you?": pick(SATISFIED) for item in ("Parks", "Roads")}
    used, satisfied = draft_csv(tmp_path, {**ticks, **other, **grid}).questions
    assert (used.title, list(used.items.values())) == ("Which do you use?", ["Bus", "Tram (any)"])
    assert list(used.rules["columns"].values())[-1] == "other"
    assert (satisfied.title, list(satisfied.items.values())) == ("How satisfied are you?", ["Parks", "Roads"])


def test_nought_and_one_answer_a_question_that_asks_whether_and_it_is_said(tmp_path: Path) -> None:
    draft = draft_csv(tmp_path, {"<b>Are you self-employed?</b>": pick([0, 1]), "Cars": pick([0, 1]),
                                 "Would you have tea or coffee?": pick([0, 1]),
                                 "Do you vote?": pick(["Yes", "No"])})  # fmt: skip
    one = find(draft, "<b>Are you self-employed?</b>")
    assert one.rules["collapse"] == {"yes": [1], "no": [0]}
    assert "“Are you self-employed?”: 1 counts as yes and 0 as no, which no label says" in draft.doubts
    assert {"Cars", "Would you have tea or coffee?"} == set(draft.left_out)


def test_one_answer_in_other_capitals_is_one_answer(tmp_path: Path) -> None:
    draft = draft_csv(tmp_path, {"Gender": pick(["Female", "female ", "f", "Male", "MALE"], [0.3, 0.1, 0.1, 0.4, 0.1]),
                                 "How do you travel?": ["bus", *pick(["Bus", "Tram"])[1:]]})  # fmt: skip
    assert draft.groups["sex"]["values"] == {
        "Female": "female", "female": "female", "f": "female", "MALE": "male", "Male": "male",
    }  # fmt: skip
    used = find(draft, "How do you travel?")
    assert (list(used.items.values()), used.rules["codes"]["bus"]) == (["Bus", "Tram"], "bus")


def test_an_order_that_only_some_answers_have_is_said_to_be_open(tmp_path: Path) -> None:
    draft = draft_csv(
        tmp_path, {"Is there cover?": pick(["No", "Not eligible for cover at all", "I don't know", "Yes"])}
    )
    assert any("doesn't tell the order" in doubt for doubt in draft.doubts)


def test_a_few_who_wrote_several_answers_make_no_list_of_a_single_question(tmp_path: Path) -> None:
    first = [f"{one}, {other}" for one in ("R", "Java") for other in ("R", "Basic")][1:3]
    answers = [*first, *pick(["R", "Java", "Basic", "SPSS"])[2:]]
    draft = draft_csv(tmp_path, {"What was your first language?": answers, "Do you vote?": pick(["Yes", "No"])})
    assert find(draft, "What was your first language?").kind == "single"


def test_a_question_about_emails_with_answers_to_choose_from_tells_who_nobody_is(tmp_path: Path) -> None:
    draft = draft_csv(
        tmp_path, {"How do you like our emails?": pick(SATISFIED), "Your email": pick(["a@b.cd", "e@f.gh"])}
    )
    assert set(draft.left_out) == {"Your email"}


def test_who_does_not_know_what_is_asked_about_is_in_no_order(tmp_path: Path) -> None:
    answers = ["Usually", "Rarely", "Never", "I don't know what it is"]
    draft = draft_csv(tmp_path, {"Do you use it now?": pick(answers), "Do you vote?": pick(["Yes", "No"])})
    assert list(find(draft, "Do you use it now?").answers.values()) == answers


def test_who_ticked_that_nothing_applies_has_answered(tmp_path: Path) -> None:
    # "Mobile" asks nobody's number there.
    options = ("Mobile", "Desktop", "None / Not applicable")
    ticks = {f"Which do you use? - {option}": cells for option, cells in tick_cells(*options).items()}
    draft = draft_csv(tmp_path, {**ticks, "Do you vote?": pick(["Yes", "No"])})
    rules = find(draft, "Which do you use? - Mobile").rules
    assert list(rules["columns"].values()) == ["mobile", "desktop", "none"]
    assert set(rules["chosen"]) == set(options)


def test_yes_and_no_tick_where_no_yes_answers_the_question(tmp_path: Path) -> None:
    funds = {f"How is it funded / paid for? [{option}]": pick(["Yes", "No", "N/A"]) for option in ("Banks", "Me/us")}
    trust = {f"Do you know how it works? [{item}]": pick(["Yes", "No"]) for item in ("Banks", "Parks")}
    funded, known = draft_csv(tmp_path, {**funds, **trust}).questions
    assert (funded.kind, funded.title) == ("multiple", "How is it funded / paid for?")
    assert known.rules["encoding"] == "scale"


def test_what_people_weigh_is_no_weight_of_the_sample(tmp_path: Path) -> None:
    kilos, expansion = [50.0 + n % 60 for n in range(SIZE)], [800.0 + 7 * n for n in range(SIZE)]
    draft = draft_sav(tmp_path, {"q": WELL, "weight": ("weight", {}, kilos)})
    assert "weight" not in draft.design
    assert "Is weight the weight? It reads like what people weigh" in draft.doubts
    assert draft_sav(tmp_path, {"q": WELL, "weight": ("weight", {}, expansion)}).design["weight"] == "weight"


def test_who_does_not_know_was_asked_about_each_statement(tmp_path: Path) -> None:
    labels = {"q15a": "attended a rally", "q15b": "worked for it"}
    cells, answers = pick([0.0, 1.0, 9.0], [0.5, 0.4, 0.1]), {0: "No", 1: "Yes", 9: "Don't know"}
    columns = {name: (f"{name}. At the last election: {label}", answers, cells) for name, label in labels.items()}
    assert find(draft_sav(tmp_path, columns), "q15a").rules["collapse"]["dont_know"] == [9]


def test_mentions_are_one_list_however_many_of_them_people_left_empty(tmp_path: Path) -> None:
    issues = {1: "Jobs", 2: "Health", 3: "Schools", 4: "Roads", 5: "Crime"}
    given = RANDOM.permuted(np.tile([1.0, 2.0, 3.0, 4.0, 5.0], (SIZE, 1)), axis=1)
    given[np.arange(5) >= RANDOM.integers(1, 6, (SIZE, 1))] = np.nan
    draft = draft_sav(tmp_path, {f"m_{at}": ("Which issues matter?", issues, given[:, at]) for at in range(5)})
    (question,) = draft.questions
    assert question.rules["encoding"] == "choices"
    assert list(question.items.values()) == list(issues.values())


def test_mentions_are_one_list_though_the_first_has_codes_of_its_own(tmp_path: Path) -> None:
    issues, end = {n: f"Issue {chr(64 + n)}" for n in range(1, 10)}, {96: "No further answers"}
    codes = {1: issues | {98: "Nothing to say"}, 2: issues | end, 3: issues | end}
    answers = {1: pick([*map(float, issues), 98.0]), 2: pick([*map(float, issues), 96.0]), 3: [96.0] * SIZE}
    nth = {1: "1st", 2: "2nd", 3: "3rd"}
    columns = {f"q1_{n}": (f"Most important problems - {nth[n]} response", codes[n], answers[n]) for n in nth}
    one = find(draft_sav(tmp_path, columns), "q1_2")
    assert (one.rules["columns"], one.rules["encoding"]) == (["q1_1", "q1_2", "q1_3"], "choices")
    assert one.rules["codes"][96] == "no_answer"


def test_a_ranking_with_a_column_a_rank_keeps_its_question(tmp_path: Path) -> None:
    names, ranks = ["What hurts most?", ""], ["Rank 1", "Rank 2"]
    first, second = pick([*"ABCDEFGHI"]), pick([*"BCDEFGHIJ"])
    with (tmp_path / "answers.csv").open("w", newline="", encoding="utf-8") as file:
        csv.writer(file).writerows([["ID", *names], ["", *ranks], *zip(range(SIZE), first, second, strict=True)])
    titles = [one.title for one in draft_questions(open_respondents(tmp_path / "answers.csv")).questions]
    assert titles == ["What hurts most?: Rank 1", "What hurts most?: Rank 2"]


def test_what_pandas_wrote_anew_of_surveymonkey_has_no_respondent_of_options(tmp_path: Path) -> None:
    names = ["", "Are you a member?", "Which films have you seen?", "Unnamed: 3", "Unnamed: 4"]
    options = ["0", "Response", "Alien", "Brazil", "Casablanca"]
    ticks = (pick([option, ""]) for option in options[2:])
    cells = zip(range(1, SIZE + 1), pick(["Yes", "No"]), *ticks, strict=True)
    with (tmp_path / "answers.csv").open("w", newline="", encoding="utf-8") as file:
        csv.writer(file).writerows([names, options, *cells])
    draft = draft_questions(open_respondents(tmp_path / "answers.csv"))
    member, films = draft.questions
    assert (draft.source.size, member.rules["collapse"].keys()) == (SIZE, {"yes", "no"})
    assert (films.title, list(films.items.values())) == ("Which films have you seen?", options[2:])


@pytest.mark.parametrize(
    ("unsure", "refused"),
    [
        ("weiß nicht", "keine Angabe"),
        ("Ne sait pas", "Sans réponse"),
        ("Ne sait pas", "A refusé de répondre"),
        ("No sabe", "NS/NC"),
        ("NO SABE (NO LEER)", "NR (no leer)"),
        ("No lo sé", "No contesta"),
        ("No ho sap", "No contesta"),
        ("Weet niet", "Geen antwoord"),
        ("ЗАТРУДНЯЮСЬ ОТВЕТИТЬ", "ОТКАЗ ОТ ОТВЕТА"),
        ("잘 모름", "무응답"),
        ("Kann ich nicht beurteilen", "keine Angabe"),
        ("8. - No sabe", "9.- No contesta"),
        ("No sabe", "Prefiero no decirlo"),
        ("weiß nicht", "Ich möchte dazu keine Angabe machen"),
    ],
)
def test_who_does_not_know_or_answer_is_known_in_other_languages(tmp_path: Path, unsure: str, refused: str) -> None:
    (one,) = draft_sav(tmp_path, {"q": ("Transport", {1: "Bus", 2: "Tram", 8: unsure, 9: refused})}).questions
    assert one.rules["codes"] == {1: "bus", 2: "tram", 8: "dont_know", 9: "no_answer"}


@pytest.mark.parametrize("answer", ["Prefiero comprar local, no importado", "Ich möchte nicht umziehen"])
def test_what_somebody_prefers_or_does_not_want_is_an_answer(tmp_path: Path, answer: str) -> None:
    (one,) = draft_sav(tmp_path, {"q": ("Compras", {1: "Bus", 2: "Tram", 3: answer})}).questions
    assert list(one.items.values()) == ["Bus", "Tram", answer]


def test_ticks_are_known_in_other_languages_whichever_code_they_have(tmp_path: Path) -> None:
    # SoSci Survey: 1 is no choice there.
    answers = {1: "nicht gewählt", 2: "ausgewählt"}
    columns = {"CASE": ("", {}, [float(n) for n in range(SIZE)]), "LASTPAGE": ("", {}, pick([3.0, 4.0])),
               "MISSING": ("Anteil fehlender Antworten in Prozent", {}, pick([0.0, 4.0, 7.0])),
               "STARTED": ("", {}, pick(["2026-03-02 09:15:00", "2026-03-04 18:40:00"])),
               "AB01_01": ("Verkehrsmittel: Bus", answers), "AB01_02": ("Verkehrsmittel: Bahn", answers)}  # fmt: skip
    draft = draft_sav(tmp_path, columns)
    (one,) = draft.questions
    assert (one.title, one.kind) == ("Verkehrsmittel", "multiple")
    assert (one.rules["chosen"], one.rules["not_chosen"]) == ([2], [1])
    assert {"LASTPAGE", "MISSING", "STARTED"} <= set(draft.left_out)
    assert draft.fieldwork == (date(2026, 3, 2), date(2026, 3, 4))


def test_whose_sex_it_is_is_taken_from_no_label_that_names_somebody_else(tmp_path: Path) -> None:
    draft = draft_sav(tmp_path, {"e16sex": ("elder's gender", {1: "Male", 2: "Female"}), "q": WELL})
    assert list(draft.groups) == ["elders_gender"]


def test_among_codes_of_countries_dk_is_denmark(tmp_path: Path) -> None:
    draft = draft_csv(tmp_path, {"Where?": pick(["DE", "DK", "FR", "NA", "UK"]), "Vote?": pick(["Yes", "No", "DK"])})
    assert set(find(draft, "Where?").items.values()) == {"DE", "DK", "FR", "NA", "UK"}
    assert find(draft, "Vote?").rules["collapse"]["dont_know"] == ["DK"]


def test_options_in_columns_without_a_name_belong_to_the_question_before_them(tmp_path: Path) -> None:
    ticks = {"Field of work": pick(["Health", ""]), "Column2": pick(["Law", ""]), "Column3": pick(["Arts [all]", ""])}
    (one, _) = draft_csv(tmp_path, {**ticks, "Do you vote?": pick(["Yes", "No"])}).questions
    assert (one.title, one.kind, list(one.items.values())) == (
        "Field of work",
        "multiple",
        ["Health", "Law", "Arts (all)"],
    )
    assert one.rules["chosen"] == ["Health", "Law", "Arts [all]"]


def test_weights_and_statements_are_known_in_french(tmp_path: Path) -> None:
    answers = {1: "Oui", 2: "Non"}
    columns = {"poids": ("Facteur de pondération nationale", {}, RANDOM.uniform(0.5, 2, SIZE)),
               "q57a": ("Q57a. Malade", answers), "q57b": ("Q57b. Sans revenu", answers)}  # fmt: skip
    draft = draft_sav(tmp_path, columns)
    assert draft.design["weight"] == "poids"
    assert find(draft, "q57a").rules["encoding"] == "scale"
    assert make_id("L’Été de Łódź (18–24)") == "lete_de_odz_18_24"


def test_a_list_that_most_people_gave_one_answer_of_twice_is_none(tmp_path: Path) -> None:
    issues, twice = {n: f"Issue {chr(64 + n)}" for n in range(1, 10)}, [1.0 + place % 9 for place in range(SIZE)]
    labels = {"q1_1": "Problems - 1st response", "q1_2": "Problems - 2nd response"}
    draft = draft_sav(tmp_path, {"q": WELL, **{name: (label, issues, twice) for name, label in labels.items()}})
    assert draft.left_out["q1_1"] == f"{SIZE} people would have given too many answers, or one of them twice"


def test_a_grid_without_a_question_is_one_question(tmp_path: Path) -> None:
    levels = ["Chamnan", "Phuenthan", "Mai run"]
    (one,) = draft_csv(tmp_path, {f"[{name}]": pick(levels) for name in ("C++", "Bash/Shell", "R")}).questions
    assert (list(one.items.values()), one.wording) == (
        ["C++", "Bash/Shell", "R"],
        "Three statements with the same answers",
    )


def test_ranks_of_options_are_left_out_and_named_and_ratings_are_none(tmp_path: Path) -> None:
    ranks = np.array([RANDOM.permutation(4) + 1 for _ in range(SIZE)])
    ranked = {f"Rank these [{option}]": ranks[:, place] for place, option in enumerate(("Bus", "Tram", "Car", "Bike"))}
    rated = {f"How likely are you to take it? [{option}]": pick([1, 2, 3]) for option in ("Bus", "Tram", "Car")}
    draft = draft_csv(tmp_path, {**ranked, **rated, "Do you vote?": pick(["Yes", "No"])})
    assert draft.left_out["Rank these [Bus]"] == "ranks of options, which no kind of question here holds"
    assert find(draft, "How likely are you to take it? [Bus]").kind == "number"

    ranks = ranks.astype(float)
    ranks[:9] = 99  # who gave none
    labels = {n: str(n) for n in range(1, 5)} | {99: "No answer"}
    draft = draft_sav(tmp_path, {"q": WELL} | {f"r_{n}": (f"Rank: {n}", labels, ranks[:, n]) for n in range(4)})
    assert draft.left_out["r_0"] == "ranks of options, which no kind of question here holds"


def test_more_groupings_than_a_table_has_room_for_are_named_and_those_that_surveys_are_read_by_come_first(
    tmp_path: Path,
) -> None:
    asked = ["Language", "Urban or rural area", "State", "District", "Ward", "Nationality", "Education", "Ethnicity",
             "Family income", "Personal income", "Religion", "Employment status"]  # fmt: skip
    columns = {f"v{place}": (label, {1: "This one", 2: "That one"}) for place, label in enumerate(asked)}
    # Few told their religion.
    columns["v10"] = ("Religion", {1: "This one", 2: "That one"}, [1.0, 2.0] * 10 + [np.nan] * (SIZE - 20))
    draft = draft_sav(tmp_path, columns)
    shown = draft.groups
    assert len(shown) == MOST_GROUPINGS
    assert {"education", "ethnicity", "family_income", "employment_status"} <= shown.keys()
    assert "religion" not in shown
    (doubt,) = [one for one in draft.doubts if "groupings are drafted" in one]
    assert f"{MOST_GROUPINGS} groupings are drafted" in doubt
    assert "v10" in doubt


def test_who_was_not_asked_in_one_form_of_a_questionnaire_gave_no_answer(tmp_path: Path) -> None:
    answers = {1: "1. Bus", 2: "2. Tram", 3: "3. do_not_know", 7: "7. NA: Form 1", 8: "8. NA whether asked"}
    joined = {1: "free_and_fair", 2: "not_free", 5: "do_not_know"}
    draft = draft_sav(tmp_path, {"q1": ("Transport", answers), "q2": ("Elections", joined)})
    codes = find(draft, "q1").rules["codes"]
    assert codes == {1: "bus", 2: "tram", 3: "dont_know", 7: "no_answer", 8: "no_answer"}
    assert find(draft, "q2").rules["collapse"] == {"free_and_fair": [1], "not_free": [2], "dont_know": [5]}
    assert "free and fair" in find(draft, "q2").answers.values()


def test_a_scale_that_labels_its_ends_and_numbers_the_rest_is_a_number(tmp_path: Path) -> None:
    answers = {1: "1. Trustworthy", **{n: f"{n}." for n in range(2, 7)}, 7: "7. Untrustworthy", 77: "77. NA: Form 1"}
    (one,) = draft_sav(tmp_path, {"q": ("Where would you rate bears?", answers)}).questions
    assert (one.kind, one.rules["missing"]) == ("number", [77])


@pytest.mark.parametrize(
    ("label", "title", "items"),
    [
        ("{}. Which of these have you used?", "Which of these have you used?", ["Bus", "Tram"]),
        ("How hopeful are you about the {}? [Emotions]", "Emotions", ["How hopeful are you about the Bus?",
                                                                      "How hopeful are you about the Tram?"]),
        ("Job approval -- {}", "Job approval", ["Bus", "Tram"]),
    ],
)  # fmt: skip
def test_what_labels_share_is_their_question(tmp_path: Path, label: str, title: str, items: list[str]) -> None:
    answers = {1: "A little", 2: "Very", 3: "Extremely"}
    columns = {f"q1_{place}": (label.format(name), answers) for place, name in enumerate(("Bus", "Tram"))}
    (one,) = draft_sav(tmp_path, columns).questions
    assert (one.title, list(one.items.values())) == (title, items)


def test_a_question_behind_its_options_is_one_though_a_program_cut_it_and_wrote_it_in_two_ways(tmp_path: Path) -> None:
    # As Alchemer writes SPSS files: the longer the option, the less of the question is left.
    asked = "How many of the [question('value'), id='57'] days that you ran 3+ miles were spent in each of these?"
    columns = {"var8O1": (f"[Hills] {asked}", {}, pick([0.0, 3.0, 9.0])),
               "var8O2": (f"River banks (all of them):{asked}"[:110], {}, pick([0.0, 3.0, 10.0]))}  # fmt: skip
    one = find(draft_sav(tmp_path, {**columns, "q": WELL}), "var8O1")
    assert one.title == "How many of the … days that you ran 3+ miles were spent in each of these?"
    assert (list(one.items.values()), one.rules["unit"]) == (["Hills", "River banks (all of them)"], "days")


def test_options_behind_a_point_are_those_of_their_question_and_the_cell_with_all_of_them_is_spare(
    tmp_path: Path,
) -> None:
    # As Kobo and R write them.
    ticks = {f"use.{option}": pick([0, 1]) for option in ("bus", "night_tram", "none_of_the_above")}
    names = [name.removeprefix("use.") for name in ticks]
    cells = [
        " ".join(name for name, on in zip(names, row, strict=True) if on) for row in zip(*ticks.values(), strict=True)
    ]
    draft = draft_csv(tmp_path, {"use": cells, **ticks, "q1": pick(["Yes", "No"]), "q1.1": pick(["Yes", "No"])})
    used = find(draft, "use.bus")
    assert (used.title, list(used.items.values())) == ("use", ["bus", "night tram"])
    assert used.rules["columns"]["use.none_of_the_above"] == "none"
    assert draft.left_out == {"use": "the same answers stand in a column each"}


def test_what_a_few_wrote_is_no_question_though_all_others_stand_as_not_asked(tmp_path: Path) -> None:
    written = ["NA"] * (SIZE - 20) + [f"my own words {n}" for n in range(20)]
    disliked = ["__NA__"] * (SIZE - 3) + ["Not good", "Bad", "Against him"]
    draft = draft_csv(tmp_path, {"Other:": written, "Why not?": disliked, "Do you vote?": pick(["Yes", "No"])})
    assert draft.left_out == dict.fromkeys(("Other:", "Why not?"), "what people wrote, or answers that few share")


def test_what_a_program_drew_or_timed_is_no_question_nor_is_a_year_of_birth(tmp_path: Path) -> None:
    numbers = [float(n % 50) for n in range(SIZE)]
    columns = {
        "t": ("[TOTAL TIME] Time spent on Q1", {-7: "No answer", -6: "Deleted", -1: "Skipped"}, numbers),
        "b": ("What is the year of your birth?", {}, numbers),
        "o": ("DATA ONLY VARIABLE: Randomisation of Q1", {1: "First", 2: "Second", 3: "Third"}),
        "h": ("Hour", {}, numbers),
        "r": ("Rotation order", {1: "First", 2: "Second", 3: "Third"}),
    }
    draft = draft_sav(tmp_path, {**columns, "q": WELL})
    assert draft.left_out == {
        "t": "the platform or the interviewer noted it",
        "b": "it may tell who somebody is",
        "o": "a program computed it",
        "h": "the platform or the interviewer noted it",
        "r": "it says which part of the survey somebody was given",
    }


def test_one_or_more_is_any_number(tmp_path: Path) -> None:
    columns = {f"Please choose one or more: [{option}]": pick([0, 1]) for option in ("Bus", "Tram")}
    (one,) = draft_csv(tmp_path, columns).questions
    assert (one.max_choices, "excess" in one.rules) == ("unlimited", False)


def test_what_stands_in_brackets_behind_an_answer_may_say_besides_that_some_gave_none(tmp_path: Path) -> None:
    answers = {1: "Red", 2: "Independent (neither, no response)", 3: "Green", 4: "Blue", 5: "Alone (not applicable)"}
    (one,) = draft_sav(tmp_path, {"q": ("Which are you?", answers)}).questions
    assert [one.rules["codes"][code] for code in (2, 5)] == ["independent_neither_no_response", "no_answer"]


def test_what_a_file_declares_missing_is_no_answer_whatever_its_label_says(tmp_path: Path) -> None:
    answers, cells = {-1: "Lives alone", 1: "Similar", 2: "Different"}, pick([-1.0, 1.0, 2.0])
    columns = {
        "q1": ("Whose background is yours?", answers, cells),
        "q2": ("Which house?", {**answers, 2: "No"}, cells),
    }
    draft = draft_sav(tmp_path, columns, missing_ranges={"q1": [-1], "q2": [-1]})
    assert find(draft, "q1").rules["codes"][-1] == "no_answer"
    assert list(find(draft, "q1").items.values()) == ["Similar", "Different"]


def test_an_answer_that_everybody_gave_is_left_out_and_named(tmp_path: Path) -> None:
    same = [1.0] * SIZE
    draft = draft_sav(tmp_path, {"q": WELL, "consent": ("Do you agree to take part?", {1: "Yes", 2: "No"}, same)})
    assert draft.left_out == {"consent": "everybody who answered gave the same answer"}


@pytest.mark.parametrize(
    ("name", "label", "reason"),
    [
        ("filter_$", "age > 17 (FILTER)", "a program computed it"),
        ("TSC_1", "TwoStep Cluster Number", "a program computed it"),
        ("BALLOT", "Ballot administered", "it says which part of the survey somebody was given"),
        ("x", "Global warming wording condition", "it says which part of the survey somebody was given"),
        ("sexin", "Sexo del entrevistador", "the platform or the interviewer noted it"),
        ("COOP", "R's attitude toward interview", "the platform or the interviewer noted it"),
        ("safe", "How safe interviewer thinks street is", "the platform or the interviewer noted it"),
        ("mes", "Mes de nacimiento", "it may tell who somebody is"),
    ],
)  # fmt: skip
def test_what_nobody_was_asked_is_no_question(tmp_path: Path, name: str, label: str, reason: str) -> None:
    draft = draft_sav(tmp_path, {"q": WELL, name: (label, {1: "One", 2: "Other", 3: "Third"})})
    assert draft.left_out == {name: reason}


def test_statements_side_by_side_with_the_same_labels_are_one_battery_in_any_language(tmp_path: Path) -> None:
    answers = {0: "überhaupt nicht", 1: "wenig", 2: "ziemlich", 3: "stark"}
    texts = ("Schwindelgefühle", "Nervosität", "Einsamkeit")
    columns = {f"BSI_{n}_{text}": (text, answers) for n, text in enumerate(texts, 1)}
    (one,) = draft_sav(tmp_path, columns).questions
    assert (one.title, list(one.items.values())) == ("Schwindelgefühle (and two more)", list(texts))


def test_answers_of_one_question_in_several_columns_are_a_list_and_of_other_people_each_stand_apart(
    tmp_path: Path,
) -> None:
    sources = {n: f"Fuente {n}" for n in range(1, 6)}
    first = pick([*map(float, sources)])
    second = [None if at % 3 else code % 5 + 1 for at, code in enumerate(first)]
    none = [None] * SIZE
    named = {f"P5_O{n}": ("5. ¿Quién lo orientó?", sources, cells) for n, cells in enumerate((first, second, none), 1)}
    draft = draft_sav(tmp_path, named)
    one = find(draft, "P5_O1")
    assert (one.title, one.kind, one.rules["columns"]) == ("5. ¿Quién lo orientó?", "multiple", ["P5_O1", "P5_O2"])

    colours = {1: "Red", 2: "Green", 3: "Blue"}
    given = pick([1.0, 2.0, 3.0])
    halves = {f"Q{n}": [code if at % 2 == n else None for at, code in enumerate(given)] for n in (0, 1)}
    draft = draft_sav(tmp_path, {name: ("Your colour", colours, cells) for name, cells in halves.items()})
    assert [one.title for one in draft.questions] == ["Your colour (Q0)", "Your colour (Q1)"]
    assert "“Your colour” (Q0 and Q1): is it one question, which columns ask of other people each?" in draft.doubts


def test_a_first_and_a_second_choice_are_no_statements(tmp_path: Path) -> None:
    ways = {n: f"Way {chr(64 + n)}" for n in range(1, 6)}
    first = pick([*map(float, ways)])
    columns = {"p24_1": ("Which would help most?", ways, first),
               "p24_2": ("And which next?", ways, [code % 5 + 1 for code in first])}  # fmt: skip
    draft = draft_sav(tmp_path, columns)
    assert [one.title for one in draft.questions] == ["Which would help most?", "And which next?"]


def test_a_declared_set_has_no_mention_that_nobody_made(tmp_path: Path) -> None:
    fruits = {1: "Apple", 2: "Pear", 3: "Plum"}
    first = pick([1.0, 2.0, 3.0])
    columns = {"f1": ("Fruits", fruits, first), "f2": ("Fruits", fruits, [code % 3 + 1 for code in first]),
               "f3": ("Fruits", fruits, [-1.0] * SIZE)}  # fmt: skip
    pyreadstat.write_sav(
        pd.DataFrame({name: cells for name, (_, _, cells) in columns.items()}), str(tmp_path / "a.sav"),
        column_labels=[label for label, *_ in columns.values()],
        variable_value_labels=dict.fromkeys(columns, fruits), missing_ranges={"f3": [-1]},
    )  # fmt: skip
    source = replace(open_respondents(tmp_path / "a.sav"), sets=((("f1", "f2", "f3"), "", "Which fruits? <br>"),))
    one = find(draft_questions(source), "f1")
    assert (one.title, one.rules["columns"]) == ("Which fruits?", ["f1", "f2"])


@pytest.mark.parametrize(
    ("labels", "title", "items"),
    [
        (["P1.1 ¿Es grave la falta de agua?", "P1.2 ¿Es grave la falta de luz?"],
         "¿Es grave la falta de …?", ["Agua", "Luz"]),
        (["Importance 1: Technology", "Importance 2: Behaviour"], "Importance", ["Technology", "Behaviour"]),
        (["MB10_A. Ana ¿Qué opina de ella?", "MB10_AA. Eva ¿Qué opina de ella?"],
         "¿Qué opina de ella?", ["Ana", "Eva"]),
        (["SV3.a. Su vida ¿Cuán feliz está?", "SV3.b. Su casa ¿Cuán feliz está?"],
         "¿Cuán feliz está?", ["Su vida", "Su casa"]),
        (["Q2a Proud of: [Country's] arts", "Q2b Proud of: its army"], "Proud of", ["[Country's] arts", "its army"]),
        (["Bus - How often do you ta", "Night tram - How often do y"], "How often do you ta…", ["Bus", "Night tram"]),
        (["1. ¿Vino hoy? (Una respuesta)", "2. ¿Pagó algo? (Una respuesta)"],
         "¿Vino hoy? (Una respuesta) (and one more)", ["¿Vino hoy? (Una respuesta)", "¿Pagó algo? (Una respuesta)"]),
        (["Liberalism/fundamentalism of yours", "Liberalism/fundamentalism of hers"],
         "Liberalism/fundamentalism of yours (and one more)",
         ["Liberalism/fundamentalism of yours", "Liberalism/fundamentalism of hers"]),
    ],
)  # fmt: skip
def test_labels_are_parted_into_their_question_and_their_items(
    tmp_path: Path, labels: list[str], title: str, items: list[str]
) -> None:
    answers = {1: "A little", 2: "Very", 3: "Extremely"}
    (one,) = draft_sav(tmp_path, {f"q1_{n}": (label, answers) for n, label in enumerate(labels)}).questions
    assert (one.title, list(one.items.values())) == (title, items)


def test_names_of_columns_are_no_title_where_labels_stand_in_their_place(tmp_path: Path) -> None:
    answers = {n: str(n) for n in range(8)} | {0: "Nothing", 7: "A lot"}
    draft = draft_sav(tmp_path, {"q66_1": ("The courts", answers), "q66_2": ("The police", answers)})
    assert [one.title for one in draft.questions] == ["The courts (and one more)"]


def test_someone_else_is_an_answer_of_two_and_a_sentence_that_begins_so_is_one_too(tmp_path: Path) -> None:
    boss = {1: "Self-employed", 2: "Someone else"}
    freedom = {1: "Someone else decides what I do", 2: "Someone else decides how I do it", 3: "I decide"}
    draft = draft_sav(tmp_path, {"q1": ("Who do you work for", boss), "q2": ("How free are you?", freedom)})
    assert list(find(draft, "q1").items.values()) == list(boss.values())
    assert list(find(draft, "q2").items.values()) == list(freedom.values())


def test_the_same_asked_of_men_and_of_women_is_a_battery_of_each(tmp_path: Path) -> None:
    answers = {1: "Not at all", 2: "A little", 3: "Very"}
    given = {
        one: [float(at % 3 + 1) if at % 2 == half else None for at in range(SIZE)] for half, one in enumerate("mf")
    }
    columns = {f"p{n}{one}": (f"{who} likes {what}", answers, given[one])
               for one, who in (("m", "He"), ("f", "She"))
               for n, what in enumerate(("tea", "milk", "ale"))}  # fmt: skip
    draft = draft_sav(tmp_path, columns)
    assert [next(iter(one.items.values())) for one in draft.questions] == ["He likes tea", "She likes tea"]


def test_an_option_behind_the_words_of_qualtrics_is_ticked_by_its_own_name(tmp_path: Path) -> None:
    ticks, places = [1.0 if at % 3 else None for at in range(SIZE)], ("Facebook", "Instagram")
    columns = {f"Q2_{n}": (f"What do you use? (Select all that apply) - Selected Choice {place}", {1: place}, ticks)
               for n, place in enumerate(places)}  # fmt: skip
    one = find(draft_sav(tmp_path, columns), "Q2_0")
    assert (one.title, one.kind, list(one.items.values())) == (
        "What do you use? (Select all that apply)", "multiple", list(places),
    )  # fmt: skip


def test_options_that_nobody_ticked_are_named(tmp_path: Path) -> None:
    columns = {f"q1_{n}": (f"Which of these? {place}", {0: "Not selected"}, [0.0] * SIZE)
               for n, place in enumerate(("Bus", "Tram"))}  # fmt: skip
    draft = draft_sav(tmp_path, {**columns, "q": WELL})
    assert [one.title for one in draft.questions] == ["Are you well?"]


def test_numbers_that_stand_for_numbers_say_nothing_where_the_file_says_not_what_they_are(tmp_path: Path) -> None:
    draft = draft_sav(tmp_path, {"q": WELL, "size": ("size", {1: "0", 2: "1", 3: "2"})})
    assert draft.left_out == {"size": "numbers without labels, which may be codes"}


def test_hours_are_no_rating_though_they_end_at_ten(tmp_path: Path) -> None:
    (one,) = draft_sav(
        tmp_path, {"h": ("¿Cuánto demora? HORAS", {99: "NS/NR"}, [*map(float, range(11))] * 10 + [99.0] * 10)}
    ).questions
    assert (one.kind, one.rules) == ("number", {"column": "h", "missing": [99], "base": "answered"})


def test_what_was_made_of_another_column_is_left_out_but_as_a_grouping(tmp_path: Path) -> None:
    draft = draft_sav(
        tmp_path,
        {"Q2": ("Q2. Are you male or female", {1: "Female", 2: "Male"}),
         "REGION": ("[Derived] Region", {1: "North", 2: "South"}),
         "ANY": ("[Recode] Did you drink soda? (any)", {1: "None", 2: "Some"}), "q": WELL},
    )  # fmt: skip
    assert draft.left_out == {"ANY": "its label says that it was made from another column"}
    assert [rules["column"] for rules in draft.groups.values()] == ["Q2", "REGION"]


def test_a_label_without_a_letter_is_none(tmp_path: Path) -> None:
    answers = {1: "Degree", 2: "Diploma", 3: "School", 4: " "}
    draft = draft_sav(tmp_path, {"w": WELL, "q": ("Your qualification", answers, [1.0, 2.0, 3.0, 4.0] * (SIZE // 4))})
    assert draft.left_out == {"q": "no label says what many of its answers stand for"}


def test_numbers_among_which_few_wrote_something_else_are_no_answers_to_choose_from(tmp_path: Path) -> None:
    written = ["0", "1", "2", "3"] * (SIZE // 4 - 2) + ["X"] * 8
    draft = draft_sav(tmp_path, {"q": WELL, "n": ("How many servings of fruit?", {}, written)})
    assert list(draft.left_out) == ["n"]


def test_what_is_asked_of_a_period_is_no_amount(tmp_path: Path) -> None:
    flags, codes = pick([0.0, 1.0]), pick([float(n) for n in range(1, 30)])
    columns = {
        "h": ("Hospitalised in the past 12 months", {}, flags),
        "m": ("Problem in the last 12 months", {}, codes),
    }
    draft = draft_sav(tmp_path, {**columns, "q": WELL})
    assert draft.left_out == dict.fromkeys(("h", "m"), "numbers without labels, which may be codes")


def test_amounts_whose_labels_are_the_amounts_are_numbers(tmp_path: Path) -> None:
    hours = {n: str(n) for n in range(5, 45, 4)} | {99: "No answer"}
    (one,) = draft_sav(tmp_path, {"h": ("How many hours do you work a week?", hours)}).questions
    number = {0: "None"} | {n: str(n) for n in range(1, 12)} | {12: "12 or more"}
    (two,) = draft_sav(
        tmp_path, {"c": ("How many children live here?", number, [*map(float, range(8))] * 15)}
    ).questions
    assert (two.kind, two.rules) == ("number", {"column": "c", "base": "answered"})
    assert (one.kind, one.rules["unit"], one.rules["missing"]) == ("number", "hours", [99])


def test_a_code_among_what_people_wrote_is_no_answer(tmp_path: Path) -> None:
    written = ["88"] * (SIZE - 40) + ["Masferrer"] * 15 + [f"don {n}" for n in range(25)]
    draft = draft_sav(tmp_path, {"q": WELL, "who": ("Who governs here?", {}, written)})
    assert draft.left_out == {"who": "what people wrote, or answers that few share"}


def test_weights_ages_and_sexes_are_known_in_spanish_and_a_body_is_no_weight(tmp_path: Path) -> None:
    weights, ages = [0.5 + n % 97 / 96 for n in range(SIZE)], [18.0 + n % 60 for n in range(SIZE)]
    kilos = [31.3 + n % 60 for n in range(SIZE)]
    draft = draft_sav(
        tmp_path,
        {"pondera": ("Ponderador", {}, weights), "edad": ("D01. ¿Qué edad tiene usted?", {}, ages),
         "sexo": ("Sexo del encuestado", {1: "Hombre", 2: "Mujer"}), "q": WELL},
    )  # fmt: skip
    assert (draft.design["weight"], draft.groups["sex"]["column"], draft.groups["age"]["column"]) == (
        "pondera", "sexo", "edad",
    )  # fmt: skip
    assert "weight" not in draft_sav(tmp_path, {"q": WELL, "wt": ("", {}, kilos)}).design


def test_a_label_that_stata_cut_within_a_letter_is_read_without_it(tmp_path: Path) -> None:
    file = tmp_path / "a.dta"
    label = "¿Cuánto te gusta " + "x" * 60 + "ó"
    pyreadstat.write_dta(pd.DataFrame({"q": pick([1.0, 2.0])}), str(file), column_labels=[label],
                         variable_value_labels={"q": {1: "Sí", 2: "No"}})  # fmt: skip
    whole = file.read_bytes()
    # Stata keeps 80 bytes: of the last letter here one of two.
    assert len(label.encode()) == 81
    file.write_bytes(whole.replace(label.encode(), label.encode()[:80] + b"\0"))
    (one,) = draft_questions(open_respondents(file)).questions
    assert (one.title, list(one.answers.values())) == (f"{label[:-1]}", ["Sí", "No"])


@pytest.mark.parametrize("empty", ["-99", "999", "-", "...", "NULL", "nan", "Not shown"])
def test_what_programs_write_for_no_answer_is_none_beside_words(tmp_path: Path, empty: str) -> None:
    agree = [*pick(AGREE)[1:], empty]
    draft = draft_csv(tmp_path, {"The bus is good": agree, "Which?": [*pick(["Bus; Tram", "Bus", "Tram"])[1:], empty]})
    statement, several = draft.questions
    assert empty not in statement.answers.values()
    assert empty not in several.items.values()
    lost = statement.rules.get("missing") or statement.rules["collapse"]["no_answer"]
    assert str(lost[0]) == empty
    is_code = empty.lstrip("-").isdigit()
    assert is_code == any(f"({empty}: 1 answer): no label says what" in doubt for doubt in draft.doubts)


@pytest.mark.parametrize(
    "answers",
    [["None", "1", "2", "3 or more"], ["Yes", "No", "1"], ["Under 5", "5", "6", "Over 6"], ["0", "1", "Many", "Some"]],
)
def test_numbers_beside_words_that_count_are_answers(tmp_path: Path, answers: list[str]) -> None:
    question = find(draft_csv(tmp_path, {"How is it?": pick(answers), "Vote?": pick(["Yes", "No"])}), "How is it?")
    assert "missing" not in question.rules
    told = {*question.items.values(), *question.answers.values()}
    assert {answer for answer in answers if answer not in ("Yes", "No")} <= told


def test_tests_and_who_did_not_finish_are_said(tmp_path: Path) -> None:
    states = ["IP Address"] * (SIZE - 2) + ["Survey Preview"] * 2
    sent = ["2026-03-01"] * (SIZE - 5) + [""] * 5
    draft = draft_csv(
        tmp_path, {"Status": states, "Date submitted": sent, "Finished": [1] * SIZE, "Vote?": pick(["Yes", "No"])}
    )
    said = "in Status 118 have IP Address, 2 have Survey Preview; in Date submitted 115 have 2026-03-01, 5 have nothing"
    assert f"All rows count in every share, also of tests and of who didn't finish: {said}" in draft.doubts
    whole = draft_csv(tmp_path, {"Status": ["IP Address"] * SIZE, "Vote?": pick(["Yes", "No"])})
    assert not any("All rows count" in doubt for doubt in whole.doubts)


def test_rows_that_may_be_of_one_respondent_are_said(tmp_path: Path) -> None:
    noted = [f"2026-03-01 10:{n // 60:02d}:{n % 60:02d}" for n in range(SIZE - 1)]
    votes = pick(["Yes", "No"])[1:]
    twice = {"Timestamp": [*noted, noted[-1]], "Vote?": [*votes, votes[-1]]}
    assert (
        "1 rows are another's copy throughout, and count: do some people stand twice?"
        in draft_csv(tmp_path, twice).doubts
    )
    told = draft_csv(tmp_path, {"id": [n // 3 for n in range(SIZE)], "Vote?": pick(["Yes", "No"])})
    assert "id names 40 in 120 rows, which count one each: do some people stand twice?" in told.doubts


@pytest.mark.parametrize(
    "cell", ['["{}"]', "['{}']", "{{{}}}", "{}"], ids=["JSON", "Python", "a database", "signs between answers"]
)
def test_lists_in_cells_are_lists_however_programs_write_them(tmp_path: Path, cell: str) -> None:
    options = ["Bus", "Tram", "Bicycle"]
    between = {'["{}"]': '", "', "['{}']": "', '", "{{{}}}": ",", "{}": " / "}[cell]
    cells = [cell.format(between.join(option for option in options if RANDOM.random() < 0.5)) for _ in range(SIZE)]
    cells = [text if "B" in text or "T" in text else "" for text in cells]
    question = find(draft_csv(tmp_path, {"Which?": cells, "Vote?": pick(["Yes", "No"])}), "Which?")
    assert (question.kind, question.rules["encoding"]) == ("multiple", "delimited")
    assert sorted(question.items.values()) == sorted(options)


@pytest.mark.parametrize("mark", [";", ""])
def test_several_codes_in_a_cell_are_no_answers_until_a_questionnaire_tells(tmp_path: Path, mark: str) -> None:
    codes = "123" if mark else "ABC"
    cells = [mark.join(code for code in codes if RANDOM.random() < 0.6) for _ in range(SIZE)]
    draft = draft_csv(tmp_path, {"q1": cells, "Vote?": pick(["Yes", "No"])})
    assert draft.left_out["q1"].startswith("codes without labels")


def test_a_ranking_in_a_cell_is_left_out_and_named(tmp_path: Path) -> None:
    ranks = pick(["Pay;Hours;Team;", "Hours;Pay;Team;", "Team;Pay;Hours;", "Team;Hours;Pay;"])
    draft = draft_csv(tmp_path, {"Rank these": ranks, "Vote?": pick(["Yes", "No"])})
    assert draft.left_out["Rank these"] == "a ranking in a cell, which no kind of question here holds"


def test_numbers_beyond_the_scale_that_a_label_tells_are_no_answers(tmp_path: Path) -> None:
    label = "How happy are you, on a scale of 1 to 5?"
    told = "How happy are you? (1 = not at all, 5 = very, 6 = don't know)"
    columns = {label: pick([1, 2, 3, 4, 5, 9]), told: pick([1, 2, 3, 4, 5, 6]), "Vote?": pick(["Yes", "No"])}
    draft = draft_csv(tmp_path, columns)
    assert (find(draft, label).rules["missing"], find(draft, told).rules["missing"]) == ([9], [6])


def test_categories_that_a_program_sorted_have_the_order_of_their_words(tmp_path: Path) -> None:
    pd.DataFrame({"q": pd.Categorical(pick(SATISFIED)), "v": pick(["Yes", "No"])}).to_parquet(tmp_path / "a.parquet")
    (question, _) = draft_questions(open_respondents(tmp_path / "a.parquet")).questions
    assert [*question.answers.values()][:4] == SATISFIED


def test_an_option_that_speaks_of_what_is_not_available_is_one(tmp_path: Path) -> None:
    ticks = {f"Why? {option}": cells for option, cells in tick_cells("Software not available there", "Price").items()}
    (question,) = draft_csv(tmp_path, {"id": range(SIZE), **ticks}).questions
    assert list(question.items.values()) == ["Software not available there", "Price"]


def test_options_are_of_one_list_though_a_slash_stands_in_their_question_and_in_one_of_them(tmp_path: Path) -> None:
    ticks = tick_cells("Study/analysis", "Price", "Ease of use")
    columns = {f"What is/was your primary reason for using a cloud? {one}": told for one, told in ticks.items()}
    (question,) = draft_csv(tmp_path, {"id": range(SIZE), **columns}).questions
    assert list(question.items.values()) == ["Study/analysis", "Price", "Ease of use"]


def test_options_behind_a_sentence_are_those_of_their_question(tmp_path: Path) -> None:
    ticks = {f"Please choose your field. {one}": cells for one, cells in tick_cells("Arts", "Physics").items()}
    (question,) = draft_csv(tmp_path, {"id": range(SIZE), **ticks}).questions
    assert (question.title, list(question.items.values())) == ("Please choose your field.", ["Arts", "Physics"])


def test_a_text_of_an_option_that_was_not_ticked_is_no_answer(tmp_path: Path) -> None:
    ticks = {f"q1r{at}": pick([option, f"NO TO: {option}"]) for at, option in enumerate(("Bus", "Tram"), start=1)}
    (question,) = draft_csv(tmp_path, ticks).questions
    assert (question.kind, list(question.items.values())) == ("multiple", ["Bus", "Tram"])


@pytest.mark.parametrize("name", ["final_weight", "RIM weight", "poids", "factor_expansion", "vægt"])
def test_a_weight_is_known_by_its_name(tmp_path: Path, name: str) -> None:
    weights = [f"{number:.4e}" for number in RANDOM.uniform(0.4, 1.5, SIZE)]
    assert draft_csv(tmp_path, {name: weights, "Vote?": pick(["Yes", "No"])}).design["weight"] == name


def test_what_is_called_a_weight_and_is_none_is_said(tmp_path: Path) -> None:
    draft = draft_csv(tmp_path, {"weight": [f"{n % 90 + 10} %" for n in range(SIZE)], "Vote?": pick(["Yes", "No"])})
    assert "weight is called a weight and can't be read as one: shares are without it" in draft.doubts


def test_who_has_a_code_for_not_asked_ticked_nothing_and_is_not_counted_as_such(tmp_path: Path) -> None:
    shown = {f"q1_{at}": [*[-8] * 20, *pick([1, 0])[20:]] for at in range(1, 3)}
    (doubt,) = [one for one in draft_csv(tmp_path, shown).doubts if "ticked nothing" in one]
    nobody = sum(one == two == 0 for one, two in zip(*shown.values(), strict=True))
    assert f"({nobody} people): of those who ticked nothing" in doubt


def test_a_grouping_is_called_by_all_words_of_its_question_a_number_among_them(tmp_path: Path) -> None:
    parties = {1: "Democrat", 2: "Republican"}
    draft = draft_sav(tmp_path, {"pid3": ("3 point party ID", parties), "q": WELL})
    assert [*draft.groups] == ["three_point_party_id"]


@pytest.mark.parametrize(("first", "name"), [("가족", "01-questions"), ("Bus", "01-bus")])
def test_a_file_of_a_chapter_is_not_called_by_our_words(first: str, name: str) -> None:
    items = {"a": first, "b": "Tram", "c": "Walking"}
    (chapter,) = list_chapters([DraftQuestion("q", f"{first} (and two more)", "multiple", items, "")])
    assert chapter.name == name


@pytest.mark.parametrize(("sent", "is_known"), [("1980-01-01 00:00:00", False), ("1979-05-01 10:00:00", True)])
def test_the_day_that_stands_for_none_is_no_fieldwork(tmp_path: Path, sent: str, is_known: bool) -> None:
    draft = draft_csv(tmp_path, {"Date submitted": [sent] * SIZE, "Vote?": pick(["Yes", "No"])})
    assert (draft.fieldwork is not None) == is_known
    assert any("Was the fieldwork" in doubt for doubt in draft.doubts) == is_known


def test_a_part_of_the_interview_that_did_not_take_place_is_no_answer(tmp_path: Path) -> None:
    states = {-6: "Schedule not obtained", 0: "Degree not obtained", 1: "Yes", 2: "No"}
    draft = draft_sav(tmp_path, {"edu": ("Has a degree", states)})
    question = find(draft, "edu")
    told = {*question.items.values(), *question.answers.values()}
    assert "Degree not obtained" in told
    assert "Schedule not obtained" not in told


def test_the_serial_number_of_a_household_is_no_question(tmp_path: Path) -> None:
    homes = [101000 + row // 2 for row in range(SIZE)]
    draft = draft_sav(tmp_path, {"hs": ("Serial number of household", {}, homes), "v": ("Votes", {1: "Yes", 2: "No"})})
    assert [question.title for question in draft.questions] == ["Votes"]
    assert "hs" in draft.left_out


def test_what_an_interviewer_notes_of_calls_and_of_the_respondent_is_no_question(tmp_path: Path) -> None:
    reasons = {1: "Refused to be interviewed", 2: "Nobody at home", 3: "Premises empty"}
    noted = {
        "NOCALL_1": "Reason for Unsuccessful Call Household 1",
        "Q106": "Q106. Others present",
        "Q110A": "Q110a. Respondent friendly",
        "Q115": "Q115. Interviewer rural or urban",
        "EA_SVC_A": "EA-SVC-A. Electricity grid in the PSU/EA",
        "EA_ROAD_B": "EA-ROAD-B. Road surface last 5 km",
    }
    asked = {"Q1": "Q1. Should the government be friendly to its neighbours?"}
    draft = draft_sav(tmp_path, {name: (label, reasons) for name, label in (noted | asked).items()})
    assert [question.rules["column"] for question in draft.questions] == ["Q1"]
    assert set(draft.left_out.values()) == {"the platform or the interviewer noted it"}


def test_a_chapter_says_once_how_many_more_stand_in_it(tmp_path: Path) -> None:
    often = ["Never", "Sometimes", "Often"]
    draft = draft_csv(tmp_path, {
        "chat": pick(often), "desk": pick(often), "shelves": pick(often),
        "Which format?": pick(["Printed", "Electronic", "No matter"]),
    })  # fmt: skip
    assert any(" more)" in question.title for question in draft.questions)
    headings = [chapter.heading for chapter in list_chapters(draft.questions)]
    assert not any(heading.count(" more)") > 1 for heading in headings)


def test_codes_below_0_say_nothing_where_most_of_them_say_so(tmp_path: Path) -> None:
    lost = {-9: "Refused", -8: "Don't know", -6: "No post-election interview"}
    draft = draft_sav(tmp_path, {
        "v1": ("Did you vote?", {**lost, 1: "Yes", 2: "No"}),
        "v2": ("Whom for?", {**lost, -4: "Technical error", 1: "The red party", 2: "The blue party", 3: "Another"}),
    })  # fmt: skip
    assert find(draft, "v1").rules["collapse"]["no_answer"] == [-9, -6]
    codes = find(draft, "v2").rules["codes"]
    assert {code: codes[code] for code in (-9, -8, -6, -4)} == {
        -9: "no_answer", -8: "dont_know", -6: "no_answer", -4: "no_answer",
    }  # fmt: skip


def test_codes_below_0_are_answers_where_they_are_a_side_of_a_scale(tmp_path: Path) -> None:
    sides = {-2: "Much worse", -1: "Worse", 0: "The same", 1: "Better", 2: "Much better", -9: "Refused"}
    draft = draft_sav(tmp_path, {"s": ("Is it better than a year ago?", sides)})
    assert [codes for answer, codes in find(draft, "s").rules["collapse"].items() if answer == "much_worse"] == [[-2]]


@pytest.mark.parametrize("none", ["Not applicable - I have no car", "I don't do any of these activities"])
def test_an_option_that_says_that_none_applies_is_none_and_counts(tmp_path: Path, none: str) -> None:
    ticks = {1: "selected", 2: "not selected"}
    options = ["Walk", "Cycle", none]
    draft = draft_sav(tmp_path, {f"q1_{at}": (f"How do you travel? - {one}", ticks) for at, one in enumerate(options)})
    assert find(draft, "q1_0").rules["columns"] == {"q1_0": "walk", "q1_1": "cycle", "q1_2": "none"}


def test_a_ticked_option_tells_nobody_s_birthday_and_may_stand_behind_a_note(tmp_path: Path) -> None:
    ask, options = "What did you go to? (Select all that apply.)", ["A wedding", "A birthday party", "A funeral"]
    draft = draft_sav(tmp_path, {
        f"q{at}": (f"{ask} {one}", {1: one}, [1.0 if row % (at + 2) == 0 else None for row in range(SIZE)])
        for at, one in enumerate(options)
    })  # fmt: skip
    assert list(find(draft, "q1").items.values()) == options


@pytest.mark.parametrize(
    ("name", "label"),
    [
        ("q160_treat", "q160 wording"), ("q60a", "q60a Treatment"), ("V200002", "Mode of interview: first interview"),
    ],
)  # fmt: skip
def test_what_a_platform_drew_or_noted_is_no_question(tmp_path: Path, name: str, label: str) -> None:
    codes = {1: "Before", 2: "After", 3: "Between"}
    travel = ("Mode of transport to work", {1: "Bus", 2: "Train", 3: "Bicycle"})
    draft = draft_sav(tmp_path, {name: (label, codes), "q1": travel})
    assert [one.rules["column"] for one in draft.questions] == ["q1"]
    assert name in draft.left_out


@pytest.mark.parametrize(("name", "label"), [("VGeoRegion", "State/Region"), ("q155_text", "q155_text (pipe)")])
def test_what_a_platform_writes_by_itself_is_no_question(tmp_path: Path, name: str, label: str) -> None:
    draft = draft_sav(tmp_path, {name: (label, {}, pick(["CO", "TX"])), "q1": WELL})
    assert [one.rules["column"] for one in draft.questions] == ["q1"]
    assert draft.left_out[name] == "the platform or the interviewer noted it"


def test_what_people_think_of_others_is_no_grouping(tmp_path: Path) -> None:
    ages = {1: "Under 18", 2: "18-29", 3: "30 and over"}
    draft = draft_sav(tmp_path, {"q1": ("Which age group do you think is hit most?", ages), "q2": ("Age group", ages)})
    assert draft.groups["age"]["column"] == "q2"
    assert not is_background(find(draft, "q1"))


@pytest.mark.parametrize(
    ("answers", "ordered"),
    [
        # Amounts, whatever language tells that one is less than the first, and one that is none.
        (["1 ปี", "10 ปี", "2 ปี", "น้อยกว่า 1 ปี"], ["น้อยกว่า 1 ปี", "1 ปี", "2 ปี", "10 ปี"]),
        (["1-2", "3-9", "I don't work", "10 or more"], ["1-2", "3-9", "10 or more", "I don't work"]),
        (["1-2 times", "3-9 times", "Never", "10 or more"], ["Never", "1-2 times", "3-9 times", "10 or more"]),
        (["10 to 50k", "300k to 1M", "50 to 90k", "oltre 1M"], ["10 to 50k", "50 to 90k", "300k to 1M", "oltre 1M"]),
        # How often, in words and in times.
        (["Monthly", "Several times per year", "Weekly"], ["Weekly", "Monthly", "Several times per year"]),
        (["A few times", "Never", "Monthly", "Weekly"], ["Weekly", "Monthly", "A few times", "Never"]),
        (["Equally sure", "Less sure", "More sure"], ["More sure", "Equally sure", "Less sure"]),
        # Degrees between "very" and "not at all", and how often in degrees of a word.
        (["I have not used it", "Moderately useful", "Slightly useful", "Useful", "Very useful"],
         ["Very useful", "Useful", "Moderately useful", "Slightly useful", "I have not used it"]),
        (["Slightly agree", "Moderately disagree", "Slightly disagree", "Moderately agree"],
         ["Moderately agree", "Slightly agree", "Slightly disagree", "Moderately disagree"]),
        (["Frequently", "Never", "Rarely", "Very frequently", "Very rarely"],
         ["Very frequently", "Frequently", "Rarely", "Very rarely", "Never"]),
    ],
)  # fmt: skip
def test_amounts_and_times_among_words_have_their_order(answers: list[str], ordered: list[str]) -> None:
    assert sort_answers(answers) == (ordered, True)


def test_bands_are_answers_however_few_gave_one_and_a_number_may_be_open(tmp_path: Path) -> None:
    ages = ["18-25"] * 60 + ["26-40"] * 55 + ["41-60"] * 3 + ["61 and over"] * 2
    times = ["1"] * 100 + ["2"] * 15 + ["3+"] * 5
    draft = draft_csv(tmp_path, {"Age": ages, "How many workshops": times, "Rate": pick(AGREE)})
    assert draft.groups["age"]["values"] == {one: one for one in dict.fromkeys(ages)}
    assert find(draft, "How many workshops").rules["codes"] == {1: "1", 2: "2", "3+": "3"}


def test_numbers_of_a_form_are_ratings_and_questions_that_begin_alike_are_one(tmp_path: Path) -> None:
    asked = {"Horodateur": ["2026/03/28 10:00:00 AM UTC+1"] * SIZE, "How did you come?": pick(["Bus", "Train", "Car"])}
    for place in ("parks", "roads", "pools"):
        asked[f"I like to use the {place}"] = pick([1, 2, 3, 4, 5])
        asked[f"How clean do you find the {place}?"] = pick([1, 2, 3, 4, 5])
    asked |= {"Ease": pick([1, 2, 3, 4, 5]), "Speed": pick([1, 2, 3, 4]), "Price": pick([1, 2, 3, 4, 5])}
    draft = draft_csv(tmp_path, asked)
    numbers = {one.title: list(one.items.values()) for one in draft.questions if one.kind == "number"}
    assert numbers == {
        "I like to use the …": ["Parks", "Roads", "Pools"],
        "How clean do you find the …?": ["Parks", "Roads", "Pools"],
        "Ease (and two more)": ["Ease", "Speed", "Price"],
    }
    assert draft.fieldwork is not None
    assert sum(("what do these numbers count" in doubt) for doubt in draft.doubts) == 1


def test_numbers_of_a_file_that_is_no_form_s_may_be_codes(tmp_path: Path) -> None:
    draft = draft_csv(tmp_path, {"id": range(SIZE), "Ease": pick([1, 2, 3, 4, 5]), "Came by": pick(["Bus", "Car"])})
    assert "Ease" in draft.left_out


def test_days_of_another_era_are_no_fieldwork(tmp_path: Path) -> None:
    draft = draft_csv(tmp_path, {"Timestamp": ["2562/07/26 10:21:56"] * SIZE, "Came by": pick(["Bus", "Car"])})
    assert draft.fieldwork is None


@pytest.mark.parametrize(
    ("name", "title"),
    [
        ("How-Long-Ago", "How Long Ago"),
        ("frequencyOfUse", "frequency of use"),
        ("FrequencyOfUse", "Frequency of use"),
        ("YouTube", "YouTube"),
        ("Coca-Cola", "Coca-Cola"),
    ],
)
def test_a_name_of_several_words_is_written_as_words(tmp_path: Path, name: str, title: str) -> None:
    (one,) = draft_csv(tmp_path, {name: pick(["Red", "Blue", "Green"])}).questions
    assert one.title == title


def test_names_that_begin_with_one_word_are_statements_of_one_question(tmp_path: Path) -> None:
    met = ["Meets my needs", "Can't find it", "I have no need of this"]
    columns = {name: pick(met) for name in ("needsQuiet", "needsRooms", "needsScanners")}
    (needs,) = draft_csv(tmp_path, columns).questions
    assert list(needs.rules["columns"]) == [*columns]
    assert len(draft_csv(tmp_path, {name: pick(met) for name in ("quiet", "rooms", "scanners")}).questions) == 3
    asked = [f"Of your time, how much do you spend {doing}?" for doing in ("writing", "on research", "teaching")]
    assert (
        len(draft_csv(tmp_path, {name: pick(["1-5 hours", "6-9 hours", "10 hours"]) for name in asked}).questions) == 1
    )


@pytest.mark.parametrize("label", ["Other languages (verbatim)", "Employment status - open", "Other - Text"])
def test_what_a_label_says_that_people_wrote_is_no_question_though_many_share_it(tmp_path: Path, label: str) -> None:
    draft = draft_sav(tmp_path, {"other": (label, {}, pick(["French", "Arabic"])), "q1": WELL})
    assert [one.rules["column"] for one in draft.questions] == ["q1"]
    assert draft.left_out["other"] == "what people wrote, or answers that few share"


@pytest.mark.parametrize(
    "asked", ["How satisfied are you with {place_SQ1}?", "How satisfied are you with $place_text?"]
)
def test_what_stands_for_an_answer_in_a_label_is_dots(tmp_path: Path, asked: str) -> None:
    draft = draft_sav(tmp_path, {"q1": (asked, dict(enumerate(SATISFIED, 1)))})
    assert draft.questions[0].title == "How satisfied are you with … ?"


def test_what_stands_before_questions_of_many_kinds_is_no_question(tmp_path: Path) -> None:
    yes = {1: "Yes", 2: "No"}
    draft = draft_sav(tmp_path, {
        "V1": ("PRE: Voted before", yes), "V2": ("PRE: Voted early", yes),
        "V3": ("PRE: Interest", dict(enumerate(SATISFIED, 1))), "V4": ("PRE: The party", dict(enumerate(AGREE, 1))),
        "V5": ("PRE: Came by", {1: "Bus", 2: "Car"}),
    })  # fmt: skip
    assert "PRE" not in [one.title for one in draft.questions]


def test_agreement_with_one_of_two_statements_is_not_agreement_with_both(tmp_path: Path) -> None:
    """Afrobarometer's pairs of statements were counted together: 98% "agreed" with each pair."""
    pairs = ["Agree very strongly with 1", "Agree with 1", "Agree with 2", "Agree very strongly with 2"]
    answers = dict(enumerate([*pairs, "Agree with neither"], start=1))
    pairs_asked = ("Speed vs. order", "Elections vs. other methods", "Parliament vs. president", "Press vs. secrets")
    draft = draft_sav(tmp_path, {f"q{n}": (label, answers) for n, label in enumerate(pairs_asked)})
    (battery,) = draft.questions
    assert list(battery.answers.values()) == [*pairs, "Agree with neither"]
    assert not battery.roles


def test_statements_of_two_names_side_by_side_are_two_questions_called_by_them(tmp_path: Path) -> None:
    names = ("activity_swim", "activity_walk", "activity_fish", "behaviour_water", "behaviour_mow", "behaviour_plant")
    draft = draft_csv(tmp_path, {name: pick(["Often", "Sometimes", "Never"]) for name in names})
    assert [one.title for one in draft.questions] == ["activity", "behaviour"]
    mixed = ("calm_a", "calm_b", "sad_a", "calm_c", "sad_b", "sad_c")
    (one,) = draft_csv(tmp_path, {name: pick(["Often", "Sometimes", "Never"]) for name in mixed}).questions
    assert len(one.items) == len(mixed)


def test_of_several_weights_the_one_of_most_people_is_taken(tmp_path: Path) -> None:
    drawn = (0.5 + RANDOM.random(SIZE)).round(3)
    everyone = {
        "w_parents": ("Weight - parents", 60),
        "w_all": ("Weight - everybody there", 110),
        "w_town": ("Weight", 40),
    }
    weights = {name: (label, {}, np.where(np.arange(SIZE) < people, drawn, np.nan))
               for name, (label, people) in everyone.items()}  # fmt: skip
    assert draft_sav(tmp_path, {**weights, "q1": WELL}).design["weight"] == "w_all"


@pytest.mark.parametrize("empty", [0.0, np.nan])
def test_options_whose_codes_each_stand_in_a_column_of_their_own_are_ticked(tmp_path: Path, empty: float) -> None:
    uses = {1: "I don't", 2: "At school", 3: "At work"}
    columns = {f"a1_sm_{code}": (f"Devices - Smartphone_{code}", uses, pick([float(code), empty])) for code in uses}
    (devices,) = draft_sav(tmp_path, columns).questions
    assert (devices.kind, devices.title) == ("multiple", "Devices - Smartphone")
    assert list(devices.items.values()) == list(uses.values())
    assert devices.rules["chosen"] == [*uses]
    shared = {f"q1_{item}": (f"How often? {item}", uses) for item in uses}
    assert draft_sav(tmp_path, shared).questions[0].kind != "multiple"


def test_a_code_of_who_gave_no_number_ends_no_scale(tmp_path: Path) -> None:
    ends = {1: "1 Very bad", 10: "10 Very good", 97: "Doesn't know him"}
    people = [*map(float, range(1, 11)), 97.0]
    columns = {f"p1_{n}": (name, ends, np.resize(people, SIZE)) for n, name in enumerate(("Ann Lee", "Bo Dahl"), 1)}
    (leaders,) = draft_sav(tmp_path, columns).questions
    assert leaders.rules["scale"] == [1, 10]
    assert leaders.rules["missing"] == [97]


def test_a_weight_of_a_few_values_is_one_if_they_have_decimals(tmp_path: Path) -> None:
    weights = {"mnweight": ("Men's sample weight", {}, pick([0.3727, 1.7968])), "q1": WELL}
    assert draft_sav(tmp_path, weights).design["weight"] == "mnweight"
    stages = {"w": ("Stage of weighting", {}, pick([1.0, 2.0, 3.0])), "q1": WELL}
    assert "weight" not in draft_sav(tmp_path, stages).design


@pytest.mark.parametrize(
    "label",
    ["Result of man's interview", "Start of interview - Hour", "Interview completed in private", "Translator used",
     "This Questionnaire Was Completed In:", "Mode of Collection", "Lugar de realización de la entrevista",
     "Presencia de terceras personas en el desarrollo de la entrevista"],
)  # fmt: skip
def test_what_is_noted_of_an_interview_is_no_question(tmp_path: Path, label: str) -> None:
    noted = {1: "At home", 2: "At the door", 3: "Elsewhere"}
    draft = draft_sav(tmp_path, {"m1": (label, noted), "q1": WELL, "q2": ("Time to resolve a dispute: days", noted)})
    assert draft.left_out == {"m1": "the platform or the interviewer noted it"}


def test_of_a_list_of_many_answers_the_most_given_are_drafted_and_the_rest_is_other(tmp_path: Path) -> None:
    parties = {n: f"Party {chr(65 + n // 26)}{chr(65 + n % 26)}" for n in range(1, 61)}
    votes = np.resize([float(n) for n in [*range(1, 11)] * 3 + [*range(1, 41)]], SIZE)
    draft = draft_sav(tmp_path, {"vote": ("Which party?", parties, votes)})
    (vote,) = draft.questions
    assert set(vote.items.values()) >= {parties[n] for n in range(1, 11)}
    assert vote.rules["codes"][60] == "other"
    assert any("rarer answers" in doubt and "Which party?" in doubt for doubt in draft.doubts)
    spread = np.resize([*map(float, parties)], SIZE)
    assert "vote" in draft_sav(tmp_path, {"vote": ("Which party?", parties, spread), "q1": WELL}).left_out


def test_first_and_second_problems_are_one_list(tmp_path: Path) -> None:
    problems = {1: "Work", 2: "Health", 3: "Housing", 4: "Crime", 97: "Ninguno"}
    first = np.array(pick([1.0, 2.0, 3.0, 4.0]))
    second = np.where(np.arange(SIZE) % 3 == 0, 97.0, first % 4 + 1)
    columns = {"A9_1": ("Primer problema", problems, first), "A9_2": ("Segundo problema", problems, second)}
    (asked,) = draft_sav(tmp_path, columns).questions
    assert (asked.kind, asked.title, asked.rules["encoding"]) == ("multiple", "Problema", "choices")
    assert asked.rules["excess"] == "keep"


def test_statements_of_one_clause_are_one_question_where_names_would_tear_it(tmp_path: Path) -> None:
    much = {0: "No obstacle", 1: "Minor obstacle", 2: "Major obstacle"}
    names = {"k30": "Finance", "g30a": "Land", "j30c": "Licences", "j30f": "Corruption", "h30": "Courts"}
    columns = {name: (f"How much of an obstacle: {item}", much) for name, item in names.items()}
    (obstacles,) = draft_sav(tmp_path, columns).questions
    assert list(obstacles.rules["columns"]) == [*names]
    two = {f"q{n}_{item}": (f"Do you agree: {n} {item}", much) for n in (5, 9) for item in (1, 2, 3)}
    assert len(draft_sav(tmp_path, two).questions) == 2


def test_statements_side_by_side_are_apart_where_the_number_of_their_question_changes(tmp_path: Path) -> None:
    answers = dict(enumerate(AGREE, 1))
    asked = {"a6_mix": "Lessons should mix media", "a6_fun": "Films are fun", "a6_dig": "I like to be online"}
    asked |= {"a7_class": "Chats help the class", "a7_staff": "They help teachers", "a7_work": "They help at work"}
    draft = draft_sav(tmp_path, {name: (label, answers) for name, label in asked.items()})
    assert [len(one.items) for one in draft.questions] == [3, 3]


def test_codes_below_0_that_say_something_are_asked_about(tmp_path: Path) -> None:
    lost = {-9: "Don't know", -8: "Refused"}
    rivals = np.resize([-4.0, -4.0, *map(float, range(1, 13))], SIZE)
    draft = draft_sav(tmp_path, {
        "e2": ("Number of competitors", {**lost, -4: "Too many to count"}, rivals),
        "q1": ("Are you well?", {**lost, 1: "Yes", 2: "No"}),
    })  # fmt: skip
    (asked,) = [doubt for doubt in draft.doubts if doubt.startswith("Codes below 0")]
    assert "“Too many to count” in e2" in asked
    assert "Refused" not in asked


def test_what_others_specify_is_no_question_though_many_share_it(tmp_path: Path) -> None:
    draft = draft_sav(tmp_path, {"k34x": ("Other (Specify)", {}, pick(["mpesa", "Mobile money"])), "q1": WELL})
    assert draft.left_out == {"k34x": "what people wrote, or answers that few share"}


def test_sums_of_money_are_numbers_though_no_word_says_so_and_codes_as_long_are_none(tmp_path: Path) -> None:
    sums = np.resize([50000.0, 300000, 2000000, 750000, 10000000, 1200000, 90000, 400000, 5000000, 20000], SIZE)
    jobs = np.resize([1200.0, 1300, 2100, 2500, 3100, 3300, 5200, 7100, 9100, 9300], SIZE)
    draft = draft_sav(tmp_path, {"k11": ("Value of the collateral", {}, sums), "isco": ("Job", {}, jobs), "q1": WELL})
    assert find(draft, "k11").kind == "number"
    assert "isco" in draft.left_out


@pytest.mark.parametrize(
    ("name", "label", "unit"),
    [("k32", "Days to receive a decision", "days"), ("l2", "Number of employees 3 fiscal years ago", None)],
)
def test_a_unit_is_told_by_the_label_alone_and_not_by_when(
    tmp_path: Path, name: str, label: str, unit: str | None
) -> None:
    numbers = np.resize([*map(float, range(25))], SIZE)
    (one,) = draft_sav(tmp_path, {name: (label, {}, numbers)}).questions
    assert one.rules.get("unit") == unit


def test_days_that_a_file_labels_as_themselves_are_dates(tmp_path: Path) -> None:
    days = {day: day for day in ("04/03/2020", "05/03/2020", "13/03/2020")}
    draft = draft_sav(tmp_path, {"ini": ("Fecha de inicio de la entrevista", days, pick([*days])), "q1": WELL})
    assert draft.fieldwork == (date(2020, 3, 4), date(2020, 3, 13))
    assert [one.rules["column"] for one in draft.questions] == ["q1"]


def test_a_second_column_of_strata_is_no_question(tmp_path: Path) -> None:
    regions = {1: "North", 2: "South", 3: "East"}
    strata = {"strata": ("", {}, pick([1.0, 2.0, 3.0])), "stratificationregioncode": ("Region code", regions)}
    draft = draft_sav(tmp_path, {**strata, "q1": WELL})
    assert draft.design["strata"] == "strata"
    assert draft.left_out == {"stratificationregioncode": "like strata, it says how people were drawn"}


def test_options_that_people_mention_in_spanish_are_ticked(tmp_path: Path) -> None:
    said = {1: "Menciona", 2: "No menciona"}
    sources = {"b_1": "Televisión", "b_2": "Prensa", "b_3": "Radio"}
    (one,) = draft_sav(tmp_path, {name: (label, said) for name, label in sources.items()}).questions
    assert one.kind == "multiple"


def test_questions_of_people_without_a_weight_are_asked_about(tmp_path: Path) -> None:
    weight = np.where(np.arange(SIZE) < 80, RANDOM.uniform(0.5, 2, SIZE).round(3), np.nan)
    other = np.where(np.arange(SIZE) < 75, np.nan, np.array(pick([1.0, 2.0])))
    draft = draft_sav(tmp_path, {"wt": ("Weight", {}, weight), "q1": WELL, "q2": ("Do you drive?", WELL[1], other)})
    (asked,) = [doubt for doubt in draft.doubts if "count for nothing" in doubt]
    assert "“Do you drive?”" in asked
    assert "Are you well?" not in asked


def test_columns_of_one_label_are_asked_about(tmp_path: Path) -> None:
    helped = {1: "Yes", 2: "No", 3: "It is asked for"}
    draft = draft_sav(tmp_path, {f"ST3${n}": ("Received help", helped) for n in (1, 2, 3)} | {"q1": WELL})
    (asked,) = [doubt for doubt in draft.doubts if "what tells them apart" in doubt]
    assert "(ST3$1, ST3$2 and ST3$3): these have one label" in asked


def test_a_file_of_several_waves_is_asked_about(tmp_path: Path) -> None:
    waves = {"year": ("Survey year", {}, pick([2004.0, 2008.0])), "q1": WELL}
    (asked,) = [doubt for doubt in draft_sav(tmp_path, waves).doubts if "waves of one survey" in doubt]
    assert re.match(r"year has 2004 \(\d+\) and 2008 \(\d+\): ", asked)
    for name in ("year", "q8"):
        of_study = {name: ("Year", {}, pick([1.0, 2.0, 3.0])), "q1": WELL}
        assert not [doubt for doubt in draft_sav(tmp_path, of_study).doubts if "waves of one survey" in doubt]


def test_a_month_of_the_year_is_no_number(tmp_path: Path) -> None:
    months = np.resize([*map(float, range(1, 13))], SIZE)
    columns = {"a20m": ("Close month of the fiscal year", {}, months), "q1": WELL}
    columns["a21"] = ("How many months did it take?", {}, months)
    draft = draft_sav(tmp_path, columns)
    assert "a20m" in draft.left_out
    assert find(draft, "a21").rules["unit"] == "months"


def test_a_row_of_questions_in_another_language_is_no_respondent(tmp_path: Path) -> None:
    # Excel files of Qualtrics have no row of ids below it.
    answers = {
        "StartDate": [f"2026-03-{1 + n % 28:02d} 10:00:00" for n in range(SIZE)],
        "EndDate": [f"2026-03-{1 + n % 28:02d} 10:{n % 60:02d}:00" for n in range(SIZE)],
        "Duration (in seconds)": [100 + n for n in range(SIZE)],
        "Q1": pick(["Bus", "Bahn"]),
    }
    below = ["Anfangsdatum", "Enddatum", "Dauer (in Sekunden)", "Womit fahren Sie?"]
    draft = draft_csv(tmp_path, answers, below)
    assert (len(draft.source.frame), find(draft, "Q1").title) == (SIZE, "Womit fahren Sie?")


def test_a_rare_answer_of_a_list_that_nobody_wrote_something_beside_is_one_of_it(tmp_path: Path) -> None:
    few, alone = ["Tram"] * 4, [f"A bicycle of my {n}. friend" for n in range(4)]
    shown = [("rare", few, {"Bus", "Car", "Tram"}), ("own", [*few, *alone], {"Bus", "Car"})]
    shown += [("both", ["Bus, Car"] * 4, {"Bus", "Car"})]
    for name, rare, items in shown:
        cells = [*rare, *pick(["Bus", "Car"])[len(rare) :]]
        (one,) = draft_csv(tmp_path, {f"How do you travel? ({name})": cells}).questions
        assert {*one.items.values()} == items


def test_a_column_that_repeats_another_is_left_out_and_named(tmp_path: Path) -> None:
    answers, other = pick(["Bus", "Tram"]), pick(["Bus", "Tram"])
    draft = draft_csv(tmp_path, {"Which way?": answers, "Which way? value": answers, "Which way? Later": other})
    assert draft.left_out == {"Which way? value": "the same answers as in Which way?"}
    assert len(draft.questions) == 2


@pytest.mark.parametrize(("words", "is_drafted"), [(["Yes, often", "No, never"], True), (["1", "2"], False)])
def test_small_numbers_of_a_grid_are_no_codes_where_a_file_has_its_choices_in_words(
    tmp_path: Path, words: list[str], is_drafted: bool
) -> None:
    grid = {f"Q9[A{n}]": pick([1, 2, 3, 4, 5, 99]) for n in range(4)}
    draft = draft_csv(tmp_path, {**{f"Q{n}": pick(words) for n in range(4)}, **grid, "z": pick(["Red", "Green"])})
    assert (draft.left_out.keys() >= grid.keys()) is not is_drafted
    if is_drafted:
        assert find(draft, "Q9[A0]").rules["missing"] == [99]
        assert any("what do these numbers count" in doubt for doubt in draft.doubts)


def test_ratings_of_a_form_are_numbers_wherever_its_moment_stands(tmp_path: Path) -> None:
    words = {f"Czy lubisz {place}?": pick(["Tak", "Nie"]) for place in ("dom", "park", "las")}
    ratings = {f"Jak oceniasz {place}?": pick([0, 1, 2, 3, 4, 5]) for place in ("dom", "park", "las")}
    draft = draft_csv(tmp_path, {**words, **ratings, "data": ["2026-03-28 10:00:00"] * SIZE})
    assert find(draft, "Jak oceniasz dom?").kind == "number"
    assert draft.fieldwork == (date(2026, 3, 28), date(2026, 3, 28))


def test_names_that_number_questions_of_many_kinds_make_no_question_of_two(tmp_path: Path) -> None:
    kinds = [["Bus", "Tram"], ["Red", "Green", "Blue"], ["Tea", "Milk"], ["Cat", "Dog"], ["Yes", "No"], ["Yes", "No"]]
    draft = draft_csv(tmp_path, {f"P7S{n}": pick(answers) for n, answers in enumerate(kinds, start=1)})
    assert [[*one.items] for one in draft.questions[-2:]] == [["p7s5"], ["p7s6"]]


@pytest.mark.parametrize(
    "answers",
    [
        ["1 year or less", "1 ~ 3 years", "3 ~ 5 years", "15 years or more"],
        ["3 months ago or less", "3 ~ 12 months ago", "1 ~ 3 years ago", "3 years ago or more"],
        ["Less than 6 months", "6 months to 1 year", "1-2 years", "More than 2 years"],
        ["Hasta 430.000", "Entre 430.000 y 750.000", "Entre 750.000 y 1.300.000", "Más de 1.300.000"],
        ["Es inferior a los 30 mil", "Entre 30 y menos de 50 mil", "Entre 50 mil y 80 mil", "Supera los 80 mil"],
        ["Menos de 35", "Entre 35 y 45", "Más de 45"],
        # What begins with nought is no thousand.
        ["Less than 0.125 ha", "0.125 to 0.500 ha", "0.500 to 2 ha", "More than 2 ha"],
        # Where only some name the unit, it is that of all.
        ["Entre 1 y 3", "Entre 4 y 8", "Más de 8 horas"],
        ["> 5 Mal/Tag", "3-5 Mal/Tag", "3-4 Mal/Woche", "1-2 Mal/Woche", "0-1 Mal/Monat"],
        ["Once a week", "2-3 times a month", "Once a month", "Less than once a month"],
    ],
)
def test_amounts_and_periods_stand_in_their_order_in_any_language(answers: list[str]) -> None:
    assert sort_answers(sorted(answers)) == (answers, True)


@pytest.mark.parametrize(
    ("answers", "nets"),
    [
        (["Totalmente de acuerdo", "De acuerdo", "Ni de acuerdo ni en desacuerdo", "En desacuerdo"], 2),
        (["Muy bueno", "Bueno", "Regular", "Malo", "Muy malo"], 4),
        (["Mucho", "Bastante", "Poco", "Nada"], 0),
        (["Tout à fait d'accord", "Plutôt d'accord", "Plutôt pas d'accord", "Pas du tout d'accord"], 4),
        (["Oui, tout à fait", "Oui, plutôt", "Non, plutôt pas", "Non, pas du tout"], 4),
        (["Stimme voll und ganz zu", "Stimme eher zu", "Teils/teils", "Stimme eher nicht zu"], 2),
        (["Immer", "Oft", "Manchmal", "Selten", "Nie"], 0),
        (["Concordo totalmente", "Concordo", "Não concordo nem discordo", "Discordo totalmente"], 2),
        (["Zdecydowanie tak", "Raczej tak", "Raczej nie", "Zdecydowanie nie"], 4),
        (["Molto d'accordo", "Abbastanza d'accordo", "Poco d'accordo", "Per niente d'accordo"], 0),
        (["Zeer tevreden", "Tevreden", "Neutraal", "Ontevreden"], 0),
        (["Always", "Very often", "Fairly often", "Sometimes", "Almost never", "Never"], 0),
    ],
)
def test_words_of_other_languages_tell_an_order_and_two_sides(tmp_path: Path, answers: list[str], nets: int) -> None:
    (one,) = draft_csv(tmp_path, {"How is it?": pick(answers)}).questions
    assert [label for answer, label in one.answers.items() if answer not in one.nets] == answers
    assert sum(map(len, one.nets.values())) == nets


def test_what_follows_a_yes_is_no_degree_of_it(tmp_path: Path) -> None:
    draft = draft_csv(tmp_path, {"Did it change?": pick(["Sí, aumentó", "Sí, disminuyó", "No cambió"])})
    assert [one.kind for one in draft.questions] == ["single"]


@pytest.mark.parametrize(
    ("other", "none"),
    [("Otro (especificar)", "Ninguna de las anteriores"), ("Autre", "Aucun de ces choix"), ("Andere", "Keine davon"),
     ("Outro", "Nenhuma das anteriores"), ("Inne", "Żadne z powyższych")],
)  # fmt: skip
def test_other_and_none_are_known_in_other_languages(tmp_path: Path, other: str, none: str) -> None:
    cells = pick(["Bus, Tram", "Bus", "Tram", f"Tram, {other}", none])
    (one,) = draft_csv(tmp_path, {"Which do you use?": cells}).questions
    assert {**one.rules["codes"], "*": ""} == {"Bus": "bus", "Tram": "tram", other: "other", none: "none", "*": ""}


@pytest.mark.parametrize("name", ["Date de soumission", "Datum Abgeschickt", "Hora de finalización", "Data de envio"])
def test_moments_of_platforms_are_known_in_other_languages(tmp_path: Path, name: str) -> None:
    draft = draft_csv(tmp_path, {name: ["2026-03-28 10:00:00"] * SIZE, "Bus?": pick(["Rouge", "Vert"])})
    assert draft.fieldwork == (date(2026, 3, 28), date(2026, 3, 28))


def test_how_many_could_be_chosen_is_read_behind_an_article_and_in_other_languages(tmp_path: Path) -> None:
    cells = pick(["Bus, Tram", "Bus", "Tram", "Tram, Boat", "Boat"])
    asked = [
        "Please choose the TWO that matter most",
        "¿Cuáles usa? Elija hasta 2 opciones",
        "Was nutzen Sie (maximal 2)?",
    ]
    draft = draft_csv(tmp_path, dict.fromkeys(asked, cells))
    assert [one.max_choices for one in draft.questions] == ["2", "2", "2"]


def test_a_code_before_no_answer_hides_it_not_though_another_answer_has_none(tmp_path: Path) -> None:
    (one,) = draft_csv(tmp_path, {"Why?": pick(["1. Luck", "2. Work", "Something else", "99. Ns/Nc"])}).questions
    assert one.rules["codes"]["99. Ns/Nc"] == "no_answer"


@pytest.mark.parametrize("question", ["Welche nutzen Sie?", "Lesquels utilisez-vous ?", "¿Cuáles usa?", "Quais usa?"])
def test_yes_and_no_tick_options_of_a_list_in_other_languages(tmp_path: Path, question: str) -> None:
    options = {f"{question} [{one}]": pick(["Ja", "Nein", "N/A"]) for one in ("Bus", "Bahn", "Rad")}
    (one,) = draft_csv(tmp_path, options).questions
    assert (one.kind, one.title, [*one.items.values()]) == ("multiple", question, ["Bus", "Bahn", "Rad"])


def test_a_slash_before_a_space_is_no_path_and_options_without_a_question_are_asked_about(tmp_path: Path) -> None:
    names = ["Finding hope", "Grief/ Bereavement", "Sensory/ environmental", "Other", "Singing", "Grief/ Bereavement"]
    rows = [[name if (row + place) % 3 else "" for place, name in enumerate(names)] for row in range(SIZE)]
    with (tmp_path / "a.csv").open("w", newline="", encoding="utf-8") as file:
        csv.writer(file).writerows(
            [names, *[[*row[:3], row[3] and f"mine {at}", *row[4:]] for at, row in enumerate(rows)]]
        )
    draft = draft_questions(open_respondents(tmp_path / "a.csv"))
    assert [[*one.items.values()] for one in draft.questions] == [names[:3], names[4:]]
    assert any("“Finding hope” to “Other” and “Singing” to “Grief/ Bereavement”" in doubt for doubt in draft.doubts)


def test_an_item_behind_a_hyphen_without_a_space_is_one(tmp_path: Path) -> None:
    owns = {-9: "Break off", -1: "Don't know", 0: "No", 1: "Yes"}
    (one,) = draft_sav(
        tmp_path, {f"o{n}": (f"HH owns-{item}", owns) for n, item in enumerate(("Car", "TV", "AC"))}
    ).questions
    assert (one.title, list(one.items.values())) == ("HH owns", ["Car", "TV", "AC"])
    joined = {f"e{n}": (f"Time for e-{item}", owns) for n, item in enumerate(("mail", "learning", "books"))}
    assert all(
        "E" not in one.items.values() and one.title != "Time for e" for one in draft_sav(tmp_path, joined).questions
    )


def test_what_others_said_beside_a_list_is_no_question_of_its_own(tmp_path: Path) -> None:
    parties = {-7: "Legal skip", 1: "Left", 2: "Right", 3: "Other"}
    columns = {
        "p": ("Which party is closest to you?", parties),
        "po": ("Which party is closest to you? Other", {1: "A", 2: "B"}),
    }
    draft = draft_sav(tmp_path, columns)
    assert draft.left_out == {"po": "what people wrote beside the answers of another column"}
    assert find(draft, "p").rules["codes"][-7] == "no_answer"
    assert not [doubt for doubt in draft.doubts if doubt.startswith("Codes below 0")]


def test_ages_that_a_file_labels_with_themselves_make_groups(tmp_path: Path) -> None:
    ages = {n: str(n) for n in range(1, 100)} | {998: "Age not calculated"}
    columns = {"resp_age": ("Respondent Age", ages, np.resize([*map(float, range(18, 80))], SIZE)), "q1": WELL}
    assert draft_sav(tmp_path, columns).groups["age"]["ranges"]["55+"] == [55, None]


def test_an_option_that_the_same_person_ticked_in_two_lists_is_in_both(tmp_path: Path) -> None:
    ticked, once = {0: "No", 1: "Yes"}, [1.0] + [0.0] * (SIZE - 1)
    columns = {
        f"{name}_{n}": (f"{title}: {item}", ticked, once if item == "Boat" else pick([0.0, 1.0]))
        for name, title in (("q1", "Which do you use?"), ("q2", "Which do you like?"))
        for n, item in enumerate(("Bus", "Train", "Boat"))
    }
    assert not draft_sav(tmp_path, columns).left_out


def test_a_list_that_a_program_wrote_twice_is_drafted_once(tmp_path: Path) -> None:
    ticked = {"Bus": pick([0.0, 1.0]), "Train": pick([0.0, 1.0]), "Tram": pick([0.0, 1.0])}
    labels = {0: "No", 1: "Yes"}
    columns = {
        f"q1_{n}": (f"Which do you use?: {item}", labels, cells) for n, (item, cells) in enumerate(ticked.items())
    }
    columns |= {
        f"t1_{n}": (f"All that is used: {item}", labels, cells) for n, (item, cells) in enumerate(ticked.items())
    }
    draft = draft_sav(tmp_path, columns)
    assert [one.title for one in draft.questions] == ["Which do you use?"]
    assert draft.left_out["t1_0"] == "the same answers as in q1_0"


def test_every_row_of_a_grid_of_ticks_is_a_list_of_its_own_and_called_by_its_row(tmp_path: Path) -> None:
    asked, whom = "Who taught you to knit? Tick all that apply", ["Female", "Male", "Female, Male"]
    rows = {
        f"{asked} [Parent]": pick([*whom, "Other", "Female, Other", "Male, Other", ""]),
        f"{asked} [Teacher]": pick([*whom, "Other", ""], [0.5, 0.1, 0.02, 0.08, 0.3]),
        f"{asked} [Friend]": pick([*whom, "Other", ""], [0.3, 0.1, 0.02, 0.08, 0.5]),
    }
    draft = draft_csv(tmp_path, {**rows, "Are you well?": pick(["Yes", "No"])})
    draft = replace(draft, questions=draft.questions[:-1])
    assert {one.rules["encoding"] for one in draft.questions} == {"delimited"}
    assert [one.title.split(":")[0] for one in draft.questions] == ["Parent", "Teacher", "Friend"]
    assert all({*one.rules["codes"]} == {"Female", "Male", "Other"} for one in draft.questions)


def test_what_people_did_is_no_grouping_though_its_label_names_education(tmp_path: Path) -> None:
    did = {1: "Addressed", 2: "Not addressed"}
    topics = ("abortion", "education", "race relations", "hunger", "immigration")
    columns = {f"act{place}": (f"Addressed {topic} in sermons", did) for place, topic in enumerate(topics)}
    draft = draft_sav(tmp_path, {**columns, "gender": ("R's gender", {1: "Male", 2: "Female"})})
    assert [one["column"] for one in draft.groups.values()] == ["gender"]


def test_bands_whose_thousands_stand_apart_go_up(tmp_path: Path) -> None:
    sizes = ["1 to 9 employees", "10 to 99 employees", "100 to 999 employees", "1000 to 9999 employees"]
    draft = draft_csv(tmp_path, {"What size is it?": pick([*sizes, "10 000 or more employees"])})
    assert [*draft.questions[0].items.values()] == [*sizes, "10 000 or more employees"]


def test_a_question_about_intellectual_property_tells_of_nobody(tmp_path: Path) -> None:
    name = "How concerned are you about intellectual property (IP) risks?"
    draft = draft_csv(tmp_path, {name: pick([1, 2, 3, 4, 5]), "Are you well?": pick(["Yes", "No"])})
    assert "who somebody is" not in draft.left_out.get(name, "")


def test_ages_between_nought_and_one_are_no_years(tmp_path: Path) -> None:
    draft = draft_csv(tmp_path, {"age": pick([0, 0.25, 0.5, 0.75, 1]), "Are you well?": pick(["Yes", "No"])})
    assert "unit" not in find(draft, "age").rules
    assert any("unit" in doubt and "age" in doubt.lower() for doubt in draft.doubts)


@pytest.mark.parametrize(
    ("told", "many", "kind", "doubt"),
    [
        # Of so many that two would often have been chosen together.
        ("", True, "single", "“Work”: nobody ticked two options; only one is taken to be possible"),
        ("Choose all that apply. ", True, "multiple", ""),
        # Of a few that nobody has two may be chance.
        ("", False, "multiple", "“Work”: nobody chose more than one of them; could people (max_choices)?"),
    ],
)
def test_a_list_of_which_nobody_chose_two_is_one_to_choose_one_from_unless_that_may_be_chance(
    tmp_path: Path, told: str, many: bool, kind: str, doubt: str
) -> None:
    options = ["Full time", "Part time", "Student"]
    size = 600
    given = np.arange(size) % 3 if many else np.where(np.arange(size) < 54, np.arange(size) % 3, 3)
    frame = pd.DataFrame({f"w_{at}": (given == at).astype(float) for at in range(3)})
    pyreadstat.write_sav(
        frame, str(tmp_path / "a.sav"), column_labels=[f"{told}Work - {option}" for option in options],
        variable_value_labels={name: {0: "No", 1: "Yes"} for name in frame},
    )  # fmt: skip
    draft = draft_questions(open_respondents(tmp_path / "a.sav"))
    (one,) = draft.questions
    assert (one.kind, [*one.items.values()]) == (kind, options)
    assert not [told for told in draft.doubts if "Work" in told and not doubt]
    assert any(told.startswith(doubt) for told in draft.doubts)


def test_an_option_may_hold_a_slash_where_its_list_has_a_column(tmp_path: Path) -> None:
    asked, options = "Whom would you call?", ("Police", "Staff/volunteers", "(app/radio)")
    ticks = {f"{asked}/{one}": np.resize([0, 1, 1], SIZE) for one in options}
    (one,) = draft_csv(tmp_path, {asked: pick(["Police Staff", "Police"]), **ticks}).questions
    assert (one.title, [*one.items.values()]) == (asked, [*options])


def test_numbers_whose_ends_a_question_tells_are_ratings_also_beside_no_answer(tmp_path: Path) -> None:
    behind = "10 - strongly agree, 1 - strongly disagree."
    columns = {
        f"Are your needs met?{behind}": pick([10, 9, 8, 5, "N/A"]),
        f"Do you find the tool useful?{behind}": pick([10, 9, 8, 5, 1]),
        "Are you well?": pick(["Yes", "No"]),
    }
    draft = draft_csv(tmp_path, columns)
    first, second, _ = draft.questions
    assert (first.kind, first.rules["missing"], second.kind) == ("number", ["N/A"], "number")
    assert [first.title.split("?")[0], second.title.split("?")[0]] == [
        "Are your needs met",
        "Do you find the tool useful",
    ]


def test_a_slash_within_a_word_is_no_path(tmp_path: Path) -> None:
    names = ["אני משתמש/ת בטלפון בלילה", "אני משתמש/ת בטלפון בנהיגה"]
    draft = draft_csv(tmp_path, {name: pick(["הרבה", "מעט", "כלל לא"]) for name in names})
    assert [one.title for one in draft.questions] == names


def test_words_without_capitals_are_no_names_of_options(tmp_path: Path) -> None:
    rows, answers = ("Facebook", "TikTok", "Telegram"), ["הרבה", "הרבה מאוד", "מעט", "מעט מאוד", "כלל לא"]
    (one,) = draft_csv(tmp_path, {f"עד כמה? [{row}]": pick(answers) for row in rows}).questions
    assert ([*one.items.values()], sorted(one.answers.values())) == ([*rows], sorted(answers))


def test_a_mark_of_a_page_beside_a_bracket_hides_no_option(tmp_path: Path) -> None:
    options = {'<span style="a">Storage (</span>say, Drive)': "Storage (say, Drive)", "Software": "Software"}
    ticks = {f"What for?&nbsp; {name}": np.resize([cell, ""], SIZE) for name, cell in options.items()}
    (one,) = draft_csv(tmp_path, {"id": range(SIZE), **ticks}).questions
    assert [*one.items.values()] == [*options.values()]


def test_the_tick_beside_a_box_counts_and_not_what_was_written_there(tmp_path: Path) -> None:
    asked, wrote = "What for?", ["N/A", *(f"because {n}" for n in range(SIZE // 3 - 1))]
    columns = {
        "id": range(SIZE),
        f"{asked} Storage": np.resize(["Storage", ""], SIZE),
        f"{asked} Software": np.resize(["", "Software"], SIZE),
        f"{asked} Other activity (please specify):": np.resize(["Other", "", ""], SIZE),
        f"{asked} Other activity (please specify): ": [wrote[n // 3] if n % 3 == 0 else "" for n in range(SIZE)],
    }
    draft = draft_csv(tmp_path, columns)
    (one,) = draft.questions
    assert [*one.items.values()] == ["Storage", "Software", "Other activity (please specify)"]
    assert list(draft.left_out) == [f"{asked} Other activity (please specify): (2)"]


def test_what_those_alone_have_who_said_other_is_what_they_wrote(tmp_path: Path) -> None:
    clinic = pick(["North", "South", "others"], [0.4, 0.3, 0.3])
    columns = {
        "Clinic": clinic,
        "Other clinic": [("East", "West")[n % 2] if one == "others" else "" for n, one in enumerate(clinic)],
        "Other family members helped": pick(["Yes", "No"]),
        "Observer name": pick(["Ann", "Bob"]),
    }
    draft = draft_csv(tmp_path, columns)
    assert draft.left_out == {
        "Other clinic": "what people wrote beside the answers of another column",
        "Observer name": "the platform or the interviewer noted it",
    }


def test_two_answers_that_their_notes_alone_tell_apart_are_answers(tmp_path: Path) -> None:
    told = ["N/A (was not aware)", "N/A (none offered)"]
    (one,) = draft_csv(tmp_path, {"Were you aware of it?": pick(["Yes, of all", "Yes, of some", *told])}).questions
    assert {*told} <= {*one.answers.values(), *one.items.values()}
    (one,) = draft_csv(tmp_path, {"Were you aware of it?": pick(["Yes, of all", "Yes, of some", told[0]])}).questions
    assert not {*told} & {*one.answers.values(), *one.items.values()}


@pytest.mark.parametrize("between", ["Maybe", "Partially", "Possibly"])
def test_what_lies_between_yes_and_no_stands_there(tmp_path: Path, between: str) -> None:
    draft = draft_csv(tmp_path, {"Is it so?": pick(["No", "Yes", between])})
    assert list(draft.questions[0].answers.values()) == ["Yes", between, "No"]
    assert not [doubt for doubt in draft.doubts if "order" in doubt]


def test_what_is_missing_from_a_product_is_an_answer(tmp_path: Path) -> None:
    boxes = {f"What is hard?: {one}": np.resize([one, ""], SIZE) for one in ("Cost", "Time")}
    wrote = ["Missing features", *[""] * (SIZE - 1)]
    (one,) = draft_csv(tmp_path, {"id": range(SIZE), **boxes, "What is hard?: Other (please specify)": wrote}).questions
    assert "missing" not in one.rules


def test_an_option_that_was_not_mentioned_or_else_has_its_own_words_is_of_a_list(tmp_path: Path) -> None:
    said = {"CRIME": "Crime", "FINANCES": "The state of public finances", "PENSIONS": "Pensions"}
    off = {0: "Not mentioned", 9: "Inap. (not EU)"}
    issues = {f"qa5.{at}": (f"IMPORTANT ISSUES: {topic}", {**off, 1: words}, pick([0.0, 1.0]))
              for at, (topic, words) in enumerate(said.items())}  # fmt: skip
    unsure = [float(not any(row)) for row in zip(*(ticks for _, _, ticks in issues.values()), strict=True)]
    issues["qa5.3"] = ("IMPORTANT ISSUES: DK", {**off, 1: "DK"}, unsure)
    draft = draft_sav(tmp_path, issues)
    [one] = draft.questions
    assert (one.kind, list(one.items.values())) == ("multiple", ["CRIME", "FINANCES", "PENSIONS"])
    assert one.rules["columns"]["qa5.3"] == "dont_know"


def test_small_codes_among_sums_of_money_are_no_sums(tmp_path: Path) -> None:
    sums = [float(1000 * at) for at in (300, 350, 400, 500, 600, 750, 800, 1500)] * 14 + [99.0] * 8
    draft = draft_sav(tmp_path, {"pay": ("How much does a doctor earn?", {}, sums), "well": WELL})
    assert find(draft, "pay").rules["missing"] == [99]


def test_a_number_that_stands_for_two_is_none(tmp_path: Path) -> None:
    ages = {-1: "Not applicable", 12: "11 and 12"}
    draft = draft_sav(tmp_path, {"age1215": ("Age 11/12-15", ages, pick([12.0, 13.0, 14.0, 15.0])), "well": WELL})
    assert "age1215" in draft.left_out


def test_ratings_between_other_ends_are_questions_of_their_own(tmp_path: Path) -> None:
    ends = ({1: "Equal pay", 10: "Reward effort"}, {1: "The state pays", 10: "I pay"})
    rated = [float(number) for number in range(1, 11)] * 12
    asked = {f"e_{at}": (f"E{at}. Where would you stand?", own, rated[at:] + rated[:at]) for at, own in enumerate(ends)}
    assert [one.kind for one in draft_sav(tmp_path, asked).questions] == ["number", "number"]


def test_whether_is_answered_with_one_for_yes(tmp_path: Path) -> None:
    draft = draft_sav(tmp_path, {"free": ("Whether gets free lunch", {}, pick([0.0, 1.0])), "well": WELL})
    assert list(find(draft, "free").answers.values()) == ["Yes", "No"]
    assert any("1 counts as yes" in doubt for doubt in draft.doubts)


@pytest.mark.parametrize(
    "label",
    [
        "Order of questions E2",
        "Forward or backward order of K1",
        "Questionnaire split (A & B)",
        "Follow-up module split",
    ],
)
def test_what_was_drawn_for_somebody_is_no_question(tmp_path: Path, label: str) -> None:
    draft = draft_sav(tmp_path, {"k": (label, {1: "1-4", 2: "4-1"}), "well": WELL})
    assert draft.left_out == {"k": "it says which part of the survey somebody was given"}


def test_who_refused_to_vote_answered(tmp_path: Path) -> None:
    votes = {1: "McCain", 2: "Obama", 3: "No one/Refused to vote for a candidate", 4: "Refused", 5: "Refused to answer"}
    items = find(draft_sav(tmp_path, {"v": ("Who would you have voted for?", votes)}), "v").rules["codes"]
    assert (items[3] != "no_answer", items[4], items[5]) == (True, "no_answer", "no_answer")


def test_decimals_are_of_an_amount_and_not_of_a_version_or_a_score(tmp_path: Path) -> None:
    units, scores = [at / 2 for at in range(SIZE)], [at / 7 - 3 for at in range(SIZE)]
    columns = {"u": ("Beer last week", {}, units), "s": ("Worry about crime", {}, scores), "well": WELL,
               "v": ("Which version do you use", {}, [3 + at % 12 / 10 for at in range(SIZE)])}  # fmt: skip
    draft = draft_sav(tmp_path, columns)
    assert find(draft, "u").kind == "number"
    assert {"s", "v"} <= draft.left_out.keys()


def test_who_was_not_asked_for_two_reasons_gave_no_answer(tmp_path: Path) -> None:
    lost = {8: "Inap. (SPLIT B - code 2 in split)", 9: "Inap. (not 1 in eu28)"}
    draft = draft_sav(tmp_path, {"qc2": ("Reduce public debt", dict(enumerate(AGREE, 1)) | lost), "well": WELL})
    assert find(draft, "qc2").rules["collapse"]["no_answer"] == [8, 9]


def test_lists_that_microsoft_forms_ends_with_a_mark_stand_as_people_clicked(tmp_path: Path) -> None:
    options = ["Price", "Brand", "Size", "Battery"]
    cells = [";".join(RANDOM.permutation(options)[: 1 + n % 3]) + ";" for n in range(SIZE)]
    cells[::4] = [f"{cell}mine {n};" for n, cell in enumerate(cells[::4])]
    (one,) = draft_csv(tmp_path, {"Id": range(SIZE), "What matters to you?": cells}).questions
    assert (one.kind, {*one.items.values()}, one.rules["separator"]) == ("multiple", {*options}, ";")


def test_what_has_to_be_decided_of_several_questions_is_said_at_once(tmp_path: Path) -> None:
    asked = {f"Which {thing} do you like?": [*"ABC"[at:], *pick(["Oak", "Ash", "Elm"])[3 - at :]]
             for at, thing in enumerate(("tree", "plant"))}  # fmt: skip
    (doubt,) = [one for one in draft_csv(tmp_path, asked).doubts if "few share" in one]
    assert (
        doubt
        == "“Which tree do you like?” (3) and “Which plant do you like?” (2): answers that few share count as other"
    )


@pytest.mark.slow
def test_the_time_of_a_draft_grows_with_the_people_and_not_with_their_square(tmp_path: Path) -> None:
    def time_draft(size: int) -> float:
        values = {
            "id": range(size),
            "weight": np.linspace(0.5, 2, size),
            "well": np.where(np.arange(size) % 2, "Yes", "No"),
        }
        pd.DataFrame(values).astype(str).to_csv(tmp_path / "answers.csv", index=False)
        begun = time.process_time()
        draft_questions(open_respondents(tmp_path / "answers.csv"))
        return time.process_time() - begun

    # Four times as many people take some four times as long; with their square it would be sixteen.
    assert time_draft(20_000) < 10 * time_draft(5_000)


def test_a_label_that_begins_with_the_code_in_its_columns_name_is_read_without_it(tmp_path: Path) -> None:
    how = {1: "A lot", 2: "A little", 3: "Not at all"}
    things = ("Losing your job", "Being ill", "Being robbed")
    asked = {f"WORRY{letter}_W26": (f"WORRY{letter}. How much do you worry about these? {thing}", how)
             for letter, thing in zip("ABC", things, strict=True)}  # fmt: skip
    one = find(draft_sav(tmp_path, asked | {"Age_2": ("Age. In groups", {1: "Young", 2: "Old"})}), "WORRYA_W26")
    assert (one.title, [*one.items.values()]) == ("How much do you worry about these?", [*things])


def test_a_tick_needs_no_label_for_who_did_not_tick(tmp_path: Path) -> None:
    kinds = ("Puzzles", "Chess", "Cards", "None of these")
    asked = {f"GAME_{letter}": (f"{kind} (Which games do you play?)", {1: kind}, pick([0.0, 1.0]))
             for letter, kind in zip("ABCD", kinds, strict=True)}  # fmt: skip
    (one,) = draft_sav(tmp_path, asked).questions
    assert (one.kind, one.title, [*one.items.values()]) == ("multiple", "Which games do you play?", [*kinds[:3]])


def test_numbers_of_a_rating_that_fill_two_places_are_numbers(tmp_path: Path) -> None:
    ends = {0: "(00) Dislike it", 10: "(10) Like it", 96: "Who is that?", 97: "No answer", 98: "Can't judge"}
    codes = {code: ends.get(code, f"({code:02d})") for code in (*range(11), 96, 97, 98)}
    asked = {
        f"p{at}": (f"How do you like these parties, from 0 to 10?: {name}", codes) for at, name in enumerate("ABC")
    }
    (one,) = draft_sav(tmp_path, asked).questions
    assert (one.kind, len(one.items), one.rules["missing"]) == ("number", 3, [96, 97, 98])
    assert one.rules["scale"] == [0, 10]


def test_qualtrics_parts_answers_by_a_comma_without_a_space(tmp_path: Path) -> None:
    options = ["Yes, to find papers", "Yes, to read them, or parts", "Yes, other:"]
    cells = [",".join(one for at, one in enumerate(options) if n >> at & 1) or "No, never" for n in range(8)]
    (one,) = draft_csv(tmp_path, {"Q7": [cells[n % 8] for n in range(SIZE)]}).questions
    assert (one.kind, one.rules["encoding"], one.rules["separator"]) == ("multiple", "delimited", ",")
    assert {*options[:2]} <= {*one.items.values()}


def test_a_vote_in_two_rounds_is_no_list_of_two_choices(tmp_path: Path) -> None:
    names = {code: f"Candidate {code}" for code in range(1, 10)}
    first = pick([*map(float, names)])
    asked = {"G1": ("Whom did you vote for in the first round?", names, first),
             "G2": ("And in the second round?", names, first)}  # fmt: skip
    asked["G2"] = (*asked["G2"][:2], [*first[: SIZE // 2], *pick([*map(float, names)])[SIZE // 2 :]])
    assert [one.kind for one in draft_sav(tmp_path, asked).questions] == ["single", "single"]


def test_mentions_of_more_answers_than_get_a_figure_are_left_out(tmp_path: Path) -> None:
    names = {code: f"Candidate {code}" for code in range(1, 121)}
    given = [float(1 + n % 60) for n in range(SIZE)]
    asked = {f"S{at}": (f"Whom did you vote for? - {place} choice", names, given[at:] + given[:at])
             for at, place in enumerate(("First", "Second"))}  # fmt: skip
    draft = draft_sav(tmp_path, asked | {"well": WELL})
    assert draft.left_out == dict.fromkeys(("S0", "S1"), "more than 30 answers")


def test_codes_above_the_two_rows_of_surveymonkey_are_no_header(tmp_path: Path) -> None:
    codes = ["", "Q1", "Q2_1", "Q2_2", "Q2_3", "Q2_4", "Q3"]
    asked = ["Start Date", "What is your job? (select one)", "Which do you use? (select all)", "", "", "", "Why?"]
    below = ["", "Response", "Bus", "Tram", "Rail", "Boat", "Open-Ended Response"]
    ticks = [[f"{at}" if n % (at + 1) else "" for at in (1, 2, 3, 4)] for n in range(SIZE)]
    people = [["2026-03-28 10:00:00", f"{n % 10}", *own, f"Why {n}"] for n, own in enumerate(ticks)]
    with (tmp_path / "a.csv").open("w", newline="", encoding="utf-8") as file:
        csv.writer(file).writerows([codes, asked, below, *people])
    draft = draft_questions(open_respondents(tmp_path / "a.csv"))
    # Each option has its own number, and none of them is a mean.
    (one,) = draft.questions
    assert (one.kind, one.title, [*one.items.values()]) == (
        "multiple", "Which do you use? (select all)", ["Bus", "Tram", "Rail", "Boat"],
    )  # fmt: skip
    assert draft.left_out["What is your job? (select one)"] == "numbers without labels, which may be codes"


def test_a_battery_of_which_each_half_of_the_people_was_asked_a_part_is_one_question(tmp_path: Path) -> None:
    how = {1: "A lot", 2: "A little", 3: "Not at all"}
    asked = {f"fear_{thing}": (f"How much do you worry about these? {thing}", how,
                              [code if n % 2 == at // 2 else np.nan for n, code in enumerate(pick([1.0, 2.0, 3.0]))])
             for at, thing in enumerate(("Illness", "Theft", "Debt", "Fire"))}  # fmt: skip
    (one,) = draft_sav(tmp_path, asked).questions
    assert [*one.items.values()] == ["Illness", "Theft", "Debt", "Fire"]
