"""Published shares: their intervals, what they owe to rounding, the difference between two, and many tests."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from itertools import product
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike, NDArray

FloatArray = NDArray[np.float64]
METHOD = "Wilson"
# Two different printed values may meet at the half unit between them and can't cross, whatever the rule for
# halves, so corners are taken a hair inside: otherwise no order of neighbouring percentages would survive.
_HAIR = 1e-9


def wilson(share: ArrayLike, effective_base: ArrayLike, confidence: float = 0.95) -> tuple[FloatArray, FloatArray]:
    """
    Return Wilson's score interval for a share.

    Parameters
    ----------
    share : array_like
        Shares from 0 to 1; NaN where unpublished.
    effective_base : array_like
        Bases divided by their design effects; they needn't be whole numbers. NaN where unknown.
    confidence : float, default 0.95
        Confidence level between 0 and 1.

    Returns
    -------
    low, high : ndarray
        The limits as shares from 0 to 1, in the shape that the inputs broadcast to; NaN where there is no share or no
        base.

    Notes
    -----
    Wilson (1927), "Probable inference, the law of succession, and statistical inference", by statsmodels. The sample
    is treated as simple random with the effective base.
    """
    from statsmodels.stats.proportion import proportion_confint  # see the package's docstring

    shares, bases = np.broadcast_arrays(*(np.asarray(one, dtype=float) for one in (share, effective_base)))
    low, high = proportion_confint(shares * bases, np.array(bases), alpha=1 - confidence, method="wilson")
    # In floating point the limits at shares of 0 and 1 would miss them by a hair.
    return np.asarray(np.minimum(low, shares)), np.asarray(np.maximum(high, shares))


def add_intervals(estimates: pd.DataFrame, confidence: float = 0.95) -> pd.DataFrame:
    """
    Return the estimates with a standard error and a confidence interval for each share.

    Parameters
    ----------
    estimates : DataFrame
        One row a figure, with ``share`` (0 to 1), ``effective_base`` and ``decimals``, those of the printed percentage.
    confidence : float, default 0.95
        Confidence level between 0 and 1.

    Returns
    -------
    DataFrame
        A copy in the same order with ``standard_error`` (as if from a simple random sample of the effective base),
        ``low`` and ``high`` on the scale of shares (NaN where there is no share or no base) and ``method`` ("Wilson",
        or empty where there is no interval).

    Notes
    -----
    A printed share is any of those that print so: the lower limit is Wilson's of the smallest of them, the upper one
    Wilson's of the largest. For true shares from 1 to 99 per cent and bases from 200 to 5,000, printed in whole per
    cents, these limits cover at least .94 and on average .967 to .989; those of the printed share alone would cover
    .905 to .948 on average and at worst none, and no rule between the two holds its level everywhere
    (``benchmarks/rounding.py``).
    """
    shares, bases = (estimates[name].to_numpy(dtype=float, na_value=np.nan) for name in ("share", "effective_base"))
    half = half_unit(estimates["decimals"])
    low, high = (wilson(np.clip(shares + end, 0, 1), bases, confidence)[side] for side, end in enumerate((-half, half)))
    error = np.sqrt(shares * (1 - shares) / bases)
    return estimates.assign(standard_error=error, low=low, high=high, method=np.where(np.isnan(low), "", METHOD))


def half_unit(decimals: ArrayLike) -> FloatArray:
    """
    Return half of the last printed unit of a percentage, on the scale of shares.

    Parameters
    ----------
    decimals : array_like
        Printed decimals of the percentage: 0 for "68", 1 for "68.3"; NaN for a figure that wasn't rounded.

    Returns
    -------
    ndarray
        0.005 for no decimals, 0.0005 for one, 0 where nothing was rounded.
    """
    places = np.asarray(decimals, dtype=float)
    return np.where(np.isnan(places), 0.0, 0.005 * 10.0 ** -np.where(np.isnan(places), 0.0, places))


def survives_rounding(finding: Callable[[FloatArray], bool], shares: ArrayLike, decimals: ArrayLike = 0) -> bool:
    """
    Return whether a finding holds at every set of values that prints the same.

    Parameters
    ----------
    finding : callable
        Takes an array of shares, in the order of ``shares``, and returns whether the finding holds.
    shares : array_like
        The printed shares that it rests on, from 0 to 1, one-dimensional and few: the corners double with each.
    decimals : array_like, default 0
        Printed decimals of the percentages, one for all or one each; NaN for those that weren't rounded.

    Returns
    -------
    bool
        True if it holds at the printed values and at each corner of the box of half a printed unit around them; False
        where a share is NaN.

    Notes
    -----
    Enumeration of the worst case, not a statistical method. The corners decide if the finding is a condition that is
    monotone in each share, or several of them joined by "and": an order, a difference that is significant in one
    direction, a share above a fraction, an interval within limits.
    """
    printed = np.asarray(shares, dtype=float)
    if np.isnan(printed).any() or not finding(printed):
        return False
    return all(finding(np.array(corner)) for corner in product(*zip(*find_ends(printed, decimals), strict=True)))


def find_ends(shares: FloatArray, decimals: ArrayLike) -> tuple[FloatArray, FloatArray]:
    """Return the smallest and the largest share (0-1) that print as each of some do."""
    low, high = np.clip(shares - half_unit(decimals), 0.0, 1.0), np.clip(shares + half_unit(decimals), 0.0, 1.0)
    hair = np.minimum(_HAIR, (high - low) / 4)
    # An end at 0 or 1 is a value that a share can have, so it isn't drawn in.
    return np.where(low > 0, low + hair, 0.0), np.where(high < 1, high - hair, 1.0)


def check_sum(percentages: ArrayLike, decimals: ArrayLike, max_choices: float) -> str:
    """
    Return whether the percentages of one question can add up, given the choices that people had.

    Parameters
    ----------
    percentages : array_like
        Printed percentages from 0 to 100 of all items of one question in one population; NaN where unpublished.
    decimals : array_like
        Printed decimals, one for all or one each.
    max_choices : float
        How many items a respondent could choose, at least 1.

    Returns
    -------
    str
        "impossible" where no rounding explains the sum, "doubtful" where only rounding could, empty where it is right.

    Notes
    -----
    Arithmetic: each respondent adds at most ``max_choices`` to the sum of the counts.
    """
    values = np.asarray(percentages, dtype=float)
    least = np.clip(values - 100 * half_unit(decimals), 0.0, None)
    if np.nansum(least) > 100 * max_choices + 1e-9:
        return "impossible"
    return "doubtful" if np.nansum(values) > 100 * max_choices + 1e-9 else ""


@dataclass(frozen=True)
class Difference:
    """
    The difference between two shares, on the scale of shares (-1 to 1), with its uncertainty.

    Attributes
    ----------
    difference : float
        First share minus second share; NaN where one is unpublished.
    standard_error : float
        Standard error of the difference, at the least favourable overlap where the overlap is unknown.
    low, high : float
        Confidence limits, at the least favourable overlap where the overlap is unknown.
    p_value : float
        Two-sided p-value of no difference, at the least favourable overlap where the overlap is unknown.
    method : str
        Name of the interval and test.
    rounding : float
        How far the rounding of the two shares lets the difference be off, which limits and p-value allow for.
    """

    difference: float
    standard_error: float
    low: float
    high: float
    p_value: float
    method: str
    rounding: float = 0.0

    @property
    def excludes_zero(self) -> bool:
        """Whether the confidence interval excludes 0 (never, where a figure is missing)."""
        return self.low > 0 or self.high < 0


def make_difference(found: Mapping[str, Any]) -> Difference:
    """Return the fields of one difference, each a number or an array of one, as a difference."""
    return Difference(**{name: np.asarray(value).item() for name, value in found.items()})


UNTESTED = Difference(*(float("nan"),) * 5, method="not tested")


def compare_independent(
    share_1: ArrayLike,
    base_1: ArrayLike,
    share_2: ArrayLike,
    base_2: ArrayLike,
    confidence: float = 0.95,
    rounding: FloatArray | float = 0.0,
) -> dict[str, FloatArray]:
    """
    Return the difference between two independent shares, with Newcombe's hybrid score interval and the score test.

    Parameters
    ----------
    share_1, share_2 : array_like
        Shares from 0 to 1; NaN where unpublished.
    base_1, base_2 : array_like
        Effective bases; NaN where unknown.
    confidence : float, default 0.95
        Confidence level between 0 and 1.
    rounding : array_like, default 0
        How far the rounding of printed shares lets the differences be off.

    Returns
    -------
    dict of ndarray
        ``difference``, ``share_1 - share_2``, ``standard_error``, ``low`` and ``high``, from -1 to 1, and ``p_value``,
        two-sided; NaN where a figure is missing. Two shares of 0, or of 1, don't differ: the pooled variance is 0.

    Notes
    -----
    Newcombe (1998), "Interval estimation for the difference between independent proportions: comparison of eleven
    methods", method 10 (no continuity correction); and the score test with the variance pooled under the hypothesis,
    without small-sample correction: the square of its statistic is Pearson's chi-squared. Both are statsmodels'. The
    test asks the same question as the interval by other arithmetic, so that at the margin one may find a difference
    and the other not.
    """
    # See the package's docstring.
    from statsmodels.stats.proportion import confint_proportions_2indep, score_test_proportions_2indep

    first, size_1, second, size_2 = map(
        np.array,  # arrays of their own: statsmodels doesn't take views
        np.broadcast_arrays(*(np.asarray(one, dtype=float) for one in (share_1, base_1, share_2, base_2))),
    )
    counts = first * size_1, size_1, second * size_2, size_2  # they needn't be whole
    low, high = confint_proportions_2indep(*counts, method="newcomb", alpha=1 - confidence)
    with np.errstate(invalid="ignore"):  # 0 divided by 0, where nobody or everybody gave the answer
        statistic, _ = score_test_proportions_2indep(*counts, correction=False, return_results=False)
    statistic = np.where((first == second) & ~np.isnan(size_1 + size_2), 0.0, statistic)
    difference = first - second
    return {
        "difference": difference,
        "standard_error": np.sqrt(first * (1 - first) / size_1 + second * (1 - second) / size_2),
        "low": np.maximum(low - rounding, -1.0),
        "high": np.minimum(high + rounding, 1.0),
        "p_value": two_sided_p(statistic * find_part_left(difference, rounding)),
    }


def wald(
    difference: ArrayLike,
    variance: ArrayLike,
    degrees_of_freedom: ArrayLike = np.inf,
    confidence: float = 0.95,
    rounding: FloatArray | float = 0.0,
    *,
    largest: float = 1.0,
) -> dict[str, FloatArray]:
    """
    Return Wald's interval and test of a difference whose variance is known or estimated.

    Parameters
    ----------
    difference, variance : array_like
        Differences of shares and their variances; NaN where a figure is missing.
    degrees_of_freedom : array_like
        Of the variance; infinity for the normal distribution.
    confidence : float, default 0.95
        Confidence level between 0 and 1.
    rounding : array_like, default 0
        How far the rounding of printed shares lets the differences be off.
    largest : float, default 1
        How large a difference can be: of shares 1, of means infinite.

    Returns
    -------
    dict of ndarray
        ``difference``, ``standard_error``, ``low`` and ``high``, from -1 to 1 or as far as `largest`, and ``p_value``,
        two-sided; NaN where a figure is missing.
    """
    from scipy.special import stdtrit  # here, because a command that works nothing out needn't wait for it

    margin = stdtrit(degrees_of_freedom, (1 + confidence) / 2) * np.sqrt(variance) + rounding
    left = np.multiply(difference, find_part_left(difference, rounding))
    return {
        "difference": np.asarray(difference, dtype=float),
        "standard_error": np.sqrt(variance),
        "low": np.maximum(difference - margin, -largest),
        "high": np.minimum(difference + margin, largest),
        "p_value": two_sided_p(standardise(left, variance), degrees_of_freedom),
    }


def two_sided_p(statistic: ArrayLike, degrees_of_freedom: ArrayLike = np.inf) -> FloatArray:
    """
    Return the two-sided p-values of test statistics, standard normal or of Student's t.

    Parameters
    ----------
    statistic : array_like
        Test statistics of any shape; infinite ones are allowed, NaN stays NaN.
    degrees_of_freedom : array_like
        More than 0; infinity stands for the normal distribution.

    Returns
    -------
    ndarray
        p-values from 0 to 1, in the shape that the two broadcast to.
    """
    from scipy.special import stdtr  # here, because a command that works nothing out needn't wait for it

    return np.asarray(2 * stdtr(degrees_of_freedom, -np.abs(np.asarray(statistic, dtype=float))), dtype=float)


def standardise(difference: ArrayLike, variance: ArrayLike) -> FloatArray:
    """
    Return differences divided by their standard errors, without dividing by a variance of 0.

    Parameters
    ----------
    difference, variance : array_like
        Differences and their variances; NaN where a figure is missing.

    Returns
    -------
    ndarray
        z statistics. Where the variance is 0, a difference of 0 gives 0 and any other is certain: infinite with its
        sign. NaN where either is missing.
    """
    difference, variance = np.asarray(difference, dtype=float), np.asarray(variance, dtype=float)
    certain = np.where(difference == 0, 0.0, np.copysign(np.inf, difference))
    divisor = np.sqrt(np.where(variance > 0, variance, 1.0))
    statistic = np.where(variance > 0, difference / divisor, certain)
    return np.where(np.isnan(difference) | np.isnan(variance), np.nan, statistic)


def adjust_p_values(p_values: ArrayLike, families: Sequence[object] | None = None) -> FloatArray:
    """
    Return p-values adjusted by Holm's step-down method within families of tests.

    Parameters
    ----------
    p_values : array_like
        One-dimensional p-values; NaN (no test was possible) stays NaN and doesn't count.
    families : sequence, optional
        The family of each test, by any hashable label; one family without it.

    Returns
    -------
    ndarray
        Adjusted p-values in the order given, at least as large as the raw ones and at most 1.

    Notes
    -----
    Holm (1979), "A simple sequentially rejective multiple test procedure": it bounds the chance of any false finding
    in the family whatever the dependence between the tests. The values are those of
    ``statsmodels.stats.multitest.multipletests(method="holm")``, which takes one family at a time and collects the
    garbage of the whole process each time: 0.1 seconds a family in a chapter's kernel, and a table of changes has a
    family a question.
    """
    values = np.asarray(p_values, dtype=float)
    # An index of labels, so that a tuple counts as one label and not as two columns.
    labels = pd.Index([0] * len(values) if families is None else list(families), tupleize_cols=False)
    codes, adjusted = pd.factorize(labels)[0], np.full(values.shape, np.nan)
    for family in np.unique(codes):
        members = np.flatnonzero((codes == family) & ~np.isnan(values))
        order = members[np.argsort(values[members], kind="stable")]
        steps = np.arange(len(order), 0, -1)
        adjusted[order] = np.minimum(np.maximum.accumulate(steps * values[order]), 1.0)
    return adjusted


def add_variances(errors: Sequence[ArrayLike], degrees_of_freedom: Sequence[ArrayLike]) -> tuple[FloatArray, ...]:
    """
    Return the variance of the difference between two independent estimates, and its degrees of freedom.

    Parameters
    ----------
    errors, degrees_of_freedom : sequence of array_like
        Of both estimates: standard errors, and the degrees of freedom that they have; NaN for those of the normal
        distribution.

    Notes
    -----
    Welch (1947) and Satterthwaite (1946).
    """
    variances = [np.asarray(error, dtype=float) ** 2 for error in errors]
    freedoms = [fill_gaps(freedom, np.inf) for freedom in degrees_of_freedom]
    total, spread = variances[0] + variances[1], variances[0] ** 2 / freedoms[0] + variances[1] ** 2 / freedoms[1]
    return total, np.where(spread > 0, total**2 / np.where(spread > 0, spread, 1.0), np.inf)


def fill_gaps(values: ArrayLike, others: ArrayLike) -> FloatArray:
    """Return numbers with others in place of those that are missing."""
    numbers = np.asarray(values, dtype=float)
    return np.where(np.isnan(numbers), np.asarray(others, dtype=float), numbers)


def find_part_left(difference: ArrayLike, rounding: FloatArray | float) -> FloatArray:
    """Return which part of differences, from 0 to 1, is left when so much of them may be rounding."""
    size = np.abs(np.asarray(difference, dtype=float))
    return np.where(size > 0, np.clip(size - rounding, 0, None) / np.where(size > 0, size, 1.0), 1.0)


def compare_answers(
    share_1: float,
    share_2: float,
    base: float,
    confidence: float = 0.95,
    *,
    exclusive: bool = False,
    rounding: float = 0.0,
) -> Difference:
    """
    Return the difference between two answers of the same people, when it isn't known how many gave both.

    Parameters
    ----------
    share_1, share_2 : float
        Shares from 0 to 1 of the same people; NaN where unpublished.
    base : float
        Effective base that the two have in common, the smaller one where they differ; NaN where unknown.
    confidence : float, default 0.95
        Confidence level between 0 and 1.
    exclusive : bool, default False
        True where each person gives one answer, agree or disagree, so that nobody gave both.
    rounding : float, default 0
        How far the rounding of printed shares lets the difference be off.

    Returns
    -------
    Difference
        First minus second, at the least favourable overlap: the smallest one that the two shares allow.

    Notes
    -----
    Wild and Seber (1993), "Comparing two proportions from the same survey", for the variance; Fréchet (1951) for the
    overlap; see `overlap_variance`. Where everybody or nobody gave one of the answers that variance says nothing, and
    the limits are put together from Wilson's limits of both shares (the method of variance estimates recovery, Zou and
    Donner 2008, at the least favourable correlation), the test is McNemar's.
    """
    difference = share_1 - share_2
    variance = overlap_variance(share_1, share_2, exclusive=exclusive) / base
    found = wald(difference, variance, confidence=confidence, rounding=rounding)
    method = "Wald interval, no overlap" if exclusive else "Wald interval at the least favourable overlap"
    if {share_1, share_2} & {0.0, 1.0} and base > 0:
        (low_1, high_1), (low_2, high_2) = (wilson(share, base, confidence) for share in (share_1, share_2))
        left = difference * find_part_left(difference, rounding)
        found |= {
            "low": np.maximum(difference - (share_1 - low_1) - (high_2 - share_2) - rounding, -1.0),
            "high": np.minimum(difference + (high_1 - share_1) + share_2 - low_2 + rounding, 1.0),
            "p_value": two_sided_p(standardise(left, (share_1 + share_2) / base)),
        }
        method = "Wilson limits put together, McNemar's test"
    return make_difference({**found, "method": method, "rounding": rounding})


def overlap_variance(share_1: ArrayLike, share_2: ArrayLike, *, exclusive: bool = False) -> FloatArray:
    """
    Return the variance, for one respondent, of the difference between two answers of the same people.

    Parameters
    ----------
    share_1, share_2 : array_like
        Shares from 0 to 1; NaN where unpublished.
    exclusive : bool, default False
        True where nobody gave both answers.

    Returns
    -------
    ndarray
        ``share_1 + share_2 - 2 overlap - (share_1 - share_2)**2``, never below 0; divide it by the effective base for
        the variance of the difference. Without knowing better, the overlap is ``max(0, share_1 + share_2 - 1)``.

    Notes
    -----
    Wild and Seber (1993). The variance falls as the overlap grows, so that Fréchet's (1951) lower bound, which holds
    for any number of choices, is the least favourable to finding a difference.
    """
    first, second = (np.asarray(share, dtype=float) for share in (share_1, share_2))
    overlap = 0.0 if exclusive else np.maximum(0.0, first + second - 1)
    variance = np.asarray(first + second - 2 * overlap - (first - second) ** 2)
    # Cancellation leaves some 1e-17 where the variance is 0, and a statistic of a hundred million.
    return np.where(np.abs(variance) < 1e-12, 0.0, np.clip(variance, 0.0, None))


def rank_sets(shares: pd.Series, p_values: FloatArray, confidence: float = 0.95) -> pd.DataFrame:
    """
    Return simultaneous confidence sets for the ranks of the items of one question in one population.

    Parameters
    ----------
    shares : Series
        Share of each item from 0 to 1, by any unique index; NaN where unpublished.
    p_values : ndarray
        Two-sided p-values of no difference between the items of each row and column; NaN where they aren't tested.
    confidence : float, default 0.95
        Confidence that all sets contain the ranks in the population at once.

    Returns
    -------
    DataFrame
        Indexed as ``shares``: ``rank`` (1 for the largest share, tied items share the better rank), ``best_rank`` and
        ``worst_rank``, as floats; NaN for items without a share, which aren't counted. Without a test each item may
        have every rank.

    Notes
    -----
    Mogstad, Romano, Shaikh and Wilhelm (2024), "Inference for ranks with applications to mobility across
    neighbourhoods and academic achievement across countries": an item ranks behind those that are shown to be larger
    and before those that are shown to be smaller, by one-sided tests of all ordered pairs. Here they are those that fit
    each pair, stepped down by Holm (1979), which allows for any dependence, so that the sets are wider than their
    bootstrap would make them.
    """
    values = shares.to_numpy(dtype=float, na_value=np.nan)
    known = np.flatnonzero(~np.isnan(values))
    first, second = np.meshgrid(values[known], values[known], indexing="ij")
    half = p_values[np.ix_(known, known)] / 2
    one_sided = np.where(first > second, half, 1 - half)
    np.fill_diagonal(one_sided, np.nan)
    larger = adjust_p_values(one_sided.ravel()).reshape(one_sided.shape) < 1 - confidence
    result = pd.DataFrame(np.nan, index=shares.index, columns=["rank", "best_rank", "worst_rank"])
    result.iloc[known, 0] = 1.0 + (first > second).sum(axis=0)
    result.iloc[known, 1] = 1.0 + larger.sum(axis=0)
    result.iloc[known, 2] = float(len(known)) - larger.sum(axis=1)
    return result
