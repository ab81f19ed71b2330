"""Waves made from that of 2004 by changing a few figures, so that each rule can be met at its limits."""

from collections.abc import Mapping
from dataclasses import replace
from functools import cache
from typing import Any

import pandas as pd

from surveybook.model.survey import KEY, Survey
from surveybook.stats.shares import add_intervals
from surveybook.waves import open_wave

SATISFACTION, VALUE = "public.customer_satisfaction.chosen", "public.value_for_money.chosen"
STAFF_SATISFACTION = "frontline.customer_satisfaction.chosen"
INTERNET = "public.internet_easier.agree"
WEBSITE = "public.channel_website.chosen"


# Opened once a worker: no test may change them.
@cache
def wave_2004() -> Survey:
    return open_wave("2004")


@cache
def synthetic() -> Survey:
    """Return the made-up wave of respondents."""
    return open_wave("example-synthetic")


def rows_of(table: pd.DataFrame, key: str) -> pd.Series:
    match = KEY.fullmatch(key)
    rows = (
        (table["population"] == match["population"])
        & (table["domain"] == (match["domain"] or ""))
        & (table["item_id"] == match["item"])
        & (table["response"] == match["response"])
    )
    assert rows.sum() == 1, key
    return rows


def wave_with(
    percents: Mapping[str, float | None], name: str = "later", bases: Mapping[str, float] | None = None
) -> Survey:
    """Return the wave of 2004 under another name with some figures set to a percentage, or to unpublished."""
    survey = wave_2004()
    estimates = survey.estimates.copy()
    for key, percent in percents.items():
        rows = rows_of(estimates, key)
        estimates.loc[rows, "share"] = float("nan") if percent is None else percent / 100
        estimates.loc[rows, "status"] = "unpublished" if percent is None else "number"
    for key, base in (bases or {}).items():
        estimates.loc[rows_of(estimates, key), ["base", "effective_base"]] = base
    estimates = add_intervals(estimates.drop(columns=["low", "high", "standard_error", "method"]), survey.confidence)
    metadata = {**survey.metadata, "id": name, "label": name}
    return replace(survey, wave=name, estimates=estimates.assign(wave=name), metadata=metadata)


def of_two_answers(percent: int, name: str) -> Survey:
    """Return the wave of 2004 as another, with a statement of two answers that add up to all."""
    shares = {"public.services_improved.agree": percent, "public.services_improved.disagree": 100 - percent}
    wave = wave_with(shares, name)
    return replace(wave, estimates=wave.estimates[wave.estimates["figure_id"] != "improved_dont_know"])


def confirmed(survey: Survey, baseline: str = "2004") -> Survey:
    """Return a wave whose changes since another were confirmed in writing, however large they are."""
    return replace(survey, asked=survey.asked.assign(same_as=baseline, note="The questionnaires were compared."))


def asked_otherwise(survey: Survey, population: str, question: str, **values: Any) -> Survey:
    """Return a wave in which one question was asked in another way."""
    asked = survey.asked.copy()
    rows = (asked["population"] == population) & (asked["question_id"] == question)
    for column, value in values.items():
        asked.loc[rows, column] = value
    return replace(survey, asked=asked)


def later(percents: dict[str, float] | None = None, name: str = "2026") -> Survey:
    """Return the wave of 2004 as a later published one, with some percentages changed."""
    return wave_with(percents or {}, name)


def estimated(survey: Survey, errors: dict[str, float], freedom: float = float("nan"), method: str = "logit, Taylor"):
    """Return a wave in which some figures are estimates from respondents with standard errors of their own."""
    estimates = survey.estimates.copy()
    for key, error in errors.items():
        rows = rows_of(estimates, key)
        estimates.loc[rows, ["standard_error", "degrees_of_freedom"]] = [error, freedom]
        estimates.loc[rows, "method"] = method
    return replace(survey, estimates=estimates)


def compared_with(survey: Survey, baseline: Survey) -> Survey:
    return replace(survey, baseline=baseline)
