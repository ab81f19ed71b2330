"""The chart of all verdicts at one glance: chapters of the report by verdict."""

import textwrap
from typing import Any

import altair as alt
import pandas as pd

from surveybook.claims.claim import read_claims
from surveybook.claims.pages import tally_verdicts
from surveybook.claims.verdicts import count_verdicts, judge_claims
from surveybook.exhibits import palette
from surveybook.exhibits.charts.complete import source_line
from surveybook.exhibits.charts.drawing import WIDTH, dress, header, vertical
from surveybook.exhibits.charts.render import Story, with_story
from surveybook.model.survey import Survey
from surveybook.model.wording import count, in_sentence, listing, number, sentence
from surveybook.words import findings

HEAD_WIDTH, HEAD_LINE = 11, 13
ROW, LABEL, BAR, BAR_BELOW = 46, 18, 7, 18
COLUMN_GAP = 8
ALL = "All claims"


def verdicts(survey: Survey, name: str = "verdicts") -> alt.LayerChart | alt.Chart:
    """Return how many of the report's claims each verdict was given, chapter by chapter.

    Parameters
    ----------
    survey : Survey
        The wave that the claims are tested against.
    name : str
        The figure's name.

    Returns
    -------
    altair.LayerChart
        A bar for each chapter and verdict, its length and the number above it the count of claims.
    """
    judged = judge_claims(read_claims(codebook=survey.codebook), survey)
    counts = count_verdicts(judged)
    populations = list(survey.metadata["populations"])
    title = f"Of {number(len(judged))} claims, {tally_verdicts(judged)}"
    base = findings.base_line(survey, populations)
    subtitle = "What the report says about its own survey, tested: claims by chapter and verdict"
    story = Story(
        name=name,
        title=title,
        subtitle=subtitle,
        base=base,
        alternative=_alternative(counts),
        source=source_line(survey),
        interval_note="Each claim is tested by itself, without adjustment for their number.",
        wave=survey.wave,
        question_id="",
        table=_cells(counts),
        figures=[],
        notes=["A claim that can be read two ways stands once for each reading."],
        code={"module": "surveybook.exhibits.charts", "function": "verdicts"},
    )
    return with_story(_draw(counts).properties(title=header(title, subtitle, base)), story)


def chapter_label(chapter: str) -> str:
    """Return a chapter of the report as a label."""
    return sentence(str(chapter).replace("-", " "))


def _alternative(counts: pd.DataFrame) -> str:
    parts = []
    for chapter, row in counts.iterrows():
        given = listing(f"{count(int(row[verdict]))} {verdict}" for verdict in counts.columns if row[verdict])
        parts.append(f"{chapter_label(str(chapter))}: {given}.")
    return " ".join(parts)


def _cells(counts: pd.DataFrame) -> dict[str, list[Any]]:
    rows = [
        [chapter_label(str(chapter)), *(number(value) for value in row), number(row.sum())]
        for chapter, row in counts.iterrows()
    ]
    total = [ALL, *(number(value) for value in counts.sum()), number(counts.to_numpy().sum())]
    return {"columns": ["Chapter", *(sentence(verdict) for verdict in counts.columns), "All"], "rows": [*rows, total]}


def _draw(counts: pd.DataFrame) -> alt.LayerChart:
    heads = [textwrap.wrap(sentence(verdict), HEAD_WIDTH, break_long_words=False) for verdict in counts.columns]
    # A column is as wide as its head, so that none runs into the next.
    widths = [max(map(len, lines)) + 2 for lines in heads]
    lefts = [round(WIDTH * sum(widths[:place]) / sum(widths), 1) for place in range(len(widths))]
    y = max(map(len, heads)) * HEAD_LINE + 12
    longest, most = WIDTH * min(widths) / sum(widths) - COLUMN_GAP, max(1, int(counts.to_numpy().max()))
    records: list[dict[str, Any]] = [
        {"x": left, "y": 2, "head": "\n".join(lines)} for left, lines in zip(lefts, heads, strict=True)
    ]
    for chapter, row in counts.iterrows():
        label = chapter_label(str(chapter))
        records.append({"y": y, "label": label})
        for left, (verdict, value) in zip(lefts, row.items(), strict=True):
            tip = f"{label}, {in_sentence(str(verdict))}: {number(value)}"
            records.append({"x": left, "y": y + LABEL + 6, "text": number(value)})
            if value:
                end = round(left + longest * int(value) / most, 1)
                records.append({"x": left, "end": end, "y": y + LABEL + BAR_BELOW, "bar": 1, "tip": tip})
        y += ROW
    records.append({"y": y, "label": ALL})
    totals = zip(lefts, counts.sum(), strict=True)
    records += [{"x": left, "y": y + LABEL + 6, "sum": number(value)} for left, value in totals]
    height = y + LABEL + 20
    layers = _layers(height)
    return dress(alt.layer(*layers, data=alt.Data(values=records)).properties(width=WIDTH, height=height))


def _layers(height: int) -> list[alt.Chart]:
    y = vertical(height)
    x = alt.X("x:Q", scale=alt.Scale(domain=[0, WIDTH], nice=False), axis=None)

    def layer(kind: str) -> alt.Chart:
        return alt.Chart().transform_filter(f"datum.{kind}")

    return [
        layer("head")
        .mark_text(align="left", baseline="top", fontSize=10, lineBreak="\n", lineHeight=HEAD_LINE, color=palette.MUTED)
        .encode(x=x, y=y, text="head:N"),
        layer("label").mark_text(align="left", baseline="top", fontSize=12).encode(x=alt.value(0), y=y, text="label:N"),
        layer("text").mark_text(align="left", fontSize=12, color=palette.MUTED).encode(x=x, y=y, text="text:N"),
        layer("bar")
        .mark_bar(height=BAR, color=palette.OTHER)
        .encode(x=x, x2="end:Q", y=y, tooltip=alt.Tooltip("tip:N", title="Claims")),
        layer("sum").mark_text(align="left", fontSize=12, fontWeight="bold").encode(x=x, y=y, text="sum:N"),
    ]
