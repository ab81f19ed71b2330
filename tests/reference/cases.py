"""The designs that R's package survey was asked about; `make reference` writes the data and what it said."""

from pathlib import Path
from typing import Any

import pandas as pd

from surveybook.respondents.design import Design, Domain, Replicates

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
API = ("wide", "improved", "awarded", "both")
FEWER = ("wide", "improved", "both")


POLL = ("Y", "N", "U", "A")
VOTERS = (Domain("sex", "F", "F"), Domain("sex", "M", "M"), Domain("education", "PS", "PS"))
HOSPITALS, SINGLE = ("busy", "large"), ("high", "higher")
Case = tuple[str, Design, tuple[str, ...], tuple[Domain, ...]]


def design(
    file: str, items: tuple[str, ...], domains: tuple[Domain, ...] = (), weight: str = "pw", **more: Any
) -> Case:
    """Return a case: its file, how the sample was drawn, and what is estimated of whom."""
    return f"{file}.csv", Design(weight=weight, **more), items, domains


def replicated(file: str, kind: str, mse: bool) -> Replicates:
    """Return the replicate weights of a file, with the scales that R gave them."""
    said = EXPECTED[EXPECTED["case"] == kind].set_index("quantity")["value"]
    columns = tuple(name for name in pd.read_csv(FOLDER / f"{file}.csv", nrows=1).columns if name.startswith("rep"))
    return Replicates(
        columns=columns, kind=kind, scale=said["scale"], rscales=(said["rscale"],) * len(columns), mse=mse
    )


def factors(kind: str) -> Replicates:
    """Return replicate weights as factors, with the scales that R gave those of the jackknife."""
    said = EXPECTED[(EXPECTED["case"] == "api_jkn") & (EXPECTED["quantity"] == "rscales")]["value"]
    columns, rscales = [f"rep{number}" for number in range(1, 16)], tuple(said) if kind == "JKn" else None
    return Replicates(columns=columns, kind=kind, rscales=rscales, combined=False, mse=kind == "ACS")


LEVELS = {"strata": "level", "cluster": "dnum", "fpc": "drawn", "fpc_within": "asked"}
UNITS = {"weight": "weight", "strata": "stratum", "cluster": "cluster"}
HALVES = {"columns": [f"rep{number}" for number in range(1, 5)]}
CASES: dict[str, Case] = {
    "weights": design("api_strata", API, TYPES),
    "strata": design("api_strata", API, IMPROVED, strata="stype"),
    "strata and fpc": design("api_strata", API, IMPROVED, strata="stype", fpc="fpc"),
    "clusters": design("api_clusters", API, TYPES, cluster="dnum"),
    "clusters and fpc": design("api_clusters", API, TYPES, cluster="dnum", fpc="fpc"),
    **{
        f"lonely {rule}": design("api_lonely", FEWER, IMPROVED, strata="stype", lonely=rule)
        for rule in ("adjust", "certainty", "average")
    },
    "nhanes": design("nhanes", ("high", "not_high"), NHANES, weight="weight", strata="stratum", cluster="psu"),
    **{
        f"{kind} {measured}": design(file, FEWER, TYPES, replicates=replicated(file, kind, measured == "mse"))
        for kind, file in (("JK1", "api_jk1"), ("bootstrap", "api_bootstrap"))
        for measured in ("mean", "mse")
    },
    **{
        f"poll {weight}": design("chile", POLL, VOTERS, weight, strata="region")
        for weight in ("weight", "large", "gaps")
    },
    "hospitals count": design("hospitals", HOSPITALS, weight="weight", strata="stratum", fpc="total"),
    "hospitals fraction": design("hospitals", HOSPITALS, weight="weight", strata="stratum", fpc="fraction"),
    "one stratum in full": design("full", SINGLE, (Domain("stratum", 2, "two"),), **UNITS, fpc="known"),
    "all there is": design("single", SINGLE, **UNITS, fpc="known"),
    **{
        f"single cluster {rule}": design("single", SINGLE, **UNITS, fpc="total", lonely=rule)
        for rule in ("adjust", "certainty", "average")
    },
    "two stages": design("api_stages", API[:3], TYPES, cluster="dnum", fpc="fpc", fpc_within="within"),
    "two stages, one stratum in full": design("api_levels", API[:3], TYPES, **LEVELS),
    **{
        f"two stages {rule}": design("api_alone", API[:2], TYPES, **LEVELS, lonely=rule)
        for rule in ("adjust", "certainty")
    },
    **{
        f"api_jkn {kind}": design("api_jkn", FEWER, TYPES, replicates=factors(kind))
        for kind in ("JKn", "ACS", "successive-difference", "JK2")
    },
    "BRR": design("scd_brr", ("half",), replicates={**HALVES, "kind": "BRR"}),
    "Fay": design("scd_brr", ("half",), replicates={**HALVES, "kind": "Fay", "rho": 0.3}),
}
