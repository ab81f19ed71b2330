"""``surveybook new``, ``wave`` and ``data``: from a file of respondents to figures that may be shown, sealed."""

import re
import shlex
import textwrap
from pathlib import Path
from typing import Annotated, Any

import typer

from surveybook.model import paths
from surveybook.model.files import fill_beside
from surveybook.model.problems import DataError
from surveybook.model.wording import list_first, sentence
from surveybook.verify.record import write_counts

wave_command = typer.Typer(no_args_is_help=True, help="Make, look at, check and release the data of a wave.")
data_command = typer.Typer(no_args_is_help=True, help="Check or seal the data package.")

# A doubt of more letters is a list that nobody reads on a screen.
LONGEST_DOUBT = 500
# So many names of columns that are left out tell which they are; a whole question may be one.
MOST_NAMES, LONGEST_NAME = 20, 60
READ = "Respondents: CSV, Excel, Parquet, SPSS (.sav), Stata (.dta)."
Encoding = Annotated[str | None, typer.Option(help="Of a CSV file that isn't UTF-8: latin-1, cp1252.")]
Labels = Annotated[
    Path | None,
    typer.Option("--questionnaire", help="XLSForm, or CSV of variable, question, answers (1=Yes|2=No), for labels."),
]


def new_command(
    folder: Annotated[Path, typer.Argument(help="Where the report goes: a folder that isn't there yet.")],
    file: Annotated[Path, typer.Option("--from", help=f"{READ} Or a table of published shares.")],
    title: Annotated[str, typer.Option(help="What the report is called; the folder's name otherwise.")] = "",
    wave: Annotated[str, typer.Option(help="The id of its first wave; the year of its fieldwork or 1 otherwise.")] = "",
    questionnaire: Labels = None,
    encoding: Encoding = None,
) -> None:
    """Draft a whole report from a file of respondents, or of published shares: codebook, wave, chapters; it builds."""
    from surveybook.drafts.questionnaires import read_questionnaire
    from surveybook.drafts.questions import draft_questions
    from surveybook.drafts.records import open_respondents
    from surveybook.drafts.report import list_open_questions, write_report
    from surveybook.drafts.topline import read_topline, write_topline_report

    title = title or sentence(re.sub("[-_]+", " ", folder.resolve().name))
    source = open_respondents(file, encoding)
    told: dict[str, Any] = {"folder": folder, "go": f"Look at it: cd {shlex.quote(str(folder))} &&"}
    if (topline := read_topline(source, wave)) is not None:
        write_topline_report(folder, topline, title=title)
        is_dated = "" not in topline.waves
        given = {"--wave": wave and is_dated, "--questionnaire": questionnaire}
        told["idle"] = [name for name, value in given.items() if value]
        told |= {"topline": topline, "is_dated": is_dated}
        typer.echo(fill_beside(__file__, "topline.txt.jinja", {"counted": write_counts}, **told), nl=False)
        return
    draft = draft_questions(source, read_questionnaire(questionnaire) if questionnaire else None)
    wave = wave or (str(draft.fieldwork[1].year) if draft.fieldwork else "1")
    made = write_report(folder, draft, file, title=title, wave=wave)
    items = sum(len(one.items) for one in draft.questions)
    told |= {
        "wave": wave,
        "draft": draft,
        "counts": {"questions": len(draft.questions), "items": items, "files": len(made)},
        "most_names": MOST_NAMES,
        "longest_name": LONGEST_NAME,
        "longest_doubt": LONGEST_DOUBT,
        "open_questions": list_open_questions(draft.questions, has_fieldwork=draft.fieldwork is not None),
    }
    filters = {"counted": write_counts, "list_first": list_first, "shorten": textwrap.shorten}
    typer.echo(fill_beside(__file__, "drafted.txt.jinja", filters, **told), nl=False)


@wave_command.command("new")
def make_wave_command(wave: Annotated[str, typer.Argument(help="Its id, such as 2031-spring.")]) -> None:
    """Make the folder of a new wave: wave.yml and asked.csv to fill in, with the questions of the codebook."""
    from surveybook.waves import make_wave

    for file in make_wave(wave):
        typer.echo(f"Made {paths.shown(file)}")
    typer.echo(
        "Fill in wave.yml and asked.csv (each row that was asked: its source and wording), put published "
        "figures in estimates.csv or respondents in responses_<population>.csv, then run: "
        f"surveybook wave check {wave}"
    )


@wave_command.command("draft")
def draft_command(
    wave: Annotated[str, typer.Argument(help="The id of the new wave.")],
    file: Annotated[Path, typer.Option("--from", help="Its respondents, in any format that waves are read from.")],
    like: Annotated[str, typer.Option(help="The wave before, whose mapping, wording and groups it takes.")],
    population: Annotated[str, typer.Option(help="Whose answers they are, where that wave has several.")] = "",
    questionnaire: Labels = None,
    encoding: Encoding = None,
) -> None:
    """Make the next wave from a file and the wave before, and list what differs."""
    from surveybook.drafts.questionnaires import read_questionnaire
    from surveybook.drafts.report import add_changes_page
    from surveybook.drafts.waves import draft_wave

    asked = read_questionnaire(questionnaire) if questionnaire else None
    told: dict[str, Any] = {"wave": wave, "like": like}
    told["differences"] = draft_wave(wave, file, like, population, encoding, asked)
    page = add_changes_page(wave)
    told["page"] = page and page.relative_to(paths.root())
    typer.echo(fill_beside(__file__, "next-wave.txt.jinja", {}, **told), nl=False)


@wave_command.command("describe")
def describe_command(
    file: Annotated[Path, typer.Argument(help=READ)],
    population: Annotated[str, typer.Option(help="Whose answers they are; the file's name may tell.")] = "",
    encoding: Encoding = None,
) -> None:
    """List a file's variables, labels, codes and counts, and propose how to map them to the codebook."""
    from surveybook.drafts.codebook_matches import describe_file

    typer.echo(describe_file(file, population, encoding))


@wave_command.command("check")
def check_command(
    wave: Annotated[str, typer.Argument(help="The wave: a folder under data/waves.")],
    release: Annotated[bool, typer.Option("--release", help="Write the figures that may be shown.")] = False,
) -> None:
    """Check all of a wave's data; every problem is listed, with its file, row and column."""
    from surveybook.waves import examine_wave
    from surveybook.waves.release import find_stale_release, release_wave
    from surveybook.words.summary import find_unconfirmed, summarise_wave

    survey, gathered = examine_wave(wave, fresh=True)
    for line in summarise_wave(survey, gathered):
        typer.echo(line)
    stale = "" if release else find_stale_release(survey, gathered)
    for warning in filter(None, (*survey.warnings, stale)):
        typer.echo(f"Warning: {warning}.")
    if problems := find_unconfirmed(survey):
        raise DataError(f"Wave {survey.wave}", problems)
    typer.echo(f"Wave {survey.wave} is in order.")
    for path in release_wave(survey, gathered) if release else ():
        typer.echo(f"Released {paths.shown(path)}.")


@wave_command.command("export")
def export_command(
    wave: Annotated[str, typer.Argument(help="The wave: a folder under data/waves.")],
    to: Annotated[Path, typer.Option(help="The folder that the files go to; it is made.")],
) -> None:
    """Write what readers take away of a wave: tables (.xlsx), topline (.docx), DDI (.xml), figures (.json), data."""
    from surveybook.exhibits.downloads import WRITERS
    from surveybook.waves import open_wave

    survey = open_wave(wave)
    to.mkdir(parents=True, exist_ok=True)
    for name, write in WRITERS.items():
        if (made := write(survey, to / name)).is_file():  # data that aren't sealed have no package
            typer.echo(f"Wrote {made}")


@data_command.command("check")
def check_data_command() -> None:
    """Check every data file against its schema, its hash and its second transcription, and the headlines."""
    from surveybook.judgement.headlines import find_headline_problems
    from surveybook.model.tables import check_package, find_changed_files
    from surveybook.verify.data import find_differences, find_unsealed

    sealed = [*find_changed_files(), *find_unsealed()]
    if problems := [*check_package(), *sealed, *find_differences(), *find_headline_problems()]:
        raise DataError("The data package", problems)
    typer.echo("Every data file fits its schema and is the one that was sealed.")


@data_command.command("seal")
def seal_command() -> None:
    """Write the schemas and hashes of the data files as they are now into data/datapackage.json."""
    from surveybook.model.tables import seal_package

    for name in (changed := seal_package()):
        typer.echo(f"Sealed {name}.")
    if not changed:
        typer.echo("Nothing had changed.")
