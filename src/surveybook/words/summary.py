"""What there is to know of a wave once it is in order: bases, weights, items, comparability."""

from collections.abc import Iterator
from functools import lru_cache

import numpy as np
import pandas as pd
import yaml

from surveybook.change.changes import Changes, compare_waves
from surveybook.model import paths
from surveybook.model.problems import Problem, SurveybookError
from surveybook.model.survey import Survey, pick_rows
from surveybook.model.wording import listing
from surveybook.respondents.codes import plain_code
from surveybook.respondents.disclosure import PROTECTING, SUPPRESSED_BELOW
from surveybook.respondents.mapping import DOMAIN_VALUE
from surveybook.respondents.population import PART, Population
from surveybook.stats.comparison import find_covariance
from surveybook.waves import find_earlier, open_wave
from surveybook.waves.release import Gathered
from surveybook.words.asked import figures_counted, who_was_asked

# An item with so many times fewer answers than its neighbours may be a column that was lost.
FEW = 10
# A group that is hidden for one reason in so many of its figures is hidden for that.
HALF = 0.5
# So many questions are listed; of more it is told how many they are.
MOST_LISTED = 8


def summarise_wave(survey: Survey, gathered: Gathered) -> Iterator[str]:
    """Yield the lines that ``surveybook wave check`` prints.

    Parameters
    ----------
    survey, gathered
        As `surveybook.waves.examine_wave` returns them.
    """
    yield who_was_asked(survey).text
    read = {population.mapping.population: population for population in gathered.populations}
    for population in survey.codebook.populations.index:
        rows = survey.asked[survey.asked["population"] == population]
        if rows.empty:
            continue
        yield ""
        yield str(survey.codebook.populations.loc[population, "label"])
        if population in read:
            yield from summarise_people(read[population])
        yield from summarise_questions(survey, population, read.get(population))
        dropped = rows.loc[rows["source"] == "not_asked", "question_id"]
        if len(dropped):
            yield f"  Not asked: {', '.join(dropped)}."
    yield ""
    yield from list_comparable(survey)
    yield from count_figures(survey)
    yield from list_suppressed(survey, read)


def summarise_people(population: Population) -> Iterator[str]:
    """Yield how many respondents there are, weighted, and what weighting costs."""
    weights = population.weights
    effect = len(weights) * float((weights**2).sum()) / float(weights.sum()) ** 2
    yield (
        f"  {population.file}: {len(weights):,} respondents, weighted {weights.sum():,.1f}; "
        f"design effect of the weights {effect:.2f}, effective base {len(weights) / effect:,.0f}."
    )
    rules = population.mapping.rules
    # A cluster is one of its stratum: files often number them from 1 in each.
    parts = {"strata": [rules.strata], "clusters": [rules.strata, rules.cluster]}
    named = [
        f"{len(population.frame[list(filter(None, columns))].drop_duplicates()):,} {what}"
        for what, columns in parts.items()
        if columns[-1]
    ]
    named += [f"{len(rules.replicates.columns):,} replicate weights"] if rules.replicates else []
    if named:
        yield f"  Design: {', '.join(named)}."
    if rules.census:
        yield "  A census: intervals have no width, because nothing was sampled."
    if not rules.probability:
        yield (
            "  Not a probability sample: intervals show what chance would do if it were one. They say nothing of"
            " how far those who answered differ from the others."
        )


def summarise_questions(survey: Survey, population: str, read: Population | None) -> Iterator[str]:
    """Yield a line for each question: bases, design effect, items found and missing."""
    rows = pick_rows(survey.estimates, population=population, domain="")
    encoded = {question.question: question for question in read.questions} if read else {}
    for question, own in rows.groupby("question_id", sort=False):
        items, bases = survey.codebook.items_by_question[str(question)], own["base"].dropna()
        missing = [item for item in items if item not in set(own["item_id"])]
        parts = [f"{len(items) - len(missing)} of {len(items)} items"]
        ends = f"{bases.min():,.0f} to {bases.max():,.0f}"
        if read is not None and question in encoded:
            counts = encoded[question]
            weighted = float(read.weights[counts.base].sum())
            own_people = read.weights > 0
            asked, answered = (int((told & own_people).sum()) for told in (counts.asked, counts.answered))
            parts.append(f"asked {asked:,}, answered {answered:,}")
            parts.append(f"base {counts.base.sum():,} (weighted {weighted:,.1f})")
            parts += [f"bases of its items {ends}"] if bases.nunique() > 1 else []
            parts += [f"{counts.excess} with too many answers"] if counts.excess else []
            effects = own.loc[own["standard_error"].notna(), "design_effect"].dropna()
            parts += [f"design effect {effects.min():.2f} to {effects.max():.2f}"] if len(effects) else []
        elif len(bases):
            parts.append(f"bases {ends}" if bases.nunique() > 1 else f"base {bases.max():,.0f}")
        parts += [f"without {', '.join(missing)}"] if missing else []
        yield f"  {question}: {'; '.join(parts)}."
        for item, base in own.groupby("item_id", sort=False)["base"].max().items():
            if base <= bases.max() / FEW:
                yield f"    Was {item} asked of so few ({base:,.0f})? If not, look for a column that is nearly empty."
        if read is not None and any(one.rules.net for one in read.mapping.questions if one.question == question):
            yield from list_net_agreement(survey, population, own)


def list_net_agreement(survey: Survey, population: str, rows: pd.DataFrame) -> Iterator[str]:
    """Yield agreement less disagreement, with the error of a difference between two answers of one person."""
    for _, own in rows.groupby("item_id", sort=False):
        sides = own.set_index("response").reindex(["agree", "disagree"])
        (agree, disagree), errors = sides["share"], sides["standard_error"]
        if np.isfinite(agree - disagree):  # few answers have no figures, and so no net
            pair = (row for _, row in own[own["response"].isin(sides.index)].iterrows())
            spread = np.sqrt((errors**2).sum(skipna=False) - 2 * find_covariance(survey, *pair))
            error_of = f"standard error {100 * spread:.1f}" if np.isfinite(spread) else "standard error not known"
            yield f"    net {100 * (agree - disagree):+.1f} points ({error_of})."


@lru_cache(maxsize=1)
def compare_with_earlier(survey: Survey) -> tuple[str, Changes | None]:
    """Return the wave before and what changed since: an empty name where there is none, None where it can't be opened.

    Opened and compared once for all that a check says of it.
    """
    earlier = find_earlier(survey)
    try:
        found = compare_waves(survey, open_wave(earlier, confidence=survey.confidence)) if earlier else None
    except SurveybookError:
        found = None
    return earlier, found


def list_comparable(survey: Survey) -> Iterator[str]:
    """Yield which questions may be compared with the wave before, and why others may not."""
    earlier, changes = compare_with_earlier(survey)
    if not earlier:
        return
    if changes is None:
        yield f"Not compared with {earlier}, which can't be opened; `surveybook wave check {earlier}` says why."
        return
    yield f"Compared with {earlier}"
    table = changes.questions[changes.questions["question_id"].isin(survey.asked["question_id"])]
    for (status, reason), rows in table.groupby(["status", "reason"], sort=True):
        named = ", ".join(rows["population"] + " " + rows["question_id"])
        yield f"  {status}{f' ({reason})' if reason else ''}: {named}."
        if "it was put to" in str(reason):
            yield f"    If these are the same people, write in asked.csv what {earlier} has for universe."
    for (status, reason), rows in changes.groups[changes.groups["reason"] != ""].groupby(["status", "reason"]):
        yield f"  {status} ({reason}): {', '.join(rows['population'] + ' ' + rows['domain'])}."
    yield ""


def find_unconfirmed(survey: Survey) -> list[Problem]:
    """Return a problem for each question that moved by more than such answers do since the wave before.

    None for a made-up wave that names no baseline: nobody's answers moved.
    """
    earlier, changes = compare_with_earlier(survey)
    if changes is None or (survey.metadata.get("synthetic") and not survey.metadata.get("baseline")):
        return []  # list_comparable says which wave can't be opened
    file = paths.shown(paths.waves() / survey.wave / "asked.csv")
    expected = (
        f"look for a reversed scale, other codes or another question; if it is true, write {earlier} in same_as and "
        "why in note"
    )
    rows = changes.questions[changes.questions["implausible"]]
    return [
        Problem(file, f"{row.population}, {row.question_id}: {row.reason}", expected, column="same_as")
        for row in rows.itertuples()
    ]


def count_figures(survey: Survey) -> Iterator[str]:
    """Yield how many figures there are, and how many are thin or suppressed."""
    if len(survey.estimates):
        yield figures_counted(survey).text
    for question, rows in survey.numbers.groupby("question_id", sort=False):
        shown = rows[(rows["statistic"] == "mean") & (rows["status"] == "number")]
        unit = next(filter(None, rows["unit"]), "") or "unit not stated"
        ends = f"({unit}), {shown['value'].min():g} to {shown['value'].max():g}"
        yield f"{len(shown)} means of {question} {ends}." if len(shown) else f"No mean of {question} is shown."
    notes = pd.concat([survey.estimates["note"], survey.numbers["note"]]).astype(str)
    small, hidden = (int(notes.str.startswith(what).sum()) for what in ("small base", "suppressed"))
    if small or hidden:
        yield f"{small} rest on fewer than 100 answers and say so; {hidden} are suppressed."


def list_suppressed(survey: Survey, read: dict[str, Population]) -> Iterator[str]:
    """Yield which groups are suppressed and, where it can be told, why and what would show them."""
    rows = survey.estimates[survey.estimates["note"].astype(str).str.startswith("suppressed")]
    rows_of = dict(iter(survey.estimates.groupby("population")))
    for (population, domain), own in rows.groupby(["population", "domain"], sort=False):
        # In one question a group may be large enough that is too small in another.
        part = f" in {_list_questions(own, rows_of[population])}" if domain else ""
        why = "; ".join(own["note"].str.partition(": ")[2].unique())
        yield f"  Suppressed: {population} {domain or '(all)'}{part}: {why}."
    groups = rows[rows["domain"] != ""]
    for (population, variable), own in groups.groupby(["population", groups["domain"].str.split("=").str[0]]):
        # Where a group is too small itself, nothing that others are put with shows it.
        if population in read and (own["note"] == PROTECTING).all():
            yield from offer_groups(read[population], variable, own)
        elif (own["note"] == PROTECTING).any():
            yield from offer_to_leave_out(str(variable), own, rows_of[population])


def _list_questions(hidden: pd.DataFrame, rows: pd.DataFrame) -> str:
    """Return the questions in which a group is hidden, or in which it isn't where these are fewer; of many how many."""
    names = hidden["question_id"].unique()
    others = [name for name in rows["question_id"].unique() if name not in names]
    if not others:
        return "all questions"
    if min(len(names), len(others)) > MOST_LISTED:
        return f"{len(names)} of {len(names) + len(others)} questions"
    return f"all questions but {', '.join(others)}" if len(others) < len(names) else ", ".join(names)


def offer_to_leave_out(variable: str, hidden: pd.DataFrame, rows: pd.DataFrame) -> Iterator[str]:
    """Yield what shows groups that are hidden in most questions on account of others, which are too small."""
    protects = hidden["note"] == PROTECTING
    groups = []
    for reason in (protects, ~protects):
        parts = hidden.loc[reason, "domain"].value_counts() / rows["domain"].value_counts()
        groups.append([domain.partition("=")[2] for domain in parts.index[parts > HALF]])
    others, small = map(listing, groups)
    if others and small:
        yield (
            f"  Of {variable}, {others} could be shown if it weren’t for {small}: too few to show, who could be worked"
            f" out. To show {others}, put {small} into another group; or, if being {small} is nothing to protect, put"
            f" that code under missing of {variable}, beside not_stated: shown."
        )


def offer_groups(population: Population, variable: str, hidden: pd.DataFrame) -> Iterator[str]:
    """Yield what may become of few people in no group, on whose account figures of groups are hidden."""
    people = population.frame
    who, domain = population.mapping.population, population.mapping.rules.domains[variable]
    outside, unstated = people[PART + variable].isna(), population.unstated[variable]
    outside &= ~unstated | (domain.not_stated == "protected")
    answered = people[list(dict.fromkeys(hidden["item_id"] + "." + hidden["response"]))].notna()
    few = [count for count in answered[outside].sum() if 0 < count < SUPPRESSED_BELOW]
    if not few:
        return
    largest = str(people[PART + variable].value_counts().index[0])
    named = f"{largest} or not stated"
    named = named if DOMAIN_VALUE.fullmatch(named) else largest
    values = {code: named if group == largest else group for code, group in domain.values.items()}
    values |= dict.fromkeys(population.ungrouped[variable], named)
    rules: dict[str, object] = {"column": domain.column, "values": {plain_code(code): values[code] for code in values}}
    if domain.ranges:
        rules["ranges"] = {
            named if group == largest else group: [end if np.isfinite(end) else None for end in ends]
            for group, ends in domain.ranges.items()
        }
    typed = yaml.safe_dump({variable: rules}, default_flow_style=True, sort_keys=False, width=np.inf).strip()[1:-1]
    groups, count = hidden["domain"].unique(), max(few)
    are, is_or_are = ("is" if many == 1 else "are" for many in (count, len(groups)))
    yield (
        f"  {count} of {who} {are} in no group of {variable}: with all groups shown, the total would give away who is"
        f" missing, so that {listing(groups)} {is_or_are} hidden. The choice is yours:"
    )
    place = f"in wave.yml, under responses.{who}.domains, write"
    yield f"    to show all, put the {count} who didn't say with {largest}: {place}"
    yield f"      {typed}"
    if (outside & unstated).any():
        yield f"    or, if not stating it tells nobody who they are: not_stated: shown, under domains.{variable};"
    yield "    or with another group, in the same way; to leave them out, change nothing."
