"""From finished pages to a site that is read: one edition alone, or all of them under one front page.

Pages are put together by links to the same files wherever the system allows, so that a site costs hardly any disk
beside the pages. Finished pages know nothing of other editions, so that a new wave makes none of them stale; what they
say of the others is put in here, and only those pages are written anew.
"""

import json
import os
import re
import shutil
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from html import escape
from pathlib import Path
from typing import Any

from surveybook.book.manifest import write_manifest
from surveybook.book.plans import key_wave, make_key
from surveybook.book.storage import (
    find_kept,
    hash_folder,
    keep_content,
    list_files,
    replace_folder,
    restore_folder,
    write_whole,
)  # fmt: skip
from surveybook.model import paths
from surveybook.model.files import hash_bytes
from surveybook.model.problems import SurveybookError

RECORD = ".edition.json"
EDITIONS, EXPLORED = "editions", "_static/explorer"
# Pages that only a site of several editions has, and all that such a site has once for all of them.
OF_SEVERAL = ("editions.html", "search-editions.html")
SHARED = ("explorer.html", "search.html", "searchindex.js", "sitemap.xml", *OF_SEVERAL)
# One edition's site has the first, a site of several the second.
MARKS_OF_A_SITE = ("objects.inv", "editions.json")
LIST_MARK = "<!-- list of editions -->"
MAIN = re.compile(r'<main id="main"[^>]*>\n')
ISLAND = re.compile(r'(<script type="application/json" id="explorer-data">).*?(</script>)', re.DOTALL)
# Links to pages of which there is one for all editions.
SHARED_LINK = re.compile(r'\b(href|action)="((?:\.\./)*)(explorer|search)\.html')
INDEX = re.compile(r"^Search\.setIndex\((.*)\)\s*;?\s*$", re.DOTALL)
DESCRIBED = ("name", "fieldwork", "fieldwork_end", "synthetic", "baseline", "licence")


def read_record(path: Path) -> dict[str, Any]:
    """Return what is known of a folder of pages or a site; nothing where nothing is."""
    try:
        read = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    return read if isinstance(read, dict) else {}


def is_intact(pages: Path, key: str = "") -> bool:
    """Return whether a folder holds the pages that it held when they were made, under a key if one is given."""
    record = read_record(pages / RECORD)
    if not record or record.get("key") != (key or record.get("key")):
        return False
    return record.get("files") == {name: value for name, value in hash_folder(pages).items() if name != RECORD}


def explore_waves(first: str, waves: Sequence[str]) -> list[dict[str, Any]]:
    """Return what the explorer holds of waves, from what is kept or read now; one in disorder is left out."""
    found = []
    for wave in waves:
        key = key_wave(wave)
        if not (there := find_kept(key)):
            from surveybook.exhibits.explorer import explorer_data
            from surveybook.waves import open_wave

            try:
                explored = explorer_data([open_wave(wave)])
            except SurveybookError:
                if wave == first:
                    raise
                continue
            there = keep_content(key, json.dumps(explored, ensure_ascii=False).encode())
        found.append(json.loads(there.read_text(encoding="utf-8")))
    return found


def merge_explored(parts: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    """Return what the explorer holds of several waves, from what it holds of each."""
    questions = {question["id"]: question for part in reversed(parts) for question in part["questions"]}
    order = dict.fromkeys(question["id"] for part in parts for question in part["questions"])
    return {
        **parts[0],
        "waves": [wave for part in parts for wave in part["waves"]],
        "questions": [questions[name] for name in order],
        "asked": {key: text for part in parts for key, text in part["asked"].items()},
        "figures": [row for part in parts for row in part["figures"]],
    }


def fill_explorer(page: str, explored: Mapping[str, Any]) -> str:
    """Return the explorer's page with other data in it."""
    data = json.dumps(explored, ensure_ascii=False, separators=(",", ":")).replace("<", "\\u003c")
    made, count = ISLAND.subn(lambda found: f"{found[1]}{data}{found[2]}", page, count=1)
    if not count:
        raise ValueError("the explorer's page has no data")
    return made


@dataclass(frozen=True)
class Editions:
    """The editions of a site.

    Attributes
    ----------
    told : mapping
        What each edition tells of itself, by wave, the latest first.
    pages : set of str
        The pages of the latest edition.
    """

    told: Mapping[str, Mapping[str, Any]]
    pages: set[str]

    @property
    def latest(self) -> str:
        """The wave of the front page."""
        return next(iter(self.told))

    def stamp_page(self, page: str, name: str, wave: str) -> str:
        """Return a page as it stands in the site.

        Parameters
        ----------
        page, name : str
            The page and its place in its edition.
        wave : str
            The wave under whose permanent address it stands; empty for the front of the site.
        """
        root = "../" * (name.count("/") + (2 if wave else 0))
        noted = MAIN.sub(lambda found: found[0] + self.write_notice(name, wave, root), page, count=1)
        return SHARED_LINK.sub(lambda found: f'{found[1]}="{root}{found[3]}.html', noted)

    def write_notice(self, name: str, wave: str, root: str) -> str:
        """Return the line that says which edition is the latest."""
        if len(self.told) < 2 or name == "editions.html":
            return ""
        every = f'<a href="{root}editions.html">All {len(self.told)} editions</a>'
        if wave in ("", self.latest):
            this = "" if name in SHARED else "This is the latest edition. "
            return f'<p class="editions-notice latest">{this}{every}</p>\n'
        there = name if name in self.pages else "index.html"
        which, newest = (escape(str(self.told[one]["name"])) for one in (wave, self.latest))
        link = f'<a href="{root}{there}">{newest}</a>'
        return f'<p class="editions-notice" role="note">This is the {which}. The latest is the {link}. {every}</p>\n'

    def list_as_table(self) -> str:
        """Return the table of the editions, the latest first."""
        rows = ""
        for wave, told in self.told.items():
            link = f'<a href="editions/{escape(wave)}/index.html">{escape(str(told["name"]))}</a>'
            mark = " <strong>(latest)</strong>" if wave == self.latest else ""
            data = "made up" if told.get("synthetic") else "a survey"
            fieldwork = escape(str(told["fieldwork"]))
            rows += f'<tr><th scope="row">{link}{mark}</th><td>{fieldwork}</td><td>{data}</td></tr>\n'
        return (
            '<div class="region" role="region" tabindex="0" aria-label="All editions">\n<table>\n'
            '<thead><tr><th scope="col">Edition</th><th scope="col">Fieldwork</th><th scope="col">Data</th></tr>'
            f"</thead>\n<tbody>\n{rows}</tbody>\n</table>\n</div>"
        )

    def describe(self) -> dict[str, Any]:
        """Return the editions for programs: which there are, where they stand, and which is the latest."""
        listed = [
            {"wave": wave, "address": f"editions/{wave}/", **{key: told.get(key) for key in DESCRIBED}}
            for wave, told in self.told.items()
        ]
        return {"latest": self.latest, "editions": listed}


def publish_one(pages: Path, destination: Path) -> None:
    """Make the pages of one edition a site of its own, whose explorer holds all waves."""
    record = read_record(pages / RECORD)
    wave = record["told"]["wave"]
    others = sorted((path.parent.name for path in paths.waves().glob("*/wave.yml")), reverse=True)
    parts = explore_waves(wave, [wave, *(other for other in others if other != wave)])
    with publish_folder(destination, make_key("one", record["key"], record["files"], parts)) as stage:
        for name in record["files"] if stage else ():
            if name == "explorer.html":
                page = (pages / name).read_text(encoding="utf-8")
                _write(stage / name, fill_explorer(page, merge_explored(parts)))
            elif name not in OF_SEVERAL:
                _link(pages / name, stage / name)


def publish_all(folders: Mapping[str, Path], destination: Path) -> None:
    """Make the pages of several editions one site, whose front page is the latest edition.

    Parameters
    ----------
    folders : mapping
        The folder of the finished pages of each wave, the latest first.
    destination : Path
        The folder of the site.
    """
    records = {wave: read_record(folder / RECORD) for wave, folder in folders.items()}
    latest = next(iter(folders))
    editions = Editions({wave: record["told"] for wave, record in records.items()}, set(records[latest]["files"]))
    made_from = [[wave, record["key"], record["files"]] for wave, record in records.items()]
    with publish_folder(destination, make_key("all", made_from)) as stage:
        if stage is None:
            return
        for wave, record in records.items():
            for name in record["files"]:
                for under in (wave, "") if wave == latest else (wave,):
                    target = stage / EDITIONS / under / name if under else stage / name
                    if name.endswith(".html") and name not in SHARED:
                        page = (folders[wave] / name).read_text(encoding="utf-8")
                        _write(target, editions.stamp_page(page, name, under))
                    elif name not in SHARED or (name == "sitemap.xml" and under):
                        _link(folders[wave] / name, target)
        _write_shared(stage, editions, folders)


def _write_shared(stage: Path, editions: Editions, folders: Mapping[str, Path]) -> None:
    """Write what a site has once for all its editions: the list of them, the explorer, the search, the site's map."""

    def stamp(name: str) -> str:
        return editions.stamp_page((folders[editions.latest] / name).read_text(encoding="utf-8"), name, "")

    if LIST_MARK not in (listing := stamp("editions.html")):
        raise ValueError(f"the page has no {LIST_MARK}")
    _write(stage / "editions.html", listing.replace(LIST_MARK, editions.list_as_table(), 1))
    parts = explore_waves(editions.latest, list(folders))
    for part in parts[1:]:
        loaded = f"surveybookExplored({json.dumps(part, ensure_ascii=False)});\n"
        _write(stage / EXPLORED / f"{part['waves'][0]['id']}.js", loaded)
    later = {part["waves"][0]["id"]: [question["id"] for question in part["questions"]] for part in parts[1:]}
    at_once = {key: parts[0][key] for key in ("asked", "figures")}
    explored = {**merge_explored(parts), **at_once, "later": later}
    _write(stage / "explorer.html", fill_explorer(stamp("explorer.html"), explored))
    _write(stage / "search.html", stamp("search-editions.html"))
    _write(stage / "_static/editions-index.js", index_words(editions, folders))
    _write(stage / "editions.json", json.dumps(editions.describe(), ensure_ascii=False, indent=1) + "\n")
    if base := os.environ.get("SURVEYBOOK_BASEURL", "").rstrip("/"):
        maps = [f"<sitemap><loc>{base}/{EDITIONS}/{wave}/sitemap.xml</loc></sitemap>" for wave in folders]
        schema = "http://www.sitemaps.org/schemas/sitemap/0.9"
        head = f'<?xml version="1.0" encoding="UTF-8"?>\n<sitemapindex xmlns="{schema}">'
        _write(stage / "sitemap.xml", "\n".join([head, *maps, "</sitemapindex>\n"]))


def index_words(editions: Editions, folders: Mapping[str, Path]) -> str:
    """Return one index of the words of all editions, as a script.

    A page of the same name in several editions counts as one page; a word of it is listed once, with the editions that
    have it there: 0 for all that have the page, or their places in the list of editions.
    """
    titles: dict[str, str] = {}
    having: dict[str, list[int]] = {}
    words: dict[str, dict[str, dict[str, list[int]]]] = {"terms": {}, "titleterms": {}}
    for place, folder in enumerate(folders.values()):
        found = INDEX.match((folder / "searchindex.js").read_text(encoding="utf-8"))
        index = json.loads(found[1]) if found else {"docnames": [], "titles": [], "terms": {}, "titleterms": {}}
        names = index["docnames"]
        for name, title in zip(names, index["titles"], strict=True):
            titles.setdefault(name, re.sub(r"<[^>]*>", "", title))
            having.setdefault(name, []).append(place)
        for kind, known in words.items():
            for word, where in index[kind].items():
                for number in [where] if isinstance(where, int) else where:
                    known.setdefault(word, {}).setdefault(names[number], []).append(place)
    order = {name: number for number, name in enumerate(titles)}
    packed = {
        kind: {
            word: [[order[name], 0 if where == having[name] else where] for name, where in pages.items()]
            for word, pages in sorted(known.items())
        }
        for kind, known in words.items()
    }
    listing = [{"name": told["name"], "at": f"editions/{wave}/"} for wave, told in editions.told.items()]
    pages = [{"at": f"{name}.html", "title": titles[name], "editions": having[name]} for name in titles]
    whole = {"editions": listing, "pages": pages, **packed}
    return f"window.surveybookIndex = {json.dumps(whole, ensure_ascii=False, separators=(',', ':'))};\n"


def _link(source: Path, target: Path) -> None:
    """Let a file stand in a second place: the same file where that can be, a copy elsewhere."""
    target.parent.mkdir(parents=True, exist_ok=True)
    try:
        os.link(source, target)
    except OSError as error:
        if isinstance(error, FileExistsError):
            raise
        shutil.copyfile(source, target)


def _write(path: Path, text: str) -> None:
    """Write a text file of a site that nobody sees yet."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")


@contextmanager
def publish_folder(destination: Path, key: str) -> Iterator[Path | None]:
    """Give a folder to make a site in, which takes the place of the last one after the block.

    Gives None where the site that is there was made under the same key and nobody has touched it.
    """
    destination = destination.absolute()
    restore_folder(destination)
    stage, note = destination.with_name(f".{destination.name}.new"), _note_of(destination)
    shutil.rmtree(stage, ignore_errors=True)
    record = read_record(note)
    if record.get("key") == key and record.get("files") == hash_folder(destination):
        yield None
        return
    stage.mkdir(parents=True)
    try:
        yield stage
        write_manifest(stage)
        files = hash_folder(stage)
        replace_folder(stage, destination)
        write_whole(note, json.dumps({"key": key, "files": files}).encode())
    finally:
        shutil.rmtree(stage, ignore_errors=True)


def _note_of(destination: Path) -> Path:
    """Return where it is noted what was published in a folder."""
    return paths.build() / ".published" / f"{hash_bytes(str(destination.absolute()).encode())[:24]}.json"


def check_writable(destination: Path) -> None:
    """Find out before anything is made whether a site can be put there, and refuse where something else stands.

    What is left of a site that was published there isn't something else, whatever has gone of it.

    Raises
    ------
    SurveybookError
        When it is a file or a link, or a folder with anything in it that isn't a site.
    OSError
        When the system refuses to write there, and why.
    """
    if destination.is_symlink() or (destination.exists() and not destination.is_dir()):
        raise SurveybookError(f"{paths.shown(destination)} isn't a folder: name another for the site.")
    inside = {path.name for path in destination.iterdir()} if destination.is_dir() else set()
    published = read_record(_note_of(destination)).get("files") or {}
    is_site = ("index.html" in inside and inside.intersection(MARKS_OF_A_SITE)) or (
        published and all(name in published for name in list_files(destination))
    )
    if inside and (".git" in inside or not is_site):
        raise SurveybookError(
            f"{paths.shown(destination)} holds something other than a site, which would be lost: name a new folder."
        )
    probe = destination.absolute().with_name(f".{destination.name}.new.{os.getpid()}")
    probe.mkdir(parents=True, exist_ok=True)
    probe.rmdir()
