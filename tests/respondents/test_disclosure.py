"""What is too thin to be shown, and that it can't be worked out from what is shown."""

from itertools import product
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from surveybook.respondents.disclosure import (
    PROTECTING,
    SMALL,
    SUPPRESSED,
    Cells,
    are_known,
    choose_rests,
    choose_shown,
    note_disclosure,
    release_covariances,
)
from surveybook.waves import examine_wave, open_wave
from surveybook.waves.release import release_wave
from surveybook.words.findings import figures_counted
from surveybook.words.summary import summarise_wave
from tests.respondents.waves import WAVE, figure, mapping, opened, respondents, write_wave


def notes(total: int, protected: bool = True, **groups: int) -> dict[str, str]:
    """Return the notes of one variable's groups, and of everybody; who is in no group is a cell of its own."""
    domains = ["", *(f"group={name}" for name in groups)]
    table = pd.DataFrame({"item_id": "x", "response": "chosen", "domain": domains, "base": [total, *groups.values()]})
    cells = np.vstack([np.ones(len(groups) + 1), np.eye(len(groups), len(groups) + 1)]).T.astype(bool)
    sizes = pd.DataFrame({"x.chosen": [*groups.values(), total - sum(groups.values())]})
    members, rest = pd.DataFrame(cells, columns=domains), -1 if protected else np.nan
    stated = pd.DataFrame({"group": [*range(len(groups)), rest]})
    return dict(zip(["", *groups], note_disclosure(table, Cells(members, sizes, stated)), strict=True))


def test_thin_bases_are_flagged_and_thinner_ones_suppressed() -> None:
    assert notes(1000, a=101, b=99, c=800) == {"": "", "a": "", "b": SMALL, "c": ""}
    found = notes(1000, a=29, b=300, c=400, d=271)
    assert found["a"] == SUPPRESSED


def test_a_second_group_goes_so_that_the_first_is_not_the_total_less_the_others() -> None:
    assert notes(1000, a=10, b=490, c=500) == {"": "", "a": SUPPRESSED, "b": PROTECTING, "c": ""}
    assert notes(1000, a=20, b=25, c=955) == {"": "", "a": SUPPRESSED, "b": SUPPRESSED, "c": ""}
    assert notes(1000, a=5, b=5, c=40, d=950) == {"": "", "a": SUPPRESSED, "b": SUPPRESSED, "c": PROTECTING, "d": ""}


def test_people_in_no_group_are_protected_as_well() -> None:
    assert notes(1000, a=400, b=590) == {"": "", "a": PROTECTING, "b": ""}
    assert notes(1000, a=400, b=600) == {"": "", "a": "", "b": ""}
    assert notes(1000, a=400, b=500) == {"": "", "a": "", "b": ""}


def test_people_whom_not_stating_their_group_gives_away_to_nobody_are_no_group() -> None:
    assert notes(1000, protected=False, a=400, b=590) == {"": "", "a": "", "b": ""}
    # A small group stays one, and isn't what is left of all less the others.
    assert notes(1000, protected=False, a=15, b=395, c=580) == {"": "", "a": SUPPRESSED, "b": PROTECTING, "c": ""}


@settings(max_examples=60, deadline=None)
@given(st.lists(st.integers(0, 200), min_size=1, max_size=7), st.integers(0, 60))
def test_whatever_is_missing_from_a_crosstab_is_nobody_or_many(groups: list[int], outside: int) -> None:
    total = sum(groups) + outside
    found = notes(total, **{f"g{i}": base for i, base in enumerate(groups)})
    shown = sum(base for i, base in enumerate(groups) if found[f"g{i}"] in ("", SMALL))
    anything = any(found[f"g{i}"] in ("", SMALL) for i in range(len(groups)))
    assert not anything or total - shown == 0 or total - shown >= 30


@settings(max_examples=40, deadline=None)
@given(st.lists(st.integers(1, 90), min_size=3, max_size=6), st.data())
def test_no_few_people_are_a_sum_of_groups_that_are_shown_whatever_these_have_in_common(
    sizes: list[int], data: st.DataObject
) -> None:
    nets = data.draw(st.lists(st.lists(st.sampled_from([0, 1]), min_size=len(sizes), max_size=len(sizes)), max_size=4))
    groups = np.vstack([np.ones(len(sizes)), np.eye(len(sizes)), *nets])
    counts = groups @ np.array(sizes)
    shown = choose_shown(groups, np.array(sizes), np.arange(len(sizes))[:, None])
    assert not shown[counts < 30].any()
    for cells in map(np.array, product([0, 1], repeat=len(sizes))):
        if 0 < cells @ np.array(sizes) < 30 and shown.any():
            rest = np.linalg.lstsq(groups[shown].T, cells, rcond=None)[0] @ groups[shown] - cells
            assert np.abs(rest).max() > 1e-6, cells


def test_of_nets_and_ages_the_smallest_group_goes_that_hides_the_few_and_nothing_else() -> None:
    ages, nets = np.eye(4), np.array([[1, 1, 0, 0], [0, 0, 1, 1]])
    groups = np.vstack([np.ones(4), ages, nets])
    sizes, stated = np.array([20, 80, 48, 52]), np.arange(4)[:, None]
    assert choose_shown(groups, sizes, stated).tolist() == [True, False, False, True, True, True, True]
    # Without the nets the smallest of all ages would have done.
    assert choose_shown(groups[:5], sizes, stated).tolist() == [True, False, True, False, True]


def test_among_very_many_groups_what_a_few_of_them_give_away_together_is_found(monkeypatch: pytest.MonkeyPatch) -> None:
    # The first less the second and the third less the fourth, put together, are 23 people.
    groups = np.array([[1, 1, 1, 1, 1, 1, 1], [1, 0, 1, 0, 1, 0, 0], [0, 0, 0, 1, 1, 0, 0],
                       [0, 1, 0, 1, 0, 1, 0], [0, 0, 1, 0, 0, 1, 0]])  # fmt: skip
    sizes, stated = np.array([12, 11, 5, 4, 100, 90, 200]), np.arange(7)[:, None]
    shown = choose_shown(groups, sizes, stated).tolist()
    monkeypatch.setattr("surveybook.respondents.disclosure.MOST_RESTS", 0)
    choose_rests.cache_clear()
    assert choose_shown(groups, sizes, stated).tolist() == shown
    assert shown.count(False) == 1
    choose_rests.cache_clear()


def test_who_did_not_state_a_group_is_known_where_the_rest_tells_who_they_are() -> None:
    others = np.array([[1, 0], [2, 0], [2, 1]])
    assert not are_known(np.array([[np.nan, 0], [np.nan, 1]]), others)
    assert are_known(np.array([[np.nan, 0], [np.nan, 2]]), others)
    assert are_known(np.array([[1, 1]]), others)


def small_wave() -> tuple[pd.DataFrame, dict[str, object]]:
    frame = respondents()
    frame["grade"] = ["4"] * 12 + ["1"] * 100 + ["2"] * 128
    values = {1: "AB", 2: "C", 4: "DE"}
    return frame, mapping(domains={"social_grade": {"column": "grade", "values": values}})


@pytest.mark.slow
def test_suppressed_figures_leave_no_number_in_estimates_covariances_or_files(trial_data: Path) -> None:
    survey = opened(trial_data, *small_wave())
    hidden = survey.estimates[survey.estimates["note"].str.startswith("suppressed")]
    assert set(hidden["domain"]) == {"social_grade=DE", "social_grade=AB"}
    assert (hidden["status"] == "unpublished").all()
    numbers = ["share", "standard_error", "low", "high", "base", "weighted_base", "degrees_of_freedom"]
    assert hidden[numbers].isna().all(axis=None)
    assert not survey.covariances["domain"].isin(hidden["domain"]).any()
    assert figure(survey, "channel_website", domain="social_grade=C")["base"] == 128
    release_wave(*examine_wave(WAVE))
    text = (trial_data / "waves" / WAVE / "estimates.csv").read_text()
    for line in text.splitlines():
        if "social_grade=DE" in line:
            assert ",unpublished,,,,,unknown,," in line
    assert "DE" not in (trial_data / "waves" / WAVE / "covariances.csv").read_text()


@pytest.mark.slow
def test_the_check_says_why_a_large_group_is_suppressed(trial_data: Path) -> None:
    frame = respondents()
    frame["grade"] = ["9"] * 5 + ["1"] * 100 + ["2"] * 135
    write_wave(trial_data, frame, mapping(domains={"grade": {"column": "grade", "values": {1: "AB", 2: "CDE"}}}))
    said = "\n".join(summarise_wave(*examine_wave(WAVE, fresh=True)))
    assert "Suppressed: public grade=AB in " in said
    assert "5 of public are in no group of grade" in said
    assert "withheld to protect small groups" in str(figures_counted(open_wave(WAVE)))


@pytest.mark.slow
def test_the_check_says_on_account_of_whom_a_group_is_suppressed_and_what_shows_it(trial_data: Path) -> None:
    frame = respondents()
    frame["sex"] = ["1"] * 110 + ["2"] * 120 + ["3"] * 10
    groups = {"sex": {"column": "sex", "values": {1: "male", 2: "female", 3: "other"}}}
    write_wave(trial_data, frame, mapping(domains=groups))
    said = "\n".join(summarise_wave(*examine_wave(WAVE, fresh=True)))
    assert "Suppressed: public sex=other in all questions: fewer than 30 answers." in said
    assert "Of sex, male could be shown if it weren’t for other" in said
    groups["sex"] = {"column": "sex", "values": {1: "male", 2: "female"}, "missing": [3], "not_stated": "shown"}
    write_wave(trial_data, frame, mapping(domains=groups))
    assert "Suppressed: public sex" not in "\n".join(summarise_wave(*examine_wave(WAVE, fresh=True)))


@pytest.mark.slow
@pytest.mark.parametrize("left", ["9", ""])
def test_what_the_check_offers_for_those_who_did_not_say_shows_all_groups(trial_data: Path, left: str) -> None:
    frame = respondents()
    frame["grade"] = [left] * 15 + ["1"] * 90 + ["2"] * 135
    frame["age"] = ["" if 5 <= place < 25 else age for place, age in enumerate(frame["age"])]
    domains = {
        "grade": {"column": "grade", "values": {1: "AB", 2: "CDE"}},
        "age": {"column": "age", "ranges": {"16-54": [16, 54], "55+": [55, None]}},
    }
    write_wave(trial_data, frame, mapping(domains=domains))
    said = list(summarise_wave(*examine_wave(WAVE, fresh=True)))
    assert any("not_stated: shown, under domains.grade" in line for line in said) == (left == "")
    assert any(
        "put the 15 who didn't say with CDE: in wave.yml, under responses.public.domains, write" in line
        for line in said
    )
    typed = [line.strip() for line, before in zip(said[1:], said, strict=False) if before.endswith("domains, write")]
    assert len(typed) == 2
    taken = {name: rules for line in typed for name, rules in yaml.safe_load(f"{{{line}}}").items()}
    survey = opened(trial_data, frame, mapping(domains=taken))
    assert (survey.estimates["status"] == "number").all()
    assert {"grade=AB", "grade=CDE or not stated"} < set(survey.estimates["domain"])
    shown = {name: {**rules, "not_stated": "shown"} for name, rules in domains.items()}
    survey = opened(trial_data, frame, mapping(domains=shown))
    # Who has another code is of another group, whose secret stays one.
    hidden = set(survey.estimates.loc[survey.estimates["status"] != "number", "domain"])
    assert hidden == (set() if left == "" else {"grade=AB"})


@pytest.mark.slow
def test_a_whole_population_that_is_too_small_is_suppressed(trial_data: Path) -> None:
    survey = opened(trial_data, respondents().head(25), mapping(strata=None, domains=None))
    assert (survey.estimates["status"] == "unpublished").all()


@pytest.mark.slow
def test_anyone_rebuilds_the_same_estimates_from_the_release_alone(trial_data: Path) -> None:
    before = opened(trial_data)
    release_wave(*examine_wave(WAVE, fresh=True))
    (trial_data / "waves" / WAVE / "responses_public.csv").unlink()
    after = open_wave(WAVE)
    pd.testing.assert_frame_equal(after.estimates, before.estimates)
    pd.testing.assert_frame_equal(after.covariances, before.covariances)
    assert np.isfinite(after.covariances["covariance"]).all()


def test_of_very_many_pairs_those_of_one_item_or_one_answer_are_released(monkeypatch: pytest.MonkeyPatch) -> None:
    pairs = [("parks", "good", "parks", "bad"), ("parks", "good", "roads", "good"), ("parks", "good", "roads", "bad")]
    every = pd.DataFrame(pairs, columns=["item_a", "response_a", "item_b", "response_b"])
    every = every.assign(domain="", domain_b="", question_id="services", covariance=[0.001, 0.002, 0.003])
    hidden = every.head(0).assign(item_id=[])
    assert len(release_covariances("residents", every, hidden)) == 3
    monkeypatch.setattr("surveybook.respondents.disclosure.MOST_PAIRS", 2)
    assert list(release_covariances("residents", every, hidden)["covariance"]) == ["0.001", "0.002"]
