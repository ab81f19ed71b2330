"""What was found wrong in this edition after it came out, and what was done."""

import pandas as pd

from surveybook.model import paths
from surveybook.model.problems import DataError, Problem
from surveybook.model.tables import read_table
from surveybook.model.wording import Phrase, count, sentence


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


def corrections_counted() -> Phrase:
    """Return how many corrections there are, as a sentence."""
    number = len(read_corrections())
    if not number:
        return Phrase("Nothing has been corrected so far.")
    return Phrase(f"{sentence(count(number))} correction{' has' if number == 1 else 's have'} been made so far.")
