"""Every chapter executed anew, with what it read and how long it took."""

import json
import os
import tempfile
import time
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

from surveybook.book.chapters import execute
from surveybook.book.kernels import Kernels, open_kernels
from surveybook.model import paths
from surveybook.model.problems import SurveybookError
from surveybook.verify.record import Check, Fault, check

OPENED = "SURVEYBOOK_OPENED"
# Run by each kernel before its first cell: it notes which files of the data the chapter opens.
NOTING = """
def _note():
    import os, sys
    data, target = os.path.realpath(os.environ["{data}"]), open(os.environ["{opened}"], "a", encoding="utf-8")
    def hook(event, given):
        if event == "open" and isinstance(given[0], (str, bytes)):
            path = os.path.realpath(os.fsdecode(given[0]))
            if path.startswith(data + os.sep) and target.fileno() > 0:
                target.write(path + "\\n")
                target.flush()
    sys.addaudithook(hook)
_note()
del _note
"""


@dataclass(frozen=True)
class Run:
    """One chapter, executed.

    Attributes
    ----------
    source, result : Path
        The notebook, and the executed one.
    inputs : tuple of str
        The files of the data that it opened, as typed from the project's folder.
    seconds : float
        How long it took.
    fault : str
        Why it did not run through; empty when it did.
    """

    source: Path
    result: Path
    inputs: tuple[str, ...]
    seconds: float
    fault: str = ""


def run_chapter(source: Path, stage: Path, wave: str, baseline: str, kernels: Kernels, notes: Path) -> Run:
    """Execute one chapter for a wave and return how that went."""
    result = stage / source.relative_to(paths.root())
    opened = notes / f"{source.stem}.txt"
    opened.touch()
    environment = {
        "PYTHONSTARTUP": str(notes / "noting.py"),
        OPENED: str(opened),
        paths.DATA_VARIABLE: str(paths.data()),
    }
    began, fault = time.monotonic(), ""
    try:
        execute(source, result, {"wave": wave, "baseline": baseline}, environment=environment, kernels=kernels)
    except SurveybookError as error:
        fault = str(error)
    found = {paths.shown(Path(line)) for line in opened.read_text(encoding="utf-8").splitlines()}
    return Run(source, result, tuple(sorted(found)), time.monotonic() - began, fault)


def run_chapters(
    wave: str,
    baseline: str,
    stage: Path,
    *,
    chapters: Sequence[Path] | None = None,
    jobs: int | None = None,
    done: Callable[[str], None] = lambda _: None,
) -> list[Run]:
    """Execute all chapters into a folder laid out like the project's, and return how each went, in their order."""
    sources = list(paths.chapters() if chapters is None else chapters)
    with tempfile.TemporaryDirectory() as folder, open_kernels() as kernels:
        notes = Path(folder)
        (notes / "noting.py").write_text(NOTING.format(data=paths.DATA_VARIABLE, opened=OPENED), encoding="utf-8")

        def one(source: Path) -> Run:
            run = run_chapter(source, stage, wave, baseline, kernels, notes)
            done(source.stem)
            return run

        with ThreadPoolExecutor(jobs or os.cpu_count()) as pool:
            return list(pool.map(one, sources))


def code_cells(notebook: Path) -> int:
    """Return how many cells of a notebook hold code."""
    cells = json.loads(notebook.read_text(encoding="utf-8"))["cells"]
    return sum(cell["cell_type"] == "code" for cell in cells)


def check_execution(runs: Sequence[Run]) -> Check:
    """Say which chapters did not run through."""
    through = [run for run in runs if not run.fault]
    faults = [
        Fault(run.fault.partition(", ")[2] or run.fault, paths.shown(run.source), run.source.stem)
        for run in runs
        if run.fault
    ]
    counts = {"chapters": len(through), "code cells": sum(code_cells(run.result) for run in through)}
    return check("execution", "Chapters executed anew", "papermill, a fresh kernel each", counts, faults)
