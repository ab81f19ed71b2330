"""One chart a question, whatever its kind, and all answers to a battery as stacked bars that wait under a heading."""

from dataclasses import replace
from typing import Any

import pandas as pd

from surveybook.change.changes import changes_of
from surveybook.change.meaning import BEYOND_CHANCE, is_exact
from surveybook.exhibits.exhibit import Exhibit
from surveybook.exhibits.figure_charts import BY_ANSWER, chart_figures
from surveybook.exhibits.number_charts import distribution, means
from surveybook.exhibits.records import fits_bar, number_labels, sort_items, write_share
from surveybook.model.survey import Survey, answers_of, figures_of, find_figure, key_of, label_of, populations_asked
from surveybook.model.wording import in_sentence, listing, sentence, with_interval
from surveybook.words import findings


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
    is_alone = findings.is_alone(survey, question)
    if not populations:
        return None
    if kind.is_number:
        return (distribution(survey, question, name) if is_alone else None) or means(survey, question, name)
    if is_alone:
        rows = answers_of(survey, survey.codebook.items.index[survey.codebook.items["question_id"] == question][0])
        rows = rows[rows["response"].isin([*kind.answers, kind.headline, kind.opposite])]
        in_bars = kind.opposite is not None and fits_bar(kind) and changes_of(survey) is None
        answers = rows["response"].map({answer: kind.label_of(answer) for answer in kind.answers})
        who = rows["population"].map(lambda population: sentence(findings.people(survey, population)))
        # What the title says of several answers together stands in the table alone.
        rows = rows.assign(told=answers, row=who.where(answers.notna()) if in_bars else answers)
        return _chart_results(survey, question, rows, name, heads=BY_ANSWER, in_bars=in_bars)
    if kind.headline is None:
        return _chart_answers(survey, question, name)
    rows = figures_of(survey, question)
    first = rows[rows["population"] == populations[0]].sort_values("share", ascending=False, kind="stable")
    return _chart_results(survey, question, sort_items(rows, first["item_id"]), name, whole=kind.is_list)


def _chart_results(survey: Survey, question: str, rows: pd.DataFrame, name: str, **told: Any) -> Exhibit | None:
    """Return figures as a chart whose title is the question's one finding."""
    if rows.empty:
        return None
    drawn = rows.assign(told=rows.get("told", rows["label"])).dropna(subset="told")
    listed = listing(f"{in_sentence(row['told'])} {with_interval(row)}" for _, row in drawn.iterrows())
    return chart_figures(
        survey,
        rows,
        name,
        findings.headline(survey, question).text,
        f"{findings.quote_question(survey, question)} {listed}.",
        "results",
        question=question,
        subtitle=findings.quote_question(survey, question),
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
    figures = pd.DataFrame([find_figure(survey, key_of(row)) for row in rows.to_dict("records")])
    figures = figures.assign(thing=figures["item_id"] + "." + figures["response"])
    # What two populations changed in stands in one row.
    figures = figures.sort_values("thing", key=lambda things: pd.factorize(things)[0], kind="stable")
    told = [findings.tell_share(survey, row) for _, row in figures.iterrows()]
    labels = [findings.label_share(survey, row) for _, row in figures.iterrows()]
    labels = number_labels(labels, figures["thing"])
    return chart_figures(
        survey,
        figures.assign(row=labels, label=labels),
        name,
        told[0],
        f"{'; '.join(told)}.",
        "changes",
        heads=BY_ANSWER,
        populations=list(rows["population"].unique()),
        subtitle=f"Every change since {label_of(found.baseline)}{BEYOND_CHANCE[is_exact(rows)]}, the largest first",
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
    kind, name = survey.codebook.kind_of(question), name or f"{question.replace('_', '-')}-answers"
    if kind.is_list or findings.is_alone(survey, question):
        return None
    if kind.is_number:
        exhibit = distribution(survey, question, name)
    else:
        exhibit = _chart_answers(survey, question, name) if kind.headline and len(kind.answers) > 1 else None
    return replace(exhibit, folded="All answers") if exhibit else None


def _chart_answers(survey: Survey, question: str, name: str) -> Exhibit | None:
    """Return every answer to the statements of a question as stacked bars."""
    kind, populations = survey.codebook.kind_of(question), populations_asked(survey, question)
    if not populations:
        return None
    rows, population = survey.estimates, populations[0]
    rows = rows[(rows["question_id"] == question) & (rows["population"] == population) & (rows["domain"] == "")]
    rows = rows[rows["response"].isin(kind.answers)].sort_values("order", kind="stable")
    if rows.empty:
        return None
    rows = sort_items(rows, findings.ranking(survey, question, population)["item_id"], kind.answers)
    answers = rows["response"].map(kind.label_of).map(in_sentence) + " " + rows.apply(write_share, axis=1)
    known = answers[rows["share"].notna()].groupby(rows["label"], sort=False)
    told = "; ".join(f"{label}: {listing(own)}" for label, own in known)
    title = f"All answers: {in_sentence(str(survey.codebook.questions.loc[question, 'title']))}"
    return chart_figures(
        survey,
        rows.assign(row=rows["label"]),
        name,
        title if kind.headline else findings.headline(survey, question).text,
        f"{told}.",
        "stacked",
        heads=("label", "response"),
        question=question,
        populations=[population],
        subtitle=findings.quote_question(survey, question, shown=False),
        in_bars=True,
    )
