"""Sentences that open a chapter or stand on a card: one finding each, with what sampling lets one say of it."""

import pandas as pd

from surveybook.model.figures import find_figure, items_of, populations_asked
from surveybook.model.survey import Survey
from surveybook.model.wording import (
    Phrase,
    in_sentence,
    limits_text,
    listing,
    phrase,
    sentence,
    share_text,
    with_interval,
)
from surveybook.stats.comparison import compare_figures
from surveybook.words.findings.contrasts import gaps
from surveybook.words.findings.differences import gap_text
from surveybook.words.findings.questions import no_answer, nothing_to_show, people
from surveybook.words.findings.rankings import MOST_LEVEL, leading, ranking
from surveybook.words.findings.shares import REPLIES, wording_of


def first_places(survey: Survey, question: str, *, shares: bool = True) -> Phrase:
    """Return in one sentence what each population puts first, or what sampling can't tell apart there.

    Parameters
    ----------
    survey : Survey
        The wave.
    question : str
        A question of the codebook.
    shares : bool
        Whether the shares are named, each with its interval.
    """
    tops = {
        population: leading(survey, question, population)
        for population in populations_asked(survey, question)
        if not ranking(survey, question, population).empty
    }
    if not tops:
        return nothing_to_show(survey, question)
    figures = pd.concat(tops.values())
    if len(tops) > 1 and all(len(top) == 1 for top in tops.values()) and figures["item_id"].nunique() == 1:
        who = listing(people(survey, population) for population in tops)
        named = listing(f"{with_interval(row)} of {people(survey, row['population'])}" for _, row in figures.iterrows())
        text = f"{figures['short_label'].iloc[0]} comes first for {who} alike"
        return phrase(f"{text}: {named} named it." if shares else f"{text}.", figures)
    clauses = "; ".join(_first(survey, population, top, shares) for population, top in tops.items())
    return phrase(f"{sentence(clauses)}.", figures)


def _first(survey: Survey, population: str, top: pd.DataFrame, shares: bool) -> str:
    """Return what one population puts first, as a clause."""
    who = people(survey, population)
    names = [in_sentence(row["short_label"]) + (_bracketed(row) if shares else "") for _, row in top.iterrows()]
    if len(names) == 1:
        return f"{who} put {names[0]} first"
    if len(names) <= MOST_LEVEL:
        return f"for {who}, first place is too close to call: {listing(names)}"
    return f"for {who}, no answer stands out from the rest"


def _bracketed(figure: pd.Series) -> str:
    interval = "" if pd.isna(figure["low"]) else f", {limits_text(figure)}"
    return f" ({share_text(figure)}{interval})"


def widest_gap(survey: Survey, question: str, *, shares: bool = True) -> Phrase:
    """Return in one sentence which answer sets two populations furthest apart; empty with a single population.

    Parameters
    ----------
    survey : Survey
        The wave.
    question : str
        A question of the codebook.
    shares : bool
        Whether the two shares are named beside their difference.
    """
    compared = gaps(survey, question)
    if not compared:
        return Phrase("")
    a, b, gap = compared[0]
    who = [people(survey, row["population"]) for row in (a, b)]
    if not gap.excludes_zero:
        figures = [row for pair in compared for row in pair[:2]]
        return phrase(f"No answer sets {who[0]} and {who[1]} apart by more than sampling explains.", *figures)
    what = in_sentence(a["short_label"])
    if not shares:
        asked = in_sentence(survey.codebook.questions.loc[question, "title"])
        return phrase(f"Among the {asked}, {listing(who)} part most over {what}, by {gap_text(gap)}.", a, b)
    named = f"named by {share_text(a)} of {who[0]} and {share_text(b)} of {who[1]}"
    return phrase(f"The two part most over {what}, {named}: a gap of {gap_text(gap)}.", a, b)


def apart(survey: Survey, first: str, second: str) -> Phrase:
    """Return in one sentence how far apart two answers of one population are, for use beside their shares."""
    a, b = (find_figure(survey, key) for key in (first, second))
    if a is None or b is None or {a["status"], b["status"]} != {"number"}:
        lacks = "This wave does not have two percentages to set side by side here."
        return no_answer(survey, items_of(first, second), lacks)
    gap = compare_figures(survey, a, b)
    who, texts = people(survey, a["population"]), [f"“{wording_of(survey, row)}”" for row in (a, b)]
    if a["item_id"] == b["item_id"]:
        if not gap.excludes_zero:
            said = f"{sentence(who)} are split on {texts[0]}: the gap of {gap_text(gap)} is within sampling error."
            return phrase(said, a, b)
        more, fewer = [REPLIES[row["response"]] for row in ((a, b) if gap.difference > 0 else (b, a))]
        return phrase(f"More of {who} {more} than {fewer} {texts[0]}, by {gap_text(gap)}.", a, b)
    if not gap.excludes_zero:
        said = f"{sentence(who)} agree as much with {texts[0]} as with {texts[1]}"
        return phrase(f"{said}: the gap of {gap_text(gap)} is within sampling error.", a, b)
    more, fewer = texts if gap.difference > 0 else texts[::-1]
    return phrase(f"More of {who} agree with {more} than with {fewer}, by {gap_text(gap)}.", a, b)


def side_by_side(survey: Survey, first: str, second: str) -> Phrase:
    """Return in one sentence how many of a population agree with each of two statements.

    The keys read ``population.item.response``; whether the same people gave both answers isn't known, and the gap
    allows for that.
    """
    who = people(survey, first.split(".")[0])
    a, b = (find_figure(survey, key) for key in (first, second))
    if a is None or b is None or {a["status"], b["status"]} != {"number"}:
        lacks = f"For {who} this wave does not have two percentages to set side by side here."
        return no_answer(survey, items_of(first, second), lacks)
    gap = compare_figures(survey, a, b)
    texts = [f"“{wording_of(survey, row)}”" for row in (a, b)]
    within = "" if gap.excludes_zero else ", which is within sampling error"
    return phrase(
        f"{with_interval(a)} of {who} agree with {texts[0]} and {with_interval(b)} with {texts[1]}: "
        f"a gap of {gap_text(gap)}{within}.",
        a,
        b,
    )
