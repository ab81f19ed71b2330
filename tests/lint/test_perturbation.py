"""What a chapter says whatever the data is found by running it with data that have nothing in common."""

from pathlib import Path

import pandas as pd
import pytest
from planting import write_notebook

from surveybook.model import paths
from surveybook.model.problems import SurveybookError
from surveybook.model.survey import Survey
from surveybook.verify.lint import ExceptionRow
from surveybook.verify.perturbation import check_perturbed, split_sentences, write_trial_waves
from surveybook.waves import examine_wave, open_wave
from surveybook.waves.release import release_wave
from tests.tiny_report import add_respondents

GLUE = """glue(
    leader=findings.leader(survey, "quality_indicators", "public"),
    words=findings.reply(survey, "public.out_of_hours_access.agree"),
    then=findings.share(report, "public.value_for_money.chosen"),
    then_words=findings.share(report, "public.out_of_hours_access.agree"),
)
charts.compare_populations(survey, "quality_indicators", name="planted")"""
OWN_CHART = """import altair as alt
from surveybook.exhibits.exhibit import Exhibit
point = alt.Chart(alt.Data(values=[{"a": 1}])).mark_point()
Exhibit("own", TITLE, alternative=ALTERNATIVE, wave=survey.wave, spec=point.to_dict())"""
CLEAN = """# A chapter

{glue:text}`leader` {glue:text}`words` On {item}`more_online`: no telling.

:::{report} Table 1
:claims: none
Value came first, with {glue:text}`then`; 68%, no less.
:::
"""
# What is planted: text, or the title and the alternative of a chart; and what is found there.
PLANTED = {
    "Value comes first.": [("unmoved-direction", "first")],
    "Of them, 68% agreed.": [("unmoved-figure", "68%")],
    "Of those, {glue:text}`then` agreed.": [("unmoved-figure", "56%")],
    "Of all, {glue:text}`then_words` agreed.": [
        ("unmoved-direction", "more"),
        ("unmoved-direction", "quarters"),
        ("unmoved-figure", "more than three-quarters"),
    ],
    "Read the first bar first.": [("unmoved-direction", "first")],
    "Watch for the first bar first.": [],
}
CHARTS = {
    ("The web is ahead", "A picture."): [("unmoved-direction", "ahead")],
    ("The web", "A picture. The net is ahead."): [("unmoved-direction", "ahead")],
    ("The web: 68 %", "A picture."): [("unmoved-figure", "68 %")],
    ("The net", "A picture. The net: 68%."): [("unmoved-figure", "68%")],
}
ALLOWED = [
    ExceptionRow(2, "perturbation", "planted", "first bar", "how to read a chart"),
    ExceptionRow(3, "perturbation", "planted", "last bar", "no longer there"),
    ExceptionRow(4, "source", "planted", "Watch for the first bar first.", "how to read a chart"),
]


@pytest.fixture(scope="module")
def trial_waves(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Survey]:
    folder = tmp_path_factory.mktemp("trial") / "data"
    write_trial_waves(folder, "2004")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv(paths.DATA_VARIABLE, str(folder))
        return {wave: open_wave(wave) for wave in ("2004", "2004-reversed", "2004-equal")}


def shares(survey: Survey, question: str, population: str) -> pd.Series:
    rows = survey.estimates
    chosen = rows[(rows["question_id"] == question) & (rows["population"] == population) & (rows["domain"] == "")]
    return chosen.set_index(["item_id", "response"])["share"].dropna()


@pytest.mark.slow
def test_rankings_are_turned_upside_down_and_answers_change_places(trial_waves):
    def both(question: str, population: str) -> tuple[pd.Series, pd.Series]:
        before, after = (shares(trial_waves[wave], question, population) for wave in ("2004", "2004-reversed"))
        return before, after

    for question, population in (("quality_indicators", "public"), ("quality_enablers", "frontline")):
        before, after = (one.sort_values(kind="stable") for one in both(question, population))
        assert list(after) == list(before)
        assert (after.idxmax(), after.idxmin()) == (before.idxmin(), before.idxmax())
    before, after = both("services_improved", "public")
    assert list(before) == list(after[::-1])
    before, after = both("more_online", "public")  # printed alone: what is left to 100
    assert after.iloc[0] == pytest.approx(1 - before.iloc[0])
    before, after = both("channel_attributes", "public")
    assert before["helpful_staff", "one_stop_shop"] == after["helpful_staff", "telephone"]
    assert ("helpful_staff", "one_stop_shop") not in after.index


@pytest.mark.slow
def test_everything_equal_is_one_number_that_the_report_has_nowhere(trial_waves):
    real, equal = (trial_waves[wave].estimates["share"].dropna() for wave in ("2004", "2004-equal"))
    assert (equal.nunique(), len(equal)) == (1, len(real))
    assert round(equal.iloc[0], 2) not in set(real.round(2))
    assert set(trial_waves["2004-equal"].estimates.query("status == 'number'")["decimals"]) == {1}


@pytest.mark.slow
def test_shares_in_words_get_words_that_the_report_does_not_use_and_the_unpublished_stays_so(trial_waves):
    said = [set(survey.estimates.query("status == 'words'")["verbal"]) for survey in trial_waves.values()]
    assert said[0].isdisjoint(said[1] | said[2])
    assert said[1] != said[2]
    real, *others = (survey.estimates["status"].value_counts().to_dict() for survey in trial_waves.values())
    assert others == [real, real]


@pytest.mark.slow
def test_a_wave_of_respondents_is_turned_round_too(tiny: Path, monkeypatch: pytest.MonkeyPatch):
    people = pd.DataFrame({"id": range(120), "wt": 1.5, "park": [1, 1, 2, 1] * 30})
    rated = {"column": "park", "collapse": {"agree": [1], "disagree": [2]}, "base": "answered"}
    add_respondents(tiny, "2032", people, {"park_satisfied": rated})
    release_wave(*examine_wave("2032", fresh=True))
    before = shares(open_wave("2032"), "park_satisfied", "residents")
    write_trial_waves(tiny / "trial", "2032")
    monkeypatch.setenv(paths.DATA_VARIABLE, str(tiny / "trial"))
    after = shares(open_wave("2032-reversed"), "park_satisfied", "residents")
    assert list(after) == pytest.approx(list(before[::-1]))
    assert open_wave("2032-equal").estimates["share"].dropna().nunique() == 1


def test_sentences_end_where_a_reader_would_stop():
    text = "It was 4.3 points. “Was it?” Nobody\nsaid (e.g. nobody asked). 68 did!"
    assert split_sentences(text) == ["It was 4.3 points.", "“Was it?", "Nobody said (e.g. nobody asked).", "68 did!"]


@pytest.mark.slow
def test_what_stays_the_same_whatever_the_data_is_found_and_may_be_allowed_and_must_be_needed(tmp_path: Path):
    charts = [OWN_CHART.replace("TITLE", repr(one)).replace("ALTERNATIVE", repr(other)) for one, other in CHARTS]
    clean = write_notebook(tmp_path / "clean.ipynb", prose=(CLEAN,), code=(GLUE,))
    planted = write_notebook(tmp_path / "planted.ipynb", prose=(CLEAN, *PLANTED), code=(GLUE, *charts))
    found = check_perturbed([clean, planted], exceptions=ALLOWED)
    assert [str(one) for one in found if one.chapter == "clean"] == []
    assert [(one.line, one.found) for one in found if one.rule == "exception-unused"] == [(3, "last bar")]
    expected = [finding for every in (*PLANTED.values(), *CHARTS.values()) for finding in every]
    assert sorted((one.rule, one.found) for one in found if one.chapter == "planted") == sorted(expected)


@pytest.mark.slow
def test_a_chapter_that_fails_is_named_with_cell_wave_and_cause(tmp_path):
    path = write_notebook(tmp_path / "failing.ipynb", code=("1 / (survey.wave == '2004')",))
    with pytest.raises(SurveybookError, match=r"failing\.ipynb, cell 3 .*ZeroDivisionError.*wave 2004-equal"):
        check_perturbed([path], exceptions=[])


@pytest.mark.slow
@pytest.mark.over_again
def test_the_book_says_nothing_whatever_the_data():
    """What chapters store of the report's wave is what a fresh run gives: nbval holds them against each other."""
    assert [str(finding) for finding in check_perturbed(fresh=False)] == []
