"""How editions are made, whichever they are."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import dataclass

from surveybook.book.chapters import LONGEST_RUN_SECONDS
from surveybook.book.engine import Engine, open_local
from surveybook.book.steps import Report, unseen


@dataclass(frozen=True)
class Options:
    """How editions are made.

    Attributes
    ----------
    jobs : int, optional
        How many tasks run at once; as many as the engine is good for otherwise.
    seconds : int
        How long a chapter may take.
    force : bool
        Whether to make everything anew, even what hasn't changed.
    report : callable
        Called with a `Step` whenever a part of an edition has come further.
    say : callable
        Called with a sentence for who waits.
    opened : callable
        What opens the engine that executes chapters, for so many seconds a chapter.
    """

    jobs: int | None = None
    seconds: int = LONGEST_RUN_SECONDS
    force: bool = False
    report: Report = unseen
    say: Callable[[str], None] = lambda _: None
    opened: Callable[[int], AbstractContextManager[Engine]] = open_local
