"""Kinds of question: all that depends on how people could answer hangs on one class here.

A codebook names the kind of each question and lists the answers of each kind. Any name that is none of the engine's is
a kind made of its own answers, which exclude each other, so that nothing unknown is ever taken for a list to choose
several from; ``report.yml`` may put it into words.

A response may be a net: one that is made of answers, such as "satisfied" of "very satisfied" and "fairly satisfied". It
is a figure like any other, and no answer: it never counts in a sum, and never for the largest answer.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import ClassVar, Literal

from surveybook.model.files import read_beside
from surveybook.model.wording import in_sentence

# What a file of respondents may hold beside the items of a list; it has no figure of its own.
OTHER = "other"
Relation = Literal["choices", "exclusive", "statements"]
# How people who gave an answer are said to be, by a word of the answer.
REPLIES: list[dict[str, str]] = read_beside(__file__, "replies.yml")


@dataclass(frozen=True)
class Kind:
    """A kind of question, made of its answers: each person gives one of them to each item.

    Attributes
    ----------
    name : str
        As the codebook writes it.
    labels : mapping of str to str
        Its responses in the codebook's order, each with its label.
    nets : mapping of str to tuple of str
        Those of them that are made of others, each with its answers.
    roles : mapping of str to str
        Which response speaks for an item (``headline``), and which takes the other side (``opposite``), where the
        codebook says so.
    own_words : str
        How a report's tables of questions name the kind, in place of what is said here.
    """

    name: str
    labels: Mapping[str, str] = field(default_factory=dict)
    nets: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    roles: Mapping[str, str] = field(default_factory=dict)
    own_words: str = ""

    # Whether the items are options of one list; those of other kinds are statements, each answered by itself.
    is_list: ClassVar[bool] = False
    # Whether one person may choose several items.
    is_several: ClassVar[bool] = False
    # Whether people answer with a number, so that means and medians are its figures, and no share is.
    is_number: ClassVar[bool] = False
    # The roles of responses where the codebook says nothing of them.
    usual_roles: ClassVar[Mapping[str, str]] = {}
    # How two items of one question stand to each other.
    relation: ClassVar[Relation] = "statements"
    # How such a question may stand in a file of respondents; the first is taken where the file doesn't say.
    encodings: ClassVar[tuple[str, ...]] = ("scale",)
    # Whether items are sentences, which stand in quotation marks where they are named.
    is_quoted: ClassVar[bool] = False
    listed: ClassVar[str] = ""

    @property
    def responses(self) -> tuple[str, ...]:
        """All that has a figure: the answers and the nets made of them, in the codebook's order."""
        return tuple(self.labels)

    @property
    def answers(self) -> tuple[str, ...]:
        """What people could answer, in the codebook's order: the responses without nets."""
        return tuple(response for response in self.labels if response not in self.nets)

    @property
    def in_order(self) -> tuple[str, ...]:
        """The answers as they are told and drawn: the headline's side first, whichever way the list runs."""
        ends = [[*map(self.answers.index, self.split_net(side))] for side in (self.headline, self.opposite) if side]
        if len(ends) < 2 or ends[0] < ends[1]:
            return self.answers
        # What is on neither side and follows both, such as "don't know", stays last.
        last = max(map(max, ends)) + 1
        return (*self.answers[:last][::-1], *self.answers[last:])

    @property
    def headline(self) -> str | None:
        """The response that an item is ranked, tested and drawn by; None where none of them speaks for the item."""
        return (self.roles or self.usual_roles).get("headline")

    @property
    def opposite(self) -> str | None:
        """The response whose share is held against the headline's; None where there are no two sides."""
        return (self.roles or self.usual_roles).get("opposite")

    @property
    def past(self) -> str:
        """What those did who gave the headline, before the item: 'named', 'agreed with'."""
        return f"answered “{in_sentence(self.label_of(self.headline or ''))}” to"

    @property
    def passive(self) -> str:
        """What was done with an item, before the share of those who did: 'named by 68%'."""
        return f"{self.past.removesuffix(' to')} by" if self.headline else "given by"

    def split_net(self, response: str) -> tuple[str, ...]:
        """Return the answers that a response counts: those of a net, or itself."""
        return self.nets.get(response, (response,))

    @property
    def how_listed(self) -> str:
        """The kind as a table of questions names it."""
        return self.own_words or self.listed or f"one of: {'; '.join(map(self.label_of, self.answers))}"

    def label_of(self, response: str) -> str:
        """Return what a response is called: its label, or its own name where the codebook lists none."""
        return self.labels.get(response, "Don’t know" if response == "dont_know" else response.replace("_", " "))

    def reply(self, response: str, thing: str | None = None) -> str:
        """Return what people who gave a response do: 'are satisfied with parks', 'answer “daily” to “…”', 'name value'.

        Parameters
        ----------
        response : str
            One of the responses.
        thing : str, optional
            What they gave it to; empty for words that wait for it ('agree with'), None for words that need none.
        """
        label = in_sentence(self.label_of(response)).replace("'", "’")
        for own in REPLIES:
            if re.search(rf"\b({own['word']})$", label):
                said = own["without" if thing is None else "with_thing"]
                return said.format(answer=label, thing=thing or "").rstrip(" :")
        answer = f"answer “{label}”"
        return answer if thing is None else f"{answer} to {thing}".rstrip()


class List(Kind):
    """A list of options to choose from."""

    is_list = True
    usual_roles: ClassVar = {"headline": "chosen"}
    past = "named"

    def reply(self, response: str, thing: str | None = None) -> str:
        """Return that people name an option, whatever the response is called."""
        return f"name {'it' if thing is None else thing}".rstrip()


class Multiple(List):
    """A list from which people may choose several items."""

    is_several = True
    relation = "choices"
    encodings = ("columns", "choices", "delimited", "single")
    listed = "several from a list"


class Single(List):
    """A list from which people choose one item."""

    relation = "exclusive"
    encodings = ("single", "columns")
    listed = "one from a list"


class Scale(Kind):
    """Statements that people agree with or not."""

    usual_roles: ClassVar = {"headline": "agree", "opposite": "disagree"}
    is_quoted = True
    past = "agreed with"
    listed = "agree or not"

    def reply(self, response: str, thing: str | None = None) -> str:
        """Return that people agree or disagree with a statement, or else which answer they give to it."""
        if response not in (self.headline, self.opposite):
            return super().reply(response, thing)
        return response if thing is None else f"{response} with {thing}".rstrip()


class Number(Kind):
    """Things that people answer with a number: a rating, an age, hours, an amount."""

    is_number = True
    encodings = ("number",)
    past = "gave a number to"
    listed = "a number"


# Any other name is that of a `Kind` of its own answers.
KINDS: dict[str, type[Kind]] = {"multiple": Multiple, "single": Single, "scale": Scale, "number": Number}
