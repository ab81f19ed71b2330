"""Codes and labels: one text for each code however it is written, and what the words of a label say."""

import math
import re
import unicodedata
from collections.abc import Callable, Iterable
from difflib import SequenceMatcher
from functools import cache, partial
from itertools import zip_longest
from typing import Annotated, Any

from pydantic import AfterValidator, BeforeValidator, Field

from surveybook.model.files import read_beside

SIGNS: dict[str, list[str]] = read_beside(__file__, "words.yml")
AGREE, DISAGREE, UNDECIDED, UNSURE, REFUSED, TICKED, UNTICKED, WEIGHT, OPEN_END = (
    re.compile("|".join(SIGNS[name]), re.IGNORECASE)
    for name in ("agree", "disagree", "undecided", "unsure", "refused", "ticked", "unticked", "weight", "open_end")
)
WHOLE_NUMBER = re.compile(r"[+-]?\d{1,15}(\.0*)?")
# A code and its label in one cell: "1 - Agree", "(1) Agree", "1. Agree", "1=Agree", "3. 1-2 hours".
CODE_AND_LABEL = re.compile(r"(?:[(\[](-?\d{1,4})[)\]]|(-?\d{1,4})\s*[-–.:=)])\s*((?:(?<=[.)]\s)\d.*|\D*)[^\W\d].*)")
# The ends of a scale: "1 (not at all)". "5 (or more)" is an amount.
CODE_AND_END = re.compile(r"(-?\d{1,4})()\s*\((?!or\b)([^()\d]*[^\W\d][^()\d]*)\)")
# "Agree (4)", and "(5)" or "5)" where labels name the ends of a scale alone.
LABEL_AND_CODE, BARE_CODE = re.compile(r"(\D*[^\W\d]\D*?)\s*\((\d)\)"), re.compile(r"\(?(\d{1,2})\)")
# The same with a space alone: "4 Tend to disagree". What goes on in lower case is an amount: "2 or more".
CODE_THEN_LABEL = re.compile(r"(-?\d{1,4}) ([^\W\d_]\D*)")
# A code that a spreadsheet has made a date of: "1-2" is "01-Feb" there.
MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
MONTH = re.compile(rf"({'|'.join(MONTHS)})[a-z]*\.?", re.IGNORECASE)
# What Stata shows of a special missing value: .a to .z.
STATA_MISSING = re.compile(r"\.[a-z]")
# How programs write whether a box was ticked.
TRUTH = {"true": "1", "false": "0"}
# Signs that are typed one for another; what is compared has the first.
ALIKE_SIGNS = str.maketrans(
    {sign: plain for plain, signs in {"'": "’‘ʼ´`", '"': "“”„", "-": "–—−‐‑"}.items() for sign in signs}
)
LAST_PLAIN = 127
# Of two texts that differ by a slip of the pen as much stays in place; "agree" and "disagree" are less alike.
SPELT_ALIKE = 0.9
NEGATIONS = frozenset(("no", "not", "never", "none", "dis", "un", "neither", "nor", "less", "without"))
# Labels that share this part of their words may be of one thing.
ALIKE = 0.5
SMALL_WORDS = frozenset(("a", "an", "and", "are", "as", "at", "by", "for", "from", "has", "have", "i", "in", "is",
                         "it", "its", "of", "on", "or", "that", "the", "their", "to", "which", "with"))  # fmt: skip


def plain_text(text: str) -> str:
    """Return a text as it is compared: composed accents, plain spaces, and no signs that nobody sees."""
    if text.isascii() and text.isprintable():
        return " ".join(text.split())
    signs = unicodedata.normalize("NFC", text)
    seen = "".join(sign for sign in signs if sign.isspace() or unicodedata.category(sign) not in ("Cf", "Cc"))
    return " ".join(seen.split())


def split_question_and_option(column: str, label: str | None) -> tuple[str, str]:
    """Return the question and the option that a column's name and label tell together: "Which?: Bus", "Bus".

    Platforms label a column with its option alone, which many questions may have. "" for the question of others. What
    tells two columns of one name apart, "(2)", is no part of either.
    """
    bare = re.sub(r" \(\d+\)$", "", column)
    told = next((name for name in (column, bare) if label and name.endswith(f": {label}")), "")
    return told.removesuffix(f": {label}"), label or ""


def code_text(value: object) -> str:
    """Return a code as text, so that 1, 1.0, "1" and " 01" are one code; empty where there is none.

    Texts that look alike are one too. A comma is no decimal point here: "1,0" may be two answers.
    """
    if value is None or type(value).__name__ in ("NAType", "NaTType") or (isinstance(value, float) and value != value):
        return ""
    if type(value).__name__ in ("bool", "bool_"):
        return "1" if value else "0"
    text = plain_text(str(value)).translate(ALIKE_SIGNS)
    if STATA_MISSING.fullmatch(text):
        return text[1]
    return str(int(text.split(".")[0])) if WHOLE_NUMBER.fullmatch(text) else text


def is_declared_missing(code: object, ranges: Iterable[tuple[Any, Any]]) -> bool:
    """Return whether a code lies in a range that its file declares missing, ends included.

    Code and ends may be texts or numbers.
    """
    number = _rank_code(code)
    return any(code in ends or _rank_code(ends[0]) <= number <= _rank_code(ends[1]) for ends in ranges)


def _rank_code(code: Any) -> float:
    """Return what a code counts as among numbers; NaN, which is in no range, where it is none."""
    try:
        return float(code)
    except (TypeError, ValueError):
        return math.nan


def plain_code(code: str) -> int | str:
    """Return a code as people write it: a number where it is one."""
    return int(code) if re.fullmatch(r"-?(0|[1-9]\d*)", code) else code


def pair_codes(texts: Iterable[str], filled: int) -> dict[str, tuple[str, str]]:
    """Return the code and the label that each text of a column holds ("1 - Agree"); nothing where one holds neither.

    What says that somebody gave no answer needs no code. True and false are the codes 1 and 0, as they are where a file
    has a type for them.

    Parameters
    ----------
    texts : iterable of str
        What stands there, each once.
    filled : int
        How many cells hold something.
    """
    found: dict[str, tuple[str, str]] = {}
    texts = list(filter(None, texts))
    if texts and all(text.casefold() in TRUTH for text in texts):
        return {text: (TRUTH[text.casefold()], text.capitalize()) for text in texts}
    if spaced := pair_spaced_codes(texts, filled) or pair_worded_ends(texts):
        return spaced
    behind = [LABEL_AND_CODE.fullmatch(text) for text in texts]
    if len(texts) > 1 and all(behind):
        texts_of = dict(zip(texts, [(part[2], part[1]) for part in behind if part], strict=True))
        return texts_of if len({code for code, _ in texts_of.values()}) == len(texts) else {}
    unsaid = {
        text: (text, text) for text in texts
        if text[0].isalpha() and (UNSURE.search(text) or REFUSED.search(text))
    }  # fmt: skip
    for text in [text for text in texts if text not in unsaid]:
        parts = CODE_AND_LABEL.fullmatch(text) or CODE_AND_END.fullmatch(text)
        bare = BARE_CODE.sub(r"\1", text)
        if (not parts and not WHOLE_NUMBER.fullmatch(bare)) or (parts and MONTH.fullmatch(parts[3])):
            return {}
        found[text] = (code_text(parts[1] or parts[2]), parts[3]) if parts else (bare, "")
    labelled = [code for code, label in found.values() if label]
    return found | unsaid if labelled and len(set(labelled)) == len(labelled) else {}


def pair_spaced_codes(texts: list[str], filled: int) -> dict[str, tuple[str, str]]:
    """Return the code and the label of texts that a space parts; nothing where any may be an amount or an address.

    Each has one of its own then, most are given more than once, and the labels aren't all of one thing ("2 Cars").
    """
    parts = [CODE_THEN_LABEL.fullmatch(text) for text in texts]
    pairs = [(code_text(part[1]), part[2]) for part in parts if part and part[2][0].isupper()]
    things = [label.split()[0].casefold() for code, label in pairs if code not in ("0", "1")]
    is_amount = len(things) > 1 and len(set(things)) == 1
    unique = all(len(set(column)) == len(texts) for column in zip(*pairs, strict=True))
    if len(pairs) < len(texts) or not unique or is_amount or filled < 2 * len(texts):
        return {}
    return dict(zip(texts, pairs, strict=True))


def pair_worded_ends(texts: list[str]) -> dict[str, tuple[str, str]]:
    """Return the code and the label of texts that are the numbers of a scale, with words behind its ends ("1 nada").

    "5 or more" is an amount, and so are "1 day" and "7 days".
    """
    parts = [re.fullmatch(r"(\d{1,2})(?: ([^\W\d]\D*))?", text) for text in texts]
    found = sorted((int(part[1]), part[2] or "") for part in parts if part)
    (least, first), *between, (most, last) = found if len(found) > 2 else [(0, ""), (0, "")]
    is_scale = len(found) == len(texts) == most - least + 1 and first and last and not any(told for _, told in between)
    if not is_scale or first[:3].casefold() == last[:3].casefold() or OPEN_END.match(last):
        return {}
    return {part[0]: (part[1], part[2] or "") for part in parts if part}


def tell_apart(text: str, known: Iterable[str]) -> str:
    """Return what tells a text from a known one that looks the same, to follow its name; empty where none does."""
    for other in known:
        if text != other and text.casefold() == other.casefold():
            return f" ('{other}' has other capitals)"
        signs = [(a, b) for a, b in zip_longest(text, other, fillvalue=" ") if a != b]
        foreign = len(text) == len(other) and len(signs) == 1 and max(map(ord, signs[0])) > LAST_PLAIN
        if signs and (foreign or plain_text(text) == plain_text(other)):
            here, there = (f"U+{ord(sign):04X} {unicodedata.name(sign, 'a sign without a name')}" for sign in signs[0])
            return f" ('{other}' looks alike: it has {there} in place of {here})"
    return ""


def read_name(value: object) -> str:
    """Return the name of a column or an item as a settings file has it, which may look like a number."""
    if value is None or isinstance(value, (bool, dict, list, tuple)):
        raise ValueError(f"'{str(value)[:80]}' isn't a name or a code; write a number, or text in quotes")
    return plain_text(str(value))


def read_code(value: object) -> str:
    """Return a code as a settings file has it; blocks, lists and true and false without quotes are none."""
    return code_text(read_name(value))


def listed_values(value: Any) -> Any:
    """Return a list of what may stand alone without brackets."""
    return value if isinstance(value, (list, tuple)) else [value]


def paired_values(value: Any, read: Callable[[object], str] = read_code) -> Any:
    """Return pairs by their code as text; a list of names is taken as names that nothing belongs to."""
    pairs = value.items() if isinstance(value, dict) else [(name, "") for name in listed_values(value)]
    found: dict[str, object] = {}
    for code, target in pairs:
        if (text := read(code)) in found:
            raise ValueError(f"'{text}' stands twice; keep one")
        found[text] = target
    return found


def check_unique(values: tuple[str, ...]) -> tuple[str, ...]:
    """Return values none of which stands twice."""
    if len(set(values)) < len(values):
        raise ValueError("a name stands twice; name each once")
    return values


# What a code or a column may stand for: the name of an item, or "" for none.
Target = Annotated[str, BeforeValidator(read_name)]
Name = Annotated[str, Field(min_length=1), BeforeValidator(read_name)]
Code = Annotated[str, BeforeValidator(read_code)]
Names = Annotated[tuple[Name, ...], BeforeValidator(listed_values), AfterValidator(check_unique)]
Codes = Annotated[tuple[Code, ...], BeforeValidator(listed_values)]
Pairs = Annotated[dict[str, Target], BeforeValidator(paired_values)]
NamedPairs = Annotated[dict[str, Target], BeforeValidator(partial(paired_values, read=read_name))]


@cache
def words_of(text: str) -> frozenset[str]:
    """Return the words of a label that carry meaning, without their endings; each label is held against many."""
    found = re.findall(r"[a-z]+", text.lower().replace("_", " "))
    return frozenset(re.sub(r"(ing|ed|es|s)$", "", word) for word in found if word not in SMALL_WORDS)


@cache
def read_label(label: str) -> tuple[str, ...]:
    """Return a label, and what stands behind the question that many begin with ("Q7. Which ...: Better staff")."""
    tail = re.split(r"[:?–]\s|\s-\s|\.\.\.|…", label)[-1].strip()
    is_whole = not tail.startswith("(") and tail.count("(") >= tail.count(")")
    return (label, tail) if tail and tail != label and is_whole else (label,)


def rate_likeness(label: str, names: Iterable[str]) -> float:
    """Return how like one of several names of a thing a label is, by the words they share, from 0 to 1."""
    best = 0.0
    for own in map(words_of, read_label(label)):
        for other in map(words_of, names):
            size = min(len(own), len(other)) + abs(len(own) - len(other)) / 2
            best = max(best, len(own & other) / max(1, size))
    return best


def is_misspelt(first: str, second: str) -> bool:
    """Return whether one text is the other but for a slip: no number, no negation and no further word may part them.

    A slip is hardly ever a word's first letter: "dissatisfied", "unlikely" and "decreased" are answers of their own.
    """
    words = [set(re.findall(r"\w+", text.casefold())) for text in (first, second)]
    apart = words[0] ^ words[1]
    begun = [sorted(word[0] for word in own & apart) for own in words]
    if len(begun[0]) == len(begun[1]) and begun[0] != begun[1]:
        return False
    if any(word in NEGATIONS or any(sign.isdigit() for sign in word) for word in apart):
        return False
    if (words[0] < words[1] or words[1] < words[0]) and apart - SMALL_WORDS:
        return False
    return SequenceMatcher(None, first, second, autojunk=False).ratio() >= SPELT_ALIKE
