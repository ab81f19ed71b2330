"""Titles that say the finding, and text alternatives that say it with its range."""

import pandas as pd

from surveybook.model.survey import Survey, populations_asked
from surveybook.model.wording import (
    Phrase,
    in_sentence,
    listing,
    number,
    phrase,
    points,
    sentence,
    share_text,
    span,
    together,
    with_interval,
)
from surveybook.stats.differences import Difference, rank_sets
from surveybook.words import findings

Gaps = list[tuple[pd.Series, pd.Series, Difference]]


def rank_items(survey: Survey, question: str, population: str) -> dict[str, str]:
    """Return the ranks that sampling allows each item, 'rank 2 to 4', by item; empty without a base or a ranking."""
    ranked, kind = findings.ranking(survey, question, population), survey.codebook.kind_of(question)
    if ranked.empty or ranked["effective_base"].isna().any():
        return {}
    shares, base = ranked.set_index("item_id")["share"], float(ranked["effective_base"].min())
    sets = rank_sets(shares, base, survey.confidence, exclusive=kind.relation == "exclusive")
    found = {}
    for item, row in sets.iterrows():
        best, worst = int(row["best_rank"]), int(row["worst_rank"])
        found[str(item)] = f"rank {best}" if best == worst else f"rank {best} to {worst}"
    return found


def title_list(survey: Survey, question: str, populations: list[str]) -> Phrase:
    """Return what leads in each population; the question where none of its answers ranks the items."""
    ranked = {population: findings.ranking(survey, question, population) for population in populations}
    leads = {
        population: findings.lead_among(survey, rows, rows["short_label"].map(in_sentence))
        for population, rows in ranked.items()
        if not rows.empty
    }
    if not leads:
        return Phrase(survey.codebook.questions.loc[question, "title"])
    tops = {tuple(figures["item_id"]) for _, figures in leads.values()}
    figures = pd.concat([figures for _, figures in leads.values()])
    if len(leads) > 1 and len(tops) == 1 and len(next(iter(tops))) == 1:
        who = listing(findings.people(survey, population) for population in leads)
        return phrase(f"{figures['short_label'].iloc[0]} comes first, for {who} alike", figures)
    return phrase(sentence("; ".join(text for text, _ in leads.values())), figures)


def tell_list(survey: Survey, question: str, figures: pd.DataFrame) -> Phrase:
    """Return a comparison of populations in words: the range in each, then where they part."""
    if survey.codebook.kind_of(question).headline is None:
        items = figures.groupby("item_id", sort=False)
        return together(*(tell_answers(survey, rows, str(rows["label"].iloc[0])) for _, rows in items))
    parts = []
    for population in populations_asked(survey, question):
        ranked = findings.ranking(survey, question, population)
        if len(ranked):
            ends = [f"{with_interval(row)} for {in_sentence(row['short_label'])}" for _, row in ranked.iterrows()]
            who = sentence(findings.people(survey, population))
            parts.append(phrase(f"{who}: from {ends[0]} down to {ends[-1]}, over {len(ranked)} items.", ranked))
    return together(*parts, findings.contrast(survey, question))


def tell_ranking(survey: Survey, question: str, population: str) -> Phrase:
    """Return a ranking in words: every item with its share, the first with its interval."""
    ranked = findings.ranking(survey, question, population)
    if ranked.empty:
        return findings.nothing_to_show(survey, question)
    listed = listing(f"{in_sentence(row['short_label'])} {share_text(row)}" for _, row in ranked.iterrows())
    # What changed since a baseline follows for all charts alike.
    return together(
        findings.lead_of(survey, question, population),
        phrase(f"All {len(ranked)} items, largest first: {listed}.", ranked),
    )


def title_shares(survey: Survey, figures: pd.DataFrame, topic: str) -> Phrase:
    """Return the largest of single shares on one topic; of each population, where each has no more than one."""
    numbers = figures[figures["status"] == "number"].sort_values("share", ascending=False, kind="stable")
    if numbers.empty:
        return Phrase(topic)
    told = numbers if numbers["population"].is_unique else numbers.head(1)
    said = [findings.replied(survey, figure) for _, figure in told.iterrows()]
    return phrase(listing(one.text for one in said), *said)


def tell_shares(survey: Survey, figures: pd.DataFrame, topic: str) -> Phrase:
    """Return every share in words, with its population and interval."""
    listed = []
    for _, row in figures.iterrows():
        answer = "" if row["response"] == "agree" else f": {row['response'].replace('_', ' ')}"
        name = f"{in_sentence(row['short_label'])}{answer}"
        listed.append(f"{name}, {findings.people(survey, row['population'])}: {with_interval(row)}")
    return phrase(f"{topic}. {sentence('; '.join(listed))}.", figures)


def title_gaps(survey: Survey, compared: Gaps) -> Phrase:
    """Return where the gap between two populations is widest, or that none shows."""
    if not any(gap.excludes_zero for _, _, gap in compared):
        return phrase("No item shows a difference that sampling can’t explain", *(row for row, _, _ in compared))
    first, second, difference = next(row for row in compared if row[2].excludes_zero)
    high, low = (first, second) if difference.difference > 0 else (second, first)
    further = f"{points(difference.difference)} further up among {findings.people(survey, high['population'])}"
    text = f"The widest gap: {in_sentence(first['short_label'])}, {further}"
    return phrase(f"{text} than among {findings.people(survey, low['population'])}", first, second)


def tell_gaps(survey: Survey, compared: Gaps) -> Phrase:
    """Return every difference between two populations in words, with its interval."""
    ordered = sorted(compared, key=lambda row: -row[2].difference)
    listed = "; ".join(
        f"{in_sentence(first['short_label'])} {number(100 * gap.difference)} ({span(gap.low, gap.high)})"
        for first, _, gap in ordered
    )
    first, second = (findings.people(survey, row["population"]) for row in compared[0][:2])
    rows = [*(row for row, _, _ in ordered), *(row for _, row, _ in ordered)]
    return phrase(f"{sentence(first)} minus {second}, in points: {listed}.", *rows)


def tell_answers(survey: Survey, rows: pd.DataFrame, label: str) -> Phrase:
    """Return every answer to one statement in words, population by population, with its interval."""
    parts = [
        f"{sentence(findings.people(survey, population))}: "
        + "; ".join(f"“{findings.name_answer(survey, row)}” {with_interval(row)}" for _, row in own.iterrows())
        + "."
        for population, own in rows.groupby("population", sort=False)
    ]
    return phrase(f"{label}. {' '.join(parts)}", rows)
