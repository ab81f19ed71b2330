"""Which columns of a file are parts of one question, by what their names and labels share and their answers show."""

import re
from collections import Counter
from collections.abc import Callable, Container, Iterable, Iterator, Mapping, Sequence
from itertools import groupby, pairwise
from operator import attrgetter

import numpy as np

from surveybook.drafts.cells import count_pieces
from surveybook.drafts.columns import DraftColumn, group_alike, number_of_code
from surveybook.drafts.labels import (
    BRACKET_LAST,
    FEWEST_LISTS,
    ITEM_FIRST,
    LEAST_SHARED,
    MARKS,
    MOST,
    MOSTLY,
    SIGNS,
    match_else,
    match_listed,
    share_start,
    split_labels,
)
from surveybook.drafts.number_columns import FEW_PEOPLE
from surveybook.respondents.codes import read_label

# What stands for a question in the name of a column, before what stands for its item.
QUESTION_OF_NAME = re.compile(r"[A-Za-z]{0,3}\d+(?=_?[A-Za-z])")
# A name that begins so names no question.
BARE_STEM = re.compile(r"[A-Za-z]{1,3}")
# Statements without a common question are one battery where so many stand together and share so many answers.
TOGETHER = 3
# Among so many people two columns that tell different things nearly always show it.
FIRST_PEOPLE = 500
# So many words tell what a battery is about that no label names.
FEWEST_SHARED = 4
# How long scales are.
RATINGS = (5, 7, 10)
# So many may have given one answer of a list twice by mistake.
SELDOM = 0.1


def group_columns(
    columns: Sequence[DraftColumn],
    find_name: Callable[[DraftColumn], str],
    there: Sequence[DraftColumn],
    sections: Container[str],
) -> Iterator[list[DraftColumn]]:
    """Yield columns that are one question's: they share a name or a clause of their labels, and stand together.

    Parameters
    ----------
    columns : sequence of DraftColumn
        Which may be.
    find_name : callable
        What the name of a column shares with those of its question; "" where it shares nothing.
    there : sequence of DraftColumn
        All columns that are in no question yet, as they stand in the file.
    sections : container of str
        Clauses and beginnings of names that are no question's; see `find_sections`.
    """
    left = list(columns)
    clause = attrgetter("clause")
    for find, only_torn in ((clause, True), (find_name, False), (clause, False)):
        for members in group_alike([column for column in left if find(column)], find):
            if only_torn and not are_torn(members, find_name):
                continue
            for run in split_runs(members, there):
                title = split_texts(run)[0]
                name = find(run[0])
                # Where labels ask several things, v_1 and v_2 share no name.
                are_asked_apart = len({one.clause for one in run}) > 1
                is_bare = BARE_STEM.fullmatch(name.rstrip("_") if are_asked_apart else name)
                is_told = title not in sections if title else name not in sections and not is_bare
                if len(run) > 1 and is_told:
                    left = [column for column in left if column not in run]
                    yield run


def are_torn(columns: Iterable[DraftColumn], find_name: Callable[[DraftColumn], str]) -> bool:
    """Return whether names part the columns of a clause and leave one of them alone: then they name no questions."""
    parts = group_alike(columns, find_name)
    return len(parts) > 1 and not all(len(part) > 1 and find_name(part[0]) for part in parts)


def find_sections(columns: Iterable[DraftColumn]) -> set[str]:
    """Return the clauses before questions with answers of many kinds, as "PRE: " is one: none asks anything.

    So do names without labels begin: P7S1 to P7S16 are questions of their own. Options that were ticked under their own
    words are not, though each has a list of itself and "not mentioned".
    """
    chosen = [one for one in columns if one.counts and len(one.figures) > 1 and not one.is_picked_or_not]
    lists = {(one.clause.strip(MARKS), *one.labels.items()) for one in chosen}
    lists |= {(one.stem, *sorted(one.labels.items())) for one in chosen if not (one.label or one.is_ticked)}
    times = Counter(start for start, *_ in lists)
    return {str(start) for start, count in times.items() if start and count > TOGETHER}


def split_runs(columns: list[DraftColumn], there: Sequence[DraftColumn]) -> Iterator[list[DraftColumn]]:
    """Yield columns that share a clause of their labels, or that stand together in the file."""
    if split_texts(columns)[0]:
        yield columns
        return
    for is_part, run in groupby(there, lambda column: column in columns):
        if is_part:
            yield list(run)


def cut_where_named(columns: list[DraftColumn]) -> list[list[DraftColumn]]:
    """Return columns without labels apart where the first word of their names changes, if that makes lists of each."""
    named = groupby(columns, lambda one: "" if one.label else one.text.split()[0])
    parts = [list(part) for _, part in named]
    return parts if all(len(part) >= TOGETHER and begin_alike(part) for part in parts) else [columns]


def cut_where_numbered(columns: list[DraftColumn]) -> list[list[DraftColumn]]:
    """Return columns apart where the number of a question in their names changes: a6_a, a6_b, a7_a, a7_b."""
    numbered = groupby(columns, lambda one: found[0] if (found := QUESTION_OF_NAME.match(one.name)) else "")
    parts = [list(part) for _, part in numbered]
    return parts if all(len(part) > 1 for part in parts) else [columns]


def begin_alike(columns: Sequence[DraftColumn]) -> bool:
    """Return whether columns begin with the same word of several that make their names, or with more of a sentence."""
    texts = [column.text.split() for column in columns]
    fewest = LEAST_SHARED if any(" " in column.name for column in columns) else 1
    return min(map(len, texts)) > 1 and len(share_start(texts)) >= fewest


def group_begun(columns: Sequence[DraftColumn]) -> list[list[DraftColumn]]:
    """Return columns together that begin with the same words, as many as `TOGETHER` of them share."""
    texts = {column: tuple(column.text.split()) for column in columns}
    times = Counter(words[:end] for words in texts.values() for end in range(LEAST_SHARED, len(words)))
    begun = {column: [words[:end] for end in range(len(words)) if times[words[:end]] >= TOGETHER]
             for column, words in texts.items()}  # fmt: skip
    return group_alike([column for column in columns if begun[column]], lambda one: begun[one][-1])


def find_top(column: DraftColumn) -> float:
    """Return the length of a scale whose highest number nobody may have given."""
    top = max(map(number_of_code, column.codes))
    return next((end for end in RATINGS if top <= end), top)


def find_rows(
    columns: Iterable[DraftColumn], cells: Mapping[DraftColumn, tuple[str, dict[str, str]]]
) -> dict[DraftColumn, tuple[str, dict[str, str]]]:
    """Return the rows of grids of ticks, each with what stands between answers in its cells, and the answers.

    Where the cells of one row of a grid ("Who taught you? [Parent]") hold several answers, those of the others may too,
    however few people gave two there: all rows have the same list.

    Parameters
    ----------
    columns : iterable of DraftColumn
        Which may be rows.
    cells : mapping
        The columns whose cells hold lists by themselves, with the mark and the answers of each.
    """
    found = dict[DraftColumn, tuple[str, dict[str, str]]]()
    asked = [column for column in columns if not column.is_labelled and BRACKET_LAST.search(column.text)]
    for rows in group_alike(asked, attrgetter("clause")):
        told = [cells[row] for row in rows if row in cells]
        if len(rows) > 1 and len({mark for mark, _ in told}) == 1:
            mark, options = told[0][0], {code: label for _, answers in told for code, label in answers.items()}
            for row in rows:
                pieces = count_pieces(row.counts, options, mark)
                if sum(pieces[one] for one in options) >= MOSTLY * pieces.total():
                    found[row] = mark, options
    return found


def find_bare_lists(columns: Iterable[DraftColumn], there: Sequence[DraftColumn]) -> Iterator[list[DraftColumn]]:
    """Yield options side by side that no question is told of, with the box "other" that ends their list."""
    filled = [column for column in columns if column.counts or match_else(column.text) == "other"]
    for is_part, run in groupby(filled, lambda one: one in there and (one.repeats_name or is_box_other(one))):
        for part in cut_where_repeated(list(run), at_other=True) if is_part else ():
            if sum(column.repeats_name for column in part) > 1:
                yield part


def cut_where_repeated(columns: Sequence[DraftColumn], *, at_other: bool = False) -> Iterator[list[DraftColumn]]:
    """Yield columns in parts in which no label stands twice, or that end with the box "other".

    A label that comes again begins the same question to others, or another list.
    """
    part: list[DraftColumn] = []
    for column in columns:
        if column.text in [one.text for one in part] or (at_other and part and is_box_other(part[-1])):
            yield part
            part = []
        part.append(column)
    yield part


def part_repeated(columns: list[DraftColumn]) -> list[list[DraftColumn]]:
    """Return options apart that a grid has in several rows of one name, if each row is a list; labels may be cut."""
    parts = [*cut_where_repeated(columns)]
    are_same = len({tuple(one.text for one in part) for part in parts}) == 1
    return parts if are_same or all(len(part) >= TOGETHER for part in parts) else [columns]


def cut_where_asked(columns: list[DraftColumn]) -> list[list[DraftColumn]]:
    """Return columns side by side apart where nobody has an answer in both: the same asked of men and of women.

    Not where one of the parts would be a column: each may have been asked about another thing. What differs under one
    question is a battery of which each half of the people was asked a part.
    """
    if split_texts(columns)[0] and len({one.text for one in columns}) == len(columns):
        return [columns]
    given = list_given(columns) >= 0
    ends = [end for end in range(1, len(columns)) if not (given[:, end - 1] & given[:, end]).any()]
    parts = [columns[start:end] for start, end in pairwise([0, *ends, len(columns)])]
    return parts if all(len(part) > 1 for part in parts) else [columns]


def find_title(columns: Sequence[DraftColumn], told: str = "") -> tuple[str, dict[str, str], bool]:
    """Return what columns are called together, "" where nothing tells.

    Besides it what each says, by its name, and whether the title says what they ask in words of the file: not where it
    is no more than the words that statements begin and end with.

    Parameters
    ----------
    columns : sequence of DraftColumn
        The columns of a question.
    told : str, optional
        What the file says of all of them.
    """
    if len(columns) == 1:
        return columns[0].text, {columns[0].name: columns[0].text}, True
    title, labels = split_texts(columns)
    told = told or title
    shared = "" if told else share_words(labels)
    # A file with labels calls its columns by codes: "T_p9_1".
    stems = {column.stem for column in columns if not column.label}
    stem = stems.pop().strip(f"{MARKS}_./([]") if len(stems) == 1 else ""
    stem = stem if len(stem) > 1 else ""  # the "Q" of Q26, Q78 and Q80 names no question
    if not stem and begin_alike(columns) and not any(column.label or column.stem for column in columns):
        stem = " ".join(share_start(column.text.split() for column in columns))
    named = told or shared or stem
    return named, labels, bool(named) and not shared


def split_texts(columns: Sequence[DraftColumn]) -> tuple[str, dict[str, str]]:
    """Return what the labels of columns share, and what each says besides, by its name.

    Programs cut long labels short: columns that nothing else tells apart have their names behind the labels.
    """
    title, labels = split_labels({column.name: column.text for column in columns})
    asked = {column.question for column in columns if column.label}
    title = asked.pop() or title if len(asked) == 1 else title
    times = Counter(labels.values())
    return title, {name: f"{text} ({name})" if times[text] > 1 else text for name, text in labels.items()}


def share_words(labels: Mapping[str, str]) -> str:
    """Return the words with which all labels begin, or end too, with dots for what is each one's own; "" for few."""
    texts = [label.split() for label in labels.values()]
    first = share_start(texts)
    last = share_start(words[len(first) :][::-1] for words in texts)[::-1]
    is_told = first and len(first) + len(last) >= FEWEST_SHARED and len(texts) >= TOGETHER
    return " ".join([*first, "…", *last]) if is_told else ""


def name_ticks(columns: Sequence[DraftColumn], start: str = "") -> dict[DraftColumn, str]:
    """Return what the names of columns that are ticked or not share with those of their question: "uses_" of uses_bus.

    More words than that are shared where they leave few columns alone, unlike city_uses_bus, city_owns_car and so on.
    """
    ends = {column: column.name.find("_", len(start)) + 1 for column in columns}
    parts = group_alike(columns, lambda one: one.name[: ends[one]])
    alone = sum(len(part) == 1 for part in parts)
    if not all(ends.values()) or (start and 2 * alone >= len(parts)):
        return dict.fromkeys(columns, start)
    return {one: name for part in parts for one, name in name_ticks(part, part[0].name[: ends[part[0]]]).items()}


def is_written_other(column: DraftColumn, columns: Sequence[DraftColumn]) -> bool:
    """Return whether a column holds what people wrote beside the ticks of others: the one box "other" of a list."""
    first = columns[0]
    is_asked = column.clause == first.clause or column.text.startswith(first.clause)
    # "q1_other" stands beside q1_1 and q1_2.
    is_near = (first.stem != "" and column.name.startswith(first.stem)) or (first.clause != "" and is_asked)
    if not is_near or column in columns or column.name.upper().endswith("_TEXT"):
        return False
    return is_box_other(column) or is_box(column)


def is_box_other(column: DraftColumn) -> bool:
    """Return whether a column is called "other" and holds what people wrote."""
    item = ITEM_FIRST.fullmatch(column.text) or re.fullmatch(r".*\[(.+)\]", column.name)
    return not column.labels and match_else(item[1] if item else column.text) == "other"


def is_box(column: DraftColumn) -> bool:
    """Return whether a column has "not selected" where people wrote nothing, and what they wrote elsewhere."""
    is_empty = bool(column.labels) and all(map(SIGNS["not_selected"].fullmatch, column.labels.values()))
    return is_empty and len(column.codes) > 1


def find_copies(columns: Iterable[DraftColumn]) -> dict[DraftColumn, DraftColumn]:
    """Return columns that say of the same thing what another before them says of everybody, each with that one.

    Programs write a list twice, or with what people added to it, and values beside their labels. One person may have
    ticked "other" in two lists: a rare option is copied where others of its list are.
    """
    told = [one for one in columns if len(one.codes) > 1 and one.counts.total() >= FEW_PEOPLE]
    alike: dict[frozenset[tuple[str, int]], list[DraftColumn]] = {}
    found = dict[DraftColumn, DraftColumn]()
    for column in told:
        before = alike.setdefault(frozenset(column.counts.items()), [])
        same = [one for one in before if is_of_same(column, one) and (column.given == one.given).all()]
        before.append(column)
        found |= {column: same[0]} if same else {}
    sure = {(one.stem, first.stem) for one, first in found.items() if one.counts.most_common(2)[1][1] >= TOGETHER}
    return {one: first for one, first in found.items() if (one.stem, first.stem) in sure}


def is_of_same(column: DraftColumn, first: DraftColumn) -> bool:
    """Return whether a column is called as another or more, has its label, or its item behind a question."""
    more = column.text.removeprefix(first.text)
    is_longer = column.text.startswith(first.text) and not more[:1].isalnum()
    return is_longer or "" != column.label == first.label or read_label(column.text)[-1] == read_label(first.text)[-1]


def find_written(columns: Iterable[DraftColumn], there: Sequence[DraftColumn]) -> list[DraftColumn]:
    """Return columns for what people wrote beside the answers of another: "Which party? - Other".

    In a file without labels "Other party" is one where those alone have something who said "other" just before.
    """
    signs = f"{MARKS}?. "
    asked = {column.text.strip(signs) for column in there}
    names = {one.stem.rstrip("/_. ") if match_else(one.text) == "other" else one.name for one in there}
    before = {column: first for first, column in pairwise(there)}
    return [
        column
        for column in columns
        if (
            (found := SIGNS["specified"].fullmatch(column.text)) and found[1].strip(signs) in asked
            if column.is_labelled
            else ((found := SIGNS["companion"].fullmatch(column.name)) and found[1] in names and not column.is_ticked)
            or (column in before and SIGNS["specify"].match(column.text) and is_led_by_other(before[column], column))
        )
    ]


def is_led_by_other(first: DraftColumn, column: DraftColumn) -> bool:
    """Return whether a column of texts has something for those alone who answered another with "other"."""
    others = [code for code, label in first.labels.items() if match_else(label) == "other"]
    given = np.isin(column.given, column.codes)
    led = np.isin(first.given, others)
    return bool(not column.is_numeric and given.any() and led[given].all() and len(first.figures) > len(others))


def tells_other(column: DraftColumn, other: DraftColumn) -> bool:
    """Return whether one of two columns follows from the other: the same thing in more answers and in fewer.

    Labels would tell.
    """
    if column is other or column.label or other.label:
        return False
    is_told = (column.places >= 0) & (other.places >= 0)
    this, that = column.places[is_told], other.places[is_told]
    pairs = this * (len(other.counts) + 1) + that
    # Columns that tell different things show it among the first few people already.
    most = max(len(column.counts), len(other.counts))
    if len(pairs) < FEW_PEOPLE or len(np.unique(pairs[:FIRST_PEOPLE])) > most:
        return False
    different = len(np.unique(this)), len(np.unique(that))
    return min(different) > 1 and len(np.unique(pairs)) == max(different)


def list_given(columns: Sequence[DraftColumn], left_out: Container[str] = ()) -> np.ndarray:
    """Return the answers in columns, a row a person: the place of each among all of theirs, -1 for what is no answer.

    Codes that are left out count as no answer.
    """
    among = dict.fromkeys(code for column in columns for code in column.codes if code not in left_out)
    answers = [{*column.codes} for column in columns]
    own = [[code if code in codes else None for code in among] for codes in answers]
    return np.column_stack([column.place_answers(codes) for column, codes in zip(columns, own, strict=True)])


def rate_repeated(given: np.ndarray) -> float:
    """Return how many answers a person gave who gave one before, for each person who gave several; 0 where none did."""
    several = np.sort(given[(given >= 0).sum(axis=1) > 1], axis=1)
    repeated = (several[:, 1:] == several[:, :-1]) & (several[:, 1:] >= 0)
    return float(repeated.sum() / max(len(several), 1))


def list_plain(columns: Sequence[DraftColumn]) -> np.ndarray:
    """Return the answers in columns as `list_given` does, without other, none and the like, which may be said twice."""
    labels = merge_labels(columns)
    plain = {code for code, label in labels.items() if not match_listed(label, several=True)}
    return list_given(columns, {code for column in columns for code in column.codes} - plain)


def repeats_answers(columns: Sequence[DraftColumn]) -> bool:
    """Return whether people gave one answer in several columns, as they do to statements; no list is chosen so from.

    Programs declare the columns of a grid as a set too.
    """
    return rate_repeated(list_plain(columns)) > SELDOM


def holds_mentions(columns: Sequence[DraftColumn]) -> bool:
    """Return whether columns hold one answer of a list after another: later ones where there are earlier, none twice.

    Of statements many people give the same answer to two. Labels that count ("first", "second") leave less doubt.
    """
    if not columns or len(columns[0].figures) < TOGETHER:
        return False
    has_answer = list_given(columns) >= 0
    several = has_answer[has_answer.sum(axis=1) > 1]
    if len(several) < TOGETHER:
        return False
    in_order = (several[:, :-1] >= several[:, 1:]).all(axis=1)
    most = SELDOM if all(SIGNS["ordinal"].search(one.text) for one in columns) else FEWEST_LISTS
    return bool(in_order.mean() > MOST and rate_repeated(list_plain(columns)) <= most)


def ask_others(columns: Sequence[DraftColumn]) -> bool:
    """Return whether several columns have one label, and nobody has an answer in two of them."""
    is_alike = len(columns) > 1 and len({one.text for one in columns}) == 1
    return is_alike and bool(((list_given(columns) >= 0).sum(axis=1) <= 1).all())


def holds_ranks(columns: Sequence[DraftColumn]) -> bool:
    """Return whether people put options in an order: each rank or option once, and no more of them than columns."""
    codes = {code for column in columns for code in column.codes}
    if not TOGETHER <= len(codes) <= len(columns) or min(len(column.codes) for column in columns) < 2:
        return False
    given = list_given(columns)
    several = given[(given >= 0).sum(axis=1) > 1]
    return len(several) >= FEW_PEOPLE and rate_repeated(several) == 0


def merge_labels(columns: Iterable[DraftColumn]) -> dict[str, str]:
    """Return the labels of the codes of several columns."""
    return {code: label for column in columns for code, label in column.labels.items()}
