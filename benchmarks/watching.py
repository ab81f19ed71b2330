"""What a process and all that it starts cost: processor seconds and memory, by looking at it often."""

import os
import threading
import time
from collections.abc import Iterator
from pathlib import Path

TICKS = os.sysconf("SC_CLK_TCK")
LOOK_SECONDS, MEMORY_SECONDS = 0.03, 1.0


def family(root: int) -> Iterator[tuple[int, float]]:
    """Yield the ids of a process and its descendants, each with the processor seconds that it has used."""
    waiting = [root]
    while waiting:
        one = waiting.pop()
        try:
            words = Path(f"/proc/{one}/stat").read_text().rpartition(")")[2].split()
            # Each thread knows its own children.
            for task in os.listdir(f"/proc/{one}/task"):
                waiting += map(int, Path(f"/proc/{one}/task/{task}/children").read_text().split())
        except OSError:
            continue
        yield one, (int(words[11]) + int(words[12])) / TICKS


def memory(process: int) -> int:
    """Return the bytes that a process holds, what it shares with others counted in part; 0 once it has ended."""
    try:
        lines = Path(f"/proc/{process}/smaps_rollup").read_text().splitlines()
    except OSError:
        return 0
    return next((1024 * int(line.split()[1]) for line in lines if line.startswith("Pss:")), 0)


class Watch:
    """Watches a process until it is closed.

    Attributes
    ----------
    highest : int
        The most memory that the process and its descendants have held, in bytes.
    """

    def __init__(self, process: int):
        self.process, self.highest, self._own = process, 0, 0.0
        self._spent: dict[int, float] = {}
        self._ended = threading.Event()
        self._thread = threading.Thread(target=self._look, daemon=True)
        self._thread.start()

    def seconds(self) -> float:
        """Return the processor seconds that all of them have used, but for those of looking."""
        self._note()
        return sum(self._spent.values()) - (self._own if self.process == os.getpid() else 0.0)

    def close(self) -> float:
        """Stop watching and return the processor seconds."""
        self._ended.set()
        self._thread.join()
        return self.seconds()

    def _note(self) -> list[int]:
        found = dict(family(self.process))
        self._spent.update(found)
        return list(found)

    def _look(self) -> None:
        last = 0.0
        while not self._ended.wait(LOOK_SECONDS):
            there = self._note()
            self._own = time.thread_time()
            if time.monotonic() - last > MEMORY_SECONDS:
                last = time.monotonic()
                self.highest = max(self.highest, sum(map(memory, there)))
