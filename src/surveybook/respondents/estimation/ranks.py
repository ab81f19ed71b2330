"""Which ranks the items of a question can have, from estimates and how they vary together."""

from __future__ import annotations

import numpy as np
import pandas as pd

from surveybook.respondents.estimation.freedom import two_sided_t
from surveybook.stats.normal import adjust_p_values, critical_value, standardise


def rank_estimates(
    estimates: pd.DataFrame, covariances: pd.DataFrame, question_id: str, domain: str = "", confidence: float = 0.95
) -> pd.DataFrame:
    """
    Return simultaneous confidence sets for the ranks of the figures of a question.

    Parameters
    ----------
    estimates, covariances : DataFrame
        As `Estimation` has them.
    question_id : str
        The question.
    domain : str, default ""
        The domain; the whole population without it.
    confidence : float, default 0.95
        Confidence that all sets hold at once.

    Returns
    -------
    DataFrame
        Indexed by ``item_id`` and ``response``: ``rank``, ``best_rank`` and ``worst_rank``; NaN without a share.

    Notes
    -----
    Mogstad, Romano, Shaikh and Wilhelm (2024), with t tests of the dependent differences and Holm (1979).
    """
    critical_value(confidence)
    chosen = estimates[(estimates["question_id"] == question_id) & (estimates["domain"] == domain)]
    table = chosen.set_index(["item_id", "response"])
    result = pd.DataFrame(np.nan, index=table.index, columns=["rank", "best_rank", "worst_rank"])
    known = np.flatnonzero(table["share"].notna())
    table = table.iloc[known]
    share, degrees = table["share"].to_numpy(), float(table["degrees_of_freedom"].min())
    matrix = np.diag(table["standard_error"].to_numpy() ** 2)
    rows = covariances[(covariances["question_id"] == question_id) & (covariances["domain"] == domain)]
    places = {figure: place for place, figure in enumerate(table.index)}
    for row in rows.itertuples():
        first, second = places.get((row.item_a, row.response_a)), places.get((row.item_b, row.response_b))
        if first is not None and second is not None:
            matrix[first, second] = matrix[second, first] = row.covariance
    variance = np.add.outer(np.diag(matrix), np.diag(matrix)) - 2 * matrix
    difference = np.subtract.outer(share, share)
    half = two_sided_t(standardise(difference, variance), degrees) / 2
    one_sided = np.where(difference > 0, half, 1 - half)
    np.fill_diagonal(one_sided, np.nan)
    shown = adjust_p_values(one_sided.ravel()).reshape(one_sided.shape) < 1 - confidence
    result.iloc[known, 0] = 1.0 + (difference < 0).sum(axis=1)
    result.iloc[known, 1] = 1.0 + shown.sum(axis=0)
    result.iloc[known, 2] = float(len(known)) - shown.sum(axis=1)
    return result
