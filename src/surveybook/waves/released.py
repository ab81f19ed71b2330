"""Figures that were estimated from respondents: their own standard errors and limits, at any level."""

from pathlib import Path

import numpy as np
import pandas as pd

from surveybook.model import paths
from surveybook.model.codebook import Codebook
from surveybook.model.problems import Problem
from surveybook.model.tables import check_table, read_schemas

# The level of the limits in a released file.
RELEASED_CONFIDENCE = 0.95
OWN = ["standard_error", "low", "high", "weighted_base", "degrees_of_freedom", "method"]


def covariance_table(
    covariances: pd.DataFrame, figures: pd.DataFrame, path: Path, codebook: Codebook, problems: list[Problem]
) -> pd.DataFrame:
    """Return covariances as numbers, after checking that each is of two figures of the wave.

    Parameters
    ----------
    covariances, figures : pandas.DataFrame
        As text.
    path : Path
        The file that they are from, for problems.
    codebook : Codebook
        Which item is of which question.
    problems : list of Problem
        Everything that is wrong is added to it.
    """
    name = paths.shown(path)
    own = figures[figures["standard_error"].notna() & (figures["status"] == "number")]
    errors = {
        (row.population, row.domain, row.item_id, row.response): row.standard_error
        for row in own[["population", "domain", "item_id", "response", "standard_error"]].itertuples()
    }
    checked = check_table(covariances, read_schemas()["covariances"], name, problems)
    for row in checked.itertuples():
        pair = [
            errors.get((row.population, row.domain, item, response))
            for item, response in ((row.item_a, row.response_a), (row.item_b, row.response_b))
        ]
        if pair[0] is None or pair[1] is None:
            found = "a figure of this pair isn't among the estimates"
            problems.append(Problem(name, found, "release the wave again", row.Index, "item_a"))
        elif abs(row.covariance) > pair[0] * pair[1] * (1 + 1e-6) + 1e-12:
            found = "the covariance is larger than the two standard errors allow"
            problems.append(Problem(name, found, "release the wave again", row.Index, "covariance"))
        elif codebook.items["question_id"].get(row.item_a) != row.question_id:
            found = f"'{row.item_a}' is no item of '{row.question_id}'"
            problems.append(Problem(name, found, "release the wave again", row.Index, "question_id"))
    return checked.reset_index(drop=True)


def with_released(estimates: pd.DataFrame, figures: pd.DataFrame, confidence: float) -> pd.DataFrame:
    """Return estimates in which those from respondents have the precision that their design gave them.

    Parameters
    ----------
    estimates : pandas.DataFrame
        One row a figure, with the intervals that a published percentage would have.
    figures : pandas.DataFrame
        The same rows, with the released columns as numbers.
    confidence : float
        The level of the intervals.
    """
    own = figures["standard_error"].notna().to_numpy()
    if not own.any():
        return estimates
    changed = estimates.copy()
    for column in OWN:
        values = figures[column].to_numpy()
        changed[column] = np.where(own, values, changed[column].to_numpy())
    changed[OWN[:-1]] = changed[OWN[:-1]].astype(float)
    if abs(confidence - RELEASED_CONFIDENCE) > 1e-12:
        low, high = limits_at(changed[own], confidence)
        changed.loc[own, "low"], changed.loc[own, "high"] = low, high
    return changed


def limits_at(rows: pd.DataFrame, confidence: float) -> tuple[np.ndarray, np.ndarray]:
    """Return the limits of estimated shares at a level, by the method that each row names."""
    from surveybook.respondents.estimation.limits import korn_graubard_limits, logit_limits

    share, error, base = (rows[column].to_numpy(dtype=float) for column in ("share", "standard_error", "base"))
    degrees = rows["degrees_of_freedom"].fillna(np.inf).to_numpy(dtype=float)
    effective = rows["effective_base"].to_numpy(dtype=float)
    with np.errstate(divide="ignore", invalid="ignore"):
        binomial = np.where(error > 0, share * (1 - share) / error**2, effective)
        logit = logit_limits(share, error, degrees, confidence)
        exact = korn_graubard_limits(share, binomial, base, degrees, confidence)
    method = rows["method"].astype(str)
    census, plain = method.str.startswith("census").to_numpy(), method.str.startswith("logit").to_numpy()
    low, high = (
        np.where(census, share, np.where(plain, inner, outer)) for inner, outer in zip(logit, exact, strict=True)
    )
    return low, high
