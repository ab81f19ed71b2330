"""What every chart of figures shares: how one is drawn, and what makes a drawing a complete figure."""

from collections.abc import Mapping, Sequence
from typing import Any

import altair as alt
import pandas as pd

from surveybook.exhibits.charts import baseline
from surveybook.exhibits.charts.drawing import header
from surveybook.exhibits.charts.render import Story, with_story
from surveybook.model.survey import Survey
from surveybook.model.wording import Phrase, band, number, together, with_interval
from surveybook.stats.intervals import METHOD as PUBLISHED
from surveybook.words import findings

BANDS = Phrase(
    "A share that the source gives in words is drawn as a band: everything that the words allow, and no number in its "
    "place."
)


def interval_note(
    survey: Survey, populations: Sequence[str], method: str = PUBLISHED, figures: pd.DataFrame | None = None
) -> str:
    """Return what the intervals of a chart mean, and what they leave out.

    Published percentages have intervals as if each sample were simple random; estimates from respondents name
    the method that allowed for their design.
    """
    level = number(100 * survey.confidence)
    rows = survey.estimates.head(0) if figures is None else figures
    of_design = [name for name in dict.fromkeys(rows["method"]) if name and name != PUBLISHED]
    if of_design and method != PUBLISHED:
        return f"Shaded bands are {level} per cent intervals, from the standard errors that each sample’s design gives."
    if of_design:
        text = f"Shaded bands are {level} per cent intervals, by the design of each sample ({'; '.join(of_design)})"
        return text + (
            f", or {PUBLISHED} where percentages were published." if PUBLISHED in set(rows["method"]) else "."
        )
    text = f"Shaded bands are {level} per cent intervals ({method}), as if each sample were simple random"
    assumed = [p for p in populations if survey.metadata["populations"][p].get("base_status") == "assumed"]
    for population in assumed:
        size = number(survey.metadata["populations"][population]["sample_size"])
        text += f"; for {findings.people(survey, population)}, {size} answers are assumed"
    return text + "."


def source_line(survey: Survey) -> str:
    """Return where the figures of a wave are from."""
    return f"Source: {survey.metadata['title']}, wave {survey.metadata.get('label', survey.wave)}."


def complete(
    survey: Survey,
    chart: alt.LayerChart | alt.Chart,
    name: str,
    title: Phrase,
    alternative: Phrase,
    table: dict[str, list[Any]],
    figures: pd.DataFrame,
    function: str,
    question: str = "",
    populations: Sequence[str] = (),
    notes: Sequence[Phrase] = (),
    topic: str = "",
    method: str = "Wilson",
) -> alt.LayerChart | alt.Chart:
    """Return a drawing as a complete figure: titled with its finding, with all that stands beside it."""
    subtitle = survey.codebook.questions.loc[question, "title"] if question else topic
    base = findings.base_line(survey, list(populations))
    legend = baseline.legend_line(survey, figures)
    in_words = [BANDS] if figures["status"].eq("words").any() else []
    told = [Phrase(legend), *notes, *in_words, *baseline.notes_on(survey, figures)]
    story = Story(
        name=name,
        title=title.text,
        subtitle=subtitle,
        base=base,
        alternative=together(alternative, baseline.moves(survey, figures)).text,
        source=source_line(survey),
        interval_note=interval_note(survey, populations, method, figures),
        wave=survey.wave,
        question_id=question,
        table=table,
        figures=list(figures["figure_id"]),
        notes=[note.text for note in told if note.text],
        code={"module": "surveybook.exhibits.charts", "function": function},
    )
    return with_story(chart.properties(title=header(title.text, subtitle, base, legend)), story)


def mark(
    figure: pd.Series, series: str, survey: Survey, changes: Mapping[str, Mapping[str, Any]] | None = None
) -> dict[str, Any]:
    """Return how one figure is drawn: a value with its interval, a band for words, or a note that it is missing.

    Where it changed since a baseline (see `changes_by_figure`), the earlier share stands beside it.
    """
    return baseline.with_hollow(plain_mark(figure, series, survey), survey, figure, dict(changes or {}))


def plain_mark(figure: pd.Series, series: str, survey: Survey) -> dict[str, Any]:
    """Return how one figure is drawn by itself."""
    if figure["status"] == "unpublished":
        return {"series": series, "text": f"{series}: not published"}
    if figure["status"] == "words":
        limits = band(survey.codebook, figure["verbal"])
        if limits is None:
            return {"series": series, "text": f"{series}: “{figure['verbal']}”, no number"}
        return {
            "series": series,
            "from": round(100 * limits[0], 1),
            "to": round(100 * limits[1], 1),
            "text": f"“{figure['verbal']}”",
            "tip": f"{series}: {figure['verbal']} (no number was published)",
        }
    drawn = {
        "series": series,
        "value": round(100 * figure["share"], 2),
        "text": f"{number(100 * figure['share'], figure['decimals'])}%",
        "tip": f"{series}: {with_interval(figure)}",
    }
    if pd.notna(figure["low"]):
        drawn |= {"low": round(100 * figure["low"], 1), "high": round(100 * figure["high"], 1)}
    return drawn
