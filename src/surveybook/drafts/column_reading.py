"""The columns of a file of respondents as they are read: their labels and names, and texts that are answers."""

import html
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from itertools import pairwise

import pandas as pd

from surveybook.drafts.columns import (
    ROUND,
    YES_OR_NO,
    DraftColumn,
    are_codes,
    find_negative,
    find_strays,
    group_alike,
    is_number,
    number_of_code,
)
from surveybook.drafts.labels import (
    BAND,
    FEWEST_LISTS,
    FIRST_NUMBER,
    ITEM_FIRST,
    MARKS,
    MOST,
    MOST_CODES,
    MOST_ORDERED,
    MOSTLY,
    NUMBERED,
    PLATFORM_WORDS,
    SHORTEST_CUT,
    SIGNS,
    find_stem,
    is_ordered,
    match_answer,
    share_start,
    sort_answers,
)
from surveybook.drafts.questionnaires import Entry
from surveybook.respondents.codes import UNTICKED, is_declared_missing, plain_text
from surveybook.respondents.columns import SHARED_BY
from surveybook.respondents.files import Respondents

# What stands between two answers in a cell.
PARTED = re.compile(r"[;,]\s*")
# What this part of a small file has in the same words isn't one person's own, and never what fewer than these have.
SHARED_PART, FEWEST = 0.1, 3
# "Q1[SQ1]. Which do you use? [Bus]", "Q2. Age": LimeSurvey's code of a question before its words.
CODE_AND_TEXT = re.compile(r"[A-Za-z]\w*(\[[^\[\]]+\])?\. +(?=\S)")
# The words of a name that stands for a label: "children_under_18", "use_of_a_/_b", "How-Long-Ago", "useOfRooms",
# "AIToolsInUse", and not "q1_a", nor what is written so in a sentence too: "Coca-Cola", "YouTube".
JOINED_WORDS = re.compile(r"[^\W\d_]{3,}((_([^\W\d_]+([-/][^\W\d_]+)*|\d+|/))+|(-[^\W\d_]+){2,})")
CASED_WORDS = re.compile(r"[a-z]{2,}([A-Z][a-z]+)+|[A-Z]+[a-z]+([A-Z][a-z]+){2,}")
# "How do you see each? [Bus][Importance]": an item, and in what it was seen.
TWO_BRACKETS = re.compile(r"(.*[^\]\s])\s*(\[[^\[\]]+\])\s*\[([^\[\]]+)\]")
# What an office calls a question, before the wave or the part in the name of a column: "GUNTYPE2A" of GUNTYPE2A_W26.
SPELT_CODE = re.compile(r"[A-Z]{3}[A-Z\d_]*")


def read_columns(source: Respondents, asked: Mapping[str, Entry]) -> list[DraftColumn]:
    """Return the columns of a file, of some of which a questionnaire tells; a list's options stand behind its cells."""
    columns = name_by_code(share_answers([*read_alone(source, asked)], least_shared(source)))
    places = {column.name: place for place, column in enumerate(columns)}
    lists = {f"{name}/": place for name, place in places.items()}
    return sorted(columns, key=lambda one: lists.get(one.stem, places[one.name]))


def share_answers(columns: Sequence[DraftColumn], least: int) -> list[DraftColumn]:
    """Return columns, those that one clause asks with the answers that people gave to any of them.

    Where the file has no labels, one of the columns has to hold all answers: else each may have answers of its own.
    Where cells hold codes and labels, no code may have two.
    """
    told = dict[DraftColumn, Mapping[str, str]]()
    texts = [one for one in columns if one.clause and len(one.counts) > 1 and (one.coded or not one.is_labelled)]
    for members in group_alike(texts, lambda one: (one.clause.strip(MARKS), bool(one.coded))):
        pairs = {pair for one in members for pair in one.labels.items()}
        if len(members) < 2 or not pairs:
            continue
        if members[0].coded:
            listed = dict(sorted(pairs)) if len(dict(pairs)) == len(pairs) else {}
            told |= dict.fromkeys(members if listed else [], listed)
            continue
        given = pd.DataFrame({one.name: one.given for one in members}).stack().reset_index(level=1, drop=True)
        listed = label_texts(Counter(given[given != ""].reset_index().drop_duplicates()[0]), least)
        if any(listed.keys() <= one.counts.keys() for one in members):
            most = {one: MOSTLY * one.counts.total() for one in members}
            told |= {one: listed for one in members if sum(map(one.counts.__getitem__, listed)) >= most[one]}
    return [replace(one, labels=told[one]) if told.get(one) else one for one in columns]


def name_by_code(columns: Sequence[DraftColumn]) -> list[DraftColumn]:
    """Return columns of one list that hold one answer each, their own, called by that: 2 in q1_2, 3 in q1_3.

    All have the labels of the whole list, an option each below their question, or a name but for a number; of
    statements people give the same answers.
    """
    named = dict[DraftColumn, DraftColumn]()
    bare = [one for one in columns if one.question or one.label in ("", one.stem.rstrip())]
    bare = [one for one in bare if one.counts and not (one.is_labelled or one.repeats_name or one.option)]
    listed = [*bare, *(one for one in columns if one.is_labelled and not one.question)]
    for members in group_alike(listed, lambda one: (one.question or one.stem, one.is_labelled and str(one.labels))):
        is_labelled, question, stem = members[0].is_labelled, members[0].question, members[0].stem
        # A nought is none of the answers, unless the file says that it is.
        codes = {code for one in members for code in one.codes if not (is_labelled and one.labels.get(code))}
        off = {code for code in codes if (code == "0" if is_labelled else UNTICKED.fullmatch(code))}
        told = {one: [code for code in one.codes if code not in off] for one in members}
        own = {one: codes[0] for one, codes in told.items() if len(codes) == 1}
        title = (share_start(one.text for one in members) if is_labelled else question or stem).rstrip(f"{MARKS}_.([/")
        is_list = len({*own.values()}) == len(own) >= FEWEST
        if not is_list or (len(own) < len(members) if is_labelled else 2 * len(own) <= len(members)):
            continue
        for one, code in own.items():
            label = one.labels.get(code, code) if is_labelled else one.text if is_number(code) else code
            text = one.text if label == one.text else f"[{label.translate(ROUND)}] {title}"
            named |= {one: replace(one, text=text, labels={code: label})} if title else {}
    return [named.get(one, one) for one in columns]


def read_alone(source: Respondents, asked: Mapping[str, Entry]) -> Iterator[DraftColumn]:
    """Yield the columns of a file as each by itself tells, and what a questionnaire says of it."""
    least = least_shared(source)
    is_coded = any(found[1] for found in map(CODE_AND_TEXT.match, map(str, source.frame)) if found)
    named = [tidy_text(source.labels.get(name) or name) for name in map(str, source.frame)]
    unnamed = name_unnamed(map(str, source.frame))
    is_of_form, are_below_none = is_form(source), mean_nothing_below(source)
    told = [
        found for text in {*named} if (found := split_by(text, ITEM_FIRST) or split_by(text, SIGNS["option_first"]))
    ]
    behind, first = (Counter(found[at][:SHORTEST_CUT] for found in told) for at in (1, 0))
    before = Counter(found[0] for text in {*named} if (found := split_by(text, SIGNS["option_last"])))
    for name, values in source.frame.items():
        column, counts, label = str(name), source.count_codes(str(name)), source.labels.get(str(name), "")
        # What tells columns of one name apart is none of it: "Which? (choice=Bus) (2)".
        name_alone = label if label and column.startswith(f"{label} (") else column
        stem = unnamed.get(column) or find_stem(name_alone, source.frame.columns)
        plain = take_name_off(PLATFORM_WORDS.sub("", tidy_text(label)), column) if label else ""
        bare = spell_name(column.removeprefix(stem) if stem.endswith(("/", ".")) else column)
        if is_coded and not label:
            bare = CODE_AND_TEXT.sub("", bare, count=1).removesuffix("[]").strip()
        is_labelled = column in source.value_labels and not is_sorted_by_name(values)
        text = plain or label or tidy_text(bare)
        if (parts := split_by(text, SIGNS["option_last"])) and before[parts[0]] >= FEWEST:
            text = f"{parts[0]}{'' if parts[0].endswith('?') else ':'} {parts[1]}"
        parts = None if ITEM_FIRST.fullmatch(text) else split_by(text, SIGNS["option_first"])
        if parts and behind[parts[1][:SHORTEST_CUT]] > max(1, first[parts[0][:SHORTEST_CUT]] - 1):
            text = f"[{parts[0].translate(ROUND)}] {parts[1]}"
        text = TWO_BRACKETS.sub(r"\1 – \3 \2", text)
        missing = source.missing.get(column, ())
        labels = take_codes_off(source.value_labels.get(column, {}))
        if not is_labelled and SIGNS["whether"].search(text) and counts.keys() == set(YES_OR_NO):
            labels = YES_OR_NO
        elif not is_labelled and not pd.api.types.is_numeric_dtype(values):
            # Stata's .n beside 0 and 1 makes no texts of them.
            texts = Counter({code: people for code, people in counts.items() if not is_declared_missing(code, missing)})
            labels = {} if any(isinstance(cell, tuple) for cell in values.unique()) else label_texts(texts, least)
        if are_below_none:
            below = [float(code) for code in find_negative(labels) if not match_answer(labels[code])]
            missing += tuple(zip(below, below, strict=True))
        made = DraftColumn(column, label, text, stem, counts, labels, values, is_labelled, missing,
                           asked.get(column), is_of_form, source.coded.get(column, {}))  # fmt: skip
        yield made if label or not made.option else replace(made, text=made.option)


def take_name_off(label: str, column: str) -> str:
    """Return a label without the name of its column, or what that begins with: "WORRYA. How much" of WORRYA_W26.

    "Q1r1: Bus - Which do you use?" repeats the whole name; a part of one that isn't in capitals may be a word.
    """
    starts = [column[: found.start()] for found in re.finditer("_", column)]
    own = [re.escape(one) for one in (column, *starts) if one == column or SPELT_CODE.fullmatch(one)]
    # What holds a number is no word, however it is written: "Q48pt1" of Q48PT1, "Q76A-TUN" of Q76A_TUN.
    if re.search(r"\d", column) and not NUMBERED.match(label):
        own[0] = f"(?i:{own[0].replace('_', '[_-]')})"
    # Nor does such a name need a sign behind it: "Q64_1 Canadian Health Association".
    alone = rf"|^{re.escape(column)}\s+(?=\S)" if re.search(r"\d", column) else ""
    return re.sub(rf"^({'|'.join(own)})\s*[:.](\s+(?=\S)|(?=[A-Z][a-z])){alone}", "", label)


def is_form(source: Respondents) -> bool:
    """Return whether a file is one that a form writes: a moment first, or questions, in full, and answers in words."""
    names = [name.strip() for name in map(str, source.frame)]
    is_dated = any(map(SIGNS["moment"].fullmatch, names[:2]))
    asks = sum(name.endswith("?") for name in names) * 2 > len(names) and has_worded_answers(source)
    # Where options are ticked with their own numbers, the other answers are numbers of options too.
    ticks = {code for counts in map(source.count_codes, map(str, source.frame)) if len(counts) == 1 for code in counts}
    is_coded = sum(is_number(code) and number_of_code(code) > 1 for code in ticks) >= FEWEST
    are_words = not is_coded and source.value_labels.keys() <= source.coded.keys()
    return (is_dated or asks) and are_words and sum(" " in name for name in names) * 2 > len(names)


def has_worded_answers(source: Respondents) -> bool:
    """Return whether a file without labels has answers to choose from in words, so that its numbers are no codes."""
    numeric = [name for name, values in source.frame.items() if all(map(is_number, source.count_codes(str(name))))]
    texts = [source.count_codes(str(name)) for name in source.frame if name not in numeric]
    worded = sum(1 < len(counts) <= MOST_ORDERED for counts in texts)
    return source.value_labels.keys() <= source.coded.keys() and 2 * worded > len(numeric) and worded >= FEWEST


def mean_nothing_below(source: Respondents) -> bool:
    """Return whether most codes below 0 that a file labels say that somebody gave no answer: then all of them do.

    So it is in the American National Election Studies ("-6. No post-election interview") and in many British files.
    """
    told = [
        bool(match_answer(plain[code], plain.values()))
        for plain in map(take_codes_off, source.value_labels.values())
        for code in find_negative(plain)
    ]
    return sum(told) * 2 > len(told)


def spell_name(name: str) -> str:
    """Return the words that a name is made of with spaces between them; itself where it is one word, or a code."""
    if JOINED_WORDS.fullmatch(name):
        return name.replace("_" if "_" in name else "-", " ")
    if CASED_WORDS.fullmatch(name):
        first, *words = re.findall(r"[A-Z]+(?=[A-Z][a-z])|[A-Z]?[a-z]+", name)
        return " ".join([first, *map(str.lower, words)])
    return name


def split_by(text: str, sign: re.Pattern[str]) -> tuple[str, str] | None:
    """Return the two parts of a text, a question and an option, where it is written as a sign has it; else None.

    A sign within brackets parts nothing: "White (non-Hispanic)".
    """
    found = sign.fullmatch(text)
    first, second = [part for part in found.groups() if part is not None] if found else ("", "")
    is_whole = all(first.count(opened) == first.count(closed) for opened, closed in ("()", "[]"))
    return (first, second) if found and is_whole else None


def is_sorted_by_name(values: pd.Series) -> bool:
    """Return whether a program made categories of texts, in the order of their letters, which says nothing."""
    if not isinstance(values.dtype, pd.CategoricalDtype) or values.cat.ordered:
        return False
    listed = values.cat.categories
    return not pd.api.types.is_numeric_dtype(listed) and listed.is_monotonic_increasing


def name_unnamed(columns: Iterable[str]) -> dict[str, str]:
    """Return the question of columns without a name of their own, which stands over the first of them.

    So spreadsheets of platforms are once their row of options is gone: each cell has its option.
    """
    found, question = dict[str, str](), ""
    for column, following in pairwise([*columns, ""]):
        if not SIGNS["unnamed"].fullmatch(column):
            question = column if SIGNS["unnamed"].fullmatch(following) else ""
        found |= {column: question} if question else {}
    return found


def tidy_text(text: str) -> str:
    """Return a label without marks of a page and what it tells interviewers, and with … for what a platform puts in."""
    plain = SIGNS["piped"].sub(" … ", re.sub(r"</?[a-z][^<>]*>", " ", html.unescape(text)))
    plain = plain_text(re.sub(r"(?<!\.)\.{3}(?=[?!])", "…", plain))
    plain = SIGNS["to_interviewers"].sub(" ", plain).strip() or plain
    return re.sub(r"(?<=\() | (?=\))", "", plain)  # where a mark stood beside a bracket


def take_codes_off(labels: Mapping[str, str]) -> dict[str, str]:
    """Return labels of codes without the code that each of them repeats ("1_yes")."""
    plain = {code: text for code, label in labels.items() if (text := tidy_text(label))}
    found = {code: re.fullmatch(rf"[(\[]?0*{re.escape(code)}[)\]]?(?:\s*[-–_.:=)])+\s*(.*)", label)
             for code, label in plain.items() if code in label}  # fmt: skip
    # A scale that names its ends alone keeps its numbers: "1 - Not at all", 2, 3. "No answer" needs no code.
    bare = {code: own[1] or code for code, own in found.items() if own}
    bare |= {code: label for code, label in plain.items() if bare and code not in bare and match_answer(label)}
    # What is said in place of a number has codes beyond them: 96 for "I don't know him" behind (00) to (10).
    last = max((number_of_code(code) for code, own in found.items() if own and is_number(code)), default=0.0)
    more = [code for code in plain.keys() - bare.keys() if is_number(code) and number_of_code(code) > last]
    bare |= {code: plain[code] for code in more if len(bare) > len(more) + 1}
    is_told = len(bare) == len(plain) == len(set(bare.values()))
    told = bare if is_told else plain | {code: label for code, label in bare.items() if match_answer(label)}
    is_joined = not any(" " in label for label in told.values())
    return {code: label.replace("_", " ").strip() if is_joined else label for code, label in told.items()}


def least_shared(source: Respondents) -> int:
    """Return how many people have to share a text, so that it isn't one person's own."""
    return min(SHARED_BY, max(FEWEST, int(SHARED_PART * len(source.frame))))


def label_texts(counts: Counter[str], least: int) -> dict[str, str]:
    """Return the texts of a column with themselves for labels; none where people wrote what they liked, or codes."""
    strays = find_strays(counts)
    counts = Counter({text: people for text, people in counts.items() if text not in strays})
    spelt = spell_alike(counts)
    people = Counter[str]()
    for text, count in counts.items():
        people[spelt[text]] += count
    told = {text: count for text, count in counts.items() if not match_answer(text.replace("_", " "), counts)}
    # "56 and over" is of the list that most bands are of.
    are_amounts = is_open(told) or 2 * sum(map(bool, map(BAND.fullmatch, told))) > len(told)
    known = {text for text in told if FIRST_NUMBER.match(text)} if are_amounts else set()
    known |= list_rare(told, {text: people[spelt[text]] for text in told}, spelt)
    shared = [text for text in counts if people[spelt[text]] >= least or text in known or match_answer(text)]
    is_given_by_several = any(people[spelt[text]] >= FEWEST for text in told)
    if not is_given_by_several or len(shared) > MOST_CODES:
        return {}
    if sum(told.get(text, 0) for text in shared) < MOSTLY * sum(told.values()):
        return {}
    if are_codes([text for text in shared if not match_answer(text)]):
        return {}
    if sum(count for text, count in told.items() if is_number(text)) > MOST * sum(told.values()) and not are_amounts:
        return {}  # numbers, and what few wrote in their place
    places = {text: place for place, text in enumerate(sort_answers(sorted({spelt[one] for one in shared}))[0])}
    listed = sorted(shared, key=lambda text: (places[spelt[text]], text))
    return {text: spelt[text].replace("_", " ") for text in listed}


def list_rare(told: Mapping[str, int], people: Mapping[str, int], spelt: Mapping[str, str]) -> set[str]:
    """Return texts that are answers however few gave them: of a scale, or of a list that hardly anybody wrote beside.

    Parameters
    ----------
    told, people : mapping
        How many people wrote each text so, and how many however it is spelt.
    spelt : mapping
        How most people spell each text.
    """
    ordered = {text for text in told if is_ordered(text)}
    # "Some uni" beside degrees is one person's own, though "some" is of scales.
    ordered = ordered if 2 * sum(told[text] for text in ordered) > sum(told.values()) else set()
    alone = sum(count for text, count in told.items() if people[text] < FEWEST and text not in ordered)
    # A scale has few answers.
    rare = ordered if len({spelt[text] for text in ordered}) <= MOST_ORDERED else set()
    if alone > FEWEST_LISTS * sum(told.values()):
        return rare
    # A few who gave two answers of a list gave none that is in it.
    several = {text for text in told if {*PARTED.split(text)} <= told.keys() - {text}}
    return rare | {text for text in told if people[text] >= FEWEST and text not in several}


def is_open(counts: Mapping[str, int]) -> bool:
    """Return whether one text ends a list of numbers: "3+" beside 1 and 2, "35 and over" beside 18 to 33."""
    numbers = {number_of_code(text) for text in counts if is_number(text)}
    last = [text for text in counts if not is_number(text)]
    ends = re.findall(r"\d+", last[0]) if len(last) == 1 and counts[last[0]] >= FEWEST else []
    return len(ends) == 1 and len(numbers) > 1 and float(ends[0]) >= max(numbers)


def spell_alike(counts: Counter[str]) -> dict[str, str]:
    """Return texts as most people spell them who gave the same ones in other capitals."""
    most: dict[str, str] = {}
    for text in sorted(counts, key=lambda one: (-counts[one], one)):
        most.setdefault(text.casefold(), text)
    return {text: most[text.casefold()] for text in counts}
