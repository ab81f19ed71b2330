"""Finding figures among the estimates, by the key that names one whatever the wave.

A key reads ``population.item.response``, with a domain as in ``frontline[role=manager].consult_on_ict.agree``.
"""

import re
from typing import Any

import pandas as pd

from surveybook.model.problems import SurveybookError
from surveybook.model.survey import Survey

KEY = re.compile(r"(?P<population>[a-z_]+)(\[(?P<domain>[^\]]+)\])?\.(?P<item>[a-z0-9_]+)\.(?P<response>[a-z0-9_]+)")
# Kinds of questions whose items are options to choose from; those of all others are statements to answer.
LISTS = ("multiple", "single")
FIRST_RESPONSE = {"multiple": "chosen", "single": "chosen", "scale": "agree"}


def find_figure(survey: Survey, key: str) -> pd.Series | None:
    """Return the row of estimates that a key names, or None where this wave doesn't have it.

    Raises
    ------
    SurveybookError
        When the text isn't a key.
    """
    match = KEY.fullmatch(key)
    if not match:
        raise SurveybookError(
            f"'{key}' doesn't name a figure; expected population.item.response, such as public.value_for_money.chosen."
        )
    estimates = survey.estimates
    rows = estimates[
        (estimates["population"] == match["population"])
        & (estimates["domain"] == (match["domain"] or ""))
        & (estimates["item_id"] == match["item"])
        & (estimates["response"] == match["response"])
    ]
    return rows.iloc[0] if len(rows) else None


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


def figures_of(
    survey: Survey, question: str, population: str | None = None, *, domain: str = "", response: str | None = None
) -> pd.DataFrame:
    """Return the estimates of one question.

    Parameters
    ----------
    survey : Survey
        The wave.
    question : str
        A question of the codebook.
    population : str, optional
        One population; all of them otherwise.
    domain : str
        A part of the population; empty for all of it.
    response : str, optional
        One response; by default the one that its kind is ranked by (chosen, agree), and all of them where none of
        them speaks for an item.

    Returns
    -------
    pandas.DataFrame
        Rows of ``survey.estimates`` in the codebook's order; none where the wave didn't ask.

    Raises
    ------
    SurveybookError
        When the codebook has no such question.
    """
    questions = survey.codebook.questions
    if question not in questions.index:
        raise SurveybookError(f"The codebook has no question '{question}'; see data/codebook/questions.csv.")
    kind = survey.codebook.kind_of(question)
    response = response or kind.headline
    rows = survey.estimates
    rows = rows[(rows["question_id"] == question) & (rows["domain"] == domain)]
    if population is not None:
        rows = rows[rows["population"] == population]
    if response is not None:
        rows = rows[rows["response"] == response]
    places = rows["response"].map(kind.responses.index)
    return rows.assign(place=places).sort_values(["order", "population", "place"], kind="stable").drop(columns="place")


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
    rows = survey.estimates
    rows = rows[(rows["item_id"] == item) & (rows["domain"] == "")]
    if population is not None:
        rows = rows[rows["population"] == population]
    order = survey.codebook.kind_of(survey.codebook.items.loc[item, "question_id"]).responses.index
    return rows.sort_values("response", key=lambda column: column.map(order), kind="stable")


def populations_asked(survey: Survey, question: str) -> list[str]:
    """Return the populations that this wave asked a question, in the codebook's order."""
    asked = survey.asked
    asked = asked[(asked["question_id"] == question) & (asked["source"] != "not_asked")]
    return [population for population in survey.codebook.populations.index if population in set(asked["population"])]
