"""What pages of a site of several editions say of the others, and the pages that all share.

Finished pages know nothing of other editions, so that a new wave makes none of them stale; what they say of the
others is put in when the site is put together.
"""

import json
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from html import escape
from pathlib import Path
from typing import Any

# Pages that belong to no edition.
SHARED_PAGES = ("editions.html", "explorer.html", "search-editions.html")
LIST_MARK = "<!-- list of editions -->"
MAIN = re.compile(r'<main id="main"[^>]*>\n')
ISLAND = re.compile(r'(<script type="application/json" id="explorer-data">).*?(</script>)', re.DOTALL)
# Links to pages of which there is one for all editions.
SHARED_LINK = re.compile(r'\b(href|action)="((?:\.\./)*)(explorer|search)\.html')
EXPLORED = "_static/explorer"
INDEX = re.compile(r"^Search\.setIndex\((.*)\)\s*;?\s*$", re.DOTALL)


def replaced(page: str, mark: str, text: str) -> str:
    """Return a page with a mark in it replaced; it must be there."""
    if mark not in page:
        raise ValueError(f"the page has no {mark}")
    return page.replace(mark, text, 1)


def with_explored(page: str, explored: Mapping[str, Any]) -> str:
    """Return the explorer's page with other data in it."""
    data = json.dumps(explored, ensure_ascii=False, separators=(",", ":")).replace("<", "\\u003c")
    made, count = ISLAND.subn(lambda found: f"{found[1]}{data}{found[2]}", page, count=1)
    if not count:
        raise ValueError("the explorer's page has no data")
    return made


def map_of_maps(addresses: Iterable[str]) -> str:
    """Return the list of the editions' site maps, for search engines."""
    body = "".join(f"<sitemap><loc>{escape(address)}</loc></sitemap>\n" for address in addresses)
    head = '<?xml version="1.0" encoding="UTF-8"?>\n'
    return f'{head}<sitemapindex xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">\n{body}</sitemapindex>\n'


@dataclass(frozen=True)
class Several:
    """The editions of a site.

    Attributes
    ----------
    latest : str
        The wave of the front page.
    told : mapping
        What each edition tells of itself, by wave, the latest first.
    pages : set of str
        The pages of the latest edition.
    """

    latest: str
    told: Mapping[str, Mapping[str, Any]]
    pages: set[str]

    def stamped(self, page: str, name: str, wave: str) -> str:
        """Return a page as it stands in the site.

        Parameters
        ----------
        page, name : str
            The page and its place in its edition.
        wave : str
            The wave under whose permanent address it stands; empty for the front of the site.
        """
        root = "../" * (name.count("/") + (2 if wave else 0))
        noted = MAIN.sub(lambda found: found[0] + self.notice(name, wave, root), page, count=1)
        return SHARED_LINK.sub(lambda found: f'{found[1]}="{root}{found[3]}.html', noted)

    def notice(self, name: str, wave: str, root: str) -> str:
        """Return the line that says which edition is the latest."""
        if len(self.told) < 2:
            return ""
        every = f'<a href="{root}editions.html">All {len(self.told)} editions</a>'
        newest = escape(str(self.told[self.latest]["name"]))
        if name in SHARED_PAGES:
            return "" if name == "editions.html" else f'<p class="editions-notice latest">{every}</p>\n'
        if wave in ("", self.latest):
            return f'<p class="editions-notice latest">This is the latest edition. {every}</p>\n'
        there = name if name in self.pages else "index.html"
        which = escape(str(self.told[wave]["name"]))
        link = f'<a href="{root}{there}">{newest}</a>'
        return f'<p class="editions-notice" role="note">This is the {which}. The latest is the {link}. {every}</p>\n'

    def listed(self) -> str:
        """Return the table of the editions, the latest first."""
        rows = "".join(self._row(wave, told) for wave, told in self.told.items())
        return (
            '<div class="region" role="region" tabindex="0" aria-label="All editions">\n<table>\n'
            '<thead><tr><th scope="col">Edition</th><th scope="col">Fieldwork</th><th scope="col">Data</th></tr>'
            f"</thead>\n<tbody>\n{rows}</tbody>\n</table>\n</div>"
        )

    def _row(self, wave: str, told: Mapping[str, Any]) -> str:
        link = f'<a href="editions/{escape(wave)}/index.html">{escape(str(told["name"]))}</a>'
        mark = " <strong>(latest)</strong>" if wave == self.latest else ""
        data = "made up" if told.get("synthetic") else "a survey"
        return f'<tr><th scope="row">{link}{mark}</th><td>{escape(str(told["fieldwork"]))}</td><td>{data}</td></tr>\n'

    def described(self) -> dict[str, Any]:
        """Return the editions for programs: which there are, where they stand, and which is the latest."""
        kept = ("name", "fieldwork", "fieldwork_end", "synthetic", "baseline", "licence")
        return {
            "latest": self.latest,
            "editions": [
                {"wave": wave, "address": f"editions/{wave}/", **{key: told.get(key) for key in kept}}
                for wave, told in self.told.items()
            ],
        }


def search_index(indexes: Mapping[str, Path], several: Several) -> str:
    """Return one index of the words of all editions, as a script.

    Most words stand on the same pages of every edition, so that a page that has a word is listed once, with the
    editions that have it there: 0 for all that have the page, or their places in the list of editions.
    """
    waves = list(indexes)
    titles: dict[str, str] = {}
    having: dict[str, list[int]] = {}
    words: dict[str, dict[str, dict[str, list[int]]]] = {"terms": {}, "titleterms": {}}
    for place, path in enumerate(indexes.values()):
        found = INDEX.match(path.read_text(encoding="utf-8"))
        index = json.loads(found[1]) if found else {"docnames": [], "titles": [], "terms": {}, "titleterms": {}}
        names = index["docnames"]
        for name, title in zip(names, index["titles"], strict=True):
            titles.setdefault(name, re.sub(r"<[^>]*>", "", title))
            having.setdefault(name, []).append(place)
        for kind, kept in words.items():
            for word, where in index[kind].items():
                for number in [where] if isinstance(where, int) else where:
                    kept.setdefault(word, {}).setdefault(names[number], []).append(place)
    order = {name: number for number, name in enumerate(titles)}
    packed = {
        kind: {
            word: [[order[name], 0 if editions == having[name] else editions] for name, editions in pages.items()]
            for word, pages in sorted(kept.items())
        }
        for kind, kept in words.items()
    }
    listing = [{"name": several.told[wave]["name"], "at": f"editions/{wave}/"} for wave in waves]
    pages = [{"at": f"{name}.html", "title": titles[name], "editions": having[name]} for name in titles]
    whole = {"editions": listing, "pages": pages, **packed}
    return f"window.surveybookIndex = {json.dumps(whole, ensure_ascii=False, separators=(',', ':'))};\n"
