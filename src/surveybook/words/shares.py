"""Single shares and pairs of them: what they count, how they stand to one half and to each other."""

from collections.abc import Mapping

import pandas as pd

from surveybook.model.survey import KEY, Survey, find_figure, items_of
from surveybook.model.wording import Phrase, in_sentence, listing, per_cent, phrase, sentence, share_text, with_interval
from surveybook.stats.comparison import compare_figures, find_relation
from surveybook.stats.completeness import find_largest_unknown
from surveybook.stats.differences import Difference
from surveybook.words.asked import no_answer
from surveybook.words.changes import with_change, with_changes
from surveybook.words.naming import (
    among,
    gap_text,
    name_item,
    name_replies,
    name_reply,
    name_share,
    name_statement,
    people,
)
from surveybook.words.orders import MOST_LEVEL, level_with_first, tell_leading

ABOUT_HALF = "about half"
# Of fewer shares none is called the largest.
LEAST_COMPARED = 3
# How a share is told, by what is known of it: to follow what it is about and a colon, and as a sentence of its own.
AFTER_COLON = {
    "nothing": "this wave has no answer to this from {who}.",
    "words": "“{value}” of {who} {does}; the source gives words and no number.",
    "unpublished": "the share of {who} is not published.",
    "no base": "{value} of {who} {does}, on an unknown base.",
    "number": "{value} of {who} {does}, {half}{untold}.",
}
ALONE = {
    "nothing": "This wave has no answer to “{label}” from {who}.",
    "words": "Of {who}, “{value}” {replies}; the source gives words and no number.",
    "unpublished": "The share of {who} who {replies} is not published.",
    "no base": "{value} of {who} {replies}, on an unknown base.",
    "number": "{Half} of {who}, {value}, {replies}{untold}.",
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


def level(survey: Survey, key: str) -> Phrase:
    """Return one share with its interval and how it stands to one half, to follow what it is about and a colon."""
    return _tell_share(survey, key, AFTER_COLON)


def reply(survey: Survey, key: str) -> Phrase:
    """Return how many of a population, or of a part of it, gave a reply to a statement, in a full sentence."""
    return _tell_share(survey, key, ALONE)


def _tell_share(survey: Survey, key: str, ways: Mapping[str, str]) -> Phrase:
    """Return a share in the way that fits what is known of it, one of `AFTER_COLON` or of `ALONE`, and its change."""
    figure, who = find_figure(survey, key), people_of(survey, key)
    if figure is None:
        (item,) = items_of(key)
        label = survey.codebook.items["label"].get(item, item)
        return no_answer(survey, [item], ways["nothing"].format(who=who, label=label))
    known = "no base" if figure["status"] == "number" and pd.isna(figure["low"]) else figure["status"]
    half = "a majority" if figure["low"] > 0.5 else "a minority" if figure["high"] < 0.5 else ABOUT_HALF
    text = ways[known].format(
        who=who,
        value=with_interval(figure),
        does=survey.codebook.kind_of(figure["question_id"]).reply(figure["response"]),
        replies=name_reply(survey, figure),
        half=half,
        Half=sentence(half),
        untold="; sampling can’t tell on which side" if half == ABOUT_HALF else "",
    )
    return with_change(survey, phrase(text, figure), key)


def replied(survey: Survey, figure: pd.Series) -> Phrase:
    """Return one share with who gave which reply to what, as a clause: '85% of residents agree with “…”'."""
    who = people(survey, figure["population"], figure["domain"])
    return phrase(f"{share_text(figure)} of {who} {name_reply(survey, figure)}", figure)


def agree_or_disagree(survey: Survey, population: str, item: str, *, quoted: bool = False) -> Phrase:
    """Return whether those who agree outnumber those who disagree, as far as sampling lets one say.

    With `quoted` the sentence says what with, for use where nothing before it does. Of a kind of question that has
    no two sides, it is said which answer leads, or how many name the item.
    """
    kind = survey.codebook.kind_of(survey.codebook.items.loc[item, "question_id"])
    if kind.headline is None:
        return tell_leading(survey, item, population)
    headline = f"{population}.{item}.{kind.headline}"
    if kind.opposite not in kind.responses:
        return reply(survey, headline)
    agree, disagree = find_figure(survey, headline), find_figure(survey, f"{population}.{item}.{kind.opposite}")
    who = people(survey, population)
    if agree is None:
        return no_answer(survey, [item], f"This wave did not ask {who} about this.")
    if disagree is None or disagree["status"] != "number" or agree["status"] != "number":
        return level(survey, headline)
    gap = compare_figures(survey, agree, disagree)
    sides = [kind.reply(row["response"]) for row in (agree, disagree)]
    agreed = name_reply(survey, agree) if quoted else sides[0]
    both = f"{with_interval(agree)} of {who} {agreed} and {with_interval(disagree)} {sides[1]}"
    unknown = find_largest_unknown(survey, population, agree["question_id"], item=item)
    verdict = f"the gap of {gap_text(gap)} is within sampling error"
    if gap.excludes_zero:
        verdict = f"those who {sides[gap.difference < 0]} are ahead by {gap_text(gap)}"
        if unknown >= max(agree["share"], disagree["share"]):
            verdict = f"of those who took a side, {verdict}, and {per_cent(unknown)} took none"
    return with_changes(survey, phrase(f"{both}; {verdict}.", agree, disagree), agree["question_id"], population)


def read_pair(survey: Survey, *keys: str) -> tuple[pd.Series, pd.Series, Difference] | None:
    """Return two figures by their keys with their difference; None unless both are numbers."""
    a, b = (find_figure(survey, key) for key in keys)
    if a is None or b is None or {a["status"], b["status"]} != {"number"}:
        return None
    return a, b, compare_figures(survey, a, b)


def two_answers(survey: Survey, first: str, second: str) -> Phrase:
    """Return how two answers of one population stand to each other, however many people gave both.

    The keys read ``population.item.response``; the items belong to one question or to two.
    """
    pair, who = read_pair(survey, first, second), people_of(survey, first)
    names = [_name_of_key(survey, key) for key in (first, second)]
    if pair is None:
        lacks = f"For {who} this wave does not have two percentages to set side by side for {listing(names)}."
        return no_answer(survey, items_of(first, second), lacks)
    a, b, gap = pair
    whose = sentence(among(survey, a["population"], a["domain"]))
    both = f"{whose}, {names[0]} stands at {share_text(a)} and {names[1]} at {share_text(b)}"
    if gap.excludes_zero:
        ahead = names[0] if gap.difference > 0 else names[1]
        exclusive = find_relation(a, b, survey.codebook.kind_of(a["question_id"])) == "exclusive"
        overlap = ", however the answers overlap" if survey.covariances.empty and not exclusive else ""
        said = phrase(f"{both}: {ahead} leads by {gap_text(gap)}{overlap}.", a, b)
    else:
        said = phrase(f"{both}; the gap of {gap_text(gap)} is within sampling error.", a, b)
    return with_change(survey, said, first, second)


def _name_of_key(survey: Survey, key: str) -> str:
    """Return what a figure counts by its key: the item, and the answer too where that isn't its kind's headline."""
    _, item, response = key.rsplit(".", 2)
    entry = survey.codebook.items.loc[item]
    figure = pd.Series({**entry, "response": response, "short_label": in_sentence(str(entry["short_label"]))})
    is_plain = response == survey.codebook.kind_of(entry["question_id"]).headline
    return (name_item if is_plain else name_share)(survey, figure)


def apart(survey: Survey, first: str, second: str) -> Phrase:
    """Return in one sentence how far apart two answers of one population are, for use beside their shares."""
    pair, who = read_pair(survey, first, second), people_of(survey, first)
    if pair is None:
        lacks = "This wave does not have two percentages to set side by side here."
        return no_answer(survey, items_of(first, second), lacks)
    a, b, gap = pair
    high, low = (b, a) if gap.difference < 0 else (a, b)
    does = name_replies(survey, high, low)
    within = f"the gap of {gap_text(gap)} is within sampling error"
    if a["item_id"] != b["item_id"]:
        said = f"As many of {who} {does[0]} as {does[1]}: {within}."
        return phrase(
            f"More of {who} {does[0]} than {does[1]}, by {gap_text(gap)}." if gap.excludes_zero else said, a, b
        )
    to = name_statement(survey, a)
    more, fewer = (survey.codebook.kind_of(row["question_id"]).reply(row["response"], "") for row in (high, low))
    said = f"{sentence(who)} are split on {to}: {within}."
    return phrase(f"More of {who} {more} than {fewer} {to}, by {gap_text(gap)}." if gap.excludes_zero else said, a, b)


def side_by_side(survey: Survey, first: str, second: str) -> Phrase:
    """Return in one sentence how many of a population gave each of two answers.

    The keys read ``population.item.response``; whether the same people gave both isn't known, and the gap allows for
    that.
    """
    pair, who = read_pair(survey, first, second), people_of(survey, first)
    if pair is None:
        lacks = f"For {who} this wave does not have two percentages to set side by side here."
        return no_answer(survey, items_of(first, second), lacks)
    a, b, gap = pair
    does = name_replies(survey, a, b)
    within = "" if gap.excludes_zero else ", which is within sampling error"
    both = f"{with_interval(a)} of {who} {does[0]} and {with_interval(b)} {does[1]}"
    return phrase(f"{both}: a gap of {gap_text(gap)}{within}.", a, b)


def largest_and_smallest(survey: Survey, *keys: str) -> Phrase:
    """Return which of several shares, each of a question of its own, is the largest and which the smallest.

    Those that sampling can't tell from the first, or from the last, share its place; empty unless three
    are numbers, and of one answer.
    """
    figures = [figure for key in keys if (figure := find_figure(survey, key)) is not None]
    known = pd.DataFrame([figure for figure in figures if figure["status"] == "number"])
    # Shares of different answers are neither more nor fewer of anything.
    if len(known) < LEAST_COMPARED or known["response"].nunique() > 1:
        return Phrase("")
    ranked = known.sort_values("share", ascending=False, kind="stable")
    ends = {"most": level_with_first(survey, ranked), "fewest": level_with_first(survey, ranked[::-1])}
    if any(len(end) > MOST_LEVEL for end in ends.values()):
        return phrase(f"The shares run from {share_text(ranked.iloc[-1])} to {share_text(ranked.iloc[0])}.", known)
    told = [
        f"{quantity} {name_replies_of(survey, end)} ({listing(share_text(row) for _, row in end.iterrows())})"
        for quantity, end in ends.items()
    ]
    who = people(survey, ranked["population"].iloc[0])
    return phrase(f"Of {who}, {told[0]}; {told[1]}.", known)


def name_replies_of(survey: Survey, rows: pd.DataFrame) -> str:
    """Return what the people of one or more shares do, as a list of alternatives."""
    return " or ".join(name_reply(survey, row) for _, row in rows.iterrows())
