"""The chart of all verdicts at one glance: the parts of the report by verdict."""

import json
import textwrap
from typing import Any

import altair as alt
import pandas as pd

from surveybook.claims.claim import read_claims
from surveybook.claims.pages import tally_verdicts
from surveybook.claims.verdicts import count_verdicts, judge_claims
from surveybook.exhibits import palette
from surveybook.exhibits.drawing import pick_records, plain_axis, stack_rows
from surveybook.exhibits.exhibit import Exhibit
from surveybook.exhibits.records import finish_chart
from surveybook.model.survey import Survey
from surveybook.model.wording import count, in_sentence, listing, number, sentence

HEAD_WIDTH, HEAD_LINE, HEIGHT, COLUMN, LONGEST = 11, 13, 22, 61, 46
ALL = "All claims"


def chart_verdicts(survey: Survey, name: str = "verdicts") -> Exhibit:
    """Return how many of the report's claims each verdict was given, part by part.

    Parameters
    ----------
    survey : Survey
        The wave that the claims are tested against.
    name : str
        The figure's name.

    Returns
    -------
    Exhibit
        A bar for each part and verdict, its length and the number above it the count of claims.
    """
    judged = judge_claims(read_claims(codebook=survey.codebook), survey)
    counts = count_verdicts(judged).rename(index=lambda part: sentence(str(part).replace("-", " ")))
    rows = [[part, *map(number, row), number(row.sum())] for part, row in counts.iterrows()]
    told = []
    for part, row in counts.iterrows():
        given = listing(f"{count(int(claims))} {verdict}" for verdict, claims in row.items() if claims)
        told.append(f"{part}: {given}.")
    return finish_chart(
        survey,
        _draw_verdicts(counts),
        name,
        f"Of {number(len(judged))} claims, {tally_verdicts(judged)}",
        (
            ["Chapter", *(sentence(str(verdict)) for verdict in counts.columns), "All"],
            [*rows, [ALL, *map(number, counts.sum()), number(counts.to_numpy().sum())]],
        ),
        "chart_verdicts",
        module="surveybook.claims",
        subtitle="What the report says about its own survey, tested: claims by chapter and verdict",
        interval_note="Each claim is tested by itself, without adjustment for their number.",
        notes=["A claim that can be read two ways stands once for each reading."],
        alternative=" ".join(told),
    )


def _draw_verdicts(counts: pd.DataFrame) -> alt.FacetChart:
    """Return a row a part of the report with a column a verdict, and a row of sums without bars."""
    records: list[dict[str, Any]] = [
        {
            "label": str(part),
            "verdict": sentence(str(verdict)),
            "claims": int(claims),
            "text": number(claims),
            "tip": f"{part}, {in_sentence(str(verdict))}: {number(claims)}",
        }
        for part, row in counts.iterrows()
        for verdict, claims in row.items()
    ]
    most = max((record["claims"] for record in records), default=1) or 1
    verdicts = [sentence(str(verdict)) for verdict in counts.columns]
    records += [
        {"label": ALL, "verdict": verdict, "claims": int(claims), "text": number(claims), "status": "sum"}
        for verdict, claims in zip(verdicts, counts.sum(), strict=True)
    ]
    heads = {verdict: textwrap.wrap(verdict, HEAD_WIDTH, break_long_words=False) for verdict in verdicts}
    lines = max(map(len, heads.values()))
    axis = plain_axis(
        orient="top", title=None, domain=False, ticks=False, labelAlign="left", labelAngle=0, labelFontSize=10,
        labelBaseline="top", labelPadding=HEAD_LINE * lines, labelOffset=-COLUMN / 2,
        labelExpr=f"{json.dumps(heads, ensure_ascii=False)}[datum.value]",
    )  # fmt: skip
    scale = alt.Scale(type="band", padding=0, range=[0, COLUMN * len(verdicts)])
    x = alt.X("verdict:N", sort=verdicts, scale=scale, axis=axis, bandPosition=0)
    bars, texts = pick_records("datum.status != 'sum' && datum.claims > 0"), pick_records("datum.status != 'sum'")
    tip = alt.Tooltip("tip:N", title="Claims")
    x2, length = alt.X2("verdict:N", bandPosition=0), alt.ExprRef(f"datum.claims / {most} * {LONGEST}")
    return stack_rows(
        [
            texts.mark_text(align="left", fontSize=12, color=palette.MUTED).encode(x=x, y=alt.value(6), text="text:N"),
            bars.mark_rule(color=palette.OTHER, strokeWidth=7, x2Offset=length).encode(
                x=x, x2=x2, y=alt.value(18), tooltip=tip
            ),
            pick_records("datum.status == 'sum'")
            .mark_text(align="left", fontSize=12, fontWeight="bold")
            .encode(x=x, y=alt.value(6), text="text:N"),
        ],
        records,
        HEIGHT,
    )
