"""The report's typology of the parts that people play towards the state."""

from surveybook.exhibits.exhibit import NO_SURVEY, Exhibit
from surveybook.model import paths
from surveybook.model.tables import open_table

# From the least to the most active part, as the report orders them.
ROLES = ("Passive recipients", "Active participants", "Assertive participants", "Self-service users")


def tabulate_typology(name: str = "typology") -> Exhibit:
    """Return the report's examples of the parts that people play towards the state, a column a part.

    Raises
    ------
    DataError
        When ``typology.csv`` can't be read.
    """
    examples = open_table(paths.data() / "typology.csv", "The typology")
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
