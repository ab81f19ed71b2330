"""All figures of a wave as one table, and the places of the source that don't agree with them."""

import pandas as pd

from surveybook.exhibits.tables.context import NO_SURVEY, of_survey
from surveybook.exhibits.tables.figures import base_text, bound, value
from surveybook.exhibits.tables.record import Table
from surveybook.model.figures import is_suppressed
from surveybook.model.survey import Survey
from surveybook.model.wording import in_sentence, number, sentence
from surveybook.words.consistency import disagreements
from surveybook.words.corrections import read_corrections
from surveybook.words.findings import intervals_mean, people

CHOSEN = "chosen"


def of_whom(survey: Survey, figure: pd.Series) -> str:
    """Return the population of a figure, with the part of it that the figure is about."""
    who = sentence(people(survey, figure["population"]))
    return f"{who} ({figure['domain'].replace('=', ': ').replace('_', ' ')})" if figure["domain"] else who


def interval(figure: pd.Series) -> str:
    """Return a figure's interval in per cent with one decimal; nothing where there is none."""
    return "" if pd.isna(figure["low"]) else f"{bound(figure['low'])} to {bound(figure['high'])}"


def repeated_in(survey: Survey) -> dict[str, str]:
    """Return, by figure, the other places that give it, each as it is worded there."""
    places: dict[str, list[str]] = {}
    for _, mention in survey.mentions.iterrows():
        percent = pd.to_numeric(mention["percent"])
        given = [*([] if pd.isna(percent) else [f"{percent:g}"])]
        given += [f"“{mention['verbal']}”"] if mention["verbal"] else []
        places.setdefault(mention["figure_id"], []).append(f"{mention['locator']}: {', '.join(given)}")
    return {figure: "; ".join(listed) for figure, listed in places.items()}


def all_figures(survey: Survey, name: str = "all-figures") -> Table:
    """Return every figure of a wave: a number, words, or not published though the source implies it.

    Parameters
    ----------
    survey : Survey
        The wave.
    name : str
        The table's name.

    Returns
    -------
    Table
        One row a figure, in the order of its data, with a box to filter it by.
    """
    responses = survey.codebook.responses.set_index(["kind", "response"])["label"]
    kinds, again = survey.codebook.questions["kind"], repeated_in(survey)
    rows = []
    for _, figure in survey.estimates.iterrows():
        response = figure["response"]
        answer = responses.get((kinds[figure["question_id"]], response), response)
        share = f"“{value(figure)}” (in words)" if figure["status"] == "words" else value(figure)
        rows.append(
            [
                figure["label"] if response == CHOSEN else f"{figure['label']}: {in_sentence(answer)}",
                of_whom(survey, figure),
                share,
                interval(figure),
                base_text(figure),
                figure["locator"],
                again.get(figure["figure_id"], ""),
                figure["figure_id"],
            ]
        )
    columns = ["Item and answer", "Of whom", "Share (%)", "Interval", "Base", "Printed in", "Repeated in", "Id"]
    return Table(
        name,
        f"All {number(len(rows))} figures of the {survey.metadata.get('label', survey.wave)} wave",
        columns,
        rows,
        interval_note=intervals_note(survey),
        subtitle="Every answer to every question: its share as published, its interval and its base.",
        **of_survey(survey),
        source=f"Source: data/waves/{survey.wave}/estimates.csv and mentions.csv.",
        figures=list(survey.estimates["figure_id"]),
        filter=True,
        anchors={"column": "Id", "prefix": "figure-"},
    )


def intervals_note(survey: Survey) -> str:
    """Return what the intervals of all figures are, and which figures have no number."""
    mean = intervals_mean(survey).text
    of = "Wilson’s, " if mean.startswith("as if") else ""
    rows = survey.estimates[survey.estimates["status"] == "unpublished"]
    text = f"Intervals are {of}at {number(100 * survey.confidence)} per cent, {mean}."
    suppressed = sum(map(is_suppressed, rows.itertuples()))
    if suppressed < len(rows) or rows.empty:
        text += " What was not published is listed where the source says or implies that it was asked."
    return text + (" Figures that would tell of a small group are listed without a number." if suppressed else "")


def contradictions(survey: Survey, name: str = "contradictions") -> Table | None:
    """Return the places of a source that repeat one of its figures and don't agree with it; None without any."""
    found = disagreements(survey)
    if found.empty:
        return None
    figures = survey.estimates.set_index("figure_id")
    rows = []
    for _, row in found.iterrows():
        figure = figures.loc[row["figure_id"]]
        places = [row[column] for column in ("figure", "printed_in", "mention", "mentioned_in", "what")]
        rows.append([figure["short_label"], of_whom(survey, figure), *places])
    return Table(
        name,
        "Places where the source gives a figure otherwise than where it is printed in full",
        ["Item", "Of whom", "Figure", "Printed in", "Given as", "In", "What does not fit"],
        rows,
        note="Words fit a number that lies within the band they allow; see the codebook.",
        source=f"Source: data/waves/{survey.wave}/estimates.csv and mentions.csv.",
        figures=list(dict.fromkeys(found["figure_id"])),
        subtitle="Figures that the source gives twice, and not alike.",
        **of_survey(survey),
    )


def corrections(name: str = "corrections") -> Table | None:
    """Return what was corrected in this edition, with the reasons, in the columns that hold anything; None if nothing.

    A correction of a sentence has no figure, and one that adds something had nothing before.
    """
    found = read_corrections()
    if found.empty:
        return None
    named = {"date": "Date", "what": "What", "old": "Was", "new": "Is", "reason": "Why", "figure_id": "Figure"}
    held = [column for column in named if found[column].ne("").any()]
    return Table(
        name,
        "Corrections to this edition",
        [named[column] for column in held],
        found[held].to_numpy().tolist(),
        source="Source: data/corrections.csv.",
        figures=[figure for figure in found["figure_id"] if figure],
        subtitle="What this edition once said otherwise.",
        base=NO_SURVEY,
    )
