"""``surveybook compare`` and editions with a baseline, as a person types them."""

import csv
import io
from pathlib import Path

import pytest

from surveybook.book.site import pack_surveys
from surveybook.change.changes import compare_waves
from surveybook.cli.results import list_changes_between
from surveybook.model.problems import SurveybookError
from surveybook.waves import open_report, open_wave
from surveybook.words.asked import describe_edition


@pytest.fixture
def second_wave(trial_data: Path) -> str:
    """Return the id of a wave in which one share fell and one question let people choose three."""
    source, folder = trial_data / "waves/2004", trial_data / "waves/2026"
    folder.mkdir()
    (folder / "wave.yml").write_text(
        (source / "wave.yml").read_text().replace('id: "2004"', 'id: "2026"').replace('label: "2004"', 'label: "2026"')
    )
    old = "t1p_custsat,public,,customer_satisfaction,chosen,number,68"
    estimates = (source / "estimates.csv").read_text()
    assert old in estimates
    (folder / "estimates.csv").write_text(estimates.replace(old, old[:-2] + "50"))
    lines = [
        line.replace(",chosen,2,", ",chosen,3,") if line.startswith("public,efficiency_indicators,") else line
        for line in (source / "asked.csv").read_text().splitlines()
    ]
    (folder / "asked.csv").write_text("\n".join(lines) + "\n")
    return "2026"


def test_the_table_names_changes_and_what_is_not_comparable(second_wave):
    text = list_changes_between(["2004", second_wave])
    assert "68 → 50; −18.0 (−22.9 to −13.0); adjusted p < 0.0001" in text
    assert "Fell by 18 points (13 to 23)." in text
    tail = text[text.index("Not comparable") :]
    assert "People could choose three, not two." in " ".join(tail.split())
    assert "1 question is not. Of" in tail
    assert "one has moved by more than sampling explains." in " ".join(tail.split())


@pytest.mark.slow
def test_a_caution_stands_once_above_the_figures_that_it_is_for(second_wave, trial_data):
    asked = trial_data / "waves/2026/asked.csv"
    asked.write_text(asked.read_text().replace(",telephone,", ",online,"))
    text = list_changes_between(["2004", second_wave])
    caution = "With caution: the mode of asking is online and was telephone."
    parts = [part for part in text.split("\n### ") if part.startswith("Most important indicators of quality")]
    (group,) = [part for part in parts if "– The public\n" in part]
    assert group.splitlines()[2] == caution
    assert group.count("caution") == 1
    rows = list(csv.DictReader(io.StringIO(list_changes_between(["2004", second_wave], "csv"))))
    cautious = [row for row in rows if row["comparability"] == "with caution"]
    assert cautious
    assert all(row["meaning"].endswith(caution) and row["reason"] in caution for row in cautious)


@pytest.mark.slow
def test_people_who_chose_themselves_are_compared_with_caution(second_wave, trial_data):
    metadata = trial_data / "waves/2026/wave.yml"
    metadata.write_text(metadata.read_text().replace("  public:\n", "  public:\n    probability: false\n", 1))
    text = " ".join(list_changes_between(["2004", second_wave]).split())
    assert "With caution: 2026 did not draw people at random, and intervals leave out who chose to take part." in text
    changes = compare_waves(open_wave(second_wave), open_wave("2004")).figures
    assert set(changes[changes["population"] == "public"]["comparability"]) == {"with caution"}
    assert set(changes[changes["population"] == "frontline"]["comparability"]) == {"comparable"}


def test_csv_has_a_row_a_figure_and_a_row_a_question_that_is_not_comparable(second_wave):
    rows = list(csv.DictReader(io.StringIO(list_changes_between(["2004", second_wave], "csv"))))
    changed = next(row for row in rows if row["item_id"] == "customer_satisfaction" and row["population"] == "public")
    assert (changed["baseline_percent"], changed["percent"], changed["change_points"]) == ("68.00", "50.00", "-18.00")
    broken = [row for row in rows if row["comparability"] == "not comparable"]
    assert [(row["population"], row["question_id"]) for row in broken] == [("public", "efficiency_indicators")]
    assert broken[0]["percent"] == ""


@pytest.mark.slow
def test_a_label_stays_the_text_that_it_is(second_wave, trial_data):
    items = trial_data / "codebook/items.csv"
    text = items.read_text().replace("High levels of customer satisfaction", "<script>alert(1)</script> | satisfied")
    items.write_text(text.replace("Value for money,", "=1+1,", 1))
    shown = list_changes_between(["2004", second_wave])
    assert "- &lt;script>alert(1)&lt;/script> \\| satisfied: 68 → 50" in shown
    assert "<script>" not in shown
    rows = csv.DictReader(io.StringIO(list_changes_between(["2004", second_wave], "csv")))
    assert "'=1+1" in {row["label"] for row in rows}


def test_a_wave_is_not_its_own_baseline():
    with pytest.raises(SurveybookError, match="its own baseline"):
        open_wave("2004", baseline="2004")


@pytest.mark.slow
def test_baselines_that_turn_time_round_are_refused(second_wave):
    said = "2004 follows example-synthetic, and was asked before it: name them from the earliest to the latest"
    for use in (
        lambda turned: open_wave(second_wave, baseline=turned),
        lambda turned: pack_surveys("2026", turned, {}),
    ):
        with pytest.raises(SurveybookError, match=said):
            use("example-synthetic, 2004")


def test_baselines_form_a_chain_and_the_report_stands_alone(second_wave):
    survey = open_wave(second_wave, baseline="2004")
    assert survey.baseline.wave == "2004"
    assert open_report(survey).baseline is None
    assert open_report(open_wave("2004", baseline=second_wave)).baseline is None


def test_every_page_says_what_the_edition_is_compared_with_and_whether_it_is_made_up(second_wave):
    said = describe_edition(open_wave(second_wave, baseline="2004"))
    assert said["name"] == "2026 edition, compared with 2004"
    assert said["synthetic"] is False
