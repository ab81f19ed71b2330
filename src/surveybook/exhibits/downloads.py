"""What readers take away of whole waves: the explorer’s data and the topline as a workbook.

Every text of the workbook is written as text: a label that begins with an equals sign stays a label.
"""

import datetime
import json
import math
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import pandas as pd

from surveybook.change.comparability import list_deciding_parts
from surveybook.exhibits.records import format_share, word_figures
from surveybook.exhibits.remainders import LEFT, add_remainders
from surveybook.model import paths
from surveybook.model.problems import SurveybookError
from surveybook.model.report import read_report
from surveybook.model.survey import Survey
from surveybook.model.wording import band, round_number, sentence
from surveybook.waves import open_wave
from surveybook.waves.definitions import UNLIMITED, define_question
from surveybook.words.findings import base_line, intervals_mean

# Under the book's folder, where the Sphinx extension looks for them.
EXTRAS = Path("_build/extras")
# The same file each time: a workbook states when it was made.
MADE = datetime.datetime(2000, 1, 1)
STATUS = {"number": "published", "words": "in words only", "unpublished": "not published"}
WIDTHS = (20, 42, 16, 18, 48, 14, 12, 9, 22, 12, 12, 8, 10, 13, 10, 14, 50)


def write_extras(survey: Survey, book: Path, surveys: Sequence[Survey] | None = None) -> Path:
    """Write the explorer's data and the workbook for the edition of one wave under a book's folder; return where.

    The explorer holds the waves of `surveys`; without it all that there are, the one of this edition first, the
    others from the latest.
    """
    folder = book / EXTRAS
    folder.mkdir(parents=True, exist_ok=True)
    if surveys is None:
        others = sorted((wave for wave in paths.list_waves() if wave != survey.wave), reverse=True)
        surveys = [survey, *open_others(others, survey.confidence)]
    content = json.dumps(explorer_data(surveys), ensure_ascii=False, separators=(",", ":"))
    (folder / "explorer.json").write_text(content, encoding="utf-8")
    write_workbook(survey, folder / "workbook.xlsx")
    return folder


def open_others(waves: Sequence[str], confidence: float) -> Iterator[Survey]:
    """Yield waves that an edition shows beside its own; one that can't be opened stops no edition but its own."""
    for wave in waves:
        try:
            yield open_wave(wave, confidence=confidence)
        except SurveybookError as error:
            print(f"The explorer leaves out wave {wave}, which can't be opened. {error}", file=sys.stderr)


def explorer_data(surveys: Sequence[Survey]) -> dict[str, Any]:
    """Return what the explorer's page holds.

    Parameters
    ----------
    surveys : sequence of Survey
        The waves, the one to begin with first.

    Returns
    -------
    dict
        ``waves``, ``populations``, ``questions``, ``asked`` (wording, base, deciding parts, mode and what is left to
        100 by wave, question and population: two waves can be compared where no part that both state differs, and with
        caution where the modes aren't the same), and ``figures`` as rows of the ``fields``; shares and bounds in per
        cent, None where there is none.
    """
    codebook = surveys[0].codebook
    waves = [
        {
            "id": survey.wave,
            "label": str(survey.metadata.get("label", survey.wave)),
            "synthetic": bool(survey.metadata.get("synthetic")),
            "source": str(survey.metadata["title"]),
            "intervals": intervals_mean(survey).text,
        }
        for survey in surveys
    ]
    present = {question for survey in surveys for question in survey.estimates["question_id"]}
    questions = [
        {"id": name, "title": row["title"], "chapter": sentence(str(row["chapter"]).replace("-", " "))}
        for name, row in codebook.questions.iterrows()
        if name in present
    ]
    left = {survey.wave: _explore_remainders(survey) for survey in surveys}
    asked = {
        f"{survey.wave}|{row.question_id}|{row.population}": [
            row.wording,
            base_line(survey, [row.population]),
            list_deciding_parts(define_question(survey, str(row.population), str(row.question_id))),
            str(row.mode),
            left[survey.wave].get((row.question_id, row.population), []),
        ]
        for survey in surveys
        for row in survey.asked[survey.asked["source"] != "not_asked"].itertuples()
        if row.population in survey.metadata["populations"]
    }
    tables = [_explore_figures(survey) for survey in surveys]
    return {
        "confidence": round(100 * surveys[0].confidence),
        "waves": waves,
        "populations": [{"id": name, "label": row["label"]} for name, row in codebook.populations.iterrows()],
        "questions": questions,
        "asked": asked,
        "fields": list(tables[0].columns),
        "figures": [row for table in tables for row in _list_rows(table)],
    }


def _explore_figures(survey: Survey) -> pd.DataFrame:
    """Return the figures of a wave in the order of the codebook, item by item."""
    figures = _sort_figures(survey, "order", "response")
    words = word_figures(survey, figures)
    allowed = [
        band(survey.codebook, verbal) or (None, None) if status == "words" else (None, None)
        for verbal, status in zip(figures["verbal"], figures["status"], strict=True)
    ]
    return pd.DataFrame(
        {
            "wave": survey.wave,
            "question": figures["question_id"],
            "population": figures["population"],
            "domain": words["part"],
            "label": figures["label"],
            "answer": words["answer"],
            "status": figures["status"],
            "value": words["share"],
            "share": _round_percents(figures["share"].where(figures["status"] == "number"), 2),
            "low": _round_percents(figures["low"], 1),
            "high": _round_percents(figures["high"], 1),
            "base": words["base"],
            "locator": figures["locator"],
            "item": figures["item_id"] + "." + figures["response"],
            "from": _round_percents(pd.Series([low for low, _ in allowed], figures.index, dtype=float), 1),
            "to": _round_percents(pd.Series([high for _, high in allowed], figures.index, dtype=float), 1),
        }
    )


def _explore_remainders(survey: Survey) -> dict[tuple[str, str], list[list[str]]]:
    """Return what answers leave to 100 per cent, by question and population, a list each.

    It holds the part of the population, the last figure's ``item``, the statement (empty for a list), the name and the
    share in per cent.
    """
    figures = _sort_figures(survey, "order", "response")
    shown = add_remainders(survey, figures.assign(row=figures["figure_id"], series=""))
    items, own = shown["item_id"] + "." + shown["response"], ["whole", "population", "domain"]
    last = items.where(shown["status"] != LEFT).groupby([shown[key] for key in own]).last().to_dict()
    found: dict[tuple[str, str], list[list[str]]] = {}
    for _, row in shown[shown["status"] == LEFT].iterrows():
        statement = "" if row["label"] == row["response"] else row["label"]
        told = [row["domain"], last[tuple(row[own])], statement, row["response"], format_share(row)]
        found.setdefault((row["question_id"], row["population"]), []).append(told)
    return found


def _sort_figures(survey: Survey, *by: str) -> pd.DataFrame:
    """Return the figures of a wave in the order of the codebook's questions, then by some columns."""
    places = survey.estimates["question_id"].map(list(survey.codebook.questions.index).index)
    return survey.estimates.assign(place=places).sort_values(["place", *by], kind="stable")


def _round_percents(shares: pd.Series, decimals: int) -> pd.Series:
    """Return shares (0-1) in per cent, to the decimals that mean something."""
    return shares.map(lambda share: round_number(100 * share, decimals))


def _list_rows(table: pd.DataFrame) -> list[list[Any]]:
    """Return the rows of a table, None where there is no number."""
    return table.astype(object).where(table.notna(), None).to_numpy().tolist()


def write_workbook(survey: Survey, path: Path) -> Path:
    """Write the topline of a wave: every figure with its base, what wasn't published, and how to read it.

    Parameters
    ----------
    survey : Survey
        The wave.
    path : pathlib.Path
        The file, whose name ends in ``.xlsx``; returned.
    """
    import xlsxwriter  # type: ignore[import-untyped]

    report = read_report()
    name = f"{report.short_title or report.title} Topline"
    sheets = (
        ("Read me", _explain_workbook(survey, name), (28, 110)),
        ("Topline", _list_topline(survey), WIDTHS),
        ("Questions", survey.asked.astype(object).replace(math.inf, UNLIMITED), (16, 26) * 6),
        ("Mentions", survey.mentions, (22,) * 5),
    )
    path.parent.mkdir(parents=True, exist_ok=True)
    with xlsxwriter.Workbook(path, {"strings_to_formulas": False, "strings_to_urls": False}) as book:
        book.set_properties({"title": f"{name}, wave {survey.wave}", "created": MADE})
        bold = book.add_format({"bold": True, "bottom": 1, "text_wrap": True})
        wrapped = book.add_format({"valign": "top", "text_wrap": True})
        for title, table, widths in sheets:
            sheet, headed = book.add_worksheet(title), title != "Read me"
            for place, width in enumerate(widths):
                sheet.set_column(place, place, width, wrapped)
            if headed:
                sheet.write_row(0, 0, [sentence(str(column).replace("_", " ")) for column in table.columns], bold)
                sheet.freeze_panes(1, 0)
            for row, held in enumerate(_list_rows(table), start=int(headed)):
                sheet.write_row(row, 0, held)
            if headed and len(table):
                sheet.autofilter(0, 0, len(table), len(table.columns) - 1)
    return path


def _explain_workbook(survey: Survey, name: str) -> pd.DataFrame:
    """Return what one has to know to use the figures."""
    metadata, licence = survey.metadata, read_report().licence_name
    counts = survey.estimates["status"].value_counts()
    level = f"{100 * survey.confidence:g} per cent, {intervals_mean(survey).text}; none where the base is unknown"
    lines = [
        [name, f"wave {metadata.get('label', survey.wave)}"],
        *([["MADE-UP DATA", "No figure in this workbook comes from a survey."]] if metadata.get("synthetic") else []),
        ["Source", metadata["title"]],
        ["Populations", base_line(survey, list(metadata["populations"]))],
        ["Intervals", level],
        *([f"Figures {text}", int(counts.get(status, 0))] for status, text in STATUS.items()),
        ["Not published", "The source implies the figure and does not print it. Its cell is empty: it is not nought."],
        ["Suppressed", "Too few people answered, or a group of too few could be worked out from it; the note says so."],
        ["Don’t know", "An answer of its own where the source gives it; where it does not, the row says so."],
        *([["Licence", f"{licence} for the compilation"]] if licence else []),
    ]
    return pd.DataFrame(lines)


def _list_topline(survey: Survey) -> pd.DataFrame:
    """Return one row a figure in the order of the codebook, population by population; shares in per cent."""
    figures, book = _sort_figures(survey, "population", "domain", "order", "response"), survey.codebook
    words = word_figures(survey, figures)
    return pd.DataFrame(
        {
            "Figure": figures["figure_id"],
            "Question": figures["question_id"].map(book.questions["title"]),
            "Population": figures["population"].map(book.populations["label"]),
            "Part of it": words["part"],
            "Item": figures["label"],
            "Answer": words["answer"].replace("", "Chosen"),
            "Status": figures["status"].map(STATUS),
            "Per cent": _round_percents(figures["share"].where(figures["status"] == "number"), 2),
            "In words": figures["verbal"],
            "Interval from": _round_percents(figures["low"], 1),
            "Interval to": _round_percents(figures["high"], 1),
            "Base": figures["base"].round(),
            "Base is": figures["base_status"],
            "Design effect": figures["design_effect"].round(3),
            "Method": figures["method"],
            "Printed in": figures["locator"],
            "Note": figures["note"],
        }
    )
