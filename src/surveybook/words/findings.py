"""Sentences that say what a wave shows: every number and every direction chosen from its estimates.

Each function returns a `Phrase`. None says "more" where the interval of the difference holds 0, and none
falls silent without saying why: a question that the wave didn't ask is named as such. Where a kind of question leaves
nothing to say of the sort that was asked for, such as an order of items whose answers exclude each other, what it does
have is said instead.
"""

from functools import cache
from typing import Any

from surveybook import list_functions, load_part

PARTS = ("asked", "changes", "groups", "naming", "results", "shares")


@cache
def find_homes() -> dict[str, str]:
    """Return the module of each function that is called from here: what those of sentences define, and what joins them.

    They are loaded when the first is called, so that a chapter's kernel starts without them.
    """
    # A headline is tested before it is said, in the room above.
    others = {"together": "surveybook.model.wording", "headline": "surveybook.judgement.headlines"}
    others |= dict.fromkeys(("chapter_headline", "result_under_title"), others["headline"])
    return others | list_functions("surveybook.words", PARTS)


def __getattr__(name: str) -> Any:
    """Return a function of sentences, from the module that has it."""
    return load_part(__name__, find_homes(), name)
