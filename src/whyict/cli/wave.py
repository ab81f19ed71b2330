"""``whyict wave``: the data of one wave."""

from typing import Annotated

import typer

from whyict.findings import base_of
from whyict.waves import list_waves, open_wave
from whyict.wording import sentence

app = typer.Typer(no_args_is_help=True, help="Look at the data of a wave.")


@app.command("list")
def list_all() -> None:
    """List the waves that there are."""
    typer.echo("\n".join(list_waves()))


@app.command()
def check(wave: Annotated[str, typer.Argument(help="The wave: a folder under data/waves.")]) -> None:
    """Check all of a wave's data; every problem is listed, with its file, row and column."""
    survey = open_wave(wave)
    for population in survey.metadata["populations"]:
        typer.echo(f"{sentence(base_of(survey, population))}.")
    counts = survey.estimates["status"].value_counts()
    typer.echo(f"{len(survey.estimates)} figures: " + ", ".join(f"{n} {status}" for status, n in counts.items()) + ".")
    for warning in survey.warnings:
        typer.echo(f"Warning: {warning}.")
    typer.echo(f"Wave {survey.wave} is in order.")
