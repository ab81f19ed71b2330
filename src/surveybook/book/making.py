"""What is done in a process of its own for each wave: checking its data, building its pages."""

import contextlib
import io
import json
import shutil
import sys
from pathlib import Path
from typing import Any

from surveybook.book.plans import fieldwork_end
from surveybook.book.site import EDITION_FILE, STRICT, describe, lay_out
from surveybook.exhibits.explorer import explorer_data
from surveybook.model import paths
from surveybook.model.survey import Survey
from surveybook.waves import examine_wave, open_wave
from surveybook.waves.releasing import released_files


def check_waves(waves: list[str]) -> dict[str, str]:
    """Open waves, and return the files of those figures that had to be estimated from respondents, by their place.

    Whoever puts these files in the place of the respondents has the same figures, and needn't estimate them again.

    Raises
    ------
    SurveybookError
        With all that is wrong.
    """
    files: dict[str, str] = {}
    for wave in dict.fromkeys(waves):
        _, gathered = examine_wave(wave)
        if gathered.estimated:
            files |= {f"waves/{wave}/{name}": text for name, text in released_files(gathered).items()}
    return files


def explore_wave(wave: str) -> dict[str, Any]:
    """Return what the explorer holds of a wave."""
    return explorer_data([open_wave(wave)])


def lay_out_edition(wave: str, baseline: str, stage: str, chapters: list[str] | None, runs: dict[str, str]) -> None:
    """Lay an edition out as a book, with what it tells of itself beside it.

    Parameters
    ----------
    wave, baseline : str
        Its parameters.
    stage : str
        The folder of the book.
    chapters : list of str, optional
        The notebooks of a part of the book.
    runs : dict
        The executed notebooks, by their place in the book.
    """
    folder = Path(stage)
    for place, executed in runs.items():
        (folder / place).parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(executed, folder / place)
    survey = open_wave(wave, baseline=baseline)
    lay_out(survey, folder, None if chapters is None else [paths.root() / name for name in chapters], [survey])
    told = json.dumps(told_by(survey, baseline), ensure_ascii=False)
    (folder / EDITION_FILE.parent / "told.json").write_text(told, encoding="utf-8")


def told_of(wave: str, baseline: str) -> dict[str, Any]:
    """Return what the edition of a wave tells of itself."""
    return told_by(open_wave(wave, baseline=baseline), baseline)


def told_by(survey: Survey, baseline: str) -> dict[str, Any]:
    """Return what the edition of a survey tells of itself."""
    return {
        **describe(survey),
        "baseline": baseline,
        "fieldwork_end": fieldwork_end(survey.metadata),
        "label": str(survey.metadata.get("label", survey.wave)),
    }


def build_book(stage: str, strict: bool) -> str | None:
    """Build a laid-out book as the command ``jupyter-book build`` does; return what Sphinx said where it fails."""
    from jupyter_book.cli.main import main

    said = io.StringIO()
    with contextlib.redirect_stdout(said), contextlib.redirect_stderr(said):
        try:
            main(["build", stage, *(STRICT if strict else ())], standalone_mode=False)
        except SystemExit as end:
            return said.getvalue() if end.code else None
        except OSError:
            raise  # a full disk above all, which isn't the book's fault
        except Exception as error:
            return f"{said.getvalue()}\n{type(error).__name__}: {error}"
    sys.stdout.flush()
    return None
