"""From answers to figures: each encoding, and each rule for who is in the base."""

from pathlib import Path

import pandas as pd
import pytest

from surveybook.waves import open_wave
from tests.respondents.waves import QUESTIONS, figure, mapping, opened, problems, question, respondents

pytestmark = pytest.mark.slow


def weighted(frame: pd.DataFrame, chosen: pd.Series, base: pd.Series | None = None) -> float:
    weights = frame["wt"].astype(float)
    base = pd.Series(True, index=frame.index) if base is None else base
    return float((weights * chosen)[base].sum() / weights[base].sum())


def test_encodings_of_the_same_answers_give_the_same_figures(trial_data: Path) -> None:
    frame = respondents()
    picked = [[code for code in range(1, 6) if frame.loc[row, f"q1_{code}"] == "1"] for row in frame.index]
    frame["first"], frame["second"] = [str(row[0]) for row in picked], [str(row[1]) for row in picked]
    frame["both"] = ["|".join(map(str, reversed(row))) for row in picked]
    items = dict(enumerate(
        ("customer_satisfaction", "staff_job_satisfaction", "value_for_money", "performance_targets",
         "political_objectives"), start=1))  # fmt: skip
    plain = {"columns": None, "dont_know": None, "nothing_chosen": None, "codes": items}
    surveys = [opened(trial_data, frame)]
    choices = plain | {"encoding": "choices", "columns": ["first", "second"]}
    surveys.append(opened(trial_data, frame, question("quality_indicators", **choices)))
    delimited = plain | {"encoding": "delimited", "column": "both", "separator": "|"}
    surveys.append(opened(trial_data, frame, question("quality_indicators", **delimited)))
    # Google Forms ends a cell with the mark where "other" was ticked and nothing written.
    frame["ended"] = frame["both"].str.replace("|", ", ") + ", "
    ended = delimited | {"column": "ended", "separator": ", "}
    surveys.append(opened(trial_data, frame, question("quality_indicators", **ended)))
    for survey in surveys:
        own = survey.estimates[survey.estimates["question_id"] == "quality_indicators"].reset_index(drop=True)
        first = surveys[0].estimates
        assert own.equals(first[first["question_id"] == "quality_indicators"].reset_index(drop=True))
    assert figure(surveys[2], "value_for_money")["share"] == pytest.approx(weighted(frame, frame["q1_3"] == "1"))


def test_a_scale_is_collapsed_as_declared_and_neither_counts_for_the_base(trial_data: Path) -> None:
    frame = respondents()
    survey = opened(trial_data, frame)
    agree = figure(survey, "services_improved", "agree")
    assert agree["share"] == pytest.approx(weighted(frame, frame["q5"].isin(["1", "2"])))
    assert agree["base"] == len(frame)
    assert figure(survey, "services_improved", "dont_know")["share"] == pytest.approx(
        weighted(frame, frame["q5"] == "8")
    )


def test_dont_know_leaves_the_base_where_it_is_declared_out(trial_data: Path) -> None:
    frame = respondents()
    survey = opened(trial_data, frame, question("services_improved", dont_know="out"))
    knew = frame["q5"] != "8"
    agree = figure(survey, "services_improved", "agree")
    assert agree["base"] == knew.sum()
    assert agree["share"] == pytest.approx(weighted(frame, frame["q5"].isin(["1", "2"]), knew))
    assert "dont_know" not in set(survey.estimates["response"])


def test_a_share_is_of_those_asked_or_of_those_who_answered(trial_data: Path) -> None:
    frame = respondents()
    frame.loc[:29, "q4"] = ""
    assert figure(opened(trial_data, frame), "channel_website")["base"] == len(frame)
    survey = opened(trial_data, frame, question("preferred_channel", base="answered"))
    assert figure(survey, "channel_website")["base"] == len(frame) - 30


def test_only_those_whom_routing_reached_are_asked(trial_data: Path) -> None:
    frame = respondents()
    frame.loc[frame["sex"] == "2", "q4"] = ""
    block = question("preferred_channel", universe={"column": "sex", "values": [1]})
    survey = opened(trial_data, frame, block)
    assert figure(survey, "channel_website")["base"] == (frame["sex"] == "1").sum()
    frame.loc[frame.index[frame["sex"] == "2"][0], "q4"] = "1"
    said = problems(trial_data, frame, block)
    assert "1 respondents answered preferred_channel and weren't asked" in said


def test_too_many_choices_are_refused_excluded_or_kept_as_declared(trial_data: Path) -> None:
    frame = respondents()
    frame.loc[10, ["q1_1", "q1_2", "q1_3"]] = "1"
    assert "row 12, column q1_1: 1 respondents gave too many answers" in problems(trial_data, frame)
    without = opened(trial_data, frame, question("quality_indicators", excess="exclude"))
    assert figure(without, "value_for_money")["base"] == len(frame) - 1
    kept = opened(trial_data, frame, question("quality_indicators", excess="keep"))
    assert figure(kept, "value_for_money")["base"] == len(frame)


def test_none_together_with_an_answer_is_as_wrong_as_too_many(trial_data: Path) -> None:
    frame = respondents()
    frame.loc[3, "q2_b"] = "98"
    assert "'none' together with others" in problems(trial_data, frame)
    frame.loc[3, "q2_a"] = "98"
    frame.loc[3, "q2_b"] = ""
    assert figure(opened(trial_data, frame), "flexibility")["base"] == len(frame)


def test_other_counts_for_the_base_and_gets_no_figure(trial_data: Path) -> None:
    frame = respondents()
    frame.loc[:19, [f"q1_{option}" for option in range(1, 6)]] = "0"
    frame.loc[:19, "q1_8"] = "1"
    survey = opened(trial_data, frame)
    assert figure(survey, "value_for_money")["base"] == len(frame)
    assert not survey.estimates["item_id"].isin(["other", "none"]).any()


def test_a_row_without_any_choice_is_no_answer_only_if_that_is_declared(trial_data: Path) -> None:
    frame = respondents()
    frame.loc[5, [f"q1_{option}" for option in range(1, 6)]] = "0"
    assert figure(opened(trial_data, frame), "value_for_money")["base"] == len(frame) - 1
    asked = opened(trial_data, frame, question("quality_indicators", nothing_chosen="answered"))
    assert figure(asked, "value_for_money")["base"] == len(frame)
    said = problems(trial_data, frame, question("quality_indicators", nothing_chosen=None))
    assert "row 7, column q1_1: 1 respondents chose none" in said


def test_groups_come_from_codes_and_from_ranges(trial_data: Path) -> None:
    frame = respondents()
    survey = opened(trial_data, frame)
    old = frame["age"].astype(int) >= 55
    found = figure(survey, "channel_website", domain="age=55+")
    assert found["base"] == old.sum()
    assert found["share"] == pytest.approx(weighted(frame, frame["q4"] == "3", old))


def test_no_further_choice_after_a_first_one_is_no_contradiction(trial_data: Path) -> None:
    frame = respondents()
    single = frame.index < 25
    frame.loc[single, "q2_b"] = "99"
    codes = {**QUESTIONS["customer_focus_indicators"]["codes"], 99: "no_answer"}
    survey = opened(trial_data, frame, question("customer_focus_indicators", codes=codes))
    found = figure(survey, "flexibility")
    assert found["base"] == len(frame)
    assert found["share"] == pytest.approx(weighted(frame, (frame["q2_a"] == "5") | (frame["q2_b"] == "5")))


def test_a_code_may_be_a_group_beside_ranges_of_numbers(trial_data: Path) -> None:
    frame = respondents()
    silent = frame.index < 40
    frame.loc[silent, "age"] = "999"
    age = {"column": "age", "values": {999: "not stated"}, "ranges": {"16-54": [16, 54], "55+": [55, None]}}
    survey = opened(trial_data, frame, mapping(domains={"age": age}))
    assert figure(survey, "channel_website", domain="age=not stated")["base"] == silent.sum()
    old = (frame["age"].astype(int) >= 55) & ~silent
    assert figure(survey, "channel_website", domain="age=55+")["base"] == old.sum()
    assert not [warning for warning in survey.warnings if "999" in warning]
    del age["values"]
    warned = opened(trial_data, frame, mapping(domains={"age": age})).warnings
    assert any("40 with 999 fall into a range of age" in warning for warning in warned)


def test_other_levels_are_worked_out_from_the_released_standard_errors(trial_data: Path) -> None:
    wide = opened(trial_data).estimates
    narrow = open_wave("trial", confidence=0.8).estimates
    assert (narrow["low"] >= wide["low"]).all()
    assert (narrow["high"] <= wide["high"]).all()
    assert (narrow["high"] < wide["high"]).any()
