"""Whether installed packages are as they were installed: each file of code against its package's own list."""

import base64
import csv
import hashlib
import sysconfig
from collections.abc import Iterable
from importlib.metadata import Distribution, distributions
from pathlib import Path, PurePosixPath

from packaging.utils import canonicalize_name

from whyict.verification.record import Fault

# What runs. Other files are many, and none of them gives an answer of its own.
CODE = (".py", ".so", ".pyd", ".pth")
# Python runs these at each start, whoever put them there.
AT_START = ("*.pth", "sitecustomize.py", "usercustomize.py")
# Tools that make environments put these there.
OF_TOOLS = ("_virtualenv.pth",)
ADVICE = "install anew: rm -r .venv; make"


def check_installed(names: Iterable[str]) -> tuple[int, list[Fault]]:
    """Return how many files of code of packages were looked at, and which aren't as they were installed.

    Parameters
    ----------
    names : iterable of str
        The packages, as names are compared.
    """
    wanted = set(names)
    everything = [one for one in distributions() if one.metadata["Name"]]
    # Of two of a name, Python takes the first.
    there = {canonicalize_name(one.metadata["Name"]): one for one in reversed(everything)}
    listed = [
        (name, one, file, hashed)
        for name, one in sorted(there.items())
        if name in wanted
        for file, hashed in files_of(one)
        if PurePosixPath(file).suffix in CODE and hashed
    ]
    # One after the other: threads wait for each other longer than such small files take.
    faults = [
        Fault(f"a file of {name} {text}; {ADVICE}", file)
        for name, package, file, hashed in listed
        if (text := unlike(package, file, hashed))
    ]
    return len(listed), faults + unasked(everything)


def files_of(package: Distribution) -> list[tuple[str, str]]:
    """Return the files that a package lists, each with its hash or nothing.

    The list is read here, for some versions of Python, and packages that take its place, leave out missing files.
    """
    return [(row[0], row[1]) for row in csv.reader((package.read_text("RECORD") or "").splitlines()) if len(row) > 1]


def unlike(package: Distribution, file: str, hashed: str) -> str:
    """Return how an installed file isn't what its package lists; empty where it is."""
    kind, _, value = hashed.partition("=")
    if kind not in hashlib.algorithms_guaranteed:
        return "is listed with a hash of an unknown kind"
    try:
        with Path(str(package.locate_file(file))).open("rb") as opened:
            found = hashlib.file_digest(opened, kind).digest()
    except OSError:
        return "is missing"
    same = base64.urlsafe_b64encode(found).rstrip(b"=").decode() == value
    return "" if same else "was changed since it was installed"


def unasked(packages: Iterable[Distribution]) -> list[Fault]:
    """Return a fault for each file that Python runs at its start and that no package brought."""
    brought = {Path(str(one.locate_file(file))).resolve() for one in packages for file, _ in files_of(one)}
    return [
        Fault(f"no package brought it, and Python runs it at each start; {ADVICE}", path.name)
        for folder in sorted(homes())
        for pattern in AT_START
        for path in sorted(folder.glob(pattern))
        if path.resolve() not in brought and path.name not in OF_TOOLS
    ]


def homes() -> set[Path]:
    """Return the folders that packages are installed into."""
    return {Path(sysconfig.get_path(kind)).resolve() for kind in ("purelib", "platlib")}
