"""The claims as pages show them: a table for each part of the report and one of all, the rules, sentences."""

from collections.abc import Iterable

import pandas as pd

from surveybook.change import label_of
from surveybook.claims.claim import Claim, find_part, read_claims
from surveybook.claims.judgement import (
    AGREEMENT_MARGIN,
    BY_ROUNDING,
    CONTRADICTED,
    NOT_CHECKABLE,
    SUPPORTED,
    VERDICTS,
    WITHIN_ERROR,
)
from surveybook.claims.status import (
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
from surveybook.claims.verdicts import judge_claims
from surveybook.exhibits.exhibit import NO_SURVEY, Exhibit, of_survey
from surveybook.model import paths
from surveybook.model.files import read_text_file
from surveybook.model.problems import DataError, Problem
from surveybook.model.report import read_report
from surveybook.model.survey import Survey
from surveybook.model.wording import BARE_MARGIN, HEDGED_MARGIN, Phrase, count, listing, number, points

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


def claims_table(survey: Survey, part: str) -> Exhibit:
    """Return the claims of one part of the report with their verdicts on a wave.

    Parameters
    ----------
    survey : Survey
        The wave.
    part : str
        A part of the report, by id or number.

    Returns
    -------
    Exhibit
        One row a claim: what it says, where, the verdict, and why; with a baseline, the verdict there too and
        what became of the claim since.

    Raises
    ------
    SurveybookError
        When there is no such part.
    """
    name = find_part(part)
    claims = [claim for claim in read_claims(codebook=survey.codebook) if claim.chapter == name]
    judged = judge_as_shown(claims, survey)
    columns = {"Claim": judged.apply(describe_claim, axis=1), "Where": judged["section"], "Verdict": judged["verdict"]}
    title = f"What {read_report().parts[name].name} said, tested: {tally_verdicts(judged)}"
    if survey.baseline is None:
        columns["Why"] = judged["reason"]
    else:
        then = label_of(survey.baseline)
        columns[f"Verdict on {then}"] = judge_claims(claims, survey.baseline)["verdict"]
        columns[f"Since {then}"] = judged["status"]
        columns["Why"] = judged["reason"] + " " + judged["status_reason"]
        title += f"; since {then}, {tally_statuses(judged)}"
    return Exhibit(
        name=f"claims-{name}",
        title=title,
        columns=list(columns),
        rows=pd.DataFrame(columns).to_numpy().tolist(),
        notes=[note_verdicts(survey, judged)],
        source=f"Source: the report’s statements in our words (data/claims.yml), against wave {survey.wave}.",
        subtitle="Each statement about the survey, and whether the figures bear it out.",
        **of_survey(survey),
        figures=list_figures(judged),
    )


def judge_as_shown(claims: Iterable[Claim], survey: Survey) -> pd.DataFrame:
    """Return the verdicts of a wave, with what became of each claim since its baseline where it has one."""
    return judge_claims(claims, survey) if survey.baseline is None else judge_against(claims, survey)


def list_figures(judged: pd.DataFrame) -> list[str]:
    """Return the ids of the figures that verdicts rest on, each once."""
    return list(dict.fromkeys(figure for row in judged["figures"] for figure in row))


def note_verdicts(survey: Survey, judged: pd.DataFrame) -> str:
    """Return how verdicts came about, and how many of a later wave's don't come from it."""
    own = int((judged["figures"].map(len).eq(0) & judged["verdict"].ne(NOT_CHECKABLE)).sum())
    if survey.wave == read_report().claims_wave or not own:
        return NOTE
    rest = "1 of the verdicts rests" if own == 1 else f"{number(own)} of the verdicts rest"
    return f"{NOTE} {rest} on the report’s own text, on whether its parts agree, and would be the same for any wave."


def describe_claim(row: pd.Series) -> str:
    """Return a claim with its reading, where it has one."""
    return f"{row['statement']} ({row['reading'].rstrip('.')})" if row["reading"] else row["statement"]


def tally_verdicts(judged: pd.DataFrame) -> str:
    """Return how many claims got each verdict, as a list. All in digits, for they are there to be compared."""
    counts = judged["verdict"].value_counts()
    return listing(f"{number(int(counts[verdict]))} {verdict}" for verdict in VERDICTS if verdict in counts)


def claims_since(survey: Survey) -> Phrase:
    """Return what became of all the report's claims since the baseline; without one, what they come out as now."""
    judged = judge_as_shown(read_claims(codebook=survey.codebook), survey)
    tested = f"Of the report’s {number(len(judged))} claims, tested on {label_of(survey)}"
    if survey.baseline is None:
        text = (
            f"{tested}: {tally_verdicts(judged)}. A later wave gives each a verdict of its own beside this one, and "
            "the two say whether the claim still holds, no longer holds, has come to hold, or can’t be compared."
        )
    else:
        text = (
            f"{tested} and on {label_of(survey.baseline)}: {tally_statuses(judged)}. A claim counts as changed where "
            "the change of what it turns on is more than sampling explains; the tables at the end of each chapter give "
            "both verdicts."
        )
    return Phrase(text, tuple(list_figures(judged)))


def tally_statuses(judged: pd.DataFrame) -> str:
    """Return what became of claims since the baseline, as a list in words."""
    counts = judged["status"].value_counts()
    numbers = [(status, int(counts[status])) for status in STATUSES if status in counts]
    return listing(f"{count(number)} {BECAME[status][number != 1]}" for status, number in numbers)


def all_claims(survey: Survey, name: str = "claims") -> Exhibit:
    """Return every claim of the report with its verdict on a wave, to be filtered.

    Parameters
    ----------
    survey : Survey
        The wave; with a baseline, each claim says whether it still holds.
    name : str
        The table's name.

    Returns
    -------
    Exhibit
        One row a claim, each with an address of its own.
    """
    judged = judge_as_shown(read_claims(codebook=survey.codebook), survey)
    columns = {
        "Claim": judged.apply(describe_claim, axis=1),
        "Verdict": judged["verdict"] + judged.apply(describe_firmness, axis=1),
    }
    if survey.baseline is not None:
        columns[f"Since {label_of(survey.baseline)}"] = judged["status"]
    columns |= {"Why": judged["reason"], "Where": judged["section"], "Id": judged["id"]}
    return Exhibit(
        name,
        f"All claims, tested: {tally_verdicts(judged)}",
        list(columns),
        pd.DataFrame(columns).to_numpy().tolist(),
        notes=[note_verdicts(survey, judged)],
        source=f"Source: the report’s statements in our words (data/claims.yml), against wave {survey.wave}.",
        subtitle="Each statement of the report about its survey, and whether the figures bear it out.",
        **of_survey(survey),
        figures=list_figures(judged),
        filter=True,
        anchors={"column": "Id", "prefix": "claim-", "hidden": "Id"},
    )


def describe_firmness(row: pd.Series) -> str:
    """Return in brackets whether a verdict is secure and survives rounding, as far as either applies."""
    words = {"secure": ("secure", "not secure"), "survives_rounding": ("survives rounding", "lost to rounding")}
    parts = [said[row[name] == "no"] for name, said in words.items() if row[name] != "n.a."]
    return f" ({'; '.join(parts)})" if parts else ""


def rules(name: str = "claim-rules") -> Exhibit:
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
    return Exhibit(
        name,
        "The rules that give a verdict",
        ["What is claimed", "Verdict"],
        rows,
        notes=[
            "The first rule that fits decides. Worst to best: contradicted, not checkable, within sampling error, "
            "supported by rounding, supported."
        ],
        source="Source: src/surveybook/claims.",
        subtitle="What counts as supported, and by what margin.",
        base=NO_SURVEY,
    )


def two_passes(name: str = "claim-passes") -> Exhibit:
    """Return how far two independent passes over the report agreed, as recorded in ``claims_passes.md``.

    Raises
    ------
    DataError
        When the record is missing or holds no table.
    """
    problems: list[Problem] = []
    path = paths.data() / "claims_passes.md"
    text = read_text_file(path, problems) or ""
    cells = [
        [cell.strip(" *") for cell in line.strip("| ").split("|")] for line in text.splitlines() if line[:1] == "|"
    ]
    # A table of Markdown begins with its head and a row of rules.
    rows = cells[2:]
    if not problems and not rows:
        problems.append(Problem(paths.shown(path), "no table stands here", "expected what was counted, and how many"))
    if problems:
        raise DataError("The record of the two passes", problems)
    return Exhibit(
        name,
        "How two passes over the report agreed",
        ["What was found", "Claims"],
        rows,
        notes=["Each single difference, with how it was settled, is a row of data/claims_passes.csv."],
        source="Source: data/claims_passes.md.",
        subtitle="Claims that both passes found, and those that one of them did.",
        base=NO_SURVEY,
    )


def claims_counted(survey: Survey) -> Phrase:
    """Return how many claims there are and how they fare, as a sentence."""
    judged = judge_claims(read_claims(codebook=survey.codebook), survey)
    return Phrase(f"Against this wave, of {number(len(judged))} claims, the verdicts are: {tally_verdicts(judged)}.")
