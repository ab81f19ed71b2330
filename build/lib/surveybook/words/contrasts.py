"""Where two populations part, and where they can't be told apart."""

import pandas as pd

from surveybook.model.survey import Survey, figures_of, key_of, populations_asked
from surveybook.model.wording import (
    Phrase,
    count,
    in_sentence,
    listing,
    phrase,
    points,
    sentence,
    share_text,
    together,
    with_interval,
)
from surveybook.stats.comparison import compare_figures
from surveybook.stats.differences import Difference
from surveybook.words.asked import no_answer, nothing_to_show
from surveybook.words.changes import with_change
from surveybook.words.naming import gap_text, name_item, name_share, people
from surveybook.words.orders import leading_items, order_text

Gap = tuple[pd.Series, pd.Series, Difference]


def gaps(survey: Survey, question: str) -> list[Gap]:
    """Return each share that two populations were both asked for, with the difference, largest first."""
    populations = populations_asked(survey, question)
    if len(populations) < 2:
        return []
    first, second = (
        {(row["item_id"], row["response"]): row for _, row in figures_of(survey, question, population).iterrows()}
        for population in populations[:2]
    )
    pairs = [(row, second[key]) for key, row in first.items() if key in second]
    compared = [(a, b, compare_figures(survey, a, b)) for a, b in pairs]
    tested = [row for row in compared if pd.notna(row[2].difference)]
    return sorted(tested, key=lambda row: -abs(row[2].difference))


def further_up(survey: Survey, first: pd.Series, second: pd.Series, difference: Difference) -> str:
    """Return whose share is the larger and by how much, or that sampling can't tell, as a clause."""
    if not difference.excludes_zero:
        return f"{gap_text(difference)}, within sampling error"
    larger = first if difference.difference > 0 else second
    return f"{gap_text(difference)} further up among {people(survey, larger['population'])}"


def _rests(text: str, compared: list[Gap]) -> Phrase:
    """Return a phrase that rests on both sides of each gap."""
    return phrase(text, *(row[0] for row in compared), *(row[1] for row in compared))


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
            f"The widest gap is over {name_share(survey, a)}: {share_text(high)} of "
            f"{people(survey, high['population'])} against {share_text(low)} of "
            f"{people(survey, low['population'])}, {gap_text(gap)}."
        )
        more = [f"{name_share(survey, x)} ({points(d.difference)})" for x, _, d in apart[1:]]
        parts += [f"They also differ over {listing(more)}."] if more else []
    if alike:
        names = listing(name_share(survey, x) for x, _, _ in alike)
        none = "None shows" if apart else "No difference shows"
        parts.append(f"{none} over {names}: what gap there is could be sampling error.")
    return _rests(" ".join(parts), compared)


def item_contrast(survey: Survey, item: str) -> Phrase:
    """Return whether two populations part over one item, as far as sampling lets one say.

    Of an item with several answers, it is the one over which they part most.
    """
    name, question = (str(survey.codebook.items.loc[item, column]) for column in ("short_label", "question_id"))
    found = [row for row in gaps(survey, question) if row[0]["item_id"] == item]
    if not found:
        lacks = f"{name} can’t be compared: this wave does not have the shares of two populations."
        return no_answer(survey, [item], lacks)
    a, b, gap = found[0]
    kind, who = survey.codebook.kind_of(question), [people(survey, row["population"]) for row in (a, b)]
    was = f"{name} was" if kind.is_list else f"{name_share(survey, a)} was"
    both = f"{was} the answer of {with_interval(a)} of {who[0]} and {with_interval(b)} of {who[1]}"
    if gap.excludes_zero:
        more, verb = who[0] if gap.difference > 0 else who[1], "named" if kind.is_list else "gave"
        said = phrase(f"{both}: {more} {verb} it more often, by {gap_text(gap)}.", a, b)
    else:
        said = phrase(f"{both}; the gap of {gap_text(gap)} is within sampling error.", a, b)
    return with_change(survey, said, key_of(a), key_of(b))


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
    who, what = [people(survey, row["population"]) for row in (a, b)], name_share(survey, a)
    if not gap.excludes_zero:
        text = f"No answer sets {who[0]} and {who[1]} apart by more than sampling explains."
        return phrase(text, *(row for pair in compared for row in pair[:2]))
    kind, title = survey.codebook.kind_of(question), in_sentence(survey.codebook.questions.loc[question, "title"])
    if not shares:
        among = f"Among the {title}, {listing(who)}" if kind.is_list else sentence(listing(who))
        return phrase(f"{among} part most over {what}, by {gap_text(gap)}.", a, b)
    named = f"{kind.passive} {share_text(a)} of {who[0]} and {share_text(b)} of {who[1]}"
    return phrase(f"The two part most over {what}, {named}: a gap of {gap_text(gap)}.", a, b)


def shared_order(survey: Survey, question: str, places: int = 3) -> Phrase:
    """Return whether two populations print the same leading items in one order, and agree in their shares."""
    compared = gaps(survey, question)
    if not compared:
        return Phrase("")
    leads = [leading_items(survey, question, name, places) for name in populations_asked(survey, question)[:2]]
    if survey.codebook.kind_of(question).headline is None:
        order = "No answer speaks for an item, so that the items have no order to compare."
    elif not all(leads):
        order = f"Ties in the printed figures leave no list of {count(places)} leading answers to compare."
    elif leads[0] == leads[1]:
        rows = {row["item_id"]: row for row, _, _ in compared}
        names = [name_item(survey, rows[item]) for item in leads[0]]
        same = f"the same {count(len(names))} answers in the same order: {listing(names)}"
        order = f"As printed, the two lists open with {same}."
    else:
        held = "the same answers in another order" if set(leads[0]) == set(leads[1]) else "answers that differ"
        order = f"As printed, the first {count(places)} places of the two lists hold {held}."
    apart = sum(difference.excludes_zero for _, _, difference in compared)
    of_all = "all" if apart == len(compared) else f"{count(apart)} of"
    further = f"{of_all} {count(len(compared))} answers the shares are further apart than sampling explains."
    none = "No answer’s shares are further apart than sampling explains."
    return _rests(f"{order} {f'In strength they differ: on {further}' if apart else none}", compared)


def orders(survey: Survey, question: str, places: int = 3) -> Phrase:
    """Return the first few items of each population in order, and how far two populations' lists agree."""
    populations = populations_asked(survey, question)
    listed = [order_text(survey, question, population, places) for population in populations]
    return together(*listed, *([shared_order(survey, question, places)] if len(populations) > 1 else []))
