"""How far the making of an edition has come, for whoever wants to show it."""

from collections.abc import Callable
from dataclasses import dataclass


@dataclass(frozen=True)
class Step:
    """
    How far one part of an edition has come: the data, a chapter, the pages.

    Attributes
    ----------
    edition : str
        The wave.
    name : str
        What is worked on, such as a chapter's name.
    done, parts : int
        How many parts of it, such as cells, are through; and how many there are.
    failed : bool
        True when it ended without being through.
    """

    edition: str
    name: str
    done: int
    parts: int
    failed: bool = False

    @property
    def ended(self) -> bool:
        """Whether nothing more will come of it."""
        return self.failed or self.done >= self.parts


Report = Callable[[Step], None]


def unseen(step: Step) -> None:
    """Take note of a step for nobody."""
