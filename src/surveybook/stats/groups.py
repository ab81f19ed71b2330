"""Which groups differ in their answers beyond sampling: all pairs of a question and grouping, tested as one family."""

from itertools import combinations
from string import ascii_uppercase

import numpy as np
import pandas as pd

from surveybook.model.survey import Survey
from surveybook.stats.comparison import BOUND, CENSUS, EXACT, compare_groups
from surveybook.stats.shares import UNTESTED, adjust_p_values, fill_gaps, wald

# What is the same of both sides of a pair: an answer, and a grouping of a population, or the populations themselves.
CELL = ["question_id", "grouping", "item_id", "response"]
COLUMN = ["question_id", "population", "domain"]


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
        As `contrast_groups` returns them, in the unit of the numbers: Student's t, at the least favourable covariance
        of groups of one sample, since that of means isn't released; of two populations without any.
    """
    means = numbers[numbers["response"] == "mean"]
    found = _list_pairs(means)
    one, other = (means.loc[found[side]].reset_index(drop=True) for side in ("first", "second"))
    errors = [side["standard_error"].astype(float) for side in (one, other)]
    together = (one["population"] == other["population"]).astype(float)
    variance = errors[0] ** 2 + errors[1] ** 2 + 2 * together * errors[0] * errors[1]
    freedom = np.fmin(*(fill_gaps(side["degrees_of_freedom"], np.inf) for side in (one, other)))
    is_exact = variance == 0
    tested = wald(one["share"] - other["share"], variance, freedom, survey.confidence, largest=np.inf)
    method = np.where(is_exact, EXACT, np.where(together > 0, BOUND, "Wald interval, independent estimates"))
    found = found.assign(**tested, method=np.where(np.isnan(tested["p_value"]), UNTESTED.method, method))
    return _test_families(survey, found, np.arange(len(found)), ~is_exact)


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
