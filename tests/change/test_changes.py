"""Changes between waves: their size, their interval, their test, and what is said of them."""

import math
from dataclasses import replace

import pytest

from surveybook.change.changes import compare_waves, explain_change
from surveybook.model.report import read_report
from surveybook.model.survey import find_figure
from surveybook.waves import mark_census
from tests.waves import INTERNET, SATISFACTION, VALUE, WEBSITE, estimated, later, of_two_answers, wave_2004


def change_of(survey, key, baseline=None):
    return compare_waves(survey, baseline or wave_2004()).find(key)


def test_a_figure_that_one_wave_alone_has_no_change():
    wave = later()
    fewer = replace(wave, estimates=wave.estimates[wave.estimates["domain"] == ""])
    changes = compare_waves(wave, fewer)
    assert set(changes.figures["domain"]) == {""}
    unpublished = later({INTERNET: None})
    assert compare_waves(unpublished, wave_2004()).find(INTERNET) is None


def test_standard_errors_of_a_wave_replace_its_base():
    wave = estimated(later({SATISFACTION: 60}), {SATISFACTION: 0.03})
    row = change_of(wave, SATISFACTION)
    published = math.sqrt(0.68 * 0.32 / 1000)
    assert row["standard_error"] == pytest.approx(math.hypot(0.03, published))
    # Half a unit more: the published share was rounded.
    assert row["high"] == pytest.approx(-0.08 + 1.959963984540054 * row["standard_error"] + 0.005)
    assert row["method"] == "Wald interval, independent estimates"


def test_an_answer_that_is_all_that_another_leaves_is_not_tested_again():
    changes = compare_waves(of_two_answers(60, "2026"), of_two_answers(50, "2025"))
    agree, rest = (changes.find(f"public.services_improved.{answer}") for answer in ("agree", "disagree"))
    assert (agree["headline"], agree["tests"], agree["untested"]) == (True, 1, "")
    assert agree["p_holm"] == agree["p_value"]
    assert (rest["headline"], rest["shown"], rest["untested"]) == (False, False, "it is what “agree” leaves")
    assert explain_change(rest) == "10 points less than before, not tested: it is what “agree” leaves."


def test_a_change_smaller_than_the_report_calls_one_is_not_called_one(trial_data, monkeypatch):
    settings = read_report().model_copy(update={"smallest_change": 15})
    monkeypatch.setattr("surveybook.change.changes.read_report", lambda: settings)
    row = change_of(later({SATISFACTION: 80}, "2027"), SATISFACTION)
    assert (row["small"], row["shown"]) == (True, False)
    assert explain_change(row) == ("Rose by 12 points (7 to 16), less than is called a change here.")


def census(percents, name):
    wave = later(percents, name)
    metadata = {**wave.metadata, "populations": {"public": {"census": True}}}
    estimates = wave.estimates.assign(base=float("nan"), effective_base=float("nan"))
    estimates = estimates.assign(low=float("nan"), high=float("nan"), standard_error=float("nan"), method="")
    return replace(wave, estimates=mark_census(estimates, metadata))


def hide(percents, values):
    """Return a later wave in which values of the figures on customer satisfaction are others."""
    wave = later(percents)
    wave.estimates.loc[wave.estimates["figure_id"] == "t1p_custsat", list(values)] = list(values.values())
    return wave


UNKNOWN = {"effective_base": math.nan}
WITHHELD = {"status": "unpublished", "note": "suppressed: base under 30", "share": math.nan}


@pytest.mark.parametrize(
    ("wave", "baseline", "key", "shown", "said"),
    [
        (lambda: census({SATISFACTION: 70}, "2026"), lambda: census({}, "2025"), SATISFACTION, True,
         "2 points more than before, exact, for both surveys asked everybody."),
        (lambda: census({}, "2026"), lambda: census({}, "2025"), SATISFACTION, False, "The same as before, exact"),
        (lambda: hide({SATISFACTION: 70}, UNKNOWN), None, SATISFACTION, False,
         "2 points more than before, not tested: the base of 2026 is unknown."),
        (lambda: later({SATISFACTION: 63}), None, SATISFACTION, False, "Fell by 5.0 points (0.1 to 9.8) taken alone; "
         "among five changes tested together chance can do that."),
        (lambda: later({WEBSITE: 40}), None, WEBSITE, False, "Not tested: 2004 gives words alone (“a third”)."),
        (lambda: hide({}, WITHHELD), None, SATISFACTION, False,
         "Not tested: 2026 withholds it to protect a small group"),
    ],
    ids=["a census", "a census that found the same", "an unknown base", "shown alone", "words", "withheld"],
)  # fmt: skip
def test_why_a_change_is_shown_or_not_is_told(wave, baseline, key, shown, said):
    row = change_of(wave(), key, baseline and baseline())
    assert row["shown"] == shown
    assert explain_change(row).startswith(said)


def test_a_published_census_has_no_error_and_needs_no_base():
    figure = find_figure(census({SATISFACTION: 70}, "2026"), SATISFACTION)
    assert (figure["low"], figure["high"], figure["standard_error"]) == (0.7, 0.7, 0.0)


def test_p_values_are_adjusted_within_question_and_population():
    wave = later({SATISFACTION: 63, VALUE: 60, INTERNET: 60})
    rows = compare_waves(wave, wave_2004()).figures
    family = rows[(rows["population"] == "public") & (rows["question_id"] == "quality_indicators")]
    assert set(family["tests"]) == {5}
    raw = change_of(wave, SATISFACTION)["p_value"]
    assert change_of(wave, SATISFACTION)["p_holm"] == pytest.approx(5 * raw)
    alone = change_of(wave, INTERNET)
    assert alone["p_holm"] == alone["p_value"]


def change_row(**changes):
    row = {
        "change": 0.02, "low": -0.01, "high": 0.05, "shown": False, "survives_rounding": True, "untested": "",
        "method": "", "small": False, "tests": 4, "comparability": "comparable",
        "reason": "",
    }  # fmt: skip
    return row | changes


def test_one_point_is_singular_and_a_change_that_is_not_shown_says_what_is_still_possible():
    assert explain_change(change_row()) == (
        "No clear change: sampling allows anything from a fall of 1 point to a rise of 5 points."
    )
    assert explain_change(change_row(low=0.01, shown=True)) == "Rose by 2 points (1 to 5)."
