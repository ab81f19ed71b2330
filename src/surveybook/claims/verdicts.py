"""The verdicts: each claim tested against one wave and, where that has a baseline, whether the claim still holds."""

from collections.abc import Iterable

import pandas as pd

from surveybook.claims.claim import Claim
from surveybook.judgement.claim_test import VERDICTS
from surveybook.judgement.evidence import gather_evidence
from surveybook.judgement.status import find_status
from surveybook.model.report import read_report
from surveybook.model.survey import Survey
from surveybook.model.wording import sentence

FIELDS = ["id", "chapter", "section", "locator", "statement", "reading"]
COLUMNS = [*FIELDS, "verdict", "secure", "survives_rounding", "reason", "figures", "kind"]
ANSWERS = {True: "yes", False: "no", None: "n.a."}


def judge_claims(claims: Iterable[Claim], survey: Survey) -> pd.DataFrame:
    """Return what one wave has to say to each claim, and whether that is a change from its baseline.

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
        ``survives_rounding`` yes, no or n.a. (see `Judgement`). Where the wave has a baseline, also ``status``, a key
        of `BECAME`, and ``status_reason``.

    Notes
    -----
    Whether two waves are comparable on a question is for `surveybook.change.compare_waves` to say. Where the verdict
    passed from one side to the other, *now holds* and *no longer* need the change of what the claim turns on to be
    shown: Newcombe's (1998) interval for a share, and for the distance between two shares its extension to
    differences of independent estimates (Zou and Donner 2008), at the level of the wave. A claim that can't be
    decided in one of the waves is *can't tell*.
    """
    now, before = gather_evidence(survey), gather_evidence(survey.baseline) if survey.baseline else None
    rows = []
    for claim in claims:
        outcome = claim.test.judge(now)
        named = [now.figures[key].figure_id for key in claim.figures if key in now.figures]
        row = {
            **{name: getattr(claim, name) for name in FIELDS},
            "verdict": outcome.verdict,
            "secure": ANSWERS[outcome.secure],
            "survives_rounding": ANSWERS[outcome.survives_rounding],
            "reason": sentence(outcome.reason),
            "figures": list(dict.fromkeys([*named, *outcome.figures])),
            "kind": claim.test.kind,
        }
        if before:
            row["status"], row["status_reason"] = find_status(claim.test, outcome, now, before)
        rows.append(row)
    return pd.DataFrame(rows, columns=[*COLUMNS, *(["status", "status_reason"] if before else [])])


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
