"""Editions made on a cluster are the same to the byte, even when a worker dies halfway."""

import importlib.util
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from responses.waves import write_wave

from editions.project import Project, make_project
from surveybook.book.records import hashes

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(
        importlib.util.find_spec("distributed") is None, reason="distributed isn't installed: requirements-cluster.txt"
    ),
]
WAVES = (("w1-synthetic", 51),)


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


class Loopback:
    """A scheduler and its workers, each a process of its own, that have the project's package."""

    def __init__(self, project: Project):
        self.project = project
        self.address = f"tcp://127.0.0.1:{free_port()}"
        port = self.address.rpartition(":")[2]
        self.scheduler = self._start("scheduler", "--host", "127.0.0.1", "--port", port, "--no-dashboard")
        self.workers = [self.add_worker() for _ in range(2)]

    def add_worker(self) -> "subprocess.Popen[bytes]":
        return self._start("worker", self.address, "--nworkers", "1", "--nthreads", "1", "--no-nanny", "--no-dashboard")

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
    made = make_project(tmp_path_factory.mktemp("book"), WAVES)
    write_wave(made.root / "data")  # of respondents, who are to be estimated on the cluster
    return made


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
    time.sleep(300)
except FileExistsError:
    pass"""


def test_a_worker_that_dies_halfway_loses_nothing_and_nothing_is_made_twice_wrongly(
    project: Project, cluster: Loopback, tmp_path: Path
) -> None:
    note = tmp_path / "begun"
    project.set_chapter(SLOW_ONCE.format(note=str(note)))
    words = ("build", "--all", "--scheduler", cluster.address, "--output", str(tmp_path / "there"))
    process = project.start(*words)
    deadline = time.monotonic() + 300
    while not (note.exists() and note.read_text().endswith(" ")) and process.poll() is None:
        assert time.monotonic() < deadline
        time.sleep(0.1)
    # What forked the kernel that has just told of itself is the child of the worker that is to die.
    worker = parent_of(int(note.read_text()))
    victim = next(one for one in cluster.workers if one.pid == worker)
    victim.send_signal(signal.SIGKILL)
    out, err = process.communicate(timeout=500)
    assert process.returncode == 0, err + (project.root.parent / "cluster.log").read_text()[-3000:]
    assert "3 editions: 3 built. 6 chapters executed." in out
    local = project.build("--force", "--output", str(tmp_path / "here"))
    assert local.returncode == 0, local.stderr
    assert hashes(tmp_path / "there") == hashes(tmp_path / "here")
    assert "68 per cent" in (tmp_path / "there/editions/2004/chapters/02-quality.html").read_text()


def parent_of(process: int) -> int:
    """Return the process that started another."""
    return int(Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()[1])


def test_a_scheduler_that_is_not_there_is_told_with_what_to_do(project: Project) -> None:
    done = project.build("--scheduler", f"tcp://127.0.0.1:{free_port()}", "--force")
    assert done.returncode == 1
    assert "doesn't answer" in done.stderr
    assert "dask scheduler" in done.stderr
    assert "Traceback" not in done.stderr
