"""What a survey bears best, for its landing page: changes that show, clear majorities, gaps between groups, leads."""

import re
from collections.abc import Collection, Iterator
from dataclasses import dataclass

import pandas as pd

from surveybook.model.survey import Survey, drawn_by_chance, find_part_asked, label_of, populations_asked
from surveybook.model.wording import Phrase, count, listing, number, per_cent, phrase, points, sentence
from surveybook.stats.comparison import compare_figures
from surveybook.waves.metadata import NOT_KNOWN, STATED
from surveybook.words.asked import MODE
from surveybook.words.changes import find_change
from surveybook.words.contrasts import find_gaps, tell_gap
from surveybook.words.naming import is_alone, name_statement, people
from surveybook.words.orders import is_first, level_with_first
from surveybook.words.results import find_leads, tell_most_common, tell_share

CHANGE, MAJORITY, GAP, LEAD = "change", "majority", "gap", "lead"
MOST = 5
HALF = 0.5
MONTH_OR_YEAR = re.compile(r"(?:[A-Z][a-z]+ )?\d{4}")


@dataclass(frozen=True, eq=False)
class Highlight:
    """One finding: of which sort and question, in words, the figures to show, and its size at the least (0-1)."""

    sort: str
    question: str
    says: Phrase
    figures: pd.DataFrame
    surely: float


def find_highlights(survey: Survey, most: int = MOST, leave_out: Collection[str] = ()) -> list[Highlight]:
    """Return what a survey bears best, the clearest first.

    Parameters
    ----------
    survey : Survey
        The wave.
    most : int
        How many findings.
    leave_out : collection of str
        Questions that are no news: who the respondents are.

    Returns
    -------
    list of Highlight
        With a baseline the largest changes that show, no more than two of one question, come first. Then sorts take
        turns: majorities by how far the interval is above one half, gaps between groups and leads by how large the
        interval says that they are at least. Of each question one finding, until all have theirs.
    """
    questions = [str(name) for name in survey.codebook.questions.index if name not in leave_out]
    found = [one for name in questions for one in list_findings(survey, name)]
    changed = sorted((one for one in found if one.sort == CHANGE), key=lambda one: -one.surely)
    picked, told = list[Highlight](), dict[str, int]()
    for one in changed:
        if len(picked) < most and told.get(one.question, 0) < 2:
            picked.append(one)
            told[one.question] = told.get(one.question, 0) + 1
    queues = {
        sort: sorted((one for one in found if one.sort == sort), key=lambda one: -one.surely)
        for sort in (MAJORITY, GAP, LEAD)
    }
    for spare in (0, 1):
        while len(picked) < most:
            before = len(picked)
            for queue in queues.values():
                fresh = [one for one in queue if one not in picked and told.get(one.question, 0) <= spare]
                for one in fresh[: min(1, most - len(picked))]:
                    picked.append(one)
                    told[one.question] = told.get(one.question, 0) + 1
            if len(picked) == before:
                break
    return picked


def list_findings(survey: Survey, question: str) -> Iterator[Highlight]:
    """Yield what a question has for a landing page: at most two changes, and one finding of each other sort."""
    for population in populations_asked(survey, question):
        rows = find_leads(survey, question, population)
        # What part of a population said is no news of all of it.
        if rows.empty or find_part_asked(survey, population, question):
            continue
        first = rows.iloc[0]
        for _, row in rows.iterrows():
            if (change := find_change(survey, row)) is not None:
                said = _finish(tell_share(survey, row, whole=True), row)
                yield Highlight(CHANGE, question, said, row.to_frame().T, abs(change["change"]))
        if first["low"] > HALF and not survey.codebook.kind_of(question).is_list:
            said = _finish(tell_share(survey, first, whole=True), first)
            yield Highlight(MAJORITY, question, said, rows.head(1), first["low"] - HALF)
        if len(rows) > 1 and len(level_with_first(survey, rows)) == 1 and is_first(survey, rows):
            lead = compare_figures(survey, first, rows.iloc[1])
            listed = survey.codebook.kind_of(question).is_list or is_alone(survey, question)
            if listed and lead.low > 0:
                text = sentence(tell_most_common(survey, rows).text)
                text += f" to {name_statement(survey, first)}" if is_alone(survey, question) else ""
                yield Highlight(LEAD, question, _finish(text, rows.head(2)), rows.head(2), lead.low)
    pairs = find_gaps(survey, question)
    if len(pairs):
        widest = pairs.iloc[0]
        said = tell_gap(survey, widest, whole=True)
        yield Highlight(
            GAP,
            question,
            _finish(said.text, said),
            # In the order in which the sentence has them.
            survey.estimates.set_index("figure_id", drop=False).loc[list(said.figures)],
            widest["surely"],
        )


def _finish(text: str, *figures: pd.Series | pd.DataFrame | Phrase) -> Phrase:
    """Return a clause as a sentence."""
    return phrase(f"{text}.".replace("?”.", "?”"), *figures)


def who_was_asked(survey: Survey) -> Phrase:
    """Return who answered, how and when, in plain sentences; what nobody stated is said to be not stated."""
    told = []
    for population, entries in survey.metadata["populations"].items():
        who, size = people(survey, population), entries.get("sample_size")
        how, when = (entries.get(key) for key in ("mode", "fieldwork"))
        unstated = [what for what, value in (("when", when), ("how", how)) if value in (None, "", NOT_KNOWN)]
        way = f" {MODE.get(how, how)}" if "how" not in unstated else ""
        count_of = f"{number(size)} {who}" if size else f"an unknown number of {who}"
        text = f"{count_of} answered{way}"
        if "when" not in unstated:
            text = f"In {when}, {text}" if MONTH_OR_YEAR.fullmatch(str(when)) else f"{text}, {when}"
        told.append(f"{sentence(text)}.")
        if unstated:
            told.append(f"{sentence(listing(unstated))} they were asked is not stated.")
    earlier = f" The answers are compared with those of {label_of(survey.baseline)}." if survey.baseline else ""
    return phrase(f"{' '.join(told)}{earlier}", survey)


def certainty(survey: Survey) -> Phrase:
    """Return how sure shares of all are, in plain words: by how much chance may put the least sure of them off."""
    rows = survey.estimates[(survey.estimates["domain"] == "") & (survey.estimates["status"] == "number")]
    widths = ((rows["high"] - rows["low"]) / 2).dropna()
    if widths.empty:
        return Phrase("How sure these figures are can’t be told: on how many answers they rest is not stated.")
    if not widths.max():
        return Phrase("Everybody was asked, so these figures have no sampling error.")
    populations = list(survey.metadata["populations"])
    who = listing(people(survey, population) for population in populations)
    text = (
        f"Had everybody been asked, shares of all {who} would be within about {points(widths.max())} of those "
        f"shown here, with {per_cent(survey.confidence)} confidence; shares of groups are less sure. This counts "
        "chance alone, not who could not be reached or how questions were put."
    )
    if not all(drawn_by_chance(survey, population) for population in populations):
        text += " People were not drawn at random, so that chance is not the whole of it."
    return phrase(text, survey)


def how_weighted(survey: Survey) -> Phrase:
    """Return whether answers are weighted, by what, and what of the design is known, in plain sentences."""
    told = []
    for population, rules in (survey.metadata.get("responses") or {}).items():
        made = str(survey.metadata["populations"][population].get("weighting") or "")
        weight = rules.get("weight")
        text = f"Answers of {people(survey, population)} are "
        text += f"weighted by the column {weight} of the file" if weight else "not weighted"
        text += f": {made.rstrip('.')}." if made else "; how these weights were made is not stated." if weight else "."
        named = [what for key, what in (("strata", "strata"), ("cluster", "clusters")) if rules.get(key)]
        named += ["replicate weights"] if rules.get("replicates") else []
        design = f"The design has {listing(named)}." if named else "No strata or clusters of the design are named."
        told.append(f"{text} {design}")
    return phrase(" ".join(told), survey)


def how_much_disclosed(survey: Survey) -> Phrase:
    """Return how many of the items that every survey ought to tell are stated."""
    items = survey.metadata["disclosure"]["items"]
    stated = sum(item["status"] == STATED for item in items)
    known = (
        "none is"
        if not stated
        else "all are"
        if stated == len(items)
        else f"{count(stated)} {'is' if stated == 1 else 'are'}"
    )
    asked = "that the AAPOR Transparency Initiative asks every survey to tell"
    return phrase(f"Of the {number(len(items))} items {asked}, {known} stated.", survey)
