"""`surveybook wave new`, `describe` and `check --release`, and the made-up wave that shows them."""

import importlib.util
import sys
from pathlib import Path

import pandas as pd
import pytest
import yaml
from typer.testing import CliRunner

from surveybook.cli import make_app
from surveybook.model import paths
from surveybook.model.problems import SurveybookError
from surveybook.waves import examine_wave, open_wave
from tests.respondents.waves import WAVE, mapping, respondents, write_wave

pytestmark = pytest.mark.slow
RUN = CliRunner()


def run(*words: str) -> str:
    result = RUN.invoke(make_app(), list(words), catch_exceptions=False)
    assert result.exit_code == 0, result.output
    return result.output


def made_by_script(folder: Path) -> None:
    """Run examples/make_synthetic.py with its files going elsewhere."""
    spec = importlib.util.spec_from_file_location("make_synthetic", paths.root() / "examples/make_synthetic.py")
    script = importlib.util.module_from_spec(spec)
    # Dataclasses look their module up by its name.
    sys.modules[spec.name] = script
    spec.loader.exec_module(script)
    script.main(folder)


def test_a_description_lists_variables_and_proposes_a_mapping_that_works(tmp_path: Path) -> None:
    made_by_script(tmp_path)
    said = run("wave", "describe", str(tmp_path / "responses_public.sav"))
    assert "1,000 respondents, 36 variables" in said
    assert "declared missing: 99" in said
    assert "1 Strongly agree:" in said
    own = yaml.safe_load(said[said.index("responses:") :])["responses"]["public"]
    rules = {"agree": [1, 2], "neither": [3], "disagree": [4, 5], "dont_know": [8], "no_answer": [99]}
    assert own["questions"]["services_improved"]["collapse"] == rules
    assert own["questions"]["quality_indicators"]["columns"]["quality_indicators_other"] == "other"
    assert own["weight"] == "weight"


def test_answers_to_a_survey_of_published_shares_are_mapped_by_the_words_of_its_codebook(trial_data: Path) -> None:
    made_by_script(trial_data)
    file = trial_data / "responses_public.sav"
    has = "Wave 2004 has those of public, frontline: name one with --population"
    for named, wrong in (((), "No population is named"), (("--population", "x"), "Wave 2004 has no answers of 'x'")):
        with pytest.raises(SurveybookError, match=f"^{wrong}. {has}"):
            run("wave", "draft", "2026", "--from", str(file), "--like", "2004", *named)
    said = run("wave", "draft", "2026", "--from", str(file), "--like", "2004", "--population", "public")
    assert "(Best at: Value for money for taxpayers) is channel_attributes, by its words" in said
    settings = yaml.safe_load((trial_data / "waves/2026/wave.yml").read_text(encoding="utf-8"))
    assert (settings["responses"]["public"]["weight"], "published" in settings) == ("weight", False)
    people = settings["populations"]["public"]
    assert (people["conducted_by"], people["universe"], people["sample_size"]) == ("not known", "not known", 1000)
    asked = trial_data / "waves/2026/asked.csv"
    rows = pd.read_csv(asked, dtype=str, keep_default_na=False)
    assert not rows[["max_choices_source", "note"]].to_numpy().any(), "told of the publication"
    words = rows.set_index("question_id")["wording"]
    assert (words["channel_attributes"], words["more_online"]) == (
        "Best at",
        "Would like to access more services online",
    )
    rows.loc[rows["question_id"] == "customer_focus_indicators", "max_choices"] = "3"
    rows.to_csv(asked, index=False)
    drafted, mapped = (
        survey.estimates.query("population == 'public' and domain == ''").set_index("figure_id")["share"]
        for survey in map(open_wave, ("2026", "example-synthetic"))
    )
    # Of one question the file holds codes whose labels no column has.
    left = mapped.index.difference(drafted.index)
    assert open_wave("2026").codebook.items["question_id"].reindex(left.str.split(".").str[1]).unique() == [
        "efficiency_indicators"
    ]
    pd.testing.assert_series_equal(drafted, mapped.drop(left)[drafted.index])


def test_a_description_shows_nothing_that_one_person_wrote(tmp_path: Path) -> None:
    path = tmp_path / "answers.csv"
    frame = respondents().assign(comment="")
    frame.loc[3, "comment"] = "call me on 0123\x1b[31m"
    frame.to_csv(path, index=False)
    said = run("wave", "describe", str(path))
    assert "0123" not in said
    assert "\x1b" not in said
    assert "(a rare text): 1" in said


def test_check_says_what_it_found_and_release_writes_it(trial_data: Path) -> None:
    folder = write_wave(trial_data)
    said = run("wave", "check", WAVE)
    assert "240 respondents, weighted" in said
    assert "4 strata" in said
    assert "quality_indicators: 5 of 5 items; asked 240, answered 240; base 240" in said
    assert not (folder / "estimates.csv").exists()
    assert "Released" in run("wave", "check", WAVE, "--release")
    assert (folder / "covariances.csv").exists()
    assert "isn't what the respondents give now" not in run("wave", "check", WAVE)
    respondents(seed=8).to_csv(folder / "responses_public.csv", index=False)
    assert "isn't what the respondents give now" in run("wave", "check", WAVE)


def test_check_says_what_is_a_census_and_what_is_no_random_sample(trial_data: Path) -> None:
    write_wave(trial_data, None, mapping(strata=None, census=True))
    assert "A census: intervals have no width" in run("wave", "check", WAVE)
    write_wave(trial_data, None, mapping(probability=False))
    assert "Not a probability sample" in run("wave", "check", WAVE)


def test_a_wave_without_respondents_has_nothing_to_release(trial_data: Path) -> None:
    with pytest.raises(SurveybookError, match="nothing to release"):
        run("wave", "check", "2004", "--release")


def test_the_made_up_wave_is_what_its_script_and_its_release_say(trial_data: Path) -> None:
    committed = open_wave("example-synthetic")
    assert committed.metadata["synthetic"] is True
    folder = trial_data / "waves/example-synthetic"
    for path in folder.glob("responses_*"):
        path.unlink()
    made_by_script(folder)
    fresh, gathered = examine_wave("example-synthetic", fresh=True)
    assert gathered.populations
    pd.testing.assert_frame_equal(fresh.estimates, committed.estimates, rtol=1e-9)
    asked = committed.asked.set_index(["population", "question_id"])
    assert asked.loc[("public", "customer_focus_indicators"), "max_choices"] == 3
    assert asked.loc[("public", "web_tax_return"), "source"] == "not_asked"


def test_clusters_that_each_stratum_numbers_from_1_are_counted_apart(trial_data: Path) -> None:
    frame = respondents()
    frame["psu"] = [str(1 + place % 2) for place in range(len(frame))]
    write_wave(trial_data, frame, mapping(cluster="psu"))
    assert "Design: 4 strata, 8 clusters." in run("wave", "check", WAVE)
