"""The lock of the packages: what it may hold, and whether what is installed is what it says.

`make` reads this before anything is installed, so that what is imported here is of the standard library.
"""

import platform
import re
from collections.abc import Iterator
from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from surveybook.verify.record import Check, Found

LOCK, WANTED = "requirements.txt", "requirements.in"
# A line, and those below that are indented, comments or empty.
ENTRY = re.compile(r"^[ \t]*[^\s#].*(?:\n(?:[ \t#].*)?$)*", re.MULTILINE)
PACKAGE = re.compile(
    r"(?P<name>[A-Za-z0-9][A-Za-z0-9._-]*)(\[[\w,-]+\])?==(?P<version>[A-Za-z0-9.!+_-]+)"
    r"(?:\s*;\s*(?P<marker>[^#\\@/]+?))?(?P<hashes>(\s+--hash=\S+)*)\s*"
)
HASH = re.compile(r"--hash=sha256:[0-9a-f]{64}")
DIRECT = re.compile(r"(?P<name>[A-Za-z0-9][A-Za-z0-9._-]*)[^#;]*")


@dataclass(frozen=True)
class Pin:
    """One entry of a lock: the one version of a package, where it is needed, and who asked for it."""

    name: str
    version: str
    marker: str
    asked_by: frozenset[str]
    row: int


def normalise_name(name: str) -> str:
    """Return a package's name in the form in which names are compared."""
    return re.sub(r"[-_.]+", "-", name).lower()


def split_lock(text: str) -> Iterator[tuple[int, str, list[str]]]:
    """Yield each entry of a lock: its row, the entry on one line, and what it says that it is there for."""
    for match in ENTRY.finditer(text):
        lines = [line.strip() for line in match[0].splitlines()]
        entry = " ".join(line.removesuffix("\\").strip() for line in lines if not line.startswith("#"))
        reasons = " ".join(line.lstrip("# ").removeprefix("via") for line in lines if line.startswith("#"))
        yield text.count("\n", 0, match.start()) + 1, entry.strip(), reasons.split()


def read_lock(text: str) -> tuple[list[Pin], list[str]]:
    """Return the entries of a lock, and what it holds that it shouldn't, a sentence each with its row.

    What pip itself doesn't mind is refused: an address to install from, another index, an option.
    """
    pins: list[Pin] = []
    found: list[str] = []
    for row, entry, reasons in split_lock(text):
        match = PACKAGE.fullmatch(entry)
        if not match:
            found.append(f"row {row}: '{entry[:60]}' isn't a package with its exact version and hashes")
            continue
        hashes, asked_by = match["hashes"].split(), frozenset(map(normalise_name, reasons))
        pin = Pin(normalise_name(match["name"]), match["version"], match["marker"] or "", asked_by, row)
        if not hashes:
            found.append(f"row {row}: {match['name']} has no hash, so that any file would do")
        elif not all(map(HASH.fullmatch, hashes)):
            found.append(f"row {row}: a hash of {match['name']} isn't a SHA-256")
        else:
            if any(one.name == pin.name and not (one.marker and pin.marker) for one in pins):
                found.append(f"row {row}: {pin.name} is there twice")
            pins.append(pin)
    return pins, found


def read_wanted(text: str) -> dict[str, str]:
    """Return what is asked for, by the name of the package: ``{"pandas": "pandas>=3"}``."""
    matches = (DIRECT.match(line) for line in text.splitlines())
    return {normalise_name(match["name"]): match[0].strip() for match in matches if match}


def find_lock_faults(lock: str, wanted: str, file: str = WANTED) -> list[str]:
    """Return what a lock holds that it shouldn't, or lacks, a sentence each; empty when all is in order.

    Parameters
    ----------
    lock, wanted : str
        The contents of the lock, and of the file of what was asked for.
    file : str
        What the latter is called.
    """
    pins, found = read_lock(lock)
    direct, locked = read_wanted(wanted), {pin.name for pin in pins}
    found += [
        f"row {pin.row}: nothing in {file} asks for {pin.name}"
        for pin in {one.name: one for one in pins}.values()
        if pin.name not in direct and not pin.asked_by & locked
    ]
    return found + [f"{name} is asked for in {file} and isn't there" for name in sorted(direct.keys() - locked)]


def find_version(package: str) -> str:
    """Return the version of a package that this interpreter would import; empty where it isn't installed."""
    try:
        return version(package)
    except PackageNotFoundError:
        return ""


def check_environment(folder: Path) -> "Check":
    """Hold the lock of a project against its rules and what was asked for, and what is installed against the lock."""
    from surveybook.verify.record import make_check

    return make_check("environment", "Packages", f"the lock, {LOCK}", examine_environment(folder), local=True)


def examine_environment(folder: Path) -> "Iterator[Found]":
    """Yield what is wrong with the lock in a folder, and what is installed otherwise than it says."""
    from packaging.markers import Marker  # not there before anything is installed
    from packaging.requirements import Requirement
    from packaging.version import Version

    from surveybook.model.problems import Fault

    lock, wanted = (folder / name for name in (LOCK, WANTED))
    if not lock.is_file() and not wanted.is_file():
        yield f"The packages: this report has no {LOCK}."
        return
    # A report that `surveybook new` wrote has the engine's lock alone.
    try:
        text, *asks = [path.read_text(encoding="utf-8") for path in (lock, wanted) if path == lock or path.is_file()]
    except (OSError, ValueError) as error:
        yield Fault(f"it can't be read ({error}); restore it from version control", LOCK)
        return
    pins, said = read_lock(text)
    said = find_lock_faults(text, *asks) if asks else said
    needed = [pin for pin in pins if not pin.marker or Marker(pin.marker).evaluate()]
    yield {"packages": len(needed), "packages not needed here": len(pins) - len(needed)}
    yield ("Python itself, its standard library, the system, and the files of packages: a fresh environment made "
           "from the lock with `--require-hashes` has those that were locked, and no others.")  # fmt: skip
    asked = read_wanted("".join(asks))
    for pin in needed:
        there = find_version(pin.name)
        if pin.name in asked and not Requirement(asked[pin.name]).specifier.contains(pin.version, prereleases=True):
            said.append(f"{asked[pin.name]} is asked for in {WANTED} and the lock has {pin.version}; make it anew")
        if not there:
            said.append(f"{pin.name} {pin.version} isn't installed; install the lock again")
        elif Version(there) != Version(pin.version):
            said.append(f"{pin.name} is {there} here and {pin.version} in the lock; install the lock again")
    yield from (Fault(one, LOCK) for one in said)


def describe_machine(folder: Path) -> dict[str, object]:
    """Return what a certificate says of the machine: interpreter, system, and the locked packages in use."""
    lock = folder / LOCK
    pins, _ = read_lock(lock.read_text(encoding="utf-8") if lock.is_file() else "")
    return {
        "python": platform.python_version(),
        "implementation": platform.python_implementation(),
        "system": platform.system(),
        "architecture": platform.machine(),
        "packages": {name: there for name in sorted({pin.name for pin in pins}) if (there := find_version(name))},
    }
