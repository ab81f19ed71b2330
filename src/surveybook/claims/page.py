"""The claims of a chapter as a table for its page."""

import pandas as pd

from surveybook.change import label_of
from surveybook.claims.across import (
    CANT_TELL,
    NO_LONGER,
    NOT_ASKED,
    NOT_COMPARABLE,
    NOW_HOLDS,
    STATUSES,
    STILL_DOES_NOT,
    STILL_HOLDS,
    judge_against,
)
from surveybook.claims.judgement import NOT_CHECKABLE, VERDICTS
from surveybook.claims.reading import chapter_named, read_claims
from surveybook.claims.verdicts import judge
from surveybook.exhibits.tables import Table, of_survey
from surveybook.model.report import read_report
from surveybook.model.survey import Survey
from surveybook.model.wording import Phrase, count, listing, number

# What became of claims, as the end of a clause: of one, and of several.
BECAME = {
    STILL_HOLDS: ("still holds", "still hold"),
    NOW_HOLDS: ("now holds", "now hold"),
    NO_LONGER: ("no longer holds", "no longer hold"),
    STILL_DOES_NOT: ("still does not hold", "still do not hold"),
    CANT_TELL: ("can't be told", "can't be told"),
    NOT_ASKED: ("is not measured now", "are not measured now"),
    NOT_COMPARABLE: ("is not comparable", "are not comparable"),
}
NOTE = (
    "Claims are tested one by one, without adjustment for their number. Those that can be read two ways stand "
    "once for each reading."
)


def claims_table(survey: Survey, chapter: str) -> Table:
    """Return the claims of one chapter of the report with their verdicts on a wave.

    Parameters
    ----------
    survey : Survey
        The wave.
    chapter : str
        A chapter of the report, by name or number.

    Returns
    -------
    Table
        One row a claim: what it says, where, the verdict, and why; with a baseline, the verdict there too and
        what became of the claim since.

    Raises
    ------
    SurveybookError
        When there is no such chapter.
    """
    name = chapter_named(chapter)
    claims = [claim for claim in read_claims(codebook=survey.codebook) if claim.chapter == name]
    columns = ["Claim", "Where", "Verdict", "Why"]
    if survey.baseline is None:
        judged = judge(claims, survey)
        rows = [[claim_text(row), row["section"], row["verdict"], row["reason"]] for _, row in judged.iterrows()]
        title = f"What {read_report().parts[name]} said, tested: {tally(judged)}"
    else:
        judged, then = judge_against(claims, survey, survey.baseline), label_of(survey.baseline)
        earlier = judge(claims, survey.baseline)["verdict"]
        rows = [
            [
                claim_text(row),
                row["section"],
                row["verdict"],
                before,
                row["status"],
                f"{row['reason']} {row['status_reason']}",
            ]
            for before, (_, row) in zip(earlier, judged.iterrows(), strict=True)
        ]
        columns = ["Claim", "Where", "Verdict", f"Verdict on {then}", f"Since {then}", "Why"]
        title = f"What {read_report().parts[name]} said, tested: {tally(judged)}; since {then}, {status_tally(judged)}"
    figures = list(dict.fromkeys(figure for row in judged["figures"] for figure in row))
    return Table(
        name=f"claims-{name}",
        title=title,
        columns=columns,
        rows=rows,
        note=note_on(survey, judged),
        source=f"Source: the report’s statements in our words (data/claims.yml), against wave {survey.wave}.",
        subtitle="Each statement about the survey, and whether the figures bear it out.",
        **of_survey(survey),
        figures=figures,
    )


def note_on(survey: Survey, judged: pd.DataFrame) -> str:
    """Return how verdicts came about, and how many of a later wave's don't come from it."""
    own = int((judged["figures"].map(len).eq(0) & judged["verdict"].ne(NOT_CHECKABLE)).sum())
    if survey.wave == read_report().claims_wave or not own:
        return NOTE
    rest = "1 of the verdicts rests" if own == 1 else f"{number(own)} of the verdicts rest"
    return f"{NOTE} {rest} on the report’s own text, on whether its parts agree, and would be the same for any wave."


def claim_text(row: pd.Series) -> str:
    """Return a claim with its reading, where it has one."""
    return f"{row['statement']} ({row['reading'].rstrip('.')})" if row["reading"] else row["statement"]


def tally(judged: pd.DataFrame) -> str:
    """Return how many claims got each verdict, as a list. All in digits, for they are there to be compared."""
    counts = judged["verdict"].value_counts()
    return listing(f"{number(int(counts[verdict]))} {verdict}" for verdict in VERDICTS if verdict in counts)


def claims_since(survey: Survey) -> Phrase:
    """Return what became of all the report's claims since the baseline; without one, what they come out as now."""
    claims = read_claims(codebook=survey.codebook)
    judged = judge(claims, survey) if survey.baseline is None else judge_against(claims, survey, survey.baseline)
    figures = dict.fromkeys(figure for row in judged["figures"] for figure in row)
    if survey.baseline is None:
        text = (
            f"Of the report’s {number(len(judged))} claims, tested on {label_of(survey)}: {tally(judged)}. A later "
            "wave gives each a verdict of its own beside this one, and the two say whether the claim still holds, no "
            "longer holds, has come to hold, or can’t be compared."
        )
        return Phrase(text, tuple(figures))
    text = (
        f"Of the report’s {number(len(judged))} claims, tested on {label_of(survey)} and on "
        f"{label_of(survey.baseline)}: {status_tally(judged)}. A claim counts as changed where the change of what "
        "it turns on is more than sampling explains; the tables at the end of each chapter give both verdicts."
    )
    return Phrase(text, tuple(figures))


def status_tally(judged: pd.DataFrame) -> str:
    """Return what became of claims since the baseline, as a list in words."""
    counts = judged["status"].value_counts()
    numbers = [(status, int(counts[status])) for status in STATUSES if status in counts]
    return listing(f"{count(number)} {BECAME[status][number != 1]}" for status, number in numbers)
