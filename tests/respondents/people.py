"""Respondents made for tests of estimates."""

import numpy as np
import pandas as pd

from surveybook.respondents.design import Design, Domain, Indicator

ITEMS = tuple(Indicator(name, name, "chosen", "q") for name in ("a", "b", "c"))
DOMAINS = (Domain("sex", "male", "sex=male"), Domain("sex", "female", "sex=female"), Domain("age", 2, "age=2"))
STRATIFIED = Design(weight="weight", strata="stratum")
CLUSTERED = Design(weight="weight", strata="stratum", cluster="cluster")
STAGED = Design(weight="weight", strata="stratum", cluster="cluster", fpc="clusters", fpc_within="members")
SIZED = Design(weight="weight", strata="stratum", fpc="size")


def people(count: int = 600, seed: int = 2004) -> pd.DataFrame:
    """Return respondents of four strata, with three items, the last of which only some were asked."""
    random = np.random.default_rng(seed)
    frame = pd.DataFrame(
        {
            "weight": random.gamma(4, 0.3, count) + 0.1,
            "stratum": random.choice(["north", "south", "east", "west"], count),
            "cluster": random.integers(0, 9, count),
            "sex": random.choice(["male", "female"], count),
            "age": random.integers(1, 5, count),
            "a": (random.random(count) < 0.6).astype(float),
            "b": (random.random(count) < 0.2).astype(float),
            "c": (random.random(count) < 0.4).astype(float),
        }
    )
    frame.loc[random.random(count) < 0.1, "c"] = np.nan
    # Of nine clusters in the east and 15 elsewhere; of a third to all of the people in them.
    frame["clusters"] = np.where(frame["stratum"] == "east", 9, 15)
    asked = frame.groupby(["stratum", "cluster"])["a"].transform("size")
    frame["members"] = asked * (1 + frame["cluster"] % 3)
    return frame
