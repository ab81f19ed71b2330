"""What a chart shows of an earlier wave: hollow marks, arrows at changes, columns of its table; nothing without one."""

from typing import Any

import numpy as np
import pandas as pd

from surveybook.change import NOT_COMPARABLE, compare_questions, compare_waves, label_of, meaning
from surveybook.exhibits.tables import bound, value
from surveybook.model.figures import find_figure, key_of
from surveybook.model.survey import Survey
from surveybook.model.wording import Phrase, number, together, with_interval
from surveybook.stats import Difference, holm, two_sided_p
from surveybook.words.findings import base_line, changed_items, gaps, people

UP, DOWN = "▲", "▼"
COLUMNS = ("share (%)", "Change (points)", "Change from", "to", "What the change means")


def changes_by_figure(survey: Survey, figures: pd.DataFrame) -> dict[str, pd.Series]:
    """Return the change of each figure that has one, by its key; none without a baseline."""
    if survey.baseline is None or figures.empty:
        return {}
    found: dict[str, pd.Series] = {}
    for question in figures["question_id"].unique():
        found |= {key_of(row): row for _, row in compare_waves(survey, survey.baseline, question).iterrows()}
    return found


def arrow(row: pd.Series) -> str:
    """Return the arrow of a change that sampling doesn't explain; nothing where it may."""
    return (UP if row["change"] > 0 else DOWN) if row["shown"] else ""


def with_hollow(
    drawn: dict[str, Any], survey: Survey, figure: pd.Series, found: dict[str, pd.Series]
) -> dict[str, Any]:
    """Return how a figure is drawn with the baseline's share beside it, where the two may be compared."""
    row = found.get(key_of(figure))
    if row is None or survey.baseline is None:
        return drawn
    before = find_figure(survey.baseline, key_of(figure))
    tip = f"{drawn.get('tip', drawn['text'])}. {label_of(survey.baseline)}: {with_interval(before)}. {meaning(row)}"
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
        rows.append([*cells, value(before), change, bound(row["low"]), bound(row["high"]), meaning(row)])
    return {"columns": [*table["columns"], f"{then} {COLUMNS[0]}", *COLUMNS[1:]], "rows": rows}


def earlier_gaps(
    survey: Survey, question: str, compared: list[tuple[pd.Series, pd.Series, Difference]]
) -> dict[str, tuple[dict[str, float], str]]:
    """Return the baseline's difference between two populations by item, with an arrow where it moved since.

    The change of a difference is tested with the standard errors of both waves' differences, adjusted (Holm) over
    the items. Nothing without a baseline, or where either population's question can't be compared with it.
    """
    if survey.baseline is None or NOT_COMPARABLE in set(compare_questions(survey, survey.baseline, question)["status"]):
        return {}
    before = {a["item_id"]: gap for a, _, gap in gaps(survey.baseline, question)}
    pairs = {a["item_id"]: (before[a["item_id"]], now) for a, _, now in compared if a["item_id"] in before}
    moved = [now.difference - then.difference for then, now in pairs.values()]
    errors = [np.hypot(now.standard_error, then.standard_error) for then, now in pairs.values()]
    p_values = holm(two_sided_p([m / e if e else 0.0 for m, e in zip(moved, errors, strict=True)]))
    return {
        item: (
            {"was": round(100 * then.difference, 1)},
            f" {UP if now.difference > then.difference else DOWN}" if p_value < 1 - survey.confidence else "",
        )
        for (item, (then, now)), p_value in zip(pairs.items(), p_values, strict=True)
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
    if survey.baseline is None or figures.empty:
        return []
    baseline, then = survey.baseline, label_of(survey.baseline)
    notes = []
    for question in figures["question_id"].unique():
        asked_of = set(figures.loc[figures["question_id"] == question, "population"])
        for row in compare_questions(survey, baseline, question).itertuples():
            if row.population in asked_of and row.reason:
                verb = "Not compared with" if row.status == NOT_COMPARABLE else "With caution beside"
                notes.append(Phrase(f"{verb} {then} ({people(survey, row.population)}: {row.title}): {row.reason}."))
    populations = [p for p in baseline.metadata["populations"] if p in set(figures["population"])]
    compared = bool(changes_by_figure(survey, figures))
    return [*([Phrase(f"Baseline {then}: {base_line(baseline, populations)}")] if compared else []), *notes]
