"""Kinds of question: all that depends on how people could answer hangs on one class here.

A codebook names the kind of each question and lists the answers of each kind. The four here are the engine's; a report
may add its own in ``report.yml``; any other name in a codebook is a kind made of its own answers, which exclude each
other, so that nothing unknown is ever taken for a list to choose several from.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from importlib import import_module
from typing import ClassVar, Literal

from surveybook.model.problems import SurveybookError

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
    """

    name: str
    labels: Mapping[str, str] = field(default_factory=dict)

    # Whether the items are options of one list; those of other kinds are statements, each answered by itself.
    is_list: ClassVar[bool] = False
    # Whether one person may choose several items.
    is_several: ClassVar[bool] = False
    # The response that an item is ranked, tested and drawn by; None where none of them speaks for the item.
    headline: ClassVar[str | None] = None
    # How two items of one question stand to each other.
    relation: ClassVar[Relation] = "statements"
    # How such a question may stand in a file of respondents.
    encodings: ClassVar[tuple[str, ...]] = ("scale",)
    # Whether items are sentences, which stand in quotation marks where they are named.
    is_quoted: ClassVar[bool] = True

    @property
    def responses(self) -> tuple[str, ...]:
        """The answers, in the codebook's order."""
        return tuple(self.labels)

    @property
    def how_asked(self) -> str:
        """What people could do, to follow 'The public'."""
        return f"gave one of {len(self.labels)} answers" if self.labels else "gave one answer"

    @property
    def how_listed(self) -> str:
        """The kind in a table of questions."""
        return "one answer for each"


class Multiple(Kind):
    """A list from which people may choose several items."""

    is_list = True
    is_several = True
    headline = "chosen"
    relation = "choices"
    encodings = ("columns", "choices", "delimited", "single")
    is_quoted = False
    how_asked = "could choose several from a list"
    how_listed = "several from a list"


class Single(Kind):
    """A list from which people choose one item."""

    is_list = True
    headline = "chosen"
    relation = "exclusive"
    encodings = ("single", "columns")
    is_quoted = False
    how_asked = "chose one from a list"
    how_listed = "one from a list"


class Scale(Kind):
    """Statements that people agree with or not."""

    headline = "agree"
    how_asked = "said whether they agreed"
    how_listed = "agree or not"


KINDS: dict[str, type[Kind]] = {"multiple": Multiple, "single": Single, "scale": Scale}


def find_class(name: str, classes: tuple[str, ...] = ()) -> type[Kind]:
    """Return the class of a kind: one of the report's own, one of the engine's, or that of any other answers.

    Parameters
    ----------
    name : str
        The kind, as the codebook writes it.
    classes : tuple of str
        The report's own, as ``package.module.Class``; each has the name of its kind in `kind`.

    Raises
    ------
    SurveybookError
        When a class that the report names isn't there.
    """
    for dotted in classes:
        module, _, attribute = dotted.rpartition(".")
        try:
            found = getattr(import_module(module), attribute)
        except (ImportError, AttributeError, ValueError) as error:
            raise SurveybookError(f"report.yml names the kind {dotted}, which can't be imported: {error}.") from None
        if found.kind == name:
            return found
    return KINDS.get(name, Kind)
