"""What a host of the site adds to it: files of its own, and headers; none of them may lead readers away."""

import re
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path

from surveybook.verify.record import Fault

# Files that hosts want, and that hold nothing of the book; each by its whole name, or its folder's.
OF_HOSTS = (".nojekyll", "CNAME", "robots.txt", "_headers", "_redirects", ".buildinfo.bak")
FOLDER_OF_HOSTS = ".well-known/"
# Sphinx writes into it how it was called; nobody reads it.
BUILD_INFO = ".buildinfo"
AS_SPHINX_WRITES = re.compile(
    rb"# Sphinx build info version \d+\s+# This file hashes [^\n<]*\nconfig: [0-9a-f]*\r?\ntags: [0-9a-f]*\s*"
)
LARGEST = 1_000_000
HEADER = re.compile(r"\s+(?P<name>[\w-]+):(?P<value>.*)")


def of_hosts(name: str) -> bool:
    """Return whether a file is for the host that a site stands on."""
    return name in OF_HOSTS or name.startswith(FOLDER_OF_HOSTS)


def leading_away(name: str, value: str) -> bool:
    """Return whether a header makes a browser show something else than the page that it came with."""
    return name.lower() == "refresh" or (name.lower() == "link" and "stylesheet" in value.lower())


def host_faults(site: Path, theirs: Mapping[str, Path], book: Iterable[str]) -> Iterator[Fault]:
    """Yield where files for the host lead away from the book, or say more than is theirs to say.

    Parameters
    ----------
    site : Path
        The folder of the site.
    theirs : mapping
        Its files by their path in it.
    book : iterable of str
        Those that the book has.
    """
    info = site / BUILD_INFO
    if info.is_file() and not AS_SPHINX_WRITES.fullmatch(read(info)):
        yield Fault("it holds more than Sphinx writes into it", BUILD_INFO)
    names = list(book)
    for number, line in enumerate(lines_of(theirs.get("_redirects")), start=1):
        source = line.split()[0] if line.split() and not line.startswith("#") else ""
        if source and (away := [name for name in names if meant(source, name)]):
            yield Fault(f"line {number} sends readers of {away[0]} elsewhere: '{line.strip()[:80]}'", "_redirects")
    for number, line in enumerate(lines_of(theirs.get("_headers")), start=1):
        if (found := HEADER.fullmatch(line)) and leading_away(found["name"], found["value"]):
            said = f"line {number} makes browsers show something else: '{line.strip()[:80]}'"
            yield Fault(said, "_headers")


def lines_of(path: Path | None) -> list[str]:
    """Return the lines of a file; none where there is no such file."""
    return read(path).decode("utf-8", "replace").splitlines() if path else []


def read(path: Path) -> bytes:
    """Return the beginning of a file, which is all that such files have."""
    with path.open("rb") as file:
        return file.read(LARGEST)


def meant(source: str, file: str) -> bool:
    """Return whether a rule for redirection is for a file: by its name, without its ending, or as a folder's page."""
    pattern = re.sub(r":\w+", "[^/]+", re.escape(source.strip("/")).replace(r"\*", ".*"))
    names = (file, file.removesuffix(".html"), file.removesuffix("index.html").strip("/"))
    return any(re.fullmatch(pattern, name) for name in names)
