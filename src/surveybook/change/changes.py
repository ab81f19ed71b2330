"""Every figure that two waves have in common, with its change, worked out once for each pair of waves.

And what a change means, in words chosen from its interval and its adjusted p-value; all changes as one flat table.
"""

from dataclasses import dataclass, fields
from functools import cached_property, lru_cache
from typing import Any

import numpy as np
import pandas as pd

from surveybook.change.comparability import CAUTION, NOT_COMPARABLE, Comparability, judge_groups, judge_questions
from surveybook.model.report import read_report
from surveybook.model.survey import Survey, is_suppressed, key_of, label_of, list_records, work_out_once
from surveybook.model.wording import (
    HALF_A_TENTH,
    count,
    decimals_of_points,
    in_sentence,
    listing,
    points,
    points_and_interval,
    sentence,
)
from surveybook.stats.comparison import EXACT, compare_tables, is_estimated
from surveybook.stats.shares import add_variances, adjust_p_values, wald

KEY = ["population", "domain", "question_id", "item_id", "response"]
# What names a mean.
MEAN, PARTS = KEY[:-1], ["value", "standard_error", "degrees_of_freedom"]
# Changes that are tested together: one question's, of one population or group, by the answer that speaks for an item.
FAMILY = ["population", "question_id", "domain", "headline"]
# Two answers whose shares add up to all but this are each other's rest.
REST = 0.015
# What is added to a change that is shown, unless both waves asked everybody.
BEYOND_CHANCE = {False: " that sampling does not explain", True: ""}
NAMES = ["baseline", "wave", "population", "domain", "question_id", "item_id", "response", "question", "label"]
# Which of the changes' columns are told in per cent, and in percentage points.
PERCENT = {"baseline_percent": "baseline_share", "percent": "share", "change_points": "change"}
PERCENT |= {end: end for end in ("low", "high")}
FURTHER = ["p_value", "p_holm", "shown", "comparability", "reason", "headline", "meaning"]
DECIMALS = ["baseline_decimals", "decimals"]


@dataclass(frozen=True, eq=False)
class Changes:
    """All that changed between two waves.

    Attributes
    ----------
    survey, baseline : Survey
        The wave, and the earlier one.
    questions : pandas.DataFrame
        One row a population and question that either wave asked, in the codebook's order, with the attributes of
        `Comparability` as columns.
    figures : pandas.DataFrame
        One row a figure of a comparable question that both waves give or withhold, in the codebook's order: the
        columns `KEY`, ``label``, ``short_label``, ``order``, ``figure_id``, ``baseline_figure_id``, and of both waves
        ``share`` and ``decimals`` (those that a percentage is known with). ``change`` is the wave's share minus the
        baseline's (-1 to 1), with ``standard_error`` and the interval ``low`` to ``high`` at the wave's confidence;
        ``headline`` says that it is of the answer that speaks for its item: each item's one movement, by which changes
        are counted. ``p_holm`` is ``p_value`` adjusted for the ``tests`` made in the same question, population and part
        of it, headlines apart from other answers; what is only the rest of a headline isn't tested again.
        ``shown`` says that the interval excludes 0, that ``p_holm`` is below one minus the confidence, so that sampling
        and rounding don't explain the change, and that it isn't ``small``: all that, and below what the report calls a
        change. Where a figure can't be tested, numbers are NaN and ``untested`` says why. ``comparability`` and
        ``reason`` are those of the question, or of a group that is made otherwise.
    groups : pandas.DataFrame
        One row a group that both waves have: ``population``, ``domain``, ``status`` and ``reason``. Figures of groups
        that aren't comparable are left out of ``figures``.

    Notes
    -----
    The waves are independent samples; see `surveybook.stats.comparison.compare_tables` for the interval and the test,
    and Holm (1979) for the families.
    """

    survey: Survey
    baseline: Survey
    questions: pd.DataFrame
    figures: pd.DataFrame
    groups: pd.DataFrame

    def find(self, key: str) -> dict[str, Any] | None:
        """Return the row of ``figures`` that a key names; None without one."""
        return _key_changes(self, key.rsplit(".", 2)[1]).get(key)

    @cached_property
    def tested(self) -> pd.DataFrame:
        """The rows of ``figures`` that are tested, of each item and population the answer that speaks for it."""
        rows = self.figures
        return rows[(rows["untested"] == "") & rows["headline"] & (rows["domain"] == "")]

    @cached_property
    def verdicts(self) -> dict[tuple[str, str], Comparability]:
        """The rows of ``questions`` by population and question."""
        rows = self.questions.itertuples(index=False, name=None)
        return {(verdict.population, verdict.question_id): verdict for verdict in (Comparability(*row) for row in rows)}

    def verdict_on(self, population: str, question: str) -> Comparability:
        """Return whether one question may be compared; it may not where neither wave asked it."""
        title = str(self.survey.codebook.questions.loc[question, "title"])
        unasked = Comparability(population, question, title, NOT_COMPARABLE, f"{label_of(self.survey)} did not ask it")
        return self.verdicts.get((population, question), unasked)


@lru_cache(maxsize=512)
def _key_changes(changes: Changes, item: str) -> dict[str, dict[str, Any]]:
    """Return the changes of one item by the keys of its figures; a chapter is of few items, and a survey of many."""
    return {key_of(row): row for row in list_records(changes.figures[changes.figures["item_id"] == item])}


@work_out_once
def changes_of(survey: Survey) -> Changes | None:
    """Return what changed since a wave's baseline; None where it has none."""
    return compare_waves(survey, survey.baseline) if survey.baseline else None


# A chart of many waves asks for each pair of neighbours once a figure.
@lru_cache(maxsize=64)
def compare_waves(survey: Survey, baseline: Survey) -> Changes:
    """Return what changed between two waves; worked out once, however often it is asked for.

    Parameters
    ----------
    survey, baseline : Survey
        The wave, and the earlier one.
    """
    columns = [field.name for field in fields(Comparability)]
    questions = pd.DataFrame(list(judge_questions(survey, baseline)), columns=columns)
    groups = judge_groups(survey, baseline)
    return Changes(survey, baseline, questions, _tabulate_changes(survey, baseline, questions, groups), groups)


def _tabulate_changes(survey: Survey, baseline: Survey, questions: pd.DataFrame, groups: pd.DataFrame) -> pd.DataFrame:
    """Return the figures of comparable questions with their changes, in one pass over the figures of both waves."""
    both = _find_published(survey).merge(_find_published(baseline), on=KEY, suffixes=("", "_before"))
    both = _find_comparable(both, questions, groups)
    both = both.sort_values(["place", "domain", "order"], kind="stable", ignore_index=True)
    here, there = (
        wave.estimates.iloc[both[name]].reset_index(drop=True)
        for wave, name in ((survey, "row"), (baseline, "row_before"))
    )
    lacks = [_explain_lacks(rows, label_of(wave)) for rows, wave in ((here, survey), (there, baseline))]
    untested = pd.Series([listing(filter(None, pair)) for pair in zip(*lacks, strict=True)], dtype=object)
    headline = find_headlines(both, survey)
    untested = untested.where((untested != "") | headline, find_rests(here, there, headline, survey))
    tested = untested == ""
    found = compare_tables(here[tested], there[tested], survey.confidence).set_index(untested.index[tested])
    found = found.reindex(untested.index)
    families = both.assign(headline=headline).groupby(FAMILY).ngroup()
    adjusted, moved = adjust_p_values(found["p_value"], list(families)), here["share"] - there["share"]
    shows = ((found["low"] > 0) | (found["high"] < 0)) & (adjusted < 1 - survey.confidence)
    small = shows & (moved.abs() < (read_report().smallest_change or 0) / 100 - 1e-9)
    return here[[*KEY, "label", "short_label", "order", "figure_id", "share"]].assign(
        **{f"baseline_{name}": there[name] for name in ("figure_id", "share")},
        baseline_decimals=there["decimals"].fillna(1).astype(int),
        decimals=here["decimals"].fillna(1).astype(int),
        headline=headline,
        change=moved,
        small=small,
        **found[["standard_error", "low", "high", "p_value"]],
        p_holm=adjusted,
        tests=tested.groupby(families).transform("sum").astype(int),
        shown=shows & ~small,
        method=found["method"].fillna("not tested"),
        untested=untested,
        **both[["comparability", "reason"]],
    )


def _find_comparable(both: pd.DataFrame, questions: pd.DataFrame, groups: pd.DataFrame) -> pd.DataFrame:
    """Return what two waves give of questions and groups that may be compared, with what there is to say of it."""
    allowed = questions[questions["status"] != NOT_COMPARABLE].rename(columns={"status": "comparability"})
    allowed = allowed[["population", "question_id", "comparability", "reason"]].assign(place=range(len(allowed)))
    both = both.merge(allowed, on=["population", "question_id"])
    both = both.merge(groups, on=["population", "domain"], how="left", suffixes=("", "_of_group"))
    both = both[both["status"] != NOT_COMPARABLE]
    reasons = zip(both["reason"], both["reason_of_group"].fillna(""), strict=True)
    return both.assign(
        reason=["; ".join(filter(None, pair)) for pair in reasons],
        comparability=both["comparability"].mask(both["status"] == CAUTION, CAUTION),
    )


def find_headlines(figures: pd.DataFrame, survey: Survey) -> pd.Series:
    """Return whether each figure is of the answer that speaks for its item.

    Where no answer does, all of them do; of two that exclude each other, the first.
    """
    speaking = {
        question: (kind.headline,) if kind.headline else kind.answers[: 1 if len(kind.answers) == 2 else None]
        for question, kind in survey.codebook.kinds.items()
    }
    pairs = zip(figures["question_id"], figures["response"], strict=True)
    return pd.Series([response in speaking[question] for question, response in pairs], index=figures.index, dtype=bool)


def find_rests(here: pd.DataFrame, there: pd.DataFrame, headline: pd.Series, survey: Survey) -> pd.Series:
    """Return for each figure that is no headline why it isn't tested again: it is all that a headline leaves."""
    said = np.full(len(here), "", dtype=object)
    members: dict[tuple[str, ...], list[int]] = {}
    for place, key in enumerate(zip(*(here[name] for name in KEY[:-1]), strict=True)):
        members.setdefault(key, []).append(place)
    own, shares = headline.to_numpy(), np.column_stack([here["share"], there["share"]])
    responses = here["response"].to_numpy()
    for (_, _, question, _), places in members.items():
        kind = survey.codebook.kind_of(question)
        parts = {place: {*kind.split_net(responses[place])} for place in places}
        first = next((place for place in places if own[place]), places[0])
        for rest in places if own[places].sum() == 1 else ():
            # Together they are all the answers that there are, each in one of the two.
            whole = not parts[first] & parts[rest] and parts[first] | parts[rest] >= set().union(*parts.values())
            if rest != first and whole and (abs(shares[[first, rest]].sum(axis=0) - 1) < REST).all():
                said[rest] = f"it is what “{in_sentence(kind.label_of(responses[first]))}” leaves"
    return pd.Series(said, index=here.index)


def _find_published(survey: Survey) -> pd.DataFrame:
    """Return the keys of the figures that a wave gives or withholds, with the number of their row and their order."""
    rows = survey.estimates[[*KEY, "order", "status", "note"]].assign(row=range(len(survey.estimates)))
    left_out = [row.Index for row in rows[rows["status"] == "unpublished"].itertuples() if not is_suppressed(row)]
    return rows.drop(index=left_out, columns=["status", "note"])


def _explain_lacks(figures: pd.DataFrame, wave: str) -> list[str]:
    """Return what each figure lacks for a test, as a clause; nothing where it lacks nothing."""
    precision = figures["standard_error"].where(is_estimated(figures), figures["effective_base"])
    lacking = (figures["status"] != "number") | figures["share"].isna() | precision.isna()
    said = pd.Series("", figures.index, dtype=object)
    said[lacking] = [_explain_lack(row, wave) for row in figures[lacking].itertuples()]
    return said.tolist()


def _explain_lack(figure: Any, wave: str) -> str:
    """Return what a figure lacks for a test, as a clause."""
    if figure.status == "words":
        return f"{wave} gives words alone (“{figure.verbal}”)"
    if figure.status != "number" or pd.isna(figure.share):
        return f"{wave} {'withholds it to protect a small group' if is_suppressed(figure) else 'does not publish it'}"
    return f"the base of {wave} is unknown"


@lru_cache(maxsize=8)
def compare_means(changes: Changes) -> pd.DataFrame:
    """Return how the means that two waves give of the same numbers changed; worked out once.

    Parameters
    ----------
    changes : Changes
        What else changed between the two.

    Returns
    -------
    pandas.DataFrame
        One row a mean of a question and group that may be compared, by the columns `MEAN`: ``value`` and
        ``baseline_value`` in their unit, ``change``, its ``standard_error`` and interval ``low`` to ``high`` at the
        wave's confidence, ``p_value``, and ``p_holm`` adjusted (Holm 1979) over the items of a question in a group.
        ``shown`` says that sampling doesn't explain the change. Numbers are NaN where a wave has no standard error;
        ``reason`` is the question's, with ``comparability``.

    Notes
    -----
    The waves are independent samples. Degrees of freedom are those of Welch (1947) and Satterthwaite (1946).
    """
    now, then = (
        wave.numbers[(wave.numbers["statistic"] == "mean") & (wave.numbers["status"] == "number")][[*MEAN, *PARTS]]
        for wave in (changes.survey, changes.baseline)
    )
    both = now.merge(then, on=MEAN, suffixes=("", "_before"))
    both = _find_comparable(both, changes.questions, changes.groups).reset_index(drop=True)
    change = both["value"] - both["value_before"]
    variance, freedom = add_variances(*([both[name], both[f"{name}_before"]] for name in PARTS[1:]))
    level = changes.survey.confidence
    tested = wald(change, variance, freedom, level, largest=np.inf)
    adjusted = adjust_p_values(tested["p_value"], list(both.groupby(MEAN[:3]).ngroup()))
    found = both[[*MEAN, "value", "comparability", "reason"]].assign(baseline_value=both["value_before"], **tested)
    return found.rename(columns={"difference": "change"}).assign(p_holm=adjusted, shown=adjusted < 1 - level)


def _describe_plain_move(row: Any) -> str:
    """Return how far two shares are apart, as a clause that something follows; empty where one isn't known."""
    if pd.isna(row["change"]):
        return ""
    if abs(row["change"]) < HALF_A_TENTH:
        return "the same as before, "
    return f"{points(row['change'])} {'more' if row['change'] > 0 else 'less'} than before, "


def is_exact(rows: pd.DataFrame) -> bool:
    """Return whether all of some changes are between waves that asked everybody: sampling has no part in them."""
    return bool((rows["method"] == EXACT).all())


def explain_change(row: Any) -> str:
    """Return what a change means, as a sentence.

    Parameters
    ----------
    row : mapping
        A row of ``Changes.figures``.

    Returns
    -------
    str
        Rose or fell by more than sampling explains; moved by what one of so many tests shows by chance; no change
        shown, with what the interval still allows; or why there is no test. Caution comes last.
    """
    size = points_and_interval(row["change"], row["low"], row["high"])
    move = f"{'rose' if row['change'] > 0 else 'fell'} by {size}"
    if row["untested"]:
        text = f"{_describe_plain_move(row)}not tested: {row['untested']}"
    elif row["method"] == EXACT:
        text = f"{_describe_plain_move(row)}exact, for both surveys asked everybody"
        text += ", and less than is called a change here" if row["small"] else ""
    elif row["shown"]:
        text = move
    elif row["small"]:
        text = f"{move}, less than is called a change here"
    elif row["low"] > 0 or row["high"] < 0:
        many = count(int(row["tests"]))
        text = f"{move} taken alone; among {many} changes tested together chance can do that"
    else:
        text = f"no clear change: {_describe_limits(row)}"
    return f"{sentence(text)}.{describe_caution(row)}"


def describe_caution(row: Any) -> str:
    """Return the caution that a comparison calls for, with a space before it; nothing where it calls for none."""
    return f" With caution: {row['reason']}." if row["comparability"] == CAUTION else ""


def _describe_limits(row: Any) -> str:
    """Return what the interval of a change that isn't shown still allows."""
    fall, rise = max(0.0, -row["low"]), max(0.0, row["high"])
    decimals = decimals_of_points(fall, rise)
    return f"sampling allows anything from a fall of {points(fall, decimals)} to a rise of {points(rise, decimals)}"


def comparison_table(changes: Changes) -> pd.DataFrame:
    """Return all that two waves have in common, and what they don't, a row each.

    Parameters
    ----------
    changes : Changes
        Of the two waves.

    Returns
    -------
    pandas.DataFrame
        With the columns `NAMES`, those of `PERCENT` (per cent and percentage points), `FURTHER` and `DECIMALS`;
        p-values run from 0 to 1. A question that isn't comparable has one row without item and numbers, whose
        ``meaning`` is the reason. ``decimals`` are those that a share is known with.
    """
    rows = changes.figures
    titles = changes.survey.codebook.questions["title"]
    compared = rows.assign(
        question=rows["question_id"].map(titles),
        meaning=[explain_change(row) for row in list_records(rows)],
        **{name: 100 * rows[column] for name, column in PERCENT.items()},
    )
    apart = changes.questions[changes.questions["status"] == NOT_COMPARABLE]
    apart = apart.rename(columns={"title": "question", "status": "comparability"})
    apart = apart.assign(meaning=[f"{sentence(reason)}." for reason in apart["reason"]])
    table = pd.concat([compared, apart], ignore_index=True).reindex(columns=[*NAMES, *PERCENT, *FURTHER, *DECIMALS])
    texts = ["domain", "item_id", "response", "label"]
    return table.assign(
        baseline=changes.baseline.wave, wave=changes.survey.wave, **{name: table[name].fillna("") for name in texts}
    )
