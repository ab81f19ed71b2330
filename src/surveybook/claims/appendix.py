"""All claims on one page: the rules they are tested by, every verdict, how two passes over the report agreed."""

import pandas as pd

from surveybook.change import label_of
from surveybook.claims.across import judge_against
from surveybook.claims.judgement import (
    AGREEMENT_MARGIN,
    BY_ROUNDING,
    CONTRADICTED,
    NOT_APPLICABLE,
    NOT_CHECKABLE,
    SUPPORTED,
    WITHIN_ERROR,
    YES,
)
from surveybook.claims.page import claim_text, note_on, tally
from surveybook.claims.reading import read_claims
from surveybook.claims.verdicts import judge
from surveybook.exhibits.tables import NO_SURVEY, Table, of_survey
from surveybook.model import paths
from surveybook.model.problems import DataError, Problem
from surveybook.model.reading import read_text
from surveybook.model.survey import Survey
from surveybook.model.wording import Phrase, number, points
from surveybook.words.bands import BARE_MARGIN, HEDGED_MARGIN


def all_claims(survey: Survey, baseline: Survey | None = None, name: str = "claims") -> Table:
    """Return every claim of the report with its verdict on a wave, to be filtered.

    Parameters
    ----------
    survey : Survey
        The wave.
    baseline : Survey, optional
        An earlier wave; with it, each claim says whether it still holds.
    name : str
        The table's name.

    Returns
    -------
    Table
        One row a claim, each with an address of its own.
    """
    claims = read_claims(codebook=survey.codebook)
    judged = judge(claims, survey) if baseline is None else judge_against(claims, survey, baseline)
    rows = []
    for _, row in judged.iterrows():
        status = [] if baseline is None else [row["status"]]
        rows.append(
            [claim_text(row), row["verdict"] + firmness(row), *status, row["reason"], row["section"], row["id"]]
        )
    status = [] if baseline is None else [f"Since {label_of(baseline)}"]
    return Table(
        name,
        f"All claims, tested: {tally(judged)}",
        ["Claim", "Verdict", *status, "Why", "Where", "Id"],
        rows,
        note=note_on(survey, judged),
        source=f"Source: the report’s statements in our words (data/claims.yml), against wave {survey.wave}.",
        subtitle="Each statement of the report about its survey, and whether the figures bear it out.",
        **of_survey(survey),
        figures=list(dict.fromkeys(figure for listed in judged["figures"] for figure in listed)),
        filter=True,
        anchors={"column": "Id", "prefix": "claim-", "hidden": "Id"},
    )


def firmness(row: pd.Series) -> str:
    """Return in brackets whether a verdict is secure and survives rounding, as far as either applies."""
    parts = []
    if row["secure"] != NOT_APPLICABLE:
        parts.append("secure" if row["secure"] == YES else "not secure")
    if row["survives_rounding"] != NOT_APPLICABLE:
        parts.append("survives rounding" if row["survives_rounding"] == YES else "lost to rounding")
    return f" ({'; '.join(parts)})" if parts else ""


def rules(name: str = "claim-rules") -> Table:
    """Return the rules that give a verdict, in the order in which they are tried, with their margins."""
    bare, hedged, level = (points(margin) for margin in (BARE_MARGIN, HEDGED_MARGIN, AGREEMENT_MARGIN))
    rows = [
        [
            "Anything that rests on a figure that isn’t there",
            f"{NOT_CHECKABLE}: the reason says which figure or item it would take.",
        ],
        [
            "A repetition, a count, a cross-reference, two passages held against each other",
            f"{SUPPORTED} if they are equal, otherwise {CONTRADICTED}. No sampling is involved.",
        ],
        [
            "A fraction of those asked, said as “more than”, “fewer than” or “most”",
            f"{SUPPORTED} if true of every value that prints as the figure does, otherwise {CONTRADICTED}.",
        ],
        [
            "A fraction of those asked, said as it is or with a hedge",
            f"{SUPPORTED} if exact; {BY_ROUNDING} within {bare} of a bare fraction, or within {hedged} on the hedged "
            f"side (“nearly”, “just over”, “about”); otherwise {CONTRADICTED}.",
        ],
        [
            "An order, a rank, a difference",
            f"{CONTRADICTED} if printed in reverse; {WITHIN_ERROR} if tied, or if the interval of the difference "
            f"contains nought at the least favourable overlap; otherwise {SUPPORTED}.",
        ],
        [
            "No difference, agreement in level",
            f"{SUPPORTED} if the whole interval lies within {level} either way; {CONTRADICTED} if the whole of it lies "
            f"outside; otherwise {WITHIN_ERROR}.",
        ],
        ["Several things at once", "the verdict of the part that comes off worst."],
    ]
    return Table(
        name,
        "The rules that give a verdict",
        ["What is claimed", "Verdict"],
        rows,
        note="The first rule that fits decides. Worst to best: contradicted, not checkable, within sampling error, "
        "supported by rounding, supported.",
        source="Source: src/surveybook/claims.",
        subtitle="What counts as supported, and by what margin.",
        base=NO_SURVEY,
    )


def two_passes(name: str = "claim-passes") -> Table:
    """Return how far two independent passes over the report agreed, as recorded in ``claims_passes.md``.

    Raises
    ------
    DataError
        When the record is missing or holds no table.
    """
    problems: list[Problem] = []
    path = paths.data() / "claims_passes.md"
    text = read_text(path, problems) or ""
    cells = [
        [cell.strip(" *") for cell in line.strip("| ").split("|")] for line in text.splitlines() if line[:1] == "|"
    ]
    # A table of Markdown begins with its head and a row of rules.
    rows = cells[2:]
    if not problems and not rows:
        problems.append(Problem(paths.shown(path), "no table stands here", "expected what was counted, and how many"))
    if problems:
        raise DataError("The record of the two passes", problems)
    return Table(
        name,
        "How two passes over the report agreed",
        ["What was found", "Claims"],
        rows,
        note="Each single difference, with how it was settled, is a row of data/claims_passes.csv.",
        source="Source: data/claims_passes.md.",
        subtitle="Claims that both passes found, and those that one of them did.",
        base=NO_SURVEY,
    )


def claims_counted(survey: Survey) -> Phrase:
    """Return how many claims there are and how they fare, as a sentence."""
    judged = judge(read_claims(codebook=survey.codebook), survey)
    return Phrase(f"Against this wave, of {number(len(judged))} claims, the verdicts are: {tally(judged)}.")
