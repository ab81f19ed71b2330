"""What chapters say whatever the data: the same directions and figures in waves that have nothing in common.

All chapters run with the wave of the report, with its rankings reversed and with everything equal. Outside the
blocks, a sentence, chart title or text alternative that holds a directional word is then different in at least
one of them, and no figure of the report's wave is left in the last.
"""

import re
import tempfile
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import NamedTuple

from surveybook.model import paths
from surveybook.model.report import read_report
from surveybook.model.survey import Survey
from surveybook.verify.lint.findings import (
    PERTURBATION,
    ExceptionRow,
    Finding,
    apply_exceptions,
    read_exceptions,
    straighten,
)
from surveybook.verify.lint.pages import Chapter, Passage, read_chapter
from surveybook.verify.lint.trials import Rehearsal, rehearse_all, trial_data, trial_waves, write_trial_waves
from surveybook.verify.lint.words import PLACEHOLDER, Words, match_any, read_word_lists
from surveybook.waves import open_wave

ADVICE = {
    "unmoved-direction": "stays the same when rankings are reversed and when all is equal: choose the word from the "
    "estimates, or drop it",
    "unmoved-figure": "still holds a figure of the report’s wave when the wave has none like it: take it from survey",
}
SENTENCE_END = re.compile(r"(?<=[.!?])[”’\")\]]*\s+(?=[^\sa-z])")


class Statement(NamedTuple):
    """A sentence, chart title or sentence of a text alternative, as a reader gets it, and where."""

    text: str
    cell: int
    line: int
    kind: str = "sentence"


class Marks(NamedTuple):
    """What to look for in statements.

    Attributes
    ----------
    direction : re.Pattern
        A directional word or a part of a whole.
    names : re.Pattern
        Labels of items, titles and wordings of questions: names, whatever words they are made of; and phrases that
        hold a directional word without saying anything of figures.
    figure : re.Pattern
        A figure of the report's wave as it is printed there.
    """

    direction: re.Pattern[str]
    names: re.Pattern[str]
    figure: re.Pattern[str]


def read_marks(words: Words, survey: Survey) -> Marks:
    """Return what to look for, given the lists of words and the wave of the report."""
    estimates, items = survey.estimates, survey.codebook.items
    numbers = estimates[estimates["status"] == "number"]
    percents = {
        f"{100 * row.share:.{1 if row.decimals != row.decimals else int(row.decimals)}f}"
        for row in numbers.itertuples()
    }
    printed = "|".join(re.escape(percent) for percent in sorted(percents, key=len, reverse=True))
    phrases = {verbal for verbal in estimates.loc[estimates["status"] == "words", "verbal"] if len(verbal.split()) > 1}
    figure = rf"(?<![\d.,])(?:{printed})(?:\s*%|\s+per\s+cent\b)|{match_any(phrases).pattern}"
    names = {*items["label"], *items["short_label"], *survey.codebook.questions["title"], *survey.asked["wording"]}
    return Marks(
        match_any([*words.directions, *words.fractions]),
        match_any([*(straighten(name.rstrip(".?")) for name in names if name), *words.not_directions]),
        re.compile(figure, re.IGNORECASE),
    )


def split_sentences(text: str) -> list[str]:
    """Return the sentences of a text, spaces evened out."""
    return [" ".join(part.split()) for part in SENTENCE_END.split(text) if part.strip()]


def paste(passage: Passage, said: Rehearsal) -> str:
    """Return a passage's text with what is glued in its places; other roles stay placeholders."""
    pieces = iter([said.glued.get(role.glued, PLACEHOLDER) if role.glued else PLACEHOLDER for role in passage.roles])
    return re.sub(PLACEHOLDER, lambda _: next(pieces, ""), passage.text)


def list_statements(chapter: Chapter, said: Rehearsal) -> Iterator[Statement]:
    """Yield what a chapter says outside its blocks, sentence by sentence, then its charts' titles and alternatives."""
    for passage in chapter.passages:
        if not passage.kind:
            for text in split_sentences(paste(passage, said)):
                yield Statement(text, passage.cell, passage.line)
    for cell, title, alternative in said.charts:
        yield Statement(" ".join(title.split()), cell, 0, "chart title")
        yield from (Statement(text, cell, 0, "text alternative") for text in split_sentences(alternative))


def check_said(chapter: Chapter, marks: Marks, *said: Rehearsal) -> Iterator[Finding]:
    """Yield what one chapter says in all three runs with a directional word, and report figures in the equal one.

    Parameters
    ----------
    chapter : Chapter
        Its source.
    marks : Marks
        What to look for.
    *said : Rehearsal
        What it said with the report's wave, with rankings reversed, and with everything equal.
    """

    def findings(statement: Statement, matches: Iterable[re.Match[str]], rule: str) -> Iterator[Finding]:
        """Yield a finding for each match; the whole statement is quoted, since it stands nowhere in the source."""
        reads = statement.text.replace(PLACEHOLDER, "…")
        advice = f"this {statement.kind} {ADVICE[rule]}. It reads: {reads}"
        for match in matches:
            place = (statement.cell, statement.line)
            yield chapter.finding(rule, place, match[0], advice, context=statement.text, start=match.start())

    real, reverse, equal = (dict.fromkeys(list_statements(chapter, one)) for one in said)
    others = [{statement.text for statement in one} for one in (reverse, equal)]
    for statement in real:
        if all(statement.text in texts for texts in others):
            # Names become blanks of their own length, so that places stay places.
            nameless = marks.names.sub(lambda match: " " * len(match[0]), straighten(statement.text))
            yield from findings(statement, marks.direction.finditer(nameless), "unmoved-direction")
    for statement in equal:
        yield from findings(statement, marks.figure.finditer(straighten(statement.text)), "unmoved-figure")


def check_perturbed(
    files: Sequence[Path] | None = None, *, exceptions: Sequence[ExceptionRow] | None = None, jobs: int | None = None
) -> list[Finding]:
    """Return what chapters say whatever the data, after executing them with three waves.

    Parameters
    ----------
    files : sequence of Path, optional
        Notebooks; all of the book otherwise.
    exceptions : sequence of ExceptionRow, optional
        What is allowed; ``data/lint/exceptions.csv`` otherwise.
    jobs : int, optional
        How many processes share the work.

    Returns
    -------
    list of Finding
        By chapter, then by place; exceptions that nothing needs come last. Empty when all is well.

    Raises
    ------
    SurveybookError
        When a chapter doesn't run through with one of the waves, or a list can't be read.
    """
    notebooks = [path.resolve() for path in files if path.suffix == ".ipynb"] if files is not None else paths.chapters()
    rows = read_exceptions() if exceptions is None else exceptions
    wave = read_report().claims_wave or read_report().default_wave
    marks, waves = read_marks(read_word_lists(), open_wave(wave)), [wave, *trial_waves(wave)]
    with tempfile.TemporaryDirectory() as folder:
        data = Path(folder) / "data"
        write_trial_waves(data, wave)
        with trial_data(data):
            for name in waves:
                open_wave(name)
            said = rehearse_all(notebooks, waves, jobs=jobs)
    findings = [
        finding
        for path in notebooks
        for finding in check_said(read_chapter(path), marks, *(said[path, name] for name in waves))
    ]
    return apply_exceptions(findings, rows, PERTURBATION, {path.stem for path in notebooks}, whole=files is None)
