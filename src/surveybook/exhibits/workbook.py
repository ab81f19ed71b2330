"""The whole topline as one workbook: every figure with its base, what wasn't published, and how to read it.

Every text is written as text: a label that begins with an equals sign stays a label.
"""

import datetime
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

import pandas as pd
import xlsxwriter  # type: ignore[import-untyped]

from surveybook.exhibits.figure_tables import find_kinds, name_answer
from surveybook.model.report import read_report
from surveybook.model.survey import Survey
from surveybook.model.wording import round_number
from surveybook.words.findings import base_line, intervals_mean
from surveybook.words.naming import name_domain

# The same file each time: a workbook states when it was made.
MADE = datetime.datetime(2000, 1, 1)
HEADS = (
    "Figure", "Question", "Population", "Part of it", "Item", "Answer", "Status", "Per cent", "In words",
    "Interval from", "Interval to", "Base", "Base is", "Design effect", "Method", "Printed in", "Note",
)  # fmt: skip
WIDTHS = (20, 42, 16, 18, 48, 14, 12, 9, 22, 12, 12, 8, 10, 13, 10, 14, 50)
STATUS = {"number": "published", "words": "in words only", "unpublished": "not published"}


def write_workbook(survey: Survey, path: Path) -> Path:
    """Write the topline of a wave and return the path.

    Parameters
    ----------
    survey : Survey
        The wave.
    path : pathlib.Path
        The file, whose name ends in ``.xlsx``.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    book = xlsxwriter.Workbook(path, {"strings_to_formulas": False, "strings_to_urls": False})
    book.set_properties({"title": f"{_name_book()}, wave {survey.wave}", "created": MADE})
    _fill_sheet(book, "Read me", (), _explain_figures(survey), (28, 110))
    _fill_sheet(book, "Topline", HEADS, _list_topline(survey), WIDTHS)
    for name, table, widths in (("Questions", survey.asked, (16, 26) * 6), ("Mentions", survey.mentions, (22,) * 5)):
        heads = [column.replace("_", " ") for column in table.columns]
        _fill_sheet(book, name, heads, table.to_numpy().tolist(), widths)
    book.close()
    return path


def _name_book() -> str:
    report = read_report()
    return f"{report.short_title or report.title} Topline"


def _explain_figures(survey: Survey) -> list[list[Any]]:
    """Return what one has to know to use the figures."""
    metadata, licence = survey.metadata, read_report().licence_name
    counts = survey.estimates["status"].value_counts()
    level = f"{100 * survey.confidence:g} per cent, {intervals_mean(survey).text}; none where the base is unknown"
    lines = [
        [_name_book(), f"wave {metadata.get('label', survey.wave)}"],
        *([["MADE-UP DATA", "No figure in this workbook comes from a survey."]] if metadata.get("synthetic") else []),
        ["Source", metadata["title"]],
        ["Populations", base_line(survey, list(metadata["populations"]))],
        ["Intervals", level],
        *([f"Figures {text}", int(counts.get(status, 0))] for status, text in STATUS.items()),
        ["Not published", "The source implies the figure and does not print it. Its cell is empty: it is not nought."],
        ["Suppressed", "Too few people answered, or a group of too few could be worked out from it; the note says so."],
        ["Don’t know", "An answer of its own where the source gives it; where it does not, the row says so."],
    ]
    return [*lines, ["Licence", f"{licence} for the compilation"]] if licence else lines


def _list_topline(survey: Survey) -> list[list[Any]]:
    """Return one row a figure in the order of the codebook, with the columns `HEADS`; shares in per cent."""
    book = survey.codebook
    order = {name: place for place, name in enumerate(book.questions.index)}
    figures = survey.estimates.assign(place=survey.estimates["question_id"].map(order))
    kinds = find_kinds(survey, figures)
    return [
        [
            figure["figure_id"],
            book.questions.loc[figure["question_id"], "title"],
            book.populations.loc[figure["population"], "label"],
            name_domain(figure["domain"]),
            figure["label"],
            name_answer(kinds[figure["question_id"]], figure["response"]) or "Chosen",
            STATUS.get(figure["status"], figure["status"]),
            _round_number(100 * figure["share"], 2) if figure["status"] == "number" else None,
            figure["verbal"],
            _round_number(100 * figure["low"], 1),
            _round_number(100 * figure["high"], 1),
            _round_number(figure["base"], 0),
            figure["base_status"],
            _round_number(figure["design_effect"], 3),
            figure["method"],
            figure["locator"],
            figure["note"],
        ]
        for _, figure in figures.sort_values(
            ["place", "population", "domain", "order", "response"], kind="stable"
        ).iterrows()
    ]


def _round_number(value: float, decimals: int) -> float | None:
    """Return a number to the decimals that mean something; None where there is none."""
    return None if pd.isna(value) else round_number(float(value), decimals)


def _fill_sheet(
    book: xlsxwriter.Workbook, name: str, heads: Sequence[str], rows: Iterable[Sequence[Any]], widths: Sequence[float]
) -> None:
    """Write one sheet: heads that stay in sight and filter, then the rows."""
    sheet = book.add_worksheet(name)
    bold, plain = book.add_format({"bold": True, "bottom": 1, "text_wrap": True}), book.add_format({"valign": "top"})
    wrapped = book.add_format({"valign": "top", "text_wrap": True})
    for place, width in enumerate(widths):
        sheet.set_column(place, place, width)
    for place, head in enumerate(heads):
        sheet.write_string(0, place, head[:1].upper() + head[1:], bold)
    last = 0
    for last, row in enumerate(rows, start=1 if heads else 0):
        for place, held in enumerate(row):
            if held is None or held == "" or (isinstance(held, float) and pd.isna(held)):
                continue
            if isinstance(held, int | float):
                sheet.write_number(last, place, held, plain)
            else:
                sheet.write_string(last, place, str(held), wrapped)
    if heads and last:
        sheet.freeze_panes(1, 0)
        sheet.autofilter(0, 0, last, len(heads) - 1)
