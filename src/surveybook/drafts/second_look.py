"""A second look at a finished draft: what in it reads as though the file had been misread, asked in words.

It knows no platform and no survey. It compares what was drafted with what stands in the columns, and each of its
sentences names the columns, what they were taken for, what else they could be, and where that is written. A good draft
has nothing here, or a handful of lines: what may be said of many columns at once is said once.
"""

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import groupby, pairwise
from textwrap import shorten

import numpy as np

from surveybook.drafts.columns import DraftColumn, is_number, number_of_code
from surveybook.drafts.labels import (
    FEWEST_LISTS,
    MOST_ORDERED,
    NUMBERED,
    SIGNS,
    is_ordered,
    match_answer,
    match_else,
    place_answer,
    read_yes_or_no,
    share_start,
)
from surveybook.drafts.records import OUR_WORDS, DraftQuestion
from surveybook.drafts.related_columns import TOGETHER, begin_alike, split_texts
from surveybook.model.wording import list_first, listing
from surveybook.respondents.codes import MONTH, UNTICKED, code_text, listed_values

# Codes that programs and offices give those who have no answer.
SET_APART = re.compile(r"-\d+|0|[7-9]|([7-9])\1+|9+[5-8]")
# The same among numbers, so many times beyond the next.
NINES, APART = re.compile(r"(9+|8+|7+)|9+[5-8]"), 1.1
# Words of more letters than this, in labels of no more words than that, are what answers say more or less of.
MOST_WORDS = 4
DEGREE = re.compile("|".join(SIGNS[name].pattern for name in ("strongest", "strong", "weak", "against")), re.IGNORECASE)
# A text that ends so many different lists of answers is hardly one of each.
MANY_LISTS = 4
# So many people tell who was asked, and so many of one answer; nearly all who were asked have an answer, and of the
# others nearly nobody.
FEWEST_ASKED, FEWEST_LED, NEARLY_ALL, NEARLY_NOBODY = 20, 10, 0.9, 0.02
# The answer that led to a question stands among so many columns before it, and has so many others beside it at most.
COLUMNS_BEFORE, MOST_LEADING = 40, 12
# A column may be called by its whole question.
LONGEST_NAME = 60
# What a spreadsheet makes of the answers "1-5" and "6-25".
MADE_DATE = re.compile(rf"\d{{1,2}}[-/. ]{MONTH.pattern}|{MONTH.pattern}[-/. ]\d{{1,2}}", re.IGNORECASE)
# A box beside a list, which some platforms tick when something was written there.
BOX = re.compile(r"\W*(any )?(additional|further|other|more)?\s*(comments?|remarks?|notes?)\b", re.IGNORECASE)
# What stands between two answers in one cell, where a list shows them.
JOINTS = ("; ", ", ", " | ", ";", ",")
# Of texts that are left out as people's own so many people share theirs with so many others, among so many in all.
SHARED_PART, SHARED_WITH, RARE_PART, FEWEST_ANSWERS, MOST_SIGNS = 0.6, 3, 0.03, 15, 120
# So many different answers tell that a draft knows the language of a file, if it knows so many of them.
FEWEST_LABELS, KNOWN_PART = 20, 0.03
A_WORD, LATIN = re.compile(r"[^\W\d_]{2}"), re.compile(r"[A-Za-zÀ-ɏ]")
# Of so many people or more it tells something that hardly anybody has an answer.
MANY_PEOPLE, HARDLY_ANY = 200, 0.01


@dataclass(frozen=True)
class Drafted:
    """A finished draft beside the columns that it was made of.

    Attributes
    ----------
    columns : sequence of DraftColumn
        All columns, as they stand in the file.
    questions : sequence of DraftQuestion
        What was drafted.
    left_out : dict of str
        Why a column is no question.
    """

    columns: Sequence[DraftColumn]
    questions: Sequence[DraftQuestion]
    left_out: Mapping[str, str]

    @cached_property
    def by_name(self) -> dict[str, DraftColumn]:
        """The columns by their names."""
        return {column.name: column for column in self.columns}

    @cached_property
    def asked(self) -> dict[DraftColumn, DraftQuestion]:
        """The question of each column that is in one, as the columns stand in the file."""
        owners = {name: one for one in self.questions for name in list_names(one)}
        return {column: owners[column.name] for column in self.columns if column.name in owners}

    def find_columns(self, one: DraftQuestion) -> list[DraftColumn]:
        """Return the columns of a question."""
        return [self.by_name[name] for name in list_names(one)]


def look_again(
    columns: Sequence[DraftColumn], questions: Sequence[DraftQuestion], left_out: Mapping[str, str]
) -> list[str]:
    """Return what in a finished draft may be misread, each as a sentence that says what to do.

    Parameters
    ----------
    columns : sequence of DraftColumn
        All columns of the file.
    questions : sequence of DraftQuestion
        What was drafted of them.
    left_out : mapping
        Why a column is no question.
    """
    seen = Drafted(columns, questions, left_out)
    looks = (
        find_pieces, find_reversed, find_untold, find_unordered, find_no_answers, find_set_apart,
        find_asked_and_left_out, find_filters, find_strange, find_left_of_lists, find_shared, find_unread,
    )  # fmt: skip
    return [doubt for look in looks for doubt in look(seen)]


def list_names(one: DraftQuestion) -> list[str]:
    """Return the names of a question's columns."""
    return list(map(str, one.rules.get("columns") or [one.rules["column"]]))


def name_first(columns: Iterable[DraftColumn]) -> str:
    """Return the first of some columns by their names, and how many more there are."""
    return list_first([shorten(column.name, LONGEST_NAME, placeholder="…") for column in columns])


def name_run(columns: Sequence[DraftColumn]) -> str:
    """Return columns that stand in a row by their names: all of a few, or else the first and the last."""
    names = [shorten(column.name, LONGEST_NAME, placeholder="…") for column in columns]
    return listing(names) if len(names) <= TOGETHER else f"{names[0]} to {names[-1]} ({len(names)} columns)"


def find_pieces(seen: Drafted) -> Iterator[str]:
    """Yield columns side by side with the same answers that are several questions: statements, or options of a list.

    Many questions are answered with yes or no; those of one list begin alike, or have a clause in common. Two full
    batteries may have one scale; of what was torn, a column or more is a question by itself.
    """
    sizes = Counter(one.question for one in seen.asked.values())
    told: dict[str, list[str]] = {}
    for answers, members in groupby(seen.asked, list_comparable):
        run = list(members)
        alone = [column for column in run if sizes[seen.asked[column].question] == 1]
        if not answers or len(run) < TOGETHER or len(alone) < 2 or seen.asked[run[0]].kind == "number":
            continue
        are_short = all(map(read_yes_or_no, run[0].figures.values())) or len(run[0].figures) > MOST_ORDERED
        is_named = begin_alike(run) or split_texts(run)[0] or len({NUMBERED.sub("", one.text) for one in run}) == 1
        if are_short and not is_named:
            continue
        what = "options of one list" if len(run[0].figures) < TOGETHER else "parts of one question"
        told.setdefault(what, []).append(name_run(run))
    for what, runs in told.items():
        yield (
            f"{listing(runs)} have the same answers and are several questions in this draft; are they {what}? Then give"
            " them one question in wave.yml (columns), and one in the codebook"
        )


def list_comparable(column: DraftColumn) -> tuple[object, ...]:
    """Return the answers of a column as those of its neighbours are compared with: of two, what says no."""
    off = [label for label in column.figures.values() if UNTICKED.fullmatch(label.strip())]
    return (*column.figures, *off) if len(column.figures) == 2 and off else tuple(column.figures.items())


def find_reversed(seen: Drafted) -> Iterator[str]:
    """Yield columns side by side whose codes have the same labels in the opposite order: a slip, or two scales."""
    turned = []
    for first, second in pairwise(seen.asked):
        one, other = (list_labels(column) for column in (first, second))
        if len(one) >= TOGETHER and one == other[::-1]:
            turned.append(f"{first.name} and {second.name}")
    if turned:
        yield f"The codes of {listing(turned)} run in opposite directions: is that so in the questionnaire, or a slip?"


def list_labels(column: DraftColumn) -> list[str]:
    """Return the labels of a column's answers in the order of their codes."""
    told = {code: label for code, label in column.figures.items() if is_number(code) and column.is_labelled}
    return [told[code] for code in sorted(told, key=number_of_code)]


def find_untold(seen: Drafted) -> Iterator[str]:
    """Yield questions that are called after their first statement, for no label tells what they ask."""
    untold = [one for one in seen.questions if one.wording_source == OUR_WORDS and len(one.items) > 1]
    apart = [one for one in untold if sum(label.rstrip().endswith("?") for label in one.items.values()) > 1]
    if apart:
        yield (
            f"{list_named(seen, apart)} are drafted as statements of one question for their answers are the same, while"
            " each asks something: is it one question? Else give each its own in wave.yml and in the codebook"
        )
    if rest := [one for one in untold if one not in apart]:
        yield (
            f"No label tells what {list_named(seen, rest)} ask: write it as their title in questions.csv and their"
            " wording in asked.csv, or part them if they are no one question"
        )


def list_named(seen: Drafted, questions: Iterable[DraftQuestion]) -> str:
    """Return the columns of questions, each question by its run."""
    return listing([name_run(seen.find_columns(one)) for one in questions])


def find_unordered(seen: Drafted) -> Iterator[str]:
    """Yield lists to choose one from whose answers look like a scale: bare numbers, or degrees of one word."""
    lists = [(column, list_labels(column)) for column, one in seen.asked.items() if one.kind == "single"]
    rated = [column for column, labels in lists if len(labels) > TOGETHER and holds_rating(column, labels)]
    if rated:
        yield f"Numbers are drafted as lists in {name_first(rated)}: write encoding: number for a mean"
    words = [(column, [{*label.casefold().split()} for label in labels]) for column, labels in lists]
    shaded = [
        column
        for column, parts in words
        if TOGETHER < len(parts) <= MOST_ORDERED
        and all(len(part) <= MOST_WORDS for part in parts)
        and any(len(word) > MOST_WORDS for word in set.intersection(*parts))
        and any(DEGREE.search(" ".join(part)) for part in parts)
    ]
    if shaded:
        yield (
            f"The answers to {name_first(shaded)} say more or less of one thing; are they a scale? Then write encoding:"
            " scale in wave.yml, and give them a kind of their own in questions.csv and responses.csv"
        )


def holds_rating(column: DraftColumn, labels: Sequence[str]) -> bool:
    """Return whether most labels of a list are numbers of a scale, or begin with them: "7 Content: from 0 to 10"."""
    numbers = [label for label in labels if re.match(r"(10|\d)(?!\S)", label)]
    codes = {code for code, label in column.figures.items() if label in numbers}
    own = sum(column.figures[code].split()[0] == code for code in codes)
    return own * 2 > len(labels)


def find_no_answers(seen: Drafted) -> Iterator[str]:
    """Yield answers that may say that somebody gave none.

    Their code stands apart from the run of the others, or is below 0; they alone have no place in the order of a scale;
    or they end lists that have no other answer in common, as "don't know" does in every language.
    """
    ends: dict[str, set[frozenset[str]]] = {}
    suspect: dict[str, list[DraftColumn]] = {}
    for column, one in seen.asked.items():
        codes = sorted(filter(is_number, column.figures), key=number_of_code)
        if one.kind == "number" or not column.is_labelled or len(codes) <= 2 or column.is_number:
            continue
        *before, last = [column.figures[code] for code in codes]
        # "Never" ends scales of all kinds.
        if not is_ordered(last):
            ends.setdefault(last, set()).add(frozenset(before))
        numbers = list(map(number_of_code, codes))
        for place, code in enumerate(codes):
            is_last, label = place >= len(codes) - 2, column.figures[code]
            is_apart = place and is_last and numbers[place] > numbers[place - 1] + 1 and SET_APART.fullmatch(code)
            is_rare = column.counts[code] < FEWEST_LISTS * column.counts.total()
            is_odd = is_rare and label == last and place_answer(last) is None and all(map(is_ordered, before))
            if numbers[place] < 0 or (column.counts[code] and (is_apart or is_odd)):
                suspect.setdefault(label, []).append(column)
    common = [
        label for label, lists in ends.items()
        if len(lists) >= MANY_LISTS and not frozenset.intersection(*lists) and not read_yes_or_no(label)
    ]  # fmt: skip
    for label in common:
        suspect.setdefault(label, [column for column in seen.asked if label in column.figures.values()])
    told = [
        f"“{label}” in {name_first(columns)}"
        for label, columns in suspect.items()
        if not (match_else(label) or match_answer(label))
    ]
    if told:
        what = "Where one says that somebody gave none, write its code under missing"
        yield f"These count as answers: {list_first(told)}. {what}"


def find_set_apart(seen: Drafted) -> Iterator[str]:
    """Yield the highest numbers of questions where several gave them and they stand far off: 99 beside 1 to 60."""
    told = []
    for column, one in seen.asked.items():
        if one.kind != "number" or "scale" in one.rules:
            continue
        lost = {*map(code_text, listed_values(one.rules.get("missing") or []))}
        codes = sorted((code for code in column.codes if is_number(code) and code not in lost), key=number_of_code)
        if len(codes) < TOGETHER or not NINES.fullmatch(codes[-1]) or column.counts[codes[-1]] < FEWEST_LED:
            continue
        largest, before = (number_of_code(code) for code in (codes[-1], codes[-2]))
        if largest > max(APART * before, before + 1) and column.counts[codes[-1]] > 2 * column.counts[codes[-2]]:
            told.append(f"{codes[-1]} in {column.name} ({column.counts[codes[-1]]:,} people)")
    if told:
        yield f"These count as numbers: {list_first(told)}. Where one stands for no answer, write it under missing"


def find_asked_and_left_out(seen: Drafted) -> Iterator[str]:
    """Yield columns that are left out for what they are called, and have labelled answers to what ends with "?"."""
    told = [
        column
        for column in seen.columns
        if column.name in seen.left_out
        and column.is_labelled
        and len(column.worded & {*column.codes}) > 1
        and "?" in column.text
        and not seen.left_out[column.name].startswith(("the same answers", "more than"))
    ]
    if told:
        named = list_first([f"{one.name} (“{one.text}”: {seen.left_out[one.name]})" for one in told])
        yield (
            f"{named} read like questions and are left out: are they some? Then take them out of ignore, and give them"
            " a question in wave.yml and in the codebook"
        )


def find_filters(seen: Drafted) -> Iterator[str]:
    """Yield who was asked what many have no answer to, where an answer before it tells; and what hardly anybody was."""
    led: dict[str, list[str]] = {}
    rare, places = list[str](), {column: place for place, column in enumerate(seen.columns)}
    for one in seen.questions:
        own = seen.find_columns(one)
        has_answer = np.any([column.place_answers(column.codes) >= 0 for column in own], axis=0)
        if len(has_answer) >= MANY_PEOPLE and has_answer.sum() < HARDLY_ANY * len(has_answer):
            rare.append(name_run(own))
        place = min(map(places.__getitem__, own))
        before = seen.columns[max(0, place - COLUMNS_BEFORE) : place]
        if min(has_answer.sum(), (~has_answer).sum()) < FEWEST_ASKED:
            continue
        if who := next((told for column in reversed(before) if (told := find_leading(column, has_answer))), ""):
            led.setdefault(who, []).append(name_run(own))
    if led:
        told = "; ".join(f"{who}: {listing(runs)}" for who, runs in led.items())
        yield f"Not everybody was asked all, by the answers. {told}. Write it so under universe in asked.csv"
    if rare:
        yield f"Hardly anybody answered {list_first(rare)}: is that so? They may be left out (ignore)"


def find_leading(column: DraftColumn, has_answer: np.ndarray) -> str:
    """Return in words which answers to a column led to what only some have an answer to; "" where it doesn't tell.

    All with an answer there, and nobody else, may have been asked both; and so a column that was made of it has one.
    """
    if not 1 < len(column.codes) <= MOST_LEADING or all(map(is_number, column.labels.values())):
        return ""
    codes = [*column.codes, ""]
    places = column.place_answers(codes) + 1  # 0 is for what is no answer
    people = np.bincount(places, minlength=len(codes) + 1)
    answering = np.bincount(places, weights=has_answer, minlength=len(codes) + 1)
    told = [place for place, code in enumerate(column.codes, 1) if column.counts[code] >= FEWEST_LED]
    asked = [place for place in told if answering[place] >= NEARLY_ALL * people[place]]
    rest = np.setdiff1d(np.arange(len(people)), asked)
    if not asked or len(asked) == len(told) or answering[rest].sum() > NEARLY_NOBODY * people[rest].sum():
        return ""
    led = [codes[place - 1] for place in asked]
    left = [code for code in column.codes if code not in led]
    is_short = len(left) < len(led) and answering[-1] == 0
    named = listing([f"“{column.labels.get(code, code)}”" for code in (left if is_short else led)])
    return f"{column.name} {'other than ' if is_short else ''}{named}"


def find_strange(seen: Drafted) -> Iterator[str]:
    """Yield answers that a program or a slip has made, or that are none; see `STRANGE`."""
    told: dict[str, list[str]] = {}
    for one in seen.questions:
        labels = {*one.items.values()} if one.kind in ("single", "multiple") else {*one.answers.values()}
        for said, find in STRANGE.items():
            if one.kind != "number" and (found := find(labels, one.kind == "multiple")):
                quoted = list_first([f"“{label}”" for label in sorted(found)])
                told.setdefault(said, []).append(f"{quoted} in {name_run(seen.find_columns(one))}")
    for said, places in told.items():
        yield said.format(list_first(places))


def pick_dates(labels: set[str], _several: bool) -> set[str]:
    """Return what a spreadsheet made of the answers "1-5" and "6-25"."""
    return {label for label in labels if MADE_DATE.fullmatch(label)}


def pick_joined(labels: set[str], several: bool) -> set[str]:
    """Return answers to a question with one that are two others, with what parts them in a cell."""
    pairs = {first + mark + last for mark in JOINTS for first in labels for last in labels if first != last}
    return set() if several else labels & pairs


def pick_codes(labels: set[str], several: bool) -> set[str]:
    """Return options that are a code, where others are words, and no amounts."""
    codes = {label for label in labels if is_number(label)}
    words = labels - codes
    return codes if several and len(words) >= TOGETHER and not any(re.search(r"\d", one) for one in words) else set()


def pick_boxes(labels: set[str], several: bool) -> set[str]:
    """Return options of a list that ask for words."""
    return {label for label in labels if several and BOX.match(label)}


# What is said of answers that look strange, and what finds them.
STRANGE = {
    "A spreadsheet may have made dates of ranges: {}. Correct these labels in items.csv": pick_dates,
    "An answer joins two others: {}. If people could choose several, take the encoding delimited in wave.yml, and the"
    " kind multiple in questions.csv": pick_joined,
    "No label says what an option stands for: {}. Write it into items.csv": pick_codes,
    "An option, or a box to write in? {}. A box is put under ignore in wave.yml": pick_boxes,
}


def find_left_of_lists(seen: Drafted) -> Iterator[str]:
    """Yield columns that begin with the question of a list and aren't in it: its shares are of too few then."""
    known = ("what ", "nobody", "the same")
    others = [one for one in seen.columns if not seen.left_out.get(one.name, "").startswith(known)]
    told: dict[str, None] = {}
    for one in seen.questions:
        columns = seen.find_columns(one)
        shared = share_start([column.text for column in columns])
        clause = shared[: shared.rfind("?") + 1]
        if one.kind == "multiple" and len(columns) >= TOGETHER and clause:
            apart = [column for column in others if column not in columns and len(column.counts) <= TOGETHER]
            told |= {column.name: None for column in apart if column.text.startswith(f"{clause} ")}
    if told:
        names = list_first([shorten(name, 2 * LONGEST_NAME, placeholder="…") for name in told])
        yield f"Called like options of a list, and not in it: {names}. Add what is one to its columns in wave.yml"


def find_shared(seen: Drafted) -> Iterator[str]:
    """Yield columns that are left out as what people wrote, though most people wrote the same few things."""
    told = list[str]()
    for column in seen.columns:
        if not seen.left_out.get(column.name, "").startswith("what people wrote, or"):
            continue
        counts = {code: people for code, people in column.counts.items() if A_WORD.search(code)}
        counts = {code: people for code, people in counts.items() if match_answer(code.strip("_")) != "no_answer"}
        people = sum(counts.values())
        least = max(SHARED_WITH, RARE_PART * people)
        shared = {code: number for code, number in counts.items() if number >= least and len(code) <= MOST_SIGNS}
        are_shared = people >= FEWEST_ANSWERS and sum(shared.values()) >= SHARED_PART * people
        if len(shared) > 1 and (are_shared or SIGNS["any_number"].search(column.text)):
            most = listing([f"“{code}”" for code in sorted(shared, key=lambda one: -shared[one])[:2]])
            told.append(f"{name_run([column])} ({most})")
    if told:
        yield (
            f"Left out as what people wrote, though several gave the same answers: {list_first(told)}."
            " What they chose from a list is to be taken out of ignore, and to be given a question in wave.yml"
        )


def find_unread(seen: Drafted) -> Iterator[str]:
    """Yield that no word of the answers is known, where they are of another script."""
    labels = {label for column in seen.asked for label in column.labels.values() if re.search(r"[^\W\d_]", label)}
    foreign = {label for label in labels if not LATIN.search(label)}
    known = [label for label in foreign if is_ordered(label) or match_answer(label) or match_else(label)]
    if len(foreign) >= FEWEST_LABELS and 2 * len(foreign) > len(labels) and len(known) <= KNOWN_PART * len(foreign):
        yield (
            "A draft knows no word of these answers: their order (responses.csv), and which of them say that somebody"
            " doesn't know, or gave no answer (dont_know and no_answer in wave.yml), have to be told"
        )
