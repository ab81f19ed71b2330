"""Tables: who was asked what, what its source doesn't say, every figure and what it can bear, how to cite it.

What stands over and under each, and in its head, is in ``tables.yml`` beside this file.
"""

import math
from collections.abc import Sequence
from typing import Any

import pandas as pd

from surveybook.change.changes import changes_of
from surveybook.change.comparability import COMPARABLE, NOT_COMPARABLE
from surveybook.exhibits.exhibit import Exhibit, of_survey
from surveybook.exhibits.full_tables import by_group as by_group
from surveybook.model import paths
from surveybook.model.files import read_beside
from surveybook.model.report import read_report
from surveybook.model.survey import Survey, label_of, populations_asked
from surveybook.model.tables import open_table
from surveybook.model.wording import (
    Phrase,
    band,
    count,
    in_sentence,
    list_first,
    listing,
    number,
    quote_wording,
    sentence,
    span,
)
from surveybook.stats.robustness import examine_findings
from surveybook.waves.checks import DISCLOSURE_ITEMS, NOT_KNOWN, UNTOLD
from surveybook.words.asked import describe_edition
from surveybook.words.findings import people

UNDISCLOSED, UNSTATED = "not disclosed by the source", "not stated"
SMALL_P = 0.001
# Of more questions that one wave alone asked than these, a row tells all.
MOST_ALONE = 20
# What stands over and under each table, by its name.
TEXTS: dict[str, Any] = read_beside(__file__, "tables.yml")


def make_table(
    kind: str,
    rows: Sequence[Sequence[Any]],
    survey: Survey | None = None,
    slots: dict[str, str] | None = None,
    **told: Any,
) -> Exhibit | None:
    """Return a table with its texts, filled with what it is called by and what else it says of a survey.

    A table without rows is none: not every wave has something to say in each.
    """
    if not rows:
        return None
    texts = TEXTS[kind]
    filled = {"survey": survey.metadata["title"], "wave": survey.wave} if survey else {}
    filled |= slots or {}
    known: dict[str, Any] = {key: str(texts[key]).format(**filled) for key in ("title", "subtitle", "source")}
    known |= {"name": kind, "notes": [str(note).format(**filled) for note in texts.get("notes", ())]}
    return Exhibit(rows=rows, **{"columns": texts.get("columns"), **known, **told})


def survey_facts(survey: Survey) -> Exhibit | None:
    """Return who was asked, how and when, a column a population."""
    populations, texts = survey.metadata["populations"], TEXTS["survey-facts"]
    facts = {
        key: [label, *(_state_fact(survey, one, entries, key) for one, entries in populations.items())]
        for key, label in texts["facts"].items()
    }
    unstated = [key for key, row in facts.items() if set(row[1:]) == {UNSTATED}]
    missing = [texts["missed"][key] for key in unstated if key in texts["missed"]]
    return make_table(
        "survey-facts",
        [row for key, row in facts.items() if key not in unstated],
        survey,
        columns=["", *(sentence(people(survey, population)) for population in populations)],
        notes=[f"Not stated: {listing(missing)}."] if missing else [],
        wave=survey.wave,
    )


def _state_fact(survey: Survey, population: str, entries: dict[str, Any], key: str) -> str:
    """Return one fact about a sample as text; what isn't known is said to be so."""
    stated = entries.get(key)
    if key == "weighting" and not stated and (rules := (survey.metadata.get("responses") or {}).get(population)):
        return UNSTATED if rules.get("weight") else "Not weighted"
    if stated in (None, "", NOT_KNOWN):
        return UNDISCLOSED if survey.wave == read_report().claims_wave else UNSTATED
    if key == "sample_size":
        return f"{number(stated)}{' (assumed)' if entries.get('base_status') == 'assumed' else ''}"
    return sentence(" ".join(str(stated).split()))


def undisclosed(survey: Survey) -> Exhibit | None:
    """Return what the source of a wave keeps to itself."""
    listed = survey.metadata.get("not_disclosed") or []
    rows = [[sentence(entry["topic"]), " ".join(entry["text"].split())] for entry in listed]
    rows = rows or [["Nothing is listed", "The survey’s own description names no gap."]]
    return make_table("undisclosed", rows, survey, wave=survey.wave)


def disclosure(survey: Survey, folded: str = "") -> Exhibit | None:
    """Return the items that the AAPOR Transparency Initiative asks for, each stated or not disclosed.

    With `folded` the list waits under that heading.
    """
    rows = []
    for entry in survey.metadata["disclosure"]["items"]:
        title = entry.get("title") or DISCLOSURE_ITEMS[entry["item"] - 1]
        told = "" if entry["text"] == UNTOLD else " ".join(entry["text"].split())
        rows.append([f"{entry['item']}. {title}", sentence(entry["status"]), told])
    # Where nothing was told of any, their status says so.
    shown = 3 if any(told for *_, told in rows) else 2
    columns, rows = TEXTS["disclosure"]["columns"][:shown], [row[:shown] for row in rows]
    return make_table("disclosure", rows, survey, columns=columns, folded=folded, wave=survey.wave)


def questions_of(survey: Survey, chapter: str, folded: str = "") -> Exhibit | None:
    """Return the questions that belong to one chapter, as a wave asked them.

    Parameters
    ----------
    survey : Survey
        The wave.
    chapter : str
        As in the codebook's ``questions.csv``.
    folded : str
        The heading under which the list waits; it stands open without one.

    Returns
    -------
    Exhibit
        One row a question, or one for each population where they were asked in unlike words.
    """
    questions = survey.codebook.questions
    asked = questions.index[questions["chapter"] == chapter]
    rows = [row for question in asked for row in _list_wordings(survey, question)]
    about = {"chapter": chapter.replace("-", " ")}
    return make_table("questions-of", rows, survey, about, name=f"codebook-{chapter}", folded=folded, wave=survey.wave)


def _list_wordings(survey: Survey, question: str) -> list[list[str]]:
    """Return a question's row, one a wording; a single row that says so where the wave didn't ask it."""
    title, items = survey.codebook.questions.loc[question, "title"], survey.codebook.items
    labels = "; ".join(items[items["question_id"] == question].sort_values("order")["label"])
    populations, kind = populations_asked(survey, question), survey.codebook.kind_of(question)
    if not populations:
        return [[title, labels, "not asked in this survey", "", kind.how_listed, question]]
    asked = survey.asked
    asked = asked[(asked["question_id"] == question) & asked["population"].isin(populations)]
    alike = ["wording", "wording_source", "max_choices", "max_choices_source"]
    rows = []
    for (wording, source, most, known), same in asked.groupby(alike, sort=False, dropna=False):
        who = sentence(listing(people(survey, population) for population in same["population"]))
        choices = kind.how_listed
        if kind.is_several and pd.isna(most):
            choices += ", how many is not known"
        elif kind.is_several and math.isinf(most):
            choices += ", as many as apply"
        elif kind.is_several:
            choices = f"{count(int(most))} from a list{f' ({known})' if known else ''}"
        rows.append([title, labels, who, quote_wording(wording, source, cited=True), choices, question])
    return rows


def words_for_shares(survey: Survey, folded: str = "") -> Exhibit | None:
    """Return the words that stand for shares, with the range of shares that each allows."""
    rows = []
    for phrase in survey.codebook.words.index:
        limits = band(survey.codebook, str(phrase))
        rows.append([f"“{phrase}”", span(*limits, 1) if limits else "any"])
    return make_table("words-for-shares", rows, folded=folded)


def not_comparable(survey: Survey) -> Exhibit | None:
    """Return the questions that can't be compared with the baseline, or with caution alone, and why.

    One row a population and question, those first that both waves asked, then new ones, of many one for all; None
    without a baseline, or where all are comparable.
    """
    changes = changes_of(survey)
    if changes is None:
        return None
    found = changes.questions[changes.questions["status"] != COMPARABLE]
    # What was put otherwise is what a reader looks for; then what is new, then what was dropped.
    places = ["", survey.wave, changes.baseline.wave]
    found = found.sort_values("only_in", key=lambda waves: waves.map(places.index), kind="stable")
    alone = found.groupby(["only_in", "population"])["title"].transform("size").le(MOST_ALONE) | (
        found["only_in"] == ""
    )
    told = [(row.title, row.population, row.status, row.reason) for row in found[alone].itertuples()]
    told += [
        (list_first(same["title"].tolist()), population, NOT_COMPARABLE, f"{label_of(silent)} did not ask them")
        for silent, wave in ((changes.baseline, survey), (survey, changes.baseline))
        for population, same in found[~alone & (found["only_in"] == wave.wave)].groupby("population", sort=False)
    ]
    rows = [
        [title, sentence(people(survey, population)), sentence(status), f"{sentence(reason)}."]
        for title, population, status, reason in told
    ]
    before = changes.baseline
    slots = {"before": label_of(before), "now": label_of(survey), "baseline": before.wave}
    return make_table("not-comparable", rows, survey, slots, **of_survey(survey))


def read_corrections() -> pd.DataFrame:
    """Return ``corrections.csv``: one row a correction, as text, oldest first; none where nothing was corrected.

    Raises
    ------
    DataError
        When the file can't be read, a date isn't one, or a row doesn't say what was changed and why.
    """
    table = open_table(paths.data() / "corrections.csv", "The corrections", rows_needed=False)
    return table.sort_values("date", kind="stable", ignore_index=True)


def count_corrections() -> Phrase:
    """Return how many corrections there are, as a sentence."""
    found = len(read_corrections())
    if not found:
        return Phrase("Nothing has been corrected so far.")
    return Phrase(f"{sentence(count(found))} correction{' has' if found == 1 else 's have'} been made so far.")


def corrections() -> Exhibit | None:
    """Return what was corrected in this edition, with the reasons, in the columns that hold anything; None if nothing.

    A correction of a sentence has no figure, and one that adds something had nothing before.
    """
    found = read_corrections()
    named = {"date": "Date", "what": "What", "old": "Was", "new": "Is", "reason": "Why", "figure_id": "Figure"}
    held = [column for column in named if found[column].ne("").any()]
    figures = [figure for figure in found["figure_id"] if figure]
    columns = [named[column] for column in held]
    return make_table("corrections", found[held].to_numpy().tolist(), columns=columns, figures=figures)


def how_to_cite(survey: Survey) -> Exhibit | None:
    """Return how to cite this edition, the wave's data in it, and the report that it rests on where there is one."""
    report, named = read_report(), survey.metadata["title"]
    by = f"{report.authors_text}. " if report.authors_text else ""
    within = f" In {report.full_title}." if named != report.full_title else ""
    rows = [
        ["This edition", f"{by}{report.full_title}, {describe_edition(survey)['name']}."],
        ["The data of this survey", f"{by}{named}.{within}"],
    ]
    if source := report.source_report:
        told = [f"{listing(source.authors)} ({source.published[:4]})", source.full_title, source.publisher]
        told += [f"ISBN {source.isbn}"] if source.isbn else []
        rows.append(["The report", f"{'. '.join(filter(None, told))}."])
    listed = ", its data and the report that it rests on" if source else " and its data"
    return make_table("how-to-cite", rows, slots={"data": listed})


def design_effects(survey: Survey, folded: str = "") -> Exhibit | None:
    """Return every finding of a wave with the design effect at which it would be lost."""
    rows = [
        [
            *_describe_finding(survey, row),
            number(100 * row["difference"]),
            span(row["low"], row["high"], 1),
            _format_p(row["p_holm"]),
            "yes" if row["secure"] else "no",
            "" if pd.isna(row["survives_rounding"]) else "yes" if row["survives_rounding"] else "no",
            format_effect(row["lost_at_design_effect"]),
        ]
        for _, row in examine_findings(survey).iterrows()
    ]
    level = number(100 * survey.confidence)
    meant = f"Points are the one figure minus the other, with the {level}% interval, unadjusted."
    told = of_survey(survey)
    return make_table("design-effects", rows, survey, interval_note=meant, filter=True, folded=folded, **told)


def _describe_finding(survey: Survey, row: pd.Series) -> tuple[str, str]:
    """Return what a row of `examine_findings` compares, and of whom."""
    labels, who = survey.codebook.items["short_label"], people(survey, row["population"])
    item = labels[row["item_id"]]
    if row["kind"] == "populations":
        return f"{item}: {who} against {people(survey, row['other_population'])}", "Both"
    if row["kind"] == "order":
        return f"{item} before {in_sentence(str(labels[row['other_item_id']]))}", sentence(who)
    kind = survey.codebook.kind_of(row["question_id"])
    agree, disagree = (in_sentence(kind.label_of(str(response))) for response in (kind.headline, kind.opposite))
    against = f"{agree} against {disagree}" if row["kind"] == "answers" else f"share who {agree} against one half"
    return f"{item}: {against}", sentence(who)


def _format_p(p_value: float) -> str:
    """Return a p-value with three decimals."""
    if pd.isna(p_value):
        return ""
    return f"<\u00a0{SMALL_P}" if p_value < SMALL_P else f"{p_value:.3f}"


def format_effect(effect: float) -> str:
    """Return the design effect at which a finding is lost, rounded down so that it never promises too much."""
    if math.isnan(effect):
        return "not shown at all"
    if math.isinf(effect):
        return "at none"
    decimals = 2 if effect < 10 else 0
    return number(math.floor(effect * 10**decimals) / 10**decimals, decimals)
