"""Means and medians against those of R's package survey; `make reference` writes the data and what R says of them."""

from functools import cache

import numpy as np
import pandas as pd
import pytest

from surveybook.respondents.design import Design, Indicator, Replicates
from surveybook.respondents.numbers import MEAN, MEDIAN, estimate_numbers
from tests.reference.cases import EXPECTED, FOLDER, TYPES

JK1 = EXPECTED[EXPECTED["case"] == "numbers: JK1"].set_index("quantity")["value"]
REPLICATES = tuple(name for name in pd.read_csv(FOLDER / "scores_jk1.csv", nrows=0).columns if name.startswith("rep"))
CASES = {
    "numbers: weights": ("scores_strata.csv", Design(weight="pw")),
    "numbers: strata and fpc": ("scores_strata.csv", Design(weight="pw", strata="stype", fpc="fpc")),
    "numbers: clusters and fpc": ("scores_clusters.csv", Design(weight="pw", cluster="dnum", fpc="fpc")),
    "numbers: JK1": (
        "scores_jk1.csv",
        Design(weight="pw", replicates=Replicates(columns=REPLICATES, kind="JK1", scale=JK1["scale"])),
    ),
}
ITEMS = tuple(
    Indicator(name, name, "number", "scores", is_number=True) for name in ("api00", "mobility", "core", "enroll")
)


@cache
def estimated(case: str) -> pd.DataFrame:
    file, design = CASES[case]
    found = estimate_numbers(pd.read_csv(FOLDER / file), design, ITEMS, domains=TYPES)
    return found[found["statistic"].isin([MEAN, MEDIAN])].set_index(["domain", "item_id", "statistic"])


@pytest.mark.parametrize("case", CASES)
@pytest.mark.parametrize("statistic", [MEAN, MEDIAN])
@pytest.mark.parametrize("column", ["value", "standard_error", "low", "high"])
def test_means_and_medians_agree_with_r(case: str, statistic: str, column: str) -> None:
    rows = EXPECTED[(EXPECTED["case"] == case) & (EXPECTED["quantity"] == f"{statistic}_{column}")]
    # Where answers are missing R counts replicates by those who answered, as it does for shares. Below the weight of
    # the smallest number it takes the second smallest: seven people of one group are few enough.
    differs = (case == "numbers: JK1") | ((rows["domain"] == "E") & (statistic == MEDIAN) & (column == "low"))
    rows = rows[~((rows["item"] == "core") & differs)]
    assert len(rows) >= len(ITEMS) - 1
    ours = [estimated(case).loc[(row.domain, row.item, statistic), column] for row in rows.itertuples()]
    np.testing.assert_allclose(ours, rows["value"].to_numpy(), rtol=1e-8, atol=1e-12)
