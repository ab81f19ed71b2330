"""How large an answer may be that has no figure: what is first among the known ones may not be first at all."""

import numpy as np
import pandas as pd

from surveybook.model.kinds import OTHER
from surveybook.model.survey import Survey
from surveybook.stats.intervals import half_unit


def find_remainder(known: pd.DataFrame) -> float:
    """Return what answers that exclude each other leave to one (0-1); 0 where rounding alone may leave as much.

    Parameters
    ----------
    known : pandas.DataFrame
        Figures with a ``share`` (0-1) and the ``decimals`` (of per cent) that it was published with.
    """
    left, rounding = 1.0 - float(known["share"].sum()), float(half_unit(known["decimals"]).sum())
    # The last digits of sums leave a trace.
    return left if left > rounding + 1e-6 else 0.0


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
        return find_remainder(known)
    recorded = survey.recordings.get(population, {}).get("questions", {}).get(question, {})
    has_other = OTHER in {**(recorded.get("answers") or {}), **(recorded.get("columns") or {})}
    if not has_other and not rows["share"].isna().any():
        return 0.0
    choices = float(survey.asked_rows.get((population, question), {}).get("max_choices", np.nan))
    most = choices - float(known["share"].sum()) + float(half_unit(known["decimals"]).sum())
    return float(np.clip(most, 0.0, 1.0)) if np.isfinite(choices) else 1.0
