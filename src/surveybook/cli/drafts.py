"""``surveybook new``: a whole report from a file of respondents."""

from pathlib import Path
from typing import Annotated

import typer

Encoding = Annotated[str | None, typer.Option(help="Of a CSV file that isn't UTF-8: latin-1, cp1252.")]
Labels = Annotated[
    Path | None,
    typer.Option("--questionnaire", help="XLSForm, or CSV of variable, question, answers (1=Yes|2=No), for labels."),
]


def new_command(
    folder: Annotated[Path, typer.Argument(help="Where the report goes: a folder that isn't there yet.")],
    file: Annotated[Path, typer.Option("--from", help="Respondents: CSV, Excel, Parquet, SPSS (.sav), Stata (.dta).")],
    title: Annotated[str, typer.Option(help="What the report is called; the folder's name otherwise.")] = "",
    wave: Annotated[str, typer.Option(help="The id of its first wave.")] = "1",
    questionnaire: Labels = None,
    encoding: Encoding = None,
) -> None:
    """Draft a whole report from a file of respondents: codebook, wave, chapters; it builds at once."""
    from surveybook.drafts.questionnaires import read_questionnaire
    from surveybook.drafts.questions import draft_questions
    from surveybook.drafts.records import open_respondents
    from surveybook.drafts.report import OPEN_QUESTIONS, write_report
    from surveybook.drafts.topline import read_topline, write_topline_report

    title = title or folder.name.replace("-", " ").capitalize()
    source = open_respondents(file, encoding)
    if (topline := read_topline(source)) is not None:
        made = write_topline_report(folder, topline, title=title)
        periods = [*topline.waves]
        typer.echo(
            f"Drafted {len(topline.questions)} questions of {len(periods)} periods, {periods[0]} to {periods[-1]}."
        )
        return
    draft = draft_questions(source, read_questionnaire(questionnaire) if questionnaire else None)
    made = write_report(folder, draft, file, title=title, wave=wave)
    items = sum(len(one.items) for one in draft.questions)
    typer.echo(f"Drafted {len(draft.questions)} questions with {items} items, in {len(made)} files in {folder}.")
    for column, why in draft.left_out.items():
        typer.echo(f"Left out: {column} ({why}).")
    for doubt in draft.doubts:
        typer.echo(f"Look at this: {doubt}.")
    typer.echo(f"What no file says, and pages call not stated until it stands in data/waves/{wave}/wave.yml:")
    for question in OPEN_QUESTIONS:
        typer.echo(f"- {question}.")
    typer.echo(f"Look at it: cd {folder} && surveybook wave check {wave} && surveybook data seal && surveybook build")
