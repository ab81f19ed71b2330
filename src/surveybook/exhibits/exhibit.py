"""What a page shows, whatever its kind: one record for charts, tables and cards, and how a notebook stores it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import pandas as pd

from surveybook.model.survey import Survey
from surveybook.model.wording import curl_apostrophes
from surveybook.words.findings import base_line

if TYPE_CHECKING:
    from altair.vegalite.v6.api import TopLevelMixin

CHART = "application/vnd.vegalite.v6+json"
TABLE = "application/vnd.surveybook.table+json"
CARDS = "application/vnd.surveybook.cards+json"
USERMETA = "surveybook"
NO_SURVEY = "Not survey evidence: it rests on nobody’s answers."
# What is stored of every chart, and of every table.
OF_CHARTS = (
    "name", "title", "subtitle", "base", "alternative", "source", "interval_note", "wave", "question_id", "figures",
    "notes", "code",
)  # fmt: skip
OF_TABLES = ("name", "title", "columns", "rows", "source", "figures")
# Stored of a table only when they say something, so that a plain one's output stays as short as it is.
OPTIONAL = ("filter", "entries", "subtitle", "base", "wave", "interval_note", "across", "folded")
LONGEST_IN_PLAIN_TEXT = 12


@dataclass(frozen=True)
class Exhibit:
    """A chart, a table or cards, with everything that a page puts beside it.

    Attributes
    ----------
    name : str
        Its name, once in the book; its address on the page.
    title : str
        A chart's finding, in words computed from the estimates; a table's caption.
    columns, rows : sequence
        The contents of a table, or the data of a chart; the first column heads its row.
    subtitle : str
        The question, or what is listed.
    base : str
        Populations, bases and fieldwork, or that no answers are in it.
    source, interval_note : str
        Where the figures are from, and what their intervals mean.
    wave, question_id : str
        Whose figures these are.
    notes : sequence of str
        Sentences to read beside it.
    reading : sequence of str
        How to read a chart: sentences that a page says once for all of its charts, as it does with `interval_note`.
    foot : str
        Bases and source of a chart in one line; base and source where there is none.
    figures : sequence of str
        Ids of the figures in it.
    alternative : str
        What someone who can't see a chart is told: the finding, with its range.
    code : mapping
        The ``module`` and ``function`` that drew a chart.
    spec : mapping or Altair chart, optional
        A chart's Vega-Lite specification; an author's own chart as Altair has it.
    filter : bool
        Whether readers of a table get a box that keeps the rows with certain words.
    across : mapping
        For a table that is read across, group beside group: the figures behind it, as the population and domain of each
        of its ``columns`` and the item, response and what is shown of each of its ``rows``. It waits under a
        disclosure, and scrolls where there is no room.
    entries : sequence of mapping
        For a table whose rows a page shows as a list, each with more than fits a row: the records behind them.
    cards : sequence of mapping
        Findings, for a page that opens with them.
    folded : str
        The heading under which it waits to be opened; it stands open where there is none.
    """

    name: str
    title: str
    columns: Sequence[str] = ()
    rows: Sequence[Sequence[Any]] = ()
    subtitle: str = ""
    base: str = ""
    source: str = ""
    interval_note: str = ""
    wave: str = ""
    question_id: str = ""
    notes: Sequence[str] = ()
    reading: Sequence[str] = ()
    foot: str = ""
    figures: Sequence[str] = ()
    alternative: str = ""
    code: Mapping[str, str] = field(default_factory=dict)
    spec: "Mapping[str, Any] | TopLevelMixin | None" = None
    filter: bool = False
    across: Mapping[str, Sequence[str]] = field(default_factory=dict)
    entries: Sequence[Mapping[str, Any]] = ()
    cards: Sequence[Mapping[str, Any]] = ()
    folded: str = ""

    def _repr_mimebundle_(self, **_: Any) -> dict[str, Any]:
        """Return what a notebook stores: the contents as data, and as text for those who read it there.

        Labels have their apostrophes as sentences have them, whichever the file has.
        """
        return dict(curl_all(self._store()))

    def _store(self) -> dict[str, Any]:
        """Return what a notebook stores, with labels as files have them."""
        if self.spec is not None:
            return {CHART: self.full_spec(), "text/plain": self.alternative}
        if self.cards:
            topics = [card["title"] or card.get("link", "") for card in self.cards]
            told = [
                f"{topic}: {card['says']}".replace("?: ", "? ") if topic else card["says"]
                for topic, card in zip(topics, self.cards, strict=True)
            ]
            said = [f"{place}. {text}" for place, text in enumerate(told, start=1)]
            return {CARDS: {"cards": list(self.cards), "note": " ".join(self.notes)}, "text/plain": "\n".join(said)}
        # Of a long table only how long it is, for its text would double the notebook.
        contents = f"{len(self.rows)} rows: {', '.join(self.columns)}"
        if len(self.rows) <= LONGEST_IN_PLAIN_TEXT:
            contents = pd.DataFrame(list(self.rows), columns=list(self.columns)).to_string(index=False)
        stored = {key: getattr(self, key) for key in OF_TABLES} | {"note": " ".join(self.notes)}
        stored |= {key: getattr(self, key) for key in OPTIONAL if getattr(self, key)}
        return {TABLE: stored, "text/plain": f"{self.title}\n{contents}"}

    def full_spec(self) -> dict[str, Any]:
        """Return a chart's specification with all that stands beside the picture in its ``usermeta``."""
        story = {key: getattr(self, key) for key in OF_CHARTS} | {
            "table": {"columns": self.columns, "rows": self.rows} if self.columns else {},
            "reading": list(filter(None, self.reading)),
            "foot": self.foot or f"{self.base} {self.source}",
        }
        story |= {"folded": self.folded} if self.folded else {}
        spec = self.spec if isinstance(self.spec, Mapping) else self.spec.to_dict() if self.spec else {}
        return {**spec, "usermeta": {USERMETA: story}, "description": self.alternative}

    def to_altair(self) -> "TopLevelMixin":
        """Return a chart as Altair's own, for who wants to restyle it or set it beside another.

        Raises
        ------
        SchemaValidationError
            When its specification isn't Vega-Lite.
        """
        import altair  # half a second, which no chapter of ours needs

        return altair.Chart.from_dict(self.full_spec())


def curl_all(content: Any) -> Any:
    """Return content with the apostrophes of all its texts curled."""
    if isinstance(content, str):
        return curl_apostrophes(content)
    if isinstance(content, Mapping):
        return {key: curl_all(value) for key, value in content.items()}
    return list(map(curl_all, content)) if isinstance(content, (list, tuple)) else content


def of_survey(survey: Survey, populations: Sequence[str] = ()) -> dict[str, Any]:
    """Return base and wave of what rests on a survey's figures, of all its populations where none is named."""
    return {"base": base_line(survey, list(populations or survey.metadata["populations"])), "wave": survey.wave}
