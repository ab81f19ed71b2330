"""How much each finding of a wave can bear: rounding, a family of tests, a less precise sample, a new wave."""

import math
from bisect import bisect_left
from collections.abc import Iterable, Iterator, Sequence
from itertools import pairwise
from statistics import NormalDist
from typing import Any

import numpy as np
import pandas as pd

from surveybook.model.survey import Survey, figures_of, find_figure, key_of, pick_rows, populations_asked
from surveybook.stats.comparison import EXACT, choose_test, compare_printed, find_half_units
from surveybook.stats.shares import (
    UNTESTED,
    FloatArray,
    adjust_p_values,
    find_ends,
    find_part_left,
    standardise,
    wilson,
)

# Two figures that are held against each other: the kind of finding, its family, and both rows of estimates.
Pair = tuple[str, tuple[str, ...], Any, Any]
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
        that prints the same; ``lost_at_design_effect`` is NaN where a finding isn't secure and infinity where nothing
        undoes it. Pairs that can't be tested are left out, and those of everybody, which no sample undoes.

    Notes
    -----
    Each pair is compared by the test that `choose_test` finds for it; Wilson (1927) against one half; Holm (1979) for
    the families and Kish (1965) for design effects.
    """
    pairs = [*_pair_populations(survey), *_pair_neighbours(survey), *_pair_sides(survey)]
    tables = [_test_pairs(survey, pairs), _to_half(survey)]
    return pd.concat([table.reindex(columns=[*NAMES, *NUMBERS]) for table in tables], ignore_index=True)


def _pair_populations(survey: Survey) -> Iterator[Pair]:
    """Yield what the first two populations answered to the same, a family a question."""
    for question in survey.codebook.questions.index:
        pair = populations_asked(survey, question)[:2]
        if len(pair) < 2 or figures_of(survey, question).empty:
            continue
        first, second = (
            {(row.item_id, row.response): row for row in pick_rows(survey.estimates, **where).itertuples()}
            for where in ({"question_id": question, "domain": "", "population": name} for name in pair)
        )
        yield from (("populations", (question,), row, second[key]) for key, row in first.items() if key in second)


def _pair_neighbours(survey: Survey) -> Iterator[Pair]:
    """Yield each item of a list of several choices with the next one, a family a question and population."""
    for question in survey.codebook.questions.index:
        for population in populations_asked(survey, question) if survey.codebook.kind_of(question).is_several else ():
            items = figures_of(survey, question, population)
            items = items[items["share"].notna()]
            items = items.sort_values(["share", "order", "item_id"], ascending=[False, True, True])
            yield from (("order", (question, population), *pair) for pair in pairwise(items.itertuples()))


def _pick_sides(survey: Survey) -> pd.DataFrame:
    """Return the shares of whole populations that take the side which speaks for a statement."""
    rows = pick_rows(survey.estimates, domain="")
    kinds = rows["question_id"].map(survey.codebook.kind_of)
    is_side = [
        kind.opposite is not None and said == kind.headline for kind, said in zip(kinds, rows["response"], strict=True)
    ]
    return rows[np.array(is_side, dtype=bool) & rows["low"].notna()]


def _pair_sides(survey: Survey) -> Iterator[Pair]:
    """Yield those who agree with each statement with those who take the other side, each a family of its own."""
    for _, agree in _pick_sides(survey).iterrows():
        opposite = survey.codebook.kind_of(agree["question_id"]).opposite
        disagree = find_figure(survey, f"{key_of(agree).rsplit('.', 1)[0]}.{opposite}")
        if disagree is not None and pd.notna(disagree["share"]):
            yield "answers", (key_of(agree),), agree, disagree


def _test_pairs(survey: Survey, pairs: Iterable[Pair]) -> pd.DataFrame:
    """Return pairs of figures, each tested in its family; those that can't be tested are left out.

    The worst corner of rounding is exact for independent samples: the statistic is monotone in both shares, and
    Holm's p-values never fall when a raw one rises. Neighbours share an item, so that theirs is a little too bad: an
    item at both ends of its rounding at once.
    """
    from scipy.special import ndtri  # see the package's docstring

    families, rows = [], []
    for kind, family, one, other in pairs:
        test = choose_test(survey, one, other)
        found = compare_printed(test, one, other) if test else UNTESTED
        if test is None or np.isnan(found.p_value) or found.method == EXACT:
            continue
        shares, halves = np.array([one.share, other.share]), np.array([*map(find_half_units, (one, other))])
        ends = [test(*np.clip(shares + sign * halves * (1, -1), 0, 1)) for sign in (-1, 1)]
        p_values = [end.p_value for end in ends]
        crosses = ends[0].difference * ends[1].difference <= 0
        names = (kind, one.question_id, one.population, one.item_id, other.population, other.item_id)
        numbers = (found.difference, found.low, found.high, found.p_value)
        rows.append((*names, *numbers, 1.0 if crosses else max(p_values), min(p_values)))
        families.append((kind, *family))
    tested = pd.DataFrame(rows, columns=[*NAMES, *NUMBERS[:3], "p_value", "at_worst", "at_best"])
    raw, worst, best = (adjust_p_values(tested[name], families) for name in ("p_value", "at_worst", "at_best"))
    secure, level = raw < 1 - survey.confidence, 1 - survey.confidence
    # A p-value of nought is one too small for a float, so that the statistic is at least that of the smallest.
    statistics = pd.Series(-ndtri(np.maximum(tested["p_value"].astype(float), np.finfo(float).tiny) / 2))
    own = statistics.groupby(pd.Index(families, tupleize_cols=False), sort=False)
    lost = own.transform(lambda family: lost_after_holm(family.to_numpy(), survey.confidence))
    survives = np.where(secure, worst < level, best >= level)
    return tested.assign(p_holm=raw, secure=secure, survives_rounding=survives, lost_at_design_effect=lost)


def _to_half(survey: Survey) -> pd.DataFrame:
    """Return how the share of those who agree with each statement stands to one half."""
    statements = _pick_sides(survey)
    share, base = statements["share"].to_numpy(dtype=float), statements["effective_base"].to_numpy(dtype=float)
    limits = [statements[column] - HALF for column in ("share", "low", "high")]
    secure = (limits[1] > 0) | (limits[2] < 0)
    ends = [wilson(end, base, survey.confidence) for end in find_ends(share, statements["decimals"])]
    apart = [(low > HALF) | (high < HALF) for low, high in ends]
    # Wilson's interval is the set of fractions that a score test doesn't reject.
    left = limits[0] * find_part_left(limits[0], find_half_units(statements))
    statistic = standardise(left, HALF**2 / base)
    return statements.assign(
        kind="half",
        **dict(zip(NUMBERS, (*limits, np.nan, secure), strict=False)),
        survives_rounding=np.where(secure, np.all(apart, axis=0), ~np.any(apart, axis=0)),
        lost_at_design_effect=find_lost_effects(statistic, NormalDist().inv_cdf((1 + survey.confidence) / 2)),
    )


def sample_needed(share: float, base: float, change: float, confidence: float) -> float:
    """
    Return how many answers a new wave needs to find a change against a published share, by a chance of `POWER`.

    Parameters
    ----------
    share : float
        The published share from 0 to 1; NaN where unpublished.
    base : float
        Its effective base; NaN where unknown.
    change : float
        The change to detect, on the scale of shares: 0.05 for a rise by five points, -0.05 for a fall; never 0.
    confidence : float
        One minus the chance that the two-sided test finds a change where there is none.

    Returns
    -------
    float
        A whole number of answers of a simple random sample, or infinity where no sample is large enough because the
        published base limits the comparison. NaN where a figure is missing or the change would leave 0 to 1.

    Notes
    -----
    Fleiss, Levin and Paik (2003), *Statistical Methods for Rates and Proportions*, chapter 4, without continuity
    correction, with one base given: the two-sided pooled z test of `compare_independent`, the published share taken to
    be the true one of its time, the waves independent.
    """
    second = share + change
    if math.isnan(share + base) or not -1e-12 <= second <= 1 + 1e-12:
        return float("nan")
    second = min(max(second, 0.0), 1.0)
    critical, reach = map(NormalDist().inv_cdf, ((1 + confidence) / 2, POWER))

    def find_margin(new: float) -> float:
        """Return how far the change exceeds what a new wave with this effective base detects."""
        weight = 1 / (1 + base / new) if math.isfinite(new) else 1.0
        pooled = share + weight * (second - share)
        pooled_error = math.sqrt(pooled * (1 - pooled) * (1 / base + 1 / new))
        error = math.sqrt(share * (1 - share) / base + second * (1 - second) / new)
        return abs(change) - critical * pooled_error - reach * error

    if find_margin(math.inf) <= 0:
        return float("inf")
    high = 1
    while find_margin(high) < 0:
        high *= 2
    return float(bisect_left(range(high), True, lo=1, key=lambda new: find_margin(new) >= 0))


def samples_for_changes(survey: Survey, changes: Sequence[float] = CHANGES) -> pd.DataFrame:
    """
    Return, for each figure with a number and a base, the sample of a new wave that would detect each change.

    Parameters
    ----------
    survey : Survey
        The published wave that the new one is to be compared with.
    changes : sequence of float
        Sizes of change as shares, up or down, all positive.

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
    needed = [
        np.fmax.reduce([sample_needed(share, base, end, survey.confidence) for end in (change, -change)])
        for share, base, change in zip(rows["share"], rows["effective_base"], rows["change"], strict=True)
    ]
    return rows.assign(sample_needed=np.array(needed, dtype=float))
