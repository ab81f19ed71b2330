"""What stands between a chapter and its page: outputs compared, prose linted, pages built and read."""

import json
import shutil
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from surveybook.book.chapters import read_parameters
from surveybook.book.comparing import compare_files
from surveybook.book.plans import waves_behind
from surveybook.book.site import CERTIFICATE, build_pages, lay_out
from surveybook.model import paths
from surveybook.model.problems import SurveybookError
from surveybook.verify.executing import Run
from surveybook.verify.expected import Expected
from surveybook.verify.numbers import EXECUTED, RECOMPUTED
from surveybook.verify.pages import PageFound, check_page
from surveybook.verify.record import Check, Fault, check
from surveybook.verify.sites import LARGEST_FILE, files_of
from surveybook.verify.truth import Truths
from surveybook.waves import open_wave


def is_stored(source: Path, wave: str, baseline: str) -> bool:
    """Return whether a chapter is committed executed for this wave and baseline."""
    stored = read_parameters(source)
    return (str(stored.get("wave")), str(stored.get("baseline"))) == (wave, baseline)


def check_outputs(runs: Sequence[Run], wave: str, baseline: str, tolerance: float) -> Check:
    """Compare every cell of each chapter, as executed now, with the one that is committed."""
    counts: Counter[str] = Counter()
    faults: list[Fault] = []
    others = [run for run in runs if not run.fault and not is_stored(run.source, wave, baseline)]
    for run in runs:
        if run.fault or run in others:
            continue
        cells = json.loads(run.result.read_text(encoding="utf-8"))["cells"]
        counts["cells"] += len(cells)
        counts["outputs"] += sum(len(cell.get("outputs", [])) for cell in cells)
        for change in compare_files(run.source, run.result, tolerance):
            said = f"cell {change.cell}, {change.output}: '{change.before}' is now '{change.after}'"
            faults.append(Fault(said, change.chapter, run.source.stem, change.figures))
    named = ", ".join(run.source.stem for run in others)
    said = f"The outputs of {len(others)} chapters: those of another edition are committed ({named})."
    skipped = [said] if others else []
    by = f"the committed outputs: text and structure exactly, numbers within {tolerance:g}"
    return check("comparison", "Outputs compared", by, counts, faults, skipped)


def check_prose() -> Check:
    """Let the linter look for numbers and directions in the prose that no data stand behind."""
    from surveybook.verify.linting import lint

    try:
        findings = lint()
    except SurveybookError as error:
        return check("comparison", "Prose", "the linter", {}, [Fault(str(error))])
    faults = [
        Fault(str(one).partition(": ")[2], f"{one.file}, cell {one.cell}, line {one.line}", one.chapter)
        for one in findings
    ]
    count = len(paths.chapters()) + len(paths.pages())
    return check("comparison", "Prose", "the linter: no loose number or direction", {"files": count}, faults)


def build_site(wave: str, baseline: str, stage: Path, address: str = "", pdf: str = "") -> tuple[Path | None, Check]:
    """Build the pages of executed chapters without a certificate, from nothing that an earlier build left.

    Parameters
    ----------
    wave, baseline : str
        The edition.
    stage : Path
        The folder with the executed chapters.
    address : str
        Where the site is published; empty for one that doesn't know.
    pdf : str
        The PDF that the site offers; empty for one that has none.

    Returns
    -------
    site : Path or None
        Its folder; None where it can't be built.
    check : Check
        How that went.
    """
    lay_out(open_wave(wave, baseline=baseline), stage)
    (stage / CERTIFICATE).unlink(missing_ok=True)
    shutil.rmtree(stage / "_build/html", ignore_errors=True)
    # Without this, drawings of earlier builds would be taken.
    (stage / "_build/.charts").mkdir(parents=True, exist_ok=True)
    try:
        # What a publisher sets would be in the pages, and another machine wouldn't find the same.
        site = build_pages(stage, environment={"SURVEYBOOK_BASEURL": address, "SURVEYBOOK_PDF": pdf})
    except SurveybookError as error:
        return None, check("site", "Pages built", "Jupyter Book, warnings as errors", {}, [Fault(str(error))])
    count = sum(1 for _ in site.rglob("*.html"))
    return site, check("site", "Pages built", "Jupyter Book, warnings as errors", {"pages": count})


@dataclass(frozen=True)
class SiteFound:
    """What the pages of a site were found to hold, by file."""

    pages: Mapping[str, PageFound]

    def check(self, name: str) -> Check:
        """Return it as a check."""
        counts = sum((found.counts for found in self.pages.values()), Counter())
        figures = frozenset(figure for found in self.pages.values() for figure in found.figures)
        ordered = {
            key: counts[key] for key in ("pages", "glued texts", "cards", "charts", "tables", RECOMPUTED, EXECUTED)
        }
        faults = [fault for found in self.pages.values() for fault in found.faults]
        by = "each page parsed, against its executed chapter and the data files"
        return check("site", name, by, {**ordered, "survey figures": len(figures)}, faults)


def read_site(
    site: Path, expected: Mapping[str, Expected], truths: Truths, files: Iterable[str] | None = None
) -> SiteFound:
    """Return what the pages of a site hold, or those among some files, each held against its chapter and the data."""
    names = [name for name in (files_of(site) if files is None else files) if name.endswith(".html")]
    return SiteFound(
        {
            name: check_page(name, read_page(site / name), expected.get(name.removesuffix(".html")), truths)
            for name in names
        }
    )


def read_page(path: Path) -> str:
    """Return a page as a browser would read it; nothing of one that is far too large or can't be read."""
    try:
        return path.read_text(encoding="utf-8", errors="replace") if path.stat().st_size <= LARGEST_FILE else ""
    except OSError:
        return ""


def truths_of(wave: str, baseline: str) -> Truths:
    """Return the figures that an edition may show: of its wave, those it is compared with, and the report's."""
    return Truths(waves_behind(wave, baseline))
