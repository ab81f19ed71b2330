"""Executed chapters, kept by content: a run that has been made is not made again.

The name of a kept file holds the key of what it was made from and the hash of what it holds, so that one that was
damaged is known for what it is when it is read, and made anew.
"""

import os
import time
from pathlib import Path

from surveybook.book.contents import hashed
from surveybook.book.files import clear_partial, write_whole
from surveybook.model import paths

LONGEST_KEPT_SECONDS = 90 * 24 * 60 * 60


def folder() -> Path:
    """Return where executed chapters are kept."""
    return paths.build() / ".runs"


def place(key: str) -> Path:
    """Return the folder of the files under a key: a part of it, so that none holds very many."""
    return folder() / key[:2]


def kept(key: str) -> Path | None:
    """Return the executed chapter under a key; None where there is none, or only a damaged one."""
    for path in place(key).glob(f"{key}-*.ipynb"):
        try:
            if path.stem.partition("-")[2] == hashed(path.read_bytes())[:40]:
                os.utime(path)  # so that `forget_unused` leaves it
                return path
        except OSError:
            continue
        path.unlink(missing_ok=True)
    return None


def keep(key: str, executed: bytes) -> Path:
    """Keep an executed chapter under its key, and return its file."""
    path = place(key) / f"{key}-{hashed(executed)[:40]}.ipynb"
    write_whole(path, executed)
    return path


def forget_unused(seconds: float = LONGEST_KEPT_SECONDS) -> None:
    """Remove what nobody has used for long, and what processes that are no more had begun to write.

    This alone goes by dates: it decides what is thrown away, never what is made anew.
    """
    clear_partial(folder())
    for part in folder().glob("*"):
        for path in part.glob("*.ipynb"):
            if time.time() - path.stat().st_mtime > seconds:
                path.unlink(missing_ok=True)
