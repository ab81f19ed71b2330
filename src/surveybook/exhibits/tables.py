"""Tables about a survey: who was asked what, what its source doesn't say, what may be compared, how to cite it."""

from typing import Any

import numpy as np
import pandas as pd

from surveybook.change import COMPARABLE, changes_of, held_for_later, label_of
from surveybook.exhibits.exhibit import NO_SURVEY, Exhibit, of_survey
from surveybook.exhibits.figure_tables import all_figures, contradictions, design_effects, samples_needed
from surveybook.model import paths
from surveybook.model.evidence import read_corrections
from surveybook.model.files import read_yaml
from surveybook.model.problems import DataError, Problem
from surveybook.model.survey import Survey, populations_asked
from surveybook.model.wording import band, count, decimals_of_points, listing, number, points, sentence, span
from surveybook.waves.metadata import DISCLOSURE_ITEMS
from surveybook.words.findings import people

__all__ = [
    "NO_SURVEY",
    "Exhibit",
    "all_figures",
    "contradictions",
    "corrections",
    "design_effects",
    "disclosure",
    "for_later",
    "how_to_cite",
    "not_comparable",
    "of_survey",
    "questions_of",
    "samples_needed",
    "survey_facts",
    "undisclosed",
    "words_for_shares",
]

FACTS = {
    "universe": "Who was to be reached",
    "frame": "Drawn from",
    "sample_size": "Answers",
    "mode": "Asked",
    "fieldwork": "When",
    "conducted_by": "Fieldwork by",
    "sponsor": "Paid for by",
    "response_rate": "Response rate",
    "weighting": "Weighting",
    "design_effect": "Design effect",
    "note": "To bear in mind",
}
UNDISCLOSED = "not disclosed by the source"
RELATIONS = {
    "exact": "that share",
    "bare": "near that share, on either side",
    "nearly": "somewhat under that share",
    "just_over": "somewhat over that share",
    "about": "around that share, with room on either side",
    "more_than": "over that share",
    "fewer_than": "under that share",
    "none": "no number",
}


def survey_facts(survey: Survey, name: str = "survey-facts") -> Exhibit:
    """Return who was asked, how and when, a column a population."""
    populations = survey.metadata["populations"]
    return Exhibit(
        name,
        "How each sample came about",
        ["", *(sentence(people(survey, population)) for population in populations)],
        [[label, *(_state_fact(entries, key) for entries in populations.values())] for key, label in FACTS.items()],
        source=f"Source: {survey.metadata['title']}, as stated there.",
        subtitle="Who was to be reached, how they were drawn and asked, and by whom.",
        **of_survey(survey),
    )


def _state_fact(entries: dict[str, Any], key: str) -> str:
    """Return one fact about a sample as text; what isn't known is said to be so."""
    stated = entries.get(key)
    if stated in (None, ""):
        return UNDISCLOSED
    if key == "sample_size":
        return f"{number(stated)}{' (assumed)' if entries.get('base_status') == 'assumed' else ''}"
    return sentence(" ".join(str(stated).split()))


def undisclosed(survey: Survey, name: str = "undisclosed") -> Exhibit:
    """Return what the source of a wave keeps to itself."""
    listed = survey.metadata.get("not_disclosed") or []
    rows = [[sentence(entry["topic"]), " ".join(entry["text"].split())] for entry in listed]
    return Exhibit(
        name,
        "What the source does not say",
        ["Topic", "What is missing"],
        rows or [["Nothing is listed", "The wave’s own description names no gap."]],
        source=f"Source: {survey.metadata['title']}.",
        subtitle="What one would have to know to judge the survey, and can’t.",
        **of_survey(survey),
    )


def disclosure(survey: Survey, name: str = "disclosure") -> Exhibit:
    """Return the items that the AAPOR Transparency Initiative asks for, each stated or not disclosed."""
    rows = []
    for entry in survey.metadata["disclosure"]["items"]:
        title = entry.get("title") or DISCLOSURE_ITEMS[entry["item"] - 1]
        rows.append([f"{entry['item']}. {title}", sentence(entry["status"]), " ".join(entry["text"].split())])
    return Exhibit(
        name,
        "Disclosure, by the list of the AAPOR Transparency Initiative",
        ["Item", "Status", "What is known"],
        rows,
        source=f"Source: {survey.metadata['title']}.",
        subtitle="What the list asks every survey to tell, and what this one tells.",
        **of_survey(survey),
    )


def questions_of(survey: Survey, chapter: str) -> Exhibit:
    """Return the questions that belong to one chapter, as a wave asked them.

    Parameters
    ----------
    survey : Survey
        The wave.
    chapter : str
        As in the codebook's ``questions.csv``.

    Returns
    -------
    Exhibit
        One row a question, or one for each population where they were asked in unlike words.
    """
    questions = survey.codebook.questions
    asked = [_list_wordings(survey, question) for question in questions.index[questions["chapter"] == chapter]]
    return Exhibit(
        f"codebook-{chapter}",
        f"Questions on {chapter.replace('-', ' ')}, with their items",
        ["Question", "Items", "Asked of", "Wording, and where it is known from", "Choices", "Id"],
        [row for rows in asked for row in rows],
        notes=["Where the wording is only known from a heading or a paraphrase, it is our plain form of it."],
        source=f"Source: data/codebook and data/waves/{survey.wave}/asked.csv.",
        subtitle="How each question was put, to whom, and what could be answered.",
        **of_survey(survey),
    )


def _list_wordings(survey: Survey, question: str) -> list[list[str]]:
    """Return a question's row, one a wording; a single row that says so where the wave didn't ask it."""
    title, items = survey.codebook.questions.loc[question, "title"], survey.codebook.items
    labels = "; ".join(items[items["question_id"] == question].sort_values("order")["label"])
    populations, how = populations_asked(survey, question), survey.codebook.kind_of(question).how_listed
    if not populations:
        return [[title, labels, "not asked in this wave", "", how, question]]
    asked = survey.asked
    asked = asked[(asked["question_id"] == question) & asked["population"].isin(populations)]
    alike = ["wording", "wording_source", "max_choices", "max_choices_source"]
    rows = []
    for _, same in asked.groupby(alike, sort=False, dropna=False):
        first = same.iloc[0]
        who = sentence(listing(people(survey, population) for population in same["population"]))
        wording = f"“{first['wording'].rstrip('.')}” ({first['wording_source']})"
        rows.append([title, labels, who, wording, _state_choices(survey, first), question])
    return rows


def _state_choices(survey: Survey, asked: pd.Series) -> str:
    """Return how a question was to be answered, and how that is known."""
    kind = survey.codebook.kind_of(asked["question_id"])
    if not kind.is_several:
        return kind.how_listed
    if pd.isna(asked["max_choices"]):
        return f"{kind.how_listed}, how many is not known"
    if np.isinf(asked["max_choices"]):
        return f"{kind.how_listed}, as many as apply"
    known = f" ({asked['max_choices_source']})" if asked["max_choices_source"] else ""
    return f"{count(int(asked['max_choices']))} from a list{known}"


def words_for_shares(survey: Survey, name: str = "words-for-shares") -> Exhibit:
    """Return the words that stand for shares, with the range of shares that each allows."""
    rows = []
    for phrase, entry in survey.codebook.words.iterrows():
        limits = band(survey.codebook, str(phrase))
        allowed = "" if limits is None else span(*limits, 1)
        rows.append([f"“{phrase}”", sentence(RELATIONS[entry["relation"]]), allowed])
    return Exhibit(
        name,
        "What words for shares allow",
        ["Words", "Read as", "Shares that fit (%)"],
        rows,
        notes=[
            "A figure in words is drawn as this band and never as a number. The claims are held to the same limits."
        ],
        source="Source: data/codebook/words.csv.",
        subtitle="Words that stand for a share in the source, and the shares that each is taken to allow.",
        base=NO_SURVEY,
    )


def not_comparable(survey: Survey, name: str = "not-comparable") -> Exhibit | None:
    """Return the questions that can't be compared with the baseline, or with caution alone, and why.

    One row a population and question, those first that both waves asked, then new ones; None without a baseline, or
    where all are comparable.
    """
    changes = changes_of(survey)
    if changes is None:
        return None
    found = changes.questions[changes.questions["status"] != COMPARABLE]
    if found.empty:
        return None
    # What was put otherwise is what a reader looks for; then what is new, then what was dropped.
    places = ["", survey.wave, changes.baseline.wave]
    found = found.sort_values("only_in", key=lambda waves: waves.map(places.index), kind="stable")
    return Exhibit(
        name,
        f"Questions that are not simply compared between {label_of(changes.baseline)} and {label_of(survey)}",
        ["Question", "Of whom", "Compared", "Why"],
        [
            [row.title, sentence(people(survey, row.population)), sentence(row.status), f"{sentence(row.reason)}."]
            for row in found.itertuples()
        ],
        source=f"Source: data/waves/{changes.baseline.wave}/asked.csv and data/waves/{survey.wave}/asked.csv.",
        subtitle="Those that were put otherwise in the two waves, then those that are new, then those not asked again.",
        **of_survey(survey),
    )


def for_later(survey: Survey, name: str = "for-later") -> Exhibit | None:
    """Return what a later wave can be compared on, question by question; None where this one has a baseline."""
    if survey.baseline is not None:
        return None
    held = held_for_later(survey)
    rows = [
        [
            row.title,
            sentence(people(survey, row.population)),
            sentence(row.wording_source),
            number(row.shares) if row.shares else "none",
            _state_sizes(row.least, row.most),
        ]
        for row in held.itertuples()
    ]
    return Exhibit(
        name,
        f"What a later wave can be compared on: {number(held['shares'].sum())} shares in "
        f"{number((held['shares'] > 0).sum())} questions",
        ["Question", "Of whom", "Wording known from", "Shares to test", "A change shows from"],
        rows,
        notes=[
            "Shares to test are numbers on a known base. A change shows from the size at which its interval, "
            "unadjusted, leaves out nought, up and down, if the later wave is as precise as this one; where a question "
            "has several shares, the smallest and the largest such size."
        ],
        source=f"Source: data/waves/{survey.wave}/asked.csv and estimates.csv.",
        figures=list(dict.fromkeys(figure for figures in held["figures"] for figure in figures)),
        subtitle="Every question that this wave put to a population.",
        **of_survey(survey),
    )


def _state_sizes(least: float, most: float) -> str:
    """Return from what sizes changes show, in points: '4 points', '3 to 6 points'; nothing where there are none."""
    if pd.isna(least):
        return ""
    return points(least) if least == most else f"{span(least, most, decimals_of_points(least, most))} points"


def corrections(name: str = "corrections") -> Exhibit | None:
    """Return what was corrected in this edition, with the reasons, in the columns that hold anything; None if nothing.

    A correction of a sentence has no figure, and one that adds something had nothing before.
    """
    found = read_corrections()
    if found.empty:
        return None
    named = {"date": "Date", "what": "What", "old": "Was", "new": "Is", "reason": "Why", "figure_id": "Figure"}
    held = [column for column in named if found[column].ne("").any()]
    return Exhibit(
        name,
        "Corrections to this edition",
        [named[column] for column in held],
        found[held].to_numpy().tolist(),
        source="Source: data/corrections.csv.",
        figures=[figure for figure in found["figure_id"] if figure],
        subtitle="What this edition once said otherwise.",
        base=NO_SURVEY,
    )


def how_to_cite(survey: Survey, name: str = "how-to-cite") -> Exhibit:
    """Return how to cite this edition, the wave's data in it, and the report that it rests on where there is one.

    Raises
    ------
    DataError
        When ``CITATION.cff`` can't be read, or lacks its title or its authors.
    """
    content = _read_citation()
    # The file names the edition that is committed; chapters run with another wave make another edition.
    title, version = str(content["title"]).rpartition(",")[0] or content["title"], content.get("version")
    ended = f", version {version}." if version else "."
    authors, label = _list_authors(content["authors"]), survey.metadata.get("label", survey.wave)
    rows = [
        ["This edition", f"{authors}. {title}, {label} edition{ended}"],
        ["The data of this wave", f"{authors}. {survey.metadata['title']}. In {title}{ended}"],
    ]
    for report in content.get("references") or ():
        publisher, isbn = report.get("institution", {}).get("name", ""), report.get("isbn", "")
        told = [f"{_list_authors(report['authors'])} ({report['year']})", report["title"], publisher]
        told += [f"ISBN {isbn}"] if isbn else []
        rows.append(["The report", f"{'. '.join(filter(None, told))}."])
    listed = "The edition, its data and the report that it rests on" if len(rows) > 2 else "The edition and its data"
    return Exhibit(
        name,
        "How to cite",
        ["What", "As"],
        rows,
        source="Source: CITATION.cff and the wave’s own wave.yml.",
        subtitle=f"{listed}.",
        base=NO_SURVEY,
    )


def _read_citation() -> dict[str, Any]:
    problems: list[Problem] = []
    path = paths.root() / paths.CITATION_FILE
    content = read_yaml(path, problems)
    missing = [key for key in ("title", "authors") if content and not content.get(key)]
    problems += [Problem(paths.shown(path), f"'{key}' is missing", "add it: citations need it") for key in missing]
    if problems:
        raise DataError("The citation", problems)
    return content


def _list_authors(authors: list[dict[str, str]]) -> str:
    """Return authors as a citation lists them."""
    return listing(
        author["name"] if "name" in author else f"{author['family-names']}, {author['given-names']}"
        for author in authors
    )
