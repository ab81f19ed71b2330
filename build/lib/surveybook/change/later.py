"""What a wave holds ready for one that comes after it: its questions, and from where a change in its shares shows."""

from functools import lru_cache

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from surveybook.change.changes import is_testable
from surveybook.model.survey import Survey, populations_asked
from surveybook.stats.comparison import compare_tables
from surveybook.stats.normal import FloatArray

COLUMNS = ["population", "question_id", "title", "wording_source", "shares", "others", "least", "most", "figures"]


@lru_cache(maxsize=8)
def held_for_later(survey: Survey) -> pd.DataFrame:
    """Return every question that a wave put to a population, with what a later wave can be compared on.

    Parameters
    ----------
    survey : Survey
        The wave.

    Returns
    -------
    pandas.DataFrame
        One row a population and question, in the codebook's order, with the columns `COLUMNS`. ``shares`` counts the
        figures whose change can be tested, ``others`` those in words, without a number or without a base;
        ``least`` and ``most`` are the changes (0-1) from which one shows in them (see `find_least_changes`).
    """
    rows = []
    sources = survey.asked.set_index(["population", "question_id"])["wording_source"]
    whole = survey.estimates[survey.estimates["domain"] == ""]
    known = whole[[is_testable(figure) for figure in whole.itertuples()]]
    least = pd.Series(find_least_changes(known, survey.confidence), index=known.index)
    for question, title in survey.codebook.questions["title"].items():
        for population in populations_asked(survey, str(question)):
            mine = whole[(whole["population"] == population) & (whole["question_id"] == question)]
            shares = least[least.index.isin(mine.index)]
            counts = len(shares), len(mine) - len(shares)
            ends = shares.min(), shares.max()
            source = sources[population, question]
            rows.append([population, question, title, source, *counts, *ends, tuple(mine["figure_id"])])
    return pd.DataFrame(rows, columns=COLUMNS)


def find_least_changes(figures: pd.DataFrame, confidence: float) -> FloatArray:
    """Return the smallest printed change of each share that shows, up and down, in a later wave that is as precise.

    Parameters
    ----------
    figures : pandas.DataFrame
        Rows of estimates whose change can be tested.
    confidence : float
        The level of the interval (0-1), which has to exclude 0; it isn't adjusted for other changes.

    Returns
    -------
    ndarray
        The changes as shares (0-1); missing where none that is possible shows.
    """
    share, unit = figures["share"].to_numpy(), 10.0 ** -(2 + figures["decimals"].fillna(1).to_numpy(dtype=float))

    def show(steps: NDArray[np.int_]) -> tuple[NDArray[np.bool_], NDArray[np.bool_]]:
        """Return whether changes by so many units show where they are possible, and whether any is."""
        shows, possible = np.full(share.shape, True), np.full(share.shape, False)
        for sign in (1, -1):
            later = share + sign * steps * unit
            inside = (later >= 0) & (later <= 1)
            found = compare_tables(figures, figures, confidence, (np.clip(later, 0, 1), share))
            shows &= ((found["low"] > 0) | (found["high"] < 0)).to_numpy() | ~inside
            possible |= inside
        return shows, possible

    # The further a share is from this one, the surer it shows: halving finds it among any number of decimals.
    most = np.round(1 / unit).astype(int)
    low, high = np.ones_like(most), most.copy()
    while (low < high).any():
        middle, wide = (low + high) // 2, low < high
        shows, _ = show(middle)
        low, high = np.where(wide & ~shows, middle + 1, low), np.where(wide & shows, middle, high)
    return np.where((low < most) & show(low)[1], low * unit, np.nan)
