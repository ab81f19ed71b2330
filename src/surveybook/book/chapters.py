"""Executing chapters: one papermill run per chapter and wave, with parameters that are checked first."""

import ast
import difflib
import logging
import os
import time
import warnings
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import nullcontext
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from surveybook.book.notebooks import read_notebook
from surveybook.book.steps import Report, Step, unseen
from surveybook.model import paths
from surveybook.model.problems import SurveybookError

if TYPE_CHECKING:
    from surveybook.book.kernels import Kernels

PARAMETERS = "parameters"
Reached = Callable[[int, int], None]  # called with how many cells are through, and how many there are
LONGEST_RUN_SECONDS = 600


@dataclass(frozen=True)
class Failure:
    """A chapter that did not run through.

    Attributes
    ----------
    chapter : str
        The notebook, as typed from the project's folder.
    cell : str
        Which cell stopped, by its number among all cells and its first line.
    cause : str
        The error that it raised, without traceback.
    """

    chapter: str
    cell: str
    cause: str

    def __str__(self) -> str:
        """Return the failure as one line."""
        return f"{self.chapter}, {self.cell}: {self.cause}"


def read_parameters(notebook: Path) -> dict[str, Any]:
    """Return the parameters of a chapter with their defaults, from the cell tagged ``parameters``.

    Raises
    ------
    SurveybookError
        When the file isn't a notebook, or has no such cell of plain literals.
    """
    content = read_notebook(notebook)
    for cell in content.cells:
        if PARAMETERS in cell.metadata.get("tags", []):
            try:
                return {
                    target.id: ast.literal_eval(line.value)
                    for line in ast.parse(cell.source).body
                    if isinstance(line, ast.Assign)
                    for target in line.targets
                    if isinstance(target, ast.Name)
                }
            except (SyntaxError, ValueError):
                break
    raise SurveybookError(f"{paths.shown(notebook)} has no cell tagged '{PARAMETERS}' that holds plain values.")


def check_parameters(notebook: Path, given: Mapping[str, Any]) -> None:
    """Refuse parameters that the chapter doesn't have: papermill would warn and go on with the defaults.

    Raises
    ------
    SurveybookError
        With the names that there are, and the one that was probably meant.
    """
    known = read_parameters(notebook)
    for name in given:
        if name not in known:
            close = difflib.get_close_matches(name, known, n=1)
            hint = f" Did you mean '{close[0]}'?" if close else ""
            raise SurveybookError(
                f"{paths.shown(notebook)} has no parameter '{name}'; it has {', '.join(known)}.{hint}"
            )


def clean(content: Any) -> Any:
    """Return a notebook without what differs from run to run: times, versions, papermill's and widgets' traces."""
    content.metadata = {
        "kernelspec": {"display_name": "Python 3", "language": "python", "name": "python3"},
        "language_info": {"name": "python"},
    }
    for position, cell in enumerate(content.cells):
        tags = [tag for tag in cell.metadata.get("tags", []) if tag != "injected-parameters"]
        if tags != cell.metadata.get("tags", []):
            tags = [*tags, "remove-cell"]
        cell.metadata = {"tags": tags} if tags else {}
        cell.id = f"cell-{position:02d}"
    return content


def execute(
    source: Path,
    destination: Path,
    parameters: Mapping[str, Any] | None = None,
    *,
    seconds: int = LONGEST_RUN_SECONDS,
    environment: Mapping[str, str] | None = None,
    kernels: "Kernels | None" = None,
    reached: Reached = lambda cells, of: None,
) -> None:
    """Execute one chapter and write it, cleaned.

    Parameters
    ----------
    source, destination : Path
        The notebook, and where the executed one goes.
    parameters : mapping, optional
        Values for its parameters; those that equal the defaults change nothing and aren't injected.
    seconds : int
        How long the chapter may take.
    environment : mapping, optional
        Variables that the chapter sees on top of those of this process.
    kernels : Kernels, optional
        Where its kernel comes from, when many chapters are executed; otherwise they are opened for it alone.
    reached : callable
        Called before each cell with how many cells are through, and how many there are.

    Raises
    ------
    SurveybookError
        When a parameter isn't known, or a cell fails: chapter, cell and cause are named, and nothing is written.
    """
    import nbformat

    from surveybook.book.kernels import open_kernels

    given = dict(parameters or {})
    check_parameters(source, given)
    defaults = read_parameters(source)
    changed = {name: value for name, value in given.items() if value != defaults[name]}
    with nullcontext(kernels) if kernels else open_kernels() as available:
        executed = run_notebook(source, changed, seconds, available.manager(environment), reached)
    partial = destination.with_name(f".{destination.stem}.partial.ipynb")
    destination.parent.mkdir(parents=True, exist_ok=True)
    try:
        nbformat.write(clean(executed), partial)
        os.replace(partial, destination)
    finally:
        partial.unlink(missing_ok=True)


def run_notebook(source: Path, changed: Mapping[str, Any], seconds: int, manager: type, reached: Reached) -> Any:
    """Return a chapter's notebook as papermill executed it with the changed parameters.

    Raises
    ------
    SurveybookError
        When a cell fails or takes too long.
    """
    import nbformat
    import papermill

    content = nbformat.read(source, as_version=4)
    last: dict[str, Any] = {}  # what papermill doesn't tell of a cell that takes too long
    began: list[float] = []

    def left(_: Any) -> float:
        # What the cells before have taken is no more there for this one. nbclient takes 0 for no limit.
        began[:] = began or [time.monotonic()]
        return max(began[0] + seconds - time.monotonic(), 0.001)

    def name_cell(index: int, code: str) -> str:
        # papermill puts the changed parameters into a cell before any that can fail; a reader's notebook has none.
        first = next((line for line in code.splitlines() if line.strip()), "")
        return f"cell {index + 1 - bool(changed)} ('{first}')"

    def start_cell(cell: Any, cell_index: int) -> None:
        last.update(index=cell_index, code=cell.source)
        reached(cell_index - bool(changed), len(content.cells))

    logging.getLogger("papermill").setLevel(logging.CRITICAL)  # what it would report is raised here
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            # The notebook itself and the kernel's folder are given, not paths, because for a path papermill
            # changes the folder of the whole process, under the feet of other threads. Without an output,
            # it doesn't write the notebook twice for each cell.
            return papermill.execute_notebook(
                content,
                None,
                dict(changed),
                kernel_name="python3",
                language="python",
                progress_bar=False,
                timeout_func=left,
                resources={"metadata": {"path": str(paths.root())}},
                kernel_manager_class=manager,
                on_cell_start=start_cell,
                shutdown_kernel="immediate",  # nothing in a kernel is worth an orderly end
            )
    except papermill.PapermillExecutionError as error:
        cell, cause = name_cell(error.cell_index, error.source), f"{error.ename}: {error.evalue}"
    except TimeoutError:
        cell, cause = name_cell(**last), f"the chapter took over {seconds} seconds and was stopped."
    except RuntimeError as error:  # of nbclient and of Client: the kernel ended, or never began
        cell, cause = name_cell(**last) if last else "before its first cell", f"{error} Is there enough memory?"
    raise SurveybookError(str(Failure(paths.shown(source), cell, cause)))


def execute_all(
    wave: str,
    destination: Path,
    *,
    baseline: str = "",
    chapters: Sequence[Path] | None = None,
    jobs: int | None = None,
    report: Report = unseen,
) -> list[str]:
    """Execute every chapter for one wave into a folder laid out like the project's.

    Parameters
    ----------
    wave, baseline : str
        The parameters that every chapter has.
    chapters : sequence of Path, optional
        The notebooks to execute; all of the book otherwise.
    destination : Path
        Where the executed notebooks go.
    jobs : int, optional
        How many run at once; as many as there are cores otherwise.
    report : callable
        Called with a `Step` whenever a chapter has come further.

    Returns
    -------
    list of str
        What failed, a line each in the order of the chapters; empty when all went well.
    """
    from surveybook.book.kernels import open_kernels
    from surveybook.waves import open_wave

    open_wave(wave, baseline=baseline)
    parameters = {"wave": wave, "baseline": baseline}
    with ThreadPoolExecutor(jobs or os.cpu_count()) as pool, open_kernels() as kernels:
        runs = [
            pool.submit(_execute_and_report, source, destination, parameters, kernels, report)
            for source in (paths.chapters() if chapters is None else chapters)
        ]
        try:
            return [failure for run in runs if (failure := run.result())]
        except BaseException:  # Ctrl-C above all: what runs ends with its kernel, what waits must not begin
            pool.shutdown(wait=False, cancel_futures=True)
            raise


def _execute_and_report(
    source: Path, destination: Path, parameters: Mapping[str, str], kernels: "Kernels", report: Report
) -> str:
    """Execute one chapter of many, telling how far it has come; return why it failed, or nothing."""
    last = Step(parameters["wave"], source.stem, 0, 1)

    def reached(done: int, parts: int) -> None:
        nonlocal last
        last = replace(last, done=done, parts=parts)
        report(last)

    executed = destination / source.relative_to(paths.root())
    try:
        execute(source, executed, parameters, kernels=kernels, reached=reached)
    except SurveybookError as error:
        report(replace(last, failed=True))
        return str(error)
    report(replace(last, done=last.parts))
    return ""
