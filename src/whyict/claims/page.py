"""The claims of a chapter as a table for its page."""

import pandas as pd

from whyict.change import label_of
from whyict.claims.across import STATUSES, judge_against
from whyict.claims.judgement import VERDICTS
from whyict.claims.reading import chapter_named, read_claims
from whyict.claims.verdicts import judge
from whyict.tables import Table
from whyict.waves import Survey
from whyict.wording import count, listing

TITLES = {"foreword": "the foreword", "executive-summary": "the executive summary", "introduction": "the introduction",
          "quality": "the part on quality", "customer-focus": "the part on customer focus",
          "value-for-money": "the part on value for money", "people-management": "the part on people management",
          "conclusions": "the conclusions"}
NOTE = ("Claims are tested one by one, without adjustment for their number. Those that can be read two ways stand "
        "once for each reading.")


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
    WhyICTError
        When there is no such chapter.
    """
    name = chapter_named(chapter)
    claims = [claim for claim in read_claims(codebook=survey.codebook) if claim.chapter == name]
    columns = ["Claim", "Where", "Verdict", "Why"]
    if survey.baseline is None:
        judged = judge(claims, survey)
        rows = [[claim_text(row), row["section"], row["verdict"], row["reason"]] for _, row in judged.iterrows()]
        title = f"What {TITLES[name]} says, tested: {tally(judged)}"
    else:
        judged, then = judge_against(claims, survey, survey.baseline), label_of(survey.baseline)
        earlier = judge(claims, survey.baseline)["verdict"]
        rows = [
            [claim_text(row), row["section"], row["verdict"], before, row["status"], f"{row['reason']} {row['status_reason']}"]
            for before, (_, row) in zip(earlier, judged.iterrows(), strict=True)
        ]
        columns = ["Claim", "Where", "Verdict", f"Verdict on {then}", f"Since {then}", "Why"]
        title = f"What {TITLES[name]} says, tested: {tally(judged)}; since {then}, {status_tally(judged)}"
    figures = list(dict.fromkeys(figure for row in judged["figures"] for figure in row))
    return Table(name=f"claims-{name}", title=title, columns=columns, rows=rows, note=NOTE,
                 source=f"The report's statements in our words, against wave {survey.wave}", figures=figures)


def claim_text(row: pd.Series) -> str:
    """Return a claim with its reading, where it has one."""
    return f"{row['statement']} ({row['reading'].rstrip('.')})" if row["reading"] else row["statement"]


def tally(judged: pd.DataFrame) -> str:
    """Return how many claims got each verdict, as a list in words."""
    counts = judged["verdict"].value_counts()
    return listing(f"{count(int(counts[verdict]))} {verdict}" for verdict in VERDICTS if verdict in counts)


def status_tally(judged: pd.DataFrame) -> str:
    """Return what became of claims since the baseline, as a list in words."""
    counts = judged["status"].value_counts()
    return listing(f"{count(int(counts[status]))} {status}" for status in STATUSES if status in counts)
