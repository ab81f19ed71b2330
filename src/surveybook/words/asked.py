"""What was asked of whom, how sure the figures are, and what a wave has no figures for."""

import re
from collections.abc import Iterable, Sequence
from typing import Any

import pandas as pd

from surveybook.model.files import find_fieldwork_end
from surveybook.model.report import read_report
from surveybook.model.survey import (
    Survey,
    drawn_by_chance,
    is_suppressed,
    label_of,
    list_censuses,
    pick_rows,
    populations_asked,
    stands_alone,
    work_out_once,
)
from surveybook.model.wording import (
    Phrase,
    count,
    has_interval,
    in_sentence,
    listing,
    number,
    per_cent,
    phrase,
    points,
    sentence,
)
from surveybook.stats.comparison import CENSUS
from surveybook.stats.shares import METHOD as PUBLISHED
from surveybook.waves import name_baselines, open_report
from surveybook.waves.checks import NOT_KNOWN, STATED
from surveybook.words.naming import people

# A question whose base is this part of the largest was asked of nearly everybody.
MOST_ASKED = 0.9
# By so many times intervals of questions to few have to be wider, to be worth telling of apart.
MUCH_WIDER = 1.5
# Of more questions than these that weren't asked, readers are told how many there are.
MOST_UNASKED = 4
MONTH_OR_YEAR = re.compile(r"(?:[A-Z][a-z]+ )?\d{4}")
MODE = {"telephone": "by telephone", "postal": "by post", "online": "online", "face to face": "face to face"}


def list_people(survey: Survey, populations: Iterable[str]) -> str:
    """Return populations as a list in words."""
    return listing(people(survey, population) for population in populations)


def count_people(survey: Survey, population: str) -> int | None:
    """Return how many of a population answered: as it is stated, or else as many as the question that most answered."""
    stated = survey.metadata["populations"].get(population, {}).get("sample_size")
    size = stated or find_largest_bases(survey).get(population, float("nan"))
    return None if pd.isna(size) else int(size)


@work_out_once
def find_largest_bases(survey: Survey) -> dict[str, float]:
    """Return how many of each population answered the question that most of it did."""
    whole = pick_rows(pd.concat([survey.estimates, survey.numbers]), domain="")
    return {str(population): base for population, base in whole.groupby("population")["base"].max().items()}


def is_of_fewer(survey: Survey, population: str, base: float) -> bool:
    """Return whether a base is of clearly fewer people than answered another question; False where it is unknown."""
    return bool(base < MOST_ASKED * find_largest_bases(survey).get(population, float("nan")))


def _read_base(survey: Survey, population: str) -> tuple[str, bool, str, str]:
    """Return how many of a population answered, whether that is assumed, how and when; empty where nobody stated it."""
    entries = survey.metadata["populations"][population]
    mode, when = ("" if value == NOT_KNOWN else value or "" for value in map(entries.get, ("mode", "fieldwork")))
    people_asked = count_people(survey, population)
    size = number(people_asked) if people_asked else ""
    return size, bool(size) and entries.get("base_status") == "assumed", MODE.get(mode, mode), str(when)


def base_line(survey: Survey, populations: Sequence[str]) -> str:
    """Return the line that stands at each chart: populations, bases, fieldwork; or that nobody was asked.

    'Residents: 1,000 by telephone, November 2031.' What nobody stated is left out: '1,000 residents.'
    """
    reached = [population for population in populations if population in survey.metadata["populations"]]
    if not reached:
        return f"This survey did not ask {list_people(survey, populations)}."
    bases = []
    for population in reached:
        size, is_assumed, mode, when = _read_base(survey, population)
        shown = f"{size or 'number unknown'}{' (assumed)' if is_assumed else ''} {mode}".rstrip()
        who = people(survey, population)
        is_bare = shown == size and not when and not who.startswith("the ")
        bases.append(f"{size} {who}" if is_bare else f"{who}: {', '.join(filter(None, (shown, when)))}")
    chosen = list_people(survey, [population for population in reached if not drawn_by_chance(survey, population)])
    apart = f" No random sample of {chosen}: intervals show only what chance would do if it were one." if chosen else ""
    return f"{sentence('; '.join(bases))}.{apart}"


def describe_edition(survey: Survey) -> dict[str, Any]:
    """Return what an edition tells of itself: name, wave, fieldwork, licence, baseline, and whether it is made up."""
    told = {name: entry["fieldwork"] for name, entry in survey.metadata["populations"].items()}
    told = {name: "not stated" if when == NOT_KNOWN else when for name, when in told.items()}
    months = dict.fromkeys(told.values())
    fieldwork = "; ".join(f"{people(survey, population)}, {when}" for population, when in told.items())
    label = "first" if stands_alone(survey) else label_of(survey)
    against = f", compared with {label_of(survey.baseline)}" if survey.baseline else ""
    return {
        "name": sentence(f"{label} edition{against}"),
        "wave": survey.wave,
        "licence": read_report().licence_name,
        "fieldwork": fieldwork if len(months) > 1 else listing(months),
        "synthetic": bool(survey.metadata.get("synthetic")),
        "baseline": name_baselines(survey),
        "fieldwork_end": find_fieldwork_end(survey.metadata),
        "unasked": list_unasked_chapters(survey),
    }


def list_unasked_chapters(survey: Survey) -> list[str]:
    """Return the chapters without a figure, most often since nobody was asked: an edition has no page for them.

    None where a report rests on a source: its chapters say what that said, whatever was asked since.
    """
    if read_report().claims_wave:
        return []
    questions, put = survey.codebook.questions, {question for _, question in survey.asked_rows}
    was_put = questions.index.isin(put - set(list_unshown(survey)))
    there = dict.fromkeys(questions["chapter"])
    return [str(chapter) for chapter in there if not was_put[(questions["chapter"] == chapter).to_numpy()].any()]


def list_hidden(survey: Survey) -> dict[str, str]:
    """Return the questions that were asked and of which no figure is shown, each with the reason."""
    rows = pd.concat([survey.estimates, survey.numbers])[["question_id", "status", "note"]]
    hidden = rows[~rows["question_id"].isin(rows.loc[rows["status"] != "unpublished", "question_id"])]
    notes = hidden["note"].astype(str)
    hidden = hidden[notes.str.startswith("suppressed: ")].drop_duplicates("question_id")
    return {str(row.question_id): str(row.note).partition(": ")[2] for row in hidden.itertuples()}


def list_unshown(survey: Survey) -> list[str]:
    """Return the questions that are hidden and need no page; none where a report rests on a source, which has some."""
    return [] if read_report().claims_wave else list(list_hidden(survey))


def not_shown(survey: Survey) -> Phrase:
    """Return which questions were asked and have no figure, by the reason; empty where all have some."""
    found, titles = list_hidden(survey), survey.codebook.questions["title"]
    told = [
        f"Not shown ({why}): {listing(f'“{titles[name]}”' for name in found if found[name] == why)}."
        for why in dict.fromkeys(found.values())
    ]
    return Phrase(" ".join(told))


def not_asked(survey: Survey) -> Phrase:
    """Return which questions of the report a wave put to nobody, of many how many; empty where it put all of them."""
    put, titles = {question for _, question in survey.asked_rows}, survey.codebook.questions["title"]
    left = [f"“{title}”" for title in titles[~titles.index.isin(put)]]
    if len(left) > MOST_UNASKED:
        return Phrase(f"{sentence(count(len(left)))} questions of this report were not asked in {label_of(survey)}.")
    return Phrase(f"Not asked in {label_of(survey)}: {listing(left)}." if left else "")


def intervals_mean(survey: Survey) -> Phrase:
    """Return what the intervals of a whole wave rest on, as a clause."""
    known = survey.estimates[survey.estimates["low"].notna()]
    if len(known) and set(list_censuses(survey)) == set(known["population"]):
        return Phrase("without width: everybody was asked")
    methods = [name for name in known["method"].unique() if name]
    of_design = [name for name in methods if name != PUBLISHED]
    if not of_design:
        return Phrase("as if each sample were simple random")
    published = "; for percentages that were published, as if it were simple random" if PUBLISHED in methods else ""
    return Phrase(f"by the design of each sample ({'; '.join(of_design)}){published}")


def rounding(survey: Survey) -> Phrase:
    """Return how exact the shares of a wave are: as they were printed, or as respondents give them."""
    numbers = survey.estimates[survey.estimates["status"] == "number"]
    # What a census published has no method of an interval either.
    published = ~numbers["population"].isin(list(survey.metadata.get("responses") or {})) & (
        numbers["method"] == CENSUS
    )
    printed = numbers[numbers["method"].isin(("", PUBLISHED)) | published]
    parts = []
    if len(printed):
        most = int(printed["decimals"].max())
        decimals = "without decimals" if not most else f"with at most {count(most)} decimal{'s' if most > 1 else ''}"
        reach = "one point" if not most else f"{number(10.0**-most, most)} points or more"
        parts.append(f"Percentages were printed {decimals}, so each stands for a range of {reach}.")
        if has_interval(printed).any():
            parts.append("Intervals and tests allow for it, and where a conclusion depends on it, the book says so.")
    if len(printed) < len(numbers):
        parts.append("Shares from respondents are rounded only where they are shown.")
    return Phrase(" ".join(parts))


def figures_counted(survey: Survey) -> Phrase:
    """Return how many figures the wave has, by how they are known."""
    status = survey.estimates["status"]
    suppressed = sum(map(is_suppressed, survey.estimates[status == "unpublished"].itertuples()))
    counts = {
        "as percentages": (status == "number").sum(),
        "in words only": (status == "words").sum(),
        "not published, though the source implies them": (status == "unpublished").sum() - suppressed,
        "withheld to protect small groups": suppressed,
    }
    parts = [f"{number(count)} {text}" for text, count in counts.items() if count]
    return Phrase(f"This survey holds {number(len(survey.estimates))} figures: {listing(parts)}.")


def small_bases() -> Phrase:
    """Return what becomes of a figure from respondents that rests on too few of them."""
    # Imported here: one appendix says it, and no other page needs what reads respondents.
    from surveybook.respondents.disclosure import FLAGGED_BELOW, SUPPRESSED_BELOW

    return Phrase(
        f"So a figure from under {FLAGGED_BELOW} respondents, unweighted, is flagged, and one from under"
        f" {SUPPRESSED_BELOW} is withheld: on pages, in downloads, in charts and in released files alike."
    )


def nothing_to_show(survey: Survey, question: str, *, apart: bool = False) -> Phrase:
    """Return why a wave that asked a question has nothing to show for it; empty where it did not ask.

    With `apart` two populations would have been set against each other.
    """
    populations = populations_asked(survey, question)
    if not populations:
        return Phrase("")
    who, title = list_people(survey, populations), in_sentence(survey.codebook.questions.loc[question, "title"])
    if not apart and (why := list_hidden(survey).get(question)):
        return Phrase(f"Not shown: {why}.")
    if apart and len(populations) == 1:
        return Phrase(f"This survey asked only {who} about this ({title}), so there is no gap to show.")
    lacks = "no two percentages to set against each other" if apart else "no figure to show here"
    return Phrase(f"This survey asked {who} about this ({title}) and has {lacks}.")


def no_answer(survey: Survey, items: Iterable[str], said: str) -> Phrase:
    """Return what is said where answers are missing; empty where the wave asked nobody about any of the items."""
    known = survey.codebook.items["question_id"]
    questions = {known[item] for item in items if item in known.index}
    return Phrase(said if any(populations_asked(survey, question) for question in questions) else "")


def choices_note(survey: Survey, question: str) -> Phrase:
    """Return the reminder that belongs to each figure of a question with several choices."""
    rows = survey.asked[survey.asked["source"] != "not_asked"]
    offered = len(survey.codebook.items_by_question[question])
    # Who may choose as many as there are leaves none out for want of room.
    rows = rows[(rows["question_id"] == question) & rows["max_choices"].between(2, offered - 1)]
    if rows.empty:
        return Phrase("")
    return Phrase(
        f"People could name only {count(int(rows['max_choices'].max()))}: a low share means that other answers came "
        "before it, not that it is unimportant."
    )


def questions_of_its_own(survey: Survey) -> list[str]:
    """Return the questions that a wave put to people whom the report's wave didn't ask them, in the codebook's order.

    Chapters were written around the questions of the report, so these have no place there. None where a report
    rests on no wave: its chapters are written around all questions.
    """
    if not read_report().claims_wave:
        return []
    before = open_report(survey)
    return [
        str(question)
        for question in survey.codebook.questions.index
        if set(populations_asked(survey, question)) - set(populations_asked(before, question))
    ]


def new_questions(survey: Survey) -> Phrase:
    """Return which questions of a wave the report's didn't have, or that there are none; nothing of that very wave."""
    if read_report().claims_wave in ("", survey.wave):
        return Phrase("")
    before = open_report(survey)
    then, found = label_of(before), questions_of_its_own(survey)
    if not found:
        return Phrase(f"This survey asked nobody a question that the {then} survey did not ask them.")
    titles = listing(f"“{survey.codebook.questions.loc[question, 'title']}”" for question in found)
    one = len(found) == 1
    questions = "One question" if one else f"{sentence(count(len(found)))} questions"
    were, it, they = ("was", "it", "it has its chart") if one else ("were", "them", "they have their charts")
    return Phrase(
        f"{questions} of this survey {were} not put to the same people in {then}: {titles}. The chapters were written "
        f"without {it}, so {they} here."
    )


def who_was_asked(survey: Survey) -> Phrase:
    """Return who answered, how and when, in plain sentences; what nobody stated is said to be not stated."""
    told = []
    for population in survey.metadata["populations"]:
        size, is_assumed, mode, when = _read_base(survey, population)
        who = str(survey.codebook.populations.loc[population, "people"])
        text = f"{'an assumed ' if is_assumed else ''}{size or 'an unknown number of'} {who}"
        text = f"{text} answered {mode}".rstrip()
        if when:
            text = f"In {when}, {text}" if MONTH_OR_YEAR.fullmatch(when) else f"{text}, {when}"
        told.append(f"{sentence(text)}.")
        unstated = " and ".join(what for what, value in (("when", when), ("how", mode)) if not value)
        told += [f"{sentence(unstated)} they were asked is not stated."] if unstated else []
    earlier = f" The answers are compared with those of {label_of(survey.baseline)}." if survey.baseline else ""
    return phrase(f"{' '.join(told)}{earlier}", survey)


def certainty(survey: Survey) -> Phrase:
    """Return how sure shares of all are, in plain words: by how much chance may put the least sure of them off.

    Questions that few were asked are told of apart: they say nothing of how sure the others are.
    """
    rows = survey.estimates[(survey.estimates["domain"] == "") & (survey.estimates["status"] == "number")]
    rows = rows[rows["low"].notna()]
    widths = (rows["high"] - rows["low"]) / 2
    if (
        survey.estimates["status"].eq("unpublished").all()
        and survey.estimates["note"].str.startswith("suppressed").any()
    ):
        return Phrase("Too few people answered for any figure to be shown.")
    if widths.empty:
        return Phrase("How sure these figures are can’t be told: on how many answers they rest is not stated.")
    if not widths.max():
        return Phrase("Everybody was asked, so these figures have no sampling error.")
    populations = list(survey.metadata["populations"])
    bases = zip(rows["population"], rows["base"], strict=True)
    widest, of_most = widths.max(), widths[[not is_of_fewer(survey, *base) for base in bases]].max()
    is_wider = widest > MUCH_WIDER * of_most
    fewer = f", and within about {points(widest)} where fewer of them were asked" if is_wider else ""
    text = (
        f"Had everybody been asked, shares of all {list_people(survey, populations)} would be within about "
        f"{points(of_most)} of those shown here{fewer}, with {per_cent(survey.confidence)} confidence; shares of "
        "groups are less sure. This counts chance alone, not who could not be reached or how questions were put."
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
    known = {0: "none is", len(items): "all are", 1: "one is"}.get(stated, f"{count(stated)} are")
    asked = "that the AAPOR Transparency Initiative asks every survey to tell"
    return phrase(f"Of the {number(len(items))} items {asked}, {known} stated.", survey)
