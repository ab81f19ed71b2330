"""Whether two waves may be compared on a question: declared in the data, and read from them where they show it."""

import re
from dataclasses import dataclass
from typing import Any

import pandas as pd

from surveybook.model.survey import Survey, drawn_by_chance
from surveybook.model.wording import count, in_sentence, listing

COMPARABLE, CAUTION, NOT_COMPARABLE = "comparable", "with caution", "not comparable"
# Kinds of question at which people choose from a list, so that a longer list is another question.
LISTED = ("multiple", "single", "channel")
COLUMNS = ["population", "question_id", "title", "status", "reason"]


@dataclass(frozen=True)
class Comparability:
    """Whether one question of one population may be compared between two waves.

    Attributes
    ----------
    population, question_id : str
        Who was asked what.
    status : str
        `COMPARABLE`, `CAUTION` or `NOT_COMPARABLE`.
    reason : str
        Why it isn't simply comparable, as a clause; empty where it is.
    """

    population: str
    question_id: str
    status: str
    reason: str = ""

    @property
    def allows_tests(self) -> bool:
        """Whether a change may be tested."""
        return self.status != NOT_COMPARABLE


def how_comparable(survey: Survey, baseline: Survey, population: str, question: str) -> Comparability:
    """Return whether one question may be compared between two waves, and if not, every reason why.

    Parameters
    ----------
    survey, baseline : Survey
        The wave, and the earlier one.
    population, question : str
        Who was asked what.

    Returns
    -------
    Comparability
        Comparable when both waves asked it and population and ``version`` are the same. Whatever the version
        says, another number of choices, another list of answers or items, another universe, or people who were
        asked in both waves make it not comparable; another mode of asking, or people who weren't drawn at random,
        call for caution.
    """
    rows = [asked_row(wave, population, question) for wave in (survey, baseline)]
    now, before = rows
    if now is None or before is None:
        wave = survey if now is None else baseline
        return Comparability(population, question, NOT_COMPARABLE, f"{wave_label(wave)} did not ask it")
    obstacles = [
        *_version(now, before),
        *_choices(now, before),
        *_universe(now, before),
        *_answers(now, before),
        *_items(survey, baseline, population, question),
        *_people(survey, baseline, population),
    ]
    if obstacles:
        return Comparability(population, question, NOT_COMPARABLE, "; ".join(obstacles))
    cautions = [*_mode(now, before), *_chosen_themselves(survey, baseline, population)]
    return Comparability(population, question, CAUTION if cautions else COMPARABLE, "; ".join(cautions))


def compare_questions(survey: Survey, baseline: Survey, question: str | None = None) -> pd.DataFrame:
    """Return for each population and question that either wave asked whether the two may be compared.

    Parameters
    ----------
    survey, baseline : Survey
        The wave, and the earlier one.
    question : str, optional
        One question; all of them otherwise.

    Returns
    -------
    pandas.DataFrame
        In the codebook's order, with the columns `COLUMNS`.
    """
    codebook, rows = survey.codebook, []
    for name in [question] if question else codebook.questions.index:
        for population in codebook.populations.index:
            if any(asked_row(wave, population, name) is not None for wave in (survey, baseline)):
                found = how_comparable(survey, baseline, population, name)
                title = codebook.questions.loc[name, "title"]
                rows.append([population, name, title, found.status, found.reason])
    return pd.DataFrame(rows, columns=COLUMNS)


def asked_once(questions: pd.DataFrame, survey: Survey, baseline: Survey) -> pd.Series:
    """Return for rows of `compare_questions` the id of the wave that alone asked; empty where both did."""
    return pd.Series(
        [
            next((other.wave for wave, other in ((survey, baseline), (baseline, survey)) if not _asked(wave, row)), "")
            for row in questions.itertuples()
        ],
        index=questions.index,
        dtype=object,
    )


def _asked(survey: Survey, row: Any) -> bool:
    return asked_row(survey, row.population, row.question_id) is not None


def wave_label(survey: Survey) -> str:
    """Return a wave's name as readers see it."""
    return str(survey.metadata.get("label") or survey.wave)


def asked_row(survey: Survey, population: str, question: str) -> dict[str, Any] | None:
    """Return how a wave asked a question, or None where it didn't."""
    asked = survey.asked
    rows = asked[
        (asked["population"] == population) & (asked["question_id"] == question) & (asked["source"] != "not_asked")
    ]
    return rows.iloc[0].to_dict() if len(rows) else None


def _plain(text: Any) -> str:
    """Return text without what doesn't change its meaning: capitals, spaces, hyphens, full stops."""
    return " ".join(re.sub(r"[^\w+<>%£$€]+|_", " ", str(text or "").casefold()).split())


def _version(now: dict[str, Any], before: dict[str, Any]) -> list[str]:
    if now["version"] == before["version"]:
        return []
    return [f"it was asked in another version: {now['version']}, not {before['version']}"]


def _choices(now: dict[str, Any], before: dict[str, Any]) -> list[str]:
    numbers = [row["max_choices"] for row in (now, before)]
    if any(pd.isna(number) for number in numbers) or numbers[0] == numbers[1]:
        return []
    return [f"people could choose {count(int(numbers[0]))}, not {count(int(numbers[1]))}"]


def _universe(now: dict[str, Any], before: dict[str, Any]) -> list[str]:
    universes = [_plain(row["universe"]) for row in (now, before)]
    if not all(universes) or universes[0] == universes[1]:
        return []
    return [f"it was put to “{now['universe']}”, not to “{before['universe']}”"]


def _answers(now: dict[str, Any], before: dict[str, Any]) -> list[str]:
    lists = [[answer.strip() for answer in str(row["responses"] or "").split("|")] for row in (now, before)]
    if not all(map(any, lists)) or set(lists[0]) == set(lists[1]):
        return []
    named = [listing(answer.replace("_", " ") for answer in answers) for answers in lists]
    return [f"the answers were {named[0]}, not {named[1]}"]


def _items(survey: Survey, baseline: Survey, population: str, question: str) -> list[str]:
    """Return what was added to the list of items and what was dropped from it."""
    if survey.codebook.questions.loc[question, "kind"] not in LISTED:
        return []
    now, before = (_listed(wave, population, question) for wave in (survey, baseline))
    if not now or not before:
        return []
    labels = survey.codebook.items["short_label"]

    def named(items: list[str]) -> str:
        return listing(in_sentence(str(labels.get(item, item))) for item in items)

    added, dropped = [item for item in now if item not in before], [item for item in before if item not in now]
    return [
        *([f"the list of items has gained {named(added)}"] if added else []),
        *([f"the list of items has lost {named(dropped)}"] if dropped else []),
    ]


def _listed(survey: Survey, population: str, question: str) -> list[str]:
    rows = survey.estimates
    rows = rows[(rows["population"] == population) & (rows["question_id"] == question) & (rows["domain"] == "")]
    return list(dict.fromkeys(rows.sort_values("order", kind="stable")["item_id"]))


def _mode(now: dict[str, Any], before: dict[str, Any]) -> list[str]:
    if _plain(now["mode"]) == _plain(before["mode"]):
        return []
    return [f"the mode of asking is {now['mode'] or 'unknown'} and was {before['mode'] or 'unknown'}"]


def _chosen_themselves(survey: Survey, baseline: Survey, population: str) -> list[str]:
    """Return that people weren't drawn at random: chance is then not all that can part two waves."""
    waves = [wave_label(wave) for wave in (baseline, survey) if not drawn_by_chance(wave, population)]
    if not waves:
        return []
    return [f"{listing(waves)} did not draw people at random, and intervals leave out who chose to take part"]


def _people(survey: Survey, baseline: Survey, population: str) -> list[str]:
    """Return that the waves share respondents: a test for independent samples would be wrong."""
    for wave, other in ((survey, baseline), (baseline, survey)):
        shared = wave.metadata.get("populations", {}).get(population, {}).get("same_people_as") or []
        if other.wave in [str(name) for name in (shared if isinstance(shared, list) else [shared])]:
            return ["the same people answered in both waves, so that the samples aren't independent"]
    return []
