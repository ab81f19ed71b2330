"""The kinds of test there are: a test in a file is one of these, by its ``kind``.

Those of figures have a module of their own. Here stand those of what the report says of itself (things nobody measured,
references, passages, counts), those of the order of a question's items (ranks, leading items, one order for two
groups), and several tests at once.
"""

from collections.abc import Callable, Iterable, Sequence
from itertools import combinations
from typing import Annotated, Any, ClassVar, Literal, Self, get_args

from pydantic import Field, StrictBool, StrictInt, ValidationInfo, model_validator

from surveybook.judgement.claim_test import (
    CONTRADICTED,
    NOT_CHECKABLE,
    SUPPORTED,
    WITHIN_ERROR,
    WORST_FIRST,
    ClaimTest,
    Contrast,
    Evidence,
    Figure,
    Judgement,
    Population,
    Text,
    check_field,
    continue_sentence,
    describe_share,
)
from surveybook.judgement.figure_tests import Agreement, DifferenceTest, FractionTest, Order, Repetition
from surveybook.model.codebook import Codebook
from surveybook.model.problems import Settings
from surveybook.model.survey import KEY
from surveybook.model.wording import count, in_sentence, listing, number, sentence

BOTH = 2
ORDINALS = ("first", "second", "third", "fourth", "fifth", "sixth", "seventh", "eighth", "ninth", "tenth")
Pair = tuple[Figure, Figure]


class NotCheckable(ClaimTest):
    """Nothing measures the claim; ``needs`` says what would."""

    kind: Literal["not_checkable"] = "not_checkable"
    is_textual: ClassVar = True
    needs: Text

    def judge(self, evidence: Evidence) -> Judgement:
        """Return that nothing measures it (rule 1), with what would."""
        return Judgement(NOT_CHECKABLE, reason=f"No item measures it: it would take {self.needs}.")


def find_count_fault(counted: Any, codebook: Codebook) -> str:
    """Return why something can't be counted, unless it is a list of names, or ``question/population``."""
    if isinstance(counted, str):
        question, _, population = counted.partition("/")
        known = question in codebook.questions.index and population in codebook.populations.index
        return "" if known else f"'{counted}' can't be counted; expected question/population, or a list"
    is_list = isinstance(counted, list) and all(isinstance(entry, str) for entry in counted)
    return "" if is_list else "what is counted isn't a list of names; expected question/population, or a list"


class Count(ClaimTest):
    """As many things as the report states: those of a list, or the items of ``question/population``."""

    kind: Literal["count"] = "count"
    what: Text
    stated: StrictInt
    counted: Annotated[Any, check_field(find_count_fault)]

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


def find_order_fault(name: str, codebook: Codebook) -> str:
    """Return why the items of a question can't be ranked: there is no such question, or they have no order."""
    unknown = codebook.find_unknown(questions=name)
    if unknown or codebook.kind_of(name).headline is not None:
        return unknown
    return f"the items of '{name}' have no single order; use order tests of its responses"


class OrderTest(ClaimTest):
    """A test of the order in which the answers to a question put its items."""

    is_order: ClassVar = True
    # Of fewer items nothing can be said.
    fewest: ClassVar[int] = 1
    question: Annotated[str, check_field(find_order_fault)]

    @property
    def asked_of(self) -> tuple[str, ...]:
        """The populations whose order it is."""
        raise NotImplementedError

    @property
    def ranked(self) -> tuple[str, ...]:
        """The items that the claim is about; none where it is about all of them."""
        return ()

    def name_figures(self, codebook: Codebook) -> list[str]:
        """Return the headline figures of the items, for each population."""
        items = self.ranked or codebook.items.index[codebook.items["question_id"] == self.question]
        headline = codebook.kind_of(self.question).headline
        return [f"{who}.{item}.{headline}" for who in self.asked_of for item in items]

    def list_figures(self, evidence: Evidence) -> list[list[Figure]]:
        """Return for each population the figures of the items that all of them have, largest share first."""
        found = [evidence.rank_items(who, self.question) for who in self.asked_of]
        shared = set.intersection(*({figure.item_id for figure in own} for own in found))
        return [[figure for figure in own if figure.item_id in shared] for own in found]

    def list_pairs(self, evidence: Evidence) -> list[Pair]:
        """Return the figures that the verdict turns on, the one that is claimed or printed to be higher first."""
        raise NotImplementedError

    def name_quantities(self, ordering: Evidence) -> list[tuple[str, ...]]:
        """Return the pairs that the verdict turns on, by the order of one wave."""
        return [(one.key, other.key) for one, other in self.list_pairs(ordering)]

    def judge(self, evidence: Evidence) -> Judgement:
        """Return whether the items stand where they are said to (rules 1 and 4), or what is lacking to tell."""
        figures = self.list_figures(evidence)
        are_asked = all((who, self.question) in evidence.survey.asked_rows for who in self.asked_of)
        if not are_asked or min(map(len, figures)) < self.fewest:
            return evidence.report_unasked(self.question, *self.asked_of)
        named = self.name_figures(evidence.survey.codebook) if self.ranked else []
        if lacking := evidence.report_lacks([*named, *(figure.key for own in figures for figure in own)]):
            return lacking
        return self.judge_order(evidence, [evidence.contrast(*pair) for pair in self.list_pairs(evidence)])

    def judge_order(self, evidence: Evidence, pairs: list[Contrast]) -> Judgement:
        """Return the verdict where all figures are known."""
        raise NotImplementedError


class Ranking(OrderTest):
    """Some items of a question among all of them."""

    population: Population

    @property
    def asked_of(self) -> tuple[str, ...]:
        """The one population."""
        return (self.population,)

    @model_validator(mode="after")
    def check_items(self, info: ValidationInfo) -> Self:
        """Raise an error where an item isn't one of the question."""
        codebook: Any = info.context
        known = codebook.items
        within = list(known.index[known["question_id"] == self.question])
        for item in self.ranked:
            if item not in within:
                raise ValueError(f"'{item}' is no item of '{self.question}'; expected one of {', '.join(within)}")
        return self


class Rank(Ranking):
    """An item stands at a place among the items of its question."""

    kind: Literal["rank"] = "rank"
    item: Text
    rank: Annotated[StrictInt, Field(ge=1, description="a whole number, 1 for the first place")]

    @property
    def ranked(self) -> tuple[str, ...]:
        """The one item."""
        return (self.item,)

    @model_validator(mode="after")
    def check_rank(self, info: ValidationInfo) -> Self:
        """Raise an error where there are fewer items than places."""
        codebook: Any = info.context
        places = int((codebook.items["question_id"] == self.question).sum())
        if self.rank > places:
            raise ValueError(f"the rank is {self.rank}; expected a whole number from 1 to {places}")
        return self

    def tell_measured(self, evidence: Evidence) -> str:
        """Return the place where the item stands: 'eighth of ten'."""
        (figures,) = self.list_figures(evidence)
        printed = {figure.item_id: figure.printed for figure in figures}
        above = sum(one > printed[self.item] for one in printed.values())
        return f"{_name_place(above + 1)} of {count(len(figures))}"

    def list_pairs(self, evidence: Evidence) -> list[Pair]:
        """Return the item with each of the others, those above it first in their pair."""
        figures = {figure.item_id: figure for figure in self.list_figures(evidence)[0]}
        target = figures.pop(self.item)
        return [(one, target) if one.share > target.share else (target, one) for one in figures.values()]

    def judge_order(self, evidence: Evidence, pairs: list[Contrast]) -> Judgement:
        """Return whether the item stands at its place.

        A printed rank other than the stated one contradicts it; a tie that covers the stated rank, or a
        difference to any other item that sampling alone could have made, leaves it within sampling error.
        """
        (figures,) = self.list_figures(evidence)
        target = next(figure for figure in figures if figure.item_id == self.item)
        above = [pair.first for pair in pairs if pair.first.item_id != self.item]
        equal = [pair for pair in pairs if pair.first.share == pair.second.share]
        place = f"“{target.name}” is {_name_place(len(above) + 1)} of {count(len(figures))} {target.among}"
        if len(above) + 1 <= self.rank <= len(above) + 1 + len(equal):
            return _judge_printed_order(pairs, place)
        firm = [pair.first.item_id == self.item for pair in pairs if pair.excludes_zero]
        secure = firm.count(False) >= self.rank or firm.count(True) > len(figures) - self.rank
        others = above or [pair.second for pair in pairs]
        nearest = listing(f"“{other.name}” ({describe_share(other)})" for other in others[:3])
        beside = f"{describe_share(target)}, {'after' if above else 'before'} {nearest}"
        # Different printed values can't cross by rounding, and the place of equal ones was allowed for.
        reason = f"{place}, not {_name_place(self.rank)}: {beside}."
        return Judgement(CONTRADICTED, secure, True, reason, tuple(figure.figure_id for figure in figures))


class Top(Ranking):
    """Some items, in any order, have the highest shares of their question."""

    kind: Literal["top"] = "top"
    items: Annotated[tuple[str, ...], Field(min_length=1)]

    @property
    def ranked(self) -> tuple[str, ...]:
        """The items that lead."""
        return self.items

    def list_pairs(self, evidence: Evidence) -> list[Pair]:
        """Return each leading item with each of the others."""
        (figures,) = self.list_figures(evidence)
        leading = [figure for figure in figures if figure.item_id in self.items]
        return [(one, other) for one in leading for other in figures if other.item_id not in self.items]

    def judge_order(self, evidence: Evidence, pairs: list[Contrast]) -> Judgement:
        """Return whether the items, in any order, have the highest shares of their question."""
        (figures,) = self.list_figures(evidence)
        ids = tuple(figure.figure_id for figure in figures)
        if not pairs:
            return Judgement(SUPPORTED, None, True, "The question has no other items.", ids)
        widest = max(pairs, key=lambda pair: pair.second.share - pair.first.share)
        if widest.first.share < widest.second.share:
            return Judgement(CONTRADICTED, widest.excludes_zero, True, widest.describe(), ids)
        named = listing(dict.fromkeys(f"“{pair.first.name}”" for pair in pairs))
        lead = "leads" if len(self.items) == 1 else "lead"
        return _judge_printed_order(pairs, f"{named} {lead} {figures[0].among}")


class SameOrder(OrderTest):
    """Two populations put all items of a question in the same order."""

    kind: Literal["same_order"] = "same_order"
    fewest: ClassVar = 2
    population_a: Population
    population_b: Population

    @property
    def asked_of(self) -> tuple[str, ...]:
        """Both populations."""
        return self.population_a, self.population_b

    def list_both(self, evidence: Evidence) -> list[tuple[Pair, Pair]]:
        """Return each two items that both were asked about, as the first population ranks them, for each population."""
        first, second = self.list_figures(evidence)
        others = {figure.item_id: figure for figure in second}
        return [((a, b), (others[a.item_id], others[b.item_id])) for a, b in combinations(first, 2)]

    def list_pairs(self, evidence: Evidence) -> list[Pair]:
        """Return the pairs of items of the second population in the order of the first."""
        return [pair for _, pair in self.list_both(evidence)]

    def tell_measured(self, evidence: Evidence) -> str:
        """Return how many pairs of items stand the same way round."""
        pairs = self.list_both(evidence)
        return f"{_compare_orders(pairs).count(1)} of {len(pairs)} pairs"

    def judge_order(self, evidence: Evidence, pairs: list[Contrast]) -> Judgement:
        """Return whether both orders are the same (rule 4), with the rank correlation and the widest reversal."""
        both = self.list_both(evidence)
        orders = _compare_orders(both)
        turned = [pair for pair, order in zip(both, orders, strict=True) if order < 0]
        found = f"{orders.count(1)} of {len(both)} pairs of items stand the same way round "
        found += f"(Kendall’s tau {number(sum(orders) / len(both), 2)})"
        contrasts = [[evidence.contrast(*two) for two in pair] for pair in (turned or both)]
        ids = tuple(dict.fromkeys(figure for pair in contrasts for one in pair for figure in one.ids))
        if turned:
            secure = any(all(one.excludes_zero for one in pair) for pair in contrasts)
            one, two = max(turned, key=lambda pair: pair[1][1].share - pair[1][0].share)
            said = [f"{describe_share(a)} and {describe_share(b)} of {a.who}" for a, b in (one, two)]
            reason = f"{found}; the widest reversal: “{one[0].name}” and “{one[1].name}”, {said[0]} but {said[1]}."
            return Judgement(CONTRADICTED, secure, True, reason, ids)
        is_secure = all(one.excludes_zero for pair in contrasts for one in pair)
        return Judgement(SUPPORTED if is_secure else WITHIN_ERROR, is_secure, None, f"{found}.", ids)


def _compare_orders(pairs: list[tuple[Pair, Pair]]) -> list[int]:
    """Return of each two items 1 where both populations have them the same way round, -1 if not, 0 where tied."""
    signs = [[(a.printed > b.printed) - (a.printed < b.printed) for a, b in pair] for pair in pairs]
    return [first * second for first, second in signs]


def _judge_printed_order(pairs: list[Contrast], place: str) -> Judgement:
    """Return the verdict where all pairs are printed in the claimed order or tied: the least sure pair decides."""
    ids = tuple(dict.fromkeys(figure for pair in pairs for figure in pair.ids))
    untested = [pair for pair in pairs if pair.difference is None]
    if untested:
        return untested[0].report_untestable()
    decisive = max(pairs, key=lambda pair: pair.difference.p_value if pair.difference else 1.0)
    reason = f"{sentence(place)}; the least sure step: {continue_sentence(decisive.describe())}"
    doubtful = [pair for pair in pairs if pair.difference and Order.decide(pair.difference) != SUPPORTED]
    if doubtful:
        survives = any(pair.survives(Order.decide, WITHIN_ERROR) for pair in doubtful)
        tied = any(pair.first.share == pair.second.share for pair in doubtful)
        return Judgement(WITHIN_ERROR, False, survives and not tied, reason, ids)
    survives = all(pair.survives(Order.decide, SUPPORTED) for pair in pairs)
    return Judgement(SUPPORTED, True, survives, reason, ids)


def _name_place(place: int) -> str:
    """Return a place as a word: 'second'."""
    return ORDINALS[place - 1] if place <= len(ORDINALS) else f"number {place}"


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
