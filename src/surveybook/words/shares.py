"""Single shares and pairs of them: who gave which reply to what, and whether two can be told apart."""

import pandas as pd

from surveybook.model.survey import KEY, Survey, find_figure, items_of
from surveybook.model.wording import Phrase, band, per_cent, phrase, sentence, share_text, together
from surveybook.stats.comparison import compare_figures
from surveybook.stats.completeness import find_largest_unknown
from surveybook.stats.differences import Difference
from surveybook.words.asked import no_answer
from surveybook.words.changes import change, with_change
from surveybook.words.naming import TOO_CLOSE, name_replies, name_reply, people
from surveybook.words.orders import level_with_first, tell_leading

# Of fewer shares none is called the largest.
LEAST_COMPARED = 3
HALF = 0.5
# How a share is told, by what is known of it.
WAYS = {
    "words": "{value} of {who} {replies}.",
    "no words for a share": "of {who}, “{value}” {replies}; the source gives no number.",
    "unpublished": "the share of {who} who {replies} is not published.",
    "no base": "{value} of {who} {replies}, on an unknown base.",
    "about half": "about half of {who} ({value}) {replies}.",
    "number": "{value} of {who} {replies}.",
}


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
    if known == "words" and band(survey.codebook, figure["verbal"]) is None:
        known = "no words for a share"
    elif known == "number":
        known = "no base" if pd.isna(figure["low"]) else known
        known = "about half" if figure["low"] <= HALF <= figure["high"] else known
    text = WAYS[known].format(who=who, value=share_text(figure), replies=name_reply(survey, figure))
    return with_change(survey, phrase(sentence(text), figure), key)


def replied(survey: Survey, figure: pd.Series) -> Phrase:
    """Return one share with who gave which reply to what, as a clause: '85% of residents agree with “…”'."""
    who = people(survey, figure["population"], figure["domain"])
    return phrase(f"{share_text(figure)} of {who} {name_reply(survey, figure)}", figure)


def agree_or_disagree(survey: Survey, population: str, item: str, *, quoted: bool = False) -> Phrase:
    """Return how many agree and how many disagree, and whether sampling can't tell which are more.

    With `quoted` the sentence says what with, for use where nothing before it does. Of a kind of question that has
    no two sides, it is said which answer is the most common, or how many name the item.
    """
    kind = survey.codebook.kind_of(survey.codebook.items.loc[item, "question_id"])
    if kind.headline is None:
        return tell_leading(survey, item, population)
    keys = [f"{population}.{item}.{response}" for response in (kind.headline, kind.opposite)]
    if kind.opposite not in kind.responses:
        return reply(survey, keys[0])
    who, agree = people(survey, population), find_figure(survey, keys[0])
    if agree is None:
        return no_answer(survey, [item], f"This survey did not ask {who} about this.")
    pair = read_pair(survey, *keys)
    if pair is None:
        return reply(survey, keys[0])
    _, disagree, gap = pair
    sides = [kind.reply(row["response"]) for row in (agree, disagree)]
    agreed = name_reply(survey, agree) if quoted else sides[0]
    text = f"{share_text(agree)} of {who} {agreed} and {share_text(disagree)} {sides[1]}"
    unknown = find_largest_unknown(survey, population, agree["question_id"], item=item)
    if not gap.excludes_zero:
        text = f"{text}, {TOO_CLOSE}"
    elif unknown >= max(agree["share"], disagree["share"]):
        text = f"{text}; {per_cent(unknown)} took no side"
    return together(phrase(f"{text}.", agree, disagree), change(survey, keys[0], named=True))


def read_pair(survey: Survey, *keys: str) -> tuple[pd.Series, pd.Series, Difference] | None:
    """Return two figures by their keys with their difference; None unless both are numbers."""
    a, b = (find_figure(survey, key) for key in keys)
    if a is None or b is None or {a["status"], b["status"]} != {"number"}:
        return None
    return a, b, compare_figures(survey, a, b)


def two_answers(survey: Survey, first: str, second: str) -> Phrase:
    """Return how many of a population gave each of two answers, and whether sampling can't tell which are more.

    The keys read ``population.item.response``; the items belong to one question or to two, and the same people may
    have given both.
    """
    pair, who = read_pair(survey, first, second), people_of(survey, first)
    if pair is None:
        lacks = f"For {who} this survey does not have two percentages to set side by side here."
        return no_answer(survey, items_of(first, second), lacks)
    a, b, gap = pair
    kind = survey.codebook.kind_of(b["question_id"])
    does = name_replies(survey, a, b)
    replies = kind.reply(b["response"]) if a["item_id"] == b["item_id"] else does[1]
    close = "" if gap.excludes_zero else f", {TOO_CLOSE}"
    text = f"{share_text(a)} of {who} {does[0]} and {share_text(b)} {replies}{close}."
    return with_change(survey, phrase(text, a, b), first, second)


def largest_and_smallest(survey: Survey, *keys: str) -> Phrase:
    """Return which of several shares, each of a question of its own, is the largest and which the smallest.

    They are named where sampling tells them from all others; empty unless three are numbers, and of one answer.
    """
    figures = [figure for key in keys if (figure := find_figure(survey, key)) is not None]
    known = pd.DataFrame([figure for figure in figures if figure["status"] == "number"])
    # Shares of different answers are neither more nor fewer of anything.
    if len(known) < LEAST_COMPARED or known["response"].nunique() > 1:
        return Phrase("")
    ranked = known.sort_values("share", ascending=False, kind="stable")
    high, low = ranked.iloc[0], ranked.iloc[-1]
    if len(level_with_first(survey, ranked)) > 1 or len(level_with_first(survey, ranked[::-1])) > 1:
        return phrase(f"Shares run from {share_text(high)} down to {share_text(low)}.", known)
    does = name_replies(survey, high, low)
    return phrase(f"Shares run from {share_text(high)} who {does[0]} down to {share_text(low)} {does[1]}.", known)
