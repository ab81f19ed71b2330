"""Sentences that say what a wave shows: every number and every direction chosen from its estimates.

Each function returns a `Phrase`. None says "more" where the interval of the difference holds 0, and none
falls silent without saying why: a question that the wave didn't ask is named as such. Where a kind of question leaves
nothing to say of the sort that was asked for, such as an order of items whose answers exclude each other, what it does
have is said instead.
"""

from surveybook.model.wording import together as together
from surveybook.words.asked import answered as answered
from surveybook.words.asked import asked as asked
from surveybook.words.asked import asked_of as asked_of
from surveybook.words.asked import asked_together as asked_together
from surveybook.words.asked import base_line as base_line
from surveybook.words.asked import base_of as base_of
from surveybook.words.asked import choices_note as choices_note
from surveybook.words.asked import figures_counted as figures_counted
from surveybook.words.asked import intervals_mean as intervals_mean
from surveybook.words.asked import new_questions as new_questions
from surveybook.words.asked import nothing_to_show as nothing_to_show
from surveybook.words.asked import questions_of_its_own as questions_of_its_own
from surveybook.words.asked import rounding as rounding
from surveybook.words.asked import small_bases as small_bases
from surveybook.words.asked import who_answered as who_answered
from surveybook.words.changes import change as change
from surveybook.words.changes import changed_items as changed_items
from surveybook.words.changes import changes as changes
from surveybook.words.changes import comparable_questions as comparable_questions
from surveybook.words.changes import since_baseline as since_baseline
from surveybook.words.contrasts import contrast as contrast
from surveybook.words.contrasts import further_up as further_up
from surveybook.words.contrasts import gaps as gaps
from surveybook.words.contrasts import item_contrast as item_contrast
from surveybook.words.contrasts import orders as orders
from surveybook.words.contrasts import shared_order as shared_order
from surveybook.words.contrasts import widest_gap as widest_gap
from surveybook.words.naming import label_share as label_share
from surveybook.words.naming import name_answer as name_answer
from surveybook.words.naming import name_share as name_share
from surveybook.words.naming import people as people
from surveybook.words.orders import first_places as first_places
from surveybook.words.orders import is_first as is_first
from surveybook.words.orders import lead_among as lead_among
from surveybook.words.orders import lead_of as lead_of
from surveybook.words.orders import leader as leader
from surveybook.words.orders import leaders as leaders
from surveybook.words.orders import leading as leading
from surveybook.words.orders import leading_answers as leading_answers
from surveybook.words.orders import order_text as order_text
from surveybook.words.orders import place as place
from surveybook.words.orders import ranking as ranking
from surveybook.words.orders import split as split
from surveybook.words.shares import agree_or_disagree as agree_or_disagree
from surveybook.words.shares import apart as apart
from surveybook.words.shares import level as level
from surveybook.words.shares import replied as replied
from surveybook.words.shares import reply as reply
from surveybook.words.shares import share as share
from surveybook.words.shares import side_by_side as side_by_side
from surveybook.words.shares import two_answers as two_answers
