"""What does the work of editions: this machine, or many."""

import contextlib
from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager
from functools import partial
from pathlib import Path
from typing import Protocol

from surveybook.book.plans import Plan, Run

Reached = Callable[[int, int], None]


class Engine(Protocol):
    """What does the work of an edition. Several threads call it at once.

    Attributes
    ----------
    jobs : int
        How many tasks it is good for at once.
    """

    jobs: int

    def check(self, plan: Plan) -> None:
        """Check the data of a wave and its baseline."""

    def execute(self, plan: Plan, run: Run, reached: Reached) -> bytes:
        """Return a chapter, executed."""

    def pages(self, plan: Plan, stage: Path, executed: Mapping[str, Path]) -> Path:
        """Return the folder of an edition's pages, built under `stage` from its executed chapters."""


@contextlib.contextmanager
def open_local(seconds: int) -> Iterator[Engine]:
    """Give the engine of this machine for as long as the block lasts.

    Parameters
    ----------
    seconds : int
        How long a chapter may take.
    """
    # Here, because where nothing has changed nothing of it is needed.
    from surveybook.book.calls import open_calls
    from surveybook.book.kernels import open_kernels
    from surveybook.book.local import Local

    with open_kernels() as kernels, open_calls() as calls:
        yield Local(kernels, calls, seconds)


def open_engine(scheduler: str = "") -> Callable[[int], AbstractContextManager[Engine]]:
    """Return what opens the engine: this machine's, or that of a Dask cluster where a scheduler is named."""
    if not scheduler:
        return open_local
    from surveybook.book.cluster import open_cluster

    return partial(open_cluster, scheduler)
