"""Sentences that say what a wave shows: every number and every direction chosen from its estimates.

Each function returns a `Phrase`. None says "more" where the interval of the difference holds 0, and none
falls silent without saying why: a question that the wave didn't ask is named as such.
"""

from surveybook.model.wording import together
from surveybook.words.findings.answers import answer_label, leading_answers, new_questions, questions_of_its_own
from surveybook.words.findings.changes import change, changes, comparable_questions, since_baseline
from surveybook.words.findings.contrasts import contrast, gaps, item_contrast, orders, shared_order
from surveybook.words.findings.differences import further_up, gap_text
from surveybook.words.findings.openings import apart, first_places, side_by_side, widest_gap
from surveybook.words.findings.questions import (
    answered,
    asked,
    asked_of,
    asked_together,
    base_line,
    base_of,
    choices_note,
    figures_counted,
    intervals_mean,
    not_asked,
    nothing_to_show,
    people,
    rounding,
    small_bases,
    who_answered,
)
from surveybook.words.findings.rankings import (
    channel_winners,
    lead_among,
    lead_of,
    leader,
    leaders,
    leading,
    leading_items,
    order_text,
    place,
    ranking,
    split,
)
from surveybook.words.findings.shares import (
    against_half,
    agree_or_disagree,
    level,
    replied,
    reply,
    share,
    share_and_interval,
    two_answers,
)

__all__ = [
    "against_half",
    "answer_label",
    "agree_or_disagree",
    "answered",
    "apart",
    "asked",
    "asked_of",
    "asked_together",
    "base_line",
    "intervals_mean",
    "base_of",
    "change",
    "changes",
    "channel_winners",
    "choices_note",
    "comparable_questions",
    "contrast",
    "figures_counted",
    "first_places",
    "further_up",
    "gap_text",
    "gaps",
    "item_contrast",
    "leader",
    "leaders",
    "leading",
    "leading_answers",
    "lead_among",
    "lead_of",
    "leading_items",
    "level",
    "new_questions",
    "not_asked",
    "nothing_to_show",
    "order_text",
    "orders",
    "people",
    "questions_of_its_own",
    "rounding",
    "place",
    "ranking",
    "replied",
    "reply",
    "share",
    "share_and_interval",
    "side_by_side",
    "shared_order",
    "since_baseline",
    "small_bases",
    "split",
    "two_answers",
    "together",
    "who_answered",
    "widest_gap",
]
