"""Tests of claims in a line, and what they come to with the wave of 2004 or one made from it."""

from dataclasses import replace
from functools import cache

from surveybook.claims.evidence import Evidence, gather_evidence
from surveybook.claims.judgement import Judgement
from surveybook.claims.vocabulary import make_test
from surveybook.model.survey import Survey
from tests.waves import wave_2004


def without_question(survey: Survey, population: str, question: str) -> Survey:
    asked = survey.asked.copy()
    asked.loc[(asked["population"] == population) & (asked["question_id"] == question), "source"] = "not_asked"
    estimates = survey.estimates
    gone = (estimates["population"] == population) & (estimates["question_id"] == question)
    return replace(survey, asked=asked, estimates=estimates[~gone])


@cache
def evidence_2004() -> Evidence:
    return gather_evidence(wave_2004())


def outcome(test: dict, survey: Survey | None = None) -> Judgement:
    return make_test(test).judge(gather_evidence(survey) if survey else evidence_2004())


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
