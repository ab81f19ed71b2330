"""Tables that compare populations on the items of a question, or the items with each other."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pandas as pd

from surveybook.stats.differences import compare_choices, compare_exclusive, newcombe, score_statistic
from surveybook.stats.intervals import effective_bases
from surveybook.stats.multiplicity import holm
from surveybook.stats.normal import FloatArray, two_sided_p
from surveybook.stats.overlap import overlap_bounds, overlap_statistic
from surveybook.stats.ranks import rank_sets
from surveybook.stats.rounding import half_unit
from surveybook.stats.sensitivity import lost_after_holm

Statistic = Callable[[FloatArray, FloatArray], FloatArray]

_COLUMNS = ["item_id", "response", "order", "share", "effective_base", "decimals"]


def compare_populations(
    estimates: pd.DataFrame,
    question_id: str,
    confidence: float = 0.95,
    populations: tuple[str, str] = ("public", "frontline"),
) -> pd.DataFrame:
    """
    Return how two independent populations differ on each item of a question.

    Parameters
    ----------
    estimates : DataFrame
        Estimates of one wave. Domains are left out: managers are part of the frontline, never set against it.
    question_id : str
        The question, asked alike of both populations.
    confidence : float, default 0.95
        Confidence level between 0 and 1.
    populations : tuple of str, default ("public", "frontline")
        The two populations; differences are the first minus the second.

    Returns
    -------
    DataFrame
        One row an item and response that either population has, in their order of appearance: ``item_id``,
        ``response``, ``share_public``, ``share_frontline`` (named after the populations), ``difference``,
        ``low`` and ``high`` (Newcombe, unadjusted), ``p`` (score test), ``p_holm`` (adjusted within the
        table), ``secure`` (``p_holm`` below one minus the confidence; False where nothing can be tested),
        ``survives_rounding`` (the answer in ``secure`` is the same at every set of shares that prints the
        same; missing where a figure is) and ``lost_at_design_effect`` (where ``secure`` would be lost, beyond
        the design effects already allowed for; NaN if it isn't secure).

    Raises
    ------
    ValueError
        If the question or a population isn't among the estimates, or they hold several waves or a figure
        twice.

    Notes
    -----
    Newcombe (1998), method 10; the pooled z test; Holm (1979). The worst corner of rounding is exact: the
    statistic is monotone in both shares, and Holm's p-values never fall when a raw one rises.
    """
    first, second = (_figures(estimates, question_id, population) for population in populations)
    # The left-hand order first, then what only the right-hand population was asked.
    keys = first.index.append(second.index.difference(first.index, sort=False))
    first, second = first.reindex(keys), second.reindex(keys)
    share_1, base_1 = first["share"].to_numpy(), first["effective_base"].to_numpy()
    share_2, base_2 = second["share"].to_numpy(), second["effective_base"].to_numpy()
    low, high = newcombe(share_1, base_1, share_2, base_2, confidence)

    def statistic(one: FloatArray, other: FloatArray) -> FloatArray:
        return score_statistic(one, base_1, other, base_2)

    table = keys.to_frame(index=False).assign(
        **{f"share_{populations[0]}": share_1, f"share_{populations[1]}": share_2},
        difference=share_1 - share_2,
        low=low,
        high=high,
    )
    halves = half_unit(first["decimals"].to_numpy()), half_unit(second["decimals"].to_numpy())
    return table.join(_tested(statistic, (share_1, share_2), halves, confidence))


def compare_ranks(
    estimates: pd.DataFrame,
    question_id: str,
    population: str,
    confidence: float = 0.95,
    *,
    max_choices: float | None = None,
) -> pd.DataFrame:
    """
    Return the items of a question from the largest share to the smallest, each tested against the next.

    Parameters
    ----------
    estimates : DataFrame
        Estimates of one wave. Domains are left out.
    question_id : str
        A question with one response an item.
    population : str
        The population.
    confidence : float, default 0.95
        Confidence level between 0 and 1.
    max_choices : float, optional
        How many items a person could choose: with 1, no one chose both of two items; with 2, who chose both
        didn't choose a third. Without it, or with NaN, any overlap that the two shares allow is reckoned
        with. Only 1 changes a test; 2 can only turn ``holds`` from "some" into "no".

    Returns
    -------
    DataFrame
        One row an item with a share, largest first, ties in the codebook's ``order`` if there is one:
        ``item_id``, ``rank``, ``best_rank`` and ``worst_rank`` (simultaneous rank sets over all pairs),
        ``share``, ``next_item_id``, ``difference`` (to the next item), ``low``, ``high`` and ``p`` (at the
        least favourable overlap), ``holds`` ("every", "some" or "no" overlap), ``p_holm`` (adjusted within
        the table), ``secure``, ``survives_rounding`` and ``lost_at_design_effect`` as in
        `compare_populations`. The last row has no next item. The differences are those of printed
        neighbours, which the data chose: rank sets tell of all pairs.

    Raises
    ------
    ValueError
        If the question or population isn't among the estimates, they hold several waves or a figure twice,
        or the question has several responses an item.

    Notes
    -----
    Wild and Seber (1993) and Fréchet (1951) for the differences, Holm (1979), and Mogstad, Romano, Shaikh and
    Wilhelm (2024) for the rank sets. Neighbouring rows share an item, so that ``survives_rounding`` takes a
    worst case that is a little too bad: an item at both ends of its rounding at once. The smaller base is
    used where the items' bases differ.
    """
    figures = _figures(estimates, question_id, population).reset_index()
    if figures["item_id"].duplicated().any():
        raise ValueError(
            f"'{question_id}' has several responses an item, so its items have no single order."
            " Choose the rows of one response first."
        )
    figures = figures[figures["share"].notna()].sort_values(
        ["share", "order", "item_id"], ascending=[False, True, True], ignore_index=True
    )
    exclusive = max_choices == 1
    shares = figures["share"].to_numpy()
    base = float(figures["effective_base"].min(skipna=False)) if len(figures) else float("nan")
    halves = half_unit(figures["decimals"].to_numpy())

    def statistic(one: FloatArray, other: FloatArray) -> FloatArray:
        overlap = np.zeros(one.shape) if exclusive else overlap_bounds(one, other)[0]
        return overlap_statistic(one, other, overlap, base)

    tested = _tested(statistic, (shares[:-1], shares[1:]), (halves[:-1], halves[1:]), confidence)
    neighbours = _neighbours(figures, base, confidence, max_choices).join(tested)
    sets = rank_sets(figures["share"], base, confidence, exclusive=exclusive).astype("Int64")
    table = figures[["item_id"]].join(sets).join(figures["share"])
    # The last item has no neighbour, and a missing value for a boolean would count as true.
    return table.join(neighbours.reindex(table.index)).assign(
        next_item_id=lambda rows: rows["next_item_id"].fillna(""),
        holds=lambda rows: rows["holds"].fillna("n/a"),
        secure=lambda rows: rows["secure"].eq(True),
    )


def _figures(estimates: pd.DataFrame, question_id: str, population: str) -> pd.DataFrame:
    """Return the figures of a whole population on one question, indexed by item and response."""
    question = estimates[estimates["question_id"] == question_id]
    if question.empty:
        known = ", ".join(sorted(set(estimates["question_id"])))
        raise ValueError(f"'{question_id}' isn't among the questions of these estimates: {known}.")
    if question.get("wave", pd.Series(dtype=str)).nunique() > 1:
        waves = ", ".join(sorted(set(question["wave"].astype(str))))
        raise ValueError(f"These estimates hold several waves ({waves}): compare within one.")
    if population not in set(estimates["population"]):
        known = ", ".join(sorted(set(estimates["population"])))
        raise ValueError(f"'{population}' isn't among the populations of these estimates: {known}.")
    rows = question[question["population"] == population]
    if "domain" in rows:
        rows = rows[rows["domain"].isna() | (rows["domain"] == "")]
    twice = rows[rows.duplicated(["item_id", "response"])]
    if len(twice):
        raise ValueError(f"'{twice['item_id'].iloc[0]}' is there twice for {population}: keep one figure.")
    rows = rows.assign(
        effective_base=effective_bases(rows), decimals=rows.get("decimals", np.nan), order=rows.get("order", np.nan)
    )
    numbers = dict.fromkeys(_COLUMNS[2:], float)
    return rows[_COLUMNS].astype(numbers).set_index(["item_id", "response"])


def _neighbours(figures: pd.DataFrame, base: float, confidence: float, max_choices: float | None) -> pd.DataFrame:
    """Return the difference of each item to the next one, one row fewer than there are items."""
    shares = figures["share"]
    rows = []
    for here in range(len(figures) - 1):
        pair = float(shares[here]), float(shares[here + 1])
        if max_choices == 1:
            found = compare_exclusive(*pair, base, confidence)
        else:
            others = shares.drop([here, here + 1])
            other = float(others.max()) if max_choices == 2 and len(others) else 0.0
            found = compare_choices(*pair, base, confidence, largest_other=other)
        rows.append([figures["item_id"][here + 1], found.difference, found.low, found.high, found.holds])
    return pd.DataFrame(rows, columns=["next_item_id", "difference", "low", "high", "holds"])


def _tested(
    statistic: Statistic,
    shares: tuple[FloatArray, FloatArray],
    halves: tuple[FloatArray, FloatArray],
    confidence: float,
) -> pd.DataFrame:
    """Return the columns of tests for pairs of shares that make up one family."""
    values = statistic(*shares)
    p_values = two_sided_p(values)
    adjusted = holm(p_values)
    secure = adjusted < 1 - confidence
    corners = [
        statistic(np.clip(shares[0] + sign * halves[0], 0, 1), np.clip(shares[1] - sign * halves[1], 0, 1))
        for sign in (-1, 1)
    ]
    strongest = np.maximum(np.abs(corners[0]), np.abs(corners[1]))
    crosses = np.sign(corners[0]) * np.sign(corners[1]) <= 0
    weakest = np.where(crosses, 0.0, np.minimum(np.abs(corners[0]), np.abs(corners[1])))
    weakest = np.where(np.isnan(values), np.nan, weakest)
    still = holm(two_sided_p(weakest)) < 1 - confidence
    never = holm(two_sided_p(strongest)) >= 1 - confidence
    survives = pd.array(np.where(secure, still, never), dtype="boolean")
    survives[np.isnan(values)] = pd.NA
    return pd.DataFrame(
        {
            "p": p_values,
            "p_holm": adjusted,
            "secure": secure,
            "survives_rounding": survives,
            "lost_at_design_effect": lost_after_holm(values, None, confidence),
        }
    )
