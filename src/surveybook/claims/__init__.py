"""The report's claims about its own survey, and the code that tests them against any wave.

What chapters show of them is loaded when it is first asked for: a chapter without claims pays nothing.
"""

from typing import Any

from surveybook import load_part

SHOWN = ("all_claims", "chart_verdicts", "claims_counted", "claims_since", "rules", "tell_news", "two_passes")
HOMES = {**dict.fromkeys(SHOWN, "surveybook.claims.pages"), "read_claims": "surveybook.claims.claim"}


def __getattr__(name: str) -> Any:
    """Return what the package offers under a name."""
    return load_part(__name__, HOMES, name)
