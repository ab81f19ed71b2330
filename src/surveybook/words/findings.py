"""Sentences that say what a wave shows: every number and every direction chosen from its estimates.

Each function returns a `Phrase`. None says "more" where the interval of the difference holds 0, and none
falls silent without saying why: a question that the wave didn't ask is named as such. Where a kind of question leaves
nothing to say of the sort that was asked for, such as an order of items whose answers exclude each other, what it does
have is said instead.
"""

from typing import Any

from surveybook import load_part

OF_MODULES = {
    "surveybook.model.wording": ("together",),
    "surveybook.words.asked": (
        "answered",
        "asked",
        "asked_of",
        "asked_together",
        "base_line",
        "base_of",
        "choices_note",
        "figures_counted",
        "intervals_mean",
        "new_questions",
        "nothing_to_show",
        "questions_of_its_own",
        "rounding",
        "small_bases",
        "who_answered",
    ),
    "surveybook.words.changes": (
        "change",
        "changed_items",
        "changes",
        "comparable_questions",
        "largest_changes",
        "since_baseline",
    ),
    "surveybook.words.contrasts": (
        "contrast",
        "further_up",
        "gaps",
        "item_contrast",
        "orders",
        "shared_order",
        "widest_gap",
    ),
    "surveybook.words.naming": ("label_share", "name_answer", "name_share", "people"),
    "surveybook.words.orders": (
        "first_places",
        "is_first",
        "lead_among",
        "lead_of",
        "leader",
        "leaders",
        "leading",
        "leading_answers",
        "order_text",
        "place",
        "ranking",
        "split",
    ),
    "surveybook.words.shares": (
        "agree_or_disagree",
        "apart",
        "level",
        "replied",
        "reply",
        "share",
        "side_by_side",
        "two_answers",
    ),
}
HOMES = {name: module for module, names in OF_MODULES.items() for name in names}


def __getattr__(name: str) -> Any:
    """Return a function of sentences, from the module that has it, loaded now."""
    return load_part(__name__, HOMES, name)
