"""Tests of one share against another: orders, differences and agreements."""

from itertools import product
from typing import ClassVar

import pandas as pd

from surveybook.judgement.claim_test import (
    CONTRADICTED,
    NOT_CHECKABLE,
    SUPPORTED,
    WITHIN_ERROR,
    ClaimTest,
    Judgement,
    Key,
    describe_share,
)
from surveybook.judgement.evidence import AGREEMENT_MARGIN, Contrast, Evidence, Figure
from surveybook.model.wording import points, span
from surveybook.stats.comparison import choose_test, compare_printed
from surveybook.stats.differences import Difference

RULES_OF_ORDER = (
    (
        "An order, a rank, a difference",
        f"{CONTRADICTED} if printed in reverse; {WITHIN_ERROR} if tied, or if the interval of the difference "
        f"contains nought, at the least favourable overlap unless the real one is known; otherwise {SUPPORTED}.",
    ),
)


class PairTest(ClaimTest):
    """Two shares are held against each other by a rule for their difference."""

    # Whether the first share is claimed to be the higher; where it isn't said which is, the larger is told first.
    is_order: ClassVar[bool] = False

    @staticmethod
    def decide(difference: Difference) -> str:
        """Return the verdict on a difference."""
        raise NotImplementedError

    def describe(self, pair: Contrast, verdict: str) -> str:
        """Return the reason."""
        return pair.describe()

    def judge(self, evidence: Evidence) -> Judgement:
        """Return the verdict on their difference; or why there is none (rule 1)."""
        keys = [getattr(self, field) for field in self.keys]
        if lacking := evidence.report_lacks(keys):
            return self.judge_words(evidence, keys) or lacking
        first, second = (evidence.figures[key] for key in keys)
        is_reversed = first.share < second.share
        pair = evidence.contrast(*((second, first) if is_reversed and not self.is_order else (first, second)))
        if pair.difference is None and is_reversed and self.is_order:
            return Judgement(CONTRADICTED, None, True, pair.describe(), pair.ids)
        if pair.difference is None:
            return report_untestable(pair)
        verdict = self.decide(pair.difference)
        # Of an agreement, an interval that holds nought is what makes it secure.
        secure = verdict != WITHIN_ERROR and (pair.excludes_zero or not self.is_order)
        survives = pair.survives(type(self).decide, verdict)
        return Judgement(verdict, secure, survives, self.describe(pair, verdict), pair.ids)

    def judge_words(self, evidence: Evidence, keys: list[str]) -> Judgement | None:
        """Return the verdict that all which a figure's words allow comes to; None where they don't agree on one."""
        ends = [evidence.find_ends(evidence.figures.get(key)) for key in keys]
        tests = [(choose_test(evidence.survey, *pair), pair) for pair in product(*ends)]
        found = {self.decide(compare_printed(test, *pair)) if test else NOT_CHECKABLE for test, pair in tests}
        if len(found) != 1 or not found <= {SUPPORTED, CONTRADICTED}:
            return None
        told = [tell_known(evidence, evidence.figures[key]) for key in keys]
        reason = f"{told[0]} against {told[1]}: whatever the words allow, the verdict is the same."
        ids = tuple(evidence.figures[key].figure_id for key in keys)
        return Judgement(found.pop(), None, None, reason, ids)


def tell_known(evidence: Evidence, figure: Figure) -> str:
    """Return what is known of a figure: its number, or its words with what they allow."""
    if figure.printed is not None:
        return f"{describe_share(figure)} for “{figure.name}” {figure.among}"
    low, high = (end.share for end in evidence.find_ends(figure))
    return f"“{figure.verbal}” ({span(low, high)}) for “{figure.name}” {figure.among}"


class Order(PairTest):
    """One share is higher than another."""

    kind = "order"
    rules = RULES_OF_ORDER
    keys = ("higher", "lower")
    is_order = True
    higher: Key
    lower: Key

    @staticmethod
    def decide(difference: Difference) -> str:
        """Return the verdict on "the first is higher" (rule 4)."""
        if difference.difference < 0:
            return CONTRADICTED
        return SUPPORTED if difference.low > 0 else WITHIN_ERROR


class DifferenceTest(PairTest):
    """Two shares differ, whichever is higher."""

    kind = "difference"
    rules = RULES_OF_ORDER
    keys = ("figure_a", "figure_b")
    figure_a: Key
    figure_b: Key

    @staticmethod
    def decide(difference: Difference) -> str:
        """Return the verdict on "the two differ" (rule 4), for which no order is printed that could be reversed."""
        return SUPPORTED if difference.excludes_zero else WITHIN_ERROR


class Agreement(PairTest):
    """Two shares are the same to within 5 points."""

    kind = "agreement"
    rules = (
        (
            "No difference, agreement in level",
            f"{SUPPORTED} if the whole interval lies within {points(AGREEMENT_MARGIN)} either way; {CONTRADICTED} if "
            f"the whole of it lies outside; otherwise {WITHIN_ERROR}.",
        ),
    )
    keys = ("figure_a", "figure_b")
    figure_a: Key
    figure_b: Key

    @staticmethod
    def decide(difference: Difference) -> str:
        """Return the verdict on "the two are the same" (rule 5): the interval inside, outside or across ±5 points."""
        if difference.low > -AGREEMENT_MARGIN and difference.high < AGREEMENT_MARGIN:
            return SUPPORTED
        apart = difference.low >= AGREEMENT_MARGIN or difference.high <= -AGREEMENT_MARGIN
        return CONTRADICTED if apart else WITHIN_ERROR

    def describe(self, pair: Contrast, verdict: str) -> str:
        """Return the reason, with the side of the margin that the interval lies on."""
        side = {SUPPORTED: "inside", CONTRADICTED: "outside", WITHIN_ERROR: "neither inside nor outside"}[verdict]
        return f"{pair.describe()[:-1]}; the interval is {side} {points(AGREEMENT_MARGIN)} either way."


def report_untestable(pair: Contrast) -> Judgement:
    """Return that two numbers can't be held against each other, and why."""
    unknown = sum(pd.isna(figure.effective_base) for figure in (pair.first, pair.second))
    overlapping = pair.first.population == pair.second.population
    apart = "the one is part of the other" if overlapping else "the two populations were asked different things"
    why = (apart, "a base is unknown", "their bases are unknown")[unknown]
    return Judgement(NOT_CHECKABLE, reason=f"{pair.describe()[:-1]}: {why}.", figures=pair.ids)
