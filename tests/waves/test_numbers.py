"""Numbers that people gave: estimated beside shares, released, checked and suppressed as they are."""

import json
import re
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

from surveybook import charts, findings
from surveybook.change.changes import changes_of, compare_means
from surveybook.exhibits.downloads import describe_figures, explorer_data, write_figures
from surveybook.exhibits.invariants import find_spec_faults
from surveybook.model.problems import DataError
from surveybook.model.survey import Survey, numbers_of
from surveybook.verify.data import check_release, recompute_numbers
from surveybook.verify.downloads import check_programs
from surveybook.waves import examine_wave, open_wave
from surveybook.waves.release import find_stale_release, release_wave
from tests.tiny_report import add_respondents

SIZE = 400
RULES: dict[str, Any] = {
    "columns": {"q1": "snow", "q2": "water"}, "missing": [99], "base": "answered", "unit": "out of 10",
}  # fmt: skip


def make_people(seed: int = 3, *, mean: float = 6.5, hours: float = 5) -> pd.DataFrame:
    """Return weighted ratings from 0 to 10 of two services, some of them 99 for "don't know", and hours."""
    random = np.random.default_rng(seed)
    people = pd.DataFrame({"id": np.arange(SIZE), "wt": random.uniform(0.5, 2, SIZE).round(3)})
    people["sex"] = np.where(np.arange(SIZE) < 20, 3, random.integers(1, 3, SIZE))
    for column, lift in (("q1", 0), ("q2", -1.5)):
        people[column] = np.clip(random.normal(mean + lift, 2, SIZE).round(), 0, 10).astype(int)
        people.loc[random.random(SIZE) < 0.05, column] = 99
    people["hours"] = random.gamma(4, hours, SIZE).round(1)
    return people


def add_wave(report: Path, wave: str, people: pd.DataFrame, **rules: Any) -> None:
    """Add a wave of respondents' ratings."""
    questions = {"ratings": {**RULES, **rules}, "time": {"column": "hours", "base": "answered", "unit": "hours"}}
    groups = {"sex": {"column": "sex", "values": {1: "male", 2: "female", 3: "other"}}}
    add_respondents(report, wave, people, questions, domains=groups)


def add_ratings(report: Path) -> None:
    """Add the questions that are answered with numbers to a codebook."""
    for name, text in {
        "questions": "ratings,parks,How people rate services,number,\ntime,parks,Time,number,\n",
        "items": "snow,ratings,Snow removal,Snow removal,5\nwater,ratings,Water,Water,6\n"
        "spent,time,Hours spent,Hours spent,7\n",
    }.items():
        path = report / f"data/codebook/{name}.csv"
        path.write_text(path.read_text(encoding="utf-8") + text, encoding="utf-8")


@pytest.fixture
def report(tiny: Path) -> Path:
    """Return a report with a wave of ratings."""
    add_ratings(tiny)
    add_wave(tiny, "2032", make_people())
    return tiny


def pick(survey: Survey, item: str, statistic: str, domain: str = "") -> pd.Series:
    rows = survey.numbers
    return rows[(rows["item_id"] == item) & (rows["statistic"] == statistic) & (rows["domain"] == domain)].iloc[0]


def test_a_code_that_its_label_calls_no_number_never_counts_as_one(report: Path) -> None:
    add_wave(report, "2033", make_people(), missing=[])
    people = pd.read_csv(report / "data/waves/2033/responses_residents.csv")
    labels = {"q1": {99: "Don't know"}, "q2": {99: "Don't know"}}
    import pyreadstat

    (report / "data/waves/2033/responses_residents.csv").unlink()
    target = report / "data/waves/2033/responses_residents.sav"
    pyreadstat.write_sav(people, str(target), variable_value_labels=labels)
    with pytest.raises(DataError, match=r"with 99 \(Don't know\) count as if they had given that number"):
        open_wave("2033")


@pytest.mark.slow
@pytest.mark.parametrize(
    ("rules", "found"),
    [
        ({"base": "asked"}, "nobody has a number who gave none"),
        ({"codes": {1: "snow"}}, "codes stand beside numbers"),
        ({"scale": [0, None]}, "it isn't two different numbers"),
        ({"columns": {"q1": "walk"}}, "the column q1 has the item 'walk'"),
        ({"columns": {"id_word": "snow"}}, "id_word"),
    ],
)
def test_rules_that_numbers_cant_have_are_named(report: Path, rules: dict[str, Any], found: str) -> None:
    add_wave(report, "2033", make_people(), **rules)
    with pytest.raises(DataError, match=found):
        open_wave("2033")


def test_a_mean_and_a_median_are_of_those_who_gave_a_number(report: Path) -> None:
    people, survey = make_people(), open_wave("2032")
    own = people[people["q1"] != 99]
    mean, median = pick(survey, "snow", "mean"), pick(survey, "snow", "median")
    assert mean["value"] == pytest.approx(np.average(own["q1"], weights=own["wt"]))
    assert (mean["base"], mean["unit"], mean["status"]) == (len(own), "out of 10", "number")
    assert mean["low"] < mean["value"] < mean["high"]
    below = own.loc[own["q1"] <= median["value"], "wt"].sum() / own["wt"].sum()
    assert below >= 0.5 > own.loc[own["q1"] < median["value"], "wt"].sum() / own["wt"].sum()
    assert survey.estimates.empty


def test_a_scale_is_shown_from_end_to_end_whatever_was_given(report: Path) -> None:
    people = make_people()
    people.loc[people["q1"] < 4, "q1"], people.loc[people["q2"] < 4, "q2"] = 4, 4
    add_wave(report, "2033", people)
    add_wave(report, "2034", people, scale=[0, 10])
    given, told = (numbers_of(open_wave(wave), "ratings").query("statistic == 'share'") for wave in ("2033", "2034"))
    assert (given["lowest"].min(), told["lowest"].min(), told["highest"].max()) == (4, 0, 10)
    assert (told.loc[told["lowest"] < 4, "value"] == 0).all()
    assert told["value"].sum() == pytest.approx(given["value"].sum())


def test_ratings_are_shown_one_by_one_and_hours_in_classes_with_open_ends(report: Path) -> None:
    survey = open_wave("2032")
    snow, spent = (numbers_of(survey, question).query("statistic == 'share'") for question in ("ratings", "time"))
    snow = snow[snow["item_id"] == "snow"]
    assert (snow["lowest"] == snow["highest"]).all()
    assert snow["value"].sum() == pytest.approx(1)
    assert float((snow["value"] * snow["lowest"]).sum()) == pytest.approx(pick(survey, "snow", "mean")["value"])
    assert spent["value"].sum() == pytest.approx(1)
    assert pd.isna(spent["highest"].iloc[-1])
    assert len(spent) <= 12


def test_a_small_group_has_no_mean(report: Path) -> None:
    survey = open_wave("2032")
    other = pick(survey, "snow", "mean", "sex=other")
    assert (other["status"], other["note"]) == ("unpublished", "suppressed: fewer than 30 answers")
    assert pd.isna(other["value"])
    rest = {pick(survey, "snow", "median", f"sex={name}")["note"] for name in ("male", "female")}
    assert rest == {"", "suppressed: a smaller group could be worked out from it"}
    pairs = survey.covariances
    assert "" in set(pairs["domain"])
    assert "sex=other" not in set(pairs["domain"])
    # Each pair of groups has one that is hidden.
    assert not pairs["domain_b"].any()


@pytest.mark.slow
def test_a_release_holds_what_respondents_give_and_is_all_that_is_needed(report: Path) -> None:
    survey, gathered = examine_wave("2032", fresh=True)
    assert [path.name for path in release_wave(survey, gathered)] == [
        "estimates.csv", "covariances.csv", "numbers.csv", "definitions.json",
    ]  # fmt: skip
    assert find_stale_release(*examine_wave("2032", fresh=True)) == ""
    (report / "data/waves/2032/responses_residents.csv").unlink()
    pd.testing.assert_frame_equal(open_wave("2032").numbers, survey.numbers, check_dtype=False)
    at_90 = pick(open_wave("2032", confidence=0.9), "snow", "mean")
    at_95 = pick(survey, "snow", "mean")
    assert at_95["low"] < at_90["low"] < at_90["value"] == at_95["value"]


@pytest.mark.slow
@pytest.mark.parametrize(
    ("old", "new", "column", "found"),
    [
        ("residents,,snow,mean", "residents,,walk,mean", "item_id", "this item isn't answered with a number"),
        (
            "residents,,snow,mean,,,number",
            "residents,,snow,mean,,,unpublished",
            "value",
            "unpublished figure has a value",
        ),
        ("snow,share,5,5", "snow,share,5,4", "lowest", "the class ends before it begins"),
        ("out of 10,Taylor,\n", "of 10,Taylor,\n", "unit", "another unit in a row above"),
    ],
)
def test_each_fault_of_a_row_is_named_with_its_place(report: Path, old: str, new: str, column: str, found: str) -> None:
    release_wave(*examine_wave("2032", fresh=True))
    path = report / "data/waves/2032/numbers.csv"
    text = path.read_text(encoding="utf-8")
    assert old in text
    before, _, after = text.rpartition(old) if column == "unit" else text.partition(old)
    path.write_text(f"{before}{new}{after}", encoding="utf-8")
    with pytest.raises(DataError) as error:
        open_wave("2032")
    told = {(one.file, one.column) for one in error.value.problems if found in one.found}
    assert told == {("data/waves/2032/numbers.csv", column)}


@pytest.mark.slow
def test_a_mean_of_more_answers_than_there_are_respondents_is_refused(report: Path) -> None:
    release_wave(*examine_wave("2032", fresh=True))
    path = report / "data/waves/2032/numbers.csv"
    pd.read_csv(path, dtype=str, keep_default_na=False).assign(base=str(SIZE + 1)).to_csv(path, index=False)
    with pytest.raises(DataError, match=rf"numbers.csv, row 2, column base: a base of {SIZE + 1}, and wave.yml gives"):
        open_wave("2032")


@pytest.mark.slow
def test_verification_recomputes_means_and_medians_from_what_was_released(report: Path) -> None:
    release_wave(*examine_wave("2032", fresh=True))
    assert check_release("2032").faults == ()
    done = recompute_numbers("2032")
    # Limits of the six means that are shown, and mean and median of the two ratings of everybody.
    assert (done.faults, done.counts) == ((), {"numbers recomputed": 10})
    path = report / "data/waves/2032/numbers.csv"
    text = path.read_text(encoding="utf-8")
    rows = text.splitlines(keepends=True)
    share = next(place for place, row in enumerate(rows) if ",share," in row and float(row.split(",")[7]))
    for place, said in ((4, "limits of"), (1, "its distribution gives"), (share, "shares of its classes add up to")):
        cells = rows[place].split(",")
        cells[7] = f"{float(cells[7]) * 1.001:.6f}"
        path.write_text("".join([*rows[:place], ",".join(cells), *rows[place + 1 :]]), encoding="utf-8")
        assert any(said in fault.said for fault in recompute_numbers("2032").faults)
        assert any("value is" in fault.said for fault in check_release("2032").faults)


@pytest.mark.slow
def test_means_are_told_drawn_and_compared_with_the_wave_before(report: Path) -> None:
    add_wave(report, "2033", make_people(5, mean=7))
    survey = open_wave("2033", "2032")
    assert survey.baseline is not None
    moved = compare_means(changes_of(survey)).set_index(["domain", "item_id"])
    change = moved.loc[("", "snow")]
    now, then = (pick(wave, "snow", "mean") for wave in (survey, survey.baseline))
    assert change["change"] == pytest.approx(now["value"] - then["value"])
    assert change["standard_error"] == pytest.approx(np.hypot(now["standard_error"], then["standard_error"]))
    assert bool(change["shown"]) is True
    assert bool(moved.loc[("", "spent"), "shown"]) is False
    assert findings.result(survey, "ratings").text == (
        "Residents rate snow removal highest, at 7.0 out of 10 on average, and water lowest, at 5.5. "
        "Since 2032 the average rose for snow removal (6.4 to 7.0) and water (5.2 to 5.5)."
    )
    assert findings.result(survey, "time").text == (
        "On average, residents say 20.5 hours; the median is 19.3. No clear change since 2032."
    )
    add_wave(report, "2034", make_people(5, hours=7))
    risen = open_wave("2034", "2032")
    before, now = (pick(wave, "spent", "mean")["value"] for wave in (survey.baseline, risen))
    assert findings.result(risen, "time").text.endswith(f"Since 2032 the average rose from {before:.1f} to {now:.1f}.")
    shown = [draw(survey, name) for name in ("ratings", "time") for draw in (charts.results, charts.stacked)]
    assert [one and find_spec_faults(one.full_spec()) for one in shown] == [[], [], [], []]
    assert shown[0] is not None
    assert shown[0].rows[0] == ["Snow removal", "Residents", "7.0", "6.8", "7.2", "7", "7", "8", "381", "6.4"]


@pytest.mark.slow
def test_numbers_of_another_unit_are_not_compared(report: Path) -> None:
    add_wave(report, "2033", make_people(5), unit="out of 100")
    survey = open_wave("2033", "2032")
    assert survey.baseline is not None
    assert set(compare_means(changes_of(survey))["item_id"]) == {"spent"}
    found = changes_of(survey)
    assert "“out of 100”, and were “out of 10”" in found.verdict_on("residents", "ratings").reason


def test_means_that_sampling_cant_tell_apart_are_not_ranked(report: Path) -> None:
    people = make_people()
    add_wave(report, "2033", people.assign(q2=people["q1"].sample(frac=1, random_state=1).to_numpy()))
    said = findings.result(open_wave("2033"), "ratings").text
    assert said.endswith(" have the highest averages among residents, too close to rank.")


def test_figures_for_programs_have_means_medians_and_classes_each_by_an_id_of_its_own(report: Path) -> None:
    survey = open_wave("2032")
    told = {one["id"]: one for one in describe_figures(survey)["figures"]}
    assert len(told) == len(survey.estimates) + len(survey.numbers)
    mean, known = told["residents[].snow.mean"], pick(survey, "snow", "mean")
    assert (mean["value"], mean["unit"], mean["base"]) == (pytest.approx(known["value"]), "out of 10", known["base"])
    assert (told["residents[].snow.share.7-7"]["answer"], told["residents[].snow.share.7-7"]["unit"]) == (
        "7",
        "per cent",
    )
    assert not [one for one in told.values() if "nan" in one["answer"] + one["id"]]
    # A program that takes a mean away takes the words of its question too.
    asked = survey.asked_rows["residents", "ratings"]["wording"]
    assert (mean["wording"], mean["printed"]) == (asked, f"{known['value']:.1f}")


def test_published_means_stand_without_intervals(report: Path) -> None:
    folder = report / "data/waves/2031"
    asked = folder / "asked.csv"
    row = "residents,ratings,How good?,questionnaire,,,,adults living in Riverside,online,published,\n"
    asked.write_text(asked.read_text(encoding="utf-8") + row, encoding="utf-8")
    head = "population,domain,item_id,statistic,status,value,base,unit\n"
    (folder / "numbers.csv").write_text(f"{head}residents,,snow,mean,number,7.4,800,out of 10\n", encoding="utf-8")
    survey = open_wave("2031")
    assert findings.result(survey, "ratings").text == "Residents give snow removal 7.4 out of 10 on average."
    chart = charts.results(survey, "ratings")
    assert chart.interval_note == "The source prints no standard errors, so that no interval is known."


def test_a_question_says_what_the_ends_of_its_numbers_are_called_where_the_file_does(report: Path) -> None:
    survey = open_wave("2032")
    asked = findings.quote_question(survey, "ratings")
    recorded = survey.recording_of("residents", "ratings")
    recorded["labels"] = {"0": "Awful", "10": "10", "99": "Can't say"}
    assert findings.quote_question(survey, "ratings") == asked
    recorded["labels"] = {"0": "Awful", "10": "Fine", "99": "Can't say"}
    assert findings.quote_question(survey, "ratings") == f"{asked} 0 is “awful”, 10 “fine”."


def test_averages_that_sampling_cannot_tell_apart_are_named_or_of_many_counted(report: Path) -> None:
    survey = open_wave("2032")
    rows = survey.numbers[(survey.numbers["question_id"] == "ratings") & (survey.numbers["domain"] == "")]
    mean = rows[rows["statistic"] == "mean"].iloc[[0]].assign(standard_error=0.5)
    items = [mean.assign(item_id=name, short_label=name, value=6.5 - place / 10) for place, name in enumerate("PQRST")]
    few, many = (replace(survey, numbers=pd.concat(items[:count])) for count in (2, 5))
    assert findings.result(few, "ratings").text == (
        "P (6.5) and Q (6.4) have the highest averages among residents, too close to rank."
    )
    assert findings.headline(few, "ratings").text == "No clear lead: P averages 6.5 out of 10, Q 6.4"
    raised = replace(few, numbers=pd.concat([few.numbers, items[0].assign(statistic="median", value=2.0)]))
    assert findings.result(raised, "ratings").text.endswith(
        " too close to rank. A few much larger numbers raise the average of P, whose median is 2."
    )
    assert findings.result(many, "ratings").text == (
        "Averages among residents run from 6.1 (T) to 6.5 (P); four more are too near the highest to rank."
    )


def test_an_average_that_a_few_large_numbers_raise_is_told_beside_the_median(report: Path) -> None:
    people = make_people()
    people.loc[people.index < 20, "hours"] = 5000.0
    add_wave(report, "2033", people)
    survey = open_wave("2033")
    title, said = (tell(survey, "time").text for tell in (findings.headline, findings.result))
    told = re.fullmatch(
        r"The median is ([\d.]+) hours; a few much larger numbers raise the average to ([\d.,]+)", title
    )
    assert told
    median = f"the median is {told[1]}, since a few much larger numbers raise the average"
    assert said == f"On average, residents say {told[2]} hours; {median}."
    assert re.fullmatch(
        r"[\d.]+ hours on average; the median is [\d.]+", findings.headline(open_wave("2032"), "time").text
    )


def test_averages_of_the_same_people_are_told_apart_by_how_their_answers_vary_together(report: Path) -> None:
    people = make_people()
    rated = people["q1"].between(1, 10)
    # Water is rated as snow removal is, and a point lower by every fourth.
    people["q2"] = people["q1"] - (rated & (people["id"] % 4 == 0))
    add_wave(report, "2033", people)
    survey = open_wave("2033")
    assert findings.result(survey, "ratings").text.startswith("Residents rate snow removal highest, at ")
    unknown = replace(survey, covariances=survey.covariances.head(0))
    assert "have the highest averages among residents, too close to rank" in findings.result(unknown, "ratings").text


@pytest.mark.slow
def test_what_programs_read_of_numbers_is_held_against_the_data(report: Path, tmp_path: Path) -> None:
    release_wave(*examine_wave("2032", fresh=True))
    path = write_figures(open_wave("2032"), tmp_path / "figures.json")
    text = path.read_text(encoding="utf-8")
    assert check_programs(tmp_path, "2032").faults == ()
    for figure in ("residents[].snow.mean", "residents[sex=male].water.median", "residents[].snow.share.8-8"):
        told = next(one for one in json.loads(text)["figures"] if one["id"] == figure)
        before, head, after = text.partition(f'"id": "{figure}"')
        path.write_text(before + head + after.replace(f'"value": {told["value"]}', '"value": 1.5', 1), encoding="utf-8")
        assert [fault.figures for fault in check_programs(tmp_path, "2032").faults] == [(figure,)]


@pytest.mark.slow
def test_the_explorer_has_how_many_gave_which_number(report: Path) -> None:
    survey = open_wave("2032")
    told = explorer_data(survey)
    assert {"ratings", "time"} <= {one["id"] for one in told["questions"] if one["measured"]}
    rows = [dict(zip(told["fields"], row, strict=True)) for row in told["answers"]["ratings"]["figures"]]
    known = survey.numbers.query("question_id == 'ratings' and statistic == 'share'")
    assert [row["share"] for row in rows] == pytest.approx(list(100 * known["value"]), abs=0.005)
    assert {row["answer"] for row in rows if row["label"] == "Snow removal"} >= {"5", "6", "7", "8"}
    assert all(row["low"] <= row["share"] <= row["high"] for row in rows)
