"""What comes out of a test: the verdict, how firm it is, and the sentence that gives the reason."""

from dataclasses import dataclass
from fractions import Fraction

from surveybook.claims.evidence import Contrast, Figure
from surveybook.model.wording import number, per_cent, span
from surveybook.stats import Difference

CONTRADICTED = "contradicted"
NOT_CHECKABLE = "not checkable"
WITHIN_ERROR = "within sampling error"
BY_ROUNDING = "supported by rounding"
SUPPORTED = "supported"
WORST_FIRST = (CONTRADICTED, NOT_CHECKABLE, WITHIN_ERROR, BY_ROUNDING, SUPPORTED)
VERDICTS = (SUPPORTED, BY_ROUNDING, WITHIN_ERROR, CONTRADICTED, NOT_CHECKABLE)
HOLDS = (SUPPORTED, BY_ROUNDING)
YES, NO, NOT_APPLICABLE = "yes", "no", "n.a."
SMALL_P = 0.001
AGREEMENT_MARGIN = 0.05


@dataclass(frozen=True)
class Judgement:
    """The outcome of a test.

    Attributes
    ----------
    verdict : str
        One of `VERDICTS`.
    secure : str
        Whether what the verdict says holds statistically: the interval of the difference excludes 0, or the
        interval of the share lies wholly on the side that the verdict puts it. Never for a verdict within
        sampling error; "n.a." where no sampling is involved or no interval is known.
    survives_rounding : str
        Whether the verdict would be the same, or hold equally, for all shares that print as these do.
    reason : str
        One sentence with the figures and the statistic.
    figures : tuple of str
        Ids of the figures that were used.
    """

    verdict: str
    secure: str = NOT_APPLICABLE
    survives_rounding: str = NOT_APPLICABLE
    reason: str = ""
    figures: tuple[str, ...] = ()


def yes_no(answer: bool) -> str:
    """Return an answer as a word."""
    return YES if answer else NO


def exact_number(value: Fraction) -> str:
    """Return an exact number with at most one decimal: '15', '3.7'."""
    return number(float(value), 0 if value.denominator == 1 else 1)


def exact_points(value: Fraction) -> str:
    """Return an exact distance in percentage points, without its sign."""
    text = exact_number(abs(value))
    return f"{text} point{'' if text == '1' else 's'}"


def share_words(figure: Figure) -> str:
    """Return a figure's number as printed: '68 per cent'."""
    return per_cent(figure.share, 0 if figure.decimals != figure.decimals else int(figure.decimals))


def p_words(p_value: float) -> str:
    """Return a p-value: 'p < 0.001', 'p = 0.36', with three decimals where two would hide its side of 0.01 or 0.05."""
    if p_value < SMALL_P:
        return "p < 0.001"
    return f"p = {p_value:.3f}" if p_value < 0.0095 or 0.045 <= p_value < 0.055 else f"p = {p_value:.2f}"


def interval_words(difference: Difference) -> str:
    """Return the interval of a difference in points, larger share first.

    A bound that would print as one of the limits of a verdict, 0 or 5, gets a decimal, so that its side is seen.
    """
    low, high = difference.low, difference.high
    if difference.difference < 0:
        low, high = -high, -low
    limits = (0, AGREEMENT_MARGIN)
    decimals = 1 if any(abs(abs(bound) - limit) < 0.005 for bound in (low, high) for limit in limits) else 0
    return span(low, high, decimals)


def pair_words(pair: Contrast) -> str:
    """Return two figures beside each other: '68 per cent of the public against 83 per cent of frontline staff'."""
    first, second = pair.first, pair.second
    if first.item == second.item and first.response == second.response:
        return f"“{first.name}”: {share_words(first)} of {first.who} against {share_words(second)} of {second.who}"
    if first.item == second.item and first.who == second.who:
        return (
            f"“{first.name.partition(',')[0]}” among {first.who}: {share_words(first)} {first.answer} against "
            f"{share_words(second)} {second.answer}"
        )
    if first.who == second.who:
        return (
            f"Among {first.who}, {share_words(first)} for “{first.name}” against {share_words(second)} for "
            f"“{second.name}”"
        )
    return (
        f"{share_words(first)} of {first.who} for “{first.name}” against {share_words(second)} of {second.who} for "
        f"“{second.name}”"
    )


def contrast_words(pair: Contrast) -> str:
    """Return two figures with their difference, its interval and p-value, as a sentence."""
    assert pair.first.printed is not None
    assert pair.second.printed is not None
    gap = abs(pair.first.printed - pair.second.printed)
    size = "no difference" if gap == 0 else f"a difference of {exact_points(gap)}"
    if pair.difference is None:
        return f"{pair_words(pair)}: {size}, which can't be tested."
    return f"{pair_words(pair)}: {size} ({interval_words(pair.difference)}), {p_words(pair.difference.p_value)}."


def lower_first(text: str) -> str:
    """Return a sentence as it goes on after a colon; places of the report and quotations stay as they are."""
    first = text.split(" ", maxsplit=1)[0]
    return text[:1].lower() + text[1:] if first in ("It", "Among", "No", "The", "All", "Of", "Both") else text
