"""Kernels that start at once: every chapter gets a fresh process, forked from one that has done the imports.

Half of what a short chapter costs is a new interpreter and the same imports again. Here one process a run
(:mod:`surveybook.book.preloaded`) imports what chapters import, executes nothing and, each time it is asked,
forks a child that becomes an ordinary ipykernel with a connection file of its own. To papermill, nbclient and
jupyter_client it is a kernel like any other.

Whoever dies, nothing is left running: the forking process ends when its connection to us closes, which the
system does for us even on SIGKILL, and takes the folder of sockets with it; the system ends its children.

Where this can't be done (no ``fork``, macOS, whose system libraries don't survive one, or any failure on the
way), kernels are ordinary ones, and a line in the log says why.
"""

import asyncio
import contextlib
import fcntl
import json
import logging
import os
import queue
import select
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import time
import uuid
import weakref
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from jupyter_client.asynchronous import AsyncKernelClient
from jupyter_client.manager import AsyncKernelManager
from jupyter_client.provisioning import LocalProvisioner

from surveybook.book.files import free
from surveybook.book.preloaded import KERNELS, START
from surveybook.model import paths

LOG = logging.getLogger(__name__)
LONGEST_START_SECONDS = 60
LONGEST_IMPORT_SECONDS = 600  # on a busy machine; to do them again for each kernel takes longer still
LONGEST_END_SECONDS = 5
PREFIX, LOCK = "surveybook-", ".lock"
LONGEST_SOCKET_NAME = 100  # the system's limit is 104 to 108 bytes


class ForkedKernel:
    """A kernel's process, as jupyter_client handles one, though it is the child of our child.

    Everything goes through its process descriptor, because a number may mean another process by now.
    """

    stdin = stdout = stderr = None

    def __init__(self, pid: int):
        self.pid = pid
        self._descriptor = os.pidfd_open(pid)
        weakref.finalize(self, os.close, self._descriptor)

    def poll(self) -> int | None:
        """Return None while it runs, 0 after: how it ended isn't ours to ask."""
        return self._ended(0)

    def wait(self, timeout: float = LONGEST_END_SECONDS) -> int | None:
        """Return as soon as it has ended, or None when it hasn't in time."""
        return self._ended(timeout)

    def send_signal(self, number: int) -> None:
        """Send it a signal."""
        signal.pidfd_send_signal(self._descriptor, number)

    def kill(self) -> None:
        """End it."""
        self.send_signal(signal.SIGKILL)

    def terminate(self) -> None:
        """Ask it to end."""
        self.send_signal(signal.SIGTERM)

    def _ended(self, timeout: float) -> int | None:
        waiting = select.poll()
        waiting.register(self._descriptor, select.POLLIN)
        return 0 if waiting.poll(timeout * 1000) else None


class Preloaded:
    """The process that has done the imports, seen from here. It may be asked from several threads."""

    def __init__(self, folder: Path, kind: str = KERNELS):
        self._asking = threading.Lock()
        ours, theirs = socket.socketpair()
        with theirs:
            self._process = subprocess.Popen(
                [sys.executable, "-c", START, str(theirs.fileno()), str(folder), kind],
                pass_fds=[theirs.fileno()],
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                cwd=paths.root(),
                # Without the variable, ipykernel's debugger prints advice when it is imported.
                env={**os.environ, "PYDEVD_DISABLE_FILE_VALIDATION": "1"},
                start_new_session=True,  # so that Ctrl-C reaches us alone, and we end it in order
            )
        ours.settimeout(LONGEST_IMPORT_SECONDS)
        self._connection = ours
        self._replies = ours.makefile("r", encoding="utf-8")

    def fork(self, **request: Any) -> ForkedKernel:
        """Return a new child for a request: its environment, its folder, and what makes it a kernel or a call.

        Raises
        ------
        OSError
            When the process isn't there any more, or doesn't answer.
        """
        line = f"{json.dumps(request)}\n".encode()
        with self._asking:
            self._connection.sendall(line)
            reply = self._replies.readline()
        if not reply:
            raise ConnectionError("the preloaded process has ended")
        return ForkedKernel(int(reply))

    def close(self) -> None:
        """End the process, and any kernel that it still has."""
        self._replies.close()
        self._connection.close()
        try:
            self._process.wait(LONGEST_END_SECONDS)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()


class Provisioner(LocalProvisioner):
    """Starts a kernel by forking where that can be done, and ends one without ceremony."""

    async def launch_kernel(self, cmd: list[str], **options: Any) -> Any:
        """Start the kernel whose command line `cmd` is."""
        if self.parent.preloaded:
            try:
                # What comes before the connection file's option is `python -m ipykernel_launcher`.
                arguments = cmd[cmd.index("-f") :]
                folder = options.get("cwd") or os.getcwd()
                self.process = self.parent.preloaded.fork(
                    arguments=arguments, environment=dict(options["env"]), folder=folder
                )
            except (OSError, ValueError) as error:
                LOG.info("An ordinary kernel is started instead of a preloaded one: %s", error)
            else:
                self.pid = self.pgid = self.process.pid
                self.cwd = options.get("cwd")
                return self.connection_info
        return await super().launch_kernel(cmd, **options)

    async def kill(self, restart: bool = False) -> None:
        """End the kernel and see it gone; jupyter_client would look again only after a tenth of a second."""
        await super().kill(restart)
        if self.process:
            with contextlib.suppress(subprocess.TimeoutExpired):
                self.process.wait(timeout=LONGEST_END_SECONDS)


class Client(AsyncKernelClient):
    """Talks to a kernel as soon as it answers."""

    async def wait_for_ready(self, timeout: float | None = None) -> None:
        """Return once the kernel has answered and what it publishes is heard.

        jupyter_client goes on listening for a fifth of a second, for messages that nbclient ignores anyway.

        Raises
        ------
        RuntimeError
            When the kernel has ended, or doesn't answer in time.
        """
        deadline = time.monotonic() + (timeout or LONGEST_START_SECONDS)
        while await self.is_alive() and time.monotonic() < deadline:
            self.kernel_info()
            with contextlib.suppress(queue.Empty):
                await self.get_shell_msg(timeout=1)
                await self.get_iopub_msg(timeout=0.2)
                return
        raise RuntimeError("The kernel didn't start.")


class Kernels:
    """Where the kernels of one run come from.

    Attributes
    ----------
    folder : Path
        Where their connection files and sockets are.
    preloaded : Preloaded or None
        What forks them; None for ordinary kernels.
    """

    def __init__(self, folder: Path, preloaded: Preloaded | None):
        self.folder, self.preloaded = folder, preloaded

    def manager(self, environment: Mapping[str, str] | None = None) -> type[AsyncKernelManager]:
        """Return the class that nbclient is to manage a kernel with.

        Parameters
        ----------
        environment : mapping, optional
            Variables that the kernel has on top of those of this process as they are when it starts.
        """
        kernels = self
        name = f"{kernels.folder / uuid.uuid4().hex[:12]}"
        # What a person's own IPython runs at its start would run in chapters too, and change what they say.
        nobodys = {"IPYTHONDIR": str(kernels.folder / "ipython"), "PYTHONSTARTUP": ""}

        class Manager(AsyncKernelManager):
            """A kernel that listens on sockets of its own: TCP ports can be taken by others between two steps."""

            preloaded = kernels.preloaded

            async def start_kernel(self, **options: Any) -> None:
                self.connection_file = f"{name}.json"
                if os.name == "posix" and len(name) < LONGEST_SOCKET_NAME:
                    self.transport, self.ip = "ipc", name
                else:  # and its warning about TCP isn't for readers
                    options["extra_arguments"] = [*options.get("extra_arguments", []), "--log-level=ERROR"]
                self.client_factory = Client
                self.provisioner = Provisioner(kernel_id=self.kernel_id, kernel_spec=self.kernel_spec, parent=self)
                await super().start_kernel(env={**os.environ, **nobodys, **(environment or {})}, **options)
                # A client that connects before the kernel listens tries again only after a tenth of a second.
                deadline = time.monotonic() + LONGEST_START_SECONDS
                while self.transport == "ipc" and not os.path.exists(f"{self.ip}-{self.hb_port}"):
                    if not await self.is_alive() or time.monotonic() > deadline:
                        break  # the client will say so
                    await asyncio.sleep(0.005)

        return Manager


@contextlib.contextmanager
def open_kernels(*, preload: bool = True) -> Iterator[Kernels]:
    """Give kernels for as long as the block lasts; after it none of them runs.

    Parameters
    ----------
    preload : bool
        Whether imports are to be done once for all kernels. That gains nothing for a single one and costs it
        nothing either, and if this process is killed, ordinary kernels leave the folder of their sockets behind.
    """
    preloaded = None
    with temporary_folder() as folder:
        if preload and not can_fork():
            LOG.info("Ordinary kernels are started: this system can't fork preloaded ones.")
        elif preload:
            try:
                preloaded = Preloaded(folder)
            except OSError as error:
                LOG.info("Ordinary kernels are started: %s", error)
        try:
            yield Kernels(folder, preloaded)
        finally:
            if preloaded:
                preloaded.close()


def can_fork() -> bool:
    """Return whether this system forks processes that have done imports, and lets us follow them."""
    return sys.platform == "linux" and hasattr(os, "pidfd_open")


@contextlib.contextmanager
def temporary_folder() -> Iterator[Path]:
    """Give a folder that is gone after the block or, where this process dies before, after the next block.

    The lock beside it tells a folder in use from one whose process is dead.
    """
    clear_abandoned()
    folder = Path(tempfile.mkdtemp(prefix=PREFIX))
    try:
        with (folder / f"{LOCK}ing").open("a") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            os.rename(lock.name, folder / LOCK)  # now that it is held: nobody may find it free
            yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def clear_abandoned() -> None:
    """Remove the folders of processes that were killed."""
    for folder in Path(tempfile.gettempdir()).glob(f"{PREFIX}*"):
        with contextlib.suppress(OSError):
            if (folder / LOCK).is_file() and free(folder / LOCK):
                shutil.rmtree(folder, ignore_errors=True)
