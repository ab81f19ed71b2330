"""What a survey bears best, for its landing page: changes that show, clear majorities, gaps between groups, leads."""

from collections import Counter
from collections.abc import Collection, Iterator
from dataclasses import dataclass

import pandas as pd

from surveybook.model.survey import Survey, find_part_asked, populations_asked
from surveybook.model.wording import Phrase, phrase, sentence
from surveybook.stats.comparison import compare_figures
from surveybook.words.changes import find_change
from surveybook.words.contrasts import find_gaps, tell_gap
from surveybook.words.naming import is_alone
from surveybook.words.results import find_leads, tell_most_common, tell_share
from surveybook.words.shares import is_first, level_with_first

CHANGE, MAJORITY, GAP, LEAD = "change", "majority", "gap", "lead"
MOST = 5
HALF, MADE_OF = 0.5, 0.8


@dataclass(frozen=True, eq=False)
class Highlight:
    """One finding: of which sort and question, in words, the figures to show, and its size at the least (0-1)."""

    sort: str
    question: str
    says: Phrase
    figures: pd.DataFrame
    surely: float


def find_highlights(survey: Survey, most: int = MOST, leave_out: Collection[str] = ()) -> list[Highlight]:
    """Return what a survey bears best, the clearest first.

    Parameters
    ----------
    survey : Survey
        The wave.
    most : int
        How many findings.
    leave_out : collection of str
        Questions that are no news: who the respondents are.

    Returns
    -------
    list of Highlight
        With a baseline the largest changes that show, no more than two of one question, come first. Then sorts take
        turns: majorities by how far the interval is above one half, gaps between groups and leads by how large the
        interval says that they are at least. Of each question one finding, until all have theirs.
    """
    questions = [str(name) for name in survey.codebook.questions.index if name not in leave_out]
    found = sorted((one for name in questions for one in list_findings(survey, name)), key=lambda one: -one.surely)
    picked, told = list[Highlight](), Counter[str]()

    def pick(sort: str, spare: int) -> bool:
        """Add the clearest of a sort of whose question no more than `spare` is told; return whether there is one."""
        # What rose to a majority is said once.
        said = [one.says.text for one in picked]
        fresh = (one for one in found if one.sort == sort and one.says.text not in said and told[one.question] <= spare)
        one = next(fresh, None) if len(picked) < most else None
        if one:
            picked.append(one)
            told[one.question] += 1
        return one is not None

    while pick(CHANGE, 1):
        pass
    for spare in (0, 1):
        while sum(pick(sort, spare) for sort in (MAJORITY, GAP, LEAD)):
            pass
    return picked


def list_findings(survey: Survey, question: str) -> Iterator[Highlight]:
    """Yield what a question has for a landing page: at most two changes, and one finding of each other sort."""
    for population in populations_asked(survey, question):
        rows = find_leads(survey, question, population)
        # What part of a population said is no news of all of it.
        if rows.empty or find_part_asked(survey, population, question):
            continue
        first = rows.iloc[0]
        for _, row in rows.iterrows():
            if (change := find_change(survey, row)) is not None:
                said = _finish(tell_share(survey, row, whole=True), row)
                yield Highlight(CHANGE, question, said, row.to_frame().T, abs(change["change"]))
        if first["low"] > HALF and not survey.codebook.kind_of(question).is_list:
            said = _finish(tell_share(survey, first, whole=True), first)
            yield Highlight(MAJORITY, question, said, rows.head(1), first["low"] - HALF)
        is_one = is_alone(survey, question)
        if len(rows) > 1 and len(level_with_first(survey, rows)) == 1 and is_first(survey, rows):
            lead = compare_figures(survey, first, rows.iloc[1])
            if lead.low > 0 and (is_one or survey.codebook.kind_of(question).is_list):
                told = tell_share(survey, first, whole=True) if is_one else tell_most_common(survey, rows).text
                yield Highlight(LEAD, question, _finish(told, rows.head(2)), rows.head(2), lead.low)
    for _, widest in find_gaps(survey, question).head(1).iterrows():
        said = tell_gap(survey, widest, whole=True)
        # In the order in which the sentence has them.
        figures = survey.estimates.set_index("figure_id", drop=False).loc[list(said.figures)]
        # Groups that are made of the answer say nothing: those of one party's supporters who vote for it.
        if widest["difference"] > MADE_OF:
            continue
        yield Highlight(GAP, question, _finish(said.text, said), figures, widest["surely"])


def _finish(text: str, *figures: pd.Series | pd.DataFrame | Phrase) -> Phrase:
    """Return a clause as a sentence."""
    return phrase(f"{sentence(text)}.".replace("?”.", "?”"), *figures)
