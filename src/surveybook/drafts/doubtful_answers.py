"""Answers of a finished draft that may be something else: none, a scale, two in one, or what a program made of them.

These are looks of `surveybook.drafts.second_look`, and asked in the same words: the answers with their columns, what
they count as, what else they may be, and what to write where.
"""

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from itertools import combinations, pairwise

from surveybook.drafts.columns import DraftColumn, find_negative, is_number, number_of_code
from surveybook.drafts.labels import (
    FEWEST_LISTS,
    MOST_ORDERED,
    SIGNS,
    STRENGTHS,
    is_ordered,
    match_answer,
    match_else,
    place_answer,
    read_yes_or_no,
    share_start,
)
from surveybook.drafts.records import Draft, name_few, name_range
from surveybook.drafts.related_columns import TOGETHER
from surveybook.model.wording import list_first, listing
from surveybook.respondents.codes import MONTH, code_text, is_misspelt, listed_values

# Numbers that programs and offices write for those who gave none, so many times beyond the next.
NINES, APART = re.compile(r"([7-9])\1*|9+[5-8]"), 1.1
# The same among the codes of answers.
SET_APART = re.compile(rf"-\d+|0|{NINES.pattern}")
# So many people tell that such a number is none.
FEWEST_NINES = 10
# Words of more letters than this, in labels of no more words than that, are what answers say more or less of.
MOST_WORDS = 4
DEGREE = re.compile("|".join(SIGNS[name].pattern for name in (*STRENGTHS, "against")), re.IGNORECASE)
# A text that ends so many different lists of answers is hardly one of each.
MANY_LISTS = 4
# What a spreadsheet makes of the answers "1-5" and "6-25".
MADE_DATE = re.compile(rf"\d{{1,2}}[-/. ]{MONTH.pattern}|{MONTH.pattern}[-/. ]\d{{1,2}}", re.IGNORECASE)
# So many letters one of two spellings has more than the other.
LONGEST_SLIP = 1
# So many different answers tell that a draft knows the language of a file, if it knows so many of them.
FEWEST_LABELS, KNOWN_PART = 20, 0.03
LATIN = re.compile(r"[A-Za-zÀ-ɏ]")


def sort_by_code(column: DraftColumn) -> dict[str, str]:
    """Return the answers of a column with labels in the order of their codes, without those whose code is a word."""
    codes = filter(is_number, column.figures) if column.is_labelled else ()
    return {code: column.figures[code] for code in sorted(codes, key=number_of_code)}


def find_reversed(seen: Draft) -> Iterator[str]:
    """Yield columns side by side whose codes have the same labels in the opposite order: a slip, or two scales."""
    turned = []
    for first, second in pairwise(seen.asked):
        one, other = (list(sort_by_code(column).values()) for column in (first, second))
        if len(one) >= TOGETHER and one == other[::-1]:
            turned.append(f"{first.name} and {second.name}")
    if turned:
        yield (
            f"The codes of {listing(turned)} run in opposite directions: is that so in the questionnaire, or a slip?"
            " Turn what the codes of a slip stand for in wave.yml"
        )


def holds_rating(column: DraftColumn) -> bool:
    """Return whether most labels of a list are numbers of a scale, or begin with them: "7 Content: from 0 to 10"."""
    answers = sort_by_code(column)
    numbers = {code: label for code, label in answers.items() if re.match(r"(10|\d)(?!\S)", label)}
    own = sum(label.split()[0] == code for code, label in numbers.items())
    is_open = any(map(SIGNS["and_more"].match, answers.values()))  # of which there is no mean
    return len(answers) > TOGETHER and own * 2 > len(answers) and not is_open


def holds_degrees(column: DraftColumn) -> bool:
    """Return whether the few short labels of a list have a word in common, and one a word of degree."""
    parts = [{*label.casefold().split()} for label in sort_by_code(column).values()]
    return (
        TOGETHER < len(parts) <= MOST_ORDERED
        and all(len(part) <= MOST_WORDS for part in parts)
        and any(len(word) > MOST_WORDS for word in set.intersection(*parts))
        and any(DEGREE.search(" ".join(part)) for part in parts)
    )


# What is said of lists to choose one from that may be something else, by what tells it of a column.
LISTED = {
    holds_rating: "Numbers are drafted as lists in {}: write encoding: number for a mean",
    holds_degrees: "The answers to {} say more or less of one thing; are they a scale? Then write encoding: scale in"
    " wave.yml, and give them a kind of their own in questions.csv and responses.csv",
}


def find_listed(seen: Draft) -> Iterator[str]:
    """Yield lists to choose one from whose answers are the numbers of a scale, or degrees of a word that all have."""
    for holds, said in LISTED.items():
        if columns := [column for column, one in seen.asked.items() if one.kind == "single" and holds(column)]:
            yield said.format(name_few(columns))


def find_no_answers(seen: Draft) -> Iterator[str]:
    """Yield answers that may say that somebody gave none; see `pick_apart`.

    Or they end lists that have no other answer in common, as "don't know" does in every language.
    """
    ends: dict[str, set[frozenset[str]]] = {}
    suspect: dict[str, list[DraftColumn]] = {}
    for column, one in seen.asked.items():
        answers = sort_by_code(column)
        if one.kind == "number" or len(answers) <= 2 or column.is_number:
            continue
        *before, last = answers.values()
        # "Never" ends scales of all kinds.
        if not is_ordered(last):
            ends.setdefault(last, set()).add(frozenset(before))
        for label in pick_apart(column, answers):
            suspect.setdefault(label, []).append(column)
    for label, lists in ends.items():
        if len(lists) >= MANY_LISTS and not frozenset.intersection(*lists) and not read_yes_or_no(label):
            suspect.setdefault(label, [column for column in seen.asked if label in column.figures.values()])
    told = [
        f"“{label}” in {name_few(columns)}"
        for label, columns in suspect.items()
        if not (match_else(label) or match_answer(label))
    ]
    if told:
        what = "Where one says that somebody gave none, write its code under missing"
        yield f"These count as answers: {list_first(told)}. {what}"


def pick_apart(column: DraftColumn, answers: Mapping[str, str]) -> Iterator[str]:
    """Yield the labels of answers that aren't like the others of a column.

    Their code is below 0, or stands apart from the run of the others; or they alone have no place in the order of a
    scale.

    Parameters
    ----------
    column : DraftColumn
        The column.
    answers : mapping
        Its answers as `sort_by_code` has them.
    """
    *before, last = answers.values()
    numbers = list(map(number_of_code, answers))
    for place, (code, label) in enumerate(answers.items()):
        is_last = place >= len(answers) - 2
        is_apart = place and is_last and numbers[place] > numbers[place - 1] + 1 and SET_APART.fullmatch(code)
        is_rare = column.counts[code] < FEWEST_LISTS * column.counts.total()
        is_odd = is_rare and label == last and place_answer(last) is None and all(map(is_ordered, before))
        if numbers[place] < 0 or (column.counts[code] and (is_apart or is_odd)):
            yield label


def find_set_apart(seen: Draft) -> Iterator[str]:
    """Yield the highest numbers of questions where several gave them and they stand far off: 99 beside 1 to 60."""
    told = []
    for column, one in seen.asked.items():
        if one.kind != "number" or "scale" in one.rules:
            continue
        lost = {*map(code_text, listed_values(one.rules.get("missing") or []))}
        codes = sorted((code for code in column.codes if is_number(code) and code not in lost), key=number_of_code)
        open_ends = {code for code in codes if SIGNS["and_more"].match(column.labels.get(code, ""))}
        worded = [code for code in codes[1:] if code in column.worded - open_ends]
        told += [f"“{column.labels[code]}” in {column.name} ({column.counts[code]:,} people)" for code in worded]
        if len(codes) < TOGETHER or not NINES.fullmatch(codes[-1]) or column.counts[codes[-1]] < FEWEST_NINES:
            continue
        largest, before = (number_of_code(code) for code in (codes[-1], codes[-2]))
        if largest > max(APART * before, before + 1) and column.counts[codes[-1]] > 2 * column.counts[codes[-2]]:
            told.append(f"{codes[-1]} in {column.name} ({column.counts[codes[-1]]:,} people)")
    if told:
        yield f"These count as numbers: {list_first(told)}. Where one stands for no answer, write it under missing"


def doubt_below(columns: Iterable[DraftColumn]) -> list[str]:
    """Return what has to be decided of codes below 0 that say something else than no answer, as sentences."""
    given = Counter[tuple[str, str]]()
    for column in columns:
        told = [code for code in find_negative(column.labels) if not match_answer(column.labels[code])]
        given.update({(column.labels[code], column.name): column.counts[code] for code in told if column.counts[code]})
    named = list_first([f"“{label}” in {name} ({people:,} people)" for (label, name), people in given.most_common()])
    return [f"Codes below 0 count as no answer, as most of this file do: {named}. Are some answers?"] if given else []


def find_strange(seen: Draft) -> Iterator[str]:
    """Yield answers that a program or a slip has made, or that are none; see `STRANGE`."""
    told: dict[str, list[str]] = {}
    for one in seen.questions:
        labels = {*one.items.values()} if one.kind in ("single", "multiple") else {*one.answers.values()}
        for said, find in STRANGE.items():
            if one.kind != "number" and (found := find(labels, one.kind == "multiple")):
                quoted = list_first([f"“{label}”" for label in sorted(found)])
                told.setdefault(said, []).append(f"{quoted} in {name_range(seen.find_columns(one))}")
    for said, places in told.items():
        yield said.format(list_first(places))


def pick_codes(labels: set[str], several: bool) -> set[str]:
    """Return options that are a code, where others are words, and no amounts."""
    codes = {label for label in labels if is_number(label)}
    words = labels - codes
    return codes if several and len(words) >= TOGETHER and not any(re.search(r"\d", one) for one in words) else set()


def pick_misspelt(labels: set[str], _several: bool) -> set[str]:
    """Return answers that read like another but for a slip: a letter more or another, or two that changed places."""
    found = set[str]()
    for pair in combinations(sorted(labels), 2):
        start = len(share_start(pair))
        end = len(share_start(label[start:][::-1] for label in pair))
        first, second = (label[start : len(label) - end] for label in pair)
        is_slip = max(len(first), len(second)) <= LONGEST_SLIP or first == second[::-1]
        found |= {*pair} if start and is_slip and (first + second).isalpha() and is_misspelt(*pair) else set()
    return found


def pick_joined(labels: set[str], _several: bool) -> set[str]:
    """Return answers that are others put together: "Bus and Tram" beside these two."""
    known = {label.casefold() for label in labels if not read_yes_or_no(label)}
    parts = {label: SIGNS["joins_answers"].split(label.casefold()) for label in labels}
    return {label for label, joined in parts.items() if len(joined) > 1 and known.issuperset(joined)}


def pick_boxes(labels: set[str], several: bool) -> set[str]:
    """Return options of a list that ask for words."""
    return {label for label in labels if several and SIGNS["remarks"].match(label)}


# What is said of answers that look strange, and what finds them.
STRANGE = {
    "A spreadsheet may have made dates of ranges: {}. Correct these labels in items.csv": (
        lambda labels, _several: {label for label in labels if MADE_DATE.fullmatch(label)}
    ),
    "An answer joins others: {}. Is it one of its own? If people could choose several, take the encoding delimited in"
    " wave.yml, and the kind multiple in questions.csv": pick_joined,
    "No label says what an option stands for: {}. Write it into items.csv": pick_codes,
    "These read alike: {}. Give two spellings of one answer one target in wave.yml": pick_misspelt,
    "An option, or a box to write in? {}. A box is put under ignore in wave.yml": pick_boxes,
}


def find_unread(seen: Draft) -> Iterator[str]:
    """Yield that no word of the answers is known, where they are of another script."""
    labels = {label for column in seen.asked for label in column.labels.values() if re.search(r"[^\W\d_]", label)}
    foreign = {label for label in labels if not LATIN.search(label)}
    known = [label for label in foreign if is_ordered(label) or match_answer(label) or match_else(label)]
    if len(foreign) >= FEWEST_LABELS and 2 * len(foreign) > len(labels) and len(known) <= KNOWN_PART * len(foreign):
        yield (
            "A draft knows no word of these answers: their order (responses.csv), and which of them say that somebody"
            " doesn't know, or gave no answer (dont_know and no_answer in wave.yml), have to be told"
        )
