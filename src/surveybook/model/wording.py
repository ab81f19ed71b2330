"""How numbers and names are put into words, what words for numbers stand for, and words pasted into chapters."""

import math
import re
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from typing import TYPE_CHECKING, Any

import pandas as pd

from surveybook.model.report import read_report

if TYPE_CHECKING:
    from surveybook.model.codebook import Codebook
    from surveybook.model.survey import Survey

# What MyST-NB reads glued values from; importing its own `glue` would load Sphinx into each chapter.
GLUED = "application/papermill.record/"
COUNTS = ("no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten")
HEDGES = ("over", "nearly", "about")
# How far from a fraction the words for it still hold, in shares: the rule for claims (see the methods appendix).
BARE_MARGIN = 0.02
HEDGED_MARGIN = 0.05
# The same by how the words stand to the fraction: below it, and above.
MARGINS = {
    "exact": (0.0, 0.0),
    "bare": (BARE_MARGIN, BARE_MARGIN),
    "nearly": (HEDGED_MARGIN, 0.0),
    "just_over": (0.0, HEDGED_MARGIN),
    "about": (HEDGED_MARGIN, HEDGED_MARGIN),
    "more_than": (0.0, 1.0),
    "fewer_than": (1.0, 0.0),
}
# What ends in dots, or in a letter that stands for a word ("U.S."), keeps them.
KEEPS_STOP = re.compile(r"\.\.$|\b[A-Z]\.$")
# What stands between the words of a name.
JOIN_NAMES = ("de", "del", "da", "do", "dos", "du", "di", "van", "von")
# "I" keeps its capital, whatever is joined to it.
OF_ME = re.compile(r"I['’]")
# What reads as a year, wherever it stands.
YEAR = re.compile(r"(?<!\d)(?:19|20)\d\d(?!\d)")
# Of a longer list so many are named; a line of more is read by nobody.
MOST_LISTED = 8
# What keeps a text of its own direction apart from the text around it, and what ends it.
ISOLATE, END_ISOLATE = "\N{FIRST STRONG ISOLATE}", "\N{POP DIRECTIONAL ISOLATE}"
APOSTROPHE = re.compile(r"(?<=\w)'(?=\w)")
HALF_A_POINT = 0.005
# No float from here on has decimals that could be rounded.
WHOLE_FROM = 2.0**53
# What is smaller than this, as a share, is nought with one decimal too.
HALF_A_TENTH = 0.0005


def curl_apostrophes(text: str) -> str:
    """Return a text with the apostrophes that it is set with, as pages set all others: 'won’t'."""
    return APOSTROPHE.sub("’", text)


def quote(text: str) -> str:
    """Return words in quotation marks, those within them single; without a full stop, which the sentence around has.

    Words that run from right to left keep to themselves: numbers around two of them would be read as each other's.
    """
    said = text if KEEPS_STOP.search(text) else text.removesuffix(".")
    said = re.sub(r'"([^"]*)"', r"‘\1’", said)
    said = f"{ISOLATE}{said}{END_ISOLATE}" if {*map(unicodedata.bidirectional, said)} & {"R", "AL"} else said
    return curl_apostrophes(f"“{said.translate({ord('“'): '‘', ord('”'): '’'})}”")


def is_of_ours(source: str) -> bool:
    """Return whether the words of a question are none that anybody was asked in, as what several columns have alike."""
    return source.startswith("our words")


def quote_wording(wording: str, source: str, *, cited: bool = False) -> str:
    """Return the words of a question in quotation marks; a paraphrase stands without them and says that it is one.

    What nobody was asked in any words, such as what several columns have in common, is no paraphrase.

    Where it is `cited`, what is known of the words is told too.
    """
    said = quote(wording)
    if is_of_ours(source) and not cited:
        return said[1:-1]
    if "paraphrase" in source:
        return f"{said[1:-1]} ({source if cited else 'our paraphrase'})"
    return f"{said} ({source})" if cited and source else said


@dataclass(frozen=True)
class Phrase:
    """Words that were computed, and the figures that they rest on.

    Attributes
    ----------
    text : str
        What a reader sees.
    figures : tuple of str
        Ids of the figures behind it, so that a changed figure can be followed to each sentence it changes.
    waves : tuple of str
        What it speaks of: a wave's id where it is of that wave whichever one a chapter runs with (see
        `surveybook.waves.open_report`), and '' for the chapter's own.
    """

    text: str
    figures: tuple[str, ...] = ()
    waves: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        """Set its apostrophes: titles and pictures have them as they are here."""
        object.__setattr__(self, "text", curl_apostrophes(self.text))

    def __str__(self) -> str:
        """Return the text."""
        return self.text


def phrase(text: str, *sources: "pd.Series | pd.DataFrame | Phrase | Survey") -> Phrase:
    """Return a phrase that rests on rows of estimates, on other phrases, or on what is known of a wave."""
    figures: list[str] = []
    waves: list[str] = []
    for source in sources:
        if isinstance(source, Phrase):
            figures += source.figures
            waves += source.waves
        elif isinstance(source, pd.DataFrame):
            figures += list(source["figure_id"])
            waves += list(source.get("pinned", [""]))
        elif isinstance(source, pd.Series):
            figures.append(source["figure_id"])
            waves.append(source.get("pinned", ""))
        else:
            waves.append(source.pinned)
    return Phrase(text, tuple(dict.fromkeys(figures)), tuple(dict.fromkeys(waves)))


def together(*phrases: Phrase) -> Phrase:
    """Return phrases as one, a space between each two; one that says what another has said is left out."""
    return phrase(" ".join(dict.fromkeys(p.text for p in phrases if p.text)), *phrases)


def round_number(value: float, decimals: int = 0) -> float:
    """Return a number to some decimals, halves away from nought, as readers round: 32.5 becomes 33.

    Whatever is shown of a share is rounded here, so that no two places differ. What floats are off by, such as
    28.499999999999996 for 28.5, is taken off before.
    """
    if not math.isfinite(value) or abs(value) >= WHOLE_FROM:
        return value
    return float(Decimal(f"{value:.9f}").quantize(Decimal(f"1e-{decimals}"), ROUND_HALF_UP))


def number(value: float, decimals: int = 0) -> str:
    """Return a number as text, with thousands separated and a true minus sign; rounded by `round_number`."""
    text = f"{round_number(abs(value), decimals):,.{decimals}f}"
    return f"−{text}" if value < 0 and float(text.replace(",", "")) else text


def per_cent(share: float, decimals: int = 0, less: str = "less than ") -> str:
    """Return a share (0-1) as readers see it: '68%', and 'less than 1%' of what isn't nought and would look so."""
    text = number(100 * share, decimals)
    return f"{less}{10**-decimals:.{decimals}f}%" if share > 0 and not float(text.replace(",", "")) else f"{text}%"


def at_most(share: str) -> str:
    """Return that shares are no larger than one, as it is told: '3% or less', 'less than 1%'."""
    return share if share.startswith("less ") else f"{share} or less"


def shown_decimals(figure: "pd.Series") -> int:
    """Return how many decimals of a share sentences and charts show: those it is known with, as far as a report wants.

    Tables and files have all of them.
    """
    most = read_report().decimals
    return int(figure["decimals"]) if most is None else min(int(figure["decimals"]), most)


def span(low: float, high: float, decimals: int = 0) -> str:
    """Return an interval of shares (0-1) in per cent: '65 to 71'."""
    return f"{number(100 * low, decimals)} to {number(100 * high, decimals)}"


def decimals_of_points(*differences: float) -> int:
    """Return how many decimals differences of shares (0-1) need in points, for none of them to look like 0."""
    return int(any(HALF_A_TENTH <= abs(difference) < HALF_A_POINT for difference in differences))


def points(difference: float, decimals: int | None = None) -> str:
    """Return a difference of shares (0-1) in percentage points, without its sign; a small one isn't rounded to 0."""
    text = number(100 * abs(difference), decimals_of_points(difference) if decimals is None else decimals)
    return f"{text} point{'' if text == '1' else 's'}"


def points_and_interval(difference: float, low: float, high: float) -> str:
    """Return a difference of shares (0-1) with its interval, in points: '31 points (26 to 36)'.

    Both are seen from the larger share, and have as many decimals. An exact difference has no interval.
    """
    if difference < 0:
        difference, low, high = -difference, -high, -low
    decimals = decimals_of_points(difference, low, high)
    size = points(difference, decimals)
    return size if low == high else f"{size} ({span(low, high, decimals)})"


def count(value: int) -> str:
    """Return a whole number as a word up to ten, in figures above."""
    return COUNTS[value] if 0 <= value < len(COUNTS) else number(value)


def sentence(text: str) -> str:
    """Return the text with a capital first letter."""
    return text[:1].upper() + text[1:]


def in_sentence(label: str) -> str:
    """Return a label as it stands inside a sentence: 'Value for money' becomes 'value for money', 'IT use' stays.

    So does what is written as a name, or begins with one that ``report.yml`` lists.
    """
    is_name = is_written_as_name(label) or label.split(" ")[0] in read_report().names
    return label if is_name else label[:1].lower() + label[1:]


def is_written_as_name(label: str) -> bool:
    """Return whether a label has the capitals of a name: within its first word, or on its second too, as Joe Biden.

    So has Santiago de Surco, whose second word only joins two that have.
    """
    first, second, third, *_ = [*label.split(" "), "", "", ""]
    second = third if second in JOIN_NAMES else second
    is_cased = first[1:] != first[1:].lower() or (first.isupper() and label[:2] != "A ") or bool(OF_ME.match(first))
    return is_cased or (second[:1].isupper() and not second.isupper() and first[-1:] not in ".?!:")


def listing(parts: Iterable[str]) -> str:
    """Return parts as a list in words: 'a, b and c'."""
    listed: Sequence[str] = list(parts)
    return listed[0] if len(listed) == 1 else f"{', '.join(listed[:-1])} and {listed[-1]}" if listed else ""


def list_first(parts: Sequence[str], most: int = MOST_LISTED) -> str:
    """Return parts as a list in words: of more than so many the first of them, and how many more there are."""
    rest = len(parts) - most
    return listing([*parts[:most], *([f"{count(rest)} more"] if rest > 0 else [])])


def share_text(figure: pd.Series | None) -> str:
    """Return a figure as the wave gives it: a percentage, words, or that it isn't known."""
    if figure is None:
        return "not asked"
    if figure["status"] == "number":
        return per_cent(figure["share"], shown_decimals(figure))
    return figure["verbal"] if figure["status"] == "words" else "not published"


def with_interval(figure: pd.Series | None) -> str:
    """Return a figure with its interval where it has one: '68% (65 to 71)'."""
    text = share_text(figure)
    if figure is None or not has_interval(figure):
        return text
    return f"{text} ({limits_text(figure)})"


def has_interval(figures: Any) -> Any:
    """Return whether an interval, or each of several, has a width: none has without a base, or in a census."""
    return figures["low"] < figures["high"]


def limits_text(figure: pd.Series) -> str:
    """Return the interval of a figure, to as many decimals as its share has: '65 to 71', '63.2 to 70.1'."""
    return span(figure["low"], figure["high"], shown_decimals(figure))


def quantity_text(quantity: float | None, unit: str, verbal: str) -> str:
    """Return a quantity of another source with hedge and unit: 'over 80%', '£20 billion', 'nine in ten'.

    Parameters
    ----------
    quantity : float or None
        The number; None where the source has only words.
    unit : str
        What it counts, as in ``evidence.csv``.
    verbal : str
        The words of the source: a hedge beside a number, or all that there is.
    """
    if quantity is None:
        return verbal
    hedge, is_whole = f"{verbal} " if verbal in HEDGES else "", float(quantity).is_integer()
    shown = f"{quantity:,.0f}" if is_whole else f"{quantity:g}"
    in_words = COUNTS[int(quantity)] if is_whole and 0 <= quantity < len(COUNTS) else shown
    forms = {"year": f"{quantity:.0f}", "per cent": f"{hedge}{shown}%", "billion pounds": f"{hedge}£{shown} billion"}
    return forms.get("per cent" if unit.startswith("per cent") else unit, f"{hedge}{in_words}")


def band(codebook: "Codebook", verbal: str) -> tuple[float, float] | None:
    """Return the range of shares (0-1) that words allow, or None where they hold no number.

    What a share given in words says is a comparison with a fraction, never a number in its place: a bare fraction
    allows 2 points to either side, a hedged one 5 points on the hedged side or, for "about", on both; "more than"
    allows all above.
    """
    if verbal not in codebook.words.index:
        return None
    relation, fraction = codebook.words.loc[verbal, ["relation", "fraction"]]
    below, above = MARGINS.get(relation, (None, None))
    return None if below is None or above is None else (max(0.0, fraction - below), min(1.0, fraction + above))


def glue(**phrases: Phrase) -> None:
    """Store phrases in the notebook under their names, for ``{glue:text}`` to paste.

    Parameters
    ----------
    **phrases : Phrase
        What to store. The figures behind each go with it, and its wave where that isn't the one that the chapter
        runs with: prose may then be checked for where it pastes which.
    """
    from IPython.display import display  # only a notebook has it to glue in

    for name, words in phrases.items():
        rests = {"figures": list(words.figures), **({"waves": list(words.waves)} if any(words.waves) else {})}
        metadata = {"scrapbook": {"name": name, "mime_prefix": GLUED}, "surveybook": rests}
        display({f"{GLUED}text/plain": words.text}, raw=True, metadata=metadata)


def escape_markdown(text: object) -> str:
    """Return text on one line of Markdown in which no markup of its own counts."""
    plain = " ".join(str(text).split())
    return re.sub(r"[\\|`]", r"\\\g<0>", re.sub(r"<(?=[A-Za-z/!?])", "&lt;", plain))


def write_markdown_table(heads: Sequence[str], rows: Iterable[Sequence[object]]) -> list[str]:
    """Return the lines of a table in Markdown."""
    lines = [" | ".join(map(escape_markdown, line)) for line in (heads, *rows)]
    return [f"| {line} |" for line in (lines[0], " | ".join(["---"] * len(heads)), *lines[1:])]
