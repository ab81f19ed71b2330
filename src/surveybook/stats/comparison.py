"""Which test fits which pair of figures, and the comparison of two figures, of two tables of them, and of groups by it.

Groups differ in their answers beyond sampling where all pairs of a question and grouping, tested as one family, say so.
"""

from collections.abc import Callable
from functools import lru_cache
from itertools import combinations
from string import ascii_uppercase
from typing import Any, Literal

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike, NDArray

from surveybook.model.kinds import Kind
from surveybook.model.survey import Survey, covariances_of, find_ends
from surveybook.stats.shares import (
    METHOD,
    UNTESTED,
    Difference,
    FloatArray,
    add_variances,
    adjust_p_values,
    compare_answers,
    compare_independent,
    fill_gaps,
    half_unit,
    make_difference,
    rank_sets,
    wald,
)

# How figures of everybody, and differences between two of them, are known.
BOUND = "Wald interval at the least favourable covariance"
CENSUS, EXACT = "census: no sampling error", "exact difference of two censuses"
Relation = Literal["independent", "exclusive", "choices", "statements"]
Compare = Callable[..., Difference]
# What is the same of both sides of a pair: an answer, and a grouping of a population, or the populations themselves.
CELL = ["question_id", "grouping", "item_id", "response"]
COLUMN = ["question_id", "population", "domain"]
# What names a figure of a population.
END = ["domain", "item_id", "response"]


def find_relation(first: Any, second: Any, kind: Kind) -> Relation | None:
    """Return how the people behind two figures of one wave stand to each other; None where no test fits.

    Parameters
    ----------
    first, second : pandas.Series or named tuple
        Rows of estimates.
    kind : Kind
        The kind of the first one's question.

    Returns
    -------
    str or None
        Two populations are independent samples, and nobody is in two groups of one background variable (men and
        women), though such groups of one sample share its design (see `choose_test`); two
        answers to one statement, or of one list with a single choice, exclude each other, unless one counts in the
        other; items of one list with
        several choices overlap, and so do separate statements. None where the two stand for overlapping parts of a
        population, or where independent samples were asked different things.
    """
    same_item = first.item_id == second.item_id
    variables = {row.domain.split("=")[0] for row in (first, second)}
    # Nobody has two values of one variable.
    apart = first.domain != second.domain and len(variables) == 1
    if first.population != second.population or apart:
        return "independent" if same_item and first.response == second.response else None
    if first.domain != second.domain:
        return None
    if same_item:
        # Who gave an answer counts in the net that it is part of.
        shared = {*kind.split_net(first.response)} & {*kind.split_net(second.response)}
        return "statements" if shared else "exclusive"
    return kind.relation if first.question_id == second.question_id else "statements"


def choose_test(survey: Survey, first: Any, second: Any) -> Compare | None:
    """Return the test that fits two figures of one wave, as a function of their shares; None where none does.

    Parameters
    ----------
    survey : Survey
        The wave of both.
    first, second : pandas.Series or named tuple
        Rows of its estimates.

    Returns
    -------
    callable or None
        From the two shares, and how far rounding lets their difference be off if that is to count, to a `Difference`.
        Published percentages are compared by their bases: where the overlap of two answers isn't known, the least
        favourable one counts. Estimates from respondents are compared by their standard errors and, for people of one
        sample, their covariance, which leaves nothing to bound; where that of two groups wasn't released, the least
        favourable one counts. Differences in a census are exact. None where a figure isn't a number, its base is
        unknown, or no test fits.
    """
    if any(pd.isna(row.share) or (pd.isna(row.effective_base) and not is_estimated(row)) for row in (first, second)):
        return None
    relation, level = find_relation(first, second, survey.codebook.kind_of(first.question_id)), survey.confidence
    if relation is None:
        return None
    if _share_design(first, second):
        covariance = find_covariance(survey, first, second)
        # Groups of one sample share strata and clusters, whether or not it was released how.
        if relation == "independent" or not np.isnan(covariance):
            return lambda *ab: make_difference(_compare_dependent(first, second, covariance, level, ab[:2]))
    if relation == "independent" or (_is_census(first) and _is_census(second)):
        return lambda a, b, rounding=0.0: make_difference(_compare(first, second, level, (a, b), rounding))
    base = min(float(fill_gaps(row.effective_base, row.base)) for row in (first, second))
    exclusive = relation == "exclusive"
    return lambda a, b, rounding=0.0: compare_answers(a, b, base, level, exclusive=exclusive, rounding=rounding)


def find_covariance(survey: Survey, first: Any, second: Any) -> float:
    """Return the covariance of two estimates of one question and sample; NaN where it wasn't released."""
    ends = tuple(part for row in (first, second) for part in (row.domain, row.item_id, row.response))
    return covariances_of(survey, first.population, first.question_id).get(ends, float("nan"))


def _find_covariances(survey: Survey, first: pd.DataFrame, second: pd.DataFrame) -> FloatArray:
    """Return the covariances of the figures of two tables, row by row; see `find_covariance`."""
    known = survey.covariances[survey.covariances["question_id"].isin(first["question_id"].unique())]
    ends = [end.assign(population=known["population"]) for end in find_ends(known)]
    # A pair of figures is named once, in either order.
    released = pd.concat([_name_pairs(*pair).assign(covariance=known["covariance"]) for pair in (ends, ends[::-1])])
    wanted = _name_pairs(first.reset_index(drop=True), second)
    wanted = wanted.merge(released.drop_duplicates(list(wanted), keep="last"), how="left", on=list(wanted))
    return wanted["covariance"].to_numpy(dtype=float)


def _name_pairs(first: pd.DataFrame, second: pd.DataFrame) -> pd.DataFrame:
    """Return what names the two figures of each pair of one population."""
    return pd.concat([first[["population", *END]], second[END].set_axis(first.index, axis=0).add_suffix("_b")], axis=1)


def compare_figures(survey: Survey, first: Any, second: Any) -> Difference:
    """Return the difference between two figures of one wave, by the test that their relation calls for.

    Parameters
    ----------
    survey : Survey
        The wave of both.
    first, second : pandas.Series or named tuple
        Rows of its estimates.

    Returns
    -------
    Difference
        First minus second, from -1 to 1; see `choose_test` and `find_rounding`. Where no test fits, all is NaN.
    """
    test = choose_test(survey, first, second)
    return compare_printed(test, first, second) if test else UNTESTED


def compare_printed(test: Compare, first: Any, second: Any) -> Difference:
    """Return what a test finds between two figures, with what their rounding leaves open; see `find_rounding`."""
    return test(first.share, second.share, float(find_rounding(first, second)))


def find_rounding(first: Any, second: Any) -> FloatArray:
    """Return how far the rounding of two published shares lets their difference be off; 0 for estimates.

    Parameters
    ----------
    first, second : pandas.Series, named tuple or pandas.DataFrame
        The estimates that are compared, with ``decimals`` and ``method``.

    Returns
    -------
    ndarray
        The root of the sum of squares of half a printed unit of each share (0-1). Limits of the difference lie so much
        further out, and the difference that is tested so much nearer to nought.

    Notes
    -----
    For shares from 1 to 55 per cent, bases from 200 to 5,000 and differences up to 5 points, printed in whole per
    cents, the limits cover at least .94 and on average .97 to .99, and a test at .05 finds a difference where there is
    none in at most .042 of samples. Without the allowance it would be .39, .87 to .95 and .50
    (``benchmarks/rounding.py``).
    """
    return np.hypot(*(find_half_units(row) for row in (first, second)))


def find_half_units(figures: Any) -> FloatArray:
    """Return half a printed unit (0-1) of figures, one or a table, by their decimals; 0 for estimates."""
    return np.where(is_estimated(figures), 0.0, half_unit(figures.decimals))


def rank_figures(survey: Survey, figures: pd.DataFrame) -> pd.DataFrame:
    """Return simultaneous confidence sets for the ranks of some figures of one question in one population.

    Parameters
    ----------
    survey : Survey
        The wave of all.
    figures : pandas.DataFrame
        Rows of its estimates.

    Returns
    -------
    pandas.DataFrame
        Indexed as the figures; see `rank_sets`. Each pair is compared by the test that `choose_test` finds for it.
    """
    rows = list(figures.itertuples(index=False))
    p_values = np.full((len(rows),) * 2, np.nan)
    for place, row in enumerate(rows):
        for other in range(place):
            p_values[place, other] = p_values[other, place] = compare_figures(survey, row, rows[other]).p_value
    return rank_sets(figures["share"], p_values, survey.confidence)


def is_estimated(figures: Any) -> NDArray[np.bool_]:
    """Return whether figures, one or a table, were estimated from respondents, with standard errors by their design."""
    methods = np.asarray(figures.method, dtype=str)
    return (methods != "") & (methods != METHOD)


def compare_tables(first: pd.DataFrame, second: pd.DataFrame, confidence: float) -> pd.DataFrame:
    """Return the differences between two tables of independent figures, row by row.

    Parameters
    ----------
    first, second : pandas.DataFrame
        Rows of estimates, as many in both.
    confidence : float
        Confidence level between 0 and 1.

    Returns
    -------
    pandas.DataFrame
        Indexed from 0: ``difference`` (first minus second, -1 to 1), ``standard_error``, ``low``, ``high``,
        ``p_value`` and ``method``; NaN where a share or its precision is missing.

    Notes
    -----
    Published percentages have Newcombe's (1998) interval and the score test. As soon as
    one of the two is an estimate with a standard error of its own, the difference has the two standard errors and
    Student's t, with the degrees of freedom of Welch and Satterthwaite; but at a share of 0 or 1 an estimated standard
    error says nothing, so that there the bases are used again.
    """
    rounding = find_rounding(first, second)
    return pd.DataFrame(_compare(first, second, confidence, (first.share, second.share), rounding))


def compare_groups(survey: Survey, first: pd.DataFrame, second: pd.DataFrame) -> pd.DataFrame:
    """Return the differences between the same answers of two groups of one wave, or two populations, row by row.

    Parameters
    ----------
    survey : Survey
        The wave.
    first, second : pandas.DataFrame
        Rows of its estimates, as many in both.

    Returns
    -------
    pandas.DataFrame
        As `compare_tables` returns them, by the test that `choose_test` finds for each pair: the groups of one sample
        have the covariance of its design and, where that wasn't released, the least favourable one.
    """
    found = compare_tables(first, second, survey.confidence)
    same = _share_design(first, second) & found["difference"].notna().to_numpy()
    if same.any():
        one, other = first[same], second[same]
        covariance = _find_covariances(survey, one, other)
        own = _compare_dependent(one, other, covariance, survey.confidence, (one["share"], other["share"]))
        found.loc[same, list(own)] = pd.DataFrame(own, found.index[same])
    return found


def compare_numbers(survey: Survey, first: pd.DataFrame, second: pd.DataFrame) -> pd.DataFrame:
    """Return the differences between means of numbers that people gave, of two groups or two items, row by row.

    Parameters
    ----------
    survey : Survey
        The wave.
    first, second : pandas.DataFrame
        Rows of its numbers, as many in both, with ``share`` and ``response`` for their value and statistic.

    Returns
    -------
    pandas.DataFrame
        As `compare_groups` returns them, in the unit of the numbers: Student's t, with the covariance of means of one
        sample and, where that wasn't released, the least favourable one; of two populations without any.
    """
    one, other = (rows.reset_index(drop=True) for rows in (first, second))
    together = one["population"] == other["population"]
    covariance = np.where(together, _find_covariances(survey, one, other), 0.0)
    shares = one["share"].astype(float), other["share"].astype(float)
    found = _compare_dependent(one, other, covariance, survey.confidence, shares, largest=np.inf)
    is_exact = (one["standard_error"] == 0) & (other["standard_error"] == 0)
    method = np.where(together, found["method"], "Wald interval, independent estimates")
    method = np.where(np.isnan(found["p_value"]), UNTESTED.method, np.where(is_exact, EXACT, method))
    return pd.DataFrame(found | {"method": method})


def _compare(
    first: Any, second: Any, confidence: float, shares: tuple[ArrayLike, ArrayLike], rounding: FloatArray | float
) -> dict[str, Any]:
    """Return the columns of `compare_tables` for two rows or two tables of estimates."""
    share_1, share_2 = (np.asarray(share, dtype=float) for share in shares)
    # All answers count where a design effect couldn't be estimated.
    base_1, base_2 = (fill_gaps(row.effective_base, row.base) for row in (first, second))
    by_base = ~(is_estimated(first) | is_estimated(second)) | _is_degenerate(first) | _is_degenerate(second)
    found = compare_independent(share_1, base_1, share_2, base_2, confidence, rounding)
    if not by_base.all():
        variance, freedom = add_variances(
            *([getattr(row, name) for row in (first, second)] for name in ("standard_error", "degrees_of_freedom"))
        )
        for name, values in wald(found["difference"], variance, freedom, confidence, rounding).items():
            found[name] = np.where(by_base, found[name], values)
    method = np.where(by_base, "Newcombe interval, score test", "Wald interval, independent estimates")
    method = np.where(_is_census(first) & _is_census(second), EXACT, method)
    return {
        **found,
        "method": np.where(np.isnan(found["low"]), UNTESTED.method, method),
        "rounding": np.broadcast_to(rounding, share_1.shape),
    }


def _is_census(figures: Any) -> NDArray[np.bool_]:
    """Return whether figures are of everybody, so that no sampling error is in them."""
    return np.char.startswith(np.asarray(figures.method, dtype=str), CENSUS.split(":")[0])


def _share_design(first: Any, second: Any) -> NDArray[np.bool_]:
    """Return whether figures are estimates from one sample, each with an error that says something."""
    same = np.asarray(first.population) == np.asarray(second.population)
    for figures in (first, second):
        same = same & is_estimated(figures) & ~_is_degenerate(figures)
    return same & ~(_is_census(first) & _is_census(second))


def _is_degenerate(figures: Any) -> NDArray[np.bool_]:
    """Return whether samples gave shares of 0 or 1, so that their estimated standard errors are 0."""
    return ~_is_census(figures) & np.isin(np.asarray(figures.share, dtype=float), (0.0, 1.0))


def _compare_dependent(
    first: Any,
    second: Any,
    covariance: ArrayLike,
    confidence: float,
    shares: tuple[ArrayLike, ArrayLike],
    largest: float = 1.0,
) -> dict[str, Any]:
    """Return the columns of `compare_groups` for two rows or two tables of estimates from one sample.

    Where the covariance is unknown, the least favourable one that their errors allow counts. `largest` is how far
    apart two figures can be.
    """
    errors = [np.asarray(row.standard_error, dtype=float) for row in (first, second)]
    variance = errors[0] ** 2 + errors[1] ** 2 - 2 * fill_gaps(covariance, -errors[0] * errors[1])
    variance = np.clip(variance, 0.0, None)
    freedom = np.fmin(*(fill_gaps(row.degrees_of_freedom, np.inf) for row in (first, second)))
    difference = np.subtract(*(np.asarray(share, dtype=float) for share in shares))
    method = np.where(np.isnan(covariance), BOUND, "Wald interval, dependent estimates")
    return {**wald(difference, variance, freedom, confidence, largest=largest), "method": method}


def find_grouping(population: str, domain: str) -> str:
    """Return what a figure's column is one of: the variable of its group, or ``""`` for a population as a whole."""
    return f"{population}:{domain.partition('=')[0]}" if domain else ""


def letter_columns(figures: pd.DataFrame) -> pd.DataFrame:
    """Return the columns of the tables of questions: the populations, then the groups of each, lettered by grouping.

    Parameters
    ----------
    figures : pandas.DataFrame
        Rows of estimates.

    Returns
    -------
    pandas.DataFrame
        One row a question and column, in the order in which the figures name them: ``question_id``, ``population``,
        ``domain``, ``grouping`` (see `find_grouping`) and ``letter``: A, B, C within its grouping; none where nothing
        stands beside it.
    """
    columns = figures[COLUMN].drop_duplicates()
    columns = columns.assign(grouping=list(map(find_grouping, columns["population"], columns["domain"])))
    # All of each population, then its groups: whichever order the figures have.
    places = np.where(columns["domain"] == "", -1, pd.factorize(columns["grouping"])[0])
    columns = columns.iloc[np.lexsort((places, pd.factorize(columns["question_id"])[0]))].reset_index(drop=True)
    same = columns.groupby(["question_id", "grouping"])["domain"]
    pairs = zip(same.cumcount(), same.transform("size"), strict=True)
    return columns.assign(letter=[name_letter(place) if size > 1 else "" for place, size in pairs])


def name_letter(place: int) -> str:
    """Return the letter of a column by its place from 0: A to Z, then AA, AB and so on."""
    before, last = divmod(place, len(ascii_uppercase))
    return (name_letter(before - 1) if before else "") + ascii_uppercase[last]


def contrast_groups(survey: Survey, figures: pd.DataFrame) -> pd.DataFrame:
    """Return every pair of groups that give the same answer to a question, tested within each question and grouping.

    Parameters
    ----------
    survey : Survey
        The wave.
    figures : pandas.DataFrame
        Rows of its estimates.

    Returns
    -------
    pandas.DataFrame
        One row a pair: ``question_id``, ``grouping``, ``item_id``, ``response``, ``first`` and ``second`` (labels of
        `figures`), the columns of `surveybook.stats.comparison.compare_groups`, ``p_holm`` and ``shown``: whether
        sampling and rounding don't explain the difference. Where a share is withheld, or its base unknown, numbers are
        NaN.

    Notes
    -----
    ``p_holm`` is adjusted by Holm (1979) over all tests of one question and grouping: every answer, every pair. Where
    a statement has two answers that exclude each other, the second is the rest of the first: its pairs have the same
    p-values and aren't counted again.
    """
    found = _list_pairs(figures)
    found = found.join(compare_groups(survey, figures.loc[found["first"]], figures.loc[found["second"]]))
    excludes = (found["low"] > 0) | (found["high"] < 0)
    return _test_families(survey, found, _find_shared_tests(survey, figures, found), excludes)


# Sentences and tables both ask for it.
@lru_cache(maxsize=4)
def contrast_all(survey: Survey) -> pd.DataFrame:
    """Return every pair of groups of a wave, as `contrast_groups` does; worked out once, however often asked for."""
    return contrast_groups(survey, survey.estimates)


def contrast_means(survey: Survey, numbers: pd.DataFrame) -> pd.DataFrame:
    """Return every pair of groups' means of numbers that people gave, tested within each question and grouping.

    Parameters
    ----------
    survey : Survey
        The wave.
    numbers : pandas.DataFrame
        Rows of its numbers, with ``share`` for their value; only means are tested.

    Returns
    -------
    pandas.DataFrame
        As `contrast_groups` returns them, in the unit of the numbers; see `compare_numbers`.
    """
    means = numbers[numbers["response"] == "mean"]
    found = _list_pairs(means)
    found = found.join(compare_numbers(survey, means.loc[found["first"]], means.loc[found["second"]]))
    return _test_families(survey, found, np.arange(len(found)), found["method"] != EXACT)


def _test_families(survey: Survey, found: pd.DataFrame, tests: np.ndarray, counted: pd.Series) -> pd.DataFrame:
    """Return pairs with ``p_holm`` and ``shown``: those of which `counted` says so may be; `tests` has each one's."""
    families = list(zip(found["question_id"], found["grouping"], strict=True))
    adjusted = adjust_p_values(found["p_value"].mask(tests != found.index), families)[tests]
    return found.assign(p_holm=adjusted, shown=counted & (adjusted < 1 - survey.confidence))


def _list_pairs(figures: pd.DataFrame) -> pd.DataFrame:
    """Return what each pair of columns has in common (`CELL`), and the labels of its two figures."""
    cells = figures.assign(grouping=list(map(find_grouping, figures["population"], figures["domain"])))
    pairs = [
        (*key, *pair)
        for key, labels in cells.groupby(CELL, sort=False).groups.items()
        for pair in combinations(labels, 2)
    ]
    return pd.DataFrame(pairs, columns=[*CELL, "first", "second"])


def _find_shared_tests(survey: Survey, figures: pd.DataFrame, found: pd.DataFrame) -> np.ndarray:
    """Return for each pair the place of the one whose test it shares: its own, unless its answer is all that is left.

    That is so where a statement has two answers, of which the shares add up to 1 in both groups.
    """
    places, questions = np.arange(len(found)), figures["question_id"].unique()
    two = [name for name in questions if len(survey.codebook.kind_of(name).responses) == 2]
    if not found["question_id"].isin(two).any():
        return places
    sides = {side: figures.loc[found[side]].reset_index(drop=True) for side in ("first", "second")}
    same = [
        found["grouping"],
        found["item_id"],
        *(own[name] for own in sides.values() for name in ("population", "domain")),
    ]
    whole = found["question_id"].isin(two)
    for own in sides.values():
        whole &= (own["share"].groupby(same).transform("sum", min_count=2) - 1).abs() < 1e-9
    earliest = pd.Series(places).groupby(same).transform("min")
    return np.where(whole, earliest, places)


def find_letters(figures: pd.DataFrame, columns: pd.DataFrame, pairs: pd.DataFrame) -> pd.Series:
    """Return for each figure the letters of the columns than which its share is larger beyond sampling: 'A C'.

    Parameters
    ----------
    figures, columns, pairs : pandas.DataFrame
        Figures, and what `letter_columns` and `contrast_groups` say of them.

    Returns
    -------
    pandas.Series
        One text a figure, by its label. In a census no sampling stands behind a difference, so that it has no letters.
    """
    named = columns.set_index(COLUMN)["letter"]
    own = dict(zip(figures.index, named.loc[pd.MultiIndex.from_frame(figures[COLUMN])], strict=True))
    larger: dict[object, list[str]] = {label: [] for label in figures.index}
    exact = figures["method"].astype(str).str.startswith(CENSUS.split(":")[0]).to_dict()
    for pair in pairs[pairs["shown"]].itertuples():
        high, low = (pair.first, pair.second) if pair.difference > 0 else (pair.second, pair.first)
        if not (exact[high] and exact[low]):
            larger[high].append(own[low])
    ordered = [" ".join(sorted(letters, key=lambda one: (len(one), one))) for letters in larger.values()]
    return pd.Series(ordered, index=figures.index, dtype=object)
