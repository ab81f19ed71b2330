"""The settings of a report: what ``report.yml`` says this publication is."""

import os
from collections.abc import Iterable
from functools import lru_cache
from pathlib import Path
from typing import Annotated

from pydantic import Field, computed_field

from surveybook.model import paths
from surveybook.model.files import read_beside, read_yaml
from surveybook.model.problems import DataError, NeededWords, Problem, Settings, Words, read_settings

Colour = Annotated[str, Field(pattern="^#[0-9a-f]{6}$", description='a colour such as "#1d4f91", in quotation marks')]
FileName = Annotated[
    str, Field(pattern="^[a-z0-9][a-z0-9-]*$", description="lower-case letters, digits and '-', such as riverside")
]


class ColourPair(Settings):
    """The colour of a population, on a light page and on a dark one."""

    light: Colour
    dark: Colour


DEFAULT_COLOURS = tuple(ColourPair(**pair) for pair in read_beside(__file__, "colours.yml"))


class KindWords(Settings):
    """What a report says of a kind of question that it alone has."""

    how_listed: Words = ""


class Part(Settings):
    """A part of the report that makes claims: what sentences call it, and its number among the chapters."""

    name: NeededWords
    number: int | None = None


class Titled(Settings):
    """What has a title."""

    title: NeededWords
    subtitle: Words = ""

    @computed_field  # type: ignore[prop-decorator]  # templates get what is dumped
    @property
    def full_title(self) -> str:
        """The title with its subtitle: after a colon, where the title doesn't end in a mark of its own."""
        return f"{self.title}{'' if self.title[-1] in '.?!:' else ':'} {self.subtitle}" if self.subtitle else self.title


class SourceReport(Titled):
    """The report that this one republishes; `wave` is the one that its claims are about."""

    authors: tuple[Words, ...] = ()
    publisher: Words = ""
    published: Words = ""
    isbn: Words = ""
    wave: Words = ""


class Report(Titled):
    """One publication.

    Attributes
    ----------
    title, subtitle, short_title, publisher, authors, licence, licence_of_code
        As readers see them.
    published : str
        When it was published first: "2026-11-30", "2026-11" or "2026".
    file_name : str
        The beginning of the names of files that readers take away.
    wave : str
        The wave that a build makes when none is named; the last one by name where this is empty.
    confidence : float
        The level of intervals and tests.
    smallest_change : float, optional
        In points: a change smaller than this isn't called one.
    decimals : int, optional
        As many decimals at most have shares in sentences and charts; tables and files have all that are known.
    source_report : SourceReport, optional
        The report that this one rests on.
    parts : dict
        The parts of the report that make claims: id to `Part`, in the order of the report.
    colours : dict
        Population to its `ColourPair`.
    groups : dict
        Domain (``role=manager``) to how the people in it are called; ``{}`` stands for those of the population.
    names : tuple of str
        Words that keep their capital inside a sentence where they begin a label: Labour, London.
    kinds : dict
        Kind of question to its `KindWords`, for kinds that only this report has.
    """

    short_title: Words = ""
    publisher: Words = ""
    authors: tuple[Words, ...] = ()
    published: Annotated[str, Field(pattern=r"^(\d{4}(-\d\d){0,2})?$", description='a date such as "2026-11-30"')] = ""
    licence: Words = ""
    licence_of_code: Words = ""
    file_name: FileName
    wave: Words = ""
    confidence: Annotated[float, Field(ge=0.5, lt=1, description="a share such as 0.95")] = 0.95
    smallest_change: Annotated[float | None, Field(gt=0, le=100, description="points such as 2, or null")] = None
    decimals: Annotated[int | None, Field(ge=0, le=2, description="0, 1 or 2, or null")] = None
    source_report: SourceReport | None = None
    parts: dict[str, Part] = Field(default_factory=dict)
    colours: dict[str, ColourPair] = Field(default_factory=dict)
    groups: dict[str, Words] = Field(default_factory=dict)
    names: tuple[Words, ...] = ()
    kinds: dict[str, KindWords] = Field(default_factory=dict)

    def colours_of(self, populations: Iterable[str]) -> dict[str, ColourPair]:
        """Return the colour of each population: its own, or else the next of `DEFAULT_COLOURS` that none has."""
        populations = list(populations)
        taken = {self.colours[name].light for name in populations if name in self.colours}
        spare = [pair for pair in DEFAULT_COLOURS if pair.light not in taken] or list(DEFAULT_COLOURS)
        without = [name for name in populations if name not in self.colours]
        given = {name: spare[place % len(spare)] for place, name in enumerate(without)}
        return {name: self.colours.get(name) or given[name] for name in populations}

    @property
    def authors_text(self) -> str:
        """Who wrote the report, as citations name them; its publisher where no author is stated."""
        return ", ".join(self.authors) or self.publisher

    @property
    def licence_name(self) -> str:
        """The licence as readers know it: "CC BY 4.0" for ``CC-BY-4.0``."""
        kind, _, number = self.licence.rpartition("-")
        return f"{kind.replace('CC-', 'CC ', 1)} {number}" if kind.startswith("CC") else self.licence

    @property
    def licence_address(self) -> str:
        """Where the licence is explained; empty where none is stated."""
        kind, _, number = self.licence.rpartition("-")
        if kind == "CC0":
            return f"https://creativecommons.org/publicdomain/zero/{number}/"
        if kind.startswith("CC-"):
            return f"https://creativecommons.org/licenses/{kind.removeprefix('CC-').lower()}/{number}/"
        return f"https://spdx.org/licenses/{self.licence}.html" if self.licence else ""

    @property
    def claims_wave(self) -> str:
        """The wave that claims are about; empty where the report makes none."""
        return self.source_report.wave if self.source_report else ""

    def is_compared(self, wave: str, baseline: str) -> bool:
        """Whether an edition has another survey to be set beside: an earlier one, or the one that claims are about."""
        return bool(baseline) or self.claims_wave not in ("", wave)

    @property
    def default_wave(self) -> str:
        """The wave that a command takes when none is named."""
        return self.wave or next(reversed(paths.list_waves()), "")


def read_report() -> Report:
    """Return the settings of the report that is worked on.

    Raises
    ------
    SurveybookError
        When no folder at or above the current one is a report's.
    DataError
        With everything that is wrong with the file.
    """
    # Sentences ask for it tens of thousands of times a build.
    path = os.path.join(paths.find_root(), paths.REPORT_FILE)
    return _read_report_file(path, os.stat(path).st_mtime_ns)


@lru_cache(maxsize=8)
def _read_report_file(name: str, changed: int) -> Report:
    """Return the settings in a file; read anew when it changed."""
    problems: list[Problem] = []
    path = Path(name)
    content = read_yaml(path, problems)
    report = None if problems else read_settings(Report, content, paths.shown(path), problems)
    if report:
        return report
    raise DataError(f"The report's settings, {paths.shown(path)},", problems)
