"""Slides hold the survey's own figures, in charts that can be edited, and say whose, when and from where they are."""

from typing import Any

import pytest
from pptx import Presentation
from pptx.util import Inches

from surveybook.book.deck import LEFT, find_series, list_charts, make_deck
from surveybook.model import paths
from tests.waves import wave_2004


@pytest.fixture(scope="module")
def charts() -> list[dict[str, Any]]:
    return list(list_charts([paths.root() / "index.ipynb", *paths.chapters()]))


@pytest.fixture(scope="module")
def slides(charts: list[dict[str, Any]], tmp_path_factory: pytest.TempPathFactory) -> list[Any]:
    path = make_deck(wave_2004(), iter(charts), tmp_path_factory.mktemp("deck") / "deck.pptx")
    return list(Presentation(str(path)).slides)


def values_of(slide: Any) -> list[float]:
    plots = [plot for shape in slide.shapes if shape.has_chart for plot in shape.chart.plots]
    return [value for plot in plots for series in plot.series for value in series.values if value is not None]


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
        if (
            not figures
            or not any("share" in one for one in records)
            or any(one.get("status") == LEFT for one in records)
        ):
            continue
        known = sorted(round(100 * float(shares[name]), 4) for name in figures if name in shares)
        assert sorted(values_of(slide)) == pytest.approx(known), slide.shapes.title.text
        compared += len(known)
    assert compared > 20


def test_each_slide_says_what_was_asked_of_whom_and_where_it_is_from(slides: list[Any]) -> None:
    for slide in slides:
        told = " ".join(shape.text_frame.text for shape in slide.shapes if shape.has_text_frame)
        assert "Source" in told, told
        assert "2004 edition (CC BY 4.0)" in told, told
        assert slide.notes_slide.notes_text_frame.text.count("\n") >= 3
        assert all(shape.left >= 0 and shape.left + shape.width <= Inches(13.34) for shape in slide.shapes)


def test_what_has_no_number_is_said_in_the_name_of_its_row() -> None:
    records = [
        {"label": "Tea", "series": "Staff", "share": 0.61},
        {"label": "Rain", "series": "Staff", "status": "words", "text": "“most”"},
    ]
    assert find_series(records) == (["Tea", "Rain – “most”"], {"Staff": [61.0, None]})
