"""Estimates against those of R's package survey; `make reference` writes the data and what R says of them."""

from functools import cache

import numpy as np
import pandas as pd
import pytest

from surveybook.respondents.design import Design, Indicator, Replicates
from surveybook.respondents.estimates import Estimation, estimate
from surveybook.respondents.numbers import MEAN, MEDIAN, estimate_numbers
from tests.reference.cases import CASES, EXPECTED, FOLDER, TYPES

JK1 = EXPECTED[EXPECTED["case"] == "numbers: JK1"].set_index("quantity")["value"]
REPLICATES = tuple(name for name in pd.read_csv(FOLDER / "scores_jk1.csv", nrows=0).columns if name.startswith("rep"))
NUMBERS = {
    "numbers: weights": ("scores_strata.csv", Design(weight="pw")),
    "numbers: strata and fpc": ("scores_strata.csv", Design(weight="pw", strata="stype", fpc="fpc")),
    "numbers: clusters and fpc": ("scores_clusters.csv", Design(weight="pw", cluster="dnum", fpc="fpc")),
    "numbers: JK1": (
        "scores_jk1.csv",
        Design(weight="pw", replicates=Replicates(columns=REPLICATES, kind="JK1", scale=JK1["scale"])),
    ),
}
RATED = tuple(
    Indicator(name, name, "number", "scores", is_number=True) for name in ("api00", "mobility", "core", "enroll")
)


@cache
def estimated(case: str, interval: str = "logit") -> Estimation:
    file, design, items, domains = CASES[case]
    indicators = [Indicator(item, item, "chosen", "q") for item in items]
    return estimate(pd.read_csv(FOLDER / file), design, indicators, domains=domains, interval=interval)


def expected(case: str, *quantities: str) -> pd.DataFrame:
    rows = EXPECTED[(EXPECTED["case"] == case) & EXPECTED["quantity"].isin(quantities)]
    assert len(rows), "there is nothing to compare with"
    return rows


def assert_agree(ours: list[float], theirs: pd.Series) -> None:
    np.testing.assert_allclose(ours, theirs.to_numpy(), rtol=1e-8, atol=1e-12)


@pytest.mark.parametrize("case", CASES)
@pytest.mark.parametrize("quantity", ["share", "standard_error", "degrees_of_freedom", "base", "design_effect"])
def test_estimates_agree_with_r(case, quantity):
    if quantity == "design_effect" and CASES[case][1].replicates:
        pytest.skip("R compares replicate designs with another variance")
    rows = expected(case, quantity)
    table = estimated(case).estimates.set_index(["domain", "item_id"])[quantity]
    # R has no design effect where the share is 0 or 1.
    known = rows[rows["value"].notna()] if quantity == "design_effect" else rows
    assert_agree([table[row.domain, row.item] for row in known.itertuples()], known["value"])


@pytest.mark.parametrize("case", CASES)
@pytest.mark.parametrize(("method", "interval"), [("xlogit", "logit"), ("beta", "korn-graubard")])
def test_limits_agree_with_r(case, method, interval):
    rows = expected(case, f"{method}_low", f"{method}_high")
    rows = rows[rows["value"].notna()]
    table = estimated(case, interval).estimates.set_index(["domain", "item_id"])
    assert_agree([table.loc[(r.domain, r.item), r.quantity.split("_")[1]] for r in rows.itertuples()], rows["value"])


@pytest.mark.parametrize("case", [case for case in CASES if len(CASES[case][2]) > 1])
def test_two_items_of_a_question_vary_together_as_in_r(case):
    found = estimated(case)
    within = found.covariances[found.covariances["domain_b"] == ""]
    rows = within.set_index(["domain", "item_a", "item_b"])["covariance"]
    for row in expected(case, "covariance").itertuples():
        assert_agree([rows[(row.domain, *row.item.split())]], pd.Series([row.value]))
    table = found.estimates.set_index(["domain", "item_id"])
    for row in expected(case, "difference_error").itertuples():
        first, second = (table.loc[(row.domain, item), "standard_error"] for item in row.item.split())
        variance = first**2 + second**2 - 2 * rows[(row.domain, *row.item.split())]
        assert_agree([np.sqrt(variance)], pd.Series([row.value]))


@cache
def estimated_numbers(case: str) -> Estimation:
    file, design = NUMBERS[case]
    return estimate_numbers(pd.read_csv(FOLDER / file), design, RATED, domains=TYPES)


@pytest.mark.parametrize("case", NUMBERS)
@pytest.mark.parametrize("statistic", [MEAN, MEDIAN])
@pytest.mark.parametrize("column", ["value", "standard_error", "low", "high"])
def test_means_and_medians_agree_with_r(case: str, statistic: str, column: str) -> None:
    rows = EXPECTED[(EXPECTED["case"] == case) & (EXPECTED["quantity"] == f"{statistic}_{column}")]
    # Where answers are missing R counts replicates by those who answered, as it does for shares. Below the weight of
    # the smallest number it takes the second smallest: seven people of one group are few enough.
    differs = (case == "numbers: JK1") | ((rows["domain"] == "E") & (statistic == MEDIAN) & (column == "low"))
    rows = rows[~((rows["item"] == "core") & differs)]
    assert len(rows) >= len(RATED) - 1
    found = estimated_numbers(case).estimates
    found = found[found["statistic"].isin([MEAN, MEDIAN])].set_index(["domain", "item_id", "statistic"])
    assert_agree([found.loc[(row.domain, row.item, statistic), column] for row in rows.itertuples()], rows["value"])


@pytest.mark.parametrize("case", ["numbers: clusters and fpc", "numbers: JK1"])
def test_the_means_of_two_groups_and_of_two_items_vary_together_as_in_r(case: str) -> None:
    rows, pairs = expected(case, "mean_covariance"), estimated_numbers(case).covariances
    assert set(pairs["response_a"]) == {MEAN}
    # As above, R counts replicates by those who answered.
    rows = rows[(rows["item"] != "core") | (case != "numbers: JK1")]
    ends = zip(pairs["domain"], pairs["domain_b"], pairs["item_a"], pairs["item_b"], strict=True)
    found = dict(zip([frozenset(filter(None, end)) for end in ends], pairs["covariance"], strict=True))
    names = [frozenset(f"{row.domain} {row.item}".split()) for row in rows.itertuples()]
    assert_agree([found[name] for name in names], rows["value"])


def test_the_versions_of_r_and_survey_are_on_record():
    assert [line.split()[0] for line in (FOLDER / "versions.txt").read_text().splitlines()] == [
        "R",
        "survey",
        "carData",
    ]
