"""Which columns of a file hold numbers that people gave, by their labels and what stands there: ratings and amounts.

Codes without labels look like numbers too, and a mean of codes says nothing: where neither the label nor the numbers
themselves tell that they count something, nothing is drafted.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass

RATING = re.compile(
    r"\b(rate[ds]?|ratings?|scores?|scale|recommend)\b|\bout of \d|\b[01] ?(to|-|–) ?(5|7|10)\b"
    r"|\bhow (satisfied|likely|important|confident|happy|safe|easy|good)\b",
    re.IGNORECASE,
)
AMOUNT = re.compile(
    r"\bhow (many|much|long|old|far)\b|\bnumber of\b|\b(age|years?|months?|weeks?|days?|hours?|minutes?|amount|income"
    r"|earnings|cost|price|spend|spent|paid|distance|km|kilomet\w+|miles|weight|height|kg|kilos?|cm|percentage|times)\b",
    re.IGNORECASE,
)
UNIT = re.compile(
    r"\b(years|months|weeks|days|hours|minutes|kilomet(?:re|er)s|km|miles|kg|kilos|cm|euros|dollars|pounds|times)\b",
    re.IGNORECASE,
)
SCALE = re.compile(r"\bout of (\d+)\b|\b[01] ?(?:to|-|–) ?(\d+)\b", re.IGNORECASE)
# What programs write where somebody gave no number.
NO_NUMBER = re.compile(r"9[6-9]|99[6-9]|999[6-9]|99999+")
LARGEST_RATING, FEWEST_OF_SCALE, FEWEST_OF_AMOUNT = 10, 8, 8
# A code that says "no number" lies so many times beyond the largest number.
BEYOND = 2
# Where so many have a number that nobody else has, it may be a number of theirs.
OWN_NUMBER, FEW_PEOPLE = 0.9, 50


@dataclass(frozen=True)
class NumberColumn:
    """Numbers that people gave: what they count ("" where nobody says), and the codes among them that are none."""

    unit: str
    missing: tuple[str, ...]


def read_number_column(
    text: str, counts: Mapping[str, int], labels: Mapping[str, str], lost: frozenset[str], *, declared: bool = False
) -> NumberColumn | None:
    """Return what a column of numbers holds; None where they may be codes, or tell who somebody is.

    Parameters
    ----------
    text : str
        The column's label, or its name.
    counts : mapping of str to int
        How often each number stands there.
    labels : mapping of str to str
        The labels of some of them.
    lost : frozenset of str
        Those that are no answer by their labels, or that the file declares missing.
    declared : bool
        Whether a questionnaire says that numbers were asked for.
    """
    numbers = {code: float(code.replace(",", ".")) for code in counts if code not in lost}
    while len(numbers) > 1:
        largest = max(numbers, key=lambda code: numbers[code])
        rest = max(value for code, value in numbers.items() if code != largest)
        named = bool(re.search(r"[^\W\d]", labels.get(largest, ""))) or NO_NUMBER.fullmatch(largest)
        if not named or numbers[largest] <= BEYOND * max(rest, 1):
            break
        del numbers[largest]
    if len(numbers) < 2:
        return None
    people = sum(counts[code] for code in numbers)
    values = sorted(numbers.values())
    is_whole = all(value.is_integer() for value in values)
    if is_whole and people > FEW_PEOPLE and len(values) >= OWN_NUMBER * people:
        return None
    inner = [code for code in labels if code in numbers and numbers[code] not in (values[0], values[-1])]
    ends = [code for code in labels if code in numbers and code not in inner]
    is_small = is_whole and values[0] >= 0 and values[-1] <= LARGEST_RATING
    full_scale = values[0] == 0 and len(values) >= FEWEST_OF_SCALE
    is_rating = is_small and bool(RATING.search(text) or (ends and not inner) or full_scale)
    is_amount = bool(AMOUNT.search(text)) and (not is_whole or values[0] == 0 or len(values) >= FEWEST_OF_AMOUNT)
    if not is_rating and not is_amount and not declared:
        return None
    missing = tuple(code for code in counts if code not in numbers)
    return NumberColumn(name_unit(text, is_rating, values[0], values[-1]), missing)


def name_unit(text: str, is_rating: bool, least: float, largest: float) -> str:
    """Return what numbers count, as it follows one: 'hours', 'out of 10'; "" where the label doesn't say."""
    if is_rating:
        found = SCALE.search(text)
        top = int(found[1] or found[2]) if found else LARGEST_RATING if (least, largest) == (0, LARGEST_RATING) else 0
        return f"out of {top}" if top >= largest else ""
    found = UNIT.search(text)
    return found[1].lower() if found else ""
