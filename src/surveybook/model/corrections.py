"""What was corrected in a report's figures."""

import pandas as pd

from surveybook.model import paths
from surveybook.model.tables import open_table


def read_corrections() -> pd.DataFrame:
    """Return ``corrections.csv``: one row a correction, as text, oldest first; none where nothing was corrected.

    Raises
    ------
    DataError
        When the file can't be read, a date isn't one, or a row doesn't say what was changed and why.
    """
    table = open_table(paths.data() / "corrections.csv", "The corrections", rows_needed=False)
    return table.sort_values("date", kind="stable", ignore_index=True)
