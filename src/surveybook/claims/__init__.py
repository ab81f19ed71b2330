"""The report's claims about its own survey, and the code that tests them against any wave.

What chapters show of them is loaded when it is first asked for: a chapter without claims pays nothing.
"""

from typing import Any

from surveybook import load_part

HOMES = {
    "all_claims": "surveybook.claims.pages",
    "chart_verdicts": "surveybook.claims.pages",
    "claims_counted": "surveybook.claims.pages",
    "claims_since": "surveybook.claims.pages",
    "rules": "surveybook.claims.pages",
    "tell_news": "surveybook.claims.pages",
    "two_passes": "surveybook.claims.pages",
    "find_part": "surveybook.claims.claim",
    "read_claims": "surveybook.claims.claim",
    "count_verdicts": "surveybook.claims.verdicts",
    "judge_claims": "surveybook.claims.verdicts",
}


def __getattr__(name: str) -> Any:
    """Return what the package offers under a name."""
    return load_part(__name__, HOMES, name)
