"""Tests of what the report says of itself: things nobody measured, references, passages, counts; and compounds."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from surveybook.claims.claim_test import ClaimTest, Complaint, Names
from surveybook.claims.judgement import CONTRADICTED, NOT_CHECKABLE, SUPPORTED, Judgement, judge_parts
from surveybook.model.survey import KEY
from surveybook.model.wording import in_sentence

if TYPE_CHECKING:
    from surveybook.claims.evidence import Evidence


@dataclass(frozen=True)
class NotCheckable(ClaimTest):
    """Nothing measures the claim; ``needs`` says what would."""

    kind = "not_checkable"
    is_textual = True
    needs: str

    def judge(self, evidence: "Evidence") -> Judgement:
        """Return that nothing measures it (rule 1), with what would."""
        return Judgement(NOT_CHECKABLE, reason=f"No item measures it: it would take {self.needs}.")


@dataclass(frozen=True)
class Count(ClaimTest):
    """As many things as the report states: those of a list, or the items of ``question/population``."""

    kind = "count"
    what: str
    stated: int
    counted: Any

    def complain(self, names: Names) -> Iterator[Complaint]:
        """Yield what is wrong with the number, or with what is counted."""
        if isinstance(self.stated, bool) or not isinstance(self.stated, int):
            yield f"the stated number is '{self.stated}'", "expected a whole number"
        if isinstance(self.counted, str):
            question, _, population = self.counted.partition("/")
            if question not in names.kind_of or population not in names.populations:
                yield f"'{self.counted}' can't be counted", "expected question/population, or a list"
        elif not isinstance(self.counted, list) or not all(isinstance(entry, str) for entry in self.counted):
            yield "what is counted isn't a list of names", "expected question/population, or a list"

    def name_figures(self, names: Names) -> list[str]:
        """Return those of the names counted that are keys of figures."""
        return [entry for entry in self.counted if KEY.fullmatch(entry)] if isinstance(self.counted, list) else []

    def name_questions(self, names: Names) -> list[tuple[str, str]]:
        """Return the question whose items are counted, too."""
        if not isinstance(self.counted, str):
            return super().name_questions(names)
        question, _, population = self.counted.partition("/")
        return [(population, question)]

    def judge(self, evidence: "Evidence") -> Judgement:
        """Return whether as many were counted as the report states (rule 2)."""
        used: tuple[str, ...] = ()
        if isinstance(self.counted, str):
            question, _, population = self.counted.partition("/")
            figures = evidence.rank_items(population, question)
            if (population, question) not in evidence.asked or not figures:
                title = evidence.survey.codebook.questions.loc[question, "title"]
                return Judgement(NOT_CHECKABLE, reason=f"It needs the question “{title}”, which this wave did not ask.")
            found, used = len({figure.item_id for figure in figures}), tuple(figure.figure_id for figure in figures)
        else:
            found = len(self.counted)
        reason = f"{self.stated} are stated and {found} are counted: {self.what}."
        return Judgement(SUPPORTED if found == self.stated else CONTRADICTED, reason=reason, figures=used)


@dataclass(frozen=True)
class CrossReference(ClaimTest):
    """A reference within the report leads to where the matter stands."""

    kind = "cross_reference"
    is_textual = True
    stated: str
    actual: str

    def judge(self, evidence: "Evidence") -> Judgement:
        """Return whether a reference leads to where the matter stands (rule 2)."""
        # A place of the report as it stands inside a sentence.
        stated, actual = (in_sentence(p) if p.startswith("Section") else p for p in (self.stated, self.actual))
        if stated == actual:
            return Judgement(SUPPORTED, reason=f"The reference is to {stated}, and that is where it stands.")
        return Judgement(CONTRADICTED, reason=f"The reference is to {stated}; it stands in {actual}.")


@dataclass(frozen=True)
class Consistency(ClaimTest):
    """Two passages of the report, each with ``locator`` and ``says``, and whether they agree."""

    kind = "consistency"
    is_textual = True
    first: Any
    second: Any
    agree: bool

    def complain(self, names: Names) -> Iterator[Complaint]:
        """Yield what is wrong with the passages."""
        for name, passage in (("first", self.first), ("second", self.second)):
            if not isinstance(passage, dict) or set(passage) != {"locator", "says"}:
                yield f"the {name} passage isn't one", "expected locator and says"
        if not isinstance(self.agree, bool):
            yield f"agree is '{self.agree}'", "expected true or false"

    def judge(self, evidence: "Evidence") -> Judgement:
        """Return whether two passages of the report say the same (rule 2)."""
        passages = " and ".join(f"“{passage['says']}” ({passage['locator']})" for passage in (self.first, self.second))
        joint = "agree" if self.agree else "don't agree"
        return Judgement(SUPPORTED if self.agree else CONTRADICTED, reason=f"{passages} {joint}.")


@dataclass(frozen=True)
class Compound(ClaimTest):
    """Several tests at once, all of which have to hold."""

    kind = "all"
    tests: tuple[ClaimTest, ...]

    def list_parts(self) -> tuple[ClaimTest, ...]:
        """Return the single tests in it, whatever compounds they stand in."""
        return tuple(part for test in self.tests for part in test.list_parts())

    def name_figures(self, names: Names) -> list[str]:
        """Return the keys that any part names, each once."""
        return list(dict.fromkeys(key for part in self.tests for key in part.name_figures(names)))

    def name_questions(self, names: Names) -> list[tuple[str, str]]:
        """Return the questions that any part needs: those of figures first, then those whose items are counted."""
        counted = [part for part in self.list_parts() if isinstance(part, Count)]
        found = super().name_questions(names) + [pair for part in counted for pair in part.name_questions(names)]
        return list(dict.fromkeys(found))

    def judge(self, evidence: "Evidence") -> Judgement:
        """Return the outcome of the worst part."""
        return judge_parts([part.judge(evidence) for part in self.tests])
