"""Sentences that say what a wave shows: every number and every direction chosen from its estimates.

Each function returns a `Phrase`. None says "more" where the interval of the difference holds 0, and none
falls silent without saying why: a question that the wave didn't ask is named as such. Where a kind of question leaves
nothing to say of the sort that was asked for, such as an order of items whose answers exclude each other, what it does
have is said instead.
"""

from surveybook import offer_functions

PARTS = ("asked", "changes", "groups", "naming", "results", "shares")
# What joins sentences; and headlines, each of which is tested in the room above before it is said.
OTHERS = {"together": "surveybook.model.wording"}
OTHERS |= dict.fromkeys(("headline", "chapter_headline", "result_under_title"), "surveybook.judgement.headlines")
find_homes, __getattr__ = offer_functions(__name__, [f"surveybook.words.{part}" for part in PARTS], OTHERS)
