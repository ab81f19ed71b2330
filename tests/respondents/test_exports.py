"""Answers of the same people as each survey platform hands them over: read right, or refused with the remedy."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pyreadstat
import pytest

from surveybook.model.codebook import read_codebook
from surveybook.model.problems import Problem
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
        missing_ranges={column: [{"lo": -9, "hi": -1}] for column in columns} | {"q2": [6]},
    )


def stata(people: pd.DataFrame, path: Path) -> None:
    table = hide_list(people, "n").assign(q2=people["q2"].astype(object).replace(6, "d"))
    letters = {f"q1_{place}": ["n"] for place in range(1, 6)} | {"q2": ["d"]}
    pyreadstat.write_dta(table, path, version=15, missing_user_values=letters)


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
        rules(services_improved={"collapse": {"agree": [1, 2], "neither": 3, "disagree": [4, 5], "dont_know": "d"}}),
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
    "a title on a line of its own": ("csv", "plain", lambda people: write_text(plain(people), ";", "Our survey\n\n")),
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
    problems: list[Problem] = []
    asked = pd.DataFrame(
        [{"population": "public", "question_id": question, "source": "responses", "max_choices": 2.0}
         for question in mapping["questions"]], columns=ASKED,
    )  # fmt: skip
    found = read_mapping({"responses": {"public": mapping}}, asked, read_codebook(), "wave.yml", problems)
    population = read_population(path, found["public"], asked, problems, lambda _: None) if not problems else None
    return population, "\n".join(map(str, problems))


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


@pytest.mark.parametrize("name", EXPORTS)
def test_an_export_is_read_as_its_platform_means_it(tmp_path: Path, name: str) -> None:
    ending, mapping, write = EXPORTS[name]
    people, path = made_people(), tmp_path / f"responses_public.{ending}"
    if ending in ("csv", "tsv"):
        path.write_text(write(people), encoding="utf-8")  # type: ignore[arg-type, call-arg]
    else:
        write(people, path)  # type: ignore[call-arg]
    rules, hidden = MAPPINGS[mapping]
    population, said = read(path, rules)
    assert said == ""
    assert population is not None
    found, expected = shares(population), true_shares(people, hidden)
    assert {key: found[key] for key in expected} == pytest.approx(expected, abs=1e-12)
