"""Preloaded kernels: the same as ordinary ones, only sooner; and whoever dies, nothing is left running."""

import contextlib
import json
import logging
import os
import signal
import subprocess
import sys
import tempfile
import textwrap
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import nbformat
import pytest

from surveybook.book import execute, kernels
from surveybook.book.kernels import Kernels, open_kernels
from surveybook.model import paths
from surveybook.model.problems import SurveybookError

PARAMETERS = 'wave = "2004"'
needs_fork = pytest.mark.skipif(sys.platform != "linux", reason="kernels are preloaded on Linux only")
pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def preloaded() -> Iterator[Kernels]:
    with open_kernels(preload=True) as opened:
        yield opened


@pytest.fixture
def chapter(tmp_path: Path) -> Callable[..., Path]:
    """Return a function that writes a chapter of the given cells."""

    def write(*cells: str) -> Path:
        notebook = nbformat.v4.new_notebook(metadata={"language_info": {"name": "python"}})
        sources = [PARAMETERS, *map(textwrap.dedent, cells)]
        notebook.cells = [nbformat.v4.new_code_cell(source) for source in sources]
        notebook.cells[0].metadata["tags"] = ["parameters"]
        path = tmp_path / "trial.ipynb"
        nbformat.write(notebook, path)
        return path

    return write


def said(path: Path) -> Any:
    """Return what the last cell printed, read as JSON."""
    return json.loads("".join(json.loads(path.read_text())["cells"][-1]["outputs"][0]["text"]))


def ended(pid: int, seconds: float = 5) -> bool:
    """Return whether a process is gone, or is by then."""
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        with contextlib.suppress(FileNotFoundError):
            if Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z":
                time.sleep(0.05)
                continue
        return True
    return False


@needs_fork
def test_a_chapter_is_the_same_to_the_byte_from_a_preloaded_and_from_an_ordinary_kernel(
    preloaded: Kernels, tmp_path: Path
) -> None:
    stored = paths.chapters_folder() / "02-quality.ipynb"
    execute(stored, tmp_path / "ordinary.ipynb")
    execute(stored, tmp_path / "preloaded.ipynb", kernels=preloaded)
    assert (tmp_path / "preloaded.ipynb").read_bytes() == (tmp_path / "ordinary.ipynb").read_bytes()


@needs_fork
def test_code_finds_the_same_world_in_a_preloaded_kernel(
    preloaded: Kernels, chapter: Callable[..., Path], tmp_path: Path
) -> None:
    look = """
        import gc, json, os, random, signal, sys, threading
        print(json.dumps({
            "names": names, "path": sys.path, "folder": os.getcwd(), "module": __name__, "arguments": sys.argv[0],
            "signals": [str(signal.getsignal(number)) for number in (signal.SIGINT, signal.SIGCHLD, signal.SIGTERM)],
            "threads": threading.active_count(), "collects": gc.isenabled(),
            "environment": {k: v for k, v in os.environ.items() if k not in ("JPY_PARENT_PID", "IPYTHONDIR")},
            "leader": os.getsid(0) == os.getpid(), "child": os.system("exit 3") >> 8,
        }))
    """
    # The folder of IPython is one of the kernels' own, and nobody's before.
    source = chapter("names = sorted(globals())", look)
    execute(source, tmp_path / "ordinary.ipynb")
    execute(source, tmp_path / "preloaded.ipynb", kernels=preloaded)
    assert said(tmp_path / "preloaded.ipynb") == said(tmp_path / "ordinary.ipynb")


@needs_fork
def test_kernels_share_imports_and_nothing_else(
    preloaded: Kernels, chapter: Callable[..., Path], tmp_path: Path
) -> None:
    leave = """
        import json, os, random, sys
        import numpy
        first = "altair" in sys.modules
        found = [hasattr(json, "left"), "left" in globals(), "LEFT" in os.environ]
        json.left = left = os.environ["LEFT"] = "a trace"
        print(json.dumps([os.getpid(), first, found, random.random(), numpy.random.random()]))
    """
    source = chapter(leave)
    runs = []
    for number in range(2):
        execute(source, tmp_path / f"{number}.ipynb", kernels=preloaded)
        runs.append(said(tmp_path / f"{number}.ipynb"))
    (one, early, found, *chances), (other, _, later, *others) = runs
    assert one != other
    assert early, "the imports were not done before"
    assert found == later == [False, False, False]
    assert not set(chances) & set(others), "two chapters drew the same random numbers"


@needs_fork
def test_a_kernel_sees_the_environment_as_it_is_when_it_starts(
    preloaded: Kernels, chapter: Callable[..., Path], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    source = chapter("import json, os; print(json.dumps([os.environ.get('SURVEYBOOK_DATA'), os.environ.get('TRIAL')]))")
    monkeypatch.setenv("SURVEYBOOK_DATA", "/a/trial")
    execute(source, tmp_path / "given.ipynb", kernels=preloaded, environment={"TRIAL": "7"})
    assert said(tmp_path / "given.ipynb") == ["/a/trial", "7"]
    monkeypatch.delenv("SURVEYBOOK_DATA")
    execute(source, tmp_path / "gone.ipynb", kernels=preloaded)
    assert said(tmp_path / "gone.ipynb") == [None, None]


@pytest.mark.parametrize("preload", [False, True], ids=["ordinary", "preloaded"])
def test_a_cell_that_never_ends_is_named_and_stopped(
    preload: bool, chapter: Callable[..., Path], tmp_path: Path
) -> None:
    note = tmp_path / "pid"
    source = chapter(
        f"import os, pathlib, time; pathlib.Path({str(note)!r}).write_text(str(os.getpid()))", "time.sleep(60)"
    )
    with open_kernels(preload=preload) as opened, pytest.raises(SurveybookError) as caught:
        execute(source, tmp_path / "out.ipynb", {"wave": "other"}, seconds=3, kernels=opened)
    assert "trial.ipynb, cell 3 ('time.sleep(60)'): the chapter took over 3 seconds" in str(caught.value)
    assert ended(int(note.read_text()))
    assert not list(tmp_path.glob("*out*"))


@pytest.mark.parametrize("preload", [False, True], ids=["ordinary", "preloaded"])
def test_a_kernel_that_dies_fails_its_chapter_and_names_the_cell(
    preload: bool, chapter: Callable[..., Path], tmp_path: Path
) -> None:
    source = chapter("1 + 1", "import os, signal; os.kill(os.getpid(), signal.SIGKILL)")
    with open_kernels(preload=preload) as opened, pytest.raises(SurveybookError, match=r"cell 3 .*Kernel died"):
        execute(source, tmp_path / "out.ipynb", kernels=opened)


def test_a_failing_cell_is_named_as_the_reader_counts_with_and_without_changed_parameters(
    preloaded: Kernels, chapter: Callable[..., Path], tmp_path: Path
) -> None:
    source = chapter("1 / 0")
    for parameters in ({}, {"wave": "other"}):
        with pytest.raises(SurveybookError, match=r"cell 2 \('1 / 0'\): ZeroDivisionError: division by zero"):
            execute(source, tmp_path / "out.ipynb", parameters, kernels=preloaded)


@needs_fork
def test_chapters_run_in_ordinary_kernels_when_the_preloaded_process_is_lost_and_the_log_says_so(
    chapter: Callable[..., Path], tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO, kernels.__name__)
    source = chapter("print(6 * 7)")
    with open_kernels(preload=True) as opened:
        assert opened.preloaded
        opened.preloaded._process.kill()
        opened.preloaded._process.wait()
        execute(source, tmp_path / "out.ipynb", kernels=opened)
    assert said(tmp_path / "out.ipynb") == 42
    assert "An ordinary kernel is started" in caplog.text


def test_kernels_are_ordinary_where_forking_is_unsafe(
    chapter: Callable[..., Path], tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO, kernels.__name__)
    monkeypatch.setattr(sys, "platform", "darwin")
    with open_kernels(preload=True) as opened:
        assert opened.preloaded is None
        monkeypatch.undo()
        execute(chapter("print(6 * 7)"), tmp_path / "out.ipynb", kernels=opened)
    assert said(tmp_path / "out.ipynb") == 42
    assert "Ordinary kernels are started" in caplog.text


def run_apart(code: str, folder: Path) -> subprocess.Popen[str]:
    """Start Python on some code, with a temporary folder of its own."""
    environment = {**os.environ, "PYTHONPATH": str(paths.root() / "src"), "TMPDIR": str(folder)}
    return subprocess.Popen(
        [sys.executable, "-c", textwrap.dedent(code)], env=environment, stdout=-1, stderr=-1, text=True, cwd=folder
    )


@pytest.fixture(params=["sockets", "ports"])
def temporary(request: pytest.FixtureRequest) -> Iterator[Path]:
    """Yield a folder whose name is short enough for the name of a socket, or isn't."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / ("t" if request.param == "sockets" else "t" * 100)
        path.mkdir()
        yield path


@pytest.mark.parametrize("preload", [False, True], ids=["ordinary", "preloaded"])
def test_kernels_write_nothing_to_the_terminal_and_leave_no_file(
    preload: bool, temporary: Path, chapter: Callable[..., Path], tmp_path: Path
) -> None:
    source = chapter("import os; os.system('true')")
    done = run_apart(
        f"""
        from pathlib import Path
        from surveybook.book import execute
        from surveybook.book.kernels import open_kernels
        with open_kernels(preload={preload}) as kernels:
            execute(Path({str(source)!r}), Path({str(tmp_path / "out.ipynb")!r}), kernels=kernels)
        """,
        temporary,
    )
    assert done.communicate(timeout=60) == ("", "")
    assert not list(temporary.iterdir())


@needs_fork
def test_nothing_is_left_running_or_lying_about_when_the_book_s_process_is_killed(
    temporary: Path, chapter: Callable[..., Path], tmp_path: Path
) -> None:
    note = tmp_path / "pids"
    source = chapter(
        "import os, pathlib, time",
        f"pathlib.Path({str(note)!r}).write_text(f'{{os.getppid()}} {{os.getpid()}} '); time.sleep(60)",
    )
    book = run_apart(
        f"""
        from pathlib import Path
        from surveybook.book import execute
        from surveybook.book.kernels import open_kernels
        with open_kernels(preload=True) as kernels:
            execute(Path({str(source)!r}), Path({str(tmp_path / "out.ipynb")!r}), kernels=kernels)
        """,
        temporary,
    )
    deadline = time.monotonic() + 60
    while not (note.exists() and note.read_text().endswith(" ")) and time.monotonic() < deadline:
        time.sleep(0.05)
    book.send_signal(signal.SIGKILL)
    book.wait()
    assert all(ended(int(pid)) for pid in note.read_text().split())
    assert not list(temporary.iterdir())


@needs_fork
@pytest.mark.parametrize("preload", [True, False])
def test_what_a_persons_own_ipython_runs_at_its_start_does_not_run_in_chapters(
    chapter: Callable[..., Path], tmp_path: Path, monkeypatch: pytest.MonkeyPatch, preload: bool
) -> None:
    startup = tmp_path / "mine/profile_default/startup/00-mine.py"
    startup.parent.mkdir(parents=True)
    startup.write_text("import builtins; builtins.mine = True")
    monkeypatch.setenv("IPYTHONDIR", str(tmp_path / "mine"))
    monkeypatch.setenv("PYTHONSTARTUP", str(startup))
    ask = "import builtins, json; print(json.dumps(hasattr(builtins, 'mine')))"
    with open_kernels(preload=preload) as opened:
        execute(chapter(ask), tmp_path / "out.ipynb", kernels=opened)
    assert said(tmp_path / "out.ipynb") is False
