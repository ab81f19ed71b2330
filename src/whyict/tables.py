"""Estimates as tables that a page, a screen reader and a spreadsheet can all read."""

from dataclasses import asdict, dataclass, field
from typing import Any

import pandas as pd

from whyict.evidence import read_typology
from whyict.findings import people
from whyict.waves import Survey
from whyict.wording import number, sentence, share_text

MIME = "application/vnd.whyict.table+json"
ASSUMED = "assumed"


@dataclass(frozen=True)
class Table:
    """A table to be shown: numbered, with a caption, on a page.

    Attributes
    ----------
    name : str
        Its name, once in the book.
    title : str
        The caption.
    columns, rows : list
        The contents; the first column heads its row.
    note, source : str
        What to know when reading it, and where it is from.
    figures : list of str
        Ids of the figures in it.
    """

    name: str
    title: str
    columns: list[str]
    rows: list[list[Any]]
    note: str = ""
    source: str = ""
    figures: list[str] = field(default_factory=list)

    def _repr_mimebundle_(self, **_: Any) -> dict[str, Any]:
        """Return what a notebook stores: the contents, and a plain-text form for those who read it there."""
        frame = pd.DataFrame(self.rows, columns=self.columns)
        return {MIME: asdict(self), "text/plain": f"{self.title}\n{frame.to_string(index=False)}"}


def bound(value: float) -> str:
    """Return a bound of an interval (0-1) in per cent with one decimal; nothing where there is none."""
    return "" if pd.isna(value) else number(100 * value, 1)


def value(figure: pd.Series) -> str:
    """Return a share in per cent as printed; words where the source has only words, and why where it has none."""
    return number(100 * figure["share"], figure["decimals"]) if figure["status"] == "number" else share_text(figure)


def base_text(figure: pd.Series) -> str:
    """Return the base of a figure."""
    return "unknown" if pd.isna(figure["base"]) else number(figure["base"])


def figure_rows(
    survey: Survey, figures: pd.DataFrame, *, heads: tuple[str, ...] = ("label", "population")
) -> list[list[str]]:
    """Return one row a figure: its heads, the value as published, its interval, its base, where it is printed."""
    responses = survey.codebook.responses.set_index(["kind", "response"])["label"]
    rows = []
    for _, figure in figures.iterrows():
        kind = survey.codebook.questions.loc[figure["question_id"], "kind"]
        texts = {
            "label": figure["label"],
            "population": sentence(people(survey, figure["population"])),
            "response": responses.get((kind, figure["response"]), figure["response"]),
        }
        rows.append(
            [
                *(texts[head] for head in heads),
                value(figure),
                bound(figure["low"]),
                bound(figure["high"]),
                base_text(figure),
                figure["locator"],
            ]
        )
    return rows


HEADS = {"label": "Item", "population": "Population", "response": "Answer"}


def figure_table(
    survey: Survey, figures: pd.DataFrame, *, heads: tuple[str, ...] = ("label", "population")
) -> dict[str, list[Any]]:
    """Return columns and rows for figures, as a chart carries them."""
    columns = [*(HEADS[head] for head in heads), "Share (%)", "Interval from", "to", "Base", "Printed in"]
    return {"columns": columns, "rows": figure_rows(survey, figures, heads=heads)}


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
    )


def undisclosed(survey: Survey, name: str = "undisclosed") -> Table:
    """Return what the source of a wave keeps to itself."""
    rows = [[sentence(entry["topic"]), " ".join(entry["text"].split())] for entry in survey.metadata["not_disclosed"]]
    return Table(
        name,
        "What the source does not say",
        ["Topic", "What is missing"],
        rows,
        source=f"Source: {survey.metadata['title']}.",
    )


def disclosure(survey: Survey, name: str = "disclosure") -> Table:
    """Return the items that the AAPOR Transparency Initiative asks for, each stated or not disclosed."""
    rows = [
        [f"{entry['item']}. {entry['title']}", sentence(entry["status"]), " ".join(entry["text"].split())]
        for entry in survey.metadata["disclosure"]["items"]
    ]
    return Table(
        name,
        "Disclosure, by the list of the AAPOR Transparency Initiative",
        ["Item", "Status", "What is known"],
        rows,
        source=f"Source: {survey.metadata['title']}.",
    )


def typology(name: str = "typology") -> Table:
    """Return the report's examples of the parts that people play towards the state, a column a part."""
    examples = read_typology()
    roles, levels = (list(dict.fromkeys(examples[column])) for column in ("role", "level"))
    cells = {key: "; ".join(rows["example"]) for key, rows in examples.groupby(["level", "role"])}
    rows = [[level, *(cells.get((level, role), "") for role in roles)] for level in levels]
    return Table(
        name,
        "From passive recipient to self-service: examples of the parts that people play",
        ["", *roles],
        rows,
        source="Source: Table 5 of the report, shortened; not survey evidence (data/typology.csv).",
    )
