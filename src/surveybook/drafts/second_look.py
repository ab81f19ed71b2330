"""A second look at a finished draft: what in it reads as though the file had been misread, asked in words.

It knows no platform and no survey. It compares what was drafted with what stands in the columns, and each of its
sentences names the columns, what they were taken for, what else they could be, and where that is written. A good draft
has nothing here, or a handful of lines: what may be said of many columns at once is said once. It looks at which
columns are in the wrong question, in none, or asked of some, at which rows count, and at answers that may be something
else: none, a scale, two in one, or what a program made of them.
"""

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import combinations, groupby, pairwise
from textwrap import shorten

import numpy as np

from surveybook.drafts.columns import WRITTEN, DraftColumn, explain_left_out, find_negative, is_number, number_of_code
from surveybook.drafts.labels import (
    FEWEST_LISTS,
    MOST_ORDERED,
    NUMBERED,
    SIGNS,
    STRENGTHS,
    is_ordered,
    match_answer,
    match_else,
    place_answer,
    read_yes_or_no,
    share_start,
)
from surveybook.drafts.records import LONGEST_NAME, OUR_WORDS, Draft, name_few, name_range, name_short
from surveybook.drafts.related_columns import TOGETHER, begin_alike, split_texts
from surveybook.model.wording import list_first, listing
from surveybook.respondents.codes import MONTH, UNTICKED, code_text, is_misspelt, listed_values

# A name that tells nothing to who doesn't have the questionnaire: "q0004_0001", "V12", "s3b".
# "Q1[SQ001]", "Q1M1", "Q1 Option 1", and no word: "1. Age" tells what it asks.
CODE_NAME = re.compile(
    r"[A-Za-z]{0,3}_?\d+([A-Z]+|[a-z])?([\W_]+[A-Za-z]{0,6}[\W_]?\d+|[A-Za-z]{1,3}\d+|[\W_]+[A-Za-z](?![A-Za-z]))*\W?"
)
# What names of one question begin with: "Q1" of "Q1a", "Q1_Bus".
CODE = re.compile(r"[A-Za-z]{1,3}_?\d+")
# So many people tell who was asked, and so many of one answer; nearly all who were asked have an answer, and of the
# others nearly nobody.
FEWEST_ASKED, FEWEST_LED, NEARLY_ALL, NEARLY_NOBODY = 20, 10, 0.9, 0.02
# The answer that led to a question stands among so many columns before it, and has so many others beside it at most.
COLUMNS_BEFORE, MOST_LEADING = 40, 12
# So many columns that are left out may have been misread for one reason.
MANY_UNREAD = 10
# Of so many people or more it tells something that hardly anybody has an answer.
MANY_PEOPLE, HARDLY_ANY = 200, 0.01
# Of texts that are left out as people's own so many people share theirs with so many others, among so many in all.
SHARED_PART, SHARED_WITH, RARE_PART, FEWEST_ANSWERS, MOST_SIGNS = 0.6, 3, 0.03, 15, 120
A_WORD = re.compile(r"[^\W\d_]{2}")
# How somebody's answers ended is one of so many states; of more, such as moments, it counts whether there is one.
MOST_STATES = 8
# So many waves one file has at most; of more, a year is something of people themselves.
MOST_WAVES = 60
YEAR = re.compile(r"(19|20)\d\d")


def look_again(seen: Draft) -> list[str]:
    """Return what in a finished draft may be misread, each as a sentence that says what to do."""
    looks = (
        find_misread, find_pieces, find_reversed, find_untold, find_listed,
        find_no_answers, find_set_apart, find_asked_and_left_out, find_filters, find_unanswered, find_strange,
        find_left_of_lists, find_shared, find_written_instead, find_unread,
    )  # fmt: skip
    return [doubt for look in looks for doubt in look(seen)]


def find_misread(seen: Draft) -> Iterator[str]:
    """Yield that most columns with answers are left out as texts or as codes, where a header may have been misread."""
    reasons = (WRITTEN, "codes without", "numbers without")
    unread = [one for one in seen.columns if seen.left_out.get(one.name, "").startswith(reasons)]
    if len(unread) >= MANY_UNREAD and len(unread) > len(seen.asked):
        cells = [f"“{shorten(code, LONGEST_NAME, placeholder='…')}”" for code in [*unread[0].counts][:TOGETHER]]
        yield (
            f"{len(unread)} columns are left out as texts or codes, and {len(seen.asked)} are in questions: is the file"
            f" read as it should be? {name_short(unread[0])} has {listing(cells)}. If names, questions or options stand"
            " there among answers, take their rows out of the file; if codes do, their labels may stand in a"
            " questionnaire (--questionnaire)"
        )


def find_pieces(seen: Draft) -> Iterator[str]:
    """Yield columns side by side with the same answers that are several questions: statements, or options of a list.

    Many questions are answered with yes or no; those of one list begin alike, or have a clause in common. Two full
    batteries may have one scale; of what was torn, a column or more is a question by itself.
    """
    sizes = Counter(one.question for one in seen.asked.values())
    told: dict[str, list[str]] = {}
    for answers, members in groupby(seen.asked, list_compared_answers):
        run = list(members)
        alone = [column for column in run if sizes[seen.asked[column].question] == 1]
        if not answers or len(run) < TOGETHER or len(alone) < 2 or seen.asked[run[0]].kind == "number":
            continue
        is_long = len(run[0].figures) > MOST_ORDERED
        codes = {found[0] if (found := CODE.match(one.name)) else "" for one in run}
        is_named = (
            (len(codes) == 1 and codes != {""})
            or share_start(one.name for one in run).count("_") > 1
            or begin_alike(run)
            or split_texts(run)[0]
            or len({NUMBERED.sub("", one.text) for one in run}) == 1
        )
        is_battery = is_long and {one.stem for one in run} == {run[0].stem} != {""}
        if not (is_named or is_battery) and (is_long or all(map(read_yes_or_no, run[0].figures.values()))):
            continue
        what = "options of one list" if len(run[0].figures) < TOGETHER else "parts of one question"
        told.setdefault(what, []).append(name_range(run))
    for what, runs in told.items():
        yield (
            f"{listing(runs)} have the same answers and are several questions in this draft; are they {what}? Then give"
            " them one question in wave.yml (columns), and one in the codebook"
        )


def list_compared_answers(column: DraftColumn) -> tuple[object, ...]:
    """Return the answers of a column as those of its neighbours are compared with: of two, what says no."""
    off = [label for label in column.figures.values() if UNTICKED.fullmatch(label.strip())]
    return (*column.figures, *off) if len(column.figures) == 2 and off else tuple(column.figures.items())


def find_untold(seen: Draft) -> Iterator[str]:
    """Yield questions that nobody can read: called after their first statement, or by columns with codes for names.

    Where statements ask something each, they may be no one question.
    """
    ours = [one for one in seen.questions if one.wording_source == OUR_WORDS and len(one.items) > 1]
    apart = [one for one in ours if sum(label.rstrip().endswith("?") for label in one.items.values()) > 1]
    if apart:
        named = listing([name_range(seen.find_columns(one)) for one in apart])
        yield (
            f"{named} are drafted as statements of one question for their answers are the same, while each asks"
            " something: is it one question? Else give each its own in wave.yml and in the codebook"
        )
    rest = [one for one in ours if one not in apart]
    coded = [one for one in seen.questions if not one.wording and is_called_by_code(one.title, seen.find_columns(one))]
    if untold := [seen.find_columns(one) for one in (*rest, *coded)]:
        called = f"{list_first(list(map(name_range, untold)))} {'asks' if list(map(len, untold)) == [1] else 'ask'}"
        yield (
            f"No label tells what {called}: write title and wording into questions.csv and asked.csv"
            f"{', or give a questionnaire (--questionnaire)' if coded else ''}"
            f"{'; part what is no one question' if rest else ''}"
        )


def is_called_by_code(title: str, columns: Sequence[DraftColumn]) -> bool:
    """Return whether neither the title of a question nor a label or name of its columns tells what it asks."""
    names = [title] if CODE_NAME.fullmatch(title) else [column.name for column in columns]
    are_codes = all(CODE_NAME.fullmatch(name) or re.fullmatch(r"\w+_\d+", name) for name in names)
    return are_codes and not any(column.label for column in columns)


def find_left_of_lists(seen: Draft) -> Iterator[str]:
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


def find_written_instead(seen: Draft) -> Iterator[str]:
    """Yield columns that nobody answered who wrote into the box "other" behind: their shares are of the rest."""
    told = [
        f"{name_short(first)} ({people} in {name_short(box)})"
        for first, box in pairwise(seen.columns)
        if seen.left_out.get(box.name) == WRITTEN
        and match_else(box.text) == "other"
        and first.name not in seen.left_out
        if (people := int((box.given != "").sum())) and not ((box.given != "") & (first.given != "")).any()
    ]
    if told:
        yield (
            f"People who wrote an answer of their own count as if they had given none to {list_first(told)}: its shares"
            " are of the others. Say so beside them, or write “Other” into the empty cells"
        )


def find_asked_and_left_out(seen: Draft) -> Iterator[str]:
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


def find_shared(seen: Draft) -> Iterator[str]:
    """Yield columns that are left out as what people wrote, though most people wrote the same few things."""
    told = list[str]()
    for column in [one for one in seen.columns if seen.left_out.get(one.name) == WRITTEN]:
        counts = {
            code: people
            for code, people in column.counts.items()
            if A_WORD.search(code) and match_answer(code.strip("_")) != "no_answer"
        }
        people = sum(counts.values())
        least = max(SHARED_WITH, RARE_PART * people)
        shared = {code: number for code, number in counts.items() if number >= least and len(code) <= MOST_SIGNS}
        are_shared = people >= FEWEST_ANSWERS and sum(shared.values()) >= SHARED_PART * people
        if len(shared) > 1 and (are_shared or SIGNS["any_number"].search(column.text)):
            most = listing([f"“{code}”" for code in sorted(shared, key=lambda one: -shared[one])[:2]])
            told.append(f"{name_short(column)} ({most})")
    if told:
        yield (
            f"Left out as what people wrote, though several gave the same answers: {list_first(told)}."
            " What they chose from a list is to be taken out of ignore, and to be given a question in wave.yml"
        )


def find_filters(seen: Draft) -> Iterator[str]:
    """Yield who was asked what many have no answer to, where an answer before it tells."""
    led, places = dict[str, list[str]](), {column: place for place, column in enumerate(seen.columns)}
    for one in seen.questions:
        has_answer = seen.find_answered(one)
        if min(has_answer.sum(), (~has_answer).sum()) < FEWEST_ASKED:
            continue
        own = seen.find_columns(one)
        place = min(map(places.__getitem__, own))
        before = seen.columns[max(0, place - COLUMNS_BEFORE) : place]
        if who := next((told for column in reversed(before) if (told := find_leading(column, has_answer))), ""):
            led.setdefault(who, []).append(name_range(own))
    if led:
        told = "; ".join(f"{who}: {listing(runs)}" for who, runs in led.items())
        yield f"Not everybody was asked all, by the answers. {told}. Write it so under universe in asked.csv"


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


def find_unanswered(seen: Draft) -> Iterator[str]:
    """Yield what hardly anybody of many people answered."""
    rare = []
    for one in seen.questions:
        has_answer = seen.find_answered(one)
        if len(has_answer) >= MANY_PEOPLE and has_answer.sum() < HARDLY_ANY * len(has_answer):
            rare.append(name_range(seen.find_columns(one)))
    if rare:
        yield f"Hardly anybody answered {list_first(rare)}: is that so? They may be left out (ignore)"


def doubt_pooled(columns: Iterable[DraftColumn]) -> list[str]:
    """Return which columns tell that the file is of several waves of a survey, as sentences: shares mix them."""
    found = []
    for column in columns:
        names = (column.name, column.text)
        is_named = any(map(SIGNS["pooled"].fullmatch, names))
        # "Year" may be the first or the second of somebody's studies.
        may_be_wave = "year" not in map(str.lower, names) or all(map(YEAR.fullmatch, column.codes))
        if is_named and may_be_wave and 1 < len(column.codes) <= MOST_WAVES and column.is_numeric:
            told = [f"{column.labels.get(code, code)} ({column.counts[code]:,})" for code in sorted(column.codes)]
            asked = "are these waves of one survey? Draft a file of each, or all count"
            found.append(f"{column.name} has {list_first(told)}: {asked}")
    return found


def doubt_unfinished(columns: Iterable[DraftColumn]) -> list[str]:
    """Return how many finished or only tested, by columns in which a platform noted it, as a sentence: all count."""
    states = list(filter(None, map(count_states, columns)))
    who = "All rows count in every share, also of tests and of who didn't finish"
    return [f"{who}: {'; '.join(states)}"] if states else []


def count_states(column: DraftColumn) -> str:
    """Return how many finished or only tested, by a column in which a platform noted it; "" where all are alike."""
    texts = (column.name.rpartition("/")[2], column.text)
    if not any(map(SIGNS["finished"].fullmatch, texts)) or not explain_left_out(column) or not column.counts:
        return ""
    counts = [(column.labels.get(code, code), people) for code, people in column.counts.most_common()]
    if len(counts) > MOST_STATES:
        counts = [("something", column.counts.total())]
    counts += [("nothing", len(column.values) - column.counts.total())]
    told = [f"{people:,} have {text}" for text, people in counts if people]
    return f"in {column.name} {', '.join(told)}" if len(told) > 1 else ""


# Numbers that programs and offices write for those who gave none, so many times beyond the next.
NINES, APART = re.compile(r"([7-9])\1*|9+[5-8]"), 1.1
# The same among the codes of answers.
SET_APART = re.compile(rf"-\d+|0|{NINES.pattern}")
# So many people tell that such a number is none.
FEWEST_NINES = 10
# "8 or more", "65+".
AND_MORE = re.compile(r"\d+ ?(\+|(or|and) (more|over|older|above)\b)", re.IGNORECASE)
# Words of more letters than this, in labels of no more words than that, are what answers say more or less of.
MOST_WORDS = 4
DEGREE = re.compile("|".join(SIGNS[name].pattern for name in (*STRENGTHS, "against")), re.IGNORECASE)
# A text that ends so many different lists of answers is hardly one of each.
MANY_LISTS = 4
# What a spreadsheet makes of the answers "1-5" and "6-25".
MADE_DATE = re.compile(rf"\d{{1,2}}[-/. ]{MONTH.pattern}|{MONTH.pattern}[-/. ]\d{{1,2}}", re.IGNORECASE)
# What joins two answers.
JOINT = re.compile(r"\s*[;|,/+&]\s*|\s+(?:and|y|e|et|und|en|og|och|i)\s+")
# A box beside a list, which some platforms tick when something was written there.
BOX = re.compile(r"\W*(any )?(additional|further|other|more)?\s*(comments?|remarks?|notes?)\b", re.IGNORECASE)
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
    is_open = any(map(AND_MORE.match, answers.values()))  # of which there is no mean
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
    parts = {label: JOINT.split(label.casefold()) for label in labels}
    return {label for label, joined in parts.items() if len(joined) > 1 and known.issuperset(joined)}


def pick_boxes(labels: set[str], several: bool) -> set[str]:
    """Return options of a list that ask for words."""
    return {label for label in labels if several and BOX.match(label)}


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
