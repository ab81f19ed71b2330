"""The claims and their file: each claim as a record with its test, or one error with all that is wrong in it."""

from collections import Counter
from functools import lru_cache
from pathlib import Path
from typing import Annotated

from pydantic import AfterValidator

from surveybook.judgement.claim_test import ClaimTest, Key, Text
from surveybook.judgement.kinds import read_test
from surveybook.model import paths
from surveybook.model.codebook import Codebook, read_codebook
from surveybook.model.files import read_yaml
from surveybook.model.problems import DataError, Problem, Settings, SurveybookError, read_settings
from surveybook.model.report import read_report


def check_part(name: str) -> str:
    """Return the id of a part of the report; an error where ``report.yml`` lists none of that name."""
    parts = read_report().parts
    if name not in parts:
        raise ValueError(f"the chapter '{name}' isn't known; expected one of {', '.join(parts)}")
    return name


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
    statement : str
        What it says, in our words.
    reading : str
        Which reading of the report this is, where there are several; empty otherwise.
    figures : tuple of str
        Keys of the figures it rests on.
    test : ClaimTest
        How it is tested.
    """

    id: Text
    chapter: Annotated[str, AfterValidator(check_part)]
    section: Text
    locator: Text
    statement: Text
    reading: str = ""
    figures: tuple[Key, ...]
    test: ClaimTest


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
    path = path or paths.data() / "claims.yml"
    return _read(path, path.stat().st_mtime_ns if path.is_file() else 0, codebook or read_codebook())


@lru_cache(maxsize=4)
def _read(path: Path, changed: int, codebook: Codebook) -> tuple[Claim, ...]:
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
        test = {"test": read_test(entry["test"], file, problems, place, codebook)} if entry.get("test") else {}
        claims.append(read_settings(Claim, {**entry, **test}, file, problems, place, codebook))
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
