"""Which answers lead, and which only seem to."""

import pandas as pd

from surveybook.model.figures import figures_of, key_of, populations_asked
from surveybook.model.survey import Survey
from surveybook.model.wording import (
    Phrase,
    count,
    in_sentence,
    listing,
    phrase,
    sentence,
    share_text,
    together,
    with_interval,
)
from surveybook.stats.comparison import compare_figures
from surveybook.words.findings.changes import with_change, with_changes
from surveybook.words.findings.differences import gap_text
from surveybook.words.findings.questions import nothing_to_show, people

# With more answers level at the top than this, none of them stands out.
MOST_LEVEL = 3


def ranking(survey: Survey, question: str, population: str) -> pd.DataFrame:
    """Return the numeric shares of a question in one population, largest first."""
    rows = figures_of(survey, question, population)
    return rows[rows["status"] == "number"].sort_values("share", ascending=False, kind="stable")


def leader(survey: Survey, question: str, population: str) -> Phrase:
    """Return which item leads in one population, and what changed there since the baseline."""
    return with_changes(survey, lead_of(survey, question, population), question, population)


def lead_of(survey: Survey, question: str, population: str) -> Phrase:
    """Return which item leads in one population, and whether sampling alone could have put it there."""
    ranked = ranking(survey, question, population)
    if not populations_asked(survey, question) or ranked.empty:
        return nothing_to_show(survey, question)
    first = ranked.iloc[0]
    who, name = people(survey, population), in_sentence(first["short_label"])
    head = f"Among {who}, {name}"
    if len(ranked) == 1:
        return phrase(f"{head} was named by {with_interval(first)}.", first)
    rivals = leading(survey, question, population).iloc[1:]
    second = ranked.iloc[1]
    if len(rivals):
        others = listing(f"{in_sentence(row['short_label'])} ({share_text(row)})" for _, row in rivals.iterrows())
        return phrase(
            f"{head}, with {with_interval(first)}, can’t be told apart from {others}: sampling alone could "
            "have put them in this order.",
            first,
            rivals,
        )
    gap = compare_figures(survey, first, second)
    held = "holds however the answers overlap" if survey.covariances.empty else "is more than sampling explains"
    return phrase(
        f"{head} comes first, named by {with_interval(first)}, ahead of {in_sentence(second['short_label'])} "
        f"with {share_text(second)}; the lead of {gap_text(gap)} {held}.",
        first,
        second,
    )


def leaders(survey: Survey, question: str) -> Phrase:
    """Return the leading item of each population, a sentence each, and what changed since the baseline."""
    populations = populations_asked(survey, question)
    if not populations:
        return nothing_to_show(survey, question)
    leads = (lead_of(survey, question, population) for population in populations)
    return with_changes(survey, together(*leads), question)


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
    return f"{listing(names[shown.index])} {verb} among {who}", shown


def order_text(survey: Survey, question: str, population: str, places: int = 3) -> Phrase:
    """Return the first few items of one population in order, with their shares."""
    ranked = ranking(survey, question, population).head(places)
    if ranked.empty:
        return nothing_to_show(survey, question)
    named = listing(f"{in_sentence(row['short_label'])} ({share_text(row)})" for _, row in ranked.iterrows())
    return phrase(f"{sentence(people(survey, population))} put these at the top: {named}.", ranked)


def leading_items(survey: Survey, question: str, population: str, places: int) -> list[str]:
    """Return the items printed in the first places, in order; none where a tie blurs where to stop."""
    ranked = ranking(survey, question, population)
    blurred = ranked["share"].head(places + 1).duplicated().any()
    return [] if blurred or len(ranked) <= places else list(ranked["item_id"].head(places))


def place(survey: Survey, question: str, population: str, item: str) -> Phrase:
    """Return which answers of a list sampling puts before an item, after it, or neither."""
    ranked = ranking(survey, question, population)
    own = ranked[ranked["item_id"] == item]
    if population not in populations_asked(survey, question) or own.empty:
        return nothing_to_show(survey, question)
    figure = own.iloc[0]
    before: list[str] = []
    after: list[str] = []
    beside: list[str] = []
    for _, row in ranked[ranked["item_id"] != item].iterrows():
        lead = compare_figures(survey, figure, row)
        group = beside if not lead.excludes_zero else after if lead.difference > 0 else before
        group.append(f"{in_sentence(row['short_label'])} ({share_text(row)})")

    def named(group: list[str]) -> str:
        if len(group) == len(ranked) - 1:
            return "every other answer"
        return listing(group) if len(group) < 4 else f"{count(len(group))} of the other answers"

    parts = [f"{words} {named(group)}" for words, group in (("behind", before), ("ahead of", after)) if group]
    parts += [f"level, as far as sampling tells, with {named(beside)}"] if beside else []
    said = phrase(
        f"Among {people(survey, population)}, {in_sentence(figure['short_label'])}, named by "
        f"{with_interval(figure)}, stands {listing(parts) or 'alone'}.",
        ranked,
    )
    return with_change(survey, said, key_of(figure))


def split(survey: Survey, question: str, population: str) -> Phrase:
    """Return every answer of one population with its share, numbers and words alike, in the codebook's order."""
    rows = figures_of(survey, question, population)
    if rows.empty or population not in populations_asked(survey, question):
        return nothing_to_show(survey, question)
    named = listing(f"{in_sentence(row['short_label'])} ({share_text(row)})" for _, row in rows.iterrows())
    # As a list of answers: their labels have no articles, so that none would do as the object of a verb.
    said = phrase(f"Answers of {people(survey, population)}: {named}.", rows)
    return with_changes(survey, said, question, population)


def channel_winners(survey: Survey, question: str = "channel_attributes") -> Phrase:
    """Return which way of access has the published lead at which attributes."""
    rows = figures_of(survey, question)
    if rows.empty or not populations_asked(survey, question):
        return nothing_to_show(survey, question)
    labels = survey.codebook.responses.query("kind == 'channel'").set_index("response")["label"]
    numbers = rows[rows["status"] == "number"].sort_values("share", ascending=False, kind="stable")
    best = numbers.groupby("item_id", sort=False).head(1)
    parts = []
    for response, label in labels.items():
        way = f"the {in_sentence(label)}"
        won = best[best["response"] == response]
        named = listing(f"{in_sentence(row['short_label'])} ({share_text(row)})" for _, row in won.iterrows())
        parts.append(f"{way} for {named}" if len(won) else f"{way} for nothing on the list")
    who = people(survey, rows["population"].iloc[0])
    said = phrase(f"To {who}, the best way is {'; '.join(parts)}.", best)
    return with_changes(survey, said, question)
