"""Estimates against those of R's package survey; `make reference` writes the data and what R says of them."""

from functools import cache

import numpy as np
import pandas as pd
import pytest

from surveybook.respondents.estimation import (
    Estimation,
    Indicator,
    association,
    compare_within,
    estimate,
    goodness_of_fit,
)
from tests.reference.cases import ANSWERS, CASES, EXPECTED, FOLDER, GROUPS


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


@pytest.mark.parametrize("case", ["weights", "clusters", "nhanes", "poll weight", "poll large", "poll gaps"])
def test_differences_between_domains_agree_with_r(case):
    found = estimated(case)
    for row in expected(case, "between_difference", "between_error").itertuples():
        first, second = ((row.item, "chosen", domain) for domain in row.domain.split())
        difference = compare_within(found, first, second)
        ours = difference.difference if row.quantity == "between_difference" else difference.standard_error
        assert_agree([ours], pd.Series([row.value]))


@pytest.mark.parametrize(
    "case", ["weights", "strata", "clusters", "clusters and fpc", "nhanes", "poll weight", "poll large", "poll gaps"]
)
def test_rao_and_scott_s_test_agrees_with_r(case):
    found = estimated(case)
    for (groups, item), rows in expected(case, "F", "ndf", "ddf", "p").groupby(["domain", "item"]):
        figures = [(answer, "chosen") for answer in ANSWERS.get(item, (item,))]
        test = association(found, figures, GROUPS[groups])
        theirs = rows.set_index("quantity")["value"][["F", "ndf", "ddf", "p"]]
        assert_agree([test.statistic, *test.degrees_of_freedom, test.p_value], theirs)


@pytest.mark.parametrize("case", ["poll weight", "poll large", "poll gaps"])
def test_whether_answers_are_equally_common_agrees_with_the_shares_and_covariances_of_r(case):
    test = goodness_of_fit(estimated(case), [(answer, "chosen") for answer in CASES[case][2]])
    theirs = expected(case, "fit_F", "fit_ndf", "fit_ddf", "fit_p").set_index("quantity")["value"]
    theirs = theirs[["fit_F", "fit_ndf", "fit_ddf", "fit_p"]]
    assert_agree([test.statistic, *test.degrees_of_freedom, test.p_value], theirs)


def test_the_versions_of_r_and_survey_are_on_record():
    assert [line.split()[0] for line in (FOLDER / "versions.txt").read_text().splitlines()] == [
        "R",
        "survey",
        "carData",
    ]
