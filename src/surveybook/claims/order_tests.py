"""Tests of one share against another: orders, ranks, leading items, differences and agreements."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from typing import Any, ClassVar

import pandas as pd

from surveybook.claims.claim_test import ClaimTest, Complaint, Names, Pairs
from surveybook.claims.evidence import Contrast, Evidence, Figure, describe_missing, find_missing
from surveybook.claims.judgement import (
    AGREEMENT_MARGIN,
    CONTRADICTED,
    NOT_CHECKABLE,
    SUPPORTED,
    WITHIN_ERROR,
    Judgement,
    continue_sentence,
    describe_contrast,
    describe_share,
)
from surveybook.model.wording import count, listing, sentence
from surveybook.stats.differences import Difference

ORDINALS = ("first", "second", "third", "fourth", "fifth", "sixth", "seventh", "eighth", "ninth", "tenth")


def judge_order(difference: Difference) -> str:
    """Return the verdict on "the first is higher" (rule 4)."""
    if difference.difference < 0:
        return CONTRADICTED
    return SUPPORTED if difference.low > 0 else WITHIN_ERROR


def judge_difference(difference: Difference) -> str:
    """Return the verdict on "the two differ" (rule 4), for which no order is printed that could be reversed."""
    return SUPPORTED if difference.excludes_zero else WITHIN_ERROR


def judge_agreement(difference: Difference) -> str:
    """Return the verdict on "the two are the same" (rule 5): the interval inside, outside or across ±5 points."""
    if difference.low > -AGREEMENT_MARGIN and difference.high < AGREEMENT_MARGIN:
        return SUPPORTED
    apart = difference.low >= AGREEMENT_MARGIN or difference.high <= -AGREEMENT_MARGIN
    return CONTRADICTED if apart else WITHIN_ERROR


class PairTest(ClaimTest):
    """Two shares are held against each other by a rule for their difference."""

    rule: ClassVar[Callable[[Difference], str]]

    def judge(self, evidence: Evidence) -> Judgement:
        """Return the verdict on their difference; or why there is none (rule 1)."""
        keys = [getattr(self, field) for field in self.keys]
        if lacks := find_missing(evidence, keys):
            return _report_lacks(lacks, evidence, keys)
        return self.judge_pair(self.order_pair(evidence, *(evidence.figures[key] for key in keys)))

    def order_pair(self, evidence: Evidence, first: Figure, second: Figure) -> Contrast:
        """Return the pair, the larger share first: the claim doesn't say which is higher."""
        return evidence.contrast(*((first, second) if first.share >= second.share else (second, first)))

    def judge_pair(self, pair: Contrast) -> Judgement:
        """Return the verdict on a pair whose shares are both known."""
        if pair.difference is None:
            return _report_untestable(pair)
        rule = type(self).rule
        verdict = rule(pair.difference)
        secure, survives = verdict != WITHIN_ERROR, pair.survives(rule, verdict)
        return Judgement(verdict, secure, survives, self.describe(pair, verdict), _list_ids(pair))

    def describe(self, pair: Contrast, verdict: str) -> str:
        """Return the reason."""
        return describe_contrast(pair)


@dataclass(frozen=True)
class Order(PairTest):
    """One share is higher than another."""

    kind = "order"
    keys = ("higher", "lower")
    rule = judge_order
    higher: str
    lower: str

    def order_pair(self, evidence: Evidence, first: Figure, second: Figure) -> Contrast:
        """Return the pair as it is claimed."""
        return evidence.contrast(first, second)

    def judge_pair(self, pair: Contrast) -> Judgement:
        """Return whether the first share is the higher one (rule 4); one printed in reverse needs no test."""
        found = super().judge_pair(pair)
        if pair.difference is None and pair.first.share < pair.second.share:
            return Judgement(CONTRADICTED, None, True, describe_contrast(pair), _list_ids(pair))
        return replace(found, secure=found.secure and pair.excludes_zero)


@dataclass(frozen=True)
class DifferenceTest(PairTest):
    """Two shares differ, whichever is higher (rule 4)."""

    kind = "difference"
    keys = ("figure_a", "figure_b")
    rule = judge_difference
    figure_a: str
    figure_b: str


@dataclass(frozen=True)
class Agreement(PairTest):
    """Two shares are the same to within 5 points (rule 5)."""

    kind = "agreement"
    keys = ("figure_a", "figure_b")
    rule = judge_agreement
    figure_a: str
    figure_b: str

    def describe(self, pair: Contrast, verdict: str) -> str:
        """Return the reason, with the side of the margin that the interval lies on."""
        side = {SUPPORTED: "inside", CONTRADICTED: "outside", WITHIN_ERROR: "neither inside nor outside"}[verdict]
        return f"{describe_contrast(pair)[:-1]}; the interval is {side} 5 points either way."


@dataclass(frozen=True)
class Ranking(ClaimTest):
    """Some items of a question among all of them."""

    is_ranking = True
    population: str
    question: str

    @property
    def ranked(self) -> Any:
        """The items that the claim is about, as they are written."""
        raise NotImplementedError

    def complain(self, names: Names) -> Iterator[Complaint]:
        """Yield what is wrong with the population, the question or the items."""
        if self.population not in names.populations:
            yield f"the population '{self.population}' isn't known", "see data/codebook/populations.csv"
        if self.question not in names.kind_of:
            yield f"the question '{self.question}' isn't known", "see data/codebook/questions.csv"
            return
        if names.kind_of[self.question].headline is None:
            yield f"the items of '{self.question}' have no single order", "use order tests of its responses"
        within = names.list_items(self.question)
        for item in self.ranked if isinstance(self.ranked, list) else [self.ranked]:
            if item not in within:
                yield f"'{item}' is no item of '{self.question}'", f"expected one of {', '.join(within)}"

    def name_figures(self, names: Names) -> list[str]:
        """Return the headline figures of the items."""
        headline = names.kind_of[self.question].headline
        return [f"{self.population}.{item}.{headline}" for item in self.ranked]

    def find_lacks(self, evidence: Evidence, figures: list[Figure]) -> Judgement | None:
        """Return that a ranking can't be made, where a figure of the question isn't a number, or None."""
        if not figures or (self.population, self.question) not in evidence.asked:
            codebook = evidence.survey.codebook
            title = codebook.questions.loc[self.question, "title"]
            who = codebook.populations.loc[self.population, "people"]
            reason = f"It needs the question “{title}”, which this wave did not ask {who}: no item measures it."
            return Judgement(NOT_CHECKABLE, reason=reason)
        response = figures[0].response
        keys = [f"{self.population}.{item}.{response}" for item in self.ranked] + [figure.key for figure in figures]
        lacks = find_missing(evidence, keys)
        return _report_lacks(lacks, evidence, keys) if lacks else None


@dataclass(frozen=True)
class Rank(Ranking):
    """An item stands at a place among the items of its question."""

    kind = "rank"
    item: str
    rank: int

    @property
    def ranked(self) -> Any:
        """The one item."""
        return [self.item]

    def complain(self, names: Names) -> Iterator[Complaint]:
        """Yield what is wrong with the rank, too."""
        yield from super().complain(names)
        if self.question in names.kind_of:
            places = len(names.list_items(self.question))
            if isinstance(self.rank, bool) or not isinstance(self.rank, int) or not 1 <= self.rank <= places:
                yield f"the rank is '{self.rank}'", f"expected a whole number from 1 to {places}"

    def name_pairs(self, ordering: Evidence) -> Pairs:
        """Return the item with each of those above and below it in one wave."""
        figures = ordering.rank_items(self.population, self.question)
        place = next(place for place, figure in enumerate(figures) if figure.item_id == self.item)
        keys = [figure.key for figure in figures]
        return [(key, keys[place]) for key in keys[:place]] + [(keys[place], key) for key in keys[place + 1 :]]

    def judge(self, evidence: Evidence) -> Judgement:
        """Return whether an item stands at a place among the items of its question (rules 1 and 4).

        A printed rank other than the stated one contradicts it; a tie that covers the stated rank, or a
        difference to any other item that sampling alone could have made, leaves it within sampling error.
        """
        figures = evidence.rank_items(self.population, self.question)
        if lacking := self.find_lacks(evidence, figures):
            return lacking
        target = next(figure for figure in figures if figure.item_id == self.item)
        others = [figure for figure in figures if figure.item_id != self.item]
        above = [other for other in others if other.share > target.share]
        equal = [other for other in others if other.share == target.share]
        pairs = [evidence.contrast(*((other, target) if other in above else (target, other))) for other in others]
        place = f"“{target.name}” is {_name_place(len(above) + 1)} of {count(len(figures))} among {target.who}"
        if len(above) + 1 <= self.rank <= len(above) + 1 + len(equal):
            return _judge_printed_order(pairs, place)
        firmly_above = [pair for pair in pairs if pair.first in above and pair.excludes_zero]
        firmly_below = [pair for pair in pairs if pair.first == target and pair.excludes_zero]
        secure = len(firmly_above) >= self.rank or len(firmly_below) > len(figures) - self.rank
        nearest = listing(f"“{other.name}” ({describe_share(other)})" for other in (above or others)[:3])
        beside = f"{describe_share(target)}, {'after' if above else 'before'} {nearest}"
        reason = f"{place}, not {_name_place(self.rank)}: {beside}."
        # Different printed values can't cross by rounding, and the place of equal ones was allowed for.
        ids = tuple(figure.figure_id for figure in figures)
        return Judgement(CONTRADICTED, secure, True, reason, ids)


@dataclass(frozen=True)
class Top(Ranking):
    """Some items, in any order, have the highest shares of their question."""

    kind = "top"
    items: Any

    @property
    def ranked(self) -> Any:
        """The leading items."""
        return self.items

    def name_pairs(self, ordering: Evidence) -> Pairs:
        """Return each leading item with each of the others."""
        figures = ordering.rank_items(self.population, self.question)
        leading = [figure.key for figure in figures if figure.item_id in self.items]
        return [(one, other.key) for one in leading for other in figures if other.key not in leading]

    def judge(self, evidence: Evidence) -> Judgement:
        """Return whether some items, in any order, have the highest shares of their question (rules 1 and 4)."""
        figures = evidence.rank_items(self.population, self.question)
        if lacking := self.find_lacks(evidence, figures):
            return lacking
        leading = [figure for figure in figures if figure.item_id in self.items]
        rest = [figure for figure in figures if figure.item_id not in self.items]
        ids = tuple(figure.figure_id for figure in figures)
        if not rest:
            return Judgement(SUPPORTED, None, True, "The question has no other items.", ids)
        pairs = [evidence.contrast(one, other) for one in leading for other in rest]
        reversed_pairs = [pair for pair in pairs if pair.first.share < pair.second.share]
        if reversed_pairs:
            widest = max(reversed_pairs, key=lambda pair: pair.second.share - pair.first.share)
            secure = widest.excludes_zero
            return Judgement(CONTRADICTED, secure, True, describe_contrast(widest), ids)
        named = listing(f"“{figure.name}”" for figure in leading)
        return _judge_printed_order(pairs, f"{named} lead{'s' if len(leading) == 1 else ''} among {leading[0].who}")


def _judge_printed_order(pairs: list[Contrast], place: str) -> Judgement:
    """Return the verdict where all pairs are printed in the claimed order or tied: the least sure pair decides."""
    ids = tuple(dict.fromkeys(figure for pair in pairs for figure in _list_ids(pair)))
    untested = [pair for pair in pairs if pair.difference is None]
    if untested:
        return _report_untestable(untested[0])
    decisive = max(pairs, key=lambda pair: pair.difference.p_value if pair.difference else 1.0)
    reason = f"{sentence(place)}; the least sure step: {continue_sentence(describe_contrast(decisive))}"
    doubtful = [pair for pair in pairs if pair.difference and judge_order(pair.difference) != SUPPORTED]
    if doubtful:
        survives = any(pair.survives(judge_order, WITHIN_ERROR) for pair in doubtful)
        tied = any(pair.first.share == pair.second.share for pair in doubtful)
        return Judgement(WITHIN_ERROR, False, survives and not tied, reason, ids)
    survives = all(pair.survives(judge_order, SUPPORTED) for pair in pairs)
    return Judgement(SUPPORTED, True, survives, reason, ids)


def _report_lacks(lacks: tuple[str, ...], evidence: Evidence, keys: list[str]) -> Judgement:
    """Return that a figure is missing, with the ids of those that the wave does list."""
    ids = tuple(dict.fromkeys(evidence.figures[key].figure_id for key in keys if key in evidence.figures))
    return Judgement(NOT_CHECKABLE, reason=describe_missing(lacks), figures=ids)


def _report_untestable(pair: Contrast) -> Judgement:
    """Return that two numbers can't be held against each other, and why."""
    bases = [figure for figure in (pair.first, pair.second) if pd.isna(figure.effective_base)]
    why = (
        "their bases are unknown"
        if len(bases) > 1
        else "a base is unknown"
        if bases
        else (
            "the one is part of the other"
            if pair.first.population == pair.second.population
            else "the two populations were asked different things"
        )
    )
    return Judgement(NOT_CHECKABLE, reason=f"{describe_contrast(pair)[:-1]}: {why}.", figures=_list_ids(pair))


def _name_place(place: int) -> str:
    """Return a place as a word: 'second'."""
    return ORDINALS[place - 1] if place <= len(ORDINALS) else f"number {place}"


def _list_ids(pair: Contrast) -> tuple[str, ...]:
    """Return the ids of both figures."""
    return pair.first.figure_id, pair.second.figure_id
