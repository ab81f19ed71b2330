"""What stands under a table's title: whose answers it rests on, or that it rests on none."""

from collections.abc import Sequence
from typing import TypedDict

from surveybook.model.survey import Survey
from surveybook.words.findings import base_line

NO_SURVEY = "Not survey evidence: it rests on nobody’s answers."


class Context(TypedDict):
    """Populations with their bases and fieldwork, and the wave."""

    base: str
    wave: str


def of_survey(survey: Survey, populations: Sequence[str] = ()) -> Context:
    """Return base and wave of a table of a survey's figures, of all its populations where none is named."""
    return {"base": base_line(survey, list(populations or survey.metadata["populations"])), "wave": survey.wave}
