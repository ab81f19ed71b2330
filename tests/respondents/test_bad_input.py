"""Everything that can be wrong with respondents is one line with a place, and nothing is written."""

import re
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from surveybook.book.editions import explore_others
from surveybook.model import paths
from surveybook.model.problems import DataError
from surveybook.waves import examine_wave, open_wave
from surveybook.waves.checks import PopulationBlock
from surveybook.waves.release import release_wave
from surveybook.words.summary import find_unconfirmed, summarise_wave
from tests.respondents.waves import (
    ASKED,
    WAVE,
    mapping,
    opened,
    problems,
    problems_now,
    question,
    respondents,
    write_wave,
)

pytestmark = pytest.mark.slow


REPLICATES = {"columns": ["rep1", "rep2"], "kind": "bootstrap"}


def spoilt(row: int, column: str, value: str) -> pd.DataFrame:
    frame = respondents()
    frame.loc[row, column] = value
    return frame


@pytest.mark.parametrize(
    "cells",
    [
        {
            ("wt", "-1"): "the weight is negative",
            ("id", "3"): "this respondent stands in row 4 already",
            ("region", ""): "nothing stands here",
            ("q5", "6"): "the code '6' isn't mapped",
            ("q4", "9"): "the code '9' isn't mapped",
            ("q3", "1;44"): "the code '44' isn't mapped",
            ("q2_a", "12"): "the code '12' isn't mapped",
            ("q1_2", "7"): "the code '7' isn't mapped",
            ("age", "old"): "this isn't a number",
        },
        {("wt", ""): "the weight is missing", ("id", ""): "a respondent has no id"},
        {("wt", "heavy"): "this isn't a number"},
        {("wt", "9999"): "the weight is"},
    ],
)
def test_a_spoilt_cell_is_named_with_its_row_and_column(trial_data: Path, cells: dict[tuple[str, str], str]) -> None:
    frame = respondents()
    for column, value in cells:
        frame.loc[7, column] = value
    told = problems(trial_data, frame)
    assert [said for (column, _), said in cells.items() if f"row 9, column {column}: {said}" not in told] == []


@pytest.mark.parametrize("column", ["size", "rep2"])
@pytest.mark.parametrize("value", ["many", "nan"])
def test_what_is_no_number_in_a_column_of_the_design_is_told_once(trial_data: Path, column: str, value: str) -> None:
    design = {"fpc": "size"} if column == "size" else {"strata": None, "replicates": REPLICATES}
    frame = respondents().assign(size="900", rep1="1", rep2="1.5")
    frame.loc[7, column] = value
    told = problems(trial_data, frame, mapping(**design))
    assert f"row 9, column {column}: this isn't a number" in told
    assert told.count("\n") == 0


@pytest.mark.parametrize("columns", [("q5", "q4", "q3", "q2_a", "q1_2", "wt", "age"), ("region", "sex", "id")])
def test_what_a_respondent_wrote_never_stands_in_a_message(trial_data: Path, columns: tuple[str, ...]) -> None:
    frame = respondents()
    frame.loc[7, list(columns)] = "I am Jo of 12 Acacia Road"
    said = problems(trial_data, frame)
    assert "Acacia" not in said
    assert "id" in columns or all(f"row 9, column {column}" in said for column in columns)


def test_a_question_that_was_asked_twice_is_told_and_its_answers_are_still_looked_at(trial_data: Path) -> None:
    write_wave(trial_data, spoilt(7, "q5", "6"))
    path = trial_data / "waves" / WAVE / "asked.csv"
    path.write_text(path.read_text(encoding="utf-8") + path.read_text(encoding="utf-8").partition("\n")[2])
    said = problems_now()
    assert "stands in row 2 already" in said
    assert "the code '6' isn't mapped" in said


def test_one_answer_given_twice_is_refused_unless_it_is_declared(trial_data: Path) -> None:
    frame = respondents()
    frame.loc[4, "q2_b"] = frame.loc[4, "q2_a"]
    assert "row 6, column q2_a: 1 respondents gave too many answers, one of them twice" in problems(trial_data, frame)
    said = problems(trial_data, frame, question("customer_focus_indicators", columns=["q2_a", "q2_a"]))
    assert "customer_focus_indicators.columns: 'q2_a' stands twice; keep one" in said


def test_a_weight_that_wave_yml_leaves_out_is_told_of_unless_it_is_ignored(trial_data: Path) -> None:
    left = mapping(weight=None)
    (said,) = opened(trial_data, block=left).warnings
    assert "column wt: shares are unweighted; write weight: wt in wave.yml" in said
    assert opened(trial_data, block=left | {"ignore": ["wt"]}).warnings == ()


def test_people_without_weight_are_in_no_base(trial_data: Path) -> None:
    frame = respondents()
    frame.loc[:199, "wt"] = "0"
    survey = opened(trial_data, frame)
    assert any("200 respondents have a weight of 0" in warning for warning in survey.warnings)
    whole = survey.estimates[survey.estimates["domain"] == ""]
    assert (whole["base"] == 40).all()
    assert whole["note"].str.startswith("small base").all()


def test_people_of_another_sample_than_the_weight_is_for_can_be_left_out(trial_data: Path) -> None:
    frame = respondents()
    frame.loc[:39, "wt"] = "0"
    zero = opened(trial_data, frame).estimates
    frame.loc[:39, "wt"] = ""
    assert "or write no_weight: exclude in wave.yml" in problems(trial_data, frame)
    survey = opened(trial_data, frame, mapping(no_weight="exclude"))
    assert any("40 respondents have no weight, or one of 0," in warning for warning in survey.warnings)
    pd.testing.assert_frame_equal(survey.estimates, zero)


@pytest.mark.parametrize(("weight", "said"), [("1e308", "run from 1e+308 to"), ("0", "are 0")])
def test_weights_that_cannot_be_and_none_are_refused(trial_data: Path, weight: str, said: str) -> None:
    told = problems(trial_data, respondents().assign(wt=weight))
    assert told.count("\n") == 0
    assert said in told
    large = opened(trial_data, spoilt(7, "wt", "9999"), mapping(largest_weight=100_000))
    assert large.estimates["share"].notna().any()


@pytest.mark.parametrize(
    ("replicates", "said"),
    [
        ({"columns": ["rep*"], "kind": "BRR"}, "leaves no degrees of freedom"),
        ({"columns": ["rep*"], "kind": "JKn"}, "JKn replicate weights need rscales"),
        ({"columns": ["rep*"], "kind": "JKn", "rscales": [0.5]}, "There are 1 rscales for 2 replicate weights"),
        ({"columns": ["rep*"], "kind": "other"}, "Replicate weights of kind 'other' need their scale"),
        ({"columns": ["rep1"], "kind": "BRR"}, "There are 1 columns of replicate weights"),
    ],
)
def test_replicate_weights_that_give_no_interval_are_one_problem(
    trial_data: Path, replicates: dict[str, Any], said: str
) -> None:
    frame = respondents().assign(rep1="1", rep2="1" if replicates["kind"] == "BRR" else "1.5")
    found = problems(trial_data, frame, mapping(strata=None, replicates=replicates))
    assert found.count("\n") == 0
    assert f"wave.yml, responses.public: {said}" in found.replace("this design ", "")


@pytest.mark.parametrize("weight", ["-1", "", "1e308"])
def test_replicate_weights_that_cannot_be_are_refused(trial_data: Path, weight: str) -> None:
    frame = respondents().assign(rep1="1", rep2="1.5")
    frame.loc[[7, 11], "rep2"] = [weight, "many"]
    said = problems(trial_data, frame, mapping(strata=None, replicates=REPLICATES))
    assert "row 9, column rep2: the replicate weight is missing, negative or above 1e+15" in said
    assert "row 13, column rep2: this isn't a number" in said


def test_a_column_of_replicate_weights_in_other_units_is_refused(trial_data: Path) -> None:
    frame = respondents().assign(rep1="1", rep2="1.5", rep3="1200")
    design = REPLICATES | {"columns": ["rep1", "rep2", "rep3"]}
    said = problems(trial_data, frame, mapping(strata=None, replicates=design))
    assert "column rep3: the replicate weights here add up to" in said
    assert said.count("\n") == 0


EMPTY = "the column is empty throughout"


@pytest.mark.parametrize(
    ("cells", "block", "asked", "said"),
    [
        ({}, None, {"quality_indicators": {"max_choices": ""}},
         ["asked.csv doesn't say how many answers to quality_indicators were allowed, and somebody gave 2",
          "write max_choices there, or unlimited where people could give as many as they liked"]),
        ({"q1_4": "", "q5": ""}, None, {}, [f"column q1_4: {EMPTY}", f"column q5: {EMPTY}"]),
        ({"q1_6": "0"}, None, {}, ["column q1_6: the column looks like one more option and isn't mapped"]),
        ({}, mapping(domains={"a": {"column": "age", "ranges": {"x": [99, 120]}}}), {}, ["nobody is in the group a=x"]),
        ({}, mapping(strata="nowhere"), {}, ["column nowhere: the column isn't in the file"]),
        ({}, mapping(replicates={"columns": ["zz*"], "kind": "BRR"}, strata=None), {},
         ["column zz*: the column isn't in the"]),
        ({}, question("preferred_channel", universe={"column": "sex", "values": [7]}), {},
         ["nobody was asked preferred_channel"]),
        ({"people": ""}, mapping(fpc="people"), {}, ["row 2, column people: nothing stands here"]),
    ],
    ids=["choices", "empty columns", "one more option", "no such age", "no column", "no replicates", "routing", "size"],
)  # fmt: skip
def test_what_the_file_and_its_mapping_do_not_bear_out_is_named(
    trial_data: Path, cells: dict[str, str], block: dict[str, Any] | None, asked: dict[str, Any], said: list[str]
) -> None:
    told = problems(trial_data, respondents().assign(**cells), block, asked=asked)
    assert [text for text in said if text not in told] == []


def test_a_wave_without_respondents_and_without_figures_says_so(trial_data: Path) -> None:
    folder = write_wave(trial_data)
    (folder / "responses_public.csv").unlink()
    assert "public has neither respondents nor figures" in problems_now()


def test_one_cluster_in_a_stratum_follows_the_declared_rule(trial_data: Path) -> None:
    frame = spoilt(0, "region", "lonely")
    assert "wave.yml, responses.public: 1 stratum has only one cluster (row 2)" in problems(trial_data, frame)
    assert opened(trial_data, frame, mapping(lonely="certainty")).estimates["standard_error"].notna().any()


def test_population_sizes_that_stop_at_the_clusters_are_doubted_and_refused_where_all_clusters_are_there(
    trial_data: Path,
) -> None:
    frame = respondents()
    frame["area"] = [str(place % 8) for place in range(len(frame))]
    frame["areas"], frame["people"] = "200", "900"
    first = {"cluster": "area", "fpc": "areas"}
    doubt = "column areas: it corrects for the clusters drawn, and nothing says how many people of each were asked"
    assert any(doubt in warning for warning in opened(trial_data, frame, mapping(**first)).warnings)
    both = opened(trial_data, frame, mapping(**first, fpc_within="people"))
    assert not any(doubt in warning for warning in both.warnings)
    assert both.estimates["method"].str.endswith("Taylor of two stages").any()
    frame["areas"] = frame.groupby("region")["area"].transform("nunique").astype(str)
    said = problems(trial_data, frame, mapping(**first))
    assert "column areas: all clusters of 4 strata (1, 2, 3, 4) are in the sample" in said
    assert "name in fpc_within the people of each cluster" in said


@pytest.mark.parametrize(
    ("size", "said"),
    [
        ("null", "240 respondents; write sample_size: 240"),
        ("301", "a sample_size of 301, and"),
        ("100", "a base of 240, and wave.yml gives public a sample_size of 100"),
    ],
)
def test_how_many_answered_is_compared_with_the_file(trial_data: Path, size: str, said: str) -> None:
    path = write_wave(trial_data) / "wave.yml"
    path.write_text(path.read_text().replace("sample_size: 240", f"sample_size: {size}"))
    assert said in (problems_now() or "\n".join(open_wave(WAVE).warnings))


def test_all_problems_come_at_once_and_nothing_is_written(trial_data: Path) -> None:
    frame = spoilt(7, "q5", "6")
    frame.loc[9, "q4"] = "9"
    frame.loc[11, "wt"] = "-2"
    folder = write_wave(trial_data, frame)
    before = sorted(path.name for path in folder.iterdir())
    with pytest.raises(DataError) as caught:
        examine_wave(WAVE, fresh=True)
    assert len(caught.value.problems) == 3
    assert sorted(path.name for path in folder.iterdir()) == before


@pytest.mark.parametrize(
    ("column", "value", "said"),
    [
        ("percent", "99.5", "row 2, column low: the limits don't lie around the share"),
        ("deff", "0", "row 2, column deff: a design effect of 0; release the wave again"),
    ],
)
def test_a_release_that_was_changed_by_hand_is_refused(trial_data: Path, column: str, value: str, said: str) -> None:
    folder = write_wave(trial_data)
    release_wave(*examine_wave(WAVE, fresh=True))
    path = folder / "estimates.csv"
    lines = path.read_text().splitlines()
    cells = lines[1].split(",")
    cells[lines[0].split(",").index(column)] = value
    path.write_text("\n".join([lines[0], ",".join(cells), *lines[2:]]) + "\n")
    assert said in problems_now()


def test_a_wave_may_mix_published_figures_and_respondents(trial_data: Path) -> None:
    folder = write_wave(trial_data)
    online = {"population": "public", "question_id": "more_online", "wording": "More online", "max_choices": "1",
              "mode": "telephone", "source": "published"}  # fmt: skip
    with (folder / "asked.csv").open("a") as file:
        file.write(",".join(online.get(column, "") for column in ASKED) + "\n")
    header = (trial_data / "waves/2004/estimates.csv").read_text().splitlines()[0]
    row = "online,public,,more_online,agree,number,55,0,,240,stated,,Table 3,"
    (folder / "estimates.csv").write_text(f"{header}\n{row}\n")
    before = open_wave(WAVE).estimates
    assert {"Wilson", "logit, Taylor"} <= set(before["method"])
    for _ in range(2):
        release_wave(*examine_wave(WAVE, fresh=True))
        pd.testing.assert_frame_equal(open_wave(WAVE).estimates, before)


def test_a_question_that_only_people_without_weight_answered_is_named_with_its_true_reason(trial_data: Path) -> None:
    frame = respondents()
    frame.loc[:119, "wt"] = "0"
    frame.loc[120:, "q5"] = ""
    write_wave(trial_data, frame, question("services_improved", net=True))
    survey, gathered = examine_wave(WAVE, fresh=True)
    own = survey.estimates[survey.estimates["item_id"] == "services_improved"]
    assert set(own["note"]) == {"nobody is in the base"}
    assert any("services_improved has no figures, because nobody" in warning for warning in survey.warnings)
    said = "\n".join([*summarise_wave(survey, gathered), *survey.warnings])
    assert "nan" not in said.replace("finan", "")
    assert "Suppressed: public (all)" not in said


def test_ages_between_two_ranges_and_codes_of_no_group_are_named(trial_data: Path) -> None:
    frame = respondents()
    frame.loc[:3, "age"], frame.loc[4, "age"], frame.loc[:1, "sex"] = "54.5", "3", "9"
    warned = "\n".join(opened(trial_data, frame).warnings)
    assert "column age: 4 between 54 and 55 are in no group of age; let the ranges meet" in warned
    assert "column age: 1 are in no group of age: they have the code '3'" in warned
    assert "column sex: 2 are in no group of sex: they have the code '9'" in warned


@pytest.mark.parametrize("date", ["2026-02-30", "2026-13", "2026-4", "2026-W17-1", "20260417", "soon"])
def test_a_date_is_one_that_a_calendar_has(date: str) -> None:
    with pytest.raises(ValueError, match="should be a date"):
        PopulationBlock.check_date(date)
    assert PopulationBlock.check_date("2024-02-29") == "2024-02-29"


def test_a_wave_that_cannot_be_opened_keeps_no_other_from_being_shown(trial_data: Path) -> None:
    write_wave(trial_data, spoilt(7, "wt", "-1"))
    assert [one["waves"][0]["id"] for one in explore_others("example-synthetic")] == ["2004"]
    later = trial_data / "waves/example-synthetic/wave.yml"
    later.write_text(f'baseline: "{WAVE}"\n' + re.sub("(?m)^baseline:.*", "", later.read_text()))
    survey, gathered = examine_wave("example-synthetic")
    assert f"Not compared with {WAVE}, which can't be opened" in "\n".join(summarise_wave(survey, gathered))
    assert find_unconfirmed(survey) == []


def test_a_relative_folder_of_data_is_that_where_it_was_typed(
    trial_data: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(paths.DATA_VARIABLE, "data")
    monkeypatch.chdir(trial_data.parent)
    assert paths.data() == trial_data
