"""What a check found, where, and what to do about it."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Finding:
    """One thing in a chapter that breaks a rule.

    Attributes
    ----------
    rule : str
        The short name of the rule.
    chapter : str
        The file's name without its ending, as exceptions name it.
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
    chapter: str
    file: str
    cell: int
    line: int
    found: str
    advice: str
    context: str = ""
    start: int = 0
    excusable: bool = True

    @property
    def end(self) -> int:
        """Return where in the context the text found ends."""
        return self.start + len(self.found)

    def __str__(self) -> str:
        """Return the finding as one line."""
        place = [
            self.file,
            *([f"cell {self.cell}"] if self.cell else []),
            *([f"line {self.line}"] if self.line else []),
        ]
        return f"{', '.join(place)}: “{' '.join(self.found.split())}” ({self.rule}): {self.advice}"
