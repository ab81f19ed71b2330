"""How answers were recorded in a file of respondents: which codes make up each, under which labels, and who counts.

It is what another wave has to agree with before shares of the two are compared, and it holds no answer of anybody.
"""

from collections.abc import Mapping
from typing import Any

from surveybook.respondents.mapping import DONT_KNOW, NONE, DomainRules, PopulationMapping, QuestionMapping

Labels = Mapping[str, Mapping[str, str]]


def describe_recording(
    mapping: PopulationMapping, labels: Mapping[str, str], value_labels: Labels
) -> dict[str, dict[str, Any]]:
    """Return how one population's answers and groups were recorded.

    Parameters
    ----------
    mapping : PopulationMapping
        What ``wave.yml`` says of the file.
    labels, value_labels : mapping
        What the file calls its columns, and the codes of each; empty where it says nothing, or isn't here.

    Returns
    -------
    dict
        ``questions`` and ``groups``, each by name; see `describe_question` and `describe_groups`.
    """
    return {
        "questions": {own.question: describe_question(own, labels, value_labels) for own in mapping.questions},
        "groups": {
            variable: describe_groups(own, labels.get(own.column), value_labels.get(own.column, {}))
            for variable, own in mapping.rules.domains.items()
        },
    }


def describe_question(question: QuestionMapping, labels: Mapping[str, str], value_labels: Labels) -> dict[str, Any]:
    """Return how one question was recorded, part by part.

    Returns
    -------
    dict
        ``encoding``; ``answers``: for each answer its codes with their labels, None where a code has none;
        ``columns``: for each item (or for all of them, under "") its columns with their labels; ``base`` and
        ``dont_know``: who counts; ``none``: whether "none of these" is an answer; ``routing``: the codes of those who
        were asked, by column; empty where all were; of numbers, their ``unit``.
    """
    rules = question.rules
    named = value_labels.get(next(iter(question.columns), ""), {})
    answers: dict[str, dict[str, str | None]] = {}
    for code, target in question.codes.items():
        answers.setdefault(target, {})[code] = named.get(code)
    columns: dict[str, dict[str, str | None]] = {}
    for column, item in question.columns.items():
        columns.setdefault(item, {})[column] = labels.get(column)
    counts_none = NONE in question.targets or rules.nothing_chosen == "answered"
    routing = rules.universe
    return {
        "encoding": question.encoding,
        "answers": answers or None,
        "columns": columns,
        "base": rules.base,
        "dont_know": rules.dont_know or ("in" if DONT_KNOW in question.targets else "no such answer"),
        "none": ("an answer" if counts_none else "no answer") if question.kind.is_several else None,
        "routing": {routing.column: list(routing.values)} if routing else {},
        **({"unit": rules.unit} if question.kind.is_number else {}),
    }


def describe_groups(rules: DomainRules, label: str | None, labels: Mapping[str, str]) -> dict[str, dict[str, Any]]:
    """Return what each group of a variable is made of: its column, codes and ends of a range, None if open.

    Column and codes stand with their labels, None where the file gives none.
    """
    found: dict[str, dict[str, Any]] = {
        name: {"column": {rules.column: label}, "codes": {}, "range": None} for name in rules.names
    }
    for code, name in rules.values.items():
        found[name]["codes"][code] = labels.get(code)
    for name, ends in rules.ranges.items():
        found[name]["range"] = [None if abs(end) == float("inf") else end for end in ends]
    return found
