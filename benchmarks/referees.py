"""Estimates held against two packages: R's `survey`, by its values on file, and svy. Run with ``make referees``.

svy brings polars and a runtime of its own, some 220 MB that nothing else here needs, so that it gets an environment of
its own, made for the run. Every design of ``tests/reference/cases.py`` is estimated by both; what svy has no word for
is counted as not comparable, with the reason. What was found is written to ``benchmarks/referees.md``; a difference
beyond 1e-8 that isn't explained there ends it with 1.
"""

import json
import os
import subprocess
import sys
import tempfile
from pathlib import Path

SVY = ("svy==0.35.0", "svy-io==0.7.1", "svy-rs==0.19.1", "polars==2.1.0")
TOLERANCE = 1e-8
# Where svy differs, or has no answer. R agrees with ours in all of these.
EXPLAINED = {
    ("lonely average", "covariance of groups"): "svy scales it by each group's own share of strata with one cluster, "
    "R by that of the two together",
    ("two stages adjust", ""): "svy takes clusters with one person as known, whatever the rule; R centres them too",
    ("all there is", ""): "svy wants a rule for a stratum with one cluster also where that is all there is of it",
}
PROJECT = Path(__file__).resolve().parent.parent
RECORD = PROJECT / "benchmarks/referees.md"
LONELY = {"adjust": "center", "certainty": "skip", "average": "scale"}
QUANTITIES = ("share", "standard_error", "base", "degrees_of_freedom", "design_effect", "logit low", "logit high",
              "beta low", "beta high", "covariance of groups")  # fmt: skip


def estimate_with_svy(case):
    """Return svy's rows (domain, item, quantity, value) of one case, given as `describe_case` has it."""
    import polars as pl
    import svy

    frame, design = pl.read_csv(case["path"], infer_schema_length=None).with_row_index("row"), case["design"]
    given = {"wgt": design["weight"]}
    if design["replicates"]:
        replicates = design["replicates"]
        factor = pl.lit(1.0) if replicates["combined"] else pl.col(design["weight"])
        frame = frame.with_columns((pl.col(name) * factor).alias(f"r{place}")
                                   for place, name in enumerate(replicates["columns"], 1))  # fmt: skip
        made = {"BRR": svy.BrrWgts, "Fay": svy.BrrWgts, "bootstrap": svy.BootstrapWgts, "ACS": svy.SdrWgts,
                "successive-difference": svy.SdrWgts}  # fmt: skip
        kind = made.get(replicates["kind"], svy.JackknifeWgts)
        own = {"fay_coef": replicates["rho"]} if replicates["kind"] == "Fay" else {}
        own |= {"kind": replicates["kind"].lower()} if kind is svy.JackknifeWgts else {}
        own |= {"rep_coefs": replicates["factors"]} if kind is not svy.BrrWgts else {}
        given["rep_wgts"] = kind(prefix="r", n_reps=len(replicates["columns"]), **own)
    else:
        given |= {"stratum": design["strata"], "psu": design["cluster"]}
        strata, cluster = design["strata"] or pl.lit(0), design["cluster"]
        if design["fpc"]:
            units = (pl.struct(cluster) if cluster else pl.col("row")).n_unique()
            frame = frame.with_columns(size_population(design["fpc"], frame, units.over(strata)).alias("units"))
            given["pop_size"] = "units"
        if design["fpc_within"]:
            people = size_population(design["fpc_within"], frame, pl.len().over(strata, cluster))
            frame = frame.with_columns(people.alias("people"))
            given |= {"ssu": "row", "pop_size": svy.PopSize(psu="units", ssu="people")}
        if design["lonely"] in case["lonely"]:
            given["singleton"] = case["lonely"][design["lonely"]]
    sample, rows = svy.Sample(frame, svy.Design(**given)), []
    centre = "estimate" if design["replicates"] and design["replicates"]["mse"] else "rep_mean"
    for column in [None, *dict.fromkeys(domain[0] for domain in case["domains"])]:
        names = {str(value): name for name_of, value, name in case["domains"] if name_of == column} or {"": ""}
        for item in case["items"]:
            for name, value in read_item(sample, item, column, centre, bool(design["replicates"])):
                parts = tuple(names.get(part) for part in name[0])
                if None not in parts:
                    rows.append((" ".join(parts), item, name[1], value))
    return rows


def size_population(column, frame, counted):
    """Return a column of population sizes, from fractions where all are 1 or less."""
    import polars as pl

    return counted / pl.col(column) if frame[column].max() <= 1 else pl.col(column)


def read_item(sample, item, column, centre, is_replicated):
    """Yield ((groups, quantity), value) of the share of 1 in one item, as a whole or by a column."""
    shared = {"by": column, "drop_nulls": True, "variance_center": centre}
    effect = {"method": "replication"} if is_replicated else {"method": "taylor", "deff": "wr"}
    for method in ("logit", "beta"):
        found = sample.estimation.prop(item, ci_method=method, **shared, **effect)
        chosen = [(place, row) for place, row in enumerate(found.estimates) if str(row.y_level) in ("1", "1.0")]
        for _, row in chosen:
            group = (str(row.by_level[0]) if column else "",)
            yield (group, f"{method} low"), row.lci
            yield (group, f"{method} high"), row.uci
            if method == "logit":
                values = {"share": row.est, "standard_error": row.se, "base": row.n, "degrees_of_freedom": row.df}
                values |= {} if is_replicated else {"design_effect": row.deff}
                yield from (((group, quantity), value) for quantity, value in values.items())
    for first, one in chosen if column else ():
        for second, other in chosen:
            if first < second:
                groups = (str(one.by_level[0]), str(other.by_level[0]))
                yield (groups, "covariance of groups"), found.covariance[first][second]


def answer_as_svy():
    """Read cases from standard input, and print svy's rows of each, or why it gave none."""
    for line in sys.stdin:
        case = json.loads(line)
        try:
            rows = estimate_with_svy(case)
        except Exception as error:  # whatever another package refuses is its answer
            rows = f"{type(error).__name__}: {error}"
        print(json.dumps([case["name"], rows]), flush=True)


def describe_case(name, file, design, items, domains):
    """Return a case as text for another environment."""
    replicates = design.replicates
    plain = design.model_dump(include={"weight", "strata", "cluster", "fpc", "fpc_within", "lonely"})
    if replicates is not None:
        factors = [replicates.factor * scale for scale in replicates.rscales or (1,) * len(replicates.columns)]
        plain["replicates"] = replicates.model_dump(include={"columns", "kind", "rho", "combined", "mse"})
        plain["replicates"]["factors"] = factors
    return {
        "name": name, "path": str(PROJECT / "tests/reference" / file), "design": {"replicates": None} | plain,
        "items": items, "domains": [(domain.column, domain.value, domain.name) for domain in domains], "lonely": LONELY,
    }  # fmt: skip


def estimate_here(file, design, items, domains):
    """Return our values of a case by domain, item and quantity.

    Replicate weights have one less degree of freedom than their number, as svy has it; R takes the rank of the weights
    less one, and so do we where nothing is stated.
    """
    import pandas as pd

    from surveybook.respondents.design import Indicator
    from surveybook.respondents.estimates import estimate

    frame, replicates = pd.read_csv(PROJECT / "tests/reference" / file), design.replicates
    if replicates is not None:
        stated = replicates.model_copy(update={"degrees_of_freedom": len(replicates.columns) - 1})
        design = design.model_copy(update={"replicates": stated})
    found, indicators = {}, [Indicator(item, item, "chosen", "q") for item in items]
    for method, interval in {"logit": "logit", "beta": "korn-graubard"}.items():
        made = estimate(frame, design, indicators, domains=domains, interval=interval)
        for row in made.estimates.to_dict("records"):
            key = row["domain"], row["item_id"]
            for quantity in QUANTITIES[:5]:
                found[*key, quantity] = row[quantity]
            found |= {(*key, f"{method} {end}"): row[end] for end in ("low", "high")}
    for row in made.covariances.query("domain_b != ''").itertuples():
        for pair in (f"{row.domain} {row.domain_b}", f"{row.domain_b} {row.domain}"):
            found[pair, row.item_a, "covariance of groups"] = row.covariance
    return found


def ask_svy(cases):
    """Return what svy says of each case, from an environment made for it."""
    with tempfile.TemporaryDirectory() as folder:
        uv = [sys.executable, "-m", "uv"]
        subprocess.run([*uv, "venv", "--quiet", folder], check=True)
        python = str(Path(folder) / "bin/python")
        subprocess.run([*uv, "pip", "install", "--quiet", "--python", python, *SVY], check=True)
        asked = "".join(json.dumps(case) + "\n" for case in cases)
        plain = {name: value for name, value in os.environ.items() if name != "PYTHONPATH"}
        done = subprocess.run([python, __file__, "svy"], input=asked, capture_output=True, text=True, check=True,
                              env=plain)  # fmt: skip
    return dict(json.loads(line) for line in done.stdout.splitlines())


def compare(ours, theirs):
    """Return how many values of each quantity both have, the largest relative difference, and those that differ."""
    counts, worst, apart = dict.fromkeys(QUANTITIES, 0), dict.fromkeys(QUANTITIES, 0.0), []
    for domain, item, quantity, value in theirs:
        own = ours.get((domain, item, quantity))
        if own is None or own != own or value is None or value != value:
            continue
        gap = abs(own - value) / max(abs(value), 1e-4)
        counts[quantity] += 1
        worst[quantity] = max(worst[quantity], gap)
        if gap > TOLERANCE:
            apart.append((domain, item, quantity, own, value))
    return counts, worst, apart


def explain(name, quantity):
    """Return why svy may differ in a quantity of a case, or nothing."""
    return EXPLAINED.get((name, quantity)) or EXPLAINED.get((name, ""))


def write_record(found, refused):
    """Write what was compared to `RECORD`."""
    lines = [
        "# Estimates against a second package",
        "",
        f"Made by `make referees` with {SVY[0].replace('==', ' ')}: {len(found) + len(refused)} designs of "
        "`tests/reference/cases.py`, which R's `survey` has judged as well. Replicate weights have one less degree of "
        "freedom than their number here, as svy has it.",
        "",
        "| quantity | values | largest relative difference | beyond 1e-8 |",
        "| --- | --: | --: | --: |",
    ]
    told = {}
    for quantity in QUANTITIES:
        counted = sum(counts[quantity] for counts, _, _ in found.values())
        alike = [worst[quantity] for name, (_, worst, _) in found.items() if not explain(name, quantity)]
        apart = {name: [row for row in rows if row[2] == quantity] for name, (_, _, rows) in found.items()}
        differ = sum(map(len, apart.values()))
        told |= {name: explain(name, quantity) for name, rows in apart.items() if rows and explain(name, quantity)}
        lines.append(f"| {quantity} | {counted} | {max(alike):.1e} | {differ or 'none'} |")
    told |= {name: explain(name, "") for name in refused}
    lines += [
        "",
        "In these cases svy goes another way than R, whose values are ours; they count in the last column alone.",
        "",
    ]
    lines += [f"- {name}: {why}." for name, why in told.items()]
    RECORD.write_text("\n".join(lines) + "\n", encoding="utf-8")
    print("\n".join(lines))


def main():
    """Compare all cases, and write down what came of it."""
    sys.path[:0] = [str(PROJECT), str(PROJECT / "src")]
    from tests.reference.cases import CASES

    said = ask_svy([describe_case(name, *case) for name, case in CASES.items()])
    refused = {name: rows for name, rows in said.items() if isinstance(rows, str)}
    found = {name: compare(estimate_here(*CASES[name]), rows) for name, rows in said.items() if name not in refused}
    write_record(found, refused)
    unexplained = [f"{name}: {rows}" for name, rows in refused.items() if not explain(name, "")]
    unexplained += [
        f"{name}: {' '.join(map(str, row))}"
        for name, (_, _, rows) in found.items()
        for row in rows
        if not explain(name, row[2])
    ]
    if unexplained:
        sys.exit("\n".join(unexplained))


if __name__ == "__main__":
    answer_as_svy() if sys.argv[1:] == ["svy"] else main()
