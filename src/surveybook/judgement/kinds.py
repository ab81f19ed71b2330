"""The kinds of test there are: a test in a file is one of these, by its ``kind``.

Those of figures and of orders have modules of their own. Here stand those of what the report says of itself (things
nobody measured, references, passages, counts), and several tests at once.
"""

from collections.abc import Callable, Iterable, Sequence
from typing import Annotated, Any, ClassVar, Literal, get_args

from pydantic import AfterValidator, Field, StrictBool, StrictInt, ValidationInfo

from surveybook.judgement.claim_test import (
    CONTRADICTED,
    NOT_CHECKABLE,
    SUPPORTED,
    WITHIN_ERROR,
    WORST_FIRST,
    ClaimTest,
    Evidence,
    Judgement,
    Text,
    continue_sentence,
)
from surveybook.judgement.figure_tests import Agreement, DifferenceTest, FractionTest, Order, Repetition
from surveybook.judgement.order_tests import Rank, SameOrder, Top
from surveybook.model.codebook import Codebook
from surveybook.model.problems import Settings
from surveybook.model.survey import KEY
from surveybook.model.wording import count, in_sentence

BOTH = 2


class NotCheckable(ClaimTest):
    """Nothing measures the claim; ``needs`` says what would."""

    kind: Literal["not_checkable"] = "not_checkable"
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
                return evidence.report_unasked(question, population)
            counted, used = {figure.item_id for figure in figures}, tuple(figure.figure_id for figure in figures)
        reason = f"{self.stated} are stated and {len(counted)} are counted: {self.what}."
        return Judgement(SUPPORTED if len(counted) == self.stated else CONTRADICTED, reason=reason, figures=used)


class CrossReference(ClaimTest):
    """A reference within the report leads to where the matter stands."""

    kind: Literal["cross_reference"] = "cross_reference"
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
    is_textual: ClassVar = True
    first: Passage
    second: Passage
    agree: StrictBool

    def judge(self, evidence: Evidence) -> Judgement:
        """Return whether two passages of the report say the same (rule 2)."""
        passages = " and ".join(f"“{passage.says}” ({passage.locator})" for passage in (self.first, self.second))
        joint = "agree" if self.agree else "don't agree"
        return Judgement(SUPPORTED if self.agree else CONTRADICTED, reason=f"{passages} {joint}.")


class Compound(ClaimTest):
    """Several tests at once, all of which have to hold."""

    kind: Literal["all"] = "all"
    tests: Annotated[tuple["AnyTest", ...], Field(min_length=1)]

    def list_parts(self) -> tuple[ClaimTest, ...]:
        """Return the single tests in it, whatever compounds they stand in."""
        return tuple(part for test in self.tests for part in test.list_parts())

    def name_questions(self, codebook: Codebook) -> list[tuple[str, str]]:
        """Return the questions that any part needs."""
        return list(dict.fromkeys(pair for part in self.list_parts() for pair in part.name_questions(codebook)))

    def tell_measured(self, evidence: Evidence) -> str:
        """Return what the deciding parts measured, where that is short."""
        outcomes = [(part.judge(evidence).verdict, part) for part in self.list_parts()]
        worst = min((verdict for verdict, _ in outcomes), key=WORST_FIRST.index)
        told = [part.tell_measured(evidence) for verdict, part in outcomes if verdict == worst]
        return told[0] if len(set(told)) == 1 else ""

    def judge(self, evidence: Evidence) -> Judgement:
        """Return the outcome of the worst part."""
        return judge_parts([part.judge(evidence) for part in self.tests])


AnyTest = Annotated[
    NotCheckable | Repetition | Count | CrossReference | Consistency | FractionTest | Order | Rank | Top | SameOrder
    | DifferenceTest | Agreement | Compound,
    Field(discriminator="kind", description="a test with its kind, such as {kind: order, higher: …, lower: …}"),
]  # fmt: skip
Compound.model_rebuild()
KINDS: dict[str, type[ClaimTest]] = {kind.model_fields["kind"].default: kind for kind in get_args(get_args(AnyTest)[0])}


def judge_parts(parts: Sequence[Judgement]) -> Judgement:
    """Return the outcome of a compound: its worst part's verdict, with the reason of the part that decided.

    From the worst: contradicted, not checkable, within sampling error, supported by rounding, supported. A
    part that is contradicted settles the whole, whatever else can't be tested; the reason says how many parts
    can't. The whole is secure and survives rounding when all parts of a supported claim do, or when any
    part that contradicts it does.
    """
    verdict = min((part.verdict for part in parts), key=WORST_FIRST.index)
    deciding = [part for part in parts if part.verdict == verdict]
    named = next((part for part in deciding if part.secure), deciding[0])
    reason, untested = named.reason, sum(part.verdict == NOT_CHECKABLE for part in parts)
    if len(parts) > 1 and len(deciding) == len(parts):
        all_of_them = "Both parts" if len(parts) == BOTH else f"All {count(len(parts))} parts"
        reason = f"{all_of_them} are {verdict}; for instance, {continue_sentence(reason)}"
    elif len(parts) > 1:
        head = f"{count(len(deciding))} {'is' if len(deciding) == 1 else 'are'} {verdict}"
        head += f" and {count(untested)} can't be tested" if untested and verdict != NOT_CHECKABLE else ""
        reason = f"Of {count(len(parts))} parts, {head}: {continue_sentence(reason)}"
    # One part is enough to undo the whole; to uphold it, all are needed.
    together: Callable[[Iterable[bool]], bool] = any if verdict in (CONTRADICTED, WITHIN_ERROR) else all
    counted = deciding if together is any else parts

    def combine(name: str) -> bool | None:
        answers = [answer for part in counted if (answer := getattr(part, name)) is not None]
        return together(answers) if answers and verdict != NOT_CHECKABLE else None

    ids = tuple(dict.fromkeys(figure for part in parts for figure in part.figures))
    return Judgement(verdict, combine("secure"), combine("survives_rounding"), reason, ids)
