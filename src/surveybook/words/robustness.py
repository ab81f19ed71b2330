"""How much each finding of a wave can bear: rounding, a family of tests, a less precise sample, a new wave."""

from collections.abc import Callable, Iterator, Sequence

import numpy as np
import pandas as pd

from surveybook.model.figures import figures_of, find_figure, populations_asked
from surveybook.model.survey import Survey
from surveybook.model.wording import in_sentence
from surveybook.stats import (
    compare_exclusive,
    compare_populations,
    compare_ranks,
    lost_against_fraction,
    lost_between_answers,
    samples_needed,
    survives_rounding,
    wilson,
)
from surveybook.stats.comparison import compare_figures
from surveybook.stats.normal import FloatArray
from surveybook.words.findings import people

COLUMNS = [
    "kind",
    "question_id",
    "compared",
    "people",
    "difference",
    "low",
    "high",
    "p_holm",
    "secure",
    "survives_rounding",
    "lost_at_design_effect",
]
HALF = 0.5
CHANGES = (0.03, 0.05, 0.10)
POWER = 0.8


def tested_findings(survey: Survey) -> pd.DataFrame:
    """
    Return every finding of a wave that a test can bear on, with how much it can bear.

    Parameters
    ----------
    survey : Survey
        The wave.

    Returns
    -------
    pandas.DataFrame
        One row a finding, with `COLUMNS`. ``kind`` is "populations", "order", "answers" or "half";
        ``difference``, ``low`` and ``high`` are differences of shares (-1 to 1), to the other population, the
        next item, the opposite answer or one half; ``p_holm`` is missing where no family is tested;
        ``survives_rounding`` is missing where a finding isn't secure and rounding wasn't tried;
        ``lost_at_design_effect`` is NaN where a finding isn't secure and infinity where nothing undoes it.

    Notes
    -----
    See `surveybook.stats` for the sources: Newcombe (1998), Wild and Seber (1993), Wilson (1927), Holm (1979)
    and Kish (1965).
    """
    rows = [*_between_populations(survey), *_between_neighbours(survey), *_between_answers(survey), *_to_half(survey)]
    return pd.DataFrame(rows, columns=COLUMNS)


def _between_populations(survey: Survey) -> Iterator[list[object]]:
    labels = survey.codebook.items["short_label"]
    for question in survey.codebook.questions.index:
        populations = populations_asked(survey, question)
        if len(populations) < 2 or figures_of(survey, question).empty:
            continue
        pair = populations[0], populations[1]
        table = compare_populations(survey.estimates, question, survey.confidence, pair)
        against = f"{people(survey, pair[0])} against {people(survey, pair[1])}"
        for _, row in table[table["difference"].notna()].iterrows():
            yield ["populations", question, f"{labels[row['item_id']]}: {against}", "both", *row[COLUMNS[4:]]]


def _between_neighbours(survey: Survey) -> Iterator[list[object]]:
    labels = survey.codebook.items["short_label"]
    questions = survey.codebook.questions
    for question in questions.index[questions["kind"] == "multiple"]:
        for population in populations_asked(survey, question):
            asked = survey.asked
            asked = asked[(asked["question_id"] == question) & (asked["population"] == population)]
            table = compare_ranks(
                survey.estimates,
                question,
                population,
                survey.confidence,
                max_choices=float(asked["max_choices"].iloc[0]),
            )
            for _, row in table[table["difference"].notna()].iterrows():
                compared = f"{labels[row['item_id']]} before {in_sentence(str(labels[row['next_item_id']]))}"
                yield ["order", question, compared, people(survey, population), *row[COLUMNS[4:]]]


def _between_answers(survey: Survey) -> Iterator[list[object]]:
    for _, agree in _statements(survey).iterrows():
        disagree = find_figure(survey, f"{agree['population']}.{agree['item_id']}.disagree")
        if disagree is None or pd.isna(disagree["share"]):
            continue
        gap = compare_figures(survey, agree, disagree)
        base = min(agree["effective_base"], disagree["effective_base"])

        def apart(shares: FloatArray, base: float = base) -> bool:
            return compare_exclusive(shares[0], shares[1], base, survey.confidence).excludes_zero

        survives = _survives(apart, gap.excludes_zero, [agree, disagree])
        lost = lost_between_answers(gap, survey.confidence)
        compared = f"{agree['short_label']}: agree against disagree"
        who = people(survey, agree["population"])
        numbers = [gap.difference, gap.low, gap.high, gap.p_value, gap.excludes_zero, survives, lost]
        yield ["answers", agree["question_id"], compared, who, *numbers]


def _to_half(survey: Survey) -> Iterator[list[object]]:
    for _, agree in _statements(survey).iterrows():
        secure = bool(agree["low"] > HALF or agree["high"] < HALF)

        def off_half(shares: FloatArray, base: float = agree["effective_base"]) -> bool:
            low, high = wilson(shares[0], base, survey.confidence)
            return bool(low > HALF or high < HALF)

        lost = lost_against_fraction(agree["share"], agree["effective_base"], HALF, survey.confidence)
        limits = [agree[column] - HALF for column in ("share", "low", "high")]
        who = people(survey, agree["population"])
        compared = f"{agree['short_label']}: share who agree against one half"
        survives = _survives(off_half, secure, [agree])
        yield ["half", agree["question_id"], compared, who, *limits, np.nan, secure, survives, lost]


def _statements(survey: Survey) -> pd.DataFrame:
    """Return the agreeing shares of whole populations that have a number and a base."""
    rows = survey.estimates
    return rows[(rows["response"] == "agree") & (rows["domain"] == "") & rows["low"].notna()]


def _survives(finding: Callable[[FloatArray], bool], secure: bool, figures: Sequence[pd.Series]) -> object:
    """Return whether a secure finding holds at every value that prints the same; missing for one that isn't."""
    if not secure:
        return pd.NA
    shares, decimals = ([figure[column] for figure in figures] for column in ("share", "decimals"))
    return survives_rounding(finding, shares, decimals)


def samples_for_changes(survey: Survey, changes: Sequence[float] = CHANGES, power: float = POWER) -> pd.DataFrame:
    """
    Return, for each figure with a number and a base, the sample of a new wave that would detect each change.

    Parameters
    ----------
    survey : Survey
        The published wave that the new one is to be compared with.
    changes : sequence of float
        Sizes of change as shares, up or down.
    power : float
        The chance (0-1) that the change is found.

    Returns
    -------
    pandas.DataFrame
        The rows of `samples_needed`: a figure and change each, with ``sample_needed`` in answers, infinity where
        no sample is large enough.

    Notes
    -----
    Fleiss, Levin and Paik (2003); see `surveybook.stats.sample_needed`. The new wave is taken to be a simple
    random sample, as this one is.
    """
    rows = survey.estimates
    known = rows[(rows["status"] == "number") & rows["effective_base"].notna()]
    return samples_needed(known, changes, survey.confidence, power)
