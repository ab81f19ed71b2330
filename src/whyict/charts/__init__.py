"""Charts of estimates. Importing this module decides how every chart is stored in a notebook."""

from whyict.charts.answers import answers, new_questions
from whyict.charts.context import evidence
from whyict.charts.render import MIME, Story, story_of
from whyict.charts.samples import samples
from whyict.charts.series import every_wave, series
from whyict.charts.shapes import channels, compare_populations, gap, ranked, shares
from whyict.charts.slopes import slopes
from whyict.charts.verdicts import verdicts

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
