"""A chart that would mislead whoever looks at it is named, though every one of its numbers is right."""

import copy
import json
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from surveybook.exhibits.invariants import find_spec_faults
from surveybook.model import paths

Spec = dict[str, Any]
RECORDS = [
    {"label": "Walking", "series": "Adults", "share": 0.68, "low": 0.64, "high": 0.72},
    {"label": "Swimming", "series": "Adults", "share": 0.31, "low": 0.27, "high": 0.35},
]
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
        "surveybook": {"table": {"columns": ["Item", "Share (%)"], "rows": [["Walking", "68"], ["Swimming", "31"]]}}
    },
}


def stored_charts() -> Iterator[tuple[str, Spec]]:
    for path in paths.chapters():
        for cell in json.loads(path.read_text(encoding="utf-8"))["cells"]:
            for output in cell.get("outputs", []):
                if spec := output.get("data", {}).get("application/vnd.vegalite.v6+json"):
                    yield spec["usermeta"]["surveybook"]["name"], spec


CHARTS = dict(stored_charts())


def walk(value: Any) -> Iterator[dict[str, Any]]:
    """Yield every mapping in a specification."""
    if isinstance(value, dict):
        yield value
    for inner in value.values() if isinstance(value, dict) else value if isinstance(value, list) else ():
        yield from walk(inner)


@pytest.mark.parametrize("name", CHARTS)
def test_no_chart_of_the_book_misleads(name: str) -> None:
    assert find_spec_faults(CHARTS[name]) == []


def test_a_chart_of_tidy_records_may_place_them_as_it_likes() -> None:
    assert find_spec_faults(TIDY) == []
    assert find_spec_faults({**TIDY, "hconcat": [{"layer": TIDY["layer"]}], "layer": []}) == []


def of_shares(spec: Spec) -> list[dict[str, Any]]:
    """Return the encodings of a chart that place shares."""
    return [one for one in walk(spec) if "%" in json.dumps(one.get("axis")) and "field" in one]


def cut_axis(spec: Spec) -> None:
    for one in of_shares(spec):
        one["scale"]["domain"] = [0.5, 1] if one["scale"]["domain"][1] == 1 else [50, 100]


def cut_axis_of_one_mark(spec: Spec) -> None:
    of_shares(spec)[-1]["scale"]["domain"] = [0, 4000]


def bend_axis(spec: Spec) -> None:
    for one in of_shares(spec):
        one["scale"]["type"] = "sqrt"


def turn_axis(spec: Spec) -> None:
    for one in of_shares(spec):
        one["scale"]["reverse"] = True


def free_axis(spec: Spec) -> None:
    for one in of_shares(spec):
        one["scale"] = {"zero": False}


def move_datum_out(spec: Spec) -> None:
    fields, records = {one["field"] for one in of_shares(spec)}, spec["data"]["values"]
    record, field = next((one, field) for one in records for field in sorted(fields) if field in one)
    record[field] = 1234


def part_scales(spec: Spec) -> None:
    spec["resolve"] = {"scale": {"x": "independent"}}


def swap_labels(spec: Spec) -> None:
    labelled = [one for one in spec["data"]["values"] if "label" in one]
    labelled[0]["label"], labelled[-1]["label"] = labelled[-1]["label"], labelled[0]["label"]


def shift_shares(spec: Spec) -> None:
    for one in spec["data"]["values"]:
        if "share" in one:
            one["share"], one["low"], one["high"] = one["share"] - 0.02, one["low"] - 0.02, one["high"] - 0.02


def move_intervals(spec: Spec) -> None:
    for one in spec["data"]["values"]:
        if "low" in one:
            one["low"], one["high"] = 0.95, 0.99


@pytest.mark.parametrize("spec", [TIDY, CHARTS["quality-indicators"]], ids=["tidy", "of the book"])
@pytest.mark.parametrize(
    ("mislead", "said"),
    [
        (cut_axis, "nought isn't on the axis"),
        (cut_axis_of_one_mark, "one chart has one"),
        (bend_axis, "is sqrt"),
        (turn_axis, "is reversed"),
        (free_axis, "nought isn't on the axis"),
        (move_datum_out, "1234 lies outside the scale"),
        (part_scales, "scales of their own"),
        (swap_labels, "its labels stand as"),
        (shift_shares, "is drawn at 66 per cent where its table has 68"),
        (move_intervals, "is drawn at 68 per cent, outside its interval"),
    ],
)
def test_a_picture_that_misleads_is_named(mislead: Callable[[Spec], None], said: str, spec: Spec) -> None:
    spec = json.loads(json.dumps(spec))  # what parts share becomes their own
    mislead(spec)
    assert any(said in fault for fault in find_spec_faults(spec)), find_spec_faults(spec)


@pytest.mark.parametrize(
    "sort",
    [
        ["Swimming", "Walking"], "ascending", {"field": "share"},
        pytest.param("absent", id="what Vega-Lite does by itself"),
    ],
)  # fmt: skip
def test_labels_in_another_order_than_the_data_are_named(sort: Any) -> None:
    spec = copy.deepcopy(TIDY)
    spec["encoding"]["y"] = {"field": "label", "type": "nominal"} | ({} if sort == "absent" else {"sort": sort})
    assert any("its labels are drawn as 'Swimming', 'Walking'" in fault for fault in find_spec_faults(spec))


@pytest.mark.parametrize("sort", [["Walking", "Swimming"], {"field": "share", "order": "descending"}, "descending"])
def test_labels_may_be_sorted_so_that_they_stand_as_the_data_do(sort: Any) -> None:
    spec = copy.deepcopy(TIDY)
    spec["encoding"]["y"]["sort"] = sort
    assert find_spec_faults(spec) == []


def test_a_group_without_a_place_in_the_legend_is_named() -> None:
    spec = copy.deepcopy(TIDY)
    spec["layer"][1]["encoding"]["color"]["scale"] = {"domain": ["Children"], "range": ["#000000"]}
    assert find_spec_faults(spec) == ["'Adults' lies outside the scale of color, [\"Children\"]"]
