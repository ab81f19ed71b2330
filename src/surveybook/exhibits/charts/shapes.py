"""The charts, one function for each shape of question that the survey has; None where a wave has nothing to draw."""

from collections.abc import Sequence
from typing import Any

import altair as alt
import pandas as pd

from surveybook.exhibits import palette
from surveybook.exhibits.charts import baseline, titles
from surveybook.exhibits.charts.complete import complete, mark
from surveybook.exhibits.charts.drawing import draw
from surveybook.exhibits.tables import bound, figure_table
from surveybook.model.figures import figures_of, find_figure, populations_asked
from surveybook.model.survey import Survey
from surveybook.model.wording import Phrase, in_sentence, number, sentence, share_text
from surveybook.words import findings

AXIS_MARGIN = 8
SEPARATE = Phrase(
    "Each is a question of its own: a mark is not to be read against its neighbour as if both had stood in one list."
)


def compare_populations(survey: Survey, question: str, name: str | None = None) -> alt.LayerChart | alt.Chart | None:
    """Return one list of items with the shares of each population and their intervals.

    Parameters
    ----------
    survey : Survey
        The wave.
    question : str
        A question of several items.
    name : str, optional
        The figure's name; the question's, with hyphens, otherwise.

    Returns
    -------
    altair.LayerChart
        Items in the order of the first population's shares, largest first.
    """
    name = name or question.replace("_", "-")
    populations = populations_asked(survey, question)
    rows = figures_of(survey, question)
    if not populations or rows.empty:
        return None
    labels = [survey.codebook.populations.loc[population, "label"] for population in populations]
    order = rows[rows["population"] == populations[0]].sort_values("share", ascending=False, kind="stable")["item_id"]
    by_item = dict(list(rows.groupby("item_id", sort=False)))
    items = [*order, *(item for item in by_item if item not in set(order))]
    drawn, changed = [], baseline.changes_by_figure(survey, rows)
    for item in items:
        marks = [
            mark(figure, labels[populations.index(figure["population"])], survey, changed)
            for _, figure in by_item[item]
            .sort_values("population", key=lambda column: column.map(populations.index))
            .iterrows()
        ]
        drawn.append({"label": by_item[item]["label"].iloc[0], "marks": marks})
    chart = draw(drawn, labels, legend=len(labels) > 1)
    ordered = pd.concat([by_item[item] for item in items])
    return complete(
        survey,
        chart,
        name,
        titles.populations_title(survey, question),
        titles.populations_alternative(survey, question),
        baseline.with_columns(survey, figure_table(survey, ordered), ordered),
        ordered,
        "compare_populations",
        question,
        populations,
        [findings.choices_note(survey, question)],
    )


def ranked(
    survey: Survey, question: str, population: str, name: str | None = None
) -> alt.LayerChart | alt.Chart | None:
    """Return the items of one question in one population, largest first, with the ranks that sampling allows.

    Parameters
    ----------
    survey : Survey
        The wave.
    question, population : str
        Whose answers to what.
    name : str, optional
        The figure's name; the question's, with hyphens, otherwise.
    """
    name = name or question.replace("_", "-")
    rows = figures_of(survey, question, population).sort_values("share", ascending=False, kind="stable")
    if rows.empty or population not in populations_asked(survey, question):
        return None
    label = survey.codebook.populations.loc[population, "label"]
    ranks = titles.rank_sets(survey, question, population)
    changed = baseline.changes_by_figure(survey, rows)
    drawn = [
        {"label": figure["label"], "marks": [mark(figure, label, survey, changed)]} for _, figure in rows.iterrows()
    ]
    for row, (_, figure) in zip(drawn, rows.iterrows(), strict=True):
        if figure["item_id"] in ranks and "value" in row["marks"][0]:
            row["marks"][0]["tip"] += f"; {titles.rank_text(ranks[figure['item_id']])}"
    table = baseline.with_columns(survey, figure_table(survey, rows), rows)
    table["columns"].append("Rank, as far as sampling tells")
    for cells, item in zip(table["rows"], rows["item_id"], strict=True):
        cells.append(titles.rank_text(ranks[item]) if item in ranks else "")
    colours = [label] if population == survey.codebook.populations.index[0] else ["", label]
    chart = draw(drawn, colours, legend=False)
    return complete(
        survey,
        chart,
        name,
        titles.ranked_title(survey, question, population),
        titles.ranked_alternative(survey, question, population),
        table,
        rows,
        "ranked",
        question,
        [population],
        [findings.choices_note(survey, question)],
    )


def shares(survey: Survey, keys: Sequence[str], name: str, topic: str) -> alt.LayerChart | alt.Chart | None:
    """Return single shares on one topic, each a question of its own; figures in words become bands.

    Parameters
    ----------
    survey : Survey
        The wave.
    keys : sequence of str
        The figures, as ``population.item.response``.
    name : str
        The figure's name.
    topic : str
        What they have in common, as a label without numbers or directions.
    """
    found = [(key, find_figure(survey, key)) for key in keys]
    present = [figure for _, figure in found if figure is not None]
    if not present:
        return None
    figures = pd.DataFrame(present).sort_values("share", ascending=False, na_position="last", kind="stable")
    populations = [p for p in survey.codebook.populations.index if p in set(figures["population"])]
    labels = survey.codebook.populations["label"]
    disagrees = set(figures["response"]) > {"agree"}
    drawn, changed = [], baseline.changes_by_figure(survey, figures)
    for _, figure in figures.iterrows():
        suffix = f": {figure['response'].replace('_', ' ')}" if disagrees else ""
        drawn.append(
            {"label": figure["label"] + suffix, "marks": [mark(figure, labels[figure["population"]], survey, changed)]}
        )
    series = list(labels) if len(populations) > 1 or populations[0] != labels.index[0] else [labels.iloc[0]]
    chart = draw(drawn, series, legend=len(populations) > 1)
    heads = ("label", "population", "response") if disagrees else ("label", "population")
    return complete(
        survey,
        chart,
        name,
        titles.shares_title(survey, figures, topic),
        titles.shares_alternative(survey, figures, topic),
        baseline.with_columns(survey, figure_table(survey, figures, heads=heads), figures),
        figures,
        "shares",
        populations=populations,
        notes=[SEPARATE] if len(figures) > 1 else [],
        topic=f"{topic}: answers to separate questions",
    )


def gap(survey: Survey, question: str, name: str | None = None) -> alt.LayerChart | alt.Chart | None:
    """Return the difference between the two populations, item by item, with its interval.

    Parameters
    ----------
    survey : Survey
        The wave.
    question : str
        A question that both populations were asked.
    name : str, optional
        The figure's name; the question's with ``-gap`` otherwise.
    """
    name = name or f"{question.replace('_', '-')}-gap"
    compared = findings.gaps(survey, question)
    if not compared:
        return None
    populations = populations_asked(survey, question)[:2]
    ordered = sorted(compared, key=lambda row: row[2].difference)
    first, second = (sentence(findings.people(survey, population)) for population in populations)
    apart, alike = f"{first} minus {findings.people(survey, populations[1])}", "Within sampling error"
    drawn, cells, earlier = [], [], baseline.earlier_gaps(survey, question, compared)
    for a, b, difference in ordered:
        was, moved = earlier.get(a["item_id"], ({}, ""))
        text = f"{'+' if difference.difference > 0 else ''}{number(100 * difference.difference)}{moved}"
        drawn.append(
            {
                "label": a["label"],
                "marks": [
                    {
                        "series": apart if difference.excludes_zero else alike,
                        "value": round(100 * difference.difference, 1),
                        "low": round(100 * difference.low, 1),
                        "high": round(100 * difference.high, 1),
                        "text": text,
                        "tip": findings.further_up(survey, a, b, difference),
                        **was,
                    }
                ],
            }
        )
        cells.append(
            [
                a["label"],
                share_text(a),
                share_text(b),
                number(100 * difference.difference),
                bound(difference.low),
                bound(difference.high),
            ]
        )
    limit = max(
        10,
        -(-max(max(abs(m["low"]), abs(m["high"]), abs(m.get("was", 0))) for r in drawn for m in r["marks"]) // 10) * 10,
    )
    chart = draw(
        drawn,
        [apart, "", alike],
        low=-limit - AXIS_MARGIN,
        high=limit + AXIS_MARGIN,
        ticks=[-limit, -limit / 2, 0, limit / 2, limit],
        unit="",
        zero_line=True,
        legend=False,
    )
    figures = pd.DataFrame([row for a, b, _ in ordered for row in (a, b)])
    table: dict[str, list[Any]] = {
        "columns": ["Item", first, second, "Difference (points)", "Interval from", "to"],
        "rows": cells,
    }
    note = Phrase(
        f"Right of the line, {findings.people(survey, populations[0])} named it more often; left of it, "
        f"{findings.people(survey, populations[1])} did. The intervals are not adjusted for the number of items."
    )
    return complete(
        survey,
        chart,
        name,
        titles.gap_title(survey, question),
        titles.gap_alternative(survey, question),
        table,
        figures,
        "gap",
        question,
        populations,
        [note, findings.choices_note(survey, question)],
        method="Newcombe",
    )


def channels(
    survey: Survey, question: str = "channel_attributes", name: str = "channels"
) -> alt.LayerChart | alt.Chart | None:
    """Return which way of access wins at each attribute, where only the winner's share is published.

    Parameters
    ----------
    survey : Survey
        The wave.
    question : str
        The question about channels.
    name : str
        The figure's name.
    """
    rows = figures_of(survey, question)
    if rows.empty:
        return None
    populations = populations_asked(survey, question)
    responses = survey.codebook.responses
    labels = dict(responses.loc[responses["kind"] == "channel", ["response", "label"]].itertuples(index=False))
    numbers = rows[rows["status"] == "number"].assign(place=lambda frame: frame["response"].map(list(labels).index))
    best = numbers.sort_values("share", ascending=False, kind="stable").groupby("item_id", sort=False).head(1)
    order = best.sort_values(["place", "share"], ascending=[True, False], kind="stable")
    drawn, changed = [], baseline.changes_by_figure(survey, rows)
    for _, winner in order.iterrows():
        others = numbers[(numbers["item_id"] == winner["item_id"]) & (numbers["response"] != winner["response"])]
        marks = [
            mark(figure, labels[figure["response"]], survey, changed)
            for _, figure in [(0, winner), *others.sort_values("share", ascending=False).iterrows()]
        ]
        missing = len(labels) - len(marks)
        if missing:
            marks[0]["text"] += f"  {in_sentence(labels[winner['response']])}"
        drawn.append({"label": winner["label"], "marks": marks})
    # All of them are answers of one population, so they share its colour and differ in shape.
    chart = draw(drawn, list(labels.values()), legend=False, colours=[palette.PUBLIC] * len(labels))
    shown = rows.sort_values(["order", "response"], kind="stable")
    withheld = int((rows["status"] == "unpublished").sum())
    note = Phrase(
        f"Only the winning way’s share was published; {number(withheld)} other cells are not known, and each can be "
        "at most what is left."
        if withheld
        else ""
    )
    return complete(
        survey,
        chart,
        name,
        titles.channels_title(survey, question),
        titles.channels_alternative(survey, question),
        baseline.with_columns(survey, figure_table(survey, shown, heads=("label", "response")), shown),
        rows,
        "channels",
        question,
        populations,
        [note],
    )
