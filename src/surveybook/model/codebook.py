"""The codebook: which questions, items, populations and answers there are."""

from dataclasses import dataclass
from pathlib import Path

import pandas as pd

from surveybook.model import paths
from surveybook.model.kinds import Kind, make_kind
from surveybook.model.problems import DataError, Problem
from surveybook.model.reading import read_table
from surveybook.model.report import read_report

COLUMNS = {
    "questions": ["question_id", "chapter", "title", "kind", "concept"],
    "items": ["item_id", "question_id", "label", "short_label", "order", "exclusive"],
    "populations": ["population", "label", "people", "order"],
    "responses": ["kind", "response", "label"],
    "words": ["phrase", "relation", "fraction", "reading"],
}
KEYS = {
    "questions": ["question_id"],
    "items": ["item_id"],
    "populations": ["population"],
    "responses": ["kind", "response"],
    "words": ["phrase"],
}


@dataclass(frozen=True)
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

    def kind_of(self, question: str) -> Kind:
        """Return the kind of a question, with its answers."""
        return self.kind(str(self.questions.loc[question, "kind"]))

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
    folder = folder or paths.codebook()
    problems: list[Problem] = []
    tables = {name: read_table(folder / f"{name}.csv", columns, problems) for name, columns in COLUMNS.items()}
    for name, table in tables.items():
        file = paths.shown(folder / f"{name}.csv")
        problems += [
            Problem(file, f"'{'/'.join(table.loc[row, KEYS[name]])}' stands twice", "keep one row", row=row)
            for row in table.index[table.duplicated(KEYS[name])]
        ]
    items_file = paths.shown(folder / "items.csv")
    known = set(tables["questions"]["question_id"])
    for row, item in tables["items"].iterrows():
        if item["question_id"] not in known:
            found = f"the question '{item['question_id']}' isn't in questions.csv"
            problems.append(Problem(items_file, found, "correct it or add the question", row=row, column="question_id"))
    kinds = set(tables["responses"]["kind"])
    for row, question in tables["questions"].iterrows():
        if question["kind"] not in kinds:
            problems.append(
                Problem(
                    paths.shown(folder / "questions.csv"),
                    f"the kind is '{question['kind']}'",
                    f"expected one of {', '.join(sorted(kinds))}",
                    row=row,
                    column="kind",
                )
            )
    for name in ("items", "populations"):
        for row, order in tables[name]["order"].items():
            if not order.isdecimal():
                problems.append(
                    Problem(
                        paths.shown(folder / f"{name}.csv"),
                        f"the order is '{order}'",
                        "expected a whole number",
                        row=row,
                        column="order",
                    )
                )
    for row, fraction in tables["words"]["fraction"].items():
        if fraction and (not fraction.replace(".", "", 1).isdecimal() or float(fraction) > 1):
            problems.append(
                Problem(
                    paths.shown(folder / "words.csv"),
                    f"the fraction is '{fraction}'",
                    "expected a number from 0 to 1",
                    row=row,
                    column="fraction",
                )
            )
    if problems:
        raise DataError("The codebook", problems)
    for name in ("items", "populations"):
        tables[name]["order"] = tables[name]["order"].astype(int)
    tables["words"]["fraction"] = pd.to_numeric(tables["words"]["fraction"])
    indexed = {name: table if name == "responses" else table.set_index(KEYS[name][0]) for name, table in tables.items()}
    return Codebook(**indexed)
