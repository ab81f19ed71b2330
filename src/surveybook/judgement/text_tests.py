"""Tests of what the report says of itself: things nobody measured, references, passages, counts."""

from typing import Annotated, Any, ClassVar, Literal

from pydantic import AfterValidator, StrictBool, StrictInt, ValidationInfo

from surveybook.judgement.claim_test import CONTRADICTED, NOT_CHECKABLE, SUPPORTED, ClaimTest, Judgement, Text
from surveybook.judgement.evidence import Evidence
from surveybook.model.codebook import Codebook
from surveybook.model.problems import Settings
from surveybook.model.survey import KEY
from surveybook.model.wording import in_sentence

RULES_OF_TEXT = (
    (
        "A repetition, a count, a cross-reference, two passages held against each other",
        f"{SUPPORTED} if they are equal, otherwise {CONTRADICTED}. No sampling is involved.",
    ),
)


class NotCheckable(ClaimTest):
    """Nothing measures the claim; ``needs`` says what would."""

    kind: Literal["not_checkable"] = "not_checkable"
    rules: ClassVar = (
        (
            "Anything that rests on a figure that isn’t there",
            f"{NOT_CHECKABLE}: the reason says which figure or item it would take.",
        ),
    )
    is_textual: ClassVar = True
    needs: Text

    def judge(self, evidence: Evidence) -> Judgement:
        """Return that nothing measures it (rule 1), with what would."""
        return Judgement(NOT_CHECKABLE, reason=f"No item measures it: it would take {self.needs}.")


def check_counted(counted: Any, info: ValidationInfo) -> Any:
    """Return what is counted: a list of names, or ``question/population``; an error where it is neither."""
    codebook: Any = info.context
    if isinstance(counted, str):
        question, _, population = counted.partition("/")
        if question not in codebook.questions.index or population not in codebook.populations.index:
            raise ValueError(f"'{counted}' can't be counted; expected question/population, or a list")
    elif not isinstance(counted, list) or not all(isinstance(entry, str) for entry in counted):
        raise ValueError("what is counted isn't a list of names; expected question/population, or a list")
    return counted


class Count(ClaimTest):
    """As many things as the report states: those of a list, or the items of ``question/population``."""

    kind: Literal["count"] = "count"
    rules: ClassVar = RULES_OF_TEXT
    what: Text
    stated: StrictInt
    counted: Annotated[Any, AfterValidator(check_counted)]

    def name_figures(self, codebook: Codebook) -> list[str]:
        """Return those of the names counted that are keys of figures."""
        return [entry for entry in self.counted if KEY.fullmatch(entry)] if isinstance(self.counted, list) else []

    def name_questions(self, codebook: Codebook) -> list[tuple[str, str]]:
        """Return the question whose items are counted, too."""
        if not isinstance(self.counted, str):
            return super().name_questions(codebook)
        question, _, population = self.counted.partition("/")
        return [(population, question)]

    def tell_measured(self, evidence: Evidence) -> str:
        """Return how many were counted."""
        if not isinstance(self.counted, str):
            return str(len(self.counted))
        ((population, question),) = self.name_questions(evidence.survey.codebook)
        return str(len(evidence.rank_items(population, question)) or "")

    def judge(self, evidence: Evidence) -> Judgement:
        """Return whether as many were counted as the report states (rule 2)."""
        counted, used = self.counted, ()
        if isinstance(counted, str):
            ((population, question),) = self.name_questions(evidence.survey.codebook)
            figures = evidence.rank_items(population, question)
            if (population, question) not in evidence.survey.asked_rows or not figures:
                title = evidence.survey.codebook.questions.loc[question, "title"]
                return Judgement(
                    NOT_CHECKABLE, reason=f"It needs the question “{title}”, which this survey did not ask."
                )
            counted, used = {figure.item_id for figure in figures}, tuple(figure.figure_id for figure in figures)
        reason = f"{self.stated} are stated and {len(counted)} are counted: {self.what}."
        return Judgement(SUPPORTED if len(counted) == self.stated else CONTRADICTED, reason=reason, figures=used)


class CrossReference(ClaimTest):
    """A reference within the report leads to where the matter stands."""

    kind: Literal["cross_reference"] = "cross_reference"
    rules: ClassVar = RULES_OF_TEXT
    is_textual: ClassVar = True
    stated: Text
    actual: Text

    def judge(self, evidence: Evidence) -> Judgement:
        """Return whether a reference leads to where the matter stands (rule 2)."""
        # A place of the report as it stands inside a sentence.
        stated, actual = (in_sentence(p) if p.startswith("Section") else p for p in (self.stated, self.actual))
        if stated == actual:
            return Judgement(SUPPORTED, reason=f"The reference is to {stated}, and that is where it stands.")
        return Judgement(CONTRADICTED, reason=f"The reference is to {stated}; it stands in {actual}.")


class Passage(Settings):
    """What the report says at a place."""

    locator: Text
    says: Text


class Consistency(ClaimTest):
    """Two passages of the report, and whether they agree."""

    kind: Literal["consistency"] = "consistency"
    rules: ClassVar = RULES_OF_TEXT
    is_textual: ClassVar = True
    first: Passage
    second: Passage
    agree: StrictBool

    def judge(self, evidence: Evidence) -> Judgement:
        """Return whether two passages of the report say the same (rule 2)."""
        passages = " and ".join(f"“{passage.says}” ({passage.locator})" for passage in (self.first, self.second))
        joint = "agree" if self.agree else "don't agree"
        return Judgement(SUPPORTED if self.agree else CONTRADICTED, reason=f"{passages} {joint}.")
