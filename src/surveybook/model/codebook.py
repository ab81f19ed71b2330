"""The codebook: which questions, items, populations and answers there are."""

from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import pandas as pd

from surveybook.model import paths
from surveybook.model.kinds import Kind, make_kind
from surveybook.model.problems import DataError, Problem
from surveybook.model.report import read_report
from surveybook.model.tables import read_table

TABLES = ("questions", "items", "populations", "responses", "words")


@dataclass(frozen=True, eq=False)
class Codebook:
    """What can be asked and answered; each table has its id as index.

    Attributes
    ----------
    questions, items, populations : pandas.DataFrame
        As in ``data/codebook``, indexed by id; ``order`` is an integer.
    responses : pandas.DataFrame
        The answers that each kind of question has: kind, response, label.
    words : pandas.DataFrame
        What a share given in words says: relation and fraction (0-1, missing where the words hold no number).
    """

    questions: pd.DataFrame
    items: pd.DataFrame
    populations: pd.DataFrame
    responses: pd.DataFrame
    words: pd.DataFrame

    @cached_property
    def kinds(self) -> dict[str, Kind]:
        """The kind of each question, by the question's id: asked for with every figure that is put into words."""
        made = {name: self.kind(str(name)) for name in self.questions["kind"].unique()}
        return {str(question): made[name] for question, name in self.questions["kind"].items()}

    def kind_of(self, question: str) -> Kind:
        """Return the kind of a question, with its answers."""
        return self.kinds[question]

    def kind(self, name: str) -> Kind:
        """Return a kind by its name, with the answers that the codebook lists for it."""
        own = self.responses[self.responses["kind"] == name]
        words = read_report().words_of_kind(name)
        return make_kind(name, dict(zip(own["response"], own["label"], strict=True)), words)


def read_codebook(folder: Path | None = None) -> Codebook:
    """Return the codebook, or raise one error that lists all that is wrong with it.

    Parameters
    ----------
    folder : Path, optional
        Where it is; ``data/codebook`` otherwise.

    Raises
    ------
    DataError
        When a file is missing or can't be read, an id stands twice, or an item's question isn't there.
    """
    folder = folder or paths.data() / "codebook"
    problems: list[Problem] = []
    # A report whose sources print numbers alone has no words for shares.
    tables = {name: read_table(folder / f"{name}.csv", problems, rows_needed=name != "words") for name in TABLES}
    checks = (
        ("items", "question_id", tables["questions"]["question_id"], "the question '{}' isn't in questions.csv"),
        ("questions", "kind", tables["responses"]["kind"], "no answer of responses.csv is of the kind '{}'"),
    )
    for name, column, known, found in checks:
        rows, file = tables[name], paths.shown(folder / f"{name}.csv")
        problems += [
            Problem(file, found.format(value), "correct it, or add it there", row, column)
            for row, value in rows.loc[~rows[column].isin(known), column].items()
            if value
        ]
    if problems:
        raise DataError("The codebook", problems)
    for name in ("items", "populations"):
        tables[name]["order"] = tables[name]["order"].astype(int)
    indexed = {name: table.set_index(table.columns[0]) for name, table in tables.items() if name != "responses"}
    return Codebook(**indexed, responses=tables["responses"])
