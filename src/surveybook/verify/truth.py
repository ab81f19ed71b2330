"""The survey's figures as the files hold them, read with nothing of the code that makes the book.

What a page shows is held against these. Intervals are worked out by statsmodels, not by `surveybook.stats`.
"""

import csv
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property

from surveybook.model import paths

CONFIDENCE = 0.95


@dataclass(frozen=True)
class Truth:
    """One figure of the survey.

    Attributes
    ----------
    figure, wave, population, domain, item, response : str
        Its id, and what it is the share of.
    status : str
        ``number``, ``words`` or ``unpublished``.
    percent : float or None
        The share in per cent.
    decimals : int
        To how many decimals it was published.
    verbal : str
        The words that it was published in.
    base : int or None
        How many answers it rests on.
    base_status : str
        How that is known: ``stated``, ``assumed`` or ``unknown``.
    effective : float or None
        How many they are worth, after the design effect.
    released : tuple of float
        The limits in per cent that were released with an estimate; empty for a published percentage.
    """

    figure: str
    wave: str
    population: str
    domain: str
    item: str
    response: str
    status: str
    percent: float | None
    decimals: int
    verbal: str
    base: int | None
    base_status: str
    effective: float | None
    released: tuple[float, ...] = ()

    @property
    def text(self) -> str:
        """The share in per cent, as it is printed."""
        return "" if self.percent is None else printed(self.percent, self.decimals)

    @property
    def base_text(self) -> str:
        """The base as it is printed, with how it is known where the source doesn't state it."""
        if self.base is None:
            return "unknown"
        return printed(self.base) + ("" if self.base_status == "stated" else f" ({self.base_status})")

    @cached_property
    def limits(self) -> tuple[float, float] | None:
        """The limits of the interval in per cent: as released, or Wilson's; None where there is no base."""
        if self.released:
            return self.released[0], self.released[1]
        if self.percent is None or not self.effective:
            return None
        from statsmodels.stats.proportion import proportion_confint

        low, high = proportion_confint(
            self.percent / 100 * self.effective, self.effective, 1 - CONFIDENCE, method="wilson"
        )
        return 100 * float(low), 100 * float(high)


def printed(value: float, decimals: int = 0) -> str:
    """Return a number as pages print it: thousands separated, a true minus sign."""
    text = f"{abs(value):,.{decimals}f}"
    return f"−{text}" if value < 0 and float(text.replace(",", "")) else text


def difference_limits(one: Truth, other: Truth) -> tuple[float, float] | None:
    """Return Newcombe's limits, in points, of the difference of two figures of different people."""
    if one.percent is None or other.percent is None or not one.effective or not other.effective:
        return None
    if one.released or other.released:
        return None
    from statsmodels.stats.proportion import confint_proportions_2indep

    low, high = confint_proportions_2indep(
        one.percent / 100 * one.effective, one.effective, other.percent / 100 * other.effective, other.effective,
        method="newcomb", compare="diff", alpha=1 - CONFIDENCE,
    )  # fmt: skip
    return 100 * float(low), 100 * float(high)


def read_truth(wave: str) -> list[Truth]:
    """Return every figure of a wave's ``estimates.csv``; none where there is no such file."""
    path = paths.waves() / wave / "estimates.csv"
    if not path.is_file():
        return []
    with path.open(encoding="utf-8-sig", newline="") as file:
        return list(truths(csv.DictReader(file), wave))


def truths(rows: Iterable[dict[str, str]], wave: str) -> Iterator[Truth]:
    """Yield the figures of rows of ``estimates.csv``; those that aren't numbers where numbers belong have none."""
    for row in rows:
        base, deff = number(row.get("base")), number(row.get("deff"))
        low, high = number(row.get("low")), number(row.get("high"))
        yield Truth(
            figure=row["figure_id"],
            wave=wave,
            population=row["population"],
            domain=row["domain"],
            item=row["item_id"],
            response=row["response"],
            status=row["status"],
            percent=number(row["percent"]),
            decimals=int(number(row["decimals"]) or 0),
            verbal=row["verbal"],
            base=None if base is None else int(base),
            base_status=row.get("base_status", ""),
            effective=None if base is None else base / (deff or 1),
            released=() if low is None or high is None else (100 * low, 100 * high),
        )


def labels(table: str) -> dict[str, str]:
    """Return the labels of a table of the codebook by id, which is its first column: ``items`` or ``populations``."""
    with (paths.codebook() / f"{table}.csv").open(encoding="utf-8-sig", newline="") as file:
        return {next(iter(row.values())): row["label"] for row in csv.DictReader(file)}


def number(text: str | None) -> float | None:
    """Return a number that is written in a table; None where none is."""
    try:
        return float(text) if text else None
    except ValueError:
        return None


class Truths:
    """The figures of the waves that an edition may show, found by id.

    An id can be one of several waves: a number on a page is right when it is one of those that bear the id.
    """

    def __init__(self, waves: Iterable[str]) -> None:
        self.waves = tuple(dict.fromkeys(waves))
        self.by_id: dict[str, list[Truth]] = defaultdict(list)
        for wave in self.waves:
            for one in read_truth(wave):
                self.by_id[one.figure].append(one)

    def of(self, figures: Iterable[str]) -> list[Truth]:
        """Return the figures with these ids, in any wave."""
        return [one for figure in figures for one in self.by_id.get(figure, ())]

    def without(self, figures: Iterable[str]) -> list[str]:
        """Return the ids that no wave has."""
        return [figure for figure in figures if figure not in self.by_id]
