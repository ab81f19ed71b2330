"""Copies of the site: the one that `make book` left on this machine, and any that is published."""

import re
import shutil
import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any
from urllib.error import HTTPError, URLError
from urllib.parse import quote, urljoin, urlsplit
from urllib.request import Request, urlopen
from xml.etree import ElementTree

from whyict import paths
from whyict.sphinx_ext.certificates import FILE, PAGE, badge, certificate_html
from whyict.verification import markup
from whyict.verification.hashing import hash_file
from whyict.verification.pdftext import check_pdf
from whyict.verification.record import Check, Fault, check
from whyict.verification.running import Outcome
from whyict.verification.sites import certificate_said, compare_sites, files_of, owners
from whyict.verification.stages import build_site, read_site, truths_of

SECONDS, LARGEST = 30, 100_000_000
# What a site of several editions says of them, and the pages of which it has one for all.
SEVERAL, SHARED = "editions.json", ("explorer.html", "search.html", "searchindex.js")
LOCATION = "{http://www.sitemaps.org/schemas/sitemap/0.9}loc"


def check_copies(outcome: Outcome, wanted: str = "") -> list[Check]:
    """Return the checks of the site that was named, or else of the one that is on this machine."""
    if outcome.site is None:
        return (
            [
                check(
                    "site",
                    "Copies of the site",
                    "a build",
                    {},
                    (),
                    ["Copies of the site: nothing to compare with."],
                    local=True,
                )
            ]
            if wanted
            else []
        )
    if not wanted:
        return check_local(outcome)
    if not is_address(wanted):
        folder = Path(wanted)
        if not (folder / "index.html").is_file():
            fault = Fault(f"{wanted} is neither a folder with an index.html nor an address that begins with https://")
            return [check("site", f"The site in {wanted}", "its files", {}, [fault], local=True)]
        return check_folder(outcome, folder, wanted)
    with tempfile.TemporaryDirectory(prefix="whyict-site-") as name:
        folder = Path(name)
        fetched = fetch_site(wanted, sorted(files_of(outcome.site)), folder)
        return [fetched, *(check_folder(outcome, folder, wanted) if fetched.passed else [])]


def check_local(outcome: Outcome) -> list[Check]:
    """Return the checks of the site that `make book` left, where it is of the same edition."""
    page = paths.BUILT_SITE / "index.html"
    name = paths.shown(paths.BUILT_SITE)
    if not page.is_file():
        return [
            check(
                "site",
                f"The site in {name}",
                "a build",
                {},
                (),
                [f"The site in {name}: there is none; `make book` builds it."],
                local=True,
            )
        ]
    if outcome.site and edition_of(page) != edition_of(outcome.site / "index.html"):
        return [
            check(
                "site",
                f"The site in {name}",
                "a build",
                {},
                (),
                [f"The site in {name}: it is of another edition."],
                local=True,
            )
        ]
    return check_folder(outcome, paths.BUILT_SITE, name)


def edition_of(page: Path) -> str:
    """Return the edition that a page says it belongs to."""
    return markup.text_of(markup.parse(page.read_text(encoding="utf-8")).select_one(".edition"))


def is_address(text: str) -> bool:
    """Return whether a text is an address that is asked for over the network."""
    return urlsplit(text).scheme in ("http", "https")


def check_folder(outcome: Outcome, folder: Path, name: str) -> list[Check]:
    """Return the checks of a site in a folder: its pages one by one, its files, its certificate, its PDF.

    Of a site of several editions, the one that was verified is checked, under its permanent address.
    """
    shared: Sequence[str] = ()
    if (folder / SEVERAL).is_file():
        folder, shared = folder / "editions" / outcome.wave, SHARED
        if not (folder / "index.html").is_file():
            fault = Fault(f"it has no edition of wave {outcome.wave}", SEVERAL)
            return [check("site", f"The site in {name}", "its files", {}, [fault], local=True)]
    files = files_of(folder)
    pdfs = [file for file in files if file.endswith(".pdf")]
    offered = [file for file in pdfs if file.startswith("_static/downloads/")]
    own = built_for(outcome, address_of(folder), str((folder / offered[0]).resolve()) if offered else "")
    if own is None:
        fault = Fault("the book can't be built for the address that this site was built for")
        return [check("site", f"The site in {name}", "a build", {}, [fault], local=True)]
    certificate = shown_certificate(outcome)
    truths = truths_of(outcome.wave, outcome.baseline)
    figures = read_site(folder, outcome.expected, truths).check(f"Figures on the pages of {name}")
    compared = compare_sites(
        own, folder, owners(outcome.expected), lambda file: badges_of(file, outcome, certificate), name, pdfs, shared
    )
    said = certificate_said(folder, certificate)
    compared = check(
        compared.link,
        compared.name,
        compared.by,
        compared.counts,
        [*compared.faults, *said],
        compared.skipped,
        local=True,
    )
    local = Check(figures.link, figures.name, figures.by, figures.counts, figures.faults, figures.skipped, True)
    return [local, compared, *(check_pdf(folder / file, outcome.expected) for file in pdfs)]


def address_of(folder: Path) -> str:
    """Return the address that a site was built for; empty where it doesn't know one."""
    pages = [one for one in locations(folder) if one.endswith("/index.html")]
    return min(pages, key=len).removesuffix("index.html") if pages else ""


def locations(folder: Path) -> list[str]:
    """Return the addresses of the pages in a site's own list of them."""
    path = folder / "sitemap.xml"
    if not path.is_file():
        return []
    try:
        return [(one.text or "").strip() for one in ElementTree.parse(path).iter(LOCATION)]
    except ElementTree.ParseError:
        return []


def built_for(outcome: Outcome, address: str, pdf: str) -> Path | None:
    """Return the site as it is built for an address, with the PDF that it offers."""
    if not address and not pdf:
        return outcome.site
    again = outcome.folder / "again"
    shutil.rmtree(again, ignore_errors=True)
    shutil.copytree(outcome.folder / "book", again, ignore=shutil.ignore_patterns("_build"))
    site, _ = build_site(outcome.wave, outcome.baseline, again, address, pdf)
    return site


def shown_certificate(outcome: Outcome) -> dict[str, Any] | None:
    """Return the certificate that pages of this edition show: the committed one."""
    import json

    path = paths.certificate(outcome.wave, outcome.baseline)
    return json.loads(path.read_text(encoding="utf-8")) if path.is_file() else None


def badges_of(file: str, outcome: Outcome, certificate: Mapping[str, Any] | None) -> Sequence[str]:
    """Return what a page has to show of the certificate, place by place."""
    name = file.removesuffix(".html")
    if name == PAGE:
        documents = [
            path.relative_to(paths.ROOT).with_suffix("").as_posix() for path in [*paths.chapters(), *paths.pages()]
        ]
        return [certificate_html(certificate, {one: f"{one}.html" for one in sorted(documents)})]
    source = outcome.folder / "book" / f"{name}.ipynb"
    if not source.is_file():
        return []
    return [badge(certificate, name, hash_file(source), f"{'../' * name.count('/')}{PAGE}.html")]


def fetch_site(address: str, known: Sequence[str], folder: Path) -> Check:
    """Fetch the files of a published site: those that a build has, and those that the site lists itself."""
    base = address if address.endswith("/") else f"{address}/"
    by = "what the site answers"
    faults: list[Fault] = []
    listed = fetch(urljoin(base, "sitemap.xml"), folder / "sitemap.xml")
    others = [one.removeprefix(base) for one in locations(folder) if one.startswith(base)] if not listed else []
    wanted = dict.fromkeys([*known, *(one for one in others if safe(one)), FILE, "why-ict.pdf"])
    answered = 0
    for file in wanted:
        said = fetch(urljoin(base, quote(file)), folder / file)
        answered += not said
        if said and said != "404" and file in known:
            faults.append(Fault(said, file))
    if not answered:
        faults = [Fault(f"{address} answers with none of the book's files; is the address right?")]
    return check("site", f"The site at {address} fetched", by, {"files": answered}, faults, local=True)


def safe(file: str) -> bool:
    """Return whether a path stays within the folder that it is joined to."""
    return bool(re.fullmatch(r"[\w./-]+", file)) and ".." not in file and not file.startswith("/")


def fetch(address: str, target: Path) -> str:
    """Write what an address answers into a file; return why not, where it doesn't answer."""
    try:
        with urlopen(Request(address, headers={"User-Agent": "whyict-verify"}), timeout=SECONDS) as answer:
            content = answer.read(LARGEST + 1)
    except HTTPError as error:
        return str(error.code) if error.code == 404 else f"the site answers {error.code}"
    except (URLError, OSError, ValueError) as error:
        return f"it could not be fetched ({getattr(error, 'reason', error)})"
    if len(content) > LARGEST:
        return f"it is over {LARGEST // 1_000_000} MB"
    target.parent.mkdir(parents=True, exist_ok=True)
    target.write_bytes(content)
    return ""
