"""A second look at a finished draft: what in it reads as though the file had been misread, asked in words.

It knows no platform and no survey. It compares what was drafted with what stands in the columns, and each of its
sentences names the columns, what they were taken for, what else they could be, and where that is written. A good draft
has nothing here, or a handful of lines: what may be said of many columns at once is said once. It looks at which
columns are in the wrong question, in none, or asked of some, and at which rows count.
"""

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from itertools import groupby, pairwise
from textwrap import shorten

import numpy as np

from surveybook.drafts.columns import WRITTEN, DraftColumn, explain_left_out, is_number
from surveybook.drafts.doubtful_answers import (
    find_listed,
    find_no_answers,
    find_reversed,
    find_set_apart,
    find_strange,
    find_unread,
)
from surveybook.drafts.labels import (
    MOST_ORDERED,
    NUMBERED,
    SIGNS,
    match_answer,
    match_else,
    read_yes_or_no,
    share_start,
)
from surveybook.drafts.records import LONGEST_NAME, OUR_WORDS, Draft, name_range, name_short
from surveybook.drafts.related_columns import TOGETHER, begin_alike, split_texts
from surveybook.model.wording import YEAR, list_first, listing
from surveybook.respondents.codes import UNTICKED

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
    listed = [column for column, one in seen.asked.items() if one.kind == "multiple"]
    told: dict[str, None] = {}
    for one in seen.questions:
        columns = seen.find_columns(one)
        shared = share_start([column.text for column in columns])
        clause = shared[: shared.rfind("?") + 1]
        if one.kind == "multiple" and len(columns) >= TOGETHER and clause:
            apart = [column for column in others if column not in listed and len(column.counts) <= TOGETHER]
            told |= {column.name: None for column in apart if column.text.startswith(f"{clause} ")}
    if told:
        names = list_first([shorten(name, 2 * LONGEST_NAME, placeholder="…") for name in told])
        yield f"Called like options of a list, and not in it: {names}. Add what is one to its columns in wave.yml"


def find_written_instead(seen: Draft) -> Iterator[str]:
    """Yield columns that nobody answered who wrote into the box "other" behind: their shares are of the rest."""
    told = [
        f"{name_short(first)} ({wrote.sum()} in {name_short(box)})"
        for first, box in pairwise(seen.columns)
        if seen.left_out.get(box.name) == WRITTEN
        and match_else(box.text) == "other"
        and first.name not in seen.left_out
        and (wrote := box.given != "").any()
        and not (wrote & (first.given != "")).any()
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
    """Return how many finished or only tested, by a column in which a platform noted it; "" where all are alike.

    "State" may be where somebody lives: what such a column holds tells too, if it asks nothing.
    """
    texts = (column.name.rpartition("/")[2], column.text)
    counts = [(column.labels.get(code, code), people) for code, people in column.counts.most_common()]
    is_noted = any(map(SIGNS["finished"].fullmatch, texts)) and explain_left_out(column)
    are_ends = "?" not in column.text and all(SIGNS["ended"].fullmatch(text.strip()) for text, _ in counts)
    if not counts or not (is_noted or are_ends):
        return ""
    if len(counts) > MOST_STATES:
        counts = [("something", column.counts.total())]
    counts += [("nothing", len(column.values) - column.counts.total())]
    told = [f"{people:,} have {text}" for text, people in counts if people]
    return f"in {column.name} {', '.join(told)}" if len(told) > 1 else ""
