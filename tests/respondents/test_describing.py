"""A description of a respondent file proposes a mapping, and what labels contradict is said."""

from pathlib import Path

import numpy as np
import pandas as pd
import pyreadstat
import pytest
import yaml

from surveybook.drafts.codebook_matches import describe_file
from surveybook.waves import examine_wave, open_wave
from tests.respondents.waves import WAVE, figure, mapping, problems_now, question, respondents, write_wave

OPTIONS = {
    "q7_1": "More efficient services: Better management",
    "q7_2": "More efficient services: Changes to the way services are planned",
    "q7_3": "More efficient services: Reducing spending",
    "q7_4": "More efficient services: Private sector investment",
    "q7_5": "More efficient services: Pixie dust",
    "q7_6": "More efficient services: None of these",
}


def ticks(no: int, yes: int, labels: dict[int, str] | None = None) -> dict[str, object]:
    """Return what pyreadstat writes: columns of an option each, coded as asked for."""
    random = np.random.default_rng(3)
    frame = pd.DataFrame({column: random.choice([no, yes], 60).astype(float) for column in OPTIONS})
    return {
        "df": frame,
        "column_labels": OPTIONS,
        "variable_value_labels": {column: labels for column in OPTIONS if labels},
    }


def proposed(path: Path) -> dict[str, dict[str, object]]:
    said = describe_file(path)
    block = yaml.safe_load(said[said.index("responses:") :])
    return dict(block["responses"]["public"])


def test_options_coded_1_for_no_and_2_for_yes_are_proposed_as_their_labels_say(tmp_path: Path) -> None:
    path = tmp_path / "answers.sav"
    pyreadstat.write_sav(dst_path=path, **ticks(1, 2, {1: "No", 2: "Yes"}))
    own = proposed(path)["questions"]["efficiency_indicators"]
    assert (own["chosen"], own["not_chosen"]) == ([2], [1])
    assert own["columns"] == {
        "q7_1": "better_management",
        "q7_2": "service_planning",
        "q7_3": "spending_cuts",
        "q7_4": "private_investment",
        "q7_5": "?",
        "q7_6": "none",
    }


def test_without_labels_nobody_guesses_which_of_1_and_2_is_a_choice(tmp_path: Path) -> None:
    path = tmp_path / "answers.sav"
    pyreadstat.write_sav(dst_path=path, **ticks(1, 2))
    said = describe_file(path)
    assert "efficiency_indicators" not in said
    assert "Left out: q7_1 (ticked or not? the file doesn't say whether 1 or 2 is a choice)" in said
    pyreadstat.write_sav(dst_path=path, **ticks(0, 1))
    assert "chosen" not in proposed(path)["questions"]["efficiency_indicators"]


def test_groups_and_an_id_without_a_name_are_proposed(tmp_path: Path) -> None:
    path = tmp_path / "answers.csv"
    frame = respondents().drop(columns="id").assign(sex=np.where(np.arange(240) % 2, "Male", "Female"))
    frame.to_csv(path)
    own = proposed(path)
    assert own["id"] == "column 1"
    assert own["domains"]["sex"] == {"column": "sex", "values": {"Female": "female", "Male": "male"}}
    assert own["domains"]["age"]["ranges"]["55+"] == [55, None]


def test_a_design_is_found_by_labels_where_names_say_nothing(tmp_path: Path) -> None:
    path = tmp_path / "answers.sav"
    frame = pd.DataFrame({"v1": np.arange(60), "v2": np.arange(60) % 2, "v3": 1 + np.arange(60) / 60,
                          "v4": np.arange(60) % 3, "v5": np.arange(60) % 2})  # fmt: skip
    labels = ["Case", "Weight group", "Full sample post-election weight", "Full sample variance stratum",
              "Full sample variance unit"]  # fmt: skip
    pyreadstat.write_sav(frame, path, column_labels=labels)
    own = proposed(path)
    assert (own["id"], own["weight"], own["strata"], own["cluster"]) == ("v1", "v3", "v4", "v5")


def labelled(folder: Path, column: str, labels: dict[int, str]) -> None:
    """Put a labelled SPSS file in place of the trial wave's CSV file."""
    (folder / "responses_public.csv").unlink()
    plain = [name for name in respondents() if name != "q3"]
    frame = respondents().astype(dict.fromkeys(plain, float))
    pyreadstat.write_sav(frame, folder / "responses_public.sav", variable_value_labels={column: labels})


@pytest.mark.slow
def test_a_choice_that_the_file_labels_no_is_refused(trial_data: Path) -> None:
    labelled(write_wave(trial_data), "q1_2", {0: "Yes", 1: "No"})
    said = problems_now()
    assert "column q1_2: the code '1' counts as a choice, and the file labels it 'No'" in said
    assert "column q1_2: the code '0' counts as no choice, and the file labels it 'Yes'" in said


@pytest.mark.slow
def test_what_is_mapped_against_its_label_is_doubted(trial_data: Path) -> None:
    labelled(write_wave(trial_data), "q5", {1: "Strongly disagree", 5: "Strongly agree"})
    warned = "\n".join(open_wave(WAVE).warnings)
    assert "column q5: 'Strongly disagree' counts as agree in services_improved" in warned
    assert "column q5: 'Strongly agree' counts as disagree in services_improved" in warned


@pytest.mark.slow
def test_items_that_were_mixed_up_are_doubted(trial_data: Path) -> None:
    labelled(write_wave(trial_data), "q2_a", {1: "Spending money well", 2: "Competence of staff", 97: "Flexibility"})
    warned = [text for text in open_wave(WAVE).warnings if "is mapped to" in text]
    assert any("'Competence of staff' is mapped to spending_well" in text for text in warned)


@pytest.mark.slow
def test_an_unmapped_code_is_named_with_its_label(trial_data: Path) -> None:
    codes = {1: "channel_one_stop_shop", 2: "channel_telephone"}
    labelled(write_wave(trial_data, None, question("preferred_channel", codes=codes)), "q4", {3: "Website"})
    assert "the code '3' (Website) isn't mapped" in problems_now()


@pytest.mark.slow
def test_a_star_ignores_columns_that_are_numbered_alike(trial_data: Path) -> None:
    frame = respondents().assign(q1_6="0", q1_7="0")
    write_wave(trial_data, frame)
    assert "column q1_6: the column looks like one more option and isn't mapped (and so do q1_7)" in problems_now()
    write_wave(trial_data, frame, mapping(ignore=["q1_*"]))
    assert figure(examine_wave(WAVE)[0], "value_for_money")["base"] == 240
