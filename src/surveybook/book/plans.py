"""What has to be made for an edition, and the keys that it is kept under."""

import os
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import yaml

from surveybook.book.contents import SURROUNDINGS, Contents, key_of
from surveybook.model import paths
from surveybook.model.report import read_report


def waves_behind(wave: str, baseline: str) -> list[str]:
    """Return the waves that an edition rests on: its own, its baselines, and the one that the report is about."""
    return list(dict.fromkeys(filter(None, [wave, *parts_of(baseline), read_report().claims_wave])))


@dataclass(frozen=True)
class Run:
    """One chapter to execute for one wave.

    Attributes
    ----------
    source : Path
        The notebook.
    key : str
        Of all that its outputs rest on.
    """

    source: Path
    key: str


@dataclass(frozen=True)
class Plan:
    """What an edition is made from.

    Attributes
    ----------
    wave, baseline : str
        The parameters of every chapter.
    chapters : tuple of Path or None
        The notebooks of a part of the book; None for the whole of it.
    address : str
        Where the edition will stand, for pages that state their address; empty where nobody knows.
    runs : tuple of Run
        The chapters to execute.
    key : str
        Of all that its pages rest on.
    inputs : dict
        The hashes of the files behind it, by name.
    """

    wave: str
    baseline: str
    chapters: tuple[Path, ...] | None
    address: str
    runs: tuple[Run, ...]
    key: str
    inputs: dict[str, str]

    @property
    def waves(self) -> list[str]:
        """The waves that the edition rests on: its own, its baselines, and the one that the report is about."""
        return waves_behind(self.wave, self.baseline)

    @property
    def home(self) -> Path:
        """The folder that everything of this wave's edition is in."""
        return paths.build() / "editions" / self.wave

    @property
    def pages(self) -> Path:
        """The folder of the finished pages."""
        return self.home / "pages"


def metadata_of(wave: str) -> dict[str, Any]:
    """Return what ``wave.yml`` says, unchecked; nothing where it can't be read, which opening the wave reports."""
    try:
        return parsed((paths.waves() / wave / "wave.yml").read_bytes())
    except (OSError, yaml.YAMLError):
        return {}


@cache
def parsed(content: bytes) -> dict[str, Any]:
    """Return what a YAML file holds; nothing where that isn't a mapping."""
    read = yaml.load(content, getattr(yaml, "CSafeLoader", yaml.SafeLoader))
    return read if isinstance(read, dict) else {}


def baseline_of(wave: str, given: str = "") -> str:
    """Return what an edition is compared with: what was asked for, or else what ``wave.yml`` names.

    A wave that was asked for as the baseline of others stands alone.
    """
    if given:
        return "" if wave in parts_of(given) else given
    return str(metadata_of(wave).get("baseline") or "")


def parts_of(baseline: str) -> list[str]:
    """Return the waves of a baseline: several make a series."""
    return [part.strip() for part in baseline.split(",") if part.strip()]


def address_of(wave: str) -> str:
    """Return the permanent address of a wave's edition in the site of all; empty where nobody knows the site's."""
    base = os.environ.get("SURVEYBOOK_BASEURL", "").rstrip("/")
    return f"{base}/editions/{wave}/" if base else ""


def plan_edition(
    wave: str, baseline: str, contents: Contents, chapters: Sequence[Path] | None = None, address: str = ""
) -> Plan:
    """Return what has to be made for the edition of a wave.

    Parameters
    ----------
    wave, baseline : str
        The wave, and what it is compared with.
    contents : Contents
        What the files hold now.
    chapters : sequence of Path, optional
        The notebooks, the landing page always among them; all of them otherwise.
    address : str
        Where the edition will stand.
    """
    chosen = None if chapters is None else tuple(dict.fromkeys([paths.landing_page(), *chapters]))
    data = contents.data(waves_behind(wave, baseline))
    shared = {**data, **contents.of_chapters}
    sources = paths.chapters() if chosen is None else chosen
    names = {source: contents.of(source) for source in sources}
    runs = tuple(
        Run(source, key_of([wave, baseline, named(source), names[source], shared, contents.surroundings]))
        for source in sources
    )
    around = {name: os.environ.get(name, "") for name in SURROUNDINGS}
    certificate = contents.of(paths.certificate(wave, baseline))
    key = key_of([[run.key for run in runs], contents.of_pages, around, address, chosen is None, certificate])
    inputs = {**shared, **contents.of_pages, **{named(source): value for source, value in names.items()}}
    return Plan(wave, baseline, chosen, address, runs, key, inputs)


def named(source: Path) -> str:
    """Return the name of a chapter in the project."""
    return source.relative_to(paths.root()).as_posix() if paths.root() in source.parents else str(source)


def fieldwork_end(metadata: dict[str, Any]) -> str:
    """Return when a wave's fieldwork ended, such as ``2004-12``: the last of its populations."""
    populations = metadata.get("populations")
    entries = populations.values() if isinstance(populations, dict) else ()
    return max((str(entry.get("fieldwork_end") or "") for entry in entries if isinstance(entry, dict)), default="")


def in_order(waves: Sequence[str]) -> list[str]:
    """Return waves from the earliest to the latest: by the end of their fieldwork, then by id.

    Made-up waves come first, whatever dates they bear: the latest wave is never one of them unless all are.
    """
    known = {wave: metadata_of(wave) for wave in waves}
    return sorted(waves, key=lambda wave: (not known[wave].get("synthetic"), fieldwork_end(known[wave]), wave))
