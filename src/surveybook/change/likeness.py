"""Whether two texts of labels say the same: as they stand, but for spelling, or not."""

import re
import unicodedata
from collections.abc import Sequence
from difflib import SequenceMatcher
from typing import Any

SAME, LIKE, OTHER = "same", "like", "other"
# Of two texts that differ by a slip of the pen as much stays in place; "agree" and "disagree" are less alike.
SPELT_ALIKE = 0.9
NEGATIONS = frozenset(("no", "not", "never", "none", "dis", "un", "neither", "nor", "less", "without"))


def simplify(text: Any) -> str:
    """Return text without what doesn't change its meaning: capitals, spaces, hyphens, full stops, ways of writing é."""
    plain = unicodedata.normalize("NFKC", str(text or "")).casefold()
    return " ".join(re.sub(r"[^\w+<>%£$€]+|_", " ", plain).split())


def compare_texts(first: Sequence[str], second: Sequence[str]) -> str:
    """Return whether two sets of labels are the `SAME`, `LIKE` each other but for spelling, or `OTHER`."""
    sides = [sorted({simplify(text) for text in texts}) for texts in (first, second)]
    if sides[0] == sides[1]:
        return SAME
    if len(sides[0]) != len(sides[1]):
        return OTHER
    return LIKE if all(_is_misspelt(*pair) for pair in zip(*sides, strict=True)) else OTHER


def _is_misspelt(first: str, second: str) -> bool:
    """Return whether one text is the other but for a slip: no number and no negation may part them."""
    words = [set(re.findall(r"\w+", text)) for text in (first, second)]
    apart = words[0] ^ words[1]
    if any(word in NEGATIONS or any(sign.isdigit() for sign in word) for word in apart):
        return False
    return SequenceMatcher(None, first, second, autojunk=False).ratio() >= SPELT_ALIKE
