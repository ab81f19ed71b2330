"""What is known of a finished folder: the key that it was made under, and the hash of every file in it."""

import json
import os
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

from whyict.editions.contents import hashed
from whyict.files import write_whole

RECORD = ".edition.json"
TOLD, EXPLORED = "_build/told.json", "_build/extras/explorer.json"


# The hashes of files that were read already, by device and number: a file under two names is read once.
Known = dict[tuple[int, int], str]


def files_of(folder: Path) -> Iterator[Path]:
    """Yield the files of a folder but for its record."""
    for place, _, names in os.walk(folder):
        yield from (Path(place, name) for name in sorted(names) if name != RECORD)


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
    numbers = {path: ((about := path.stat()).st_dev, about.st_ino) for path in files_of(folder)}
    new = {number: path for path, number in numbers.items() if number not in known}
    # Hashing lets go of Python's lock, so that it goes on on all cores.
    with ThreadPoolExecutor() as pool:
        known |= zip(new, pool.map(hash_of, new.values()), strict=True)
    return {path.relative_to(folder).as_posix(): known[number] for path, number in numbers.items()}


def hash_of(path: Path) -> str:
    """Return the hash of a file."""
    return hashed(path.read_bytes())


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
