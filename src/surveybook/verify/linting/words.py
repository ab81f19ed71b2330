"""The committed lists of words, as patterns to look for."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from surveybook.model import paths
from surveybook.model.codebook import Codebook, read_codebook
from surveybook.model.problems import DataError, Problem
from surveybook.model.reading import read_yaml

LISTS = (
    "directions",
    "not_directions",
    "fractions",
    "numbers",
    "nouns",
    "joints",
    "populations",
    "not_populations",
    "everyday_labels",
)
# Stands for code and for a role in a text: no word, but where one may be.
PLACEHOLDER = "\ufffc"
DIGITS = re.compile(r"[\d¹²³½⅓⅔¼¾⅕-⅞]+(?:[.,][\d]+)*")
PER_CENT = re.compile(r"%|‰|\bper\s*cent\b", re.IGNORECASE)


def any_of(phrases: Iterable[str]) -> re.Pattern[str]:
    """Return a pattern for any of some phrases as whole words, the longest that fits; line ends count as spaces."""
    longest_first = sorted(set(phrases), key=lambda phrase: (-len(phrase), phrase))
    choices = "|".join(r"\s+".join(re.escape(word) for word in phrase.split()) for phrase in longest_first)
    return re.compile(rf"(?<!\w)(?:{choices})(?!\w)" if choices else r"(?!)", re.IGNORECASE)


def outside(wanted: re.Pattern[str], innocent: re.Pattern[str], text: str) -> Iterator[re.Match[str]]:
    """Yield what one pattern finds in a text, leaving out all that is inside a match of another."""
    spans = [match.span() for match in innocent.finditer(text)]
    for match in wanted.finditer(text):
        if not any(start <= match.start() and match.end() <= end for start, end in spans):
            yield match


def straight(text: str) -> str:
    """Return a text of the same length with straight apostrophes and plain hyphens, so that spelling decides alone."""
    return text.translate(str.maketrans("’‘‑", "''-"))


@dataclass(frozen=True)
class Words:
    """The words that rules look for.

    Attributes
    ----------
    directions, not_directions, fractions, numbers, nouns, joints, populations, not_populations, labels : tuple of str
        As ``data/lint/words.yml`` explains them; `populations` and `labels` with those of the codebook.
    """

    directions: tuple[str, ...]
    not_directions: tuple[str, ...]
    fractions: tuple[str, ...]
    numbers: tuple[str, ...]
    nouns: tuple[str, ...]
    joints: tuple[str, ...]
    populations: tuple[str, ...]
    not_populations: tuple[str, ...]
    labels: tuple[str, ...]

    @cached_property
    def direction(self) -> re.Pattern[str]:
        """Return the pattern of a word for how figures stand to each other."""
        return any_of(self.directions)

    @cached_property
    def fraction(self) -> re.Pattern[str]:
        """Return the pattern of a word for a part of a whole."""
        return any_of(self.fractions)

    @cached_property
    def count(self) -> re.Pattern[str]:
        """Return the pattern of a number in words before a noun that a survey counts, or of 'one in ten'."""
        number = rf"(?:{'|'.join(self.numbers)})"
        joint, noun = "|".join(self.joints), "|".join(self.nouns)
        word = rf"(?!(?:{joint})\b)[\w'{PLACEHOLDER}]+"
        of = r"(?:\s+(?:out\s+)?of(?:\s+(?:the|these|those|all|our|their))?)?"
        counted = rf"{number}(?:[\s-]+{number})*{of}(?:[\s-]+{word})?[\s-]+(?:{noun})"
        one_in_ten = rf"(?:one|{number})(?:\s+{word})?\s+(?:in|out\s+of)\s+(?:every\s+|a\s+)?{number}"
        return re.compile(rf"\b(?:{counted}|{one_in_ten})\b", re.IGNORECASE)

    @cached_property
    def label(self) -> re.Pattern[str]:
        """Return the pattern of an item's label."""
        return any_of(straight(label) for label in self.labels)

    def direction_words(self, text: str) -> Iterator[re.Match[str]]:
        """Yield each directional word in a text, leaving out phrases that hold one and say nothing of figures."""
        return outside(self.direction, any_of(self.not_directions), text)

    def population_names(self, text: str) -> Iterator[re.Match[str]]:
        """Yield each name of a population in a text, leaving out what only begins like one."""
        return outside(any_of(self.populations), any_of(self.not_populations), text)


def item_labels(codebook: Codebook) -> set[str]:
    """Return what items are called: long and short label, and what stands before a long label's colon."""
    labels = set(codebook.items["label"]) | set(codebook.items["short_label"])
    return {label.lower() for label in labels | {label.partition(":")[0] for label in labels}}


def read_words(path: Path | None = None, codebook: Codebook | None = None) -> Words:
    """Return the lists of ``data/lint/words.yml``, completed with the codebook's names.

    Raises
    ------
    DataError
        When the file can't be read, or a list is missing or isn't one of words.
    """
    path = path or paths.data() / "lint" / "words.yml"
    codebook = codebook or read_codebook()
    problems: list[Problem] = []
    lists = read_yaml(path, problems)
    flat = {}
    for name in LISTS:
        entries = lists.get(name)
        words = (
            [word for entry in entries for word in (entry if isinstance(entry, list) else [entry])]
            if isinstance(entries, list)
            else []
        )
        if not words or not all(isinstance(word, str) and word.strip() for word in words):
            problems.append(
                Problem(
                    paths.shown(path),
                    "the list of words is missing or holds something else",
                    "write words, with numbers, true and false in quotes",
                    column=name,
                )
            )
        flat[name] = tuple(str(word).lower() for word in words)
    if problems:
        raise DataError("The list of words", problems)
    everyday = set(flat.pop("everyday_labels"))
    populations = {label.lower() for column in ("label", "people") for label in codebook.populations[column]}
    flat["populations"] = tuple(sorted(populations | set(flat["populations"])))
    return Words(**flat, labels=tuple(sorted(item_labels(codebook) - everyday)))
