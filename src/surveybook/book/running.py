"""Chapters executed: one papermill run each, on an executor, which is this machine or a cluster."""

import contextlib
import json
import logging
import os
import shutil
import tempfile
import time
import warnings
import weakref
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any

import nbformat

from surveybook.book.notebooks import LONGEST_RUN_SECONDS, change_parameters, clean_notebook
from surveybook.book.processes import KernelManager, end_processes, find_temporary
from surveybook.model import paths
from surveybook.model.files import write_whole
from surveybook.model.problems import SurveybookError

ANSWER_SECONDS = 15
TASKS_A_THREAD = 2  # so that a worker has its next task while the answer to the last is on its way
Submit = Callable[..., "Future[Any]"]


@dataclass(frozen=True, eq=False)
class Bundle:
    """What the tasks of a build read in place of the data of this machine.

    Attributes
    ----------
    files : dict
        Files by their place in the folder of data, and the surveys that were opened from them.
    """

    files: Mapping[str, bytes] = field(default_factory=dict)

    @cached_property
    def environment(self) -> dict[str, str]:
        """The variables by which processes see the files, which are written once for all tasks that get this bundle."""
        if not self.files:
            return {}
        folder = tempfile.mkdtemp(dir=find_temporary())
        weakref.finalize(self, shutil.rmtree, folder, ignore_errors=True)
        for name, content in self.files.items():
            write_whole(Path(folder, name), content)
        opened = {paths.OPENED_VARIABLE: str(Path(folder, paths.OPENED_FILE))}
        copied = {paths.DATA_VARIABLE: folder, paths.COPIED_VARIABLE: "1"}
        return {
            **(opened if paths.OPENED_FILE in self.files else {}),
            **(copied if self.files.keys() - {paths.OPENED_FILE} else {}),
        }

    def __getstate__(self) -> dict[str, Any]:
        """Return what another machine gets, which has to write the files itself."""
        return {"files": self.files}


@dataclass(frozen=True)
class ChapterRun:
    """One chapter, executed.

    Attributes
    ----------
    source, result : Path
        The notebook, and the executed one, which is there when it ran through.
    seconds : float
        How long it took.
    fault : str
        Why it did not run through: chapter, cell and cause; empty when it did.
    """

    source: Path
    result: Path
    seconds: float
    fault: str = ""

    @property
    def document(self) -> str:
        """The document that it is in the book: ``chapters/01-parks``."""
        return paths.shown(self.source.with_suffix(""))

    @property
    def cells(self) -> list[dict[str, Any]]:
        """The cells of the executed notebook."""
        return json.loads(self.result.read_text(encoding="utf-8"))["cells"]


def execute_notebook(
    name: str,
    source: bytes,
    changed: Mapping[str, Any],
    seconds: int = LONGEST_RUN_SECONDS,
    *,
    environment: Mapping[str, str] | None = None,
) -> bytes:
    """Return a chapter as papermill executed it, cleaned.

    Parameters
    ----------
    name : str
        What it is called where something goes wrong.
    source : bytes
        The notebook.
    changed : mapping
        The parameters that aren't the chapter's defaults.
    seconds : int
        How long it may take.
    environment : mapping, optional
        Variables that it sees on top of those of this process.

    Raises
    ------
    SurveybookError
        When a cell fails, takes too long or ends its kernel: chapter, cell and cause, without a traceback.
    """
    import papermill

    reached: list[tuple[int, str]] = []  # the place and the code of each cell that was begun
    began: list[float] = []

    def give_time(_: Any) -> float:
        # What the cells before have taken is no more there for this one. nbclient takes 0 for no limit.
        began[:] = began or [time.monotonic()]
        return max(began[0] + seconds - time.monotonic(), 0.001)

    for name_of_logger in ("papermill", "asyncio"):  # what they would report is raised here
        logging.getLogger(name_of_logger).setLevel(logging.CRITICAL)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            # The notebook itself and the kernel's folder are given, not paths, because for a path papermill
            # changes the folder of the whole process, under the feet of other threads. Without an output,
            # it doesn't write the notebook twice for each cell.
            executed = papermill.execute_notebook(
                nbformat.reads(source.decode(), as_version=4),
                None,
                dict(changed),
                kernel_name="python3",
                language="python",
                progress_bar=False,
                timeout_func=give_time,
                resources={"metadata": {"path": str(paths.root())}},
                kernel_manager_class=type("Manager", (KernelManager,), {"environment": environment or {}}),
                on_cell_start=lambda cell, cell_index: reached.append((cell_index, cell.source)),
                shutdown_kernel="immediate",  # nothing in a kernel is worth an orderly end
            )
        return (nbformat.writes(clean_notebook(executed)) + "\n").encode()
    except papermill.PapermillExecutionError as error:
        cause = f"{error.ename}: {error.evalue}"
    except TimeoutError:
        cause = f"the chapter took over {seconds} seconds and was stopped."
    except RuntimeError as error:  # of nbclient: the kernel ended, or never began
        cause = f"{error} Is there enough memory?"
    place, code = reached[-1] if reached else (-1, "")
    # papermill puts the changed parameters into a cell before any that can fail; a reader's notebook has none.
    cell = f"cell {place + 1 - bool(changed)} ('{code.strip().partition(chr(10))[0]}')" if reached else "its kernel"
    raise SurveybookError(f"{name}, {cell}: {cause}")


def execute_chapter(
    source: Path,
    destination: Path,
    parameters: Mapping[str, Any] | None = None,
    *,
    seconds: int = LONGEST_RUN_SECONDS,
    environment: Mapping[str, str] | None = None,
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

    Raises
    ------
    SurveybookError
        When a parameter isn't known, or a cell fails: chapter, cell and cause are named, and nothing is written.
    """
    changed = change_parameters(source, parameters or {})
    name, content = paths.shown(source), source.read_bytes()
    write_whole(destination, execute_notebook(name, content, changed, seconds, environment=environment))


def execute_chapters(
    sources: Sequence[Path],
    destination: Path,
    parameters: Mapping[str, Any] | None = None,
    *,
    report: Callable[[Path], None] = lambda source: None,
) -> list[ChapterRun]:
    """Execute chapters into a folder laid out like the project's, and return how each went, in their order.

    Parameters
    ----------
    sources : sequence of Path
        The notebooks.
    destination : Path
        Where the executed ones go.
    parameters : mapping, optional
        Values for their parameters.
    report : callable
        Called with each notebook that has come to its end.
    """

    def execute_one(source: Path) -> ChapterRun:
        result, began, fault = destination / source.relative_to(paths.root()), time.monotonic(), ""
        try:
            execute_chapter(source, result, parameters)
        except SurveybookError as error:
            fault = str(error)
        report(source)
        return ChapterRun(source, result, time.monotonic() - began, fault)

    with open_executor() as (submit, _):
        return [future.result() for future in [submit(execute_one, source) for source in sources]]


@contextlib.contextmanager
def open_executor(jobs: int | None = None, scheduler: str = "", state: str = "") -> Iterator[tuple[Submit, int]]:
    """Give what takes tasks for as long as the block lasts, and how many it is good for at once.

    Parameters
    ----------
    jobs : int, optional
        How many tasks run at once on this machine; one more than there are cores otherwise.
    scheduler : str
        The address of a Dask scheduler, such as ``tcp://host:8786``, to whose workers the tasks go instead.
    state : str
        The key of the engine and the report here; workers that have another refuse what they are sent.

    Raises
    ------
    SurveybookError
        When Dask's distributed scheduler isn't installed, doesn't answer, or has no workers.
    """
    if scheduler:
        with _connect_client(scheduler) as client:
            with contextlib.suppress(TimeoutError):  # workers that were only just started
                client.wait_for_workers(1, timeout=ANSWER_SECONDS)
            threads = sum(client.nthreads().values())
            if not threads:
                raise SurveybookError(f"The scheduler {scheduler} has no workers. Start some: dask worker {scheduler}")
            # Not kept under its arguments: a task is as new as the files it was made from.
            submit = client.get_executor(pure=False).submit
            yield lambda *task: submit(answer_task, state, *task), TASKS_A_THREAD * threads
        return
    # A task waits for its kernel's messages or its process for a third of its time.
    jobs = jobs or (os.cpu_count() or 1) + 1
    pool, open_tasks = ThreadPoolExecutor(jobs), set[Future[Any]]()

    def submit_here(*task: Any) -> "Future[Any]":
        open_tasks.add(future := pool.submit(*task))
        future.add_done_callback(open_tasks.discard)
        return future

    try:
        yield submit_here, jobs
    finally:
        # After Ctrl-C above all what waits must not begin. Who waits for it is told by the pool's threads, as long as
        # it stays in their queue: `cancel_futures` would take it out, and `as_completed` would wait for ever.
        pool.shutdown(wait=False)
        for future in list(open_tasks):
            future.cancel()
        end_processes()
        # A task may have been about to start its process: that one is ended as soon as it is there.
        while open_tasks:
            time.sleep(0.05)
            end_processes()
        pool.shutdown()


def _connect_client(scheduler: str) -> Any:
    """Return a client of a Dask scheduler."""
    try:
        from distributed import Client
    except ImportError:
        install = "pip install -r requirements-cluster.txt"
        raise SurveybookError(f"--scheduler needs Dask's package distributed. Install it: {install}") from None
    try:
        return Client(scheduler, timeout=ANSWER_SECONDS, set_as_default=False)
    except (OSError, ValueError, TimeoutError) as error:
        told = f"The scheduler {scheduler} doesn't answer ({error}). Start one with `dask scheduler`, then workers with"
        raise SurveybookError(f"{told} `dask worker {scheduler}`; 'How to rerun it' in the book shows how.") from None


def answer_task(state: str, function: Callable[..., Any], *arguments: Any) -> Any:
    """Return what a function gives on this worker, if it has the same engine and report as who asks."""
    from surveybook.book.plans import key_state

    if state != key_state():
        raise SurveybookError(
            "A worker has another version of this project than this machine. Bring all to the same commit and "
            "the same requirements, and start the workers again."
        )
    return function(*arguments)


def work_on(data: Bundle, function: Callable[..., Any], *arguments: Any) -> Any:
    """Return what a function gives whose process sees the data sent; where none were, those of this machine.

    Parameters
    ----------
    data : Bundle
        What its process sees.
    function : callable
        It takes the `environment` that its process gets: `call_apart` or `execute_notebook`.
    *arguments
        What it is called with.
    """
    return function(*arguments, environment=data.environment)
