"""What an edition is made from: every file behind it, by content, and the keys that follow from these.

The same files give the same keys, whatever their dates. What is kept under the key of what it is made from isn't made
again.
"""

import json
import os
import platform
import sys
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import surveybook
from surveybook.book.storage import find_store, hash_version
from surveybook.model import paths
from surveybook.model.files import find_fieldwork_end, hash_bytes, hash_object, read_yaml
from surveybook.model.report import read_report

FORM = 3  # changes whenever what is kept under a key changes its form
ENGINE = Path(surveybook.__file__).parent
# Parts of the engine that no chapter and no page calls, and the one that only pages do.
OF_NEITHER = (f"src/{ENGINE.name}/verify/", f"src/{ENGINE.name}/cli/")
OF_PAGES = f"src/{ENGINE.name}/book/sphinx_ext/"
RESPONSES = "responses_"
SURROUNDINGS = ("SURVEYBOOK_BASEURL", "SURVEYBOOK_PDF")


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
    def folder(self) -> Path:
        """Where the finished pages of the wave are kept: those of one edition, the last that was made."""
        return find_store() / f"pages-{self.wave}"

    @property
    def waves(self) -> list[str]:
        """The waves that the edition rests on."""
        return waves_behind(self.wave, self.baseline)

    def find_changed(self, other: "Plan | None") -> list[str]:
        """Return the names of the files that are not what they are for another plan; all where there is none."""
        return sorted({name for name, _ in self.inputs.items() ^ (other.inputs if other else {}).items()})


def waves_behind(wave: str, baseline: str) -> list[str]:
    """Return the waves that an edition rests on: its own, its baselines, and the one that the report is about."""
    earlier = map(str.strip, baseline.split(","))  # several make a series
    return list(dict.fromkeys(filter(None, [wave, *earlier, read_report().claims_wave])))


def read_metadata(wave: str) -> dict[str, Any]:
    """Return what ``wave.yml`` says, unchecked; nothing where it can't be read, which opening the wave reports."""
    return read_yaml(paths.waves() / wave / "wave.yml", [])


def choose_baseline(wave: str, given: str = "") -> str:
    """Return what an edition is compared with: what was asked for, or else what ``wave.yml`` names.

    A wave that was asked for as the baseline of others stands alone.
    """
    if given:
        return "" if wave in given.replace(" ", "").split(",") else given
    return str(read_metadata(wave).get("baseline") or "")


def order_waves(waves: Iterable[str]) -> list[str]:
    """Return waves from the earliest to the latest: by the end of their fieldwork, then by id.

    Made-up waves come first, whatever dates they bear: the latest wave is never one of them unless all are.
    """
    known = {wave: read_metadata(wave) for wave in waves}
    return sorted(known, key=lambda wave: (not known[wave].get("synthetic"), find_fieldwork_end(known[wave]), wave))


def list_pageless() -> list[str]:
    """Return the chapters that the book's contents don't list: they run, and have no page."""
    listed = (paths.root() / paths.CONTENTS_FILE).read_text(encoding="utf-8")
    return [name for name in map(paths.shown, paths.chapters()) if name.removesuffix(".ipynb") not in listed]


def hash_lasting(content: bytes) -> str:
    """Return the hash of a notebook without its outputs, or of the schemas in a data package.

    Executing replaces the outputs; the package holds a hash of every wave besides.
    """
    try:
        read = json.loads(content)
        if "cells" in read:
            return hash_object([[cell["cell_type"], cell["source"], cell["metadata"]] for cell in read["cells"]])
        return hash_object([[one["path"], one.get("schema")] for one in read["resources"]])
    except (ValueError, KeyError, TypeError):
        return hash_bytes(content)  # it can't be read, which the run or the check of the data reports


def hash_sources(files: Mapping[str, Path]) -> dict[str, str]:
    """Return the hashes of files by name, of what lasts in them; nothing for what isn't there."""
    return {
        name: hash_version(
            path, hash_lasting if path.suffix == ".ipynb" or path.name == paths.PACKAGE_FILE else hash_bytes
        )
        for name, path in files.items()
        if path.is_file()
    }


def list_under(folder: Path, name: str) -> Iterator[tuple[str, Path]]:
    """Yield the files of a folder by name, without what tools leave there."""
    for place, folders, names in os.walk(folder):
        folders[:] = sorted(one for one in folders if one != "__pycache__" and not one.startswith((".", "_build")))
        inside = f"{name}/{Path(place).relative_to(folder).as_posix()}/".replace("/./", "/")
        yield from ((inside + one, Path(place, one)) for one in sorted(names) if not one.startswith((".", "~")))


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
    for name, path in list_under(paths.data(), "data"):
        place = name.removeprefix("data/")
        folder = "/".join(place.split("/")[:2])
        if place in estimated or (place.startswith("waves/") and folder not in folders):
            continue
        if not (path.name.startswith(RESPONSES) and folder in without):
            found[place] = path
    return found


def hash_inputs(waves: Iterable[str]) -> tuple[dict[str, str], dict[str, str]]:
    """Return the hashes of what an edition rests on beside its chapters: by file, of what these and only pages use.

    Chapters rest on the code, the report's own packages among it, its settings, data and lock; pages on these, on the
    extension, on the book's settings and on the pages without code.
    """
    own = (path for path in sorted(paths.root().glob("src/*")) if path.is_dir() and "." not in path.name)
    folders = {ENGINE.name: ENGINE, **{path.name: path for path in own if path.name != ENGINE.name}}
    code = {name: path for folder in folders for name, path in list_under(folders[folder], f"src/{folder}")}
    settings = [paths.root() / name for name in (paths.REPORT_FILE, "requirements.txt")]
    data = {f"data/{place}": path for place, path in list_data(waves).items()}
    hashed = hash_sources({**code, **{path.name: path for path in settings}, **data})
    shared = {name: value for name, value in hashed.items() if not name.startswith((*OF_NEITHER, OF_PAGES))}
    of_pages = {paths.shown(path): path for path in paths.pages()} | {
        name: paths.root() / name for name in (paths.CONFIG_FILE, paths.CONTENTS_FILE)
    }
    extension = {name: value for name, value in hashed.items() if name.startswith(OF_PAGES)}
    return shared, {**extension, **hash_sources(of_pages)}


def make_key(*parts: Any) -> str:
    """Return the key of what something is made from, on this kind of machine and interpreter."""
    return hash_object([FORM, sys.version, platform.machine(), *parts])[:40]


def key_state() -> str:
    """Return the key of the engine, the lock and the pages here, which all machines of a cluster have to have."""
    return make_key(*hash_inputs([]))


def plan_edition(wave: str, baseline: str, address: str = "") -> Plan:
    """Return what has to be made for the edition of a wave, as the files are now.

    Parameters
    ----------
    wave, baseline : str
        The wave, and what it is compared with.
    address : str
        Where the edition will stand.
    """
    shared, of_pages = hash_inputs(waves_behind(wave, baseline))
    chapters = paths.chapters(change=read_report().is_compared(wave, baseline))
    sources = hash_sources({paths.shown(path): path for path in chapters})
    runs = {name: make_key(wave, baseline, name, code, shared) for name, code in sources.items()}
    around = {name: os.environ.get(name, "") for name in SURROUNDINGS}
    certificate = hash_sources({"certificate": paths.certificate(wave, baseline)})
    key = make_key(runs, of_pages, around, address, certificate)
    return Plan(wave, baseline, address, runs, key, {**shared, **of_pages, **sources})
