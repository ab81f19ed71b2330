"""The claims as pages show them: the list of all, the chart of their verdicts, the rules, and sentences that count."""

from collections import Counter
from collections.abc import Iterable

import pandas as pd

from surveybook.claims.claim import FINDING, MIXED, JudgedClaim, find_part, judge_claims, read_claims, record_claim
from surveybook.exhibits import palette
from surveybook.exhibits.exhibit import NO_SURVEY, Exhibit, of_survey
from surveybook.exhibits.figure_charts import finish_chart
from surveybook.exhibits.forms import draw_counts
from surveybook.exhibits.tables import TEXTS, make_table
from surveybook.judgement.claim_test import (
    AGREEMENT_MARGIN,
    BY_ROUNDING,
    CONTRADICTED,
    HOLDS,
    NOT_CHECKABLE,
    SUPPORTED,
    VERDICTS,
    WITHIN_ERROR,
)
from surveybook.judgement.status import BECAME
from surveybook.model import paths
from surveybook.model.files import read_text_file
from surveybook.model.problems import DataError, Problem
from surveybook.model.report import read_report
from surveybook.model.survey import Survey, label_of, work_out_once
from surveybook.model.wording import BARE_MARGIN, HEDGED_MARGIN, Phrase, count, listing, number, points, sentence

# How bars show verdicts: in colour and opacity, from what holds to what doesn't.
COLOURS = {
    SUPPORTED: (palette.HELD, 0.92),
    BY_ROUNDING: (palette.HELD, 0.55),
    MIXED: (palette.BAND_EDGE, 0.92),
    WITHIN_ERROR: (palette.BAND, 1.0),
    NOT_CHECKABLE: (palette.GRID, 1.0),
    CONTRADICTED: (palette.OPPOSED, 0.92),
}
ALL = "All chapters"
HEADLINES = [*VERDICTS[:3], MIXED, *VERDICTS[3:]]
# What came of findings, as the end of a sentence: of one, and of several.
FARED = {
    HOLDS: ("holds", "hold"),
    (CONTRADICTED,): ("is contradicted", "are contradicted"),
    (MIXED,): ("is right in one part and wrong in another", "are right in one part and wrong in another"),
    (WITHIN_ERROR,): ("is within sampling error", "are within sampling error"),
    (NOT_CHECKABLE,): ("can’t be checked", "can’t be checked"),
}
NOTE = (
    "Statements are tested one by one, without adjustment for their number. One that can be read in several ways has "
    "the verdict of its kindest reading."
)


@work_out_once
def judge_all(survey: Survey) -> list[JudgedClaim]:
    """Return what a wave has to say to every claim."""
    return judge_claims(read_claims(codebook=survey.codebook), survey)


def judge_findings(survey: Survey) -> list[JudgedClaim]:
    """Return what a wave has to say to the claims that are findings: no echoes of one, counts or references."""
    return [one for one in judge_all(survey) if one.claim.counts_as == FINDING]


def all_claims(survey: Survey) -> Exhibit | None:
    """Return every claim of the report with its verdict on a wave, the worst first, to be filtered by verdict.

    Parameters
    ----------
    survey : Survey
        The wave; with a baseline, each claim says what became of it.

    Returns
    -------
    Exhibit
        A list with an address for each claim; its data have one row a claim.
    """
    judged = judge_all(survey)
    rows = []
    for one in judged:
        claim, phrases = one.claim, "; ".join(one.claim.phrases)
        where = [claim.counts_as, claim.locator, claim.id]
        rows.append([one.verdict, phrases, claim.statement, one.measured, one.strict, *where])
    return make_table(
        "claims",
        rows,
        slots={"count": number(len(judged)), "label": label_of(survey), "note": NOTE},
        entries=[record_claim(one) for one in judged],
        figures=list_figures(judged),
        **of_survey(survey),
    )


def list_figures(judged: Iterable[JudgedClaim]) -> list[str]:
    """Return the ids of the figures that verdicts rest on, each once."""
    return list(dict.fromkeys(figure for one in judged for figure in one.figures))


def tally_findings(judged: Iterable[JudgedClaim]) -> str:
    """Return how findings fared, as a list: '58 hold, 8 are contradicted and 30 can’t be checked'."""
    counts = Counter(one.verdict for one in judged)
    numbers = [(sum(counts[verdict] for verdict in verdicts), said) for verdicts, said in FARED.items()]
    return listing(f"{number(found)} {said[found != 1]}" for found, said in numbers if found)


def claims_since(survey: Survey) -> Phrase:
    """Return what became of all the report's claims since the baseline; empty without one."""
    if survey.baseline is None:
        return Phrase("")
    findings = judge_findings(survey)
    text = f"Of the report’s {number(len(findings))} findings, tested on {label_of(survey)} and on "
    text += f"{label_of(survey.baseline)}: {tally_statuses(findings)}. A finding counts as changed where the change of "
    text += "what it turns on is more than sampling explains; the list of claims tells it of each."
    return Phrase(text, tuple(list_figures(findings)))


def tally_statuses(judged: Iterable[JudgedClaim]) -> str:
    """Return what became of claims since the baseline, as a list in words."""
    counts = Counter(one.status for one in judged)
    numbers = [(status, counts[status]) for status in BECAME if counts[status]]
    return listing(f"{count(number)} {BECAME[status][number != 1]}" for status, number in numbers)


def rules() -> Exhibit | None:
    """Return the rules that give a verdict, in the order in which they are tried, with their margins."""
    margins = {"bare": points(BARE_MARGIN), "hedged": points(HEDGED_MARGIN), "agreement": points(AGREEMENT_MARGIN)}
    rows = [[cell.format(**margins) for cell in row] for row in TEXTS["claim-rules"]["rows"]]
    return make_table("claim-rules", rows, base=NO_SURVEY)


def two_passes() -> Exhibit | None:
    """Return how far two independent passes over the report agreed, as recorded in ``claims_passes.md``.

    Raises
    ------
    DataError
        When the record is missing or holds no table.
    """
    problems: list[Problem] = []
    path = paths.data() / "claims_passes.md"
    text = read_text_file(path, problems) or ""
    # A table of Markdown begins with its head and a row of rules.
    lines = [line for line in text.splitlines() if line[:1] == "|"][2:]
    rows = [[cell.strip(" *") for cell in line.strip("| ").split("|")] for line in lines]
    if not problems and not rows:
        problems.append(Problem(paths.shown(path), "no table stands here", "expected what was counted, and how many"))
    if problems:
        raise DataError("The record of the two passes", problems)
    return make_table("claim-passes", rows, base=NO_SURVEY)


def tell_news(survey: Survey, part: str = "") -> Phrase:
    """Return how many of a report's findings a survey bears out, and how many it contradicts: what to read first.

    Parameters
    ----------
    survey : Survey
        The survey.
    part : str
        A part of the report, as `find_part` takes it, for the findings that stand there; all of them otherwise.
    """
    findings, name = judge_findings(survey), find_part(part) if part else ""
    if name:
        findings = [one for one in findings if name in one.claim.chapters]
    counts = Counter(one.verdict for one in findings)
    right, mixed, wrong = sum(counts[verdict] for verdict in HOLDS), counts[MIXED], counts[CONTRADICTED]
    left = len(findings) - right - mixed - wrong
    whose = "its own" if survey.wave == read_report().claims_wave else "this"
    partly = f" {number(mixed)} {'is' if mixed == 1 else 'are'} right in part, and" if mixed else ""
    here, contradicted = " here" if name else "", number(wrong) if wrong else "none"
    return Phrase(
        f"Of {number(len(findings))} findings that the report drew{here}, {whose} survey bears out {number(right)} and "
        f"contradicts {contradicted};{partly} {number(left)} {'was' if left == 1 else 'were'} never measured or "
        f"{'is' if left == 1 else 'are'} too close to call."
    )


def claims_counted(survey: Survey) -> Phrase:
    """Return how many findings there are, and what isn't counted among them; how they fare, the chart's title says."""
    counts = Counter(one.claim.counts_as == FINDING for one in judge_all(survey))
    found, others = counts[True], counts[False]
    text = f"{number(found)} of them {'is a finding' if found == 1 else 'are findings'}."
    if others == 1:
        text += " Another 1 is a repetition, a count or a reference within the report, and is counted apart."
    elif others:
        text += f" Another {number(others)} are repetitions, counts and references within the report, and are counted "
        text += "apart."
    return Phrase(text)


def count_verdicts(judged: Iterable[JudgedClaim]) -> pd.DataFrame:
    """Return how many claims of each part of the report got each verdict.

    Parameters
    ----------
    judged : iterable of JudgedClaim
        From `judge_claims`.

    Returns
    -------
    pandas.DataFrame
        Parts of the report, in its order, by verdict from supported to not checkable; whole numbers, 0
        where there is none. Parts without claims among those judged are left out.
    """
    pairs = pd.DataFrame([(one.claim.chapter, one.verdict) for one in judged], columns=["chapter", "verdict"])
    table = pd.crosstab(pairs["chapter"], pairs["verdict"])
    parts = [part for part in read_report().parts if part in table.index]
    return table.reindex(index=parts, columns=HEADLINES, fill_value=0)


def chart_verdicts(survey: Survey) -> Exhibit:
    """Return what part of the report's findings was given which verdict, chapter by chapter, as bars of one length.

    Parameters
    ----------
    survey : Survey
        The wave that they are tested against.

    Returns
    -------
    Exhibit
        A bar for each chapter, and one for all; the numbers in it count findings.
    """
    findings = judge_findings(survey)
    parts = read_report().parts
    counts = count_verdicts(findings).rename(index=lambda part: parts[part].name)
    counts = pd.concat([counts.sum().to_frame(ALL).T, counts]) if len(counts) > 1 else counts
    counts, colours = counts.rename(index=sentence), {sentence(verdict): colour for verdict, colour in COLOURS.items()}
    told = [
        f"{part}: {listing(f'{count(int(found))} {verdict}' for verdict, found in row.items() if found)}."
        for part, row in counts.iterrows()
    ]
    return finish_chart(
        survey,
        draw_counts(counts.rename(columns=sentence).to_dict("index"), colours),
        "verdicts",
        f"Of {number(len(findings))} findings, {tally_findings(findings)}",
        (
            ["Chapter", *(sentence(str(verdict)) for verdict in counts.columns), "All"],
            [[part, *map(number, row), number(row.sum())] for part, row in counts.iterrows()],
        ),
        chart_verdicts,
        subtitle="What the report says about its own survey, tested: findings by chapter and verdict",
        interval_note=NOTE,
        alternative=" ".join(told),
    )
