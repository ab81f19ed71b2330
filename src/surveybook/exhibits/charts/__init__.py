"""Charts of estimates. Importing this module decides how every chart is stored in a notebook."""

from surveybook.exhibits.charts.answers import answers, new_questions
from surveybook.exhibits.charts.context import evidence
from surveybook.exhibits.charts.render import MIME, Story, story_of
from surveybook.exhibits.charts.samples import samples
from surveybook.exhibits.charts.series import every_wave, series
from surveybook.exhibits.charts.shapes import channels, compare_populations, gap, ranked, shares
from surveybook.exhibits.charts.slopes import slopes
from surveybook.exhibits.charts.verdicts import verdicts

__all__ = [
    "MIME",
    "Story",
    "answers",
    "channels",
    "compare_populations",
    "evidence",
    "every_wave",
    "gap",
    "new_questions",
    "ranked",
    "samples",
    "series",
    "shares",
    "slopes",
    "story_of",
    "verdicts",
]
