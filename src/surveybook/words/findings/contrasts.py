"""Where two populations part, and where they can't be told apart."""

import pandas as pd

from surveybook.model.figures import figures_of, key_of, populations_asked
from surveybook.model.survey import Survey
from surveybook.model.wording import (
    Phrase,
    count,
    in_sentence,
    listing,
    phrase,
    points,
    share_text,
    together,
    with_interval,
)
from surveybook.stats import Difference
from surveybook.stats.comparison import compare_figures
from surveybook.words.findings.changes import with_change
from surveybook.words.findings.differences import gap_text
from surveybook.words.findings.questions import no_answer, nothing_to_show, people
from surveybook.words.findings.rankings import leading_items, order_text


def gaps(survey: Survey, question: str) -> list[tuple[pd.Series, pd.Series, Difference]]:
    """Return each item that two populations were both asked about, with the difference, largest first."""
    populations = populations_asked(survey, question)
    if len(populations) < 2:
        return []
    first, second = (
        figures_of(survey, question, population).set_index("item_id", drop=False) for population in populations[:2]
    )
    pairs = [(first.loc[item], second.loc[item]) for item in first.index if item in second.index]
    compared = [(a, b, compare_figures(survey, a, b)) for a, b in pairs]
    tested = [row for row in compared if pd.notna(row[2].difference)]
    return sorted(tested, key=lambda row: -abs(row[2].difference))


def contrast(survey: Survey, question: str) -> Phrase:
    """Return where the two populations part, and where they can't be told apart."""
    compared = gaps(survey, question)
    if not compared:
        return nothing_to_show(survey, question, apart=True)
    apart = [row for row in compared if row[2].excludes_zero]
    alike = [row for row in compared if not row[2].excludes_zero]
    parts = []
    if apart:
        a, b, gap = apart[0]
        high, low = (a, b) if gap.difference > 0 else (b, a)
        parts.append(
            f"The widest gap is over {in_sentence(a['short_label'])}: {share_text(high)} of "
            f"{people(survey, high['population'])} against {share_text(low)} of "
            f"{people(survey, low['population'])}, {gap_text(gap)}."
        )
        more = [f"{in_sentence(x['short_label'])} ({points(d.difference)})" for x, _, d in apart[1:]]
        if more:
            parts.append(f"They also differ over {listing(more)}.")
    if alike:
        names = listing(in_sentence(x["short_label"]) for x, _, _ in alike)
        parts.append(
            f"{'No difference shows' if not apart else 'None shows'} over {names}: what gap there is could be "
            "sampling error."
        )
    return phrase(" ".join(parts), *(row[0] for row in compared), *(row[1] for row in compared))


def item_contrast(survey: Survey, item: str) -> Phrase:
    """Return whether two populations part over one item, as far as sampling lets one say."""
    name, question = (str(survey.codebook.items.loc[item, column]) for column in ("short_label", "question_id"))
    found = [row for row in gaps(survey, question) if row[0]["item_id"] == item]
    if not found:
        lacks = f"{name} can’t be compared: this wave does not have the shares of two populations."
        return no_answer(survey, [item], lacks)
    a, b, gap = found[0]
    who = [people(survey, row["population"]) for row in (a, b)]
    both = f"{name} was the answer of {with_interval(a)} of {who[0]} and {with_interval(b)} of {who[1]}"
    if not gap.excludes_zero:
        said = phrase(f"{both}; the gap of {gap_text(gap)} is within sampling error.", a, b)
    else:
        more = who[0] if gap.difference > 0 else who[1]
        said = phrase(f"{both}: {more} named it more often, by {gap_text(gap)}.", a, b)
    return with_change(survey, said, key_of(a), key_of(b))


def shared_order(survey: Survey, question: str, places: int = 3) -> Phrase:
    """Return whether two populations print the same leading items in one order, and agree in their shares."""
    compared = gaps(survey, question)
    if not compared:
        return Phrase("")
    leads = [
        leading_items(survey, question, population, places) for population in populations_asked(survey, question)[:2]
    ]
    names = listing(in_sentence(str(survey.codebook.items.loc[item, "short_label"])) for item in leads[0])
    if not all(leads):
        order = f"Ties in the printed figures leave no list of {count(places)} leading answers to compare."
    elif leads[0] == leads[1]:
        order = f"As printed, the two lists open with the same {count(places)} answers in the same order: {names}."
    else:
        held = "the same answers in another order" if set(leads[0]) == set(leads[1]) else "answers that differ"
        order = f"As printed, the first {count(places)} places of the two lists hold {held}."
    apart = sum(difference.excludes_zero for _, _, difference in compared)
    of_all = "all" if apart == len(compared) else f"{count(apart)} of"
    shares = (
        (
            f"In strength they differ: on {of_all} {count(len(compared))} answers the shares are further apart than "
            "sampling explains."
        )
        if apart
        else "No answer’s shares are further apart than sampling explains."
    )
    return phrase(f"{order} {shares}", *(row[0] for row in compared), *(row[1] for row in compared))


def orders(survey: Survey, question: str, places: int = 3) -> Phrase:
    """Return the first few items of each population in order, and how far two populations' lists agree."""
    populations = populations_asked(survey, question)
    if not populations:
        return nothing_to_show(survey, question)
    listed = [order_text(survey, question, population, places) for population in populations]
    return together(*listed, *([shared_order(survey, question, places)] if len(populations) > 1 else []))
