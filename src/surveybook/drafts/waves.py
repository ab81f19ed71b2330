"""The next wave of a survey, drafted from the one before: what stands in a new file as it did, and what differs."""

import copy
import math
import re
import shutil
from collections import Counter
from collections.abc import Callable, Collection, Hashable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cache, cached_property
from itertools import groupby
from pathlib import Path
from typing import Any

import pandas as pd

from surveybook.drafts.cells import CELL_MARKS, count_pieces
from surveybook.drafts.chapters import QUESTION_NUMBER, find_names
from surveybook.drafts.columns import is_number, least_shared, number_of_code, read_columns
from surveybook.drafts.labels import VOCABULARY, find_stem, match_answer, match_listed, split_labels
from surveybook.drafts.questionnaires import Questionnaire, lay_over
from surveybook.drafts.questions import draft_questions, try_question
from surveybook.drafts.records import DraftQuestion, Names, list_answers, open_respondents, read_targets, write_targets
from surveybook.drafts.report import add_items, add_names, add_questions, add_responses, describe_asked, dump_yaml
from surveybook.drafts.roles import Roles, count_unweighted, find_exceptions, find_roles, name_fieldwork, name_groups
from surveybook.drafts.rules import RESERVED
from surveybook.model import paths
from surveybook.model.files import find_fieldwork_end, read_yaml, stage_folder, write_whole
from surveybook.model.kinds import KINDS, OTHER
from surveybook.model.problems import SurveybookError
from surveybook.model.survey import Survey, is_bare_number
from surveybook.model.tables import read_table
from surveybook.model.wording import listing
from surveybook.respondents.codes import (
    ALIKE,
    TICKED,
    UNTICKED,
    code_text,
    is_declared_missing,
    is_misspelt,
    plain_code,
    plain_text,
    rate_likeness,
    split_question_and_option,
)
from surveybook.respondents.columns import SHARED_BY
from surveybook.respondents.encoding import UNNAMED_CODES
from surveybook.respondents.files import PREFIX, Respondents, find_format
from surveybook.waves import check_wave_id, open_wave
from surveybook.waves.checks import NOT_KNOWN, UNDISCLOSED

# A label that differs by so little is the same one, misspelt.
NEARLY = 0.8
# A file of which so many labels share no word with the old ones is in another language, if it has so many columns.
TRANSLATED, LEAST_TRANSLATED = 0.7, 10
# Names are numbers in the order of the questions where as many labels, and this part of them, stand under other names.
LEAST_MOVED, MOVED = 5, 0.25
# What codes stand for that are no answer of the list's own.
UNLISTED = ("dont_know", "no_answer", "none", OTHER, None)
# What joins further answers to the first that is new.
NEW_TOO = "; new too: "
# What labels may differ by and say the same.
UNSAID = re.compile(r"[\s,()'‘’\"“”]")
# Where a wave's rules have what was recorded of it.
RECORDED = {"groups": "domains", "questions": "questions"}
# What a file has one column of at most, beside groups and questions.
PARTS = (*VOCABULARY["design"], "fpc", "fpc_within")
# What holds of one wave alone.
OF_ONE_WAVE = {
    "fieldwork": NOT_KNOWN, "fieldwork_start": None, "fieldwork_end": None, "response_rate": None,
    "design_effect": None, "same_people_as": None, "note": None,
}  # fmt: skip


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


def draft_wave(
    wave: str,
    file: Path,
    like: str,
    population: str = "",
    encoding: str | None = None,
    questionnaire: Questionnaire | None = None,
) -> list[str]:
    """Make the folder of the next wave from the one before it, and return what differs, as sentences.

    Parameters
    ----------
    wave : str
        The id of the new wave.
    file : Path
        Its respondents; the file is copied into the folder.
    like : str
        The wave before.
    population : str, optional
        Whose answers they are; the only one of that wave that has answers of respondents otherwise.
    encoding : str, optional
        Of a CSV file that isn't UTF-8.
    questionnaire : Questionnaire, optional
        What the columns of a file without labels mean.

    Raises
    ------
    SurveybookError
        When the wave is there already, or the one before has no answers of respondents of such a population.
    DataError
        When the file or the wave before can't be read.
    """
    check_wave_id(wave)
    folder = paths.waves() / wave
    if folder.exists():
        raise SurveybookError(f"{paths.shown(folder)} is there already; choose another id, or go on with that folder.")
    before = open_wave(like)
    blocks = copy.deepcopy(before.metadata.get("responses") or {})
    known = list(blocks)
    population = population or (known[0] if len(known) == 1 else "")
    if population not in known:
        there = f"It has those of {', '.join(known)}: name one with --population." if known else "It has none."
        raise SurveybookError(f"Wave {like} has no answers of respondents of '{population}'. {there}")
    source = open_respondents(file, encoding, sampled=False)
    doubts: list[str] = []
    if questionnaire:
        source, _, doubts = lay_over(source, questionnaire)
    roles = find_roles(read_columns(source, {}))
    found = Match(before, population, source)
    found.source, told = translate_labels(found.recorded, source)
    match_columns(blocks[population], roles, found)
    found.differences[:0] = told
    block = carry_over(blocks[population], found)
    ask_again(block, found)
    block["file"] = f"{PREFIX}{population}{find_format(file)}"
    block.pop("encoding", None)
    block |= {"encoding": source.encoding} if source.encoding else {}
    added = draft_added(block, found)
    bear_excess(block, found)
    for name, (rule, doubt) in find_exceptions(source, block).items():
        block[name] = rule
        found.differences.append(doubt)
    people = {
        "sample_size": len(source.frame) - count_unweighted(source, block.get("weight")),
        **name_fieldwork(roles.fieldwork),
    }
    write_next(folder, block, people, file, added, found)
    add_items(found.added)
    add_responses(found.answers, before.codebook.kinds)
    add_names(find_names([*added, *list_extended(before, found.added)]))
    if is_earlier(wave, people, before) and not before.metadata.get("baseline"):
        compare_with(wave, before)
        named = f"{wave} is earlier than {like}, which has it for its baseline now"
        found.differences.append(f"{named}: surveybook build {like} compares the two")
    return [*doubts, *found.differences]


def ask_again(block: dict[str, Any], found: Match) -> None:
    """Add the rules of questions that the wave before left out and an earlier one has, where the file has their labels.

    Else a question that is put every other time would have another name each time, and no series.
    """
    known = {*found.before.metadata["responses"][found.population]["questions"]}
    for wave in reversed(paths.list_waves()):
        told = read_yaml(paths.waves() / wave / "wave.yml", []).get("responses") or {}
        rules = (told.get(found.population) or {}).get("questions") or {}
        older = {"questions": {name: own for name, own in rules.items() if name not in known}}
        if not older["questions"] or not found.new:
            continue
        source = replace(found.source, frame=found.source.frame[found.new])
        match = Match(open_wave(wave), found.population, source, added=found.added, answers=found.answers)
        match.names = found.names
        match_columns(older, Roles(), match, are_names_proof=False)
        match.differences.clear()  # what is gone has been so before
        carried = carry_over(older, match)["questions"]
        for name, own in carried.items():
            columns = [str(column) for column in own.get("columns", [own.get("column")])]
            found.note(name, f"is asked again, as in {wave}: {name_some(columns, source)}")
        found.differences += match.differences
        found.again |= dict.fromkeys(carried, wave)
        found.new = match.new
        block["questions"] |= carried
        known |= carried.keys()


def is_earlier(wave: str, people: Mapping[str, object], other: Survey) -> bool:
    """Return whether a wave was in the field before another: by the days that are known, or by years for names."""
    end, then = str(people.get("fieldwork_end") or ""), find_fieldwork_end(other.metadata)
    if end and then:
        return end < then
    return wave.isdigit() and other.wave.isdigit() and int(wave) < int(other.wave)


def compare_with(wave: str, survey: Survey) -> None:
    """Name a wave as the baseline of another that has none, in the file that tells of that one."""
    path = paths.waves() / survey.wave / "wave.yml"
    named = dump_yaml({"baseline": wave})
    text, there = re.subn(r"^baseline:.*\n", named, path.read_text(encoding="utf-8"), flags=re.MULTILINE)
    write_whole(path, text if there else f"{named}{text}")


def draft_added(block: dict[str, Any], found: Match) -> tuple[DraftQuestion, ...]:
    """Return the questions that columns are which the wave before had nothing of, and add their rules to the file's.

    A column that belongs to a list or a battery of the wave before by its name is no question of its own: it is named.
    """
    source, codebook = found.source, found.before.codebook
    owners = name_owners(block["questions"], source)
    stems = {column: name_list(column, source.labels.get(column), source.frame.columns) for column in found.new}
    parts = {column: own for column, stem in stems.items() if (own := owners.get(stem))}
    said = add_columns(block, parts, found)
    frame = source.frame[[column for column in found.new if column not in said]]
    questions: tuple[DraftQuestion, ...] = ()
    left_out, groups = dict[str, str](), dict[str, Mapping[str, object]]()
    if not frame.empty:
        items = codebook.items.reindex([*codebook.items.index, *found.added])
        draft = draft_questions(replace(source, frame=frame), codebook=replace(codebook, items=items))
        questions, left_out = draft.questions, dict(draft.left_out)
        known = block.get("domains") or {}
        groups = {name: rules for name, rules in draft.groups.items() if name not in known}
        block["questions"] |= {one.question: dict(one.rules) for one in questions}
        block |= {"domains": {**known, **groups}} if groups else {}
        block |= {"ignore": [*(block.get("ignore") or []), *left_out]} if left_out else {}
        found.differences += [doubt for doubt in draft.doubts if doubt.startswith("“")]
    said |= {column: f"is new, and left out: {why}" for column, why in left_out.items()}
    said |= {str(rules["column"]): f"is new, and taken for the grouping {name}" for name, rules in groups.items()}
    for one in questions:
        columns = one.rules.get("columns", [one.rules.get("column")])
        said |= {str(column): f"is new, and drafted as {one.question} (“{one.title}”)" for column in columns}
    for what, columns in groupby(found.new, key=lambda column: said.get(column, "is new, and not mapped")):
        found.differences.append(f"{name_some(list(columns), source)} {what}")
    return questions


def name_some(columns: Sequence[str], source: Respondents) -> str:
    """Return columns that stand side by side as the subject of "is new"; of many, the first and the last."""
    first, last = (quote_column(column, source.labels.get(column)) for column in (columns[0], columns[-1]))
    return first if len(columns) == 1 else f"each of the {len(columns)} columns from {first} to {last}"


def bear_excess(block: Mapping[str, Any], found: Match) -> None:
    """Add the rule for people who gave too many answers, where the wave before had none; it would stop at them."""
    codebook = found.before.codebook
    for question in codebook.questions.index.intersection(list(block["questions"])):
        rules, kind = block["questions"][question], codebook.kind_of(question)
        if not kind.is_several or "excess" in rules:
            continue
        labels = codebook.items["label"][codebook.items["question_id"] == question].to_dict()
        labels |= {item: label for item, (own, label) in found.added.items() if own == question}
        most = found.before.asked_rows.get((found.population, question), {}).get("max_choices", "")
        told = f"{most:.0f}" if isinstance(most, float) and math.isfinite(most) else ""
        title = str(codebook.questions.loc[question, "title"])
        tried, doubt = try_question(
            found.source, DraftQuestion(question, title, kind.name, labels, "", rules=rules, max_choices=told)
        )
        if tried is not None and "excess" in tried.rules:
            rules["excess"] = tried.rules["excess"]
            found.differences.append(doubt)


def list_extended(before: Survey, added: Mapping[str, tuple[str, str]]) -> Iterator[DraftQuestion]:
    """Yield the questions of a wave that have new items now, with all of these."""
    labels = before.codebook.items["label"].groupby(before.codebook.items["question_id"])
    for question in dict.fromkeys(question for question, _ in added.values()):
        fresh = {item: label for item, (own, label) in added.items() if own == question}
        row = before.codebook.questions.loc[question]
        yield DraftQuestion(question, row["title"], row["kind"], labels.get_group(question).to_dict() | fresh, "")


def add_columns(block: dict[str, Any], parts: Mapping[str, str], found: Match) -> dict[str, str]:
    """Add columns to the questions that they belong to by their names, as items, and return what is said of each.

    One that was answered otherwise, or whose label doesn't say what it is of, is not mapped.
    """
    said, source = {}, found.source
    for column, question in parts.items():
        columns = block["questions"][question]["columns"]
        title, items = split_labels({one: source.labels.get(one) or one for one in (*columns, column)})
        asked, option = split_question_and_option(column, source.labels.get(column))
        title, items = (asked, {column: option}) if asked else (title, items)
        is_box = bool(asked) and match_listed(option, several=True) == OTHER
        if isinstance(columns, dict) and title and (is_box or is_answered_alike(column, columns, source)):
            columns[column] = OTHER if is_box else found.add_item(question, items[column])
            said[column] = f"is new, and added to {question} as {columns[column]}"
        else:
            said[column] = (
                f"is new, and not mapped: by its name it belongs to {question}, by its label or its answers it may not;"
                f" where it does, it has to stand among its columns in wave.yml, as '{column}: an_id', and an_id in"
                f" {paths.shown(paths.data() / 'codebook' / 'items.csv')}"
            )
    return said


def is_answered_alike(column: str, columns: Iterable[str], source: Respondents) -> bool:
    """Return whether a column has the labels that others have or, where they have none, no code beside theirs."""
    labels = [source.value_labels.get(one, {}) for one in columns]
    if any(labels):
        return source.value_labels.get(column, {}) in labels
    # A ticked option may hold its own label.
    own = code_text(source.labels.get(column, ""))
    return source.count_codes(column).keys() <= {own, *(code for one in columns for code in source.count_codes(one))}


def name_owners(questions: Mapping[str, Any], source: Respondents) -> dict[str, str]:
    """Return the questions of several columns whose names begin alike, by that beginning, which no other has."""
    found: dict[str, set[str]] = {}
    for question, rules in questions.items():
        columns = list(rules.get("columns", [rules.get("column")]))
        stems = {name_list(str(column), source.labels.get(str(column)), source.frame.columns) for column in columns}
        for stem in stems:
            found.setdefault(stem, set()).add(question if len(columns) > 1 and len(stems) == 1 else "")
    return {stem: own.pop() for stem, own in found.items() if stem and len(own) == 1}


def match_columns(block: Mapping[str, Any], roles: Roles, found: Match, *, are_names_proof: bool = True) -> None:
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
    pairs, said = pair_columns(others, free, are_names_proof=are_names_proof)
    found.differences += said
    found.columns = {column: options[column] if column in options else pairs.get(column) for column in labels}
    renamed = {column: roles.design.get(key) for column, key in design.items() if not found.columns[column]}
    owners = {column: name for name, question in recorded["questions"].items()
              for own in question["columns"].values() for column in own}  # fmt: skip
    found.differences += tell_columns(labels, design, renamed, owners, found)
    found.columns |= renamed
    taken = {*found.columns.values(), *map(str, block.get("ignore") or [])}
    found.new = [column for column in source.frame.columns if column not in taken]


def tell_columns(
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
            change, joint = f"{quote_column(column, label)} is gone", "; so are "
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


def pair_columns(
    labels: Mapping[str, str | None], there: Mapping[str, str], *, are_names_proof: bool = True
) -> tuple[dict[str, str], list[str]]:
    """Return which column of a file each column of the wave before is, and what is said of the names in it.

    What proves most comes first: the label under the name that it had, the label alone, the label but for the number
    of its question, nearly the label, and at last the name alone. Each column of the file is one of the wave before at
    most, and one that two may be is neither. Where many labels stand under other names, names are numbers in the order
    of the questions: there a name proves nothing of a column whose label is another.

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
    pairs = dict[str, str]()

    def take(found: Mapping[str, str]) -> None:
        pairs.update(found)
        for column, name in found.items():
            del left[column], free[name]

    take(pair_alike(left, free, lambda name, label: label and (name, strip_label(label))))
    take(pair_alike(left, free, lambda _, label: strip_label(label)))
    take(pair_alike(left, free, lambda _, label: strip_label(QUESTION_NUMBER.sub("", label))))
    proved = len(pairs)
    moved = sum(column != name for column, name in pairs.items())
    is_numbered = moved >= LEAST_MOVED and moved >= MOVED * proved
    take(pair_nearest(left, free))
    called = pair_alike(left, free, lambda name, _: name) if are_names_proof else {}
    take({name: name for name in called if not (is_numbered and is_other_label(left[name], free[name]))})
    lost = [name for name in called if name not in pairs]
    if not lost:
        return pairs, []
    return pairs, [
        f"{moved} of {proved} labels stand under other names than they had, as where names number the questions: a name"
        f" whose label is another now is taken for another question ({listing(lost)}); map in wave.yml what was only"
        " reworded"
    ]


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
    """Return pairs of columns each of which has nearly the label of the other, and no other of its side is as near."""
    rates = {
        (column, name): (rate, column == name)
        for column, label in before.items() if label
        for name, text in now.items() if (rate := rate_likeness(text, [label])) >= NEARLY
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


def list_recorded_labels(
    recorded: Mapping[str, Any], source: Respondents
) -> tuple[dict[str, str], dict[str, dict[str, str]]]:
    """Return the labels that the wave before had of columns that are there under their names, and of their codes.

    Codes are those of a question where half of them are there or more, and no answer of it has another code now.
    """
    labels, values = dict[str, str](), dict[str, dict[str, str]]()
    for rules in recorded.get("questions", {}).values():
        own = {
            column: str(label) for columns in rules["columns"].values() for column, label in columns.items() if label
        }
        codes = {
            code: str(label) for made in (rules["answers"] or {}).values() for code, label in made.items() if label
        }
        there = {column for column in own if source.labels.get(column)}
        labels |= {column: own[column] for column in there}
        for column in there if codes else ():
            now = source.value_labels.get(column, {})
            shared = {code: label for code, label in codes.items() if code in now}
            # Names are written alike in any language: under other codes, codes are others.
            moved = [
                label for code, label in codes.items() for other, text in now.items()
                if code != other and label.count(" ") > 1 and rate_likeness(text, [label]) >= ALIKE
                and not is_same_label(label, now.get(code, ""))
            ]  # fmt: skip
            values |= {column: shared} if 2 * len(shared) >= len(codes) and not moved else {}
    for groups in recorded.get("groups", {}).values():
        made = [group for group in groups.values() if group.get("column") and all(group["codes"].values())]
        for column, label in (pair for group in made[:1] for pair in group["column"].items()):
            labels |= {column: str(label)} if label and source.labels.get(column) else {}
            if column in source.value_labels:
                values.setdefault(column, {code: text for group in made for code, text in group["codes"].items()})
    return labels, values


def translate_labels(recorded: Mapping[str, Any], source: Respondents) -> tuple[Respondents, list[str]]:
    """Return a file with the labels of the wave before where nearly all are in other words, and what is said of it.

    That is another language, or another house's style: columns keep their names, and answers their codes.
    """
    labels, values = list_recorded_labels(recorded, source)
    other = [column for column, label in labels.items() if rate_likeness(source.labels[column], [label]) < ALIKE]
    # "No" is the same word in many languages.
    spoken = [
        column for column, codes in values.items()
        if 2 * sum(is_same_label(text, source.value_labels[column].get(code, "")) for code, text in codes.items())
        > len(codes)
    ]  # fmt: skip
    parts = [len(other) / max(1, len(labels)), 1 - len(spoken) / max(1, len(values))]
    if len(labels) < LEAST_TRANSLATED or min(parts) < TRANSLATED:
        return source, []
    told = (
        f"the labels of {len(other)} columns are in other words than they were, as in another language: columns are"
        " taken by their names and answers by their codes; look whether each code stands for what it did. Such a"
        " question is compared where asked.csv says so (same_as, with the reason in note)"
    )
    merged = {column: {**source.value_labels.get(column, {}), **codes} for column, codes in values.items()}
    return replace(source, labels=source.labels | labels, value_labels=source.value_labels | merged), [told]


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


def is_same_label(label: str, other: str) -> bool:
    """Return whether two labels say the same, whatever their spaces, capitals, commas, brackets and quotation marks."""
    return strip_label(label) == strip_label(other)


@cache
def strip_label(label: str) -> str:
    """Return what a label is compared by, worked out once: each is held against those of all columns."""
    return UNSAID.sub("", plain_text(label).casefold())


def carry_over(block: dict[str, Any], found: Match) -> dict[str, Any]:
    """Return the rules of a file with the columns and the codes that they have now; questions that are gone are out."""
    block |= {key: found.columns.get(str(block[key])) for key in PARTS if block.get(key)}
    for name, part in RECORDED.items():
        recorded, rules = found.recorded.get(name, {}), block.get(part) or {}
        now = {one: carry_rules(one, own, recorded.get(one, {}), found) for one, own in rules.items()}
        block[part] = {one: own for one, own in now.items() if own is not None}
    if found.ignored:
        block["ignore"] = [*(block.get("ignore") or []), *found.ignored]
    return {key: value for key, value in block.items() if key not in PARTS or value is not None}


def carry_rules(name: str, rules: dict[str, Any], recorded: Mapping[str, Any], found: Match) -> dict[str, Any] | None:
    """Return the rules of one question or group as they are now; None where its columns are gone."""
    source = found.source
    where = rules.get("columns", [rules.get("column")])
    items = where if isinstance(where, dict) else dict.fromkeys(where)
    now = {found.columns.get(str(column)): item for column, item in items.items()}
    columns: dict[str, Any] = {column: item for column, item in now.items() if column}
    answers = recorded.get("answers") or {
        group: own["codes"] for group, own in recorded.items() if "codes" in (own or {})
    }
    before = {code: label for codes in answers.values() for code, label in codes.items() if label}
    if rules.get("encoding") in ("scale", "single"):
        for column in [one for one in columns if answers_otherwise(source.value_labels.get(one, {}), before)]:
            found.note(name, f"none of its answers is one of {column} now, which is another question")
            found.new.append(column)
            del columns[column]
    if not columns:
        return None
    first = next(iter(columns))
    labels = source.value_labels.get(first, {})
    if rules.get("encoding") == "scale" and labels:
        # An answer may have been offered beside some statements alone.
        labels = {code: text for one in columns for code, text in source.value_labels.get(one, {}).items()} | labels
    key, targets = read_targets(rules)
    targets, fresh = renumber(name, targets, before, labels, found, key)
    if rules.get("encoding") == "scale" and isinstance(where, dict):
        drop_turned(name, columns, found)
    if "column" in rules:
        rules["column"] = first
    else:
        rules["columns"] = columns if isinstance(where, dict) else list(columns)
    if rules.get("universe"):
        asked = str(rules["universe"]["column"])
        rules["universe"]["column"] = found.columns.get(asked)
        if not rules["universe"]["column"]:
            del rules["universe"]
            found.note(name, f"{asked}, which told who was asked, is gone: the base is whoever answered")
    turn_ticks(name, rules, labels, found)
    if not key:  # of numbers, labels tell codes that are none
        fresh = {code: text for code, text in labels.items() if match_answer(text)}
    if key == "values":  # a group that nobody is in is none
        fresh = {code: text for code, text in fresh.items() if code in source.count_codes(first)}
    new = list[tuple[str, str]]()
    for code, text in fresh.items():
        if targets.get(code, "") is not None and not is_declared_missing(code, source.missing.get(first, ())):
            what = place_code(name, rules, targets, code, text, found)
            new.append((f"the answer “{text}” (code {code}) is new, and {what}", f"“{text}” (code {code}, {what})"))
    found.note_all(name, new, NEW_TOO)
    if key == "values" or rules.get("ranges"):
        drop_empty_groups(name, rules, targets, source.count_codes(first), found)
    if not labels and rules.get("encoding") in ("single", "choices", "delimited", "scale"):
        match_texts(name, rules, targets, found)
        if key == "codes" and {*targets.values()} <= {OTHER, None}:
            return None
    return rules | write_targets(key, targets)


def drop_empty_groups(
    name: str, rules: dict[str, Any], targets: dict[str, str | None], counts: Mapping[str, int], found: Match
) -> None:
    """Take groups out of a grouping that nobody is in now, and note it; where nobody is in any, all stay."""
    numbers = [number_of_code(code) for code in counts if is_number(code) and code not in targets]
    ranges = dict(rules.get("ranges") or {})
    there = {group for code, group in targets.items() if counts.get(code)}
    there |= {
        group for group, (low, high) in ranges.items()
        if any((low is None or low <= number) and (high is None or number <= high) for number in numbers)
    }  # fmt: skip
    empty = [group for group in dict.fromkeys([*ranges, *filter(None, targets.values())]) if group not in there]
    if not there - {None}:
        return
    for group in empty:
        found.note(name, f"nobody is in the group “{group}” now, and it is left out")
    for code in [code for code, group in targets.items() if group in empty]:
        del targets[code]
    if ranges:
        rules["ranges"] = {group: ends for group, ends in ranges.items() if group not in empty}


def answers_otherwise(labels: Mapping[str, str], before: Mapping[str, str]) -> bool:
    """Return whether a column's labels have none of the answers of a question, "don't know" and the like aside."""
    told, now = ([text for text in own.values() if not match_answer(text)] for own in (before, labels))
    return bool(told and now) and not any(is_same_label(text, other) for text in told for other in now)


def renumber(
    name: str,
    targets: Mapping[str, str | None],
    before: Mapping[str, str],
    labels: Mapping[str, str],
    found: Match,
    key: str,
) -> tuple[dict[str, str | None], dict[str, str]]:
    """Return what the codes stand for that are there now, by their labels, and the labels of new ones; note the rest.

    A code that stands for something else now is taken out of the answer that it stood for.

    Parameters
    ----------
    name : str
        The question or the grouping.
    targets : mapping
        What each code stood for.
    before, labels : mapping
        The labels of the codes in the wave before, and now.
    found : Match
        Where differences are noted.
    key : str
        Whose codes they are, as `OF_CODES` has it: groups may be cut short ("Fem"), and items have names of their own.
    """
    moved = dict[str, str]()
    said: dict[str, list[tuple[str, str]]] = {"; ": [], "; so are ": []}
    known = [*before.values()]
    fresh = {code: text for code, text in labels.items() if not any(is_same_label(text, label) for label in known)}
    for code, label in before.items() if labels else ():
        now = [new for new, text in labels.items() if is_same_label(label, text)]
        text = fresh.get(code, "")
        # "Don't know" may be told at more length; "somewhat agree" is another answer than "agree".
        is_longer = targets.get(code, "") in UNLISTED and not is_other_label(label, text)
        is_short = key == "values" and begin_alike(label, text)
        spelt = [new for new, one in fresh.items() if key == "codes" and is_misspelt(one, label)]
        is_here = text and (is_longer or is_short or is_misspelt(text, label))
        if now and code not in now:
            moved[code] = now[0]
            said["; "].append((f"“{label}” has the code {now[0]} and had {code}", f"“{label}” {now[0]} and {code}"))
        elif not now and (is_here or len(spelt) == 1):
            moved[code] = code if is_here else spelt[0]
            found.note(name, f"the answer “{label}” (code {code}) is spelt “{fresh.pop(moved[code])}” now")
        elif not now:
            said["; so are "].append((f"the answer “{label}” (code {code}) is gone", f"“{label}” ({code})"))
    for joint, told in said.items():
        found.note_all(name, told, joint)
    reused = {code for code, text in before.items() if not is_same_label(text, labels.get(code, text))}
    reused -= moved.keys()
    kept = {moved.get(code, code): target for code, target in targets.items() if code not in reused}
    return kept, fresh if before else {}


def begin_alike(label: str, other: str) -> bool:
    """Return whether one of two labels is the beginning of the other."""
    short, long = sorted((strip_label(label), strip_label(other)), key=len)
    return long.startswith(short)


def match_texts(name: str, rules: dict[str, Any], targets: dict[str, str | None], found: Match) -> None:
    """Count texts that the wave before didn't have as other, take out options that nobody names now, and note both.

    In a file of words each is its own label, and lists of options change: what was 82% and is nobody's was renamed.
    """
    source = found.source
    columns, is_scale = rules.get("columns", [rules.get("column")]), rules["encoding"] == "scale"
    cells = sum((source.count_codes(str(column)) for column in columns), Counter[str]())
    texts = match_separator(name, rules, cells, {*targets}, found) if rules.get("separator") else cells
    # A code that nobody mapped stops the check; in a list of words ("2 to 5") "2" is one of them.
    are_codes = all(is_number(code) for code in targets)
    new = {text: count for text, count in texts.items() if text not in targets and not (are_codes and is_number(text))}
    shared = {text: count for text, count in new.items() if count >= least_shared(source)}
    rare = sum(new.values()) - sum(shared.values())
    gone = list[tuple[str, str]]()
    for code in [] if is_scale else [one for one, target in targets.items() if target in found.named]:
        if code not in texts:
            del targets[code]
            gone.append((f"nobody gives the answer “{code}” now, and it is left out of the list", f"“{code}”"))
    found.note_all(name, gone, "; nor ")
    added = list[tuple[str, str]]()
    for text, count in shared.items():
        what = "counts as other until it is mapped"
        if not is_scale:
            what = place_code(name, rules, targets, text, text, found)
        added.append((f"the answer “{text}” is new ({count} people), and {what}", f"“{text}” ({count} people, {what})"))
    found.note_all(name, added, NEW_TOO)
    if UNNAMED_CODES not in targets and (rare or (is_scale and shared)):
        targets[UNNAMED_CODES] = OTHER
        if rare:
            found.note(name, f"{rare} answers that few people share are new, and count as other")


def place_code(
    name: str, rules: Mapping[str, Any], targets: dict[str, str | None], code: str, label: str, found: Match
) -> str:
    """Add a new code to what those of a question or a grouping stand for, and return what became of it.

    What may be an answer of its own or a part of "agree" and "disagree" is for the researcher to place.
    """
    kind, lost, known = found.before.codebook.kinds.get(name), match_answer(label), [*filter(None, targets.values())]
    if "codes" in rules:
        targets[code] = match_listed(label, several=rules["encoding"] != "single")
        if targets[code]:
            return f"counts as {targets[code]}"
        targets[code] = found.add_item(name, label)
        return f"added to the list as {targets[code]}"
    if lost and ("values" in rules or (kind and kind.name == "number")):
        targets[code] = None
        return "counts as not stated"
    if "values" in rules:
        names = [*known, label] if known and all(group[:1].isupper() for group in known) else known
        targets[code] = name_groups({**{group: group for group in known}, code: label}, names)[code]
        return f"a group of its own, {targets[code]}"
    if lost in rules.get("collapse", {}):
        targets[code] = lost
        return f"counts as {lost}"
    if lost or "collapse" not in rules or kind is None or kind.name in KINDS:
        return "not mapped"
    answer = next((one for one, text in kind.labels.items() if is_same_label(text, label)), "")
    answer = answer or Names({*RESERVED, *kind.labels}).give(label, name)
    shown = [one for one in dict.fromkeys(known) if one in kind.labels or (name, one) in found.answers]
    below = [one for one in shown if all(is_below(own, code) for own, target in targets.items() if target == one)]
    found.answers[name, answer] = label, below[-1] if below else ""
    targets[code] = answer
    return f"an answer of its own, {answer}"


def is_below(code: str, other: str) -> bool:
    """Return whether a code comes before another one in a list of answers; what is no number does."""
    return not (is_number(code) and is_number(other)) or float(code) < float(other)


def match_separator(
    name: str, rules: dict[str, Any], cells: Counter[str], known: set[str], found: Match
) -> Counter[str]:
    """Return how often each answer stands in cells of several, and take the mark that parts most of the known ones.

    Another platform, or another export of the same, puts another between them; but none parts words of an answer.
    """
    before = rules["separator"]
    texts = {mark: count_pieces(cells, known, mark) for mark in (before, *(one for one in CELL_MARKS if one.strip()))}
    mark = max(texts, key=lambda one: sum(texts[one][text] for text in known))
    if mark != before:
        found.note(name, f"the answers in a cell are parted by “{mark}” now, and were by “{before}”")
        rules["separator"] = mark
    return texts[mark]


def drop_turned(name: str, columns: dict[str, str], found: Match) -> None:
    """Take columns out of a battery whose labels have other codes than those of its first, and note it."""
    source, (first, *others) = found.source, columns
    codes = {plain_text(label).casefold(): code for code, label in source.value_labels.get(first, {}).items()}
    for column in others:
        for code, label in source.value_labels.get(column, {}).items():
            other = codes.get(plain_text(label).casefold(), code)
            if code != other:
                found.differences.append(
                    f"{column} has other codes than {first} (“{label}” is {code}, not {other}), and is left out of"
                    f" {name}; map it as a question of its own"
                )
                found.ignored.append(column)
                del columns[column]
                break


def turn_ticks(name: str, rules: dict[str, Any], labels: Mapping[str, str], found: Match) -> None:
    """Take from the labels of a column an option which codes are a choice now, where they say that it is another."""
    on = [plain_code(code) for code, label in labels.items() if TICKED.fullmatch(label.strip())]
    off = [plain_code(code) for code, label in labels.items() if UNTICKED.fullmatch(label.strip())]
    if rules.get("encoding") == "columns" and on and off and set(on) != set(rules.get("chosen", [1])):
        found.note(name, f"the code {on[0]} is a choice now, by its label “{labels[str(on[0])]}”")
        rules |= {"chosen": on, "not_chosen": off}


def write_next(
    folder: Path, block: Mapping[str, Any], people: Mapping[str, object], file: Path, added: Sequence[DraftQuestion],
    found: Match,
) -> None:  # fmt: skip
    """Write ``wave.yml`` and ``asked.csv`` of a wave like the one before, for one population, and copy its answers.

    Questions that it adds get their rows in the codebook and a page.
    """
    before, told, population = found.before, found.before.metadata, found.population
    entries = told["populations"][population] | OF_ONE_WAVE | {"base_status": "stated", **people}
    title = re.sub(rf"\b{re.escape(before.wave)}\b", folder.name, str(told["title"]))
    content = told | {
        "id": folder.name,
        "title": title,
        "label": None if is_bare_number(folder.name) else folder.name,
        "baseline": None if is_earlier(folder.name, people, before) else before.wave,
    }
    content |= {"populations": {population: entries}, "responses": {population: block}, "disclosure": UNDISCLOSED}
    asked = read_table(paths.waves() / before.wave / "asked.csv", [])
    asked = asked[asked["population"] == population].assign(same_as="")
    asked.loc[~asked["question_id"].isin(block["questions"]), "source"] = "not_asked"
    for wave in dict.fromkeys(found.again.values()):  # these are told as they were when they were asked
        earlier = read_table(paths.waves() / wave / "asked.csv", [])
        mine = [name for name, own in found.again.items() if own == wave]
        earlier = earlier[(earlier["population"] == population) & earlier["question_id"].isin(mine)]
        asked = pd.concat([asked[~asked["question_id"].isin(mine)], earlier.assign(same_as="")])
    for (question, answer), (_, behind) in found.answers.items():
        offered = (asked["question_id"] == question) & (asked["responses"] != "")
        asked.loc[offered, "responses"] = [
            "|".join(insert_behind(cell.split("|"), answer, behind)) for cell in asked.loc[offered, "responses"]
        ]
    answers = list_answers(added)
    rows = [describe_asked(one, answers.get(one.kind, ()), population=population) for one in added]
    asked = pd.concat([asked, pd.DataFrame(rows)]).fillna("") if rows else asked
    with stage_folder(folder) as stage:
        (stage / "wave.yml").write_text(dump_yaml(content), encoding="utf-8")
        asked.to_csv(stage / "asked.csv", index=False, lineterminator="\n")
        shutil.copyfile(file, stage / str(block["file"]))
        if added:
            add_questions(added, folder.name, groups=bool(block.get("domains")))


def insert_behind(listed: Sequence[str], one: str, behind: str) -> list[str]:
    """Return a list with one more, behind another; first, where that one isn't in it."""
    place = listed.index(behind) + 1 if behind in listed else 0
    return [*listed[:place], one, *listed[place:]]
