"""What comes out of a test: the verdict, how firm it is, and the sentence that gives the reason."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from fractions import Fraction

from surveybook.claims.evidence import Contrast, Figure
from surveybook.model.wording import count, number, per_cent, span
from surveybook.stats.differences import Difference

CONTRADICTED = "contradicted"
NOT_CHECKABLE = "not checkable"
WITHIN_ERROR = "within sampling error"
BY_ROUNDING = "supported by rounding"
SUPPORTED = "supported"
WORST_FIRST = (CONTRADICTED, NOT_CHECKABLE, WITHIN_ERROR, BY_ROUNDING, SUPPORTED)
VERDICTS = (SUPPORTED, BY_ROUNDING, WITHIN_ERROR, CONTRADICTED, NOT_CHECKABLE)
HOLDS = (SUPPORTED, BY_ROUNDING)
SMALL_P = 0.001
AGREEMENT_MARGIN = 0.05
BOTH = 2


@dataclass(frozen=True)
class Judgement:
    """The outcome of a test.

    Attributes
    ----------
    verdict : str
        One of `VERDICTS`.
    secure : bool or None
        Whether what the verdict says holds statistically: the interval of the difference excludes 0, or the
        interval of the share lies wholly on the side that the verdict puts it. Never for a verdict within
        sampling error; None where no sampling is involved or no interval is known.
    survives_rounding : bool or None
        Whether the verdict would be the same, or hold equally, for all shares that print as these do.
    reason : str
        One sentence with the figures and the statistic.
    figures : tuple of str
        Ids of the figures that were used.
    """

    verdict: str
    secure: bool | None = None
    survives_rounding: bool | None = None
    reason: str = ""
    figures: tuple[str, ...] = ()


def format_exact(value: Fraction) -> str:
    """Return an exact number with at most one decimal: '15', '3.7'."""
    return number(float(value), 0 if value.denominator == 1 else 1)


def format_exact_points(value: Fraction) -> str:
    """Return an exact distance in percentage points, without its sign."""
    text = format_exact(abs(value))
    return f"{text} point{'' if text == '1' else 's'}"


def describe_share(figure: Figure) -> str:
    """Return a figure's number as printed: '68 per cent'."""
    return per_cent(figure.share, 0 if figure.decimals != figure.decimals else int(figure.decimals))


def describe_p_value(p_value: float) -> str:
    """Return a p-value: 'p < 0.001', 'p = 0.36', with three decimals where two would hide its side of 0.01 or 0.05."""
    if p_value < SMALL_P:
        return "p < 0.001"
    return f"p = {p_value:.3f}" if p_value < 0.0095 or 0.045 <= p_value < 0.055 else f"p = {p_value:.2f}"


def describe_interval(difference: Difference) -> str:
    """Return the interval of a difference in points, larger share first.

    A bound that would print as one of the limits of a verdict, 0 or 5, gets a decimal, so that its side is seen.
    """
    low, high = difference.low, difference.high
    if difference.difference < 0:
        low, high = -high, -low
    limits = (0, AGREEMENT_MARGIN)
    decimals = 1 if any(abs(abs(bound) - limit) < 0.005 for bound in (low, high) for limit in limits) else 0
    return span(low, high, decimals)


def describe_pair(pair: Contrast) -> str:
    """Return two figures beside each other: '68 per cent of the residents against 83 per cent of visitors'."""
    one, other = pair.first, pair.second
    share, against = describe_share(one), describe_share(other)
    if one.item_id == other.item_id and one.response == other.response:
        return f"“{one.name}”: {share} of {one.who} against {against} of {other.who}"
    if one.item_id == other.item_id and one.who == other.who:
        name = one.name.partition(",")[0]
        return f"“{name}” among {one.who}: {share} {one.answer} against {against} {other.answer}"
    if one.who == other.who:
        return f"Among {one.who}, {share} for “{one.name}” against {against} for “{other.name}”"
    return f"{share} of {one.who} for “{one.name}” against {against} of {other.who} for “{other.name}”"


def describe_contrast(pair: Contrast) -> str:
    """Return two figures with their difference, its interval and p-value, as a sentence."""
    assert pair.first.printed is not None
    assert pair.second.printed is not None
    gap = abs(pair.first.printed - pair.second.printed)
    size = "no difference" if gap == 0 else f"a difference of {format_exact_points(gap)}"
    if pair.difference is None:
        return f"{describe_pair(pair)}: {size}, which can't be tested."
    tested = f"({describe_interval(pair.difference)}), {describe_p_value(pair.difference.p_value)}"
    return f"{describe_pair(pair)}: {size} {tested}."


def continue_sentence(text: str) -> str:
    """Return a sentence as it goes on after a colon; places of the report and quotations stay as they are."""
    first = text.split(" ", maxsplit=1)[0]
    return text[:1].lower() + text[1:] if first in ("It", "Among", "No", "The", "All", "Of", "Both") else text


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
    ids = tuple(dict.fromkeys(figure for part in parts for figure in part.figures))
    if verdict == NOT_CHECKABLE:
        return Judgement(verdict, reason=_explain_parts(parts, deciding, named), figures=ids)
    # One part is enough to undo the whole; to uphold it, all are needed.
    together, counted = (any, deciding) if verdict in (CONTRADICTED, WITHIN_ERROR) else (all, parts)
    secure = _combine_answers([part.secure for part in counted], together)
    survives = _combine_answers([part.survives_rounding for part in counted], together)
    return Judgement(verdict, secure, survives, _explain_parts(parts, deciding, named), ids)


def _combine_answers(answers: list[bool | None], together: Callable[[Iterable[bool]], bool]) -> bool | None:
    """Return several answers as one; those that don't apply are left out."""
    applicable = [answer for answer in answers if answer is not None]
    return together(applicable) if applicable else None


def _explain_parts(parts: Sequence[Judgement], deciding: Sequence[Judgement], named: Judgement) -> str:
    """Return the deciding part's reason, after how many of the parts share its verdict."""
    if len(parts) == 1:
        return named.reason
    if len(deciding) == len(parts):
        all_of_them = "Both parts" if len(parts) == BOTH else f"All {count(len(parts))} parts"
        head = f"{all_of_them} are {named.verdict}; for instance,"
    else:
        is_are = "is" if len(deciding) == 1 else "are"
        head = f"Of {count(len(parts))} parts, {count(len(deciding))} {is_are} {named.verdict}"
        untested = sum(part.verdict == NOT_CHECKABLE for part in parts)
        if untested and named.verdict != NOT_CHECKABLE:
            head += f" and {count(untested)} can't be tested"
    colon = "" if head.endswith(",") else ":"
    return f"{head}{colon} {continue_sentence(named.reason)}"
