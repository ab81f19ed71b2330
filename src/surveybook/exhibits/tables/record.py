"""What a table is, and how a notebook stores it."""

from dataclasses import asdict, dataclass, field
from typing import Any

import pandas as pd

MIME = "application/vnd.surveybook.table+json"
# Stored only when they say something, so that a plain table's output stays as short as it is.
OPTIONAL = ("filter", "anchors", "subtitle", "base", "wave", "interval_note")
LONGEST_IN_PLAIN_TEXT = 12


@dataclass(frozen=True)
class Table:
    """A table to be shown: numbered, with a caption, on a page.

    Attributes
    ----------
    name : str
        Its name, once in the book.
    title : str
        The caption.
    columns, rows : list
        The contents; the first column heads its row.
    note, source : str
        What to know when reading it, and where it is from.
    figures : list of str
        Ids of the figures in it.
    subtitle, base, wave : str
        The question, or what is listed; populations, bases and fieldwork, or that no answers are in it; the wave.
    interval_note : str
        What the intervals in it mean, where it has some.
    filter : bool
        Whether readers get a box that keeps the rows with certain words.
    anchors : dict
        For rows that other pages link to: the ``column`` whose text names the row, the ``prefix`` of its address,
        and ``hidden``, the column's name again where the page needn't show it.
    """

    name: str
    title: str
    columns: list[str]
    rows: list[list[Any]]
    note: str = ""
    source: str = ""
    figures: list[str] = field(default_factory=list)
    subtitle: str = ""
    base: str = ""
    wave: str = ""
    interval_note: str = ""
    filter: bool = False
    anchors: dict[str, str] = field(default_factory=dict)

    def _repr_mimebundle_(self, **_: Any) -> dict[str, Any]:
        """Return what a notebook stores: the contents, and a plain-text form for those who read it there."""
        stored = {key: value for key, value in asdict(self).items() if value or key not in OPTIONAL}
        return {MIME: stored, "text/plain": f"{self.title}\n{self._plain()}"}

    def _plain(self) -> str:
        """Return the contents as text; of a long table only how long it is, for it would double the notebook."""
        if len(self.rows) > LONGEST_IN_PLAIN_TEXT:
            return f"{len(self.rows)} rows: {', '.join(self.columns)}"
        return pd.DataFrame(self.rows, columns=self.columns).to_string(index=False)
