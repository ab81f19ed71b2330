"""Tests of claims in a line, and what they come to with the wave of 2004 or one made from it."""

from dataclasses import replace
from functools import cache, lru_cache
from typing import Any

import pandas as pd
from pydantic import TypeAdapter

from surveybook.claims.claim import Claim, JudgedClaim, Reading, judge_claims, read_claims, tabulate_claims
from surveybook.judgement.claim_test import ClaimTest, Evidence, Judgement, gather_evidence
from surveybook.judgement.kinds import AnyTest
from surveybook.model.survey import Survey
from tests.waves import wave_2004


def without_question(survey: Survey, population: str, question: str) -> Survey:
    asked = survey.asked.copy()
    asked.loc[(asked["population"] == population) & (asked["question_id"] == question), "source"] = "not_asked"
    estimates = survey.estimates
    gone = (estimates["population"] == population) & (estimates["question_id"] == question)
    return replace(survey, asked=asked, estimates=estimates[~gone])


evidence_of = lru_cache(maxsize=4)(gather_evidence)


def evidence_2004() -> Evidence:
    return evidence_of(wave_2004())


@cache
def all_judged_2004() -> tuple[JudgedClaim, ...]:
    """Return every claim of the report, judged on its own survey."""
    return tuple(judge_claims(read_claims(), wave_2004()))


@cache
def judged_2004() -> pd.DataFrame:
    return tabulate_claims(all_judged_2004())


def make_test(written: dict[str, Any]) -> ClaimTest:
    test: ClaimTest = TypeAdapter(AnyTest).validate_python(written, context=wave_2004().codebook)
    return test


def make_claim(written: dict[str, Any], *figures: str) -> Claim:
    about = {"id": "one", "chapter": "quality", "section": "2.2", "locator": "2.2", "statement": "It is so."}
    return Claim.model_construct(**about, readings=(Reading.model_construct(figures=figures, test=make_test(written)),))


def outcome(test: dict[str, Any], survey: Survey | None = None) -> Judgement:
    return make_test(test).judge(evidence_of(survey or wave_2004()))


def verdict(test: dict[str, Any], survey: Survey | None = None) -> str:
    return outcome(test, survey).verdict


def fraction(figure: str, relation: str, part: str) -> dict[str, Any]:
    return {"kind": "fraction", "figure": figure, "relation": relation, "fraction": part}


def order(higher: str, lower: str) -> dict[str, Any]:
    return {"kind": "order", "higher": higher, "lower": lower}


def rank(item: str, place: int, question: str = "quality_indicators", population: str = "public") -> dict[str, Any]:
    return {"kind": "rank", "population": population, "question": question, "item": item, "rank": place}


def top(*items: str, question: str = "customer_focus_indicators", population: str = "public") -> dict[str, Any]:
    return {"kind": "top", "population": population, "question": question, "items": list(items)}


def pair(kind: str, first: str, second: str) -> dict[str, Any]:
    return {"kind": kind, "figure_a": first, "figure_b": second}


def repeated(figure: str, **said: object) -> dict[str, Any]:
    return {"kind": "repetition", "figure": figure, **said}
