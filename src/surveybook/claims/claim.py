"""The claims and their file: each claim as a record with its test, or one error with all that is wrong in it."""

from collections import Counter
from functools import lru_cache
from pathlib import Path
from typing import Annotated, Literal, Self

from pydantic import AfterValidator, Field, model_validator

from surveybook.judgement.claim_test import ClaimTest, Key, Text
from surveybook.judgement.kinds import AnyTest
from surveybook.model import paths
from surveybook.model.codebook import Codebook, read_codebook
from surveybook.model.files import read_yaml
from surveybook.model.problems import DataError, Problem, Settings, SurveybookError, read_settings
from surveybook.model.report import read_report

# A printed phrase is a fact; a longer one would be somebody's sentence.
LONGEST_PHRASE = 6
FINDING = "finding"


def check_part(name: str) -> str:
    """Return the id of a part of the report; an error where ``report.yml`` lists none of that name."""
    parts = read_report().parts
    if name not in parts:
        raise ValueError(f"the chapter '{name}' isn't known; expected one of {', '.join(parts)}")
    return name


def check_phrase_length(phrase: str) -> str:
    """Return a phrase as printed; an error where it is longer than a phrase of figures is."""
    if len(phrase.split()) > LONGEST_PHRASE:
        raise ValueError(f"'{phrase}' is longer than a phrase; write at most {LONGEST_PHRASE} words of it")
    return phrase


Chapter = Annotated[str, AfterValidator(check_part)]
Printed = Annotated[str, AfterValidator(check_phrase_length)]


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
    for number, entry in enumerate(entries, start=1):
        place = f"claim '{entry['id']}'" if entry.get("id") else f"claim {number}"
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
