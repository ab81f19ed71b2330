"""What a wave holds ready for one that comes after it: its questions, and from where a change in its shares shows."""

from bisect import bisect_left
from typing import Any

import pandas as pd

from surveybook.change.changes import printed_decimals
from surveybook.model.survey import Survey
from surveybook.stats.comparison import independent_test, is_estimated

COLUMNS = ["population", "question_id", "title", "wording_source", "shares", "others", "least", "most", "figures"]


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
        ``least`` and ``most`` are the changes (0-1) from which one shows in them (see `least_change`).
    """
    rows = []
    asked = survey.asked[survey.asked["source"] != "not_asked"].set_index(["population", "question_id"])
    whole = survey.estimates[survey.estimates["domain"] == ""]
    for question, title in survey.codebook.questions["title"].items():
        for population in survey.codebook.populations.index:
            if (population, question) not in asked.index:
                continue
            figures = whole[(whole["population"] == population) & (whole["question_id"] == question)]
            known = [figure for figure in figures.itertuples() if is_testable(figure)]
            least = pd.Series([least_change(figure, survey.confidence) for figure in known], dtype=float)
            source = asked.loc[(population, question), "wording_source"]
            others = len(figures) - len(known)
            ends = (least.min(), least.max())
            rows.append([population, question, title, source, len(known), others, *ends, tuple(figures["figure_id"])])
    return pd.DataFrame(rows, columns=COLUMNS)


def is_testable(figure: Any) -> bool:
    """Return whether a change of a figure can be tested: it is a number, and its precision is known."""
    precision = figure.standard_error if is_estimated(figure) else figure.effective_base
    return bool(figure.status == "number" and pd.notna(figure.share) and pd.notna(precision))


def least_change(figure: Any, confidence: float) -> float:
    """Return the smallest printed change of a share that shows, up and down, in a later wave that is as precise.

    Parameters
    ----------
    figure : named tuple or pandas.Series
        A row of estimates that `is_testable`.
    confidence : float
        The level of the interval (0-1), which has to exclude 0; it isn't adjusted for other changes.

    Returns
    -------
    float
        The change as a share (0-1); missing where none that is possible shows.
    """
    test, unit = independent_test(figure, figure, confidence), 10 ** -(2 + printed_decimals(figure))
    most = round(1 / unit)

    def tried(steps: int) -> list[Any]:
        later = [figure.share + sign * steps * unit for sign in (1, -1)]
        return [test(share, figure.share) for share in later if 0 <= share <= 1]

    def shows(steps: int) -> bool:
        return all(one.low > 0 or one.high < 0 for one in tried(steps))

    # The further a share is from this one, the surer it shows: halving finds it among any number of decimals.
    steps = bisect_left(range(most), True, lo=1, key=shows)
    return steps * unit if steps < most and tried(steps) else float("nan")
