"""What a column of numbers holds: amounts and ratings that people gave, or codes.

Codes without labels look like numbers too, and a mean of codes says nothing: where neither the label nor the numbers
themselves tell that they count something, nothing is drafted.
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

import numpy as np

from surveybook.drafts.columns import NO_WORDS, YES_OR_NO, DraftColumn, are_years, is_number, number_of_code
from surveybook.drafts.labels import MOST, SIGNS, match_answer
from surveybook.drafts.questionnaires import AMOUNTS

LABELLED_END = re.compile(r"(?<![\w.])(\d+) ?(?:[=(]|[-–](?= )) ?([^\W\d][^,;.)=]*)")
# What programs write where somebody gave no number.
NO_NUMBER = re.compile(r"9[6-9]|99[6-9]|999[6-9]|99999+")
MONTHS = 12
LARGEST_RATING, FEWEST_OF_SCALE, FEWEST_OF_AMOUNT = 10, 8, 8
SHORT = re.compile(r"\d+([.,]\d{1,2})?")
# A code that says "no number" lies so many times beyond the largest number.
BEYOND = 2
# Of the numbers from 10 that people give so many are round, and the largest is so many times that in the middle.
ROUNDED, SKEWED = 0.5, 3
# Sums of money are of thousands, and the largest is so many times the least.
THOUSAND, MANY_TIMES = 1000, 100
# Where so many have a number that nobody else has, it may be a number of theirs.
OWN_NUMBER, FEW_PEOPLE = 0.9, 50


@dataclass(frozen=True)
class NumberColumn:
    """Numbers that people gave: what they count ("" where nobody says), and the codes among them that are none.

    Of a rating whose ends the labels name, or its text ("from 0 to 10"), the lowest and the highest number too.
    """

    unit: str
    missing: tuple[str, ...]
    scale: tuple[float, float] | None = None
    is_rating: bool = False


def is_small(column: DraftColumn) -> bool:
    """Return whether the numbers of a column are those of a rating, or codes of no answer beyond them."""
    people = {code: column.counts[code] for code in column.codes if not NO_NUMBER.fullmatch(code)}
    small = sum(count for code, count in people.items() if code.isdigit() and int(code) <= LARGEST_RATING)
    return bool(people) and small > MOST * sum(people.values())


def read_number_column(column: DraftColumn, *, are_numbers: bool = False) -> NumberColumn | None:
    """Return what a column of numbers holds; None where they may be codes, or tell who somebody is.

    Parameters
    ----------
    are_numbers : bool
        Whether other columns of its question hold numbers, which need not be told again.
    """
    labels = column.labels
    if len(column.codes) < 2 or not all(map(is_number, column.codes)) or are_pairs(column.codes):
        return None
    if labels and not (column.is_number or column.repeats_numbers):
        return None
    text = re.sub(r"(?<!\w)#", " number of ", f"{column.name}: {column.text}".replace("%", " percent "))
    numbers = {code: number_of_code(code) for code in column.codes}
    listed = sorted(numbers, key=numbers.__getitem__)
    told = [bool(re.search(r"[^\W\d]", labels.get(code, "")) or NO_NUMBER.fullmatch(code)) for code in listed]
    last = max((place for place, is_named in enumerate(told) if not is_named), default=0)
    for place in range(last + 1, len(listed)):
        if numbers[listed[place]] > BEYOND * max(numbers[listed[place - 1]], 1):
            numbers = {code: numbers[code] for code in listed[:place]}
            break
    small = {code for code in numbers if NO_WORDS.fullmatch(code)}
    middle = np.median([*numbers.values()])
    numbers = {code: value for code, value in numbers.items() if code not in small or value * MANY_TIMES > middle}
    top = read_top(text)
    if top:
        numbers = {code: value for code, value in numbers.items() if value <= top}
    values = sorted(numbers.values())
    people = sum(column.counts[code] for code in numbers)
    is_whole = all(value.is_integer() for value in values)
    is_declared = column.asked is not None and column.asked.kind in AMOUNTS
    are_own = is_whole and people > FEW_PEOPLE and len(values) >= OWN_NUMBER * people
    if len(values) < 2 or (are_own and not is_declared):
        return None
    ends = {numbers[code] in (values[0], values[-1]) for code in column.worded if code in numbers and labels}
    if is_whole and are_dates(text, values[0], values[-1]):
        return None
    is_small = is_whole and values[0] >= 0 and values[-1] <= LARGEST_RATING
    full_scale = values[0] == 0 and len(values) >= FEWEST_OF_SCALE and not SIGNS["picked"].search(text)
    is_amount_by_name = bool(SIGNS["amount"].search(SIGNS["period"].sub("", text)) or SIGNS["of_age"].search(text))
    # "How many children?" from "None" to "17 or more" counts.
    is_of_ends = (column.names_ends or ends == {True}) and not SIGNS["counted"].search(text)
    is_told = is_of_ends or SIGNS["rating"].search(text) or len(list_ends(text)) > 1
    is_rating = bool(is_small and (is_told or (full_scale and not is_amount_by_name)))
    # A thermometer of feelings.
    has_ends = column.names_ends or top > LARGEST_RATING
    is_rating |= is_whole and has_ends and (values[0], values[-1]) == (0, LARGEST_RATING**2)
    is_counted = SIGNS["counted"].search(text) or SIGNS["unit"].search(text)
    begins_low = (are_numbers or values[0] < 2) and len(values) > 2
    is_rating |= column.is_of_form and is_small and begins_low and not is_counted
    counts_up = not is_whole or (values[0] == 0 and len(values) > len(YES_OR_NO)) or len(values) >= FEWEST_OF_AMOUNT
    # A file that labels codes labels no amounts, but what is said in place of one.
    is_amount = is_amount_by_name and (counts_up or column.repeats_numbers or bool(labels))
    given = {number: column.counts[code] for code, number in numbers.items()}
    # Codes have no decimals; versions have, and a score that was worked out has many, or is below 0 now and then.
    are_short = len(values) >= FEWEST_OF_AMOUNT and values[0] >= 0 and all(map(SHORT.fullmatch, numbers))
    is_amount |= bool(column.label) and not is_whole and are_short and not SIGNS["versioned"].search(text)
    is_amount |= are_numbers or (is_whole and (are_rounded(given) or hold_money(given)))
    if not (is_rating or is_amount or is_declared):
        return None
    missing = tuple(code for code in column.counts if code not in numbers)
    unit = name_unit(text, is_rating, values[0], values[-1])
    return NumberColumn(unit, missing, find_scale(column, unit, numbers) if is_rating else None, is_rating)


def are_pairs(codes: Iterable[str]) -> bool:
    """Return whether numbers with a comma are two codes each, the lower first: 1,3 and 2,5 and 4,5, no 3,0."""
    pairs = [(int(first), int(last)) for first, comma, last in (code.partition(",") for code in codes) if comma]
    return len({last for _, last in pairs}) > 2 and all(0 < first < last for first, last in pairs)


def are_dates(text: str, least: float, largest: float) -> bool:
    """Return whether whole numbers of these ends are years, or months of one: not 0, and too many for a rating."""
    if are_years([least, largest]):
        return True
    may_be = least >= 1 and LARGEST_RATING < largest <= MONTHS and not SIGNS["counted"].search(text)
    return may_be and bool(SIGNS["month"].search(SIGNS["period"].sub("", text)))


def are_rounded(counts: Mapping[float, int]) -> bool:
    """Return whether numbers are round as often as those of people are who estimate: 20 days rather than 19.

    One in five numbers divides by 5, and hardly more codes do; those that do lie all over their range, while amounts
    are mostly small, or shares of 100.
    """
    told = {value: people for value, people in counts.items() if value >= LARGEST_RATING}
    if min(counts) < 0 or sum(value % 5 != 0 for value in counts) < FEWEST_OF_AMOUNT:
        return False
    people, middle = sum(told.values()), np.median(np.repeat([*counts], [*counts.values()]))
    is_skewed = max(counts) in (LARGEST_RATING**2, LARGEST_RATING**2 - 1) or max(counts) >= SKEWED * middle
    is_round = sum(told[value] for value in told if value % 5 == 0) > ROUNDED * people
    return bool(people >= FEW_PEOPLE and is_skewed and is_round)


def hold_money(counts: Mapping[float, int]) -> bool:
    """Return whether most numbers are thousands with two digits that say something, and one is a hundred times another.

    Codes of places and jobs are as round now and then, but as long as each other.
    """
    told = {value: people for value, people in counts.items() if value > 0}
    if len(told) < FEWEST_OF_AMOUNT or min(counts) < 0 or max(told) < MANY_TIMES * min(told):
        return False
    people = sum(told[value] for value in told if value >= THOUSAND and float(f"{value:.1e}") == value)
    return people > ROUNDED * sum(told.values())


def find_scale(column: DraftColumn, unit: str, numbers: Mapping[str, float]) -> tuple[float, float] | None:
    """Return the ends of a rating by their labels, or by its text ("from 0 to 10"); None where neither tells.

    A code that is none of its `numbers` ends no scale: 97 for "I don't know him" beside 1 to 10, given or not.
    """
    none = {*column.counts} - numbers.keys()
    values = sorted(numbers.values())
    told = [number_of_code(code) for code in column.figures if is_number(code) and code not in none]
    labelled = sorted(number for number in told if number <= BEYOND * max(values[-1], 1))
    if column.names_ends and labelled[0] <= values[0] and values[-1] <= labelled[-1]:
        return labelled[0], labelled[-1]
    found = SIGNS["scale"].search(f"{column.name} {column.text}")
    if found and found[2] and unit:
        return float(found[0][0]), float(found[2])
    return None


def list_ends(text: str) -> list[float]:
    """Return the numbers that a text gives words to: "1 = bad, 5 = good", "10 - agree, 1 - disagree"."""
    return [float(number) for number, label in LABELLED_END.findall(text) if not match_answer(label)]


def read_top(text: str) -> float:
    """Return the end of the scale that a label tells of: "from 1 to 5", "1 = bad, 5 = good, 6 = don't know"; else 0."""
    ends = list_ends(text)
    if len(ends) > 1:
        return max(ends)
    return float(found[1] or found[2]) if (found := SIGNS["scale"].search(text)) else 0.0


def name_unit(text: str, is_rating: bool, least: float, largest: float) -> str:
    """Return what numbers count, as it follows one: 'hours', 'out of 10'; "" where the label doesn't say."""
    if is_rating:
        found = SIGNS["scale"].search(text)
        ends = (0, LARGEST_RATING), (0, LARGEST_RATING**2)
        top = int(found[1] or found[2]) if found else int(largest) if (least, largest) in ends else 0
        return f"out of {top}" if top >= largest else ""
    found = SIGNS["unit"].search(text)
    # Ages that end at 1 were put on another scale.
    is_age = SIGNS["of_age"].search(text) and not SIGNS["counted"].search(text) and largest > 1
    return found[0].lower() if found else "years" if is_age else ""
