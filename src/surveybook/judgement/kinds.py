"""The kinds of test there are, and several tests at once: a test in a file is one of these, by its ``kind``."""

from collections.abc import Callable, Iterable, Sequence
from typing import Annotated, ClassVar, Literal, get_args

from pydantic import Field

from surveybook.judgement.claim_test import CONTRADICTED, NOT_CHECKABLE, WITHIN_ERROR, WORST_FIRST, ClaimTest, Judgement
from surveybook.judgement.evidence import Evidence, continue_sentence
from surveybook.judgement.figure_tests import Agreement, DifferenceTest, FractionTest, Order, Repetition
from surveybook.judgement.order_tests import Rank, SameOrder, Top
from surveybook.judgement.text_tests import Consistency, Count, CrossReference, NotCheckable
from surveybook.model.codebook import Codebook
from surveybook.model.wording import count

BOTH = 2


class Compound(ClaimTest):
    """Several tests at once, all of which have to hold."""

    kind: Literal["all"] = "all"
    rules: ClassVar = (("Several things at once", "the verdict of the part that comes off worst."),)
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
