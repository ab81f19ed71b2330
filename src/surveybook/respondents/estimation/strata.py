"""Sizes of strata, in the sample and in the population, and what can't be true of them."""

from __future__ import annotations

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from surveybook.model.problems import DataError, Problem, SurveybookError
from surveybook.respondents.estimation.sums import Layout
from surveybook.stats.normal import FloatArray

# A stratum of which a smaller part was left out was taken in full, as R's `onestrat` has it.
CERTAIN = 1e-7


def stratum_sizes(
    table: pd.DataFrame,
    layout: Layout,
    stratum: NDArray[np.int64],
    cluster: NDArray[np.int64],
    names: tuple[object, ...],
    source: str,
) -> tuple[FloatArray, FloatArray]:
    """
    Return how many clusters each stratum has in the sample, and the share of the variance that is left.

    Raises
    ------
    DataError
        If the population is given differently within a stratum, or is smaller than the sample from it.
    """
    design = layout.design
    if design.cluster is not None and design.replicates is None and not design.census:
        pairs = pd.DataFrame({"stratum": stratum, "cluster": cluster}).drop_duplicates()
        sampled = np.bincount(pairs["stratum"], minlength=len(names)).astype(float)
    else:
        sampled = np.bincount(stratum, weights=table["rows"], minlength=len(names))
    if design.fpc is None or design.census:
        return sampled, np.ones(len(names))
    limits = table.groupby(stratum)
    low, high = limits["fpc low"].min().to_numpy(dtype=float), limits["fpc high"].max().to_numpy(dtype=float)
    fraction = bool((high <= 1).all())
    with np.errstate(divide="ignore"):  # a fraction of 0 is refused below
        population = sampled / high if fraction else high
    rules = [
        ((low != high), "the population is given differently within the stratum", "expected one number"),
        ((low <= 0), "the population is 0 or less", "expected a number above 0"),
        (population < sampled * (1 - 1e-9), "the population is smaller than the sample", "expected at least as many"),
    ]
    problems = [
        Problem(source, f"{found} ({names[place]})" if design.strata else found, expected, column=design.fpc)
        for wrong, found, expected in rules
        for place in np.flatnonzero(wrong)
    ]
    if problems:
        raise DataError("Respondents", problems)
    return sampled, np.maximum((population - sampled) / population, 0.0)


def check_lonely(sampled: FloatArray, correction: FloatArray, names: tuple[object, ...], lonely: str) -> None:
    """Raise an error for strata with one cluster, if that is the rule; one taken in full has no variance."""
    alone = np.flatnonzero((sampled == 1) & (correction > CERTAIN))
    if lonely == "fail" and len(alone):
        shown = ", ".join(str(names[place]) for place in alone[:5])
        raise SurveybookError(
            f"{len(alone)} {'stratum has' if len(alone) == 1 else 'strata have'} only one cluster ({shown}), from"
            " which no variance can be told; merge strata, or declare lonely: adjust, certainty or average."
        )
