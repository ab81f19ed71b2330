"""The report's typology of the parts that people play towards the state."""

import pandas as pd

from surveybook.exhibits.exhibit import NO_SURVEY, Exhibit
from surveybook.model import paths
from surveybook.model.problems import DataError, Problem
from surveybook.model.tables import read_table

# From the least to the most active part, as the report orders them.
ROLES = ("Passive recipients", "Active participants", "Assertive participants", "Self-service users")


def read_typology() -> pd.DataFrame:
    """Return the report's examples of how people meet the state: level of government, role, example.

    Raises
    ------
    DataError
        When the file can't be read.
    """
    problems: list[Problem] = []
    table = read_table(paths.data() / "typology.csv", problems)
    if problems:
        raise DataError("The typology", problems)
    return table


def tabulate_typology(name: str = "typology") -> Exhibit:
    """Return the report's examples of the parts that people play towards the state, a column a part."""
    examples = read_typology()
    cells = {key: "; ".join(rows["example"]) for key, rows in examples.groupby(["level", "role"])}
    return Exhibit(
        name,
        "From passive recipient to self-service: examples of the parts that people play",
        ["", *ROLES],
        [[level, *(cells.get((level, role), "") for role in ROLES)] for level in examples["level"].unique()],
        source="Source: Table 5 of the report, shortened; not survey evidence (data/typology.csv).",
        subtitle="Levels of government, by the part that people play towards them.",
        base=NO_SURVEY,
    )
