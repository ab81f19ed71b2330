"""What parts the groups of one wave beyond sampling, in words; nothing is said of what sampling may explain."""

from functools import lru_cache

import pandas as pd

from surveybook.change.changes import find_headlines
from surveybook.model.report import read_report
from surveybook.model.survey import Survey
from surveybook.model.wording import Phrase, count, listing, phrase, share_text, together
from surveybook.stats.groups import contrast_groups
from surveybook.words.naming import name_told, people
from surveybook.words.results import say_reply

MOST_ALSO = 2


@lru_cache(maxsize=8)
def find_all_gaps(survey: Survey) -> dict[str, pd.DataFrame]:
    """Return the pairs of groups that differ beyond sampling in the answers that questions are told by, by question.

    Returns
    -------
    dict of pandas.DataFrame
        The rows of `surveybook.stats.groups.contrast_groups` that show, the widest first, of headline answers and of
        groups of one population; ``first`` is the group with the larger share, ``difference`` from 0 to 1, and
        ``surely`` the least that the interval leaves of it.
    """
    rows, least = survey.estimates, (read_report().smallest_change or 0) / 100
    # Groups that are made of the very question have all of its answers or none.
    made = rows.assign(variable=rows["domain"].str.split("=").str[0], told=rows["share"].isin((0.0, 1.0)))
    made = made[made["share"].notna()]
    itself = made.groupby(["question_id", "population", "variable"])["told"].transform("all")
    rows = rows.drop(index=itself.index[itself])
    pairs = contrast_groups(survey, rows)
    told = find_headlines(pairs, survey)
    pairs = pairs[told & pairs["shown"] & (pairs["grouping"] != "") & (pairs["difference"].abs() >= least)]
    turned = pairs["difference"] < 0
    pairs = pairs.assign(
        first=pairs["first"].where(~turned, pairs["second"]),
        second=pairs["second"].where(~turned, pairs["first"]),
        surely=pairs[["low", "high"]].abs().min(axis=1),
        difference=pairs["difference"].abs(),
    ).sort_values("difference", ascending=False, kind="stable")
    return {str(question): own for question, own in pairs.groupby("question_id", sort=False)}


def find_gaps(survey: Survey, question: str) -> pd.DataFrame:
    """Return the pairs of groups that differ beyond sampling over one question; see `find_all_gaps`."""
    return find_all_gaps(survey).get(question, pd.DataFrame())


def group_differences(survey: Survey, question: str) -> Phrase:
    """Return which groups differ most over a question, a sentence for each way to group people; empty where none do."""
    pairs = find_gaps(survey, question)
    if pairs.empty:
        return Phrase("")
    return together(*(_tell_grouping(survey, own) for _, own in pairs.groupby("grouping", sort=False)))


def _tell_grouping(survey: Survey, pairs: pd.DataFrame) -> Phrase:
    """Return over what the groups of one variable differ most, and over what else."""
    widest = pairs.iloc[0]
    said = tell_gap(survey, widest)
    others = pairs.drop_duplicates(["item_id", "response"]).iloc[1:]
    if others.empty:
        return phrase(f"{said}.", said)
    rows = [survey.estimates.loc[pair.first] for pair in others.itertuples()]
    names = [name_told(survey, row) for row in rows[:MOST_ALSO]]
    names += [f"{count(len(rows) - MOST_ALSO)} more"] if len(rows) > MOST_ALSO else []
    differ = "differs" if len(rows) == 1 else "differ"
    return phrase(f"{said}; {listing(names)} {differ} too.", said, pd.DataFrame(rows[:MOST_ALSO]))


def tell_gap(survey: Survey, pair: pd.Series, *, whole: bool = False) -> Phrase:
    """Return the shares of two groups, as a clause: 'By tenure, 74% (own) agree, against 58% (rent)'."""
    high, low = (survey.estimates.loc[pair[side]] for side in ("first", "second"))
    groups, reply = read_report().groups, say_reply(survey, high, whole=whole)
    if high["domain"] in groups and low["domain"] in groups:
        who = [people(survey, row["population"], row["domain"]) for row in (high, low)]
        return phrase(f"{share_text(high)} of {who[0]} {reply}, against {share_text(low)} of {who[1]}", high, low)
    variable, values = (
        high["domain"].split("=")[0].replace("_", " "),
        [row["domain"].split("=", 1)[1] for row in (low, high)],
    )
    ends = f"{share_text(high)} ({values[1]}) {reply}, against {share_text(low)} ({values[0]})"
    return phrase(f"By {variable}, {ends}", high, low)
