"""Tables about a survey: who was asked, what its source doesn't say."""

from typing import Any

from surveybook.exhibits.tables.context import NO_SURVEY, of_survey
from surveybook.exhibits.tables.record import Table
from surveybook.model.evidence import read_typology
from surveybook.model.survey import Survey
from surveybook.model.wording import number, sentence
from surveybook.waves.metadata import DISCLOSURE_ITEMS
from surveybook.words.findings import people

FACTS = {
    "universe": "Who was to be reached",
    "frame": "Drawn from",
    "sample_size": "Answers",
    "mode": "Asked",
    "fieldwork": "When",
    "conducted_by": "Fieldwork by",
    "sponsor": "Paid for by",
    "response_rate": "Response rate",
    "weighting": "Weighting",
    "design_effect": "Design effect",
    "note": "To bear in mind",
}
UNDISCLOSED = "not disclosed by the source"
ASSUMED = "assumed"
# From the least to the most active part, as the report orders them.
ROLES = ("Passive recipients", "Active participants", "Assertive participants", "Self-service users")


def fact(entries: dict[str, Any], key: str) -> str:
    """Return one fact about a sample as text; what isn't known is said to be so."""
    value = entries.get(key)
    if value in (None, ""):
        return UNDISCLOSED
    text = number(value) if key == "sample_size" else sentence(" ".join(str(value).split()))
    return f"{text} (assumed)" if key == "sample_size" and entries.get("base_status") == ASSUMED else text


def survey_facts(survey: Survey, name: str = "survey-facts") -> Table:
    """Return who was asked, how and when, a column a population."""
    populations = survey.metadata["populations"]
    rows = [[label, *(fact(entries, key) for entries in populations.values())] for key, label in FACTS.items()]
    return Table(
        name,
        "How each sample came about",
        ["", *(sentence(people(survey, p)) for p in populations)],
        rows,
        source=f"Source: {survey.metadata['title']}, as stated there.",
        subtitle="Who was to be reached, how they were drawn and asked, and by whom.",
        **of_survey(survey),
    )


def undisclosed(survey: Survey, name: str = "undisclosed") -> Table:
    """Return what the source of a wave keeps to itself."""
    listed = survey.metadata.get("not_disclosed") or []
    rows = [[sentence(entry["topic"]), " ".join(entry["text"].split())] for entry in listed]
    return Table(
        name,
        "What the source does not say",
        ["Topic", "What is missing"],
        rows or [["Nothing is listed", "The wave’s own description names no gap."]],
        source=f"Source: {survey.metadata['title']}.",
        subtitle="What one would have to know to judge the survey, and can’t.",
        **of_survey(survey),
    )


def disclosure(survey: Survey, name: str = "disclosure") -> Table:
    """Return the items that the AAPOR Transparency Initiative asks for, each stated or not disclosed."""
    rows = [
        [
            f"{entry['item']}. {entry.get('title') or DISCLOSURE_ITEMS[entry['item'] - 1]}",
            sentence(entry["status"]),
            " ".join(entry["text"].split()),
        ]
        for entry in survey.metadata["disclosure"]["items"]
    ]
    return Table(
        name,
        "Disclosure, by the list of the AAPOR Transparency Initiative",
        ["Item", "Status", "What is known"],
        rows,
        source=f"Source: {survey.metadata['title']}.",
        subtitle="What the list asks every survey to tell, and what this one tells.",
        **of_survey(survey),
    )


def typology(name: str = "typology") -> Table:
    """Return the report's examples of the parts that people play towards the state, a column a part."""
    examples = read_typology()
    levels = list(dict.fromkeys(examples["level"]))
    cells = {key: "; ".join(rows["example"]) for key, rows in examples.groupby(["level", "role"])}
    rows = [[level, *(cells.get((level, role), "") for role in ROLES)] for level in levels]
    return Table(
        name,
        "From passive recipient to self-service: examples of the parts that people play",
        ["", *ROLES],
        rows,
        source="Source: Table 5 of the report, shortened; not survey evidence (data/typology.csv).",
        subtitle="Levels of government, by the part that people play towards them.",
        base=NO_SURVEY,
    )
