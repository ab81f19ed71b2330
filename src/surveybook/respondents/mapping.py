"""What ``wave.yml`` says of respondent files: their columns, their codes, and the rules for reading them.

How answers were recorded (`describe_recording`) is what another wave has to agree with before shares of the two are
compared; it holds no answer of anybody.
"""

import re
from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from difflib import get_close_matches
from itertools import pairwise
from math import isfinite
from typing import Annotated, Any, Literal, Self

import pandas as pd
from pydantic import AfterValidator, BeforeValidator, Field, StrictBool, StringConstraints, model_validator

from surveybook.model.codebook import WaveFolder
from surveybook.model.kinds import OTHER, Kind
from surveybook.model.problems import Settings, Words, read_settings
from surveybook.respondents.codes import Codes, Name, NamedPairs, Names, Pairs, code_text, listed_values, read_code
from surveybook.respondents.design import Design
from surveybook.respondents.files import Respondents

# Answers that are no item of the codebook: they count for the base, and get no figure of their own.
NEITHER, NONE, DONT_KNOW, NO_ANSWER = "neither", "none", "dont_know", "no_answer"
# Encodings in which a column is one item's.
OF_ITEMS = ("scale", "number")
# What a column of an option holds where it was chosen and nothing else is said.
TICKS = ("1",)
LISTED = (OTHER, NONE, DONT_KNOW, NO_ANSWER)
DOMAIN_VARIABLE = re.compile(r"[a-z]+(_[a-z]+)*")
# What may become part of a released file, and of a figure's key, in any script: nothing that a spreadsheet runs or a
# browser reads as markup.
DOMAIN_VALUE = re.compile(r"(?![-+@ ])[^=;<>\[\]{}|\"`\\\n\r\t]{1,60}(?<! )")


def read_range(value: Any) -> tuple[float, float]:
    """Return a range of numbers whose ends may be open."""
    ends = value if isinstance(value, (list, tuple)) else []
    try:
        low, high = (float(sign if end is None else end) for end, sign in zip(ends, ("-inf", "inf"), strict=True))
    except (TypeError, ValueError):
        raise ValueError("it isn't two numbers; write [16, 34] or [55, null]") from None
    if not low <= high:
        raise ValueError("the range is empty; write the smaller number first")
    return low, high


def read_scale(value: Any) -> tuple[float, float]:
    """Return the two ends of a scale, neither of which is open."""
    low, high = read_range(value)
    if not isfinite(high - low) or low == high:
        raise ValueError("it isn't two different numbers; write [0, 10]")
    return low, high


def invert_rules(value: Any) -> dict[str, object]:
    """Return collapse rules (response: codes) as one response a code."""
    if not isinstance(value, dict):
        raise ValueError("it isn't a list of responses with their codes; write agree: [1, 2]")
    found: dict[str, object] = {}
    for response, codes in value.items():
        for code in map(read_code, listed_values(codes)):
            if code in found:
                raise ValueError(f"the code {code} stands under two responses; keep one")
            found[code] = response
    return found


def check_variable(name: str) -> str:
    """Return the name of a variable that splits a population if it can be one."""
    if not DOMAIN_VARIABLE.fullmatch(name):
        raise ValueError(f"'{name}' can't name a domain; write lower-case words joined by '_', such as social_grade")
    return name


class Routing(Settings):
    """Who was asked: those with one of these codes in this column."""

    column: Name
    values: Annotated[Codes, Field(min_length=1)]


class DomainRules(Settings):
    """A variable that splits a population: codes or ranges of numbers, each with a name.

    A code counts as what `values` says of it even where it lies in a range: 999 may be "not stated". Codes that are
    `missing` are in no group. Whoever has none and no other code didn't state theirs; few such people take a group with
    them, lest their answers be worked out, unless not stating it tells nobody who they are (`not_stated`).
    """

    column: Name
    missing: Codes = ()
    not_stated: Literal["protected", "shown"] = "protected"
    values: Pairs = Field(default_factory=dict)
    ranges: dict[Name, Annotated[tuple[float, float], BeforeValidator(read_range)]] = Field(default_factory=dict)

    @model_validator(mode="after")
    def _check_groups(self) -> Self:
        if not self.names:
            raise ValueError("it has neither values nor ranges; write one or both: codes first, ranges for the rest")
        if not all(map(DOMAIN_VALUE.fullmatch, self.names)):
            raise ValueError("a group's name holds signs that it can't, or over 60; use letters, digits and dashes")
        ends = sorted(self.ranges.values())
        if any(low <= before for (_, before), (low, _) in pairwise(ends)):
            raise ValueError("a range overlaps another; separate the ranges")
        return self

    @property
    def names(self) -> tuple[str, ...]:
        """The groups as they are declared: those of ranges, then what codes beside them stand for."""
        return tuple(dict.fromkeys([*self.ranges, *self.values.values()]))


class QuestionRules(Settings):
    """How one question stands in a file.

    Attributes
    ----------
    encoding : str
        One of those that its kind allows; the first of them without it.
    column, columns : str, dict of str
        The column; or several, each with its item, or with "" where it has none.
    codes, collapse : dict of str
        Each code with its item, or with its response; the code "*" is every one that isn't named.
    chosen, not_chosen : tuple of str
        What a column per option holds; only for `columns`.
    nothing_chosen : str, optional
        Whether a row without any choice answered ("answered") or not ("no_answer").
    separator : str
        What stands between answers; only for `delimited`.
    excess : str
        What becomes of people with too many answers.
    base : str
        Whether a share is of those "asked" or of those who "answered".
    dont_know : str, optional
        Whether "don't know" is "in" the base or "out" of it.
    missing : tuple of str
        Codes that are no answer, besides those of the whole file.
    universe : Routing, optional
        Who was asked; everybody where it is None.
    net : bool
        Whether the check prints agreement less disagreement.
    unit : str, optional
        What follows a number in a sentence: "hours", "out of 10"; None where nobody says.
    scale : tuple of float, optional
        The lowest and the highest number that people could give: charts reach from one to the other.
    """

    encoding: Words = ""
    column: Name | None = None
    columns: NamedPairs | None = None
    codes: Pairs = Field(default_factory=dict)
    collapse: Annotated[Pairs, BeforeValidator(invert_rules)] = Field(default_factory=dict)
    chosen: Codes = TICKS
    not_chosen: Codes = ("0",)
    nothing_chosen: Literal["answered", "no_answer"] | None = None
    separator: Annotated[str, StringConstraints(strip_whitespace=False, min_length=1)] = ";"
    excess: Literal["error", "exclude", "keep"] = "error"
    base: Literal["asked", "answered"]
    dont_know: Literal["in", "out"] | None = None
    missing: Codes = ()
    universe: Routing | None = None
    net: StrictBool = False
    unit: Name | None = None
    scale: Annotated[tuple[float, float], BeforeValidator(read_scale)] | None = None


class PopulationRules(Design):
    """How one population's respondents stand in a file: its design, and which column is which question.

    Attributes
    ----------
    file, encoding : str, optional
        The file's name, and how its text is encoded.
    id : str, optional
        The column that tells respondents apart.
    largest_weight : float, optional
        How many times the median a weight may be.
    missing, ignore : tuple of str
        Codes that are no answer in any column; columns that look like a question's and aren't.
    domains, questions : dict
        Groups that get figures of their own; the questions that the file answers.
    """

    file: Name | None = None
    encoding: Name | None = None
    id: Name | None = None
    largest_weight: Annotated[float, Field(gt=0, allow_inf_nan=False)] | None = None
    missing: Codes = ()
    ignore: Names = ()
    domains: dict[Annotated[Name, AfterValidator(check_variable)], DomainRules] = Field(default_factory=dict)
    questions: Annotated[dict[Name, QuestionRules], Field(min_length=1)]


@dataclass(frozen=True)
class QuestionMapping:
    """One question as its rules and the codebook have it.

    Attributes
    ----------
    question : str
        Its id.
    kind : Kind
        Its kind.
    rules : QuestionRules
        What ``wave.yml`` says.
    items : dict of tuple
        What the codebook calls each of its items.
    """

    question: str
    kind: Kind
    rules: QuestionRules
    items: dict[str, tuple[str, ...]]

    @property
    def encoding(self) -> str:
        """How it stands in the file."""
        return self.rules.encoding or self.kind.encodings[0]

    @property
    def codes(self) -> dict[str, str]:
        """Each code with its item, response or one of the answers that are no item."""
        return self.rules.codes | self.rules.collapse

    @property
    def columns(self) -> dict[str, str]:
        """Each column with its item, or with "" where it has none."""
        if self.rules.column is None:
            return self.rules.columns or {}
        return {self.rules.column: next(iter(self.items), "") if self.encoding in OF_ITEMS else ""}

    @property
    def targets(self) -> tuple[str, ...]:
        """The answers that are mapped."""
        return tuple(dict.fromkeys((self.columns if self.encoding == "columns" else self.codes).values()))

    @property
    def reported(self) -> tuple[str, ...]:
        """The responses to statements that get a figure of their own; with the nets that any of them counts for."""
        known = [target for target in self.targets if target in self.kind.responses]
        known = [target for target in known if not (target == DONT_KNOW and self.rules.dont_know == "out")]
        nets = (net for net, parts in self.kind.nets.items() if {*parts} & {*known})
        return tuple(dict.fromkeys([*known, *nets]))

    def find_faults(self) -> Iterator[tuple[str, str, str]]:
        """Yield what can't be true of it: the key, what was found, what was expected."""
        rules, items, encoding, allowed = self.rules, tuple(self.items), self.encoding, self.kind.encodings
        if encoding not in allowed:
            yield "encoding", f"'{encoding}' isn't known for this kind of question", f"write {' or '.join(allowed)}"
            return
        is_one, is_number = rules.column is not None, self.kind.is_number
        shapes: tuple[tuple[object, tuple[str, str, str]], ...] = (
            (is_one == (rules.columns is not None),
             ("", "it has neither or both of column and columns", "write one of them")),
            (not self.columns,
             ("columns", "no column is named", "write columns: {name: item}, or column: name")),
            (encoding == "columns" and is_one,
             ("columns", "a column an option needs a list", "write columns: {name: item}")),
            (encoding in ("single", "delimited") and not is_one,
             ("columns", "this encoding has one column", "write column: name")),
            (encoding in OF_ITEMS and is_one and len(items) != 1,
             ("column", f"the question has {len(items)} items", "write columns: {name: item}")),
        )  # fmt: skip
        yield from [told for is_wrong, told in shapes if is_wrong][:1]
        for column, item in self.columns.items():
            found = f"the column {column} has the item '{item}'"
            if encoding == "choices" and item:
                yield "columns", found, "write the names of columns alone"
            elif encoding in OF_ITEMS and item not in items:
                yield "columns", found, f"expected one of {', '.join(items)}"
        contents: tuple[tuple[object, tuple[str, str, str]], ...] = (
            (encoding == "columns" and self.codes,
             ("codes", "codes stand beside a column an option", "map each column in columns")),
            (is_number and self.codes,
             ("codes", "codes stand beside numbers", "name those that are no numbers in missing")),
            (is_number and rules.base == "asked",
             ("base", "nobody has a number who gave none", "write base: answered")),
            (rules.unit and not is_number,
             ("unit", f"the unit is '{rules.unit}', and this kind of question has no numbers", "take it out")),
            (encoding not in ("columns", "number") and not self.codes,
             ("codes", "no code is mapped", "write codes (code: item), or collapse (response: [codes])")),
            (rules.scale and not is_number,
             ("scale", "a scale stands there, and this kind of question has no numbers", "take it out")),
            (DONT_KNOW in self.targets and rules.dont_know is None,
             ("dont_know", "it is missing", 'write in or out: whether "don\'t know" counts for the base')),
        )  # fmt: skip
        yield from (told for is_wrong, told in contents if is_wrong)
        named = Counter(item for item in self.columns.values() if item in items)
        for item in (item for item, count in named.items() if count > 1):
            yield "columns", f"two columns have the item '{item}'", "keep one"
        answers = (*self.kind.responses, OTHER, NEITHER, NO_ANSWER) if encoding == "scale" else (*items, *LISTED)
        for target in self.targets:
            if target not in answers:
                yield "", f"'{target}' is no answer of this question", expect_one(target, tuple(dict.fromkeys(answers)))
            parts = [part for part in self.kind.split_net(target) if part in self.targets]
            if target in self.kind.nets and parts:
                expected = "map its answers alone: what is made of them follows"
                yield "collapse", f"'{target}' has codes of its own beside {parts[0]}, which it is made of", expected


@dataclass(frozen=True)
class PopulationMapping:
    """One population's respondents: what ``wave.yml`` says of their file, and its questions with their items."""

    population: str
    rules: PopulationRules
    questions: tuple[QuestionMapping, ...] = ()


def expect_one(value: str, allowed: tuple[str, ...]) -> str:
    """Return what was expected instead of a value, with the one that it may be meant for."""
    near = get_close_matches(value, allowed, 1)
    return f"{f'did you mean {near[0]}? ' if near else ''}expected one of {', '.join(allowed)}"


def read_mapping(folder: WaveFolder, metadata: Mapping[str, Any], asked: pd.DataFrame) -> dict[str, PopulationMapping]:
    """Return what ``wave.yml`` says of each population's respondents.

    Parameters
    ----------
    folder : WaveFolder
        The wave's; everything that is wrong is added to its problems.
    metadata : dict
        ``wave.yml``.
    asked : pandas.DataFrame
        ``asked.csv``; questions with the source `responses` are those that have to be mapped.
    """
    block, needed = metadata.get("responses"), asked[asked["source"] == "responses"]
    known = tuple(folder.codebook.populations.index)
    if block is None:
        if len(needed):
            found = f"asked.csv takes {len(needed)} questions from respondents, and nothing says how to read them"
            folder.refuse("wave.yml", found, "add the block (try `surveybook wave describe`)", column="responses")
        return {}
    if not isinstance(block, Mapping):
        expected = "see the template that `surveybook wave new` writes"
        folder.refuse("wave.yml", "it isn't a block of keys and values", expected, column="responses")
        return {}
    mappings = {}
    for population, entry in ((str(key), entry) for key, entry in block.items()):
        place = f"responses.{population}"
        if population not in known:
            found = f"the population '{population}' isn't known"
            folder.refuse("wave.yml", found, expect_one(population, known), column="responses")
            continue
        rules = read_settings(PopulationRules, entry, folder.name("wave.yml"), folder.problems, place)
        if rules is None:
            continue
        if metadata["populations"].get(population, {}).get("probability") is False:
            rules = rules.model_copy(update={"probability": False})
        mappings[population] = PopulationMapping(population, rules, join_questions(folder, rules, place))
    compare_asked(folder, mappings, set(map(str, block)) - set(mappings), needed)
    return mappings


def join_questions(folder: WaveFolder, rules: PopulationRules, place: str) -> tuple[QuestionMapping, ...]:
    """Return a population's questions with what the codebook knows of them, after checking one against the other."""
    found, codebook = [], folder.codebook
    for question, own in rules.questions.items():
        if question not in codebook.questions.index:
            near = get_close_matches(question, list(codebook.questions.index), 1)
            expected = f"did you mean {near[0]}?" if near else "correct it, or add it to codebook/questions.csv"
            what = f"the question '{question}' isn't in the codebook"
            folder.refuse("wave.yml", what, expected, column=f"{place}.questions")
            continue
        items = codebook.items[codebook.items["question_id"] == question]
        names = dict(zip(items.index, zip(items["label"], items["short_label"], strict=True), strict=True))
        mapping = QuestionMapping(question, codebook.kind_of(question), own, names)
        for key, what, expected in mapping.find_faults():
            where = ".".join(filter(None, (place, "questions", question, key)))
            folder.refuse("wave.yml", what, expected, column=where)
        found.append(mapping)
    return tuple(found)


def compare_asked(
    folder: WaveFolder, mappings: dict[str, PopulationMapping], broken: set[str], needed: pd.DataFrame
) -> None:
    """Add a problem for each question that ``asked.csv`` takes from respondents and nothing maps, and the reverse.

    Populations whose block is broken are left out.
    """
    mapped = {(name, question) for name, mapping in mappings.items() for question in mapping.rules.questions}
    wanted = set(zip(needed["population"], needed["question_id"], strict=True))
    wanted = {(population, question) for population, question in wanted if population not in broken}
    for keys, found, expected in (
        (wanted - mapped, "asked.csv takes it from respondents, and the mapping hasn't got it",
         "map it, or change its source in asked.csv"),
        (mapped - wanted, "it is mapped, and asked.csv doesn't take it from respondents",
         "write responses as its source in asked.csv"),
    ):  # fmt: skip
        for population, question in sorted(keys):
            folder.refuse("wave.yml", found, expected, column=f"responses.{population}.questions.{question}")


def describe_recording(mapping: PopulationMapping, source: Respondents) -> dict[str, dict[str, Any]]:
    """Return how one population's answers and groups were recorded.

    Parameters
    ----------
    mapping : PopulationMapping
        What ``wave.yml`` says of the file.
    source : Respondents
        The file, for what it calls its columns and codes; one that holds nothing where it isn't here.

    Returns
    -------
    dict
        ``questions`` and ``groups``, each by name; see `describe_question` and `describe_groups`; ``ungrouped``, what
        the file says of the codes of each grouping that are no group; see `describe_others`; ``weight``, a column with
        its label.
    """
    rules = mapping.rules
    return {
        "questions": {own.question: describe_question(own, source) for own in mapping.questions},
        "groups": {
            variable: describe_groups(own, source.labels.get(own.column), source.value_labels.get(own.column, {}))
            for variable, own in rules.domains.items()
        },
        "ungrouped": {
            variable: describe_others(
                source.value_labels.get(own.column, {}), source.missing.get(own.column, ()), own.values
            )
            for variable, own in rules.domains.items()
        },
        "weight": {rules.weight: source.labels.get(rules.weight)} if rules.weight else {},
    }


def describe_question(question: QuestionMapping, source: Respondents) -> dict[str, Any]:
    """Return how one question was recorded, part by part.

    Returns
    -------
    dict
        ``encoding``; ``answers``: for each answer its codes with their labels, None where a code has none;
        ``columns``: for each item (or for all of them, under "") its columns with their labels; ``base`` and
        ``dont_know``: who counts; ``none``: whether "none of these" is an answer; ``routing``: the codes of those who
        were asked, by column; empty where all were; of numbers, their ``unit``; ``labels`` and ``missing``: what the
        file says of codes that are no answer; see `describe_others`; ``relabelled``: of columns that call a code
        something else than the first that has it, these codes and their labels.
    """
    rules = question.rules
    declared = dict.fromkeys(ends for column in question.columns for ends in source.missing.get(column, ()))
    by_column = {column: source.value_labels.get(column, {}) for column in question.columns}
    named = {code: label for labels in reversed(by_column.values()) for code, label in labels.items()}
    own = {column: [one for one in labels.items() if one not in named.items()] for column, labels in by_column.items()}
    answers: dict[str, dict[str, str | None]] = {}
    for code, target in question.codes.items():
        answers.setdefault(target, {})[code] = named.get(code)
    columns: dict[str, dict[str, str | None]] = {}
    for column, item in question.columns.items():
        columns.setdefault(item, {})[column] = source.labels.get(column)
    counts_none = NONE in question.targets or rules.nothing_chosen == "answered"
    routing = rules.universe
    return {
        "encoding": question.encoding,
        "answers": answers or None,
        "columns": columns,
        "base": rules.base,
        "dont_know": rules.dont_know or ("in" if DONT_KNOW in question.targets else "no such answer"),
        "none": ("an answer" if counts_none else "no answer") if question.kind.is_several else None,
        "routing": {routing.column: list(routing.values)} if routing else {},
        **describe_others(named, declared, question.codes),
        "relabelled": {column: dict(labels) for column, labels in own.items() if labels} or None,
        **({"unit": rules.unit} if question.kind.is_number else {}),
    }


def list_uncounted(recorded: Mapping[str, Any]) -> set[str]:
    """Return what codes stand for that are no answer of a question, as it was recorded; see `describe_question`."""
    return {NO_ANSWER, *([DONT_KNOW] if recorded.get("dont_know") == "out" else [])}


def describe_others(
    labels: Mapping[str, str], missing: Iterable[tuple[Any, Any]], known: Collection[str]
) -> dict[str, dict[str, str] | None]:
    """Return what a file says of the codes of a column that aren't among the known ones.

    Returns
    -------
    dict
        ``labels``, of ends of a scale and refusals say, by code; ``missing``, the ranges that the file declares
        missing, the last code of each by its first. None where there are none.
    """
    others = {code: label for code, label in labels.items() if code not in known}
    ranges = {code_text(low): code_text(high) for low, high in missing}
    ranges = {low: high for low, high in ranges.items() if low != high or low not in known}
    return {"labels": others or None, "missing": ranges or None}


def describe_groups(rules: DomainRules, label: str | None, labels: Mapping[str, str]) -> dict[str, dict[str, Any]]:
    """Return what each group of a variable is made of: its column, codes and ends of a range, None if open.

    Column and codes stand with their labels, None where the file gives none.
    """
    found: dict[str, dict[str, Any]] = {
        name: {"column": {rules.column: label}, "codes": {}, "range": None} for name in rules.names
    }
    for code, name in rules.values.items():
        found[name]["codes"][code] = labels.get(code)
    for name, ends in rules.ranges.items():
        found[name]["range"] = [None if abs(end) == float("inf") else end for end in ends]
    return found
