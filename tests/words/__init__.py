"""Surveys of one question, made in memory, so that every kind of question and every order of shares can be met."""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
import yaml

from surveybook.model.codebook import Codebook
from surveybook.model.survey import COLUMNS, Survey
from surveybook.stats.shares import add_intervals
from surveybook.words import findings

# Kind: response, label, what it is made of, role.
OFTEN = [("daily", "Daily", "", ""), ("weekly", "Weekly", "", ""), ("never", "Never", "", "")]
RESPONSES = {
    "content": [
        ("very", "Very satisfied", "", ""),
        ("fairly", "Fairly satisfied", "", ""),
        ("not", "Dissatisfied", "", "opposite"),
        ("dont_know", "Don’t know", "", ""),
        ("satisfied", "Satisfied", "very|fairly", "headline"),
    ],
    # Kinds that no engine knows.
    "often": OFTEN,
    "frequency": OFTEN,
    "how_often": [*OFTEN[:2], ("monthly", "Monthly", "", ""), ("yearly", "Yearly", "", ""), OFTEN[2]],
    "multiple": [("chosen", "Chosen", "", "")],
    "single": [("chosen", "Chosen", "", "")],
    "scale": [("agree", "Agree", "", ""), ("disagree", "Disagree", "", ""), ("dont_know", "Don't know", "", "")],
}
POPULATIONS = {"residents": "Residents", "visitors": "Visitors"}
ITEMS = {"going": ("Going online", "Going online"), "paying": ("Paying bills on the web", "Paying online")}
# Per cent by population, item and answer.
SHARES = {
    "residents": {"going": (60, 25, 15), "paying": (35, 33, 32)},
    "visitors": {"going": (40, 45, 15), "paying": (34, 34, 32)},
}
Shares = Mapping[str, Mapping[str, float]]


def build_survey(
    kind: str,
    figures: Iterable[tuple[str, str, str, str, float]],
    items: Mapping[str, tuple[str, str]],
    question: tuple[str, str, str],
    about: Mapping[str, object],
) -> Survey:
    """Return a wave of 1,000 people a population who were asked one question.

    Figures are population, domain, item, response and per cent; of a question there are id, title and wording.
    """
    table = pd.DataFrame(figures, columns=["population", "domain", "item_id", "response", "percent"])
    keys = table[["population", "domain", "item_id", "response"]].agg(".".join, axis=1)
    table = table.assign(
        wave="2031", question_id=question[0], figure_id=keys, share=table["percent"] / 100, base=1000.0,
        order=table["item_id"].map(list(items).index), effective_base=1000.0, design_effect=1.0,
        label=table["item_id"].map(lambda item: items[item][0]), base_status="stated", verbal="", note="", decimals=0,
        short_label=table["item_id"].map(lambda item: items[item][1]),
        status=table["percent"].notna().map({True: "number", False: "unpublished"}),
    )  # fmt: skip
    codebook = Codebook(
        questions=pd.DataFrame([[question[0], "01", question[1], kind, ""]],
                               columns=["question_id", "chapter", "title", "kind", "concept"]).set_index("question_id"),
        items=pd.DataFrame([[item, question[0], *labels, place] for place, (item, labels) in enumerate(items.items())],
                           columns=["item_id", "question_id", "label", "short_label", "order"]).set_index("item_id"),
        populations=pd.DataFrame([[name, POPULATIONS[name], name, 1] for name in table["population"].unique()],
                                 columns=["population", "label", "people", "order"]).set_index("population"),
        responses=pd.DataFrame([(kind, *entry) for entry in RESPONSES[kind]],
                               columns=["kind", "response", "label", "made_of", "role"]),
        words=pd.DataFrame(columns=["relation", "fraction", "reading"]),
    )  # fmt: skip
    asked = pd.DataFrame({"population": table["population"].unique()}).assign(
        question_id=question[0], wording=question[2], wording_source="the form", max_choices=float("inf"), universe="",
        source="published", responses="|".join(response for response, *_ in RESPONSES[kind]), mode="",
    )  # fmt: skip
    populations = dict.fromkeys(asked["population"], about)
    metadata = {"title": "A survey", "populations": populations}
    estimates = add_intervals(table).reindex(columns=COLUMNS)
    return Survey("2031", metadata, asked, estimates, pd.DataFrame(), codebook, 0.95)


def frequency_survey(kind: str = "frequency", shares: Mapping[str, Mapping[str, tuple[int, ...]]] = SHARES) -> Survey:
    """Return a wave in which residents and visitors said how often they go and pay online, as it was published."""
    figures = [
        (population, "", item, response, percent)
        for population, items in shares.items()
        for item, percents in items.items()
        for (response, *_), percent in zip(RESPONSES[kind], percents, strict=True)
    ]
    about = {"sample_size": 1000, "base_status": "stated", "mode": "online", "fieldwork": "May 2031"}
    question = "habits", "What people do online", "How often do you do these?"
    return build_survey(kind, figures, ITEMS, question, about)


def make_survey(
    kind: str, shares: Shares, *, groups: Mapping[str, Shares] | None = None, title: str = "Services"
) -> Survey:
    """Return a wave of residents, with per cent by item and response and by group, estimated from respondents."""
    told = {"": shares, **(groups or {})}
    items = {item.lower().replace(" ", "_"): (item, item) for shown in told.values() for item in shown}
    figures = [
        ("residents", domain, item.lower().replace(" ", "_"), response, percent)
        for domain, shown in told.items()
        for item, answers in shown.items()
        for response, percent in answers.items()
    ]
    about = {"sample_size": 1000, "mode": "not known", "fieldwork": "not known"}
    survey = build_survey(kind, figures, items, ("services", title, f"{title}?"), about)
    rows = survey.estimates
    low, high = (rows["share"] + side * 1.96 * rows["standard_error"] for side in (-1, 1))
    return replace(survey, estimates=rows.assign(low=low, high=high, method="logit, Taylor", decimals=1))


def rate(satisfied: float, very: float = 20.0) -> dict[str, float]:
    """Return the answers of a statement of which so many per cent are satisfied."""
    rest = 100 - satisfied - 5
    return {"very": very, "fairly": satisfied - very, "not": rest, "dont_know": 5.0, "satisfied": satisfied}


def list_told(wave: str) -> list[Any]:
    """Return what functions of findings say of a wave: each with what it is given, its words and its figures."""
    found = []
    for case in yaml.safe_load(Path(__file__).with_name("told.yml").read_text(encoding="utf-8"))[wave]:
        (function,) = case.keys() - {"said", "figures"}
        told = function, case[function], case["said"], case.get("figures")
        found.append(pytest.param(*told, id=f"{function}-{'-'.join(case[function])}"))
    return found


def check_told(survey: Survey, function: str, given: list[str], said: str, figures: list[str] | None = None) -> None:
    """Assert that a function says so of what it is given; of dots at the end nothing is known."""
    told = getattr(findings, function)(survey, *given)
    assert told.text.startswith(said[:-1]) if said.endswith("…") else told.text == said
    assert figures is None or list(told.figures) == figures
