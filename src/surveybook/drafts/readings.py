"""How a draft read each question of a file, in words: what whoever knows the survey goes through first."""

from dataclasses import dataclass

from surveybook.drafts.records import Draft, DraftQuestion, list_kind_answers, name_range, read_targets
from surveybook.drafts.related_columns import merge_labels, split_texts
from surveybook.respondents.encoding import UNNAMED_CODES

# How people could answer, by the kind of a question, and where their answers stand.
HOW = {
    "single": "one answer from a list",
    "multiple": "several answers from a list",
    "number": "numbers ({unit})",
    "pair": "one of two answers",
    "scale": "answers in an order",
}
PLACES = {
    "single": {"columns": ", a column an option"},
    "multiple": {
        "columns": ", a column an option",
        "choices": ", a column a mention",
        "delimited": ", parted by “{mark}” in a cell",
    },
}
# What is told of codes that are no answer of their own.
APART = {"other": "other", "none": "none of these", "dont_know": "don’t know", "no_answer": "no answer"}


@dataclass(frozen=True)
class Reading:
    """How one question was read.

    Attributes
    ----------
    columns, title, how : str
        In which columns it stands, what it is called, and how people could answer.
    answered : int
        How many people gave one; what counts as something else, such as “don’t know”, is none.
    things : list of str
        What they gave answers to; empty where that is the question alone, or a list.
    answers : list of str
        Options or answers, each with its code where it has one.
    nets : dict of list of str
        Which answers are counted together, by what they are called then.
    apart : dict of list of str
        Codes that are no answer of their own, with their labels, by what they count as.
    """

    columns: str
    title: str
    how: str
    answered: int
    things: list[str]
    answers: list[str]
    nets: dict[str, list[str]]
    apart: dict[str, list[str]]


def describe_reading(draft: Draft, one: DraftQuestion) -> Reading:
    """Return how one question of a draft was read."""
    columns, (_, targets) = draft.find_columns(one), read_targets(one.rules)
    labels, is_list = {**merge_labels(columns), UNNAMED_CODES: "whatever else stands there"}, one.kind in PLACES
    answers = list_kind_answers([one]).get(one.kind, {})
    own = one.items if is_list else {answer: label for answer, label in answers.items() if answer not in APART}
    apart: dict[str, list[str]] = {}
    if one.rules.get("encoding") == "columns":
        texts = split_texts(columns)[1]
        options = [(one.items.get(item, texts[name]), item) for name, item in one.rules["columns"].items()]
    else:
        told = {code: labels.get(code, code) for code in targets}
        bare = {UNNAMED_CODES, *(code for code, label in told.items() if label == code.replace("_", " "))}
        options = [(told[code] if code in bare else f"{code} {told[code]}", target) for code, target in targets.items()]
    for text, target in options:
        if target not in own:
            apart.setdefault(APART.get(target or "no_answer", target or ""), []).append(text)
    kind = one.kind if one.kind in HOW else "pair" if len(own) == len(("yes", "no")) else "scale"
    how = HOW[kind] + PLACES.get(kind, {}).get(one.rules.get("encoding", ""), "")
    return Reading(
        columns=name_range(columns),
        title=one.title,
        how=how.format(unit=one.rules.get("unit", "nobody says what of"), mark=one.rules.get("separator")),
        answered=int(draft.find_answered(one).sum()),
        things=[] if is_list or len(one.items) < 2 else [*one.items.values()],
        answers=[text for text, target in options if target in own],
        nets={own[net]: [own[answer] for answer in parts] for net, parts in one.nets.items()},
        apart=apart,
    )
