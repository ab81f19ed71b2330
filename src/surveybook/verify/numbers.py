"""Means and medians recomputed from what was released beside them, with nothing of the code that estimates them."""

import math
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence

from surveybook.model import paths
from surveybook.verify.recomputation import read_number, read_rows
from surveybook.verify.record import Fault, Found, checks

FILE = "numbers.csv"
# Limits are released at this level; what the last digits of sums leave.
RELEASED, SAME = 0.95, 1e-6
CENSUS = "census: no sampling error"

Row = Mapping[str, str]


def name_number(row: Row) -> str:
    """Return what a row of ``numbers.csv`` is of, as messages call it."""
    group, ends = f"[{row['domain']}]" if row["domain"] else "", f"{row.get('lowest', '')}-{row.get('highest', '')}"
    return f"{row['population']}{group}.{row['item_id']}.{row['statistic']}{f' {ends}' if len(ends) > 1 else ''}"


@checks("data", "Numbers of wave {0}", "Student's distribution, and the distributions that were released")
def recompute_numbers(wave: str) -> Iterator[Found]:
    """Hold the limits of means against their standard errors, and means and medians against the released distribution.

    Where each number was released with its share, the mean is the sum of numbers times shares, and the median the
    smallest number that at least half gave up to.
    """
    file = paths.shown(paths.waves() / wave / FILE)
    classes: dict[tuple[str, ...], list[Row]] = defaultdict(list)
    rows = [row for row in read_rows(paths.waves() / wave / FILE) if row["status"] == "number"]
    for row in rows:
        if row["statistic"] == "share":
            classes[row["population"], row["domain"], row["item_id"]].append(row)
    for row in rows:
        said = [recompute_limits(row)] if row["statistic"] == "mean" else []
        own = classes.get((row["population"], row["domain"], row["item_id"]), [])
        if row["statistic"] != "share" and own:
            said.append(recompute_value(row, own))
        told = [text for text in said if text is not None]
        yield {"numbers recomputed": told.count("")}
        yield from (Fault(f"{name_number(row)}: {text}", file) for text in told if text)
    for place, own in classes.items():
        total = sum(float(row["value"]) for row in own)
        if not math.isclose(total, 1, abs_tol=SAME):
            yield Fault(f"{place[0]}.{place[2]}: the shares of its classes add up to {total:g}", file)


def recompute_limits(row: Row) -> str | None:
    """Return in what the limits of a mean differ from what its standard error gives; None where that isn't known."""
    value, error, low, high, degrees = (
        read_number(row.get(name)) for name in ("value", "standard_error", "low", "high", "degrees_of_freedom")
    )
    if value is None or error is None or low is None or high is None or row.get("method") == CENSUS or not degrees:
        return None
    from scipy.stats import t

    half = float(t.ppf((1 + RELEASED) / 2, degrees)) * error
    right = all(math.isclose(*pair, rel_tol=SAME, abs_tol=SAME) for pair in ((low, value - half), (high, value + half)))
    return (
        ""
        if right
        else f"limits of {low:g} to {high:g} where its standard error gives {value - half:g} to {value + half:g}"
    )


def recompute_value(row: Row, classes: Sequence[Row]) -> str | None:
    """Return in what a mean or median differs from what its distribution gives; None where classes are wider."""
    ends = [(read_number(one["lowest"]), read_number(one["highest"]), float(one["value"])) for one in classes]
    numbers = [(low, share) for low, high, share in ends if low is not None and low == high]
    if len(numbers) < len(ends):
        return None
    found, below = sum(number * share for number, share in numbers), 0.0
    if row["statistic"] == "median":
        for number, share in sorted(numbers):
            found, below = number, below + share
            if below >= 0.5 - SAME:
                break
    own = float(row["value"])
    return (
        "" if math.isclose(own, found, rel_tol=SAME, abs_tol=SAME) else f"{own:g}, and its distribution gives {found:g}"
    )
