"""Estimates against those of R's package survey; `make reference` writes the data and what R says of them."""

from functools import cache
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from whyict.estimation import Design, Domain, Estimation, Indicator, Replicates, association, compare_within, estimate

FOLDER = Path(__file__).parent
EXPECTED = pd.read_csv(FOLDER / "expected.csv", keep_default_na=False, na_values=["NA", "NaN"])
EXPECTED["value"] = EXPECTED["value"].astype(float)

TYPES = (Domain("stype", "E", "E"), Domain("stype", "M", "M"), Domain("stype", "H", "H"))
IMPROVED = (Domain("improved", 1, "improved"), Domain("improved", 0, "not improved"))
NHANES = (
    Domain("sex", "male", "male"),
    Domain("sex", "female", "female"),
    *(Domain("race", value, name) for value, name in ((1, "race 1"), (2, "race 2"), (3, "race 3"), (4, "other"))),
    *(Domain("age", value, value) for value in ("(0,19]", "(19,39]", "(39,59]", "(59,Inf]")),
)
GROUPS = {
    "stype": ["E", "M", "H"],
    "improved": ["improved", "not improved"],
    "race": ["race 1", "race 2", "race 3", "other"],
    "age": ["(0,19]", "(19,39]", "(39,59]", "(59,Inf]"],
}
API = ("wide", "improved", "awarded", "both")
FEWER = ("wide", "improved", "both")


def replicated(file: str, kind: str, mse: bool) -> Replicates:
    """Return the replicate weights of a file, with the scales that R gave them."""
    said = EXPECTED[EXPECTED["case"] == kind].set_index("quantity")["value"]
    columns = tuple(name for name in pd.read_csv(FOLDER / file, nrows=1).columns if name.startswith("rep"))
    return Replicates(columns, kind, scale=said["scale"], rscales=(said["rscale"],) * len(columns), mse=mse)


REPS = tuple(f"rep{number}" for number in range(1, 5))
CASES = {
    "weights": ("api_strata.csv", Design("pw"), API, TYPES),
    "strata": ("api_strata.csv", Design("pw", "stype"), API, IMPROVED),
    "strata and fpc": ("api_strata.csv", Design("pw", "stype", None, "fpc"), API, IMPROVED),
    "clusters": ("api_clusters.csv", Design("pw", None, "dnum"), API, TYPES),
    "clusters and fpc": ("api_clusters.csv", Design("pw", None, "dnum", "fpc"), API, TYPES),
    "lonely adjust": ("api_lonely.csv", Design("pw", "stype", lonely="adjust"), FEWER, IMPROVED),
    "lonely certainty": ("api_lonely.csv", Design("pw", "stype", lonely="certainty"), FEWER, IMPROVED),
    "lonely average": ("api_lonely.csv", Design("pw", "stype", lonely="average"), FEWER, IMPROVED),
    "nhanes": ("nhanes.csv", Design("weight", "stratum", "psu"), ("high", "not_high"), NHANES),
    "JK1 mean": ("api_jk1.csv", Design("pw", replicates=replicated("api_jk1.csv", "JK1", False)), FEWER, TYPES),
    "JK1 mse": ("api_jk1.csv", Design("pw", replicates=replicated("api_jk1.csv", "JK1", True)), FEWER, TYPES),
    "bootstrap mean": (
        "api_bootstrap.csv",
        Design("pw", replicates=replicated("api_bootstrap.csv", "bootstrap", False)),
        FEWER,
        TYPES,
    ),
    "bootstrap mse": (
        "api_bootstrap.csv",
        Design("pw", replicates=replicated("api_bootstrap.csv", "bootstrap", True)),
        FEWER,
        TYPES,
    ),
    "BRR": ("scd_brr.csv", Design("pw", replicates=Replicates(REPS, "BRR")), ("half",), ()),
    "Fay": ("scd_brr.csv", Design("pw", replicates=Replicates(REPS, "Fay", rho=0.3)), ("half",), ()),
}


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
    rows = found.covariances.set_index(["domain", "item_a", "item_b"])["covariance"]
    for row in expected(case, "covariance").itertuples():
        assert_agree([rows[(row.domain, *row.item.split())]], pd.Series([row.value]))
    for row in expected(case, "difference_error").itertuples():
        first, second = ((item, "chosen", row.domain) for item in row.item.split())
        assert_agree([compare_within(found, first, second).standard_error], pd.Series([row.value]))


@pytest.mark.parametrize("case", ["weights", "clusters", "nhanes"])
def test_differences_between_domains_agree_with_r(case):
    found = estimated(case)
    for row in expected(case, "between_difference", "between_error").itertuples():
        first, second = ((row.item, "chosen", domain) for domain in row.domain.split())
        difference = compare_within(found, first, second)
        ours = difference.difference if row.quantity == "between_difference" else difference.standard_error
        assert_agree([ours], pd.Series([row.value]))


@pytest.mark.parametrize("case", ["weights", "strata", "clusters", "clusters and fpc", "nhanes"])
def test_rao_and_scott_s_test_agrees_with_r(case):
    found = estimated(case)
    for (groups, item), rows in expected(case, "F", "ndf", "ddf", "p").groupby(["domain", "item"]):
        test = association(found, [(item, "chosen")], GROUPS[groups])
        theirs = rows.set_index("quantity")["value"][["F", "ndf", "ddf", "p"]]
        assert_agree([test.statistic, *test.degrees_of_freedom, test.p_value], theirs)


def test_the_versions_of_r_and_survey_are_on_record():
    assert [line.split()[0] for line in (FOLDER / "versions.txt").read_text().splitlines()] == ["R", "survey"]
