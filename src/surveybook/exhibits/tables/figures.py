"""Rows of figures, as charts carry them beside the picture."""

from typing import Any

import pandas as pd

from surveybook.model.survey import Survey
from surveybook.model.wording import number, sentence, share_text
from surveybook.words.findings import people


def bound(value: float) -> str:
    """Return a bound of an interval (0-1) in per cent with one decimal; nothing where there is none."""
    return "" if pd.isna(value) else number(100 * value, 1)


def value(figure: pd.Series) -> str:
    """Return a share in per cent as printed; words where the source has only words, and why where it has none."""
    return number(100 * figure["share"], figure["decimals"]) if figure["status"] == "number" else share_text(figure)


def base_text(figure: pd.Series) -> str:
    """Return the base of a figure, with how it is known where the source doesn't state it: '500 (assumed)'."""
    if pd.isna(figure["base"]):
        return "unknown"
    known = "" if figure["base_status"] == "stated" else f" ({figure['base_status']})"
    return f"{number(figure['base'])}{known}"


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
