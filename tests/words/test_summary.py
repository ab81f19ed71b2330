"""What a check of a wave says in sum."""

import pandas as pd
import pytest

from surveybook.words.summary import MOST_LISTED, _list_questions


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
