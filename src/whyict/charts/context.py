"""Charts of figures from other sources: no intervals, and no colour that a population of the survey has."""

from collections.abc import Sequence
from typing import Any

import altair as alt

from whyict import palette
from whyict.charts.drawing import draw, header
from whyict.charts.render import Story, with_story
from whyict.evidence import pick_evidence
from whyict.wording import in_sentence, listing, number


def evidence(ids: Sequence[str], name: str, topic: str, *, unit: str = "%") -> alt.LayerChart | alt.Chart:
    """Return figures from other sources as dots without intervals.

    Parameters
    ----------
    ids : sequence of str
        Rows of ``evidence.csv`` that have a quantity, all in one unit.
    name : str
        The figure's name.
    topic : str
        What they have in common.
    unit : str
        What the axis counts: '%' for shares of a hundred, other text for amounts.

    Returns
    -------
    altair.LayerChart
        The figures in the order given.

    Raises
    ------
    WhyICTError
        When a figure isn't in ``evidence.csv``.
    """
    rows = pick_evidence(*ids)
    largest = 100.0 if unit == "%" else float(rows["quantity"].max()) * 1.1
    drawn = [
        {
            "label": row["statement"].rstrip("."),
            "marks": [
                {
                    "series": "Other sources",
                    "value": row["quantity"],
                    "text": f"{number(row['quantity'], int(row['quantity'] % 1 > 0))}"
                    f"{unit if unit == '%' else ' ' + unit}",
                    "tip": f"{row['statement'].rstrip('.')}: {row['quantity']:g} {row['unit']}",
                }
            ],
        }
        for _, row in rows.iterrows()
    ]
    ticks = (0, 25, 50, 75, 100) if unit == "%" else [0, round(largest / 2), round(largest)]
    chart = draw(
        drawn,
        ["Other sources"],
        high=largest,
        ticks=ticks,
        unit="%" if unit == "%" else "",
        legend=False,
        colours=[palette.OTHER],
    )
    smallest, biggest = rows["quantity"].min(), rows["quantity"].max()
    title = f"{topic}: {number(smallest)} to {number(biggest)} {'per cent' if unit == '%' else unit}"
    base = "Context from other sources, not from the survey; no margin of error is known."
    alternative = (
        f"{topic}. "
        + "; ".join(
            f"{in_sentence(row['statement'].rstrip('.'))}: {row['quantity']:g} {row['unit']}"
            for _, row in rows.iterrows()
        )
        + "."
    )
    table: dict[str, list[Any]] = {
        "columns": ["Statement", "Quantity", "Unit", "Date", "Source", "Cited in"],
        "rows": [
            [
                row["statement"],
                f"{row['quantity']:g}",
                row["unit"],
                row["date"],
                row["source"],
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
        alternative=alternative,
        source=f"Sources: {listing(dict.fromkeys(rows['source']))}, as cited by the report (data/evidence.csv).",
        interval_note="",
        wave="",
        question_id="",
        table=table,
        figures=[],
        code={"module": "whyict.charts", "function": "evidence"},
    )
    return with_story(chart.properties(title=header(title, base)), story)
