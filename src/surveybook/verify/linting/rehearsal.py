"""Executing a chapter for what it says, many times over: in one process, without a kernel for each.

What is published comes from `surveybook.book`, a kernel a chapter; here three waves of the whole book run in the
time that starting their kernels would take.
"""

import os
from collections.abc import Callable, Iterable, Mapping
from concurrent.futures import ProcessPoolExecutor
from contextlib import contextmanager, redirect_stderr, redirect_stdout
from dataclasses import dataclass
from io import StringIO
from multiprocessing import get_context
from pathlib import Path
from typing import TYPE_CHECKING, Any

from surveybook.model import paths
from surveybook.model.problems import SurveybookError

if TYPE_CHECKING:
    from collections.abc import Iterator

    from IPython.core.interactiveshell import InteractiveShell

CHART = "application/vnd.vegalite.v6+json"
CARDS = "application/vnd.surveybook.cards+json"
# The function that draws figures from other sources, which no wave changes.
OTHER_SOURCES = "evidence"


@dataclass(frozen=True)
class Rehearsal:
    """What a chapter said when run with a wave.

    Attributes
    ----------
    glued : mapping of str
        The text of each glued name.
    charts : tuple of tuple
        Of each chart: the number of its cell, its title and its text alternative; of each card its title and its
        sentence. Charts of figures from other sources are left out.
    """

    glued: Mapping[str, str]
    charts: tuple[tuple[int, str, str], ...]


@contextmanager
def trial_data(folder: Path) -> "Iterator[None]":
    """Let everything inside read another folder of data."""
    before = os.environ.get(paths.DATA_VARIABLE)
    os.environ[paths.DATA_VARIABLE] = str(folder)
    try:
        yield
    finally:
        if before is None:
            del os.environ[paths.DATA_VARIABLE]
        else:
            os.environ[paths.DATA_VARIABLE] = before


def make_shell(outputs: list[dict[str, Any]]) -> "InteractiveShell":
    """Return the process's shell, empty, without a history on disk, putting into a list all that it displays."""
    from IPython.core.displayhook import CapturingDisplayHook
    from IPython.core.displaypub import CapturingDisplayPublisher
    from IPython.core.interactiveshell import InteractiveShell
    from traitlets.config import Config

    settings = Config()
    settings.HistoryManager.enabled = False
    shell = InteractiveShell.instance(config=settings)
    shell.reset(new_session=False)
    shell.display_pub = CapturingDisplayPublisher()
    shell.display_pub.outputs = outputs
    # What a cell's last line shows goes through a hook that the shell puts in place itself at each cell.
    shell.display_trap.hook = CapturingDisplayHook(shell=shell, outputs=outputs)
    return shell


def rehearse(notebook: Path, parameters: Mapping[str, Any]) -> Rehearsal:
    """Execute a chapter in this process and return what it said.

    Parameters
    ----------
    notebook : Path
        The chapter; it isn't changed.
    parameters : mapping
        Values for its parameters.

    Raises
    ------
    SurveybookError
        When a cell fails: chapter, cell and cause are named.
    """
    import nbformat

    outputs: list[dict[str, Any]] = []
    shell = make_shell(outputs)
    shown: list[tuple[int, dict[str, Any]]] = []
    for number, cell in enumerate(nbformat.read(notebook, as_version=4).cells, start=1):
        if cell.cell_type != "code":
            continue
        chosen = parameters if "parameters" in cell.metadata.get("tags", []) else {}
        source = "\n".join([cell.source, *(f"{name} = {value!r}" for name, value in chosen.items())])
        with redirect_stdout(StringIO()), redirect_stderr(StringIO()):
            result = shell.run_cell(source, store_history=False)
        error = result.error_before_exec or result.error_in_exec
        if error is not None:
            run = ", ".join(f"{name} {value}" for name, value in parameters.items())
            raise SurveybookError(
                f"{paths.shown(notebook)}, cell {number}, with {run}: {type(error).__name__}: {error}"
            )
        shown += [(number, output) for output in outputs]
        outputs.clear()
    return listen(shown)


def listen(outputs: Iterable[tuple[int, Mapping[str, Any]]]) -> Rehearsal:
    """Return what outputs say: cell numbers with outputs as a notebook stores them."""
    glued: dict[str, str] = {}
    charts: list[tuple[int, str, str]] = []
    for number, output in outputs:
        data, metadata = output.get("data") or {}, output.get("metadata") or {}
        name = metadata.get("scrapbook", {}).get("name")
        story = data.get(CHART, {}).get("usermeta", {}).get("surveybook", {})
        if name:
            glued[name] = next((str(text) for kind, text in data.items() if kind.endswith("text/plain")), "")
        elif story and story.get("code", {}).get("function") != OTHER_SOURCES:
            charts.append((number, story["title"], story["alternative"]))
        charts += [(number, card["title"], card["says"]) for card in data.get(CARDS, {}).get("cards", [])]
    return Rehearsal(glued, tuple(charts))


def settle(folder: str) -> None:
    """Prepare a worker: the data that it reads, and the folder that chapters run in."""
    os.environ[paths.DATA_VARIABLE] = folder
    os.chdir(paths.root())


def rehearse_all(
    notebooks: Iterable[Path],
    waves: Iterable[str],
    data: Path,
    *,
    jobs: int | None = None,
    run: Callable[[Path, Mapping[str, Any]], Rehearsal] = rehearse,
) -> dict[tuple[Path, str], Rehearsal]:
    """Execute chapters with each of several waves and return what they said, by chapter and wave.

    Parameters
    ----------
    notebooks : iterable of Path
        The chapters.
    waves : iterable of str
        Waves of `data`.
    data : Path
        The folder of data to run with.
    jobs : int, optional
        How many processes share the work; as many as there are cores otherwise.
    run : callable
        Executes one chapter with parameters.

    Raises
    ------
    SurveybookError
        When a chapter fails; the message names all that do.
    """
    pairs = [(notebook, wave) for notebook in notebooks for wave in waves]
    said: dict[tuple[Path, str], Rehearsal] = {}
    failures = []
    # Spawned, because forked workers hang once a drawing library has started its threads.
    with ProcessPoolExecutor(
        min(jobs or os.cpu_count() or 1, len(pairs)), get_context("spawn"), settle, (str(data.resolve()),)
    ) as pool:
        runs = {pair: pool.submit(run, pair[0], {"wave": pair[1]}) for pair in pairs}
        for pair, job in runs.items():
            try:
                said[pair] = job.result()
            except SurveybookError as error:
                failures.append(str(error))
    if failures:
        raise SurveybookError("These chapters did not run through:\n" + "\n".join(f"  {line}" for line in failures))
    return said
