"""Processes that have done the imports: each chapter gets a fresh kernel, each task a fresh process, at once.

Half of what a short chapter costs is a new interpreter and the same imports again. Python's own fork server does them
once and forks a child for each kernel and each task. To papermill, nbclient and jupyter_client a kernel is like any
other. A process ends with the one that started it, however that ends.
"""

import asyncio
import atexit
import contextlib
import gc
import importlib
import multiprocessing
import os
import shutil
import signal
import sys
import tempfile
import threading
import time
import uuid
from collections.abc import Callable, Mapping
from multiprocessing import resource_tracker
from multiprocessing.connection import Connection
from multiprocessing.process import BaseProcess
from multiprocessing.util import get_temp_dir
from pathlib import Path
from typing import Any

from jupyter_client.manager import AsyncKernelManager
from jupyter_client.provisioning import LocalProvisioner

from surveybook import MODULES, leave_out_unused
from surveybook.model import paths
from surveybook.model.problems import SurveybookError

NAME = "surveybook"
# Holds, a line each, the folder of sockets and the modules to import.
PRELOAD_VARIABLE = "SURVEYBOOK_PRELOAD"
LONGEST_TASK_SECONDS = 1800
LONGEST_FOLDER = 60  # of temporary files: a socket in it can have a name of 104 to 108 bytes, as the system has it
# Elsewhere than on Linux system libraries don't survive a fork: there each process does its own imports.
CONTEXT: Any = multiprocessing.get_context("forkserver" if sys.platform == "linux" else "spawn")
_STARTING = threading.Lock()
CTRL_C = {signal.SIGINT}
# What a kernel imports while it starts, much of it as late as when it is first asked something.
OF_KERNELS = (
    "ipykernel.kernelapp", "ipykernel.ipkernel", "ipykernel.debugger", "IPython.core.completerlib",
    "IPython.core.debugger", "IPython.core.oinspect", "IPython.extensions.storemagic", "sqlite3",
    "tornado.platform.asyncio", "tornado.queues", "pandas", "statsmodels.stats.proportion",
)  # fmt: skip
EXTENSION = Path(__file__).with_name("sphinx_ext")
# What building pages imports, much of it as late as when Sphinx meets the first page.
OF_PAGES = (
    "surveybook.book.site", *(f"surveybook.book.sphinx_ext.{path.stem}" for path in EXTENSION.glob("[a-z]*.py")),
    "jupyter_book.cli.main", "jupyter_book.sphinx",
    "myst_nb.sphinx_ext", "sphinx.application", "sphinx.builders.html", "sphinx_external_toc", "sphinxcontrib.bibtex",
    "pybtex.style.formatting.unsrt",
)  # fmt: skip


def find_temporary() -> str:
    """Return the folder of what this process and those that it starts need for a while, sockets above all."""
    config = multiprocessing.current_process()._config  # type: ignore[attr-defined]
    if "tempdir" not in config and len(tempfile.gettempdir()) > LONGEST_FOLDER:
        config["tempdir"] = tempfile.mkdtemp(prefix="pymp-", dir="/tmp")
    return get_temp_dir()


def copy_environment() -> dict[str, str]:
    """Return the variables of this process, without that which stands there while another thread starts a process."""
    with _STARTING:
        return dict(os.environ)


def start_process(function: Callable[..., None], *arguments: Any, environment: Mapping[str, str]) -> BaseProcess:
    """Return a new process that runs a function, with an environment of its own, in the folder that this one is in."""
    own = sorted(path.parent.name for path in paths.root().glob("src/*/__init__.py"))
    modules = (*OF_KERNELS, "surveybook", *MODULES.values(), *own, *(OF_PAGES if function is _answer else ()))
    with _STARTING:
        os.environ[PRELOAD_VARIABLE] = "\n".join((find_temporary(), *modules))
        CONTEXT.set_forkserver_preload([__name__])
        # A worker that Dask's nanny looks after is a daemon, which Python otherwise allows no children.
        multiprocessing.current_process()._config.pop("daemon", None)  # type: ignore[attr-defined]
        process: BaseProcess = CONTEXT.Process(
            target=_run, args=(dict(environment), function, arguments), name=NAME, daemon=True
        )
        # The fork server begins with this mask: Ctrl-C while it does its imports is this process's affair. What tracks
        # resources would lift it when it starts.
        resource_tracker.ensure_running()
        blocked = signal.pthread_sigmask(signal.SIG_BLOCK, CTRL_C)
        process.start()
        signal.pthread_sigmask(signal.SIG_SETMASK, blocked)
        del os.environ[PRELOAD_VARIABLE]
    return process


def _run(environment: dict[str, str], function: Callable[..., None], arguments: tuple[Any, ...]) -> None:
    """Run a function in this new process, which Ctrl-C doesn't reach and which ends with the one that started it."""
    parent = multiprocessing.parent_process()
    os.setsid()
    signal.pthread_sigmask(signal.SIG_UNBLOCK, CTRL_C)
    threading.Thread(target=lambda: (parent.join(), os._exit(1)), daemon=True).start()  # type: ignore[union-attr]
    os.environ.clear()
    os.environ.update(environment)
    time.tzset()
    function(*arguments)


def end_processes() -> None:
    """End every kernel and task that this process has started."""
    for process in multiprocessing.active_children():
        if process.name == NAME:
            process.kill()
            process.join()


def call_apart(function: Callable[..., Any], *arguments: Any, environment: Mapping[str, str] | None = None) -> Any:
    """Return what a function of a module returns, called in a process of its own.

    Parameters
    ----------
    function : callable
        The function; it, its arguments and what it returns can be pickled.
    environment : mapping, optional
        Variables that the process has on top of those of this one.

    Raises
    ------
    SurveybookError
        What the function raises, or that its process ended or took too long.
    OSError
        When the system refused something, a full disk above all.
    """
    ours, theirs = CONTEXT.Pipe(duplex=False)
    process = start_process(
        _answer, theirs, function, arguments, environment={**copy_environment(), **(environment or {})}
    )
    theirs.close()
    name = function.__name__.replace("_", " ").capitalize()
    try:
        if not ours.poll(LONGEST_TASK_SECONDS):
            raise SurveybookError(f"{name}: it took over {LONGEST_TASK_SECONDS} seconds.")
        answer = ours.recv()
    except EOFError:
        raise SurveybookError(f"{name}: its process ended. Is there enough memory?") from None
    finally:
        process.kill()
        process.join()
        ours.close()
    if isinstance(answer, Exception):
        raise answer
    return answer


def _answer(connection: Connection, function: Callable[..., Any], arguments: tuple[Any, ...]) -> None:
    """Send what a function returns or raises; what it prints goes nowhere."""
    with open(os.devnull, "w") as nowhere:
        os.dup2(nowhere.fileno(), 1)
        os.dup2(nowhere.fileno(), 2)
    try:
        answer = function(*arguments)
    except OSError as error:
        answer = error
    except Exception as error:  # of a kind that the other side may not be able to make again
        answer = SurveybookError(
            str(error) if isinstance(error, SurveybookError) else f"{type(error).__name__}: {error}"
        )
    connection.send(answer)


def become_kernel(arguments: list[str], folder: str) -> None:
    """Turn this process into the kernel that an interpreter of its own would have become."""
    import numpy as np
    from ipykernel.kernelapp import IPKernelApp

    os.chdir(folder)
    np.random.seed()  # Python's own generator is seeded anew after a fork, numpy's isn't
    IPKernelApp.launch_instance(arguments, parent_handle=os.getppid())


class Provisioner(LocalProvisioner):
    """Starts a kernel as a process that has done the imports, and ends it without ceremony."""

    async def launch_kernel(self, cmd: list[str], **options: Any) -> Any:
        """Start the kernel with the arguments of a command line that would start an interpreter of its own."""
        folder = options.get("cwd") or os.getcwd()
        self.process = start_process(become_kernel, cmd[cmd.index("-f") :], folder, environment=options["env"])
        self.pid = self.pgid = self.process.pid
        self.cwd = folder
        return self.connection_info

    async def poll(self) -> int | None:
        """Return None while the kernel runs, and its exit status after."""
        return self.process.exitcode if self.process else 0

    async def wait(self) -> int | None:
        """Return the exit status as soon as the kernel has ended."""
        while (status := await self.poll()) is None:
            await asyncio.sleep(0.005)
        return status

    async def send_signal(self, signum: int) -> None:
        """Send a signal to the kernel and what it has started; but not Ctrl-C.

        Kernels get that each time before they are killed, and those that have the time print an error then.
        """
        if signum not in CTRL_C and self.process and self.process.pid:
            with contextlib.suppress(ProcessLookupError):
                os.killpg(self.process.pid, signum)
            if signum == signal.SIGKILL:
                self.process.kill()  # if it is so young that it has no group yet


class KernelManager(AsyncKernelManager):
    """A kernel that listens on sockets in a folder of its own: TCP ports can be taken by others between two steps.

    Attributes
    ----------
    environment : dict
        Variables that the kernel has on top of those of this process as they are when it starts.
    """

    environment: Mapping[str, str] = {}

    async def start_kernel(self, **options: Any) -> None:
        """Start the kernel."""
        name = os.path.join(find_temporary(), uuid.uuid4().hex[:12])
        self.connection_file, self.transport, self.ip = f"{name}.json", "ipc", name
        self.provisioner = Provisioner(kernel_id=self.kernel_id, kernel_spec=self.kernel_spec, parent=self)
        # What a person's own IPython runs at its start would run in chapters too, and change what they say.
        nobodys = {"IPYTHONDIR": os.path.join(find_temporary(), "ipython"), "PYTHONSTARTUP": ""}
        await super().start_kernel(env={**copy_environment(), **nobodys, **self.environment}, **options)


def import_once(folder: str, modules: list[str]) -> None:
    """Do the imports of all kernels and tasks, in the process that they are forked from.

    That process ends when all that were forked from it and the one that started it have ended, whoever dies; it then
    takes the folder of their sockets with it.
    """
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    os.environ.setdefault("PYDEVD_DISABLE_FILE_VALIDATION", "1")  # or ipykernel's debugger prints advice
    leave_out_unused()
    for name in modules:
        with contextlib.suppress(Exception):  # what is wrong with a module is for those to say who use it
            module = importlib.import_module(name)
            homes = module.find_homes() if hasattr(module, "find_homes") else getattr(module, "HOMES", {})
            for home in homes.values():  # of what it loads when it is first asked for
                importlib.import_module(home)
    gc.collect()
    gc.freeze()  # a collection in a child would copy every page that it looks at


if given := os.environ.pop(PRELOAD_VARIABLE, ""):
    import_once(given.splitlines()[0], given.splitlines()[1:])
