"""The explorer’s data, every figure of every wave as plain values, and what else a site has beside its chapters."""

import json
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pandas as pd

from surveybook.exhibits.figure_tables import find_kinds, format_base, format_share, name_answer
from surveybook.exhibits.workbook import write_workbook
from surveybook.model.codebook import Codebook
from surveybook.model.problems import SurveybookError
from surveybook.model.survey import Survey
from surveybook.model.wording import band, round_number, sentence
from surveybook.waves import list_waves, open_wave
from surveybook.waves.definitions import define_question, list_deciding_parts
from surveybook.words.findings import base_line, intervals_mean
from surveybook.words.naming import name_domain

FIGURE_FIELDS = (
    "wave", "question", "population", "domain", "label", "answer", "status", "value", "share", "low", "high", "base",
    "locator", "item", "from", "to",
)  # fmt: skip
# Under the book's folder, where the Sphinx extension looks for them.
EXTRAS = Path("_build/extras")


def write_extras(survey: Survey, book: Path, surveys: Sequence[Survey] | None = None) -> Path:
    """Write the explorer's data and the workbook for the edition of one wave under a book's folder; return where.

    The explorer holds the waves of `surveys`; all that there are without it.
    """
    folder = book / EXTRAS
    folder.mkdir(parents=True, exist_ok=True)
    found = explorer_data(_open_waves(survey) if surveys is None else surveys)
    content = json.dumps(found, ensure_ascii=False, separators=(",", ":"))
    (folder / "explorer.json").write_text(content, encoding="utf-8")
    write_workbook(survey, folder / "workbook.xlsx")
    return folder


def _open_waves(first: Survey) -> list[Survey]:
    """Return all waves that can be opened, the one of this edition first, the others from the latest."""
    found = [first]
    for wave in sorted((wave for wave in list_waves() if wave != first.wave), reverse=True):
        try:
            found.append(open_wave(wave, confidence=first.confidence))
        except SurveybookError as error:
            print(f"The explorer leaves out wave {wave}, which can't be opened. {error}", file=sys.stderr)
    return found


def explorer_data(surveys: Sequence[Survey]) -> dict[str, Any]:
    """Return what the explorer's page holds.

    Parameters
    ----------
    surveys : sequence of Survey
        The waves, the one to begin with first.

    Returns
    -------
    dict
        ``waves``, ``populations``, ``questions`` and ``asked``, and ``figures`` as rows of the fields `FIGURE_FIELDS`;
        shares and bounds in per cent, None where there is none.
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
    return {
        "confidence": round(100 * surveys[0].confidence),
        "waves": waves,
        "populations": [{"id": name, "label": row["label"]} for name, row in codebook.populations.iterrows()],
        "questions": questions,
        "asked": {key: text for survey in surveys for key, text in _list_questions(survey).items()},
        "fields": FIGURE_FIELDS,
        "figures": [row for survey in surveys for row in _explore_figures(survey)],
    }


def _list_questions(survey: Survey) -> dict[str, list[Any]]:
    """Return wording, base, deciding parts and mode of each question asked, by wave, question and population.

    Two waves can be compared where no part that both state differs, and with caution where the modes aren't the same.
    """
    asked = survey.asked
    asked = asked[(asked["source"] != "not_asked") & asked["population"].isin(survey.metadata["populations"])]
    return {
        f"{survey.wave}|{row.question_id}|{row.population}": [
            row.wording,
            base_line(survey, [row.population]),
            list_deciding_parts(define_question(survey, str(row.population), str(row.question_id))),
            str(row.mode),
        ]
        for row in asked.itertuples()
    }


def _explore_figures(survey: Survey) -> list[list[Any]]:
    """Return the figures of a wave in the order of the codebook."""
    order = {name: place for place, name in enumerate(survey.codebook.questions.index)}
    figures = survey.estimates.assign(place=survey.estimates["question_id"].map(order))
    kinds = find_kinds(survey, figures)
    return [
        [
            survey.wave,
            figure["question_id"],
            figure["population"],
            name_domain(figure["domain"]),
            figure["label"],
            name_answer(kinds[figure["question_id"]], figure["response"]),
            figure["status"],
            format_share(figure),
            _round_percent(figure["share"], 2) if figure["status"] == "number" else None,
            _round_percent(figure["low"], 1),
            _round_percent(figure["high"], 1),
            format_base(figure),
            figure["locator"],
            f"{figure['item_id']}.{figure['response']}",
            *_allow_shares(survey.codebook, figure),
        ]
        for _, figure in figures.sort_values(["place", "order", "response"], kind="stable").iterrows()
    ]


def _allow_shares(codebook: Codebook, figure: pd.Series) -> tuple[float | None, float | None]:
    """Return the shares in per cent that a figure in words may stand for; None where there are none."""
    limits = band(codebook, figure["verbal"]) if figure["status"] == "words" else None
    return (None, None) if limits is None else (_round_percent(limits[0], 1), _round_percent(limits[1], 1))


def _round_percent(share: float, decimals: int) -> float | None:
    """Return a share (0-1) in per cent, to the decimals that mean something; None where there is none."""
    return None if pd.isna(share) else round_number(100 * share, decimals)
