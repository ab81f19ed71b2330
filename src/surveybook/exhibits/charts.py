"""The charts of questions that chapters call, a function a shape; None where a wave has nothing to draw.

Titles say the finding, and text alternatives say it with its range.
"""

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Any

import pandas as pd

from surveybook.change.changes import BEYOND_CHANCE, changes_of, is_exact
from surveybook.exhibits.exhibit import Exhibit
from surveybook.exhibits.figure_charts import BY_ANSWER, BY_ITEM, chart_figures
from surveybook.exhibits.number_charts import distribution, means
from surveybook.exhibits.records import add_answers, fits_bar, number_labels, sort_items, sort_options, write_share
from surveybook.model.problems import SurveybookError
from surveybook.model.survey import Survey, answers_of, figures_of, find_figure, label_of, populations_asked
from surveybook.model.wording import in_sentence, listing, quote, sentence, share_text, with_interval
from surveybook.stats.comparison import is_estimated, rank_figures
from surveybook.words import findings

# That many changes are drawn, on a phone some screens of them.
MOST_CHANGES = 40
UNRELATED = (
    "How often the same people gave two answers was not released with this survey: the ranks are those that hold "
    "however the answers overlap."
)


def compare_populations(survey: Survey, question: str, name: str = "") -> Exhibit | None:
    """Return one list of items with the shares of each population, and of two how far they are apart.

    Parameters
    ----------
    survey : Survey
        The wave.
    question : str
        A question of several items.
    name : str
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
    rows = sort_items(rows, findings.ranking(survey, question, populations[0])["item_id"], kind.responses)
    told = _describe_answers(survey, rows)
    if kind.headline:
        ranges = [_tell_range(survey, question, population) for population in populations]
        told = " ".join(filter(None, [*ranges, findings.contrast(survey, question).text]))
    gaps = findings.gaps(survey, question) if len(populations) == 2 else []
    return _chart_list(survey, question, rows, populations, told, name, compare_populations, gaps=gaps)


def ranked(survey: Survey, question: str, population: str, name: str = "") -> Exhibit | None:
    """Return the items of one question in one population, largest first, with the ranks that sampling allows.

    Parameters
    ----------
    survey : Survey
        The wave.
    question, population : str
        Whose answers to what.
    name : str
        The figure's name; the question's, with hyphens, otherwise.
    """
    rows = figures_of(survey, question, population).sort_values("share", ascending=False, kind="stable")
    if rows.empty or population not in populations_asked(survey, question):
        return None
    ranking = findings.ranking(survey, question, population)
    if ranking.empty:
        told = _describe_answers(survey, rows)
    else:
        listed = listing(f"{in_sentence(row['short_label'])} {share_text(row)}" for _, row in ranking.iterrows())
        lead = findings.first_places(survey, question, population)
        told = f"{lead} All {len(ranking)} items, largest first: {listed}."
    ranks = _rank_items(survey, ranking)
    rows = rows.assign(rank=[ranks.get(item, "") for item in rows["item_id"]])
    is_bounded = survey.covariances.empty and (is_estimated(ranking) & (ranking["standard_error"] > 0)).any()
    reading = [UNRELATED] if is_bounded and survey.codebook.kind_of(question).relation != "exclusive" else []
    return _chart_list(survey, question, rows, [population], told, name, ranked, reading)


def _chart_list(
    survey: Survey,
    question: str,
    rows: pd.DataFrame,
    populations: list[str],
    alternative: str,
    name: str,
    made_by: Callable[..., Any],
    reading: Sequence[str] = (),
    **drawn: Any,
) -> Exhibit:
    """Return a chart of the items of one question, titled with what comes first, or else with the question."""
    title, kind = str(survey.codebook.questions.loc[question, "title"]), survey.codebook.kind_of(question)
    # What its title says a chart doesn't say again below it.
    below = {} if kind.headline else {"subtitle": findings.quote_question(survey, question)}
    rankings = [own for population in populations if len(own := findings.ranking(survey, question, population))]
    if rankings:
        alone = len(populations) == 1
        said = findings.tell_first(survey, rankings[0]) if alone else findings.first_places(survey, question)
        title = sentence(said.text.rstrip("."))
    return chart_figures(
        survey,
        rows,
        name,
        title,
        alternative,
        made_by,
        heads=BY_ITEM if kind.headline else BY_ANSWER,
        question=question,
        populations=populations,
        reading=[findings.choices_note(survey, question).text, *reading],
        **below,
        **drawn,
    )


def _rank_items(survey: Survey, ranking: pd.DataFrame) -> dict[str, str]:
    """Return the ranks that sampling allows each item, 'rank 2 to 4', by item; empty without a base or a ranking."""
    if ranking.empty or (ranking["effective_base"].isna() & ~is_estimated(ranking)).any():
        return {}
    sets = rank_figures(survey, ranking.set_index("item_id", drop=False))
    ends = {item: dict.fromkeys((int(row["best_rank"]), int(row["worst_rank"]))) for item, row in sets.iterrows()}
    return {str(item): f"rank {' to '.join(map(str, ranks))}" for item, ranks in ends.items()}


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


def _describe_answers(survey: Survey, rows: pd.DataFrame) -> str:
    """Return every answer to each statement in words, population by population, with its interval."""
    told = list[str]()
    for _, item in rows.groupby("item_id", sort=False):
        told.append(f"{item['label'].iloc[0]}.")
        for population, own in item.groupby("population", sort=False):
            given = [f"“{findings.name_answer(survey, row)}” {with_interval(row)}" for _, row in own.iterrows()]
            told.append(f"{sentence(findings.people(survey, str(population)))}: {'; '.join(given)}.")
    return " ".join(told)


def shares(survey: Survey, keys: Sequence[str], name: str, topic: str) -> Exhibit | None:
    """Return shares on one topic, each of a question of its own, as a bar with the other answers and the rest.

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

    Returns
    -------
    Exhibit or None
        Bars in the order of the questionnaire, or, beside a baseline, shares alone, the largest first; what has only
        words is a band.
    """
    present = [figure for key in keys if (figure := find_figure(survey, key)) is not None]
    if not present:
        return None
    figures = pd.DataFrame(present).sort_values("share", ascending=False, na_position="last", kind="stable")
    title, numbers, in_bars = topic, figures[figures["status"] == "number"], changes_of(survey) is None
    if len(numbers):
        # The largest of each population, where each has no more than one; otherwise the largest of all.
        told = numbers if numbers["population"].is_unique else numbers.head(1)
        title = listing(findings.replied(survey, figure).text for _, figure in told.iterrows())
    figures = sort_items(figures, survey.codebook.items.index if in_bars else figures["item_id"])
    shown = add_answers(survey, figures) if in_bars else figures
    who = [findings.people(survey, *of) for of in zip(shown["population"], shown["domain"], strict=True)]
    listed = []
    for (_, row), whose in zip(shown.iterrows(), who, strict=True):
        answer = "" if row["response"] == "agree" else f": {row['response'].replace('_', ' ')}"
        listed.append(f"{in_sentence(row['short_label'])}{answer}, {whose}: {with_interval(row)}")
    if in_bars or not shown.duplicated(["population", "domain", "item_id"]).any():
        several = in_bars and len(set(who)) > 1
        rows = [f"{label} ({whose})" if several else label for label, whose in zip(shown["label"], who, strict=True)]
        shown = shown.assign(row=number_labels(rows, shown["item_id"]))
    return chart_figures(
        survey,
        shown,
        name,
        title,
        f"{topic}. {sentence('; '.join(listed))}.",
        shares,
        heads=BY_ANSWER if in_bars or set(figures["response"]) > {"agree"} else BY_ITEM,
        populations=[name for name in survey.codebook.populations.index if name in set(figures["population"])],
        subtitle=f"{topic}: answers to separate questions",
        in_bars=in_bars,
    )


def answers(survey: Survey, item: str, name: str = "") -> Exhibit | None:
    """Return every answer to one statement, a bar a population; None where there are none.

    Parameters
    ----------
    survey : Survey
        The wave.
    item : str
        A statement of the codebook, of whatever kind.
    name : str
        The figure's name; the item's, with hyphens, otherwise.
    """
    question = survey.codebook.question_of(item)
    rows, populations = answers_of(survey, item), populations_asked(survey, question)
    # A row of nothing would say that a population gave no answer: whose answers weren't published has none.
    published = set(rows.loc[rows["status"] != "unpublished", "population"])
    populations = [one for one in populations if one in published] or populations
    rows = rows[rows["population"].isin(populations)]
    if rows.empty:
        return None
    kind = survey.codebook.kind_of(question)
    in_bars = fits_bar(kind) and changes_of(survey) is None
    shown = rows.assign(row=_name_bars(survey, rows) if in_bars else rows["response"].map(kind.label_of))
    if in_bars:
        shown = shown.sort_values("population", key=lambda names: names.map(populations.index), kind="stable")
    return chart_figures(
        survey,
        shown,
        name or item.replace("_", "-"),
        findings.leading_answers(survey, item).text,
        _describe_answers(survey, rows),
        answers,
        heads=BY_ANSWER,
        question=question,
        populations=populations,
        in_bars=in_bars,
    )


def _name_bars(survey: Survey, rows: pd.DataFrame) -> pd.Series:
    """Return the bar of each answer to one statement: that of the people who gave it."""
    return rows["population"].map(lambda population: sentence(findings.people(survey, population)))


def draw_new_questions(survey: Survey) -> list[Exhibit]:
    """Return a chart of each question that this wave asked and that no chapter was written for, in codebook order.

    A list of options is one chart; statements have one each, with all their answers.
    """
    drawn = list[Exhibit | None]()
    for question in findings.questions_of_its_own(survey):
        if survey.codebook.kind_of(question).is_list:
            drawn.append(compare_populations(survey, question, f"new-{question.replace('_', '-')}"))
            continue
        items = survey.codebook.items_by_question[question]
        drawn += [answers(survey, item, f"new-{item.replace('_', '-')}") for item in items]
    return [chart for chart in drawn if chart is not None]


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
        Of a list and of a battery the items, largest first, by the share of the answer that speaks for them, or by the
        amounts that they are called by; of a question that is put once all answers, in their own order; of a battery
        without such an answer stacked bars; of numbers their distribution, or the means of several items.
    """
    populations, kind = populations_asked(survey, question), survey.codebook.kind_of(question)
    is_alone = findings.is_alone(survey, question)
    if not populations:
        return None
    if kind.is_number:
        return (distribution(survey, question, name) if is_alone else None) or means(survey, question, name)
    if is_alone:
        rows = answers_of(survey, survey.codebook.items_by_question[question][0])
        rows = rows[rows["response"].isin([*kind.answers, kind.headline, kind.opposite])]
        in_bars = kind.opposite is not None and fits_bar(kind) and changes_of(survey) is None
        answers = rows["response"].map({answer: kind.label_of(answer) for answer in kind.answers})
        # What the title says of several answers together stands in the table alone.
        rows = rows.assign(told=answers, row=_name_bars(survey, rows).where(answers.notna()) if in_bars else answers)
        return _chart_results(survey, question, rows, name, heads=BY_ANSWER, in_bars=in_bars)
    if kind.headline is None:
        return _chart_answers(survey, question, name)
    rows = figures_of(survey, question)
    first = rows[rows["population"] == populations[0]]
    return _chart_results(survey, question, sort_items(rows, sort_options(first, kind)), name, whole=kind.is_list)


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
        results,
        question=question,
        subtitle=findings.quote_question(survey, question),
        **told,
    )


def changes(survey: Survey, name: str = "changes") -> Exhibit | None:
    """Return every share that changed since the baseline beyond sampling, the largest change first.

    Of each item the answer that speaks for it, of groups none; None without a baseline, and where nothing changed. Of
    very many the table has all and the drawing the largest: what nobody scrolls through is no picture.
    """
    found = changes_of(survey)
    if found is None:
        return None
    rows = found.tested[found.tested["shown"]].sort_values("change", key=abs, ascending=False, kind="stable")
    if rows.empty:
        return None
    figures = survey.estimates.set_index("figure_id", drop=False).loc[rows["figure_id"]]
    figures = figures.assign(thing=figures["item_id"] + "." + figures["response"])
    # What two populations changed in stands in one row.
    figures = figures.sort_values("thing", key=lambda things: pd.factorize(things)[0], kind="stable")
    labels = [findings.label_share(survey, row) for _, row in figures.iterrows()]
    labels = number_labels(labels, figures["thing"])
    things = figures["thing"].unique()
    is_drawn = figures["thing"].isin(things[:MOST_CHANGES])
    told = [findings.tell_asked_share(survey, row) for _, row in figures[is_drawn].iterrows()]
    subtitle = f"Every change since {label_of(found.baseline)}{BEYOND_CHANCE[is_exact(rows)]}, the largest first"
    if not is_drawn.all():
        subtitle = f"{subtitle}: here {MOST_CHANGES} of {len(things)}, under “Data” all of them"
    return chart_figures(
        survey,
        figures.assign(label=labels, row=pd.Series(labels, figures.index).where(is_drawn)),
        name,
        told[0],
        f"{'; '.join(told)}.",
        changes,
        heads=BY_ANSWER,
        populations=list(rows["population"].unique()),
        subtitle=subtitle,
        whole=False,
    )


def stacked(survey: Survey, question: str, name: str = "") -> Exhibit | None:
    """Return every answer to the statements of a question, a stacked bar each.

    It stands under a heading that opens it, unless the question is put once and this may be its only chart.

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
        Statements by the answer that speaks for them, largest first. Of numbers it is how they are spread. None where
        no answer speaks for statements, so that `results` has all of them, and where the wave has nothing to draw.

    Raises
    ------
    SurveybookError
        For a list, whose answers aren't shares of one whole.
    """
    kind, name = survey.codebook.kind_of(question), name or f"{question.replace('_', '-')}-answers"
    if kind.is_list:
        said = f"'{question}' is a list of options ({kind.name}), which no stacked bar shows"
        raise SurveybookError(f"{said}; draw it with charts.results or charts.ranked.")
    is_alone = findings.is_alone(survey, question)
    if not (is_alone or kind.is_number or kind.headline):
        return None
    exhibit = (distribution if kind.is_number else _chart_answers)(survey, question, name)
    return exhibit if is_alone or exhibit is None else replace(exhibit, folded="All answers")


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
    title = f"All answers to {quote(str(survey.codebook.questions.loc[question, 'title']))}"
    return chart_figures(
        survey,
        rows.assign(row=rows["label"]),
        name,
        title if kind.headline else findings.headline(survey, question).text,
        f"{told}.",
        stacked,
        heads=("label", "response"),
        question=question,
        populations=[population],
        subtitle=findings.quote_question(survey, question, shown=False),
        in_bars=True,
    )
