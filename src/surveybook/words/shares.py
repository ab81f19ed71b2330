"""Who gave which answer: single shares and pairs, what comes first among several, and what only seems to.

And where two populations, and the groups of one, differ, and where sampling may explain it or can't tell them apart.
"""

import pandas as pd

from surveybook.model.survey import (
    KEY,
    Survey,
    answers_of,
    figures_of,
    find_figure,
    items_of,
    key_of,
    populations_asked,
)
from surveybook.model.wording import (
    HEDGED_MARGIN,
    Phrase,
    band,
    count,
    listing,
    per_cent,
    phrase,
    points_and_interval,
    sentence,
    share_text,
    together,
)
from surveybook.stats.comparison import compare_figures
from surveybook.stats.completeness import drop_nets, find_largest_unknown
from surveybook.stats.shares import Difference
from surveybook.words.asked import list_people, no_answer, nothing_to_show
from surveybook.words.changes import with_change, with_changes
from surveybook.words.naming import (
    TOO_CLOSE,
    among,
    count_of,
    is_alone,
    is_plural,
    name_answer,
    name_item,
    name_replies,
    name_reply,
    name_share,
    name_told,
    people,
)

HALF = 0.5
# Of fewer shares none is called the largest.
LEAST_COMPARED = 3
# With more answers level at the top than this, none of them stands out.
MOST_LEVEL = 3
FRACTIONS = {
    "a tenth": 1 / 10, "a fifth": 1 / 5, "a quarter": 1 / 4, "a third": 1 / 3, "half": 1 / 2, "two-thirds": 2 / 3,
    "three-quarters": 3 / 4,
}  # fmt: skip
Gap = tuple[pd.Series, pd.Series, Difference]
# Which answers a first place is among, where not all have figures: some are withheld, or people wrote others.
KNOWN, LISTED = "of the answers with figures, ", "of the options listed, "


# How a share is told, by what is known of it.
WAYS = {
    "words": "{value} of {who} {replies}.",
    "no words for a share": "of {who}, “{value}” {replies}; the source gives no number.",
    "unpublished": "the share of {who} who {replies} is not published.",
    "no base": "{value} of {who} {replies}, on an unknown base.",
    "about half": "about half of {who} ({value}) {replies}.",
    "number": "{value} of {who} {replies}.",
}


def ranking(survey: Survey, question: str, population: str) -> pd.DataFrame:
    """Return the numeric shares of a question in one population, largest first.

    Empty for a kind of question whose answers exclude each other and of which none speaks for an item: its items
    have no order, only the answers to each.
    """
    rows = find_leads(survey, question, population)
    return rows if survey.codebook.kind_of(question).headline else rows.iloc[:0]


def find_leads(survey: Survey, question: str, population: str) -> pd.DataFrame:
    """Return the shares that a question is told by in one population, largest first: of items, or of answers to one."""
    rows = figures_of(survey, question, population)
    is_told = survey.codebook.kind_of(question).headline is not None or is_alone(survey, question)
    return rows[rows["status"].eq("number") & is_told].sort_values("share", ascending=False, kind="stable")


def level_with_first(survey: Survey, ranked: pd.DataFrame) -> pd.DataFrame:
    """Return the first of some figures, largest first, with those that sampling can't tell from it."""
    rows = [row for _, row in ranked.iterrows()]
    return ranked[[not compare_figures(survey, rows[0], row).excludes_zero for row in rows]]


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


def tell_named(survey: Survey, row: pd.Series, statement: str = "") -> str:
    """Return what a share counts, with the share: 'value for money (56%)'; of a statement the answer: '“Daily” (60%)'.

    Where no answer speaks for its item, both are named.
    """
    name = f"“{name_answer(survey, row)}”" if statement else name_told(survey, row)
    return f"{name} ({share_text(row)})"


def tell_first(survey: Survey, ranked: pd.DataFrame, *, whose: bool = True, with_next: bool = False) -> Phrase:
    """Return what comes first among figures of one population, as far as they and sampling tell, as a clause.

    Parameters
    ----------
    survey : Survey
        The wave.
    ranked : pandas.DataFrame
        Rows of its estimates, largest first.
    whose : bool
        Whether it is said who the people are.
    with_next : bool
        Whether the one that follows is named.
    """
    level, statement, first = level_with_first(survey, ranked), find_statement(survey, ranked), ranked.iloc[0]
    who = f" {among(survey, first['population'], first['domain'])}" if whose else ""
    if len(level) > MOST_LEVEL:
        return phrase(f"no answer leads{who}: {_tell_level(survey, level, len(ranked))}", level)
    if statement and not is_first(survey, ranked):
        return _tell_sides(survey, ranked)
    listed = listing(tell_named(survey, row, statement) for _, row in level.iterrows())
    lacks = survey.estimates.loc[survey.estimates["question_id"] == first["question_id"], "share"].isna().any()
    known = "" if is_first(survey, ranked) else KNOWN if lacks else LISTED
    if len(level) > 1:
        place = "" if statement else " for first place"
        return phrase(f"{known}{listed} are {TOO_CLOSE}{place}{who}", level)
    follows = ranked.iloc[1:2] if with_next else ranked.iloc[:0]
    ahead = f", ahead of {tell_named(survey, follows.iloc[0], statement)}" if len(follows) else ""
    come = "come" if is_plural(name_told(survey, first)) else "comes"
    comes = "is the most common answer" if statement else f"{come} first"
    return phrase(f"{known}{listed} {comes}{who}{ahead}", level, follows)


def _tell_level(survey: Survey, level: pd.DataFrame, of_all: int) -> str:
    """Return how large many shares are that can't be told apart: 'four of the seven are each named by a third'."""
    kind = survey.codebook.kind_of(level["question_id"].iloc[0])
    many = count_of(len(level), of_all)
    name, size = min(FRACTIONS.items(), key=lambda one: abs(one[1] - level["share"].mean()))
    if (level["share"] - size).abs().max() <= min(HEDGED_MARGIN, size / 4):
        return f"{many} are each {kind.passive} about {name}"
    ends = " to ".join(dict.fromkeys(share_text(level.iloc[place]) for place in (-1, 0)))
    return f"{many} are each {kind.passive} {ends}"


def _tell_sides(survey: Survey, ranked: pd.DataFrame) -> Phrase:
    """Return the known answers to one statement where another may be larger, as a clause."""
    who = people(survey, ranked["population"].iloc[0], ranked["domain"].iloc[0])
    reply = survey.codebook.kind_of(ranked["question_id"].iloc[0]).reply
    told = [
        f"{share_text(row)}{'' if place else f' of {who}'} {reply(row['response'])}"
        for place, (_, row) in enumerate(ranked.head(2).iterrows())
    ]
    rest = f"{per_cent(find_unknown(survey, ranked))} gave another answer or none"
    return phrase(f"{listing(told)}; {rest}", ranked)


def leading_answers(survey: Survey, item: str, population: str | None = None) -> Phrase:
    """Return which answer to one statement is the most common in each population, or in one, as a clause.

    An option of a list has no answers of its own: there it is said which options come first.
    """
    question = survey.codebook.question_of(item)
    label = survey.codebook.items.at[item, "label"]
    if survey.codebook.kind_of(question).is_list:
        return first_places(survey, question)
    rows = answers_of(survey, item, population)
    if rows.empty or not populations_asked(survey, question):
        return nothing_to_show(survey, question)
    known = drop_nets(rows[rows["status"] == "number"], survey.codebook).groupby("population", sort=False)
    told = [tell_first(survey, own.sort_values("share", ascending=False, kind="stable")) for _, own in known]
    if not told:
        return phrase(label, survey)
    return phrase(f"{label}: {'; '.join(one.text for one in told)}", *told)


def answers_in_turn(survey: Survey, question: str, population: str | None = None) -> Phrase:
    """Return the most common answer to each item of a question, a sentence an item; for items that have no order."""
    told = [leading_answers(survey, item, population) for item in survey.codebook.items_by_question[question]]
    said = together(*(phrase(f"{one.text.rstrip('.')}.", one) for one in told if one.figures))
    return said if said.text else nothing_to_show(survey, question)


def leader(survey: Survey, question: str, population: str) -> Phrase:
    """Return which item comes first in one population, and what changed there since the baseline."""
    return with_changes(survey, first_places(survey, question, population), question, population)


def first_places(survey: Survey, question: str, population: str | None = None) -> Phrase:
    """Return in one sentence what comes first in each population, or what sampling can't tell apart there.

    Of one population alone it is said, too, what follows.
    """
    if survey.codebook.kind_of(question).headline is None:
        return answers_in_turn(survey, question, population)
    survey.codebook.check_names(populations=population)
    asked = [name for name in populations_asked(survey, question) if population in (None, name)]
    rankings = [rows for name in asked if len(rows := ranking(survey, question, name))]
    if not rankings:
        return nothing_to_show(survey, question)
    told = [tell_first(survey, ranked, with_next=population is not None) for ranked in rankings]
    tops = pd.concat([ranked.head(1) for ranked in rankings])
    alone = all(len(one.figures) == 1 and is_first(survey, own) for one, own in zip(told, rankings, strict=True))
    if alone and len(tops) > 1 and tops["item_id"].nunique() == 1:
        who = listing(f"{people(survey, row['population'])} ({share_text(row)})" for _, row in tops.iterrows())
        both = "both " if len(tops) == 2 else ""
        return phrase(f"{sentence(name_item(survey, tops.iloc[0]))} comes first for {both}{who}.", tops)
    return phrase(f"{sentence('; '.join(one.text for one in told))}.", *told)


def split(survey: Survey, question: str, population: str) -> Phrase:
    """Return every answer of one population with its share, numbers and words alike, in the codebook's order."""
    rows = figures_of(survey, question, population)
    if rows.empty or population not in populations_asked(survey, question):
        return nothing_to_show(survey, question)
    listed = listing(tell_named(survey, row) for _, row in rows.iterrows())
    if not survey.codebook.kind_of(question).is_list:
        items = ((name_item(survey, own.iloc[0]), own) for _, own in rows.groupby("item_id", sort=False))
        told = (f"{name} {listing(tell_named(survey, row, name) for _, row in own.iterrows())}" for name, own in items)
        listed = "; ".join(told)
    # As a list of answers: their labels have no articles, so that none would do as the object of a verb.
    said = phrase(f"{sentence(people(survey, population))} answered: {listed}.", rows)
    return with_changes(survey, said, question, population)


def share(survey: Survey, key: str) -> Phrase:
    """Return one share as the wave gives it, for use inside a sentence."""
    figure = find_figure(survey, key)
    return phrase(share_text(figure), survey, *([] if figure is None else [figure]))


def people_of(survey: Survey, key: str) -> str:
    """Return who a key is about, as they stand inside a sentence."""
    match = KEY.fullmatch(key)
    assert match  # find_figure has refused what isn't a key
    return people(survey, match["population"], match["domain"] or "")


def reply(survey: Survey, key: str) -> Phrase:
    """Return how many of a population, or of a part of it, gave a reply to a statement, and what changed since."""
    figure, who = find_figure(survey, key), people_of(survey, key)
    if figure is None:
        (item,) = items_of(key)
        label = survey.codebook.items["label"].get(item, item)
        return no_answer(survey, [item], f"This survey has no answer to “{label}” from {who}.")
    known = str(figure["status"])
    if known == "number":
        known = "about half" if figure["low"] <= HALF <= figure["high"] else known
        known = "no base" if pd.isna(figure["low"]) else known
    elif known == "words" and band(survey.codebook, figure["verbal"]) is None:
        known = "no words for a share"
    text = WAYS[known].format(who=who, value=share_text(figure), replies=name_reply(survey, figure))
    return with_change(survey, phrase(sentence(text), figure), key)


def replied(survey: Survey, figure: pd.Series) -> Phrase:
    """Return one share with who gave which reply to what, as a clause: '85% of residents agree with “…”'."""
    who = people(survey, figure["population"], figure["domain"])
    return phrase(f"{share_text(figure)} of {who} {name_reply(survey, figure)}", figure)


def two_answers(survey: Survey, first: str, second: str) -> Phrase:
    """Return how many of a population gave each of two answers, and whether sampling can't tell which are more.

    The keys read ``population.item.response``; the items belong to one question or to two, and the same people may
    have given both. Of two answers to one statement it is said, too, how many gave neither where they may be the most.
    """
    (a, b), who = (find_figure(survey, key) for key in (first, second)), people_of(survey, first)
    if a is None or b is None or {a["status"], b["status"]} != {"number"}:
        lacks = f"For {who} this survey does not have two percentages to set side by side here."
        return no_answer(survey, items_of(first, second), lacks)
    gap = compare_figures(survey, a, b)
    kind = survey.codebook.kind_of(b["question_id"])
    does = name_replies(survey, a, b)
    replies = kind.reply(b["response"]) if a["item_id"] == b["item_id"] else does[1]
    close = "" if gap.excludes_zero else f", {TOO_CLOSE}"
    if a["item_id"] == b["item_id"] and not kind.is_list:
        neither = find_largest_unknown(survey, a["population"], a["question_id"], domain=a["domain"], item=a["item_id"])
        close += f"; {per_cent(neither)} gave another answer or none" if neither >= max(a["share"], b["share"]) else ""
    text = f"{share_text(a)} of {who} {does[0]} and {share_text(b)} {replies}{close}."
    return with_change(survey, phrase(text, a, b), first, second)


def largest_and_smallest(survey: Survey, *keys: str) -> Phrase:
    """Return which of several shares, each of a question of its own, is the largest and which the smallest.

    They are named where sampling tells them from all others; empty unless three are numbers, and of one answer.
    """
    figures = (find_figure(survey, key) for key in keys)
    known = pd.DataFrame([one for one in figures if one is not None and one["status"] == "number"])
    # Shares of different answers are neither more nor fewer of anything.
    if len(known) < LEAST_COMPARED or known["response"].nunique() > 1:
        return Phrase("")
    ranked = known.sort_values("share", ascending=False, kind="stable")
    high, low = ranked.iloc[0], ranked.iloc[-1]
    if len(level_with_first(survey, ranked)) > 1 or len(level_with_first(survey, ranked[::-1])) > 1:
        reply = survey.codebook.kind_of(high["question_id"]).reply(high["response"], f"each of the {count(len(known))}")
        return phrase(f"Between {share_text(low)} and {share_text(high)} {reply}.", known)
    does = name_replies(survey, high, low)
    return phrase(f"Shares run from {share_text(high)} who {does[0]} down to {share_text(low)} {does[1]}.", known)


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
    compared = [(*pair, compare_figures(survey, *pair)) for pair in pairs]
    return sorted((gap for gap in compared if pd.notna(gap[2].difference)), key=lambda gap: -abs(gap[2].difference))


def further_up(survey: Survey, first: pd.Series, second: pd.Series, difference: Difference) -> str:
    """Return whose share is the larger and by how much, or that sampling can't tell, as a clause."""
    size = points_and_interval(difference.difference, difference.low, difference.high)
    larger = first if difference.difference > 0 else second
    more = f" more among {people(survey, larger['population'])}" if difference.excludes_zero else f", {TOO_CLOSE}"
    return f"{size}{more}"


def contrast(survey: Survey, question: str) -> Phrase:
    """Return over which answer two populations differ most, and on how many answers they differ at all."""
    compared = gaps(survey, question)
    if not compared:
        return nothing_to_show(survey, question, apart=True)
    rows = [*(one for one, _, _ in compared), *(other for _, other, _ in compared)]
    apart = sum(gap.excludes_zero for _, _, gap in compared)
    if not compared[0][2].excludes_zero:
        who = sentence(list_people(survey, populations_asked(survey, question)[:2]))
        return phrase(f"{who} do not clearly differ on any answer.", *rows)
    high, low = sorted(compared[0][:2], key=lambda row: -row["share"])
    first, second = (f"{share_text(row)} of {people(survey, row['population'])}" for row in (high, low))
    widest = f"The widest gap is over {name_share(survey, high)}: {first}, against {second}."
    if len(compared) == 1:
        return phrase(widest, *rows)
    of_all = f"{'all' if apart == len(compared) else f'{count(apart)} of'} {count(len(compared))} answers"
    return phrase(f"{widest} The two differ on {of_all}.", *compared[0][:2], *rows)


def item_contrast(survey: Survey, item: str) -> Phrase:
    """Return how two populations answered one item, and whether sampling can't tell them apart.

    Of an item with several answers, it is the one over which they differ most.
    """
    question = survey.codebook.question_of(item)
    name = str(survey.codebook.items.at[item, "short_label"])
    found = [row for row in gaps(survey, question) if row[0]["item_id"] == item]
    if not found:
        lacks = f"{name} can’t be compared: this survey does not have the shares of two populations."
        return no_answer(survey, [item], lacks)
    a, b, gap = found[0]
    reply = survey.codebook.kind_of(question).reply(a["response"], name_item(survey, a))
    first, second = (f"{share_text(row)} of {people(survey, row['population'])}" for row in (a, b))
    text = f"{first} {reply}, against {second}" if gap.excludes_zero else f"{first} and {second} {reply}, {TOO_CLOSE}"
    return with_change(survey, phrase(f"{text}.", a, b), key_of(a), key_of(b))
