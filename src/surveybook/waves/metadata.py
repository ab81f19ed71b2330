"""What ``wave.yml`` has to say of a wave: every key known, every value of its kind."""

import re
from collections.abc import Mapping
from difflib import get_close_matches
from typing import Any

import pandas as pd

from surveybook.model.codebook import Codebook
from surveybook.model.problems import Problem
from surveybook.waves.disclosure import check_disclosure

TOP = (
    "id", "title", "label", "synthetic", "published", "source", "publisher", "sponsor", "licence", "licence_note",
    "geography", "comparable_with", "baseline", "populations", "responses", "not_disclosed", "disclosure",
)  # fmt: skip
# Pages can't do without these; what nobody knows is said in so many words.
NEEDED = ("fieldwork", "conducted_by", "mode", "universe")
TEXTS = (
    "label", *NEEDED, "fieldwork_start", "fieldwork_end", "sponsor", "frame", "sampling", "response_rate", "weighting",
    "note",
)  # fmt: skip
POPULATION = (*TEXTS, "sample_size", "base_status", "design_effect", "probability", "same_people_as")
BASE_STATUSES = ("stated", "assumed", "unknown")
DATE = re.compile(r"[0-9]{4}(-(0[1-9]|1[0-2])(-(0[1-9]|[12][0-9]|3[01]))?)?")


def check_metadata(
    metadata: Mapping[str, Any], wave: str, file: str, codebook: Codebook, problems: list[Problem]
) -> None:
    """Add a problem for each thing that ``wave.yml`` lacks, and for each that isn't what it should be."""
    if not metadata:
        return
    check_keys(metadata, TOP, "", file, problems)
    for key in ("id", "title", "populations", "disclosure"):
        if key not in metadata:
            problems.append(Problem(file, "the key is missing", "add it (see the 2004 wave)", column=key))
    if "id" in metadata and str(metadata["id"]) != wave:
        found = f"the id is '{metadata['id']}'"
        problems.append(Problem(file, found, f"expected '{wave}', the folder's name, in quotes", column="id"))
    for key in ("title", "label"):
        check_text(metadata, key, key, file, problems)
    if not isinstance(metadata.get("synthetic", False), bool):
        found = f"'{metadata['synthetic']}' is neither true nor false"
        problems.append(Problem(file, found, "write true for made-up data, false otherwise", column="synthetic"))
    populations = metadata.get("populations", {})
    if not isinstance(populations, dict) or not all(isinstance(value, dict) for value in populations.values()):
        found = "it isn't a list of populations"
        problems.append(Problem(file, found, "write one block a population", column="populations"))
    else:
        for population, entries in populations.items():
            check_population(str(population), entries, file, codebook, problems)
    check_disclosure(metadata, file, problems)
    check_not_disclosed(metadata.get("not_disclosed"), file, problems)


def check_keys(
    block: Mapping[str, Any], known: tuple[str, ...], place: str, file: str, problems: list[Problem]
) -> None:
    """Add a problem for each key that isn't known: a mistyped one would be lost unsaid."""
    for key in block:
        if key not in known:
            near = get_close_matches(str(key), known, 1)
            expected = f"did you mean {near[0]}?" if near else f"expected one of {', '.join(known)}"
            problems.append(Problem(file, f"the key '{key}' isn't known", expected, column=place or None))


def check_text(block: Mapping[str, Any], key: str, place: str, file: str, problems: list[Problem]) -> None:
    """Add a problem where a value is neither text nor a number nor nothing."""
    value = block.get(key)
    if isinstance(value, (dict, list, bool)):
        problems.append(Problem(file, f"'{key}' isn't a text", "write text, or null", column=place))


def check_population(
    population: str, entries: Mapping[str, Any], file: str, codebook: Codebook, problems: list[Problem]
) -> None:
    """Add a problem for each thing that is wrong with one population's block."""
    place = f"populations.{population}"

    def wrong(found: str, expected: str) -> None:
        problems.append(Problem(file, found, expected, column=place))

    if population not in codebook.populations.index:
        known = ", ".join(codebook.populations.index)
        wrong(f"'{population}' isn't in the codebook", f"expected one of {known}, or a row in codebook/populations.csv")
    check_keys(entries, POPULATION, place, file, problems)
    for key in TEXTS:
        check_text(entries, key, place, file, problems)
    for key in NEEDED:
        if not entries.get(key):
            wrong(f"{population} has no '{key}'", 'write it, or "not known"')
    dates = [str(entries.get(key) or "") for key in ("fieldwork_start", "fieldwork_end")]
    for date in filter(None, dates):
        if not DATE.fullmatch(date):
            wrong(f"'{date}' isn't a date", "write 2026-04 or 2026-04-17, or null")
    if all(dates) and dates[1] < dates[0][: len(dates[1])]:
        wrong("the fieldwork ends before it starts", "correct fieldwork_start or fieldwork_end")
    size = entries.get("sample_size")
    if size is not None and (isinstance(size, bool) or not isinstance(size, int) or size < 1):
        wrong(f"the sample_size is '{size}'", "write a whole number without signs, or null")
    if entries.get("base_status", "stated") not in BASE_STATUSES:
        wrong(f"the base_status is '{entries['base_status']}'", f"expected one of {', '.join(BASE_STATUSES)}")
    if entries.get("probability") not in (None, True, False):
        wrong(f"probability is '{entries['probability']}'", "write true, or false where nobody drew people at random")
    effect = entries.get("design_effect")
    if effect is not None and (
        isinstance(effect, bool) or not isinstance(effect, (int, float)) or not 0 < effect < 1e6
    ):
        wrong(f"the design_effect is '{effect}'", "write a number such as 1.3, or null")


def check_asked_populations(
    metadata: Mapping[str, Any], asked: pd.DataFrame, file: str, asked_file: str, problems: list[Problem]
) -> None:
    """Add a problem for each population that ``wave.yml`` tells of and nobody asked, and the reverse."""
    told = metadata.get("populations")
    if not isinstance(told, dict) or asked.empty:
        return
    put = set(asked.loc[asked["source"] != "not_asked", "population"])
    for population in sorted(put - {str(name) for name in told}):
        found = f"{asked_file} asks {population} questions, and no block tells of it"
        problems.append(Problem(file, found, "add the block", column="populations"))
    if not put:
        found = "every question is not_asked"
        problems.append(Problem(asked_file, found, "write published or responses where you asked", column="source"))
        return
    for population in told:
        if str(population) not in put:
            found = f"{population} has a block, and {asked_file} asks it nothing"
            problems.append(Problem(file, found, "fill its rows there, or take the block out", column="populations"))


def check_not_disclosed(listed: Any, file: str, problems: list[Problem]) -> None:
    """Add a problem where what the source keeps to itself isn't a list of topics with texts."""
    entries = listed if isinstance(listed, list) else [] if listed is None else [None]
    for entry in entries:
        if not isinstance(entry, dict) or not all(isinstance(entry.get(key), str) for key in ("topic", "text")):
            found = "an entry isn't a topic with a text"
            problems.append(Problem(file, found, "write topic: and text:", column="not_disclosed"))
