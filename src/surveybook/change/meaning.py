"""What a change means, in words chosen from its interval and its adjusted p-value."""

from typing import Any

import pandas as pd

from surveybook.change.comparability import CAUTION
from surveybook.model.wording import count, decimals_of_points, points, points_and_interval, sentence

BY_CHANCE = "what there is could be sampling error"


def size_of(row: Any) -> str:
    """Return the size of a change with its interval, in points: '6 points (2 to 10)'."""
    return points_and_interval(row["change"], row["low"], row["high"])


def change_words(row: Any) -> str:
    """Return what happened to a figure, as a verb with its size; only where sampling doesn't explain it."""
    return f"{'rose' if row['change'] > 0 else 'fell'} by {size_of(row)}"


def moved_alone(row: Any) -> bool:
    """Return whether a change's own interval excludes 0, so that what it means begins with its verb."""
    return bool(row["low"] > 0 or row["high"] < 0)


def meaning(row: Any) -> str:
    """Return what a change means, as a sentence.

    Parameters
    ----------
    row : pandas.Series
        A row of `compare_waves`.

    Returns
    -------
    str
        Rose or fell by more than sampling explains; moved by what one of so many tests shows by chance; no
        change shown, with what the interval still allows; or why there is no test. Caution comes last.
    """
    return f"{sentence(_meaning(row))}.{caution(row)}"


def caution(row: Any) -> str:
    """Return the caution that a comparison calls for, with a space before it; nothing where it calls for none."""
    return f" With caution: {row['reason']}." if row["comparability"] == CAUTION else ""


def _meaning(row: Any) -> str:
    if row["untested"]:
        return f"not tested: {row['untested']}"
    if row["shown"]:
        rounding = "" if row["survives_rounding"] else ", though rounding of the printed percentages could undo that"
        return f"{change_words(row)}, more than sampling explains{rounding}"
    if moved_alone(row):
        many = count(int(row["tests"]))
        return f"{change_words(row)} taken alone; among {many} changes tested together chance can do that"
    return f"no change shows: {allowed(row)}"


def allowed(row: Any) -> str:
    """Return what the interval of a change that isn't shown still allows."""
    fall, rise = max(0.0, -row["low"]), max(0.0, row["high"])
    if pd.isna(fall + rise):
        return BY_CHANCE
    decimals = decimals_of_points(fall, rise)
    return f"sampling allows anything from a fall of {points(fall, decimals)} to a rise of {points(rise, decimals)}"
