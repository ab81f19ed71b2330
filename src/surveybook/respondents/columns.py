"""Columns of a respondent file as codes and as numbers, and the checks that each has to pass."""

import re
from collections import Counter
from collections.abc import Callable, Iterable
from difflib import get_close_matches
from itertools import chain

import numpy as np
import pandas as pd

from surveybook.model.problems import Problem
from surveybook.respondents.codes import WEIGHT, code_text, is_declared_missing, tell_apart
from surveybook.respondents.files import Respondents, match_columns, numbered_stem
from surveybook.respondents.mapping import PopulationMapping

Warn = Callable[[str], None]
# A code that this many respondents share, or a short number, says nothing about one of them.
SHARED_BY = 10
SHORT_NUMBER = re.compile(r"-?\d{1,4}")
NUMBER = re.compile(r"[+-]?(\d+(\.\d*)?|\.\d+)([eE][+-]?\d+)?")
COMMA_NUMBER = re.compile(r"[+-]?\d+,\d+")
# A weight this many times the median one is far more often a code for "missing" than a weight.
WILD_WEIGHT = 200.0
# Sums of squares of numbers beyond these can't be told from 0 or from infinity.
SMALLEST_WEIGHT, LARGEST_WEIGHT = 1e-12, 1e15
LARGE_PART = 0.1
# What messages call a code that one respondent may have written.
UNNAMED = "a code"
ENOUGH_FOR_PARTS = 100


class Columns:
    """The columns of one population's file.

    Attributes
    ----------
    source : Respondents
        The file.
    mapping : PopulationMapping
        What ``wave.yml`` says of it.
    problems : list of Problem
        Where faults go.
    warn : callable
        Called with what looks wrong and may still be right.
    """

    def __init__(self, source: Respondents, mapping: PopulationMapping, problems: list[Problem], warn: Warn) -> None:
        self.source, self.mapping, self.problems, self.warn = source, mapping, problems, warn

    @property
    def size(self) -> int:
        """The number of respondents."""
        return len(self.source.frame)

    def wrong(self, found: str, expected: str, column: str | None = None, at: np.ndarray | int | None = None) -> None:
        """Add a problem with this file; `at` is a respondent's position, or where it is wrong: the first counts.

        What is wrong nowhere is no problem.
        """
        if isinstance(at, np.ndarray) and not at.any():
            return
        place = int(np.argmax(at)) if isinstance(at, np.ndarray) else at
        row = None if place is None else place + self.source.first_row
        self.problems.append(Problem(self.source.name, found, expected, row, column))

    def doubt(self, column: str, text: str) -> None:
        """Say what looks wrong in a column."""
        self.warn(f"{self.source.name}, column {column}: {text}")

    def codes(self, column: str, keep: tuple[str, ...] = (), missing: tuple[str, ...] = ()) -> np.ndarray:
        """Return a column as codes, empty where there is no answer; see `read_codes`."""
        places, texts = self.read_codes(column, keep, missing)
        return texts[places]

    def read_codes(
        self, column: str, keep: tuple[str, ...] = (), missing: tuple[str, ...] = ()
    ) -> tuple[np.ndarray, np.ndarray]:
        """Return each respondent's place among the codes of a column, and the codes, the last of which is empty.

        Of millions of people places take less room than codes. An empty code is no answer; all but the last occur.

        Parameters
        ----------
        column : str
            One that the file has.
        keep : tuple of str
            Codes that are answers here although the file declares them missing.
        missing : tuple of str
            Codes that are no answers here, besides those of the whole file.
        """
        places, values = self.source.find_distinct(column)
        if any(isinstance(value, tuple) for value in values):
            self.wrong("several answers stand in one cell", "map the column as encoding: delimited", column)
            return np.full(self.size, -1), np.array([""], dtype=object)
        declared, coded = self.source.missing.get(column, ()), self.source.coded.get(column, {})
        texts = []
        for value in values:
            text = code_text(value)
            # A cell "1 - Agree" is the code 1, unless the mapping has the whole of it.
            text = text if text in keep else coded.get(text, text)
            lost = text in (*missing, *self.mapping.rules.missing) or is_declared_missing(value, declared)
            texts.append("" if lost and text not in keep else text)
        return places, np.array([*texts, ""], dtype=object)

    def texts(self, column: str) -> np.ndarray:
        """Return a column of names, such as ids, as text: 007 isn't 7, and no name is a code for missing."""
        places, values = self.source.find_distinct(column)
        return np.array([*(str(value).strip() for value in values), ""], dtype=object)[places]

    def numbers(self, column: str, besides: Iterable[str] | None = None) -> np.ndarray:
        """Return a column as numbers, NaN where nothing stands or a code of `besides`; what else isn't is a problem."""
        series = self.source.frame[column]
        declared = self.source.missing.get(column, ())
        if pd.api.types.is_numeric_dtype(series):
            numbers = series.to_numpy(dtype=float, na_value=np.nan)
            for low, high in declared:
                numbers = np.where((numbers >= low) & (numbers <= high), np.nan, numbers)
            return numbers
        places, values = self.source.find_distinct(column)
        codes, coded = set(besides or ()), self.source.coded.get(column, {})
        texts = [
            "" if code_text(value) in codes or is_declared_missing(value, declared)
            else coded.get(code_text(value), str(value).strip())
            for value in values
        ]  # fmt: skip
        commas = [text for text in texts if COMMA_NUMBER.fullmatch(text)]
        dots = [text for text in texts if "." in text]
        is_large = any(text.isdigit() and int(text) >= 100 for text in texts)
        for is_doubtful, found, expected in (
            (commas and dots, "decimal commas and decimal points stand in one column", "use one of them"),
            (commas and all(map(may_group_thousands, commas)), "the commas may be decimal or group thousands",
             "save the numbers with decimal points"),
            (dots and is_large and all(map(may_group_thousands, dots)), "the points may be decimal or group thousands",
             "save the numbers without signs that group thousands"),
        ):  # fmt: skip
            if is_doubtful:
                self.wrong(found, expected, column)
                return np.full(self.size, np.nan)
        plain = [text.replace(",", ".") if commas else text for text in texts]
        numbers = [float(text) if NUMBER.fullmatch(text) else np.nan for text in plain]
        strange = np.array([*(text and not NUMBER.fullmatch(text) for text in plain), False], dtype=bool)[places]
        hint = "" if besides is None else ", or name it in values or missing"
        hint += "; if the row holds labels or no respondent, take it out" if strange[:1].any() else ""
        self.wrong("this isn't a number", f"expected a number such as 1.25{hint}", column, strange)
        return np.array([*numbers, np.nan])[places]

    def name_code(self, code: str, codes: np.ndarray, column: str, known: Iterable[str] = ()) -> str:
        """Return a code for a message, with its label, unless it could be what one respondent wrote.

        One that is like a known code is named with what tells them apart.
        """
        if apart := tell_apart(code, known):
            return f"the code '{code}'{apart}"
        common = int((codes == code).sum()) >= SHARED_BY
        labelled = any(code in labels for labels in self.source.value_labels.values())
        if not (SHORT_NUMBER.fullmatch(code) or common or labelled):
            return UNNAMED
        label = self.source.value_labels.get(column, {}).get(code)
        return f"the code '{code}'{f' ({label})' if label else ''}"


def may_group_thousands(text: str) -> bool:
    """Return whether the one comma or point of a number may stand before its last three whole digits: 1,250."""
    whole, _, part = text.replace(",", ".").lstrip("+-").partition(".")
    return len(part) == 3 and part.isdigit() and 1 <= len(whole) <= 3 and whole != "0"


def check_ids(columns: Columns) -> None:
    """Add a problem where a respondent stands twice or has no id; a doubt where nobody can tell."""
    name = columns.mapping.rules.id
    if name is None:
        columns.warn(
            f"{columns.source.name}: no id is declared, so nobody can tell whether a respondent stands there twice"
        )
        return
    series = columns.source.frame[name]
    if pd.api.types.is_integer_dtype(series) and isinstance(series.dtype, np.dtype):
        numbers = np.sort(series.to_numpy())
        if not (numbers[1:] == numbers[:-1]).any():
            return  # millions of ids as texts would fill the memory
    codes = columns.texts(name)
    columns.wrong("a respondent has no id", "fill it, or take the row out", name, codes == "")
    twice = np.flatnonzero(pd.Series(codes).duplicated() & (codes != ""))
    for at in twice[:5]:
        before = int(np.argmax(codes == codes[at])) + columns.source.first_row
        columns.wrong(f"this respondent stands in row {before} already", "keep one of the rows", name, int(at))
    if len(twice) > 5:
        columns.wrong(f"{len(twice) - 5} more respondents stand twice", "keep one row each", name)


def check_weights(columns: Columns, name: str) -> np.ndarray | None:
    """Return a column of weights, or None with what is wrong with it added to the problems."""
    before = len(columns.problems)
    weights = columns.numbers(name)
    if len(columns.problems) > before:
        return None
    if columns.mapping.rules.no_weight == "exclude":
        weights = np.where(np.isnan(weights), 0.0, weights)
    for mask, what in ((np.isnan(weights), "missing"), (weights < 0, "negative"), (np.isinf(weights), "infinite")):
        more = f" (and so in {int(mask.sum()) - 1} more rows)" if mask.sum() > 1 else ""
        expected = "every respondent needs a weight of 0 or more"
        if what == "missing":
            expected += ", or write no_weight: exclude in wave.yml where it is of another sample than these people"
        columns.wrong(f"the weight is {what}{more}", expected, name, mask)
    if len(columns.problems) > before:
        return None
    limit, positive = columns.mapping.rules.largest_weight, weights[weights > 0]
    if not len(positive):
        columns.wrong("all weights are 0", "expected weights that add up to more than 0", name)
    elif positive.min() < SMALLEST_WEIGHT or positive.max() > LARGEST_WEIGHT:
        found = f"the weights run from {positive.min():.3g} to {positive.max():.3g}"
        columns.wrong(found, f"expected weights from {SMALLEST_WEIGHT:g} to {LARGEST_WEIGHT:g}", name)
    else:
        ratio, part = positive.max() / np.median(positive), positive.max() / positive.sum()
        heavy = limit is None and part > LARGE_PART and len(positive) >= ENOUGH_FOR_PARTS
        if heavy or ratio > (limit or WILD_WEIGHT):
            found = f"the weight is {ratio:.0f} times the median one and {100 * part:.0f} per cent of the sum"
            expected = f"correct it (a code for missing?), or declare largest_weight: {int(np.ceil(ratio))} in wave.yml"
            columns.wrong(found, expected, name, int(weights.argmax()))
    if none := int((weights == 0).sum()):
        what = "no weight, or one of 0," if columns.mapping.rules.no_weight == "exclude" else "a weight of 0"
        columns.warn(f"{columns.source.name}: {none} respondents have {what} and count for nothing")
    return None if len(columns.problems) > before else weights


def check_present(columns: Columns, wanted: dict[str, str]) -> bool:
    """Return whether all mapped columns are there; add a problem for each that isn't.

    `wanted` names each column with the place in ``wave.yml`` that asks for it.
    """
    absent = {column: place for column, place in wanted.items() if column not in columns.source.frame}
    there = columns.source.there
    for column, place in absent.items():
        near = get_close_matches(column, there, 1)
        meant = tell_apart(column, there) or (f" (did you mean '{near[0]}'?)" if near else "")
        expected = f"correct the mapping or the file{meant}"
        columns.wrong(f"the column isn't in the file, and {place} names it", expected, column)
    return not absent


def check_unmapped(columns: Columns, wanted: dict[str, str]) -> None:
    """Add a problem where columns look like options of a mapped question and aren't mapped, and warn of a weight."""
    there, rules = columns.source.there, columns.mapping.rules
    known = set(wanted) | set(match_columns(list(there), list(rules.ignore)))
    unused = [column for column in there if WEIGHT.fullmatch(column) and column not in known]
    if unused and not rules.weight and not rules.census:
        columns.doubt(unused[0], f"shares are unweighted; write weight: {unused[0]} in wave.yml, or add it to ignore")
    for question in columns.mapping.questions:
        mapped = list(question.columns)
        options = question.encoding == "columns"
        counts = Counter(stem for column in mapped for stem in find_stems(column, options))
        stems = {stem for stem, members in counts.items() if members > 1}
        more = [column for column in there if stems.intersection(find_stems(column, options))]
        declared = [members for members, *_ in columns.source.sets if set(members) & set(mapped)]
        more = [column for column in dict.fromkeys([*more, *chain(*declared)]) if column not in known]
        if more:
            others = f" (and so do {', '.join(more[1:])})" if len(more) > 1 else ""
            found = f"the column looks like one more option and isn't mapped{others}"
            columns.wrong(found, f"add it to {question.question} in wave.yml, or to ignore", more[0])


def find_stems(column: str, options: bool) -> list[str]:
    """Return what a column's name shares with its set's: q1_ of q1_2; of options also "group" and "Which?"."""
    stems = [numbered_stem(column), *(column.rpartition(mark)[0] for mark in ("/", ": ") if options)]
    return list(filter(None, stems))
