"""Waves made from that of 2004 by changing a few numbers, so that each rule can be met at its limits."""

from dataclasses import replace
from functools import cache

from whyict.claims.evidence import Evidence, gather
from whyict.claims.judgement import Judgement
from whyict.claims.verdicts import judge_test
from whyict.figures import KEY
from whyict.inference import add_intervals
from whyict.waves import Survey, open_wave

SATISFACTION, VALUE = "public.customer_satisfaction.chosen", "public.value_for_money.chosen"
STAFF_SATISFACTION = "frontline.customer_satisfaction.chosen"
INTERNET = "public.internet_easier.agree"
WEBSITE = "public.channel_website.chosen"


@cache
def wave_2004() -> Survey:
    return open_wave("2004")


def wave_with(percents: dict[str, float | None], name: str = "later", bases: dict[str, float] | None = None) -> Survey:
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
    return replace(survey, wave=name, estimates=estimates)


def rows_of(estimates, key):
    match = KEY.fullmatch(key)
    rows = (
        (estimates["population"] == match["population"])
        & (estimates["domain"] == (match["domain"] or ""))
        & (estimates["item_id"] == match["item"])
        & (estimates["response"] == match["response"])
    )
    assert rows.sum() == 1, key
    return rows


def without_question(survey: Survey, population: str, question: str) -> Survey:
    asked = survey.asked.copy()
    asked.loc[(asked["population"] == population) & (asked["question_id"] == question), "source"] = "not_asked"
    estimates = survey.estimates
    gone = (estimates["population"] == population) & (estimates["question_id"] == question)
    return replace(survey, asked=asked, estimates=estimates[~gone])


def with_version(survey: Survey, population: str, question: str, **values: str) -> Survey:
    asked = survey.asked.copy()
    rows = (asked["population"] == population) & (asked["question_id"] == question)
    for column, value in values.items():
        asked.loc[rows, column] = value
    return replace(survey, asked=asked)


@cache
def evidence_2004() -> Evidence:
    return gather(wave_2004())


def outcome(test: dict, survey: Survey | None = None) -> Judgement:
    return judge_test(test, gather(survey) if survey else evidence_2004())


def verdict(test: dict, survey: Survey | None = None) -> str:
    return outcome(test, survey).verdict


def fraction(figure: str, relation: str, part: str) -> dict:
    return {"kind": "fraction", "figure": figure, "relation": relation, "fraction": part}


def order(higher: str, lower: str) -> dict:
    return {"kind": "order", "higher": higher, "lower": lower}


def rank(item: str, place: int, question: str = "quality_indicators", population: str = "public") -> dict:
    return {"kind": "rank", "population": population, "question": question, "item": item, "rank": place}


def top(*items: str, question: str = "customer_focus_indicators", population: str = "public") -> dict:
    return {"kind": "top", "population": population, "question": question, "items": list(items)}


def pair(kind: str, first: str, second: str) -> dict:
    return {"kind": kind, "figure_a": first, "figure_b": second}


def repeated(figure: str, **said: object) -> dict:
    return {"kind": "repetition", "figure": figure, **said}
