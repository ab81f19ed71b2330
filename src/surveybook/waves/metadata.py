"""What ``wave.yml`` says of a wave: who was asked, when and how, by whom, and what its source discloses."""

from collections import Counter
from collections.abc import Mapping
from datetime import date
from typing import Annotated, Any, Literal

import pandas as pd
from pydantic import Field, StrictBool, field_validator, model_validator

from surveybook.model.codebook import Codebook
from surveybook.model.problems import Problem
from surveybook.model.validation import Settings, read_settings

# The 11 items that the AAPOR Transparency Initiative asks to disclose.
DISCLOSURE_ITEMS = (
    "Data collection strategy",
    "Who sponsored the research and who conducted it",
    "Measurement tools and instruments",
    "Population under study",
    "Method used to generate and recruit the sample",
    "Methods and modes of data collection",
    "Dates of data collection",
    "Sample sizes and precision of the results",
    "How the data were weighted",
    "How the data were processed and procedures to ensure data quality",
    "Limitations of the design and data collection",
)
STATED, NOT_DISCLOSED = "stated", "not disclosed"
# What someone writes who means to fill it in later.
PLACEHOLDERS = ("", "...", "…", "todo", "tbd", "fixme", "xxx", "?")
# Pages can't do without these; what nobody knows is said in so many words.
NEEDED = ("fieldwork", "conducted_by", "mode", "universe")
Text = str | None


class PopulationBlock(Settings):
    """One population of a wave: who it is, and how its people were asked."""

    label: Text = None
    fieldwork: Text = None
    conducted_by: Text = None
    mode: Text = None
    universe: Text = None
    fieldwork_start: Text = None
    fieldwork_end: Text = None
    sponsor: Text = None
    frame: Text = None
    sampling: Text = None
    response_rate: Text = None
    weighting: Text = None
    note: Text = None
    sample_size: Any = None
    base_status: Literal["stated", "assumed", "unknown"] = "stated"
    design_effect: Annotated[float, Field(gt=0, lt=1e6, strict=True)] | None = None
    probability: StrictBool | None = None
    same_people_as: Text = None

    @field_validator("fieldwork_start", "fieldwork_end")
    @classmethod
    def check_date(cls, value: Text) -> Text:
        """Refuse what is no year, month or day of the calendar."""
        if value and not is_partial_date(value):
            raise ValueError(f"'{value}' isn't a date; write 2026-04 or 2026-04-17, or null")
        return value

    @field_validator("sample_size")
    @classmethod
    def check_size(cls, value: Any) -> Any:
        """Refuse what is no whole number of people."""
        if value is not None and (isinstance(value, bool) or not isinstance(value, int) or value < 1):
            raise ValueError(f"the sample_size is '{value}'; write a whole number without signs, or null")
        return value

    @model_validator(mode="after")
    def check_order(self) -> "PopulationBlock":
        """Refuse fieldwork that ends before it starts."""
        start, end = self.fieldwork_start or "", self.fieldwork_end or ""
        if start and end and end < start[: len(end)]:
            raise ValueError("the fieldwork ends before it starts; correct fieldwork_start or fieldwork_end")
        return self


class Topic(Settings):
    """Something that the source keeps to itself."""

    topic: str
    text: str


class Disclosure(Settings):
    """The disclosure items, by a standard; each is checked by `find_undisclosed`."""

    standard: Text = None
    source: Text = None
    items: list[Any] = Field(default_factory=list)


class WaveFile(Settings):
    """The whole of ``wave.yml``; the mapping of respondents is checked where respondents are read."""

    id: str
    title: str
    populations: dict[str, PopulationBlock]
    disclosure: Disclosure
    label: Text = None
    synthetic: Any = False
    published: Text = None
    source: Text = None
    publisher: Text = None
    sponsor: Text = None
    licence: Text = None
    licence_note: Text = None
    geography: Text = None
    comparable_with: Any = None
    baseline: Any = None
    responses: Any = None
    not_disclosed: list[Topic] | None = None

    @field_validator("synthetic")
    @classmethod
    def check_synthetic(cls, value: Any) -> bool:
        """Refuse what may or may not mean that the data are made up."""
        if not isinstance(value, bool):
            raise ValueError(f"'{value}' is neither true nor false; write true for made-up data, false otherwise")
        return value


def is_partial_date(text: str) -> bool:
    """Return whether a text is a year, a month or a day of the calendar: 2026, 2026-04, 2026-04-17."""
    try:
        return date.fromisoformat(text + "-01-01"[len(text) - 4 :] if len(text) in (4, 7) else text).year > 0
    except ValueError:
        return False


def check_metadata(
    metadata: Mapping[str, Any], wave: str, file: str, codebook: Codebook, problems: list[Problem]
) -> None:
    """Add a problem for each thing that ``wave.yml`` lacks, and for each that isn't what it should be."""
    if not metadata:
        return
    read_settings(WaveFile, metadata, file, problems)
    if "id" in metadata and str(metadata["id"]) != wave:
        found = f"the id is '{metadata['id']}'"
        problems.append(Problem(file, found, f"expected '{wave}', the folder's name, in quotes", column="id"))
    populations = metadata.get("populations")
    for population, entries in populations.items() if isinstance(populations, dict) else ():
        place = f"populations.{population}"
        if population not in codebook.populations.index:
            known = ", ".join(codebook.populations.index)
            found = f"'{population}' isn't in the codebook"
            problems.append(
                Problem(file, found, f"expected one of {known}, or a row in codebook/populations.csv", column=place)
            )
        for key in NEEDED if isinstance(entries, dict) else ():
            if not entries.get(key):
                problems.append(Problem(file, f"{population} has no '{key}'", 'write it, or "not known"', column=place))
    if faults := find_undisclosed(metadata):
        found = f"these of the {len(DISCLOSURE_ITEMS)} disclosure items can't be published: {'; '.join(faults)}"
        expected = f"each needs item, text, and a status of '{STATED}' or '{NOT_DISCLOSED}'"
        problems.append(Problem(file, found, expected, column="disclosure"))


def list_disclosed(metadata: Mapping[str, Any]) -> list[Any]:
    """Return the disclosure items as ``wave.yml`` has them; empty where there is no list of them."""
    disclosure = metadata.get("disclosure")
    found = disclosure.get("items") if isinstance(disclosure, dict) else None
    return found if isinstance(found, list) else []


def find_undisclosed(metadata: Mapping[str, Any]) -> list[str]:
    """Return every disclosure item that is missing, incomplete or there twice: such a wave isn't published."""
    entries = [entry if isinstance(entry, dict) else {} for entry in list_disclosed(metadata)]
    counts = Counter(repr(entry.get("item")) for entry in entries)
    by_number = {repr(entry.get("item")): entry for entry in entries}
    faults = []
    for number, title in enumerate(DISCLOSURE_ITEMS, start=1):
        times = counts.pop(repr(number), 0)
        what = "it is missing" if not times else "it stands twice" if times > 1 else _find_lack(by_number[repr(number)])
        if what:
            faults.append(f"{number} ({title}: {what})")
    return faults + [f"{number} (no such item)" for number in counts]


def _find_lack(entry: Mapping[str, Any]) -> str:
    """Return what is wrong with one disclosure item; empty when nothing is."""
    text = entry.get("text")
    if not isinstance(entry.get("title", ""), str):
        return "its title isn't a text"
    if entry.get("status") not in (STATED, NOT_DISCLOSED):
        return f"its status is {entry.get('status')!r}"
    given = text.strip() if isinstance(text, str) else ""
    return "its text is missing" if given.lower() in PLACEHOLDERS else ""


def check_asked_populations(
    metadata: Mapping[str, Any], asked: pd.DataFrame, file: str, asked_file: str, problems: list[Problem]
) -> None:
    """Add a problem for each population that ``wave.yml`` tells of and nobody asked, and the reverse."""
    blocks = metadata.get("populations")
    if not isinstance(blocks, dict) or asked.empty:
        return
    put = set(asked.loc[asked["source"] != "not_asked", "population"])
    for population in sorted(put - {str(name) for name in blocks}):
        found = f"{asked_file} asks {population} questions, and no block tells of it"
        problems.append(Problem(file, found, "add the block", column="populations"))
    if not put:
        found = "every question is not_asked"
        problems.append(Problem(asked_file, found, "write published or responses where you asked", column="source"))
        return
    for population in {str(name) for name in blocks} - put:
        found = f"{population} has a block, and {asked_file} asks it nothing"
        problems.append(Problem(file, found, "fill its rows there, or take the block out", column="populations"))
