"""What answers that exclude each other leave to 100% is drawn and listed, and is no figure of the survey."""

import json
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from surveybook import charts
from surveybook.exhibits.exhibit import Exhibit
from surveybook.exhibits.invariants import NOT_PRINTED, find_spec_faults
from surveybook.exhibits.records import UNKNOWN
from surveybook.model.survey import Survey
from surveybook.waves import open_wave
from tests.waves import wave_2004, wave_with

IMPROVED = "public.services_improved"
SIDES = {f"{IMPROVED}.agree": 28, f"{IMPROVED}.disagree": 18}
LIST = [f"public.channel_{way}.chosen" for way in ("one_stop_shop", "telephone", "website")]
Rows = list[dict[str, Any]]


def remainders_of(chart: Exhibit | None) -> tuple[Rows, Rows]:
    """Return the remainders that a chart draws, and the rows of its table that list them."""
    assert find_spec_faults(chart.full_spec()) == []
    listed = [dict(zip(chart.columns, row, strict=True)) for row in chart.rows]
    drawn = [record for record in chart.spec["data"]["values"] if "end" in record]
    return drawn, [row for row in listed if row["Where from"] == NOT_PRINTED]


def answers(percents: dict[str, float | None]) -> Exhibit | None:
    return charts.answers(wave_with(percents), "services_improved")


def test_the_rest_stands_between_those_who_agree_and_those_who_do_not_and_in_the_words() -> None:
    chart = answers(SIDES)
    (drawn,), (listed,) = remainders_of(chart)
    assert (drawn["label"], drawn["series"]) == ("The public", "Don't know or other")
    assert (drawn["start"], drawn["end"], drawn["text"]) == (0.28, 0.82, "54%")
    assert (listed["Answer"], listed["Population"], listed["Share (%)"]) == ("Don't know or other", "The public", "54")
    assert "What is left to 100, don't know or other: 54%" in chart.alternative


def test_a_share_alone_has_what_it_leaves_behind_it() -> None:
    chart = charts.shares(wave_2004(), ["public.more_online.agree"], "online", "Online")
    (drawn,), (listed,) = remainders_of(chart)
    assert (drawn["start"], drawn["end"]) == (0.48, 1)
    assert (drawn["series"], listed["Answer"]) == ("Other answers or none",) * 2


@pytest.mark.parametrize("draw", [charts.answers, charts.results])
def test_one_answer_asked_of_one_group_is_one_bar_of_agree_the_rest_and_disagree(draw: Callable[..., Exhibit]) -> None:
    chart = draw(wave_2004(), "services_improved")
    parts = [one for one in chart.spec["data"]["values"] if "to" in one]
    assert [(one["series"], one["from"], one["to"]) for one in parts] == [
        ("Agree", 0, 0.44), ("Don't know or other", 0.44, 0.6), ("Disagree", 0.6, 1),
    ]  # fmt: skip
    assert [one["edge"] for one in parts if "edge" in one] == [0.44, 0.6]


def test_a_remainder_is_no_figure_and_has_no_interval_and_no_base() -> None:
    chart = answers(SIDES)
    (drawn,), (listed,) = remainders_of(chart)
    assert len(chart.figures) == len(chart.rows) - 1
    assert not {"share", "low", "high"} & set(drawn)
    assert not any(listed[column] for column in ("Interval from", "to", "Respondents"))


@pytest.mark.parametrize("sides", [(59, 40), (60, 40), (61, 40)], ids=["rounding", "whole", "over"])
def test_what_rounding_leaves_is_not_shown(sides: tuple[float, float]) -> None:
    assert remainders_of(answers(dict(zip(SIDES, sides, strict=True)))) == ([], [])


@pytest.mark.parametrize(
    "chart",
    [
        lambda: charts.compare_populations(wave_2004(), "quality_indicators"),
        lambda: charts.compare_populations(wave_2004(), "preferred_channel"),
        lambda: charts.answers(wave_2004(), "out_of_hours_access"),
        lambda: answers(dict.fromkeys(SIDES)),
    ],
    ids=["several choices", "a list in words", "a statement in words", "no number"],
)
def test_nothing_is_drawn_where_nobody_knows_what_is_left(chart: Callable[[], Exhibit | None]) -> None:
    assert remainders_of(chart()) == ([], [])


def test_words_beside_a_remainder_are_said_to_leave_none_that_is_known() -> None:
    keys = ["public.more_online.agree", "public.out_of_hours_access.agree"]
    both, alone = (charts.shares(wave_2004(), own, "access", "Access") for own in (keys, keys[1:]))
    assert (UNKNOWN in both.reading, UNKNOWN in alone.reading) == (True, False)


def recorded(base: str = "answered", **answers: Any) -> Survey:
    """Return a wave whose answers to one statement were recorded so in a file of respondents."""
    how = {"answers": {"agree": {}, "disagree": {}, **answers}, "columns": {}, "base": base, "dont_know": "out"}
    return replace(wave_with(SIDES), recordings={"public": {"questions": {"services_improved": how}}})


@pytest.mark.parametrize(
    ("survey", "name"),
    [
        (recorded(neither={}), "Neither"),
        (recorded(neither={}, dont_know={}, no_answer={}), "Neither"),
        (recorded(other={}), "Other answers"),
        (recorded(neither={}, other={}), "Other answers"),
        (recorded("asked", neither={}), "Neither or other"),
        (wave_with(SIDES), "Don't know or other"),
        (wave_with({**SIDES, f"{IMPROVED}.disagree": None}), "Other answers or none"),
    ],
)
def test_it_is_called_what_is_true_of_it(survey: Survey, name: str) -> None:
    (drawn,), _ = remainders_of(charts.answers(survey, "services_improved"))
    assert drawn["series"] == name


def test_a_list_to_choose_one_from_leaves_its_item_without_a_figure() -> None:
    chart = charts.ranked(wave_with(dict(zip(LIST, (40, 35, None), strict=True))), "preferred_channel", "public")
    (drawn,), (listed,) = remainders_of(chart)
    assert drawn["label"] == listed["Item"] == "Interactive website or other"
    assert chart.rows[-1][-1] == ""


@pytest.mark.slow
def test_each_population_of_a_wave_of_respondents_has_its_own_beside_a_baseline_or_not() -> None:
    for baseline, field in (("", "series"), ("2004", "label")):
        drawn, listed = remainders_of(charts.answers(open_wave("example-synthetic", baseline), "services_improved"))
        assert {record[field] for record in drawn} == {"Neither"}
        assert [row["Share (%)"] for row in listed] == ["14.0", "10.7"]


def draw_longer(spec: dict[str, Any]) -> None:
    next(one for one in spec["data"]["values"] if "end" in one)["end"] = 0.6


def draw_none(spec: dict[str, Any]) -> None:
    spec["data"]["values"] = [one for one in spec["data"]["values"] if "end" not in one]


def list_none(spec: dict[str, Any]) -> None:
    table = spec["usermeta"]["surveybook"]["table"]
    table["rows"] = [row for row in table["rows"] if NOT_PRINTED not in row]


@pytest.mark.parametrize("change", [draw_longer, draw_none, list_none])
def test_a_picture_that_draws_another_remainder_than_its_table_lists_is_named(change: Callable[..., None]) -> None:
    chart = answers(SIDES)
    spec = json.loads(json.dumps(chart.full_spec()))
    change(spec)
    assert any("left to 100" in fault or "remainders" in fault for fault in find_spec_faults(spec))
