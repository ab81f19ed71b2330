"""What programs read has beside every number what it rests on, and what it mustn't be compared with."""

import json
import zipfile
from pathlib import Path

import pytest

from surveybook.exhibits.downloads import describe_figures, write_figures, write_package
from surveybook.verify.downloads import check_programs
from surveybook.waves import open_wave

BESIDE = ("value", "unit", "base", "base_is", "interval", "wording", "wording_is", "status", "not_comparable_with")


@pytest.fixture(scope="module")
def figures() -> dict[str, dict]:
    return {one["id"]: one for one in describe_figures(open_wave("2004"))["figures"]}


def test_every_figure_has_beside_it_what_it_rests_on(figures: dict[str, dict]) -> None:
    assert len(figures) == len(open_wave("2004").estimates)
    assert [name for name, one in figures.items() if not set(BESIDE) <= one.keys()] == []
    one = figures["t1p_custsat"]
    assert (one["value"], one["interval"], one["base"], one["base_is"]) == (68.0, [64.5, 71.3], 1000, "stated")


def test_a_figure_without_a_number_has_no_value_and_no_interval(figures: dict[str, dict]) -> None:
    without = [one for one in figures.values() if one["status"] != "number"]
    assert without
    assert {(one["value"], one["interval"]) for one in without} == {(None, None)}


def test_a_share_from_a_list_says_that_it_is_not_comparable_with_statements_and_with_whom_only_with_care(
    figures: dict[str, dict],
) -> None:
    apart = {one["with"]: (one["how"], one["why"]) for one in figures["t1p_custsat"]["not_comparable_with"]}
    how, why = apart["shares of people who agree with a statement"]
    assert (how, "at most two answers" in why) == ("not comparable", True)
    assert apart["frontline staff, same question"][0] == "with caution"


def test_an_edition_with_a_baseline_says_how_far_each_figure_compares_with_it() -> None:
    told = describe_figures(open_wave("example-synthetic", baseline="2004"))
    others = {apart["with"] for one in told["figures"] for apart in one["not_comparable_with"]}
    assert "2004 survey, same question" in others
    assert told["made_up"] is True


def test_the_data_package_holds_no_survey_that_the_edition_does_not_show(tmp_path: Path) -> None:
    with zipfile.ZipFile(write_package(open_wave("2004"), tmp_path / "data.zip")) as archive:
        names = archive.namelist()
        package = json.loads(archive.read("datapackage.json"))
    assert "waves/2004/estimates.csv" in names
    assert [name for name in names if "synthetic" in name] == []
    assert [one["path"] for one in package["resources"]] == names[1:]


@pytest.mark.parametrize(
    ("old", "new"), [('"value": 68.0', '"value": 69.0'), ("64.5", "60.5"), ('"base": 1000', '"base": 1')]
)
def test_a_number_for_programs_that_is_not_the_data_is_caught(tmp_path: Path, old: str, new: str) -> None:
    path = write_figures(open_wave("2004"), tmp_path / "figures.json")
    assert check_programs(tmp_path, "2004").faults == ()
    path.write_text(path.read_text(encoding="utf-8").replace(old, new, 1), encoding="utf-8")
    assert check_programs(tmp_path, "2004").faults
