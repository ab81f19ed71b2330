"""One chart a question, whatever its kind, and all answers to a battery as stacked bars that wait under a heading."""

from dataclasses import replace
from typing import Any

import pandas as pd

from surveybook.change.changes import changes_of
from surveybook.change.meaning import BEYOND_CHANCE, is_exact
from surveybook.exhibits.bars import fits_bar
from surveybook.exhibits.exhibit import Exhibit
from surveybook.exhibits.number_charts import distribution, means
from surveybook.exhibits.records import chart_figures, number_labels, write_share
from surveybook.model.survey import Survey, answers_of, figures_of, find_figure, key_of, label_of, populations_asked
from surveybook.model.wording import in_sentence, listing, sentence, with_interval
from surveybook.words import findings

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
        in_bars = kind.opposite is not None and fits_bar(kind) and changes_of(survey) is None
        answers = rows["response"].map({answer: kind.label_of(answer) for answer in kind.answers})
        who = rows["population"].map(lambda population: sentence(findings.people(survey, population)))
        # What the title says of several answers together stands in the table alone.
        rows = rows.assign(told=answers, row=who.where(answers.notna()) if in_bars else answers)
        return _chart_results(survey, question, rows, name, heads=ANSWERS, in_bars=in_bars)
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
    labels = rows.get("told", rows["label"])
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
    rows, population = survey.estimates, populations[0]
    rows = rows[(rows["question_id"] == question) & (rows["population"] == population) & (rows["domain"] == "")]
    rows = rows[rows["response"].isin(kind.answers)]
    if rows.empty:
        return None
    ranked = findings.ranking(survey, question, population)
    items = list(dict.fromkeys([*ranked["item_id"], *rows.sort_values("order", kind="stable")["item_id"]]))
    places = {"item": rows["item_id"].map(items.index), "answer": rows["response"].map(kind.answers.index)}
    rows = rows.assign(**places).sort_values(["item", "answer"], kind="stable")
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
