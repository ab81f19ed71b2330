"""The command ``surveybook claims``: every claim with its verdict on a wave."""

import io
import textwrap
from typing import Annotated

import pandas as pd
import typer

from surveybook.claims.claim import find_part, read_claims
from surveybook.claims.pages import describe_claim, judge_as_shown
from surveybook.model.problems import SurveybookError
from surveybook.model.report import read_report
from surveybook.waves import open_wave

COLUMNS = ["id", "section", "statement", "verdict", "secure", "survives_rounding", "reason", "figures"]
STATUS_COLUMNS = ["status", "status_reason"]
FORMATS = ("table", "csv", "json", "md")
WIDTH = 100


def claims_command(
    wave: Annotated[str, typer.Option(help="The wave to test against, a folder of data/waves.")] = "",
    baseline: Annotated[str, typer.Option(help="An earlier wave, to say whether each claim still holds.")] = "",
    chapter: Annotated[str, typer.Option(help="A chapter of the report, by name or number; all without it.")] = "",
    format: Annotated[str, typer.Option("--format", help="table, csv, json or md.")] = "table",
) -> None:
    """Test what the report says about its own survey against a wave, and print the verdicts."""
    try:
        typer.echo(claims_text(wave, baseline, chapter, format), nl=False)
    except SurveybookError as error:
        typer.echo(str(error), err=True)
        raise typer.Exit(1) from None


def claims_text(wave: str, baseline: str = "", chapter: str = "", format: str = "table") -> str:
    """Return the verdicts as text in one of the formats.

    Raises
    ------
    SurveybookError
        When a wave, the chapter or the format doesn't exist; the message lists those that do.
    """
    if format not in FORMATS:
        raise SurveybookError(f"There is no format '{format}'. There are: {', '.join(FORMATS)}.")
    name = find_part(chapter) if chapter else ""
    survey = open_wave(wave or read_report().default_wave, baseline)
    claims = [claim for claim in read_claims(codebook=survey.codebook) if name in ("", claim.chapter)]
    judged = judge_as_shown(claims, survey)
    # Two readings of one sentence can have the same statement; only with its reading is each one clear.
    judged = judged.assign(statement=[describe_claim(row) for _, row in judged.iterrows()])
    shown = judged[COLUMNS + (STATUS_COLUMNS if baseline else [])]
    return {"table": as_table, "csv": as_csv, "json": as_json, "md": as_markdown}[format](shown)


def as_csv(shown: pd.DataFrame) -> str:
    """Return the verdicts as CSV; several figures are separated by semicolons."""
    return joined(shown).to_csv(index=False, lineterminator="\n")


def as_json(shown: pd.DataFrame) -> str:
    """Return the verdicts as a JSON list of objects."""
    buffer = io.StringIO()
    shown.to_json(buffer, orient="records", force_ascii=False, indent=2)
    return buffer.getvalue().replace("\\/", "/") + "\n"


def as_markdown(shown: pd.DataFrame) -> str:
    """Return the verdicts as a Markdown table."""
    rows = [list(shown.columns), ["---"] * len(shown.columns), *joined(shown).to_numpy().tolist()]
    return "".join("| " + " | ".join(str(value).replace("|", "\\|") for value in row) + " |\n" for row in rows)


def as_table(shown: pd.DataFrame) -> str:
    """Return the verdicts as text to be read in a terminal, a few lines a claim, with a count at the end."""
    lines = []
    for _, row in joined(shown).iterrows():
        firm = f"secure: {row['secure']}, survives rounding: {row['survives_rounding']}"
        lines += [f"{row['id']}  [{row['section']}]", *indented(row["statement"])]
        lines += indented(f"{row['verdict'].upper()} ({firm})")
        lines += indented(row["reason"])
        if "status" in row:
            lines += indented(f"{row['status'].upper()}: {row['status_reason']}")
        lines += [*(indented(f"Figures: {row['figures']}") if row["figures"] else []), ""]
    counts = ", ".join(f"{number} {verdict}" for verdict, number in shown["verdict"].value_counts().items())
    return "\n".join([*lines, f"{len(shown)} claims: {counts}."]) + "\n"


def indented(text: str) -> list[str]:
    """Return text as lines of the terminal, set in by two."""
    return textwrap.wrap(text, WIDTH, initial_indent="  ", subsequent_indent="  ")


def joined(shown: pd.DataFrame) -> pd.DataFrame:
    """Return the verdicts with each list of figures as one text."""
    return shown.assign(figures=shown["figures"].map("; ".join))
