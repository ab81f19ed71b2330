"""The report's claims about its own survey, and the code that tests them against any wave.

What chapters show of them is loaded when it is first asked for: a chapter without claims pays nothing.
"""

from importlib import import_module
from typing import Any

HOMES = {
    "all_claims": "pages",
    "chart_verdicts": "pages",
    "claims_counted": "pages",
    "claims_since": "pages",
    "claims_table": "pages",
    "rules": "pages",
    "two_passes": "pages",
    "find_part": "claim",
    "read_claims": "claim",
    "count_verdicts": "verdicts",
    "judge_claims": "verdicts",
}


def __getattr__(name: str) -> Any:
    """Return what the package offers under a name."""
    if name not in HOMES:
        raise AttributeError(f"surveybook.claims has no {name!r}; it has {', '.join(HOMES)}.")
    return getattr(import_module(f"{__name__}.{HOMES[name]}"), name)
