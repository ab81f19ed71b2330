"""Titles that say the finding, and text alternatives that say it with its range."""

import pandas as pd

from surveybook.model.figures import figures_of, populations_asked
from surveybook.model.survey import Survey
from surveybook.model.wording import (
    Phrase,
    count,
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
from surveybook.stats.differences import rank_sets as rank_sets_of
from surveybook.words import findings


def rank_sets(survey: Survey, question: str, population: str) -> dict[str, tuple[int, int]]:
    """Return the best and worst rank that sampling allows each item, by item; empty without a base."""
    ranked = findings.ranking(survey, question, population)
    if ranked.empty or ranked["effective_base"].isna().any():
        return {}
    exclusive = survey.codebook.questions.loc[question, "kind"] == "single"
    sets = rank_sets_of(
        ranked.set_index("item_id")["share"],
        float(ranked["effective_base"].min()),
        survey.confidence,
        exclusive=exclusive,
    )
    return {item: (int(row["best_rank"]), int(row["worst_rank"])) for item, row in sets.iterrows()}


def rank_text(ranks: tuple[int, int]) -> str:
    """Return a rank set in words: 'rank 1', 'rank 2 to 4'."""
    return f"rank {ranks[0]}" if ranks[0] == ranks[1] else f"rank {ranks[0]} to {ranks[1]}"


def lead_text(survey: Survey, question: str, population: str) -> tuple[str, pd.DataFrame]:
    """Return what leads in one population, as a clause, and the figures behind it."""
    ranked = findings.ranking(survey, question, population)
    return findings.lead_among(survey, ranked, ranked["short_label"].map(in_sentence))


def populations_title(survey: Survey, question: str) -> Phrase:
    """Return what leads in each population."""
    leads = {
        population: lead_text(survey, question, population)
        for population in populations_asked(survey, question)
        if not findings.ranking(survey, question, population).empty
    }
    if not leads:
        return Phrase(survey.codebook.questions.loc[question, "title"])
    tops = {tuple(figures["item_id"]) for _, figures in leads.values()}
    figures = pd.concat([figures for _, figures in leads.values()])
    if len(leads) > 1 and len(tops) == 1 and len(next(iter(tops))) == 1:
        name = figures["short_label"].iloc[0]
        who = listing(findings.people(survey, population) for population in leads)
        return phrase(f"{name} comes first, for {who} alike", figures)
    return phrase(sentence("; ".join(text for text, _ in leads.values())), figures)


def populations_alternative(survey: Survey, question: str) -> Phrase:
    """Return the whole comparison in words: the range in each population, then where they part."""
    parts = []
    for population in populations_asked(survey, question):
        ranked = findings.ranking(survey, question, population)
        if len(ranked):
            first, last = ranked.iloc[0], ranked.iloc[-1]
            parts.append(
                phrase(
                    f"{sentence(findings.people(survey, population))}: from {with_interval(first)} for "
                    f"{in_sentence(first['short_label'])} down to {with_interval(last)} for "
                    f"{in_sentence(last['short_label'])}, over {len(ranked)} items.",
                    ranked,
                )
            )
    return together(*parts, findings.contrast(survey, question))


def ranked_title(survey: Survey, question: str, population: str) -> Phrase:
    """Return what leads in one population."""
    if findings.ranking(survey, question, population).empty:
        return Phrase(survey.codebook.questions.loc[question, "title"])
    text, figures = lead_text(survey, question, population)
    return phrase(sentence(text), figures)


def ranked_alternative(survey: Survey, question: str, population: str) -> Phrase:
    """Return the ranking in words: every item with its share, the first with its interval."""
    ranked = findings.ranking(survey, question, population)
    if ranked.empty:
        return findings.nothing_to_show(survey, question)
    listed = listing(f"{in_sentence(row['short_label'])} {share_text(row)}" for _, row in ranked.iterrows())
    # What changed since a baseline follows for all charts alike.
    return together(
        findings.lead_of(survey, question, population),
        phrase(f"All {len(ranked)} items, largest first: {listed}.", ranked),
    )


def answer_name(figure: pd.Series) -> str:
    """Return what a share counts: the item, with the answer where it isn't agreement."""
    name = in_sentence(figure["short_label"])
    return name if figure["response"] == "agree" else f"{name}: {figure['response'].replace('_', ' ')}"


def shares_title(survey: Survey, figures: pd.DataFrame, topic: str) -> Phrase:
    """Return the largest of single shares on one topic; of each population, where each has no more than one."""
    numbers = figures[figures["status"] == "number"].sort_values("share", ascending=False, kind="stable")
    if numbers.empty:
        return Phrase(topic)
    told = numbers if numbers["population"].is_unique else numbers.head(1)
    said = [findings.replied(survey, figure) for _, figure in told.iterrows()]
    return phrase(listing(one.text for one in said), *said)


def shares_alternative(survey: Survey, figures: pd.DataFrame, topic: str) -> Phrase:
    """Return every share in words, with its population and interval."""
    listed = "; ".join(
        f"{answer_name(row)}, {findings.people(survey, row['population'])}: {with_interval(row)}"
        for _, row in figures.iterrows()
    )
    return phrase(f"{topic}. {sentence(listed)}.", figures)


def gap_title(survey: Survey, question: str) -> Phrase:
    """Return how many items the two populations differ on, and where the gap is widest."""
    compared = findings.gaps(survey, question)
    apart = [row for row in compared if row[2].excludes_zero]
    if not apart:
        return phrase("No item shows a difference that sampling can’t explain", *(row[0] for row in compared))
    a, b, difference = apart[0]
    high = a if difference.difference > 0 else b
    other = b if difference.difference > 0 else a
    text = (
        f"The widest gap: {in_sentence(a['short_label'])}, {points(difference.difference)} further up among "
        f"{findings.people(survey, high['population'])} than among {findings.people(survey, other['population'])}"
    )
    return phrase(text, a, b)


def gap_alternative(survey: Survey, question: str) -> Phrase:
    """Return every difference in words, with its interval."""
    populations = populations_asked(survey, question)
    compared = sorted(findings.gaps(survey, question), key=lambda row: -row[2].difference)
    listed = "; ".join(
        f"{in_sentence(a['short_label'])} {number(100 * d.difference)} ({span(d.low, d.high)})" for a, _, d in compared
    )
    first, second = (findings.people(survey, population) for population in populations[:2])
    who = f"{sentence(first)} minus {second}, in points"
    return phrase(f"{who}: {listed}.", *(row[0] for row in compared), *(row[1] for row in compared))


def winners(survey: Survey, question: str) -> dict[str, pd.DataFrame]:
    """Return, for each way of access, the attributes at which its published share is the largest."""
    rows = figures_of(survey, question)
    numbers = rows[rows["status"] == "number"].sort_values("share", ascending=False, kind="stable")
    best = numbers.groupby("item_id", sort=False).head(1)
    return {
        response: best[best["response"] == response]
        for response in survey.codebook.responses.query("kind == 'channel'")["response"]
    }


def channels_title(survey: Survey, question: str) -> Phrase:
    """Return how many attributes each way of access wins."""
    labels = survey.codebook.responses.query("kind == 'channel'").set_index("response")["label"]
    won = winners(survey, question)
    counts = [
        f"{in_sentence(labels[response])} on {count(len(rows)) if len(rows) else 'none'}"
        for response, rows in won.items()
    ]
    return phrase(
        sentence(f"best at what: {listing(counts)} of {count(sum(map(len, won.values())))} attributes"), *won.values()
    )


def channels_alternative(survey: Survey, question: str) -> Phrase:
    """Return which way of access wins which attribute, with its share and interval."""
    labels = survey.codebook.responses.query("kind == 'channel'").set_index("response")["label"]
    parts = []
    for response, rows in winners(survey, question).items():
        if rows.empty:
            parts.append(Phrase(f"{labels[response]}: first at nothing."))
        else:
            listed = "; ".join(f"{in_sentence(row['short_label'])} {with_interval(row)}" for _, row in rows.iterrows())
            parts.append(phrase(f"{labels[response]}: {listed}.", rows))
    return together(*parts)


def answers_alternative(survey: Survey, rows: pd.DataFrame, label: str) -> Phrase:
    """Return every answer to one statement in words, population by population, with its interval."""
    parts = [
        f"{sentence(findings.people(survey, population))}: "
        + "; ".join(f"“{findings.name_answer(survey, row)}” {with_interval(row)}" for _, row in own.iterrows())
        + "."
        for population, own in rows.groupby("population", sort=False)
    ]
    return phrase(f"{label}. {' '.join(parts)}", rows)
