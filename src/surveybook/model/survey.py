"""One wave of a survey, as everything else sees it: its figures, what was asked, and the wave before.

A key names a figure whatever the wave. It reads ``population.item.response``, with a domain as in
``staff[role=manager].reads_minutes.agree``.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import cached_property, lru_cache, wraps
from typing import Any, TypeVar

import pandas as pd

from surveybook.model import paths
from surveybook.model.codebook import Codebook
from surveybook.model.problems import SurveybookError
from surveybook.model.tables import list_columns, read_schemas
from surveybook.model.wording import has_interval, sentence

Answer = TypeVar("Answer")
KEY = re.compile(
    r"(?P<population>[a-z][a-z0-9_]*)(\[(?P<domain>[^\]]+)\])?\.(?P<item>[a-z0-9_]+)\.(?P<response>[a-z0-9_]+)"
)
COVARIANCES = list_columns(read_schemas()["covariances"])
NUMBERS = ["question_id", "label", "short_label", "order", *list_columns(read_schemas()["numbers"])]
COLUMNS = [
    "wave", "figure_id", "population", "domain", "question_id", "item_id", "response", "label", "short_label", "order",
    "share", "standard_error", "low", "high", "base", "weighted_base", "effective_base", "design_effect",
    "degrees_of_freedom", "method", "status", "decimals", "verbal", "base_status", "locator", "note",
]  # fmt: skip


@dataclass(frozen=True, eq=False)
class Survey:
    """One wave of the survey.

    Attributes
    ----------
    wave : str
        Its id, the name of its folder.
    metadata : dict
        What ``wave.yml`` says: who, when, how.
    asked : pandas.DataFrame
        One row a population and question: wording, choices, universe, mode.
    estimates : pandas.DataFrame
        One row a figure, with the columns `COLUMNS`; shares and their intervals run from 0 to 1.
    mentions : pandas.DataFrame
        Other places of the source that repeat a figure.
    codebook : Codebook
        Questions, items and populations.
    confidence : float
        The level of the intervals.
    warnings : tuple of str
        What looks doubtful and may still be right.
    covariances : pandas.DataFrame
        One row a pair of estimated shares whose covariance is known, with the columns `COVARIANCES`; without
        rows where the wave is published percentages.
    baseline : Survey, optional
        The earlier wave that this one is compared with; None where it stands alone.
    recordings : dict
        How answers and groups were recorded in files of respondents, by population; empty where figures were published.
    numbers : pandas.DataFrame
        One row a mean, a median or a class of numbers that people gave, with the columns `NUMBERS`; without rows where
        nothing was asked that is answered with a number.
    pinned : str
        The wave's id where it was opened to stay the same whichever wave a chapter runs with; empty otherwise.
    worked_out : dict
        What was worked out from the wave, by the name of the function that did; see `work_out_once`.
    """

    wave: str
    metadata: dict[str, Any]
    asked: pd.DataFrame
    estimates: pd.DataFrame
    mentions: pd.DataFrame
    codebook: Codebook
    confidence: float
    warnings: tuple[str, ...] = ()
    covariances: pd.DataFrame = field(default_factory=lambda: pd.DataFrame(columns=COVARIANCES))
    baseline: "Survey | None" = None
    recordings: dict[str, dict[str, Any]] = field(default_factory=dict)
    numbers: pd.DataFrame = field(default_factory=lambda: pd.DataFrame(columns=NUMBERS))
    pinned: str = ""
    # No argument, because of a wave that differs in anything all is worked out anew.
    worked_out: dict[str, Any] = field(default_factory=dict, init=False, repr=False)

    @cached_property
    def rows_by_key(self) -> dict[tuple[str, ...], int]:
        """Return the number of each figure's row by its population, domain, item and response."""
        # Column by column: a table of texts takes thirty times as long to turn into rows.
        columns = (self.estimates[name].tolist() for name in ("population", "domain", "item_id", "response"))
        return {key: row for row, key in reversed(list(enumerate(zip(*columns, strict=True))))}

    @cached_property
    def asked_rows(self) -> dict[tuple[str, str], dict[str, Any]]:
        """Return how each question was asked of each population, by both; without those that weren't asked."""
        asked = self.asked[self.asked["source"] != "not_asked"]
        return {(row["population"], row["question_id"]): row for row in list_records(asked)}

    @cached_property
    def items_asked(self) -> dict[tuple[str, str], dict[str, str]]:
        """Return the items that each population has figures of, with their labels, by population and question."""
        found: dict[tuple[str, str], dict[str, str]] = {}
        columns = (self.estimates[name] for name in ("population", "question_id", "item_id", "label"))
        for population, question, item, label in zip(*columns, strict=True):
            found.setdefault((population, question), {})[item] = label
        return found

    def recording_of(self, population: str, question: str) -> dict[str, Any]:
        """Return how answers to a question stand in a file of respondents; empty where figures were published."""
        return self.recordings.get(population, {}).get("questions", {}).get(question, {})


def work_out_once(function: Callable[[Survey], Answer]) -> Callable[[Survey], Answer]:
    """Return a function of a wave that keeps what it returns with the wave.

    Thousands of figures and pairs of groups take seconds to compare. What a build has worked out before it sends a wave
    to its chapters, none of them has to work out again.
    """
    # Functions of two modules may be called the same.
    name = f"{function.__module__}.{function.__qualname__}"

    @wraps(function)
    def find(survey: Survey) -> Answer:
        if name not in survey.worked_out:
            survey.worked_out[name] = function(survey)
        return survey.worked_out[name]

    return find


def label_of(survey: Survey) -> str:
    """Return a wave's name as readers see it: its label or else its id, "wave 2" where that is a bare number."""
    return str(survey.metadata.get("label") or label_wave(survey.wave))


def is_bare_number(wave: str) -> bool:
    """Return whether the id of a wave is a number that is no year, which tells readers nothing by itself."""
    return wave.isdigit() and len(wave) < 4


def label_wave(wave: str) -> str:
    """Return what readers call a wave without a label: its id, and "wave 2" where that is a bare number."""
    return f"wave {wave}" if is_bare_number(wave) else wave


def stands_alone(survey: Survey) -> bool:
    """Return whether a wave has a bare number for a name and no other beside it: then readers aren't told of waves."""
    return is_bare_number(survey.wave) and not survey.metadata.get("label") and len(paths.list_waves()) < 2


def drawn_by_chance(survey: Survey, population: str) -> bool:
    """Return whether people were drawn at random, so that intervals mean what they say; true unless denied."""
    blocks = [survey.metadata.get(key) or {} for key in ("populations", "responses")]
    return not any(block.get(population, {}).get("probability") is False for block in blocks)


def list_censuses(survey: Survey) -> list[str]:
    """Return the populations of a wave of whom everybody was asked: their intervals are known, and have no width."""
    known = survey.estimates[survey.estimates["low"].notna()]
    return [str(name) for name, own in known.groupby("population", sort=False) if not has_interval(own).any()]


def find_figure(survey: Survey, key: str) -> pd.Series | None:
    """Return the row of estimates that a key names, or None where this wave doesn't have it.

    Raises
    ------
    SurveybookError
        When the text isn't a key, or no wave can have what it names, since the codebook doesn't.
    """
    match = KEY.fullmatch(key)
    row = match and survey.rows_by_key.get(
        (match["population"], match["domain"] or "", match["item"], match["response"])
    )
    if row is None and (fault := find_key_fault(survey.codebook, key)):
        raise SurveybookError(f"{sentence(fault)}.")
    return None if row is None else survey.estimates.iloc[row]


def find_key_fault(codebook: Codebook, key: str) -> str:
    """Return why a text names no figure that any wave could have; empty where it names one."""
    match = KEY.fullmatch(key)
    if not match:
        return f"'{key}' doesn't name a figure; write population.item.response, such as residents.parks.chosen"
    item = match["item"]
    if unknown := codebook.find_unknown(populations=match["population"], items=item):
        return unknown
    known = codebook.kind_of(codebook.question_of(item)).responses
    is_known = match["response"] in known
    return "" if is_known else f"'{item}' has no response '{match['response']}'; expected one of {', '.join(known)}"


def items_of(*keys: str) -> list[str]:
    """Return the items that keys name."""
    return [key.rsplit(".", 2)[1] for key in keys]


def is_suppressed(figure: Any) -> bool:
    """Return whether a figure is withheld because too few people answered, not because a source left it out."""
    return bool(figure.status == "unpublished" and str(figure.note).casefold().startswith(("suppressed", "not shown")))


def key_of(figure: pd.Series) -> str:
    """Return the key that names a row of estimates."""
    domain = f"[{figure['domain']}]" if figure["domain"] else ""
    return f"{figure['population']}{domain}.{figure['item_id']}.{figure['response']}"


def make_figure_id(key: str) -> str:
    """Return the id of a released figure, which addresses hold too: its key, with '-' for each sign."""
    return re.sub(r"[^\w.]", "-", key)


def list_records(table: pd.DataFrame) -> list[dict[str, Any]]:
    """Return the rows of a table as dictionaries, as pandas' `to_dict` does, which takes three times as long."""
    names = list(table)
    return [dict(zip(names, row, strict=True)) for row in table.to_numpy(object).tolist()]


def pick_rows(rows: pd.DataFrame, **values: str | None) -> pd.DataFrame:
    """Return the rows that hold a value in each of some columns; any value will do for None."""
    for name, value in values.items():
        rows = rows if value is None else rows[rows[name] == value]
    return rows


def figures_of(survey: Survey, question: str, population: str | None = None) -> pd.DataFrame:
    """Return the estimates of one question: of the response that its kind is ranked by, or of all where none is.

    Parameters
    ----------
    survey : Survey
        The wave.
    question : str
        A question of the codebook.
    population : str, optional
        One population; all of them otherwise.

    Returns
    -------
    pandas.DataFrame
        Rows of ``survey.estimates`` in the codebook's order; none where the wave didn't ask.

    Raises
    ------
    SurveybookError
        When the codebook has no such question or population.
    """
    survey.codebook.check_names(questions=question, populations=population)
    kind = survey.codebook.kind_of(question)
    wanted = {"question_id": question, "domain": "", "population": population, "response": kind.headline}
    rows = pick_rows(survey.estimates, **wanted)
    places = rows["response"].map(kind.responses.index)
    return rows.assign(place=places).sort_values(["order", "population", "place"], kind="stable").drop(columns="place")


@lru_cache(maxsize=64)
def covariances_of(survey: Survey, population: str, question: str) -> dict[tuple[str, ...], float]:
    """Return the covariances of a question's figures, by the domain, item and response of both.

    A chapter is of a few questions, and those of a whole survey are tens of thousands.
    """
    rows = pick_rows(survey.covariances, population=population, question_id=question)
    ends = [[end[name].tolist() for name in end] for end in find_ends(rows)]
    values = rows["covariance"].astype(float).tolist()
    found: dict[tuple[str, ...], float] = {}
    for first, second in (ends, ends[::-1]):
        found |= zip(zip(*first, *second, strict=True), values, strict=True)
    return found


def find_ends(covariances: pd.DataFrame) -> list[pd.DataFrame]:
    """Return the two figures that each covariance is of: tables of their domain, item and response."""
    beside = covariances["domain_b"].where(covariances["domain_b"] != "", covariances["domain"])
    first = covariances[["domain", "item_a", "response_a"]]
    second = covariances.assign(domain=beside)[["domain", "item_b", "response_b"]]
    return [end.set_axis(["domain", "item_id", "response"], axis=1) for end in (first, second)]


def numbers_of(survey: Survey, question: str, population: str | None = None) -> pd.DataFrame:
    """Return what is known of the numbers that people gave to a question.

    Parameters
    ----------
    survey : Survey
        The wave.
    question : str
        A question of the kind ``number``.
    population : str, optional
        One population; all of them otherwise.

    Returns
    -------
    pandas.DataFrame
        Rows of ``survey.numbers`` in the codebook's order of items; none where the wave didn't ask.
    """
    rows = pick_rows(survey.numbers, question_id=question, domain="", population=population)
    return rows.sort_values(["order", "population"], kind="stable")


def answers_of(survey: Survey, item: str, population: str | None = None) -> pd.DataFrame:
    """Return the estimates of every answer to one statement, in the codebook's order of answers.

    Parameters
    ----------
    survey : Survey
        The wave.
    item : str
        An item of the codebook whose answers exclude each other.
    population : str, optional
        One population; all of them otherwise.
    """
    survey.codebook.check_names(populations=population)
    rows = pick_rows(survey.estimates, item_id=item, domain="", population=population)
    order = survey.codebook.kind_of(survey.codebook.question_of(item)).responses.index
    return rows.sort_values("response", key=lambda column: column.map(order), kind="stable")


def find_part_asked(survey: Survey, population: str, question: str) -> str:
    """Return to what part of a population a question was put, as the survey says it; empty where to all of it."""
    asked = survey.asked[survey.asked["population"] == population].set_index("question_id")
    asked = asked.reindex(columns=["universe"])["universe"].astype("string").fillna("")
    told = str(asked.get(question, ""))
    return "" if not told or told == asked.mode().iat[0] else told


def populations_asked(survey: Survey, question: str) -> list[str]:
    """Return the populations that this wave asked a question, in the codebook's order."""
    survey.codebook.check_names(questions=question)
    return [name for name in survey.codebook.populations.index if (name, question) in survey.asked_rows]
