"""What changed between two waves: what may be compared, by how much it moved, and what that can bear."""

from whyict.change.changes import COLUMNS, compare_waves, label_of
from whyict.change.comparability import (
    CAUTION,
    COMPARABLE,
    NOT_COMPARABLE,
    Comparability,
    asked_once,
    compare_questions,
    how_comparable,
)
from whyict.change.later import held_for_later
from whyict.change.meaning import caution, change_words, meaning, moved_alone, size_of
from whyict.change.report import comparison_table, pairs_of

__all__ = [
    "CAUTION",
    "COLUMNS",
    "COMPARABLE",
    "NOT_COMPARABLE",
    "Comparability",
    "asked_once",
    "caution",
    "change_words",
    "compare_questions",
    "compare_waves",
    "comparison_table",
    "held_for_later",
    "how_comparable",
    "label_of",
    "meaning",
    "moved_alone",
    "pairs_of",
    "size_of",
]
