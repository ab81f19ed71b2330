"""Reading the claims: the file as records, or one error with all that is wrong with it."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from surveybook.claims.vocabulary import Names, Test, complaints_about, key_complaint, names_of
from surveybook.model import paths
from surveybook.model.codebook import Codebook, read_codebook
from surveybook.model.problems import DataError, Problem, SurveybookError
from surveybook.model.reading import read_yaml

CHAPTERS = (
    "foreword",
    "executive-summary",
    "introduction",
    "quality",
    "customer-focus",
    "value-for-money",
    "people-management",
    "conclusions",
)
# The report numbers its sections from 1; the parts before and after them take the numbers next to those.
NUMBERS = {
    "0": "executive-summary",
    "1": "introduction",
    "2": "quality",
    "3": "customer-focus",
    "4": "value-for-money",
    "5": "people-management",
    "6": "conclusions",
}
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
        One of `CHAPTERS`.
    section, locator : str
        Where the report says it.
    statement : str
        What it says, in our words.
    reading : str
        Which reading of the report this is, where there are several; empty otherwise.
    figures : tuple of str
        Keys of the figures it rests on.
    test : mapping
        Its test, in the words of `surveybook.claims.vocabulary`.
    """

    id: str
    chapter: str
    section: str
    locator: str
    statement: str
    reading: str
    figures: tuple[str, ...]
    test: Test


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
    names = names_of(codebook or read_codebook())
    problems: list[Problem] = []
    file = paths.shown(path)
    entries = _read_entries(path, problems)
    ids = Counter(str(entry["id"]) for entry in entries if entry.get("id"))
    twice = [name for name, times in ids.items() if times > 1]
    problems += [
        Problem(file, f"the id '{name}' stands twice", "give each claim its own", column=f"claim '{name}'")
        for name in twice
    ]
    for number, entry in enumerate(entries, start=1):
        place = f"claim '{entry['id']}'" if entry.get("id") else f"claim {number}"
        problems += [Problem(file, found, expected, column=place) for found, expected in _complaints(entry, names)]
    if problems:
        raise DataError("The file of claims", problems)
    return tuple(
        Claim(
            **{name: entry.get(name) or "" for name in ("id", "chapter", "section", "locator", "statement", "reading")},
            figures=tuple(entry["figures"]),
            test=entry["test"],
        )
        for entry in entries
    )


def chapter_named(name: str) -> str:
    """Return the chapter that a person means by its name or number.

    Raises
    ------
    SurveybookError
        When there is none; the message lists those that there are.
    """
    wanted = name.strip().lower().replace(" ", "-")
    found = NUMBERS.get(wanted.lstrip("0") or "0", wanted) if wanted.isdecimal() else wanted
    if found not in CHAPTERS:
        numbered = {chapter: f"{chapter} ({number})" for number, chapter in NUMBERS.items()}
        listed = ", ".join(numbered.get(chapter, chapter) for chapter in CHAPTERS)
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


def _complaints(entry: dict[str, Any], names: Names) -> Iterator[tuple[str, str]]:
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
    if "chapter" not in missing and entry["chapter"] not in CHAPTERS:
        yield f"the chapter '{entry['chapter']}' isn't known", f"expected one of {', '.join(CHAPTERS)}"
    figures = entry.get("figures", [])
    if not isinstance(figures, list):
        yield f"figures is {figures!r}", "expected a list of keys, [] for none"
        figures = []
    yield from filter(None, (key_complaint(key, names) for key in figures))
    if "test" not in missing:
        yield from complaints_about(entry["test"], names)
