"""From executed chapters to a site: laid out beside the last one, built, and only then put in its place."""

import json
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Container, Sequence
from pathlib import Path
from typing import Any

import yaml

from whyict import paths
from whyict.change import label_of
from whyict.editions.chapters import execute_all
from whyict.editions.steps import Report, Step, unseen
from whyict.extras import write_extras
from whyict.findings import people
from whyict.problems import WhyICTError
from whyict.waves import Survey, open_wave
from whyict.wording import listing, sentence

EDITION_FILE = Path("_build/edition.json")
CHART_CACHE = paths.BUILD / ".charts"
COLOUR = re.compile(r"\x1b\[[0-9;]*m")
STRICT = ("-W", "--keep-going", "-n")


def describe(survey: Survey) -> dict[str, Any]:
    """Return what each page says of its edition: name, wave, fieldwork, licence, and whether the data are made up."""
    months = dict.fromkeys(entry["fieldwork"] for entry in survey.metadata["populations"].values())
    label = str(survey.metadata.get("label", survey.wave))
    fieldwork = "; ".join(
        f"{sentence(people(survey, population))}: {entry['fieldwork']}"
        for population, entry in survey.metadata["populations"].items()
    )
    against = f", compared with {label_of(survey.baseline)}" if survey.baseline else ""
    return {
        "name": f"{label} edition{against}",
        "wave": survey.wave,
        "licence": "CC BY 4.0",
        "fieldwork": fieldwork if len(months) > 1 else listing(months),
        "synthetic": bool(survey.metadata.get("synthetic")),
    }


def lay_out(survey: Survey, stage: Path, chapters: Sequence[Path] | None = None) -> None:
    """Put beside the executed chapters what a book needs: settings, contents, references, the edition's name.

    With `chapters`, the contents list no other notebooks.
    """
    for file in (paths.CONFIG, paths.CONTENTS, *paths.pages()):
        (stage / file.relative_to(paths.ROOT)).parent.mkdir(exist_ok=True)
        shutil.copy2(file, stage / file.relative_to(paths.ROOT))
    if chapters is not None:
        kept = {path.relative_to(paths.ROOT).with_suffix("").as_posix() for path in [*chapters, *paths.pages()]}
        (stage / paths.CONTENTS.name).write_text(contents_of(kept), encoding="utf-8")
    (stage / "data").mkdir(exist_ok=True)
    shutil.copy2(paths.data() / "references.bib", stage / "data/references.bib")
    (stage / EDITION_FILE).parent.mkdir(exist_ok=True)
    (stage / EDITION_FILE).write_text(json.dumps(describe(survey), indent=1), encoding="utf-8")
    write_extras(survey, stage)


def contents_of(kept: Container[str]) -> str:
    """Return the table of contents with those pages alone that are kept; a part without any is left out."""
    contents = yaml.safe_load(paths.CONTENTS.read_text(encoding="utf-8"))
    for part in contents["parts"]:
        part["chapters"] = [chapter for chapter in part["chapters"] if chapter["file"] in kept]
    contents["parts"] = [part for part in contents["parts"] if part["chapters"]]
    return yaml.safe_dump(contents, sort_keys=False, allow_unicode=True)


def commit_time() -> str | None:
    """Return the time of the commit that is checked out, for outputs that carry a date."""
    found = subprocess.run(
        ["git", "log", "-1", "--format=%ct"], cwd=paths.ROOT, capture_output=True, text=True, check=False
    )
    return found.stdout.strip() or None if found.returncode == 0 else None


def build_pages(stage: Path, *, strict: bool = True) -> Path:
    """Build the pages of a laid-out book and return their folder.

    Raises
    ------
    WhyICTError
        When the build fails; every warning is an error, and all of them are shown.
    """
    environment = {**os.environ}
    if "SOURCE_DATE_EPOCH" not in environment and (moment := commit_time()):
        environment["SOURCE_DATE_EPOCH"] = moment
    charts = stage / "_build/.charts"
    if not charts.exists():
        CHART_CACHE.mkdir(parents=True, exist_ok=True)
        charts.symlink_to(CHART_CACHE, target_is_directory=True)
    command = [str(Path(sys.executable).with_name("jupyter-book")), "build", str(stage), *(STRICT if strict else ())]
    run = subprocess.run(command, cwd=paths.ROOT, env=environment, capture_output=True, text=True, check=False)
    if run.returncode:
        lines = [COLOUR.sub("", line).replace(f"{stage}/", "") for line in (run.stdout + run.stderr).splitlines()]
        said = [line for line in lines if any(word in line for word in ("WARNING", "ERROR", "Error:", "Exception"))]
        raise WhyICTError("The pages could not be built:\n" + "\n".join(said or lines[-20:]))
    return stage / "_build/html"


def swap(built: Path, destination: Path) -> None:
    """Put a finished site in the place of the last one, so that no half of one is ever seen."""
    destination.parent.mkdir(parents=True, exist_ok=True)
    old = destination.with_name(f".{destination.name}.old")
    shutil.rmtree(old, ignore_errors=True)
    if destination.exists():
        destination.rename(old)
    built.rename(destination)
    shutil.rmtree(old, ignore_errors=True)


def build_edition(
    wave: str,
    destination: Path | None = None,
    *,
    baseline: str = "",
    chapters: Sequence[Path] | None = None,
    jobs: int | None = None,
    report: Report = unseen,
) -> Path:
    """Make the whole edition of one wave: check, execute, build, swap in.

    Parameters
    ----------
    wave, baseline : str
        The wave, and an earlier one to compare it with; several with commas between them make a series.
    chapters : sequence of Path, optional
        The notebooks to execute and build, the landing page always among them; all of them otherwise.
    destination : Path, optional
        Where the site goes; ``_build/editions/<wave>/html`` otherwise.
    jobs : int, optional
        How many chapters run at once.
    report : callable
        Called with a `Step` whenever a part of the edition has come further: data, a chapter, pages.

    Returns
    -------
    Path
        The folder of the site.

    Raises
    ------
    WhyICTError
        When the data, a chapter or the pages fail; the last good site stays where it was.
    """
    report(Step(wave, "data", 0, 1))
    survey = open_wave(wave, baseline=baseline)
    chosen = None if chapters is None else list(dict.fromkeys([paths.LANDING_PAGE, *chapters]))
    report(Step(wave, "data", 1, 1))
    home = paths.BUILD / "editions" / survey.wave
    stage = home / f"stage-{os.getpid()}"
    shutil.rmtree(stage, ignore_errors=True)
    stage.mkdir(parents=True)
    try:
        failures = execute_all(survey.wave, stage, baseline=baseline, chapters=chosen, jobs=jobs, report=report)
        if failures:
            raise WhyICTError(_failed(failures, len(paths.chapters() if chosen is None else chosen)))
        report(Step(wave, "pages", 0, 1))
        lay_out(survey, stage, chosen)
        destination = destination or home / "html"
        # Chapters refer to each other, so that a part of the book has references that lead nowhere.
        swap(build_pages(stage, strict=chosen is None), destination)
        report(Step(wave, "pages", 1, 1))
    finally:
        shutil.rmtree(stage, ignore_errors=True)
    return destination


def _failed(failures: Sequence[str], chapters: int) -> str:
    """Return what is said of chapters that failed: which cell of each, and why, and what became of the rest."""
    listed = "\n".join("  " + line.replace("\n", "\n    ") for line in failures)
    rest = f"The other {chapters - len(failures)} did. " if chapters > len(failures) else ""
    return f"These chapters did not run through:\n{listed}\n{rest}The last good edition stays as it was."
