"""From finished pages to a site that is read: one edition alone, or all of them under one front page.

Pages are put together by links to the same files wherever the system allows, so that a site costs hardly any disk
beside the pages; only pages that say something of other editions are written anew. The new site takes the place
of the last one in one step.
"""

import json
import os
import shutil
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import Any

from surveybook.book import keeping, stamping
from surveybook.book.contents import Contents, hashed, key_of
from surveybook.book.files import held, recover, swap, write_whole
from surveybook.book.manifest import write_manifest
from surveybook.book.plans import Plan
from surveybook.book.records import Known, files_of, hashes, read_record
from surveybook.model import paths
from surveybook.model.problems import SurveybookError

# Pages that only a site of several editions has.
OF_SEVERAL = ("editions.html", "search-editions.html")
# Pages of which a site of several editions has one for all.
SHARED = ("explorer.html", "search.html", "searchindex.js", "sitemap.xml", *OF_SEVERAL)
EDITIONS = "editions"
STAGE_MARK = ".new"
# One edition's site has the first, a site of several the second.
MARKS_OF_A_SITE = ("objects.inv", "editions.json")


def link_or_copy(source: Path, target: Path) -> None:
    """Let a file stand in a second place: the same file where that can be, a copy elsewhere."""
    target.parent.mkdir(parents=True, exist_ok=True)
    try:
        os.link(source, target)
    except OSError as error:
        if isinstance(error, FileExistsError):
            raise
        shutil.copyfile(source, target)


def merged(parts: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    """Return what the explorer holds of several waves, from what it holds of each."""
    first = parts[0]
    questions = {question["id"]: question for part in reversed(parts) for question in part["questions"]}
    order = {name: None for part in parts for name in (question["id"] for question in part["questions"])}
    return {
        **first,
        "waves": [wave for part in parts for wave in part["waves"]],
        "questions": [questions[name] for name in order],
        "asked": {key: text for part in parts for key, text in part["asked"].items()},
        "figures": [row for part in parts for row in part["figures"]],
    }


def explored_others(wave: str, contents: Contents) -> Iterator[dict[str, Any]]:
    """Yield what the explorer holds of the waves beside one, the latest first; a wave in disorder is left out."""
    for other in sorted((path.parent.name for path in paths.waves().glob("*/wave.yml")), reverse=True):
        if other == wave:
            continue
        key = key_of(["explored", other, contents.data([other]), contents.of_chapters, contents.surroundings])
        there = keeping.kept(key)
        if there is None:
            from surveybook.book.making import explore_wave

            try:
                made = explore_wave(other)
            except SurveybookError:
                continue
            there = keeping.keep(key, json.dumps(made, ensure_ascii=False).encode())
        yield json.loads(there.read_text(encoding="utf-8"))


def publish_one(plan: Plan, destination: Path, contents: Contents) -> None:
    """Make the pages of one edition a site of its own, whose explorer holds all waves."""
    record = read_record(plan.pages)
    explored = merged([record["explored"], *explored_others(plan.wave, contents)])
    key = key_of(["one", record["key"], record["files"], explored])
    with published(destination, key) as stage:
        if stage is None:
            return
        for name in record["files"]:
            if name == "explorer.html":
                page = (plan.pages / name).read_text(encoding="utf-8")
                write(stage / name, stamping.with_explored(page, explored))
            elif name not in OF_SEVERAL:
                link_or_copy(plan.pages / name, stage / name)


def publish_all(records: Mapping[str, Path], latest: str, destination: Path, seen: Known | None = None) -> None:
    """Make the pages of several editions one site, whose front page is the latest edition.

    Parameters
    ----------
    records : mapping
        The folder of the finished pages of each wave, the latest first.
    latest : str
        The wave that the front page belongs to.
    destination : Path
        The folder of the site.
    seen : dict, optional
        The hashes of files of those pages that were read already.
    """
    known = {wave: read_record(folder) for wave, folder in records.items()}
    told = {wave: record["told"] for wave, record in known.items()}
    key = key_of(["all", latest, [[wave, record["key"], record["files"]] for wave, record in known.items()]])
    with published(destination, key, seen) as stage:
        if stage is None:
            return
        several = stamping.Several(latest, told, {name for name in known[latest]["files"] if name.endswith(".html")})
        for wave, record in known.items():
            for name in record["files"]:
                if name not in SHARED:
                    stamp = partial(several.stamped, name=name, wave=wave)
                    lay(records[wave] / name, stage / EDITIONS / wave / name, stamp)
                    if wave == latest:
                        lay(records[wave] / name, stage / name, partial(several.stamped, name=name, wave=""))
        front = records[latest]
        write_shared(stage, front, several, known, records)


def lay(source: Path, target: Path, stamp: Callable[[str], str]) -> None:
    """Put a file into a site: pages with what they say of other editions, all else as it is."""
    if source.suffix == ".html":
        write(target, stamp(source.read_text(encoding="utf-8")))
    else:
        link_or_copy(source, target)


def write_shared(
    stage: Path, front: Path, several: stamping.Several, known: Mapping[str, Any], records: Mapping[str, Path]
) -> None:
    """Write what a site has once for all its editions: the list of them, the explorer, the search, the site's map."""

    def page(name: str) -> str:
        return several.stamped((front / name).read_text(encoding="utf-8"), name, "")

    listed = stamping.replaced(page("editions.html"), stamping.LIST_MARK, several.listed())
    write(stage / "editions.html", listed)
    parts = [record["explored"] for record in known.values()]
    whole = merged(parts)
    for part in parts[1:]:
        wave = part["waves"][0]["id"]
        write(
            stage / stamping.EXPLORED / f"{wave}.js", f"surveybookExplored({json.dumps(part, ensure_ascii=False)});\n"
        )
    later = {part["waves"][0]["id"]: [question["id"] for question in part["questions"]] for part in parts[1:]}
    held_now = {**whole, "asked": parts[0]["asked"], "figures": parts[0]["figures"], "later": later}
    write(stage / "explorer.html", stamping.with_explored(page("explorer.html"), held_now))
    write(stage / "search.html", page("search-editions.html"))
    indexes = {wave: folder / "searchindex.js" for wave, folder in records.items()}
    write(stage / "_static/editions-index.js", stamping.search_index(indexes, several))
    write(stage / "editions.json", json.dumps(several.described(), ensure_ascii=False, indent=1) + "\n")
    if base := os.environ.get("SURVEYBOOK_BASEURL", "").rstrip("/"):
        maps = [f"{base}/{EDITIONS}/{wave}/sitemap.xml" for wave in known]
        write(stage / "sitemap.xml", stamping.map_of_maps(maps))
        for wave, folder in records.items():
            link_or_copy(folder / "sitemap.xml", stage / EDITIONS / wave / "sitemap.xml")


def write(path: Path, text: str) -> None:
    """Write a text file of a site that nobody sees yet."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")


@contextmanager
def published(destination: Path, key: str, seen: Known | None = None) -> Iterator[Path | None]:
    """Give a folder to make a site in, which takes the place of the last one after the block.

    Gives None where the site that is there was made under the same key and nobody has touched it.

    Parameters
    ----------
    destination : Path
        The folder of the site.
    key : str
        Of all that the site holds.
    seen : dict, optional
        The hashes of files that were read already.
    """
    destination = destination.absolute()
    note = note_of(destination)
    with held(note.with_suffix(".lock")):
        recover(destination)
        stage = destination.with_name(f".{destination.name}{STAGE_MARK}")
        shutil.rmtree(stage, ignore_errors=True)
        if (found := read_note(note)).get("key") == key and found.get("files") == safe_hashes(destination, seen):
            yield None
            return
        stage.mkdir(parents=True)
        try:
            yield stage
            write_manifest(stage)
            files = hashes(stage)
            swap(stage, destination)
            write_whole(note, json.dumps({"key": key, "files": files}).encode())
        finally:
            shutil.rmtree(stage, ignore_errors=True)


def check_free(destination: Path) -> None:
    """Refuse to put a site where something else stands, because what stands there goes.

    What is left of a site that was published there isn't something else, whatever has gone of it.

    Raises
    ------
    SurveybookError
        When it is a file or a link, or a folder with anything in it that isn't a site.
    """
    if destination.is_symlink() or (destination.exists() and not destination.is_dir()):
        raise SurveybookError(f"{paths.shown(destination)} isn't a folder: name another for the site.")
    inside = {path.name for path in destination.iterdir()} if destination.is_dir() else set()
    looks_like_one = "index.html" in inside and inside.intersection(MARKS_OF_A_SITE)
    if inside and (".git" in inside or not (looks_like_one or holds_nothing_else(destination))):
        raise SurveybookError(
            f"{paths.shown(destination)} holds something other than a site, which would be lost: name a new folder."
        )


def holds_nothing_else(destination: Path) -> bool:
    """Return whether all files of a folder are of the site that was last published there."""
    last = read_note(note_of(destination.absolute())).get("files") or {}
    return bool(last) and all(name in last for name in files_of(destination))


def check_writable(destination: Path) -> None:
    """Find out before anything is made whether a site can be put there; the system's error says why not."""
    check_free(destination)
    stage = destination.absolute().with_name(f".{destination.name}{STAGE_MARK}")
    probe = stage.with_name(f"{stage.name}.{os.getpid()}")
    probe.mkdir(parents=True, exist_ok=True)
    probe.rmdir()


def safe_hashes(folder: Path, seen: Known | None = None) -> dict[str, str]:
    """Return the hashes of a folder's files; none where one can't be read."""
    try:
        return hashes(folder, seen)
    except OSError:
        return {}


def note_of(destination: Path) -> Path:
    """Return where it is noted what was published in a folder."""
    return paths.build() / ".published" / f"{hashed(str(destination).encode())[:24]}.json"


def read_note(path: Path) -> dict[str, Any]:
    """Return what is known of a published site; nothing where nothing is."""
    try:
        read = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    return read if isinstance(read, dict) else {}
