"""From answers to figures: each encoding, and each rule for who is in the base."""

from pathlib import Path
from typing import Any

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


ALL, FIRST_OPTIONS = "index >= 0", [f"q1_{option}" for option in range(1, 6)]
MISSED = [("index < 30", "q4", "")]
MEN_ASKED = ("preferred_channel", {"universe": {"column": "sex", "values": [1]}})
WITH_99 = {"codes": {**QUESTIONS["customer_focus_indicators"]["codes"], 99: "no_answer"}}
THREE_TICKED, NONE_TICKED = [("index == 10", ["q1_1", "q1_2", "q1_3"], "1")], [("index == 5", FIRST_OPTIONS, "0")]
ONLY_OTHER = [("index < 20", FIRST_OPTIONS, "0"), ("index < 20", "q1_8", "1")]
WEBSITE, VALUE, FLEXIBLE = ("q4 == '3'", "channel_website"), ("q1_3 == '1'", "value_for_money"), (
    "q2_a == '5' or q2_b == '5'", "flexibility")  # fmt: skip
AGREE, UNSURE = ("q5 in ['1', '2']", "services_improved", "agree"), ("q5 == '8'", "services_improved", "dont_know")
Cells = list[tuple[str, str | list[str], str]]
Rules = tuple[str, dict[str, Any]] | None


def spoil(cells: Cells) -> pd.DataFrame:
    frame = respondents()
    for rows, columns, value in cells:
        frame.loc[frame.query(rows).index, columns] = value
    return frame


@pytest.mark.parametrize(
    ("cells", "rules", "share", "base"),
    [
        ([], None, AGREE, ALL),
        ([], None, UNSURE, ALL),
        ([], ("services_improved", {"dont_know": "out"}), AGREE, "q5 != '8'"),
        ([], None, (*WEBSITE, "chosen", "age=55+"), "age.astype('int') >= 55"),
        (MISSED, None, WEBSITE, ALL),
        (MISSED, ("preferred_channel", {"base": "answered"}), WEBSITE, "q4 != ''"),
        ([("sex == '2'", "q4", "")], MEN_ASKED, WEBSITE, "sex == '1'"),
        (THREE_TICKED, ("quality_indicators", {"excess": "exclude"}), VALUE, "index != 10"),
        (THREE_TICKED, ("quality_indicators", {"excess": "keep"}), VALUE, ALL),
        (NONE_TICKED, None, VALUE, "index != 5"),
        (NONE_TICKED, ("quality_indicators", {"nothing_chosen": "answered"}), VALUE, ALL),
        (ONLY_OTHER, None, VALUE, ALL),
        ([("index == 3", "q2_a", "98"), ("index == 3", "q2_b", "")], None, FLEXIBLE, ALL),
        ([("index < 25", "q2_b", "99")], ("customer_focus_indicators", WITH_99), FLEXIBLE, ALL),
    ],
    ids=[
        "neither counts for the base of a scale", "so does don't know", "which may be declared out of it",
        "a group of a range", "those who were asked", "those who answered", "those whom routing reached",
        "too many choices left out", "too many kept", "a row without a choice is no answer", "or one, if declared",
        "other counts for the base", "none counts for the base", "no further choice is no contradiction",
    ],
)  # fmt: skip
def test_a_share_is_of_those_who_count_by_the_rules(
    trial_data: Path, cells: Cells, rules: Rules, share: tuple[str, ...], base: str
) -> None:
    frame, (chosen, *name) = spoil(cells), share
    survey = opened(trial_data, frame, question(rules[0], **rules[1]) if rules else None)
    found = figure(survey, *name)
    counted, given = (frame.index.isin(frame.query(rows).index) for rows in (base, chosen))
    assert found["base"] == counted.sum()
    assert found["share"] == pytest.approx(weighted(frame, pd.Series(given), pd.Series(counted)))
    assert not survey.estimates["item_id"].isin(["other", "none"]).any()
    assert ("dont_know" in set(survey.estimates["response"])) == (base != "q5 != '8'")


@pytest.mark.parametrize(
    ("cells", "rules", "said"),
    [
        ([("sex == '2'", "q4", ""), ("index == 1", "q4", "1"), ("index == 1", "sex", "2")], MEN_ASKED,
         "1 respondents answered preferred_channel and weren't asked"),
        (THREE_TICKED, None, "row 12, column q1_1: 1 respondents gave too many answers"),
        (NONE_TICKED, ("quality_indicators", {"nothing_chosen": None}), "row 7, column q1_1: 1 respondents chose none"),
        ([("index == 3", "q2_b", "98")], None, "'none' together with others"),
    ],
)  # fmt: skip
def test_answers_that_break_the_rules_are_refused(trial_data: Path, cells: Cells, rules: Rules, said: str) -> None:
    assert said in problems(trial_data, spoil(cells), question(rules[0], **rules[1]) if rules else None)


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
