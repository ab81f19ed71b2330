"""The tables of a wave as documents, the same bytes each time: full tables as a workbook, the topline for Word.

The workbook has each question by all declared groups, then every figure as a row; a label that begins with an equals
sign stays a label. The topline has whole populations alone: each question, its answers in per cent, bases, notes.
"""

import datetime
import math
import textwrap
import zipfile
from collections.abc import Iterator, Sequence
from itertools import accumulate
from pathlib import Path
from typing import Any

import pandas as pd

from surveybook.exhibits.full_tables import SMALL_BASE, FullTable, fill_cell, lay_out_table, tabulate_survey, tell_tests
from surveybook.exhibits.records import list_rows, order_figures
from surveybook.model.report import read_report
from surveybook.model.survey import Survey, populations_asked
from surveybook.model.wording import quote_wording, round_number, sentence
from surveybook.waves.release import UNLIMITED
from surveybook.words.findings import base_line, how_weighted, intervals_mean, people
from surveybook.words.naming import name_domain

# The same file each time: a workbook states when it was made.
MADE = datetime.datetime(2000, 1, 1)
STATUS = {"number": "published", "words": "in words only", "unpublished": "not published"}
# The columns of the list of all figures, and what they are in `order_figures`.
LISTED = {
    "Figure": "figure_id", "Question": "question", "Population": "population", "Part of it": "said_part",
    "Item": "label", "Answer": "said_answer", "Status": "status", "Per cent": "percent", "In words": "verbal",
    "Interval from": "percent_low", "Interval to": "percent_high", "Base": "base", "Base is": "base_status",
    "Design effect": "design_effect", "Method": "method", "Printed in": "locator", "Note": "note",
}  # fmt: skip
CONTENTS, FIGURES = "Contents", "All figures"
WIDTHS = (20, 42, 16, 18, 48, 14, 12, 9, 22, 12, 12, 8, 10, 13, 10, 14, 50)
# Of a full table: the names of its rows, a column of numbers, the letters beside it.
ROW_NAMES, NUMBERS, LETTERS = 52, 10, 6
A4, LINE_HIGH = 9, 15  # as the format numbers sizes of paper, and in points
# In letters: the column of texts in the contents, and what a page has room for beside the names of rows.
TEXTS, ON_A_PAGE = 110, 110
# The document's parts are made here, as python-docx would stamp the time into it, and needs XML for captions and
# repeated header rows all the same. What parts them in the template is a character that no text holds.
TEMPLATE, MARK = Path(__file__).with_name("topline.docx.jinja"), "\x1c"
# The width of its text, in twentieths of a point, and of a column of shares.
WIDTH, SHARES = 9000, 1500


def write_workbook(survey: Survey, path: Path) -> Path:
    """Write the full tables of a wave: contents, a sheet a question, and lists of all figures and questions.

    Parameters
    ----------
    survey : Survey
        The wave.
    path : pathlib.Path
        The file, whose name ends in ``.xlsx``; returned.
    """
    import xlsxwriter  # type: ignore[import-untyped]

    report, asked = read_report(), tabulate_survey(survey)
    name = f"{report.short_title or report.title} Full tables"
    lists = [
        (FIGURES, _list_topline(survey), WIDTHS),
        ("Questions", survey.asked.astype(object).replace(math.inf, UNLIMITED), (16, 26) * 6),
        ("Mentions", survey.mentions, (22,) * 5),
    ]
    path.parent.mkdir(parents=True, exist_ok=True)
    with xlsxwriter.Workbook(path, {"strings_to_formulas": False, "strings_to_urls": False}) as book:
        book.set_properties({"title": f"{name}, wave {survey.wave}", "created": MADE})
        styles = {
            "bold": book.add_format({"bold": True, "bottom": 1, "text_wrap": True}),
            "title": book.add_format({"bold": True, "font_size": 13}),
            "wrapped": book.add_format({"valign": "top", "align": "left", "text_wrap": True}),
            "told": book.add_format({"align": "right"}),
            "head": book.add_format({"bold": True, "bottom": 1, "text_wrap": True, "align": "right"}),
            **{f"share {decimals}": book.add_format({"num_format": f"0.{'0' * decimals}".rstrip(".")})
               for decimals in range(3)},
            "base": book.add_format({"num_format": "#,##0", "italic": True}),
            "small base": book.add_format({"num_format": f'#,##0"{SMALL_BASE}"', "italic": True}),
        }  # fmt: skip
        sheet = book.add_worksheet(CONTENTS)
        sheet.set_column(0, 0, 28, styles["wrapped"])
        sheet.set_column(1, 1, TEXTS, styles["wrapped"])
        lines = _explain_workbook(survey, name)
        sheet.write_row(0, 0, lines[0], styles["title"])
        for row, line in enumerate(lines[1:], start=1):
            sheet.write_row(row, 0, line, styles["wrapped"])
            sheet.set_row(row, LINE_HIGH * len(textwrap.wrap(str(line[1]), TEXTS)))
        set_page(sheet, 0)
        for place, (question, title, opening) in enumerate(_open_questions(survey), start=1):
            sheet.write_url(len(lines) + place, 0, f"internal:'Table {place}'!A1", string=f"Table {place}")
            sheet.write(len(lines) + place, 1, title)
            table = lay_out_table(survey, question, asked[question])
            own = book.add_worksheet(f"Table {place}")
            _write_full_table(own, survey, table, [f"Table {place}. {title}", *opening], styles)
        row = len(lines) + len(asked) + 2
        for title, table, widths in lists:
            if table.empty:
                continue
            sheet.write_url(row, 0, f"internal:'{title}'!A1", string=title)
            row += 1
            _write_list(book.add_worksheet(title), table, widths, styles)
    return path


def _open_questions(survey: Survey) -> Iterator[tuple[str, str, list[str]]]:
    """Yield the questions that have a table, each with its title, and what was asked of whom."""
    for question in tabulate_survey(survey):
        asked = [*_quote_wordings(survey, question), base_line(survey, populations_asked(survey, question))]
        yield question, str(survey.codebook.questions.loc[question, "title"]), asked


def _quote_wordings(survey: Survey, question: str) -> list[str]:
    """Return the wording of a question as it was put, with whom it was put to where populations heard unlike ones."""
    asked = {row["population"]: row for (_, name), row in survey.asked_rows.items() if name == question}
    same = len({row["wording"] for row in asked.values()}) == 1
    said = [
        ("" if same else f"{sentence(people(survey, population))}: ")
        + quote_wording(row["wording"], row["wording_source"], cited=True)
        for population, row in asked.items()
    ]
    return list(dict.fromkeys(said)) if not same else said[:1]


def set_page(sheet: Any, head: int, width: int = 0) -> None:
    """Let a sheet print on A4, on so many pages beside each other as so many letters of numbers need.

    Each has its header row and the names of its rows.
    """
    sheet.set_landscape()
    sheet.set_paper(A4)
    sheet.fit_to_pages(max(1, math.ceil(width / ON_A_PAGE)), 0)
    sheet.repeat_rows(head)
    sheet.repeat_columns(0)


def _write_list(sheet: Any, table: pd.DataFrame, widths: Sequence[int], styles: dict[str, Any]) -> None:
    """Write a table as it is, with a filter."""
    for place, width in enumerate(widths):
        sheet.set_column(place, place, width, styles["wrapped"])
    sheet.write_row(0, 0, [sentence(str(column).replace("_", " ")) for column in table.columns], styles["bold"])
    sheet.freeze_panes(1, 0)
    for row, held in enumerate(list_rows(table), start=1):
        sheet.write_row(row, 0, held)
    set_page(sheet, 0)
    sheet.autofilter(0, 0, len(table), len(table.columns) - 1)


def _write_full_table(
    sheet: Any, survey: Survey, table: FullTable, opening: Sequence[str], styles: dict[str, Any]
) -> None:
    """Write the full table of a question: what was asked of whom, the columns of all groups, notes."""
    sheet.write(0, 0, opening[0], styles["title"])
    for row, line in enumerate(opening[1:], start=1):
        sheet.write(row, 0, line)
    head = len(opening) + 2
    sheet.write_url(head - 2, 0, f"internal:'{CONTENTS}'!A1", string="Contents")
    sheet.set_column(0, 0, ROW_NAMES)
    sheet.write(head, 0, table.head, styles["bold"])
    # A column of numbers, and one of letters beside it where it is lettered.
    places, before = list(accumulate((1 + bool(one) for one in table.columns["letter"]), initial=1))[:-1], ""
    lines = 1
    several = table.columns["population"].nunique() > 1
    for place, one in zip(places, table.columns.itertuples(), strict=True):
        # Two lines: what its grouping is by, and which group of it.
        variable, _, group = one.domain.partition("=")
        whose = f"{sentence(people(survey, one.population))}: " if several and variable else ""
        by = f"{whose}{sentence(name_domain(variable))}"
        sheet.write(head - 1, place, by if one.grouping != before else "")
        heading = sentence(group) if variable else one.heading
        lines = max(lines, len(textwrap.wrap(heading, NUMBERS)))
        sheet.write(head, place, heading, styles["head"])
        sheet.set_column(place, place, NUMBERS)
        if one.letter:
            sheet.write(head, place + 1, f"({one.letter})", styles["bold"])
            sheet.set_column(place + 1, place + 1, LETTERS)
        before = one.grouping
    # Not every program makes room for a heading of several lines.
    sheet.set_row(head, LINE_HIGH * lines)
    sheet.freeze_panes(head + 1, 1)
    set_page(sheet, head, width=NUMBERS * len(table.columns) + LETTERS * int(table.columns["letter"].ne("").sum()))
    for row, held in enumerate(table.rows, start=head + 1):
        sheet.write(row, 0, held.label)
        for place, cell in zip(places, held.cells, strict=True):
            value, decimals, beside = fill_cell(cell, held.what, table.marks)
            if decimals is None:
                sheet.write(row, place, value, styles["told"])
            elif held.what == "share":
                sheet.write(row, place, round_number(value, 6), styles[f"share {min(decimals, 2)}"])
                if beside:
                    sheet.write(row, place + 1, beside)
            else:
                sheet.write(row, place, round_number(value, 4), styles["small base" if beside else "base"])
    for place, note in enumerate(table.notes, start=head + len(table.rows) + 2):
        sheet.write(place, 0, note)


def _explain_workbook(survey: Survey, name: str) -> list[list[Any]]:
    """Return what one has to know to use the figures."""
    metadata, licence = survey.metadata, read_report().licence_name
    counts = survey.estimates["status"].value_counts()
    level = f"{100 * survey.confidence:g}%, {intervals_mean(survey).text}; none where the base is unknown"
    entries, answered = metadata["populations"], metadata.get("responses") or {}
    published = {who: entry.get("weighting") or "not stated" for who, entry in entries.items() if who not in answered}
    weighting = [
        *(f"{sentence(people(survey, who))}: {told}" if len(entries) > 1 else told for who, told in published.items()),
        *([how_weighted(survey).text] if answered else []),
    ]
    return [
        [name, f"wave {metadata.get('label') or survey.wave}"],
        *([["MADE-UP DATA", "No figure in this workbook comes from a survey."]] if metadata.get("synthetic") else []),
        ["Source", metadata["title"]],
        ["Populations", base_line(survey, list(metadata["populations"]))],
        *(["Weighting", " ".join(told.split())] for told in weighting),
        ["Letters", tell_tests(survey)],
        ["Intervals", level],
        *([f"Figures {text}", int(counts.get(status, 0))] for status, text in STATUS.items()),
        ["Not published", "The source implies the figure and does not print it. It is not nought."],
        ["Suppressed", "Too few people answered, or a group of too few could be worked out from it; the notes say so."],
        ["Don’t know", "An answer of its own where the source gives it; where it does not, the row says so."],
        *([["Licence", f"{licence} for the compilation"]] if licence else []),
    ]


def _list_topline(survey: Survey) -> pd.DataFrame:
    """Return one row a figure in the order of the codebook, population by population; shares in per cent."""
    book, figures = survey.codebook, order_figures(survey, "population", "domain", "order", "response")
    figures = figures.assign(
        question=figures["question_id"].map(book.questions["title"]),
        population=figures["population"].map(book.populations["label"]),
        said_answer=figures["said_answer"].replace("", "Chosen"),
        status=figures["status"].map(STATUS),
        base=figures["base"].round(),
        design_effect=figures["design_effect"].round(3),
    )
    return figures[list(LISTED.values())].set_axis(list(LISTED), axis=1)


def write_topline_document(survey: Survey, path: Path) -> Path:
    """Write the topline of a wave, of whole populations, as a ``.docx`` file, and return it.

    Parameters
    ----------
    survey : Survey
        The wave.
    path : pathlib.Path
        The file.
    """
    import jinja2

    report, metadata = read_report(), survey.metadata
    opening = [
        "Made-up data: no figure comes from a survey." if metadata.get("synthetic") else "",
        f"{metadata['title']}.",
        base_line(survey, list(metadata["populations"])),
        f"Licence of the compilation: {report.licence_name}." if report.licence_name else "",
    ]
    template = jinja2.Environment(autoescape=True).from_string(TEMPLATE.read_text(encoding="utf-8"))
    text = template.render(
        title=f"{report.short_title or report.title}: topline, {metadata.get('label', survey.wave)}",
        opening=opening,
        questions=list(_list_toplines(survey)),
        mark=MARK,
    )
    with zipfile.ZipFile(path, "w", zipfile.ZIP_STORED) as file:
        for part in text.split(MARK):
            name, _, content = part.partition("\n")
            file.writestr(zipfile.ZipInfo(name), f'<?xml version="1.0" encoding="UTF-8"?>\n{content}')
    return path


def _list_toplines(survey: Survey) -> Iterator[dict[str, Any]]:
    """Yield each question as the document shows it: title, what was asked of whom, rows of the table, notes."""
    for place, (question, title, (*wordings, base)) in enumerate(_open_questions(survey), start=1):
        cells = tabulate_survey(survey)[question]
        # Letters are about groups, of which a topline has none.
        whole = cells[cells["domain"] == ""].assign(letters="", letter="")
        whole["tests"] = [frozenset()] * len(whole)
        table = lay_out_table(survey, question, whole)
        headings = list(table.columns["heading"])
        heads = [table.head, *headings] if len(headings) > 1 else ["Answer", table.head]
        yield {
            "title": f"{place}. {title}",
            "wordings": wordings,
            "base": base,
            "rows": [heads, *map(table.write_row, table.rows)],
            "widths": [max(WIDTH - SHARES * len(headings), WIDTH // 3), *[SHARES] * len(headings)],
            "notes": table.notes,
        }
