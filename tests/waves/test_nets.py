"""A response made of others: a figure like any other, and never counted beside its own answers."""

import re
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from surveybook.change.changes import changes_of
from surveybook.exhibits import charts
from surveybook.model.codebook import read_codebook
from surveybook.model.problems import DataError
from surveybook.model.survey import Survey, covariances_of, figures_of, find_figure
from surveybook.stats.comparison import compare_figures
from surveybook.verify.data import recompute_nets
from surveybook.verify.perturbation import list_trials, write_trial_waves
from surveybook.verify.recomputation import read_data_figures, recompute_remainders
from surveybook.waves import examine_wave, open_wave
from surveybook.waves.release import release_wave
from surveybook.words import findings
from tests.tiny_report import add_respondents

ANSWERS = {
    "very_satisfied": "Very satisfied",
    "fairly_satisfied": "Fairly satisfied",
    "neither": "Neither",
    "dissatisfied": "Dissatisfied",
}
NETS = "satisfaction,satisfied,Satisfied,very_satisfied|fairly_satisfied,headline\n"
FIGURES = {
    "parks": {"very_satisfied": 31, "fairly_satisfied": 30, "neither": 28, "dissatisfied": 11, "satisfied": 61},
    "roads": {"very_satisfied": 10, "fairly_satisfied": 18, "neither": 30, "dissatisfied": 42, "satisfied": 28},
}
RESPONSES, ESTIMATES = "data/codebook/responses.csv", "data/waves/2031/estimates.csv"
Write = Callable[[str, str, str], None]


@pytest.fixture
def report(tiny: Path) -> Path:
    """Return a report whose wave asked how satisfied people are with two things."""
    listed = "".join(f"satisfaction,{name},{label},,\n" for name, label in ANSWERS.items())
    old = "multiple,chosen,Chosen,,\nscale,agree,Agree,,\nscale,disagree,Disagree,,\n"
    opposite = listed.replace("Dissatisfied,,", "Dissatisfied,,opposite")
    (tiny / RESPONSES).write_text(f"kind,response,label,made_of,role\n{old}{opposite}{NETS}", encoding="utf-8")
    added = {
        "data/codebook/questions.csv": "services,parks,How satisfied people are,satisfaction,\n",
        "data/codebook/items.csv": "parks,services,The parks,The parks,5\nroads,services,The roads,The roads,6\n",
        "data/waves/2031/asked.csv": "residents,services,How satisfied are you?,questionnaire,"
        f"{'|'.join(ANSWERS)},,,adults living in Riverside,online,published,\n",
        ESTIMATES: "".join(
            f"{item}_{response},residents,,{item},{response},number,{percent},0,,800,stated,,Table 3,\n"
            for item, own in FIGURES.items()
            for response, percent in own.items()
        ),
    }
    for name, text in added.items():
        (tiny / name).write_text((tiny / name).read_text(encoding="utf-8") + text, encoding="utf-8")
    return tiny


@pytest.fixture
def edit(report: Path) -> Write:
    """Return a function that replaces a text in one of the report's files."""

    def replace_text(name: str, old: str, new: str) -> None:
        text = (report / name).read_text(encoding="utf-8")
        assert old in text
        (report / name).write_text(text.replace(old, new), encoding="utf-8")

    return replace_text


def add_satisfied(report: Path, wave: str, mapped: dict[str, list[int]], *, seed: int = 1) -> Survey:
    """Return a later wave of the same questions, estimated from weighted people in two strata."""
    random, size = np.random.default_rng(seed), 600
    people = pd.DataFrame({"id": np.arange(size), "wt": random.uniform(0.5, 2, size).round(3)})
    people["stratum"] = random.integers(1, 3, size)
    for column in ("parks", "roads"):
        people[column] = random.choice([1, 2, 3, 4, 9], size, p=[0.3, 0.3, 0.2, 0.15, 0.05])
    services = {"columns": {"parks": "parks", "roads": "roads"}, "collapse": mapped, "base": "answered"}
    add_respondents(report, wave, people, {"services": services}, answers="|".join(ANSWERS), strata="stratum")
    return open_wave(wave)


MAPPED = {"very_satisfied": [1], "fairly_satisfied": [2], "neither": [3], "dissatisfied": [4], "no_answer": [9]}


@pytest.mark.parametrize(
    ("old", "new", "column", "found"),
    [
        ("fairly_satisfied,h", "quite_satisfied,h", "made_of", "'quite_satisfied' is no answer of the kind"),
        ("very_satisfied|fairly_satisfied,h", "satisfied|neither,h", "made_of", "'satisfied' is no answer"),
        ("very_satisfied|fairly_satisfied,h", "neither,h", "made_of", "the net 'satisfied' is made of neither"),
        ("fairly_satisfied,h", "very_satisfied,h", "made_of", "made of very_satisfied|very_satisfied"),
        ("Neither,,", "Neither,,headline", "role", "has a second headline, 'satisfied'"),
        ("very_satisfied|fairly_satisfied,h", "neither|dissatisfied,h", "role", "share an answer"),
        ("fairly_satisfied,headline", "fairly_satisfied,", "role", "has an opposite, and no headline"),
        ("chosen,Chosen,,", "chosen,Chosen,agree|disagree,", "made_of", "'agree' is no answer of the kind 'multiple'"),
    ],
)
def test_a_net_that_cant_be_is_named_with_file_row_and_column(
    edit: Write, old: str, new: str, column: str, found: str
) -> None:
    edit(RESPONSES, old, new)
    with pytest.raises(DataError) as error:
        read_codebook()
    told = [one for one in error.value.problems if found in one.found]
    assert [(one.file, one.column, one.row is not None) for one in told] == [(RESPONSES, column, True)]


def test_a_sum_counts_answers_and_never_a_net_beside_them(report: Path, edit: Write) -> None:
    assert open_wave("2031").warnings == ()
    edit(ESTIMATES, "parks,neither,number,28", "parks,neither,number,48")
    with pytest.raises(DataError, match="residents, parks add up to 120; at most 100 fits 1 choice"):
        open_wave("2031")


def test_a_net_counts_where_the_source_prints_it_alone(edit: Write) -> None:
    edit(ESTIMATES, "parks,fairly_satisfied,number,30,0,,800,stated", "parks,fairly_satisfied,unpublished,,,,,unknown")
    survey = open_wave("2031")
    assert "leaves" not in " ".join(survey.warnings)
    edit(ESTIMATES, "parks,dissatisfied,number,11", "parks,dissatisfied,number,51")
    with pytest.raises(DataError, match="residents, parks add up to 140"):
        open_wave("2031")


@pytest.mark.parametrize(("percent", "fits"), [(60, True), (62, True), (63, False), (55, False), (40, False)])
def test_a_net_that_its_answers_dont_add_up_to_is_a_problem(edit: Write, percent: int, fits: bool) -> None:
    edit(ESTIMATES, "parks,satisfied,number,61", f"parks,satisfied,number,{percent}")
    if fits:
        open_wave("2031")
        return
    with pytest.raises(DataError) as error:
        open_wave("2031")
    told = [one for one in error.value.problems if one.column == "percent"]
    assert [one.row for one in told if "what it is made of adds up to 61" in one.found] == [11]


def test_the_largest_answer_is_never_a_net(report: Path) -> None:
    survey = open_wave("2031")
    said = findings.leading_answers(survey, "parks").text
    assert said == (
        "The parks: “Very satisfied” (31%), “Fairly satisfied” (30%) and “Neither” (28%) are too close to call among "
        "residents"
    )
    assert "“Dissatisfied” (42%) is the most common answer" in findings.leading_answers(survey, "roads").text


def test_a_net_that_speaks_for_its_items_ranks_and_tells_them(report: Path) -> None:
    survey = open_wave("2031")
    assert figures_of(survey, "services")["figure_id"].tolist() == ["parks_satisfied", "roads_satisfied"]
    assert findings.leader(survey, "services", "residents").text == (
        "The parks (61%) come first among residents, ahead of the roads (28%)."
    )
    both = findings.two_answers(survey, "residents.roads.satisfied", "residents.roads.dissatisfied").text
    assert both.startswith("28% of residents are satisfied with")
    assert both.endswith("42% are dissatisfied.")
    chart = charts.ranked(survey, "services", "residents")
    assert [row[0] for row in chart.rows if row[0] in ("The parks", "The roads")] == ["The parks", "The roads"]


@pytest.mark.slow
def test_what_is_left_to_100_is_left_by_answers(report: Path, edit: Write) -> None:
    chart = charts.answers(open_wave("2031"), "parks")
    assert not any("left" in str(cell) for row in chart.rows for cell in row)
    edit(ESTIMATES, "parks,neither,number,28", "parks,neither,number,20")
    chart = charts.answers(open_wave("2031"), "parks")
    assert "What is left to 100, other answers or none: 8%." in chart.alternative
    # Worked out again without the engine; a net of which an answer isn't printed stands for it.
    edit(ESTIMATES, "roads,fairly_satisfied,number,18,0,,800,stated", "roads,fairly_satisfied,unpublished,,,,,unknown")
    edit(ESTIMATES, "roads,neither,number,30", "roads,neither,number,20")
    left = recompute_remainders(read_data_figures("2031"))
    assert [(one.item, one.percent) for one in left] == [("The parks", 8), ("The roads", 10)]


@pytest.mark.slow
def test_people_who_gave_any_of_its_answers_are_counted_with_their_covariance(report: Path) -> None:
    survey = add_satisfied(report, "2032", MAPPED)
    own, *parts = (
        find_figure(survey, f"residents.parks.{name}") for name in ("satisfied", "very_satisfied", "fairly_satisfied")
    )
    assert own["share"] == pytest.approx(sum(part["share"] for part in parts), abs=1e-12)
    pair = ("residents", "services", "", "parks", "very_satisfied", "", "parks", "fairly_satisfied")
    variance = sum(part["standard_error"] ** 2 for part in parts) + 2 * covariances_of(survey, *pair[:2])[pair[2:]]
    assert own["standard_error"] ** 2 == pytest.approx(variance, rel=1e-9)
    other = find_figure(survey, "residents.roads.satisfied")
    gap = compare_figures(survey, own, other)
    assert gap.standard_error < np.hypot(own["standard_error"], other["standard_error"]) * 1.2


def test_a_file_may_give_a_net_alone_but_not_beside_its_answers(report: Path) -> None:
    survey = add_satisfied(report, "2032", {"satisfied": [1, 2], "neither": [3], "dissatisfied": [4, 9]})
    assert set(survey.estimates["response"]) == {"satisfied", "neither", "dissatisfied"}
    with pytest.raises(DataError, match="'satisfied' has codes of its own beside very_satisfied"):
        add_satisfied(report, "2033", {"satisfied": [2], "very_satisfied": [1], "neither": [3, 4, 9]})


@pytest.mark.slow
def test_of_an_item_the_headline_net_is_what_moved(report: Path) -> None:
    for seed, wave in enumerate(("2032", "2033")):
        add_satisfied(report, wave, MAPPED, seed=seed)
    found = changes_of(open_wave("2033", "2032"))
    headlines = found.figures[found.figures["headline"]]
    assert headlines["response"].tolist() == ["satisfied", "satisfied"]
    assert headlines["tests"].tolist() == [2, 2]
    assert (found.figures["untested"] == "").all()


@pytest.mark.slow
def test_a_net_that_is_all_that_another_leaves_isnt_tested_again(report: Path, edit: Write) -> None:
    edit(RESPONSES, "satisfaction,dissatisfied,Dissatisfied,,opposite", "satisfaction,dissatisfied,Dissatisfied,,")
    edit(RESPONSES, NETS, f"{NETS}satisfaction,not_satisfied,Not satisfied,neither|dissatisfied,opposite\n")
    for seed, wave in enumerate(("2032", "2033")):
        add_satisfied(report, wave, MAPPED, seed=seed)
    found = changes_of(open_wave("2033", "2032"))
    untested = found.figures.set_index(["item_id", "response"])["untested"]
    assert untested["parks", "not_satisfied"] == "it is what “satisfied” leaves"
    assert (untested.drop("not_satisfied", level="response") == "").all()


@pytest.mark.slow
def test_verification_adds_each_net_up_again(report: Path, edit: Write) -> None:
    add_satisfied(report, "2032", MAPPED)
    release_wave(*examine_wave("2032", fresh=True))
    done = recompute_nets("2032")
    assert (done.faults, done.counts) == ((), {"numbers recomputed": 4})
    path = report / "data/waves/2032/estimates.csv"
    rows = pd.read_csv(path, dtype=str, keep_default_na=False)
    net = (rows["item_id"] == "parks") & (rows["response"] == "satisfied")
    for column, said in (("percent", "its answers add up to"), ("standard_error", "given a variance of")):
        changed = rows.copy()
        changed.loc[net, column] = str(float(rows.loc[net, column].iloc[0]) * 1.01)
        changed.to_csv(path, index=False)
        (fault,) = recompute_nets("2032").faults
        assert (said in fault.said, fault.figures) == (True, ("residents.parks.satisfied",))


@pytest.mark.slow
def test_all_pairs_of_a_figure_that_is_gone_or_changed_are_one_line(report: Path) -> None:
    add_satisfied(report, "2032", MAPPED)
    release_wave(*examine_wave("2032", fresh=True))
    path = report / "data/waves/2032/estimates.csv"
    rows = pd.read_csv(path, dtype=str, keep_default_na=False)
    own = (rows["item_id"] == "parks") & (rows["response"] == "very_satisfied")
    smaller = rows.assign(standard_error=rows["standard_error"].mask(own, "0.0000001"))
    for broken, said in ((rows[~own], "isn't among the estimates"), (smaller, "the two standard errors allow")):
        broken.to_csv(path, index=False)
        with pytest.raises(DataError) as caught:
            open_wave("2032")
        (told,) = (str(problem) for problem in caught.value.problems if "covariances.csv" in str(problem))
        assert re.search(rf"{said} \(and so in \d+ more rows\)", told)


@pytest.mark.slow
def test_a_wave_turned_round_and_one_of_equals_keep_nets_what_they_are(
    report: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write_trial_waves(tmp_path / "trial", "2031")
    monkeypatch.setenv("SURVEYBOOK_DATA", str(tmp_path / "trial"))
    for name in list_trials("2031"):
        shares = open_wave(name).estimates.set_index("figure_id")["share"]
        assert shares["parks_satisfied"] == pytest.approx(
            shares["parks_very_satisfied"] + shares["parks_fairly_satisfied"]
        )
