"""The vocabulary that tests of claims are written in: its kinds by name, and the reading of a test as one of them."""

from collections.abc import Iterator
from typing import Any

from surveybook.claims import order_tests, share_tests, text_tests
from surveybook.claims.claim_test import ClaimTest, Complaint, Names

KINDS: dict[str, type[ClaimTest]] = {
    kind.kind: kind
    for kind in (
        text_tests.NotCheckable,
        share_tests.Repetition,
        text_tests.Count,
        text_tests.CrossReference,
        text_tests.Consistency,
        share_tests.FractionTest,
        order_tests.Order,
        order_tests.Rank,
        order_tests.Top,
        order_tests.DifferenceTest,
        order_tests.Agreement,
        text_tests.Compound,
    )
}


def complain_about_test(written: Any, names: Names) -> Iterator[Complaint]:
    """Yield what is wrong with a test as it is written, each with what was expected."""
    if not isinstance(written, dict) or written.get("kind") not in KINDS:
        name = written.get("kind") if isinstance(written, dict) else written
        yield f"the kind of test '{name}' isn't known", f"expected one of {', '.join(KINDS)}"
        return
    name, kind = written["kind"], KINDS[written["kind"]]
    needed, choice = kind.list_fields()
    missing = [field for field in needed if written.get(field) in (None, "", [])]
    if missing:
        yield f"the {name} test has no {', '.join(missing)}", f"expected {', '.join(needed)}"
    for field in written:
        if field not in ("kind", *needed, *choice):
            yield f"the {name} test has an unknown field '{field}'", f"expected {', '.join((*needed, *choice))}"
    if choice and sum(field in written for field in choice) != 1:
        yield f"the {name} test has to have one of {' and '.join(choice)}", "give the number or the words"
    if missing:
        return
    if kind is text_tests.Compound:
        for part in written["tests"] if isinstance(written["tests"], list) else [written["tests"]]:
            yield from complain_about_test(part, names)
    else:
        yield from kind(**{field: written[field] for field in (*needed, *choice) if field in written}).complain(names)


def make_test(written: Any) -> ClaimTest:
    """Return a test as an object, from a mapping that nothing is wrong with (see `complain_about_test`)."""
    values = {name: value for name, value in written.items() if name != "kind"}
    if written["kind"] == text_tests.Compound.kind:
        values["tests"] = tuple(make_test(part) for part in written["tests"])
    return KINDS[written["kind"]](**values)
