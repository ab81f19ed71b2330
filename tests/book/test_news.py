"""Claims and what changed as data and as a feed: with figures, wording and comparability, dated by the waves."""

import json
import shutil
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import pytest

from surveybook.book.news import describe_changes_since, describe_claims, find_moment, find_places, write_news
from surveybook.book.notebooks import TABLE, Shown
from surveybook.claims.claim import read_claims
from surveybook.claims.pages import all_claims, judge_all
from surveybook.model import paths
from surveybook.model.survey import Survey, key_of
from surveybook.verify.chapters import Expected
from surveybook.verify.downloads import check_changes, check_claims_file
from surveybook.waves import examine_wave, open_wave
from surveybook.waves.release import release_wave
from tests.waves import compared_with, later, rows_of, wave_2004
from tests.waves.test_numbers import add_ratings, add_wave, make_people

pytestmark = pytest.mark.slow
VALUE, SATISFACTION = "public.value_for_money.chosen", "public.customer_satisfaction.chosen"
MOVED = {VALUE: 40.0, SATISFACTION: 60.0, "public.performance_targets.chosen": 23.0}
FIGURE = "t1p_vfm"
ATOM = "http://www.w3.org/2005/Atom"


def wave(fieldwork_end: str = "2026-04") -> Survey:
    """Return a later wave in which three shares moved, two of them by more than sampling explains."""
    survey = compared_with(later(MOVED), wave_2004())
    populations = {
        name: {**entry, "fieldwork_end": fieldwork_end} for name, entry in survey.metadata["populations"].items()
    }
    return replace(survey, metadata={**survey.metadata, "populations": populations})


@pytest.fixture(scope="module")
def found() -> Mapping[str, Any]:
    survey = wave()
    described = describe_changes_since(survey, {FIGURE: "chapters/02-quality.html#fig-quality"}, judge_all(survey))
    assert described
    return described


def entries(folder: Path) -> tuple[ElementTree.Element, list[ElementTree.Element]]:
    feed = ElementTree.parse(folder / "changes.atom").getroot()
    return feed, feed.findall(f"{{{ATOM}}}entry")


def text_of(element: ElementTree.Element, name: str) -> str:
    return str(element.findtext(f"{{{ATOM}}}{name}"))


def test_every_claim_has_its_verdicts_and_its_figures_with_base_interval_and_wording() -> None:
    claims = {claim["id"]: claim for claim in describe_claims(wave_2004(), judge_all(wave_2004()))["claims"]}
    assert list(claims) == [claim.id for claim in read_claims()]
    assert all(
        {"id", "statement", "locator", "verdict", "strict", "parts", "figures"} <= claim.keys()
        for claim in claims.values()
    )
    figures = {figure["id"]: figure for claim in claims.values() for figure in claim["figures"]}
    internet = figures["b1p_internet"]
    assert (internet["value"], internet["interval"], internet["base"]) == (63.0, [59.5, 66.4], 1000)
    assert internet["wording"]
    assert (figures["pref_web"]["value"], figures["pref_web"]["in_words"]) == (None, "a third")


def test_the_file_is_held_against_the_list_of_claims_and_the_data(tmp_path: Path) -> None:
    write_news(wave_2004(), tmp_path, tmp_path)
    listed = Shown("claims", (), content=json.loads(json.dumps(all_claims(wave_2004())._repr_mimebundle_()[TABLE])))
    expected = {"x": Expected("x", tables={"claims": listed})}
    assert check_claims_file(tmp_path, expected, "2004").faults == ()
    file = tmp_path / "claims.json"
    text = file.read_text(encoding="utf-8")
    for old, new in (('"verdict": "contradicted"', '"verdict": "supported"'), ('"value": 63.0', '"value": 36.0')):
        file.write_text(text.replace(old, new, 1), encoding="utf-8")
        assert len(check_claims_file(tmp_path, expected, "2004").faults) == 1


def test_changes_come_by_size_and_what_sampling_explains_is_left_out(found: Mapping[str, Any]) -> None:
    assert [one["key"] for one in found["changes"]] == [VALUE, SATISFACTION]
    assert found["tested"] > 3
    assert found["summary"].startswith("Of the ")


def test_a_change_has_its_figures_intervals_wording_comparability_and_place(found: Mapping[str, Any]) -> None:
    one, survey = found["changes"][0], wave()
    now = survey.estimates[rows_of(survey.estimates, VALUE)].iloc[0]
    assert key_of(now) == VALUE
    assert one["title"] == "Value for money among the public: 40%, down from 56%"
    assert (one["now"]["value"], one["before"]["value"], one["change"]["by"]) == (40, 56, -16)
    assert one["now"]["interval"][0] == pytest.approx(100 * now["low"], abs=0.05)
    assert one["change"]["low"] < -16 < one["change"]["high"] < 0
    assert one["now"]["wording"] == one["before"]["wording"] != ""
    assert one["comparability"] in ("comparable", "comparable with caution")
    assert one["page"] == "chapters/02-quality.html#fig-quality"
    assert found["changes"][1]["page"] == ""


def test_claims_that_flipped_are_told_with_what_they_turned_on(found: Mapping[str, Any]) -> None:
    assert found["claims"]
    assert {one["status"] for one in found["claims"]} <= {"no longer", "now holds"}
    assert all(" went from " in one["meaning"] for one in found["claims"])
    same = compared_with(later(), wave_2004())
    assert not describe_changes_since(same, {}, judge_all(same))["claims"]


def test_what_a_report_does_not_claim_or_compare_has_no_file(trial_data: Path, tmp_path: Path) -> None:
    assert [path.name for path in write_news(wave_2004(), tmp_path, tmp_path)] == ["claims.json"]
    (trial_data / "claims.yml").unlink()
    assert [path.name for path in write_news(wave(), tmp_path, tmp_path)] == ["changes.json", "changes.atom"]
    told = json.loads((tmp_path / "changes.json").read_text(encoding="utf-8"))
    assert told["changes"]
    assert told["claims"] == []


def test_the_feed_tells_the_same_in_the_same_order_and_the_same_bytes_each_time(tmp_path: Path) -> None:
    for name in ("one", "two"):
        (tmp_path / name).mkdir()
        assert len(write_news(wave(), paths.root(), tmp_path / name)) == 3
    assert (tmp_path / "one/changes.atom").read_bytes() == (tmp_path / "two/changes.atom").read_bytes()
    feed, listed = entries(tmp_path / "one")
    data = json.loads((tmp_path / "one/changes.json").read_text(encoding="utf-8"))
    told = [one["title"] for one in data["changes"]]
    assert [text_of(one, "title") for one in listed[1 : 1 + len(told)]] == told
    assert len(listed) == 1 + len(told) + len(data["claims"])
    ids = [text_of(one, "id") for one in (feed, *listed)]
    assert len(set(ids)) == len(ids)
    for one in (feed, *listed):
        assert text_of(one, "updated") == "2026-04-01T00:00:00Z"
        assert text_of(one, "title")
    assert feed.find(f"{{{ATOM}}}author/{{{ATOM}}}name") is not None
    link = listed[1].find(f"{{{ATOM}}}link")
    assert link.get("href") == find_places(paths.root())[FIGURE]
    assert "Asked in both" in text_of(listed[1], "content")
    assert "40% (" in text_of(listed[1], "content")


@pytest.mark.parametrize(
    ("when", "moment"),
    [
        ("2026-04", "2026-04-01T00:00:00Z"),
        ("2026-04-17", "2026-04-17T00:00:00Z"),
        ("2031-spring", "2031-01-01T00:00:00Z"),
        ("example-synthetic", ""),
        ("x20265", ""),
    ],
)
def test_a_feed_takes_its_date_from_the_wave_and_never_from_the_clock(when: str, moment: str) -> None:
    assert find_moment(when) == moment


@pytest.fixture(scope="module")
def written(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a folder with what changed between two waves that are there."""
    folder = tmp_path_factory.mktemp("news")
    write_news(open_wave("example-synthetic", "2004"), paths.root(), folder)
    return folder


@pytest.fixture
def told(written: Path, tmp_path: Path) -> Path:
    """Return a copy of what changed, which a test may spoil."""
    return Path(shutil.copytree(written, tmp_path / "told"))


def faults_of(folder: Path) -> str:
    return "\n".join(map(str, check_changes(folder, "example-synthetic", "2004").faults))


def test_what_is_told_of_changes_is_held_against_the_data_of_both_waves(told: Path) -> None:
    assert faults_of(told) == ""
    kept = json.loads((told / "changes.json").read_text(encoding="utf-8"))
    assert kept["changes"]
    spoilt = [
        ("a share", lambda one: one["now"].update(value=one["now"]["value"] + 1), "where the data have"),
        ("a limit", lambda one: one["before"].update(interval=[0.0, 99.0]), "where the data have"),
        ("points", lambda one: one["change"].update(by=-one["change"]["by"]), "the shares are"),
        ("a title", lambda one: one.update(title="Nothing changed"), "it lacks, or has otherwise"),
    ]
    for name, spoil, said in spoilt:
        data = json.loads(json.dumps(kept))
        spoil(next(one for one in data["changes"] if not one["is_group"]))
        (told / "changes.json").write_text(json.dumps(data), encoding="utf-8")
        assert said in faults_of(told), name


def test_changes_that_are_missing_unreadable_or_of_other_waves_are_named(told: Path) -> None:
    assert "it compares example-synthetic with 2004" in str(check_changes(told, "2004", "").faults)
    (told / "changes.json").write_text("{", encoding="utf-8")
    assert "can't be read" in faults_of(told)
    (told / "changes.json").unlink()
    assert "it is missing" in faults_of(told)
    (told / "changes.atom").unlink()
    assert check_changes(told, "2004", "").faults == ()


def test_means_that_moved_are_told_in_their_unit_and_held_against_the_data(tiny: Path) -> None:
    add_ratings(tiny)
    add_wave(tiny, "2032", make_people())
    add_wave(tiny, "2033", make_people(5, mean=7.5))
    for name in ("2032", "2033"):
        release_wave(*examine_wave(name))
    (tiny / "site").mkdir()
    survey = open_wave("2033", "2032")
    write_news(survey, tiny, tiny / "site")
    path = tiny / "site/changes.json"
    data = json.loads(path.read_text(encoding="utf-8"))
    assert {one["key"] for one in data["means"]} >= {"residents[].water.mean", "residents[].snow.mean"}
    known = survey.numbers.query("item_id == 'snow' and statistic == 'mean' and domain == ''")["value"].iloc[0]
    snow = next(one for one in data["means"] if one["key"] == "residents[].snow.mean")
    assert snow["now"]["value"] == pytest.approx(known, rel=1e-5)
    assert snow["title"].startswith(f"Snow removal, mean of residents: {known:.1f} out of 10, up from ")
    assert snow["title"] in (tiny / "site/changes.atom").read_text(encoding="utf-8")
    assert check_changes(tiny / "site", "2033", "2032").faults == ()
    snow["before"]["value"] += 0.5
    path.write_text(json.dumps(data), encoding="utf-8")
    assert "residents[].snow.mean" in str(check_changes(tiny / "site", "2033", "2032").faults)
