"""All that is shown: charts, tables, cards, and what readers take away of them.

Chapters call the charts from here; each is loaded when it is first drawn.
"""

from typing import Any

from surveybook import load_part

OF_QUESTIONS = (
    "answers", "changes", "compare_populations", "draw_new_questions", "ranked", "results", "shares", "stacked"
)  # fmt: skip
HOMES = {
    **dict.fromkeys(OF_QUESTIONS, "surveybook.exhibits.charts"),
    **dict.fromkeys(("distribution", "means"), "surveybook.exhibits.number_charts"),
    **dict.fromkeys(("every_wave", "samples", "series"), "surveybook.exhibits.wave_charts"),
}


def __getattr__(name: str) -> Any:
    """Return a chart's function."""
    return load_part(__name__, HOMES, name)
