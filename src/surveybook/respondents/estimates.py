"""Weighted shares of items in a population and its groups, with what sampling can have done to them.

Results agree with R's package survey to 1e-8 (tests/reference). They differ from it on purpose in these things:

- Items of a question keep a base each. R's ``svymean`` of several columns drops whoever misses one of them.
- Degrees of freedom are those of the people who are in the base of a share: clusters with any of them, less
  strata with any. R's ``svyciprop`` with answers missing counts the clusters of everybody; for a ``subset`` of those
  who answered they agree.
- People of weight 0 count for no base; R's ``svyciprop(method = "beta")`` counts them.
- The design effect compares with sampling with replacement (R's ``deff = "replace"``), also for replicate weights.
- Logit limits come from the share and its standard error (R's ``method = "xlogit"``), so that whoever has a
  released table can work them out again. For replicate weights R's ``"logit"`` fits a model in each replicate.
- A share of 0 or 1 gets Korn and Graubard's interval at Kish's effective base. R gives none. Where nobody was
  left out of the strata that a share is of, its limits are the share, as for any share whose variance is 0.
- The rule for strata with one cluster has no default other than to refuse, and applies to strata of the sample,
  not to those with one cluster in a group (R's ``survey.adjust.domain.lonely = FALSE``).
- JKn weights need their rscales, and those of kind "other" their scale. R guesses the first for factors, and
  takes 1 for the second.

Samples of several stages count by their first, as R does without population sizes of the others.
"""

from collections.abc import Sequence
from concurrent.futures import Executor
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike, NDArray

from surveybook.model.problems import DataError, Problem, SurveybookError
from surveybook.respondents.design import Design, Domain, Indicator
from surveybook.respondents.sums import (
    CLUSTER,
    GROUP,
    SIZE,
    STRATUM,
    TOLERANCE,
    IntArray,
    Layout,
    Sums,
    sum_respondents,
)
from surveybook.stats.normal import FloatArray, critical_value

ESTIMATES = ["item_id", "question_id", "response", "domain", "share", "standard_error", "low", "high", "base",
             "weighted_base", "effective_base", "design_effect", "degrees_of_freedom", "method"]  # fmt: skip
COVARIANCES = ["domain", "question_id", "item_a", "response_a", "item_b", "response_b", "covariance"]
BETWEEN = ["domain", "domain_b", "question_id", "item_id", "response", "covariance"]
INTERVALS = {"logit": "logit", "korn-graubard": "Korn-Graubard"}
# A stratum of which a smaller part was left out was taken in full, as R's `onestrat` has it.
CERTAIN = 1e-7
# Variances are differences of sums of squares, so that what is left below this share of them is rounding.
ROUNDING = 1e-13


@dataclass(frozen=True)
class Estimation:
    """
    Estimates and how they vary together.

    Attributes
    ----------
    estimates : DataFrame
        One row a domain ("" for the whole population) and figure, with the columns `ESTIMATES`: share,
        standard error and limits from 0 to 1; the unweighted, weighted and effective number of people that the
        share is of. NaN where nobody is in the base. People of weight 0 don't count.
    covariances : DataFrame
        One row a domain and pair of figures of one question, with the columns `COVARIANCES`.
    between : DataFrame
        One row a figure and pair of groups of one variable, with the columns `BETWEEN`: groups of one sample share
        strata and clusters, so that their shares vary together.
    """

    estimates: pd.DataFrame
    covariances: pd.DataFrame
    between: pd.DataFrame


@dataclass(frozen=True)
class Strata:
    """
    The strata of the whole sample.

    Attributes
    ----------
    names : Index
        Their values, in the order of their codes.
    sampled : ndarray
        Clusters in the sample, or people where there are no clusters.
    correction : ndarray
        What is left of the variance after the finite population correction; 1 without one.
    """

    names: pd.Index
    sampled: FloatArray
    correction: FloatArray

    def weigh_squares(self, lonely: str, present: NDArray[np.bool_]) -> tuple[FloatArray, FloatArray, float]:
        """
        Return what the rule for strata with one cluster makes of each stratum.

        Parameters
        ----------
        lonely : str
            The rule.
        present : ndarray of bool
            Whether anybody in the base is in a stratum.

        Returns
        -------
        scale : ndarray
            Factor of the squares of each stratum.
        centred : ndarray
            1 where they are measured from the stratum's mean, 0 where from that of the whole sample.
        factor : float
            Factor of the whole: how many strata stand for those left out.
        """
        alone, certain = self.sampled == 1, self.correction < CERTAIN
        scale = self.correction * np.where(alone, 1.0, self.sampled / np.maximum(self.sampled - 1, 1))
        scale = np.where(certain | (alone & (lonely != "adjust")), 0.0, scale)
        factor = 1.0
        if lonely == "average":
            left = (present & (~alone | certain)).sum()
            factor = float(present.sum() / left) if left else float("nan")
        return scale, np.where(alone, 0.0, 1.0), factor

    def check_lonely(self) -> None:
        """Raise an error for strata with one cluster; one taken in full has no variance."""
        alone = np.flatnonzero((self.sampled == 1) & (self.correction > CERTAIN))
        if len(alone):
            shown = ", ".join(str(self.names[place]) for place in alone[:5])
            raise SurveybookError(
                f"{len(alone)} {'stratum has' if len(alone) == 1 else 'strata have'} only one cluster ({shown}), from"
                " which no variance can be told; merge strata, or declare lonely: adjust, certainty or average."
            )


@dataclass(frozen=True)
class Group:
    """
    Some people, reduced: one row a stratum and cluster, or a stratum where there are no clusters.

    Attributes
    ----------
    layout : Layout
        Which sums there are.
    strata : Strata
        Those of the whole sample.
    stratum : ndarray of int
        The code of each row's stratum.
    cluster : ndarray of int
        The place of each row among those of the whole sample.
    values : ndarray
        The sums.
    rank : float
        Rank of the replicate weights among these people; NaN where it wasn't asked for.
    name : str
        What estimates call them; empty for the whole population.
    """

    layout: Layout
    strata: Strata
    stratum: IntArray
    cluster: IntArray
    values: FloatArray
    rank: float
    name: str = ""

    def totals(self, question: int) -> FloatArray:
        """Return the sums of a question's variables, rows by weights by variables."""
        block = self.values[:, self.layout.blocks[question][0]]
        return block.reshape(len(block), self.layout.weights, 2 * len(self.layout.questions[question]))

    def by_stratum(self, values: FloatArray) -> FloatArray:
        """Return the sums of rows over each stratum of the sample, strata by columns."""
        total = np.zeros((len(self.strata.sampled), *values.shape[1:]))
        np.add.at(total, self.stratum, values)
        return total

    def covariance(self, question: int) -> FloatArray:
        """
        Return the covariance matrix of a question's shares.

        Returns
        -------
        ndarray
            Square matrix in squared shares; NaN for shares without a base, 0 in a census.

        Notes
        -----
        Binder (1983) and Woodruff (1971): a share varies as the total of ``w (y - share) / base`` does, with
        clusters drawn with replacement within strata and, given population sizes, their correction at the first
        stage. Rows outside a group stay in it as zeros. As in R's `survey` (Lumley 2004).
        """
        design, totals = self.layout.design, self.totals(question)
        above, below = np.split(totals.sum(axis=0), 2, axis=1)
        share = divide(above[1], below[1])
        if design.census:
            matrix = np.zeros((len(share), len(share)))
        elif design.replicates is not None:
            matrix = self._replicated(divide(above[3:], below[3:]), share)
        else:
            matrix = self._linearised(question, totals, np.nan_to_num(share), below[1])
        matrix[np.isnan(share), :] = matrix[:, np.isnan(share)] = np.nan
        return matrix

    def covariance_with(self, other: "Group", question: int) -> FloatArray:
        """
        Return the covariance of each share of a question with the same share of another group of the sample.

        Returns
        -------
        ndarray
            Covariances in squared shares, one a figure; NaN where one of the two has no base, 0 in a census.

        Notes
        -----
        As for the shares of one group: groups are domains of one sample, and a cluster that holds people of both adds
        the product of what it adds to either. R's ``svyby(covmat = TRUE)``. Without clusters nobody is in two groups.
        """
        design, pair = self.layout.design, (self, other)
        totals = [group.totals(question) for group in pair]
        (above, below), (above_2, below_2) = (np.split(total.sum(axis=0), 2, axis=1) for total in totals)
        shares = divide(above[1], below[1]), divide(above_2[1], below_2[1])
        if design.census:
            found = np.zeros(len(shares[0]))
        elif design.replicates is not None:
            each = divide(above[3:], below[3:]), divide(above_2[3:], below_2[3:])
            distances = [self._find_distances(*one) for one in zip(each, shares, strict=True)]
            found = (distances[0] * distances[1]).sum(axis=0) * design.replicates.factor
        else:
            bases = below[1], below_2[1]
            scores = [
                score_rows(total, np.nan_to_num(share), base)
                for total, share, base in zip(totals, shares, bases, strict=True)
            ]
            count = len(shares[0])
            present = [
                group.by_stratum(total[:, 0, count:].sum(axis=1)) > 0 for group, total in zip(pair, totals, strict=True)
            ]
            scale, centred, factor = self.strata.weigh_squares(design.lonely, present[0] | present[1])
            sums = [group.by_stratum(score) for group, score in zip(pair, scores, strict=True)]
            together = np.zeros_like(sums[0])
            if not self.layout.has_products:
                _, here, there = np.intersect1d(self.cluster, other.cluster, return_indices=True)
                np.add.at(together, self.stratum[here], scores[0][here] * scores[1][there])
            together -= centred[:, None] * sums[0] * sums[1] / self.strata.sampled[:, None]
            found = (scale[:, None] * together).sum(axis=0) * factor
        found[np.isnan(shares[0]) | np.isnan(shares[1])] = np.nan
        return np.asarray(found)

    def _replicated(self, each: FloatArray, share: FloatArray) -> FloatArray:
        """Return the covariance of the shares that replicate weights give, replicates by shares."""
        replicates, distance = self.layout.design.replicates, self._find_distances(each, share)
        assert replicates is not None
        matrix: FloatArray = distance.T @ distance * replicates.factor
        return matrix

    def _find_distances(self, each: FloatArray, share: FloatArray) -> FloatArray:
        """Return how far the shares that replicate weights give lie from their middle, replicates by shares."""
        replicates = self.layout.design.replicates
        assert replicates is not None
        scales = np.ones(len(each)) if replicates.rscales is None else np.array(replicates.rscales)
        used = ~np.isnan(each)
        counted = used & (scales > 0)[:, None]
        mean = divide(np.where(counted, each, 0.0).sum(axis=0), counted.sum(axis=0).astype(float))
        return np.asarray(np.where(used, each - (share if replicates.mse else mean), 0.0) * np.sqrt(scales)[:, None])

    def _linearised(self, question: int, totals: FloatArray, share: FloatArray, base: FloatArray) -> FloatArray:
        """Return the covariance of linearised totals, clusters without anyone of the group being zeros."""
        inverse = np.nan_to_num(divide(np.ones(len(base)), base))
        scores = score_rows(totals, share, base)
        present = self.by_stratum(totals[:, 0, len(share) :].sum(axis=1)) > 0
        scale, centred, factor = self.strata.weigh_squares(self.layout.design.lonely, present)
        total, sampled = self.by_stratum(scores), self.strata.sampled
        mean = total / sampled[:, None] * centred[:, None]
        if not self.layout.has_products:
            distance = (scores - mean[self.stratum]) * np.sqrt(scale)[self.stratum][:, None]
            # Clusters with nobody in the group are zeros that lie as far from the mean as it is from 0.
            absent = sampled - np.bincount(self.stratum, minlength=len(sampled))
            empty = mean * np.sqrt(scale * absent)[:, None]
            return np.asarray((distance.T @ distance + empty.T @ empty) * factor)
        first, second = np.triu_indices(totals.shape[2])
        squares = np.zeros((totals.shape[2],) * 2)
        squares[first, second] = scale[self.stratum] @ self.values[:, self.layout.blocks[question][1]]
        squares[second, first] = squares[first, second]
        (both, cross), (_, bases) = (np.split(half, 2, axis=1) for half in np.split(squares, 2))
        raw = (both - cross * share - (cross * share).T + bases * np.outer(share, share)) * np.outer(inverse, inverse)
        matrix = raw - (total * scale[:, None]).T @ mean
        size = np.sqrt(np.maximum(np.outer(np.diag(raw), np.diag(raw)), 0.0))
        matrix[np.abs(matrix) < ROUNDING * size] = 0.0
        return np.asarray(matrix * factor)

    def degrees_of_freedom(self, people: FloatArray) -> float:
        """
        Return the degrees of freedom of a share.

        Parameters
        ----------
        people : ndarray
            How many people of positive weight are in its base, a row each.

        Returns
        -------
        float
            Clusters less strata with anyone in the base (R's `degf` of a subset); the rank of the replicate weights
            less one, or what the design states; infinite in a census.
        """
        design = self.layout.design
        if design.census:
            return float("inf")
        if design.replicates is not None:
            given = design.replicates.degrees_of_freedom
            return self.rank - 1 if given is None else given
        clusters = people.sum() if design.cluster is None else (people > 0).sum()
        return float(clusters - len(np.unique(self.stratum[people > 0])))


def score_rows(totals: FloatArray, share: FloatArray, base: FloatArray) -> FloatArray:
    """Return what each row adds to the linearised shares, rows by shares."""
    above, below = np.split(totals[:, 1], 2, axis=1)
    # In this order, so that nothing is left where all gave the answer.
    return np.asarray((above - below * share) * np.nan_to_num(divide(np.ones(len(base)), base)))


def divide(over: FloatArray, under: FloatArray) -> FloatArray:
    """Return ratios, NaN where there is nothing below the line."""
    return np.where(under > 0, over / np.where(under > 0, under, 1.0), np.nan)


def estimate(
    source: pd.DataFrame | str | Path,
    design: Design,
    indicators: Sequence[Indicator],
    *,
    domains: Sequence[Domain] = (),
    confidence: float = 0.95,
    interval: str = "logit",
    executor: Executor | None = None,
    name: str = "respondents",
) -> Estimation:
    """
    Return the weighted shares of respondents who gave each answer, with design-based standard errors.

    Parameters
    ----------
    source : DataFrame or path
        One row a respondent: a table, or the path of a Parquet or CSV file, which is read in batches.
    design : Design
        How the sample was drawn.
    indicators : sequence of Indicator
        What to estimate; a column of 1, 0 and missing each.
    domains : sequence of Domain
        Parts of the population to estimate it for too. Rows outside stay in the variance as zeros.
    confidence : float, default 0.95
        Confidence level between 0 and 1.
    interval : str, default "logit"
        "logit" or "korn-graubard"; the latter stands in for shares of 0 and 1, which have no logit.
    executor : Executor, optional
        What sums the parts of a file: a pool of processes, or `distributed.Client(address).get_executor()`, whose
        workers need to reach the file by the same path. Without it they are summed here, one after the other.
    name : str, default "respondents"
        What error messages call the data, such as the file as it was typed.

    Returns
    -------
    Estimation
        Estimates and covariances.

    Raises
    ------
    DataError
        If weights, strata, clusters, population sizes or answers can't be what they are said to be; it names
        rows (as a spreadsheet counts them) and columns, and no values.
    SurveybookError
        If a stratum has a single cluster and the design doesn't say what to do, or an argument is wrong.

    Notes
    -----
    The design effect compares with simple random sampling with replacement (Kish 1965; R's
    ``deff = "replace"``), which doesn't depend on what the weights add up to.
    """
    if interval not in INTERVALS:
        raise SurveybookError(f"The interval is {interval!r}; expected one of {', '.join(INTERVALS)}.")
    if design.replicates is not None:
        design.replicates.check()
    layout = Layout(design, tuple(indicators), tuple(domains), name)
    groups = form_groups(sum_respondents(source, layout, executor), layout)
    found = [estimate_group(group) for group in groups]
    estimates = describe_shares(pd.concat([table for table, _ in found], ignore_index=True))
    pairs = pd.DataFrame([pair for _, pairs in found for pair in pairs], columns=COVARIANCES)
    between = pd.DataFrame(relate_groups(groups, layout), columns=BETWEEN)
    return Estimation(add_limits(estimates, design, confidence, interval)[ESTIMATES], pairs, between)


def relate_groups(groups: Sequence[Group], layout: Layout) -> list[tuple[object, ...]]:
    """Return the covariances of each figure between every two groups of one variable, as rows of `BETWEEN`."""
    named = list(zip(layout.domains, groups[1:], strict=True))
    return [
        (one.name, other.name, indicator.question_id, indicator.item_id, indicator.response, value)
        for place, (domain, one) in enumerate(named)
        for other_domain, other in named[place + 1 :]
        if domain.column == other_domain.column
        for question, members in enumerate(layout.questions)
        for indicator, value in zip(
            [layout.indicators[member] for member in members], one.covariance_with(other, question), strict=True
        )
    ]


def form_groups(sums: Sums, layout: Layout) -> list[Group]:
    """Return the whole population and each domain, reduced to rows of strata and clusters."""
    keys = [key for key in layout.keys if key != GROUP]
    split = next(iter(layout.splits))
    columns = [column for column in sums.tables[split] if column not in layout.keys]
    whole = sums.tables[split].assign(**{} if keys else {STRATUM: 0})
    whole = whole.groupby(keys or [STRATUM], sort=True, observed=True)[columns].sum().reset_index()
    strata = size_strata(whole, sums.sizes, layout)
    if layout.design.is_linearised and layout.design.lonely == "fail":
        strata.check_lonely()
    tables = [whole]
    for domain in layout.domains:
        table = sums.tables[domain.column]
        tables.append(table[table[GROUP] == layout.splits[domain.column].index(domain.value)])
    ranks, names = rank_replicates(sums.products, len(tables)), ["", *(domain.name for domain in layout.domains)]
    places = pd.MultiIndex.from_frame(whole[keys or [STRATUM]])
    tables = [table if keys else table.assign(**{STRATUM: 0}) for table in tables]
    return [
        Group(
            layout,
            strata,
            strata.names.get_indexer(table[STRATUM]) if STRATUM in table else np.zeros(len(table), dtype=np.int64),
            places.get_indexer(pd.MultiIndex.from_frame(table[keys or [STRATUM]])),
            table[columns].to_numpy(dtype=np.float64),
            rank,
            name,
        )
        for table, rank, name in zip(tables, ranks, names, strict=True)
    ]


def size_strata(whole: pd.DataFrame, sizes: pd.DataFrame, layout: Layout) -> Strata:
    """
    Return how many clusters each stratum has in the sample, and the share of the variance that is left.

    Raises
    ------
    DataError
        If the population is given differently within a stratum, or is smaller than the sample from it.
    """
    design = layout.design
    stratum = whole[STRATUM] if STRATUM in whole else pd.Series(0, index=whole.index)
    counted = pd.Series(1, index=whole.index) if CLUSTER in whole else whole[0]
    sampled = counted.groupby(stratum, sort=True, observed=True).sum().astype(float)
    if design.fpc is None or design.census:
        return Strata(sampled.index, sampled.to_numpy(), np.ones(len(sampled)))
    given = sizes.groupby(STRATUM)[SIZE].agg(["min", "max"]).reindex(sampled.index)
    low, high = given.to_numpy().T
    with np.errstate(divide="ignore"):  # a fraction of 0 is refused below
        population = sampled.to_numpy() / high if (high <= 1).all() else high
    rules = [
        (low != high, "the population is given differently within the stratum", "expected one number"),
        (low <= 0, "the population is 0 or less", "expected a number above 0"),
        (population < sampled * (1 - 1e-9), "the population is smaller than the sample", "expected at least as many"),
    ]
    problems = [
        Problem(
            layout.name, f"{found} ({sampled.index[place]})" if design.strata else found, expected, column=design.fpc
        )
        for wrong, found, expected in rules
        for place in np.flatnonzero(wrong)
    ]
    if problems:
        raise DataError("Respondents", problems)
    left = np.maximum((population - sampled.to_numpy()) / population, 0.0)
    return Strata(sampled.index, sampled.to_numpy(), left)


def rank_replicates(products: FloatArray | float, groups: int) -> list[float]:
    """Return the rank of replicate weights in each group from their products; NaN where it wasn't asked for."""
    if isinstance(products, float):
        return [float("nan")] * groups
    ranks = []
    for product in products:
        scale = np.sqrt(np.maximum(np.diag(product), np.finfo(float).tiny))
        sizes = np.linalg.eigvalsh(product / np.outer(scale, scale))
        ranks.append(float((sizes > TOLERANCE**2 * max(float(sizes.max()), 0.0)).sum()))
    return ranks


def estimate_group(group: Group) -> tuple[pd.DataFrame, list[tuple[object, ...]]]:
    """Return the shares of one group with their variances and bases, and the covariances within questions."""
    layout, tables, pairs = group.layout, [], list[tuple[object, ...]]()
    for question, members in enumerate(layout.questions):
        totals, figures = group.totals(question), [layout.indicators[member] for member in members]
        people = totals[:, 0, len(members) :]
        (_, above, _), (base, weighted, squared) = np.split(totals.sum(axis=0)[:3], 2, axis=1)
        present, matrix = group.by_stratum(people) > 0, group.covariance(question)
        columns = {
            "share": divide(above, weighted),
            "variance": np.diag(matrix),
            "base": base,
            "weighted_base": weighted,
            "kish": divide(weighted**2, squared),
            "degrees_of_freedom": [group.degrees_of_freedom(column) for column in people.T],
            "settled": [(group.strata.correction[column] < CERTAIN).all() for column in present.T],
        }
        tables.append(pd.DataFrame(columns, index=members))
        pairs += [
            (group.name, one.question_id, one.item_id, one.response, other.item_id, other.response, matrix[i, j])
            for i, one in enumerate(figures)
            for j, other in enumerate(figures[i + 1 :], start=i + 1)
        ]
    named = pd.DataFrame(layout.indicators).drop(columns="column")
    return pd.concat([named.assign(domain=group.name), pd.concat(tables).sort_index()], axis=1), pairs


def describe_shares(found: pd.DataFrame) -> pd.DataFrame:
    """Return shares with their standard errors and effective bases; those without variance have Kish's base."""
    share, variance, base, kish = (found[name].to_numpy() for name in ("share", "variance", "base", "kish"))
    spread = share * (1 - share)
    inner, varies = spread > 0, (spread > 0) & (variance > 0)
    simple = np.where(inner & (base > 1), spread / np.maximum(base - 1, 1), np.nan)
    effect = variance / simple
    return found.assign(
        standard_error=np.sqrt(np.maximum(variance, 0.0)),
        effective_base=np.where(varies, divide(base, np.nan_to_num(effect)), kish),
        design_effect=effect,
        binomial=np.where(inner, spread / np.where(varies, variance, np.nan), kish),
    )


def add_limits(found: pd.DataFrame, design: Design, confidence: float, interval: str) -> pd.DataFrame:
    """Return estimates with confidence limits and the method's name."""
    share, error = found["share"].to_numpy(), found["standard_error"].to_numpy()
    if design.census:
        return found.assign(low=share, high=share, method=design.method)
    degrees = found["degrees_of_freedom"].to_numpy()
    low, high = korn_graubard_limits(share, found["binomial"], found["base"], degrees, confidence)
    extreme, settled = np.isin(share, (0.0, 1.0)), found["settled"].to_numpy()
    certain = settled | ((error == 0) & ~extreme & (degrees > 0))
    low, high = np.where(certain, share, low), np.where(certain, share, high)
    if interval == "logit":
        inner = logit_limits(share, error, degrees, confidence)
        low, high = (np.where(extreme | settled, *pair) for pair in zip((low, high), inner, strict=True))
    names = np.where(extreme | (interval != "logit"), INTERVALS["korn-graubard"], INTERVALS["logit"])
    return found.assign(low=low, high=high, method=[f"{name}, {design.method}" for name in names])


def logit_limits(
    share: ArrayLike, standard_error: ArrayLike, degrees_of_freedom: ArrayLike, confidence: float = 0.95
) -> tuple[FloatArray, FloatArray]:
    """
    Return limits that are symmetric on the logit scale.

    Parameters
    ----------
    share, standard_error : array_like
        Shares from 0 to 1 and their standard errors.
    degrees_of_freedom : array_like
        Of the standard errors.
    confidence : float, default 0.95
        Confidence level between 0 and 1.

    Returns
    -------
    low, high : ndarray
        Shares; NaN for shares of exactly 0 or 1, which have no logit.

    Notes
    -----
    R: ``svyciprop(method = "xlogit")``, the same as ``"logit"`` but for the tolerance of its model fit.
    """
    from scipy import special  # slow to load, and chapters that read published figures don't need it

    critical_value(confidence)  # refuses a level that isn't one
    shares, errors = np.asarray(share, dtype=float), np.asarray(standard_error, dtype=float)
    inner = np.where((shares > 0) & (shares < 1), shares, np.nan)
    logit, half = np.log(inner / (1 - inner)), errors / (inner * (1 - inner))
    half = half * special.stdtrit(degrees_of_freedom, (1 + confidence) / 2)
    return 1 / (1 + np.exp(half - logit)), 1 / (1 + np.exp(-half - logit))


def korn_graubard_limits(
    share: ArrayLike, effective: ArrayLike, base: ArrayLike, degrees_of_freedom: ArrayLike, confidence: float = 0.95
) -> tuple[FloatArray, FloatArray]:
    """
    Return exact binomial limits for an effective base that allows for the degrees of freedom.

    Parameters
    ----------
    share : array_like
        Shares from 0 to 1.
    effective : array_like
        ``share (1 - share) / variance``; for shares of 0 and 1, which have no variance, Kish's effective base.
    base : array_like
        Unweighted base.
    degrees_of_freedom : array_like
        Of the variance.
    confidence : float, default 0.95
        Confidence level between 0 and 1.

    Returns
    -------
    low, high : ndarray
        Shares.

    Notes
    -----
    Korn and Graubard (1998). R: ``svyciprop(method = "beta")``, which doesn't hold the effective base down to
    the actual one, and has no limits for shares of 0 and 1.
    """
    from scipy import special  # as above

    critical_value(confidence)
    shares, number = np.asarray(share, dtype=float), np.asarray(base, dtype=float)
    tail = (1 - confidence) / 2
    ratio = special.stdtrit(number - 1, tail) / special.stdtrit(degrees_of_freedom, tail)
    size = np.asarray(effective, dtype=float) * ratio**2
    chosen, other = size * shares, size * (1 - shares)
    low = np.where(chosen > 0, special.betaincinv(np.where(chosen > 0, chosen, 1.0), other + 1, tail), 0.0)
    high = np.where(other > 0, special.betaincinv(chosen + 1, np.where(other > 0, other, 1.0), 1 - tail), 1.0)
    unknown = np.isnan(size) | np.isnan(shares)
    return np.where(unknown, np.nan, low), np.where(unknown, np.nan, high)
