"""Whether the packages that run here are those of the lock, and the lock is whole."""

import platform
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from importlib.metadata import distributions
from pathlib import Path

from packaging.requirements import InvalidRequirement, Requirement
from packaging.utils import canonicalize_name
from packaging.version import InvalidVersion, Version

from surveybook.model import paths
from surveybook.verify.installed import check_installed, looked_in_first
from surveybook.verify.record import Check, Fault, check

LOCK, WANTED = paths.root() / "requirements.txt", paths.root() / "requirements.in"
HASH = re.compile(r"--hash=sha256:([0-9a-f]{64})")


@dataclass(frozen=True)
class Pin:
    """One entry of the lock.

    Attributes
    ----------
    requirement : Requirement
        The package, its one version, and where it is needed.
    version : str
        That version.
    hashes : tuple of str
        The files that may be installed.
    """

    requirement: Requirement
    version: str
    hashes: tuple[str, ...]

    @property
    def name(self) -> str:
        """The package's name, in the form in which names are compared."""
        return canonicalize_name(self.requirement.name)

    @property
    def needed(self) -> bool:
        """Whether this system and interpreter need it."""
        return self.requirement.marker is None or self.requirement.marker.evaluate()


def read_lock(text: str) -> tuple[list[Pin], list[Fault]]:
    """Return the entries of a lock and what is wrong with it: each pins one version, with hashes."""
    file = paths.shown(LOCK)
    pins, faults = [], []
    for entry in entries(text):
        written = entry.partition(" --hash=")[0].strip()
        try:
            requirement = Requirement(written)
        except InvalidRequirement:
            faults.append(Fault(f"'{written[:60]}' isn't a pinned package; `make lock` writes the lock anew", file))
            continue
        found = [one for one in requirement.specifier if one.operator == "=="]
        hashes = tuple(HASH.findall(entry))
        if len(found) != 1 or len(requirement.specifier) != 1:
            faults.append(Fault(f"{requirement.name} isn't pinned to one version; `make lock` writes it anew", file))
        elif not hashes or len(hashes) != entry.count("--hash="):
            faults.append(Fault(f"{requirement.name} has no hash, or one that isn't SHA-256", file))
        else:
            pins.append(Pin(requirement, found[0].version, hashes))
    return pins, faults


def entries(text: str) -> Iterator[str]:
    """Yield the entries of a lock, each on one line, without comments."""
    joined = re.sub(r"\\\n\s*", " ", text)
    for line in joined.splitlines():
        if (entry := line.partition(" #")[0].strip()) and not entry.startswith("#"):
            yield entry


def installed_packages() -> dict[str, str]:
    """Return the version of each package that this interpreter would import, by name."""
    found: dict[str, str] = {}
    for one in distributions():
        if one.metadata["Name"]:
            found.setdefault(canonicalize_name(one.metadata["Name"]), one.version)
    return found


def same_version(one: str, other: str) -> bool:
    """Return whether two texts are the same version: 1.0 and 1.0.0 are."""
    try:
        return Version(one) == Version(other)
    except InvalidVersion:
        return one == other


def check_environment(lock: Path = LOCK, wanted: Path = WANTED, installed: Mapping[str, str] | None = None) -> Check:
    """Hold the installed packages against the lock, and the lock against what was asked for.

    Parameters
    ----------
    lock, wanted : Path
        ``requirements.txt`` and ``requirements.in``.
    installed : mapping, optional
        Version by package; those of this interpreter otherwise.
    """
    by = "the lock, requirements.txt"
    try:
        pins, faults = read_lock(lock.read_text(encoding="utf-8"))
        direct = [Requirement(entry) for entry in entries(wanted.read_text(encoding="utf-8"))]
    except (OSError, ValueError) as error:
        fault = Fault(f"it can't be read ({error}); restore it from version control", paths.shown(lock))
        return check("environment", "Packages", by, {}, [fault])
    there = installed_packages() if installed is None else installed
    needed = [pin for pin in pins if pin.needed]
    for pin in needed:
        found = there.get(pin.name)
        if found is None:
            faults.append(Fault(f"{pin.name} {pin.version} isn't installed; run `make` again", paths.shown(lock)))
        elif not same_version(found, pin.version):
            said = f"{pin.name} is {found} here and {pin.version} in the lock; run `make` again"
            faults.append(Fault(said, paths.shown(lock)))
    faults += unmet(direct, pins)
    counts = {"packages": len(needed), "packages not needed here": len(pins) - len(needed)}
    skipped = [
        "Installed files against the hashes in the lock: pip does that when it installs them. Of a package that was "
        "changed together with its own list of files, and of compiled copies in __pycache__, nothing here can tell.",
        "Python itself, its standard library, the system and its settings.",
        *(f"Modules in {paths.shown(one)}, which PYTHONPATH names: no package's." for one in looked_in_first()),
    ]
    if installed is None:
        counts["files of packages"], changed = check_installed(pin.name for pin in needed)
        faults += changed
        by += ", and each package's own list of its files"
    return check("environment", "Packages", by, counts, faults, skipped, local=True)


def unmet(direct: list[Requirement], pins: list[Pin]) -> list[Fault]:
    """Return a fault for each direct dependency that no entry of the lock fulfils."""
    versions = {pin.name: pin.version for pin in pins}
    faults = []
    for wanted in direct:
        found = versions.get(canonicalize_name(wanted.name))
        if found is None or not wanted.specifier.contains(found, prereleases=True):
            said = f"{wanted} is asked for in {paths.shown(WANTED)} and the lock has {found or 'none'}; run `make lock`"
            faults.append(Fault(said, paths.shown(LOCK)))
    return faults


def describe_machine() -> dict[str, object]:
    """Return what a certificate says of the machine: interpreter, system, and the packages in use."""
    pins, _ = read_lock(LOCK.read_text(encoding="utf-8") if LOCK.is_file() else "")
    there = installed_packages()
    used = {pin.name: there[pin.name] for pin in pins if pin.needed and pin.name in there}
    return {
        "python": platform.python_version(),
        "implementation": platform.python_implementation(),
        "system": platform.system(),
        "architecture": platform.machine(),
        "packages": dict(sorted(used.items())),
    }
