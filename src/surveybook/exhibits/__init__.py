"""All that is shown: charts, tables, cards, and what readers take away of them.

Chapters call the charts from here; each is loaded when it is first drawn.
"""

from typing import Any

from surveybook import load_part

OF_QUESTIONS = ("answers", "compare_populations", "draw_new_questions", "ranked", "shares")
OF_NUMBERS = ("distribution", "means")
OF_RESULTS = ("changes", "results", "stacked")
OF_WAVES = ("every_wave", "samples", "series")
HOMES = {
    **dict.fromkeys(OF_QUESTIONS, "surveybook.exhibits.charts"),
    **dict.fromkeys(OF_NUMBERS, "surveybook.exhibits.number_charts"),
    **dict.fromkeys(OF_RESULTS, "surveybook.exhibits.result_charts"),
    **dict.fromkeys(OF_WAVES, "surveybook.exhibits.wave_charts"),
}


def __getattr__(name: str) -> Any:
    """Return a chart's function."""
    return load_part(__name__, HOMES, name)
