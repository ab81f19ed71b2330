"""The files of a report that rests on a published topline: a wave a period, each compared with the one before."""

import re
from collections.abc import Sequence
from pathlib import Path

import pandas as pd

from surveybook.drafts import report
from surveybook.drafts.chapters import (
    ABOUT,
    CHANGES,
    CHECK,
    Chapter,
    draft_about,
    draft_changes,
    draft_chapter,
    draft_check,
    draft_landing,
    draft_statements,
    list_chapters,
    name_page,
)
from surveybook.drafts.folder import check_folder, write_files, write_folder
from surveybook.drafts.labels import make_id
from surveybook.drafts.questions import list_answers
from surveybook.drafts.records import DraftQuestion
from surveybook.drafts.topline import WITHHELD, Topline
from surveybook.model.problems import DataError, Problem
from surveybook.waves.metadata import NOT_KNOWN, UNDISCLOSED

# Periods that say when people were asked.
DATE = re.compile(r"\d{4}(-\d{2}){0,2}")
# So many shares, each of a question of its own, are drawn together.
LEAST_TOGETHER = 2
GROUP = re.compile(r"(?P<by>[^:=]+)[:=](?P<group>.+)")


def write_topline_report(folder: Path, topline: Topline, *, title: str) -> list[Path]:
    """Write a whole report of a topline and return its files.

    Parameters
    ----------
    folder : Path
        Where it goes; it may not be there yet, or be empty.
    topline : Topline
        What was read.
    title : str
        Of the report.

    Raises
    ------
    SurveybookError
        When the folder holds anything.
    DataError
        When a group can't be one, or two periods would be one wave.
    """
    check_folder(folder)
    waves = name_waves(topline)
    figures = name_figures(topline)
    chapters, last = divide_topline(topline), waves[topline.periods[-1]]
    more = [CHANGES] if len(waves) > 1 else []
    texts = {
        **write_folder(title, last, published=True),
        **report.write_settings(title, last, topline.questions, chapters, *more),
        **report.write_codebook(
            topline.questions, {one.question: chapter.name for chapter in chapters for one in chapter.questions}
        ),
        "index.ipynb": draft_landing(title, last, chapters),
        f"chapters/{ABOUT}.ipynb": draft_about(last, published=True),
        f"chapters/{CHECK}.ipynb": draft_check(last),
        **{f"chapters/{name}.ipynb": draft_changes(last) for name in more},
        **{f"chapters/{chapter.name}.ipynb": draft_section(last, chapter) for chapter in chapters},
    }
    before: list[str] = []
    for period in topline.periods:
        own = figures[figures["period"] == period]
        texts[f"data/waves/{waves[period]}/wave.yml"] = describe_period(topline, title, period, waves[period], before)
        texts[f"data/waves/{waves[period]}/asked.csv"] = report.write_table("asked", list_published(topline, own))
        texts[f"data/waves/{waves[period]}/estimates.csv"] = report.write_table(
            "estimates", list_published_figures(own)
        )
        before.append(waves[period])
    return write_files(folder, texts)


def name_waves(topline: Topline) -> dict[str, str]:
    """Return the id of the wave that each period becomes."""
    waves = {period: re.sub(r"[^A-Za-z0-9_-]+", "-", period).strip("-") for period in topline.periods}
    for period, wave in waves.items():
        first = next(other for other, own in waves.items() if own == wave)
        if not wave or first != period:
            row = int(topline.rows.index[topline.rows["period"] == period][0])
            found = f"the period '{period}' can't be told from '{first}'"
            raise DataError(
                "The topline", [Problem(topline.name, found, "write it alike, or otherwise", row, "period")]
            )
    return waves


def name_figures(topline: Topline) -> pd.DataFrame:
    """Return the rows with the group of each figure as a survey has it (``grouping=group``), and the figure's id."""
    problems, domains = [], []
    for row, text in topline.rows["group"].items():
        found = GROUP.fullmatch(text)
        if text and not found:
            problems.append(
                Problem(
                    topline.name, f"'{text}' names no grouping", "write age: 16-24, or nothing", int(str(row)), "group"
                )
            )
        domains.append(f"{make_id(found['by'])}={make_id(found['group'])}" if found else "")
    if problems:
        raise DataError("The topline", problems)
    rows = topline.rows.assign(domain=domains)
    parts = rows["item_id"] + "." + rows["answer"] + rows["domain"].map(lambda one: f".{one}" if one else "")
    return rows.assign(figure_id=parts.map(lambda text: re.sub(r"[^a-z0-9]+", "_", text)))


def divide_topline(topline: Topline) -> list[Chapter]:
    """Return the chapters: by the sections that the file names, or else as those of any report."""
    if not any(topline.sections.values()):
        return list_chapters(topline.questions)
    sections: dict[str, list[DraftQuestion]] = {}
    for one in topline.questions:
        sections.setdefault(topline.sections[one.question] or "Other questions", []).append(one)
    return [
        Chapter(name_page(place, heading), heading, tuple(questions))
        for place, (heading, questions) in enumerate(sections.items(), start=1)
    ]


def describe_period(topline: Topline, title: str, period: str, wave: str, before: Sequence[str]) -> str:
    """Return ``wave.yml`` of a period: what the file says of it, and null or "not known" for the rest."""
    own = topline.rows[topline.rows["period"] == period]
    unstated = ("fieldwork_start", "fieldwork_end", "sponsor", "frame", "response_rate", "weighting", "sample_size")
    unknown: dict[str, object] = dict.fromkeys(("conducted_by", "mode", "universe"), NOT_KNOWN)
    block: dict[str, object] = {"label": "Respondents", "fieldwork": period, **unknown, **dict.fromkeys(unstated)}
    if DATE.fullmatch(period):
        block |= {"fieldwork_start": period, "fieldwork_end": period}
    block |= {"base_status": "stated" if own["base"].any() else "unknown", **topline.facts[period]}
    content = {
        "id": wave, "title": f"{title}, {period}", "label": period, "synthetic": False, "source": None,
        "baseline": ", ".join(before) or None, "populations": {report.POPULATION: block}, "disclosure": UNDISCLOSED,
    }  # fmt: skip
    asked = [f"# - {question}." for question in report.OPEN_QUESTIONS]
    return "\n".join([report.dump_yaml(content), "# What no file says; fill it in above:", *asked]) + "\n"


def list_published(topline: Topline, own: pd.DataFrame) -> list[dict[str, str]]:
    """Return the rows of ``asked.csv`` of one period: its own words, and the answers that it gives figures of."""
    answers, rows = list_answers(topline.questions), []
    for one in topline.questions:
        put = own[own["question_id"] == one.question]
        row = {"population": report.POPULATION, "question_id": one.question, "source": "not_asked"}
        if put.empty:
            rows.append(row | {"responses": "|".join(answers[one.kind])})
            continue
        given = [answer for answer in answers[one.kind] if answer in set(put["answer"])]
        row |= {"source": "published", "wording": put["text"].iloc[-1], "wording_source": "the topline"}
        row |= {"responses": "|".join(given), "universe": put["asked_of"].iloc[-1], "note": f"Drafted from {one.why}."}
        if one.max_choices:
            row |= {"max_choices": one.max_choices, "max_choices_source": "the topline"}
        rows.append(row)
    return rows


def list_published_figures(own: pd.DataFrame) -> list[dict[str, object]]:
    """Return the rows of ``estimates.csv`` of one period; what is withheld is a figure that isn't published."""
    return [
        {
            "figure_id": row.figure_id, "population": report.POPULATION, "domain": row.domain, "item_id": row.item_id,
            "response": row.answer, "locator": f"row {row.Index} of the topline", "note": row.note,
            "status": "unpublished" if row.percent.lower() in WITHHELD else "number",
            "percent": "" if row.percent.lower() in WITHHELD else row.percent,
            "decimals": "" if row.percent.lower() in WITHHELD else len(row.percent.partition(".")[2]),
            "base": row.base.replace(",", "").removesuffix(".0"), "base_status": "stated" if row.base else "unknown",
        }
        for row in own.itertuples()
    ]  # fmt: skip


def draft_section(wave: str, chapter: Chapter) -> str:
    """Return the notebook of a chapter: what is known by one share alone together, then each other question."""
    answers = {one.question: list(list_answers([one])[one.kind]) for one in chapter.questions}
    alone = [
        one for one in chapter.questions if one.kind == "scale" or (len(one.items) == 1 == len(answers[one.question]))
    ]
    if len(alone) < LEAST_TOGETHER:
        return draft_chapter(wave, chapter, groups=False)
    keys = [f"{report.POPULATION}.{item}.{answers[one.question][0]}" for one in alone for item in one.items]
    return draft_statements(wave, chapter, keys, [one for one in chapter.questions if one not in alone])
