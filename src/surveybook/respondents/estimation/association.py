"""Whether answers depend on the group, or are spread as expected, allowing for how people were sampled."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from surveybook.model.problems import SurveybookError
from surveybook.respondents.estimation.estimates import Estimation
from surveybook.respondents.estimation.freedom import degrees_of_freedom
from surveybook.respondents.estimation.sums import Sums
from surveybook.respondents.estimation.terms import Terms, shares
from surveybook.respondents.estimation.variance import covariance
from surveybook.stats.normal import FloatArray


@dataclass(frozen=True)
class Association:
    """
    Pearson's test of independence, or of fit, with the second-order correction of Rao and Scott.

    Attributes
    ----------
    statistic : float
        F.
    degrees_of_freedom : tuple of float
        Of the numerator and the denominator.
    p_value : float
        Upper tail.
    """

    statistic: float
    degrees_of_freedom: tuple[float, float]
    p_value: float


def association(estimation: Estimation, figures: Sequence[tuple[str, str]], domains: Sequence[str]) -> Association:
    """
    Return whether an item, or the answer to a single-choice question, depends on the group.

    Parameters
    ----------
    estimation : Estimation
        The survey, estimated with the domains.
    figures : sequence of tuple of str
        Item and response: one figure, given or not; or the answers of a question of which people gave one.
        What they don't cover of the base counts as one more answer.
    domains : sequence of str
        Names of two or more domains that have nobody in common; people in none are left out.

    Returns
    -------
    Association
        NaN where fewer than two answers or groups have anybody.

    Raises
    ------
    SurveybookError
        If a figure or domain isn't there, or answers, bases or domains don't go together.

    Notes
    -----
    Rao and Scott (1984); R: ``svychisq(statistic = "F")``.
    """
    sums = estimation.sums
    members = _members(sums, figures)
    groups = _groups(sums, domains)
    base = sums.layout.bases[members[0]]
    cells, matrix = _cells(sums, members, groups)
    table = cells.reshape(len(members) + 1, groups.shape[1])
    answers, columns = table.sum(axis=1) > 1e-12, table.sum(axis=0) > 1e-12
    kept = np.outer(answers, columns).ravel()
    if answers.sum() < 2 or columns.sum() < 2:
        return Association(np.nan, (np.nan, np.nan), np.nan)
    table = table[answers][:, columns]
    effects = _generalised_effects(table, matrix[np.ix_(kept, kept)])
    expected = np.outer(table.sum(axis=1), table.sum(axis=0))
    return _corrected(table, expected, effects, degrees_of_freedom(sums, base, np.asarray(groups.any(axis=1))))


def goodness_of_fit(
    estimation: Estimation,
    figures: Sequence[tuple[str, str]],
    expected: Sequence[float] | None = None,
    domain: str = "",
) -> Association:
    """
    Return whether the answers to a single-choice question are spread otherwise than expected.

    Parameters
    ----------
    estimation : Estimation
        The survey.
    figures : sequence of tuple of str
        Item and response of the answers, of which people gave one.
    expected : sequence of float, optional
        The share expected of each, from 0 to 1. What they leave of 1 is expected of all other answers together.
        Without them, all answers are expected to be equally common; the figures then have to cover the base.
    domain : str, default ""
        The domain; the whole population without it.

    Returns
    -------
    Association
        NaN without anybody in the base.

    Raises
    ------
    SurveybookError
        If a figure or domain isn't there, the figures don't go together, or expected shares can't be such.

    Notes
    -----
    Rao and Scott (1981), with the variances of shares. R's ``svygofchisq`` takes the estimated number of people
    for random too, and the distribution of a weighted sum of chi-squared variables instead of F.
    """
    sums = estimation.sums
    members = _members(sums, figures)
    names = [named.name for named in sums.layout.domains]
    if domain and domain not in names:
        raise SurveybookError(f"There is no domain {domain!r}.")
    rows = sums.rows_in(names.index(domain) if domain else None)
    cells, matrix = _cells(sums, members, rows[:, None])
    if np.isnan(cells).any():
        return Association(np.nan, (np.nan, np.nan), np.nan)
    spread = _spread(expected, len(members), float(cells[-1]))
    kept = spread > 0
    cells, spread, matrix = cells[kept], spread[kept], matrix[np.ix_(kept, kept)]
    degrees = degrees_of_freedom(sums, sums.layout.bases[members[0]], rows, names.index(domain) if domain else None)
    return _corrected(cells, spread, matrix / spread, degrees)


def _spread(expected: Sequence[float] | None, figures: int, others: float) -> FloatArray:
    """Return the shares that are expected of figures, and of all other answers together."""
    if expected is None:
        if others > 1e-9:
            raise SurveybookError("These figures leave other answers out; say which share is expected of each.")
        return np.append(np.full(figures, 1 / figures), 0.0)
    given = np.array(expected, dtype=float)
    if len(given) != figures or not (given > 0).all() or given.sum() > 1 + 1e-9:
        raise SurveybookError(f"Expected one share above 0 for each of {figures} figures, together no more than 1.")
    left = 1 - float(given.sum())
    if left < 1e-9 and others > 1e-9:
        raise SurveybookError("The expected shares add up to 1, and some people gave another answer.")
    return np.append(given, left if left > 1e-9 else 0.0)


def _corrected(found: FloatArray, expected: FloatArray, effects: FloatArray, degrees: float) -> Association:
    """Return Pearson's statistic over the mean design effect, as F with as many degrees as the effects allow."""
    from scipy import special

    trace = float(np.trace(effects))
    if not trace > 0:
        return Association(np.nan, (np.nan, np.nan), np.nan)
    first = trace**2 / float(np.trace(effects @ effects))
    second = first * degrees
    statistic = float(((found - expected) ** 2 / expected).sum()) / trace
    tail = special.fdtrc(first, second, statistic) if np.isfinite(second) else special.chdtrc(first, first * statistic)
    return Association(statistic, (first, second), float(tail))


def _members(sums: Sums, figures: Sequence[tuple[str, str]]) -> list[int]:
    """Return the positions of figures, which have to have one base."""
    known = [(indicator.item_id, indicator.response) for indicator in sums.layout.indicators]
    missing = [figure for figure in figures if tuple(figure) not in known]
    if missing or not figures:
        raise SurveybookError(
            f"There is no estimate of {missing[0][0]} ({missing[0][1]})." if missing else "No figure is named."
        )
    members = [known.index((item, response)) for item, response in figures]
    if len({sums.layout.bases[member] for member in members}) > 1:
        raise SurveybookError("These figures don't have one base, so they aren't answers to one question.")
    return members


def _groups(sums: Sums, domains: Sequence[str]) -> np.ndarray:
    """Return the rows of each domain, rows by domains, which can't have anybody in common."""
    names = [domain.name for domain in sums.layout.domains]
    missing = [name for name in domains if name not in names]
    if missing or len(domains) < 2:
        raise SurveybookError(f"There is no domain {missing[0]!r}." if missing else "Name two domains or more.")
    inside: np.ndarray = sums.inside[:, [names.index(name) for name in domains]]
    if (inside.sum(axis=1) > 1).any():
        raise SurveybookError("Some respondents are in two of these domains; expected groups that exclude each other.")
    return inside


def _cells(sums: Sums, members: list[int], groups: np.ndarray) -> tuple[FloatArray, FloatArray]:
    """Return the share of each answer and group in all of them, the remainder last, and their covariance."""
    count, base = groups.shape[1], sums.layout.bases[members[0]]
    over = tuple(name for name in [*(f"y{member}" for member in members), base] for _ in range(count))
    under = (base,) * len(over)
    everybody = np.repeat(np.asarray(groups.any(axis=1))[:, None], len(over), axis=1)
    terms = Terms(over, under, np.tile(groups, (1, len(members) + 1)), everybody)
    found, matrix = shares(sums, terms), covariance(sums, terms)
    # The last block holds groups as a whole, and becomes what other answers leave of them.
    change = np.eye(len(over))
    for place in range(len(members)):
        change[-count:, place * count : (place + 1) * count] = -np.eye(count)
    cells = change @ found
    if (cells < -1e-9).any():
        raise SurveybookError("People gave several of these answers; expected one answer each.")
    return np.where(np.abs(cells) < 1e-12, 0.0, cells), change @ matrix @ change.T


def _generalised_effects(table: FloatArray, matrix: FloatArray) -> FloatArray:
    """Return the matrix whose eigenvalues are design effects of the contrasts that independence sets to 0."""
    rows, columns = table.shape
    row, column = (part.ravel() for part in np.indices(table.shape))
    row_effects = (row[:, None] == np.arange(1, rows)).astype(float)
    column_effects = (column[:, None] == np.arange(1, columns)).astype(float)
    main = np.hstack([np.ones((rows * columns, 1)), row_effects, column_effects])
    both = (row_effects[:, :, None] * column_effects[:, None, :]).reshape(rows * columns, -1)
    contrasts = both - main @ np.linalg.lstsq(main, both, rcond=None)[0]
    shares_of = table.ravel()
    inverse = np.where(shares_of > 0, 1 / np.where(shares_of > 0, shares_of, 1.0), 0.0)
    weighted = contrasts * inverse[:, None]
    result: FloatArray = np.linalg.solve(contrasts.T @ weighted, weighted.T @ matrix @ weighted)
    return result
