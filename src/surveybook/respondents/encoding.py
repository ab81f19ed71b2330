"""From answers to indicators: for each item 1 where it was chosen, 0 where it wasn't, NaN out of the base."""

from dataclasses import dataclass

import numpy as np
import pandas as pd

from surveybook.respondents.columns import Columns, first
from surveybook.respondents.doubts import doubt_labels
from surveybook.respondents.files import code_text
from surveybook.respondents.questions import DONT_KNOW, NO_ANSWER, NONE, OTHER, QuestionMapping

CHOSEN = "chosen"
# Not answers: who has any code at all in columns of options, and who chose one answer twice.
SHOWN, TWICE = " shown", " twice"


@dataclass(frozen=True)
class Encoded:
    """One question of one population.

    Attributes
    ----------
    question : str
        Its id.
    indicators : pandas.DataFrame
        One column an item and response, called ``item.response``: 1, 0, or NaN out of the base.
    asked, answered, base : numpy.ndarray
        Whether each respondent was asked, answered, and counts for the shares.
    excess : int
        How many ticked too many, or an exclusive answer together with others.
    """

    question: str
    indicators: pd.DataFrame
    asked: np.ndarray
    answered: np.ndarray
    base: np.ndarray
    excess: int = 0


def encode(columns: Columns, question: QuestionMapping, max_choices: float | None) -> Encoded:
    """Return one question as indicators; codes that aren't mapped, and the like, become problems.

    Parameters
    ----------
    columns : Columns
        The file.
    question : QuestionMapping
        What is known of the question there.
    max_choices : float, optional
        How many answers ``asked.csv`` allows.
    """
    asked = routed(columns, question)
    doubt_labels(columns, question)
    if question.encoding == "scale":
        return encode_statements(columns, question, asked)
    counts = count_options(columns, question) if question.encoding == "columns" else count_codes(columns, question)
    return choose(columns, question, counts, asked, max_choices)


def routed(columns: Columns, question: QuestionMapping) -> np.ndarray:
    """Return who was asked a question."""
    if question.universe is None:
        return np.ones(columns.size, dtype=bool)
    codes = columns.codes(question.universe.column, keep=question.universe.values)
    asked = np.isin(codes, question.universe.values)
    if not asked.any():
        columns.wrong(f"nobody was asked {question.question}", "correct its universe", question.universe.column)
    return asked


def mapped_codes(columns: Columns, question: QuestionMapping, column: str) -> np.ndarray:
    """Return a column's codes after checking that all are mapped and that it isn't empty."""
    codes = columns.codes(column, keep=tuple(question.codes), missing=question.missing)
    report_unmapped(columns, question, column, codes, codes)
    if not (codes != "").any():
        columns.wrong("the column is empty throughout", f"take it out of {question.question}, or mend the file", column)
    return codes


def report_unmapped(
    columns: Columns, question: QuestionMapping, column: str, codes: np.ndarray, places: np.ndarray
) -> None:
    """Add a problem for each code that the mapping doesn't know; `places` holds the codes by respondent."""
    unknown = [code for code in pd.unique(codes) if code and code not in question.codes]
    for code in unknown[:5]:
        found = f"{columns.say_code(code, places, column)} isn't mapped"
        expected = f"add it to {question.question} in wave.yml, or to missing"
        columns.wrong(found, expected, column, first(codes == code) if codes is places else None)
    if len(unknown) > 5:
        columns.wrong(f"{len(unknown) - 5} more codes aren't mapped", "see `surveybook wave describe`", column)


def count_codes(columns: Columns, question: QuestionMapping) -> dict[str, np.ndarray]:
    """Return for each answer who gave it, from choice columns, one delimited column or a single code."""
    given = {target: np.zeros(columns.size, dtype=bool) for target in dict.fromkeys(question.codes.values())}
    if question.encoding == "delimited":
        return split_codes(columns, question, given)
    twice = np.zeros(columns.size, dtype=bool)
    for column in question.columns:
        codes = mapped_codes(columns, question, column)
        now = {target: np.zeros(columns.size, dtype=bool) for target in given}
        for code, target in question.codes.items():
            now[target] |= codes == code
        for target, mask in now.items():
            twice |= given[target] & mask & (target not in (OTHER, NO_ANSWER))
            given[target] |= mask
    return {**given, TWICE: twice}


def split_codes(columns: Columns, question: QuestionMapping, given: dict[str, np.ndarray]) -> dict[str, np.ndarray]:
    """Return for each answer who gave it, from one column with several codes a cell."""
    column = next(iter(question.columns))
    cells, distinct = pd.factorize(columns.codes(column, keep=tuple(question.codes)))
    skipped = {*question.missing, *columns.mapping.missing} - set(question.codes)
    parts = [[code_text(part) for part in str(cell).split(question.separator)] for cell in distinct]
    unknown = [
        (int(np.argmax(cells == at)), code)
        for at, codes in enumerate(parts)
        for code in codes
        if code and code not in question.codes and code not in skipped
    ]
    for at, code in unknown[:5]:
        shown = columns.say_code(code, np.array([], dtype=object), column)
        expected = f"add it to {question.question} in wave.yml or to missing, or correct the separator there"
        columns.wrong(f"{shown} isn't mapped", expected, column, at)
    if len(unknown) > 5:
        columns.wrong(f"{len(unknown) - 5} more cells hold codes that aren't mapped", "map them", column)
    for target, mask in given.items():
        codes = {code for code, answer in question.codes.items() if answer == target}
        mask |= np.array([bool(codes.intersection(cell)) for cell in parts] or [False])[cells]
    if not any(any(cell) for cell in parts):
        columns.wrong("the column is empty throughout", f"take {question.question} out, or mend the file", column)
    return given


def count_options(columns: Columns, question: QuestionMapping) -> dict[str, np.ndarray]:
    """Return for each answer who gave it, from a 0/1 column an option; `SHOWN` tells who has any code."""
    given = {target: np.zeros(columns.size, dtype=bool) for target in dict.fromkeys(question.columns.values())}
    shown = np.zeros(columns.size, dtype=bool)
    for column, target in question.columns.items():
        codes = columns.codes(column, keep=(*question.chosen, *question.not_chosen), missing=question.missing)
        known = np.isin(codes, (*question.chosen, *question.not_chosen, ""))
        if not known.all():
            at = first(~known)
            expected = f"declare it in chosen, not_chosen or missing of {question.question}"
            columns.wrong(f"{columns.say_code(str(codes[at]), codes, column)} isn't mapped", expected, column, at)
        if not (codes != "").any():
            expected = f"take it out of {question.question}, or mend the file"
            columns.wrong("the column is empty throughout", expected, column)
        given[target] |= np.isin(codes, question.chosen)
        shown |= codes != ""
    return {**given, SHOWN: shown}


def choose(
    columns: Columns,
    question: QuestionMapping,
    given: dict[str, np.ndarray],
    asked: np.ndarray,
    max_choices: float | None,
) -> Encoded:
    """Return the indicators of a question whose answers are items, by its rules for bases and excess."""
    nothing = np.zeros(columns.size, dtype=bool)
    shown, twice = given.pop(SHOWN, None), given.pop(TWICE, nothing)
    items = [target for target in given if target not in (OTHER, NONE, DONT_KNOW, NO_ANSWER)]
    number = sum((given[target].astype(int) for target in [*items, *([OTHER] if OTHER in given else [])]),
                 nothing.astype(int))  # fmt: skip
    unsure, none = given.get(DONT_KNOW, nothing), given.get(NONE, nothing)
    # After a first choice "no answer" says that there was no further one; beside ticks it contradicts them.
    refused = given.get(NO_ANSWER, nothing) if shown is not None else nothing
    alone = unsure.astype(int) + none + refused
    answered = (number > 0) | none | unsure
    if shown is not None:
        answered |= blank_rows(columns, question, shown & ~answered & (alone == 0) & asked)
    outside(columns, question, answered & ~asked)
    if max_choices is None and question.kind == "multiple":
        most = int(number.max(initial=0))
        columns.wrong(
            f"asked.csv doesn't say how many answers to {question.question} were allowed, and somebody gave {most}",
            f"write max_choices there ({len(items) + (OTHER in given)} where people could give as many as they liked)",
        )
    excess = ((alone > 0) & (alone + number > 1)) | (number > (np.inf if max_choices is None else max_choices))
    excess = (excess | twice) & asked
    if question.excess == "error" and excess.any():
        columns.wrong(
            f"{int(excess.sum())} respondents gave too many answers, one of them twice, or 'none' together with others;"
            " this is the first",
            f"mend them, or declare excess: exclude or keep for {question.question}",
            next(iter(question.columns)),
            first(excess),
        )
    base = asked & (answered if question.base == "answered" else ~nothing)
    if question.dont_know == "out":
        base &= ~(unsure & (number == 0))
    if question.excess == "exclude":
        base &= ~excess
    frame = pd.DataFrame({f"{item}.{CHOSEN}": np.where(base, given[item].astype(float), np.nan) for item in items})
    return Encoded(question.question, frame, asked, answered & asked, base, int(excess.sum()))


def blank_rows(columns: Columns, question: QuestionMapping, blank: np.ndarray) -> np.ndarray:
    """Return which rows without any choice are answers; a problem where nobody said what they are."""
    if not blank.any():
        return blank
    if not question.nothing_chosen:
        columns.wrong(
            f"{int(blank.sum())} respondents chose none of {question.question}'s options; this is the first",
            "declare nothing_chosen: answered (none applied) or no_answer (it was skipped)",
            next(iter(question.columns)),
            first(blank),
        )
    return blank if question.nothing_chosen == "answered" else np.zeros_like(blank)


def outside(columns: Columns, question: QuestionMapping, wrong: np.ndarray) -> None:
    """Add a problem where people answered who weren't asked."""
    if wrong.any():
        columns.wrong(
            f"{int(wrong.sum())} respondents answered {question.question} and weren't asked; this is the first",
            "correct its universe, or the file",
            next(iter(question.columns)),
            first(wrong),
        )


def encode_statements(columns: Columns, question: QuestionMapping, asked: np.ndarray) -> Encoded:
    """Return the indicators of a question whose items have a code each, by its collapse rules.

    Of several statements each has a base of its own; those of the question as a whole are of its first.
    """
    frames, bases, replies = [], [], []
    told = [r for r in question.reported if not (r == DONT_KNOW and question.dont_know == "out")]
    for column, item in question.columns.items():
        codes = mapped_codes(columns, question, column)
        places, found = pd.factorize(codes)
        targets = np.array([*(question.codes.get(code, "") for code in found), ""], dtype=object)[places]
        answered = ~np.isin(targets, ("", NO_ANSWER))
        outside(columns, question, answered & ~asked)
        base = asked & (answered if question.base == "answered" else np.ones_like(asked))
        if question.dont_know == "out":
            base &= targets != DONT_KNOW
        frames.append(pd.DataFrame({f"{item}.{r}": np.where(base, (targets == r).astype(float), np.nan) for r in told}))
        bases.append(base)
        replies.append(answered & asked)
    return Encoded(question.question, pd.concat(frames, axis=1), asked, replies[0], bases[0])
