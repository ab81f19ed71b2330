"""Which ranks the items of a question can have, given the sampling error of them all."""

from __future__ import annotations

import numpy as np
import pandas as pd

from surveybook.stats.multiplicity import holm
from surveybook.stats.normal import as_shares, critical_value, two_sided_p
from surveybook.stats.overlap import overlap_bounds, overlap_statistic


def rank_sets(
    shares: pd.Series, effective_base: float, confidence: float = 0.95, *, exclusive: bool = False
) -> pd.DataFrame:
    """
    Return simultaneous confidence sets for the ranks of the items of one question in one population.

    Parameters
    ----------
    shares : Series
        Share of each item from 0 to 1, by any unique index; NaN where unpublished.
    effective_base : float
        Effective base that the items have in common; NaN where unknown.
    confidence : float, default 0.95
        Confidence that all sets contain the ranks in the population at once.
    exclusive : bool, default False
        True where people chose one item; otherwise the overlap of two items is unknown and taken as small
        as their shares allow, the least favourable case.

    Returns
    -------
    DataFrame
        Indexed as ``shares``: ``rank`` (1 for the largest share, tied items share the better rank),
        ``best_rank`` and ``worst_rank``, as floats; NaN for items without a share, which aren't counted.
        Without a base each item may have every rank.

    Raises
    ------
    ValueError
        If a share, the base or the confidence is out of range.

    Notes
    -----
    Mogstad, Romano, Shaikh and Wilhelm (2024), "Inference for ranks with applications to mobility across
    neighbourhoods and academic achievement across countries": an item ranks behind those that are shown to
    be larger and before those that are shown to be smaller, by one-sided tests of all ordered pairs. Here
    they are Wald tests at the least favourable overlap, stepped down by Holm (1979), which allows for any
    dependence, so that the sets are wider than their bootstrap would make them.
    """
    values = as_shares(shares.to_numpy(dtype=float, na_value=np.nan))
    known = np.flatnonzero(~np.isnan(values))
    ranked = values[known]
    larger = (ranked[None, :] > ranked[:, None]).sum(axis=1)
    critical_value(confidence)  # refuses a level that isn't one
    shown = _shown_larger(ranked, effective_base, confidence, exclusive)
    result = pd.DataFrame(np.nan, index=shares.index, columns=["rank", "best_rank", "worst_rank"])
    result.iloc[known, 0] = 1.0 + larger
    result.iloc[known, 1] = 1.0 + shown.sum(axis=0)
    result.iloc[known, 2] = float(len(known)) - shown.sum(axis=1)
    return result


def _shown_larger(ranked: np.ndarray, base: float, confidence: float, exclusive: bool) -> np.ndarray:
    """Return a square of booleans: whether the share of the row is shown to be larger than the column's."""
    first, second = np.meshgrid(ranked, ranked, indexing="ij")
    overlap = np.zeros(first.shape) if exclusive else overlap_bounds(first, second)[0]
    statistic = overlap_statistic(first, second, overlap, base)
    half = two_sided_p(statistic) / 2
    one_sided = np.where(statistic > 0, half, 1 - half)
    np.fill_diagonal(one_sided, np.nan)
    adjusted = holm(one_sided.ravel()).reshape(one_sided.shape)
    return adjusted < 1 - confidence
