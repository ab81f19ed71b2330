"""The site built from nothing, and copies of it: the one on this machine, and any that is published.

A copy is held against a build of the verified chapters by the hashes of its files; what a page that was changed says
otherwise is looked up in the page.
"""

import re
import shutil
import tempfile
from collections.abc import Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from urllib.error import URLError
from urllib.parse import quote, urljoin, urlsplit
from urllib.request import Request, urlopen

from surveybook.book.notebooks import find_difference
from surveybook.book.site import build_pages, lay_out
from surveybook.book.storage import MANIFEST, NOT_IN_MANIFEST, describe_site, hash_site, list_files, read_manifest
from surveybook.model import paths
from surveybook.model.files import write_whole
from surveybook.model.problems import Fault
from surveybook.verify.chapters import Expected
from surveybook.verify.downloads import FIGURES, check_pdf, find_edition_name
from surveybook.verify.pages import check_pages, list_pages, read_pages
from surveybook.verify.recomputation import DataFigures
from surveybook.verify.record import Check, Found, checks, make_check

EDITIONS, SEVERAL, PAGES = "editions", "editions.json", "_build/html"
# What hosts of sites want beside the book, and what the forge that built it attests.
ATTESTED = r"certificate\.attestation\.jsonl"
OF_HOSTS = re.compile(rf"{ATTESTED}|\.nojekyll|CNAME|robots\.txt|_headers|_redirects|\.well-known/.*")
# Machines may round the shades of pictures in pixels, and compress, in ways of their own.
OF_MACHINES = (".png", ".xlsx", ".pdf")
BUILT = "a build of the verified chapters, by SHA-256"
SECONDS, LARGEST_FILE, MOST_FILES, AT_ONCE = 30, 100_000_000, 5000, 8
TAKEN_AWAY = ("csv", "csv-metadata.json", "vl.json", "svg", "png")
SAFE_NAME = re.compile(r"(?!/)(?!.*\.\.)[\w./-]+")


@dataclass(frozen=True)
class Book:
    """The verified book: its edition, where it was executed and built, and what it has to show.

    Attributes
    ----------
    wave, baseline : str
        The edition.
    stage, site : Path
        The folder of the executed chapters, and of the pages built from them.
    expected : mapping
        What each chapter shows, by document.
    known : DataFigures
        The figures as the data files hold them.
    """

    wave: str
    baseline: str
    stage: Path
    site: Path
    expected: Mapping[str, Expected]
    known: DataFigures


@checks("site", "Pages built", "Jupyter Book, warnings as errors")
def build_site(
    wave: str, baseline: str, stage: Path, *, certified: bool = False, address: str = "", pdf: str = ""
) -> Iterator[Found]:
    """Build the pages of executed chapters, into `PAGES` below them, from nothing that an earlier build left.

    Parameters
    ----------
    wave, baseline : str
        The edition.
    stage : Path
        The folder with the executed chapters.
    certified : bool
        Whether pages show the committed certificate. Those that a certificate speaks of don't.
    address : str
        Where the site is published; empty for one that doesn't know.
    pdf : str
        The PDF that the site offers; empty for one that has none.
    """
    lay_out(wave, baseline, stage)
    if not certified:
        (stage / paths.ISSUED_FILE).unlink(missing_ok=True)
    shutil.rmtree(stage / PAGES, ignore_errors=True)
    # Without this, drawings of earlier builds would be taken.
    (stage / paths.DRAWINGS_FOLDER).mkdir(parents=True, exist_ok=True)
    # What a publisher sets would be in the pages, and another machine wouldn't find the same.
    site = build_pages(stage, environment={"SURVEYBOOK_BASEURL": address, "SURVEYBOOK_PDF": pdf})
    yield {"pages": sum(1 for _ in site.rglob("*.html"))}


def hash_portable(site: Path) -> dict[str, str]:
    """Return the hashes of those files of a site that are the same on every machine."""
    return {name: value for name, value in hash_site(site).items() if not name.endswith(OF_MACHINES)}


def check_copies(book: Book, wanted: str = "") -> list[Check]:
    """Return the checks of the copy of the site that was named, or else of the one that is on this machine."""
    folder = Path(wanted) if wanted else paths.build() / paths.SITE_FOLDER
    name = wanted or paths.shown(folder)
    if urlsplit(wanted).scheme in ("http", "https"):
        with tempfile.TemporaryDirectory(prefix="surveybook-site-") as temporary:
            fetched = fetch_site(wanted, Path(temporary))
            return [fetched, *(check_copy(book, Path(temporary), wanted) if fetched.passed else [])]
    title, said = f"The site in {name}", list[Found]()
    if not (folder / "index.html").is_file():
        lacking = f"{wanted} is neither a folder with an index.html nor an address that begins with https://"
        said.append(Fault(lacking) if wanted else f"{title}: there is none; `surveybook build` makes it.")
    elif not wanted and find_edition_name(folder) != find_edition_name(book.site):
        said.append(f"{title}: it is of another edition.")
    return [make_check("site", title, BUILT, said, local=True)] if said else check_copy(book, folder, name)


def check_copy(book: Book, copy: Path, name: str) -> list[Check]:
    """Return the checks of a copy in a folder: its files by their hashes, the figures in its PDF.

    A site of several editions is held against the one that this machine built of them, and the pages of the edition
    that was verified against their chapters and the data.
    """
    manifest, title = read_manifest(copy), f"The site in {name}"
    if manifest is None:
        said = f"it can't be read, or is missing: `surveybook build` writes it, with the hash of each file of {name}"
        return [make_check("site", title, BUILT, [Fault(said, MANIFEST)], local=True)]
    pdfs = sorted(copy.rglob("*.pdf"))
    checked = [check_pdf(pdf, book.site, book.expected) for pdf in pdfs]
    if (copy / SEVERAL).is_file():
        home, own = copy / EDITIONS / book.wave, paths.build() / "site"
        pages = read_pages(home, book.expected, book.known, list_pages(hash_site(home)))
        found = check_pages(f"Figures on the pages of {name}/{EDITIONS}/{book.wave}", pages, book.expected)
        checked.insert(0, replace(found, local=True))
        if not own.is_dir() or own.resolve() == copy.resolve():
            left = f"The files of {name}: it is of several editions, and there is no other build of them here."
            return [make_check("site", title, BUILT, [left], local=True), *checked]
    else:
        offered = [str(pdf.resolve()) for pdf in pdfs if pdf.parent.name == "downloads"]
        again = book.stage.with_name("again")
        shutil.rmtree(again, ignore_errors=True)
        shutil.copytree(book.stage, again, ignore=shutil.ignore_patterns("html", "jupyter_execute"))
        own, asked = again / PAGES, {"address": manifest["address"], "pdf": next(iter(offered), "")}
        check = build_site(book.wave, book.baseline, again, certified=True, **asked)
        if not check.passed:
            return [replace(check, name=title, local=True)]
    by = f"{BUILT}, built for {manifest['address']}" if manifest["address"] else BUILT
    return [make_check("site", title, by, compare_sites(own, copy, book), local=True), *checked]


def compare_sites(own: Path, copy: Path, book: Book) -> Iterator[Found]:
    """Hold every file of a copy against that of a build, by their hashes; a page that was changed is read."""
    ours, theirs = hash_site(own), hash_site(copy)
    yield {"files": len(ours)}
    # The chapter and the figures behind a file: a page, or what is taken away of a chart or table.
    owners: dict[str, tuple[str, tuple[str, ...]]] = {f"{name}.html": (name, ()) for name in book.expected}
    for name, chapter in book.expected.items():
        for shown in (*chapter.charts.values(), *chapter.tables.values()):
            owners |= {f"{FIGURES}/{shown.name}.{ending}": (name, shown.figures) for ending in TAKEN_AWAY}
            owners |= {f"embed/{shown.name}.{ending}": (name, shown.figures) for ending in ("html", "json")}
    changed = [file for file in ours if file in theirs and ours[file] != theirs[file]]
    pages = read_pages(copy, book.expected, book.known, list_pages(changed))
    missing = [file for file in ours if file not in theirs]
    yield from (Fault("the file is missing from the site", file, *owners.get(file, ())) for file in missing)
    for file in changed:
        said = pages[file].faults if file in pages else ()
        yield from said or [Fault(describe_changed_file(own / file, copy / file), file, *owners.get(file, ()))]
    hosted = [file for file in theirs if file not in ours and OF_HOSTS.fullmatch(file)]
    if hosted:
        yield f"{', '.join(hosted)} of the site: for its host, and no part of the book."
    unsealed = [file for file in list_files(copy) if Path(file).name in NOT_IN_MANIFEST and file not in NOT_IN_MANIFEST]
    known = {*ours, *hosted, *list_files(own)}
    strays = [file for file in dict.fromkeys((*theirs, *unsealed)) if file not in known]
    yield from (Fault("the file is no part of the book", file) for file in strays)
    if named := [file for file in NOT_IN_MANIFEST if file != MANIFEST and (copy / file).is_file()]:
        yield f"{' and '.join(named)} of the site: what others link by, and how it was built; no hash is of them."
    links = [path.relative_to(copy).as_posix() for path in sorted(copy.rglob("*")) if path.is_symlink()]
    yield from (Fault("it is a link, and a site has none", link) for link in links)
    if not (missing or changed or strays or links):
        address = (read_manifest(copy) or {}).get("address", "")
        if (copy / MANIFEST).read_text(encoding="utf-8") != describe_site(own, address):
            yield Fault("it isn't the manifest of these files", MANIFEST)


def describe_changed_file(own: Path, copy: Path) -> str:
    """Return what is told of a file that isn't that of the build: what stands there where it was first changed."""
    try:
        found = find_difference(*(path.read_text(encoding="utf-8") for path in (own, copy)))
    except (OSError, UnicodeDecodeError):
        return "it was changed"
    # As ASCII, which tells letters apart that look alike.
    return "it was changed: {2!a} where the build has {1!a}".format(*found or ("",) * 3)


@checks("site", "The site at {0} fetched", "what it answers", local=True)
def fetch_site(address: str, folder: Path) -> Iterator[Found]:
    """Fetch a published site into a folder: its manifest, and each file that this names."""
    base = address if address.endswith("/") else f"{address}/"
    if said := fetch_file(base, MANIFEST, folder):
        advice = f"is {address} the right address, and was the site built by `surveybook build`?"
        yield Fault(f"{said}; {advice}", MANIFEST)
        return
    listed = list((read_manifest(folder) or {"files": {}})["files"])
    files = [file for file in listed if SAFE_NAME.fullmatch(file)][:MOST_FILES]
    with ThreadPoolExecutor(AT_ONCE) as pool:
        answers = list(pool.map(partial(fetch_file, base, folder=folder), files))
    yield {"files": sum(not said for said in answers)}
    yield from (Fault(said, file) for file, said in zip(files, answers, strict=True) if said)
    yield f"Files of {address} that its manifest doesn't name: over the network nobody can list them."
    yield f"What {address} answers to others, or at another time: it was asked once."
    if len(listed) > len(files):
        yield f"{len(listed) - len(files)} files in the manifest of {address}."


def fetch_file(base: str, file: str, folder: Path) -> str:
    """Write what a site answers for a file into a folder; return why there is none, or nothing."""
    address = urljoin(base, quote(file))
    try:
        with urlopen(Request(address, headers={"User-Agent": "surveybook-verify"}), timeout=SECONDS) as answer:
            if urlsplit(answer.url).hostname != urlsplit(address).hostname:
                return f"the site leads elsewhere, to {urlsplit(answer.url).hostname}"
            content = answer.read(LARGEST_FILE + 1)
        if len(content) > LARGEST_FILE:
            return f"it is over {LARGEST_FILE // 1_000_000} MB"
        write_whole(folder / file, content)
    except (URLError, OSError, ValueError) as error:
        return f"it could not be fetched ({getattr(error, 'reason', error)})"
    return ""
