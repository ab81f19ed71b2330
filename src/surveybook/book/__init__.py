"""Editions: the executed chapters of one wave, as a site; and the sites of all waves as one.

What each name needs is imported when it is asked for: a build that finds nothing changed imports hardly anything.
"""

import importlib
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from surveybook.book.chapters import check_parameters, execute, execute_all, read_parameters
    from surveybook.book.many import build_all
    from surveybook.book.single import build_edition

__all__ = ["build_all", "build_edition", "check_parameters", "execute", "execute_all", "read_parameters"]
HOMES = {"build_all": "many", "build_edition": "single"}


def __getattr__(name: str) -> Any:
    """Return what the package offers under a name."""
    if name not in __all__:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(importlib.import_module(f"{__name__}.{HOMES.get(name, 'chapters')}"), name)
