"""The chapters of a drafted report: which questions stand together, and the notebooks that their owner goes on with.

Cells are short and call functions of the engine, so that what they say follows the data whatever is edited.
"""

import json
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from surveybook.drafts.labels import make_id
from surveybook.drafts.records import DraftQuestion
from surveybook.model.wording import count

# As many questions stand in one chapter at most, where no section names it; a list of more items has one of its own.
MOST_QUESTIONS, FEW_ITEMS = 5, 4
# Who somebody is, by a short label: no news, and so kept for a chapter of its own at the end.
BACKGROUND = re.compile(
    r"\b(sex|gender|age|age group|district|region|area|ward|county|province|state|country|tenure|education"
    r"|qualifications?|income|employment|occupation|working status|marital|household|children|ethnic\w*|race|religion"
    r"|nationality|citizenship|born|urban|rural|generation|party identification)\b",
    re.IGNORECASE,
)
LONGEST_BACKGROUND = 6
# What two labels of one section begin with: "Health: …", "Health – …"; and a column within a group of a form.
SECTION = re.compile(r"\s*([^:|–?]{3,40}?)\s*(?::| [–|-] )\s*\S")
# Pages that every drafted report has after its chapters, and the one on change before them.
ABOUT, CHECK = "90-about", "96-check-and-cite"
CHANGES = "80-changes"
Cell = tuple[str, list[str], str]


@dataclass(frozen=True)
class Chapter:
    """One chapter: its file's name, what it is called in Markdown, and its questions."""

    name: str
    heading: str
    questions: tuple[DraftQuestion, ...]


def is_background(one: DraftQuestion) -> bool:
    """Return whether a question tells who somebody is: one from a list, with a short label that says so."""
    is_short = len(one.title.split()) <= LONGEST_BACKGROUND
    return (
        one.kind not in ("multiple", "scale")
        and len(one.items) != 0
        and is_short
        and bool(BACKGROUND.search(one.title))
    )


def find_section(one: DraftQuestion) -> str:
    """Return the section that a question says it is of: by what stands before a colon, or the group of a form."""
    columns = one.rules.get("columns") or [one.rules.get("column", "")]
    group = {str(column).rpartition("/")[0].split("/")[0] for column in columns}
    if len(group) == 1 and (name := group.pop()):
        return name.replace("_", " ").strip().capitalize()
    found = SECTION.match(one.title)
    return found[1] if found else ""


def list_chapters(questions: Iterable[DraftQuestion]) -> list[Chapter]:
    """Return questions in chapters: sections by their name, large lists alone, others in runs, who answered last."""
    questions = list(questions)
    news = [one for one in questions if not is_background(one)] or questions
    sections = [find_section(one) for one in news]
    shared = {name for name in sections if name and sections.count(name) > 1}
    runs: list[tuple[str, list[DraftQuestion]]] = []
    for one, section in zip(news, sections, strict=True):
        section = section if section in shared else ""
        if runs and section == runs[-1][0] and (section or _may_join(runs[-1][1], one)):
            runs[-1][1].append(one)
        else:
            runs.append((section, [one]))
    chapters = [
        Chapter(name_page(place, section or run[0].title), section or name_run(run), tuple(run))
        for place, (section, run) in enumerate(runs, start=1)
    ]
    if len(news) < len(questions):
        rest = tuple(one for one in questions if one not in news)
        chapters.append(Chapter(name_page(len(chapters) + 1, "who answered"), "Who answered", rest))
    return chapters


def _may_join(run: Sequence[DraftQuestion], one: DraftQuestion) -> bool:
    """Return whether a question may stand in a chapter with those before it."""
    return len(run) < MOST_QUESTIONS and all(len(part.items) <= FEW_ITEMS for part in (*run, one))


def name_page(place: int, text: str) -> str:
    """Return the name of a chapter's file."""
    return f"{place:02d}-{make_id(text).replace('_', '-') or 'questions'}"


def name_run(run: Sequence[DraftQuestion]) -> str:
    """Return what a chapter of questions without a section is called: its first one, and how many more there are."""
    more = f" and {count(len(run) - 1)} more question{'s' if len(run) > 2 else ''}" if len(run) > 1 else ""
    return f"{{question}}`{run[0].question}`{more}"


def draft_landing(title: str, wave: str, chapters: Sequence[Chapter]) -> str:
    """Return the notebook of the landing page: who was asked, what stands out, how sure it is, the chapters."""
    phrases = {
        "who": "findings.who_was_asked(survey)",
        "changed": "findings.changes_in_brief(survey)",
        "sure": "findings.certainty(survey)",
    }
    for place, chapter in enumerate(chapters, start=1):
        if is_background(chapter.questions[0]):
            continue
        phrases[f"chapter_{place}"] = f'findings.headline(survey, "{chapter.questions[0].question}")'
    left_out = [one.question for chapter in chapters for one in chapter.questions if is_background(one)]
    listed = [
        f"- [](chapters/{chapter.name})"
        + (f": {{glue:text}}`{name}`" if (name := f"chapter_{place}") in phrases else "")
        for place, chapter in enumerate(chapters, start=1)
    ]
    left = f", leave_out={json.dumps(left_out)}" if left_out else ""
    sure = "{glue:text}`sure` [](chapters/90-about) tells what is known of it, and what is not."
    return write_chapter(
        wave,
        title,
        "cards, findings, glue, open_wave",
        [
            ("code", ["remove-cell"], write_glue(phrases)),
            ("markdown", [], "{glue:text}`who` {glue:text}`changed`"),
            ("markdown", [], "## What stands out"),
            ("code", ["remove-input"], f"cards.show_highlights(survey{left})"),
            ("markdown", [], f"## How sure this is\n\n{sure}"),
            ("markdown", [], "\n".join(["## The chapters", "", *listed])),
        ],
    )


def draft_chapter(wave: str, chapter: Chapter, groups: bool) -> str:
    """Return the notebook of a chapter: each question in words, as one chart, and in full on demand."""
    alone = len(chapter.questions) == 1 and chapter.heading.startswith("{question}")
    cells = [cell for one in chapter.questions for cell in draft_question(one, titled=not alone, groups=groups)]
    imported = f"charts, findings, glue, open_wave{', tables' if groups else ''}"
    return write_chapter(wave, chapter.heading, imported, cells)


def draft_question(one: DraftQuestion, *, titled: bool, groups: bool) -> list[Cell]:
    """Return the cells of one question: in words, as one chart, and in full on demand."""
    name = one.question
    phrases = {f"{name}_said": f'findings.result(survey, "{name}")'}
    phrases |= {f"{name}_groups": f'findings.group_differences(survey, "{name}")'} if groups else {}
    pasted = "\n\n".join(f"{{glue:text}}`{phrase}`" for phrase in phrases)
    cells: list[Cell] = [
        ("markdown", [], f"## {{question}}`{name}`\n\n{pasted}" if titled else pasted),
        ("code", ["hide-input"], f'{write_glue(phrases)}\ncharts.results(survey, "{name}")'),
    ]
    is_battery = one.kind not in ("single", "multiple", "number") and len(one.items) > 1
    if is_battery or (one.kind == "number" and len(one.items) > 1):
        cells.append(("code", ["remove-input"], f'charts.stacked(survey, "{name}")'))
    if groups:
        shown = ", headlines=True" if is_battery else ""
        cells.append(("code", ["remove-input"], f'tables.by_group(survey, "{name}"{shown})'))
    return cells


def draft_statements(wave: str, chapter: Chapter, keys: Sequence[str], others: Sequence[DraftQuestion]) -> str:
    """Return the notebook of a chapter of shares that are each known of a question of its own, drawn together.

    `others` are its questions with more answers, which follow one by one.
    """
    name = chapter.name.partition("-")[2]
    listed = "\n".join(["statements = [", *(f'    "{key}",' for key in keys), "]"])
    topic = json.dumps(chapter.heading, ensure_ascii=False)
    cells: list[Cell] = [
        ("code", ["remove-cell"], listed),
        ("code", ["remove-cell"], write_glue({"most": "findings.largest_and_smallest(survey, *statements)"})),
        ("markdown", [], "{glue:text}`most`"),
        ("code", ["hide-input"], f'charts.shares(survey, statements, name="{name}", topic={topic})'),
        ("code", ["hide-input"], f'charts.every_wave(survey, name="{name}-over-time", keys=statements, topic={topic})'),
    ]
    for one in others:
        cells += draft_question(one, titled=True, groups=False)
    return write_chapter(wave, chapter.heading, "charts, findings, glue, open_wave", cells)


def draft_about(wave: str, *, published: bool = False) -> str:
    """Return the notebook of the page about the survey: facts, methods in short, disclosure."""
    phrases = {
        "sure": "findings.certainty(survey)",
        **({} if published else {"weights": "findings.how_weighted(survey)"}),
        "intervals": "findings.intervals_mean(survey)",
        "rounding": "findings.rounding(survey)",
        "small": "findings.small_bases()",
        "disclosed": "findings.how_much_disclosed(survey)",
    }
    made = "Every figure of this report is computed from the answers when its page is made. {glue:text}`weights`"
    if published:
        made = (
            "Every share of this report is as its publisher printed it; changes and intervals are computed from these."
        )
    made += " Intervals are made {glue:text}`intervals`. {glue:text}`rounding`"
    few = "A small base says little, and may tell of a person. {glue:text}`small`"
    return write_chapter(
        wave,
        "About the survey",
        "findings, glue, open_wave, tables",
        [
            ("code", ["remove-cell"], write_glue(phrases)),
            ("code", ["hide-input"], "tables.survey_facts(survey)"),
            ("markdown", [], f"## How the figures were made\n\n{made}" + ("" if published else f"\n\n{few}")),
            ("markdown", [], "## How sure they are\n\n{glue:text}`sure`"),
            ("markdown", [], "## What was disclosed\n\n{glue:text}`disclosed`"),
            ("code", ["remove-input"], 'tables.disclosure(survey, folded="The list, and what is known")'),
        ],
    )


def draft_check(wave: str) -> str:
    """Return the notebook of the page that tells how to cite the report, and what was verified."""
    told = "Cite this edition for what is shown here. Each chart and table has a citation of its own."
    verify = "`surveybook verify` makes all of this anew and checks it; with `--issue` it writes a certificate."
    return write_chapter(
        wave,
        "Check and cite",
        "open_wave, tables",
        [
            ("markdown", [], told),
            ("code", ["remove-input"], "tables.how_to_cite(survey)"),
            ("markdown", [], f"## The certificate\n\n:::{{certificate}}\n:::\n\n{verify}"),
        ],
    )


def draft_changes(wave: str) -> str:
    """Return the notebook of the page on change: what moved, by size, series of waves, and what isn't compared."""
    phrases = {"changed": "findings.changes_in_brief(survey)", "compared": "findings.comparable_questions(survey)"}
    return write_chapter(
        wave,
        "What changed",
        "charts, findings, glue, open_wave, tables",
        [
            ("code", ["remove-cell"], write_glue(phrases)),
            ("markdown", [], "{glue:text}`changed`"),
            ("code", ["hide-input"], "charts.changes(survey)"),
            ("markdown", [], "## Over time"),
            ("code", ["hide-input"], "charts.every_wave(survey, most=16)"),
            ("markdown", [], "## What is compared, and what is not\n\n{glue:text}`compared`"),
            ("code", ["hide-input"], "tables.not_comparable(survey)"),
        ],
    )


def write_glue(phrases: dict[str, str]) -> str:
    """Return the code that stores phrases under their names."""
    return "\n".join(["glue(", *(f"    {name}={call}," for name, call in phrases.items()), ")"])


def write_chapter(wave: str, heading: str, imported: str, cells: Iterable[Cell]) -> str:
    """Return a notebook with its heading, its parameters, and the wave opened."""
    parameters = f'wave = "{wave}"       # a folder under data/waves\nbaseline = ""  # an earlier wave to compare with'
    setup = f"from surveybook import {imported}\n\nsurvey = open_wave(wave, baseline)"
    first: list[Cell] = [
        ("markdown", [], f"# {heading}"),
        ("code", ["parameters", "remove-cell"], parameters),
        ("code", ["remove-cell"], setup),
    ]
    return write_notebook([*first, *cells])


def write_notebook(cells: Iterable[Cell]) -> str:
    """Return the text of a notebook, not executed, of cells: markdown or code, tags, source."""
    made = [
        {
            "cell_type": kind,
            "id": f"cell-{place:02d}",
            "metadata": {"tags": tags} if tags else {},
            "source": source.splitlines(keepends=True),
            **({"execution_count": None, "outputs": []} if kind == "code" else {}),
        }
        for place, (kind, tags, source) in enumerate(cells)
    ]
    kernel = {"display_name": "Python 3", "language": "python", "name": "python3"}
    metadata = {"kernelspec": kernel, "language_info": {"name": "python"}}
    return json.dumps({"cells": made, "metadata": metadata, "nbformat": 4, "nbformat_minor": 5}, indent=1) + "\n"
