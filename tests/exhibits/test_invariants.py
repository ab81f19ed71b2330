"""A chart that would mislead whoever looks at it is named, though every one of its numbers is right."""

import json
from collections.abc import Callable, Iterator
from dataclasses import replace
from functools import cache
from typing import Any

import pytest

from surveybook import charts
from surveybook.exhibits.invariants import find_bars_astray, find_spec_faults, list_colours
from tests.waves import wave_2004

Spec = dict[str, Any]
RECORDS = [
    {"label": "Walking", "series": "Adults", "share": 0.68, "low": 0.64, "high": 0.72},
    {"label": "Swimming", "series": "Adults", "share": 0.31, "low": 0.27, "high": 0.35},
]
ENDS = ("share", "low", "high")
X = {"type": "quantitative", "scale": {"domain": [0, 1]}, "axis": {"format": ".0%"}}
Y = {"field": "label", "type": "nominal", "sort": None}
TIDY: Spec = {
    "data": {"values": RECORDS},
    "encoding": {"y": Y},
    "layer": [
        {"mark": "rule", "encoding": {"x": {**X, "field": "low"}, "x2": {"field": "high"}}},
        {"mark": "point", "encoding": {"x": {**X, "field": "share"}, "color": {"field": "series", "type": "nominal"}}},
    ],
    "usermeta": {
        "surveybook": {
            "table": {
                "columns": ["Item", "Share (%)", "Interval from", "to"],
                "rows": [["Walking", "68", "64.0", "72.0"], ["Swimming", "31", "27.0", "35.0"]],
            }
        }
    },
}


@cache
def shown() -> Spec:
    """Return a chart of the book."""
    chart = charts.compare_populations(wave_2004(), "quality_indicators")
    return chart.full_spec()


def copy_of(which: str) -> Spec:
    """Return a chart whose parts are its own, so that one may be altered."""
    spec: Spec = json.loads(json.dumps(TIDY if which == "tidy" else shown()))
    return spec


def walk(value: Any) -> Iterator[dict[str, Any]]:
    """Yield every mapping in a specification."""
    if isinstance(value, dict):
        yield value
    for inner in value.values() if isinstance(value, dict) else value if isinstance(value, list) else ():
        yield from walk(inner)


def check_named(spec: Spec, mislead: Callable[[Spec], None], said: str) -> None:
    """Assert that a chart that is made to mislead is named for it."""
    mislead(spec)
    assert any(said in fault for fault in find_spec_faults(spec)), find_spec_faults(spec)


def test_a_chart_of_tidy_records_may_place_them_as_it_likes() -> None:
    assert find_spec_faults(TIDY) == []
    assert find_spec_faults({**TIDY, "hconcat": [{"layer": TIDY["layer"]}], "layer": []}) == []


def alter(told: Callable[[Spec], Spec], having: str = "share", *, all_of_them: bool = True) -> Callable[[Spec], None]:
    """Return what changes the records of a chart that have a field, or the first of them."""

    def mislead(spec: Spec) -> None:
        held = [one for one in spec["data"]["values"] if having in one]
        for one in held if all_of_them else held[:1]:
            one.update(told(one))

    return mislead


def change(field: str, value: object, having: str = "share") -> Callable[[Spec], None]:
    """Return what gives the first record that has a field another value in one."""
    return alter(lambda _: {field: value}, having, all_of_them=False)


def scale_shares(**scale: Any) -> Callable[[Spec], None]:
    """Return what gives the axes of shares another scale."""

    def mislead(spec: Spec) -> None:
        for one in walk(spec):
            if "%" in json.dumps(one.get("axis")):
                one["scale"] = scale

    return mislead


def list_places(spec: Spec) -> list[dict[str, Any]]:
    """Return how each layer of a chart places a field along its axis."""
    places = [layer["encoding"].get("x", {}) for layer in spec.get("spec", spec)["layer"]]
    return [place for place in places if "field" in place]


def cut_axis_of_one_mark(spec: Spec) -> None:
    list_places(spec)[-1]["scale"] = {"domain": [0, 4000]}


def move_datum_out(spec: Spec) -> None:
    fields, records = {one["field"] for one in list_places(spec)}, spec["data"]["values"]
    record, field = next((one, field) for one in records for field in sorted(fields) if field in one)
    record[field] = 1234


def part_scales(spec: Spec) -> None:
    spec["resolve"] = {"scale": {"x": "independent"}}


def swap_labels(spec: Spec) -> None:
    labelled = [one for one in spec["data"]["values"] if "label" in one]
    labelled[0]["label"], labelled[-1]["label"] = labelled[-1]["label"], labelled[0]["label"]


@pytest.mark.parametrize("which", ["tidy", "of the book"])
@pytest.mark.parametrize(
    ("mislead", "said"),
    [
        (scale_shares(domain=[0.5, 1]), "nought isn't on the axis"),
        (scale_shares(domain=[0, 1], type="sqrt"), "is sqrt"),
        (scale_shares(domain=[0, 1], reverse=True), "is reversed"),
        (scale_shares(domain=[1, 0]), "is reversed"),
        (scale_shares(zero=False), "nought isn't on the axis"),
        (cut_axis_of_one_mark, "one chart has one"),
        (move_datum_out, "1234 lies outside the scale"),
        (part_scales, "scales of their own"),
        (swap_labels, "its labels stand as"),
        (alter(lambda one: {end: one[end] - 0.02 for end in ENDS}), "is drawn at 66% where its table has 68"),
        (alter(lambda _: {"low": 0.95, "high": 0.99}, "low"), "is drawn at 68%, outside its interval"),
        (alter(lambda one: {"low": one["low"] - 0.03}, "low"), "has an interval drawn from 61"),
    ],
)
def test_a_picture_that_misleads_is_named(mislead: Callable[[Spec], None], said: str, which: str) -> None:
    check_named(copy_of(which), mislead, said)


@pytest.mark.parametrize(
    ("sort", "drawn"),
    [
        ({"sort": ["Swimming", "Walking"]}, "'Swimming', 'Walking'"),
        ({"sort": "ascending"}, "'Swimming', 'Walking'"),
        ({"sort": {"field": "share"}}, "'Swimming', 'Walking'"),
        pytest.param({}, "'Swimming', 'Walking'", id="what Vega-Lite does by itself"),
        ({"sort": ["Walking", "Swimming"]}, ""),
        ({"sort": {"field": "share", "order": "descending"}}, ""),
        ({"sort": "descending"}, ""),
    ],
)
def test_labels_are_named_where_they_are_drawn_in_another_order_than_the_data(sort: Spec, drawn: str) -> None:
    faults = find_spec_faults({**TIDY, "encoding": {"y": {"field": "label", "type": "nominal", **sort}}})
    assert any(f"its labels are drawn as {drawn}" in fault for fault in faults) if drawn else faults == []


def test_a_group_without_a_place_in_the_legend_is_named() -> None:
    spec = copy_of("tidy")
    spec["layer"][1]["encoding"]["color"]["scale"] = {"domain": ["Children"], "range": ["#000000"]}
    assert find_spec_faults(spec) == ["'Adults' lies outside the scale of color, [\"Children\"]"]


@pytest.mark.parametrize(
    ("mislead", "said"),
    [
        (change("text", "86%"), "is drawn at 68% and says '86%'"),
        (change("tip", "The public: 68% (61 to 71)"), "and says 'The public: 68% (61 to 71)'"),
        (change("aside", "13", "near"), "says 13 where its marks are 31 points apart"),
        (change("range", "−37 to −25", "near"), "says −37 to −25 where its table has"),
        (change("far", 0.7, "near"), "and no mark stands there"),
    ],
)
def test_words_beside_a_mark_that_tell_another_figure_are_named(mislead: Callable[[Spec], None], said: str) -> None:
    check_named(copy_of("of the book"), mislead, said)


SERVICES = "public.enough_choice.agree", "public.more_online.agree"


@pytest.mark.parametrize(
    ("mislead", "said"),
    [
        (alter(lambda one: {"to": one["to"] + 0.1}, "edge"), "of its bar where it is 78%"),
        (change("from", 0.5, "edge"), "begins at 50% of its bar, where no other part ends"),
        (change("middle", 0.9, "edge"), "has its number in another part of its bar"),
        (change("edge_high", 0.9, "edge"), "has an interval at its edge that isn't its own"),
        (change("to", 0.9, "end"), "is drawn beside what is left to 100"),
    ],
)
def test_a_part_of_a_bar_that_is_longer_or_stands_elsewhere_is_named(
    mislead: Callable[[Spec], None], said: str
) -> None:
    spec = json.loads(json.dumps(charts.shares(wave_2004(), SERVICES, "a", "A").full_spec()))
    assert find_spec_faults(spec) == []
    check_named(spec, mislead, said)


def test_the_last_part_of_a_bar_is_measured_from_its_end_also_behind_an_answer_that_nobody_gave() -> None:
    """A draft didn't build: nobody said yes, and "no" was the whole of the bar."""
    bar = {"label": "Gender", "status": "part"}
    nobody = bar | {"from": 0.0, "to": 0.0, "share": 0.0, "low": 0.0, "high": 0.04}
    nobody |= {"edge": 0.0, "edge_low": 0.0, "edge_high": 0.04}
    all_of_them = bar | {"from": 0.0, "to": 1.0, "share": 1.0, "low": 0.96, "high": 1.0}
    all_of_them |= {"edge": 0.0, "edge_low": 0.0, "edge_high": 0.04}
    assert not [*find_bars_astray([nobody, all_of_them])]
    assert [*find_bars_astray([nobody, all_of_them | {"edge_high": 0.4}])]


def test_changes_that_are_printed_over_each_other_are_named() -> None:
    before = wave_2004()
    spec = json.loads(json.dumps(charts.shares(replace(before, baseline=before), SERVICES, "a", "A").full_spec()))
    assert find_spec_faults(spec) == []
    spec["data"]["values"] += [one for one in spec["data"]["values"] if "aside" in one]
    assert "has 2 changes printed over each other" in find_spec_faults(spec)[0]


def test_the_interval_of_a_gap_has_the_sign_of_the_gap() -> None:
    """Tried: the public 12%, staff 15%; drawn as a gap of 3 points with the interval −8 to 1."""
    chart = charts.compare_populations(wave_2004(), "efficiency_indicators")
    gaps = [one for one in chart.full_spec()["data"]["values"] if "near" in one]
    assert {"aside": "3", "range": "−1 to 8"}.items() <= next(one for one in gaps if one["aside"] == "3").items()


def test_two_charts_with_other_colours_for_a_population_are_told_apart() -> None:
    assert list_colours(shown()) == {"The public": "#1d4f91", "Frontline staff": "#b8471a"}
