"""Tests of a number against what is said of it: repetitions, counts, passages, and fractions in words."""

import math
from fractions import Fraction

from surveybook.claims.evidence import Evidence, Figure, items_of, missing_text, what_is_missing
from surveybook.claims.judgement import (
    BY_ROUNDING,
    CONTRADICTED,
    NOT_APPLICABLE,
    NOT_CHECKABLE,
    SUPPORTED,
    Judgement,
    exact_number,
    exact_points,
    share_words,
    yes_no,
)
from surveybook.claims.vocabulary import Test
from surveybook.model.wording import in_sentence, span
from surveybook.words.bands import BARE_MARGIN, HEDGED_MARGIN

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


def judge_not_checkable(test: Test, evidence: Evidence) -> Judgement:
    """Return that nothing measures it (rule 1), with what would."""
    return Judgement(NOT_CHECKABLE, reason=f"No item measures it: it would take {test['needs']}.")


def judge_cross_reference(test: Test, evidence: Evidence) -> Judgement:
    """Return whether a reference leads to where the matter stands (rule 2)."""
    stated, actual = in_report(test["stated"]), in_report(test["actual"])
    if stated == actual:
        return Judgement(SUPPORTED, reason=f"The reference is to {stated}, and that is where it stands.")
    return Judgement(CONTRADICTED, reason=f"The reference is to {stated}; it stands in {actual}.")


def in_report(place: str) -> str:
    """Return a place of the report as it stands inside a sentence."""
    return in_sentence(place) if place.startswith("Section") else place


def judge_consistency(test: Test, evidence: Evidence) -> Judgement:
    """Return whether two passages of the report say the same (rule 2)."""
    first, second = test["first"], test["second"]
    passages = " and ".join(f"“{passage['says']}” ({passage['locator']})" for passage in (first, second))
    joint = "agree" if test["agree"] else "don't agree"
    return Judgement(SUPPORTED if test["agree"] else CONTRADICTED, reason=f"{passages} {joint}.")


def judge_count(test: Test, evidence: Evidence) -> Judgement:
    """Return whether as many were counted as the report states (rule 2)."""
    stated, counted = test["stated"], test["counted"]
    used: tuple[str, ...] = ()
    if isinstance(counted, str):
        question, _, population = counted.partition("/")
        figures = items_of(evidence, population, question)
        if (population, question) not in evidence.asked or not figures:
            title = evidence.survey.codebook.questions.loc[question, "title"]
            return Judgement(NOT_CHECKABLE, reason=f"It needs the question “{title}”, which this wave did not ask.")
        found, used = len({figure.item for figure in figures}), tuple(figure.figure_id for figure in figures)
    else:
        found = len(counted)
    reason = f"{stated} are stated and {found} are counted: {test['what']}."
    return Judgement(SUPPORTED if found == stated else CONTRADICTED, reason=reason, figures=used)


def judge_repetition(test: Test, evidence: Evidence) -> Judgement:
    """Return whether a number, or words, repeat what the wave has for the figure (rules 1 and 2)."""
    figure = evidence.figures.get(test["figure"])
    if "verbal" in test:
        return _repeated_words(test, evidence, figure)
    if figure is None or figure.printed is None:
        return Judgement(NOT_CHECKABLE, reason=missing_text(what_is_missing(evidence, [test["figure"]])))
    stated = Fraction(str(test["percent"]))
    places = len(str(test["percent"]).partition(".")[2])
    equal = round_half_up(figure.printed, places) == stated
    reason = f"{exact_number(stated)} per cent is said, and {_name(figure)} is {share_words(figure)}."
    return Judgement(SUPPORTED if equal else CONTRADICTED, reason=reason, figures=(figure.figure_id,))


def _repeated_words(test: Test, evidence: Evidence, figure: Figure | None) -> Judgement:
    """Return whether words repeat words; where the wave has a number, it is held against the words' fraction."""
    said = test["verbal"]
    if figure is not None and figure.status == "words":
        reason = f"“{said}” is said, and {_name(figure)} is given as “{figure.verbal}”, in words only."
        return Judgement(
            SUPPORTED if said == figure.verbal else CONTRADICTED, reason=reason, figures=(figure.figure_id,)
        )
    words = evidence.survey.codebook.words
    if figure is None or figure.printed is None:
        return Judgement(NOT_CHECKABLE, reason=missing_text(what_is_missing(evidence, [test["figure"]])))
    if said not in words.index or words.loc[said, "relation"] not in HEDGES:
        return Judgement(
            NOT_CHECKABLE,
            reason=f"“{said}” holds no number to hold {share_words(figure)} against.",
            figures=(figure.figure_id,),
        )
    relation, fraction = words.loc[said, ["relation", "fraction"]]
    return judge_share(figure, relation, Fraction(fraction).limit_denominator(LARGEST_DENOMINATOR))


def judge_fraction(test: Test, evidence: Evidence) -> Judgement:
    """Return how a share stands to a fraction that the report puts it at (rules 1 and 3)."""
    figure = evidence.figures.get(test["figure"])
    if figure is None or figure.printed is None:
        return Judgement(NOT_CHECKABLE, reason=missing_text(what_is_missing(evidence, [test["figure"]])))
    return judge_share(figure, test["relation"], Fraction(str(test["fraction"])))


def judge_share(figure: Figure, relation: str, fraction: Fraction) -> Judgement:
    """Return how a printed share stands to a fraction (rule 3), in exact arithmetic.

    "More than" and "fewer than" have to be true of every value that rounds to the printed one. Otherwise
    the printed number itself is held against the fraction, with 2.0 points to either side of a bare one and 5.0
    on the hedged side of a hedged one.
    """
    assert figure.printed is not None
    if relation in ("more_than", "fewer_than"):
        return _against_side(figure, relation, 100 * fraction)
    return _against_band(figure, relation, 100 * fraction)


def _against_side(figure: Figure, relation: str, aim: Fraction) -> Judgement:
    """Return whether all values that print as this one are above, or below, an exact percentage."""
    lowest, highest = rounding_box(figure)
    above = relation == "more_than"
    holds = lowest > aim if above else highest < aim
    never = highest <= aim if above else lowest >= aim
    if math.isnan(figure.low):
        secure = NOT_APPLICABLE
    elif holds:
        secure = yes_no(100 * figure.low > aim if above else 100 * figure.high < aim)
    else:
        secure = yes_no(100 * figure.high < aim if above else 100 * figure.low > aim)
    side = "above" if above else "below"
    if holds:
        finding = f"{side} {fraction_words(aim)}, as is every value that prints so"
    elif never:
        finding = f"not {side} {fraction_words(aim)}"
    else:
        finding = f"so near {fraction_words(aim)} that not every value that prints so is {side} it"
    return Judgement(
        SUPPORTED if holds else CONTRADICTED,
        secure,
        yes_no(holds or never),
        f"{_subject(figure)}: {finding}.",
        (figure.figure_id,),
    )


def _against_band(figure: Figure, relation: str, aim: Fraction) -> Judgement:
    """Return whether the printed number is at, or near enough to, an exact percentage."""
    assert figure.printed is not None
    printed = figure.printed
    low, high = (aim - SIDES[relation][0] * MARGINS[relation], aim + SIDES[relation][1] * MARGINS[relation])
    holds = low <= printed <= high
    verdict = SUPPORTED if printed == aim else BY_ROUNDING if holds else CONTRADICTED
    ends = rounding_box(figure)
    inside = [low <= end <= high for end in ends]
    survives = all(inside) if holds else not any(inside)
    if math.isnan(figure.low):
        secure = NOT_APPLICABLE
    elif holds:
        secure = yes_no(100 * figure.low >= low and 100 * figure.high <= high)
    else:
        secure = yes_no(100 * figure.low > high or 100 * figure.high < low)
    said = f"“{HEDGES[relation]}{plain(aim)}”"
    away = f"{exact_points(printed - aim)} from {fraction_words(aim)}"
    if printed == aim:
        finding = f"exactly {fraction_words(aim)}"
    elif holds:
        finding = f"{away}, near enough for {said}"
    elif relation in ("nearly", "just_over") and abs(printed - aim) <= MARGINS[relation]:
        finding = f"on the other side of {fraction_words(aim)} than {said} has it"
    elif relation == "exact":
        finding = f"not {plain(aim)}"
    else:
        finding = f"{away}, more than the {exact_number(MARGINS[relation])} that {said} allows"
    return Judgement(verdict, secure, yes_no(survives), f"{_subject(figure)}: {finding}.", (figure.figure_id,))


def rounding_box(figure: Figure) -> tuple[Fraction, Fraction]:
    """Return the smallest and largest exact percentage that print as this figure does."""
    assert figure.printed is not None
    half = Fraction(0) if math.isnan(figure.decimals) else Fraction(1, 2) / 10 ** int(figure.decimals)
    return max(Fraction(0), figure.printed - half), min(Fraction(100), figure.printed + half)


def round_half_up(value: Fraction, places: int) -> Fraction:
    """Return an exact number rounded to decimals, halves upwards."""
    return Fraction(math.floor(value * 10**places + Fraction(1, 2)), 10**places)


def plain(aim: Fraction) -> str:
    """Return an exact percentage as the fraction it is: 'two-thirds', 'three-tenths', '12.5 per cent'."""
    fraction = aim / 100
    if fraction in NAMES:
        return NAMES[fraction]
    if fraction.denominator in PARTS:
        part = PARTS[fraction.denominator]
        return f"a {part}" if fraction.numerator == 1 else f"{NUMERALS[fraction.numerator]}-{part}s"
    return f"{exact_number(aim)} per cent"


def fraction_words(aim: Fraction) -> str:
    """Return a fraction with its percentage: 'two-thirds (66.7)'."""
    return f"{plain(aim)} ({exact_number(aim)})" if plain(aim) != f"{exact_number(aim)} per cent" else plain(aim)


def _name(figure: Figure) -> str:
    """Return what a figure is of."""
    return f"“{figure.name}” among {figure.who}"


def _subject(figure: Figure) -> str:
    """Return a figure with its interval, as the beginning of a sentence."""
    decimals = 0 if math.isnan(figure.decimals) else int(figure.decimals)
    interval = "" if math.isnan(figure.low) else f" ({span(figure.low, figure.high, decimals)})"
    return f"{share_words(figure)} of {figure.who}{interval} for “{figure.name}”"
