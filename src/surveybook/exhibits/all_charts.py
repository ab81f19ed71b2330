"""The charts that chapters call, whichever module of this room draws them: `charts` to them.

They are loaded when the first is drawn, so that a chapter's kernel starts without them.
"""

from functools import cache
from typing import Any

from surveybook import list_functions, load_part

PARTS = ("charts", "number_charts", "wave_charts")


@cache
def find_homes() -> dict[str, str]:
    """Return the module of each chart: of each function that the modules of charts define for others."""
    return list_functions("surveybook.exhibits", PARTS)


def __getattr__(name: str) -> Any:
    """Return a chart's function."""
    return load_part(__name__, find_homes(), name)
