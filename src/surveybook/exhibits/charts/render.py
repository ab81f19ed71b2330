"""How a chart is stored in a notebook: its Vega-Lite specification alone, with what a page needs beside it."""

from dataclasses import asdict, dataclass, field
from typing import Any

import altair as alt

MIME = "application/vnd.vegalite.v6+json"
USERMETA = "surveybook"


@dataclass(frozen=True)
class Story:
    """What makes a chart a complete figure.

    Attributes
    ----------
    name : str
        The figure's name, once in the book; its address on the page.
    title : str
        The finding, in words computed from the estimates.
    subtitle : str
        The question.
    base : str
        Populations, bases and fieldwork.
    alternative : str
        What someone who can't see the chart is told: the finding, with its range.
    source, interval_note : str
        Where the figures are from, and what the intervals mean.
    wave, question_id : str
        Whose figures these are.
    table : dict
        ``columns`` and ``rows`` of the data; the first column heads its row.
    figures : list of str
        Ids of the figures drawn.
    notes : list of str
        Sentences to read beside the chart.
    code : dict
        The function that drew it.
    """

    name: str
    title: str
    subtitle: str
    base: str
    alternative: str
    source: str
    interval_note: str
    wave: str
    question_id: str
    table: dict[str, list[Any]]
    figures: list[str]
    notes: list[str] = field(default_factory=list)
    code: dict[str, str] = field(default_factory=dict)


def story_of(spec: dict[str, Any]) -> dict[str, Any]:
    """Return the story that a specification carries; empty where it has none."""
    return spec.get("usermeta", {}).get(USERMETA, {})


def with_story(chart: alt.LayerChart | alt.Chart, story: Story) -> alt.LayerChart | alt.Chart:
    """Return the chart with its story in ``usermeta`` and its alternative as description."""
    return chart.properties(usermeta={USERMETA: asdict(story)}, description=story.alternative)


def render(spec: dict[str, Any], **options: Any) -> dict[str, Any]:
    """Return the outputs that a notebook stores for a chart.

    Altair's own renderers write a random id, or a MIME type that the notebook format refuses; and nbval
    compares what is stored, so it has to be the same every time.
    """
    return {MIME: spec, "text/plain": story_of(spec).get("alternative") or spec.get("description", "A chart")}


alt.renderers.register("surveybook", render)
alt.renderers.enable("surveybook")
# Names that count up would depend on which charts were made before.
alt.data_transformers.enable("default", consolidate_datasets=False)
