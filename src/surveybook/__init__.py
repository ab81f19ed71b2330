"""Any survey report as a living, reproducible book: survey waves in; figures, sentences and tested claims out.

What a chapter calls is imported from here; each part is loaded when it is first used, so that a chapter pays for
what it uses.
"""

import sys
from collections.abc import Callable, Mapping, Sequence
from functools import cache
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


def offer_functions(
    offering: str, modules: Sequence[str], others: Mapping[str, str] | None = None
) -> tuple[Callable[[], dict[str, str]], Callable[[str], Any]]:
    """Return what makes a module offer what others define: the module of each function by its name, and any of them.

    They are loaded when the first is asked for, so that a chapter's kernel starts without them.

    Parameters
    ----------
    offering : str
        The module that offers them.
    modules : sequence of str
        Those that define them, for others.
    others : mapping, optional
        What else it offers, and which module has that.
    """

    @cache
    def find_homes() -> dict[str, str]:
        found = {
            name: module.__name__
            for module in map(import_module, modules)
            for name, value in vars(module).items()
            if getattr(value, "__module__", "") == module.__name__ and not name.startswith("_")
        }
        return {**(others or {}), **found}

    return find_homes, lambda name: load_part(offering, find_homes(), name)
