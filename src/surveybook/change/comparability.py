"""Whether two waves may be compared on a question: declared in the data, and read from them where they show it."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import pandas as pd

from surveybook.model.survey import Survey, drawn_by_chance
from surveybook.model.wording import count, in_sentence, listing

COMPARABLE, CAUTION, NOT_COMPARABLE = "comparable", "with caution", "not comparable"


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
    """

    population: str
    question_id: str
    title: str
    status: str
    reason: str = ""
    only_in: str = ""

    @property
    def allows_tests(self) -> bool:
        """Whether a change may be tested."""
        return self.status != NOT_COMPARABLE


def label_of(survey: Survey) -> str:
    """Return a wave's name as readers see it."""
    return str(survey.metadata.get("label") or survey.wave)


def judge_questions(survey: Survey, baseline: Survey) -> Iterator[Comparability]:
    """Yield for each population and question that either of two waves asked whether they may be compared.

    Parameters
    ----------
    survey, baseline : Survey
        The wave, and the earlier one.

    Yields
    ------
    Comparability
        In the codebook's order. Comparable when both waves asked it and population and ``version`` are the same.
        Whatever the version says, another number of choices, another list of answers or items, another universe, or
        people who were asked in both waves make it not comparable; another mode of asking, or people who weren't drawn
        at random, call for caution. All reasons are given, not the first alone.
    """
    now, before = _asked_rows(survey), _asked_rows(baseline)
    listed = _listed_items(survey), _listed_items(baseline)
    codebook = survey.codebook
    labels = codebook.items["short_label"]
    shared = {name: list(_find_shared_people(survey, baseline, name)) for name in codebook.populations.index}
    chosen = {name: list(_find_volunteers(survey, baseline, name)) for name in codebook.populations.index}
    for question, title in codebook.questions["title"].items():
        is_list = codebook.kind_of(str(question)).is_list
        for population in codebook.populations.index:
            pair = (population, str(question))
            if pair not in now and pair not in before:
                continue
            if pair not in now or pair not in before:
                asked, silent = (survey, baseline) if pair in now else (baseline, survey)
                reason = f"{label_of(silent)} did not ask it"
                yield Comparability(*pair, title, NOT_COMPARABLE, reason, only_in=asked.wave)
                continue
            obstacles = [*_find_obstacles(now[pair], before[pair])]
            if is_list:
                obstacles += _find_changed_items(listed[0].get(pair, []), listed[1].get(pair, []), labels)
            obstacles += shared[population]
            cautions = [*_find_other_mode(now[pair], before[pair]), *chosen[population]]
            status = NOT_COMPARABLE if obstacles else CAUTION if cautions else COMPARABLE
            yield Comparability(*pair, title, status, "; ".join(obstacles or cautions))


def _asked_rows(survey: Survey) -> dict[tuple[str, str], dict[str, Any]]:
    """Return how a wave asked each question of each population; without those that it didn't ask."""
    asked = survey.asked[survey.asked["source"] != "not_asked"]
    return {(row["population"], row["question_id"]): row for row in asked.to_dict("records")}


def _listed_items(survey: Survey) -> dict[tuple[str, str], list[str]]:
    """Return the items of each population and question that a wave has figures of, in the codebook's order."""
    rows = survey.estimates[survey.estimates["domain"] == ""].sort_values("order", kind="stable")
    return {pair: list(items.unique()) for pair, items in rows.groupby(["population", "question_id"])["item_id"]}


def _simplify(text: Any) -> str:
    """Return text without what doesn't change its meaning: capitals, spaces, hyphens, full stops."""
    return " ".join(re.sub(r"[^\w+<>%£$€]+|_", " ", str(text or "").casefold()).split())


def _find_obstacles(now: Mapping[str, Any], before: Mapping[str, Any]) -> Iterator[str]:
    """Yield what makes a question another one, as clauses; what either wave doesn't state is no obstacle."""
    if now["version"] != before["version"]:
        yield f"it was asked in another version: {now['version']}, not {before['version']}"
    numbers = [row["max_choices"] for row in (now, before)]
    if not any(pd.isna(number) for number in numbers) and numbers[0] != numbers[1]:
        yield f"people could choose {count(int(numbers[0]))}, not {count(int(numbers[1]))}"
    universes = [_simplify(row["universe"]) for row in (now, before)]
    if all(universes) and universes[0] != universes[1]:
        yield f"it was put to “{now['universe']}”, not to “{before['universe']}”"
    lists = [[answer.strip() for answer in str(row["responses"] or "").split("|")] for row in (now, before)]
    if all(map(any, lists)) and set(lists[0]) != set(lists[1]):
        named = [listing(answer.replace("_", " ") for answer in answers) for answers in lists]
        yield f"the answers were {named[0]}, not {named[1]}"


def _find_changed_items(now: list[str], before: list[str], labels: pd.Series) -> list[str]:
    """Return what was added to a list to choose from and what was dropped from it, as clauses."""
    changed = {
        "gained": [item for item in now if item not in before],
        "lost": [item for item in before if item not in now],
    }
    return [
        f"the list of items has {what} {listing(in_sentence(str(labels.get(item, item))) for item in items)}"
        for what, items in changed.items()
        if items and now and before
    ]


def _find_other_mode(now: Mapping[str, Any], before: Mapping[str, Any]) -> Iterator[str]:
    """Yield that people were asked in another way."""
    if _simplify(now["mode"]) != _simplify(before["mode"]):
        yield f"the mode of asking is {now['mode'] or 'unknown'} and was {before['mode'] or 'unknown'}"


def _find_volunteers(survey: Survey, baseline: Survey, population: str) -> Iterator[str]:
    """Yield that people weren't drawn at random: chance is then not all that can part two waves."""
    waves = [label_of(wave) for wave in (baseline, survey) if not drawn_by_chance(wave, population)]
    if waves:
        yield f"{listing(waves)} did not draw people at random, and intervals leave out who chose to take part"


def _find_shared_people(survey: Survey, baseline: Survey, population: str) -> Iterator[str]:
    """Yield that the waves share respondents: a test for independent samples would be wrong."""
    for wave, other in ((survey, baseline), (baseline, survey)):
        shared = wave.metadata.get("populations", {}).get(population, {}).get("same_people_as") or []
        if other.wave in [str(name) for name in (shared if isinstance(shared, list) else [shared])]:
            yield "the same people answered in both waves, so that the samples aren't independent"
            return
