"""From executed chapters to pages: laid out as a book, and built by Sphinx."""

import json
import os
import re
import shutil
import subprocess
from collections.abc import Container, Mapping, Sequence
from contextlib import nullcontext
from functools import cache
from pathlib import Path
from typing import Any

import yaml

from surveybook.book.calls import Calls, open_calls
from surveybook.book.files import REMEDIES, clear_partial
from surveybook.change import label_of
from surveybook.exhibits.extras import write_extras
from surveybook.model import paths
from surveybook.model.problems import SurveybookError
from surveybook.model.report import read_report
from surveybook.model.survey import Survey
from surveybook.model.wording import listing
from surveybook.words.findings import people

EDITION_FILE, CERTIFICATE = Path("_build/edition.json"), Path("_build/certificate.json")
COLOUR = re.compile(r"\x1b\[[0-9;]*m")
SYSTEM_ERROR = re.compile(r"\[Errno (\d+)\]")
STRICT = ("-W", "--keep-going", "-n")


def describe(survey: Survey) -> dict[str, Any]:
    """Return what each page says of its edition: name, wave, fieldwork, licence, and whether the data are made up."""
    months = dict.fromkeys(entry["fieldwork"] for entry in survey.metadata["populations"].values())
    label = str(survey.metadata.get("label", survey.wave))
    fieldwork = "; ".join(
        f"{people(survey, population)}, {entry['fieldwork']}"
        for population, entry in survey.metadata["populations"].items()
    )
    against = f", compared with {label_of(survey.baseline)}" if survey.baseline else ""
    return {
        "name": f"{label} edition{against}",
        "wave": survey.wave,
        "licence": read_report().licence_name,
        "fieldwork": fieldwork if len(months) > 1 else listing(months),
        "synthetic": bool(survey.metadata.get("synthetic")),
    }


def lay_out(
    survey: Survey, stage: Path, chapters: Sequence[Path] | None = None, surveys: Sequence[Survey] | None = None
) -> None:
    """Put beside the executed chapters what a book needs: settings, contents, references, the edition's name.

    With `chapters`, the contents list no other notebooks; with `surveys`, the explorer holds no other waves.
    """
    for file in (paths.config(), paths.contents(), *paths.pages()):
        (stage / file.relative_to(paths.root())).parent.mkdir(exist_ok=True)
        shutil.copy2(file, stage / file.relative_to(paths.root()))
    if chapters is not None:
        kept = {path.relative_to(paths.root()).with_suffix("").as_posix() for path in [*chapters, *paths.pages()]}
        (stage / paths.contents().name).write_text(contents_of(kept), encoding="utf-8")
    (stage / "data").mkdir(exist_ok=True)
    if (references := paths.data() / "references.bib").is_file():
        shutil.copy2(references, stage / "data/references.bib")
    (stage / EDITION_FILE).parent.mkdir(exist_ok=True)
    (stage / EDITION_FILE).write_text(json.dumps(describe(survey), indent=1), encoding="utf-8")
    write_extras(survey, stage, surveys)
    certificate = paths.certificate(survey.wave, baseline_of(survey))
    if certificate.is_file():
        shutil.copy2(certificate, stage / CERTIFICATE)


def baseline_of(survey: Survey) -> str:
    """Return the waves that a wave is compared with, the earliest first, as an edition is asked for."""
    if survey.baseline is None:
        return ""
    return ",".join(filter(None, (baseline_of(survey.baseline), survey.baseline.wave)))


def contents_of(kept: Container[str]) -> str:
    """Return the table of contents with those pages alone that are kept; a part without any is left out."""
    contents = yaml.safe_load(paths.contents().read_text(encoding="utf-8"))
    for part in contents["parts"]:
        part["chapters"] = [chapter for chapter in part["chapters"] if chapter["file"] in kept]
    contents["parts"] = [part for part in contents["parts"] if part["chapters"]]
    return yaml.safe_dump(contents, sort_keys=False, allow_unicode=True)


@cache
def commit_time() -> str | None:
    """Return the time of the commit that is checked out, for outputs that carry a date."""
    found = subprocess.run(
        ["git", "log", "-1", "--format=%ct"], cwd=paths.root(), capture_output=True, text=True, check=False
    )
    return found.stdout.strip() or None if found.returncode == 0 else None


def build_pages(
    stage: Path, *, strict: bool = True, calls: Calls | None = None, environment: Mapping[str, str] | None = None
) -> Path:
    """Build the pages of a laid-out book and return their folder.

    Parameters
    ----------
    stage : Path
        The book.
    strict : bool
        Whether warnings are errors.
    calls : Calls, optional
        Where it is built, when many are; otherwise in an interpreter of its own.
    environment : mapping, optional
        Variables that the build has on top of those of this process.

    Raises
    ------
    SurveybookError
        When the build fails; every warning is an error, and all of them are shown.
    """
    charts = stage / "_build/.charts"
    if not charts.exists():
        paths.charts_kept().mkdir(parents=True, exist_ok=True)
        charts.symlink_to(paths.charts_kept(), target_is_directory=True)
    clear_partial(paths.charts_kept())
    moment = os.environ.get("SOURCE_DATE_EPOCH") or commit_time()
    around = {**(environment or {}), **({"SOURCE_DATE_EPOCH": moment} if moment else {})}
    arguments = {"stage": str(stage), "strict": strict}
    with nullcontext(calls) if calls else open_calls(preload=False) as available:
        said = available.call("surveybook.book.making", "build_book", arguments, environment=around)
    if said is not None:
        if (found := SYSTEM_ERROR.search(said)) and int(found[1]) in REMEDIES:
            raise OSError(int(found[1]), os.strerror(int(found[1])))
        raise SurveybookError(pages_failed(said, stage))
    return stage / "_build/html"


def pages_failed(said: str, stage: Path) -> str:
    """Return what is told of pages that could not be built, from all that Sphinx said."""
    lines = [COLOUR.sub("", line).replace(f"{stage}/", "") for line in said.splitlines()]
    telling = [line for line in lines if any(word in line for word in ("WARNING", "ERROR", "Error:", "Exception"))]
    return "The pages could not be built:\n" + "\n".join(telling or lines[-20:])
