"""What a change means, in words chosen from its interval and its adjusted p-value; all changes as one flat table."""

from typing import Any

import pandas as pd

from surveybook.change.changes import Changes
from surveybook.change.comparability import CAUTION, NOT_COMPARABLE
from surveybook.model.wording import HALF_A_TENTH, count, decimals_of_points, points, points_and_interval, sentence
from surveybook.stats.comparison import EXACT

BY_CHANCE = "what there is could be sampling error"
# What is added to a change that is shown, unless both waves asked everybody.
BEYOND_CHANCE = {False: " that sampling does not explain", True: ""}
NAMES = ["baseline", "wave", "population", "domain", "question_id", "item_id", "response", "question", "label"]
PERCENT = {
    "baseline_percent": "baseline_share",
    "percent": "share",
    "change_points": "change",
    "low": "low",
    "high": "high",
}
REST = ["p_value", "p_holm", "shown", "comparability", "reason", "headline", "meaning", "baseline_decimals", "decimals"]


def _describe_plain_move(row: Any) -> str:
    """Return how far two shares are apart, as a clause that something follows; empty where one isn't known."""
    if pd.isna(row["change"]):
        return ""
    if abs(row["change"]) < HALF_A_TENTH:
        return "the same as before, "
    return f"{points(row['change'])} {'more' if row['change'] > 0 else 'less'} than before, "


def is_exact(rows: pd.DataFrame) -> bool:
    """Return whether all of some changes are between waves that asked everybody: sampling has no part in them."""
    return bool((rows["method"] == EXACT).all())


def explain_change(row: Any) -> str:
    """Return what a change means, as a sentence.

    Parameters
    ----------
    row : mapping
        A row of ``Changes.figures``.

    Returns
    -------
    str
        Rose or fell by more than sampling explains; moved by what one of so many tests shows by chance; no change
        shown, with what the interval still allows; or why there is no test. Caution comes last.
    """
    size = points_and_interval(row["change"], row["low"], row["high"])
    move = f"{'rose' if row['change'] > 0 else 'fell'} by {size}"
    if row["untested"]:
        text = f"{_describe_plain_move(row)}not tested: {row['untested']}"
    elif row["method"] == EXACT:
        text = f"{_describe_plain_move(row)}exact, for both surveys asked everybody"
        text += ", and less than is called a change here" if row["small"] else ""
    elif row["shown"]:
        text = move
    elif row["small"]:
        text = f"{move}, less than is called a change here"
    elif row["low"] > 0 or row["high"] < 0:
        many = count(int(row["tests"]))
        text = f"{move} taken alone; among {many} changes tested together chance can do that"
    else:
        text = f"no clear change: {_describe_limits(row)}"
    return f"{sentence(text)}.{describe_caution(row)}"


def describe_caution(row: Any) -> str:
    """Return the caution that a comparison calls for, with a space before it; nothing where it calls for none."""
    return f" With caution: {row['reason']}." if row["comparability"] == CAUTION else ""


def _describe_limits(row: Any) -> str:
    """Return what the interval of a change that isn't shown still allows."""
    fall, rise = max(0.0, -row["low"]), max(0.0, row["high"])
    if pd.isna(fall + rise):
        return BY_CHANCE
    decimals = decimals_of_points(fall, rise)
    return f"sampling allows anything from a fall of {points(fall, decimals)} to a rise of {points(rise, decimals)}"


def comparison_table(changes: Changes) -> pd.DataFrame:
    """Return all that two waves have in common, and what they don't, a row each.

    Parameters
    ----------
    changes : Changes
        Of the two waves.

    Returns
    -------
    pandas.DataFrame
        With the columns `NAMES`, those of `PERCENT` (per cent and percentage points) and `REST`; p-values run from 0
        to 1. A question that isn't comparable has one row without item and numbers, whose ``meaning`` is the reason.
        ``decimals`` are those that a share is known with.
    """
    rows = changes.figures
    titles = changes.survey.codebook.questions["title"]
    compared = rows.assign(
        question=rows["question_id"].map(titles),
        meaning=[explain_change(row) for row in rows.to_dict("records")],
        **{name: 100 * rows[column] for name, column in PERCENT.items()},
    )
    apart = changes.questions[changes.questions["status"] == NOT_COMPARABLE]
    apart = apart.rename(columns={"title": "question", "status": "comparability"})
    apart = apart.assign(meaning=[f"{sentence(reason)}." for reason in apart["reason"]])
    table = pd.concat([compared, apart], ignore_index=True).reindex(columns=[*NAMES, *PERCENT, *REST])
    texts = ["domain", "item_id", "response", "label"]
    return table.assign(
        baseline=changes.baseline.wave, wave=changes.survey.wave, **{name: table[name].fillna("") for name in texts}
    )
