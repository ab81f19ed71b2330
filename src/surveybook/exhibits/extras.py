"""What a site has beside its chapters: the data of the explorer and the workbook of the whole topline."""

import json
from collections.abc import Sequence
from pathlib import Path

from surveybook.exhibits.explorer import every_wave, explorer_data
from surveybook.exhibits.workbook import write_workbook
from surveybook.model.survey import Survey

# Under the book's folder, where the Sphinx extension looks for them.
EXTRAS = Path("_build/extras")


def write_extras(survey: Survey, book: Path, surveys: Sequence[Survey] | None = None) -> Path:
    """Write them for the edition of one wave under a book's folder, and return where they are.

    The explorer holds the waves of `surveys`; all that there are without it.
    """
    folder = book / EXTRAS
    folder.mkdir(parents=True, exist_ok=True)
    data = json.dumps(
        explorer_data(every_wave(survey) if surveys is None else surveys), ensure_ascii=False, separators=(",", ":")
    )
    (folder / "explorer.json").write_text(data, encoding="utf-8")
    write_workbook(survey, folder / "workbook.xlsx")
    return folder
