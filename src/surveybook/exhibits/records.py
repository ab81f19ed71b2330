"""What charts of figures are made of: tidy records, what is shown of an earlier wave, and all that stands beside."""

from collections.abc import Mapping, Sequence
from typing import Any

import pandas as pd

from surveybook.change import NOT_COMPARABLE, changes_of, compare_gaps, explain_change, label_of
from surveybook.exhibits.drawing import finish_spec
from surveybook.exhibits.exhibit import Exhibit, of_survey
from surveybook.exhibits.figure_tables import format_bound, format_share
from surveybook.model.survey import Survey, find_figure, key_of
from surveybook.model.wording import Phrase, band, number, round_number, together, with_interval
from surveybook.stats.differences import Difference
from surveybook.stats.intervals import METHOD as PUBLISHED
from surveybook.words.findings import base_line, changed_items, gaps, people

UP, DOWN = "▲", "▼"
CHANGE_COLUMNS = ("share (%)", "Change (points)", "Change from", "to", "What the change means")
BANDS = (
    "A share that the source gives in words is drawn as a band: everything that the words allow, and no number in its "
    "place."
)
CHARTS = "surveybook.exhibits.charts"


def find_changes(survey: Survey, figures: pd.DataFrame) -> dict[str, dict[str, Any]]:
    """Return the changes of the questions of some figures since the baseline, by key; none without a baseline."""
    changes, questions = changes_of(survey), set(figures["question_id"])
    return {key: row for key, row in changes.by_key.items() if row["question_id"] in questions} if changes else {}


def mark_change(change: Mapping[str, Any]) -> str:
    """Return the arrow of a change that sampling doesn't explain; nothing where it may."""
    return (UP if change["change"] > 0 else DOWN) if change["shown"] else ""


def make_record(
    survey: Survey, figure: pd.Series, label: str, series: str, changes: Mapping[str, Mapping[str, Any]]
) -> dict[str, Any]:
    """Return one figure as charts draw it: a share with its interval, what words allow, or a note that it is missing.

    Parameters
    ----------
    survey : Survey
        The wave.
    figure : pandas.Series
        A row of its estimates.
    label, series : str
        The row and the group that it is drawn in.
    changes : mapping of str to mapping
        From `find_changes`: where the figure has one, the earlier share stands beside it.
    """
    record = {"label": label, "series": series, "status": figure["status"], **_show_figure(survey, figure, series)}
    change = changes.get(key_of(figure))
    if change is None or survey.baseline is None:
        return record
    before = find_figure(survey.baseline, key_of(figure))
    then = f"{label_of(survey.baseline)}: {with_interval(before)}. {explain_change(change)}"
    record["tip"] = f"{record.get('tip', record['text'])}. {then}"
    if "share" in record and pd.notna(change["baseline_share"]):
        record["was"] = round_number(change["baseline_share"], 4)
        record["text"] = f"{record['text']} {mark_change(change)}".rstrip()
    return record


def _show_figure(survey: Survey, figure: pd.Series, series: str) -> dict[str, Any]:
    """Return what a record holds of one figure by itself."""
    if figure["status"] == "unpublished":
        return {"text": f"{series}: not published"}
    if figure["status"] == "words":
        limits = band(survey.codebook, figure["verbal"])
        if limits is None:
            return {"text": f"{series}: “{figure['verbal']}”, no number"}
        tip = f"{series}: {figure['verbal']} (no number was published)"
        return {
            "from": round_number(limits[0], 3),
            "to": round_number(limits[1], 3),
            "text": f"“{figure['verbal']}”",
            "tip": tip,
        }
    bounds = {} if pd.isna(figure["low"]) else {end: round_number(figure[end], 3) for end in ("low", "high")}
    text = f"{number(100 * figure['share'], figure['decimals'])}%"
    return {
        "share": round_number(figure["share"], 4),
        **bounds,
        "text": text,
        "tip": f"{series}: {with_interval(figure)}",
    }


def add_baseline(
    survey: Survey, table: tuple[list[str], list[list[str]]], figures: pd.DataFrame
) -> tuple[list[str], list[list[str]]]:
    """Return a table of figures with the baseline's share and the change; as it was without a baseline."""
    if survey.baseline is None:
        return table
    (columns, cells), found, rows = table, find_changes(survey, figures), []
    for row, (_, figure) in zip(cells, figures.iterrows(), strict=True):
        change, before = found.get(key_of(figure)), find_figure(survey.baseline, key_of(figure))
        if change is None or before is None:
            rows.append([*row, "", "", "", "", "Not compared"])
            continue
        moved = number(100 * change["change"], 1) if pd.notna(change["change"]) else ""
        bounds = [format_bound(change["low"]), format_bound(change["high"])]
        rows.append([*row, format_share(before), moved, *bounds, explain_change(change)])
    return [*columns, f"{label_of(survey.baseline)} {CHANGE_COLUMNS[0]}", *CHANGE_COLUMNS[1:]], rows


def find_earlier_gaps(
    survey: Survey, question: str, compared: list[tuple[pd.Series, pd.Series, Difference]]
) -> dict[str, tuple[float, str]]:
    """Return the baseline's difference (-1 to 1) between two populations by item, with an arrow where it moved since.

    Nothing without a baseline, or where either population's question can't be compared with it.
    """
    changes = changes_of(survey)
    if changes is None:
        return {}
    if any(one.question_id == question and one.status == NOT_COMPARABLE for one in changes.verdicts.values()):
        return {}
    before = gaps(changes.baseline, question)
    now, then = ({first["item_id"]: gap for first, _, gap in rows} for rows in (compared, before))
    moved = compare_gaps(now, then, survey.confidence)
    return {str(item): (row["was"], mark_change(row)) for item, row in moved.iterrows()}


def explain_intervals(
    survey: Survey, populations: Sequence[str], figures: pd.DataFrame, method: str = PUBLISHED
) -> str:
    """Return what the intervals of a chart mean, and what they leave out.

    Published percentages have intervals as if each sample were simple random; estimates from respondents name
    the method that allowed for their design.
    """
    level = number(100 * survey.confidence)
    of_design = [name for name in dict.fromkeys(figures["method"]) if name and name != PUBLISHED]
    if of_design and method != PUBLISHED:
        return f"Shaded bands are {level} per cent intervals, from the standard errors that each sample’s design gives."
    if of_design:
        text = f"Shaded bands are {level} per cent intervals, by the design of each sample ({'; '.join(of_design)})"
        return text + (
            f", or {PUBLISHED} where percentages were published." if PUBLISHED in set(figures["method"]) else "."
        )
    text = f"Shaded bands are {level} per cent intervals ({method}), as if each sample were simple random"
    for population in populations:
        entries = survey.metadata["populations"][population]
        if entries.get("base_status") == "assumed":
            size = number(entries["sample_size"])
            text += f"; for {people(survey, population)}, {size} answers are assumed"
    return text + "."


def cite_wave(survey: Survey) -> str:
    """Return where the figures of a wave are from."""
    return f"Source: {survey.metadata['title']}, wave {survey.metadata.get('label', survey.wave)}."


def finish_chart(
    survey: Survey,
    drawing: Any,
    name: str,
    title: Phrase,
    alternative: Phrase,
    table: tuple[list[str], list[list[str]]],
    figures: pd.DataFrame,
    function: str,
    *,
    question: str = "",
    populations: Sequence[str] = (),
    notes: Sequence[Phrase] = (),
    topic: str = "",
    method: str = PUBLISHED,
    module: str = CHARTS,
) -> Exhibit:
    """Return a drawing as a complete figure: titled with its finding, with all that stands beside it."""
    subtitle = survey.codebook.questions.loc[question, "title"] if question else topic
    context, legend = of_survey(survey, populations), _explain_hollow(survey, figures)
    told = [legend, *(note.text for note in notes), *([BANDS] if figures["status"].eq("words").any() else [])]
    told += _explain_baseline(survey, figures)
    return Exhibit(
        name,
        title.text,
        *table,
        subtitle=subtitle,
        **context,
        source=cite_wave(survey),
        interval_note=explain_intervals(survey, populations, figures, method),
        question_id=question,
        notes=[note for note in told if note],
        figures=list(figures["figure_id"]),
        alternative=together(alternative, _tell_changes(survey, figures)).text,
        code={"module": module, "function": function},
        spec=finish_spec(drawing, title.text, subtitle, context["base"], legend),
    )


def _explain_hollow(survey: Survey, figures: pd.DataFrame) -> str:
    """Return what filled and hollow marks stand for; nothing where no figure has a hollow one."""
    rows = find_changes(survey, figures).values()
    if survey.baseline is None or not any(pd.notna(row["baseline_share"]) for row in rows):
        return ""
    text = f"Filled: {label_of(survey)}. Hollow: {label_of(survey.baseline)}."
    return (
        f"{text} {UP} {DOWN}: a change that sampling does not explain." if any(row["shown"] for row in rows) else text
    )


def _tell_changes(survey: Survey, figures: pd.DataFrame) -> Phrase:
    """Return which of some figures changed since the baseline, in words; empty without one."""
    found = find_changes(survey, figures)
    mine = [found[key] for key in (key_of(row) for _, row in figures.iterrows()) if key in found]
    if not mine:
        return Phrase("")
    groups = pd.DataFrame(mine).groupby("population", sort=False)
    return together(*(changed_items(survey, people(survey, population), own) for population, own in groups))


def _explain_baseline(survey: Survey, figures: pd.DataFrame) -> list[str]:
    """Return who answered the baseline, and which of a chart's questions are not compared with it and why."""
    changes = changes_of(survey)
    if changes is None or figures.empty:
        return []
    then, notes = label_of(changes.baseline), []
    if find_changes(survey, figures):
        populations = [name for name in changes.baseline.metadata["populations"] if name in set(figures["population"])]
        notes.append(f"Baseline {then}: {base_line(changes.baseline, populations)}")
    for question, own in figures.groupby("question_id", sort=False):
        for verdict in changes.verdicts.values():
            if verdict.question_id == question and verdict.population in set(own["population"]) and verdict.reason:
                verb = "With caution beside" if verdict.allows_tests else "Not compared with"
                about = f"{people(survey, verdict.population)}: {verdict.title}"
                notes.append(f"{verb} {then} ({about}): {verdict.reason}.")
    return notes
