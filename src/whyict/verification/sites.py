"""Sites as sets of files: what each file holds, whichever machine wrote it, and how two sites differ."""

import io
import re
import zipfile
import zlib
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from whyict.sphinx_ext.certificates import FILE as CERTIFICATE_FILE
from whyict.sphinx_ext.certificates import PAGE as CERTIFICATE_PAGE
from whyict.sphinx_ext.certificates import emptied, shown_in
from whyict.verification.expected import Expected
from whyict.verification.hashing import sha256
from whyict.verification.record import Check, Fault, check

# Sphinx writes into it how it was called; nobody reads it.
IGNORED = (".buildinfo",)
# Files that hosts want, and that hold nothing of the book.
OF_HOSTS = (".nojekyll", "CNAME", "robots.txt", ".well-known", "_headers", "_redirects", ".buildinfo.bak")
# Pictures in pixels depend on the fonts of the machine that painted them.
PAINTED = ".png"
INVENTORY_HEAD = 4
# What a site of several editions says on each page of the others, and how it leads to pages that all share.
NOTICE = re.compile(r'<p class="editions-notice.*?</p>\n', re.DOTALL)
SHARED_LINK = re.compile(r'\b(href|action)="(?:\.\./)*(explorer|search)\.html')
LARGEST_MEMBER = 100_000_000
ZIP_END = 22


def files_of(site: Path) -> dict[str, Path]:
    """Return the files of a site by their path in it; links that lead elsewhere are no files of it."""
    return {
        path.relative_to(site).as_posix(): path
        for path in sorted(site.rglob("*"))
        if path.is_file() and not path.is_symlink() and path.name not in IGNORED
    }


def held(name: str, content: bytes) -> bytes:
    """Return what a file holds whichever machine wrote it: without the certificate, and not compressed."""
    if name.endswith(".html"):
        page = NOTICE.sub("", emptied(content.decode("utf-8", "replace")))
        return SHARED_LINK.sub(r'\1="\2.html', page).encode()
    try:
        if name.endswith(".xlsx"):
            return members(content)
        if name.endswith("objects.inv"):
            *head, packed = content.split(b"\n", INVENTORY_HEAD)
            return b"\n".join([*head, zlib.decompress(packed)])
    except (zipfile.BadZipFile, zlib.error, ValueError):
        return content
    return content


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
    """Which chapter a file of a site belongs to, and which figures of the survey it shows."""

    chapter: str
    figures: tuple[str, ...]


def owners(expected: Mapping[str, Expected]) -> dict[str, Owner]:
    """Return to whom the files of a site belong: pages to their chapter, downloads to that of their chart or table."""
    found = {f"{name}.html": Owner(name, ()) for name in expected}
    for name, chapter in expected.items():
        for shown in (*chapter.charts.values(), *chapter.tables.values()):
            for ending in ("csv", "csv-metadata.json", "vl.json", "svg", "png"):
                found[f"_static/figures/{shown.name}.{ending}"] = Owner(name, shown.figures)
    return found


def first_line(own: bytes, copy: bytes) -> str:
    """Return where two files part, with both texts there; empty for files that aren't text."""
    try:
        texts = [content.decode("utf-8") for content in (copy, own)]
    except UnicodeDecodeError:
        return ""
    start = next((i for i, (a, b) in enumerate(zip(*texts, strict=False)) if a != b), min(map(len, texts)))
    line = texts[1].count("\n", 0, start) + 1
    found, expected = (" ".join(text[max(0, start - 30) : start + 50].split()) for text in texts)
    return f", line {line}: '{found}' where the build of the verified chapters has '{expected}'"


def compare_sites(
    own: Path,
    copy: Path,
    belonging: Mapping[str, Owner],
    badges: Callable[[str], Sequence[str]],
    name: str,
    extra: Iterable[str] = (),
    shared: Iterable[str] = (),
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
    """
    ours = {file: path for file, path in files_of(own).items() if file not in set(shared)}
    theirs = files_of(copy)
    faults: list[Fault] = []
    painted: list[Fault] = []
    for file, path in ours.items():
        owner = belonging.get(file, Owner("", ()))
        if file not in theirs:
            if file != CERTIFICATE_FILE:
                faults.append(Fault("the file is missing from the site", file, owner.chapter, owner.figures))
            continue
        mine, found = path.read_bytes(), theirs[file].read_bytes()
        if held(file, mine) != held(file, found):
            difference = Fault(
                f"it was changed{first_line(held(file, mine), held(file, found))}", file, owner.chapter, owner.figures
            )
            (painted if file.endswith(PAINTED) and found[:8] == mine[:8] else faults).append(difference)
        elif file.endswith(".html") and shown_in(found.decode("utf-8", "replace")) != list(badges(file)):
            faults.append(Fault("it doesn't show what its certificate says", file, owner.chapter))
    known = {*ours, *extra, CERTIFICATE_FILE}
    faults += [
        Fault("the file is no part of the book", file)
        for file in theirs
        if file not in known and not file.startswith(OF_HOSTS)
    ]
    skipped = [f"{file} of {name}: a site of several editions has one for all of them." for file in shared]
    pictures = [file for file in ours if file.endswith(PAINTED) and file.startswith("_static/figures/")]
    if painted and len([one for one in painted if one.file in pictures]) == len(pictures):
        skipped.append(f"{len(painted)} pictures in pixels of {name}: all were painted with other fonts than are here.")
    else:
        faults += painted
    by = "a build of the verified chapters, byte by byte"
    return check("site", f"The site in {name}", by, {"files": len(ours)}, faults, skipped, local=True)


def certificate_said(site: Path, certificate: Mapping[str, Any] | None) -> list[Fault]:
    """Return what is wrong with the certificate that a site offers."""
    import json

    path = site / CERTIFICATE_FILE
    if not path.is_file():
        return [] if certificate is None else [Fault("the site offers no certificate", CERTIFICATE_FILE)]
    try:
        found = json.loads(path.read_text(encoding="utf-8"))
    except ValueError:
        return [Fault("it can't be read", CERTIFICATE_FILE)]
    return [] if found == certificate else [Fault("it isn't the certificate of this edition", CERTIFICATE_FILE)]


CERTIFICATE_HTML = f"{CERTIFICATE_PAGE}.html"
