"""Figures that may be shown: estimates after the disclosure rules, as the rows of a released file."""

from collections.abc import Iterable
from typing import Any

import numpy as np
import pandas as pd

from surveybook.model.survey import COVARIANCES
from surveybook.respondents.disclosure import PROTECTING, SUPPRESSED, disclosure_notes

FIGURES = [
    "figure_id", "population", "domain", "item_id", "response", "status", "percent", "decimals", "verbal", "base",
    "base_status", "deff", "locator", "note", "standard_error", "low", "high", "weighted_base", "degrees_of_freedom",
    "method",
]  # fmt: skip
# Released intervals are at this level; others are worked out from the standard errors.
CONFIDENCE = 0.95
LOCATOR = "estimated from respondents"


def text_of(value: float) -> str:
    """Return a number as the shortest text that reads back as the same number; empty where there is none."""
    return "" if not np.isfinite(value) else np.format_float_positional(value, trim="-")


def percent_of(share: float) -> str:
    """Return the percentage that a share is, such that a hundredth of it is the share again where that can be."""
    percent = share * 100
    for candidate in (percent, np.nextafter(percent, -np.inf), np.nextafter(percent, np.inf)):
        if candidate / 100 == share:
            return text_of(candidate)
    return text_of(percent)


def released(population: str, estimates: pd.DataFrame, covariances: pd.DataFrame) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Return one population's figures and covariances as text, as a released file holds them.

    Parameters
    ----------
    population : str
        Whose they are.
    estimates, covariances : pandas.DataFrame
        As `surveybook.respondents.estimation.estimate` returns them.

    Returns
    -------
    figures : pandas.DataFrame
        With the columns `FIGURES`; a suppressed figure has no number, no base and the status `unpublished`.
    covariances : pandas.DataFrame
        With the columns `COVARIANCES`, without those of suppressed figures.
    """
    # A group that nobody belongs to, such as those whom routing left out, is no figure.
    estimates = estimates[(estimates["base"] > 0) | (estimates["domain"] == "")].reset_index(drop=True)
    notes = disclosure_notes(estimates)
    hidden = notes.isin((SUPPRESSED, PROTECTING)).to_numpy()
    rows = [
        figure_row(population, row, note, lost)
        for row, note, lost in zip(estimates.to_dict("records"), notes, hidden, strict=True)
    ]
    lost = hidden | ~np.isfinite(estimates["low"].to_numpy(dtype=float))
    keys = set(zip(estimates["domain"][lost], estimates["item_id"][lost], strict=True))
    kept = [
        {**row, "population": population, "covariance": text_of(row["covariance"])}
        for row in covariances.to_dict("records")
        if np.isfinite(row["covariance"])
        and not {(row["domain"], row["item_a"]), (row["domain"], row["item_b"])} & keys
    ]
    return pd.DataFrame(rows, columns=FIGURES, dtype=str), pd.DataFrame(kept, columns=COVARIANCES, dtype=str)


def figure_row(population: str, row: dict[str, Any], note: str, hidden: bool) -> dict[str, str]:
    """Return one row of a released file."""
    key = ".".join(filter(None, (population, row["domain"], row["item_id"], row["response"])))
    base = {
        "figure_id": "".join(sign if sign.isalnum() or sign in "._" else "-" for sign in key),
        "population": population,
        "domain": row["domain"],
        "item_id": row["item_id"],
        "response": row["response"],
        "status": "unpublished",
        "base_status": "unknown",
        "locator": LOCATOR,
        "note": note,
    }
    numbers = ("standard_error", "low", "high", "weighted_base", "degrees_of_freedom")
    empty = dict.fromkeys(FIGURES, "")
    if hidden or not np.isfinite(row["share"]):
        return empty | base | {"note": note or "nobody is in the base"}
    if not np.isfinite(row["low"]):
        return empty | base | {"note": "not shown: too few clusters or strata for an interval"}
    return (
        empty
        | base
        | {key: text_of(row[key]) for key in numbers}
        | {
            "status": "number",
            "percent": percent_of(row["share"]),
            "decimals": "1",
            "base": str(int(row["base"])),
            "base_status": "stated",
            # A share of 0 or 1 has no design effect; Kish's keeps its effective base.
            "deff": text_of(row["base"] / row["effective_base"]),
            "method": row["method"],
        }
    )


def joined(tables: Iterable[pd.DataFrame], columns: list[str]) -> pd.DataFrame:
    """Return tables of text below each other, numbered as a spreadsheet numbers rows."""
    listed = [table for table in tables if len(table)]
    if not listed:
        return pd.DataFrame(columns=columns, dtype=str)
    whole = pd.concat(listed, ignore_index=True)[columns]
    return whole.set_axis(range(2, len(whole) + 2), axis=0)
