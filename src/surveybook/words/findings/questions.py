"""What was asked of whom: questions, formats, bases."""

from collections.abc import Sequence

import pandas as pd

from surveybook.model.figures import is_suppressed, populations_asked
from surveybook.model.survey import Survey, drawn_by_chance
from surveybook.model.wording import Phrase, count, in_sentence, listing, number, sentence
from surveybook.respondents.disclosure import FLAGGED_BELOW, SUPPRESSED_BELOW
from surveybook.stats.intervals import METHOD as PUBLISHED

MODE = {"telephone": "by telephone", "postal": "by post", "online": "online", "face to face": "face to face"}
FORMAT = {
    "multiple": "could choose several from a list",
    "single": "chose one from a list",
    "scale": "said whether they agreed",
    "channel": "said which way of access does best at each",
}


def format_of(survey: Survey, kind: str) -> str:
    """Return how a question of one kind is answered, as what people did; answers of a new kind are named."""
    if kind in FORMAT:
        return FORMAT[kind]
    responses = survey.codebook.responses
    labels = responses.loc[responses["kind"] == kind, "label"]
    return f"chose between {listing(f'“{label}”' for label in labels)}"


def people(survey: Survey, population: str) -> str:
    """Return a population as it stands inside a sentence: 'the public'."""
    return in_sentence(survey.codebook.populations.loc[population, "label"])


def base_of(survey: Survey, population: str) -> str:
    """Return who answered, how and when: 'the public: 1,000 by telephone, November 2004'."""
    entries = survey.metadata["populations"][population]
    size = entries.get("sample_size")
    shown = f"{number(size)}" if size else "number unknown"
    if size and entries.get("base_status") == "assumed":
        shown += " (assumed)"
    mode = MODE.get(entries["mode"], entries["mode"])
    return f"{people(survey, population)}: {shown} {mode}, {entries['fieldwork']}"


def base_line(survey: Survey, populations: list[str]) -> str:
    """Return the line that stands at each chart: populations, bases, fieldwork; or that nobody was asked."""
    reached = [population for population in populations if population in survey.metadata["populations"]]
    if not reached:
        return f"This wave did not ask {listing(people(survey, population) for population in populations)}."
    line = sentence("; ".join(base_of(survey, population) for population in reached)) + "."
    chosen = [people(survey, name) for name in reached if not drawn_by_chance(survey, name)]
    if not chosen:
        return line
    return f"{line} No random sample of {listing(chosen)}: intervals show only what chance would do if it were one."


def intervals_mean(survey: Survey) -> Phrase:
    """Return what the intervals of a whole wave rest on, as a clause."""
    methods = set(survey.estimates.loc[survey.estimates["low"].notna(), "method"])
    designed, plain = bool(methods - {PUBLISHED}), PUBLISHED in methods
    if not designed:
        return Phrase("as if each sample were simple random")
    published = "; for percentages that were published, as if it were simple random" if plain else ""
    return Phrase(f"by the design of each sample{published}")


def rounding(survey: Survey) -> Phrase:
    """Return how exact the shares of a wave are: as they were printed, or as respondents give them."""
    numbers = survey.estimates[survey.estimates["status"] == "number"]
    printed = numbers[numbers["method"].isin(("", PUBLISHED))]
    parts = []
    if len(printed):
        most = int(printed["decimals"].max())
        decimals = "without decimals" if not most else f"with at most {count(most)} decimal{'s' if most > 1 else ''}"
        reach = "one point" if not most else f"{number(10.0**-most, most)} points or more"
        parts.append(
            f"Percentages were printed {decimals}, so each stands for a range of {reach}. "
            "Where a conclusion depends on that, the book says so."
        )
    if len(printed) < len(numbers):
        parts.append("Shares from respondents are rounded where they are shown, and nowhere before.")
    return Phrase(" ".join(parts))


def who_answered(survey: Survey) -> Phrase:
    """Return who answered this wave, how and when, as a sentence."""
    listed = listing(base_of(survey, population) for population in survey.metadata["populations"])
    return Phrase(f"This edition shows the {survey.metadata.get('label', survey.wave)} wave ({listed}).")


def answered(survey: Survey, population: str) -> Phrase:
    """Return who answered in one population, how and when, for use in brackets."""
    return Phrase(base_of(survey, population))


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
    return Phrase(f"This wave holds {number(len(survey.estimates))} figures: {listing(parts)}.")


def small_bases() -> Phrase:
    """Return what becomes of a figure from respondents that rests on too few of them."""
    return Phrase(
        f"So a figure from under {FLAGGED_BELOW} respondents, unweighted, is flagged, and one from under"
        f" {SUPPRESSED_BELOW} is withheld: on pages, in downloads, in charts and in released files alike."
    )


def not_asked(survey: Survey, question: str) -> Phrase:
    """Return the sentence for a question that a wave didn't ask."""
    title = in_sentence(survey.codebook.questions.loc[question, "title"])
    return Phrase(f"This wave did not ask about this ({title}), so there is nothing to show.")


def nothing_to_show(survey: Survey, question: str, *, apart: bool = False) -> Phrase:
    """Return why a wave that asked a question has nothing to show for it; empty where it did not ask.

    That it did not is said once, by `asked`. With `apart` two populations would have been set against each other.
    """
    populations = populations_asked(survey, question)
    if not populations:
        return Phrase("")
    who = listing(people(survey, population) for population in populations)
    title = in_sentence(survey.codebook.questions.loc[question, "title"])
    if apart and len(populations) == 1:
        return Phrase(f"This wave asked only {who} about this ({title}), so there is no gap to show.")
    lacks = "no two percentages to set against each other" if apart else "no figure to show here"
    return Phrase(f"This wave asked {who} about this ({title}) and has {lacks}.")


def no_answer(survey: Survey, items: Sequence[str], said: str) -> Phrase:
    """Return what is said where answers are missing; empty where the wave asked nobody about any of the items."""
    known = survey.codebook.items["question_id"]
    questions = {known[item] for item in items if item in known.index}
    return Phrase(said if any(populations_asked(survey, question) for question in questions) else "")


def asked(survey: Survey, *questions: str) -> Phrase:
    """Return what was asked of whom: question, format, populations and bases."""
    parts = []
    for question in questions:
        populations = populations_asked(survey, question)
        if not populations:
            parts.append(not_asked(survey, question).text)
            continue
        rows = survey.asked[(survey.asked["question_id"] == question) & survey.asked["population"].isin(populations)]
        who = listing(people(survey, population) for population in populations)
        kind = survey.codebook.questions.loc[question, "kind"]
        how = format_of(survey, kind)
        choices, source = rows["max_choices"].iloc[0], rows["max_choices_source"].iloc[0]
        if kind == "multiple" and pd.notna(choices):
            items = len(survey.codebook.items[survey.codebook.items["question_id"] == question])
            how = f"could choose {count(int(choices)) if choices < items else 'any'} of {count(items)} answers"
            how += f" ({source}; the source doesn't state it)" if str(source).startswith("inferred") else ""
        wording = rows["wording"].iloc[0]
        parts.append(f"{sentence(who)} {how}: “{wording.rstrip('.')}”{'' if wording.endswith('?') else '.'}")
    reached = dict.fromkeys(p for question in questions for p in populations_asked(survey, question))
    if reached:
        parts.append("Base: " + "; ".join(base_of(survey, population) for population in reached) + ".")
    return Phrase(" ".join(parts))


def asked_of(survey: Survey, question: str, population: str) -> Phrase:
    """Return what one population was asked, for a question that two were asked in unlike words."""
    if population not in populations_asked(survey, question):
        return Phrase(f"This wave did not ask {people(survey, population)} about this.")
    rows = survey.asked
    row = rows[(rows["question_id"] == question) & (rows["population"] == population)].iloc[0]
    how = format_of(survey, survey.codebook.questions.loc[question, "kind"])
    stop = "" if row["wording"].endswith("?") else "."
    return Phrase(
        f"{sentence(people(survey, population))} {how}: “{row['wording'].rstrip('.')}”{stop} "
        f"Base: {base_of(survey, population)}."
    )


def asked_together(survey: Survey, *questions: str) -> Phrase:
    """Return what was asked of whom for a run of single statements, briefly."""
    present = [question for question in questions if populations_asked(survey, question)]
    absent = [question for question in questions if question not in present]
    reached = list(dict.fromkeys(p for question in present for p in populations_asked(survey, question)))
    parts = []
    if present:
        who = listing(people(survey, population) for population in reached)
        parts.append(
            f"{sentence(who)} answered {count(len(present))} separate questions, each with an answer of its own."
            if len(present) > 1
            else f"{sentence(who)} answered a question of its own."
        )
        parts.append("Base: " + "; ".join(base_of(survey, population) for population in reached) + ".")
    if absent:
        titles = listing(f"“{survey.codebook.questions.loc[question, 'title']}”" for question in absent)
        parts.append(f"This wave did not ask about {titles}.")
    return Phrase(" ".join(parts))


def choices_note(survey: Survey, question: str) -> Phrase:
    """Return the reminder that belongs to each figure of a question with several choices."""
    asked = survey.asked[survey.asked["source"] != "not_asked"]
    offered = int((survey.codebook.items["question_id"] == question).sum())
    # Who may choose as many as there are leaves none out for want of room.
    rows = asked[(asked["question_id"] == question) & asked["max_choices"].between(2, offered - 1)]
    if rows.empty:
        return Phrase("")
    choices = count(int(rows["max_choices"].max()))
    return Phrase(
        f"People could name only {choices}: a low share means that other answers came before it, "
        "not that it is unimportant."
    )
