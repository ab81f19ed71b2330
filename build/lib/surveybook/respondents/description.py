"""What a respondent file holds, and a first proposal of how it maps to the codebook, from names and labels alone."""

import re
from collections import Counter
from collections.abc import Iterable, Iterator
from itertools import pairwise
from pathlib import Path

import numpy as np
import pandas as pd
import yaml

from surveybook.model.codebook import Codebook, read_codebook
from surveybook.model.kinds import Kind
from surveybook.model.problems import DataError, Problem, SurveybookError
from surveybook.respondents.codes import (
    AGREE,
    ALIKE,
    DISAGREE,
    REFUSED,
    UNDECIDED,
    UNSURE,
    UNTICKED,
    code_text,
    rate_likeness,
    read_label,
)
from surveybook.respondents.columns import SHARED_BY, find_stems
from surveybook.respondents.files import PREFIX, Respondents, find_format, read_respondents
from surveybook.respondents.roles import find_groups, find_roles, list_missing, plain_code

# More codes than this make a column a number or what people wrote, not a question.
MOST_CODES = 30
# Columns beyond this are counted, not looked at.
MOST_COLUMNS = 400
# Of the items that several columns offer together, this part has to be found for them to be a question's.
ENOUGH = 0.4
# A column whose texts are mostly shared has these for its answers, and a rare one beside them.
MOST = 0.9
# A column of texts of which this part of people share theirs holds answers; what the others wrote is "other".
MOSTLY = 0.8
# What may stand between answers in one cell.
MARKS = (";", ", ", "|", ",", " ")
# "Talking with other people" is an item, and so is "No one else".
ELSE = {
    "other": re.compile(
        r"^\W*((any|some|an?) )?(other|another)s?( (answer|reason|response|option|party|thing|source|place|way|please"
        r"|specify|write)s?)*\W*(\W.*)?$|^\W*some(thing|body|one|where) else\b|\bother\W*(please )?specify",
        re.IGNORECASE,
    ),
    "none": re.compile(r"^\W*none\b|^\W*nothing\W*$|\bnone of (these|the above|them)\b", re.IGNORECASE),
    "dont_know": UNSURE,
    "no_answer": REFUSED,
}
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
    problems: list[Problem] = []
    source = read_respondents(path, problems, encoding)
    if source is None:
        raise DataError("The file", problems)
    columns = list(source.frame.columns)
    counts = {column: count_codes_of(source, column) for column in columns[:MOST_COLUMNS]}
    shared = {text for own in counts.values() for text, count in own.items() if count >= SHARED_BY}
    lines = [f"{source.name}: {len(source.frame):,} respondents, {len(columns):,} variables", ""]
    for column in counts:
        lines += describe_variable(source, column, counts[column], shared)
    if len(columns) > MOST_COLUMNS:
        lines.append(f"... and {len(columns) - MOST_COLUMNS:,} more variables")
    lines += ["", *write_proposal(Proposal(source, codebook, counts, shared), population)]
    # Signs that would steer a terminal are taken out.
    return "\n".join("".join(sign if sign.isprintable() else " " for sign in line) for line in lines)


def count_codes_of(source: Respondents, column: str) -> Counter[str]:
    """Return how often each code stands in a column."""
    places, values = source.find_distinct(column)
    found, coded = Counter[str](), source.coded.get(column, {})
    for value, count in zip(values, np.bincount(places[places >= 0], minlength=len(values)), strict=True):
        text = code_text(value)
        found[coded.get(text, text)] += int(count)
    del found[""]
    return found


def describe_variable(source: Respondents, column: str, counts: Counter[str], shared: set[str]) -> Iterator[str]:
    """Yield a variable's name, label, counts, codes and what the file declares missing.

    Of texts, those in `shared` are shown: what few people wrote may be about one of them.
    """
    label = source.labels.get(column, "")
    yield f"{column}{': ' + label if label else ''}"
    declared = ", ".join(
        code_text(low) if low == high else f"{code_text(low)} to {code_text(high)}"
        for low, high in source.missing.get(column, ())
    )
    about = f"  {counts.total():,} of {len(source.frame):,} filled, {len(counts):,} different"
    yield about + (f"; declared missing: {declared}" if declared else "")
    labels = source.value_labels.get(column, {})
    if not counts or (len(counts) > MOST_CODES and not labels):
        return
    for code in sorted({*counts, *labels}, key=sort_code):
        if code in labels or code in shared or re.fullmatch(r"-?\d{1,4}", code):
            yield f"    {code}{' ' + labels[code] if code in labels else ''}: {counts[code]:,}"
        else:
            yield f"    (a rare text): {counts[code]:,}"


def sort_code(code: str) -> tuple[int, float, str]:
    """Return what sorts codes: numbers by size, then text."""
    try:
        return (0, float(code), "")
    except ValueError:
        return (1, 0.0, code)


class Proposal:
    """How a file may map to the codebook; each question is proposed once.

    Attributes
    ----------
    source : Respondents
        The file.
    codebook : Codebook
        Questions and items.
    counts : dict of Counter
        How often each code stands in each column that is looked at.
    labels : dict of dict
        The labels of each column's codes; texts that many respondents share are their own labels.
    texts : dict of str
        The label of each column, or its name.
    unclear : dict of str
        What is like nothing that the codebook has, with its label.
    """

    def __init__(
        self, source: Respondents, codebook: Codebook, counts: dict[str, Counter[str]], shared: set[str]
    ) -> None:
        self.source, self.codebook, self.counts = source, codebook, counts
        self.labels = {column: self._label_codes(column, shared) for column in counts}
        self.texts = {column: source.labels.get(column, "") or column.rsplit("/")[-1] for column in counts}
        self.unclear: dict[str, str] = {}
        self.questions: dict[str, dict[str, object]] = {}
        self._propose_statements()
        self._propose_codes()
        self._propose_options()

    def _label_codes(self, column: str, shared: set[str]) -> dict[str, str]:
        """Return the labels of a column's codes."""
        if column in self.source.value_labels or pd.api.types.is_numeric_dtype(self.source.frame[column]):
            return self.source.value_labels.get(column, {})
        counts = self.counts[column]
        common = [text for text in sorted(counts) if text in shared]
        if len(counts) > MOST_CODES or sum(counts[text] for text in common) < MOST * counts.total():
            return {}
        return {text: text for text in common if not re.fullmatch(r"-?[\d.]+", text)}

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
        found: dict[str, dict[str, str]] = {}
        for column, text in self.texts.items():
            item = self.match_item(text)
            question = str(self.codebook.items.loc[item, "question_id"]) if item else ""
            if item and "scale" in self.codebook.kind_of(question).encodings:
                found.setdefault(question, {}).setdefault(item, column)
        for question, columns in found.items():
            first, kind = next(iter(columns.values())), self.codebook.kind_of(question)
            rules: dict[str, list[object]] = {}
            for code, label in self.labels[first].items():
                rules.setdefault(match_response(label, kind), []).append(plain_code(code))
            rules = rules or {answer: ["?"] for answer in kind.answers}
            alone = len(self.items_of(question)) == 1
            where = {"column": first} if alone else {"columns": {column: item for item, column in columns.items()}}
            self._propose(question, {"encoding": "scale", **where, "collapse": rules}, rules)

    def _propose_codes(self) -> None:
        """Add the questions whose items are the codes of a column, one or several in a cell."""
        for column, labels in self.labels.items():
            mark, own = ("", labels) if labels else split_cells(self.counts[column])
            items = list(filter(None, map(self.match_item, own.values())))
            found = [str(self.codebook.items.loc[item, "question_id"]) for item in items]
            question = max(dict.fromkeys(found), key=found.count, default="")
            if len(found) < 3 or found.count(question) * 2 < len(own) or question in self.questions:
                continue
            kind, listed = self.codebook.kind_of(question), self.items_of(question)
            where: dict[str, object] = {"encoding": "single", "column": column}
            if mark:
                where |= {"encoding": "delimited", "separator": mark}
            elif kind.is_several:
                alike = [name for name, there in self.labels.items() if len({*there.values()} & {*own.values()}) > 2]
                where = {"encoding": "choices", "columns": alike}
            if where["encoding"] in kind.encodings:
                codes = {
                    plain_code(code): self._name_target(code, text, self.match_item(text, listed))
                    for code, text in own.items()
                }
                self._propose(question, where | {"codes": codes}, codes.values())

    def _propose_options(self) -> None:
        """Add the questions whose options have a column each."""
        groups: dict[str, list[str]] = {}
        for column, counts in self.counts.items():
            stem = next(iter(find_stems(column, options=True)), None)
            told = [label for label in self.labels[column].values() if not REFUSED.search(label)]
            if stem and len(told) <= 2 and len(counts) <= 3:
                groups.setdefault(stem, []).append(column)
        several = [question for question in self.codebook.questions.index if self.codebook.kind_of(question).is_several]
        for stem, columns in groups.items():
            columns += [name for name in self.counts if re.fullmatch(re.escape(stem) + r".*\D", name)
                        and len(self.counts[name]) <= 3 and match_else(self.texts[name])]  # fmt: skip
            best: tuple[float, str, dict[str, str]] = (ENOUGH, "", {})
            for question in several:
                found = self.pair_items(columns, self.items_of(question))
                part = len(found) / len(self.items_of(question))
                if len(found) > 1 and part > best[0] and question not in self.questions:
                    best = (part, question, found)
            if best[1]:
                targets = {name: self._name_target(name, self.texts[name], best[2].get(name)) for name in columns}
                rules = {"encoding": "columns", "columns": targets} | self.find_choice(columns)
                self._propose(best[1], rules, targets.values())

    def pair_items(self, columns: list[str], listed: list[str]) -> dict[str, str]:
        """Return columns with their items, the most alike first, each item once."""
        pairs = [(self.rate_item(self.texts[column], item), column, item) for column in columns for item in listed]
        found: dict[str, str] = {}
        for value, column, item in sorted(pairs, reverse=True):
            if value >= ALIKE and column not in found and item not in found.values():
                found[column] = item
        return found

    def find_choice(self, columns: list[str]) -> dict[str, object]:
        """Return which codes of a column an option are a choice; nothing where they are 1 and 0."""
        named = {code: label for column in columns for code, label in self.labels[column].items()}
        if named and all(set(self.counts[column]) <= set(named) for column in columns):
            off = [code for code, label in named.items() if UNTICKED.fullmatch(label.strip())]
            on = [code for code, label in named.items() if code not in off and not REFUSED.search(label)]
            if set(on) <= set(map(code_text, map(self.texts.__getitem__, columns))):
                return {}  # each column holds its own label where it was ticked
            return {"chosen": list(map(plain_code, on)), "not_chosen": list(map(plain_code, off))}
        if any("2" in self.counts[column] for column in columns):
            self.unclear["chosen"] = "1 or 2? the file doesn't say"
            return {"chosen": "?", "not_chosen": "?"}
        return {}


def split_cells(counts: Counter[str], least: int = SHARED_BY) -> tuple[str, dict[str, str]]:
    """Return the mark that stands between several answers in the cells of a column, and the answers; "" without one.

    Of marks that all part the cells, the one is taken that leaves the fewest answers.

    Parameters
    ----------
    counts : Counter
        How often each cell stands there.
    least : int
        How many people have to share an answer.
    """
    found = [(mark, parts) for mark in MARKS if (parts := list_parts(counts, mark, least))]
    mark, parts = min(found, key=lambda pair: len(pair[1]), default=("", []))
    return mark, dict(zip(parts, parts, strict=True))


def list_parts(counts: Counter[str], mark: str, least: int) -> list[str]:
    """Return the answers that a mark parts in the cells of a column; none where the cells are no lists of answers.

    Lists have more different cells than answers, hold no answer twice, and name the same two in the same order;
    what people wrote doesn't. Pieces that never stand without each other are one answer, whose text holds the mark.
    """
    cells = {cell: tuple(cell.split(mark)) for cell in counts}
    if not any(len(pieces) > 1 for pieces in cells.values()):
        return []
    while True:
        parts, pairs = Counter[str](), Counter[tuple[str, str]]()
        for cell, pieces in cells.items():
            parts.update(dict.fromkeys(pieces, counts[cell]))
            pairs.update(dict.fromkeys(pairwise(pieces), counts[cell]))
        joined = {pair for pair, count in pairs.items() if parts[pair[0]] == parts[pair[1]] == count}
        if not joined:
            break
        cells = {cell: join_pieces(pieces, joined, mark) for cell, pieces in cells.items()}
    common = [part for part, count in parts.items() if count >= least and not part.strip().isdigit()]
    known = set(common)
    if not 2 < len(common) <= MOST_CODES or not pairs:
        return []
    whole = {cell: pieces for cell, pieces in cells.items() if known.issuperset(pieces)}
    twice = sum(counts[cell] for cell, pieces in whole.items() if len(set(pieces)) < len(pieces))
    orders = {pair: count for pair, count in pairs.items() if known.issuperset(pair)}
    turned = sum(min(count, orders.get((second, first), 0)) for (first, second), count in orders.items())
    told = sum(counts[cell] for cell in whole)
    several = any(len(pieces) > 1 for pieces in whole.values())
    if not several or twice or turned > told * (1 - MOST):
        return []
    if len(whole) <= len(common) or told < MOSTLY * counts.total():
        return []
    return list(map(code_text, common))


def join_pieces(pieces: tuple[str, ...], joined: set[tuple[str, str]], mark: str) -> tuple[str, ...]:
    """Return pieces of a cell with those that belong together joined, the first two of each at once."""
    found: list[str] = []
    last = ""
    for piece in pieces:
        if found and (last, piece) in joined:
            found[-1], last = found[-1] + mark + piece, ""
        else:
            found.append(piece)
            last = piece
    return tuple(found)


def write_proposal(proposal: Proposal, population: str) -> Iterator[str]:
    """Yield the lines of a block of ``wave.yml``, and what has to be looked up elsewhere."""
    design = find_roles(proposal.source).design
    groups = find_groups(proposal.source, proposal.labels, proposal.texts, proposal.counts)
    block: dict[str, object] = {"file": f"{PREFIX}{population}{find_format(Path(proposal.source.name))}", **design}
    block |= {"domains": groups, "questions": proposal.questions} if groups else {"questions": proposal.questions}
    yield "# A proposal for wave.yml. Check every line: it rests on names and labels alone."
    text = yaml.safe_dump({"responses": {population: block}}, sort_keys=False, default_flow_style=None, width=120,
                          allow_unicode=True)  # fmt: skip
    yield from text.splitlines()
    yield ""
    if missing := list_missing(design):
        yield f"# Not found: {', '.join(missing)}. Name the column, if the file has it."
    if not proposal.questions:
        yield "# No variable is like a question of the codebook: map them by hand."
    for code, text in proposal.unclear.items():
        yield f"# What does '{code}' stand for ({text})?"
    yield '# No file says whether shares are of those who answered or of all who were asked (base), if "don\'t know"'
    yield "# counts (dont_know: in or out), and what no choice at all means (nothing_chosen: answered or no_answer)."
    yield "# A question that the codebook lacks gets rows in data/codebook first: How to rerun it tells how."


def match_else(text: str) -> str | None:
    """Return the answer that is no item ("other", "none") that a label is of."""
    return next((name for name, sign in ELSE.items() if sign.search(read_label(text)[-1])), None)


def match_response(label: str, kind: Kind) -> str:
    """Return the response that a code's label is of, or "?"."""
    for target, pattern in RESPONSES.items():
        if pattern.search(label) and target in (*kind.answers, "dont_know", "no_answer", "neither"):
            return target
    scores = {answer: rate_likeness(label, (answer, kind.labels[answer])) for answer in kind.answers}
    best = max(scores, key=lambda response: scores[response], default="?")
    return best if scores.get(best, 0.0) >= ALIKE else "?"
