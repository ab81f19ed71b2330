"""What a report has beside its waves: figures from other sources, kept apart from survey evidence, and corrections."""

from collections.abc import Iterable

import pandas as pd

from surveybook.model import paths
from surveybook.model.problems import SurveybookError
from surveybook.model.tables import open_table


def pick_evidence(*ids: str) -> pd.DataFrame:
    """Return figures of ``evidence.csv`` by their ids in the order asked for, all where none is named.

    ``quantity`` is a number, missing where a figure is given in words.

    Raises
    ------
    DataError
        When the file can't be read, an id stands twice or a quantity isn't a number.
    SurveybookError
        When an id isn't there.
    """
    table = open_table(paths.data() / "evidence.csv", "The evidence from other sources").set_index("evidence_id")
    if missing := [name for name in ids if name not in table.index]:
        raise SurveybookError(f"data/evidence.csv has no {', '.join(missing)}.")
    return table.loc[list(ids)] if ids else table


def read_corrections() -> pd.DataFrame:
    """Return ``corrections.csv``: one row a correction, as text, oldest first; none where nothing was corrected.

    Raises
    ------
    DataError
        When the file can't be read, a date isn't one, or a row doesn't say what was changed and why.
    """
    table = open_table(paths.data() / "corrections.csv", "The corrections", rows_needed=False)
    return table.sort_values("date", kind="stable", ignore_index=True)


def source_names(keys: Iterable[str]) -> list[str]:
    """Return citation keys as readers know the works: 'Office for National Statistics 2020'."""
    from pybtex.database import parse_file

    entries = parse_file(str(paths.data() / "references.bib")).entries
    names = []
    for key in dict.fromkeys(keys):
        entry = entries[key]
        authors = [" ".join(person.last_names) for person in entry.persons.get("author", [])]
        names.append(
            f"{' and '.join(authors)} {entry.fields.get('year', 'undated')}".replace("{", "")
            .replace("}", "")
            .replace("--", "–")
        )
    return names
