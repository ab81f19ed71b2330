"""How large an answer may be that has no figure: what is first among the known ones may not be first at all."""

from collections.abc import Iterator
from typing import Any

import numpy as np
import pandas as pd

from surveybook.model.codebook import Codebook
from surveybook.model.kinds import OTHER, Kind
from surveybook.model.survey import Survey
from surveybook.stats.shares import half_unit

# What the last digits of sums leave.
TRACE = 1e-6


def drop_nets(known: pd.DataFrame, codebook: Codebook) -> pd.DataFrame:
    """Return figures of which nobody counts in two: without the nets whose answers stand beside them.

    Where a source prints a net and not all that it is made of, the net stays in place of its answers.

    Parameters
    ----------
    known : pandas.DataFrame
        Figures with ``population``, ``domain``, ``question_id``, ``item_id``, ``response``, ``share`` (0-1) and
        ``decimals``.
    codebook : Codebook
        What each net is made of.
    """
    share, half = known["share"].to_numpy(dtype=float), half_unit(known["decimals"])
    kept = np.ones(len(known), dtype=bool)
    for kind, _, places in place_answers(known, codebook):
        counted = set[str]()
        for net, parts in kind.nets.items():
            there = [places[part] for part in parts if part in places]
            if net not in places:
                continue
            left = share[places[net]] - share[there].sum()
            in_part = not there or left > half[[places[net], *there]].sum() + TRACE
            if in_part and not counted & {*parts}:
                kept[there] = False
                counted |= {*parts}
            else:
                kept[places[net]] = False
    return known[kept]


def place_answers(figures: pd.DataFrame, codebook: Codebook) -> Iterator[tuple[Kind, tuple[str, ...], dict[str, int]]]:
    """Yield what has answers with nets among figures: its kind, what it is, and the place of each known share.

    What it is are its question, population, domain and item; places are by response.
    """
    kinds = {name: kind for name in figures["question_id"].dropna().unique() if (kind := codebook.kind_of(name)).nets}
    wholes: dict[tuple[str, ...], dict[str, int]] = {}
    columns = (figures[name] for name in ("question_id", "population", "domain", "item_id", "response", "share"))
    for place, (*whole, response, share) in enumerate(zip(*columns, strict=True) if kinds else ()):
        if whole[0] in kinds and not np.isnan(share):
            wholes.setdefault(tuple(whole), {})[response] = place
    for (question, *who), places in wholes.items():
        yield kinds[question], (question, *who), places


def find_remainder(total: Any, rounding: Any) -> Any:
    """Return what answers that exclude each other leave to one (0-1); 0 where rounding alone may leave as much.

    Parameters
    ----------
    total : float or pandas.Series
        The sum of their shares (0-1), without nets (see `drop_nets`); several where they are of several wholes.
    rounding : float or pandas.Series
        The sum of the half units (0-1) that each share may be off by.
    """
    left = 1.0 - total
    return left * (left > rounding + TRACE)


def find_largest_unknown(survey: Survey, population: str, question: str, *, domain: str = "", item: str = "") -> float:
    """Return the largest share that an answer without a figure may have.

    Parameters
    ----------
    survey : Survey
        The wave.
    population, question : str
        Who was asked what.
    domain : str
        A part of the population; empty for all of it.
    item : str
        The statement, where answers to one are meant; of a question made of statements, the statements otherwise.

    Returns
    -------
    float
        A share (0-1). 0 where every answer has its figure. Of answers that exclude each other it is what the known
        ones leave, rounding allowed for; of items that people chose several from, what the choices leave beside the
        known shares, and 1 where people could choose as many as they liked or nobody says how many.

    Notes
    -----
    Arithmetic: shares of answers that exclude each other add up to 1, those of ``k`` choices to at most ``k``.
    """
    kind, rows = survey.codebook.kind_of(question), survey.estimates
    rows = rows[(rows["population"] == population) & (rows["question_id"] == question) & (rows["domain"] == domain)]
    if not kind.is_list and not item:
        # Statements are answered one by one, so that what is known of some says nothing of another.
        headlines = rows[rows["response"] == kind.headline].set_index("item_id")["share"]
        return float(headlines.reindex(rows["item_id"].unique()).isna().any())
    rows = rows[rows["item_id"] == item] if item else rows
    known = rows[rows["share"].notna()]
    if not kind.is_several:
        parts = drop_nets(known, survey.codebook)
        return float(find_remainder(parts["share"].sum(), half_unit(parts["decimals"]).sum()))
    recorded = survey.recording_of(population, question)
    has_other = OTHER in {**(recorded.get("answers") or {}), **(recorded.get("columns") or {})}
    if not has_other and not rows["share"].isna().any():
        return 0.0
    choices = float(survey.asked_rows.get((population, question), {}).get("max_choices", np.nan))
    most = choices - float(known["share"].sum()) + float(half_unit(known["decimals"]).sum())
    return float(np.clip(most, 0.0, 1.0)) if np.isfinite(choices) else 1.0
