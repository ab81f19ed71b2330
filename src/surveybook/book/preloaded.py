"""The process that has done the imports: it forks a child on request, which becomes a kernel or calls a function.

Kernels are what :mod:`surveybook.book.kernels` asks for, calls what :mod:`surveybook.book.calls` does. It knows
Python's own library and, until it has to become a kernel, nothing of Jupyter but what to import.
"""

import ast
import contextlib
import ctypes
import gc
import importlib
import json
import os
import shutil
import signal
import socket
import sys
import time
import traceback
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

from surveybook.model import paths

SOURCES = Path(__file__).resolve().parents[2]
# What a kernel imports while it starts, much of it as late as when it is first asked something.
OF_EVERY_KERNEL = [
    "ipykernel.kernelapp",
    "ipykernel.ipkernel",
    "ipykernel.debugger",
    "IPython.core.completerlib",
    "IPython.core.debugger",
    "IPython.core.oinspect",
    "IPython.extensions.storemagic",
    "sqlite3",
    "tornado.platform.asyncio",
    "tornado.queues",
]
OF_EVERY_CHAPTER = ["pandas", "altair"]
# What checking a wave and building its pages import, much of it as late as when Sphinx meets the first page.
OF_EVERY_CALL = [
    "surveybook.book.making",
    "jupyter_book.cli.main",
    "jupyter_book.sphinx",
    "myst_nb.sphinx_ext",
    "sphinx.application",
    "sphinx.builders.html",
    "sphinx_external_toc",
    "sphinxcontrib.bibtex",
    "pybtex.style.formatting.unsrt",
    "surveybook.book.sphinx_ext.blocks",
    "surveybook.book.sphinx_ext.certificates",
    "surveybook.book.sphinx_ext.exhibits",
    "surveybook.book.sphinx_ext.glossary",
    "surveybook.book.sphinx_ext.pages",
    "surveybook.book.sphinx_ext.pictures",
    "surveybook.book.sphinx_ext.settings",
    "surveybook.book.sphinx_ext.transforms",
]
KERNELS, CALLS = "kernels", "calls"
# Not `python -m`, because the package needn't be installed, and PYTHONPATH would change what chapters see.
START = f"import sys; sys.path.insert(0, {str(SOURCES)!r}); from surveybook.book.preloaded import main; main()"
END_WITH_PARENT = 1  # PR_SET_PDEATHSIG


def imported_by(notebooks: Iterable[Path]) -> Iterator[str]:
    """Yield the modules that notebooks import, and the names that they import from them: some are modules too."""
    for notebook in notebooks:
        for cell in json.loads(notebook.read_text(encoding="utf-8"))["cells"]:
            if cell["cell_type"] != "code":
                continue
            for node in ast.walk(ast.parse("".join(cell["source"]))):
                if isinstance(node, ast.Import):
                    yield from (alias.name for alias in node.names)
                elif isinstance(node, ast.ImportFrom) and node.module:
                    yield node.module
                    yield from (f"{node.module}.{alias.name}" for alias in node.names)


def preload(kind: str) -> None:
    """Import what chapters and their kernels import, or what calls do; what can't be is theirs to report."""
    modules = [*OF_EVERY_KERNEL, *OF_EVERY_CHAPTER] if kind == KERNELS else [*OF_EVERY_CALL]
    with contextlib.suppress(Exception):
        modules += imported_by(paths.chapters()) if kind == KERNELS else ()
    for module in dict.fromkeys(modules):
        with contextlib.suppress(Exception):
            importlib.import_module(module)


def serve(connection: socket.socket) -> dict[str, Any] | None:
    """Fork a child for each request: return the request in the child, and None here once nobody asks any more."""
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)  # nobody waits for the children, so the system may forget them
    for line in connection.makefile("r", encoding="utf-8"):
        # The only other threads by now are OpenBLAS's and jemalloc's, which both look after themselves at a fork.
        pid = os.fork()
        if pid == 0:
            os.close(connection.detach())
            return json.loads(line)
        connection.sendall(f"{pid}\n".encode())
    return None


def become_kernel(request: dict[str, Any], parent: int, search_path: list[str], variables: dict[str, str]) -> None:
    """Turn this process into the kernel that an interpreter of its own would have become.

    Parameters
    ----------
    request : dict
        The kernel's ``arguments``, its ``environment`` and the ``folder`` it works in.
    parent : int
        The process that forked this one, with which it is to end.
    search_path : list of str
        Where an ordinary interpreter looks for modules.
    variables : dict
        Environment variables that the imports have set, as they would have here.
    """
    settle(request, parent, {**variables, "JPY_PARENT_PID": str(parent)})
    sys.path[:] = search_path
    import ipykernel_launcher
    import numpy as np
    from ipykernel.kernelapp import IPKernelApp

    sys.argv = [str(ipykernel_launcher.__file__), *request["arguments"]]
    np.random.seed()  # Python's own generator does so after a fork, numpy's doesn't
    IPKernelApp.launch_instance(request["arguments"], parent_handle=parent)


def settle(request: dict[str, Any], parent: int, variables: dict[str, str]) -> None:
    """Make this child a process of its own, which ends with its parent, and give it its environment and folder."""
    os.setsid()
    ctypes.CDLL(None).prctl(END_WITH_PARENT, signal.SIGKILL)
    if os.getppid() != parent:  # it died before the system knew that we are to follow
        os._exit(1)
    signal.signal(signal.SIGCHLD, signal.SIG_DFL)
    os.environ.clear()
    os.environ.update({**request["environment"], **variables})
    time.tzset()
    os.chdir(request["folder"])


def call(request: dict[str, Any]) -> None:
    """Call a function of the package, and write what it returns or what it says of a failure.

    Parameters
    ----------
    request : dict
        ``module`` and ``function``, its ``arguments`` by name, the file that takes the ``answer`` and the one that
        takes what is printed, ``said``.
    """
    with open(request["said"], "ab", buffering=0) as said:
        os.dup2(said.fileno(), 1)
        os.dup2(said.fileno(), 2)
    from surveybook.model.problems import SurveybookError

    try:
        function = getattr(importlib.import_module(request["module"]), request["function"])
        answer = {"value": function(**request["arguments"])}
    except SurveybookError as error:
        answer = {"error": str(error)}
    except OSError as error:
        answer = {"error": str(error), "number": error.errno, "file": os.fsdecode(error.filename or "")}
    except BaseException:
        answer = {"error": traceback.format_exc()}
    sys.stdout.flush()
    sys.stderr.flush()
    partial = f"{request['answer']}.partial"
    with open(partial, "w", encoding="utf-8") as file:
        json.dump(answer, file)
    os.replace(partial, request["answer"])


def main() -> None:
    """Preload, fork children while somebody asks, and clean up."""
    connection, folder, kind = socket.socket(fileno=int(sys.argv[1])), sys.argv[2], sys.argv[3]
    parent, before = os.getpid(), dict(os.environ)
    search_path = [path for path in sys.path[1:] if path]  # without what START put there to find this module
    preload(kind)
    variables = {name: value for name, value in os.environ.items() if before.get(name) != value}
    gc.collect()
    gc.freeze()  # a collection in a child would copy every page that it looks at
    request = serve(connection)
    if request and kind == KERNELS:
        become_kernel(request, parent, search_path, variables)
    elif request:
        settle(request, parent, variables)
        call(request)
    else:
        shutil.rmtree(folder, ignore_errors=True)
    os._exit(0)  # nothing here is worth an orderly end
