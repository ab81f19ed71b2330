"""What is wrong with a file, said so that the person who typed it can mend it."""

from collections.abc import Iterable
from dataclasses import dataclass

# Files with columns; in others a place is a key.
TABLES = (".csv", ".gz", ".tsv", ".xlsx", ".parquet", ".sav", ".zsav", ".dta")


@dataclass(frozen=True)
class Problem:
    """One thing that is wrong, and where.

    Attributes
    ----------
    file : str
        The file, as typed from the project's folder.
    found : str
        What stands there.
    expected : str
        What should, and what to do about it.
    row : int, optional
        The row as a spreadsheet counts it: the header is row 1.
    column : str, optional
        The column's name, or the key in a YAML file.
    """

    file: str
    found: str
    expected: str
    row: int | None = None
    column: str | None = None

    def __str__(self) -> str:
        """Return the problem as one line."""
        place = [self.file]
        if self.row is not None:
            place.append(f"row {self.row}")
        if self.column is not None:
            place.append(f"column {self.column}" if self.row is not None or self.file.endswith(TABLES) else self.column)
        return f"{', '.join(place)}: {self.found}; {self.expected}"


class SurveybookError(Exception):
    """Something a person can mend; its text is a sentence for them, and no traceback is needed."""


class DataError(SurveybookError):
    """All that is wrong with the data that were opened.

    Attributes
    ----------
    problems : tuple of Problem
        In the order of the files and rows.
    """

    def __init__(self, subject: str, problems: Iterable[Problem]) -> None:
        self.problems = tuple(problems)
        count = len(self.problems)
        head = f"{subject} has {count} problem{'s' if count != 1 else ''}:"
        super().__init__("\n".join([head, *(f"  {problem}" for problem in self.problems)]))
