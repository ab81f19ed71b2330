"""From finished pages to a site that is read: one edition alone, or all of them under one front page.

The finished pages of an edition are kept as one archive under the key of what they were made from. They know nothing
of other editions, so that a new wave makes none of them stale; what they say of the others is put in here.
"""

import json
import os
import re
import shutil
import zipfile
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from surveybook.book.storage import (
    ADDRESS_VARIABLE,
    MANIFEST,
    NOT_IN_MANIFEST,
    hash_site,
    list_files,
    read_manifest,
    replace_folder,
    restore_folder,
    write_manifest,
)  # fmt: skip
from surveybook.model import paths
from surveybook.model.files import hash_bytes
from surveybook.model.problems import SurveybookError

# In an archive, what the edition tells of itself; in a site, the key of what it was made from.
RECORD = ".edition.json"
EDITIONS = "editions"
# Pages that only a site of several editions has, and all that such a site has once for all of them.
OF_SEVERAL = ("editions.html", "search-editions.html")
SHARED = ("explorer.html", "search.html", "searchindex.js", "sitemap.xml", *OF_SEVERAL)
MARKS_OF_A_SITE = ("objects.inv", "editions.json", MANIFEST)
MAIN = re.compile(r'<main id="main"[^>]*>\n')
LIST = re.compile(r"()<!-- list of editions -->()")
ISLAND = re.compile(r'(<script type="application/json" id="explorer-data">).*?(</script>)', re.DOTALL)
# Links to pages of which there is one for all editions.
SHARED_LINK = re.compile(r'\b(href|action)="((?:\.\./)*)(explorer|search)\.html')
INDEX = re.compile(r"^Search\.setIndex\((.*)\)\s*;?\s*$", re.DOTALL)
DESCRIBED = ("name", "fieldwork", "fieldwork_end", "synthetic", "baseline", "licence")


def open_pages(pages: Path) -> tuple[zipfile.ZipFile, dict[str, Any]]:
    """Return the archive of an edition's finished pages, and what they tell of themselves."""
    archive = zipfile.ZipFile(pages)
    return archive, json.loads(archive.read(RECORD))


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


def replace_once(page: str, mark: re.Pattern[str], text: str) -> str:
    """Return a page with what is between two marks replaced; they must be there.

    Raises
    ------
    ValueError
        When the page isn't one of the book's own theme.
    """
    made, count = mark.subn(lambda found: f"{found[1]}{text}{found[2]}", page, count=1)
    if not count:
        raise ValueError(f"the page has no {mark.pattern}")
    return made


def fill_explorer(page: str, explored: Mapping[str, Any]) -> str:
    """Return the explorer's page with other data in it."""
    data = json.dumps(explored, ensure_ascii=False, separators=(",", ":")).replace("<", "\\u003c")
    return replace_once(page, ISLAND, data)


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

    def stamp_page(self, page: str, name: str, wave: str) -> str:
        """Return a page as it stands in the site: with a line that says which edition is the latest.

        Parameters
        ----------
        page, name : str
            The page and its place in its edition.
        wave : str
            The wave under whose permanent address it stands; empty for the front of the site.
        """
        from surveybook.book.sphinx_ext.templates import render_part

        root = "../" * (name.count("/") + (2 if wave else 0))
        if len(self.told) > 1 and name != "editions.html":
            latest = next(iter(self.told))
            this = self.told[wave]["name"] if wave not in ("", latest) else ""
            there = name if name in self.pages else "index.html"
            notice = render_part(
                "editions-notice.html", root=root, count=len(self.told), this=this, latest=self.told[latest]["name"],
                there=there, shared=name in SHARED,
            )  # fmt: skip
            page = MAIN.sub(lambda found: f"{found[0]}{notice}\n", page, count=1)
        return SHARED_LINK.sub(lambda found: f'{found[1]}="{root}{found[3]}.html', page)


def publish_one(pages: Path, others: Sequence[Mapping[str, Any]], destination: Path) -> None:
    """Make the finished pages of one edition a site of its own.

    Parameters
    ----------
    pages : Path
        The archive.
    others : sequence of mapping
        What the explorer holds of the other waves.
    destination : Path
        The folder of the site.
    """
    with publish_folder(destination, json.dumps([pages.name, others])) as stage:
        if stage is None:
            return
        archive, about = open_pages(pages)
        for name in archive.namelist():
            content = archive.read(name)
            if name == "explorer.html":
                write_page(stage / name, fill_explorer(content.decode(), merge_explored([about["explored"], *others])))
            elif name not in (RECORD, *OF_SEVERAL):
                write_page(stage / name, content)


def publish_all(pages: Mapping[str, Path], destination: Path) -> None:
    """Make the finished pages of several editions one site, whose front page is the latest edition.

    Parameters
    ----------
    pages : mapping
        The archive of each wave, the latest first.
    destination : Path
        The folder of the site.
    """
    with publish_folder(destination, json.dumps([(wave, path.name) for wave, path in pages.items()])) as stage:
        if stage is None:
            return
        opened = {wave: open_pages(path) for wave, path in pages.items()}
        archives, latest = [archive for archive, _ in opened.values()], next(iter(pages))
        editions = Editions({wave: about["told"] for wave, (_, about) in opened.items()}, set(archives[0].namelist()))
        for wave, (archive, _) in opened.items():
            for name in archive.namelist():
                for under in (wave, "") if wave == latest else (wave,):
                    if name in (RECORD, *SHARED) and (name != "sitemap.xml" or not under):
                        continue
                    content: str | bytes = archive.read(name)
                    if name.endswith(".html"):
                        content = editions.stamp_page(archive.read(name).decode(), name, under)
                    write_page(stage / EDITIONS / under / name if under else stage / name, content)
        write_shared(stage, editions, archives, [about["explored"] for _, about in opened.values()])


def write_shared(
    stage: Path, editions: Editions, archives: Sequence[zipfile.ZipFile], explored: Sequence[Mapping[str, Any]]
) -> None:
    """Write what a site has once for all its editions: the list of them, the explorer, the search, the site's map."""
    from surveybook.book.sphinx_ext.templates import render_part

    stamped = {
        name: editions.stamp_page(archives[0].read(name).decode(), name, "") for name in (*OF_SEVERAL, "explorer.html")
    }
    later = {part["waves"][0]["id"]: [question["id"] for question in part["questions"]] for part in explored[1:]}
    for wave, part in zip(later, explored[1:], strict=True):
        loaded = f"surveybookExplored({json.dumps(part, ensure_ascii=False)});\n"
        write_page(stage / "_static/explorer" / f"{wave}.js", loaded)
    at_once = {key: explored[0][key] for key in ("asked", "figures")}
    held = {**merge_explored(explored), **at_once, "later": later}
    listing = replace_once(stamped["editions.html"], LIST, render_part("editions-list.html", editions=editions.told))
    write_page(stage / "editions.html", listing)
    write_page(stage / "explorer.html", fill_explorer(stamped["explorer.html"], held))
    write_page(stage / "search.html", stamped["search-editions.html"])
    write_page(stage / "_static/editions-index.js", index_words(editions, archives))
    listed = [
        {"wave": wave, "address": f"editions/{wave}/", **{key: told.get(key) for key in DESCRIBED}}
        for wave, told in editions.told.items()
    ]
    described = {"latest": next(iter(editions.told)), "editions": listed}
    write_page(stage / "editions.json", json.dumps(described, ensure_ascii=False, indent=1) + "\n")
    if base := os.environ.get(ADDRESS_VARIABLE, "").rstrip("/"):
        maps = [f"{base}/{EDITIONS}/{wave}/sitemap.xml" for wave in editions.told]
        write_page(stage / "sitemap.xml", f"{render_part('sitemap-index.xml', addresses=maps)}\n")


def index_words(editions: Editions, archives: Sequence[zipfile.ZipFile]) -> str:
    """Return one index of the words of all editions, as a script.

    A page of the same name in several editions counts as one page; a word of it is listed once, with the editions that
    have it there: 0 for all that have the page, or their places in the list of editions.
    """
    titles: dict[str, str] = {}
    having: dict[str, list[int]] = {}
    words: dict[str, dict[str, dict[str, list[int]]]] = {"terms": {}, "titleterms": {}}
    for place, archive in enumerate(archives):
        found = INDEX.match(archive.read("searchindex.js").decode())
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


def write_page(path: Path, content: str | bytes) -> None:
    """Write a file of a site that nobody sees yet."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content.encode() if isinstance(content, str) else content)


@contextmanager
def publish_folder(destination: Path, key: str) -> Iterator[Path | None]:
    """Give a folder to make a site in, which takes the place of the last one after the block.

    Gives None where the site that is there was made under the same key and nobody has touched it.
    """
    destination, key = destination.absolute(), hash_bytes(key.encode())
    restore_folder(destination)
    stage, record = destination.with_name(f".{destination.name}.new"), destination / RECORD
    shutil.rmtree(stage, ignore_errors=True)
    manifest = read_manifest(destination)
    if manifest and record.is_file() and record.read_text() == key and manifest["files"] == hash_site(destination):
        yield None
        return
    stage.mkdir(parents=True)
    try:
        yield stage
        write_manifest(stage)
        (stage / RECORD).write_text(key)
        replace_folder(stage, destination)
    finally:
        shutil.rmtree(stage, ignore_errors=True)


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
    published = (read_manifest(destination) or {"files": {}})["files"]
    is_site = ("index.html" in inside and inside.intersection(MARKS_OF_A_SITE)) or (
        published and all(name in published or name in NOT_IN_MANIFEST for name in list_files(destination))
    )
    if inside and (".git" in inside or not is_site):
        raise SurveybookError(
            f"{paths.shown(destination)} holds something other than a site, which would be lost: name a new folder."
        )
    probe = destination.absolute().with_name(f".{destination.name}.new.{os.getpid()}")
    probe.mkdir(parents=True, exist_ok=True)
    probe.rmdir()
