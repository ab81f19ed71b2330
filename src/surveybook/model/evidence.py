"""What a report has beside its waves: figures from other sources, kept apart from survey evidence, and corrections."""

from collections.abc import Iterable

import pandas as pd

from surveybook.model import paths
from surveybook.model.problems import DataError, Problem, SurveybookError
from surveybook.model.tables import read_table


def read_evidence() -> pd.DataFrame:
    """Return ``evidence.csv`` indexed by id, with ``quantity`` as a number, missing where it is given in words.

    Raises
    ------
    DataError
        When the file can't be read, an id stands twice or a quantity isn't a number.
    """
    problems: list[Problem] = []
    table = read_table(paths.data() / "evidence.csv", problems)
    if problems:
        raise DataError("The evidence from other sources", problems)
    return table.set_index("evidence_id")


def pick_evidence(*ids: str) -> pd.DataFrame:
    """Return figures from other sources in the order asked for.

    Raises
    ------
    SurveybookError
        When one isn't there.
    """
    table = read_evidence()
    missing = [name for name in ids if name not in table.index]
    if missing:
        raise SurveybookError(f"data/evidence.csv has no {', '.join(missing)}.")
    return table.loc[list(ids)]


def read_corrections() -> pd.DataFrame:
    """Return ``corrections.csv``: one row a correction, as text, oldest first; none where nothing was corrected.

    Raises
    ------
    DataError
        When the file can't be read, a date isn't one, or a row doesn't say what was changed and why.
    """
    problems: list[Problem] = []
    path = paths.data() / "corrections.csv"
    table = read_table(path, problems, rows_needed=False)
    if problems:
        raise DataError("The corrections", problems)
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
