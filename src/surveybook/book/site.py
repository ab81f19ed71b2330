"""From executed chapters to pages: laid out as a book, and built by Sphinx."""

import contextlib
import io
import json
import os
import pickle
import re
import shutil
import subprocess
import tempfile
import zipfile
from collections.abc import Mapping, Sequence
from dataclasses import replace
from functools import cache
from pathlib import Path

from surveybook.book.editions import explore_others
from surveybook.book.news import write_news
from surveybook.book.notebooks import walk_shown
from surveybook.book.processes import call_apart, find_temporary
from surveybook.book.publishing import ANSWERS, RECORD, merge_explored
from surveybook.book.storage import ADDRESS_VARIABLE, REMEDIES, list_files
from surveybook.change.changes import changes_of
from surveybook.claims.pages import judge_all
from surveybook.exhibits.downloads import explorer_data, write_extras
from surveybook.exhibits.full_tables import tabulate_survey
from surveybook.model import paths
from surveybook.model.files import write_whole
from surveybook.model.problems import SurveybookError
from surveybook.model.report import read_report
from surveybook.model.survey import Survey
from surveybook.waves import check_order, examine_wave, name_baselines, open_wave
from surveybook.waves.release import make_release
from surveybook.words.asked import describe_edition
from surveybook.words.groups import find_all_gaps

COLOUR = re.compile(r"\x1b\[[0-9;]*m")
SYSTEM_ERROR = re.compile(r"\[Errno (\d+)\]")
STRICT = ("-W", "--keep-going", "-n")
# What Sphinx says of two charts of one name and of chapters that were taken out, and what to do then.
REMEDY_OF = {
    "duplicate label fig-": ': two charts have this name; it is that of the question, so give one another: name="…"',
    "reference to nonexisting document": f": put it there, or take its line out of {paths.CONTENTS_FILE}",
    "cross-reference target not found: 'chapters/": ": the book has no such page; take what leads to it out of this",
}


def gather_release(wave: str, sent: bool) -> tuple[Survey, dict[str, str]]:
    """Return a wave and, if `sent` elsewhere, the files of what was estimated from respondents, by their place.

    Raises
    ------
    SurveybookError
        With all that is wrong.
    """
    survey, gathered = examine_wave(wave)
    release = make_release(survey, gathered) if sent and gathered.populations else {}
    return survey, {f"waves/{wave}/{name}": text for name, text in release.items()}


def pack_surveys(wave: str, baseline: str, opened: Mapping[str, Survey]) -> bytes:
    """Return what chapters and pages of an edition open, packed for the tasks of its build.

    That is the wave with its baselines, each of these, and the wave that the report is about; with the wave what most
    chapters would work out anew. Those that are `opened` aren't read again.
    """
    surveys: list[Survey] = []
    for name in filter(None, (*map(str.strip, baseline.split(",")), wave)):
        survey, earlier = opened.get(name) or open_wave(name), surveys[0] if surveys else None
        if earlier and name != wave:
            check_order(earlier, survey)
        surveys.insert(0, replace(survey, baseline=earlier, codebook=(earlier or survey).codebook))
    about = read_report().claims_wave
    if about and about != surveys[-1].wave:
        surveys.append(opened.get(about) or open_wave(about))
    judged = (judge_all,) if paths.claims().is_file() else ()
    for work_out in (changes_of, find_all_gaps, tabulate_survey, *judged):
        work_out(surveys[0])
    return pickle.dumps(surveys)


def lay_out(wave: str, baseline: str, stage: Path) -> None:
    """Put beside the executed chapters of an edition all that a book needs."""
    survey = open_wave(wave, baseline=baseline)
    write_extras(survey, stage, merge_explored([explorer_data(survey), *explore_others(wave)]))
    complete_book(survey, stage)


def make_extras(wave: str, baseline: str) -> dict[str, bytes]:
    """Return the files of a book that no chapter is needed for, by name: what readers take away, and the explorer's.

    That knows no other waves.
    """
    survey = open_wave(wave, baseline=baseline)
    with tempfile.TemporaryDirectory(dir=find_temporary()) as folder:
        write_extras(survey, Path(folder), explorer_data(survey))
        return {name: Path(folder, name).read_bytes() for name in list_files(Path(folder))}


def complete_book(survey: Survey, stage: Path) -> None:
    """Put what else a book needs beside its chapters and extras: settings, contents, references, news, its name."""
    copied = {name: paths.root() / name for name in (paths.CONFIG_FILE, paths.CONTENTS_FILE)}
    copied |= {paths.shown(path): path for path in paths.pages()}
    copied |= {
        "data/references.bib": paths.data() / "references.bib",
        paths.ISSUED_FILE: paths.certificate(survey.wave, name_baselines(survey)),
    }
    for name, path in copied.items():
        if path.is_file():
            (stage / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(path, stage / name)
    write_news(survey, stage, stage / paths.EXTRAS_FOLDER)
    (stage / paths.EDITION_FILE).write_text(json.dumps(describe_edition(survey), indent=1), encoding="utf-8")


@cache
def commit_time() -> str | None:
    """Return the time of the commit that is checked out, for outputs that carry a date; None without one, or git."""
    command = ["git", "log", "-1", "--format=%ct"]
    with contextlib.suppress(FileNotFoundError, subprocess.CalledProcessError):
        return subprocess.run(command, cwd=paths.root(), capture_output=True, text=True, check=True).stdout.strip()
    return None


def make_pages(wave: str, baseline: str, address: str, files: Mapping[str, bytes]) -> bytes:
    """Return the finished pages of an edition, and what belongs to them, as an archive that tells of itself.

    Parameters
    ----------
    wave, baseline : str
        The edition.
    address : str
        Where it will stand; empty where nobody knows.
    files : mapping
        The executed notebooks and the files of `make_extras`, by name.
    """
    survey = open_wave(wave, baseline=baseline)
    if address:
        os.environ[ADDRESS_VARIABLE] = address
    with tempfile.TemporaryDirectory(dir=find_temporary()) as folder:
        stage = Path(folder)
        for name, content in files.items():
            write_whole(stage / name, content)
        complete_book(survey, stage)
        (stage / paths.SEVERAL_MARK).write_text("{}")  # so that there are the pages that only a site of several shows
        site = build_book(stage)
        explored = json.loads((stage / paths.EXTRAS_FOLDER / "explorer.json").read_text(encoding="utf-8"))
        packed = io.BytesIO()
        with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED, compresslevel=1, strict_timestamps=False) as archive:
            for name in list_files(site):
                if not name.startswith(f"{ANSWERS}/"):  # written beside the explorer of the site that this becomes
                    archive.write(site / name, name)
            archive.writestr(
                RECORD, json.dumps({"told": describe_edition(survey), "explored": explored}, ensure_ascii=False)
            )
        return packed.getvalue()


def draw_charts(notebooks: Sequence[bytes]) -> None:
    """Draw the charts of executed notebooks and keep them, while the pages are made that show them.

    Those come first that are needed last, so that what makes the pages seldom has to draw one itself.
    """
    from surveybook.book.sphinx_ext import pictures

    drawings = paths.build() / paths.DRAWN_FOLDER
    pictures.make_bundle(drawings)
    charts = [shown.content for one in notebooks for shown in walk_shown(json.loads(one)) if shown.kind == "chart"]
    for spec in reversed(charts):
        pictures.draw_picture(spec, drawings)
        pictures.draw_picture(pictures.widen(spec), drawings)


def build_pages(
    stage: Path, *, strict: bool = True, builder: str = "html", environment: Mapping[str, str] | None = None
) -> Path:
    """Build the pages of a laid-out book in a process of its own, and return their folder; as `build_book` does."""
    site: Path = call_apart(build_book, stage, strict, builder, environment=environment)
    return site


def build_book(stage: Path, strict: bool = True, builder: str = "html") -> Path:
    """Build a laid-out book as the command ``jupyter-book build`` does, and return the folder of its pages.

    Parameters
    ----------
    stage : Path
        The book.
    strict : bool
        Whether warnings are errors.
    builder : str
        Sphinx's builder: ``html`` for a site, ``singlehtml`` for one page.

    Raises
    ------
    SurveybookError
        When the build fails, with all that Sphinx said of it.
    OSError
        When the system refused something, a full disk above all.
    """
    from jupyter_book.cli.main import main

    charts = stage / paths.DRAWINGS_FOLDER
    if not charts.exists():
        (paths.build() / paths.DRAWN_FOLDER).mkdir(parents=True, exist_ok=True)
        charts.symlink_to(paths.build() / paths.DRAWN_FOLDER, target_is_directory=True)
    if moment := os.environ.get("SOURCE_DATE_EPOCH") or commit_time():
        os.environ["SOURCE_DATE_EPOCH"] = moment
    chosen = () if builder == "html" else ("--builder", "custom", "--custom-builder", builder)
    output, failed = io.StringIO(), ""
    with contextlib.redirect_stdout(output), contextlib.redirect_stderr(output):
        try:
            main(["build", str(stage), *chosen, *(STRICT if strict else ())], standalone_mode=False)
        except SystemExit as end:
            failed = "failed" if end.code else ""
        except Exception as error:
            if isinstance(error, OSError):
                raise
            failed = f"{type(error).__name__}: {error}"
    if not failed:
        return stage / "_build" / builder
    said = f"{output.getvalue()}\n{failed}"
    if (found := SYSTEM_ERROR.search(said)) and int(found[1]) in REMEDIES:
        raise OSError(int(found[1]), os.strerror(int(found[1])))
    raise SurveybookError("The pages could not be built:\n" + "\n".join(find_telling_lines(said, stage)))


def find_telling_lines(said: str, stage: Path) -> list[str]:
    """Return the lines of what Sphinx said that tell why a laid-out book could not be built, with what to do."""
    lines = [COLOUR.sub("", line).replace(f"{stage}/", "") for line in said.splitlines()]
    telling = [line for line in lines if any(word in line for word in ("WARNING", "ERROR", "Error:", "Exception"))]
    remedies = [[remedy for said, remedy in REMEDY_OF.items() if said in line] for line in telling]
    return [f"{line}{''.join(own)}" for line, own in zip(telling, remedies, strict=True)] or lines[-20:]
