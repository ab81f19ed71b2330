"""The figures of an edition as slides: a chart that can be edited on each, its headline as the title."""

import io
import json
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from pptx import Presentation
from pptx.chart.data import CategoryChartData
from pptx.dml.color import RGBColor
from pptx.enum.chart import XL_CHART_TYPE, XL_LABEL_POSITION, XL_LEGEND_POSITION
from pptx.util import Inches, Pt

from surveybook.book.editions import execute_edition
from surveybook.book.notebooks import walk_shown
from surveybook.book.plans import choose_baseline
from surveybook.exhibits import palette
from surveybook.model.files import write_whole
from surveybook.model.report import read_report
from surveybook.model.survey import Survey
from surveybook.waves import open_wave
from surveybook.words.asked import describe_edition

# A slide of 16 to 9, in inches: margin, width of what is inside, and where the chart begins and how high it is.
WIDE, HIGH, MARGIN = 13.333, 7.5, 0.6
INSIDE, CHART_TOP, CHART_HIGH = WIDE - 2 * MARGIN, 2.0, 4.75
# What a record of a chart may count, and by what its share becomes per cent.
COUNTED = {"share": 100, "quantity": 1, "count": 1}
LEFT, LABELLED = "left", 40


def list_charts(notebooks: Sequence[Path]) -> Iterator[dict[str, Any]]:
    """Yield the charts that executed chapters hold, in their order, each with the same data once."""
    seen = set()
    for path in notebooks:
        for shown in walk_shown(json.loads(path.read_text(encoding="utf-8"))):
            data = json.dumps(shown.content.get("data"), sort_keys=True)
            if shown.kind == "chart" and "data" in shown.content and data not in seen:
                seen.add(data)
                yield shown.content


def find_series(records: Sequence[Mapping[str, Any]]) -> tuple[list[str], dict[str, list[float | None]]]:
    """Return the categories of a chart, and the values of each of its series; no series where nothing is counted.

    What a source gives in words, or not at all, has no value: its category says so.
    """
    key = next((key for key in COUNTED if any(one.get(key) is not None for one in records)), "")
    labels = list(dict.fromkeys(str(one["label"]) for one in records if "label" in one))
    series: dict[str, list[float | None]] = {}
    told = dict[str, list[str]]()
    for one in records if key else ():
        if one.get(key) is None:
            told.setdefault(str(one.get("label")), []).append(str(one.get("text", "")))
            continue
        values = series.setdefault(str(one.get("series", "")), [None] * len(labels))
        values[labels.index(str(one["label"]))] = round(COUNTED[key] * float(one[key]), 4)
    return [" – ".join(filter(None, (label, *told.get(label, ())))) for label in labels], series


def add_chart(slide: Any, records: Sequence[Mapping[str, Any]], colours: Mapping[str, str]) -> None:
    """Put a chart on a slide whose data can be edited there."""
    categories, series = find_series(records)
    held = [value for values in series.values() for value in values if value is not None]
    whole = "0" if all(value == round(value) for value in held) else "0.0"
    unit = '"%"' if any("share" in one for one in records) else ""
    data = CategoryChartData(number_format=whole + unit)
    data.categories = categories
    for name, values in series.items():
        data.add_series(name, values)
    stacked = any(one.get("status") in (LEFT, "part") for one in records)
    kind = XL_CHART_TYPE.BAR_STACKED if stacked else XL_CHART_TYPE.BAR_CLUSTERED
    places = (Inches(one) for one in (MARGIN, CHART_TOP, INSIDE, CHART_HIGH))
    chart = slide.shapes.add_chart(kind, *places, data).chart
    chart.has_title, chart.has_legend, chart.font.size = False, len(series) > 1, Pt(12)
    if chart.has_legend:
        chart.legend.position, chart.legend.include_in_layout = XL_LEGEND_POSITION.TOP, False
    chart.category_axis.reverse_order = True
    chart.value_axis.minimum_scale, chart.value_axis.visible = 0, False
    chart.value_axis.has_major_gridlines = False
    plot = chart.plots[0]
    plot.gap_width, plot.has_data_labels = 60, len(categories) * len(series) <= LABELLED
    if plot.has_data_labels and not stacked:
        plot.data_labels.position = XL_LABEL_POSITION.OUTSIDE_END
    spare = iter([palette.OTHER, palette.AXIS, palette.OPPOSED, palette.BAND_EDGE] * len(series))
    for one in plot.series:
        one.format.fill.solid()
        one.format.fill.fore_color.rgb = RGBColor.from_string(
            (colours.get(one.name) or next(spare)).lstrip("#").upper()
        )


def add_text(slide: Any, text: str, top: float, size: float, *, high: float = 0.4) -> None:
    """Put a line of text on a slide."""
    frame = slide.shapes.add_textbox(Inches(MARGIN), Inches(top), Inches(INSIDE), Inches(high)).text_frame
    frame.word_wrap, frame.text = True, text
    frame.paragraphs[0].font.size, frame.paragraphs[0].font.bold = Pt(size), False


def add_slide(deck: Any, spec: Mapping[str, Any], source: str, colours: Mapping[str, str]) -> None:
    """Add the slide of one chart: headline, question and base, the chart, source and licence; all of it as a note."""
    story = spec["usermeta"]["surveybook"]
    slide = deck.slides.add_slide(deck.slide_layouts.get_by_name("Title Only"))
    title = slide.shapes.title
    title.left, title.top, title.width, title.height = map(Inches, (MARGIN, 0.3, INSIDE, 1.0))
    title.text_frame.word_wrap, title.text = True, story["title"]
    title.text_frame.paragraphs[0].font.size, title.text_frame.paragraphs[0].font.bold = Pt(26), True
    add_text(slide, " · ".join(filter(None, (story["subtitle"], story["base"]))), 1.4, 13)
    records = spec["data"].get("values", [])
    if find_series(records)[1]:
        add_chart(slide, records, colours)
    else:
        add_text(slide, story["alternative"], CHART_TOP, 18, high=CHART_HIGH)
    add_text(slide, " ".join(filter(None, (story["source"], source))), 6.9, 10)
    notes = [story["subtitle"], story["base"], story["interval_note"], *story["notes"], story["source"], source]
    slide.notes_slide.notes_text_frame.text = "\n".join([*filter(None, notes), story["alternative"]])


def make_deck(survey: Survey, charts: Iterator[dict[str, Any]], destination: Path) -> Path:
    """Write the slides of charts of a survey, and return the file."""
    report, about = read_report(), describe_edition(survey)
    deck = Presentation()
    deck.slide_width, deck.slide_height = Inches(WIDE), Inches(HIGH)
    made_up = "Made-up data, no survey. " if about["synthetic"] else ""
    source = f"{made_up}{report.authors_text}. {report.full_title}, {about['name']} ({report.licence_name})."
    labels = survey.codebook.populations["label"]
    pairs = report.colours_of(map(str, labels.index))
    colours = {str(labels[name]): pair.light for name, pair in pairs.items()}
    for spec in charts:
        add_slide(deck, spec, source, colours)
    deck.core_properties.title, deck.core_properties.author = (
        f"{report.full_title}, {about['name']}",
        report.authors_text,
    )
    made = io.BytesIO()
    deck.save(made)
    write_whole(destination, made.getvalue())
    return destination


def build_deck(wave: str, destination: Path) -> Path:
    """Make the slides of one wave's edition, compared with what ``wave.yml`` names, and return their file."""
    baseline = choose_baseline(wave)
    executed = execute_edition(wave, baseline)
    return make_deck(open_wave(wave, baseline), list_charts(list(executed.values())), destination)
