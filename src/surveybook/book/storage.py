"""Files and folders that are whole or not there, what was made before, kept by content, and the manifest of a site.

The name of a kept file holds the key of what it was made from and the hash of what it holds, so that one that was
damaged is known for what it is when it is read, and made anew.
"""

import contextlib
import errno
import json
import os
import shutil
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from surveybook.model import paths
from surveybook.model.files import PARTIAL, hash_bytes, hash_file, write_json, write_whole
from surveybook.model.problems import SurveybookError

MANIFEST = "manifest.json"
# What is no part of what readers get: how Sphinx was called, what other projects link to, records of a build.
NOT_IN_MANIFEST = (MANIFEST, ".buildinfo", "objects.inv", ".edition.json")
ADDRESS_VARIABLE = "SURVEYBOOK_BASEURL"
LONGEST_KEPT_SECONDS = 90 * 24 * 60 * 60
# What to do where the system refuses to write.
NOT_YOURS = "That place isn't yours to write. Choose another with --output, or ask for the right to write there"
REMEDIES = {
    errno.ENOSPC: "The disk is full. Free some space, then run the command again",
    errno.EDQUOT: "Your quota of the disk is used up. Free some space, then run the command again",
    errno.EROFS: "That place can only be read. Choose another with --output, or make it writable",
    errno.EACCES: NOT_YOURS,
    errno.EPERM: NOT_YOURS,
}
_hashes: dict[tuple[Any, ...], str] = {}


def hash_version(path: Path | str, reduce: Callable[[bytes], str] = hash_bytes) -> str:
    """Return the hash of a file as it is now; one that hasn't changed in this process, or has two names, is read once.

    Parameters
    ----------
    path : Path
        The file.
    reduce : callable
        What makes a hash of its content.
    """
    about = os.stat(path)
    version = (reduce, about.st_dev, about.st_ino, about.st_mtime_ns, about.st_size)
    if version not in _hashes:
        with open(path, "rb") as file:
            _hashes[version] = reduce(file.read())
    return _hashes[version]


def list_files(folder: Path) -> Iterator[str]:
    """Yield the names of a folder's files under it, such as ``chapters/02-quality.html``."""
    start = len(os.path.join(folder, ""))  # Path takes longer to make, of thousands of files, than files to read
    for place, folders, names in os.walk(folder):
        folders.sort()
        inside = os.path.join(place, "")[start:].replace(os.sep, "/")
        yield from (inside + name for name in sorted(names))


def hash_site(site: Path) -> dict[str, str]:
    """Return the SHA-256 of each file of a site by its path in it, in the order of the paths; links are no files."""
    files = {name: site / name for name in sorted(list_files(site)) if os.path.basename(name) not in NOT_IN_MANIFEST}
    return {name: hash_file(path) for name, path in files.items() if not path.is_symlink()}


def describe_site(site: Path, address: str) -> str:
    """Return the manifest of a site as text: where it was built for, and the hashes of its files."""
    return write_json({"address": address, "files": hash_site(site)})


def write_manifest(site: Path) -> None:
    """Write the manifest of a finished site into it, by which a published copy is known for what it is."""
    address = os.environ.get(ADDRESS_VARIABLE, "").rstrip("/")
    write_whole(site / MANIFEST, describe_site(site, address))


def read_manifest(site: Path) -> dict[str, Any] | None:
    """Return the manifest that a site offers; None where it has none that can be read."""
    try:
        read = json.loads((site / MANIFEST).read_text(encoding="utf-8"))
        return read if isinstance(read["address"], str) and isinstance(read["files"], dict) else None
    except (OSError, ValueError, KeyError, TypeError, RecursionError):
        return None


def restore_folder(folder: Path) -> None:
    """Finish or undo what a process that died between the two renames of `replace_folder` left behind."""
    last = folder.with_name(f".{folder.name}.old")
    if last.exists() and not folder.exists():
        last.rename(folder)
    shutil.rmtree(last, ignore_errors=True)


def replace_folder(built: Path, folder: Path) -> None:
    """Put a finished folder in the place of the last one, which goes, so that no half of one is ever seen."""
    folder.parent.mkdir(parents=True, exist_ok=True)
    restore_folder(folder)
    if folder.exists():
        folder.rename(folder.with_name(f".{folder.name}.old"))
    built.rename(folder)
    restore_folder(folder)


@contextlib.contextmanager
def lock_builds(say: Callable[[str], None]) -> Iterator[None]:
    """Let no other build run in this report's folder during the block; wait, and say so, where one does.

    The system frees the lock when the process ends, however that ends.
    """
    from filelock import FileLock, Timeout

    paths.build().mkdir(parents=True, exist_ok=True)
    lock = FileLock(paths.build() / ".lock")
    try:
        lock.acquire(timeout=0)
    except Timeout:
        say("Another build is running; waiting for it to end.")
        lock.acquire()
    try:
        yield
    finally:
        for folder in (find_store(), paths.build() / paths.DRAWN_FOLDER):
            for path in folder.rglob(f".*{PARTIAL}"):  # of builds that were killed
                owner = path.name.removesuffix(PARTIAL).rpartition(".")[2]
                if not (owner.isdigit() and Path(f"/proc/{owner}").exists()):
                    path.unlink(missing_ok=True)
        lock.release()


@contextlib.contextmanager
def explain_refusals() -> Iterator[None]:
    """Turn what the system refuses to write into a sentence with what to do about it.

    Raises
    ------
    SurveybookError
        For a full disk, a place that can only be read, or one that isn't ours.
    """
    try:
        yield
    except OSError as error:
        if error.errno not in REMEDIES:
            raise
        where = f" ({paths.shown(Path(os.fsdecode(error.filename)))})" if error.filename else ""
        raise SurveybookError(f"{REMEDIES[error.errno]}{where}. What was published before is as it was.") from error


def find_store() -> Path:
    """Return the folder of what is kept."""
    return paths.build() / ".kept"


def find_kept(key: str, folder: Path | None = None) -> Path | None:
    """Return the file that is kept under a key; None where there is none, or only a damaged one.

    Parameters
    ----------
    key : str
        The key; empty for the newest of the folder.
    folder : Path, optional
        Where it is kept, if apart from all else.
    """
    found = (folder or find_store() / key[:2]).glob(f"{key or '[!.]*'}-*")
    for path in sorted(found, key=os.path.getmtime, reverse=True):
        with contextlib.suppress(OSError):
            if path.name.rpartition("-")[2] == hash_bytes(path.read_bytes()):
                os.utime(path)  # so that `forget_unused` leaves it
                return path
            path.unlink()
    return None


def keep_content(key: str, content: bytes, folder: Path | None = None) -> Path:
    """Keep what was made under the key of what it was made from, and return its file."""
    path = (folder or find_store() / key[:2]) / f"{key}-{hash_bytes(content)}"
    write_whole(path, content)
    return path


def forget_unused() -> None:
    """Remove what nobody has used for long: dates decide what is thrown away, never what is made anew."""
    for path in find_store().glob("*/*"):
        if time.time() - path.stat().st_mtime > LONGEST_KEPT_SECONDS:
            path.unlink(missing_ok=True)
