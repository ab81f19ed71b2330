"""Imported by the process that kernels and tasks are forked from: it does, once, the imports that each would do again.

Whoever dies, nothing is left: that process ends when all that were forked from it and the one that started it have
ended, and takes the folder of their sockets with it.
"""

import atexit
import contextlib
import gc
import importlib
import os
import shutil

# Holds, a line each, the folder of sockets and the modules to import.
PRELOAD_VARIABLE = "SURVEYBOOK_PRELOAD"


def import_modules(names: list[str]) -> None:
    """Import modules; what is wrong with one is for those to say who use it."""
    os.environ.setdefault("PYDEVD_DISABLE_FILE_VALIDATION", "1")  # or ipykernel's debugger prints advice
    for name in names:
        with contextlib.suppress(Exception):
            importlib.import_module(name)
    gc.collect()
    gc.freeze()  # a collection in a child would copy every page that it looks at


if given := os.environ.pop(PRELOAD_VARIABLE, ""):
    folder, *modules = given.splitlines()
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    import_modules(modules)
