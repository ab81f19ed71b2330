"""The codes of a column as text, what they are called, and what their labels say of them."""

import re
from collections import Counter

import pandas as pd

from surveybook.respondents.columns import SHARED_BY
from surveybook.respondents.files import Respondents, code_text

# More texts than this in a column are what people wrote, not what they ticked.
MOST_TEXTS = 30
AGREE = re.compile(r"\b(strongly |tend to |slightly )?agree\b|\bsatisfied\b", re.IGNORECASE)
DISAGREE = re.compile(r"\bdisagree\b|\bdissatisfied\b", re.IGNORECASE)
UNSURE = re.compile(r"don.?t know|unsure|no opinion|can.?t say", re.IGNORECASE)
NEITHER = re.compile(r"\bneither\b|\bneutral\b", re.IGNORECASE)
REFUSED = re.compile(r"refus|no answer|not stated|prefer not|missing|skipped|not asked|inapplicable", re.IGNORECASE)
# What a column for one option is labelled where the option was ticked, and where it wasn't.
TICKED = re.compile(r"yes|(quoted|selected|chosen|ticked|checked|mentioned|marked|true)( *\(.*\))?", re.IGNORECASE)
UNTICKED = re.compile(
    r"no|none|0|false|(not|un) ?(quoted|selected|chosen|ticked|checked|mentioned|marked)", re.IGNORECASE
)
# Labels that share this part of their words may be of one thing.
ALIKE = 0.5
SMALL_WORDS = frozenset(("a", "an", "and", "are", "as", "at", "by", "for", "from", "has", "have", "i", "in", "is",
                         "it", "its", "of", "on", "or", "that", "the", "their", "to", "which", "with"))  # fmt: skip


def codes_of(source: Respondents, column: str) -> pd.Series:
    """Return a column's codes as text."""
    places, found = pd.factorize(source.frame[column], use_na_sentinel=True)
    texts = pd.Series([*(code_text(value) for value in found), ""], dtype=object)
    return texts.iloc[places].reset_index(drop=True)


def shared_texts(source: Respondents, columns: list[str]) -> set[str]:
    """Return the texts that enough people share in some column for them to be codes, not what a person wrote."""
    found: set[str] = set()
    for column in columns:
        counts = Counter(codes_of(source, column))
        found.update(text for text, count in counts.items() if count >= SHARED_BY)
    return found - {""}


def labels_of(source: Respondents, column: str, shared: set[str] | None = None) -> dict[str, str]:
    """Return the labels of a column's codes; texts that many respondents share are their own labels."""
    if column in source.value_labels or pd.api.types.is_numeric_dtype(source.frame[column]):
        return source.value_labels.get(column, {})
    counts = Counter(codes_of(source, column))
    counts.pop("", None)
    known = shared or set()
    if len(counts) > MOST_TEXTS or any(n < SHARED_BY and text not in known for text, n in counts.items()):
        return {}
    return {text: text for text in sorted(counts) if not re.fullmatch(r"-?[\d.]+", text)}


def words_of(text: str) -> set[str]:
    """Return the words of a label that carry meaning, without their endings."""
    found = re.findall(r"[a-z]+", text.lower().replace("_", " "))
    return {re.sub(r"(ing|ed|es|s)$", "", word) for word in found if word not in SMALL_WORDS}


def shared_part(first: str, second: str) -> float:
    """Return how many of their words two labels share, from 0 to 1."""
    one, other = words_of(first), words_of(second)
    return len(one & other) / max(1, min(len(one), len(other)) + abs(len(one) - len(other)) / 2)


def likeness(label: str, names: tuple[str, ...]) -> float:
    """Return how like one of several names of a thing a label is, from 0 to 1."""
    return max(shared_part(text, name) for text in readings(label) for name in names)


def readings(label: str) -> list[str]:
    """Return a label, and what stands behind the question that many begin with ("Q7. Which ...: Better staff")."""
    tail = re.split(r"[:?–]\s|\s-\s|\.\.\.|…", label)[-1].strip()
    return [label, tail] if tail and tail != label else [label]
