"""How much each finding of a wave can bear: rounding, a family of tests, a less precise sample, a new wave."""

import math
from bisect import bisect_left
from collections.abc import Iterator, Sequence
from statistics import NormalDist

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike

from surveybook.model.survey import Survey, figures_of, find_figure, key_of, populations_asked
from surveybook.stats.comparison import compare_figures, find_half_units
from surveybook.stats.differences import (
    compare_answers,
    find_part_left,
    newcombe,
    overlap_variance,
    score_statistic,
    wald,
)
from surveybook.stats.intervals import find_ends, survives_rounding, wilson
from surveybook.stats.normal import (
    FloatArray,
    adjust_p_values,
    check_bases,
    check_shares,
    critical_value,
    standardise,
    two_sided_p,
)

NAMES = ["kind", "question_id", "population", "item_id", "other_population", "other_item_id"]
NUMBERS = ["difference", "low", "high", "p_holm", "secure", "survives_rounding", "lost_at_design_effect"]
HALF = 0.5
CHANGES = (0.03, 0.05, 0.10)
POWER = 0.8


def find_lost_effects(statistic: FloatArray, critical: FloatArray | float) -> FloatArray:
    """
    Return the design effects at which tests would no longer exceed their critical values.

    Parameters
    ----------
    statistic : ndarray
        Standard normal statistics; NaN where no test was possible.
    critical : ndarray or float
        Their critical values, all positive.

    Returns
    -------
    ndarray
        Beyond any design effect that the bases already allow for, and the same for all shares of a finding: NaN where
        there is no finding to begin with, infinity where no design effect undoes it.

    Notes
    -----
    A statistic falls with the square root of the design effect (Kish 1965).
    """
    effects = np.square(statistic / critical)
    return np.where(effects > 1, effects, np.nan)


def lost_after_holm(statistic: FloatArray, confidence: float) -> FloatArray:
    """
    Return for each test of one family the design effect at which Holm's method would no longer reject.

    Parameters
    ----------
    statistic : ndarray
        One-dimensional standard normal statistics; NaN where no test was possible.
    confidence : float
        One minus the chance of any false finding in the family.

    Returns
    -------
    ndarray
        As `find_lost_effects`, in the order given.

    Notes
    -----
    One design effect for all statistics of a family keeps their order. Holm (1979) rejects a hypothesis as long as
    this one and all before it pass their own step, so that it is lost at the smallest effect up to it.
    """
    effects = np.full(statistic.shape, np.nan)
    known = np.flatnonzero(~np.isnan(statistic))
    order = known[np.argsort(-np.abs(statistic[known]), kind="stable")]
    critical = [NormalDist().inv_cdf(1 - (1 - confidence) / (2 * step)) for step in range(len(order), 0, -1)]
    effects[order] = np.minimum.accumulate(find_lost_effects(statistic[order], np.array(critical)))
    return effects


def examine_findings(survey: Survey) -> pd.DataFrame:
    """
    Return every finding of a wave that a test can bear on, with how much it can bear.

    Parameters
    ----------
    survey : Survey
        The wave.

    Returns
    -------
    pandas.DataFrame
        One row a finding, with `NAMES` and `NUMBERS`. ``kind`` is "populations", "order", "answers" or "half": the
        difference (-1 to 1, with its interval) to the other population, to the next item, to the other side, or to
        one half. ``p_holm`` is adjusted within a question and missing where no family is tested; ``secure`` says that
        sampling doesn't explain the difference; ``survives_rounding`` that the same follows at every set of shares
        that prints the same (missing where one isn't secure and rounding wasn't tried); ``lost_at_design_effect`` is
        NaN where a finding isn't secure and infinity where nothing undoes it.

    Notes
    -----
    Newcombe (1998) and the score test between populations; Wild and Seber (1993) within one; Wilson (1927) against
    one half; Holm (1979) for the families and Kish (1965) for design effects.
    """
    rows = survey.estimates
    kinds = rows["question_id"].map(survey.codebook.kind_of)
    is_side = [
        kind.opposite is not None and said == kind.headline for kind, said in zip(kinds, rows["response"], strict=True)
    ]
    agree = rows[np.array(is_side, dtype=bool) & (rows["domain"] == "") & rows["low"].notna()]
    within = _between_answers(survey, agree), _to_half(survey, agree)
    tables = [*_between_populations(survey), *_between_neighbours(survey), *within]
    return pd.concat([table.reindex(columns=[*NAMES, *NUMBERS]) for table in tables], ignore_index=True)


def _between_populations(survey: Survey) -> Iterator[pd.DataFrame]:
    """Yield how the first two populations differ on each figure of a question, a table a question."""
    rows = survey.estimates[survey.estimates["domain"] == ""]
    for question in survey.codebook.questions.index:
        pair = populations_asked(survey, question)[:2]
        if len(pair) < 2 or figures_of(survey, question).empty:
            continue
        first, second = (rows[(rows["question_id"] == question) & (rows["population"] == name)] for name in pair)
        both = first.merge(second, on=["question_id", "item_id", "response"], suffixes=("", "_2"))
        both = both.assign(kind="populations", other_population=pair[1])
        yield _test_family(both, survey.confidence, independent=True)


def _between_neighbours(survey: Survey) -> Iterator[pd.DataFrame]:
    """Yield how each item of a list of several choices stands to the next one, a table a question and population."""
    for question in survey.codebook.questions.index:
        if not survey.codebook.kind_of(question).is_several:
            continue
        for population in populations_asked(survey, question):
            items = figures_of(survey, question, population)
            items = items[items["share"].notna()].sort_values(
                ["share", "order", "item_id"], ascending=[False, True, True]
            )
            items = items.assign(kind="order", effective_base=items["effective_base"].min(skipna=False))
            after = items[["item_id", "share", "effective_base", "decimals"]].shift(-1).add_suffix("_2")
            yield _test_family(items.join(after.rename(columns={"item_id_2": "other_item_id"})), survey.confidence)


def _test_family(pairs: pd.DataFrame, confidence: float, *, independent: bool = False) -> pd.DataFrame:
    """Return pairs of figures, each in a row, tested as one family; those that can't be tested are left out.

    The worst corner of rounding is exact for independent samples: the statistic is monotone in both shares, and
    Holm's p-values never fall when a raw one rises. Neighbours share an item, so that theirs is a little too bad: an
    item at both ends of its rounding at once.
    """
    share_1, base_1, share_2, base_2 = (
        pairs[name].to_numpy(dtype=float) for name in ("share", "effective_base", "share_2", "effective_base_2")
    )
    halves = [find_half_units(pairs, name) for name in ("decimals", "decimals_2")]
    rounding, difference = np.hypot(*halves), share_1 - share_2

    def find_statistic(one: FloatArray, other: FloatArray) -> FloatArray:
        if independent:
            return score_statistic(one, base_1, other, base_2)
        return standardise(one - other, overlap_variance(one, other) / check_bases(base_1))

    if independent:
        low, high = newcombe(share_1, base_1, share_2, base_2, confidence, rounding)
    else:
        variance = overlap_variance(share_1, share_2) / check_bases(base_1)
        low, high, _ = wald(difference, variance, np.inf, confidence, rounding)
    ends = [
        find_statistic(np.clip(share_1 + shift, 0, 1), np.clip(share_2 - other, 0, 1))
        for shift, other in (np.negative(halves), halves)
    ]
    nearest, farthest = np.sort(np.abs(ends), axis=0)
    nearest = np.where(np.sign(ends[0]) * np.sign(ends[1]) <= 0, 0.0, nearest)
    values = find_statistic(share_1, share_2) * find_part_left(difference, rounding)
    level = 1 - confidence
    adjusted, at_worst, at_best = (adjust_p_values(two_sided_p(found)) for found in (values, nearest, farthest))
    secure = adjusted < level
    tested = pairs.assign(
        difference=difference,
        low=low,
        high=high,
        p_holm=adjusted,
        secure=secure,
        survives_rounding=np.where(secure, at_worst < level, at_best >= level),
        lost_at_design_effect=lost_after_holm(values, confidence),
    )
    return tested[~np.isnan(values)]


def _between_answers(survey: Survey, statements: pd.DataFrame) -> pd.DataFrame:
    """Return how those who agree with each statement stand to those who take the other side."""
    rows = []
    for _, agree in statements.iterrows():
        opposite = survey.codebook.kind_of(agree["question_id"]).opposite
        disagree = find_figure(survey, f"{key_of(agree).rsplit('.', 1)[0]}.{opposite}")
        if disagree is None or pd.isna(disagree["share"]):
            continue
        gap = compare_figures(survey, agree, disagree)
        base = min(agree["effective_base"], disagree["effective_base"])

        def is_apart(shares: FloatArray, base: float = base) -> bool:
            return compare_answers(shares[0], shares[1], base, survey.confidence, exclusive=True).excludes_zero

        printed = [[row[column] for row in (agree, disagree)] for column in ("share", "decimals")]
        left = gap.difference * find_part_left(gap.difference, gap.rounding)
        found = {
            **{"difference": gap.difference, "low": gap.low, "high": gap.high, "p_holm": gap.p_value},
            "secure": gap.excludes_zero,
            "survives_rounding": survives_rounding(is_apart, *printed) if gap.excludes_zero else pd.NA,
            "lost_at_design_effect": float(_lose_alone(survey, left, gap.standard_error**2)),
        }
        rows.append({**agree, "kind": "answers", **found})
    return pd.DataFrame(rows, columns=[*NAMES, *NUMBERS])


def _to_half(survey: Survey, statements: pd.DataFrame) -> pd.DataFrame:
    """Return how the share of those who agree with each statement stands to one half."""
    share, base = statements["share"].to_numpy(dtype=float), statements["effective_base"].to_numpy(dtype=float)
    limits = [statements[column] - HALF for column in ("share", "low", "high")]
    secure = (limits[1] > 0) | (limits[2] < 0)
    ends = [wilson(end, base, survey.confidence) for end in find_ends(share, statements["decimals"])]
    survives = np.all([(low > HALF) | (high < HALF) for low, high in ends], axis=0)
    # Wilson's interval is the set of fractions that a score test doesn't reject.
    left = limits[0] * find_part_left(limits[0], find_half_units(statements))
    return statements.assign(
        kind="half",
        **dict(zip(NUMBERS, (*limits, np.nan, secure), strict=False)),
        survives_rounding=pd.Series(survives, statements.index).astype(object).where(secure, pd.NA),
        lost_at_design_effect=_lose_alone(survey, left, HALF**2 / check_bases(base)),
    )


def _lose_alone(survey: Survey, difference: ArrayLike, variance: ArrayLike) -> FloatArray:
    """Return the design effects at which differences, each tested alone, would no longer show."""
    return find_lost_effects(standardise(difference, variance), critical_value(survey.confidence))


def sample_needed(share: float, base: float, change: float, confidence: float, power: float = POWER) -> float:
    """
    Return how many answers a new wave needs to detect a change against a published share.

    Parameters
    ----------
    share : float
        The published share from 0 to 1; NaN where unpublished.
    base : float
        Its effective base; NaN where unknown.
    change : float
        The change to detect, on the scale of shares: 0.05 for a rise by five points, -0.05 for a fall.
    confidence : float
        One minus the chance that the two-sided test finds a change where there is none.
    power : float, default 0.8
        Chance that it finds this one.

    Returns
    -------
    float
        A whole number of answers of a simple random sample, or infinity where no sample is large enough because the
        published base limits the comparison. NaN where a figure is missing or the change would leave 0 to 1.

    Raises
    ------
    ValueError
        If an input is out of range, or the change is 0.

    Notes
    -----
    Fleiss, Levin and Paik (2003), *Statistical Methods for Rates and Proportions*, chapter 4, without continuity
    correction, with one base given: the two-sided pooled z test of `score_statistic`, the published share taken to be
    the true one of its time, the waves independent.
    """
    first, size = float(check_shares(share)), float(check_bases(base))
    if change == 0:
        raise ValueError("The change is 0: no sample detects that. Name the change in shares, such as 0.05.")
    if not 0 < power < 1:
        raise ValueError(f"The power is {power}: it has to lie between 0 and 1. Write 0.8 for 80 per cent.")
    second = first + change
    if math.isnan(first + size) or not -1e-12 <= second <= 1 + 1e-12:
        return float("nan")
    second = min(max(second, 0.0), 1.0)
    critical, reach = critical_value(confidence), NormalDist().inv_cdf(power)

    def find_margin(new: float) -> float:
        """Return how far the change exceeds what a new wave with this effective base detects."""
        weight = 1 / (1 + size / new) if math.isfinite(new) else 1.0
        pooled = first + weight * (second - first)
        pooled_error = math.sqrt(pooled * (1 - pooled) * (1 / size + 1 / new))
        error = math.sqrt(first * (1 - first) / size + second * (1 - second) / new)
        return abs(change) - critical * pooled_error - reach * error

    if find_margin(math.inf) <= 0:
        return float("inf")
    high = 1
    while find_margin(high) < 0:
        high *= 2
    return float(bisect_left(range(high), True, lo=1, key=lambda new: find_margin(new) >= 0))


def samples_for_changes(survey: Survey, changes: Sequence[float] = CHANGES, power: float = POWER) -> pd.DataFrame:
    """
    Return, for each figure with a number and a base, the sample of a new wave that would detect each change.

    Parameters
    ----------
    survey : Survey
        The published wave that the new one is to be compared with.
    changes : sequence of float
        Sizes of change as shares, up or down, all positive.
    power : float
        The chance (0-1) that the change is found.

    Returns
    -------
    pandas.DataFrame
        A figure and change each, figures in their order: the columns of the estimates, ``change`` and
        ``sample_needed``, the larger of the samples for a rise and a fall (that of the one that is possible where the
        share is near 0 or 1), infinity where no sample is large enough.

    Notes
    -----
    See `sample_needed`. The new wave is taken to be a simple random sample, as this one is.
    """
    rows = survey.estimates
    rows = rows[(rows["status"] == "number") & rows["effective_base"].notna()]
    rows = rows.loc[rows.index.repeat(len(changes))].reset_index(drop=True)
    rows = rows.assign(change=np.resize(np.array(changes, dtype=float), len(rows)))
    up, down = (
        [
            sample_needed(share, base, sign * change, survey.confidence, power)
            for share, base, change in zip(rows["share"], rows["effective_base"], rows["change"], strict=True)
        ]
        for sign in (1, -1)
    )
    return rows.assign(sample_needed=np.fmax(up, down))
