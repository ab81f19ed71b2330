"""Charts of a wave with a baseline: both waves drawn, changes marked, breaks explained; and what a new wave needs."""

import json
from dataclasses import replace

import numpy as np
import pytest

from surveybook import charts
from surveybook.exhibits.wave_charts import _place_waves
from surveybook.model.survey import Survey, find_figure
from surveybook.stats.robustness import samples_for_changes
from tests.exhibits import records_of
from tests.waves import SATISFACTION, VALUE, asked_otherwise, compared_with, later, wave_2004, wave_with


@pytest.fixture(scope="module")
def moved() -> Survey:
    return compared_with(later({SATISFACTION: 50}), wave_2004())


def test_the_baseline_stands_beside_each_share_and_an_arrow_at_a_change_alone(moved: Survey) -> None:
    chart = charts.compare_populations(moved, "quality_indicators")
    records = records_of(chart, status="number")
    assert all("was" in record for record in records)
    assert [record["was"] for record in records_of(chart, text="50% ▼")] == [0.68]
    assert sum("▲" in record["text"] or "▼" in record["text"] for record in records) == 1
    assert "Hollow: 2004." in chart.reading[0]
    assert "2004 share (%)" in chart.columns
    assert "fell from 68% to 50%" in chart.alternative


def test_without_a_baseline_nothing_of_it_is_drawn() -> None:
    chart = charts.compare_populations(wave_2004(), "quality_indicators")
    assert not [record for record in records_of(chart) if "was" in record]
    assert not [layer for layer in chart.spec["spec"]["layer"] if "was" in str(layer["encoding"])]
    assert charts.every_wave(wave_2004()) is None


def test_a_break_is_not_drawn_and_its_reason_stands_beside_the_chart() -> None:
    wave = asked_otherwise(later(), "public", "quality_indicators", max_choices=3)
    chart = charts.compare_populations(compared_with(wave, wave_2004()), "quality_indicators")
    assert {record["series"] for record in records_of(chart) if "was" in record} == {"Frontline staff"}
    assert any("people could choose three, not two" in note for note in chart.notes)
    assert "Not compared" in {row[-1] for row in chart.rows}


def test_figures_that_the_baseline_gives_in_words_are_told_but_not_drawn(moved: Survey) -> None:
    chart = charts.shares(moved, ["public.out_of_hours_access.agree"], "hours", "Hours")
    (record,) = records_of(chart)
    assert "2004: more than three-quarters" in record["tip"]
    assert "was" not in record


def test_shares_beside_a_baseline_are_a_list_the_largest_first_and_bars_stand_as_they_were_asked(moved: Survey) -> None:
    keys = [f"public.{item}.agree" for item in ("more_online", "internet_easier", "trust_face_to_face")]
    listed, bars = (charts.shares(survey, keys, "some", "Some") for survey in (moved, wave_2004()))
    shares = [record["share"] for record in records_of(listed, status="number")]
    assert shares == sorted(shares, reverse=True)
    order = list(moved.codebook.items.loc[[key.split(".")[1] for key in keys], "label"])
    drawn = list(dict.fromkeys(record["item"] for record in records_of(bars, status="part")))
    assert drawn == sorted(order, key=list(moved.codebook.items["label"]).index)
    assert shares != [find_figure(moved, key)["share"] for key in keys]


def test_a_half_is_rounded_up_in_every_label_as_in_the_text() -> None:
    survey = compared_with(later({SATISFACTION: 32.5}), wave_2004())
    followed = charts.series([wave_2004(), survey], [SATISFACTION], "satisfaction", "Satisfaction")
    assert records_of(followed, wave="2026")[0]["text"] == "33% ▼"
    marked = records_of(charts.compare_populations(survey, "quality_indicators"), share=0.325)
    assert [record["text"] for record in marked] == ["33% ▼"]


def test_a_series_is_broken_where_two_waves_cannot_be_compared() -> None:
    waves = [later({VALUE: percent}, name) for percent, name in ((70, "2015"), (50, "2026"))]
    waves = [asked_otherwise(wave, "public", "quality_indicators", universe="adults in work") for wave in waves]
    chart = charts.series([wave_2004(), *waves], [VALUE], "value-series", "Value")
    runs = [record["run"] for record in records_of(chart)]
    assert runs[0] != runs[1] == runs[2]
    assert chart.notes == [
        "A break between 2004 and 2015 (Value for money): it was put to “adults in work”, not to “adults aged 16 and "
        "over”."
    ]
    assert [row[1] for row in chart.rows] == ["2004", "2015", "2026"]
    assert records_of(chart, wave="2026")[0]["text"] == "50% ▼"


def test_a_series_needs_two_waves_and_a_number_and_has_a_gap_where_a_wave_lacks_one() -> None:
    assert charts.series([wave_2004()], [VALUE], "value", "Value") is None
    assert charts.series([wave_2004(), later()], ["public.out_of_hours_access.agree"], "hours", "Hours") is None
    records = records_of(charts.series([wave_2004(), wave_with({VALUE: None}), later()], [VALUE], "value", "Value"))
    assert ["share" in record for record in records] == [True, False, True]
    assert len({record["run"] for record in records if "run" in record}) == 2


def test_waves_stand_at_their_dates_where_all_are_known() -> None:
    def started(when: str) -> Survey:
        people = {name: {"fieldwork_start": when} for name in ("public", "frontline")}
        return replace(wave_2004(), metadata={**wave_2004().metadata, "populations": people})

    assert _place_waves([started("2004-01"), started("2005"), started("2014-01")]) == pytest.approx([0, 0.1, 1])
    assert _place_waves([started("2004-01"), started(""), started("2014-01")]) == [0, 0.5, 1]


def test_the_chart_of_samples_holds_no_infinity_and_counts_what_it_leaves_out() -> None:
    chart = charts.samples(wave_2004())
    json.dumps(chart.spec, allow_nan=False)
    drawn = sum("needed" in record for record in records_of(chart))
    assert drawn == np.isfinite(samples_for_changes(wave_2004())["sample_needed"]).sum()
    assert "no sample is large enough" in chart.title


@pytest.mark.parametrize(
    ("changes", "title", "told"),
    [
        ([0.2], "A new survey can be made large enough for every change shown", "answers for all 38 figures"),
        ([0.001], "A change of 0.1 points", "no sample is large enough for any of 37 figures"),
    ],
)
def test_samples_can_all_be_drawn_or_none(changes: list[float], title: str, told: str) -> None:
    chart = charts.samples(wave_2004(), changes=changes)
    assert chart.title.startswith(title)
    assert told in chart.alternative


def test_a_wave_of_words_alone_has_no_sample_to_show() -> None:
    survey = wave_2004()
    chart = charts.samples(replace(survey, estimates=survey.estimates[survey.estimates["status"] == "words"]))
    assert chart.title.startswith("This survey has no figure")
    assert chart.rows == []


def test_small_movements_are_drawn_on_a_part_of_the_scale_which_the_chart_says() -> None:
    waves = [wave_2004(), later({SATISFACTION: 66, VALUE: 47})]
    chart = charts.series(waves, [SATISFACTION, VALUE], "series", "Quality")
    (span,) = {layer["scale"]["domain"][1] for layer in [chart.spec["spec"]["encoding"]["y"]]}
    assert f"each panel spans {round(100 * span)} points, not 100" in chart.subtitle
    for record in records_of(chart, status="number") or records_of(chart):
        assert record["floor"] <= record["low"]
        assert record["high"] <= record["floor"] + span
    far = charts.series([wave_2004(), later({SATISFACTION: 10})], [SATISFACTION], "series", "Quality")
    assert far.spec["spec"]["encoding"]["y"]["scale"]["domain"] == [0, 1]
    assert "spans" not in far.subtitle
