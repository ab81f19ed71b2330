"""The report's claims about its own survey, and the code that tests them against any wave."""

from whyict.claims.across import STATUSES, judge_against
from whyict.claims.judgement import VERDICTS
from whyict.claims.reading import CHAPTERS, Claim, chapter_named, read_claims
from whyict.claims.summary import count_verdicts
from whyict.claims.verdicts import judge

__all__ = [
    "CHAPTERS",
    "STATUSES",
    "VERDICTS",
    "Claim",
    "chapter_named",
    "count_verdicts",
    "judge",
    "judge_against",
    "read_claims",
]
