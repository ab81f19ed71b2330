"""How a new file stands to the wave before: which column each column of it is now, by what proves most."""

import copy
import re
from collections import Counter
from collections.abc import Callable, Collection, Hashable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cache, cached_property
from typing import Any

from surveybook.drafts.labels import SIGNS, VOCABULARY, find_stem, split_labels
from surveybook.drafts.records import Draft, Names
from surveybook.drafts.roles import Roles
from surveybook.drafts.rules import RESERVED
from surveybook.model.survey import Survey
from surveybook.model.wording import listing
from surveybook.respondents.codes import is_misspelt, plain_text, rate_likeness, split_question_and_option
from surveybook.respondents.columns import SHARED_BY
from surveybook.respondents.files import Respondents

# A label that differs by so little is the same one, misspelt.
NEARLY = 0.8
# Names are numbers in the order of the questions where as many labels, and this part of them, stand under other names.
LEAST_MOVED, MOVED = 5, 0.25
# What labels may differ by and say the same.
UNSAID = re.compile(r"[\s,()'‘’\"“”]")
# Where a wave's rules have what was recorded of it.
RECORDED = {"groups": "domains", "questions": "questions"}
# What a file has one column of at most, beside groups and questions.
PARTS = (*VOCABULARY["design"], "fpc", "fpc_within")


@dataclass
class Match:
    """How a new file stands to the wave before.

    Attributes
    ----------
    before : Survey
        That wave.
    population : str
        Whose answers the file holds.
    source : Respondents
        The file.
    columns : dict
        Each column of the wave before with the one that it is now; None where it is gone.
    differences : list of str
        What differs, as sentences.
    ignored : list of str
        Columns that looked like a question's and can't be read like the others of it.
    new : list of str
        Columns that the wave before had nothing of.
    added : dict
        New items of questions that the wave before had, by id: the question, and what the item is called.
    answers : dict
        New answers of such questions, by question and id: the label, and the answer that it stands behind.
    again : dict of str
        Questions that the wave before left out and an earlier one has, with that wave.
    unlabelled : list of str
        Columns whose codes have no labels now, while answers of their question had some.
    draft : Draft, optional
        How new columns were read.
    """

    before: Survey
    population: str
    source: Respondents
    columns: dict[str, str | None] = field(default_factory=dict)
    differences: list[str] = field(default_factory=list)
    ignored: list[str] = field(default_factory=list)
    new: list[str] = field(default_factory=list)
    added: dict[str, tuple[str, str]] = field(default_factory=dict)
    answers: dict[tuple[str, str], tuple[str, str]] = field(default_factory=dict)
    again: dict[str, str] = field(default_factory=dict)
    unlabelled: list[str] = field(default_factory=list)
    draft: Draft | None = None

    @property
    def is_published(self) -> bool:
        """Whether the wave before has no answers of respondents of these people, but published shares alone."""
        return self.population not in (self.before.metadata.get("responses") or {})

    @cached_property
    def names(self) -> Names:
        """The ids that items of the codebook have."""
        return Names({*RESERVED, *self.before.codebook.items.index})

    @cached_property
    def named(self) -> set[str]:
        """The items that so many people named in the wave before that nobody's naming them is no chance."""
        figures = self.before.estimates[self.before.estimates["population"] == self.population]
        return set(figures.loc[figures["share"] * figures["base"] >= SHARED_BY, "item_id"])

    @cached_property
    def recorded(self) -> dict[str, Any]:
        """How the wave before was recorded; a code without a label in its file has that of its answer."""
        recorded = copy.deepcopy(self.before.recordings.get(self.population, {}))
        for question, own in recorded.get("questions", {}).items():
            kind, items = self.before.codebook.kind_of(question), self.before.codebook.items["label"]
            for target, codes in (own["answers"] or {}).items():
                known = items.get(target) if kind.is_list else kind.labels.get(target)
                if len(codes) == 1 and known:
                    own["answers"][target] = {code: label or str(known) for code, label in codes.items()}
        return recorded

    def note(self, name: str, difference: str) -> None:
        """Note what differs in a question or a grouping."""
        self.differences.append(f"{name}: {difference}")

    def note_all(self, name: str, told: Sequence[tuple[str, str]], joint: str) -> None:
        """Note what differs in the same way in several answers: the first in a sentence, the others behind it.

        Each has the sentence that would stand alone, and what stands behind that of another.
        """
        if told:
            (first, _), *others = told
            self.note(name, first + (joint + listing([short for _, short in others]) if others else ""))

    def add_item(self, question: str, label: str) -> str:
        """Return the id of a new item of a question; what an earlier wave had is no new one."""
        items = self.before.codebook.items
        known = items[(items["question_id"] == question) & items["label"].map(lambda one: is_same_label(one, label))]
        if not known.empty:
            return str(known.index[0])
        item = self.names.give(label, question)
        self.added[item] = (question, label)
        return item


def follow_columns(block: dict[str, Any], roles: Roles, found: Match, *, are_names_proof: bool = True) -> None:
    """Note which column of a new file each column that a wave's rules name is, and say where that isn't the one it was.

    Columns of waves further back are known by their labels alone.
    """
    source = found.source
    recorded = {
        part: {name: own for name, own in found.recorded.get(part, {}).items() if name in (block.get(rules) or {})}
        for part, rules in RECORDED.items()
    }
    design = {str(block[key]): key for key in PARTS if block.get(key)}
    named = [rules["column"] for rules in (block.get("domains") or {}).values()]
    named += [rules["universe"]["column"] for rules in block["questions"].values() if rules.get("universe")]
    told = [own for question in recorded["questions"].values() for own in question["columns"].values()]
    told += [own["column"] for groups in recorded["groups"].values() for own in groups.values()]
    labels: dict[str, str | None] = dict.fromkeys(map(str, [*design, *named]))
    labels |= {column: label for own in told for column, label in own.items()}
    anew = speak_alike(recorded, source)
    options = place_options(recorded, anew)
    others = {column: label for column, label in labels.items() if column not in options}
    free = {name: anew.labels.get(name, "") for name in source.frame.columns if name not in options.values()}
    pairs = pair_columns(others, free, are_names_proof=are_names_proof)
    found.columns = {column: options[column] if column in options else pairs.now.get(column) for column in labels}
    if pairs.is_numbered:
        block.pop("ignore", None)  # names alone tell what was left out
    if pairs.unproved:
        found.differences.append(
            f"{pairs.moved} of {pairs.proved} labels stand under other names than they had, as where names number the"
            " questions: a name whose label is another now is taken for another question"
            f" ({listing(pairs.unproved)}); map in wave.yml what was only reworded"
        )
    renamed = {column: roles.design.get(key) for column, key in design.items() if not found.columns[column]}
    owners = {column: name for name, question in recorded["questions"].items()
              for own in question["columns"].values() for column in own}  # fmt: skip
    found.differences += tell_moved_columns(labels, design, renamed, owners, found)
    found.columns |= renamed
    taken = {*found.columns.values(), *map(str, block.get("ignore") or [])}
    found.new = [column for column in source.frame.columns if column not in taken]


def tell_moved_columns(
    labels: Mapping[str, str | None],
    design: Mapping[str, str],
    renamed: Mapping[str, str | None],
    owners: Mapping[str, str],
    found: Match,
) -> Iterator[str]:
    """Yield what is said of columns that aren't what they were; columns of one question are one difference.

    Parameters
    ----------
    labels : mapping
        The columns of the wave before with their labels there.
    design : mapping
        What those are for that belong to no question.
    renamed : mapping
        Of these, the ones that are gone, with the column that is taken for them, if any.
    owners : mapping
        The questions of the others.
    found : Match
        Where each column is now.
    """
    said = dict[tuple[str, str], list[str]]()
    for column, label in labels.items():
        key, now = design.get(column, ""), found.columns[column]
        text, joint = found.source.labels.get(now or "", ""), ""
        lists = split_question_and_option(column, label)[0], split_question_and_option(now or "", text)[0]
        called = str(label) if lists[0] else column
        if renamed.get(column):
            change = f"{column} is gone: {renamed[column]} is taken for the {key}, by its name or label"
        elif not now and key == "weight":
            change = f"{column} is gone, and no column is called a weight: shares would be unweighted"
        elif not now:
            is_there = column in found.source.labels and column not in found.source.frame
            what = "empty" if is_there else "gone"
            change, joint = f"{quote_column(column, label)} is {what}", "; so are "
        elif all(lists) and lists[0] != lists[1]:
            change, joint = f"“{lists[0]}” is “{lists[1]}” now, by its options: {label}", ", "
        elif now != column and not key:
            change, joint = f"{column} is {now} now, by its label ({text})", "; "
            called = f"{column} is {now}"
        elif label and text and not is_same_label(label, text):
            change, joint = f"{column} has another label: “{text}” was “{label}”", "; so have "
        else:
            continue
        # A battery that is gone, or whose labels were written anew, is one difference.
        same = said.setdefault((owners.get(column, column), joint or column), [change])
        same += [called] if same[0] != change else []
    for (_, joint), (change, *more) in said.items():
        yield f"{change}{joint}{listing(more)}" if more else change


@dataclass(frozen=True)
class Pairs:
    """Which column of a file each column of the wave before is, and what that says of their names.

    Attributes
    ----------
    now : dict of str
        Each column that was found, with the one that it is.
    proved, moved : int
        How many labels stand in both, and how many of these under another name.
    unproved : list of str
        Columns whose name stands over another label, in a file whose names are numbers.
    """

    now: dict[str, str]
    proved: int
    moved: int
    unproved: list[str]

    @property
    def is_numbered(self) -> bool:
        """Whether so many labels stand under other names that names are numbers in the order of the questions."""
        return self.moved >= LEAST_MOVED and self.moved >= MOVED * self.proved


def pair_columns(labels: Mapping[str, str | None], there: Mapping[str, str], *, are_names_proof: bool = True) -> Pairs:
    """Return which column of a file each column of the wave before is.

    What proves most comes first: the label under the name that it had, the label alone, the label but for the number
    of its question, nearly the label, and at last the name alone. Each column of the file is one of the wave before at
    most, and one that two may be is neither. Where names are numbers, a name proves nothing of a column whose label is
    another.

    Parameters
    ----------
    labels : mapping
        The columns of the wave before, with their labels where these are known.
    there : mapping
        The columns of the file, with their labels; "" for those without one.
    are_names_proof : bool, optional
        Whether a name alone may prove something.
    """
    left, free = {column: label or "" for column, label in labels.items()}, dict(there)
    pairs = Pairs({}, 0, 0, [])
    for key in (
        lambda name, label: label and (name, strip_label(label)),
        lambda _, label: strip_label(label),
        lambda _, label: strip_label(SIGNS["question_number"].sub("", label)),
    ):
        take_pairs(pair_alike(left, free, key), pairs.now, left, free)
    # "Party A" may be an item of many batteries: it is known by the items beside it.
    before, now = join_batteries(labels, left), join_batteries(there, free)
    take_pairs(pair_alike(before, now, lambda _, items: items), pairs.now, left, free)
    moved = sum(column != name for column, name in pairs.now.items())
    pairs = replace(pairs, proved=len(pairs.now), moved=moved)
    take_pairs(pair_nearest(left, free), pairs.now, left, free)
    called = pair_alike(left, free, lambda name, _: name) if are_names_proof else {}
    numbered = [one for one in called if pairs.is_numbered and re.search(r"\d", one)]
    unproved = [one for one in numbered if is_other_label(left[one], free[one])]
    take_pairs({one: one for one in called if one not in unproved}, pairs.now, left, free)
    return replace(pairs, unproved=unproved)


def join_batteries(columns: Mapping[str, str | None], some: Collection[str]) -> dict[str, str]:
    """Return the labels of some columns, each with those of all whose names begin alike; "" where its own is empty."""
    stems = {column: find_stem(column, columns) for column in columns}
    whole = [(stem, strip_label(columns[column] or "")) for column, stem in stems.items()]
    items = {stem: [label for one, label in whole if one == stem] for stem in stems.values()}
    return {one: f"{strip_label(label)}{items[stems[one]]}" if (label := columns[one]) else "" for one in some}


def take_pairs(found: Mapping[str, str], pairs: dict[str, str], *sides: dict[str, str]) -> None:
    """Add pairs of columns to those that are known, and take them from what is left on both sides."""
    pairs |= found
    for pair in found.items():
        for side, one in zip(sides, pair, strict=True):
            del side[one]


def pair_alike(
    before: Mapping[str, str], now: Mapping[str, str], key: Callable[[str, str], Hashable]
) -> dict[str, str]:
    """Return pairs of columns, by a key of name and label that one of each side alone has; none where it is empty."""
    sides = []
    for columns in (before, now):
        keys = {column: key(column, label) for column, label in columns.items()}
        counts = Counter(keys.values())
        sides.append({one: column for column, one in keys.items() if one and counts[one] == 1})
    return {column: sides[1][one] for one, column in sides[0].items() if one in sides[1]}


def pair_nearest(before: Mapping[str, str], now: Mapping[str, str]) -> dict[str, str]:
    """Return pairs of columns each of which has nearly the label of the other, and no other of its side is as near.

    What is second most important is not nearly what is most important.
    """
    rates = {
        (column, name): (rate, column == name)
        for column, label in before.items() if label
        for name, text in now.items() if (rate := rate_likeness(text, [label])) >= NEARLY
        and bool(SIGNS["ordinal"].search(label)) == bool(SIGNS["ordinal"].search(text))
    }  # fmt: skip
    best: list[dict[str, list[tuple[str, str]]]] = [{}, {}]
    for pair in sorted(rates, key=rates.__getitem__, reverse=True):
        for side, one in zip(best, pair, strict=True):
            nearest = side.setdefault(one, [pair])
            nearest += [pair] if pair != nearest[0] and rates[pair] == rates[nearest[0]] else []
    return {column: name for column, name in rates if best[0][column] == best[1][name] == [(column, name)]}


def is_other_label(label: str, other: str) -> bool:
    """Return whether two labels are of two things: both say something, and neither has all the words of the other."""
    words, others = (set(re.findall(r"\w+", text.casefold())) for text in (label, other))
    return bool(words and others) and not (words <= others or others <= words)


def place_options(recorded: Mapping[str, Any], source: Respondents) -> dict[str, str | None]:
    """Return which column each option of a list is now, where labels tell an option alone; None where it is gone.

    "Envoy" and "none of these" are options of many questions. So they are looked for in one question of the file: that
    which has most of the list's options; of several, the one that is called as it was.
    """
    lists = dict[str, list[str]]()
    for column in source.frame.columns:
        lists.setdefault(name_list(column, source.labels.get(column), source.frame.columns), []).append(column)
    found = dict[str, str | None]()
    for rules in recorded.get("questions", {}).values():
        before = {column: label for own in rules["columns"].values() for column, label in own.items() if label}
        names = {name_list(column, label, before) for column, label in before.items()}
        is_told = rules.get("encoding") == "columns" or all(
            split_question_and_option(*pair)[0] for pair in before.items()
        )
        if len(before) < 2 or len(names) != 1 or "" in names or not is_told or split_labels(before)[0]:
            continue
        places = {
            name: {column: find_option(column, label, own, source) for column, label in before.items()}
            for name, own in lists.items()
            if name
        }
        counts = {name: sum(map(bool, own.values())) for name, own in places.items()}
        most = max(places, key=lambda name: (counts[name], name in names), default="")
        # A list that shares less than half of the options is another.
        is_found = bool(most) and (most in names or 2 * counts[most] >= len(before))
        found |= places[most] if is_found else dict.fromkeys(before)
    return found


def name_list(column: str, label: str | None, there: Collection[str]) -> str:
    """Return what names the list that a column is an option of, "" where nothing does."""
    return split_question_and_option(column, label)[0] or find_stem(column, there)


def find_option(column: str, label: str, there: Collection[str], source: Respondents) -> str | None:
    """Return which of some columns has the label of an option, perhaps misspelt; None where it is gone."""
    texts = {one: strip_label(source.labels.get(one, "")) for one in there}
    same = [one for one, text in texts.items() if text == strip_label(label)]
    near = [one for one in there if not same and is_misspelt(source.labels.get(one, ""), label)]
    return column if column in same else same[0] if same else near[0] if len(near) == 1 else None


def speak_alike(recorded: Mapping[str, Any], source: Respondents) -> Respondents:
    """Return a file with the labels of the wave before where a battery has its items under another beginning.

    "Done lately - Swum" was "Activities - Swum", perhaps with another number, which tells only where nothing else does.
    """
    stems = {column: find_stem(column, source.frame.columns) for column in source.labels}
    labels = dict(source.labels)
    for question in recorded.get("questions", {}).values():
        before = {column: label for own in question["columns"].values() for column, label in own.items() if label}
        called = {find_stem(column, source.frame.columns) for column in before}
        now = {column: label for column, label in source.labels.items() if label and stems[column] in called - {""}}
        if len(before) < 2 or len(called) > 1 or len(now) < 2:
            continue
        (was, items), (title, others) = split_labels(before), split_labels(now)
        if was and title:
            same = {strip_label(item): before[column] for column, item in items.items()}
            labels |= {column: same[bare] for column, item in others.items() if (bare := strip_label(item)) in same}
    return replace(source, labels=labels)


def quote_column(column: str, label: str | None) -> str:
    """Return a column with its label, where it has one that its name doesn't tell."""
    return (
        f"{column} ({label})"
        if label and label != column and not split_question_and_option(column, label)[0]
        else column
    )


def name_some(columns: Sequence[str], source: Respondents) -> str:
    """Return columns that stand side by side as the subject of "is new"; of many, the first and the last."""
    first, last = (quote_column(column, source.labels.get(column)) for column in (columns[0], columns[-1]))
    return first if len(columns) == 1 else f"each of the {len(columns)} columns from {first} to {last}"


def is_same_label(label: str, other: str) -> bool:
    """Return whether two labels say the same, whatever their spaces, capitals, commas, brackets and quotation marks."""
    return strip_label(label) == strip_label(other)


@cache
def strip_label(label: str) -> str:
    """Return what a label is compared by, worked out once: each is held against those of all columns."""
    return UNSAID.sub("", SIGNS["to_interviewers"].sub("", plain_text(label)).casefold())
