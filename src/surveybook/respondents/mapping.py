"""What ``wave.yml`` says of a respondent file: its columns, their codes, and the rules for reading them."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from difflib import get_close_matches
from typing import Any

import pandas as pd

from surveybook.model.codebook import Codebook
from surveybook.model.problems import Problem
from surveybook.respondents.blocks import Block
from surveybook.respondents.questions import QuestionMapping, read_question

POPULATION_KEYS = (
    "file", "encoding", "id", "weight", "largest_weight", "strata", "cluster", "fpc", "lonely", "replicates",
    "census", "probability", "missing", "ignore", "domains", "questions",
)  # fmt: skip
REPLICATE_KEYS = ("columns", "kind", "scale", "rscales", "rho", "combined", "mse", "degrees_of_freedom")
DOMAIN_KEYS = ("column", "values", "ranges")
LONELY = ("fail", "adjust", "certainty", "average")
KINDS_OF_REPLICATES = (
    "BRR", "Fay", "JK1", "JK2", "JKn", "bootstrap", "ACS", "successive-difference", "other",
)  # fmt: skip
DOMAIN_VARIABLE = re.compile(r"[a-z]+(_[a-z]+)*")
# What may become part of a released file: nothing that a spreadsheet runs or a browser reads as markup.
DOMAIN_VALUE = re.compile(r"[A-Za-z0-9£][A-Za-z0-9£ .+–&()'-]{0,39}")


@dataclass(frozen=True)
class DomainMapping:
    """A variable that splits a population: codes or ranges of numbers, each with a name.

    A code counts as what `values` says of it even where it lies in a range: 999 may be "not stated".
    """

    variable: str
    column: str
    values: dict[str, str] = field(default_factory=dict)
    ranges: dict[str, tuple[float, float]] = field(default_factory=dict)

    @property
    def names(self) -> tuple[str, ...]:
        """The groups in the order in which they are declared."""
        return tuple(dict.fromkeys([*self.values.values(), *self.ranges]))


@dataclass(frozen=True)
class PopulationMapping:
    """How one population's respondents stand in a file."""

    population: str
    file: str | None = None
    encoding: str | None = None
    id: str | None = None
    weight: str | None = None
    largest_weight: float | None = None
    strata: str | None = None
    cluster: str | None = None
    fpc: str | None = None
    lonely: str = "fail"
    replicates: dict[str, Any] | None = None
    census: bool = False
    probability: bool = True
    missing: tuple[str, ...] = ()
    ignore: tuple[str, ...] = ()
    domains: tuple[DomainMapping, ...] = ()
    questions: tuple[QuestionMapping, ...] = ()


def read_mapping(
    metadata: Mapping[str, Any], asked: pd.DataFrame, codebook: Codebook, file: str, problems: list[Problem]
) -> dict[str, PopulationMapping]:
    """Return what ``wave.yml`` says of each population's respondents.

    Parameters
    ----------
    metadata : dict
        ``wave.yml``.
    asked : pandas.DataFrame
        ``asked.csv``; questions with the source `responses` are those that have to be mapped.
    codebook : Codebook
        Questions, items and responses.
    file : str
        What to call ``wave.yml`` in problems.
    problems : list of Problem
        Everything that is wrong is added to it.
    """
    block = metadata.get("responses")
    needed = asked[asked["source"] == "responses"]
    if block is None:
        if len(needed):
            found = f"asked.csv takes {len(needed)} questions from respondents, and nothing says how to read them"
            problems.append(Problem(file, found, "add the block (try `surveybook wave describe`)", column="responses"))
        return {}
    top = Block(block, "responses", file, tuple(codebook.populations.index), problems)
    mappings = {
        str(population): read_population(str(population), entry, codebook, file, problems)
        for population, entry in top.block.items()
        if population in codebook.populations.index
    }
    told = metadata.get("populations")
    for name, entries in told.items() if isinstance(told, Mapping) else ():
        if name in mappings and isinstance(entries, Mapping) and entries.get("probability") is False:
            mappings[name] = replace(mappings[name], probability=False)
    mapped = {(m.population, q.question) for m in mappings.values() for q in m.questions}
    wanted = set(zip(needed["population"], needed["question_id"], strict=True))
    for population, question in sorted(wanted - mapped):
        found = "asked.csv takes it from respondents, and the mapping hasn't got it"
        place = f"responses.{population}.questions.{question}"
        problems.append(Problem(file, found, "map it, or change its source in asked.csv", column=place))
    for population, question in sorted(mapped - wanted):
        found = "it is mapped, and asked.csv doesn't take it from respondents"
        place = f"responses.{population}.questions.{question}"
        problems.append(Problem(file, found, "write responses as its source in asked.csv", column=place))
    return mappings


def read_population(
    population: str, block: object, codebook: Codebook, file: str, problems: list[Problem]
) -> PopulationMapping:
    """Return the mapping of one population."""
    place = f"responses.{population}"
    reader = Block(block, place, file, POPULATION_KEYS, problems)
    domains = reader.block.get("domains") or {}
    questions = reader.block.get("questions") or {}
    for key, value in (("domains", domains), ("questions", questions)):
        if not isinstance(value, Mapping):
            reader.wrong("it isn't a block of keys and values", "see the template", key)
    if not questions:
        reader.wrong("no question is mapped", "add at least one", "questions")
    replicates = read_replicates(reader)
    if replicates and any(reader.block.get(key) for key in ("strata", "cluster", "fpc")):
        reader.wrong("replicate weights stand beside strata, clusters or fpc", "keep one of the two", "replicates")
    return PopulationMapping(
        population,
        file=reader.text("file"),
        encoding=reader.text("encoding"),
        id=reader.text("id"),
        weight=reader.text("weight"),
        largest_weight=reader.number("largest_weight"),
        strata=reader.text("strata"),
        cluster=reader.text("cluster"),
        fpc=reader.text("fpc"),
        lonely=reader.choice("lonely", LONELY, "fail"),
        replicates=replicates,
        census=reader.flag("census", False),
        probability=reader.flag("probability", True),
        missing=reader.many("missing"),
        ignore=reader.many("ignore"),
        domains=tuple(
            read_domain(str(name), entry, f"{place}.domains.{name}", file, problems)
            for name, entry in (domains.items() if isinstance(domains, Mapping) else ())
        ),
        questions=tuple(
            read_question(str(name), entry, f"{place}.questions.{name}", codebook, file, problems)
            for name, entry in (questions.items() if isinstance(questions, Mapping) else ())
            if known_question(str(name), codebook, reader)
        ),
    )


def known_question(question: str, codebook: Codebook, reader: Block) -> bool:
    """Return whether the codebook has a question; add a problem otherwise."""
    if question in codebook.questions.index:
        return True
    near = get_close_matches(question, list(codebook.questions.index), 1)
    expected = f"did you mean {near[0]}?" if near else "correct it, or add it to codebook/questions.csv"
    reader.wrong(f"the question '{question}' isn't in the codebook", expected, "questions")
    return False


def read_replicates(reader: Block) -> dict[str, Any] | None:
    """Return the replicate weights as declared, their columns as a list."""
    block = reader.block.get("replicates")
    if block is None:
        return None
    inner = Block(block, f"{reader.place}.replicates", reader.file, REPLICATE_KEYS, reader.problems)
    columns = inner.many("columns")
    if not columns:
        inner.wrong("no column is named", "list them, or write the stem and a star: rep*", "columns")
    return {
        **{key: inner.block[key] for key in REPLICATE_KEYS if key in inner.block},
        "columns": columns,
        "kind": inner.choice("kind", KINDS_OF_REPLICATES, None),
    }


def read_domain(variable: str, block: object, place: str, file: str, problems: list[Problem]) -> DomainMapping:
    """Return one variable that splits a population."""
    reader = Block(block, place, file, DOMAIN_KEYS, problems)
    if not DOMAIN_VARIABLE.fullmatch(variable):
        reader.wrong(f"'{variable}' can't name a domain", "write lower-case words joined by '_', such as social_grade")
    column = reader.text("column")
    if column is None:
        reader.wrong("the column is missing", "name it", "column")
    values = reader.pairs("values")
    ranges: dict[str, tuple[float, float]] = {}
    given = reader.block.get("ranges") or {}
    for name, limits in given.items() if isinstance(given, Mapping) else ():
        try:
            low, high = (float(edge if edge is not None else sign) for edge, sign in
                         zip(limits, ("-inf", "inf"), strict=True))  # fmt: skip
        except (TypeError, ValueError):
            reader.wrong(f"the range of '{name}' isn't two numbers", "write [16, 34] or [55, null]", "ranges")
            continue
        if low > high or any(low <= other[1] and other[0] <= high for other in ranges.values()):
            reader.wrong(f"the range of '{name}' is empty or overlaps another", "separate the ranges", "ranges")
        ranges[str(name)] = (low, high)
    if not values and not ranges:
        reader.wrong("it has neither values nor ranges", "write one of them, or both: codes first, ranges for the rest")
    for name in (*values.values(), *ranges):
        if not DOMAIN_VALUE.fullmatch(name):
            reader.wrong("a group's name holds signs that it can't", "use letters, digits and a few signs: 55+, 16-34")
    return DomainMapping(variable, column or "", values, ranges)
