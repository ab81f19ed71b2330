"""What a chart shows of an earlier wave: hollow marks, arrows at changes, columns of its table; nothing without one."""

from collections.abc import Mapping
from typing import Any

import pandas as pd

from surveybook.change import NOT_COMPARABLE, changes_of, compare_gaps, explain_change, label_of
from surveybook.exhibits.tables import bound, value
from surveybook.model.figures import find_figure, key_of
from surveybook.model.survey import Survey
from surveybook.model.wording import Phrase, number, together, with_interval
from surveybook.stats.differences import Difference
from surveybook.words.findings import base_line, changed_items, gaps, people

UP, DOWN = "▲", "▼"
COLUMNS = ("share (%)", "Change (points)", "Change from", "to", "What the change means")


def changes_by_figure(survey: Survey, figures: pd.DataFrame) -> dict[str, dict[str, Any]]:
    """Return the change of each figure that has one, by its key; none without a baseline."""
    found = changes_of(survey)
    questions = set(figures["question_id"])
    return {key: row for key, row in found.by_key.items() if row["question_id"] in questions} if found else {}


def arrow(row: Mapping[str, Any]) -> str:
    """Return the arrow of a change that sampling doesn't explain; nothing where it may."""
    return (UP if row["change"] > 0 else DOWN) if row["shown"] else ""


def with_hollow(
    drawn: dict[str, Any], survey: Survey, figure: pd.Series, found: Mapping[str, Mapping[str, Any]]
) -> dict[str, Any]:
    """Return how a figure is drawn with the baseline's share beside it, where the two may be compared."""
    row = found.get(key_of(figure))
    if row is None or survey.baseline is None:
        return drawn
    before = find_figure(survey.baseline, key_of(figure))
    earlier = f"{label_of(survey.baseline)}: {with_interval(before)}"
    tip = f"{drawn.get('tip', drawn['text'])}. {earlier}. {explain_change(row)}"
    drawn = {**drawn, "tip": tip}
    if "value" in drawn and pd.notna(row["baseline_share"]):
        drawn["was"] = round(100 * row["baseline_share"], 2)
        drawn["text"] = f"{drawn['text']} {arrow(row)}".rstrip()
    return drawn


def with_columns(survey: Survey, table: dict[str, list[Any]], figures: pd.DataFrame) -> dict[str, list[Any]]:
    """Return a table of figures with the baseline's share and the change; as it was without a baseline."""
    if survey.baseline is None:
        return table
    found, then = changes_by_figure(survey, figures), label_of(survey.baseline)
    rows = []
    for cells, (_, figure) in zip(table["rows"], figures.iterrows(), strict=True):
        row = found.get(key_of(figure))
        before = find_figure(survey.baseline, key_of(figure))
        if row is None or before is None:
            rows.append([*cells, "", "", "", "", "Not compared"])
            continue
        change = number(100 * row["change"], 1) if pd.notna(row["change"]) else ""
        rows.append([*cells, value(before), change, bound(row["low"]), bound(row["high"]), explain_change(row)])
    return {"columns": [*table["columns"], f"{then} {COLUMNS[0]}", *COLUMNS[1:]], "rows": rows}


def earlier_gaps(
    survey: Survey, question: str, compared: list[tuple[pd.Series, pd.Series, Difference]]
) -> dict[str, tuple[dict[str, float], str]]:
    """Return the baseline's difference between two populations by item, with an arrow where it moved since.

    Nothing without a baseline, or where either population's question can't be compared with it.
    """
    found = changes_of(survey)
    if found is None:
        return {}
    status = {verdict.status for verdict in found.verdicts.values() if verdict.question_id == question}
    if NOT_COMPARABLE in status:
        return {}
    now, then = ({a["item_id"]: gap for a, _, gap in rows} for rows in (compared, gaps(found.baseline, question)))
    changed = compare_gaps(now, then, survey.confidence)
    return {
        str(item): ({"was": round(100 * row["was"], 1)}, f" {arrow(row)}" if row["shown"] else "")
        for item, row in changed.iterrows()
    }


def legend_line(survey: Survey, figures: pd.DataFrame) -> str:
    """Return what filled and hollow marks stand for; nothing where no figure has a hollow one."""
    rows = changes_by_figure(survey, figures).values()
    if survey.baseline is None or not any(pd.notna(row["baseline_share"]) for row in rows):
        return ""
    text = f"Filled: {label_of(survey)}. Hollow: {label_of(survey.baseline)}."
    return (
        f"{text} {UP} {DOWN}: a change that sampling does not explain." if any(row["shown"] for row in rows) else text
    )


def moves(survey: Survey, figures: pd.DataFrame) -> Phrase:
    """Return which of some figures changed since the baseline, in words; empty without one."""
    found = changes_by_figure(survey, figures)
    mine = [found[key] for key in map(key_of, (row for _, row in figures.iterrows())) if key in found]
    if survey.baseline is None or not mine:
        return Phrase("")
    rows = pd.DataFrame(mine)
    return together(
        *(
            changed_items(survey, people(survey, population), rows[rows["population"] == population])
            for population in rows["population"].unique()
        )
    )


def notes_on(survey: Survey, figures: pd.DataFrame) -> list[Phrase]:
    """Return who answered the baseline, and which of a chart's questions are not compared with it and why."""
    found = changes_of(survey)
    if found is None or figures.empty:
        return []
    baseline, then = found.baseline, label_of(found.baseline)
    notes = []
    for question, rows in figures.groupby("question_id", sort=False):
        for verdict in found.verdicts.values():
            if verdict.question_id == question and verdict.population in set(rows["population"]) and verdict.reason:
                verb = "With caution beside" if verdict.allows_tests else "Not compared with"
                about = f"{people(survey, verdict.population)}: {verdict.title}"
                notes.append(Phrase(f"{verb} {then} ({about}): {verdict.reason}."))
    populations = [p for p in baseline.metadata["populations"] if p in set(figures["population"])]
    compared = bool(changes_by_figure(survey, figures))
    return [*([Phrase(f"Baseline {then}: {base_line(baseline, populations)}")] if compared else []), *notes]
