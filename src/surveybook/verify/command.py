"""The whole verification of an edition, in order, and as a person runs it: progress, summary, certificate."""

import shutil
import time
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.markup import escape
from rich.table import Column, Table

from surveybook.book.plans import choose_baseline, waves_behind
from surveybook.book.running import ChapterRun, execute_chapters
from surveybook.model import paths
from surveybook.model.files import fill_beside, hash_file, hash_object, write_json, write_whole
from surveybook.model.report import read_report
from surveybook.verify import certificate as certificates
from surveybook.verify import chapters, downloads, lock, pages, record, sites
from surveybook.verify.data import check_data
from surveybook.verify.recomputation import RECOMPUTED, TRACED, DataFigures
from surveybook.verify.record import Check, make_check
from surveybook.waves import find_wave, open_wave
from surveybook.words.asked import describe_edition, list_unasked_chapters

LIMITS: list[str] = record.LISTS["limits"]  # what no run of this program can check
HEADS = ("", "Checked", "How much", "By")


@dataclass
class Outcome:
    """What a verification found.

    Attributes
    ----------
    checks : list of Check
        Everything that was checked, in order.
    book : Book or None
        The book that was executed and built; None where it could not be.
    certificate : dict or None
        The certificate; None where there is no book.
    """

    checks: list[Check] = field(default_factory=list)
    book: sites.Book | None = None
    certificate: dict[str, Any] | None = None


def verify_edition(wave: str, baseline: str = "", *, step: Callable[[str], None] = lambda _: None) -> Outcome:
    """Execute, build and check an edition from nothing, and return what was found with its certificate.

    Parameters
    ----------
    wave, baseline : str
        The edition.
    step : callable
        Called with the name of each step as it begins.
    """
    began, clock, outcome = datetime.now(UTC), time.monotonic(), Outcome()
    home = paths.build() / "verify" / paths.name_edition(wave, baseline)
    shutil.rmtree(home, ignore_errors=True)
    stage = home / "book"
    stage.mkdir(parents=True)
    step("packages and data")
    outcome.checks += [lock.check_environment(paths.root()), *check_data(wave, baseline)]
    if any(done.faults for done in outcome.checks if done.name == f"Wave {wave}"):
        left = "Chapters, pages and downloads: the data can't be opened, so that nothing could be executed."
        outcome.checks.append(make_check("execution", "Chapters executed anew", "papermill", [left]))
        return outcome
    step("chapters")
    parameters = {"wave": wave, "baseline": baseline}
    unasked = list_unasked_chapters(open_wave(wave, baseline))
    sources = [
        path for path in paths.chapters(change=read_report().is_compared(wave, baseline)) if path.stem not in unasked
    ]
    runs = execute_chapters(sources, stage, parameters, report=lambda source: step(source.stem))
    step("prose and pages")
    expected = chapters.read_expected(stage, [run.result for run in runs if not run.fault])
    outcome.checks += [
        chapters.check_execution(runs),
        chapters.check_outputs(runs, wave, baseline),
        chapters.check_prose(),
        chapters.check_chart_rules(expected),
    ]
    is_through, built = not any(run.fault for run in runs), stage / sites.PAGES
    if is_through:
        outcome.checks.append(sites.build_site(wave, baseline, stage))
    if not (is_through and outcome.checks[-1].passed):
        left = "Pages and downloads: not every chapter ran through, or the pages could not be built."
        outcome.checks.append(make_check("site", "Figures on the pages", "Jupyter Book", [left]))
        return outcome
    step("figures on the pages")
    known = DataFigures(waves_behind(wave, baseline))
    outcome.book = sites.Book(wave, baseline, stage, built, expected, known)
    hashes = sites.hash_portable(built)
    found = pages.read_pages(built, expected, known, pages.list_pages(hashes))
    outcome.checks += [
        pages.check_pages("Figures on the pages", found, expected),
        downloads.check_downloads(built, expected),
        pages.check_embeds(built, expected, known),
        downloads.check_programs(built, wave),
        downloads.check_archive(built),
        downloads.check_claims_file(built, expected, wave),
        downloads.check_explorer(built),
        downloads.check_tables(built, wave),
        downloads.check_changes(built, wave, baseline),
    ]
    content = describe_content(outcome, outcome.book, runs, found, hashes)
    machine = lock.describe_machine(paths.root())
    machine["checks"] = [certificates.record_check(one) for one in outcome.checks if one.local]
    times = {
        "began": began.isoformat(timespec="seconds"),
        "seconds": round(time.monotonic() - clock, 1),
        "chapters": {run.document: round(run.seconds, 2) for run in runs},
    }
    outcome.certificate = certificates.make_certificate(content, machine, times)
    write_whole(home / "certificate.json", write_json(outcome.certificate))
    return outcome


def describe_content(
    outcome: Outcome, book: sites.Book, runs: Sequence[ChapterRun], found: Mapping[str, Check], hashes: dict[str, str]
) -> dict[str, Any]:
    """Return what a certificate says that any machine would say."""
    lasting = [one for one in outcome.checks if not one.local]
    described = describe_edition(open_wave(book.wave, baseline=book.baseline))
    edition = {"wave": book.wave, "baseline": book.baseline, "name": described["name"]}
    return {
        "edition": {**edition, "synthetic": described["synthetic"]},
        "result": "passed" if all(one.passed for one in lasting) else "failed",
        **certificates.hash_edition_files(),
        "site": {"sha256": hash_object(hashes), "files": hashes},
        "checks": [certificates.record_check(one) for one in lasting],
        "not_checked": [*record.list_unchecked(lasting), *LIMITS],
        "chapters": [describe_chapter(run, book, found[f"{run.document}.html"], lasting) for run in runs],
    }


def describe_chapter(run: ChapterRun, book: sites.Book, page: Check, lasting: Sequence[Check]) -> dict[str, Any]:
    """Return what a certificate says of one chapter."""
    cells, source = run.cells, paths.shown(run.source)
    was_compared = chapters.is_stored(run.source, book.wave, book.baseline)
    expected = book.expected[run.document]
    claims = [entry for shown in expected.tables.values() for entry in shown.content.get("entries", ())]
    is_broken = any(run.document == one.chapter or source == one.file for done in lasting for one in done.faults)
    return {
        "chapter": run.document,
        "source": source,
        "sha256": hash_file(run.result),
        "cells_executed": sum(cell["cell_type"] == "code" for cell in cells),
        "cells_compared": len(cells) if was_compared else 0,
        "outputs_compared": sum(len(cell.get("outputs", [])) for cell in cells) if was_compared else 0,
        "figures": len(expected.figures),
        "numbers_recomputed": page.counts[RECOMPUTED],
        "numbers_traced": page.counts[TRACED],
        "claims": dict(sorted(Counter(entry["verdict"] for entry in claims).items())),
        "result": "failed" if is_broken else "passed",
    }


def run_verification(console: Console, wave: str, baseline: str = "", *, site: str = "", issue: bool = False) -> int:
    """Verify an edition, tell what was found, and return the exit status.

    Parameters
    ----------
    console : Console
        Where it is told.
    wave, baseline : str
        The edition.
    site : str
        A copy to check too: a folder or an address.
    issue : bool
        Whether to put the certificate in the place of the committed one.
    """
    wave = find_wave(wave).name
    baseline = choose_baseline(wave, baseline)
    with console.status("Verifying") as shown:
        # Where no status can be shown, nobody would see for minutes that anything is done.
        tell = shown.update if console.is_terminal else Console(stderr=True).print
        outcome = verify_edition(wave, baseline, step=lambda name: tell(f"Verifying: {name}"))
        if outcome.certificate and not issue:
            outcome.checks += certificates.check_against_issued(outcome.certificate)
        if outcome.book:
            tell("Verifying: copies of the site")
            outcome.checks += sites.check_copies(outcome.book, site)
    print_outcome(console, outcome, paths.build() / "verify" / paths.name_edition(wave, baseline) / "certificate.json")
    status = record.find_exit_status(one for one in outcome.checks if not issue or not one.local)
    if issue and outcome.certificate and not status:
        for path in certificates.issue_certificate(outcome.certificate):
            console.print(f"Issued: {paths.shown(path)}")
    elif issue:
        console.print("No certificate was issued: what is wrong has to be mended first.")
        return status or 1
    return status


def print_outcome(console: Console, outcome: Outcome, written: Path) -> None:
    """Print what was checked, by what, how it went; then what is wrong, its cause first; then what was left out."""
    if outcome.certificate:
        edition = outcome.certificate["content"]["edition"]
        console.print(f"[bold]{edition['name']}[/bold]{', made-up data' if edition['synthetic'] else ''}\n")
    table = Table(*[Column(name, overflow="fold") for name in HEADS], box=None, pad_edge=False, show_edge=False)
    for one in outcome.checks:
        saw = "[green]right[/green]" if one.counts else "[yellow]none[/yellow]"
        counts = record.write_counts(one.counts) or "nothing"
        table.add_row(saw if one.passed else "[red]WRONG[/red]", one.name, counts, one.by)
    console.print(table)
    told = fill_beside(
        __file__,
        "outcome.txt.jinja",
        {"plain": escape},
        checks=outcome.checks,
        broken=record.order_by_cause(outcome.checks),
        left_out=[*record.list_unchecked(outcome.checks), *LIMITS],
        status=record.find_exit_status(outcome.checks),
        written=paths.shown(written) if outcome.certificate else "",
    )
    console.print(told, end="")
