"""The report's claims about its own survey, and the code that tests them against any wave."""

from surveybook.claims.across import STATUSES, judge_against
from surveybook.claims.judgement import VERDICTS
from surveybook.claims.reading import CHAPTERS, Claim, chapter_named, read_claims
from surveybook.claims.summary import count_verdicts
from surveybook.claims.verdicts import judge

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
