"""Where groups of one population differ, and how their people are called: 'women', 'respondents aged 65 or over'.

Only differences beyond sampling are told, and of these the ones that readers would want to know of; tables by group
have all. Words for people are looked up by what groups them; groups that nobody foresaw are told by their own names.
"""

import re
from functools import cache
from typing import Any

import pandas as pd

from surveybook.change.changes import find_headlines
from surveybook.model.files import read_beside
from surveybook.model.report import read_report
from surveybook.model.survey import Survey, populations_asked, work_out_once
from surveybook.model.wording import Phrase, phrase, quote, sentence, share_text, together
from surveybook.stats.comparison import contrast_all
from surveybook.words.naming import is_plural, people, say_reply

# A difference is worth a sentence where at least so much of it (0-1) is beyond sampling, and of more ways to group
# people than these those that part them most.
NOTABLE, MOST_GROUPINGS = 0.05, 2
# A gap of more is no news: the groups are made of the answer, as those of one party's supporters are who vote for it.
MADE_OF = 0.8
# A name of a way to group people has so many words at most.
LONGEST_GROUPING = 4
# An answer to a question of more words tells what it is about from so many words on.
LEAST_WORDS = 3
# How groups are called.
NAMES: dict[str, Any] = read_beside(__file__, "groups.yml")
# Words of groupings that say nothing of what they group by.
OF_GROUPINGS = {"status", "group", "level", "type", "with", "most", "year", "years"}


@work_out_once
def find_all_gaps(survey: Survey) -> dict[str, pd.DataFrame]:
    """Return the pairs of groups that differ beyond sampling in the answers that questions are told by, by question.

    Returns
    -------
    dict of pandas.DataFrame
        The rows of `surveybook.stats.comparison.contrast_groups` that show, of headline answers and of groups of one
        population; ``first`` is the group with the larger share, ``difference`` from 0 to 1, and ``surely`` the least
        that the interval leaves of it. Those of which it leaves most come first: wide gaps between few people are
        less sure than narrower ones between many. Groups that are made of the answer have none.
    """
    rows, least = survey.estimates, (read_report().smallest_change or 0) / 100
    # Groups that are made of the very question have all of its answers or none.
    made = rows.assign(variable=rows["domain"].str.split("=").str[0], told=rows["share"].isin((0.0, 1.0)))
    made = made[made["share"].notna()]
    itself = made.groupby(["question_id", "population", "variable"])["told"].transform("all")
    pairs = contrast_all(survey)
    pairs = pairs[find_headlines(pairs, survey) & pairs["shown"] & (pairs["grouping"] != "")]
    pairs = pairs[(pairs["difference"].abs() >= least) & ~itself.loc[pairs["first"]].to_numpy()]
    # All tests of a question and grouping go or stay, so that those that stay are adjusted as they were.
    pairs = pairs.groupby(["question_id", "grouping"]).filter(lambda own: _is_news(survey, own))
    turned = pairs["difference"] < 0
    pairs = pairs.assign(
        first=pairs["first"].where(~turned, pairs["second"]),
        second=pairs["second"].where(~turned, pairs["first"]),
        surely=pairs[["low", "high"]].abs().min(axis=1),
        difference=pairs["difference"].abs(),
    ).sort_values("surely", ascending=False, kind="stable")
    return {str(question): own for question, own in pairs.groupby("question_id", sort=False)}


def _is_news(survey: Survey, pairs: pd.DataFrame) -> bool:
    """Return whether groups are of something else than a question, of which the pairs are that differ over it."""
    domain, question = survey.estimates.loc[pairs["first"].iloc[0], ["domain", "question_id"]]
    return pairs["difference"].abs().max() <= MADE_OF and not repeats_grouping(survey, domain, question)


def repeats_grouping(survey: Survey, domain: str, question: str) -> bool:
    """Return whether a question is about what groups people: by a word, as where they work is by working status."""
    variable, title = domain.partition("=")[0], str(survey.codebook.questions.loc[question, "title"])
    ours, theirs = (
        {word for word in re.findall(r"[^\W\d_]{4,}", text.lower()) if word not in OF_GROUPINGS}
        for text in (variable, title)
    )
    pairs = ((own, word) for own in ours for word in theirs)
    return any(own.startswith(word) or word.startswith(own) for own, word in pairs)


def find_gaps(survey: Survey, question: str) -> pd.DataFrame:
    """Return the pairs of groups that differ beyond sampling over one question; see `find_all_gaps`."""
    return find_all_gaps(survey).get(question, pd.DataFrame())


def find_notable_gaps(survey: Survey, question: str) -> list[pd.Series]:
    """Return the gaps over a question that are worth a sentence: of each way to group people the surest, of two."""
    pairs = find_gaps(survey, question)
    pairs = pairs[pairs["surely"] >= NOTABLE] if len(pairs) else pairs
    surest = [own.iloc[0] for _, own in pairs.groupby("grouping", sort=False)] if len(pairs) else []
    return [pair for pair in surest if _is_told(survey, pair)][:MOST_GROUPINGS]


def _is_told(survey: Survey, pair: pd.Series) -> bool:
    """Return whether the names of a pair's groups tell who they are: “Strong”, without what it answers, doesn't."""
    for figure in _pick_pair(survey, pair):
        variable, group = name_grouping(figure), _name_alone(figure)
        is_long = len(variable.split()) > LONGEST_GROUPING
        if is_long and len(group.split()) < LEAST_WORDS and not find_name(variable, group):
            return False
    return True


def group_differences(survey: Survey, question: str) -> Phrase:
    """Return which groups surely differ most over a question, a sentence a way to group people; empty where none do.

    The table by group has letters for all.
    """
    told = [tell_gap(survey, pair) for pair in find_notable_gaps(survey, question)]
    return together(*(phrase(f"{sentence(one.text)}.".replace("?”.", "?”"), one) for one in told))


def tell_gap(survey: Survey, pair: pd.Series) -> Phrase:
    """Return the shares of two groups, as a clause: '74% of women agree, against 58% of men'."""
    high, low = _pick_pair(survey, pair)
    names, reply = name_pair(survey, high, low), say_reply(survey, high)
    if names is not None:
        first, second = (f"{share_text(row)} of {name}" for row, name in zip((high, low), names, strict=True))
        return phrase(f"{first} {reply}, against {second}", high, low)
    first, second = (f"{share_text(row)} ({_name_alone(row)})" for row in (high, low))
    return phrase(f"by {name_grouping(high)}, {first} {reply}, against {second}", high, low)


def _pick_pair(survey: Survey, pair: pd.Series) -> tuple[pd.Series, pd.Series]:
    """Return the figures of a pair of groups, the larger first."""
    high, low = (survey.estimates.loc[pair[side]] for side in ("first", "second"))
    return high, low


def name_grouping(figure: pd.Series) -> str:
    """Return what groups the people of a figure, as it stands inside a sentence."""
    return str(figure["domain"]).partition("=")[0].replace("_", " ")


def _name_alone(figure: pd.Series) -> str:
    """Return the group of a figure as the file calls it."""
    return str(figure["domain"]).partition("=")[2]


def name_pair(survey: Survey, high: pd.Series, low: pd.Series) -> tuple[str, str] | None:
    """Return how the people of two groups are called inside a sentence, the second without whom it goes without saying.

    'Women' and 'men'; 'respondents aged 65 or over' and 'those aged 16 to 34'. None where there are words for only one
    of them, or where groups of several populations have none in ``report.yml``.
    """
    if {high["domain"], low["domain"]} <= read_report().groups.keys():
        first, second = (people(survey, row["population"], row["domain"]) for row in (high, low))
        return first, second
    if len(populations_asked(survey, high["question_id"])) > 1:
        return None
    forms = [find_name(name_grouping(row), _name_alone(row)) for row in (high, low)]
    if not all(forms):
        if len(name_grouping(high).split()) <= LONGEST_GROUPING:
            return None
        # What groups people in more words than a name has is a question, and they are those who gave its answers.
        forms = [f"those who say {quote(_name_alone(row))}" for row in (high, low)]
    noun, are_named = people(survey, high["population"]), "{who}"
    if " " in noun or not is_plural(noun):
        # "Those who are retired", where the people have no plain name.
        noun, forms = "those", [re.sub(rf"(.+) {are_named}", rf"{are_named} who are \1", form) for form in forms]
    again = "those" if forms[1].startswith(are_named) else "ones"
    return forms[0].replace(are_named, noun), forms[1].replace(are_named, again)


@cache
def find_name(variable: str, group: str) -> str:
    """Return what the people of a group are called, with "{who}" for those of the survey; "" where no word fits."""
    if re.search(NAMES["of_others"], variable, re.IGNORECASE):
        return ""
    for one in NAMES["groups"]:
        if re.search(one["by"], variable, re.IGNORECASE):
            for pattern, form in one["names"]:
                if found := re.fullmatch(pattern, group, re.IGNORECASE):
                    return found.expand(form)
    return ""
