"""Respondent-level answers: from a private file to figures that may be shown."""

from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pandas as pd

from surveybook.model import paths
from surveybook.model.codebook import Codebook
from surveybook.model.problems import Problem
from surveybook.model.survey import COVARIANCES
from surveybook.respondents.estimating import Population, estimate_population, read_population_file
from surveybook.respondents.files import FORMATS, PREFIX, find_file
from surveybook.respondents.mapping import read_mapping
from surveybook.respondents.release import CONFIDENCE, FIGURES, joined, released

__all__ = ["CONFIDENCE", "FIGURES", "Estimated", "Population", "estimate_wave", "read_mapping"]


@dataclass(frozen=True)
class Estimated:
    """What the respondents of a wave give: text tables for release, and the answers that they come from."""

    figures: pd.DataFrame
    covariances: pd.DataFrame
    populations: tuple[Population, ...] = ()


def estimate_wave(
    folder: Path,
    metadata: Mapping[str, Any],
    asked: pd.DataFrame,
    codebook: Codebook,
    populations: Iterable[str],
    problems: list[Problem],
    warn: Callable[[str], None],
    *,
    already: Collection[str] = (),
) -> Estimated:
    """Return the figures of those populations of a wave whose respondent file is there.

    Parameters
    ----------
    folder : Path
        The wave's.
    metadata, asked, codebook
        What is known of it; `asked` after its checks.
    populations : iterable of str
        Those to estimate.
    problems : list of Problem
        Everything that is wrong is added to it; where anything is, there are no figures.
    warn : callable
        Called with what looks doubtful.
    already : collection of str
        Populations whose figures are there already: for these the file may be missing.
    """
    file = paths.shown(folder / "wave.yml")
    before = len(problems)
    mappings = read_mapping(metadata, asked, codebook, file, problems)
    read = []
    for name in populations if len(problems) == before else ():
        mapping = mappings[name]
        named = len(problems)
        path = find_file(folder, name, mapping.file, problems)
        if path is None:
            if len(problems) == named and name not in already:
                endings = ", ".join(FORMATS)
                expected = f"put {PREFIX}{name} ({endings}) there, or its released estimates.csv"
                problems.append(Problem(paths.shown(folder), f"{name} has neither respondents nor figures", expected))
            continue
        population = read_population_file(path, mapping, asked, problems, warn)
        if population is not None:
            check_sample_size(population, metadata, file, problems, warn)
            read.append(population)
    tables = []
    for population in read if len(problems) == before else ():
        found = estimate_population(population, CONFIDENCE, problems)
        if found is not None:
            tables.append(released(population.mapping.population, found.estimates, found.covariances))
    whole = len(problems) == before
    return Estimated(
        joined([figures for figures, _ in tables if whole], FIGURES),
        joined([covariances for _, covariances in tables if whole], COVARIANCES),
        tuple(read) if whole else (),
    )


def check_sample_size(
    population: Population, metadata: Mapping[str, Any], file: str, problems: list[Problem], warn: Callable[[str], None]
) -> None:
    """Add a problem where ``wave.yml`` leaves out how many answered: pages print it, and the file has the number.

    Where it states another number than the file has, that is a doubt: a file may lack people who answered.
    """
    name, there = population.mapping.population, len(population.weights)
    entries = (metadata.get("populations") or {}).get(name)
    if not isinstance(entries, dict):
        return
    stated = entries.get("sample_size")
    if stated is None:
        found = f"{name} has no sample_size, and {population.file} has {there:,} respondents"
        problems.append(Problem(file, found, f"write sample_size: {there}"))
    elif stated not in (there, int((population.weights > 0).sum())):
        warn(f"{file} gives {name} a sample_size of {stated:,}, and {population.file} has {there:,} respondents")
