"""The verdicts: each claim's test run against one wave."""

from collections.abc import Iterable

import pandas as pd

from surveybook.claims.claim import Claim
from surveybook.claims.evidence import Evidence, gather_evidence
from surveybook.claims.judgement import VERDICTS, Judgement
from surveybook.model.report import read_report
from surveybook.model.survey import Survey
from surveybook.model.wording import sentence

COLUMNS = [
    "id",
    "chapter",
    "section",
    "locator",
    "statement",
    "reading",
    "verdict",
    "secure",
    "survives_rounding",
    "reason",
    "figures",
    "kind",
]
ANSWERS = {True: "yes", False: "no", None: "n.a."}


def judge_claims(claims: Iterable[Claim], survey: Survey) -> pd.DataFrame:
    """Return what one wave has to say to each claim.

    The rules, of which the first that fits decides a single test: (1) a figure that isn't a number, or that no
    item measures, makes it *not checkable*; (2) repetitions, counts, references and passages are compared with
    no sampling involved; (3) a fraction is held against the printed number; (4) an order, rank or difference has
    to be printed so, and its two-sided interval, at the least favourable overlap of two answers of the same
    people, to exclude 0; (5) an agreement has to have its interval inside 5 points either way. A compound claim
    has its worst part's verdict (see `judge_parts`). Claims are tested one by one, unadjusted.

    Parameters
    ----------
    claims : iterable of Claim
        From `read_claims`.
    survey : Survey
        The wave.

    Returns
    -------
    pandas.DataFrame
        One row a claim, with the columns `COLUMNS`; ``figures`` holds lists of figure ids, ``secure`` and
        ``survives_rounding`` yes, no or n.a. (see `Judgement`).
    """
    evidence = gather_evidence(survey)
    rows = [make_row(claim, claim.test.judge(evidence), evidence) for claim in claims]
    return pd.DataFrame(rows, columns=COLUMNS)


def make_row(claim: Claim, outcome: Judgement, evidence: Evidence) -> dict[str, object]:
    """Return a claim with its outcome as a row of the table."""
    named = [evidence.figures[key].figure_id for key in claim.figures if key in evidence.figures]
    return {
        "id": claim.id,
        "chapter": claim.chapter,
        "section": claim.section,
        "locator": claim.locator,
        "statement": claim.statement,
        "reading": claim.reading,
        "verdict": outcome.verdict,
        "secure": ANSWERS[outcome.secure],
        "survives_rounding": ANSWERS[outcome.survives_rounding],
        "reason": sentence(outcome.reason),
        "figures": list(dict.fromkeys([*named, *outcome.figures])),
        "kind": claim.test.kind,
    }


def count_verdicts(judged: pd.DataFrame) -> pd.DataFrame:
    """Return how many claims of each part of the report got each verdict.

    Parameters
    ----------
    judged : pandas.DataFrame
        From `judge_claims`.

    Returns
    -------
    pandas.DataFrame
        Parts of the report, in its order, by verdict from supported to not checkable; whole numbers, 0
        where there is none. Parts without claims among those judged are left out.
    """
    table = pd.crosstab(judged["chapter"], judged["verdict"])
    parts = [part for part in read_report().parts if part in table.index]
    return table.reindex(index=parts, columns=list(VERDICTS), fill_value=0).rename_axis(columns="verdict")
