"""Figures that may be shown, as a released file has them: none so thin that it could tell of a respondent."""

import math
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from functools import cache
from itertools import combinations

import numpy as np
import pandas as pd

from surveybook.model.survey import COVARIANCES, find_ends, make_figure_id
from surveybook.model.tables import list_columns, read_schemas
from surveybook.respondents.design import NUMBER
from surveybook.respondents.estimates import Estimation

FLAGGED_BELOW = 100
SUPPRESSED_BELOW = 30
SMALL = f"small base: fewer than {FLAGGED_BELOW} answers"
SUPPRESSED = f"suppressed: fewer than {SUPPRESSED_BELOW} answers"
EMPTY = "nobody is in the base"
PROTECTING = "suppressed: a smaller group could be worked out from it"
# Ways to combine what is known of small cells: two to the power of this many.
MOST_RESTS = 14
NOTHING, ROUNDING = 1e-9, 1e-7
# How many columns of a matrix are looked at together.
AT_ONCE = 64

# What of a figure tells of the people in it; the rest of its row says what it is.
TELLING = ("percent", "decimals", "value", "standard_error", "low", "high", "base", "weighted_base",
           "degrees_of_freedom", "deff", "method")  # fmt: skip
LOCATOR = "estimated from respondents"
# Of more pairs only those of one item or one answer are released: in a battery with many answers nearly all are of
# two items and two answers, which are hardly ever compared; where they are, the bounds are taken.
MOST_PAIRS = 100_000


@dataclass(frozen=True)
class Cells:
    """The cells of people who belong to the same groups of every variable; each table has a row a cell.

    Attributes
    ----------
    members : pandas.DataFrame
        One column a domain, whether they belong to it.
    sizes : pandas.DataFrame
        One column ``item.response``, how many of them are in its base.
    stated : pandas.DataFrame
        One column a variable, a number for each group that they stated, NaN where who didn't state one is no secret.
    """

    members: pd.DataFrame
    sizes: pd.DataFrame
    stated: pd.DataFrame


def note_disclosure(bases: pd.DataFrame, cells: Cells) -> pd.Series:
    """Return for each figure what its base calls for: `EMPTY`, `SUPPRESSED`, `PROTECTING`, `SMALL` or nothing.

    Parameters
    ----------
    bases : pandas.DataFrame
        One row a figure of one population: item_id, response, domain (``variable=group``, empty for all) and
        base, the unweighted count that the share is of.
    cells : Cells
        The people that they are of.

    Returns
    -------
    pandas.Series
        One text a row.
    """
    counts = bases["base"].to_numpy(dtype=float)
    limits = [counts >= FLAGGED_BELOW, counts >= SUPPRESSED_BELOW, counts > 0]
    notes = np.select(limits, ["", SMALL, SUPPRESSED], EMPTY).astype(object)
    members, stated = cells.members.to_numpy(dtype=float).T, cells.stated.to_numpy(dtype=float)
    places, known = cells.members.columns.get_indexer(bases["domain"]), dict[bytes, np.ndarray]()
    for (item, response), rows in bases.groupby(["item_id", "response"], sort=False).indices.items():
        size = cells.sizes[f"{item}.{response}"].to_numpy(dtype=float)
        # Of a number each group has several figures: mean, median, classes.
        codes, distinct = pd.factorize(places[rows])
        groups = members[distinct]
        key = size.tobytes() + groups.tobytes()
        if key not in known:
            known[key] = choose_shown(groups[:, size > 0], size[size > 0], stated[size > 0])
        notes[rows[~known[key][codes] & (counts[rows] >= SUPPRESSED_BELOW)]] = PROTECTING
    return pd.Series(notes, index=bases.index, dtype=object)


def choose_shown(groups: np.ndarray, sizes: np.ndarray, stated: np.ndarray) -> np.ndarray:
    """Return which groups may be shown together, so that no secret can be worked out from them.

    Parameters
    ----------
    groups : ndarray
        One row a group, of any variable, and everybody; one column a cell: 1 where its people belong to the group.
    sizes : ndarray
        How many people each cell has.
    stated : ndarray
        One row a cell: what its people stated of each variable, NaN where who didn't is no secret.

    Notes
    -----
    Of two or more linked tables (Cox 1980): as long as there is a secret, the smallest group without which it can't
    be worked out goes. What went and isn't needed in the end is shown again, the largest first.
    """
    counts = groups @ sizes
    shown, gone = counts >= SUPPRESSED_BELOW, list[int]()
    while (secret := find_secret(groups[shown], sizes, stated)) is not None:
        parts = [place for place in np.argsort(counts, kind="stable") if shown[place] and not groups[place].all()]
        needed = np.flatnonzero(shown)[find_needed(secret, groups[shown])]
        gone.append(([place for place in parts if place in needed] or parts)[0])
        shown[gone[-1]] = False
    for place in sorted(gone, key=lambda place: -counts[place]):
        shown[place] = True
        shown[place] = find_secret(groups[shown], sizes, stated) is None
    return shown


def find_secret(groups: np.ndarray, sizes: np.ndarray, stated: np.ndarray) -> np.ndarray | None:
    """Return cells of fewer than `SUPPRESSED_BELOW` people whose sum follows from those of groups; None without any.

    Whatever adds and subtracts groups is looked at where that leaves up to `MOST_RESTS` ways to combine what holds
    small cells alone, and else combinations of three. Bounds that follow from no number being below 0 aren't.
    """
    order = np.argsort(-sizes, kind="stable")
    rests = reduce_rows(groups[:, order])
    # In reduced rows nothing stands before the first 1: those that begin in a small cell hold small cells alone.
    rests = rests[(np.abs(rests[:, sizes[order] >= SUPPRESSED_BELOW]) < NOTHING).all(axis=1)]
    chosen = choose_rests(len(rests))
    people = chosen @ (rests @ sizes[order])
    sets = chosen[(people > 0) & (people < SUPPRESSED_BELOW - NOTHING)] @ rests
    sets = sets[((np.abs(sets) < NOTHING) | (np.abs(sets - 1) < NOTHING)).all(axis=1)]
    found = (np.round(one)[np.argsort(order)] for one in sets)
    return next((cells for cells in found if are_known(stated[cells > 0], stated[cells == 0])), None)


def are_known(few: np.ndarray, others: np.ndarray) -> bool:
    """Return whether somebody may know who a few people are, by what they stated of each variable (NaN where nothing).

    Nobody does where each of them left something unstated and may, by the rest, as well be one of the others.
    """
    alike = (few[:, None] == others) | np.isnan(few)[:, None] | np.isnan(others)
    return not (np.isnan(few).any(axis=1) & alike.all(axis=2).any(axis=1)).all()


@cache
def choose_rests(count: int) -> np.ndarray:
    """Return ways to add up rests, one row each: all of them, or those of up to three where there are many."""
    if count <= MOST_RESTS:
        return (np.arange(1, 2**count)[:, None] >> np.arange(count) & 1).astype(float)
    single = np.eye(count)
    return np.concatenate([single[list(combinations(range(count), size))].sum(axis=1) for size in (1, 2, 3)[:count]])


def find_needed(cells: np.ndarray, groups: np.ndarray) -> np.ndarray:
    """Return which groups cells can't be a sum of the others without, each taken any number of times.

    That is a group which has a part in one such sum, and in no sum of groups that comes to nothing: then none of the
    others can stand for it.
    """
    together = groups @ groups.T
    parts = np.linalg.lstsq(together, groups @ cells, rcond=ROUNDING)[0]
    sizes, sums = np.linalg.eigh(together)
    idle = sums[:, sizes < ROUNDING * sizes[-1]]
    return (np.abs(parts) > ROUNDING) & (np.abs(idle) < ROUNDING).all(axis=1)


def reduce_rows(matrix: np.ndarray) -> np.ndarray:
    """Return the rows of a matrix in reduced echelon form, without those of zeros."""
    rows, top, column = matrix.astype(float), 0, find_begun(matrix, 0)
    while column is not None:
        best = top + int(np.argmax(np.abs(rows[top:, column])))
        rows[[top, best]] = rows[[best, top]]
        rows[top] /= rows[top, column]
        others = np.flatnonzero(rows[:, column])  # few, of groups that each hold few cells
        others = others[others != top]
        rows[others] -= np.outer(rows[others, column], rows[top])
        top, column = top + 1, find_begun(rows[top + 1 :], column + 1)
    return rows[:top]


def find_begun(rows: np.ndarray, column: int) -> int | None:
    """Return the first column from one on in which any row holds something; None where none does.

    Of thousands of cells few begin a row: those between are passed over, many at once.
    """
    for start in range(column, rows.shape[1], AT_ONCE):
        held = (np.abs(rows[:, start : start + AT_ONCE]) >= NOTHING).any(axis=0)
        if held.any():
            return start + int(np.argmax(held))
    return None


def format_released(value: float) -> str:
    """Return a number as the shortest text that reads back as the same number; empty where there is none."""
    if not math.isfinite(value):
        return ""
    # Python writes numpy's digits in a twentieth of the time, but small and large numbers with an exponent.
    text = repr(float(value))
    return f"{Decimal(text):f}" if "e" in text else text.removesuffix(".0")


def find_percent(share: float) -> float:
    """Return the percentage that a share is, such that a hundredth of it is the share again where that can be."""
    percent = share * 100
    near = (percent, np.nextafter(percent, -np.inf), np.nextafter(percent, np.inf))
    return next((candidate for candidate in near if candidate / 100 == share), percent)


def write_released(name: str, found: pd.DataFrame, shown: pd.Series) -> pd.DataFrame:
    """Return figures as text, as the released file of a name holds them; of those not shown, nothing that tells."""
    columns = list_columns(read_schemas()[name])
    status = np.where(shown, "number", "unpublished")
    texts = found.assign(status=status).reindex(columns=columns).astype(object).where(lambda own: own.notna(), "")
    for column in found.select_dtypes("number").columns.intersection(columns):
        texts[column] = found[column].map(format_released)
    hidden = [column for column in columns if column in TELLING]
    texts[hidden] = texts[hidden].where(shown, "")
    return texts.astype(str)


def release_estimates(population: str, estimated: Estimation, cells: Cells) -> dict[str, pd.DataFrame]:
    """Return one population's figures and covariances as text, by the names of the files that hold them.

    A suppressed figure has no number, no base and the status `unpublished`; covariances are without those of such
    figures, and of more than `MOST_PAIRS` only those of one item or one answer.

    Parameters
    ----------
    population : str
        Whose they are.
    estimated : Estimation
        What is known of it.
    cells : Cells
        The people that they are of.
    """
    # A group that nobody belongs to, such as those whom routing left out, is no figure.
    found = estimated.estimates
    found = found[(found["base"] > 0) | (found["domain"] == "")].reset_index(drop=True)
    notes = note_disclosure(found, cells)
    hidden = notes.isin((SUPPRESSED, PROTECTING)) | found["share"].isna()
    limited = np.isfinite(found["low"])
    notes = notes.where(~hidden | (notes != ""), EMPTY)
    notes = notes.mask(~hidden & ~limited, "not shown: too few clusters or strata for an interval")
    shown = ~hidden & limited
    key = population + ("." + found["domain"]).where(found["domain"] != "", "")
    key += "." + found["item_id"] + "." + found["response"]
    figures = found.assign(
        figure_id=list(map(make_figure_id, key)),
        population=population,
        percent=found["share"].map(find_percent),
        decimals=1,
        base_status=np.where(shown, "stated", "unknown"),
        locator=LOCATOR,
        # A share of 0 or 1 has no design effect; Kish's keeps its effective base.
        deff=found["base"] / found["effective_base"],
        note=notes,
    )
    return {
        "estimates": write_released("estimates", figures, shown),
        "covariances": release_covariances(population, estimated.covariances, found[~shown]),
    }


def release_covariances(population: str, every: pd.DataFrame, hidden: pd.DataFrame) -> pd.DataFrame:
    """Return one population's covariances as text, without those of hidden figures.

    Of more than `MOST_PAIRS` only those of one item or one answer are kept.
    """
    lost = pd.MultiIndex.from_frame(hidden[["domain", "item_id"]])
    is_lost = [pd.MultiIndex.from_frame(end[["domain", "item_id"]]).isin(lost) for end in find_ends(every)]
    kept = every[np.isfinite(every["covariance"].to_numpy(dtype=float)) & ~is_lost[0] & ~is_lost[1]]
    near = (kept["item_a"] == kept["item_b"]) | (kept["response_a"] == kept["response_b"])
    kept = kept[near] if len(kept) > MOST_PAIRS else kept
    kept = kept.assign(population=population, covariance=kept["covariance"].map(format_released))
    return kept[COVARIANCES].astype(str)


def release_numbers(
    population: str, estimated: Estimation, units: Mapping[str, str | None], cells: Cells
) -> dict[str, pd.DataFrame]:
    """Return one population's means, medians, distributions and covariances as text, by the names of their files.

    Parameters
    ----------
    population : str
        Whose they are.
    estimated : Estimation
        As `surveybook.respondents.numbers.estimate_numbers` returns them.
    units : mapping of str to str
        The unit of each question; None where nobody says.
    cells : Cells
        The people that they are of.
    """
    found = estimated.estimates
    found = found[(found["base"] > 0) | (found["domain"] == "")].reset_index(drop=True)
    notes = note_disclosure(found.assign(response=NUMBER), cells)
    told = found.assign(population=population, unit=found["question_id"].map(units), note=notes)
    shown = notes.isin(("", SMALL)) & np.isfinite(found["value"])
    return {
        "numbers": write_released("numbers", told, shown),
        "covariances": release_covariances(population, estimated.covariances, found[~shown]),
    }
