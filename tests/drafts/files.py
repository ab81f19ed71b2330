"""Small made-up files of respondents, each told in a few lines of YAML, and what has to be drafted of them.

A case in ``cases/<subject>.yml`` has the file. Under ``csv`` stand the cells of each column by its name (`fill`), with
rows of a platform ``above`` the answers and an ``encoding``; under ``sav`` of each column its label, its codes and,
unless one of these is drawn, its cells, with ``missing`` ranges and declared ``sets``. ``people`` says how many.
"<a|b>" makes several columns of one (`spread`), and ``each`` several cases of one: its key names what is put in, and a
row of its values makes a case.

What has to be drafted: ``drafts``, a list of every question by its title ("*": any) or a mapping of some by a column,
with what is told of each (`tell`, `is_as_told`); ``left_out``, all columns that are, with a part of the reason (none
without the key; null: whatever is); words that a doubt ``asks``, that none does (``asks_not``), or that stand nowhere
(``never``); and what `list_facts` lists. What several cases share is written once under ``words``.
Within brackets a text with a question mark or a colon stands in quotes.
"""

import csv
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pyreadstat
import yaml

from surveybook.drafts.chapters import find_names, is_background
from surveybook.drafts.questions import draft_questions
from surveybook.drafts.records import Draft, DraftQuestion, open_respondents
from surveybook.drafts.report import write_wave
from surveybook.model.files import PlainLoader

KEYS = {"csv", "sav", "people", "above", "encoding", "missing", "sets", "drafts", "left_out", "asks", "asks_not",
        "never", "groups", "design", "fieldwork", "size", "names", "background", "wave"}  # fmt: skip
CASES = Path(__file__).parent / "cases"
SIZE = 120
SPREAD = re.compile(r"<([^<>]*\|[^<>]*)>")
RANGE = re.compile(r"\d+\.\.\d+")


def list_cases(subject: str) -> Iterator[tuple[str, dict[str, Any]]]:
    """Yield each case of a subject with its name; one with ``each`` once for every row of it, its $names replaced."""
    told = yaml.load((CASES / f"{subject}.yml").read_text(encoding="utf-8"), PlainLoader)
    told.pop("words", None)
    for name, case in told.items():
        assert case.keys() <= KEYS | {"each"}, f"{name} in {subject}.yml has {case.keys() - KEYS}"
        ((names, rows),) = case.pop("each", {"": [None]}).items()
        for at, row in enumerate(rows, start=1):
            values = dict(zip(names.split(), row if " " in names else [row], strict=True)) if names else {}
            yield f"{name} ({at})" if names else name, put_in(case, values)


def put_in(told: Any, values: Mapping[str, Any]) -> Any:
    """Return a part of a case with what its $names stand for."""
    match told:
        case dict():
            return {put_in(key, values): put_in(own, values) for key, own in told.items()}
        case list():
            return [put_in(own, values) for own in told]
        case str() if told in values:
            return values[told]
        case str():
            for name, value in values.items():
                told = told.replace(name, str(value))
    return told


def spread(told: Any) -> Iterator[Any]:
    """Yield a column as often as "<a|b|c>" in it tells, with one of them each; "<>" repeats that of the first."""
    first = SPREAD.search(str(told))
    options = first.group(1).split("|") if first else [""]
    for at, option in enumerate(options):
        yield choose(told, at, option)


def choose(told: Any, at: int, first: str) -> Any:
    match told:
        case dict():
            return {choose(key, at, first): choose(own, at, first) for key, own in told.items()}
        case list() | tuple():
            return [choose(own, at, first) for own in told]
        case str():
            own = SPREAD.sub(lambda found: found.group(1).split("|")[at], told.replace("<>", first))
            return yaml.load(own, PlainLoader) if own != told and re.fullmatch(r"-?\d+|~", own) else own
    return told


def fill(told: Any, size: int, random: np.random.Generator) -> list[Any]:
    """Return the cells of a column.

    A list is drawn from, beside those in it that say how many people have them (``{Bus: 3}``); so is the set under
    ``drawn``. ``turn`` goes through its list from person to person, behind those under ``first``; with ``is``, 1 stands
    where it has that, and else 0. ``several`` joins some by a mark (``by``), with one behind them (``end``).
    ``numbers`` are drawn between two ends. "0..9" counts on and on, "{n}" is the number of the person, and anything
    else is what everybody has.
    """
    match told:
        case {"drawn": options}:
            return fill([*options], size, random)
        case {"turn": values}:
            values = [*count_up(values)] if isinstance(values, str) else values
            first = told.get("first", [])
            cells = [*first, *(values[n % len(values)] for n in range(size - len(first)))]
            cells = [int(one == told["is"]) for one in cells] if "is" in told else cells
        case {"several": [*options]}:
            rows = [[one for one in options if random.random() < 0.5] for _ in range(size)]
            cells = [told.get("by", ", ").join(row) + told.get("end", "") * bool(row) for row in rows]
        case {"numbers": [low, high]}:
            cells = list(random.uniform(low, high, size).round(4))
        case [*options]:
            cells = [value for one in options if isinstance(one, dict) for value, n in one.items() for _ in range(n)]
            free = [one for one in options if not isinstance(one, dict)]
            cells += [free[at] for at in random.integers(0, max(len(free), 1), size - len(cells))]
            cells = [cells[at] for at in random.permutation(size)]
        case str() if RANGE.fullmatch(told):
            return fill({"turn": told}, size, random)
        case _:
            cells = [told] * size
    return [one.replace("{n}", str(n)) if isinstance(one, str) else one for n, one in enumerate(cells)]


def count_up(told: str) -> range:
    """Return the numbers of "18..79"."""
    low, high = map(int, told.split(".."))
    return range(low, high + 1)


def read_codes(told: Any) -> dict[Any, str]:
    """Return codes and their labels: a list counts from 1; "1..9" has one label, with {n}, or the numbers alone."""
    if isinstance(told, list):
        return dict(enumerate(told, start=1))
    known: dict[Any, str] = {}
    for code, label in (told or {}).items():
        numbers = count_up(code) if RANGE.fullmatch(str(code)) else ()
        known |= {n: (label or "{n}").replace("{n}", str(n)) for n in numbers} or {code: label}
    return known


def draft_csv(
    folder: Path,
    columns: Sequence[tuple[str, Any]],
    above: Sequence[Sequence[str]] = (),
    encoding: str = "utf-8",
    size: int = SIZE,
) -> Draft:
    """Return the draft of a CSV file of names and cells, with rows of a platform between names and answers."""
    random = np.random.default_rng(5)
    cells = [fill(told, size, random) for _, told in columns]
    with (folder / "answers.csv").open("w", newline="", encoding=encoding) as file:
        csv.writer(file).writerows([[name for name, _ in columns], *above, *zip(*cells, strict=True)])
    return draft_questions(open_respondents(folder / "answers.csv"))


def draft_sav(folder: Path, columns: Sequence[tuple[str, Any]], case: Mapping[str, Any], size: int = SIZE) -> Draft:
    """Return the draft of an SPSS file: of each column its label, its codes with theirs, and what else stands there."""
    random = np.random.default_rng(5)
    frame, labels, values = {}, [], {}
    for name, (label, told, *cells) in columns:
        codes = read_codes(told)
        drawn = fill(cells[0] if cells else [*codes], size, random)
        frame[name] = drawn if any(isinstance(one, str) for one in drawn) else np.array(drawn, dtype=float)
        labels.append(label)
        values |= {name: codes} if codes else {}
    pyreadstat.write_sav(
        pd.DataFrame(frame), str(folder / "a.sav"), column_labels=labels, variable_value_labels=values,
        missing_ranges=case.get("missing", {}),
    )  # fmt: skip
    source = open_respondents(folder / "a.sav")
    sets = tuple((tuple(names), counted, title) for names, counted, title in case.get("sets", ()))
    return draft_questions(replace(source, sets=sets) if sets else source)


def draft_case(folder: Path, case: Mapping[str, Any]) -> Draft:
    """Return the draft of the file of a case."""
    told, size = case.get("csv") or case["sav"], case.get("people", SIZE)
    pairs = [pair for one in (told if isinstance(told, list) else [told]) for pair in one.items()]
    columns = [column for pair in pairs for column in spread(pair)]
    if "sav" in case:
        return draft_sav(folder, columns, case, size)
    return draft_csv(folder, columns, case.get("above", ()), case.get("encoding", "utf-8"), size)


def find(draft: Draft, name: str) -> DraftQuestion:
    """Return the question that has a column, or this title."""
    return next(one for one in draft.questions if name in one.columns or one.title == name)


def tell(question: DraftQuestion, key: str) -> Any:
    """Return what a draft says of a question under the key of a case: labels of items and answers, else as it is."""
    answers = [label for answer, label in question.answers.items() if answer not in question.nets]
    items = [*question.items.values()]
    shown = {
        "answers": answers, "items": items, "options": answers or items, "labels": [*items, *answers],
        "nets": sum(map(len, question.nets.values())), "rules": question.rules,
    }  # fmt: skip
    return {**shown, **question.rules}[key] if key in {**shown, **question.rules} else getattr(question, key, None)


def is_as_told(found: Any, told: Any) -> bool:
    """Return whether what was drafted is what a case tells.

    A list is all there is, in its order; {a, b} all there is, in any; of a mapping with values these keys have them; a
    number is how many there are.
    """
    match told:
        case dict() if told and all(value is None for value in told.values()):
            return sorted(map(str, found)) == sorted(map(str, told))
        case dict():
            return bool(told or not found) and all(is_as_told(found.get(key), own) for key, own in told.items())
        case list():
            return found is not None and [*found] == told
        case int() if isinstance(found, list | dict):
            return len(found) == told
    return bool(found == told)


def list_wrong_questions(draft: Draft, told: Any) -> Iterator[str]:
    """Yield what is drafted otherwise: a list tells every question by its title, a mapping some by a column."""
    if isinstance(told, list):
        rows = [next(iter(one.items())) if isinstance(one, dict) else (one, {}) for one in told]
        if len(rows) != len(draft.questions):
            yield f"{len(draft.questions)} are drafted"
        pairs = [(one, {"title": title, **own} if title != "*" else own)
                 for one, (title, own) in zip(draft.questions, rows, strict=False)]  # fmt: skip
    else:
        pairs = [(find(draft, name), own) for name, own in told.items()]
    for question, own in pairs:
        for key, value in own.items():
            if not is_as_told(tell(question, key), value):
                yield f"{key} of {question.title} is {tell(question, key)!r}"


def list_differences(draft: Draft, case: Mapping[str, Any]) -> list[str]:
    """Return what is not as the case tells, as lines; the doubts of the draft behind them."""
    wrong = [*list_wrong_questions(draft, case.get("drafts", {}))]
    left_out = case.get("left_out", {})
    if left_out is not None:
        if not is_as_told(draft.left_out, dict.fromkeys(left_out)):
            wrong.append(f"left out are {[*draft.left_out]}")
        wrong += [f"{name}: {draft.left_out.get(name)}" for name, why in left_out.items()
                  if (why or "") not in draft.left_out.get(name, "")]  # fmt: skip
    wrong += [f"“{words}” isn't asked" for words in case.get("asks", ()) if words not in "\n".join(draft.doubts)]
    wrong += [f"“{words}” is asked" for words in case.get("asks_not", ()) if words in "\n".join(draft.doubts)]
    shown = f"{draft.questions} {draft.doubts}"
    wrong += [f"“{words}” is shown" for words in case.get("never", ()) if words in shown]
    facts = list_facts(draft, case)
    if draft.groups.keys() != case.get("groups", draft.groups).keys():
        wrong.append(f"the groups are {[*draft.groups]}")
    wrong += [f"{key}: {facts[key]!r}" for key in case.keys() & facts.keys() if not is_as_told(facts[key], case[key])]
    return [*wrong, f"doubts: {draft.doubts}"] if wrong else []


def list_facts(draft: Draft, case: Mapping[str, Any]) -> dict[str, Any]:
    """Return what else a case may tell of a draft.

    All ``groups``, each by its column or by its rules; the columns of the ``design`` ("none": not named); the first and
    last day of ``fieldwork``; how many respondents there are (``size``); ``names`` that keep their capitals; whether a
    question is of who somebody is (``background``); and parts of ``wave.yml`` (``wave``).
    """
    told = case.get("groups", {})
    groups = {name: {**rules, "rules": rules, "labels": {*rules.get("values", {}).values()}}
              for name, rules in draft.groups.items()}  # fmt: skip
    return {
        "groups": {name: own if isinstance(told.get(name), dict) else own["column"] for name, own in groups.items()},
        "design": {**dict.fromkeys(case.get("design", ()), "none"), **draft.design},
        "fieldwork": " to ".join(map(str, draft.fieldwork)) if draft.fieldwork else None,
        "size": draft.source.size,
        "names": find_names(draft.questions),
        "background": {one.columns[0]: is_background(one) for one in draft.questions if one.columns},
        "wave": yaml.safe_load(write_wave(draft, "City survey", "2031", ".csv")) if "wave" in case else {},
    }
