"""Editions made on a cluster are the same to the byte, even when a worker dies halfway."""

import importlib.util
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from book.project import SHARE, Project, free_port, make_project
from surveybook.book import running
from surveybook.book.storage import hash_site
from surveybook.model.problems import SurveybookError

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(
        importlib.util.find_spec("distributed") is None, reason="distributed isn't installed: requirements-cluster.txt"
    ),
]


class Loopback:
    """A scheduler and its workers, each a process of its own, that have the project's package."""

    def __init__(self, project: Project):
        self.project = project
        self.address = f"tcp://127.0.0.1:{free_port()}"
        port = self.address.rpartition(":")[2]
        self.scheduler = self._start("scheduler", "--host", "127.0.0.1", "--port", port, "--no-dashboard")
        # Without a nanny, nobody starts another in the place of a worker that died.
        alone = ("worker", self.address, "--nthreads", "1", "--no-dashboard", "--no-nanny")
        self.workers = [self._start(*alone) for _ in range(2)]

    def _start(self, *words: str) -> "subprocess.Popen[bytes]":
        log = (self.project.root.parent / "cluster.log").open("ab")
        return subprocess.Popen(
            [sys.executable, "-m", "dask", *words], cwd=self.project.root, env=self.project.environment(),
            stdout=log, stderr=log,
        )  # fmt: skip

    def close(self) -> None:
        for process in (*self.workers, self.scheduler):
            process.terminate()
            process.wait()


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Project:
    return make_project(tmp_path_factory.mktemp("book"))


@pytest.fixture
def cluster(project: Project) -> Iterator[Loopback]:
    opened = Loopback(project)
    yield opened
    opened.close()


SLOW_ONCE = """\
import os, time
try:
    with open({note!r}, "x") as note:
        note.write(f"{{os.getppid()}} ")
    time.sleep(900)
except FileExistsError:
    pass"""


def test_a_worker_that_dies_halfway_loses_nothing_and_nothing_is_made_twice_wrongly(
    project: Project, cluster: Loopback, tmp_path: Path
) -> None:
    note = tmp_path / "begun"
    project.set_chapter(SLOW_ONCE.format(note=str(note)))
    words = ("build", "--all", "--scheduler", cluster.address, "--output", str(tmp_path / "there"))
    process = project.start(*words)
    deadline = time.monotonic() + 600
    while not (note.exists() and note.read_text().endswith(" ")) and process.poll() is None:
        assert time.monotonic() < deadline
        time.sleep(0.1)
    # The fork server, parent of the kernel that has just told of itself, is the child of the worker that is to die.
    os.kill(parent_of(int(note.read_text())), signal.SIGKILL)
    out, err = process.communicate(timeout=500)
    assert process.returncode == 0, err + (project.root.parent / "cluster.log").read_text()[-3000:]
    assert "1 editions: 1 built. 2 chapters executed." in out
    local = project.build("--force", "--output", str(tmp_path / "here"))
    assert local.returncode == 0, local.stderr
    assert hash_site(tmp_path / "there") == hash_site(tmp_path / "here")
    assert f"{SHARE}%" in (tmp_path / "there/editions/2031/chapters/01-parks.html").read_text()


def parent_of(process: int) -> int:
    """Return the process that started another."""
    return int(Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()[1])


def test_a_scheduler_that_is_not_there_is_told_with_what_to_do(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(running, "ANSWER_SECONDS", 1)
    with (
        pytest.raises(SurveybookError, match=r"doesn't answer .*Start one with `dask scheduler`"),
        running.open_executor(scheduler=f"tcp://127.0.0.1:{free_port()}"),
    ):
        pass
