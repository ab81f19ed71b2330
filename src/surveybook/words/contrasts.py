"""Where two populations, and the groups of one, differ, and where sampling may explain it or can't tell them apart."""

import pandas as pd

from surveybook.change.changes import find_headlines
from surveybook.model.report import read_report
from surveybook.model.survey import Survey, figures_of, key_of, populations_asked, work_out_once
from surveybook.model.wording import Phrase, count, listing, phrase, points_and_interval, sentence, share_text, together
from surveybook.stats.comparison import compare_figures
from surveybook.stats.differences import Difference
from surveybook.stats.groups import contrast_groups
from surveybook.words.asked import list_people, no_answer, nothing_to_show
from surveybook.words.changes import MOST_NAMED, with_change
from surveybook.words.naming import TOO_CLOSE, is_plural, name_item, name_share, name_told, people, say_reply

# Of more ways to group people only these are told, those that part them most.
MOST_GROUPINGS = 3
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
    name, question = (str(survey.codebook.items.loc[item, column]) for column in ("short_label", "question_id"))
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
    """Return which groups differ most over a question, a sentence for each way to group people; empty where none do.

    Of many ways to group people those are told that part them most, and how many more do.
    """
    pairs = find_gaps(survey, question)
    groupings = [own for _, own in pairs.groupby("grouping", sort=False)] if len(pairs) else []
    more = len(groupings) - MOST_GROUPINGS
    ways = "one more way" if more == 1 else f"{count(more)} more ways"
    rest = Phrase(f"{sentence(ways)} to group people part{'s' * (more == 1)} them too; the table by group has all.")
    told = [_tell_grouping(survey, own) for own in groupings[:MOST_GROUPINGS]]
    return together(*told, *([rest] if more > 0 else []))


def _tell_grouping(survey: Survey, pairs: pd.DataFrame) -> Phrase:
    """Return over what the groups of one variable differ most, and over what else."""
    widest = pairs.iloc[0]
    said = tell_gap(survey, widest)
    others = pairs.drop_duplicates(["item_id", "response"]).iloc[1:]
    if others.empty:
        return phrase(f"{said}.", said)
    rows = survey.estimates.loc[others["first"]]
    names = [name_told(survey, row) for _, row in rows.head(MOST_NAMED).iterrows()]
    names += [f"{count(len(rows) - MOST_NAMED)} more"] if len(rows) > MOST_NAMED else []
    differ = "differ" if len(rows) > 1 or is_plural(names[0]) else "differs"
    return phrase(f"{said}; {listing(names)} {differ} too.", said, rows.head(MOST_NAMED))


def tell_gap(survey: Survey, pair: pd.Series, *, whole: bool = False) -> Phrase:
    """Return the shares of two groups, as a clause: 'By tenure, 74% (own) agree, against 58% (rent)'."""
    high, low = (survey.estimates.loc[pair[side]] for side in ("first", "second"))
    groups, reply = read_report().groups, say_reply(survey, high, whole=whole)
    if high["domain"] in groups and low["domain"] in groups:
        who = [people(survey, row["population"], row["domain"]) for row in (high, low)]
        return phrase(f"{share_text(high)} of {who[0]} {reply}, against {share_text(low)} of {who[1]}", high, low)
    (variable, _, first), (*_, second) = (row["domain"].partition("=") for row in (high, low))
    text = f"{share_text(high)} ({first}) {reply}, against {share_text(low)} ({second})"
    return phrase(f"By {variable.replace('_', ' ')}, {text}", high, low)
