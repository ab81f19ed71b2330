"""What this report alone needs of code: the rest is the engine's, `surveybook`, or data."""

from importlib import import_module
from typing import Any

# What chapters ask for, and where it lives; loaded when it is first asked for.
HOMES = {
    "channel_winners": "whyict.channels",
    "chart_channels": "whyict.channels",
    "tabulate_typology": "whyict.typology",
}


def __getattr__(name: str) -> Any:
    """Return what a chapter asks for."""
    if name not in HOMES:
        raise AttributeError(f"whyict has no {name!r}; chapters use {', '.join(HOMES)}.")
    return getattr(import_module(HOMES[name]), name)
