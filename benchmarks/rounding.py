"""How often limits and tests of figures printed in whole per cents are right, with and without allowing for rounding.

Run as ``python benchmarks/rounding.py``. Exact: every sample that a binomial distribution can give is counted by its
chance, no sample is drawn. Coverage ought to be the level (0.95) at least, and a test at 0.05 ought to find a
difference where there is none in 0.05 of samples at most.
"""

from collections.abc import Iterator

import numpy as np
import pandas as pd
from scipy.stats import binom

from surveybook.stats.comparison import compare_tables
from surveybook.stats.shares import add_intervals

BASES = (200, 500, 1000, 2000, 5000)
SHARES = np.arange(0.01, 0.9901, 0.001)
FEWER_SHARES = np.concatenate([np.arange(0.01, 0.1, 0.0025), np.arange(0.1, 0.5, 0.02)])
DIFFERENCES = (0.0, 0.003, 0.01, 0.025, 0.05)
UNROUNDED = float("nan")


def make_estimates(shares: np.ndarray, base: int, decimals: float) -> pd.DataFrame:
    """Return published estimates on one base, of which it is said to how many decimals they were rounded."""
    table = pd.DataFrame({"share": shares}).assign(base=base, effective_base=float(base), decimals=decimals)
    return add_intervals(table.assign(degrees_of_freedom=np.nan))


def count_answers(base: int, shares: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Return what can be printed in whole per cents, and for each true share (a row) the chance of each."""
    counts = np.arange(base + 1)
    printed, places = np.unique(np.floor(100 * counts / base + 0.5) / 100, return_inverse=True)
    chances = np.zeros((len(shares), len(printed)))
    np.add.at(chances.T, places, binom.pmf(counts[:, None], base, shares[None, :]))
    return printed, chances


def cover_shares(base: int, decimals: float) -> np.ndarray:
    """Return for each true share how often its limits contain it."""
    printed, chances = count_answers(base, SHARES)
    table = make_estimates(printed, base, decimals)
    low, high = (table[name].to_numpy() for name in ("low", "high"))
    return (chances * ((low <= SHARES[:, None]) & (SHARES[:, None] <= high))).sum(axis=1)


def cover_differences(base: int, decimals: float) -> tuple[np.ndarray, np.ndarray]:
    """Return how often limits contain a true difference, and how often a test finds one that isn't there."""
    printed, chances = count_answers(base, FEWER_SHARES)
    places = np.indices((len(printed), len(printed))).reshape(2, -1)
    tables = [make_estimates(printed[one], base, decimals) for one in places]
    found = compare_tables(tables[0], tables[1], 0.95)
    low, high, p_value = (found[name].to_numpy() for name in ("low", "high", "p_value"))
    covered, false = [], []
    for difference in DIFFERENCES:
        _, others = count_answers(base, FEWER_SHARES + difference)
        inside = (low <= difference) & (difference <= high)
        for chance, other in zip(chances, others, strict=True):
            together = np.outer(other, chance).ravel()
            covered.append(together[inside].sum())
            if difference == 0:
                false.append(together[p_value < 0.05].sum())
    return np.array(covered), np.array(false)


def describe() -> Iterator[str]:
    """Yield the rows of a table in Markdown."""
    yield "| base | limits | share: mean | least | difference: mean | least | test of none: mean | most |"
    yield "| ---: | --- | ---: | ---: | ---: | ---: | ---: | ---: |"
    for base in BASES:
        for decimals, name in ((UNROUNDED, "as if not rounded"), (0, "allowing for rounding")):
            share, (difference, false) = cover_shares(base, decimals), cover_differences(base, decimals)
            values = (share.mean(), share.min(), difference.mean(), difference.min(), false.mean(), false.max())
            yield f"| {base:,} | {name} | " + " | ".join(f"{value:.3f}" for value in values) + " |"


if __name__ == "__main__":
    for row in describe():
        print(row)
