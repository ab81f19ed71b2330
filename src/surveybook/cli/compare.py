"""The command ``surveybook compare``: what changed from one wave to the next."""

import html
import textwrap
from itertools import pairwise
from typing import Annotated

import pandas as pd
import typer

from surveybook.change import NOT_COMPARABLE, compare_waves, comparison_table, describe_caution, label_of
from surveybook.model.problems import SurveybookError
from surveybook.model.survey import Survey
from surveybook.model.wording import count, in_sentence, number
from surveybook.waves import open_wave

FORMATS = ("table", "csv", "md")
WIDTH = 100
HEADS = ["Population", "Question", "Item", "Before (%)", "Now (%)", "Change (points)", "Adjusted p", "What it means"]


def compare_command(
    waves: Annotated[list[str], typer.Argument(help="Two waves or more, the earliest first: 2029 2031.")],
    format: Annotated[str, typer.Option("--format", help="table, csv or md.")] = "table",
    confidence: Annotated[float | None, typer.Option(help="The level of the intervals; report.yml has it.")] = None,
) -> None:
    """Compare each wave with the one before it: every comparable figure, and what isn't comparable and why."""
    typer.echo(compared_text(waves, format, confidence), nl=False)


def compared_text(waves: list[str], format: str = "table", confidence: float | None = None) -> str:
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
        return as_csv(pd.concat([table for _, _, table in tables], ignore_index=True))
    write = {"table": as_table, "md": as_markdown}[format]
    return "\n".join(write(before, now, table) for before, now, table in tables)


def as_csv(table: pd.DataFrame) -> str:
    """Return the comparison as CSV: per cent and points with two decimals, p-values with four digits."""
    rounded = table.drop(columns=["shown", "baseline_decimals", "decimals"])
    for name in ("baseline_percent", "percent", "change_points", "low", "high"):
        rounded[name] = table[name].astype(float).map(lambda value: "" if pd.isna(value) else f"{value:.2f}")
    for name in ("p_value", "p_holm"):
        rounded[name] = table[name].astype(float).map(lambda value: "" if pd.isna(value) else f"{value:.4g}")
    for name in ("label", "question", "reason", "meaning"):
        rounded[name] = rounded[name].map(inert)
    return rounded.to_csv(index=False, lineterminator="\n")


def inert(text: str) -> str:
    """Return text that a spreadsheet takes for text, even where it begins like a formula."""
    return f"'{text}" if text.startswith(("=", "+", "-", "@", "\t", "\r")) else text


def as_markdown(before: Survey, now: Survey, table: pd.DataFrame) -> str:
    """Return the comparison of two waves as Markdown: a table, then what isn't comparable."""
    comparable, other = parted(table)
    rows = [HEADS, ["---"] * len(HEADS)]
    rows += [
        [of_whom(now, row), row["question"], item_of(now, row), *numbers_of(row), row["meaning"]]
        for _, row in comparable.iterrows()
    ]
    lines = [f"## From {label_of(before)} to {label_of(now)}", ""]
    lines += ["| " + " | ".join(cell(value) for value in row) + " |" for row in rows]
    lines += ["", "Not comparable:" if len(other) else "Every question is comparable.", ""]
    reasons = [f"{of_whom(now, row)}, {row['question']}: {row['meaning']}" for _, row in other.iterrows()]
    lines += [f"- {cell(reason)}" for reason in reasons]
    return "\n".join(lines) + "\n"


def cell(value: str) -> str:
    """Return text for a cell of a Markdown table, shown as the text it is."""
    return html.escape(value, quote=False).replace("|", "\\|").replace("\n", " ")


def as_table(before: Survey, now: Survey, table: pd.DataFrame) -> str:
    """Return the comparison of two waves as text to be read in a terminal, with a count at the end."""
    comparable, other = parted(table)
    lines = [f"From {label_of(before)} to {label_of(now)}, in per cent and points"]
    head = ""
    for _, row in comparable.iterrows():
        if (group := f"{row['question']} – {of_whom(now, row)}") != head:
            lines += ["", group, *wrapped(describe_caution(row).strip(), "  ", "  ")]
            head = group
        before_text, now_text, change, p_value = numbers_of(row)
        p_text = f"; adjusted p {p_value}" if p_value else ""
        lines.append(f"  {item_of(now, row)}: {before_text} → {now_text}; {change or 'no change computed'}{p_text}")
        lines += wrapped(row["meaning"].removesuffix(describe_caution(row)), "    ", "    ")
    lines += ["", "Not comparable" if len(other) else "Every question is comparable."]
    for _, row in other.iterrows():
        lines += wrapped(f"{row['question']} – {of_whom(now, row)}: {row['meaning']}", "  ", "    ")
    groups = len(comparable[["population", "question_id"]].drop_duplicates())
    apart = f"{len(other)} question{' is' if len(other) == 1 else 's are'} not"
    counted = f"{len(comparable)} figures of {groups} questions are comparable; {apart}. {tested_text(comparable)}"
    level = f"Intervals are at {number(100 * now.confidence)} per cent; p-values are adjusted (Holm) within a question"
    return "\n".join([*lines, "", *wrapped(counted, "", ""), f"{level} and population."]) + "\n"


def wrapped(text: str, first: str, others: str) -> list[str]:
    """Return text in lines that fit a terminal, indented; none for no text."""
    return textwrap.wrap(text, WIDTH, initial_indent=first, subsequent_indent=others)


def tested_text(comparable: pd.DataFrame) -> str:
    """Return how many figures were tested, and how many of them moved by more than sampling explains."""
    tested, moved = int(comparable["p_holm"].notna().sum()), int(comparable["shown"].sum())
    if not tested:
        return "None could be tested."
    who = "none has" if not moved else f"{count(moved)} {'has' if moved == 1 else 'have'}"
    return f"Of {tested} that could be tested, {who} moved by more than sampling explains."


def parted(table: pd.DataFrame) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Return the rows that are comparable, and those that aren't."""
    apart = table["comparability"] == NOT_COMPARABLE
    return table[~apart], table[apart]


def of_whom(survey: Survey, row: pd.Series) -> str:
    """Return the population of a row, with the part of it that the row is about."""
    label = str(survey.codebook.populations.loc[row["population"], "label"])
    return f"{label} ({row['domain'].replace('=', ': ').replace('_', ' ')})" if row["domain"] else label


def item_of(survey: Survey, row: pd.Series) -> str:
    """Return the item of a row, with the answer where there are several."""
    kind = survey.codebook.questions.loc[row["question_id"], "kind"]
    if kind in ("multiple", "single"):
        return str(row["label"])
    responses = survey.codebook.responses
    named = responses[(responses["kind"] == kind) & (responses["response"] == row["response"])]["label"]
    answer = str(named.iloc[0]) if len(named) else row["response"].replace("_", " ")
    return f"{row['label']} [{in_sentence(answer)}]"


def numbers_of(row: pd.Series) -> tuple[str, str, str, str]:
    """Return both shares, the change with its interval, and the adjusted p-value; nothing where there is none."""
    shares = [
        number(row[f"{wave}percent"], int(row[f"{wave}decimals"])) if pd.notna(row[f"{wave}percent"]) else "–"
        for wave in ("baseline_", "")
    ]
    if pd.isna(row["change_points"]):
        return shares[0], shares[1], "", ""
    change = f"{signed(row['change_points'])} ({signed(row['low'])} to {signed(row['high'])})"
    p_value = "< 0.0001" if row["p_holm"] < 0.0001 else f"{row['p_holm']:.4f}"
    return shares[0], shares[1], change, p_value


def signed(points: float) -> str:
    """Return points with their sign."""
    text = number(points, 1)
    return f"+{text}" if points > 0 and text != "0.0" else text
