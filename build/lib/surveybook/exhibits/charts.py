"""The charts that chapters call: one function for each shape of question; None where a wave has nothing to draw.

Titles say the finding, and text alternatives say it with its range.
"""

from collections.abc import Sequence
from typing import Any

import pandas as pd

from surveybook.change import NOT_COMPARABLE, changes_of, compare_gaps
from surveybook.exhibits import palette
from surveybook.exhibits.drawing import SHARES, Measure, Series, draw_rows, finish_spec, list_series
from surveybook.exhibits.exhibit import Exhibit
from surveybook.exhibits.records import (
    chart_figures,
    finish_chart,
    format_bound,
    mark_change,
    number_labels,
    tell_figures,
)
from surveybook.model.survey import Survey, answers_of, figures_of, find_figure, populations_asked
from surveybook.model.wording import (
    in_sentence,
    listing,
    number,
    points,
    quantity_text,
    round_number,
    sentence,
    share_text,
    span,
    with_interval,
)
from surveybook.stats.comparison import is_estimated, rank_figures
from surveybook.stats.differences import Difference
from surveybook.words import findings

AXIS_MARGIN = 8
SEPARATE = (
    "Each is a question of its own: a mark is not to be read against its neighbour as if both had stood in one list."
)
UNRELATED = (
    "How often the same people gave two answers was not released with this wave: the ranks are those that hold however "
    "the answers overlap."
)
# What stands in ``evidence.csv`` as the place in the report of a figure that the report doesn't have.
LOOKED_UP = "not in the report"
WITH_ANSWERS = ("label", "response", "population")
Gaps = list[tuple[pd.Series, pd.Series, Difference]]


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
    kind = survey.codebook.kind_of(question)
    first = findings.ranking(survey, question, populations[0])
    items = list(dict.fromkeys([*first["item_id"], *rows["item_id"]]))
    rows = rows.assign(item=rows["item_id"].map(items.index), answer=rows["response"].map(kind.responses.index))
    rows = rows.sort_values(["item", "answer"], kind="stable")
    if kind.headline:
        told = [_tell_range(survey, question, population) for population in populations]
        told.append(findings.contrast(survey, question).text)
    else:
        same_item = rows.groupby("item_id", sort=False)
        told = [_tell_answers(survey, own, str(own["label"].iloc[0])) for _, own in same_item]
    return _chart_list(survey, question, rows, populations, " ".join(filter(None, told)), name, "compare_populations")


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
    ranking = findings.ranking(survey, question, population)
    if ranking.empty:
        told = findings.nothing_to_show(survey, question).text
    else:
        listed = listing(f"{in_sentence(row['short_label'])} {share_text(row)}" for _, row in ranking.iterrows())
        lead = findings.lead_of(survey, question, population)
        told = f"{lead} All {len(ranking)} items, largest first: {listed}."
    ranks = _rank_items(survey, ranking)
    rows = rows.assign(rank=[ranks.get(item, "") for item in rows["item_id"]])
    is_bounded = survey.covariances.empty and (is_estimated(ranking) & (ranking["standard_error"] > 0)).any()
    notes = [UNRELATED] if is_bounded and survey.codebook.kind_of(question).relation != "exclusive" else []
    return _chart_list(survey, question, rows, [population], told, name, "ranked", notes)


def _chart_list(
    survey: Survey,
    question: str,
    rows: pd.DataFrame,
    populations: list[str],
    alternative: str,
    name: str | None,
    function: str,
    notes: Sequence[str] = (),
) -> Exhibit:
    """Return a chart of the items of one question, titled with what leads."""
    return chart_figures(
        survey,
        rows,
        name or question.replace("_", "-"),
        _title_list(survey, question, populations),
        alternative,
        function,
        heads=("label", "population") if survey.codebook.kind_of(question).headline else WITH_ANSWERS,
        question=question,
        populations=populations,
        notes=[findings.choices_note(survey, question).text, *notes],
    )


def _rank_items(survey: Survey, ranking: pd.DataFrame) -> dict[str, str]:
    """Return the ranks that sampling allows each item, 'rank 2 to 4', by item; empty without a base or a ranking."""
    if ranking.empty or (ranking["effective_base"].isna() & ~is_estimated(ranking)).any():
        return {}
    sets = rank_figures(survey, ranking.set_index("item_id", drop=False))
    ends = {item: dict.fromkeys((int(row["best_rank"]), int(row["worst_rank"]))) for item, row in sets.iterrows()}
    return {str(item): f"rank {' to '.join(map(str, ranks))}" for item, ranks in ends.items()}


def _title_list(survey: Survey, question: str, populations: list[str]) -> str:
    """Return what leads in each population; the question where none of its answers ranks the items."""
    leads = {
        population: findings.lead_among(survey, rows, rows["short_label"].map(in_sentence))
        for population in populations
        if len(rows := findings.ranking(survey, question, population))
    }
    if not leads:
        return str(survey.codebook.questions.loc[question, "title"])
    tops = pd.concat([figures for _, figures in leads.values()])
    certain = all(findings.is_first(survey, figures) for _, figures in leads.values())
    if certain and len(tops) == len(leads) > 1 and tops["item_id"].nunique() == 1:
        who = listing(findings.people(survey, population) for population in leads)
        return f"{tops['short_label'].iloc[0]} comes first, for {who} alike"
    return sentence("; ".join(text for text, _ in leads.values()))


def _tell_range(survey: Survey, question: str, population: str) -> str:
    """Return the largest and the smallest share of one population in words; empty without any."""
    ranking = findings.ranking(survey, question, population)
    if ranking.empty:
        return ""
    first, last = (
        f"{with_interval(row)} for {in_sentence(row['short_label'])}" for _, row in ranking.iloc[[0, -1]].iterrows()
    )
    who = sentence(findings.people(survey, population))
    return f"{who}: from {first} down to {last}, over {len(ranking)} items."


def _tell_answers(survey: Survey, rows: pd.DataFrame, label: str) -> str:
    """Return every answer to one statement in words, population by population, with its interval."""
    parts = [
        f"{sentence(findings.people(survey, population))}: "
        + "; ".join(f"“{findings.name_answer(survey, row)}” {with_interval(row)}" for _, row in own.iterrows())
        + "."
        for population, own in rows.groupby("population", sort=False)
    ]
    return f"{label}. {' '.join(parts)}"


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
    disagrees = set(figures["response"]) > {"agree"}
    title, listed = topic, []
    if len(numbers := figures[figures["status"] == "number"]):
        # The largest of each population, where each has no more than one; otherwise the largest of all.
        told = numbers if numbers["population"].is_unique else numbers.head(1)
        title = listing(findings.replied(survey, figure).text for _, figure in told.iterrows())
    for _, row in figures.iterrows():
        answer = "" if row["response"] == "agree" else f": {row['response'].replace('_', ' ')}"
        who = findings.people(survey, row["population"])
        listed.append(f"{in_sentence(row['short_label'])}{answer}, {who}: {with_interval(row)}")
    return chart_figures(
        survey,
        figures,
        name,
        title,
        f"{topic}. {sentence('; '.join(listed))}.",
        "shares",
        heads=("label", "population", *(["response"] if disagrees else [])),
        populations=[name for name in survey.codebook.populations.index if name in set(figures["population"])],
        notes=[SEPARATE] if len(figures) > 1 else [],
        subtitle=f"{topic}: answers to separate questions",
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
    populations = populations_asked(survey, question)
    first, second = (findings.people(survey, population) for population in populations[:2])
    shown = Series(f"{sentence(first)} minus {second}", list_series(survey, populations[:1])[0].colour)
    groups = [shown, Series("Within sampling error", palette.OTHER, "diamond")]
    ordered = sorted(compared, key=lambda row: row[2].difference)
    labels = number_labels(*zip(*((one["label"], one["item_id"]) for one, _, _ in ordered), strict=True))
    earlier, cells = _find_earlier_gaps(survey, question, compared), []
    records: list[dict[str, Any]] = []
    for label, (one, other, found) in zip(labels, ordered, strict=True):
        was, arrow = earlier.get(one["item_id"], (None, ""))
        difference, limits = number(100 * found.difference), {"low": found.low, "high": found.high}
        values = {"difference": found.difference, **limits, **({} if was is None else {"was": was})}
        records.append(
            {
                "label": label,
                "series": groups[0 if found.excludes_zero else 1].name,
                "status": "number",
                **{field: round_number(100 * value, 1) for field, value in values.items()},
                "text": f"{'+' if found.difference > 0 else ''}{difference} {arrow}".rstrip(),
                "tip": findings.further_up(survey, one, other, found),
            }
        )
        bounds = map(format_bound, limits.values())
        cells.append([one["label"], share_text(one), share_text(other), difference, *bounds])
    furthest = max(abs(record.get(field, 0)) for record in records for field in ("low", "high", "was"))
    limit = max(10, -(-furthest // 10) * 10)
    ticks = (-limit, -limit / 2, 0, limit / 2, limit)
    measure = Measure("difference", -limit - AXIS_MARGIN, limit + AXIS_MARGIN, ticks)
    # As a list of what was told of each item: the widest first.
    told = "; ".join(
        f"{in_sentence(one['short_label'])} {number(100 * found.difference)} ({span(found.low, found.high)})"
        for one, _, found in sorted(compared, key=lambda row: -row[2].difference)
    )
    notes = [
        f"Right of the line, {first} named it more often; left of it, {second} did. The intervals are not adjusted for "
        "the number of items.",
        findings.choices_note(survey, question).text,
    ]
    figures = pd.DataFrame([row for pair in ordered for row in pair[:2]])
    return finish_chart(
        survey,
        draw_rows(records, groups, measure, legend=False),
        name or f"{question.replace('_', '-')}-gap",
        _title_gap(survey, compared),
        (["Item", sentence(first), sentence(second), "Difference (points)", "Interval from", "to"], cells),
        "gap",
        question=question,
        populations=populations,
        **tell_figures(survey, figures, populations, f"{shown.name}, in points: {told}.", notes, "Newcombe"),
    )


def _title_gap(survey: Survey, compared: Gaps) -> str:
    """Return where the gap between two populations is widest, or that none shows."""
    for first, second, gap in compared:
        if gap.excludes_zero:
            pair = (first, second) if gap.difference > 0 else (second, first)
            more, less = (findings.people(survey, figure["population"]) for figure in pair)
            further = f"{points(gap.difference)} further up among {more} than among {less}"
            return f"The widest gap: {in_sentence(first['short_label'])}, {further}"
    return "No item shows a difference that sampling can’t explain"


def _find_earlier_gaps(survey: Survey, question: str, compared: Gaps) -> dict[str, tuple[float, str]]:
    """Return the baseline's difference (-1 to 1) between two populations by item, with an arrow where it moved since.

    Nothing without a baseline, or where either population's question can't be compared with it.
    """
    changes = changes_of(survey)
    if changes is None:
        return {}
    if any(one.question_id == question and one.status == NOT_COMPARABLE for one in changes.verdicts.values()):
        return {}
    before = findings.gaps(changes.baseline, question)
    now, then = ({first["item_id"]: gap for first, _, gap in rows} for rows in (compared, before))
    moved = compare_gaps(now, then, survey.confidence)
    return {str(item): (row["was"], mark_change(row)) for item, row in moved.iterrows()}


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
    return chart_figures(
        survey,
        rows.assign(row=rows["response"].map(survey.codebook.kind_of(question).label_of)),
        name or item.replace("_", "-"),
        findings.leading_answers(survey, item).text,
        _tell_answers(survey, rows, label),
        "answers",
        heads=WITH_ANSWERS,
        question=question,
        populations=populations,
    )


def draw_new_questions(survey: Survey) -> list[Exhibit]:
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

    rows, group, measure, scale = pick_evidence(*ids), Series("Other sources", palette.OTHER), SHARES, 100
    labels = rows["statement"].str.rstrip(".")
    texts = [quantity_text(row["quantity"], row["unit"], row["verbal"]) for _, row in rows.iterrows()]
    if unit != "%":
        largest = float(rows["quantity"].max()) * 1.1
        measure, scale = Measure("quantity", 0, largest, (0, round(largest / 2), round(largest))), 1
    told = [f"{label}: {text}" for label, text in zip(labels, texts, strict=True)]
    records = [
        {"label": label, "series": group.name, "status": "number", measure.field: quantity / scale}
        | {"text": text, "tip": tip}
        for label, quantity, text, tip in zip(
            number_labels(labels, rows.index), rows["quantity"], texts, told, strict=True
        )
    ]
    title = told[0]
    if series:
        said, dated = dict(zip(rows.index, texts, strict=True)), rows["date"].str[:4]
        title = f"{series[0]}: {listing(f'{said[row]} in {dated[row]}' for row in series[1:])}"
    base = "Context from other sources, not from the survey."
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
        alternative=f"{topic}. {sentence('; '.join(map(in_sentence, told)))}.",
        code={"module": __name__, "function": "evidence"},
        spec=finish_spec(draw_rows(records, [group], measure, legend=False), title, base),
    )
