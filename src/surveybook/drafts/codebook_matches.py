"""Which questions of a codebook those of a draft are, by the likeness of their words, and how they are read then."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

import pandas as pd

from surveybook.drafts.labels import match_else, read_yes_or_no
from surveybook.drafts.records import KNOWN_ANSWERS, DraftQuestion, state_missing
from surveybook.drafts.rules import RESERVED
from surveybook.model.codebook import Codebook
from surveybook.model.kinds import Kind
from surveybook.respondents.codes import AGREE, ALIKE, DISAGREE, UNDECIDED, code_text, rate_likeness

# Of the items of a list this part has to be found for it to be a question's.
ENOUGH = 0.4
# What stands for an item or an answer that the codebook has nothing like.
UNKNOWN = "?"
# In this order: "disagree" holds "agree".
RESPONSES = {"neither": UNDECIDED, "disagree": DISAGREE, "agree": AGREE}


@dataclass
class CodebookMatch:
    """What a draft has of a codebook.

    Attributes
    ----------
    questions : dict of dict
        The rules of each question that was found, as ``wave.yml`` has them.
    unclear : list of str
        The labels of items and answers of these that are like nothing that the codebook has.
    left : list of DraftQuestion
        The questions that are none of the codebook's.
    """

    questions: dict[str, dict[str, Any]] = field(default_factory=dict)
    unclear: list[str] = field(default_factory=list)
    left: list[DraftQuestion] = field(default_factory=list)


def match_codebook(questions: Iterable[DraftQuestion], codebook: Codebook) -> CodebookMatch:
    """Return the questions of a codebook that those of a draft are; each is found once.

    Statements are matched one by one, since a draft may have those of several questions in one battery; a list is the
    question most of whose items it has.

    Parameters
    ----------
    questions : iterable of DraftQuestion
        What was drafted.
    codebook : Codebook
        Questions, items and answers.
    """
    found = CodebookMatch()
    for one in questions:
        free = [name for name in codebook.questions.index if name not in found.questions]
        tried = [(match_question(reading, codebook, free), reading) for reading in list_readings(one)]
        own, reading = max(tried, key=lambda pair: sum(map(len, pair[0].values())))
        for name, pairs in own.items():
            found.questions[name] = translate_rules(reading, pairs, codebook.kind_of(name), found.unclear)
        found.left += [] if own else [one]
    return found


def match_question(one: DraftQuestion, codebook: Codebook, among: Iterable[str]) -> dict[str, dict[str, str]]:
    """Return the questions of a codebook that a draft's is, with its items and what each is there; of a list, one."""
    encoding = one.rules.get("encoding", "number")
    fitting = [name for name in among if encoding in codebook.kind_of(name).encodings]
    listed = codebook.items[codebook.items["question_id"].isin(fitting)]
    if encoding in ("scale", "number"):
        pairs, found = pair_items(one.items, listed), dict[str, dict[str, str]]()
        for item, known in pairs.items():
            found.setdefault(str(listed.at[known, "question_id"]), {})[item] = known
        return found
    tried = {str(name): (pair_items(one.items, own), len(own)) for name, own in listed.groupby("question_id")}
    parts = {name: len(pairs) / size for name, (pairs, size) in tried.items() if len(pairs) > 1}
    best = max(parts, key=parts.__getitem__, default="")
    return {best: tried[best][0]} if best and parts[best] >= ENOUGH else {}


def list_readings(one: DraftQuestion) -> list[DraftQuestion]:
    """Return a question as it was drafted; where people said yes or no to each of several, as a list too."""
    codes = {read_yes_or_no(label): one.rules["collapse"].get(answer, []) for answer, label in one.answers.items()}
    if codes.keys() != {"yes", "no"} or "columns" not in one.rules:
        return [one]
    lost = [code for answer, own in one.rules["collapse"].items() if answer not in one.answers for code in own]
    rules = {"encoding": "columns", "columns": one.rules["columns"], "chosen": codes["yes"], "not_chosen": codes["no"],
             **state_missing(map(code_text, lost)), "base": one.rules["base"]}  # fmt: skip
    return [one, replace(one, kind="multiple", rules=rules)]


def pair_items(labels: Mapping[str, str], listed: pd.DataFrame) -> dict[str, str]:
    """Return items with those of a codebook that they are, the most alike first, each once.

    Parameters
    ----------
    labels : mapping
        The items: id to label.
    listed : pandas.DataFrame
        Those of the codebook, by id: ``label`` and ``short_label``.
    """
    rates = [
        (rate_likeness(label, (row["label"], row["short_label"])), item, str(known))
        for item, label in labels.items()
        for known, row in listed.iterrows()
    ]
    found = dict[str, str]()
    for rate, item, known in sorted(rates, key=lambda one: -one[0]):
        if rate >= ALIKE and item not in found and known not in found.values():
            found[item] = known
    return found


def translate_rules(one: DraftQuestion, pairs: Mapping[str, str], kind: Kind, unclear: list[str]) -> dict[str, Any]:
    """Return how a question of the codebook stands in a file: the rules of a draft with the codebook's ids.

    Parameters
    ----------
    one : DraftQuestion
        The draft's question.
    pairs : mapping
        Its items, and what they are in the codebook.
    kind : Kind
        How people answered the codebook's question.
    unclear : list of str
        Takes in the labels of what has no place there.
    """
    rules = dict(one.rules)
    if kind.is_list:
        names = {item: pairs.get(item) or match_else(label) or UNKNOWN for item, label in one.items.items()}
        unclear += [label for item, label in one.items.items() if names[item] == UNKNOWN]
        for key in ("columns", "codes"):
            if isinstance(rules.get(key), dict):
                rules[key] = {code: names.get(target, target) for code, target in rules[key].items()}
        return rules
    if "columns" in rules:
        columns = {column: pairs[item] for column, item in rules.pop("columns").items() if item in pairs}
        rules = {"column": next(iter(columns)), **rules} if len(columns) == 1 else {"columns": columns, **rules}
    if "collapse" in rules:
        labels, told = one.answers or KNOWN_ANSWERS["scale"], dict[str, list[object]]()
        for answer, codes in rules["collapse"].items():
            target = match_response(labels.get(answer, ""), kind) if answer not in RESERVED else answer
            if target == "dont_know" not in kind.labels:
                target = rules.pop("dont_know") and "neither"  # they count for the base, and have no figure there
            told.setdefault(target, []).extend(codes)
            unclear += [labels.get(answer, answer)] if target == UNKNOWN else []
        rules["collapse"] = told
    return rules


def match_response(label: str, kind: Kind) -> str:
    """Return the response of a kind that an answer is of, or "?"."""
    for target, words in RESPONSES.items():
        if words.search(label) and target in (*kind.answers, "neither"):
            return target
    rates = {answer: rate_likeness(label, (answer, kind.labels[answer])) for answer in kind.answers}
    best = max(rates, key=rates.__getitem__, default=UNKNOWN)
    return best if rates.get(best, 0.0) >= ALIKE else UNKNOWN
