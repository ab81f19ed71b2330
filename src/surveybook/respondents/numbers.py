"""Means, medians and distributions of numbers: ratings, ages, hours, amounts, with what sampling can have done to them.

Results agree with R's package survey to 1e-8 (tests/reference): means with ``svymean``, medians with ``svyquantile``
(``qrule = "math"``, ``interval.type = "mean"``). Degrees of freedom are those of shares. A limit that lies below the
weight of the smallest number is that number here, and the second smallest there.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike

from surveybook.respondents.design import Design, Domain, Indicator
from surveybook.respondents.estimates import estimate, estimate_group, form_groups
from surveybook.respondents.sums import Layout, sum_respondents
from surveybook.stats.normal import FloatArray

MEAN, MEDIAN, SHARE = "mean", "median", "share"
NUMBERS = ["domain", "question_id", "item_id", "statistic", "lowest", "highest", "value", "standard_error", "low",
           "high", "base", "weighted_base", "degrees_of_freedom", "method"]  # fmt: skip
# So many different values are shown one by one; more in classes of equal width, so many at most.
MOST_VALUES, MOST_CLASSES = 12, 10
# Numbers beyond these parts of a distribution stand in open classes, so that nobody's extreme is drawn.
MIDDLE = (0.025, 0.975)
# What a sum of weights may miss a part of their total by in its last digits.
TRACE = 1e-12


@dataclass(frozen=True)
class Distribution:
    """The numbers that some people gave, each once and in order, with the weight of those who gave up to it (0-1)."""

    values: FloatArray
    cumulated: FloatArray

    def find_quantile(self, part: float) -> float:
        """Return the smallest number that at least a part of the people gave up to; NaN where the part isn't one."""
        if not 0 <= part <= 1 or not len(self.values):
            return float("nan")
        return float(self.values[np.argmax(self.cumulated >= part - TRACE)])


def read_distribution(frame: pd.DataFrame, design: Design, column: str, domain: Domain | None) -> Distribution:
    """Return how the numbers of a column are spread in a population, or in one domain of it."""
    numbers = frame[column].to_numpy(dtype=float)
    weights = np.ones(len(frame)) if design.weight is None else frame[design.weight].to_numpy(dtype=float)
    counted = ~np.isnan(numbers) & (weights > 0)
    if domain is not None:
        counted &= (frame[domain.column] == domain.value).to_numpy()
    values, places = np.unique(numbers[counted], return_inverse=True)
    cumulated = np.cumsum(np.bincount(places, weights[counted], len(values))).astype(np.float64)
    return Distribution(values, cumulated / cumulated[-1] if len(values) else cumulated)


def find_limits(
    value: ArrayLike, standard_error: ArrayLike, degrees_of_freedom: ArrayLike, confidence: float = 0.95
) -> tuple[FloatArray, FloatArray]:
    """Return limits of estimates by Student's distribution; R's ``confint`` with ``df``."""
    from scipy import special  # slow to load, and chapters that read published figures don't need it

    values = np.asarray(value, dtype=float)
    half = np.asarray(standard_error, dtype=float) * special.stdtrit(degrees_of_freedom, (1 + confidence) / 2)
    return values - half, values + half


def estimate_numbers(
    frame: pd.DataFrame,
    design: Design,
    items: Sequence[Indicator],
    *,
    domains: Sequence[Domain] = (),
    confidence: float = 0.95,
) -> pd.DataFrame:
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

    Returns
    -------
    DataFrame
        One row a domain ("" for the whole population), item and statistic, with the columns `NUMBERS`. A mean and a
        median have the unit of the numbers; a "share" (0-1) is of people with numbers from ``lowest`` to ``highest``
        (NaN where a class is open) and is given for the whole population alone. NaN where nobody is in the base, or
        where a limit of a median lies beyond the numbers.

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
    means = estimate_means(frame, design, items, domains, confidence)
    medians = estimate_medians(frame, design, items, domains, confidence, means)
    return pd.concat([means, medians, estimate_classes(frame, design, items, confidence)], ignore_index=True)[NUMBERS]


def estimate_ratios(
    frame: pd.DataFrame, design: Design, items: Sequence[Indicator], domains: Sequence[Domain]
) -> pd.DataFrame:
    """Return the weighted mean of each column in the population and each domain, with its standard error and base."""
    layout = Layout(design, tuple(items), tuple(domains))
    groups = form_groups(sum_respondents(frame, layout), layout)
    found = pd.concat([estimate_group(group)[0] for group in groups], ignore_index=True)
    return found.assign(value=found["share"], standard_error=np.sqrt(np.maximum(found["variance"], 0.0)))


def estimate_means(
    frame: pd.DataFrame, design: Design, items: Sequence[Indicator], domains: Sequence[Domain], confidence: float
) -> pd.DataFrame:
    """Return the mean of each item in the population and each domain, with the columns `NUMBERS`."""
    found = estimate_ratios(frame, design, items, domains)
    low, high = find_limits(found["value"], found["standard_error"], found["degrees_of_freedom"], confidence)
    if design.census:
        low = high = found["value"].to_numpy()
    plain = {"statistic": MEAN, "lowest": np.nan, "highest": np.nan, "method": design.method}
    return found.assign(**plain, low=low, high=high)[NUMBERS]


def estimate_medians(
    frame: pd.DataFrame,
    design: Design,
    items: Sequence[Indicator],
    domains: Sequence[Domain],
    confidence: float,
    means: pd.DataFrame,
) -> pd.DataFrame:
    """Return the median of each item wherever it has a mean: the same rows, with other values and limits."""
    spreads = {
        (domain.name if domain else "", item.item_id): read_distribution(frame, design, item.column, domain)
        for item in items
        for domain in (None, *domains)
    }
    halves = {place: spread.find_quantile(0.5) for place, spread in spreads.items() if len(spread.values)}
    numbers = {item.item_id: frame[item.column] for item in items}
    # Who gave up to the median, of those who gave a number: groups with the same one share a column.
    columns = {
        f"{item} {half!r}": numbers[item].le(half).where(numbers[item].notna()) for (_, item), half in halves.items()
    }
    marked = pd.concat([frame, pd.DataFrame(columns, index=frame.index).astype(float)], axis=1)
    shares = estimate_ratios(marked, design, [Indicator(name, name) for name in columns], domains)
    shares, known = shares.set_index(["domain", "item_id"]), means.set_index(["domain", "item_id"], drop=False)
    rows = [
        {
            **known.loc[(domain, item)].to_dict(),
            **limit_median(spreads[domain, item], shares.loc[(domain, f"{item} {half!r}")], confidence),
            **{"statistic": MEDIAN, "value": half},
        }
        for (domain, item), half in halves.items()
    ]
    return pd.DataFrame(rows, columns=NUMBERS)


def estimate_classes(
    frame: pd.DataFrame, design: Design, items: Sequence[Indicator], confidence: float
) -> pd.DataFrame:
    """Return the share of the population with numbers of each class; items of a question have the same classes."""
    numbers, marks, rows = (
        {item.item_id: frame[item.column] for item in items},
        dict[str, pd.Series](),
        list[dict[str, Any]](),
    )
    for item in items:
        beside = [numbers[one.item_id] for one in items if one.question_id == item.question_id]
        given = pd.concat(beside).dropna()
        is_whole = bool((given % 1 == 0).all())
        for lowest, highest in divide_range(given.to_numpy(dtype=float)) if numbers[item.item_id].notna().any() else ():
            name = f"{item.item_id} {lowest!r} {highest!r}"
            marks[name] = mark_class(numbers[item.item_id], lowest, highest, is_whole)
            ends = [end if np.isfinite(end) else np.nan for end in (lowest, highest)]
            told = {"domain": "", "question_id": item.question_id, "item_id": item.item_id, "statistic": SHARE}
            rows.append({**told, "lowest": ends[0], "highest": ends[1], "name": name})
    marked = pd.concat([frame, pd.DataFrame(marks, index=frame.index)], axis=1)
    shares = estimate(marked, design, [Indicator(name, name) for name in marks], confidence=confidence).estimates
    found = shares.drop(columns=["domain", "question_id"]).rename(columns={"item_id": "name", "share": "value"})
    return pd.DataFrame(rows).merge(found, on="name")[NUMBERS]


def limit_median(spread: Distribution, share: pd.Series, confidence: float) -> dict[str, float]:
    """Return the limits of a median, and the standard error that they would come from, by the share up to it."""
    degrees = share["degrees_of_freedom"]
    ends = find_limits(share["share"], share["standard_error"], degrees, confidence)
    low, high = (spread.find_quantile(float(end)) for end in ends)
    unit = float(find_limits(0.0, 1.0, degrees, confidence)[1])
    return {"low": low, "high": high, "standard_error": (high - low) / (2 * unit)}


def divide_range(numbers: FloatArray) -> Iterator[tuple[float, float]]:
    """Yield the classes, from and to, in which numbers are shown: each by itself, or in equal widths.

    Whole numbers are shown one by one with those between them that nobody gave. Of whole numbers a class is from 20 to
    29; of others from 20 to 30, which belongs to the next (see `mark_class`).
    """
    if not len(numbers):
        return
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
