"""The designs that R's package survey was asked about; `make reference` writes the data and what it said."""

from pathlib import Path

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


def replicated(file: str, kind: str, mse: bool) -> Replicates:
    """Return the replicate weights of a file, with the scales that R gave them."""
    said = EXPECTED[EXPECTED["case"] == kind].set_index("quantity")["value"]
    columns = tuple(name for name in pd.read_csv(FOLDER / file, nrows=1).columns if name.startswith("rep"))
    return Replicates(
        columns=columns, kind=kind, scale=said["scale"], rscales=(said["rscale"],) * len(columns), mse=mse
    )


REPS = tuple(f"rep{number}" for number in range(1, 5))
JKN = EXPECTED[EXPECTED["case"] == "api_jkn"]
FACTORS = tuple(f"rep{number}" for number in range(1, 16))


def factors(kind: str) -> Replicates:
    """Return replicate weights as factors, with the scales that R gave those of the jackknife."""
    scales = tuple(JKN[JKN["quantity"] == "rscales"]["value"])
    return Replicates(
        columns=FACTORS, kind=kind, rscales=scales if kind == "JKn" else None, combined=False, mse=kind == "ACS"
    )


STAGED = Design(weight="pw", cluster="dnum", fpc="fpc", fpc_within="within")
LEVELS = Design(weight="pw", strata="level", cluster="dnum", fpc="drawn", fpc_within="asked")
POLL = ("Y", "N", "U", "A")
VOTERS = (Domain("sex", "F", "F"), Domain("sex", "M", "M"), Domain("education", "PS", "PS"))
CASES = {
    "weights": ("api_strata.csv", Design(weight="pw"), API, TYPES),
    "strata": ("api_strata.csv", Design(weight="pw", strata="stype"), API, IMPROVED),
    "strata and fpc": ("api_strata.csv", Design(weight="pw", strata="stype", fpc="fpc"), API, IMPROVED),
    "clusters": ("api_clusters.csv", Design(weight="pw", cluster="dnum"), API, TYPES),
    "clusters and fpc": ("api_clusters.csv", Design(weight="pw", cluster="dnum", fpc="fpc"), API, TYPES),
    "lonely adjust": ("api_lonely.csv", Design(weight="pw", strata="stype", lonely="adjust"), FEWER, IMPROVED),
    "lonely certainty": ("api_lonely.csv", Design(weight="pw", strata="stype", lonely="certainty"), FEWER, IMPROVED),
    "lonely average": ("api_lonely.csv", Design(weight="pw", strata="stype", lonely="average"), FEWER, IMPROVED),
    "nhanes": ("nhanes.csv", Design(weight="weight", strata="stratum", cluster="psu"), ("high", "not_high"), NHANES),
    "JK1 mean": ("api_jk1.csv", Design(weight="pw", replicates=replicated("api_jk1.csv", "JK1", False)), FEWER, TYPES),
    "JK1 mse": ("api_jk1.csv", Design(weight="pw", replicates=replicated("api_jk1.csv", "JK1", True)), FEWER, TYPES),
    "bootstrap mean": (
        "api_bootstrap.csv",
        Design(weight="pw", replicates=replicated("api_bootstrap.csv", "bootstrap", False)),
        FEWER,
        TYPES,
    ),
    "bootstrap mse": (
        "api_bootstrap.csv",
        Design(weight="pw", replicates=replicated("api_bootstrap.csv", "bootstrap", True)),
        FEWER,
        TYPES,
    ),
    **{
        f"poll {weight}": ("chile.csv", Design(weight=weight, strata="region"), POLL, VOTERS)
        for weight in ("weight", "large", "gaps")
    },
    "hospitals count": ("hospitals.csv", Design(weight="weight", strata="stratum", fpc="total"), ("busy", "large"), ()),
    "hospitals fraction": (
        "hospitals.csv",
        Design(weight="weight", strata="stratum", fpc="fraction"),
        ("busy", "large"),
        (),
    ),
    "one stratum in full": (
        "full.csv",
        Design(weight="weight", strata="stratum", cluster="cluster", fpc="known"),
        ("high", "higher"),
        (Domain("stratum", 2, "two"),),
    ),
    "all there is": (
        "single.csv",
        Design(weight="weight", strata="stratum", cluster="cluster", fpc="known"),
        ("high", "higher"),
        (),
    ),
    **{
        f"single cluster {rule}": (
            "single.csv",
            Design(weight="weight", strata="stratum", cluster="cluster", fpc="total", lonely=rule),
            ("high", "higher"),
            (),
        )
        for rule in ("adjust", "certainty", "average")
    },
    "two stages": ("api_stages.csv", STAGED, API[:3], TYPES),
    "two stages, one stratum in full": ("api_levels.csv", LEVELS, API[:3], TYPES),
    **{
        f"two stages {rule}": ("api_alone.csv", LEVELS.model_copy(update={"lonely": rule}), API[:2], TYPES)
        for rule in ("adjust", "certainty")
    },
    **{
        f"api_jkn {kind}": ("api_jkn.csv", Design(weight="pw", replicates=factors(kind)), FEWER, TYPES)
        for kind in ("JKn", "ACS", "successive-difference", "JK2")
    },
    "BRR": ("scd_brr.csv", Design(weight="pw", replicates=Replicates(columns=REPS, kind="BRR")), ("half",), ()),
    "Fay": (
        "scd_brr.csv",
        Design(weight="pw", replicates=Replicates(columns=REPS, kind="Fay", rho=0.3)),
        ("half",),
        (),
    ),
}
