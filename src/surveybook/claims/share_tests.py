"""Tests of a share against what is said of it: a number or words that repeat it, or a fraction in words."""

import math
from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from surveybook.claims.claim_test import ClaimTest, Complaint, Names
from surveybook.claims.evidence import Evidence, Figure, describe_missing, find_missing
from surveybook.claims.judgement import (
    BY_ROUNDING,
    CONTRADICTED,
    NOT_CHECKABLE,
    SUPPORTED,
    Judgement,
    describe_share,
    format_exact,
    format_exact_points,
)
from surveybook.model.wording import BARE_MARGIN, HEDGED_MARGIN, span

RELATIONS = ("exact", "bare", "more_than", "fewer_than", "nearly", "just_over", "about")
# Exact: in floats, 27 is not within 2.0 points of 29 on every machine.
MARGINS = {
    "exact": Fraction(0),
    "bare": 100 * Fraction(str(BARE_MARGIN)),
    **dict.fromkeys(("nearly", "just_over", "about"), 100 * Fraction(str(HEDGED_MARGIN))),
}
SIDES = {"exact": (0, 0), "bare": (1, 1), "nearly": (1, 0), "just_over": (0, 1), "about": (1, 1)}
HEDGES = {
    "exact": "exactly ",
    "bare": "",
    "nearly": "nearly ",
    "just_over": "just over ",
    "about": "about ",
    "more_than": "more than ",
    "fewer_than": "fewer than ",
}
NAMES = {
    Fraction(0): "none",
    Fraction(1): "all",
    Fraction(1, 2): "half",
    Fraction(1, 3): "a third",
    Fraction(2, 3): "two-thirds",
    Fraction(1, 4): "a quarter",
    Fraction(3, 4): "three-quarters",
}
PARTS = {5: "fifth", 10: "tenth"}
NUMERALS = ("no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine")
# The codebook gives a third as 0.3333: the simplest fraction next to it is meant.
LARGEST_DENOMINATOR = 10


@dataclass(frozen=True)
class Repetition(ClaimTest):
    """A figure is given again, as a percentage or in words."""

    kind = "repetition"
    keys = ("figure",)
    figure: str
    percent: float | None = None
    verbal: str | None = None

    def complain(self, names: Names) -> Iterator[Complaint]:
        """Yield what is wrong with the key or the number."""
        yield from super().complain(names)
        percent = 0 if self.percent is None else self.percent
        if isinstance(percent, bool) or not isinstance(percent, int | float) or not 0 <= percent <= 100:
            yield f"the repeated number is '{percent}'", "expected a percentage from 0 to 100"

    def judge(self, evidence: Evidence) -> Judgement:
        """Return whether a number, or words, repeat what the wave has for the figure (rules 1 and 2)."""
        figure = evidence.figures.get(self.figure)
        if self.verbal is not None:
            return self._judge_words(self.verbal, evidence, figure)
        if figure is None or figure.printed is None:
            return Judgement(NOT_CHECKABLE, reason=describe_missing(find_missing(evidence, [self.figure])))
        stated = Fraction(str(self.percent))
        equal = round_half_up(figure.printed, len(str(self.percent).partition(".")[2])) == stated
        reason = f"{format_exact(stated)} per cent is said, and {_name_figure(figure)} is {describe_share(figure)}."
        return Judgement(SUPPORTED if equal else CONTRADICTED, reason=reason, figures=(figure.figure_id,))

    def _judge_words(self, said: str, evidence: Evidence, figure: Figure | None) -> Judgement:
        """Return whether words repeat words; where the wave has a number, it is held against the words' fraction."""
        if figure is not None and figure.status == "words":
            reason = f"“{said}” is said, and {_name_figure(figure)} is given as “{figure.verbal}”, in words only."
            verdict = SUPPORTED if said == figure.verbal else CONTRADICTED
            return Judgement(verdict, reason=reason, figures=(figure.figure_id,))
        words = evidence.survey.codebook.words
        if figure is None or figure.printed is None:
            return Judgement(NOT_CHECKABLE, reason=describe_missing(find_missing(evidence, [self.figure])))
        if said not in words.index or words.loc[said, "relation"] not in HEDGES:
            reason = f"“{said}” holds no number to hold {describe_share(figure)} against."
            return Judgement(NOT_CHECKABLE, reason=reason, figures=(figure.figure_id,))
        relation, fraction = words.loc[said, ["relation", "fraction"]]
        return judge_share(figure, relation, Fraction(fraction).limit_denominator(LARGEST_DENOMINATOR))


@dataclass(frozen=True)
class FractionTest(ClaimTest):
    """A share is put at a fraction, with a hedge or without."""

    kind = "fraction"
    keys = ("figure",)
    figure: str
    relation: str
    fraction: Any

    def complain(self, names: Names) -> Iterator[Complaint]:
        """Yield what is wrong with the key, the relation or the fraction."""
        yield from super().complain(names)
        if self.relation not in RELATIONS:
            yield f"the relation '{self.relation}' isn't known", f"expected one of {', '.join(RELATIONS)}"
        try:
            is_share = 0 <= Fraction(str(self.fraction)) <= 1
        except (ValueError, ZeroDivisionError):
            is_share = False
        if not is_share:
            yield f"the fraction is '{self.fraction}'", "expected one from 0 to 1, such as 2/3"

    def judge(self, evidence: Evidence) -> Judgement:
        """Return how a share stands to a fraction that the report puts it at (rules 1 and 3)."""
        figure = evidence.figures.get(self.figure)
        if figure is None or figure.printed is None:
            return Judgement(NOT_CHECKABLE, reason=describe_missing(find_missing(evidence, [self.figure])))
        return judge_share(figure, self.relation, Fraction(str(self.fraction)))


def judge_share(figure: Figure, relation: str, fraction: Fraction) -> Judgement:
    """Return how a printed share stands to a fraction (rule 3), in exact arithmetic.

    "More than" and "fewer than" have to be true of every value that rounds to the printed one. Otherwise
    the printed number itself is held against the fraction, with 2.0 points to either side of a bare one and 5.0
    on the hedged side of a hedged one.
    """
    assert figure.printed is not None
    if relation in ("more_than", "fewer_than"):
        return _judge_side(figure, relation, 100 * fraction)
    return _judge_band(figure, relation, 100 * fraction)


def _judge_side(figure: Figure, relation: str, aim: Fraction) -> Judgement:
    """Return whether all values that print as this one are above, or below, an exact percentage."""
    sign, side = (1, "above") if relation == "more_than" else (-1, "below")
    # Seen from the side that is claimed, nearest to the aim first.
    nearest, farthest = sorted(sign * (end - aim) for end in find_rounding_limits(figure))
    holds, never = nearest > 0, farthest <= 0
    secure: bool | None = None
    if not math.isnan(figure.low):
        low, high = sorted(sign * (Fraction(100 * end) - aim) for end in (figure.low, figure.high))
        secure = low > 0 if holds else high < 0
    if holds:
        finding = f"{side} {describe_fraction(aim)}, as is every value that prints so"
    elif never:
        finding = f"not {side} {describe_fraction(aim)}"
    else:
        finding = f"so near {describe_fraction(aim)} that not every value that prints so is {side} it"
    verdict = SUPPORTED if holds else CONTRADICTED
    return Judgement(verdict, secure, holds or never, f"{_describe_figure(figure)}: {finding}.", (figure.figure_id,))


def _judge_band(figure: Figure, relation: str, aim: Fraction) -> Judgement:
    """Return whether the printed number is at, or near enough to, an exact percentage."""
    assert figure.printed is not None
    printed = figure.printed
    low, high = (aim - SIDES[relation][0] * MARGINS[relation], aim + SIDES[relation][1] * MARGINS[relation])
    holds = low <= printed <= high
    verdict = SUPPORTED if printed == aim else BY_ROUNDING if holds else CONTRADICTED
    inside = [low <= end <= high for end in find_rounding_limits(figure)]
    secure: bool | None = None
    if not math.isnan(figure.low):
        least, most = 100 * figure.low, 100 * figure.high
        secure = least >= low and most <= high if holds else least > high or most < low
    claimed = f"“{HEDGES[relation]}{name_fraction(aim)}”"
    away = f"{format_exact_points(printed - aim)} from {describe_fraction(aim)}"
    if printed == aim:
        finding = f"exactly {describe_fraction(aim)}"
    elif holds:
        finding = f"{away}, near enough for {claimed}"
    elif relation in ("nearly", "just_over") and abs(printed - aim) <= MARGINS[relation]:
        finding = f"on the other side of {describe_fraction(aim)} than {claimed} has it"
    elif relation == "exact":
        finding = f"not {name_fraction(aim)}"
    else:
        finding = f"{away}, more than the {format_exact(MARGINS[relation])} that {claimed} allows"
    survives = all(inside) if holds else not any(inside)
    return Judgement(verdict, secure, survives, f"{_describe_figure(figure)}: {finding}.", (figure.figure_id,))


def find_rounding_limits(figure: Figure) -> tuple[Fraction, Fraction]:
    """Return the smallest and largest exact percentage that print as this figure does."""
    assert figure.printed is not None
    half = Fraction(0) if math.isnan(figure.decimals) else Fraction(1, 2) / 10 ** int(figure.decimals)
    return max(Fraction(0), figure.printed - half), min(Fraction(100), figure.printed + half)


def round_half_up(value: Fraction, places: int) -> Fraction:
    """Return an exact number rounded to decimals, halves upwards."""
    return Fraction(math.floor(value * 10**places + Fraction(1, 2)), 10**places)


def name_fraction(aim: Fraction) -> str:
    """Return an exact percentage as the fraction it is: 'two-thirds', 'three-tenths', '12.5 per cent'."""
    fraction = aim / 100
    if fraction in NAMES:
        return NAMES[fraction]
    if fraction.denominator in PARTS:
        part = PARTS[fraction.denominator]
        return f"a {part}" if fraction.numerator == 1 else f"{NUMERALS[fraction.numerator]}-{part}s"
    return f"{format_exact(aim)} per cent"


def describe_fraction(aim: Fraction) -> str:
    """Return a fraction with its percentage: 'two-thirds (66.7)'."""
    return (
        f"{name_fraction(aim)} ({format_exact(aim)})"
        if name_fraction(aim) != f"{format_exact(aim)} per cent"
        else name_fraction(aim)
    )


def _name_figure(figure: Figure) -> str:
    """Return what a figure is of."""
    return f"“{figure.name}” among {figure.who}"


def _describe_figure(figure: Figure) -> str:
    """Return a figure with its interval, as the beginning of a sentence."""
    decimals = 0 if math.isnan(figure.decimals) else int(figure.decimals)
    interval = "" if math.isnan(figure.low) else f" ({span(figure.low, figure.high, decimals)})"
    return f"{describe_share(figure)} of {figure.who}{interval} for “{figure.name}”"
