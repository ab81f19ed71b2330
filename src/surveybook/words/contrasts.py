"""Where two populations, and the groups of one, differ, and where sampling may explain it or can't tell them apart."""

from itertools import pairwise

import pandas as pd

from surveybook.change.changes import find_headlines
from surveybook.model.report import read_report
from surveybook.model.survey import Survey, figures_of, key_of, populations_asked, work_out_once
from surveybook.model.wording import Phrase, count, phrase, points_and_interval, quote, sentence, share_text
from surveybook.stats.comparison import compare_figures
from surveybook.stats.differences import Difference
from surveybook.stats.groups import contrast_groups
from surveybook.words.asked import list_people, no_answer, nothing_to_show
from surveybook.words.changes import with_change
from surveybook.words.naming import TOO_CLOSE, name_item, name_share, people, say_reply

# Of more ways to group people only these are told, those that part them most.
MOST_GROUPINGS = 3
# A name of a way to group people has so many words at most.
LONGEST_GROUPING = 4
ANSWER = ["item_id", "response"]
Gap = tuple[pd.Series, pd.Series, Difference]


def gaps(survey: Survey, question: str) -> list[Gap]:
    """Return each share that two populations were both asked for, with the difference, largest first."""
    populations = populations_asked(survey, question)
    if len(populations) < 2:
        return []
    first, second = (
        {(row["item_id"], row["response"]): row for _, row in figures_of(survey, question, population).iterrows()}
        for population in populations[:2]
    )
    compared = [
        (row, second[key], compare_figures(survey, row, second[key])) for key, row in first.items() if key in second
    ]
    return sorted((row for row in compared if pd.notna(row[2].difference)), key=lambda row: -abs(row[2].difference))


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


@work_out_once
def find_all_gaps(survey: Survey) -> dict[str, pd.DataFrame]:
    """Return the pairs of groups that differ beyond sampling in the answers that questions are told by, by question.

    Returns
    -------
    dict of pandas.DataFrame
        The rows of `surveybook.stats.groups.contrast_groups` that show, of headline answers and of groups of one
        population; ``first`` is the group with the larger share, ``difference`` from 0 to 1, and ``surely`` the least
        that the interval leaves of it. Those of which it leaves most come first: wide gaps between few people are
        less sure than narrower ones between many.
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
    ).sort_values("surely", ascending=False, kind="stable")
    return {str(question): own for question, own in pairs.groupby("question_id", sort=False)}


def find_gaps(survey: Survey, question: str) -> pd.DataFrame:
    """Return the pairs of groups that differ beyond sampling over one question; see `find_all_gaps`."""
    return find_all_gaps(survey).get(question, pd.DataFrame())


def group_differences(survey: Survey, question: str) -> Phrase:
    """Return which groups surely differ most over a question, a clause a way to group people; empty where none do.

    Of many ways to group people those are told that part them most, and how many more do.
    """
    pairs = find_gaps(survey, question)
    surest = [own.iloc[0] for _, own in pairs.groupby("grouping", sort=False)] if len(pairs) else []
    told = [tell_gap(survey, pair, after=before) for before, pair in pairwise([None, *surest[:MOST_GROUPINGS]])]
    if not told:
        return Phrase("")
    text, more = f"{sentence('; '.join(one.text for one in told))}.", len(surest) - len(told)
    if more:
        text += f" {sentence(count(more))} other grouping{' shows a gap' if more == 1 else 's show gaps'} too."
    return phrase(text, *told)


def tell_gap(survey: Survey, pair: pd.Series, *, whole: bool = False, after: pd.Series | None = None) -> Phrase:
    """Return the shares of two groups, as a clause: 'by tenure, 74% (own) agree, against 58% (rent)'.

    The answer goes without saying where the gap that was told before, `after` which it stands, is over the same one.
    What groups people in more words than a name has is a question, and the groups are those who gave its answers.
    """
    high, low = (survey.estimates.loc[pair[side]] for side in ("first", "second"))
    is_told = after is not None and (after[ANSWER] == pair[ANSWER]).all()
    reply = "" if is_told else f" {say_reply(survey, high, whole=whole)}"
    variable, start = high["domain"].partition("=")[0].replace("_", " "), ""
    if {high["domain"], low["domain"]} <= read_report().groups.keys():
        first, second = (f"of {people(survey, row['population'], row['domain'])}" for row in (high, low))
    elif len(variable.split()) > LONGEST_GROUPING:
        first, second = (f"of those who say {quote(row['domain'].partition('=')[2])}" for row in (high, low))
    else:
        start = f"by {variable}, "
        first, second = (f"({row['domain'].partition('=')[2]})" for row in (high, low))
    return phrase(f"{start}{share_text(high)} {first}{reply}, against {share_text(low)} {second}", high, low)
