"""What a check found: how much it looked at, what is wrong, and what it could not look at."""

import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from functools import wraps
from typing import Any, ParamSpec

from surveybook.model.files import read_beside
from surveybook.model.problems import DataError, Fault, Problem, SurveybookError

# The links of the chain, in the order in which one is the cause of the next, each with the exit status of a run that
# broke there; of several, the lowest counts. 1 is for what a person mistyped, 2 for an unknown option.
EXIT_STATUS = {"environment": 3, "data": 4, "inputs": 8, "execution": 5, "comparison": 6, "site": 7, "certificate": 8}
LISTS: dict[str, Any] = read_beside(__file__, "lists.yml")
PLURAL = re.compile(r"s\b")


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


# What a check yields as it looks: what is wrong, how much of what it looked at, and what it could not look at.
Found = Fault | Problem | Mapping[str, int] | str
Arguments = ParamSpec("Arguments")


def make_check(link: str, name: str, by: str, found: Iterable[Found] = (), *, local: bool = False) -> Check:
    """Return a check from what is found, each fault once; an error that ends it is one of its faults."""
    counts, faults, skipped = Counter[str](), list[Fault | Problem](), list[str]()
    try:
        for one in found:
            if isinstance(one, Fault | Problem):
                faults.append(one)
            elif isinstance(one, str):
                skipped.append(one)
            else:
                counts.update(one)
    except DataError as error:
        faults += error.problems
    except SurveybookError as error:
        faults.append(Fault(str(error)))
    except Exception as error:  # of data that another check finds in disorder: those after it are made all the same
        faults.append(Fault(f"what it looks at can't be read ({type(error).__name__}: {error})"))
    named = dict.fromkeys(one if isinstance(one, Fault) else read_problem(one) for one in faults)
    return Check(link, name, by, dict(counts), tuple(named), tuple(dict.fromkeys(skipped)), local)


def read_problem(problem: Problem) -> Fault:
    """Return a problem of a data file as a fault."""
    place = str(problem).partition(": ")[0].partition(", ")[2]
    return Fault(f"{place}{': ' if place else ''}{problem.found}; {problem.expected}", problem.file)


def locate(found: Iterable[Found], where: str = "", **place: Any) -> Iterator[Found]:
    """Yield what is found, and of each fault what it doesn't say itself: its file, chapter and figures, and where."""
    for one in found:
        if isinstance(one, Fault):
            own = {name: getattr(one, name) or value for name, value in place.items()}
            yield replace(one, said=f"{where}{one.said}", **own)
        else:
            yield one


def checks(
    link: str, name: str, by: str, *, local: bool = False
) -> Callable[[Callable[Arguments, Iterator[Found]]], Callable[Arguments, Check]]:
    """Make of a function that yields what it finds one that returns a check.

    Parameters
    ----------
    link, name, by : str
        As those of the check; ``{0}`` stands for the function's first argument.
    local : bool
        As that of the check.
    """

    def make(look: Callable[Arguments, Iterator[Found]]) -> Callable[Arguments, Check]:
        @wraps(look)
        def check(*arguments: Arguments.args, **named: Arguments.kwargs) -> Check:
            return make_check(
                link, name.format(*arguments), by.format(*arguments), look(*arguments, **named), local=local
            )

        return check

    return make


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
