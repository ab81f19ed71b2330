"""A comparison of waves as one flat table: what can be compared with its change, what can't with the reason."""

from collections.abc import Sequence
from itertools import pairwise

import pandas as pd

from surveybook.change.changes import compare_waves
from surveybook.change.comparability import NOT_COMPARABLE, compare_questions
from surveybook.change.meaning import meaning
from surveybook.model.problems import SurveybookError
from surveybook.model.survey import Survey
from surveybook.model.wording import sentence

COLUMNS = [
    "baseline",
    "wave",
    "population",
    "domain",
    "question_id",
    "item_id",
    "response",
    "question",
    "label",
    "baseline_percent",
    "percent",
    "change_points",
    "low",
    "high",
    "p_value",
    "p_holm",
    "shown",
    "comparability",
    "reason",
    "meaning",
    "baseline_decimals",
    "decimals",
]


def pairs_of(waves: Sequence[Survey]) -> list[tuple[Survey, Survey]]:
    """Return each wave with the one before it, as they were named: the earlier one first.

    Raises
    ------
    SurveybookError
        When there are fewer than two, or one stands twice.
    """
    names = [wave.wave for wave in waves]
    if len(waves) < 2 or len(set(names)) < len(names):
        raise SurveybookError(f"A comparison needs two waves or more, each named once; named are {', '.join(names)}.")
    return list(pairwise(waves))


def comparison_table(survey: Survey, baseline: Survey) -> pd.DataFrame:
    """Return all that two waves have in common, and what they don't, a row each.

    Parameters
    ----------
    survey, baseline : Survey
        The wave, and the earlier one.

    Returns
    -------
    pandas.DataFrame
        With the columns `COLUMNS`: per cent and percentage points, p-values from 0 to 1. A question that isn't
        comparable has one row without item and numbers, whose ``meaning`` is the reason. ``decimals`` are those that
        a share is known with.
    """
    titles = survey.codebook.questions["title"]
    ends = {"baseline": baseline.wave, "wave": survey.wave}
    changes = compare_waves(survey, baseline)
    rows = [
        {
            **ends,
            **{name: row[name] for name in ("population", "domain", "question_id", "item_id", "response", "label")},
            "question": titles[row["question_id"]],
            "baseline_percent": 100 * row["baseline_share"],
            "percent": 100 * row["share"],
            "change_points": 100 * row["change"],
            "low": 100 * row["low"],
            "high": 100 * row["high"],
            "p_value": row["p_value"],
            "p_holm": row["p_holm"],
            **{name: row[name] for name in ("shown", "comparability", "reason", "baseline_decimals", "decimals")},
            "meaning": meaning(row),
        }
        for _, row in changes.iterrows()
    ]
    questions = compare_questions(survey, baseline)
    for row in questions[questions["status"] == NOT_COMPARABLE].itertuples():
        named = {"population": row.population, "question_id": row.question_id, "question": row.title}
        verdict = {"comparability": row.status, "reason": row.reason, "meaning": f"{sentence(row.reason)}."}
        rows.append({**ends, **named, **verdict})
    table = pd.DataFrame(rows, columns=COLUMNS)
    texts = ["domain", "item_id", "response", "label"]
    return table.assign(**{name: table[name].fillna("") for name in texts})
