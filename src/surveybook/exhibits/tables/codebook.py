"""The codebook as tables: what was asked of whom, and what words for shares stand for."""

import pandas as pd

from surveybook.exhibits.tables.context import NO_SURVEY, of_survey
from surveybook.exhibits.tables.record import Table
from surveybook.model.figures import populations_asked
from surveybook.model.survey import Survey
from surveybook.model.wording import band, count, listing, sentence, span
from surveybook.words.findings import people

RELATIONS = {
    "exact": "that share",
    "bare": "near that share, on either side",
    "nearly": "somewhat under that share",
    "just_over": "somewhat over that share",
    "about": "around that share, with room on either side",
    "more_than": "over that share",
    "fewer_than": "under that share",
    "none": "no number",
}
KINDS = {
    "multiple": "several from a list",
    "single": "one from a list",
    "scale": "agree or not",
    "channel": "one way for each",
}


def questions_of(survey: Survey, chapter: str) -> Table:
    """Return the questions that belong to one chapter of the report, as a wave asked them.

    Parameters
    ----------
    survey : Survey
        The wave.
    chapter : str
        As in the codebook: quality, customer-focus, value-for-money, people-management.

    Returns
    -------
    Table
        One row a question, or one for each population where they were asked in unlike words.
    """
    questions = survey.codebook.questions
    rows = [row for question in questions.index[questions["chapter"] == chapter] for row in _rows(survey, question)]
    title = f"Questions on {chapter.replace('-', ' ')}, with their items"
    note = (
        "Where the wording is only known from a heading or a paraphrase, it is our plain form of it. A question whose "
        "version is another in a later wave is not compared with this one."
    )
    columns = ["Question", "Items", "Asked of", "Wording, and where it is known from", "Choices", "Version", "Id"]
    return Table(
        f"codebook-{chapter}",
        title,
        columns,
        rows,
        note=note,
        source=f"Source: data/codebook and data/waves/{survey.wave}/asked.csv.",
        subtitle="How each question was put, to whom, and what could be answered.",
        **of_survey(survey),
    )


def format_of(survey: Survey, kind: str) -> str:
    """Return how a question of one kind is answered, in few words; answers of a new kind are named."""
    responses = survey.codebook.responses
    return KINDS.get(kind) or f"one of: {'; '.join(responses.loc[responses['kind'] == kind, 'label'])}"


def _rows(survey: Survey, question: str) -> list[list[str]]:
    """Return a question's row, one a wording; a single row that says so where the wave didn't ask it."""
    entry = survey.codebook.questions.loc[question]
    items = survey.codebook.items
    labels = "; ".join(items[items["question_id"] == question].sort_values("order")["label"])
    populations = populations_asked(survey, question)
    if not populations:
        return [[entry["title"], labels, "not asked in this wave", "", format_of(survey, entry["kind"]), "", question]]
    asked = survey.asked
    asked = asked[(asked["question_id"] == question) & asked["population"].isin(populations)]
    alike = ["wording", "wording_source", "max_choices", "max_choices_source", "version"]
    rows = []
    for _, same in asked.groupby(alike, sort=False, dropna=False):
        first = same.iloc[0]
        who = sentence(listing(people(survey, population) for population in same["population"]))
        wording = f"“{first['wording'].rstrip('.')}” ({first['wording_source']})"
        choices = _choices(survey, first, entry["kind"])
        rows.append([entry["title"], labels, who, wording, choices, str(first["version"]), question])
    return rows


def _choices(survey: Survey, asked: pd.Series, kind: str) -> str:
    """Return how a question was to be answered, and how that is known."""
    if kind != "multiple":
        return format_of(survey, kind)
    if pd.isna(asked["max_choices"]):
        return f"{KINDS[kind]}, how many is not known"
    known = f" ({asked['max_choices_source']})" if asked["max_choices_source"] else ""
    return f"{count(int(asked['max_choices']))} from a list{known}"


def words_for_shares(survey: Survey, name: str = "words-for-shares") -> Table:
    """Return the words that stand for shares, with the range of shares that each allows."""
    rows = []
    for phrase, entry in survey.codebook.words.iterrows():
        limits = band(survey.codebook, str(phrase))
        reading = sentence(RELATIONS[entry["relation"]])
        rows.append([f"“{phrase}”", reading, "" if limits is None else span(*limits, 1)])
    return Table(
        name,
        "What words for shares allow",
        ["Words", "Read as", "Shares that fit (%)"],
        rows,
        note="A figure in words is drawn as this band and never as a number. The claims are held to the same limits.",
        source="Source: data/codebook/words.csv.",
        subtitle="Words that stand for a share in the source, and the shares that each is taken to allow.",
        base=NO_SURVEY,
    )
