"""Differences between estimates that come with standard errors of their own."""

from __future__ import annotations

import math
from dataclasses import dataclass
from statistics import NormalDist

import numpy as np

from surveybook.stats.differences import Difference
from surveybook.stats.normal import two_sided_p


@dataclass(frozen=True)
class Estimate:
    """
    One estimated share, with what its design says of its precision.

    Attributes
    ----------
    share : float
        From 0 to 1; NaN where unpublished.
    standard_error : float
        On the scale of shares; 0 for a census, NaN where unknown.
    degrees_of_freedom : float
        Of the standard error; NaN or infinity for the normal distribution.
    """

    share: float
    standard_error: float
    degrees_of_freedom: float = float("inf")


def compare_estimates(
    first: Estimate, second: Estimate, covariance: float | None = None, confidence: float = 0.95
) -> Difference:
    """
    Return the difference between two estimates whose standard errors and covariance are known.

    Parameters
    ----------
    first, second : Estimate
        The shares.
    covariance : float, optional
        Covariance of the two estimates; without it they are independent.
    confidence : float, default 0.95
        Confidence level between 0 and 1.

    Returns
    -------
    Difference
        First minus second, with the Wald interval and test; ``holds`` is "every" or "no" for dependent
        estimates, whose overlap needs no bounds. All NaN where a figure is missing.

    Raises
    ------
    ValueError
        If the confidence isn't between 0 and 1, or the covariance is larger than the two variances allow.

    Notes
    -----
    The variance of a difference of estimates: ``Var(a) + Var(b) - 2 Cov(a, b)``, as R's ``survey::svycontrast``
    has it. Student's t is used with the degrees of freedom of Welch and Satterthwaite for independent estimates
    and with the smaller of the two for dependent ones, which come from one design.
    """
    if not 0 < confidence < 1:
        raise ValueError(f"The confidence level is {confidence}: it has to lie between 0 and 1, such as 0.95.")
    variances = first.standard_error**2, second.standard_error**2
    variance = sum(variances) - 2 * (covariance or 0.0)
    if variance < -1e-9 * max(sum(variances), 1e-12):
        raise ValueError(
            f"A covariance of {covariance:g} is too large for standard errors of {first.standard_error:g} and "
            f"{second.standard_error:g}."
        )
    dependent = covariance is not None
    freedom = _freedom(variances, (first.degrees_of_freedom, second.degrees_of_freedom), dependent=dependent)
    difference, error = first.share - second.share, math.sqrt(variance if not variance < 0 else 0.0)
    if math.isnan(difference + error):
        return Difference(*(math.nan,) * 5, method="not tested")
    margin = t_quantile((1 + confidence) / 2, freedom) * error
    low, high = float(np.clip(difference - margin, -1, None)), float(np.clip(difference + margin, None, 1))
    p_value = t_two_sided(_ratio(difference, error), freedom)
    return Difference(
        difference=difference,
        standard_error=error,
        low=low,
        high=high,
        p_value=p_value,
        method="Wald interval, dependent estimates" if dependent else "Wald interval, independent estimates",
        holds="n/a" if not dependent else "every" if low > 0 or high < 0 else "no",
    )


def t_quantile(probability: float, degrees_of_freedom: float) -> float:
    """
    Return a quantile of Student's t distribution.

    Parameters
    ----------
    probability : float
        Between 0 and 1.
    degrees_of_freedom : float
        More than 0; NaN and infinity stand for the normal distribution.

    Returns
    -------
    float
        The quantile.
    """
    if not math.isfinite(degrees_of_freedom):
        return NormalDist().inv_cdf(probability)
    from scipy.special import stdtrit  # slow to import, and published waves don't need it

    return float(stdtrit(degrees_of_freedom, probability))


def t_two_sided(statistic: float, degrees_of_freedom: float) -> float:
    """
    Return the two-sided p-value of a t statistic.

    Parameters
    ----------
    statistic : float
        It may be infinite.
    degrees_of_freedom : float
        More than 0; NaN and infinity stand for the normal distribution.

    Returns
    -------
    float
        From 0 to 1.
    """
    if not math.isfinite(degrees_of_freedom) or not math.isfinite(statistic):
        return float(two_sided_p(statistic))
    from scipy.special import stdtr  # slow to import, and published waves don't need it

    return float(2 * stdtr(degrees_of_freedom, -abs(statistic)))


def _ratio(difference: float, error: float) -> float:
    """Return a difference divided by its standard error; without error any difference is certain."""
    if error > 0:
        return difference / error
    return 0.0 if difference == 0 else math.copysign(math.inf, difference)


def _freedom(variances: tuple[float, float], freedoms: tuple[float, float], *, dependent: bool) -> float:
    """Return the degrees of freedom of a difference; infinity where both are those of the normal distribution."""
    known = [math.inf if math.isnan(freedom) else freedom for freedom in freedoms]
    if dependent:
        return min(known)
    spread = sum(variance**2 / freedom for variance, freedom in zip(variances, known, strict=True))
    return sum(variances) ** 2 / spread if spread > 0 else math.inf
