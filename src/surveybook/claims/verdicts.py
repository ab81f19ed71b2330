"""The verdicts: each claim's test run against one wave."""

from collections.abc import Callable, Iterable

import pandas as pd

from surveybook.claims import contrasts, numbers
from surveybook.claims.evidence import Evidence, gather
from surveybook.claims.judgement import (
    CONTRADICTED,
    NO,
    NOT_APPLICABLE,
    NOT_CHECKABLE,
    WITHIN_ERROR,
    WORST_FIRST,
    YES,
    Judgement,
    lower_first,
)
from surveybook.claims.reading import Claim
from surveybook.claims.vocabulary import Test
from surveybook.model.survey import Survey
from surveybook.model.wording import count, sentence

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
BOTH = 2


def judge_test(test: Test, evidence: Evidence) -> Judgement:
    """Return the outcome of a test; of a compound, that of its worst part."""
    if test["kind"] == "all":
        return judge_all([judge_test(part, evidence) for part in test["tests"]])
    return KINDS[test["kind"]](test, evidence)


def judge_all(parts: list[Judgement]) -> Judgement:
    """Return the outcome of a compound: its worst part's verdict, with the reason of the part that decided.

    From the worst: contradicted, not checkable, within sampling error, supported by rounding, supported. A
    part that is contradicted settles the whole, whatever else can't be tested; the reason says how many parts
    can't. The whole is secure and survives rounding when all parts of a supported claim do, or when any
    part that contradicts it does.
    """
    verdict = min((part.verdict for part in parts), key=WORST_FIRST.index)
    deciding = [part for part in parts if part.verdict == verdict]
    named = next((part for part in deciding if part.secure == YES), deciding[0])
    ids = tuple(dict.fromkeys(figure for part in parts for figure in part.figures))
    if verdict == NOT_CHECKABLE:
        return Judgement(verdict, reason=_part_reason(parts, deciding, named), figures=ids)
    # One part is enough to undo the whole; to uphold it, all are needed.
    together, counted = (any, deciding) if verdict in (CONTRADICTED, WITHIN_ERROR) else (all, parts)
    secure = _joined([part.secure for part in counted], together)
    survives = _joined([part.survives_rounding for part in counted], together)
    return Judgement(verdict, secure, survives, _part_reason(parts, deciding, named), ids)


def _joined(answers: list[str], together: Callable[[Iterable[bool]], bool]) -> str:
    """Return several answers as one; those that don't apply are left out."""
    applicable = [answer for answer in answers if answer != NOT_APPLICABLE]
    if not applicable:
        return NOT_APPLICABLE
    return YES if together(answer == YES for answer in applicable) else NO


def _part_reason(parts: list[Judgement], deciding: list[Judgement], named: Judgement) -> str:
    """Return the deciding part's reason, after how many of the parts share its verdict."""
    if len(parts) == 1:
        return named.reason
    if len(deciding) == len(parts):
        all_of_them = "Both parts" if len(parts) == BOTH else f"All {count(len(parts))} parts"
        head = f"{all_of_them} are {named.verdict}; for instance,"
    else:
        is_are = "is" if len(deciding) == 1 else "are"
        head = f"Of {count(len(parts))} parts, {count(len(deciding))} {is_are} {named.verdict}"
        untested = sum(part.verdict == NOT_CHECKABLE for part in parts)
        if untested and named.verdict != NOT_CHECKABLE:
            head += f" and {count(untested)} can't be tested"
    colon = "" if head.endswith(",") else ":"
    return f"{head}{colon} {lower_first(named.reason)}"


KINDS: dict[str, Callable[[Test, Evidence], Judgement]] = {
    "not_checkable": numbers.judge_not_checkable,
    "repetition": numbers.judge_repetition,
    "count": numbers.judge_count,
    "cross_reference": numbers.judge_cross_reference,
    "consistency": numbers.judge_consistency,
    "fraction": numbers.judge_fraction,
    "order": contrasts.judge_order,
    "rank": contrasts.judge_rank,
    "top": contrasts.judge_top,
    "difference": contrasts.judge_difference,
    "agreement": contrasts.judge_agreement,
}


def judge(claims: Iterable[Claim], survey: Survey) -> pd.DataFrame:
    """Return what one wave has to say to each claim.

    The rules, of which the first that fits decides a single test: (1) a figure that isn't a number, or that no
    item measures, makes it *not checkable*; (2) repetitions, counts, references and passages are compared with
    no sampling involved; (3) a fraction is held against the printed number; (4) an order, rank or difference has
    to be printed so, and its two-sided interval, at the least favourable overlap of two answers of the same
    people, to exclude 0; (5) an agreement has to have its interval inside 5 points either way. A compound claim
    has its worst part's verdict (see `judge_all`). Claims are tested one by one, unadjusted.

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
    evidence = gather(survey)
    rows = [as_row(claim, judge_test(claim.test, evidence), evidence) for claim in claims]
    return pd.DataFrame(rows, columns=COLUMNS)


def as_row(claim: Claim, outcome: Judgement, evidence: Evidence) -> dict[str, object]:
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
        "secure": outcome.secure,
        "survives_rounding": outcome.survives_rounding,
        "reason": sentence(outcome.reason),
        "figures": list(dict.fromkeys([*named, *outcome.figures])),
        "kind": claim.test["kind"],
    }
