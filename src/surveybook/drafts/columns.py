"""What one column of a file of respondents tells by itself: answers, ticks, numbers, or nothing that is a question.

Codes without labels look like numbers too, and a mean of codes says nothing: where neither the label nor the numbers
themselves tell that they count something, nothing is drafted.
"""

import html
import re
from collections import Counter
from collections.abc import Callable, Hashable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from itertools import pairwise
from typing import Any

import numpy as np
import pandas as pd

from surveybook.drafts.labels import (
    BAND,
    BRACKET_LAST,
    FEWEST_LISTS,
    FIRST_NUMBER,
    ITEM_FIRST,
    LETTER,
    MARKS,
    MOST,
    MOST_CODES,
    MOST_ORDERED,
    MOSTLY,
    NO_FIGURE,
    PLATFORM_WORDS,
    SHORTEST_CUT,
    SIGNS,
    VOCABULARY,
    are_degrees,
    find_stem,
    is_cut_of,
    is_ordered,
    match_answer,
    match_else,
    read_first_number,
    share_start,
    sort_answers,
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
from surveybook.respondents.columns import SHARED_BY
from surveybook.respondents.files import Respondents

# Why a column of texts is no question.
WRITTEN = "what people wrote, or answers that few share"
# What stands between two answers in a cell.
PARTED = re.compile(r"[;,]\s*")
# What this part of a small file has in the same words isn't one person's own, and never what fewer than these have.
SHARED_PART, FEWEST = 0.1, 3
# What a platform writes for answers whose labels stand in another file: A1, AO02, SQ003, a place's MW10101.
BARE_CODE = re.compile(r"[A-Za-z]{1,2}[O0]?\d{1,6}")
# Several of them in a cell, as long as so many differ; letters that stand for answers are few.
CODES = re.compile(r"(\d{1,3}|[A-Za-z]\d{0,3}|[A-Z]{2}\d{2,6})([;,|/ ] ?(\d{1,3}|[A-Za-z]\d{0,3}|[A-Z]{2}\d{2,6}))+")
FEWEST_LISTED, MOST_LETTERS = 3, 12
BARE_STEM = re.compile(r"[A-Za-z]{1,3}")
# What platforms put in the place of an answer that was given before: ${q://QID1}, {Q1.NAOK}.
PIPED = re.compile(
    r"\s*\$\{[^{}]*(\}|$)\s*|\s*\{+[^{}\s]+\}+\s*|\s*\[question\([^()]*\)[^\[\]]*\]\s*|\s*\$[a-z]+(_[a-z0-9]+)+\s*"
)
# "Q1[SQ1]. Which do you use? [Bus]", "Q2. Age": LimeSurvey's code of a question before its words.
CODE_AND_TEXT = re.compile(r"[A-Za-z]\w*(\[[^\[\]]+\])?\. +(?=\S)")
# "Bus:Which do you use?", as Alchemer puts an option before its question; "(Bus (by day)) Which do you use?"; and
# "Bus (Which do you use?)".
OPTION_FIRST = re.compile(r"([^:]+):(?=[^\s:/])(.+)|\(((?:[^()]|\([^()]*\))+)\)\s+(.+)|(.+\S) \(([^()]+\?)\)")
# The words of a name that stands for a label: "children_under_18", "How-Long-Ago", "useOfRooms", and not "q1_a", nor
# what is written so in a sentence too: "Coca-Cola", "YouTube".
JOINED_WORDS = re.compile(r"[^\W\d_]{3,}((_([^\W\d_]+|\d+))+|(-[^\W\d_]+){2,})")
CASED_WORDS = re.compile(r"[a-z]{2,}([A-Z][a-z]+)+|[A-Z][a-z]+([A-Z][a-z]+){2,}")
# "Sources of income-Pensions": a question of several words, and an item behind a hyphen without a space.
HYPHENED = re.compile(r"([^-]* [^-]*[^-\s])-([^\W\d_a-zß-öø-ÿ].*)")
# A box beside an option in which people write what they mean: "Other activity (please specify):".
OWN_BOX = re.compile(r"\W*other\b.*\bspecify\W*$|\bother\W*(please )?specify\W*$", re.IGNORECASE)
# What an office calls a question, before the wave or the part in the name of a column: "GUNTYPE2A" of GUNTYPE2A_W26.
SPELT_CODE = re.compile(r"[A-Z]{3}[A-Z\d_]*")
# How Decipher writes that an option wasn't ticked.
NOT_TO = "NO TO: "
ROUND = str.maketrans("[]", "()")
# What spreadsheets and pandas call a column without a name.
NO_NAME = re.compile(r"(unnamed: ?|column ?)\d+", re.IGNORECASE)
# What 1 and 0 are, where a file without labels has them for a question that asks whether.
YES_OR_NO = {"1": "Yes", "0": "No"}
# So many numbers beside answers in words are what programs write for no answer; ticks are none of them.
MOST_STRAYS, TICK_CODES = 2, {"0", "1"}
# Without labels, the codes of ticks.
TICKS = ({"0", "1"}, {"1", "2"}, {"Y", "N", "Yes", "No", "X", "x"})
# What most cells of a column look like is what it holds, by their first few.
CONTENTS = {reason: re.compile(sign, re.IGNORECASE) for reason, sign in VOCABULARY["contents"].items()}
LIKE = 0.9
LOOKED_AT = 200
SCALE = re.compile(r"\bout of (\d+)\b|\b[01] ?(?:to|-|–) ?(\d+)\b", re.IGNORECASE)
LABELLED_END = re.compile(r"(?<![\w.])(\d+) ?(?:=|[-–](?= )) ?([^\W\d][^,;.)=]*)")
JOINED_NUMBERS = re.compile(r"(\d+(, )?)+\W*(and|or|to|&|-|–|y|et|und|e)\W*\d+", re.IGNORECASE)
# What programs write where somebody gave no number.
NO_NUMBER = re.compile(r"9[6-9]|99[6-9]|999[6-9]|99999+")
# The same where words stand beside them.
NO_WORDS = re.compile(r"([7-9])\1+|9[6-8]")
MONTHS = 12
LARGEST_RATING, FEWEST_OF_SCALE, FEWEST_OF_AMOUNT = 10, 8, 8
SHORT = re.compile(r"\d+([.,]\d{1,2})?")
# A code that says "no number" lies so many times beyond the largest number.
BEYOND = 2
# Of the numbers from 10 that people give so many are round, and the largest is so many times that in the middle.
ROUNDED, SKEWED = 0.5, 3
# Sums of money are of thousands, and the largest is so many times the least.
THOUSAND, MANY_TIMES = 1000, 100
# Where so many have a number that nobody else has, it may be a number of theirs.
OWN_NUMBER, FEW_PEOPLE = 0.9, 50


@dataclass(frozen=True)
class NumberColumn:
    """Numbers that people gave: what they count ("" where nobody says), and the codes among them that are none.

    Of a rating whose ends the labels name, or its text ("from 0 to 10"), the lowest and the highest number too.
    """

    unit: str
    missing: tuple[str, ...]
    scale: tuple[float, float] | None = None
    is_rating: bool = False


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
        cells = [cell for cell in self.values if isinstance(cell, tuple)]
        lines = [cell.split("\n") for cell in self.values if isinstance(cell, str) and cell.strip()]
        given = Counter(line.strip() for cell in lines if len(cell) > 1 for line in cell)
        if not cells and 1 < len(given) <= MOST_CODES and given.total() > 2 * len(given):
            cells = [tuple(cell) for cell in lines]
        return Counter(tuple(filter(None, map(code_text, cell))) for cell in cells)

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
        """Whether its answers have an order."""
        labels = self.figures.values()
        are_many = sum(map(is_ordered, labels)) * 2 > len(labels)
        return len(labels) <= MOST_ORDERED and are_many and are_degrees(labels)

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
        if any(JOINED_NUMBERS.fullmatch(self.figures[code]) for code in self.worded):
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
        is_behind = len(self.counts) == 1 and self.text.endswith((f". {told}", f".) {told}", f"? {told}"))
        return told if is_behind else ""

    @cached_property
    def own_names(self) -> set[str]:
        """What stands in its cells where a program writes an option into those of who ticked it."""
        option = split_labels({"this": self.text, "same": self.text})[1]["this"]
        before = self.text.partition(" - ")[0]
        names = (option, before, self.text, *read_label(self.text), self.name.split(":")[0], self.option_behind)
        # "Other" is all that some platforms write for "Other activity (please specify)".
        other = {code for code in self.counts if match_else(code) == "other" and OWN_BOX.search(self.text)}
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
        if self.option:
            return True
        labels = [label.strip() for code in self.codes if (label := self.labels.get(code))]
        if self.is_picked_or_not:
            return True
        # A nought needs no label beside one that says what was ticked.
        unnamed = {code for code in self.codes if not self.labels.get(code)}
        if not 0 < len(self.codes) <= 2 or (labels and unnamed - {"0"}):
            return False
        if self.repeats_name:
            return True
        if not labels:
            return any(set(self.codes) <= ticks for ticks in TICKS)
        on = [label for label in labels if not UNTICKED.fullmatch(label)]
        repeated = self.own_names | {label for label in on if (len(labels) == 2 or unnamed) and label in self.text}
        return len(on) <= 1 and all(
            TICKED.fullmatch(label)
            or any(is_cut_of(one, code_text(label)) or is_cut_of(code_text(label), one) for one in repeated)
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


def read_columns(source: Respondents, asked: Mapping[str, Entry]) -> list[DraftColumn]:
    """Return the columns of a file, of some of which a questionnaire tells; a list's options stand behind its cells."""
    columns = name_by_code(share_answers([*read_alone(source, asked)], least_shared(source)))
    places = {column.name: place for place, column in enumerate(columns)}
    lists = {f"{name}/": place for name, place in places.items()}
    return sorted(columns, key=lambda one: lists.get(one.stem, places[one.name]))


def share_answers(columns: Sequence[DraftColumn], least: int) -> list[DraftColumn]:
    """Return columns, those that one clause asks with the answers that people gave to any of them.

    Where the file has no labels, one of the columns has to hold all answers: else each may have answers of its own.
    Where cells hold codes and labels, no code may have two.
    """
    told = dict[DraftColumn, Mapping[str, str]]()
    texts = [one for one in columns if one.clause and len(one.counts) > 1 and (one.coded or not one.is_labelled)]
    for members in group_alike(texts, lambda one: (one.clause.strip(MARKS), bool(one.coded))):
        pairs = {pair for one in members for pair in one.labels.items()}
        if len(members) < 2 or not pairs:
            continue
        if members[0].coded:
            listed = dict(sorted(pairs)) if len(dict(pairs)) == len(pairs) else {}
            told |= dict.fromkeys(members if listed else [], listed)
            continue
        given = pd.DataFrame({one.name: one.given for one in members}).stack().reset_index(level=1, drop=True)
        listed = label_texts(Counter(given[given != ""].reset_index().drop_duplicates()[0]), least)
        if any(listed.keys() <= one.counts.keys() for one in members):
            most = {one: MOSTLY * one.counts.total() for one in members}
            told |= {one: listed for one in members if sum(map(one.counts.__getitem__, listed)) >= most[one]}
    return [replace(one, labels=told[one]) if told.get(one) else one for one in columns]


def name_by_code(columns: Sequence[DraftColumn]) -> list[DraftColumn]:
    """Return columns, those of one list that hold a code each, their own, called by its label: 2 in q1_2, 3 in q1_3.

    All have the labels of the whole list, or an option each below their question; of statements people give the same
    answers.
    """
    named = dict[DraftColumn, DraftColumn]()
    for members in group_alike([one for one in columns if one.question and not one.labels], lambda one: one.question):
        own = {one: next(iter(one.counts)) for one in members if len(one.counts) == 1 and one.is_numeric}
        if len({*own.values()}) == len(own) >= FEWEST:
            named |= {one: replace(one, labels={code: one.text}) for one, code in own.items()}
    labelled = [one for one in columns if one.is_labelled and one.stem]
    for members in group_alike(labelled, lambda one: (one.stem, *one.labels.items())):
        told = [[code for code in one.codes if one.labels.get(code) or code != "0"] for one in members]
        own = {one: codes[0] for one, codes in zip(members, told, strict=True) if len(codes) == 1}
        if len(members) < FEWEST or not len({*own.values()}) == len(own) == len(members):
            continue
        title = share_start(one.text for one in members).rstrip(f"{MARKS}_([/")
        for one, code in own.items() if title else ():
            label = one.labels[code]
            named[one] = replace(one, text=f"[{label.translate(ROUND)}] {title}", labels={code: label})
    return [named.get(one, one) for one in columns]


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


def read_alone(source: Respondents, asked: Mapping[str, Entry]) -> Iterator[DraftColumn]:
    """Yield the columns of a file as each by itself tells, and what a questionnaire says of it."""
    least = least_shared(source)
    is_coded = any(found[1] for found in map(CODE_AND_TEXT.match, map(str, source.frame)) if found)
    named = (source.labels.get(name) or name for name in map(str, source.frame))
    options = name_unnamed(source)
    is_of_form, are_below_none = is_form(source), mean_nothing_below(source)
    behind = Counter(found[1][:SHORTEST_CUT] for name in map(tidy_text, named) if (found := split_option(name)))
    told = map(tidy_text, source.labels.values())
    hyphened = Counter(found[1] for found in map(HYPHENED.match, told) if found)
    for name, values in source.frame.items():
        column, counts, label = str(name), source.count_codes(str(name)), source.labels.get(str(name), "")
        stem = "" if column in options else find_stem(column, source.frame.columns)
        plain = take_name_off(PLATFORM_WORDS.sub("", tidy_text(label)), column)
        bare = column.removeprefix(stem) if stem.endswith(("/", ".")) else column
        bare = spell_name(bare)
        if is_coded and not label:
            bare = CODE_AND_TEXT.sub("", bare, count=1).removesuffix("[]").strip()
        is_labelled = column in source.value_labels and not is_sorted_by_name(values)
        text = options.get(column) or plain or label or tidy_text(bare)
        if (parts := HYPHENED.match(text)) and hyphened[parts[1]] >= FEWEST:
            text = f"{parts[1]}: {parts[2]}"
        if not ITEM_FIRST.fullmatch(text) and (found := split_option(text)) and behind[found[1][:SHORTEST_CUT]] > 1:
            text = f"[{found[0].translate(ROUND)}] {found[1]}"
        labels = take_codes_off(source.value_labels.get(column, {}))
        if not is_labelled and SIGNS["whether"].search(text) and counts.keys() == set(YES_OR_NO):
            labels = YES_OR_NO
        elif not is_labelled and not pd.api.types.is_numeric_dtype(values):
            labels = {} if any(isinstance(cell, tuple) for cell in values) else label_texts(counts, least)
        missing = source.missing.get(column, ())
        if are_below_none:
            below = [float(code) for code in find_negative(labels) if not match_answer(labels[code])]
            missing += tuple(zip(below, below, strict=True))
        made = DraftColumn(column, label, text, stem, counts, labels, values, is_labelled, missing,
                           asked.get(column), is_of_form, source.coded.get(column, {}))  # fmt: skip
        yield made if label or not made.option else replace(made, text=made.option)


def take_name_off(label: str, column: str) -> str:
    """Return a label without the name of its column, or what that begins with: "WORRYA. How much" of WORRYA_W26.

    "Q1r1: Bus - Which do you use?" repeats the whole name; a part of one that isn't in capitals may be a word.
    """
    starts = [column[: found.start()] for found in re.finditer("_", column)]
    own = [column, *(one for one in starts if SPELT_CODE.fullmatch(one))]
    return re.sub(rf"^({'|'.join(map(re.escape, own))})\s*[:.]\s+(?=\S)", "", label)


def is_form(source: Respondents) -> bool:
    """Return whether a file is one that a form writes: a moment first, or questions, in full, and answers in words."""
    names = [name.strip() for name in map(str, source.frame)]
    is_dated = any(map(SIGNS["moment"].fullmatch, names[:2]))
    asks = sum(name.endswith("?") for name in names) * 2 > len(names) and has_worded_answers(source)
    # Where options are ticked with their own numbers, the other answers are numbers of options too.
    ticks = {code for counts in map(source.count_codes, map(str, source.frame)) if len(counts) == 1 for code in counts}
    is_coded = sum(is_number(code) and number_of_code(code) > 1 for code in ticks) >= FEWEST
    are_words = not is_coded and not source.value_labels
    return (is_dated or asks) and are_words and sum(" " in name for name in names) * 2 > len(names)


def has_worded_answers(source: Respondents) -> bool:
    """Return whether a file without labels has answers to choose from in words, so that its numbers are no codes."""
    numeric = [name for name, values in source.frame.items() if all(map(is_number, source.count_codes(str(name))))]
    texts = [source.count_codes(str(name)) for name in source.frame if name not in numeric]
    worded = sum(1 < len(counts) <= MOST_ORDERED for counts in texts)
    return source.value_labels.keys() <= source.coded.keys() and 2 * worded > len(numeric) and worded >= FEWEST


def find_negative(labels: Mapping[str, str]) -> list[str]:
    """Return the labelled codes below 0."""
    return [code for code in labels if is_number(code) and number_of_code(code) < 0]


def mean_nothing_below(source: Respondents) -> bool:
    """Return whether most codes below 0 that a file labels say that somebody gave no answer: then all of them do.

    So it is in the American National Election Studies ("-6. No post-election interview") and in many British files.
    """
    told = [
        bool(match_answer(plain[code], plain.values()))
        for plain in map(take_codes_off, source.value_labels.values())
        for code in find_negative(plain)
    ]
    return sum(told) * 2 > len(told)


def spell_name(name: str) -> str:
    """Return the words that a name is made of with spaces between them; itself where it is one word, or a code."""
    if JOINED_WORDS.fullmatch(name):
        return re.sub("[_-]", " ", name)
    if CASED_WORDS.fullmatch(name):
        first, *words = re.findall(r"[A-Z]?[a-z]+", name)
        return " ".join([first, *map(str.lower, words)])
    return name


def split_option(text: str) -> tuple[str, str] | None:
    """Return the option that stands before a question, and the question; None where none does."""
    found = ITEM_FIRST.fullmatch(text) or OPTION_FIRST.fullmatch(text)
    option, question = [part for part in found.groups() if part is not None] if found else ("", "")
    return (option, question) if found else None


def is_sorted_by_name(values: pd.Series) -> bool:
    """Return whether a program made categories of texts, in the order of their letters, which says nothing."""
    if not isinstance(values.dtype, pd.CategoricalDtype) or values.cat.ordered:
        return False
    listed = values.cat.categories
    return not pd.api.types.is_numeric_dtype(listed) and listed.is_monotonic_increasing


def name_unnamed(source: Respondents) -> dict[str, str]:
    """Return columns that each hold one text alone, where a question stands over the first and no name over the rest.

    As spreadsheets of platforms are once their row of options is gone: each with its option and that question.
    """
    found, question = {}, ""
    for column, following in pairwise([*map(str, source.frame), ""]):
        if not NO_NAME.fullmatch(column):
            question = column if NO_NAME.fullmatch(following) else ""
        texts = source.count_codes(column) if question else Counter[str]()
        if len(texts) == 1 and not is_number(option := next(iter(texts))):
            found[column] = f"[{option.translate(ROUND)}] {question}"
    return found


def tidy_text(text: str) -> str:
    """Return a label without marks of a page, and with a dash of three points where a platform puts an answer in."""
    plain = PIPED.sub(" … ", re.sub(r"</?[a-z][^<>]*>", " ", html.unescape(text)))
    plain = plain_text(re.sub(r"(?<!\.)\.{3}(?=[?!])", "…", plain))
    return re.sub(r"(?<=\() | (?=\))", "", plain)  # where a mark stood beside a bracket


def take_codes_off(labels: Mapping[str, str]) -> dict[str, str]:
    """Return labels of codes without the code that each of them repeats ("1_yes")."""
    plain = {code: text for code, label in labels.items() if (text := tidy_text(label))}
    found = {code: re.fullmatch(rf"[(\[]?0*{re.escape(code)}[)\]]?(?:\s*[-–_.:=)])+\s*(.*)", label)
             for code, label in plain.items()}  # fmt: skip
    # A scale that names its ends alone keeps its numbers: "1 - Not at all", 2, 3. "No answer" needs no code.
    bare = {code: own[1] or code for code, own in found.items() if own}
    bare |= {code: label for code, label in plain.items() if bare and code not in bare and match_answer(label)}
    # What is said in place of a number has codes beyond them: 96 for "I don't know him" behind (00) to (10).
    last = max((number_of_code(code) for code, own in found.items() if own and is_number(code)), default=0.0)
    more = [code for code in plain.keys() - bare.keys() if is_number(code) and number_of_code(code) > last]
    bare |= {code: plain[code] for code in more if len(bare) > len(more) + 1}
    is_told = len(bare) == len(plain) == len(set(bare.values()))
    told = bare if is_told else plain | {code: label for code, label in bare.items() if match_answer(label)}
    is_joined = not any(" " in label for label in told.values())
    return {code: label.replace("_", " ").strip() if is_joined else label for code, label in told.items()}


def least_shared(source: Respondents) -> int:
    """Return how many people have to share a text, so that it isn't one person's own."""
    return min(SHARED_BY, max(FEWEST, int(SHARED_PART * len(source.frame))))


def find_strays(counts: Counter[str]) -> set[str]:
    """Return the numbers among answers in words that a program wrote for no answer: negative ones, and few others.

    Where answers hold numbers themselves ("5 or more"), another number may be one of them.
    """
    numbers = {text for text in counts if re.fullmatch(r"-?\d{1,5}", text)}
    words = [text for text in counts if text not in numbers and not match_answer(text)]
    negative = {text for text in numbers if text.startswith("-")} if words else set()
    others = numbers - negative
    is_worded = len(words) > 1 and not any(re.search(r"\d", text) for text in words)
    are_few = is_worded and len(others) <= MOST_STRAYS and not others & TICK_CODES
    # "88" among what people wrote is a code of those who wrote nothing.
    return negative | (others if are_few or (words and all(map(NO_WORDS.fullmatch, others))) else set())


def label_texts(counts: Counter[str], least: int) -> dict[str, str]:
    """Return the texts of a column with themselves for labels; none where people wrote what they liked, or codes."""
    strays = find_strays(counts)
    counts = Counter({text: people for text, people in counts.items() if text not in strays})
    spelt = spell_alike(counts)
    people = Counter[str]()
    for text, count in counts.items():
        people[spelt[text]] += count
    told = {text: count for text, count in counts.items() if not match_answer(text.replace("_", " "), counts)}
    # "56 and over" is of the list that most bands are of.
    are_amounts = is_open(told) or 2 * sum(map(bool, map(BAND.fullmatch, told))) > len(told)
    known = {text for text in told if FIRST_NUMBER.match(text)} if are_amounts else set()
    known |= list_rare(told, {text: people[spelt[text]] for text in told}, spelt)
    shared = [text for text in counts if people[spelt[text]] >= least or text in known or match_answer(text)]
    is_given_by_several = any(people[spelt[text]] >= FEWEST for text in told)
    if not is_given_by_several or len(shared) > MOST_CODES:
        return {}
    if sum(told.get(text, 0) for text in shared) < MOSTLY * sum(told.values()):
        return {}
    if are_codes([text for text in shared if not match_answer(text)]):
        return {}
    if sum(count for text, count in told.items() if is_number(text)) > MOST * sum(told.values()) and not are_amounts:
        return {}  # numbers, and what few wrote in their place
    places = {text: place for place, text in enumerate(sort_answers(sorted({spelt[one] for one in shared}))[0])}
    listed = sorted(shared, key=lambda text: (places[spelt[text]], text))
    return {text: spelt[text].replace("_", " ") for text in listed}


def list_rare(told: Mapping[str, int], people: Mapping[str, int], spelt: Mapping[str, str]) -> set[str]:
    """Return texts that are answers however few gave them: of a scale, or of a list that hardly anybody wrote beside.

    Parameters
    ----------
    told, people : mapping
        How many people wrote each text so, and how many however it is spelt.
    spelt : mapping
        How most people spell each text.
    """
    ordered = {text for text in told if is_ordered(text)}
    alone = sum(count for text, count in told.items() if people[text] < FEWEST and text not in ordered)
    # A scale has few answers.
    rare = ordered if len({spelt[text] for text in ordered}) <= MOST_ORDERED else set()
    if alone > FEWEST_LISTS * sum(told.values()):
        return rare
    # A few who gave two answers of a list gave none that is in it.
    several = {text for text in told if {*PARTED.split(text)} <= told.keys() - {text}}
    return rare | {text for text in told if people[text] >= FEWEST and text not in several}


def is_open(counts: Mapping[str, int]) -> bool:
    """Return whether one text ends a list of numbers: "3+" beside 1 and 2, "35 and over" beside 18 to 33."""
    numbers = {number_of_code(text) for text in counts if is_number(text)}
    last = [text for text in counts if not is_number(text)]
    if len(last) != 1 or len(numbers) < 2 or counts[last[0]] < FEWEST or len(re.findall(r"\d+", last[0])) != 1:
        return False
    return (read_first_number(last[0]) or 0.0) >= max(numbers)


def are_codes(texts: Sequence[str]) -> bool:
    """Return whether answers are codes whose labels stand elsewhere, one a cell or several: 1, A2, "1;3", AC."""
    several = [text for text in texts if CODES.fullmatch(text) or (text.isupper() and [*text] == sorted({*text}))]
    told = [text for text in texts if not is_number(text) and not BARE_CODE.fullmatch(text)]
    letters = {sign for text in several for sign in text if sign.isalpha()}
    are_lists = sum(len(text) > 1 for text in several) >= FEWEST_LISTED and len(letters) <= MOST_LETTERS
    return not {*told} - ({*several} if are_lists else set())


def spell_alike(counts: Counter[str]) -> dict[str, str]:
    """Return texts as most people spell them who gave the same ones in other capitals."""
    most: dict[str, str] = {}
    for text in sorted(counts, key=lambda one: (-counts[one], one)):
        most.setdefault(text.casefold(), text)
    return {text: most[text.casefold()] for text in counts}


def is_number(text: str) -> bool:
    """Return whether a text is a number."""
    return bool(re.fullmatch(r"[-+]?\d+([.,]\d+)?", text))


def is_small(column: DraftColumn) -> bool:
    """Return whether the numbers of a column are those of a rating, or codes of no answer beyond them."""
    people = {code: column.counts[code] for code in column.codes if not NO_NUMBER.fullmatch(code)}
    small = sum(count for code, count in people.items() if code.isdigit() and int(code) <= LARGEST_RATING)
    return bool(people) and small > MOST * sum(people.values())


def number_of_code(text: str) -> float:
    """Return a number whose decimals may have a comma."""
    return float(text.replace(",", "."))


def explain_left_out(column: DraftColumn) -> str:
    """Return why a column is no question by a questionnaire, its name, its label or its cells; "" where it may be."""
    if column.asked and (kind := column.asked.kind):
        return "" if kind in (ONE, SEVERAL, *AMOUNTS) else f"the questionnaire has it as {kind}"
    if not column.counts:
        return "nobody answered it"
    names = {column.name.rpartition("/")[2], column.text}
    words = " ".join(names).replace("_", " ")
    is_told = bool(column.labels) and not SIGNS["birth"].search(words)
    kinds = ("personal", "computed", "drawn", "interviewer", "moment", "noted")
    is_named = {name: any(map(SIGNS[name].fullmatch, names)) for name in kinds}
    if column.repeats_name and not is_named["computed"]:
        return ""
    # "Birthday party" is an option.
    is_told |= column.is_labelled and column.is_ticked
    signs = {
        "it may tell who somebody is": is_named["personal"] or (SIGNS["telling"].search(words) and not is_told),
        "a replicate weight, by its name": SIGNS["replicate"].fullmatch(column.name) and not column.is_labelled,
        "a program computed it": is_named["computed"],
        "it says which part of the survey somebody was given": is_named["drawn"],
        "the platform or the interviewer noted it": is_named["interviewer"]
        or ((is_named["moment"] or is_named["noted"]) and not (column.is_labelled and len(column.figures) > 2)),
        "dates or times": pd.api.types.is_datetime64_any_dtype(column.values),
    }
    if reason := next((reason for reason, holds in signs.items() if holds), ""):
        return reason
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
    if column.is_numeric:
        return "numbers without labels, which may be codes"
    return WRITTEN


def read_number_column(column: DraftColumn, *, are_numbers: bool = False) -> NumberColumn | None:
    """Return what a column of numbers holds; None where they may be codes, or tell who somebody is.

    Parameters
    ----------
    are_numbers : bool
        Whether other columns of its question hold numbers, which need not be told again.
    """
    labels = column.labels
    if len(column.codes) < 2 or not all(map(is_number, column.codes)):
        return None
    if labels and not (column.is_number or column.repeats_numbers):
        return None
    text = f"{column.name}: {column.text}".replace("%", " percent ").replace("#", " number of ")
    numbers = {code: number_of_code(code) for code in column.codes}
    listed = sorted(numbers, key=numbers.__getitem__)
    told = [bool(re.search(r"[^\W\d]", labels.get(code, "")) or NO_NUMBER.fullmatch(code)) for code in listed]
    last = max((place for place, is_named in enumerate(told) if not is_named), default=0)
    for place in range(last + 1, len(listed)):
        if numbers[listed[place]] > BEYOND * max(numbers[listed[place - 1]], 1):
            numbers = {code: numbers[code] for code in listed[:place]}
            break
    small = {code for code in numbers if NO_WORDS.fullmatch(code)}
    middle = np.median([*numbers.values()])
    numbers = {code: value for code, value in numbers.items() if code not in small or value * MANY_TIMES > middle}
    if top := read_top(text):
        numbers = {code: value for code, value in numbers.items() if value <= top}
    values = sorted(numbers.values())
    people = sum(column.counts[code] for code in numbers)
    is_whole = all(value.is_integer() for value in values)
    if len(values) < 2 or (is_whole and people > FEW_PEOPLE and len(values) >= OWN_NUMBER * people):
        return None
    ends = {numbers[code] in (values[0], values[-1]) for code in column.worded if code in numbers and labels}
    if is_whole and are_months(text, values[0], values[-1]):
        return None
    is_small = is_whole and values[0] >= 0 and values[-1] <= LARGEST_RATING
    full_scale = values[0] == 0 and len(values) >= FEWEST_OF_SCALE and not SIGNS["picked"].search(text)
    is_amount_by_name = bool(SIGNS["amount"].search(SIGNS["period"].sub("", text)))
    # "How many children?" from "None" to "17 or more" counts.
    is_of_ends = (column.names_ends or ends == {True}) and not SIGNS["counted"].search(text)
    is_told = is_of_ends or SIGNS["rating"].search(text) or len(list_ends(text)) > 1
    is_rating = bool(is_small and (is_told or (full_scale and not is_amount_by_name)))
    # A thermometer of feelings.
    is_rating |= is_whole and column.names_ends and (values[0], values[-1]) == (0, LARGEST_RATING**2)
    is_counted = SIGNS["counted"].search(text) or SIGNS["unit"].search(text)
    is_rating |= column.is_of_form and is_small and values[0] < 2 < len(values) and not is_counted
    counts_up = not is_whole or (values[0] == 0 and len(values) > len(YES_OR_NO)) or len(values) >= FEWEST_OF_AMOUNT
    # A file that labels codes labels no amounts, but what is said in place of one.
    is_amount = is_amount_by_name and (counts_up or column.repeats_numbers or bool(labels))
    given = {number: column.counts[code] for code, number in numbers.items()}
    # Codes have no decimals; versions have, and a score that was worked out has many, or is below 0 now and then.
    are_short = len(values) >= FEWEST_OF_AMOUNT and values[0] >= 0 and all(map(SHORT.fullmatch, numbers))
    is_amount |= bool(column.label) and not is_whole and are_short and not SIGNS["versioned"].search(text)
    is_amount |= are_numbers or (is_whole and (are_rounded(given) or hold_money(given)))
    is_declared = column.asked is not None and column.asked.kind in AMOUNTS
    if not (is_rating or is_amount or is_declared):
        return None
    missing = tuple(code for code in column.counts if code not in numbers)
    unit = name_unit(text, is_rating, values[0], values[-1])
    return NumberColumn(unit, missing, find_scale(column, unit, numbers) if is_rating else None, is_rating)


def are_months(text: str, least: float, largest: float) -> bool:
    """Return whether whole numbers of these ends are the months of a year: not 0, and too many for a rating."""
    may_be = least >= 1 and LARGEST_RATING < largest <= MONTHS and not SIGNS["counted"].search(text)
    return may_be and bool(SIGNS["month"].search(SIGNS["period"].sub("", text)))


def are_rounded(counts: Mapping[float, int]) -> bool:
    """Return whether numbers are round as often as those of people are who estimate: 20 days rather than 19.

    One in five numbers divides by 5, and hardly more codes do; those that do lie all over their range, while amounts
    are mostly small, or shares of 100.
    """
    told = {value: people for value, people in counts.items() if value >= LARGEST_RATING}
    if min(counts) < 0 or sum(value % 5 != 0 for value in counts) < FEWEST_OF_AMOUNT:
        return False
    people, middle = sum(told.values()), np.median(np.repeat([*counts], [*counts.values()]))
    is_skewed = max(counts) in (LARGEST_RATING**2, LARGEST_RATING**2 - 1) or max(counts) >= SKEWED * middle
    is_round = sum(told[value] for value in told if value % 5 == 0) > ROUNDED * people
    return bool(people >= FEW_PEOPLE and is_skewed and is_round)


def hold_money(counts: Mapping[float, int]) -> bool:
    """Return whether most numbers are thousands with two digits that say something, and one is a hundred times another.

    Codes of places and jobs are as round now and then, but as long as each other.
    """
    told = {value: people for value, people in counts.items() if value > 0}
    if len(told) < FEWEST_OF_AMOUNT or min(counts) < 0 or max(told) < MANY_TIMES * min(told):
        return False
    people = sum(told[value] for value in told if value >= THOUSAND and float(f"{value:.1e}") == value)
    return people > ROUNDED * sum(told.values())


def find_scale(column: DraftColumn, unit: str, numbers: Mapping[str, float]) -> tuple[float, float] | None:
    """Return the ends of a rating by their labels, or by its text ("from 0 to 10"); None where neither tells.

    A code that is none of its `numbers` ends no scale: 97 for "I don't know him" beside 1 to 10.
    """
    none = {*column.counts} - numbers.keys()
    labelled = sorted(number_of_code(code) for code in column.figures if is_number(code) and code not in none)
    values = sorted(numbers.values())
    if column.names_ends and labelled[0] <= values[0] and values[-1] <= labelled[-1]:
        return labelled[0], labelled[-1]
    found = SCALE.search(f"{column.name} {column.text}")
    if found and found[2] and unit:
        return float(found[0][0]), float(found[2])
    return None


def list_ends(text: str) -> list[float]:
    """Return the numbers that a text gives words to: "1 = bad, 5 = good", "10 - agree, 1 - disagree"."""
    return [float(number) for number, label in LABELLED_END.findall(text) if not match_answer(label)]


def read_top(text: str) -> float:
    """Return the end of the scale that a label tells of: "from 1 to 5", "1 = bad, 5 = good, 6 = don't know"; else 0."""
    ends = list_ends(text)
    if len(ends) > 1:
        return max(ends)
    return float(found[1] or found[2]) if (found := SCALE.search(text)) else 0.0


def name_unit(text: str, is_rating: bool, least: float, largest: float) -> str:
    """Return what numbers count, as it follows one: 'hours', 'out of 10'; "" where the label doesn't say."""
    if is_rating:
        found = SCALE.search(text)
        ends = (0, LARGEST_RATING), (0, LARGEST_RATING**2)
        top = int(found[1] or found[2]) if found else int(largest) if (least, largest) in ends else 0
        return f"out of {top}" if top >= largest else ""
    found = SIGNS["unit"].search(text)
    # Ages that end at 1 were put on another scale.
    is_age = SIGNS["of_age"].search(text) and not SIGNS["counted"].search(text) and largest > 1
    return found[0].lower() if found else "years" if is_age else ""
