"""The claims as pages show them: tables, the chart of all verdicts, the rules, and sentences that count."""

from typing import Any

import pandas as pd

from surveybook.change import label_of
from surveybook.claims.claim import FINDING, find_part, read_claims
from surveybook.claims.verdicts import HEADLINES, MIXED, count_verdicts, judge_claims, tabulate_claims
from surveybook.exhibits import palette
from surveybook.exhibits.exhibit import NO_SURVEY, Exhibit, of_survey
from surveybook.exhibits.forms import draw_counts
from surveybook.exhibits.records import finish_chart
from surveybook.judgement.claim_test import BY_ROUNDING, CONTRADICTED, HOLDS, NOT_CHECKABLE, SUPPORTED, WITHIN_ERROR
from surveybook.judgement.kinds import KINDS
from surveybook.judgement.status import BECAME
from surveybook.model import paths
from surveybook.model.files import read_text_file
from surveybook.model.problems import DataError, Problem
from surveybook.model.report import read_report
from surveybook.model.survey import Survey
from surveybook.model.wording import Phrase, count, listing, number, sentence

# How bars show verdicts: in colour and opacity, from what holds to what doesn't.
COLOURS = {
    SUPPORTED: (palette.HELD, 0.92),
    BY_ROUNDING: (palette.HELD, 0.55),
    MIXED: (palette.BAND_EDGE, 0.92),
    WITHIN_ERROR: (palette.BAND, 1.0),
    NOT_CHECKABLE: (palette.GRID, 1.0),
    CONTRADICTED: (palette.OPPOSED, 0.92),
}
ALL = "All claims"
NOTE = (
    "Claims are tested one by one, without adjustment for their number. What can be read two ways has the "
    "verdict of the kinder reading."
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
    judged = tabulate_claims(judge_claims(claims, survey))
    columns = {"Claim": judged["statement"], "Where": judged["section"], "Verdict": judged["verdict"]}
    title = f"What {read_report().parts[name].name} said, tested: {tally_verdicts(judged)}"
    why = judged["reason"]
    if survey.baseline is not None:
        then = label_of(survey.baseline)
        columns[f"Verdict on {then}"] = [one.verdict for one in judge_claims(claims, survey.baseline)]
        columns[f"Since {then}"] = judged["status"]
        why = why + " " + judged["status_reason"]
        title += f"; since {then}, {tally_statuses(judged)}"
    subtitle = "Each statement about the survey, and whether the figures bear it out."
    return _make_table(survey, judged, columns | {"Why": why}, name=f"claims-{name}", title=title, subtitle=subtitle)


def judge_all(survey: Survey) -> pd.DataFrame:
    """Return what a wave has to say to every claim."""
    return tabulate_claims(judge_claims(read_claims(codebook=survey.codebook), survey))


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
    judged = judge_all(survey)
    firmness = judged.apply(describe_firmness, axis=1)
    columns = {"Claim": judged["statement"], "Verdict": judged["verdict"] + firmness}
    if survey.baseline is not None:
        columns[f"Since {label_of(survey.baseline)}"] = judged["status"]
    columns |= {"Why": judged["reason"], "Where": judged["section"], "Id": judged["id"]}
    return _make_table(
        survey,
        judged,
        columns,
        name=name,
        title=f"All claims, tested: {tally_verdicts(judged)}",
        subtitle="Each statement of the report about its survey, and whether the figures bear it out.",
        filter=True,
        anchors={"column": "Id", "prefix": "claim-", "hidden": "Id"},
    )


def _make_table(survey: Survey, judged: pd.DataFrame, columns: dict[str, pd.Series], **about: Any) -> Exhibit:
    """Return a table of judged claims."""
    return Exhibit(
        columns=list(columns),
        rows=pd.DataFrame(columns).to_numpy().tolist(),
        notes=[note_verdicts(survey, judged)],
        source=f"Source: the report’s statements in our words (data/claims.yml), against wave {survey.wave}.",
        **of_survey(survey),
        figures=list_figures(judged),
        **about,
    )


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


def tally_verdicts(judged: pd.DataFrame) -> str:
    """Return how many claims got each verdict, as a list. All in digits, for they are there to be compared."""
    counts = judged["verdict"].value_counts()
    return listing(f"{number(int(counts[verdict]))} {verdict}" for verdict in HEADLINES if verdict in counts)


def claims_since(survey: Survey) -> Phrase:
    """Return what became of all the report's claims since the baseline; without one, what they come out as now."""
    judged = judge_all(survey)
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
    numbers = [(status, int(counts[status])) for status in BECAME if status in counts]
    return listing(f"{count(number)} {BECAME[status][number != 1]}" for status, number in numbers)


def describe_firmness(row: pd.Series) -> str:
    """Return in brackets whether a verdict is secure and survives rounding, as far as either applies."""
    words = {"secure": ("secure", "not secure"), "survives_rounding": ("survives rounding", "lost to rounding")}
    parts = [said[row[name] == "no"] for name, said in words.items() if row[name] != "n.a."]
    return f" ({'; '.join(parts)})" if parts else ""


def rules(name: str = "claim-rules") -> Exhibit:
    """Return the rules that give a verdict, in the order in which they are tried, with their margins."""
    rows = dict.fromkeys(rule for kind in KINDS.values() for rule in kind.rules)
    return Exhibit(
        name,
        "The rules that give a verdict",
        ["What is claimed", "Verdict"],
        [list(row) for row in rows],
        notes=[
            "The first rule that fits decides. Worst to best: contradicted, not checkable, within sampling error, "
            "supported by rounding, supported."
        ],
        source="Source: src/surveybook/judgement.",
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


def tell_news(survey: Survey) -> Phrase:
    """Return how many of a report's findings a survey bears out, and how many it contradicts: what to read first."""
    judged = judge_all(survey)
    found = judged.loc[judged["counts_as"] == FINDING, "verdict"]
    right, part, wrong = (int(found.isin(verdicts).sum()) for verdicts in (HOLDS, (MIXED,), (CONTRADICTED,)))
    left, whose = len(found) - right - part - wrong, "its own" if survey.wave == read_report().claims_wave else "this"
    partly = f" {number(part)} {'is' if part == 1 else 'are'} right in part, and" if part else ""
    return Phrase(
        f"Of {number(len(found))} findings that the report drew, {whose} survey bears out {number(right)} and "
        f"contradicts {number(wrong)};{partly} {number(left)} {'was' if left == 1 else 'were'} never measured or "
        f"{'is' if left == 1 else 'are'} too close to call."
    )


def claims_counted(survey: Survey) -> Phrase:
    """Return how many claims there are and how they fare, as a sentence."""
    judged = judge_all(survey)
    return Phrase(f"Against this wave, of {number(len(judged))} claims, the verdicts are: {tally_verdicts(judged)}.")


def chart_verdicts(survey: Survey, name: str = "verdicts") -> Exhibit:
    """Return how many of the report's claims each verdict was given, part by part.

    Parameters
    ----------
    survey : Survey
        The wave that the claims are tested against.
    name : str
        The figure's name.

    Returns
    -------
    Exhibit
        A bar a part, which its verdicts make up, each with how many claims were given it.
    """
    judged = judge_claims(read_claims(codebook=survey.codebook), survey)
    counts = count_verdicts(judged).rename(index=lambda part: sentence(str(part).replace("-", " ")))
    rows = [[part, *map(number, row), number(row.sum())] for part, row in counts.iterrows()]
    drawn = {str(part): row.rename(index=sentence).to_dict() for part, row in counts.iterrows()}
    told = []
    for part, row in counts.iterrows():
        given = listing(f"{count(int(claims))} {verdict}" for verdict, claims in row.items() if claims)
        told.append(f"{part}: {given}.")
    return finish_chart(
        survey,
        draw_counts(drawn, {sentence(verdict): colour for verdict, colour in COLOURS.items()}),
        name,
        f"Of {number(len(judged))} claims, {tally_verdicts(tabulate_claims(judged))}",
        (
            ["Chapter", *(sentence(str(verdict)) for verdict in counts.columns), "All"],
            [*rows, [ALL, *map(number, counts.sum()), number(counts.to_numpy().sum())]],
        ),
        "chart_verdicts",
        module=__name__,
        subtitle="What the report says about its own survey, tested: claims by chapter and verdict",
        interval_note="Each claim is tested by itself, without adjustment for their number.",
        notes=["What can be read two ways has the verdict of the kinder reading."],
        alternative=" ".join(told),
    )
