"""Any survey report as a living, reproducible book: survey waves in; figures, sentences and tested claims out.

What a chapter calls is imported from here; each part is loaded when it is first used, so that a chapter pays for
what it uses.
"""

import sys
from collections.abc import Iterable, Mapping
from importlib import import_module
from typing import Any

__version__ = "2.0.0"

# What chapters ask for, and where it lives: functions, and modules of functions.
HOMES = {"open_wave": "surveybook.waves", "open_report": "surveybook.waves", "glue": "surveybook.model.wording"}
MODULES = {
    "charts": "surveybook.exhibits.all_charts",
    "tables": "surveybook.exhibits.tables",
    "cards": "surveybook.exhibits.cards",
    "findings": "surveybook.words.findings",
    "claims": "surveybook.claims",
}

# What other packages import on their way where it happens to be there, as beside JupyterLab, and nothing here asks for:
# the grammar of international addresses that JSON Schema may check takes over a second to compile.
UNUSED = ("rfc3987_syntax",)


def leave_out_unused() -> None:
    """Let a process of our own do without what nothing in it asks for."""
    for name in UNUSED:
        sys.modules.setdefault(name, None)  # type: ignore[arg-type]


def __getattr__(name: str) -> Any:
    """Return a part of the package that chapters use."""
    return import_module(MODULES[name]) if name in MODULES else load_part(__name__, HOMES, name)


def load_part(package: str, homes: Mapping[str, str], name: str) -> Any:
    """Return what a package offers under a name, from the module that has it, which is loaded now.

    Raises
    ------
    AttributeError
        When the package offers nothing of that name.
    """
    if name not in homes:
        raise AttributeError(f"{package} has no {name!r}; it has {', '.join(homes)}.")
    return getattr(import_module(homes[name]), name)


def list_functions(package: str, parts: Iterable[str]) -> dict[str, str]:
    """Return the module of each function that some modules of a package define for others, by the function's name."""
    modules = [import_module(f"{package}.{part}") for part in parts]
    return {
        name: module.__name__
        for module in modules
        for name, value in vars(module).items()
        if getattr(value, "__module__", "") == module.__name__ and not name.startswith("_")
    }
