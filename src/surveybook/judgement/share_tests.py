"""Tests of a share against what is said of it: a number or words that repeat it, or a fraction in words."""

import math
from fractions import Fraction
from typing import Annotated, Any, Literal, Self

from pydantic import AfterValidator, BeforeValidator, Field, model_validator

from surveybook.judgement.claim_test import (
    BY_ROUNDING,
    CONTRADICTED,
    NOT_CHECKABLE,
    SUPPORTED,
    ClaimTest,
    Judgement,
    Key,
    Text,
    describe_share,
)
from surveybook.judgement.evidence import Evidence, Figure, format_exact, format_exact_points
from surveybook.judgement.text_tests import RULES_OF_TEXT
from surveybook.model.wording import BARE_MARGIN, HEDGED_MARGIN, MARGINS, band, count, points, span

# As claims say a fraction, where that isn't the name of the relation.
HEDGES = {"exact": "exactly ", "bare": ""}
NAMES = {Fraction(0): "none", Fraction(1): "all", Fraction(1, 2): "half"}
PARTS = {3: "third", 4: "quarter", 5: "fifth", 10: "tenth"}
# The codebook gives a third as 0.3333: the simplest fraction next to it is meant.
LARGEST_DENOMINATOR = 10
ONE_SIDED = ("more_than", "fewer_than")


def check_percent(value: Any) -> Any:
    """Return a percentage as it is written, with its decimals; an error where it isn't one."""
    if isinstance(value, bool) or not isinstance(value, int | float) or not 0 <= value <= 100:
        raise ValueError(f"the repeated number is '{value}'; expected a percentage from 0 to 100")
    return value


def read_fraction(value: Any) -> Fraction:
    """Return a fraction as it is written, exactly: '2/3', 0.5, 1."""
    try:
        return Fraction(str(value))
    except (ValueError, ZeroDivisionError):
        raise ValueError("should be a fraction") from None


class Repetition(ClaimTest):
    """A figure is given again, as a percentage or in words: it is held against the number, never against a phrase."""

    kind = "repetition"
    rules = RULES_OF_TEXT
    keys = ("figure",)
    figure: Key
    percent: Annotated[Any, AfterValidator(check_percent)] = None
    verbal: Text | None = None

    @model_validator(mode="after")
    def check_one_is_said(self) -> Self:
        """Raise an error unless a number or words are said, and not both."""
        if (self.percent is None) == (self.verbal is None):
            raise ValueError("the repetition test has to have one of percent and verbal; give the number or the words")
        return self

    def judge(self, evidence: Evidence) -> Judgement:
        """Return whether a number, or words, repeat what the wave has for the figure (rules 1 and 2).

        Where words are said and the wave has a number, it is held against the words' fraction.
        """
        figure, said = evidence.figures.get(self.figure), self.verbal
        if figure is not None and figure.status == "words":
            allowed = band(evidence.survey.codebook, said) if said else (self.percent / 100, self.percent / 100)
            return judge_phrase(evidence, figure, f"“{said}”" if said else f"{self.percent}%", allowed)
        if lacking := evidence.report_lacks([self.figure]):
            return lacking
        assert figure is not None
        if said is None:
            stated, places = Fraction(str(self.percent)), len(str(self.percent).partition(".")[2])
            # Halves are rounded upwards.
            equal = math.floor(figure.printed * 10**places + Fraction(1, 2)) == stated * 10**places
            name = f"“{figure.name}” {figure.among}"
            reason = f"{format_exact(stated)}% is said, and {name} is {describe_share(figure)}."
            return Judgement(SUPPORTED if equal else CONTRADICTED, reason=reason, figures=(figure.figure_id,))
        words = evidence.survey.codebook.words
        if said not in words.index or words.loc[said, "relation"] not in MARGINS:
            reason = f"“{said}” holds no number to hold {describe_share(figure)} against."
            return Judgement(NOT_CHECKABLE, reason=reason, figures=(figure.figure_id,))
        relation, fraction = words.loc[said, ["relation", "fraction"]]
        return judge_share(figure, relation, Fraction(fraction).limit_denominator(LARGEST_DENOMINATOR))


class FractionTest(ClaimTest):
    """A share is put at a fraction, with a hedge or without."""

    kind = "fraction"
    rules = (
        (
            "A fraction of those asked, said as “more than”, “fewer than” or “most”",
            f"{SUPPORTED} if true of every value that prints as the figure does, otherwise {CONTRADICTED}.",
        ),
        (
            "A fraction of those asked, said as it is or with a hedge",
            f"{SUPPORTED} if exact; {BY_ROUNDING} within {points(BARE_MARGIN)} of a bare fraction, or within "
            f"{points(HEDGED_MARGIN)} on the hedged side (“nearly”, “just over”, “about”); otherwise {CONTRADICTED}.",
        ),
    )
    keys = ("figure",)
    figure: Key
    relation: Literal["exact", "bare", "more_than", "fewer_than", "nearly", "just_over", "about"]
    fraction: Annotated[
        Fraction, BeforeValidator(read_fraction), Field(ge=0, le=1, description="one from 0 to 1, such as 2/3")
    ]

    def judge(self, evidence: Evidence) -> Judgement:
        """Return how a share stands to a fraction that the report puts it at (rules 1 and 3)."""
        lacking = evidence.report_lacks([self.figure])
        if not lacking:
            return judge_share(evidence.figures[self.figure], self.relation, self.fraction)
        return self.judge_words(evidence) or lacking

    def judge_words(self, evidence: Evidence) -> Judgement | None:
        """Return the verdict that all which a figure's words allow comes to; None where they don't agree on one.

        Words that fit words show nothing: they may be the same ones.
        """
        figure = evidence.figures.get(self.figure)
        verdicts = {judge_share(end, self.relation, self.fraction).verdict for end in evidence.find_ends(figure)}
        if verdicts != {CONTRADICTED} and not (verdicts == {SUPPORTED} and self.relation in ONE_SIDED):
            return None
        assert figure is not None
        hedge = HEDGES.get(self.relation, self.relation.replace("_", " ") + " ")
        how = "everything that this allows is" if verdicts == {SUPPORTED} else "nothing that this allows is"
        reason = f"“{figure.name}” {figure.among} is given as “{figure.verbal}”, in words only: {how} "
        reason += f"{hedge}{name_fraction(100 * self.fraction)}."
        return Judgement(verdicts.pop(), reason=reason, figures=(figure.figure_id,))


def judge_phrase(evidence: Evidence, figure: Figure, said: str, allowed: tuple[float, float] | None) -> Judgement:
    """Return how what is said stands to a figure that is given in words only: words can refute, never confirm."""
    limits = band(evidence.survey.codebook, figure.verbal)
    name = f"“{figure.name}” {figure.among}"
    reason = f"{said} is said, and {name} is given as “{figure.verbal}”, in words only"
    if limits and allowed and (allowed[1] < limits[0] or allowed[0] > limits[1]):
        reason += f", which allows {span(*limits)}."
        return Judgement(CONTRADICTED, reason=reason, figures=(figure.figure_id,))
    return Judgement(NOT_CHECKABLE, reason=f"{reason}: no number was printed.", figures=(figure.figure_id,))


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
    if one_sided:
        side = "above" if relation == "more_than" else "below"
        if holds:
            finding = f"{side} {named}, as is every value that prints so"
        elif any(inside):
            finding = f"so near {named} that not every value that prints so is {side} it"
        else:
            finding = f"not {side} {named}"
    else:
        claimed = f"“{HEDGES.get(relation, relation.replace('_', ' ') + ' ')}{name}”"
        away = f"{format_exact_points(printed - aim)} from {named}"
        if printed == aim:
            finding = f"exactly {named}"
        elif holds:
            finding = f"{away}, near enough for {claimed}"
        elif relation == "exact":
            finding = f"not {name}"
        elif abs(printed - aim) <= max(below, above):
            finding = f"on the other side of {named} than {claimed} has it"
        else:
            finding = f"{away}, more than the {format_exact(max(below, above))} that {claimed} allows"
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
