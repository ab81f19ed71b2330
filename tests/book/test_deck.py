"""Slides hold the survey's own figures, in charts that can be edited, and say whose, when and from where they are."""

from typing import Any

import pytest
from pptx import Presentation
from pptx.util import Inches

from surveybook.book.deck import REST, WHOLE, find_series, keep_ends, list_charts, make_deck, name_source
from surveybook.model import paths
from surveybook.model.report import Report
from tests.waves import wave_2004


@pytest.fixture(scope="module")
def charts() -> list[dict[str, Any]]:
    return list(list_charts([paths.root() / "index.ipynb", *paths.chapters()]))


@pytest.fixture(scope="module")
def slides(charts: list[dict[str, Any]], tmp_path_factory: pytest.TempPathFactory) -> list[Any]:
    path = make_deck(wave_2004(), iter(charts), tmp_path_factory.mktemp("deck") / "deck.pptx")
    return list(Presentation(str(path)).slides)


def plots_of(slide: Any) -> list[Any]:
    return [plot for shape in slide.shapes if shape.has_chart for plot in shape.chart.plots]


def values_of(slide: Any) -> list[float]:
    series = [series for plot in plots_of(slide) for series in plot.series]
    return [value for one in series for value in one.values if value is not None]


def test_there_is_a_slide_for_each_figure_and_none_twice(charts: list[dict[str, Any]], slides: list[Any]) -> None:
    titles = [slide.shapes.title.text for slide in slides]
    assert titles == [chart["usermeta"]["surveybook"]["title"] for chart in charts]
    assert len(slides) >= 10


def test_the_numbers_of_a_chart_are_those_of_its_figures(charts: list[dict[str, Any]], slides: list[Any]) -> None:
    shares = wave_2004().estimates.set_index("figure_id")["share"].dropna()
    compared = 0
    for chart, slide in zip(charts, slides, strict=True):
        records = chart["data"]["values"]
        figures = chart["usermeta"]["surveybook"]["figures"]
        if not figures or not any("share" in one for one in records):
            continue
        known = [100 * float(shares[name]) for name in figures if name in shares]
        left = [100 * (one["end"] - one["start"]) for one in records if "share" not in one and "end" in one]
        assert sorted(values_of(slide)) == pytest.approx(sorted(known + left)), slide.shapes.title.text
        compared += len(known)
    assert compared > 20


def test_each_slide_says_what_was_asked_of_whom_and_where_it_is_from(slides: list[Any]) -> None:
    for slide in slides:
        told = " ".join(shape.text_frame.text for shape in slide.shapes if shape.has_text_frame)
        assert "Source" in told, told
        assert "2004 edition (CC BY 4.0)" in told, told
        assert slide.notes_slide.notes_text_frame.text.count("\n") >= 3
        assert all(shape.left >= 0 and shape.left + shape.width <= Inches(13.34) for shape in slide.shapes)


def test_the_source_leaves_out_what_nobody_stated() -> None:
    edition = {"name": "2031 edition", "synthetic": True}
    assert (
        name_source(Report(title="Parks", file_name="parks"), edition)
        == "Made-up data, no survey. Parks, 2031 edition."
    )


def test_what_has_no_number_is_said_in_the_name_of_its_row() -> None:
    records = [
        {"label": "Tea", "series": "Staff", "share": 0.61},
        {"label": "Rain", "series": "Staff", "status": "words", "text": "“most”"},
    ]
    assert find_series(records) == (["Tea", "Rain – “most”"], {"Staff": [61.0, None]})


def test_bars_have_the_colours_of_the_chart_and_parts_of_one_whole_stand_behind_each_other(slides: list[Any]) -> None:
    found = {slide.shapes.title.text: plots_of(slide) for slide in slides}
    [plot] = next(plots for title, plots in found.items() if title.startswith("Two in three staff"))
    colours = {one.name: str(one.format.fill.fore_color.rgb) for one in plot.series}
    assert list(colours) == ["Agree: frontline staff", "Agree: the public", "Other answers or none"]
    red, green, blue = bytes.fromhex(colours["Agree: frontline staff"])
    assert red > green > blue
    assert len(set(colours.values())) == 3
    assert {sum(value or 0 for value in row) for row in zip(*(one.values for one in plot.series), strict=True)} == {100}


def test_every_row_has_its_name_however_many_there_are(slides: list[Any]) -> None:
    charts = [shape.chart for slide in slides for shape in slide.shapes if shape.has_chart]
    assert charts
    for chart in charts:
        assert chart.category_axis._element.xpath("c:tickLblSkip/@val") == ["1"]


def test_what_is_left_of_a_bar_is_behind_it_and_none_of_bars_beside_each_other() -> None:
    left = {"label": "Tea", "series": "Staff", "start": 0.61, "end": 1.0, "status": "left"}
    records = [{"label": "Tea", "series": "Staff", "share": 0.61}, left]
    assert find_series(records) == (["Tea"], {"Staff": [61.0], REST: [39.0]})
    beside = [*records, {"label": "Tea", "series": "Guests", "share": 0.5}]
    assert find_series(beside) == (["Tea"], {"Staff": [61.0], "Guests": [50.0]})
    assert WHOLE == 100


def test_of_a_line_the_slide_has_both_ends_of_what_can_be_compared() -> None:
    def run(label: str, *shares: float, since: int) -> list[dict[str, Any]]:
        return [
            {"label": label, "series": "Staff", "share": share, "run": int(year >= since), "wave": "",
             "tip": f"{label}, {year}: {share:.0%}"}
            for year, share in enumerate(shares, start=2021)
        ]  # fmt: skip

    lines = [
        *run("Tea", 0.3, 0.4, 0.5, since=0),
        *run("Ale", 0.1, 0.2, 0.4, since=0),
        *run("Milk", 0.9, 0.6, 0.7, since=2022),
    ]
    kept, colours = keep_ends(lines, {})
    assert find_series(kept) == (
        ["Tea", "Ale", "Milk (from 2022)"],
        {"2021": [30.0, 10.0, 60.0], "2023": [50.0, 40.0, 70.0]},
    )
    assert len(set(colours.values())) == 2
