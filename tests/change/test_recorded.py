"""Two waves of respondents of which the second is altered as survey companies alter them: each alteration is named."""

from copy import deepcopy
from pathlib import Path

import numpy as np
import pandas as pd
import pyreadstat
import pytest
from typer.testing import CliRunner

from surveybook.change.changes import compare_waves
from surveybook.cli import make_app
from surveybook.respondents.codes import is_misspelt
from surveybook.waves import find_earlier, open_wave
from surveybook.waves.release import DEFINITIONS
from tests.respondents.waves import write_wave

pytestmark = pytest.mark.slow
AGREES = {1: "Strongly agree", 2: "Tend to agree", 3: "Neither", 4: "Tend to disagree", 5: "Strongly disagree"}
CHANNELS = {1: "One-stop shop", 2: "Telephone", 3: "Website"}
COLUMNS = {"q1": "Public services have improved", "q2": "Preferred way", "age": "Age in years"}
MAPPING = {
    "domains": {"age": {"column": "age", "ranges": {"16-44": [16, 44], "45+": [45, None]}}},
    "questions": {
        "services_improved": {
            "encoding": "scale", "column": "q1", "base": "answered",
            "collapse": {"agree": [1, 2], "neither": 3, "disagree": [4, 5]},
        },
        "preferred_channel": {
            "encoding": "single", "column": "q2", "base": "answered",
            "codes": {1: "channel_one_stop_shop", 2: "channel_telephone", 3: "channel_website"},
        },
    },
}  # fmt: skip


def answers(seed: int) -> pd.DataFrame:
    random = np.random.default_rng(seed)
    return pd.DataFrame(
        {
            "q1": random.choice([1, 2, 3, 4, 5], 600, p=[0.2, 0.35, 0.2, 0.15, 0.1]),
            "q2": random.choice([1, 2, 3], 600, p=[0.5, 0.3, 0.2]),
            "age": random.integers(16, 90, 600),
        }
    )


def write(data: Path, wave: str, seed: int, mapping=None, labels=None, columns=None, recode=None, **asked) -> None:
    frame = answers(seed)
    for column, codes in (recode or {}).items():
        frame[column] = frame[column].map(codes)
    told = {name: {"universe": "adults", "max_choices": "", **asked} for name in MAPPING["questions"]}
    when = {"fieldwork": f"May {wave}", "fieldwork_end": f"{wave}-05"}
    folder = write_wave(data, frame, mapping or MAPPING, asked=told, wave=wave, **when)
    (folder / "responses_public.csv").unlink()
    pyreadstat.write_sav(
        frame,
        str(folder / "responses_public.sav"),
        column_labels=COLUMNS | (columns or {}),
        variable_value_labels={"q1": AGREES, "q2": CHANNELS} | (labels or {}),
    )


def test_a_wave_asked_and_recorded_as_before_is_no_false_alarm(trial_data):
    write(trial_data, "2030", 1)
    write(trial_data, "2031", 2)
    changes = compare_waves(open_wave("2031"), open_wave("2030"))
    assert set(changes.questions["status"]) == {"comparable"}
    assert set(changes.groups["status"]) == {"comparable"}
    assert find_earlier(open_wave("2031")) == "2030"


REVERSED = {code: 6 - code for code in AGREES}


def test_what_was_altered_is_named_and_never_compared_as_if_nothing_had_happened(trial_data):
    labels = {"q1": {6 - code: label for code, label in AGREES.items()}}
    labels["q2"] = {1: "Website", 2: "Telephone", 3: "One-stop shop"}
    mapping = deepcopy(MAPPING)
    mapping["domains"]["age"]["ranges"] = {"16-44": [18, 44], "45+": [45, None]}
    write(trial_data, "2030", 1)
    write(trial_data, "2031", 2, labels=labels, recode={"q1": REVERSED}, mapping=mapping, mode="online")
    changes = compare_waves(open_wave("2031"), open_wave("2030"))
    reversed_scale, swapped = (changes.verdict_on("public", name) for name in MAPPING["questions"])
    assert (reversed_scale.status, swapped.status) == ("not comparable", "not comparable")
    assert "“agree” is made of “Strongly disagree” and “Tend to disagree”" in reversed_scale.reason
    assert "is made of “Website”, not of “One-stop shop”" in swapped.reason
    groups = changes.groups.set_index("domain")["status"]
    assert groups.to_dict() == {"age=16-44": "not comparable", "age=45+": "comparable"}


def test_a_column_that_holds_another_question_and_a_misspelt_label_are_named(trial_data):
    columns = {"q1": "How satisfied are you with your life?", "age": "Age of oldest child"}
    write(trial_data, "2030", 1)
    write(trial_data, "2031", 2, columns=columns, labels={"q2": CHANNELS | {2: "Telephon"}}, wording="Another question")
    changes = compare_waves(open_wave("2031"), open_wave("2030"))
    renamed, misspelt = (changes.verdict_on("public", name) for name in MAPPING["questions"])
    assert renamed.status == "not comparable"
    assert "the label in the file" in renamed.reason
    assert "more labels differ" not in renamed.reason
    assert misspelt.status == "with caution"
    assert "is spelt" in misspelt.reason
    assert "it was asked as “Another question”" in misspelt.reason
    assert changes.groups.loc[0, "reason"] == (
        "the group age “16-44” is taken from “Age of oldest child”, and was from “Age in years”"
    )


def test_what_only_figures_show_stops_the_check_until_it_is_confirmed(trial_data):
    nothing = {"labels": {"q1": {}, "q2": {}}}
    write(trial_data, "2030", 1, **nothing)
    write(trial_data, "2031", 2, recode={"q1": REVERSED}, **nothing)
    done = CliRunner().invoke(make_app("wave"), ["wave", "check", "2031", "--release"])
    assert done.exception is not None
    assert "the answers to “services have improved” change places" in str(done.exception)
    assert not (trial_data / "waves/2031" / DEFINITIONS).exists()
    path = trial_data / "waves/2031/asked.csv"
    asked = pd.read_csv(path, dtype=str, keep_default_na=False).assign(same_as="2030", note="The tape was compared.")
    asked.to_csv(path, index=False)
    done = CliRunner().invoke(make_app("wave"), ["wave", "check", "2031", "--release"])
    assert done.exception is None
    found = compare_waves(open_wave("2031"), open_wave("2030")).verdict_on("public", "services_improved")
    assert found.status == "with caution"
    assert found.reason.endswith("it is compared all the same, because the tape was compared")


def test_a_release_tells_how_answers_were_recorded_to_who_has_no_respondents(trial_data):
    write(trial_data, "2030", 1)
    write(trial_data, "2031", 2, labels={"q1": {6 - code: label for code, label in AGREES.items()}})
    for wave in ("2030", "2031"):
        CliRunner().invoke(make_app("wave"), ["wave", "check", wave, "--release"])
        (trial_data / f"waves/{wave}/responses_public.sav").unlink()
    found = compare_waves(open_wave("2031"), open_wave("2030")).verdict_on("public", "services_improved")
    assert found.status == "not comparable"
    assert "Strongly disagree" in found.reason


def test_definitions_that_were_damaged_stop_nothing(trial_data):
    write(trial_data, "2030", 1)
    for text in ("[]", "{", '{"questions": []}', '{"questions": {"public": 1}, "groups": null}', "\x00"):
        (trial_data / "waves/2030" / DEFINITIONS).write_text(text)
        assert open_wave("2030").recordings["public"]["questions"]["services_improved"]["answers"], text


@pytest.mark.parametrize(
    ("first", "second", "is_slip"),
    [
        ("Swimming in a lake", "Swiming in a lake", True),  # misspelt on purpose
        ("Very satisfied with it", "Very satisfeid with it", True),  # misspelt on purpose
        ("Very satisfied", "Very dissatisfied", False),
        ("Rather unlikely", "Rather likely", False),
        ("Has increased a lot", "Has decreased a lot", False),
        ("Trust it very much", "Trust it not very much", False),
    ],
)
def test_an_answer_of_its_own_is_no_slip_of_another(first, second, is_slip):
    assert is_misspelt(first, second) == is_misspelt(second, first) == is_slip
