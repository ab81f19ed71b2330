"""The whole verification of an edition, in order, and the certificate of it."""

import shutil
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from surveybook.book.site import describe
from surveybook.model import paths
from surveybook.model.problems import SurveybookError
from surveybook.verify import certificate as certificates
from surveybook.verify.data import check_data
from surveybook.verify.downloads import check_downloads, check_explorer, check_search, check_workbook
from surveybook.verify.drawings import check_drawings
from surveybook.verify.environment import check_environment, describe_machine
from surveybook.verify.executing import Run, check_execution, code_cells, run_chapters
from surveybook.verify.expected import Expected, read_expected
from surveybook.verify.hashing import hash_file, hash_tree
from surveybook.verify.numbers import EXECUTED, RECOMPUTED
from surveybook.verify.record import Check, check, skipped
from surveybook.verify.sites import site_hashes
from surveybook.verify.stages import SiteFound, build_site, check_outputs, check_prose, is_stored, read_site, truths_of
from surveybook.waves import open_wave

# What no run of this program can check.
LIMITS = (
    "This program itself, which is part of the project that it checks: its files are in the certificate, and another "
    "copy of the project can be run against this one's (`--against`).",
    "Who changed the project: whoever changes it and issues everything anew, hashes and certificate too, leaves one "
    "that agrees with itself. `make changes BASE=…` lists the figures that changed since a commit that you trust.",
    "Words on the pages that no cell computed and that hold no number: Jupyter Book made them of the chapters.",
    "The tests, and what is told about the project in README.md: no edition is made from them.",
)
# Outputs are rounded before they are stored, so that there is nothing left for machines to differ in.
TOLERANCE = 0.0


@dataclass
class Outcome:
    """What a verification found.

    Attributes
    ----------
    wave, baseline : str
        The edition.
    folder : Path
        Where its executed chapters, its pages and its certificate are.
    checks : list of Check
        Everything that was checked, in order.
    certificate : dict or None
        The certificate; None where the chapters could not be executed or built.
    """

    wave: str
    baseline: str
    folder: Path
    checks: list[Check] = field(default_factory=list)
    certificate: dict[str, Any] | None = None
    expected: dict[str, Expected] = field(default_factory=dict)
    site: Path | None = None


Step = Callable[[str], None]


def verify(
    wave: str, baseline: str = "", *, tolerance: float = TOLERANCE, jobs: int | None = None, step: Step = lambda _: None
) -> Outcome:
    """Execute, build and check an edition from nothing, and return what was found with its certificate.

    Parameters
    ----------
    wave, baseline : str
        The edition.
    tolerance : float
        By how much numbers in stored charts and tables may differ from those executed now.
    jobs : int, optional
        How many chapters run at once.
    step : callable
        Called with the name of each step as it begins.
    """
    began, clock = datetime.now(UTC), time.monotonic()
    outcome = Outcome(wave, baseline, paths.verification(wave, baseline))
    shutil.rmtree(outcome.folder, ignore_errors=True)
    stage = outcome.folder / "book"
    stage.mkdir(parents=True)
    step("packages")
    outcome.checks.append(check_environment())
    step("data")
    outcome.checks += check_data(wave, baseline)
    try:
        open_wave(wave, baseline=baseline)
    except SurveybookError:
        left = "Chapters, pages and downloads: the data can't be opened, so that nothing could be executed."
        outcome.checks.append(check("execution", "Chapters executed anew", "papermill", {}, (), [left]))
        return outcome
    step("chapters")
    runs = run_chapters(wave, baseline, stage, jobs=jobs, done=step)
    outcome.checks += [check_execution(runs), check_outputs(runs, wave, baseline, tolerance)]
    step("prose")
    outcome.checks.append(check_prose())
    if any(run.fault for run in runs):
        left = "Pages and downloads: not every chapter ran through, so that no page was built."
        outcome.checks.append(check("site", "Pages built", "Jupyter Book", {}, (), [left]))
        return outcome
    found = check_site(outcome, stage, step)
    if outcome.site and found:
        content = content_of(outcome, runs, found, tolerance)
        machine = {**describe_machine(), "checks": [certificates.recorded(one) for one in outcome.checks if one.local]}
        times = {
            "began": began.isoformat(timespec="seconds"),
            "seconds": round(time.monotonic() - clock, 1),
            "chapters": {document_of(run.source): round(run.seconds, 2) for run in runs},
        }
        outcome.certificate = certificates.assemble(content, machine, times)
        (outcome.folder / "certificate.json").write_text(certificates.written(outcome.certificate), encoding="utf-8")
    return outcome


def check_site(outcome: Outcome, stage: Path, step: Step) -> SiteFound | None:
    """Build the pages and hold them, and what they offer, against the chapters and the data."""
    step("pages")
    outcome.site, built = build_site(outcome.wave, outcome.baseline, stage)
    outcome.checks.append(built)
    if outcome.site is None:
        return None
    notebooks = [stage / path.relative_to(paths.root()) for path in paths.chapters()]
    outcome.expected = read_expected(stage, notebooks)
    step("figures and pictures on the pages")
    truths = truths_of(outcome.wave, outcome.baseline)
    found = read_site(outcome.site, outcome.expected, truths)
    outcome.checks += [
        found.check("Figures on the pages"),
        check_drawings(outcome.site, outcome.expected),
        check_downloads(outcome.site, outcome.expected),
        check_workbook(outcome.site, truths, outcome.wave),
        check_explorer(outcome.site),
        check_search(outcome.site),
    ]
    return found


def not_checked(checks: Sequence[Check]) -> list[str]:
    """Return what the checks left out, and what none of them can see."""
    return [*skipped(checks), *LIMITS]


def document_of(source: Path) -> str:
    """Return the document that a notebook or page of the book is: ``chapters/02-quality``."""
    return source.relative_to(paths.root()).with_suffix("").as_posix()


def content_of(outcome: Outcome, runs: Sequence[Run], found: SiteFound, tolerance: float) -> dict[str, Any]:
    """Return what a certificate says that any machine would say."""
    lasting = [one for one in outcome.checks if not one.local]
    described = describe(open_wave(outcome.wave, baseline=outcome.baseline))
    files = certificates.inputs()
    site = site_hashes(outcome.site) if outcome.site else {}
    chapters = [entry_of(run, outcome, found, files, site) for run in runs]
    passed = all(one.passed for one in lasting)
    return {
        "edition": {
            "name": described["name"],
            "wave": outcome.wave,
            "baseline": outcome.baseline,
            "synthetic": described["synthetic"],
        },
        "result": "passed" if passed else "failed",
        "tolerance": {"structure and text": 0, "numbers": tolerance},
        **files,
        "site": {"sha256": hash_tree(site), "files": site},
        "checks": [certificates.recorded(one) for one in lasting],
        "not_checked": not_checked(lasting),
        "chapters": chapters,
    }


def entry_of(
    run: Run, outcome: Outcome, found: SiteFound, files: dict[str, Any], site: dict[str, str]
) -> dict[str, Any]:
    """Return what a certificate says of one chapter."""
    import json

    chapter, notebook = document_of(run.source), json.loads(run.result.read_text(encoding="utf-8"))
    page = found.pages[f"{chapter}.html"]
    outputs = sum(len(cell.get("outputs", [])) for cell in notebook["cells"])
    was_compared = is_stored(run.source, outcome.wave, outcome.baseline)
    wrong = any(
        fault.chapter in (chapter, run.source.stem) or fault.file == paths.shown(run.source)
        for one in outcome.checks
        for fault in one.faults
        if not one.local
    )
    hashes = files["data"]["files"]
    return {
        "chapter": chapter,
        "source": paths.shown(run.source),
        "sha256": hash_file(run.result),
        "page": {"file": f"{chapter}.html", "sha256": site.get(f"{chapter}.html", "")},
        "inputs": {name: hashes[name] for name in run.inputs if name in hashes},
        "cells": certificates.cell_hashes(notebook),
        "cells_executed": code_cells(run.result),
        "cells_compared": len(notebook["cells"]) if was_compared else 0,
        "outputs_compared": outputs if was_compared else 0,
        "figures": len(page.figures),
        "numbers_recomputed": page.counts[RECOMPUTED],
        "numbers_traced": page.counts[EXECUTED],
        "claims": certificates.claims_by_verdict(outcome.expected[chapter]),
        "result": "failed" if wrong else "passed",
    }
