"""Whether two texts of labels say the same: as they stand, but for spelling, or not."""

import re
import unicodedata
from collections.abc import Mapping, Sequence
from difflib import SequenceMatcher
from typing import Any

SAME, LIKE, OTHER = "same", "like", "other"
# Of two texts that differ by a slip of the pen as much stays in place; "agree" and "disagree" are less alike.
SPELT_ALIKE = 0.9
NEGATIONS = frozenset(("no", "not", "never", "none", "dis", "un", "neither", "nor", "less", "without"))

# A question's number before its text: "Q5. ", "QA1_b: ", "12) ", "Q7 - ", and "Q12 " before a capital.
QUESTION_NUMBER = re.compile(
    r"\A\s*\[?(?:(?:[A-Za-z]{1,3}[ _-]?)?\d+[A-Za-z]?(?:[._]\w{1,3})*\]?(?:\s*[.:)\]]\s*|\s+[-–—]\s+)"
    r"|[A-Z]{1,2}\d+[a-z]?\s+(?=[A-Z]))(?=\S)"
)


def drop_number(text: Any) -> str:
    """Return the text of a question without its number, which is another in another questionnaire."""
    return QUESTION_NUMBER.sub("", str(text or ""))


def compare_labels(first: Mapping[str, Any], second: Mapping[str, Any]) -> str:
    """Return how alike the labels of two sets of codes are, where those of one alone may begin with their code."""
    plain = [[str(label) for label in labels.values()] for labels in (first, second)]
    bare = [
        [re.sub(rf"^\W*{re.escape(code)}\b[\s.:)=\]–-]*(?=\S)", "", str(label)) for code, label in labels.items()]
        for labels in (first, second)
    ]
    found = [compare_texts(*pair) for pair in (plain, (bare[0], plain[1]), (plain[0], bare[1]))]
    return next((likeness for likeness in (SAME, LIKE) if likeness in found), OTHER)


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
