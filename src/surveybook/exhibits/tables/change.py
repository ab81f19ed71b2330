"""Which questions are not simply comparable with the baseline, and what a wave holds for later ones, as tables."""

import pandas as pd

from surveybook.change import COMPARABLE, changes_of, held_for_later, label_of
from surveybook.exhibits.tables.context import of_survey
from surveybook.exhibits.tables.record import Table
from surveybook.model.survey import Survey
from surveybook.model.wording import decimals_of_points, number, points, sentence, span
from surveybook.words.findings import people


def not_comparable(survey: Survey, name: str = "not-comparable") -> Table | None:
    """Return the questions that can't be compared with the baseline, or with caution alone, and why.

    Parameters
    ----------
    survey : Survey
        The wave, with its baseline.
    name : str
        The table's name.

    Returns
    -------
    Table or None
        One row a population and question, those first that both waves asked, then new ones; None without a baseline, or
        where all are comparable.
    """
    changes = changes_of(survey)
    if changes is None:
        return None
    found = changes.questions[changes.questions["status"] != COMPARABLE]
    if found.empty:
        return None
    # What was put otherwise is what a reader looks for; then what is new, then what was dropped.
    places = ["", survey.wave, changes.baseline.wave]
    found = found.sort_values("only_in", key=lambda waves: waves.map(places.index), kind="stable")
    now, then = label_of(survey), label_of(changes.baseline)
    rows = [
        [row.title, sentence(people(survey, row.population)), sentence(row.status), f"{sentence(row.reason)}."]
        for row in found.itertuples()
    ]
    return Table(
        name,
        f"Questions that are not simply compared between {then} and {now}",
        ["Question", "Of whom", "Compared", "Why"],
        rows,
        source=f"Source: data/waves/{changes.baseline.wave}/asked.csv and data/waves/{survey.wave}/asked.csv.",
        subtitle="Those that were put otherwise in the two waves, then those that are new, then those not asked again.",
        **of_survey(survey),
    )


def for_later(survey: Survey, name: str = "for-later") -> Table | None:
    """Return what a later wave can be compared on, question by question; None where this one has a baseline.

    Parameters
    ----------
    survey : Survey
        The wave.
    name : str
        The table's name.
    """
    if survey.baseline is not None:
        return None
    held = held_for_later(survey)
    rows = [
        [
            row.title,
            sentence(people(survey, row.population)),
            sentence(row.wording_source),
            number(row.shares) if row.shares else "none",
            shows_from(row.least, row.most),
        ]
        for row in held.itertuples()
    ]
    return Table(
        name,
        f"What a later wave can be compared on: {number(held['shares'].sum())} shares in "
        f"{number((held['shares'] > 0).sum())} questions",
        ["Question", "Of whom", "Wording known from", "Shares to test", "A change shows from"],
        rows,
        note="Shares to test are numbers on a known base. A change shows from the size at which its interval, "
        "unadjusted, leaves out nought, up and down, if the later wave is as precise as this one; where a question has "
        "several shares, the smallest and the largest such size.",
        source=f"Source: data/waves/{survey.wave}/asked.csv and estimates.csv.",
        figures=list(dict.fromkeys(figure for figures in held["figures"] for figure in figures)),
        subtitle="Every question that this wave put to a population.",
        **of_survey(survey),
    )


def shows_from(least: float, most: float) -> str:
    """Return from what sizes changes show, in points: '4 points', '3 to 6 points'; nothing where there are none."""
    if pd.isna(least):
        return ""
    if least == most:
        return points(least)
    decimals = decimals_of_points(least, most)
    return f"{span(least, most, decimals)} points"
