"""The work of editions on a Dask cluster: each task carries its data with it, and each worker its own kernels.

Workers need this project, at the same content, and nothing in common with this machine: what a task needs is sent
with it, and what it makes comes back. A task leaves nothing behind but its answer, so that one whose worker died is
simply done again by another.
"""

import atexit
import contextlib
import hashlib
import io
import tarfile
import threading
import zlib
from collections.abc import Iterator, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

from surveybook.book.contents import Contents, key_of
from surveybook.book.data import files_of_waves
from surveybook.book.engine import Reached
from surveybook.book.plans import Plan, Run, named
from surveybook.model import paths
from surveybook.model.problems import SurveybookError

INSTALL = "pip install -r requirements-cluster.txt"
RETRIES = 3
ANSWER_SECONDS = 15
TASKS_A_THREAD = 2  # so that a worker has its next task while the answer to the last is on its way
Bundle = dict[str, bytes]


class Cluster:
    """The engine of a cluster."""

    def __init__(self, client: Any, threads: int, seconds: int, state: str):
        self.client, self.seconds, self.state = client, seconds, state
        self.jobs = TASKS_A_THREAD * threads
        self._bundles: dict[str, Bundle] = {}

    def check(self, plan: Plan) -> None:
        """Check the data of a wave and its baseline there; what comes from respondents is estimated there once."""
        whole = bundle(files_of_waves(plan.waves))
        estimated: dict[str, str] = self._ask(f"check {plan.wave}", check, plan.waves, whole)
        kept = files_of_waves(plan.waves, estimated)
        made = {place: zlib.compress(text.encode()) for place, text in estimated.items()}
        self._bundles[plan.wave] = {**{place: whole[place] for place in kept}, **made}

    def execute(self, plan: Plan, run: Run, reached: Reached) -> bytes:
        """Return a chapter, executed there."""
        reached(0, 1)
        name = named(run.source)
        parameters = {"wave": plan.wave, "baseline": plan.baseline}
        data = self._bundles[plan.wave]
        told = f"execute {plan.wave} {Path(name).stem}"
        executed: bytes = self._ask(told, execute, name, run.source.read_bytes(), parameters, data, self.seconds)
        return executed

    def pages(self, plan: Plan, stage: Path, executed: Mapping[str, Path]) -> Path:
        """Return the folder of an edition's pages, built there."""
        notebooks = {place: zlib.compress(path.read_bytes()) for place, path in executed.items()}
        bare = replace(plan, inputs={}, runs=())
        told = f"pages {plan.wave}"
        packed: bytes = self._ask(told, pages, as_sent(bare), notebooks, self._bundles[plan.wave], self.seconds)
        with tarfile.open(fileobj=io.BytesIO(packed)) as archive:
            archive.extractall(stage, filter="data")
        return stage / "_build/html"

    def _ask(self, told: str, function: Any, *arguments: Any) -> Any:
        """Return what a function gives on some worker."""
        from distributed import KilledWorker

        # Not kept under its arguments: a task is as new as the files it was made from.
        future = self.client.submit(answered, self.state, function, *arguments, pure=False, retries=RETRIES)
        try:
            answer = future.result()
        except KilledWorker:
            raise SurveybookError(
                f"{told.capitalize()}: every worker that tried it died. Have they enough memory? Their logs say more."
            ) from None
        finally:
            future.release()
        if "number" in answer:
            raise OSError(answer["number"], answer["error"])
        if "error" in answer:
            raise SurveybookError(answer["error"])
        return answer["value"]


@contextlib.contextmanager
def open_cluster(scheduler: str, seconds: int) -> Iterator[Cluster]:
    """Give the engine of a cluster for as long as the block lasts.

    Parameters
    ----------
    scheduler : str
        Its address, such as ``tcp://host:8786``.
    seconds : int
        How long a chapter may take.

    Raises
    ------
    SurveybookError
        When Dask's distributed scheduler isn't installed, doesn't answer, or has no workers.
    """
    try:
        from distributed import Client
    except ImportError:
        raise SurveybookError(f"--scheduler needs Dask's package distributed. Install it: {INSTALL}") from None
    try:
        client = Client(scheduler, timeout=ANSWER_SECONDS, set_as_default=False)
    except (OSError, ValueError, TimeoutError) as error:
        told = f"The scheduler {scheduler} doesn't answer ({error}). Start one with `dask scheduler`, then workers with"
        raise SurveybookError(f"{told} `dask worker {scheduler}`; 'How to rerun it' in the book shows how.") from None
    with client:
        threads = sum(client.nthreads().values())
        if not threads:
            raise SurveybookError(f"The scheduler {scheduler} has no workers. Start some: dask worker {scheduler}")
        yield Cluster(client, threads, seconds, state_here())


def bundle(files: Mapping[str, Path]) -> Bundle:
    """Return files by their places, packed."""
    return {place: zlib.compress(path.read_bytes()) for place, path in files.items()}


def state_here() -> str:
    """Return the hash of the package and the book's pages here: both ends have to have the same."""
    contents = Contents()
    return key_of([contents.of_chapters, contents.of_pages, contents.surroundings["lock"]])


def as_sent(plan: Plan) -> dict[str, Any]:
    """Return what a worker needs to know of a plan; its folders are elsewhere."""
    chapters = None if plan.chapters is None else [named(source) for source in plan.chapters]
    return {"wave": plan.wave, "baseline": plan.baseline, "address": plan.address, "chapters": chapters}


# From here on: what runs on a worker.


class Place:
    """What a worker keeps from task to task: its kernels, its calls, the data that it was sent."""

    def __init__(self) -> None:
        from surveybook.book.calls import open_calls
        from surveybook.book.kernels import open_kernels

        with contextlib.ExitStack() as stack:
            self.kernels = stack.enter_context(open_kernels())
            self.calls = stack.enter_context(open_calls())
            self._opened = stack.pop_all()
        self._unpacking = threading.Lock()
        atexit.register(self._opened.close)

    def unpacked(self, data: Bundle) -> Path:
        """Return a folder that holds the data sent, written once."""
        digest = hashlib.sha256()
        for name, content in sorted(data.items()):
            digest.update(name.encode() + b"\0" + content)
        folder = self.kernels.folder / f"data-{digest.hexdigest()[:24]}"
        with self._unpacking:
            if not folder.is_dir():
                half = folder.with_suffix(".half")
                for name, content in data.items():
                    (half / name).parent.mkdir(parents=True, exist_ok=True)
                    (half / name).write_bytes(zlib.decompress(content))
                half.rename(folder)
        return folder


_places: list[Place] = []
_opening = threading.Lock()


def place_here() -> Place:
    """Return what this worker keeps, made at its first task."""
    with _opening:
        if not _places:
            _places.append(Place())
        return _places[0]


def answered(state: str, function: Any, *arguments: Any) -> dict[str, Any]:
    """Return what a function gives, or what it says of a failure: an exception might not survive the way back."""
    if state != state_here():
        return {
            "error": "A worker has another version of this project than this machine. Bring all to the same commit and "
            "the same requirements, and start the workers again."
        }
    try:
        return {"value": function(*arguments)}
    except SurveybookError as error:
        return {"error": str(error)}
    except OSError as error:
        return {"error": f"a worker: {error.strerror}", "number": error.errno}


def check(waves: list[str], data: Bundle) -> dict[str, str]:
    """Check waves and estimate what comes from respondents."""
    here = place_here()
    environment = {paths.DATA_VARIABLE: str(here.unpacked(data))}
    files: dict[str, str] = here.calls.call(
        "surveybook.book.making", "check_waves", {"waves": waves}, environment=environment
    )
    return files


def execute(name: str, source: bytes, parameters: dict[str, str], data: Bundle, seconds: int) -> bytes:
    """Execute a chapter."""
    import tempfile

    from surveybook.book import chapters

    here = place_here()
    environment = {paths.DATA_VARIABLE: str(here.unpacked(data))}
    with tempfile.TemporaryDirectory(dir=here.kernels.folder) as folder:
        notebook, executed = Path(folder, Path(name).name), Path(folder, "executed.ipynb")
        notebook.write_bytes(source)
        chapters.execute(notebook, executed, parameters, seconds=seconds, environment=environment, kernels=here.kernels)
        return executed.read_bytes()


def pages(sent: dict[str, Any], notebooks: Bundle, data: Bundle, seconds: int) -> bytes:
    """Build the pages of an edition, and return them with what the edition tells of itself, packed."""
    import tempfile

    from surveybook.book.local import Local
    from surveybook.book.records import EXPLORED, TOLD

    here = place_here()
    chapters = None if sent["chapters"] is None else tuple(paths.root() / name for name in sent["chapters"])
    plan = Plan(sent["wave"], sent["baseline"], chapters, sent["address"], (), "", {})
    with tempfile.TemporaryDirectory(dir=here.kernels.folder) as folder:
        executed = {}
        for name, content in notebooks.items():
            executed[name] = Path(folder, "executed", name)
            executed[name].parent.mkdir(parents=True, exist_ok=True)
            executed[name].write_bytes(zlib.decompress(content))
        stage = Path(folder, "stage")
        stage.mkdir()
        engine = Local(here.kernels, here.calls, seconds)
        engine.set_data(plan.wave, here.unpacked(data))
        engine.pages(plan, stage, executed)
        packed = io.BytesIO()
        with tarfile.open(fileobj=packed, mode="w:gz", compresslevel=1) as archive:
            for name in ("_build/html", TOLD, EXPLORED):
                archive.add(stage / name, name)
        return packed.getvalue()
