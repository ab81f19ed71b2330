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
from concurrent.futures import Executor
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike, NDArray

from surveybook.model.problems import DataError, Problem, SurveybookError
from surveybook.respondents.design import Design, Domain, Indicator
from surveybook.respondents.sums import (
    CLUSTER,
    GROUP,
    NAMED,
    SIZE,
    STRATUM,
    TOLERANCE,
    WITHIN,
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
    What the units of one stage were drawn from: strata of the whole sample or, at the second stage, its clusters.

    Attributes
    ----------
    names : Index
        Their values, in the order of their codes.
    sampled : ndarray
        Clusters in the sample, or people where there are no clusters and at the second stage.
    correction : ndarray
        What is left of the variance after the finite population correction; 1 without one.
    drawn : ndarray
        What their variance counts for: 1 at the first stage, the fraction drawn there at the second.
    words : tuple of str
        What one is called, what several are, and what was drawn from them.
    has_names : bool
        Whether their names are those of the file; False where all people are one stratum.
    """

    names: pd.Index
    sampled: FloatArray
    correction: FloatArray
    drawn: FloatArray
    words: tuple[str, str, str] = ("stratum", "strata", "cluster")
    has_names: bool = True

    def add_up(self, values: FloatArray, codes: IntArray) -> FloatArray:
        """Return the sums of rows over each stratum, given each row's code, strata by columns."""
        total = np.zeros((len(self.sampled), *values.shape[1:]))
        np.add.at(total, codes, values)
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
    layout : Layout
        Which sums there are.
    strata : Strata
        Those of the whole sample.
    within : Strata, optional
        Its clusters, where people were drawn from them and it is known from how many.
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
    within: Strata | None
    stratum: IntArray
    cluster: IntArray
    values: FloatArray
    rank: float
    name: str = ""

    def totals(self, question: int) -> FloatArray:
        """Return the sums of a question's variables, rows by weights by variables."""
        block = self.values[:, self.layout.blocks[question][0]]
        return block.reshape(len(block), self.layout.weights, 2 * len(self.layout.questions[question]))

    def stages(self) -> list[tuple[Strata, IntArray]]:
        """Return what was drawn from at each stage, with the code of each row."""
        return [(self.strata, self.stratum), *([(self.within, self.cluster)] if self.within is not None else [])]

    def is_settled(self, people: FloatArray) -> bool:
        """Return whether nobody was left out of where the people of a base (a row each) were drawn from."""
        return all((drawn.correction[codes[people > 0]] < CERTAIN).all() for drawn, codes in self.stages())

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
        clusters drawn with replacement within strata and, given population sizes, their correction. Those of a second
        stage add the variance of people within clusters, times the fraction of clusters drawn (Särndal, Swensson and
        Wretman 1992, result 4.3.1). Rows outside a group stay in it as zeros. As in R's `survey` (Lumley 2004).
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
            people = [total[:, 0, len(shares[0]) :].sum(axis=1) for total in totals]
            found = np.zeros(len(shares[0]))
            for (strata, one), (_, two) in zip(self.stages(), other.stages(), strict=True):
                present = strata.add_up(people[0], one) + strata.add_up(people[1], two) > 0
                scale, centred, factor = strata.weigh_squares(design.lonely, present)
                sums = strata.add_up(scores[0], one), strata.add_up(scores[1], two)
                together = -centred[:, None] * sums[0] * sums[1] / strata.sampled[:, None]
                if design.cluster is not None and strata is self.strata:
                    _, here, there = np.intersect1d(self.cluster, other.cluster, return_indices=True)
                    np.add.at(together, one[here], scores[0][here] * scores[1][there])
                found += (scale[:, None] * together).sum(axis=0) * factor
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
        scores = score_rows(totals, share, base)
        people = totals[:, 0, len(share) :].sum(axis=1)
        matrix = np.zeros((len(share),) * 2)
        for strata, codes in self.stages():
            scale, centred, factor = strata.weigh_squares(self.layout.design.lonely, strata.add_up(people, codes) > 0)
            total, sampled = strata.add_up(scores, codes), strata.sampled
            mean = total / sampled[:, None] * centred[:, None]
            if self.layout.design.cluster is None or strata is self.within:
                raw = self._square_people(question, scale[codes], share, base)
                stage = raw - (total * scale[:, None]).T @ mean
                size = np.sqrt(np.maximum(np.outer(np.diag(raw), np.diag(raw)), 0.0))
                stage[np.abs(stage) < ROUNDING * size] = 0.0
            else:
                distance = (scores - mean[codes]) * np.sqrt(scale)[codes][:, None]
                # Clusters with nobody in the group are zeros that lie as far from the mean as it is from 0.
                absent = sampled - np.bincount(codes, minlength=len(sampled))
                empty = mean * np.sqrt(scale * absent)[:, None]
                stage = distance.T @ distance + empty.T @ empty
            matrix += stage * factor
        return matrix

    def _square_people(self, question: int, scale: FloatArray, share: FloatArray, base: FloatArray) -> FloatArray:
        """Return the sum of products of what each person adds to two linearised shares, with a factor for each row."""
        inverse, count = np.nan_to_num(divide(np.ones(len(base)), base)), 2 * len(share)
        first, second = np.triu_indices(count)
        squares = np.zeros((count, count))
        squares[first, second] = scale @ self.values[:, self.layout.blocks[question][1]]
        squares[second, first] = squares[first, second]
        (both, cross), (_, bases) = (np.split(half, 2, axis=1) for half in np.split(squares, 2))
        raw = both - cross * share - (cross * share).T + bases * np.outer(share, share)
        return np.asarray(raw * np.outer(inverse, inverse))

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
    strata, within = size_stages(whole, sums.sizes, layout)
    if layout.design.is_linearised and layout.design.lonely == "fail":
        for drawn in filter(None, (strata, within)):
            drawn.check_lonely()
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
            within,
            strata.names.get_indexer(table[STRATUM]) if STRATUM in table else np.zeros(len(table), dtype=np.int64),
            places.get_indexer(pd.MultiIndex.from_frame(table[keys or [STRATUM]])),
            table[columns].to_numpy(dtype=np.float64),
            rank,
            name,
        )
        for table, rank, name in zip(tables, ranks, names, strict=True)
    ]


def size_stages(whole: pd.DataFrame, sizes: pd.DataFrame, layout: Layout) -> tuple[Strata, Strata | None]:
    """
    Return the strata that clusters (or people) were drawn from, and the clusters that people were, where it is known.

    Raises
    ------
    DataError
        If the population is given differently within a stratum or cluster, or is smaller than the sample from it; or
        if all clusters of a stratum were drawn, and nothing says how many people were left out of those with several.
    """
    design, people = layout.design, whole[0].astype(float)
    stratum = whole[STRATUM] if STRATUM in whole else pd.Series(0, index=whole.index)
    counted = pd.Series(1.0, index=whole.index) if CLUSTER in whole else people
    sampled = counted.groupby(stratum, sort=True, observed=True).sum()
    first = Strata(sampled.index, sampled.to_numpy(), np.ones(len(sampled)), np.ones(len(sampled)),
                   has_names=design.strata is not None)  # fmt: skip
    if design.fpc is None or design.census:
        return first, None
    first = correct_strata(first, sizes.groupby(STRATUM)[SIZE].agg(["min", "max"]), design.fpc, layout.name)
    codes = first.names.get_indexer(stratum)
    if design.fpc_within is not None:
        keys = [key for key in layout.keys if key != GROUP]
        names = pd.MultiIndex.from_frame(whole[keys]) if len(keys) > 1 else pd.Index(whole[CLUSTER])
        clusters = Strata(names, people.to_numpy(), np.ones(len(names)), 1 - first.correction[codes],
                          ("cluster", "clusters", "person"))  # fmt: skip
        given = sizes.groupby(keys)[WITHIN].agg(["min", "max"])
        return first, correct_strata(clusters, given, design.fpc_within, layout.name)
    in_full = first.correction < CERTAIN
    unknown = np.unique(codes[in_full[codes] & (people.to_numpy() > 1)]) if CLUSTER in whole else codes[:0]
    if len(unknown):
        count = f"{len(unknown)} {'stratum' if len(unknown) == 1 else 'strata'}"
        named = f" of {count}{first.name_places(unknown)}" if first.has_names else ""
        found = f"all clusters{named} are in the sample, so that nothing varies but who was asked within them"
        expected = "name in fpc_within the people of each cluster, or the fraction asked: 1 where nobody was left out"
        raise DataError("Respondents", [Problem(layout.name, found, expected, column=design.fpc)])
    return first, None


def correct_strata(strata: Strata, given: pd.DataFrame, column: str, name: str) -> Strata:
    """Return strata with their correction, from the least and the largest size given in each, after checking them."""
    low, high = given.reindex(strata.names).to_numpy().T
    with np.errstate(divide="ignore"):  # a fraction of 0 is refused below
        population = strata.sampled / high if (high <= 1).all() else high
    one, several, _ = strata.words
    rules = [
        (low != high, f"the population is given differently within the {one}", "expected one number"),
        (low <= 0, "the population is 0 or less", "expected a number above 0"),
        (population < strata.sampled * (1 - 1e-9), "the population is smaller than the sample",
         "expected at least as many"),
    ]  # fmt: skip
    problems = []
    for wrong, found, expected in rules:
        places = np.flatnonzero(wrong)
        if len(places):
            more = f" in {len(places):,} {several}" if len(places) > 1 else ""
            problems.append(Problem(name, f"{found}{more}{strata.name_places(places)}", expected, column=column))
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


def estimate_group(group: Group) -> tuple[pd.DataFrame, list[tuple[object, ...]]]:
    """Return the shares of one group with their variances and bases, and the covariances within questions."""
    layout, tables, pairs = group.layout, [], list[tuple[object, ...]]()
    for question, members in enumerate(layout.questions):
        totals, figures = group.totals(question), [layout.indicators[member] for member in members]
        people = totals[:, 0, len(members) :]
        (_, above, _), (base, weighted, squared) = np.split(totals.sum(axis=0)[:3], 2, axis=1)
        matrix = group.covariance(question)
        columns = {
            "share": divide(above, weighted),
            "variance": np.diag(matrix),
            "base": base,
            "weighted_base": weighted,
            "kish": divide(weighted**2, squared),
            "degrees_of_freedom": [group.degrees_of_freedom(column) for column in people.T],
            "settled": [group.is_settled(column) for column in people.T],
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
