"""One chart a question, whatever its kind, and all answers to a battery as stacked bars that wait under a heading."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import altair as alt
import pandas as pd

from surveybook.change import BEYOND_CHANCE, changes_of, is_exact, label_of
from surveybook.exhibits import palette
from surveybook.exhibits.drawing import list_series, plain_axis, stack_rows
from surveybook.exhibits.exhibit import Exhibit
from surveybook.exhibits.number_charts import distribution, means
from surveybook.exhibits.records import (
    chart_figures,
    finish_chart,
    number_labels,
    tell_figures,
    word_figures,
    write_share,
)
from surveybook.exhibits.remainders import LEFT, add_remainders, tell_remainders
from surveybook.model.survey import Survey, answers_of, figures_of, find_figure, key_of, populations_asked
from surveybook.model.wording import in_sentence, listing, per_cent, round_number, with_interval
from surveybook.words import findings

BAR, LEAST_TEXT = 22, 0.075
# A shade of each answer, of those that take a side and of others; the text on the darkest is light.
DARKEST, LIGHTEST, DARK = 0.92, 0.3, 0.7
WIDE_LABEL = 20
UNDECIDED = ("neither", "neutral", "dont_know", "no_answer", "not_sure", "unsure")
ANSWERS = ("label", "response", "population")


def results(survey: Survey, question: str, name: str = "") -> Exhibit | None:
    """Return how a question came out, as one chart; None where the wave has nothing to draw.

    Parameters
    ----------
    survey : Survey
        The wave.
    question : str
        A question of the codebook.
    name : str
        The figure's name; the question's, with hyphens, otherwise.

    Returns
    -------
    Exhibit or None
        Of a list and of a battery the items, largest first, by the share of the answer that speaks for them; of a
        question that is put once all answers, in their own order; of a battery without such an answer stacked bars;
        of numbers their distribution, or the means of several items.
    """
    populations, kind = populations_asked(survey, question), survey.codebook.kind_of(question)
    name = name or question.replace("_", "-")
    if not populations:
        return None
    if kind.is_number:
        spread = distribution(survey, question, name) if findings.is_alone(survey, question) else None
        return spread or means(survey, question, name)
    if findings.is_alone(survey, question):
        item = survey.codebook.items.index[survey.codebook.items["question_id"] == question][0]
        rows = answers_of(survey, item)
        rows = rows[rows["response"].isin([*kind.answers, kind.headline, kind.opposite])]
        # What the title says of several answers together stands in the table alone.
        rows = rows.assign(row=rows["response"].map({answer: kind.label_of(answer) for answer in kind.answers}))
        return _chart_results(survey, question, rows, name, heads=ANSWERS)
    if kind.headline is None:
        return _chart_answers(survey, question, name)
    rows = figures_of(survey, question)
    first = rows[rows["population"] == populations[0]].sort_values("share", ascending=False, kind="stable")
    places = {item: place for place, item in enumerate(first["item_id"])}
    rows = rows.sort_values("item_id", key=lambda items: items.map(places), kind="stable")
    return _chart_results(survey, question, rows, name, whole=kind.is_list)


def _chart_results(survey: Survey, question: str, rows: pd.DataFrame, name: str, **told: Any) -> Exhibit | None:
    """Return figures as a chart whose title is the question's one finding."""
    if rows.empty:
        return None
    labels = rows.get("row", rows["label"])
    drawn = rows[labels.notna()]
    listed = listing(
        f"{in_sentence(str(label))} {with_interval(row)}"
        for label, (_, row) in zip(labels[labels.notna()], drawn.iterrows(), strict=True)
    )
    return chart_figures(
        survey,
        rows,
        name,
        findings.headline(survey, question).text,
        f"{findings.quote_question(survey, question)} {listed}.",
        "results",
        question=question,
        subtitle=findings.quote_question(survey, question),
        populations=populations_asked(survey, question),
        **told,
    )


def changes(survey: Survey, name: str = "changes") -> Exhibit | None:
    """Return every share that changed since the baseline beyond sampling, the largest change first.

    Of each item the answer that speaks for it, of groups none; None without a baseline, and where nothing changed.
    """
    found = changes_of(survey)
    if found is None:
        return None
    rows = found.figures
    rows = rows[rows["shown"] & rows["headline"] & (rows["domain"] == "")]
    rows = rows.sort_values("change", key=abs, ascending=False, kind="stable")
    if rows.empty:
        return None
    figures = pd.DataFrame([find_figure(survey, key_of(row)) for _, row in rows.iterrows()])
    # What two populations changed in stands in one row.
    figures = figures.assign(place=pd.factorize(figures["item_id"] + "." + figures["response"])[0])
    figures = figures.sort_values("place", kind="stable")
    then, populations = label_of(found.baseline), list(dict.fromkeys(rows["population"]))
    labels = [findings.label_share(survey, row) for _, row in figures.iterrows()]
    labels = number_labels(labels, figures["item_id"] + "." + figures["response"])
    told = [findings.tell_share(survey, row) for _, row in figures.iterrows()]
    return chart_figures(
        survey,
        figures.assign(row=labels, label=labels),
        name,
        told[0],
        f"{'; '.join(told)}.",
        "changes",
        heads=ANSWERS,
        populations=populations,
        subtitle=f"Every change since {then}{BEYOND_CHANCE[is_exact(rows)]}, the largest first",
        whole=False,
    )


def stacked(survey: Survey, question: str, name: str = "") -> Exhibit | None:
    """Return every answer to the statements of a question, a stacked bar each, under a heading that opens it.

    Parameters
    ----------
    survey : Survey
        The wave.
    question : str
        A question whose answers exclude each other.
    name : str
        The figure's name; the question's with ``-answers`` otherwise.

    Returns
    -------
    Exhibit or None
        Statements by the answer that speaks for them, largest first. None for a list, for a question that is put
        once, and where no answer speaks for statements, so that `results` has all of them. Of numbers it is how they
        are spread.
    """
    kind = survey.codebook.kind_of(question)
    if kind.is_number:
        spread = distribution(survey, question, name or f"{question.replace('_', '-')}-answers")
        return replace(spread, folded="All answers") if spread and not findings.is_alone(survey, question) else None
    if kind.is_list or kind.headline is None or findings.is_alone(survey, question):
        return None
    exhibit = _chart_answers(survey, question, name or f"{question.replace('_', '-')}-answers")
    return replace(exhibit, folded="All answers") if exhibit and len(kind.answers) > 1 else None


def _chart_answers(survey: Survey, question: str, name: str) -> Exhibit | None:
    """Return every answer to the statements of a question as stacked bars."""
    kind, populations = survey.codebook.kind_of(question), populations_asked(survey, question)
    if not populations:
        return None
    rows = survey.estimates
    population = populations[0]
    rows = rows[(rows["question_id"] == question) & (rows["population"] == population) & (rows["domain"] == "")]
    rows = rows[rows["response"].isin(kind.answers)]
    if rows.empty:
        return None
    ranked = findings.ranking(survey, question, population)
    items = list(dict.fromkeys([*ranked["item_id"], *rows.sort_values("order", kind="stable")["item_id"]]))
    rows = rows.assign(
        item=rows["item_id"].map(items.index),
        answer=rows["response"].map(kind.answers.index),
        row=rows["label"],
        series=rows["response"].map(kind.label_of),
    ).sort_values(["item", "answer"], kind="stable")
    shown = add_remainders(survey, rows)
    shown["series"] = shown["series"].mask(shown["status"] == LEFT, shown["response"])
    words = word_figures(survey, shown)
    told = "; ".join(
        f"{label}: " + listing(f"{in_sentence(row['series'])} {write_share(row)}" for _, row in own.iterrows())
        for label, own in shown[shown["share"].notna()].groupby("label", sort=False)
    )
    said, _ = tell_remainders(survey, shown)
    columns = {"label": "Item", "response": "Answer", "share": "Share (%)", "low": "Interval from", "high": "to",
               "base": "Base", "locator": "Printed in"}  # fmt: skip
    table = words[[*columns]].to_numpy().tolist()
    title = f"All answers: {in_sentence(str(survey.codebook.questions.loc[question, 'title']))}"
    title = title if kind.headline else findings.headline(survey, question).text
    told_of = tell_figures(survey, rows, [population], f"{told}. {said}".rstrip(), [])
    told_of |= {"interval_note": f"The data have the {per_cent(survey.confidence)} interval of each share."}
    return finish_chart(
        survey,
        _draw_stacked(survey, shown, population),
        name,
        title,
        (list(columns.values()), table),
        "stacked",
        question=question,
        populations=[population],
        subtitle=findings.quote_question(survey, question, shown=False),
        **told_of,
    )


def shade_answers(survey: Survey, question: str, names: Sequence[str], colour: str) -> list[tuple[str, str, float]]:
    """Return name, colour and opacity of each answer: two sides in two colours, what is between or beside them grey.

    Where nothing parts the sides, one colour fades from the first answer to the last.
    """
    kind = survey.codebook.kind_of(question)
    plain = {kind.label_of(answer): answer for answer in kind.answers}
    beside = [name for name in names if plain.get(name, "").startswith(UNDECIDED) or name not in plain]
    middle = [place for place, name in enumerate(names) if plain.get(name, "").startswith(("neither", "neutral"))]
    sides = [name for name in names if name not in beside]
    other_side = kind.split_net(kind.opposite) if kind.opposite else ()
    opposed = [place for place, name in enumerate(names) if plain.get(name) in other_side]
    turn = next(iter(middle or opposed), len(names))
    split = sum(place < turn for place, name in enumerate(names) if name in sides)
    shades = {}
    for side, tone, is_rising in ((sides[:split], colour, False), (sides[split:], palette.OPPOSED, True)):
        for place, name in enumerate(side):
            part = place / (len(side) - 1) if len(side) > 1 else 0
            part = 1 - part if is_rising and len(side) > 1 else part
            shades[name] = (tone, round(DARKEST - part * (DARKEST - LIGHTEST), 2))
    for place, name in enumerate(beside):
        shades[name] = (palette.AXIS, 0.5 if place else 0.28)
    return [(name, *shades[name]) for name in names]


def _draw_stacked(survey: Survey, shown: pd.DataFrame, population: str) -> alt.FacetChart:
    """Return a bar a statement, from nought to one, a part for each answer with its share where there is room."""
    question = shown["question_id"].iloc[0]
    kind = survey.codebook.kind_of(question)
    answers = [kind.label_of(answer) for answer in kind.answers]
    names = [name for name in dict.fromkeys([*answers, *shown["series"]]) if name in set(shown["series"])]
    shades = shade_answers(survey, question, names, list_series(survey, [population])[0].colour)
    dark = {name for name, colour, opacity in shades if opacity > DARK and colour != palette.AXIS}
    records: list[dict[str, Any]] = []
    for label, own in shown.groupby("label", sort=False):
        # Published whole per cents may add up to more than one.
        at, whole = 0.0, max(1.0, float(own["share"].sum()))
        for _, row in own[own["share"].notna()].iterrows():
            width = float(row["share"]) / whole
            record = {"label": label, "series": row["series"], "from": round_number(at, 4)}
            record |= {"to": round_number(min(1.0, at + width), 4), "status": "part"}
            record |= {"middle": round_number(at + width / 2, 4), "tip": f"{row['series']}: {write_share(row)}%"}
            if row["status"] == LEFT:
                record |= {"start": record["from"], "end": record["to"]}
            if width >= LEAST_TEXT:
                record |= {"text": write_share(row), "dark": row["series"] in dark}
            records.append(record)
            at += width
    scale, axis = alt.Scale(domain=[0, 1], nice=False), plain_axis(values=[0, 0.5, 1], format="%", title=None)
    columns = 1 if any(len(name) > WIDE_LABEL for name in names) else 2
    legend = alt.Legend(columns=columns, symbolType="square", rowPadding=2)
    colour = alt.Color("series:N", scale=alt.Scale(domain=names, range=[one[1] for one in shades]), legend=legend)
    opacity = alt.Opacity(
        "series:N", scale=alt.Scale(type="ordinal", domain=names, range=[one[2] for one in shades]), legend=legend
    )
    bars = alt.Chart().mark_bar(height=BAR - 4, stroke=palette.PAPER, strokeWidth=1)
    text = alt.Chart().transform_filter("isValid(datum.text)").mark_text(fontSize=11)
    light = alt.condition("datum.dark", alt.value(palette.PAPER), alt.value(palette.TEXT))
    return stack_rows(
        [
            bars.encode(
                x=alt.X("from:Q", scale=scale, axis=axis), x2="to:Q", color=colour, opacity=opacity,
                tooltip=alt.Tooltip("tip:N", title="Answer"), y=alt.value(BAR / 2),
            ),
            text.encode(x=alt.X("middle:Q", scale=scale, axis=axis), text="text:N", color=light, y=alt.value(BAR / 2)),
        ],
        records,
        BAR,
    )  # fmt: skip
