"""The charts, one function for each shape of question that the survey has."""

from collections.abc import Mapping, Sequence
from typing import Any

import altair as alt
import pandas as pd

from whyict import findings, palette
from whyict.charts import baseline, titles
from whyict.charts.drawing import WIDTH, draw, dress, header
from whyict.charts.render import Story, with_story
from whyict.figures import figures_of, find_figure, populations_asked
from whyict.inference.intervals import METHOD as PUBLISHED
from whyict.tables import bound, figure_table
from whyict.waves import Survey
from whyict.wording import Phrase, in_sentence, number, sentence, share_text, span, together, with_interval
from whyict.words import band

AXIS_MARGIN = 8


def interval_note(
    survey: Survey, populations: Sequence[str], method: str = PUBLISHED, figures: pd.DataFrame | None = None
) -> str:
    """Return what the intervals of a chart mean, and what they leave out.

    Published percentages have intervals as if each sample were simple random; estimates from respondents name
    the method that allowed for their design.
    """
    if not populations:
        return ""
    level = number(100 * survey.confidence)
    rows = survey.estimates.head(0) if figures is None else figures
    of_design = [name for name in dict.fromkeys(rows["method"]) if name and name != PUBLISHED]
    if of_design:
        text = f"Shaded bands are {level} per cent intervals, by the design of each sample ({'; '.join(of_design)})"
        return text + (
            f", or {PUBLISHED} where percentages were published." if PUBLISHED in set(rows["method"]) else "."
        )
    text = f"Shaded bands are {level} per cent intervals ({method}), as if each sample were simple random"
    assumed = [p for p in populations if survey.metadata["populations"][p].get("base_status") == "assumed"]
    for population in assumed:
        size = number(survey.metadata["populations"][population]["sample_size"])
        text += f"; for {findings.people(survey, population)}, {size} answers are assumed"
    return text + "."


def source_line(survey: Survey) -> str:
    """Return where the figures of a wave are from."""
    return f"Source: {survey.metadata['title']}, wave {survey.metadata.get('label', survey.wave)}."


def complete(
    survey: Survey,
    chart: alt.LayerChart | alt.Chart,
    name: str,
    title: Phrase,
    alternative: Phrase,
    table: dict[str, list[Any]],
    figures: pd.DataFrame,
    function: str,
    question: str = "",
    populations: Sequence[str] = (),
    notes: Sequence[Phrase] = (),
    topic: str = "",
    method: str = "Wilson",
) -> alt.LayerChart | alt.Chart:
    """Return a drawing as a complete figure: titled with its finding, with all that stands beside it."""
    subtitle = survey.codebook.questions.loc[question, "title"] if question else topic
    base = findings.base_line(survey, list(populations)) if populations else ""
    legend = baseline.legend_line(survey, figures)
    told = [*notes, *baseline.notes_on(survey, figures)]
    story = Story(
        name=name,
        title=title.text,
        subtitle=subtitle,
        base=base,
        alternative=together(alternative, baseline.moves(survey, figures)).text,
        source=source_line(survey),
        interval_note=interval_note(survey, populations, method, figures),
        wave=survey.wave,
        question_id=question,
        table=table,
        figures=list(figures["figure_id"]),
        notes=[note.text for note in told if note.text],
        code={"module": "whyict.charts", "function": function},
    )
    return with_story(chart.properties(title=header(title.text, subtitle, base, legend)), story)


def mark(
    figure: pd.Series, series: str, survey: Survey, changes: Mapping[str, pd.Series] | None = None
) -> dict[str, Any]:
    """Return how one figure is drawn: a value with its interval, a band for words, or a note that it is missing.

    Where it changed since a baseline (see `changes_by_figure`), the earlier share stands beside it.
    """
    return baseline.with_hollow(plain_mark(figure, series, survey), survey, figure, dict(changes or {}))


def plain_mark(figure: pd.Series, series: str, survey: Survey) -> dict[str, Any]:
    """Return how one figure is drawn by itself."""
    if figure["status"] == "unpublished":
        return {"series": series, "text": f"{series}: not published"}
    if figure["status"] == "words":
        limits = band(survey.codebook, figure["verbal"])
        if limits is None:
            return {"series": series, "text": f"{series}: “{figure['verbal']}”, no number"}
        return {
            "series": series,
            "from": round(100 * limits[0], 1),
            "to": round(100 * limits[1], 1),
            "text": f"“{figure['verbal']}”",
            "tip": f"{series}: {figure['verbal']} (no number was published)",
        }
    drawn = {
        "series": series,
        "value": round(100 * figure["share"], 2),
        "text": f"{number(100 * figure['share'], figure['decimals'])}%",
        "tip": f"{series}: {with_interval(figure)}",
    }
    if pd.notna(figure["low"]):
        drawn |= {"low": round(100 * figure["low"], 1), "high": round(100 * figure["high"], 1)}
    return drawn


def nothing(survey: Survey, name: str, question: str, function: str) -> alt.LayerChart | alt.Chart:
    """Return the figure that says that a wave didn't ask a question."""
    text = findings.not_asked(survey, question)
    empty = (
        alt.Chart(alt.Data(values=[{"text": "Not asked in this wave"}]))
        .mark_text(fontSize=13, color=palette.MUTED)
        .encode(x=alt.value(WIDTH / 2), y=alt.value(20), text="text:N")
    )
    chart = dress(alt.layer(empty).properties(width=WIDTH, height=40))
    return complete(
        survey, chart, name, text, text, {"columns": ["Item"], "rows": []}, survey.estimates.head(0), function, question
    )


def compare_populations(survey: Survey, question: str, name: str | None = None) -> alt.LayerChart | alt.Chart:
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
        return nothing(survey, name, question, "compare_populations")
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


def ranked(survey: Survey, question: str, population: str, name: str | None = None) -> alt.LayerChart | alt.Chart:
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
        return nothing(survey, name, question, "ranked")
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


def shares(survey: Survey, keys: Sequence[str], name: str, topic: str) -> alt.LayerChart | alt.Chart:
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
        return nothing(survey, name, survey.codebook.items.loc[keys[0].split(".")[1], "question_id"], "shares")
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
        topic=f"{topic}: answers to separate questions",
    )


def gap(survey: Survey, question: str, name: str | None = None) -> alt.LayerChart | alt.Chart:
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
        return nothing(survey, name, question, "gap")
    populations = populations_asked(survey, question)[:2]
    ordered = sorted(compared, key=lambda row: row[2].difference)
    first, second = (sentence(findings.people(survey, population)) for population in populations)
    apart, alike = f"{first} minus {findings.people(survey, populations[1])}", "Within sampling error"
    drawn, cells = [], []
    for a, b, difference in ordered:
        text = f"{'+' if difference.difference > 0 else ''}{number(100 * difference.difference)}"
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
                        "tip": f"{text} points ({span(difference.low, difference.high)})",
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
    limit = max(10, -(-max(max(abs(m["low"]), abs(m["high"])) for r in drawn for m in r["marks"]) // 10) * 10)
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
) -> alt.LayerChart | alt.Chart:
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
        return nothing(survey, name, question, "channels")
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
