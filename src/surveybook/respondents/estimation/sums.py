"""The small table that respondents are reduced to, from which everything else is worked out."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from surveybook.respondents.estimation.design import Design, Domain, Indicator
from surveybook.stats.normal import FloatArray


@dataclass(frozen=True)
class Layout:
    """
    Which sums are taken, by name.

    Sums of the weights are named ``w:…``, of their squares ``v:…``, unweighted counts ``n:…``, and those of
    replicate r ``r0:…``; y3 is the answer of the fourth indicator, b3 its base. Indicators of a question that
    have their base in common share its name.

    Attributes
    ----------
    design : Design
        How the sample was drawn.
    indicators : tuple of Indicator
        What is estimated.
    domains : tuple of Domain
        The parts of the population it is estimated for.
    split : frozenset of str
        Questions whose items don't have a base in common.
    pairs : bool
        Whether products of two items are summed, so that covariances can be had.
    """

    design: Design
    indicators: tuple[Indicator, ...]
    domains: tuple[Domain, ...]
    split: frozenset[str] = frozenset()
    pairs: bool = True

    @cached_property
    def questions(self) -> dict[str, list[int]]:
        """Return the positions of each question's indicators; one without a question is one by itself."""
        found: dict[str, list[int]] = {}
        for position, indicator in enumerate(self.indicators):
            found.setdefault(indicator.question_id or f"#{position}", []).append(position)
        return found

    @cached_property
    def bases(self) -> list[str]:
        """Return for each indicator the name of its base."""
        names = [f"b{position}" for position in range(len(self.indicators))]
        for question, members in self.questions.items():
            if question not in self.split:
                for member in members:
                    names[member] = f"b{members[0]}"
        return names

    @property
    def squares(self) -> bool:
        """Whether products of answers have to be summed, because no clusters hold the sums of one person."""
        return self.design.cluster is None and self.design.replicates is None and not self.design.census

    def product(self, first: str, second: str) -> str:
        """Return the name of the sum of a product; an answer times its own base is the answer."""
        for answer, base in ((first, second), (second, first)):
            if answer[0] == "y" and self.bases[int(answer[1:])] == base:
                return f"v:{answer}"
        return product_name(first, second)

    def products(self) -> list[tuple[str, str]]:
        """Return the pairs of different variables whose products are summed with squared weights."""
        bases, found = self.bases, []
        if not (self.squares and self.pairs):
            return []
        for members in self.questions.values():
            for place, first in enumerate(members):
                for second in members[place + 1 :]:
                    found.append((f"y{first}", f"y{second}"))
                    if bases[first] != bases[second]:
                        found += [
                            (f"y{first}", bases[second]),
                            (f"y{second}", bases[first]),
                            (bases[first], bases[second]),
                        ]
        return found


def product_name(first: str, second: str) -> str:
    """Return the name of the sum of a product of two variables, whichever way round."""
    if first == second:
        return f"v:{first}"
    return "v:" + "*".join(sorted((first, second), reverse=True))


def sum_names(layout: Layout) -> list[str]:
    """Return the names of all sums."""
    replicates = layout.design.replicates
    weights = ["w", *(f"r{place}" for place in range(len(replicates.columns) if replicates else 0))]
    answers = [f"y{position}" for position in range(len(layout.indicators))]
    bases = list(dict.fromkeys(layout.bases))
    names = [f"{weight}:{variable}" for weight in weights for variable in [*answers, *bases]]
    names += [f"n:{base}" for base in bases] + [f"v:{base}" for base in bases]
    if layout.squares:
        names += [f"v:{answer}" for answer in answers]
    return ["rows", *names, *(product_name(*pair) for pair in layout.products())]


@dataclass(frozen=True)
class Sums:
    """
    Respondents reduced to sums, one row a stratum, cluster and combination of domains.

    Attributes
    ----------
    layout : Layout
        Which sums there are.
    stratum, cluster : ndarray of int
        Codes of each row; without clusters in the design the codes of clusters are those of strata.
    inside : ndarray of bool
        One column a domain: whether the row belongs to it.
    columns : dict
        Position of each sum in `values`.
    values : ndarray
        The sums, rows by columns.
    sampled : ndarray
        Clusters in the sample, a stratum each.
    correction : ndarray
        What is left of the variance after the finite population correction, a stratum each; 1 without one.
    strata_names : tuple
        The value of each stratum.
    replicate_rank : ndarray
        Rank of the replicate weights in the population and in each domain; NaN where it wasn't taken.
    """

    layout: Layout
    stratum: NDArray[np.int64]
    cluster: NDArray[np.int64]
    inside: NDArray[np.bool_]
    columns: dict[str, int]
    values: FloatArray
    sampled: FloatArray
    correction: FloatArray
    strata_names: tuple[object, ...]
    replicate_rank: FloatArray

    def rows_in(self, domain: int | None) -> NDArray[np.bool_]:
        """Return which rows belong to a domain; all for None, the whole population."""
        return np.ones(len(self.stratum), dtype=bool) if domain is None else self.inside[:, domain]

    def column(self, name: str) -> FloatArray:
        """Return one sum, a row each."""
        values: FloatArray = self.values[:, self.columns[name]]
        return values
