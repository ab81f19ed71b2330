"""What stands between several answers in one cell of a column, and which answers stand there."""

import re
from collections import Counter
from collections.abc import Collection, Iterable
from itertools import pairwise

from surveybook.drafts.labels import FEWEST_LISTS, MOST, MOSTLY, NUMBERED, is_ordered
from surveybook.respondents.codes import code_text
from surveybook.respondents.columns import SHARED_BY

# What may stand between answers in one cell.
CELL_MARKS = (";", ", ", "|", ",", "，", "、", "；", "/", "+", "&", " / ", " + ", " & ", " ")
# How a word of an answer begins that people read, and no name that a form has for it: "Medium" of "Medium rare",
# "COSTA" of "COSTA NORTE".
WORD = re.compile(r"[A-Z]([a-z]|[A-Z]{3})")
# What stands between several codes in a cell, where nearly all cells hold codes that are known.
CODE_MARKS, MOST_KNOWN = (" ", ";", ",", "|"), 0.8
# Options that people put in an order are so many, and so are the orders.
FEWEST_RANKED = 3
# What stands between two answers of one cell, whatever the answers are.
JOINTS = ("; ", ", ", " | ", ";", ",")
# So many different cells are looked through for two that are joined in a third.
MOST_JOINED = 100


def split_cells(counts: Counter[str], least: int = SHARED_BY) -> tuple[str, dict[str, str]]:
    """Return the mark that stands between several answers in the cells of a column, and the answers; "" without one.

    Of marks that all part the cells, the one is taken that leaves the fewest answers.

    Parameters
    ----------
    counts : Counter
        How often each cell stands there.
    least : int
        How many people have to share an answer.
    """
    found = [(mark, parts) for mark in CELL_MARKS if (parts := list_parts(counts, mark, least))]
    mark, parts = min(found, key=lambda pair: len(pair[1]), default=("", [])) if found else find_joined(counts, least)
    return mark, dict(zip(parts, parts, strict=True))


def count_pieces(counts: Counter[str], known: Iterable[str], mark: str) -> Counter[str]:
    """Return how often each answer stands in cells of several; those that are known may hold the mark themselves."""
    answers = "|".join(map(re.escape, sorted(known, key=len, reverse=True)))
    end = re.escape(mark.strip() or mark)
    pattern = re.compile(rf"(?:(?<=^)|(?<={end})|(?<={end} ))({answers})(?:{end}\s*|$)")
    found = Counter[str]()
    for cell, count in counts.items():
        pieces = [one[1] for one in pattern.finditer(cell)]
        pieces += filter(None, map(str.strip, pattern.sub("", cell).strip().strip(mark).split(mark)))
        found.update(dict.fromkeys(pieces, count))
    return found


def list_parts(counts: Counter[str], mark: str, least: int) -> list[str]:
    """Return the answers that a mark parts in the cells of a column; none where the cells are no lists of answers.

    Lists have more different cells than answers, hold no answer twice, and name the same two in the same order;
    what people wrote doesn't. Pieces that never stand without each other are one answer, whose text holds the mark.
    Two answers are enough where each stands alone too; a space parts names of options, and no words (very good).
    """
    # Microsoft Forms ends each cell with the mark, and has the answers as people clicked on them.
    end = mark.strip() or mark
    is_ended = all(cell.strip().endswith(end) for cell in counts)
    # Qualtrics parts with a comma alone, and the texts of its options have a space behind theirs.
    apart = re.compile(r",(?! )" if mark == "," else re.escape(mark))
    cells = {cell: tuple(apart.split(cell.strip().removesuffix(end))) for cell in counts}
    if not any(len(pieces) > 1 for pieces in cells.values()):
        return []
    while True:
        parts, pairs = Counter[str](), Counter[tuple[str, str]]()
        for cell, pieces in cells.items():
            parts.update(dict.fromkeys(pieces, counts[cell]))
            pairs.update(dict.fromkeys(pairwise(pieces), counts[cell]))
        joined = {pair for pair, count in pairs.items() if parts[pair[0]] == parts[pair[1]] == count}
        if not joined:
            break
        cells = {cell: join_pieces(pieces, joined, mark) for cell, pieces in cells.items()}
    common = [part for part, count in parts.items() if count >= least and not part.strip().isdigit()]
    known = set(common)
    fewest = 2 if known <= cells.keys() else 3
    if len(common) < fewest or not pairs:
        return []
    # Where no letter is a capital, words look like names of options.
    are_words = any(WORD.match(part) or not part.isascii() for part in common)
    if mark == " " and (are_words or sum(map(is_ordered, cells)) * 2 > len(cells)):
        return []
    whole = {cell: pieces for cell, pieces in cells.items() if known.issuperset(pieces)}
    twice = sum(counts[cell] for cell, pieces in whole.items() if len(set(pieces)) < len(pieces))
    orders = {pair: count for pair, count in pairs.items() if known.issuperset(pair)}
    turned = sum(min(count, orders.get((second, first), 0)) for (first, second), count in orders.items())
    told = sum(counts[cell] for cell in whole)
    several = sum(counts[cell] for cell, pieces in whole.items() if len(pieces) > 1)
    if several <= told * FEWEST_LISTS or twice:
        return []
    are_few = len(whole) <= len(common) or told < MOSTLY * counts.total()
    if not is_ended and (are_few or turned > told * (1 - MOST)):
        return []
    return list(map(code_text, common))


def find_joined(counts: Counter[str], least: int) -> tuple[str, list[str]]:
    """Return what stands between two cells of one answer in cells of both, and these answers; "" where nothing does.

    An answer may hold that itself, as words have spaces. Unless a comma or the like parts them, of a list one answer
    stands behind some and before others, while of "North West" and "South East" one part is always the first.
    """
    cells = [cell for cell, people in counts.most_common(MOST_JOINED) if people >= least and not cell.isdigit()]
    joined = {
        (mark, first, last)
        for cell in cells
        for first in cells
        if cell.startswith(first)
        for last in cells
        if cell.endswith(last) and (mark := cell[len(first) : len(cell) - len(last)])
        if len(first) + len(last) < len(cell) and not any(map(str.isalnum, mark))
    }
    times = Counter(mark for mark, _, _ in joined)
    mark = max(times, key=lambda one: (times[one], one), default="")
    pairs = {(first, last) for one, first, last in joined if one == mark}
    options = [cell for cell in cells if cell not in {first + mark + last for first, last in pairs}]
    is_list = len(pairs) >= FEWEST_RANKED and not {first for first, _ in pairs}.isdisjoint(last for _, last in pairs)
    is_list |= mark in JOINTS
    pieces = count_pieces(counts, options, mark) if is_list else Counter[str]()
    are_told = sum(pieces[one] for one in options) > MOSTLY * pieces.total()
    return (mark, options) if is_list and are_told else ("", [])


def join_pieces(pieces: tuple[str, ...], joined: set[tuple[str, str]], mark: str) -> tuple[str, ...]:
    """Return pieces of a cell with those that belong together joined, the first two of each at once."""
    found: list[str] = []
    last = ""
    for piece in pieces:
        if found and (last, piece) in joined:
            found[-1], last = found[-1] + mark + piece, ""
        else:
            found.append(piece)
            last = piece
    return tuple(found)


def find_mark(counts: Collection[str], answers: Collection[str]) -> str:
    """Return what stands between the codes of cells that hold several of a question's answers; "" where none does."""
    for mark in CODE_MARKS:
        cells = [list(map(str.strip, cell.split(mark))) for cell in counts]
        told = [cell for cell in cells if set(cell) <= {*answers}]
        if any(len(cell) > 1 for cell in told) and len(told) >= MOST_KNOWN * len(cells):
            return mark
    return ""


def holds_ranking(counts: Counter[str], lists: Counter[tuple[str, ...]]) -> bool:
    """Return whether nearly all cells name the same options, in one order or another, which a line each may number.

    Parameters
    ----------
    counts, lists : Counter
        How often each cell stands there, and each list of answers where cells are lists.
    """
    ways = [{tuple(cell.split(mark.strip())): people for cell, people in counts.items()} for mark in CELL_MARKS[:-1]]
    for cells in [lists] if lists else ways:
        same, orders = Counter[tuple[str, ...]](), Counter[tuple[str, ...]]()
        for cell, people in cells.items():
            options = tuple(sorted(filter(None, (NUMBERED.sub("", piece.strip(), count=1) for piece in cell))))
            same[options] += people
            orders[options] += 1
        options, people = max(same.items(), key=lambda pair: pair[1], default=((), 0))
        if len(options) >= FEWEST_RANKED <= orders[options] and people >= MOSTLY * counts.total():
            return True
    return False
