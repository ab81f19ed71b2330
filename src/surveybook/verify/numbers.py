"""Whether the numbers in words and tables follow from the figures that they say they rest on."""

import re
from collections import Counter
from collections.abc import Sequence
from itertools import permutations
from typing import Any

from surveybook.verify.truth import Truth, Truths, difference_limits, printed

NUMBER = r"−?\d[\d,]*(?:\.\d+)?"
SPAN = rf"(?: \((?P<low>{NUMBER}) to (?P<high>{NUMBER})\))?"
PER_CENT = re.compile(rf"(?P<value>{NUMBER}) per cent{SPAN}")
POINTS = re.compile(rf"(?P<value>{NUMBER}) points?{SPAN}")
ANY = re.compile(NUMBER)
# Beyond so many figures, nearly any number is the share of one or the difference of two of them.
MOST_BEHIND = 30
SHARE, LOW, HIGH, RANGE, BASE = "Share (%)", "Interval from", "to", "Interval", "Base"
RECOMPUTED, EXECUTED = "numbers recomputed from the data", "numbers traced to an executed cell"


def check_words(text: str, figures: Sequence[str], truths: Truths) -> tuple[Counter[str], list[str]]:
    """Hold the numbers of a computed text against the figures that it says it rests on.

    Each percentage has to be that of one of the figures, and an interval behind it that figure's. Points that are
    the difference of two of the figures count as recomputed too.

    Returns
    -------
    counts : Counter
        How many numbers were recomputed from the data, and how many only traced to the cell that made the text.
    said : list of str
        What is wrong.
    """
    behind, said, recomputed = truths.of(figures), [], 0
    for found in PER_CENT.finditer(text) if 0 < len(behind) <= MOST_BEHIND else ():
        same = [one for one in behind if one.text == found["value"]]
        if not same:
            said.append(f"'{found[0]}' is the share of none of the figures behind it")
            continue
        recomputed += 1
        if found["low"]:
            if any(limits_shown(one, found["low"], found["high"]) for one in same):
                recomputed += 2
            elif any(one.limits for one in same):
                said.append(f"'{found[0]}' isn't the interval of {' or '.join(one.figure for one in same)}")
    if 1 < len(behind) <= MOST_BEHIND:
        recomputed += sum(is_difference(found["value"], behind) for found in POINTS.finditer(text))
    counts = Counter({RECOMPUTED: recomputed, EXECUTED: len(ANY.findall(text)) - recomputed})
    return counts, said


def limits_shown(one: Truth, low: str, high: str) -> bool:
    """Return whether these are the limits of a figure, to the decimals that they are shown with."""
    decimals = len(low.partition(".")[2])
    return one.limits is not None and [printed(limit, decimals) for limit in one.limits] == [low, high]


def is_difference(shown: str, behind: Sequence[Truth]) -> bool:
    """Return whether a number of points is the difference of two of the figures."""
    decimals = len(shown.partition(".")[2])
    return any(
        printed(one.percent - other.percent, decimals) == shown
        for one, other in permutations(behind, 2)
        if one.percent is not None and other.percent is not None
    )


def check_rows(
    columns: Sequence[str], rows: Sequence[Sequence[Any]], figures: Sequence[str], truths: Truths
) -> tuple[Counter[str], list[tuple[str, str]]]:
    """Hold the rows of a table of shares against the figures of its rows.

    Returns
    -------
    counts : Counter
        As `check_words` returns them.
    said : list of tuple of str
        The figure, and what is wrong with its row.
    """
    places = {name: place for place, name in enumerate(columns)}
    numbers = sum(len(ANY.findall(str(cell))) for row in rows for cell in row if cell is not None)
    if SHARE in places and len(figures) == len(rows):
        recomputed, said = share_rows(places, rows, figures, truths)
    elif "Difference (points)" in places and len(figures) == 2 * len(rows):
        recomputed, said = difference_rows(places, rows, figures, truths)
    else:
        recomputed, said = 0, []
    return Counter({RECOMPUTED: recomputed, EXECUTED: numbers - recomputed}), said


def share_rows(
    places: dict[str, int], rows: Sequence[Sequence[Any]], figures: Sequence[str], truths: Truths
) -> tuple[int, list[tuple[str, str]]]:
    """Check share, limits and base of each row; return how many numbers were recomputed, and what is wrong."""
    recomputed, said = 0, []
    for figure, row in zip(figures, rows, strict=True):
        candidates = truths.of([figure])
        if not candidates:
            said.append((figure, "the data have no such figure"))
            continue
        verdicts = [row_faults(one, places, row) for one in candidates]
        count, wrong = min(verdicts, key=lambda verdict: len(verdict[1]))
        recomputed += count
        said += [(figure, text) for text in wrong]
    return recomputed, said


def row_faults(one: Truth, places: dict[str, int], row: Sequence[Any]) -> tuple[int, list[str]]:
    """Return how many numbers of a row are the figure's, and which aren't."""
    limits = one.limits if one.status == "number" else None
    expected = {SHARE: one.text if one.status == "number" else None}
    if LOW in places and HIGH in places:
        expected |= {LOW: printed(limits[0], 1) if limits else "", HIGH: printed(limits[1], 1) if limits else ""}
    if RANGE in places:
        expected[RANGE] = " to ".join(printed(limit, 1) for limit in limits) if limits else ""
    if BASE in places:
        expected[BASE] = one.base_text
    right, wrong = 0, []
    for name, value in expected.items():
        shown = str(row[places[name]] or "")
        if value is None:
            # What has no number may show words, and no number but those in them.
            if ANY.search(shown) and one.verbal not in shown:
                wrong.append(f"{name} shows '{shown}' for a figure without a number")
        elif shown != value:
            wrong.append(f"{name} shows '{shown}' where the data give '{value}'")
        else:
            right += len(ANY.findall(value))
    return right, wrong


def difference_rows(
    places: dict[str, int], rows: Sequence[Sequence[Any]], figures: Sequence[str], truths: Truths
) -> tuple[int, list[tuple[str, str]]]:
    """Check two shares, their difference and its limits in each row, whichever two of the figures they are."""
    behind = truths.of(figures)
    recomputed, said = 0, []
    for row in rows:
        first, second, difference, low, high = (str(cell or "").removesuffix(" per cent") for cell in row[1:6])
        pairs = [
            (one, other)
            for one, other in permutations(behind, 2)
            if one.item == other.item and one.text == first and other.text == second
        ]
        if not pairs:
            said.append(("", f"no two figures behind the row '{row[0]}' are {first} and {second}"))
            continue
        one, other = pairs[0]
        apart = printed((one.percent or 0) - (other.percent or 0), len(difference.partition(".")[2]))
        limits = difference_limits(one, other)
        expected = [printed(limit, 1) for limit in limits] if limits else [low, high]
        if (difference, low, high) != (apart, *expected):
            wrong = f"the row '{row[0]}' shows {difference} ({low} to {high}), not {apart} ({' to '.join(expected)})"
            said.append((one.figure, wrong))
        else:
            recomputed += 3 + 2 * bool(limits)
    return recomputed, said
