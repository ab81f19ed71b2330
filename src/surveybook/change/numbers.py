"""How means of numbers moved between two waves, with what sampling can have done to them."""

from functools import lru_cache

import numpy as np
import pandas as pd

from surveybook.change.changes import compare_waves
from surveybook.change.comparability import NOT_COMPARABLE
from surveybook.model.survey import Survey
from surveybook.stats.normal import adjust_p_values, standardise, two_sided_p

KEY = ["population", "domain", "question_id", "item_id"]
PARTS = ["value", "standard_error", "degrees_of_freedom"]


@lru_cache(maxsize=8)
def compare_means(survey: Survey, baseline: Survey) -> pd.DataFrame:
    """Return how the means that two waves give of the same numbers changed; worked out once.

    Parameters
    ----------
    survey, baseline : Survey
        The wave, and the earlier one.

    Returns
    -------
    pandas.DataFrame
        One row a mean of a question and group that may be compared, by the columns `KEY`: ``value`` and
        ``baseline_value`` in their unit, ``change``, its ``standard_error`` and interval ``low`` to ``high`` at the
        wave's confidence, ``p_value``, and ``p_holm`` adjusted (Holm 1979) over the items of a question in a group.
        ``shown`` says that sampling doesn't explain the change. Numbers are NaN where a wave has no standard error;
        ``reason`` is the question's, with ``comparability``.

    Notes
    -----
    The waves are independent samples. Degrees of freedom are those of Welch (1947) and Satterthwaite (1946).
    """
    changes = compare_waves(survey, baseline)
    allowed = changes.questions[changes.questions["status"] != NOT_COMPARABLE]
    allowed = allowed.rename(columns={"status": "comparability"})
    groups = changes.groups.loc[changes.groups["status"] == NOT_COMPARABLE, ["population", "domain"]]
    left_out = pd.MultiIndex.from_frame(groups)
    now, then = (
        wave.numbers[(wave.numbers["statistic"] == "mean") & (wave.numbers["status"] == "number")][[*KEY, *PARTS]]
        for wave in (survey, baseline)
    )
    both = now.merge(then, on=KEY, suffixes=("", "_before"))
    both = both.merge(
        allowed[["population", "question_id", "comparability", "reason"]], on=["population", "question_id"]
    )
    both = both[~pd.MultiIndex.from_frame(both[["population", "domain"]]).isin(left_out)].reset_index(drop=True)
    change = both["value"] - both["value_before"]
    variances = both["standard_error"] ** 2, both["standard_error_before"] ** 2
    degrees = [both[f"degrees_of_freedom{end}"].fillna(np.inf) for end in ("", "_before")]
    variance = variances[0] + variances[1]
    spent = sum(own**2 / degree for own, degree in zip(variances, degrees, strict=True))
    freedom = np.where(spent > 0, variance**2 / np.where(spent > 0, spent, 1.0), np.inf)
    p_values = two_sided_p(standardise(change, variance), freedom)
    adjusted = adjust_p_values(p_values, list(both.groupby(KEY[:3]).ngroup()))
    from scipy.special import stdtrit  # here, because a wave without numbers needn't wait for it

    margin = stdtrit(freedom, (1 + survey.confidence) / 2) * np.sqrt(variance)
    return both[[*KEY, "value", "comparability", "reason"]].assign(
        baseline_value=both["value_before"],
        change=change,
        standard_error=np.sqrt(variance),
        low=change - margin,
        high=change + margin,
        p_value=p_values,
        p_holm=adjusted,
        shown=adjusted < 1 - survey.confidence,
    )
