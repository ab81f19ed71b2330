"""Which answers lead, and which only seem to: orders of items, and of the answers to one of them."""

import pandas as pd

from surveybook.model.survey import Survey, answers_of, figures_of, key_of, populations_asked
from surveybook.model.wording import (
    Phrase,
    count,
    limits_text,
    listing,
    per_cent,
    phrase,
    sentence,
    share_text,
    together,
    with_interval,
)
from surveybook.stats.comparison import compare_figures
from surveybook.stats.completeness import drop_nets, find_largest_unknown
from surveybook.words.asked import list_people, nothing_to_show
from surveybook.words.changes import with_change, with_changes
from surveybook.words.naming import gap_text, name_answer, name_item, name_share, people

# With more answers level at the top than this, none of them stands out.
MOST_LEVEL = 3


def ranking(survey: Survey, question: str, population: str) -> pd.DataFrame:
    """Return the numeric shares of a question in one population, largest first.

    Empty for a kind of question whose answers exclude each other and of which none speaks for an item: its items
    have no order, only the answers to each.
    """
    rows = figures_of(survey, question, population)
    ranked = rows["status"].eq("number") & (survey.codebook.kind_of(question).headline is not None)
    return rows[ranked].sort_values("share", ascending=False, kind="stable")


def leading(survey: Survey, question: str, population: str) -> pd.DataFrame:
    """Return the first answer of one population with those that sampling can't tell from it; empty without any."""
    return level_with_first(survey, ranking(survey, question, population))


def level_with_first(survey: Survey, ranked: pd.DataFrame) -> pd.DataFrame:
    """Return the first of some figures, largest first, with those that sampling can't tell from it."""
    first = ranked.iloc[:1].squeeze()
    level = [
        place == 0 or not compare_figures(survey, first, row).excludes_zero
        for place, (_, row) in enumerate(ranked.iterrows())
    ]
    return ranked[level]


def find_statement(survey: Survey, ranked: pd.DataFrame) -> str:
    """Return the statement that some figures of one question are answers to; empty where they are of several items."""
    first = ranked.iloc[0]
    is_list = survey.codebook.kind_of(first["question_id"]).is_list
    return "" if is_list or ranked["item_id"].nunique() > 1 else str(first["item_id"])


def find_unknown(survey: Survey, ranked: pd.DataFrame) -> float:
    """Return the largest share (0-1) that an answer without a figure may have beside figures of one population."""
    first, item = ranked.iloc[0], find_statement(survey, ranked)
    return find_largest_unknown(survey, first["population"], first["question_id"], domain=first["domain"], item=item)


def is_first(survey: Survey, ranked: pd.DataFrame) -> bool:
    """Return whether the first of some figures, largest first, is larger than any answer without a figure may be."""
    return bool(ranked["share"].iloc[0] > find_unknown(survey, ranked))


def leading_items(survey: Survey, question: str, population: str, places: int) -> list[str]:
    """Return the items printed in the first places, in order; none where a tie blurs where to stop."""
    ranked = ranking(survey, question, population)
    blurred = ranked["share"].head(places + 1).duplicated().any()
    return [] if blurred else list(ranked["item_id"].head(places))


def list_shares(survey: Survey, rows: pd.DataFrame) -> str:
    """Return what each of some shares counts, with the share, as a list in words."""
    kinds = survey.codebook.kind_of
    named = (
        (name_item if kinds(row["question_id"]).headline else name_share)(survey, row) + f" ({share_text(row)})"
        for _, row in rows.iterrows()
    )
    return listing(named)


def lead_among(survey: Survey, ranked: pd.DataFrame, names: pd.Series) -> tuple[str, pd.DataFrame]:
    """Return what leads among figures of one population, as a clause, and the figures behind it.

    Parameters
    ----------
    survey : Survey
        The wave.
    ranked : pandas.DataFrame
        Rows of its estimates, largest first.
    names : pandas.Series
        What each is called, by the same index.
    """
    shown, who = level_with_first(survey, ranked), people(survey, ranked["population"].iloc[0])
    if len(shown) > MOST_LEVEL:
        return f"no single answer leads among {who}", shown
    verb = "leads" if len(shown) == 1 else "share the lead"
    if is_first(survey, ranked):
        return f"{listing(names[shown.index])} {verb} among {who}", shown
    if not find_statement(survey, ranked):
        return f"of the answers that are known, {listing(names[shown.index])} {verb} among {who}", shown
    return compare_sides(survey, ranked), ranked


def compare_sides(survey: Survey, ranked: pd.DataFrame) -> str:
    """Return how the known answers to one statement stand to each other where another may be larger, as a clause."""
    first, who = ranked.iloc[0], people(survey, ranked["population"].iloc[0])
    reply = survey.codebook.kind_of(first["question_id"]).reply
    rest = f"{per_cent(find_unknown(survey, ranked))} gave another answer or none"
    if len(ranked) == 1:
        return f"{share_text(first)} of {who} {reply(first['response'])}; {rest}"
    second = ranked.iloc[1]
    if compare_figures(survey, first, second).excludes_zero:
        return f"more of {who} {reply(first['response'])} than {reply(second['response'])}; {rest}"
    sides = f"{share_text(first)} {reply(first['response'])} and {share_text(second)} {reply(second['response'])}"
    return f"of {who}, {sides}; {rest}"


def leading_answers(survey: Survey, item: str, population: str | None = None) -> Phrase:
    """Return which answer to one statement leads in each population, or in one, as far as sampling tells.

    An option of a list has no answers of its own: there it is said which options lead.
    """
    question, label = survey.codebook.items.loc[item, ["question_id", "label"]]
    if survey.codebook.kind_of(question).is_list:
        return first_places(survey, question)
    rows = answers_of(survey, item, population)
    if rows.empty or not populations_asked(survey, question):
        return nothing_to_show(survey, question)
    leads = []
    for _, own in drop_nets(rows[rows["status"] == "number"], survey.codebook).groupby("population", sort=False):
        ranked = own.sort_values("share", ascending=False, kind="stable")
        names = ranked.apply(lambda row: f"“{name_answer(survey, row)}”", axis=1)
        leads.append(lead_among(survey, ranked, names))
    if not leads:
        return phrase(label, survey)
    return phrase(f"{label}: {'; '.join(text for text, _ in leads)}", *(figures for _, figures in leads))


def tell_leading(survey: Survey, item: str, population: str | None = None) -> Phrase:
    """Return which answer to one statement leads, as a sentence; empty where none is known."""
    said = leading_answers(survey, item, population)
    return phrase(f"{said.text.rstrip('.')}.", said) if said.figures else Phrase("")


def answers_in_turn(survey: Survey, question: str, population: str | None = None) -> Phrase:
    """Return which answer leads at each item of a question, a sentence an item; for items that have no order."""
    items = survey.codebook.items
    listed = items[items["question_id"] == question].sort_values("order", kind="stable").index
    said = together(*(tell_leading(survey, item, population) for item in listed))
    return said if said.text else nothing_to_show(survey, question)


def lead_of(survey: Survey, question: str, population: str) -> Phrase:
    """Return which item leads in one population, and whether sampling alone could have put it there."""
    kind, ranked = survey.codebook.kind_of(question), ranking(survey, question, population)
    if kind.headline is None:
        return answers_in_turn(survey, question, population)
    if not populations_asked(survey, question) or ranked.empty:
        return nothing_to_show(survey, question)
    first = ranked.iloc[0]
    known = "" if is_first(survey, ranked) else " and of the answers that are known"
    head = f"Among {people(survey, population)}{known}, {name_item(survey, first)}"
    if len(ranked) == 1:
        return phrase(f"{head} was {kind.passive} {with_interval(first)}.", first)
    rivals = leading(survey, question, population).iloc[1:]
    if len(rivals):
        return phrase(
            f"{head}, with {with_interval(first)}, can’t be told apart from {list_shares(survey, rivals)}: sampling "
            "alone could have put them in this order.",
            first,
            rivals,
        )
    second = ranked.iloc[1]
    overlapping = survey.covariances.empty and kind.relation != "exclusive"
    held = "holds however the answers overlap" if overlapping else "is more than sampling explains"
    gap = gap_text(compare_figures(survey, first, second))
    return phrase(
        f"{head} comes first, {kind.passive} {with_interval(first)}, ahead of {name_item(survey, second)} "
        f"with {share_text(second)}; the lead of {gap} {held}.",
        first,
        second,
    )


def leader(survey: Survey, question: str, population: str) -> Phrase:
    """Return which item leads in one population, and what changed there since the baseline."""
    return with_changes(survey, lead_of(survey, question, population), question, population)


def leaders(survey: Survey, question: str) -> Phrase:
    """Return the leading item of each population, a sentence each, and what changed since the baseline."""
    populations = populations_asked(survey, question)
    leads = [lead_of(survey, question, population) for population in populations]
    return with_changes(survey, together(*leads), question)


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
    if survey.codebook.kind_of(question).headline is None:
        return answers_in_turn(survey, question)
    tops = {
        population: top
        for population in populations_asked(survey, question)
        if len(top := leading(survey, question, population))
    }
    if not tops:
        return nothing_to_show(survey, question)
    figures = pd.concat(tops.values())
    certain = all(is_first(survey, top) for top in tops.values())
    if certain and len(tops) > 1 and len(figures) == len(tops) and figures["item_id"].nunique() == 1:
        named = listing(f"{with_interval(row)} of {people(survey, row['population'])}" for _, row in figures.iterrows())
        text = f"{sentence(name_item(survey, figures.iloc[0]))} comes first for {list_people(survey, tops)} alike"
        return phrase(
            f"{text}: {named} {survey.codebook.kind_of(question).past} it." if shares else f"{text}.", figures
        )
    clauses = "; ".join(_name_first(survey, population, top, shares) for population, top in tops.items())
    return phrase(f"{sentence(clauses)}.", figures)


def _name_first(survey: Survey, population: str, top: pd.DataFrame, shares: bool) -> str:
    """Return what one population puts first, as a clause."""
    who, names = people(survey, population), []
    for _, row in top.iterrows():
        interval = "" if pd.isna(row["low"]) else f", {limits_text(row)}"
        names.append(name_item(survey, row) + (f" ({share_text(row)}{interval})" if shares else ""))
    who = who if is_first(survey, top) else f"of the answers that are known, {who}"
    if len(names) == 1:
        return f"{who} put {names[0]} first"
    if len(names) <= MOST_LEVEL:
        return f"for {who}, first place is too close to call: {listing(names)}"
    return f"for {who}, no answer stands out from the rest"


def order_text(survey: Survey, question: str, population: str, places: int = 3) -> Phrase:
    """Return the first few items of one population in order, with their shares."""
    if survey.codebook.kind_of(question).headline is None:
        return answers_in_turn(survey, question, population)
    ranked = ranking(survey, question, population).head(places)
    if ranked.empty:
        return nothing_to_show(survey, question)
    named = list_shares(survey, ranked)
    who = people(survey, population)
    who = who if is_first(survey, ranked) else f"of the answers that are known, {who}"
    return phrase(f"{sentence(who)} put these at the top: {named}.", ranked)


def place(survey: Survey, question: str, population: str, item: str) -> Phrase:
    """Return which answers of a list sampling puts before an item, after it, or neither."""
    kind, ranked = survey.codebook.kind_of(question), ranking(survey, question, population)
    if kind.headline is None:
        return tell_leading(survey, item, population)
    own = ranked[ranked["item_id"] == item]
    if population not in populations_asked(survey, question) or own.empty:
        return nothing_to_show(survey, question)
    figure, complete = own.iloc[0], is_first(survey, ranked)
    groups: dict[str, list[pd.Series]] = {"behind": [], "ahead of": [], "level, as far as sampling tells, with": []}
    behind, ahead, level = groups.values()
    for _, row in ranked[ranked["item_id"] != item].iterrows():
        lead = compare_figures(survey, figure, row)
        (level if not lead.excludes_zero else ahead if lead.difference > 0 else behind).append(row)

    def named(group: list[pd.Series]) -> str:
        if len(group) == len(ranked) - 1:
            return "every other answer" if complete else "every other answer that is known"
        return (
            list_shares(survey, pd.DataFrame(group)) if len(group) < 4 else f"{count(len(group))} of the other answers"
        )

    stands = listing(f"{words} {named(group)}" for words, group in groups.items() if group) or "alone"
    said = phrase(
        f"Among {people(survey, population)}, {name_item(survey, figure)}, {kind.passive} {with_interval(figure)}, "
        f"stands {stands}.",
        ranked,
    )
    return with_change(survey, said, key_of(figure))


def split(survey: Survey, question: str, population: str) -> Phrase:
    """Return every answer of one population with its share, numbers and words alike, in the codebook's order."""
    rows = figures_of(survey, question, population)
    if rows.empty or population not in populations_asked(survey, question):
        return nothing_to_show(survey, question)
    # As a list of answers: their labels have no articles, so that none would do as the object of a verb.
    said = phrase(f"Answers of {people(survey, population)}: {list_shares(survey, rows)}.", rows)
    return with_changes(survey, said, question, population)
