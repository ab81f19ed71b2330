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
- Clusters with one person, in samples of two stages: the rule "average" gives them the mean variance within the
  others. R gives none.

Samples of several stages count by their first, as R does without population sizes of the others; of two stages where
the sizes of both are given. Where all clusters of a stratum are in the sample, all that varies is within them, so that
a second stage that isn't stated is refused: R takes it for nought.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from itertools import combinations_with_replacement
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike, NDArray

from surveybook.model.problems import DataError, Problem, SurveybookError
from surveybook.respondents.design import Design, Domain, Indicator
from surveybook.respondents.sums import (
    CLUSTER,
    GROUP,
    NAME,
    NAMED,
    SIZE,
    STRATUM,
    WITHIN,
    IntArray,
    Layout,
    Sums,
    refuse,
    sum_respondents,
)
from surveybook.stats.shares import FloatArray

ESTIMATES = ["item_id", "question_id", "response", "domain", "share", "standard_error", "low", "high", "base",
             "weighted_base", "effective_base", "design_effect", "degrees_of_freedom", "method"]  # fmt: skip
COVARIANCES = ["domain", "domain_b", "question_id", "item_a", "response_a", "item_b", "response_b", "covariance"]
# What is known of each figure before its limits are.
MEASURED = ["share", "variance", "base", "weighted_base", "kish", "degrees_of_freedom", "settled"]
INTERVALS = {"logit": "logit", "korn-graubard": "Korn-Graubard"}
# A stratum of which a smaller part was left out was taken in full, as R's `onestrat` has it.
CERTAIN = 1e-7
# Where R's `degf` takes replicate weights as dependent; what is added up are their squares.
TOLERANCE = 1e-5
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
        standard error and limits from 0 to 1, or of numbers their mean in its place, in their own unit; the
        unweighted, weighted and effective number of people that it is of. NaN where nobody is in the base. People of
        weight 0 don't count.
    covariances : DataFrame
        With the columns `COVARIANCES`: one row a domain and pair of figures of one question, where ``domain_b`` is
        empty; and one a figure and pair of groups of one variable: groups of one sample share strata and clusters, so
        that their shares vary together.
    """

    estimates: pd.DataFrame
    covariances: pd.DataFrame


@dataclass(frozen=True)
class Strata:
    """
    What the units of one stage were drawn from: strata of the whole sample or, at the second stage, its clusters.

    Attributes
    ----------
    names : Index
        Their values, in the order of their codes.
    codes : ndarray of int
        The code of the stratum that each row of the whole sample's sums belongs to.
    sampled : ndarray
        Clusters in the sample, or people where there are no clusters and at the second stage.
    correction : ndarray
        What is left of the variance after the finite population correction; 1 without one.
    drawn : ndarray
        What their variance counts for: 1 at the first stage, the fraction drawn there at the second.
    words : tuple of str
        What one is called, what several are, and what was drawn from them.
    of_people : bool
        Whether people are drawn from them, and not clusters.
    has_names : bool
        Whether their names are those of the file; False where all people are one stratum.
    """

    names: pd.Index
    codes: IntArray
    sampled: FloatArray
    correction: FloatArray
    drawn: FloatArray
    words: tuple[str, str, str] = ("stratum", "strata", "cluster")
    of_people: bool = True
    has_names: bool = True

    def add_up(self, values: FloatArray) -> FloatArray:
        """Return the sums of the whole sample's rows over each stratum, strata by columns."""
        total = np.zeros((len(self.sampled), *values.shape[1:]))
        np.add.at(total, self.codes, values)
        return total

    def weigh_squares(self, lonely: str, present: NDArray[np.bool_]) -> tuple[FloatArray, FloatArray, float]:
        """
        Return what the rule for strata with one unit makes of each stratum.

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
        scale = np.where(certain | (alone & (lonely != "adjust")), 0.0, scale * self.drawn)
        factor = 1.0
        if lonely == "average":
            left = (present & (~alone | certain)).sum()
            factor = float(present.sum() / left) if left else float("nan")
        return scale, np.where(alone, 0.0, 1.0), factor

    def check_lonely(self) -> None:
        """Raise an error for strata with one unit; one taken in full has no variance."""
        alone = np.flatnonzero((self.sampled == 1) & (self.correction > CERTAIN) & (self.drawn > 0))
        if len(alone):
            one, several, unit = self.words
            raise SurveybookError(
                f"{len(alone)} {f'{one} has' if len(alone) == 1 else f'{several} have'} only one {unit}"
                f"{self.name_places(alone)}, from which no variance can be told; merge {several}, or declare"
                " lonely: adjust, certainty or average."
            )

    def name_places(self, places: IntArray) -> str:
        """Return the names of the first few of some strata in brackets; nothing where they have none."""
        names = [self.names[place] for place in places[:NAMED]]
        shown = ", ".join(" ".join(map(str, name)) if isinstance(name, tuple) else str(name) for name in names)
        return f" ({shown})" if self.has_names else ""


@dataclass(frozen=True)
class Group:
    """
    Some people, reduced: one row a stratum and cluster, or a stratum where there are no clusters.

    Attributes
    ----------
    name : str
        What estimates call them; empty for the whole population.
    column : str, optional
        The column whose groups they are one of; None for the whole population.
    places : ndarray of int
        The place of each row among those of the whole population.
    values : ndarray
        The sums.
    rank : float
        Rank of the replicate weights among these people; NaN where it wasn't asked for.
    """

    name: str
    column: str | None
    places: IntArray
    values: FloatArray
    rank: float


@dataclass(frozen=True)
class Figures:
    """
    The figures of one question in one group: shares, or means, as ratios of sums.

    Attributes
    ----------
    layout : Layout
        Which sums there are.
    stages : sequence of Strata
        What was drawn from at each stage.
    group : Group
        The people.
    question : int
        The question's place in the layout.
    """

    layout: Layout
    stages: Sequence[Strata]
    group: Group
    question: int

    @cached_property
    def totals(self) -> FloatArray:
        """The sums of the question's variables, rows by weights by variables."""
        block = self.group.values[:, self.layout.blocks[self.question][0]]
        return block.reshape(len(block), self.layout.weights, 2 * len(self.layout.questions[self.question]))

    @cached_property
    def parts(self) -> tuple[FloatArray, FloatArray]:
        """What stands above and below the line of each figure, by each of the weights."""
        above, below = np.split(self.totals.sum(axis=0), 2, axis=1)
        return above, below

    @cached_property
    def share(self) -> FloatArray:
        """The figures, NaN where there is no base."""
        above, below = self.parts
        return divide(above[1], below[1])

    @cached_property
    def people(self) -> FloatArray:
        """How many people of positive weight are in the base of each figure, a row each."""
        return self.totals[:, 0, len(self.share) :]

    @cached_property
    def inverse(self) -> FloatArray:
        """One over the weighted base of each figure; 0 where there is none."""
        return np.nan_to_num(divide(np.ones(len(self.share)), self.parts[1][1]))

    def lay_out(self, values: FloatArray) -> FloatArray:
        """Return the group's rows in their places among those of the whole sample; rows without any of it are 0."""
        whole = np.zeros((len(self.stages[0].codes), *values.shape[1:]))
        whole[self.group.places] = values
        return whole

    @cached_property
    def scores(self) -> FloatArray:
        """What each row of the whole sample adds to the linearised figures, rows by figures."""
        above, below = np.split(self.totals[:, 1], 2, axis=1)
        # In this order, so that nothing is left where all gave the answer.
        return self.lay_out((above - below * np.nan_to_num(self.share)) * self.inverse)

    @cached_property
    def sums(self) -> list[tuple[FloatArray, ...]]:
        """Of each stage the people in any base, and the scores, of each stratum."""
        added = self.lay_out(self.people.sum(axis=1)), self.scores
        return [tuple(map(strata.add_up, added)) for strata in self.stages]

    @cached_property
    def distances(self) -> FloatArray:
        """How far the figures that replicate weights give lie from their middle, replicates by figures."""
        replicates, (above, below) = self.layout.design.replicates, self.parts
        assert replicates is not None
        each = divide(above[3:], below[3:])
        scales = np.ones(len(each)) if replicates.rscales is None else np.array(replicates.rscales)
        used = ~np.isnan(each)
        counted = used & (scales > 0)[:, None]
        mean = divide(np.where(counted, each, 0.0).sum(axis=0), counted.sum(axis=0).astype(float))
        middle = self.share if replicates.mse else mean
        return np.where(used, each - middle, 0.0) * np.sqrt(scales)[:, None]

    def covary(self, other: "Figures") -> FloatArray:
        """
        Return the covariances of these figures with those of the same question in another group, or in this one.

        Returns
        -------
        ndarray
            Square matrix in squared figures, these by the other's; NaN for figures without a base, 0 in a census.

        Notes
        -----
        Binder (1983) and Woodruff (1971): a share varies as the total of ``w (y - share) / base`` does, with
        clusters drawn with replacement within strata and, given population sizes, their correction. Those of a second
        stage add the variance of people within clusters, times the fraction of clusters drawn (Särndal, Swensson and
        Wretman 1992, result 4.3.1). Rows outside a group stay in it as zeros. As in R's `survey` (Lumley 2004), where
        covariances of groups are ``svyby(covmat = TRUE)``: a cluster that holds people of both adds the product of what
        it adds to either, and nobody is in two groups of one variable.
        """
        design, pair = self.layout.design, (self, other)
        matrix = np.zeros((len(self.share), len(other.share)))
        if design.replicates is not None and not design.census:
            matrix = self.distances.T @ other.distances * design.replicates.factor
        elif not design.census:
            for strata, *sums in zip(self.stages, self.sums, other.sums, strict=True):
                people, totals = zip(*sums, strict=True)
                scale, centred, factor = strata.weigh_squares(design.lonely, np.add(*people) > 0)
                means = [total / strata.sampled[:, None] * centred[:, None] for total in totals]
                if strata.of_people:
                    raw = self.square_people(scale[strata.codes]) if self is other else np.zeros(matrix.shape)
                    stage = raw - (totals[0] * scale[:, None]).T @ means[1]
                    size = np.sqrt(np.maximum(np.outer(np.diag(raw), np.diag(raw)), 0.0))
                    stage[np.abs(stage) < ROUNDING * size] = 0.0
                else:
                    weights = np.sqrt(scale)[strata.codes][:, None]
                    first, second = (
                        (one.scores - mean[strata.codes]) * weights for one, mean in zip(pair, means, strict=True)
                    )
                    stage = first.T @ second
                matrix += stage * factor
        matrix[np.isnan(self.share), :] = matrix[:, np.isnan(other.share)] = np.nan
        return matrix

    def square_people(self, scale: FloatArray) -> FloatArray:
        """Return the sum of products of what each person adds to two linearised figures, with a factor for each row."""
        count, share = 2 * len(self.share), np.nan_to_num(self.share)
        first, second = np.triu_indices(count)
        squares = np.zeros((count, count))
        products = self.group.values[:, self.layout.blocks[self.question][1]]
        squares[first, second] = scale[self.group.places] @ products
        squares[second, first] = squares[first, second]
        (both, cross), (_, bases) = (np.split(half, 2, axis=1) for half in np.split(squares, 2))
        raw = both - cross * share - (cross * share).T + bases * np.outer(share, share)
        return np.asarray(raw * np.outer(self.inverse, self.inverse))

    def count_degrees(self) -> list[float]:
        """
        Return the degrees of freedom of each figure.

        Clusters less strata with anyone in the base (R's `degf` of a subset); the rank of the replicate weights less
        one, or what the design states; infinite in a census.
        """
        design = self.layout.design
        if design.census or design.replicates is not None:
            given = float("inf") if design.replicates is None else design.replicates.degrees_of_freedom
            return [self.group.rank - 1 if given is None else given] * len(self.share)
        units = self.people if design.cluster is None else self.people > 0
        strata = self.stages[0].add_up(self.lay_out(self.people)) > 0
        return list(units.sum(axis=0).astype(float) - strata.sum(axis=0))

    def measure(self, matrix: FloatArray) -> FloatArray:
        """Return what is known of each figure, given their covariances: figures by `MEASURED`."""
        base, weighted, squared = self.parts[1][:3]
        # Settled is what nobody was left out of: all from whom the people of the base were drawn are there.
        left = [drawn.correction[drawn.codes[self.group.places]] for drawn in self.stages]
        settled = [all((own[people > 0] < CERTAIN).all() for own in left) for people in self.people.T]
        found = [self.share, np.diag(matrix), base, weighted, divide(weighted**2, squared)]
        return np.column_stack([*found, self.count_degrees(), settled])


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
) -> Estimation:
    """
    Return the weighted shares of respondents who gave each answer, or means, with design-based standard errors.

    Parameters
    ----------
    source : DataFrame or path
        One row a respondent: a table, or the path of a Parquet file, which is read in batches.
    design : Design
        How the sample was drawn.
    indicators : sequence of Indicator
        What to estimate; a column of 1, 0 and missing each, or of numbers and missing.
    domains : sequence of Domain
        Parts of the population to estimate it for too. Rows outside stay in the variance as zeros.
    confidence : float, default 0.95
        Confidence level between 0 and 1.
    interval : str, default "logit"
        "logit" or "korn-graubard"; the latter stands in for shares of 0 and 1, which have no logit. Limits of means are
        those of Student's distribution.

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
    layout = Layout(design, tuple(indicators), tuple(domains))
    stages, groups = form_groups(sum_respondents(source, layout), layout)
    measured, pairs = list[tuple[Any, ...]](), [np.empty((0, 5))]
    for question, members in enumerate(layout.questions):
        own, size = [layout.indicators[member] for member in members], len(members)
        figures = [Figures(layout, stages, group, question) for group in groups]
        for one, other in combinations_with_replacement(range(len(groups)), 2):
            is_between = one != other
            # Nobody asks how a figure of no question varies together with itself in another group.
            if groups[one].column != groups[other].column or (is_between and not own[0].question_id):
                continue
            matrix = figures[one].covary(figures[other])
            if not is_between:
                measured += zip([one] * size, members, figures[one].measure(matrix), strict=True)
            first, second = np.diag_indices(size) if is_between else np.triu_indices(size, 1)
            ends = np.array(members)[[first, second]].T
            pairs.append(np.column_stack([np.tile((one, other), (len(ends), 1)), ends, matrix[first, second]]))
    measured.sort(key=lambda row: row[:2])
    named = pd.DataFrame(layout.indicators).drop(columns="column").iloc[[member for _, member, _ in measured]]
    named = named.assign(domain=[groups[place].name for place, *_ in measured]).reset_index(drop=True)
    table = pd.concat([named, pd.DataFrame(np.array([row for *_, row in measured]), columns=MEASURED)], axis=1)
    return Estimation(
        add_limits(describe_shares(table), design, confidence, interval)[ESTIMATES],
        name_covariances(np.vstack(pairs), layout, groups),
    )


def name_covariances(pairs: FloatArray, layout: Layout, groups: Sequence[Group]) -> pd.DataFrame:
    """Return covariances by name, with the columns `COVARIANCES`, those within groups first.

    Parameters
    ----------
    pairs : ndarray
        One row a pair: the places of both groups, which may be one, and of both indicators, and the covariance.
    layout : Layout
        The indicators.
    groups : sequence of Group
        The groups.
    """
    pairs = pairs[np.lexsort((pairs[:, 1], pairs[:, 0], pairs[:, 0] != pairs[:, 1]))]
    one, other, first, second = pairs[:, :4].T.astype(int)
    names = np.array([group.name for group in groups], dtype=object)
    ends = pd.DataFrame(layout.indicators)[["question_id", "item_id", "response"]].to_numpy(object)
    beside = np.where(one == other, "", names[other])
    columns = [names[one], beside, *ends[first].T, *ends[second, 1:].T, pairs[:, 4]]
    return pd.DataFrame(dict(zip(COVARIANCES, columns, strict=True)))


def form_groups(sums: Sums, layout: Layout) -> tuple[list[Strata], list[Group]]:
    """Return what was drawn from at each stage; and the whole population and each domain as rows of its units."""
    # Where nobody was drawn from strata or clusters, all people are one.
    keys = list(layout.units) or [STRATUM]
    table = sums.table if layout.units else sums.table.assign(**{STRATUM: 0})
    columns = [column for column in sums.table if column not in (*keys, GROUP)]
    whole = table[table[GROUP] <= len(next(iter(layout.splits.values())))]
    whole = whole.groupby(keys, sort=True, observed=True)[columns].sum().reset_index()
    stages = size_stages(whole, sums.sizes, layout)
    if layout.design.is_linearised and layout.design.lonely == "fail":
        for drawn in stages:
            drawn.check_lonely()
    places = pd.MultiIndex.from_frame(whole[keys])
    parts = [("", None, whole)] + [
        (domain.name, domain.column, table[table[GROUP] == layout.splits[domain.column][domain.value]])
        for domain in layout.domains
    ]
    ranks = rank_replicates(sums.products, len(parts))
    groups = [
        Group(name, column, places.get_indexer(pd.MultiIndex.from_frame(own[keys])),
              own.drop(columns=[*keys, GROUP], errors="ignore").to_numpy(float), rank)
        for (name, column, own), rank in zip(parts, ranks, strict=True)
    ]  # fmt: skip
    return stages, groups


def size_stages(whole: pd.DataFrame, sizes: pd.DataFrame, layout: Layout) -> list[Strata]:
    """
    Return the strata that clusters (or people) were drawn from, and the clusters that people were, where it is known.

    Raises
    ------
    DataError
        If the population is given differently within a stratum or cluster, or is smaller than the sample from it; or
        if all clusters of a stratum were drawn, and nothing says how many people were left out of those with several.
    """
    design, people = layout.design, whole[0].to_numpy(float)
    codes, names = pd.factorize(whole[STRATUM] if STRATUM in whole else np.zeros(len(whole)), sort=True)
    sampled = np.bincount(codes, None if CLUSTER in whole else people).astype(float)
    ones = np.ones(len(sampled))
    first = Strata(pd.Index(names), codes, sampled, ones, ones, of_people=design.cluster is None,
                   has_names=design.strata is not None)  # fmt: skip
    if design.fpc is None or design.census:
        return [first]
    first = correct_strata(first, sizes.groupby(STRATUM)[SIZE].agg(["min", "max"]), design.fpc)
    if design.fpc_within is not None:
        keys = list(layout.units)
        names = pd.MultiIndex.from_frame(whole[keys]) if len(keys) > 1 else pd.Index(whole[CLUSTER])
        clusters = Strata(names, np.arange(len(whole)), people, np.ones(len(whole)), 1 - first.correction[codes],
                          ("cluster", "clusters", "person"))  # fmt: skip
        given = sizes.groupby(keys)[WITHIN].agg(["min", "max"])
        return [first, correct_strata(clusters, given, design.fpc_within)]
    unknown = np.unique(codes[(first.correction < CERTAIN)[codes] & (people > 1)]) if CLUSTER in whole else codes[:0]
    if len(unknown):
        count = f"{len(unknown)} {'stratum' if len(unknown) == 1 else 'strata'}"
        named = f" of {count}{first.name_places(unknown)}" if first.has_names else ""
        found = f"all clusters{named} are in the sample, so that nothing varies but who was asked within them"
        expected = "name in fpc_within the people of each cluster, or the fraction asked: 1 where nobody was left out"
        raise refuse(found, expected, column=design.fpc)
    return [first]


def correct_strata(strata: Strata, given: pd.DataFrame, column: str) -> Strata:
    """Return strata with their correction, from the least and the largest size given in each, after checking them."""
    low, high = given.reindex(strata.names).to_numpy().T
    with np.errstate(divide="ignore"):  # a fraction of 0 is refused below
        population = strata.sampled / high if (high <= 1).all() else high
    one, several, _ = strata.words
    problems = []
    for wrong, found, expected in (
        (low != high, f"the population is given differently within the {one}", "expected one number"),
        (low <= 0, "the population is 0 or less", "expected a number above 0"),
        ((low > 0) & (population < strata.sampled * (1 - 1e-9)), "the population is smaller than the sample",
         "expected at least as many"),
    ):  # fmt: skip
        places = np.flatnonzero(wrong)
        if len(places):
            more = f" in {len(places):,} {several}" if len(places) > 1 else ""
            problems.append(Problem(NAME, f"{found}{more}{strata.name_places(places)}", expected, column=column))
    if problems:
        raise DataError("Respondents", problems)
    return replace(strata, correction=np.maximum(1 - strata.sampled / population, 0.0))


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


def describe_shares(found: pd.DataFrame) -> pd.DataFrame:
    """Return shares with their standard errors and effective bases; those without variance have Kish's base."""
    share, variance, base = (found[name].to_numpy() for name in ("share", "variance", "base"))
    spread = share * (1 - share)
    simple = np.where((spread > 0) & (base > 1), spread / np.maximum(base - 1, 1), np.nan)
    effect = variance / simple
    return found.assign(
        standard_error=np.sqrt(np.maximum(variance, 0.0)),
        effective_base=np.where((spread > 0) & (variance > 0), divide(base, np.nan_to_num(effect)), found["kish"]),
        design_effect=effect,
    )


def add_limits(found: pd.DataFrame, design: Design, confidence: float, interval: str) -> pd.DataFrame:
    """Return estimates with confidence limits and the method's name."""
    share, numbers = found["share"], found["is_number"].astype(bool)
    extreme, known = share.isin((0.0, 1.0)), found["standard_error"].eq(0) & found["degrees_of_freedom"].gt(0)
    settled = design.census | found["settled"].astype(bool) | (known & ~extreme)
    exact = extreme | (interval != "logit")
    limits = limit_shares(found.assign(share=share.mask(numbers)), exact, settled, confidence)
    means = student_limits(share, found["standard_error"], found["degrees_of_freedom"], confidence)
    low, high = (np.where(numbers, *pair) for pair in zip(means, limits, strict=True))
    method = np.where(exact, INTERVALS["korn-graubard"], INTERVALS["logit"]) + f", {design.method}"
    return found.assign(
        low=share if design.census else low,
        high=share if design.census else high,
        method=np.where(numbers | design.census, design.method, method),
    )


def limit_shares(
    found: pd.DataFrame, exact: ArrayLike, settled: ArrayLike, confidence: float
) -> tuple[FloatArray, FloatArray]:
    """
    Return the limits of shares at a level.

    Parameters
    ----------
    found : DataFrame
        With ``share``, ``standard_error``, ``base``, ``effective_base`` and ``degrees_of_freedom``.
    exact : array_like of bool
        Where the limits are Korn and Graubard's; elsewhere they are symmetric on the logit scale.
    settled : array_like of bool
        Where nothing was left to chance, so that the limits are the share.
    confidence : float
        Confidence level between 0 and 1.
    """
    columns = ("share", "standard_error", "base", "effective_base", "degrees_of_freedom")
    share, error, base, effective, degrees = (found[name].to_numpy(float) for name in columns)
    variance = np.where(error > 0, error, 1.0) ** 2
    binomial = np.where(error > 0, share * (1 - share) / variance, effective)
    inner = logit_limits(share, error, degrees, confidence)
    outer = korn_graubard_limits(share, binomial, base, degrees, confidence)
    low, high = (np.where(settled, share, np.where(exact, *pair)) for pair in zip(outer, inner, strict=True))
    return low, high


def student_limits(
    value: ArrayLike, standard_error: ArrayLike, degrees_of_freedom: ArrayLike, confidence: float = 0.95
) -> tuple[FloatArray, FloatArray]:
    """Return limits of estimates by Student's distribution; R's ``confint`` with ``df``."""
    from scipy import special  # slow to load, and chapters that read published figures don't need it

    values = np.asarray(value, dtype=float)
    half = np.asarray(standard_error, dtype=float) * special.stdtrit(degrees_of_freedom, (1 + confidence) / 2)
    return values - half, values + half


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
    from scipy import special  # as above

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

    shares, number = np.asarray(share, dtype=float), np.asarray(base, dtype=float)
    tail = (1 - confidence) / 2
    ratio = special.stdtrit(number - 1, tail) / special.stdtrit(degrees_of_freedom, tail)
    size = np.asarray(effective, dtype=float) * ratio**2
    chosen, other = size * shares, size * (1 - shares)
    low = np.where(chosen > 0, special.betaincinv(np.where(chosen > 0, chosen, 1.0), other + 1, tail), 0.0)
    high = np.where(other > 0, special.betaincinv(chosen + 1, np.where(other > 0, other, 1.0), 1 - tail), 1.0)
    unknown = np.isnan(size) | np.isnan(shares)
    return np.where(unknown, np.nan, low), np.where(unknown, np.nan, high)
