from dataclasses import replace
from typing import Any

import pandas as pd

from surveybook.exhibits.exhibit import Exhibit
from surveybook.model.survey import Survey


def records_of(chart: Exhibit | None, **wanted: Any) -> list[dict[str, Any]]:
    """Return what a chart is drawn from, or those records that have certain values."""
    records = chart.spec["data"]["values"]
    return [record for record in records if all(record.get(field) == value for field, value in wanted.items())]


def with_net(survey: Survey) -> Survey:
    """Return a survey in which a net, "Took a side", stands beside the two answers to a statement that make it up."""
    net = {"kind": "scale", "response": "sides", "label": "Took a side", "made_of": "agree|disagree", "role": ""}
    responses = pd.concat([survey.codebook.responses, pd.DataFrame([net])], ignore_index=True)
    agree = survey.estimates.query("item_id == 'enough_choice' and response == 'agree'")
    figures = pd.concat([survey.estimates, agree.assign(response="sides", share=0.8)], ignore_index=True)
    return replace(survey, estimates=figures, codebook=replace(survey.codebook, responses=responses))
