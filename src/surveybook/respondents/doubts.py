"""Where a mapping and the labels in the file say different things: a figure may stand under the wrong name."""

from surveybook.respondents.coding import AGREE, ALIKE, DISAGREE, TICKED, UNTICKED, likeness
from surveybook.respondents.columns import Columns
from surveybook.respondents.questions import QuestionMapping

# A label that is this like an item can hardly be meant for "other" or "none".
SURE = 0.9


def doubt_labels(columns: Columns, question: QuestionMapping) -> None:
    """Add what the labels of the file contradict: a problem where it can't be right, a doubt where it may be."""
    variables, values = columns.source.labels, columns.source.value_labels
    for column, target in question.columns.items():
        labels = values.get(column, {})
        if question.encoding == "columns":
            contradict_choice(columns, question, column, labels)
        if target:
            doubt_item(columns, question, column, variables.get(column, ""), target)
        for code, answer in question.codes.items():
            # In a file of words the codes are their own labels.
            label = labels.get(code, "" if labels or code.lstrip("-").isdigit() else code)
            if question.encoding == "scale":
                doubt_direction(columns, question, column, label, answer)
            else:
                doubt_item(columns, question, column, label, answer)


def contradict_choice(columns: Columns, question: QuestionMapping, column: str, labels: dict[str, str]) -> None:
    """Add a problem where what counts as a choice is labelled "no", or the reverse."""
    for codes, pattern, said, key in (
        (question.chosen, UNTICKED, "counts as a choice", "chosen"),
        (question.not_chosen, TICKED, "counts as no choice", "not_chosen"),
    ):
        for code in codes:
            if pattern.fullmatch(labels.get(code, "").strip()):
                found = f"the code '{code}' {said}, and the file labels it '{labels[code]}'"
                columns.wrong(found, f"correct {key} of {question.question} in wave.yml", column)


def doubt_direction(columns: Columns, question: QuestionMapping, column: str, label: str, answer: str) -> None:
    """Add a doubt where "disagree" counts as agreement, or the reverse."""
    against = bool(DISAGREE.search(label))
    if (answer == "agree" and against) or (answer == "disagree" and AGREE.search(label) and not against):
        columns.doubts.append(
            f"{columns.source.name}, column {column}: '{label}' counts as {answer} in {question.question};"
            " correct wave.yml unless the statement was turned round"
        )


def doubt_item(columns: Columns, question: QuestionMapping, column: str, label: str, target: str) -> None:
    """Add a doubt where a label is like another item of the question than the one it is mapped to."""
    scores = {item: likeness(label, names) for item, names in question.labels.items()}
    best = max(scores, key=lambda item: scores[item], default="")
    enough = ALIKE if target in scores else SURE
    if best and best != target and scores[best] >= enough and scores.get(target, 0.0) < ALIKE:
        columns.doubts.append(
            f"{columns.source.name}, column {column}: '{label}' is mapped to {target} of {question.question},"
            f" and reads like {best}"
        )
