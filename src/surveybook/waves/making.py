"""Making the folder of a new wave."""

import csv
import io
import shutil
from collections.abc import Iterable, Sequence
from pathlib import Path

from surveybook.model import paths
from surveybook.model.problems import SurveybookError
from surveybook.model.report import read_report
from surveybook.model.survey import Survey
from surveybook.waves import WAVE_ID, list_waves, open_wave
from surveybook.waves.checks import ASKED
from surveybook.waves.template import template

SHEET = ["population", "question_id", "title", "kind", "item_id", "label", "version", "max_choices",
         "max_choices_source", "known_wording", "wording_source", "note"]  # fmt: skip
UNKNOWN_WORDING = "the 2005 report prints no questions: label and wording are what it says in tables and text"


def make_wave(wave: str) -> list[Path]:
    """Make the folder of a new wave and return its files.

    Raises
    ------
    SurveybookError
        When the id isn't one or the wave is there already; nothing is written then.
    """
    name = str(wave)
    if not WAVE_ID.fullmatch(name) or ".." in name:
        raise SurveybookError(f"{name[:80]!r} can't be the id of a wave: letters, digits, '-', '_' and '.' make one.")
    folder = paths.waves() / name
    if folder.exists() or name.lower() in {there.lower() for there in list_waves()}:
        raise SurveybookError(f"{paths.shown(folder)} is there already; choose another id, or go on with that folder.")
    report = open_wave(read_report().claims_wave)
    stage = folder.with_name(f".{name}.new")
    shutil.rmtree(stage, ignore_errors=True)
    stage.mkdir(parents=True)
    (stage / "wave.yml").write_text(template(name), encoding="utf-8")
    write_table(stage / "asked.csv", ASKED, asked_rows(report))
    write_table(stage / f"items-{report.wave}.csv", SHEET, item_rows(report))
    stage.rename(folder)
    return sorted(folder.iterdir())


def write_table(path: Path, columns: Sequence[str], rows: Iterable[dict[str, object]]) -> None:
    """Write a CSV file as the project keeps them."""
    text = io.StringIO()
    writer = csv.DictWriter(text, columns, lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows)
    path.write_text(text.getvalue(), encoding="utf-8")


def asked_rows(report: Survey) -> Iterable[dict[str, object]]:
    """Yield a row for each question of 2004 that says that it wasn't asked, until somebody fills it in."""
    for row in report.asked.itertuples():
        yield {
            "population": row.population,
            "question_id": row.question_id,
            "version": "",
            "wording": "",
            "wording_source": "",
            "responses": row.responses,
            "max_choices": "",
            "max_choices_source": "",
            "universe": "",
            "mode": "",
            "source": "not_asked",
            "note": "",
        }


def item_rows(report: Survey) -> Iterable[dict[str, object]]:
    """Yield every item that 2004 asked about, with what is known of its wording."""
    questions, items = report.codebook.questions, report.codebook.items
    for row in report.asked.itertuples():
        own = items[items["question_id"] == row.question_id].sort_values("order")
        for item in own.itertuples():
            yield {
                "population": row.population,
                "question_id": row.question_id,
                "title": questions.loc[row.question_id, "title"],
                "kind": questions.loc[row.question_id, "kind"],
                "item_id": item.Index,
                "label": item.label,
                "version": row.version,
                "max_choices": "" if row.max_choices != row.max_choices else int(row.max_choices),
                "max_choices_source": row.max_choices_source,
                "known_wording": row.wording,
                "wording_source": row.wording_source,
                "note": UNKNOWN_WORDING,
            }
