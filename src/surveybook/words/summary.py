"""What there is to know of a wave once it is in order: bases, weights, items, comparability."""

from collections.abc import Iterator
from functools import lru_cache

import numpy as np
import pandas as pd
import yaml

from surveybook.change.changes import Changes, compare_waves
from surveybook.model import paths
from surveybook.model.problems import Problem, SurveybookError
from surveybook.model.survey import Survey
from surveybook.model.wording import listing, sentence
from surveybook.respondents.codes import plain_code
from surveybook.respondents.disclosure import PROTECTING, SUPPRESSED_BELOW
from surveybook.respondents.mapping import DOMAIN_VALUE
from surveybook.respondents.population import PART, Population
from surveybook.waves import find_earlier, open_wave
from surveybook.waves.release import Gathered
from surveybook.words.asked import base_of

# An item with so many times fewer answers than its neighbours may be a column that was lost.
FEW = 10


def summarise_wave(survey: Survey, gathered: Gathered) -> Iterator[str]:
    """Yield the lines that ``surveybook wave check`` prints.

    Parameters
    ----------
    survey, gathered
        As `surveybook.waves.examine_wave` returns them.
    """
    for population in survey.metadata["populations"]:
        yield f"{sentence(base_of(survey, population))}."
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
    rows = survey.estimates[(survey.estimates["population"] == population) & (survey.estimates["domain"] == "")]
    encoded = {question.question: question for question in read.questions} if read else {}
    items = survey.codebook.items
    for question in dict.fromkeys(rows["question_id"]):
        own = rows[rows["question_id"] == question]
        listed = items.index[items["question_id"] == question]
        found = [item for item in listed if item in set(own["item_id"])]
        parts = [f"{len(found)} of {len(listed)} items"]
        if question in encoded and read is not None:
            counts = encoded[question]
            weighted = float(read.weights[counts.base].sum())
            parts.append(f"asked {counts.asked.sum():,}, answered {counts.answered.sum():,}")
            parts.append(f"base {counts.base.sum():,} (weighted {weighted:,.1f})")
            bases = own["base"].dropna()
            if bases.nunique() > 1:
                parts.append(f"bases of its items {bases.min():,.0f} to {bases.max():,.0f}")
            parts += [f"{counts.excess} with too many answers"] if counts.excess else []
        elif own["base"].notna().any():
            least, most = own["base"].min(), own["base"].max()
            parts.append(f"base {most:,.0f}" if least == most else f"bases {least:,.0f} to {most:,.0f}")
        effects = own.loc[own["standard_error"].notna(), "design_effect"].dropna()
        if len(effects) and question in encoded:
            parts.append(f"design effect {effects.min():.2f} to {effects.max():.2f}")
        missing = [item for item in listed if item not in found]
        parts += [f"without {', '.join(missing)}"] if missing else []
        yield f"  {question}: {'; '.join(parts)}."
        for item, base in own.groupby("item_id", sort=False)["base"].max().items():
            if base <= own["base"].max() / FEW:
                yield f"    Was {item} asked of so few ({base:,.0f})? If not, look for a column that is nearly empty."
        if read is not None:
            yield from list_net_agreement(survey, population, question, read)


def list_net_agreement(survey: Survey, population: str, question: str, read: Population) -> Iterator[str]:
    """Yield agreement less disagreement, with the error of a difference between two answers of one person."""
    if not any(mapped.rules.net for mapped in read.mapping.questions if mapped.question == question):
        return
    rows = survey.estimates
    rows = rows[(rows["population"] == population) & (rows["domain"] == "") & (rows["question_id"] == question)]
    for item, own in rows.groupby("item_id", sort=False):
        if {"agree", "disagree"} <= set(own["response"]):
            share, error = (own.set_index("response")[column] for column in ("share", "standard_error"))
            pair = (population, question, "", str(item), "agree", "", str(item), "disagree")
            covariance = survey.known_covariances.get(pair, np.nan)
            spread = np.sqrt(error["agree"] ** 2 + error["disagree"] ** 2 - 2 * covariance)
            net = 100 * (share["agree"] - share["disagree"])
            if np.isfinite(net):  # few answers have no figures, and so no net
                error_of = f"standard error {100 * spread:.1f}" if np.isfinite(spread) else "standard error not known"
                yield f"    net {net:+.1f} points ({error_of})."


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
    table = changes.questions
    table = table[table["question_id"].isin(survey.asked["question_id"])]
    yield f"Compared with {earlier}"
    for (status, reason), rows in table.groupby(["status", "reason"], sort=True):
        named = ", ".join(f"{row.population} {row.question_id}" for row in rows.itertuples())
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
    counts = survey.estimates["status"].value_counts()
    if len(counts):
        yield f"{len(survey.estimates)} figures: " + ", ".join(f"{n} {status}" for status, n in counts.items()) + "."
    for question, rows in survey.numbers.groupby("question_id", sort=False):
        shown = rows[(rows["statistic"] == "mean") & (rows["status"] == "number")]
        unit = next(filter(None, rows["unit"]), "") or "unit not stated"
        yield f"{len(shown)} means of {question} ({unit}), {shown['value'].min():g} to {shown['value'].max():g}."
    notes = pd.concat([survey.estimates["note"], survey.numbers["note"]]).astype(str)
    small, hidden = (int(notes.str.startswith(what).sum()) for what in ("small base", "suppressed"))
    if small or hidden:
        yield f"{small} rest on fewer than 100 answers and say so; {hidden} are suppressed."


def list_suppressed(survey: Survey, read: dict[str, Population]) -> Iterator[str]:
    """Yield which groups are suppressed and, where it can be told, why and what would show them."""
    rows = survey.estimates[survey.estimates["note"].astype(str).str.startswith("suppressed")]
    for population, domain in dict.fromkeys(rows[["population", "domain"]].itertuples(index=False, name=None)):
        own = rows[(rows["population"] == population) & (rows["domain"] == domain)]
        # In one question a group may be large enough that is too small in another.
        part = f" in {', '.join(dict.fromkeys(own['question_id']))}" if domain else ""
        why = "; ".join(dict.fromkeys(own["note"].str.partition(": ")[2]))
        yield f"  Suppressed: {population} {domain or '(all)'}{part}: {why}."
    groups = rows[rows["domain"] != ""]
    for (population, variable), own in groups.groupby(["population", groups["domain"].str.split("=").str[0]]):
        # Where a group is too small itself, nothing that others are put with shows it.
        if population in read and (own["note"] == PROTECTING).all():
            yield from offer_groups(read[population], variable, own)


def offer_groups(population: Population, variable: str, hidden: pd.DataFrame) -> Iterator[str]:
    """Yield what may become of few people in no group, on whose account figures of groups are hidden."""
    people = population.frame
    outside = people[PART + variable].isna()
    answered = people[list(dict.fromkeys(hidden["item_id"] + "." + hidden["response"]))].notna()
    few = [count for count in answered[outside].sum() if 0 < count < SUPPRESSED_BELOW]
    if not few:
        return
    who, domain = population.mapping.population, population.mapping.rules.domains[variable]
    sizes = people[PART + variable].value_counts()
    largest, named = str(sizes.index[0]), f"{sizes.index[0]} or not stated"
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
    groups = listing(dict.fromkeys(hidden["domain"]))
    count, are = max(few), "is" if max(few) == 1 else "are"
    yield (
        f"  {count} of {who} {are} in no group of {variable}: with all groups shown, the total would give away who is"
        f" missing, so that {groups} {'is' if hidden['domain'].nunique() == 1 else 'are'} hidden. The choice is yours:"
    )
    place = f"in wave.yml, under responses.{who}.domains, write"
    yield f"    to show all, put the {count} who didn't say with {largest}: {place}"
    yield f"      {typed}"
    yield "    or with another group, in the same way; to leave them out, change nothing."
