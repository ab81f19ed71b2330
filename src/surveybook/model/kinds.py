"""Kinds of question: all that depends on how people could answer hangs on one class here.

A codebook names the kind of each question and lists the answers of each kind. Any name that is none of the engine's is
a kind made of its own answers, which exclude each other, so that nothing unknown is ever taken for a list to choose
several from; ``report.yml`` may put it into words.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import ClassVar, Literal

Relation = Literal["choices", "exclusive", "statements"]


@dataclass(frozen=True)
class Kind:
    """A kind of question, made of its answers: each person gives one of them to each item.

    Attributes
    ----------
    name : str
        As the codebook writes it.
    labels : mapping of str to str
        Its responses in the codebook's order, each with its label.
    words : mapping of str to str
        What a report says of the kind in place of what is said here: ``how_asked``, ``how_listed``.
    """

    name: str
    labels: Mapping[str, str] = field(default_factory=dict)
    words: Mapping[str, str] = field(default_factory=dict)

    # Whether the items are options of one list; those of other kinds are statements, each answered by itself.
    is_list: ClassVar[bool] = False
    # Whether one person may choose several items.
    is_several: ClassVar[bool] = False
    # The response that an item is ranked, tested and drawn by; None where none of them speaks for the item.
    headline: ClassVar[str | None] = None
    # How two items of one question stand to each other.
    relation: ClassVar[Relation] = "statements"
    # How such a question may stand in a file of respondents; the first is taken where the file doesn't say.
    encodings: ClassVar[tuple[str, ...]] = ("scale",)
    # Whether items are sentences, which stand in quotation marks where they are named.
    is_quoted: ClassVar[bool] = False
    asked: ClassVar[str] = "gave one of these answers"
    listed: ClassVar[str] = "one answer for each"

    @property
    def responses(self) -> tuple[str, ...]:
        """The answers, in the codebook's order."""
        return tuple(self.labels)

    @property
    def how_asked(self) -> str:
        """What people could do, to follow 'The residents'."""
        return self.words.get("how_asked") or self.asked

    @property
    def how_listed(self) -> str:
        """The kind as a table of questions names it."""
        return self.words.get("how_listed") or self.listed


class Multiple(Kind):
    """A list from which people may choose several items."""

    is_list = True
    is_several = True
    headline = "chosen"
    relation = "choices"
    encodings = ("columns", "choices", "delimited", "single")
    asked = "could choose several from a list"
    listed = "several from a list"


class Single(Kind):
    """A list from which people choose one item."""

    is_list = True
    headline = "chosen"
    relation = "exclusive"
    encodings = ("single", "columns")
    asked = "chose one from a list"
    listed = "one from a list"


class Scale(Kind):
    """Statements that people agree with or not."""

    headline = "agree"
    is_quoted = True
    asked = "said whether they agreed"
    listed = "agree or not"


KINDS: dict[str, type[Kind]] = {"multiple": Multiple, "single": Single, "scale": Scale}


def make_kind(name: str, labels: Mapping[str, str], words: Mapping[str, str] | None = None) -> Kind:
    """Return a kind by its name: one of the engine's, or one of its own answers."""
    return KINDS.get(name, Kind)(name, labels, words or {})
