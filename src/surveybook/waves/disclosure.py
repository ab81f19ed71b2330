"""The 11 items that the AAPOR Transparency Initiative asks to disclose, and whether a wave has them all."""

from collections.abc import Mapping
from typing import Any

from surveybook.model.problems import Problem

TITLES = (
    "Data collection strategy",
    "Who sponsored the research and who conducted it",
    "Measurement tools and instruments",
    "Population under study",
    "Method used to generate and recruit the sample",
    "Methods and modes of data collection",
    "Dates of data collection",
    "Sample sizes and precision of the results",
    "How the data were weighted",
    "How the data were processed and procedures to ensure data quality",
    "Limitations of the design and data collection",
)
STATED, NOT_DISCLOSED = "stated", "not disclosed"
STATUSES = (STATED, NOT_DISCLOSED)
# What someone writes who means to fill it in later.
PLACEHOLDERS = ("", "...", "…", "todo", "tbd", "fixme", "xxx", "?")


def entries(metadata: Mapping[str, Any]) -> list[Any]:
    """Return the disclosure items as ``wave.yml`` has them; empty where there is no list of them."""
    disclosure = metadata.get("disclosure")
    found = disclosure.get("items") if isinstance(disclosure, dict) else None
    return found if isinstance(found, list) else []


def lacks(entry: Mapping[str, Any]) -> str:
    """Return what is wrong with one item; empty when nothing is."""
    text = entry.get("text")
    if not isinstance(entry.get("title", ""), str):
        return "its title isn't a text"
    if entry.get("status") not in STATUSES:
        return f"its status is {entry.get('status')!r}"
    given = text.strip() if isinstance(text, str) else ""
    return "its text is missing" if given.lower() in PLACEHOLDERS else ""


def check_disclosure(metadata: Mapping[str, Any], file: str, problems: list[Problem]) -> None:
    """Add one problem that names every item that is missing, incomplete or there twice: such a wave isn't published."""
    found: dict[int, list[Mapping[str, Any]]] = {}
    unknown = []
    for entry in entries(metadata):
        number = entry.get("item") if isinstance(entry, dict) else None
        if isinstance(number, int) and not isinstance(number, bool) and 1 <= number <= len(TITLES):
            found.setdefault(number, []).append(entry)
        else:
            unknown.append(repr(number))
    faults = []
    for number, title in enumerate(TITLES, start=1):
        there = found.get(number, [])
        what = "it is missing" if not there else "it stands twice" if len(there) > 1 else lacks(there[0])
        if what:
            faults.append(f"{number} ({title}: {what})")
    faults += [f"{number} (no such item)" for number in unknown]
    if faults:
        problems.append(
            Problem(
                file,
                f"these of the {len(TITLES)} disclosure items can't be published: {'; '.join(faults)}",
                f"each needs item, text, and a status of '{STATED}' or '{NOT_DISCLOSED}'",
                column="disclosure",
            )
        )
