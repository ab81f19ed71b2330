"""What this report alone needs of code: the rest is the engine's, `surveybook`, or data."""

from typing import Any

from surveybook import load_part

# What chapters ask for, and where it lives; loaded when it is first asked for.
HOMES = {"chart_channels": "whyict.channels", "tabulate_typology": "whyict.typology"}


def __getattr__(name: str) -> Any:
    """Return what a chapter asks for."""
    return load_part(__name__, HOMES, name)
