"""Means, medians and distributions of numbers: ratings, ages, hours, amounts, with what sampling can have done to them.

Results agree with R's package survey to 1e-8 (tests/reference): means with ``svymean``, medians with ``svyquantile``
(``qrule = "math"``, ``interval.type = "mean"``). Degrees of freedom are those of shares. A limit that lies below the
weight of the smallest number is that number here, and the second smallest there.
"""

from collections.abc import Iterator, Mapping, Sequence
from itertools import product
from typing import Any

import numpy as np
import pandas as pd

from surveybook.respondents.design import Design, Domain, Indicator
from surveybook.respondents.estimates import COVARIANCES, Estimation, estimate, student_limits
from surveybook.stats.shares import FloatArray

MEAN, MEDIAN, SHARE = "mean", "median", "share"
NUMBERS = ["domain", "question_id", "item_id", "statistic", "lowest", "highest", "value", "standard_error", "low",
           "high", "base", "weighted_base", "degrees_of_freedom", "method"]  # fmt: skip
# What is told of people who gave certain numbers: who they are (``marked``), under a name that nothing else has.
TOLD = ["domain", "question_id", "item_id", "statistic", "lowest", "highest", "name", "marked"]
# So many different values are shown one by one; more in classes of equal width, so many at most.
MOST_VALUES, MOST_CLASSES = 12, 10
# Numbers beyond these parts of a distribution stand in open classes, so that nobody's extreme is drawn.
MIDDLE = (0.025, 0.975)
# What a sum of weights may miss a part of their total by in its last digits.
TRACE = 1e-12


def spread_numbers(frame: pd.DataFrame, design: Design, column: str, domain: Domain | None) -> pd.Series:
    """Return the numbers that people gave, or those of one domain, as index, each with the part that gave up to it."""
    numbers = frame[column].to_numpy(dtype=float)
    weights = np.ones(len(frame)) if design.weight is None else frame[design.weight].to_numpy(dtype=float)
    counted = ~np.isnan(numbers) & (weights > 0)
    if domain is not None:
        counted &= (frame[domain.column] == domain.value).to_numpy()
    values, places = np.unique(numbers[counted], return_inverse=True)
    cumulated = np.cumsum(np.bincount(places, weights[counted], len(values))).astype(np.float64)
    return pd.Series(cumulated / cumulated[-1] if len(values) else cumulated, index=values)


def find_quantile(spread: pd.Series, part: float) -> float:
    """Return the smallest number that at least a part of the people gave up to; NaN where the part isn't one."""
    if not 0 <= part <= 1 or spread.empty:
        return float("nan")
    return float(spread.index[np.argmax(spread.to_numpy() >= part - TRACE)])


def estimate_numbers(
    frame: pd.DataFrame,
    design: Design,
    items: Sequence[Indicator],
    *,
    domains: Sequence[Domain] = (),
    confidence: float = 0.95,
    scales: Mapping[str, tuple[float, float]] | None = None,
) -> Estimation:
    """
    Return the weighted mean and median of numbers, and how they are spread, with design-based standard errors.

    Parameters
    ----------
    frame : DataFrame
        One row a respondent.
    design : Design
        How the sample was drawn.
    items : sequence of Indicator
        What was answered with a number; a column each, missing for those who gave none.
    domains : sequence of Domain
        Parts of the population to estimate means and medians for too.
    confidence : float, default 0.95
        Confidence level between 0 and 1.
    scales : dict of tuple, optional
        The lowest and the highest number that people could give, by question, where that is known.

    Returns
    -------
    Estimation
        Estimates have one row a domain ("" for the whole population), item and statistic, with the columns `NUMBERS`.
        A mean and a median have the unit of the numbers; a "share" (0-1) is of people with numbers from ``lowest`` to
        ``highest`` (NaN where a class is open) and is given for the whole population alone. NaN where nobody is in the
        base, or where a limit of a median lies beyond the numbers. Covariances are those of means: of an item in two
        domains of one variable, and of two items of a question.

    Raises
    ------
    DataError, SurveybookError
        As `surveybook.respondents.estimates.estimate`.

    Notes
    -----
    A mean is a ratio, whose linearised variance is that of a share with numbers in place of 1 and 0 (Särndal, Swensson
    and Wretman 1992, section 5.6). A median is the smallest number that at least half gave up to. Its limits are the
    same of the limits of the share up to it (Woodruff 1952); its standard error is the one that limits so far apart
    would come from.
    """
    pairs_of = product(items, (None, *domains))
    spreads = {(item, domain): spread_numbers(frame, design, item.column, domain) for item, domain in pairs_of}
    named = {(domain.name if domain else "", item.item_id): own for (item, domain), own in spreads.items()}
    medians = pd.DataFrame(list_medians(frame, spreads), columns=TOLD)
    classes = pd.DataFrame(list_classes(frame, items, scales or {}), columns=TOLD)
    told, names, estimated = pd.concat([medians, classes]), [item.item_id for item in items], list[Estimation]()
    for own, listed, parts in ((items, medians, domains), ((), classes, ())):  # classes are of the whole population
        marks = dict[str, pd.Series]()
        for name, mark in zip(listed["name"], listed["marked"], strict=True):
            marks[name] = marks.get(name, mark).fillna(mark)
        marked = pd.concat([frame, pd.DataFrame(marks, index=frame.index)], axis=1)
        indicators = [*own, *(Indicator(name, name) for name in marks)]
        estimated += [estimate(marked, design, indicators, domains=parts, confidence=confidence)] if indicators else []
    pairs = estimated[0].covariances
    pairs = pairs[pairs["item_a"].isin(names) & pairs["item_b"].isin(names)].assign(response_a=MEAN, response_b=MEAN)
    found = pd.concat([one.estimates for one in estimated]).rename(columns={"share": "value"})
    means = found[found["item_id"].isin(names)]
    means = means.assign(statistic=MEAN, lowest=np.nan, highest=np.nan)
    shares = found.rename(columns={"item_id": "name"}).drop(columns="question_id")
    shares = told.merge(shares, on=["domain", "name"], how="left")
    limited = [
        limit_median(row, named[row["domain"], row["item_id"]], confidence) | {"method": design.method}
        if row["statistic"] == MEDIAN
        else row
        for row in shares.to_dict("records")
    ]
    numbers = pd.concat([means[NUMBERS], pd.DataFrame(limited, columns=NUMBERS)], ignore_index=True)
    return Estimation(numbers, pairs[COVARIANCES].reset_index(drop=True))


def list_medians(
    frame: pd.DataFrame, spreads: Mapping[tuple[Indicator, Domain | None], pd.Series]
) -> Iterator[tuple[Any, ...]]:
    """Yield the median of each item and domain as rows of `TOLD`: the highest number of those that are marked.

    Nobody is in two groups of one variable, so that these are marked under one name.
    """
    for (item, domain), spread in spreads.items():
        name, column = (domain.name, domain.column) if domain else ("", "")
        if len(spread):
            half, numbers = find_quantile(spread, 0.5), frame[item.column]
            there = numbers.notna() & (frame[column].eq(domain.value) if domain else True)
            told = f"{item.item_id} up to its median by {column}"
            marked = numbers.le(half).astype(float).where(there)
            yield name, item.question_id, item.item_id, MEDIAN, np.nan, half, told, marked


def list_classes(
    frame: pd.DataFrame, items: Sequence[Indicator], scales: Mapping[str, tuple[float, float]]
) -> Iterator[tuple[Any, ...]]:
    """Yield the classes that the numbers of each item are shown in as rows of `TOLD`; a question's items share them."""
    for item in items:
        own, beside = frame[item.column], [one.column for one in items if one.question_id == item.question_id]
        given = pd.concat([frame[column] for column in beside]).dropna().to_numpy(dtype=float)
        is_whole = bool((given % 1 == 0).all())
        # An end of the scale that nobody chose is one of its numbers all the same.
        given = np.append(given, scales.get(item.question_id, ()))
        for lowest, highest in divide_range(given) if own.notna().any() else ():
            marked = mark_class(own, lowest, highest, is_whole)
            ends = (end if np.isfinite(end) else np.nan for end in (lowest, highest))
            yield "", item.question_id, item.item_id, SHARE, *ends, f"{item.item_id} {lowest!r} {highest!r}", marked


def limit_median(share: dict[str, Any], spread: pd.Series, confidence: float) -> dict[str, Any]:
    """Return a median, given the share up to it, with its limits and the standard error that they would come from."""
    degrees = share["degrees_of_freedom"]
    ends = student_limits(share["value"], share["standard_error"], degrees, confidence)
    low, high = (find_quantile(spread, float(end)) for end in ends)
    unit = float(student_limits(0.0, 1.0, degrees, confidence)[1])
    told = {"value": share["highest"], "highest": np.nan, "low": low, "high": high}
    return share | told | {"standard_error": (high - low) / (2 * unit)}


def divide_range(numbers: FloatArray) -> Iterator[tuple[float, float]]:
    """Yield the classes, from and to, in which numbers are shown: each by itself, or in equal widths.

    Whole numbers are shown one by one with those between them that nobody gave. Of whole numbers a class is from 20 to
    29; of others from 20 to 30, which belongs to the next (see `mark_class`).
    """
    values, is_whole = np.unique(numbers), bool((numbers == np.round(numbers)).all())
    if is_whole and values[-1] - values[0] < MOST_VALUES:
        yield from ((float(value), float(value)) for value in np.arange(values[0], values[-1] + 1))
        return
    if len(values) <= MOST_VALUES:
        yield from ((float(value), float(value)) for value in values)
        return
    first, last = np.quantile(numbers, MIDDLE)
    width = choose_width(last - first, is_whole)
    edges = np.arange(np.floor(first / width), np.floor(last / width) + 2) * width
    tops = edges - 1 if is_whole else edges
    if values[0] < edges[0]:
        yield (-np.inf, float(tops[0]))
    yield from zip(edges[:-1].tolist(), tops[1:].tolist(), strict=True)
    if values[-1] >= edges[-1]:
        yield (float(edges[-1]), np.inf)


def mark_class(numbers: pd.Series, lowest: float, highest: float, is_whole: bool) -> pd.Series:
    """Return which numbers are of a class, 1 or 0, NaN without one.

    Its upper end belongs to it where it is one number alone, or where all numbers are whole.
    """
    given = numbers.between(lowest, highest, inclusive="both" if is_whole or lowest == highest else "left")
    return given.where(numbers.notna()).astype(float)


def choose_width(span: float, is_whole: bool) -> float:
    """Return the smallest of 1, 2, 5, 10, 20 and so on that divides a span into no more than `MOST_CLASSES`."""
    power = 10 ** np.floor(np.log10(span / MOST_CLASSES))
    width = next(power * step for step in (1, 2, 5, 10) if span / (power * step) <= MOST_CLASSES)
    return float(max(width, 1.0) if is_whole else width)
