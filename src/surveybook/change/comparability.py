"""Whether two waves may be compared: derived, part by part, from what each question and group is made of in both.

A part that differs so that the figures stand for something else makes a question not comparable; one that may move
answers without making them other answers, or that one of the waves doesn't state, calls for caution. Nobody has to
declare that a question is the same, and nobody can by a name; a person may overrule what is found here, in writing
(``same_as`` and ``note`` in ``asked.csv``), and the reason is printed.

Where nothing but the figures can show it, changes larger than such answers move by are more often a wrong code than
news, so that a person has to confirm them.
"""

import json
import re
import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations
from typing import Any

import numpy as np
import pandas as pd

from surveybook.model.codebook import Codebook
from surveybook.model.kinds import OTHER as OTHER_ANSWER
from surveybook.model.survey import Survey, label_of
from surveybook.model.wording import count, in_sentence, listing, per_cent
from surveybook.respondents.codes import REFUSED, UNSURE, is_misspelt, split_question_and_option
from surveybook.respondents.mapping import DONT_KNOW, NO_ANSWER, list_uncounted
from surveybook.waves.release import UNLIMITED, Definition, define_groups, define_question

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
# Of numbers that people gave, and of lists, what decides beside all that.
COUNTING = {
    "unit": ("its numbers are “{now}”, and were “{before}”", "what its numbers count"),
    "choices": ("people could choose {now}, not {before}", "how many answers people could choose"),
}
PARTS = {**DECIDING, **TELLING, **COUNTING}

# Of answers that are made of others as many are told, the rest by their number.
MOST_SHOWN = 2

# How alike two texts of labels are.
SAME, LIKE, OTHER = "same", "like", "other"

# A question's number before its text: "Q5. ", "QA1_b: ", "12) ", "Q7 - ", and "Q12 " before a capital.
QUESTION_NUMBER = re.compile(
    r"\A\s*\[?(?:(?:[A-Za-z]{1,3}[ _-]?)?\d+[A-Za-z]?(?:[._]\w{1,3})*\]?(?:\s*[.:)\]]\s*|\s+[-–—]\s+)"
    r"|[A-Z]{1,2}\d+[a-z]?\s+(?=[A-Z]))(?=\S)"
)

# Where the part of people who are in a base differs by more, it may have been put to others.
LARGEST_DIFFERENCE = 0.25
KEY = ["population", "question_id", "item_id", "response"]
Shares = dict[str, tuple[float, float]]
# A share that moves this far from one wave to the next, as a share.
LARGEST_CHANGE = 0.40
# A share that was at least this and is nought has lost its code.
LEAST_LOST = 0.05
NOUGHT = 0.0005
# Two answers that change places have each come so near to where the other was, and were so far apart.
EXCHANGED_WITHIN = 0.10
LEAST_APART = 0.20
# Where they have moved by this much at least, so near is no accident, unless one is all that the other leaves.
MOVED, MOVED_WITHIN = 0.10, 0.04
NEARLY_ALL = 0.9
# An order of so many items turns round where their ranks are as far from the old ones as this correlation.
FEWEST_RANKED = 4
TURNED_ROUND = -0.8
LEAST_SPREAD = 0.15


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
    found = list(_list_differences(survey, baseline, population, question))
    obstacles, cautions = ([clause for clause, decides in found if decides is wanted] for wanted in (True, False))
    implausible = bool(moved and not obstacles)
    doubted = f"{'; '.join(moved[:2])}, which is more than such answers move by and which nobody has confirmed"
    reasons = [doubted] if implausible else obstacles or cautions
    status = NOT_COMPARABLE if obstacles or implausible else CAUTION if cautions else COMPARABLE
    own = survey.asked_rows[population, question]
    if baseline.wave in [name.strip() for name in str(own.get("same_as") or "").split("|")] and reasons:
        # What a person confirms in writing is compared, and said.
        kept = f"{'; '.join(reasons)}; it is compared all the same, because {in_sentence(str(own['note'])).rstrip('.')}"
        return Comparability(population, question, title, CAUTION, kept)
    return Comparability(population, question, title, status, "; ".join(reasons), implausible=implausible)


def _list_differences(survey: Survey, baseline: Survey, population: str, question: str) -> Iterator[tuple[str, bool]]:
    """Yield in what a question of two waves differs, as clauses, and whether that makes it another question.

    What doesn't decide calls for caution: it may move answers, or one of the waves doesn't state it.
    """
    now, before = (define_question(wave, population, question) for wave in (survey, baseline))
    names, labels = (label_of(survey), label_of(baseline)), survey.codebook.items["short_label"]
    yield from _find_unstated(now, before, names)
    for part, (words, _) in PARTS.items():
        if _is_other(part, now, before):
            yield words.format(now=_say(now[part]), before=_say(before[part])), part not in TELLING
    if now["is_several"] and not (now["choices"] or before["choices"]):
        yield "neither survey states how many answers people could choose", False
    yield from _compare_items(now, before, labels)
    yield from _compare_codes(now, before, labels)
    yield from _compare_ends(now, before)
    yield from _compare_columns(now, before)
    yield from _compare_people(survey, baseline, population, now, before)
    yield from _compare_answering(survey, baseline, population, question)


def _is_other(part: str, now: Mapping[str, Any], before: Mapping[str, Any]) -> bool:
    """Return whether two waves state a part, and not the same."""
    values = [one.get(part) for one in (now, before)]
    plain = [simplify(drop_number(value) if part == "wording" else value) for value in values]
    return all(values) and plain[0] != plain[1]


def _say(value: Any) -> str:
    """Return what a wave states as it is told: numbers of choices in words."""
    return "as many as they liked" if value == UNLIMITED else count(value) if isinstance(value, int) else str(value)


def _find_unstated(now: Definition, before: Definition, names: tuple[str, str]) -> Iterator[tuple[str, bool]]:
    """Yield what one of two waves alone states."""
    stated = [(subject, bool(now.get(part)), bool(before.get(part))) for part, (_, subject) in PARTS.items()]
    if now["items"] is None and now["answers"] and before["answers"]:
        made = [any(one["answers"].values()) for one in (now, before)]
        stated.append(("what its answers are made of", made[0], made[1]))
    for place in (1, 0):
        subjects = [subject for subject, *told in stated if any(told) and not told[place]]
        if subjects:
            either = f"{', '.join(subjects[:-1])} or {subjects[-1]}" if len(subjects) > 1 else subjects[0]
            yield f"{names[place]} does not state {either}", False


def list_deciding_parts(definition: Definition) -> list[str]:
    """Return what has to be the same in two waves, as texts to compare one by one; empty where it isn't stated.

    For the explorer, which sets waves beside each other where none of this code runs.
    """
    made = {
        answer: sorted(str(label or code) for code, label in own.items())
        for answer, own in (definition["answers"] or {}).items() if answer != NO_ANSWER
    }  # fmt: skip
    answers = json.dumps(made, sort_keys=True, ensure_ascii=False) if any(made.values()) else ""
    items = "|".join(sorted(definition["items"] or ()))
    plain = [simplify(definition[part]) for part in ("choices", *DECIDING)]
    return [*plain, items.casefold(), answers.casefold()]


def _compare_items(now: Definition, before: Definition, labels: Mapping[str, str]) -> Iterator[tuple[str, bool]]:
    """Yield what was added to a list to choose from, and what was dropped from it."""
    here, there = now["items"] or {}, before["items"] or {}
    for what, items in (("gained", [*here.keys() - there.keys()]), ("lost", [*there.keys() - here.keys()])):
        if items and here and there:
            named = (in_sentence(str(labels.get(item, item))) for item in [*here, *there] if item in items)
            yield f"the list of items has {what} {listing(named)}", True
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
    if not listed and all(sets) and (alone := {*sets[0]} ^ {*sets[1]}):
        for one, survey in zip(sets, ("this", "the other"), strict=True):
            if names := [_spell_answer(name) for name in one if name in alone]:
                are = "is an answer" if len(names) == 1 else "are answers"
                yield f"{_quote(names)} {are} in {survey} survey alone", alone != {NO_ANSWER}
        if alone != {NO_ANSWER}:
            return
    # Further codes for no answer leave shares what they are, unless they stood for an answer in the other survey.
    none = list_uncounted(now) & list_uncounted(before)
    given, was = (
        {simplify(text): (name in none, text) for name, own in one.items() for text in filter(None, own.values())}
        for one in (here, there)
    )
    if moved := [given[text][1] for text in given.keys() & was if given[text][0] != was[text][0]]:
        yield f"{_quote(sorted(moved))} counted as an answer in one survey alone", True
    recoded, other = [], list[tuple[str, bool]]()
    for answer in (answer for answer in here if here[answer] and there.get(answer)):
        called = in_sentence(str(labels.get(answer, _spell_answer(answer))))
        made, decides = (here[answer], there[answer]), answer != NO_ANSWER
        codes, texts = [list(one) for one in made], [[str(label) for label in one.values()] for one in made]
        is_labelled = all(all(one.values()) for one in made)
        likeness = compare_labels(*made) if is_labelled else SAME
        if not is_labelled and len(codes[0]) != len(codes[1]):
            yield f"“{called}” is made of the codes {listing(codes[0])}, not of {listing(codes[1])}", decides
        elif likeness == OTHER:
            decides &= answer != DONT_KNOW or not all(UNSURE.search(text) for one in texts for text in one)
            other.append((f"“{called}” is made of {_quote(texts[0])}, not of {_quote(texts[1])}", decides))
        elif likeness == LIKE:
            yield f"“{called}” is spelt {_quote(texts[0])}, and was {_quote(texts[1])}", False
        elif _plain_codes(codes[0]) != _plain_codes(codes[1]):
            same = ", under the same label" if is_labelled else ""
            recoded.append(f"“{called}” has {listing(codes[0])}, not {listing(codes[1])}{same}")
    # A list in other words differs in all its answers: two show how, and the rest is as it is.
    kept = sorted(other, key=lambda one: not one[1])[:MOST_SHOWN]
    more = len(other) - len(kept)
    if kept and more:
        kept[-1] = (f"{kept[-1][0]} (and so with {count(more)} more answer{'s' if more > 1 else ''})", kept[-1][1])
    yield from kept
    if recoded:
        yield f"codes are others than they were: {'; '.join(recoded)}", False


def _compare_ends(now: Definition, before: Definition) -> Iterator[tuple[str, bool]]:
    """Yield which numbers that people gave stand for something else by their labels, as those of a turned scale do."""
    here, there = (one.get("labels") or {} if one["kind"] == "number" else {} for one in (now, before))
    told = [(code, here[code], there[code]) for code in here if code in there and not UNSURE.search(here[code])]
    if other := [one for one in told if not REFUSED.search(one[1]) and compare_texts(*([x] for x in one[1:])) == OTHER]:
        yield listing(f"{code} is “{label}”, and was “{was}”" for code, label, was in other), True


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
    renamed: dict[bool, list[str]] = {}
    for item, own in now["columns"].items():
        texts = [_tell_columns(columns) for columns in (own, before["columns"].get(item, {}))]
        if all(texts):
            likeness = compare_texts(*([drop_number(label) for label in labels] for labels in texts))
            if likeness != SAME:
                what = f"the label in the file is {_quote(texts[0][:1])}, and was {_quote(texts[1][:1])}"
                renamed.setdefault(likeness != LIKE, []).append(what)
    # A battery whose labels were written anew differs in all of them: the first shows how.
    for is_other, (what, *more) in renamed.items():
        yield f"{what}{f' ({count(len(more))} more labels differ too)' if more else ''}", is_other
    routed = [sorted(code for codes in one["routing"].values() for code in codes) for one in (now, before)]
    if routed[0] != routed[1]:
        shown = [f"those with {listing(codes)}" if codes else "everybody" for codes in routed]
        yield f"it was put to {shown[0]}, not to {shown[1]}", True
    if now["encoding"] != before["encoding"]:
        yield f"answers were recorded as {now['encoding']}, not as {before['encoding']}", False


def _tell_columns(columns: Mapping[str, Any]) -> list[str]:
    """Return what a file calls columns by their labels, with the question of one that is labelled by its option."""
    told = {label: split_question_and_option(str(column), label)[0] for column, label in columns.items() if label}
    return [f"{question}: {label}" if question else label for label, question in told.items()]


def _compare_people(
    survey: Survey, baseline: Survey, population: str, now: Definition, before: Definition
) -> Iterator[tuple[str, bool]]:
    """Yield what parts those who were asked: some are the same people, weren't drawn at random, or described otherwise.

    Samples that share people aren't independent, as tests take them to be; and where people weren't drawn at random,
    chance isn't all that can part two waves. What is said of a whole population counts where a question's own parts
    don't tell.
    """
    told = [wave.metadata.get("populations", {}).get(population, {}) for wave in (survey, baseline)]
    shared = [one.get("same_people_as") or [] for one in told]
    named = [[str(name) for name in (one if isinstance(one, list) else [one])] for one in shared]
    if baseline.wave in named[0] or survey.wave in named[1]:
        yield "the same people answered in both surveys, so that the samples aren't independent", True
    chosen = [label_of(wave) for wave, one in ((baseline, before), (survey, now)) if one["drawn"] != "at random"]
    if chosen:
        yield f"{listing(chosen)} did not draw people at random, and intervals leave out who chose to take part", False
    for part in ("universe", "mode"):
        if _is_other(part, *told) and not _is_other(part, now, before):
            yield f"by wave.yml {PARTS[part][0].format(now=told[0][part], before=told[1][part])}", False


def _compare_answering(survey: Survey, baseline: Survey, population: str, question: str) -> Iterator[tuple[str, bool]]:
    """Yield that many more or fewer people are in a question's base, or that one wave alone is weighted.

    Files of respondents tell both, and no file says that a question was put to some alone.
    """
    told = [wave.metadata.get("responses", {}).get(population) for wave in (survey, baseline)]
    if not all(told) or not all(wave.recording_of(population, question) for wave in (survey, baseline)):
        return
    weighted = [any(one.get(part) for part in ("weight", "replicates")) for one in told]
    if weighted[0] != weighted[1]:
        names = label_of(survey), label_of(baseline)
        yield f"{names[weighted[1]]} is weighted, and {names[weighted[0]]} is not", False
    parts = [_find_part_answering(wave, population, question) for wave in (survey, baseline)]
    if abs(parts[0] - parts[1]) > LARGEST_DIFFERENCE:
        yield f"its base is {per_cent(parts[0])} of the people who took part, and was {per_cent(parts[1])}", False


def _find_part_answering(survey: Survey, population: str, question: str) -> float:
    """Return which part of a wave's respondents a question's figures rest on; NaN where nobody knows."""
    rows = survey.estimates
    rows = rows[(rows["population"] == population) & (rows["question_id"] == question) & (rows["domain"] == "")]
    size = survey.metadata["populations"][population].get("sample_size")
    return float(rows["base"].max() / size) if size and len(rows) else float("nan")


def judge_groups(survey: Survey, baseline: Survey) -> pd.DataFrame:
    """Return for each group that both waves have figures of whether it is made of the same people.

    Returns
    -------
    pandas.DataFrame
        ``population``, ``domain``, ``status`` and ``reason``: not comparable where codes, labels or ends of a range
        differ; with caution where one wave alone states what the group is made of, or it is taken from another column.
    """
    rows = []
    for population in map(str, survey.codebook.populations.index):
        here, there = (define_groups(wave, population) for wave in (survey, baseline))
        for variable, group in ((name, one) for name, groups in here.items() for one in groups):
            if group in there.get(variable, {}):
                made = here[variable][group], there[variable][group]
                told = _judge_group(*made, f"the group {variable} “{group}”", (label_of(survey), label_of(baseline)))
                rows.append((population, f"{variable}={group}", *told))
    return pd.DataFrame(rows, columns=["population", "domain", "status", "reason"])


def _judge_group(now: Any, before: Any, called: str, names: tuple[str, str]) -> tuple[str, str]:
    """Return whether a group may be compared, and why it isn't simply comparable."""
    if now is None and before is None:
        return COMPARABLE, ""
    if now is None or before is None:
        return CAUTION, f"{names[now is not None]} does not state how the group is made"
    if not _is_same_group(now, before):
        return NOT_COMPARABLE, f"{called} is {_say_group(now)}, and was {_say_group(before)}"
    apart = _tell_columns_apart(now, before)
    return (CAUTION, f"{called} is taken from {apart}") if apart else (COMPARABLE, "")


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


def drop_number(text: Any) -> str:
    """Return the text of a question without its number, which is another in another questionnaire."""
    return QUESTION_NUMBER.sub("", str(text or ""))


def compare_labels(first: Mapping[str, Any], second: Mapping[str, Any]) -> str:
    """Return how alike the labels of two sets of codes are, where those of one alone may begin with their code."""
    plain = [[str(label) for label in labels.values()] for labels in (first, second)]
    bare = [
        [re.sub(rf"^\W*{re.escape(code)}\b[\s.:)=\]–-]*(?=\S)", "", str(label)) for code, label in labels.items()]
        for labels in (first, second)
    ]
    found = [compare_texts(*pair) for pair in (plain, (bare[0], plain[1]), (plain[0], bare[1]))]
    return next((likeness for likeness in (SAME, LIKE) if likeness in found), OTHER)


def simplify(text: Any) -> str:
    """Return text without what doesn't change its meaning: capitals, spaces, hyphens, full stops, ways of writing é."""
    plain = unicodedata.normalize("NFKC", str(text or "")).casefold()
    return " ".join(re.sub(r"[^\w+<>%£$€]+|_", " ", plain).split())


def compare_texts(first: Sequence[str], second: Sequence[str]) -> str:
    """Return whether two sets of labels are the `SAME`, `LIKE` each other but for spelling, or `OTHER`."""
    sides = [sorted({simplify(text) for text in texts}) for texts in (first, second)]
    if sides[0] == sides[1]:
        return SAME
    if len(sides[0]) != len(sides[1]):
        return OTHER
    return LIKE if all(is_misspelt(*pair) for pair in zip(*sides, strict=True)) else OTHER


def find_implausible(survey: Survey, baseline: Survey) -> dict[tuple[str, str], list[str]]:
    """Return what moved between two waves by more than answers do, as clauses, by population and question.

    A share that rises or falls by 40 points or becomes nought, two answers or two statements that change places, and
    an order of items that turns round are what a reversed scale, codes from nought or a code given to another answer
    look like in figures without labels.
    """
    shares = [
        wave.estimates[(wave.estimates["domain"] == "") & wave.estimates["share"].notna()].set_index(KEY)["share"]
        for wave in (survey, baseline)
    ]
    both = pd.DataFrame({"now": shares[0], "before": shares[1]}).reindex(shares[0].index).dropna()
    answers: dict[tuple[str, str], dict[str, Shares]] = {}
    for (population, question, item, response), now, before in both.itertuples():
        answers.setdefault((population, question), {}).setdefault(item, {})[response] = (now, before)
    exchanged = _find_exchanged_statements(survey.codebook, answers)
    found = {pair: _find_moved(survey.codebook, pair[1], items) for pair, items in answers.items()}
    return {pair: told for pair, own in found.items() if (told := [*own, *exchanged.get(pair, ())])}


def _find_moved(codebook: Codebook, question: str, items: Mapping[str, Shares]) -> list[str]:
    """Return what moved in one question: shares now and before by item and response."""
    kind, found = codebook.kind_of(question), []
    called = {item: f"“{in_sentence(str(codebook.items.loc[item, 'short_label']))}”" for item in items}
    for item, shares in items.items():
        for response, (now, before) in shares.items():
            if abs(now - before) >= LARGEST_CHANGE or (now < NOUGHT and before >= LEAST_LOST):
                answer = "" if kind.is_list else f": {in_sentence(kind.label_of(response))}"
                found.append(f"{called[item][:-1]}{answer}” goes from {per_cent(before)} to {per_cent(now)}")
        if not kind.is_list and _find_exchanged(shares):
            found.append(f"the answers to {called[item]} change places")
    if not kind.is_list:
        return found
    spoken = {item: shares[kind.headline] for item, shares in items.items() if kind.headline in shares}
    for pair in _find_exchanged(spoken, leave_rest=not kind.is_several):
        found.append(f"{listing(called[item] for item in pair)} change places")
    if len(spoken) >= FEWEST_RANKED:
        columns = pd.DataFrame(spoken.values())
        ranks = columns.rank()
        if np.ptp(columns, axis=0).min() >= LEAST_SPREAD and ranks[0].corr(ranks[1]) <= TURNED_ROUND:
            found.append("the order of the items turns round")
    return found


def _find_exchanged(shares: Shares, *, leave_rest: bool = True) -> list[tuple[str, str]]:
    """Return the pairs of answers of which each has come to where the other was, further than answers move.

    With `leave_rest`, what is nearly all of 100 per cent together may turn round: one of the two is the other's rest.
    """
    found = []
    for one, other in combinations(shares, 2):
        (now_1, before_1), (now_2, before_2) = shares[one], shares[other]
        apart = min((before_1 - before_2) * np.sign(now_2 - now_1), abs(now_2 - now_1))
        off = max(abs(now_1 - before_2), abs(now_2 - before_1))
        moved = min(abs(now_1 - before_1), abs(now_2 - before_2))
        exact = moved >= MOVED and off <= MOVED_WITHIN and not (leave_rest and before_1 + before_2 >= NEARLY_ALL)
        if exact or (apart >= LEAST_APART and off <= EXCHANGED_WITHIN):
            found.append((one, other))
    return found


def _find_exchanged_statements(
    codebook: Codebook, answers: Mapping[tuple[str, str], Mapping[str, Shares]]
) -> dict[tuple[str, str], list[str]]:
    """Return which statements of a population have each other's answers now, by population and question."""
    moved = [
        (pair, item, shares)
        for pair, items in answers.items()
        for item, shares in items.items()
        if len(shares) > 1 and max(abs(now - before) for now, before in shares.values()) >= MOVED
    ]
    found: dict[tuple[str, str], list[str]] = {}
    for (one, item, own), (other, second, theirs) in combinations(moved, 2):
        if one[0] == other[0] and own.keys() == theirs.keys():
            off = [abs(own[key][at] - theirs[key][1 - at]) for key in own for at in (0, 1)]
            if max(off) <= MOVED_WITHIN:
                names = [f"“{in_sentence(str(codebook.items.loc[name, 'short_label']))}”" for name in (item, second)]
                for pair in dict.fromkeys((one, other)):
                    found.setdefault(pair, []).append(f"{listing(names)} have each other's answers of before")
    return found
