"""What changed between two waves: what may be compared, by how much it moved, and what that can bear."""

from surveybook.change.changes import COLUMNS, compare_waves, label_of
from surveybook.change.comparability import (
    CAUTION,
    COMPARABLE,
    NOT_COMPARABLE,
    Comparability,
    asked_once,
    compare_questions,
    how_comparable,
)
from surveybook.change.later import held_for_later
from surveybook.change.meaning import caution, change_words, meaning, moved_alone, size_of
from surveybook.change.report import comparison_table, pairs_of

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
