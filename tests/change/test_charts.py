"""Charts of a wave with a baseline: both waves drawn, changes marked, breaks explained."""

from itertools import pairwise
from typing import Any

import pytest

from surveybook.exhibits import charts
from surveybook.exhibits.charts.render import story_of
from surveybook.exhibits.charts.slopes import spread
from tests.change.waves import compared_with, later
from tests.waves import SATISFACTION, VALUE, asked_otherwise, wave_2004


def marks_of(chart: Any, kind: str) -> list[dict[str, Any]]:
    return [record for record in chart.to_dict()["data"]["values"] if record.get(kind)]


@pytest.fixture(scope="module")
def moved() -> Any:
    return compared_with(later({SATISFACTION: 50}), wave_2004())


def test_the_baseline_stands_beside_each_share_and_an_arrow_at_a_change_alone(moved):
    chart = charts.compare_populations(moved, "quality_indicators")
    marks = marks_of(chart, "dot")
    assert all("was" in mark for mark in marks)
    assert [mark["text"] for mark in marks if "▼" in mark["text"]] == ["50% ▼"]
    assert not [mark for mark in marks if "▲" in mark["text"]]
    story = story_of(chart.to_dict())
    assert "Hollow: 2004." in story["notes"][0]
    assert "2004 share (%)" in story["table"]["columns"]
    assert "fell by 18 points" in story["alternative"]


def test_without_a_baseline_nothing_of_it_is_drawn():
    spec = charts.compare_populations(wave_2004(), "quality_indicators").to_dict()
    assert not [record for record in spec["data"]["values"] if "was" in record]
    assert not any("was" in str(layer.get("transform")) for layer in spec["layer"])


def test_a_break_is_not_drawn_and_its_reason_stands_beside_the_chart():
    wave = asked_otherwise(later(), "public", "quality_indicators", max_choices=3)
    chart = charts.compare_populations(compared_with(wave, wave_2004()), "quality_indicators")
    drawn = {mark["series"] for mark in marks_of(chart, "was")}
    assert drawn == {"Frontline staff"}
    assert any("people could choose three, not two" in note for note in story_of(chart.to_dict())["notes"])


def test_the_slope_chart_names_what_moved_and_leaves_the_rest_grey(moved):
    chart = charts.slopes(moved, "public")
    assert len(marks_of(chart, "moved")) == 1
    assert len(marks_of(chart, "still")) > 20
    assert [mark["after"] for mark in marks_of(chart, "after")] == ["50% ▼ Customer satisfaction"]
    assert story_of(chart.to_dict())["title"].startswith("The public: one of")


def test_the_slope_chart_needs_a_baseline():
    assert charts.slopes(wave_2004(), "public") is None


def test_a_series_is_broken_where_two_waves_cannot_be_compared():
    waves = [wave_2004(), asked_otherwise(later({VALUE: 70}, "2015"), "public", "quality_indicators", version="b")]
    waves.append(asked_otherwise(later({VALUE: 50}, "2026"), "public", "quality_indicators", version="b"))
    chart = charts.series(waves, [VALUE], "value-series", "Value")
    assert len(marks_of(chart, "line")) == 1
    story = story_of(chart.to_dict())
    assert story["notes"] == [
        "A break between 2004 and 2015 (Value for money): it was asked in another version: b, not 2004."
    ]
    assert [row[1] for row in story["table"]["rows"]] == ["2004", "2015", "2026"]


def test_labels_keep_their_order_and_their_distance():
    places = spread([10, 12, 11, 90], 13, 100)
    ordered = sorted(places)
    assert all(later - earlier >= 13 for earlier, later in pairwise(ordered))
    assert places[0] < places[2] < places[1] < places[3]
