"""Which questions of a codebook those of a draft are, by the likeness of their words, and how they are read then.

And what a file of respondents holds, with a proposal of how it maps to the codebook, from names and labels alone.
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import pandas as pd

from surveybook.drafts.columns import DraftColumn, is_number, number_of_code
from surveybook.drafts.labels import MOST_CODES, VOCABULARY, match_else, read_yes_or_no
from surveybook.drafts.questions import draft_questions
from surveybook.drafts.records import KNOWN_ANSWERS, DraftQuestion, open_respondents, state_missing
from surveybook.drafts.report import dump_yaml, render
from surveybook.drafts.rules import RESERVED, name_after_first
from surveybook.drafts.sides import match_agreement
from surveybook.model.codebook import Codebook, read_codebook
from surveybook.model.kinds import Kind
from surveybook.model.problems import SurveybookError
from surveybook.respondents.codes import ALIKE, code_text, rate_likeness
from surveybook.respondents.columns import SHARED_BY
from surveybook.respondents.files import PREFIX, find_format

# Of the items of a list this part has to be found for it to be a question's.
ENOUGH = 0.4
# What stands for an item or an answer that the codebook has nothing like.
UNKNOWN = "?"


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
        rest = take_out(reading, {item for pairs in own.values() for item in pairs})
        found.left += [rest] if rest else []
    return found


def take_out(one: DraftQuestion, known: set[str]) -> DraftQuestion | None:
    """Return a draft's question without the statements that are known, of a list all or none; None if none is left."""
    items = {item: label for item, label in one.items.items() if item not in known}
    if not known:
        return one
    if not items or one.rules.get("encoding", "number") not in ("scale", "number"):
        return None
    columns = {column: item for column, item in one.rules["columns"].items() if item in items}
    title = one.title if one.title == one.first else name_after_first(items)
    return replace(one, title=title, items=items, rules={**one.rules, "columns": columns})


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
        (rate_likeness(label, names), item, known)
        for item, label in labels.items()
        for known, *names in listed[["label", "short_label"]].itertuples()
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
    if (target := match_agreement(label)) in (*kind.answers, "neither"):
        return target
    rates = {answer: rate_likeness(label, (answer, kind.labels[answer])) for answer in kind.answers}
    best = max(rates, key=rates.__getitem__, default=UNKNOWN)
    return best if rates.get(best, 0.0) >= ALIKE else UNKNOWN


# Columns beyond this are counted, not looked at.
MOST_COLUMNS = 400


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
    draft = draft_questions(source, codebook=codebook)
    columns, matched = draft.columns[:MOST_COLUMNS], match_codebook(draft.questions, codebook)
    shared = {text for one in columns for text, count in one.counts.items() if count >= SHARED_BY}
    block: dict[str, object] = {"file": f"{PREFIX}{population}{find_format(path)}", **draft.design}
    block |= {"domains": draft.groups} if draft.groups else {}
    block |= {"questions": matched.questions}
    text = render(
        "description", file=source.name, size=source.size, variables=len(draft.columns),
        more=len(draft.columns) - len(columns),
        described=[line for column in columns for line in describe_variable(column, shared)],
        block=dump_yaml({"responses": {population: block}}, flow=None).rstrip(),
        missing=[key for key in VOCABULARY["design"] if key not in draft.design],
        matched=matched, left_out=draft.left_out,
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
    numbers = {code: number_of_code(code) for code in {*column.counts, *labels} if is_number(code)}
    for code in [*sorted(numbers, key=numbers.__getitem__), *sorted({*column.counts, *labels} - numbers.keys())]:
        is_shown = code in labels or code in shared or re.fullmatch(r"-?\d{1,4}", code)
        named = f"{code} {labels[code]}" if code in labels else code
        yield f"    {named if is_shown else '(a rare text)'}: {column.counts[code]:,}"
