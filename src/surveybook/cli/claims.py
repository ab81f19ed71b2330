"""``surveybook claims``: every claim with its verdict on a wave."""

import io
import textwrap
from typing import Annotated

import pandas as pd
import typer

from surveybook.claims.claim import find_part, read_claims
from surveybook.claims.pages import describe_claim, judge_as_shown
from surveybook.model.problems import SurveybookError
from surveybook.model.report import read_report
from surveybook.model.wording import write_markdown_table
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
    typer.echo(list_verdicts(wave, baseline, chapter, format), nl=False)


def list_verdicts(wave: str, baseline: str = "", chapter: str = "", format: str = "table") -> str:
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
    if format == "json":
        buffer = io.StringIO()
        shown.to_json(buffer, orient="records", force_ascii=False, indent=2)
        return buffer.getvalue().replace("\\/", "/") + "\n"
    shown = shown.assign(figures=shown["figures"].map("; ".join))
    if format == "csv":
        return str(shown.to_csv(index=False, lineterminator="\n"))
    if format == "md":
        return "\n".join([*write_markdown_table(list(shown), shown.to_numpy().tolist()), ""])
    return format_verdicts(shown)


def format_verdicts(shown: pd.DataFrame) -> str:
    """Return the verdicts as text to be read in a terminal, a few lines a claim, with a count at the end."""
    lines = []
    for _, row in shown.iterrows():
        firm = f"secure: {row['secure']}, survives rounding: {row['survives_rounding']}"
        said = [row["statement"], f"{row['verdict'].upper()} ({firm})", row["reason"]]
        said += [f"{row['status'].upper()}: {row['status_reason']}"] if "status" in row else []
        said += [f"Figures: {row['figures']}"] if row["figures"] else []
        lines.append(f"{row['id']}  [{row['section']}]")
        for text in said:
            lines += textwrap.wrap(text, WIDTH, initial_indent="  ", subsequent_indent="  ")
        lines.append("")
    counts = ", ".join(f"{number} {verdict}" for verdict, number in shown["verdict"].value_counts().items())
    return "\n".join([*lines, f"{len(shown)} claims: {counts}."]) + "\n"
