"""What ``wave.yml`` says of a wave: who was asked, when and how, and the 11 items that ought to be disclosed."""

import re
from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Any, Literal

import pandas as pd
import yaml
from pydantic import Field, StrictBool, StrictFloat, StrictInt, field_validator, model_validator

from surveybook.model.codebook import WaveFolder
from surveybook.model.problems import NeededWords, Settings, Words, read_settings
from surveybook.model.tables import is_date

DISCLOSURE_ITEMS: list[str] = yaml.safe_load(Path(__file__).with_name("disclosure.yml").read_text(encoding="utf-8"))
STATED, NOT_DISCLOSED = "stated", "not disclosed"
# What a wave says of disclosure before anybody has described it.
UNTOLD = "Not stated by whoever described this wave."
UNDISCLOSED = {
    "standard": "AAPOR Transparency Initiative",
    "items": [
        {"item": number, "title": title, "status": NOT_DISCLOSED, "text": UNTOLD}
        for number, title in enumerate(DISCLOSURE_ITEMS, start=1)
    ],
}
NOT_KNOWN = "not known"
UNKNOWN = f', or "{NOT_KNOWN}"'
YEAR = re.compile(r"\b(?:19|20)\d\d\b")
Date = Annotated[Words, Field(description='a date such as "2026-04" or "2026-04-17", in quotation marks, or null')]


class PopulationBlock(Settings):
    """One population: who was asked, when and how. Pages can't do without the first four."""

    fieldwork: Annotated[NeededWords, Field(description=f"when, as people read it{UNKNOWN}")]
    conducted_by: Annotated[NeededWords, Field(description=f"who asked{UNKNOWN}")]
    mode: Annotated[NeededWords, Field(description=f"how people were asked, such as online{UNKNOWN}")]
    universe: Annotated[NeededWords, Field(description=f"whom the sample stands for{UNKNOWN}")]
    label: Words = ""
    fieldwork_start: Date = ""
    fieldwork_end: Date = ""
    sponsor: Words = ""
    frame: Words = ""
    sampling: Words = ""
    response_rate: Words = ""
    weighting: Words = ""
    note: Words = ""
    sample_size: Annotated[StrictInt | None, Field(ge=1, description="a whole number without signs, or null")] = None
    base_status: Annotated[
        Literal["stated", "assumed", "unknown"], Field(description="one of stated, assumed, unknown")
    ] = "stated"
    design_effect: Annotated[
        StrictInt | StrictFloat | None, Field(gt=0, lt=1e6, description="a number such as 1.3, or null")
    ] = None
    census: Annotated[StrictBool, Field(description="true where everybody was asked, false otherwise")] = False
    probability: Annotated[
        StrictBool | None, Field(description="true, or false where nobody drew people at random")
    ] = None
    same_people_as: Words = ""

    @field_validator("fieldwork_start", "fieldwork_end")
    @classmethod
    def check_date(cls, date: str) -> str:
        """Return a date that is one, or nothing."""
        whole = f"{date}-01-01"[:10]
        if date and not (is_date(whole) and whole.startswith(date)):
            raise ValueError("should be a date")
        return date

    @model_validator(mode="after")
    def check_dates(self) -> "PopulationBlock":
        """Return the block if its fieldwork ends after its start, and in a year that people read."""
        start, end = self.fieldwork_start, self.fieldwork_end
        if start and end and end < start[: len(end)]:
            raise ValueError("the fieldwork ends before it starts; correct fieldwork_start or fieldwork_end")
        read, dates = YEAR.findall(self.fieldwork), {date[:4] for date in (start, end) if date}
        if read and dates and dates.isdisjoint(read):
            raise ValueError(f"fieldwork is of {' and '.join(read)}, and its dates of {max(dates)}; correct one")
        return self


class Topic(Settings):
    """What the source keeps to itself, on one topic."""

    topic: NeededWords
    text: NeededWords


class DisclosureItem(Settings):
    """One of the items of the AAPOR Transparency Initiative."""

    item: Annotated[
        StrictInt, Field(ge=1, le=len(DISCLOSURE_ITEMS), description=f"the item's number, 1 to {len(DISCLOSURE_ITEMS)}")
    ]
    title: Words = ""
    status: Annotated[Literal["stated", "not disclosed"], Field(description=f"one of '{STATED}', '{NOT_DISCLOSED}'")]
    text: Annotated[NeededWords, Field(description="what is known, or that the source says nothing of it")]


class Disclosure(Settings):
    """What the source discloses of how the wave was made: a wave that lacks an item isn't published."""

    standard: Words = ""
    source: Words = ""
    items: list[DisclosureItem]

    @model_validator(mode="after")
    def check_items(self) -> "Disclosure":
        """Return the block if each item stands in it once."""
        there = [one.item for one in self.items]
        faults = [
            f"{number} ({title}: {'it stands twice' if there.count(number) else 'it is missing'})"
            for number, title in enumerate(DISCLOSURE_ITEMS, start=1)
            if there.count(number) != 1
        ]
        if faults:
            raise ValueError(f"of the {len(DISCLOSURE_ITEMS)} disclosure items: {', '.join(faults)}; each stands once")
        return self


class WaveFile(Settings):
    """A ``wave.yml``; `responses` is a block of its own, see `surveybook.respondents`."""

    id: NeededWords
    title: NeededWords
    populations: dict[str, PopulationBlock]
    disclosure: Disclosure
    label: Words = ""
    synthetic: Annotated[StrictBool, Field(description="true for made-up data, false otherwise")] = False
    published: Words = ""
    source: Words = ""
    publisher: Words = ""
    sponsor: Words = ""
    licence: Words = ""
    licence_note: Words = ""
    baseline: Words = ""
    not_disclosed: list[Topic] | None = None
    responses: Any = None


def check_metadata(folder: WaveFolder, content: Mapping[str, Any]) -> dict[str, Any]:
    """Return ``wave.yml`` with a block for each population: an empty one where something else stands.

    A problem is added for each thing that it lacks, and for each that isn't what it should be.
    """
    read_settings(WaveFile, content, folder.name("wave.yml"), folder.problems)
    if "id" in content and str(content["id"]) != folder.path.name:
        expected = f"expected '{folder.path.name}', the folder's name, in quotes"
        folder.refuse("wave.yml", f"the id is '{content['id']}'", expected, column="id")
    blocks, known = content.get("populations"), folder.codebook.populations.index
    blocks = blocks if isinstance(blocks, Mapping) else {}
    for population in blocks:
        if str(population) not in known:
            found = f"'{population}' isn't in the codebook"
            expected = f"expected one of {', '.join(known)}, or a row in codebook/populations.csv"
            folder.refuse("wave.yml", found, expected, column=f"populations.{population}")
    told = {str(name): block if isinstance(block, Mapping) else {} for name, block in blocks.items()}
    return {**content, "populations": told}


def check_asked_populations(folder: WaveFolder, content: Mapping[str, Any], asked: pd.DataFrame) -> None:
    """Add a problem for each population that ``wave.yml`` tells of and nobody asked, and the reverse."""
    told, file = content["populations"], folder.name("asked.csv")
    if not told or asked.empty:
        return
    put = set(asked.loc[asked["source"] != "not_asked", "population"])
    if not put:
        expected = "write published or responses where you asked"
        folder.refuse("asked.csv", "every question is not_asked", expected, column="source")
        return
    for population in sorted(put.difference(told)):
        found = f"{file} asks {population} questions, and no block tells of it"
        folder.refuse("wave.yml", found, "add the block", column="populations")
    for population in [name for name in told if name not in put]:
        found = f"{population} has a block, and {file} asks it nothing"
        folder.refuse("wave.yml", found, "fill its rows there, or take the block out", column="populations")
