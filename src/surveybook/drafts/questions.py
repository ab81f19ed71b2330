"""What a file of respondents asks, drafted from its names and labels alone: questions, items, answers, and why."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pandas as pd

from surveybook.drafts.sides import find_sides
from surveybook.model.codebook import Codebook
from surveybook.model.kinds import KINDS
from surveybook.model.problems import DataError, Problem
from surveybook.model.tables import list_columns, read_schemas
from surveybook.respondents.codes import AGREE, DISAGREE, REFUSED, TICKED, UNDECIDED, UNTICKED, code_text, read_label
from surveybook.respondents.columns import SHARED_BY, find_stems
from surveybook.respondents.description import (
    MOST_CODES,
    RESPONSES,
    Proposal,
    count_codes_of,
    match_else,
    plain_code,
    split_cells,
)
from surveybook.respondents.files import Respondents, read_respondents

# A single question with more answers than this is a list to choose from; with fewer, its answers may have an order.
MOST_ORDERED = 7
ORDERED = re.compile(
    r"\b(very|fairly|quite|not at all|always|often|never|rarely|sometimes|daily|weekly|good|poor|excellent|(un)?likely"
    r"|(dis)?satisfied|(dis)?agree|(un)?important|better|worse|more|less|yes|no)\b",
    re.IGNORECASE,
)
REPLICATE = re.compile(r"(rep|brr|jk|fay|bs|repw|wtrep)_?\w*?\d+", re.IGNORECASE)
PRIVATE = re.compile(
    r"e-?mail|phone|postcode|zip ?code|address|\bname\b|birth|\bip\b|latitude|longitude", re.IGNORECASE
)
MOST_CHOICES = re.compile(
    r"\b(?:up to|choose|select|name|pick|tick)\s+(?:up to\s+)?(one|two|three|four|five|\d)\b", re.IGNORECASE
)
ANY_NUMBER = re.compile(r"\ball that apply\b|\bas many as\b|\bmultiple answers\b", re.IGNORECASE)
NUMBERS = {"one": "1", "two": "2", "three": "3", "four": "4", "five": "5"}
LONGEST_ID = 40
# What ends a clause that several labels share, and the signs around what they don't.
CLAUSE = re.compile(r"[:?…]\s*|\s[-–]\s|\.{3}\s*")
MARKS = " :-–…[]"
# What a figure of its own is given to; the rest of the answers count for the base or don't.
NO_FIGURE = ("dont_know", "no_answer")


@dataclass(frozen=True)
class DraftQuestion:
    """One question as a file has it.

    Attributes
    ----------
    question, title, kind : str
        Its id, what pages call it, and how people could answer.
    items, answers : dict of str
        Items and, for a kind that only this report has, answers: id to label.
    rules : dict
        How it stands in the file, as ``wave.yml`` has it.
    why : str
        What the draft rests on, as a comment.
    max_choices : str
        How many items one person could choose, for a list of several.
    nets : dict of tuple of str
        Those of the answers that are made of others, as "satisfied" is of "very satisfied" and "fairly satisfied".
    roles : dict of str
        Which answer or net speaks for an item (``headline``) and which takes the other side (``opposite``).
    """

    question: str
    title: str
    kind: str
    items: Mapping[str, str]
    answers: Mapping[str, str]
    rules: Mapping[str, Any]
    why: str
    max_choices: str = ""
    nets: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    roles: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Draft:
    """What a file asks, and what was left out of it and why, by column."""

    source: Respondents
    design: Mapping[str, str]
    groups: Mapping[str, Mapping[str, object]]
    questions: tuple[DraftQuestion, ...]
    left_out: Mapping[str, str]


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


def make_id(text: str) -> str:
    """Return the words of a text as an id, cut between words where it is long."""
    words = re.findall(r"[a-z0-9]+", text.lower().replace("’", "").replace("'", ""))
    made = ""
    for word in words:
        if made and len(made) + len(word) >= LONGEST_ID:
            break
        made = f"{made}_{word}" if made else word[:LONGEST_ID]
    return made


def draft_questions(path: Path, encoding: str | None = None) -> Draft:
    """Return what a file of respondents asks.

    Parameters
    ----------
    path : Path
        The file.
    encoding : str, optional
        Of a CSV file that isn't UTF-8.

    Raises
    ------
    DataError
        When the file can't be read, or no column of it is a question with answers to choose from.
    """
    problems: list[Problem] = []
    source = read_respondents(path, problems, encoding)
    if source is None or problems:
        raise DataError("The file", problems)
    drafter = Drafter(source)
    if not drafter.questions:
        expected = "give a file with value labels, or with answers that many people share"
        raise DataError("The file", [Problem(source.name, "no column is a question with answers", expected)])
    place = {column: at for at, column in enumerate(source.frame.columns)}
    ordered = sorted(drafter.questions, key=lambda name: min(place[column] for column in drafter.columns[name]))
    questions = tuple(drafter.questions[name] for name in ordered)
    return Draft(source, drafter.design, drafter.groups, questions, drafter.left_out)


class Drafter:
    """Sorts the columns of a file into questions; each column is in one, or left out with the reason.

    Attributes
    ----------
    questions : dict
        The questions by id.
    columns : dict
        The columns of each question.
    left_out : dict
        Why a column is no question.
    """

    def __init__(self, source: Respondents) -> None:
        counts = {column: count_codes_of(source, column) for column in source.frame.columns}
        shared = {text for own in counts.values() for text, count in own.items() if count >= SHARED_BY}
        self.source, self.counts = source, counts
        self.proposal = Proposal(source, make_empty_codebook(), counts, shared)
        self.labels, self.texts = self.proposal.labels, self.proposal.texts
        self.design, self.groups = self.proposal.find_design(), self.proposal.find_groups()
        self.questions: dict[str, DraftQuestion] = {}
        self.columns: dict[str, list[str]] = {}
        self.left_out: dict[str, str] = {}
        self.question_names, self.item_names, self.kind_names = Names(), Names(), Names({*KINDS})
        self.kinds: dict[tuple[tuple[str, str], ...], str] = {}
        taken = {*self.design.values(), *(str(rules["column"]) for rules in self.groups.values())}
        self.free = [column for column in counts if column not in taken and not self._leave_out(column)]
        self._draft_sets()
        self._draft_batteries()
        self._draft_columns()

    def _leave_out(self, column: str) -> bool:
        """Return whether a column is no question, its reason noted."""
        text = f"{column} {self.texts[column]}"
        reasons = {
            "a replicate weight, by its name": REPLICATE.fullmatch(column),
            "it may tell who somebody is": PRIVATE.search(text.replace("_", " ")),
            "nobody answered it": not self.counts[column],
        }
        why = next((reason for reason, found in reasons.items() if found), "")
        if why:
            self.left_out[column] = why
        return bool(why)

    def _add(self, columns: list[str], title: str, kind: str, **parts: object) -> None:
        """Add a question and take its columns."""
        name = self.question_names.give(title, columns[0])
        rules = {**parts.pop("rules"), "base": "answered"}  # type: ignore[dict-item]
        self.questions[name] = DraftQuestion(name, title, kind, rules=rules, **parts)  # type: ignore[arg-type]
        self.columns[name] = columns
        self.free = [column for column in self.free if column not in columns]

    def _draft_sets(self) -> None:
        """Add lists with a column an option: declared sets, and columns that share a name and are ticked."""
        found: list[tuple[list[str], str]] = [
            ([column for column in members if column in self.free], "a multiple-response set that the file declares")
            for members, _ in self.source.sets
        ]
        stems: dict[str, list[str]] = {}
        for column in self.free:
            stem = next(iter(find_stems(column, options=True)), None)
            told = [label for label in self.labels[column].values() if not REFUSED.search(label)]
            if stem and len(self.counts[column]) <= 3 and (not told or self._is_tick(column, told)):
                stems.setdefault(stem, []).append(column)
        found += [(columns, "columns that share a name, ticked or not") for columns in stems.values()]
        for listed, why in found:
            columns = [column for column in listed if column in self.free]
            if len(columns) < 2:
                continue
            choice = self.proposal.find_choice(columns)
            if "?" in choice.values():
                reason = "ticked or not? the file doesn't say whether 1 or 2 is a choice"
                self.left_out |= dict.fromkeys(columns, reason)
                self.free = [column for column in self.free if column not in columns]
                continue
            title, labels = self._split_labels(columns)
            targets = {column: match_else(label) for column, label in labels.items()}
            items = {column: self.item_names.give(labels[column], column) for column in columns if not targets[column]}
            mapped = {column: items.get(column) or str(targets[column]) for column in columns}
            blank = any(len(self.counts[column]) == 1 for column in columns)
            rules = {"encoding": "columns", "columns": mapped, **choice, "nothing_chosen": "no_answer"}
            rules |= {"not_chosen": [""]} if blank and "not_chosen" not in choice else {}
            rules |= {"dont_know": "in"} if "dont_know" in targets.values() else {}
            self._add(
                columns, title, "multiple", items={items[name]: labels[name] for name in items}, answers={},
                rules=rules, why=why, max_choices=read_most_choices(" ".join(self.texts[name] for name in columns)),
            )  # fmt: skip

    def _is_tick(self, column: str, told: list[str]) -> bool:
        """Return whether the labels of a column say that an option was ticked, or repeat the option itself."""
        plain = [label.strip() for label in told if not UNTICKED.fullmatch(label.strip())]
        option = read_label(self.texts[column])[-1]
        return len(plain) <= 1 and all(
            TICKED.fullmatch(label) or code_text(label) == code_text(option) for label in plain
        )

    def _draft_batteries(self) -> None:
        """Add statements with the same answers, each a column."""
        groups: dict[tuple[object, ...], list[str]] = {}
        for column in self.free:
            if len(self.labels[column]) > 1:
                stem = (*find_stems(column, options=False), read_label(self.texts[column])[0].split(":")[0])
                groups.setdefault((tuple(self.labels[column].items()), stem[0] or stem[-1]), []).append(column)
        for columns in groups.values():
            if len(columns) > 1:
                title, labels = self._split_labels(columns)
                why = f"{len(columns)} columns that share their answers"
                self._add_statements(columns, title, labels, why)

    def _draft_columns(self) -> None:
        """Add what stands in a column of its own."""
        for column in list(self.free):
            labels, title = self.labels[column], self.texts[column]
            mark, options = ("", {}) if labels else split_cells(self.counts[column])
            figures = [label for label in labels.values() if match_answer(label) not in NO_FIGURE]
            if mark and self._repeats_columns(column, options):
                self.left_out[column] = "the same answers stand in a column each"
            elif mark:
                self._add_list([column], title, "multiple", options, {"encoding": "delimited", "separator": mark},
                               "several answers in a cell")  # fmt: skip
            elif not 1 < len(figures) <= MOST_CODES:
                self.left_out[column] = self._explain_no_question(column)
            elif len(figures) <= MOST_ORDERED and sum(bool(ORDERED.search(label)) for label in figures) * 2 >= len(
                figures
            ):
                statement = read_label(title)[-1].strip(MARKS)
                self._add_statements([column], title, {column: statement}, "a column whose answers have an order")
            else:
                self._add_list([column], title, "single", labels, {"encoding": "single"}, "a column of labelled codes")

    def _repeats_columns(self, column: str, options: Mapping[str, str]) -> bool:
        """Return whether options of one cell stand in a column each too, as some platforms write them."""
        names = {name.rpartition("/")[2] for name in self.counts if name.rpartition("/")[0] == column}
        return set(options) <= names

    def _explain_no_question(self, column: str) -> str:
        """Return why a column that is left is no question."""
        if pd.api.types.is_numeric_dtype(self.source.frame[column]) or all(map(is_number, self.counts[column])):
            return "numbers without labels: means aren't drawn yet"
        return "what people wrote, or answers that few share"

    def _add_list(
        self, columns: list[str], title: str, kind: str, labels: Mapping[str, str], rules: dict[str, object], why: str
    ) -> None:
        """Add a list whose items are the codes of a column."""
        targets = {code: match_answer(label) or match_else(label) for code, label in labels.items()}
        items = {
            code: self.item_names.give(labels[code], f"{columns[0]}_{code}") for code in labels if not targets[code]
        }
        codes = {plain_code(code): items.get(code) or targets[code] for code in labels}
        rules = {**rules, "column": columns[0], "codes": codes}
        rules |= {"dont_know": "in"} if "dont_know" in targets.values() else {}
        self._add(
            columns, title, kind, items={items[code]: labels[code] for code in items}, answers={}, rules=rules, why=why,
            max_choices=read_most_choices(title) if kind == "multiple" else "",
        )  # fmt: skip

    def _add_statements(self, columns: list[str], title: str, items: Mapping[str, str], why: str) -> None:
        """Add statements that exclusive answers were given to."""
        labels = self.labels[columns[0]]
        targets = {code: match_answer(label) for code, label in labels.items()}
        told_by = {code: label for code, label in labels.items() if targets[code] not in NO_FIGURE}
        told = list(told_by.values())
        sides = find_sides(told_by, ordered=all(map(is_number, labels)))
        agree = all("agree" in label.lower() or UNDECIDED.search(label) for label in told)
        agree = agree and all(len(side.answers) == 1 for side in sides)
        collapse: dict[str, list[object]] = {}
        answers, names = dict[str, str](), Names()
        made = {names.give(side.name, side.role): side for side in sides if len(side.answers) > 1}
        for code, label in labels.items():
            target = targets[code]
            if agree and target not in NO_FIGURE:
                patterns = {"neither": UNDECIDED, "disagree": DISAGREE, "agree": AGREE}
                target = next((side for side, pattern in patterns.items() if pattern.search(label)), "neither")
            elif target not in NO_FIGURE:
                target = names.give(label, f"answer {code}")
                answers[target] = label
            targets[code] = target
            collapse.setdefault(str(target), []).append(plain_code(code))
        ids = {column: self.item_names.give(items[column], column) for column in columns}
        where = {"column": columns[0]} if len(columns) == 1 else {"columns": ids}
        rules = {"encoding": "scale", **where, "collapse": collapse}
        rules |= {"dont_know": "in"} if "dont_know" in targets.values() else {}
        nets = {net: tuple(targets[answer] for answer in side.answers) for net, side in made.items()}
        roles = {side.role: targets[side.answers[0]] for side in sides if not agree}
        roles |= {side.role: net for net, side in made.items()}
        answers |= {net: side.label for net, side in made.items()}
        kind = "scale"
        if not agree:
            same, name = (*answers.items(), *roles.items()), f"{told[0]} to {told[-1]}"
            kind = self.kinds.get(same) or self.kinds.setdefault(same, self.kind_names.give(name, columns[0]))
        counted = [f"“{side.label}” counts {len(side.answers)} answers, by their words" for side in made.values()]
        why = "; ".join([f"{why}, counted together as agree and disagree" if agree else why, *counted])
        self._add(columns, title, kind, items={ids[column]: items[column] for column in columns}, answers=answers,
                  nets=nets, roles=roles, rules=rules, why=why)  # fmt: skip

    def _split_labels(self, columns: list[str]) -> tuple[str, dict[str, str]]:
        """Return what the labels of several columns have in common, as a title, and what each says besides."""
        texts = {column: self.texts[column] for column in columns}
        start, end = share_start(texts.values()), share_start(text[::-1] for text in texts.values())[::-1]
        # Only whole clauses are a question's: "Q7. Which of these … – ".
        start = start[: max((found.end() for found in CLAUSE.finditer(start)), default=0)]
        end = "" if start else end[min((found.start() for found in CLAUSE.finditer(end)), default=len(end)) :]
        items = {column: text[len(start) : len(text) - len(end)].strip(MARKS) or text for column, text in texts.items()}
        stem = next(iter(find_stems(columns[0], options=True)), None) or columns[0]
        return (start or end).strip(MARKS) or stem.strip("_. "), items


def share_start(texts: Iterable[str]) -> str:
    """Return what several texts begin with."""
    first, *others = texts
    length = next(
        (at for at, sign in enumerate(first) if any(text[at : at + 1] != sign for text in others)), len(first)
    )
    return first[:length]


def is_ordered(label: str) -> bool:
    """Return whether a label is of an answer that has a place in an order."""
    return bool(ORDERED.search(label))


def make_empty_codebook() -> Codebook:
    """Return a codebook that has nothing yet."""
    tables = {
        name: pd.DataFrame(columns=list_columns(read_schemas()[name]), dtype=object)
        for name in ("questions", "items", "populations", "responses", "words")
    }
    indexed = {name: table.set_index(table.columns[0]) for name, table in tables.items() if name != "responses"}
    return Codebook(**indexed, responses=tables["responses"])


def match_answer(label: str) -> str:
    """Return the answer that is no figure of its own ("dont_know", "no_answer") that a label is of; else nothing."""
    return next((name for name in NO_FIGURE if RESPONSES[name].search(label)), "")


def read_most_choices(text: str) -> str:
    """Return how many items people could choose by a question's text: a number, ``unlimited``, or "" if none says."""
    if ANY_NUMBER.search(text):
        return "unlimited"
    found = MOST_CHOICES.search(text)
    return NUMBERS.get(found[1].lower(), found[1]) if found else ""


def is_number(text: str) -> bool:
    """Return whether a text is a number."""
    return bool(re.fullmatch(r"[-+]?\d+([.,]\d+)?", text))


def list_answers(questions: Iterable[DraftQuestion]) -> dict[str, dict[str, str]]:
    """Return the answers of each kind of question that the questions need: kind, response, label."""
    chosen, agree = {"chosen": "Chosen"}, {"agree": "Agree", "disagree": "Disagree"}
    own = {"multiple": chosen, "single": chosen, "scale": agree}
    found: dict[str, dict[str, str]] = {}
    for one in questions:
        found.setdefault(one.kind, {}).update(one.answers or own[one.kind])
        if "dont_know" in one.rules.get("collapse", {}):
            found[one.kind]["dont_know"] = "Don’t know"
    return found
