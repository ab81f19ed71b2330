"""Charts of questions that no chapter was written for: a new wave's own."""

import altair as alt

from surveybook.exhibits.charts import baseline, titles
from surveybook.exhibits.charts.complete import complete, mark
from surveybook.exhibits.charts.drawing import draw
from surveybook.exhibits.charts.shapes import compare_populations
from surveybook.exhibits.tables import figure_table
from surveybook.model.figures import LISTS, answers_of, populations_asked
from surveybook.model.survey import Survey
from surveybook.words import findings


def answers(survey: Survey, item: str, name: str | None = None) -> alt.LayerChart | alt.Chart | None:
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
    question = str(survey.codebook.items.loc[item, "question_id"])
    name, rows = name or item.replace("_", "-"), answers_of(survey, item)
    populations = populations_asked(survey, question)
    if rows.empty or not populations:
        return None
    labels = dict(survey.codebook.populations["label"])
    drawn, changed = [], baseline.changes_by_figure(survey, rows)
    for _, same in rows.groupby("response", sort=False):
        marks = [
            mark(figure, labels[figure["population"]], survey, changed)
            for _, figure in same.sort_values("population", key=lambda column: column.map(populations.index)).iterrows()
        ]
        drawn.append({"label": findings.name_answer(survey, same.iloc[0]), "marks": marks})
    label = str(survey.codebook.items.loc[item, "label"])
    chart = draw(drawn, [labels[population] for population in populations], legend=len(populations) > 1)
    heads = ("label", "response", "population")
    return complete(
        survey,
        chart,
        name,
        findings.leading_answers(survey, item),
        titles.answers_alternative(survey, rows, label),
        baseline.with_columns(survey, figure_table(survey, rows, heads=heads), rows),
        rows,
        "answers",
        question,
        populations,
    )


def new_questions(survey: Survey) -> list[alt.LayerChart | alt.Chart]:
    """Return a chart of each question that this wave asked and the report's didn't, in the codebook's order.

    A list of options is one chart; statements have one each, with all their answers.
    """
    items, drawn = survey.codebook.items, []
    for question in findings.questions_of_its_own(survey):
        if survey.codebook.questions.loc[question, "kind"] in LISTS:
            drawn.append(compare_populations(survey, question, f"new-{question.replace('_', '-')}"))
            continue
        own = items[items["question_id"] == question].sort_values("order", kind="stable")
        drawn += [answers(survey, item, f"new-{item.replace('_', '-')}") for item in own.index]
    return [chart for chart in drawn if chart is not None]
