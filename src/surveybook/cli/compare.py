"""``surveybook compare``: what changed from one wave to the next."""

import textwrap
from itertools import pairwise
from typing import Annotated

import pandas as pd
import typer

from surveybook.change import NOT_COMPARABLE, compare_waves, comparison_table, describe_caution, label_of
from surveybook.model.problems import SurveybookError
from surveybook.model.survey import Survey
from surveybook.model.wording import count, in_sentence, number, write_markdown_table
from surveybook.waves import open_wave

FORMATS = ("table", "csv", "md")
WIDTH = 100
HEADS = ["Population", "Question", "Item", "Before (%)", "Now (%)", "Change (points)", "Adjusted p", "What it means"]
SMALLEST_P = 0.0001


def compare_command(
    waves: Annotated[list[str], typer.Argument(help="Two waves or more, the earliest first: 2029 2031.")],
    format: Annotated[str, typer.Option("--format", help="table, csv or md.")] = "table",
    confidence: Annotated[float | None, typer.Option(help="The level of the intervals; report.yml has it.")] = None,
) -> None:
    """Compare each wave with the one before it: every comparable figure, and what isn't comparable and why."""
    typer.echo(list_changes_between(waves, format, confidence), nl=False)


def list_changes_between(waves: list[str], format: str = "table", confidence: float | None = None) -> str:
    """Return the comparison of waves as text in one of the formats.

    Raises
    ------
    SurveybookError
        When a wave or the format doesn't exist, or there are fewer than two waves.
    """
    if format not in FORMATS:
        raise SurveybookError(f"There is no format '{format}'. There are: {', '.join(FORMATS)}.")
    if len(waves) < 2 or len(set(waves)) < len(waves):
        raise SurveybookError(f"A comparison needs two waves or more, each named once; named are {', '.join(waves)}.")
    opened = [open_wave(wave, confidence=confidence) for wave in waves]
    tables = [(before, now, comparison_table(compare_waves(now, before))) for before, now in pairwise(opened)]
    if format == "csv":
        return format_csv(pd.concat([table for _, _, table in tables], ignore_index=True))
    write = {"table": format_changes, "md": format_markdown}[format]
    return "\n".join(write(before, now, table) for before, now, table in tables)


def format_csv(table: pd.DataFrame) -> str:
    """Return the comparison as CSV: per cent and points with two decimals, p-values with four digits."""
    written = table.drop(columns=["shown", "baseline_decimals", "decimals"])
    digits = dict.fromkeys(("baseline_percent", "percent", "change_points", "low", "high"), ".2f")
    for name, form in (digits | {"p_value": ".4g", "p_holm": ".4g"}).items():
        written[name] = [("" if pd.isna(value) else f"{value:{form}}") for value in table[name].astype(float)]
    for name in ("label", "question", "reason", "meaning"):
        written[name] = written[name].map(escape_formula)
    return str(written.to_csv(index=False, lineterminator="\n"))


def escape_formula(text: str) -> str:
    """Return text that a spreadsheet takes for text, even where it begins like a formula."""
    return f"'{text}" if text.startswith(("=", "+", "-", "@", "\t", "\r")) else text


def format_markdown(before: Survey, now: Survey, table: pd.DataFrame) -> str:
    """Return the comparison of two waves as Markdown: a table, then what isn't comparable."""
    comparable, other = part_table(now, table)
    rows = [
        [row["who"], row["question"], row["what"], *write_numbers(row), row["meaning"]]
        for _, row in comparable.iterrows()
    ]
    lines = [f"## From {label_of(before)} to {label_of(now)}", "", *write_markdown_table(HEADS, rows)]
    lines += ["", "Not comparable:" if len(other) else "Every question is comparable.", ""]
    lines += [f"- {row['who']}, {row['question']}: {row['meaning']}" for _, row in other.iterrows()]
    return "\n".join(lines) + "\n"


def format_changes(before: Survey, now: Survey, table: pd.DataFrame) -> str:
    """Return the comparison of two waves as text to be read in a terminal, with a count at the end."""
    comparable, other = part_table(now, table)
    lines = [f"From {label_of(before)} to {label_of(now)}, in per cent and points"]
    for (question, who), rows in comparable.groupby(["question", "who"], sort=False):
        lines += ["", f"{question} – {who}", *wrap_text(describe_caution(rows.iloc[0]).strip(), "  ", "  ")]
        for _, row in rows.iterrows():
            earlier, later, change, p_value = write_numbers(row)
            p_text = f"; adjusted p {p_value}" if p_value else ""
            lines.append(f"  {row['what']}: {earlier} → {later}; {change or 'no change computed'}{p_text}")
            lines += wrap_text(row["meaning"].removesuffix(describe_caution(row)), "    ", "    ")
    lines += ["", "Not comparable" if len(other) else "Every question is comparable."]
    for _, row in other.iterrows():
        lines += wrap_text(f"{row['question']} – {row['who']}: {row['meaning']}", "  ", "    ")
    groups = len(comparable[["population", "question_id"]].drop_duplicates())
    apart = f"{len(other)} question{' is' if len(other) == 1 else 's are'} not"
    headlines = comparable[comparable["headline"].eq(True)]
    tested, moved = int(headlines["p_holm"].notna().sum()), int(headlines["shown"].sum())
    who = "none has" if not moved else f"{count(moved)} {'has' if moved == 1 else 'have'}"
    said = f"Of {tested} that could be tested, {who} moved by more than sampling explains."
    counted = f"{len(comparable)} figures of {groups} questions are comparable; {apart}."
    lines += ["", *wrap_text(f"{counted} {said if tested else 'None could be tested.'}")]
    level = f"Intervals are at {number(100 * now.confidence)} per cent; p-values are adjusted (Holm) within a question"
    return "\n".join([*lines, f"{level} and population."]) + "\n"


def wrap_text(text: str, first: str = "", others: str = "") -> list[str]:
    """Return text in lines that fit a terminal, indented; none for no text."""
    return textwrap.wrap(text, WIDTH, initial_indent=first, subsequent_indent=others)


def part_table(survey: Survey, table: pd.DataFrame) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Return the rows that are comparable, and those that aren't, with the names of whom and what each is about."""
    labels = survey.codebook.populations["label"]
    who, what = [], []
    for row in table.itertuples():
        part = f" ({row.domain.replace('=', ': ').replace('_', ' ')})" if row.domain else ""
        who.append(f"{labels[row.population]}{part}")
        kind = survey.codebook.kind_of(row.question_id)
        answer = "" if kind.is_list else f" [{in_sentence(kind.label_of(str(row.response)))}]"
        what.append(f"{row.label}{answer}")
    named = table.assign(who=who, what=what)
    apart = table["comparability"] == NOT_COMPARABLE
    return named[~apart], named[apart]


def write_numbers(row: pd.Series) -> tuple[str, str, str, str]:
    """Return both shares, the change with its interval, and the adjusted p-value; nothing where there is none."""
    earlier, later = (
        number(row[f"{wave}percent"], int(row[f"{wave}decimals"])) if pd.notna(row[f"{wave}percent"]) else "–"
        for wave in ("baseline_", "")
    )
    if pd.isna(row["change_points"]):
        return earlier, later, "", ""
    if pd.isna(row["p_holm"]):
        change = number(row["change_points"], 1)
        return earlier, later, change if change[0] in "−0" else f"+{change}", ""
    signed = [number(row[name], 1) for name in ("change_points", "low", "high")]
    change, low, high = (f"+{text}" if text[0] != "−" and text != "0.0" else text for text in signed)
    p_value = f"< {SMALLEST_P:.4f}" if row["p_holm"] < SMALLEST_P else f"{row['p_holm']:.4f}"
    return earlier, later, f"{change} ({low} to {high})", p_value
