"""How large a file of respondents may be, said before it is read: what claims more can't be a survey."""

from pathlib import Path

from surveybook.model import paths
from surveybook.model.problems import Problem

# A CSV file is taken apart in memory, at several times its size; Parquet is read column by column.
LARGEST_FILE = {".csv": 500_000_000, ".sav": 2_000_000_000, ".zsav": 2_000_000_000, ".dta": 4_000_000_000}
LARGEST_PARQUET = 20_000_000_000
# Eight bytes each at least. Packed files tell in their first bytes how many there are.
MOST_ANSWERS = 400_000_000


def within_size(path: Path, problems: list[Problem]) -> bool:
    """Return whether a file is no larger than its kind may be; otherwise add a problem."""
    largest = LARGEST_FILE.get(path.suffix.lower(), LARGEST_PARQUET)
    if path.stat().st_size <= largest:
        return True
    expected = "check what it is; a survey as large as that is read from Parquet"
    problems.append(Problem(paths.shown(path), f"the file is over {largest / 1e9:g} GB", expected))
    return False


def within_answers(name: str, rows: int | None, columns: int, problems: list[Problem]) -> bool:
    """Return whether a file doesn't claim to hold more answers than fit; otherwise add a problem."""
    if (rows or 0) * max(columns, 1) <= MOST_ANSWERS:
        return True
    found = f"the file says that it holds {rows:,} respondents with {columns:,} answers each"
    expected = f"at most {MOST_ANSWERS:,} answers are read: check what it is, or map fewer columns"
    problems.append(Problem(name, found, expected))
    return False


def rows_to_read(rows: int | None, columns: int) -> int:
    """Return how many rows to read of a file that may not tell: one more than are allowed, or 0 for all."""
    return 0 if rows is not None else MOST_ANSWERS // max(columns, 1) + 1
