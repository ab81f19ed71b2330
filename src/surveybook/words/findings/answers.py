"""What was answered to a statement of whatever kind, and to questions that no chapter was written for."""

import pandas as pd

from surveybook.model.figures import answers_of, populations_asked
from surveybook.model.survey import Survey
from surveybook.model.wording import Phrase, count, listing, phrase, sentence
from surveybook.waves import open_report
from surveybook.words.findings.questions import nothing_to_show
from surveybook.words.findings.rankings import lead_among


def answer_label(survey: Survey, figure: pd.Series) -> str:
    """Return what an answer to a statement is called in the codebook."""
    responses = survey.codebook.responses.set_index(["kind", "response"])["label"]
    kind = survey.codebook.questions.loc[figure["question_id"], "kind"]
    return str(responses.get((kind, figure["response"]), figure["response"]))


def leading_answers(survey: Survey, item: str) -> Phrase:
    """Return which answer to one statement leads in each population, as far as sampling tells."""
    rows = answers_of(survey, item)
    question, label = survey.codebook.items.loc[item, ["question_id", "label"]]
    if rows.empty or not populations_asked(survey, question):
        return nothing_to_show(survey, question)
    leads = []
    for _, own in rows[rows["status"] == "number"].groupby("population", sort=False):
        ranked = own.sort_values("share", ascending=False, kind="stable")
        names = ranked.apply(lambda row: f"“{answer_label(survey, row)}”", axis=1)
        leads.append(lead_among(survey, ranked, names))
    if not leads:
        return Phrase(label)
    return phrase(f"{label}: {'; '.join(text for text, _ in leads)}", *(figures for _, figures in leads))


def questions_of_its_own(survey: Survey) -> list[str]:
    """Return the questions that a wave put to people whom the report's wave didn't ask them, in the codebook's order.

    Chapters were written around the questions of the report, so these have no place there.
    """
    before = open_report(survey)
    return [
        str(question)
        for question in survey.codebook.questions.index
        if set(populations_asked(survey, question)) - set(populations_asked(before, question))
    ]


def new_questions(survey: Survey) -> Phrase:
    """Return which questions of a wave the report's didn't have, or that there are none; nothing of that very wave."""
    before = open_report(survey)
    if survey.wave == before.wave:
        return Phrase("")
    then = before.metadata.get("label", before.wave)
    found = questions_of_its_own(survey)
    if not found:
        return Phrase(f"This wave asked nobody a question that the {then} wave did not ask them.")
    titles = listing(f"“{survey.codebook.questions.loc[question, 'title']}”" for question in found)
    questions = "One question" if len(found) == 1 else f"{sentence(count(len(found)))} questions"
    were, they = ("was", "it has its chart") if len(found) == 1 else ("were", "they have their charts")
    return Phrase(
        f"{questions} of this wave {were} not put to the same people in {then}: {titles}. The chapters were written "
        f"without {'it' if len(found) == 1 else 'them'}, so {they} here."
    )
