"""Copies of the site: the one that `make book` left on this machine, and any that is published."""

import json
import shutil
import tempfile
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from surveybook.book.sphinx_ext.certificates import PAGE, render_badge, render_certificate, render_link
from surveybook.model import paths
from surveybook.verify import markup
from surveybook.verify.downloads import check_explorer
from surveybook.verify.fetching import fetch_site, locations
from surveybook.verify.hashing import hash_file
from surveybook.verify.pdftext import check_pdf
from surveybook.verify.record import Check, Fault, check
from surveybook.verify.running import Outcome
from surveybook.verify.several import EDITIONS, OF_ALL, SEVERAL, SHARED, read_several
from surveybook.verify.sites import Stamp, certificate_said, compare_sites, files_of, owners
from surveybook.verify.stages import build_site, read_site, truths_of


def left_out(name: str, why: str) -> list[Check]:
    """Return that a copy could not be looked at, as a check."""
    return [check("site", name, "a build", {}, (), [f"{name}: {why}"], local=True)]


def refused(name: str, fault: Fault) -> list[Check]:
    """Return that what was named is no copy of the book, as a check."""
    return [check("site", name, "its files", {}, [fault], local=True)]


def check_copies(outcome: Outcome, wanted: str = "") -> list[Check]:
    """Return the checks of the site that was named, or else of the one that is on this machine."""
    if outcome.site is None:
        return left_out("Copies of the site", "there is no build to compare with.") if wanted else []
    if not wanted:
        return check_local(outcome)
    if not is_address(wanted):
        folder = Path(wanted)
        if not (folder / "index.html").is_file():
            fault = Fault(f"{wanted} is neither a folder with an index.html nor an address that begins with https://")
            return refused(f"The site in {wanted}", fault)
        return check_folder(outcome, folder, wanted)
    with tempfile.TemporaryDirectory(prefix="surveybook-site-") as name:
        folder = Path(name)
        fetched = fetch_site(wanted, sorted(files_of(outcome.site)), folder, outcome.wave)
        if (told := address_of(folder)) and urlsplit(told)[1:3] != urlsplit(f"{wanted.rstrip('/')}/")[1:3]:
            said = f"{told}, which the pages of {wanted} give as their address: it was not asked."
            fetched = replace(fetched, skipped=(*fetched.skipped, said))
        return [fetched, *(check_folder(outcome, folder, wanted) if fetched.passed else [])]


def check_local(outcome: Outcome) -> list[Check]:
    """Return the checks of the site that `make book` left, where it is of the same edition."""
    page = paths.built_site() / "index.html"
    name = paths.shown(paths.built_site())
    if not page.is_file():
        return left_out(f"The site in {name}", "there is none; `make book` builds it.")
    if outcome.site and edition_of(page) != edition_of(outcome.site / "index.html"):
        return left_out(f"The site in {name}", "it is of another edition.")
    return check_folder(outcome, paths.built_site(), name)


def edition_of(page: Path) -> str:
    """Return the edition that a page says it belongs to."""
    return markup.text_of(markup.parse(page.read_text(encoding="utf-8")).select_one(".edition"))


def is_address(text: str) -> bool:
    """Return whether a text is an address that is asked for over the network."""
    return urlsplit(text).scheme in ("http", "https")


def check_folder(outcome: Outcome, folder: Path, name: str) -> list[Check]:
    """Return the checks of a site in a folder: its pages one by one, its files, its certificate, its PDF."""
    if not (folder / SEVERAL).is_file():
        return check_edition(outcome, folder, name)
    return check_several(outcome, folder, name)


def check_several(outcome: Outcome, folder: Path, name: str) -> list[Check]:
    """Return the checks of a site of several editions: of the one that was verified, and of the front if it is there.

    What pages say of the other editions has to be what the data say of them.
    """
    wave, home = outcome.wave, folder / EDITIONS / outcome.wave
    if not (home / "index.html").is_file():
        return refused(f"The site in {name}", Fault(f"it has no edition of wave {wave}", SEVERAL))
    pages = [file for file in files_of(outcome.site or folder) if file.endswith(".html")]
    several, faults = read_several(folder / SEVERAL, pages)
    if several is None:
        return refused(f"The site in {name}", faults[0])
    inner = name.rstrip("/") + f"/{EDITIONS}/{wave}"
    found = check_edition(outcome, home, inner, SHARED, partial(several.stamped, wave=wave))
    others = [file for file in files_of(folder) if file.startswith(f"{EDITIONS}/")]
    beside = [file for file in files_of(folder) if file in OF_ALL or file.startswith("_static/explorer/")]
    skipped = [f"{', '.join(beside)} of {name}: one for all editions, of which the figures of the explorer were read."]
    if rest := [one for one in several.told if one != wave]:
        skipped.append(
            f"The editions of {', '.join(rest)} in {name}: `surveybook verify --wave` checks each by its name."
        )
    if several.latest == wave:
        found += check_edition(
            outcome, folder, name, SHARED, partial(several.stamped, wave=""), [*others, *beside], home
        )
    else:
        skipped.append(f"The front of {name}: it is of wave {several.latest}.")
    explored = check_explorer(folder)
    faults += explored.faults
    counts = {"editions": len(several.told), "figures in the explorer": explored.counts.get("figures", 0)}
    listed = check("site", f"Editions of {name}", "the data", counts, faults, skipped, local=True)
    return [listed, *found]


def check_edition(
    outcome: Outcome,
    folder: Path,
    name: str,
    shared: Sequence[str] = (),
    stamp: Stamp = lambda page, _: page,
    extra: Iterable[str] = (),
    home: Path | None = None,
) -> list[Check]:
    """Return the checks of the pages of one edition.

    `home` is where its permanent address is; the other parameters are those of `compare_sites`.
    """
    files = [file for file in files_of(folder) if file not in set(extra)]
    pdfs = [file for file in files if file.endswith(".pdf")]
    offered = [file for file in pdfs if file.startswith("_static/downloads/")]
    address = address_of(home or folder)
    own = built_for(outcome, address, str((folder / offered[0]).resolve()) if offered else "")
    if own is None:
        fault = Fault("the book can't be built for the address that this site was built for")
        return refused(f"The site in {name}", fault)
    certificate = shown_certificate(outcome)
    truths = truths_of(outcome.wave, outcome.baseline)
    figures = read_site(folder, outcome.expected, truths, files).check(f"Figures on the pages of {name}")
    compared = compare_sites(
        own, folder, owners(outcome.expected), lambda file: badges_of(file, outcome, certificate), name,
        [*pdfs, *extra], shared, stamp,
    )  # fmt: skip
    faults = (*compared.faults, *certificate_said(folder, certificate))
    by = f"{compared.by}, built for {address}" if address else compared.by
    return [
        replace(figures, local=True),
        replace(compared, by=by, faults=faults),
        *(check_pdf(folder / file, outcome.expected, own) for file in pdfs),
    ]


def address_of(folder: Path) -> str:
    """Return the address that a site was built for; empty where it doesn't know one."""
    pages = [one for one in locations(folder / "sitemap.xml") if one.endswith("/index.html")]
    return min(pages, key=len).removesuffix("index.html") if pages else ""


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
    path = paths.certificate(outcome.wave, outcome.baseline)
    return json.loads(path.read_text(encoding="utf-8")) if path.is_file() else None


def badges_of(file: str, outcome: Outcome, certificate: Mapping[str, Any] | None) -> Sequence[str]:
    """Return what a page has to show of the certificate, place by place."""
    name = file.removesuffix(".html")
    link = render_link(certificate, "" if name == PAGE else f"{'../' * name.count('/')}{PAGE}.html")
    if name == PAGE:
        documents = [
            path.relative_to(paths.root()).with_suffix("").as_posix() for path in [*paths.chapters(), *paths.pages()]
        ]
        return [render_certificate(certificate, {one: f"{one}.html" for one in sorted(documents)}), link]
    source = outcome.folder / "book" / f"{name}.ipynb"
    if not source.is_file():
        return [link]
    return [render_badge(certificate, name, hash_file(source), f"{'../' * name.count('/')}{PAGE}.html"), link]
