"""The figures of an edition as slides: a chart that can be edited on each, its headline as the title."""

import io
import json
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import cycle, groupby
from operator import itemgetter, mul
from pathlib import Path
from typing import Any

from pptx import Presentation
from pptx.chart.data import CategoryChartData
from pptx.dml.color import RGBColor
from pptx.enum.chart import XL_CHART_TYPE, XL_LABEL_POSITION, XL_LEGEND_POSITION
from pptx.enum.text import MSO_ANCHOR, PP_ALIGN
from pptx.oxml import parse_xml
from pptx.oxml.ns import nsdecls
from pptx.util import Inches, Pt

from surveybook.book.editions import execute_edition
from surveybook.book.notebooks import walk_shown
from surveybook.book.plans import choose_baseline
from surveybook.exhibits import palette
from surveybook.model.files import write_whole
from surveybook.model.report import Report, read_report
from surveybook.model.survey import Survey
from surveybook.waves import open_wave
from surveybook.words.asked import describe_edition

# A slide of 16 to 9, in inches: margin, width of what is inside, and where the chart begins and how high it is.
WIDE, HIGH, MARGIN = 13.333, 7.5, 0.6
INSIDE, CHART_TOP, CHART_HIGH = WIDE - 2 * MARGIN, 2.0, 4.75
# What a record of a chart may count, and by what its share becomes per cent.
COUNTED = {"share": 100, "mean": 1, "quantity": 1, "count": 1}
REST, WHOLE, LABELLED = "The rest", 100, 60
FONT = "Arial"
# Letters in points by the bars of a chart: with more of them smaller ones.
LETTERS, SMALLEST = {12: 12, 24: 10, 40: 8}, 6
TITLE_SIZES = (26, 22, 18, 15)
LETTER_WIDE = 0.56  # of its height, on average, in bold
# How much red, green and blue make a colour bright, and up to where white letters are read on it.
BRIGHTNESS, MIDDLE = (0.299, 0.587, 0.114), 150
# How much of its colour the first of two surveys has.
FADED = 0.45
Records = Sequence[Mapping[str, Any]]
Colours = dict[str, RGBColor]


def list_charts(notebooks: Sequence[Path]) -> Iterator[dict[str, Any]]:
    """Yield the charts that executed chapters hold, in their order, each with the same data once."""
    seen = set()
    for path in notebooks:
        for shown in walk_shown(json.loads(path.read_text(encoding="utf-8"))):
            data = json.dumps(shown.content.get("data"), sort_keys=True)
            if shown.kind == "chart" and "data" in shown.content and data not in seen:
                seen.add(data)
                yield shown.content


def keep_ends(records: Sequence[Mapping[str, Any]], colours: Mapping[str, RGBColor]) -> tuple[Records, Colours]:
    """Return the records of the first and the last survey that a line joins, as series of two colours.

    Where most begin with the same survey, the category of one that begins later says with which.
    """
    ends = list[tuple[Mapping[str, Any], Mapping[str, Any]]]()
    for _, panel in groupby(records, key=itemgetter("label", "series")):
        listed = [one for one in panel if one.get("share") is not None]
        joined = [one for one in listed if one["run"] == listed[-1]["run"]]
        ends += [(joined[0], joined[-1])] if len(joined) > 1 else []
    usual = max(begun, key=begun.__getitem__) if (begun := Counter(name_survey(first) for first, _ in ends)) else ""
    several, kept, painted = len({last["series"] for _, last in ends}) > 1, list[dict[str, Any]](), Colours()
    for first, last in ends:
        whose, since = last["series"], name_survey(first)
        label = last["label"] if since == usual else f"{last['label']} (from {since})"
        for one, survey, opacity in ((first, usual, FADED), (last, name_survey(last), 1)):
            name = f"{whose}, {survey}" if several else survey
            kept.append({**one, "label": label, "series": name})
            painted[name] = fade(colours.get(whose) or read_colour(palette.OTHER), opacity)
    return kept, painted


def name_survey(record: Mapping[str, Any]) -> str:
    """Return which survey a record of a line is of, by what is told of it where somebody points at it."""
    return str(record["tip"]).removeprefix(f"{record['label']}, ").partition(": ")[0]


def find_series(records: Sequence[Mapping[str, Any]]) -> tuple[list[str], dict[str, list[float | None]]]:
    """Return the categories of a chart, and the values of each of its series; no series where nothing is counted.

    What a source gives in words, or not at all, has no value: its category says so. What is left of a bar to 100 has
    one, as a series by its own name or behind all others as `REST`; it is none where bars stand beside each other.
    """
    key = next((key for key in COUNTED if any(one.get(key) is not None for one in records)), "")
    labels = list(dict.fromkeys(str(one["label"]) for one in records if "label" in one))
    if len(labels) == 1 and all(re.fullmatch(r"[\d–-]+", str(one.get("series", ""))) for one in records):
        # Of one item, each number that people gave is a row.
        return find_series([{**one, "label": one["series"], "series": labels[0]} for one in records])
    series: dict[str, list[float | None]] = {}
    told, rest = dict[str, list[str]](), list[float | None]([None] * len(labels))
    owners = {str(one.get("series", "")) for one in records if one.get(key) is not None}
    for one in records if key else ():
        name, value = str(one.get("series", "")), one.get(key)
        is_left = value is None and "end" in one
        value = one["end"] - one["start"] if is_left else value
        if value is None:
            told.setdefault(str(one.get("label")), []).append(str(one.get("text", "")))
            continue
        values = rest if is_left and name in {*owners, REST} else series.setdefault(name, [None] * len(labels))
        values[labels.index(str(one["label"]))] = round(COUNTED[key] * float(value), 4)
    if any(rest) and is_stack([*series.values(), rest]):
        series[REST] = rest
    return [" – ".join(filter(None, (label, *told.get(label, ())))) for label in labels], series


def is_stack(columns: Iterable[Sequence[float | None]]) -> bool:
    """Return whether the values of each category are parts of one whole."""
    totals = [sum(value or 0 for value in row) for row in zip(*columns, strict=True)]
    return all(total < WHOLE + 1 for total in totals) and any(total > WHOLE - 1 for total in totals)


def find_colours(spec: Any) -> Colours:
    """Return the colour of each series of a chart, in the order of its legend, by the scales of its specification."""
    colours, opacities, waiting = dict[str, str](), dict[str, float](), [spec]
    while waiting:
        match waiting.pop():
            case {"scale": {"domain": [str(), *_] as names, "range": [str(first), *_] as values}} if first[0] == "#":
                colours |= dict(zip(names, values, strict=True))
            case {"scale": {"domain": [str(), *_] as names, "range": [float(), *_] as values}}:
                opacities |= dict(zip(names, values, strict=True))
            case dict() as parts:
                waiting += parts.values()
            case list() as parts:
                waiting += parts
    return {name: fade(read_colour(colour), opacities.get(name, 1)) for name, colour in colours.items()}


def read_colour(colour: str) -> RGBColor:
    """Return a colour that is written as on pages."""
    return RGBColor.from_string(colour.lstrip("#").upper())


def fade(colour: RGBColor, opacity: float) -> RGBColor:
    """Return what a colour is on white that lets so much of it through."""
    return RGBColor(*(round(part * opacity + 255 * (1 - opacity)) for part in colour))


def add_chart(slide: Any, records: Records, colours: Colours) -> None:
    """Put a chart on a slide whose data can be edited there."""
    categories, series = find_series(records)
    unit = '"%"' if any("share" in one for one in records) else ""
    whole = "0.0" if any("." in str(one.get("text", "")) for one in records) else "0"
    data = CategoryChartData(number_format=whole + unit)
    data.categories = categories
    places = {name: place for place, name in enumerate(colours)}
    for name in sorted(series, key=lambda name: (name == REST, places.get(name, 0))):
        data.add_series(name, series[name])
    stacked = any(one.get("status") == "part" for one in records) or (len(series) > 1 and is_stack(series.values()))
    kind = XL_CHART_TYPE.BAR_STACKED if stacked else XL_CHART_TYPE.BAR_CLUSTERED
    sides = (Inches(one) for one in (MARGIN, CHART_TOP, INSIDE, CHART_HIGH))
    chart = slide.shapes.add_chart(kind, *sides, data).chart
    rows = len(categories) * (1 if stacked else len(series))
    chart.has_title, chart.has_legend, chart.font.name = False, len(series) > 1, FONT
    chart.font.size = Pt(next((size for most, size in LETTERS.items() if rows <= most), SMALLEST))
    if chart.has_legend:
        chart.legend.position, chart.legend.include_in_layout = XL_LEGEND_POSITION.TOP, False
    chart.category_axis.reverse_order = True
    # Else programs leave out the name of every second row where there are many.
    [behind] = chart.category_axis._element.xpath("c:noMultiLvlLbl")
    behind.addprevious(parse_xml(f'<c:tickLblSkip {nsdecls("c")} val="1"/>'))
    chart.value_axis.visible = chart.value_axis.has_major_gridlines = False
    if all((value or 0) >= 0 for values in series.values() for value in values):
        chart.value_axis.minimum_scale = 0
    if stacked and unit:
        chart.value_axis.maximum_scale = WHOLE
    plot = chart.plots[0]
    plot.gap_width = 60
    # What has no colours of its own, as numbers have none, goes from light to dark.
    shades = [fade(read_colour(palette.OTHER), (place + 1) / len(series)) for place in range(len(series))]
    spare = cycle(shades if stacked else [*map(read_colour, (palette.OTHER, palette.AXIS, palette.BAND_EDGE))])
    for one in plot.series:
        colour = read_colour(palette.GRID) if one.name == REST else colours.get(one.name) or next(spare)
        one.format.fill.solid()
        one.format.fill.fore_color.rgb = colour
        labels, is_dark = one.data_labels, sum(map(mul, colour, BRIGHTNESS)) < MIDDLE
        labels.show_value = rows <= LABELLED
        labels.position = XL_LABEL_POSITION.CENTER if stacked else XL_LABEL_POSITION.OUTSIDE_END
        labels.font.color.rgb = read_colour(palette.PAPER if stacked and is_dark else palette.TEXT)


def add_text(slide: Any, text: str, top: float, size: float, *, high: float = 0.4) -> None:
    """Put a line of text on a slide."""
    frame = slide.shapes.add_textbox(Inches(MARGIN), Inches(top), Inches(INSIDE), Inches(high)).text_frame
    frame.word_wrap, frame.text = True, text
    font = frame.paragraphs[0].font
    font.name, font.size, font.bold = FONT, Pt(size), False


def size_title(title: str) -> float:
    """Return the size of letters, in points, in which a title stands in two lines."""
    room = 2 * INSIDE * 72 / (LETTER_WIDE * max(len(title), 1))
    return next((size for size in TITLE_SIZES if size <= room), TITLE_SIZES[-1])


def add_slide(deck: Any, spec: Mapping[str, Any], source: str, colours: Colours) -> None:
    """Add the slide of one chart: headline, question and base, the chart, source and licence; all of it as a note."""
    story = spec["usermeta"]["surveybook"]
    slide = deck.slides.add_slide(deck.slide_layouts.get_by_name("Title Only"))
    title = slide.shapes.title
    title.left, title.top, title.width, title.height = map(Inches, (MARGIN, 0.3, INSIDE, 1.0))
    title.text_frame.word_wrap, title.text_frame.vertical_anchor, title.text = True, MSO_ANCHOR.BOTTOM, story["title"]
    title.text_frame.paragraphs[0].alignment, font = PP_ALIGN.LEFT, title.text_frame.paragraphs[0].font
    font.name, font.size, font.bold = FONT, Pt(size_title(story["title"])), True
    records, subtitle, colours = spec["data"].get("values", []), story["subtitle"], {**colours, **find_colours(spec)}
    if any("run" in one for one in records):
        records, colours = keep_ends(records, colours)
        subtitle = f"{subtitle.partition(';')[0]}: the first and the last survey that can be compared"
    add_text(slide, " · ".join(filter(None, (subtitle, story["base"]))), 1.4, 13)
    if find_series(records)[1]:
        add_chart(slide, records, colours)
    else:
        add_text(slide, story["alternative"], CHART_TOP, 18, high=CHART_HIGH)
    add_text(slide, " ".join(filter(None, (story["source"], source))), 6.9, 10)
    notes = [story["subtitle"], story["base"], story["interval_note"], *story["notes"], story["source"], source]
    slide.notes_slide.notes_text_frame.text = "\n".join([*filter(None, notes), story["alternative"]])


def name_source(report: Report, edition: Mapping[str, Any]) -> str:
    """Return whose figures these are, of which edition and under which licence, as far as that is stated."""
    made_up = "Made-up data, no survey. " if edition["synthetic"] else ""
    authors = f"{report.authors_text}. " if report.authors_text else ""
    licence = f" ({report.licence_name})" if report.licence_name else ""
    return f"{made_up}{authors}{report.full_title}, {edition['name']}{licence}."


def make_deck(survey: Survey, charts: Iterator[dict[str, Any]], destination: Path) -> Path:
    """Write the slides of charts of a survey, and return the file."""
    report, about = read_report(), describe_edition(survey)
    deck = Presentation()
    deck.slide_width, deck.slide_height = Inches(WIDE), Inches(HIGH)
    source = name_source(report, about)
    labels = survey.codebook.populations["label"]
    pairs = report.colours_of(map(str, labels.index))
    colours = {str(labels[name]): read_colour(pair.light) for name, pair in pairs.items()}
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
