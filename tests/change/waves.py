"""Waves made from that of 2004 by changing a few figures, so that each rule of comparing can be met at its limits."""

from dataclasses import replace
from functools import cache
from typing import Any

import pandas as pd

from whyict.figures import KEY
from whyict.inference import add_intervals
from whyict.waves import Survey, open_wave

SATISFACTION, VALUE = "public.customer_satisfaction.chosen", "public.value_for_money.chosen"
TARGETS = "public.performance_targets.chosen"
STAFF_SATISFACTION = "frontline.customer_satisfaction.chosen"
INTERNET = "public.internet_easier.agree"
WEBSITE = "public.channel_website.chosen"


@cache
def wave_2004() -> Survey:
    return open_wave("2004")


def rows_of(table: pd.DataFrame, key: str) -> pd.Series:
    match = KEY.fullmatch(key)
    assert match
    rows = (
        (table["population"] == match["population"])
        & (table["domain"] == (match["domain"] or ""))
        & (table["item_id"] == match["item"])
        & (table["response"] == match["response"])
    )
    assert rows.sum() == 1, key
    return rows


def later(percents: dict[str, float] | None = None, name: str = "2026") -> Survey:
    """Return the wave of 2004 as a later published one, with some percentages changed."""
    survey = wave_2004()
    estimates = survey.estimates.copy()
    for key, percent in (percents or {}).items():
        estimates.loc[rows_of(estimates, key), "share"] = percent / 100
        estimates.loc[rows_of(estimates, key), "status"] = "number"
    estimates = add_intervals(estimates.drop(columns=["low", "high", "standard_error", "method"]), survey.confidence)
    metadata = {**survey.metadata, "id": name, "label": name}
    return replace(survey, wave=name, estimates=estimates.assign(wave=name), metadata=metadata)


def asked_otherwise(survey: Survey, population: str, question: str, **values: Any) -> Survey:
    """Return a wave in which one question was asked in another way."""
    asked = survey.asked.copy()
    rows = (asked["population"] == population) & (asked["question_id"] == question)
    for column, value in values.items():
        asked.loc[rows, column] = value
    return replace(survey, asked=asked)


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
