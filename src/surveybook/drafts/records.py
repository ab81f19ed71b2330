"""What is drafted of a file: its questions, and what else was found in it, before a file of a report is written."""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property
from pathlib import Path
from textwrap import shorten
from typing import Any

import numpy as np

from surveybook.drafts.columns import DraftColumn
from surveybook.drafts.labels import make_id
from surveybook.model.kinds import KINDS, Kind
from surveybook.model.problems import DataError, Problem
from surveybook.model.wording import count, list_first, listing
from surveybook.respondents.codes import code_text, listed_values, plain_code
from surveybook.respondents.files import Respondents, read_respondents

# Who a drafted report is of.
POPULATION = "respondents"
LABEL, OUR_WORDS = "the label in the file", "our words: no label has the question"
# A column may be called by its whole question; so many names that stand in a row are told in full.
LONGEST_NAME, MOST_NAMED = 60, 3
# Of a larger file of Parquet a draft reads a sample.
SAMPLE = 200_000
# Of a file in an old encoding so many bytes tell which.
LONGEST_GUESS = 5_000_000
# What a file may be in that isn't UTF-8, the most frequent first: Windows wrote it, or an old Mac.
OLD_ENCODINGS = ("cp1252", "mac_roman", "cp1250", "cp1251")
# Signs that a text is read in another encoding than its own: a sign or a small figure beside a letter, a capital behind
# a small letter, letters of two scripts in a word, and words of accents alone.
MISREAD = re.compile(
    r"(?<=[^\W\d_])(?:[²³¹¼½¾]|[^\w\s!-~’‘“”´…–—«»€£°©®™•·\u00a0-](?=[^\W\d_]))|[²³¹¼½¾](?=[^\W\d_])"
    r"|[a-zß-öø-ÿœšžÿ][À-ÖØ-ÞŒŠŽŸ]|[a-z][Ѐ-ӿ]|[Ѐ-ӿ][a-z]|(?<!\w)[^\W\d_a-zA-ZЀ-ӿ]{3,}(?!\w)"
)
# Answers of the kinds that every report has.
CHOSEN = {"chosen": "Chosen"}
KNOWN_ANSWERS = {"multiple": CHOSEN, "single": CHOSEN, "scale": {"agree": "Agree", "disagree": "Disagree"}}
# Where ``wave.yml`` says what codes stand for: of a list, of exclusive answers, of a grouping.
OF_CODES = ("codes", "collapse", "values")


@dataclass(frozen=True)
class DraftQuestion:
    """One question as a file has it.

    Attributes
    ----------
    question, title, kind : str
        Its id, what pages call it, and how people could answer.
    items : dict of str
        Items: id to label.
    why : str
        What the draft rests on, as a comment.
    answers : dict of str
        For a kind that only this report has, answers: id to label.
    rules : dict
        How it stands in the file, as ``wave.yml`` has it.
    max_choices : str
        How many items one person could choose, for a list of several.
    nets : dict of tuple of str
        Those of the answers that are made of others, as "satisfied" is of "very satisfied" and "fairly satisfied".
    roles : dict of str
        Which answer or net speaks for an item (``headline``) and which takes the other side (``opposite``).
    wording, wording_source : str
        In which words it was put ("" for those of its title), and where these come from.
    """

    question: str
    title: str
    kind: str
    items: Mapping[str, str]
    why: str
    answers: Mapping[str, str] = field(default_factory=dict)
    rules: Mapping[str, Any] = field(default_factory=dict)
    max_choices: str = ""
    nets: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    roles: Mapping[str, str] = field(default_factory=dict)
    wording: str = ""
    wording_source: str = LABEL

    @property
    def columns(self) -> list[str]:
        """The names of the columns that it stands in; none where only its shares are known."""
        return list_rule_columns(self.rules)

    @property
    def is_put_once(self) -> bool:
        """Whether it has no items beside itself, but answers."""
        return self.kind == "single" or len(self.items) == 1

    @property
    def first(self) -> str:
        """Its title without the number of its other items, where it is called after the first."""
        return self.title.removesuffix(count_more(len(self.items) - 1))


@dataclass(frozen=True)
class Draft:
    """What a file asks, beside the columns that this was made of.

    Attributes
    ----------
    source : Respondents
        The file.
    columns : sequence of DraftColumn
        All columns, as they stand in the file.
    design, groups : dict
        What columns are besides questions, as ``wave.yml`` has it.
    questions : sequence of DraftQuestion
        What was drafted.
    left_out : dict of str
        Why a column is no question.
    doubts : tuple of str
        What has to be decided, as sentences.
    fieldwork : tuple of date, optional
        Its first and last day, where a column tells when people answered.
    exceptions : dict of str
        Rules that gaps in the design need, as ``wave.yml`` has them.
    """

    source: Respondents
    columns: Sequence[DraftColumn]
    design: Mapping[str, str]
    groups: Mapping[str, Mapping[str, object]]
    questions: Sequence[DraftQuestion]
    left_out: Mapping[str, str]
    doubts: tuple[str, ...] = ()
    fieldwork: tuple[date, date] | None = None
    exceptions: Mapping[str, str] = field(default_factory=dict)

    @cached_property
    def by_name(self) -> dict[str, DraftColumn]:
        """The columns by their names."""
        return {column.name: column for column in self.columns}

    @cached_property
    def asked(self) -> dict[DraftColumn, DraftQuestion]:
        """The question of each column that is in one, as the columns stand in the file."""
        owners = {name: one for one in self.questions for name in one.columns}
        return {column: owners[column.name] for column in self.columns if column.name in owners}

    @property
    def reasons(self) -> dict[str, list[str]]:
        """Why columns are no question, each reason with these."""
        found: dict[str, list[str]] = {}
        for column, why in self.left_out.items():
            found.setdefault(why, []).append(column)
        return found

    def find_columns(self, one: DraftQuestion) -> list[DraftColumn]:
        """Return the columns of a question."""
        return [self.by_name[name] for name in one.columns]

    def find_answered(self, one: DraftQuestion) -> np.ndarray:
        """Return whether each person has an answer in a column of a question."""
        return np.any([column.place_answers(column.codes) >= 0 for column in self.find_columns(one)], axis=0)


def name_short(column: DraftColumn) -> str:
    """Return the name of a column; of one that is called by a long question the beginning."""
    return shorten(column.name, LONGEST_NAME, placeholder="…") if " " in column.name else column.name


def name_few(columns: Iterable[DraftColumn]) -> str:
    """Return the first of some columns by their names, and how many more there are."""
    return list_first(list(map(name_short, columns)))


def name_range(columns: Sequence[DraftColumn]) -> str:
    """Return columns that stand in a row by their names: all of a few, or else the first and the last."""
    names = list(map(name_short, columns))
    # Long names may begin alike.
    ends = dict.fromkeys((names[0], names[-1]))
    return listing(names) if len(names) <= MOST_NAMED else f"{' to '.join(ends)} ({len(names)} columns)"


def list_rule_columns(rules: Mapping[str, Any]) -> list[str]:
    """Return the names of the columns that the rules of a question in ``wave.yml`` name."""
    return list(map(str, rules.get("columns") or filter(None, [rules.get("column")])))


def count_more(number: int) -> str:
    """Return what stands behind the first of several that all are called after."""
    return f" (and {count(number)} more)"


def tell_people(number: int) -> str:
    """Return how many people something is noted of."""
    return "one person" if number == 1 else f"{number:,} people"


def list_kind_answers(questions: Iterable[DraftQuestion]) -> dict[str, dict[str, str]]:
    """Return the answers of each kind of question that the questions need: kind, response, label."""
    found: dict[str, dict[str, str]] = {}
    for one in questions:
        if one.kind == "number":
            continue
        found.setdefault(one.kind, {}).update(one.answers or KNOWN_ANSWERS[one.kind])
        if "dont_know" in one.rules.get("collapse", {}):
            found[one.kind]["dont_know"] = "Don’t know"
    return found


def state_missing(codes: Iterable[str]) -> dict[str, Any]:
    """Return the rule for codes that are no answer; nothing where there are none."""
    return {"missing": lost} if (lost := list(map(plain_code, codes))) else {}


def write_targets(key: str, targets: Mapping[str, str | None]) -> dict[str, Any]:
    """Return what codes stand for as ``wave.yml`` has it.

    Parameters
    ----------
    key : str
        One of `OF_CODES`; "" where no code is an answer, as of numbers.
    targets : mapping
        Each code with its item, its answer or its group; None where it is no answer.
    """
    told = {code: target for code, target in targets.items() if target is not None}
    by_code = {plain_code(code): target for code, target in told.items()}
    by_target: dict[str, list[int | str]] = {}
    for code, target in by_code.items():
        by_target.setdefault(target, []).append(code)
    written = {key: by_target if key == "collapse" else by_code} if key else {}
    return written | state_missing(code for code in targets if code not in told)


def read_targets(rules: Mapping[str, Any]) -> tuple[str, dict[str, str | None]]:
    """Return what the codes of a question or a grouping stand for, and where that is said; see `write_targets`."""
    key = next((name for name in OF_CODES if isinstance(rules.get(name), dict)), "")
    pairs = [(code, None) for code in listed_values(rules.get("missing") or [])]
    for one, other in rules.get(key, {}).items():
        pairs += [(code, one) for code in listed_values(other)] if key == "collapse" else [(one, other)]
    return key, {code_text(code): target for code, target in pairs}


@dataclass
class Names:
    """Ids that were given, so that none is given twice."""

    taken: set[str] = field(default_factory=set)

    def give(self, text: str, otherwise: str) -> str:
        """Return an id made of the words of a text, or else of another one."""
        made = make_id(text) or make_id(otherwise) or "item"
        name, number = made, 2
        while name in self.taken:
            name, number = f"{made}_{number}", number + 1
        self.taken.add(name)
        return name


@dataclass
class KindNames:
    """Ids of kinds that only a report has: one for each list of answers, so that no two lists merge."""

    names: Names = field(default_factory=lambda: Names({*KINDS}))
    given: dict[tuple[Any, ...], str] = field(default_factory=dict)

    def learn(self, kinds: Iterable[Kind]) -> None:
        """Take over the kinds that a report has; a list with the very same answers and roles is of them."""
        for kind in kinds:
            self.names.taken.add(kind.name)
            answers = ((response, label) for response, label in kind.labels.items() if response != "dont_know")
            self.given.setdefault(_match_answers((*answers, *sorted(kind.roles.items()))), kind.name)

    def give(self, answers: tuple[Any, ...], text: str, otherwise: str) -> str:
        """Return the id of the kind with these answers: what it has already, or one made of a text."""
        answers = _match_answers(answers)
        return self.given.get(answers) or self.given.setdefault(answers, self.names.give(text, otherwise))


def _match_answers(answers: Iterable[Any]) -> tuple[Any, ...]:
    """Return what a kind's answers are known by: whatever the capitals of their labels, which pages change."""
    return tuple(one.casefold() if isinstance(one, str) else tuple(map(str.casefold, one)) for one in answers)


def guess_encoding(path: Path) -> str:
    """Return the encoding of `OLD_ENCODINGS` in which a file of text has the fewest signs of being misread."""

    def count_misread(encoding: str) -> int:
        text = content.decode(encoding, errors="replace")
        return len(MISREAD.findall(text)) + text.count("\ufffd")

    content = path.read_bytes()[:LONGEST_GUESS] if path.suffix in (".csv", ".tsv") else b""
    return min(OLD_ENCODINGS, key=count_misread)


def open_respondents(path: Path, encoding: str | None = None, *, sampled: bool = True) -> Respondents:
    """Return a file that something is drafted from; of a large Parquet file a sample of `SAMPLE` respondents.

    Text that isn't UTF-8 is read in the one of the `OLD_ENCODINGS` that it reads best in, where no encoding is given.

    Raises
    ------
    DataError
        When it can't be read.
    """
    problems: list[Problem] = []
    sample = SAMPLE if sampled else None
    source = read_respondents(path, problems, encoding, sample=sample, otherwise=guess_encoding)
    if source is None or problems:
        raise DataError("The file", problems)
    return source
