"""A wave of respondents, read from its folder as any wave is, against R's package survey."""

from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from tests.reference.cases import EXPECTED, FOLDER
from tests.respondents.waves import opened

# The four answers of a poll stand for three items of a question of the codebook, and for "other".
VOTES = {"Y": "channel_one_stop_shop", "N": "channel_telephone", "U": "channel_website", "A": "other"}
QUESTION = {"encoding": "single", "column": "vote", "codes": VOTES, "base": "answered"}
JKN = EXPECTED[EXPECTED["case"] == "api_jkn"]


def compare(estimates: pd.DataFrame, case: str, domains: dict[str, str], items: dict[str, str]) -> int:
    """Assert that estimates agree with R's in all quantities that both have; return how many there were."""
    table = estimates.set_index(["domain", "item_id", "response"])
    names = {"share": "share", "standard_error": "standard_error", "base": "base", "design_effect": "design_effect"}
    names |= {"degrees_of_freedom": "degrees_of_freedom", "xlogit_low": "low", "xlogit_high": "high"}
    rows = EXPECTED[(EXPECTED["case"] == case) & EXPECTED["quantity"].isin(names) & EXPECTED["domain"].isin(domains)]
    compared = 0
    for row in rows[rows["item"].isin(items) & rows["value"].notna()].itertuples():
        ours = table.loc[(domains[row.domain], *items[row.item].split("."))]
        np.testing.assert_allclose(ours[names[row.quantity]], row.value, rtol=1e-8, atol=1e-12)
        compared += 1
    return compared


@pytest.mark.parametrize("weight", ["weight", "large"])
def test_a_poll_with_strata_weights_and_missing_answers_agrees_with_r(trial_data: Path, weight: str) -> None:
    block = {
        "weight": weight,
        "strata": "region",
        "missing": [""],
        "domains": {"sex": {"column": "sex", "values": {"F": "women", "M": "men"}}},
        "questions": {"preferred_channel": QUESTION},
    }
    survey = opened(trial_data, pd.read_csv(FOLDER / "chile.csv", dtype=str, keep_default_na=False), block)
    items = {vote: f"{item}.chosen" for vote, item in VOTES.items() if vote != "A"}
    assert compare(survey.estimates, f"poll {weight}", {"": "", "F": "sex=women"}, items) == 42


@pytest.mark.parametrize("kind", ["JKn", "ACS", "successive-difference", "JK2"])
def test_a_wave_with_replicate_factors_agrees_with_r(trial_data: Path, kind: str) -> None:
    scales = JKN[JKN["quantity"] == "rscales"]["value"].tolist()
    replicates = {"columns": ["rep*"], "kind": kind, "combined": False, "mse": kind == "ACS"}
    block = {
        "weight": "pw",
        "replicates": replicates | ({"rscales": scales} if kind == "JKn" else {}),
        "domains": {"level": {"column": "stype", "values": {"E": "elementary", "M": "other", "H": "other"}}},
        "questions": {
            "services_improved": {
                "encoding": "scale",
                "column": "wide",
                "collapse": {"agree": 1, "disagree": 0},
                "base": "answered",
            }
        },
    }
    survey = opened(trial_data, pd.read_csv(FOLDER / "api_jkn.csv", dtype=str), block)
    domains = {"": "", "E": "level=elementary"}
    assert compare(survey.estimates, f"api_jkn {kind}", domains, {"wide": "services_improved.agree"}) == 12
