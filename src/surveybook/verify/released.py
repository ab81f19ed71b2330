"""Nets, means and medians recomputed from what was released beside them, with nothing of the code that estimates them.

A net is the sum of the answers that it is made of, and its variance the sum of all variances and covariances of these.
A mean has the limits that its standard error gives. Where each number was released with its share, the mean is the sum
of numbers times shares, and the median the smallest number that at least half gave up to.
"""

import math
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import accumulate, combinations
from typing import TypeVar

from surveybook.model import paths
from surveybook.verify.recomputation import read_nets, read_number, read_rows
from surveybook.verify.record import Fault, Found, checks

NUMBERS = "numbers.csv"
# Limits are released at this level; what the last digits of sums leave, of variances as a part of them.
RELEASED, SAME = 0.95, 1e-6
CENSUS = "census: no sampling error"

Row = Mapping[str, str]
OneRow = TypeVar("OneRow", bound=Row)


def gather_rows(rows: Iterable[OneRow], *columns: str) -> dict[tuple[str, ...], list[OneRow]]:
    """Return rows by what stands in some columns of them."""
    groups: dict[tuple[str, ...], list[OneRow]] = defaultdict(list)
    for row in rows:
        groups[tuple(row[name] for name in columns)].append(row)
    return groups


@checks("data", "Nets of wave {0}", "sums of answers, and of what data/waves/{0}/covariances.csv has of them")
def recompute_nets(wave: str) -> Iterator[Found]:
    """Add up the answers that each net of a wave is made of, and hold the net against that."""
    nets, folder = read_nets(), paths.waves() / wave
    items = {row["item_id"]: row["question_id"] for row in read_rows(paths.data() / "codebook" / "items.csv")}
    numbers = (row for row in read_rows(folder / "estimates.csv") if row["status"] == "number")
    wholes = gather_rows(numbers, "population", "domain", "item_id")
    pairs = (row for row in read_rows(folder / "covariances.csv") if not row.get("domain_b"))
    together = gather_rows(pairs, "population", "domain", "item_a", "item_b")
    for (*place, item), whole in wholes.items():
        rows = {row["response"]: row for row in whole}
        covariances = {
            frozenset((row["response_a"], row["response_b"])): float(row["covariance"])
            for row in together.get((*place, item, item), ())
        }
        for net, names in nets.get(items.get(item, ""), {}).items():
            if rows.keys() >= {net, *names}:
                between = [covariances.get(frozenset(pair)) for pair in combinations(names, 2)]
                said = list(compare_net(rows[net], [rows[name] for name in names], between))
                yield {"numbers recomputed": said.count("")}
                file, figure = paths.shown(folder / "estimates.csv"), rows[net]["figure_id"]
                yield from (Fault(f"the net is {text}", file, figures=(figure,)) for text in said if text)


def compare_net(net: Row, parts: Sequence[Row], between: Sequence[float | None]) -> Iterator[str]:
    """Yield in what share and variance of a net differ from its answers' sum: empty in nothing, none where not known.

    Parameters
    ----------
    net, parts : mapping
        The rows of the net and of its answers.
    between : sequence of float or None
        The covariances of each two answers.
    """
    own, total = float(net["percent"]), sum(float(part["percent"]) for part in parts)
    errors = [read_number(one.get("standard_error")) for one in (net, *parts)]
    # Published shares are rounded, each by itself.
    decimals = [] if errors[0] is not None else [int(read_number(one["decimals"]) or 0) for one in (net, *parts)]
    apart = abs(own - total) > sum(0.5 / 10**one for one in decimals) + SAME
    yield f"{own:g} per cent, and its answers add up to {total:g}" if apart else ""
    known = [error**2 for error in errors if error is not None]
    covariances = [one for one in between if one is not None]
    if (len(known), len(covariances)) == (len(errors), len(between)):
        own, total = known[0], sum(known[1:]) + 2 * sum(covariances)
        apart = abs(own - total) > SAME * max(known)
        yield f"given a variance of {own:g}, and its answers have {total:g}" if apart else ""


def name_number(row: Row) -> str:
    """Return what a row of ``numbers.csv`` is of, as messages call it."""
    group, ends = f"[{row['domain']}]" if row["domain"] else "", f"{row.get('lowest', '')}-{row.get('highest', '')}"
    return f"{row['population']}{group}.{row['item_id']}.{row['statistic']}{f' {ends}' if len(ends) > 1 else ''}"


@checks("data", "Numbers of wave {0}", "Student's distribution, and the distributions that were released")
def recompute_numbers(wave: str) -> Iterator[Found]:
    """Hold the limits of means against their standard errors, and means and medians against the distribution."""
    file = paths.shown(paths.waves() / wave / NUMBERS)
    rows = [row for row in read_rows(paths.waves() / wave / NUMBERS) if row["status"] == "number"]
    shares = (row for row in rows if row["statistic"] == "share")
    classes = gather_rows(shares, "population", "domain", "item_id")
    for row in rows:
        own = classes.get((row["population"], row["domain"], row["item_id"]), [])
        said = [*compare_limits(row), *compare_value(row, own)]
        yield {"numbers recomputed": said.count("")}
        yield from (Fault(f"{name_number(row)}: {text}", file) for text in said if text)
    for place, own in classes.items():
        total = sum(float(row["value"]) for row in own)
        if not is_same(total, 1):
            yield Fault(f"{place[0]}.{place[2]}: the shares of its classes add up to {total:g}", file)


def is_same(one: float, other: float) -> bool:
    """Return whether two numbers differ by no more than the last digits of sums do."""
    return math.isclose(one, other, rel_tol=SAME, abs_tol=SAME)


def compare_limits(row: Row) -> Iterator[str]:
    """Yield in what the limits of a mean differ from what its standard error gives: empty in nothing."""
    columns = ("value", "standard_error", "low", "high", "degrees_of_freedom")
    known = [number for number in (read_number(row.get(name)) for name in columns) if number is not None]
    if row["statistic"] == "mean" and row.get("method") != CENSUS and len(known) == len(columns) and known[-1]:
        from scipy.stats import t

        value, error, low, high, degrees = known
        half = float(t.ppf((1 + RELEASED) / 2, degrees)) * error
        right = is_same(low, value - half) and is_same(high, value + half)
        given = f"its standard error gives {value - half:g} to {value + half:g}"
        yield "" if right else f"limits of {low:g} to {high:g} where {given}"


def compare_value(row: Row, classes: Sequence[Row]) -> Iterator[str]:
    """Yield in what a mean or median differs from what its distribution gives: empty in nothing, none if not known."""
    ends = [(read_number(one["lowest"]), read_number(one["highest"]), float(one["value"])) for one in classes]
    numbers = sorted((low, share) for low, high, share in ends if low is not None and low == high)
    if row["statistic"] == "share" or not classes or len(numbers) < len(ends):
        return
    # Wide classes have no one number.
    found = sum(number * share for number, share in numbers)
    if row["statistic"] == "median":
        below = zip(numbers, accumulate(share for _, share in numbers), strict=True)
        found = next((number for (number, _), share in below if share >= 0.5 - SAME), numbers[-1][0])
    own = float(row["value"])
    yield "" if is_same(own, found) else f"{own:g}, and its distribution gives {found:g}"
