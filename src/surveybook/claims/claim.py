"""The claims: their file, each claim a record with its tests, or one error with all that is wrong; and their verdicts.

Each claim is tested against one wave, and whether it still holds since a baseline.
"""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache
from pathlib import Path
from typing import Annotated, Any, Literal, Self

import pandas as pd
from pydantic import Field, model_validator

from surveybook.judgement.claim_test import (
    CONTRADICTED,
    HOLDS,
    NOT_CHECKABLE,
    WORST_FIRST,
    ClaimTest,
    Evidence,
    Judgement,
    Key,
    Text,
    check_field,
    gather_evidence,
)
from surveybook.judgement.kinds import AnyTest
from surveybook.judgement.status import OF_PARTS, OF_READINGS, find_status
from surveybook.model import paths
from surveybook.model.codebook import Codebook, read_codebook
from surveybook.model.files import read_yaml
from surveybook.model.problems import DataError, Problem, Settings, SurveybookError, read_settings
from surveybook.model.report import read_report
from surveybook.model.survey import Survey
from surveybook.model.wording import sentence

# A printed phrase is a fact; a longer one would be somebody's sentence.
LONGEST_PHRASE = 6
FINDING = "finding"
# A compound statement of which one part is right and another wrong.
MIXED = "mixed"
# What the table of verdicts has of each statement, of its headline verdict, and whether that is firm.
STATED = ["id", "section", "printed", "statement", "counts_as"]
FOUND, FIRM = ["verdict", "strict", "measured"], ["secure", "survives_rounding"]
SINCE = ["status", "status_reason"]
ANSWERS = {True: "yes", False: "no", None: "n.a."}


def find_part_fault(name: str, _: Codebook) -> str:
    """Return that ``report.yml`` lists no part of the report under a name, if so."""
    parts = read_report().parts
    known = f"expected one of {', '.join(parts)}" if parts else f"list it under parts in {paths.REPORT_FILE}"
    like = "" if parts else f", as '{name}: {{name: our statements}}'"
    return "" if name in parts else f"the chapter '{name}' isn't known; {known}{like}"


def find_length_fault(phrase: str, _: Codebook) -> str:
    """Return that what was printed is longer than a phrase of figures is, if so."""
    is_long = len(phrase.split()) > LONGEST_PHRASE
    return f"'{phrase}' is longer than a phrase; write at most {LONGEST_PHRASE} words of it" if is_long else ""


Chapter = Annotated[str, check_field(find_part_fault)]
Printed = Annotated[str, check_field(find_length_fault)]


class Reading(Settings):
    """One way to read a statement, and how it is tested.

    Attributes
    ----------
    reading : str
        What the statement is taken to mean; empty where only one meaning is possible.
    figures : tuple of str
        Keys of the figures it rests on.
    test : ClaimTest
        How it is tested.
    note : str
        What a reader should know besides.
    """

    reading: str = ""
    figures: tuple[Key, ...] = ()
    test: AnyTest
    note: str = ""


Readings = Annotated[tuple[Reading, ...], Field(min_length=1)]


class Part(Settings):
    """One of the things that a compound statement says: a short name, what was printed of it, and its readings."""

    part: Text
    printed: Printed = ""
    readings: Readings


class Place(Settings):
    """Where else the report says the same, and the phrase that it prints there."""

    chapter: Chapter
    section: Text
    locator: Text
    printed: Printed = ""


class Claim(Settings):
    """One statement of the report about its own survey, and how it is tested.

    Attributes
    ----------
    id : str
        Its name, which stays the same between versions.
    chapter : str
        One of the parts that ``report.yml`` lists.
    section, locator : str
        Where the report says it.
    printed : str
        The phrase of figures or words in it, exactly as printed; empty where it has none.
    statement : str
        What it says, in our words.
    counts_as : str
        A ``finding``; or an ``echo`` of another claim, a ``count`` of answers or items, or a ``reference`` to a place
        or a wording, which are no findings and are counted apart.
    also : tuple of Place
        Where else the report says it.
    readings : tuple of Reading
        The ways to read it.
    parts : tuple of Part
        In place of readings, the parts of a compound statement.
    """

    id: Text
    chapter: Chapter
    section: Text
    locator: Text
    printed: Printed = ""
    statement: Text
    counts_as: Literal["finding", "echo", "count", "reference"] = "finding"
    also: tuple[Place, ...] = ()
    readings: tuple[Reading, ...] = ()
    parts: tuple[Part, ...] = ()

    @model_validator(mode="after")
    def check_tested(self) -> Self:
        """Raise an error unless there are readings, or parts, and not both."""
        if bool(self.readings) == bool(self.parts):
            raise ValueError("a claim has either readings or parts; write one of the two, as a list")
        return self

    @property
    def all_parts(self) -> tuple[Part, ...]:
        """Its parts; for a statement of one piece, that piece as a part without a name."""
        return self.parts or (Part.model_construct(part="", printed=self.printed, readings=self.readings),)

    @property
    def chapters(self) -> set[str]:
        """The parts of the report that say it."""
        return {self.chapter, *(place.chapter for place in self.also)}

    @property
    def phrases(self) -> tuple[str, ...]:
        """The phrases that the report prints, each once: here, in its parts and wherever else it says the same."""
        phrases = [self.printed, *(part.printed for part in self.parts), *(place.printed for place in self.also)]
        return tuple(dict.fromkeys(filter(None, phrases)))

    @property
    def tests(self) -> tuple[ClaimTest, ...]:
        """The tests of all readings."""
        return tuple(reading.test for part in self.all_parts for reading in part.readings)


def read_claims(path: Path | None = None, codebook: Codebook | None = None) -> tuple[Claim, ...]:
    """Return the claims in the order of the file.

    Parameters
    ----------
    path : Path, optional
        Where they are; ``data/claims.yml`` otherwise.
    codebook : Codebook, optional
        What the tests may name; read from ``data/codebook`` otherwise.

    Returns
    -------
    tuple of Claim
        One a statement.

    Raises
    ------
    DataError
        When the file can't be read, a claim lacks a field, has one that isn't known, an id stands twice, or a
        test names something that doesn't exist. All problems are listed at once.
    """
    path = path or paths.claims()
    return _read_claims_file(path, path.stat().st_mtime_ns if path.is_file() else 0, codebook or read_codebook())


@lru_cache(maxsize=4)
def _read_claims_file(path: Path, changed: int, codebook: Codebook) -> tuple[Claim, ...]:
    """Return the claims in a file; read anew when it changed, for a chapter asks for them several times."""
    problems: list[Problem] = []
    file, entries = paths.shown(path), read_yaml(path, problems).get("claims")
    if problems:
        raise DataError("The file of claims", problems)
    if not isinstance(entries, list) or not entries or not all(isinstance(entry, dict) for entry in entries):
        found = Problem(file, "there is no list of claims", "write 'claims:' and a list of claims under it")
        raise DataError("The file of claims", [found])
    ids = Counter(str(entry["id"]) for entry in entries if entry.get("id"))
    problems += [
        Problem(file, f"the id '{name}' stands twice", "give each claim its own", column=f"claim '{name}'")
        for name, times in ids.items()
        if times > 1
    ]
    claims = []
    for at, entry in enumerate(entries, start=1):
        place = f"claim '{entry['id']}'" if entry.get("id") else f"claim {at}"
        claims.append(read_settings(Claim, entry, file, problems, place, codebook))
    if problems:
        raise DataError("The file of claims", problems)
    return tuple(claim for claim in claims if claim)


def find_part(name: str) -> str:
    """Return the part of the report that a person means by its id, or by its number among the chapters.

    Raises
    ------
    SurveybookError
        When there is none; the message lists those that there are.
    """
    parts = read_report().parts
    numbers = {str(part.number): name for name, part in parts.items() if part.number is not None}
    wanted = name.strip().lower().replace(" ", "-")
    found = numbers.get(wanted.lstrip("0") or "0", wanted) if wanted.isdecimal() else wanted
    if found not in parts:
        numbered = {part: f"{part} ({number})" for number, part in numbers.items()}
        listed = ", ".join(numbered.get(part, part) for part in parts) or "none"
        raise SurveybookError(f"There is no chapter '{name}' with claims. There are: {listed}.")
    return found


@dataclass(frozen=True)
class JudgedReading:
    """What came of one reading: the outcome of its test, what was measured, and what became of it since a baseline."""

    part: Part
    reading: Reading
    outcome: Judgement
    measured: str = ""
    figures: tuple[str, ...] = ()
    status: str = ""
    status_reason: str = ""

    @property
    def verdict(self) -> str:
        """The verdict of the test."""
        return self.outcome.verdict


@dataclass(frozen=True)
class JudgedClaim:
    """A claim with what came of it on a wave.

    Attributes
    ----------
    claim : Claim
        What the report says.
    parts : tuple of tuple of JudgedReading
        The readings of each part; those of one part, for a statement of one piece.
    """

    claim: Claim
    parts: tuple[tuple[JudgedReading, ...], ...]

    @cached_property
    def kindest(self) -> list[JudgedReading]:
        """The reading of each part that the report comes off best by: of equal ones the first."""
        return [max(readings, key=lambda one: WORST_FIRST.index(one.verdict)) for readings in self.parts]

    @cached_property
    def verdict(self) -> str:
        """The headline: by the kindest reading of each part."""
        return combine_verdicts([one.verdict for one in self.kindest])

    @cached_property
    def strict(self) -> str:
        """The verdict by the harshest reading of each part."""
        worst = [min((one.verdict for one in readings), key=WORST_FIRST.index) for readings in self.parts]
        return combine_verdicts(worst)

    @property
    def figures(self) -> tuple[str, ...]:
        """Ids of the figures that its readings rest on, each once."""
        return tuple(dict.fromkeys(figure for readings in self.parts for one in readings for figure in one.figures))

    @property
    def measured(self) -> str:
        """What was measured, in a few words: '17%'; of a compound, for each part, or else its verdict."""
        found = self.kindest
        if not self.claim.parts:
            return found[0].measured
        if len({one.verdict for one in found}) == 1 and not any(one.measured for one in found):
            return ""
        return "; ".join(one.part.part + (f" {one.measured}" if one.measured else f": {one.verdict}") for one in found)

    @property
    def reason(self) -> str:
        """Why the kindest reading comes out as it does; of a compound, that of each part."""
        named = (f"{one.part.part}: " if one.part.part else "" for one in self.kindest)
        return " ".join(name + sentence(one.outcome.reason) for name, one in zip(named, self.kindest, strict=True))

    @property
    def turning(self) -> JudgedReading:
        """The reading that tells what became of the whole since a baseline: one of the part that tells it."""
        telling = [min(readings, key=lambda one: OF_READINGS.index(one.status)) for readings in self.parts]
        return min(telling, key=lambda one: OF_PARTS.index(one.status))

    @property
    def status(self) -> str:
        """What became of it since the baseline, a key of `BECAME`; empty without one."""
        return self.turning.status

    def firmness(self, name: str) -> bool | None:
        """Return whether its verdict is ``secure``, or ``survives_rounding``: all parts that say so; None for none."""
        said = [getattr(one.outcome, name) for one in self.kindest if one.verdict == self.verdict]
        known = [one for one in said if one is not None]
        return all(known) if known else None


def combine_verdicts(verdicts: Sequence[str]) -> str:
    """Return the verdict on a compound: mixed where one part holds and another is contradicted, else the worst."""
    if CONTRADICTED in verdicts and any(verdict in HOLDS for verdict in verdicts):
        return MIXED
    return min(verdicts, key=WORST_FIRST.index)


def judge_claims(claims: Iterable[Claim], survey: Survey) -> list[JudgedClaim]:
    """Return what one wave has to say to each claim, and whether that is a change from its baseline.

    The rules, of which the first that fits decides a single test: (1) a figure that isn't a number, or that no
    item measures, makes it *not checkable*, unless all that its words allow come to one verdict; (2) counts, references
    and passages are compared with no sampling involved; (3) a fraction is held against the printed number; (4) an
    order, rank or difference has to be printed so, and its two-sided interval, at the least favourable overlap of two
    answers of the same people, to exclude 0; (5) an agreement has to have its interval inside 5 points either way. A
    statement has the verdict of its kindest reading, the harshest one's beside it; a compound one shows the verdict of
    each part. Claims are tested one by one, unadjusted.

    Parameters
    ----------
    claims : iterable of Claim
        From `read_claims`.
    survey : Survey
        The wave.

    Returns
    -------
    list of JudgedClaim
        In the order of the claims; with what became of each where the wave has a baseline.

    Notes
    -----
    Whether two waves are comparable on a question is for `surveybook.change.compare_waves` to say. Where the verdict
    passed from one side to the other, *now holds* and *no longer* need the change of what the claim turns on to be
    shown: Newcombe's (1998) interval for a share, and for the distance between two shares its extension to
    differences of independent estimates (Zou and Donner 2008), at the level of the wave. A claim that can't be
    decided in one of the waves is *can't tell*.
    """
    now, before = gather_evidence(survey), gather_evidence(survey.baseline) if survey.baseline else None
    return [
        JudgedClaim(
            claim,
            tuple(
                tuple(judge_reading(part, reading, now, before) for reading in part.readings)
                for part in claim.all_parts
            ),
        )
        for claim in claims
    ]


def judge_reading(part: Part, reading: Reading, now: Evidence, before: Evidence | None) -> JudgedReading:
    """Return what a wave, and one before it, have to say to a reading of a part."""
    outcome = reading.test.judge(now)
    named = [now.figures[key].figure_id for key in reading.figures if key in now.figures]
    status = find_status(reading.test, outcome, now, before) if before else ("", "")
    figures = tuple(dict.fromkeys([*named, *outcome.figures]))
    measured = reading.test.tell_measured(now) if outcome.verdict != NOT_CHECKABLE else ""
    return JudgedReading(part, reading, outcome, measured, figures, *status)


def tabulate_claims(judged: Iterable[JudgedClaim], *, since: bool = False) -> pd.DataFrame:
    """Return judged claims as a table.

    Parameters
    ----------
    judged : iterable of JudgedClaim
        From `judge_claims`.
    since : bool
        Whether it says what became of each since a baseline.

    Returns
    -------
    pandas.DataFrame
        One row a claim: ``id``, ``section``, ``printed``, ``statement``, ``counts_as``, ``verdict``, ``strict``,
        ``measured``, ``secure`` and ``survives_rounding`` (yes, no or n.a., see `Judgement`), ``reason`` and
        ``figures``, lists of figure ids; ``status``, a key of `BECAME`, and ``status_reason`` with `since`.
    """
    rows = [
        [
            *(getattr(one.claim, name) for name in STATED),
            *(getattr(one, name) for name in FOUND),
            *(ANSWERS[one.firmness(name)] for name in FIRM),
            one.reason,
            list(one.figures),
            *(getattr(one.turning, name) for name in SINCE if since),
        ]
        for one in judged
    ]
    return pd.DataFrame(rows, columns=[*STATED, *FOUND, *FIRM, "reason", "figures", *(SINCE if since else [])])


def record_claim(one: JudgedClaim) -> dict[str, Any]:
    """Return a judged claim as a record of plain values, without keys that say nothing.

    Parameters
    ----------
    one : JudgedClaim
        From `judge_claims`.

    Returns
    -------
    dict
        ``id``, ``statement``, ``section``, ``locator``, ``chapter``, ``counts_as``, ``verdict``, ``chip`` (the verdict
        with what was measured), ``printed`` (each phrase with the ``verdict`` and ``chip`` beside it), ``parts`` (each
        with its ``readings``), ``figures``; and, where they say something, ``strict``, ``also``, ``status`` and
        ``status_reason``.
    """
    claim, parts = one.claim, []
    for best, judged in zip(one.kindest, one.parts, strict=True):
        name = best.part.part
        # The part of a statement of one piece has no name.
        named = {"part": name, "verdict": best.verdict, "chip": write_chip(best.verdict, best.measured)} if name else {}
        readings = [
            _drop_empty({
                "reading": each.reading.reading,
                "verdict": each.verdict,
                "reason": sentence(each.outcome.reason),
                "note": each.reading.note,
            })
            for each in judged
        ]  # fmt: skip
        parts.append({**named, "readings": readings})
    return _drop_empty({
        **{name: getattr(claim, name) for name in ("id", "statement", "chapter", "section", "locator", "counts_as")},
        "verdict": one.verdict,
        "strict": one.strict if one.strict != one.verdict else "",
        "chip": write_chip(one.verdict, one.measured),
        "printed": list_printed(one),
        "also": [place.locator for place in claim.also],
        "parts": parts,
        "figures": list(one.figures),
        **{name: getattr(one.turning, name) for name in SINCE},
    })  # fmt: skip


def _drop_empty(record: dict[str, Any]) -> dict[str, Any]:
    """Return a record without the keys that say nothing."""
    return {name: value for name, value in record.items() if value not in ("", [])}


def list_printed(one: JudgedClaim) -> list[dict[str, str]]:
    """Return each phrase that the report prints with the verdict on it: a part's own, else that of the whole."""
    own = {kindest.part.printed: kindest for kindest in one.kindest if kindest.part.part}
    found = []
    for phrase in one.claim.phrases:
        judged = own.get(phrase, one)
        # What the phrase says itself isn't said again.
        is_said = judged.measured.removesuffix("%") in phrase.replace("%", " per cent").split()
        chip = write_chip(judged.verdict, "" if is_said else judged.measured)
        found.append({"phrase": phrase, "verdict": judged.verdict, "chip": chip})
    return found


def write_chip(verdict: str, measured: str) -> str:
    """Return a verdict with what was measured: 'contradicted: 17%'."""
    return f"{verdict}: {measured}" if measured else verdict
