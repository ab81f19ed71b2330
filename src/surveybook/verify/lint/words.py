"""The committed lists of words, as patterns to look for."""

import re
from collections.abc import Iterable, Iterator
from functools import cached_property
from pathlib import Path
from typing import Annotated, Any

from pydantic import BeforeValidator, Field, StringConstraints

from surveybook.model import paths
from surveybook.model.codebook import Codebook, read_codebook
from surveybook.model.files import read_yaml
from surveybook.model.problems import DataError, Problem
from surveybook.model.validation import Settings, read_settings
from surveybook.verify.lint.findings import straighten

# Stands for code and for a role in a text: no word, but where one may be.
PLACEHOLDER = "\ufffc"
DIGITS = re.compile(r"[\d¹²³½⅓⅔¼¾⅕-⅞]+(?:[.,][\d]+)*")
PER_CENT = re.compile(r"%|‰|\bper\s*cent\b", re.IGNORECASE)


def _flatten(entries: Any) -> Any:
    """Return a list of words whose entries may be lists of the forms that a word takes."""
    if not isinstance(entries, list):
        return entries
    return [word for entry in entries for word in (entry if isinstance(entry, list) else [entry])]


Word = Annotated[str, StringConstraints(to_lower=True, min_length=1)]
WordList = Annotated[tuple[Word, ...], BeforeValidator(_flatten), Field(min_length=1)]


def match_any(phrases: Iterable[str]) -> re.Pattern[str]:
    """Return a pattern for any of some phrases as whole words, the longest that fits; line ends count as spaces."""
    longest_first = sorted(set(phrases), key=lambda phrase: (-len(phrase), phrase))
    choices = "|".join(r"\s+".join(re.escape(word) for word in phrase.split()) for phrase in longest_first)
    return re.compile(rf"(?<!\w)(?:{choices})(?!\w)" if choices else r"(?!)", re.IGNORECASE)


def find_outside(wanted: re.Pattern[str], innocent: re.Pattern[str], text: str) -> Iterator[re.Match[str]]:
    """Yield what one pattern finds in a text, leaving out all that is inside a match of another."""
    spans = [match.span() for match in innocent.finditer(text)]
    for match in wanted.finditer(text):
        if not any(start <= match.start() and match.end() <= end for start, end in spans):
            yield match


class Words(Settings):
    """The words that rules look for, as ``data/lint/words.yml`` explains them.

    `populations` and `labels`, those of items, have the codebook's too; what stands in `everyday_labels` is none.
    """

    directions: WordList
    not_directions: WordList
    fractions: WordList
    numbers: WordList
    nouns: WordList
    joints: WordList
    populations: WordList
    not_populations: WordList
    everyday_labels: WordList
    labels: tuple[str, ...] = ()

    @cached_property
    def patterns(self) -> dict[str, re.Pattern[str]]:
        """What prose may not hold anywhere, by the name of its rule."""
        number = rf"(?:{'|'.join(self.numbers)})"
        joint, noun = "|".join(self.joints), "|".join(self.nouns)
        word = rf"(?!(?:{joint})\b)[\w'{PLACEHOLDER}]+"
        of = r"(?:\s+(?:out\s+)?of(?:\s+(?:the|these|those|all|our|their))?)?"
        # A number in words before a noun that a survey counts, or 'one in ten'.
        counted = rf"{number}(?:[\s-]+{number})*{of}(?:[\s-]+{word})?[\s-]+(?:{noun})"
        one_in_ten = rf"(?:one|{number})(?:\s+{word})?\s+(?:in|out\s+of)\s+(?:every\s+|a\s+)?{number}"
        count = re.compile(rf"\b(?:{counted}|{one_in_ten})\b", re.IGNORECASE)
        return {"digit": DIGITS, "per-cent": PER_CENT, "fraction": match_any(self.fractions), "count": count}

    @cached_property
    def names(self) -> dict[str, tuple[re.Pattern[str], re.Pattern[str]]]:
        """Patterns of what is looked for, each with what holds it and means something else."""
        pairs = {
            "direction": (self.directions, self.not_directions),
            "population": (self.populations, self.not_populations),
            "item": (map(straighten, self.labels), ()),
        }
        return {name: (match_any(wanted), match_any(innocent)) for name, (wanted, innocent) in pairs.items()}

    def find(self, name: str, text: str) -> Iterator[re.Match[str]]:
        """Yield each ``direction``, each name of a ``population`` or each label of an ``item`` in a text."""
        return find_outside(*self.names[name], text)


def item_labels(codebook: Codebook) -> set[str]:
    """Return what items are called: long and short label, and what stands before a long label's colon."""
    labels = {*codebook.items["label"], *codebook.items["short_label"]}
    return {label.lower() for label in labels | {label.partition(":")[0] for label in labels}}


def read_word_lists(path: Path | None = None, codebook: Codebook | None = None) -> Words:
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
    words = None if problems else read_settings(Words, lists, paths.shown(path), problems)
    if words is None:
        raise DataError("The list of words", problems)
    people = {label.lower() for column in ("label", "people") for label in codebook.populations[column]}
    labels = tuple(sorted(item_labels(codebook) - set(words.everyday_labels)))
    return words.model_copy(update={"populations": (*words.populations, *sorted(people)), "labels": labels})
