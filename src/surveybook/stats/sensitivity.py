"""How much less precise a sample could have been before a finding is lost."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from statistics import NormalDist

import numpy as np
from numpy.typing import ArrayLike

from surveybook.stats.differences import Difference, newcombe
from surveybook.stats.multiplicity import family_members
from surveybook.stats.normal import FloatArray, as_bases, as_shares, critical_value

_LARGEST_EFFECT = 1e9


def design_effect_at_which_lost(margin: Callable[[float], float]) -> float:
    """
    Return the smallest design effect of 1 or more at which a finding is lost.

    Parameters
    ----------
    margin : callable
        Takes a design effect by which all effective bases are divided and returns how far the interval stays
        clear of what would undo the finding; the finding is lost where it is 0 or less.

    Returns
    -------
    float
        The design effect, beyond any that the effective bases already allow for. NaN where there is no
        finding at a design effect of 1, or no figure; infinity where no design effect undoes it.

    Notes
    -----
    Brent's (1973) root finder. Assumes that the margin falls as the design effect grows, as those of all
    intervals here do, and one design effect for all shares of the finding (Kish 1965).
    """
    start = margin(1.0)
    if not start > 0:
        return float("nan")
    upper = 2.0
    while margin(upper) > 0:
        upper *= 2
        if upper > _LARGEST_EFFECT:
            return float("inf")
    # Here and not above, because it would add 0.2 seconds to the start of each chapter's kernel.
    from scipy.optimize import brentq

    return float(brentq(margin, 1.0, upper, xtol=1e-10))


def lost_between_independent(
    share_1: float, base_1: float, share_2: float, base_2: float, confidence: float = 0.95
) -> float:
    """
    Return the design effect at which Newcombe's interval for two independent shares would reach 0.

    Parameters
    ----------
    share_1, share_2 : float
        Shares from 0 to 1; NaN where unpublished.
    base_1, base_2 : float
        Effective bases; NaN where unknown.
    confidence : float, default 0.95
        Confidence level between 0 and 1.

    Returns
    -------
    float
        As `design_effect_at_which_lost`.

    Raises
    ------
    ValueError
        If a share, base or confidence is out of range.

    Notes
    -----
    Newcombe (1998), method 10, on both bases divided by the same design effect (Kish 1965).
    """
    if share_1 < share_2:
        share_1, base_1, share_2, base_2 = share_2, base_2, share_1, base_1

    def margin(effect: float) -> float:
        return float(newcombe(share_1, base_1 / effect, share_2, base_2 / effect, confidence)[0])

    return design_effect_at_which_lost(margin)


def lost_between_answers(difference: Difference, confidence: float = 0.95) -> float:
    """
    Return the design effect at which the interval for two answers of the same people would reach 0.

    Parameters
    ----------
    difference : Difference
        From `compare_choices`, `compare_statements` or `compare_exclusive`.
    confidence : float, default 0.95
        Confidence level between 0 and 1.

    Returns
    -------
    float
        As `design_effect_at_which_lost`, at the least favourable overlap; infinity where the variance is 0
        and the difference isn't.

    Raises
    ------
    ValueError
        If the confidence is out of range.

    Notes
    -----
    A Wald interval is as wide as the square root of the design effect (Kish 1965), so this is
    ``(difference / (critical value × standard error))**2``.
    """
    critical = critical_value(confidence)
    if np.isnan(difference.difference) or np.isnan(difference.standard_error) or difference.difference == 0:
        return float("nan")
    if difference.standard_error == 0:
        return float("inf")
    effect = (difference.difference / (critical * difference.standard_error)) ** 2
    return float(effect) if effect > 1 else float("nan")


def lost_against_fraction(share: float, base: float, fraction: float, confidence: float = 0.95) -> float:
    """
    Return the design effect at which Wilson's interval for a share would reach a fraction.

    Parameters
    ----------
    share : float
        Share from 0 to 1; NaN where unpublished.
    base : float
        Effective base; NaN where unknown.
    fraction : float
        What the share is said to be above or below, strictly between 0 and 1.
    confidence : float, default 0.95
        Confidence level between 0 and 1.

    Returns
    -------
    float
        As `design_effect_at_which_lost`.

    Raises
    ------
    ValueError
        If the share, base, fraction or confidence is out of range.

    Notes
    -----
    Wilson's (1927) interval is the set of fractions that a score test doesn't reject, so the limit is at the
    fraction for a base of ``z**2 fraction (1 - fraction) / (share - fraction)**2``.
    """
    if not 0 < fraction < 1:
        raise ValueError(f"The fraction is {fraction:g}: it has to lie between 0 and 1.")
    distance = float(as_shares(share)) - fraction
    variance = critical_value(confidence) ** 2 * fraction * (1 - fraction)
    effect = float(as_bases(base)) * distance**2 / variance
    return effect if effect > 1 else float("nan")


def lost_after_holm(
    statistic: ArrayLike, families: Sequence[object] | None = None, confidence: float = 0.95
) -> FloatArray:
    """
    Return for each test of a family the design effect at which Holm's method would no longer reject.

    Parameters
    ----------
    statistic : array_like
        One-dimensional standard normal statistics; NaN where no test was possible.
    families : sequence, optional
        The family of each test; one family without it.
    confidence : float, default 0.95
        One minus the chance of any false finding in a family.

    Returns
    -------
    ndarray
        Design effects as in `design_effect_at_which_lost`, in the order given: NaN where the difference isn't
        secure to begin with, infinity where no design effect undoes it.

    Raises
    ------
    ValueError
        If the confidence is out of range, or there are not as many families as statistics.

    Notes
    -----
    All statistics of a family are divided by the square root of one design effect (Kish 1965), which keeps
    their order. Holm (1979) rejects a hypothesis as long as this one and all before it pass their own step,
    so that it is lost at the smallest of the squared ratios of statistic to critical value up to it.
    """
    critical_value(confidence)  # refuses a level that isn't one
    sizes = np.abs(np.asarray(statistic, dtype=float))
    effects = np.full(sizes.shape, np.nan)
    for members in family_members(sizes, families):
        order = members[np.argsort(-sizes[members], kind="stable")]
        steps = range(len(order), 0, -1)
        critical = np.array([NormalDist().inv_cdf(1 - (1 - confidence) / (2 * step)) for step in steps])
        effects[order] = np.minimum.accumulate((sizes[order] / critical) ** 2)
    return np.where(effects > 1, effects, np.nan)
