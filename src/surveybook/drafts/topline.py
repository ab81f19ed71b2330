"""What a published topline tells, as a report of a wave a period: a tidy table of period, question, answer, per cent.

Options that people choose several of stand in the column ``item``; answers that exclude each other in ``response``;
statements that such answers were given to in both.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass

import pandas as pd

from surveybook.drafts.labels import is_ordered, make_id, read_most_choices
from surveybook.drafts.questions import MOST_ORDERED
from surveybook.drafts.records import DraftQuestion, KindNames, Names
from surveybook.model.problems import DataError, Problem
from surveybook.respondents.codes import AGREE, DISAGREE, TICKED, plain_text
from surveybook.respondents.files import Respondents
from surveybook.waves.metadata import PopulationBlock

NEEDED = ("period", "question", "response", "percent")
OPTIONAL = ("item", "base", "section", "code", "group", "asked_of", "note")
# What columns are called too.
NAMES = {
    "per_cent": "percent", "percentage": "percent", "share": "percent", "": "percent", "wave": "period",
    "year": "period",
    "answer": "response", "statement": "item", "option": "item", "n": "base", "unweighted_base": "base",
    "topic": "section", "chapter": "section",
}  # fmt: skip
# Of these a period states one value each, and ``wave.yml`` has it.
OF_A_PERIOD = tuple(name for name in PopulationBlock.model_fields if name not in ("label", "note", "base_status"))
# Signs for a figure that a publisher keeps back, and for one that there isn't.
WITHHELD, NOT_THERE = ("", "*", "c", "[c]", "-", "–", ".."), ("z", "[z]", "n/a", "na")
SEVERAL = "chosen"
PERCENT = re.compile(r"\d{1,3}(\.\d+)?")


@dataclass(frozen=True)
class Topline:
    """A topline as it was read.

    Attributes
    ----------
    name : str
        The file, as typed.
    rows : pandas.DataFrame
        A figure a row, by the row of the file: the columns of `NEEDED` and `OPTIONAL` as text, ``key`` (the question,
        alike in all periods), ``question_id``, ``item_id`` and ``answer`` (the response's id).
    questions : tuple of DraftQuestion
        All that was asked in any period, in the order of the file.
    sections : dict
        The section of each question; empty where the file names none.
    facts : dict
        For each period what the file says of it, as ``wave.yml`` has it.
    """

    name: str
    rows: pd.DataFrame
    questions: tuple[DraftQuestion, ...]
    sections: Mapping[str, str]
    facts: Mapping[str, Mapping[str, object]]

    @property
    def periods(self) -> list[str]:
        """The periods, the earliest first: in the order of their dates, or else of the file."""
        there = list(dict.fromkeys(self.rows["period"]))
        return sorted(there) if all(re.match(r"\d{4}", period) for period in there) else there


def find_parts(source: Respondents) -> dict[str, str]:
    """Return the column of each part of a topline: part to the name in the file; empty unless it is a topline."""
    found: dict[str, str] = {}
    for column in source.frame.columns:
        plain = make_id(column)
        name = NAMES.get(plain, plain) if plain or "%" in column else ""
        if name in (*NEEDED, *OPTIONAL, *OF_A_PERIOD):
            found.setdefault(name, column)
    return found if set(NEEDED) <= set(found) else {}


def read_topline(source: Respondents) -> Topline | None:
    """Return a published topline; None where a file isn't one, by its columns.

    Raises
    ------
    DataError
        With every cell that is wrong.
    """
    if not (columns := find_parts(source)):
        return None
    problems: list[Problem] = []
    rows = source.frame[list(columns.values())].set_axis(list(columns), axis=1).fillna("").astype(str)
    rows = rows.apply(lambda column: column.map(plain_text).str.strip())
    rows.index = pd.RangeIndex(source.first_row, source.first_row + len(rows), name="row")
    rows = rows.reindex(columns=[*NEEDED, *OPTIONAL, *(name for name in OF_A_PERIOD if name in columns)], fill_value="")
    rows["percent"] = rows["percent"].str.removesuffix("%").str.strip()
    rows = rows[~rows["percent"].str.lower().isin(NOT_THERE)]
    check_topline(rows, source.name, problems)
    facts = read_facts(rows, source.name, problems)
    if problems:
        raise DataError("The topline", problems)
    rows, questions = draft_parts(rows)
    sections = rows.drop_duplicates("question_id").set_index("question_id")["section"].to_dict()
    return Topline(source.name, rows, questions, sections, facts)


def check_topline(rows: pd.DataFrame, file: str, problems: list[Problem]) -> None:
    """Add a problem for each cell that can't be what its column is for, and for each figure that stands twice."""
    withheld = rows["percent"].str.lower().isin(WITHHELD)
    values = pd.to_numeric(rows["percent"].where(rows["percent"].str.fullmatch(PERCENT)), errors="coerce")
    for row in rows.index[~withheld & (values.isna() | (values > 100))]:
        found = f"'{rows.loc[row, 'percent']}' is no percentage"
        problems.append(Problem(file, found, "expected 0 to 100, [c] where it is withheld", row, "percent"))
    if 0 < values.max() <= 1:
        found = f"no percentage is above {values.max():g}"
        problems.append(
            Problem(file, found, "write per cent: 48, not 0.48", int(values.first_valid_index()), "percent")
        )
    for name in ("period", "question"):
        for row in rows.index[(rows[name] == "") & ((name == "period") | (rows["item"] == ""))]:
            problems.append(Problem(file, f"no {name} stands here", "fill it in, in every row", row, name))
    for row in rows.index[(rows["item"] == "") & (rows["response"] == "")]:
        problems.append(Problem(file, "neither an item nor a response", "name what the share is of", row, "response"))
    for row in rows.index[~rows["base"].str.replace(",", "").str.fullmatch(r"(\d+(\.0)?)?")]:
        found = f"'{rows.loc[row, 'base']}' is no number of people"
        problems.append(Problem(file, found, "expected a whole number, or nothing", row, "base"))
    own = ["period", "code", "question", "item", "response", "group"]
    for row in rows.index[rows.duplicated(own)]:
        first = (rows[own] == rows.loc[row, own]).all(axis=1).idxmax()
        problems.append(Problem(file, f"the same figure as in row {first}", "keep one of the rows", row))


def read_facts(rows: pd.DataFrame, file: str, problems: list[Problem]) -> dict[str, dict[str, object]]:
    """Return what the file says of each period, after checking that it says one thing."""
    facts: dict[str, dict[str, object]] = {}
    for period, own in rows.groupby("period", sort=False):
        facts[str(period)] = {}
        for name in (name for name in OF_A_PERIOD if name in rows):
            values = [value for value in dict.fromkeys(own[name]) if value]
            if len(values) > 1:
                row = int(own.index[own[name] == values[1]][0])
                found = f"'{values[1]}' stands here, and '{values[0]}' before for {period}"
                problems.append(Problem(file, found, "a period has one; for a question, use asked_of", row, name))
            if values:
                facts[str(period)][name] = read_fact(values[0])
    return facts


def read_fact(text: str) -> object:
    """Return a cell as YAML has it: true, false, a whole number or text."""
    truth = {"true": True, "yes": True, "false": False, "no": False}
    return truth.get(text.lower(), int(text) if text.isdecimal() and len(text) < 12 and text[0] != "0" else text)


def draft_parts(rows: pd.DataFrame) -> tuple[pd.DataFrame, tuple[DraftQuestion, ...]]:
    """Return the rows with the ids of question, item and response, and the questions; words are those of the last."""
    several = (rows["item"] != "") & rows["response"].map(lambda text: not text or bool(TICKED.fullmatch(text)))
    # A statement is a question by itself, so that a change of its words concerns no other.
    text = rows["question"].where(several | (rows["item"] == ""), rows["item"])
    within = rows["question"].where(~several & (rows["item"] != "") & (rows["code"] == ""), "")
    rows = rows.assign(several=several, text=text, key=(rows["code"] + within + text.where(rows["code"] == "", "")))
    rows["key"] = rows["key"].map(simplify_text)
    ids, items, kinds = Names(), Names(), KindNames()
    questions, found = [], []
    for _, own in rows.groupby("key", sort=False):
        last = own.sort_values("period", kind="stable").iloc[-1]
        question = ids.give(last["text"], last["code"])
        drafted, named = (
            draft_list(own, question, items) if last["several"] else draft_answers(own, question, items, kinds)
        )
        questions.append(drafted)
        found.append(named.assign(question_id=question))
    joined = pd.concat(found).loc[rows.index]
    return rows.join(joined), tuple(questions)


def simplify_text(text: str) -> str:
    """Return a text as two periods are matched by it: whatever its capitals and signs."""
    return " ".join(re.findall(r"\w+", text.casefold()))


def draft_list(own: pd.DataFrame, question: str, items: Names) -> tuple[DraftQuestion, pd.DataFrame]:
    """Return a list that people chose several items of."""
    plain = own["item"].map(simplify_text)
    labels = dict(zip(plain, own["item"], strict=True))
    ids = {key: items.give(label, question) for key, label in labels.items()}
    title = own["text"].iloc[-1]
    drafted = DraftQuestion(
        question, title, "multiple", {ids[key]: label for key, label in labels.items()}, {}, {},
        "options of a list, a share each", read_most_choices(title) or "unknown",
    )  # fmt: skip
    return drafted, pd.DataFrame({"item_id": plain.map(ids), "answer": SEVERAL})


def draft_answers(
    own: pd.DataFrame, question: str, items: Names, kinds: KindNames
) -> tuple[DraftQuestion, pd.DataFrame]:
    """Return a question or statement that exclusive answers were given to."""
    title, plain = own["text"].iloc[-1], own["response"].map(simplify_text)
    labels = dict(zip(plain, own["response"], strict=True))
    sides = {key: side for key, label in labels.items() if (side := read_agreement(label))}
    if len(sides) == len(labels) and len(set(sides.values())) == len(sides):
        item = items.give(title, question)
        drafted = DraftQuestion(question, title, "scale", {item: title}, {}, {}, "shares who agree or disagree")
        return drafted, pd.DataFrame({"item_id": item, "answer": plain.map(sides)})
    if len(labels) > MOST_ORDERED or (len(labels) > 1 and sum(map(is_ordered, labels.values())) * 2 < len(labels)):
        ids = {key: items.give(label, question) for key, label in labels.items()}
        named = {ids[key]: label for key, label in labels.items()}
        drafted = DraftQuestion(question, title, "single", named, {}, {}, "answers of which people gave one")
        return drafted, pd.DataFrame({"item_id": plain.map(ids), "answer": SEVERAL})
    item, own_names = items.give(title, question), Names()
    answers = {key: own_names.give(label, "answer") for key, label in labels.items()}
    kind = kinds.give(tuple(answers.values()), " to ".join([*labels.values()][:: max(1, len(labels) - 1)]), question)
    told = {answers[key]: label for key, label in labels.items()}
    drafted = DraftQuestion(question, title, kind, {item: title}, told, {}, "answers that have an order")
    return drafted, pd.DataFrame({"item_id": item, "answer": plain.map(answers)})


def read_agreement(label: str) -> str:
    """Return whether a label is of those who agree or of those who disagree with something; else nothing."""
    if "agree" not in label.lower():
        return ""
    return "disagree" if DISAGREE.search(label) else "agree" if AGREE.search(label) else ""
