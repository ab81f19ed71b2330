"""Sentences that say what a wave shows: every number and every direction chosen from its estimates.

Each function returns a `Phrase`. None says "more" where the interval of the difference holds 0, and none
falls silent without saying why: a question that the wave didn't ask is named as such.
"""

import pandas as pd

from whyict.comparison import compare_figures
from whyict.figures import figures_of, find_figure, populations_asked
from whyict.inference import Difference
from whyict.waves import Survey
from whyict.wording import (
    Phrase,
    count,
    in_sentence,
    listing,
    number,
    per_cent,
    phrase,
    points,
    sentence,
    share_text,
    span,
    together,
    with_interval,
)

MODE = {"telephone": "by telephone", "postal": "by post", "online": "online", "face to face": "face to face"}
FORMAT = {
    "multiple": "could choose several from a list",
    "single": "chose one from a list",
    "scale": "said whether they agreed",
    "channel": "said which way of access does best at each",
}


def people(survey: Survey, population: str) -> str:
    """Return a population as it stands inside a sentence: 'the public'."""
    return in_sentence(survey.codebook.populations.loc[population, "label"])


def base_of(survey: Survey, population: str) -> str:
    """Return who answered, how and when: 'the public: 1,000 by telephone, November 2004'."""
    entries = survey.metadata["populations"][population]
    size = entries.get("sample_size")
    shown = f"{number(size)}" if size else "number unknown"
    if size and entries.get("base_status") == "assumed":
        shown += " (assumed)"
    mode = MODE.get(entries["mode"], entries["mode"])
    return f"{people(survey, population)}: {shown} {mode}, {entries['fieldwork']}"


def base_line(survey: Survey, populations: list[str]) -> str:
    """Return the line that stands at each chart: populations, bases, fieldwork."""
    return sentence("; ".join(base_of(survey, population) for population in populations)) + "."


def not_asked(survey: Survey, question: str) -> Phrase:
    """Return the sentence for a question that a wave didn't ask."""
    title = in_sentence(survey.codebook.questions.loc[question, "title"])
    return Phrase(f"This wave did not ask about this ({title}), so there is nothing to show.")


def asked(survey: Survey, *questions: str) -> Phrase:
    """Return what was asked of whom: question, format, populations and bases."""
    parts = []
    for question in questions:
        populations = populations_asked(survey, question)
        if not populations:
            parts.append(not_asked(survey, question).text)
            continue
        rows = survey.asked[(survey.asked["question_id"] == question) & survey.asked["population"].isin(populations)]
        who = listing(people(survey, population) for population in populations)
        kind = survey.codebook.questions.loc[question, "kind"]
        how = FORMAT[kind]
        choices, source = rows["max_choices"].iloc[0], rows["max_choices_source"].iloc[0]
        if kind == "multiple" and pd.notna(choices):
            items = len(survey.codebook.items[survey.codebook.items["question_id"] == question])
            how = f"could choose {count(int(choices))} of {count(items)} answers"
            how += "" if source == "stated" else f" ({source}; the source doesn't state it)"
        wording = rows["wording"].iloc[0]
        parts.append(f"{sentence(who)} {how}: “{wording.rstrip('.')}”{'' if wording.endswith('?') else '.'}")
    reached = dict.fromkeys(p for question in questions for p in populations_asked(survey, question))
    if reached:
        parts.append("Base: " + "; ".join(base_of(survey, population) for population in reached) + ".")
    return Phrase(" ".join(parts))


def asked_together(survey: Survey, *questions: str) -> Phrase:
    """Return what was asked of whom for a run of single statements, briefly."""
    present = [question for question in questions if populations_asked(survey, question)]
    absent = [question for question in questions if question not in present]
    reached = list(dict.fromkeys(p for question in present for p in populations_asked(survey, question)))
    parts = []
    if present:
        who = listing(people(survey, population) for population in reached)
        parts.append(
            f"{sentence(who)} answered {count(len(present))} separate "
            f"question{'s' if len(present) > 1 else ''}, each with an answer of its own."
        )
        parts.append("Base: " + "; ".join(base_of(survey, population) for population in reached) + ".")
    if absent:
        titles = listing(f"“{survey.codebook.questions.loc[question, 'title']}”" for question in absent)
        parts.append(f"This wave did not ask about {titles}.")
    return Phrase(" ".join(parts))


def choices_note(survey: Survey, question: str) -> Phrase:
    """Return the reminder that belongs to each figure of a question with several choices."""
    rows = survey.asked[(survey.asked["question_id"] == question) & survey.asked["max_choices"].gt(1)]
    if rows.empty:
        return Phrase("")
    choices = count(int(rows["max_choices"].max()))
    return Phrase(
        f"People could name only {choices}: a low share means that other answers came before it, "
        "not that it is unimportant."
    )


def ranking(survey: Survey, question: str, population: str) -> pd.DataFrame:
    """Return the numeric shares of a question in one population, largest first."""
    rows = figures_of(survey, question, population)
    return rows[rows["status"] == "number"].sort_values("share", ascending=False, kind="stable")


def gap_text(difference: Difference) -> str:
    """Return a difference with its interval, in points: '31 points (26 to 36)'."""
    low, high = sorted((abs(difference.low), abs(difference.high)))
    if difference.low <= 0 <= difference.high:
        return f"{points(difference.difference)} ({span(difference.low, difference.high)})"
    return f"{points(difference.difference)} ({span(low, high)})"


def leader(survey: Survey, question: str, population: str) -> Phrase:
    """Return which item leads in one population, and whether sampling alone could have put it there."""
    ranked = ranking(survey, question, population)
    if not populations_asked(survey, question) or ranked.empty:
        return not_asked(survey, question)
    first = ranked.iloc[0]
    who, name = people(survey, population), in_sentence(first["short_label"])
    head = f"Among {who}, {name}"
    if len(ranked) == 1:
        return phrase(f"{head} was named by {with_interval(first)}.", first)
    rivals = [row for _, row in ranked.iloc[1:].iterrows() if not compare_figures(survey, first, row).excludes_zero]
    second = ranked.iloc[1]
    if rivals:
        others = listing(f"{in_sentence(row['short_label'])} ({share_text(row)})" for row in rivals)
        return phrase(
            f"{head}, with {with_interval(first)}, can’t be told apart from {others}: sampling alone could "
            "have put them in this order.",
            first,
            *rivals,
        )
    gap = compare_figures(survey, first, second)
    return phrase(
        f"{head} comes first, named by {with_interval(first)}, ahead of {in_sentence(second['short_label'])} "
        f"with {share_text(second)}; the lead of {gap_text(gap)} holds however the answers overlap.",
        first,
        second,
    )


def headline(survey: Survey, question: str, population: str) -> Phrase:
    """Return which items lead in one population, in a few words, as a chapter's opening needs it."""
    ranked = ranking(survey, question, population)
    if not populations_asked(survey, question) or ranked.empty:
        return not_asked(survey, question)
    first = ranked.iloc[0]
    level_with = [row for _, row in ranked.iloc[1:].iterrows() if not compare_figures(survey, first, row).excludes_zero]
    lead = [first, *level_with]
    who = people(survey, population)
    if len(lead) > 3:
        return phrase(f"Among {who}, no answer stands out from the rest.", *lead)
    named = listing(f"{in_sentence(row['short_label'])} ({share_text(row)})" for row in lead)
    verb = "comes first" if len(lead) == 1 else "share first place"
    return phrase(f"Among {who}, {named} {verb}.", *lead)


def leaders(survey: Survey, question: str) -> Phrase:
    """Return the leading item of each population, a sentence each."""
    populations = populations_asked(survey, question)
    if not populations:
        return not_asked(survey, question)
    return together(*(leader(survey, question, population) for population in populations))


def order_text(survey: Survey, question: str, population: str, places: int = 3) -> Phrase:
    """Return the first few items of one population in order, with their shares."""
    ranked = ranking(survey, question, population).head(places)
    if ranked.empty:
        return not_asked(survey, question)
    named = listing(f"{in_sentence(row['short_label'])} ({share_text(row)})" for _, row in ranked.iterrows())
    return phrase(f"{sentence(people(survey, population))} put these at the top: {named}.", ranked)


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
        return not_asked(survey, question) if not populations_asked(survey, question) else Phrase("")
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


def against_half(figure: pd.Series) -> str:
    """Return how a share stands to one half, given its interval."""
    if figure["low"] > 0.5:
        return "a majority"
    return "a minority" if figure["high"] < 0.5 else "about half, and which side of it sampling can’t tell"


def level(survey: Survey, key: str) -> Phrase:
    """Return one share with its interval and how it stands to one half; words stay words."""
    figure = find_figure(survey, key)
    population = key.split("[")[0].split(".")[0]
    if figure is None:
        return Phrase(f"This wave has no answer to this from {people(survey, population)}.")
    who = f"of {people(survey, population)}"
    if figure["status"] != "number":
        held = "is given in words only" if figure["status"] == "words" else "is not published"
        words = f": {figure['verbal']}" if figure["status"] == "words" else ""
        return phrase(f"For {people(survey, population)} the share {held}{words}.", figure)
    if pd.isna(figure["low"]):
        return phrase(f"{per_cent(figure['share'], figure['decimals'])} {who}, on an unknown base.", figure)
    return phrase(f"{with_interval(figure)} {who}: {against_half(figure)}.", figure)


def share(survey: Survey, key: str) -> Phrase:
    """Return one share as the wave gives it, for use inside a sentence."""
    figure = find_figure(survey, key)
    return phrase(share_text(figure), *([] if figure is None else [figure]))


def share_and_interval(survey: Survey, key: str) -> Phrase:
    """Return one share with its interval, for use inside a sentence."""
    figure = find_figure(survey, key)
    return phrase(with_interval(figure), *([] if figure is None else [figure]))


def agree_or_disagree(survey: Survey, population: str, item: str) -> Phrase:
    """Return whether those who agree outnumber those who disagree, as far as sampling lets one say."""
    agree, disagree = (find_figure(survey, f"{population}.{item}.{r}") for r in ("agree", "disagree"))
    if agree is None:
        return Phrase(f"This wave did not ask {people(survey, population)} about this.")
    if disagree is None or disagree["status"] != "number" or agree["status"] != "number":
        return level(survey, f"{population}.{item}.agree")
    gap = compare_figures(survey, agree, disagree)
    both = f"{with_interval(agree)} of {people(survey, population)} agree and {with_interval(disagree)} disagree"
    if not gap.excludes_zero:
        verdict = f"the gap of {gap_text(gap)} is within sampling error"
    else:
        verdict = f"those who {'agree' if gap.difference > 0 else 'disagree'} are ahead by {gap_text(gap)}"
    return phrase(f"{both}; {verdict}.", agree, disagree)


def channel_winners(survey: Survey, question: str = "channel_attributes") -> Phrase:
    """Return which way of access has the published lead at which attributes."""
    rows = figures_of(survey, question)
    if rows.empty or not populations_asked(survey, question):
        return not_asked(survey, question)
    labels = survey.codebook.responses.query("kind == 'channel'").set_index("response")["label"]
    numbers = rows[rows["status"] == "number"].sort_values("share", ascending=False, kind="stable")
    best = numbers.groupby("item_id", sort=False).head(1)
    parts = []
    for response, label in labels.items():
        won = best[best["response"] == response]
        named = listing(f"{in_sentence(row['short_label'])} ({share_text(row)})" for _, row in won.iterrows())
        parts.append(
            f"{in_sentence(label)} for {named}" if len(won) else f"{in_sentence(label)} for nothing on the list"
        )
    return phrase(f"{sentence(people(survey, rows['population'].iloc[0]))} put {'; '.join(parts)}.", best)


def who_answered(survey: Survey) -> Phrase:
    """Return who answered this wave, how and when, as a sentence."""
    listed = listing(base_of(survey, population) for population in survey.metadata["populations"])
    return Phrase(f"This edition shows the {survey.metadata.get('label', survey.wave)} wave ({listed}).")


def figures_counted(survey: Survey) -> Phrase:
    """Return how many figures the wave has, by how they are known."""
    counts = survey.estimates["status"].value_counts()
    named = {
        "number": "as percentages",
        "words": "in words only",
        "unpublished": "not published, though the source implies them",
    }
    parts = [f"{number(counts[status])} {text}" for status, text in named.items() if counts.get(status)]
    return Phrase(f"This wave holds {number(len(survey.estimates))} figures: {listing(parts)}.")


def asked_of(survey: Survey, question: str, population: str) -> Phrase:
    """Return what one population was asked, for a question that two were asked in unlike words."""
    if population not in populations_asked(survey, question):
        return Phrase(f"This wave did not ask {people(survey, population)} about this.")
    rows = survey.asked
    row = rows[(rows["question_id"] == question) & (rows["population"] == population)].iloc[0]
    how = FORMAT[survey.codebook.questions.loc[question, "kind"]]
    stop = "" if row["wording"].endswith("?") else "."
    return Phrase(
        f"{sentence(people(survey, population))} {how}: “{row['wording'].rstrip('.')}”{stop} "
        f"Base: {base_of(survey, population)}."
    )


def item_contrast(survey: Survey, item: str) -> Phrase:
    """Return whether two populations part over one item, as far as sampling lets one say."""
    name, question = (str(survey.codebook.items.loc[item, column]) for column in ("short_label", "question_id"))
    found = [row for row in gaps(survey, question) if row[0]["item_id"] == item]
    if not found:
        return Phrase(f"{name} can’t be compared: this wave does not have the shares of two populations.")
    a, b, gap = found[0]
    who = [people(survey, row["population"]) for row in (a, b)]
    both = f"{name} was the answer of {with_interval(a)} of {who[0]} and {with_interval(b)} of {who[1]}"
    if not gap.excludes_zero:
        return phrase(f"{both}; the gap of {gap_text(gap)} is within sampling error.", a, b)
    return phrase(f"{both}: {who[0] if gap.difference > 0 else who[1]} named it more often, by {gap_text(gap)}.", a, b)


def two_answers(survey: Survey, first: str, second: str) -> Phrase:
    """Return how two answers of one population stand to each other, however many people gave both.

    The keys read ``population.item.response``; the items belong to one question or to two.
    """
    who = people(survey, first.split("[")[0].split(".")[0])
    asked_about = [survey.codebook.items.loc[key.split(".")[1]] for key in (first, second)]
    names = [in_sentence(str(item["short_label"])) for item in asked_about]
    # The short label of a statement isn't a name of something, so it needs marks to stand in a sentence.
    kinds = [survey.codebook.questions.loc[item["question_id"], "kind"] for item in asked_about]
    names = [f"“{name}”" if kind == "scale" else name for name, kind in zip(names, kinds, strict=True)]
    a, b = (find_figure(survey, key) for key in (first, second))
    if a is None or b is None or {a["status"], b["status"]} != {"number"}:
        return Phrase(f"For {who} this wave does not have two percentages to set side by side for {listing(names)}.")
    gap = compare_figures(survey, a, b)
    both = f"Among {who}, {names[0]} stands at {share_text(a)} and {names[1]} at {share_text(b)}"
    if not gap.excludes_zero:
        return phrase(f"{both}; the gap of {gap_text(gap)} is within sampling error.", a, b)
    ahead = names[0] if gap.difference > 0 else names[1]
    return phrase(f"{both}: {ahead} leads by {gap_text(gap)}, however the answers overlap.", a, b)


def place(survey: Survey, question: str, population: str, item: str) -> Phrase:
    """Return which answers of a list sampling puts before an item, after it, or neither."""
    ranked = ranking(survey, question, population)
    own = ranked[ranked["item_id"] == item]
    if population not in populations_asked(survey, question) or own.empty:
        return not_asked(survey, question)
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
    return phrase(
        f"Among {people(survey, population)}, {in_sentence(figure['short_label'])}, named by "
        f"{with_interval(figure)}, stands {listing(parts) or 'alone'}.",
        ranked,
    )


def leading_items(survey: Survey, question: str, population: str, places: int) -> list[str]:
    """Return the items printed in the first places, in order; none where a tie blurs where to stop."""
    ranked = ranking(survey, question, population)
    blurred = ranked["share"].head(places + 1).duplicated().any()
    return [] if blurred or len(ranked) <= places else list(ranked["item_id"].head(places))


def shared_order(survey: Survey, question: str, places: int = 3) -> Phrase:
    """Return whether two populations print the same leading items in one order, and agree in their shares."""
    compared = gaps(survey, question)
    if not compared:
        return not_asked(survey, question)
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


REPLIES = {"agree": "agree with", "disagree": "disagree with", "dont_know": "answer “don’t know” to"}
PARTS = {"role=manager": "managers among {}", "role=staff": "{} other than managers"}


def reply(survey: Survey, key: str) -> Phrase:
    """Return how many of a population, or of a part of it, gave a reply to a statement, in a full sentence."""
    figure = find_figure(survey, key)
    group, item, response = key.rsplit(".", 2)
    population, _, domain = group.rstrip("]").partition("[")
    who = PARTS.get(domain, f"{{}} ({domain})" if domain else "{}").format(people(survey, population))
    label = str(survey.codebook.items.loc[item, "label"])
    if figure is None:
        return Phrase(f"This wave has no answer to “{label}” from {who}.")
    rows = survey.asked
    rows = rows[(rows["population"] == population) & (rows["question_id"] == figure["question_id"])]
    does = f"{REPLIES.get(response, response)} “{str(rows['wording'].iloc[0]).rstrip('.')}”"
    if figure["status"] == "unpublished":
        return phrase(f"The share of {who} who {does} is not published.", figure)
    if figure["status"] == "words":
        return phrase(f"Of {who}, “{figure['verbal']}” {does}; the source gives words and no number.", figure)
    stands = ", on an unknown base" if pd.isna(figure["low"]) else f": {against_half(figure)}"
    return phrase(f"{with_interval(figure)} of {who} {does}{stands}.", figure)


def answered(survey: Survey, population: str) -> Phrase:
    """Return who answered in one population, how and when, for use in brackets."""
    return Phrase(base_of(survey, population))
