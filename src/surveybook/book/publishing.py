"""From finished pages to a site that is read: one edition alone, or all of them under one front page.

The finished pages of an edition are kept as one archive under the key of what they were made from. They know nothing
of other editions, so that a new wave makes none of them stale; what they say of the others is put in here.
"""

import json
import os
import re
import shutil
import zipfile
from collections.abc import Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from surveybook.book.storage import (
    ADDRESS_VARIABLE,
    hash_site,
    read_manifest,
    replace_folder,
    restore_folder,
    write_manifest,
)  # fmt: skip
from surveybook.model import paths
from surveybook.model.files import hash_bytes, write_json, write_whole
from surveybook.model.problems import SurveybookError

# In an archive, what the edition tells of itself; in a site, the key of what it was made from.
RECORD = ".edition.json"
EDITIONS = "editions"
# The page that only a site of several editions has, and all that such a site has once for all of them.
OF_SEVERAL = "editions.html"
SHARED = ("explorer.html", "sitemap.xml", OF_SEVERAL)
MAIN = re.compile(r'<main id="main"[^>]*>\n')
LIST = re.compile(r"()<!-- list of editions -->()")
# Where the answers to each question are that the explorer asks for as soon as they are to be shown.
ANSWERS = "_static/explorer"
ISLAND = re.compile(r'(<script type="application/json" id="explorer-data">).*?(</script>)', re.DOTALL)
EXPLORER_LINK = re.compile(r'\bhref="(?:\.\./)*explorer\.html')
DESCRIBED = ("name", "fieldwork", "fieldwork_end", "synthetic", "baseline", "licence")


def open_pages(pages: Path) -> tuple[zipfile.ZipFile, dict[str, Any]]:
    """Return the archive of an edition's finished pages, and what they tell of themselves."""
    archive = zipfile.ZipFile(pages)
    return archive, json.loads(archive.read(RECORD))


def merge_explored(parts: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    """Return what the explorer holds of several waves, from what it holds of each."""
    questions: dict[str, Any] = {}
    answers: dict[str, Any] = {}
    for part in parts:
        for one in part["questions"]:
            name, known = one["id"], questions.get(one["id"], {**one, "waves": [], "measured": False})
            both = {"waves": [*known["waves"], *one["waves"]], "measured": known["measured"] or one["measured"]}
            questions[name] = {**known, **both}
            told, more = answers.get(name, {"asked": {}, "figures": []}), part["answers"][name]
            answers[name] = {"asked": told["asked"] | more["asked"], "figures": told["figures"] + more["figures"]}
    return {
        **parts[0],
        "waves": [wave for part in parts for wave in part["waves"]],
        "questions": list(questions.values()),
        "answers": answers,
    }


def drop_made_up(synthetic: Mapping[str, bool]) -> list[str]:
    """Return the waves that the explorer shows, the edition's own first: beside a real one no made-up one.

    Parameters
    ----------
    synthetic : mapping
        Whether each wave is made up, the edition's own first.
    """
    own, *others = synthetic
    return [own, *(wave for wave in others if synthetic[own] or not synthetic[wave])]


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


def write_answers(site: Path, explored: Mapping[str, Any]) -> dict[str, Any]:
    """Write the answers to each question into a site, and return the rest, which the explorer's page holds.

    They are scripts, because a page on a disk can't fetch data.
    """
    for question, answers in explored["answers"].items():
        told = json.dumps(answers, ensure_ascii=False, separators=(",", ":"))
        write_whole(site / ANSWERS / f"{question}.js", f"surveybookExplored({json.dumps(question)}, {told});\n")
    return {key: value for key, value in explored.items() if key != "answers"}


def write_explorer(site: Path, page: str, explored: Mapping[str, Any]) -> None:
    """Write the explorer into a site, with other data than its page has."""
    from surveybook.book.sphinx_ext.settings import format_json

    write_whole(site / "explorer.html", replace_once(page, ISLAND, format_json(write_answers(site, explored))))


def stamp_page(page: str, name: str, wave: str, told: Mapping[str, Mapping[str, Any]], there: Collection[str]) -> str:
    """Return a page as it stands in a site of several editions: with a line that says which is the latest.

    Parameters
    ----------
    page, name : str
        The page and its place in its edition.
    wave : str
        The wave under whose permanent address it stands; empty for the front of the site.
    told : mapping
        What each edition tells of itself, by wave, the latest first.
    there : collection of str
        The pages of the latest edition.
    """
    from surveybook.book.sphinx_ext.settings import render_part

    root = "../" * (name.count("/") + (2 if wave else 0))
    if len(told) > 1 and name != OF_SEVERAL:
        latest = next(iter(told))
        notice = render_part(
            "editions-notice.html", root=root, count=len(told), latest=told[latest]["name"],
            this=told[wave]["name"] if wave not in ("", latest) else "",
            there=name if name in there else "index.html", shared=name in SHARED,
        )  # fmt: skip
        page = MAIN.sub(lambda found: f"{found[0]}{notice}\n", page, count=1)
    return EXPLORER_LINK.sub(f'href="{root}explorer.html', page)


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
                write_explorer(stage, content.decode(), merge_explored([about["explored"], *others]))
            elif name not in (RECORD, OF_SEVERAL):
                write_whole(stage / name, content)


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
        told, there = {wave: about["told"] for wave, (_, about) in opened.items()}, set(archives[0].namelist())
        for wave, (archive, _) in opened.items():
            for name in archive.namelist():
                for under in (wave, "") if wave == latest else (wave,):
                    if name in (RECORD, *SHARED) and (name != "sitemap.xml" or not under):
                        continue
                    if name.startswith(f"{EDITIONS}/"):
                        continue  # where an edition that stands alone keeps its embeds: here its pages stand there
                    lasting = f"{EDITIONS}/{wave}/{name}"
                    # What tells other sites how to show a figure depends on its address.
                    is_oembed = name.startswith("embed/") and name.endswith(".json")
                    content: str | bytes = archive.read(lasting if under and is_oembed else name)
                    if name == "sections.js" and under:  # the explorer is the site's
                        content = archive.read(name).replace(b'"explorer.html#', b'"../../explorer.html#')
                    if name.endswith(".html"):
                        content = stamp_page(archive.read(name).decode(), name, under, told, there)
                    write_whole(stage / EDITIONS / under / name if under else stage / name, content)
        shown = drop_made_up({wave: one["synthetic"] for wave, one in told.items()})
        write_shared(stage, told, archives[0], [opened[wave][1]["explored"] for wave in shown])


def write_shared(
    stage: Path,
    editions: Mapping[str, Mapping[str, Any]],
    latest: zipfile.ZipFile,
    explored: Sequence[Mapping[str, Any]],
) -> None:
    """Write what a site has once for all its editions: the list of them, the explorer, the site's map."""
    from surveybook.book.sphinx_ext.settings import render_part

    there = set(latest.namelist())
    stamped = {
        name: stamp_page(latest.read(name).decode(), name, "", editions, there)
        for name in (OF_SEVERAL, "explorer.html")
    }
    listing = replace_once(stamped[OF_SEVERAL], LIST, render_part("editions-list.html", editions=editions))
    write_whole(stage / OF_SEVERAL, listing)
    write_explorer(stage, stamped["explorer.html"], merge_explored(explored))
    listed = [
        {"wave": wave, "address": f"editions/{wave}/", **{key: told.get(key) for key in DESCRIBED}}
        for wave, told in editions.items()
    ]
    write_whole(stage / "editions.json", write_json({"latest": next(iter(editions)), "editions": listed}))
    if base := os.environ.get(ADDRESS_VARIABLE, "").rstrip("/"):
        maps = [f"{base}/{EDITIONS}/{wave}/sitemap.xml" for wave in editions]
        write_whole(stage / "sitemap.xml", f"{render_part('sitemap-index.xml', addresses=maps)}\n")


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

    A site is known by its manifest.

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
    if inside and (".git" in inside or read_manifest(destination) is None):
        raise SurveybookError(
            f"{paths.shown(destination)} holds something other than a site, which would be lost: name a new folder."
        )
    probe = destination.absolute().with_name(f".{destination.name}.new.{os.getpid()}")
    probe.mkdir(parents=True, exist_ok=True)
    probe.rmdir()
