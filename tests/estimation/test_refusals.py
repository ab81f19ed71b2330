"""What can't be estimated is refused in a sentence that says what was expected."""

import numpy as np
import pytest

from surveybook.model.problems import DataError, SurveybookError
from surveybook.respondents.estimation import Design, Domain, Indicator, Replicates, association, estimate

from .people import ITEMS, STRATIFIED, people

TWO = ("r1", "r2")


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        ((TWO, "SDR"), "Replicate weights are 'SDR'; expected one of BRR, Fay, JK1, JK2, JKn, bootstrap, ACS, succ"),
        ((("r1",), "BRR"), r"There are 1 columns of replicate weights; expected two or more\.$"),
        ((TWO, "Fay", None, None, 1.0), r"Fay's rho is 1; expected a number from 0 to below 1\.$"),
        ((TWO, "Fay", None, None, -0.1), r"Fay's rho is -0.1; expected a number from 0"),
        ((TWO, "JKn"), r"^JKn replicate weights need rscales, one factor a replicate, such as \(n - 1\)/n\.$"),
        ((TWO,), r"^Replicate weights of kind 'other' need their scale\.$"),
        ((TWO, "JKn", None, (1.0,)), r"^There are 1 rscales for 2 replicate weights\.$"),
    ],
)
def test_replicate_weights_that_do_not_say_how_they_add_up_are_refused(arguments, said):
    with pytest.raises(SurveybookError, match=said):
        Replicates(*arguments)


def test_a_design_has_one_rule_for_a_stratum_with_one_cluster_and_one_kind_of_correction():
    with pytest.raises(
        SurveybookError, match=r"^A stratum with one cluster is to 'ignore'; expected one of fail, adjust"
    ):
        Design(lonely="ignore")
    with pytest.raises(
        SurveybookError, match=r"^A design has either replicate weights or a finite population correction"
    ):
        Design(fpc="size", replicates=Replicates(TWO, "BRR"))


def test_a_figure_is_estimated_once_and_something_has_to_be():
    with pytest.raises(
        SurveybookError, match=r"^a \(chosen\) is to be estimated twice; expected each item and response"
    ):
        estimate(people(), STRATIFIED, [*ITEMS, ITEMS[0]])
    with pytest.raises(
        SurveybookError, match=r"^There is nothing to estimate; expected each item and response once\.$"
    ):
        estimate(people(), STRATIFIED, [])


@pytest.mark.parametrize("names", [("young", "young"), ("", "old")])
def test_a_domain_has_a_name_of_its_own(names):
    with pytest.raises(
        SurveybookError, match=r"^Two domains have one name, or a domain has none; expected a name of its"
    ):
        estimate(people(), STRATIFIED, ITEMS, domains=[Domain("age", place, name) for place, name in enumerate(names)])


def test_every_column_that_is_not_there_is_named_with_what_expects_it():
    with pytest.raises(DataError) as refused:
        estimate(people(), Design("wt"), [Indicator("d", "item d")], domains=[Domain("region", 1, "region=1")])
    assert [(problem.column, problem.expected) for problem in refused.value.problems] == [
        ("wt", "expected by the design"),
        ("d", "expected by item item d"),
        ("region", "expected by domain region=1"),
    ]


def test_one_faulty_row_is_named_without_a_count():
    frame = people()
    frame.loc[3, "weight"] = -1.0
    with pytest.raises(DataError) as refused:
        estimate(frame, STRATIFIED, ITEMS)
    (problem,) = refused.value.problems
    assert (problem.row, problem.found) == (5, "the weight is negative or infinite")
    assert problem.expected == "expected a number, 0 or more"


@pytest.mark.parametrize("column", ["a", "weight", "size"])
def test_a_column_of_text_is_named_without_a_row(column):
    frame = people().assign(size=5_000.0)
    frame[column] = "yes"
    with pytest.raises(DataError) as refused:
        estimate(frame, Design("weight", "stratum", None, "size"), ITEMS)
    problem = refused.value.problems[0]
    assert (problem.column, problem.row) == (column, None)
    assert problem.found == "the column holds something other than numbers"


def test_what_is_no_table_is_refused_by_its_kind():
    with pytest.raises(
        SurveybookError, match=r"^Respondents came as list; expected a pandas, polars, pyarrow or dask table,"
    ):
        estimate([1, 2], STRATIFIED, ITEMS)


def test_a_group_that_is_not_there_is_named():
    found = estimate(people(), STRATIFIED, ITEMS, domains=[Domain("sex", "male", "men")])
    with pytest.raises(SurveybookError, match=r"^There is no domain 'women'\.$"):
        association(found, [("a", "chosen")], ["men", "women"])
    with pytest.raises(SurveybookError, match=r"^Name two domains or more\.$"):
        association(found, [("a", "chosen")], ["men"])


def test_no_more_than_five_rows_are_named():
    frame = people()
    frame.loc[10:19, "weight"] = np.nan
    with pytest.raises(DataError, match=r"in 10 rows \(the first: 12, 13, 14, 15, 16\)"):
        estimate(frame, STRATIFIED, ITEMS)


def test_respondents_of_no_weight_are_refused_with_the_column():
    with pytest.raises(DataError) as refused:
        estimate(people().assign(weight=0.0), STRATIFIED, ITEMS)
    (problem,) = refused.value.problems
    assert (problem.column, problem.found, problem.expected) == ("weight", "all weights are 0", "expected some above 0")


def test_nobody_is_refused():
    with pytest.raises(DataError) as refused:
        estimate(people().iloc[:0], STRATIFIED, ITEMS)
    (problem,) = refused.value.problems
    assert (problem.found, problem.expected) == ("there are no rows", "expected one a respondent")


def test_populations_that_cannot_be_are_refused_with_the_stratum_and_the_column():
    frame, design = people(), Design("weight", "stratum", None, "size")
    with pytest.raises(DataError) as refused:
        estimate(frame.assign(size=np.where(frame["stratum"] == "east", 2.0, 5_000.0)), design, ITEMS)
    (problem,) = refused.value.problems
    assert (problem.column, problem.expected) == ("size", "expected at least as many")
    assert problem.found == "the population is smaller than the sample (east)"
    with pytest.raises(DataError) as refused:
        estimate(frame.assign(size=0.0), Design("weight", None, None, "size"), ITEMS)
    assert ("the population is 0 or less", "expected a number above 0") in [
        (problem.found, problem.expected) for problem in refused.value.problems
    ]
    uneven = np.where(np.arange(len(frame)) == 0, 6_000.0, 5_000.0)
    with pytest.raises(DataError) as refused:
        estimate(frame.assign(size=uneven), Design("weight", None, None, "size"), ITEMS)
    (problem,) = refused.value.problems
    assert problem.found == "the population is given differently within the stratum"
    assert problem.expected == "expected one number"


def test_strata_with_one_cluster_are_counted_and_five_are_named():
    frame = people()
    frame.loc[:6, "stratum"] = [f"island {place}" for place in range(7)]
    with pytest.raises(
        SurveybookError,
        match=r"^7 strata have only one cluster \(island 0, island 1, island 2, island 3, island 4\), from which no "
        r"variance can be told; merge strata, or declare lonely: adjust, certainty or average\.$",
    ):
        estimate(frame, STRATIFIED, ITEMS)
