"""What changed between two waves: what may be compared, by how much it moved, and what that can bear."""

from surveybook.change.changes import Changes, changes_of, compare_waves
from surveybook.change.comparability import CAUTION, COMPARABLE, NOT_COMPARABLE, Comparability, label_of
from surveybook.change.later import held_for_later
from surveybook.change.meaning import (
    BEYOND_CHANCE,
    comparison_table,
    describe_caution,
    describe_move,
    explain_change,
    is_exact,
    moves_alone,
)

__all__ = [
    "BEYOND_CHANCE",
    "CAUTION",
    "COMPARABLE",
    "NOT_COMPARABLE",
    "Changes",
    "Comparability",
    "changes_of",
    "compare_waves",
    "comparison_table",
    "describe_caution",
    "describe_move",
    "explain_change",
    "held_for_later",
    "is_exact",
    "label_of",
    "moves_alone",
]
