"""Judged claims as plain records: what a notebook stores of them, for pages, marks in the prose and programs."""

from collections.abc import Iterable
from typing import Any

from surveybook.claims.verdicts import JudgedClaim, JudgedPart, JudgedReading
from surveybook.model.wording import sentence


def make_record(one: JudgedClaim) -> dict[str, Any]:
    """Return a judged claim as a record of plain values, without keys that say nothing.

    Parameters
    ----------
    one : JudgedClaim
        From `judge_claims`.

    Returns
    -------
    dict
        ``id``, ``statement``, ``section``, ``locator``, ``chapter``, ``counts_as``, ``verdict``, ``chip`` (the verdict
        with what was measured), ``printed`` (each phrase with the ``verdict`` and ``chip`` beside it), ``parts`` (each
        with its ``readings``), ``figures``; and, where they say something, ``strict``, ``also``, ``status`` and
        ``status_reason``.
    """
    claim = one.claim
    record = {
        **{name: getattr(claim, name) for name in ("id", "statement", "chapter", "section", "locator", "counts_as")},
        "verdict": one.verdict,
        "strict": one.strict if one.strict != one.verdict else "",
        "chip": write_chip(one.verdict, one.measured),
        "printed": list_printed(one),
        "also": [place.locator for place in claim.also],
        "parts": [make_part(part) for part in one.parts],
        "figures": list(one.figures),
        "status": one.status,
        "status_reason": one.status_reason,
    }
    return {name: value for name, value in record.items() if value not in ("", [])}


def make_part(one: JudgedPart) -> dict[str, Any]:
    """Return a part of a claim as a record; the part of a statement of one piece has no name."""
    named = {
        "part": one.part.part,
        "verdict": one.kindest.verdict,
        "chip": write_chip(one.kindest.verdict, one.kindest.measured),
    }
    return (named if one.part.part else {}) | {"readings": [make_reading(reading) for reading in one.readings]}


def make_reading(one: JudgedReading) -> dict[str, str]:
    """Return a reading as a record: how it reads the report, its verdict, why, and what to know besides."""
    record = {
        "reading": one.reading.reading,
        "verdict": one.verdict,
        "reason": sentence(one.outcome.reason),
        "note": one.reading.note,
    }
    return {name: value for name, value in record.items() if value}


def list_printed(one: JudgedClaim) -> list[dict[str, str]]:
    """Return each phrase that the report prints with the verdict on it: a part's own, else that of the whole."""
    parts = {part.part.printed: part for part in one.parts if part.part.part and part.part.printed}
    found = []
    for phrase in one.claim.phrases:
        verdict, measured = one.verdict, one.measured
        if phrase in parts:
            verdict, measured = parts[phrase].kindest.verdict, parts[phrase].kindest.measured
        # What the phrase says itself isn't said again.
        told = "" if measured.removesuffix("%") in phrase.replace("%", " per cent").split() else measured
        found.append({"phrase": phrase, "verdict": verdict, "chip": write_chip(verdict, told)})
    return found


def write_chip(verdict: str, measured: str) -> str:
    """Return a verdict with what was measured: 'contradicted: 17%'."""
    return f"{verdict}: {measured}" if measured else verdict


def make_records(judged: Iterable[JudgedClaim]) -> list[dict[str, Any]]:
    """Return judged claims as records, see `make_record`."""
    return [make_record(one) for one in judged]
