"""Any survey report as a living, reproducible book: survey waves in; figures, sentences and tested claims out.

What a chapter calls is imported from here; each part is loaded when it is first asked for, so that a chapter pays for
what it uses.
"""

from importlib import import_module
from typing import Any

__version__ = "1.0.0"

# What chapters ask for, and where it lives.
HOMES = {
    "open_wave": "surveybook.waves",
    "open_report": "surveybook.waves",
    "glue": "surveybook.model.wording",
    "charts": "surveybook.exhibits.charts",
    "tables": "surveybook.exhibits.tables",
    "cards": "surveybook.exhibits.cards",
    "findings": "surveybook.words.findings",
    "claims": "surveybook.claims",
}


def __getattr__(name: str) -> Any:
    """Return a part of the package that chapters use, loaded now."""
    if name not in HOMES:
        raise AttributeError(f"surveybook has no {name!r}; chapters use {', '.join(HOMES)}.")
    module = import_module(HOMES[name])
    return module if HOMES[name].rpartition(".")[2] == name else getattr(module, name)
