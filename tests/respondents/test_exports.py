"""Answers of the same people as each survey platform hands them over: read right, or refused with the remedy."""

import gzip
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import openpyxl
import pandas as pd
import pyreadstat
import pytest
import yaml

from surveybook.drafts.codebook_matches import describe_file
from surveybook.model.codebook import WaveFolder, read_codebook
from surveybook.model.problems import Problem
from surveybook.respondents.codes import is_declared_missing, pair_codes
from surveybook.respondents.columns import Columns, check_unmapped
from surveybook.respondents.encoding import refuse_choices
from surveybook.respondents.files import Respondents, read_respondents
from surveybook.respondents.mapping import read_mapping
from surveybook.respondents.population import Population, read_population
from tests.respondents.waves import ASKED

ITEMS = [
    "customer_satisfaction", "staff_job_satisfaction", "value_for_money", "performance_targets", "political_objectives",
]  # fmt: skip
OPTIONS = [
    "High levels of customer satisfaction", "High levels of job satisfaction among staff", "Value for money",
    "Achievement of performance targets", "Meeting political objectives",
]  # fmt: skip
WITH_COMMA = [option.replace("money", "money, for taxpayers") for option in OPTIONS]
SCALE = [
    "Strongly agree", "Tend to agree", "Neither agree nor disagree", "Tend to disagree", "Strongly disagree",
    "Don't know",
]  # fmt: skip
CHANNELS = ["One-stop shop, face to face", "Telephone hotline", "Interactive website"]
CHANNEL_ITEMS = ["channel_one_stop_shop", "channel_telephone", "channel_website"]
WHICH = "Which two of these best indicate quality public services? (choose up to two)"
IMPROVED = "How much do you agree or disagree: Public services have improved over the last three years"
CHANNEL = "What is your preferred way to access public services?"
QUESTIONS = [WHICH, IMPROVED, CHANNEL]


def made_people(count: int = 240) -> pd.DataFrame:
    """Return what people think: 1 or 0 an option, the place of their answers, and whether they were shown the list."""
    random = np.random.default_rng(33)
    ticked = np.zeros((count, 5), dtype=int)
    for row in ticked:
        row[random.choice(5, random.integers(1, 3), replace=False, p=[0.3, 0.2, 0.3, 0.1, 0.1])] = 1
    people = pd.DataFrame(ticked, columns=[f"q1_{place}" for place in range(1, 6)])
    people.insert(0, "respid", [f"R_{place:05d}" for place in range(count)])
    people.insert(1, "weight", np.round(random.uniform(0.4, 2.2, count), 4))
    people.insert(2, "gender", random.choice(["Female", "Male"], count))
    people.insert(3, "age", random.integers(16, 90, count))
    people["q2"], people["q3"] = random.integers(1, 7, count), random.integers(1, 4, count)
    return people.assign(shown=(random.random(count) < 0.9).astype(int))


def plain(people: pd.DataFrame) -> pd.DataFrame:
    """Return the table without what most files leave out."""
    return people.drop(columns="shown")


def hide_list(people: pd.DataFrame, code: object) -> pd.DataFrame:
    """Return the table with a code for people who weren't shown the list."""
    table = plain(people).astype(object)
    table.loc[people["shown"] == 0, [f"q1_{place}" for place in range(1, 6)]] = code
    return table


def write_text(people: pd.DataFrame, separator: str = ",", above: str = "") -> str:
    return above + people.to_csv(index=False, sep=separator)


def qualtrics(people: pd.DataFrame) -> str:
    table = hide_list(people, -99)
    for place in range(1, 6):
        table[f"q1_{place}"] = table[f"q1_{place}"].replace(0, "")
    texts = ["Response ID", "wt", "Gender", "Age", *(f"{WHICH} - Selected Choice - {text}" for text in OPTIONS)]
    imports = [f'{{"ImportId":"QID{place}"}}' for place in range(len(table.columns))]
    head = pd.DataFrame([[*texts, IMPROVED, CHANNEL], imports], columns=table.columns)
    return pd.concat([head, table]).to_csv(index=False)


def surveymonkey(people: pd.DataFrame) -> str:
    table = plain(people).astype(object)
    for place, option in enumerate(OPTIONS, start=1):
        table[f"q1_{place}"] = np.where(people[f"q1_{place}"] == 1, option, "")
    table["q2"], table["q3"] = [SCALE[code - 1] for code in people["q2"]], [CHANNELS[code - 1] for code in people["q3"]]
    names = ["Respondent ID", "Weight", "Gender", "Age", WHICH, "", "", "", "", IMPROVED, CHANNEL]
    second = ["", "", "Response", "Open-Ended Response", *OPTIONS, "Response", "Response"]
    head = pd.DataFrame([names, second], columns=table.columns)
    return "\ufeff" + pd.concat([head, table]).to_csv(index=False, header=False)


def google_forms(people: pd.DataFrame) -> str:
    ticked = people[[f"q1_{place}" for place in range(1, 6)]].to_numpy()
    cells = [", ".join(option for option, one in zip(WITH_COMMA, row, strict=True) if one) for row in ticked]
    scale, channel = [SCALE[code - 1] for code in people["q2"]], [CHANNELS[code - 1] for code in people["q3"]]
    return pd.DataFrame({WHICH: cells, IMPROVED: scale, CHANNEL: channel, "weight": people["weight"]}).to_csv(
        index=False
    )


def kobo(people: pd.DataFrame) -> str:
    ticked = people[[f"q1_{place}" for place in range(1, 6)]].to_numpy()
    table = pd.DataFrame({"views/qi": [" ".join(np.array(ITEMS)[row == 1]) for row in ticked]})
    for place, item in enumerate(ITEMS):
        table[f"views/qi/{item}"] = ticked[:, place]
    table["views/improved"] = [SCALE[code - 1].lower().replace(" ", "_") for code in people["q2"]]
    table["views/channel"] = [CHANNEL_ITEMS[code - 1] for code in people["q3"]]
    return table.assign(weight=people["weight"]).to_csv(index=False, sep=";")


def code_and_label(people: pd.DataFrame) -> str:
    table = plain(people).astype(object)
    table["q2"] = [f"{code} - {SCALE[code - 1]}" for code in people["q2"]]
    table["q3"] = [f"({code}) {CHANNELS[code - 1]}" for code in people["q3"]]
    return table.to_csv(index=False)


def redcap(people: pd.DataFrame) -> str:
    return plain(people).rename(columns=lambda name: name.replace("q1_", "q1___")).to_csv(index=False)


def spss(people: pd.DataFrame, path: Path) -> None:
    columns = [f"q1_{place}" for place in range(1, 6)]
    labels = {column: {0: "Not selected", 1: "Selected", -8: "Not asked"} for column in columns}
    pyreadstat.write_sav(
        hide_list(people, -8).infer_objects(),
        path,
        variable_value_labels=labels | {"q2": dict(enumerate(SCALE, start=1))},
        column_labels=dict(zip(columns, OPTIONS, strict=True)),
        missing_ranges={column: [{"lo": -9, "hi": -1}] for column in columns} | {"q2": [6]},
    )


def stata(people: pd.DataFrame, path: Path) -> None:
    table = hide_list(people, "n").assign(q2=people["q2"].astype(object).replace(6, "d"))
    letters = {f"q1_{place}": ["n"] for place in range(1, 6)} | {"q2": ["d"]}
    labels = {f"q1_{place}": option for place, option in enumerate(OPTIONS, start=1)}
    pyreadstat.write_dta(table, path, version=15, missing_user_values=letters, column_labels=labels)


def excel(people: pd.DataFrame, path: Path) -> None:
    plain(people).to_excel(path, index=False, engine="openpyxl")


def parquet_lists(people: pd.DataFrame, path: Path) -> None:
    ticked = people[[f"q1_{place}" for place in range(1, 6)]].to_numpy()
    table = plain(people).assign(qi=[list(np.flatnonzero(row) + 1) for row in ticked])
    table.set_index("respid").to_parquet(path)


def rules(**changes: Any) -> dict[str, Any]:
    """Return how the plain table is mapped, with changes to its questions and columns of the design."""
    questions: dict[str, dict[str, Any]] = {
        "quality_indicators": {"columns": {f"q1_{place}": item for place, item in enumerate(ITEMS, start=1)},
                               "nothing_chosen": "no_answer", "base": "answered"},
        "services_improved": {"column": "q2", "base": "answered", "dont_know": "in",
                              "collapse": {"agree": [1, 2], "neither": 3, "disagree": [4, 5], "dont_know": 6}},
        "preferred_channel": {"column": "q3", "codes": dict(enumerate(CHANNEL_ITEMS, start=1)), "base": "answered"},
    }  # fmt: skip
    design = {"id": "respid", "weight": "weight", "domains": {"sex": {"column": "gender", "values": {"Male": "male"}}}}
    for name, change in changes.items():
        if name in questions:
            questions[name] = {key: value for key, value in (questions[name] | change).items() if value is not None}
        else:
            design[name] = change
    return {key: value for key, value in design.items() if value is not None} | {"questions": questions}


TEXTS = {"collapse": {"agree": SCALE[:2], "neither": SCALE[2], "disagree": SCALE[3:5], "dont_know": SCALE[5]}}
CHANNEL_TEXTS = {"codes": dict(zip(CHANNELS, CHANNEL_ITEMS, strict=True))}
NO_GROUPS: dict[str, Any] = {"id": None, "domains": {}}
# The mapping of each export, and whether it tells who wasn't shown the list.
MAPPINGS: dict[str, tuple[dict[str, Any], bool]] = {
    "plain": (rules(), False),
    "hidden": (rules(quality_indicators={"missing": -99}), True),
    "surveymonkey": (
        rules(
            id="Respondent ID", weight="Weight", domains={"sex": {"column": "Gender", "values": {"Male": "male"}}},
            quality_indicators={"columns": {f"{WHICH}: {o}": i for o, i in zip(OPTIONS, ITEMS, strict=True)}},
            services_improved=TEXTS | {"column": IMPROVED}, preferred_channel=CHANNEL_TEXTS | {"column": CHANNEL},
        ),
        False,
    ),
    "google": (
        rules(
            **NO_GROUPS,
            quality_indicators={"columns": None, "nothing_chosen": None, "column": WHICH, "encoding": "delimited",
                                "separator": ", ", "codes": dict(zip(WITH_COMMA, ITEMS, strict=True))},
            services_improved=TEXTS | {"column": IMPROVED}, preferred_channel=CHANNEL_TEXTS | {"column": CHANNEL},
        ),
        False,
    ),
    "kobo": (
        rules(
            **NO_GROUPS,
            quality_indicators={"columns": {f"views/qi/{item}": item for item in ITEMS}},
            services_improved={"column": "views/improved", "collapse": {
                response: [text.lower().replace(" ", "_") for text in texts] for response, texts in
                (("agree", SCALE[:2]), ("neither", SCALE[2:3]), ("disagree", SCALE[3:5]), ("dont_know", SCALE[5:]))}},
            preferred_channel={"column": "views/channel", "codes": {item: item for item in CHANNEL_ITEMS}},
        ),
        False,
    ),
    "redcap": (rules(quality_indicators={"columns": {f"q1___{n}": i for n, i in enumerate(ITEMS, start=1)}}), False),
    "labelled": (rules(), True),
    "stata": (
        rules(services_improved={"collapse": {"agree": [1, 2], "neither": 3, "disagree": [4, 5], "dont_know": ".d"}}),
        True,
    ),
    "lists": (
        rules(quality_indicators={"columns": None, "nothing_chosen": None, "column": "qi", "encoding": "delimited",
                                  "codes": dict(enumerate(ITEMS, start=1))}),
        False,
    ),
}  # fmt: skip
EXPORTS: dict[str, tuple[str, str, Callable[[pd.DataFrame], str] | Callable[[pd.DataFrame, Path], None]]] = {
    "a plain table": ("csv", "plain", lambda people: write_text(plain(people))),
    "Excel's line sep=;": ("csv", "plain", lambda people: write_text(plain(people), ";", "sep=;\n")),
    "a title above the header": (
        "csv", "plain", lambda people: write_text(plain(people), ",", "Survey of staff,,,,,,,,,,\n,,,,,,,,,,\n")
    ),
    "tabs": ("tsv", "plain", lambda people: write_text(plain(people), "\t")),
    "a code for not shown": ("csv", "hidden", lambda people: write_text(hide_list(people, -99))),
    "code and label": ("csv", "plain", code_and_label),
    "REDCap": ("csv", "redcap", redcap),
    "Qualtrics": ("csv", "hidden", qualtrics),
    "SurveyMonkey": ("csv", "surveymonkey", surveymonkey),
    "Google Forms": ("csv", "google", google_forms),
    "Kobo": ("csv", "kobo", kobo),
    "SPSS": ("sav", "labelled", spss),
    "Stata": ("dta", "stata", stata),
    "Excel": ("xlsx", "plain", excel),
    "Parquet with lists and an index": ("parquet", "lists", parquet_lists),
}  # fmt: skip


def read(path: Path, mapping: dict[str, Any]) -> tuple[Population | None, str]:
    """Return what is read of a file, and what is said of it."""
    folder = WaveFolder(path.parent, read_codebook())
    asked = pd.DataFrame(
        [{"population": "public", "question_id": question, "source": "responses", "max_choices": 2.0}
         for question in mapping["questions"]], columns=ASKED,
    )  # fmt: skip
    found = read_mapping(folder, {"populations": {}, "responses": {"public": mapping}}, asked)
    population = None if folder.problems else read_population(folder, path, found["public"], asked)
    return population, "\n".join(map(str, folder.problems))


def shares(population: Population) -> dict[str, float]:
    """Return the weighted share of each figure."""
    return {
        column: float(np.average(values.dropna(), weights=population.weights[values.notna()]))
        for question in population.questions for column, values in question.indicators.items()
    }  # fmt: skip


def true_shares(people: pd.DataFrame, hidden: bool) -> dict[str, float]:
    """Return the weighted shares in what people think."""
    shown = people[people["shown"] == 1] if hidden else people
    found = {f"{item}.chosen": np.average(shown[f"q1_{place}"], weights=shown["weight"])
             for place, item in enumerate(ITEMS, start=1)}  # fmt: skip
    codes = {"agree": [1, 2], "neither": [3], "disagree": [4, 5], "dont_know": [6]}
    found |= {f"services_improved.{name}": np.average(people["q2"].isin(own), weights=people["weight"])
              for name, own in codes.items() if name != "neither"}  # fmt: skip
    return found | {f"{item}.chosen": np.average(people["q3"] == place, weights=people["weight"])
                    for place, item in enumerate(CHANNEL_ITEMS, start=1)}  # fmt: skip


def read_well(path: Path, mapping: dict[str, Any]) -> Population:
    """Return what is read of a file of which nothing is said."""
    population, said = read(path, mapping)
    assert said == ""
    return population


def write_export(folder: Path, name: str, people: pd.DataFrame) -> Path:
    """Write an export into a folder, and return where it is."""
    ending, _, write = EXPORTS[name]
    path = folder / f"responses_public.{ending}"
    if ending in ("csv", "tsv"):
        path.write_text(write(people), encoding="utf-8")
    else:
        write(people, path)
    return path


@pytest.mark.parametrize("name", EXPORTS)
def test_an_export_is_read_as_its_platform_means_it(tmp_path: Path, name: str) -> None:
    people = made_people()
    rules, hidden = MAPPINGS[EXPORTS[name][1]]
    population = read_well(write_export(tmp_path, name, people), rules)
    found, expected = shares(population), true_shares(people, hidden)
    assert {key: found[key] for key in expected} == pytest.approx(expected, abs=1e-12)


@pytest.mark.slow
@pytest.mark.parametrize("name", ["SurveyMonkey", "Google Forms", "Kobo", "Qualtrics", "SPSS", "Stata"])
def test_what_is_proposed_for_an_export_reads_it(tmp_path: Path, name: str) -> None:
    people = made_people()
    path = write_export(tmp_path, name, people)
    said = describe_file(path)
    block = yaml.safe_load(said[said.index("responses:") :])["responses"]["public"]
    own = block["questions"]["quality_indicators"]
    # What no file says, and its comments ask for.
    own |= {"nothing_chosen": "no_answer"} if own["encoding"] == "columns" else {}
    own |= {"missing": -99} if name == "Qualtrics" else {}
    population = read_well(path, block | {"domains": {}, "questions": {"quality_indicators": own}})
    expected = true_shares(people, MAPPINGS[EXPORTS[name][1]][1])
    found = shares(population)
    assert len(found) == len(ITEMS)
    assert found == pytest.approx({key: expected[key] for key in found}, abs=1e-12)


def faults(folder: Path, text: str, rules: dict[str, Any], ending: str = "csv") -> str:
    """Return what is said of a text read as an export."""
    path = folder / f"responses_public.{ending}"
    path.write_text(text, encoding="utf-8")
    return read(path, rules)[1]


PLAIN_CODES = {"column": "q", "codes": dict(enumerate(CHANNEL_ITEMS, start=1)), "base": "answered"}
SINGLE: dict[str, Any] = {"questions": {"preferred_channel": PLAIN_CODES}}
SEVERAL = {"column": "q", "encoding": "delimited", "separator": ",", "base": "answered"}
IN_CELLS: dict[str, Any] = {"questions": {"quality_indicators": SEVERAL | {"codes": {1: ITEMS[0], 2: ITEMS[1]}}}}


@pytest.mark.parametrize(
    ("text", "rules", "said"),
    [
        ("q\n1\n\"3,2\"\n", SINGLE, "row 3, column q: a code isn't mapped; add it to codes or missing of"
         " preferred_channel in wave.yml, or say encoding: delimited if a cell holds several answers"),
        ("q\n1\n\"2,0\"\n", IN_CELLS, "row 3, column q: the code '0' isn't mapped"),
        ("q\nA\n\"A,B\"\n", {"questions": {"quality_indicators": SEVERAL | {
            "codes": {"A": ITEMS[0], "B": ITEMS[1], "A,B": ITEMS[2]}}}}, "column q: a cell can be read in two ways"),
        ("q\n1\n\u0410\n", {"questions": {"preferred_channel": PLAIN_CODES | {"codes": {"A": "other", 1: "other"}}}},
         "the code 'А' ('A' looks alike: it has U+0041 LATIN CAPITAL LETTER A in place of U+0410 CYRILLIC"),
        ("q\nYes\nyes\n", {"questions": {"preferred_channel": PLAIN_CODES | {"codes": {"Yes": CHANNEL_ITEMS[0]}}}},
         "the code 'yes' ('Yes' has other capitals) isn't mapped"),
        ("Q\n1\n", SINGLE, "the column isn't in the file, and public.questions.preferred_channel names it; correct the"
         " mapping or the file ('Q' has other capitals)"),
        ("q,q\n1,2\n", SINGLE, "the column isn't in the file, and public.questions.preferred_channel names it;"
         " correct the mapping or the file"),
        ("id,q\n7,1\n7,2\n", SINGLE | {"id": "id"}, "row 3, column id: this respondent stands in row 2 already"),
        ("id,q\n" + "7,1\n" * 8, SINGLE | {"id": "id"}, "column id: 2 more respondents stand twice; keep one row each"),
        ("q\n" + "\n".join("1abcdefg"), SINGLE, "column q: 2 more codes aren't mapped; see `surveybook wave describe`"),
        ("q\n1\n" + "\n".join(f'"{sign},1"' for sign in "abcdefg"), IN_CELLS, "column q: 2 more cells hold codes that"),
        ("x,q\n1,\n2,\n", IN_CELLS, "column q: the column is empty throughout; take quality_indicators out, or mend"),
        ("w,q\nFinal weight,1\n1,1\n", SINGLE | {"weight": "w"}, "row 2, column w: this isn't a number; expected a"
         " number such as 1.25; if the row holds labels or no respondent, take it out"),
        ("a/q,a/x,a/y,a/z\nx,1,0,0\ny,0,1,0\n", {"questions": {"quality_indicators": {
            "columns": {"a/x": ITEMS[0], "a/y": ITEMS[1]}, "base": "answered"}}},
         "column a/q: the column looks like one more option and isn't mapped (and so do a/z)"),
        ("x,y\n1,0\n-8,0\n", {"questions": {"quality_indicators": {
            "columns": {"x": ITEMS[0], "y": ITEMS[1]}, "base": "answered", "not_chosen": [0, ""]}}},
         "row 3, column x: the code '-8' isn't mapped"),
    ],
)  # fmt: skip
def test_what_cannot_be_read_for_certain_is_refused_with_the_remedy(
    tmp_path: Path, text: str, rules: dict[str, Any], said: str
) -> None:
    assert said in faults(tmp_path, text, rules)


@pytest.mark.parametrize(
    ("cells", "codes"),
    [
        (["1", "1.0", " 01 ", "+1"], {1: "channel_website"}),
        (["Caf\u00e9", "Cafe\u0301", "\u00a0Café", "Caf\u200bé"], {"Café": "channel_website"}),
        (["Don't know", "Don’t know", "Don\u00a0t know".replace("\u00a0t", "'t"), "Don't  know"],
         {"Don't know": "channel_website"}),
        (["1 - Agree", "1 - Agree", "2 - Not", "2 - Not"], dict.fromkeys(["1 - Agree", "2 - Not"], "channel_website")),
        (["1 Agree", "1 Agree", "2 Not", "2 Not"], {1: "channel_website", 2: "channel_website"}),
    ],
)  # fmt: skip
def test_texts_that_look_alike_are_one_code(tmp_path: Path, cells: list[str], codes: dict[object, str]) -> None:
    path = tmp_path / "responses_public.csv"
    pd.DataFrame({"id": ["007", "7", "-99", "1,0"], "q": cells}).to_csv(path, index=False)
    rules = {"id": "id", "missing": -99, "questions": {"preferred_channel": PLAIN_CODES | {"codes": codes}}}
    population = read_well(path, rules)
    assert shares(population) == {"channel_website.chosen": 1.0}


@pytest.mark.parametrize(
    "texts",
    [
        ["0 Cars", "1 Car", "2 Cars", "3 Cars or more"],
        ["1 Agree", "2 Neither", "Don't know"],
        ["1 Agree", "1 Disagree"],
        ["18 to 24", "25 to 34"],
        ["01-Feb", "2 - May be", "3"],
    ],
)
def test_numbers_followed_by_words_are_codes_only_where_each_has_a_label_of_its_own(texts: list[str]) -> None:
    assert pair_codes(texts, 100) == {}
    assert pair_codes(["12 Acacia Road", "7 Downing Street"], 2) == {}, "what people wrote once each"
    told = ["4 Tend to disagree", "97 Don't know"]
    assert pair_codes(told, 6) == {
        "4 Tend to disagree": ("4", "Tend to disagree"),
        "97 Don't know": ("97", "Don't know"),
    }
    assert pair_codes(["Never (0)", "Often (1)"], 9) == {"Never (0)": ("0", "Never"), "Often (1)": ("1", "Often")}
    assert pair_codes(["Bus (1)", "Tram (1)"], 9) == pair_codes(["(4)", "(5)"], 9) == {}
    assert pair_codes(["(1) Low", "(2)"], 9) == {"(1) Low": ("1", "Low"), "(2)": ("2", "")}
    assert pair_codes(["2. 1-2 hours", "3. More"], 9) == {"2. 1-2 hours": ("2", "1-2 hours"), "3. More": ("3", "More")}
    assert pair_codes(["1.5 km", "2.5 km"], 9) == {}
    unsaid = "N/A - skip"
    assert pair_codes(["(1) Low", "(2) High", unsaid], 9)[unsaid] == (unsaid, unsaid)
    assert pair_codes(["1", "2", unsaid], 9) == {}


@pytest.mark.parametrize("ends", [(-9.0, -1.0), ("-9", "-1")], ids=["numbers", "texts"])
def test_a_code_is_declared_missing_by_itself_or_in_a_range_with_its_ends(ends: tuple[object, object]) -> None:
    codes = ("-9", "-1", -9.0, -5.0, "-5.5", "a", "0", "b", "", None)
    found = [is_declared_missing(code, [ends, ("a", "a")]) for code in codes]
    assert found == [True] * 6 + [False] * 4


def test_an_option_that_nobody_ticked_is_read_where_empty_means_unticked(tmp_path: Path) -> None:
    text = "id,x,y\n1,1,\n2,,\n3,1,\n4,-9,-9\n"
    own = {"columns": {"x": ITEMS[0], "y": ITEMS[1]}, "base": "answered", "missing": -9, "nothing_chosen": "answered"}
    said = faults(tmp_path, text, {"questions": {"quality_indicators": own}})
    assert "column y: the column is empty throughout" in said
    assert "if nobody ticked it, write not_chosen: ['']" in said
    own["not_chosen"] = [0, ""]
    population, said = read(tmp_path / "responses_public.csv", {"questions": {"quality_indicators": own}})
    assert shares(population) == pytest.approx({f"{ITEMS[0]}.chosen": 2 / 3, f"{ITEMS[1]}.chosen": 0})


def test_a_set_that_spss_declares_has_to_be_mapped_whole_and_by_its_code(tmp_path: Path) -> None:
    source = Respondents("f.sav", pd.DataFrame({"a": [1.0, 2.0], "b": [1.0, 2.0], "c": [2.0, 1.0]}),
                         there=("a", "b", "c"), sets=((("a", "b", "c"), "2", ""),))  # fmt: skip
    own = {"columns": {"a": ITEMS[0], "b": ITEMS[1]}, "base": "answered", "not_chosen": [2]}
    told = {"populations": {}, "responses": {"public": {"questions": {"quality_indicators": own}}}}
    mapping = read_mapping(WaveFolder(tmp_path, read_codebook()), told, pd.DataFrame(columns=ASKED))["public"]
    columns = Columns(source, mapping, [], lambda _: None)
    check_unmapped(columns, {"a": "", "b": ""})
    refuse_choices(columns, mapping.questions[0], "a")
    said = "\n".join(map(str, columns.problems))
    assert "column c: the column looks like one more option and isn't mapped" in said
    assert "column a: the file declares a set in which '2' counts as a choice; write it as chosen" in said


def test_what_a_workbook_can_hide_is_refused(tmp_path: Path) -> None:
    path, book = tmp_path / "responses_public.xlsx", openpyxl.Workbook()
    for row in (["q", "w"], [1, 1], [2, "=A2"]):
        book.active.append(row)
    book.save(path)
    assert "row 3: a formula stands here without its result; open and save it in Excel" in read(path, SINGLE)[1]
    nothing = openpyxl.Workbook()
    nothing.save(path)
    assert "no sheet of the workbook holds a table" in read(path, SINGLE)[1]
    second = book.create_sheet("codes")
    for row in (["code", "label"], [1, "Yes"]):
        second.append(row)
    book.save(path)
    assert "2 sheets hold tables: Sheet, codes; keep that with the answers" in read(path, SINGLE)[1]
    second["C1"] = "_parent_index"
    book.active["B3"] = 2
    book.save(path)
    # Members of a household stand in a sheet of their own.
    assert getattr(read_respondents(path, []), "repeats", ()) == ("codes",)
    path.write_bytes(path.read_bytes()[:500])
    assert "isn't an Excel workbook" in read(path, SINGLE)[1]


def test_a_packed_file_is_read_as_what_it_holds(tmp_path: Path) -> None:
    path = tmp_path / "responses_public.csv.gz"
    path.write_bytes(gzip.compress(b"q\n1\n2\n"))
    read_well(path, SINGLE)
    path.write_bytes(path.read_bytes()[:12])
    assert "the file isn't whole, or isn't packed by gzip" in read(path, SINGLE)[1]


@pytest.mark.parametrize("cells", [[[1, 2], [1, None], None], [1, 2, 1]], ids=["lists with gaps", "a number each"])
def test_cells_of_several_answers_may_hold_none_or_a_number(tmp_path: Path, cells: list[object]) -> None:
    path = tmp_path / "responses_public.parquet"
    pd.DataFrame({"q": cells}).to_parquet(path)
    found = shares(read_well(path, IN_CELLS))
    assert found[f"{ITEMS[0]}.chosen"] == pytest.approx(1 if cells[2] is None else 2 / 3)


def test_columns_of_a_file_with_types_are_checked_as_those_of_a_text_are(tmp_path: Path) -> None:
    path = tmp_path / "responses_public.parquet"
    pd.DataFrame({"id": [1, 2, 3], "q": [1, 2, 3]}).to_parquet(path)
    read_well(path, SINGLE | {"id": "id"})
    pd.DataFrame({"id": [1, 2, 2], "q": [1, 2, 3]}).to_parquet(path)
    assert "row 3, column id: this respondent stands in row 2 already" in read(path, SINGLE | {"id": "id"})[1]
    pd.DataFrame({"q": [1, 2], "q ": [1, 2]}).to_parquet(path)
    assert "row 1, column q: the column stands twice" in read(path, SINGLE)[1]
    path.unlink()
    path = path.with_suffix(".sav")
    pyreadstat.write_sav(pd.DataFrame({"w": [1.0, 99.0], "q": [1.0, 2.0]}), path, missing_ranges={"w": [99.0]})
    assert "row 2, column w: the weight is missing" in read(path, SINGLE | {"weight": "w"})[1]
    elsewhere = {"questions": {"preferred_channel": PLAIN_CODES | {"column": "p"}}}
    assert "column p: the column isn't in the file" in read(path, elsewhere)[1]


def test_a_list_in_parquet_is_several_answers_and_what_holds_more_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "responses_public.parquet"
    pd.DataFrame({"q": [[1, 2], [1]], "r": [{"a": 1}, {"a": 2}]}).to_parquet(path)
    assert "column q: several answers stand in one cell; map the column as encoding: delimited" in read(path, SINGLE)[1]
    nested = {"questions": {"preferred_channel": PLAIN_CODES | {"column": "r"}}}
    assert "column r: the cells are of the kind struct<a: int64>; save them as text" in read(path, nested)[1]


@pytest.mark.slow
@pytest.mark.parametrize("kind", ["csv", "xlsx", "parquet", "sav", "dta"])
@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"q1_6": 0}, "column q1_6: the column looks like one more option and isn't mapped"),
        ({"weight": -1.5}, "column weight: the weight is negative (and so in 239 more rows)"),
    ],
)
def test_what_is_refused_in_one_format_is_refused_in_all(
    tmp_path: Path, kind: str, change: dict[str, object], said: str
) -> None:
    table, path = plain(made_people()).assign(**change), tmp_path / f"responses_public.{kind}"
    match kind:
        case "csv":
            table.to_csv(path, index=False)
        case "xlsx":
            table.to_excel(path, index=False, engine="openpyxl")
        case "parquet":
            table.to_parquet(path)
        case _:
            (pyreadstat.write_sav if kind == "sav" else pyreadstat.write_dta)(table, path)
    assert said in read(path, rules())[1]


def test_a_first_respondent_who_ticked_what_columns_are_called_is_no_row_of_labels(tmp_path: Path) -> None:
    path, people = tmp_path / "responses_public.csv", made_people()
    people.loc[0, [f"q1_{place}" for place in range(1, 6)]] = 1
    # Each option's column is called by its label, and holds it where it was ticked.
    table = pd.DataFrame({"#": people["respid"], "weight": people["weight"]})
    for place, option in enumerate(OPTIONS, start=1):
        table[option] = np.where(people[f"q1_{place}"] == 1, option, "")
    table.to_csv(path, index=False)
    own = {"columns": dict(zip(OPTIONS, ITEMS, strict=True)), "base": "answered", "excess": "keep"}
    population = read_well(path, {"weight": "weight", "questions": {"quality_indicators": own}})
    expected = true_shares(people, hidden=False)
    assert shares(population) == pytest.approx({f"{item}.chosen": expected[f"{item}.chosen"] for item in ITEMS})


def tick_columns(cells: list[list[object]], **changes: object) -> tuple[str, dict[str, Any]]:
    """Return two columns of options as text, and how they are mapped."""
    own = {"columns": {"x": ITEMS[0], "y": "other"}, "base": "answered"} | changes
    text = pd.DataFrame(cells, columns=list(own["columns"])).to_csv(index=False)
    return text, {"questions": {"quality_indicators": own}}


@pytest.mark.parametrize(
    ("table", "share"),
    [
        (tick_columns([["TRUE", "False"], ["FALSE", "true"], ["", ""]]), 0.5),
        (tick_columns([["Speed", ""], ["", "Cost"]], columns={"Speed:Which?": ITEMS[0], "Cost:Which?": "other"}), 0.5),
        (tick_columns([[1, ""], [0, "more lights"], [0, "a lake"], [1, ""]]), 0.5),
        (tick_columns([['="1"', '="0"'], ['="0"', '="1"']]), 0.5),
    ],
    ids=["true and false", "option: question", "what was written beside other", "a quoted formula"],
)
def test_a_tick_is_read_however_it_is_written(tmp_path: Path, table: tuple[str, dict[str, Any]], share: float) -> None:
    path = tmp_path / "responses_public.csv"
    path.write_text(table[0], encoding="utf-8")
    population = read_well(path, table[1])
    assert shares(population) == {f"{ITEMS[0]}.chosen": share}


@pytest.mark.parametrize("cell", ["7", "n/a", "#NULL!", "no", "Prefer not to say"])
def test_what_may_not_be_written_beside_other_has_to_be_mapped(tmp_path: Path, cell: str) -> None:
    assert "row 2, column y: " in faults(tmp_path, *tick_columns([[1, cell], [1, ""]]))


AGES: dict[str, Any] = {"column": "a", "ranges": {"to 34": [16, 34], "35+": [35, None]}}


def test_a_word_among_numbers_is_what_the_mapping_says_of_it(tmp_path: Path) -> None:
    path = tmp_path / "responses_public.csv"
    path.write_text("a,q\n20,1\nNot said,1\n40,2\nNA,2\n")
    rules = AGES | {"values": {"Not said": "unsaid"}}
    population = read_well(path, SINGLE | {"missing": ["NA"], "domains": {"age": rules}})
    assert population.frame["domain_age"].astype(object).fillna("").tolist() == ["to 34", "unsaid", "35+", ""]
    said = read(path, SINGLE | {"domains": {"age": AGES}})[1]
    assert (
        "row 3, column a: this isn't a number; expected a number such as 1.25, or name it in values or missing" in said
    )


def test_a_parquet_file_with_cells_that_hold_more_is_described_without_them(tmp_path: Path) -> None:
    path = tmp_path / "responses_public.parquet"
    pd.DataFrame({"q": [1, 2], "meta": [{"a": 1}, {"a": 2}], "raw": [b"x", b"y"]}).to_parquet(path)
    assert "2 respondents, 1 variables" in describe_file(path)


def test_surveymonkey_is_known_where_respondents_numbers_were_taken_out_and_most_answers_are_ratings(
    tmp_path: Path,
) -> None:
    rows = [
        ["", "", "Are you content?", "", "How often?", "Do you ride?", "", "", "Any more?", ""],
        ["", "", "Response", "Why?", "Response", "Bus", "2-5", "", "Open-Ended Response", "Tram"],
        ["", "", "10", "it is near", "3", "Bus", "", "", "", "Tram"],
        ["", "", "7", "", "4", "", "2-5", "", "I like boats", ""],
        ["", "", "8", "", "5", "Bus", "2-5", "", "", "Tram"],
    ]
    path = tmp_path / "responses_public.csv"
    path.write_text("\n".join(",".join(row) for row in rows), encoding="utf-8")
    problems: list[Problem] = []
    found = read_respondents(path, problems)
    assert not problems
    assert list(found.frame)[2:] == [
        "Are you content?", "Are you content?: Why?", "How often?", "Do you ride?: Bus", "Do you ride?: 2-5",
        "column 8", "Any more?", "Tram",
    ]  # fmt: skip
    assert found.frame["Are you content?"].tolist() == ["10", "7", "8"]
