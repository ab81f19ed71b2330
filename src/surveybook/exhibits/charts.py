"""The charts that chapters call: one function for each shape of question; None where a wave has nothing to draw."""

from collections.abc import Sequence

import pandas as pd

from surveybook.exhibits import palette, titles
from surveybook.exhibits.drawing import SHARES, Measure, Series, draw_rows, finish_spec, list_series
from surveybook.exhibits.exhibit import Exhibit
from surveybook.exhibits.figure_tables import format_bound, name_answer, tabulate_figures
from surveybook.exhibits.records import CHARTS, add_baseline, find_changes, find_earlier_gaps, finish_chart, make_record
from surveybook.exhibits.wave_charts import every_wave, samples, series, slopes
from surveybook.model.survey import Survey, answers_of, figures_of, find_figure, populations_asked
from surveybook.model.wording import (
    Phrase,
    in_sentence,
    listing,
    number,
    quantity_text,
    round_number,
    sentence,
    share_text,
)
from surveybook.words import findings

__all__ = [
    "answers",
    "compare_populations",
    "evidence",
    "every_wave",
    "gap",
    "new_questions",
    "ranked",
    "samples",
    "series",
    "shares",
    "slopes",
]

AXIS_MARGIN = 8
SEPARATE = Phrase(
    "Each is a question of its own: a mark is not to be read against its neighbour as if both had stood in one list."
)
# What stands in ``evidence.csv`` as the place in the report of a figure that the report doesn't have.
LOOKED_UP = "not in the report"


def compare_populations(survey: Survey, question: str, name: str | None = None) -> Exhibit | None:
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
    Exhibit or None
        Items in the order of the first population's shares, largest first. Where no answer of the question speaks for
        an item, a row for each item and answer, in the codebook's order.
    """
    populations, rows = populations_asked(survey, question), figures_of(survey, question)
    if not populations or rows.empty:
        return None
    kind, groups = survey.codebook.kind_of(question), list_series(survey, populations)
    ranked_first = rows[(rows["population"] == populations[0]) & (kind.headline is not None)]
    ranked_first = ranked_first.sort_values("share", ascending=False, kind="stable")
    items = list(dict.fromkeys([*ranked_first["item_id"], *rows["item_id"]]))
    rows = rows.assign(
        row=rows["item_id"].map(items.index),
        answer=rows["response"].map(kind.responses.index),
        group=rows["population"].map(populations.index),
    ).sort_values(["row", "answer"], kind="stable")
    changes, records = find_changes(survey, rows), []
    for _, figure in rows.sort_values(["row", "answer", "group"], kind="stable").iterrows():
        answer = "" if kind.headline else f": {in_sentence(name_answer(kind, figure['response']))}"
        label = f"{figure['label']}{answer}"
        records.append(make_record(survey, figure, label, groups[figure["group"]].name, changes))
    heads = ("label", "population") if kind.headline else ("label", "response", "population")
    return finish_chart(
        survey,
        draw_rows(records, groups, legend=len(groups) > 1),
        name or question.replace("_", "-"),
        titles.title_list(survey, question, populations),
        titles.tell_list(survey, question, rows),
        add_baseline(survey, tabulate_figures(survey, rows, heads), rows),
        rows,
        "compare_populations",
        question=question,
        populations=populations,
        notes=[findings.choices_note(survey, question)],
    )


def ranked(survey: Survey, question: str, population: str, name: str | None = None) -> Exhibit | None:
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
    rows = figures_of(survey, question, population).sort_values("share", ascending=False, kind="stable")
    if rows.empty or population not in populations_asked(survey, question):
        return None
    kind, groups = survey.codebook.kind_of(question), list_series(survey, [population])
    ranks, changes, records = titles.rank_items(survey, question, population), find_changes(survey, rows), []
    for _, figure in rows.iterrows():
        answer = "" if kind.headline else f": {in_sentence(name_answer(kind, figure['response']))}"
        record = make_record(survey, figure, f"{figure['label']}{answer}", groups[0].name, changes)
        if "share" in record and figure["item_id"] in ranks:
            record["tip"] += f"; {ranks[figure['item_id']]}"
        records.append(record)
    heads = ("label", "population") if kind.headline else ("label", "response", "population")
    columns, cells = add_baseline(survey, tabulate_figures(survey, rows, heads), rows)
    cells = [[*row, ranks.get(item, "")] for row, item in zip(cells, rows["item_id"], strict=True)]
    return finish_chart(
        survey,
        draw_rows(records, groups, legend=False),
        name or question.replace("_", "-"),
        titles.title_list(survey, question, [population]),
        titles.tell_ranking(survey, question, population),
        ([*columns, "Rank, as far as sampling tells"], cells),
        rows,
        "ranked",
        question=question,
        populations=[population],
        notes=[findings.choices_note(survey, question)],
    )


def shares(survey: Survey, keys: Sequence[str], name: str, topic: str) -> Exhibit | None:
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
    present = [figure for key in keys if (figure := find_figure(survey, key)) is not None]
    if not present:
        return None
    figures = pd.DataFrame(present).sort_values("share", ascending=False, na_position="last", kind="stable")
    populations = [name for name in survey.codebook.populations.index if name in set(figures["population"])]
    groups = dict(zip(populations, list_series(survey, populations), strict=True))
    disagrees, changes, records = set(figures["response"]) > {"agree"}, find_changes(survey, figures), []
    for _, figure in figures.iterrows():
        label = figure["label"] + (f": {figure['response'].replace('_', ' ')}" if disagrees else "")
        records.append(make_record(survey, figure, label, groups[figure["population"]].name, changes))
    heads = ("label", "population", "response") if disagrees else ("label", "population")
    return finish_chart(
        survey,
        draw_rows(records, list(groups.values()), legend=len(groups) > 1),
        name,
        titles.title_shares(survey, figures, topic),
        titles.tell_shares(survey, figures, topic),
        add_baseline(survey, tabulate_figures(survey, figures, heads), figures),
        figures,
        "shares",
        populations=populations,
        notes=[SEPARATE] if len(figures) > 1 else [],
        topic=f"{topic}: answers to separate questions",
    )


def gap(survey: Survey, question: str, name: str | None = None) -> Exhibit | None:
    """Return the difference between the two populations, item by item, with its interval.

    Parameters
    ----------
    survey : Survey
        The wave.
    question : str
        A question that both populations were asked, one answer of which speaks for an item.
    name : str, optional
        The figure's name; the question's with ``-gap`` otherwise.
    """
    compared = findings.gaps(survey, question) if survey.codebook.kind_of(question).headline else []
    if not compared:
        return None
    populations = populations_asked(survey, question)[:2]
    first, second = (findings.people(survey, population) for population in populations)
    shown = Series(f"{sentence(first)} minus {second}", list_series(survey, populations)[0].colour)
    groups = [shown, Series("Within sampling error", palette.OTHER, "diamond")]
    ordered = sorted(compared, key=lambda row: row[2].difference)
    earlier, records, cells = find_earlier_gaps(survey, question, compared), [], []
    for one, other, found in ordered:
        was, arrow = earlier.get(one["item_id"], (None, ""))
        points = number(100 * found.difference)
        records.append(
            {
                "label": one["label"],
                "series": groups[0 if found.excludes_zero else 1].name,
                "status": "number",
                "difference": round_number(100 * found.difference, 1),
                "low": round_number(100 * found.low, 1),
                "high": round_number(100 * found.high, 1),
                "text": f"{'+' if found.difference > 0 else ''}{points} {arrow}".rstrip(),
                "tip": findings.further_up(survey, one, other, found),
            }
            | ({} if was is None else {"was": round_number(100 * was, 1)})
        )
        bounds = [format_bound(found.low), format_bound(found.high)]
        cells.append([one["label"], share_text(one), share_text(other), points, *bounds])
    furthest = max(abs(record.get(field, 0)) for record in records for field in ("low", "high", "was"))
    limit = max(10, -(-furthest // 10) * 10)
    ticks = (-limit, -limit / 2, 0, limit / 2, limit)
    measure = Measure("difference", -limit - AXIS_MARGIN, limit + AXIS_MARGIN, ticks)
    note = (
        f"Right of the line, {first} named it more often; left of it, {second} did. The intervals are not adjusted for "
        "the number of items."
    )
    return finish_chart(
        survey,
        draw_rows(records, groups, measure, legend=False),
        name or f"{question.replace('_', '-')}-gap",
        titles.title_gaps(survey, compared),
        titles.tell_gaps(survey, compared),
        (["Item", sentence(first), sentence(second), "Difference (points)", "Interval from", "to"], cells),
        pd.DataFrame([row for pair in ordered for row in pair[:2]]),
        "gap",
        question=question,
        populations=populations_asked(survey, question),
        notes=[Phrase(note), findings.choices_note(survey, question)],
        method="Newcombe",
    )


def answers(survey: Survey, item: str, name: str | None = None) -> Exhibit | None:
    """Return every answer to one statement with its interval, a mark a population; None where there are none.

    Parameters
    ----------
    survey : Survey
        The wave.
    item : str
        A statement of the codebook, of whatever kind.
    name : str, optional
        The figure's name; the item's, with hyphens, otherwise.
    """
    label, question = (str(survey.codebook.items.loc[item, column]) for column in ("label", "question_id"))
    rows, populations = answers_of(survey, item), populations_asked(survey, question)
    if rows.empty or not populations:
        return None
    kind, groups = survey.codebook.kind_of(question), list_series(survey, populations)
    drawn = rows.assign(
        row=rows["response"].map(kind.responses.index), group=rows["population"].map(populations.index)
    ).sort_values(["row", "group"], kind="stable")
    changes = find_changes(survey, rows)
    records = [
        make_record(survey, figure, kind.labels[figure["response"]], groups[figure["group"]].name, changes)
        for _, figure in drawn.iterrows()
    ]
    return finish_chart(
        survey,
        draw_rows(records, groups, legend=len(groups) > 1),
        name or item.replace("_", "-"),
        findings.leading_answers(survey, item),
        titles.tell_answers(survey, rows, label),
        add_baseline(survey, tabulate_figures(survey, rows, ("label", "response", "population")), rows),
        rows,
        "answers",
        question=question,
        populations=populations,
    )


def new_questions(survey: Survey) -> list[Exhibit]:
    """Return a chart of each question that this wave asked and that no chapter was written for, in codebook order.

    A list of options is one chart; statements have one each, with all their answers.
    """
    items, drawn = survey.codebook.items, []
    for question in findings.questions_of_its_own(survey):
        if survey.codebook.kind_of(question).is_list:
            drawn.append(compare_populations(survey, question, f"new-{question.replace('_', '-')}"))
            continue
        own = items[items["question_id"] == question].sort_values("order", kind="stable")
        drawn += [answers(survey, item, f"new-{item.replace('_', '-')}") for item in own.index]
    return [chart for chart in drawn if chart is not None]


def evidence(
    ids: Sequence[str], name: str, topic: str, *, unit: str = "%", series: tuple[str, str, str] | None = None
) -> Exhibit:
    """Return figures from other sources as dots without intervals, in no colour that a population has.

    Parameters
    ----------
    ids : sequence of str
        Rows of ``evidence.csv`` that have a quantity, all in one unit; the title tells the first.
    name : str
        The figure's name.
    topic : str
        What they have in common.
    unit : str
        What the axis counts: '%' for shares of a hundred, other text for amounts.
    series : tuple of str, optional
        What was measured twice in one way, and the rows that did so, for the title instead.

    Returns
    -------
    Exhibit
        The figures in the order given.

    Raises
    ------
    SurveybookError
        When a figure isn't in ``evidence.csv``.
    """
    from surveybook.model.evidence import pick_evidence, source_names  # few chapters show other sources

    rows, group = pick_evidence(*ids), Series("Other sources", palette.OTHER)
    labels = rows["statement"].str.rstrip(".")
    texts = [quantity_text(row["quantity"], row["unit"], row["verbal"]) for _, row in rows.iterrows()]
    measure, field, scale = SHARES, "share", 100
    if unit != "%":
        largest = float(rows["quantity"].max()) * 1.1
        measure, field, scale = Measure("quantity", 0, largest, (0, round(largest / 2), round(largest))), "quantity", 1
    records = [
        {"label": label, "series": group.name, "status": "number", field: quantity / scale, "text": text}
        | {"tip": f"{label}: {text}"}
        for label, quantity, text in zip(labels, rows["quantity"], texts, strict=True)
    ]
    title = f"{labels.iloc[0]}: {texts[0]}"
    if series:
        said, dated = dict(zip(rows.index, texts, strict=True)), rows["date"].str[:4]
        title = f"{series[0]}: {listing(f'{said[row]} in {dated[row]}' for row in series[1:])}"
    base = "Context from other sources, not from the survey."
    listed = "; ".join(f"{in_sentence(label)}: {text}" for label, text in zip(labels, texts, strict=True))
    sources = source_names(rows["source"])
    # What the report cites is distinguished from what was looked up since.
    found = ", looked up for this book" if rows["locator"].eq(LOOKED_UP).all() else ", as cited by the report"
    return Exhibit(
        name,
        title,
        ["Statement", "Quantity", "Unit", "Date", "Source", "Cited in"],
        [
            [*row[["statement", "quantity", "unit", "date"]], *source_names([row["source"]]), row["locator"]]
            for _, row in rows.assign(quantity=rows["quantity"].map("{:g}".format)).iterrows()
        ],
        subtitle=topic,
        base=base,
        source=f"Source{'s' if len(sources) > 1 else ''}: {listing(sources)}{found}.",
        interval_note="No margin of error is known for these figures.",
        wave="other sources",
        alternative=f"{topic}. {sentence(listed)}.",
        code={"module": CHARTS, "function": "evidence"},
        spec=finish_spec(draw_rows(records, [group], measure, legend=False), title, base),
    )
