"""Making the folder of a new wave."""

import shutil
from pathlib import Path

import pandas as pd

from surveybook.model import paths
from surveybook.model.codebook import Codebook, read_codebook
from surveybook.model.problems import SurveybookError
from surveybook.model.tables import list_columns, read_schemas
from surveybook.waves import check_wave_id
from surveybook.waves.metadata import DISCLOSURE_ITEMS


def make_wave(wave: str) -> list[Path]:
    """Make the folder of a new wave from the codebook, and return its files.

    Its ``asked.csv`` has a row for each population and question that says that it wasn't asked, until somebody fills
    it in.

    Raises
    ------
    SurveybookError
        When the id isn't one or the wave is there already; nothing is written then.
    DataError
        When the codebook is wrong.
    """
    import jinja2  # no other command of a wave needs it

    name = str(wave)
    check_wave_id(name)
    folder = paths.waves() / name
    if folder.exists() or name.lower() in {there.lower() for there in paths.list_waves()}:
        raise SurveybookError(f"{paths.shown(folder)} is there already; choose another id, or go on with that folder.")
    codebook = read_codebook()
    template = jinja2.Template(
        Path(__file__).with_name("wave.yml.jinja").read_text(encoding="utf-8"),
        keep_trailing_newline=True,
        trim_blocks=True,
    )
    populations = codebook.populations["label"].to_dict()
    stage = folder.with_name(f".{name}.new")
    shutil.rmtree(stage, ignore_errors=True)
    stage.mkdir(parents=True)
    text = template.render(wave=name, populations=populations, items=DISCLOSURE_ITEMS)
    (stage / "wave.yml").write_text(text, encoding="utf-8")
    list_unasked(codebook).to_csv(stage / "asked.csv", index=False, lineterminator="\n")
    stage.rename(folder)
    return sorted(folder.iterdir())


def list_unasked(codebook: Codebook) -> pd.DataFrame:
    """Return an ``asked.csv`` in which no population was asked any question."""
    rows = [
        {
            "population": population,
            "question_id": question,
            "responses": "|".join(codebook.kind_of(question).answers),
            "source": "not_asked",
        }
        for question in codebook.questions.index
        for population in codebook.populations.index
    ]
    return pd.DataFrame(rows, columns=list_columns(read_schemas()["asked"]), dtype=object).fillna("")
