"""The verification as a person runs it: with progress, a summary, and the files that it leaves."""

import shutil
from collections.abc import Iterator
from pathlib import Path

from rich.console import Console
from rich.table import Table

from surveybook.book.plans import baseline_of
from surveybook.model import paths
from surveybook.verify import certificate as certificates
from surveybook.verify.codecheck import codecheck_text
from surveybook.verify.copies import check_copies
from surveybook.verify.junit import write_junit
from surveybook.verify.record import Check, counted, named, status
from surveybook.verify.running import Outcome, not_checked, verify
from surveybook.waves import find_wave


def run_verification(
    console: Console,
    wave: str,
    baseline: str = "",
    *,
    site: str = "",
    issue: bool = False,
    against: Path | None = None,
    junit: Path | None = None,
    tolerance: float = 0.0,
    jobs: int | None = None,
) -> int:
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
    against : Path, optional
        The certificate to compare with; the committed one otherwise.
    junit : Path, optional
        Where the result goes as JUnit XML.
    tolerance, jobs
        As for `verify`.
    """
    wave = find_wave(wave).name
    baseline = baseline_of(wave, baseline)
    with console.status("Verifying") as shown:
        outcome = verify(
            wave, baseline, tolerance=tolerance, jobs=jobs, step=lambda name: shown.update(f"Verifying: {name}")
        )
        shown.update("Verifying: copies of the site")
        outcome.checks += check_copies(outcome, site)
    if outcome.certificate and not issue:
        issued = against or paths.certificate(wave, baseline)
        outcome.checks.append(certificates.check_certificate(outcome.certificate, issued))
    tell(console, outcome)
    if junit:
        write_junit(junit, outcome.checks)
    result = status([one for one in outcome.checks if not issue or not one.local])
    if issue and outcome.certificate and not result:
        for path in put_in_place(outcome):
            console.print(f"Issued: {paths.shown(path)}")
    elif issue:
        console.print("No certificate was issued: what is wrong has to be mended first.")
        result = result or 1
    return result


def put_in_place(outcome: Outcome) -> Iterator[Path]:
    """Write the certificate where it is committed, and ``codecheck.yml`` for the edition that the chapters are of."""
    path = paths.certificate(outcome.wave, outcome.baseline)
    path.parent.mkdir(parents=True, exist_ok=True)
    shutil.copyfile(outcome.folder / "certificate.json", path)
    yield path
    if outcome.certificate and certificates.is_committed(outcome.certificate):
        paths.codecheck().write_text(codecheck_text(outcome.certificate, paths.shown(path)), encoding="utf-8")
        yield paths.codecheck()


def tell(console: Console, outcome: Outcome) -> None:
    """Print what was checked, by what, with what result; then what is wrong, and what was not checked."""
    table = Table(box=None, pad_edge=False, show_edge=False)
    for head in ("", "Checked", "How much", "By"):
        table.add_column(head, overflow="fold")
    for one in outcome.checks:
        table.add_row(mark(one), one.name, counted(one.counts) or "nothing", one.by)
    if outcome.certificate:
        edition = outcome.certificate["content"]["edition"]
        console.print(f"[bold]{edition['name']}[/bold]{', made-up data' if edition['synthetic'] else ''}\n")
    console.print(table)
    broken = [one for one in outcome.checks if not one.passed]
    for one in broken:
        console.print(f"\n[bold]{one.name}[/bold]: {len(one.faults)} wrong")
        for line in named(one.faults):
            console.print(f"  {line}", markup=False)
    left_out = not_checked(outcome.checks)
    console.print(f"\n[bold]Not checked[/bold]: {len(left_out)}")
    for line in left_out:
        console.print(f"  {line}", markup=False)
    console.print(summary(outcome, broken))


def mark(one: Check) -> str:
    """Return how a check went, in a word."""
    if not one.passed:
        return "[red]WRONG[/red]"
    return "[green]right[/green]" if one.counts else "[yellow]none[/yellow]"


def summary(outcome: Outcome, broken: list[Check]) -> str:
    """Return the last line: whether all is well, and where the certificate is."""
    written = outcome.folder / "certificate.json"
    where = f" The certificate of this run is {paths.shown(written)}." if outcome.certificate else ""
    if not broken:
        return f"\nNothing is wrong.{where}"
    number = status(outcome.checks)
    return f"\n{len(broken)} of {len(outcome.checks)} checks found something wrong (exit status {number}).{where}"
