"""Charts of figures from other sources: no intervals, and no colour that a population of the survey has."""

from collections.abc import Sequence
from typing import Any

import altair as alt

from surveybook.exhibits import palette
from surveybook.exhibits.charts.drawing import draw, header
from surveybook.exhibits.charts.render import Story, with_story
from surveybook.model.evidence import pick_evidence, source_names
from surveybook.model.wording import in_sentence, listing, quantity_text, sentence

SERIES = "Other sources"
# What stands in ``evidence.csv`` as the place in the report of a figure that the report doesn't have.
LOOKED_UP = "not in the report"


def evidence(
    ids: Sequence[str], name: str, topic: str, *, unit: str = "%", series: tuple[str, str, str] | None = None
) -> alt.LayerChart | alt.Chart:
    """Return figures from other sources as dots without intervals.

    Parameters
    ----------
    ids : sequence of str
        Rows of ``evidence.csv`` that have a quantity, all in one unit; the title tells the first.
    name : str
        The figure's name.
    topic : str
        What they have in common.
    unit : str
        What the axis counts: '%' for shares of a hundred, other text for amounts.
    series : tuple of str, optional
        What was measured twice in one way, and the rows that did so, for the title instead.

    Returns
    -------
    altair.LayerChart
        The figures in the order given.

    Raises
    ------
    SurveybookError
        When a figure isn't in ``evidence.csv``.
    """
    rows = pick_evidence(*ids)
    shares = unit == "%"
    largest = 100.0 if shares else float(rows["quantity"].max()) * 1.1
    labels = rows["statement"].str.rstrip(".")
    texts = [quantity_text(row["quantity"], row["unit"], row["verbal"]) for _, row in rows.iterrows()]
    drawn = [
        {"label": label, "marks": [{"series": SERIES, "value": value, "text": text, "tip": f"{label}: {text}"}]}
        for label, value, text in zip(labels, rows["quantity"], texts, strict=True)
    ]
    ticks = (0, 25, 50, 75, 100) if shares else (0, round(largest / 2), round(largest))
    chart = draw(
        drawn, [SERIES], high=largest, ticks=ticks, unit="%" if shares else "", legend=False, colours=[palette.OTHER]
    )
    said = dict(zip(rows.index, texts, strict=True))
    dated = dict(zip(rows.index, rows["date"].str[:4], strict=True))
    title = f"{labels.iloc[0]}: {texts[0]}"
    if series:
        title = f"{series[0]}: {listing([f'{said[row]} in {dated[row]}' for row in series[1:]])}"
    base = "Context from other sources, not from the survey."
    listed = "; ".join(f"{in_sentence(label)}: {text}" for label, text in zip(labels, texts, strict=True))
    sources = source_names(rows["source"])
    # What the report cites is distinguished from what was looked up since.
    found = ", looked up for this book" if rows["locator"].eq(LOOKED_UP).all() else ", as cited by the report"
    table: dict[str, list[Any]] = {
        "columns": ["Statement", "Quantity", "Unit", "Date", "Source", "Cited in"],
        "rows": [
            [
                row["statement"],
                f"{row['quantity']:g}",
                row["unit"],
                row["date"],
                source_names([row["source"]])[0],
                row["locator"],
            ]
            for _, row in rows.iterrows()
        ],
    }
    story = Story(
        name=name,
        title=title,
        subtitle=topic,
        base=base,
        alternative=f"{topic}. {sentence(listed)}.",
        source=f"Source{'s' if len(sources) > 1 else ''}: {listing(sources)}{found}.",
        interval_note="No margin of error is known for these figures.",
        wave="other sources",
        question_id="",
        table=table,
        figures=[],
        code={"module": "surveybook.exhibits.charts", "function": "evidence"},
    )
    return with_story(chart.properties(title=header(title, base)), story)
