"""``surveybook data``: the data package as a whole."""

import typer

from surveybook.model.datapackage import changed_files, check_package, seal_package
from surveybook.model.problems import DataError

app = typer.Typer(no_args_is_help=True, help="Check or seal the data package.")


@app.command()
def check() -> None:
    """Check every data file against its schema and its hash."""
    problems = [*check_package(), *changed_files()]
    if problems:
        raise DataError("The data package", problems)
    typer.echo("Every data file fits its schema and is the one that was sealed.")


@app.command()
def seal() -> None:
    """Write the hashes of the data files as they are now into data/datapackage.json."""
    changed = seal_package()
    typer.echo("\n".join(f"Sealed {name}." for name in changed) or "Nothing had changed.")
