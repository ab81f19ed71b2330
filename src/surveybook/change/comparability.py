"""Whether two waves may be compared: derived, part by part, from what each question and group is made of in both.

A part that differs so that the figures stand for something else makes a question not comparable; one that may move
answers without making them other answers, or that one of the waves doesn't state, calls for caution. Nobody has to
declare that a question is the same, and nobody can by a name; a person may overrule what is found here, in writing
(``same_as`` and ``note`` in ``asked.csv``), and the reason is printed.
"""

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import pandas as pd

from surveybook.change.likeness import LIKE, OTHER, SAME, compare_labels, compare_texts, drop_number, simplify
from surveybook.change.plausibility import find_implausible
from surveybook.model.kinds import OTHER as OTHER_ANSWER
from surveybook.model.survey import Survey, label_of
from surveybook.model.wording import count, in_sentence, listing
from surveybook.respondents.codes import UNSURE
from surveybook.respondents.mapping import DONT_KNOW
from surveybook.waves.definitions import UNLIMITED, Definition, define_groups, define_question

COMPARABLE, CAUTION, NOT_COMPARABLE = "comparable", "with caution", "not comparable"
# Where these differ, figures stand for something else; `{now}` and `{before}` are what the waves state.
DECIDING = {
    "universe": ("it was put to “{now}”, not to “{before}”", "who was asked it"),
    "base": ("a share is of those who “{now}”, not of those who “{before}”", "whom a share is of"),
    "dont_know": ("whether “don’t know” counts: {now}, not {before}", "whether “don’t know” counts"),
    "none": ("“none of these” is {now}, not {before}", "whether “none of these” is an answer"),
}
# Where these differ, people may answer otherwise to the same question.
TELLING = {
    "wording": ("it was asked as “{now}”, not as “{before}”", "its wording"),
    "mode": ("the mode of asking is {now} and was {before}", "how people were asked"),
}


@dataclass(frozen=True)
class Comparability:
    """Whether one question of one population may be compared between two waves.

    Attributes
    ----------
    population, question_id, title : str
        Who was asked what.
    status : str
        `COMPARABLE`, `CAUTION` or `NOT_COMPARABLE`.
    reason : str
        Why it isn't simply comparable, as a clause; empty where it is.
    only_in : str
        The id of the wave that alone asked; empty where both did.
    implausible : bool
        Whether the figures moved by more than such answers do, which nobody has confirmed.
    """

    population: str
    question_id: str
    title: str
    status: str
    reason: str = ""
    only_in: str = ""
    implausible: bool = False

    @property
    def allows_tests(self) -> bool:
        """Whether a change may be tested."""
        return self.status != NOT_COMPARABLE


def judge_questions(survey: Survey, baseline: Survey) -> Iterator[Comparability]:
    """Yield for each population and question that either of two waves asked whether they may be compared.

    Parameters
    ----------
    survey, baseline : Survey
        The wave, and the earlier one.

    Yields
    ------
    Comparability
        In the codebook's order. All reasons are given, not the first alone.
    """
    rows, codebook = (survey.asked_rows, baseline.asked_rows), survey.codebook
    moved = find_implausible(survey, baseline)
    for question, title in codebook.questions["title"].items():
        for population in codebook.populations.index:
            pair = (str(population), str(question))
            there = [pair in asked for asked in rows]
            if all(there):
                yield judge_question(survey, baseline, *pair, str(title), moved.get(pair, ()))
            elif any(there):
                asked, silent = (survey, baseline) if there[0] else (baseline, survey)
                reason = f"{label_of(silent)} did not ask it"
                yield Comparability(*pair, str(title), NOT_COMPARABLE, reason, only_in=asked.wave)


def judge_question(
    survey: Survey, baseline: Survey, population: str, question: str, title: str, moved: Sequence[str] = ()
) -> Comparability:
    """Return whether one question that both waves put to a population may be compared.

    `moved` says which of its answers moved by more than such answers do.
    """
    now, before = (define_question(wave, population, question) for wave in (survey, baseline))
    names = label_of(survey), label_of(baseline)
    obstacles, cautions = compare_definitions(now, before, names, survey.codebook.items["short_label"])
    obstacles += find_shared_people(survey, baseline, population)
    cautions += find_volunteers(now, before, names)
    cautions += find_other_people(survey, baseline, population, now, before)
    doubted = f"{'; '.join(moved[:2])}, which is more than such answers move by and which nobody has confirmed"
    implausible = [doubted] if moved and not obstacles else []
    reasons = obstacles or implausible or cautions
    status = NOT_COMPARABLE if obstacles or implausible else CAUTION if cautions else COMPARABLE
    own = survey.asked_rows[population, question]
    if baseline.wave in [name.strip() for name in str(own.get("same_as") or "").split("|")] and reasons:
        # What a person confirms in writing is compared, and said.
        kept = f"{'; '.join(reasons)}; it is compared all the same, because {in_sentence(str(own['note'])).rstrip('.')}"
        return Comparability(population, question, title, CAUTION, kept)
    return Comparability(population, question, title, status, "; ".join(reasons), implausible=bool(implausible))


def compare_definitions(
    now: Definition, before: Definition, names: tuple[str, str], labels: Mapping[str, str]
) -> tuple[list[str], list[str]]:
    """Return what makes two definitions of a question another question, and what calls for caution, as clauses."""
    obstacles: list[str] = []
    cautions: list[str] = []
    unstated: dict[str, list[str]] = {name: [] for name in reversed(names)}
    for parts, differing in ((DECIDING, obstacles), (TELLING, cautions)):
        for part, (words, subject) in parts.items():
            values = now[part], before[part]
            plain = [simplify(drop_number(value) if part == "wording" else value) for value in values]
            if all(values) and plain[0] != plain[1]:
                differing.append(words.format(now=values[0], before=values[1]))
            elif any(values) and not all(values):
                unstated[names[bool(values[0])]].append(subject)
    units = [one.get("unit") for one in (now, before)]
    if all(units) and simplify(units[0]) != simplify(units[1]):
        obstacles.append(f"its numbers are “{units[0]}”, and were “{units[1]}”")
    elif any(units) and not all(units):
        unstated[names[bool(units[0])]].append("what its numbers count")
    for found, certain in (
        *_compare_choices(now, before),
        *_compare_items(now, before, labels),
        *_compare_codes(now, before, labels),
        *_compare_columns(now, before),
    ):
        (obstacles if certain else cautions).append(found)
    stated = {"how many answers people could choose": [bool(one["choices"]) for one in (now, before)]}
    if now["items"] is None and now["answers"] and before["answers"]:
        stated["what its answers are made of"] = [_is_made(one) for one in (now, before)]
    for subject, waves in stated.items():
        if any(waves) and not all(waves):
            unstated[names[waves[0]]].append(subject)
    told = [f"{name} does not state {_list_either(subjects)}" for name, subjects in unstated.items() if subjects]
    return obstacles, [*told, *cautions]


def list_deciding_parts(definition: Definition) -> list[str]:
    """Return what has to be the same in two waves, as texts to compare one by one; empty where it isn't stated.

    For the explorer, which sets waves beside each other where none of this code runs.
    """
    made = {
        answer: sorted(str(label or code) for code, label in own.items())
        for answer, own in (definition["answers"] or {}).items()
    }
    answers = json.dumps(made, sort_keys=True, ensure_ascii=False) if any(made.values()) else ""
    items = "|".join(sorted(definition["items"] or ()))
    plain = [simplify(definition[part]) for part in ("choices", *DECIDING)]
    return [*plain, items.casefold(), answers.casefold()]


def _is_made(definition: Definition) -> bool:
    """Return whether a definition says which codes or answers make up each of its answers."""
    return any((definition["answers"] or {}).values())


def _list_either(subjects: list[str]) -> str:
    """Return subjects as a list of alternatives: 'a, b or c'."""
    return f"{', '.join(subjects[:-1])} or {subjects[-1]}" if len(subjects) > 1 else subjects[0]


def _compare_choices(now: Definition, before: Definition) -> Iterator[tuple[str, bool]]:
    """Yield what differs in the number of answers that people could choose, and whether it decides."""
    values = now["choices"], before["choices"]
    shown = ["as many as they liked" if one == UNLIMITED else count(one) if one else "" for one in values]
    if all(values) and values[0] != values[1]:
        yield f"people could choose {shown[0]}, not {shown[1]}", True
    elif now["is_several"] and not any(values):
        yield "neither survey states how many answers people could choose", False


def _compare_items(now: Definition, before: Definition, labels: Mapping[str, str]) -> Iterator[tuple[str, bool]]:
    """Yield what was added to a list to choose from, and what was dropped from it."""
    here, there = now["items"] or {}, before["items"] or {}
    changed = {
        "gained": [item for item in here if item not in there],
        "lost": [item for item in there if item not in here],
    }
    for what, items in changed.items():
        if items and here and there:
            named = listing(in_sentence(str(labels.get(item, item))) for item in items)
            yield f"the list of items has {what} {named}", True
    offered = [OTHER_ANSWER in {**(one["answers"] or {}), **(one["columns"] or {})} for one in (now, before)]
    if here and there and bool(now["columns"]) and bool(before["columns"]) and offered[0] != offered[1]:
        does, did = ("offers", "did not") if offered[0] else ("does not offer", "did")
        yield f"the list {does} “other”, and {did} before", False


def _compare_codes(now: Definition, before: Definition, labels: Mapping[str, str]) -> Iterator[tuple[str, bool]]:
    """Yield which answers there are in one wave alone, and which are made of other codes or labels."""
    here, there = now["answers"] or {}, before["answers"] or {}
    # What is mapped and has no figure, such as "neither", is known of files of respondents alone.
    alike = bool(now["columns"]) == bool(before["columns"])
    sets = [[name for name in one if alike or name in now["responses"]] for one in (here, there)]
    # The codes of a list stand for its items, and these are compared by themselves.
    listed = now["items"] is not None and bool(now["columns"] or before["columns"])
    if not listed and all(sets) and set(sets[0]) != set(sets[1]):
        named = [listing(map(_spell_answer, answers)) for answers in sets]
        yield f"the answers were {named[0]}, not {named[1]}", True
        return
    recoded = []
    for answer in (answer for answer in here if here[answer] and there.get(answer)):
        called = in_sentence(str(labels.get(answer, _spell_answer(answer))))
        made = here[answer], there[answer]
        codes, texts = [list(one) for one in made], [[str(label) for label in one.values()] for one in made]
        if not all(all(one.values()) for one in made):
            if len(codes[0]) != len(codes[1]):
                yield f"“{called}” is made of the codes {listing(codes[0])}, not of {listing(codes[1])}", True
            elif _plain_codes(codes[0]) != _plain_codes(codes[1]):
                recoded.append(f"“{called}” has {listing(codes[0])}, not {listing(codes[1])}")
            continue
        likeness = compare_labels(*made)
        if likeness == OTHER:
            unsure = answer == DONT_KNOW and all(UNSURE.search(text) for one in texts for text in one)
            yield f"“{called}” is made of {_quote(texts[0])}, not of {_quote(texts[1])}", not unsure
        elif likeness == LIKE:
            yield f"“{called}” is spelt {_quote(texts[0])}, and was {_quote(texts[1])}", False
        elif _plain_codes(codes[0]) != _plain_codes(codes[1]):
            recoded.append(f"“{called}” has {listing(codes[0])}, not {listing(codes[1])}, under the same label")
    if recoded:
        yield f"codes are others than they were: {'; '.join(recoded)}", False


def _plain_codes(codes: Sequence[str]) -> set[str]:
    """Return codes as they are compared: words without capitals, spaces and the like; numbers as they stand."""
    return {simplify(code) if any(map(str.isalpha, code)) else code for code in codes}


def _spell_answer(answer: str) -> str:
    """Return an answer's id as words."""
    return "don’t know" if answer == DONT_KNOW else answer.replace("_", " ")


def _quote(texts: list[str]) -> str:
    """Return labels as a list in quotation marks."""
    return listing(f"“{text}”" for text in texts)


def _compare_columns(now: Definition, before: Definition) -> Iterator[tuple[str, bool]]:
    """Yield which columns hold another question than they did, by the labels that the files give them."""
    if not now["columns"] or not before["columns"]:
        return
    for item, own in now["columns"].items():
        texts = [[label for label in columns.values() if label] for columns in (own, before["columns"].get(item, {}))]
        if all(texts):
            likeness = compare_texts(*([drop_number(label) for label in labels] for labels in texts))
            if likeness != SAME:
                what = f"the file calls it {_quote(texts[0][:1])}, and called it {_quote(texts[1][:1])}"
                yield what, likeness != LIKE
    routed = [sorted(code for codes in one["routing"].values() for code in codes) for one in (now, before)]
    if routed[0] != routed[1]:
        shown = [f"those with {listing(codes)}" if codes else "everybody" for codes in routed]
        yield f"it was put to {shown[0]}, not to {shown[1]}", True
    if now["encoding"] != before["encoding"]:
        yield f"answers were recorded as {now['encoding']}, not as {before['encoding']}", False


def find_volunteers(now: Definition, before: Definition, names: tuple[str, str]) -> list[str]:
    """Return that people weren't drawn at random: chance is then not all that can part two waves."""
    waves = [name for name, one in ((names[1], before), (names[0], now)) if one["drawn"] != "at random"]
    if not waves:
        return []
    return [f"{listing(waves)} did not draw people at random, and intervals leave out who chose to take part"]


def find_other_people(
    survey: Survey, baseline: Survey, population: str, now: Definition, before: Definition
) -> list[str]:
    """Return in what the waves say of a whole population that they differ, where a question's own parts don't tell."""
    found = []
    for part, words in (("universe", DECIDING["universe"][0]), ("mode", TELLING["mode"][0])):
        stated = [
            str(wave.metadata.get("populations", {}).get(population, {}).get(part) or "") for wave in (survey, baseline)
        ]
        parted = all((now[part], before[part])) and simplify(now[part]) != simplify(before[part])
        if all(stated) and simplify(stated[0]) != simplify(stated[1]) and not parted:
            found.append(f"by wave.yml {words.format(now=stated[0], before=stated[1])}")
    return found


def find_shared_people(survey: Survey, baseline: Survey, population: str) -> list[str]:
    """Return that the waves share respondents: a test for independent samples would be wrong."""
    for wave, other in ((survey, baseline), (baseline, survey)):
        shared = wave.metadata.get("populations", {}).get(population, {}).get("same_people_as") or []
        if other.wave in [str(name) for name in (shared if isinstance(shared, list) else [shared])]:
            return ["the same people answered in both surveys, so that the samples aren't independent"]
    return []


def judge_groups(survey: Survey, baseline: Survey) -> pd.DataFrame:
    """Return for each group that both waves have figures of whether it is made of the same people.

    Returns
    -------
    pandas.DataFrame
        ``population``, ``domain``, ``status`` and ``reason``: not comparable where codes, labels or ends of a range
        differ; with caution where one wave alone states what the group is made of, or it is taken from another column.
    """
    names, rows = (label_of(survey), label_of(baseline)), []
    for population in survey.codebook.populations.index:
        here, there = (define_groups(wave, str(population)) for wave in (survey, baseline))
        for variable in (variable for variable in here if variable in there):
            for group in (group for group in here[variable] if group in there[variable]):
                own, earlier = here[variable][group], there[variable][group]
                status, reason = COMPARABLE, ""
                if (own is None) != (earlier is None):
                    silent = names[own is not None]
                    status, reason = CAUTION, f"{silent} does not state how the group is made"
                elif own is not None and not _is_same_group(own, earlier):
                    status = NOT_COMPARABLE
                    reason = f"the group {variable} “{group}” is {_say_group(own)}, and was {_say_group(earlier)}"
                elif own is not None and (apart := _tell_columns_apart(own, earlier)):
                    status, reason = CAUTION, f"the group {variable} “{group}” is taken from {apart}"
                rows.append((str(population), f"{variable}={group}", status, reason))
    return pd.DataFrame(rows, columns=["population", "domain", "status", "reason"])


def _is_same_group(now: Mapping[str, Any], before: Mapping[str, Any]) -> bool:
    """Return whether two groups are made of the same people: by the labels of their codes where both have them."""
    if now["range"] != before["range"]:
        return False
    made = now["codes"], before["codes"]
    if all(made) and all(all(one.values()) for one in made):
        return compare_labels(*made) in (SAME, LIKE)
    return set(made[0]) == set(made[1])


def _tell_columns_apart(now: Mapping[str, Any], before: Mapping[str, Any]) -> str:
    """Return from which other column a group is taken, as a clause; empty where it needn't be another.

    Columns are told by their labels, or else by their names. Releases of before columns were recorded have neither.
    """
    (name, label), (old, was) = (next(iter((one.get("column") or {"": None}).items())) for one in (now, before))
    if label and was:
        return f"“{label}”, and was from “{was}”" if compare_texts([label], [was]) == OTHER else ""
    return f"the column {name}, and was from {old}" if name and old and name != old else ""


def _say_group(group: Mapping[str, Any]) -> str:
    """Return what a group is made of: codes with their labels, a range, or both."""
    codes = [f"{code} ({label})" if label else str(code) for code, label in group["codes"].items()]
    if group["range"] is not None:
        low, high = ("" if end is None else f"{end:g}" for end in group["range"])
        codes.append(f"{low} to {high}" if low and high else f"{low} and over" if low else f"up to {high}")
    return listing(codes)
