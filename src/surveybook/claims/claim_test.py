"""What every test of a claim is: its fields, what is wrong with them, what it names, and how it is judged.

A test is written as a mapping of plain values with a ``kind``; each kind is a class. Nothing in a test is evaluated,
and a kind or field that isn't known is a problem with a place, never ignored.
"""

from collections.abc import Iterator, Mapping
from dataclasses import MISSING, dataclass, fields
from typing import TYPE_CHECKING, Any, ClassVar

from surveybook.model.codebook import Codebook
from surveybook.model.kinds import Kind
from surveybook.model.survey import KEY

if TYPE_CHECKING:
    from surveybook.claims.evidence import Evidence
    from surveybook.claims.judgement import Judgement

Complaint = tuple[str, str]
# Pairs of the keys of two figures, the one that should be higher first.
Pairs = list[tuple[str, str]]


@dataclass(frozen=True)
class Names:
    """What a test may name: plain mappings, because a look-up in the codebook's tables costs a thousand times more."""

    populations: frozenset[str]
    question_of: Mapping[str, str]
    kind_of: Mapping[str, Kind]

    def list_items(self, question: str) -> list[str]:
        """Return the items of a question."""
        return [item for item, own in self.question_of.items() if own == question]


def read_names(codebook: Codebook) -> Names:
    """Return the names that a codebook has."""
    kinds = {name: codebook.kind(name) for name in codebook.questions["kind"].unique()}
    return Names(
        frozenset(codebook.populations.index),
        codebook.items["question_id"].to_dict(),
        {question: kinds[name] for question, name in codebook.questions["kind"].items()},
    )


@dataclass(frozen=True)
class ClaimTest:
    """A kind of test; its dataclass fields are what it needs, and those with a default come one of several.

    Each kind says in `complain` what is wrong with values of the right fields, in `judge` what a wave has to say,
    and in ``keys`` and the ``name_…`` methods which figures and questions it is about.
    """

    kind: ClassVar[str]
    # The fields that hold keys of figures: of two, the verdict turns on their distance, the first less the second.
    keys: ClassVar[tuple[str, ...]] = ()
    # A test of the report's own text: no wave changes what comes of it.
    is_textual: ClassVar[bool] = False
    # A test that turns on several pairs of figures, of which only those in the wrong order matter.
    is_ranking: ClassVar[bool] = False

    @classmethod
    def list_fields(cls) -> tuple[tuple[str, ...], tuple[str, ...]]:
        """Return the fields that a test needs, and those of which it needs exactly one."""
        needed = tuple(field.name for field in fields(cls) if field.default is MISSING)
        return needed, tuple(field.name for field in fields(cls) if field.default is not MISSING)

    def complain(self, names: Names) -> Iterator[Complaint]:
        """Yield what is wrong with the values, each with what was expected."""
        for key in self.name_figures(names):
            yield from complain_about_key(key, names)

    def judge(self, evidence: "Evidence") -> "Judgement":
        """Return what a wave has to say."""
        raise NotImplementedError

    def list_parts(self) -> "tuple[ClaimTest, ...]":
        """Return the single tests that this one is made of: itself, or the parts of a compound."""
        return (self,)

    def name_figures(self, names: Names) -> list[str]:
        """Return the keys of the figures that the test names."""
        return [getattr(self, field) for field in self.keys]

    def name_questions(self, names: Names) -> list[tuple[str, str]]:
        """Return the populations and questions that the test needs, each pair once; none for a test of texts."""
        matches = [KEY.fullmatch(key) for key in self.name_figures(names)]
        found = [(match["population"], names.question_of[match["item"]]) for match in matches if match]
        return list(dict.fromkeys(found))

    def name_pairs(self, ordering: "Evidence") -> Pairs:
        """Return the pairs of shares whose distance the verdict turns on; ranks by the order of one wave."""
        return [(getattr(self, self.keys[0]), getattr(self, self.keys[1]))] if len(self.keys) > 1 else []


def complain_about_key(key: Any, names: Names) -> Iterator[Complaint]:
    """Yield what is wrong with the key of a figure and what was expected; nothing where it is one."""
    match = KEY.fullmatch(key) if isinstance(key, str) else None
    if not match:
        yield f"'{key}' doesn't name a figure", "write population.item.response, such as residents.parks.chosen"
    elif match["population"] not in names.populations:
        yield f"the population '{match['population']}' isn't known", "see data/codebook/populations.csv"
    elif match["item"] not in names.question_of:
        yield f"the item '{match['item']}' isn't known", "see data/codebook/items.csv"
    else:
        known = names.kind_of[names.question_of[match["item"]]].responses
        if match["response"] not in known:
            yield f"'{match['item']}' has no response '{match['response']}'", f"expected one of {', '.join(known)}"
