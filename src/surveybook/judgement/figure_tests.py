"""Tests of figures: of one against what is said of it, a number, words or a fraction; or of one against another."""

import math
from fractions import Fraction
from itertools import product
from typing import Annotated, Any, ClassVar, Literal, Self

from pydantic import BeforeValidator, Field, model_validator

from surveybook.judgement.claim_test import (
    AGREEMENT_MARGIN,
    BY_ROUNDING,
    CONTRADICTED,
    NOT_CHECKABLE,
    SUPPORTED,
    WITHIN_ERROR,
    ClaimTest,
    Contrast,
    Evidence,
    Figure,
    Judgement,
    Key,
    Text,
    check_field,
    describe_share,
    format_exact,
    format_exact_points,
)
from surveybook.model.codebook import Codebook
from surveybook.model.wording import MARGINS, band, count, points, span
from surveybook.stats.comparison import choose_test, compare_printed
from surveybook.stats.shares import Difference

# As claims say a fraction.
HEDGES = {name: f"{name.replace('_', ' ')} " for name in MARGINS} | {"exact": "exactly ", "bare": ""}
NAMES = {Fraction(0): "none", Fraction(1): "all", Fraction(1, 2): "half"}
PARTS = {3: "third", 4: "quarter", 5: "fifth", 10: "tenth"}
# The codebook gives a third as 0.3333: the simplest fraction next to it is meant.
LARGEST_DENOMINATOR = 10
ONE_SIDED = ("more_than", "fewer_than")


def find_percent_fault(value: Any, _: Codebook) -> str:
    """Return why a value is no percentage, written with as many decimals as it is known with."""
    is_number = isinstance(value, int | float) and not isinstance(value, bool)
    is_percentage = is_number and 0 <= value <= 100
    return "" if is_percentage else f"the repeated number is '{value}'; expected a percentage from 0 to 100"


def read_fraction(value: Any) -> Fraction:
    """Return a fraction as it is written, exactly: '2/3', 0.5, 1."""
    try:
        return Fraction(str(value))
    except (ValueError, ZeroDivisionError):
        raise ValueError("should be a fraction") from None


class FigureTest(ClaimTest):
    """A test of the figures that its ``keys`` name, by their numbers, or else by what their words allow."""

    def judge(self, evidence: Evidence) -> Judgement:
        """Return the verdict on the figures; or why there is none (rule 1)."""
        keys = self.name_figures(evidence.survey.codebook)
        if lacking := evidence.report_lacks(keys):
            known = all(key in evidence.figures for key in keys)
            return (self.judge_words(evidence, *(evidence.figures[key] for key in keys)) if known else None) or lacking
        return self.judge_numbers(evidence, *(evidence.figures[key] for key in keys))

    def judge_numbers(self, evidence: Evidence, *figures: Figure) -> Judgement:
        """Return the verdict where all figures have numbers."""
        raise NotImplementedError

    def judge_words(self, evidence: Evidence, *figures: Figure) -> Judgement | None:
        """Return the verdict that all which the figures' words allow comes to; None where they don't agree on one."""
        ends = [evidence.find_ends(figure) for figure in figures]
        verdicts = {self.decide_ends(evidence, *allowed) for allowed in product(*ends)}
        if len(verdicts) != 1 or not verdicts <= {SUPPORTED, CONTRADICTED}:
            return None
        verdict, ids = verdicts.pop(), tuple(figure.figure_id for figure in figures)
        return Judgement(verdict, reason=self.explain_words(evidence, verdict, *figures), figures=ids)

    def decide_ends(self, evidence: Evidence, *figures: Figure) -> str:
        """Return the verdict on what words allow at one end."""
        raise NotImplementedError

    def explain_words(self, evidence: Evidence, verdict: str, *figures: Figure) -> str:
        """Return the reason of a verdict on words."""
        raise NotImplementedError


class Repetition(FigureTest):
    """A figure is given again, as a percentage or in words: it is held against the number, never against a phrase."""

    kind: Literal["repetition"] = "repetition"
    keys: ClassVar = ("figure",)
    figure: Key
    percent: Annotated[Any, check_field(find_percent_fault)] = None
    verbal: Text | None = None

    @model_validator(mode="after")
    def check_one_is_said(self) -> Self:
        """Raise an error unless a number or words are said, and not both."""
        if (self.percent is None) == (self.verbal is None):
            raise ValueError("the repetition test has to have one of percent and verbal; give the number or the words")
        return self

    def judge_words(self, evidence: Evidence, *figures: Figure) -> Judgement | None:
        """Return how what is said stands to a figure in words only: words can refute, never confirm."""
        (figure,), said, codebook = figures, self.verbal, evidence.survey.codebook
        if figure.status != "words":
            return None
        limits, allowed = band(codebook, figure.verbal), (self.percent or 0) / 100
        low, high = (band(codebook, said) if said else (allowed, allowed)) or (0, 1)
        reason = f"{f'“{said}”' if said else f'{self.percent}%'} is said, and “{figure.name}” {figure.among} is given "
        reason += f"as “{figure.verbal}”, in words only"
        if limits and (high < limits[0] or low > limits[1]):
            return Judgement(
                CONTRADICTED, reason=f"{reason}, which allows {span(*limits)}.", figures=(figure.figure_id,)
            )
        return Judgement(NOT_CHECKABLE, reason=f"{reason}: no number was printed.", figures=(figure.figure_id,))

    def judge_numbers(self, evidence: Evidence, *figures: Figure) -> Judgement:
        """Return whether a number repeats the wave's (rule 2); words are held against it by their fraction."""
        (figure,), said, words = figures, self.verbal, evidence.survey.codebook.words
        if said is None:
            stated, places = Fraction(str(self.percent)), len(str(self.percent).partition(".")[2])
            # Halves are rounded upwards.
            equal = math.floor(figure.printed * 10**places + Fraction(1, 2)) == stated * 10**places
            name = f"“{figure.name}” {figure.among}"
            reason = f"{format_exact(stated)}% is said, and {name} is {describe_share(figure)}."
            return Judgement(SUPPORTED if equal else CONTRADICTED, reason=reason, figures=(figure.figure_id,))
        if said not in words.index or words.loc[said, "relation"] not in MARGINS:
            reason = f"“{said}” holds no number to hold {describe_share(figure)} against."
            return Judgement(NOT_CHECKABLE, reason=reason, figures=(figure.figure_id,))
        relation, fraction = words.loc[said, ["relation", "fraction"]]
        return judge_share(figure, relation, Fraction(fraction).limit_denominator(LARGEST_DENOMINATOR))


class FractionTest(FigureTest):
    """A share is put at a fraction, with a hedge or without."""

    kind: Literal["fraction"] = "fraction"
    keys: ClassVar = ("figure",)
    figure: Key
    relation: Literal["exact", "bare", "more_than", "fewer_than", "nearly", "just_over", "about"]
    fraction: Annotated[
        Fraction, BeforeValidator(read_fraction), Field(ge=0, le=1, description="one from 0 to 1, such as 2/3")
    ]

    def judge_numbers(self, evidence: Evidence, *figures: Figure) -> Judgement:
        """Return how a share stands to a fraction that the report puts it at (rule 3)."""
        return judge_share(figures[0], self.relation, self.fraction)

    def decide_ends(self, evidence: Evidence, *figures: Figure) -> str:
        """Return the verdict on a share; words that fit words show nothing, for they may be the same ones."""
        verdict = judge_share(figures[0], self.relation, self.fraction).verdict
        return verdict if verdict == CONTRADICTED or self.relation in ONE_SIDED else NOT_CHECKABLE

    def explain_words(self, evidence: Evidence, verdict: str, *figures: Figure) -> str:
        """Return what everything, or nothing, that the words allow is."""
        (figure,) = figures
        how = "everything that this allows is" if verdict == SUPPORTED else "nothing that this allows is"
        claimed = HEDGES[self.relation] + name_fraction(100 * self.fraction)
        return f"“{figure.name}” {figure.among} is given as “{figure.verbal}”, in words only: {how} {claimed}."


def judge_share(figure: Figure, relation: str, fraction: Fraction) -> Judgement:
    """Return how a printed share stands to a fraction (rule 3), in exact arithmetic.

    "More than" and "fewer than" have to be true of every value that rounds to the printed one. Otherwise
    the printed number itself is held against the fraction, with 2.0 points to either side of a bare one and 5.0
    on the hedged side of a hedged one.
    """
    printed, aim, one_sided = figure.printed, 100 * fraction, relation in ONE_SIDED
    # Exact: in floats, 27 is not within 2.0 points of 29 on every machine.
    below, above = (100 * Fraction(str(margin)) for margin in MARGINS[relation])
    low, high = aim - below, aim + above

    def allows(value: float | Fraction) -> bool:
        return bool(low <= value <= high) and not (one_sided and value == aim)

    inside = [allows(end) for end in find_rounding_limits(figure)]
    holds = all(inside) if one_sided else allows(printed)
    secure = None
    if not math.isnan(figure.low):
        least, most = 100 * figure.low, 100 * figure.high
        secure = allows(least) and allows(most) if holds else bool(most < low or least > high)
    verdict = CONTRADICTED if not holds else SUPPORTED if one_sided or printed == aim else BY_ROUNDING
    name = name_fraction(aim)
    named = name if name == f"{format_exact(aim)}%" else f"{name} ({format_exact(aim)})"
    side = "above" if relation == "more_than" else "below"
    claimed, away = f"“{HEDGES[relation]}{name}”", f"{format_exact_points(printed - aim)} from {named}"
    # The first that is true tells where the share stands.
    findings = (
        (one_sided and holds, f"{side} {named}, as is every value that prints so"),
        (one_sided and any(inside), f"so near {named} that not every value that prints so is {side} it"),
        (one_sided, f"not {side} {named}"),
        (printed == aim, f"exactly {named}"),
        (holds, f"{away}, near enough for {claimed}"),
        (relation == "exact", f"not {name}"),
        (abs(printed - aim) <= max(below, above), f"on the other side of {named} than {claimed} has it"),
        (True, f"{away}, more than the {format_exact(max(below, above))} that {claimed} allows"),
    )
    finding = next(told for is_so, told in findings if is_so)
    decimals = 0 if math.isnan(figure.decimals) else int(figure.decimals)
    interval = f" ({span(figure.low, figure.high, decimals)})" if figure.low < figure.high else ""
    reason = f"{describe_share(figure)} of {figure.who}{interval} for “{figure.name}”: {finding}."
    return Judgement(verdict, secure, all(inside) if holds else not any(inside), reason, (figure.figure_id,))


def find_rounding_limits(figure: Figure) -> tuple[Fraction, Fraction]:
    """Return the smallest and largest exact percentage that print as this figure does."""
    half = Fraction(0) if math.isnan(figure.decimals) else Fraction(1, 2) / 10 ** int(figure.decimals)
    return max(Fraction(0), figure.printed - half), min(Fraction(100), figure.printed + half)


def name_fraction(aim: Fraction) -> str:
    """Return an exact percentage as the fraction it is: 'two-thirds', 'three-tenths', '12.5%'."""
    fraction = aim / 100
    part = PARTS.get(fraction.denominator)
    if fraction in NAMES:
        return NAMES[fraction]
    if part is None:
        return f"{format_exact(aim)}%"
    return f"a {part}" if fraction.numerator == 1 else f"{count(fraction.numerator)}-{part}s"


class PairTest(FigureTest):
    """Two shares are held against each other by a rule for their difference.

    Where it isn't claimed which is the higher, the larger is told first.
    """

    @staticmethod
    def decide(difference: Difference) -> str:
        """Return the verdict on a difference."""
        raise NotImplementedError

    def describe(self, pair: Contrast, verdict: str) -> str:
        """Return the reason."""
        return pair.describe()

    def judge_numbers(self, evidence: Evidence, *figures: Figure) -> Judgement:
        """Return the verdict on their difference."""
        is_reversed = figures[0].share < figures[1].share
        pair = evidence.contrast(*(figures[::-1] if is_reversed and not self.is_order else figures))
        if pair.difference is None and is_reversed and self.is_order:
            return Judgement(CONTRADICTED, None, True, pair.describe(), pair.ids)
        if pair.difference is None:
            return pair.report_untestable()
        verdict = self.decide(pair.difference)
        # Of an agreement, an interval that holds nought is what makes it secure.
        secure = verdict != WITHIN_ERROR and (pair.excludes_zero or not self.is_order)
        survives = pair.survives(type(self).decide, verdict)
        return Judgement(verdict, secure, survives, self.describe(pair, verdict), pair.ids)

    def decide_ends(self, evidence: Evidence, *figures: Figure) -> str:
        """Return the verdict on the difference of what the words of both allow."""
        test = choose_test(evidence.survey, *figures)
        return self.decide(compare_printed(test, *figures)) if test else NOT_CHECKABLE

    def explain_words(self, evidence: Evidence, verdict: str, *figures: Figure) -> str:
        """Return what is known of both: the number, or the words with what they allow."""
        told = []
        for figure in figures:
            allowed = [end.share for end in evidence.find_ends(figure)]
            known = describe_share(figure) if figure.printed is not None else f"“{figure.verbal}” ({span(*allowed)})"
            told.append(f"{known} for “{figure.name}” {figure.among}")
        return f"{told[0]} against {told[1]}: whatever the words allow, the verdict is the same."


class Order(PairTest):
    """One share is higher than another."""

    kind: Literal["order"] = "order"
    keys: ClassVar = ("higher", "lower")
    is_order: ClassVar = True
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

    kind: Literal["difference"] = "difference"
    keys: ClassVar = ("figure_a", "figure_b")
    figure_a: Key
    figure_b: Key

    @staticmethod
    def decide(difference: Difference) -> str:
        """Return the verdict on "the two differ" (rule 4), for which no order is printed that could be reversed."""
        return SUPPORTED if difference.excludes_zero else WITHIN_ERROR


class Agreement(PairTest):
    """Two shares are the same to within 5 points."""

    kind: Literal["agreement"] = "agreement"
    keys: ClassVar = ("figure_a", "figure_b")
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
