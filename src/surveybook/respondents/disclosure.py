"""Figures that may be shown, as a released file has them: none so thin that it could tell of a respondent."""

from collections.abc import Iterable, Mapping
from itertools import combinations
from typing import Any

import numpy as np
import pandas as pd

from surveybook.model.survey import COVARIANCES
from surveybook.model.tables import list_columns, read_schemas
from surveybook.respondents.design import NUMBER

FLAGGED_BELOW = 100
SUPPRESSED_BELOW = 30
SMALL = f"small base: fewer than {FLAGGED_BELOW} answers"
SUPPRESSED = f"suppressed: fewer than {SUPPRESSED_BELOW} answers"
EMPTY = "nobody is in the base"
PROTECTING = "suppressed: a smaller group could be worked out from it"
# Ways to combine what is known of small cells: two to the power of this many.
MOST_RESTS = 14
NOTHING = 1e-9

LOCATOR = "estimated from respondents"
# Of more pairs only those of one item or one answer are released: in a battery with many answers nearly all are of
# two items and two answers, which are hardly ever compared; where they are, the bounds are taken.
MOST_PAIRS = 100_000


def note_disclosure(bases: pd.DataFrame, members: pd.DataFrame, sizes: pd.DataFrame) -> pd.Series:
    """Return for each figure what its base calls for: `EMPTY`, `SUPPRESSED`, `PROTECTING`, `SMALL` or nothing.

    Parameters
    ----------
    bases : pandas.DataFrame
        One row a figure of one population: item_id, response, domain (``variable=group``, empty for all) and
        base, the unweighted count that the share is of.
    members : pandas.DataFrame
        One row a cell of people who belong to the same groups of every variable; one column a domain, whether they do.
    sizes : pandas.DataFrame
        The same rows; one column ``item.response``, how many of them are in its base.

    Returns
    -------
    pandas.Series
        One text a row.
    """
    counts = bases["base"].to_numpy(dtype=float)
    notes = [
        "" if count >= FLAGGED_BELOW else SMALL if count >= SUPPRESSED_BELOW else SUPPRESSED if count else EMPTY
        for count in counts
    ]
    known: dict[bytes, np.ndarray] = {}
    for (item, response), rows in bases.groupby(["item_id", "response"], sort=False).indices.items():
        size = sizes[f"{item}.{response}"].to_numpy(dtype=float)
        groups = members[bases["domain"].iloc[rows].tolist()].to_numpy(dtype=float).T
        key = size.tobytes() + groups.tobytes()
        if key not in known:
            known[key] = choose_shown(groups[:, size > 0], size[size > 0])
        for at in rows[~known[key] & (counts[rows] >= SUPPRESSED_BELOW)]:
            notes[at] = PROTECTING
    return pd.Series(notes, index=bases.index, dtype=object)


def choose_shown(groups: np.ndarray, sizes: np.ndarray) -> np.ndarray:
    """Return which groups may be shown together, so that no secret can be worked out from them.

    Parameters
    ----------
    groups : ndarray
        One row a group, of any variable, and everybody; one column a cell: 1 where its people belong to the group.
    sizes : ndarray
        How many people each cell has.

    Notes
    -----
    Of two or more linked tables (Cox 1980): as long as there is a secret, the smallest group without which it can't
    be worked out goes. What went and isn't needed in the end is shown again, the largest first.
    """
    counts = groups @ sizes
    shown, gone = counts >= SUPPRESSED_BELOW, list[int]()
    while (secret := find_secret(groups[shown], sizes)) is not None:
        parts = [place for place in np.argsort(counts, kind="stable") if shown[place] and not groups[place].all()]
        needed = [place for place in parts if not is_sum(secret, groups[shown & (np.arange(len(shown)) != place)])]
        gone.append((needed or parts)[0])
        shown[gone[-1]] = False
    for place in sorted(gone, key=lambda place: -counts[place]):
        shown[place] = True
        shown[place] = find_secret(groups[shown], sizes) is None
    return shown


def find_secret(groups: np.ndarray, sizes: np.ndarray) -> np.ndarray | None:
    """Return cells of fewer than `SUPPRESSED_BELOW` people whose sum follows from those of groups; None without any.

    Whatever adds and subtracts groups is looked at where that leaves up to `MOST_RESTS` ways to combine what holds
    small cells alone, and else combinations of three. Bounds that follow from no number being below 0 aren't.
    """
    order = np.argsort(-sizes, kind="stable")
    rests = reduce_rows(groups[:, order])
    # In reduced rows nothing stands before the first 1: those that begin in a small cell hold small cells alone.
    rests = rests[(np.abs(rests[:, sizes[order] >= SUPPRESSED_BELOW]) < NOTHING).all(axis=1)]
    if len(rests) <= MOST_RESTS:
        chosen = (np.arange(1, 2 ** len(rests))[:, None] >> np.arange(len(rests)) & 1).astype(float)
    else:
        picks = [pick for size in (1, 2, 3) for pick in combinations(range(len(rests)), size)]
        chosen = np.zeros((len(picks), len(rests)))
        for row, pick in zip(chosen, picks, strict=True):
            row[list(pick)] = 1
    sets = chosen @ rests
    whole = ((np.abs(sets) < NOTHING) | (np.abs(sets - 1) < NOTHING)).all(axis=1)
    found = np.flatnonzero(whole & (sets @ sizes[order] < SUPPRESSED_BELOW - NOTHING))
    return np.round(sets[found[0]])[np.argsort(order)] if len(found) else None


def is_sum(cells: np.ndarray, groups: np.ndarray) -> bool:
    """Return whether cells are a sum of groups, each taken any number of times."""
    return len(reduce_rows(np.vstack([groups, cells]))) == len(reduce_rows(groups))


def reduce_rows(matrix: np.ndarray) -> np.ndarray:
    """Return the rows of a matrix in reduced echelon form, without those of zeros."""
    rows, top = matrix.astype(float), 0
    for column in range(rows.shape[1]):
        if top == len(rows):
            break
        best = top + int(np.argmax(np.abs(rows[top:, column])))
        if abs(rows[best, column]) < NOTHING:
            continue
        rows[[top, best]] = rows[[best, top]]
        rows[top] /= rows[top, column]
        others = np.arange(len(rows)) != top
        rows[others] -= np.outer(rows[others, column], rows[top])
        top += 1
    return rows[:top]


def format_released(value: float) -> str:
    """Return a number as the shortest text that reads back as the same number; empty where there is none."""
    return "" if not np.isfinite(value) else np.format_float_positional(value, trim="-")


def write_percent(share: float) -> str:
    """Return the percentage that a share is, such that a hundredth of it is the share again where that can be."""
    percent = share * 100
    for candidate in (percent, np.nextafter(percent, -np.inf), np.nextafter(percent, np.inf)):
        if candidate / 100 == share:
            return format_released(candidate)
    return format_released(percent)


def release_estimates(
    population: str,
    estimates: pd.DataFrame,
    covariances: pd.DataFrame,
    between: pd.DataFrame,
    members: pd.DataFrame,
    sizes: pd.DataFrame,
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Return one population's figures and covariances as text, as a released file holds them.

    Parameters
    ----------
    population : str
        Whose they are.
    estimates, covariances, between : pandas.DataFrame
        As `surveybook.respondents.estimates.estimate` returns them.
    members, sizes : pandas.DataFrame
        See `note_disclosure`.

    Returns
    -------
    figures : pandas.DataFrame
        With the columns of ``estimates.csv``; a suppressed figure has no number, no base and the status `unpublished`.
    covariances : pandas.DataFrame
        With the columns `COVARIANCES`, without those of suppressed figures; of more than `MOST_PAIRS` only those of one
        item or one answer.
    """
    # A group that nobody belongs to, such as those whom routing left out, is no figure.
    estimates = estimates[(estimates["base"] > 0) | (estimates["domain"] == "")].reset_index(drop=True)
    notes = note_disclosure(estimates, members, sizes)
    hidden = notes.isin((SUPPRESSED, PROTECTING)).to_numpy()
    rows = [
        release_figure(population, row, note, lost)
        for row, note, lost in zip(estimates.to_dict("records"), notes, hidden, strict=True)
    ]
    lost = hidden | ~np.isfinite(estimates["low"].to_numpy(dtype=float))
    keys = set(zip(estimates["domain"][lost], estimates["item_id"][lost], strict=True))
    pairs = {
        f"{name}_{end}": between[f"{name}{'_id' if name == 'item' else ''}"]
        for name in ("item", "response")
        for end in "ab"
    }
    every = pd.concat([covariances.assign(domain_b=""), between.assign(**pairs)], ignore_index=True)
    groups = every["domain"], every["domain_b"].where(every["domain_b"] != "", every["domain"])
    ends = zip(*(part.tolist() for part in (groups[0], every["item_a"], groups[1], every["item_b"])), strict=True)
    shown = [not keys or not {(group, item), (other, second)} & keys for group, item, other, second in ends]
    kept = every[np.isfinite(every["covariance"].to_numpy(dtype=float)) & np.array(shown, dtype=bool)]
    kept = pick_pairs(kept)
    written = [format_released(value) for value in kept["covariance"]]
    kept = kept.assign(population=population, covariance=written)
    columns = list_columns(read_schemas()["estimates"])
    return pd.DataFrame(rows, columns=columns, dtype=str).fillna(""), kept[COVARIANCES].astype(str)


def pick_pairs(covariances: pd.DataFrame) -> pd.DataFrame:
    """Return covariances; of more than `MOST_PAIRS` only those of one item or one answer."""
    near = (covariances["item_a"] == covariances["item_b"]) | (covariances["response_a"] == covariances["response_b"])
    return covariances[near] if len(covariances) > MOST_PAIRS else covariances


def release_numbers(
    population: str, found: pd.DataFrame, units: Mapping[str, str | None], members: pd.DataFrame, sizes: pd.DataFrame
) -> pd.DataFrame:
    """Return one population's means, medians and distributions as text, as ``numbers.csv`` holds them.

    Parameters
    ----------
    population : str
        Whose they are.
    found : pandas.DataFrame
        As `surveybook.respondents.numbers.estimate_numbers` returns them.
    units : mapping of str to str
        The unit of each question; None where nobody says.
    members, sizes : pandas.DataFrame
        See `note_disclosure`.
    """
    found = found[(found["base"] > 0) | (found["domain"] == "")].reset_index(drop=True)
    notes = note_disclosure(found.assign(response=NUMBER), members, sizes)
    columns, rows = list_columns(read_schemas()["numbers"]), []
    for row, note in zip(found.to_dict("records"), notes, strict=True):
        kept = {
            "population": population,
            "unit": units[row["question_id"]] or "",
            "status": "unpublished",
            "note": note,
        }
        kept |= {name: row[name] for name in ("domain", "item_id", "statistic")}
        kept |= {name: format_released(row[name]) for name in ("lowest", "highest")}
        if note in ("", SMALL) and np.isfinite(row["value"]):
            measured = ("value", "standard_error", "low", "high", "weighted_base", "degrees_of_freedom")
            kept |= {name: format_released(row[name]) for name in measured}
            kept |= {"status": "number", "base": str(int(row["base"])), "method": row["method"]}
        rows.append(kept)
    return pd.DataFrame(rows, columns=columns, dtype=str).fillna("")


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
        | {key: format_released(row[key]) for key in numbers}
        | {
            "status": "number",
            "percent": write_percent(row["share"]),
            "decimals": "1",
            "base": str(int(row["base"])),
            "base_status": "stated",
            # A share of 0 or 1 has no design effect; Kish's keeps its effective base.
            "deff": format_released(row["base"] / row["effective_base"]),
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
