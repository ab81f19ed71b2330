"""Writing the figures of a wave that may be shown: everything that an edition is built from."""

import csv
import io
import os
from pathlib import Path

import pandas as pd

from surveybook.model import paths
from surveybook.model.problems import SurveybookError
from surveybook.model.survey import COVARIANCES, Survey
from surveybook.model.tables import list_columns, read_schemas
from surveybook.waves import find_wave
from surveybook.waves.gathering import Gathered


def as_csv(table: pd.DataFrame, columns: list[str]) -> str:
    """Return a table of text as CSV, as the project keeps it."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(columns)
    writer.writerows(table[columns].itertuples(index=False))
    return text.getvalue()


def released_files(gathered: Gathered) -> dict[str, str]:
    """Return the files that hold the figures of a wave which was read from respondents, by name."""
    return {
        "estimates.csv": as_csv(gathered.figures, list_columns(read_schemas()["estimates"])),
        "covariances.csv": as_csv(gathered.covariances, COVARIANCES),
    }


def release_wave(survey: Survey, gathered: Gathered) -> list[Path]:
    """Write ``estimates.csv`` and ``covariances.csv`` of a wave that was read from respondents.

    Published figures that stand in ``estimates.csv`` stay there. Both files are written beside the old ones and
    then put in their place.

    Raises
    ------
    SurveybookError
        When no respondents were read, so that there is nothing to release.
    """
    if not gathered.estimated:
        raise SurveybookError(
            f"Wave {survey.wave} has no respondent file here, so there is nothing to release; "
            "its figures are those that stand in estimates.csv."
        )
    folder = find_wave(survey.wave)
    texts = {folder / name: text for name, text in released_files(gathered).items()}
    for path, text in texts.items():
        path.with_name(f".{path.name}.new").write_text(text, encoding="utf-8", newline="")
    for path in texts:
        os.replace(path.with_name(f".{path.name}.new"), path)
    return list(texts)


def stale_release(survey: Survey, gathered: Gathered) -> str | None:
    """Return what to say where the released figures aren't those that the respondents give now."""
    path = find_wave(survey.wave) / "estimates.csv"
    if not gathered.estimated or not path.exists():
        return None
    there = path.read_text(encoding="utf-8-sig").replace("\r\n", "\n")
    if there == released_files(gathered)["estimates.csv"]:
        return None
    return (
        f"{paths.shown(path)} isn't what the respondents give now; run `surveybook wave check {survey.wave} --release`"
    )
