"""One column of a file of respondents: what stands there, and what it tells by itself."""

import re
from collections import Counter
from collections.abc import Callable, Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

import numpy as np
import pandas as pd

from surveybook.drafts.labels import (
    BRACKET_LAST,
    ITEM_FIRST,
    LETTER,
    MARKS,
    MOST,
    MOST_CODES,
    MOST_ORDERED,
    MOSTLY,
    NO_FIGURE,
    SIGNS,
    VOCABULARY,
    are_degrees,
    go_one_way,
    is_cut_of,
    is_ordered,
    match_answer,
    match_else,
    place_answer,
    split_labels,
)
from surveybook.drafts.questionnaires import AMOUNTS, ONE, SEVERAL, Entry
from surveybook.respondents.codes import (
    TICKED,
    UNTICKED,
    code_text,
    is_declared_missing,
    plain_text,
    read_label,
    split_question_and_option,
)

# Why a column of texts is no question.
WRITTEN = "what people wrote, or answers that few share"
# What a platform writes for answers whose labels stand in another file: A1, AO02, SQ003, a place's MW10101.
BARE_CODE = re.compile(r"[A-Za-z]{1,2}[O0]?\d{1,6}")
# Several of them in a cell, as long as so many differ; letters that stand for answers are few.
CODES = re.compile(r"(\d{1,3}|[A-Za-z]\d{0,3}|[A-Z]{2}\d{2,6})([;,|/ ] ?(\d{1,3}|[A-Za-z]\d{0,3}|[A-Z]{2}\d{2,6}))+")
FEWEST_LISTED, MOST_LETTERS = 3, 12
# How Decipher writes that an option wasn't ticked.
NOT_TO = "NO TO: "
ROUND = str.maketrans("[]", "()")
# What 1 and 0 are, where a file without labels has them for a question that asks whether.
YES_OR_NO = {"1": "Yes", "0": "No"}
# So many numbers beside answers in words are what programs write for no answer; ticks are none of them.
MOST_STRAYS, TICK_CODES = 2, {"0", "1"}
# Without labels, the codes of ticks.
TICKS = ({"0", "1"}, {"1", "2"}, {"Y", "N", "Yes", "No", "X", "x"})
# Why a column is no question whose whole name or label is of a kind, the first before others.
NAMED: dict[str, str] = VOCABULARY["named"]
# What most cells of a column look like is what it holds, by their first few.
CONTENTS = {reason: re.compile(sign, re.IGNORECASE) for reason, sign in VOCABULARY["contents"].items()}
LIKE = 0.9
LOOKED_AT = 200
FIRST_YEAR, LAST_YEAR = 1900, 2100
# What programs write for no answer where words stand beside it: 88, 96.
NO_WORDS = re.compile(r"([7-9])\1+|9[6-8]")


@dataclass(frozen=True, eq=False)
class DraftColumn:
    """A column that may be a question, or a part of one.

    Attributes
    ----------
    name, label, text, stem : str
        What it is called, the label that the file has for it, that or else its name without what a platform adds, and
        what its name shares with others of its question ("" where it shares nothing).
    counts : Counter
        How often each code stands there.
    labels : dict of str
        The labels of its codes; a text that several people share, or that is known, is its own.
    values : pandas.Series
        What stands there.
    is_labelled : bool
        Whether the file itself labels the codes.
    missing : tuple of tuple
        The (low, high) ranges that the file declares missing.
    asked : Entry, optional
        What a questionnaire says of it.
    is_of_form : bool
        Whether the file is a form's that writes answers in words, so that a number is none but a place on a scale.
    coded : dict of str
        Where cells hold a code and its label ("1 - Agree"), the code of each.
    """

    name: str
    label: str
    text: str
    stem: str
    counts: Counter[str]
    labels: Mapping[str, str]
    values: pd.Series
    is_labelled: bool = False
    missing: tuple[tuple[Any, Any], ...] = ()
    asked: Entry | None = None
    is_of_form: bool = False
    coded: Mapping[str, str] = field(default_factory=dict)

    @cached_property
    def _cells(self) -> tuple[np.ndarray, list[str]]:
        """Which of the column's codes each respondent has, the last of which, "", is of an empty cell; and these."""
        places, values = pd.factorize(self.values)
        return places, [*(self.coded.get(text, text) for text in map(code_text, values)), ""]

    @cached_property
    def given(self) -> np.ndarray:
        """The code of each respondent; "" for an empty cell."""
        places, codes = self._cells
        return np.array(codes, dtype=object)[places]

    def place_answers(self, codes: Sequence[str | None]) -> np.ndarray:
        """Return the place of each respondent's code among some (None stands for none); -1 where it is not there."""
        places, own = self._cells
        there = {code: place for place, code in enumerate(codes)}
        return np.array([there.get(code, -1) for code in own])[places]

    @cached_property
    def places(self) -> np.ndarray:
        """The place of each respondent's value among the column's; -1 for an empty cell."""
        return pd.factorize(self.values.replace("", None))[0]

    @cached_property
    def lists(self) -> Counter[tuple[str, ...]]:
        """How often each list of answers stands there, where cells are lists or hold an answer a line; else empty."""
        counts, given = Counter(self.values.to_list()), Counter[str]()
        cells = {cell: people for cell, people in counts.items() if isinstance(cell, tuple)}
        lines = {tuple(cell.split("\n")): people for cell, people in counts.items()
                 if isinstance(cell, str) and cell.strip()}  # fmt: skip
        for cell, people in lines.items():
            for line in cell if len(cell) > 1 else ():
                given[line.strip()] += people
        if not cells and 1 < len(given) <= MOST_CODES and given.total() > 2 * len(given):
            cells = lines
        found = Counter[tuple[str, ...]]()
        for cell, people in cells.items():
            found[tuple(filter(None, map(code_text, cell)))] += people
        return found

    @cached_property
    def is_numeric(self) -> bool:
        """Whether the file has numbers there, or every text is one, but for codes of no answer (Stata's .d)."""
        texts = [code for code in self.counts if not self.declares_missing(code)]
        return pd.api.types.is_numeric_dtype(self.values) or all(map(is_number, texts))

    @cached_property
    def codes(self) -> list[str]:
        """Its codes that are answers: not labelled as none, nor declared missing, nor negative without a label."""
        return [
            code
            for code in self.counts
            if (
                not match_answer(self.labels.get(code, code), self.labels.values())
                or not self.own_names.isdisjoint((code, code_text(self.labels.get(code, code))))
            )
            and not self.declares_missing(code)
            and not (is_number(code) and number_of_code(code) < 0 and code not in self.labels)
            and code not in self.strays
        ]

    @cached_property
    def strays(self) -> set[str]:
        """What a program wrote for no answer beside answers in words: -99, 999."""
        return set() if self.is_labelled else find_strays(self.counts)

    @cached_property
    def figures(self) -> dict[str, str]:
        """Its answers that get a figure of their own, with their labels."""
        return {code: label for code, label in self.labels.items() if self.match(code) not in NO_FIGURE}

    def match(self, code: str) -> str:
        """Return the answer that is no figure of its own ("dont_know", "no_answer") that a labelled code is.

        What the file declares missing is no answer, whatever its label says ("Skip, no partner").
        """
        found = match_answer(self.labels[code], self.labels.values())
        return found or ("no_answer" if self.declares_missing(code) else "")

    @property
    def is_scale(self) -> bool:
        """Whether its answers have an order: most are a few words of degree, or all are sentences that go one way."""
        labels = dict.fromkeys(self.figures.values())
        ordered = [*filter(is_ordered, labels)]
        # "Mostly Black", "mostly White": one degree of several things is no order.
        is_one_degree = len({(label.split()[0].lower(), place_answer(label)) for label in ordered}) == 1 < len(ordered)
        are_many = len(ordered) * 2 > len(labels) and are_degrees(labels) and not is_one_degree
        return len(labels) <= MOST_ORDERED and (are_many or (self.is_labelled and go_one_way(labels)))

    @cached_property
    def worded(self) -> set[str]:
        """Its answers whose labels say more than the number that they are."""
        return {code for code, label in self.figures.items() if label != code}

    @cached_property
    def names_ends(self) -> bool:
        """Whether the labels give words to both ends of numbers."""
        codes = sorted(filter(is_number, {*self.codes, *self.figures}), key=number_of_code)
        return len(codes) > 1 and {codes[0], codes[-1]} <= self.worded

    @cached_property
    def is_number(self) -> bool:
        """Whether labels name only some of many numbers: the ends of a scale, or codes beside an amount."""
        plain = {*self.codes, *self.figures} - self.worded
        # 12 for "11 and 12" is no number of its own.
        if any(SIGNS["joined_numbers"].fullmatch(self.figures[code]) for code in self.worded):
            return False
        is_told_in_full = plain <= self.labels.keys()
        return self.is_numeric and len(plain) > len(self.worded) and (self.names_ends or not is_told_in_full)

    @cached_property
    def repeats_numbers(self) -> bool:
        """Whether the labels of many numbers are these numbers themselves."""
        is_told = self.worded.isdisjoint(self.counts) and len(self.figures) > MOST_ORDERED
        return is_told and all(map(is_number, self.figures))

    @property
    def option(self) -> str:
        """What a column without a label of its own has in its cells where its option was ticked; "" where it is none.

        "Not selected" beside one other text says that this is the option.
        """
        if self.is_labelled or len(self.codes) != 2:
            return ""
        others = [code for code in self.codes if not SIGNS["not_selected"].fullmatch(code)]
        others = [code for code in others if code.removeprefix(NOT_TO) not in others or not code.startswith(NOT_TO)]
        return others[0] if len(others) == 1 and not TICKED.fullmatch(others[0]) else ""

    @cached_property
    def lacks_labels(self) -> bool:
        """Whether a good part of the answers has no label: shares of the rest would be of those who are left."""
        unnamed = [code for code in self.codes if code not in self.labels]
        people = sum(self.counts[code] for code in unnamed)
        return self.is_labelled and people > (1 - MOST) * sum(self.counts[code] for code in self.codes)

    @cached_property
    def question(self) -> str:
        """The question that a row of its own has above its label, as SurveyMonkey writes it; "" where none does."""
        return split_question_and_option(self.name, plain_text(self.label))[0]

    @cached_property
    def clause(self) -> str:
        """The question that its label begins or ends with, or stands below; "" where it has none."""
        if self.question:
            return f"{self.question}: "
        if found := ITEM_FIRST.fullmatch(self.text):
            return found[2]
        if self.option_behind:
            return self.text.removesuffix(self.option_behind)
        if found := BRACKET_LAST.search(self.text):
            return self.text[: found.start()]
        tail = read_label(self.text)[-1]
        before = self.text.removesuffix(tail)
        return before if LETTER.search(before) and tail != self.text else ""

    @property
    def option_behind(self) -> str:
        """The one answer there where its label ends with that too, behind a sentence; "" where it doesn't."""
        told = next((self.labels.get(code, code) for code in self.counts), "")
        if match_else(told) == "other" and (box := SIGNS["own_box"].search(self.text)):
            told = box[0].lstrip(f"{MARKS}.?)")
        is_behind = len(self.counts) == 1 and self.text.endswith((f". {told}", f".) {told}", f"? {told}"))
        return told if is_behind else ""

    @cached_property
    def own_names(self) -> set[str]:
        """What stands in its cells where a program writes an option into those of who ticked it."""
        option = split_labels({"this": self.text, "same": self.text})[1]["this"]
        before = self.text.partition(" - ")[0]
        names = (option, before, self.text, *read_label(self.text), self.name.split(":")[0], self.option_behind)
        # "Other" is all that some platforms write for "Other activity (please specify)".
        other = {code for code in self.counts if match_else(code) == "other" and SIGNS["own_box"].search(self.text)}
        return {*map(code_text, names), *other} - {""}

    @property
    def repeats_name(self) -> bool:
        """Whether nothing stands there but its own option, however few ticked it."""
        return (
            len(self.codes) == 1
            and not self.is_labelled
            and not self.own_names.isdisjoint((self.codes[0], self.codes[0].translate(ROUND)))
        )

    @cached_property
    def is_ticked(self) -> bool:
        """Whether it says only that an option was ticked, or wasn't."""
        if self.option or self.is_picked_or_not:
            return True
        labels = [label.strip() for code in self.codes if (label := self.labels.get(code))]
        # A nought needs no label beside one that says what was ticked.
        unnamed = {code for code in self.codes if not self.labels.get(code)}
        if not 0 < len(self.codes) <= 2 or (labels and not all(map(UNTICKED.fullmatch, unnamed))):
            return False
        if self.repeats_name:
            return True
        if not labels:
            return any(set(self.codes) <= ticks for ticks in TICKS)
        on = [label for label in labels if not UNTICKED.fullmatch(label)]
        repeated = self.own_names | {label for label in on if (len(labels) == 2 or unnamed) and label in self.text}
        return len(on) <= 1 and all(
            TICKED.fullmatch(label)
            or match_else(label) == match_else(self.text) == "other"
            or any(is_cut_of(one.casefold(), code_text(label).casefold()) for one in repeated)
            for label in on
        )

    @property
    def is_picked_or_not(self) -> bool:
        """Whether one label says that something wasn't chosen ("not mentioned"), and the other whatever it is."""
        labels = [self.labels.get(code, "").strip() for code in self.codes]
        return (
            self.is_labelled and len(labels) == 2 and sum(map(bool, map(SIGNS["not_selected"].fullmatch, labels))) == 1
        )

    def declares_missing(self, code: str) -> bool:
        """Return whether the file declares a code missing."""
        return is_declared_missing(code, self.missing)


def keep_most(figures: Mapping[str, str], counts: Counter[str]) -> dict[str, str]:
    """Return those answers to a list that get a figure each: all, or `MOST_CODES` of more, if few gave the others."""
    if len(figures) <= MOST_CODES:
        return dict(figures)
    most = sorted(figures, key=lambda code: -counts[code])[:MOST_CODES]
    kept = {code: label for code, label in figures.items() if code in most and counts[code]}
    people = sum(counts[code] for code in figures)
    return kept if sum(counts[code] for code in kept) >= MOSTLY * people else {}


def group_alike(columns: Iterable[DraftColumn], find_key: Callable[[DraftColumn], Hashable]) -> list[list[DraftColumn]]:
    """Return columns of one key together, in their order."""
    groups: dict[Hashable, list[DraftColumn]] = {}
    for column in columns:
        groups.setdefault(find_key(column), []).append(column)
    return list(groups.values())


def find_negative(labels: Mapping[str, str]) -> list[str]:
    """Return the labelled codes below 0."""
    return [code for code in labels if is_number(code) and number_of_code(code) < 0]


def find_strays(counts: Counter[str]) -> set[str]:
    """Return the numbers among answers in words that a program wrote for no answer: negative ones, and few others.

    Where answers hold numbers themselves ("5 or more"), another number may be one of them.
    """
    numbers = {text for text in counts if re.fullmatch(r"-\d+|\d{1,5}", text)}
    words = [text for text in counts if text not in numbers and not match_answer(text)]
    negative = {text for text in numbers if text.startswith("-")} if words else set()
    others = numbers - negative
    is_worded = len(words) > 1 and not any(re.search(r"\d", text) for text in words)
    are_few = is_worded and len(others) <= MOST_STRAYS and (len(words) > 2 or not others & TICK_CODES)
    # "88" among what people wrote is a code of those who wrote nothing.
    return negative | (others if are_few or (words and all(map(NO_WORDS.fullmatch, others))) else set())


def are_codes(texts: Sequence[str]) -> bool:
    """Return whether answers are codes whose labels stand elsewhere, one a cell or several: 1, A2, "1;3", AC."""
    several = [text for text in texts if CODES.fullmatch(text) or (text.isupper() and [*text] == sorted({*text}))]
    told = [text for text in texts if not is_number(text) and not BARE_CODE.fullmatch(text)]
    letters = {sign for text in several for sign in text if sign.isalpha()}
    are_lists = sum(len(text) > 1 for text in several) >= FEWEST_LISTED and len(letters) <= MOST_LETTERS
    return not {*told} - ({*several} if are_lists else set())


def is_number(text: str) -> bool:
    """Return whether a text is a number."""
    return bool(re.fullmatch(r"[-+]?\d+([.,]\d+)?", text))


def are_years(numbers: Iterable[float]) -> bool:
    """Return whether all numbers are years in which something was."""
    return all(FIRST_YEAR <= number <= LAST_YEAR for number in numbers)


def number_of_code(text: str) -> float:
    """Return a number whose decimals may have a comma."""
    return float(text.replace(",", "."))


def explain_left_out(column: DraftColumn) -> str:
    """Return why a column is no question by a questionnaire, its name, its label or its cells; "" where it may be."""
    if column.asked and (kind := column.asked.kind):
        return "" if kind in (ONE, SEVERAL, *AMOUNTS) else f"the questionnaire has it as {kind}"
    if not column.counts:
        return "nobody answered it"
    names = {column.name.rpartition("/")[2], column.text, column.label or column.text}
    words = " ".join(names).replace("_", " ")
    named = [kind for kind in NAMED if any(map(SIGNS[kind].fullmatch, names))]
    if column.repeats_name and "computed" not in named:
        return ""
    is_told = column.labels and not SIGNS["birth"].search(words)
    # "Birthday party" is an option.
    if SIGNS["telling"].search(words) and not (is_told or (column.is_labelled and column.is_ticked)):
        return NAMED["personal"]
    least = {"moment": 2, "noted": 2, "replicate": 0} if column.is_labelled else {}
    if reasons := [NAMED[kind] for kind in named if len(column.figures) <= least.get(kind, len(column.figures))]:
        return reasons[0]
    if (column.is_labelled and column.worded) or pd.api.types.is_numeric_dtype(column.values):
        return ""
    if any(map(SIGNS["written"].search, names)) and match_else(column.text) != "other" and not column.is_ticked:
        return WRITTEN
    sample = list(column.counts)[:LOOKED_AT]
    alike = {reason: sum(map(bool, map(like.fullmatch, sample))) for reason, like in CONTENTS.items()}
    return next((reason for reason, count in alike.items() if count >= LIKE * len(sample)), "")


def explain_no_question(column: DraftColumn) -> str:
    """Return why a column that nothing else is known of is no question."""
    if not column.codes:
        return "nobody answered it"
    if len(column.codes) < 2:
        return "everybody who answered gave the same answer"
    if column.is_labelled and len(column.figures) > MOST_CODES:
        return f"more than {MOST_CODES} answers"
    if column.lacks_labels and column.figures:
        return "no label says what many of its answers stand for"
    if are_codes(column.codes) and not column.is_numeric:
        return "codes without labels; a questionnaire may tell what they stand for (--questionnaire)"
    if column.is_numeric and are_years(map(number_of_code, filter(is_number, column.codes))):
        return "years, whose mean says nothing; bands of them would be answers"
    if column.is_numeric:
        return "numbers without labels, which may be codes"
    return WRITTEN
