"""The two sides of a scale, by the words of its answers: what speaks for an item, and what is made of several answers.

Where the words leave a doubt there are none: a net that a survey's owner would have to undo is worse than no net.
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

from surveybook.drafts.labels import SIGNS, VOCABULARY, place_answer
from surveybook.drafts.records import Names
from surveybook.respondents.codes import AGREE, DISAGREE, UNDECIDED

NOT = r"(?:not|hardly)\b.*?\b"
# What turns a word into its opposite, if it isn't so short that both may be other words: "to" and "into".
TURNS, SHORTEST_TURNED = ("dis", "mis", "un", "in", "im", "non"), 5
# The highest place, of those of words of degree, that is no praise: "fair", "acceptable".
MIDDLE = 0.5
# Sides that the engine has words of its own for.
SCALE = ("agree", "disagree")


@dataclass(frozen=True)
class Side:
    """One side of a scale.

    Attributes
    ----------
    role : str
        ``headline`` or ``opposite``, as ``responses.csv`` has it.
    answers : tuple of str
        The answers on it; several make a net.
    label : str
        What they are together.
    name : str
        What an id of them is made of.
    """

    role: str
    answers: tuple[str, ...]
    label: str
    name: str


def find_sides(answers: Mapping[str, str], *, ordered: bool = True) -> tuple[Side, ...]:
    """Return the two sides of a scale, the one that speaks for an item first.

    Parameters
    ----------
    answers : mapping of str to str
        Its answers with their labels, in their order; without "don't know" and the like.
    ordered : bool
        Whether that order is the scale's; of words without codes nobody knows it.

    Returns
    -------
    tuple of Side
        Empty where the labels have no two sides, or leave a doubt: an answer that is on neither side and doesn't stand
        between them, sides that aren't in one piece each, or one "not at all" against many shades of the other.
    """
    answers = {answer: label for answer, label in answers.items() if not SIGNS["off_scale"].search(label)}
    for positive, negative in (*VOCABULARY["sides"].items(), *pair_opposites(answers.values())):
        sides = {answer: place_label(label, positive, negative) for answer, label in answers.items()}
        up, down = (tuple(answer for answer, side in sides.items() if side == one) for one in (1, -1))
        is_even = abs(len(up) - len(down)) <= 1 or all(has_word(answers[answer], negative) for answer in down)
        told = [side for answer, side in sides.items() if side or not is_between(answers[answer])]
        in_place = 0 not in told
        if ordered and up and down:
            in_place = sorted(told, reverse=told[0] == 1) == told and told.count(0) <= 1
        if up and down and is_even and in_place:
            named = ("headline", up, positive), ("opposite", down, f"{negative}|{positive}")
            return tuple(name_side(role, own, answers, words) for role, own, words in named)
    return ()


def move_between(answers: Mapping[str, str]) -> dict[str, str]:
    """Return answers with the one between two sides in the middle, where files have it last: "better, worse, same"."""
    codes = list(answers)
    if len(codes) % 2 and [code for code in codes if is_between(answers[code])] == codes[-1:]:
        codes.insert(len(codes) // 2, codes.pop())
    return {code: answers[code] for code in codes}


def pair_opposites(labels: Iterable[str]) -> Iterator[tuple[str, str]]:
    """Yield words of labels one of which is the other with what turns it into its opposite: trust and distrust."""
    words = dict.fromkeys(word for label in labels for word in re.findall(r"[^\W\d_]+", label.lower()))
    for word in words:
        negative = [f"{turn}{word}" for turn in TURNS if f"{turn}{word}" in words and len(word) >= SHORTEST_TURNED]
        yield from ((word, one) for one in negative if not SIGNS["own_states"].search(one))


def name_answers(figures: Mapping[str, str], *, ordered: bool) -> tuple[dict[str, str], str, dict[str, Any]]:
    """Return the answers of statements: the id of each code, what all are called, and what else is made of them.

    Parameters
    ----------
    figures : mapping
        The labels of the codes, in their order; without "don't know" and the like.
    ordered : bool
        Whether that order is the scale's.

    Returns
    -------
    tuple of dict, str, dict
        The ids; the ends of the scale, in words; the answers, nets and roles of `DraftQuestion`. The last two are empty
        where the answers are those that every report has: agree and disagree.
    """
    told = [label for label in figures.values() if not SIGNS["off_scale"].search(label)] or list(figures.values())
    sides = find_sides(figures, ordered=ordered)
    # Without sides, nobody knows with what people agree: "agree with 1" and "agree with 2" are no one answer.
    is_known = bool(sides) and all(len(side.answers) == 1 for side in sides)
    if is_known and all("agree" in label.lower() or UNDECIDED.search(label) for label in told):
        return {code: match_agreement(label) or "neither" for code, label in figures.items()}, "", {}
    names = Names()
    nets = {names.give(side.name, side.role): side for side in sides if len(side.answers) > 1}
    ids = {code: names.give(label, f"answer {code}") for code, label in figures.items()}
    made = {
        "answers": {ids[code]: label for code, label in figures.items()}
        | {net: one.label for net, one in nets.items()},
        "roles": {one.role: ids[one.answers[0]] for one in sides} | {one.role: net for net, one in nets.items()},
        "nets": {net: tuple(ids[answer] for answer in one.answers) for net, one in nets.items()},
    }
    return ids, f"{told[0]} to {told[-1]}", made


def match_agreement(label: str) -> str:
    """Return which answer of those who agree or not a label is of: "neither", "disagree" or "agree"; else nothing."""
    # In this order: "disagree" holds "agree".
    known = {"neither": UNDECIDED, "disagree": DISAGREE, "agree": AGREE}
    return next((answer for answer, words in known.items() if words.search(label)), "")


def has_word(label: str, words: str) -> bool:
    """Return whether a label has one of some words."""
    return bool(re.search(rf"\b(?:{words})\b", label, re.IGNORECASE))


@cache
def is_between(label: str) -> bool:
    """Return whether a label stands between the two sides of a scale."""
    place = place_answer(label)
    return bool(SIGNS["between"].search(label)) or (place is not None and 0 <= place <= MIDDLE)


@cache
def place_label(label: str, positive: str, negative: str) -> int:
    """Return the side of a label, 1 or -1; 0 where it is on neither."""
    if SIGNS["between"].search(label) or (is_between(label) and not has_word(label, "not")):
        return 0
    first = re.search(rf"\b(?:(?P<against>{negative}|{NOT}(?:{positive}))|{positive})\b", label, re.IGNORECASE)
    # "Rather agree than disagree" is of those who agree.
    return -1 if SIGNS["not_at_all"].fullmatch(label) or (first and first["against"]) else int(bool(first))


def name_side(role: str, own: tuple[str, ...], answers: Mapping[str, str], words: str) -> Side:
    """Return a side with its label: the word that its answers share, or else all of them."""
    found = [re.search(rf"\b(?:{words})\b", answers[answer], re.IGNORECASE) for answer in own]
    cores = {
        f"{'not ' if has_word(match.string[: match.start()], 'not|hardly') else ''}{match[0].lower()}" if match else ""
        for match in found
    }
    first, *others = [answers[answer] for answer in own]
    *others, last = [label[:1].lower() + label[1:] for label in others] or [""]
    joined = " or ".join(filter(None, (", ".join([first, *others]), last)))
    joined = joined.upper() if all(answers[answer].isupper() for answer in own) else joined
    core = cores.pop() if len(cores) == 1 else ""
    # A label that one of the answers has would say two things.
    is_free = core and core not in (label.lower() for label in answers.values())
    label = core[:1].upper() + core[1:] if is_free else joined
    return Side(role, own, label, core if core in SCALE else label)
