"""Counts of verdicts, for the one-glance table and chart."""

import pandas as pd

from surveybook.claims.judgement import VERDICTS
from surveybook.claims.reading import CHAPTERS


def count_verdicts(judged: pd.DataFrame) -> pd.DataFrame:
    """Return how many claims of each chapter got each verdict.

    Parameters
    ----------
    judged : pandas.DataFrame
        From `judge`.

    Returns
    -------
    pandas.DataFrame
        Chapters of the report, in its order, by verdict from supported to not checkable; whole numbers, 0
        where there is none. Chapters without claims among those judged are left out.
    """
    table = pd.crosstab(judged["chapter"], judged["verdict"])
    chapters = [chapter for chapter in CHAPTERS if chapter in table.index]
    return table.reindex(index=chapters, columns=list(VERDICTS), fill_value=0).rename_axis(columns="verdict")
