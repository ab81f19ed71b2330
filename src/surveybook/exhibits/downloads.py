"""What readers take away of whole waves: the explorer’s data, and the files beside it."""

import json
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import pandas as pd

from surveybook.change.comparability import list_deciding_parts
from surveybook.exhibits.ddi import write_ddi
from surveybook.exhibits.for_programs import write_figures, write_package
from surveybook.exhibits.records import format_share, word_figures
from surveybook.exhibits.remainders import LEFT, add_remainders
from surveybook.exhibits.topline import write_topline_document
from surveybook.exhibits.workbook import list_rows, round_percents, sort_figures, write_workbook
from surveybook.model import paths
from surveybook.model.files import find_fieldwork_end
from surveybook.model.problems import SurveybookError
from surveybook.model.survey import Survey
from surveybook.model.wording import band, has_interval, quote_wording, sentence
from surveybook.waves import open_wave
from surveybook.waves.definitions import define_question
from surveybook.words.findings import base_line, intervals_mean

# Under the book's folder, where the Sphinx extension looks for them.
EXTRAS = Path("_build/extras")
# The files that readers take away of a wave: full tables, the topline in words, what archives harvest, what programs
# read, and the data as they are.
WRITERS = {
    "tables.xlsx": write_workbook,
    "topline.docx": write_topline_document,
    "ddi.xml": write_ddi,
    "figures.json": write_figures,
    "data.zip": write_package,
}


def write_extras(survey: Survey, book: Path, surveys: Sequence[Survey] | None = None) -> Path:
    """Write the explorer's data, and what readers take away of one wave, under a book's folder; return where.

    The explorer holds the waves of `surveys`; without it all that there are, the one of this edition first, the
    others from the latest. One that is made up stands beside no survey.
    """
    folder = book / EXTRAS
    folder.mkdir(parents=True, exist_ok=True)
    if surveys is None:
        others = sorted((wave for wave in paths.list_waves() if wave != survey.wave), reverse=True)
        found = open_others(others, survey.confidence)
        made_up = bool(survey.metadata.get("synthetic"))
        surveys = [survey, *(one for one in found if made_up or not one.metadata.get("synthetic"))]
    content = json.dumps(explorer_data(surveys), ensure_ascii=False, separators=(",", ":"))
    (folder / "explorer.json").write_text(content, encoding="utf-8")
    for name, write in WRITERS.items():
        write(survey, folder / name)
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
            "ended": find_fieldwork_end(survey.metadata),
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
            quote_wording(row.wording, row.wording_source),
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
        "figures": [row for table in tables for row in list_rows(table)],
    }


def _explore_figures(survey: Survey) -> pd.DataFrame:
    """Return the figures of a wave in the order of the codebook, item by item."""
    figures = sort_figures(survey, "order", "response")
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
            "share": round_percents(figures["share"].where(figures["status"] == "number"), 2),
            "low": round_percents(figures["low"].where(has_interval(figures)), 1),
            "high": round_percents(figures["high"].where(has_interval(figures)), 1),
            "base": words["base"],
            "locator": figures["locator"],
            "item": figures["item_id"] + "." + figures["response"],
            "from": round_percents(pd.Series([low for low, _ in allowed], figures.index, dtype=float), 1),
            "to": round_percents(pd.Series([high for _, high in allowed], figures.index, dtype=float), 1),
        }
    )


def _explore_remainders(survey: Survey) -> dict[tuple[str, str], list[list[str]]]:
    """Return what answers leave to 100 per cent, by question and population, a list each.

    It holds the part of the population, the last figure's ``item``, the statement (empty for a list), the name and the
    share in per cent.
    """
    figures = sort_figures(survey, "order", "response")
    shown = add_remainders(survey, figures.assign(row=figures["figure_id"], series=""))
    items, own = shown["item_id"] + "." + shown["response"], ["whole", "population", "domain"]
    last = items.where(shown["status"] != LEFT).groupby([shown[key] for key in own]).last().to_dict()
    found: dict[tuple[str, str], list[list[str]]] = {}
    for _, row in shown[shown["status"] == LEFT].iterrows():
        statement = "" if row["label"] == row["response"] else row["label"]
        told = [row["domain"], last[tuple(row[own])], statement, row["response"], format_share(row)]
        found.setdefault((row["question_id"], row["population"]), []).append(told)
    return found
