"""How changes and what became of claims are put into words."""

import pytest

from surveybook.change.meaning import explain_change
from surveybook.model.wording import points
from surveybook.waves import open_wave
from surveybook.words import findings


@pytest.mark.parametrize(
    ("difference", "said"),
    [(0.0, "0 points"), (0.004, "0.4 points"), (-0.004, "0.4 points"), (0.01, "1 point"), (0.116, "12 points")],
)
def test_a_small_difference_is_not_rounded_to_none(difference, said):
    assert points(difference) == said


def change_row(**changes):
    row = {
        "change": 0.02, "low": -0.01, "high": 0.05, "shown": False, "survives_rounding": True, "untested": "",
        "method": "", "small": False, "tests": 4, "comparability": "comparable",
        "reason": "",
    }  # fmt: skip
    return row | changes


def test_one_point_is_singular_and_a_change_that_is_not_shown_says_what_is_still_possible():
    assert explain_change(change_row()) == (
        "No clear change: sampling allows anything from a fall of 1 point to a rise of 5 points."
    )
    assert explain_change(change_row(low=0.01, shown=True)) == "Rose by 2 points (1 to 5)."


def test_a_change_of_one_figure_is_a_sentence_with_a_subject():
    survey = open_wave("example-synthetic", baseline="2004")
    said = findings.change(survey, "public.more_online.agree").text
    assert said == "Up from 48% in 2004; compare with caution."
