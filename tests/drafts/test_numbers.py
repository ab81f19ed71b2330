"""Numbers are drafted where labels or values say that they count something, and codes never."""

from collections import Counter
from collections.abc import Iterable
from pathlib import Path

import numpy as np
import pandas as pd
import pyreadstat
import pytest

from surveybook.drafts.columns import DraftColumn
from surveybook.drafts.number_columns import NumberColumn, read_number_column
from surveybook.drafts.questions import draft_questions
from surveybook.drafts.records import open_respondents

RATINGS, FEW, MANY = range(11), range(1, 6), range(60)


def read(text: str, counts: dict[str, int], labels: dict[str, str] | None = None) -> NumberColumn | None:
    values = pd.Series([float(code) for code in counts])
    column = DraftColumn("q", text, text, "", Counter(counts), labels or {}, values, bool(labels))
    return read_number_column(column)


def count(values: Iterable[float]) -> dict[str, int]:
    return {f"{value:g}": 40 for value in values}


@pytest.mark.parametrize(
    ("text", "values", "labels"),
    [
        ("Which party would you vote for", FEW, {}),
        ("Region", range(1, 13), {}),
        ("q7", FEW, {}),
        ("Which year group", [7, 8, 9], {}),
        ("Party", FEW, {"1": "Red", "2": "Blue"}),
    ],
)
def test_codes_without_labels_are_no_numbers(text: str, values: list[float], labels: dict[str, str]) -> None:
    assert read(text, count(values), labels) is None


def test_a_number_of_their_own_for_nearly_everybody_may_tell_who_they_are() -> None:
    counts = {str(number): 1 for number in range(10_000, 10_200)}
    assert read("Number of the household", counts) is None


@pytest.mark.parametrize(
    ("text", "values", "labels", "unit", "missing"),
    [
        ("How likely are you to recommend us?", RATINGS, {}, "out of 10", ()),
        ("Snow removal", RATINGS, {"0": "Very bad", "10": "Very good"}, "out of 10", ()),
        ("Please rate the parks from 1 to 5", FEW, {}, "out of 5", ()),
        ("Rate the parks", FEW, {}, "", ()),
        ("Rate the parks out of 10", [*RATINGS, 99], {"99": "Don't know"}, "out of 10", ("99",)),
        ("Rate the parks out of 10", [*RATINGS, 98], {}, "out of 10", ("98",)),
        ("Years lived here", MANY, {}, "years", ()),
        ("How many hours do you work in a week?", [*range(20, 60), 996], {}, "hours", ("996",)),
        ("Age when you left school", [*range(10, 30), 96], {"96": "Still at school"}, "years", ("96",)),
        ("How many children do you have?", [0, 1, 2, 3], {}, "", ()),
        ("How many children of age 0 to 17 live here?", [0, 1, 2, 3], {}, "", ()),
        ("Number of children of 7 months to 4 years", [0, 1, 2, 3], {}, "", ()),
        ("How many days did you run 3+ miles?", RATINGS, {}, "days", ()),
        ("How do you feel about bears?", range(0, 101, 5), {"0": "Very cold", "100": "Very warm"}, "out of 100", ()),
        ("% of sales that are exports", [3, 5, 20], {"-9": "Don't know"}, "", ()),
        ("Losses due to theft as % of sales", RATINGS, {}, "", ()),
        ("How long did the outage last?", [1, 2, 3, 24], {"1": "Less than an hour"}, "", ()),
        ("Rent paid each month", [450.5, 600, 720.25], {}, "", ()),
    ],
)
def test_ratings_and_amounts_are_numbers_with_the_unit_that_their_label_says(
    text: str, values: list[float], labels: dict[str, str], unit: str, missing: tuple[str, ...]
) -> None:
    found = read(text, count(values), labels)
    assert found is not None
    assert (found.unit, found.missing) == (unit, missing)


@pytest.mark.parametrize(
    ("text", "values", "labels", "scale"),
    [
        ("Trust in the police", [2, 3, 4, 5, 6], {"1": "None", "7": "A lot"}, (1, 7)),
        ("Please rate the parks from 1 to 5", [2, 3, 4], {}, (1, 5)),
        ("Rate the parks, 0-10", RATINGS[2:], {}, (0, 10)),
        ("How likely are you to recommend us?", RATINGS, {}, None),
        ("How many hours do you work in a week?", [*range(20, 60)], {}, None),
    ],
)
def test_a_rating_has_the_ends_that_its_labels_or_its_text_say_whatever_was_given(
    text: str, values: list[float], labels: dict[str, str], scale: tuple[float, float] | None
) -> None:
    found = read(text, count(values), labels)
    assert found is not None
    assert found.scale == scale


def test_ratings_of_several_things_are_one_question_and_an_unknown_unit_is_asked_about(tmp_path: Path) -> None:
    random, size = np.random.default_rng(1), 200
    people = pd.DataFrame({name: random.integers(0, 11, size).astype(float) for name in ("q1_1", "q1_2")})
    people.loc[:5, "q1_1"] = 99
    people["kids"] = random.integers(0, 4, size).astype(float)
    labels = ["Out of 10, how good are: Parks", "Out of 10, how good are: Roads", "Number of children"]
    names = {"q1_1": {99.0: "Don't know"}, "q1_2": {99.0: "Don't know"}}
    pyreadstat.write_sav(people, str(tmp_path / "people.sav"), column_labels=labels, variable_value_labels=names)
    draft = draft_questions(open_respondents(tmp_path / "people.sav"))
    ratings, children = draft.questions
    assert (ratings.kind, list(ratings.items.values())) == ("number", ["Parks", "Roads"])
    assert ratings.rules == {
        "columns": {"q1_1": "parks", "q1_2": "roads"}, "missing": [99], "unit": "out of 10", "base": "answered",
    }  # fmt: skip
    assert (children.kind, "unit" in children.rules) == ("number", False)
    assert [doubt for doubt in draft.doubts if "what do these numbers" in doubt] == [
        "“Number of children”: what do these numbers count, and which end is which (unit)?"
    ]


def test_round_numbers_that_people_estimate_are_amounts_and_codes_are_not() -> None:
    random = np.random.default_rng(3)
    days = np.where(random.random(400) < 0.6, random.choice([5, 10, 15, 20, 30, 50, 100], 400), random.poisson(6, 400))
    for numbers, is_read in ((days, True), (random.integers(1, 200, 400), False), (10 * random.poisson(3, 400), False)):
        counts = {str(number): people for number, people in Counter(numbers.tolist()).items()}
        assert (read("Fishing", counts) is not None) == is_read


def test_numbers_that_hardly_two_people_share_may_be_their_own_and_are_no_amounts() -> None:
    numbers = [str(number) for number in MANY]
    assert read("Number of visits", dict.fromkeys(numbers, 1)) is None
    assert read("Number of visits", dict.fromkeys(numbers, 2)) is not None


def test_columns_of_a_question_whose_others_are_numbers_are_numbers(tmp_path: Path) -> None:
    random = np.random.default_rng(3)
    days = np.where(
        random.random((300, 3)) < 0.6, random.choice([5, 10, 20, 30, 60], (300, 3)), random.poisson(6, (300, 3))
    )
    frame = pd.DataFrame(days.astype(float), columns=["d1", "d2", "d3"])
    frame["d3"] = random.choice([1.0, 2.0, 4.0], 300)
    labels = [f"Spent fishing there: {place}" for place in ("Lakes", "Rivers", "The sea")]
    pyreadstat.write_sav(frame, str(tmp_path / "days.sav"), column_labels=labels)
    (fishing,) = draft_questions(open_respondents(tmp_path / "days.sav")).questions
    assert (fishing.kind, list(fishing.items.values())) == ("number", ["Lakes", "Rivers", "The sea"])
