"""What an edition is made from, by content: the same files give the same keys, whatever their dates."""

import json
import os
import platform
import sys
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import yaml

import surveybook
from surveybook.book.storage import hash_version
from surveybook.model import paths
from surveybook.model.files import hash_bytes, hash_object
from surveybook.model.report import read_report

FORM = 2  # changes whenever what is kept under a key changes its form
# Parts of the engine that no chapter calls, and no page: how pages look, what a person types and checks.
NOT_OF_CHAPTERS = ("book/sphinx_ext/", "verify/", "cli/")
NOT_OF_PAGES = ("verify/", "cli/")
RESPONSES, PACKAGE_FILE = "responses_", "datapackage.json"
SURROUNDINGS = ("SURVEYBOOK_BASEURL", "SURVEYBOOK_LOCALE", "SURVEYBOOK_PDF")


@dataclass(frozen=True)
class Plan:
    """What an edition is made from.

    Attributes
    ----------
    wave, baseline : str
        The parameters of every chapter.
    address : str
        Where the edition will stand, for pages that state their address; empty where nobody knows.
    runs : dict
        The chapters to execute, by their names in the project; for each the key of all that its outputs rest on.
    key : str
        Of all that its pages rest on.
    inputs : dict
        The hashes of the files behind it, by name.
    """

    wave: str
    baseline: str
    address: str
    runs: Mapping[str, str]
    key: str
    inputs: Mapping[str, str]

    @property
    def waves(self) -> list[str]:
        """The waves that the edition rests on."""
        return waves_behind(self.wave, self.baseline)


def waves_behind(wave: str, baseline: str) -> list[str]:
    """Return the waves that an edition rests on: its own, its baselines, and the one that the report is about."""
    return list(dict.fromkeys(filter(None, [wave, *split_baseline(baseline), read_report().claims_wave])))


def split_baseline(baseline: str) -> list[str]:
    """Return the waves of a baseline: several make a series."""
    return [part.strip() for part in baseline.split(",") if part.strip()]


def read_metadata(wave: str) -> dict[str, Any]:
    """Return what ``wave.yml`` says, unchecked; nothing where it can't be read, which opening the wave reports."""
    try:
        return _parse((paths.waves() / wave / "wave.yml").read_bytes())
    except (OSError, yaml.YAMLError):
        return {}


@cache
def _parse(content: bytes) -> dict[str, Any]:
    """Return what a YAML file holds; nothing where that isn't a mapping."""
    read = yaml.load(content, getattr(yaml, "CSafeLoader", yaml.SafeLoader))
    return read if isinstance(read, dict) else {}


def choose_baseline(wave: str, given: str = "") -> str:
    """Return what an edition is compared with: what was asked for, or else what ``wave.yml`` names.

    A wave that was asked for as the baseline of others stands alone.
    """
    if given:
        return "" if wave in split_baseline(given) else given
    return str(read_metadata(wave).get("baseline") or "")


def find_fieldwork_end(metadata: Mapping[str, Any]) -> str:
    """Return when a wave's fieldwork ended, such as ``2031-12``: the last of its populations."""
    populations = metadata.get("populations")
    entries = populations.values() if isinstance(populations, dict) else ()
    return max((str(entry.get("fieldwork_end") or "") for entry in entries if isinstance(entry, dict)), default="")


def order_waves(waves: Iterable[str]) -> list[str]:
    """Return waves from the earliest to the latest: by the end of their fieldwork, then by id.

    Made-up waves come first, whatever dates they bear: the latest wave is never one of them unless all are.
    """
    known = {wave: read_metadata(wave) for wave in waves}
    return sorted(known, key=lambda wave: (not known[wave].get("synthetic"), find_fieldwork_end(known[wave]), wave))


def name_source(source: Path) -> str:
    """Return the name of a chapter in the project."""
    return source.relative_to(paths.root()).as_posix() if paths.root() in source.parents else str(source)


def hash_code(notebook: bytes) -> str:
    """Return the hash of what a notebook holds without its outputs, which executing it replaces."""
    try:
        cells = json.loads(notebook)["cells"]
        return hash_object([[cell["cell_type"], cell["source"], cell["metadata"]] for cell in cells])
    except (ValueError, KeyError, TypeError):
        return hash_bytes(notebook)  # it can't be executed, which is the run's to report


def hash_schemas(package: bytes) -> str:
    """Return the hash of the schemas in a data package, which holds a hash of every wave besides."""
    try:
        return hash_object([[one["path"], one.get("schema")] for one in json.loads(package)["resources"]])
    except (ValueError, KeyError, TypeError):
        return hash_bytes(package)  # it can't be read, which the check of the data reports


def _list_under(folder: Path, name: str) -> Iterator[tuple[str, Path]]:
    """Yield the files of a folder by name, without what tools leave there."""
    for place, folders, names in os.walk(folder):
        folders[:] = sorted(one for one in folders if one != "__pycache__" and not one.startswith((".", "_build")))
        inside = f"{name}/{Path(place).relative_to(folder).as_posix()}/".replace("/./", "/")
        yield from ((inside + one, Path(place, one)) for one in sorted(names) if not one.startswith((".", "~")))


def list_code(left_out: tuple[str, ...]) -> dict[str, Path]:
    """Return the files of the engine but for some of its parts, and those of packages that are the report's own."""
    engine = Path(surveybook.__file__).parent
    own = [path for path in sorted(paths.root().glob("src/*")) if path.is_dir() and "." not in path.name]
    found = {
        name: path
        for folder in [engine, *(one for one in own if one.name != engine.name)]
        for name, path in _list_under(folder, f"src/{folder.name}")
    }
    start = f"src/{engine.name}/"
    return {name: path for name, path in found.items() if not name.removeprefix(start).startswith(left_out)}


def list_data(waves: Iterable[str], estimated: Iterable[str] = ()) -> dict[str, Path]:
    """Return the data files that an edition rests on, by their place under the data folder.

    Parameters
    ----------
    waves : iterable of str
        The waves; what all share is always there.
    estimated : iterable of str
        The places of figures that were estimated; the respondents behind them are left out.
    """
    estimated, folders = set(estimated), {f"waves/{wave}" for wave in waves}
    without = {os.path.dirname(place) for place in estimated}
    found: dict[str, Path] = {}
    for name, path in _list_under(paths.data(), "data"):
        place = name.removeprefix("data/")
        folder = "/".join(place.split("/")[:2])
        if place in estimated or (place.startswith("waves/") and folder not in folders):
            continue
        if not (path.name.startswith(RESPONSES) and folder in without):
            found[place] = path
    return found


def hash_sources(files: Mapping[str, Path]) -> dict[str, str]:
    """Return the hashes of files by name; of a notebook, that of its code; nothing for what isn't there."""
    reduced = {".ipynb": hash_code, PACKAGE_FILE: hash_schemas}
    return {
        name: hash_version(path, reduced.get(path.suffix) or reduced.get(path.name) or hash_bytes)
        for name, path in files.items()
        if path.is_file()
    }


def hash_chapter_inputs(waves: Iterable[str]) -> dict[str, str]:
    """Return the hashes of what the outputs of chapters rest on beside the chapter: code, settings, data, lock."""
    fixed = [paths.report(), paths.citation(), paths.root() / "requirements.txt"]
    data = {f"data/{place}": path for place, path in list_data(waves).items()}
    return hash_sources({**list_code(NOT_OF_CHAPTERS), **{path.name: path for path in fixed}, **data})


def hash_page_inputs() -> dict[str, str]:
    """Return the hashes of what pages rest on beside executed chapters: code, settings, pages without code."""
    files = [paths.config(), paths.contents(), *paths.pages()]
    return hash_sources({**list_code(NOT_OF_PAGES), **{name_source(path): path for path in files}})


def make_key(*parts: Any) -> str:
    """Return the key of what something is made from, on this kind of machine and interpreter."""
    return hash_object([FORM, sys.version, platform.machine(), *parts])[:40]


def key_state() -> str:
    """Return the key of the engine, the lock and the pages here, which all machines of a cluster have to have."""
    return make_key(hash_chapter_inputs([]) | hash_page_inputs())


def key_wave(wave: str) -> str:
    """Return the key of what the explorer holds of a wave."""
    return make_key("explored", wave, hash_chapter_inputs([wave]))


def plan_edition(wave: str, baseline: str, address: str = "") -> Plan:
    """Return what has to be made for the edition of a wave, as the files are now.

    Parameters
    ----------
    wave, baseline : str
        The wave, and what it is compared with.
    address : str
        Where the edition will stand.
    """
    shared, of_pages = hash_chapter_inputs(waves_behind(wave, baseline)), hash_page_inputs()
    sources = hash_sources({name_source(path): path for path in paths.chapters()})
    runs = {name: make_key(wave, baseline, name, code, shared) for name, code in sources.items()}
    around = {name: os.environ.get(name, "") for name in SURROUNDINGS}
    certificate = hash_sources({"certificate": paths.certificate(wave, baseline)})
    key = make_key(runs, of_pages, around, address, certificate)
    return Plan(wave, baseline, address, runs, key, {**shared, **of_pages, **sources})
