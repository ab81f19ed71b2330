"""``surveybook wave``: the data of one wave, from an empty folder to figures that may be shown."""

from pathlib import Path
from typing import Annotated

import typer

from surveybook.model import paths
from surveybook.model.wording import sentence
from surveybook.waves import examine_wave, list_waves
from surveybook.words.findings import base_of

app = typer.Typer(no_args_is_help=True, help="Make, look at, check and release the data of a wave.")


@app.command("list")
def list_all() -> None:
    """List the waves that there are."""
    typer.echo("\n".join(list_waves()))


@app.command()
def new(wave: Annotated[str, typer.Argument(help="Its id, such as 2026-spring.")]) -> None:
    """Make the folder of a new wave: wave.yml and asked.csv to fill in, and the items of 2004."""
    from surveybook.waves.making import make_wave

    files = make_wave(wave)
    for file in files:
        typer.echo(f"Made {paths.shown(file)}")
    typer.echo(
        "Fill in wave.yml and asked.csv (each row that was asked: its source, version and wording), put published "
        "figures in estimates.csv or respondents in responses_<population>.csv, then run: "
        f"surveybook wave check {wave}"
    )


@app.command()
def describe(
    file: Annotated[Path, typer.Argument(help="A CSV, Parquet, SPSS (.sav) or Stata (.dta) file of respondents.")],
    population: Annotated[str, typer.Option(help="Whose answers they are.")] = "public",
    encoding: Annotated[str | None, typer.Option(help="Of a CSV file that isn't UTF-8: latin-1, cp1252.")] = None,
) -> None:
    """List a file's variables, labels, codes and counts, and propose how to map them to the codebook."""
    from surveybook.respondents.describing import describe_file

    typer.echo(describe_file(file, population, encoding))


@app.command()
def check(
    wave: Annotated[str, typer.Argument(help="The wave: a folder under data/waves.")],
    release: Annotated[bool, typer.Option("--release", help="Write the figures that may be shown.")] = False,
) -> None:
    """Check all of a wave's data; every problem is listed, with its file, row and column."""
    from surveybook.waves.release import find_stale_release, release_wave
    from surveybook.words.summary import summary_lines

    survey, gathered = examine_wave(wave, fresh=True)
    for population in survey.metadata["populations"]:
        typer.echo(f"{sentence(base_of(survey, population))}.")
    for line in summary_lines(survey, gathered):
        typer.echo(line)
    stale = None if release else find_stale_release(survey, gathered)
    for warning in (*survey.warnings, *([stale] if stale else [])):
        typer.echo(f"Warning: {warning}.")
    typer.echo(f"Wave {survey.wave} is in order.")
    if release:
        for path in release_wave(survey, gathered):
            typer.echo(f"Released {paths.shown(path)}.")
