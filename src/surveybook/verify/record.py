"""What a check found: how much it looked at, what is wrong, and what it could not look at."""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from xml.etree import ElementTree

# The links of the chain, in the order in which one is the cause of the next, each with the exit status of a run that
# broke there; of several, the lowest counts. 1 is for what a person mistyped, 2 for an unknown option.
EXIT_STATUS = {"environment": 3, "data": 4, "inputs": 8, "execution": 5, "comparison": 6, "site": 7, "certificate": 8}
MOST_FAULTS, MOST_FIGURES = 20, 12
PLURAL = re.compile(r"s\b")
# What XML 1.0 can't hold.
NOT_OF_XML = re.compile(r"[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


@dataclass(frozen=True)
class Fault:
    """One thing that is wrong.

    Attributes
    ----------
    said : str
        What is wrong, and what was expected.
    file : str
        The file that it is in, as typed from the project's folder or within a site.
    chapter : str
        The chapter that it concerns, where it concerns one.
    figures : tuple of str
        Ids of the survey's figures that it concerns.
    """

    said: str
    file: str = ""
    chapter: str = ""
    figures: tuple[str, ...] = ()

    def __str__(self) -> str:
        """Return the fault as one line that names file, chapter and figures."""
        place = ", ".join(dict.fromkeys(filter(None, (self.file, self.chapter))))
        further = len(self.figures) - MOST_FIGURES
        named = ", ".join(self.figures[:MOST_FIGURES]) + (f" and {further} more" if further > 0 else "")
        resting = f" (figures: {named})" if named else ""
        return f"{place}{': ' if place else ''}{self.said}{resting}"


@dataclass(frozen=True)
class Check:
    """One check, done.

    Attributes
    ----------
    link : str
        The link of the chain that it tests, a key of `EXIT_STATUS`.
    name : str
        What was checked.
    by : str
        By what.
    counts : dict
        How much was looked at, by what it is: ``{"files": 15}``.
    faults : tuple of Fault
        What is wrong; empty when all is well.
    skipped : tuple of str
        What could not be checked, a sentence each.
    local : bool
        Whether it looked at something that only this machine has, so that a certificate can't speak of it.
    """

    link: str
    name: str
    by: str
    counts: dict[str, int] = field(default_factory=dict)
    faults: tuple[Fault, ...] = ()
    skipped: tuple[str, ...] = ()
    local: bool = False

    @property
    def passed(self) -> bool:
        """Whether nothing is wrong."""
        return not self.faults

    @property
    def saw_nothing(self) -> bool:
        """Whether it passed because there was nothing that it could look at."""
        return self.passed and not self.counts


def make_check(
    link: str,
    name: str,
    by: str,
    counts: Mapping[str, int] | None = None,
    faults: Iterable[Fault] = (),
    skipped: Iterable[str] = (),
    *,
    local: bool = False,
) -> Check:
    """Return a check; the same fault is named once."""
    return Check(link, name, by, dict(counts or {}), tuple(dict.fromkeys(faults)), tuple(dict.fromkeys(skipped)), local)


def write_counts(counts: Mapping[str, int]) -> str:
    """Return how much was looked at, in words; of one thing, in the singular."""
    return ", ".join(
        f"{number:,} {PLURAL.sub('', what, count=1) if number == 1 else what}" for what, number in counts.items()
    )


def find_exit_status(checks: Iterable[Check]) -> int:
    """Return the exit status of a run: 0 when nothing is wrong, otherwise that of the first broken link."""
    return min((EXIT_STATUS[done.link] for done in checks if not done.passed), default=0)


def order_by_cause(checks: Iterable[Check]) -> list[Check]:
    """Return the checks that found something wrong, those first whose faults may be the cause of the others'."""
    return sorted((done for done in checks if not done.passed), key=lambda done: list(EXIT_STATUS).index(done.link))


def list_unchecked(checks: Iterable[Check]) -> list[str]:
    """Return everything that could not be checked, each once, in the order of the checks."""
    return list(dict.fromkeys(text for done in checks for text in done.skipped))


def list_faults(faults: Sequence[Fault], most: int = MOST_FAULTS) -> list[str]:
    """Return the faults as lines, the last one saying how many more there are."""
    lines = [str(fault) for fault in faults[:most]]
    return [*lines, f"… and {len(faults) - most} more"] if len(faults) > most else lines


def write_junit(path: Path, checks: Sequence[Check]) -> None:
    """Write the checks as JUnit XML, a test case each: failed with its faults, skipped where it saw nothing."""
    numbers = {"failures": sum(not one.passed for one in checks), "skipped": sum(one.saw_nothing for one in checks)}
    about = {"name": "surveybook verify", "tests": str(len(checks)), "errors": "0"}
    root = ElementTree.Element("testsuites")
    suite = ElementTree.SubElement(root, "testsuite", about | {name: str(number) for name, number in numbers.items()})
    for one in checks:
        case = ElementTree.SubElement(
            suite, "testcase", classname=f"verify.{one.link}", name=NOT_OF_XML.sub("�", one.name)
        )
        told = {"system-out": [f"By: {one.by}", f"Looked at: {write_counts(one.counts)}", *one.skipped]}
        if not one.passed:
            told = {"failure": list(map(str, one.faults)), **told}
        elif one.saw_nothing:
            told = {"skipped": list(one.skipped), **told}
        for kind, lines in told.items():
            ElementTree.SubElement(case, kind).text = NOT_OF_XML.sub("�", "\n".join(lines))
    path.parent.mkdir(parents=True, exist_ok=True)
    ElementTree.indent(root)
    ElementTree.ElementTree(root).write(path, encoding="utf-8", xml_declaration=True)
