"""Exceptions from the rules: an exact phrase in one chapter, for a reason; one that nothing needs is a finding."""

import re
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from surveybook.model import paths
from surveybook.model.problems import DataError, Problem
from surveybook.model.tables import read_table
from surveybook.verify.linting.finding import Finding
from surveybook.verify.linting.words import straight

COLUMNS = ["check", "chapter", "phrase", "reason"]
SOURCE, PERTURBATION = "source", "perturbation"
EVERY_CHAPTER = "*"


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

    @cached_property
    def pattern(self) -> re.Pattern[str]:
        """Return the pattern of the phrase; a line end counts as a space."""
        return re.compile(r"\s+".join(re.escape(straight(word)) for word in self.phrase.split()))

    def allows(self, finding: Finding) -> bool:
        """Return whether the phrase holds what was found."""
        if not finding.excusable or self.chapter not in (finding.chapter, EVERY_CHAPTER):
            return False
        return any(
            match.start() <= finding.start and finding.end <= match.end()
            for match in self.pattern.finditer(straight(finding.context))
        )


def read_exceptions(path: Path | None = None) -> list[ExceptionRow]:
    """Return the rows of ``data/lint/exceptions.csv``.

    Raises
    ------
    DataError
        When the file can't be read, or a row lacks something, stands twice or names no check.
    """
    path = path or paths.data() / "lint" / "exceptions.csv"
    problems: list[Problem] = []
    table = read_table(path, problems, "exceptions", rows_needed=False)
    file = paths.shown(path)
    rows = [
        ExceptionRow(row=int(str(row)), **{name: str(record[name]) for name in COLUMNS})
        for row, record in table.iterrows()
    ]
    for entry in rows:
        if entry.check not in (SOURCE, PERTURBATION):
            problems.append(
                Problem(
                    file, f"'{entry.check}' isn't a check", f"expected {SOURCE} or {PERTURBATION}", entry.row, "check"
                )
            )
        problems += [
            Problem(file, "nothing stands here", "fill it", entry.row, name)
            for name in ("chapter", "phrase", "reason")
            if not getattr(entry, name)
        ]
    for row in table.index[table.duplicated(["check", "chapter", "phrase"])]:
        problems.append(Problem(file, "the phrase stands twice for this chapter", "keep one row", row, "phrase"))
    if problems:
        raise DataError("The list of exceptions", problems)
    return rows


def apply_exceptions(
    findings: Iterable[Finding],
    rows: Iterable[ExceptionRow],
    check: str,
    chapters: Collection[str],
    *,
    whole_book: bool,
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
    whole_book : bool
        Whether those are all; only then is an exception for no chapter, or for every one, known to be unused.
    """
    mine = [row for row in rows if row.check == check]
    lent = [row for row in rows if row.check == SOURCE and check == PERTURBATION]
    used: set[ExceptionRow] = set()
    left = []
    for finding in findings:
        allowing = [row for row in (*mine, *lent) if row.allows(finding)]
        used.update(allowing)
        if not allowing:
            left.append(finding)
    file = paths.shown(paths.data() / "lint" / "exceptions.csv")
    return left + [
        Finding(
            "exception-unused",
            row.chapter,
            file,
            0,
            row.row,
            row.phrase,
            f"nothing in {row.chapter} needs this exception ({check}): take the row out",
            excusable=False,
        )
        for row in mine
        if row not in used and (whole_book or row.chapter in chapters)
    ]
