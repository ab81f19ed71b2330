"""Reading the claims: the file as records, or one error with all that is wrong with it."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from surveybook.claims.claim_test import ClaimTest, Names, complain_about_key, read_names
from surveybook.claims.vocabulary import complain_about_test, make_test
from surveybook.model import paths
from surveybook.model.codebook import Codebook, read_codebook
from surveybook.model.files import read_yaml
from surveybook.model.problems import DataError, Problem, SurveybookError
from surveybook.model.report import read_report

NEEDED = ("id", "chapter", "section", "locator", "statement", "figures", "test")
OPTIONAL = ("reading",)


@dataclass(frozen=True)
class Claim:
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

    id: str
    chapter: str
    section: str
    locator: str
    statement: str
    reading: str
    figures: tuple[str, ...]
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
    names, parts = read_names(codebook or read_codebook()), tuple(read_report().parts)
    problems: list[Problem] = []
    file = paths.shown(path)
    entries = _read_entries(path, problems)
    ids = Counter(str(entry["id"]) for entry in entries if entry.get("id"))
    problems += [
        Problem(file, f"the id '{name}' stands twice", "give each claim its own", column=f"claim '{name}'")
        for name, times in ids.items()
        if times > 1
    ]
    for number, entry in enumerate(entries, start=1):
        place = f"claim '{entry['id']}'" if entry.get("id") else f"claim {number}"
        complaints = _complain_about_entry(entry, names, parts)
        problems += [Problem(file, found, expected, column=place) for found, expected in complaints]
    if problems:
        raise DataError("The file of claims", problems)
    return tuple(
        Claim(
            **{name: entry.get(name) or "" for name in ("id", "chapter", "section", "locator", "statement", "reading")},
            figures=tuple(entry["figures"]),
            test=make_test(entry["test"]),
        )
        for entry in entries
    )


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


def _read_entries(path: Path, problems: list[Problem]) -> list[dict[str, Any]]:
    """Return the list under ``claims``; empty, with a problem added, when it can't be read."""
    before = len(problems)
    content = read_yaml(path, problems)
    if len(problems) > before:
        return []
    entries = content.get("claims")
    if not isinstance(entries, list) or not entries or not all(isinstance(entry, dict) for entry in entries):
        problems.append(
            Problem(paths.shown(path), "there is no list of claims", "write 'claims:' and a list of claims under it")
        )
        return []
    return entries


def _complain_about_entry(entry: dict[str, Any], names: Names, parts: tuple[str, ...]) -> Iterator[tuple[str, str]]:
    """Yield what is wrong with one claim, each with what was expected."""
    missing = [name for name in NEEDED if entry.get(name) in (None, "")]
    if missing:
        yield f"{', '.join(missing)} {'is' if len(missing) == 1 else 'are'} missing", f"expected {', '.join(NEEDED)}"
    for name in entry:
        if name not in NEEDED + OPTIONAL:
            yield f"the field '{name}' isn't known", f"expected {', '.join(NEEDED + OPTIONAL)}"
    for name in ("id", "section", "locator", "statement", "reading"):
        if not isinstance(entry.get(name, ""), str):
            yield f"{name} is {entry[name]!r}", "expected text; put it in quotation marks"
    if "chapter" not in missing and entry["chapter"] not in parts:
        yield f"the chapter '{entry['chapter']}' isn't known", f"expected one of {', '.join(parts)}"
    figures = entry.get("figures", [])
    if not isinstance(figures, list):
        yield f"figures is {figures!r}", "expected a list of keys, [] for none"
        figures = []
    for key in figures:
        yield from complain_about_key(key, names)
    if "test" not in missing:
        yield from complain_about_test(entry["test"], names)
