"""The kinds of test there are, and a test as it is written in a file: a mapping of plain values with a ``kind``."""

from typing import Any

from surveybook.judgement import order_tests, pair_tests, share_tests, text_tests
from surveybook.judgement.claim_test import ClaimTest
from surveybook.model.codebook import Codebook
from surveybook.model.problems import Problem, read_settings

KINDS: dict[str, type[ClaimTest]] = {
    kind.kind: kind
    for kind in (
        text_tests.NotCheckable,
        share_tests.Repetition,
        text_tests.Count,
        text_tests.CrossReference,
        text_tests.Consistency,
        share_tests.FractionTest,
        pair_tests.Order,
        order_tests.Rank,
        order_tests.Top,
        order_tests.SameOrder,
        pair_tests.DifferenceTest,
        pair_tests.Agreement,
        text_tests.Compound,
    )
}


def read_test(written: Any, file: str, problems: list[Problem], place: str, codebook: Codebook) -> ClaimTest:
    """Return a test as it is written at a place of a file.

    Where it isn't one, all that is wrong is added to the problems, and what is returned tests nothing.
    """
    name = written.get("kind") if isinstance(written, dict) else written
    kind = KINDS.get(str(name))
    if not isinstance(written, dict) or kind is None:
        expected = f"expected one of {', '.join(KINDS)}"
        problems.append(Problem(file, f"the kind of test '{name}' isn't known", expected, column=place))
        return ClaimTest()
    values = {field: value for field, value in written.items() if field != "kind"}
    if kind is text_tests.Compound and isinstance(parts := values.get("tests"), list):
        values["tests"] = [read_test(part, file, problems, place, codebook) for part in parts]
    return read_settings(kind, values, file, problems, f"{place}, {name}", codebook) or ClaimTest()
