"""The codebook: which questions, items, populations and answers there are; and a wave's folder while it is read."""

from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path

import pandas as pd

from surveybook.model import paths
from surveybook.model.kinds import KINDS, Kind, Scale
from surveybook.model.problems import DataError, Problem, SurveybookError
from surveybook.model.report import read_report
from surveybook.model.tables import find_schema, list_columns, read_table, read_text_table
from surveybook.model.wording import sentence

TABLES = ("questions", "items", "populations", "responses", "words")


@dataclass(frozen=True, eq=False)
class Codebook:
    """What can be asked and answered; each table has its id as index.

    Attributes
    ----------
    questions, items, populations : pandas.DataFrame
        As in ``data/codebook``, indexed by id; ``order`` is an integer.
    responses : pandas.DataFrame
        The responses that each kind of question has: kind, response, label, ``made_of`` (the answers of a net, with
        bars between them) and ``role``.
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

    @cached_property
    def kinds_of_items(self) -> dict[str, Kind]:
        """The kind of each item's question, by the item's id."""
        return {str(item): self.kinds[question] for item, question in self.items["question_id"].items()}

    @cached_property
    def items_by_question(self) -> dict[str, list[str]]:
        """The items of each question in their order, by the question's id."""
        listed = self.items.sort_values("order", kind="stable").groupby("question_id").groups
        return {str(question): list(map(str, listed.get(question, ()))) for question in self.questions.index}

    def kind_of(self, question: str) -> Kind:
        """Return the kind of a question, with its answers."""
        if question not in self.kinds:
            self.check_names(questions=question)
        return self.kinds[question]

    def question_of(self, item: str) -> str:
        """Return the question that an item belongs to."""
        self.check_names(items=item)
        return str(self.items.at[item, "question_id"])

    def find_unknown(self, **names: str | None) -> str:
        """Return what a table doesn't have of the names given by tables, and where to look; empty where all are known.

        A name that is None stands for any.
        """
        for table, name in names.items():
            if name is not None and name not in getattr(self, table).index:
                return f"the {table.removesuffix('s')} '{name}' isn't known; see data/codebook/{table}.csv"
        return ""

    def check_names(self, **names: str | None) -> None:
        """Raise an error for the first name that `find_unknown` tells of, as a mistyped one would leave figures out."""
        if unknown := self.find_unknown(**names):
            raise SurveybookError(f"{sentence(unknown)}.")

    def kind(self, name: str) -> Kind:
        """Return a kind by its name, with the answers that the codebook lists for it; with a scale's sides a scale."""
        own = self.responses[self.responses["kind"] == name].set_index("response")
        nets = {response: split_parts(parts) for response, parts in own["made_of"].items() if parts}
        roles = {role: response for response, role in own["role"].items() if role}
        said = read_report().kinds.get(name)
        plain = Scale if roles == Scale.usual_roles else Kind
        return KINDS.get(name, plain)(name, own["label"].to_dict(), nets, roles, said.how_listed if said else "")


@dataclass(frozen=True)
class WaveFolder:
    """A wave's folder while its files are read and checked.

    Attributes
    ----------
    path : Path
        Where its files are or would be.
    codebook : Codebook
        What can be asked and answered.
    problems : list of Problem
        Everything that is wrong is added to it.
    warnings : list of str
        What looks doubtful and may still be right.
    """

    path: Path
    codebook: Codebook
    problems: list[Problem] = field(default_factory=list)
    warnings: list[str] = field(default_factory=list)

    def name(self, file: str) -> str:
        """Return a file's name as messages have it."""
        return paths.shown(self.path / file)

    def refuse(self, file: str, found: str, expected: str, row: int | None = None, column: str | None = None) -> None:
        """Add a problem with one of its files."""
        self.problems.append(Problem(self.name(file), found, expected, row, column))

    def read_text(self, file: str, *, needed: bool = False) -> pd.DataFrame:
        """Return one of its tables as text; without rows where there is no file and none is needed."""
        path, schema = self.path / file, find_schema(self.path / file)
        if path.exists() or needed:
            return read_text_table(path, schema, self.problems, rows_needed=needed)
        return pd.DataFrame(columns=list_columns(schema), dtype=str)


def split_parts(made_of: str) -> tuple[str, ...]:
    """Return the answers that a net is made of, as ``responses.csv`` lists them."""
    return tuple(part.strip() for part in made_of.split("|"))


def read_codebook() -> Codebook:
    """Return the codebook, or raise one error that lists all that is wrong with it.

    Raises
    ------
    DataError
        When a file is missing or can't be read, an id stands twice, or an item's question isn't there.
    """
    folder, problems = paths.data() / "codebook", list[Problem]()
    # A report whose sources print numbers alone has no words for shares, and where all answers are numbers, none.
    tables = {
        name: read_table(folder / f"{name}.csv", problems, rows_needed=name not in ("words", "responses"))
        for name in TABLES
    }
    questions, kinds = tables["questions"], [name for name, kind in KINDS.items() if kind.is_number]
    for name, column, known, found in (
        ("items", "question_id", questions["question_id"], "the question '{}' isn't in questions.csv"),
        ("questions", "kind", [*kinds, *tables["responses"]["kind"]], "no answer of responses.csv is of the kind '{}'"),
    ):
        values, file = tables[name][column], paths.shown(folder / f"{name}.csv")
        problems += [
            Problem(file, found.format(value), "correct it, or add it there", row, column)
            for row, value in values[(values != "") & ~values.isin(known)].items()
        ]
    check_made_of(tables["responses"], paths.shown(folder / "responses.csv"), problems)
    if problems:
        raise DataError("The codebook", problems)
    for name in ("items", "populations"):
        tables[name]["order"] = tables[name]["order"].astype(int)
    indexed = {name: table.set_index(table.columns[0]) for name, table in tables.items() if name != "responses"}
    return Codebook(**indexed, responses=tables["responses"])


def check_made_of(responses: pd.DataFrame, file: str, problems: list[Problem]) -> None:
    """Add a problem for each net that isn't made of several answers of its kind, and for roles that contradict."""
    for kind, own in responses.groupby("kind", sort=False):
        answers, is_list = sorted(own.loc[own["made_of"] == "", "response"]), KINDS.get(str(kind), Kind).is_list
        sides: dict[str, tuple[str, ...]] = {}
        for row, response, made_of, role in own[["response", "made_of", "role"]].itertuples():
            parts = split_parts(made_of) if made_of else (response,)
            strange = [part for part in parts if made_of and part not in answers]
            is_shared = role and role not in sides and any(set(parts) & set(other) for other in sides.values())
            for part in strange:
                found = f"'{part}' is no answer of the kind '{kind}' that a net can be made of"
                expected = f"expected answers such as {'|'.join(answers[:2])}"
                problems.append(Problem(file, found, expected, row, "made_of"))
            few = len(set(parts)) < max(2, len(parts))
            for column, is_broken, found, expected in (
                ("made_of", made_of and few, f"the net '{response}' is made of {made_of}",
                 "write two or more answers, each once"),
                ("made_of", made_of and is_list, f"'{response}' is made of others, and people choose items of a list",
                 "nets are made of the answers to statements"),
                ("role", role in sides, f"the kind '{kind}' has a second {role}, '{response}'", "keep one"),
                ("role", is_shared, f"the headline and the opposite of the kind '{kind}' share an answer",
                 "nobody may be on both sides"),
            ):  # fmt: skip
                if is_broken:
                    problems.append(Problem(file, found, expected, row, column))
            if role:
                sides[role] = parts
        if set(sides) == {"opposite"}:
            found = f"the kind '{kind}' has an opposite, and no headline that it is held against"
            expected = "write headline beside the response on the other side"
            problems.append(Problem(file, found, expected, own.index[0], "role"))
