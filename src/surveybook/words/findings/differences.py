"""A difference in words."""

import pandas as pd

from surveybook.model.survey import Survey
from surveybook.model.wording import points_and_interval
from surveybook.stats import Difference
from surveybook.words.findings.questions import people


def gap_text(difference: Difference) -> str:
    """Return a difference with its interval, in points: '31 points (26 to 36)'."""
    return points_and_interval(difference.difference, difference.low, difference.high)


def further_up(survey: Survey, first: pd.Series, second: pd.Series, difference: Difference) -> str:
    """Return whose share is the larger and by how much, or that sampling can't tell, as a clause."""
    if not difference.excludes_zero:
        return f"{gap_text(difference)}, within sampling error"
    larger = first if difference.difference > 0 else second
    return f"{gap_text(difference)} further up among {people(survey, larger['population'])}"
