"""Fetching a published site: what a build has, what the site lists, and what its pages lead to."""

import re
import zlib
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from urllib.error import HTTPError, URLError
from urllib.parse import quote, unquote, urljoin, urlsplit
from urllib.request import Request, urlopen
from xml.etree import ElementTree

from surveybook.book.sphinx_ext.certificates import FILE
from surveybook.verify.hosts import leading_away
from surveybook.verify.record import Check, Fault, check
from surveybook.verify.several import EDITIONS, SEVERAL

SECONDS, LARGEST, MOST = 30, 100_000_000, 5000
# As browsers ask, so that what they get is what is looked at.
ASKING = {"User-Agent": "surveybook-verify", "Accept-Encoding": "gzip"}
GZIP = 31
LOCATION = "{http://www.sitemaps.org/schemas/sitemap/0.9}loc"
# Pictures for whoever links to a page stand in its head, with their whole address.
LEADING = re.compile(r"""\b(?:(?:href|src|action|data-bundle)=["']?|content=["'](?=https?:))([^"'\s>#?]+)""")


def fetch_site(address: str, known: Sequence[str], folder: Path, wave: str = "") -> Check:
    """Fetch the files of a published site: those that a build has, that the site lists, and that pages lead to.

    Parameters
    ----------
    address : str
        Where it is.
    known : sequence of str
        The files that a build has.
    folder : Path
        Where they go.
    wave : str
        The wave whose edition is fetched of a site of several.
    """
    base = address if address.endswith("/") else f"{address}/"
    places = ["", f"{EDITIONS}/{wave}/"] if not fetch(base, SEVERAL, folder) else [""]
    needed = {f"{place}{file}" for place in places for file in known}
    waiting = [*sorted(needed), *(f"{place}{file}" for place in places for file in ("sitemap.xml", FILE))]
    asked: set[str] = set()
    faults: list[Fault] = []
    answered = 0
    while waiting and len(asked) < MOST:
        file = waiting.pop(0)
        if file in asked or is_foreign(file, places):
            continue
        asked.add(file)
        said = fetch(base, file, folder)
        answered += not said
        if not said:
            waiting += led_to(base, file, folder)
        elif said != "404" and file in needed:
            faults.append(Fault(said, file))
    if not answered:
        faults.insert(0, Fault(f"{address} answers with none of the book's files; is the address right?"))
    skipped = [
        f"Files of {address} that no page leads to: over the network nobody can list them.",
        f"What {address} answers to others, or at another time: it was asked once, as {ASKING['User-Agent']}.",
        *([f"Files of {address} beyond the first {MOST:,}."] if waiting else []),
    ]
    return check("site", f"The site at {address} fetched", "what it answers", {"files": answered}, faults, skipped,
                 local=True)  # fmt: skip


def is_foreign(file: str, places: Iterable[str]) -> bool:
    """Return whether a file belongs to an edition of a site that isn't the one that is fetched."""
    return file.startswith(f"{EDITIONS}/") and not any(place and file.startswith(place) for place in places)


def led_to(base: str, file: str, folder: Path) -> Iterator[str]:
    """Yield the files of a site that one of its files leads to."""
    path = folder / file
    if file.endswith(".html"):
        text = path.read_text(encoding="utf-8", errors="replace")
        found = [urljoin(urljoin(base, quote(file)), one) for one in LEADING.findall(text)]
    elif file.endswith("sitemap.xml"):
        found = locations(path)
    else:
        return
    for one in found:
        name = unquote(one.removeprefix(base)) if one.startswith(base) else ""
        name = f"{name}index.html" if name.endswith("/") else name
        if name and safe(name):
            yield name


def locations(path: Path) -> list[str]:
    """Return the addresses in a site's own list of its pages; none where there is no such list."""
    try:
        return [(one.text or "").strip() for one in ElementTree.parse(path).iter(LOCATION)]
    except (OSError, ElementTree.ParseError):
        return []


def safe(file: str) -> bool:
    """Return whether a path stays within the folder that it is joined to."""
    return bool(re.fullmatch(r"[\w./-]+", file)) and ".." not in file and not file.startswith("/")


def fetch(base: str, file: str, folder: Path) -> str:
    """Write what a site answers for a file into a folder; return what is wrong with that, or why there is none."""
    address, target = urljoin(base, quote(file)), folder / file
    try:
        with urlopen(Request(address, headers=ASKING), timeout=SECONDS) as answer:
            if urlsplit(answer.url).hostname != urlsplit(address).hostname:
                return f"the site leads elsewhere, to {urlsplit(answer.url).hostname}"
            content, headers = answer.read(LARGEST + 1), answer.headers
        if headers.get("Content-Encoding", "").lower() == "gzip":
            content = zlib.decompressobj(GZIP).decompress(content, LARGEST + 1)
        if len(content) > LARGEST:
            return f"it is over {LARGEST // 1_000_000} MB"
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(content)
    except HTTPError as error:
        return str(error.code) if error.code == 404 else f"the site answers {error.code}"
    except (URLError, OSError, ValueError, zlib.error) as error:
        return f"it could not be fetched ({getattr(error, 'reason', error)})"
    away = [f"{name}: {value[:80]}" for name, value in headers.items() if leading_away(name, value)]
    return f"the site makes browsers show something else, by '{away[0]}'" if away else ""
