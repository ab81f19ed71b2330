"""From answers to indicators: for each item whether it was chosen, missing out of the base."""

import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace

import numpy as np
import pandas as pd
import pyarrow

from surveybook.model.kinds import OTHER
from surveybook.respondents.codes import (
    AGREE,
    ALIKE,
    DISAGREE,
    REFUSED,
    TICKED,
    UNSURE,
    UNTICKED,
    code_text,
    is_declared_missing,
    rate_likeness,
    read_label,
)
from surveybook.respondents.columns import Columns
from surveybook.respondents.design import CHOSEN, NUMBER
from surveybook.respondents.mapping import DONT_KNOW, LISTED, NO_ANSWER, NONE, QuestionMapping

ANSWER = pd.ArrowDtype(pyarrow.bool_())
# A label that is this like an item can hardly be meant for "other" or "none".
SURE = 0.9
# What a program or a person writes in a box that is left empty.
NOTHING = re.compile(rf"\W*(n\W?a|nan|null|nil)\W*|{UNTICKED.pattern}", re.IGNORECASE)
# In a mapping this code is each one that isn't named there: what few people wrote, all of it "other".
UNNAMED_CODES = "*"
# Faults of one kind that are named; more are counted.
NAMED = 5


@dataclass(frozen=True)
class Encoded:
    """One question of one population.

    Attributes
    ----------
    question : str
        Its id.
    indicators : pandas.DataFrame
        One column an item and response, called ``item.response``: true, false, or missing out of the base, two bits a
        person; one an item that was answered with a number, called ``item.number``: the number.
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

    def without(self, out: np.ndarray) -> "Encoded":
        """Return the question without people whose weight is 0: no share rests on them, so no base may count them."""
        if not out.any():
            return self
        return replace(self, indicators=self.indicators.mask(pd.Series(out)), base=self.base & ~out)


class Given:
    """Who gave which answer to a question.

    Attributes
    ----------
    answers : dict of ndarray
        For each item, and each answer that is none, who gave it.
    twice : ndarray
        Who gave one of them twice.
    shown : ndarray, optional
        Who has any code at all in columns of an option each; None where answers are codes.
    """

    def __init__(self, question: QuestionMapping, size: int) -> None:
        self.answers = {target: np.zeros(size, dtype=bool) for target in question.targets}
        self.twice = np.zeros(size, dtype=bool)
        self.shown: np.ndarray | None = None

    def mark(self, places: np.ndarray, cells: Sequence[Collection[str | None]]) -> None:
        """Add those whose cell holds an answer; `cells` has the answers of each value, `places` that of each person."""
        for target, mask in self.answers.items():
            now = np.array([target in cell for cell in cells])[places]
            self.twice |= mask & now & (target not in (OTHER, NO_ANSWER))
            mask |= now


def pack_answers(given: np.ndarray, base: np.ndarray) -> pd.api.extensions.ExtensionArray:
    """Return who gave an answer, missing out of its base: of millions of people bytes would fill the memory."""
    return pd.array(pyarrow.array(given, mask=~base), dtype=ANSWER)


def encode_question(columns: Columns, question: QuestionMapping, max_choices: float | None) -> Encoded:
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
    asked = np.ones(columns.size, dtype=bool)
    if universe := question.rules.universe:
        asked = np.isin(columns.codes(universe.column, keep=universe.values), universe.values)
        if not asked.any():
            columns.wrong(f"nobody was asked {question.question}", "correct its universe", universe.column)
    if question.encoding == "scale":
        return encode_statements(columns, question, asked)
    if question.encoding == "number":
        return encode_numbers(columns, question, asked)
    count = {"columns": count_options, "delimited": count_delimited}.get(question.encoding, count_codes)
    return encode_list(columns, question, count(columns, question), asked, max_choices)


def refuse_codes(
    columns: Columns,
    question: QuestionMapping,
    column: str,
    read: tuple[np.ndarray, np.ndarray],
    known: tuple[str, ...],
    where: str,
) -> None:
    """Add a problem for each code that the mapping doesn't know, and one for a column without any."""
    places, texts = read
    unknown = list(dict.fromkeys(code for code in texts if code and code not in known))
    codes = texts[places] if unknown else texts
    for code in unknown[:NAMED]:
        found = f"{columns.name_code(code, codes, column, known)} isn't mapped"
        expected = f"add it to {where} of {question.question} in wave.yml"
        if "," in code:
            expected += ", or say encoding: delimited if a cell holds several answers"
        columns.wrong(found, expected, column, codes == code)
    if len(unknown) > NAMED:
        columns.wrong(f"{len(unknown) - NAMED} more codes aren't mapped", "see `surveybook wave describe`", column)
    if "" not in known and not any(texts):
        expected = f"take it out of {question.question}, or mend the file"
        expected += "; if nobody ticked it, write not_chosen: ['']" if question.encoding == "columns" else ""
        columns.wrong("the column is empty throughout", expected, column)


def count_codes(columns: Columns, question: QuestionMapping, among: Collection[str] = ()) -> Given:
    """Return who gave each answer, from one column or from one for each choice; all of the question's, or some."""
    given, codes = Given(question, columns.size), question.codes
    for column in among or question.columns:
        places, texts = columns.read_codes(column, keep=tuple(codes), missing=question.rules.missing)
        if UNNAMED_CODES in codes:
            texts[(texts != "") & ~np.isin(texts, list(codes))] = UNNAMED_CODES
        refuse_codes(columns, question, column, (places, texts), tuple(codes), "codes or missing")
        given.mark(places, [[codes.get(text)] for text in texts])
    return given


def count_delimited(columns: Columns, question: QuestionMapping) -> Given:
    """Return who gave each answer, from one column with several codes a cell."""
    column, rules = next(iter(question.columns)), question.rules
    places, values = columns.source.find_distinct(column)
    declared = columns.source.missing.get(column, ())
    skipped = {"", *rules.missing, *columns.mapping.rules.missing} - set(question.codes)
    parts, unknown = [], []
    for at, value in enumerate(values):
        lost = is_declared_missing(value, declared) and code_text(value) not in question.codes
        readings = [[]] if lost else split_cell(value, rules.separator, {*question.codes, *skipped})
        if len(readings) > 1:
            columns.wrong("a cell can be read in two ways", "use another separator in the file", column, places == at)
        own = [code for code in readings[0] if code not in skipped]
        rest = UNNAMED_CODES in question.codes
        parts.append([UNNAMED_CODES if rest and code not in question.codes else code for code in own])
        unknown += [(at, code) for code in parts[-1] if code not in question.codes]
    for at, code in unknown[:NAMED]:
        found = f"{columns.name_code(code, np.array([], dtype=object), column, question.codes)} isn't mapped"
        expected = f"add it to {question.question} in wave.yml or to missing, or correct the separator there"
        columns.wrong(found, expected, column, places == at)
    if len(unknown) > NAMED:
        columns.wrong(f"{len(unknown) - NAMED} more cells hold codes that aren't mapped", "map them", column)
    if not any(parts):
        columns.wrong("the column is empty throughout", f"take {question.question} out, or mend the file", column)
    given = Given(question, columns.size)
    given.mark(places, [*([question.codes.get(code) for code in cell] for cell in parts), []])
    return given


def split_cell(value: object, separator: str, known: set[str]) -> list[list[str]]:
    """Return the codes of a cell in each way that it can be read: an option's own text may hold the separator.

    Where known codes don't make up the whole cell, the only reading is that by every separator. One at the end parts
    nothing: Google Forms writes it where "other" was ticked and nothing written.
    """
    if isinstance(value, tuple):
        return [list(map(code_text, value))]
    if not isinstance(value, str):
        return [[code_text(value)]]
    pieces = value.split(separator)
    # The readings of the first pieces, by how many pieces these are; more than two needn't be told.
    readings: list[list[list[str]]] = [[[]]]
    for end in range(1, len(pieces) + 1):
        longer = [
            [*before, code]
            for start in range(end)
            if (code := code_text(separator.join(pieces[start:end]))) in known
            for before in readings[start]
        ]
        readings.append(longer[:2])
    bare = value.rstrip().removesuffix(separator.strip() or separator)
    if not readings[-1] and bare != value.rstrip():
        return split_cell(bare, separator, known)
    return readings[-1] or [list(map(code_text, pieces))]


def count_options(columns: Columns, question: QuestionMapping) -> Given:
    """Return who gave each answer, from a column an option that holds a code, or the option's own label, if chosen.

    Who has nothing in any of the columns wasn't shown the list, unless ``not_chosen`` has the empty text; then only
    who has a code for missing wasn't.
    """
    given, rules, shown = Given(question, columns.size), question.rules, np.zeros(columns.size, dtype=bool)
    for column, target in question.columns.items():
        refuse_choices(columns, question, column)
        label = columns.source.labels.get(column, "")
        named = (text for name in (column, label) for text in (name, *read_label(name), *re.split("[/:]", name)))
        own = {*map(code_text, named)} - {"", *rules.not_chosen}
        known = (*rules.chosen, *rules.not_chosen, *own)
        places, texts = columns.read_codes(column, keep=known, missing=rules.missing)
        if target == OTHER:
            # What people wrote beside "other" ticks it, whatever it says.
            own |= {code for code in texts if code not in known and is_written(code)}
        refuse_codes(columns, question, column, (places, texts), (*known, *own), "chosen, not_chosen or missing")
        shown |= (texts != "")[places]
        if "" in rules.not_chosen:
            shown |= columns.texts(column) == ""
        given.answers[target] |= np.isin(texts, [*rules.chosen, *own])[places]
    given.shown = shown
    return given


def is_written(code: str) -> bool:
    """Return whether a text is what somebody wrote: neither a number, nor a word that says that a box is empty."""
    return any(map(str.isalpha, code)) and not (NOTHING.fullmatch(code) or REFUSED.search(code))


def encode_list(
    columns: Columns, question: QuestionMapping, given: Given, asked: np.ndarray, max_choices: float | None
) -> Encoded:
    """Return the indicators of a question whose answers are items, by its rules for bases and excess."""
    nothing, rules, answers = np.zeros(columns.size, dtype=bool), question.rules, given.answers
    first = next(iter(question.columns))
    items = [target for target in answers if target not in LISTED]
    number = nothing.astype(int) + sum(answers[target] for target in answers if target in (*items, OTHER))
    unsure, none = answers.get(DONT_KNOW, nothing), answers.get(NONE, nothing)
    # After a first choice "no answer" says that there was no further one; beside ticks it contradicts them.
    refused = nothing if given.shown is None else answers.get(NO_ANSWER, nothing)
    alone = unsure.astype(int) + none + refused
    answered = (number > 0) | none | unsure
    if given.shown is not None:
        blank = given.shown & ~answered & (alone == 0) & asked
        if rules.nothing_chosen is None:
            found = f"{blank.sum()} respondents chose none of {question.question}'s options; this is the first"
            expected = "declare nothing_chosen: answered (none applied) or no_answer (it was skipped)"
            columns.wrong(found, expected, first, blank)
        answered |= blank & (rules.nothing_chosen == "answered")
    refuse_unasked(columns, question, first, answered & ~asked)
    if max_choices is None and question.kind.is_several:
        most = int(number.max(initial=0))
        columns.wrong(
            f"asked.csv doesn't say how many answers to {question.question} were allowed, and somebody gave {most}",
            "write max_choices there, or unlimited where people could give as many as they liked",
        )
    excess = ((alone > 0) & (alone + number > 1)) | (number > (np.inf if max_choices is None else max_choices))
    excess = (excess | given.twice) & asked
    if rules.excess == "error":
        columns.wrong(
            f"{excess.sum()} respondents gave too many answers, one of them twice, or 'none' together with others;"
            " this is the first",
            f"mend them, or declare excess: exclude or keep for {question.question}",
            first,
            excess,
        )
    base = find_base(question, asked, answered, unsure & (number == 0))
    if rules.excess == "exclude":
        base &= ~excess
    frame = pd.DataFrame({f"{item}.{CHOSEN}": pack_answers(answers[item], base) for item in items})
    return Encoded(question.question, frame, asked, answered & asked, base, int(excess.sum()))


def find_base(question: QuestionMapping, asked: np.ndarray, answered: np.ndarray, unsure: np.ndarray) -> np.ndarray:
    """Return who counts for the shares, by the question's rules, given who said nothing but "don't know"."""
    base = asked & answered if question.rules.base == "answered" else asked.copy()
    return base & ~unsure if question.rules.dont_know == "out" else base


def refuse_unasked(columns: Columns, question: QuestionMapping, column: str, wrong: np.ndarray) -> None:
    """Add a problem where people answered who weren't asked."""
    found = f"{wrong.sum()} respondents answered {question.question} and weren't asked; this is the first"
    columns.wrong(found, "correct its universe, or the file", column, wrong)


def encode_statements(columns: Columns, question: QuestionMapping, asked: np.ndarray) -> Encoded:
    """Return the indicators of a question whose items have a code each, by its collapse rules.

    Of several statements each has a base of its own; those of the question as a whole are of its first.
    """
    shares, bases, replies = dict[str, pd.api.extensions.ExtensionArray](), [], []
    nothing = np.zeros(columns.size, dtype=bool)
    for column, item in question.columns.items():
        given = count_codes(columns, question, (column,)).answers
        answered = np.any([own for target, own in given.items() if target != NO_ANSWER], axis=0)
        refuse_unasked(columns, question, column, answered & ~asked)
        base = find_base(question, asked, answered, given.get(DONT_KNOW, nothing))
        for response in question.reported:
            parts = [given[part] for part in (response, *question.kind.split_net(response)) if part in given]
            shares[f"{item}.{response}"] = pack_answers(np.any(parts, axis=0), base)
        bases.append(base)
        replies.append(answered & asked)
    frame = pd.DataFrame(shares, index=range(columns.size))
    return Encoded(question.question, frame, asked, replies[0], bases[0])


def encode_numbers(columns: Columns, question: QuestionMapping, asked: np.ndarray) -> Encoded:
    """Return the numbers that people gave to each item of a question, NaN for those who gave none."""
    found = {}
    for column, item in question.columns.items():
        codes = columns.codes(column, missing=question.rules.missing)
        besides = (*question.rules.missing, *columns.mapping.rules.missing)
        numbers = np.where(codes == "", np.nan, columns.numbers(column, besides=besides))
        for code, label in columns.source.value_labels.get(column, {}).items():
            if UNSURE.search(label) or REFUSED.search(label):
                told = f"{(codes == code).sum()} with {code} ({label}) count as if they had given that number"
                columns.wrong(told, f"add {code} to missing of {question.question}", column, codes == code)
        refuse_unasked(columns, question, column, ~np.isnan(numbers) & ~asked)
        if np.isnan(numbers).all():
            columns.wrong("nobody gave a number", f"take it out of {question.question}, or mend the file", column)
        found[f"{item}.{NUMBER}"] = np.where(asked, numbers, np.nan)
    given = [~np.isnan(numbers) for numbers in found.values()]
    return Encoded(question.question, pd.DataFrame(found), asked, given[0], given[0])


def doubt_labels(columns: Columns, question: QuestionMapping) -> None:
    """Say where the labels of the file are unlike what they are mapped to: a figure may stand under the wrong name."""
    for column, target in question.columns.items():
        labels = columns.source.value_labels.get(column, {})
        if target:
            doubt_item(columns, question, column, columns.source.labels.get(column, ""), target)
        for code, answer in question.codes.items():
            # In a file of words the codes are their own labels.
            label = labels.get(code, "" if labels or code.lstrip("-").isdigit() else code)
            if question.encoding != "scale":
                doubt_item(columns, question, column, label, answer)
                continue
            against = bool(DISAGREE.search(label))
            if (answer == "agree" and against) or (answer == "disagree" and AGREE.search(label) and not against):
                text = f"'{label}' counts as {answer} in {question.question}; correct wave.yml unless the statement"
                columns.doubt(column, f"{text} was turned round")


def refuse_choices(columns: Columns, question: QuestionMapping, column: str) -> None:
    """Add a problem where what counts as a choice is labelled "no", or the reverse."""
    labels = columns.source.value_labels.get(column, {})
    for codes, pattern, said, key in (
        (question.rules.chosen, UNTICKED, "counts as a choice", "chosen"),
        (question.rules.not_chosen, TICKED, "counts as no choice", "not_chosen"),
    ):
        for code in codes:
            if pattern.fullmatch(labels.get(code, "").strip()):
                found = f"the code '{code}' {said}, and the file labels it '{labels[code]}'"
                columns.wrong(found, f"correct {key} of {question.question} in wave.yml", column)
    for members, counted, _ in columns.source.sets:
        if column in members and counted and counted not in question.rules.chosen:
            found = f"the file declares a set in which '{counted}' counts as a choice"
            columns.wrong(found, f"write it as chosen of {question.question} in wave.yml", column)


def doubt_item(columns: Columns, question: QuestionMapping, column: str, label: str, target: str) -> None:
    """Say where a label is like another item of the question than the one it is mapped to."""
    if rate_likeness(label, question.items.get(target, ())) >= ALIKE:
        return  # as nearly all are: holding each against all others takes the square of their number
    scores = {item: rate_likeness(label, names) for item, names in question.items.items()}
    best = max(scores, key=lambda item: scores[item], default="")
    enough = ALIKE if target in scores else SURE
    if best and scores[best] >= enough:
        columns.doubt(column, f"'{label}' is mapped to {target} of {question.question}, and reads like {best}")
