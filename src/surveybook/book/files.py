"""Files and folders that are whole or not there, whatever happens to this process in between."""

import contextlib
import ctypes
import errno
import fcntl
import os
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

from surveybook.model import paths
from surveybook.model.problems import SurveybookError

AT_FDCWD = -100
RENAME_EXCHANGE = 2
PARTIAL = ".partial"
CANNOT_EXCHANGE = (errno.ENOSYS, errno.EINVAL, errno.ENOTSUP)
# What to do where the system refuses to write.
REMEDIES = {
    errno.ENOSPC: "The disk is full. Free some space, then run the command again",
    errno.EDQUOT: "Your quota of the disk is used up. Free some space, then run the command again",
    errno.EROFS: "That place can only be read. Choose another with --output, or make it writable",
    errno.EACCES: "That place isn't yours to write. Choose another with --output, or ask for the right to write there",
    errno.EPERM: "That place isn't yours to write. Choose another with --output, or ask for the right to write there",
}


def exchange(one: Path, other: Path) -> bool:
    """Let two folders swap names in a single step; return False where the system can't."""
    rename = getattr(ctypes.CDLL(None, use_errno=True), "renameat2", None)
    if rename is None:
        return False
    if rename(AT_FDCWD, os.fsencode(one), AT_FDCWD, os.fsencode(other), RENAME_EXCHANGE) == 0:
        return True
    number = ctypes.get_errno()
    if number in CANNOT_EXCHANGE:
        return False
    raise OSError(number, os.strerror(number), str(other))


def left_over(destination: Path) -> Path:
    """Return where the last folder waits while the new one takes its place."""
    return destination.with_name(f".{destination.name}.old")


def recover(destination: Path) -> None:
    """Finish or undo what a process that died between two steps of `swap` left behind."""
    old = left_over(destination)
    if old.exists() and not destination.exists():
        old.rename(destination)
    shutil.rmtree(old, ignore_errors=True)


def swap(built: Path, destination: Path) -> None:
    """Put a finished folder in the place of the last one, so that no half of one is ever seen.

    Where the system can exchange two names in one step, there is a whole folder at every moment. Where it can't,
    there is none for the moment between two renames; if that is when the process dies, `recover` brings the last
    one back.
    """
    destination.parent.mkdir(parents=True, exist_ok=True)
    recover(destination)
    if not destination.exists():
        built.rename(destination)
    elif exchange(built, destination):
        shutil.rmtree(built, ignore_errors=True)
    else:
        old = left_over(destination)
        destination.rename(old)
        built.rename(destination)
        shutil.rmtree(old, ignore_errors=True)


def write_whole(path: Path, content: bytes, *, sync: bool = True) -> None:
    """Write a file that is there whole or not at all; without `sync`, a power cut may undo or spoil it."""
    path.parent.mkdir(parents=True, exist_ok=True)
    partial = path.with_name(f".{path.name}.{os.getpid()}{PARTIAL}")
    try:
        with partial.open("wb") as file:
            file.write(content)
            file.flush()
            if sync:
                os.fsync(file.fileno())  # or, after a power cut, the name may be there before the content
        os.replace(partial, path)
    finally:
        partial.unlink(missing_ok=True)


def clear_partial(folder: Path) -> None:
    """Remove what processes that are no more had begun to write into a folder or one in it."""
    for path in folder.rglob(f".*{PARTIAL}"):
        owner = path.name.removesuffix(PARTIAL).rpartition(".")[2]
        if not (owner.isdigit() and Path(f"/proc/{owner}").exists()):
            path.unlink(missing_ok=True)


@contextlib.contextmanager
def held(path: Path, waiting: Callable[[], None] = lambda: None) -> Iterator[None]:
    """Hold a lock for as long as the block lasts; wait where another process holds it.

    The system frees it when the process ends, however that ends.

    Parameters
    ----------
    path : Path
        The file that stands for what is locked.
    waiting : callable
        Called once, before waiting.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("a") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            waiting()
            fcntl.flock(file, fcntl.LOCK_EX)
        yield


def free(path: Path) -> bool:
    """Return whether nobody holds a lock."""
    with path.open("a") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return False
    return True


@contextlib.contextmanager
def said_plainly() -> Iterator[None]:
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
