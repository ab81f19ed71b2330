"""What a check found: how much it looked at, what is wrong, and what it could not look at."""

import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

# The links of the chain, each with the exit status of a run that broke there. The first broken one counts:
# what follows it may be its consequence. 1 is for what a person mistyped, 2 for an unknown option.
EXIT_STATUS = {"environment": 3, "data": 4, "execution": 5, "comparison": 6, "site": 7, "certificate": 8}
MOST_NAMED, MOST_FIGURES = 20, 12
PLURAL = re.compile(r"s\b")


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


def check(
    link: str,
    name: str,
    by: str,
    counts: dict[str, int] | None = None,
    faults: Iterable[Fault] = (),
    skipped: Iterable[str] = (),
    *,
    local: bool = False,
) -> Check:
    """Return a check; the same fault is named once."""
    return Check(link, name, by, dict(counts or {}), tuple(dict.fromkeys(faults)), tuple(dict.fromkeys(skipped)), local)


def counted(counts: Mapping[str, int]) -> str:
    """Return how much was looked at, in words; of one thing, in the singular."""
    return ", ".join(
        f"{number:,} {PLURAL.sub('', what, count=1) if number == 1 else what}" for what, number in counts.items()
    )


def status(checks: Sequence[Check]) -> int:
    """Return the exit status of a run: 0 when nothing is wrong, otherwise that of the first broken link."""
    broken = {done.link for done in checks if not done.passed}
    return next((number for link, number in EXIT_STATUS.items() if link in broken), 0)


def skipped(checks: Sequence[Check]) -> list[str]:
    """Return everything that could not be checked, each once, in the order of the checks."""
    return list(dict.fromkeys(text for done in checks for text in done.skipped))


def total(checks: Sequence[Check]) -> Counter[str]:
    """Return how much was looked at in all."""
    return sum((Counter(done.counts) for done in checks), Counter())


def named(faults: Sequence[Fault], most: int = MOST_NAMED) -> list[str]:
    """Return the faults as lines, the last one saying how many more there are."""
    lines = [str(fault) for fault in faults[:most]]
    return [*lines, f"… and {len(faults) - most} more"] if len(faults) > most else lines
