"""Whether percentages of one question can add up."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from surveybook.stats.rounding import half_unit


@dataclass(frozen=True)
class ChoicesCheck:
    """
    How the sum of a question's percentages compares with the choices that people had.

    Attributes
    ----------
    total : float
        Sum of the percentages as printed.
    least : float
        The smallest sum that prints the same: half a printed unit less each, none below 0.
    allowed : float
        100 times the number of choices.
    """

    total: float
    least: float
    allowed: float

    @property
    def impossible(self) -> bool:
        """Whether no rounding explains the sum."""
        return self.least > self.allowed + 1e-9

    @property
    def doubtful(self) -> bool:
        """Whether the sum is too large as printed, and rounding could explain it."""
        return not self.impossible and self.total > self.allowed + 1e-9


def choices_exceed(percentages: ArrayLike, decimals: ArrayLike, max_choices: float) -> ChoicesCheck:
    """
    Return whether the percentages of one question add up to more than the choices allow.

    Parameters
    ----------
    percentages : array_like
        Printed percentages from 0 to 100 of all items of one question in one population; NaN where
        unpublished.
    decimals : array_like
        Printed decimals, one for all or one each.
    max_choices : float
        How many items a respondent could choose, at least 1.

    Returns
    -------
    ChoicesCheck
        ``impossible`` is an error in the data, ``doubtful`` deserves a warning.

    Raises
    ------
    ValueError
        If fewer than one choice is allowed.

    Notes
    -----
    Arithmetic: each respondent adds at most ``max_choices`` to the sum of the counts.
    """
    if not max_choices >= 1:
        raise ValueError(f"The number of choices is {max_choices:g}: it has to be 1 or more.")
    values = np.asarray(percentages, dtype=float)
    least = np.clip(values - 100 * half_unit(decimals), 0.0, None)
    return ChoicesCheck(float(np.nansum(values)), float(np.nansum(least)), 100.0 * max_choices)
