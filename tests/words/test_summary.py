"""What a check of a wave says in sum."""

from dataclasses import replace

import pandas as pd
import pytest

from surveybook.words.summary import MOST_LISTED, _list_questions, summarise_questions
from tests.words import frequency_survey


@pytest.mark.parametrize(
    ("hidden", "whole", "said"),
    [
        (2, 2, "all questions"),
        (2, 20, "q0, q1"),
        (3, 4, "all questions but q3"),
        (MOST_LISTED + 1, 40, f"{MOST_LISTED + 1} of 40 questions"),
        (40 - MOST_LISTED - 1, 40, f"{40 - MOST_LISTED - 1} of 40 questions"),
    ],
)
def test_a_group_that_is_hidden_in_many_questions_has_them_counted(hidden: int, whole: int, said: str) -> None:
    """A survey of 142 questions had lines of 400 words for each of its groups."""
    rows = pd.DataFrame({"question_id": [f"q{place}" for place in range(whole)]})
    assert _list_questions(rows.head(hidden), rows) == said


def test_bases_are_told_as_far_as_they_are_known_and_it_is_asked_why_few_answered() -> None:
    survey, (line,) = frequency_survey(), summarise_questions(frequency_survey(), "residents", None)
    assert line == "  habits: 2 of 2 items; base 1,000."
    few = survey.estimates["base"].where(survey.estimates["item_id"] == "going", 40.0)
    lines = list(summarise_questions(replace(survey, estimates=survey.estimates.assign(base=few)), "residents", None))
    assert lines[0] == "  habits: 2 of 2 items; bases 40 to 1,000."
    assert lines[1].strip().startswith("Was paying asked of so few (40)?")
    unknown = replace(survey, estimates=survey.estimates.assign(base=float("nan")))
    assert list(summarise_questions(unknown, "residents", None)) == ["  habits: 2 of 2 items."]
