"""Nets of a wave recomputed from the answers that they are made of, with nothing of the code that estimates them."""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from itertools import combinations

from surveybook.model import paths
from surveybook.verify.recomputation import read_nets, read_number, read_rows
from surveybook.verify.record import Fault, Found, checks

# What the last digits of sums leave: of per cents, and of variances as a part of them.
SUM, VARIANCE = 1e-6, 1e-6

Row = Mapping[str, str]
Place = tuple[str, str, str]


@checks("data", "Nets of wave {0}", "sums of answers, and of what data/waves/{0}/covariances.csv has of them")
def recompute_nets(wave: str) -> Iterator[Found]:
    """Add up the answers that each net of a wave is made of, and hold the net against that.

    Notes
    -----
    The variance of a sum is the sum of all variances and covariances of its parts.
    """
    nets, folder = read_nets(), paths.waves() / wave
    items = {row["item_id"]: row["question_id"] for row in read_rows(paths.data() / "codebook" / "items.csv")}
    wholes: dict[Place, dict[str, Row]] = defaultdict(dict)
    for row in read_rows(folder / "estimates.csv"):
        if row["status"] == "number" and items.get(row["item_id"]) in nets:
            wholes[row["population"], row["domain"], row["item_id"]][row["response"]] = row
    together = read_covariances(wave, wholes)
    for place, rows in wholes.items():
        for net, names in nets[items[place[-1]]].items():
            if net in rows and all(name in rows for name in names):
                parts = [rows[name] for name in names]
                covariances = [together[place].get(frozenset(pair)) for pair in combinations(names, 2)]
                said = [add_up_shares(rows[net], parts), *add_up_variances(rows[net], parts, covariances)]
                yield {"numbers recomputed": said.count("")}
                for text in filter(None, said):
                    yield Fault(
                        f"the net is {text}", paths.shown(folder / "estimates.csv"), figures=(rows[net]["figure_id"],)
                    )


def read_covariances(wave: str, places: Mapping[Place, object]) -> dict[Place, dict[frozenset[str], float]]:
    """Return the covariances of two answers to one statement, by statement and answers, at some places."""
    found: dict[Place, dict[frozenset[str], float]] = defaultdict(dict)
    for row in read_rows(paths.waves() / wave / "covariances.csv") if places else ():
        place = row["population"], row["domain"], row["item_a"]
        if place in places and row["item_a"] == row["item_b"] and not row.get("domain_b"):
            found[place][frozenset((row["response_a"], row["response_b"]))] = float(row["covariance"])
    return found


def add_up_shares(net: Row, parts: Sequence[Row]) -> str:
    """Return in what a net differs from the sum of its answers, by more than their rounding; empty in nothing."""
    own, total = float(net["percent"]), sum(float(part["percent"]) for part in parts)
    estimated = read_number(net.get("standard_error")) is not None
    rounding = 0 if estimated else sum(0.5 / 10 ** int(read_number(one["decimals"]) or 0) for one in (net, *parts))
    return "" if abs(own - total) <= rounding + SUM else f"{own:g} per cent, and its answers add up to {total:g}"


def add_up_variances(net: Row, parts: Sequence[Row], covariances: Sequence[float | None]) -> list[str]:
    """Return in what a net's standard error differs from its answers', one text; none where it can't be worked out."""
    errors = [read_number(one.get("standard_error")) for one in (net, *parts)]
    known = [error for error in errors if error is not None]
    between = [covariance for covariance in covariances if covariance is not None]
    if len(known) < len(errors) or len(between) < len(covariances):
        return []
    own, total = known[0] ** 2, sum(error**2 for error in known[1:]) + 2 * sum(between)
    off = abs(own - total) > VARIANCE * max(own, *(error**2 for error in known))
    return [f"given a variance of {own:g}, and its answers have {total:g}" if off else ""]
