"""Which questions are not simply comparable with the baseline, as a table."""

from whyict.change import COMPARABLE, compare_questions, label_of
from whyict.findings import people
from whyict.tables.context import of_survey
from whyict.tables.record import Table
from whyict.waves import Survey
from whyict.wording import sentence


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
        One row a population and question; None without a baseline, or where all are comparable.
    """
    if survey.baseline is None:
        return None
    found = compare_questions(survey, survey.baseline)
    found = found[found["status"] != COMPARABLE]
    if found.empty:
        return None
    now, then = label_of(survey), label_of(survey.baseline)
    rows = [
        [row.title, sentence(people(survey, row.population)), sentence(row.status), f"{sentence(row.reason)}."]
        for row in found.itertuples()
    ]
    return Table(
        name,
        f"Questions that break off between {then} and {now}, or need caution",
        ["Question", "Of whom", "Compared", "Why"],
        rows,
        source=f"Source: data/waves/{survey.baseline.wave}/asked.csv and data/waves/{survey.wave}/asked.csv.",
        subtitle="Questions that were put otherwise in the two waves, and why they are not simply compared.",
        **of_survey(survey),
    )
