"""Figures that may be shown, as a released file has them: none so thin that it could tell of a respondent."""

from collections.abc import Iterable
from typing import Any

import numpy as np
import pandas as pd

from surveybook.model.survey import COVARIANCES
from surveybook.model.tables import list_columns, read_schemas

FLAGGED_BELOW = 100
SUPPRESSED_BELOW = 30
SMALL = f"small base: fewer than {FLAGGED_BELOW} answers"
SUPPRESSED = f"suppressed: fewer than {SUPPRESSED_BELOW} answers"
EMPTY = "nobody is in the base"
PROTECTING = "suppressed: a smaller group could be worked out from it"

LOCATOR = "estimated from respondents"


def note_disclosure(bases: pd.DataFrame) -> pd.Series:
    """Return for each figure what its base calls for: `EMPTY`, `SUPPRESSED`, `PROTECTING`, `SMALL` or nothing.

    Parameters
    ----------
    bases : pandas.DataFrame
        One row a figure of one population: item_id, response, domain (``variable=group``, empty for all) and
        base, the unweighted count that the share is of.

    Returns
    -------
    pandas.Series
        One text a row.

    Notes
    -----
    Within one item and one variable the groups and everybody form a crosstab, and what is missing from it is
    the total less what is shown. The smallest group that is still shown goes too, until whoever is missing,
    with those who are in no group, are `SUPPRESSED_BELOW` or more, or nobody.
    """
    counts = bases["base"].to_numpy(dtype=float)
    notes = [
        "" if count >= FLAGGED_BELOW else SMALL if count >= SUPPRESSED_BELOW else SUPPRESSED if count else EMPTY
        for count in counts
    ]
    everybody: dict[tuple[str, str], float] = {}
    crosstabs: dict[tuple[str, str, str], list[int]] = {}
    for at, (item, response, domain) in enumerate(
        zip(bases["item_id"], bases["response"], bases["domain"], strict=True)
    ):
        if domain:
            crosstabs.setdefault((item, response, domain.split("=")[0]), []).append(at)
        else:
            everybody[item, response] = counts[at]
    for (item, response, _), groups in crosstabs.items():
        total = everybody.get((item, response), float("nan"))
        shown = sorted((at for at in groups if counts[at] >= SUPPRESSED_BELOW), key=lambda at: counts[at])
        while shown and 0 < total - counts[shown].sum() < SUPPRESSED_BELOW:
            notes[shown.pop(0)] = PROTECTING
    return pd.Series(notes, index=bases.index, dtype=object)


def write_number(value: float) -> str:
    """Return a number as the shortest text that reads back as the same number; empty where there is none."""
    return "" if not np.isfinite(value) else np.format_float_positional(value, trim="-")


def write_percent(share: float) -> str:
    """Return the percentage that a share is, such that a hundredth of it is the share again where that can be."""
    percent = share * 100
    for candidate in (percent, np.nextafter(percent, -np.inf), np.nextafter(percent, np.inf)):
        if candidate / 100 == share:
            return write_number(candidate)
    return write_number(percent)


def release_estimates(
    population: str, estimates: pd.DataFrame, covariances: pd.DataFrame
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Return one population's figures and covariances as text, as a released file holds them.

    Parameters
    ----------
    population : str
        Whose they are.
    estimates, covariances : pandas.DataFrame
        As `surveybook.respondents.estimates.estimate` returns them.

    Returns
    -------
    figures : pandas.DataFrame
        With the columns of ``estimates.csv``; a suppressed figure has no number, no base and the status `unpublished`.
    covariances : pandas.DataFrame
        With the columns `COVARIANCES`, without those of suppressed figures.
    """
    # A group that nobody belongs to, such as those whom routing left out, is no figure.
    estimates = estimates[(estimates["base"] > 0) | (estimates["domain"] == "")].reset_index(drop=True)
    notes = note_disclosure(estimates)
    hidden = notes.isin((SUPPRESSED, PROTECTING)).to_numpy()
    rows = [
        release_figure(population, row, note, lost)
        for row, note, lost in zip(estimates.to_dict("records"), notes, hidden, strict=True)
    ]
    lost = hidden | ~np.isfinite(estimates["low"].to_numpy(dtype=float))
    keys = set(zip(estimates["domain"][lost], estimates["item_id"][lost], strict=True))
    kept = [
        {**row, "population": population, "covariance": write_number(row["covariance"])}
        for row in covariances.to_dict("records")
        if np.isfinite(row["covariance"])
        and not {(row["domain"], row["item_a"]), (row["domain"], row["item_b"])} & keys
    ]
    columns = list_columns(read_schemas()["estimates"])
    return pd.DataFrame(rows, columns=columns, dtype=str).fillna(""), pd.DataFrame(kept, columns=COVARIANCES, dtype=str)


def release_figure(population: str, row: dict[str, Any], note: str, hidden: bool) -> dict[str, str]:
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
    if hidden or not np.isfinite(row["share"]):
        return base | {"note": note or EMPTY}
    if not np.isfinite(row["low"]):
        return base | {"note": "not shown: too few clusters or strata for an interval"}
    return (
        base
        | {key: write_number(row[key]) for key in numbers}
        | {
            "status": "number",
            "percent": write_percent(row["share"]),
            "decimals": "1",
            "base": str(int(row["base"])),
            "base_status": "stated",
            # A share of 0 or 1 has no design effect; Kish's keeps its effective base.
            "deff": write_number(row["base"] / row["effective_base"]),
            "method": row["method"],
        }
    )


def join_tables(tables: Iterable[pd.DataFrame], columns: list[str]) -> pd.DataFrame:
    """Return tables of text below each other, numbered as a spreadsheet numbers rows."""
    listed = [table for table in tables if len(table)]
    if not listed:
        return pd.DataFrame(columns=columns, dtype=str)
    whole = pd.concat(listed, ignore_index=True)[columns]
    return whole.set_axis(range(2, len(whole) + 2), axis=0)
