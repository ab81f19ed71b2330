"""Whether installed packages are as they were installed, each file against its package's own list, and alone."""

import base64
import csv
import hashlib
import os
import sys
import sysconfig
from collections.abc import Collection, Iterable, Iterator
from importlib.metadata import Distribution, distributions
from pathlib import Path, PurePosixPath

from packaging.utils import canonicalize_name

from surveybook.model import paths
from surveybook.verify.record import Fault

# What runs, what says what runs, and what pages are made of. Other files are many, and give no answer of their own.
LOOKED_AT = (
    ".py", ".so", ".pyd", ".pth",
    ".txt", ".json", ".toml", ".yml", ".yaml", ".xml",
    ".html", ".css", ".js", ".css_t", ".js_t",
)  # fmt: skip
MODULE = (".py", ".so", ".pyd", ".pyc", ".pth")
# Tools that make environments put these there.
OF_TOOLS = ("_virtualenv.pth", "_virtualenv.py")
# It is in no lock, and its list leads to its code.
OWN = "surveybook"
AT_START = ("sitecustomize", "usercustomize")
# Whatever lies there, each kernel of this environment reads.
OF_KERNELS = "etc/ipython"
ADVICE = "install anew: rm -r .venv; make"


def check_installed(names: Iterable[str]) -> tuple[int, list[Fault]]:
    """Return how many files of packages were looked at, and what isn't as it was installed or was added.

    Parameters
    ----------
    names : iterable of str
        The packages, as names are compared.
    """
    wanted = {*names, OWN}
    everything = [one for one in distributions() if one.metadata["Name"]]
    # Of two of a name, Python takes the first.
    there = {canonicalize_name(one.metadata["Name"]): one for one in reversed(everything)}
    listed = [
        (name, one, file, hashed)
        for name, one in sorted(there.items())
        if name in wanted
        for file, hashed in files_of(one)
        if PurePosixPath(file).suffix in LOOKED_AT and hashed
    ]
    # One after the other: threads wait for each other longer than such small files take.
    faults = [
        Fault(f"a file of {name} {text}; {ADVICE}", file)
        for name, package, file, hashed in listed
        if (text := unlike(package, file, hashed))
    ]
    brought = {place for one in everything for place in brought_by(one)}
    return len(listed), [*faults, *unasked(brought), *taken_instead(brought)]


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


def unasked(brought: Collection[Path]) -> Iterator[Fault]:
    """Yield a fault for each module or setting that Python or a kernel would take and that no package brought."""
    for folder in sorted(homes()):
        for path in sorted(folder.iterdir()):
            if is_module(path) and path not in brought and path.name not in OF_TOOLS:
                yield Fault(f"no package brought it, and Python would import or run it; {ADVICE}", path.name)
    for path in sorted(Path(sys.prefix, OF_KERNELS).rglob("*")) if sys.prefix != sys.base_prefix else ():
        if path.is_file() and path.resolve() not in brought:
            yield Fault(f"no package brought it, and each kernel reads it; {ADVICE}", f"{OF_KERNELS}/{path.name}")


def brought_by(package: Distribution) -> Iterator[Path]:
    """Yield what a package put into folders: each entry of its own, and each file elsewhere."""
    home = Path(str(package.locate_file(""))).resolve()
    for file in dict.fromkeys(PurePosixPath(file) for file, _ in files_of(package)):
        yield (home / file).resolve() if file.parts[0] == ".." else home / file.parts[0]
    # What systems and other installers brought may list no files, and then names its modules.
    for name in (package.read_text("top_level.txt") or "").split():
        yield from (home / f"{name}{end}" for end in ("", ".py"))


def is_module(path: Path) -> bool:
    """Return whether Python imports or runs what lies at this place of a folder of packages."""
    return path.suffix in MODULE if path.is_file() else any((path / f"__init__{end}").is_file() for end in MODULE)


def looked_in_first() -> list[Path]:
    """Return the folders besides this project's that Python was told to take modules from before any package."""
    named = map(Path, filter(None, os.environ.get("PYTHONPATH", "").split(os.pathsep)))
    return [folder for folder in named if folder.is_dir() and folder.resolve() != paths.root() / "src"]


def taken_instead(brought: Iterable[Path]) -> Iterator[Fault]:
    """Yield a fault for each module there that Python runs at its start, or takes for one of a package or its own."""
    right = {*AT_START, OWN, *sys.stdlib_module_names, *(place.name.partition(".")[0] for place in brought)}
    for folder in looked_in_first():
        for path in sorted(folder.iterdir()):
            if is_module(path) and path.name.partition(".")[0] in right:
                said = "Python takes this before the right one, because PYTHONPATH names its folder; unset it"
                yield Fault(said, paths.shown(path))


def homes() -> set[Path]:
    """Return the folders that packages are installed into."""
    return {Path(sysconfig.get_path(kind)).resolve() for kind in ("purelib", "platlib")}
