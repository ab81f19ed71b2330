"""What a check found, where, and what to do about it; and the exceptions that people allowed, each for a reason."""

import re
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from pathlib import Path

from surveybook.model import paths
from surveybook.model.problems import DataError, Problem
from surveybook.model.tables import read_table

SOURCE, PERTURBATION = "source", "perturbation"
EVERY_CHAPTER = "*"


@dataclass(frozen=True)
class Finding:
    """One thing in a chapter that breaks a rule.

    Attributes
    ----------
    rule : str
        The short name of the rule.
    file : str
        The file, as typed from the project's folder.
    cell : int
        Which of the notebook's cells, counted from 1; 0 in a file that has no cells.
    line : int
        Which line of the cell or file, counted from 1; 0 where it concerns the whole.
    found : str
        The text that breaks the rule.
    advice : str
        What to do about it.
    context : str
        The text around it, which an exception's phrase has to be a part of.
    start : int
        Where in the context `found` begins.
    excusable : bool
        Whether an exception may allow it.
    """

    rule: str
    file: str
    cell: int
    line: int
    found: str
    advice: str
    context: str = ""
    start: int = 0
    excusable: bool = True

    @property
    def chapter(self) -> str:
        """The file's name without its ending, as exceptions name it."""
        return Path(self.file).stem

    def __str__(self) -> str:
        """Return the finding as one line."""
        place = [
            self.file,
            *([f"cell {self.cell}"] if self.cell else []),
            *([f"line {self.line}"] if self.line else []),
        ]
        return f"{', '.join(place)}: “{' '.join(self.found.split())}” ({self.rule}): {self.advice}"


@dataclass(frozen=True)
class ExceptionRow:
    """A phrase that is allowed in a chapter.

    Attributes
    ----------
    row : int
        The row as a spreadsheet counts it.
    check : str
        ``source`` for the text as typed (then it is allowed in the executed chapters too), ``perturbation`` for
        the executed chapters alone.
    chapter : str
        The file's name without its ending; '*' for sentences that a function puts into several chapters.
    phrase, reason : str
        The exact phrase, and why it may stand.
    """

    row: int
    check: str
    chapter: str
    phrase: str
    reason: str

    def allows(self, finding: Finding) -> bool:
        """Return whether the phrase holds what was found; a line end counts as a space."""
        if not finding.excusable or self.chapter not in (finding.chapter, EVERY_CHAPTER):
            return False
        phrase = r"\s+".join(re.escape(straighten(word)) for word in self.phrase.split())
        end = finding.start + len(finding.found)
        places = re.finditer(phrase, straighten(finding.context))
        return any(match.start() <= finding.start and end <= match.end() for match in places)


def straighten(text: str) -> str:
    """Return a text of the same length with straight apostrophes and plain hyphens, so that spelling decides alone."""
    return text.translate(str.maketrans("’‘‑", "''-"))


def exceptions_file() -> Path:
    """Return the file of the exceptions."""
    return paths.data() / "lint" / "exceptions.csv"


def read_exceptions(path: Path | None = None) -> list[ExceptionRow]:
    """Return the rows of ``data/lint/exceptions.csv``; none where a report has no such file.

    Raises
    ------
    DataError
        When the file can't be read, or a row lacks something, stands twice or names no check.
    """
    path = path or exceptions_file()
    if not path.exists():
        return []
    problems: list[Problem] = []
    table = read_table(path, problems, "exceptions", rows_needed=False)
    if problems:
        raise DataError("The list of exceptions", problems)
    return [ExceptionRow(int(str(row)), *record) for row, record in zip(table.index, table.to_numpy(), strict=True)]


def apply_exceptions(
    findings: Iterable[Finding], rows: Iterable[ExceptionRow], check: str, chapters: Collection[str], *, whole: bool
) -> list[Finding]:
    """Return the findings that no exception allows, and one for each exception that allows nothing.

    Parameters
    ----------
    findings : iterable of Finding
        What a check found.
    rows : iterable of ExceptionRow
        All exceptions.
    check : str
        Which check it was.
    chapters : collection of str
        The chapters that were checked.
    whole : bool
        Whether those are all; only then is an exception for no chapter, or for every one, known to be unused.
    """
    rows = [row for row in rows if row.check in (check, SOURCE)]
    used: set[ExceptionRow] = set()
    left = []
    for finding in findings:
        allowing = {row for row in rows if row.allows(finding)}
        used |= allowing
        if not allowing:
            left.append(finding)
    file = paths.shown(exceptions_file())
    for row in rows:
        if row.check == check and row not in used and (whole or row.chapter in chapters):
            advice = f"nothing in {row.chapter} needs this exception ({check}): take the row out"
            left.append(Finding("exception-unused", file, 0, row.row, row.phrase, advice, excusable=False))
    return left
