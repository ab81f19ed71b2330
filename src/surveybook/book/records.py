"""What is known of a finished folder: the key that it was made under, and the hash of every file in it."""

import json
import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from surveybook.book.contents import hashed
from surveybook.book.files import write_whole

RECORD = ".edition.json"
TOLD, EXPLORED = "_build/told.json", "_build/extras/explorer.json"


# The hashes of files that were read already, by device and number: a file under two names is read once.
Known = dict[tuple[int, int], str]


def files_of(folder: Path) -> Iterator[str]:
    """Yield the names of a folder's files under it, such as ``chapters/02-quality.html``, but for its record."""
    start = len(os.path.join(folder, ""))  # Path takes longer to make, of thousands of files, than files to read
    for place, _, names in os.walk(folder):
        inside = os.path.join(place, "")[start:].replace(os.sep, "/")
        yield from (inside + name for name in sorted(names) if name != RECORD)


def hashes(folder: Path, known: Known | None = None) -> dict[str, str]:
    """Return the hash of each file of a folder, by name.

    Parameters
    ----------
    folder : Path
        The folder.
    known : dict, optional
        What was read already; what is read now is added.
    """
    known = {} if known is None else known
    found: dict[str, str] = {}
    for name in files_of(folder):
        # One after the other: threads wait for each other longer than such small files take.
        path = os.path.join(folder, name)
        about = os.stat(path)
        number = (about.st_dev, about.st_ino)
        if number not in known:
            with open(path, "rb") as file:
                known[number] = hashed(file.read())
        found[name] = known[number]
    return found


def read_record(folder: Path) -> dict[str, Any]:
    """Return the record of a folder; nothing where there is none that can be read."""
    try:
        read = json.loads((folder / RECORD).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    return read if isinstance(read, dict) else {}


def intact(folder: Path, key: str, known: Known | None = None) -> bool:
    """Return whether a folder was made under a key and holds what it held then."""
    record = read_record(folder)
    try:
        return record.get("key") == key and record.get("files") == hashes(folder, known)
    except OSError:
        return False


def write_record(built: Path, key: str, stage: Path) -> None:
    """Write the record of finished pages into their folder, with what the edition tells of itself."""
    told = json.loads((stage / TOLD).read_text(encoding="utf-8"))
    explored = json.loads((stage / EXPLORED).read_text(encoding="utf-8"))
    record = {"key": key, "told": told, "explored": explored, "files": hashes(built)}
    write_whole(built / RECORD, json.dumps(record, ensure_ascii=False).encode())
