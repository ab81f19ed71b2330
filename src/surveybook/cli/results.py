"""``surveybook compare`` and ``surveybook claims``: what a wave shows, in Markdown or as rows."""

from itertools import pairwise
from typing import Annotated, Any, Literal

import pandas as pd
import typer

from surveybook.change.changes import compare_waves, comparison_table, describe_caution
from surveybook.change.comparability import NOT_COMPARABLE
from surveybook.claims.claim import find_part, judge_claims, read_claims, tabulate_claims
from surveybook.cli import NamedWave, Wave, pick_wave
from surveybook.model.files import fill_beside
from surveybook.model.problems import SurveybookError
from surveybook.model.survey import Survey, label_of
from surveybook.model.wording import count, escape_markdown, in_sentence, number
from surveybook.waves import open_wave

SMALLEST_P = 0.0001


def compare_command(
    waves: Annotated[list[str], typer.Argument(help="Two waves or more, the earliest first: 2029 2031.")],
    format: Annotated[Literal["md", "csv"], typer.Option(help="Markdown, or a row a figure.")] = "md",
) -> None:
    """Compare each wave with the one before it: every comparable figure, and what isn't comparable and why."""
    typer.echo(list_changes_between(waves, format), nl=False)


def list_changes_between(waves: list[str], format: str = "md") -> str:
    """Return the comparison of waves as text: CSV, or Markdown.

    Raises
    ------
    SurveybookError
        When a wave doesn't exist, or there are fewer than two waves.
    """
    if len(waves) < 2 or len(set(waves)) < len(waves):
        raise SurveybookError(f"A comparison needs two waves or more, each named once; named are {', '.join(waves)}.")
    opened = list(map(open_wave, waves))
    tables = [(before, now, comparison_table(compare_waves(now, before))) for before, now in pairwise(opened)]
    if format == "md":
        return "\n".join(describe_changes(before, now, table) for before, now, table in tables)
    table = pd.concat([table for _, _, table in tables], ignore_index=True)
    written = table.drop(columns=["shown", "baseline_decimals", "decimals"])
    digits = dict.fromkeys(("baseline_percent", "percent", "change_points", "low", "high"), ".2f")
    for name, form in (digits | {"p_value": ".4g", "p_holm": ".4g"}).items():
        written[name] = [("" if pd.isna(value) else f"{value:{form}}") for value in table[name].astype(float)]
    for name in ("label", "question", "reason", "meaning"):
        # A spreadsheet takes what begins like a formula for one.
        written[name] = written[name].str.replace(r"^(?=[=+\-@\t\r])", "'", regex=True)
    return str(written.to_csv(index=False, lineterminator="\n"))


def describe_changes(before: Survey, now: Survey, table: pd.DataFrame) -> str:
    """Return the comparison of two waves as Markdown: a list a question and population, and a count at the end."""
    parts = table["domain"].map(lambda domain: f" ({domain.replace('=', ': ').replace('_', ' ')})" if domain else "")
    rows = table.assign(
        who=table["population"].map(now.codebook.populations["label"]) + parts,
        answer=[name_given_reply(now, *pair) for pair in zip(table["question_id"], table["response"], strict=True)],
        caution=table.apply(describe_caution, axis="columns"),
        numbers=table.apply(write_numbers, axis="columns"),
    )
    apart = rows["comparability"] == NOT_COMPARABLE
    comparable, headlines = rows[~apart], rows[~apart & rows["headline"].eq(True)]
    tested, moved = int(headlines["p_holm"].notna().sum()), int(headlines["shown"].sum())
    have = "none has" if not moved else f"{count(moved)} {'has' if moved == 1 else 'have'}"
    return fill_beside(
        __file__,
        "changes.md.jinja",
        {"md": escape_markdown},
        before=label_of(before),
        now=label_of(now),
        comparable=[part.to_dict("records") for _, part in comparable.groupby(["question", "who"], sort=False)],
        other=rows[apart].to_dict("records"),
        figures=len(comparable),
        questions=len(comparable[["population", "question_id"]].drop_duplicates()),
        said=f"Of {tested} that could be tested, {have} moved by more than sampling explains."
        if tested
        else "None could be tested.",
        level=number(100 * now.confidence),
    )


def name_given_reply(survey: Survey, question: str, response: Any) -> str:
    """Return which answer a share is of, where a question has several: ' [agree]'."""
    kind = survey.codebook.kind_of(question)
    return "" if kind.is_list or pd.isna(response) else f" [{in_sentence(kind.label_of(str(response)))}]"


def write_numbers(row: Any) -> str:
    """Return both shares, the change with its interval, and the adjusted p-value: '68 → 60; −8.0 (−12.2 to −3.8)'."""
    earlier, later = (
        number(row[f"{wave}percent"], int(row[f"{wave}decimals"])) if pd.notna(row[f"{wave}percent"]) else "–"
        for wave in ("baseline_", "")
    )
    if pd.isna(row["change_points"]):
        return f"{earlier} → {later}; no change computed"
    signed = [number(row[name], 1) for name in ("change_points", "low", "high") if pd.notna(row[name])]
    change, *limits = (f"+{text}" if text[0] != "−" and text != "0.0" else text for text in signed)
    if pd.isna(row["p_holm"]):
        return f"{earlier} → {later}; {change}"
    p_value = f"< {SMALLEST_P:.4f}" if row["p_holm"] < SMALLEST_P else f"{row['p_holm']:.4f}"
    return f"{earlier} → {later}; {change} ({' to '.join(limits)}); adjusted p {p_value}"


def claims_command(
    wave: Wave = "",
    named_wave: NamedWave = "",
    baseline: Annotated[str, typer.Option(help="An earlier wave, to say whether each claim still holds.")] = "",
    chapter: Annotated[str, typer.Option(help="A chapter of the report, by name or number; all without it.")] = "",
    format: Annotated[Literal["md", "csv", "json"], typer.Option(help="Markdown, or a row a claim.")] = "md",
) -> None:
    """Test what the report says about its own survey against a wave, and print the verdicts."""
    typer.echo(list_verdicts(pick_wave(wave, named_wave), baseline, chapter, format), nl=False)


def list_verdicts(wave: str, baseline: str = "", chapter: str = "", format: str = "md") -> str:
    """Return the verdicts as text: CSV, JSON, or Markdown with a count at the end.

    Raises
    ------
    SurveybookError
        When a wave or the chapter doesn't exist; the message lists those that do.
    """
    name = find_part(chapter) if chapter else ""
    survey = open_wave(wave, baseline)
    claims = [claim for claim in read_claims(codebook=survey.codebook) if name in ("", claim.chapter)]
    shown = tabulate_claims(judge_claims(claims, survey), since=bool(baseline))
    if format == "json":
        return shown.to_json(orient="records", force_ascii=False, indent=2).replace("\\/", "/") + "\n"
    shown = shown.assign(figures=shown["figures"].map("; ".join))
    if format == "csv":
        return str(shown.to_csv(index=False, lineterminator="\n"))
    counts = ", ".join(f"{number} {verdict}" for verdict, number in shown["verdict"].value_counts().items())
    told = {"claims": shown.to_dict("records"), "counts": counts}
    return fill_beside(__file__, "claims.md.jinja", {"md": escape_markdown}, **told)
