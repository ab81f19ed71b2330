"""Codes and labels: one text for each code however it is written, and what the words of a label say."""

import re
from collections.abc import Iterable
from typing import Annotated, Any

from pydantic import AfterValidator, BeforeValidator

AGREE = re.compile(r"\b(strongly |tend to |slightly )?agree\b|\bsatisfied\b", re.IGNORECASE)
DISAGREE = re.compile(r"\bdisagree\b|\bdissatisfied\b", re.IGNORECASE)
UNSURE = re.compile(r"don.?t know|unsure|no opinion|can.?t say", re.IGNORECASE)
UNDECIDED = re.compile(r"\bneither\b|\bneutral\b", re.IGNORECASE)
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


def code_text(value: object) -> str:
    """Return a code as text, so that 1, 1.0, "1" and " 01" are one code; empty where there is none."""
    if value is None or type(value).__name__ == "NAType" or (isinstance(value, float) and value != value):
        return ""
    if isinstance(value, bool) or type(value).__name__ == "bool_":
        return "1" if value else "0"
    text = str(value).strip()
    if re.fullmatch(r"[+-]?\d{1,15}([.,]0*)?", text):
        return str(int(re.split("[.,]", text)[0]))
    return text


def read_name(value: object) -> str:
    """Return the name of a column or an item as a settings file has it, which may look like a number."""
    if value is None or isinstance(value, (bool, dict, list, tuple)):
        raise ValueError(f"'{str(value)[:80]}' isn't a name or a code; write a number, or text in quotes")
    return str(value)


def read_code(value: object) -> str:
    """Return a code as a settings file has it; blocks, lists and true and false without quotes are none."""
    return code_text(read_name(value))


def listed_values(value: Any) -> Any:
    """Return a list of what may stand alone without brackets."""
    return value if isinstance(value, (list, tuple)) else [value]


def paired_values(value: Any) -> Any:
    """Return pairs by their code as text; a list of names is taken as names that nothing belongs to."""
    pairs = value.items() if isinstance(value, dict) else [(name, "") for name in listed_values(value)]
    found: dict[str, object] = {}
    for code, target in pairs:
        if (text := read_code(code)) in found:
            raise ValueError(f"'{text}' stands twice; keep one")
        found[text] = target
    return found


def check_unique(values: tuple[str, ...]) -> tuple[str, ...]:
    """Return values none of which stands twice."""
    if len(set(values)) < len(values):
        raise ValueError("a name stands twice; name each once")
    return values


Name = Annotated[str, BeforeValidator(read_name)]
Code = Annotated[str, BeforeValidator(read_code)]
Names = Annotated[tuple[Name, ...], BeforeValidator(listed_values), AfterValidator(check_unique)]
Codes = Annotated[tuple[Code, ...], BeforeValidator(listed_values)]
Pairs = Annotated[dict[str, Name], BeforeValidator(paired_values)]


def words_of(text: str) -> set[str]:
    """Return the words of a label that carry meaning, without their endings."""
    found = re.findall(r"[a-z]+", text.lower().replace("_", " "))
    return {re.sub(r"(ing|ed|es|s)$", "", word) for word in found if word not in SMALL_WORDS}


def read_label(label: str) -> list[str]:
    """Return a label, and what stands behind the question that many begin with ("Q7. Which ...: Better staff")."""
    tail = re.split(r"[:?–]\s|\s-\s|\.\.\.|…", label)[-1].strip()
    return [label, tail] if tail and tail != label else [label]


def rate_likeness(label: str, names: Iterable[str]) -> float:
    """Return how like one of several names of a thing a label is, by the words they share, from 0 to 1."""
    best = 0.0
    for own in map(words_of, read_label(label)):
        for other in map(words_of, names):
            size = min(len(own), len(other)) + abs(len(own) - len(other)) / 2
            best = max(best, len(own & other) / max(1, size))
    return best
