"""The vocabulary that tests of claims are written in: its kinds, their fields, and the check of both.

A test is a mapping of plain values with a ``kind``. Nothing in it is evaluated; a kind or field that isn't
listed here is a problem with a place, never ignored.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from surveybook.model.codebook import Codebook
from surveybook.model.figures import FIRST_RESPONSE, KEY

RELATIONS = ("exact", "bare", "more_than", "fewer_than", "nearly", "just_over", "about")
FIELDS: dict[str, tuple[str, ...]] = {
    "not_checkable": ("needs",),
    "repetition": ("figure",),
    "count": ("what", "stated", "counted"),
    "cross_reference": ("stated", "actual"),
    "consistency": ("first", "second", "agree"),
    "fraction": ("figure", "relation", "fraction"),
    "order": ("higher", "lower"),
    "rank": ("population", "question", "item", "rank"),
    "top": ("population", "question", "items"),
    "difference": ("figure_a", "figure_b"),
    "agreement": ("figure_a", "figure_b"),
    "all": ("tests",),
}
ONE_OF = {"repetition": ("percent", "verbal")}
TEXTUAL = ("not_checkable", "cross_reference", "consistency")
Test = Mapping[str, Any]
Complaint = tuple[str, str]


@dataclass(frozen=True)
class Names:
    """What a test may name: plain mappings, because a look-up in the codebook's tables costs a thousand times more."""

    populations: frozenset[str]
    question_of: dict[str, str]
    kind_of: dict[str, str]
    responses_of: dict[str, tuple[str, ...]]


def names_of(codebook: Codebook) -> Names:
    """Return the names that a codebook has."""
    responses = {kind: tuple(rows["response"]) for kind, rows in codebook.responses.groupby("kind")}
    return Names(
        frozenset(codebook.populations.index),
        codebook.items["question_id"].to_dict(),
        codebook.questions["kind"].to_dict(),
        responses,
    )


def leaves(test: Test) -> Iterator[Test]:
    """Yield the single tests that a test is made of: itself, or the parts of a compound."""
    if test["kind"] == "all":
        for part in test["tests"]:
            yield from leaves(part)
    else:
        yield test


def named_keys(test: Test, names: Names) -> list[str]:
    """Return the keys of the figures that a test names, each once; ranks name their items' first response."""
    found: list[str] = []
    for part in leaves(test):
        found += [part[field] for field in ("figure", "higher", "lower", "figure_a", "figure_b") if field in part]
        if part["kind"] in ("rank", "top"):
            items = part.get("items") or [part["item"]]
            response = FIRST_RESPONSE[names.kind_of[part["question"]]]
            found += [f"{part['population']}.{item}.{response}" for item in items]
        if part["kind"] == "count" and isinstance(part["counted"], list):
            found += [entry for entry in part["counted"] if KEY.fullmatch(entry)]
    return list(dict.fromkeys(found))


def key_complaint(key: Any, names: Names) -> Complaint | None:
    """Return what is wrong with the key of a figure and what was expected, or None."""
    match = KEY.fullmatch(key) if isinstance(key, str) else None
    if not match:
        return f"'{key}' doesn't name a figure", "write population.item.response, such as public.value_for_money.chosen"
    if match["population"] not in names.populations:
        return f"the population '{match['population']}' isn't known", "see data/codebook/populations.csv"
    if match["item"] not in names.question_of:
        return f"the item '{match['item']}' isn't known", "see data/codebook/items.csv"
    known = names.responses_of[names.kind_of[names.question_of[match["item"]]]]
    if match["response"] not in known:
        return f"'{match['item']}' has no response '{match['response']}'", f"expected one of {', '.join(known)}"
    return None


def complaints_about(test: Any, names: Names) -> Iterator[Complaint]:
    """Yield what is wrong with a test, each with what was expected."""
    if not isinstance(test, dict) or test.get("kind") not in FIELDS:
        kind = test.get("kind") if isinstance(test, dict) else test
        yield f"the kind of test '{kind}' isn't known", f"expected one of {', '.join(FIELDS)}"
        return
    kind, fields = test["kind"], FIELDS[test["kind"]]
    choice = ONE_OF.get(kind, ())
    missing = [field for field in fields if test.get(field) in (None, "", [])]
    if missing:
        yield f"the {kind} test has no {', '.join(missing)}", f"expected {', '.join(fields)}"
    for field in test:
        if field not in ("kind", *fields, *choice):
            yield f"the {kind} test has an unknown field '{field}'", f"expected {', '.join((*fields, *choice))}"
    if choice and sum(field in test for field in choice) != 1:
        yield f"the {kind} test has to have one of {' and '.join(choice)}", "give the number or the words"
    if not missing:
        yield from CHECKS[kind](test, names)


def _no_complaints(test: Test, names: Names) -> Iterator[Complaint]:
    """Yield nothing: texts may say anything."""
    yield from ()


def _keys(*fields: str) -> Callable[[Test, Names], Iterator[Complaint]]:
    """Return a check that fields hold keys of figures."""

    def check(test: Test, names: Names) -> Iterator[Complaint]:
        yield from filter(None, (key_complaint(test[field], names) for field in fields))

    return check


def _repetition(test: Test, names: Names) -> Iterator[Complaint]:
    """Yield what is wrong with a repetition."""
    yield from _keys("figure")(test, names)
    percent = test.get("percent", 0)
    if isinstance(percent, bool) or not isinstance(percent, int | float) or not 0 <= percent <= 100:
        yield f"the repeated number is '{percent}'", "expected a percentage from 0 to 100"


def _fraction(test: Test, names: Names) -> Iterator[Complaint]:
    """Yield what is wrong with a fraction."""
    yield from _keys("figure")(test, names)
    if test["relation"] not in RELATIONS:
        yield f"the relation '{test['relation']}' isn't known", f"expected one of {', '.join(RELATIONS)}"
    try:
        inside = 0 <= Fraction(str(test["fraction"])) <= 1
    except (ValueError, ZeroDivisionError):
        inside = False
    if not inside:
        yield f"the fraction is '{test['fraction']}'", "expected one from 0 to 1, such as 2/3"


def _count(test: Test, names: Names) -> Iterator[Complaint]:
    """Yield what is wrong with a count."""
    if isinstance(test["stated"], bool) or not isinstance(test["stated"], int):
        yield f"the stated number is '{test['stated']}'", "expected a whole number"
    counted = test["counted"]
    if isinstance(counted, str):
        question, _, population = counted.partition("/")
        if question not in names.kind_of or population not in names.populations:
            yield f"'{counted}' can't be counted", "expected question/population, or a list"
    elif not isinstance(counted, list) or not all(isinstance(entry, str) for entry in counted):
        yield "what is counted isn't a list of names", "expected question/population, or a list"


def _consistency(test: Test, names: Names) -> Iterator[Complaint]:
    """Yield what is wrong with a consistency of two passages."""
    for field in ("first", "second"):
        if not isinstance(test[field], dict) or set(test[field]) != {"locator", "says"}:
            yield f"the {field} passage isn't one", "expected locator and says"
    if not isinstance(test["agree"], bool):
        yield f"agree is '{test['agree']}'", "expected true or false"


def _ranking(test: Test, names: Names) -> Iterator[Complaint]:
    """Yield what is wrong with a rank, or with a list of leading items."""
    if test["population"] not in names.populations:
        yield f"the population '{test['population']}' isn't known", "see data/codebook/populations.csv"
    if test["question"] not in names.kind_of:
        yield f"the question '{test['question']}' isn't known", "see data/codebook/questions.csv"
        return
    if names.kind_of[test["question"]] not in FIRST_RESPONSE:
        yield f"the items of '{test['question']}' have no single order", "use order tests of its responses"
    within = [item for item, question in names.question_of.items() if question == test["question"]]
    items = test.get("items", [test.get("item")])
    for item in items if isinstance(items, list) else [items]:
        if item not in within:
            yield f"'{item}' is no item of '{test['question']}'", f"expected one of {', '.join(within)}"
    rank = test.get("rank", 1)
    if isinstance(rank, bool) or not isinstance(rank, int) or not 1 <= rank <= len(within):
        yield f"the rank is '{rank}'", f"expected a whole number from 1 to {len(within)}"


def _parts(test: Test, names: Names) -> Iterator[Complaint]:
    """Yield what is wrong with the parts of a compound."""
    for part in test["tests"] if isinstance(test["tests"], list) else [test["tests"]]:
        yield from complaints_about(part, names)


CHECKS: dict[str, Callable[[Test, Names], Iterator[Complaint]]] = {
    "not_checkable": _no_complaints,
    "cross_reference": _no_complaints,
    "repetition": _repetition,
    "count": _count,
    "consistency": _consistency,
    "fraction": _fraction,
    "order": _keys("higher", "lower"),
    "rank": _ranking,
    "top": _ranking,
    "difference": _keys("figure_a", "figure_b"),
    "agreement": _keys("figure_a", "figure_b"),
    "all": _parts,
}
