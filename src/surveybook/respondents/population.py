"""From one population's respondents to its figures: read, check, encode, estimate."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from surveybook.model.codebook import WaveFolder
from surveybook.model.problems import DataError, SurveybookError
from surveybook.respondents.codes import REFUSED, UNSURE, code_text, tell_apart
from surveybook.respondents.columns import (
    LARGEST_WEIGHT,
    SHARED_BY,
    SHORT_NUMBER,
    UNNAMED,
    Columns,
    check_ids,
    check_present,
    check_unmapped,
    check_weights,
)
from surveybook.respondents.design import Domain, Indicator
from surveybook.respondents.disclosure import Cells, release_estimates, release_numbers
from surveybook.respondents.encoding import NAMED, Encoded, doubt_labels, encode_question
from surveybook.respondents.estimates import Estimation, estimate
from surveybook.respondents.files import PREFIX, READERS, find_file, match_columns, read_respondents
from surveybook.respondents.mapping import DomainRules, PopulationMapping, describe_recording
from surveybook.respondents.numbers import estimate_numbers
from surveybook.respondents.sums import combine_codes

PART = "domain_"
# Each column of replicate weights weighs the sample up to the same population, but for what it leaves out.
FAR_FROM_OTHERS = 5
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
    recording : dict
        How its answers and groups were recorded; see `describe_recording`.
    ungrouped : dict
        The codes of those in no group, by domain variable: "" for empty cells, "?" for what few wrote.
    unstated : dict
        Who didn't state their group, by domain variable: True for those with an empty cell or a code for no answer.
    """

    mapping: PopulationMapping
    file: str
    frame: pd.DataFrame
    questions: tuple[Encoded, ...]
    weights: np.ndarray
    recording: dict[str, dict[str, Any]]
    ungrouped: Mapping[str, tuple[str, ...]]
    unstated: Mapping[str, np.ndarray]


def find_population(
    folder: WaveFolder, mapping: PopulationMapping, metadata: Mapping[str, Any], asked: pd.DataFrame, *, needed: bool
) -> Population | None:
    """Return one population's answers, or None where its file isn't there, or with all that is wrong added.

    Parameters
    ----------
    folder : WaveFolder
        The wave's; what is wrong is added to its problems, what looks doubtful to its warnings.
    mapping : PopulationMapping
        What ``wave.yml`` says of the file.
    metadata, asked
        What is known of the wave; `asked` after its checks.
    needed : bool
        Whether there are no figures yet, so that a missing file is a problem.
    """
    before, name = len(folder.problems), mapping.population
    path = find_file(folder.path, name, mapping.rules.file, folder.problems)
    if path is None:
        if needed and len(folder.problems) == before:
            expected = f"put {PREFIX}{name} ({', '.join(READERS)}) there, or its released estimates.csv"
            folder.refuse("", f"{name} has neither respondents nor figures", expected)
        return None
    population = read_population(folder, path, mapping, asked)
    if population is not None:
        check_sample_size(folder, population, metadata)
    return population


def check_sample_size(folder: WaveFolder, population: Population, metadata: Mapping[str, Any]) -> None:
    """Add a problem where ``wave.yml`` leaves out how many answered: pages print it, and the file has the number.

    Where it states another number than the file has, that is a doubt: a file may lack people who answered.
    """
    name, there = population.mapping.population, len(population.weights)
    if name not in metadata["populations"]:
        return
    stated, holds = metadata["populations"][name].get("sample_size"), f"{population.file} has {there:,} respondents"
    if stated is None:
        folder.refuse("wave.yml", f"{name} has no sample_size, and {holds}", f"write sample_size: {there}")
    elif isinstance(stated, int) and stated not in (there, int((population.weights > 0).sum())):
        doubt = f"{folder.name('wave.yml')} gives {name} a sample_size of {stated:,}, and {holds}"
        folder.warnings.append(doubt)


def name_columns(mapping: PopulationMapping) -> dict[str, str]:
    """Return every column that a mapping names, with the place that names it."""
    rules, population = mapping.rules, mapping.population
    wanted = {column: f"{population}.{key}" for key in ("id", "weight", "strata", "cluster", "fpc", "fpc_within")
              if (column := getattr(rules, key))}  # fmt: skip
    wanted |= dict.fromkeys(rules.replicates.columns if rules.replicates else (), f"{population}.replicates")
    wanted |= {domain.column: f"{population}.domains.{variable}" for variable, domain in rules.domains.items()}
    for question in mapping.questions:
        universe = question.rules.universe
        for column in (*question.columns, *([universe.column] if universe else [])):
            wanted.setdefault(column, f"{population}.questions.{question.question}")
    return wanted


def expand_replicates(mapping: PopulationMapping, there: tuple[str, ...]) -> PopulationMapping:
    """Return the mapping with ``rep*`` written out as the columns rep1, rep2 and so on."""
    replicates = mapping.rules.replicates
    if replicates is None:
        return mapping
    columns = [found for name in replicates.columns for found in match_columns(list(there), [name]) or [name]]
    replicates = replicates.model_copy(update={"columns": tuple(dict.fromkeys(columns))})
    return replace(mapping, rules=mapping.rules.model_copy(update={"replicates": replicates}))


def read_population(
    folder: WaveFolder, path: Path, mapping: PopulationMapping, asked: pd.DataFrame
) -> Population | None:
    """Return one population's answers as indicators, or None with everything wrong added to the problems.

    Parameters
    ----------
    folder : WaveFolder
        The wave's; what is wrong is added to its problems, what looks doubtful to its warnings.
    path : Path
        The respondent file.
    mapping : PopulationMapping
        What ``wave.yml`` says of it.
    asked : pandas.DataFrame
        ``asked.csv``, with the number of choices of each question.
    """
    before = len(folder.problems)
    source = read_respondents(path, folder.problems, mapping.rules.encoding, list(name_columns(mapping)))
    if source is None:
        return None
    mapping = expand_replicates(mapping, source.there)
    wanted = name_columns(mapping)
    columns = Columns(source, mapping, folder.problems, folder.warnings.append)
    check_unmapped(columns, wanted)
    if not check_present(columns, wanted):
        return None
    check_ids(columns)
    design = read_design(columns)
    # Each is as large as the answers to ten questions, and nothing else asks for it.
    others = name_columns(replace(mapping, rules=mapping.rules.model_copy(update={"id": None, "weight": None})))
    done = [name for name in (mapping.rules.id, mapping.rules.weight) if name and name not in others]
    source = columns.source = replace(source, frame=source.frame.drop(columns=done))
    groups, ungrouped, unstated = {}, {}, {}
    for variable, own in mapping.rules.domains.items():
        groups[PART + variable], ungrouped[variable], unstated[variable] = read_groups(columns, variable, own)
    choices = asked[asked["population"] == mapping.population].set_index("question_id")["max_choices"]
    weights = np.asarray(design.get(mapping.rules.weight or "", np.ones(columns.size)), dtype=float)
    encoded = []
    for question in mapping.questions:
        most = choices.get(question.question, np.nan)
        doubt_labels(columns, question)
        found = encode_question(columns, question, None if pd.isna(most) else float(most))
        encoded.append(found.without(weights == 0))
    if len(folder.problems) > before:
        return None
    doubt_empty(columns, groups, encoded, weights)
    plain = pd.DataFrame(design | groups, index=range(columns.size))
    frame = pd.concat([plain, *(question.indicators for question in encoded)], axis=1)
    recording = describe_recording(mapping, source)
    return Population(mapping, source.name, frame, tuple(encoded), weights, recording, ungrouped, unstated)


def read_design(columns: Columns) -> dict[str, np.ndarray | pd.Categorical]:
    """Return the columns of the design: weights and corrections as numbers, strata and clusters as codes."""
    rules, found = columns.mapping.rules, {}
    if rules.weight and (weights := check_weights(columns, rules.weight)) is not None:
        found[rules.weight] = weights
    sizes = [name for name in (rules.fpc, rules.fpc_within) if name]
    factors = rules.replicates.columns if rules.replicates else ()
    empty = {}
    for name in (*factors, *sizes):
        before = len(columns.problems)
        found[name] = numbers = columns.numbers(name)
        # What is no number was told, and isn't missing besides.
        missing = np.isnan(numbers) if len(columns.problems) == before else columns.codes(name) == ""
        if name in sizes:
            empty[name] = missing
        else:
            found_there = f"the replicate weight is missing, negative or above {LARGEST_WEIGHT:g}"
            wrong = missing | (numbers < 0) | (numbers > LARGEST_WEIGHT)
            columns.wrong(found_there, "expected 0 or more", name, wrong)
    check_replicates(columns, {name: found[name] for name in factors})
    for name in filter(None, (rules.strata, rules.cluster)):
        places, texts = columns.read_codes(name)
        empty[name] = (texts == "")[places]
        found[name] = hide_texts(columns, places, texts)
    for name, rows in empty.items():
        columns.wrong("nothing stands here", "every respondent needs one", name, rows)
    if rules.fpc and rules.cluster and not rules.fpc_within and not rules.census:
        units = pd.DataFrame({name: found[name] for name in (rules.strata, rules.cluster) if name})
        if units.duplicated().any():
            text = (
                "it corrects for the clusters drawn, and nothing says how many people of each were asked, so that"
                " standard errors are too small if only some were; name fpc_within"
            )
            columns.doubt(rules.fpc, text)
    return found


def check_replicates(columns: Columns, factors: Mapping[str, np.ndarray]) -> None:
    """Add a problem for each column of replicate weights whose sum is far from that of the others.

    All of them weigh the same sample up to the same population: one in other units makes every interval too wide.
    """
    sums = {name: float(np.nansum(numbers)) for name, numbers in factors.items()}
    middle = float(np.median(list(sums.values()))) if sums else 0.0
    for name, total in sums.items():
        if not middle / FAR_FROM_OTHERS <= total <= middle * FAR_FROM_OTHERS:
            found = f"the replicate weights here add up to {total:.3g}, and those of most columns to {middle:.3g}"
            columns.wrong(found, "correct the column, or take it out of replicates", name)


def hide_texts(columns: Columns, places: np.ndarray, texts: np.ndarray) -> pd.Categorical:
    """Return strata or clusters in which a text that few share is called by its first row.

    Messages of the estimator name strata, and this one may be what a respondent wrote.
    """
    same, found = pd.factorize(texts, sort=True)
    codes = same[places]
    firsts, counts = np.zeros(len(found), dtype=int), np.bincount(codes, minlength=len(found))
    firsts[counts > 0] = np.unique(codes, return_index=True)[1]
    named = [
        f"row {at + columns.source.first_row}" if 0 < count < SHARED_BY and not SHORT_NUMBER.fullmatch(code) else code
        for code, at, count in zip(found, firsts, counts, strict=True)
    ]
    return pd.Categorical.from_codes(codes, named)


def read_groups(
    columns: Columns, variable: str, domain: DomainRules
) -> tuple[pd.Categorical, tuple[str, ...], np.ndarray]:
    """Return the group of a variable that each respondent belongs to, missing for those in none.

    Besides it the codes of those in no group ("" for empty cells, "?" for what few wrote), and who stated none.
    """
    names = list(domain.names)
    places, numbers = np.full(columns.size, -1, dtype=np.int16), np.full(columns.size, np.nan)
    codes = columns.codes(domain.column, keep=tuple(domain.values), missing=domain.missing)
    if domain.ranges:
        skipped = (*domain.values, *domain.missing, *columns.mapping.rules.missing)
        numbers = columns.numbers(domain.column, besides=skipped)
        lost = (codes == "") | np.isin(codes, list(domain.values))
        doubt_ranges(columns, variable, domain, numbers[~lost])
        for name, (low, high) in domain.ranges.items():
            places[(numbers >= low) & (numbers <= high) & ~lost] = names.index(name)
    for code, name in domain.values.items():
        places[codes == code] = names.index(name)
    for place, name in enumerate(names):
        if not (places == place).any():
            own = [code for code, group in domain.values.items() if group == name]
            apart = next(filter(None, (tell_apart(code, set(codes)) for code in own)), "")
            columns.wrong(f"nobody is in the group {variable}={name}{apart}", "correct its codes", domain.column)
    outside, gaps = (places < 0) & (codes != ""), list[str]()
    between = np.zeros(columns.size, dtype=bool)
    for (_, high), (low, _) in pairwise(sorted(domain.ranges.values())):
        missed = outside & (numbers > high) & (numbers < low)
        gaps += [f"between {high:g} and {low:g}"] if missed.any() else []
        between |= missed
    if gaps:
        text = f"{between.sum()} {' or '.join(gaps)} are in no group of {variable}; let the ranges meet, as in"
        columns.doubt(domain.column, f"{text} [16, 34.99], [35, 54]")
    named = {code: columns.name_code(code, codes, domain.column) for code in sorted(pd.unique(codes[places < 0]))}
    if (other := outside & ~between).any():
        held = sorted({named[code] for code in pd.unique(codes[other])})[:NAMED]
        columns.doubt(domain.column, f"{other.sum()} are in no group of {variable}: they have {', '.join(held)}")
    ungrouped = dict.fromkeys("?" if code and name == UNNAMED else code for code, name in named.items())
    return pd.Categorical.from_codes(places, names), tuple(ungrouped), (places < 0) & (codes == "")


def doubt_empty(
    columns: Columns, groups: Mapping[str, pd.Categorical], encoded: Iterable[Encoded], weights: np.ndarray
) -> None:
    """Say which questions and groups have nobody whose weight is above 0, so that they have no figures."""
    named = [(question.question, question.base) for question in encoded]
    for variable, places in groups.items():
        named += [(f"{variable.removeprefix(PART)}={name}", places == name) for name in places.categories]
    for name, base in named:
        if not weights[base].any():
            columns.warn(f"{columns.source.name}: {name} has no figures, because nobody in it weighs more than 0")


def doubt_ranges(columns: Columns, variable: str, domain: DomainRules, numbers: np.ndarray) -> None:
    """Say where a range takes in a number that is a code: labelled "refused", or an age nobody reaches."""
    labels = columns.source.value_labels.get(domain.column, {})
    for value in np.unique(numbers[~np.isnan(numbers)]):
        label = labels.get(code_text(value), "")
        inside = any(low <= value <= high for low, high in domain.ranges.values())
        no_age = variable.startswith("age") and not 0 <= value <= OLDEST
        if inside and (no_age or REFUSED.search(label) or UNSURE.search(label)):
            named = f"{value:g} ({label})" if label else f"{value:g}"
            columns.doubt(
                domain.column,
                f"{int((numbers == value).sum())} with {named} fall into a range of {variable}; if it is no number, add"
                f" it to missing in wave.yml, or to the values of {variable} as a group of its own",
            )


def count_cells(population: Population) -> Cells:
    """Return the cells of people who belong to the same groups of every variable; groups stated are numbered."""
    domains, frame = population.mapping.rules.domains, population.frame
    places = {variable: frame[PART + variable].cat.codes.to_numpy() for variable in domains}
    stated = pd.DataFrame(
        {
            variable: np.where(population.unstated[variable] & (own.not_stated == "shown"), np.nan, places[variable])
            for variable, own in domains.items()
        },
        index=range(len(frame)),
    )
    codes = ((own.fillna(-2).to_numpy(dtype=int) + 2, len(domains[name].names) + 2) for name, own in stated.items())
    cells, found = pd.factorize(combine_codes(codes, len(frame))[0])
    firsts = np.flatnonzero(~pd.Series(cells).duplicated())
    sizes = {
        column: np.bincount(cells[frame[column].notna().to_numpy()], minlength=len(found))
        for question in population.questions
        for column in question.indicators
    }
    members = {"": np.ones(len(found), dtype=bool)}
    for variable, own in domains.items():
        there = frame[PART + variable].iloc[firsts]
        members |= {f"{variable}={name}": (there == name).to_numpy() for name in own.names}
    return Cells(pd.DataFrame(members), pd.DataFrame(sizes), stated.iloc[firsts].reset_index(drop=True))


def release_population(folder: WaveFolder, population: Population, confidence: float) -> dict[str, pd.DataFrame]:
    """Return one population's figures as text, with limits at a level, by the names of the files that hold them.

    Nothing where the estimator refuses what it is given, which is added to the problems.
    """
    mapping, cells = population.mapping, count_cells(population)
    numbers = {question.question for question in mapping.questions if question.kind.is_number}
    indicators = [
        Indicator(column, item, response, question.question, question.question in numbers)
        for question in population.questions
        for column in question.indicators
        for item, response in [column.rsplit(".", 1)]
    ]
    shares, means = ([one for one in indicators if one.is_number is kind] for kind in (False, True))
    domains = tuple(
        Domain(PART + variable, name, f"{variable}={name}")
        for variable, own in mapping.rules.domains.items()
        for name in own.names
    )
    place, rules, frame = f"responses.{mapping.population}", mapping.rules, population.frame
    scales = {one.question: one.rules.scale for one in mapping.questions if one.rules.scale}
    units = {question.question: question.rules.unit for question in mapping.questions}
    found, released = list[Estimation](), list[dict[str, pd.DataFrame]]()
    try:
        if shares:
            found.append(estimate(frame, rules, shares, domains=domains, confidence=confidence))
            released.append(release_estimates(mapping.population, found[-1], cells))
        if means:
            found.append(estimate_numbers(frame, rules, means, domains=domains, confidence=confidence, scales=scales))
            released.append(release_numbers(mapping.population, found[-1], units, cells))
    except DataError as error:
        folder.problems.extend(replace(problem, file=population.file) for problem in error.problems)
        return {}
    except SurveybookError as error:
        folder.refuse("wave.yml", str(error).rstrip("."), "see the template", column=place)
        return {}
    for table in (one.estimates for one in found):
        everybody = table[(table["domain"] == "") & (table["base"] > 0)]
        if len(everybody) and everybody["low"].isna().all():
            told_of = "this design leaves no degrees of freedom, so that no interval can be worked out"
            folder.refuse("wave.yml", told_of, "check strata, clusters and replicates", column=place)
    names = dict.fromkeys(name for tables in released for name in tables)
    return {name: pd.concat([tables[name] for tables in released if name in tables]) for name in names}
