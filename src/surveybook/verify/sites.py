"""Sites as sets of files: what each file holds, whichever machine wrote it, and how two sites differ."""

import io
import unicodedata
import zipfile
import zlib
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from surveybook.book.sphinx_ext.certificates import FILE as CERTIFICATE_FILE
from surveybook.book.sphinx_ext.certificates import empty_certificate, find_certificate
from surveybook.verify.certificate import written
from surveybook.verify.expected import Expected
from surveybook.verify.hashing import sha256
from surveybook.verify.hosts import BUILD_INFO, host_faults, of_hosts
from surveybook.verify.pictures import same_picture
from surveybook.verify.places import figures_at
from surveybook.verify.record import Check, Fault, check

# Machines differ in how they round the shades of pictures in pixels.
PAINTED = ".png"
INVENTORY_HEAD = 4
Stamp = Callable[[str, str], str]
LARGEST_FILE = LARGEST_MEMBER = 100_000_000
ZIP_END = 22


def files_of(site: Path) -> dict[str, Path]:
    """Return the files of a site by their path in it; links that lead elsewhere are no files of it."""
    found = {path.relative_to(site).as_posix(): path for path in sorted(site.rglob("*")) if not path.is_symlink()}
    return {name: path for name, path in found.items() if path.is_file() and name != BUILD_INFO}


def links_of(site: Path) -> list[str]:
    """Return the links in a site: what a host would answer with isn't in it."""
    return [path.relative_to(site).as_posix() for path in sorted(site.rglob("*")) if path.is_symlink()]


def held(name: str, content: bytes) -> bytes:
    """Return what a file holds whichever machine wrote it: without the certificate, and not compressed."""
    if name.endswith(".html"):
        return empty_certificate(content.decode("utf-8", "replace")).encode()
    try:
        if name.endswith(".xlsx"):
            return members(content)
        if name.endswith("objects.inv"):
            *head, packed = content.split(b"\n", INVENTORY_HEAD)
            return b"\n".join([*head, unpacked(packed)])
    except (zipfile.BadZipFile, zlib.error, ValueError):
        return content
    return content


def unpacked(content: bytes) -> bytes:
    """Return compressed bytes as they were, with whatever stands behind them."""
    packed = zlib.decompressobj()
    return packed.decompress(content, LARGEST_MEMBER) + packed.unconsumed_tail + packed.unused_data


def members(content: bytes) -> bytes:
    """Return the members of a zip file, with their names, one after the other.

    Raises
    ------
    ValueError
        When one is larger than any of this project's could be, or something stands before or behind the zip file.
    """
    if not content.startswith(b"PK\x03\x04") or content[-ZIP_END:][:4] != b"PK\x05\x06":
        raise ValueError("something stands before or behind the zip file")
    with zipfile.ZipFile(io.BytesIO(content)) as book:
        if any(one.file_size > LARGEST_MEMBER for one in book.infolist()):
            raise ValueError("a member of the file is too large")
        return b"".join(f"{name}\n".encode() + book.read(name) + b"\n" for name in sorted(book.namelist()))


def site_hashes(site: Path) -> dict[str, str]:
    """Return the hash of what each file of a site holds, without pictures in pixels and the certificate itself."""
    return {
        name: sha256(held(name, path.read_bytes()))
        for name, path in files_of(site).items()
        if not name.endswith(PAINTED) and name != CERTIFICATE_FILE
    }


@dataclass(frozen=True)
class Owner:
    """Which chapter a file of a site belongs to, which figures of the survey it shows, and what its page holds."""

    chapter: str = ""
    figures: tuple[str, ...] = ()
    page: Expected | None = None


def owners(expected: Mapping[str, Expected]) -> dict[str, Owner]:
    """Return to whom the files of a site belong: pages to their chapter, downloads to that of their chart or table."""
    found = {f"{name}.html": Owner(name, (), chapter) for name, chapter in expected.items()}
    for name, chapter in expected.items():
        for shown in (*chapter.charts.values(), *chapter.tables.values()):
            for ending in ("csv", "csv-metadata.json", "vl.json", "svg", "png"):
                found[f"_static/figures/{shown.name}.{ending}"] = Owner(name, shown.figures)
    return found


def faults_of(file: str, own: bytes, copy: bytes, owner: Owner) -> Iterator[Fault]:
    """Yield where two files part: line by line where both have as many, the first place otherwise."""
    try:
        mine = own.decode("utf-8")
    except UnicodeDecodeError:
        yield Fault("it was changed", file, owner.chapter, owner.figures)
        return
    found = copy.decode("utf-8", "replace")
    lines = mine.splitlines(keepends=True), found.splitlines(keepends=True)
    pairs = list(zip(*lines, strict=True)) if len(lines[0]) == len(lines[1]) else [(mine, found)]
    place = 0
    for wanted, there in pairs:
        if wanted != there:
            start, before, after = parting(wanted, there)
            line = mine.count("\n", 0, place + start) + 1
            said = f"it was changed, line {line}: {after} where the build of the verified chapters has {before}"
            figures = figures_at(mine, place + start, owner.page) if owner.page else owner.figures
            yield Fault(said, file, owner.chapter, figures)
        place += len(wanted)


def parting(one: str, other: str) -> tuple[int, str, str]:
    """Return where two texts part, and what each has there; by its name, where a character can't be told by sight."""
    start = next((i for i, (a, b) in enumerate(zip(one, other, strict=False)) if a != b), min(len(one), len(other)))
    there = [text[start : start + 1] for text in (one, other)]
    told = [f"'{' '.join(text[max(0, start - 30) : start + 50].split())}'" for text in (one, other)]
    if told[0] == told[1] or not all(sign.isascii() and sign.isprintable() for sign in there):
        told = [f"{text} (with {named(sign)})" for text, sign in zip(told, there, strict=True)]
    return start, told[0], told[1]


def named(sign: str) -> str:
    """Return what a character is called."""
    return f"{unicodedata.name(sign, 'a control character')}, U+{ord(sign):04X}" if sign else "nothing more"


def compare_files(
    file: str, own: Path, copy: Path, owner: Owner, badges: Callable[[str], Sequence[str]], stamp: Stamp
) -> Iterator[Fault]:
    """Yield what is wrong with one file of a copy; nothing where it holds what the build holds."""
    if copy.stat().st_size > LARGEST_FILE:
        said = f"it is over {LARGEST_FILE // 1_000_000} MB, and was not read"
        yield Fault(said, file, owner.chapter, owner.figures)
        return
    try:
        mine, found = own.read_bytes(), copy.read_bytes()
    except OSError as error:
        yield Fault(f"it can't be read ({error.strerror})", file, owner.chapter, owner.figures)
        return
    if file.endswith(PAINTED):
        if not same_picture(mine, found):
            yield Fault("it was changed", file, owner.chapter, owner.figures)
        return
    if file.endswith(".html"):
        mine = stamp(mine.decode("utf-8"), file).encode()
    if held(file, mine) != held(file, found):
        yield from faults_of(file, held(file, mine), held(file, found), owner)
    elif file.endswith(".html") and find_certificate(found.decode("utf-8", "replace")) != list(badges(file)):
        yield Fault("it doesn't show what its certificate says", file, owner.chapter)


def compare_sites(
    own: Path,
    copy: Path,
    belonging: Mapping[str, Owner],
    badges: Callable[[str], Sequence[str]],
    name: str,
    extra: Iterable[str] = (),
    shared: Iterable[str] = (),
    stamp: Stamp = lambda page, _: page,
) -> Check:
    """Hold every file of a copy against a build of the verified chapters.

    Parameters
    ----------
    own, copy : Path
        The folders of the two sites.
    belonging : mapping
        What `owners` returns.
    badges : callable
        What a page, named by its file, has to show of the certificate.
    name : str
        What the copy is called.
    extra : iterable of str
        Files that the copy may have besides, checked elsewhere.
    shared : iterable of str
        Files that the copy need not have, because a site of several editions has one for all.
    stamp : callable
        Turns a page of the build, and its file, into the page as it stands in the copy.
    """
    ours = {file: path for file, path in files_of(own).items() if file not in set(shared)}
    theirs = files_of(copy)
    faults: list[Fault] = []
    for file, path in ours.items():
        owner = belonging.get(file, Owner())
        if file in theirs:
            faults += compare_files(file, path, theirs[file], owner, badges, stamp)
        elif file != CERTIFICATE_FILE:
            faults.append(Fault("the file is missing from the site", file, owner.chapter, owner.figures))
    known = {*ours, *extra, CERTIFICATE_FILE}
    others = [file for file in theirs if file not in known]
    faults += [Fault("the file is no part of the book", file) for file in others if not of_hosts(file)]
    faults += [Fault("it is a link, and a site has none", file) for file in links_of(copy)]
    faults += host_faults(copy, theirs, ours)
    skipped = [f"{file} of {name}: a site of several editions has one for all of them." for file in shared]
    if hosted := [file for file in others if of_hosts(file) and theirs[file].stat().st_size]:
        skipped.append(f"{', '.join(hosted)} of {name}: for the host of the site, and no part of the book.")
    by = "a build of the verified chapters: bytes, and pixels of pictures"
    return check("site", f"The site in {name}", by, {"files": len(ours)}, faults, skipped, local=True)


def certificate_said(site: Path, certificate: Mapping[str, Any] | None) -> list[Fault]:
    """Return what is wrong with the certificate that a site offers."""
    path = site / CERTIFICATE_FILE
    if not path.is_file():
        return [] if certificate is None else [Fault("the site offers no certificate", CERTIFICATE_FILE)]
    # As text, because to Python `false` is 0, and of two keys of a name JSON keeps one.
    wanted = b"" if certificate is None else written(certificate).encode()
    if path.stat().st_size == len(wanted) and path.read_bytes() == wanted:
        return []
    return [Fault("it isn't the certificate of this edition", CERTIFICATE_FILE)]
