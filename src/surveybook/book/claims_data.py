"""The claims for programs: every statement with its verdict, its reason, and the figures that it rests on."""

import json
from pathlib import Path
from typing import Any

import pandas as pd

from surveybook.claims.pages import NOTE, judge_all
from surveybook.claims.verdicts import make_record
from surveybook.model import paths
from surveybook.model.report import read_report
from surveybook.model.survey import Survey, label_of
from surveybook.model.wording import has_interval, round_number
from surveybook.words.naming import people

CLAIMS = "claims.json"


def claims_data(survey: Survey) -> dict[str, Any]:
    """Return every claim of the report with its verdict on a wave.

    Parameters
    ----------
    survey : Survey
        The wave; with a baseline, each claim says what became of it.

    Returns
    -------
    dict
        What the edition is, and its ``claims``: those of `make_record`, with ``strict`` always there, and of each
        figure its value and interval in per cent, base and wording. A report without claims has none.
    """
    report, there = read_report(), (paths.data() / "claims.yml").is_file()
    judged = judge_all(survey) if there else []
    named = survey.estimates[survey.estimates["figure_id"].isin({name for one in judged for name in one.figures})]
    rows = {row["figure_id"]: describe_figure(survey, row) for row in named.to_dict("records")}
    claims = [
        make_record(one) | {"strict": one.strict, "figures": [rows[name] for name in one.figures if name in rows]}
        for one in judged
    ]
    return {
        "title": report.full_title,
        "edition": label_of(survey),
        "licence": report.licence_name,
        "licence_address": report.licence_address,
        "how": NOTE,
        "claims": claims,
    }


def describe_figure(survey: Survey, row: dict[str, Any]) -> dict[str, Any]:
    """Return a figure with what it rests on; no value where the source has words alone, or nothing."""
    asked = survey.asked_rows.get((row["population"], row["question_id"]), {})
    interval = [round_number(100 * row[end], 1) for end in ("low", "high")] if has_interval(row) else None
    return {
        "id": row["figure_id"],
        "of": people(survey, row["population"], row["domain"]),
        "item": row["label"],
        "answer": row["response"],
        "value": round_number(100 * row["share"], 6) if row["status"] == "number" else None,
        "in_words": row["verbal"],
        "unit": "per cent",
        "base": None if pd.isna(row["base"]) else int(row["base"]),
        "interval": interval,
        "wording": str(asked.get("wording", "")),
    }


def write_claims(survey: Survey, folder: Path) -> None:
    """Write the claims into a folder; nothing where the report makes none."""
    found = claims_data(survey)
    if found["claims"]:
        text = json.dumps(found, ensure_ascii=False, indent=1) + "\n"
        (folder / CLAIMS).write_text(text, encoding="utf-8")
