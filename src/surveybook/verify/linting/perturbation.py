"""What chapters say whatever the data: the same directions and figures in waves that have nothing in common.

All chapters run with the report's wave, with its rankings reversed and with everything equal. Outside the
blocks, a sentence, chart title or text alternative that holds a directional word is then different in at least
one of them, and no figure of the report's wave is left in the last.
"""

import re
import tempfile
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from surveybook.model import paths
from surveybook.model.codebook import Codebook
from surveybook.model.report import read_report
from surveybook.model.survey import Survey
from surveybook.verify.linting.chapters import Chapter, read_chapter
from surveybook.verify.linting.exceptions import PERTURBATION, ExceptionRow, apply_exceptions, read_exceptions
from surveybook.verify.linting.finding import Finding
from surveybook.verify.linting.pages import Passage
from surveybook.verify.linting.rehearsal import Rehearsal, rehearse_all, trial_data
from surveybook.verify.linting.trial_waves import EQUAL, REVERSED, trial_names, write_trial_waves
from surveybook.verify.linting.words import PLACEHOLDER, Words, any_of, read_words, straight
from surveybook.waves import open_wave

ADVICE = {
    "unmoved-direction": "stays the same when rankings are reversed and when all is equal: choose the word from the "
    "estimates, or drop it",
    "unmoved-figure": "still holds a figure of the report’s wave when the wave has none like it: take it from survey",
}
SENTENCE_END = re.compile(r"(?<=[.!?])[”’\")\]]*\s+(?=[^\sa-z])")


@dataclass(frozen=True)
class Statement:
    """A sentence, chart title or sentence of a text alternative, as a reader gets it."""

    text: str
    cell: int
    line: int
    kind: str = "sentence"


@dataclass(frozen=True)
class Marks:
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
    """Return what to look for, given the lists of words and the report's wave."""
    estimates = survey.estimates
    numbers = estimates[estimates["status"] == "number"]
    percents = {f"{100 * row.share:.{row.decimals}f}" for row in numbers.itertuples()}
    phrases = {verbal for verbal in estimates.loc[estimates["status"] == "words", "verbal"] if len(verbal.split()) > 1}
    printed = "|".join(re.escape(percent) for percent in sorted(percents, key=len, reverse=True))
    figure = rf"(?<![\d.,])(?:{printed})(?:\s*%|\s+per\s+cent\b)|{any_of(phrases).pattern}"
    return Marks(
        any_of([*words.directions, *words.fractions]),
        any_of([*names_of(survey.codebook, survey), *words.not_directions]),
        re.compile(figure, re.IGNORECASE),
    )


def names_of(codebook: Codebook, survey: Survey) -> set[str]:
    """Return labels of items, titles of questions and their wordings."""
    names = {
        *codebook.items["label"],
        *codebook.items["short_label"],
        *codebook.questions["title"],
        *survey.asked["wording"],
    }
    return {straight(name.rstrip(".?")) for name in names if name}


def split_sentences(text: str) -> list[str]:
    """Return the sentences of a text, spaces evened out."""
    return [" ".join(part.split()) for part in SENTENCE_END.split(text) if part.strip()]


def paste(passage: Passage, glued: Mapping[str, str]) -> str:
    """Return a passage's text with what is glued in its places; other roles stay placeholders."""
    pieces = passage.text.split(PLACEHOLDER)
    filled = [glued.get(role.glued, PLACEHOLDER) if role.glued else PLACEHOLDER for role in passage.roles]
    return "".join(piece + (filled[i] if i < len(filled) else "") for i, piece in enumerate(pieces))


def statements_of(chapter: Chapter, said: Rehearsal) -> Iterator[Statement]:
    """Yield what a chapter says outside its blocks, sentence by sentence, then its charts' titles and alternatives."""
    for passage in chapter.passages:
        if not passage.kind:
            yield from (
                Statement(text, passage.cell, passage.line) for text in split_sentences(paste(passage, said.glued))
            )
    for cell, title, alternative in said.charts:
        yield Statement(" ".join(title.split()), cell, 0, "chart title")
        yield from (Statement(text, cell, 0, "text alternative") for text in split_sentences(alternative))


def check_said(
    chapter: Chapter, real: Rehearsal, reverse: Rehearsal, equal: Rehearsal, marks: Marks
) -> Iterator[Finding]:
    """Yield what one chapter says in all three runs with a directional word, and report figures in the equal one.

    Parameters
    ----------
    chapter : Chapter
        Its source.
    real, reverse, equal : Rehearsal
        What it said with the report's wave and the two trial waves.
    marks : Marks
        What to look for.
    """
    others = [{statement.text for statement in statements_of(chapter, said)} for said in (reverse, equal)]
    for statement in dict.fromkeys(statements_of(chapter, real)):
        if all(statement.text in said for said in others):
            # Names become blanks of their own length, so that places stay places.
            nameless = marks.names.sub(lambda match: " " * len(match[0]), straight(statement.text))
            yield from findings_in(chapter, statement, marks.direction.finditer(nameless), "unmoved-direction")
    for statement in dict.fromkeys(statements_of(chapter, equal)):
        yield from findings_in(chapter, statement, marks.figure.finditer(straight(statement.text)), "unmoved-figure")


def findings_in(
    chapter: Chapter, statement: Statement, matches: Iterable[re.Match[str]], rule: str
) -> Iterator[Finding]:
    """Yield a finding for each match; the whole statement is quoted, since it stands nowhere in the source."""
    for match in matches:
        advice = f"this {statement.kind} {ADVICE[rule]}. It reads: {statement.text.replace(PLACEHOLDER, '…')}"
        yield Finding(
            rule,
            chapter.name,
            chapter.file,
            statement.cell,
            statement.line,
            match[0],
            advice,
            statement.text,
            match.start(),
        )


def check_perturbed(
    files: Sequence[Path] | None = None,
    *,
    exceptions: Sequence[ExceptionRow] | None = None,
    words: Words | None = None,
    jobs: int | None = None,
) -> list[Finding]:
    """Return what chapters say whatever the data, after executing them with three waves.

    Parameters
    ----------
    files : sequence of Path, optional
        Notebooks; all of the book otherwise.
    exceptions : sequence of ExceptionRow, optional
        What is allowed; ``data/lint/exceptions.csv`` otherwise.
    words : Words, optional
        What to look for; ``data/lint/words.yml`` otherwise.
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
    marks = read_marks(words or read_words(), open_wave(read_report().claims_wave))
    trials = trial_names(read_report().claims_wave)
    with tempfile.TemporaryDirectory() as folder:
        data = Path(folder) / "data"
        write_trial_waves(data, read_report().claims_wave)
        with trial_data(data):
            for wave in trials.values():
                open_wave(wave)
        said = (
            rehearse_all(notebooks, [read_report().claims_wave, *trials.values()], data, jobs=jobs) if notebooks else {}
        )
    findings: list[Finding] = []
    for path in notebooks:
        real, reverse, equal = (
            said[path, wave] for wave in (read_report().claims_wave, trials[REVERSED], trials[EQUAL])
        )
        findings += check_said(read_chapter(path), real, reverse, equal, marks)
    return apply_exceptions(findings, rows, PERTURBATION, {path.stem for path in notebooks}, whole_book=files is None)
