"""What a respondent file holds, and a first proposal of how it maps to the codebook, from names and labels alone."""

import re
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

from surveybook.drafts.cells import split_cells
from surveybook.drafts.column_reading import read_columns
from surveybook.drafts.columns import DraftColumn, is_number, number_of_code
from surveybook.drafts.labels import MOST_CODES, VOCABULARY, match_else
from surveybook.drafts.records import open_respondents
from surveybook.drafts.report import dump_yaml, render
from surveybook.drafts.roles import find_groups, find_roles
from surveybook.model.codebook import Codebook, read_codebook
from surveybook.model.kinds import Kind
from surveybook.model.problems import SurveybookError
from surveybook.respondents.codes import (
    AGREE,
    ALIKE,
    DISAGREE,
    REFUSED,
    UNDECIDED,
    UNSURE,
    UNTICKED,
    code_text,
    plain_code,
    rate_likeness,
)
from surveybook.respondents.columns import SHARED_BY, find_stems
from surveybook.respondents.files import PREFIX, find_format

# Columns beyond this are counted, not looked at.
MOST_COLUMNS = 400
# Of the items that several columns offer together, this part has to be found for them to be a question's.
ENOUGH = 0.4
# In this order: "disagree" holds "agree".
RESPONSES = {"dont_know": UNSURE, "no_answer": REFUSED, "neither": UNDECIDED, "disagree": DISAGREE, "agree": AGREE}


def describe_file(path: Path, population: str = "", encoding: str | None = None) -> str:
    """Return a description of a respondent file as text, with a proposal for ``wave.yml``.

    Parameters
    ----------
    path : Path
        The file.
    population : str, optional
        Whose answers they are; otherwise that of the codebook which the file is named after, or its first.
    encoding : str, optional
        Of a CSV file that isn't UTF-8.

    Raises
    ------
    DataError
        When the file can't be read.
    SurveybookError
        When the codebook has no such population.
    """
    codebook = read_codebook()
    known = list(codebook.populations.index)
    named = path.name.removeprefix(PREFIX).split(".")[0]
    population = population or (named if named in known else known[0])
    if population not in known:
        raise SurveybookError(f"The codebook has no population '{population}'. There are: {', '.join(known)}.")
    source = open_respondents(path, encoding, sampled=False)
    every = read_columns(source, {})
    columns = every[:MOST_COLUMNS]
    shared = {text for one in columns for text, count in one.counts.items() if count >= SHARED_BY}
    proposal, design = Proposal(columns, codebook), find_roles(every).design
    block: dict[str, object] = {"file": f"{PREFIX}{population}{find_format(path)}", **design}
    block |= {"domains": groups} if (groups := find_groups(columns)) else {}
    block |= {"questions": proposal.questions}
    text = render(
        "description", file=source.name, size=source.size, variables=len(every), more=len(every) - len(columns),
        described=[line for column in columns for line in describe_variable(column, shared)],
        block=dump_yaml({"responses": {population: block}}, flow=None).rstrip(),
        missing=[key for key in VOCABULARY["design"] if key not in design],
        questions=proposal.questions, unclear=proposal.unclear,
    )  # fmt: skip
    # Signs that would steer a terminal are taken out.
    return "\n".join("".join(sign if sign.isprintable() else " " for sign in line) for line in text.splitlines())


def describe_variable(column: DraftColumn, shared: set[str]) -> Iterator[str]:
    """Yield a variable's name, label, counts, codes and what the file declares missing.

    Of texts, those in `shared` are shown: what few people wrote may be about one of them.
    """
    yield f"{column.name}{': ' + column.label if column.label else ''}"
    declared = ", ".join(" to ".join(dict.fromkeys(map(code_text, limits))) for limits in column.missing)
    about = f"  {column.counts.total():,} of {len(column.values):,} filled, {len(column.counts):,} different"
    yield about + (f"; declared missing: {declared}" if declared else "")
    labels = column.labels if column.is_labelled else {}
    if not column.counts or (len(column.counts) > MOST_CODES and not labels):
        return
    for code in sorted({*column.counts, *labels}, key=sort_code):
        is_shown = code in labels or code in shared or re.fullmatch(r"-?\d{1,4}", code)
        named = f"{code} {labels[code]}" if code in labels else code
        yield f"    {named if is_shown else '(a rare text)'}: {column.counts[code]:,}"


def sort_code(code: str) -> tuple[int, float, str]:
    """Return what sorts codes: numbers by size, then text."""
    return (0, number_of_code(code), "") if is_number(code) else (1, 0.0, code)


class Proposal:
    """How columns of a file may map to the codebook; each question is proposed once.

    Attributes
    ----------
    columns : sequence of DraftColumn
        The columns that are looked at.
    codebook : Codebook
        Questions and items.
    questions : dict of dict
        The rules of each question that was found, as ``wave.yml`` has them.
    unclear : dict of str
        What is like nothing that the codebook has, with its label.
    """

    def __init__(self, columns: Sequence[DraftColumn], codebook: Codebook) -> None:
        self.columns, self.codebook = columns, codebook
        self.unclear: dict[str, str] = {}
        self.questions: dict[str, dict[str, object]] = {}
        self._propose_statements()
        self._propose_codes()
        self._propose_options()

    def rate_item(self, label: str, item: str) -> float:
        """Return how like an item a label is, from 0 to 1."""
        row = self.codebook.items.loc[item]
        return max(rate_likeness(label, (row["label"], row["short_label"])), float(label.strip() == item))

    def match_item(self, label: str, among: list[str] | None = None) -> str | None:
        """Return the item that a label is most like, or None."""
        items = list(self.codebook.items.index) if among is None else among
        scores = {item: self.rate_item(label, item) for item in items}
        best = max(scores, key=lambda item: scores[item], default=None)
        return best if best is not None and scores[best] >= ALIKE else None

    def items_of(self, question: str) -> list[str]:
        """Return the items of a question."""
        return list(self.codebook.items.index[self.codebook.items["question_id"] == question])

    def _propose(self, question: str, rules: dict[str, object], targets: Iterable[object]) -> None:
        """Add a question, with the rules that nobody can read from a file."""
        unsure = {"dont_know": "in"} if "dont_know" in targets else {}
        self.questions[question] = rules | {"base": "answered"} | unsure

    def _name_target(self, code: str, text: str, target: str | None) -> str:
        """Return what a code or a column means: an item, an answer that is none, or "?"."""
        found = target or match_else(text)
        if not found:
            self.unclear[code] = text
        return found or "?"

    def _propose_statements(self) -> None:
        """Add the questions whose statements columns are like; codes are sorted by their labels."""
        found: dict[str, dict[str, DraftColumn]] = {}
        for column in self.columns:
            item = self.match_item(column.text)
            question = str(self.codebook.items.loc[item, "question_id"]) if item else ""
            if item and "scale" in self.codebook.kind_of(question).encodings:
                found.setdefault(question, {}).setdefault(item, column)
        for question, columns in found.items():
            first, kind = next(iter(columns.values())), self.codebook.kind_of(question)
            rules: dict[str, list[object]] = {}
            for code, label in first.labels.items():
                rules.setdefault(match_response(label, kind), []).append(plain_code(code))
            rules = rules or {answer: ["?"] for answer in kind.answers}
            alone = len(self.items_of(question)) == 1
            named = {column.name: item for item, column in columns.items()}
            where = {"column": first.name} if alone else {"columns": named}
            self._propose(question, {"encoding": "scale", **where, "collapse": rules}, rules)

    def _propose_codes(self) -> None:
        """Add the questions whose items are the codes of a column, one or several in a cell."""
        for column in self.columns:
            mark, own = ("", {}) if column.is_labelled else split_cells(column.counts)
            own = own or dict(column.labels)
            items = list(filter(None, map(self.match_item, own.values())))
            found = [str(self.codebook.items.loc[item, "question_id"]) for item in items]
            question = max(dict.fromkeys(found), key=found.count, default="")
            if len(found) < 3 or found.count(question) * 2 < len(own) or question in self.questions:
                continue
            kind, listed, told = self.codebook.kind_of(question), self.items_of(question), {*own.values()}
            where: dict[str, object] = {"encoding": "single", "column": column.name}
            if mark:
                where |= {"encoding": "delimited", "separator": mark}
            elif kind.is_several:
                alike = [one.name for one in self.columns if len({*one.labels.values()} & told) > 2]
                where = {"encoding": "choices", "columns": alike}
            if where["encoding"] in kind.encodings:
                codes = {
                    plain_code(code): self._name_target(code, text, self.match_item(text, listed))
                    for code, text in own.items()
                }
                self._propose(question, where | {"codes": codes}, codes.values())

    def _propose_options(self) -> None:
        """Add the questions whose options have a column each."""
        few = [column for column in self.columns if len(column.counts) <= 3]
        groups: dict[str, list[DraftColumn]] = {}
        for column in few:
            stem = next(iter(find_stems(column.name, options=True)), None)
            if stem and len(column.codes) <= 2:
                groups.setdefault(stem, []).append(column)
        several = [question for question in self.codebook.questions.index if self.codebook.kind_of(question).is_several]
        for stem, columns in groups.items():
            columns += [
                one for one in few if re.fullmatch(re.escape(stem) + r".*\D", one.name) and match_else(one.text)
            ]
            best: tuple[float, str, dict[str, str]] = (ENOUGH, "", {})
            for question in several:
                found = self.pair_items(columns, self.items_of(question))
                part = len(found) / len(self.items_of(question))
                if len(found) > 1 and part > best[0] and question not in self.questions:
                    best = (part, question, found)
            if best[1]:
                targets = {one.name: self._name_target(one.name, one.text, best[2].get(one.name)) for one in columns}
                rules = {"encoding": "columns", "columns": targets} | self.find_choice(columns)
                self._propose(best[1], rules, targets.values())

    def pair_items(self, columns: Sequence[DraftColumn], listed: Sequence[str]) -> dict[str, str]:
        """Return columns with their items, the most alike first, each item once."""
        pairs = [(self.rate_item(column.text, item), column.name, item) for column in columns for item in listed]
        found: dict[str, str] = {}
        for value, column, item in sorted(pairs, reverse=True):
            if value >= ALIKE and column not in found and item not in found.values():
                found[column] = item
        return found

    def find_choice(self, columns: Sequence[DraftColumn]) -> dict[str, object]:
        """Return which codes of a column an option are a choice; nothing where they are 1 and 0."""
        labels = {code: label for column in columns for code, label in column.labels.items() if not is_number(label)}
        codes = {code for column in columns for code in column.codes}
        if labels and codes <= set(labels):
            off = [code for code, label in labels.items() if UNTICKED.fullmatch(label.strip())]
            on = [code for code in labels if code in codes and code not in off]
            if set(on) <= {code_text(column.text) for column in columns}:
                return {}  # each column holds its own label where it was ticked
            return {"chosen": list(map(plain_code, on)), "not_chosen": list(map(plain_code, off))}
        if any("2" in column.counts for column in columns):
            self.unclear["chosen"] = "1 or 2? the file doesn't say"
            return {"chosen": "?", "not_chosen": "?"}
        return {}


def match_response(label: str, kind: Kind) -> str:
    """Return the response that a code's label is of, or "?"."""
    for target, pattern in RESPONSES.items():
        if pattern.search(label) and target in (*kind.answers, "dont_know", "no_answer", "neither"):
            return target
    scores = {answer: rate_likeness(label, (answer, kind.labels[answer])) for answer in kind.answers}
    best = max(scores, key=lambda response: scores[response], default="?")
    return best if scores.get(best, 0.0) >= ALIKE else "?"
