"""The next wave of a survey, drafted from the one before: what stands in a new file as it did, and what differs."""

import copy
import math
import re
import shutil
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from itertools import groupby
from pathlib import Path
from typing import Any

import pandas as pd

from surveybook.drafts.carried_rules import carry_over
from surveybook.drafts.chapters import find_names
from surveybook.drafts.codebook_matches import CodebookMatch, match_codebook
from surveybook.drafts.column_reading import read_columns, take_name_off
from surveybook.drafts.labels import match_listed, split_labels
from surveybook.drafts.matches import Match, follow_columns, name_list, name_some
from surveybook.drafts.questionnaires import Questionnaire, lay_over
from surveybook.drafts.questions import draft_questions, try_question
from surveybook.drafts.records import LABEL, DraftQuestion, list_kind_answers, list_rule_columns, open_respondents
from surveybook.drafts.report import (
    NEEDED,
    UNSTATED,
    add_items,
    add_names,
    add_questions,
    add_responses,
    describe_asked,
    dump_yaml,
    write_reading,
)
from surveybook.drafts.roles import Roles, count_unweighted, find_exceptions, find_roles, name_fieldwork
from surveybook.model import paths
from surveybook.model.files import find_fieldwork_end, read_yaml, stage_folder, write_whole
from surveybook.model.kinds import OTHER
from surveybook.model.problems import SurveybookError
from surveybook.model.survey import Survey, is_bare_number
from surveybook.model.tables import read_table
from surveybook.model.wording import list_first
from surveybook.respondents.codes import code_text, split_question_and_option
from surveybook.respondents.files import PREFIX, Respondents, find_format
from surveybook.waves import check_wave_id, open_wave
from surveybook.waves.checks import NOT_KNOWN, UNDISCLOSED

# A file with a smaller part of the columns of the wave before may be one of another survey.
FEW = 0.2
# What holds of one wave alone.
OF_ONE_WAVE = {
    "fieldwork": NOT_KNOWN, "fieldwork_start": None, "fieldwork_end": None, "response_rate": None,
    "design_effect": None, "same_people_as": None, "note": None,
}  # fmt: skip

# A difference: whose it is, and what is said of that. Where that is said of so many, it is told once.
SAID_OF = [
    re.compile(sign)
    for sign in (
        r"(?P<of>.+)(?P<said> is gone)",
        r"(?P<of>[^“(]+( \(.*\))?)(?P<said> is new, and (left out: .*|not mapped.*|drafted as )).*",
        r"(?P<of>\w+)(?P<said>: .*)",
    )
]
MANY = 6
# What tells how people were drawn, beside their weights, which decide what shares are of.
OF_DRAWING = ("strata", "cluster")

# What is said of a publication, which the answers to a later survey aren't.
OF_PUBLICATION = ("published", "source", "publisher", "licence", "licence_note", "not_disclosed")


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
        Whose answers they are; otherwise the only one of that wave, or of those of its that have files of respondents.
    encoding : str, optional
        Of a CSV file that isn't UTF-8.
    questionnaire : Questionnaire, optional
        What the columns of a file without labels mean.

    Raises
    ------
    SurveybookError
        When the wave is there already, or the one before doesn't have such a population.
    DataError
        When the file or the wave before can't be read.
    """
    check_wave_id(wave)
    folder = paths.waves() / wave
    if folder.exists():
        raise SurveybookError(f"{paths.shown(folder)} is there already; choose another id, or go on with that folder.")
    before = open_wave(like)
    blocks = copy.deepcopy(before.metadata.get("responses") or {})
    known = list(before.metadata["populations"])
    population = population or next((one[0] for one in (list(blocks), known) if len(one) == 1), "")
    if population not in known:
        wrong = f"Wave {like} has no answers of '{population}'" if population else "No population is named"
        raise SurveybookError(f"{wrong}. Wave {like} has those of {', '.join(known)}: name one with --population.")
    # Of published shares nobody knows in which columns they stood: all columns are new, and matched by their words.
    block = blocks.get(population, {"questions": {}})
    source = open_respondents(file, encoding, sampled=False)
    doubts: list[str] = []
    if questionnaire:
        source, _, doubts = lay_over(source, questionnaire)
    # What nobody was asked this time may have its column all the same.
    filled = [column for column in source.frame if source.count_codes(column)]
    source = replace(source, frame=source.frame[filled])
    roles = find_roles(read_columns(source, {}))
    found = Match(before, population, source)
    follow_columns(block, roles, found)
    kept = [column for column in found.columns.values() if column]
    if len(kept) < FEW * len(found.columns):
        told = (
            f"{len(kept)} of {len(found.columns)} columns of {like} are in the file: is it one of this survey? Where"
            " columns have other names now, --questionnaire (a CSV of variable, question, answers) tells what each asks"
        )
        found.differences.insert(0, told)
    block = carry_over(block, found)
    # How people were drawn is taken from this file where the wave before doesn't tell it: its intervals rest on that.
    drawn = roles.design if found.is_published else {
        part: column for part, column in roles.design.items()
        if part in OF_DRAWING and part not in block and column in found.new
    }  # fmt: skip
    block |= drawn
    if not found.is_published:
        found.new = [column for column in found.new if column not in drawn.values()]
        found.differences += [f"{column} is new, and taken for the {part}" for part, column in drawn.items()]
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
    is_baseline = is_earlier(wave, people, before) and not before.metadata.get("baseline")
    if is_baseline:
        named = f"{wave} is earlier than {like}, which has it for its baseline now"
        found.differences.append(f"{named}: surveybook build {like} compares the two")
    found.differences[:] = dict.fromkeys([*doubts, *found.differences])
    write_next(folder, block, people, file, added, found)
    add_items(found.added)
    add_responses(found.answers, before.codebook.kinds)
    add_names(find_names([*added, *list_extended(before, found.added)]))
    if is_baseline:
        compare_with(wave, before)
    return join_alike(found.differences)


def join_alike(differences: Sequence[str]) -> list[str]:
    """Return differences with what is said of many columns or questions told once, and the first of them named."""
    parts = {one: next(filter(None, (sign.fullmatch(one) for sign in SAID_OF)), None) for one in differences}
    alike: dict[str, list[str]] = {}
    for found in filter(None, parts.values()):
        alike.setdefault(found["said"], []).append(found["of"])
    told = []
    for one, part in parts.items():
        others = alike[part["said"]] if part else []
        if part is None or len(others) < MANY:
            told.append(one)
        elif part["of"] == others[0]:
            said = part["said"].replace(" is ", " are ", 1)
            told.append(f"{list_first(others)}{said.replace('drafted as ', 'drafted as questions of their own')}")
    return told


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
        follow_columns(older, Roles(), match, are_names_proof=False)
        match.differences.clear()  # what is gone has been so before
        carried = carry_over(older, match)["questions"]
        for name, own in carried.items():
            found.note(name, f"is asked again, as in {wave}: {name_some(list_rule_columns(own), source)}")
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


def draft_added(block: dict[str, Any], found: Match) -> Sequence[DraftQuestion]:
    """Return the questions that columns are which the wave before had nothing of, and add their rules to the file's.

    A column that belongs to a list or a battery of the wave before by its name is no question of its own: it is named.
    """
    source, codebook = found.source, found.before.codebook
    owners = name_owners(block["questions"], source)
    stems = {column: name_list(column, source.labels.get(column), source.frame.columns) for column in found.new}
    parts = {column: own for column, stem in stems.items() if (own := owners.get(stem))}
    said = add_columns(block, parts, found)
    matched = CodebookMatch()

    def take_known(drafted: Sequence[DraftQuestion]) -> Sequence[DraftQuestion]:
        # Of a wave of published shares nobody knows in which columns its questions stood.
        nonlocal matched
        matched = match_codebook(drafted, codebook) if found.is_published else CodebookMatch(left=[*drafted])
        return matched.left

    frame = source.frame[[column for column in found.new if column not in said]]
    questions: Sequence[DraftQuestion] = ()
    left_out, groups = dict[str, str](), dict[str, Mapping[str, object]]()
    if not frame.empty:
        items = codebook.items.reindex([*codebook.items.index, *found.added])
        draft = draft_questions(replace(source, frame=frame), codebook=replace(codebook, items=items), sift=take_known)
        questions, left_out, found.draft = draft.questions, dict(draft.left_out), draft
        known = block.get("domains") or {}
        groups = {name: rules for name, rules in draft.groups.items() if name not in known}
        block["questions"] |= matched.questions | {one.question: dict(one.rules) for one in questions}
        block |= {"domains": {**known, **groups}} if groups else {}
        block |= {"ignore": [*(block.get("ignore") or []), *left_out]} if left_out else {}
        unclear = [f"“{label}” is like nothing there: write its id in place of “?”" for label in matched.unclear]
        found.differences += [*unclear, *draft.doubts]
        said |= dict.fromkeys(draft.design.values(), "tells how people were drawn") if found.is_published else {}
        if (weight := draft.design.get("weight")) and not found.is_published:
            said[weight] = (
                f"is new, and not mapped; it may be the weight: where it is, write weight: {weight} into wave.yml"
            )
    for name, rules in matched.questions.items():
        said |= dict.fromkeys(list_rule_columns(rules), f"is {name}, by its words")
    said |= {column: f"is new, and left out: {why}" for column, why in left_out.items()}
    said |= {str(rules["column"]): f"is new, and taken for the grouping {name}" for name, rules in groups.items()}
    for one in questions:
        said |= dict.fromkeys(one.columns, f"is new, and drafted as {one.question} (“{one.title}”)")
    for what, columns in groupby(found.new, key=lambda column: said.get(column, "is new, and not mapped")):
        found.differences.append(f"{name_some(list(columns), source)} {what}")
    return questions


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
        tried, doubt, people = try_question(
            found.source, DraftQuestion(question, title, kind.name, labels, "", rules=rules, max_choices=told)
        )
        if tried is not None and "excess" in tried.rules:
            rules["excess"] = tried.rules["excess"]
            found.differences.append(f"“{title}” ({people}): {doubt}")


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
        if block["questions"][question].get("encoding") == "choices" and is_answered_alike(column, columns, source):
            columns.append(column)
            said[column] = f"is new, and one more mention of {question}"
            continue
        labels = {one: source.labels.get(one) or one for one in (*columns, column)}
        title, items = split_labels({one: take_name_off(label, one) for one, label in labels.items()})
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
        columns = list_rule_columns(rules)
        stems = {name_list(column, source.labels.get(column), source.frame.columns) for column in columns}
        for stem in stems:
            found.setdefault(stem, set()).add(question if len(columns) > 1 and len(stems) == 1 else "")
    return {stem: own.pop() for stem, own in found.items() if stem and len(own) == 1}


def write_next(
    folder: Path, block: Mapping[str, Any], people: Mapping[str, object], file: Path, added: Sequence[DraftQuestion],
    found: Match,
) -> None:  # fmt: skip
    """Write ``wave.yml`` and ``asked.csv`` of a wave like the one before, for one population, and copy its answers.

    Questions that it adds get their rows in the codebook and a page.
    """
    before, told, population = found.before, found.before.metadata, found.population
    # Who asked whom of a publication's people says nothing of those of another survey.
    unknown = {**dict.fromkeys(NEEDED, NOT_KNOWN), **dict.fromkeys(UNSTATED)} if found.is_published else {}
    entries = told["populations"][population] | unknown | OF_ONE_WAVE | {"base_status": "stated", **people}
    title = re.sub(rf"\b{re.escape(before.wave)}\b", folder.name, str(told["title"]))
    content = {key: value for key, value in told.items() if not (found.is_published and key in OF_PUBLICATION)} | {
        "id": folder.name,
        "title": title,
        "label": None if is_bare_number(folder.name) else folder.name,
        # All that came before, so that the third wave has a series.
        "baseline": None
        if is_earlier(folder.name, people, before)
        else ", ".join(filter(None, (told.get("baseline"), before.wave))),
    }
    content |= {"populations": {population: entries}, "responses": {population: block}, "disclosure": UNDISCLOSED}
    asked = read_table(paths.waves() / before.wave / "asked.csv", [])
    # How a limit was found, and what else is noted, is of the publication too.
    emptied = ("same_as", *(("max_choices_source", "note", "universe", "mode") if found.is_published else ()))
    asked = asked[asked["population"] == population].assign(**dict.fromkeys(emptied, ""))
    is_asked = asked["question_id"].isin(block["questions"])
    asked.loc[is_asked, "source"], asked.loc[~is_asked, "source"] = "responses", "not_asked"
    if found.is_published:
        asked.loc[is_asked, "wording"] = [word_question(block["questions"][name], found.source)
                                          for name in asked.loc[is_asked, "question_id"]]  # fmt: skip
        asked.loc[is_asked, "wording_source"] = LABEL
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
    answers = list_kind_answers(added)
    rows = [describe_asked(one, answers.get(one.kind, ()), population=population) for one in added]
    asked = pd.concat([asked, pd.DataFrame(rows)]).fillna("") if rows else asked
    with stage_folder(folder) as stage:
        (stage / "wave.yml").write_text(dump_yaml(content), encoding="utf-8")
        asked.to_csv(stage / "asked.csv", index=False, lineterminator="\n")
        shutil.copyfile(file, stage / str(block["file"]))
        if found.differences:
            reading = write_reading(found.draft, file.name, found.differences, before.wave)
            (stage / "reading.md").write_text(reading, encoding="utf-8")
        if added:
            add_questions(added, folder.name, groups=bool(block.get("domains")))


def word_question(rules: Mapping[str, Any], source: Respondents) -> str:
    """Return what the labels of a question's columns ask: what they share, or else the first of them."""
    title, items = split_labels({column: source.labels.get(column) or column for column in list_rule_columns(rules)})
    return title or next(iter(items.values()))


def insert_behind(listed: Sequence[str], one: str, behind: str) -> list[str]:
    """Return a list with one more, behind another; first, where that one isn't in it."""
    place = listed.index(behind) + 1 if behind in listed else 0
    return [*listed[:place], one, *listed[place:]]
