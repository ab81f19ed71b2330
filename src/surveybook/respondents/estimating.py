"""From one population's respondents to its figures: read, check, encode, estimate."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from surveybook.model.problems import DataError, Problem, SurveybookError
from surveybook.respondents.coding import REFUSED, UNSURE
from surveybook.respondents.columns import (
    SHARED_BY,
    SHORT_NUMBER,
    Columns,
    check_present,
    check_respondents,
    check_unmapped,
    check_weights,
)
from surveybook.respondents.encoding import Encoded, encode
from surveybook.respondents.files import code_text, read_respondents, wanted_of
from surveybook.respondents.mapping import DomainMapping, PopulationMapping

Warn = Callable[[str], None]
PART = "domain_"
# What the estimator calls the first row of its data.
SPREADSHEET_ROW = 2
OLDEST = 120


@dataclass(frozen=True)
class Population:
    """One population's answers, ready to be estimated from.

    Attributes
    ----------
    mapping : PopulationMapping
        What ``wave.yml`` says.
    file : str
        The file, as typed from the project's folder.
    frame : pandas.DataFrame
        The design's columns, one column a domain variable, and the indicators.
    questions : tuple of Encoded
        Each question's indicators and counts.
    weights : numpy.ndarray
        One weight a respondent; 1 where there are none.
    first_row : int
        What the file's first respondent's row is called.
    """

    mapping: PopulationMapping
    file: str
    frame: pd.DataFrame
    questions: tuple[Encoded, ...]
    weights: np.ndarray
    first_row: int = 1


def wanted_columns(mapping: PopulationMapping) -> dict[str, str]:
    """Return every column that a mapping names, with the place that names it."""
    wanted: dict[str, str] = {}
    for key in ("id", "weight", "strata", "cluster", "fpc"):
        if column := getattr(mapping, key):
            wanted[column] = f"{mapping.population}.{key}"
    for column in (mapping.replicates or {}).get("columns", ()):
        wanted[column] = f"{mapping.population}.replicates"
    for domain in mapping.domains:
        wanted[domain.column] = f"{mapping.population}.domains.{domain.variable}"
    for question in mapping.questions:
        for column in (*question.columns, *([question.universe.column] if question.universe else [])):
            wanted.setdefault(column, f"{mapping.population}.questions.{question.question}")
    return wanted


def expand_replicates(mapping: PopulationMapping, there: tuple[str, ...]) -> PopulationMapping:
    """Return the mapping with ``rep*`` written out as the columns rep1, rep2 and so on."""
    if mapping.replicates is None:
        return mapping
    columns = [found for name in mapping.replicates["columns"] for found in wanted_of(list(there), [name]) or [name]]
    return replace(mapping, replicates=mapping.replicates | {"columns": tuple(dict.fromkeys(columns))})


def read_population_file(
    path: Path, mapping: PopulationMapping, asked: pd.DataFrame, problems: list[Problem], warn: Warn
) -> Population | None:
    """Return one population's answers as indicators, or None with everything wrong added to the problems.

    Parameters
    ----------
    path : Path
        The respondent file.
    mapping : PopulationMapping
        What ``wave.yml`` says of it.
    asked : pandas.DataFrame
        ``asked.csv``, with the number of choices of each question.
    problems : list of Problem
        Everything that is wrong is added to it.
    warn : callable
        Called with what looks doubtful and may still be right.
    """
    before = len(problems)
    source = read_respondents(path, problems, mapping.encoding, list(wanted_columns(mapping)))
    if source is None:
        return None
    mapping = expand_replicates(mapping, source.there)
    wanted = wanted_columns(mapping)
    columns = Columns(source, mapping, problems)
    check_unmapped(columns, source.there, wanted)
    if not check_present(columns, wanted):
        return None
    check_respondents(columns)
    if mapping.id is None:
        warn(f"{source.name}: no id is declared, so nobody can tell whether a respondent stands there twice")
    design = read_design(columns, warn)
    parts = {domain.variable: read_parts(columns, domain) for domain in mapping.domains}
    choices = asked[asked["population"] == mapping.population].set_index("question_id")["max_choices"]
    weights = np.asarray(design.get(mapping.weight or "", np.ones(columns.size)), dtype=float)
    encoded = tuple(
        encode(columns, question, None if pd.isna(most := choices.get(question.question, np.nan)) else float(most))
        for question in mapping.questions
    )
    encoded = tuple(without(question, weights == 0) for question in encoded)
    for doubt in columns.doubts:
        warn(doubt)
    if len(problems) > before:
        return None
    frame = pd.concat(
        [
            pd.DataFrame(design, index=range(columns.size)),
            pd.DataFrame({PART + name: values for name, values in parts.items()}, index=range(columns.size)),
            *(question.indicators for question in encoded),
        ],
        axis=1,
    )
    return Population(mapping, source.name, frame, encoded, weights, source.first_row)


def without(question: Encoded, out: np.ndarray) -> Encoded:
    """Return a question without people whose weight is 0: no share rests on them, so no base may count them."""
    if not out.any():
        return question
    counted = np.where(out[:, None], np.nan, question.indicators.to_numpy())
    indicators = pd.DataFrame(counted, columns=question.indicators.columns)
    return replace(question, indicators=indicators, base=question.base & ~out)


def read_design(columns: Columns, warn: Warn) -> dict[str, Any]:
    """Return the columns of the design: weights and corrections as numbers, strata and clusters as codes."""
    mapping, found = columns.mapping, {}
    if mapping.weight and (weights := check_weights(columns, mapping.weight, warn)) is not None:
        found[mapping.weight] = weights
    for name in (mapping.replicates or {}).get("columns", ()):
        found[name] = columns.numbers(name)
        if not (found[name] >= 0).all():
            at = int(np.argmax(~(found[name] >= 0)))
            columns.wrong("the replicate weight is missing or negative", "expected 0 or more", name, at)
    if mapping.fpc:
        found[mapping.fpc] = columns.numbers(mapping.fpc)
    for name in (mapping.strata, mapping.cluster):
        if name:
            codes = columns.codes(name)
            if (codes == "").any():
                columns.wrong("nothing stands here", "every respondent needs one", name, int(np.argmax(codes == "")))
            found[name] = unnamed(columns, codes)
    return found


def unnamed(columns: Columns, codes: np.ndarray) -> np.ndarray:
    """Return strata or clusters in which a text that few share is called by its first row.

    Messages of the estimator name strata, and this one may be what a respondent wrote.
    """
    places, found = pd.factorize(codes)
    firsts, counts = np.unique(places, return_index=True)[1], np.bincount(places)
    named = [
        code if SHORT_NUMBER.fullmatch(code) or count >= SHARED_BY else f"row {at + columns.source.first_row}"
        for code, at, count in zip(found, firsts, counts, strict=True)
    ]
    return np.array(named, dtype=object)[places]


def read_parts(columns: Columns, domain: DomainMapping) -> np.ndarray:
    """Return the group that each respondent belongs to, None for those in none."""
    groups = np.full(columns.size, None, dtype=object)
    codes = columns.codes(domain.column, keep=tuple(domain.values))
    if domain.ranges:
        numbers = columns.numbers(domain.column)
        lost = (codes == "") | np.isin(codes, list(domain.values))
        doubt_ranges(columns, domain, numbers[~lost])
        for name, (low, high) in domain.ranges.items():
            groups[(numbers >= low) & (numbers <= high) & ~lost] = name
    for code, name in domain.values.items():
        groups[codes == code] = name
    for name in domain.names:
        if not (groups == name).any():
            columns.wrong(f"nobody is in the group {domain.variable}={name}", "correct its codes", domain.column)
    return groups


def doubt_ranges(columns: Columns, domain: DomainMapping, numbers: np.ndarray) -> None:
    """Add a doubt where a range takes in a number that is a code: labelled "refused", or an age nobody reaches."""
    labels = columns.source.value_labels.get(domain.column, {})
    for value in np.unique(numbers[~np.isnan(numbers)]):
        label = labels.get(code_text(value), "")
        inside = any(low <= value <= high for low, high in domain.ranges.values())
        no_age = domain.variable.startswith("age") and not 0 <= value <= OLDEST
        if inside and (no_age or REFUSED.search(label) or UNSURE.search(label)):
            named = f"{value:g} ({label})" if label else f"{value:g}"
            columns.doubts.append(
                f"{columns.source.name}, column {domain.column}: {int((numbers == value).sum())} with {named} fall"
                f" into a range of {domain.variable}; if it is no number, add it to missing in wave.yml, or to the"
                f" values of {domain.variable} as a group of its own"
            )


def estimate_population(population: Population, confidence: float, problems: list[Problem]) -> Any:
    """Return the `Estimation` of one population, or None where the design can't be estimated from.

    Parameters
    ----------
    population : Population
        Its answers.
    confidence : float
        The level of the intervals.
    problems : list of Problem
        What the estimator refuses is added to it.
    """
    from surveybook.respondents import estimation

    mapping = population.mapping
    indicators = tuple(
        estimation.Indicator(column, item, response, question.question)
        for question in population.questions
        for column in question.indicators
        for item, response in [column.rsplit(".", 1)]
    )
    domains = tuple(
        estimation.Domain(PART + domain.variable, name, f"{domain.variable}={name}")
        for domain in mapping.domains
        for name in domain.names
    )
    try:
        replicates = None
        if mapping.replicates is not None:
            rscales = mapping.replicates.get("rscales")
            said = mapping.replicates | ({"rscales": tuple(rscales)} if rscales else {})
            replicates = estimation.Replicates(**said)
        design = estimation.Design(
            weight=mapping.weight,
            strata=mapping.strata,
            cluster=mapping.cluster,
            fpc=mapping.fpc,
            lonely=mapping.lonely,
            replicates=replicates,
            census=mapping.census,
            probability=mapping.probability,
        )
        estimated = estimation.estimate(population.frame, design, indicators, domains=domains, confidence=confidence)
        everybody = estimated.estimates[estimated.estimates["domain"] == ""]
        if everybody["share"].notna().any() and everybody["low"].isna().all():
            why = "this design leaves no degrees of freedom, so that no interval can be worked out"
            design_problem(population, why, "check strata, clusters and replicates", problems)
        return estimated
    except DataError as error:
        for problem in error.problems:
            row = None if problem.row is None else problem.row - SPREADSHEET_ROW + population.first_row
            problems.append(Problem(population.file, problem.found, problem.expected, row, problem.column))
    except SurveybookError as error:
        design_problem(population, str(error).rstrip("."), "see the template", problems)
    except (TypeError, ValueError):
        found, expected = "the design can't be estimated from", "check strata, clusters, fpc and replicates"
        design_problem(population, found, expected, problems)
    return None


def design_problem(population: Population, found: str, expected: str, problems: list[Problem]) -> None:
    """Add a problem with what ``wave.yml`` says of a population's design."""
    folder = population.file.rpartition("/")[0]
    place = f"responses.{population.mapping.population}"
    problems.append(Problem(f"{folder}/wave.yml", found, expected, column=place))
