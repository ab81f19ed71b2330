"""Kernels from a process that has done the imports: the same as ordinary ones, only sooner; and nothing is left."""

import asyncio
import contextlib
import json
import os
import re
import signal
import subprocess
import sys
import tempfile
import textwrap
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import as_completed
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import nbformat
import papermill
import pytest

from surveybook.book.processes import _STARTING, PRELOAD_VARIABLE, Provisioner, call_apart, copy_environment
from surveybook.book.running import execute_chapter, open_executor
from surveybook.model import paths
from surveybook.model.problems import DataError, Problem, SurveybookError

pytestmark = pytest.mark.slow
Write = Callable[..., Path]


@pytest.fixture
def chapter(tmp_path: Path) -> Write:
    """Return a function that writes a chapter of the given cells."""

    def write(*cells: str) -> Path:
        notebook = nbformat.v4.new_notebook(metadata={"language_info": {"name": "python"}})
        sources = ['wave = "one"', *map(textwrap.dedent, cells)]
        notebook.cells = [nbformat.v4.new_code_cell(source) for source in sources]
        notebook.cells[0].metadata["tags"] = ["parameters"]
        path = tmp_path / "trial.ipynb"
        nbformat.write(notebook, path)
        return path

    return write


def read_printed(path: Path) -> Any:
    """Return what the last cell printed, read as JSON."""
    return json.loads("".join(json.loads(path.read_text())["cells"][-1]["outputs"][0]["text"]))


def has_ended(pid: int, seconds: float = 5) -> bool:
    """Return whether a process is gone, or is by then."""
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        with contextlib.suppress(FileNotFoundError):
            if Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z":
                time.sleep(0.05)
                continue
        return True
    return False


def test_code_finds_the_same_world_as_in_an_ordinary_kernel(chapter: Write, tmp_path: Path) -> None:
    look = """
        import gc, json, os, signal, threading
        print(json.dumps({
            "names": names, "folder": os.getcwd(), "module": __name__, "collects": gc.isenabled(),
            "signals": [str(signal.getsignal(number)) for number in (signal.SIGINT, signal.SIGCHLD, signal.SIGTERM)],
            "environment": {k: v for k, v in os.environ.items() if k not in ("JPY_PARENT_PID", "IPYTHONDIR")},
            "leader": os.getsid(0) == os.getpid(), "child": os.system("exit 3") >> 8,
        }))
    """
    source = chapter("names = sorted(globals())", look)
    papermill.execute_notebook(source, tmp_path / "ordinary.ipynb", kernel_name="python3", progress_bar=False)
    execute_chapter(source, tmp_path / "ours.ipynb")
    ordinary, ours = (read_printed(tmp_path / f"{name}.ipynb") for name in ("ordinary", "ours"))
    assert ours.pop("environment").items() - ordinary.pop("environment").items() <= {("PYTHONSTARTUP", "")}
    assert ours == ordinary


def read_blocked(pid: int) -> bool:
    """Return whether Ctrl-C waits in a process."""
    (mask,) = re.findall(r"SigBlk:\s*(\w+)", Path(f"/proc/{pid}/status").read_text())
    return bool(int(mask, 16) >> (signal.SIGINT - 1) & 1)


@pytest.mark.skipif(sys.platform != "linux", reason="needs /proc")
def test_ctrl_c_reaches_who_started_the_imports_and_none_who_does_them() -> None:
    """Tried: Ctrl-C in the first seconds of a build printed where its fork server was in its imports."""
    server = call_apart(os.getppid)
    assert read_blocked(server)
    assert not read_blocked(os.getpid())


def test_a_kernel_that_is_ended_is_not_interrupted_before() -> None:
    """Tried: now and then a build printed "KeyboardInterrupt caught in kernel"."""
    process = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(60)"], start_new_session=True)
    provisioner = Provisioner()
    provisioner.process = SimpleNamespace(pid=process.pid, exitcode=None)
    asyncio.run(provisioner.send_signal(signal.SIGINT))
    with pytest.raises(subprocess.TimeoutExpired):
        process.wait(0.5)
    asyncio.run(provisioner.send_signal(signal.SIGTERM))
    assert process.wait(5) == -signal.SIGTERM


def test_who_waits_for_tasks_is_told_that_they_were_given_up() -> None:
    """Tried: after Ctrl-C a build waited for ever for the chapters that it had not begun."""
    with contextlib.suppress(KeyboardInterrupt), open_executor(1) as (submit, _):
        tasks = [submit(time.sleep, 0.2) for _ in range(3)]
        waits = threading.Thread(target=lambda: list(as_completed(tasks)), daemon=True)
        waits.start()
        raise KeyboardInterrupt
    waits.join(10)
    assert not waits.is_alive()
    assert tasks[-1].cancelled()


def test_kernels_share_imports_and_nothing_else(chapter: Write, tmp_path: Path) -> None:
    leave = """
        import json, os, random, sys
        first = "pandas" in sys.modules
        import numpy
        found = [hasattr(json, "left"), "left" in globals(), "LEFT" in os.environ]
        json.left = left = os.environ["LEFT"] = "a trace"
        print(json.dumps([os.getpid(), first, found, random.random(), numpy.random.random()]))
    """
    runs = []
    for number in range(2):
        execute_chapter(chapter(leave), tmp_path / f"{number}.ipynb")
        runs.append(read_printed(tmp_path / f"{number}.ipynb"))
    (one, early, found, *chances), (other, _, later, *others) = runs
    assert one != other
    assert early, "the imports were not done before"
    assert found == later == [False, False, False]
    assert not set(chances) & set(others), "two chapters drew the same random numbers"


def test_a_kernel_sees_the_environment_as_it_is_when_it_starts_and_nothing_that_a_person_runs_at_the_start_of_ipython(
    chapter: Write, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    startup = tmp_path / "mine/profile_default/startup/00-mine.py"
    startup.parent.mkdir(parents=True)
    startup.write_text("import os; os.environ['MINE'] = 'ran'")
    monkeypatch.setenv("IPYTHONDIR", str(tmp_path / "mine"))
    monkeypatch.setenv("PYTHONSTARTUP", str(startup))
    names = ("SURVEYBOOK_DATA", "TRIAL", "MINE")
    source = chapter(f"import json, os; print(json.dumps([os.environ.get(name) for name in {names}]))")
    monkeypatch.setenv("SURVEYBOOK_DATA", "/a/trial")
    execute_chapter(source, tmp_path / "given.ipynb", environment={"TRIAL": "7"})
    assert read_printed(tmp_path / "given.ipynb") == ["/a/trial", "7", None]
    monkeypatch.delenv("SURVEYBOOK_DATA")
    execute_chapter(source, tmp_path / "gone.ipynb")
    assert read_printed(tmp_path / "gone.ipynb") == [None, None, None]


def test_the_environment_is_copied_whole_while_another_thread_starts_a_process() -> None:
    copied = list[dict[str, str]]()
    copying = threading.Thread(target=lambda: copied.append(copy_environment()))
    with _STARTING:
        os.environ[PRELOAD_VARIABLE] = "modules"
        copying.start()
        copying.join(0.2)
        assert copying.is_alive()
        del os.environ[PRELOAD_VARIABLE]
    copying.join()
    assert PRELOAD_VARIABLE not in copied[0]


def test_a_cell_that_never_ends_is_named_and_stopped(chapter: Write, tmp_path: Path) -> None:
    note = tmp_path / "pid"
    tell = f"import os, pathlib, time; pathlib.Path({str(note)!r}).write_text(str(os.getpid()))"
    with pytest.raises(SurveybookError, match=r"cell 3 \('time.sleep\(60\)'\): the chapter took over 3 seconds"):
        execute_chapter(chapter(tell, "time.sleep(60)"), tmp_path / "out.ipynb", {"wave": "other"}, seconds=3)
    assert has_ended(int(note.read_text()))
    assert not list(tmp_path.glob("*out*"))


@pytest.mark.parametrize("parameters", [{}, {"wave": "other"}], ids=["defaults", "changed"])
@pytest.mark.parametrize(
    ("code", "said"),
    [
        ("1 / 0", r"cell 2 \('1 / 0'\): ZeroDivisionError: division by zero"),
        ("import os, signal; os.kill(os.getpid(), signal.SIGKILL)", "cell 2 .*Kernel died.*enough memory"),
    ],
)
def test_a_cell_that_fails_or_ends_its_kernel_is_named_as_the_reader_counts(
    chapter: Write, tmp_path: Path, parameters: dict[str, str], code: str, said: str
) -> None:
    with pytest.raises(SurveybookError, match=said):
        execute_chapter(chapter(code), tmp_path / "out.ipynb", parameters)


@pytest.mark.parametrize(
    ("code", "told"),
    [
        ("return given + 1", "2"),
        ("raise DataError('It', [Problem('a.csv', 'this', 'that')])", "a.csv: this; that"),
        ("raise OSError(28, 'No space left on device')", "[Errno 28] No space left on device"),
        ("raise KeyError('x')", "KeyError: 'x'"),
        ("import os; os._exit(3)", "Trial: its process ended. Is there enough memory?"),
    ],
)
def test_a_function_called_apart_gives_what_it_returns_or_says(code: str, told: str) -> None:
    try:
        answer = call_apart(trial, code, 1)
    except (SurveybookError, OSError) as error:
        answer = error
    assert str(answer).endswith(told)


def trial(code: str, given: int) -> Any:
    """Do what the code says."""
    names: dict[str, Any] = {"DataError": DataError, "Problem": Problem}
    exec(f"def do(given):\n    {code}", names)
    return names["do"](given)


def run_apart(source: Path, out: Path, folder: Path) -> "subprocess.Popen[str]":
    """Execute a chapter from another Python, with a temporary folder of its own."""
    code = f"""
        from pathlib import Path
        from surveybook.book.running import execute_chapter
        execute_chapter(Path({str(source)!r}), Path({str(out)!r}))
    """
    return subprocess.Popen(
        [sys.executable, "-c", textwrap.dedent(code)], env={**os.environ, "TMPDIR": str(folder)}, text=True,
        stdout=subprocess.PIPE, stderr=subprocess.PIPE, cwd=paths.root(),
    )  # fmt: skip


@pytest.fixture
def temporary(request: pytest.FixtureRequest) -> Iterator[Path]:
    """Yield a folder for what is temporary, whose name is so long."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / ("t" * getattr(request, "param", 1))
        path.mkdir()
        yield path


def test_kernels_write_nothing_to_the_terminal_and_leave_no_file(
    temporary: Path, chapter: Write, tmp_path: Path
) -> None:
    done = run_apart(chapter("import os; os.system('true')"), tmp_path / "out.ipynb", temporary)
    assert done.communicate(timeout=60) == ("", "")
    assert not list(temporary.iterdir())


def test_a_task_that_starts_its_process_while_the_others_are_ended_ends_too() -> None:
    def start_late() -> None:
        time.sleep(1)
        call_apart(time.sleep, 600)

    begun = time.monotonic()
    with open_executor(1) as (submit, _):
        task = submit(start_late)
        while not task.running():
            time.sleep(0.01)
    assert "its process ended" in str(task.exception())
    assert time.monotonic() - begun < 300


@pytest.mark.parametrize("temporary", [1, 100], ids=["sockets", "names too long for sockets"], indirect=True)
def test_nothing_is_left_running_or_lying_about_when_the_book_s_process_is_killed(
    temporary: Path, chapter: Write, tmp_path: Path
) -> None:
    note = tmp_path / "pids"
    tell = f"pathlib.Path({str(note)!r}).write_text(f'{{os.getppid()}} {{os.getpid()}} '); time.sleep(60)"
    book = run_apart(chapter("import os, pathlib, time", tell), tmp_path / "out.ipynb", temporary)
    deadline = time.monotonic() + 60
    while not (note.exists() and note.read_text().endswith(" ")) and time.monotonic() < deadline:
        time.sleep(0.05)
    book.send_signal(signal.SIGKILL)
    book.wait()
    assert all(has_ended(int(pid)) for pid in note.read_text().split())
    assert not list(temporary.iterdir())
