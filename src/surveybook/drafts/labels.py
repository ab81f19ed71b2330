"""What the words of a file say to whoever drafts a report from it: answers, their order, and what labels share."""

import math
import re
import unicodedata
from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from functools import cache, lru_cache
from itertools import takewhile
from typing import TypeVar

from surveybook.model.files import read_beside
from surveybook.model.wording import sentence
from surveybook.respondents.codes import REFUSED, UNSURE, read_label

Text = TypeVar("Text", str, list[str])
# The words by which a draft knows what it reads.
VOCABULARY = read_beside(__file__, "words.yml")
SIGNS = {name: re.compile("|".join(signs), re.IGNORECASE) for name, signs in VOCABULARY["signs"].items()}
SIGNS |= {name: re.compile(rf"\b({'|'.join(words)})\b", re.IGNORECASE) for name, words in VOCABULARY["words"].items()}
PLACES = tuple(
    (re.compile(rf"\b({words})\b", re.IGNORECASE), float(place)) for words, place in VOCABULARY["places"].items()
)
# More codes than this make a column a number or what people wrote, not a question.
MOST_CODES = 30
# A column whose texts are mostly shared has these for its answers, and a rare one beside them.
MOST = 0.9
# A column of texts of which this part of people share theirs holds answers; what the others wrote is "other".
MOSTLY = 0.8
INITIALS, PLAIN_NUMBER = re.compile(r"[A-Z]{2}"), re.compile(r"-?\d+(\.\d+)?")
# What stands in brackets behind an answer: "No sabe (no leer)", "Independent (neither, no response)".
NOTE = re.compile(r"(?<=[^\W\d])\W*[(\[]([^()\[\]]*)[)\]]\W*$")
# Where so few name several answers, one was asked for, and these few wrote theirs.
FEWEST_LISTS = 0.02
# Answers to a list that are no item.
ELSE = {"other": SIGNS["other"], "none": SIGNS["none"], "dont_know": UNSURE, "no_answer": REFUSED}
# Where a line break stood between two words that an export has put together: "KeineAntwort".
RUN_TOGETHER = re.compile(r"(?<=[^\W\d_A-ZÄÖÜ])(?=[A-ZÄÖÜ][^\W\d_A-ZÄÖÜ])")
LONGEST_ID = 40
# A question with more answers than this is a list to choose from; with fewer, its answers may have an order.
MOST_ORDERED = 7
# "Better services, even if taxes rise" is a choice, and no place in an order.
MOST_WORDS = 5
# "Immigration has been very good for the country as a whole" is of a scale where all answers to a question are such.
LONGEST_SENTENCE = 15
# What a figure of its own is given to; the rest of the answers count for the base or don't.
NO_FIGURE = ("dont_know", "no_answer")
NUMBERS = {"one": "1", "two": "2", "three": "3", "four": "4", "five": "5"}
# What ends a clause that several labels share, and the signs around what they don't.
CLAUSE = re.compile(
    r"[:?…]\s*|(?<=[a-z)])\.\s+$|(?<=\.\))\s+|\s(-{1,2}|–)\s|(?<=[.?!:)])\s*[-–]|\.{3}\s*|\s?\(choice=|^\S*/(?![a-z])|^[^A-Z\s]*/|(?<=[.?!:)])/"
)
# The same where each label ends with its item in brackets: "Which do you use? [Bus]".
CLAUSE_OR_BRACKET = re.compile(rf"{CLAUSE.pattern}|\s?\[")
BRACKET_LAST = re.compile(r"\[[^\[\]]*\]?$")
# What parts an option from the question behind it: "Bus. Which do you use?"
CLAUSE_BEFORE = re.compile(rf"{CLAUSE.pattern}|^\.\s+|\s+(?=¿)")
MARKS = " :-–…"
# "Importance 1: Technology": a question, a number and an item. "SV3.a." is no more than a number.
COUNTED_ITEM = re.compile(r"(.*[^\W\d]{3})\s*\d{1,2}\s*[:.)]\s+(\S.*)")
# "Q3a How close", "P14.1 ¿Cree", "18.1 Thinking of", "1. Work": the number of a question, an item or an answer.
# "5 years ago" is one, and "A4 paper" no number.
NUMBERED = re.compile(
    r"\W*([A-Za-z]{1,3}\d{1,3}[A-Za-z]?([._]\d{1,3})?[A-Za-z]?[.):]*|[A-Za-z]{1,3}\d{1,3}[A-Za-z]?[._][A-Za-z]{1,4}\d?[.):]+|"
    r"\d{1,4}([._]\d{1,2}[.):]?|([A-Za-z]\d?)?[.):]| [-–](?=\s\D)))\s+(?=\S)"
)
LETTER = re.compile(r"[^\W\d_]")
# A question that is cut has this many signs, or more.
SHORTEST_CUT = 30
# Stata keeps no more bytes of a label than 80; the last may have been a space.
CUT_FROM = 79
# "[Bus] Which do you use?", as LimeSurvey writes the labels of SPSS files.
ITEM_FIRST = re.compile(r"\[([^\[\]]+)\]\s*(.+)")
# What Qualtrics puts between a question and its option: "Which do you use? - Selected Choice - Bus".
PLATFORM_WORDS = re.compile(r"(?<=\s-)\s+Selected Choice(?=\s+[^\s-])|\s+-\s+Selected Choice\b(?!\s+[^\s-])")
# Periods in days, and how often, counted in one: "a few times per month", "once a year or less", "3-4 Mal/Woche".
UNITS, SIZES = (
    {re.compile(words, re.IGNORECASE): float(one) for words, one in VOCABULARY[name].items()}
    for name in ("units", "sizes")
)
HOW_OFTEN = re.compile(
    rf"\b(?:{'|'.join(VOCABULARY['times'])})(?:\s*/\s*|\b.*?\b(?:{'|'.join(VOCABULARY['per'])})\s+)({'|'.join(VOCABULARY['units'])})\b",
    re.IGNORECASE,
)
# A number from here on is written in digits, and no word behind it makes it larger.
IN_DIGITS = 1000
# How strong an answer of such words is; others are as strong as 2.
STRENGTHS = {"strongest": 3.5, "strong": 3.0, "medium": 1.8, "slight": 1.3, "weak": 1.5}
NUMBER = r"\d{1,3}(?:[., \u00a0\u202f]\d{3})+(?!\d)|\d+(?:[.,]\d+)?"
FIRST_NUMBER = re.compile(rf"\D{{0,24}}?({NUMBER})")
# What stands behind a number: "6 to 12 months", "1+ years".
COUNTED = re.compile(
    rf"({NUMBER})(?:\s*(?:[-–~]|[^\W\d]{{1,3}}\b)\s*({NUMBER}))?"
    r"(?:\s*\+|(?: [^\W\d]+)? (?:more|less))?\s*(?=([^\W\d]*))",
    re.IGNORECASE,
)
# What follows a yes or a no is an answer of its own: "No, it fell", "No tenía edad para votar".
YES_AND_MORE = re.compile(rf"\W*({SIGNS['yes'].pattern}|{SIGNS['no'].pattern})[\s,;:–-]+(?!leer)\w", re.IGNORECASE)
# A list of so many amounts may have an answer that is none, and so many sentences go one way by no chance.
FEWEST_AMOUNTS = 4
# "18-25", "from 1 to 2 years": two numbers with a word or a sign between them, and no sentence.
BAND = re.compile(r"\D{0,24}\d[\d.,]*(?![\d.,])\D{1,20}\d[\d.,]*\D{0,16}")
# An open end stands so far beside what it opens.
BESIDE = 0.25


def make_id(text: str) -> str:
    """Return the words of a text as an id, cut between words where it is long."""
    signs = unicodedata.normalize("NFKD", text.lower().replace("’", "").replace("'", ""))
    words = re.findall(r"[a-z0-9]+", "".join(sign for sign in signs if not unicodedata.combining(sign)))
    made = ""
    for word in words:
        if made and len(made) + len(word) >= LONGEST_ID:
            break
        made = f"{made}_{word}" if made else word[:LONGEST_ID]
    return made


def match_answer(label: str, among: Collection[str] = ()) -> str:
    """Return the answer that is no figure of its own ("dont_know", "no_answer") that a label is of; else nothing.

    Among other codes of two letters DK and NA are countries, and "N/A (was not aware)" beside "N/A (none offered)" says
    that somebody wasn't aware.
    """
    found = match_alone(label)
    if found and INITIALS.fullmatch(label) and sum(map(bool, map(INITIALS.fullmatch, among))) > max(len(among) / 2, 3):
        return ""
    if found and (note := NOTE.search(label)) and (plain := label[: note.start()]).strip().casefold() == "n/a":
        return "" if sum(one.startswith(plain) and bool(NOTE.search(one)) for one in among) > 1 else found
    return found


@lru_cache(maxsize=4096)
def match_alone(label: str) -> str:
    """Return what `match_answer` does of a label that stands among no other: each is looked at dozens of times."""
    label = RUN_TOGETHER.sub(" ", label)
    if PLAIN_NUMBER.fullmatch(label):
        return ""
    # "99. Don't know" where other answers have no code.
    told = NUMBERED.sub("", label, count=1)
    # Archives say with "Inap. (split A)" and "Inap. (not EU)" why somebody wasn't asked.
    if note := NOTE.search(label):
        plain, parts = label[: note.start()], re.split(r"[,;/]", note[1])
        # What a note says besides is an answer: people are independent who said neither, or nothing.
        is_of_none = all(UNSURE.search(part) or REFUSED.search(part) for part in parts)
        told = label if is_of_none and not (UNSURE.search(plain) or REFUSED.search(plain)) else plain
    return "dont_know" if UNSURE.search(told) else "no_answer" if REFUSED.search(told) else ""


def match_else(text: str) -> str | None:
    """Return the answer that is no item ("other", "none") that a label is of; None for an item."""
    return next((name for name, sign in ELSE.items() if sign.search(read_label(text)[-1])), None)


def read_yes_or_no(label: str) -> str:
    """Return whether a label is yes or no in one of the languages that are known; "" where it is neither."""
    return next((name for name in ("yes", "no") if SIGNS[name].fullmatch(label.strip())), "")


def pair_languages(labels: Mapping[str, str], counts: Counter[str]) -> dict[str, str]:
    """Return codes that say what most people's says in other capitals, or yes and no in another language, with that."""
    first: dict[str, str] = {}
    same = {}
    for code in sorted(labels, key=lambda one: -counts[one]):
        meaning = read_yes_or_no(labels[code]) or labels[code]
        if first.setdefault(meaning, code) != code:
            same[code] = first[meaning]
    return same


def match_listed(label: str, among: Collection[str] = (), *, several: bool) -> str:
    """Return the answer to a list that is no item ("other", "none", …) that a label is of; "" for an item.

    Where people name one answer alone, "none" is an answer like the others, and so is "someone else" beside "myself".
    """
    otherwise = match_else(label)
    if several and (otherwise == "none" or SIGNS["none"].search(label)):
        return "none"  # "none, or not applicable", "Not applicable - I have no car"
    if (found := match_answer(label, among)) or otherwise != "other":
        return found
    is_of_two = sum(not match_answer(one, among) for one in among) == len(("this", "other"))
    return "" if is_of_two else "other"


def read_most_choices(text: str) -> str:
    """Return how many items people could choose by a question's text: a number, ``unlimited``, or "" if none says."""
    if SIGNS["any_number"].search(text):
        return "unlimited"
    found = SIGNS["most_choices"].search(text)
    return NUMBERS.get(found[1].lower(), found[1]) if found else ""


@cache
def place_answer(label: str) -> float | None:
    """Return the place of an answer among others in an order, the highest for the most; None where no word tells."""
    plain = RUN_TOGETHER.sub(" ", label.replace("_", " "))
    if SIGNS["off_scale"].search(plain):
        return None
    if meaning := read_yes_or_no(plain):
        return 2.0 if meaning == "yes" else -2.0
    for words, place in PLACES:
        if words.search(plain):
            return place
    if found := HOW_OFTEN.search(plain):
        return rate_frequency(found, plain)
    strength = next((place for name, place in STRENGTHS.items() if SIGNS[name].search(plain)), 2.0)
    if found := YES_AND_MORE.match(plain):
        return strength if read_yes_or_no(found[1]) == "yes" else -strength
    if SIGNS["against"].search(plain):
        return -strength
    is_for = SIGNS["for"].search(plain) or SIGNS["graded"].search(plain) or SIGNS["likely"].fullmatch(plain)
    return strength if is_for else None


def rate_frequency(found: re.Match[str], label: str) -> float:
    """Return the place of an answer that counts times in a period among words of frequency, from 2 a day to none."""
    numbers = [read_quantity(number) for number in re.findall(NUMBER, label)]
    times = 2.0 if re.search(r"\btwice\b", label, re.IGNORECASE) else 3.0 if SIGNS["several"].search(label) else 1.0
    times = sum(numbers) / len(numbers) if numbers else times
    is_less = SIGNS["below"].match(label) or re.search(r"\bor less\b", label, re.IGNORECASE)
    is_more = re.search(r"\b(or more|more than)\b|>", label, re.IGNORECASE)
    # An open end stands a little beside its number.
    times *= 0.9 if is_less else 1.1 if is_more else 1.0
    return 3.5 + math.log10(max(times, 0.1) / find_days(found[1]))


def find_days(unit: str) -> float:
    """Return how many days a unit of time is; 0 for a word that is none."""
    return find_unit(unit, UNITS)


def find_unit(word: str, units: Mapping[re.Pattern[str], float]) -> float:
    """Return what a word behind a number makes of it, one of `UNITS` or `SIZES`; 0 for another word."""
    return next((size for words, size in units.items() if words.fullmatch(word)), 0.0)


def sort_answers(labels: Iterable[str]) -> tuple[list[str], bool]:
    """Return answers that a file tells in no order in the one that their words tell, and whether these do.

    Numbers go up (18-24, 25-34), words from the most to the least (very satisfied first), and what has no place in the
    order stands behind.
    """
    listed = list(labels)
    rest = [label for label in listed if match_answer(label) or SIGNS["off_scale"].search(label)]
    told = [label for label in listed if label not in rest]
    places = {label: place for label in told if (place := place_answer(label)) is not None}
    periods = {find_days(found[1]) for label in told if (found := HOW_OFTEN.search(label))}
    if len(periods) < 2 and (amounts := sort_amounts(told)):
        return [*amounts, *rest], True
    if len(places) == len(told) and len(set(places.values())) == len(told):
        return [*sorted(told, key=places.__getitem__, reverse=True), *rest], True
    numbers = sorted(filter(PLAIN_NUMBER.fullmatch, told), key=float)
    if len(numbers) > 1 and len(places) == len(told) - len(numbers) == len(("lowest", "highest")):
        # Programs write the words of both ends in place of their numbers: "Disagree", 2, 3, 4, "Agree". Which is 1?
        least, most = sorted(places, key=places.__getitem__)
        return [least, *numbers, most, *rest], False
    return listed, False


def sort_amounts(labels: Sequence[str]) -> list[str]:
    """Return answers that begin with numbers from the least to the most; none where several have the same, or none.

    Whatever the language, an end that is open is known by its one number, behind a word: "less than 1 year" stands
    before 1 year, and "more than 9" behind 9 and behind 5 to 9. A single answer without a number, such as "I don't
    work", stands last, and one such as "none" or "never" first.
    """
    counted = {label: [*COUNTED.finditer(label)] for label in labels if FIRST_NUMBER.match(label)}
    # Where only some name a unit, it is that of all.
    are_timed = all(any(find_days(match[3]) for match in found) for found in counted.values())
    told = {label: read_numbers(found, UNITS if are_timed else {}) for label, found in counted.items()}
    if not are_timed and any(number >= IN_DIGITS for numbers in told.values() for number in numbers):
        told = {label: read_numbers(found, SIZES) for label, found in counted.items()}
    if len(labels) - len(told) > (len(labels) >= FEWEST_AMOUNTS):
        return []
    places = {label: numbers[0] - 0.5 * bool(SIGNS["below"].match(label)) for label, numbers in told.items()}
    begun = {numbers[0] for numbers in told.values() if len(numbers) > 1}
    ended = {numbers[1]: numbers[0] for numbers in told.values() if len(numbers) > 1}
    alone = {label: numbers[0] for label, numbers in told.items() if len(numbers) == 1}
    places |= {label: ended[number] for label, number in alone.items() if number in ended.keys() - begun}
    least, most = min(places.values(), default=0.0), max(places.values(), default=0.0)
    for label, number in alone.items():
        if number in ended.keys() - begun:
            places[label] += BESIDE
        elif number in begun - ended.keys():
            places[label] -= BESIDE
        elif places[label] in (least, most) and not label[0].isdigit():
            places[label] += BESIDE if places[label] == most else -BESIDE
    for label in labels:
        nothing = SIGNS["none"].search(label) or (place_answer(label) or 0.0) < 0
        places.setdefault(label, -math.inf if nothing else math.inf)
    return sorted(labels, key=places.__getitem__) if len(set(places.values())) == len(labels) else []


def read_numbers(found: Sequence[re.Match[str]], units: Mapping[re.Pattern[str], float]) -> list[float]:
    """Return the numbers that were found in a label, in days or in ones: 180 and 365 of "6 months to 1 year".

    What `units` a number has follows it, or the last of the label; a thousand that is written out has none.
    """
    return [
        value if units is SIZES and value >= IN_DIGITS else value * scale
        for match in found
        for value in map(read_quantity, filter(None, match.groups()[:2]))
        for scale in [find_unit(match[3], units) or find_unit(found[-1][3], units) or 1.0]
    ]


def read_quantity(text: str) -> float:
    """Return a number; three digits behind a comma, a point or a space are thousands."""
    grouped = re.fullmatch(r"[1-9]\d{0,2}([.,\s]\d{3})+", text)
    return float(re.sub(r"[.,\s]", "", text) if grouped else text.replace(",", "."))


def are_degrees(labels: Iterable[str]) -> bool:
    """Return whether labels that begin with yes or no are degrees of it: not "Yes, it rose" and "Yes, it fell"."""
    places = [place_answer(label) for label in labels if YES_AND_MORE.match(label)]
    return len(set(places)) == len(places)


def go_one_way(labels: Iterable[str]) -> bool:
    """Return whether labels, in their order, say more and more of something, or less and less: each, and of several."""
    places = [place_answer(label) if len(label.split()) <= LONGEST_SENTENCE else None for label in labels]
    told = [place for place in places if place is not None]
    return len(told) == len(places) >= FEWEST_AMOUNTS and told in (sorted({*told}), sorted({*told}, reverse=True))


def is_ordered(label: str) -> bool:
    """Return whether a label is of an answer that has a place in an order: a few words, and no amount."""
    most = MOST_WORDS + 2 if SIGNS["compared"].search(label) else MOST_WORDS
    return len(label.split()) <= most and not re.search(r"\d", label) and place_answer(label) is not None


# What ends of a scale mean asks nothing: "…? 10 - agree, 1 - disagree".
WORDED_END = re.compile(r"(?<![\w.])\d{1,3} ?[=–-] ?[^\W\d]")
# What stands behind a slash that parts a word: the two genders of "Lehrer/in", "משתמש/ת".
END_OF_WORD = re.compile(r"[^\W\d_A-Z]{1,3}(?=\s)")
# Questions that begin with so many words alike, or more, are one about several things.
LEAST_SHARED = 3


def split_labels(texts: Mapping[str, str]) -> tuple[str, dict[str, str]]:
    """Return the clause that the labels of several columns share, "" where they share none, and what each says besides.

    Only whole clauses are a question's: "Q7. Which of these … – ". What stands in brackets behind is a note, and where
    each label has a number, that is none of its words.
    """
    if all(map(NUMBERED.match, texts.values())) and len(texts) > 1:
        texts = {column: NUMBERED.sub("", text, count=1) for column, text in texts.items()}
    first = {column: found for column, text in texts.items() if (found := ITEM_FIRST.fullmatch(text))}
    # Programs cut a long question, the more of it the longer its option is.
    title = max((found[2] for found in first.values()), key=len, default="")
    if len(first) == len(texts) and all(is_cut_of(found[2], title) for found in first.values()):
        return title, {column: found[1].strip() for column, found in first.items()}
    are_bracketed = all(map(BRACKET_LAST.search, texts.values()))
    if len(texts) > 1 and not are_bracketed and (split := split_cut(texts) or split_counted(texts)):
        return split
    start, end = share_start(texts.values()), share_start(text[::-1] for text in texts.values())[::-1]
    sign = CLAUSE_OR_BRACKET if are_bracketed else CLAUSE
    # What stands in brackets ends no clause: "(times 10 - 1 is 10%)".
    parts = [start[: found.end()] for found in sign.finditer(start)]
    opened = {part: part.removesuffix("(choice=").count("(") - part.count(")") for part in parts}
    start = max((part for part in parts if opened[part] <= 0), key=len, default="")
    is_of_objects = all(text.rstrip(" .…").endswith("?") for text in texts.values())
    end = "" if start else end[min((found.end() for found in CLAUSE_BEFORE.finditer(end)), default=len(end)) :]
    end = end if LETTER.search(end) and not end.startswith("(") and not WORDED_END.search(end) else ""
    if not start and not end and is_of_objects:
        # "How satisfied are you with parks?", "… with libraries?": what they ask alike is the question.
        shared = share_start(texts.values())
        start = shared[: shared.rfind(" ") + 1] if shared.count(" ") >= LEAST_SHARED else ""
        said = {column: text[len(start) :].strip(f"{MARKS}?.") for column, text in texts.items()}
        # "… in terms of balance?" behind all of them is the question's too.
        behind = share_start(text[::-1] for text in said.values())[::-1]
        behind = behind[behind.find(" ") :] if behind.count(" ") >= LEAST_SHARED else ""
        said = {column: sentence(text.removesuffix(behind)) for column, text in said.items()}
        return (f"{start}…{behind}?", said) if start else ("", dict(texts))
    items = {}
    for column, text in texts.items():
        item = text[len(start) : len(text) - len(end)]
        item = item.removesuffix(")") if start.endswith("(choice=") else item
        item = item.strip().removesuffix(".") if end else item
        if len(texts) == 1 and item.startswith("("):
            return "", dict(texts)  # a note on the question
        items[column] = strip_marks(item.removeprefix(". ")) or text
    return strip_marks((start.removesuffix("(choice=") or end).strip(f"{MARKS}/").removesuffix("[")), items


def split_cut(texts: Mapping[str, str]) -> tuple[str, dict[str, str]] | None:
    """Return the question behind the options of labels ("Bus - Which do you use?") that a program cut; None if none is.

    Each has as much of it as its option left room for, a long option nothing.
    """
    parts = {column: text.partition(" - ") for column, text in texts.items()}
    title = max((behind for _, _, behind in parts.values()), key=len)
    is_cut = len({behind for _, _, behind in parts.values()}) > 1
    is_shared = all(
        title.startswith(behind) and (mark or len(option.encode()) >= CUT_FROM)
        for option, mark, behind in parts.values()
    )
    if not title or not is_cut or not is_shared or len({option for option, _, _ in parts.values()}) < len(parts):
        return None
    return title if title.endswith(("?", ".", "…")) else f"{title}…", {
        column: part[0] for column, part in parts.items()
    }


def split_counted(texts: Mapping[str, str]) -> tuple[str, dict[str, str]] | None:
    """Return the question that labels begin with before the number of an item, and the items; None where they don't."""
    found = {column: COUNTED_ITEM.fullmatch(text) for column, text in texts.items()}
    titles = {one and one[1] for one in found.values()}
    if len(titles) > 1 or titles == {None}:
        return None
    return str(titles.pop()).strip(MARKS), {column: one[2] for column, one in found.items() if one}


def strip_marks(text: str) -> str:
    """Return a part of a label without the signs around it, and the brackets that it stands in alone."""
    plain = text.strip(MARKS)
    inside = plain.strip("[]")
    return inside if "[" not in inside and "]" not in inside else plain


def is_cut_of(text: str, other: str) -> bool:
    """Return whether two questions are the same, or one is as much of the other's beginning as a program kept."""
    short, whole = sorted((text, other), key=len)
    return short == whole or (len(short) >= SHORTEST_CUT and whole.startswith(short))


def share_start(texts: Iterable[Text]) -> Text:
    """Return what several texts, or several lists of words, begin with."""
    first, *others = texts
    same = takewhile(lambda signs: len({*signs}) == 1, zip(first, *others, strict=False))
    return first[: sum(1 for _ in same)]


def has_kin(parent: str, there: Collection[str]) -> bool:
    """Return whether what stands before a slash is a path, which other columns have too, and parts no words.

    "Wear religious clothing/jewelry" has no path, nor has "What is/was your reason?", nor "Teacher/in".
    """
    kin = [other.removeprefix(f"{parent}/") for other in there if other.startswith(f"{parent}/")]
    ends = {found and found[0] for found in map(END_OF_WORD.match, kin)}
    is_word = parent[-1:].isalpha() and len(ends) == 1 and None not in ends
    return len(kin) > 1 and len(share_start(kin)) < min(SHORTEST_CUT, *map(len, kin)) and not is_word


def find_stem(column: str, there: Collection[str]) -> str:
    """Return what the name of a column shares with those of its question: "q1_" of q1_2, "" where it shares nothing."""
    # "Grief/ Bereavement" has no path either, nor has what a program made of "Grief / Bereavement".
    parts = [] if "[" in column or re.search(r"\s/|/\s|_/_", column) else column.split("/")
    parents = ["/".join(parts[:end]) for end in range(len(parts) - 1, 0, -1)]
    kin = [name for name in parents if has_kin(name, there)]
    # An option may hold a slash itself: "Whom do you call?/Staff/volunteers" beside "Whom do you call?".
    if told := [name for name in kin if name in there] or kin[:1]:
        return f"{told[0]}/"
    above, _, last = column.rpartition(".")
    if above and re.fullmatch(r"[^\W\d_]\w*", last) and sum(other.startswith(f"{above}.") for other in there) > 1:
        return f"{above}."
    if f"{column}.1" in there:
        return f"{column}."  # pandas numbers columns of one name: q1, q1.1
    for pattern in (
        r"(\w+\[)[^\[\]]+\]\. .+",
        r"(.+?\s?)\[[^\[\]]+\]",
        r"([^\[\]]+?\s?)\([^()]+\)",
        r"(\[)[^\[\]]+\]",
        r"(.+: ).+",
        r"(.+ \(choice=).+\)",
        r"(.*\D)\d+",
        r"(.*\d_?)([A-Za-z])\2?",
    ):
        if found := re.fullmatch(pattern, column):
            return found[1]
    return ""
